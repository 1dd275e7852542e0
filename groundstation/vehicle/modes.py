"""Flight modes by name. ``custom_mode`` of a HEARTBEAT, as ArduPilot numbers them per vehicle."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

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
AUTOPILOTS: Mapping[int, str] = MappingProxyType({0: "generic", 3: "ArduPilot", 12: "PX4"})


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


def mode_name(mav_type: int, custom_mode: int) -> str:
    """The name of a mode, ``"MODE 42"`` for one that is not in the tables."""
    return _TABLES.get(family(mav_type), {}).get(custom_mode, f"MODE {custom_mode}")


def mode_number(vehicle_family: Family, name: str) -> int | None:
    """The ``custom_mode`` of a name, or None when this kind of vehicle has no such mode."""
    return next((n for n, known in _TABLES.get(vehicle_family, {}).items() if known == name), None)
