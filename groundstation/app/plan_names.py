"""The names that an area gives to the fences of a plan: a ``.plan`` file itself has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geofences.area import Area, LatLon, Zone
from missions.plan import FencePolygon, Plan

_SAME_DEG = 2e-6


def named_by(plan: Plan, area: Area | None) -> Plan:
    """The plan with its polygons called as the area calls the same corners; others keep their numbers."""
    if area is None:
        return plan
    fence = replace(
        plan.fence,
        inclusions=tuple(_named(p, area.inclusions) for p in plan.fence.inclusions),
        exclusions=tuple(_named(p, area.exclusions) for p in plan.fence.exclusions),
    )
    return replace(plan, fence=fence)


def _named(polygon: FencePolygon, zones: Sequence[Zone]) -> FencePolygon:
    for zone in zones:
        if len(zone.points) == len(polygon.points) and all(map(_same, sorted(zone.points), sorted(polygon.points))):
            return replace(polygon, name=zone.name)
    return polygon


def _same(one: LatLon, other: LatLon) -> bool:
    return abs(one[0] - other[0]) < _SAME_DEG and abs(one[1] - other[1]) < _SAME_DEG
