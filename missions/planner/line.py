"""How long the line takes: the way beside the border there and back with the wind, and the ways to it from each launch.

Everything is a function of metres along the border, so that a whole table of stretches is judged at once. The way is the
border's parallel at the standoff on our own side, which is what :mod:`missions.patterns.border_shuttle` flies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString

from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray
from missions.performance import Performance, WindEN
from missions.plan_time import CLIMB_POWER_PER_M_S, LAND_SLOW_BELOW_M, LAND_SLOW_M_S, RTL_LOITER_S
from missions.planner.fleet import Group, Way

_STEP_M = 50.0
_LAYERS_ABOVE = 2
_NEVER_S_PER_M = 1e6
"""Where the wind lets nobody fly: so slow that no demand is met, and still a number."""


@dataclass(frozen=True, eq=False)
class Track:
    """The parallel of the border. ``along_m`` ``(n,)`` rises; ``en_m`` ``(n, 2)``."""

    along_m: FloatArray
    en_m: FloatArray

    @classmethod
    def beside(cls, border: BorderGeometry, own_sign: float, standoff_m: float) -> Track:
        """At ``standoff_m`` from the line, on its left for ``own_sign`` 1 and on its right for -1."""
        line = LineString(border.vertices_en_m)
        offset = line.offset_curve(own_sign * standoff_m, join_style="mitre")
        lines = [g for g in getattr(offset, "geoms", [offset]) if g.length > 0.0] or [line]
        step = max(_STEP_M, border.length_m / 4000.0)
        points = np.concatenate([shapely.get_coordinates(shapely.segmentize(g, step)) for g in lines])
        fix = border.locate(points)
        use = ~fix.beyond_end
        along, points = fix.along_m[use], points[use]
        order = np.argsort(along, kind="stable")
        along, points = along[order], points[order]
        keep = np.concatenate([[True], np.diff(along) > 0.5]) if len(along) else np.zeros(0, dtype=bool)
        if keep.sum() < 2:
            along = np.linspace(0.0, border.length_m, max(2, math.ceil(border.length_m / step)))
            return cls(along, border.at(along)[0])
        return cls(along[keep], points[keep])

    def at(self, along_m: FloatArray) -> FloatArray:
        """Places ``(..., 2)`` at metres along the border."""
        s = np.asarray(along_m, dtype=np.float64)
        return np.stack([np.interp(s, self.along_m, self.en_m[:, k]) for k in (0, 1)], axis=-1)


def ground_speeds_m_s(performance: Performance, wind_en_m_s: WindEN, directions: FloatArray) -> FloatArray:
    """:func:`missions.performance.ground_speed_m_s` for unit vectors ``(n, 2)``; 0 where it cannot be flown."""
    along = directions @ np.asarray(wind_en_m_s)
    cross = directions @ np.array([-wind_en_m_s[1], wind_en_m_s[0]])
    plane = performance.family == "plane"
    air = performance.speed_m_s if plane else max(performance.airspeed_max_m_s, performance.speed_m_s)
    reached = np.sqrt(np.maximum(air * air - cross * cross, 0.0)) + along
    reached = np.where(np.abs(cross) >= air, 0.0, np.maximum(reached, 0.0))
    return np.asarray(reached if plane else np.minimum(reached, performance.speed_m_s))


def _seconds(performance: Performance, wind_en_m_s: WindEN, vectors: FloatArray, length_m: FloatArray) -> FloatArray:
    """Time along vectors ``(..., 2)`` of which ``length_m`` is flown (at least as long as they are straight)."""
    straight = np.hypot(vectors[..., 0], vectors[..., 1])
    unit = vectors / np.maximum(straight, 1e-9)[..., None]
    speed = ground_speeds_m_s(performance, wind_en_m_s, unit.reshape(-1, 2)).reshape(straight.shape)
    return np.asarray(length_m * np.where(speed > 0.05, 1.0 / np.maximum(speed, 0.05), _NEVER_S_PER_M))


class GroupLine:
    """One group's times along the line and from each launch point.

    ``launch_en_m`` ``(k, 2)``. ``detour`` ``(k,)``: how much longer than straight the way from a launch point is.
    """

    def __init__(
        self, group: Group, way: Way, wind_en_m_s: WindEN, track: Track, launch_en_m: FloatArray,
        detour: FloatArray | None = None,
    ) -> None:  # fmt: skip
        p = group.performance
        self.performance, self.setback_m = p, way.setback_m(group.camera)
        self.half_view_m = way.half_view_m(group.camera)
        step = np.diff(track.en_m, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        there = _seconds(p, wind_en_m_s, step, length)
        back = _seconds(p, wind_en_m_s, -step, length)
        self._along = track.along_m
        self._round_trip = np.concatenate([[0.0], np.cumsum(there + back)])
        if p.family == "plane":
            self.turn_cost_s = math.pi * p.turn_radius_m / p.speed_m_s
        else:
            self.turn_cost_s = p.speed_m_s / p.decel_m_s2 + p.turn_s
        # Take-off and landing, and what a stop at either end of the way costs.
        h = way.height_agl_m + way.layer_m
        slow = min(h, LAND_SLOW_BELOW_M) if p.family == "copter" else 0.0
        ramp = p.speed_m_s / p.decel_m_s2 if p.family == "copter" else 0.0
        self.up_s = h / p.climb_m_s + 0.5 * ramp
        self.down_s = (h - slow) / p.sink_m_s + slow / LAND_SLOW_M_S + RTL_LOITER_S + 0.5 * ramp
        # What the battery gives besides: the climb's power, and the way up and down of the highest layer.
        top = _LAYERS_ABOVE * way.layer_m
        self.climb_extra_s = CLIMB_POWER_PER_M_S * (h + top) + top / p.climb_m_s + top / p.sink_m_s
        vectors = track.en_m[None] - launch_en_m[:, None]
        distance = np.hypot(vectors[..., 0], vectors[..., 1])
        longer = distance * (np.ones(len(launch_en_m)) if detour is None else detour)[:, None]
        self._distance = distance
        self._out = _seconds(p, wind_en_m_s, vectors, longer)
        self._home = _seconds(p, wind_en_m_s, -vectors, longer)

    def round_trip_s(self, along_m: FloatArray) -> FloatArray:
        """From the beginning of the line to there and back, without the turn."""
        return np.asarray(np.interp(along_m, self._along, self._round_trip))

    def distance_m(self, launch: int, along_m: FloatArray) -> FloatArray:
        """Straight from a launch point."""
        return np.asarray(np.interp(along_m, self._along, self._distance[launch]))

    def out_s(self, launch: int, along_m: FloatArray) -> FloatArray:
        """From lift-off to on station."""
        return np.asarray(np.interp(along_m, self._along, self._out[launch]) + self.up_s)

    def home_s(self, launch: int, along_m: FloatArray) -> FloatArray:
        """From off station to landed."""
        return np.asarray(np.interp(along_m, self._along, self._home[launch]) + self.down_s)
