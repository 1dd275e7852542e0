"""When something that moves on as it moves now meets an edge that stands: straight lines and circles against segments.

All in one plane, metres east and north, seconds. Many points against many segments in one call, so that a fleet costs
little. Closed forms, no stepping: a straight line meets a segment where its ends lie on the two sides of the line, a
circle where the distance along the segment solves a quadratic equation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray

IntArray = NDArray[np.intp]
Hits = tuple[FloatArray, IntArray, IntArray]
"""Time of each meeting (s), which point, which segment; in no order."""

_STRAIGHT_RAD_S = math.radians(0.5)


@dataclass(frozen=True)
class Motion:
    """A place, its velocity over ground, and how fast its course turns (clockwise positive, as a compass counts)."""

    east_m: float
    north_m: float
    ve_m_s: float
    vn_m_s: float
    turn_rad_s: float = 0.0

    @property
    def speed_m_s(self) -> float:
        """Over ground."""
        return math.hypot(self.ve_m_s, self.vn_m_s)

    @property
    def turns(self) -> bool:
        """Whether the way on is a circle; a slower turn than half a degree a second is taken as none."""
        return abs(self.turn_rad_s) > _STRAIGHT_RAD_S and self.speed_m_s > 0.0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle of the circle that is flown, east and north; only for a motion that turns."""
        # To the right of the velocity for a turn to the right, by speed / rate of turn.
        return self.east_m + self.vn_m_s / self.turn_rad_s, self.north_m - self.ve_m_s / self.turn_rad_s

    def at(self, time_s: float) -> tuple[float, float]:
        """Where it is then, east and north."""
        if not self.turns:
            return self.east_m + self.ve_m_s * time_s, self.north_m + self.vn_m_s * time_s
        ce, cn = self.centre
        de, dn = self.east_m - ce, self.north_m - cn
        c, s = math.cos(self.turn_rad_s * time_s), math.sin(self.turn_rad_s * time_s)
        return ce + de * c + dn * s, cn - de * s + dn * c

    def moved(self, time_s: float) -> Motion:
        """The same motion, begun at a later time."""
        east, north = self.at(time_s)
        if not self.turns:
            return Motion(east, north, self.ve_m_s, self.vn_m_s, self.turn_rad_s)
        c, s = math.cos(self.turn_rad_s * time_s), math.sin(self.turn_rad_s * time_s)
        ve, vn = self.ve_m_s * c + self.vn_m_s * s, self.vn_m_s * c - self.ve_m_s * s
        return Motion(east, north, ve, vn, self.turn_rad_s)

    def bounds(self, horizon_s: float) -> tuple[float, float, float, float]:
        """A box that holds the way on until then: west, south, east, north."""
        if self.turns:
            (ce, cn), radius = self.centre, self.speed_m_s / abs(self.turn_rad_s)
            return ce - radius, cn - radius, ce + radius, cn + radius
        e, n = self.at(horizon_s)
        return min(self.east_m, e), min(self.north_m, n), max(self.east_m, e), max(self.north_m, n)


def straight_hits(
    points_en: FloatArray, velocity: tuple[float, float], a_en: FloatArray, b_en: FloatArray, horizon_s: float
) -> Hits:
    """Points ``(n, 2)`` that all move with one velocity against segments from ``a_en`` to ``b_en``, each ``(2, m)``.

    A way through the common corner of two segments of a ring counts once when it goes through and twice, or not at all,
    when it only touches: so the meetings of a closed ring tell inside from outside.
    """
    ve, vn = velocity
    speed2 = ve * ve + vn * vn
    if speed2 == 0.0:
        return _none()
    own = (points_en[:, 0] * vn - points_en[:, 1] * ve)[:, None]
    side_a = (a_en[0] * vn - a_en[1] * ve) - own
    side_b = (b_en[0] * vn - b_en[1] * ve) - own
    i, j = np.nonzero((side_a > 0.0) != (side_b > 0.0))
    if not len(j):
        return _none()
    sa, sb = side_a[i, j], side_b[i, j]
    part = sa / (sa - sb)
    e = a_en[0, j] + (b_en[0, j] - a_en[0, j]) * part - points_en[i, 0]
    n = a_en[1, j] + (b_en[1, j] - a_en[1, j]) * part - points_en[i, 1]
    t = (e * ve + n * vn) / speed2
    kept = (t >= 0.0) & (t <= horizon_s)
    return t[kept], i[kept], j[kept]


