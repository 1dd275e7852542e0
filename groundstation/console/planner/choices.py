"""The words for roles, kinds and other choices, in the operator's language."""

from __future__ import annotations

from groundstation.console.i18n import mark, text
from groundstation.console.planner.document import Kind, Often, Role, See, Way

_ROLES: dict[Role, str] = {
    "inclusion": mark("planner", "Flight area (stay inside)"),
    "exclusion": mark("planner", "Keep-out zone"),
    "no_look": mark("planner", "No-look area"),
    "target": mark("planner", "Place to be seen"),
    "launch": mark("planner", "Launch point"),
    "rally": mark("planner", "Rally point"),
    "obstacle": mark("planner", "Obstacle"),
    "border": mark("planner", "Border line"),
}
_KINDS: dict[Kind, str] = {
    "polygon": mark("planner", "Polygon"),
    "circle": mark("planner", "Circle"),
    "corridor": mark("planner", "Corridor"),
    "line": mark("planner", "Line"),
    "point": mark("planner", "Point"),
}
_SEE: dict[See, str] = {
    "border": mark("planner", "The whole border"),
    "stretch": mark("planner", "A stretch of the border"),
    "area": mark("planner", "An area"),
    "line": mark("planner", "A line (a road, a river)"),
    "point": mark("planner", "A point"),
}
_OFTEN: dict[Often, str] = {
    "continuous": mark("planner", "Again and again, as long as the battery gives"),
    "within": mark("planner", "Never out of sight for longer than"),
    "random": mark("planner", "At times nobody can foresee, on average every"),
    "once": mark("planner", "Once"),
}
_WAYS: dict[Way, str] = {
    "circle": mark("planner", "Fly round it"),
    "stand": mark("planner", "Stand and look at it"),
    "search": mark("planner", "Search outwards from it"),
}


def role_word(role: Role) -> str:
    """A role."""
    return text("planner", _ROLES[role])


def kind_word(kind: Kind) -> str:
    """What it is drawn as."""
    return text("planner", _KINDS[kind])


def see_word(see: See) -> str:
    """What is to be seen."""
    return text("planner", _SEE[see])


def often_word(often: Often) -> str:
    """How often."""
    return text("planner", _OFTEN[often])


def way_word(way: Way) -> str:
    """How a point is looked at."""
    return text("planner", _WAYS[way])


ROLES: tuple[Role, ...] = tuple(_ROLES)
KINDS: tuple[Kind, ...] = tuple(_KINDS)
SEE: tuple[See, ...] = tuple(_SEE)
OFTEN: tuple[Often, ...] = tuple(_OFTEN)
WAYS: tuple[Way, ...] = tuple(_WAYS)
