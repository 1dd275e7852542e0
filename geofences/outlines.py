"""Outlines in the plane, and circles and corridors as polygons on the safe side: round an exclusion, inside an inclusion.

The edge of a zone is straight in latitude and longitude: so GeoJSON has it (RFC 7946, 3.1.1), and so ArduPilot keeps a
polygon fence. In a plane such an edge bends, 2 cm in a kilometre from west to east at 49 degrees, 56 m in 50 km; an edge
that bends by more than 20 cm (3 km long) gets further corners there.

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
BEND_M = 0.2
_MOST_PIECES = 500
_MOST_TRIES = 5
OUTER = 1.0 / math.cos(math.pi / (4 * QUAD_SEGMENTS))
"""By how much a circle must be larger for the polygon in it to hold the circle asked for."""


def to_plane(points: Sequence[LatLon], frame: LocalFrame) -> FloatArray:
    """East, north metres ``(n, 2)`` of (lat, lon) points."""
    return frame.to_plane([p[0] for p in points], [p[1] for p in points])


def ring_to_plane(points: Sequence[LatLon], frame: LocalFrame) -> FloatArray:
    """A ring's corners (lat, lon, not closed) as east, north metres ``(m, 2)``, with more of them on edges that bend."""
    return _bent(points, frame, closed=True)[0]


def _edges(
    points: Sequence[LatLon], frame: LocalFrame, closed: bool
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Corners in the plane; of each edge its start and way in degrees, and how far its middle is off the straight way (m)."""
    degrees = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    corners = frame.to_plane(degrees[:, 0], degrees[:, 1])
    many = len(degrees) if closed else len(degrees) - 1
    start, step = degrees[:many], (np.roll(degrees, -1, axis=0) - degrees)[:many]
    # The short way round: an edge may cross the 180th meridian.
    step[:, 1] = (step[:, 1] + 180.0) % 360.0 - 180.0
    middle = start + 0.5 * step
    straight = 0.5 * (corners + np.roll(corners, -1, axis=0))[:many]
    return corners, start, step, np.hypot(*(frame.to_plane(middle[:, 0], middle[:, 1]) - straight).T)


def _bent(points: Sequence[LatLon], frame: LocalFrame, closed: bool) -> tuple[FloatArray, float]:
    """A line or ring in the plane with further corners on edges that bend, and by how much its pieces still do (m)."""
    if not points:
        return np.empty((0, 2)), 0.0
    corners, start, step, bend_m = _edges(points, frame, closed)
    if not (bend_m > BEND_M).any():
        return corners, float(np.max(bend_m, initial=0.0))
    count = np.ceil(np.sqrt(bend_m / BEND_M)).clip(1, _MOST_PIECES).astype(np.int64)
    edge = np.repeat(np.arange(len(start)), count)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)) / count[edge]
    between = start[edge] + share[:, None] * step[edge]
    en = frame.to_plane(between[:, 0], between[:, 1])
    # Corners as they were drawn keep their very numbers.
    en[share == 0.0] = corners[edge[share == 0.0]]
    left_m = float((bend_m / count**2).max())
    return (en if closed else np.concatenate([en, corners[-1:]])), left_m


def to_lat_lon(points_en_m: ArrayLike, frame: LocalFrame) -> tuple[LatLon, ...]:
    """(lat, lon) of east, north metres ``(n, 2)``."""
    lat, lon = frame.from_plane(points_en_m)
    return tuple(zip(np.atleast_1d(lat).tolist(), np.atleast_1d(lon).tolist(), strict=True))


def outline(
    drawn_as: Circle | Corridor, role: Role, quad_segments: int = QUAD_SEGMENTS
) -> tuple[tuple[LatLon, ...], tuple[tuple[LatLon, ...], ...]]:
    """The outer ring and the holes of a circle or corridor as (lat, lon), not closed.

    Holds all of it for an exclusion or no-look area, nothing beyond it for an inclusion. Always the same for the same
    shape. A corridor that closes on itself has a hole. ``quad_segments``: straight pieces for a quarter of a circle.
    Raises :class:`ConfigError` for a corridor whose line does not lie in one piece of the earth (over 1000 km).
    """
    is_inclusion = role == "inclusion"
    size_m = drawn_as.radius_m if isinstance(drawn_as, Circle) else drawn_as.half_width_m
    # The edges of the outline are straight in degrees and bend in the plane: that much is added, or taken away.
    slack_m, outer = 0.0, 1.0 / math.cos(math.pi / (4 * quad_segments))
    for _ in range(_MOST_TRIES):
        reach_m = max(size_m - slack_m, 0.5 * size_m) if is_inclusion else outer * size_m + slack_m
        frame, rings, bend_m = _round(drawn_as, reach_m, quad_segments)
        outlines = [to_lat_lon(ring, frame) for ring in rings]
        bend_m += max(float(_edges(ring, frame, True)[3].max()) for ring in outlines)
        if bend_m <= slack_m:
            break
        slack_m = 1.25 * bend_m
    return outlines[0], tuple(outlines[1:])


def _round(
    drawn_as: Circle | Corridor, reach_m: float, quad_segments: int
) -> tuple[LocalFrame, list[FloatArray], float]:
    """The rings of a circle or corridor in a frame of its own, and by how much the corridor's line bends off its pieces."""
    if isinstance(drawn_as, Circle):
        angle = np.linspace(0.0, 2.0 * np.pi, 4 * quad_segments, endpoint=False)
        frame = LocalFrame(drawn_as.lat_deg, drawn_as.lon_deg)
        return frame, [reach_m * np.stack([np.sin(-angle), np.cos(angle)], axis=-1)], 0.0
    frame = LocalFrame(*drawn_as.points[len(drawn_as.points) // 2])
    line, bend_m = _bent(drawn_as.points, frame, closed=False)
    if not np.isfinite(line).all() or np.hypot(*line.T).max() > 1_000_000.0:
        raise ConfigError("the line of a corridor is longer than 1000 km", "check its coordinates, longitude is first")
    shape: Any = orient(LineString(line).buffer(reach_m, quad_segs=quad_segments))
    return frame, [np.asarray(r.coords)[:-1] for r in (shape.exterior, *shape.interiors)], bend_m


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
    return Polygon(ring_to_plane(zone.points, frame), [ring_to_plane(hole, frame) for hole in zone.holes])
