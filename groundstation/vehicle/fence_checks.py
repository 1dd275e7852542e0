"""Whether the fence that an aircraft holds fits itself, the plan and the ground. Findings only; nothing is changed.

The traps: several inclusions intersected to nothing, or joined where the plan means all of them; the default circle and
ceiling that cut the plan; a margin larger than the room; altitudes above home on sloping ground; a list too big for the
aircraft's storage; areas that only the aircraft holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from geofences.terrain import TerrainGrid
from groundstation.core.safety_records import CheckItem, FenceReport
from groundstation.vehicle import fence_tables as t
from groundstation.vehicle.fence_shapes import FenceShapes, read_shapes, shape_problems
from groundstation.vehicle.fence_state import FenceSight, judge_fence
from missions.checks import NAVIGATION_COMMANDS
from missions.codec import MissionKind, items_of
from missions.plan import Plan

_TERRAIN_FRAMES = (10, 11)
_AMSL_FRAMES = (0, 5)
_MIN_ROOM_AGL_M = 30.0


def fence_report(
    sight: FenceSight, t_utc_us: int, plan: Plan | None = None, terrain: TerrainGrid | None = None
) -> FenceReport:
    """The verdicts of :func:`judge_fence` with the findings of this module. ``plan``: what is to be flown."""
    return judge_fence(sight, t_utc_us, list(check_fence(sight, plan, terrain)))


def check_fence(sight: FenceSight, plan: Plan | None = None, terrain: TerrainGrid | None = None) -> Iterator[CheckItem]:
    """All findings. Without ``plan`` only what the aircraft holds, without ``terrain`` nothing about ground."""
    if t.fence_table(sight.family) is None:
        return
    shapes = sight.shapes
    if shapes is None:
        yield CheckItem("fence_items", "The fence's areas were not read back", "unknown", remedy="read the fence back",
                        source="fence items")  # fmt: skip
    else:
        yield from _areas(sight, shapes, plan)
    if plan is not None:
        yield from _storage(sight, plan)
        yield from _heights(sight, plan, terrain)
    yield from _circle(sight, plan, shapes)
    yield from _margin(sight, plan, shapes)


def _areas(sight: FenceSight, shapes: FenceShapes, plan: Plan | None) -> Iterator[CheckItem]:
    for problem in shapes.problems:
        yield CheckItem("fence_items", f"Fence list: {problem}", "failed", remedy="upload the plan again",
                        source="fence items")  # fmt: skip
    frame = sight.frame()
    if shapes.areas and sight.bit(t.TYPE_AREAS) is False:
        yield CheckItem("fence_type_areas", f"The aircraft holds {shapes.words}, but FENCE_TYPE leaves areas out",
                        "failed", f"{sight.value('FENCE_TYPE'):g}", "set bit 2 (value 4) of FENCE_TYPE",
                        "FENCE_TYPE")  # fmt: skip
    if plan is not None and plan.fence.has_areas and not shapes.areas:
        yield CheckItem("fence_absent", "The plan has a fence, the aircraft holds no area", "failed", "0 items",
                        "upload the plan", "fence items")  # fmt: skip
    if frame is None:
        return
    for problem in shape_problems(shapes, frame):
        yield CheckItem("fence_shape", f"Fence held by the aircraft: {problem}", "failed", remedy="draw it again",
                        source="fence items")  # fmt: skip
    yield from _joined(sight, shapes, plan)
    region = sight.region()
    if region is None or region.is_empty or not sight.bit(t.TYPE_AREAS):
        return
    if sight.home_known and (home_m := region.margin_m(sight.home_lat_deg, sight.home_lon_deg)) < 0.0:
        yield CheckItem("fence_home", f"Home lies {-home_m:.0f} m outside the fence", "failed", f"{home_m:.0f} m",
                        "move the fence or the launch point", "fence items, HOME_POSITION")  # fmt: skip
    for number, place in enumerate(shapes.return_points, start=1):
        if region.margin_m(*place) < 0.0 and sight.family == "plane":
            yield CheckItem("fence_return", f"Return point {number} lies outside the fence", "failed",
                            remedy="move it inside", source="fence items")  # fmt: skip
    if plan is not None:
        outside = [seq for seq, lat, lon, _ in _stops(plan, None) if region.margin_m(lat, lon) < 0.0]
        if outside:
            yield CheckItem("fence_plan", f"Items {_listed(outside)} of the plan lie outside the fence that the aircraft "
                            "holds", "failed", _listed(outside), "upload the plan with its own fence",
                            "fence items")  # fmt: skip


def _joined(sight: FenceSight, shapes: FenceShapes, plan: Plan | None) -> Iterator[CheckItem]:
    """Union or intersection."""
    count = len(shapes.inclusions)
    if count < 2 or not sight.bit(t.TYPE_AREAS):
        return
    union, region = sight.union, sight.region()
    if union is None:
        yield CheckItem("fence_union", f"{count} inclusions are held, but FENCE_OPTIONS was not read: they are "
                        "intersected unless bit 1 is set", "unknown", remedy="read FENCE_OPTIONS",
                        source="FENCE_OPTIONS")  # fmt: skip
    elif not union:
        empty = region is not None and region.is_empty
        where = "have no place in common: the whole sky is forbidden" if empty else "only what lies in all may be flown"
        meant = plan is not None and not plan.fence.union_of_inclusions and not empty
        if not meant:
            yield CheckItem("fence_intersected", f"{count} inclusions are intersected: {where}",
                            "failed" if empty or plan is not None else "warning", f"{count} inclusions",
                            "set bit 1 (value 2) of FENCE_OPTIONS to join them", "FENCE_OPTIONS")  # fmt: skip
    elif plan is not None and not plan.fence.union_of_inclusions and plan.fence.inclusion_count > 1:
        yield CheckItem("fence_joined", f"{count} inclusions are joined, the plan means what lies in all of them",
                        "failed", f"{count} inclusions", "take bit 1 (value 2) out of FENCE_OPTIONS",
                        "FENCE_OPTIONS")  # fmt: skip


def _circle(sight: FenceSight, plan: Plan | None, shapes: FenceShapes | None) -> Iterator[CheckItem]:
    """The circle around home, which is there by default."""
    if not sight.bit(t.TYPE_CIRCLE):
        return
    radius_m = sight.value("FENCE_RADIUS")
    if radius_m is None:
        yield CheckItem("fence_circle", "FENCE_TYPE has a circle around home, its radius was not read", "unknown",
                        remedy="read FENCE_RADIUS", source="FENCE_RADIUS")  # fmt: skip
        return
    default = " (the default)" if radius_m == t.DEFAULT_RADIUS_M else ""
    remedy = "take bit 1 (value 2) out of FENCE_TYPE, or set FENCE_RADIUS"
    if plan is not None and (far := _farthest(sight, plan)) is not None and far[1] > radius_m:
        yield CheckItem("fence_circle", f"The circle of {radius_m:g} m around home{default} cuts the plan: item {far[0]} "
                        f"is {far[1]:.0f} m from home", "failed", f"{radius_m:g} m", remedy,
                        "FENCE_TYPE, FENCE_RADIUS")  # fmt: skip
    elif plan is None and default:
        yield CheckItem("fence_circle", f"The default circle of {radius_m:g} m around home is part of the fence",
                        "warning", f"{radius_m:g} m", remedy, "FENCE_TYPE, FENCE_RADIUS")  # fmt: skip


def _farthest(sight: FenceSight, plan: Plan) -> tuple[int, float] | None:
    frame = sight.frame() if sight.home_known else None
    stops = list(_stops(plan, None))
    if frame is None or not stops:
        return None
    distances = [float(np.hypot(*frame.to_plane(lat, lon))) for _, lat, lon, _ in stops]
    worst = int(np.argmax(distances))
    return stops[worst][0], distances[worst]


def _heights(sight: FenceSight, plan: Plan, terrain: TerrainGrid | None) -> Iterator[CheckItem]:
    """Ceiling and floor are above home, whatever the ground does."""
    home_m = sight.home_alt_amsl_m if np.isfinite(sight.home_alt_amsl_m) else plan.home_alt_amsl_m
    stops = list(_stops(plan, terrain, home_m))
    heights = [(seq, alt) for seq, _, _, alt in stops if np.isfinite(alt)]
    for bit, name, word, beyond in _LIMITS:
        limit_m = sight.value(name)
        if not sight.bit(bit):
            continue
        if limit_m is None:
            yield CheckItem(f"fence_{word}", f"FENCE_TYPE has a {word}, {name} was not read", "unknown",
                            remedy=f"read {name}", source=name)  # fmt: skip
            continue
        default = " (the default)" if name == "FENCE_ALT_MAX" and limit_m == t.DEFAULT_ALT_MAX_M else ""
        over = [(seq, alt) for seq, alt in heights if beyond(alt, limit_m)]
        if over:
            seq, alt = max(over, key=lambda o: abs(o[1] - limit_m))
            yield CheckItem(f"fence_{word}", f"The {word} of {limit_m:g} m above home{default} cuts the plan: item {seq} "
                            f"is at {alt:.0f} m", "failed", f"{limit_m:g} m", f"set {name}, or plan other heights",
                            name)  # fmt: skip
    ceiling_m = sight.value("FENCE_ALT_MAX")
    if terrain is None or ceiling_m is None or not sight.bit(t.TYPE_ALT_MAX) or not stops:
        return
    ground_m = terrain.height([s[1] for s in stops], [s[2] for s in stops])
    room_m = home_m + ceiling_m - ground_m
    if np.isfinite(room_m).any() and (least := float(np.nanmin(room_m))) < _MIN_ROOM_AGL_M:
        seq = stops[int(np.nanargmin(room_m))][0]
        yield CheckItem("fence_ceiling_agl", f"The ceiling is {ceiling_m:g} m above home, but only {least:.0f} m above the "
                        f"ground at item {seq}: altitude fences do not follow the terrain", "warning",
                        f"{least:.0f} to {float(np.nanmax(room_m)):.0f} m above ground",
                        "set FENCE_ALT_MAX for the highest ground", "FENCE_ALT_MAX, terrain model")  # fmt: skip


_LIMITS: tuple[tuple[int, str, str, Callable[[float, float], bool]], ...] = (
    (t.TYPE_ALT_MAX, "FENCE_ALT_MAX", "ceiling", lambda alt, limit: alt >= limit),
    (t.TYPE_ALT_MIN, "FENCE_ALT_MIN", "floor", lambda alt, limit: alt <= limit),
)


def _margin(sight: FenceSight, plan: Plan | None, shapes: FenceShapes | None) -> Iterator[CheckItem]:
    margin_m = sight.margin_xy_m
    if margin_m is None:
        return
    if shapes is not None:
        tight = [a for a in shapes.inclusions if a.kind == "circle" and a.radius_m < margin_m]
        if tight:
            yield CheckItem("fence_margin", f"The margin of {margin_m:g} m is larger than the {tight[0].name} "
                            f"({tight[0].radius_m:g} m): it will not arm", "failed", f"{margin_m:g} m",
                            "set FENCE_MARGIN_XY", "FENCE_MARGIN_XY, FENCE_MARGIN")  # fmt: skip
    top, bottom, vertical_m = sight.value("FENCE_ALT_MAX"), sight.value("FENCE_ALT_MIN"), sight.value("FENCE_MARGIN")
    if top is not None and bottom is not None and vertical_m is not None and top - bottom <= 2.0 * vertical_m:
        yield CheckItem("fence_margin", f"Floor {bottom:g} m and ceiling {top:g} m leave no room for margins of "
                        f"{vertical_m:g} m", "failed", f"{vertical_m:g} m", "set FENCE_MARGIN",
                        "FENCE_MARGIN")  # fmt: skip
    table, cruise_m_s = t.fence_table(sight.family), sight.value("AIRSPEED_CRUISE")
    if table is not None and cruise_m_s is not None and margin_m < cruise_m_s / table.check_hz:
        yield CheckItem("fence_rate", f"Its fence is looked at {table.check_hz:g} times a second: at {cruise_m_s:g} m/s it "
                        f"flies {cruise_m_s / table.check_hz:.0f} m in between, more than the margin of {margin_m:g} m",
                        "warning", f"{margin_m:g} m", "plan a wider margin", "AIRSPEED_CRUISE, FENCE_MARGIN")  # fmt: skip
    region = sight.region()
    if plan is None or region is None or region.is_empty:
        return
    near = [seq for seq, lat, lon, _ in _stops(plan, None) if 0.0 <= region.margin_m(lat, lon) < margin_m]
    if near:
        yield CheckItem("fence_near", f"Items {_listed(near)} lie within the fence's margin of {margin_m:g} m", "warning",
                        _listed(near), "plan further inside", "FENCE_MARGIN, fence items")  # fmt: skip


def _storage(sight: FenceSight, plan: Plan) -> Iterator[CheckItem]:
    """Before an upload: the aircraft would refuse it with an error that names no item."""
    table = t.fence_table(sight.family)
    if table is None:
        return
    shapes = read_shapes(items_of(plan, MissionKind.FENCE))
    counts = [len(a.points) for a in shapes.areas if a.kind == "polygon"]
    circles = sum(a.kind == "circle" for a in shapes.areas)
    needed = t.storage_bytes(counts, circles, len(shapes.return_points))
    room = t.storage_limit_bytes(table, sight.value("BRD_SD_FENCE") or 0.0)
    items = sum(counts) + circles + len(shapes.return_points)
    if needed > room or items > room // 8:
        yield CheckItem("fence_storage", f"The plan's fence needs {needed} bytes in {items} items, the aircraft has "
                        f"{room} bytes and takes {room // 8} items", "failed", f"{room} bytes",
                        "draw it with fewer corners, or set BRD_SD_FENCE where it has a card", "BRD_SD_FENCE")  # fmt: skip


def _stops(
    plan: Plan, terrain: TerrainGrid | None, home_alt_amsl_m: float | None = None
) -> Iterator[tuple[int, float, float, float]]:
    """``(seq, lat, lon, height above home)`` of every place that is flown to; NaN for a height that is not known."""
    home_m = plan.home_alt_amsl_m if home_alt_amsl_m is None else home_alt_amsl_m
    for seq, item in enumerate(plan.items, start=1):
        if item.command not in NAVIGATION_COMMANDS:
            continue
        here = item.x == 0 and item.y == 0
        lat, lon = (plan.home_lat_deg, plan.home_lon_deg) if here else (item.x / 1e7, item.y / 1e7)
        alt = float(item.z)
        if item.frame in _AMSL_FRAMES:
            alt -= home_m
        elif item.frame in _TERRAIN_FRAMES:
            alt = alt + float(terrain.height(lat, lon)) - home_m if terrain is not None else float("nan")
        yield seq, lat, lon, alt


def _listed(seqs: list[int]) -> str:
    return ", ".join(str(s) for s in seqs[:6]) + (f" and {len(seqs) - 6} more" if len(seqs) > 6 else "")
