"""From a YOLO network's output to boxes: threshold, duplicates removed. Pure numpy and OpenCV."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.records import CLASS_NAMES, Detections, FloatArray

_CLASS_OFFSET_PX = 1e5

MODEL_CLASSES = (*CLASS_NAMES, "animal")
"""What the network tells apart. Animals are learnt so that they are not taken for people; they are never passed on."""

ANIMAL_THRESHOLD = 0.15
_RIVALS = np.array([0, 1, 2, 0])
"""Boxes of classes with the same number here displace each other: a deer is either a person or an animal."""


def decode_yolo(
    output: NDArray[np.float32], threshold: NDArray[np.float64], max_iou: float, max_count: int = 300
) -> Detections:
    """Decodes ``(4 + classes, n)``: centre x, centre y, width, height in input pixels, then one score per class.

    ``threshold`` ``(3,)``: the least score of each class that is passed on. Of boxes of one class that overlap by more
    than ``max_iou`` the best stays; where that is an animal, nothing is passed on.
    """
    scores = output[4:]
    threshold = np.append(threshold, ANIMAL_THRESHOLD)
    best = scores.argmax(axis=0)
    confidence = np.take_along_axis(scores, best[None], axis=0)[0]
    keep = np.flatnonzero(confidence >= threshold[best])
    if len(keep) == 0:
        return Detections.empty()
    cx, cy, w, h = output[:4, keep].astype(np.float64)
    xyxy = np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], axis=1)
    chosen = keep_best(xyxy, confidence[keep].astype(np.float64), _RIVALS[best[keep]], max_iou)
    chosen = chosen[best[keep][chosen] < len(CLASS_NAMES)][:max_count]
    return Detections(xyxy[chosen], confidence[keep][chosen].astype(np.float64), best[keep][chosen].astype(np.int64))


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
