"""Steering of a fixed wing in the plane: along a leg and round a circle, as a lateral acceleration.

The law is that of S. Park, J. Deyst and J. P. How, "A New Nonlinear Guidance Logic for Trajectory Tracking" (AIAA Guidance,
Navigation and Control Conference 2004, AIAA 2004-4900), in the form that ArduPilot's ``AP_L1_Control`` gives it (period and
damping instead of a fixed length, a second-order law on circles); written anew, with ArduPlane's default figures.
Vectors are (north, east); accelerations are positive to the right.
"""

from __future__ import annotations

import math

Vec = tuple[float, float]

PERIOD_S, DAMPING = 17.0, 0.75
_L1_PER_M_S = PERIOD_S * DAMPING / math.pi
_GAIN = 4.0 * DAMPING * DAMPING
_MOST_NU = 0.5 * math.pi


def l1_m(ground_speed_m_s: float) -> float:
    """How far ahead it aims."""
    return max(_L1_PER_M_S * ground_speed_m_s, 1.0)


def turn_distance_m(wp_radius_m: float, ground_speed_m_s: float, turn_deg: float) -> float:
    """How far before a waypoint the turn to the next leg begins."""
    return min(wp_radius_m, l1_m(ground_speed_m_s)) * min(1.0, abs(turn_deg) / 90.0)


def along_leg(start: Vec, end: Vec, here: Vec, velocity: Vec) -> tuple[float, float]:
    """``(acceleration, share of the leg that lies behind)``; the share is above 1 beyond the end."""
    leg = (end[0] - start[0], end[1] - start[1])
    length = math.hypot(*leg)
    away = (here[0] - start[0], here[1] - start[1])
    if length < 0.1:
        return _towards(end, here, velocity), 1.0
    unit = (leg[0] / length, leg[1] / length)
    along = _dot(away, unit)
    share = along / length
    speed = math.hypot(*velocity)
    reach = l1_m(speed)
    if math.hypot(*away) > reach and along < -0.7071 * math.hypot(*away):
        return _towards(start, here, velocity), share
    if along > length + 3.0 * speed:
        return _towards(end, here, velocity), share
    beside = max(-0.7071, min(0.7071, _cross(away, unit) / reach))
    nu = math.asin(beside) + math.atan2(_cross(velocity, unit), _dot(velocity, unit))
    return _acceleration(nu, speed), share


def round_circle(centre: Vec, radius_m: float, clockwise: bool, here: Vec, velocity: Vec) -> float:
    """The acceleration that brings it to a circle and keeps it there."""
    away = (here[0] - centre[0], here[1] - centre[1])
    distance = max(math.hypot(*away), 0.1)
    out = (away[0] / distance, away[1] / distance)
    inwards, across = -_dot(velocity, out), _cross(out, velocity)
    capture = _acceleration(math.atan2(across, inwards), math.hypot(*velocity))
    omega = 2.0 * math.pi / PERIOD_S
    off = distance - radius_m
    direction = 1.0 if clockwise else -1.0
    pull = off * omega * omega - inwards * 2.0 * DAMPING * omega
    tangent = across * direction
    if inwards < 0.0 and tangent < 0.0:
        pull = max(pull, 0.0)
    circle = direction * (pull + tangent * tangent / max(0.5 * radius_m, radius_m + off))
    return capture if off > 0.0 and direction * capture < direction * circle else circle


def _towards(place: Vec, here: Vec, velocity: Vec) -> float:
    way = (place[0] - here[0], place[1] - here[1])
    return _acceleration(math.atan2(_cross(velocity, way), _dot(velocity, way)), math.hypot(*velocity))


def _acceleration(nu: float, speed: float) -> float:
    nu = max(-_MOST_NU, min(_MOST_NU, nu))
    return _GAIN * speed * speed / l1_m(speed) * math.sin(nu)


def _dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1]


def _cross(a: Vec, b: Vec) -> float:
    return a[0] * b[1] - a[1] * b[0]
