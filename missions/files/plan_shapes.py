"""A plan as shapes with all their numbers, for GeoJSON and KML, and back again exactly.

Roles: ``home`` (planned home, speeds), ``item`` (a mission item; ``seq``, ``command``, ``frame``, ``params``, ``z`` ...,
and ``x``, ``y`` where it has no place), ``inclusion``, ``exclusion`` (polygons, and points with ``radius_m``),
``return`` and ``rally``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from geofences.errors import PlanError
from missions.codec import (
    FRAME_GLOBAL,
    FRAME_GLOBAL_RELATIVE_ALT,
    FRAME_GLOBAL_TERRAIN_ALT,
    RALLY_POINT,
    MissionKind,
    WireItem,
    degrees_e7,
)
from missions.files.drawing import HeightReference, LatLon, Shape
from missions.files.fence_parts import FencePart, more_than_areas, parts_of
from missions.files.numbers import FLOAT32_MAX, INT32_MAX, clip
from missions.places import has_place
from missions.plan_file import SECTION_KEYS, SIMPLE_KEYS, Kept, PlanFile

_AMSL, _HOME, _GROUND = (0, 5), (3, 6), (10, 11)
# What a .plan file said beyond the lists; see missions.plan_file.Kept.
_KEPT = "plan_file"
_HIGHEST_DRAWN_M = 1e6
_LAST_NAV = 95  # MAV_CMD_NAV_LAST: commands after it do not move the aircraft
_REMEDY = "export it again"


def plan_shapes(plan: PlanFile, drawn_heights: bool = True) -> tuple[tuple[Shape, ...], list[str]]:
    """All of a plan as shapes, and what they do not say; with heights to draw, or only with those in the properties."""
    items = {k: plan.items.get(k, ()) for k in MissionKind}
    lat, lon, alt = plan.home
    more: dict[str, Any] = {"cruise_speed_m_s": plan.cruise_speed_m_s, "hover_speed_m_s": plan.hover_speed_m_s}
    kept = plan.kept if plan.kept is not None and plan.kept.mission == items[MissionKind.MISSION] else None
    if kept and any(kept.sections.values()):
        more[_KEPT] = {name: dict(keys) for name, keys in kept.sections.items() if keys}
    shapes = [
        Shape("point", ((lat, lon),), (), *_height(0, alt, alt), "home", "home", {"alt_amsl_m": alt, **more}),
        *(_item_shape(i, alt, kept.simple.get(i.seq) if kept else None) for i in items[MissionKind.MISSION]),
        *(_fence_shape(p, alt) for p in parts_of(items[MissionKind.FENCE])),
    ]
    for number, i in enumerate(items[MissionKind.RALLY], 1):
        alts, reference = _height(i.frame, i.z, alt)
        shapes.append(
            Shape("point", (_lat_lon(i.x, i.y),), (), alts, reference, f"rally {number}", "rally", {"frame": i.frame, "z": i.z})
        )  # fmt: skip
    if not drawn_heights:
        shapes = [replace(s, alts_m=(), reference=None) for s in shapes]
    return tuple(shapes), more_than_areas(items[MissionKind.FENCE])


def path_shape(shapes: Sequence[Shape]) -> list[Shape]:
    """A line through the places that are flown to, for the eye; reading passes it over (role ``path``)."""
    flown = [
        s for s in shapes if s.role == "item" and s.kind == "point" and s.properties["command"] <= _LAST_NAV
    ]  # fmt: skip
    if len(flown) < 2:
        return []
    references = {s.reference for s in flown}
    alts = tuple(s.alts_m[0] for s in flown) if len(references) == 1 and all(s.alts_m for s in flown) else ()
    reference = flown[0].reference if alts else None
    return [Shape("line", tuple(s.points[0] for s in flown), (), alts, reference, "path", "path")]


def _lat_lon(x: int, y: int) -> LatLon:
    return x / 1e7, y / 1e7


def _height(frame: int, z: float, home_alt_amsl_m: float) -> tuple[tuple[float, ...], HeightReference | None]:
    """The height to draw: above home stands above sea level, for no map knows home."""
    if not abs(z) < _HIGHEST_DRAWN_M:
        return (), None
    if frame in _AMSL:
        return (z,), "amsl"
    if frame in _HOME:
        above_sea_m = home_alt_amsl_m + z
        return ((above_sea_m,), "amsl") if abs(above_sea_m) < _HIGHEST_DRAWN_M else ((), None)
    return ((z,), "ground") if frame in _GROUND else ((), None)


def _item_shape(i: WireItem, home_alt_amsl_m: float, kept: Mapping[str, Any] | None = None) -> Shape:
    numbers = [None if math.isnan(v) else v for v in (i.param1, i.param2, i.param3, i.param4, i.z)]
    properties: dict[str, Any] = {
        "seq": i.seq, "command": i.command, "frame": i.frame, "params": numbers[:4], "z": numbers[4],
        "autocontinue": i.autocontinue, "current": i.current,
    }  # fmt: skip
    if kept:
        properties[_KEPT] = dict(kept)
    if not has_place(i.command):
        return Shape("none", name=f"item {i.seq}", role="item", properties={**properties, "x": i.x, "y": i.y})
    alts, reference = _height(i.frame, i.z, home_alt_amsl_m)
    return Shape("point", (_lat_lon(i.x, i.y),), (), alts, reference, f"item {i.seq}", "item", properties)


def _fence_shape(part: FencePart, home_alt_amsl_m: float) -> Shape:
    points = tuple(_lat_lon(x, y) for x, y in part.points_e7)
    role = "inclusion" if part.inclusion else "exclusion"
    if part.kind == "polygon":
        return Shape("polygon", points, name=role, role=role)
    if part.kind == "circle":
        return Shape("point", points, name=role, role=role, properties={"radius_m": part.radius_m})
    alts, reference = _height(part.frame, part.z, home_alt_amsl_m)
    properties = {"frame": part.frame, "z": part.z}
    return Shape("point", points, (), alts, reference, "return point", "return", properties)


# -- and back --------------------------------------------------------------------------------------------------------------


def e7(point: LatLon) -> tuple[int, int]:
    """(lat, lon) in degrees as MAVLink's whole numbers."""
    return degrees_e7(point[0]), degrees_e7(point[1])


