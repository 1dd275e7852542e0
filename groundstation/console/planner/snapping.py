"""A place near a corner, an edge or the border jumps onto it, so that zones meet exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geofences.geodesy import FloatArray, LocalFrame
from geofences.outlines import to_lat_lon, to_plane
from geofences.zone import LatLon
from groundstation.console.planner.document import Shape


@dataclass(frozen=True)
class Snap:
    """Where a place came to lie. ``onto`` "": nowhere, it is as it was. ``name``: of the shape."""

    place: LatLon
    onto: Literal["", "corner", "edge"] = ""
    name: str = ""


@dataclass(frozen=True)
class Grip:
    """A corner, or a place on an edge: then ``index`` is the corner before which a new one would stand."""

    ident: int
    ring: int
    index: int
    place: LatLon
    away_m: float


def snap(place: LatLon, shapes: Iterable[Shape], reach_m: float, skip: tuple[int, int, int] | None = None) -> Snap:
    """The nearest corner within reach, else the nearest place on an edge; a corner wins over an edge.

    ``skip``: (shape, ring, corner) that is being moved, which does not snap to itself or to its own edges.
    """
    shapes = list(shapes)
    corner = nearest_corner(place, shapes, reach_m, skip)
    if corner is not None:
        return Snap(corner.place, "corner", _name(shapes, corner.ident))
    edge = nearest_edge(place, shapes, reach_m, skip)
    if edge is not None:
        return Snap(edge.place, "edge", _name(shapes, edge.ident))
    return Snap(place)


def _name(shapes: Iterable[Shape], ident: int) -> str:
    return next(s.name for s in shapes if s.ident == ident)


def nearest_corner(
    place: LatLon, shapes: Iterable[Shape], reach_m: float, skip: tuple[int, int, int] | None = None
) -> Grip | None:
    """The nearest corner (centre, point) within reach."""
    frame = LocalFrame(*place)
    best: Grip | None = None
    for shape in shapes:
        for ring, points in enumerate(shape.rings):
            if not points:
                continue
            away = np.hypot(*_near(points, frame).T)
            if skip is not None and skip[:2] == (shape.ident, ring) and skip[2] < len(away):
                away[skip[2]] = np.inf
            k = int(np.argmin(away))
            if away[k] <= reach_m and (best is None or away[k] < best.away_m):
                best = Grip(shape.ident, ring, k, points[k], float(away[k]))
    return best


def nearest_edge(
    place: LatLon, shapes: Iterable[Shape], reach_m: float, skip: tuple[int, int, int] | None = None
) -> Grip | None:
    """The nearest place on an edge of a polygon, a line or the middle of a corridor within reach."""
    frame = LocalFrame(*place)
    best: Grip | None = None
    for shape in shapes:
        if shape.kind in ("circle", "point"):
            continue
        for ring, points in enumerate(shape.rings):
            if len(points) < 2:
                continue
            en = _near(points, frame)
            closed = shape.closed
            start, end = (en, np.roll(en, -1, axis=0)) if closed else (en[:-1], en[1:])
            step = end - start
            length2 = np.maximum(np.sum(step * step, axis=1), 1e-12)
            part = np.clip(-np.sum(start * step, axis=1) / length2, 0.0, 1.0)
            foot = start + part[:, None] * step
            away = np.hypot(*foot.T)
            if skip is not None and skip[:2] == (shape.ident, ring):
                n = len(points)
                for k in (skip[2], skip[2] - 1):
                    if closed or 0 <= k < len(away):
                        away[k % n if closed else k] = np.inf
            k = int(np.argmin(away))
            if away[k] <= reach_m and (best is None or away[k] < best.away_m):
                best = Grip(shape.ident, ring, k + 1, to_lat_lon([foot[k]], frame)[0], float(away[k]))
    return best


def shape_at(place: LatLon, shapes: Iterable[Shape], reach_m: float) -> int | None:
    """The shape under a place: the nearest point, corner or edge within reach, else the smallest area that holds it."""
    shapes = list(shapes)
    found = nearest_corner(place, shapes, reach_m) or nearest_edge(place, shapes, reach_m)
    if found is not None:
        return found.ident
    frame = LocalFrame(*place)
    best: tuple[float, int] | None = None
    for shape in shapes:
        rings = [_near(r, frame) for r in shape.outlines()]
        if rings and _holds(rings[0]) and not any(_holds(r) for r in rings[1:]):
            size = abs(_area_m2(rings[0]))
            if best is None or size < best[0]:
                best = size, shape.ident
    return best[1] if best is not None else None


def _near(points: tuple[LatLon, ...], frame: LocalFrame) -> FloatArray:
    return to_plane(points, frame)


def _holds(ring: FloatArray) -> bool:
    """Whether the origin lies inside (ray casting)."""
    x0, y0 = ring.T
    x1, y1 = np.roll(ring, -1, axis=0).T
    crosses = (y0 > 0.0) != (y1 > 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x0 - y0 * (x1 - x0) / (y1 - y0)
    return bool(np.count_nonzero(crosses & (at > 0.0)) % 2)


def _area_m2(ring: FloatArray) -> float:
    x, y = (ring - ring[0]).T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
