"""Mission Planner's and QGroundControl's ``.waypoints`` (``QGC WPL 110``): one list of items as plain text.

The layout is MAVLink's "Mission Plain-Text File Format": a header and twelve fields a line, separated by tabs or spaces:
index, current, frame, command, four parameters, x (latitude), y (longitude), z (altitude), autocontinue. In version 110
line 0 is home; version 120 has no home. Mission Planner writes fences (commands 5000 to 5004) and rally points (5100) in
the same way, a list a file, also with a home line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from geofences.errors import PlanError
from missions.codec import (
    FRAME_GLOBAL,
    NAV_WAYPOINT,
    MissionKind,
    WireItem,
    degrees_e7,
)
from missions.files.drawing import counted
from missions.files.fence_parts import parts_of, summary
from missions.files.numbers import INT32_MAX, clip, number_of, text_e7, text_number, whole_of
from missions.files.raw import decode_text, read_bounded
from missions.places import has_place, is_scaled
from missions.plan_file import PlanFile

_HEADER = re.compile(r"QGC[ \t]+WPL[ \t]+(\d+)\b")
_FENCE = range(5000, 5005)
_RALLY = range(5100, 5101)
_MOST_ITEMS = 65535
_EXPORT = "export it again"


def read(path: Path) -> PlanFile:
    """Read a file. Raises :class:`PlanError` with the line of what is wrong."""
    return decode(read_bounded(path), str(path))


def decode(raw: bytes, name: str) -> PlanFile:
    """Read a file's bytes. Raises :class:`PlanError`."""
    version: int | None = None
    rows: list[tuple[int, WireItem]] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", decode_text(raw, name)), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        place = f"{name}: line {number}"
        if version is None:
            match = _HEADER.match(text)
            if match is None or match[1] not in ("110", "120"):
                raise PlanError(
                    f"{place}: {clip(text)!r} is not 'QGC WPL 110'", "give a .waypoints file of that version"
                )
            version = int(match[1])
            continue
        rows.append((number, _row(text, place)))
        if len(rows) > _MOST_ITEMS:
            raise PlanError(f"{place}: more than {_MOST_ITEMS} items are more than MAVLink can number", _EXPORT)
    if version is None:
        raise PlanError(f"{name}: line 1: has no line 'QGC WPL 110'", "give a .waypoints file")
    return _plan(rows, version, name)


def _row(text: str, place: str) -> WireItem:
    fields = text.split("#", 1)[0].split()
    if len(fields) != 12:
        raise PlanError(f"{place}: {counted(len(fields), 'field')} instead of 12", _EXPORT)
    seq = whole_of(fields[0], place, "the index", 0, _MOST_ITEMS)
    current = whole_of(fields[1], place, "the current flag", 0, 255)
    frame = whole_of(fields[2], place, "the frame", 0, 255)
    # Mission Planner writes a line of nothing but zeros where it knows no home.
    command = whole_of(fields[3], place, "the command", 0 if seq == 0 else 1, 65535)
    params = [number_of(t, place, f"parameter {n}", nan=True) for n, t in enumerate(fields[4:8], 1)]
    placed = has_place(command) or (command == 0 and seq == 0)
    if placed:
        x = degrees_e7(number_of(fields[8], place, "the latitude", -90.0, 90.0))
        y = degrees_e7(number_of(fields[9], place, "the longitude", -180.0, 180.0))
    else:
        most = INT32_MAX / (1e7 if is_scaled(command, frame) else 1.0)
        numbers = [number_of(t, place, f"parameter {n}", -most, most) for n, t in ((5, fields[8]), (6, fields[9]))]
        x, y = (degrees_e7(v) if is_scaled(command, frame) else round(v) for v in numbers)
    z = number_of(fields[10], place, "the altitude", nan=not placed)
    autocontinue = whole_of(fields[11], place, "autocontinue", 0, 255)
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


