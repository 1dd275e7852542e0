"""What every detector offers, whatever runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.records import Detections


@dataclass(frozen=True)
class DetectorInfo:
    """Which model this is: ``name`` and the ``sha256`` of its file, its classes, what runs it."""

    name: str
    sha256: str
    class_names: tuple[str, ...]
    stride_px: int
    runtime: str


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
