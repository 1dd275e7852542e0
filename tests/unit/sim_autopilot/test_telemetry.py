"""Streams, parameters and single messages."""

from __future__ import annotations

import math
import struct
from collections import Counter
from typing import Any

import pytest

from missions.mavlink import mavlink2 as m
from sim.autopilot.camera import CameraFacts
from sim.autopilot.telemetry import quaternion
from sim.autopilot.traffic import TrafficAircraft
from tests.unit.sim_autopilot.bench import Bench

FAILED = m.MAV_RESULT_FAILED
INTERVAL, REQUEST = m.MAV_CMD_SET_MESSAGE_INTERVAL, m.MAV_CMD_REQUEST_MESSAGE
ATTITUDE, POSITION = m.MAVLINK_MSG_ID_ATTITUDE, m.MAVLINK_MSG_ID_GLOBAL_POSITION_INT


def _counts(bench: Bench, seconds: float, channel: int) -> Counter[str]:
    start = len(bench.heard)
    bench.run(seconds, 0.02)
    return Counter(msg.get_type() for _, to, msg in bench.heard[start:] if to in (None, channel))


def test_a_fresh_vehicle_sends_nothing_but_heartbeats() -> None:
    bench = Bench()
    bench.run(5.0)
    bench.autopilot.open_channel(1)
    assert _counts(bench, 10.0, 1) == {"HEARTBEAT": 10}


def test_streams_belong_to_the_channel_that_asked() -> None:
    bench = Bench()
    bench.run(5.0)
    bench.autopilot.open_channel(2)
    assert bench.command(INTERVAL, ATTITUDE, 100_000) == m.MAV_RESULT_ACCEPTED
    bench.send(m.MAVLink_request_data_stream_message(1, 1, m.MAV_DATA_STREAM_POSITION, 4, 1))
    start = len(bench.heard)
    bench.run(10.0, 0.02)
    to = Counter((channel, msg.get_type()) for _, channel, msg in bench.heard[start:])
    assert to[(1, "ATTITUDE")] == pytest.approx(100, abs=2)
    assert to[(1, "GLOBAL_POSITION_INT")] == pytest.approx(40, abs=2)
    assert not [key for key in to if key[0] == 2]
    assert bench.command(INTERVAL, ATTITUDE, -1) == m.MAV_RESULT_ACCEPTED
    bench.send(m.MAVLink_request_data_stream_message(1, 1, m.MAV_DATA_STREAM_ALL, 0, 0))
    assert _counts(bench, 5.0, 1) == {"HEARTBEAT": 5}


def test_interval_limits() -> None:
    bench = Bench()
    assert bench.command(INTERVAL, ATTITUDE, 1000) == m.MAV_RESULT_DENIED, "1 kHz"
    assert bench.command(INTERVAL, ATTITUDE, 100_000, 1) == m.MAV_RESULT_DENIED, "param3"
    assert bench.command(INTERVAL, 65000, 100_000) == m.MAV_RESULT_DENIED, "unknown"


def test_stream_rates_are_forgotten_by_a_reboot_and_boot_time_goes_back() -> None:
    bench = Bench()
    bench.run(5.0)
    bench.command(INTERVAL, m.MAVLINK_MSG_ID_SYSTEM_TIME, 200_000)
    before = [msg.time_boot_ms for msg in bench.run(2.0) if msg.get_type() == "SYSTEM_TIME"]
    assert bench.command(m.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN, 1) == m.MAV_RESULT_ACCEPTED
    assert not [msg for msg in bench.run(3.0) if msg.get_type() == "SYSTEM_TIME"]
    bench.command(INTERVAL, m.MAVLINK_MSG_ID_SYSTEM_TIME, 200_000)
    after = [msg for msg in bench.run(1.0) if msg.get_type() == "SYSTEM_TIME"]
    assert after[0].time_boot_ms < before[-1]
    assert after[0].time_unix_usec > 5_000_000


