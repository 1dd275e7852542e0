"""Still pictures at one or several sizes: what is a dozen pixels high is found better when it is enlarged.

For pictures that there is time for. In the video the geometry decides what is looked at and how large
(``vision.attention``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.base import Detector, DetectorInfo, DetectorOptions
from vision.detectors.factory import open_detector
from vision.metrics import box_iou
from vision.records import Detections

FUSE_MIN_IOU = 0.4
"""Finds of one class in two views that overlap by more than this are one object."""

_WEAK_SHARE = 0.25
"""A find counts in one view from this share of its threshold: the others may be surer of it."""


def open_still_detector(
    model: Path | None = None, options: DetectorOptions | None = None, sizes_px: Sequence[int] | None = None
) -> ScaledDetector:
    """The detector of ``model`` for still pictures.

    ``sizes_px``: long sides to which every picture is scaled, larger or smaller (0: as it is). None: as the model's
    description recommends, and then pictures are only ever enlarged. Raises as :func:`open_detector`.
    """
    options = options or DetectorOptions()
    network = open_detector(model, options)
    sizes = tuple(sizes_px) if sizes_px is not None else network.info.input_px
    wanted = network.threshold
    if len(sizes) > 1:
        network = network.with_thresholds(_WEAK_SHARE * wanted)
    return ScaledDetector(network, sizes, wanted, shrink=sizes_px is not None, max_count=options.max_count)


class ScaledDetector:
    """Looks at a picture at several sizes and fuses what it finds."""

    def __init__(
        self,
        detector: Detector,
        sizes_px: Sequence[int],
        threshold: NDArray[np.float64],
        shrink: bool = False,
        max_count: int = 300,
    ) -> None:
        """``sizes_px``: long sides, 0 as it is; none is the same as (0,). ``shrink``: pictures may be made smaller, too.

        ``threshold`` ``(3,)`` is applied to what is fused; ``detector`` should pass on weaker finds than these.
        """
        self._detector = detector
        self._sizes_px = tuple(sizes_px) or (0,)
        self._threshold = threshold
        self._shrink = shrink
        self._max_count = max_count

    @property
    def info(self) -> DetectorInfo:
        """Which model this is."""
        return self._detector.info

    def scales(self, width: int, height: int) -> list[float]:
        """The scales at which a picture of this size is looked at, each once."""
        long_px = max(width, height, 1)
        scales = [size / long_px if size and (size > long_px or self._shrink) else 1.0 for size in self._sizes_px]
        return sorted(set(scales))

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Boxes in pixels of ``image_bgr`` as it is. Raises as the detector does."""
        height, width = image_bgr.shape[:2]
        if height == 0 or width == 0:
            return self._detector.detect(image_bgr)
        found = fuse([self._at(image_bgr, scale) for scale in self.scales(width, height)])
        keep = np.flatnonzero(found.confidence >= self._threshold[found.class_id])[: self._max_count]
        return Detections(found.xyxy[keep], found.confidence[keep], found.class_id[keep])

    def _at(self, image_bgr: NDArray[np.uint8], scale: float) -> Detections:
        if scale == 1.0:
            return self._detector.detect(image_bgr)
        height, width = image_bgr.shape[:2]
        size = max(1, round(width * scale)), max(1, round(height * scale))
        how = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR
        found = self._detector.detect(np.asarray(cv2.resize(image_bgr, size, interpolation=how), dtype=np.uint8))
        x, y = width / size[0], height / size[1]
        return Detections(found.xyxy * np.array([x, y, x, y]), found.confidence, found.class_id)


def fuse(views: Sequence[Detections], min_iou: float = FUSE_MIN_IOU) -> Detections:
    """One set of boxes from several looks at the same picture, the most confident first.

    The surest box of all takes from each other view the box of its class that overlaps it most, and so on with the
    rest. The fused box is their mean, weighted by confidence; the confidence is the mean over all views, where one that
    did not see it counts 0: what is seen at every size is more likely there. (After weighted boxes fusion, Solovyev,
    Wang, Gabruseva, Image and Vision Computing 107, 104117 (2021).)
    """
    if len(views) == 1:
        return views[0]
    xyxy = np.concatenate([v.xyxy for v in views])
    confidence = np.concatenate([v.confidence for v in views])
    class_id = np.concatenate([v.class_id for v in views])
    view = np.repeat(np.arange(len(views)), [len(v) for v in views])
    overlap = box_iou(xyxy, xyxy)
    overlap[(class_id[:, None] != class_id) | (view[:, None] == view) | (overlap < min_iou)] = 0.0
    free = np.ones(len(xyxy), dtype=bool)
    groups: list[list[int]] = []
    for first in np.argsort(-confidence, kind="stable"):
        if not free[first]:
            continue
        group = [int(first)]
        near = np.flatnonzero((overlap[first] > 0.0) & free)
        for other in range(len(views)):
            mine = near[view[near] == other]
            if len(mine):
                group.append(int(mine[overlap[first, mine].argmax()]))
        free[group] = False
        groups.append(group)
    weight = [confidence[g] for g in groups]
    mean = np.array([w.sum() / len(views) for w in weight])
    boxes = np.array([np.average(xyxy[g], axis=0, weights=w) for g, w in zip(groups, weight, strict=True)])
    order = np.argsort(-mean, kind="stable")
    return Detections(
        boxes.reshape(-1, 4)[order], mean[order], class_id[[g[0] for g in groups]][order].astype(np.int64)
    )