def number(
    properties: Mapping[str, Any], key: str, place: str, low: float, high: float, default: float | None = None
) -> float:
    """A number of a shape's properties; a text that is one will do, as tables have it. Raises :class:`PlanError`."""
    value = properties.get(key, default)
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            value = math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise PlanError(f"{place}: {key} {clip(repr(properties.get(key)))} is not a number", _REMEDY)
    if not low <= value <= high:
        raise PlanError(f"{place}: {key} is not between {low:g} and {high:g}", _REMEDY)
    return float(value)


def whole(properties: Mapping[str, Any], key: str, place: str, low: int, high: int, default: int | None = None) -> int:
    """Like :func:`number`, for a whole number."""
    value = number(properties, key, place, low, high, default)
    if value != int(value):
        raise PlanError(f"{place}: {key} {value:g} is not a whole number", _REMEDY)
    return int(value)


def item_of(shape: Shape, home_alt_amsl_m: float, name: str) -> WireItem:
    """The mission item of a shape with the role ``item``. Raises :class:`PlanError`.

    The place is the geometry's, so that a point that was moved on a map is moved in the plan; where the height was
    changed on the map, the item's is changed by as much.
    """
    p, place = shape.properties, _at(shape, name)
    seq, command = whole(p, "seq", place, 0, 65535), whole(p, "command", place, 1, 65535)
    frame = whole(p, "frame", place, 0, 255)
    raw = p.get("params")
    if not isinstance(raw, list) or len(raw) != 4:
        raise PlanError(f"{place}: params is not a list of four numbers", _REMEDY)
    params = [
        math.nan if v is None else number({f"params[{n}]": v}, f"params[{n}]", place, -FLOAT32_MAX, FLOAT32_MAX)
        for n, v in enumerate(raw)
    ]
    if has_place(command) and shape.kind != "point":
        raise PlanError(f"{place}: command {command} needs a place, and the feature is no point", "draw it again")
    x, y = (
        e7(shape.points[0])
        if has_place(command)
        else (whole(p, "x", place, -INT32_MAX - 1, INT32_MAX, 0), whole(p, "y", place, -INT32_MAX - 1, INT32_MAX, 0))
    )
    z = math.nan if p.get("z", 0.0) is None else moved_height(shape, frame, home_alt_amsl_m, name)
    if math.isnan(z) and has_place(command):
        raise PlanError(f"{place}: has no height z", _REMEDY)
    current, autocontinue = whole(p, "current", place, 0, 255, 0), whole(p, "autocontinue", place, 0, 255, 1)
    return WireItem(
        MissionKind.MISSION,
        seq,
        command,
        frame,
        params[0],
        params[1],
        params[2],
        params[3],
        x,
        y,
        z,
        current,
        autocontinue,
    )


