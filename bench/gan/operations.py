"""python operations.py <JSON list of [m, k, n]>: the median times of these matrix products in PyTorch and JAX on one
processor, and of both gradients of W1 in one jit, in microseconds, as JSON."""
import json
import sys
import time

from protocol import keep_to

keep_to(1)  # before jax counts the processors
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import torch  # noqa: E402

from losses_jax import losses  # noqa: E402

torch.set_num_threads(1)
RUNS, INNER = 200, 5


def median_of(run):
    """Microseconds of one run, the median of several samples."""
    run()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return sorted(times)[RUNS // 2] * 1e6


def torch_time(m, k, n):
    a, b = torch.randn(m, k), torch.randn(k, n)
    out = torch.empty(m, n)

    def run():
        for _ in range(INNER):
            torch.mm(a, b, out=out)

    return median_of(run) / INNER


def jax_time(m, k, n):
    a, b = jnp.array(torch.randn(INNER, m, k).numpy()), jnp.array(torch.randn(INNER, k, n).numpy())
    product = jax.jit(lambda a, b: [x @ y for x, y in zip(a, b)])
    pairs = [list(a), list(b)]
    return median_of(lambda: jax.block_until_ready(product(*pairs))) / INNER


def gradients():
    """Both players' gradients of W1 in one jit, without noise, Adam and the host."""
    d_loss, g_loss = losses("W1")
    key = jax.random.PRNGKey(0)

    def parameters(sizes):
        return {
            name: value
            for i, (fan, width) in enumerate(zip(sizes, sizes[1:]))
            for name, value in ((f"{i}.weight", jax.random.normal(key, (fan, width)) * 0.1), (f"{i}.bias", jnp.zeros(width)))
        }

    d, g = parameters([2, 128, 128, 1]), parameters([2, 128, 128, 2])
    x = jax.random.normal(key, (256, 2))
    both = jax.jit(lambda d, g, x: (jax.grad(d_loss)(d, g, x, x), jax.grad(g_loss, argnums=1)(d, g, x)))
    return median_of(lambda: jax.block_until_ready(both(d, g, x)))


print(json.dumps({"products": {f"{m},{k},{n}": [torch_time(m, k, n), jax_time(m, k, n)] for m, k, n in json.loads(sys.argv[1])}, "gradients": gradients()}))
