"""The border patrol: on its own side, inside its fences, at its height, with the camera on the line."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.shapes import FlyRoom
from missions.checks import check_plan
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
from tests.unit.missions.places import FRAME, area, hills


def stops(plan):
    """East, north and height above home of the items with a place."""
    placed = [i for i in plan.items if i.command in (16, 22)]
    return FRAME.to_plane([i.x / 1e7 for i in placed], [i.y / 1e7 for i in placed]), np.array([i.z for i in placed])


def room(place):
    return FlyRoom([z.points for z in place.inclusions], [z.points for z in place.exclusions], FRAME)


def patrol_legs(plan):
    """(start, end, gimbal item in force) between the first patrol waypoint and the jump or the way home."""
    legs, look, last = [], None, None
    for item in plan.items:
        if item.command == 1000:
            look = item
        elif item.command == 16:
            here = FRAME.to_plane(item.x / 1e7, item.y / 1e7)
            if last is not None:
                legs.append((last, here, look))
            last = here
    return legs


@pytest.mark.parametrize("terrain", [None, hills()], ids=["level", "hills"])
def test_the_whole_way_keeps_its_distance_from_every_edge(terrain):
    place = area()
    plan = plan_border_patrol(place, terrain, PatrolRequest(laps=3))
    way, _ = stops(plan)
    assert room(place).path_margin_m(way) >= 19.0
    assert np.abs(way[0] - way[-1]).max() < 0.1, "it ends over the launch point"
    assert [f for f in check_plan(plan, place, terrain) if f.severity == "error"] == []


def test_it_flies_along_the_line_at_the_distance_asked_for():
    place = area(exclusions=())
    plan = plan_border_patrol(place, None, PatrolRequest())
    border = BorderGeometry.from_line(place.border, FRAME)
    way, _ = stops(plan)
    distance = border.locate(way[2:-2]).signed_distance_m
    assert distance == pytest.approx(np.full(len(distance), 75.0), abs=3.0)


def test_the_other_side_is_flown_when_it_is_ours():
    south = ((-700, -15), (-200, -15), (300, 65), (800, 65), (800, -300), (-700, -300))
    place = area(exclusions=(), own="Belmark", inclusion=south, launch=(-300, -200))
    plan = plan_border_patrol(place, None, PatrolRequest())
    way, _ = stops(plan)
    assert (BorderGeometry.from_line(place.border, FRAME).locate(way).signed_distance_m < -15.0).all()


def test_take_off_first_speed_next_return_last():
    plan = plan_border_patrol(area(), None, PatrolRequest(speed_m_s=5.0, laps=4))
    commands = [i.command for i in plan.items]
    assert commands[0] == 22
    assert commands[-1] == 20
    speed = plan.items[commands.index(178)]
    assert (speed.param1, speed.param2) == (1.0, 5.0)
    (jump,) = [i for i in plan.items if i.command == 177]
    assert jump.param2 == 3.0
    assert plan.items[int(jump.param1) - 1].command == 16
    assert commands.index(178) < int(jump.param1) - 1


def test_one_lap_needs_no_jump():
    assert 177 not in [i.command for i in plan_border_patrol(area(), None, PatrolRequest(laps=1)).items]


def test_the_boresight_meets_the_line_at_right_angles():
    place = area(exclusions=())
    plan = plan_border_patrol(place, None, PatrolRequest())
    border = BorderGeometry.from_line(place.border, FRAME)
    checked = 0
    for start, end, look in patrol_legs(plan):
        middle = 0.5 * (start + end)
        fix = border.locate(middle)
        if abs(fix.signed_distance_m - 75.0) > 3.0:
            continue  # on the way out or home
        azimuth, depression = math.radians(look.param2), math.radians(-look.param1)
        hit = middle + 110.0 / math.tan(depression) * np.array([math.sin(azimuth), math.cos(azimuth)])
        assert abs(float(border.locate(hit).signed_distance_m)) < 3.0
        assert np.hypot(*(hit - fix.nearest_en_m)) < 8.0
        checked += 1
    assert checked >= 8


def test_gimbal_items_are_what_ardupilot_stores():
    for item in plan_border_patrol(area(), hills(), PatrolRequest()).items:
        if item.command == 1000:
            assert (item.param1, item.param2) == (round(item.param1), round(item.param2))
            assert -90 <= item.param1 < 0
            assert -180 <= item.param2 <= 180
            assert (item.param3, item.param4, item.x, item.z) == (0.0, 0.0, 16, 0.0)


def test_heights_follow_the_ground():
    terrain = hills()
    plan = plan_border_patrol(area(), terrain, PatrolRequest())
    way, height = stops(plan)
    for k in range(1, len(way) - 1):
        share = np.linspace(0, 1, 20)[:, None]
        lat, lon = FRAME.from_plane(way[k] + share * (way[k + 1] - way[k]))
        agl = height[k] + share[:, 0] * (height[k + 1] - height[k]) + plan.home_alt_amsl_m - terrain.height(lat, lon)
        assert agl == pytest.approx(np.full(20, 110.0), abs=6.0)
    assert plan.fence.alt_max_rel_home_m >= height.max() + 10.0


def test_a_stretch_is_kept():
    place = area(exclusions=())
    border = BorderGeometry.from_line(place.border, FRAME)
    plan = plan_border_patrol(place, None, PatrolRequest(stretch_m=(800.0, 1300.0)))
    along = border.locate(stops(plan)[0]).along_m
    near = np.abs(border.locate(stops(plan)[0]).signed_distance_m - 75.0) < 3.0
    assert along[near].min() == pytest.approx(800.0, abs=15.0)
    assert along[near].max() == pytest.approx(1300.0, abs=15.0)


@settings(max_examples=12, deadline=None)
@given(st.floats(-400, 500), st.floats(40, 180), st.floats(40, 200), st.floats(50, 120), st.floats(50, 100))
def test_any_village_is_gone_round_or_refused(east, north, width, depth, standoff_m):
    box = ((east, north), (east + width, north), (east + width, north + depth), (east, north + depth))
    place = area(exclusions=(box,))
    try:
        plan = plan_border_patrol(place, None, PatrolRequest(standoff_m=standoff_m))
    except PlanError:
        return
    assert room(place).path_margin_m(stops(plan)[0]) >= 5.0
    assert [f for f in check_plan(plan, place) if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("place", "request_", "says"),
    [
        (area(), PatrolRequest(standoff_m=600.0), "nothing of the border"),
        (area(), PatrolRequest(speed_m_s=-1.0), "speed"),
        (area(), PatrolRequest(laps=0), "laps"),
        (area(launch=(-300, 900)), PatrolRequest(), "launch"),
        (area(launch=(150, 150)), PatrolRequest(), "launch"),
        (area(exclusions=(((0, 60), (100, 200), (100, 60), (0, 200)),)), PatrolRequest(), "cross each other"),
        (area(exclusions=(((100, -500), (150, -500), (150, 900), (100, 900)),)), PatrolRequest(), "no way"),
    ],
)
def test_what_cannot_be_flown_is_refused_with_a_reason(place, request_, says):
    with pytest.raises(PlanError, match=says) as raised:
        plan_border_patrol(place, None, request_)
    assert raised.value.remedy


def test_unknown_terrain_is_refused():
    small = hills()
    cut = type(small)(
        small.height_amsl_m[:, :90], small.north_deg, small.west_deg, small.step_lat_deg, small.step_lon_deg
    )
    with pytest.raises(PlanError, match="terrain"):
        plan_border_patrol(area(), cut, PatrolRequest())
