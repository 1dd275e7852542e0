"""The detector's networks: slim YOLOv8s for small objects in several sizes, and how they start from COCO weights.

People are 15-25 px high in a patrol's picture, vehicles 40-60 px. The P5 level (stride 32) of YOLOv8 serves neither:
it is left out. Boxes are regressed directly (``reg_max`` 1, as in YOLO26) and the class head is depthwise separable
(as in YOLO11), which halves the work of the two costliest convolutions. Size s: about 0.6 M parameters, 4.6 kMAC per
pixel against YOLOv8n's 3.0 M and 10.6 kMAC. Size m is twice as wide, as YOLOv8s is; s-p2 is s with a level of stride 4.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ultralytics.nn.tasks import DetectionModel

from geofences.errors import ConfigError, ModelError
from vision.detectors.decode import MODEL_CLASSES

_BACKBONE: list[list[Any]] = [
    [-1, 1, "Conv", [64, 3, 2]],
    [-1, 1, "Conv", [128, 3, 2]],
    [-1, 3, "C2f", [128, True]],
    [-1, 1, "Conv", [256, 3, 2]],
    [-1, 6, "C2f", [256, True]],
    [-1, 1, "Conv", [512, 3, 2]],
    [-1, 6, "C2f", [512, True]],
    [-1, 1, "SPPF", [512, 5]],
]
_HEAD: list[list[Any]] = [
    [-1, 1, "nn.Upsample", [None, 2, "nearest"]],
    [[-1, 4], 1, "Concat", [1]],
    [-1, 3, "C3k2", [256, False]],
    [-1, 1, "Conv", [256, 3, 2]],
    [[-1, 7], 1, "Concat", [1]],
    [-1, 3, "C3k2", [512, False]],
    [[10, 13], 1, "Detect", ["nc"]],
]
_HEAD_P2: list[list[Any]] = [
    *_HEAD[:3],
    [-1, 1, "nn.Upsample", [None, 2, "nearest"]],
    [[-1, 2], 1, "Concat", [1]],
    [-1, 3, "C3k2", [128, False]],
    [-1, 1, "Conv", [128, 3, 2]],
    [[-1, 10], 1, "Concat", [1]],
    [-1, 3, "C3k2", [256, False]],
    [-1, 1, "Conv", [256, 3, 2]],
    [[-1, 7], 1, "Concat", [1]],
    [-1, 3, "C3k2", [512, False]],
    [[13, 16, 19], 1, "Detect", ["nc"]],
]
# Head, depth, width, most channels. The widths are those of YOLOv8n and YOLOv8s, so that their weights fit.
_SIZES: dict[str, tuple[list[list[Any]], list[float]]] = {
    "s": (_HEAD, [0.33, 0.25, 1024]),
    "m": (_HEAD, [0.33, 0.50, 1024]),
    "s-p2": (_HEAD_P2, [0.33, 0.25, 1024]),
}

_BACKBONE_PLACE = {i: i for i in range(7)}
_SAME_PLACE = {
    "s": {**_BACKBONE_PLACE, 10: 15, 11: 16, 13: 18},
    "m": {**_BACKBONE_PLACE, 10: 15, 11: 16, 13: 18},
    "s-p2": {**_BACKBONE_PLACE, 10: 15, 17: 16, 19: 18},
}
"""Module index here -> index in YOLOv8 whose weights have the same shape and nearly the same job."""

Network = DetectionModel


def build_network(size: str = "s", verbose: bool = False) -> DetectionModel:
    """The network with random weights. Raises ConfigError for an unknown size."""
    if size not in _SIZES:
        raise ConfigError(f"network size {size!r}", f"use one of {', '.join(_SIZES)}")
    head, scale = _SIZES[size]
    layout = {
        "nc": len(MODEL_CLASSES),
        "reg_max": 1,
        "scale": "n",  # by its letter ultralytics decides which kind of block C3k2 is
        "scales": {"n": scale},
        # Copies: ultralytics changes the lists that it is given.
        "backbone": [[*row[:3], list(row[3])] for row in _BACKBONE],
        "head": [[*row[:3], list(row[3])] for row in head],
    }
    return DetectionModel(layout, nc=len(MODEL_CLASSES), verbose=verbose)


def load_weights(network: DetectionModel, file: Path, size: str) -> str:
    """Starts from a file of any kind: fused COCO weights (``.npz``), weights of an earlier run (``.pt``), or a YOLOv8 of
    ultralytics (``.pt``; such a file can run code when it is opened: take it from its makers only).

    Returns the kind: "fused", "run" or "ultralytics". Raises ModelError when the file is none of these or does not fit.
    """
    if file.suffix == ".npz":
        load_fused_coco_weights(network, file, size)
        return "fused"
    try:
        stored = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        load_ultralytics_weights(network, file, size)
        return "ultralytics"
    except (OSError, RuntimeError, ValueError, EOFError) as error:
        raise ModelError(
            f"weights {file} cannot be read ({error})", "give a .npz or .pt file with --weights"
        ) from error
    load_state(network, stored, file)
    return "run"


def load_fused_coco_weights(network: DetectionModel, file: Path, size: str = "s") -> int:
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
    copied, place = 0, _SAME_PLACE[size]
    for name, module in network.model.named_modules():
        conv, bn = getattr(module, "conv", None), getattr(module, "bn", None)
        index = name.split(".", 1)[0]
        if not isinstance(conv, torch.nn.Conv2d) or bn is None or int(index) not in place:
            continue
        theirs = f"model.{place[int(index)]}.{name.partition('.')[2]}".rstrip(".") + ".conv"
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


def load_ultralytics_weights(network: DetectionModel, file: Path, size: str) -> int:
    """Copies what fits from a YOLOv8 checkpoint of ultralytics; returns how many tensors. Raises ModelError."""
    try:
        content = torch.load(file, map_location="cpu", weights_only=False)
        theirs = (content.get("ema") or content["model"]).float().state_dict()
    except Exception as error:  # whatever the pickled objects raise
        raise ModelError(f"weights {file} cannot be read ({error})", "give a YOLOv8 .pt of ultralytics") from error
    ours, place, fitting = network.state_dict(), _SAME_PLACE[size], {}
    for name, value in ours.items():
        _, index, rest = name.split(".", 2)
        source = theirs.get(f"model.{place.get(int(index), -1)}.{rest}")
        if source is not None and source.shape == value.shape:
            fitting[name] = source
    if not fitting:
        raise ModelError(f"weights {file}: no layer fits this network", "use YOLOv8n for s and s-p2, YOLOv8s for m")
    network.load_state_dict({**ours, **fitting})
    return len(fitting)


def load_state(network: DetectionModel, stored: dict[str, torch.Tensor], file: Path) -> None:
    """Loads weights that an earlier run saved, also one with fewer classes: a new class begins as a copy of the first.

    Raises ModelError when they are not this network's.
    """
    try:
        stored = dict(stored)
        for name, ours in network.state_dict().items():
            theirs = stored[name]
            missing = len(ours) - len(theirs) if ours.ndim and theirs.shape[1:] == ours.shape[1:] else 0
            if 0 < missing < len(MODEL_CLASSES):
                stored[name] = torch.cat([theirs, *[theirs[:1]] * missing])
        network.load_state_dict(stored)
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"weights {file} do not fit ({error})", "give NAME.pt of a run of the same --size, not checkpoint.pt"
        ) from error
