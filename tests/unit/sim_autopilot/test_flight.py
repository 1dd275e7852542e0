"""Arming, modes, missions, flown in simulated time."""

from __future__ import annotations

import math
from typing import Any

import pytest

from missions.mavlink import mavlink2 as m
from tests.unit.sim_autopilot.bench import GROUND_M, Bench, item, offset

ARM, TAKEOFF, MODE = m.MAV_CMD_COMPONENT_ARM_DISARM, m.MAV_CMD_NAV_TAKEOFF, m.MAV_CMD_DO_SET_MODE
WP = m.MAV_CMD_NAV_WAYPOINT
OK, DENIED, FAILED, UNSUPPORTED = 0, m.MAV_RESULT_DENIED, m.MAV_RESULT_FAILED, m.MAV_RESULT_UNSUPPORTED
GUIDED, AUTO, LOITER, RTL, BRAKE, SMART_RTL = 4, 3, 5, 6, 17, 21


def _place(bench: Bench) -> tuple[float, float]:
    truth = bench.autopilot.truth()
    return bench.autopilot.grid.to_grid(truth.lat_deg, truth.lon_deg)


def _near(bench: Bench, east_m: float, north_m: float, within_m: float = 3.0) -> bool:
    return math.dist(_place(bench), (east_m, north_m)) < within_m


def _reached(bench: Bench) -> list[int]:
    return [msg.seq for _, _, msg in bench.heard if msg.get_type() == "MISSION_ITEM_REACHED"]


# Arming and modes.


def test_no_arming_before_there_is_a_position_then_yes() -> None:
    bench = Bench()
    bench.run(1.0)
    assert bench.command(ARM, 1) == FAILED
    assert any(text.startswith("Arm: ") for text in bench.texts())
    bench.run(2.0)
    assert bench.command(MODE, 1, GUIDED) == OK
    assert bench.command(ARM, 1) == OK
    bench.run(0.1)
    assert bench.autopilot.truth().armed


@pytest.mark.parametrize("mode", [AUTO, RTL, BRAKE])
def test_modes_that_do_not_arm_say_so(mode: int) -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload([item(TAKEOFF, 0, 0, 20.0)])
    assert bench.command(MODE, 1, mode) == OK
    assert bench.command(ARM, 1) == FAILED
    assert any("mode not armable" in text for text in bench.texts())


def test_unknown_mode_fails_and_missing_custom_flag_is_denied() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.command(MODE, 1, 99) == FAILED
    assert "No such mode 99" in bench.texts()
    assert bench.command(MODE, 0, GUIDED) == DENIED


def test_auto_without_a_mission_is_refused_when_armed_and_does_not_arm() -> None:
    bench = Bench(parameters={"AUTO_OPTIONS": 1})
    bench.run(3.0)
    assert bench.command(MODE, 1, AUTO) == OK, "a disarmed vehicle takes any mode"
    assert bench.command(ARM, 1) == FAILED
    assert bench.texts()[-1] == "Arm: Mode requires mission"
    bench.airborne(20.0)
    assert bench.command(MODE, 1, AUTO) == FAILED
    assert "Mode change to Auto failed: init failed" in bench.texts()
    bench.run(1.0)
    assert bench.mode == "GUIDED"


def test_mission_from_the_ground_must_begin_with_a_take_off() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload([item(WP, *offset(30.0, 0.0, bench), 20.0)])
    bench.command(MODE, 1, GUIDED)
    bench.command(ARM, 1)
    assert bench.command(m.MAV_CMD_MISSION_START) == FAILED
    assert "Auto: Missing Takeoff Cmd" in bench.texts()


def test_take_off_needs_guided_and_arming_and_landing_disarms() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.command(TAKEOFF, 0, 0, 0, 0, 0, 0, 20) == FAILED
    bench.airborne(20.0)
    assert bench.alt_m == pytest.approx(20.0, abs=0.6)
    assert bench.command(ARM, 0) == FAILED, "not in the air"
    assert bench.command(m.MAV_CMD_NAV_LAND) == OK
    bench.run_until(lambda: not bench.autopilot.truth().armed, 60.0)
    assert bench.alt_m == pytest.approx(0.0, abs=0.01)


