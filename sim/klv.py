"""Metadata beside the video: the MISB ST 0601 UAS Datalink Local Set, written from the standard.

A packet is the local set's 16-byte key, a BER length, and items of tag, BER length and value, all big endian. Integers
stand for ranges: an unsigned item of n bits maps low..high onto 0..2^n-1; a signed one maps -limit..+limit onto
-(2^(n-1)-1)..2^(n-1)-1 and keeps -2^(n-1) for "out of range". The checksum (tag 1) comes last and is the 16-bit sum
of everything before it, its own tag and length included.

Angles, rotations and senses are the standard's: platform heading from true north, pitch nose up, roll right wing down;
the sensor's relative azimuth, elevation and roll turn from the platform's axes to the boresight in that order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geofences.geodesy import FloatArray, LocalFrame
from sim.state import SensorErrors, VehicleTruth

UNIVERSAL_KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
LOCAL_SET_VERSION = 19
"""ST 0601.19."""


def unsigned_item(value: float, low: float, high: float, size: int) -> bytes:
    """``value`` of low..high (clipped) as an unsigned integer of ``size`` bytes."""
    top = (1 << (8 * size)) - 1
    fraction = (min(max(value, low), high) - low) / (high - low)
    return round(fraction * top).to_bytes(size, "big")


def signed_item(value: float, limit: float, size: int) -> bytes:
    """``value`` of -limit..limit as a signed integer; outside of it the standard's "out of range" value."""
    top = (1 << (8 * size - 1)) - 1
    if not abs(value) <= limit:
        return (-top - 1).to_bytes(size, "big", signed=True)
    return round(value / limit * top).to_bytes(size, "big", signed=True)


def ber_length(length: int) -> bytes:
    """A BER length: one byte up to 127, else the number of bytes and the bytes."""
    if length < 128:
        return bytes([length])
    body = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(body)]) + body


def checksum(packet: bytes) -> int:
    """The running 16-bit sum over ``packet``, even bytes high."""
    return (sum(packet[0::2]) * 256 + sum(packet[1::2])) & 0xFFFF


@dataclass(frozen=True)
class Metadata:
    """What one packet says: measured values, in the standard's terms."""

    t_utc_us: int
    heading_deg: float
    pitch_deg: float
    roll_deg: float
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    hfov_deg: float
    vfov_deg: float
    relative_azimuth_deg: float
    relative_elevation_deg: float
    relative_roll_deg: float
    sensor: str = "EO"
    slant_range_m: float | None = None
    centre_lat_deg: float | None = None
    centre_lon_deg: float | None = None
    centre_amsl_m: float | None = None


def encode(data: Metadata) -> bytes:
    """One packet. Items that are None are left out."""
    items: list[tuple[int, bytes]] = [
        (2, data.t_utc_us.to_bytes(8, "big")),
        (5, unsigned_item(data.heading_deg % 360.0, 0.0, 360.0, 2)),
        (6, signed_item(data.pitch_deg, 20.0, 2)),
        (7, signed_item(data.roll_deg, 50.0, 2)),
        (11, data.sensor.encode("ascii")),
        (12, b"Geodetic WGS84"),
        (13, signed_item(data.lat_deg, 90.0, 4)),
        (14, signed_item(data.lon_deg, 180.0, 4)),
        (15, unsigned_item(data.alt_amsl_m, -900.0, 19000.0, 2)),
        (16, unsigned_item(data.hfov_deg, 0.0, 180.0, 2)),
        (17, unsigned_item(data.vfov_deg, 0.0, 180.0, 2)),
        (18, unsigned_item(data.relative_azimuth_deg % 360.0, 0.0, 360.0, 4)),
        (19, signed_item(data.relative_elevation_deg, 180.0, 4)),
        (20, unsigned_item(data.relative_roll_deg % 360.0, 0.0, 360.0, 4)),
    ]
    if data.slant_range_m is not None:
        items.append((21, unsigned_item(data.slant_range_m, 0.0, 5_000_000.0, 4)))
    if data.centre_lat_deg is not None and data.centre_lon_deg is not None:
        items.append((23, signed_item(data.centre_lat_deg, 90.0, 4)))
        items.append((24, signed_item(data.centre_lon_deg, 180.0, 4)))
    if data.centre_amsl_m is not None:
        items.append((25, unsigned_item(data.centre_amsl_m, -900.0, 19000.0, 2)))
    items.append((65, bytes([LOCAL_SET_VERSION])))
    # Tags 6 and 7 are narrow; the full-range items tell steeper attitudes.
    if abs(data.pitch_deg) > 20.0:
        items.append((90, signed_item(data.pitch_deg, 90.0, 4)))
    if abs(data.roll_deg) > 50.0:
        items.append((91, signed_item(data.roll_deg, 90.0, 4)))
    body = b"".join(bytes([tag]) + ber_length(len(value)) + value for tag, value in items)
    packet = UNIVERSAL_KEY + ber_length(len(body) + 4) + body + b"\x01\x02"
    return packet + checksum(packet).to_bytes(2, "big")


