"""Writes packages/engine/test/fixtures/onnx-package.json: a small ONNX file made by the onnx package (not by
Stillpoint), and its output for one input as numpy computes it. Run with Python 3 and
`pip install onnx==1.23.2 numpy`: python bench/gan/onnx-file.py
"""

import base64
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(7)
w = random.integers(-3, 4, (4, 3)).astype(np.float32)
b = random.integers(-3, 4, 3).astype(np.float32)
graph = helper.make_graph(
    [
        helper.make_node("Gemm", ["images", "w", "b"], ["h"]),
        helper.make_node("Relu", ["h"], ["features"]),
        helper.make_node("Gather", ["features", "rows"], ["chosen"], axis=0),
        helper.make_node("ArgMax", ["features"], ["labels"], axis=1, keepdims=0),
    ],
    "extractor",
    [
        helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 4]),
        helper.make_tensor_value_info("rows", TensorProto.INT64, ["count"]),
    ],
    [
        helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", 3]),
        helper.make_tensor_value_info("chosen", TensorProto.FLOAT, ["count", 3]),
        helper.make_tensor_value_info("labels", TensorProto.INT64, ["batch"]),
    ],
    [numpy_helper.from_array(w, "w"), numpy_helper.from_array(b, "b")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="onnx")
model.ir_version = 8
onnx.checker.check_model(model)
images = random.integers(-4, 5, (5, 4)).astype(np.float32)
features = np.maximum(images @ w + b, 0)
path = pathlib.Path(__file__).parents[2] / "packages/engine/test/fixtures/onnx-package.json"
path.write_text(
    json.dumps(
        {
            "made": f"bench/gan/onnx-file.py, onnx {onnx.__version__}, numpy {np.__version__}",
            "file": base64.b64encode(model.SerializeToString()).decode(),
            "images": images.ravel().tolist(),
            "rows": [3, 0],
            "features": features.ravel().tolist(),
            "chosen": features[[3, 0]].ravel().tolist(),
            "labels": features.argmax(axis=1).tolist(),
        }
    )
    + "\n"
)
