"""Fences, failsafes and sensor errors, flown in simulated time."""

from __future__ import annotations

import math
from typing import Any

import pytest

from missions.mavlink import mavlink2 as m
from sim.autopilot import ErrorSizes
from tests.unit.sim_autopilot.bench import Bench, item, offset

ARM, TAKEOFF, MODE = m.MAV_CMD_COMPONENT_ARM_DISARM, m.MAV_CMD_NAV_TAKEOFF, m.MAV_CMD_DO_SET_MODE
WP = m.MAV_CMD_NAV_WAYPOINT
OK, DENIED, FAILED, UNSUPPORTED = 0, m.MAV_RESULT_DENIED, m.MAV_RESULT_FAILED, m.MAV_RESULT_UNSUPPORTED
GUIDED, AUTO, LOITER, RTL, BRAKE, SMART_RTL = 4, 3, 5, 6, 17, 21


def _place(bench: Bench) -> tuple[float, float]:
    truth = bench.autopilot.truth()
    return bench.autopilot.grid.to_grid(truth.lat_deg, truth.lon_deg)


def _near(bench: Bench, east_m: float, north_m: float, within_m: float = 3.0) -> bool:
    return math.dist(_place(bench), (east_m, north_m)) < within_m


def _start(bench: Bench, items: list[tuple[Any, ...]]) -> None:
    bench.run(3.0)
    assert bench.upload(items) == OK
    bench.command(MODE, 1, GUIDED)
    assert bench.command(ARM, 1) == OK
    assert bench.command(m.MAV_CMD_MISSION_START) == OK


# Fence.


def _fenced(bench: Bench, half_m: float, **parameters: float) -> None:
    bench.run(3.0)
    corners = [(-half_m, -half_m), (-half_m, half_m), (half_m, half_m), (half_m, -half_m)]
    kind = m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION
    assert bench.upload([item(kind, *offset(e, n, bench), 0, 4.0, frame=0) for e, n in corners], 1) == OK
    for name, value in {"FENCE_TYPE": 5, "FENCE_ALT_MAX": 80, "FENCE_ENABLE": 1, **parameters}.items():
        assert bench.set_parameter(name, value) == value


def _sys_status(bench: Bench) -> Any:
    answers = bench.send(m.MAVLink_command_long_message(1, 1, m.MAV_CMD_REQUEST_MESSAGE, 0, 1, 0, 0, 0, 0, 0, 0))
    return next(msg for msg in answers if msg.get_type() == "SYS_STATUS")


def test_leaving_the_fence_in_a_mission_brings_it_home() -> None:
    bench = Bench()
    _fenced(bench, 100.0)
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(180.0, 0.0, bench), 20.0)])
    bit = 1 << 20
    status = _sys_status(bench)
    assert status.onboard_control_sensors_present & bit
    assert status.onboard_control_sensors_enabled & bit
    assert status.onboard_control_sensors_health & bit
    bench.run_until(lambda: bench.mode == "RTL", 90.0)
    assert "Polygon fence breached" in bench.texts()
    assert not _sys_status(bench).onboard_control_sensors_health & bit
    pushed = [msg for _, _, msg in bench.heard if msg.get_type() == "FENCE_STATUS"]
    assert [(msg.breach_status, msg.breach_count, msg.breach_type) for msg in pushed] == [(1, 1, 3)]
    assert bench.autopilot.true_breach_count == 1
    bench.run_until(lambda: not bench.autopilot.truth().armed, 120.0)
    assert _near(bench, 0.0, 0.0)
    assert _sys_status(bench).onboard_control_sensors_health & bit


@pytest.mark.parametrize(("action", "mode"), [(0, "AUTO"), (2, "LAND"), (3, "SMART_RTL"), (4, "BRAKE")])
def test_fence_action_decides_the_mode(action: int, mode: str) -> None:
    bench = Bench()
    _fenced(bench, 60.0, FENCE_ACTION=action)
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(120.0, 0.0, bench), 20.0)])
    bench.run_until(lambda: "Polygon fence breached" in bench.texts(), 60.0)
    bench.run(0.2)
    assert bench.mode == mode


def test_ceiling_circle_and_exclusion() -> None:
    bench = Bench()
    _fenced(bench, 500.0, FENCE_ALT_MAX=30)
    bench.airborne(20.0)
    bench.send(m.MAVLink_set_position_target_global_int_message(
        0, 1, 1, 5, 0b0000111111000111, 0, 0, 0, 0, 0, -4.0, 0, 0, 0, 0, 0
    ))  # fmt: skip
    bench.run_until(lambda: bench.mode == "RTL", 20.0)
    assert "Max Alt fence breached" in bench.texts()


