"""A network in ONNX Runtime: on the CPU, or on what else the installed runtime offers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from geofences.errors import ConfigError, ModelError
from vision.detectors.base import DetectorOptions
from vision.detectors.model_file import DEFAULT_MODEL, MODEL_FOLDER, REMEDY, describe, read_model, read_sidecar
from vision.detectors.network import NetworkDetector

__all__ = [
    "DEFAULT_MODEL",
    "MODEL_FOLDER",
    "OnnxDetector",
    "OnnxOptions",
    "OnnxSession",
    "providers_for",
    "read_sidecar",
]

log = logging.getLogger(__name__)

OnnxOptions = DetectorOptions

_CPU = "CPUExecutionProvider"
_PROVIDERS = {
    "cpu": _CPU,
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "rocm": "ROCMExecutionProvider",
    "migraphx": "MIGraphXExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
}
_AUTOMATIC = ("cuda", "rocm", "directml")
"""What ``auto`` tries. Not TensorRT and CoreML: they plan for minutes, or badly, when the picture's size changes."""


def providers_for(device: str, offered: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """ONNX Runtime's providers and their options for ``device`` (``NAME`` or ``NAME:NUMBER``), the CPU always last.

    Raises ConfigError for a device that this runtime does not offer.
    """
    name, _, number = device.lower().partition(":")
    cpu: tuple[str, dict[str, str]] = (_CPU, {})
    if name == "auto":
        best = next((_PROVIDERS[n] for n in _AUTOMATIC if _PROVIDERS[n] in offered), None)
        return [(best, {}), cpu] if best else [cpu]
    if _PROVIDERS.get(name) not in offered or (number and not number.isdigit()):
        names = [n for n, provider in _PROVIDERS.items() if provider in offered]
        raise ConfigError(
            f"device {device!r} is not offered by this ONNX Runtime (it has {', '.join(names)})",
            "use cpu, or install the onnxruntime package for that device",
        )
    if name == "cpu":
        return [cpu]
    return [(_PROVIDERS[name], {"device_id": number} if number else {}), cpu]


class OnnxSession:
    """A network in ONNX Runtime."""

    def __init__(self, model: Path, data: bytes, device: str, threads: int) -> None:
        """``data``: the file's content. Raises ModelError when it cannot be loaded, ConfigError for the device."""
        providers = providers_for(device, ort.get_available_providers())
        self._session = _open(model, data, providers, threads, fall_back=device.lower() == "auto")
        entry = self._session.get_inputs()[0]
        self._input = entry.name
        height, width = (n if isinstance(n, int) else None for n in entry.shape[-2:])
        self._fixed = (height, width) if height and width else None
        where = self._session.get_providers()[0].removesuffix("ExecutionProvider")
        self._runtime = f"onnxruntime {ort.__version__} {where}, {threads} threads"

    @property
    def runtime(self) -> str:
        """Name, version, device and threads."""
        return self._runtime

    @property
    def fixed_size(self) -> tuple[int, int] | None:
        """Height and width of a network that takes no other."""
        return self._fixed

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(1, 3, H, W)`` -> the first picture's output."""
        return np.asarray(self._session.run(None, {self._input: blob})[0][0], dtype=np.float32)


def _open(model: Path, data: bytes, providers: list[tuple[str, dict[str, str]]], threads: int, fall_back: bool) -> Any:
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = threads
    settings.inter_op_num_threads = 1
    settings.log_severity_level = 4  # its errors come as exceptions; the log must not repeat them
    # Threads that spin while they wait would take the cores that decoding and the simulator need.
    settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = providers[0][0]
    if wanted == _PROVIDERS["directml"]:
        settings.enable_mem_pattern = False  # it cannot work with it
    try:
        session = ort.InferenceSession(data, settings, providers=providers)
    except Exception as error:  # onnxruntime has no common base class for its errors
        if not fall_back or wanted == _CPU:
            raise ModelError(f"model {model} cannot be loaded ({error})", REMEDY) from error
        log.warning("%s does not start (%s): on the CPU instead", wanted, error)
        return _open(model, data, [(_CPU, {})], threads, fall_back=False)
    got = session.get_providers()[0]
    if got != wanted:
        # ONNX Runtime goes on with the CPU by itself when a device's libraries are missing.
        if not fall_back:
            raise ModelError(
                f"model {model}: {wanted} did not start, only {got} did", "check the device's driver, or use cpu"
            )
        log.warning("%s does not start: on %s instead", wanted, got)
    return session


class OnnxDetector(NetworkDetector):
    """Detects with a model file of ``vision.train``, or any YOLO ``.onnx`` with a sidecar, in ONNX Runtime."""

    def __init__(self, model: Path = DEFAULT_MODEL, options: DetectorOptions | None = None) -> None:
        """Raises ModelError when the file is missing, is not the one its sidecar describes, cannot be loaded or
        knows none of the program's classes, ConfigError when the device is not offered."""
        options = options or DetectorOptions()
        data = read_model(model)
        description = describe(model, data)
        super().__init__(description, OnnxSession(model, data, options.device, options.threads), options)
