"""Lines and polygons that a file had to cut at the 180th meridian (RFC 7946, 3.1.9), put together again.

Inside the program a ring simply goes on from 179.99 to -179.99: a local frame sees no seam there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely
from shapely.geometry import Polygon

from geofences.zone import LatLon

Rings = tuple[tuple[LatLon, ...], ...]
"""Outer ring and holes, not closed."""
_SEAM_DEG = 180.0


def joined_line(lines: Sequence[tuple[LatLon, ...]]) -> tuple[LatLon, ...] | None:
    """One line from parts of which each begins where the one before ended (on either side of 180 degrees).

    None where they do not.
    """
    if not lines or not all(lines):
        return None
    points = list(lines[0])
    for line in lines[1:]:
        if not _same_place(points[-1], line[0]):
            return None
        # The point on the seam itself was put there by the cut; it stays, once.
        points.extend(line[1:])
    return tuple(points)


def _same_place(a: LatLon, b: LatLon) -> bool:
    return a == b or (a[0] == b[0] and abs(a[1]) == abs(b[1]) == _SEAM_DEG)


def joined_polygons(polygons: Sequence[Rings]) -> list[Rings]:
    """Polygons with those made one that touch along the 180th meridian from both sides; the others as they were."""
    east = [p for p in polygons if any(lon == _SEAM_DEG for _, lon in p[0])]
    west = [p for p in polygons if any(lon == -_SEAM_DEG for _, lon in p[0]) and p not in east]
    if not east or not west:
        return list(polygons)
    # Degrees 0 to 360 have no seam there; corners keep their numbers.
    shapes = [_shifted(p) for p in (*east, *west)]
    if not all(s.is_valid for s in shapes):
        return list(polygons)
    union: Any = shapely.union_all(shapes)
    parts = [g for g in getattr(union, "geoms", [union]) if g.geom_type == "Polygon"]
    if len(parts) >= len(east) + len(west):
        return list(polygons)
    exact = {(lon % 360.0, lat): (lat, lon) for p in (*east, *west) for ring in p for lat, lon in ring}
    joined: list[Rings] = [
        tuple(
            tuple(exact.get((x, y), (y, x - 360.0 if x > _SEAM_DEG else x)) for x, y in list(ring.coords)[:-1])
            for ring in (part.exterior, *part.interiors)
        )
        for part in parts
    ]
    return [p for p in polygons if p not in east and p not in west] + joined


def _shifted(rings: Rings) -> Any:
    return Polygon(_degrees(rings[0]), [_degrees(r) for r in rings[1:]])


def _degrees(ring: Sequence[LatLon]) -> list[tuple[float, float]]:
    return [(lon % 360.0, lat) for lat, lon in ring]
