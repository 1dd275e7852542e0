from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from geofences.geodesy import LocalFrame
from sim.klv import (
    UNIVERSAL_KEY,
    Metadata,
    angles,
    ber_length,
    checksum,
    encode,
    measure,
    rotation,
    signed_item,
    unsigned_item,
)
from sim.state import SensorErrors, VehicleTruth

SHARED = Path(os.environ.get("MARCHWARDEN_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
REAL_PACKET = SHARED / "klv" / "DynamicConstantMISMMSPacketData.bin"

# Values of the example packet as ST 0601 documents them, tag by tag.
DOCUMENTED = Metadata(
    t_utc_us=0x00046050584E0180,
    heading_deg=159.974365,
    pitch_deg=-0.431531724,
    roll_deg=3.40581439,
    lat_deg=60.1768229669783,
    lon_deg=128.426759042045,
    alt_amsl_m=14190.7195,
    hfov_deg=144.571298,
    vfov_deg=152.643626,
    relative_azimuth_deg=160.719211474396,
    relative_elevation_deg=-168.792324833941,
    relative_roll_deg=176.865437690572,
    slant_range_m=68590.9832987744,
    centre_lat_deg=-10.5423886331461,
    centre_lon_deg=29.157890122923,
    centre_amsl_m=3216.03723,
)


def _items(packet: bytes) -> dict[int, bytes]:
    """Tag to value, read by the standard and not by our code; checks key, length and checksum."""
    assert packet[:16] == bytes.fromhex("060E2B34020B01010E01030101000000")
    at = 17
    length = packet[16]
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(packet[17 : 17 + count], "big"), 17 + count
    assert len(packet) == at + length
    found: dict[int, bytes] = {}
    while at < len(packet):
        tag, size = packet[at], packet[at + 1]
        assert size < 0x80
        found[tag] = packet[at + 2 : at + 2 + size]
        at += 2 + size
    total = 0
    for i, byte in enumerate(packet[:-2]):
        total += byte << (8 * ((i + 1) % 2))
    assert list(found)[-1] == 1
    assert found[1] == (total & 0xFFFF).to_bytes(2, "big")
    return found


def _truth(**changes: float) -> VehicleTruth:
    values = {
        "lat_deg": 49.05, "lon_deg": 22.7, "alt_amsl_m": 300.0, "roll_deg": 4.0, "pitch_deg": -6.0, "yaw_deg": 75.0,
        "gimbal_azimuth_deg": 350.0, "gimbal_elevation_deg": -52.0, "gimbal_roll_deg": 0.5,
    }  # fmt: skip
    return VehicleTruth(
        t_s=1.0, t_utc_us=1_700_000_000_123_456, velocity_ned_m_s=(0, 0, 0), armed=True, mode="AUTO",
        **(values | changes),
    )  # fmt: skip


def test_items_come_out_as_in_the_standards_example() -> None:
    found = _items(encode(DOCUMENTED))
    expected = {
        2: "00046050584e0180", 5: "71c2", 6: "fd3d", 7: "08b8", 13: "5595b66d", 14: "5b5360c4", 15: "c221",
        16: "cd9c", 17: "d917", 18: "724a0a20", 19: "87f84b86", 20: "7dc55ece", 21: "03830926", 23: "f101a229",
        24: "14bc082b", 25: "34f3",
    }  # fmt: skip
    for tag, value in expected.items():
        assert found[tag].hex() == value, tag


def test_our_items_are_those_of_a_real_packet() -> None:
    if not REAL_PACKET.exists():
        pytest.skip(f"{REAL_PACKET.name} is not on this machine (MARCHWARDEN_SHARED_DATA)")
    real = REAL_PACKET.read_bytes()
    assert real[:16] == UNIVERSAL_KEY
    ours = _items(encode(DOCUMENTED))
    at, same = 18, 0
    while at < len(real):
        tag, size = real[at], real[at + 1]
        if tag in ours and tag not in (1, 11, 12, 65):
            assert ours[tag] == real[at + 2 : at + 2 + size], tag
            same += 1
        at += 2 + size
    assert same >= 16


def test_values_out_of_range() -> None:
    assert signed_item(21.0, 20.0, 2) == b"\x80\x00"
    assert signed_item(float("nan"), 20.0, 2) == b"\x80\x00"
    assert signed_item(-20.0, 20.0, 2) == b"\x80\x01"
    assert unsigned_item(-2000.0, -900.0, 19000.0, 2) == b"\x00\x00"
    assert unsigned_item(19000.0, -900.0, 19000.0, 2) == b"\xff\xff"


def test_a_steep_attitude_is_told_by_the_full_range_items() -> None:
    found = _items(encode(measure(_truth(pitch_deg=-31.0, roll_deg=58.0), SensorErrors(), 40.0, 23.0)))
    assert found[6] == found[7] == b"\x80\x00"
    assert int.from_bytes(found[90], "big", signed=True) / (2**31 - 1) * 90 == pytest.approx(-31.0, abs=1e-6)
    assert int.from_bytes(found[91], "big", signed=True) / (2**31 - 1) * 90 == pytest.approx(58.0, abs=1e-6)


@pytest.mark.parametrize(("length", "coded"), [(0, "00"), (127, "7f"), (128, "8180"), (210, "81d2"), (300, "82012c")])
def test_ber_lengths(length: int, coded: str) -> None:
    assert ber_length(length).hex() == coded


@given(st.binary(max_size=200))
def test_checksum_is_the_running_sum_of_sixteen_bit_words(data: bytes) -> None:
    padded = data + b"\x00" * (len(data) % 2)
    words = np.frombuffer(padded, dtype=">u2").astype(np.int64)
    assert checksum(data) == int(words.sum()) & 0xFFFF


@given(st.floats(0, 359.9), st.floats(-89, 89), st.floats(-179, 179))
def test_angles_undo_a_rotation_that_scipy_agrees_with(azimuth: float, elevation: float, roll: float) -> None:
    matrix = rotation(azimuth, elevation, roll)
    expected = Rotation.from_euler("ZYX", [azimuth, elevation, roll], degrees=True).as_matrix()
    assert matrix == pytest.approx(expected, abs=1e-12)
    assert rotation(*angles(matrix)) == pytest.approx(matrix, abs=1e-9)


def _boresight(data: Metadata) -> tuple[float, float, float]:
    """Earth azimuth, elevation, roll of what the metadata say, composed by scipy."""
    platform = Rotation.from_euler("ZYX", [data.heading_deg, data.pitch_deg, data.roll_deg], degrees=True)
    sensor = Rotation.from_euler(
        "ZYX", [data.relative_azimuth_deg, data.relative_elevation_deg, data.relative_roll_deg], degrees=True
    )
    azimuth, elevation, roll = (platform * sensor).as_euler("ZYX", degrees=True)
    return azimuth % 360.0, elevation, roll


def test_without_errors_the_composed_boresight_is_the_gimbals() -> None:
    assert _boresight(measure(_truth(), SensorErrors(), 40.0, 23.0)) == pytest.approx((350.0, -52.0, 0.5), abs=1e-9)


def test_no_error_counts_twice() -> None:
    """The reported boresight is wrong by ``gimbal_*`` and by nothing else, whatever the platform's own errors are."""
    gimbal = {"gimbal_azimuth_deg": -0.3, "gimbal_elevation_deg": 0.2, "gimbal_roll_deg": 0.1}
    for attitude in ({}, {"yaw_deg": 0.8}, {"pitch_deg": 1.0, "roll_deg": -0.7, "yaw_deg": 0.4}):
        data = measure(_truth(), SensorErrors(**attitude, **gimbal), 40.0, 23.0)
        assert _boresight(data) == pytest.approx((349.7, -51.8, 0.6), abs=1e-6)
        assert data.heading_deg == pytest.approx(_truth().yaw_deg + attitude.get("yaw_deg", 0.0))
        assert data.pitch_deg == pytest.approx(_truth().pitch_deg + attitude.get("pitch_deg", 0.0))


def test_position_errors_are_metres_on_the_ground() -> None:
    data = measure(_truth(), SensorErrors(north_m=3.0, east_m=-4.0, up_m=2.0), 40.0, 23.0)
    moved = LocalFrame(49.05, 22.7, 300.0).to_enu(data.lat_deg, data.lon_deg, data.alt_amsl_m)
    assert moved == pytest.approx([-4.0, 3.0, 2.0], abs=1e-3)


def test_frame_centre_is_where_the_measured_boresight_meets_the_ground() -> None:
    truth = _truth(gimbal_azimuth_deg=90.0, gimbal_elevation_deg=-45.0)
    data = measure(truth, SensorErrors(), 40.0, 23.0, ground_amsl_m=lambda lat, lon: 200.0)
    assert data.centre_lat_deg is not None
    assert data.slant_range_m == pytest.approx(100.0 * np.sqrt(2.0), abs=0.01)
    there = LocalFrame(49.05, 22.7, 200.0).to_enu(data.centre_lat_deg, data.centre_lon_deg, 200.0)
    assert there[:2] == pytest.approx([100.0, 0.0], abs=0.05)
    flat = measure(_truth(gimbal_elevation_deg=-1.0), SensorErrors(), 40.0, 23.0, lambda lat, lon: 200.0)
    assert flat.slant_range_m is None
    assert 21 not in _items(encode(flat))
