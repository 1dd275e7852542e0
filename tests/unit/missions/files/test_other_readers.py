"""What we write is read by code that is not ours: pymavlink's loaders of the files that MAVProxy and Mission Planner use."""

import math

import pytest

from missions.codec import MissionKind
from missions.files import mission_planner, qgc_plan, waypoints
from missions.mavlink import mavlink2
from tests.unit.missions.files.test_fixtures import DATA

mavwp = pytest.importorskip("pymavlink.mavwp")
MISSION, FENCE, RALLY = MissionKind.MISSION, MissionKind.FENCE, MissionKind.RALLY


def test_waypoints(tmp_path):
    plan = qgc_plan.read(DATA / "qgc_survey.plan")
    (tmp_path / "a.waypoints").write_bytes(waypoints.encode(plan)[0])
    loader = mavwp.MAVWPLoader()
    assert loader.load(str(tmp_path / "a.waypoints")) == len(plan.items[MISSION])
    for ours in plan.items[MISSION]:
        theirs = loader.wp(ours.seq)
        assert (theirs.command, theirs.frame) == (ours.command, ours.frame)
        assert round(theirs.x * 1e7) == ours.x
        assert theirs.z == pytest.approx(ours.z)
        assert theirs.param4 == ours.param4 or (math.isnan(ours.param4) and math.isnan(theirs.param4))


def test_fence_and_rally(tmp_path):
    fence = mission_planner.read_fen(DATA / "mission_planner.fen")
    (tmp_path / "a.fen").write_bytes(mission_planner.encode_fen(fence)[0])
    loader = mavwp.MAVFenceLoader()
    assert loader.load(str(tmp_path / "a.fen")) == 6, "the return point, four corners and the first again"
    assert (loader.point(0).lat, loader.point(0).lng) == (pytest.approx(47.634), pytest.approx(23.39))
    rally = mission_planner.read_ral(DATA / "mission_planner.ral")
    (tmp_path / "a.ral").write_bytes(mission_planner.encode_ral(rally)[0])
    points = mavwp.MAVRallyLoader()
    assert points.load(str(tmp_path / "a.ral")) == 2
    for theirs, ours in zip(points.rally_points, rally.items[RALLY], strict=True):
        # It cuts degrees to whole numbers instead of rounding them.
        assert max(abs(theirs.lat - ours.x), abs(theirs.lng - ours.y)) <= 1
        assert theirs.alt == ours.z


def test_their_files_are_read_by_us(tmp_path):
    loader = mavwp.MAVWPLoader()
    for n, (command, lat) in enumerate(((16, 47.0), (22, 47.1), (16, 47.25))):
        loader.add(mavlink2.MAVLink_mission_item_message(1, 1, n, 3, command, 0, 1, 0.1, 2, 3, 4, lat, 23.5, 40.5))
    loader.save(str(tmp_path / "b.waypoints"))
    items = waypoints.read(tmp_path / "b.waypoints").items[MISSION]
    assert [(i.seq, i.command, i.x, i.y, i.z, i.param1) for i in items] == [
        (0, 16, 470000000, 235000000, 40.5, 0.1),
        (1, 22, 471000000, 235000000, 40.5, 0.1), (2, 16, 472500000, 235000000, 40.5, 0.1),
    ]  # fmt: skip
