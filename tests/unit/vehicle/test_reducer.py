"""Messages to state: units, filters, and what the messages do not say."""

import math
from dataclasses import replace

import pytest

from groundstation.core.records import VehicleId, VehicleState
from groundstation.vehicle.faults import FaultLimits, judged, standing_faults
from groundstation.vehicle.modes import family, mode_name, mode_number
from groundstation.vehicle.reducer import reduce
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender, heartbeat

NEW = VehicleState(VehicleId(1, 1), 0, 0)


def _after(*messages, state=NEW, sender=None):
    sender = sender or Sender()
    for message in messages:
        state = reduce(state, sender.decoded(message), 5, 6)
    return state


def _sys_status(present, enabled, health, battery=50):
    return m.MAVLink_sys_status_message(present, enabled, health, 0, 12_300, 100, battery, 0, 0, 0, 0, 0, 0)


FENCE = 0x100000


def test_heartbeat():
    state = _after(heartbeat(custom_mode=3, armed=True))
    assert (state.mode, state.armed, state.autopilot, state.vehicle_type) == ("AUTO", True, "ArduPilot", "quadrotor")
    assert state.link_alive
    assert (state.t_mono_ns, state.t_utc_us) == (5, 6)


@pytest.mark.parametrize("sender", [Sender(2, 1), Sender(1, 154)])
def test_other_systems_and_components_say_nothing_about_this_one(sender):
    assert _after(heartbeat(custom_mode=3), sender=sender) is NEW


def test_messages_without_state_leave_the_very_same_state():
    assert _after(m.MAVLink_timesync_message(1, 2)) is NEW


def test_position_in_its_units():
    state = _after(m.MAVLink_global_position_int_message(1000, 490000001, -200000002, 300_500, 20_250, 150, -50, 25, 0))
    assert (state.lat_deg, state.lon_deg) == pytest.approx((49.0000001, -20.0000002), abs=1e-9)
    assert (state.alt_amsl_m, state.alt_rel_home_m) == (300.5, 20.25)
    assert state.velocity_ned_m_s == (1.5, -0.5, 0.25)
    assert state.speed_m_s == pytest.approx(math.hypot(1.5, 0.5))


def test_the_zero_position_before_a_fix_is_no_position():
    assert math.isnan(_after(m.MAVLink_global_position_int_message(1, 0, 0, 0, 0, 0, 0, 0, 0)).lat_deg)


@pytest.mark.parametrize(
    ("bits", "enabled", "breached"),
    [((FENCE, FENCE, FENCE), True, False), ((FENCE, FENCE, 0), True, True), ((FENCE, 0, 0), False, False)],
)
def test_the_fence_is_what_the_aircraft_says(bits, enabled, breached):
    fence = _after(_sys_status(*bits)).fence
    assert fence.present
    assert (fence.enabled, fence.breached) == (enabled, breached)


def test_a_breach_is_told_with_its_kind_and_ends():
    breach = m.MAVLink_fence_status_message(1, 4, 3, 1000, 0)
    state = _after(_sys_status(FENCE, FENCE, FENCE), breach)
    assert (state.fence.breached, state.fence.breach_count, state.fence.breach_type) == (True, 4, 3)
    assert any(f.key == "fence_breached" and "boundary" in f.text for f in standing_faults(state, FaultLimits()))
    over = _after(_sys_status(FENCE, FENCE, FENCE), state=state)
    assert not over.fence.breached
    assert over.fence.breach_count == 4


def test_a_breach_of_a_fence_that_only_reports_stands_until_it_is_over():
    breach = m.MAVLink_fence_status_message(1, 1, 3, 1000, 0)
    state = _after(_sys_status(FENCE, 0, 0), breach, _sys_status(FENCE, 0, 0))
    assert state.fence.breached, "it does not come and go with every message"
    assert state.fence.breach_type == 3
    assert not _after(_sys_status(FENCE, 0, FENCE), state=state).fence.breached


def test_unknown_battery_values_do_not_overwrite_known_ones():
    state = _after(_sys_status(0, 0, 0, 47))
    assert (state.battery_percent, state.battery_v) == (47.0, pytest.approx(12.3))
    assert _after(_sys_status(0, 0, 0, -1), state=state).battery_percent == 47.0


def test_battery_cells_are_added_and_other_batteries_ignored():
    cells = [4100, 4000] + [65_535] * 8
    message = m.MAVLink_battery_status_message(0, 0, 0, 0, cells, 0, 0, 0, 61)
    assert _after(message).battery_v == pytest.approx(8.1)
    other = m.MAVLink_battery_status_message(1, 0, 0, 0, cells, 0, 0, 0, 61)
    assert _after(other) == replace(NEW, t_mono_ns=5, t_utc_us=6)


