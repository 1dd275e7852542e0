"""Shortest ways round obstacles in the plane: a visibility graph over the corners of the allowed region."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString

from geofences.geodesy import FloatArray

# A way along an edge lies on the region's boundary; without a hair's breadth it would count as outside.
_HAIR_M = 0.05


def route(region: Any, start_en_m: FloatArray, end_en_m: FloatArray) -> FloatArray | None:
    """The shortest polyline ``(n, 2)`` from start to end inside a shapely region, or None when there is none.

    Start and end are part of it even when they lie outside the region by a little; the way between is inside.
    """
    allowed = region.buffer(_HAIR_M)
    shapely.prepare(allowed)
    direct = np.stack([start_en_m, end_en_m])
    if allowed.covers(LineString(direct)) or float(np.hypot(*(end_en_m - start_en_m))) < 0.1:
        return direct
    corners = shapely.get_coordinates(region.simplify(0.5))
    nodes = np.concatenate([direct, np.unique(corners.round(3), axis=0)])
    best = np.full(len(nodes), np.inf)
    best[0] = 0.0
    came = np.full(len(nodes), -1)
    done = np.zeros(len(nodes), dtype=bool)
    queue = [(0.0, 0)]
    while queue:
        cost, i = heapq.heappop(queue)
        if done[i]:
            continue
        done[i] = True
        if i == 1:
            break
        step = np.hypot(*(nodes - nodes[i]).T)
        better = np.flatnonzero(~done & (cost + step < best))
        lines = shapely.linestrings(np.stack([np.broadcast_to(nodes[i], nodes[better].shape), nodes[better]], axis=1))
        for j in better[shapely.covers(allowed, lines)]:
            best[j], came[j] = cost + step[j], i
            heapq.heappush(queue, (float(best[j]), int(j)))
    if not np.isfinite(best[1]):
        return None
    way = [1]
    while way[-1] != 0:
        way.append(int(came[way[-1]]))
    return np.asarray(nodes[way[::-1]])


class Ways:
    """Shortest ways inside one region, for many questions: the corners' own ways are found once.

    Only corners that stick into the region (reflex ones of the outline, those of holes) can lie on a shortest way.
    ``hair_m``: how far outside a way may lie, against rounding.
    """

    def __init__(self, region: Any, hair_m: float = 0.01) -> None:
        self.allowed = region.buffer(hair_m, join_style="mitre")
        shapely.prepare(self.allowed)
        self.corners = inward_corners(region)
        self._links: dict[tuple[float, float], FloatArray] = {}
        self._tables: tuple[FloatArray, Any] | None = None

    def sees(self, starts_en_m: FloatArray, ends_en_m: FloatArray) -> Any:
        """For pairs of places ``(n, 2)``: whether the straight line between them is inside, ``(n,)``."""
        lines = shapely.linestrings(np.stack([starts_en_m, ends_en_m], axis=1))
        return shapely.covers(self.allowed, lines)

    def length_m(self, start_en_m: FloatArray, end_en_m: FloatArray) -> float:
        """Length of the shortest way; infinite when there is none."""
        if bool(self.sees(start_en_m[None], end_en_m[None])[0]):
            return float(np.hypot(*(end_en_m - start_en_m)))
        return self._best(start_en_m, end_en_m)[0]

    def way(self, start_en_m: FloatArray, end_en_m: FloatArray) -> FloatArray | None:
        """The shortest polyline ``(n, 2)`` with start and end, or None."""
        if bool(self.sees(start_en_m[None], end_en_m[None])[0]):
            return np.stack([start_en_m, end_en_m])
        length, first, last = self._best(start_en_m, end_en_m)
        if not np.isfinite(length):
            return None
        came = self._corner_ways()[1]
        middle = [last]
        while middle[-1] != first:
            middle.append(int(came[first, middle[-1]]))
        return np.concatenate([start_en_m[None], self.corners[middle[::-1]], end_en_m[None]])

    def _best(self, start: FloatArray, end: FloatArray) -> tuple[float, int, int]:
        if not len(self.corners):
            return np.inf, -1, -1
        whole = self._from(start)[:, None] + self._corner_ways()[0] + self._from(end)[None]
        first, last = np.unravel_index(int(np.argmin(whole)), whole.shape)
        return float(whole[first, last]), int(first), int(last)

    def _from(self, place: FloatArray) -> FloatArray:
        """Straight distance to every corner, infinite to those out of sight."""
        key = (round(float(place[0]), 4), round(float(place[1]), 4))
        if key not in self._links:
            seen = self.sees(np.broadcast_to(place, self.corners.shape), self.corners)
            self._links[key] = np.where(seen, np.hypot(*(self.corners - place).T), np.inf)
        return self._links[key]

    def _corner_ways(self) -> tuple[FloatArray, Any]:
        """Between all corners: lengths ``(k, k)`` and the corner before the last one."""
        if self._tables is None:
            # Late: loading it takes longer than most plans.
            from scipy.sparse import coo_array
            from scipy.sparse.csgraph import shortest_path

            c = self.corners
            i, j = np.triu_indices(len(c), 1)
            seen = self.sees(c[i], c[j])
            i, j = i[seen], j[seen]
            step = np.maximum(np.hypot(*(c[i] - c[j]).T), 1e-9)
            graph = coo_array((step, (i, j)), shape=(len(c), len(c)))
            self._tables = shortest_path(graph.tocsr(), directed=False, return_predecessors=True)
        return self._tables


def inward_corners(region: Any) -> FloatArray:
    """The corners of a region that stick into it, ``(k, 2)``."""
    found = [np.empty((0, 2))]
    for part in shapely.get_parts(region):
        for number, ring in enumerate((part.exterior, *part.interiors)):
            points = np.asarray(ring.coords)[:-1]
            if not ring.is_ccw:
                points = points[::-1]
            into, out = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
            turn = into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0]
            found.append(points[turn < 0.0 if number == 0 else turn > 0.0])
    return np.concatenate(found)