def test_every_message_that_can_be_asked_for_can_be_encoded() -> None:
    traffic = [TrafficAircraft(0xABC123, "TEST1", 900.0, 0.0, 500.0)]
    bench = Bench(camera=CameraFacts(video_uri="udp://127.0.0.1:5600"), traffic=traffic)
    bench.airborne(20.0)
    bench.command(m.MAV_CMD_DO_FENCE_ENABLE, 1)
    codec = m.MAVLink(None, 1, 1)
    known = [number for number in m.mavlink_map if bench.autopilot.telemetry.knows(number)]
    assert len(known) > 20
    for number in known:
        message = bench.autopilot.telemetry.build(number)
        if number == m.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT and message is None:
            continue
        assert message is not None, m.mavlink_map[number].msgname
        decoded = m.MAVLink(None).parse_buffer(message.pack(codec))[0]
        assert decoded.get_msgId() == number


def test_autopilot_version_promises_what_is_there() -> None:
    bench = Bench()
    answers = bench.send(m.MAVLink_command_long_message(1, 1, REQUEST, 0, 148, 0, 0, 0, 0, 0, 0))
    version = next(msg for msg in answers if msg.get_type() == "AUTOPILOT_VERSION")
    for bit in ("MISSION_INT", "COMMAND_INT", "MISSION_FENCE", "MISSION_RALLY", "MAVLINK2", "PARAM_FLOAT", "FTP"):
        assert version.capabilities & getattr(m, f"MAV_PROTOCOL_CAPABILITY_{bit}")
    assert version.flight_sw_version >> 24 == 4


def test_unknown_message_cannot_be_requested() -> None:
    bench = Bench()
    assert bench.command(REQUEST, 60000) == m.MAV_RESULT_FAILED


def test_heartbeat_is_a_copters() -> None:
    bench = Bench()
    bench.airborne(20.0)
    beat = next(msg for msg in bench.run(1.5) if msg.get_type() == "HEARTBEAT")
    assert (beat.type, beat.autopilot, beat.custom_mode) == (m.MAV_TYPE_QUADROTOR, m.MAV_AUTOPILOT_ARDUPILOTMEGA, 4)
    assert beat.base_mode & m.MAV_MODE_FLAG_SAFETY_ARMED
    assert beat.system_status == m.MAV_STATE_ACTIVE


def test_ekf_flags_are_those_of_a_healthy_copter() -> None:
    bench = Bench()
    bench.run(1.0)
    assert bench.autopilot.telemetry.build(193).flags != 831
    bench.run(2.0)
    assert bench.autopilot.telemetry.build(193).flags == 831


def test_timesync_is_answered_with_boot_time() -> None:
    bench = Bench()
    bench.run(7.0)
    answer = bench.send(m.MAVLink_timesync_message(0, 123456))[0]
    assert (answer.ts1, answer.tc1) == (123456, pytest.approx(7e9, rel=1e-6))
    assert bench.send(m.MAVLink_timesync_message(5, 6)) == []


# Parameters.


def test_parameter_list_is_complete_and_numbered() -> None:
    bench = Bench()
    bench.send(m.MAVLink_param_request_list_message(1, 1))
    values = [msg for msg in bench.run(3.0, 0.02) if msg.get_type() == "PARAM_VALUE"]
    assert [msg.param_index for msg in values] == list(range(len(values)))
    assert {msg.param_count for msg in values} == {len(values)}
    names = {_name(msg) for msg in values}
    assert len(names) == len(values) > 75
    assert {"SYSID_THISMAV", "FENCE_ENABLE", "RTL_ALT", "WPNAV_SPEED", "MIS_RESTART", "BATT_CAPACITY"} <= names


def _name(msg: Any) -> str:
    raw = msg.param_id
    return (raw if isinstance(raw, str) else raw.decode()).rstrip("\0")


