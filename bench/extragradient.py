"""The same loop in numpy: python3 extragradient.py <dim>; prints ns per step. No allocation inside the loop."""
import json
import statistics
import sys
import time

import numpy as np

dim = int(sys.argv[1])
half = dim // 2
steps = 20_000 if dim == 2 else 2_000
chunk = 1_000
rounds = 61
step_size = 1e-3
start = 1 + np.arange(dim) / dim


def run(steps):
    z, w, g = start.copy(), np.empty(dim), np.empty(dim)
    z1, z2, w1, w2, g1, g2 = z[:half], z[half:], w[:half], w[half:], g[:half], g[half:]
    multiply, subtract, negative, copyto = np.multiply, np.subtract, np.negative, np.copyto
    for _ in range(steps):
        copyto(g1, z2)
        negative(z1, out=g2)
        multiply(g, step_size, out=g)
        subtract(z, g, out=w)
        copyto(g1, w2)
        negative(w1, out=g2)
        multiply(g, step_size, out=g)
        subtract(z, g, out=z)
    return z


z = run(steps)
times = []
for _ in range(rounds):
    begun = time.perf_counter()
    run(chunk)
    times.append((time.perf_counter() - begun) * 1e9 / chunk)
print(json.dumps({"z": z.tolist(), "step": statistics.median(times)}))
