"""A breach before it happens: distance to the edge, what braking takes, wind, late telemetry."""

import math

import pytest

from geofences.area import Height, Zone
from groundstation.core.records import FenceState, VehicleId
from groundstation.vehicle.fence_part import FencePart
from groundstation.vehicle.fence_shapes import read_shapes
from groundstation.vehicle.forecast import Limits, Movement, forecast, stopping_m
from groundstation.vehicle.forecast_fences import FenceSet, held_fences
from groundstation.vehicle.parameter_watch import ParameterWatch
from missions.codec import MissionKind, encode, items_of
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender
from tests.helpers.patrol import around, small_plan
from tests.unit.vehicle_safety.states import ALT, LAT, LON, flying
from tests.unit.vehicle_safety.test_fence_state import GOOD, sight

PLAN = small_plan(LAT, LON, ALT)
ITEMS = items_of(PLAN, MissionKind.FENCE)
REGION = FenceSet(held_fences(read_shapes(ITEMS), sight().frame()), sight().frame())
HOW = Movement(decel_m_s2=2.0, climb_decel_m_s2=1.0, reaction_s=1.0)


def at(north_m, east_m, vn=0.0, ve=0.0, vd=0.0, **changes):
    lat, lon = around(LAT, LON, north_m, east_m)
    return flying(lat_deg=lat, lon_deg=lon, velocity_ned_m_s=(vn, ve, vd), **changes)


def ahead(state, age_s=0.0, wind=(0.0, 0.0), family="copter", leg=math.nan, limits=None):
    return forecast(state, age_s, limits or Limits(REGION), family, HOW, wind, leg)


def test_the_time_left_is_the_way_to_the_edge_less_what_braking_takes():
    # 100 m to the edge at 10 m/s: 10 m of reaction and 25 m of braking.
    (breach,) = ahead(at(100.0, 0.0, vn=10.0))
    assert breach.edge == "edge"
    assert breach.distance_m == pytest.approx(100.0, rel=0.02)
    assert breach.time_s == pytest.approx(6.5, abs=0.2)


def test_away_from_the_edge_or_standing_there_is_none_to_come_soon():
    (far,) = ahead(at(190.0, 0.0, vn=-10.0))
    assert far.time_s > 30.0
    assert ahead(at(199.0, 0.0, vn=0.1)) == ()


def test_a_hole_ahead_counts_as_an_edge():
    breach, outer = ahead(at(60.0, 140.0, vn=8.0))
    assert (breach.fence, outer.fence) == ("exclusion polygon at item 4", "inclusion polygon at item 0")
    assert breach.distance_m == pytest.approx(60.0, rel=0.05), "the corner to keep out of begins at 120 m"


def test_late_telemetry_brings_it_forward_and_past_the_edge_it_is_now():
    (late,) = ahead(at(100.0, 0.0, vn=10.0), age_s=3.0)
    assert late.time_s == pytest.approx(3.5, abs=0.2)
    (past,) = ahead(at(195.0, 0.0, vn=10.0), age_s=2.0)
    assert past.time_s == 0.0
    assert past.distance_m < 0.0


def test_wind_from_behind_lengthens_and_from_the_front_does_not_shorten():
    calm = stopping_m(10.0, 0.0, "copter", HOW)
    assert stopping_m(10.0, 5.0, "copter", HOW) == pytest.approx(calm + 5.0 * 5.0)
    assert stopping_m(10.0, -5.0, "copter", HOW) == calm
    assert stopping_m(25.0, 8.0, "plane", HOW) > stopping_m(17.0, 0.0, "plane", HOW)


def test_a_plane_needs_its_turn():
    bank = Movement(bank_deg=45.0, reaction_s=0.0)
    assert stopping_m(20.0, 0.0, "plane", bank) == pytest.approx(400.0 / 9.81, rel=0.01)


def test_an_edge_beyond_the_next_waypoint_is_not_met():
    assert ahead(at(100.0, 0.0, vn=10.0), leg=20.0) == ()
    assert ahead(at(100.0, 0.0, vn=10.0), leg=200.0) != ()


def test_ceiling_and_floor_by_the_climb():
    limits = Limits(None, 60.0, 10.0)
    (top,) = ahead(at(0.0, 0.0, vd=-2.0), limits=limits)
    assert (top.edge, top.distance_m) == ("ceiling", 10.0)
    assert top.time_s == pytest.approx((10.0 - 2.0 - 2.0) / 2.0)
    (bottom,) = ahead(at(0.0, 0.0, vd=5.0), limits=limits)
    assert bottom.edge == "floor"
    assert ahead(at(0.0, 0.0), limits=limits) == ()


SENDER = Sender()


def watched(**parameters):
    watch = ParameterWatch(VehicleId(1), GOOD)
    watch.learn({**GOOD, **parameters})
    part = FencePart(VehicleId(1), "copter", watch)
    part.on_message("a", sys_status(), 0.0)
    return part


def sys_status(enabled=True, healthy=True):
    bit = 0x100000
    return SENDER.decoded(
        m.MAVLink_sys_status_message(bit, bit * enabled, bit * healthy, 0, 24000, 0, 80, 0, 0, 0, 0, 0, 0)
    )


