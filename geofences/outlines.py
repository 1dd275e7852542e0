"""Circles and corridors as polygons, on the safe side: round an exclusion, inside an inclusion.

A polygon of ``n`` corners on a circle keeps to within ``1 - cos(pi / n)`` of its radius, 0.12 % with 64; where a place is
forbidden the circle is made larger by as much, so that every point of the true circle is inside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from shapely.geometry import LineString, Polygon
from shapely.geometry.polygon import orient

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.zone import Circle, Corridor, Height, LatLon, Role, TimeWindow, Zone

QUAD_SEGMENTS = 16
"""Straight pieces for a quarter of a circle."""
OUTER = 1.0 / math.cos(math.pi / (4 * QUAD_SEGMENTS))
"""By how much a circle must be larger for the polygon in it to hold the circle asked for."""


def to_plane(points: Sequence[LatLon], frame: LocalFrame) -> FloatArray:
    """East, north metres ``(n, 2)`` of (lat, lon) points."""
    return frame.to_plane([p[0] for p in points], [p[1] for p in points])


def to_lat_lon(points_en_m: ArrayLike, frame: LocalFrame) -> tuple[LatLon, ...]:
    """(lat, lon) of east, north metres ``(n, 2)``."""
    lat, lon = frame.from_plane(points_en_m)
    return tuple(zip(np.atleast_1d(lat).tolist(), np.atleast_1d(lon).tolist(), strict=True))


def outline(drawn_as: Circle | Corridor, role: Role) -> tuple[tuple[LatLon, ...], tuple[tuple[LatLon, ...], ...]]:
    """The outer ring and the holes of a circle or corridor as (lat, lon), not closed.

    Holds all of it for an exclusion or no-look area, nothing beyond it for an inclusion. Always the same for the same
    shape. A corridor that closes on itself has a hole. Raises :class:`ConfigError` for a corridor whose line does not
    lie in one piece of the earth (over 1000 km).
    """
    more = 1.0 if role == "inclusion" else OUTER
    if isinstance(drawn_as, Circle):
        frame = LocalFrame(drawn_as.lat_deg, drawn_as.lon_deg)
        angle = np.linspace(0.0, 2.0 * np.pi, 4 * QUAD_SEGMENTS, endpoint=False)
        en = more * drawn_as.radius_m * np.stack([np.sin(-angle), np.cos(angle)], axis=-1)
        return to_lat_lon(en, frame), ()
    middle = drawn_as.points[len(drawn_as.points) // 2]
    frame = LocalFrame(*middle)
    line = to_plane(drawn_as.points, frame)
    if not np.isfinite(line).all() or np.hypot(*line.T).max() > 1_000_000.0:
        raise ConfigError("the line of a corridor is longer than 1000 km", "check its coordinates, longitude is first")
    shape: Any = orient(LineString(line).buffer(more * drawn_as.half_width_m, quad_segs=QUAD_SEGMENTS))
    rings = [to_lat_lon(np.asarray(r.coords)[:-1], frame) for r in (shape.exterior, *shape.interiors)]
    return rings[0], tuple(rings[1:])


def drawn_zone(
    name: str,
    drawn_as: Circle | Corridor,
    role: Role,
    floor: Height | None = None,
    ceiling: Height | None = None,
    windows: tuple[TimeWindow, ...] = (),
    buffer_m: float = 0.0,
) -> Zone:
    """The zone of a circle or corridor. Raises :class:`ConfigError` like :func:`outline`."""
    points, holes = outline(drawn_as, role)
    return Zone(name, points, holes, floor, ceiling, windows, buffer_m, drawn_as)


def polygon_in(zone: Zone, frame: LocalFrame) -> Polygon:
    """The outline with its holes in the plane of ``frame``, as drawn: without the buffer, valid or not."""
    return Polygon(to_plane(zone.points, frame), [to_plane(hole, frame) for hole in zone.holes])
