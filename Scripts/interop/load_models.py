"""Loads files that Strata wrote in a real release of Keras (0.3.3 or 1.x; Python 2.7).

    run.sh RELEASE load_models.py DIRECTORY...

A directory holds NAME.h5 with NAME.io.h5: `input/i` and `predict` (the output that Strata computed),
for whole models `batch/NN/x/i` and `batch/NN/y` (batches to train on) and `after/NN` (the weights,
in the order of get_weights, after Strata trained on them). Weights alone come with NAME.json.
Prints a line for each file with the largest difference of the predictions and, after the batches, of
the weights, and a line for all; the exit status is the number of files that disagree.
"""
from __future__ import print_function

import glob
import os
import sys

import h5py
import keras
from keras import backend as K
import numpy as np

PREDICTION, CONTINUATION = TOLERANCES = 1e-5, 1e-4


def arrays(group):
    return [np.array(group[name]) for name in sorted(group)]


def distance(a, b):
    if a.shape != b.shape:
        return np.inf
    if a.size == 0:
        return 0.0
    return float(np.max(np.abs(a - b) / np.maximum(1, np.abs(b))))


def loaded(path):
    architecture = path[:-len('.h5')] + '.json'
    if os.path.exists(architecture):
        from keras.models import model_from_json
        model = model_from_json(open(architecture).read())
        model.load_weights(path)
        return model
    from keras.models import load_model
    return load_model(path)


def check(path):
    """The largest differences of predictions and of weights after further training."""
    model = loaded(path)
    with h5py.File(path[:-len('.h5')] + '.io.h5', 'r') as io:
        inputs = arrays(io['input'])
        output = model.predict(inputs if len(inputs) > 1 else inputs[0])
        results = [distance(np.asarray(output), np.array(io['predict']))]
        if 'after' in io:
            for name in sorted(io['batch']):
                batch = io['batch'][name]
                x = arrays(batch['x'])
                model.train_on_batch(x if len(x) > 1 else x[0], np.array(batch['y']))
            expected = arrays(io['after'])
            weights = model.get_weights()
            assert len(weights) == len(expected), (len(weights), len(expected))
            results.append(max(distance(a, b) for a, b in zip(weights, expected)))
    return results


# What the installed release cannot take from anybody, its own files included.
LIMITS = [
    # Theano 0.9's batch normalisation; earlier releases of Keras had smaller ones.
    'epsilon must be at least 1e-5',
]


def set_ordering(path):
    """Layers of Keras 1.2 that do not keep their dim_ordering take the global one."""
    with h5py.File(path, 'r') as file:
        text = file.attrs.get('model_config', '')
    text = text.decode() if isinstance(text, bytes) else text
    if 'dim_ordering' in text and hasattr(K, 'set_image_dim_ordering'):
        K.set_image_dim_ordering('th' if '"th"' in text else 'tf')


def main(directories):
    failures, refused, loaded_files, largest = 0, 0, 0, [0.0, 0.0]
    paths = [p for directory in directories
             for p in sorted(glob.glob(os.path.join(directory, '*.h5')))
             if not p.endswith('.io.h5')]
    for path in paths:
        word = None
        try:
            set_ordering(path)
            results = check(path)
            good = all(r <= t for r, t in zip(results, TOLERANCES))
            loaded_files += 1
            for index, value in enumerate(results):
                largest[index] = max(largest[index], value)
            text = ' '.join('%.1e' % value for value in results)
        except Exception as error:
            good, text = False, '%s: %s' % (type(error).__name__, error)
            if any(limit in text for limit in LIMITS):
                word = 'refused by the release,'
        if word:
            refused += 1
        else:
            failures += not good
        print('%s keras-%s %s: %s' % (word or ('ok  ' if good else 'FAIL'), keras.__version__,
                                      os.path.basename(path), text))
    print('keras-%s: %d files loaded, %d refused, %d failed; largest difference of predictions %.1e (at most '
          '%.0e), of weights after further training %.1e (at most %.0e)' % (
              keras.__version__, loaded_files, refused, failures, largest[0], PREDICTION, largest[1],
              CONTINUATION))
    if not paths:
        print('no files in %s' % ' '.join(directories))
        failures = 1
    return failures


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
