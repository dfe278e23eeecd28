"""SAG and SAGA, written out from their papers in numpy, on a small logistic regression.

    python bench/finite-sums/vectors.py > packages/optimizers/test/fixtures/finite-sums.json

numpy 2.4. Terms f_i(x) = log(1 + exp(-b_i a_i.x)) + (lam/2)|x|^2; the terms asked are given, so that the
comparison does not depend on any generator of random numbers. The table holds the gradients themselves, and
sums are taken anew in each step: nothing is carried along that rounding could spoil.
"""

import json
import sys

import numpy as np

n, d, lam, steps = 6, 3, 0.1, 40
A = np.array([[np.cos(1 + 1.7 * i + 0.6 * j * j) for j in range(d)] for i in range(n)])
b = np.array([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
order = [(5 * k * k + 3 * k + k // 7) % n for k in range(steps)]
step = 0.3


def gradient(i, x):
    return -b[i] * A[i] / (1 + np.exp(b[i] * A[i] @ x)) + lam * x


def run(method, divisor, threshold=0.0):
    x = np.array([0.5, -1.0, 0.25])
    table = {}
    points = []
    for i in order:
        g = gradient(i, x)
        old = table.get(i, np.zeros(d))
        before = sum(table.values(), np.zeros(d))
        table[i] = g
        m = n if divisor == "n" else len(table)
        if method == "sag":
            direction = sum(table.values(), np.zeros(d)) / m
        else:
            direction = g - old + before / m
        x = x - step * direction
        x = np.sign(x) * np.maximum(np.abs(x) - step * threshold, 0)
        points.append(x.tolist())
    return points


runs = [("sag", "n", 0.0), ("sag", "seen", 0.0), ("saga", "n", 0.0), ("saga", "seen", 0.0), ("saga", "n", 0.05)]
json.dump(
    {
        "A": A.tolist(),
        "b": b.tolist(),
        "lambda": lam,
        "stepSize": step,
        "order": order,
        "start": [0.5, -1.0, 0.25],
        "runs": [
            {"method": m, "normalise": v, "threshold": t, "points": run(m, v, t)} for m, v, t in runs
        ],
    },
    sys.stdout,
)
print()
