"""Parameters under their present and their former names, so that old and new firmware are read the same way.

ArduPilot renames parameters and changes their units from release to release; a check that asks only for today's name
finds nothing on last year's aircraft and must not take that for "not set".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# Present name -> former names, each with the factor that makes the present unit of it.
_FORMER: Mapping[str, tuple[tuple[str, float], ...]] = MappingProxyType(
    {
        "RTL_ALT_M": (("RTL_ALT", 0.01),),
        "RTL_CLIMB_MIN_M": (("RTL_CLIMB_MIN", 0.01),),
        "RTL_ALT_FINAL_M": (("RTL_ALT_FINAL", 0.01),),
        "RTL_ALTITUDE": (("ALT_HOLD_RTL", 0.01),),
        "AIRSPEED_CRUISE": (("TRIM_ARSPD_CM", 0.01),),
        "WP_SPD": (("WPNAV_SPEED", 0.01),),
        "WP_ACC": (("WPNAV_ACCEL", 0.01),),
        "MAV_GCS_SYSID": (("SYSID_MYGCS", 1.0),),
        "MAV_SYSID": (("SYSID_THISMAV", 1.0),),
        "FENCE_ALT_MAX": (("FENCE_MAXALT", 1.0),),
        "FENCE_ALT_MIN": (("FENCE_MINALT", 1.0),),
        "FENCE_RET_ALT": (("FENCE_RETALT", 1.0),),
        "FENCE_RET_RALLY": (("FENCE_RETRALLY", 1.0),),
        "BATT_FS_LOW_ACT": (("FS_BATT_ENABLE", 1.0),),
        "BATT_LOW_VOLT": (("FS_BATT_VOLTAGE", 1.0),),
        "BATT_LOW_MAH": (("FS_BATT_MAH", 1.0),),
    }
)


def value_of(parameters: Mapping[str, float], name: str) -> float | None:
    """The value of a parameter in the unit of its present name; None when it was read under no name."""
    if name in parameters:
        return parameters[name]
    for former, factor in _FORMER.get(name, ()):
        if former in parameters:
            return parameters[former] * factor
    return None


def name_seen(parameters: Mapping[str, float], name: str) -> str:
    """Under which name this aircraft has it: what an operator must look for. ``name`` when it has neither."""
    if name in parameters:
        return name
    return next((former for former, _ in _FORMER.get(name, ()) if former in parameters), name)


def spellings(names: Iterable[str]) -> tuple[str, ...]:
    """All names to ask for: each with its former ones, none twice."""
    every = (spelling for name in names for spelling in (name, *(former for former, _ in _FORMER.get(name, ()))))
    return tuple(dict.fromkeys(every))


def other_spellings(name: str) -> tuple[str, ...]:
    """Every other name of the same parameter, present or former. Their units may differ: see :func:`value_of`."""
    for present, formers in _FORMER.items():
        names = (present, *(former for former, _ in formers))
        if name in names:
            return tuple(n for n in names if n != name)
    return ()
