"""The corner of a path: what a copter cuts or overshoots, what circle a plane flies. Plane geometry, metres.

See :mod:`missions.flown_path` for where the rules come from.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geofences.geodesy import FloatArray

ARC_ERROR_M = 0.05
"""Polylines for arcs leave the arc by so much at most."""

PARTS = 24
"""A strip between two lines is cut into so many pieces."""

_LAG_S = 0.2  # ArduPilot SITL runs 0.8 m past corners of 90 degrees and more at 10 m/s; this says 2 m
_CUT_M = 4.0  # the middle of the curve is then 2 m (WP_RADIUS_M) from the corner
_PLANE_WP_RADII_M = (90.0, 45.0)  # the default, and as low as it is commonly set
# It flies on until it has rolled into the turn: SITL overshoots a right angle by 28 m at 22 m/s, this by 29 m.
ROLL_S = 1.0
_L1_S = 0.3183 * 0.75 * 17.0  # of NAVL1_DAMPING and NAVL1_PERIOD
_SLOW_L1 = 4.0  # it comes back onto the leg within so many L1 distances
_T = np.linspace(0.0, 1.0, 9)
_BEZIER = np.stack([(1.0 - _T) ** 2, 2.0 * _T * (1.0 - _T), _T**2], axis=1)
_CUT_IN = 0.65
_BACK_DEG = 170.0  # from here on it may turn back either way


def turn_deg(before: FloatArray, after: FloatArray) -> float:
    """Change of course between two directions, -180 to 180 degrees, positive to the right."""
    east, north, to_east, to_north = float(before[0]), float(before[1]), float(after[0]), float(after[1])
    return math.degrees(math.atan2(north * to_east - east * to_north, east * to_east + north * to_north))


def overshoot_m(speed_m_s: float, decel_m_s2: float, turn: float) -> float:
    """How far a copter runs past a corner of ``turn`` degrees."""
    lag = min(_LAG_S * speed_m_s, speed_m_s * speed_m_s / (2.0 * decel_m_s2))
    return lag * min(1.0, 1.0 - math.cos(math.radians(turn)))


def copter_corner(
    place: FloatArray, before: FloatArray, after: FloatArray | None, room_m: float, speed_m_s: float, decel_m_s2: float,
) -> list[FloatArray]:  # fmt: skip
    """Polylines of a corner at ``place`` from course ``before`` (unit vectors) to ``after``; None: it stops there.

    ``room_m``: the shorter one of the two legs.
    """
    turn = 180.0 if after is None else abs(turn_deg(before, after))
    found: list[FloatArray] = []
    past = overshoot_m(speed_m_s, decel_m_s2, turn)
    if past > 0.01:
        found.append(np.array([place, place + past * before]))
    if after is not None and 1.0 < turn < 179.0:
        # A quadratic Bezier curve has its middle half way between the corner and its chord.
        cut = min(_CUT_M / math.sin(math.radians(turn) / 2.0), speed_m_s * speed_m_s / (2.0 * decel_m_s2), room_m / 2.0)
        ends = np.array([place - cut * before, place, place + cut * after])
        found.append(_BEZIER @ ends)
    return found


def arc(centre: FloatArray, radius_m: float, from_rad: float, sweep_rad: float) -> FloatArray:
    """Points ``(n, 2)`` along an arc; angles from east, anticlockwise positive."""
    step = 2.0 * math.acos(max(0.0, 1.0 - ARC_ERROR_M / max(radius_m, ARC_ERROR_M)))
    count = max(2, math.ceil(abs(sweep_rad) / step) + 1)
    angle = np.arange(count) * (sweep_rad / (count - 1))
    angle[-1] = sweep_rad
    angle += from_rad
    points = np.empty((count, 2))
    points[:, 0], points[:, 1] = np.cos(angle), np.sin(angle)
    return np.asarray(centre + radius_m * points)


def circle(centre: FloatArray, radius_m: float) -> FloatArray:
    """A whole turn around a place."""
    return arc(centre, radius_m, 0.0, 2.0 * math.pi)


def least_radius_m(radius_m: float, airspeed_m_s: float, wind_m_s: float) -> float:
    """The radius over the ground of a plane's turn against the wind, where it is tightest."""
    return radius_m * max(0.1, 1.0 - wind_m_s / max(airspeed_m_s, 0.1)) ** 2


