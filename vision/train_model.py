"""The detector's network: a slim YOLOv8 for small objects, and how it starts from COCO weights.

People are 15-25 px high in a patrol's picture, vehicles 40-60 px. The P5 level (stride 32) of YOLOv8n serves neither:
it is left out. Boxes are regressed directly (``reg_max`` 1, as in YOLO26) and the class head is depthwise separable
(as in YOLO11), which halves the work of the two costliest convolutions. About 0.6 M parameters, 4.6 kMAC per pixel
against YOLOv8n's 3.0 M and 10.6 kMAC.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from ultralytics.nn.tasks import DetectionModel

from geofences.errors import ModelError
from vision.detectors.decode import MODEL_CLASSES

ARCHITECTURE: dict[str, Any] = {
    "nc": len(MODEL_CLASSES),
    "reg_max": 1,
    "scale": "n",
    "scales": {"n": [0.33, 0.25, 1024]},
    "backbone": [
        [-1, 1, "Conv", [64, 3, 2]],
        [-1, 1, "Conv", [128, 3, 2]],
        [-1, 3, "C2f", [128, True]],
        [-1, 1, "Conv", [256, 3, 2]],
        [-1, 6, "C2f", [256, True]],
        [-1, 1, "Conv", [512, 3, 2]],
        [-1, 6, "C2f", [512, True]],
        [-1, 1, "SPPF", [512, 5]],
    ],
    "head": [
        [-1, 1, "nn.Upsample", [None, 2, "nearest"]],
        [[-1, 4], 1, "Concat", [1]],
        [-1, 3, "C3k2", [256, False]],
        [-1, 1, "Conv", [256, 3, 2]],
        [[-1, 7], 1, "Concat", [1]],
        [-1, 3, "C3k2", [512, False]],
        [[10, 13], 1, "Detect", ["nc"]],
    ],
}

_SAME_PLACE = {**{i: i for i in range(7)}, 10: 15, 11: 16, 13: 18}
"""Module index here -> index in yolov8n whose weights have the same shape and nearly the same job."""

Network = DetectionModel


def build_network(verbose: bool = False) -> DetectionModel:
    """The network with random weights."""
    return DetectionModel(dict(ARCHITECTURE), nc=len(MODEL_CLASSES), verbose=verbose)


def load_fused_coco_weights(network: DetectionModel, file: Path) -> int:
    """Copies convolution weights with folded batch normalisation into the network; returns how many tensors fitted.

    A fused convolution computes w*x + b. The unfused one computes bn(w*x), so its batch norm is set to mean 0 and
    variance 1 (less the layer's eps, to be exact), gain 1 and offset b. Training then adapts the statistics.

    Raises ModelError when the file cannot be read or nothing in it fits.
    """
    try:
        archive = np.load(file)
        stored = {key: archive[key] for key in archive.files}
    except (OSError, ValueError) as error:
        raise ModelError(f"weights {file} cannot be read ({error})", "give the .npz file with --weights") from error
    copied = 0
    for name, module in network.model.named_modules():
        conv, bn = getattr(module, "conv", None), getattr(module, "bn", None)
        index = name.split(".", 1)[0]
        if not isinstance(conv, torch.nn.Conv2d) or bn is None or int(index) not in _SAME_PLACE:
            continue
        theirs = f"model.{_SAME_PLACE[int(index)]}.{name.partition('.')[2]}".rstrip(".") + ".conv"
        weight, bias = stored.get(f"{theirs}.weight"), stored.get(f"{theirs}.bias")
        if weight is None or bias is None or weight.shape != tuple(conv.weight.shape):
            continue
        with torch.no_grad():
            conv.weight.copy_(torch.from_numpy(weight.astype(np.float32)))
            bn.weight.fill_(1.0)
            bn.bias.copy_(torch.from_numpy(bias.astype(np.float32)))
            bn.running_mean.zero_()
            bn.running_var.fill_(1.0 - bn.eps)
        copied += 1
    if copied == 0:
        raise ModelError(f"weights {file}: no layer fits this network", "use weights of yolov8n with folded batch norm")
    return copied


def load_state(network: DetectionModel, file: Path) -> None:
    """Loads weights that an earlier run saved, also one with fewer classes: a new class begins as a copy of the first.

    Raises ModelError when they are not this network's.
    """
    try:
        stored = torch.load(file, map_location="cpu", weights_only=True)
        for name, ours in network.state_dict().items():
            theirs = stored[name]
            missing = len(ours) - len(theirs) if ours.ndim and theirs.shape[1:] == ours.shape[1:] else 0
            if 0 < missing < len(MODEL_CLASSES):
                stored[name] = torch.cat([theirs, *[theirs[:1]] * missing])
        network.load_state_dict(stored)
    except (OSError, RuntimeError, ValueError, EOFError, KeyError) as error:
        raise ModelError(f"weights {file} do not fit ({error})", "give a .pt file written by vision.train") from error
