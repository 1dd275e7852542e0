"""Single edits of a document: each takes one and gives the next. What cannot be done is said, and nothing is changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.outlines import to_lat_lon, to_plane
from geofences.validity import repair
from geofences.zone import LatLon
from groundstation.console.planner.document import (
    KINDS_OF,
    LEAST_POINTS,
    Patrol,
    PlannerDocument,
    Role,
    Shape,
    shape_of_zone,
    with_shape,
)


def add(document: PlannerDocument, shape: Shape) -> PlannerDocument:
    """Draw a shape. Raises :class:`ConfigError` for one with too few points, of no size, or that the role does not have."""
    _require(shape)
    if shape.role == "border" and any(True for _ in document.of_role("border")):
        raise ConfigError("there is a border already", "change that one, or delete it first")
    return with_shape(document, replace(shape, name=shape.name or free_name(document, shape.role)))


def free_name(document: PlannerDocument, role: Role) -> str:
    """``exclusion 2``: the first such name that no shape has."""
    word = {"no_look": "no-look area", "inclusion": "flight area", "exclusion": "keep-out zone"}.get(role, role)
    taken = {s.name for s in document.shapes}
    if word not in taken:
        return word
    return next(f"{word} {n}" for n in range(2, len(document.shapes) + 3) if f"{word} {n}" not in taken)


def _require(shape: Shape) -> None:
    if shape.kind not in KINDS_OF[shape.role]:
        raise ConfigError(f"a {shape.role} cannot be drawn as a {shape.kind}", f"draw a {KINDS_OF[shape.role][0]}")
    for lat, lon in (p for ring in shape.rings for p in ring):
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90.0 and abs(lon) <= 180.0):
            raise ConfigError(f"{lat:g}, {lon:g} is no place on the earth", "check this coordinate")
    least = LEAST_POINTS[shape.kind]
    if len(shape.points) < least:
        raise ConfigError(f"a {shape.kind} needs at least {least} points", "go on drawing")
    if any(len(hole) < 3 for hole in shape.holes):
        raise ConfigError("a hole needs at least 3 corners", "go on drawing")
    if shape.kind == "circle" and not (math.isfinite(shape.radius_m) and 0.0 < shape.radius_m <= 100_000.0):
        raise ConfigError(f"a radius of {shape.radius_m:g} m makes no circle", "give one above 0 and up to 100 km")
    if shape.kind == "corridor" and not (math.isfinite(shape.half_width_m) and 0.0 < shape.half_width_m <= 50_000.0):
        raise ConfigError(
            f"a half width of {shape.half_width_m:g} m makes no corridor", "give one above 0 and up to 50 km"
        )
    if shape.kind in ("line", "corridor") and len(set(shape.points)) < 2:
        raise ConfigError("the line has no length", "give it two different points")


def change(document: PlannerDocument, ident: int, **values: Any) -> PlannerDocument:
    """Give a shape other values. Raises :class:`ConfigError` for values that make no such shape."""
    before = document.shape(ident)
    shape = replace(before, **values)
    _require(shape)
    if shape.is_zone:
        shape.zone()
    return _put(document, shape)


def _put(document: PlannerDocument, shape: Shape) -> PlannerDocument:
    return replace(document, shapes=tuple(shape if s.ident == shape.ident else s for s in document.shapes))


def delete(document: PlannerDocument, idents: Sequence[int]) -> PlannerDocument:
    """Take shapes away; a patrol that was to see one of them asks for nothing then."""
    gone = set(idents)
    patrol = document.patrol
    if patrol is not None and patrol.target in gone:
        patrol = replace(patrol, target=None)
    return replace(document, shapes=tuple(s for s in document.shapes if s.ident not in gone), patrol=patrol)


def reorder_first(document: PlannerDocument, ident: int) -> PlannerDocument:
    """Put a shape before all others: the first launch point is home."""
    shape = document.shape(ident)
    return replace(document, shapes=(shape, *(s for s in document.shapes if s.ident != ident)))


# -- corners -------------------------------------------------------------------------------------------------------------


def _with_ring(shape: Shape, ring: int, points: tuple[LatLon, ...]) -> Shape:
    if ring == 0:
        return replace(shape, points=points)
    return replace(shape, holes=tuple(points if n == ring else h for n, h in enumerate(shape.holes, start=1)))


def move_point(document: PlannerDocument, ident: int, ring: int, index: int, place: LatLon) -> PlannerDocument:
    """Put a corner elsewhere. ``ring`` 0: the outline, 1 and so on: the holes."""
    shape = document.shape(ident)
    points = shape.rings[ring]
    if not 0 <= index < len(points):
        raise ConfigError(f"{shape.name!r} has no corner {index + 1}", "choose one of its corners")
    made = _with_ring(shape, ring, (*points[:index], place, *points[index + 1 :]))
    _require(made)
    return _put(document, made)


def insert_point(document: PlannerDocument, ident: int, ring: int, index: int, place: LatLon) -> PlannerDocument:
    """A new corner before the one of that number (as many as there are: at the end)."""
    shape = document.shape(ident)
    if shape.kind in ("circle", "point"):
        raise ConfigError(f"a {shape.kind} has one place only", "draw another shape")
    points = shape.rings[ring]
    if not 0 <= index <= len(points):
        raise ConfigError(f"{shape.name!r} has no edge {index}", "choose one of its edges")
    made = _with_ring(shape, ring, (*points[:index], place, *points[index:]))
    _require(made)
    return _put(document, made)


def delete_point(document: PlannerDocument, ident: int, ring: int, index: int) -> PlannerDocument:
    """Take a corner away. A hole that would have two goes; a shape that would have too few stays as it is."""
    shape = document.shape(ident)
    points = shape.rings[ring]
    if not 0 <= index < len(points):
        raise ConfigError(f"{shape.name!r} has no corner {index + 1}", "choose one of its corners")
    if ring and len(points) <= 3:
        return _put(document, replace(shape, holes=tuple(h for n, h in enumerate(shape.holes, start=1) if n != ring)))
    if not ring and len(points) <= LEAST_POINTS[shape.kind]:
        raise ConfigError(
            f"{shape.name!r} would have fewer than {LEAST_POINTS[shape.kind]} points", "delete the whole shape instead"
        )
    made = _with_ring(shape, ring, (*points[:index], *points[index + 1 :]))
    _require(made)
    return _put(document, made)


def set_points(document: PlannerDocument, ident: int, ring: int, points: Sequence[LatLon]) -> PlannerDocument:
    """All corners of a ring at once, as typed or pasted."""
    made = _with_ring(document.shape(ident), ring, tuple(points))
    _require(made)
    return _put(document, made)


def move_shapes(document: PlannerDocument, idents: Sequence[int], east_m: float, north_m: float) -> PlannerDocument:
    """Shift shapes over the ground; their form stays what it is on the ground."""
    shapes = []
    for shape in document.shapes:
        if shape.ident in idents:
            frame = LocalFrame(*shape.points[0])
            rings = [_shifted(ring, frame, east_m, north_m) for ring in shape.rings]
            shape = replace(shape, points=rings[0], holes=tuple(rings[1:]))
            _require(shape)
        shapes.append(shape)
    return replace(document, shapes=tuple(shapes))


def _shifted(ring: Sequence[LatLon], frame: LocalFrame, east_m: float, north_m: float) -> tuple[LatLon, ...]:
    return to_lat_lon(to_plane(ring, frame) + np.array([east_m, north_m]), frame)


def add_hole(document: PlannerDocument, ident: int, ring: Sequence[LatLon]) -> PlannerDocument:
    """Cut a hole. Where it lies is judged with everything else (``validity``)."""
    shape = document.shape(ident)
    if shape.kind != "polygon":
        raise ConfigError(f"a {shape.kind} has no holes", "make it a polygon first")
    made = replace(shape, holes=(*shape.holes, tuple(ring)))
    _require(made)
    return _put(document, made)


def as_polygon(document: PlannerDocument, ident: int) -> PlannerDocument:
    """A circle or a corridor as the polygon that stands for it, to be edited by its corners."""
    shape = document.shape(ident)
    if shape.kind not in ("circle", "corridor"):
        raise ConfigError(f"{shape.name!r} is no circle or corridor", "choose one")
    zone = shape.zone()
    made = replace(shape, kind="polygon", points=zone.points, holes=zone.holes, radius_m=0.0, half_width_m=0.0)
    return _put(document, made)


def reverse(document: PlannerDocument, ident: int) -> PlannerDocument:
    """Turn a line round. The names of a border's sides change places, so that each stays on its own land."""
    shape = document.shape(ident)
    return _put(document, replace(shape, points=shape.points[::-1], left=shape.right, right=shape.left))


def mend(document: PlannerDocument, ident: int) -> tuple[PlannerDocument, list[str]]:
    """Repair a zone without guessing; the words say what was changed. Raises :class:`ConfigError` where that cannot be."""
    shape = document.shape(ident)
    zone, words = repair(shape.zone(), document.frame())
    if not words:
        return document, []
    made = replace(shape_of_zone(zone, shape.role), ident=shape.ident)
    return _put(document, made), words


# -- the patrol ----------------------------------------------------------------------------------------------------------


def ask(document: PlannerDocument, **values: Any) -> PlannerDocument:
    """Change what the patrol is asked for. Raises :class:`ConfigError` for a name that a patrol does not have."""
    unknown = set(values) - {f.name for f in fields(Patrol)}
    if unknown:
        raise ConfigError(f"a patrol has no {', '.join(sorted(unknown))}", "see docs/planning.md")
    return replace(document, patrol=replace(document.patrol or Patrol(), **values), fixed=None)
