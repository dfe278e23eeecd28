"""What tensorboard reads in each folder that is given, as JSON: one object per folder.

    python test/read-events.py run1 run2 ...

By the two readers that tensorboard has: EventAccumulator, the one for programs, and the plugin_event_accumulator
that feeds its pages, which turns values into tensors as it reads. Numbers that must be exact are hexadecimal.
"""

import base64
import json
import logging
import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import (
    EventAccumulator as PageAccumulator,
)
from tensorboard.util import tensor_util

logging.disable()
ALL = 0


def exact(x):
    return struct.pack(">d", x).hex()


def text(data):
    return base64.b64encode(data).decode()


def program(folder):
    kinds = ("scalars", "images", "histograms")
    read = EventAccumulator(folder, size_guidance={kind: ALL for kind in kinds})
    read.Reload()
    tags = read.Tags()
    return {
        "scalars": {
            tag: [[exact(e.wall_time), e.step, exact(e.value)] for e in read.Scalars(tag)]
            for tag in tags["scalars"]
        },
        "images": {
            tag: [[e.step, e.height, e.width, text(e.encoded_image_string)] for e in read.Images(tag)]
            for tag in tags["images"]
        },
        "histograms": {
            tag: [
                {
                    "step": e.step,
                    "num": e.histogram_value.num,
                    "min": exact(e.histogram_value.min),
                    "max": exact(e.histogram_value.max),
                    "sum": exact(e.histogram_value.sum),
                    "sumSquares": exact(e.histogram_value.sum_squares),
                    "limits": [exact(x) for x in e.histogram_value.bucket_limit],
                    "counts": list(e.histogram_value.bucket),
                }
                for e in read.Histograms(tag)
            ]
            for tag in tags["histograms"]
        },
    }


def plain(entry):
    return text(entry) if isinstance(entry, bytes) else exact(entry)


def pages(folder):
    read = PageAccumulator(folder, size_guidance={"tensors": ALL})
    read.Reload()
    found = {}
    for tag in read.Tags()["tensors"]:
        tensors = [(e.step, tensor_util.make_ndarray(e.tensor_proto)) for e in read.Tensors(tag)]
        found[tag] = {
            "plugin": read.SummaryMetadata(tag).plugin_data.plugin_name,
            "tensors": [[step, list(x.shape), [plain(entry) for entry in x.flat]] for step, x in tensors],
        }
    return found


json.dump([{**program(folder), "pages": pages(folder)} for folder in sys.argv[1:]], sys.stdout)
