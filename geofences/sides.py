"""The land to the left and to the right of a line in the plane, within a box.

At its ends the line goes on straight, to the edge of the box or to where it would meet the line itself (one bent like a U or a
spiral). Which side a part of the land lies on is told by the places just beside the line itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point, box
from shapely.ops import polygonize, unary_union

from geofences.border import BorderGeometry
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame

_BESIDE_M = 0.05
_MIXED = 0.05
_EVERY_M, _FEWEST, _MOST = 25.0, 64, 4000


@dataclass(frozen=True, eq=False)
class Sides:
    """``left`` and ``right``: polygons that meet along ``line``, which is the line with what it goes on by at its ends."""

    left: Any
    right: Any
    line: Any


def sides_of(
    line_en_m: FloatArray, low_en_m: FloatArray, high_en_m: FloatArray, frame: LocalFrame | None = None
) -> Sides:
    """Both sides of a line ``(n, 2)`` in the box from ``low_en_m`` to ``high_en_m`` ``(2,)``, which holds it.

    Raises :class:`ConfigError` for a line that has no sides: :class:`BorderGeometry` tells none, or it winds so far round that
    the same land lies on both. ``frame``: for the place in its text.
    """
    geometry = BorderGeometry(line_en_m)
    v = geometry.vertices_en_m
    far_m = 2.0 * float(np.hypot(*(high_en_m - low_en_m)))
    ends = [_lengthened(v[0], v[0] - v[1], v, far_m), _lengthened(v[-1], v[-1] - v[-2], v, far_m)]
    cut = unary_union([LineString(v), *ends])
    plane = box(*low_en_m, *high_en_m)
    parts = list(polygonize(unary_union([plane.boundary, cut.intersection(plane)])))
    count = int(np.clip(geometry.length_m / _EVERY_M, _FEWEST, _MOST))
    middle, ahead = geometry.at((np.arange(count) + 0.5) * geometry.length_m / count)
    aside = _BESIDE_M * np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    found: dict[bool, list[Any]] = {True: [], False: []}
    for part in parts:
        shapely.prepare(part)
        on_left, on_right = (int(shapely.contains_xy(part, *(middle + s * aside).T).sum()) for s in (1.0, -1.0))
        if min(on_left, on_right) > _MIXED * (on_left + on_right):
            raise ConfigError(
                f"the border, gone on straight beyond its ends, crosses itself{_met_at(ends, v, frame)}: its sides cannot be told",
                "end the line where it still leads away from itself, or cut it in two",
            )
        if on_left == on_right:
            # Only what the line goes on by bounds it: the nearest place of the line tells.
            place = np.asarray(part.representative_point().coords[0])
            found[float(geometry.locate(place).signed_distance_m) > 0.0].append(part)
        else:
            found[on_left > on_right].append(part)
    return Sides(shapely.union_all(found[True]), shapely.union_all(found[False]), cut)


def _met_at(ends: list[LineString], line: FloatArray, frame: LocalFrame | None) -> str:
    """Where what it goes on by ends upon the line."""
    places = [np.asarray(e.coords[-1]) for e in ends]
    place = min(places, key=lambda p: LineString(line).distance(Point(p)))
    if frame is None:
        return ""
    lat, lon = frame.from_plane(place)
    return f" at {float(lat):.6f}, {float(lon):.6f}"


def _lengthened(end: FloatArray, way: FloatArray, line: FloatArray, far_m: float) -> LineString:
    """Straight on from an end of the line, no further than to the line itself."""
    ahead = way / np.hypot(*way)
    straight = LineString([end, end + far_m * ahead])
    met = shapely.get_coordinates(straight.intersection(LineString(line)))
    away = np.hypot(*(met - end).T)
    away = away[away > 1e-6]
    return LineString([end, end + float(away.min()) * ahead]) if len(away) else straight
