"""The fence that an aircraft is given for an area: what can be said in its polygons and circles, on the safe side.

A fence of ArduPilot knows no holes, no heights of its own and no hours. A hole in an inclusion becomes an exclusion; one in an
exclusion is closed. Slabs and windows are left out: the fence forbids at every height and hour. Buffers are the planner's:
they would cost corners of which an aircraft holds few, and the fence has its own margin. Circles stay circles, a hair on
the safe side of their outlines.
"""

from __future__ import annotations

from geofences.area import Area, Circle
from geofences.outlines import OUTER
from missions.plan import FenceCircle, FencePlan, FencePolygon


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
        inclusions.append(FencePolygon(zone.name, zone.points))
        holes = [FencePolygon(f"{zone.name}, hole {n}", hole) for n, hole in enumerate(zone.holes, start=1)]
        exclusions.extend(holes)
    for zone in area.exclusions:
        if isinstance(zone.drawn_as, Circle):
            c = zone.drawn_as
            outside.append(FenceCircle(zone.name, c.lat_deg, c.lon_deg, c.radius_m * OUTER))
        else:
            exclusions.append(FencePolygon(zone.name, zone.points))
    # One inclusion alone needs no union, whatever the area says of several.
    union = area.union_of_inclusions and len(area.inclusions) > 1
    return FencePlan(
        tuple(inclusions), tuple(exclusions), alt_max_rel_home_m, margin_m, union, tuple(inside), tuple(outside)
    )  # fmt: skip


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
