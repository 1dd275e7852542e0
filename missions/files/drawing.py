"""Shapes on a map, as KML, GeoJSON, shapefiles and GPX hold them, before it is known what they are for.

A shape has a *role* (``inclusion``, ``route``, ``rally`` ...) when the file says so: by a property ``role``, or by the
name of the shape or of a folder that it lies in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from geofences.errors import PlanError
from geofences.seam import joined_line, joined_polygons

LatLon = tuple[float, float]
Kind = Literal["point", "line", "polygon", "none"]
HeightReference = Literal["amsl", "home", "ground"]

# The roles of an area (docs/areas.md) and those that only a plan has.
AREA_ROLES = ("border", "inclusion", "exclusion", "no_look", "obstacle", "launch", "rally", "limits")
PLAN_ROLES = ("route", "inclusion", "exclusion", "rally", "launch", "return", "home", "item")
ROLES = tuple(dict.fromkeys((*AREA_ROLES, *PLAN_ROLES)))
# The order matters: "no look" before "no", "exclusion" before "inclusion".
_WORDS: tuple[tuple[str, str], ...] = (
    ("no_look", r"no[\s_-]?look|privacy|private|do[\s_-]?not[\s_-]?(look|film)"),
    ("exclusion", r"exclu\w*|no[\s_-]?(fly|go)\w*|keep[\s_-]?out|restricted|prohibited|forbidden|danger"),
    (
        "inclusion",
        r"inclu\w*|stay[\s_-]?in\w*|keep[\s_-]?in|geo[\s_-]?fences?|fences?|flight[\s_-]?area|operat\w*[\s_-]area",
    ),
    ("border", r"borders?|boundary[\s_-]line|frontier"),
    ("obstacle", r"obstacles?|masts?|towers?|pylons?"),
    ("rally", r"rally\w*|safe[\s_-]?points?"),
    ("launch", r"launch\w*|home|take[\s_-]?off\w*|start"),
    ("return", r"breach[\s_-]?return|return[\s_-]?point"),
    ("route", r"routes?|missions?|patrols?|tracks?|flight[\s_-]?plan|way[\s_-]?points?|path"),
)
_PATTERNS = tuple((role, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for role, words in _WORDS)
_FITS: Mapping[str, tuple[Kind, ...]] = {
    "no_look": ("polygon",), "exclusion": ("polygon",), "inclusion": ("polygon",), "border": ("line",),
    "obstacle": ("point",), "rally": ("point",), "launch": ("point",), "return": ("point",), "route": ("line", "point"),
    "home": ("point",), "item": ("point", "none"), "limits": ("none",),
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """One shape. ``points`` are (lat, lon) degrees, a polygon's not closed; ``alts_m`` as many, or empty.

    ``reference``: of the heights, ``None`` where the file gives none. ``place``: where in the file, for messages.
    """

    kind: Kind
    points: tuple[LatLon, ...] = ()
    holes: tuple[tuple[LatLon, ...], ...] = ()
    alts_m: tuple[float, ...] = ()
    reference: HeightReference | None = None
    name: str = ""
    role: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""

    @property
    def label(self) -> str:
        """How a message names it."""
        return f"{self.kind} {self.name!r}" if self.name else f"the {self.kind} at {self.place}"


@dataclass(frozen=True)
class Drawing:
    """What a file shows, in its order. ``notes``: in words, what was passed over and why.

    ``usual_roles``: what shapes of a kind are in files of this format where nothing else is said.
    """

    shapes: tuple[Shape, ...]
    notes: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    usual_roles: Mapping[str, str] = field(default_factory=dict)


def fits(role: str, kind: Kind, properties: Mapping[str, Any]) -> bool:
    """Whether a shape of some kind can have a role: a point is an area only with a radius, a line only with a width."""
    if role in ("inclusion", "exclusion", "no_look") and kind != "polygon":
        return {"point": "radius_m", "line": "half_width_m"}.get(kind, "") in properties
    return kind in _FITS.get(role, ())


def role_given(properties: Mapping[str, Any], kind: Kind, *names: str) -> str:
    """The role of a shape: its property ``role``, else the first that one of ``names`` says and that fits its kind."""
    for key in ("role", "ROLE", "Role"):
        value = properties.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip().lower().replace("-", "_").replace(" ", "_")
    for name in names:
        text = name.strip().lower()
        for role, pattern in _PATTERNS:
            if (text == role or pattern.search(text)) and fits(role, kind, properties):
                return role
    return ""


def with_role(drawing: Drawing, role: str) -> Drawing:
    """The drawing with ``role`` for every shape that has none of its own. Raises :class:`PlanError` if none could have it."""
    if role not in ROLES:
        raise PlanError(f"--role {role}: is not known", "use one of " + ", ".join(r for r in ROLES if r != "item"))
    bare = [s for s in drawing.shapes if not s.role]
    if bare and not any(fits(role, s.kind, s.properties) for s in bare):
        kinds = " or ".join(_FITS[role])
        raise PlanError(f"--role {role}: needs a {kinds}, and the file has none without a role", "give another role")
    return replace(
        drawing,
        shapes=tuple(
            replace(s, role=role) if not s.role and fits(role, s.kind, s.properties) else s for s in drawing.shapes
        ),
    )


def with_usual_roles(drawing: Drawing) -> Drawing:
    """The drawing with the roles that its format gives to shapes that say none."""
    usual = drawing.usual_roles
    shapes = tuple(replace(s, role=usual.get(s.kind, "")) if not s.role else s for s in drawing.shapes)
    return replace(drawing, shapes=shapes)


def counted(number: int, one: str, many: str = "") -> str:
    """``1 polygon``, ``2 polygons``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def joined(parts: Sequence[Shape]) -> tuple[Shape, ...]:
    """The parts of one feature, with those made one that a program only cut at the 180th meridian."""
    polygons = [p for p in parts if p.kind == "polygon"]
    lines = [p for p in parts if p.kind == "line"]
    if len(polygons) > 1:
        rings = joined_polygons([(p.points, *p.holes) for p in polygons])
        if len(rings) < len(polygons):
            made = [replace(polygons[0], points=r[0], holes=tuple(r[1:]), alts_m=(), reference=None) for r in rings]
            return (*(p for p in parts if p.kind != "polygon"), *made)
    if len(lines) > 1 and any(abs(lon) == 180.0 for line in lines for _, lon in line.points):
        line = joined_line([p.points for p in lines])
        if line is not None:
            return (*(p for p in parts if p.kind != "line"), replace(lines[0], points=line, alts_m=(), reference=None))
    return tuple(parts)


def in_half_turns(lon_deg: float) -> float:
    """A longitude of -360 to 360 degrees as one of -180 to 180."""
    return lon_deg - 360.0 if lon_deg > 180.0 else lon_deg + 360.0 if lon_deg < -180.0 else lon_deg
