"""Exclusions with heights: passed over and under where that is sure, gone round where it is not; long borders."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geofences.area import Area, BorderLine, Height, NamedPoint, Zone
from geofences.errors import PlanError
from geofences.geodesy import LocalFrame
from geofences.shapes import to_lat_lon
from geofences.terrain import TerrainGrid
from missions.checks import check_plan
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol

FRAME = LocalFrame(49.0, 22.0)
ACROSS = ((-100.0, -50.0), (100.0, -50.0), (100.0, 700.0), (-100.0, 700.0))


def places(*points):
    return to_lat_lon(np.array(points, dtype=float), FRAME)


def area(**zone):
    border = BorderLine(places((-800, 0), (800, 0)), "ours", "theirs", "ours")
    room = Zone("room", places((-800, -5), (800, -5), (800, 700), (-800, 700)))
    home = NamedPoint("post", *places((500, 300))[0])
    return Area(border, (room,), (Zone("band", places(*ACROSS), **zone),), home, (home,))


def errors(plan, *more):
    return [f for f in check_plan(plan, *more) if f.severity == "error"]


def flown(**zone):
    made = area(**zone)
    plan = plan_border_patrol(made, None, PatrolRequest(height_agl_m=100.0))
    assert not errors(plan, made)
    east = FRAME.to_plane([i.x / 1e7 for i in plan.items if i.x], [i.y / 1e7 for i in plan.items if i.x])[:, 0]
    return plan, east


@pytest.mark.parametrize("zone", [{"floor": Height(150.0)}, {"ceiling": Height(60.0)}, {"ceiling": Height(95.0)}])
def test_what_lies_above_or_below_the_flight_is_passed(zone):
    plan, east = flown(**zone)
    assert east.min() < -600.0
    assert east.max() > 600.0
    # The aircraft's fence has no heights: it would turn back there.
    assert not plan.fence.exclusions


@pytest.mark.parametrize(
    "zone",
    [
        {}, {"floor": Height(90.0)}, {"ceiling": Height(101.0)}, {"floor": Height(500.0, "amsl")},
        {"ceiling": Height(60.0, "ground")},
    ],
)  # fmt: skip
def test_what_may_be_met_is_not_passed(zone):
    with pytest.raises(PlanError, match="no way along the border"):
        flown(**zone)


def test_a_low_zone_round_home_or_a_rally_point_is_not_passed():
    made = area(ceiling=Height(60.0))
    inside = NamedPoint("in", *places((0, 300))[0])
    with pytest.raises(PlanError, match="launch point"):
        plan_border_patrol(replace(made, launch=inside, launches=(inside,)), None, PatrolRequest())
    rally = replace(made, rally=(NamedPoint("r", *places((0, 300))[0]),))
    with pytest.raises(PlanError, match="no way along"):
        plan_border_patrol(rally, None, PatrolRequest())


def test_over_terrain_the_highest_and_lowest_ground_count():
    def hill(top):
        heights = np.full((201, 201), 300.0, dtype=np.float32)
        heights[90:112, 95:106] = top
        return TerrainGrid(heights, 49.03, 21.97, 0.06 / 200, 0.06 / 200)

    made = area(floor=Height(500.0, "amsl"))
    plan = plan_border_patrol(made, hill(330.0), PatrolRequest(height_agl_m=100.0))
    assert not [f for f in errors(plan, made, hill(330.0)) if f.code == "zone_entered"]
    with pytest.raises(PlanError, match="no way along"):
        plan_border_patrol(made, hill(400.0), PatrolRequest(height_agl_m=100.0))


def test_the_end_of_a_border_of_120_km_can_be_patrolled():
    border = BorderLine(places((-60_000, 0), (60_000, 0)), "ours", "theirs", "ours")
    room = Zone("room", places((-60_000, -5), (-57_000, -5), (-57_000, 700), (-60_000, 700)))
    home = NamedPoint("post", *places((-58_500, 300))[0])
    plan = plan_border_patrol(Area(border, (room,), (), home, (home,)), None, PatrolRequest())
    assert len(plan.items) > 10
