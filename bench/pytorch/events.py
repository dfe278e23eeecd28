"""An event file as PyTorch's SummaryWriter and tensorboard write it, and the figures that were given to them.

    python -m venv tb && tb/bin/pip install torch==2.13.0 tensorboard==2.21.0 pillow numpy
    tb/bin/python bench/pytorch/events.py > packages/tracking/test/fixtures/events.json

The clock stands still, so that the file is the same each time. The second part is what a writer with purge_step
writes when a run goes on from a step; PyTorch puts a second version record before it, which is left out.
"""

import base64
import json
import sys
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.summary.writer.record_writer import RecordWriter
from torch.utils.tensorboard import SummaryWriter
from torch.utils.tensorboard.summary import make_image

TIME = 1700000000.25
STEPS = [0, 1, 127, 128, 300, 2**31, 2**53 - 1]
SCALARS = [0.0, -0.0, 0.1, float("nan"), float("inf"), float("-inf"), 1e-45]

values = np.sin(np.arange(1, 200) ** 2 / 7.0)
counts, edges = np.histogram(values, bins=30)
histogram = {
    "min": float(values.min()),
    "max": float(values.max()),
    "sum": float(values.sum()),
    "sumSquares": float(values.dot(values)),
    "limits": edges[1:].tolist(),
    "counts": counts.tolist(),
}
pictures = {
    "colour": np.arange(60, dtype=np.uint8).reshape(4, 5, 3),
    "alpha": np.arange(80, dtype=np.uint8).reshape(4, 5, 4),
}


def text(data):
    return base64.b64encode(data).decode()


with tempfile.TemporaryDirectory() as folder, mock.patch("time.time", lambda: TIME):
    writer = SummaryWriter(folder)
    for step, value in zip(STEPS, SCALARS):
        writer.add_scalar("loss/générateur", value, step, TIME + step % 1000)
    for name, pixels in pictures.items():
        writer.add_image(f"samples/{name}", pixels, 5, TIME, dataformats="HWC")
    minimum, maximum, total, squares, limits, numbers = histogram.values()
    writer.add_histogram_raw(
        "weights", minimum, maximum, len(values), total, squares, limits, numbers, 7, TIME
    )
    writer.close()
    (path,) = Path(folder).iterdir()
    whole = path.read_bytes()
    restart = Path(folder) / "restart"
    with restart.open("wb") as file:
        event = Event(wall_time=TIME, step=300, session_log=SessionLog(status=SessionLog.START))
        RecordWriter(file).write(event.SerializeToString())
    json.dump(
        {
            "wallTime": TIME,
            "writer": "tensorboard.summary.writer.event_file_writer",
            "tag": "loss/générateur",
            "scalars": [[step, repr(value)] for step, value in zip(STEPS, SCALARS)],
            "images": {name: text(make_image(x).encoded_image_string) for name, x in pictures.items()},
            "histogram": histogram,
            "file": text(whole),
            "restart": text(restart.read_bytes()),
        },
        sys.stdout,
        indent=1,
    )
