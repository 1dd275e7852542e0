"""A detector around any runtime: the same picture preparation, decoding and suppression of duplicates for all."""

from __future__ import annotations

import copy
import logging
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import ModelError
from vision.detectors.base import DetectorInfo, DetectorOptions
from vision.detectors.blob import BlobMaker
from vision.detectors.class_roles import roles_of
from vision.detectors.decode import decode_finished, decode_yolo
from vision.detectors.model_file import REMEDY, ModelDescription
from vision.records import CLASS_NAMES, Detections

log = logging.getLogger(__name__)

_FINISHED_COLUMNS = 6


class NetworkSession(Protocol):
    """A network loaded in some runtime."""

    @property
    def runtime(self) -> str:
        """Name, version, device and threads, for people."""
        ...

    @property
    def fixed_size(self) -> tuple[int, int] | None:
        """Height and width of a network that takes no other, None for any multiple of the stride."""
        ...

    def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
        """``(1, 3, H, W)`` RGB 0..1 -> ``(4 + classes, n)`` raw, or ``(n, 6)`` of a network that removes duplicates.

        What is returned may be overwritten by the next call.
        """
        ...


class NetworkDetector:
    """Detects with a network in a session. Any picture size; nothing is scaled, only padded, unless the network takes
    one size only: then pictures are scaled to fit it.

    One caller at a time: memory is kept from picture to picture.
    """

    def __init__(self, description: ModelDescription, session: NetworkSession, options: DetectorOptions) -> None:
        """Raises ModelError when the network does not run, or tells none of the program's classes apart."""
        self._options = options
        self._session = session
        self._roles = roles_of(description.classes, description.name)
        self._blobs = BlobMaker(description.stride_px, session.fixed_size)
        wanted = {**description.thresholds, **options.threshold}
        self._threshold = np.array([float(wanted.get(c, options.default_threshold)) for c in CLASS_NAMES])
        self._info = DetectorInfo(
            description.name,
            description.sha256,
            CLASS_NAMES,
            description.stride_px,
            session.runtime,
            description.input_px,
        )
        self._finished = self._probe(description)
        log.info("model %s (%s) loaded in %s", description.name, description.sha256[:12], session.runtime)

    def _probe(self, description: ModelDescription) -> bool:
        """Run once on grey. Whether the network removes duplicates itself."""
        side = 2 * description.stride_px
        blob = BlobMaker(description.stride_px, self._session.fixed_size).make(np.full((side, side, 3), 114, np.uint8))
        try:
            shape = self._session.run(blob).shape
        except Exception as error:  # the runtimes have no common base class for their errors
            raise ModelError(f"model {description.name} does not run ({error})", REMEDY) from error
        rows = 4 + len(self._roles)
        if len(shape) == 2 and shape[0] == rows:
            return False
        if len(shape) == 2 and shape[1] == _FINISHED_COLUMNS:
            return True
        raise ModelError(f"model {description.name} gives {shape}, expected ({rows}, n)", REMEDY)

    @property
    def info(self) -> DetectorInfo:
        """Which model this is."""
        return self._info

    @property
    def session(self) -> NetworkSession:
        """The network alone, for measuring."""
        return self._session

    @property
    def threshold(self) -> NDArray[np.float64]:
        """The least confidence of each class, in the order of ``CLASS_NAMES``."""
        return self._threshold

    def with_thresholds(self, threshold: NDArray[np.float64]) -> NetworkDetector:
        """The same network, not loaded again, with other thresholds ``(3,)``."""
        other = copy.copy(self)
        other._threshold = np.asarray(threshold, dtype=np.float64)
        return other

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Boxes in pixels of ``image_bgr`` ``(height, width, 3)`` uint8, clipped to it, the most confident first.

        Raises ValueError for another shape and ModelError when the runtime fails.
        """
        if image_bgr.ndim != 3 or image_bgr.shape[2] != 3 or image_bgr.dtype != np.uint8:
            raise ValueError(f"picture of shape {image_bgr.shape} {image_bgr.dtype}, expected (h, w, 3) uint8")
        height, width = image_bgr.shape[:2]
        if height == 0 or width == 0:
            return Detections.empty()
        picture, scale_x, scale_y = image_bgr, 1.0, 1.0
        if self._session.fixed_size is not None:
            picture = _fitted(image_bgr, self._session.fixed_size)
            scale_x, scale_y = picture.shape[1] / width, picture.shape[0] / height
        try:
            output = self._session.run(self._blobs.make(picture))
        except Exception as error:
            raise ModelError(f"model {self._info.name} failed on a {width}x{height} picture ({error})") from error
        found = self._decode(output)
        # In place: these arrays are nobody else's yet.
        for boxes in (found.xyxy, found.animal_xyxy):
            boxes[:, 0::2] = (boxes[:, 0::2] / scale_x).clip(0, width)
            boxes[:, 1::2] = (boxes[:, 1::2] / scale_y).clip(0, height)
        return found

    def _decode(self, output: NDArray[np.float32]) -> Detections:
        o = self._options
        if self._finished:
            return decode_finished(output, self._threshold, o.max_iou, o.max_count, roles=self._roles)
        return decode_yolo(
            output, self._threshold, o.max_iou, o.max_count, roles=self._roles, every_class=o.every_class
        )


def _fitted(image_bgr: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture scaled, up or down, so that it just fits ``size`` (height, width)."""
    height, width = image_bgr.shape[:2]
    scale = min(size[0] / height, size[1] / width)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    if (h, w) == (height, width):
        return image_bgr
    how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image_bgr, (w, h), interpolation=how), dtype=np.uint8)
