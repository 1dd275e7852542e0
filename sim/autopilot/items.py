"""One stored item of a mission, fence or rally list, and how ArduCopter rewrites it on its way into storage."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from missions.mavlink import mavlink2 as m
from sim.autopilot.parameters import float32


@dataclass(frozen=True)
class Item:
    """The content of ``MISSION_ITEM_INT`` without addresses; ``x``, ``y`` degrees * 1e7 where it is a place."""

    command: int
    frame: int = m.MAV_FRAME_GLOBAL
    param1: float = 0.0
    param2: float = 0.0
    param3: float = 0.0
    param4: float = 0.0
    x: int = 0
    y: int = 0
    z: float = 0.0
    autocontinue: int = 1


_PLAIN_FRAME = {
    m.MAV_FRAME_MISSION: m.MAV_FRAME_GLOBAL,
    m.MAV_FRAME_GLOBAL: m.MAV_FRAME_GLOBAL,
    m.MAV_FRAME_GLOBAL_INT: m.MAV_FRAME_GLOBAL,
    m.MAV_FRAME_GLOBAL_RELATIVE_ALT: m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT: m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_FRAME_GLOBAL_TERRAIN_ALT: m.MAV_FRAME_GLOBAL_TERRAIN_ALT,
    m.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT: m.MAV_FRAME_GLOBAL_TERRAIN_ALT,
}

# Commands with a place, which are navigated to (NAV) or looked at.
NAV_COMMANDS = frozenset(
    {
        m.MAV_CMD_NAV_WAYPOINT,
        m.MAV_CMD_NAV_LOITER_UNLIM,
        m.MAV_CMD_NAV_LOITER_TURNS,
        m.MAV_CMD_NAV_LOITER_TIME,
        m.MAV_CMD_NAV_RETURN_TO_LAUNCH,
        m.MAV_CMD_NAV_LAND,
        m.MAV_CMD_NAV_TAKEOFF,
        m.MAV_CMD_NAV_SPLINE_WAYPOINT,
        m.MAV_CMD_NAV_DELAY,
    }
)
_LOCATED = (NAV_COMMANDS - {m.MAV_CMD_NAV_RETURN_TO_LAUNCH, m.MAV_CMD_NAV_DELAY}) | {
    m.MAV_CMD_DO_SET_ROI_LOCATION,
    m.MAV_CMD_DO_SET_ROI,
    m.MAV_CMD_DO_SET_HOME,
    m.MAV_CMD_DO_LAND_START,
}
CONDITION_COMMANDS = frozenset({m.MAV_CMD_CONDITION_DELAY, m.MAV_CMD_CONDITION_DISTANCE, m.MAV_CMD_CONDITION_YAW})
_OTHER = frozenset(
    {
        m.MAV_CMD_DO_JUMP,
        m.MAV_CMD_DO_CHANGE_SPEED,
        m.MAV_CMD_DO_SET_ROI_NONE,
        m.MAV_CMD_DO_MOUNT_CONTROL,
        m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW,
        m.MAV_CMD_DO_FENCE_ENABLE,
    }
)
MISSION_COMMANDS = NAV_COMMANDS | CONDITION_COMMANDS | _OTHER | _LOCATED

# Which of param1..4 ArduCopter keeps, as whole or as real numbers; everything else reads back as 0.
_WHOLE = {
    m.MAV_CMD_NAV_WAYPOINT: (1,),
    m.MAV_CMD_NAV_SPLINE_WAYPOINT: (1,),
    m.MAV_CMD_NAV_LOITER_UNLIM: (3,),
    m.MAV_CMD_NAV_LOITER_TURNS: (1, 3, 4),
    m.MAV_CMD_NAV_LOITER_TIME: (1,),
    m.MAV_CMD_NAV_LAND: (1,),
    m.MAV_CMD_NAV_TAKEOFF: (1,),
    m.MAV_CMD_DO_JUMP: (1, 2),
    m.MAV_CMD_DO_SET_ROI: (1,),
    m.MAV_CMD_DO_SET_ROI_LOCATION: (1,),
    m.MAV_CMD_DO_SET_ROI_NONE: (1,),
    m.MAV_CMD_DO_SET_HOME: (1,),
    m.MAV_CMD_DO_FENCE_ENABLE: (1,),
    m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW: (1, 2, 3, 4),
}
_REAL = {
    m.MAV_CMD_CONDITION_DELAY: (1,),
    m.MAV_CMD_CONDITION_DISTANCE: (1,),
    m.MAV_CMD_CONDITION_YAW: (1, 2, 3, 4),
    m.MAV_CMD_DO_CHANGE_SPEED: (1, 2, 3),
    m.MAV_CMD_DO_MOUNT_CONTROL: (1, 2, 3),
    m.MAV_CMD_NAV_DELAY: (1, 2, 3, 4),
}
# Which may have no heading: NaN in param4.
_HEADING_OPTIONAL = frozenset(
    {m.MAV_CMD_NAV_WAYPOINT, m.MAV_CMD_NAV_LOITER_UNLIM, m.MAV_CMD_NAV_LAND, m.MAV_CMD_NAV_TAKEOFF}
)


def is_located(command: int) -> bool:
    """Whether ``x``, ``y``, ``z`` of the command are a place."""
    return command in _LOCATED


def valid_lat_lon(x: int, y: int) -> bool:
    """Whether ``x``, ``y`` (degrees * 1e7) are on the globe."""
    return abs(x) <= 900_000_000 and abs(y) <= 1_800_000_000


def _invalid_param(item: Item) -> int:
    """The ``MAV_MISSION_RESULT`` of a parameter that cannot be stored, or ACCEPTED."""
    for number in (1, 2, 3, 4):
        value = getattr(item, f"param{number}")
        no_heading = number == 4 and math.isnan(value) and item.command in _HEADING_OPTIONAL
        if not math.isfinite(value) and not no_heading:
            return int(getattr(m, f"MAV_MISSION_INVALID_PARAM{number}"))
    if item.command in (m.MAV_CMD_NAV_WAYPOINT, m.MAV_CMD_NAV_SPLINE_WAYPOINT) and not 0 <= item.param1 <= 65535:
        return int(m.MAV_MISSION_INVALID_PARAM1)
    if item.command in _LOCATED:
        if abs(item.x) > 900_000_000:
            return int(m.MAV_MISSION_INVALID_PARAM5_X)
        if abs(item.y) > 1_800_000_000:
            return int(m.MAV_MISSION_INVALID_PARAM6_Y)
    if not math.isfinite(item.z):
        return int(m.MAV_MISSION_INVALID_PARAM7)
    return int(m.MAV_MISSION_ACCEPTED)


def store_mission_item(item: Item) -> tuple[int, Item]:
    """``(MAV_MISSION_RESULT, the item as it will read back)``.

    ArduCopter keeps 15 bytes an item: whole numbers for hold times and radii, centimetres for heights, and nothing for
    parameters it has no use for.
    """
    if item.command in (0, 1):
        return int(m.MAV_MISSION_INVALID), item
    if item.command not in MISSION_COMMANDS:
        return int(m.MAV_MISSION_UNSUPPORTED), item
    bad = _invalid_param(item)
    if bad != m.MAV_MISSION_ACCEPTED:
        return bad, item
    frame, x, y, z = int(m.MAV_FRAME_GLOBAL), 0, 0, 0.0
    if item.command in _LOCATED:
        if item.frame not in _PLAIN_FRAME:
            return int(m.MAV_MISSION_UNSUPPORTED_FRAME), item
        # Whole centimetres, cut off after a product in float32.
        frame, x, y, z = _PLAIN_FRAME[item.frame], item.x, item.y, math.trunc(float32(item.z * 100.0)) / 100.0
    elif item.command == m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW:
        x, z = item.x, item.z
    elif item.command == m.MAV_CMD_DO_MOUNT_CONTROL:
        z = item.z
    whole, real = _WHOLE.get(item.command, ()), _REAL.get(item.command, ())
    kept = [0.0, 0.0, 0.0, 0.0]
    for number in (1, 2, 3, 4):
        value = float(getattr(item, f"param{number}"))
        if number in real:
            kept[number - 1] = float32(value)
        elif number in whole:
            kept[number - 1] = float(math.trunc(value))
    if item.command == m.MAV_CMD_NAV_LOITER_TURNS:
        if 0 < item.param1 < 1:
            kept[0] = math.trunc(item.param1 * 256.0) / 256.0
        if abs(item.param3) > 255:
            kept[2] = math.copysign(min(255, math.trunc(abs(item.param3) * 0.1)) * 10.0, item.param3)
        kept[3] = float(item.param4 > 0)
    elif item.command == m.MAV_CMD_NAV_LOITER_TIME:
        # Only the sense of turning and the way out survive.
        kept[2], kept[3] = (-1.0 if item.param3 < 0 else 1.0), float(item.param4 > 0)
    elif item.command == m.MAV_CMD_NAV_LAND:
        kept[3] = -1.0 if item.param4 < 0 else 1.0
    stored = replace(
        item, frame=frame, x=x, y=y, z=z, param1=kept[0], param2=kept[1], param3=kept[2], param4=kept[3], autocontinue=1
    )
    return int(m.MAV_MISSION_ACCEPTED), stored
