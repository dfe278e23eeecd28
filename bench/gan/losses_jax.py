"""The workloads' losses in JAX: functions of D's and G's parameters, the examples, the noise, and what `extras` returns."""
import jax
import jax.numpy as jnp

from networks_jax import NETWORKS


def given(labels):
    """Labels as further arguments, which networks without classes do not have."""
    return () if labels is None else (labels,)


def non_saturating(discriminator, generator):
    def d_loss(d, g, real, noise, labels=None, real_labels=None):
        on_fake = discriminator(d, generator(g, noise, *given(labels)), *given(labels))
        return jax.nn.softplus(-discriminator(d, real, *given(real_labels))).mean() + jax.nn.softplus(on_fake).mean()

    def g_loss(d, g, noise, labels=None):
        return jax.nn.softplus(-discriminator(d, generator(g, noise, *given(labels)), *given(labels))).mean()

    return d_loss, g_loss


def matrix(weight):
    """A weight as [everything else, outputs]."""
    return weight.reshape(-1, weight.shape[-1])


def spectral(p, u):
    """Each weight over its largest singular value."""
    return {**p, **{name: p[name] / jnp.linalg.norm(matrix(p[name]) @ u[name]) for name in u}}


def power_iteration(p, u):
    """One for each weight."""
    moved = {name: matrix(p[name]).T @ (matrix(p[name]) @ vector) for name, vector in u.items()}
    return {name: vector / jnp.linalg.norm(vector) for name, vector in moved.items()}


def spectral_hinge(discriminator, generator):
    def d_loss(d, g, real, noise, u):
        d = spectral(d, u)
        return jax.nn.relu(1 - discriminator(d, real)).mean() + jax.nn.relu(1 + discriminator(d, generator(g, noise))).mean()

    def g_loss(d, g, noise, u):
        return -discriminator(spectral(d, u), generator(g, noise)).mean()

    return d_loss, g_loss


def gradient_penalty(discriminator, generator):
    def d_loss(d, g, real, noise, share):
        fake = generator(g, noise)
        slope = jax.grad(lambda x: discriminator(d, x).sum())(share * real + (1 - share) * fake)
        lengths = jnp.linalg.norm(slope.reshape(len(slope), -1), axis=1)
        return discriminator(d, fake).mean() - discriminator(d, real).mean() + 10 * ((lengths - 1) ** 2).mean()

    def g_loss(d, g, noise):
        return -discriminator(d, generator(g, noise)).mean()

    return d_loss, g_loss


LOSSES = {"W2-sn": spectral_hinge, "W2-gp": gradient_penalty}


def losses(workload):
    """D's and G's loss."""
    return LOSSES.get(workload, non_saturating)(*NETWORKS[workload.split("-")[0]])


def directions(workload, d):
    """The vectors from which spectral norm's power iterations begin, one for each weight; none without it."""
    if workload != "W2-sn":
        return {}
    weights = {name: weight for name, weight in d.items() if weight.ndim > 1}
    u = {name: jax.random.normal(jax.random.PRNGKey(i), weight.shape[-1:]) for i, (name, weight) in enumerate(weights.items())}
    return {name: vector / jnp.linalg.norm(vector) for name, vector in u.items()}


def extras(workload, player, key, u, batch):
    """What a player's loss takes besides parameters, examples and noise."""
    if workload == "W2-sn":
        return {"u": u}
    if workload == "W2-gp":
        return {"share": jax.random.uniform(key, (batch, 1, 1, 1))} if player == "D" else {}
    if workload == "W2-class":
        labels = {"labels": jax.random.randint(key, (batch,), 0, 10)}
        return {**labels, "real_labels": jnp.arange(batch) % 10} if player == "D" else labels
    return {}
