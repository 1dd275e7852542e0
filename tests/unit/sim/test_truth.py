from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.camera import VisibleObject
from sim.truth import TruthRecorder
from sim.world import Crossing, World

START_US = 1_700_000_000_000_000


def _first_on_foot(world: World) -> Crossing:
    """A crossing by somebody who walks straight on at an ordinary pace."""
    paths = {who.object_id: who.path for who in world.inhabitants}
    for crossing in world.crossings():
        path = paths[crossing.object_id]
        speed = np.hypot(*(path.position(crossing.t_s + 1) - path.position(crossing.t_s - 1))) / 2
        waits = (np.diff(path.en_m, axis=0) == 0).all(axis=1).any()
        if crossing.class_name == "person" and 0.9 < speed < 1.8 and not waits:
            return crossing
    raise AssertionError("no walker in this world")


def _film(world: World, crossing: Crossing, first_m: float, last_m: float, hidden_s: float = 0.0) -> dict[str, object]:
    """Show the crosser from ``first_m`` before the line to ``last_m`` behind it, out of sight at the line meanwhile."""
    path = next(who.path for who in world.inhabitants if who.object_id == crossing.object_id)
    recorder = TruthRecorder(world, None, START_US)
    sign = 1.0 if crossing.to_side == "left" else -1.0
    for t_s in np.arange(crossing.t_s - 30, crossing.t_s + 30, 1 / 15):
        place = path.position(float(t_s))
        beyond = float(world.layout.line.signed_distance_m(place[None])[0]) * sign
        seen = -first_m <= beyond <= last_m and abs(t_s - crossing.t_s) >= hidden_s / 2
        fraction = 1.0 if seen else 0.4
        thing = VisibleObject(crossing.object_id, "person", (0, 0, 9, 9), fraction, float(place[0]), float(place[1]))
        recorder.note_frame(float(t_s), [thing])
    found = [c for c in recorder.document()["crossings"] if c["object_id"] == crossing.object_id]
    assert len(found) == 1
    return dict(found[0])


def test_seen_all_the_way_is_in_view(day_world: World) -> None:
    crossing = _first_on_foot(day_world)
    said = _film(day_world, crossing, 12.0, 12.0)
    assert said["in_view"] is True
    assert said["in_picture_at_crossing"] is True
    assert said["seen_before_m"] == pytest.approx(12.0, abs=0.3)
    assert said["seen_after_m"] == pytest.approx(12.0, abs=0.3)
    assert said["t_utc_us"] == START_US + round(crossing.t_s * 1e6)
    assert said["direction"] == crossing.direction
    assert said["class"] == "person"
    there = day_world.to_plane(float(str(said["lat"])), float(str(said["lon"])))
    assert there == pytest.approx((crossing.east_m, crossing.north_m), abs=0.01)


@pytest.mark.parametrize(("first_m", "last_m"), [(6.0, 12.0), (12.0, 6.0), (-1.0, 12.0)])
def test_not_seen_on_eight_metres_of_both_sides_is_not_in_view(day_world: World, first_m: float, last_m: float) -> None:
    said = _film(day_world, _first_on_foot(day_world), first_m, last_m)
    assert said["in_view"] is False
    assert said["in_picture_at_crossing"] is (first_m > 0)


def test_a_short_gap_is_forgiven_and_a_long_one_not(day_world: World) -> None:
    crossing = _first_on_foot(day_world)
    assert _film(day_world, crossing, 12.0, 12.0, hidden_s=0.8)["in_view"] is True
    assert _film(day_world, crossing, 12.0, 12.0, hidden_s=1.4)["in_view"] is False


def test_a_film_that_ends_too_early_leaves_it_out_of_view(day_world: World) -> None:
    crossing = _first_on_foot(day_world)
    recorder = TruthRecorder(day_world, None, START_US)
    thing = VisibleObject(crossing.object_id, "person", (0, 0, 9, 9), 1.0)
    for t_s in np.arange(crossing.t_s - 30, crossing.t_s + 2, 1 / 15):
        recorder.note_frame(float(t_s), [thing])
    found = [c for c in recorder.document()["crossings"] if c["object_id"] == crossing.object_id]
    assert [c["in_view"] for c in found] == [False]
    assert found[0]["in_picture_at_crossing"]


def test_only_what_has_happened_is_written(day_world: World) -> None:
    recorder = TruthRecorder(day_world, None, START_US)
    recorder.note_time(100.0)
    said = recorder.document()["crossings"]
    assert len(said) == sum(c.t_s <= 100.0 for c in day_world.crossings()) > 0
    assert not any(c["in_view"] or c["in_picture_at_crossing"] for c in said)


def test_the_file_grows_while_filming_and_is_whole_at_the_end(day_world: World, tmp_path: Path) -> None:
    path = tmp_path / "out" / "truth.json"
    recorder = TruthRecorder(day_world, path, START_US)
    thing = VisibleObject(1, "person", (0, 0, 9, 9), 1.0, 5.0, 6.0)
    recorder.note_frame(0.0, [thing])
    assert json.loads(path.read_text())["video"]["frames_sent"] == 1
    for frame in range(1, 60):
        recorder.note_frame(frame / 15, [thing])
    assert "tracks" not in json.loads(path.read_text())
    recorder.note_breach(3.5, 49.0, 22.0, "left Patrol area")
    recorder.close()
    recorder.close()
    said = json.loads(path.read_text())
    assert said["scenario"] == "border_day"
    assert said["seed"] == 11
    assert said["video"] == {"codec": "h264", "width": 1280, "height": 720, "frames_sent": 60, "has_klv": True}
    assert [b["what"] for b in said["fence_breaches"]] == ["left Patrol area"]
    assert [t["t_utc_us"] - START_US for t in said["tracks"]] == pytest.approx([0, 1e6, 2e6, 3e6], abs=1e5)
    assert sorted(p.name for p in path.parent.iterdir()) == ["truth.json"]
