"""One object, one box."""

from __future__ import annotations

import numpy as np
import pytest

from vision.records import Detections
from vision.tracking.duplicates import without_duplicates


@pytest.mark.parametrize(
    ("boxes", "classes", "kept"),
    [
        ([[0, 0, 10, 20], [1, 1, 11, 21]], [0, 0], 1),
        ([[0, 0, 10, 20], [1, 0, 10, 20]], [0, 2], 1),  # the same box as person and as two-wheeler
        ([[0, 0, 10, 20], [9, 0, 19, 20]], [0, 0], 2),
        ([[0, 0, 10, 20], [0, 8, 10, 28]], [0, 0], 2),  # one behind the other
        ([[0, 0, 30, 30], [10, 5, 18, 22]], [2, 0], 1),  # a rider
        ([[0, 0, 60, 30], [10, 5, 18, 22]], [1, 0], 2),  # a person in front of a car
    ],
)
def test_which_boxes_are_one_object(boxes: list[list[int]], classes: list[int], kept: int) -> None:
    given = Detections(np.array(boxes, dtype=float), np.array([0.9, 0.6]), np.array(classes))
    found = without_duplicates(given)
    assert len(found) == kept
    assert found.confidence[0] == 0.9
    swapped = Detections(given.xyxy[::-1], given.confidence, given.class_id[::-1])
    assert len(without_duplicates(swapped)) == kept
