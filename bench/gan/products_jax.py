"""Products J v and J' v of a small GAN's F by JAX, as vectors for packages/gans/test/products.test.ts.

python bench/gan/products_jax.py > packages/gans/test/fixtures/products.json
"""

import json

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

D_SIZES, G_SIZES, BATCH = [2, 5, 1], [3, 4, 2], 4


def count(sizes):
    return sum(a * b + b for a, b in zip(sizes, sizes[1:]))


def apply(flat, sizes, x):
    """Layers of tanh; weights [in, out] before biases; the last layer is linear."""
    at = 0
    for layer, (a, b) in enumerate(zip(sizes, sizes[1:])):
        weight = flat[at : at + a * b].reshape(a, b)
        bias = flat[at + a * b : at + a * b + b]
        at += a * b + b
        x = x @ weight + bias
        if layer + 2 < len(sizes):
            x = jnp.tanh(x)
    return x


n_d, n_g = count(D_SIZES), count(G_SIZES)
i = np.arange(n_d + n_g)
# rounded to float32, which is what the engine computes in
f32 = lambda x: np.asarray(x, np.float32).astype(np.float64)
z, v = f32(np.cos(1.3 * i) / 2), f32(np.sin(0.7 * i + 1))
real = f32(np.sin(1.1 * np.arange(BATCH * 2))).reshape(BATCH, 2)
noise_d = f32(np.cos(0.9 * np.arange(BATCH * 3))).reshape(BATCH, 3)
noise_g = f32(np.cos(0.5 * np.arange(BATCH * 3) + 2)).reshape(BATCH, 3)

softplus = lambda x: jnp.logaddexp(0.0, x)


def loss_d(d, g):
    fake = apply(d, D_SIZES, apply(g, G_SIZES, noise_d))
    return softplus(-apply(d, D_SIZES, real)).mean() + softplus(fake).mean()


def loss_g(d, g):
    return softplus(-apply(d, D_SIZES, apply(g, G_SIZES, noise_g))).mean()


def field(z):
    d, g = z[:n_d], z[n_d:]
    return jnp.concatenate([jax.grad(loss_d, 0)(d, g), jax.grad(loss_g, 1)(d, g)])


print(
    json.dumps(
        {
            "jax": jax.__version__,
            "F": np.asarray(field(z)).tolist(),
            "forward": np.asarray(jax.jvp(field, (z,), (v,))[1]).tolist(),
            "transposed": np.asarray(jax.vjp(field, z)[1](v)[0]).tolist(),
        }
    )
)
