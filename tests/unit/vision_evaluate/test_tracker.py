"""TrackEval's numbers for tracks whose quality is known, and the subcommands around it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.unit.vision_evaluate.cases import walking_case, write_case
from vision.evaluate import main
from vision.evaluate_case import Case
from vision.evaluate_tracker import BoxTracks, TrackerEvaluation, sequence

pytest.importorskip("trackeval", reason="TrackEval is not installed")
WALKS = {1: (-8.0, -20.0, 1.4), 2: (12.0, -18.0, 0.0)}


def perfect(case: Case) -> list[BoxTracks]:
    return [BoxTracks(t.object_id.copy(), t.xyxy.copy()) for t in case.truth]


def test_perfect_tracks_score_one() -> None:
    case = walking_case(WALKS, seconds=3.0)
    score = TrackerEvaluation().add("a", sequence(case.truth, perfect(case)))
    assert (score.hota, score.idf1, score.id_switches) == (pytest.approx(1.0), pytest.approx(1.0), 0)
    assert (score.objects, score.boxes) == (2, 48)


def test_a_switched_number_costs_association_but_not_detection() -> None:
    case = walking_case(WALKS, seconds=3.0)
    told = perfect(case)
    for frame in told[12:]:
        frame.track_id[0] = 77
    evaluation = TrackerEvaluation()
    score = evaluation.add("a", sequence(case.truth, told))
    assert score.id_switches == 1
    assert score.det_a == pytest.approx(1.0)
    assert score.ass_a < 0.8
    assert evaluation.total() == score


def test_who_hardly_shows_is_neither_wanted_nor_false() -> None:
    case = walking_case(WALKS, seconds=2.0)
    for truth in case.truth:
        truth.visible[1] = 0.1
    data = sequence(case.truth, perfect(case))
    assert data["num_gt_ids"] == data["num_tracker_ids"] == 1
    case = walking_case(WALKS, seconds=2.0, classes={2: "animal"})
    data = sequence(case.truth, perfect(case))
    assert (data["num_gt_ids"], data["num_tracker_ids"]) == (1, 2)


def test_no_tracks_score_nothing() -> None:
    case = walking_case(WALKS, seconds=2.0)
    none = [BoxTracks(np.zeros(0, dtype=np.int64), np.zeros((0, 4))) for _ in case.truth]
    score = TrackerEvaluation().add("a", sequence(case.truth, none))
    assert (score.hota, score.idf1) == (0.0, 0.0)
    with pytest.raises(ValueError, match="no sequence"):
        TrackerEvaluation().total()


def test_the_stations_tracker_follows_two_walkers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_case(walking_case(WALKS, seconds=8.0), tmp_path / "hand_1")
    assert main(["tracker", "--suite", str(tmp_path)]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("| hand"))
    cells = [c.strip() for c in row.strip("|").split("|")]
    assert float(cells[2]) > 0.6
    assert cells[-1] == "0"


def test_plots_are_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    write_case(walking_case(WALKS, seconds=8.0), tmp_path / "suite" / "hand_1")
    out = tmp_path / "plots"
    assert main(["suite", "--suite", str(tmp_path / "suite"), "--no-track-scores", "--plots", str(out)]) == 0
    assert sorted(p.name for p in out.iterdir()) == ["crossings.png", "nees.png", "positions.png"]
    assert all(p.stat().st_size > 5000 for p in out.iterdir())
