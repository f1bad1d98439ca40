"""Writes log and exp of random Float64 values to twice the precision (value + correction).

    python3 double_functions.py > double-functions.json
"""
import json
import math
import random
from decimal import Decimal, getcontext

getcontext().prec = 60


def pair(exact):
    high = float(exact)
    return [high, float(exact - Decimal(high))]


def main():
    random.seed(1)
    logs = [random.random() for _ in range(250)] + [1 + random.uniform(-1, 1) * 2.0 ** -random.randint(1, 52)
            for _ in range(150)] + [math.ldexp(1 + random.random(), random.randint(-1074, 1022))
                                    for _ in range(100)]
    exps = [random.uniform(-1, 1) for _ in range(150)] + [random.uniform(-700, 700) for _ in range(100)]
    print(json.dumps({"log": [[x] + pair(Decimal(x).ln()) for x in logs],
                      "exp": [[x] + pair(Decimal(x).exp()) for x in exps]}))


main()
