"""The patrol that is asked for, as the request that ``groundstation plan make`` reads: one way of making plans for both."""

from __future__ import annotations

from typing import Any

from geofences.errors import ConfigError
from groundstation.console.planner.document import OFTEN_OF, Patrol, PlannerDocument, Shape
from missions.requests.request import moment_us

_MOST_LAPS = 500


def request_of(document: PlannerDocument) -> dict[str, Any]:
    """The request, by the keys of ``docs/planning.md``. Raises :class:`ConfigError` that says what is still to be chosen."""
    patrol = document.patrol
    if patrol is None:
        raise ConfigError("no patrol is asked for yet", "say what is to be seen")
    if patrol.often not in OFTEN_OF[patrol.see]:
        raise ConfigError(f"{patrol.often!r} is not for {patrol.see!r}", f"choose {' or '.join(OFTEN_OF[patrol.see])}")
    if patrol.count > 1 and patrol.often != "within":
        raise ConfigError(
            f"{patrol.count} aircraft share a border only by a longest gap", "choose a longest gap, or one aircraft"
        )
    request: dict[str, Any] = {
        "name": document.name.strip() or "Patrol",
        "performance": patrol.aircraft,
        "flight": {"height_agl_m": patrol.height_agl_m, "standoff_m": patrol.standoff_m},
        "wind": {"from_deg": patrol.wind_from_deg, "speed_m_s": patrol.wind_m_s},
    }
    if patrol.start.strip():
        try:
            moment_us(patrol.start)
        except ValueError as error:
            raise ConfigError(f"the start: {error}", "write it like 20:30 (UTC), or leave it out") from error
        request["start"] = patrol.start.strip()
    if patrol.launch and patrol.often != "within":
        request["start_from"] = patrol.launch
    make = {"border": _border, "stretch": _border, "area": _area, "line": _line, "point": _point}[patrol.see]
    make(request, patrol, document)
    return request


def _stretch(patrol: Patrol) -> list[float] | None:
    if patrol.see == "border":
        return None
    low, high = sorted((patrol.from_m, patrol.to_m))
    if high - low < 1.0:
        raise ConfigError("the stretch of the border has no length", "give it two different ends")
    return [low, high]


def _border(request: dict[str, Any], patrol: Patrol, document: PlannerDocument) -> None:
    stretch = _stretch(patrol)
    if patrol.often == "within":
        request["pattern"] = "watch"
        request["watch"] = {"hours": patrol.hours, "max_gap_min": patrol.gap_min}
        one: dict[str, Any] = {"type": patrol.aircraft, "count": patrol.count}
        request["aircraft"] = [one | ({"launch": patrol.launch} if patrol.launch else {})]
        if stretch is not None:
            request["stretch"] = [{"from_m": stretch[0], "to_m": stretch[1]}]
        return
    table: dict[str, Any] = {} if stretch is None else {"stretch_m": stretch}
    if patrol.often == "random":
        request["pattern"] = "random_gap"
        request["random_gap"] = table | {"mean_gap_s": 60.0 * patrol.gap_min}
        return
    request["pattern"] = "shuttle"
    request["shuttle"] = table
    _laps(request, patrol)


def _laps(request: dict[str, Any], patrol: Patrol) -> None:
    request["flight"]["laps"] = 1 if patrol.often == "once" else _MOST_LAPS


def _target(patrol: Patrol, document: PlannerDocument, kind: str, words: str) -> Shape:
    shape = document.find(patrol.target)
    if shape is None or shape.role != "target" or shape.kind != kind:
        raise ConfigError(f"no {words} is chosen", f"draw the {words} and choose it")
    return shape


def _area(request: dict[str, Any], patrol: Patrol, document: PlannerDocument) -> None:
    shape = _target(patrol, document, "polygon", "area to be seen")
    request["pattern"] = "sweep"
    request["sweep"] = {"outline": [list(p) for p in shape.points]}
    _laps(request, patrol)


def _line(request: dict[str, Any], patrol: Patrol, document: PlannerDocument) -> None:
    shape = _target(patrol, document, "line", "line to be followed")
    request["pattern"] = "corridor"
    request["corridor"] = {"line": [list(p) for p in shape.points], "offset_m": patrol.offset_m}
    _laps(request, patrol)


def _point(request: dict[str, Any], patrol: Patrol, document: PlannerDocument) -> None:
    shape = _target(patrol, document, "point", "point to be seen")
    lat, lon = shape.points[0]
    if patrol.way == "search":
        request["pattern"] = "expanding_square"
        request["expanding_square"] = {"datum_lat_deg": lat, "datum_lon_deg": lon, "may_cut": True}
        request["flight"]["laps"] = 1
        return
    request["pattern"] = "orbit"
    table: dict[str, Any] = {
        "poi_lat_deg": lat, "poi_lon_deg": lon, "radius_m": patrol.radius_m, "may_cut": True,
    }  # fmt: skip
    if patrol.way == "stand":
        table["hold_s"] = 60.0 * patrol.hold_min
        request["flight"]["laps"] = 1
    else:
        _laps(request, patrol)
    request["orbit"] = table
