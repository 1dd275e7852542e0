"""There and back along any line (a road, a river, a fence) at an offset, camera on the line; one way on request.

The offset is to one side of the line as it is drawn. Without a line of its own the border is taken, and the offset is
on our own side whatever its sign.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geofences.area import Area, LatLon
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.patterns.beside_line import corridor_path
from missions.patterns.border_loop import stretch_of
from missions.patterns.building import Site, look, require_range
from missions.patterns.request import PatternRequest, place_en_m
from missions.plan import MissionItem, Plan

__all__ = ["CorridorRequest", "corridor_path", "plan_corridor"]


@dataclass(frozen=True, kw_only=True)
class CorridorRequest(PatternRequest):
    """``line``: (lat, lon) points, empty for the border. ``offset_m``: left positive, right negative, 0 on it.

    ``one_way``: not back along the line, but home from its end (one lap only).
    """

    line: tuple[LatLon, ...] = ()
    offset_m: float = 60.0
    stretch_m: tuple[float, float] | None = None
    one_way: bool = False
    leg_max_m: float = 120.0
    name: str = "Corridor"


def plan_corridor(area: Area, terrain: TerrainGrid | None, request: CorridorRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    require_range("offset from the line", request.offset_m, -5000.0, 5000.0, "m")
    require_range("longest leg", request.leg_max_m, 20.0, 10_000.0, "m")
    low, high = stretch_of(request.stretch_m)
    if request.one_way and request.laps != 1:
        raise PlanError(f"a corridor flown one way has {request.laps} laps", "give 1 lap, or fly it there and back")
    site = request.site(area, terrain)
    line, offset_m = site.border.vertices_en_m, site.sign * abs(request.offset_m)
    if request.line:
        if len(request.line) < 2:
            raise PlanError("the line of the corridor has one point", "give it at least two")
        line = np.stack([place_en_m(site, "line's corner", *p, beyond_room=True) for p in request.line])
        offset_m = request.offset_m
    track = corridor_path(line, offset_m, site.region, low, high, request.leg_max_m)
    if np.hypot(*(track[-1] - site.home)) < np.hypot(*(track[0] - site.home)):
        track = track[::-1]
    builder = request.builder(site)
    track, alt = builder.heights(track)
    if not request.one_way:
        track, alt = np.concatenate([track, track[-2::-1]]), np.concatenate([alt, alt[-2::-1]])
    geometry = BorderGeometry(line)
    return builder.plan(track, alt, lambda a, b, alt_m: _look_at_line(site, geometry, a, b, alt_m))


def _look_at_line(
    site: Site, line: BorderGeometry, start: FloatArray, end: FloatArray, alt_rel_home_m: float
) -> MissionItem:
    """Boresight on the nearest place of the line; over the line straight down, picture along the leg."""
    middle = 0.5 * (start + end)
    fix = line.locate(middle)
    towards = fix.nearest_en_m - middle
    level_m = float(np.hypot(*towards))
    drop_m = alt_rel_home_m + site.home_ground_m - float(site.ground(fix.nearest_en_m[None])[0])
    if level_m < 1.0:
        towards = end - start
    azimuth_deg = math.degrees(math.atan2(float(towards[0]), float(towards[1])))
    return look(azimuth_deg, math.degrees(math.atan2(max(drop_m, 1.0), level_m if level_m >= 1.0 else 0.0)))
