"""The room that a plan's fence leaves, on the aircraft's own map, and exact margins of straight pieces in it.

Nothing is decided by sampling. A piece stays in the room when it meets no edge and begins inside; its margin is the distance
of the piece from the nearest edge. Circles are polygons that differ from them by 2 cm, on the safe side. Samples only tell how
deep and where a piece that leaves does so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from geofences.area import LatLon
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import polygon_problems
from missions.chart import Chart
from missions.checks.findings import Finding
from missions.plan import FencePlan

BoolArray = NDArray[np.bool_]

TOLERANCE_M = 0.1
"""Distances are right to this (arcs, circles and curved edges as straight pieces)."""

_EVERYWHERE_M = 200_000.0
_FEW_SAMPLES = 17
_TOGETHER = 48


def ring_problems(word: str, name: str, points: Sequence[LatLon], chart: Chart) -> Iterator[Finding]:
    """Why a polygon is none that an aircraft can keep to."""
    if _is_plain(points, chart):
        return
    for p in polygon_problems(name, points, LocalFrame(chart.lat_deg, chart.lon_deg)):
        yield Finding("error", p.code, f"{word} {p.text}", p.lat_deg, p.lon_deg)


def _is_plain(points: Sequence[LatLon], chart: Chart) -> bool:
    """A polygon without any fault, as nearly all are: the quick way out for those of many corners."""
    corners = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if len(corners) < 3 or not np.isfinite(corners).all() or (np.abs(corners) > (90.0, 180.0)).any():
        return False
    en = chart.to_map(corners[:, 0], corners[:, 1])
    if (np.hypot(*(np.roll(en, -1, axis=0) - en).T) < 0.01).any():
        return False
    polygon = Polygon(en)
    return bool(polygon.is_valid and polygon.area >= 1.0)


def piece_shapes(starts: FloatArray, ends: FloatArray) -> NDArray[Any]:
    """Straight pieces ``(n, 2)`` to ``(n, 2)`` as lines; those of no length as points, since a line of no length has no
    distance from anything."""
    found = shapely.linestrings(np.stack([starts, ends], axis=1))
    still = (starts == ends).all(axis=1)
    found[still] = shapely.points(starts[still])
    return np.asarray(found)


class FenceRoom:
    """Inside the inclusions (all of them, or any with ``union_of_inclusions``) and outside the exclusions."""

    def __init__(self, fence: FencePlan, chart: Chart) -> None:
        self.chart = chart
        inclusions = [Polygon(chart.ring(p.points)) for p in fence.inclusions]
        inclusions += [Polygon(chart.circle(c.lat_deg, c.lon_deg, c.radius_m, False)) for c in fence.inclusion_circles]
        exclusions = [Polygon(chart.ring(p.points)) for p in fence.exclusions]
        exclusions += [Polygon(chart.circle(c.lat_deg, c.lon_deg, c.radius_m, True)) for c in fence.exclusion_circles]
        room: Any = box(-_EVERYWHERE_M, -_EVERYWHERE_M, _EVERYWHERE_M, _EVERYWHERE_M)
        if inclusions:
            join = shapely.union_all if fence.union_of_inclusions else shapely.intersection_all
            room = inclusions[0] if len(inclusions) == 1 else join(inclusions)
        if exclusions:
            room = room.difference(exclusions[0] if len(exclusions) == 1 else shapely.union_all(exclusions))
        self.set_region(room)

    @classmethod
    def of_region(cls, region: Any, chart: Chart) -> FenceRoom:
        """The room that is a region of the map."""
        room = cls.__new__(cls)
        room.chart = chart
        room.set_region(region)
        return room

    def set_region(self, region: Any) -> None:
        """Make what is looked up again and again."""
        # Intersections may leave lines and points, which nobody can fly in.
        self.region: Any = region
        if region.geom_type not in ("Polygon", "MultiPolygon"):
            parts = [g for g in shapely.get_parts(region) if g.geom_type in ("Polygon", "MultiPolygon")]
            self.region = shapely.union_all(parts)
        shapely.prepare(self.region)
        self.boundary: Any = self.region.boundary
        shapely.prepare(self.boundary)
        self._edges: NDArray[Any] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to fly in."""
        return bool(self.region.is_empty or self.region.area < 1.0)

    @property
    def tree(self) -> shapely.STRtree:
        """Its edges, one by one."""
        if self._edges is None:
            rings = shapely.get_rings(shapely.get_parts(self.region))
            coordinates, ring = shapely.get_coordinates(rings, return_index=True)
            same = ring[1:] == ring[:-1]
            self._edges = shapely.linestrings(np.stack([coordinates[:-1][same], coordinates[1:][same]], axis=1))
            self._tree = shapely.STRtree(self._edges)
        return self._tree

    def holds(self, points: FloatArray) -> BoolArray:
        """Which points ``(n, 2)`` lie in it; its edge is outside."""
        return np.asarray(shapely.contains_xy(self.region, points[:, 0], points[:, 1]), dtype=np.bool_)

    def distance_m(self, geometries: Any) -> FloatArray:
        """Of geometries from the nearest edge; 0 where they meet one."""
        if not len(geometries):
            return np.empty(0)
        (at, _), distance = self.tree.query_nearest(geometries, return_distance=True, all_matches=False)
        found = np.full(len(geometries), np.inf)
        found[at] = distance
        return found

    def near(self, pieces: Any, metres: float) -> BoolArray:
        """Which pieces come as near to an edge as so much, or nearer. For short ones: each is held against the edges about."""
        hit = np.zeros(len(pieces), dtype=np.bool_)
        hit[self.tree.query(pieces, predicate="dwithin", distance=metres)[0]] = True
        return hit

    def wide_near(self, areas: Any, metres: float) -> BoolArray:
        """:meth:`near` for wide areas: the first edge that one meets ends the search."""
        if metres > 0.0:
            return np.asarray(shapely.dwithin(self.boundary, areas, metres), dtype=np.bool_)
        return np.asarray(shapely.intersects(self.boundary, areas), dtype=np.bool_)

    def margins_m(self, starts: FloatArray, ends: FloatArray, need_m: float) -> FloatArray:
        """The margin of straight pieces ``(n, 2)`` to ``(n, 2)`` where it is less than ``need_m``, else ``need_m``.

        Negative where a piece leaves the room: by how much is found by samples (:meth:`depth_m` is finer), that it does is not.
        """
        margins = np.full(len(starts), need_m)
        if not len(starts):
            return margins
        if self.is_empty:
            return np.full(len(starts), -np.inf)
        pieces = piece_shapes(starts, ends)
        inside = self.holds(starts)
        close = np.flatnonzero(~inside | self.near(pieces, need_m))
        if not len(close):
            return margins
        distance = self.distance_m(pieces[close])
        margins[close] = np.where(inside[close], np.minimum(distance, need_m), -distance)
        crossing = close[(distance <= 0.0) | ~inside[close]]
        margins[crossing] = -self._depths(starts[crossing], ends[crossing], _FEW_SAMPLES)[0]
        for k in crossing[margins[crossing] == 0.0]:
            # No sample met the outside: it touches an edge, or crosses a corner by less than a sample's way.
            if not self.region.covers(pieces[k]):
                margins[k] = -1e-9
        return margins

    def _depths(self, starts: FloatArray, ends: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
        """How far pieces lie outside at the worst of ``count`` places each (0: at none), and the share of that place."""
        share = np.linspace(0.0, 1.0, count)
        points = (starts[:, None] + share[None, :, None] * (ends - starts)[:, None]).reshape(-1, 2)
        out = np.flatnonzero(~self.holds(points))
        depth = np.zeros(len(points))
        depth[out] = self.distance_m(shapely.points(points[out]))
        # What is outside and on an edge at once is outside by nothing.
        depth[out] = np.maximum(depth[out], 1e-9)
        by_piece = depth.reshape(-1, count)
        worst = by_piece.argmax(axis=1)
        return by_piece[np.arange(len(by_piece)), worst], share[worst]

    def depth_m(self, start: FloatArray, end: FloatArray) -> tuple[float, FloatArray]:
        """How far the worst place of a piece lies outside (0 for none), and that place ``(2,)``.

        The piece is cut where it meets edges; each part that lies outside is looked at in nine places.
        """
        way = end - start
        cuts = np.array([0.0, 1.0])
        if way.any():
            met = self.tree.query(shapely.linestrings([start, end]), predicate="intersects")
            edges = shapely.get_coordinates(self.tree.geometries[met]).reshape(-1, 2, 2)
            along, off = edges[:, 1] - edges[:, 0], edges[:, 0] - start
            with np.errstate(divide="ignore", invalid="ignore"):
                t = (off[:, 0] * along[:, 1] - off[:, 1] * along[:, 0]) / (way[0] * along[:, 1] - way[1] * along[:, 0])
            cuts = np.unique(np.concatenate([cuts, np.clip(t[np.isfinite(t)], 0.0, 1.0)]))
        low, high = cuts[:-1], cuts[1:]
        outside = ~self.holds(start + (0.5 * (low + high))[:, None] * way)
        if not outside.any():
            return 0.0, start
        low, high = low[outside], high[outside]
        (depth, share) = self._depths(start + low[:, None] * way, start + high[:, None] * way, 9)
        worst = int(np.argmax(depth))
        return float(depth[worst]), np.asarray(start + (low + share * (high - low))[worst] * way)

    def nearest_place(self, start: FloatArray, end: FloatArray) -> tuple[FloatArray, float]:
        """The place ``(2,)`` of a piece that is nearest to an edge, or deepest outside, and how far that is over ground."""
        depth, place = self.depth_m(start, end)
        piece = shapely.points(place) if depth > 0.0 else piece_shapes(start[None], end[None])[0]
        edge = self.tree.geometries[self.tree.nearest(piece)]
        both = shapely.get_coordinates(shapely.shortest_line(piece, edge))
        frame = LocalFrame(self.chart.lat_deg, self.chart.lon_deg)
        on_ground = frame.to_plane(*self.chart.from_map(both))
        return np.asarray(both[0]), float(np.hypot(*(on_ground[1] - on_ground[0])))

    def margin_m(self, point: FloatArray) -> float:
        """Signed distance of one point from the nearest edge."""
        if self.is_empty:
            return -np.inf
        distance = float(self.distance_m([shapely.points(point)])[0])
        return distance if self.holds(point[None])[0] else -distance

    def areas_near(self, corners: FloatArray, need_m: float) -> BoolArray:
        """Which triangles ``(n, 3, 2)`` leave the room or come nearer to an edge than ``need_m``. Exact."""
        if self.is_empty:
            return np.ones(len(corners), dtype=np.bool_)
        found = np.zeros(len(corners), dtype=np.bool_)
        some = self._perhaps_near(corners, need_m)
        if len(some):
            found[some] = self._areas_near(corners[some], need_m)
        return found

    def _perhaps_near(self, corners: FloatArray, need_m: float) -> NDArray[np.intp]:
        """Of triangles, as they come one beside the other: those whose rectangles, of so many together, come near an edge."""
        first = np.arange(0, len(corners), _TOGETHER)
        if not len(first):
            return first
        low = np.minimum.reduceat(corners.min(axis=1), first, axis=0) - need_m
        high = np.maximum.reduceat(corners.max(axis=1), first, axis=0) + need_m
        free = shapely.contains_properly(self.region, shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
        return np.flatnonzero(~np.repeat(free, _TOGETHER)[: len(corners)])

    def _areas_near(self, corners: FloatArray, need_m: float) -> BoolArray:
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        flat = np.abs((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) < 1e-6
        shapes = np.empty(len(corners), dtype=object)
        shapes[~flat] = shapely.polygons(corners[~flat])
        shapes[flat] = shapely.linestrings(corners[flat])
        still = (corners == corners[:, :1]).all(axis=(1, 2))
        shapes[still] = shapely.points(a[still])
        return ~self.holds(a) | self.wide_near(shapes, need_m)
