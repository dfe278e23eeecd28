"""Images resized as TensorFlow 1 and PIL do, and figures on random features and logits as torch-fidelity computes
them.

    python -m venv pt && pt/bin/pip install torch==2.13.0 numpy scipy tqdm pillow==13.0.0
    pt/bin/pip install --no-deps torch-fidelity==0.4.0
    pt/bin/python bench/pytorch/metrics.py resize > packages/networks/test/fixtures/resize.json
    pt/bin/python bench/pytorch/metrics.py figures > packages/metrics/test/fixtures/torch-fidelity.json

torchvision, which torch-fidelity imports, is not needed for its figures and is replaced by an empty module.
"""

import json
import sys
from unittest.mock import MagicMock

for name in ("", ".transforms", ".transforms.functional", ".datasets", ".models"):
    sys.modules["torchvision" + name] = MagicMock()

import numpy as np
import PIL
import torch
from PIL import Image
from torch_fidelity.interpolate_compat_tensorflow import interpolate_bilinear_2d_like_tensorflow1x
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric
from torch_fidelity.metric_isc import isc_features_to_metric
from torch_fidelity.metric_kid import kid_features_to_metric
from torch_fidelity.metric_prc import prc_features_to_metric
from torch_fidelity.version import __version__ as fidelity

torch.set_num_threads(1)


def numbers(array):
    return [float(f"{x:.9g}") for x in np.asarray(array, dtype=np.float64).ravel()]


def image(height, width, channels, seed):
    return np.random.default_rng(seed).uniform(0, 255, (height, width, channels)).astype(np.float32)


def bicubic(x, height, width):
    resized = [
        np.asarray(Image.fromarray(np.ascontiguousarray(x[:, :, c])).resize((width, height), Image.BICUBIC))
        for c in range(x.shape[2])
    ]
    return np.stack(resized, axis=2)


def bilinear(x, height, width):
    planes = torch.from_numpy(x).permute(2, 0, 1)[None]
    y = interpolate_bilinear_2d_like_tensorflow1x(planes, size=(height, width), align_corners=False)
    return y[0].permute(1, 2, 0).numpy()


def resize():
    cases = []
    for seed, (h, w, c, th, tw) in enumerate(
        [(5, 7, 1, 9, 4), (8, 6, 3, 3, 2), (4, 4, 1, 13, 11), (10, 9, 1, 10, 5), (28, 28, 1, 7, 9)]
    ):
        x = image(h, w, c, seed)
        cases.append(
            {
                "image": {"height": h, "width": w, "channels": c, "values": numbers(x)},
                "height": th,
                "width": tw,
                "tf1Bilinear": numbers(bilinear(x, th, tw)),
                "antialiasedBicubic": numbers(bicubic(x, th, tw)),
            }
        )
    made_by = f"PIL {PIL.__version__}, torch-fidelity {fidelity}, torch {torch.__version__}"
    return {"madeBy": made_by, "cases": cases}


def figures():
    rng = np.random.default_rng(7)
    n, m, dim, classes = 60, 50, 6, 5
    mix = rng.normal(size=(dim, dim))
    real = rng.normal(size=(n, dim)) @ mix
    fake = 0.8 * rng.normal(size=(m, dim)) @ mix + 0.3
    logits = 2 * rng.normal(size=(m, classes))
    real, fake, logits = (np.array(numbers(x)).reshape(x.shape) for x in (real, fake, logits))
    a, b, l = (torch.from_numpy(x) for x in (real, fake, logits))
    fid = fid_statistics_to_metric(fid_features_to_statistics(a), fid_features_to_statistics(b), verbose=False)
    kid = kid_features_to_metric(
        a[:m], b, kid_subsets=1, kid_subset_size=m, kid_degree=3, kid_gamma=None, kid_coef0=1, rng_seed=0, verbose=False
    )
    prc = prc_features_to_metric(b, a, prc_neighborhood=3, prc_batch_size=100, verbose=False)
    isc = {
        str(splits): isc_features_to_metric(l, splits=splits, shuffle=False) for splits in (1, 3)
    }
    return {
        "madeBy": f"torch-fidelity {fidelity}, torch {torch.__version__}",
        "dim": dim,
        "classes": classes,
        "real": numbers(real),
        "fake": numbers(fake),
        "logits": numbers(logits),
        "frechetDistance": fid["frechet_inception_distance"],
        "kernelDistance": kid["kernel_inception_distance_mean"],
        "precision": prc["precision"],
        "recall": prc["recall"],
        "scores": {
            s: {"mean": v["inception_score_mean"], "std": v["inception_score_std"]} for s, v in isc.items()
        },
    }


print(json.dumps({"resize": resize, "figures": figures}[sys.argv[1]](), separators=(",", ":")))
