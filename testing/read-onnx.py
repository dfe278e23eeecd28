"""What Python makes of an ONNX file, as JSON: `python read-onnx.py model.onnx runs.json`.

The file is checked by the package onnx, shapes included, and run by onnxruntime once for each of the runs, which
are lists of float32 inputs by name: { "x": { "shape": [2, 3], "data": base64 } }. Outputs have the same form.
"""

import base64
import json
import sys

import numpy
import onnx
import onnxruntime

path, runs = sys.argv[1:]
model = onnx.load(path)
onnx.checker.check_model(model, full_check=True)
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def port(value):
    tensor = value.type.tensor_type
    return [onnx.TensorProto.DataType.Name(tensor.elem_type)] + [
        d.dim_param or d.dim_value for d in tensor.shape.dim
    ]


def run(feeds):
    arrays = {
        name: numpy.frombuffer(base64.b64decode(feed["data"]), "<f4").reshape(feed["shape"])
        for name, feed in feeds.items()
    }
    names = [output.name for output in session.get_outputs()]
    return {
        name: {"shape": list(array.shape), "data": base64.b64encode(array.astype("<f4").tobytes()).decode()}
        for name, array in zip(names, session.run(names, arrays))
    }


print(
    json.dumps(
        {
            "opsets": {entry.domain: entry.version for entry in model.opset_import},
            "description": model.doc_string,
            "metadata": {entry.key: entry.value for entry in model.metadata_props},
            "inputs": {value.name: port(value) for value in model.graph.input},
            "outputs": {value.name: port(value) for value in model.graph.output},
            "stored": {tensor.name: list(tensor.dims) for tensor in model.graph.initializer},
            "runs": [run(feeds) for feeds in json.load(open(runs))],
        }
    )
)
