"""Plans as the items that go over MAVLink, and the comparison of what was sent with what was read back.

Sequence numbers: in a mission 0 is home (the aircraft overwrites it with its own) and ``plan.items[0]`` is 1; fences
and rally points begin at 0. What an aircraft may change on its own account was read in ArduPilot's ``AP_Mission``,
``AC_PolyFence_loader`` and ``AP_Rally``: see :func:`compare_items`.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from geofences.errors import PlanError
from missions.mavlink import mavlink2
from missions.plan import FenceCircle, FencePlan, FencePolygon, MissionItem, Plan, RallyPoint

FRAME_GLOBAL = 0
FRAME_GLOBAL_RELATIVE_ALT = 3
FRAME_GLOBAL_TERRAIN_ALT = 10
# The *_INT frames say no more than the plain ones; aircraft read back the plain one.
_PLAIN_FRAME = {5: FRAME_GLOBAL, 6: FRAME_GLOBAL_RELATIVE_ALT, 11: FRAME_GLOBAL_TERRAIN_ALT}

NAV_WAYPOINT = 16
NAV_RETURN_TO_LAUNCH = 20
NAV_LAND = 21
NAV_TAKEOFF = 22
DO_JUMP = 177
DO_CHANGE_SPEED = 178
DO_GIMBAL_MANAGER_PITCHYAW = 1000
FENCE_RETURN_POINT = 5000
FENCE_POLYGON_INCLUSION = 5001
FENCE_POLYGON_EXCLUSION = 5002
FENCE_CIRCLE_INCLUSION = 5003
FENCE_CIRCLE_EXCLUSION = 5004
RALLY_POINT = 5100

# Commands whose x, y, z are latitude, longitude and altitude (AP_Mission::stored_in_location, 4.8.0-dev).
LOCATION_COMMANDS = frozenset(
    {16, 17, 18, 19, 21, 22, 30, 31, 36, 82, 84, 85, 92, 94, 179, 188, 189, 191, 195, 201, *range(5000, 5005), 5100}
)
# Parameters that ArduPilot keeps as whole numbers: what comes back is the value sent, cut towards zero.
_WHOLE_PARAMS: dict[int, tuple[str, ...]] = {
    16: ("param1",),
    17: ("param3",),
    18: ("param1", "param3"),
    19: ("param1",),
    22: ("param1",),
    82: ("param1",),
    93: ("param1", "param2", "param3", "param4"),
    177: ("param1", "param2"),
    178: ("param1",),
    1000: ("param1", "param2", "param3", "param4"),
}
# Parameters that this aircraft does not store for a command and reads back as something of its own.
_NOT_STORED: dict[int, tuple[str, ...]] = {21: ("param4",), 19: ("param3", "param4")}
_DEGREES_E7 = 1e7


class MissionKind(IntEnum):
    """``MAV_MISSION_TYPE``: the three lists that share one transfer protocol."""

    MISSION = 0
    FENCE = 1
    RALLY = 2


@dataclass(frozen=True)
class WireItem:
    """One ``MISSION_ITEM_INT``, all fields but the addresses. Units as in :class:`missions.plan.MissionItem`."""

    kind: MissionKind
    seq: int
    command: int
    frame: int
    param1: float = 0.0
    param2: float = 0.0
    param3: float = 0.0
    param4: float = 0.0
    x: int = 0
    y: int = 0
    z: float = 0.0
    current: int = 0
    autocontinue: int = 1


@dataclass(frozen=True)
class Difference:
    """Where the list that was read back is not the list that was sent. ``seq`` is -1 for the list as a whole."""

    seq: int
    field: str
    sent: float
    received: float

    def __str__(self) -> str:
        if self.seq < 0:
            return f"{self.field}: sent {self.sent:g}, read back {self.received:g}"
        return f"item {self.seq} {self.field}: sent {self.sent:.10g}, read back {self.received:.10g}"


def degrees_e7(degrees: float) -> int:
    """Degrees as MAVLink's integer of 1e-7 degree (about 1 cm)."""
    return round(degrees * _DEGREES_E7)


def mission_items(plan: Plan) -> tuple[WireItem, ...]:
    """The mission as it is sent: home first as sequence 0 (AMSL), then the plan's items; empty without items."""
    if not plan.items:
        return ()
    kind = MissionKind.MISSION
    home = WireItem(
        kind, 0, NAV_WAYPOINT, FRAME_GLOBAL,
        x=degrees_e7(plan.home_lat_deg), y=degrees_e7(plan.home_lon_deg), z=plan.home_alt_amsl_m,
    )  # fmt: skip
    return (
        home,
        *(
            WireItem(
                kind, seq, i.command, i.frame, i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z, 0, i.autocontinue
            )
            for seq, i in enumerate(plan.items, start=1)
        ),
    )


