"""The workloads' networks in PyTorch: functions of their parameters by name, channels first."""
import torch
import torch.nn.functional as F

# Dense layers next to an image: which axis counts places and channels, and how tfjs orders them (height, width, channels).
IMAGES = {
    "W2": {("G", "dense.weight"): (1, (7, 7, 64)), ("D", "dense.weight"): (0, (7, 7, 64)), ("D", "table"): (1, (7, 7, 64))},
    "W3": {("G", "dense.weight"): (1, (4, 4, 128))},
}


def base(workload):
    """W2 for its variant W2-sn."""
    return workload.split("-")[0]


def to_torch(workload, player, name, value):
    """A parameter in tfjs's layout as PyTorch wants it. Gradients flow back through it, so it serves both ways."""
    if value.dim() == 4:
        return value.permute(3, 2, 0, 1).contiguous()  # HWIO -> OIHW; and of a transposed convolution HWOI -> IOHW
    images = IMAGES.get(base(workload), {})
    if (player, name) in images:
        axis, image = images[player, name]
        split = value.unflatten(axis, image)
        return split.movedim(axis + 2, axis).flatten(axis, axis + 2).contiguous()
    return value.contiguous()


def norm(p, layer, x, labels=None):
    if labels is None:
        return F.batch_norm(x, None, None, p[f"{layer}.scale"], p[f"{layer}.shift"], training=True, eps=1e-5)
    scale, shift = (F.embedding(labels, p[f"{layer}.{table}"])[:, :, None, None] for table in ("scale", "shift"))
    return scale * F.batch_norm(x, None, None, training=True, eps=1e-5) + shift


def mlp(p, x):
    for i in range(3):
        x = torch.addmm(p[f"{i}.bias"], x, p[f"{i}.weight"])
        if i < 2:
            x = F.relu(x)
    return x


def dcgan_generator(p, z, labels=None):
    h = (z @ p["dense.weight"]).view(-1, 64, 7, 7)
    h = F.conv_transpose2d(F.relu(norm(p, "norm0", h, labels)), p["conv0.weight"], stride=2, padding=1)
    h = F.conv_transpose2d(F.relu(norm(p, "norm1", h, labels)), p["conv1.weight"], p["conv1.bias"], stride=2, padding=1)
    return torch.tanh(h)


def dcgan_discriminator(p, x, labels=None):
    for layer in ("conv0", "conv1"):
        x = F.leaky_relu(F.conv2d(x, p[f"{layer}.weight"], p[f"{layer}.bias"], stride=2, padding=1), 0.2)
    h = x.flatten(1)
    y = torch.addmm(p["dense.bias"], h, p["dense.weight"])
    return y if labels is None else y + (F.embedding(labels, p["table"]) * h).sum(1, keepdim=True)


def conv(p, layer, x):
    weight = p[f"{layer}.weight"]
    return F.conv2d(x, weight, p[f"{layer}.bias"], padding=weight.shape[-1] // 2)


def up(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


def resnet_generator(p, z):
    h = (z @ p["dense.weight"]).view(-1, 128, 4, 4)
    for b in ("up0", "up1", "up2"):
        r = conv(p, f"{b}.conv0", up(F.relu(norm(p, f"{b}.norm0", h))))
        h = conv(p, f"{b}.conv1", F.relu(norm(p, f"{b}.norm1", r))) + conv(p, f"{b}.skip", up(h))
    return torch.tanh(conv(p, "conv", F.relu(norm(p, "norm", h))))


def resnet_discriminator(p, x):
    for i in range(4):
        r = conv(p, f"block{i}.conv0", F.relu(x) if i > 0 else x)
        r = conv(p, f"block{i}.conv1", F.relu(r))
        x = F.avg_pool2d(r + conv(p, f"block{i}.skip", x), 2) if i < 2 else r + x
    return torch.addmm(p["dense.bias"], F.relu(x).sum((2, 3)), p["dense.weight"])


NETWORKS = {"W1": (mlp, mlp), "W2": (dcgan_discriminator, dcgan_generator), "W3": (resnet_discriminator, resnet_generator)}
