"""The lists themselves: polygons that are none, items that no aircraft flies, what the aircraft has room for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from missions import codec
from missions.chart import Chart
from missions.checks.findings import NAVIGATION_COMMANDS, CheckLimits, Finding
from missions.checks.room import ring_problems
from missions.plan import Plan

_FRAMES = (0, 3, 5, 6, 10, 11)


def check_shapes(plan: Plan, chart: Chart) -> Iterator[Finding]:
    """The fence's polygons and circles."""
    fence = plan.fence
    for word, polygons in (("inclusion", fence.inclusions), ("exclusion", fence.exclusions)):
        for polygon in polygons:
            yield from ring_problems(word, polygon.name, polygon.points, chart)
    for word, circles in (("inclusion", fence.inclusion_circles), ("exclusion", fence.exclusion_circles)):
        for c in circles:
            if not (np.isfinite(c.radius_m) and c.radius_m > 0.0):
                text = f"{word} {c.name!r} has a radius of {c.radius_m:g} m"
                yield Finding("error", "bad_circle", text, c.lat_deg, c.lon_deg)
            elif not (abs(c.lat_deg) <= 90.0 and abs(c.lon_deg) <= 180.0):
                text = f"{word} {c.name!r} has its centre at {c.lat_deg}, {c.lon_deg}"
                yield Finding("error", "bad_coordinate", text, plan.home_lat_deg, plan.home_lon_deg)
    if not fence.inclusion_count:
        home = plan.home_lat_deg, plan.home_lon_deg
        yield Finding("warning", "no_inclusion", "the fence has no inclusion, polygon or circle", *home)


def check_counts(plan: Plan, limits: CheckLimits) -> Iterator[Finding]:
    """What the aircraft has room for."""
    home, fence = (plan.home_lat_deg, plan.home_lon_deg), plan.fence
    if len(plan.items) + 1 > limits.max_mission_items:
        text = f"the mission has {len(plan.items)} items, the aircraft takes {limits.max_mission_items - 1}"
        yield Finding("error", "too_many_items", text, *home)
    polygons = (*fence.inclusions, *fence.exclusions)
    for polygon in polygons:
        if len(polygon.points) > limits.max_vertices:
            text = f"{polygon.name!r} has {len(polygon.points)} corners, the aircraft takes {limits.max_vertices}"
            yield Finding("error", "too_many_vertices", text, *polygon.points[0])
    used, count = fence_bytes(plan)
    if used > limits.fence_storage_bytes or count > limits.fence_storage_bytes // 8:
        text = f"the fence needs {used} bytes in {count} items, the aircraft has {limits.fence_storage_bytes} bytes"
        yield Finding("error", "fence_too_big", text, *home)
    if len(plan.rally) > limits.max_rally:
        yield Finding("error", "too_many_rally", f"{len(plan.rally)} rally points are too many", *home)


def fence_bytes(plan: Plan) -> tuple[int, int]:
    """Bytes and items that the fence takes.

    ``AC_PolyFence_loader``: 4 bytes, 2 and 8 for every vertex of a polygon, 13 of a circle; items count against size / 8.
    """
    polygons = (*plan.fence.inclusions, *plan.fence.exclusions)
    circles = len(plan.fence.inclusion_circles) + len(plan.fence.exclusion_circles)
    vertices = sum(len(p.points) for p in polygons)
    return 4 + 2 * len(polygons) + 8 * vertices + 13 * circles, vertices + circles


def check_items(plan: Plan) -> Iterator[Finding]:
    """The mission as a program: jumps, frames, beginning and end."""
    home, items = (plan.home_lat_deg, plan.home_lon_deg), plan.items
    if not items:
        yield Finding("error", "empty_mission", "the mission has no items", *home)
        return
    place, stops = home, []
    for seq, item in enumerate(items, start=1):
        if item.command in NAVIGATION_COMMANDS:
            if item.x or item.y:
                place = (item.x / 1e7, item.y / 1e7)
            stops.append(seq)
            if item.frame not in _FRAMES:
                text = f"item {seq} has frame {item.frame}, which no aircraft flies by"
                yield Finding("error", "bad_frame", text, *place, seq)
            if not (abs(place[0]) <= 90.0 and abs(place[1]) <= 180.0):
                yield Finding("error", "bad_coordinate", f"item {seq} lies at {place}", *home, seq)
            elif not np.isfinite(item.z):
                yield Finding("error", "bad_altitude", f"item {seq} has no altitude", *place, seq)
        elif item.command == codec.DO_JUMP:
            yield from _jump(plan, seq, stops, place)
    if items[0].command != codec.NAV_TAKEOFF:
        yield Finding("warning", "no_takeoff", "the mission does not begin with a take-off", *home, 1)
    if not any(i.command in (codec.NAV_RETURN_TO_LAUNCH, codec.NAV_LAND) for i in items):
        yield Finding("warning", "no_return", "the mission neither returns nor lands", *place, len(items))


def _jump(plan: Plan, seq: int, stops: list[int], place: tuple[float, float]) -> Iterator[Finding]:
    item = plan.items[seq - 1]
    target = int(item.param1) if np.isfinite(item.param1) else -1
    if not 1 <= target < len(plan.items) + 1 or target == seq:
        text = f"item {seq} jumps to item {target}, which is not in the mission"
        yield Finding("error", "jump_out_of_range", text, *place, seq)
    elif not any(target <= s for s in stops) and target < seq:
        yield Finding("error", "jump_without_leg", f"item {seq} jumps without a leg to fly", *place, seq)
    elif item.param2 < 0:
        text = f"item {seq} jumps for ever: the aircraft never comes home by itself"
        yield Finding("warning", "endless_jump", text, *place, seq)
