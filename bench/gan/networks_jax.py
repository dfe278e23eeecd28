"""The workloads' networks in JAX: functions of their parameters by name, channels last as in tfjs."""
import jax
import jax.numpy as jnp
from jax import lax

LAYOUT = ("NHWC", "HWIO", "NHWC")


def norm(p, layer, x, labels=None):
    axes = tuple(range(x.ndim - 1))
    mean = x.mean(axes)
    variance = ((x - mean) ** 2).mean(axes)
    scale, shift = (p[f"{layer}.{table}"] if labels is None else p[f"{layer}.{table}"][labels, None, None] for table in ("scale", "shift"))
    return (x - mean) * lax.rsqrt(variance + 1e-5) * scale + shift


def conv(p, layer, x, stride=1):
    return lax.conv_general_dilated(x, p[f"{layer}.weight"], (stride, stride), "SAME", dimension_numbers=LAYOUT) + p[f"{layer}.bias"]


def conv_transpose(x, weight):
    """The gradient of a convolution of stride 2, as tfjs has it: the filter is [height, width, out, in]."""
    return lax.conv_transpose(x, weight, (2, 2), "SAME", dimension_numbers=LAYOUT, transpose_kernel=True)


def mlp(p, x):
    for i in range(3):
        x = x @ p[f"{i}.weight"] + p[f"{i}.bias"]
        if i < 2:
            x = jax.nn.relu(x)
    return x


def dcgan_generator(p, z, labels=None):
    h = (z @ p["dense.weight"]).reshape(-1, 7, 7, 64)
    h = conv_transpose(jax.nn.relu(norm(p, "norm0", h, labels)), p["conv0.weight"])
    h = conv_transpose(jax.nn.relu(norm(p, "norm1", h, labels)), p["conv1.weight"]) + p["conv1.bias"]
    return jnp.tanh(h)


def dcgan_discriminator(p, x, labels=None):
    for layer in ("conv0", "conv1"):
        x = jax.nn.leaky_relu(conv(p, layer, x, 2), 0.2)
    h = x.reshape(x.shape[0], -1)
    y = h @ p["dense.weight"] + p["dense.bias"]
    return y if labels is None else y + (p["table"][labels] * h).sum(1, keepdims=True)


def up(x):
    return jnp.repeat(jnp.repeat(x, 2, 1), 2, 2)


def pool(x):
    n, height, width, channels = x.shape
    return x.reshape(n, height // 2, 2, width // 2, 2, channels).mean((2, 4))


def resnet_generator(p, z):
    h = (z @ p["dense.weight"]).reshape(-1, 4, 4, 128)
    for b in ("up0", "up1", "up2"):
        r = conv(p, f"{b}.conv0", up(jax.nn.relu(norm(p, f"{b}.norm0", h))))
        h = conv(p, f"{b}.conv1", jax.nn.relu(norm(p, f"{b}.norm1", r))) + conv(p, f"{b}.skip", up(h))
    return jnp.tanh(conv(p, "conv", jax.nn.relu(norm(p, "norm", h))))


def resnet_discriminator(p, x):
    for i in range(4):
        r = conv(p, f"block{i}.conv0", jax.nn.relu(x) if i > 0 else x)
        r = conv(p, f"block{i}.conv1", jax.nn.relu(r))
        x = pool(r + conv(p, f"block{i}.skip", x)) if i < 2 else r + x
    return jax.nn.relu(x).sum((1, 2)) @ p["dense.weight"] + p["dense.bias"]


NETWORKS = {"W1": (mlp, mlp), "W2": (dcgan_discriminator, dcgan_generator), "W3": (resnet_discriminator, resnet_generator)}
