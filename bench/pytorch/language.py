"""The loss of language models and its gradient as PyTorch computes them, in float64.

    python -m venv pt && pt/bin/pip install torch==2.13.0 numpy
    pt/bin/python bench/pytorch/language.py > packages/networks/test/fixtures/language.json

A case is a network's spec, and the shape of a batch of windows [batch, tokens of a window]. Token i of the batch,
flat, is (3 i + i² div 7) mod 5; parameters are as in layers.py, in the order in which the network states them. The
loss is the mean cross-entropy of each token but a window's first, given those before it.
"""

import torch
import torch.nn.functional as F

from layers import formula, lstm, numbers, parameter, write

TOKENS = 5


def model(depth):
    def apply(x, table, *parameters):
        h = F.embedding(x, table)
        for layer in range(depth):
            h = lstm(True)(h, *parameters[3 * layer : 3 * layer + 3])
        weight, bias = parameters[-2:]
        return h @ weight + bias

    return apply


def shapes(embedding, units, depth):
    sizes = [embedding] + [units] * depth
    layers = [shape for n in sizes[:depth] for shape in [(n, 4 * units), (units, 4 * units), (4 * units,)]]
    return [(TOKENS, embedding), *layers, (units, TOKENS), (TOKENS,)]


def case(embedding, units, depth, windows):
    x = formula(windows, lambda i: (3 * i + i * i // 7) % TOKENS).long()
    parameters = [parameter(j, own) for j, own in enumerate(shapes(embedding, units, depth))]
    logits = model(depth)(x[:, :-1], *parameters)
    loss = F.cross_entropy(logits.reshape(-1, TOKENS), x[:, 1:].reshape(-1))
    return {
        "spec": f"lstm(embedding={embedding}, units={units}, depth={depth})",
        "windows": list(windows),
        "parameters": [list(own) for own in shapes(embedding, units, depth)],
        "loss": numbers(loss)[0],
        "gradients": [numbers(slope) for slope in torch.autograd.grad(loss, parameters)],
    }


if __name__ == "__main__":
    write([case(3, 4, 1, (3, 7)), case(2, 3, 2, (2, 33))])
