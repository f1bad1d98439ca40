"""Records draws of numpy.random.RandomState.

    Scripts/interop/run.sh 0.3.3 Tests/Fixtures/random/numpy_random.py > numpy-1.13.3.json
"""
import base64
import json

import numpy as np


def session(seed):
    """One stream, one draw of every kind after the other: the order is part of the record."""
    r = np.random.RandomState(seed)
    out = {"seed": seed if isinstance(seed, list) else [seed], "list": isinstance(seed, list)}
    out["random_sample"] = r.random_sample(5).tolist()
    out["uniform"] = r.uniform(-0.05, 0.05, 7).tolist()
    out["normal"] = r.normal(0.5, 0.05, 5).tolist()
    out["randint_keras_zero"] = int(r.randint(10e6))
    out["randint_keras_one"] = int(r.randint(1, 10e6))
    out["randint_wide"] = r.randint(0, 2 ** 40, 4).tolist()
    out["randint_signed"] = r.randint(-5, 5, 10).tolist()
    out["permutation"] = r.permutation(10).tolist()
    items = list(range(7))
    r.shuffle(items)
    out["shuffle_list"] = items
    array = np.arange(9)
    r.shuffle(array)
    out["shuffle_array"] = array.tolist()
    out["normal_after"] = r.normal(0, 1, 3).tolist()
    out["binomial_1"] = r.binomial(1, 0.5, 20).tolist()
    out["state"] = describe(r.get_state())
    return out


def describe(state):
    return {"words": [int(w) for w in state[1][:4]], "sum": int(state[1].astype("uint64").sum()),
            "position": int(state[2]), "has_gauss": int(state[3]), "gauss": float(state[4])}


def binomials():
    cases = [(10, 0.3), (25, 0.8), (40, 0.75), (100, 0.9), (100, 0.5), (1000, 0.45), (5000, 0.7),
             (100000, 0.4), (2000000, 0.01)]
    out = []
    for trials, p in cases:
        r = np.random.RandomState(99)
        out.append({"trials": trials, "p": p, "draws": r.binomial(trials, p, 150).tolist()})
    return out


def main():
    r = np.random.RandomState(1337)
    normals = r.normal(0.0, 1.0, 2000)
    r = np.random.RandomState(1337)
    order = r.permutation(1500)
    print(json.dumps({
        "numpy": np.__version__,
        "sessions": [session(s) for s in (0, 42, 1337, 4294967295, [1, 2, 3], list(range(700)))],
        "binomials": binomials(),
        "normals_1337_float64": base64.b64encode(normals.astype("<f8").tobytes()).decode(),
        "permutation_1337": order.tolist(),
    }, sort_keys=True))


main()
