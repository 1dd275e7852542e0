"""From a YOLO network's output to boxes: threshold, duplicates removed. Pure numpy and OpenCV."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.detectors.class_roles import ANIMAL, MODEL_CLASSES, merge_scores
from vision.records import Detections, FloatArray

__all__ = ["ANIMAL_THRESHOLD", "MODEL_CLASSES", "decode_finished", "decode_yolo", "keep_best"]

_CLASS_OFFSET_PX = 1e5
_MAX_CANDIDATES = 4000
"""Looked at by the suppression of duplicates, the most confident first: its cost grows with the square."""

ANIMAL_THRESHOLD = 0.15
_RIVALS = np.array([0, 1, 2, 0])
"""Boxes of classes with the same number here displace each other: a deer is either a person or an animal."""


def decode_yolo(
    output: NDArray[np.float32],
    threshold: NDArray[np.float64],
    max_iou: float,
    max_count: int = 300,
    *,
    roles: NDArray[np.int64] | None = None,
    every_class: bool = False,
) -> Detections:
    """Decodes ``(4 + classes, n)``: centre x, centre y, width, height in input pixels, then one score per class.

    ``threshold`` ``(3,)``: the least score of each class that is passed on. Of boxes of one class that overlap by more
    than ``max_iou`` the best stays; where that is an animal, only its place is passed on (``animal_xyxy``). ``roles``
    ``(classes,)`` says what the network's classes mean here (see ``class_roles``; None: they are ``MODEL_CLASSES``). A cell
    of the network is told as its best class, with ``every_class`` as each that passes its threshold. The most confident
    come first.
    """
    scores = merge_scores(output[4:], roles)
    least = np.append(threshold, ANIMAL_THRESHOLD).astype(np.float32)[:, None]
    cells = np.flatnonzero((scores >= least).any(axis=0))
    if len(cells) == 0:
        return Detections.empty()
    scores, boxes = scores[:, cells], output[:4, cells].astype(np.float64)
    passes = scores >= least
    if not every_class:
        passes &= np.arange(len(scores))[:, None] == scores.argmax(axis=0)
    class_id, cell = np.nonzero(passes & np.isfinite(boxes).all(axis=0))
    cx, cy, w, h = boxes[:, cell]
    xyxy = np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], axis=1)
    return _best(xyxy, scores[class_id, cell].astype(np.float64), class_id.astype(np.int64), max_iou, max_count)


def decode_finished(
    output: NDArray[np.float32],
    threshold: NDArray[np.float64],
    max_iou: float,
    max_count: int = 300,
    *,
    roles: NDArray[np.int64],
) -> Detections:
    """The same for networks that suppress duplicates themselves: ``(n, 6)`` of x0, y0, x1, y1, score, class."""
    known = np.isfinite(output).all(axis=1) & (output[:, 5] >= 0) & (output[:, 5] < len(roles))
    rows = output[known].astype(np.float64)
    class_id = roles[rows[:, 5].astype(np.int64)]
    rows, class_id = rows[class_id >= 0], class_id[class_id >= 0]
    passes = rows[:, 4] >= np.append(threshold, ANIMAL_THRESHOLD)[class_id]
    return _best(rows[passes, :4], rows[passes, 4], class_id[passes], max_iou, max_count)


def _best(
    xyxy: FloatArray, confidence: FloatArray, class_id: NDArray[np.int64], max_iou: float, max_count: int
) -> Detections:
    if len(xyxy) > _MAX_CANDIDATES:
        first = np.argpartition(-confidence, _MAX_CANDIDATES)[:_MAX_CANDIDATES]
        xyxy, confidence, class_id = xyxy[first], confidence[first], class_id[first]
    chosen = keep_best(xyxy, confidence, _RIVALS[class_id], max_iou)
    animal = class_id[chosen] == ANIMAL
    animals, chosen = chosen[animal][:max_count], chosen[~animal][:max_count]
    return Detections(xyxy[chosen], confidence[chosen], class_id[chosen], xyxy[animals])


def keep_best(
    xyxy: FloatArray, confidence: FloatArray, class_id: NDArray[np.int64], max_iou: float
) -> NDArray[np.int64]:
    """Non-maximum suppression within each class: indices to keep, the most confident first."""
    if len(xyxy) == 0:
        return np.zeros(0, dtype=np.int64)
    apart = class_id[:, None] * _CLASS_OFFSET_PX  # moves classes out of each other's way
    xywh = np.hstack([xyxy[:, :2] + apart, xyxy[:, 2:] - xyxy[:, :2]])
    kept = cv2.dnn.NMSBoxes(xywh.tolist(), confidence.tolist(), 0.0, max_iou)
    return np.asarray(kept, dtype=np.int64).reshape(-1)
