"""What ArduPilot's vehicles do with a fence: defaults, actions, sizes and rates that differ from one kind to the next.

From AC_Fence.cpp, AC_PolyFence_loader.cpp and the vehicles' fence tasks of ArduPilot 4.8.0-dev.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from groundstation.vehicle.modes import Family

TYPE_ALT_MAX, TYPE_CIRCLE, TYPE_AREAS, TYPE_ALT_MIN = 1, 2, 4, 8
OPTION_NO_MODE_CHANGE, OPTION_UNION = 1, 2
ACTION_REPORT_ONLY = 0
DEFAULT_RADIUS_M, DEFAULT_ALT_MAX_M, DEFAULT_MARGIN_M = 300.0, 100.0, 2.0
RECOVERY_S = 10.0
"""After a breach further ones are ignored for so long (AC_FENCE_MANUAL_RECOVERY_TIME_MIN)."""

_HEADER_BYTES, _POLYGON_BYTES, _VERTEX_BYTES, _CIRCLE_BYTES, _RETURN_BYTES = 4, 2, 8, 13, 9


@dataclass(frozen=True)
class FenceTable:
    """``check_hz``: how often the aircraft looks; ``guided_checked``: it refuses a GUIDED target outside its fence.

    ``far_outside``: what it does more than 100 m outside, whatever ``FENCE_ACTION`` says; "" for nothing of its own.
    """

    type_default: int
    options_default: int
    storage_bytes: int
    actions: Mapping[int, str]
    check_hz: float
    guided_checked: bool
    has_altitude: bool
    far_outside: str


_COPTER = FenceTable(
    7, 0, 560,
    MappingProxyType({
        0: "only reports", 1: "returns, or lands", 2: "lands", 3: "returns the way it came, or returns, or lands",
        4: "brakes, or lands", 5: "returns the way it came, or lands",
    }),
    25.0, True, True, "lands",
)  # fmt: skip
_PLANE = FenceTable(
    4, OPTION_NO_MODE_CHANGE, 672,
    MappingProxyType({
        0: "only reports", 1: "returns", 6: "flies to the return point", 7: "flies to the return point, throttle free",
        8: "lands by itself, or returns",
    }),
    3.0, False, True, "",
)  # fmt: skip
_ROVER = FenceTable(
    6, 0, 672,
    MappingProxyType({
        0: "only reports", 1: "returns, or holds", 2: "holds", 3: "returns the way it came, or returns, or holds",
        4: "returns the way it came, or holds", 5: "stops its motors", 6: "loiters, or holds",
    }),
    10.0, False, False, "holds",
)  # fmt: skip
_TABLES: Mapping[str, FenceTable] = MappingProxyType({"copter": _COPTER, "plane": _PLANE, "rover": _ROVER})
RETURN_POINT_ACTIONS = frozenset({6, 7})


def fence_table(family: Family) -> FenceTable | None:
    """The table of a kind of vehicle; None for one whose fence is not known."""
    return _TABLES.get(family)


def storage_limit_bytes(table: FenceTable, sd_fence_kb: float) -> int:
    """Room for a fence. ``BRD_SD_FENCE`` (kB on the SD card) takes the place of the board's own storage."""
    return int(sd_fence_kb * 1024) if sd_fence_kb > 0 else table.storage_bytes


def storage_bytes(vertex_counts: list[int], circles: int, return_points: int) -> int:
    """What a fence takes: polygons with so many corners each, circles, return points."""
    polygons = sum(_POLYGON_BYTES + _VERTEX_BYTES * count for count in vertex_counts)
    return _HEADER_BYTES + polygons + _CIRCLE_BYTES * circles + _RETURN_BYTES * return_points
