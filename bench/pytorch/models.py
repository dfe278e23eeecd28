"""Outputs and gradients of the models of @stillpoint/networks, small, as PyTorch computes them, in float64.

    python -m venv pt && pt/bin/pip install torch==2.13.0 numpy
    pt/bin/python bench/pytorch/models.py > packages/networks/test/fixtures/models.json

Cases, examples and parameters are as in layers.py; parameters come in the order in which the networks state them.
"""

import torch
import torch.nn.functional as F

from layers import batch_norm, conv, conv_transpose, images, last, lstm, result, write


def take(parameters):
    """Hands out the parameters one by one."""
    rest = iter(parameters)
    return lambda n=1: [next(rest) for _ in range(n)]


def upsample(x):
    return last(F.interpolate(images(x), scale_factor=2, mode="nearest"))


def pool(x):
    return last(F.avg_pool2d(images(x), 2))


def resnet_generator(side, width, rapp):
    def apply(z, *parameters):
        p = take(parameters)
        weight, bias = p(2)
        x = (z @ weight + bias).reshape(-1, side, side, width)
        h = upsample(torch.relu(batch_norm(x, *p(2))))
        h = conv()(h, *p(2))
        h = conv()(torch.relu(batch_norm(h, *p(2))), *p(2))
        x = h + (upsample(x) if rapp else conv()(upsample(x), *p(2)))
        return torch.tanh(conv()(torch.relu(batch_norm(x, *p(2))), *p(2)))

    return apply


def resnet_discriminator(x, *parameters):
    """With two blocks that halve the sides."""
    p = take(parameters)
    h = conv()(torch.relu(conv()(x, *p(2))), *p(2))
    x = pool(h) + conv()(pool(x), *p(2))
    h = conv()(torch.relu(conv()(torch.relu(x), *p(2))), *p(2))
    x = pool(h + conv()(x, *p(2)))
    for _ in range(2):
        x = x + conv()(torch.relu(conv()(torch.relu(x), *p(2))), *p(2))
    weight, bias = p(2)
    return torch.relu(x).sum((1, 2)) @ weight + bias


def dcgan_generator(z, *parameters):
    """With three strides, from a map of 1x1."""
    p = take(parameters)
    x = (z @ p()[0])[:, None, None, :]
    for i in range(3):
        scale, offset, weight = p(3)
        bias = p()[0] if i == 2 else None
        x = conv_transpose(2)(torch.relu(batch_norm(x, scale, offset)), weight, bias)
    return torch.tanh(x)


def dcgan_discriminator(x, *parameters):
    """With three strides and batch norm."""
    p = take(parameters)
    weight, bias = p(2)
    x = F.leaky_relu(conv(2)(x, weight, bias), 0.2)
    for _ in range(2):
        weight, scale, offset = p(3)
        x = F.leaky_relu(batch_norm(conv(2)(x, weight, None), scale, offset), 0.2)
    weight, bias = p(2)
    return x.reshape(x.shape[0], -1) @ weight + bias


def r3gan_block(x, p):
    h = F.leaky_relu(conv()(x, *p(2)), 0.2)
    h = F.leaky_relu(conv()(h, *p(2)), 0.2)
    return x + conv()(h, p()[0], None)


def r3gan_generator(z, *parameters):
    p = take(parameters)
    x = (z @ p()[0])[:, None, None, :]
    x = r3gan_block(x * p()[0], p)
    return conv()(r3gan_block(upsample(x), p), p()[0], None)


def r3gan_discriminator(x, *parameters):
    p = take(parameters)
    x = pool(r3gan_block(conv()(x, p()[0], None), p))
    x = r3gan_block(x, p)
    return (x * p()[0]).sum((1, 2)) @ p()[0]


def every_second(x, filters):
    """The second pixel of each pair, with zeros as further channels."""
    x = x[:, 1::2, 1::2]
    return F.pad(x, (0, filters - x.shape[-1]))


