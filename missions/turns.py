"""The corner of a path: what a copter cuts or overshoots, what circle a plane flies. Plane geometry, metres.

See :mod:`missions.flown_path` for where the rules come from.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from geofences.geodesy import FloatArray

ARC_ERROR_M = 0.05
"""Polylines for arcs leave the arc by so much at most."""

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
    angle = from_rad + np.linspace(0.0, sweep_rad, count)
    return centre + radius_m * np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def circle(centre: FloatArray, radius_m: float) -> FloatArray:
    """A whole turn around a place."""
    return arc(centre, radius_m, 0.0, 2.0 * math.pi)


def least_radius_m(radius_m: float, airspeed_m_s: float, wind_m_s: float) -> float:
    """The radius over the ground of a plane's turn against the wind, where it is tightest."""
    return radius_m * max(0.1, 1.0 - wind_m_s / max(airspeed_m_s, 0.1)) ** 2


def wind_radius_m(radius_m: float, airspeed_m_s: float, wind_m_s: float) -> float:
    """The radius over the ground of a plane's turn with the wind from behind, where it is widest."""
    return radius_m * (1.0 + wind_m_s / max(airspeed_m_s, 0.1)) ** 2


def plane_corner(
    place: FloatArray, before: FloatArray, after: FloatArray, in_m: float, airspeed_m_s: float, radius_m: float,
    out_m: float = math.inf,
) -> list[FloatArray]:  # fmt: skip
    """Polylines of a plane's turn from course ``before`` to ``after`` (unit vectors) around ``place``.

    ``in_m`` and ``out_m``: lengths of the legs that lead there and away; ``radius_m`` over the ground. It
    turns back by 180 degrees either way.
    """
    turn = turn_deg(before, after)
    if abs(turn) < 1.0:
        return []
    signs = (1.0, -1.0) if abs(turn) > _BACK_DEG else (math.copysign(1.0, turn),)
    found = []
    for wp_radius_m in _PLANE_WP_RADII_M:
        early = min(wp_radius_m, _L1_S * airspeed_m_s) * min(1.0, abs(turn) / 90.0)
        begin = place - min(early, in_m) * before
        start = begin + ROLL_S * airspeed_m_s * before
        for sign in signs:
            found.append(np.concatenate([begin[None], _s_turn(start, place, before, after, radius_m, sign)]))
            found += _slow_return(start, place, before, after, radius_m, sign, _SLOW_L1 * _L1_S * airspeed_m_s, out_m)
    return found


def plane_corner_areas(
    place: FloatArray, before: FloatArray, after: FloatArray, in_m: float, airspeed_m_s: float, radius_m: float,
    out_m: float = math.inf, least_radius_m: float | None = None,
) -> FloatArray:  # fmt: skip
    """What lies between the curves of :func:`plane_corner`, as triangles ``(n, 3, 2)``: it may fly anywhere there.

    ``least_radius_m``: over the ground, against the wind; None: that of the curves.
    """
    turn = turn_deg(before, after)
    found = [np.empty((0, 3, 2))]
    if abs(turn) < 1.0:
        return found[0]
    for sign in (1.0, -1.0) if abs(turn) > _BACK_DEG else (math.copysign(1.0, turn),):
        curves, slow = [], []
        # It rolls in for up to a second, and begins as early or late as its radius of waypoints is set.
        for wp_radius_m, roll_s in ((_PLANE_WP_RADII_M[0], 0.0), *((w, ROLL_S) for w in _PLANE_WP_RADII_M)):
            early = min(wp_radius_m, _L1_S * airspeed_m_s) * min(1.0, abs(turn) / 90.0)
            begin = place - min(early, in_m) * before
            start = begin + roll_s * airspeed_m_s * before
            curve = np.concatenate([begin[None], _s_turn(start, place, before, after, radius_m, sign)])
            curves.append(curve)
            if least_radius_m is not None and least_radius_m < radius_m:
                tight = _s_turn(start, place, before, after, least_radius_m, sign)
                found.append(ruled(curve, np.concatenate([begin[None], tight])))
            for way in _slow_return(
                start, place, before, after, radius_m, sign, _SLOW_L1 * _L1_S * airspeed_m_s, out_m
            ):
                # From where it runs parallel to the new leg on, it comes back sooner or later.
                parted = int(np.argmin(np.hypot(*(curve - way[0]).T)))
                slow.append(way)
                found.append(ruled(np.concatenate([way[:1], curve[parted:]]), way))
        for lines in (curves, slow):
            found += [ruled(one, other) for one, other in itertools.pairwise(lines)]
    return np.concatenate(found)