def test_guided_target_outside_is_refused() -> None:
    bench = Bench()
    _fenced(bench, 100.0)
    bench.airborne(20.0)
    x, y = offset(150.0, 0.0, bench)
    assert bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=20.0) == FAILED
    x, y = offset(50.0, 0.0, bench)
    assert bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=90.0) == FAILED, "above the ceiling"


def test_fence_enable_command_does_not_touch_the_parameter_and_needs_a_fence() -> None:
    bench = Bench(parameters={"FENCE_TYPE": 4})
    bench.run(3.0)
    assert bench.command(m.MAV_CMD_DO_FENCE_ENABLE, 1) == FAILED
    _fenced(bench, 100.0, FENCE_TYPE=4, FENCE_ENABLE=0)
    assert bench.command(m.MAV_CMD_REQUEST_MESSAGE, 162) == OK
    assert not [msg for _, _, msg in bench.heard if msg.get_type() == "FENCE_STATUS"], "none while no fence is on"
    assert bench.command(m.MAV_CMD_DO_FENCE_ENABLE, 1) == OK
    assert bench.autopilot.parameters["FENCE_ENABLE"] == 0
    assert bench.command(m.MAV_CMD_REQUEST_MESSAGE, 162) == OK
    assert [msg for _, _, msg in bench.heard if msg.get_type() == "FENCE_STATUS"]


def test_default_fence_type_brings_a_home_circle_with_it() -> None:
    bench = Bench()
    _fenced(bench, 1000.0, FENCE_TYPE=7)
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(400.0, 0.0, bench), 20.0)])
    bench.run_until(lambda: bench.mode == "RTL", 90.0)
    assert "Circle fence breached" in bench.texts()


def test_two_inclusions_are_intersected_unless_the_option_says_union() -> None:
    for options, expected in ((1, FAILED), (3, OK)):
        bench = Bench(parameters={"FENCE_OPTIONS": options, "FENCE_TYPE": 4})
        bench.run(3.0)
        kind = m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION
        boxes = [[(-50, -50), (-50, 50), (50, 50), (50, -50)], [(40, -50), (40, 50), (140, 50), (140, -50)]]
        fence = [item(kind, *offset(e, n, bench), 0, 4.0, frame=0) for box in boxes for e, n in box]
        assert bench.upload(fence, 1) == OK
        bench.airborne(20.0)
        assert bench.command(m.MAV_CMD_DO_FENCE_ENABLE, 1) == OK
        x, y = offset(20.0, 0.0, bench)
        assert bench.command_int(m.MAV_CMD_DO_REPOSITION, -1, 1, 0, 0, x=x, y=y, z=20.0) == expected


def test_no_arming_outside_the_fence() -> None:
    bench = Bench(parameters={"FENCE_TYPE": 4})
    bench.run(3.0)
    kind = m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION
    far = [(100, 0), (100, 50), (150, 50), (150, 0)]
    bench.upload([item(kind, *offset(e, n, bench), 0, 4.0, frame=0) for e, n in far], 1)
    bench.set_parameter("FENCE_ENABLE", 1)
    bench.command(MODE, 1, GUIDED)
    assert bench.command(ARM, 1) == FAILED
    assert "Arm: Vehicle breaching Polygon fence" in bench.texts()
    assert not _sys_status(bench).onboard_control_sensors_health & 1 << 28


# Failsafes.


def test_low_battery_brings_it_home_and_forbids_arming_again() -> None:
    bench = Bench(parameters={"BATT_CAPACITY": 1000, "BATT_LOW_MAH": 600, "BATT_CRT_MAH": 0})
    bench.airborne(20.0)
    bench.run_until(lambda: bench.mode == "RTL", 120.0)
    assert "Battery Failsafe" in bench.texts()
    bench.run_until(lambda: not bench.autopilot.truth().armed, 60.0)
    bench.command(MODE, 1, GUIDED)
    assert bench.command(ARM, 1) == FAILED
    assert bench.texts()[-1] == "Arm: Battery failsafe"


def test_critical_battery_lands_even_on_the_way_home() -> None:
    bench = Bench(parameters={"BATT_CAPACITY": 1000, "BATT_LOW_MAH": 700, "BATT_CRT_MAH": 650, "BATT_LOW_TIMER": 1})
    bench.airborne(30.0)
    bench.run_until(lambda: bench.mode == "LAND", 120.0)


def test_battery_drains_faster_in_flight_and_telemetry_shows_it() -> None:
    bench = Bench()
    bench.run(30.0)
    before = _sys_status(bench)
    bench.airborne(20.0)
    bench.run(60.0)
    after = _sys_status(bench)
    assert after.voltage_battery < before.voltage_battery
    assert after.current_battery > 20 * 100
    assert after.battery_remaining < before.battery_remaining