def test_idle_on_the_ground_disarms_by_itself() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.command(MODE, 1, GUIDED)
    bench.command(ARM, 1)
    bench.run(9.0)
    assert bench.autopilot.truth().armed
    bench.run(2.0)
    assert not bench.autopilot.truth().armed


def test_forced_disarm_in_the_air_falls() -> None:
    bench = Bench()
    bench.airborne(20.0)
    assert bench.command(ARM, 0, 21196) == OK
    bench.run(4.0)
    assert bench.alt_m == pytest.approx(0.0, abs=0.01)


def test_unknown_command_is_unsupported_and_reposition_by_long_too() -> None:
    bench = Bench()
    bench.airborne(20.0)
    x, y = offset(30.0, 0.0, bench)
    assert bench.command(m.MAV_CMD_DO_PARACHUTE, 1) == UNSUPPORTED
    assert bench.command(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x / 1e7, y / 1e7, 20.0) == UNSUPPORTED
    assert bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=20.0) == OK
    bench.run_until(lambda: _near(bench, 30.0, 0.0), 40.0)


def test_message_for_another_vehicle_is_not_ours() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.send(m.MAVLink_command_long_message(7, 1, ARM, 0, 1, 0, 0, 0, 0, 0, 0)) == []
    assert bench.send(m.MAVLink_command_long_message(1, 100, ARM, 0, 1, 0, 0, 0, 0, 0, 0)) == []


def test_return_climbs_first_then_comes_home_and_lands() -> None:
    bench = Bench(parameters={"RTL_ALT": 3000})
    bench.airborne(15.0)
    x, y = offset(80.0, 60.0, bench)
    bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=15.0)
    bench.run_until(lambda: _near(bench, 80.0, 60.0), 60.0)
    assert bench.command(m.MAV_CMD_NAV_RETURN_TO_LAUNCH) == OK
    bench.run_until(lambda: bench.alt_m > 29.0, 20.0)
    assert _near(bench, 80.0, 60.0, 10.0), "up before home"
    bench.run_until(lambda: not bench.autopilot.truth().armed, 120.0)
    assert _near(bench, 0.0, 0.0)


def test_smart_return_goes_back_the_way_it_came() -> None:
    bench = Bench()
    bench.airborne(10.0)
    for east, north in ((60.0, 0.0), (60.0, 60.0)):
        x, y = offset(east, north, bench)
        bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=10.0)
        bench.run_until(lambda east=east, north=north: _near(bench, east, north), 60.0)
    assert bench.command(MODE, 1, SMART_RTL) == OK
    bench.run_until(lambda: _near(bench, 60.0, 0.0, 8.0), 60.0)
    bench.run_until(lambda: not bench.autopilot.truth().armed, 120.0)
    assert _near(bench, 0.0, 0.0)


def test_pause_and_continue_in_guided() -> None:
    bench = Bench()
    assert bench.command(m.MAV_CMD_DO_PAUSE_CONTINUE, 0) == FAILED
    bench.airborne(20.0)
    x, y = offset(200.0, 0.0, bench)
    bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=20.0)
    bench.run(8.0)
    assert bench.command(m.MAV_CMD_DO_PAUSE_CONTINUE, 0) == OK
    bench.run(6.0)
    stopped = _place(bench)
    bench.run(5.0)
    assert math.dist(stopped, _place(bench)) < 0.5
    assert bench.command(m.MAV_CMD_DO_PAUSE_CONTINUE, 1) == OK
    bench.run_until(lambda: _near(bench, 200.0, 0.0), 60.0)


# Missions.


def _start(bench: Bench, items: list[tuple[Any, ...]]) -> None:
    bench.run(3.0)
    assert bench.upload(items) == OK
    bench.command(MODE, 1, GUIDED)
    assert bench.command(ARM, 1) == OK
    assert bench.command(m.MAV_CMD_MISSION_START) == OK