def fence_items(fence: FencePlan) -> tuple[WireItem, ...]:
    """The fence as it is sent: polygons as vertices, each with the vertex count of its polygon in ``param1``; then circles
    with the radius in metres in ``param1``."""
    rows = [
        (command, float(len(polygon.points)), *point)
        for command, polygons in (
            (FENCE_POLYGON_INCLUSION, fence.inclusions),
            (FENCE_POLYGON_EXCLUSION, fence.exclusions),
        )
        for polygon in polygons
        for point in polygon.points
    ] + [
        (command, circle.radius_m, circle.lat_deg, circle.lon_deg)
        for command, circles in (
            (FENCE_CIRCLE_INCLUSION, fence.inclusion_circles),
            (FENCE_CIRCLE_EXCLUSION, fence.exclusion_circles),
        )
        for circle in circles
    ]
    return tuple(
        WireItem(MissionKind.FENCE, seq, command, FRAME_GLOBAL, param1, x=degrees_e7(lat), y=degrees_e7(lon))
        for seq, (command, param1, lat, lon) in enumerate(rows)
    )


def rally_items(rally: Sequence[RallyPoint]) -> tuple[WireItem, ...]:
    """Rally points with altitudes above home."""
    return tuple(
        WireItem(
            MissionKind.RALLY, seq, RALLY_POINT, FRAME_GLOBAL_RELATIVE_ALT,
            x=degrees_e7(p.lat_deg), y=degrees_e7(p.lon_deg), z=p.alt_rel_home_m,
        )
        for seq, p in enumerate(rally)
    )  # fmt: skip


def items_of(plan: Plan, kind: MissionKind) -> tuple[WireItem, ...]:
    """The list of one kind, ready to be sent."""
    if kind is MissionKind.MISSION:
        return mission_items(plan)
    return fence_items(plan.fence) if kind is MissionKind.FENCE else rally_items(plan.rally)


def mission_from_items(items: Sequence[WireItem]) -> tuple[MissionItem, ...]:
    """The plan's items from a downloaded mission, home (sequence 0) left out."""
    return tuple(
        MissionItem(i.command, i.frame, i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z, i.autocontinue)
        for i in items
        if i.seq > 0
    )


def fence_from_items(
    items: Sequence[WireItem], alt_max_rel_home_m: float = 150.0, margin_m: float = 5.0
) -> tuple[FencePlan, tuple[str, ...]]:
    """A fence from downloaded items, and in words what of it a :class:`FencePlan` cannot hold (a return point).

    The height and margin are parameters of the aircraft, not items, so they are handed in. Raises :class:`PlanError`
    when a polygon's vertices are not whole, or a circle has no radius.
    """
    circles: dict[int, list[FenceCircle]] = {FENCE_CIRCLE_INCLUSION: [], FENCE_CIRCLE_EXCLUSION: []}
    polygons: dict[int, list[FencePolygon]] = {FENCE_POLYGON_INCLUSION: [], FENCE_POLYGON_EXCLUSION: []}
    left_out: list[str] = []
    index = 0
    while index < len(items):
        item = items[index]
        if item.command in circles:
            if not (math.isfinite(item.param1) and item.param1 > 0.0):
                raise PlanError(
                    f"fence item {item.seq}: a circle with the radius {item.param1:g} m", "upload the fence again"
                )
            round_ones = circles[item.command]
            word = "inclusion" if item.command == FENCE_CIRCLE_INCLUSION else "exclusion"
            place = item.x / _DEGREES_E7, item.y / _DEGREES_E7
            round_ones.append(FenceCircle(f"{word} circle {len(round_ones) + 1}", *place, item.param1))
            index += 1
            continue
        if item.command not in polygons:
            left_out.append(f"fence item {item.seq}: command {item.command} is neither a polygon nor a circle")
            index += 1
            continue
        count = int(item.param1)
        vertices = items[index : index + count]
        if (
            count < 3
            or len(vertices) != count
            or any((v.command, v.param1) != (item.command, item.param1) for v in vertices)
        ):
            raise PlanError(
                f"fence item {item.seq}: its polygon of {count} vertices is not whole", "upload the fence again"
            )
        found = polygons[item.command]
        word = "inclusion" if item.command == FENCE_POLYGON_INCLUSION else "exclusion"
        points = tuple((v.x / _DEGREES_E7, v.y / _DEGREES_E7) for v in vertices)
        found.append(FencePolygon(f"{word} {len(found) + 1}", points))
        index += count
    fence = FencePlan(
        tuple(polygons[FENCE_POLYGON_INCLUSION]),
        tuple(polygons[FENCE_POLYGON_EXCLUSION]),
        alt_max_rel_home_m,
        margin_m,
        inclusion_circles=tuple(circles[FENCE_CIRCLE_INCLUSION]),
        exclusion_circles=tuple(circles[FENCE_CIRCLE_EXCLUSION]),
    )
    return fence, tuple(left_out)


