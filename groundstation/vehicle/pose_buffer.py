"""Where the aircraft was and where its camera looked at a given instant of UTC.

Position, attitude and gimbal come in separate messages at their own rates, each stamped with the time since boot. Here
each is interpolated to the asked time on its own, so that a camera on a turning aircraft is not smeared by the age of
its yaw. Nothing is invented: beyond a short extrapolation, over a gap, or without a position estimate there is no pose,
and the answer says why.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from groundstation.vehicle.angles import interpolate_deg, quaternion_to_euler_deg, wrap_360
from groundstation.vehicle.boot_time import BootTimeMap
from groundstation.vehicle.reducer import ekf_position_ok
from vision.records import CameraPose, PoseSigma

_M_PER_DEG_LAT = 111_132.95  # at 45 degrees; only used to extrapolate by metres
_YAW_IN_EARTH_FRAME = 0x40


@dataclass(frozen=True)
class PoseSample:
    """The camera's pose at ``t_utc_us``; angles of the boresight in the earth frame, azimuth 0..360."""

    t_utc_us: int
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    azimuth_deg: float
    elevation_deg: float
    roll_deg: float


@dataclass(frozen=True)
class NoPose:
    """Why there is none."""

    t_utc_us: int
    reason: str


@dataclass(frozen=True)
class PoseLimits:
    """``gap_s``: longest time between two samples that is bridged; ``extrapolation_s``: beyond the newest sample."""

    keep_s: float = 20.0
    gap_s: float = 1.0
    extrapolation_s: float = 0.15


@dataclass(frozen=True)
class _Position:
    t_utc_us: int
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    velocity_ned_m_s: tuple[float, float, float]


@dataclass(frozen=True)
class _Attitude:
    t_utc_us: int
    yaw_deg: float


@dataclass(frozen=True)
class _Gimbal:
    t_utc_us: int
    yaw_deg: float
    elevation_deg: float
    roll_deg: float
    earth_frame: bool


S = TypeVar("S", _Position, _Attitude, _Gimbal)


class _Series(Generic[S]):
    """Samples in time order; those that arrive late are put where they belong."""

    def __init__(self, keep_us: int) -> None:
        self.samples: list[S] = []
        self._keep_us = keep_us

    def add(self, sample: S) -> None:
        index = bisect.bisect_left(self.samples, sample.t_utc_us, key=lambda s: s.t_utc_us)
        if index < len(self.samples) and self.samples[index].t_utc_us == sample.t_utc_us:
            self.samples[index] = sample
        else:
            self.samples.insert(index, sample)
        oldest_us = self.samples[-1].t_utc_us - self._keep_us
        drop = bisect.bisect_left(self.samples, oldest_us, key=lambda s: s.t_utc_us)
        # Dropped in lots: one at a time would move the whole list for every sample.
        if drop > 100:
            del self.samples[:drop]

    def around(self, t_utc_us: int, limits: PoseLimits) -> tuple[S, S, float] | str:
        """Two samples and where between them the time lies (0..1, more than 1 beyond the newest), or why not."""
        samples = self.samples
        if not samples:
            return "never received"
        index = bisect.bisect_right(samples, t_utc_us, key=lambda s: s.t_utc_us)
        if index == 0:
            return f"the oldest is {(samples[0].t_utc_us - t_utc_us) / 1e6:.2f} s younger than the picture"
        if index == len(samples):
            beyond_s = (t_utc_us - samples[-1].t_utc_us) / 1e6
            if beyond_s > limits.extrapolation_s:
                return f"the newest is {beyond_s:.2f} s older than the picture"
            if len(samples) == 1:
                return samples[-1], samples[-1], 0.0
            index -= 1
        before, after = samples[index - 1], samples[index]
        gap_us = after.t_utc_us - before.t_utc_us
        if gap_us > limits.gap_s * 1e6:
            return f"missing for {gap_us / 1e6:.2f} s around the picture"
        return before, after, (t_utc_us - before.t_utc_us) / gap_us