def download(part, items):
    part.on_message("a", SENDER.decoded(m.MAVLink_mission_count_message(255, 190, len(items), 1)), 1.0)
    for item in items:
        part.on_message("a", SENDER.decoded(encode(item, 255, 190)), 1.0)


def step(part, state, now_s):
    part.on_message("a", SENDER.decoded(m.MAVLink_global_position_int_message(0, 0, 0, 0, 0, 0, 0, 0, 0)), now_s)
    part.on_time(state, now_s)
    return {f.key: f for f in part.faults(state, now_s)}


def test_the_part_reads_along_when_the_fence_is_downloaded():
    part = watched()
    part.on_time(flying(), 1.0)
    assert part.report.force_of("areas") == "unknown"
    download(part, ITEMS)
    part.on_time(flying(), 1.1)
    assert part.report.force_of("areas") == "in_force"
    part.on_message("a", SENDER.decoded(m.MAVLink_mission_ack_message(255, 190, 0, 1)), 2.0)
    part.on_time(flying(), 2.1)
    assert part.report.force_of("areas") == "unknown", "somebody has changed it"
    download(part, ())
    part.on_time(flying(), 3.0)
    assert part.report.force_of("areas") == "absent"


def test_the_missions_own_items_are_not_taken_for_the_fence():
    part = watched()
    for item in items_of(PLAN, MissionKind.MISSION):
        part.on_message("a", SENDER.decoded(encode(item, 255, 190)), 1.0)
    assert not part.items_known


def test_the_fault_comes_in_time_and_does_not_flicker():
    part = watched()
    download(part, ITEMS)
    assert not step(part, at(0.0, 0.0, vn=10.0), 1.0)
    near = at(110.0, 0.0, vn=10.0)
    step(part, near, 2.0)
    assert step(part, near, 2.4)["breach_ahead"].severity == "warning"
    assert step(part, at(150.0, 0.0, vn=10.0), 3.0)["breach_ahead"].severity == "critical"
    assert step(part, at(150.0, 0.0), 3.5)["breach_ahead"], "still standing"
    assert step(part, at(150.0, 0.0), 5.6) == {}


def test_a_waypoint_before_the_edge_bounds_a_leg_and_flight_by_velocity_has_none():
    def toward(mode, left_m):
        part = watched()
        download(part, ITEMS)
        part.on_message("a", SENDER.decoded(m.MAVLink_nav_controller_output_message(0, 0, 0, 0, left_m, 0, 0, 0)), 1.0)
        near = at(130.0, 0.0, vn=10.0, mode=mode)
        step(part, near, 1.0)
        return "breach_ahead" in step(part, near, 1.5)

    assert not toward("AUTO", 20)
    assert toward("AUTO", 300)
    assert not toward("GUIDED", 20)
    assert toward("GUIDED", 0), "by velocity: it flies to no place"
    assert toward("LOITER", 20), "what it flies to is left over from another mode"


def test_a_fence_that_does_not_act_is_no_reason_to_brake():
    part = watched(FENCE_ACTION=0.0)
    download(part, ITEMS)
    for now_s in (1.0, 2.0):
        faults = step(part, at(190.0, 0.0, vn=10.0), now_s)
    assert set(faults) == {"fence_verdict"}
    assert "only reports" in faults["fence_verdict"].text


def test_a_breach_that_has_happened_is_left_to_the_aircraft_to_tell():
    part = watched()
    download(part, ITEMS)
    outside = at(230.0, 0.0, vn=10.0, fence=FenceState(True, True, False, True, 1, 3))
    step(part, outside, 1.0)
    assert "breach_ahead" not in step(part, outside, 2.0)
    on_the_ground = at(190.0, 0.0, vn=10.0, armed=False)
    assert step(watched(), on_the_ground, 1.0) == {}


def test_a_zone_that_the_aircraft_cannot_hold_is_told_by_its_name_and_heights():
    part = watched()
    download(part, ITEMS)
    corners = tuple(around(LAT, LON, north, east) for north, east in ((60, -30), (60, 30), (120, 30), (120, -30)))
    part.set_zones((), (Zone("mast", corners, floor=Height(0.0), ceiling=Height(80.0)),))
    near = at(20.0, 0.0, vn=8.0)
    step(part, near, 1.0)
    fault = step(part, near, 1.5)["breach_ahead"]
    assert "the edge of mast, 40 m away" in fault.text or "the edge of mast, 36 m away" in fault.text
    assert "stopping distance" in fault.text
    over = at(20.0, 0.0, vn=8.0, alt_rel_home_m=90.0)
    for now_s in (4.0, 7.0):
        assert "mast" not in str(step(part, over, now_s))


def test_the_plan_gives_its_names_to_the_fences():
    part = watched()
    part.set_plan(PLAN)
    part.set_items(ITEMS)
    step(part, at(60.0, 140.0, vn=8.0), 1.0)
    assert [b.fence for b in part.coming] == [PLAN.fence.exclusions[0].name, PLAN.fence.inclusions[0].name]
