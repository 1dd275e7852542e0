"""From what a telemetry file says to camera poses, with what it does not say added by the operator."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from geofences.errors import VideoError
from vision.klv import boresight
from vision.records import CameraPose, PoseSigma
from vision.sidecar.samples import TelemetryLog, TelemetrySample, wrap_180

GroundHeight = Callable[[float, float], float]
"""Latitude and longitude in degrees to the ground's height above mean sea level; NaN where it is not known."""

_COURSE_BASE_S = 1.0
_COURSE_MIN_SPEED_M_S = 2.0


@dataclass(frozen=True)
class Mounting:
    """What the file lacks. Angles in degrees; NaN: not given.

    ``azimuth`` of the camera from the nose, ``elevation`` above the horizon (of a level aircraft), ``roll``; used where
    the file has no gimbal. ``level``: the camera keeps its elevation and roll while the aircraft tilts. ``heading`` of
    the aircraft where the file has none: degrees from true north, or "course": along its way. ``hfov``: replaces the
    file's. ``takeoff_alt_amsl_m``: height of the take-off place.
    """

    azimuth_deg: float = 0.0
    elevation_deg: float = math.nan
    roll_deg: float = 0.0
    level: bool = False
    heading_deg: float | Literal["course"] = math.nan
    hfov_deg: float = math.nan
    takeoff_alt_amsl_m: float = math.nan


@dataclass(frozen=True)
class SidecarSigma:
    """One-sigma errors of a consumer drone's telemetry; the rounding of the file's positions is added to the first."""

    horizontal_m: float = 2.5
    vertical_relative_m: float = 2.0
    vertical_absolute_m: float = 8.0
    heading_deg: float = 2.0
    course_deg: float = 12.0
    given_heading_deg: float = 3.0
    elevation_deg: float = 0.7
    mounted_deg: float = 1.5
    roll_deg: float = 0.7


@dataclass(frozen=True)
class SidecarPoses:
    """Camera poses of a file. ``refused``: why samples gave none; ``notes``: what was assumed."""

    poses: tuple[CameraPose, ...]
    takeoff_alt_amsl_m: float
    refused: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def camera_poses(
    log: TelemetryLog,
    start_utc_us: int,
    time_offset_s: float,
    aspect_ratio: float,
    mounting: Mounting,
    ground_height: GroundHeight | None = None,
    sigma: SidecarSigma | None = None,
) -> SidecarPoses:
    """The poses of all samples that hold, or are given, what a pose needs.

    ``start_utc_us``: when the video began. ``time_offset_s``: what the telemetry's clock shows more than the
    video's at the same instant, as in :class:`~vision.pose_buffer.PoseBuffer`.
    ``aspect_ratio``: width / height of the picture. ``ground_height``: the terrain model, None for flat ground at the
    height of the take-off place. Raises :class:`~geofences.errors.VideoError`, naming what to give, when no sample does.
    """
    notes = list(log.notes)
    takeoff_m, above = _takeoff_height(log.samples, mounting, ground_height)
    notes.append(above)
    maker = _PoseMaker(log.samples, takeoff_m, aspect_ratio, mounting, sigma or SidecarSigma())
    origin_us = start_utc_us if log.time_base == "video" else 0
    poses: list[CameraPose] = []
    refused: Counter[str] = Counter(log.refused)
    for i, sample in enumerate(log.samples):
        pose = maker.pose(i, origin_us + round((sample.t_s - time_offset_s) * 1e6))
        if isinstance(pose, str):
            refused[pose] += 1
        else:
            poses.append(pose)
    if not poses:
        why = "; ".join(f"{reason}: {count}" for reason, count in refused.most_common(3))
        raise VideoError(
            f"the telemetry ({log.dialect}) gives no camera pose: {why}",
            "give what it lacks: --hfov-deg, --camera-elevation-deg, --heading-deg, --ground-alt-m",
        )
    return SidecarPoses(tuple(poses), takeoff_m, dict(refused), (*notes, *maker.notes()))


