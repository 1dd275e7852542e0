"""What a format can hold comes back exactly; what it cannot hold is told."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from geofences.errors import PlanError
from missions.codec import WireItem
from missions.files import mission_planner, qgc_plan, waypoints
from missions.files.fence_parts import FencePart, fence_of, parts_of
from missions.files.formats import FORMATS, as_plan, encode_plan
from missions.places import has_place
from missions.plan_file import PlanFile
from tests.unit.missions.files.plans import FENCE, MISSION, RALLY, lists, parts, plans, rows

BY_SUFFIX = {suffix: f for f in FORMATS for suffix in f.suffixes}
EXAMPLES = int(os.environ.get("MARCHWARDEN_FILE_EXAMPLES", "15"))
# More examples are given more time.
pytestmark = pytest.mark.timeout(300 + EXAMPLES)
few = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
always, never = st.just(True), st.just(False)


def there_and_back(plan, suffix):
    f = BY_SUFFIX[suffix]
    raw, not_carried = f.encode(plan)
    again, left_out = as_plan(f.decode(raw, f"file{suffix}"), f"file{suffix}")
    assert left_out == []
    assert f.encode(again)[0] == raw, "and writes the same bytes"
    return again, not_carried


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".kmz"])
@few
@given(data=st.data())
def test_maps_hold_a_whole_plan_exactly(suffix, data):
    plan = data.draw(plans())
    assume(any(plan.items.values()))
    again, not_carried = there_and_back(plan, suffix)
    assert not_carried == []
    assert lists(again) == lists(plan)
    assert again.home == plan.home
    assert (again.cruise_speed_m_s, again.hover_speed_m_s) == (12.5, 4.25)


@few
@given(data=st.data())
def test_a_plan_file_holds_all_but_the_order_of_the_fence(data):
    plan = data.draw(plans(rally_frames=(3,)))
    fence = parts_of(plan.items[FENCE])
    assume(sum(p.kind == "return" for p in fence) <= 1)
    again, not_carried = there_and_back(plan, ".plan")
    assert not_carried == []
    order = {"polygon": 0, "circle": 1, "return": 2}
    assert parts_of(again.items[FENCE]) == tuple(sorted(fence, key=lambda p: order[p.kind]))
    assert rows(again.items[RALLY]) == rows(plan.items[RALLY])
    assert again.home == plan.home
    # "current" is not a thing of the file, and the frame of numbers that are no place is that of a mission command.
    meant = [
        replace(i, current=0, frame=i.frame if has_place(i.command) or i.x == i.y == 0 else 2)
        for i in plan.items[MISSION]
    ]
    assert rows(again.items[MISSION]) == rows(meant)


@few
@given(data=st.data())
def test_waypoints_hold_a_mission_exactly(data):
    plan = data.draw(plans(always))
    raw, not_carried = waypoints.encode(plan)
    again = waypoints.decode(raw, "a.waypoints")
    assert rows(again.items[MISSION]) == rows(plan.items[MISSION])
    assert again.home == plan.home
    assert again.items[FENCE] == again.items[RALLY] == ()
    assert bool(plan.items[FENCE]) == any("fence" in line for line in not_carried)
    assert bool(plan.items[RALLY]) == any("rally" in line for line in not_carried)


@few
@given(data=st.data())
def test_waypoints_hold_a_fence_or_rally_points_where_there_is_no_mission(data):
    plan = data.draw(plans(never))
    chosen = FENCE if plan.items[FENCE] else RALLY
    assume(plan.items[chosen])
    raw, not_carried = waypoints.encode(plan)
    again = waypoints.decode(raw, "a.waypoints")
    assert rows(again.items[chosen]) == rows(plan.items[chosen])
    assert again.home == plan.home, "they have a home line too"
    assert len(not_carried) == (chosen is FENCE and bool(plan.items[RALLY]))


@few
@given(st.lists(parts, min_size=1, max_size=4))
def test_a_fen_holds_one_polygon_and_the_return_point(fence):
    assume(any(p.kind == "polygon" and p.inclusion for p in fence))
    again, _ = mission_planner.decode_fen(mission_planner.encode_fen(PlanFile({FENCE: fence_of(fence)}))[0], "a.fen"), 0
    polygon = next(p for p in fence if p.kind == "polygon" and p.inclusion)
    back = next((p for p in fence if p.kind == "return"), None)
    found = parts_of(again.items[FENCE])
    assert found[0].points_e7 == polygon.points_e7
    if back:
        assert found[1].points_e7 == back.points_e7


@few
@given(data=st.data())
def test_a_ral_holds_rally_points_above_home(data):
    plan = data.draw(plans(never, rally_frames=(3,)))
    assume(plan.items[RALLY])
    raw, _ = mission_planner.encode_ral(plan)
    assert rows(mission_planner.decode_ral(raw, "a.ral").items[RALLY]) == rows(plan.items[RALLY])


def test_what_cannot_be_carried_is_counted():
    inside = FencePart("polygon", ((0, 0), (0, 10), (10, 10)), True)
    outside = replace(inside, inclusion=False)
    fence = fence_of(
        [inside, outside, outside, FencePart("return", ((5, 5),), z=30.0), FencePart("circle", ((5, 5),), True, 9.0)]
    )
    rally = (WireItem(RALLY, 0, 5100, 0, x=1, y=2, z=300.0), WireItem(RALLY, 1, 5100, 3, x=1, y=2, z=30.0))
    mission = tuple(WireItem(MISSION, n, 16, 3, x=n, y=n, z=20.0) for n in range(3))
    plan = PlanFile({MISSION: mission, FENCE: fence, RALLY: rally})
    told = {suffix: " / ".join(BY_SUFFIX[suffix].encode(plan)[1]) for suffix in (".plan", ".waypoints", ".fen", ".ral")}
    assert "1 rally point left out: a .plan file has rally heights above home only" in told[".plan"]
    assert (
        "1 inclusion polygon, 2 exclusion polygons, 1 return point, 1 inclusion circle left out" in told[".waypoints"]
    )
    assert "2 points left out" in told[".waypoints"]
    assert "2 exclusion polygons, 1 inclusion circle left out" in told[".fen"]
    assert "height of 30 m" in told[".fen"]
    assert "2 items left out" in told[".fen"]
    assert "1 rally point left out" in told[".ral"]
    two = fence_of([FencePart("return", ((n, n),)) for n in (1, 2)])
    assert "1 return point left out: a .plan file has one" in qgc_plan.encode(PlanFile({FENCE: two}))[1]
    grouped = [replace(i, param2=3.0) for i in fence_of([inside])]
    assert any("group" in line for line in qgc_plan.encode(PlanFile({FENCE: tuple(grouped)}))[1])


def test_the_bytes_are_what_the_other_programs_read():
    home = WireItem(MISSION, 0, 16, 0, x=-338688197, y=1512092955, z=40.1)
    takeoff = WireItem(MISSION, 1, 22, 3, param4=float("nan"), x=1, y=-1, z=0.1)
    plan = PlanFile({MISSION: (home, takeoff)})
    lines = waypoints.encode(plan)[0].decode().split("\n")
    assert lines[:2] == ["QGC WPL 110", "0\t0\t0\t16\t0\t0\t0\t0\t-33.8688197\t151.2092955\t40.1\t1"]
    assert lines[2] == "1\t0\t3\t22\t0\t0\t0\tNaN\t0.0000001\t-0.0000001\t0.1\t1"
    document = json.loads(qgc_plan.encode(plan)[0])
    assert document["mission"]["items"][0]["params"][3] is None
    assert document["mission"]["plannedHomePosition"] == [-33.8688197, 151.2092955, 40.1]


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".plan", ".waypoints"])
def test_heights_that_no_map_could_draw(suffix):
    items = tuple(WireItem(MISSION, n, 16, 3, x=1, y=1, z=z) for n, z in enumerate((0.0, 3e38, -1e30)))
    plan = PlanFile({MISSION: (replace(items[0], frame=0), *items[1:]), FENCE: (), RALLY: ()}, (1e-7, 1e-7, 0.0))
    assert rows(there_and_back(plan, suffix)[0].items[MISSION]) == rows(plan.items[MISSION])
    with pytest.raises(PlanError, match="item 1 has a number without an end"):
        encode_plan(PlanFile({MISSION: (items[0], replace(items[1], z=float("inf")))}), Path(f"a{suffix}"))
