"""Where no camera of an area may look, as zones: those that were drawn, and the neighbour's land far from the border."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geofences.area import Area
from geofences.geodesy import FloatArray, LocalFrame
from geofences.outlines import QUAD_SEGMENTS, to_lat_lon
from geofences.sides import sides_of
from geofences.zone import Zone

REACH_M = 15_000.0
"""How far from the border the neighbour's land is drawn: further than any camera here is used."""
_EDGE_M = 1000.0
_SAME_M = 0.05


def no_look_zones(area: Area) -> tuple[Zone, ...]:
    """The no-look areas of an area and its neighbour's land beyond ``no_look_beyond_m``.

    Raises :class:`ConfigError` for a border that has no sides (:func:`geofences.sides.sides_of`).
    """
    if area.no_look_beyond_m is None:
        return area.no_look
    frame = area.frame()
    land = neighbours_land(area.border.to_plane(frame), area.border.own_side == "left", area.no_look_beyond_m, frame)
    foreign = area.border.right if area.border.own_side == "left" else area.border.left
    name = f"{foreign} beyond {area.no_look_beyond_m:g} m of the border"
    # Cut at what the line goes on by, some corners come twice. Edges between corners given in degrees bend: none is long.
    land = shapely.segmentize(shapely.remove_repeated_points(land, _SAME_M), _EDGE_M)
    parts = [p for p in shapely.get_parts(land) if p.geom_type == "Polygon" and p.area >= 1.0]
    return (*area.no_look, *(_zone(name, part, frame) for part in parts))


def neighbours_land(line_en_m: FloatArray, own_is_left: bool, beyond_m: float, frame: LocalFrame | None = None) -> Any:
    """The land within 15 km of the line, on its other side, that is further from it than ``beyond_m``; in the plane.

    At its ends the line goes on straight. The rounding of corners is on the side of looking less.
    """
    both = sides_of(line_en_m, line_en_m.min(axis=0) - REACH_M, line_en_m.max(axis=0) + REACH_M, frame)
    # The pieces of a round corner lie inside it, so a little less than beyond_m is left open there.
    near = both.line.buffer(beyond_m, quad_segs=QUAD_SEGMENTS) if beyond_m > 0.0 else both.line
    return (both.right if own_is_left else both.left).difference(near)


def _zone(name: str, part: Any, frame: LocalFrame) -> Zone:
    rings = [to_lat_lon(np.asarray(r.coords)[:-1], frame) for r in (part.exterior, *part.interiors)]
    return Zone(name, rings[0], tuple(rings[1:]))
