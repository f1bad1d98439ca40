"""Records draws of theano.sandbox.rng_mrg.MRG_RandomStreams on the CPU.

    Scripts/interop/run.sh 0.3.3 Tests/Fixtures/random/theano_mrg.py > theano-0.9.0.json
"""
import hashlib
import json

import numpy as np
import theano
from theano.sandbox.rng_mrg import MRG_RandomStreams, guess_n_streams


def digest(a):
    return hashlib.sha256(np.ascontiguousarray(a).tobytes()).hexdigest()


def bits(a):
    return [int(b) for b in np.ascontiguousarray(a, dtype="float32").ravel().view("uint32")]


def fixed_size(seed, size):
    """Two variables of one MRG_RandomStreams, each called twice; the size is known beforehand."""
    streams = MRG_RandomStreams(seed=seed)
    calls = []
    for _ in range(2):
        f = theano.function([], streams.uniform(size))
        calls.append([f(), f()])
    return {"seed": seed, "size": list(size), "streams": guess_n_streams(size),
            "first_bits": [[bits(u)[:20] for u in pair] for pair in calls],
            "sum_of_bits": [[sum(bits(u)) for u in pair] for pair in calls]}


def dropout(seed, level, shape):
    """The mask and result of K.dropout: the size is symbolic, so there are 60*256 streams."""
    x = theano.tensor.matrix()
    streams = MRG_RandomStreams(seed=seed)
    keep = 1. - level
    mask = streams.binomial(x.shape, p=keep, dtype=x.dtype)
    y = x * mask
    y = y / keep
    f = theano.function([x], [mask, y])
    value = np.random.RandomState(5).normal(size=shape).astype("float32")
    masks, results = zip(*[f(value) for _ in range(3)])
    return {"seed": seed, "level": level, "shape": list(shape),
            "mask_digits": ["".join(str(int(m)) for m in mask.ravel()[:200]) for mask in masks],
            "mask_sums": [int(mask.sum()) for mask in masks],
            "mask_weighted": [int((mask.ravel() * np.arange(mask.size)).sum(dtype="float64"))
                              for mask in masks],
            "x_bits": bits(value)[:40], "y_bits": bits(results[0])[:40]}


def main():
    streams = MRG_RandomStreams(seed=1337)
    table = streams.get_substream_rstates(5, "float32")
    print(json.dumps({
        "theano": theano.__version__,
        "substreams": table.tolist(),
        "after": [int(v) for v in streams.rstate],
        "guess": [[list(s), guess_n_streams(s)] for s in
                  [(1,), (6,), (7,), (5, 5), (128, 784), (1000, 1000)]],
        "fixed": [fixed_size(1337, (4, 5)), fixed_size(1, (7,)), fixed_size(2147462578, (30, 11)),
                  fixed_size(12345, (320, 320))],
        "dropout": [dropout(1337, 0.5, (32, 128)), dropout(7654321, 0.3, (128, 200)),
                    dropout(42, 0.2, (4, 50))],
    }, sort_keys=True))


main()
