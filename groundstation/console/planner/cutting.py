"""Zones cut in two along a line, and made one. Corners that stay keep their exact coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.polygon import orient
from shapely.ops import split as shapely_split

from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.outlines import to_lat_lon, to_plane
from geofences.zone import LatLon
from groundstation.console.planner.document import PlannerDocument, Shape

_SAME_M = 0.005
_LEAST_M2 = 1.0


def split(document: PlannerDocument, ident: int, line: Sequence[LatLon]) -> PlannerDocument:
    """Cut a polygon along a line that goes right through it; the parts are called ``NAME 1``, ``NAME 2`` ...

    Raises :class:`ConfigError` for a line that does not part it, and for a zone that is none yet.
    """
    shape = document.shape(ident)
    polygon, exact, frame = _polygon(shape)
    if len(line) < 2:
        raise ConfigError("the cut has fewer than two points", "draw it across the shape")
    parts = shapely_split(polygon, LineString(_lengthened(to_plane(line, frame))))
    pieces = [p for p in parts.geoms if p.area >= _LEAST_M2]
    if len(pieces) < 2:
        raise ConfigError(f"the line does not cut {shape.name!r} in two", "begin and end it outside the shape")
    made: list[Shape] = []
    ident_now = document.next_ident
    for number, piece in enumerate(sorted(pieces, key=lambda p: -p.area), start=1):
        rings = _rings(piece, exact, frame)
        made.append(replace(shape, ident=ident_now, name=f"{shape.name} {number}", points=rings[0], holes=rings[1:]))
        ident_now += 1
    return _swapped(document, [shape.ident], made, ident_now)


def merge(document: PlannerDocument, idents: Sequence[int]) -> PlannerDocument:
    """Make one of several zones that touch or overlap.

    Raises :class:`ConfigError` where they lie apart, or where they say different things: what would hold then is a guess.
    """
    shapes = [document.shape(i) for i in dict.fromkeys(idents)]
    if len(shapes) < 2:
        raise ConfigError("fewer than two shapes are chosen", "choose the shapes that are to be one")
    first = shapes[0]
    for other in shapes[1:]:
        for what in ("role", "floor", "ceiling", "windows", "buffer_m"):
            if getattr(other, what) != getattr(first, what):
                word = {"buffer_m": "buffer", "windows": "times"}.get(what, what)
                raise ConfigError(f"{first.name!r} and {other.name!r} differ in their {word}", "make them equal first")
    frame = LocalFrame(*first.points[0])
    exact: dict[tuple[float, float], LatLon] = {}
    polygons = []
    for shape in shapes:
        polygon, own, _ = _polygon(shape, frame)
        polygons.append(polygon)
        exact.update(own)
    whole = shapely.union_all(polygons)
    if isinstance(whole, MultiPolygon):
        raise ConfigError(f"the shapes lie apart: {len(whole.geoms)} pieces would be left", "move them together first")
    rings = _rings(whole, exact, frame)
    made = replace(
        first,
        ident=document.next_ident,
        kind="polygon",
        points=rings[0],
        holes=rings[1:],
        radius_m=0.0,
        half_width_m=0.0,
    )
    return _swapped(document, [s.ident for s in shapes], [made], document.next_ident + 1)


def _polygon(
    shape: Shape, frame: LocalFrame | None = None
) -> tuple[Polygon, dict[tuple[float, float], LatLon], LocalFrame]:
    if not shape.is_zone and not (shape.role == "target" and shape.kind == "polygon"):
        raise ConfigError(f"{shape.name!r} is no area", "choose a polygon, a circle or a corridor")
    frame = frame or LocalFrame(*shape.points[0])
    exact: dict[tuple[float, float], LatLon] = {}
    planes = []
    for ring in shape.outlines():
        plane = to_plane(ring, frame)
        exact.update(zip(map(tuple, plane.tolist()), ring, strict=True))
        planes.append(plane)
    polygon = Polygon(planes[0], planes[1:])
    if not polygon.is_valid:
        raise ConfigError(f"{shape.name!r} is no proper shape yet", "repair it first")
    return polygon, exact, frame


def _lengthened(line: np.ndarray) -> np.ndarray:
    """A hair longer at both ends, so that a cut which ends on an edge reaches it."""
    ends = []
    for tip, inner in ((line[0], line[1]), (line[-1], line[-2])):
        step = tip - inner
        length = float(np.hypot(*step))
        ends.append(tip + (step / length if length > 0.0 else step))
    return np.concatenate([[ends[0]], line, [ends[1]]])


def _rings(
    polygon: Polygon, exact: dict[tuple[float, float], LatLon], frame: LocalFrame
) -> tuple[tuple[LatLon, ...], ...]:
    """Outline and holes, without the corners that lie within a hair of the one before."""
    whole = orient(polygon)
    out = []
    for ring in (whole.exterior, *whole.interiors):
        en = np.asarray(ring.coords)[:-1]
        kept = [k for k in range(len(en)) if np.hypot(*(en[k] - en[k - 1])) > _SAME_M]
        places = to_lat_lon(en[kept], frame)
        out.append(
            tuple(exact.get((float(p[0]), float(p[1])), place) for p, place in zip(en[kept], places, strict=True))
        )
    return tuple(r for r in out if len(r) >= 3)


def _swapped(document: PlannerDocument, gone: Sequence[int], made: Sequence[Shape], next_ident: int) -> PlannerDocument:
    """The new shapes at the place of the first that goes; a patrol that was to see one of those sees the first new one."""
    shapes: list[Shape] = []
    for shape in document.shapes:
        if shape.ident == gone[0]:
            shapes += made
        elif shape.ident not in gone:
            shapes.append(shape)
    patrol = document.patrol
    if patrol is not None and patrol.target in gone:
        patrol = replace(patrol, target=made[0].ident)
    return replace(document, shapes=tuple(shapes), patrol=patrol, next_ident=next_ident)
