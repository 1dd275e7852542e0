"""ST 0601: bytes made by hand, the standard's own sample values, and broken packets."""

from __future__ import annotations

import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.autopilot.sensors import ErrorSizes, SensorErrorModel
from vision.klv import (
    UNIVERSAL_KEY,
    BrokenSet,
    LocalSet,
    SensorSigma,
    boresight,
    checksum,
    decode_packets,
    pose_problem,
    rotation_yaw_pitch_roll,
    to_camera_pose,
)


def packet(items: list[tuple[int, bytes]], long_length: bool = False) -> bytes:
    """A local set with a right checksum, put together without any code of the decoder's but the sum."""
    body = b"".join(bytes([tag, len(content)]) + content for tag, content in items) + b"\x01\x02"
    size = len(body) + 2
    length = bytes([0x82]) + size.to_bytes(2, "big") if long_length else (
        bytes([size]) if size < 128 else bytes([0x81, size])
    )  # fmt: skip
    head = UNIVERSAL_KEY + length + body
    total = 0
    for i, byte in enumerate(head):
        total += byte << 8 if i % 2 == 0 else byte
    return head + (total & 0xFFFF).to_bytes(2, "big")


# Level aircraft heading east at 49 N, 22.7 E, 300 m; camera straight ahead, 40 degrees down, 40 x 23 degrees.
LEVEL = [
    (2, (1_700_000_000_123_456).to_bytes(8, "big")),
    (5, round(90 / 360 * 65535).to_bytes(2, "big")),
    (6, (0).to_bytes(2, "big", signed=True)),
    (7, (0).to_bytes(2, "big", signed=True)),
    (13, round(49.0 / 90 * (2**31 - 1)).to_bytes(4, "big", signed=True)),
    (14, round(22.7 / 180 * (2**31 - 1)).to_bytes(4, "big", signed=True)),
    (15, round((300 + 900) / 19900 * 65535).to_bytes(2, "big")),
    (16, round(40 / 180 * 65535).to_bytes(2, "big")),
    (17, round(23.1 / 180 * 65535).to_bytes(2, "big")),
    (18, (0).to_bytes(4, "big")),
    (19, round(-40 / 180 * (2**31 - 1)).to_bytes(4, "big", signed=True)),
    (20, (0).to_bytes(4, "big")),
    (65, b"\x11"),
]


def replaced(tag: int, content: bytes | None) -> list[tuple[int, bytes]]:
    out = [(t, c) if t != tag else (t, content) for t, c in LEVEL if t != tag or content is not None]
    return [(t, c) for t, c in out if c is not None]


def one(data: bytes) -> LocalSet:
    (found,) = decode_packets(data)
    assert isinstance(found, LocalSet), found
    return found


def reason(data: bytes) -> str:
    (found,) = decode_packets(data)
    assert isinstance(found, BrokenSet), found
    return found.reason


@pytest.mark.parametrize("long_length", [False, True])
def test_a_level_camera_comes_out_as_it_was_put_in(long_length: bool) -> None:
    found = one(packet(LEVEL, long_length))
    assert found.version == 17
    pose = to_camera_pose(found)
    assert pose is not None
    assert pose.t_utc_us == 1_700_000_000_123_456
    assert pose.lat_deg == pytest.approx(49.0, abs=1e-7)
    assert pose.lon_deg == pytest.approx(22.7, abs=1e-7)
    assert pose.alt_amsl_m == pytest.approx(300, abs=0.2)
    assert pose.azimuth_deg == pytest.approx(90, abs=0.01)
    assert pose.elevation_deg == pytest.approx(-40, abs=1e-5)
    assert pose.roll_deg == pytest.approx(0, abs=1e-5)
    assert (pose.hfov_deg, pose.vfov_deg) == (pytest.approx(40, abs=0.01), pytest.approx(23.1, abs=0.01))
    assert pose.source == "klv"
    assert pose.sigma.azimuth_deg == pytest.approx(math.sqrt(0.5**2 + 0.3**2))
    assert pose.sigma.horizontal_m == 1.5