def turning_hits(
    points_en: FloatArray,
    centres_en: FloatArray,
    turn_rad_s: float,
    a_en: FloatArray,
    b_en: FloatArray,
    horizon_s: float,
) -> Hits:
    """Points ``(n, 2)``, each turning about its centre ``(n, 2)``, clockwise positive, against segments ``(2, m)``.

    Only the first way round is looked at: what was not met then is never met.
    """
    out_en = points_en - centres_en
    radius2 = (out_en**2).sum(axis=1)
    along = b_en - a_en
    length2 = along[0] ** 2 + along[1] ** 2
    we, wn = a_en[0] - centres_en[:, :1], a_en[1] - centres_en[:, 1:]
    half_b = we * along[0] + wn * along[1]
    root = half_b * half_b - length2 * (we * we + wn * wn - radius2[:, None])
    i, j = np.nonzero((root > 0.0) & (length2 > 0.0))
    if not len(j):
        return _none()
    root_ij = np.sqrt(root[i, j])
    middle = -half_b[i, j]
    i, j = np.concatenate([i, i]), np.concatenate([j, j])
    part = np.concatenate([middle - root_ij, middle + root_ij]) / length2[j]
    # Half open, so that a corner of a ring belongs to one of its two edges.
    on_it = (part >= 0.0) & (part < 1.0)
    i, j, part = i[on_it], j[on_it], part[on_it]
    e, n = we[i, j] + along[0, j] * part, wn[i, j] + along[1, j] * part
    t = _turned(out_en[i, 0], out_en[i, 1], e, n, turn_rad_s)
    kept = t <= horizon_s
    return t[kept], i[kept], j[kept]


def _turned(
    from_e: FloatArray, from_n: FloatArray, to_e: FloatArray, to_n: FloatArray, turn_rad_s: float
) -> FloatArray:
    """How long a turn takes from one direction to another."""
    clockwise = np.arctan2(from_n, from_e) - np.arctan2(to_n, to_e)
    return np.asarray(((clockwise if turn_rad_s > 0.0 else -clockwise) % (2.0 * math.pi)) / abs(turn_rad_s))


def circle_times(motion: Motion, centres_en: FloatArray, radius_m: FloatArray, horizon_s: float) -> Hits:
    """When the moving point is on circles with centres ``(m, 2)``; the second of :data:`Hits` is all 0."""
    if not len(radius_m) or motion.speed_m_s == 0.0:
        return _none()
    if motion.turns:
        t, which = _circles_turning(motion, centres_en, radius_m)
    else:
        speed2 = motion.speed_m_s**2
        de, dn = centres_en[:, 0] - motion.east_m, centres_en[:, 1] - motion.north_m
        half_b = de * motion.ve_m_s + dn * motion.vn_m_s
        root = half_b**2 - speed2 * (de**2 + dn**2 - radius_m**2)
        which = np.flatnonzero(root > 0.0)
        half, width = half_b[which], np.sqrt(root[which])
        t, which = np.concatenate([half - width, half + width]) / speed2, np.concatenate([which, which])
    kept = (t >= 0.0) & (t <= horizon_s)
    return t[kept], np.zeros(int(kept.sum()), dtype=np.intp), which[kept]


def _circles_turning(motion: Motion, centres_en: FloatArray, radius_m: FloatArray) -> tuple[FloatArray, IntArray]:
    ce, cn = motion.centre
    own_m = motion.speed_m_s / abs(motion.turn_rad_s)
    de, dn = centres_en[:, 0] - ce, centres_en[:, 1] - cn
    apart = np.hypot(de, dn)
    # The triangle of the two middles and a place on both circles.
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = (own_m**2 + apart**2 - radius_m**2) / (2.0 * own_m * apart)
    which = np.flatnonzero((np.abs(cosine) < 1.0) & (apart > 0.0))
    middle, half = np.arctan2(dn[which], de[which]), np.arccos(cosine[which])
    angle, which = np.concatenate([middle - half, middle + half]), np.concatenate([which, which])
    start_e, start_n = np.full(len(which), motion.east_m - ce), np.full(len(which), motion.north_m - cn)
    return _turned(start_e, start_n, np.cos(angle), np.sin(angle), motion.turn_rad_s), which


def _none() -> Hits:
    return np.empty(0), np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
