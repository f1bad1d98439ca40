"""Shared by the seed_*.py scripts: one training from a seed, with everything that was drawn.

Draws are recorded by wrapping the functions of numpy.random, so the record shows in which order
and at which stage the release takes them from the one global stream.
"""
from __future__ import print_function

import base64
import hashlib
import json
import os

import h5py
import numpy as np

SEED = 1337
EPOCHS = 8
BATCH = 32
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Fixtures/seed")


class Draws(object):
    """Wraps uniform, normal, shuffle and randint of numpy.random and keeps a list of the calls.

    An entry is [stage, function, shape]; of a shuffle [length], of a randint [the number drawn].
    """

    def __init__(self):
        self.stage = None
        self.calls = []
        self.orders = []
        for name in ("uniform", "normal", "shuffle", "randint"):
            setattr(np.random, name, self.wrapped(name, getattr(np.random, name)))

    def wrapped(self, name, function):
        def call(*args, **kwargs):
            result = function(*args, **kwargs)
            if name == "shuffle":
                self.orders.append([int(i) for i in args[0]])
                what = [len(args[0])]
            elif name == "randint":
                what = [int(result)]
            else:
                size = kwargs.get("size", args[2] if len(args) > 2 else None)
                what = [int(n) for n in size] if size is not None else []
            self.calls.append([self.stage, name, what])
            return result
        return call


def digits(path):
    """The first 1500 digits: x/16 in Float32 [1500, 8, 8], y one-hot."""
    with h5py.File(path, "r") as f:
        x = f["x"][:1500].astype("float32") / np.float32(16)
        y = np.eye(10, dtype="float32")[f["y"][:1500]]
    return x, y


def fnv1a(data):
    """The 64-bit FNV-1a hash."""
    value = 0xcbf29ce484222325
    for byte in bytearray(data):
        value = (value ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    return value


def order_digest(order):
    """The FNV-1a hash of an order as unsigned 16-bit numbers, little endian."""
    return "%016x" % fnv1a(np.asarray(order, "<u2").tobytes())


def describe(weights):
    """Each weight's shape, first values and digests over its Float32 bytes, little endian."""
    out = []
    for w in weights:
        w = np.ascontiguousarray(w, dtype="<f4")
        out.append({"shape": list(w.shape), "sha256": hashlib.sha256(w.tobytes()).hexdigest(),
                    "fnv1a": "%016x" % fnv1a(w.tobytes()),
                    "first_bits": [int(b) for b in w.ravel()[:6].view("<u4")]})
    return out


def packed(weights):
    """All weights one after the other, Float32 little endian, base64."""
    flat = np.concatenate([np.asarray(w, dtype="<f4").ravel() for w in weights])
    return base64.b64encode(flat.tobytes()).decode()


def packed_orders(orders):
    """All orders one after the other, UInt16 little endian, base64."""
    return base64.b64encode(np.asarray(orders, dtype="<u2").tobytes()).decode()


def write(name, record):
    with open(os.path.join(FOLDER, name), "w") as f:
        json.dump(record, f, sort_keys=True, separators=(",", ":"))
    print(name, os.path.getsize(os.path.join(FOLDER, name)), "bytes")