def rotation(azimuth_deg: float, elevation_deg: float, roll_deg: float) -> FloatArray:
    """Rz(azimuth) Ry(elevation) Rx(roll): columns are the turned forward, right and down axes in the outer frame."""
    (ca, ce, cr) = np.cos(np.radians([azimuth_deg, elevation_deg, roll_deg]))
    (sa, se, sr) = np.sin(np.radians([azimuth_deg, elevation_deg, roll_deg]))
    return np.array(
        [
            [ca * ce, ca * se * sr - sa * cr, ca * se * cr + sa * sr],
            [sa * ce, sa * se * sr + ca * cr, sa * se * cr - ca * sr],
            [-se, ce * sr, ce * cr],
        ]
    )


def angles(matrix: FloatArray) -> tuple[float, float, float]:
    """Azimuth, elevation and roll in degrees of a rotation; inverse of :func:`rotation`."""
    elevation = np.degrees(np.arcsin(np.clip(-matrix[2, 0], -1.0, 1.0)))
    azimuth = np.degrees(np.arctan2(matrix[1, 0], matrix[0, 0]))
    roll = np.degrees(np.arctan2(matrix[2, 1], matrix[2, 2]))
    return float(azimuth) % 360.0, float(elevation), float(roll)


def measure(
    truth: VehicleTruth,
    errors: SensorErrors,
    hfov_deg: float,
    vfov_deg: float,
    ground_amsl_m: Callable[[float, float], float] | None = None,
    sensor: str = "EO",
) -> Metadata:
    """What the aircraft believes and reports, from its true state and its sensors' errors.

    ``errors.gimbal_*`` are those of the boresight in the earth frame, the attitude's part included. The relative angles
    are told against the *measured* platform, so that the standard's composition gives just that boresight and no
    error counts twice.
    Slant range and frame centre come from the measured pose and ``ground_amsl_m(lat_deg, lon_deg)``, as an aircraft
    with a terrain model on board has them; without it they are left out.
    """
    lat, lon, alt = LocalFrame(truth.lat_deg, truth.lon_deg, truth.alt_amsl_m).to_geodetic(
        np.array([errors.east_m, errors.north_m, errors.up_m])
    )
    gimbal = rotation(
        truth.gimbal_azimuth_deg + errors.gimbal_azimuth_deg,
        truth.gimbal_elevation_deg + errors.gimbal_elevation_deg,
        truth.gimbal_roll_deg + errors.gimbal_roll_deg,
    )
    yaw, pitch, bank = (
        truth.yaw_deg + errors.yaw_deg,
        truth.pitch_deg + errors.pitch_deg,
        truth.roll_deg + errors.roll_deg,
    )
    relative = rotation(yaw, pitch, bank).T @ gimbal
    azimuth, elevation, roll = angles(relative)
    centre = None
    if ground_amsl_m is not None:
        forward = gimbal[:, 0]
        centre = _frame_centre(float(lat), float(lon), float(alt), forward, ground_amsl_m)
    return Metadata(
        t_utc_us=truth.t_utc_us,
        heading_deg=yaw % 360.0,
        pitch_deg=pitch,
        roll_deg=bank,
        lat_deg=float(lat),
        lon_deg=float(lon),
        alt_amsl_m=float(alt),
        hfov_deg=hfov_deg,
        vfov_deg=vfov_deg,
        relative_azimuth_deg=azimuth,
        relative_elevation_deg=elevation,
        relative_roll_deg=roll,
        sensor=sensor,
        slant_range_m=centre[0] if centre else None,
        centre_lat_deg=centre[1] if centre else None,
        centre_lon_deg=centre[2] if centre else None,
        centre_amsl_m=centre[3] if centre else None,
    )


def _frame_centre(
    lat_deg: float, lon_deg: float, alt_amsl_m: float, forward_ned: FloatArray, ground: Callable[[float, float], float]
) -> tuple[float, float, float, float] | None:
    """Slant range, latitude, longitude and height of where the boresight meets the ground; None near the horizon."""
    down = float(forward_ned[2])
    if down < 0.05:
        return None
    frame = LocalFrame(lat_deg, lon_deg, alt_amsl_m)
    height, slant, lat, lon = ground(lat_deg, lon_deg), 0.0, lat_deg, lon_deg
    for _ in range(6):
        slant = max((alt_amsl_m - height) / down, 0.0)
        there = frame.from_plane(np.array([forward_ned[1] * slant, forward_ned[0] * slant]))
        lat, lon = float(there[0]), float(there[1])
        height = ground(lat, lon)
    return slant, lat, lon, height
