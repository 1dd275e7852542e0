"""Every trap of fences that a ground station has fallen into, as the aircraft would show it."""

from dataclasses import replace

import numpy as np
import pytest

from geofences.terrain import TerrainGrid
from groundstation.core.records import VehicleId
from groundstation.vehicle.fence_checks import fence_report
from groundstation.vehicle.fence_state import FenceBits, FenceSight, FenceStatusSeen
from missions.codec import MissionKind, WireItem, items_of
from missions.mavlink import mavlink2 as m
from missions.plan import FencePolygon
from tests.helpers.patrol import around, small_plan

LAT, LON, ALT = 49.0, 20.0, 300.0
ON = FenceBits(True, True, True)
GOOD = {
    "FENCE_ENABLE": 1.0, "FENCE_TYPE": 5.0, "FENCE_ACTION": 1.0, "FENCE_ALT_MAX": 120.0, "FENCE_ALT_MIN": -10.0,
    "FENCE_RADIUS": 300.0, "FENCE_MARGIN": 3.0, "FENCE_OPTIONS": 0.0, "FENCE_AUTOENABLE": 0.0,
}  # fmt: skip


def plan(**changes):
    return replace(small_plan(LAT, LON, ALT), **changes)


def sight(family="copter", items=None, bits=ON, status=None, parameters=None, armed=False):
    held = items_of(plan(), MissionKind.FENCE) if items is None else tuple(items)
    return FenceSight(
        VehicleId(1), family, bits, status, {**GOOD, **(parameters or {})}, held, LAT, LON, ALT, armed
    )  # fmt: skip


def report(of=None, with_plan=None, terrain=None):
    return fence_report(of or sight(), 1, with_plan, terrain)


def codes(of, with_plan=None, terrain=None, state="failed"):
    return {f.id for f in report(of, with_plan, terrain).findings if f.state == state}


def circle(radius_m, inclusion=True, north_m=0.0, seq=0):
    lat, lon = around(LAT, LON, north_m, 0.0)
    return WireItem(
        MissionKind.FENCE, seq, 5003 if inclusion else 5004, 0, radius_m, x=round(lat * 1e7), y=round(lon * 1e7)
    )


def test_a_good_fence_is_in_force_without_a_finding():
    told = report(with_plan=plan())
    assert told.force_of("areas") == "in_force"
    assert told.force_of("ceiling") == "in_force"
    assert told.force_of("home_circle") == "absent"
    assert told.findings == ()


def test_an_area_without_its_type_bit_does_nothing():
    told = report(sight(parameters={"FENCE_TYPE": 1.0}))
    assert told.force_of("areas") == "type_bit_missing"
    assert "value 4" in next(f.remedy for f in told.findings if f.id == "fence_type_areas")


def test_report_only_is_not_called_enabled_although_fence_status_comes():
    told = report(
        sight(bits=FenceBits(True, False, True), status=FenceStatusSeen(False, 0, 0), parameters={"FENCE_ACTION": 0.0})
    )
    assert told.force_of("areas") == told.force_of("ceiling") == "report_only"
    assert "fence_report_only" in {f.id for f in told.findings}


def test_a_fence_that_is_off_is_told_as_off_whatever_was_sent():
    off = sight(bits=FenceBits(True, False, True), parameters={"FENCE_ENABLE": 0.0})
    assert report(off).force_of("areas") == "not_enabled"


def test_a_fence_that_is_enabled_at_arming_says_so_on_the_ground_and_not_in_the_air():
    waiting = sight(bits=FenceBits(True, False, True), parameters={"FENCE_ENABLE": 0.0, "FENCE_AUTOENABLE": 3.0})
    assert report(waiting).force_of("areas") == "on_arming"
    assert report(replace(waiting, armed=True)).force_of("areas") == "not_enabled"
    assert report(replace(waiting, armed=True, bits=ON)).force_of("areas") == "in_force"


def test_a_command_enables_only_until_the_next_restart():
    by_command = sight(parameters={"FENCE_ENABLE": 0.0})
    assert report(by_command).force_of("areas") == "by_command"
    assert "fence_by_command" in codes(by_command, state="warning")


def test_what_was_not_read_is_unknown_never_in_force():
    for missing in ("FENCE_TYPE", "FENCE_ACTION", "FENCE_ENABLE"):
        blind = sight()
        blind = replace(blind, parameters={k: v for k, v in GOOD.items() if k != missing})
        assert report(blind).force_of("areas") == "unknown", missing
        assert any(f.state == "unknown" and missing in f.text for f in report(blind).findings)
    assert report(replace(sight(), bits=None)).force_of("areas") == "unknown"
    assert report(replace(sight(), items=None)).force_of("areas") == "unknown"
    assert report(replace(sight(), family="unknown")).force_of("areas") == "unknown"


def two_boxes(apart_m):
    boxes = []
    for east in (0.0, apart_m):
        corners = [(-100, -100), (-100, 100), (100, 100), (100, -100)]
        boxes.append(FencePolygon(f"box {east}", tuple(around(LAT, LON, n, e + east) for n, e in corners)))
    return tuple(boxes)


