"""Poses at the time of a picture: interpolated, or refused with a reason."""

import math

import pytest

from groundstation.vehicle.boot_time import BootTimeMap
from groundstation.vehicle.pose_buffer import NoPose, PoseBuffer, PoseSample
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import START_UTC_US
from tests.unit.vehicle.test_reducer import _quaternion

OFFSET_US = START_UTC_US


def _position(t_ms, north_m=0.0, alt_mm=300_000):
    return m.MAVLink_global_position_int_message(
        t_ms, 490_000_000 + round(north_m / 0.0111132), 200_000_000, alt_mm, 0, 1000, 0, 0, 0
    )


def _attitude(t_ms, yaw_deg):
    return m.MAVLink_attitude_message(t_ms, 0, 0, math.radians(yaw_deg), 0, 0, 0)


def _gimbal(t_ms, yaw_deg, pitch_deg=-45.0):
    return m.MAVLink_gimbal_device_attitude_status_message(
        0, 0, t_ms, 0x20, _quaternion(0, pitch_deg, yaw_deg), 0, 0, 0, 0
    )


def _filled(messages, delay_us=0):
    buffer = PoseBuffer(BootTimeMap())
    for message in messages:
        buffer.on_message(message, OFFSET_US + message.time_boot_ms * 1000 + delay_us)
    return buffer


def _flight():
    """10 m/s north for a second; the aircraft turns right by 20 degrees/s, the gimbal left by as much."""
    messages = []
    for t_ms in range(1000, 2001, 50):
        s = (t_ms - 1000) / 1000
        if t_ms % 100 == 0:
            messages += [_position(t_ms, 10 * s), _attitude(t_ms, 170 + 20 * s)]
        messages.append(_gimbal(t_ms, 30 - 20 * s))
    return messages


def test_between_samples():
    pose = _filled(_flight()).at(OFFSET_US + 1_475_000)
    assert isinstance(pose, PoseSample)
    assert (pose.lat_deg - 49.0) * 111_132.95 == pytest.approx(4.75, abs=0.02)
    assert pose.alt_amsl_m == 300.0
    assert pose.azimuth_deg == pytest.approx(200.0, abs=1e-3), "a stabilised camera stands still"
    assert pose.elevation_deg == pytest.approx(-45.0, abs=1e-3)


def test_yaw_goes_the_short_way_round():
    messages = [_position(0), _position(200), _attitude(0, 179), _attitude(200, -179), _gimbal(0, 0), _gimbal(200, 0)]
    pose = _filled(messages).at(OFFSET_US + 100_000)
    assert isinstance(pose, PoseSample)
    assert pose.azimuth_deg == pytest.approx(180.0, abs=1e-3)


def test_a_little_extrapolation_by_velocity_and_no_more():
    buffer = _filled(_flight())
    pose = buffer.at(OFFSET_US + 2_100_000)
    assert isinstance(pose, PoseSample)
    assert (pose.lat_deg - 49.0) * 111_132.95 == pytest.approx(11.0, abs=0.03)
    refused = buffer.at(OFFSET_US + 2_200_000)
    assert isinstance(refused, NoPose)
    assert "older than the picture" in refused.reason


@pytest.mark.parametrize(
    ("messages", "at_ms", "word"),
    [
        ([], 1500, "position: never"),
        ([x for x in _flight() if x.get_type() != "GIMBAL_DEVICE_ATTITUDE_STATUS"], 1500, "gimbal: never"),
        ([x for x in _flight() if x.get_type() != "ATTITUDE"], 1500, "attitude: never"),
        (_flight(), 900, "younger than the picture"),
        ([_position(0), _gimbal(0, 0), _position(5000), _gimbal(5000, 0)], 2500, "missing for 5.00 s"),
    ],
)
def test_no_pose_and_why(messages, at_ms, word):
    buffer = _filled(messages)
    answer = buffer.at(OFFSET_US + at_ms * 1000)
    assert isinstance(answer, NoPose)
    assert word in answer.reason
    assert buffer.to_camera_pose(OFFSET_US + at_ms * 1000, 40.0, 24.0) is None


def test_no_pose_without_a_position_estimate():
    buffer = _filled(_flight())
    buffer.on_message(m.MAVLink_ekf_status_report_message(0x01, 0, 0, 0, 0, 0), OFFSET_US)
    answer = buffer.at(OFFSET_US + 1_500_000)
    assert isinstance(answer, NoPose)
    assert "no position estimate" in answer.reason


def test_the_camera_pose_says_where_it_is_from():
    pose = _filled(_flight()).to_camera_pose(OFFSET_US + 1_500_000, 40.0, 24.0)
    assert pose is not None
    assert (pose.source, pose.hfov_deg, pose.vfov_deg) == ("vehicle", 40.0, 24.0)


def test_new_poses_are_given_out_once_and_in_order():
    buffer = PoseBuffer(BootTimeMap())
    times = []
    for message in _flight():
        buffer.on_message(message, OFFSET_US + message.time_boot_ms * 1000)
        times += [(p.t_utc_us - OFFSET_US) // 1000 for p in buffer.take_new()]
    assert times == list(range(1000, 2001, 50))
    assert buffer.take_new() == []


def test_a_restart_forgets_the_old_poses():
    buffer = _filled([_position(60_000), _attitude(60_000, 0), _gimbal(60_000, 0)])
    buffer.on_message(_position(500), OFFSET_US + 61_000_000)
    answer = buffer.at(OFFSET_US + 60_000_000)
    assert isinstance(answer, NoPose)


def test_memory_is_bounded():
    buffer = PoseBuffer(BootTimeMap())
    for t_ms in range(0, 120_000, 50):
        buffer.on_message(_gimbal(t_ms, 0), OFFSET_US + t_ms * 1000)
    assert len(buffer._gimbals.samples) < 20 * 20 + 200


def test_delay_alone_makes_the_offset_late_and_timesync_corrects_it():
    boot = BootTimeMap()
    for t_ms, delay_us in ((0, 90_000), (100, 60_000), (200, 75_000)):
        boot.on_boot_time(t_ms, OFFSET_US + t_ms * 1000 + delay_us)
    assert boot.to_utc_us(0) == OFFSET_US + 60_000
    for asked_us, round_trip_us in ((300_000, 200_000), (1_300_000, 40_000)):
        boot_ns = (asked_us + round_trip_us // 2) * 1000
        boot.on_timesync(boot_ns, OFFSET_US + asked_us, OFFSET_US + asked_us + round_trip_us)
    assert boot.from_timesync
    assert boot.to_utc_us(0) == pytest.approx(OFFSET_US, abs=100)


def test_timesync_of_another_clock_is_not_believed():
    boot = BootTimeMap()
    boot.on_boot_time(1000, OFFSET_US + 1_000_000)
    boot.on_timesync(99_000_000_000, OFFSET_US + 1_000_000, OFFSET_US + 1_010_000)
    assert not boot.from_timesync
    assert boot.to_utc_us(0) == OFFSET_US


def test_a_clock_that_runs_fast_falls_back_to_arrivals():
    boot = BootTimeMap()
    boot.on_boot_time(0, OFFSET_US)
    boot.on_timesync(5_000, OFFSET_US - 5_000, OFFSET_US + 5_000)
    assert boot.from_timesync
    for second in range(1, 10):
        boot.on_boot_time(second * 10_000, OFFSET_US + second * 1_000_000)
    assert not boot.from_timesync
    assert boot.to_utc_us(90_000) == OFFSET_US + 9_000_000
