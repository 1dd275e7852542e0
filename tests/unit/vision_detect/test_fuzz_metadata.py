"""Whatever bytes come as metadata: values or a reason, soon, and never a pose that no camera can have."""

from __future__ import annotations

import math
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.klv import Metadata, encode
from tests.unit.vision_detect.test_klv import LEVEL, packet
from vision.frame_clock import FrameClock
from vision.klv import (
    FIRST_UTC_US,
    LAST_UTC_US,
    UNIVERSAL_KEY,
    BrokenSet,
    LocalSet,
    checksum,
    decode_packets,
    pose_problem,
    read_ber_length,
    read_ber_oid,
    time_problem,
    to_camera_pose,
)

FUZZ = settings(max_examples=200, deadline=None)


def check(data: bytes, verify_checksum: bool = True) -> list[LocalSet | BrokenSet]:
    """Decodes and checks what came out of it."""
    found = decode_packets(data, verify_checksum)
    for one in found:
        if isinstance(one, BrokenSet):
            assert one.reason
            continue
        assert all(math.isfinite(v) for v in one.values.values())
        pose = to_camera_pose(one)
        assert (pose is None) == bool(pose_problem(one))
        if pose is None:
            continue
        assert abs(pose.lat_deg) <= 90.0
        assert abs(pose.lon_deg) <= 180.0
        assert -900.0 <= pose.alt_amsl_m <= 19000.0
        assert 0.0 <= pose.azimuth_deg < 360.0
        assert abs(pose.elevation_deg) <= 90.0
        assert abs(pose.roll_deg) <= 180.0
        assert 0.0 < pose.hfov_deg < 180.0
        assert 0.0 < pose.vfov_deg <= 180.0
        assert time_problem(one) or FIRST_UTC_US < pose.t_utc_us < LAST_UTC_US
    return found


def real(**changes: Any) -> bytes:
    """A packet of the simulator's encoder, which is not the decoder's."""
    values: dict[str, Any] = {
        "t_utc_us": 1_700_000_000_000_000, "heading_deg": 80.0, "pitch_deg": -3.0, "roll_deg": 1.0, "lat_deg": 49.05,
        "lon_deg": 22.7, "alt_amsl_m": 300.0, "hfov_deg": 40.0, "vfov_deg": 23.1, "relative_azimuth_deg": 10.0,
        "relative_elevation_deg": -45.0, "relative_roll_deg": 0.0, "slant_range_m": 140.0, "centre_lat_deg": 49.051,
        "centre_lon_deg": 22.701, "centre_amsl_m": 190.0,
    }  # fmt: skip
    return encode(Metadata(**{**values, **changes}))


def summed(body: bytes) -> bytes:
    """A set of that body whose checksum is right: damage that no sum can find."""
    size = len(body) + 4
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    head = UNIVERSAL_KEY + length + body + b"\x01\x02"
    return head + checksum(head).to_bytes(2, "big")


@FUZZ
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    check(data)
    check(UNIVERSAL_KEY + data)
    check(UNIVERSAL_KEY + data, verify_checksum=False)


@FUZZ
@given(st.binary(max_size=200))
def test_random_bodies_with_a_right_sum(body: bytes) -> None:
    check(summed(body))


@FUZZ
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 400))
def test_a_real_packet_with_bytes_changed_or_cut_off(changes: list[tuple[int, int]], cut: int) -> None:
    good = real()
    data = bytearray(good)
    for at, value in changes:
        data[at % len(data)] = value
    found = check(bytes(data))
    if bytes(data) != good:
        assert found != check(good) or any(isinstance(f, BrokenSet) for f in found)
    check(bytes(data)[:cut])
    check(bytes(data), verify_checksum=False)


@FUZZ
@given(
    st.dictionaries(
        st.sampled_from([t for t, _ in LEVEL] + [23, 24, 25, 75, 90, 91, 1, 127]), st.binary(max_size=9), max_size=8
    )
)
def test_any_content_of_any_tag(contents: dict[int, bytes]) -> None:
    items = [(t, contents.pop(t, c)) for t, c in LEVEL] + list(contents.items())
    check(packet([(t, c) for t, c in items if t != 1]))


@FUZZ
@given(st.sampled_from([b"\x00", b"\xff", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"\x80\x00", b"\x7f\xff"]))
def test_the_ends_of_all_ranges(content: bytes) -> None:
    sizes = {t: len(c) for t, c in LEVEL}
    check(packet([(t, (content * 8)[: sizes[t]] if t not in (2, 65) else c) for t, c in LEVEL]))


@FUZZ
@given(st.integers(0, 5), st.binary(max_size=12))
def test_lengths_cut_off_and_nested(depth: int, rest: bytes) -> None:
    data = rest
    for _ in range(depth):
        data = summed(bytes([0x30]) + _ber(len(data)) + data)
    check(data)
    for read in (read_ber_length, read_ber_oid):
        for at in range(len(rest) + 2):
            try:
                value, end = read(rest, at)
            except ValueError:
                continue
            assert value >= 0
            assert at < end <= len(rest)


def _ber(length: int) -> bytes:
    return bytes([length]) if length < 128 else b"\x84" + length.to_bytes(4, "big")


@pytest.mark.parametrize(
    "length", [b"\x84\xff\xff\xff\xff", b"\x83\xff\xff\xff", b"\x88" + b"\xff" * 8, b"\xff", b"\x80"]
)
def test_huge_lengths_cost_nothing(length: bytes) -> None:
    tracemalloc.start()
    began_s = time.monotonic()
    for data in (UNIVERSAL_KEY + length, UNIVERSAL_KEY + b"\x20\x05" + length, UNIVERSAL_KEY + length + b"\x05" * 1000):
        assert all(isinstance(f, BrokenSet) for f in check(data))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000
    assert time.monotonic() - began_s < 60.0


def test_a_flood_of_keys_ends_soon() -> None:
    began_s = time.monotonic()
    assert len(check(UNIVERSAL_KEY * 20_000)) >= 1
    assert len(check((UNIVERSAL_KEY + b"\x7f") * 5_000)) >= 1
    assert time.monotonic() - began_s < 60.0


@FUZZ
@given(
    st.lists(
        st.tuples(
            st.booleans(), st.floats(-1e6, 1e6, allow_nan=False), st.integers(0, 2**63), st.sampled_from([0.0, 0.4])
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_no_order_of_time_stamps_upsets_the_clock(steps: list[tuple[bool, float, int, float]], live: bool) -> None:
    clock = FrameClock(live, 1_700_000_000_000_000, 100_000)
    for is_video, pts_s, utc_us, slack_s in steps:
        if is_video:
            clock.arrived(pts_s, 1_700_000_000_000_000, pts_s if slack_s else None)
        else:
            clock.stamped(pts_s, utc_us, slack_s)
        t_utc_us, source = clock.capture_time(pts_s)
        assert isinstance(t_utc_us, int)
        assert source in ("klv", "pts", "arrival")