def _plan(rows: Sequence[tuple[int, WireItem]], version: int, name: str) -> PlanFile:
    for (_, before), (number, item) in pairwise(rows):
        if item.seq != before.seq + 1:
            # Jumps name these numbers: guessed ones would jump elsewhere.
            raise PlanError(
                f"{name}: line {number}: index {item.seq} where {before.seq + 1} comes", "number the lines again"
            )
    if rows and rows[0][1].seq > 1:
        raise PlanError(f"{name}: line {rows[0][0]}: index {rows[0][1].seq} where 0 comes", "number the lines again")
    notes: list[str] = []
    items = [item for _, item in rows]
    home: WireItem | None = None
    # A fence that begins with a corner has no home line.
    if version == 110 and items and items[0].seq == 0 and items[0].command not in (*_FENCE, *_RALLY):
        home = items.pop(0)
        if home.command == 0:
            home = replace(home, command=NAV_WAYPOINT)
    of_kind: dict[MissionKind, list[WireItem]] = {kind: [] for kind in MissionKind}
    for item in items:
        kind = (
            MissionKind.FENCE if item.command in _FENCE
            else MissionKind.RALLY if item.command in _RALLY else MissionKind.MISSION
        )  # fmt: skip
        of_kind[kind].append(item)
    mission = of_kind[MissionKind.MISSION]
    if mission:
        if len(mission) != len(items):
            raise PlanError(
                f"{name}: line {next(n for n, i in rows if i.command in (*_FENCE, *_RALLY))}: mission items and items "
                "of a fence or rally list in one file",
                "save each list in a file of its own",
            )
        if home is None:
            home = (
                replace(_bare_home(), x=mission[0].x, y=mission[0].y) if has_place(mission[0].command) else _bare_home()
            )
            notes.append("the file has no home: the first item's place is taken, the aircraft sets its own")
        mission.insert(0, home)
    lists = {
        kind: tuple(replace(item, kind=kind, seq=seq) for seq, item in enumerate(found))
        for kind, found in of_kind.items()
    }
    try:
        parts_of(lists[MissionKind.FENCE])
    except PlanError as error:
        raise PlanError(f"{name}: {error.message}", error.remedy) from error
    place = (home.x / 1e7, home.y / 1e7, home.z) if home else (0.0, 0.0, 0.0)
    return PlanFile(lists, place, tuple(notes))


def _bare_home() -> WireItem:
    return WireItem(MissionKind.MISSION, 0, NAV_WAYPOINT, FRAME_GLOBAL)


def encode(plan: PlanFile) -> tuple[bytes, list[str]]:
    """The file, and what it does not hold: it has one list, the mission, or else the fence, or else the rally points."""
    lists = {kind: plan.items.get(kind, ()) for kind in MissionKind}
    chosen = next((kind for kind in MissionKind if lists[kind]), MissionKind.MISSION)
    not_carried: list[str] = []
    fence, rally = lists[MissionKind.FENCE], lists[MissionKind.RALLY]
    if chosen is MissionKind.MISSION and fence:
        not_carried.append(f".waypoints has no fence beside a mission: {summary(parts_of(fence))} left out")
    if chosen is not MissionKind.RALLY and rally:
        beside = "a mission" if chosen is MissionKind.MISSION else "a fence"
        not_carried.append(f".waypoints has no rally points beside {beside}: {counted(len(rally), 'point')} left out")
    items = list(lists[chosen])
    lines = ["QGC WPL 110"]
    if chosen is not MissionKind.MISSION:
        home = replace(
            _bare_home(), x=degrees_e7(plan.home[0]), y=degrees_e7(plan.home[1]), z=plan.home[2], current=1
        )  # fmt: skip
        items = [home, *(replace(item, seq=item.seq + 1) for item in items)]
    lines += [_line(item) for item in items]
    return ("\n".join(lines) + "\n").encode(), not_carried


def _line(item: WireItem) -> str:
    scaled = has_place(item.command) or is_scaled(item.command, item.frame)
    return "\t".join(
        [
            *(str(n) for n in (item.seq, item.current, item.frame, item.command)),
            *(text_number(p) for p in (item.param1, item.param2, item.param3, item.param4)),
            *(text_e7(n) if scaled else str(n) for n in (item.x, item.y)),
            text_number(item.z),
            str(item.autocontinue),
        ]
    )