def test_set_rounds_integers_echoes_float32_and_keeps_read_only() -> None:
    bench = Bench()
    assert bench.set_parameter("RTL_ALT", 1234.6) == 1235.0
    assert bench.set_parameter("FENCE_MARGIN", 0.1) == struct.unpack("<f", struct.pack("<f", 0.1))[0]
    assert bench.set_parameter("FENCE_ACTION", 1000.0) == 127.0
    assert bench.set_parameter("MIS_TOTAL", 9.0) == 0.0
    assert bench.set_parameter("RTL_ALT", math.nan) == 1235.0
    echoed = [channel for _, channel, msg in bench.heard if msg.get_type() == "PARAM_VALUE"]
    assert set(echoed) == {None}, "every station learns of a change"
    refused = bench.send(m.MAVLink_param_set_message(1, 1, b"NO_SUCH", 1.0, 9))
    assert [(msg.get_type(), msg.error) for msg in refused] == [("PARAM_ERROR", m.MAV_PARAM_ERROR_DOES_NOT_EXIST)]


def test_read_by_name_and_by_index() -> None:
    bench = Bench()
    by_name = bench.send(m.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1))[0]
    assert (by_name.param_value, by_name.param_index) == (1500.0, 65535)
    by_index = bench.send(m.MAVLink_param_request_read_message(1, 1, b"", 1))[0]
    assert (_name(by_index), by_index.param_index) == ("SYSID_THISMAV", 1)
    unknown = bench.send(m.MAVLink_param_request_read_message(1, 1, b"NO_SUCH", -1))
    assert [(msg.get_type(), _name(msg)) for msg in unknown] == [("PARAM_ERROR", "NO_SUCH")]


def test_system_id_can_be_changed() -> None:
    bench = Bench()
    bench.set_parameter("SYSID_THISMAV", 7)
    assert bench.send(m.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1)) == []
    assert bench.send(m.MAVLink_param_request_read_message(7, 1, b"RTL_ALT", -1)) != []


# Gimbal.


def _truth_angles(bench: Bench) -> tuple[float, float]:
    truth = bench.autopilot.truth()
    return math.remainder(truth.gimbal_azimuth_deg, 360.0), truth.gimbal_elevation_deg


def test_gimbal_command_is_in_degrees_and_the_message_in_radians() -> None:
    bench = Bench()
    bench.airborne(20.0)
    nan = math.nan
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -30.0, 45.0, nan, nan, 16, 0, 0) == 0
    bench.run(4.0)
    assert _truth_angles(bench) == (pytest.approx(45.0), pytest.approx(-30.0))
    bench.send(m.MAVLink_gimbal_manager_set_pitchyaw_message(1, 1, 16, 0, -0.5, -1.0, nan, nan))
    bench.run(6.0)
    assert _truth_angles(bench) == (pytest.approx(math.degrees(-1.0)), pytest.approx(math.degrees(-0.5)))


def test_gimbal_moves_at_a_limited_rate_and_within_its_stops() -> None:
    bench = Bench()
    bench.airborne(20.0)
    nan = math.nan
    bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -90.0, 0.0, nan, nan, 16, 0, 0)
    bench.run(1.0)
    assert _truth_angles(bench)[1] == pytest.approx(-45.0, abs=1.0)
    bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, 60.0, 0.0, nan, nan, 16, 0, 0)
    bench.run(5.0)
    assert _truth_angles(bench)[1] == pytest.approx(20.0)


def test_without_yaw_lock_the_camera_turns_with_the_nose() -> None:
    bench = Bench()
    bench.airborne(20.0)
    nan = math.nan
    bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -10.0, 90.0, nan, nan, 0, 0, 0)
    bench.command(m.MAV_CMD_CONDITION_YAW, 45.0)
    bench.run(8.0)
    assert _truth_angles(bench)[0] == pytest.approx(135.0, abs=1.0)
    bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -10.0, 90.0, nan, nan, 16, 0, 0)
    bench.command(m.MAV_CMD_CONDITION_YAW, 0.0)
    bench.run(8.0)
    assert _truth_angles(bench)[0] == pytest.approx(90.0, abs=0.1)


