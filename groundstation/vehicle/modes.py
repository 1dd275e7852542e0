"""Flight modes by name: ``custom_mode`` of a HEARTBEAT, as ArduPilot numbers them per vehicle, PX4 by main and sub mode,
and as an aircraft lists them itself (AVAILABLE_MODES)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from groundstation.core.records import FlightMode, VehicleState

Family = Literal["copter", "plane", "rover", "unknown"]

# ArduCopter/mode.h, ArduPlane/mode.h and Rover/mode.h, 4.8.0-dev.
COPTER_MODES: Mapping[int, str] = MappingProxyType(
    {
        0: "STABILIZE", 1: "ACRO", 2: "ALT_HOLD", 3: "AUTO", 4: "GUIDED", 5: "LOITER", 6: "RTL", 7: "CIRCLE",
        9: "LAND", 11: "DRIFT", 13: "SPORT", 14: "FLIP", 15: "AUTOTUNE", 16: "POSHOLD", 17: "BRAKE", 18: "THROW",
        19: "AVOID_ADSB", 20: "GUIDED_NOGPS", 21: "SMART_RTL", 22: "FLOWHOLD", 23: "FOLLOW", 24: "ZIGZAG",
        25: "SYSTEMID", 26: "AUTOROTATE", 27: "AUTO_RTL", 28: "TURTLE",
    }
)  # fmt: skip
PLANE_MODES: Mapping[int, str] = MappingProxyType(
    {
        0: "MANUAL", 1: "CIRCLE", 2: "STABILIZE", 3: "TRAINING", 4: "ACRO", 5: "FBWA", 6: "FBWB", 7: "CRUISE",
        8: "AUTOTUNE", 10: "AUTO", 11: "RTL", 12: "LOITER", 13: "TAKEOFF", 14: "AVOID_ADSB", 15: "GUIDED",
        16: "INITIALISING", 17: "QSTABILIZE", 18: "QHOVER", 19: "QLOITER", 20: "QLAND", 21: "QRTL", 22: "QAUTOTUNE",
        23: "QACRO", 24: "THERMAL", 25: "LOITER_ALT_QLAND", 26: "AUTOLAND",
    }
)  # fmt: skip
ROVER_MODES: Mapping[int, str] = MappingProxyType(
    {
        0: "MANUAL", 1: "ACRO", 3: "STEERING", 4: "HOLD", 5: "LOITER", 6: "FOLLOW", 7: "SIMPLE", 8: "DOCK",
        9: "CIRCLE", 10: "AUTO", 11: "RTL", 12: "SMART_RTL", 15: "GUIDED", 16: "INITIALISING",
    }
)  # fmt: skip
_TABLES: Mapping[str, Mapping[int, str]] = MappingProxyType(
    {"copter": COPTER_MODES, "plane": PLANE_MODES, "rover": ROVER_MODES}
)

# MAV_TYPE values of MAVLink's minimal dialect.
_COPTER_TYPES = {2: "quadrotor", 3: "coaxial", 4: "helicopter", 13: "hexarotor", 14: "octorotor", 15: "tricopter",
                 29: "dodecarotor", 35: "decarotor"}  # fmt: skip
_PLANE_TYPES = {1: "fixed wing", 19: "VTOL", 20: "VTOL", 21: "VTOL", 22: "VTOL", 23: "VTOL", 24: "VTOL", 25: "VTOL"}
_ROVER_TYPES = {10: "ground rover", 11: "surface boat"}
# What flies or drives, as opposed to a ground station, gimbal, camera, ADS-B receiver and so on.
VEHICLE_TYPES: Mapping[int, str] = MappingProxyType(
    {**_COPTER_TYPES, **_PLANE_TYPES, **_ROVER_TYPES, 0: "generic", 7: "airship", 12: "submarine"}
)
ARDUPILOT, PX4 = 3, 12
AUTOPILOTS: Mapping[int, str] = MappingProxyType({0: "generic", ARDUPILOT: "ArduPilot", PX4: "PX4"})


def family(mav_type: int) -> Family:
    """Which mode table a ``MAV_TYPE`` uses."""
    if mav_type in _COPTER_TYPES:
        return "copter"
    if mav_type in _PLANE_TYPES:
        return "plane"
    return "rover" if mav_type in _ROVER_TYPES else "unknown"


def family_of_name(vehicle_type: str) -> Family:
    """Which mode table a ``VehicleState.vehicle_type`` uses."""
    for mav_type, name in VEHICLE_TYPES.items():
        if name == vehicle_type:
            return family(mav_type)
    return "unknown"


# PX4's main and sub mode (px4_custom_mode.h): bytes 2 and 3 of custom_mode.
_PX4_MAIN: Mapping[int, str] = MappingProxyType(
    {
        1: "MANUAL", 2: "ALTITUDE", 3: "POSITION", 4: "AUTO", 5: "ACRO", 6: "OFFBOARD", 7: "STABILIZED",
        8: "RATTITUDE", 9: "SIMPLE", 10: "TERMINATION",
    }
)  # fmt: skip
_PX4_AUTO: Mapping[int, str] = MappingProxyType(
    {
        1: "READY", 2: "TAKEOFF", 3: "HOLD", 4: "MISSION", 5: "RETURN", 6: "LAND", 8: "FOLLOW_TARGET",
        9: "PRECISION_LAND", 10: "VTOL_TAKEOFF",
    }
)  # fmt: skip
_PX4_POSITION: Mapping[int, str] = MappingProxyType({1: "ORBIT", 2: "POSITION_SLOW"})
_PX4_FIRST_EXTERNAL, _PX4_LAST_EXTERNAL = 11, 18


def canonical(name: str) -> str:
    """A mode's name as this station writes it: ``"Smart RTL"`` is ``"SMART_RTL"``."""
    return "_".join(name.replace("_", " ").split()).upper()


