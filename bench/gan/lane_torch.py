"""python lane_torch.py <workload> <threads> <default|fused|compile> <folder>: PyTorch, as its users train."""
import shutil
import sys

from protocol import lane, missing, read, serve, slices

workload, threads, kind, folder = sys.argv[1:]


def run():
    try:
        import torch
    except ImportError:
        missing("torch is not installed: pip install torch==2.13.0")
    if kind == "compile" and not any(map(shutil.which, ("c++", "g++", "clang++"))):
        missing("torch.compile needs a C++ compiler; none of c++, g++, clang++ is there")
    from losses_torch import extras, losses, power_iteration
    from networks_torch import to_torch

    torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    facts, flat, real = read(folder)
    start = torch.from_numpy(flat)

    def parameters(player):
        return {name: to_torch(workload, player, name, value).clone().requires_grad_() for name, value in slices(facts, start, player).items()}

    d, g = parameters("D"), parameters("G")
    fixed = torch.from_numpy(real).permute(0, 3, 1, 2).contiguous() if real.ndim == 4 else None
    shape = (facts["batch"], *facts["shape"])
    noise = (facts["batch"], facts["latent"])
    settings = {"lr": 1e-3, "betas": (0.5, 0.999), "eps": 1e-8, **({"fused": True} if kind == "fused" else {})}
    d_adam, g_adam = (torch.optim.Adam(list(p.values()), **settings) for p in (d, g))
    d_loss, g_loss = map(torch.compile, losses(workload)) if kind == "compile" else losses(workload)

    def update(adam, p, loss):
        for value, gradient in zip(p.values(), torch.autograd.grad(loss, list(p.values()))):
            value.grad = gradient
        adam.step()
        return loss.item()

    more = extras(workload, d, facts["batch"])

    def step():
        x = torch.randn(shape) if fixed is None else fixed
        values = [
            update(d_adam, d, d_loss(d, g, x, torch.randn(noise), **more["D"]())),
            update(g_adam, g, g_loss(d, g, torch.randn(noise), **more["G"]())),
        ]
        if workload == "W2-sn":
            power_iteration(d, **more["D"]())
        return values

    serve(f"torch {torch.__version__.split('+')[0]}", step)


lane(run)
