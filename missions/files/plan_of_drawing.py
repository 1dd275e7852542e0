"""A drawing made into a plan: routes become waypoints, areas a fence, points rally points and home.

Nothing is guessed that would matter in the air: an area without a role is left out and told, because taken for the wrong
one it would turn the fence inside out. A height that the file does not give is set and told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from geofences.errors import ConfigError, PlanError
from geofences.outlines import outline
from geofences.zone import Corridor
from missions.codec import DO_JUMP, FRAME_GLOBAL, NAV_WAYPOINT, RALLY_POINT, MissionKind, WireItem
from missions.files.drawing import Drawing, Shape, counted
from missions.files.fence_parts import MOST_CORNERS, FencePart, fence_of
from missions.files.numbers import FLOAT32_MAX
from missions.files.plan_shapes import (
    e7,
    frame_of,
    item_of,
    kept_of,
    number,
    rally_of,
    return_of,
    shapes_with,
)
from missions.plan_file import PlanFile

_MOST_ITEMS = 65535
_ONLY_IN_AN_AREA = {
    "floor_m": "height", "ceiling_m": "height", "windows": "times", "buffer_m": "buffer",
}  # fmt: skip


@dataclass
class _Making:
    name: str
    alt_rel_home_m: float
    notes: list[str] = field(default_factory=list)
    not_carried: list[str] = field(default_factory=list)

    def at(self, shape: Shape) -> str:
        place = shape.place if shape.place.startswith(self.name) else f"{self.name}: {shape.place}"
        return f"{place} ({shape.name!r})" if shape.name else place


def plan_of(drawing: Drawing, name: str, alt_rel_home_m: float = 50.0) -> tuple[PlanFile, list[str]]:
    """The plan, and in words what of the drawing it cannot hold.

    ``alt_rel_home_m``: for points without a height. Raises :class:`PlanError` for shapes that make no plan, and where
    nothing has a role that a plan has.
    """
    making = _Making(name, alt_rel_home_m, list(drawing.notes))
    shapes = _routes_named(making, drawing.shapes)
    home = _home(making, shapes)
    mission = _mission(making, shapes, home)
    fence = fence_of(_fence(making, shapes, home[2]))
    rally = _rally(making, shapes, home[2])
    if max(len(mission), len(fence), len(rally)) > _MOST_ITEMS:
        raise PlanError(f"{name}: more than {_MOST_ITEMS} items are more than MAVLink can number", "thin it out")
    _tell_the_rest(making, shapes)
    if not (mission or fence or rally):
        found = Counter(f"{s.kind} with the role {s.role}" if s.role else f"{s.kind} without a role" for s in shapes)
        what = ", ".join(counted(n, k, k.replace(" with", "s with", 1)) for k, n in found.items()) or "no shape at all"
        raise PlanError(
            f"{name}: holds nothing that a plan has: {what}", "say what they are: --role inclusion, or a property role"
        )
    if mission:
        home = (mission[0].x / 1e7, mission[0].y / 1e7, mission[0].z) if not shapes_with(shapes, "home") else home
    speeds = _speeds(making, shapes)
    lists = {MissionKind.MISSION: mission, MissionKind.FENCE: fence, MissionKind.RALLY: rally}
    plan = PlanFile(lists, home, tuple(making.notes), speeds[0], speeds[1], kept_of(shapes, mission))
    return plan, making.not_carried


def _routes_named(making: _Making, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """A single line without a role is the route where there is no other."""
    bare = [s for s in shapes if s.kind == "line" and not s.role]
    if len(bare) != 1 or shapes_with(shapes, "route", "item"):
        return shapes
    making.notes.append(f"{bare[0].label} has no role and is taken for the route")
    return tuple(replace(s, role="route") if s is bare[0] else s for s in shapes)


def _home(making: _Making, shapes: tuple[Shape, ...]) -> tuple[float, float, float]:
    for shape in shapes_with(shapes, "home", "launch"):
        if shape.kind != "point":
            raise PlanError(f"{making.at(shape)}: {shape.role} is not a point", "draw it as a point")
        alt_m = shape.alts_m[0] if shape.alts_m and shape.reference == "amsl" else 0.0
        if "alt_amsl_m" in shape.properties and not (shape.alts_m and shape.role == "home"):
            alt_m = number(shape.properties, "alt_amsl_m", making.at(shape), -FLOAT32_MAX, FLOAT32_MAX)
        return (*shape.points[0], alt_m)
    return 0.0, 0.0, 0.0


def _speeds(making: _Making, shapes: tuple[Shape, ...]) -> tuple[float, float]:
    for shape in shapes_with(shapes, "home"):
        cruise = number(shape.properties, "cruise_speed_m_s", making.at(shape), -FLOAT32_MAX, FLOAT32_MAX, 15.0)
        return cruise, number(shape.properties, "hover_speed_m_s", making.at(shape), -FLOAT32_MAX, FLOAT32_MAX, 5.0)
    return 15.0, 5.0


def _mission(making: _Making, shapes: tuple[Shape, ...], home: tuple[float, float, float]) -> tuple[WireItem, ...]:
    kept = sorted((item_of(s, home[2], making.name) for s in shapes_with(shapes, "item")), key=lambda i: i.seq)
    if kept:
        if [i.seq for i in kept] != list(range(len(kept))):
            # An item was taken out, or drawn twice, on a map. What jumps by number would jump elsewhere.
            if any(i.command == DO_JUMP for i in kept):
                raise PlanError(
                    f"{making.name}: the items' seq are not 0, 1, 2 ..., and one jumps by seq", "export it again"
                )
            making.notes.append("the items' seq were not 0, 1, 2 ...: they were numbered again")
            kept = [replace(i, seq=seq) for seq, i in enumerate(kept)]
        if routes := shapes_with(shapes, "route"):
            making.not_carried.append(f"{counted(len(routes), 'route')} left out: the file has mission items")
        return tuple(kept)
    items: list[WireItem] = []
    without_height = 0
    routes = shapes_with(shapes, "route")
    for shape in routes:
        if shape.kind not in ("point", "line"):
            raise PlanError(f"{making.at(shape)}: a route is a line or points, not a {shape.kind}", "draw it as a line")
        without_height += 0 if shape.alts_m else len(shape.points)
        heights = shape.alts_m or (making.alt_rel_home_m,) * len(shape.points)
        for point, alt_m in zip(shape.points, heights, strict=True):
            x, y = e7(point)
            frame = frame_of(shape.reference if shape.alts_m else None)
            items.append(WireItem(MissionKind.MISSION, len(items) + 1, NAV_WAYPOINT, frame, x=x, y=y, z=alt_m))
    if not items:
        return ()
    if len([s for s in routes if s.kind == "line"]) > 1:
        making.notes.append(f"{counted(len(routes), 'route')} are flown one after the other")
    if without_height:
        making.notes.append(
            f"{counted(without_height, 'waypoint')} without a height: {making.alt_rel_home_m:g} m above home is set (--alt-m)"
        )
    if shapes_with(shapes, "home", "launch"):
        x, y = e7(home[:2])
    else:
        x, y = items[0].x, items[0].y
        making.notes.append("the file has no home: the first waypoint's place is taken, the aircraft sets its own")
    making.notes.append("a route has waypoints only: add take-off and landing before it is flown")
    return (WireItem(MissionKind.MISSION, 0, NAV_WAYPOINT, FRAME_GLOBAL, x=x, y=y, z=home[2]), *items)


def _fence(making: _Making, shapes: tuple[Shape, ...], home_alt_m: float) -> list[FencePart]:
    parts: list[FencePart] = []
    only_in_an_area: Counter[str] = Counter()
    for shape in shapes_with(shapes, "inclusion", "exclusion", "return"):
        if shape.role == "return":
            if shape.kind != "point":
                raise PlanError(f"{making.at(shape)}: the return point is not a point", "draw it as a point")
            parts.append(return_of(shape, home_alt_m, making.name))
            continue
        parts += _area(making, shape)
        only_in_an_area.update({word for key, word in _ONLY_IN_AN_AREA.items() if shape.properties.get(key)})
    for word, count in only_in_an_area.items():
        making.not_carried.append(
            f"{word} of {counted(count, 'area')}: an aircraft's fence has none, it holds always and at all heights"
        )
    if sum(1 for p in parts if p.kind != "return" and p.inclusion) > 1:
        making.notes.append(
            "several areas to stay inside: an aircraft stays in all of them at once, unless told otherwise"
        )
    return parts


def _area(making: _Making, shape: Shape) -> list[FencePart]:
    inclusion = shape.role == "inclusion"
    place = making.at(shape)
    needed = {"point": "radius_m", "line": "half_width_m"}.get(shape.kind, "")
    if needed and needed not in shape.properties:
        raise PlanError(
            f"{place}: a {shape.kind} is an area only with its {needed}", f"draw a polygon, or add {needed}"
        )
    if shape.kind == "point":
        radius_m = number(shape.properties, "radius_m", place, 0.0, 1e7)
        if radius_m <= 0.0:
            raise PlanError(f"{place}: radius_m is 0", "give it a radius")
        return [FencePart("circle", (e7(shape.points[0]),), inclusion, radius_m)]
    outer, holes = shape.points, shape.holes
    if shape.kind == "line":
        half_m = number(shape.properties, "half_width_m", place, 1e-3, 1e6)
        try:
            outer, holes = outline(Corridor(shape.points, half_m), "inclusion" if inclusion else "exclusion")
        except ConfigError as error:
            raise PlanError(f"{place}: {error.message}", error.remedy) from error
        making.notes.append(f"{shape.label}: a fence has no corridors, its outline of {len(outer)} corners is taken")
    elif shape.kind != "polygon":
        raise PlanError(f"{place}: an {shape.role} needs a polygon, a circle or a corridor", "draw it again")
    parts = [_polygon(making, shape, outer, inclusion)]
    if holes and inclusion:
        parts += [_polygon(making, shape, hole, False) for hole in holes]
        making.notes.append(f"{shape.label}: {counted(len(holes), 'hole')} written as areas to stay out of")
    elif holes:
        making.not_carried.append(
            f"{shape.label}: {counted(len(holes), 'hole')} filled in: a fence has none, this forbids more"
        )
    return parts


def _polygon(making: _Making, shape: Shape, ring: tuple[tuple[float, float], ...], inclusion: bool) -> FencePart:
    corners = [e7(p) for p in ring]
    if len(set(corners)) < 3:
        raise PlanError(
            f"{making.at(shape)}: {counted(len(set(corners)), 'different corner')}, not three", "draw it again"
        )
    if len(corners) > MOST_CORNERS:
        raise PlanError(
            f"{making.at(shape)}: {len(corners)} corners, an aircraft's fence takes {MOST_CORNERS}",
            "draw it with fewer corners",
        )
    return FencePart("polygon", tuple(corners), inclusion)


def _rally(making: _Making, shapes: tuple[Shape, ...], home_alt_m: float) -> tuple[WireItem, ...]:
    found: list[WireItem] = []
    without_height = 0
    for shape in shapes_with(shapes, "rally"):
        if shape.kind != "point":
            raise PlanError(f"{making.at(shape)}: a rally point is not a {shape.kind}", "draw it as a point")
        if "frame" in shape.properties:
            found.append(rally_of(shape, len(found), home_alt_m, making.name))
            continue
        without_height += not shape.alts_m
        frame = frame_of(shape.reference if shape.alts_m else None)
        x, y = e7(shape.points[0])
        z = shape.alts_m[0] if shape.alts_m else making.alt_rel_home_m
        found.append(WireItem(MissionKind.RALLY, len(found), RALLY_POINT, frame, x=x, y=y, z=z))
    if without_height:
        making.notes.append(
            f"{counted(without_height, 'rally point')} without a height: {making.alt_rel_home_m:g} m above home is set (--alt-m)"
        )
    return tuple(found)


def _tell_the_rest(making: _Making, shapes: tuple[Shape, ...]) -> None:
    used = {"item", "route", "inclusion", "exclusion", "return", "rally", "home", "launch", "path"}
    left = Counter((s.role, s.kind) for s in shapes if s.role not in used)
    for (role, kind), count in left.items():
        word = "feature" if kind == "none" else kind
        if role:
            making.not_carried.append(f"{counted(count, f'{role} {word}')} left out: a plan has none")
        else:
            making.not_carried.append(
                f"{counted(count, word)} without a role left out: name what they are, or give --role"
            )
    if (launches := len(shapes_with(shapes, "launch", "home"))) > 1:
        making.not_carried.append(f"{counted(launches - 1, 'launch point')} left out: a plan has one home")