def _takeoff_height(
    samples: tuple[TelemetrySample, ...], mounting: Mounting, ground_height: GroundHeight | None
) -> tuple[float, str]:
    """Height of the take-off place and how it is known."""
    if not math.isnan(mounting.takeoff_alt_amsl_m):
        return mounting.takeoff_alt_amsl_m, f"take-off place at {mounting.takeoff_alt_amsl_m:g} m as given"
    first = samples[0]
    if ground_height is not None:
        home = next((s for s in samples if not math.isnan(s.home_lat_deg)), None)
        if home is not None:
            height = ground_height(home.home_lat_deg, home.home_lon_deg)
            where = "the home position"
        else:
            # On the ground, or nearly, it is the place itself; else the best there is.
            lowest = min(samples, key=lambda s: s.alt_rel_home_m if math.isfinite(s.alt_rel_home_m) else math.inf)
            height, where = ground_height(lowest.lat_deg, lowest.lon_deg), "the lowest point of the flight"
        if math.isfinite(height):
            return height, f"take-off place at {height:.1f} m, the terrain's height at {where}"
    both = sorted(s.alt_amsl_m - s.alt_rel_home_m for s in samples if math.isfinite(s.alt_amsl_m - s.alt_rel_home_m))
    if both:
        height = both[len(both) // 2]
        return height, f"take-off place at {height:.1f} m, the difference of the file's own heights"
    if math.isfinite(first.alt_rel_home_m) and ground_height is None:
        return 0.0, "height of the take-off place not known: heights are relative to it"
    return math.nan, "height of the take-off place not known"


class _PoseMaker:
    def __init__(
        self,
        samples: tuple[TelemetrySample, ...],
        takeoff_m: float,
        aspect_ratio: float,
        mounting: Mounting,
        sigma: SidecarSigma,
    ) -> None:
        self._samples, self._takeoff_m, self._aspect = samples, takeoff_m, aspect_ratio
        self._mounting, self._sigma = mounting, sigma
        self._used: set[str] = set()

    def notes(self) -> tuple[str, ...]:
        """What was assumed on the way."""
        return tuple(sorted(self._used))

    def pose(self, i: int, t_utc_us: int) -> CameraPose | str:
        """The pose of sample ``i``, or why there is none."""
        s = self._samples[i]
        if t_utc_us <= 0:
            return "time before 1970"
        height = self._height(s)
        if isinstance(height, str):
            return height
        hfov_deg = self._mounting.hfov_deg if math.isfinite(self._mounting.hfov_deg) else s.hfov_deg
        if math.isnan(hfov_deg):
            return "no field of view"
        if not 1.0 <= hfov_deg <= 150.0:
            return "field of view out of range"
        view = self._view(i)
        if isinstance(view, str):
            return view
        azimuth, elevation, roll, azimuth_sigma, elevation_sigma = view
        if not (math.isfinite(azimuth + elevation + roll) and abs(elevation) <= 90.0 and abs(roll) <= 360.0):
            return "angles out of range"
        if abs(azimuth) > 720.0:
            return "angles out of range"
        alt_amsl_m, vertical_m = height
        if not -1000.0 < alt_amsl_m < 20000.0:
            return "height out of range"
        # A field of view that is wrong by some per cent turns what is off the middle.
        from_file_deg = 0.0 if math.isfinite(self._mounting.hfov_deg) else 0.01 * hfov_deg
        vfov_deg = math.degrees(2.0 * math.atan(math.tan(math.radians(hfov_deg) / 2.0) / self._aspect))
        horizontal_m = math.hypot(self._sigma.horizontal_m, s.rounding_m)
        return CameraPose(
            t_utc_us, s.lat_deg, s.lon_deg, alt_amsl_m, azimuth % 360.0, elevation, wrap_180(roll), hfov_deg, vfov_deg,
            "vehicle",
            PoseSigma(horizontal_m, vertical_m, math.hypot(azimuth_sigma, from_file_deg),
                      math.hypot(elevation_sigma, from_file_deg), self._sigma.roll_deg),
        )  # fmt: skip

    def _height(self, s: TelemetrySample) -> tuple[float, float] | str:
        """Height above sea level and its sigma. Above take-off is measured by the barometer and much better."""
        if math.isfinite(s.alt_rel_home_m) and math.isfinite(self._takeoff_m):
            return self._takeoff_m + s.alt_rel_home_m, self._sigma.vertical_relative_m
        if math.isfinite(s.alt_amsl_m):
            self._used.add("heights above sea level are the file's own, good to some 8 m")
            return s.alt_amsl_m, self._sigma.vertical_absolute_m
        return "no height above sea level: the take-off place's is not known"

    def _view(self, i: int) -> tuple[float, float, float, float, float] | str:
        """Azimuth, elevation, roll of the boresight in the earth frame and the sigma of the first two."""
        s, m, sigma = self._samples[i], self._mounting, self._sigma
        has_elevation = math.isfinite(s.gimbal_elevation_deg)
        elevation = s.gimbal_elevation_deg if has_elevation else m.elevation_deg
        if math.isnan(elevation):
            return "no camera elevation"
        elevation_sigma = sigma.elevation_deg if has_elevation else sigma.mounted_deg
        roll = s.gimbal_roll_deg if math.isfinite(s.gimbal_roll_deg) else m.roll_deg
        if math.isfinite(s.gimbal_azimuth_deg):
            return s.gimbal_azimuth_deg, elevation, roll, sigma.heading_deg, elevation_sigma
        heading = self._heading(i)
        if isinstance(heading, str):
            return heading
        heading_deg, heading_sigma = heading
        from_nose = s.gimbal_relative_azimuth_deg if math.isfinite(s.gimbal_relative_azimuth_deg) else m.azimuth_deg
        if not has_elevation:
            self._used.add(
                f"no gimbal in the file: the camera is taken as mounted {m.azimuth_deg:g} deg from the nose and "
                f"{m.elevation_deg:g} deg above the horizon"
            )
        tilted = math.isfinite(s.pitch_deg) and math.isfinite(s.roll_deg) and not has_elevation and not m.level
        if tilted:
            azimuth, elevation, roll = boresight((heading_deg, s.pitch_deg, s.roll_deg), (from_nose, elevation, roll))
            return azimuth, elevation, roll, heading_sigma, elevation_sigma
        return heading_deg + from_nose, elevation, roll, heading_sigma, elevation_sigma

    def _heading(self, i: int) -> tuple[float, float] | str:
        s = self._samples[i]
        if math.isfinite(s.heading_deg):
            return s.heading_deg, self._sigma.heading_deg
        given = self._mounting.heading_deg
        if given == "course":
            return self._course(i)
        if math.isnan(given):
            return "no heading"
        self._used.add(f"no heading in the file: {given:g} deg as given")
        return given, self._sigma.given_heading_deg

    def _course(self, i: int) -> tuple[float, float] | str:
        """Along the way from a second before to a second after."""
        s, samples = self._samples[i], self._samples
        a = b = i
        while a > 0 and s.t_s - samples[a].t_s < _COURSE_BASE_S:
            a -= 1
        while b < len(samples) - 1 and samples[b].t_s - s.t_s < _COURSE_BASE_S:
            b += 1
        dt_s = samples[b].t_s - samples[a].t_s
        north = (samples[b].lat_deg - samples[a].lat_deg) * 111_132.95
        east = wrap_180(samples[b].lon_deg - samples[a].lon_deg) * 111_320.0 * math.cos(math.radians(s.lat_deg))
        way_m = math.hypot(north, east)
        if not 0.0 < dt_s <= 10.0 or way_m < _COURSE_MIN_SPEED_M_S * dt_s or way_m < 4.0 * s.rounding_m:
            return "no heading: too slow for one from the course"
        self._used.add("no heading in the file: along the course over ground, good to some 12 deg")
        return math.degrees(math.atan2(east, north)), self._sigma.course_deg
