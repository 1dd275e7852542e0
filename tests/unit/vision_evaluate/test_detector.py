"""Detection scores by size and over IoU steps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vision.dataset import LabelledPicture
from vision.evaluate import main
from vision.evaluate_detector import SIZES, GroupScore, as_json, of_size, table
from vision.records import Detections

SMALL, LARGE = (10.0, 10.0, 20.0, 24.0), (100.0, 100.0, 160.0, 160.0)


def picture() -> LabelledPicture:
    return LabelledPicture(Path("p.png"), "hand", "val", np.array([SMALL, LARGE]), np.array([0, 0]))


def found(*boxes: tuple[float, float, float, float]) -> Detections:
    return Detections(np.array(boxes).reshape(-1, 4), np.full(len(boxes), 0.9), np.zeros(len(boxes), dtype=np.int64))


def test_a_loose_box_counts_at_iou_50_but_not_at_95() -> None:
    score = GroupScore()
    loose = (LARGE[0], LARGE[1], LARGE[2] + 15.0, LARGE[3])  # IoU 0.8
    score.add(found(SMALL, loose), picture())
    assert score.at_50.per_class(0.5)[0].ap50 == pytest.approx(1.0)
    # One of two objects at all ten steps, the other up to 0.8: 7 of 10 steps whole, 3 half.
    assert score.ap50_95()[0] == pytest.approx((7 * 1.0 + 3 * 0.505) / 10, abs=0.06)
    document = as_json({"all": score}, (0.5, 0.5, 0.5))
    assert document["all"]["classes"]["person"]["truths"] == 2
    assert "vehicle" not in document["all"]["classes"]
    assert "1.000 / " in table({"all": score}, (0.5, 0.5, 0.5))


def test_sizes_are_scored_apart() -> None:
    (_, low, high), (_, large_low, large_high) = SIZES[0], SIZES[2]
    only_small = found(SMALL)
    small, kept = of_size(only_small, picture(), low, high)
    score = GroupScore()
    score.add(small, picture(), kept)
    assert score.at_50.per_class(0.5)[0].recall == 1.0
    large, kept = of_size(only_small, picture(), large_low, large_high)
    assert (len(large), kept.tolist()) == (0, [False, True])
    score = GroupScore()
    score.add(large, picture(), kept)
    assert score.at_50.per_class(0.5)[0].recall == 0.0


def test_a_box_of_another_size_is_no_false_find_in_this_row() -> None:
    (_, low, high) = SIZES[0]
    both, kept = of_size(found(SMALL, LARGE, (300.0, 300.0, 310.0, 312.0)), picture(), low, high)
    score = GroupScore()
    score.add(both, picture(), kept)
    # The large one is out, the small box on nothing is a false find.
    assert len(both) == 2
    assert score.at_50.per_class(0.5)[0].precision == 0.5


def test_the_program_tells_its_parts_and_refuses_others(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    assert "georeference" in capsys.readouterr().out
    with pytest.raises(SystemExit) as end:
        main(["detectors"])
    assert end.value.code == 2