def wind_radius_m(radius_m: float, airspeed_m_s: float, wind_m_s: float) -> float:
    """The radius over the ground of a plane's turn with the wind from behind, where it is widest."""
    return radius_m * (1.0 + wind_m_s / max(airspeed_m_s, 0.1)) ** 2


@dataclass(frozen=True, eq=False)
class PlaneTurn:
    """A plane's turn: polylines ``ways`` that it may fly, and ``strips``, pairs of polylines between which it may be."""

    ways: list[FloatArray]
    strips: list[tuple[FloatArray, FloatArray]]


def plane_corner(
    place: FloatArray, before: FloatArray, after: FloatArray, in_m: float, airspeed_m_s: float, radius_m: float,
    out_m: float = math.inf, least_radius_m: float | None = None,
) -> PlaneTurn:  # fmt: skip
    """A plane's turn from course ``before`` to ``after`` (unit vectors) around ``place``.

    ``in_m`` and ``out_m``: lengths of the legs that lead there and away; ``radius_m`` over the ground. It
    turns back by 180 degrees either way. ``least_radius_m``: over the ground, against the wind; None: that of the curves.
    """
    turn = turn_deg(before, after)
    if abs(turn) < 1.0:
        return PlaneTurn([], [])
    ways: dict[tuple[float, float], list[FloatArray]] = {}
    strips: list[tuple[FloatArray, FloatArray]] = []
    for sign in (1.0, -1.0) if abs(turn) > _BACK_DEG else (math.copysign(1.0, turn),):
        curves, slow = [], []
        # It rolls in for up to a second, and begins as early or late as its radius of waypoints is set.
        for wp_radius_m, roll_s in ((_PLANE_WP_RADII_M[0], 0.0), *((w, ROLL_S) for w in _PLANE_WP_RADII_M)):
            early = min(wp_radius_m, _L1_S * airspeed_m_s) * min(1.0, abs(turn) / 90.0)
            begin = place - min(early, in_m) * before
            bend = _Bend(begin + roll_s * airspeed_m_s * before, place, before, after, radius_m, sign)
            curve = np.concatenate([begin[None], bend.points()])
            curves.append(curve)
            back = bend.slow_return(_SLOW_L1 * _L1_S * airspeed_m_s, out_m)
            if roll_s:
                ways[wp_radius_m, -sign] = [curve, *back]
            if least_radius_m is not None and least_radius_m < radius_m:
                tight = _Bend(bend.start, place, before, after, least_radius_m, sign)
                strips.append((curve, np.concatenate([begin[None], tight.points()])))
            for way in back:
                # From where it runs parallel to the new leg on, it comes back sooner or later.
                off = curve - way[0]
                parted = int(np.argmin(np.hypot(off[:, 0], off[:, 1])))
                slow.append(way)
                strips.append((np.concatenate([way[:1], curve[parted:]]), way))
        for lines in (curves, slow):
            strips += itertools.pairwise(lines)
    # The earliest turns first, as they are flown by default.
    return PlaneTurn([way for _, some in sorted(ways.items(), key=_earliest) for way in some], strips)


def _earliest(of: tuple[tuple[float, float], list[FloatArray]]) -> tuple[float, float]:
    return -of[0][0], of[0][1]


def ruled(one: FloatArray, other: FloatArray, parts: int = PARTS) -> FloatArray:
    """The strip between two polylines ``(n, 2)``, from their beginnings to their ends, as triangles ``(2 * parts, 3, 2)``."""
    return all_ruled([(one, other)], parts).reshape(-1, 3, 2)


def all_ruled(strips: Sequence[tuple[FloatArray, FloatArray]], parts: int = PARTS) -> FloatArray:
    """:func:`ruled` for many strips at once: ``(n, 2 * parts, 3, 2)``."""
    if not strips:
        return np.empty((0, 2 * parts, 3, 2))
    even = _evenly([line for strip in strips for line in strip], parts)
    a, b = even[0::2], even[1::2]
    first = np.stack([a[:, :-1], a[:, 1:], b[:, :-1]], axis=2)
    return np.concatenate([first, np.stack([a[:, 1:], b[:, 1:], b[:, :-1]], axis=2)], axis=1)