def resnet_classifier(depth):
    def apply(x, *parameters):
        p = take(parameters)
        normalised = lambda x, stride=1: batch_norm(conv(stride)(x, p()[0], None), *p(2))
        x = torch.relu(normalised(x))
        for stage in range(3):
            for i in range((depth - 2) // 6):
                halves = stage > 0 and i == 0
                h = normalised(torch.relu(normalised(x, 2 if halves else 1)))
                x = torch.relu(h + (every_second(x, h.shape[-1]) if halves else x))
        weight, bias = p(2)
        return x.mean((1, 2)) @ weight + bias

    return apply


def language_model(x, *parameters):
    """With two LSTMs."""
    p = take(parameters)
    h = F.embedding(x.long(), p()[0])
    for _ in range(2):
        h = lstm(True)(h, *p(3))
    weight, bias = p(2)
    return h @ weight + bias


def pinn(x, *parameters):
    p = take(parameters)
    lower, upper = torch.tensor([-1.0, 0.0]), torch.tensor([1.0, 2.0])
    x = 2 * (x - lower) / (upper - lower) - 1
    for _ in range(2):
        weight, bias = p(2)
        x = torch.tanh(x @ weight + bias)
    weight, bias = p(2)
    return x @ weight + bias


c3 = [(3, 3, 2, 2), (2,)]
n2 = [(2,), (2,)]
block = [(1, 1, 2, 4), (4,), (3, 3, 4, 4), (4,), (1, 1, 4, 2)]
one = [(1, 1, 2, 2), (2,)]
CASES = [
    (
        "resnet-generator(blocks=1, width=2)",
        (4, 3),
        [(3, 32), (32,), *n2, *c3, *n2, *c3, *one, *n2, (3, 3, 2, 1), (1,)],
        resnet_generator(4, 2, False),
    ),
    (
        "resnet-generator(blocks=1, width=2, variant=rapp)",
        (4, 3),
        [(3, 32), (32,), *n2, *c3, *n2, *c3, *n2, (3, 3, 2, 1), (1,)],
        resnet_generator(4, 2, True),
    ),
    (
        "resnet-discriminator(width=2, spectralNorm=false)",
        (3, 8, 8, 1),
        [(3, 3, 1, 2), (2,), *c3, (1, 1, 1, 2), (2,), *c3, *c3, *one, *c3, *c3, *c3, *c3, (2, 1), (1,)],
        resnet_discriminator,
    ),
    (
        "dcgan-generator(channels=1, strides=3)",
        (4, 3),
        [(3, 4), (4,), (4,), (4, 4, 2, 4), (2,), (2,), (4, 4, 1, 2), (1,), (1,), (4, 4, 1, 1), (1,)],
        dcgan_generator,
    ),
    (
        "dcgan-discriminator(channels=1, strides=3, normalise=true)",
        (4, 8, 8, 1),
        [(4, 4, 1, 1), (1,), (4, 4, 1, 2), (2,), (2,), (4, 4, 2, 4), (4,), (4,), (4, 1), (1,)],
        dcgan_discriminator,
    ),
    (
        "r3gan-generator(width=2, halvings=1)",
        (3, 3),
        [(3, 2), (2, 2, 2), *block, *block, (1, 1, 2, 1)],
        r3gan_generator,
    ),
    (
        "r3gan-discriminator(width=2, halvings=1)",
        (3, 4, 4, 1),
        [(1, 1, 1, 2), *block, *block, (2, 2, 2), (2, 1)],
        r3gan_discriminator,
    ),
    (
        "resnet-classifier(depth=8, width=2)",
        (3, 8, 8, 1),
        [
            *[(3, 3, 1, 2), (2,), (2,)],
            *[(3, 3, 2, 2), (2,), (2,)] * 2,
            *[(3, 3, 2, 4), (4,), (4,)],
            *[(3, 3, 4, 4), (4,), (4,)],
            *[(3, 3, 4, 8), (8,), (8,)],
            *[(3, 3, 8, 8), (8,), (8,)],
            *[(8, 3), (3,)],
        ],
        resnet_classifier(8),
    ),
    (
        "lstm(embedding=2, units=3, depth=2)",
        (2, 4),
        [(5, 2), (2, 12), (3, 12), (12,), (3, 12), (3, 12), (12,), (3, 5), (5,)],
        language_model,
    ),
    (
        "pinn(hidden=[4,3], lower=[-1,0], upper=[1,2])",
        (3, 2),
        [(2, 4), (4,), (4, 3), (3,), (3, 1), (1,)],
        pinn,
    ),
]

if __name__ == "__main__":
    write(result(*case) for case in CASES)
