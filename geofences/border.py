"""Distances to the oriented border line, in the plane of one local frame. Plain numpy, all points at once.

Signed distance is positive to the left of the line. At a vertex the nearest point is the vertex itself for a whole
wedge of places; they lie on the outer side of the bend, whatever either segment alone would say about them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import LineString
from shapely.ops import unary_union

from geofences.area import BorderLine
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame

BoolArray = NDArray[np.bool_]

_TOGETHER = 256
_VECTORS = ("nearest_en_m", "normal_en")
_MANY_PAIRS = 2_000
"""Of points and segments: for fewer it costs more to leave segments out than to look at them."""


@dataclass(frozen=True, eq=False)
class BorderFix:
    """Where points lie relative to the line; all arrays have the shape ``(...)`` of the points (vectors ``(..., 2)``).

    ``signed_distance_m``: positive left. ``along_m``: from the first vertex; negative or above the line's length for a
    point beyond an end. ``nearest_en_m``: the nearest place on the line. ``normal_en``: unit vector in which the signed
    distance grows fastest (it points left). ``beyond_end``: no side can be told there.
    """

    signed_distance_m: FloatArray
    along_m: FloatArray
    nearest_en_m: FloatArray
    normal_en: FloatArray
    beyond_end: BoolArray


class BorderGeometry:
    """The border as a polyline of east, north metres, shape ``(n, 2)``.

    Raises :class:`ConfigError` for a line that turns back on a vertex, repeats one, or crosses itself: it has no sides.
    """

    def __init__(self, vertices_en_m: ArrayLike, frame: LocalFrame | None = None) -> None:
        self.vertices_en_m = np.asarray(vertices_en_m, dtype=np.float64)
        v = self.vertices_en_m
        if v.ndim != 2 or v.shape[1] != 2 or len(v) < 2 or not np.isfinite(v).all():
            raise ConfigError("the border needs at least two points with finite coordinates", "draw the border again")
        step = np.diff(v, axis=0)
        lengths = np.hypot(step[:, 0], step[:, 1])
        if (lengths < 1e-3).any():
            where = _place(v[int(np.argmin(lengths))], frame)
            raise ConfigError(f"the border has the same point twice, {where}", "delete one of them")
        self._direction = step / lengths[:, None]
        self._lengths = lengths
        self._columns = np.ascontiguousarray(np.concatenate([v[:-1], self._direction, lengths[:, None]], axis=1).T)
        self._start_m = np.concatenate([[0.0], np.cumsum(lengths)])
        line = LineString(v)
        if not line.is_simple:
            raise ConfigError(
                f"the border crosses itself, {_place(_self_touch(line), frame)}", "draw it without a loop"
            )
        left = self._left = _left_of(self._direction)
        before = np.concatenate([left[:1], left])
        after = np.concatenate([left, left[-1:]])
        # The bisector of the two segments' left normals: which side the wedge at each vertex is on.
        self._vertex_left = before + after

    @classmethod
    def from_line(cls, border: BorderLine, frame: LocalFrame) -> BorderGeometry:
        """The border in the plane of ``frame``."""
        return cls(border.to_plane(frame), frame)

    @property
    def length_m(self) -> float:
        """Length of the line."""
        return float(self._start_m[-1])

    def locate(self, points_en_m: ArrayLike) -> BorderFix:
        """Signed distance, place along the line, nearest place and normal for points of shape ``(..., 2)``."""
        points = np.asarray(points_en_m, dtype=np.float64)
        p = points.reshape(-1, 2)
        d = self._direction
        if len(p) > _TOGETHER and len(p) * len(d) > _MANY_PAIRS:
            # Points come as they lie along a way: a few of them have few segments in view.
            parts = [self.locate(p[k : k + _TOGETHER]) for k in range(0, len(p), _TOGETHER)]
            return BorderFix(
                *(
                    np.concatenate([getattr(part, f.name) for part in parts]).reshape(
                        points.shape if f.name in _VECTORS else points.shape[:-1]
                    )
                    for f in fields(BorderFix)
                )
            )
        some = self._perhaps_nearest(p) if len(p) * len(d) > _MANY_PAIRS else np.arange(len(d))
        distance2, along, clamped = self._table(p, some)
        k = np.argmin(distance2, axis=1)
        flat = np.arange(0, distance2.size, distance2.shape[1]) + k
        squared, full, at = distance2.take(flat), along.take(flat), clamped.take(flat)
        if len(some) < len(d):
            k = some[k]
        nearest = self._along(k, at)
        offset, distance = p - nearest, np.sqrt(squared)

        left = self._left.take(k, axis=0)
        reference, place = left, self._start_m.take(k) + at
        beyond = np.zeros(len(p), dtype=np.bool_)
        ends = np.flatnonzero((full <= 0.0) | (full >= self._lengths.take(k)))
        if len(ends):
            # Nearest to a vertex: one of the line's ends, or a bend, whose outer side both its segments must agree on.
            k_end, full_end = k[ends], full[ends]
            before_start = (k_end == 0) & (full_end < 0.0)
            after_end = (k_end == len(self._lengths) - 1) & (full_end > self._lengths[k_end])
            beyond[ends] = before_start | after_end
            bend = ~beyond[ends]
            reference = left.copy()
            reference[ends[bend]] = self._vertex_left[np.where(full_end <= 0.0, k_end, k_end + 1)[bend]]
            place[ends] = self._start_m[k_end] + np.where(bend, at[ends], full_end)
        side = np.where(np.einsum("pk,pk->p", offset, reference) < 0.0, -1.0, 1.0)

        on_line = distance < 1e-9
        safe = np.where(on_line, 1.0, distance)
        normal = offset * (side / safe)[:, None]
        if on_line.any():
            normal[on_line] = left[on_line]
        shape = points.shape[:-1]
        return BorderFix(
            (side * distance).reshape(shape), place.reshape(shape), nearest.reshape(points.shape),
            normal.reshape(points.shape), beyond.reshape(shape),
        )  # fmt: skip

    def _along(self, segment: NDArray[np.intp], way_m: FloatArray) -> FloatArray:
        """Places ``(n, 2)`` so far along segments ``(n,)``."""
        return np.asarray(
            self.vertices_en_m.take(segment, axis=0) + way_m[:, None] * self._direction.take(segment, axis=0)
        )

    def _table(self, p: FloatArray, segments: NDArray[np.intp]) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Of points x segments: squared distance, way along the segment, and the same no further than its ends."""
        # East and north apart: tables of plain numbers are quick, of pairs of numbers they are not.
        east, north, d_east, d_north, length = self._columns.take(segments, axis=1)
        from_east, from_north = p[:, :1] - east, p[:, 1:] - north
        along = from_east * d_east + from_north * d_north
        clamped = np.minimum(np.maximum(along, 0.0), length)
        from_east -= clamped * d_east
        from_north -= clamped * d_north
        return from_east * from_east + from_north * from_north, along, clamped

    def _perhaps_nearest(self, p: FloatArray) -> NDArray[np.intp]:
        """The segments of which one can be the nearest to any of the points: of a long border, those in view."""
        low, high = p.min(axis=0), p.max(axis=0)
        distance = np.sqrt(self._table(0.5 * (low + high)[None], np.arange(len(self._direction)))[0][0])
        # From the middle of all points to each of them: so much nearer or further may a segment be to it.
        radius = 0.5 * np.hypot(*(high - low))
        return np.flatnonzero(~(distance > distance.min() + 2.0 * radius + 1e-3))

    def at(self, along_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Place and unit direction of the line, each ``(..., 2)``, at distances along it (clamped to its ends)."""
        along = np.clip(np.asarray(along_m, dtype=np.float64), 0.0, self.length_m)
        k = np.clip(np.searchsorted(self._start_m, along, side="right") - 1, 0, len(self._lengths) - 1)
        place = self.vertices_en_m[k] + (along - self._start_m[k])[..., None] * self._direction[k]
        return place, self._direction[k]

    def section(self, from_m: float, to_m: float) -> FloatArray:
        """The line between two distances along it as vertices ``(n, 2)``, in the line's own direction."""
        low, high = sorted((max(0.0, from_m), min(self.length_m, to_m)))
        inner = self.vertices_en_m[(self._start_m > low + 1e-6) & (self._start_m < high - 1e-6)]
        return np.concatenate([self.at(low)[0][None], inner, self.at(high)[0][None]])


def _left_of(direction: FloatArray) -> FloatArray:
    return np.stack([-direction[..., 1], direction[..., 0]], axis=-1)


def _self_touch(line: LineString) -> FloatArray:
    points = list(line.coords)
    segments = [LineString(points[i : i + 2]) for i in range(len(points) - 1)]
    for i, one in enumerate(segments):
        for other in segments[i + 2 :]:
            if one.intersects(other):
                return np.asarray(unary_union([one.intersection(other)]).representative_point().coords[0])
    return np.asarray(points[0])


def _place(en_m: FloatArray, frame: LocalFrame | None) -> str:
    if frame is None:
        return f"{en_m[0]:.1f} m east, {en_m[1]:.1f} m north"
    lat, lon = frame.from_plane(en_m)
    return f"at {float(lat):.6f}, {float(lon):.6f}"