def _beat(bench: Bench, seconds: float, sysid: int = 255) -> None:
    for _ in range(int(seconds)):
        bench.send(m.MAVLink_heartbeat_message(m.MAV_TYPE_GCS, m.MAV_AUTOPILOT_INVALID, 0, 0, 0, 3), sysid=sysid)
        bench.run(1.0)


def test_lost_ground_station_brings_it_home_only_after_it_was_heard() -> None:
    bench = Bench(parameters={"FS_GCS_ENABLE": 1})
    bench.airborne(20.0)
    bench.run(10.0)
    assert bench.mode == "GUIDED", "never heard, never lost"
    _beat(bench, 8)
    assert bench.mode == "GUIDED"
    _beat(bench, 7, sysid=254)
    assert bench.mode == "RTL", "another station does not count"
    assert "GCS Failsafe" in bench.texts()
    _beat(bench, 1)
    assert "GCS Failsafe Cleared" in bench.texts()


def test_gcs_failsafe_option_continues_a_mission() -> None:
    bench = Bench(parameters={"FS_GCS_ENABLE": 1, "FS_OPTIONS": 2})
    _start(bench, [item(TAKEOFF, 0, 0, 20.0), item(WP, *offset(200.0, 0.0, bench), 20.0)])
    _beat(bench, 2)
    bench.run(15.0)
    assert bench.mode == "AUTO"


# Sensors.


def test_errors_are_a_function_of_the_seed_and_have_the_stated_size() -> None:
    def fly(seed: int) -> list[Any]:
        bench = Bench(errors=ErrorSizes(), seed=seed)
        collected = []
        for _ in range(30):
            bench.run(2.0)
            collected.append(bench.autopilot.errors())
        return collected

    first, again, other = fly(1), fly(1), fly(2)
    assert first == again
    assert first != other
    squares = [e.north_m**2 for seed in range(3, 23) for e in _sampled(seed)]
    assert math.sqrt(sum(squares) / len(squares)) == pytest.approx(1.5, rel=0.15)
    squares = [e.gimbal_azimuth_deg**2 for seed in range(3, 23) for e in _sampled(seed)]
    assert math.sqrt(sum(squares) / len(squares)) == pytest.approx(math.hypot(0.5, 0.3), rel=0.15)


def _sampled(seed: int) -> list[Any]:
    from sim.autopilot.sensors import SensorErrorModel

    model = SensorErrorModel(ErrorSizes(), seed)
    return [model.at(float(t), 30.0) for t in range(0, 2000, 20)]


def test_telemetry_carries_exactly_the_errors_that_are_told_to_the_camera() -> None:
    bench = Bench(errors=ErrorSizes(), seed=5)
    bench.airborne(20.0)
    bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -40.0, 70.0, math.nan, math.nan, 16.0, 0, 0)
    bench.run(12.0)
    truth, errors = bench.autopilot.state()

    def ask(number: int) -> Any:
        answers = bench.send(m.MAVLink_command_long_message(1, 1, m.MAV_CMD_REQUEST_MESSAGE, 0, number, *([0.0] * 6)))
        return answers[0]

    position, attitude, gimbal = ask(33), ask(30), ask(285)
    e, n = bench.autopilot.grid.to_grid(position.lat / 1e7, position.lon / 1e7)
    e0, n0 = bench.autopilot.grid.to_grid(truth.lat_deg, truth.lon_deg)
    assert (e - e0, n - n0) == (pytest.approx(errors.east_m, abs=0.02), pytest.approx(errors.north_m, abs=0.02))
    assert position.alt / 1000 - truth.alt_amsl_m == pytest.approx(errors.up_m, abs=0.002)
    assert math.degrees(attitude.roll) == pytest.approx(truth.roll_deg + errors.roll_deg, abs=1e-4)
    w, x, y, z = gimbal.q
    yaw_in_body = math.degrees(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))
    pitch = math.degrees(math.asin(2 * (w * y - z * x)))
    azimuth = math.degrees(attitude.yaw) + yaw_in_body
    assert pitch == pytest.approx(truth.gimbal_elevation_deg + errors.gimbal_elevation_deg, abs=1e-3)
    wanted = truth.gimbal_azimuth_deg + errors.gimbal_azimuth_deg
    assert math.remainder(azimuth - wanted, 360.0) == pytest.approx(0.0, abs=1e-3)
    assert gimbal.flags & m.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
    assert math.isnan(gimbal.delta_yaw)