def _evenly(lines: Sequence[FloatArray], parts: int) -> FloatArray:
    """Places ``(n, parts + 1, 2)`` evenly along each of ``n`` polylines."""
    counts = np.array([len(line) for line in lines])
    points, first = np.concatenate(lines), np.cumsum(counts) - counts
    step = np.zeros(len(points))
    step[1:] = np.hypot(*np.diff(points, axis=0).T)
    step[first] = 0.0
    along = np.cumsum(step)
    along -= np.repeat(along[first], counts)
    length = along[first + counts - 1]
    # All lines one behind the other, with room between, so that they are asked at once.
    begin = np.arange(len(lines)) * (length.max() + 1.0)
    at = begin[:, None] + length[:, None] * (np.arange(parts + 1) / parts)
    return np.stack([np.interp(at, along + np.repeat(begin, counts), points[:, k]) for k in (0, 1)], axis=-1)


def ring(centre: FloatArray, radius_m: float, outer_m: float) -> FloatArray:
    """Where a plane may be that circles at ``radius_m``, widened to ``outer_m`` by wind and rolling in; as triangles.

    Coming from outside it cuts into the circle by up to a third.
    """
    return ruled(circle(centre, _CUT_IN * radius_m), circle(centre, outer_m), 48)


def fan(centre: FloatArray, radius_m: float, place: FloatArray) -> FloatArray:
    """Everything between a circle and a place, as triangles: wherever on the circle it leaves, it is in there."""
    ring = circle(centre, radius_m)
    return np.stack([np.broadcast_to(place, ring[1:].shape), ring[:-1], ring[1:]], axis=1)


class _Bend:
    """An arc from ``start`` to the course ``after``; ``sign`` 1 turns right. In plain numbers: there are six at every corner.

    Courses are measured clockwise, so an arc to the right runs backwards in angle.
    """

    def __init__(
        self, start: FloatArray, place: FloatArray, before: FloatArray, after: FloatArray, radius_m: float, sign: float
    ) -> None:
        self.start, self.place, self.after, self.radius_m, self.sign = start, place, after, radius_m, sign
        signed = turn_deg(before, after)
        turn = math.radians(abs(signed))
        # The long way round where the new course is on the other side.
        self.turn = turn if math.copysign(1.0, signed) == sign else 2.0 * math.pi - turn
        right = sign * float(before[1]), -sign * float(before[0])
        east, north = float(start[0]) + radius_m * right[0], float(start[1]) + radius_m * right[1]
        self.centre = np.array([east, north])
        self.from_rad = math.atan2(-right[1], -right[0])
        to_rad = self.from_rad - sign * self.turn
        self.ended = east + radius_m * math.cos(to_rad), north + radius_m * math.sin(to_rad)
        """Where it runs parallel to the new leg."""
        off = self.ended[0] - float(place[0]), self.ended[1] - float(place[1])
        ahead = float(after[0]), float(after[1])
        self.along_m = off[0] * ahead[0] + off[1] * ahead[1]
        self.beyond_m = sign * (off[1] * ahead[0] - off[0] * ahead[1])
        """How far on the outer side of the new leg that is."""

    def slow_return(self, over_m: float, out_m: float) -> list[FloatArray]:
        """From where it runs parallel to the new leg, on its outer side, slowly back onto it."""
        if self.beyond_m <= 0.0 or self.along_m >= out_m:
            return []
        return [np.stack([np.array(self.ended), self.place + min(self.along_m + over_m, out_m) * self.after])]

    def points(self) -> FloatArray:
        """The arc, on by so much that a second one the other way ends upon the new leg."""
        radius_m, sign = self.radius_m, self.sign
        if self.beyond_m <= 0.0:
            # Too soon: it comes from the inside and meets the leg ahead at 30 degrees.
            meet = self.place + max(0.0, self.along_m - self.beyond_m / math.tan(math.radians(30.0))) * self.after
            return np.concatenate([arc(self.centre, radius_m, self.from_rad, -sign * self.turn), meet[None]])
        more = math.acos(max(-1.0, 1.0 - self.beyond_m / (2.0 * radius_m)))
        first = arc(self.centre, radius_m, self.from_rad, -sign * (self.turn + more))
        last = first[-1]
        away = (last - self.centre) / radius_m
        second = arc(last + radius_m * away, radius_m, math.atan2(-away[1], -away[0]), sign * more)
        return np.concatenate([first, second[1:]])