def rally_from_items(items: Iterable[WireItem]) -> tuple[RallyPoint, ...]:
    """Rally points from downloaded items; altitudes are above home as this program sends them."""
    return tuple(RallyPoint(i.x / _DEGREES_E7, i.y / _DEGREES_E7, i.z) for i in items if i.command == RALLY_POINT)


def encode(item: WireItem, target_system: int, target_component: int) -> Any:
    """The ``MISSION_ITEM_INT`` message of an item, not yet packed."""
    return mavlink2.MAVLink_mission_item_int_message(
        target_system, target_component, item.seq, item.frame, item.command, item.current, item.autocontinue,
        item.param1, item.param2, item.param3, item.param4, item.x, item.y, item.z, int(item.kind),
    )  # fmt: skip


def decode(message: Any) -> WireItem:
    """The item of a ``MISSION_ITEM_INT`` message. Raises ``ValueError`` for another mission type."""
    return WireItem(
        MissionKind(message.mission_type), message.seq, message.command, message.frame,
        message.param1, message.param2, message.param3, message.param4,
        message.x, message.y, message.z, message.current, message.autocontinue,
    )  # fmt: skip


def _float32(value: float) -> float:
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


def _same_param(command: int, name: str, sent: float, received: float) -> bool:
    if name in _NOT_STORED.get(command, ()):
        return True
    if math.isnan(sent):
        # NaN is "your default": aircraft without a place for it give 0 back.
        return math.isnan(received) or received == 0.0
    if name in _WHOLE_PARAMS.get(command, ()) and received == math.trunc(sent):
        return True
    return abs(_float32(sent) - received) <= 1e-6 * max(1.0, abs(sent))


def _compare_mission_item(sent: WireItem, received: WireItem) -> list[str]:
    names = [n for n in ("param1", "param2", "param3", "param4")
             if not _same_param(sent.command, n, getattr(sent, n), getattr(received, n))]  # fmt: skip
    names += [n for n in ("x", "y") if getattr(sent, n) != getattr(received, n)]
    if sent.command in LOCATION_COMMANDS:
        if _PLAIN_FRAME.get(sent.frame, sent.frame) != _PLAIN_FRAME.get(received.frame, received.frame):
            names.append("frame")
        # Kept in whole centimetres, cut towards zero.
        if not abs(sent.z - received.z) <= 0.02:
            names.append("z")
    # The frame of an item without a place means nothing, and ArduPilot does not keep it.
    elif not _same_param(sent.command, "z", sent.z, received.z):
        names.append("z")
    return names


def _compare_fence_item(sent: WireItem, received: WireItem) -> list[str]:
    # Frame, altitude and autocontinue come back as 0 whatever was sent; a radius is kept as a 32-bit float.
    names = [n for n in ("x", "y") if getattr(sent, n) != getattr(received, n)]
    return names if _float32(sent.param1) == _float32(received.param1) else ["param1", *names]


def _compare_rally_item(sent: WireItem, received: WireItem) -> list[str]:
    names = [n for n in ("x", "y") if getattr(sent, n) != getattr(received, n)]
    if _PLAIN_FRAME.get(sent.frame, sent.frame) != _PLAIN_FRAME.get(received.frame, received.frame):
        names.append("frame")
    # Rally altitudes are kept in whole metres.
    if not abs(sent.z - received.z) < 1.0:
        names.append("z")
    return names


def compare_items(kind: MissionKind, sent: Sequence[WireItem], received: Sequence[WireItem]) -> list[Difference]:
    """What was read back against what was sent; an empty list means the aircraft holds the same plan.

    Allowed, because aircraft do it and it changes nothing: another home (mission sequence 0); ``*_INT`` frames as plain
    ones; the frame of an item without a place; ``autocontinue`` and ``current``; NaN read back as 0; parameters that
    are kept as whole numbers; altitudes to 2 cm (rally: under 1 m). Latitude and longitude must be the same integers.
    """
    compare = {
        MissionKind.MISSION: _compare_mission_item,
        MissionKind.FENCE: _compare_fence_item,
        MissionKind.RALLY: _compare_rally_item,
    }[kind]
    if kind is MissionKind.MISSION:
        sent, received = [i for i in sent if i.seq > 0], [i for i in received if i.seq > 0]
    if len(sent) != len(received):
        return [Difference(-1, "number of items", len(sent), len(received))]
    differences: list[Difference] = []
    for ours, theirs in zip(sent, received, strict=True):
        if ours.seq != theirs.seq:
            differences.append(Difference(ours.seq, "seq", ours.seq, theirs.seq))
            continue
        names = ["command"] if ours.command != theirs.command else compare(ours, theirs)
        differences += [Difference(ours.seq, n, getattr(ours, n), getattr(theirs, n)) for n in names]
    return differences
