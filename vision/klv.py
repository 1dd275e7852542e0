"""MISB ST 0601 (UAS Datalink Local Set): bytes to values, and values to a camera pose.

Written from MISB ST 0601.17 and ST 0107 (BER lengths, BER-OID tags). Linear mappings are those of ST 0601's tables:
an n-bit unsigned value spans its range in 2^n - 1 steps, a signed one in 2^n - 2 steps, its lowest value meaning
"out of range". The stream is untrusted input: whatever is in it, a packet gives values or a reason, never an exception.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vision.records import CameraPose, FloatArray, PoseSigma

UNIVERSAL_KEY = bytes.fromhex("060E2B34020B01010E01030101000000")
"""SMPTE universal label of the UAS Datalink Local Set."""

TAG_CHECKSUM = 1
TAG_TIME = 2
TAG_HEADING, TAG_PITCH, TAG_ROLL = 5, 6, 7
TAG_LAT, TAG_LON, TAG_ALT_MSL = 13, 14, 15
TAG_HFOV, TAG_VFOV = 16, 17
TAG_REL_AZIMUTH, TAG_REL_ELEVATION, TAG_REL_ROLL = 18, 19, 20
TAG_SLANT_RANGE, TAG_TARGET_WIDTH = 21, 22
TAG_CENTRE_LAT, TAG_CENTRE_LON, TAG_CENTRE_ELEVATION = 23, 24, 25
TAG_VERSION = 65
TAG_ALT_HAE = 75
TAG_PITCH_FULL, TAG_ROLL_FULL = 90, 91
TAG_ATTACK_FULL, TAG_SIDESLIP_FULL = 92, 93

_MAX_SET_BYTES = 65536
FIRST_UTC_US, LAST_UTC_US = 946_684_800_000_000, 4_102_444_800_000_000
"""2000-01-01 and 2100-01-01: what a time stamp lies between when the sender's clock was ever set."""


@dataclass(frozen=True)
class _Field:
    """A linear mapping: ``size`` bytes to ``low``..``high``; signed ones have an "out of range" value."""

    size: int
    low: float
    high: float
    signed: bool = False

    def decode(self, data: bytes) -> float | None:
        number = int.from_bytes(data, "big", signed=self.signed)
        if self.signed:
            if number == -(1 << (8 * self.size - 1)):
                return None
            return number * (self.high - self.low) / ((1 << (8 * self.size)) - 2)
        return self.low + number * (self.high - self.low) / ((1 << (8 * self.size)) - 1)


_FIELDS: dict[int, _Field] = {
    TAG_HEADING: _Field(2, 0.0, 360.0),
    TAG_PITCH: _Field(2, -20.0, 20.0, signed=True),
    TAG_ROLL: _Field(2, -50.0, 50.0, signed=True),
    TAG_LAT: _Field(4, -90.0, 90.0, signed=True),
    TAG_LON: _Field(4, -180.0, 180.0, signed=True),
    TAG_ALT_MSL: _Field(2, -900.0, 19000.0),
    TAG_HFOV: _Field(2, 0.0, 180.0),
    TAG_VFOV: _Field(2, 0.0, 180.0),
    TAG_REL_AZIMUTH: _Field(4, 0.0, 360.0),
    TAG_REL_ELEVATION: _Field(4, -180.0, 180.0, signed=True),
    TAG_REL_ROLL: _Field(4, 0.0, 360.0),
    TAG_SLANT_RANGE: _Field(4, 0.0, 5_000_000.0),
    TAG_TARGET_WIDTH: _Field(2, 0.0, 10_000.0),
    TAG_CENTRE_LAT: _Field(4, -90.0, 90.0, signed=True),
    TAG_CENTRE_LON: _Field(4, -180.0, 180.0, signed=True),
    TAG_CENTRE_ELEVATION: _Field(2, -900.0, 19000.0),
    TAG_ALT_HAE: _Field(2, -900.0, 19000.0),
    TAG_PITCH_FULL: _Field(4, -90.0, 90.0, signed=True),
    TAG_ROLL_FULL: _Field(4, -90.0, 90.0, signed=True),
    TAG_ATTACK_FULL: _Field(4, -90.0, 90.0, signed=True),
    TAG_SIDESLIP_FULL: _Field(4, -180.0, 180.0, signed=True),
}


@dataclass(frozen=True)
class LocalSet:
    """A local set whose checksum is right.

    ``values``: tag -> value in degrees or metres (as the tag is defined) of the tags known here; a value that the
    sender marked as out of range, or whose length is not the tag's, is absent and named in ``problems``. ``raw``: every
    tag's bytes.
    """

    t_utc_us: int | None
    values: Mapping[int, float]
    raw: Mapping[int, bytes] = field(repr=False)
    problems: tuple[str, ...] = ()

    @property
    def version(self) -> int | None:
        """Revision of ST 0601 that the sender follows (tag 65)."""
        data = self.raw.get(TAG_VERSION)
        return data[0] if data and len(data) == 1 else None


@dataclass(frozen=True)
class BrokenSet:
    """A packet that cannot be trusted, and why."""

    reason: str