def test_the_height_is_stated_as_much_worse_as_the_simulated_receiver_s_is() -> None:
    pose = to_camera_pose(one(packet(LEVEL)), SensorSigma(gps_m=1.5))
    assert pose is not None
    # What the sensors of the simulator truly do, over many flights.
    up = [SensorErrorModel(ErrorSizes(gps_sigma_m=1.5), seed).at(100.0, 90.0).up_m for seed in range(400)]
    assert pose.sigma.vertical_m == pytest.approx(float(np.std(up)), rel=0.1)


def test_other_sensors_have_other_errors() -> None:
    pose = to_camera_pose(one(packet(LEVEL)), SensorSigma(gps_m=0.1, attitude_deg=3.0, gimbal_deg=4.0))
    assert pose is not None
    assert (pose.sigma.horizontal_m, pose.sigma.elevation_deg) == (0.1, pytest.approx(5.0))
    pose = to_camera_pose(one(packet(LEVEL)), SensorSigma(compass_deg=12.0, attitude_deg=4.0, gimbal_deg=3.0))
    assert pose is not None
    assert (pose.sigma.azimuth_deg, pose.sigma.whole_azimuth_deg) == (pytest.approx(5.0), pytest.approx(13.0))


def test_the_vertical_field_of_view_follows_from_square_pixels_when_it_is_not_told() -> None:
    pose = to_camera_pose(one(packet(replaced(17, None))), aspect_ratio=16 / 9)
    assert pose is not None
    assert pose.vfov_deg == pytest.approx(23.15, abs=0.02)


def test_sets_are_found_between_other_bytes() -> None:
    data = b"\x00\xdf\x00" + packet(LEVEL) + b"rubbish" + packet(LEVEL)
    assert [type(s) for s in decode_packets(data)] == [LocalSet, LocalSet]


def test_out_of_range_values_are_no_values() -> None:
    found = one(packet(replaced(6, b"\x80\x00")))
    assert 6 not in found.values
    assert "tag 6" in found.problems[0]
    assert pose_problem(found) == "no platform pitch"
    assert to_camera_pose(found) is None


def test_the_full_range_pitch_stands_in_for_the_short_one() -> None:
    steep = round(-60 / 90 * (2**31 - 1)).to_bytes(4, "big", signed=True)
    pose = to_camera_pose(one(packet([*replaced(6, b"\x80\x00"), (90, steep)])))
    assert pose is not None
    # 60 down and 40 more: past the vertical, so the camera looks backwards, upside down.
    assert pose.elevation_deg == pytest.approx(-80, abs=1e-4)
    assert pose.azimuth_deg == pytest.approx(270, abs=0.01)
    assert abs(pose.roll_deg) == pytest.approx(180, abs=0.01)


@pytest.mark.parametrize(
    ("tag", "name"), [(2, "time stamp"), (13, "latitude"), (15, "altitude"), (16, "field of view"), (19, "elevation")]
)
def test_a_set_without_what_a_pose_needs_says_what_is_missing(tag: int, name: str) -> None:
    found = one(packet(replaced(tag, None)))
    assert to_camera_pose(found) is None
    assert name in pose_problem(found)


def test_broken_packets_give_a_reason() -> None:
    good = packet(LEVEL)
    flipped = bytearray(good)
    flipped[22] ^= 0x10
    assert "checksum" in reason(bytes(flipped))
    assert "cut off" in reason(good[:-10])
    assert "ends before a length" in reason(UNIVERSAL_KEY)
    assert "no UAS" in reason(b"\x01\x02\x03")
    assert "beyond" in reason(UNIVERSAL_KEY + bytes([4, 5, 100, 0, 0]))
    assert "no checksum" in reason(UNIVERSAL_KEY + bytes([4, 5, 2, 0, 0]))
    assert "length in" in reason(UNIVERSAL_KEY + b"\x80")
    assert decode_packets(b"") == []


