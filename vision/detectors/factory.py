"""Opens the right detector for a model file."""

from __future__ import annotations

from pathlib import Path

from geofences.errors import ConfigError
from vision.detectors.base import DetectorOptions
from vision.detectors.model_file import DEFAULT_MODEL
from vision.detectors.network import NetworkDetector

BACKENDS = ("auto", "onnxruntime", "openvino", "ultralytics")


def open_detector(model: Path | None = None, options: DetectorOptions | None = None) -> NetworkDetector:
    """The detector of ``model`` (None: the one that comes with the program) in ``options.backend``.

    ``auto``: ``.onnx`` files in ONNX Runtime, all else (``.pt``, ``.engine``, ``.torchscript``, exported folders)
    through ultralytics. Only the runtime that is used is imported. Raises ConfigError for a backend that is unknown or
    not installed or a device it has not, ModelError for the model.
    """
    model = model or DEFAULT_MODEL
    options = options or DetectorOptions()
    backend: str = options.backend
    if backend == "auto":
        backend = "onnxruntime" if model.suffix.lower() == ".onnx" else "ultralytics"
    if backend in ("onnxruntime", "openvino") and model.suffix.lower() != ".onnx":
        raise ConfigError(f"model {model} is no .onnx file, as {backend} needs", "use the backend auto or ultralytics")
    if backend == "onnxruntime":
        from vision.detectors.onnx import OnnxDetector

        return OnnxDetector(model, options)
    if backend == "openvino":
        from vision.detectors.openvino import OpenVinoDetector

        return OpenVinoDetector(model, options)
    if backend == "ultralytics":
        from vision.detectors.ultralytics import UltralyticsDetector

        return UltralyticsDetector(model, options)
    raise ConfigError(f"there is no detector backend {backend!r}", f"use one of {', '.join(BACKENDS)}")