def checksum(data: bytes) -> int:
    """ST 0601's running 16-bit sum: bytes at even places count as the high byte, at odd places as the low one."""
    return (sum(data[0::2]) * 256 + sum(data[1::2])) & 0xFFFF


def read_ber_length(data: bytes, at: int) -> tuple[int, int]:
    """A BER length at ``at``: its value and where the content begins. Raises ValueError."""
    if at >= len(data):
        raise ValueError("ends before a length")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if count == 0 or count > 4:
        raise ValueError(f"length in {count} bytes")
    if at + 1 + count > len(data):
        raise ValueError("ends inside a length")
    return int.from_bytes(data[at + 1 : at + 1 + count], "big"), at + 1 + count


def read_ber_oid(data: bytes, at: int) -> tuple[int, int]:
    """A BER-OID tag at ``at``: seven bits a byte, the last one without the top bit. Raises ValueError."""
    value = 0
    for used in range(4):
        if at + used >= len(data):
            raise ValueError("ends inside a tag")
        byte = data[at + used]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + used + 1
    raise ValueError("tag longer than four bytes")


def decode_packets(data: bytes, verify_checksum: bool = True) -> list[LocalSet | BrokenSet]:
    """Every UAS Datalink Local Set in ``data`` (a PES payload; bytes before, between and after sets are skipped).

    Never raises: what cannot be decoded comes as :class:`BrokenSet`. With ``verify_checksum`` off a wrong checksum is
    only named in ``problems`` (for recordings that were edited; never for a live stream).
    """
    found: list[LocalSet | BrokenSet] = []
    at = data.find(UNIVERSAL_KEY)
    if at < 0 and data:
        return [BrokenSet("no UAS Datalink Local Set in the packet")]
    while at >= 0:
        try:
            decoded, end = _decode_set(data, at, verify_checksum)
            found.append(decoded)
        except ValueError as error:
            found.append(BrokenSet(str(error)))
            end = at + len(UNIVERSAL_KEY)
        at = data.find(UNIVERSAL_KEY, end)
    return found


def _decode_set(data: bytes, start: int, verify_checksum: bool) -> tuple[LocalSet, int]:
    length, at = read_ber_length(data, start + len(UNIVERSAL_KEY))
    end = at + length
    if length > _MAX_SET_BYTES:
        raise ValueError(f"claims {length} bytes")
    if end > len(data):
        raise ValueError(f"cut off: {length} bytes announced, {len(data) - at} there")
    raw: dict[int, bytes] = {}
    problems: list[str] = []
    checked = False
    while at < end:
        tag, at = read_ber_oid(data, at)
        size, at = read_ber_length(data, at)
        if at + size > end:
            raise ValueError(f"tag {tag} reaches beyond the set")
        if tag == TAG_CHECKSUM:
            if size != 2 or at + size != end:
                raise ValueError("checksum is not the last two bytes")
            told, own = int.from_bytes(data[at : at + 2], "big"), checksum(data[start:at])
            if told != own:
                if verify_checksum:
                    raise ValueError(f"checksum {told:04X}, computed {own:04X}")
                problems.append(f"checksum {told:04X}, computed {own:04X}")
            checked = True
        elif tag in raw:
            problems.append(f"tag {tag} twice, the first kept")
        else:
            raw[tag] = data[at : at + size]
        at += size
    if not checked:
        raise ValueError("no checksum")
    values: dict[int, float] = {}
    for tag, content in raw.items():
        mapping = _FIELDS.get(tag)
        if mapping is None or not content:
            continue  # unknown here, or deliberately empty (ST 0601 6.4: "unknown at present")
        if len(content) != mapping.size:
            problems.append(f"tag {tag} has {len(content)} bytes, not {mapping.size}")
            continue
        value = mapping.decode(content)
        if value is None:
            problems.append(f"tag {tag} out of the sender's range")
        else:
            values[tag] = value
    return LocalSet(_time(raw.get(TAG_TIME), problems), values, raw, tuple(problems)), end


def _time(content: bytes | None, problems: list[str]) -> int | None:
    if not content:
        return None
    if len(content) != 8:
        problems.append(f"tag {TAG_TIME} has {len(content)} bytes, not 8")
        return None
    return int(struct.unpack(">Q", content)[0])


