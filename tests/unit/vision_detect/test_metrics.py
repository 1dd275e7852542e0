"""Scores checked by hand on cases small enough to do so."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vision.metrics import DetectionScore, average_precision, box_iou, covered_share, match_greedily, mean_ap50
from vision.records import Detections


def detections(*rows: tuple[float, float, float, float, float, int]) -> Detections:
    table = np.array(rows, dtype=float).reshape(-1, 6)
    return Detections(table[:, :4], table[:, 4], table[:, 5].astype(np.int64))


def test_iou_of_known_pairs() -> None:
    a = np.array([[0.0, 0, 10, 10], [0, 0, 0, 0]])
    b = np.array([[0.0, 0, 10, 10], [5, 0, 15, 10], [20, 20, 30, 30]])
    np.testing.assert_allclose(box_iou(a, b), [[1, 50 / 150, 0], [0, 0, 0]])


def test_covered_share_takes_the_best_region() -> None:
    boxes = np.array([[0.0, 0, 10, 10], [100, 100, 110, 110]])
    regions = np.array([[5.0, 0, 50, 50], [0, 0, 2, 10]])
    np.testing.assert_allclose(covered_share(boxes, regions), [0.5, 0.0])
    np.testing.assert_allclose(covered_share(boxes, regions[:0]), [0, 0])


def test_each_truth_is_found_once_and_by_the_most_confident() -> None:
    truth = np.array([[0.0, 0, 10, 10]])
    boxes = np.array([[0.0, 0, 10, 9], [0, 0, 10, 10]])
    np.testing.assert_array_equal(match_greedily(boxes, np.array([0.5, 0.9]), truth, 0.5), [-1, 0])


def test_average_precision_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7])
    # Hit, miss, hit of two: precision 1 up to recall 0.5 (51 points), then 2/3 (50 points).
    value = average_precision(confidence, np.array([True, False, True]), 2)
    assert value == pytest.approx((51 * 1.0 + 50 * 2 / 3) / 101)
    # Only half of what is there is ever found.
    assert average_precision(confidence[:1], np.array([True]), 2) == pytest.approx(51 / 101)
    assert average_precision(confidence[:0], np.zeros(0, dtype=bool), 2) == 0.0
    assert math.isnan(average_precision(confidence, np.zeros(3, dtype=bool), 0))


def test_scores_over_pictures_keep_classes_apart_and_ignore_what_nobody_labelled() -> None:
    score = DetectionScore()
    truth, classes = np.array([[0.0, 0, 10, 10], [50, 50, 60, 60]]), np.array([0, 1])
    found = detections(
        (0, 0, 10, 10, 0.9, 0), (50, 50, 60, 60, 0.8, 0), (50, 50, 60, 60, 0.7, 1), (200, 200, 210, 210, 0.95, 1)
    )
    score.add(found, truth, classes, ignore_xyxy=np.array([[195.0, 195, 215, 215]]))
    person, vehicle, two_wheeler = score.per_class(0.75)
    assert (person.truths, vehicle.truths, two_wheeler.truths) == (1, 1, 0)
    assert person.ap50 == pytest.approx(1.0)  # the false one is less confident than the true one
    assert (person.precision, person.recall) == (0.5, 1.0)
    assert vehicle.ap50 == pytest.approx(1.0)  # the better one lies where nobody labelled
    assert vehicle.recall == 0.0  # below the threshold
    assert mean_ap50([person, vehicle, two_wheeler]) == pytest.approx(1.0)
    assert math.isnan(mean_ap50([two_wheeler]))


def test_the_best_threshold_by_hand() -> None:
    score = DetectionScore()
    boxes = [(100.0 * i, 0, 100.0 * i + 10, 10) for i in range(4)]
    found = detections(*[(*b, c, 0) for b, c in zip(boxes, (0.9, 0.8, 0.7, 0.6), strict=True)])
    # The first two are right, then a wrong one, then a right one. Three are there to be found.
    truth = np.array([boxes[0], boxes[1], boxes[3]])
    score.add(found, truth, np.zeros(3, dtype=np.int64))
    assert score.best_thresholds(0.3)[0] == pytest.approx(0.8)  # precision counts: stop before the wrong one
    assert score.best_thresholds(3.0)[0] == pytest.approx(0.6)  # recall counts: take all
    assert math.isnan(score.best_thresholds(1.0)[1])
