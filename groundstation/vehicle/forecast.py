"""When an aircraft will have to brake for its fence: it flies straight on until it can no longer stop inside.

The place is brought forward by the age of the telemetry; from the distance to the edge goes what braking takes. A Copter
brakes at its own deceleration while the whole wind carries it on (an upper bound); a Plane turns away in a quarter of a
circle and is carried downwind meanwhile. Ceiling and floor likewise, by the climb. Nothing here knows of curves.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from shapely.geometry import LineString

from groundstation.core.records import VehicleState
from groundstation.vehicle.fence_shapes import FenceRegion
from groundstation.vehicle.modes import Family

_G_M_S2 = 9.81
_FAR_S = 60.0

Edge = Literal["edge", "ceiling", "floor"]


@dataclass(frozen=True)
class Movement:
    """How an aircraft brakes. ``reaction_s``: from an order to its effect; ``bank_deg``: of a Plane's turn."""

    decel_m_s2: float = 2.0
    climb_decel_m_s2: float = 1.0
    reaction_s: float = 1.0
    bank_deg: float = 40.0


@dataclass(frozen=True)
class Limits:
    """What holds now. None: no such fence, or not known. Heights above home."""

    region: FenceRegion | None = None
    ceiling_rel_home_m: float | None = None
    floor_rel_home_m: float | None = None


@dataclass(frozen=True)
class Breach:
    """``time_s``: until it must begin to brake or turn; 0 when it is too late to stay inside. ``distance_m``: to the edge."""

    edge: Edge
    time_s: float
    distance_m: float


def stopping_m(speed_m_s: float, wind_along_m_s: float, family: Family, movement: Movement) -> float:
    """Metres flown on along the track from the order to stop (Copter, Rover) or to turn away (Plane).

    ``wind_along_m_s``: component of the wind in the direction of flight, positive from behind; ``speed_m_s`` over ground.
    """
    pushed_m_s = max(wind_along_m_s, 0.0)
    reaction_m = speed_m_s * movement.reaction_s
    if family != "plane":
        brake_s = speed_m_s / movement.decel_m_s2
        return reaction_m + 0.5 * speed_m_s * brake_s + pushed_m_s * brake_s
    air_m_s = max(speed_m_s - wind_along_m_s, 0.1)
    turn = _G_M_S2 * math.tan(math.radians(movement.bank_deg))
    return reaction_m + air_m_s**2 / turn + pushed_m_s * 0.5 * math.pi * air_m_s / turn


def forecast(
    state: VehicleState,
    age_s: float,
    limits: Limits,
    family: Family,
    movement: Movement | None = None,
    wind_en_m_s: tuple[float, float] = (0.0, 0.0),
    leg_left_m: float = math.nan,
) -> tuple[Breach, ...]:
    """The breaches to come within a minute, the nearest first.

    ``age_s``: of the position in ``state``. ``wind_en_m_s``: where the air moves to, east and north. ``leg_left_m``: to
    the waypoint that an aircraft in AUTO flies to; an edge beyond it is not met, because there it turns or stops. NaN
    where that is not known.
    """
    how = movement or Movement()
    found = [_edge(state, age_s, limits.region, family, how, wind_en_m_s, leg_left_m)]
    down = state.velocity_ned_m_s[2]
    if math.isfinite(down) and math.isfinite(state.alt_rel_home_m):
        alt_m = state.alt_rel_home_m - down * age_s
        if limits.ceiling_rel_home_m is not None:
            found.append(_height("ceiling", limits.ceiling_rel_home_m - alt_m, -down, how))
        if limits.floor_rel_home_m is not None:
            found.append(_height("floor", alt_m - limits.floor_rel_home_m, down, how))
    return tuple(sorted((b for b in found if b is not None), key=lambda b: b.time_s))


def _height(edge: Edge, room_m: float, towards_m_s: float, how: Movement) -> Breach | None:
    if towards_m_s < 0.1:
        return None
    stop_m = towards_m_s * how.reaction_s + towards_m_s**2 / (2.0 * how.climb_decel_m_s2)
    time_s = (room_m - stop_m) / towards_m_s
    return Breach(edge, max(time_s, 0.0), room_m) if time_s < _FAR_S else None


def _edge(
    state: VehicleState,
    age_s: float,
    region: FenceRegion | None,
    family: Family,
    how: Movement,
    wind_en_m_s: tuple[float, float],
    leg_left_m: float,
) -> Breach | None:
    north, east, _ = state.velocity_ned_m_s
    speed = math.hypot(north, east)
    if region is None or region.is_empty or not math.isfinite(speed) or not math.isfinite(state.lat_deg):
        return None
    if speed < 0.3:
        return None  # the direction of so slow a drift is noise
    direction = np.array([east, north]) / speed
    here = region.frame.to_plane(state.lat_deg, state.lon_deg) + direction * speed * age_s
    margin = region.margin_plane_m(float(here[0]), float(here[1]))
    if margin < 0.0:
        return Breach("edge", 0.0, margin)
    stop_m = stopping_m(speed, float(direction @ np.array(wind_en_m_s)), family, how)
    reach_m = _FAR_S * speed + stop_m
    ahead = LineString([here, here + direction * reach_m])
    crossing = ahead.intersection(region.region.boundary)
    if crossing.is_empty:
        return None
    distance_m = float(LineString([here, here]).distance(crossing))
    if math.isfinite(leg_left_m) and distance_m - stop_m > leg_left_m - speed * age_s:
        return None
    return Breach("edge", max((distance_m - stop_m) / speed, 0.0), distance_m)
