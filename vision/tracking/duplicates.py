"""One object, one box: removal of double detections before they reach the ground."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.records import Detections

_SAME_OBJECT_IOU = 0.65
_INSIDE = 0.85
_PERSON, _TWO_WHEELER = 0, 2


def pairwise_overlap(a: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray]:
    """``(iou, inside)`` of boxes ``(n, 4)`` and ``(m, 4)``, each ``(n, m)``.

    ``inside`` is the intersection over the smaller of the two areas.
    """
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    common = np.prod(np.clip(high - low, 0.0, None), axis=-1)
    area_a = np.prod(a[:, 2:] - a[:, :2], axis=-1)[:, None]
    area_b = np.prod(b[:, 2:] - b[:, :2], axis=-1)[None, :]
    tiny = 1e-9
    return common / np.maximum(area_a + area_b - common, tiny), common / np.maximum(np.minimum(area_a, area_b), tiny)


def without_duplicates(detections: Detections) -> Detections:
    """Detections less the weaker ones of each object.

    Two boxes are one object when they overlap by more than 0.65, or when one lies inside the other and both are of one
    class or they are a rider and the two-wheeler. A person in front of a vehicle stays: that is two objects.
    """
    n = len(detections)
    if n < 2:
        return detections
    iou, inside = pairwise_overlap(detections.xyxy, detections.xyxy)
    c = detections.class_id
    rider = ((c[:, None] == _PERSON) & (c[None, :] == _TWO_WHEELER)) | (
        (c[:, None] == _TWO_WHEELER) & (c[None, :] == _PERSON)
    )
    same = (iou > _SAME_OBJECT_IOU) | ((inside > _INSIDE) & ((c[:, None] == c[None, :]) | rider))
    keep = np.zeros(n, dtype=np.bool_)
    taken: NDArray[np.bool_] = np.zeros(n, dtype=np.bool_)
    for i in np.argsort(-detections.confidence, kind="stable"):
        if not taken[i]:
            keep[i] = True
            taken |= same[i]
    return detections.take(keep)
