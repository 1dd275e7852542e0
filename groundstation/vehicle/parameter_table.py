"""What this station knows of the parameters that it uses: unit, range, values, and whether a restart is needed.

The facts were read in ArduPilot's own parameter descriptions (Copter, Plane and Rover, 4.6 to 4.8-dev). The table holds
only what this station shows or sets; a parameter that is not in it can be set, with a warning that nothing is known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from groundstation.vehicle.firmware_names import spellings


@dataclass(frozen=True)
class ParameterFacts:
    """``low`` and ``high`` are the range that ArduPilot recommends; ``values`` what single numbers or bits mean.

    ``by_family``: the same where a number means one thing to a copter and another to a plane. ``bits``: the value is a
    sum of ``values``. ``reboot``: a change takes effect after the next start.
    """

    name: str
    text: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    values: Mapping[int, str] = field(default_factory=dict)
    by_family: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    bits: bool = False
    reboot: bool = False

    def meanings(self, family: str = "") -> Mapping[int, str]:
        """What the numbers mean to a "copter", "plane" or "rover"; nothing where that is not known."""
        return self.values or self.by_family.get(family, {})

    def words(self, value: float, family: str = "") -> str:
        """A value for an operator, e.g. ``"5 (max altitude, polygons and circles)"``."""
        values = self.meanings(family)
        number = f"{value:g}{' ' + self.unit if self.unit else ''}"
        if not values or value != int(value):
            return number
        if not self.bits:
            return f"{number} ({values[int(value)]})" if int(value) in values else number
        names = [text for bit, text in values.items() if int(value) & bit]
        return f"{number} ({', '.join(names)})" if names else number


@dataclass(frozen=True)
class EditCheck:
    """What speaks for and against a change. ``errors`` forbid it; ``notes`` are told."""

    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it may be sent."""
        return not self.errors


def _facts(*rows: ParameterFacts) -> Mapping[str, ParameterFacts]:
    return MappingProxyType({row.name: row for row in rows})


_OFF_ON = {0: "off", 1: "on"}
_FENCE_TYPE = {1: "max altitude", 2: "circle around home", 4: "polygons and circles", 8: "min altitude"}
_GCS_ACTION = {
    0: "off", 1: "RTL", 3: "SmartRTL or RTL", 4: "SmartRTL or land", 5: "land", 6: "DO_LAND_START or RTL",
    7: "brake or land",
}  # fmt: skip
_BATTERY_ACTION = {
    "copter": {
        0: "warn only", 1: "land", 2: "RTL", 3: "SmartRTL or RTL", 4: "SmartRTL or land", 5: "terminate",
        6: "DO_LAND_START or RTL", 7: "brake or land",
    },
    "plane": {
        0: "warn only", 1: "RTL", 2: "land", 3: "terminate", 4: "QLAND", 5: "parachute", 6: "loiter to QLAND",
        7: "AUTOLAND or RTL",
    },
    "rover": {
        0: "warn only", 1: "RTL", 2: "hold", 3: "SmartRTL", 4: "SmartRTL or hold", 5: "terminate", 6: "loiter or hold",
    },
}  # fmt: skip
_FENCE_ACTION = {
    "copter": {
        0: "report only", 1: "RTL or land", 2: "land", 3: "SmartRTL or RTL or land", 4: "brake or land",
        5: "SmartRTL or land",
    },
    "plane": {0: "report only", 1: "RTL", 6: "guided", 7: "guided, throttle passed", 8: "AUTOLAND or RTL"},
    "rover": {
        0: "report only", 1: "RTL or hold", 2: "hold", 3: "SmartRTL or RTL or hold", 4: "SmartRTL or hold", 5: "terminate",
        6: "loiter or hold",
    },
}  # fmt: skip

