"""Detection scores: intersection over union, greedy matching, average precision. Plain numpy, no framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision.records import CLASS_NAMES, Detections, FloatArray

RECALL_POINTS = np.linspace(0.0, 1.0, 101)
"""Where COCO's average precision samples the precision-recall curve."""


def box_iou(a_xyxy: FloatArray, b_xyxy: FloatArray) -> FloatArray:
    """Intersection over union of every pair: ``(n, 4)``, ``(m, 4)`` -> ``(n, m)``."""
    overlap = _intersection(a_xyxy, b_xyxy)
    union = _area(a_xyxy)[:, None] + _area(b_xyxy)[None, :] - overlap
    return np.asarray(overlap / np.maximum(union, 1e-12), dtype=np.float64)


def covered_share(a_xyxy: FloatArray, regions_xyxy: FloatArray) -> FloatArray:
    """The largest share of each box that one of the regions covers: ``(n,)``, 0 without regions."""
    if len(regions_xyxy) == 0:
        return np.zeros(len(a_xyxy))
    share = _intersection(a_xyxy, regions_xyxy) / np.maximum(_area(a_xyxy), 1e-12)[:, None]
    return np.asarray(share.max(axis=1), dtype=np.float64)


def _area(xyxy: FloatArray) -> FloatArray:
    return np.asarray(np.prod(np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0), axis=1), dtype=np.float64)


def _intersection(a: FloatArray, b: FloatArray) -> FloatArray:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    return np.asarray(np.prod(np.maximum(high - low, 0), axis=2), dtype=np.float64)


def match_greedily(
    predicted_xyxy: FloatArray, confidence: FloatArray, truth_xyxy: FloatArray, min_iou: float
) -> NDArray[np.int64]:
    """Index of the true box that each predicted one finds, or -1: the most confident first, each truth once."""
    found = np.full(len(predicted_xyxy), -1, dtype=np.int64)
    if len(predicted_xyxy) == 0 or len(truth_xyxy) == 0:
        return found
    iou = box_iou(predicted_xyxy, truth_xyxy)
    for i in np.argsort(-confidence, kind="stable"):
        best = int(np.argmax(iou[i]))
        if iou[i, best] >= min_iou:
            found[i] = best
            iou[:, best] = -1.0
    return found


def average_precision(confidence: FloatArray, is_true: NDArray[np.bool_], truths: int) -> float:
    """Area under the precision envelope at COCO's 101 recalls; NaN when there is nothing to find."""
    if truths == 0:
        return float("nan")
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(is_true[order])
    recall = hits / truths
    precision = hits / np.arange(1, len(hits) + 1)
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    where = np.searchsorted(recall, RECALL_POINTS - 1e-9, side="left")
    reached = where < len(envelope)
    return float(
        np.where(reached, envelope[np.minimum(where, len(envelope) - 1)] if len(envelope) else 0.0, 0.0).mean()
    )


@dataclass
class ClassScore:
    """One class over all pictures: ``ap50`` and, at the threshold asked for, precision and recall."""

    truths: int
    ap50: float
    precision: float
    recall: float


@dataclass
class DetectionScore:
    """Collects pictures, then tells the scores. Truth and predictions are in pixels of the same picture."""

    min_iou: float = 0.5
    _confidence: list[list[FloatArray]] = field(default_factory=lambda: [[] for _ in CLASS_NAMES])
    _is_true: list[list[NDArray[np.bool_]]] = field(default_factory=lambda: [[] for _ in CLASS_NAMES])
    _truths: list[int] = field(default_factory=lambda: [0] * len(CLASS_NAMES))
    pictures: int = 0

    def add(
        self,
        found: Detections,
        truth_xyxy: FloatArray,
        truth_class_id: NDArray[np.int64],
        ignore_xyxy: FloatArray | None = None,
    ) -> None:
        """One picture. Unmatched predictions lying by half or more in an ignored region count for nothing."""
        self.pictures += 1
        for c in range(len(CLASS_NAMES)):
            mine = found.class_id == c
            truth = truth_xyxy[truth_class_id == c]
            boxes, confidence = found.xyxy[mine], found.confidence[mine]
            matched = match_greedily(boxes, confidence, truth, self.min_iou) >= 0
            counted = matched | (covered_share(boxes, ignore_xyxy if ignore_xyxy is not None else truth[:0]) < 0.5)
            self._confidence[c].append(confidence[counted])
            self._is_true[c].append(matched[counted])
            self._truths[c] += len(truth)

    def per_class(self, threshold: float) -> list[ClassScore]:
        """Scores in the order of ``CLASS_NAMES``; precision and recall at ``threshold``."""
        scores = []
        for confidence_parts, true_parts, truths in zip(self._confidence, self._is_true, self._truths, strict=True):
            confidence = np.concatenate(confidence_parts) if confidence_parts else np.zeros(0)
            is_true = np.concatenate(true_parts) if true_parts else np.zeros(0, dtype=bool)
            above = confidence >= threshold
            hits, told = int(is_true[above].sum()), int(above.sum())
            precision = hits / told if told else float("nan")
            recall = hits / truths if truths else float("nan")
            scores.append(ClassScore(truths, average_precision(confidence, is_true, truths), precision, recall))
        return scores

    def best_thresholds(self, beta: float) -> list[float]:
        """For each class the confidence with the highest F-beta (beta below 1 favours precision); NaN without truth."""
        best = []
        for confidence_parts, true_parts, truths in zip(self._confidence, self._is_true, self._truths, strict=True):
            confidence = np.concatenate(confidence_parts) if confidence_parts else np.zeros(0)
            is_true = np.concatenate(true_parts) if true_parts else np.zeros(0, dtype=bool)
            best.append(_best_threshold(confidence, is_true, truths, beta))
        return best


def _best_threshold(confidence: FloatArray, is_true: NDArray[np.bool_], truths: int, beta: float) -> float:
    if truths == 0 or len(confidence) == 0:
        return float("nan")
    order = np.argsort(-confidence, kind="stable")
    hits = np.cumsum(is_true[order])
    told = np.arange(1, len(hits) + 1)
    # F-beta = (1 + b^2) * hits / (b^2 * truths + told)
    score = (1 + beta**2) * hits / (beta**2 * truths + told)
    return float(confidence[order][int(np.argmax(score))])


def mean_ap50(scores: Sequence[ClassScore]) -> float:
    """Mean over the classes that occur; NaN when none does."""
    values = [s.ap50 for s in scores if s.truths]
    return float(np.mean(values)) if values else float("nan")
