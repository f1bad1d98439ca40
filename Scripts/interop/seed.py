"""Trains three small networks from np.random.seed(1337), or other seeds, and records them.

    Scripts/interop/run.sh RELEASE Scripts/interop/seed.py DIGITS.h5 [DIRECTORY [SEED ...]]

DIGITS.h5 holds x [1797, 8, 8] (uint8, 0...16) and y [1797] of the UCI digits. Runs under 0.3.3,
1.2.x and 2.3.1 on Theano; writes keras-RELEASE-MODEL-seedSEED.json, into Tests/Fixtures/seed if no directory is named. With
seeds named, weights and orders are kept as digests only.
"""
from __future__ import print_function

import sys

import numpy as np

import seeded_run as seeded

draws = seeded.Draws()

import keras
import theano
from keras.callbacks import Callback
from keras.layers.core import Dense, Dropout
from keras.layers.recurrent import LSTM
from keras.models import Sequential

OLD = keras.__version__.startswith("0.")


def add(model, kind, *args, **kwargs):
    draws.stage = "construct " + kind.__name__
    layer = kind(*args, **kwargs)
    draws.stage = "add " + kind.__name__
    model.add(layer)


def dense(model):
    add(model, Dense, 128, input_dim=64, activation="relu")
    add(model, Dense, 64, activation="relu")
    add(model, Dense, 10, activation="softmax")


def dropout(model):
    add(model, Dense, 128, input_dim=64, activation="relu")
    add(model, Dropout, 0.3)
    add(model, Dense, 64, activation="relu")
    add(model, Dropout, 0.5)
    add(model, Dense, 10, activation="softmax")


def lstm(model):
    add(model, LSTM, 24, input_shape=(8, 8))
    add(model, Dense, 10, activation="softmax")


class BatchLosses(Callback):
    def __init__(self):
        super(BatchLosses, self).__init__()
        self.losses = []

    def on_batch_end(self, batch, logs={}):
        self.losses.append(float(logs["loss"]))


def train(name, build, x, y, seed, whole):
    draws.calls, draws.orders = [], []
    np.random.seed(seed)
    model = Sequential()
    build(model)
    before = model.get_weights()
    draws.stage = "compile"
    if OLD:
        model.compile(optimizer="sgd", loss="categorical_crossentropy")
        extra = {"show_accuracy": True}
    else:
        model.compile(optimizer="sgd", loss="categorical_crossentropy", metrics=["accuracy"])
        extra = {}
    draws.stage = "fit"
    batches = BatchLosses()
    history = model.fit(x, y, batch_size=seeded.BATCH, nb_epoch=seeded.EPOCHS, shuffle=True,
                        verbose=0, callbacks=[batches], **extra)
    seeded.write("keras-%s-%s-seed%d.json" % (keras.__version__, name, seed), {
        "keras": keras.__version__, "theano": theano.__version__, "numpy": np.__version__,
        "seed": seed, "batch_size": seeded.BATCH, "epochs": seeded.EPOCHS,
        "draws": draws.calls,
        "initial": seeded.describe(before),
        "initial_float32": seeded.packed(before) if name == "lstm" and whole else None,
        "orders_uint16": seeded.packed_orders(draws.orders) if whole else None,
        "orders_fnv1a": [seeded.order_digest(order) for order in draws.orders],
        "loss": [float(v) for v in history.history["loss"]],
        "acc": [float(v) for v in history.history.get("acc") or history.history["accuracy"]],
        "batch_loss_epoch_1": batches.losses[:(len(x) + seeded.BATCH - 1) // seeded.BATCH],
        "final": seeded.describe(model.get_weights()),
        "final_means": [float(np.mean(np.asarray(w, "float64"))) for w in model.get_weights()],
        "final_norms": [float(np.sqrt(np.sum(np.asarray(w, "float64") ** 2)))
                        for w in model.get_weights()],
    })


def main():
    x, y = seeded.digits(sys.argv[1])
    if len(sys.argv) > 2:
        seeded.FOLDER = sys.argv[2]
    flat = x.reshape(len(x), 64)
    named = [int(text) for text in sys.argv[3:]]
    for seed in named or [seeded.SEED]:
        train("dense", dense, flat, y, seed, not named)
        train("dropout", dropout, flat, y, seed, not named)
        train("lstm", lstm, x, y, seed, not named)


main()
