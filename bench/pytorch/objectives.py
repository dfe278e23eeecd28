"""F, J v and J' v of GANs with the losses of the field by PyTorch, in float64.

    python -m venv pt && pt/bin/pip install torch==2.13.0 numpy
    pt/bin/python bench/pytorch/objectives.py > packages/gans/test/fixtures/objectives.json
    pt/bin/python bench/pytorch/objectives.py unrolled > packages/gans/test/fixtures/unrolled.json

Points and samples are given by formulas, which the test writes down again. Parameters are in the order and the
layout of the networks of @stillpoint/networks: weights [in, out], filters [height, width, in, out], those of
transposed convolutions [height, width, out, in], images [height, width, channels].
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

f32 = lambda x: x.to(torch.float32).to(torch.float64)
index = lambda n: torch.arange(n, dtype=torch.float64)
sin = lambda n, a, b=0.0: f32(torch.sin(a * index(n) + b))
cos = lambda n, a, b=0.0: f32(torch.cos(a * index(n) + b))
uniform = lambda n: f32((index(n) * 0.6180339887498949) % 1)
size = lambda shape: torch.Size(shape).numel()


def unflatten(flat, shapes):
    return [p.reshape(s) for p, s in zip(torch.split(flat, [size(s) for s in shapes]), shapes)]


# ---- networks: (shapes of the parameters, function of (parameters, x, labels)) ----


def mlp_shapes(sizes):
    return [s for a, b in zip(sizes, sizes[1:]) for s in ([a, b], [b])]


def mlp(sizes, activation):
    def apply(p, x, labels):
        for i in range(0, len(p), 2):
            x = x @ p[i] + p[i + 1]
            if i + 2 < len(p):
                x = activation(x)
        return x

    return mlp_shapes(sizes), apply


leaky = lambda x: F.leaky_relu(x, 0.2)
CLASSES = 3


def conditional_generator():
    shapes, apply = mlp([3 + CLASSES, 8, 2], torch.relu)
    return shapes, lambda p, z, labels: apply(p, torch.cat([z, labels], 1), None)


def projection_discriminator():
    """Miyato, Koyama 2018, arXiv 1802.05637: the logit plus <E y, features>."""

    def apply(p, x, labels):
        h = leaky(x @ p[0] + p[1])
        return h @ p[2] + p[3] + (h * (labels @ p[4])).sum(1, keepdim=True)

    return mlp_shapes([2, 8, 1]) + [[CLASSES, 8]], apply


def dcgan_discriminator(spectral):
    shapes = [[4, 4, 1, 4], [4], [4, 4, 4, 8], [8], [32, 1], [1]]

    def apply(p, x, labels):
        if spectral:
            p = [w if w.dim() < 2 else normalised(w) for w in p]
        h = x.reshape(-1, 8, 8, 1).permute(0, 3, 1, 2)
        for i in (0, 2):
            h = leaky(F.conv2d(h, p[i].permute(3, 2, 0, 1), p[i + 1], stride=2, padding=1))
        return h.permute(0, 2, 3, 1).flatten(1) @ p[4] + p[5]

    return shapes, apply


def normalised(w):
    """W / |W v|, W as the matrix [all but the last, last], v as the test gives it."""
    n = w.shape[-1]
    v = torch.cos(index(n) + 1)
    v = f32(v / v.norm())
    return w / (w.reshape(-1, n) @ v).norm()


def dcgan_generator():
    shapes = [[4, 32], [8], [8], [4, 4, 4, 8], [4], [4], [4, 4, 1, 4], [1]]

    def apply(p, z, labels):
        norm = lambda h, s, o: torch.relu(F.batch_norm(h, None, None, s, o, training=True, eps=1e-5))
        h = (z @ p[0]).reshape(-1, 2, 2, 8).permute(0, 3, 1, 2)
        h = F.conv_transpose2d(norm(h, p[1], p[2]), p[3].permute(3, 2, 0, 1), stride=2, padding=1)
        h = F.conv_transpose2d(norm(h, p[4], p[5]), p[6].permute(3, 2, 0, 1), p[7], stride=2, padding=1)
        return torch.tanh(h).permute(0, 2, 3, 1).flatten(1)

    return shapes, apply


# ---- losses: functions of what they see; D and G are already functions of examples and noise ----


class Seen:
    pass


def slopes(s, x, labels=None):
    if not x.requires_grad:
        x = x.detach().requires_grad_()
    (g,) = torch.autograd.grad(s.D(x, labels).sum(), x, create_graph=True)
    return g.square().sum(1)


def interpolates(s):
    e = s.uniform[:, :1]
    return e * s.real + (1 - e) * s.generated


away = lambda squares, target=1.0: ((squares + 1e-12).sqrt() - target).square().mean()
softplus = F.softplus
hinged = lambda t: torch.relu(1 + t)
squared = lambda t: (1 + t).square()


def dragan(s):
    deviation = s.real.std(unbiased=False)
    e, u = s.uniform[:, :1], s.uniform[:, 1:]
    return away(slopes(s, s.real + (1 - e) * 0.5 * deviation * u))


def lecam(s):
    square = lambda t: torch.relu(t).square().mean()
    return square(s.on_real - s.averages[1]) + square(s.averages[0] - s.on_fake)


wasserstein = lambda s: s.on_fake.mean() - s.on_real.mean()
climb = lambda s: -s.on_fake.mean()
cross = lambda s: softplus(-s.on_real).mean() + softplus(s.on_fake).mean()
non_saturating = lambda s: softplus(-s.on_fake).mean()
hinge = lambda s: hinged(-s.on_real).mean() + hinged(s.on_fake).mean()
r1 = lambda s: 0.5 * slopes(s, s.real).mean()
r2 = lambda s: 0.5 * slopes(s, s.generated, s.labels_fake).mean()
paired = lambda f: (lambda s: f(s.on_fake - s.on_real).mean(), lambda s: f(s.on_real - s.on_fake).mean())


def average(f):
    one = lambda a, b: f(b.mean() - a).mean() + f(b - a.mean()).mean()
    return lambda s: one(s.on_real, s.on_fake), lambda s: one(s.on_fake, s.on_real)


def recognised(s, generated_only):
    fake = F.cross_entropy(s.classes_fake, s.labels_fake.argmax(1))
    return fake if generated_only else fake + F.cross_entropy(s.classes_real, s.labels_real.argmax(1))


plus = lambda *terms: lambda s: sum(t(s) for t in terms)
times = lambda w, t: lambda s: w * t(s)

DENSE = {
    "non-saturating(smoothing=0.1)": (plus(cross, lambda s: 0.1 * s.on_real.mean()), non_saturating),
    "wasserstein(penalties=[gradient-penalty(weight=10)])": (
        plus(wasserstein, lambda s: 10 * away(slopes(s, interpolates(s)))),
        climb,
    ),
    "wasserstein(penalties=[zero-centred(weight=3)])": (
        plus(wasserstein, lambda s: 3 * slopes(s, interpolates(s)).mean()),
        climb,
    ),
    "non-saturating(penalties=[dragan(weight=10)])": (plus(cross, times(10, dragan)), non_saturating),
    "saddle(penalties=[r1(weight=4)])": (plus(cross, times(4, r1)), lambda s: -softplus(s.on_fake).mean()),
    "r3gan(weight=2)": (plus(paired(softplus)[0], times(2, r1), times(2, r2)), paired(softplus)[1]),
    "relativistic(function=hinge)": paired(hinged),
    "relativistic(function=least-squares)": paired(squared),
    "relativistic-average": average(softplus),
    "relativistic-average(function=hinge)": average(hinged),
    "relativistic-average(function=least-squares)": average(squared),
    "hinge(penalties=[lecam(weight=0.7)])": (plus(hinge, times(0.7, lecam)), climb),
}
CONDITIONAL = {
    "hinge(penalties=[r1(weight=2), r2(weight=3)])": (plus(hinge, times(2, r1), times(3, r2)), climb),
}
CLASSIFIED = {
    "non-saturating(penalties=[auxiliary-classifier(weight=0.5)])": (
        plus(cross, lambda s: 0.5 * recognised(s, False)),
        plus(non_saturating, lambda s: 0.5 * recognised(s, True)),
    ),
}
WGAN_GP = "wasserstein(penalties=[gradient-penalty(weight=10)])"
CONVOLUTIONAL = {
    WGAN_GP: DENSE[WGAN_GP],
    "r3gan(weight=2)": DENSE["r3gan(weight=2)"],
}
NORMALISED = {"hinge": (hinge, climb)}


class Unrolled(tuple):
    """A pair of losses; G's is computed at a D that gradient steps of its own loss, on G's sample, have moved."""

    def __new__(cls, pair, steps, step_size):
        made = super().__new__(cls, pair)
        made.steps, made.step_size = steps, step_size
        return made


saddle = (cross, lambda s: -softplus(s.on_fake).mean())
UNROLLED = {
    "dense": {
        "unrolled(saddle, steps=1, stepSize=0.5)": Unrolled(saddle, 1, 0.5),
        "unrolled(non-saturating, steps=3, stepSize=0.4)": Unrolled((cross, non_saturating), 3, 0.4),
        "unrolled(saddle(penalties=[r1(weight=4)]), steps=2, stepSize=0.1)": Unrolled(
            DENSE["saddle(penalties=[r1(weight=4)])"], 2, 0.1
        ),
        "unrolled(relativistic(function=softplus), steps=2, stepSize=0.3)": Unrolled(paired(softplus), 2, 0.3),
    },
    "conditional": {"unrolled(hinge, steps=2, stepSize=0.3)": Unrolled((hinge, climb), 2, 0.3)},
    "convolutional": {"unrolled(saddle, steps=2, stepSize=0.2)": Unrolled(saddle, 2, 0.2)},
    "spectral": {"unrolled(hinge, steps=2, stepSize=0.2)": Unrolled((hinge, climb), 2, 0.2)},
}


# ---- the game ----


def one_hot(n, step):
    return F.one_hot((torch.arange(n) * step) % CLASSES, CLASSES).to(torch.float64)


def seen(D, G, d, g, player, inputs, latent, batch, classes):
    """What one player's loss sees: its own real examples, noise, labels and uniform numbers."""
    phase = 0.0 if player == "D" else 2.0
    s = Seen()
    s.averages = (0.25, -0.5)
    s.labels_real, s.labels_fake = (one_hot(batch, 2), one_hot(batch, 1)) if classes else (None, None)
    s.real = sin(batch * inputs, 1.1, phase).reshape(batch, inputs)
    s.uniform = uniform(batch * 3).reshape(batch, 3)
    noise = cos(batch * latent, 0.9, phase).reshape(batch, latent)
    full = lambda x, labels: D[1](unflatten(d, D[0]), x, labels)
    s.D = lambda x, labels=None: full(x, s.labels_real if labels is None else labels)[:, :1]
    s.generated = G[1](unflatten(g, G[0]), noise, s.labels_fake)
    real, fake = full(s.real, s.labels_real), full(s.generated, s.labels_fake)
    s.on_real, s.classes_real = real[:, :1], real[:, 1:]
    s.on_fake, s.classes_fake = fake[:, :1], fake[:, 1:]
    return s