class PoseBuffer:
    """The recent poses of one aircraft and its gimbal. Pure: fed with messages, asked for times."""

    def __init__(self, boot_time: BootTimeMap, limits: PoseLimits | None = None) -> None:
        self._boot_time = boot_time
        self._limits = limits or PoseLimits()
        keep_us = int(self._limits.keep_s * 1e6)
        self._positions: _Series[_Position] = _Series(keep_us)
        self._attitudes: _Series[_Attitude] = _Series(keep_us)
        self._gimbals: _Series[_Gimbal] = _Series(keep_us)
        self._position_ok: bool | None = None
        self._emitted_us = 0
        self._handlers: dict[str, Callable[[Any, int], None]] = {
            "GLOBAL_POSITION_INT": self._on_position,
            "ATTITUDE": self._on_attitude,
            "GIMBAL_DEVICE_ATTITUDE_STATUS": self._on_gimbal,
        }

    def on_message(self, message: Any, t_utc_us: int) -> None:
        """Take a message of this aircraft that arrived at ``t_utc_us``."""
        kind = message.get_type()
        if kind == "EKF_STATUS_REPORT":
            self._position_ok = ekf_position_ok(message.flags)
            return
        handler = self._handlers.get(kind)
        if handler is None:
            return
        if self._boot_time.on_boot_time(message.time_boot_ms, t_utc_us):
            self.clear()
        handler(message, self._boot_time.to_utc_us(message.time_boot_ms))

    def clear(self) -> None:
        """Forget everything: the aircraft has restarted."""
        for series in (self._positions, self._attitudes, self._gimbals):
            series.samples.clear()
        self._position_ok = None

    def _on_position(self, m: Any, t_utc_us: int) -> None:
        if m.lat or m.lon:
            velocity = (m.vx / 100.0, m.vy / 100.0, m.vz / 100.0)
            self._positions.add(_Position(t_utc_us, m.lat / 1e7, m.lon / 1e7, m.alt / 1000.0, velocity))

    def _on_attitude(self, m: Any, t_utc_us: int) -> None:
        # A NaN is an autopilot's way of saying that it does not know; as an azimuth it would poison every pose near it.
        if math.isfinite(m.yaw):
            self._attitudes.add(_Attitude(t_utc_us, math.degrees(m.yaw)))

    def _on_gimbal(self, m: Any, t_utc_us: int) -> None:
        roll_deg, pitch_deg, yaw_deg = quaternion_to_euler_deg(m.q)
        if math.isfinite(pitch_deg) and math.isfinite(yaw_deg):
            earth = bool(m.flags & _YAW_IN_EARTH_FRAME)
            self._gimbals.add(_Gimbal(t_utc_us, yaw_deg, pitch_deg, roll_deg, earth))

    def at(self, t_utc_us: int) -> PoseSample | NoPose:
        """The pose at a time, or why there is none."""
        if self._position_ok is False:
            return NoPose(t_utc_us, "the aircraft has no position estimate")
        positions = self._positions.around(t_utc_us, self._limits)
        if isinstance(positions, str):
            return NoPose(t_utc_us, f"position: {positions}")
        gimbals = self._gimbals.around(t_utc_us, self._limits)
        if isinstance(gimbals, str):
            return NoPose(t_utc_us, f"gimbal: {gimbals}")
        before, after, fraction = gimbals
        azimuth_deg = interpolate_deg(before.yaw_deg, after.yaw_deg, fraction)
        if not after.earth_frame:
            attitudes = self._attitudes.around(t_utc_us, self._limits)
            if isinstance(attitudes, str):
                return NoPose(t_utc_us, f"attitude: {attitudes}")
            azimuth_deg += interpolate_deg(attitudes[0].yaw_deg, attitudes[1].yaw_deg, attitudes[2])
        elevation_deg = before.elevation_deg + fraction * (after.elevation_deg - before.elevation_deg)
        roll_deg = interpolate_deg(before.roll_deg, after.roll_deg, fraction)
        lat_deg, lon_deg, alt_amsl_m = _position_at(*positions, t_utc_us)
        return PoseSample(t_utc_us, lat_deg, lon_deg, alt_amsl_m, wrap_360(azimuth_deg), elevation_deg, roll_deg)

    def to_camera_pose(
        self, t_utc_us: int, hfov_deg: float, vfov_deg: float, sigma: PoseSigma | None = None
    ) -> CameraPose | None:
        """The pose as the video pipeline wants it; None where :meth:`at` says why not."""
        pose = self.at(t_utc_us)
        if isinstance(pose, NoPose):
            return None
        return CameraPose(
            t_utc_us, pose.lat_deg, pose.lon_deg, pose.alt_amsl_m, pose.azimuth_deg, pose.elevation_deg,
            pose.roll_deg, hfov_deg, vfov_deg, "vehicle", sigma or PoseSigma(),
        )  # fmt: skip

    def take_new(self) -> list[PoseSample]:
        """Poses at the times of gimbal samples that can be interpolated only now; each is given out once."""
        if not (self._positions.samples and self._gimbals.samples):
            return []
        until_us = self._positions.samples[-1].t_utc_us
        if self._attitudes.samples:
            until_us = min(until_us, self._attitudes.samples[-1].t_utc_us)
        samples = self._gimbals.samples
        start = bisect.bisect_right(samples, self._emitted_us, key=lambda s: s.t_utc_us)
        end = bisect.bisect_right(samples, until_us, key=lambda s: s.t_utc_us)
        poses = [self.at(sample.t_utc_us) for sample in samples[start:end]]
        if end > start:
            self._emitted_us = samples[end - 1].t_utc_us
        return [pose for pose in poses if isinstance(pose, PoseSample)]


def _position_at(before: _Position, after: _Position, fraction: float, t_utc_us: int) -> tuple[float, float, float]:
    if fraction <= 1.0:
        return (
            before.lat_deg + fraction * (after.lat_deg - before.lat_deg),
            before.lon_deg + fraction * (after.lon_deg - before.lon_deg),
            before.alt_amsl_m + fraction * (after.alt_amsl_m - before.alt_amsl_m),
        )
    # Beyond the newest: by its velocity, which is better than the difference of two rounded positions.
    ahead_s = (t_utc_us - after.t_utc_us) / 1e6
    north, east, down = after.velocity_ned_m_s
    m_per_deg_lon = _M_PER_DEG_LAT * max(math.cos(math.radians(after.lat_deg)), 1e-6)
    return (
        after.lat_deg + north * ahead_s / _M_PER_DEG_LAT,
        after.lon_deg + east * ahead_s / m_per_deg_lon,
        after.alt_amsl_m - down * ahead_s,
    )
