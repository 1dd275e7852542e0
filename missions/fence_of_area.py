"""The fence that an aircraft is given for an area: what can be said in its polygons and circles, on the safe side.

A fence of ArduPilot knows no holes, no heights of its own and no hours. A hole in an inclusion becomes an exclusion; one in an
exclusion is closed. Slabs and windows are left out: the fence forbids at every height and hour. Buffers are the planner's:
they would cost corners of which an aircraft holds few, and the fence has its own margin. Circles stay circles, a hair on
the safe side of their outlines. For the same reason the round ends and bends of a corridor have as few corners as keep to
half a metre of it, on the safe side.
"""

from __future__ import annotations

import math

from geofences.area import Area, Circle
from geofences.outlines import OUTER, QUAD_SEGMENTS, outline
from geofences.zone import Corridor, LatLon, Role, Zone
from missions.plan import FenceCircle, FencePlan, FencePolygon

_CORRIDOR_M = 0.5


def fence_of_area(area: Area, alt_max_rel_home_m: float, margin_m: float) -> FencePlan:
    """The fence of all inclusions and exclusions of an area."""
    inclusions: list[FencePolygon] = []
    exclusions: list[FencePolygon] = []
    inside: list[FenceCircle] = []
    outside: list[FenceCircle] = []
    for zone in area.inclusions:
        if isinstance(zone.drawn_as, Circle):
            c = zone.drawn_as
            inside.append(FenceCircle(zone.name, c.lat_deg, c.lon_deg, c.radius_m / OUTER))
            continue
        points, holes = _outline(zone, "inclusion")
        inclusions.append(FencePolygon(zone.name, points))
        exclusions += [FencePolygon(f"{zone.name}, hole {n}", hole) for n, hole in enumerate(holes, start=1)]
    for zone in area.exclusions:
        if isinstance(zone.drawn_as, Circle):
            c = zone.drawn_as
            outside.append(FenceCircle(zone.name, c.lat_deg, c.lon_deg, c.radius_m * OUTER))
        else:
            exclusions.append(FencePolygon(zone.name, _outline(zone, "exclusion")[0]))
    # One inclusion alone needs no union, whatever the area says of several.
    union = area.union_of_inclusions and len(area.inclusions) > 1
    return FencePlan(
        tuple(inclusions), tuple(exclusions), alt_max_rel_home_m, margin_m, union, tuple(inside), tuple(outside)
    )  # fmt: skip


def _outline(zone: Zone, role: Role) -> tuple[tuple[LatLon, ...], tuple[tuple[LatLon, ...], ...]]:
    """The outer ring of a zone and its holes."""
    if not isinstance(zone.drawn_as, Corridor):
        return zone.points, zone.holes
    # A corner of the polygon round a circle lies beyond it by r (1 / cos(pi / 4q) - 1), nearly r (pi / 4q)^2 / 2.
    quad_segments = math.ceil(0.25 * math.pi * math.sqrt(0.5 * zone.drawn_as.half_width_m / _CORRIDOR_M))
    return outline(zone.drawn_as, role, min(max(quad_segments, 2), QUAD_SEGMENTS))


def fence_remarks(area: Area) -> tuple[str, ...]:
    """What of the area this fence cannot hold, in plain words, for the planner."""
    told = []
    for zone in (*area.inclusions, *area.exclusions):
        if zone.floor is not None or zone.ceiling is not None:
            told.append(f"the heights of {zone.name!r} are kept by the plan; the aircraft's fence has none for a zone")
        if zone.windows:
            told.append(f"the hours of {zone.name!r} are kept by the plan; the aircraft's fence holds it at all times")
        if zone.buffer_m:
            told.append(f"the buffer of {zone.name!r} is kept by the plan; the aircraft's fence has its edge as drawn")
    told += [
        f"the holes of the exclusion {z.name!r} are closed in the aircraft's fence, which knows none"
        for z in area.exclusions if z.holes and not isinstance(z.drawn_as, Circle)
    ]  # fmt: skip
    return tuple(told)
