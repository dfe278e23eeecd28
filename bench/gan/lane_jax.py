"""python lane_jax.py <workload> <threads> <folder>: JAX, the whole step in one jit, on <threads> processors."""
import sys

from protocol import keep_to, lane, missing, read, serve, slices

workload, threads, folder = sys.argv[1:]


def run():
    keep_to(int(threads))  # before jax counts the processors
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        missing("jax is not installed: pip install jax==0.10.2")
    from losses_jax import directions, extras, losses, power_iteration

    facts, flat, real = read(folder)
    d, g = ({name: jnp.array(value) for name, value in slices(facts, flat, player).items()} for player in "DG")
    fixed = jnp.array(real) if real.ndim == 4 else None
    noise = (facts["batch"], facts["latent"])
    d_loss, g_loss = losses(workload)

    def adam(p, m, v, gradient, t):
        tree = jax.tree_util.tree_map
        m = tree(lambda m, g: 0.5 * m + 0.5 * g, m, gradient)
        v = tree(lambda v, g: 0.999 * v + 0.001 * g * g, v, gradient)
        return tree(lambda p, m, v: p - 1e-3 * (m / (1 - 0.5**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), p, m, v), m, v

    def advance(state):
        d, dm, dv, g, gm, gv, t, u, key = state
        key, for_real, for_d, for_g, more_d, more_g = jax.random.split(key, 6)
        t = t + 1
        x = jax.random.normal(for_real, real.shape) if fixed is None else fixed
        d_value, gradient = jax.value_and_grad(d_loss)(d, g, x, jax.random.normal(for_d, noise), **extras(workload, "D", more_d, u, len(real)))
        d, dm, dv = adam(d, dm, dv, gradient, t)
        g_value, gradient = jax.value_and_grad(g_loss, argnums=1)(d, g, jax.random.normal(for_g, noise), **extras(workload, "G", more_g, u, len(real)))
        g, gm, gv = adam(g, gm, gv, gradient, t)
        return (d, dm, dv, g, gm, gv, t, power_iteration(d, u), key), (d_value, g_value)

    advance = jax.jit(advance, donate_argnums=0)

    def zeros(p):
        return {name: jnp.zeros_like(value) for name, value in p.items()}

    state = (d, zeros(d), zeros(d), g, zeros(g), zeros(g), jnp.float32(0), directions(workload, d), jax.random.PRNGKey(0))

    def step():
        nonlocal state
        state, values = advance(state)
        return [float(value) for value in values]

    serve(f"jax {jax.__version__}", step)


lane(run)
