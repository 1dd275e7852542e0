"""QGroundControl's ``.plan`` files: read into the lists that go over MAVLink, and written from them.

The layout is that of QGroundControl's developer guide ("Plan file format", version 1): a mission of simple and complex
items, a geofence of polygons and circles, and rally points. A survey or corridor scan carries the simple items that it
was made into, and those are taken; other complex items are refused, with their place. What else stands in the file is
kept beside the lists (:class:`Kept`), so that a file that is read and written again still says it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geofences.errors import PlanError
from missions.codec import (
    DO_JUMP,
    FENCE_CIRCLE_EXCLUSION,
    FENCE_CIRCLE_INCLUSION,
    FENCE_POLYGON_EXCLUSION,
    FENCE_POLYGON_INCLUSION,
    FENCE_RETURN_POINT,
    FRAME_GLOBAL,
    FRAME_GLOBAL_RELATIVE_ALT,
    LOCATION_COMMANDS,
    NAV_WAYPOINT,
    RALLY_POINT,
    MissionKind,
    WireItem,
    degrees_e7,
)
from missions.files.json_text import load_json
from missions.files.raw import decode_text, read_bounded

_FRAME_MISSION = 2
_EXPANDED = ("survey", "CorridorScan", "StructureScan")
_INT32 = 2**31 - 1
_FLOAT32 = 3.4028234663852886e38
_UINT16 = 65535
SIMPLE_KEYS = frozenset({"autoContinue", "command", "doJumpId", "frame", "params", "type"})
SECTION_KEYS = {
    "": frozenset({"fileType", "version", "mission", "geoFence", "rallyPoints"}),
    "mission": frozenset({"items", "plannedHomePosition", "cruiseSpeed", "hoverSpeed", "version"}),
    "geoFence": frozenset({"polygons", "circles", "breachReturn", "polygon", "version"}),
    "rallyPoints": frozenset({"points", "version"}),
}


@dataclass(frozen=True)
class Kept:
    """What a ``.plan`` file says beyond the lists; written again while the mission is the one it was read with.

    ``sections``: keys of the file (``""``) and of its sections that are not read here; ``simple``: such keys of an item
    by its sequence number; ``complex_items``: first sequence number, number of items, and the complex item as it stood.
    """

    mission: tuple[WireItem, ...]
    sections: Mapping[str, Mapping[str, Any]]
    simple: Mapping[int, Mapping[str, Any]]
    complex_items: tuple[tuple[int, int, Mapping[str, Any]], ...] = ()


@dataclass(frozen=True)
class PlanFile:
    """What a file holds. A mission begins with home (sequence 0); a list that the file does not have is empty.

    ``notes``: in words, what of the file does not go to an aircraft. ``home``: latitude and longitude in degrees,
    altitude in metres AMSL.
    """

    items: Mapping[MissionKind, tuple[WireItem, ...]]
    home: tuple[float, float, float] = (0.0, 0.0, 0.0)
    notes: tuple[str, ...] = ()
    cruise_speed_m_s: float = 15.0
    hover_speed_m_s: float = 5.0
    kept: Kept | None = field(default=None, compare=False, repr=False)


@dataclass
class _Reading:
    """Where we are in the file, for errors."""

    name: str
    notes: list[str] = field(default_factory=list)
    complex_items: list[tuple[int, int, Mapping[str, Any]]] = field(default_factory=list)

    def wrong(self, place: str, what: str, remedy: str = "mend the file in the program that wrote it") -> PlanError:
        return PlanError(f"{self.name}: {place}: {what}", remedy)

    def section(self, value: Any, place: str) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(place, "is missing or not an object")
        return value

    def sequence(self, value: Any, place: str) -> Sequence[Any]:
        if not isinstance(value, list):
            raise self.wrong(place, "is missing or not a list")
        return value

    def number(self, value: Any, place: str, low: float = -math.inf, high: float = math.inf) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise self.wrong(place, f"{_short(value)} is not a number")
        # Compared before it is made a float: a whole number in a file may be larger than any float.
        if not -_FLOAT32 <= value <= _FLOAT32:
            raise self.wrong(place, f"{_short(value)} is more than any aircraft can take")
        if not low <= value <= high:
            raise self.wrong(place, f"{value!r} is not between {low:g} and {high:g}")
        return float(value)

    def whole(self, value: Any, place: str, low: int, high: int) -> int:
        number = self.number(value, place, low, high)
        if number != int(number):
            raise self.wrong(place, f"{value!r} is not a whole number")
        return int(number)

    def position(self, value: Any, place: str, least: int = 2) -> list[float]:
        numbers = self.sequence(value, place)
        if len(numbers) < least:
            raise self.wrong(place, f"{len(numbers)} numbers where {least} are needed")
        lat = self.number(numbers[0], f"{place}[0]", -90.0, 90.0)
        lon = self.number(numbers[1], f"{place}[1]", -180.0, 180.0)
        return [lat, lon, *(self.number(n, f"{place}[{i}]") for i, n in enumerate(numbers[2:least], 2))]


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, int) or abs(value) < 10**30 else "a number of more than 30 digits"
    return text if len(text) <= 60 else text[:57] + "..."


def read_plan_file(path: Path) -> PlanFile:
    """Read a file. Raises :class:`PlanError` that names the place of what is wrong."""
    raw = read_bounded(path)
    return parse_plan_file(raw, str(path))


def parse_plan_file(raw: bytes | str, name: str = "plan") -> PlanFile:
    """Read the content of a file. Raises :class:`PlanError`."""
    document = load_json(decode_text(raw, name) if isinstance(raw, bytes) else raw, name)
    reading = _Reading(name)
    top = reading.section(document, "the file")
    if top.get("fileType") != "Plan":
        raise reading.wrong(
            "fileType", f"{top.get('fileType')!r} is not 'Plan'", "save the whole plan, not a part of it"
        )
    if top.get("version") != 1:
        raise reading.wrong("version", f"{top.get('version')!r} is not known", "save it with a current QGroundControl")
    mission = reading.section(top.get("mission"), "mission")
    home = _home(reading, mission.get("plannedHomePosition", [0, 0, 0]))
    items = {
        MissionKind.MISSION: _mission(reading, mission, home),
        MissionKind.FENCE: _fence(reading, top.get("geoFence", {})),
        MissionKind.RALLY: _rally(reading, top.get("rallyPoints", {})),
    }
    speeds = [reading.number(mission.get(k, d), f"mission.{k}") for k, d in (("cruiseSpeed", 15), ("hoverSpeed", 5))]
    return PlanFile(
        items,
        (home[0], home[1], home[2]),
        tuple(reading.notes),
        speeds[0],
        speeds[1],
        _kept(reading, top, items[MissionKind.MISSION]),
    )


def _home(reading: _Reading, value: Any) -> tuple[float, float, float]:
    """Home; QGroundControl leaves the altitude out, or writes null, while it does not know the ground there."""
    place = "mission.plannedHomePosition"
    raw = list(reading.sequence(value, place))
    if len(raw) == 2 or (len(raw) == 3 and raw[2] is None):
        raw = [*raw[:2], 0.0]
    lat, lon, alt = reading.position(raw, place, 3)
    return lat, lon, alt


def _kept(reading: _Reading, top: Mapping[str, Any], mission: tuple[WireItem, ...]) -> Kept:
    sections = {
        name: {k: v for k, v in (top if not name else top.get(name) or {}).items() if k not in known}
        for name, known in SECTION_KEYS.items()
    }
    simple = _simple_items(_Reading(reading.name), (top.get("mission") or {}).get("items", []), "mission.items")
    extras = {
        seq: {k: v for k, v in item.items() if k not in SIMPLE_KEYS}
        for seq, (_, item) in enumerate(simple, 1)
        if not SIMPLE_KEYS.issuperset(item)
    }
    return Kept(mission, sections, extras, tuple(reading.complex_items))


# -- mission -------------------------------------------------------------------------------------------------------


def _simple_items(reading: _Reading, items: Any, place: str, depth: int = 0) -> list[tuple[str, Mapping[str, Any]]]:
    """All simple items with their places; complex ones as what they were made into."""
    found: list[tuple[str, Mapping[str, Any]]] = []
    for number, each in enumerate(reading.sequence(items, place)):
        here = f"{place}[{number}]"
        item = reading.section(each, here)
        kind = item.get("type")
        if kind == "SimpleItem":
            found.append((here, item))
            continue
        if kind != "ComplexItem":
            raise reading.wrong(here, f"type {kind!r} is neither SimpleItem nor ComplexItem")
        what = item.get("complexItemType")
        transect = item.get("TransectStyleComplexItem")
        if what not in _EXPANDED or not isinstance(transect, dict) or "Items" not in transect or depth:
            raise reading.wrong(
                here, f"complex item {what!r} cannot be sent as it is", "convert it to waypoints, or leave it out"
            )
        reading.notes.append(f"{here}: {what} is sent as the waypoints that it was made into")
        made = _simple_items(reading, transect["Items"], f"{here}.TransectStyleComplexItem.Items", depth + 1)
        reading.complex_items.append((len(found) + 1, len(made), item))
        found += made
    return found


def _mission(reading: _Reading, mission: Mapping[str, Any], home: tuple[float, ...]) -> tuple[WireItem, ...]:
    simple = _simple_items(reading, mission.get("items", []), "mission.items")
    if not simple:
        return ()
    if len(simple) > _UINT16 - 1:
        raise reading.wrong("mission.items", f"{len(simple)} items are more than MAVLink can number")
    kind = MissionKind.MISSION
    first = WireItem(
        kind, 0, NAV_WAYPOINT, FRAME_GLOBAL, x=degrees_e7(home[0]), y=degrees_e7(home[1]), z=home[2]
    )  # fmt: skip
    sequence_of = {item.get("doJumpId"): seq for seq, (_, item) in enumerate(simple, 1) if "doJumpId" in item}
    items = [first]
    for seq, (here, item) in enumerate(simple, 1):
        command = reading.whole(item.get("command"), f"{here}.command", 1, 65535)
        frame = reading.whole(item.get("frame"), f"{here}.frame", 0, 255)
        raw = reading.sequence(item.get("params"), f"{here}.params")
        if len(raw) != 7:
            raise reading.wrong(f"{here}.params", f"{len(raw)} numbers, not 7")
        p = [math.nan if v is None else reading.number(v, f"{here}.params[{i}]") for i, v in enumerate(raw)]
        x, y = _place(reading, command, frame, p, here)
        if command == DO_JUMP:
            target = sequence_of.get(int(p[0]) if math.isfinite(p[0]) else None)
            if target is None:
                raise reading.wrong(f"{here}.params[0]", f"jumps to item {raw[0]!r}, which is not in the mission")
            p[0] = float(target)
        z = 0.0 if math.isnan(p[6]) else p[6]
        items.append(
            WireItem(kind, seq, command, frame, p[0], p[1], p[2], p[3], x, y, z, 0, int(bool(item.get("autoContinue", True))))
        )  # fmt: skip
    return tuple(items)


def _place(reading: _Reading, command: int, frame: int, p: Sequence[float], here: str) -> tuple[int, int]:
    """``x`` and ``y`` of an item: degrees * 1e7, or whole numbers where the frame says that they are no place."""
    scaled = []
    for index, limit in ((4, 90.0), (5, 180.0)):
        value = 0.0 if math.isnan(p[index]) else p[index]
        place = f"{here}.params[{index}]"
        if command in LOCATION_COMMANDS:
            if math.isnan(p[index]):
                raise reading.wrong(place, "a position is missing")
            scaled.append(degrees_e7(reading.number(value, place, -limit, limit)))
        else:
            factor = 1.0 if frame == _FRAME_MISSION else 1e7
            scaled.append(round(reading.number(value, place, -_INT32 / factor, _INT32 / factor) * factor))
    return scaled[0], scaled[1]


# -- fence and rally points ------------------------------------------------------------------------------------------


def _fence(reading: _Reading, section: Any) -> tuple[WireItem, ...]:
    fence = reading.section(section, "geoFence")
    content: list[tuple[int, float, float, float, float]] = []  # command, param1, lat, lon, altitude
    if "polygon" in fence and "polygons" not in fence:
        # Version 1 of the section (QGroundControl 3.2): one polygon, to stay inside.
        fence = {**fence, "polygons": [{"inclusion": True, "polygon": fence["polygon"]}] if fence["polygon"] else []}
    for n, each in enumerate(reading.sequence(fence.get("polygons", []), "geoFence.polygons")):
        here = f"geoFence.polygons[{n}]"
        polygon = reading.section(each, here)
        points = reading.sequence(polygon.get("polygon"), f"{here}.polygon")
        # An aircraft takes 255 at most, which the checks say; here only what the protocol can count.
        if not 3 <= len(points) <= _UINT16:
            raise reading.wrong(f"{here}.polygon", f"{len(points)} corners, not 3 to {_UINT16}")
        command = FENCE_POLYGON_INCLUSION if _inclusion(reading, polygon, here) else FENCE_POLYGON_EXCLUSION
        for i, point in enumerate(points):
            lat, lon = reading.position(point, f"{here}.polygon[{i}]")
            content.append((command, float(len(points)), lat, lon, 0.0))
    for n, each in enumerate(reading.sequence(fence.get("circles", []), "geoFence.circles")):
        here = f"geoFence.circles[{n}]"
        outer = reading.section(each, here)
        circle = reading.section(outer.get("circle"), f"{here}.circle")
        lat, lon = reading.position(circle.get("center"), f"{here}.circle.center")
        radius_m = reading.number(circle.get("radius"), f"{here}.circle.radius", 0.0)
        if radius_m == 0.0:
            raise reading.wrong(f"{here}.circle.radius", "is 0")
        command = FENCE_CIRCLE_INCLUSION if _inclusion(reading, outer, here) else FENCE_CIRCLE_EXCLUSION
        content.append((command, radius_m, lat, lon, 0.0))
    if fence.get("breachReturn") is not None:
        point = reading.sequence(fence["breachReturn"], "geoFence.breachReturn")
        if len(point) == 2:
            reading.notes.append("geoFence.breachReturn: has no height, 0 m above home is taken")
            point = [*point, 0.0]
        lat, lon, alt = reading.position(point, "geoFence.breachReturn", 3)
        content.append((FENCE_RETURN_POINT, 0.0, lat, lon, alt))
    if len(content) > _UINT16:
        raise reading.wrong("geoFence", f"{len(content)} items are more than MAVLink can number")
    return tuple(
        WireItem(
            MissionKind.FENCE, seq, command, FRAME_GLOBAL_RELATIVE_ALT if command == FENCE_RETURN_POINT else FRAME_GLOBAL,
            param1, x=degrees_e7(lat), y=degrees_e7(lon), z=alt,
        )
        for seq, (command, param1, lat, lon, alt) in enumerate(content)
    )  # fmt: skip


def _inclusion(reading: _Reading, area: Mapping[str, Any], here: str) -> bool:
    inclusion = area.get("inclusion")
    if not isinstance(inclusion, bool):
        # To take the one for the other would turn the fence inside out.
        raise reading.wrong(f"{here}.inclusion", f"{inclusion!r} is neither true nor false")
    return inclusion


def _rally(reading: _Reading, section: Any) -> tuple[WireItem, ...]:
    rally = reading.section(section, "rallyPoints")
    points = [
        reading.position(point, f"rallyPoints.points[{n}]", 3)
        for n, point in enumerate(reading.sequence(rally.get("points", []), "rallyPoints.points"))
    ]
    if len(points) > _UINT16:
        raise reading.wrong("rallyPoints.points", f"{len(points)} items are more than MAVLink can number")
    return tuple(
        WireItem(
            MissionKind.RALLY, seq, RALLY_POINT, FRAME_GLOBAL_RELATIVE_ALT,
            x=degrees_e7(lat), y=degrees_e7(lon), z=alt_rel_home_m,
        )
        for seq, (lat, lon, alt_rel_home_m) in enumerate(points)
    )  # fmt: skip