def test_angles_win_over_rates_in_the_command_and_cancel_out_in_the_message() -> None:
    bench = Bench()
    bench.airborne(20.0)
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -10, 30, 1, 1, 16, 0, 0) == 0
    bench.send(m.MAVLink_gimbal_manager_set_pitchyaw_message(1, 1, 16, 0, -1.0, -1.0, 0.1, 0.1))
    bench.run(4.0)
    assert _truth_angles(bench) == (pytest.approx(30.0), pytest.approx(-10.0))
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -10, math.nan, math.nan, math.nan, 16, 0, 0) == FAILED
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -10, 30, 0, 0, 16, 0, 2) == FAILED, "no such gimbal"
    neutral = m.GIMBAL_MANAGER_FLAGS_NEUTRAL
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -10, 30, 0, 0, neutral, 0, 0) == 0
    bench.run(4.0)
    assert _truth_angles(bench) == (pytest.approx(0.0), pytest.approx(0.0))


def test_mount_control_is_relative_to_the_nose() -> None:
    bench = Bench()
    bench.airborne(20.0)
    bench.command(m.MAV_CMD_CONDITION_YAW, 90.0)
    assert bench.command(m.MAV_CMD_DO_MOUNT_CONTROL, -20, 0, 30, 0, 0, 0, m.MAV_MOUNT_MODE_MAVLINK_TARGETING) == 0
    bench.run(8.0)
    assert _truth_angles(bench) == (pytest.approx(120.0, abs=1.0), pytest.approx(-20.0))
    assert bench.command(m.MAV_CMD_DO_MOUNT_CONTROL, -20, 0, 30, 0, 0, 0, 9) == FAILED


def test_long_texts_come_in_chunks_that_join() -> None:
    bench = Bench()
    text = "x" * 49 + "y" * 50 + "z"
    bench.autopilot.outbox.text(m.MAV_SEVERITY_INFO, text)
    chunks = [msg for _, msg in bench.autopilot.outbox.take()]
    assert [msg.chunk_seq for msg in chunks] == [0, 1, 2]
    assert len({msg.id for msg in chunks}) == 1
    assert chunks[0].id != 0
    joined = b"".join(msg.text if isinstance(msg.text, bytes) else msg.text.encode() for msg in chunks)
    assert joined.decode() == text


def test_rates_turn_the_camera() -> None:
    bench = Bench()
    bench.airborne(20.0)
    nan = math.nan
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, nan, nan, -5.0, 10.0, 16, 0, 0) == 0
    bench.run(3.0)
    azimuth, elevation = _truth_angles(bench)
    assert (azimuth, elevation) == (pytest.approx(30.0, abs=1.0), pytest.approx(-15.0, abs=1.0))


def test_region_of_interest_is_followed_until_it_is_cleared() -> None:
    bench = Bench()
    bench.airborne(30.0)
    grid = bench.autopilot.grid
    lat, lon = grid.to_geodetic(30.0, 0.0)
    roi = m.MAV_CMD_DO_SET_ROI_LOCATION
    assert bench.command_int(roi, x=round(lat * 1e7), y=round(lon * 1e7), z=0.0) == 0
    bench.run(4.0)
    azimuth, elevation = _truth_angles(bench)
    assert (azimuth, elevation) == (pytest.approx(90.0, abs=1.5), pytest.approx(-45.0, abs=1.5))
    assert bench.command(roi, 0, 0, 0, 0, lat, lon, 30.0) == 0
    bench.run(4.0)
    assert _truth_angles(bench)[1] == pytest.approx(0.0, abs=1.0)
    assert bench.command(m.MAV_CMD_DO_SET_ROI_NONE) == 0
    bench.run(6.0)
    assert _truth_angles(bench) == (pytest.approx(0.0, abs=0.1), pytest.approx(0.0, abs=0.1))


def test_quaternion_turns_the_forward_axis_where_it_should() -> None:
    w, x, y, z = quaternion(0.0, -30.0, 90.0)
    # Forward (1, 0, 0) turned by q: to the right (east) and down.
    forward = (1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y))
    assert forward == (pytest.approx(0.0, abs=1e-9), pytest.approx(math.cos(math.radians(30))), pytest.approx(0.5))