FACTS: Mapping[str, ParameterFacts] = _facts(
    ParameterFacts("FENCE_ENABLE", "the fence is on", whole=True, low=0, high=1, values=_OFF_ON),
    ParameterFacts("FENCE_TYPE", "which fences are on", whole=True, low=0, high=15, values=_FENCE_TYPE, bits=True),
    ParameterFacts("FENCE_ACTION", "what is done on a breach", whole=True, low=0, high=8, by_family=_FENCE_ACTION),
    ParameterFacts("FENCE_ALT_MAX", "ceiling above home", "m", 10, 1000),
    ParameterFacts("FENCE_ALT_MIN", "floor above home", "m", -100, 100),
    ParameterFacts("FENCE_RADIUS", "circle around home", "m", 30, 10000),
    ParameterFacts("FENCE_MARGIN", "distance kept from the fence", "m", 1, 10),
    ParameterFacts("FENCE_MARGIN_XY", "distance kept sideways, 0 = FENCE_MARGIN", "m", 0, 50),
    ParameterFacts("FENCE_AUTOENABLE", "switched on by itself", whole=True, low=0, high=3,
                   values={0: "no", 1: "at take-off", 2: "at take-off, floor off for landing", 3: "when armed"}),
    ParameterFacts("FENCE_OPTIONS", "fence options", whole=True, low=0, high=7, bits=True,
                   values={1: "no mode change outside", 2: "union of inclusions", 4: "texts at the margin"}),
    ParameterFacts("FENCE_TOTAL", "fence items on the aircraft", whole=True, low=0, high=255),
    ParameterFacts("RALLY_TOTAL", "rally points on the aircraft", whole=True, low=0, high=255),
    ParameterFacts("RALLY_LIMIT_KM", "rally points further away are not used", "km", 0),
    ParameterFacts("FS_GCS_ENABLE", "what is done when this station is not heard", whole=True, low=0, high=7,
                   by_family={"copter": _GCS_ACTION}),
    ParameterFacts("FS_GCS_ENABL", "whether the loss of this station counts (Plane)", whole=True, low=0, high=3,
                   values={0: "off", 1: "heartbeat", 2: "heartbeat and remote RSSI", 3: "heartbeat, in AUTO only"}),
    ParameterFacts("FS_GCS_TIMEOUT", "silence of this station until it acts", "s", 2, 120),
    ParameterFacts("FS_OPTIONS", "failsafe options", whole=True, low=0, bits=True,
                   values={1: "go on in AUTO on radio loss", 2: "go on in AUTO on station loss",
                           4: "go on in GUIDED on radio loss", 8: "go on landing", 16: "go on piloted on station loss",
                           32: "release gripper"}),
    ParameterFacts("FS_LONG_ACTN", "what a long failsafe does (Plane)", whole=True, low=0, high=5,
                   values={0: "go on", 1: "return", 2: "glide", 3: "parachute", 4: "AUTO"}),
    ParameterFacts("FS_LONG_TIMEOUT", "until a failsafe is a long one (Plane)", "s", 1, 300),
    ParameterFacts("FS_EKF_THRESH", "variance at which the position counts as lost, 0 = off", "", 0.0, 1.0),
    ParameterFacts("BATT_FS_LOW_ACT", "what is done on a low battery", whole=True, low=0, high=7, by_family=_BATTERY_ACTION),
    ParameterFacts("BATT_FS_CRT_ACT", "what is done on a critical battery", whole=True, low=0, high=7, by_family=_BATTERY_ACTION),
    ParameterFacts("BATT_LOW_VOLT", "low battery, 0 = not by voltage", "V", 0, 120),
    ParameterFacts("BATT_CRT_VOLT", "critical battery, 0 = not by voltage", "V", 0, 120),
    ParameterFacts("BATT_LOW_MAH", "low battery, charge left", "mAh", 0),
    ParameterFacts("BATT_CRT_MAH", "critical battery, charge left", "mAh", 0),
    ParameterFacts("BATT_CAPACITY", "charge of a full battery", "mAh", 0),
    ParameterFacts("BATT_MONITOR", "how the battery is measured", whole=True, low=0, reboot=True),
    ParameterFacts("MAV_GCS_SYSID", "system id of the station that is obeyed", whole=True, low=1, high=255),
    ParameterFacts("MAV_GCS_SYSID_HI", "end of the range of stations that are obeyed, 0 = one", whole=True, low=0, high=255),
    ParameterFacts("MAV_SYSID", "system id of the aircraft", whole=True, low=1, high=255, reboot=True),
    ParameterFacts("RTL_ALT_M", "height of return above home", "m", 0, 3000),
    ParameterFacts("RTL_ALT", "height of return above home (before 4.7)", "cm", 0, 300000),
    ParameterFacts("RTL_ALTITUDE", "height of return above home, -1 = as it is (Plane)", "m", -1),
    ParameterFacts("WP_SPD", "speed between waypoints", "m/s", 0.1, 20),
    ParameterFacts("WPNAV_SPEED", "speed between waypoints (before 4.7)", "cm/s", 10, 2000),
    ParameterFacts("MIS_RESTART", "a mission entered again", whole=True, low=0, high=1,
                   values={0: "goes on", 1: "begins anew"}),
    ParameterFacts("TERRAIN_ENABLE", "heights of the ground are kept", whole=True, low=0, high=1, values=_OFF_ON),
    ParameterFacts("TERRAIN_SPACING", "distance between heights of the ground", "m", 1, reboot=True),
    ParameterFacts("BRD_SD_MISSION", "kilobytes of the card for missions", "kB", 0, 64, whole=True, reboot=True),
    ParameterFacts("BRD_SD_FENCE", "kilobytes of the card for fences", "kB", 0, 64, whole=True, reboot=True),
)  # fmt: skip


def facts_of(name: str) -> ParameterFacts | None:
    """What is known of a parameter under any of its names; a former name with another unit has facts of its own."""
    if name in FACTS:
        return FACTS[name]
    return next((facts for known, facts in FACTS.items() if name in spellings([known])), None)


def check_edit(name: str, value: float, old: float | None = None, armed: bool = False, family: str = "") -> EditCheck:
    """Whether a parameter may be set to ``value``; ``old`` is what the aircraft has, None when it has none."""
    errors: list[str] = []
    notes: list[str] = []
    facts = facts_of(name)
    if not math.isfinite(value):
        errors.append(f"{name}: {value} is not a number")
    if old is None:
        errors.append(f"{name}: the aircraft has no such parameter, or it was not read")
    if facts is None:
        notes.append(f"{name}: nothing is known of its range here")
    elif math.isfinite(value):
        if facts.whole and value != int(value):
            errors.append(f"{name}: {value:g} is not a whole number")
        if not facts.low <= value <= facts.high:
            errors.append(f"{name}: {value:g} is not between {facts.low:g} and {facts.high:g} {facts.unit}".rstrip())
        known = facts.meanings(family)
        if known and not facts.bits and value == int(value) and int(value) not in known:
            notes.append(f"{name}: {value:g} is none of {', '.join(f'{n} {t}' for n, t in known.items())}")
        if facts.reboot and old is not None and value != old:
            notes.append(f"{name}: takes effect after the aircraft was started again")
    if armed:
        notes.append(f"{name}: the aircraft is armed")
    return EditCheck(tuple(errors), tuple(notes))
