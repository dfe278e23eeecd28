"""Points of the usual baselines as PyTorch and their authors compute them, in float64.

    python -m venv pt && pt/bin/pip install torch==2.13.0 schedulefree==1.4.1 numpy
    pt/bin/python bench/pytorch/baselines.py > packages/optimizers/test/fixtures/baselines.json

Three problems of 18 entries, given by formulas: the tests write down the same ones, with gradients by hand;
here gradients are automatic. The entries are the tensors k1 [4, 2], b [2] and k2 [2, 4], kernels [in, out].
PyTorch's kernels are [out, in], so Muon is given their transposes. PyTorch rounds to bfloat16 inside Muon's
Newton-Schulz iteration; that cast alone is taken out here, since two digits would be left. SAM is written
around torch.optim.SGD as its paper's Algorithm 1 says, PyTorch has none.
"""

import json
import math
import sys

import schedulefree
import torch

torch.set_default_dtype(torch.float64)
torch.Tensor.bfloat16 = lambda self: self.clone()

STEPS = 30
SHOWN = (1, 2, 10, 30)
DIM = 18
index = torch.arange(DIM, dtype=torch.float64)
start = 0.5 * torch.sin(index + 1)


def quadratic(z):
    return 0.5 * ((1 + index / 4) * z * z).sum() + 0.1 * z.sum() ** 2 - (torch.cos(index) * z).sum()


rows = torch.sin(1 + torch.arange(7)[:, None] + 0.7 * torch.arange(DIM)[None, :])
labels = torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0, 1.0, -1.0])


def logistic(z):
    return torch.log(1 + torch.exp(-labels * (rows @ z))).mean() + 0.005 * (z * z).sum()


def valley(z):
    bent = (z[1:] - z[:-1] ** 2) ** 2
    return 0.5 * bent.sum() + 0.25 * ((1 - z) ** 2).sum() + 0.1 * torch.cos(3 * z).sum()


problems = {"quadratic": quadratic, "logistic": logistic, "valley": valley}


class Plain:
    """One parameter, and an optimizer of it."""

    def __init__(self, make):
        self.z = start.clone().requires_grad_()
        self.optimizer = make([self.z])

    def step(self, f):
        def closure():
            self.optimizer.zero_grad()
            loss = f(self.z)
            loss.backward()
            return loss

        self.optimizer.step(closure)

    def points(self):
        return {"z": self.z}


class ScheduleFree(Plain):
    def __init__(self, make):
        super().__init__(make)
        self.optimizer.train()

    def points(self):
        last = self.optimizer.state[self.z]["z"].clone()
        self.optimizer.eval()
        found = {"z": self.z.detach().clone(), "last": last}
        self.optimizer.train()
        return found


class Sam(Plain):
    def __init__(self, make, radius):
        super().__init__(make)
        self.radius = radius

    def step(self, f):
        with torch.enable_grad():
            (g,) = torch.autograd.grad(f(self.z), [self.z])
        climb = self.radius * g / (g.norm() + 1e-12)
        with torch.no_grad():
            before = self.z.clone()
            self.z.add_(climb)
        self.optimizer.zero_grad()
        f(self.z).backward()
        with torch.no_grad():
            self.z.copy_(before)
        self.optimizer.step()


class Muon:
    """torch.optim.Muon on the kernels, torch.optim.AdamW on the rest."""

    def __init__(self, **options):
        self.k1 = start[:8].view(4, 2).T.clone().requires_grad_()
        self.b = start[8:10].clone().requires_grad_()
        self.k2 = start[10:].view(2, 4).T.clone().requires_grad_()
        self.both = [
            torch.optim.Muon([self.k1, self.k2], **options),
            torch.optim.AdamW([self.b], lr=options["lr"], weight_decay=options["weight_decay"]),
        ]

    def flat(self):
        return torch.cat([self.k1.T.reshape(-1), self.b, self.k2.T.reshape(-1)])

    def step(self, f):
        for optimizer in self.both:
            optimizer.zero_grad()
        f(self.flat()).backward()
        for optimizer in self.both:
            optimizer.step()

    def points(self):
        return {"z": self.flat()}


