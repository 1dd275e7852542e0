"""A drawing made into an ``area.geojson`` (docs/areas.md): the shapes with a role of an area, their properties as numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from geofences.area import parse_area
from geofences.area_features import PROPERTIES
from geofences.errors import ConfigError, PlanError
from missions.files.drawing import AREA_ROLES, Drawing, Shape, counted
from missions.files.geojson import collection

_TEXTS = ("left", "right", "own", "windows", "inclusions", "floor_reference", "ceiling_reference", "top_reference")


@dataclass(frozen=True)
class Sides:
    """The names of a border's sides, seen along the line, and which is ours; for files that do not say them."""

    left: str = ""
    right: str = ""
    own: str = ""


def area_of(drawing: Drawing, name: str, sides: Sides | None = None) -> tuple[bytes, list[str], list[str]]:
    """The file, in words what of the drawing it leaves out, and notes (why it is not a whole area yet).

    Raises :class:`PlanError` where nothing has a role of an area, or a border has no names for its sides.
    """
    kept = [_with_sides(_tidy(s), sides or Sides(), name) for s in drawing.shapes if s.role in AREA_ROLES]
    left = Counter((s.role, s.kind) for s in drawing.shapes if s.role not in AREA_ROLES)
    not_carried = [
        f"{counted(n, f'{role} {kind}')} left out: an area has no {role}"
        if role
        else f"{counted(n, kind)} without a role left out: name what they are, or give --role"
        for (role, kind), n in left.items()
    ]
    if not kept:
        what = ", ".join(not_carried) or "no shape at all"
        raise PlanError(
            f"{name}: holds nothing that an area has: {what}", "say what they are: --role exclusion, or a property role"
        )
    dropped = Counter(
        key for s in drawing.shapes if s.role in AREA_ROLES for key in s.properties if key not in _kept_keys(s)
    )
    notes = list(drawing.notes)
    if dropped:
        notes.append("properties that mean nothing for an area left out: " + ", ".join(sorted(dropped)[:12]))
    raw = collection(kept, _limits_of(drawing.properties))
    try:
        parse_area(raw.decode(), "the area")
    except ConfigError as error:
        notes.append(f"not yet a whole area: {error}")
    return raw, not_carried, notes


def _kept_keys(shape: Shape) -> tuple[str, ...]:
    return (*PROPERTIES.get(shape.role, ()), "role", "name", "ROLE", "NAME", "Role", "Name")


def _tidy(shape: Shape) -> Shape:
    """Only the properties that its role has; numbers as numbers, as a table or KML has them as text."""
    wanted = PROPERTIES.get(shape.role, ())
    properties = {k: _number_or_text(k, v) for k, v in shape.properties.items() if k in wanted and v not in (None, "")}
    # A height of a corner says nothing in an area; its floor and ceiling do.
    return replace(shape, properties=properties, alts_m=(), reference=None)


def _number_or_text(key: str, value: Any) -> Any:
    if key in _TEXTS or not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return number if abs(number) < 1e15 else value


def _with_sides(shape: Shape, sides: Sides, name: str) -> Shape:
    if shape.role != "border":
        return shape
    said = {k: shape.properties.get(k) or getattr(sides, k) for k in ("left", "right", "own")}
    missing = [f"--{k}" for k, v in said.items() if not v]
    if missing:
        raise PlanError(
            f"{name}: {shape.label} is the border and does not name its sides", f"give {', '.join(missing)} NAME"
        )
    return replace(shape, properties={**shape.properties, **said})


def _limits_of(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in properties.items() if k in PROPERTIES["limits"]}
