"""The workloads' losses in PyTorch: functions of D's and G's parameters, the examples, the noise, and what `extras` returns."""
import torch
import torch.nn.functional as F

from networks_torch import NETWORKS, base


def non_saturating(discriminator, generator):
    def d_loss(d, g, real, noise, labels=None, real_labels=None):
        with torch.no_grad():
            fake = generator(g, noise, *given(labels))
        on_real = discriminator(d, real, *given(real_labels))
        return F.softplus(-on_real).mean() + F.softplus(discriminator(d, fake, *given(labels))).mean()

    def g_loss(d, g, noise, labels=None):
        return F.softplus(-discriminator(d, generator(g, noise, *given(labels)), *given(labels))).mean()

    return d_loss, g_loss


def given(labels):
    """Labels as further arguments, which networks without classes do not have."""
    return () if labels is None else (labels,)


def matrix(weight):
    """A weight as [outputs, everything else]."""
    return weight.T if weight.dim() == 2 else weight.flatten(1)


def spectral(p, u):
    """Each weight over its largest singular value: sigma = |W'u| is u'Wv for v = W'u/|W'u|, with the same gradient."""
    return {**p, **{name: p[name] / torch.linalg.vector_norm(matrix(p[name]).T @ u[name]) for name in u}}


@torch.no_grad()
def power_iteration(p, u):
    """One for each weight, in place."""
    for name, vector in u.items():
        weight = matrix(p[name])
        vector.copy_(F.normalize(weight @ (weight.T @ vector), dim=0))


def spectral_hinge(discriminator, generator):
    def d_loss(d, g, real, noise, u):
        with torch.no_grad():
            fake = generator(g, noise)
        d = spectral(d, u)
        return F.relu(1 - discriminator(d, real)).mean() + F.relu(1 + discriminator(d, fake)).mean()

    def g_loss(d, g, noise, u):
        return -discriminator(spectral(d, u), generator(g, noise)).mean()

    return d_loss, g_loss


def gradient_penalty(discriminator, generator):
    def d_loss(d, g, real, noise, share):
        with torch.no_grad():
            fake = generator(g, noise)
        between = (share * real + (1 - share) * fake).requires_grad_()
        (slope,) = torch.autograd.grad(discriminator(d, between).sum(), between, create_graph=True)
        penalty = ((slope.flatten(1).norm(dim=1) - 1) ** 2).mean()
        return discriminator(d, fake).mean() - discriminator(d, real).mean() + 10 * penalty

    def g_loss(d, g, noise):
        return -discriminator(d, generator(g, noise)).mean()

    return d_loss, g_loss


LOSSES = {"W2-sn": spectral_hinge, "W2-gp": gradient_penalty}


def losses(workload):
    """D's and G's loss."""
    return LOSSES.get(workload, non_saturating)(*NETWORKS[base(workload)])


def extras(workload, d, batch):
    """For each player the function that returns what its loss takes besides parameters, examples and noise."""
    if workload == "W2-sn":
        u = {name: F.normalize(torch.randn(len(matrix(weight))), dim=0) for name, weight in d.items() if weight.dim() > 1}
        return {"D": lambda: {"u": u}, "G": lambda: {"u": u}}
    if workload == "W2-gp":
        return {"D": lambda: {"share": torch.rand(batch, 1, 1, 1)}, "G": dict}
    if workload == "W2-class":
        real_labels = torch.arange(batch) % 10

        def labels():
            return {"labels": torch.randint(10, (batch,))}

        return {"D": lambda: {**labels(), "real_labels": real_labels}, "G": labels}
    return {"D": dict, "G": dict}