def moved_height(shape: Shape, frame: int, home_alt_amsl_m: float, name: str) -> float:
    """``z`` of a shape's properties, moved by as much as its point was raised on the map since it was written."""
    z = number(shape.properties, "z", _at(shape, name), -FLOAT32_MAX, FLOAT32_MAX, 0.0)
    drawn, reference = _height(frame, z, home_alt_amsl_m)
    if drawn and shape.alts_m and reference == shape.reference and shape.alts_m[0] != drawn[0]:
        raised = shape.alts_m[0] - drawn[0]
        return z + raised if abs(raised) > 0.005 else z
    return z


def kept_of(shapes: Sequence[Shape], mission: tuple[WireItem, ...]) -> Kept | None:
    """What the ``.plan`` file that the shapes were made from said beyond the lists; not of items that were moved since."""
    sections: dict[str, dict[str, Any]] = {}
    for shape in shapes_with(shapes, "home")[:1]:
        said = shape.properties.get(_KEPT)
        for name, known in SECTION_KEYS.items():
            keys = said.get(name) if isinstance(said, dict) else None
            # Nothing that is read here can come back in by this door.
            sections[name] = {k: v for k, v in keys.items() if k not in known} if isinstance(keys, dict) else {}
    simple: dict[int, dict[str, Any]] = {}
    heights = {i.seq: i.z for i in mission}
    for shape in shapes_with(shapes, "item"):
        said, seq = shape.properties.get(_KEPT), shape.properties.get("seq")
        if isinstance(said, dict) and isinstance(seq, int) and heights.get(seq) == shape.properties.get("z"):
            simple[seq] = {k: v for k, v in said.items() if k not in SIMPLE_KEYS}
    return Kept(mission, sections, simple) if simple or any(sections.values()) else None


def rally_of(shape: Shape, seq: int, home_alt_amsl_m: float, name: str) -> WireItem:
    """The rally point of a shape that says its frame and z."""
    frame = whole(shape.properties, "frame", _at(shape, name), 0, 255)
    x, y = e7(shape.points[0])
    return WireItem(
        MissionKind.RALLY, seq, RALLY_POINT, frame, x=x, y=y, z=moved_height(shape, frame, home_alt_amsl_m, name)
    )


def return_of(shape: Shape, home_alt_amsl_m: float, name: str) -> FencePart:
    """The return point of a shape; without data of its own at the home's height."""
    if "z" not in shape.properties:
        return FencePart("return", (e7(shape.points[0]),))
    frame = whole(shape.properties, "frame", _at(shape, name), 0, 255, FRAME_GLOBAL_RELATIVE_ALT)
    return FencePart("return", (e7(shape.points[0]),), z=moved_height(shape, frame, home_alt_amsl_m, name), frame=frame)


def frame_of(reference: HeightReference | None) -> int:
    """The frame of heights with a reference; above home without."""
    return {"amsl": FRAME_GLOBAL, "ground": FRAME_GLOBAL_TERRAIN_ALT}.get(reference or "", FRAME_GLOBAL_RELATIVE_ALT)


def _at(shape: Shape, name: str) -> str:
    # KML gives places with the file's name, GeoJSON without.
    return shape.place if shape.place.startswith(name) else f"{name}: {shape.place}"


def shapes_with(shapes: Sequence[Shape], *roles: str) -> list[Shape]:
    """Those of some roles, in their order."""
    return [s for s in shapes if s.role in roles]