def test_mission_progress():
    state = _after(m.MAVLink_mission_current_message(4, 9, 3, 1))
    assert (state.mission_seq, state.mission_total, state.mission_state) == (4, 9, "active")
    assert _after(m.MAVLink_mission_current_message(0, 65_535, 1)).mission_total == 0


@pytest.mark.parametrize(("flags", "ok"), [(831, True), (831 & ~0x10, False), (831 | 0x80, False), (0x10, False)])
def test_position_ok_needs_the_whole_estimate(flags, ok):
    assert _after(m.MAVLink_ekf_status_report_message(flags, 0, 0, 0, 0, 0)).position_ok is ok


def _gimbal(q, flags=0x20 | 0x0C):
    return m.MAVLink_gimbal_device_attitude_status_message(0, 0, 1000, flags, q, 0, 0, 0, 0)


def _quaternion(roll_deg, pitch_deg, yaw_deg):
    r, p, y = (math.radians(a) / 2 for a in (roll_deg, pitch_deg, yaw_deg))
    cr, sr, cp, sp, cy, sy = math.cos(r), math.sin(r), math.cos(p), math.sin(p), math.cos(y), math.sin(y)
    return [
        cr * cp * cy + sr * sp * sy,
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
    ]


def test_gimbal_yaw_is_in_the_vehicle_frame():
    attitude = m.MAVLink_attitude_message(1000, 0.1, 0.2, math.radians(170), 0, 0, 0)
    state = _after(attitude, _gimbal(_quaternion(2, -40, 30)))
    assert state.gimbal_azimuth_deg == pytest.approx(-160, abs=1e-3)
    assert state.gimbal_elevation_deg == pytest.approx(-40, abs=1e-3)
    assert state.gimbal_roll_deg == pytest.approx(2, abs=1e-3)
    earth = _after(attitude, _gimbal(_quaternion(0, -40, 30), flags=0x40))
    assert earth.gimbal_azimuth_deg == pytest.approx(30, abs=1e-3)


def test_a_gimbal_that_looks_straight_down_keeps_its_azimuth():
    attitude = m.MAVLink_attitude_message(1000, 0, 0, 0, 0, 0, 0)
    state = _after(attitude, _gimbal(_quaternion(0, -90, 75)))
    assert state.gimbal_elevation_deg == pytest.approx(-90, abs=0.05)
    assert state.gimbal_azimuth_deg == pytest.approx(75, abs=0.1)


def test_a_gimbal_without_an_attitude_says_nothing():
    assert math.isnan(_after(_gimbal([0.0] * 4)).gimbal_azimuth_deg)


@pytest.mark.parametrize(
    ("version", "text"),
    [(0x04080000, "4.8.0-dev"), (0x040602FF, "4.6.2"), (0x040700C0, "4.7.0-rc")],
)
def test_firmware(version, text):
    message = m.MAVLink_autopilot_version_message(0, version, 0, 0, 0, [0] * 8, [0] * 8, [0] * 8, 0, 0, 0, [0] * 18)
    assert _after(message).firmware == text


def test_modes_by_vehicle():
    assert (mode_name(2, 17), mode_name(1, 11), mode_name(10, 11)) == ("BRAKE", "RTL", "RTL")
    assert mode_name(2, 99) == "MODE 99"
    assert mode_number(family(2), "GUIDED") == 4
    assert mode_number(family(1), "BRAKE") is None


def _fault_keys(state):
    return {f.key for f in standing_faults(state, FaultLimits())}


def test_faults_stand_while_their_cause_does():
    fine = replace(NEW, link_alive=True, position_ok=True, battery_percent=80.0)
    assert _fault_keys(fine) == set()
    assert _fault_keys(replace(fine, armed=True)) == {"fence_disabled"}
    assert _fault_keys(replace(fine, battery_percent=25.0)) == {"battery"}
    assert _fault_keys(replace(fine, link_alive=False)) == {"link_lost"}
    assert _fault_keys(replace(fine, position_ok=False)) == {"position"}
    suppressed = standing_faults(fine, FaultLimits(), heartbeat_suppressed=True)
    assert [f.severity for f in suppressed] == ["critical"]
    assert all(f.remedy for f in suppressed)


def test_the_link_is_lost_after_five_seconds():
    state = replace(NEW, link_alive=True, position_ok=True)
    assert judged(state, 5_000_000_000, 0, FaultLimits()).link_alive
    lost = judged(state, 5_100_000_000, 0, FaultLimits())
    assert not lost.link_alive
    assert lost.heartbeat_age_s == pytest.approx(5.1)
    assert "link_lost" in {f.key for f in lost.faults}
