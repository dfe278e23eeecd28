"""Outputs and gradients of the layers of @stillpoint/networks as PyTorch computes them, in float64.

    python -m venv pt && pt/bin/pip install torch==2.13.0 numpy
    pt/bin/python bench/pytorch/layers.py > packages/networks/test/fixtures/layers.json

A case is a layer's spec and a batch of examples. Examples and parameters are given by formulas, rounded to
float32, which the test writes down too; gradients are those of the sum of the outputs times cos(0.3 + 0.8 i).
Tensors are in our layout, channels last and kernels [height, width, in, out]: PyTorch is given views of them,
so that its gradients come back in that layout.
"""

import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def formula(shape, function):
    n = int(np.prod(shape))
    return torch.tensor(function(np.arange(n, dtype=np.float64)).astype(np.float32).astype(np.float64)).reshape(shape)


def parameter(j, shape):
    return formula(shape, lambda i: 0.4 * np.sin(1 + 0.9 * i + 2.3 * j)).requires_grad_()


def images(x):
    return x.permute(0, 3, 1, 2)


def last(y):
    return y.permute(0, 2, 3, 1)


def filters(kernel):
    return kernel.permute(3, 2, 0, 1).contiguous()


def pads(n, size, stride):
    """What padding 'same' puts before and after a side."""
    total = max((-(-n // stride) - 1) * stride + size - n, 0)
    return total // 2, total - total // 2


def conv(stride=1, padding="same"):
    def apply(x, kernel, bias):
        size = kernel.shape[0]
        if padding == "same":
            (top, bottom), (left, right) = pads(x.shape[1], size, stride), pads(x.shape[2], size, stride)
            x = F.pad(x, (0, 0, left, right, top, bottom))
        return last(F.conv2d(images(x), filters(kernel), bias, stride))

    return apply


def conv_transpose(stride, padding="same"):
    def apply(x, kernel, bias):
        y = last(F.conv_transpose2d(images(x), filters(kernel), bias, stride))
        if padding == "same":
            size = kernel.shape[0]
            h, w = x.shape[1] * stride, x.shape[2] * stride
            top, left = pads(h, size, stride)[0], pads(w, size, stride)[0]
            y = y[:, top : top + h, left : left + w]
        return y

    return apply


def batch_norm(x, scale, offset):
    flat = x.reshape(-1, x.shape[-1])
    return F.batch_norm(flat, None, None, scale, offset, True).reshape(x.shape)


def one_hot(x, classes):
    return F.one_hot(torch.arange(x.shape[0]) % classes, classes).double()


def conditional_batch_norm(x, scale, offset):
    plain = F.batch_norm(images(x), None, None, None, None, True)
    labels = one_hot(x, scale.shape[0])
    own = lambda table: (labels @ table)[:, :, None, None]
    return last(plain * own(scale) + own(offset))


def lstm(sequence):
    def apply(x, kernel, recurrent, bias):
        units = recurrent.shape[0]
        module = torch.nn.LSTM(x.shape[-1], units, batch_first=True)
        given = {
            "weight_ih_l0": kernel.T,
            "weight_hh_l0": recurrent.T,
            "bias_ih_l0": bias,
            "bias_hh_l0": torch.zeros_like(bias),
        }
        y, _ = torch.func.functional_call(module, given, (x,))
        return y if sequence else y[:, -1]

    return apply


def gru(x, kernel, recurrent, bias, recurrent_bias):
    module = torch.nn.GRU(x.shape[-1], recurrent.shape[0], batch_first=True)
    given = {
        "weight_ih_l0": kernel.T,
        "weight_hh_l0": recurrent.T,
        "bias_ih_l0": bias,
        "bias_hh_l0": recurrent_bias,
    }
    return torch.func.functional_call(module, given, (x,))[0]


def attention(heads, causal):
    def apply(x, kernel, bias, out, out_bias):
        module = torch.nn.MultiheadAttention(x.shape[-1], heads, batch_first=True)
        given = {
            "in_proj_weight": kernel.T,
            "in_proj_bias": bias,
            "out_proj.weight": out.T,
            "out_proj.bias": out_bias,
        }
        time = x.shape[1]
        mask = torch.triu(torch.ones(time, time, dtype=torch.bool), 1) if causal else None
        return torch.func.functional_call(module, given, (x, x, x), {"attn_mask": mask, "need_weights": False})[0]

    return apply


def projection(x, kernel, bias, table):
    embedded = F.embedding(torch.arange(x.shape[0]) % table.shape[0], table)
    return x @ kernel + bias + (embedded * x).sum(1, keepdim=True)


def spectral(x, kernel, bias):
    """PyTorch's own parametrization, its u and v set: v as the test sets it, u = Wv/|Wv|."""
    module = torch.nn.Linear(kernel.shape[0], kernel.shape[1])
    torch.nn.utils.parametrizations.spectral_norm(module)
    module.eval()
    v = formula((kernel.shape[1],), lambda i: np.cos(1 + i))
    v = v / v.norm()
    u = kernel.detach() @ v
    # PyTorch's matrix is [out, in], ours [in, out]: its u is our v
    given = {
        "parametrizations.weight.original": kernel.T,
        "parametrizations.weight.0._u": v,
        "parametrizations.weight.0._v": u / u.norm(),
        "bias": bias,
    }
    return torch.func.functional_call(module, given, (x,))


def activation(function):
    return lambda x: function(x)


def residual(x, kernel, bias, short_kernel, short_bias):
    return conv()(torch.relu(x), kernel, bias) + conv()(x, short_kernel, short_bias)


def pooled(function):
    return lambda x: last(function(images(x), 2))


CASES = [
    ("dense(units=3)", (4, 5), [(5, 3), (3,)], lambda x, k, b: x @ k + b),
    ("dense(units=3, bias=false)", (2, 4, 5), [(5, 3)], lambda x, k: x @ k),
    ("conv(filters=3)", (2, 5, 6, 2), [(3, 3, 2, 3), (3,)], conv()),
    ("conv(filters=3, size=4, stride=2)", (2, 6, 6, 2), [(4, 4, 2, 3), (3,)], conv(2)),
    ("conv(filters=2, size=3, stride=2)", (2, 6, 5, 2), [(3, 3, 2, 2), (2,)], conv(2)),
    ("conv(filters=2, stride=2, padding=valid)", (2, 7, 6, 2), [(3, 3, 2, 2), (2,)], conv(2, "valid")),
    ("conv(filters=4, size=1)", (2, 3, 3, 2), [(1, 1, 2, 4), (4,)], conv()),
    ("conv-transpose(filters=3, size=4, stride=2)", (2, 3, 3, 2), [(4, 4, 3, 2), (3,)], conv_transpose(2)),
    ("conv-transpose(filters=2, stride=2)", (2, 3, 4, 2), [(3, 3, 2, 2), (2,)], conv_transpose(2)),
    ("conv-transpose(filters=2)", (2, 4, 3, 2), [(3, 3, 2, 2), (2,)], conv_transpose(1)),
    (
        "conv-transpose(filters=2, stride=2, padding=valid)",
        (2, 3, 2, 2),
        [(3, 3, 2, 2), (2,)],
        conv_transpose(2, "valid"),
    ),
    ("batch-norm", (5, 3), [(3,), (3,)], batch_norm),
    ("batch-norm", (3, 2, 2, 3), [(3,), (3,)], batch_norm),
    ("conditional-batch-norm(classes=3)", (4, 2, 2, 3), [(3, 3), (3, 3)], conditional_batch_norm),
    ("layer-norm", (2, 2, 3, 4), [(4,), (4,)], lambda x, s, o: F.layer_norm(x, (4,), s, o)),
    ("layer-norm(over=example)", (2, 3, 2, 4), [(4,), (4,)], lambda x, s, o: last(F.group_norm(images(x), 1, s, o))),
    ("embedding(tokens=5, units=3)", (2, 4), [(5, 3)], lambda x, t: F.embedding(x.long(), t)),
    ("lstm(units=3)", (2, 4, 2), [(2, 12), (3, 12), (12,)], lstm(True)),
    ("lstm(units=3, sequence=false)", (2, 4, 2), [(2, 12), (3, 12), (12,)], lstm(False)),
    ("gru(units=3)", (2, 4, 2), [(2, 9), (3, 9), (9,), (9,)], gru),
    ("self-attention(heads=2)", (2, 3, 4), [(4, 12), (12,), (4, 4), (4,)], attention(2, False)),
    ("self-attention(heads=2, causal=true)", (2, 3, 4), [(4, 12), (12,), (4, 4), (4,)], attention(2, True)),
    ("projection(classes=3)", (4, 5), [(5, 1), (1,), (3, 5)], projection),
    ("spectral(dense(units=3))", (4, 5), [(5, 3), (3,)], spectral),
    (
        "residual(chain(activation(of=relu), conv(filters=3)), conv(filters=3, size=1))",
        (2, 4, 4, 2),
        [(3, 3, 2, 3), (3,), (1, 1, 2, 3), (3,)],
        residual,
    ),
    ("upsample", (2, 2, 3, 2), [], lambda x: last(F.interpolate(images(x), scale_factor=2, mode="nearest"))),
    ("pool", (2, 4, 6, 2), [], pooled(F.avg_pool2d)),
    ("pool(of=max)", (2, 4, 6, 2), [], pooled(F.max_pool2d)),
    ("global-pool", (2, 3, 2, 3), [], lambda x: x.mean((1, 2))),
    ("global-pool(of=sum)", (2, 3, 2, 3), [], lambda x: x.sum((1, 2))),
    ("global-pool(of=max)", (2, 3, 2, 3), [], lambda x: x.amax((1, 2))),
    ("activation(of=relu)", (2, 5), [], activation(F.relu)),
    ("activation(of=leaky-relu)", (2, 5), [], activation(lambda x: F.leaky_relu(x, 0.2))),
    ("activation(of=tanh)", (2, 5), [], activation(torch.tanh)),
    ("activation(of=sigmoid)", (2, 5), [], activation(torch.sigmoid)),
    ("activation(of=softplus)", (2, 5), [], activation(F.softplus)),
    ("activation(of=elu)", (2, 5), [], activation(F.elu)),
    ("activation(of=gelu)", (2, 5), [], activation(F.gelu)),
    ("activation(of=silu)", (2, 5), [], activation(F.silu)),
    ("activation(of=sine)", (2, 5), [], activation(torch.sin)),
]


def numbers(tensor):
    return [float(f"{value:.9g}") for value in tensor.detach().reshape(-1).tolist()]


def result(spec, shape, shapes, function):
    whole = spec.startswith(("embedding", "lstm(embedding"))
    x = formula(shape, (lambda i: (3 * i) % 5) if whole else (lambda i: np.sin(0.5 + 1.3 * i)))
    if not whole:
        x.requires_grad_()
    parameters = [parameter(j, own) for j, own in enumerate(shapes)]
    y = function(x, *parameters)
    weights = torch.cos(0.3 + 0.8 * torch.arange(y.numel())).reshape(y.shape)
    wrt = parameters + ([] if whole else [x])
    slopes = torch.autograd.grad((weights * y).sum(), wrt)
    return {
        "spec": spec,
        "x": list(shape),
        "output": list(y.shape[1:]),
        "parameters": [list(own) for own in shapes],
        "y": numbers(y),
        "gradients": [numbers(slope) for slope in slopes[: len(shapes)]],
        "slope": None if whole else numbers(slopes[-1]),
    }


def write(results):
    cases = ",\n".join(json.dumps(one) for one in results)
    sys.stdout.write(f'{{"torch": "{torch.__version__}", "cases": [\n{cases}\n]}}\n')


if __name__ == "__main__":
    write(result(*case) for case in CASES)