def test_a_value_of_the_wrong_length_is_named_and_left_out() -> None:
    found = one(packet(replaced(5, b"\x01\x02\x03")))
    assert 5 not in found.values
    assert any("tag 5" in p for p in found.problems)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 200), st.integers(0, 255))
def test_no_bytes_make_it_raise(rubbish: bytes, place: int, value: int) -> None:
    decode_packets(UNIVERSAL_KEY + rubbish)
    data = bytearray(packet(LEVEL))
    data[place % len(data)] = value
    decode_packets(bytes(data) + rubbish)


def _axis(azimuth_deg: float, elevation_deg: float) -> np.ndarray:
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    return np.array([math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), -math.sin(e)])


def test_known_attitudes() -> None:
    # Nose up by 10: a camera 40 below the nose is 30 below the horizon.
    assert boresight((0, 10, 0), (0, -40, 0)) == pytest.approx((0, -30, 0), abs=1e-9)
    # Right wing down by 20: a camera to the right looks 20 down; its picture leans with the nose: not at all.
    assert boresight((0, 0, 20), (90, 0, 0)) == pytest.approx((90, -20, 0), abs=1e-9)
    # ... and a camera ahead has its right side down by 20.
    assert boresight((45, 0, 20), (0, 0, 0)) == pytest.approx((45, 0, 20), abs=1e-9)
    azimuth, elevation, _roll = boresight((30, 0, 0), (0, -90, 0))
    assert elevation == pytest.approx(-90)
    assert azimuth == pytest.approx(30)


@given(
    st.tuples(st.floats(0, 359), st.floats(-20, 20), st.floats(-50, 50)),
    st.tuples(st.floats(0, 359), st.floats(-88, 30), st.floats(-30, 30)),
)
@settings(max_examples=60, deadline=None)
def test_the_boresight_is_where_the_matrices_put_the_forward_axis(
    platform: tuple[float, float, float], sensor: tuple[float, float, float]
) -> None:
    azimuth, elevation, roll = boresight(platform, sensor)
    whole = rotation_yaw_pitch_roll(*platform) @ rotation_yaw_pitch_roll(*sensor)
    np.testing.assert_allclose(whole @ [1, 0, 0], _axis(azimuth, elevation), atol=1e-9)
    np.testing.assert_allclose(rotation_yaw_pitch_roll(azimuth, elevation, roll), whole, atol=1e-6)


def real_packet() -> bytes:
    root = Path(os.environ.get("MARCHWARDEN_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
    file = root / "klv" / "DynamicConstantMISMMSPacketData.bin"
    if not file.exists():
        pytest.skip(f"no {file}: shared data is absent")
    return file.read_bytes()


def test_the_standards_sample_packet() -> None:
    """Its values are those printed in ST 0601's tables. Its own checksum is not right for its bytes (the sample was
    edited after it was summed), which the decoder must notice."""
    data = real_packet()
    assert "checksum AA43" in reason(data)
    (edited,) = decode_packets(data, verify_checksum=False)
    assert isinstance(edited, LocalSet)
    assert "checksum" in edited.problems[0]
    found = one(data[:-2] + checksum(data[:-2]).to_bytes(2, "big"))
    expected = {
        5: 159.9744, 6: -0.4315251, 7: 3.405814, 13: 60.1768229669783, 14: 128.426759042045, 15: 14190.72,
        16: 144.5713, 17: 152.6436, 18: 160.719211474396, 19: -168.792324833941, 20: 176.865437690572,
        21: 68590.983298744770, 22: 722.8199, 23: -10.5423886331461, 24: 29.157890122923, 25: 3216.037,
    }  # fmt: skip
    assert found.t_utc_us == 1231798102000000
    for tag, value in expected.items():
        assert found.values[tag] == pytest.approx(value, rel=2e-5), tag
    assert found.version == 6
    assert to_camera_pose(found) is not None
