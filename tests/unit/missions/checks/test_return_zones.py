"""The straight way home against what no fence of the aircraft holds: zones with heights, obstacles, the border."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.area import Height, Obstacle
from geofences.terrain import TerrainGrid
from missions.checks import CheckLimits, Circumstances, check_plan
from missions.plan import RallyPoint
from tests.unit.missions.checks.test_subjects import COPTER, PLANE, area, lat_lon, plan, waypoint, zone

# Out to the east, north, and back along the north: only the straight way home from the corner passes the middle.
ROUND = plan(waypoint(1000, -800), waypoint(1000, 800), waypoint(-50, 800))
MIDDLE = lat_lon((400, 200), (600, 200), (600, 400), (400, 400))


def told(made, found_in, terrain=None, limits=None, given=None):
    found = check_plan(made, found_in, terrain, limits, given)
    return {f.code: f for f in found if f.code.startswith("rtl_")}


@pytest.mark.parametrize(
    ("floor", "ceiling", "met"),
    [
        (Height(60.0), Height(100.0), True), (Height(90.0), None, False), (None, Height(70.0), False),
        (Height(370.0, "amsl"), None, True), (Height(390.0, "amsl"), None, False),
        # Nobody knows the ground.
        (None, Height(30.0, "ground"), True),
    ],
)  # fmt: skip
def test_an_exclusion_with_heights_on_the_way_home(floor, ceiling, met):
    found = told(ROUND, area(exclusions=(zone(MIDDLE, floor=floor, ceiling=ceiling),)))
    assert ("rtl_zone" in found) == met
    if met:
        assert "'wood'" in found["rtl_zone"].text
        assert found["rtl_zone"].severity == "warning"
        assert found["rtl_zone"].item_seq in (3, 4)


def test_a_copter_returns_no_lower_than_its_rtl_altitude():
    over = area(exclusions=(zone(MIDDLE, floor=Height(100.0), ceiling=Height(140.0)),))
    assert "rtl_zone" not in told(ROUND, over)
    assert "rtl_zone" in told(ROUND, over, limits=CheckLimits(rtl_alt_m=120.0))
    under = area(exclusions=(zone(MIDDLE, ceiling=Height(100.0)),))
    assert "rtl_zone" in told(ROUND, under)
    assert "rtl_zone" not in told(ROUND, under, limits=CheckLimits(rtl_alt_m=120.0))


def test_a_plane_returns_at_its_rtl_altitude_and_needs_room_to_turn():
    beside = lat_lon((400, 420), (600, 620), (380, 640))
    at_100 = area(exclusions=(zone(beside, floor=Height(95.0), ceiling=Height(140.0)),))
    assert "rtl_zone" in told(ROUND, at_100, given=Circumstances(PLANE))
    assert "rtl_zone" not in told(ROUND, at_100, given=Circumstances(COPTER))


def test_terrain_tells_of_heights_above_ground():
    flat = TerrainGrid(np.full((61, 61), 300.0, dtype=np.float32), 49.1, 21.9, 0.2 / 60, 0.2 / 60)
    for ceiling, met in ((70.0, False), (90.0, True)):
        zones = area(exclusions=(zone(MIDDLE, ceiling=Height(ceiling, "ground")),))
        assert ("rtl_zone" in told(ROUND, zones, flat, CheckLimits(min_agl_m=10.0))) == met


def test_a_mast_on_the_way_home():
    ((lat, lon),) = lat_lon((500, 300))
    for top, met in ((60.0, False), (75.0, True), (120.0, True)):
        masts = area(obstacles=(Obstacle("mast", lat, lon, 5.0, Height(top)),))
        assert ("rtl_obstacle" in told(ROUND, masts)) == met


def test_the_way_home_over_a_bend_of_the_border():
    # The patrol goes round a salient of the neighbour's land; the straight line home leads across it.
    bent = ((-5000, 1500), (200, 1500), (450, 100), (550, 100), (800, 1500), (5000, 1500))
    from geofences.area import BorderLine

    border = BorderLine(lat_lon(*bent), "north", "south", "south")
    salient = area(border=border)
    round_it = plan(waypoint(0, 900), waypoint(0, -300), waypoint(1000, -300), waypoint(1200, 900), waypoint(1000, -300),
                    waypoint(0, -300))  # fmt: skip
    found = told(round_it, salient)
    assert "rtl_foreign" in found
    assert "border" in found["rtl_foreign"].text
    ((lat, lon),) = lat_lon((1200, 850))
    near = plan(*round_it.items[1:-1], rally=(RallyPoint(lat, lon, 60.0),))
    assert found["rtl_foreign"].item_seq == 5
    assert "rtl_foreign" not in told(near, salient)
    assert "rtl_foreign" not in told(round_it, area())