optim = torch.optim
runs = {
    "adamw(stepSize=0.05, weightDecay=0.1)": lambda: Plain(
        lambda p: optim.AdamW(p, lr=0.05, weight_decay=0.1)
    ),
    "adamw(stepSize=0.02, beta1=0.5, beta2=0.9, epsilon=1e-3)": lambda: Plain(
        lambda p: optim.AdamW(p, lr=0.02, betas=(0.5, 0.9), eps=1e-3)
    ),
    "sgd-momentum(stepSize=0.02)": lambda: Plain(lambda p: optim.SGD(p, lr=0.02, momentum=0.9)),
    "sgd-momentum(stepSize=0.05, momentum=0.7, dampening=0.4, weightDecay=0.1)": lambda: Plain(
        lambda p: optim.SGD(p, lr=0.05, momentum=0.7, dampening=0.4, weight_decay=0.1)
    ),
    "sgd-momentum(stepSize=0.02, momentum=0.8, nesterov=true)": lambda: Plain(
        lambda p: optim.SGD(p, lr=0.02, momentum=0.8, nesterov=True)
    ),
    "lbfgs(stepSize=0.4, history=3, firstTrial=pytorch, search=none)": lambda: Plain(
        lambda p: optim.LBFGS(
            p, lr=0.4, max_iter=1, history_size=3, tolerance_grad=0, tolerance_change=0
        )
    ),
    "sam(stepSize=0.05, radius=0.1)": lambda: Sam(lambda p: optim.SGD(p, lr=0.05), 0.1),
    "sam(stepSize=0.02, radius=0.3, momentum=0.8)": lambda: Sam(
        lambda p: optim.SGD(p, lr=0.02, momentum=0.8), 0.3
    ),
    "muon(stepSize=0.05, adjust=original)": lambda: Muon(lr=0.05, weight_decay=0.1),
    "muon(stepSize=0.1, momentum=0.8, nesterov=false, iterations=3, weightDecay=0)": lambda: Muon(
        lr=0.1, momentum=0.8, nesterov=False, ns_steps=3, weight_decay=0.0, adjust_lr_fn="match_rms_adamw"
    ),
    "schedule-free(stepSize=0.1)": lambda: ScheduleFree(
        lambda p: schedulefree.SGDScheduleFree(p, lr=0.1)
    ),
    "schedule-free(stepSize=0.15, momentum=0.6, warmup=8, weightDecay=0.1)": lambda: ScheduleFree(
        lambda p: schedulefree.SGDScheduleFree(p, lr=0.15, momentum=0.6, warmup_steps=8, weight_decay=0.1)
    ),
    "schedule-free-adamw(stepSize=0.05)": lambda: ScheduleFree(
        lambda p: schedulefree.AdamWScheduleFree(p, lr=0.05)
    ),
    "schedule-free-adamw(stepSize=0.1, beta1=0.7, beta2=0.9, epsilon=1e-4, warmup=5, weightDecay=0.05)": lambda: ScheduleFree(
        lambda p: schedulefree.AdamWScheduleFree(
            p, lr=0.1, betas=(0.7, 0.9), eps=1e-4, warmup_steps=5, weight_decay=0.05
        )
    ),
}

found = []
for method, make in runs.items():
    for problem, f in problems.items():
        run = make()
        at = {}
        for step in range(1, STEPS + 1):
            run.step(f)
            if step in SHOWN:
                at[step] = {
                    name: [float(f"{x:.13g}") for x in point.detach().tolist()]
                    for name, point in run.points().items()
                }
        assert all(math.isfinite(x) for points in at.values() for z in points.values() for x in z)
        found.append({"method": method, "problem": problem, "at": at})
versions = {"torch": torch.__version__.split("+")[0], "schedulefree": "1.4.1", "python": sys.version.split()[0]}
print(json.dumps({"versions": versions, "runs": found}).replace('{"method"', '\n{"method"'))