def rotation_yaw_pitch_roll(yaw_deg: float, pitch_deg: float, roll_deg: float) -> FloatArray:
    """``(3, 3)`` from body (x forward, y right, z down) to its reference: Rz(yaw) Ry(pitch) Rx(roll)."""
    y, p, r = (math.radians(v) for v in (yaw_deg, pitch_deg, roll_deg))
    cy, sy, cp, sp, cr, sr = math.cos(y), math.sin(y), math.cos(p), math.sin(p), math.cos(r), math.sin(r)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def boresight(
    platform_deg: tuple[float, float, float], sensor_deg: tuple[float, float, float]
) -> tuple[float, float, float]:
    """Azimuth, elevation and roll (degrees, earth frame) of the camera.

    ``platform_deg``: heading, pitch, roll of the aircraft; ``sensor_deg``: azimuth, elevation, roll of the sensor
    relative to the aircraft (tags 18-20). Both are turns in the order yaw, pitch, roll, so the whole is the product of
    their matrices. Straight down, where azimuth and roll are one turn, roll is called 0.
    """
    whole = rotation_yaw_pitch_roll(*platform_deg) @ rotation_yaw_pitch_roll(*sensor_deg)
    elevation = math.degrees(math.asin(max(-1.0, min(1.0, -float(whole[2, 0])))))
    if math.hypot(whole[0, 0], whole[1, 0]) < 1e-9:
        azimuth = math.degrees(math.atan2(-whole[0, 1], whole[1, 1]))
        return azimuth % 360.0, elevation, 0.0
    azimuth = math.degrees(math.atan2(whole[1, 0], whole[0, 0]))
    roll = math.degrees(math.atan2(whole[2, 1], whole[2, 2]))
    return azimuth % 360.0, elevation, roll


@dataclass(frozen=True)
class SensorSigma:
    """One-sigma errors of the sensors behind a stream's metadata; ST 0601's own error tags are seldom filled.

    ``gps_m`` is horizontal, per axis. GPS knows the height less well, since it sees satellites on one side of it only:
    ``vertical_share`` times that. ``compass_deg``: how far the compass may be off for minutes, on top of the attitude.
    """

    gps_m: float = 1.5
    attitude_deg: float = 0.5
    gimbal_deg: float = 0.3
    vertical_share: float = 4.0 / 3.0
    compass_deg: float = 0.0

    def pose_sigma(self) -> PoseSigma:
        """The pose's: independent errors add in quadrature."""
        angle_deg = math.hypot(self.attitude_deg, self.gimbal_deg)
        vertical_m = self.vertical_share * self.gps_m
        return PoseSigma(self.gps_m, vertical_m, angle_deg, angle_deg, angle_deg, self.compass_deg)


def time_problem(local_set: LocalSet) -> str:
    """Why the set's time stamp is no UTC, or "" when it can be one."""
    if local_set.t_utc_us is None:
        return "no precision time stamp"
    if not FIRST_UTC_US < local_set.t_utc_us < LAST_UTC_US:
        return "the precision time stamp is no UTC: the sender's clock was never set"
    return ""


def pose_problem(local_set: LocalSet) -> str:
    """Why the set gives no camera pose, or "" when it gives one."""
    v = local_set.values
    if local_set.t_utc_us is None:
        return time_problem(local_set)
    needed = ((TAG_LAT, "sensor latitude"), (TAG_LON, "sensor longitude"), (TAG_HEADING, "platform heading"),
              (TAG_HFOV, "horizontal field of view"), (TAG_REL_AZIMUTH, "sensor azimuth"),
              (TAG_REL_ELEVATION, "sensor elevation"))  # fmt: skip
    missing = [name for tag, name in needed if tag not in v]
    if TAG_PITCH not in v and TAG_PITCH_FULL not in v:
        missing.append("platform pitch")
    if TAG_ROLL not in v and TAG_ROLL_FULL not in v:
        missing.append("platform roll")
    if TAG_ALT_MSL not in v:
        # Tag 75 is above the ellipsoid: tens of metres off, and nothing here knows the geoid.
        missing.append("sensor altitude above sea level" + (" (only the ellipsoid's)" if TAG_ALT_HAE in v else ""))
    if missing:
        return "no " + ", ".join(missing)
    if v[TAG_LAT] == 0.0 and v[TAG_LON] == 0.0:
        return "sensor position 0, 0: no fix"
    if not 0.1 <= v[TAG_HFOV] < 179.0:
        return f"horizontal field of view {v[TAG_HFOV]:.2f} deg"
    return ""


def to_camera_pose(
    local_set: LocalSet, sigma: SensorSigma | None = None, aspect_ratio: float = 16 / 9
) -> CameraPose | None:
    """The camera's pose at the set's own time, or None (:func:`pose_problem` says why).

    ``aspect_ratio`` (width / height of square pixels) gives the vertical field of view where tag 17 is absent.
    """
    if pose_problem(local_set) or local_set.t_utc_us is None:
        return None
    v = local_set.values
    platform = (
        v[TAG_HEADING],
        v.get(TAG_PITCH_FULL, v.get(TAG_PITCH, 0.0)),
        v.get(TAG_ROLL_FULL, v.get(TAG_ROLL, 0.0)),
    )
    azimuth, elevation, roll = boresight(platform, (v[TAG_REL_AZIMUTH], v[TAG_REL_ELEVATION], v.get(TAG_REL_ROLL, 0.0)))
    hfov_deg = v[TAG_HFOV]
    half_height = math.tan(math.radians(hfov_deg) / 2) / aspect_ratio
    vfov_deg = v.get(TAG_VFOV, 0.0) or math.degrees(2 * math.atan(half_height))
    return CameraPose(
        local_set.t_utc_us, v[TAG_LAT], v[TAG_LON], v[TAG_ALT_MSL], azimuth, elevation, roll, hfov_deg, vfov_deg, "klv",
        (sigma or SensorSigma()).pose_sigma(),
    )  # fmt: skip