def ruled(one: FloatArray, other: FloatArray, parts: int = 24) -> FloatArray:
    """The strip between two polylines ``(n, 2)``, from their beginnings to their ends, as triangles ``(2 * parts, 3, 2)``."""
    a, b = (_evenly(line, parts) for line in (one, other))
    first = np.stack([a[:-1], a[1:], b[:-1]], axis=1)
    return np.concatenate([first, np.stack([a[1:], b[1:], b[:-1]], axis=1)])


def _evenly(line: FloatArray, parts: int) -> FloatArray:
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0.0, along[-1], parts + 1)
    return np.stack([np.interp(at, along, line[:, k]) for k in (0, 1)], axis=1)


def ring(centre: FloatArray, radius_m: float, outer_m: float) -> FloatArray:
    """Where a plane may be that circles at ``radius_m``, widened to ``outer_m`` by wind and rolling in; as triangles.

    Coming from outside it cuts into the circle by up to a third.
    """
    return ruled(circle(centre, _CUT_IN * radius_m), circle(centre, outer_m), 48)


def fan(centre: FloatArray, radius_m: float, place: FloatArray) -> FloatArray:
    """Everything between a circle and a place, as triangles: wherever on the circle it leaves, it is in there."""
    ring = circle(centre, radius_m)
    return np.stack([np.broadcast_to(place, ring[1:].shape), ring[:-1], ring[1:]], axis=1)


def _slow_return(
    start: FloatArray, place: FloatArray, before: FloatArray, after: FloatArray, radius_m: float, sign: float,
    over_m: float, out_m: float,
) -> list[FloatArray]:  # fmt: skip
    """From where the turn runs parallel to the new leg, on its outer side, slowly back onto it."""
    ended, beyond = _ended(start, place, before, after, radius_m, sign)
    along = float((ended - place) @ after)
    if beyond <= 0.0 or along >= out_m:
        return []
    return [np.stack([ended, place + min(along + over_m, out_m) * after])]


def _turn_rad(before: FloatArray, after: FloatArray, sign: float) -> float:
    """How far it turns, to the right with ``sign`` 1; the long way round where that is the other side."""
    signed = turn_deg(before, after)
    turn = math.radians(abs(signed))
    return turn if math.copysign(1.0, signed) == sign else 2.0 * math.pi - turn


def _ended(
    start: FloatArray, place: FloatArray, before: FloatArray, after: FloatArray, radius_m: float, sign: float
) -> tuple[FloatArray, float]:
    """Where an arc from ``start`` runs parallel to the new leg, and how far beyond that (on the outer side)."""
    right = sign * np.array([before[1], -before[0]])
    from_rad = math.atan2(-right[1], -right[0])
    ended = arc(start + radius_m * right, radius_m, from_rad, -sign * _turn_rad(before, after, sign))[-1]
    return ended, float((ended - place) @ (-sign * np.array([after[1], -after[0]])))


def _s_turn(
    start: FloatArray, place: FloatArray, before: FloatArray, after: FloatArray, radius_m: float, sign: float
) -> FloatArray:
    """An arc from ``start`` to the new course, on by so much that a second one the other way ends upon the new leg.

    ``sign`` 1 turns right. Courses are measured clockwise, so an arc to the right runs backwards in angle.
    """
    right = sign * np.array([before[1], -before[0]])
    turn = _turn_rad(before, after, sign)
    centre = start + radius_m * right
    from_rad = math.atan2(-right[1], -right[0])
    ended, beyond = _ended(start, place, before, after, radius_m, sign)
    if beyond <= 0.0:
        # Too soon: it comes from the inside and meets the leg ahead at 30 degrees.
        meet = place + max(0.0, float((ended - place) @ after) - beyond / math.tan(math.radians(30.0))) * after
        return np.concatenate([arc(centre, radius_m, from_rad, -sign * turn), meet[None]])
    more = math.acos(max(-1.0, 1.0 - beyond / (2.0 * radius_m)))
    first = arc(centre, radius_m, from_rad, -sign * (turn + more))
    last = first[-1]
    away = (last - centre) / radius_m
    second = arc(last + radius_m * away, radius_m, math.atan2(-away[1], -away[0]), sign * more)
    return np.concatenate([first, second[1:]])
