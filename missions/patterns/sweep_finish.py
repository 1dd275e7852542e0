"""The last touches of a sweep: what the lanes have missed is visited, and what is flown twice is cut short.

Both work on coverage itself: a place counts as seen when it lies within ``radius_m`` of the path. :func:`complete` only
ever adds, so nothing seen is lost; :func:`tighten` takes a short cut only when every place that the longer way saw is
still seen. Arcs are drawn inside the true circle, so the test is on the safe side.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from geofences.geodesy import FloatArray
from missions.patterns.routing import Ways

_QUADRANT = 16  # segments of a quarter circle: 0.1 % of the radius inside the true arc
_ROUNDS = 12
_ON_THE_EDGE_M = 1e-3  # overlays round to the region's grid of 1e-4 m; ways may lie a hair's breadth outside


def path_length_m(path: FloatArray) -> float:
    """Length of a polyline ``(n, 2)``."""
    return float(np.hypot(*np.diff(path, axis=0).T).sum()) if len(path) > 1 else 0.0


def seen_from(path: FloatArray, radius_m: float) -> Any:
    """Everything within ``radius_m`` of a path, a shapely geometry."""
    line = LineString(path) if len(path) > 1 else Point(path[0])
    return line.buffer(radius_m, quad_segs=_QUADRANT)


def complete(path: FloatArray, region: Any, radius_m: float, ways: Ways) -> FloatArray:
    """The path with a detour to everything it has not seen, each from the nearest place of the path.

    What cannot be reached inside the region (a pocket apart) stays unseen; nothing else does, down to
    pieces of a two-thousandth of the radius' square.
    """
    smallest = 5e-4 * radius_m**2
    missed = region.difference(seen_from(path, radius_m))
    for _ in range(_ROUNDS):
        pieces = [p for p in shapely.get_parts(missed) if p.area > smallest]
        if not pieces:
            break
        added = False
        for piece in pieces:
            new = _visit(path, piece, region, radius_m, ways)
            if new is not None:
                path, added = new, True
        if not added:
            break
        missed = shapely.union_all(pieces).difference(seen_from(path, radius_m))
    return path


def _visit(path: FloatArray, piece: Any, region: Any, radius_m: float, ways: Ways) -> FloatArray | None:
    """The path with the shortest detour found to where the whole piece, or else its nearest part, is seen."""
    line = LineString(path)
    corners = shapely.get_coordinates(piece.convex_hull.simplify(0.01 * radius_m))
    # 2 % inside, so that rounding does not leave a sliver of it.
    discs = shapely.buffer(shapely.points(corners), 0.98 * radius_m, quad_segs=_QUADRANT)
    goal = shapely.intersection_all(discs).intersection(region)
    if goal.is_empty:
        near = shapely.points(corners)[int(np.argmin(shapely.distance(shapely.points(corners), line)))]
        goal = piece.intersection(near.buffer(0.5 * radius_m))
        if goal.is_empty:
            goal = piece.representative_point()
    start, end = shapely.get_coordinates(shapely.shortest_line(line, goal))
    if not region.distance(Point(end)) < _ON_THE_EDGE_M:
        return None
    at = int(np.argmin(shapely.distance(shapely.linestrings(np.stack([path[:-1], path[1:]], axis=1)), Point(start))))
    out = ways.way(start, end)
    if out is None:
        # Rounding may have put the start a hair outside: from the path's nearest corner, then.
        at = int(np.argmin(np.hypot(*(path - start).T)))
        out = ways.way(path[at], end)
        if out is None:
            return None
        at = min(at, len(path) - 2) if np.abs(path[at] - path[-1]).max() > 0 or at < len(path) - 1 else len(path) - 1
        return _clean(np.concatenate([path[: at + 1], out[1:], out[-2::-1], path[at + 1 :]]))
    if at == len(path) - 2 and np.abs(start - path[-1]).max() < 1e-9:
        return _clean(np.concatenate([path, out[1:]]))
    if at == 0 and np.abs(start - path[0]).max() < 1e-9:
        return _clean(np.concatenate([out[:0:-1], path]))
    return _clean(np.concatenate([path[: at + 1], out, out[-2::-1], path[at + 1 :]]))


def _clean(path: FloatArray) -> FloatArray:
    step = np.hypot(*np.diff(path, axis=0).T)
    return np.asarray(path[np.concatenate([[True], step > 1e-6])])


class Tightening:
    """Short cuts along one path that lose nothing seen.

    ``inset_m``: how far the ends of lanes may draw back at most. What is seen is judged at samples, a fifth of the
    radius apart inside and a twelfth along the edges, with one percent in hand; :func:`complete` has the last word.
    """

    def __init__(self, path: FloatArray, region: Any, radius_m: float, ways: Ways, inset_m: float) -> None:
        self.points = [np.asarray(p) for p in path]
        self.radius_m, self.ways, self.inset_m = radius_m, ways, inset_m
        self.samples = samples_of(region, radius_m)
        # Late: loading it takes longer than most plans.
        from scipy.spatial import cKDTree

        self.tree = cKDTree(self.samples)

    def run(self, rounds: int = 1) -> FloatArray:
        """The shorter path."""
        for _ in range(rounds):
            before = path_length_m(np.array(self.points))
            self._draw_back_ends()
            self._corners()
            if before - path_length_m(np.array(self.points)) < 2e-3 * before:
                break
        return _clean(np.array(self.points))

    def _draw_back_ends(self) -> None:
        for _ in range(2):
            for share in (1.0, 0.5):
                if len(self.points) < 2:
                    return
                length = _apart(self.points[0], self.points[1])
                back = share * self.inset_m
                if back >= length:
                    continue
                here = self.points[0] + (self.points[1] - self.points[0]) * (back / length)
                if self._keeps([self.points[0], here], [here, here], 0, 0):
                    self.points[0] = here
                    break
            self.points.reverse()

    def _corners(self) -> None:
        i = 1
        while i < len(self.points) - 1:
            gone = self._shorten(i, i)
            if not gone and i + 1 < len(self.points) - 1:
                gone = self._shorten(i, i + 1)
            i = max(1, i - 1) if gone else i + 1

    def _shorten(self, i: int, j: int) -> bool:
        """Tries to go straight from before corner ``i`` to behind corner ``j``. True when a corner went away."""
        p, r = self.points, self.radius_m
        before, after = _apart(p[i - 1], p[i]), _apart(p[j], p[j + 1])
        if before < 1e-9 or after < 1e-9:
            del p[i if before < 1e-9 else j]
            return True
        tries: list[tuple[float, float]] = []
        if i == j:
            # Never a leg of some length as a whole: a lane that turns a little no longer keeps its distance.
            if max(before, after) < 4.0 * r:
                tries.append((before, after))
            if after < 4.0 * r:
                tries += [(0.6 * r, after), (0.2 * r, after)]
            if before < 4.0 * r:
                tries += [(before, 0.6 * r), (before, 0.2 * r)]
        elif _apart(p[i], p[j]) < 4.0 * r:
            tries = [(s, s) for s in (self.inset_m, 0.4 * self.inset_m)]
        for back, on in tries:
            if back > before or on > after:
                continue
            start = p[i - 1] if back == before else p[i] + (p[i - 1] - p[i]) * (back / before)
            end = p[j + 1] if on == after else p[j] + (p[j + 1] - p[j]) * (on / after)
            old = [start, *p[i : j + 1], end]
            straight = _apart(start, end)
            if sum(_apart(a, b) for a, b in itertools.pairwise(old)) - straight < 0.004 * r:
                continue
            if straight > 1e-9 and not bool(self.ways.sees(start[None], end[None])[0]):
                continue
            if not self._keeps(old, [start, end], i - 1, j + 1):
                continue
            new = ([] if back == before else [start]) + ([] if on == after else [end])
            p[i : j + 1] = new
            return len(new) < j + 1 - i
        return False

    def _keeps(self, old: list[FloatArray], new: list[FloatArray], first: int, last: int) -> bool:
        """Whether all that ``old`` saw is still seen when it becomes ``new``.

        ``first`` to ``last``: the corners between which it lies; the rest of those two legs stays as it is.
        """
        r = 0.99 * self.radius_m
        line = np.array(old)
        middle = 0.5 * (line.min(axis=0) + line.max(axis=0))
        reach = float(np.hypot(*(line - middle).T).max()) + self.radius_m
        near = self.samples[self.tree.query_ball_point(middle, reach)]
        if not len(near):
            return True
        lost = near[
            _near(near, line[:-1], line[1:], self.radius_m) & ~_near(near, np.array(new[:1]), np.array(new[1:]), r)
        ]
        if not len(lost):
            return True
        path = np.array(self.points)
        starts, ends = path[:-1], path[1:]
        low, high = lost.min(axis=0) - r, lost.max(axis=0) + r
        keep = (np.minimum(starts, ends) <= high).all(axis=1) & (np.maximum(starts, ends) >= low).all(axis=1)
        keep[first : max(last, first + 1)] = False
        rest = [(path[first], old[0]), (old[-1], path[last])] if first < last else [(new[0], path[1])]
        starts = np.concatenate([starts[keep], np.array([leg[0] for leg in rest])])
        ends = np.concatenate([ends[keep], np.array([leg[1] for leg in rest])])
        return bool(_near(lost, starts, ends, r).all())


def samples_of(region: Any, radius_m: float) -> FloatArray:
    """Places that stand for a region, ``(n, 2)``: a grid inside and points along the edges."""
    west, south, east, north = region.bounds
    # At most half a million, for a region of very many lanes.
    pitch = max(radius_m / 5.0, math.sqrt((east - west) * (north - south) / 5e5))
    x, y = np.meshgrid(np.arange(west, east, pitch), np.arange(south, north, pitch))
    shapely.prepare(region)
    inside = shapely.contains_xy(region, x.ravel(), y.ravel())
    edge = shapely.get_coordinates(shapely.segmentize(region.boundary, max(radius_m / 12.0, region.length / 2e5)))
    return np.concatenate([np.stack([x.ravel(), y.ravel()], axis=1)[inside], edge])


def _near(places: FloatArray, starts: FloatArray, ends: FloatArray, radius_m: float) -> Any:
    """Whether each place ``(m, 2)`` is within the radius of any of the legs ``(k, 2)``, ``(m,)``."""
    leg = ends - starts
    square = np.maximum((leg * leg).sum(axis=1), 1e-18)
    east, north = places[:, :1] - starts[:, 0], places[:, 1:] - starts[:, 1]
    share = np.minimum(np.maximum((east * leg[:, 0] + north * leg[:, 1]) / square, 0.0), 1.0)
    east -= share * leg[:, 0]
    north -= share * leg[:, 1]
    return ((east * east + north * north) <= radius_m * radius_m).any(axis=1)


def _apart(a: FloatArray, b: FloatArray) -> float:
    return math.hypot(float(b[0] - a[0]), float(b[1] - a[1]))
