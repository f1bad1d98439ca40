"""Reads event files with TensorFlow and prints a line for each value: folder, step, tag, number.

    python read_events.py FOLDER

Fails where a checksum, the framing or a message is wrong, or where nothing is found.
"""
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

count = 0
for folder, _, names in sorted(os.walk(sys.argv[1])):
    for name in sorted(name for name in names if "tfevents" in name):
        for event in tf.compat.v1.train.summary_iterator(os.path.join(folder, name)):
            for value in event.summary.value:
                if value.WhichOneof("value") == "simple_value":
                    number = value.simple_value
                else:
                    number = tf.make_ndarray(value.tensor)
                print(os.path.relpath(folder, sys.argv[1]), event.step, value.tag, number)
                count += 1
sys.exit(0 if count else "no events in %s" % sys.argv[1])
