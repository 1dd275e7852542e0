"""Any ``.pt`` or exported YOLO file through ultralytics (extra ``[train]``): for trying other people's models.

A ``.pt`` checkpoint is a Python pickle: loading one runs code that it brings. Open only files whose origin you trust.
Weights that ``vision.train`` saved hold tensors only and are read as such.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError, MarchwardenError, ModelError
from vision.detectors.base import DetectorOptions
from vision.detectors.class_roles import MODEL_CLASSES
from vision.detectors.model_file import ModelDescription, advised_thresholds, read_model
from vision.detectors.network import NetworkDetector

log = logging.getLogger(__name__)

_INSTALL = "pip install 'marchwarden[train]' (several GB), or use an .onnx model with its .json file"
_OWN_SIZES = ("s", "m", "s-p2")
"""Of ``vision.train_model``."""
_REMEDY = "give a .pt checkpoint or an exported detection model of ultralytics"


class UltralyticsSession:
    """A network in whatever ultralytics loads the file with. Only its networks are used, none of its pre- and
    postprocessing."""

    def __init__(self, model: Path, device: str, threads: int) -> None:
        """Raises ConfigError when ultralytics is not installed or has no such device, ModelError for the file."""
        # A station in the field must neither fetch packages by itself nor print another program's banners.
        os.environ.setdefault("YOLO_AUTOINSTALL", "false")
        os.environ.setdefault("YOLO_VERBOSE", "false")
        try:
            self._torch: Any = importlib.import_module("torch")
            autobackend: Any = importlib.import_module("ultralytics.nn.autobackend")
            version = str(importlib.import_module("ultralytics").__version__)
        except ImportError as error:
            raise ConfigError(f"model {model} needs ultralytics, which is not installed ({error})", _INSTALL) from error
        self._device = self._choose(device)
        self._torch.set_num_threads(threads)  # of the whole process: torch knows no other way
        try:
            network = self._own_weights(model) if model.suffix == ".pt" else None
            if network is None and model.suffix == ".pt":
                log.warning("model %s is a checkpoint that can run code: use only files you trust", model)
            self._network = autobackend.AutoBackend(network or str(model), device=self._device, verbose=False)
        except MarchwardenError:
            raise
        except Exception as error:  # torch, pickle and every export format raise their own
            raise ModelError(f"model {model} cannot be loaded by ultralytics ({error})", _REMEDY) from error
        # For a network in memory ultralytics says 32 at least, whatever its own strides are.
        stride = self._network.stride if network is None else network.stride.max()
        self._stride_px = max(int(stride), 1)
        task = getattr(self._network, "task", None) or "detect"
        if task != "detect":
            raise ModelError(f"model {model} is made to {task}, not to detect", _REMEDY)
        self._runtime = f"ultralytics {version} {self._network.format} {self._device}, {threads} threads"

    def _choose(self, device: str) -> Any:
        torch = self._torch
        name = device.lower()
        if name == "auto":
            name = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            torch.zeros(1, device=name)
            return torch.device(name)
        except Exception as error:  # RuntimeError, AssertionError, by version
            raise ConfigError(f"device {device!r} is not offered by torch ({error})", "use cpu") from error

    def _own_weights(self, model: Path) -> Any:
        """The network of a ``.pt`` that ``vision.train`` saved, None when it is another's checkpoint."""
        try:
            stored = self._torch.load(model, map_location="cpu", weights_only=True)
        except pickle.UnpicklingError:
            return None
        if not isinstance(stored, dict) or not all(self._torch.is_tensor(v) for v in stored.values()):
            return None
        builder: Any = importlib.import_module("vision.train_model")
        for size in _OWN_SIZES:
            network = builder.build_network(size)
            shapes = {name: value.shape for name, value in network.state_dict().items()}
            if shapes == {name: value.shape for name, value in stored.items()}:
                builder.load_state(network, stored, model)
                network.names = dict(enumerate(MODEL_CLASSES))
                return network.eval()
        raise ModelError(f"model {model} holds weights of no network of vision.train", _REMEDY)

    @property
    def class_names(self) -> tuple[str, ...]:
        """The network's own classes."""
        names = self._network.names
        return tuple(str(names[i]) for i in sorted(names))

    @property
    def stride_px(self) -> int:
        """The picture's sides must be multiples of this."""
        return self._stride_px

    @property
    def runtime(self) -> str:
        """Name, version, format, device and threads."""
        return self._runtime

    @property
    def fixed_size(self) -> tuple[int, int] | None:
        """Height and width of an export that takes no other."""
        size = getattr(self._network, "imgsz", None)
        if self._network.format == "pt" or getattr(self._network, "dynamic", False) or not size:
            return None
        height, width = (size, size) if isinstance(size, int) else size[-2:]
        return int(height), int(width)

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(1, 3, H, W)`` -> the first picture's output."""
        with self._torch.inference_mode():
            output = self._network(self._torch.from_numpy(blob).to(self._device))
        if isinstance(output, (list, tuple)):
            output = output[0]  # the second is the heads' raw output, for training
        return np.asarray(output[0].float().cpu().numpy(), dtype=np.float32)


class UltralyticsDetector(NetworkDetector):
    """Detects with any detection model that ultralytics can load.

    Its class names are mapped as in ``class_roles``. A ``.json`` beside the file gives thresholds where it has some;
    else ``default_threshold`` holds.
    """

    def __init__(self, model: Path, options: DetectorOptions | None = None) -> None:
        """Raises ConfigError without ultralytics, ModelError when the file is missing, cannot be loaded, or is of a
        model none of whose classes fit."""
        options = options or DetectorOptions()
        digest = _digest(model)
        session = UltralyticsSession(model, options.device, options.threads)
        description = ModelDescription(
            model.name,
            digest,
            session.class_names,
            session.stride_px,
            advised_thresholds(model, options.default_threshold),
        )
        super().__init__(description, session, options)


def _digest(model: Path) -> str:
    """SHA-256 of a file, or of all files of an exported folder in the order of their names. Raises ModelError."""
    parts = sorted(p for p in model.rglob("*") if p.is_file()) if model.is_dir() else [model]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(read_model(part))
    return digest.hexdigest()