def test_mission_is_flown_from_the_ground_and_back() -> None:
    bench = Bench()
    path = [(60.0, 0.0), (60.0, 60.0)]
    items = [item(TAKEOFF, 0, 0, 20.0), *(item(WP, *offset(e, n, bench), 25.0) for e, n in path)]
    _start(bench, [*items, item(m.MAV_CMD_NAV_RETURN_TO_LAUNCH, 0, 0, 0)])
    current = bench.send(m.MAVLink_command_long_message(1, 1, m.MAV_CMD_REQUEST_MESSAGE, 0, 42, 0, 0, 0, 0, 0, 0))
    message = next(msg for msg in current if msg.get_type() == "MISSION_CURRENT")
    assert (message.total, message.mission_state) == (4, m.MISSION_STATE_ACTIVE)
    bench.run_until(lambda: _near(bench, 60.0, 0.0), 60.0)
    assert bench.alt_m == pytest.approx(25.0, abs=1.5)
    bench.run_until(lambda: _near(bench, 60.0, 60.0), 60.0)
    bench.run_until(lambda: not bench.autopilot.truth().armed, 120.0)
    assert _near(bench, 0.0, 0.0)
    assert _reached(bench) == [1, 2, 3, 4]


def test_the_track_stays_on_the_planned_line() -> None:
    bench = Bench()
    legs = [(0.0, 100.0), (100.0, 100.0), (200.0, 100.0)]
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), *(item(WP, *offset(e, n, bench), 20.0) for e, n in legs)])
    bench.run_until(lambda: _reached(bench)[-1:] == [2], 60.0)
    corner = off = 0.0
    while _reached(bench)[-1:] != [4]:
        bench.run(0.2)
        east, north = _place(bench)
        corner = max(corner, north - 100.0)
        if east > 15.0:
            off = max(off, abs(north - 100.0))
    assert off < 0.5
    assert corner < 1.0, "it must not swing out at a corner, there may be a fence"


def test_straight_waypoints_are_passed_without_stopping() -> None:
    bench = Bench()
    items = [item(WP, *offset(100.0 * i, 0.0, bench), 20.0) for i in (1, 2)]
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), *items])
    bench.run_until(lambda: 2 in _reached(bench), 60.0)
    assert bench.autopilot.truth().velocity_ned_m_s[1] > 8.0


def test_hold_time_jump_and_speed_items() -> None:
    bench = Bench()
    a, b = offset(40.0, 0.0, bench), offset(40.0, 40.0, bench)
    items = [
        item(TAKEOFF, 0, 0, 20.0),
        item(m.MAV_CMD_DO_CHANGE_SPEED, 0, 0, 0, 1.0, 4.0),
        item(WP, *a, 20.0, 5.0),
        item(WP, *b, 20.0),
        item(m.MAV_CMD_DO_JUMP, 0, 0, 0, 3.0, 1.0),
        item(m.MAV_CMD_NAV_LAND, 0, 0, 0),
    ]
    _start(bench, items)
    bench.run_until(lambda: 1 in _reached(bench), 60.0)
    fastest = 0.0
    arrived = left = 0.0
    while 3 not in _reached(bench):
        bench.run(0.1)
        velocity = bench.autopilot.truth().velocity_ned_m_s
        fastest = max(fastest, math.hypot(*velocity[:2]))
        if not arrived and _near(bench, 40.0, 0.0, 2.5):
            arrived = bench.now_s
    left = bench.now_s
    assert fastest == pytest.approx(4.0, abs=0.1)
    assert left - arrived > 4.9
    bench.run_until(lambda: not bench.autopilot.truth().armed, 120.0)
    assert _reached(bench) == [1, 3, 4, 3, 4, 6]


def test_conditions_hold_up_the_do_items_behind_them() -> None:
    bench = Bench()
    items = [
        item(TAKEOFF, 0, 0, 20.0),
        item(m.MAV_CMD_CONDITION_DELAY, 0, 0, 0, 4.0),
        item(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, 16, 0, 0, -60.0, 90.0),
        item(WP, *offset(150.0, 0.0, bench), 20.0),
    ]
    _start(bench, items)
    bench.run_until(lambda: 1 in _reached(bench), 60.0)
    bench.run(3.5)
    assert bench.autopilot.truth().gimbal_elevation_deg == pytest.approx(0.0)
    bench.run(4.0)
    truth = bench.autopilot.truth()
    assert (truth.gimbal_elevation_deg, truth.gimbal_azimuth_deg) == (pytest.approx(-60.0), pytest.approx(90.0))


