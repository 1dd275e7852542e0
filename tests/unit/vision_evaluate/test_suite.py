"""What the suite's evaluation says of cases whose outcome is known by construction."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geofences.errors import ConfigError
from tests.unit.vision_evaluate.cases import walking_case, write_case
from vision.evaluate import main
from vision.evaluate_case import Case, read_case
from vision.evaluate_chance import chance, drawn_errors_m
from vision.evaluate_georeference import score_case
from vision.evaluate_positions import PositionSampler, PositionScore, band, joined, median_error_m
from vision.evaluate_replay import Replay, replay
from vision.evaluate_score import object_of_tracks, score_crossings, score_positions
from vision.evaluate_suite import STATED, SuiteEvaluation, table
from vision.records import Detections

# One walks over the line, one along its own side, in 30 s.
WALKS = {1: (-8.0, -20.0, 1.4), 2: (12.0, -18.0, 0.0)}


@pytest.fixture(scope="module")
def walked() -> Replay:
    """The case of ``WALKS`` through the stages, once."""
    return replay(walking_case(WALKS))


def test_a_crossing_is_found_and_its_position_is_right(walked: Replay) -> None:
    run = walked
    pairs = object_of_tracks(run)
    crossings, positions = score_crossings(run, pairs), score_positions(run, pairs)
    assert (crossings.demanded, crossings.found, crossings.extra) == (1, 1, 0)
    assert crossings.position_error_m[0] < 2.0
    assert crossings.time_error_s[0] < 1.5
    # The poses are exact: only the boxes' half pixel and the model of a standing person are left.
    assert positions.median_m < 0.5
    assert len(positions.error_m) > 40


def test_a_crossing_that_nobody_made_is_extra_and_the_cause_is_told(walked: Replay) -> None:
    run = replace(walked, case=walking_case(WALKS, classes={1: "animal"}))
    score = score_crossings(run, object_of_tracks(run))
    assert (score.demanded, score.extra_causes) == (0, ("animal",))


def test_a_crosser_without_boxes_is_missed_and_not_tracked() -> None:
    case = walking_case(WALKS)
    blind = replace(
        case,
        frames=tuple(
            replace(
                f,
                detections=replace(
                    f.detections,
                    xyxy=f.detections.xyxy[1:], confidence=f.detections.confidence[1:], class_id=f.detections.class_id[1:],
                ),
            )
            for f in case.frames
        ),
    )  # fmt: skip
    run = replay(blind)
    score = score_crossings(run, object_of_tracks(run))
    assert (score.demanded, score.found) == (1, 0)
    assert score.missed_causes[0].startswith("not tracked")
    assert "boxed in 0 of" in score.missed_causes[0]


def test_a_crossing_out_of_view_is_neither_demanded_nor_punished(walked: Replay) -> None:
    case = walked.case
    run = replace(walked, case=replace(case, crossings=tuple(replace(c, in_view=False) for c in case.crossings)))
    score = score_crossings(run, object_of_tracks(run))
    assert (score.demanded, score.found, score.tolerated, score.extra) == (0, 0, 1, 0)


def test_the_wrong_direction_matches_nothing(walked: Replay) -> None:
    case = walked.case
    turned = tuple(replace(c, direction="Arvenia->Belmark") for c in case.crossings)
    assert turned != case.crossings
    run = replace(walked, case=replace(case, crossings=turned))
    score = score_crossings(run, object_of_tracks(run))
    assert (score.found, score.extra, len(score.missed_causes)) == (0, 1, 1)


def test_single_boxes_are_placed_and_cut_or_hidden_ones_left_out() -> None:
    case = walking_case(WALKS, seconds=12.0)
    whole = score_case(case)
    assert whole.median_m < 0.6
    hidden = replace(case, truth=tuple(replace(t, visible=np.full(len(t.visible), 0.4)) for t in case.truth))
    assert len(score_case(hidden).error_m) == 0


def test_consistent_errors_lie_in_the_band_and_overconfident_ones_do_not() -> None:
    rng = np.random.default_rng(5)
    samplers = {1.0: PositionSampler(1), 2.0: PositionSampler(1)}
    for k in range(400):
        for scale, sampler in samplers.items():
            t_s = 25.0 * k
            if sampler.due(t_s):
                off = scale * rng.multivariate_normal([0.0, 0.0], [[4.0, 1.0], [1.0, 2.0]], 3)
                told = np.tile(np.array([[4.0, 1.0], [1.0, 2.0]]), (3, 1, 1))
                sampler.add(t_s, off, told, 0.5 * told)
    good, bold = samplers[1.0].score(), samplers[2.0].score()
    low, high = band(len(good.thinned))
    assert len(good.thinned) == len(set(good.thinned.tolist())) > 390
    assert low < good.nees_mean < high
    assert bold.nees_mean > high
    assert 0.9 < good.ratio < 1.1
    assert 1.8 < bold.ratio < 2.2
    both = joined([good, bold])
    assert set(both.flight.tolist()) == {0, 1}
    assert len(both.error_m) == len(good.error_m) + len(bold.error_m)
    assert both.nees_mean == pytest.approx((good.nees_mean + bold.nees_mean) / 2.0, rel=0.01)


def flight_with_one_lasting_error(error_en_m: list[float], seconds: int = 90, objects: int = 8) -> PositionScore:
    """All positions of a flight off by the same; 3 m are stated for that, and 0.3 m for each position alone."""
    sampler = PositionSampler(1)
    pose, rng = np.tile(9.0 * np.eye(2), (objects, 1, 1)), np.random.default_rng(2)
    for k in range(seconds):
        if sampler.due(float(k)):
            off = np.array(error_en_m) + rng.normal(0.0, 0.3, (objects, 2))
            sampler.add(float(k), off, pose + 0.09 * np.eye(2), pose)
    return sampler.score()


def test_a_single_flight_may_be_worse_than_its_budget_by_chance_many_may_not() -> None:
    """A lasting error of 1.2 sigma in both axes happens to some flights; not to all of twenty."""
    unlucky = flight_with_one_lasting_error([3.6, 3.6])
    expected = chance(unlucky, draws=200)
    low, high = expected.ratio
    assert unlucky.ratio > 1.3
    assert low < 0.75 < unlucky.ratio < high
    assert expected.nees[0] < 2.0 < unlucky.nees_of_all < expected.nees[1]
    many = joined([unlucky] * 20)
    expected = chance(many, draws=200)
    low, high = expected.ratio
    assert 1.4 < expected.nees[0] < 2.0 < expected.nees[1] < 2.7 < many.nees_of_all
    assert 0.75 < low < 1.0 < high < 1.3 < many.ratio


def test_the_drawn_errors_have_the_covariances_that_were_told() -> None:
    score = flight_with_one_lasting_error([0.0, 0.0], seconds=60, objects=2)
    errors = drawn_errors_m(score, 4000, np.random.default_rng(3))
    lengths = np.hypot(errors[..., 0], errors[..., 1])
    assert np.mean(lengths**2) == pytest.approx(2.0 * 9.09, rel=0.05)
    # Two objects of one frame share the pose's part, which is nearly all.
    assert np.corrcoef(lengths[:, 0], lengths[:, 1])[0, 1] > 0.9
    assert np.corrcoef(lengths[:, 0], lengths[:, -1])[0, 1] < 0.2
    nothing = chance(joined([]))
    assert all(np.isnan(v) for v in (*nothing.ratio, *nothing.nees))


def test_errors_that_no_sigma_states_are_named_and_kept_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    styles: dict[str, dict[str, float]] = {
        "hand": {"compass_bias_deg": 3.0, "compass_sigma_deg": 3.0},
        "bent": {"compass_bias_deg": 3.0, "late_s": 0.15},
    }
    for name, style in styles.items():
        folder = write_case(replace(walking_case(WALKS, seconds=8.0), name=name), tmp_path / f"{name}_1")
        about = json.loads((folder / "case.json").read_text(encoding="utf-8"))
        (folder / "case.json").write_text(json.dumps(about | {"style": style}), encoding="utf-8")
    out = tmp_path / "numbers.json"
    assert main(["suite", "--suite", str(tmp_path), "--no-track-scores", "--estimate-bias", "--json", str(out)]) == 0
    text = capsys.readouterr().out
    assert "| bent + |" in text
    assert "- bent: azimuth off by 3 deg, poses late by 0.15 s" in text
    assert "- hand: camera bias unknown, " in text
    assert "not applied: the sightings say nothing of the angles yet" in text
    rows = {r["scenario"]: r for r in json.loads(out.read_text(encoding="utf-8"))}
    assert list(rows) == ["bent", "hand", "total", STATED]
    assert rows[STATED]["position_error_m"] == rows["hand"]["position_error_m"]
    assert rows["hand"]["unstated"] == ""  # its compass is stated to be off by as much
    assert len(rows["hand"]["error_to_budget_band"]) == 2


@pytest.mark.parametrize("covariance", [np.diag([4.0, 1.0]), np.diag([3.0, 3.0]), [[4.0, 1.9], [1.9, 1.0]]])
def test_the_budgets_median_is_that_of_the_errors(covariance: np.ndarray) -> None:
    errors = np.random.default_rng(3).multivariate_normal([0.0, 0.0], np.asarray(covariance), 40_000)
    assert median_error_m(np.asarray(covariance)) == pytest.approx(np.median(np.hypot(*errors.T)), rel=0.02)


def test_thinning_takes_one_of_a_frame_and_waits() -> None:
    sampler = PositionSampler(3, apart_s=20.0)
    for k in range(100):
        if sampler.due(float(k)):
            sampler.add(float(k), np.ones((5, 2)), np.tile(np.eye(2), (5, 1, 1)), np.zeros((5, 2, 2)))
    score = sampler.score()
    frames = score.thinned // 5
    assert len(score.thinned) == 5
    assert (np.diff(frames) >= 20).all()


def seen_as_animals(case: Case, every: int) -> Case:
    """The case with the boxes of every ``every``-th frame as places of animals instead."""
    frames = [
        replace(f, detections=replace(Detections.empty(), animal_xyxy=f.detections.xyxy)) if k % every == 0 else f
        for k, f in enumerate(case.frames)
    ]
    return replace(case, frames=tuple(frames))


def test_who_is_seen_as_an_animal_now_and_then_is_not_told_of() -> None:
    case = walking_case(WALKS)
    assert replay(case).crossings
    assert not replay(seen_as_animals(case, every=3)).crossings


def test_files_come_back_as_they_were(tmp_path: Path) -> None:
    case = seen_as_animals(walking_case(WALKS, seconds=3.0), every=3)
    back = read_case(write_case(case, tmp_path / "hand_1"))
    assert [f.t_utc_us for f in back.frames] == [f.t_utc_us for f in case.frames]
    assert np.allclose(back.frames[5].detections.xyxy, case.frames[5].detections.xyxy)
    assert np.allclose(back.frames[6].detections.animal_xyxy, case.frames[6].detections.animal_xyxy)
    assert len(back.frames[6].detections.animal_xyxy) > 0
    lat, lon = back.frame.from_plane(back.truth[5].en_m)
    assert np.allclose(np.stack(case.frame.to_plane(lat, lon).T), case.truth[5].en_m.T, atol=1e-3)
    assert back.crossings == case.crossings


@pytest.mark.parametrize(
    ("file", "content"),
    [("frames.jsonl", "{}"), ("truth.json", "[]"), ("case.json", "nothing"), ("truth.json", '{"frames": []}')],
)
def test_damaged_files_are_refused_with_their_place(tmp_path: Path, file: str, content: str) -> None:
    folder = write_case(walking_case(WALKS, seconds=1.0), tmp_path / "hand_1")
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match="hand_1"):
        read_case(folder)


def test_the_suite_prints_a_row_per_scenario_and_a_total(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_case(walking_case(WALKS), tmp_path / "hand_1")
    out = tmp_path / "numbers.json"
    assert main(["suite", "--suite", str(tmp_path), "--no-track-scores", "--json", str(out)]) == 0
    text = capsys.readouterr().out
    assert "| hand | 1 | 1 | 1.00 | 1.00 | 0 (0) |" in text
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [r["scenario"] for r in rows] == ["hand", "total"]
    assert rows[0]["recall"] == 1.0
    assert main(["georeference", "--suite", str(tmp_path)]) == 0
    assert "| hand | 1 |" in capsys.readouterr().out


def test_what_is_not_judged_stays_out_of_the_total() -> None:
    evaluation = SuiteEvaluation(track_scores=False)
    evaluation.add("hand", [replace(walking_case(WALKS, seconds=6.0), judged=False)])
    total = evaluation.total()
    assert (total.crossings.demanded, len(total.positions.error_m) > 0) == (0, True)
    assert "hand *" in table(evaluation.rows)


def test_without_cases_there_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suite", "--suite", str(tmp_path)]) == 2
    assert "sim.suite" in capsys.readouterr().err
    assert main(["suite", "--make", "--names", "no_such"]) == 2
    assert "no_such" in capsys.readouterr().err


def test_what_a_case_states_of_the_compass_is_in_its_poses(tmp_path: Path) -> None:
    folder = write_case(walking_case(WALKS, seconds=2.0), tmp_path / "hand_1")
    assert read_case(folder).frames[0].pose.sigma.compass_deg == 0.0
    about = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    (folder / "case.json").write_text(json.dumps(about | {"style": {"compass_sigma_deg": 3.0}}), encoding="utf-8")
    assert read_case(folder).frames[0].pose.sigma.compass_deg == 3.0
