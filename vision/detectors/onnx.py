"""A YOLO network in ONNX Runtime on the CPU."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from geofences.errors import ModelError
from vision.detectors.base import DetectorInfo
from vision.detectors.decode import MODEL_CLASSES, decode_yolo
from vision.records import CLASS_NAMES, Detections

log = logging.getLogger(__name__)

MODEL_FOLDER = Path(__file__).parent.parent / "models"
DEFAULT_MODEL = MODEL_FOLDER / "marchwarden-s.onnx"
"""The model that comes with the program; its card is the ``.md`` file beside it."""

_REMEDY = "reinstall the program, or name another model with its .json file beside it"
_PAD_GREY = 114


@dataclass(frozen=True)
class OnnxOptions:
    """How to run a model. ``threshold`` per class name overrides what the model's sidecar file recommends."""

    threads: int = 2
    threshold: Mapping[str, float] = field(default_factory=dict)
    default_threshold: float = 0.35
    max_iou: float = 0.55
    max_count: int = 300


def read_sidecar(model: Path) -> dict[str, Any]:
    """The ``.json`` beside a model: sha256, classes, stride, thresholds. Raises ModelError."""
    file = model.with_suffix(".json")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or not isinstance(content["sha256"], str):
            raise ValueError("no sha256 in it")
    except FileNotFoundError:
        raise ModelError(f"{file}: the model's description is missing", _REMEDY) from None
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{file}: the model's description cannot be read ({error})", _REMEDY) from error
    return content


class OnnxDetector:
    """Detects with a model file of ``vision.train``. Any picture size; nothing is scaled, only padded to the stride.

    Not thread-safe in the sense of order: one caller at a time.
    """

    def __init__(self, model: Path = DEFAULT_MODEL, options: OnnxOptions | None = None) -> None:
        """Raises ModelError when the file is missing, is not the one its sidecar describes, cannot be loaded or
        does not tell the program's three classes apart."""
        self._options = options or OnnxOptions()
        try:
            data = model.read_bytes()
        except OSError as error:
            raise ModelError(f"model {model} cannot be read ({error.strerror or error})", _REMEDY) from error
        sidecar = read_sidecar(model)
        digest = hashlib.sha256(data).hexdigest()
        if digest != sidecar["sha256"]:
            raise ModelError(
                f"model {model} is damaged or not the one described: sha256 {digest[:12]}..., "
                f"expected {sidecar['sha256'][:12]}...",
                _REMEDY,
            )
        classes = tuple(sidecar.get("classes", ()))
        if classes != MODEL_CLASSES:
            raise ModelError(f"model {model} knows the classes {classes}, not {MODEL_CLASSES}", _REMEDY)
        self._session = self._open(model, data)
        self._input = self._session.get_inputs()[0].name
        self._stride = int(sidecar.get("stride", 32))
        wanted = {**sidecar.get("thresholds", {}), **self._options.threshold}
        self._threshold = np.array([float(wanted.get(c, self._options.default_threshold)) for c in CLASS_NAMES])
        runtime = f"onnxruntime {ort.__version__} CPU, {self._options.threads} threads"
        self._info = DetectorInfo(str(sidecar.get("name", model.stem)), digest, CLASS_NAMES, self._stride, runtime)
        self._check_output(model)
        log.info("model %s (%s) loaded in %s", self._info.name, digest[:12], runtime)

    def _open(self, model: Path, data: bytes) -> Any:
        settings = ort.SessionOptions()
        settings.intra_op_num_threads = self._options.threads
        settings.inter_op_num_threads = 1
        settings.log_severity_level = 4  # its errors come as exceptions; the log must not repeat them
        # Threads that spin while they wait would take the cores that decoding and the simulator need.
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return ort.InferenceSession(data, settings, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has no common base class for its errors
            raise ModelError(f"model {model} cannot be loaded ({error})", _REMEDY) from error

    def _check_output(self, model: Path) -> None:
        try:
            shape = self._run(np.zeros((self._stride * 2, self._stride * 2, 3), dtype=np.uint8)).shape
        except Exception as error:
            raise ModelError(f"model {model} does not run ({error})", _REMEDY) from error
        if len(shape) != 2 or shape[0] != 4 + len(MODEL_CLASSES):
            raise ModelError(f"model {model} gives {shape}, expected ({4 + len(MODEL_CLASSES)}, n)", _REMEDY)

    @property
    def info(self) -> DetectorInfo:
        """Which model this is."""
        return self._info

    @property
    def threshold(self) -> NDArray[np.float64]:
        """The least confidence of each class, in the order of ``CLASS_NAMES``."""
        return self._threshold

    def _run(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
        blob = cv2.dnn.blobFromImage(image_bgr, 1 / 255.0, swapRB=True)
        return np.asarray(self._session.run(None, {self._input: blob})[0][0], dtype=np.float32)

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Boxes in pixels of ``image_bgr`` ``(height, width, 3)`` uint8, clipped to it.

        Raises ValueError for another shape and ModelError when the runtime fails.
        """
        if image_bgr.ndim != 3 or image_bgr.shape[2] != 3 or image_bgr.dtype != np.uint8:
            raise ValueError(f"picture of shape {image_bgr.shape} {image_bgr.dtype}, expected (h, w, 3) uint8")
        height, width = image_bgr.shape[:2]
        if height == 0 or width == 0:
            return Detections.empty()
        bottom, right = -height % self._stride, -width % self._stride
        padded = image_bgr
        if bottom or right:
            grey = (_PAD_GREY,) * 3
            padded = np.asarray(cv2.copyMakeBorder(image_bgr, 0, bottom, 0, right, cv2.BORDER_CONSTANT, value=grey))
        try:
            output = self._run(padded)
        except Exception as error:
            raise ModelError(f"model {self._info.name} failed on a {width}x{height} picture ({error})") from error
        found = decode_yolo(output, self._threshold, self._options.max_iou, self._options.max_count)
        found.xyxy[:, 0::2] = found.xyxy[:, 0::2].clip(0, width)
        found.xyxy[:, 1::2] = found.xyxy[:, 1::2].clip(0, height)
        return found
