"""Mission Planner's older fence (``.fen``) and rally (``.ral``) files.

A ``.fen`` has a latitude and longitude a line: first the return point, then the corners of the one polygon to stay
inside, the first of them again at the end. A ``.ral`` has a line ``RALLY``, latitude, longitude, altitude above home,
break altitude, landing direction and flags for each point. Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from geofences.errors import PlanError
from missions.codec import FRAME_GLOBAL_RELATIVE_ALT, RALLY_POINT, MissionKind, WireItem, degrees_e7
from missions.files.drawing import counted
from missions.files.fence_parts import MOST_CORNERS, FencePart, fence_of, more_than_areas, parts_of, summary
from missions.files.numbers import number_of, text_e7, text_number
from missions.files.raw import decode_text, read_bounded
from missions.plan_file import PlanFile

_ABOVE_HOME = (3, 6)
_MOST_LINES = 65535


def _rows(raw: bytes, name: str) -> Iterator[tuple[str, list[str]]]:
    """Place and fields of each line that says something."""
    found = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", decode_text(raw, name)), 1):
        text = line.split("#", 1)[0].strip()
        if text:
            found += 1
            if found > _MOST_LINES:
                raise PlanError(
                    f"{name}: line {number}: more than {_MOST_LINES} points", "this is no fence: give another file"
                )
            yield f"{name}: line {number}", re.split(r"[\s,;]+", text)


def _position(fields: list[str], place: str) -> tuple[int, int]:
    return (
        degrees_e7(number_of(fields[0], place, "the latitude", -90.0, 90.0)),
        degrees_e7(number_of(fields[1], place, "the longitude", -180.0, 180.0)),
    )


def read_fen(path: Path) -> PlanFile:
    """Read a ``.fen`` file. Raises :class:`PlanError` with the line of what is wrong."""
    return decode_fen(read_bounded(path), str(path))


def decode_fen(raw: bytes, name: str) -> PlanFile:
    """Read a ``.fen`` file's bytes. Raises :class:`PlanError`."""
    points: list[tuple[int, int]] = []
    for place, fields in _rows(raw, name):
        if len(fields) != 2:
            raise PlanError(
                f"{place}: {counted(len(fields), 'field')} instead of a latitude and a longitude", "export it again"
            )
        points.append(_position(fields, place))
    notes: list[str] = []
    if len(points) < 4:
        raise PlanError(
            f"{name}: line 1: {counted(len(points), 'point')}, not a return point and three corners",
            "draw the fence again",
        )
    back, *corners = points
    if corners[-1] == corners[0]:
        corners.pop()
    else:
        notes.append("the polygon was not closed in the file: its last corner is joined with its first")
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise PlanError(
            f"{name}: line 2: a polygon of {len(corners)} corners, not 3 to {MOST_CORNERS}", "draw the fence again"
        )
    # The return point's height is a parameter of the aircraft (FENCE_RETALT) with these files.
    fence = fence_of((FencePart("polygon", tuple(corners), True), FencePart("return", (back,))))
    return PlanFile({MissionKind.MISSION: (), MissionKind.FENCE: fence, MissionKind.RALLY: ()}, notes=tuple(notes))


