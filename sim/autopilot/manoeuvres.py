"""The few manoeuvres that every mode is made of: hold, fly a leg, take off, orbit, land, follow a velocity.

Each turns a :class:`Nav`, the vehicle's own idea of where it is, into a :class:`~sim.dynamics.Demand`. Positions are grid
east, north and metres AMSL.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from sim.dynamics import Demand, Vec3

_POSITION_GAIN = 1.0
_CROSS_GAIN = 0.8
_LEVEL_M = 0.3
_CROSS_FIRST_M_S = 0.3
# Of the acceleration that the airframe has, what the speed profile plans with: the rest corrects errors.
_PLANNED = 0.8


@dataclass(frozen=True)
class Place:
    """A target: grid position and a height that is AMSL, or above the ground below when ``above_ground``."""

    east_m: float
    north_m: float
    height_m: float
    above_ground: bool = False


@dataclass(frozen=True)
class Nav:
    """What the controller knows at one step."""

    now_s: float
    position_m: Vec3
    velocity_m_s: Vec3
    yaw_deg: float
    on_ground: bool
    speed_m_s: float
    climb_m_s: float
    descent_m_s: float
    accel_m_s2: float
    accel_z_m_s2: float
    radius_m: float
    ground_m: Callable[[float, float], float]
    """Ground height AMSL at a grid position."""
    terrain_m: float = 0.0
    """Ground height AMSL below the vehicle."""

    def up_of(self, place: Place) -> float:
        """The AMSL height of a place."""
        return place.height_m + (self.ground_m(place.east_m, place.north_m) if place.above_ground else 0.0)


class Manoeuvre(Protocol):
    """``done`` turns true once the target is reached; the demand keeps holding it afterwards."""

    done: bool

    def demand(self, nav: Nav) -> Demand:
        """The velocity and heading wanted now."""
        ...

    def target(self) -> Place | None:
        """Where it flies to, for telemetry."""
        ...


def approach_speed(distance_m: float, accel_m_s2: float, most_m_s: float, end_m_s: float = 0.0) -> float:
    """The speed from which ``distance_m`` is enough to come down to ``end_m_s``; linear over the last metres."""
    if distance_m <= 0.0:
        return end_m_s if end_m_s > 0.0 else distance_m * _POSITION_GAIN
    braking = math.sqrt(end_m_s * end_m_s + 2.0 * accel_m_s2 * _PLANNED * distance_m)
    return min(most_m_s, braking, end_m_s + distance_m * _POSITION_GAIN)


def _vertical(nav: Nav, up_m: float, feed_forward_m_s: float = 0.0) -> float:
    error = up_m - nav.position_m[2]
    speed = math.copysign(
        approach_speed(abs(error), nav.accel_z_m_s2, nav.climb_m_s if error > 0 else nav.descent_m_s), error
    )
    return min(max(speed + feed_forward_m_s, -nav.descent_m_s), nav.climb_m_s)


def _towards(nav: Nav, east_m: float, north_m: float, most_m_s: float) -> tuple[float, float]:
    de, dn = east_m - nav.position_m[0], north_m - nav.position_m[1]
    distance = math.hypot(de, dn)
    if distance < 1e-6:
        return 0.0, 0.0
    speed = approach_speed(distance, nav.accel_m_s2, most_m_s)
    return de / distance * speed, dn / distance * speed


@dataclass
class Hold:
    """Stay at a place."""

    place: Place
    yaw_deg: float | None = None
    done: bool = True

    def demand(self, nav: Nav) -> Demand:
        ve, vn = _towards(nav, self.place.east_m, self.place.north_m, nav.speed_m_s)
        return Demand((ve, vn, _vertical(nav, nav.up_of(self.place))), self.yaw_deg)

    def target(self) -> Place | None:
        return self.place


@dataclass
class Brake:
    """Come to rest as soon as possible, then hold there."""

    yaw_deg: float | None = None
    done: bool = False
    _hold: Hold | None = None

    def demand(self, nav: Nav) -> Demand:
        if self._hold is None:
            if math.hypot(*nav.velocity_m_s) > 0.3:
                return Demand((0.0, 0.0, 0.0), self.yaw_deg)
            self._hold, self.done = Hold(Place(*nav.position_m), self.yaw_deg), True
        return self._hold.demand(nav)

    def target(self) -> Place | None:
        return self._hold.place if self._hold else None


@dataclass
class TakeOff:
    """Climb straight up to an AMSL height."""

    east_m: float
    north_m: float
    up_m: float
    done: bool = False

    def demand(self, nav: Nav) -> Demand:
        if nav.position_m[2] >= self.up_m - _LEVEL_M:
            self.done = True
        ve, vn = (0.0, 0.0) if nav.on_ground else _towards(nav, self.east_m, self.north_m, 2.0)
        return Demand((ve, vn, _vertical(nav, self.up_m)))

    def target(self) -> Place | None:
        return Place(self.east_m, self.north_m, self.up_m)


@dataclass
class Leg:
    """Fly the straight line from ``start`` to ``end`` (cross-track error is steered out), height changing evenly.

    ``end_speed_m_s`` is the speed over the end point: 0 to stop there.
    """

    start: Place
    end: Place
    end_speed_m_s: float = 0.0
    yaw_deg: float | None = None
    face_along: bool = True
    done: bool = False
    crosstrack_m: float = field(default=0.0, init=False)

    def demand(self, nav: Nav) -> Demand:
        pe, pn, _ = nav.position_m
        le, ln = self.end.east_m - self.start.east_m, self.end.north_m - self.start.north_m
        length = math.hypot(le, ln)
        end_up = nav.up_of(self.end)
        to_go = math.hypot(self.end.east_m - pe, self.end.north_m - pn)
        if length < 0.5:
            ve, vn = _towards(nav, self.end.east_m, self.end.north_m, nav.speed_m_s)
            self._arrive(nav, to_go, end_up, False)
            return Demand((ve, vn, _vertical(nav, end_up)), self.yaw_deg)
        ue, un = le / length, ln / length
        along = (pe - self.start.east_m) * ue + (pn - self.start.north_m) * un
        self.crosstrack_m = (pe - self.start.east_m) * un - (pn - self.start.north_m) * ue
        fraction = min(max(along / length, 0.0), 1.0)
        if self.end.above_ground:
            # Straight in height above ground: it follows the terrain.
            start_height = nav.up_of(self.start) - nav.ground_m(self.start.east_m, self.start.north_m)
            up = nav.terrain_m + start_height + (self.end.height_m - start_height) * fraction
            rise = self.end.height_m - start_height
        else:
            start_up = nav.up_of(self.start)
            up, rise = start_up + (end_up - start_up) * fraction, end_up - start_up
        speed = nav.speed_m_s
        slope = rise / length
        if slope > 0.0:
            speed = min(speed, nav.climb_m_s / slope)
        elif slope < 0.0:
            speed = min(speed, nav.descent_m_s / -slope)
        end_speed = min(self.end_speed_m_s, speed)
        v_along = approach_speed(length - along, nav.accel_m_s2, speed, end_speed)
        correct = min(max(-self.crosstrack_m * _CROSS_GAIN, -nav.speed_m_s / 2.0), nav.speed_m_s / 2.0)
        # Round a corner the acceleration goes to staying on the line first, to getting along it second.
        along_now = nav.velocity_m_s[0] * ue + nav.velocity_m_s[1] * un
        cross_now = nav.velocity_m_s[0] * un - nav.velocity_m_s[1] * ue
        if abs(correct - cross_now) > _CROSS_FIRST_M_S:
            v_along = min(v_along, max(along_now, 0.0) + _CROSS_FIRST_M_S)
        ve, vn = ue * v_along + un * correct, un * v_along - ue * correct
        feed = slope * v_along if 0.0 < fraction < 1.0 else 0.0
        yaw = self.yaw_deg
        if yaw is None and self.face_along and length > 2.0:
            yaw = math.degrees(math.atan2(le, ln)) % 360.0
        self._arrive(nav, to_go, end_up, along > length)
        return Demand((ve, vn, _vertical(nav, up, feed)), yaw)

    def _arrive(self, nav: Nav, to_go_m: float, end_up_m: float, passed: bool) -> None:
        level = abs(end_up_m - nav.position_m[2]) < max(nav.radius_m, 1.0)
        if level and (to_go_m < nav.radius_m or (passed and self.end_speed_m_s > 0.0)):
            self.done = True

    def target(self) -> Place | None:
        return self.end


@dataclass
class Orbit:
    """Circle around a place, ``turns`` times; the nose looks to the middle."""

    centre: Place
    radius_m: float
    turns: float
    counter_clockwise: bool = False
    done: bool = False
    _turned_rad: float = field(default=0.0, init=False)
    _last_rad: float | None = field(default=None, init=False)

    def demand(self, nav: Nav) -> Demand:
        de, dn = nav.position_m[0] - self.centre.east_m, nav.position_m[1] - self.centre.north_m
        distance = max(math.hypot(de, dn), 1e-3)
        bearing = math.atan2(de, dn)
        sense = -1.0 if self.counter_clockwise else 1.0
        close = abs(distance - self.radius_m) < max(3.0, 0.2 * self.radius_m)
        if self._last_rad is not None and close:
            step = (bearing - self._last_rad + math.pi) % (2.0 * math.pi) - math.pi
            self._turned_rad += step * sense
        self._last_rad = bearing
        if self._turned_rad >= self.turns * 2.0 * math.pi:
            self.done = True
        # The circle must be flown with the sideways acceleration that there is.
        speed = min(nav.speed_m_s, math.sqrt(nav.accel_m_s2 * _PLANNED * max(self.radius_m, 1.0)))
        outward = min(max((self.radius_m - distance) * _CROSS_GAIN, -speed), speed)
        tangential = math.sqrt(max(speed * speed - outward * outward, 0.0)) * sense
        # Lead by the time that the velocity needs to turn, or the track spirals outward.
        oe, on = de / distance, dn / distance
        pull = speed * speed / max(self.radius_m, 1.0) / nav.accel_m_s2 * 0.5
        ve = oe * (outward - pull) + on * tangential
        vn = on * (outward - pull) - oe * tangential
        yaw = math.degrees(math.atan2(-de, -dn)) % 360.0
        return Demand((ve, vn, _vertical(nav, nav.up_of(self.centre))), yaw)

    def target(self) -> Place | None:
        return self.centre


@dataclass
class Land:
    """Descend, slowly near the ground, onto the place below; ``done`` once the vehicle stands."""

    east_m: float
    north_m: float
    slow_m_s: float
    slow_below_m: float
    done: bool = False

    def demand(self, nav: Nav) -> Demand:
        self.done = nav.on_ground
        height = nav.position_m[2] - nav.terrain_m
        down = min(nav.descent_m_s, self.slow_m_s + max(0.0, height - self.slow_below_m) * 0.5)
        ve, vn = _towards(nav, self.east_m, self.north_m, 3.0)
        return Demand((ve, vn, -down))

    def target(self) -> Place | None:
        return Place(self.east_m, self.north_m, 0.0)


@dataclass
class Velocity:
    """Follow a velocity that must be renewed: after ``until_s`` the vehicle stops."""

    velocity_m_s: Vec3
    until_s: float
    yaw_deg: float | None = None
    done: bool = False

    def demand(self, nav: Nav) -> Demand:
        velocity = self.velocity_m_s if nav.now_s <= self.until_s else (0.0, 0.0, 0.0)
        return Demand(velocity, self.yaw_deg)

    def target(self) -> Place | None:
        return None
