"""The suite of named flights: what is written, what hides whom, and what the stand-in for the network does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.camera import Renderer, VisibleObject
from sim.paths import TimedPath, line_passages
from sim.projection import Pinhole, ViewPose
from sim.suite import CaseRun, case_names, find_cases, main, make_world, write_case
from sim.suite_detector import DAY, NIGHT, DetectorStatistics, StatisticalDetector
from sim.visibility import Spotter
from sim.world import World

WANTED = {
    "plain", "pan", "zoom", "jitter", "night", "occlusion", "crowd", "wind", "time_offset", "compass_bias",
    "dropped_frames", "steep_terrain",
}  # fmt: skip


def run_of(name: str, seed: int = 7100, duration_s: float = 2.0) -> CaseRun:
    (case,) = find_cases(name)
    return CaseRun(case, seed, duration_s)


def test_all_named_difficulties_are_there() -> None:
    assert set(case_names()) >= WANTED
    assert [c.name for c in find_cases("night, plain")] == ["plain", "night"]


def test_a_case_is_written_whole_and_the_same_again(tmp_path: Path) -> None:
    (case,) = find_cases("plain")
    folders = [write_case(case, 7100, 2.0, tmp_path / part) for part in ("a", "b")]
    for name in ("frames.jsonl", "truth.json", "case.json", "area/area.geojson", "area/terrain.tif"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    frames = [json.loads(line) for line in (folders[0] / "frames.jsonl").read_text(encoding="utf-8").splitlines()]
    truth = json.loads((folders[0] / "truth.json").read_text(encoding="utf-8"))
    assert len(frames) == 16
    assert [f["t_utc_us"] for f in frames] == [t["t_utc_us"] for t in truth["frames"]]
    boxes = np.array([b for f in frames for b in f["boxes"]])
    assert len(boxes) > 16
    assert (boxes[:, 0] < boxes[:, 2]).all()
    assert (boxes[:, 1] < boxes[:, 3]).all()
    assert boxes[:, [0, 1]].min() >= 0.0
    assert boxes[:, 2].max() <= 1280.0
    assert boxes[:, 3].max() <= 720.0
    assert ((boxes[:, 4] >= DAY.floor) & (boxes[:, 4] <= 1.0)).all()


def test_cases_of_one_seed_do_not_share_their_sensors_errors() -> None:
    errors = []
    for name in ("plain", "pan"):
        flight = run_of(name).flight
        true, told = flight.true_pose(10.0), flight.reported_pose(10.0)
        errors.append(told.east_m - true.east_m)
    assert errors[0] != errors[1]


def test_reported_poses_are_wrong_by_the_stated_noise() -> None:
    run = run_of("plain")
    noise = run.world.scenario.noise
    # Over ten minutes a slow error shows its whole size.
    off = []
    for t_s in np.arange(0.0, 600.0, 3.0):
        true, told = run.flight.true_pose(t_s), run.flight.reported_pose(t_s)
        turn = (told.azimuth_deg - true.azimuth_deg + 180.0) % 360.0 - 180.0
        off.append((told.east_m - true.east_m, turn, told.elevation_deg - true.elevation_deg))
    east, azimuth, elevation = np.std(off, axis=0)
    angle = np.hypot(noise.attitude_sigma_deg, noise.gimbal_sigma_deg)
    assert 0.6 * noise.gps_sigma_m < east < 1.5 * noise.gps_sigma_m
    assert 0.7 * angle < azimuth < 1.4 * angle
    assert 0.7 * angle < elevation < 1.4 * angle


@pytest.mark.parametrize(("name", "what"), [("compass_bias", 3.0), ("plain", 0.0), ("time_offset", 0.0)])
def test_a_compass_bias_is_there_where_it_is_named(name: str, what: float) -> None:
    flight = run_of(name).flight
    turns = []
    for t_s in np.arange(0.0, 600.0, 5.0):
        turn = flight.reported_pose(t_s).azimuth_deg - flight.true_pose(t_s).azimuth_deg
        turns.append((turn + 180.0) % 360.0 - 180.0)
    assert np.mean(turns) == pytest.approx(what, abs=0.4)


def test_frames_are_lost_where_that_is_named_and_the_cameras_view_still_counts() -> None:
    run = run_of("dropped_frames", duration_s=8.0)
    told = list(run.frames())
    assert 15 < len(told) < 56
    assert run.truth_document()["video"]["frames_sent"] == 64


def test_the_relief_is_steep_where_that_is_named_and_the_told_heights_are_a_little_wrong() -> None:
    plain, steep = (make_world(find_cases(n)[0], 7100) for n in ("plain", "steep_terrain"))
    e, n = np.meshgrid(np.arange(-200.0, 200.0, 20.0), np.arange(-150.0, 150.0, 20.0))
    spread = [np.std(w.terrain.height_amsl_m(e, n)) for w in (plain, steep)]
    assert spread[1] == pytest.approx(3.0 * spread[0])
    run = run_of("plain")
    error = run.told_terrain().height_amsl_m - run.world.terrain_grid().height_amsl_m
    assert 0.7 < float(np.std(error)) < 1.3


def test_the_zoom_narrows_and_widens_the_view() -> None:
    flight = run_of("zoom").flight
    views = [flight.hfov_deg(t) for t in np.arange(0.0, 40.0, 0.5)]
    assert min(views) == pytest.approx(20.0, abs=0.3)
    assert max(views) == pytest.approx(40.0, abs=0.3)


def test_boxes_without_a_picture_are_those_of_the_picture() -> None:
    run = run_of("plain")
    world = run.world
    renderer, spotter = Renderer(world), Spotter(world)
    off, compared = [], 0
    for t_s in (60.0, 75.0, 90.0):
        pose = run.flight.true_pose(t_s)
        _, painted = renderer.render(pose, t_s)
        seen = {v.object_id: v for v in spotter.look(pose, renderer.camera, t_s)}
        for thing in painted:
            if thing.object_id not in seen:
                assert thing.visible_fraction < 0.1
                continue
            compared += 1
            assert np.allclose(thing.xyxy, seen[thing.object_id].xyxy, atol=1e-6)
            off.append(abs(thing.visible_fraction - seen[thing.object_id].visible_fraction))
    assert compared > 15
    assert np.percentile(off, 90) < 0.15


def test_a_tree_in_front_hides(tmp_path: Path) -> None:
    run = run_of("occlusion", duration_s=1.0)
    bare = Spotter(
        run.world, type(run.spotter.trees)(np.zeros((0, 2)), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    )
    pose, camera = run.flight.true_pose(100.0), Pinhole(1280, 720, 40.0)
    wooded = {v.object_id: v.visible_fraction for v in run.spotter.look(pose, camera, 100.0)}
    clear = {v.object_id: v.visible_fraction for v in bare.look(pose, camera, 100.0)}
    assert set(wooded) <= set(clear)
    assert sum(wooded.values()) < sum(clear.values()) - 0.5
    assert all(wooded[i] <= clear[i] + 1e-9 for i in wooded)


def told_of(class_name: str, visible: float, statistics: DetectorStatistics = DAY) -> tuple[np.ndarray, np.ndarray]:
    """Confidences ``(60, 40)`` of 60 objects in 40 frames, 0 where no box was given; and where an animal was seen."""
    detector = StatisticalDetector(statistics, np.random.default_rng(2), 1280, 720)
    confidence, animal = np.zeros((60, 40)), np.zeros((60, 40), dtype=bool)
    for k in range(40):
        for i in range(60):
            x = 15.0 + 20.0 * i
            thing = VisibleObject(i, class_name, (x, 300.0, x + 8.0, 316.0), visible)
            boxes, animals = detector.detect(k / 8.0, [thing], np.zeros((0, 2)))
            near = [b[4] for b in boxes if abs(b[0] - x) < 6.0 and abs(b[3] - 316.0) < 8.0]
            confidence[i, k] = max(near, default=0.0)
            animal[i, k] = bool(animals)
    return confidence, animal


def test_confidence_follows_visibility() -> None:
    whole, half = (np.sort(np.median(told_of("person", visible)[0], axis=1)) for visible in (1.0, 0.5))
    # Rendered frames: half of the persons between .62 and .71, one in ten below .57; half hidden ones about .48.
    assert 0.6 < whole[30] < 0.72
    assert half[30] < whole[30] - 0.12


def test_animals_are_known_in_most_frames_and_persons_are_seldom_taken_for_one() -> None:
    person, as_animal = told_of("person", 1.0)
    # Rendered frames: .8 % of the persons' frames without a box, some of these for an animal; of animals' frames 3 % by day
    # and 40 % at night are told as a person, some animals always and some never.
    assert 0.002 < np.mean(person == 0.0) < 0.025
    assert 0.001 < np.mean(as_animal) < 0.015
    animal, as_animal = told_of("animal", 1.0)
    assert np.mean(animal > 0.0) < 0.1
    assert np.mean(as_animal) > 0.85
    animal, as_animal = told_of("animal", 1.0, NIGHT)
    told = np.mean(animal > 0.0, axis=1)
    assert 0.15 < told.mean() < 0.5
    assert told.min() < 0.05
    assert told.max() > 0.9


def test_a_corner_of_the_path_on_the_line_is_one_crossing() -> None:
    line = np.array([[-10.0, 0.0], [0.0, 0.0], [10.0, 0.0]])

    def passages(*places: tuple[float, float]) -> list[int]:
        path = TimedPath(np.arange(len(places), dtype=np.float64), np.array(places))
        return [to_side for _, _, to_side in line_passages(path, line)]

    assert passages((1, -1), (1, 0), (1, 1)) == [1]
    assert passages((1, -1), (1, 0), (2, -1)) == []
    assert passages((0, -1), (0, 1)) == [1]
    assert passages((1, -1), (1, 0), (1, 0), (1, 1)) == [1]
    assert passages((1, 1), (2, -1), (3, 1)) == [-1, 1]


def test_no_world_counts_a_crossing_twice() -> None:
    world: World = make_world(find_cases("plain")[0], 7000)
    told = [(c.object_id, round(c.t_s, 3)) for c in world.crossings()]
    assert len(told) == len(set(told))


def test_wrong_orders_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--names", "plane"], ["--seeds", "a-b"], ["--seeds", "9-8"], ["--duration-s", "0"]):
        assert main([*words, "--out", str(tmp_path)]) == 2
        assert words[1] in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_pose_looks_at_the_line() -> None:
    pose: ViewPose = run_of("oblique").flight.true_pose(50.0)
    assert -55.0 < pose.elevation_deg < -35.0
