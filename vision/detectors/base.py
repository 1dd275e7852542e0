"""What every detector offers, whatever runs it, and how one is asked to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from vision.records import Detections

Backend = Literal["auto", "onnxruntime", "openvino", "ultralytics"]


@dataclass(frozen=True)
class DetectorInfo:
    """Which model this is: ``name`` and the ``sha256`` of its file, its classes, what runs it.

    ``input_px``: sizes of the long side at which still pictures are best looked at, one after the other (0: as they are;
    none: as they are, once). See :class:`vision.detectors.scaled.ScaledDetector`.
    """

    name: str
    sha256: str
    class_names: tuple[str, ...]
    stride_px: int
    runtime: str
    input_px: tuple[int, ...] = ()


@dataclass(frozen=True)
class DetectorOptions:
    """How to run a model.

    ``device``: ``cpu``, ``auto`` (the best that the runtime offers, the CPU if that does not start) or the runtime's
    own name for one (``cuda``, ``cuda:1``, ``directml``, ``coreml``; OpenVINO: ``GPU``, ``NPU``). ``threads`` on the
    CPU. ``threshold`` per class name overrides what the model's description recommends; ``default_threshold`` is for
    models that recommend nothing. Of boxes of one class that overlap by more than ``max_iou`` only the best stays.
    ``every_class``: a place is told once for every class whose threshold it passes, not for its best class alone; for
    scoring and ranking, not for tracking.
    """

    threads: int = 2
    threshold: Mapping[str, float] = field(default_factory=dict)
    default_threshold: float = 0.35
    max_iou: float = 0.5
    max_count: int = 300
    every_class: bool = False
    backend: Backend = "auto"
    device: str = "cpu"


class Detector(Protocol):
    """Finds people, vehicles and two-wheelers in one picture."""

    @property
    def info(self) -> DetectorInfo:
        """Which model this is."""
        ...

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Boxes in pixels of ``image_bgr`` ``(height, width, 3)``, at its native scale."""
        ...


def clip_region(xyxy: tuple[float, float, float, float], width: int, height: int) -> tuple[int, int, int, int] | None:
    """The region in whole pixels inside a picture, or None when nothing of it is inside."""
    x0, y0 = max(int(np.floor(xyxy[0])), 0), max(int(np.floor(xyxy[1])), 0)
    x1, y1 = min(int(np.ceil(xyxy[2])), width), min(int(np.ceil(xyxy[3])), height)
    return (x0, y0, x1, y1) if x1 > x0 and y1 > y0 else None


def detect_region(
    detector: Detector, image_bgr: NDArray[np.uint8], xyxy: tuple[float, float, float, float]
) -> Detections:
    """Detects in one part of a picture at native scale; boxes are in pixels of the full picture.

    A region that has nothing in the picture gives no detections.
    """
    region = clip_region(xyxy, image_bgr.shape[1], image_bgr.shape[0])
    if region is None:
        return Detections.empty()
    x0, y0, x1, y1 = region
    found = detector.detect(image_bgr[y0:y1, x0:x1])
    return Detections(found.xyxy + np.array([x0, y0, x0, y0], dtype=float), found.confidence, found.class_id)
