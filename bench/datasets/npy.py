"""NPY files as NumPy writes them, and the values that NumPy reads from them.

    python -m venv np && np/bin/pip install numpy==2.4.6
    np/bin/python bench/datasets/npy.py > packages/datasets/test/fixtures/npy.json

A case is a file in base64, its shape and its numbers in row-major order.
"""

import base64
import io
import json
import sys

import numpy as np
from numpy.lib import format as npy

SHAPES = [(), (3,), (2, 3), (0, 4), (2, 2, 2)]
TYPES = ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]


def values(code, shape):
    n = int(np.prod(shape))
    i = np.arange(n, dtype=np.float64)
    if code == "b1":
        return (i % 3 == 1).reshape(shape)
    if code[0] == "f":
        return (np.sin(1 + i) * 10 ** (i % 7 - 3)).astype(code).reshape(shape)
    info = np.iinfo(code)
    low, high = max(info.min, -(2**53) + 1), min(info.max, 2**53 - 1)
    ends = [low, high, 0, 1, low + 1, high - 1, 77]
    return np.array([ends[int(k) % len(ends)] for k in i], dtype=code).reshape(shape)


def case(name, array, version):
    file = io.BytesIO()
    npy.write_array(file, array, version=version, allow_pickle=False)
    data = file.getvalue()
    read = np.load(io.BytesIO(data), allow_pickle=False)
    return {
        "name": name,
        "dtype": read.dtype.name,
        "shape": list(read.shape),
        "values": [int(x) if read.dtype.kind != "f" else float(x) for x in read.ravel(order="C")],
        "file": base64.b64encode(data).decode(),
    }


def main():
    cases = []
    for code in TYPES:
        for order in "<>":
            for k, shape in enumerate(SHAPES):
                if code[1] == "1" and order == ">" or (order == ">") == (k % 2 == 0) and shape != (2, 3):
                    continue  # each shape in one byte order, matrices in both; single bytes have none
                for layout in "CF" if len(shape) > 1 else "C":
                    version = [(1, 0), (2, 0), (3, 0)][len(cases) % 3]
                    array = np.array(values(code, shape), dtype=order + code, order=layout)
                    cases.append(case(f"{order}{code} {shape} {layout} {version}", array, version))
    refused = []
    for name, array in {
        "float16": np.zeros(3, "f2"),
        "complex": np.zeros(3, "c16"),
        "text": np.array(["a", "bc"]),
        "dates": np.zeros(2, "M8[s]"),
        "records": np.zeros(2, [("x", "f4"), ("y", "i4")]),
        "too large": np.array([2**53], "i8"),
    }.items():
        file = io.BytesIO()
        np.save(file, array, allow_pickle=False)
        refused.append({"name": name, "file": base64.b64encode(file.getvalue()).decode()})
    file = io.BytesIO()
    np.save(file, np.array([{}], dtype=object), allow_pickle=True)
    refused.append({"name": "objects", "file": base64.b64encode(file.getvalue()).decode()})
    json.dump({"numpy": np.__version__, "cases": cases, "refused": refused}, sys.stdout)
    print()


main()
