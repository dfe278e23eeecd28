"""python agreement.py <folder>: the losses and gradients that agreement-stillpoint.mjs wrote, against PyTorch's autograd."""
import json
import sys
from pathlib import Path

from protocol import lane, missing, slices, tell

folder = Path(sys.argv[1])


def run():
    try:
        import numpy as np
        import torch
    except ImportError:
        missing("torch is not installed: pip install torch==2.13.0")
    from losses_torch import losses, power_iteration
    from networks_torch import to_torch

    def array(name, *shape):
        return torch.from_numpy(np.fromfile(folder / f"{name}.f32", np.float32).reshape(shape or -1))

    facts = json.loads((folder / "workload.json").read_text())
    batch = json.loads((folder / "batch.json").read_text())["batch"]
    workload = facts["workload"]
    flat = array("start").requires_grad_()
    d, g = ({name: to_torch(workload, player, name, value) for name, value in slices(facts, flat, player).items()} for player in "DG")
    real = array("D.real", batch, *facts["shape"])
    if real.dim() == 4:
        real = real.permute(0, 3, 1, 2).contiguous()
    d_loss, g_loss = losses(workload)
    ours, our_losses = array("gradient").double(), array("losses").double()

    def drawn(player):
        """What was drawn for a player, and u, as the losses take it."""
        parts = {"noise": array(f"{player}.noise", batch, facts["latent"])}
        for part, name in (("labelsGenerated", "labels"), ("labelsReal", "real_labels")):
            if (folder / f"{player}.{part}.f32").exists():
                parts[name] = array(f"{player}.{part}", batch, -1).argmax(1)
        if (folder / f"{player}.uniform.f32").exists():
            parts["share"] = array(f"{player}.uniform", batch, 1, 1, 1)
        return {**parts, **({"u": u} if u else {})}

    u = {file.name[len("buffer.D.") : -len(".f32")]: array(file.stem) for file in folder.glob("buffer.D.*.f32")}
    power_iteration(d, u)
    values = [d_loss(d, g, real, **drawn("D")), g_loss(d, g, **drawn("G"))]
    end = sum(value.numel() for value in slices(facts, flat.detach(), "D").values())
    answer = {}
    for i, (player, part) in enumerate({"D": slice(0, end), "G": slice(end, None)}.items()):
        (gradient,) = torch.autograd.grad(values[i], flat, retain_graph=True)
        theirs = gradient[part].double()
        answer[player] = {
            "gradient": ((ours[part] - theirs).norm() / theirs.norm()).item(),
            "loss": (abs(our_losses[i] - values[i].item()) / abs(values[i].item())).item(),
        }
    tell({"ready": answer})


lane(run)