def test_two_boxes_without_the_union_bit_forbid_the_whole_sky():
    drawn = plan(fence=replace(plan().fence, inclusions=two_boxes(500.0), exclusions=(), union_of_inclusions=True))
    held = sight(items=items_of(drawn, MissionKind.FENCE))
    (finding,) = [f for f in report(held, drawn).findings if f.id == "fence_intersected"]
    assert finding.state == "failed"
    assert "whole sky" in finding.text
    joined = sight(items=items_of(drawn, MissionKind.FENCE), parameters={"FENCE_OPTIONS": 2.0})
    assert not codes(joined, drawn) & {"fence_intersected", "fence_joined"}


def test_boxes_that_overlap_and_are_meant_as_an_intersection_are_no_fault_but_a_union_of_them_is():
    drawn = plan(fence=replace(plan().fence, inclusions=two_boxes(50.0), exclusions=()))
    held = items_of(drawn, MissionKind.FENCE)
    assert "fence_intersected" not in codes(sight(items=held), drawn)
    assert "fence_joined" in codes(sight(items=held, parameters={"FENCE_OPTIONS": 3.0}), drawn)


def test_two_inclusions_with_unread_options_are_unknown():
    drawn = plan(fence=replace(plan().fence, inclusions=two_boxes(50.0), exclusions=()))
    blind = sight(items=items_of(drawn, MissionKind.FENCE))
    blind = replace(blind, parameters={k: v for k, v in GOOD.items() if k != "FENCE_OPTIONS"})
    assert "fence_union" in codes(blind, drawn, state="unknown")


def test_the_default_circle_and_ceiling_of_a_copter_cut_a_longer_and_higher_plan():
    far = small_plan(LAT, LON, ALT, side_m=400.0)
    far = replace(far, items=tuple(replace(i, z=110.0) for i in far.items))
    fresh = sight(parameters={"FENCE_TYPE": 7.0, "FENCE_ALT_MAX": 100.0}, items=())
    told = {f.id: f for f in report(fresh, far).findings}
    assert told["fence_circle"].state == "failed"
    assert "the default" in told["fence_circle"].text
    assert told["fence_ceiling"].state == "failed"
    assert "100 m above home (the default)" in told["fence_ceiling"].text
    assert "fence_circle" in {f.id for f in report(fresh).findings}, "without a plan it is still told"
    assert "fence_circle" not in {f.id for f in report(sight(), far).findings}, "without its bit it is no fence"


def test_a_rover_has_no_ceiling_whatever_its_type_says():
    told = report(sight(family="rover", parameters={"FENCE_TYPE": 7.0}))
    assert told.force_of("ceiling") == "absent"
    assert told.force_of("home_circle") == "in_force"


@pytest.mark.parametrize(
    ("family", "action", "known"),
    [("plane", 2.0, False), ("plane", 8.0, True), ("copter", 6.0, False), ("rover", 6.0, True)],
)
def test_actions_are_those_of_the_vehicle(family, action, known):
    assert ("fence_action" not in codes(sight(family=family, parameters={"FENCE_ACTION": action}))) is known


def test_the_ceiling_above_home_is_compared_with_the_ground_too():
    hill = TerrainGrid(np.full((20, 20), ALT + 100.0, dtype=np.float32), LAT + 0.01, LON - 0.01, 0.001, 0.001)
    (finding,) = [f for f in report(sight(), plan(), hill).findings if f.id == "fence_ceiling_agl"]
    assert "20 m above the ground" in finding.text
    flat = TerrainGrid(np.full((20, 20), ALT, dtype=np.float32), LAT + 0.01, LON - 0.01, 0.001, 0.001)
    assert not report(sight(), plan(), flat).findings


def test_items_above_terrain_are_brought_to_heights_above_home():
    hill = TerrainGrid(np.full((20, 20), ALT + 60.0, dtype=np.float32), LAT + 0.01, LON - 0.01, 0.001, 0.001)
    following = plan(items=tuple(replace(i, frame=10, z=70.0) for i in plan().items))
    assert "fence_ceiling" in codes(sight(), following, hill)


def test_a_floor_that_the_plan_flies_below():
    assert "fence_floor" in codes(sight(parameters={"FENCE_TYPE": 13.0, "FENCE_ALT_MIN": 50.0}), plan())


def test_the_horizontal_margin_of_its_own_takes_the_place_of_the_other():
    assert sight(parameters={"FENCE_MARGIN_XY": 0.0}).margin_xy_m == 3.0
    assert sight(parameters={"FENCE_MARGIN_XY": 30.0}).margin_xy_m == 30.0


def test_a_margin_wider_than_an_inclusion_circle_keeps_it_on_the_ground():
    assert "fence_margin" in codes(sight(items=[circle(20.0)], parameters={"FENCE_MARGIN_XY": 30.0}))
    assert "fence_margin" in codes(sight(parameters={"FENCE_ALT_MAX": 12.0, "FENCE_ALT_MIN": 5.0, "FENCE_MARGIN": 4.0}))