def encode_fen(plan: PlanFile) -> tuple[bytes, list[str]]:
    """The file, and what it does not hold. Raises :class:`PlanError` for a plan without a polygon to stay inside."""
    items = plan.items.get(MissionKind.FENCE, ())
    parts = parts_of(items)
    polygon = next((p for p in parts if p.kind == "polygon" and p.inclusion), None)
    if polygon is None:
        raise PlanError(
            "a .fen file has one polygon to stay inside, and the plan has none", "write a .waypoints or .plan file"
        )
    back = next((p for p in parts if p.kind == "return"), None)
    not_carried = _others(plan, MissionKind.FENCE, ".fen") + more_than_areas(items)
    left = [p for p in parts if p is not polygon and p is not back]
    if left:
        not_carried.append(f".fen has one polygon to stay inside and a return point: {summary(left)} left out")
    if back is not None and back.z:
        not_carried.append(
            f"the return point's height of {back.z:g} m: it is the parameter FENCE_RETALT with .fen files"
        )
    if back is None:
        x = round(sum(p[0] for p in polygon.points_e7) / len(polygon.points_e7))
        y = round(sum(p[1] for p in polygon.points_e7) / len(polygon.points_e7))
        back = FencePart("return", ((x, y),))
        not_carried.append("the lack of a return point: .fen must have one, the mean of the corners is written")
    rows = [back.points_e7[0], *polygon.points_e7, polygon.points_e7[0]]
    return _text("#saved by Marchwarden", [f"{text_e7(x)} {text_e7(y)}" for x, y in rows]), not_carried


def read_ral(path: Path) -> PlanFile:
    """Read a ``.ral`` file. Raises :class:`PlanError` with the line of what is wrong."""
    return decode_ral(read_bounded(path), str(path))


def decode_ral(raw: bytes, name: str) -> PlanFile:
    """Read a ``.ral`` file's bytes. Raises :class:`PlanError`."""
    found: list[WireItem] = []
    more = 0
    for place, fields in _rows(raw, name):
        if fields[0].upper() != "RALLY" or not 4 <= len(fields) <= 7:
            raise PlanError(
                f"{place}: is not RALLY, latitude, longitude, altitude and three numbers", "export it again"
            )
        x, y = _position(fields[1:], place)
        z = number_of(fields[3], place, "the altitude")
        rest = [
            number_of(t, place, what)
            for t, what in zip(fields[4:], ("the break altitude", "the direction", "the flags"), strict=False)
        ]
        more += any(rest)
        found.append(WireItem(MissionKind.RALLY, len(found), RALLY_POINT, FRAME_GLOBAL_RELATIVE_ALT, x=x, y=y, z=z))
    if not found:
        raise PlanError(f"{name}: line 1: has no rally point", "give a .ral file with points")
    notes = [f"{counted(more, 'rally point')}: break altitude, landing direction and flags are not sent to an aircraft"]
    lists = {MissionKind.MISSION: (), MissionKind.FENCE: (), MissionKind.RALLY: tuple(found)}
    return PlanFile(lists, notes=tuple(notes if more else ()))


def encode_ral(plan: PlanFile) -> tuple[bytes, list[str]]:
    """The file, and what it does not hold. Raises :class:`PlanError` for a plan without rally points."""
    items = plan.items.get(MissionKind.RALLY, ())
    if not items:
        raise PlanError("a .ral file has rally points, and the plan has none", "write another kind of file")
    above_home = [i for i in items if i.frame in _ABOVE_HOME]
    not_carried = _others(plan, MissionKind.RALLY, ".ral")
    if left := len(items) - len(above_home):
        not_carried.append(f"{counted(left, 'rally point')} left out: .ral has heights above home only")
    rows = [f"RALLY\t{text_e7(i.x)}\t{text_e7(i.y)}\t{text_number(i.z)}\t0\t0\t0" for i in above_home]
    return _text("#saved by Marchwarden", rows), not_carried


def _others(plan: PlanFile, kept: MissionKind, suffix: str) -> list[str]:
    """What of the other lists is left out."""
    found = []
    mission, fence, rally = (plan.items.get(k, ()) for k in MissionKind)
    if kept is not MissionKind.MISSION and len(mission) > 1:
        found.append(f"{suffix} has no mission: {counted(len(mission) - 1, 'item')} left out")
    if kept is not MissionKind.FENCE and fence:
        found.append(f"{suffix} has no fence: {summary(parts_of(fence))} left out")
    if kept is not MissionKind.RALLY and rally:
        found.append(f"{suffix} has no rally points: {counted(len(rally), 'point')} left out")
    return found


def _text(head: str, rows: list[str]) -> bytes:
    return ("\n".join([head, *rows]) + "\n").encode()
