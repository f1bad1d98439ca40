"""Draws weights as Keras 2 on Theano does, after np.random.seed(7), and records them.

    KERAS_BACKEND=theano THEANO_FLAGS=floatX=float32,device=cpu python keras_theano_weights.py >> FILE

Ran under Python 2.7 with Keras 2.3.1 and 2.0.9 on Theano 1.0.5, Keras 2.2.4 on Theano 0.9.0; one line
of keras-theano-weights.json for each. `next` is the draw from NumPy's generator that follows.
"""
from __future__ import print_function

import json

import keras
import numpy as np
import theano
from keras import backend as K
from keras import initializers

KINDS = [
    ("glorot_normal", initializers.glorot_normal), ("he_normal", initializers.he_normal),
    ("glorot_uniform", initializers.glorot_uniform),
    ("random_normal", initializers.RandomNormal), ("random_uniform", initializers.RandomUniform),
    ("truncated_normal", initializers.TruncatedNormal),
]
values = []
for name, make in KINDS:
    for shape in [(5, 7), (3, 3), (3, 3, 4, 8), (300, 120)]:
        np.random.seed(7)
        flat = K.get_value(K.variable(make()(shape))).ravel().astype("float32")
        values.append({
            "initializer": name, "shape": shape,
            "first": [float(x) for x in flat[:9]], "last": [float(x) for x in flat[-6:]],
            "norm": float(np.sqrt(np.sum(flat.astype("float64") ** 2))),
            "sum": float(np.sum(flat.astype("float64"))),
            "next": int(np.random.randint(1, 10e6)),
        })
print(json.dumps({"keras": keras.__version__, "theano": theano.__version__, "values": values}))
