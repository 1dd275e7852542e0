"""A multicopter as a point that follows velocity demands, with a body that leans the way it must. Pure: no clock.

The local grid is east, north in metres about an origin and up in metres above mean sea level. "North" is true north at
every point, so a heading needs no convergence correction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from geofences.geodesy import WGS84_A_M, WGS84_F

GRAVITY_M_S2 = 9.806_65
_E2 = WGS84_F * (2.0 - WGS84_F)

Vec3 = tuple[float, float, float]


@dataclass(frozen=True)
class LocalGrid:
    """East and north metres about an origin, by the ellipsoid's radii of curvature (exactly invertible).

    True to scale at every point to 1e-5 within 5 km of the origin, so speeds and short distances are right; over a long
    way the meridians' convergence shows, 0.1 % at 65 degrees of latitude and 7 km. For steering, where a scalar must be
    had in microseconds.
    """

    lat_deg: float
    lon_deg: float

    def _metres_per_deg_lat(self) -> float:
        s = math.sin(math.radians(self.lat_deg))
        return math.radians(WGS84_A_M * (1.0 - _E2) / (1.0 - _E2 * s * s) ** 1.5)

    @staticmethod
    def _metres_per_deg_lon(lat_deg: float) -> float:
        lat = math.radians(lat_deg)
        return math.radians(WGS84_A_M * math.cos(lat) / math.sqrt(1.0 - _E2 * math.sin(lat) ** 2))

    def to_grid(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """``(east_m, north_m)`` of a position."""
        north_m = (lat_deg - self.lat_deg) * self._metres_per_deg_lat()
        return (lon_deg - self.lon_deg) * self._metres_per_deg_lon(lat_deg), north_m

    def to_geodetic(self, east_m: float, north_m: float) -> tuple[float, float]:
        """``(lat_deg, lon_deg)``; inverse of :meth:`to_grid`."""
        lat_deg = self.lat_deg + north_m / self._metres_per_deg_lat()
        return lat_deg, self.lon_deg + east_m / self._metres_per_deg_lon(lat_deg)


@dataclass(frozen=True)
class Limits:
    """What the airframe can do. Accelerations in m/s^2, speeds in m/s, angles in degrees."""

    accel_horizontal_m_s2: float = 2.5
    accel_vertical_m_s2: float = 2.5
    speed_horizontal_m_s: float = 20.0
    airspeed_m_s: float = math.inf
    """The most it makes through the air: what leaning as far as it may gives."""
    climb_m_s: float = 5.0
    descent_m_s: float = 2.5
    yaw_rate_deg_s: float = 60.0
    bank_deg: float = 30.0
    attitude_lag_s: float = 0.2
    drag_per_s: float = 0.15
    """Deceleration per metre per second of airspeed: what it must lean against in steady flight."""


@dataclass(frozen=True)
class MotionState:
    """Position in the grid (m), velocity east/north/up (m/s), attitude (degrees; pitch nose up, yaw from true north)."""

    east_m: float = 0.0
    north_m: float = 0.0
    up_m: float = 0.0
    ve_m_s: float = 0.0
    vn_m_s: float = 0.0
    vu_m_s: float = 0.0
    roll_deg: float = 0.0
    pitch_deg: float = 0.0
    yaw_deg: float = 0.0
    roll_rate_deg_s: float = 0.0
    pitch_rate_deg_s: float = 0.0
    yaw_rate_deg_s: float = 0.0
    on_ground: bool = True

    @property
    def speed_m_s(self) -> float:
        """Horizontal speed over the ground."""
        return math.hypot(self.ve_m_s, self.vn_m_s)


@dataclass(frozen=True)
class Demand:
    """What the controller asks for: a velocity (east, north, up in m/s) and a heading, or None to keep the heading."""

    velocity_m_s: Vec3 = (0.0, 0.0, 0.0)
    yaw_deg: float | None = None
    yaw_rate_deg_s: float = 60.0


def wrap_180(angle_deg: float) -> float:
    """The same angle in [-180, 180)."""
    return (angle_deg + 180.0) % 360.0 - 180.0


def _towards(value: float, goal: float, most: float) -> float:
    return goal if abs(goal - value) <= most else value + math.copysign(most, goal - value)


def _against_wind(
    want_e: float, want_n: float, wind_en_m_s: tuple[float, float], airspeed_m_s: float
) -> tuple[float, float]:
    """The velocity over ground that comes nearest to what is wanted: on the same course, else carried off."""
    we, wn = wind_en_m_s
    wanted = math.hypot(want_e, want_n)
    if wanted > 0.0:
        ue, un = want_e / wanted, want_n / wanted
        along, cross = we * ue + wn * un, we * un - wn * ue
        if abs(cross) < airspeed_m_s:
            reached = along + math.sqrt(airspeed_m_s**2 - cross**2)
            if reached > 0.0:
                reached = min(reached, wanted)
                return ue * reached, un * reached
    over = math.hypot(want_e - we, want_n - wn)
    return we + (want_e - we) / over * airspeed_m_s, wn + (want_n - wn) / over * airspeed_m_s


def step(
    state: MotionState,
    demand: Demand,
    limits: Limits,
    dt_s: float,
    ground_up_m: float,
    wind_en_m_s: tuple[float, float] = (0.0, 0.0),
    push_en_m_s: tuple[float, float] = (0.0, 0.0),
) -> MotionState:
    """The state ``dt_s`` seconds later.

    The ground is solid: the vehicle neither sinks into it nor slides on it. Steady wind moves the attitude, not the track:
    the position controller of a real autopilot leans against it, as far as ``airspeed_m_s`` goes; beyond that it gets
    along its way more slowly, or is blown off it. ``push_en_m_s`` is what gusts carry it off besides.
    """
    want_e, want_n, want_u = demand.velocity_m_s
    horizontal = math.hypot(want_e, want_n)
    if horizontal > limits.speed_horizontal_m_s:
        want_e *= limits.speed_horizontal_m_s / horizontal
        want_n *= limits.speed_horizontal_m_s / horizontal
    if math.hypot(want_e - wind_en_m_s[0], want_n - wind_en_m_s[1]) > limits.airspeed_m_s:
        want_e, want_n = _against_wind(want_e, want_n, wind_en_m_s, limits.airspeed_m_s)
    want_u = min(max(want_u, -limits.descent_m_s), limits.climb_m_s)
    if state.on_ground and want_u <= 0.0:
        want_e = want_n = want_u = 0.0

    de, dn = want_e - state.ve_m_s, want_n - state.vn_m_s
    change = math.hypot(de, dn)
    most = limits.accel_horizontal_m_s2 * dt_s
    if change > most:
        de, dn = de * most / change, dn * most / change
    ve, vn = state.ve_m_s + de, state.vn_m_s + dn
    vu = _towards(state.vu_m_s, want_u, limits.accel_vertical_m_s2 * dt_s)

    east = state.east_m + ((state.ve_m_s + ve) / 2.0 + push_en_m_s[0]) * dt_s
    north = state.north_m + ((state.vn_m_s + vn) / 2.0 + push_en_m_s[1]) * dt_s
    up = state.up_m + (state.vu_m_s + vu) / 2.0 * dt_s
    on_ground = up <= ground_up_m and vu <= 0.0
    if up < ground_up_m:
        up = ground_up_m
        vu = max(vu, 0.0)
    if on_ground:
        ve = vn = 0.0
        vu = 0.0
        east, north = (east, north) if push_en_m_s == (0.0, 0.0) else (state.east_m, state.north_m)

    yaw_rate = 0.0
    if demand.yaw_deg is not None and not on_ground:
        rate = min(limits.yaw_rate_deg_s, demand.yaw_rate_deg_s)
        # Slows down over the last degrees, or the heading would ring at the step rate.
        yaw_rate = min(max(wrap_180(demand.yaw_deg - state.yaw_deg) * 2.0, -rate), rate)
    yaw = (state.yaw_deg + yaw_rate * dt_s) % 360.0

    if on_ground:
        roll_want = pitch_want = 0.0
    else:
        ae = de / dt_s + (ve - wind_en_m_s[0]) * limits.drag_per_s
        an = dn / dt_s + (vn - wind_en_m_s[1]) * limits.drag_per_s
        c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
        forward, right = an * c + ae * s, ae * c - an * s
        bank = limits.bank_deg
        pitch_want = min(max(-math.degrees(math.atan(forward / GRAVITY_M_S2)), -bank), bank)
        roll_want = min(max(math.degrees(math.atan(right / GRAVITY_M_S2)), -bank), bank)
    blend = 1.0 - math.exp(-dt_s / limits.attitude_lag_s)
    roll = state.roll_deg + (roll_want - state.roll_deg) * blend
    pitch = state.pitch_deg + (pitch_want - state.pitch_deg) * blend
    return MotionState(
        east, north, up, ve, vn, vu, roll, pitch, yaw,
        (roll - state.roll_deg) / dt_s, (pitch - state.pitch_deg) / dt_s, yaw_rate, on_ground,
    )  # fmt: skip
