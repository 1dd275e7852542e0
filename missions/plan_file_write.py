"""Lists from an aircraft written as a ``.plan`` file that QGroundControl opens; see :mod:`missions.plan_file`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geofences.errors import PlanError
from missions.codec import (
    FENCE_CIRCLE_EXCLUSION,
    FENCE_CIRCLE_INCLUSION,
    FENCE_POLYGON_EXCLUSION,
    FENCE_POLYGON_INCLUSION,
    FENCE_RETURN_POINT,
    FRAME_GLOBAL,
    LOCATION_COMMANDS,
    MissionKind,
    WireItem,
    degrees_e7,
)
from missions.files.json_text import dump_json
from missions.files.raw import write_whole
from missions.places import has_place
from missions.plan_file import Kept

_FRAME_MISSION = 2
_ABOVE_HOME = (3, 6)
# MAV_AUTOPILOT_ARDUPILOTMEGA and MAV_TYPE_QUADROTOR: QGroundControl asks for both when it opens a file.
_FIRMWARE, _VEHICLE = 3, 2
_ALTITUDE_MODE = {3: 1, 6: 1, 0: 2, 5: 2, 10: 4, 11: 4}


def plan_document(
    items: Mapping[MissionKind, Sequence[WireItem]],
    cruise_speed_m_s: float = 15.0,
    hover_speed_m_s: float = 5.0,
    firmware: int = _FIRMWARE,
    vehicle_type: int = _VEHICLE,
    home: tuple[float, float, float] | None = None,
    kept: Kept | None = None,
) -> dict[str, Any]:
    """The file as one object. Raises :class:`PlanError` for a fence whose polygons are not whole.

    ``home`` (degrees, metres AMSL) stands in for a mission's own where there is none, or says the same place in more
    digits. ``kept`` is what the file that the lists were read from said beyond them.
    """
    for point in items.get(MissionKind.RALLY, ()):
        if point.frame not in _ABOVE_HOME:
            raise PlanError(
                f"rally point {point.seq}: its altitude is not above home, which is all that a .plan file can say",
                "set rally points above home",
            )
    mission = list(items.get(MissionKind.MISSION, ()))
    place = [0.0, 0.0, 0.0] if home is None else list(home)
    if mission and (degrees_e7(place[0]), degrees_e7(place[1]), place[2]) != (mission[0].x, mission[0].y, mission[0].z):
        place = [mission[0].x / 1e7, mission[0].y / 1e7, float(mission[0].z)]
    if kept is not None and kept.mission != tuple(mission):
        kept = None
    document: dict[str, Any] = {
        "fileType": "Plan",
        "geoFence": _fence(list(items.get(MissionKind.FENCE, ()))),
        "groundStation": "QGroundControl",
        "mission": {
            "cruiseSpeed": cruise_speed_m_s,
            "firmwareType": firmware,
            "globalPlanAltitudeMode": 1,
            "hoverSpeed": hover_speed_m_s,
            "items": _mission(mission, kept),
            "plannedHomePosition": place,
            "vehicleType": vehicle_type,
            "version": 2,
        },
        "rallyPoints": {
            "points": [[i.x / 1e7, i.y / 1e7, float(i.z)] for i in items.get(MissionKind.RALLY, ())],
            "version": 2,
        },
        "version": 1,
    }
    for section, keys in (kept.sections if kept else {}).items():
        (document[section] if section else document).update(keys)
    return document


def _mission(mission: Sequence[WireItem], kept: Kept | None) -> list[dict[str, Any]]:
    """Simple items, and complex ones as they stood, with the numbers that their items have now."""
    whole = {first: (count, item) for first, count, item in kept.complex_items} if kept else {}
    content: list[dict[str, Any]] = []
    seq = 1
    while seq < len(mission):
        if seq in whole and kept:
            count, item = whole.pop(seq)  # popped: a complex item may have been made into no item at all
            made = [_simple(each) | dict(kept.simple.get(each.seq, {})) for each in mission[seq : seq + count]]
            content.append({**item, "TransectStyleComplexItem": {**item["TransectStyleComplexItem"], "Items": made}})
            seq += count
            continue
        content.append(_simple(mission[seq]) | dict(kept.simple.get(seq, {}) if kept else {}))
        seq += 1
    return content


def write_plan_file(path: Path, document: Mapping[str, Any]) -> None:
    """Write the file whole or not at all. Raises :class:`PlanError`."""
    write_whole(path, (dump_json(document, 4) + "\n").encode())


def _simple(item: WireItem) -> dict[str, Any]:
    located = item.command in LOCATION_COMMANDS
    # Where x and y are no place they are whole numbers, which the frame of a mission command says.
    frame = item.frame if has_place(item.command) or (item.x == 0 and item.y == 0) else _FRAME_MISSION
    scale = 1.0 if frame == _FRAME_MISSION and not located else 1e7
    params = [None if math.isnan(p) else float(p) for p in (item.param1, item.param2, item.param3, item.param4)]
    z = None if math.isnan(item.z) else float(item.z)
    content: dict[str, Any] = {
        "autoContinue": bool(item.autocontinue),
        "command": item.command,
        "doJumpId": item.seq,
        "frame": frame,
        "params": [*params, item.x / scale, item.y / scale, z],
        "type": "SimpleItem",
    }
    if located:
        content |= {
            "AMSLAltAboveTerrain": None,
            "Altitude": z,
            "AltitudeMode": _ALTITUDE_MODE.get(item.frame, 0),
        }
    return content


def _fence(items: Sequence[WireItem]) -> dict[str, Any]:
    polygons: list[dict[str, Any]] = []
    circles: list[dict[str, Any]] = []
    fence: dict[str, Any] = {"circles": circles, "polygons": polygons, "version": 2}
    at = 0
    while at < len(items):
        item = items[at]
        place = [item.x / 1e7, item.y / 1e7]
        if item.command in (FENCE_POLYGON_INCLUSION, FENCE_POLYGON_EXCLUSION):
            corners = items[at : at + int(item.param1)]
            if (
                len(corners) < 3
                or len(corners) != item.param1
                or any((c.command, c.param1) != (item.command, item.param1) for c in corners)
            ):
                raise PlanError(f"fence item {item.seq}: its polygon is not whole", "upload the fence again")
            inclusion = item.command == FENCE_POLYGON_INCLUSION
            polygons.append(
                {"inclusion": inclusion, "polygon": [[c.x / 1e7, c.y / 1e7] for c in corners], "version": 1}
            )
            at += len(corners)
            continue
        if item.command in (FENCE_CIRCLE_INCLUSION, FENCE_CIRCLE_EXCLUSION):
            inclusion = item.command == FENCE_CIRCLE_INCLUSION
            circle = {"center": place, "radius": float(item.param1)}
            circles.append({"circle": circle, "inclusion": inclusion, "version": 1})
        elif item.command == FENCE_RETURN_POINT:
            fence["breachReturn"] = [*place, float(item.z)]
        else:
            raise PlanError(
                f"fence item {item.seq}: command {item.command} has no place in a .plan file", "clear the fence first"
            )
        at += 1
    return fence


def same_content(
    one: Mapping[MissionKind, Sequence[WireItem]], other: Mapping[MissionKind, Sequence[WireItem]]
) -> bool:
    """Whether two sets of lists mean the same to an aircraft: the order of the areas of a fence does not matter."""
    return all(_essence(kind, one.get(kind, ())) == _essence(kind, other.get(kind, ())) for kind in MissionKind)


def _essence(kind: MissionKind, items: Sequence[WireItem]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for i in items:
        params = tuple("nan" if math.isnan(p) else p for p in (i.param1, i.param2, i.param3, i.param4))
        if kind is MissionKind.FENCE:
            rows.append((i.command, i.param1, i.x, i.y))
        elif kind is MissionKind.RALLY:
            rows.append((i.command, i.x, i.y, i.z))
        else:
            frame = i.frame if i.command in LOCATION_COMMANDS else FRAME_GLOBAL
            rows.append((i.command, frame, *params, i.x, i.y, i.z))
    if kind is not MissionKind.FENCE:
        return rows
    # Areas as wholes, polygons first as the file has them.
    areas: list[tuple[Any, ...]] = []
    at = 0
    while at < len(rows):
        length = int(rows[at][1]) if rows[at][0] in (FENCE_POLYGON_INCLUSION, FENCE_POLYGON_EXCLUSION) else 1
        areas.append(tuple(rows[at : at + max(length, 1)]))
        at += max(length, 1)
    return sorted(areas)
