"""Angles of a vehicle and its gimbal."""

from __future__ import annotations

import math
from collections.abc import Sequence


def wrap_180(angle_deg: float) -> float:
    """The same angle in [-180, 180)."""
    return (angle_deg + 180.0) % 360.0 - 180.0


def wrap_360(angle_deg: float) -> float:
    """The same angle in [0, 360)."""
    return angle_deg % 360.0


def interpolate_deg(from_deg: float, to_deg: float, fraction: float) -> float:
    """Between two angles by the short way round, in [-180, 180); ``fraction`` may lie outside 0..1."""
    return wrap_180(from_deg + fraction * wrap_180(to_deg - from_deg))


def quaternion_to_euler_deg(q: Sequence[float]) -> tuple[float, float, float]:
    """``(roll, pitch, yaw)`` degrees, intrinsic Z-Y-X, of a unit quaternion ``(w, x, y, z)``; NaN for no quaternion.

    Looking straight down, roll and yaw are one angle: then roll is given as 0.
    """
    norm = math.sqrt(sum(c * c for c in q))
    if not norm > 1e-6:
        return math.nan, math.nan, math.nan
    w, x, y, z = (c / norm for c in q)
    sine_pitch = max(-1.0, min(1.0, 2.0 * (w * y - z * x)))
    pitch = math.asin(sine_pitch)
    if abs(sine_pitch) > 0.999_998:  # within about 0.1 degree of straight up or down
        yaw = math.atan2(-2.0 * (x * y - w * z), 1.0 - 2.0 * (x * x + z * z))
        return 0.0, math.degrees(pitch), math.degrees(yaw)
    roll = math.atan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
    yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return math.degrees(roll), math.degrees(pitch), math.degrees(yaw)
