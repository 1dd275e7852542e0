"""A three-axis stabilised gimbal: level in roll, slewing at a limited rate, told what to do as MAVLink's gimbals are."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum

from missions.mavlink import mavlink2 as m
from sim.autopilot.parameters import Parameters
from sim.dynamics import Vec3, wrap_180


class Targeting(Enum):
    """Where the gimbal takes its target from."""

    NEUTRAL = "neutral"
    ANGLES = "angles"
    RATES = "rates"
    LOCATION = "location"


@dataclass(frozen=True)
class GimbalTarget:
    """The order in force. ``yaw_lock``: ``yaw_deg`` is from true north, else from the vehicle's nose."""

    kind: Targeting = Targeting.NEUTRAL
    pitch_deg: float = 0.0
    yaw_deg: float = 0.0
    pitch_rate_deg_s: float = 0.0
    yaw_rate_deg_s: float = 0.0
    yaw_lock: bool = False
    location_enu_m: Vec3 = (0.0, 0.0, 0.0)


class Gimbal:
    """``azimuth_deg`` from true north and ``elevation_deg`` above the horizon are the true boresight."""

    slew_deg_s = 45.0

    def __init__(self, parameters: Parameters, vehicle_yaw_deg: float = 0.0) -> None:
        self._parameters = parameters
        self.azimuth_deg = vehicle_yaw_deg % 360.0
        self.elevation_deg = 0.0
        self.target = GimbalTarget()
        self.azimuth_rate_deg_s = 0.0
        self.elevation_rate_deg_s = 0.0
        self.controller: tuple[int, int] = (0, 0)

    @property
    def present(self) -> bool:
        """Whether there is one (``MNT1_TYPE`` is not 0)."""
        return self._parameters["MNT1_TYPE"] != 0

    def point(
        self, pitch_deg: float, yaw_deg: float, pitch_rate_deg_s: float, yaw_rate_deg_s: float, yaw_lock: bool
    ) -> bool:
        """An order of the gimbal manager; NaN means "not given". False when it asks for nothing or for too much.

        Both angles, or both rates; all four given is refused; none given changes the yaw lock only.
        """
        if not self.present or any(math.isinf(v) for v in (pitch_deg, yaw_deg, pitch_rate_deg_s, yaw_rate_deg_s)):
            return False
        angles = not (math.isnan(pitch_deg) or math.isnan(yaw_deg))
        rates = not (math.isnan(pitch_rate_deg_s) or math.isnan(yaw_rate_deg_s))
        if angles and not rates:
            self.target = GimbalTarget(Targeting.ANGLES, pitch_deg, yaw_deg, yaw_lock=yaw_lock)
        elif rates and not angles:
            self.target = GimbalTarget(
                Targeting.RATES,
                pitch_rate_deg_s=pitch_rate_deg_s,
                yaw_rate_deg_s=yaw_rate_deg_s,
                yaw_lock=yaw_lock,
            )
        elif not angles and not rates:
            if not all(math.isnan(v) for v in (pitch_deg, yaw_deg, pitch_rate_deg_s, yaw_rate_deg_s)):
                return False
            self.target = replace(self.target, yaw_lock=yaw_lock)
        else:
            return False
        return True

    def order(
        self, flags: int, pitch_deg: float, yaw_deg: float, pitch_rate_deg_s: float, yaw_rate_deg_s: float
    ) -> bool:
        """:meth:`point` with the flags of ``GIMBAL_MANAGER_FLAGS`` in front: retract and neutral need no angles."""
        if flags & (m.GIMBAL_MANAGER_FLAGS_RETRACT | m.GIMBAL_MANAGER_FLAGS_NEUTRAL):
            self.neutral()
            return self.present
        lock = bool(flags & m.GIMBAL_MANAGER_FLAGS_YAW_LOCK)
        return self.point(pitch_deg, yaw_deg, pitch_rate_deg_s, yaw_rate_deg_s, lock)

    def look_at(self, location_enu_m: Vec3) -> None:
        """Keep the boresight on a place (grid east, north and metres AMSL)."""
        self.target = GimbalTarget(Targeting.LOCATION, yaw_lock=True, location_enu_m=location_enu_m)

    def neutral(self) -> None:
        """Back to the neutral angles, following the nose."""
        self.target = GimbalTarget()

    def yaw_in_body_deg(self, vehicle_yaw_deg: float) -> float:
        """How far the camera looks to the right of the nose, [-180, 180)."""
        return wrap_180(self.azimuth_deg - vehicle_yaw_deg)

    def step(self, dt_s: float, position_enu_m: Vec3, vehicle_yaw_deg: float) -> None:
        """Move for ``dt_s``. ``position_enu_m`` is where the vehicle believes to be."""
        p, target = self._parameters, self.target
        if target.kind is Targeting.RATES:
            pitch = self.elevation_deg + target.pitch_rate_deg_s * dt_s
            azimuth = self.azimuth_deg + target.yaw_rate_deg_s * dt_s
        elif target.kind is Targeting.LOCATION:
            de, dn, du = (a - b for a, b in zip(target.location_enu_m, position_enu_m, strict=True))
            pitch = math.degrees(math.atan2(du, math.hypot(de, dn)))
            azimuth = math.degrees(math.atan2(de, dn))
        elif target.kind is Targeting.ANGLES:
            pitch = target.pitch_deg
            azimuth = target.yaw_deg if target.yaw_lock else vehicle_yaw_deg + target.yaw_deg
        else:
            pitch, azimuth = p["MNT1_NEUTRAL_Y"], vehicle_yaw_deg + p["MNT1_NEUTRAL_Z"]
        pitch = min(max(pitch, p["MNT1_PITCH_MIN"]), p["MNT1_PITCH_MAX"])
        if p["MNT1_YAW_MAX"] - p["MNT1_YAW_MIN"] < 360.0:
            in_body = min(max(wrap_180(azimuth - vehicle_yaw_deg), p["MNT1_YAW_MIN"]), p["MNT1_YAW_MAX"])
            azimuth = vehicle_yaw_deg + in_body
        most = self.slew_deg_s * dt_s
        d_elevation = min(max(pitch - self.elevation_deg, -most), most)
        d_azimuth = min(max(wrap_180(azimuth - self.azimuth_deg), -most), most)
        self.elevation_deg += d_elevation
        self.azimuth_deg = (self.azimuth_deg + d_azimuth) % 360.0
        self.elevation_rate_deg_s, self.azimuth_rate_deg_s = d_elevation / dt_s, d_azimuth / dt_s
