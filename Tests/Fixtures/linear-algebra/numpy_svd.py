"""Records numpy.linalg.svd of normal matrices: singular values, and two projections of each vector.

    Scripts/interop/run.sh 0.3.3 Tests/Fixtures/linear-algebra/numpy_svd.py > svd-numpy-1.13.3.json
"""
import json

import numpy as np

# 25 and 26: LAPACK iterates up to 25 and divides above. 200: vectors that live in one half alone.
SHAPES = [(1, 1), (4, 4), (5, 5), (8, 8), (16, 16), (24, 24), (25, 25), (26, 26), (32, 32),
          (48, 48), (64, 64), (5, 1), (1, 6), (6, 4), (9, 4), (24, 64), (64, 24), (20, 24), (24, 20), (30, 40), (40, 30),
          (33, 64), (64, 33), (9, 32), (200, 200)]


def weights(n):
    """Two vectors that no singular vector is orthogonal to by accident."""
    i = np.arange(n)
    return [(i * 7 % 11) - 4.5, (i * i * 3 % 13) - 5.25]


def main():
    rows = []
    for seed, shape in enumerate(SHAPES):
        a = np.random.RandomState(seed).normal(0.0, 1.0, shape)
        u, s, vt = np.linalg.svd(a, full_matrices=False)
        rows.append({
            "seed": seed, "rows": shape[0], "columns": shape[1],
            "s": [round(x, 10) for x in s],
            "u": [[round(x, 8) for x in w.dot(u)] for w in weights(shape[0])],
            "v": [[round(x, 8) for x in vt.dot(w)] for w in weights(shape[1])]})
    print(json.dumps({"numpy": np.__version__, "matrices": rows}))


main()
