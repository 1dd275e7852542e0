"""One file into another: read, made into what the other holds, written whole, and read again to count what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from geofences.area_features import PROPERTIES
from geofences.errors import PlanError
from missions.codec import MissionKind
from missions.files.area_of_drawing import Sides, area_of
from missions.files.drawing import Drawing, Shape, counted, with_role, with_usual_roles
from missions.files.formats import Encoded, as_plan, encode_plan, format_of, read_any
from missions.files.kml_write import kml, kmz
from missions.files.plan_shapes import plan_shapes
from missions.files.raw import write_whole
from missions.plan_file import PlanFile

Target = Literal["auto", "plan", "area"]
_KINDS: Mapping[str, MissionKind] = {
    "mission": MissionKind.MISSION, "fence": MissionKind.FENCE, "rally": MissionKind.RALLY,
}  # fmt: skip
_ONLY_A_PLAN = ("route", "item", "home", "return")
_MAPS = (".geojson", ".json", ".kml", ".kmz")


@dataclass(frozen=True)
class Wishes:
    """How to convert. ``target``: whether a map file gets a plan or an area; ``only``: one of the lists of a plan.

    ``alt_rel_home_m``: for waypoints and rally points without a height; for all of them that a map gives, unless
    ``keep_heights``. ``strict``: what cannot be carried is an error.
    """

    role: str = ""
    target: Target = "auto"
    only: str = ""
    alt_rel_home_m: float = 50.0
    keep_heights: bool = True
    sides: Sides = Sides()  # noqa: RUF009 - frozen
    strict: bool = False


@dataclass(frozen=True)
class Conversion:
    """What was written. ``items`` without home; ``fence_items`` and ``rally_items`` as they go over MAVLink."""

    items: int
    fence_items: int
    rally_items: int
    shapes: int
    not_carried: tuple[str, ...]
    notes: tuple[str, ...]


def convert(source: Path, target: Path, wishes: Wishes | None = None) -> Conversion:
    """Convert a file. Raises :class:`PlanError`; then nothing was written."""
    wishes = wishes or Wishes()
    format_of(target)
    content = read_any(source)
    name = str(source)
    if isinstance(content, PlanFile) and wishes.role:
        raise PlanError(f"{name}: is a plan, whose parts have their roles already", "leave out --role")
    if isinstance(content, Drawing):
        content = with_usual_roles(with_role(content, wishes.role) if wishes.role else content)
        if not wishes.keep_heights:
            shapes_kept = (s if "z" in s.properties else replace(s, alts_m=(), reference=None) for s in content.shapes)
            content = replace(content, shapes=tuple(shapes_kept))
    if _is_for_a_plan(content, target, wishes):
        plan, left_out = as_plan(content, name, wishes.alt_rel_home_m)
        if wishes.only:
            plan = _only(plan, wishes.only, name)
        (raw, not_held), notes, shapes = encode_plan(plan, target), (*plan.notes, *_beside(plan, target)), 0
        not_carried = [*left_out, *not_held]
    else:
        if wishes.only:
            raise PlanError(
                f"--only {wishes.only}: {target} gets an area, which has no lists", "leave it out, or give --as plan"
            )
        drawing = content if isinstance(content, Drawing) else drawing_of_plan(content)
        (raw, not_carried), notes = encode_drawing(drawing, name, target, wishes)
        shapes = len(drawing.shapes)
    if wishes.strict and not_carried:
        raise PlanError(
            f"{target}: not written: cannot hold: {'; '.join(not_carried)}",
            "give another format, or leave out --strict",
        )
    counts = _held(raw, target) if not shapes else (0, 0, 0)
    write_whole(target, raw)
    return Conversion(*counts, shapes, tuple(not_carried), tuple(notes))


def _is_for_a_plan(content: PlanFile | Drawing, target: Path, wishes: Wishes) -> bool:
    if target.suffix.lower() not in _MAPS:
        if wishes.target == "area":
            raise PlanError(
                f"{target}: an area is a .geojson or .kml file", "give another file, or leave out --as area"
            )
        return True
    if wishes.target != "auto":
        return wishes.target == "plan"
    return isinstance(content, PlanFile) or any(s.role in _ONLY_A_PLAN for s in content.shapes)


def _beside(plan: PlanFile, target: Path) -> list[str]:
    """What a ``.plan`` file says that is not for the aircraft, where the target has no place for it."""
    kept = plan.kept
    if kept is None or format_of(target).name == "QGroundControl plan":
        return []
    notes = []
    if kept.complex_items:
        notes.append(f"{counted(len(kept.complex_items), 'complex item')} written as simple ones")
    keys = sorted({k for section in kept.sections.values() for k in section if k != "groundStation"})
    if target.suffix.lower() not in _MAPS:
        keys = ["cruiseSpeed", "hoverSpeed", *keys]
        notes.append(f"left out, not for the aircraft: {', '.join(keys[:12])}")
    return notes


def _only(plan: PlanFile, only: str, name: str) -> PlanFile:
    kind = _KINDS[only]
    if not plan.items.get(kind):
        raise PlanError(f"{name}: has no {only}", "leave out --only")
    return replace(plan, items={k: tuple(plan.items[k]) if k is kind else () for k in MissionKind})


def drawing_of_plan(plan: PlanFile) -> Drawing:
    """A plan's fence, rally points and home as shapes of an area."""
    shapes, _ = plan_shapes(plan)
    made = (replace(s, role="launch") if s.role == "home" else s for s in shapes)
    return Drawing(
        tuple(replace(s, properties={k: v for k, v in s.properties.items() if k == "radius_m"}) for s in made)
    )


def encode_drawing(
    drawing: Drawing, name: str, target: Path, wishes: Wishes | None = None
) -> tuple[Encoded, tuple[str, ...]]:
    """The bytes of a map file with shapes, what it cannot hold, and notes. Raises :class:`PlanError`."""
    wishes = wishes or Wishes()
    suffix = target.suffix.lower()
    if suffix in (".kml", ".kmz"):
        # All of it can be drawn, with or without a role; limits of the whole area stand in a feature without a place.
        limits = {k: v for k, v in drawing.properties.items() if k in PROPERTIES["limits"]}
        if limits:
            drawing = replace(drawing, shapes=(*drawing.shapes, Shape("none", role="limits", properties=limits)))
        return ((kml if suffix == ".kml" else kmz)(drawing.shapes, target.stem), []), drawing.notes
    raw, not_carried, notes = area_of(drawing, name, wishes.sides)
    return (raw, not_carried), tuple(notes)


def _held(raw: bytes, target: Path) -> tuple[int, int, int]:
    """How many items a file of these bytes holds, read as it will be read."""
    decode = format_of(target).decode
    if decode is None:
        return 0, 0, 0
    try:
        plan, _ = as_plan(decode(raw, str(target)), str(target))
    except PlanError:
        return 0, 0, 0  # an empty plan has no shape that would make it one
    mission, fence, rally = (len(plan.items.get(k, ())) for k in MissionKind)
    return max(0, mission - 1), fence, rally
