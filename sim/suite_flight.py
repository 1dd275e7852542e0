"""How the aircraft of a suite's case truly flies and looks, and what its sensors say about it: a function of time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.autopilot.sensors import ErrorSizes, SensorErrorModel
from sim.projection import ViewPose
from sim.world import World


@dataclass(frozen=True)
class FlightStyle:
    """A shuttle along the border, looking square at it, and what disturbs it.

    ``pan_deg``/``pan_period_s``: the camera sweeps so far to each side. ``zoom_hfov_deg``: the narrowest view, reached
    once in ``zoom_period_s`` (None: no zoom). ``shake_deg``: the camera shakes by this (one sigma per axis) and no
    sensor tells. ``sway_m`` and ``swing_deg``: how gusts move aircraft and camera, which the sensors do tell.
    ``late_s``: the reported poses are so much older than their time stamps say. ``compass_bias_deg`` is on the reported
    azimuth; ``compass_sigma_deg`` is what the station is told of the compass: that it may be off by so much for minutes.
    """

    height_agl_m: float = 110.0
    standoff_m: float = 75.0
    speed_m_s: float = 4.0
    pan_deg: float = 0.0
    pan_period_s: float = 16.0
    zoom_hfov_deg: float | None = None
    zoom_period_s: float = 40.0
    shake_deg: float = 0.0
    sway_m: float = 0.0
    swing_deg: float = 0.0
    late_s: float = 0.0
    compass_bias_deg: float = 0.0
    compass_sigma_deg: float = 0.0


class _Wander:
    """A smooth random motion: a few sines with periods of seconds, unit variance."""

    def __init__(self, rng: np.random.Generator, periods_s: tuple[float, float], waves: int = 8) -> None:
        self._rate = 2.0 * np.pi / rng.uniform(*periods_s, waves)
        self._phase = rng.uniform(0.0, 2.0 * np.pi, waves)

    def at(self, t_s: float) -> float:
        return float(np.sin(self._rate * t_s + self._phase).sum() * math.sqrt(2.0 / len(self._rate)))


class Flight:
    """One flight over ``world``. ``seed`` decides gusts, shaking and the sensors' errors."""

    def __init__(self, world: World, style: FlightStyle, seed: int) -> None:
        self._world, self._style = world, style
        rng = np.random.default_rng([seed, *b"flight"])
        self._half_m = world.scenario.patrol.stretch_m / 2.0
        self._start_m = float(rng.uniform(0.0, 4.0 * self._half_m))
        self._pan_phase = float(rng.uniform(0.0, 2.0 * math.pi))
        self._sway = [_Wander(rng, (3.0, 9.0)) for _ in range(3)]
        self._swing = [_Wander(rng, (1.5, 5.0)) for _ in range(3)]
        self._shake = [_Wander(rng, (0.08, 0.4)) for _ in range(3)]
        noise = world.scenario.noise
        sizes = ErrorSizes(
            noise.gps_sigma_m, noise.gps_correlation_s, noise.attitude_sigma_deg, noise.attitude_correlation_s,
            noise.gimbal_sigma_deg, noise.gimbal_correlation_s,
        )  # fmt: skip
        self._errors = SensorErrorModel(sizes, seed)

    def hfov_deg(self, t_s: float) -> float:
        """The true field of view, which is told exactly."""
        wide, narrow = self._world.scenario.camera.hfov_deg, self._style.zoom_hfov_deg
        if narrow is None:
            return wide
        share = 0.5 - 0.5 * math.cos(2.0 * math.pi * t_s / self._style.zoom_period_s + self._pan_phase)
        return float(wide * (narrow / wide) ** share)

    def true_pose(self, t_s: float) -> ViewPose:
        """Where the camera is and looks."""
        return self._steady_pose(t_s, self._style.shake_deg)

    def reported_pose(self, t_s: float) -> ViewPose:
        """What the aircraft says about it."""
        s = self._style
        pose = self._steady_pose(t_s - s.late_s, 0.0)
        error = self._errors.at(t_s, self._yaw_in_body_deg())
        return ViewPose(
            pose.east_m + error.east_m, pose.north_m + error.north_m, pose.alt_amsl_m + error.up_m,
            (pose.azimuth_deg + error.gimbal_azimuth_deg + s.compass_bias_deg) % 360.0,
            pose.elevation_deg + error.gimbal_elevation_deg, pose.roll_deg + error.gimbal_roll_deg,
        )  # fmt: skip

    def _yaw_in_body_deg(self) -> float:
        # It flies along the line with the nose ahead and looks to the right, where the line is.
        return 90.0

    def _steady_pose(self, t_s: float, shake_deg: float) -> ViewPose:
        s, line = self._style, self._world.layout.line
        way = (self._start_m + s.speed_m_s * t_s) % (4.0 * self._half_m)
        along = way - self._half_m if way < 2.0 * self._half_m else 3.0 * self._half_m - way
        place, aim = line.to_plane(along, s.standoff_m), line.to_plane(along, 0.0)
        ground = max(self._world.height_amsl_m(*place), self._world.height_amsl_m(*aim))
        sway = [s.sway_m * w.at(t_s) for w in self._sway]
        look = aim - place
        aim_below = ground + s.height_agl_m - self._world.height_amsl_m(*aim)
        angles = [
            s.swing_deg * w.at(t_s) + shake_deg * k.at(t_s) for w, k in zip(self._swing, self._shake, strict=True)
        ]
        pan = s.pan_deg * math.sin(2.0 * math.pi * t_s / s.pan_period_s + self._pan_phase)
        return ViewPose(
            float(place[0]) + sway[0], float(place[1]) + sway[1], ground + s.height_agl_m + 0.5 * sway[2],
            (math.degrees(math.atan2(look[0], look[1])) + pan + angles[0]) % 360.0,
            -math.degrees(math.atan2(aim_below, s.standoff_m)) + angles[1], angles[2],
        )  # fmt: skip
