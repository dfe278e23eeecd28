"""CSV files as NumPy's savetxt and Python's csv write them, and the values that these read.

    python -m venv np && np/bin/pip install numpy==2.4.6
    np/bin/python bench/datasets/csv_files.py > packages/datasets/test/fixtures/csv.json
"""

import base64
import csv
import io
import json
import sys

import numpy as np

points = np.array([[np.sin(1 + 3 * i + j) * 10.0 ** ((7 * i + j) % 40 - 20) for j in range(3)] for i in range(6)])
words = ["b", "a, or", 'c "d"', "a, or", "b", "two\nlines"]


def case(name, data, read, **more):
    return {"name": name, "file": base64.b64encode(data).decode(), "values": [float(x) for x in np.ravel(read)], **more}


def main():
    cases = []
    for name, options in {
        "comma": {"delimiter": ","},
        "semicolon": {"delimiter": ";"},
        "tab": {"delimiter": "\t"},
        "space": {},
        "comment": {"header": "x y z", "footer": "the end"},
        "CRLF": {"delimiter": ",", "newline": "\r\n"},
        "padded": {"fmt": "%30.17g"},
    }.items():
        file = io.BytesIO()
        np.savetxt(file, points, **options)
        data = file.getvalue()
        cases.append(case(f"savetxt, {name}", data, np.loadtxt(io.BytesIO(data), delimiter=options.get("delimiter"))))
    for dialect in ["excel", "excel-tab", "unix"]:  # the last quotes every field and ends lines by \n
        file = io.StringIO(newline="")
        writer = csv.writer(file, dialect=dialect)
        writer.writerow(["x", "kind, or so", "y", "z"])
        for (x, y, z), word in zip(points.tolist(), words):
            writer.writerow([x, word, y, z])
        text = file.getvalue()
        rows = list(csv.reader(io.StringIO(text, newline=""), dialect=dialect))
        read = [[float(x) for x in row[:1] + row[2:]] for row in rows[1:]]
        cases.append(case(f"csv, {dialect}", text.encode(), read, label=rows[0][1], labels=[row[1] for row in rows[1:]]))
    json.dump({"numpy": np.__version__, "cases": cases}, sys.stdout)
    print()


main()