def test_places_within_the_margin_are_told():
    assert "fence_near" in codes(sight(parameters={"FENCE_MARGIN": 160.0}), plan(), state="warning")


def test_a_plane_flies_further_between_two_looks_than_its_margin():
    fast = sight(family="plane", parameters={"AIRSPEED_CRUISE": 25.0})
    assert "fence_rate" in codes(fast, state="warning")
    old_name = sight(family="plane", parameters={"TRIM_ARSPD_CM": 2500.0})
    assert "fence_rate" in codes(old_name, state="warning")
    assert "fence_rate" not in codes(sight(family="plane", parameters={"AIRSPEED_CRUISE": 8.0}), state="warning")


def many_corners(count):
    angle = np.linspace(0.0, 2.0 * np.pi, count, endpoint=False)
    corners = tuple(around(LAT, LON, 200.0 * float(np.cos(a)), 200.0 * float(np.sin(a))) for a in angle)
    return plan(fence=replace(plan().fence, inclusions=(FencePolygon("round", corners),), exclusions=()))


def test_storage_is_that_of_the_vehicle_and_of_its_card():
    # Seen on a real Copter: 69 corners accepted, 70 refused.
    assert "fence_storage" not in codes(sight(), many_corners(69))
    assert "fence_storage" in codes(sight(), many_corners(70))
    assert "fence_storage" not in codes(sight(family="plane"), many_corners(83))
    assert "fence_storage" in codes(sight(family="plane"), many_corners(84))
    assert "fence_storage" not in codes(sight(parameters={"BRD_SD_FENCE": 8.0}), many_corners(200))


def test_a_fence_of_nothing_but_circles_is_a_fence():
    told = report(sight(items=[circle(400.0)]))
    assert told.force_of("areas") == "in_force"
    assert "1 circle to stay in" in next(f.text for f in told.fences if f.kind == "areas")
    shut_out = sight(items=[circle(50.0, inclusion=False)])
    assert "fence_home" in codes(shut_out), "home lies in the circle to keep out of"


def test_no_area_at_all_is_absent_and_a_fault_when_the_plan_has_one():
    assert report(sight(items=())).force_of("areas") == "absent"
    assert "fence_absent" in codes(sight(items=()), plan())


def test_what_the_aircraft_does_not_check_when_it_takes_a_fence():
    bow_tie = [(-100, -100), (100, 100), (-100, 100), (100, -100)]
    crossed = plan(
        fence=replace(plan().fence, inclusions=(FencePolygon("x", tuple(around(LAT, LON, n, e) for n, e in bow_tie)),))
    )
    assert "fence_shape" in codes(sight(items=items_of(crossed, MissionKind.FENCE)))
    away = [replace(i, x=i.x + 100_000) for i in items_of(plan(), MissionKind.FENCE)]
    assert {"fence_home", "fence_plan"} <= codes(sight(items=away), plan())


def test_the_home_circle_item_that_ardupilot_refuses_and_broken_lists_are_told():
    home = WireItem(MissionKind.FENCE, 0, 5005, 0, 100.0)
    assert "5005" in next(f.text for f in report(sight(items=[home])).findings if f.id == "fence_items")
    broken = items_of(plan(), MissionKind.FENCE)[1:]
    assert "fence_items" in codes(sight(items=broken))
    assert "fence_items" in codes(sight(items=[circle(0.0)]))


def test_a_return_point_outside_matters_to_a_plane_only():
    lat, lon = around(LAT, LON, 900.0, 0.0)
    point = WireItem(MissionKind.FENCE, 9, 5000, 0, x=round(lat * 1e7), y=round(lon * 1e7))
    outside = (*items_of(plan(), MissionKind.FENCE), point)
    assert "fence_return" in codes(sight(family="plane", items=outside))
    assert "fence_return" not in codes(sight(items=outside))


def test_a_breach_names_its_kind_and_a_late_fence_status_does_not_hide_it():
    high = report(sight(bits=FenceBits(True, True, False), status=FenceStatusSeen(True, 1, 2)))
    assert high.force_of("ceiling") == "breached"
    assert high.force_of("areas") == "in_force"
    across = report(
        sight(bits=FenceBits(True, True, False), status=FenceStatusSeen(True, 1, 3), parameters={"FENCE_TYPE": 7.0})
    )
    assert across.force_of("areas") == across.force_of("home_circle") == "breached", "the type does not tell which"
    stale = report(sight(bits=FenceBits(True, True, False), status=FenceStatusSeen(False, 0, 0)))
    assert stale.force_of("areas") == "breached"


def test_old_names_of_a_plane():
    old = sight(family="plane", items=())
    names = {k: v for k, v in GOOD.items() if k not in ("FENCE_ALT_MAX", "FENCE_ALT_MIN")}
    old = replace(old, parameters={**names, "FENCE_TYPE": 5.0, "FENCE_MAXALT": 30.0})
    assert "fence_ceiling" in codes(old, plan())


def test_the_bits_are_read_from_bit_20():
    bits = FenceBits.of(m.MAVLink_sys_status_message(0x100000, 0, 0x100000, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0))
    assert bits == FenceBits(True, False, True)