def test_condition_yaw_turns_the_nose_and_roi_the_camera() -> None:
    bench = Bench()
    items = [
        item(TAKEOFF, 0, 0, 30.0),
        item(m.MAV_CMD_CONDITION_YAW, 0, 0, 0, 180.0),
        item(m.MAV_CMD_DO_SET_ROI_LOCATION, *offset(60.0, 30.0, bench), 0.0),
        item(WP, *offset(60.0, 0.0, bench), 30.0, 20.0),
    ]
    _start(bench, items)
    bench.run_until(lambda: _near(bench, 60.0, 0.0, 0.3), 60.0)
    truth = bench.autopilot.truth()
    assert truth.yaw_deg == pytest.approx(180.0, abs=2.0)
    assert math.remainder(truth.gimbal_azimuth_deg, 360.0) == pytest.approx(0.0, abs=1.0)
    assert truth.gimbal_elevation_deg == pytest.approx(-45.0, abs=1.0)


def test_loiter_turns_goes_round() -> None:
    bench = Bench()
    centre = (60.0, 0.0)
    items = [item(TAKEOFF, 0, 0, 20.0), item(m.MAV_CMD_NAV_LOITER_TURNS, *offset(*centre, bench), 20.0, 1.0, 0, 25.0)]
    _start(bench, items)
    bench.run_until(lambda: 1 in _reached(bench), 60.0)
    bearings = set()
    while 2 not in _reached(bench):
        bench.run(0.5)
        e, n = _place(bench)
        if abs(math.dist((e, n), centre) - 25.0) < 4.0:
            bearings.add(round(math.degrees(math.atan2(e - centre[0], n - centre[1])) / 45.0) % 8)
        assert bench.now_s < 120.0
    assert bearings == set(range(8))


def test_terrain_height_is_kept_above_the_ground() -> None:
    bench = Bench()
    flight = bench.autopilot.flight
    flight._ground = lambda east, north: GROUND_M + 0.1 * max(east, 0.0)
    x, y = offset(200.0, 0.0, bench)
    _start(bench, [item(TAKEOFF, 0, 0, 40.0), item(WP, x, y, 40.0, frame=m.MAV_FRAME_GLOBAL_TERRAIN_ALT)])
    bench.run_until(lambda: 1 in _reached(bench), 60.0)
    while 2 not in _reached(bench):
        bench.run(0.5)
        assert bench.alt_m - 0.1 * max(_place(bench)[0], 0.0) == pytest.approx(40.0, abs=2.0)
    assert bench.alt_m == pytest.approx(60.0, abs=2.0)


def test_mission_resumes_where_it_was_left_and_jumps_when_told() -> None:
    bench = Bench()
    items = [item(WP, *offset(e, n, bench), 20.0) for e, n in ((80, 0), (80, 80), (0, 80))]
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), *items])
    bench.run_until(lambda: 2 in _reached(bench), 60.0)
    bench.command(MODE, 1, LOITER)
    bench.run(5.0)
    assert bench.command(MODE, 1, AUTO) == OK
    assert bench.autopilot.mission.seq == 3
    bench.run_until(lambda: 3 in _reached(bench), 60.0)
    assert bench.command(m.MAV_CMD_DO_SET_MISSION_CURRENT, 9) == DENIED
    assert bench.command(m.MAV_CMD_DO_SET_MISSION_CURRENT, 2, 1) == OK
    bench.run(1.0)
    assert bench.autopilot.mission.seq == 2
    bench.run_until(lambda: _reached(bench)[-1:] == [4], 120.0)


def test_completed_mission_holds_and_says_so() -> None:
    bench = Bench()
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(40.0, 0.0, bench), 20.0)])
    bench.run_until(lambda: 2 in _reached(bench), 60.0)
    bench.run(10.0)
    assert _near(bench, 40.0, 0.0)
    last = [msg for _, _, msg in bench.heard if msg.get_type() == "MISSION_CURRENT"][-1]
    assert last.mission_state == m.MISSION_STATE_COMPLETE


def test_a_mission_being_flown_cannot_be_cleared_but_replaced() -> None:
    bench = Bench()
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(300.0, 0.0, bench), 20.0)])
    bench.run_until(lambda: 1 in _reached(bench), 60.0)
    answers = bench.send(m.MAVLink_mission_clear_all_message(1, 1, 0))
    assert [a.type for a in answers if a.get_type() == "MISSION_ACK"] == [m.MAV_MISSION_ERROR]
    bench.run(5.0)
    assert bench.upload([item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(0.0, 60.0, bench), 20.0)]) == OK
    bench.run_until(lambda: _near(bench, 0.0, 60.0), 60.0)
