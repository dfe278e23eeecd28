"""The lanes of peers.py that run on JAX: whole runs in one jit, so that cold includes compiling."""
from importlib.metadata import version

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)  # the same arithmetic as all others


def parts(problem):
    """F, the libraries' projection and the fastest one found by hand for this size (both None without constraints), start, step size."""
    dim, half = problem["dim"], problem["dim"] // 2
    start = jnp.array(problem["start"], dtype=jnp.float64)
    size = problem["stepSize"]
    if problem["kind"] == "bilinear":
        return (lambda z: jnp.stack([z[1], -z[0]])), None, None, start, size
    if problem["kind"] == "affine":
        matrix, offset = jnp.array(problem["matrix"]).reshape(dim, dim), jnp.array(problem["offset"])
        return (lambda z: matrix @ z + offset), None, None, start, size
    matrix = jnp.array(problem["matrix"]).reshape(half, half)
    return (lambda z: jnp.concatenate([matrix @ z[half:], -(z[:half] @ matrix)])), by_sorting, by_pairs if half <= 16 else by_newton, start, size


def by_sorting(z):
    """optax's projection of each player, by sorting: what its users and jaxopt's have."""
    from optax.projections import projection_simplex

    return jax.vmap(projection_simplex)(z.reshape(2, -1)).reshape(-1)


def by_pairs(z):
    """theta as the largest of the means over the entries not below each entry: n² comparisons, which compile to one loop."""
    v = z.reshape(2, -1)
    above = v[:, None, :] >= v[:, :, None]
    theta = jnp.max((jnp.where(above, v[:, None, :], 0).sum(2) - 1) / above.sum(2), 1, keepdims=True)
    return jnp.maximum(v - theta, 0).reshape(-1)


def by_newton(z):
    """theta by Newton's method, as ours."""
    v = z.reshape(2, -1)

    def onward(state):
        theta, _ = state
        above = v > theta
        return (jnp.where(above, v, 0).sum(1, keepdims=True) - 1) / above.sum(1, keepdims=True), theta
    first = (v.sum(1, keepdims=True) - 1) / v.shape[1]
    theta, _ = jax.lax.while_loop(lambda state: jnp.any(state[0] > state[1]), onward, (first, first - 1))
    return jnp.maximum(v - theta, 0).reshape(-1)


def scanned(step, state, steps):
    """A run: step maps a state to the next; the state's first entry is the point."""
    run = jax.jit(lambda state: jax.lax.scan(lambda s, _: (step(s), None), state, None, length=steps)[0])
    return lambda: run(state)[0].block_until_ready()


def jax_methods(problem, steps):
    field, project, by_hand, start, size = parts(problem)

    def extragradient(onto):
        def step(state):
            z, = state
            w = onto(z - size * field(z))
            return (onto(z - size * field(w)),)
        return scanned(step, (start,), steps)
    if project is None:
        return jax.__version__, {"extragradient": extragradient(lambda z: z)}
    return jax.__version__, {"extragradient": extragradient(project), "extragradient, projection by hand": extragradient(by_hand)}


def jaxopt_methods(problem, steps):
    import jaxopt

    field, project, _, start, size = parts(problem)
    solver = jaxopt.ProjectedGradient(
        lambda z: (0.0, field(z)), (lambda z, _: z) if project is None else lambda z, _: project(z),
        value_and_grad=True, stepsize=size, acceleration=False, maxiter=steps, tol=-1.0, implicit_diff=False)
    run = jax.jit(lambda z: solver.run(z).params)
    return version("jaxopt"), {"gda": lambda: run(start).block_until_ready()}


def optax_methods(problem, steps):
    import optax

    field, _, _, start, size = parts(problem)

    def of(transform):
        def step(state):
            z, inner = state
            updates, inner = transform.update(field(z), inner, z)
            return optax.apply_updates(z, updates), inner
        return scanned(step, (start, transform.init(start)), steps)
    return optax.__version__, {"ogda": of(optax.optimistic_gradient_descent(size)), "adam": of(optax.adam(problem["adamStepSize"]))}