def solved(D, G, losses, scale, inputs, latent, batch, classes, products):
    n_d, n_g = (sum(size(s) for s in network[0]) for network in (D, G))
    n = n_d + n_g
    z = f32(scale * torch.cos(1.3 * index(n))).requires_grad_()
    v = sin(n, 0.7, 1.0)

    def field():
        d, g = z[:n_d], z[n_d:]
        parts = []
        for player, own, loss in (("D", d, losses[0]), ("G", g, losses[1])):
            at = d
            for _ in range(getattr(losses, "steps", 0) if player == "G" else 0):
                s = seen(D, G, at, g, player, inputs, latent, batch, classes)
                at = at - losses.step_size * torch.autograd.grad(losses[0](s), at, create_graph=True)[0]
            s = seen(D, G, at, g, player, inputs, latent, batch, classes)
            parts += torch.autograd.grad(loss(s), own, create_graph=True)
        return torch.cat(parts)

    found = {"F": field()}
    if products:
        u = v.clone().requires_grad_()
        (transposed,) = torch.autograd.grad(field() @ u, z, create_graph=True)
        (forward,) = torch.autograd.grad(transposed @ v, u)
        found |= {"forward": forward, "transposed": transposed}
    return {name: [float(f"{x:.8g}") for x in t.detach().tolist()] for name, t in found.items()}


dense = (mlp([2, 8, 1], leaky), mlp([3, 8, 2], torch.relu))
kinds = {
    "dense": (DENSE, *dense, 0.6, 2, 3, 6, False, True),
    "conditional": (CONDITIONAL, projection_discriminator(), conditional_generator(), 0.6, 2, 3, 6, True, True),
    "classified": (CLASSIFIED, mlp([2, 8, 1 + CLASSES], leaky), conditional_generator(), 0.6, 2, 3, 6, True, True),
    "convolutional": (CONVOLUTIONAL, dcgan_discriminator(False), dcgan_generator(), 0.4, 64, 4, 4, False, False),
    "spectral": (NORMALISED, dcgan_discriminator(True), dcgan_generator(), 0.4, 64, 4, 4, False, False),
}
chosen = UNROLLED if sys.argv[1:] == ["unrolled"] else {kind: losses for kind, (losses, *_) in kinds.items()}
json.dump(
    {
        "torch": torch.__version__.split("+")[0],
        **{
            kind: {name: solved(D, G, pair, *rest) for name, pair in chosen[kind].items()}
            for kind, (_, D, G, *rest) in kinds.items()
            if kind in chosen
        },
    },
    sys.stdout,
)
