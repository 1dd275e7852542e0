"""Every fault that must not reach an aircraft is found, and named with its place."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from geofences.errors import PlanError
from missions.checks import CheckLimits, check_plan, require_ok
from missions.codec import degrees_e7
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan, RallyPoint
from tests.unit.missions.places import FRAME, area, hills, lat_lon

PLACE = area()
GOOD = plan_border_patrol(PLACE, hills(), PatrolRequest(laps=2))


def waypoint(east, north, height=110.0):
    ((lat, lon),) = lat_lon((east, north))
    return MissionItem(16, 3, x=degrees_e7(lat), y=degrees_e7(lon), z=height)


def polygon(name, *points):
    return FencePolygon(name, lat_lon(*points))


BOX = polygon("box", (0, 0), (1000, 0), (1000, 600), (0, 600))
HOME_LAT, HOME_LON = lat_lon((100, 100))[0]


def plan(*items, fence=None, home=(100, 100), rally=()):
    ((lat, lon),) = lat_lon(home)
    fence = fence or FencePlan((BOX,), (), 150.0, 5.0)
    return Plan("test", lat, lon, 200.0, (MissionItem(22, 3, z=110.0), *items, MissionItem(20, 2)), fence, rally)


def codes(*args, severity="error", **kwargs):
    return {f.code for f in check_plan(*args, **kwargs) if f.severity == severity}


def test_a_good_plan_has_no_errors():
    assert codes(GOOD, PLACE, hills()) == set()
    require_ok(check_plan(GOOD, PLACE, hills()))
    assert codes(plan(waypoint(300, 300))) == set()


def test_a_leg_that_leaves_the_fence_is_named_with_its_place():
    found = check_plan(plan(waypoint(1300, 300), waypoint(200, 200)))
    (finding,) = [f for f in found if f.item_seq == 2 and f.code == "leg_outside"]
    assert finding.severity == "error"
    east, north = FRAME.to_plane(finding.lat_deg, finding.lon_deg)
    assert (east, north) == pytest.approx((1300, 300), abs=2.0)
    assert "300 m" in finding.text


def test_a_leg_across_an_exclusion_between_good_waypoints():
    hole = polygon("hole", (400, 200), (500, 200), (500, 400), (400, 400))
    fence = FencePlan((BOX,), (hole,), 150.0, 5.0)
    assert "leg_outside" in codes(plan(waypoint(200, 300), waypoint(800, 300), waypoint(800, 100), fence=fence))


def test_the_way_out_and_the_way_home_are_legs_too():
    hole = polygon("hole", (400, 50), (500, 50), (500, 590), (400, 590))
    fence = FencePlan((BOX,), (hole,), 150.0, 5.0)
    texts = " ".join(f.text for f in check_plan(plan(waypoint(800, 300), fence=fence)))
    assert "from item 1 to item 2" in texts
    assert "way home from item 2" in texts


def test_too_near_a_fence():
    assert codes(plan(waypoint(300, 597), waypoint(400, 597), waypoint(300, 300))) == {"leg_near_fence"}


def test_home_outside():
    assert "home_outside" in codes(plan(waypoint(300, 300), home=(-50, 100)))


def test_ceilings():
    assert codes(plan(waypoint(300, 300, 160.0))) == {"above_ceiling"}
    assert codes(plan(waypoint(300, 300)), limits=CheckLimits(rtl_alt_m=200.0)) == {"rtl_above_ceiling"}
    assert codes(plan(waypoint(300, 300), rally=(RallyPoint(HOME_LAT, HOME_LON, 160.0),))) == {"rally_above_ceiling"}


def test_an_altitude_above_sea_level_is_turned_into_one_above_home():
    assert codes(plan(replace(waypoint(300, 300, 310.0), frame=0))) == set()
    assert codes(plan(replace(waypoint(300, 300, 360.0), frame=0))) == {"above_ceiling"}


def test_a_rally_point_outside():
    ((lat, lon),) = lat_lon((-20, 50))
    assert codes(plan(waypoint(300, 300), rally=(RallyPoint(lat, lon, 50.0),))) == {"rally_outside"}


def test_ground_that_comes_too_near():
    low = replace(GOOD, items=tuple(replace(i, z=20.0) if i.command == 16 else i for i in GOOD.items))
    assert codes(low, PLACE, hills()) == {"too_low"}
    far = plan(waypoint(300, 300), waypoint(300, 9000), fence=FencePlan(alt_max_rel_home_m=150.0))
    assert "terrain_unknown" in codes(far, terrain=hills())


@pytest.mark.parametrize(
    ("fence", "code"),
    [
        (FencePlan((polygon("a", (0, 0), (10, 0)),)), "too_few_vertices"),
        (FencePlan((polygon("a", (0, 0), (900, 900), (900, 0), (0, 900)),)), "self_intersection"),
        (FencePlan((polygon("a", (0, 0), (0, 0), (900, 0), (900, 900)),)), "duplicate_vertex"),
    ],
)
def test_polygons_that_are_none(fence, code):
    assert codes(plan(waypoint(300, 300), fence=fence)) == {code}


def test_two_boxes_apart_forbid_everything_unless_they_are_a_union():
    west = polygon("west", (0, 0), (400, 0), (400, 600), (0, 600))
    east = polygon("east", (600, 0), (1000, 0), (1000, 600), (600, 600))
    assert codes(plan(waypoint(300, 300), fence=FencePlan((west, east)))) == {"no_room"}
    union = FencePlan((west, east), union_of_inclusions=True)
    assert codes(plan(waypoint(300, 300), fence=union)) == set()
    overlapping = FencePlan((BOX, west))
    warned = codes(plan(waypoint(300, 300), fence=overlapping), severity="warning")
    assert "intersected_inclusions" in warned


def test_a_fence_that_ardupilot_has_no_room_for():
    ring = [(500 + 300 * c, 300 + 250 * s) for c, s in _circle(69)]
    assert codes(plan(waypoint(500, 300), fence=FencePlan((polygon("ring", *ring),)), home=(500, 200))) == set()
    ring = [(500 + 300 * c, 300 + 250 * s) for c, s in _circle(70)]
    fence = FencePlan((polygon("ring", *ring),))
    assert codes(plan(waypoint(500, 300), fence=fence, home=(500, 200))) == {"fence_too_big"}


def _circle(count):
    return [(math.cos(2 * math.pi * k / count), math.sin(2 * math.pi * k / count)) for k in range(count)]


def test_jumps():
    def jump(target, times=1.0):
        return MissionItem(177, 2, float(target), float(times))

    assert codes(plan(waypoint(300, 300), waypoint(300, 400), jump(2))) == set()
    assert codes(plan(waypoint(300, 300), jump(9))) == {"jump_out_of_range"}
    assert codes(plan(waypoint(300, 300), jump(0))) == {"jump_out_of_range"}
    assert codes(plan(waypoint(300, 300), jump(3))) == {"jump_out_of_range"}
    endless = plan(waypoint(300, 300), waypoint(300, 400), jump(2, -1))
    assert "endless_jump" in codes(endless, severity="warning")


def test_the_leg_of_a_jump_is_flown_and_checked():
    hole = polygon("hole", (400, 200), (500, 200), (500, 400), (400, 400))
    fence = FencePlan((BOX,), (hole,))
    round_it = [waypoint(200, 300), waypoint(300, 500), waypoint(600, 500), waypoint(700, 300)]
    back = [waypoint(600, 100), waypoint(300, 100)]
    assert codes(plan(*round_it, *back, fence=fence)) == set()
    jumping = plan(*round_it, MissionItem(177, 2, 2.0, 1.0), *back, fence=fence)
    texts = [f.text for f in check_plan(jumping) if f.severity == "error"]
    assert len(texts) == 1
    assert "jump from item 5 to item 2" in texts[0]


def test_too_many_items_and_an_empty_mission():
    many = plan(*(waypoint(300 + i % 7, 300) for i in range(700)))
    assert "too_many_items" in codes(many)
    assert codes(replace(GOOD, items=()), PLACE) == {"empty_mission"}


def test_a_zone_of_the_area_that_the_fence_lacks():
    bare = replace(GOOD, fence=replace(GOOD.fence, exclusions=()))
    assert "zone_missing" in codes(bare, PLACE)


def test_a_way_to_the_other_side_of_the_border():
    abroad = replace(GOOD, items=(*GOOD.items[:5], waypoint(-300, -60), *GOOD.items[5:]))
    assert "foreign_side" in codes(abroad, PLACE)


def test_a_return_that_a_village_blocks_is_warned_of():
    hole = polygon("hole", (400, 50), (500, 50), (500, 300), (400, 300))
    fence = FencePlan((BOX,), (hole,))
    way = plan(
        waypoint(300, 400), waypoint(600, 400), waypoint(800, 100), waypoint(600, 400), waypoint(300, 400), fence=fence
    )
    assert codes(way) == set()
    (warning,) = [f for f in check_plan(way) if f.code == "rtl_blocked"]
    assert "item 3, 4, 5 " in warning.text


def test_require_ok_lists_what_is_wrong_and_where():
    bad = plan(waypoint(1300, 300), waypoint(300, 300, 400.0))
    with pytest.raises(PlanError) as raised:
        require_ok(check_plan(bad))
    assert "leaves the fence" in str(raised.value)
    assert "ceiling" in str(raised.value)
    assert "49.0" in str(raised.value)
    assert raised.value.exit_code == 3