def mode_name(
    mav_type: int, custom_mode: int, autopilot: int = ARDUPILOT, advertised: Iterable[FlightMode] = ()
) -> str:
    """The name of a mode, ``"MODE 42"`` for one that is in no table.

    The firmware's table comes first, so that a mode has one name whatever an aircraft calls it; ``advertised``, the
    aircraft's own list, names what the table does not know (a script's mode, a newer firmware's).
    """
    known = _px4_mode_name(custom_mode) if autopilot == PX4 else None
    if autopilot == ARDUPILOT:
        known = _TABLES.get(family(mav_type), {}).get(custom_mode)
    if known is None:
        known = next((canonical(m.name) for m in advertised if m.number == custom_mode and m.name), None)
    return known or f"MODE {custom_mode}"


def _px4_mode_name(custom_mode: int) -> str | None:
    main, sub = custom_mode >> 16 & 0xFF, custom_mode >> 24 & 0xFF
    if main == 4 and _PX4_FIRST_EXTERNAL <= sub <= _PX4_LAST_EXTERNAL:
        return None  # a mode that a companion has registered: only the aircraft's own list knows its name
    special = {4: _PX4_AUTO, 3: _PX4_POSITION}.get(main, {}).get(sub)
    return special or _PX4_MAIN.get(main)


def mode_number(vehicle_family: Family, name: str) -> int | None:
    """The ``custom_mode`` of a name in the firmware's table, or None when this kind of vehicle has no such mode."""
    return next((n for n, known in _TABLES.get(vehicle_family, {}).items() if known == name), None)


@dataclass(frozen=True)
class ModeChoice:
    """The number to command for a mode, or why there is none."""

    number: int | None
    reason: str = ""


def choose_mode(state: VehicleState, name: str) -> ModeChoice:
    """What to command for the mode ``name`` on this aircraft; by its own list where that is whole, else by the table."""
    wanted = canonical(name)
    vehicle_family = family_of_name(state.vehicle_type)
    number = mode_number(vehicle_family, wanted)
    listed = [m for m in state.available_modes if m.number == number or canonical(m.name) == wanted]
    if listed:
        if not listed[0].selectable:
            return ModeChoice(None, f"mode {wanted} cannot be chosen: the aircraft enters it by itself")
        return ModeChoice(listed[0].number)
    if modes_complete(state):
        return ModeChoice(None, f"this aircraft has no mode {wanted}; it has {', '.join(mode_names(state))}")
    if number is None:
        return ModeChoice(None, f"a {state.vehicle_type or 'vehicle of unknown type'} has no mode {wanted}")
    return ModeChoice(number)


def modes_complete(state: VehicleState) -> bool:
    """Whether the aircraft's own list of modes has come whole."""
    return 0 < state.modes_expected == len(state.available_modes)


def mode_names(state: VehicleState) -> tuple[str, ...]:
    """The modes that can be chosen on this aircraft, in the order of their numbers."""
    vehicle_family = family_of_name(state.vehicle_type)
    table = _TABLES.get(vehicle_family, {})
    if modes_complete(state):
        listed = {m.number: table.get(m.number, canonical(m.name)) for m in state.available_modes if m.selectable}
        return tuple(listed[number] for number in sorted(listed))
    return tuple(table.values()) if state.autopilot == AUTOPILOTS[ARDUPILOT] else ()
