"""The fence as the aircraft sees it: from what it says and holds, never from what was sent.

What counts: bit 20 of ``SYS_STATUS`` (present, enabled, health), ``FENCE_STATUS``, the ``FENCE_*`` parameters and the
fence items, both read from the aircraft. Whatever of these was never read leaves a verdict "unknown".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geofences.geodesy import LocalFrame
from groundstation.core.records import VehicleId
from groundstation.core.safety_records import CheckItem, FenceForce, FenceKind, FenceReport, FenceVerdict
from groundstation.vehicle import fence_tables as t
from groundstation.vehicle.fence_shapes import FenceRegion, FenceShapes, read_shapes
from groundstation.vehicle.firmware_names import value_of
from groundstation.vehicle.modes import Family
from missions.codec import WireItem

FENCE_PARAMETERS = (
    "FENCE_ENABLE", "FENCE_TYPE", "FENCE_ACTION", "FENCE_ALT_MAX", "FENCE_ALT_MIN", "FENCE_RADIUS", "FENCE_MARGIN",
    "FENCE_MARGIN_XY", "FENCE_OPTIONS", "FENCE_AUTOENABLE", "FENCE_TOTAL", "BRD_SD_FENCE",
)  # fmt: skip
"""What to read of an aircraft; some firmware lacks the last ones."""

_GEOFENCE = 0x100000
_KINDS: tuple[tuple[FenceKind, int], ...] = (
    ("areas", t.TYPE_AREAS),
    ("home_circle", t.TYPE_CIRCLE),
    ("ceiling", t.TYPE_ALT_MAX),
    ("floor", t.TYPE_ALT_MIN),
)
_BREACH_WORDS = {1: "below its floor", 2: "above its ceiling", 3: "across a circle or an area's edge"}
_TYPE_WORDS = {
    t.TYPE_ALT_MAX: "ceiling",
    t.TYPE_CIRCLE: "circle around home",
    t.TYPE_AREAS: "areas",
    t.TYPE_ALT_MIN: "floor",
}


@dataclass(frozen=True)
class FenceBits:
    """Bit 20 of ``SYS_STATUS``. ``enabled`` is off when the fence is off, and also when it only reports."""

    present: bool
    enabled: bool
    healthy: bool

    @classmethod
    def of(cls, sys_status: Any) -> FenceBits:
        """From a ``SYS_STATUS``."""
        return cls(
            bool(sys_status.onboard_control_sensors_present & _GEOFENCE),
            bool(sys_status.onboard_control_sensors_enabled & _GEOFENCE),
            bool(sys_status.onboard_control_sensors_health & _GEOFENCE),
        )


@dataclass(frozen=True)
class FenceStatusSeen:
    """A ``FENCE_STATUS``. It comes only while a fence is enabled, also an only reporting one: its absence says nothing."""

    breached: bool
    breach_count: int
    breach_type: int


@dataclass(frozen=True)
class FenceSight:
    """Everything that one aircraft has told of its fence. ``items`` None: never read back."""

    vehicle_id: VehicleId
    family: Family
    bits: FenceBits | None = None
    status: FenceStatusSeen | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    items: tuple[WireItem, ...] | None = None
    home_lat_deg: float = math.nan
    home_lon_deg: float = math.nan
    home_alt_amsl_m: float = math.nan
    armed: bool = False

    def value(self, name: str) -> float | None:
        """A parameter under its present or former name."""
        return value_of(self.parameters, name)

    def bit(self, kind_bit: int) -> bool | None:
        """Whether ``FENCE_TYPE`` names a kind; None when it was not read. A rover has no altitude to fence."""
        kinds = self.value("FENCE_TYPE")
        table = t.fence_table(self.family)
        if kinds is None or table is None:
            return None
        allowed = 0xF if table.has_altitude else t.TYPE_CIRCLE | t.TYPE_AREAS
        return bool(int(kinds) & allowed & kind_bit)

    @property
    def union(self) -> bool | None:
        """Whether any inclusion will do; firmware without ``FENCE_OPTIONS`` intersects, an unread one is None."""
        options = self.value("FENCE_OPTIONS")
        return None if options is None else bool(int(options) & t.OPTION_UNION)

    @property
    def margin_xy_m(self) -> float | None:
        """The horizontal margin: ``FENCE_MARGIN_XY`` where it is set, else ``FENCE_MARGIN``."""
        horizontal = self.value("FENCE_MARGIN_XY")
        return horizontal if horizontal is not None and horizontal > 0.0 else self.value("FENCE_MARGIN")

    @property
    def home_known(self) -> bool:
        """Whether the aircraft has told its home."""
        return math.isfinite(self.home_lat_deg) and math.isfinite(self.home_lon_deg)

    @property
    def shapes(self) -> FenceShapes | None:
        """The areas it holds, None when they were never read back."""
        return None if self.items is None else read_shapes(self.items)

    def frame(self) -> LocalFrame | None:
        """A frame at home, else at the first item; None when neither is known."""
        if self.home_known:
            return LocalFrame(self.home_lat_deg, self.home_lon_deg)
        return LocalFrame(self.items[0].x / 1e7, self.items[0].y / 1e7) if self.items else None

    def region(self) -> FenceRegion | None:
        """Where the kinds that ``FENCE_TYPE`` names let it be; None when that cannot be told."""
        shapes, frame, areas, circle = self.shapes, self.frame(), self.bit(t.TYPE_AREAS), self.bit(t.TYPE_CIRCLE)
        if shapes is None or frame is None or areas is None or circle is None:
            return None
        radius_m = self.value("FENCE_RADIUS")
        if circle and (radius_m is None or not self.home_known):
            return None
        around = ((self.home_lat_deg, self.home_lon_deg), radius_m or 0.0) if circle else None
        return FenceRegion(shapes if areas else FenceShapes(), frame, bool(self.union), around)


def type_words(kinds: int) -> str:
    """``FENCE_TYPE`` in words."""
    return ", ".join(word for bit, word in _TYPE_WORDS.items() if kinds & bit) or "nothing"


def judge_fence(sight: FenceSight, t_utc_us: int, more: Sequence[CheckItem] = ()) -> FenceReport:
    """A verdict for each kind of fence and the findings about all of them, with ``more`` of others put among them."""
    verdicts = tuple(_verdict(sight, kind, bit) for kind, bit in _KINDS)
    found = [f for f in (*_general(sight), *more) if f.state != "ok"]
    order = {"failed": 0, "unknown": 1, "warning": 2}
    return FenceReport(sight.vehicle_id, t_utc_us, verdicts, tuple(sorted(found, key=lambda f: order[f.state])))


def _verdict(sight: FenceSight, kind: FenceKind, bit: int) -> FenceVerdict:
    named, shapes = sight.bit(bit), sight.shapes
    if t.fence_table(sight.family) is None:
        return FenceVerdict(kind, "unknown", f"no table of the fences of a {sight.family} vehicle")
    if kind == "areas":
        if shapes is None:
            return FenceVerdict(kind, "unknown", "the areas were not read back", "read the fence back")
        if not shapes.areas:
            return FenceVerdict(kind, "absent", "the aircraft holds no area", "upload the plan")
        if named is False:
            return FenceVerdict(
                kind, "type_bit_missing",
                f"the aircraft holds {shapes.words}, but FENCE_TYPE leaves areas out: they do nothing",
                "set bit 2 (value 4) of FENCE_TYPE",
            )  # fmt: skip
    if named is None:
        return FenceVerdict(kind, "unknown", "FENCE_TYPE was not read", "read the parameters")
    if not named:
        return FenceVerdict(kind, "absent", "not named in FENCE_TYPE")
    force = _force(sight, bit)
    return FenceVerdict(kind, force, f"{_what(sight, kind)}: {_FORCE_WORDS[force]}", _FORCE_REMEDIES.get(force, ""))


def _what(sight: FenceSight, kind: FenceKind) -> str:
    if kind == "areas":
        shapes = sight.shapes
        return shapes.words if shapes is not None else "areas"
    name, word = {
        "home_circle": ("FENCE_RADIUS", "circle of {} m around home"),
        "ceiling": ("FENCE_ALT_MAX", "ceiling {} m above home"),
        "floor": ("FENCE_ALT_MIN", "floor {} m above home"),
    }[kind]
    value = sight.value(name)
    return word.format("an unknown number of" if value is None else f"{value:g}")


_FORCE_WORDS: dict[FenceForce, str] = {
    "in_force": "in force",
    "breached": "breached",
    "report_only": "only reported (FENCE_ACTION 0)",
    "not_enabled": "not enabled",
    "on_arming": "enabled by itself at arming",
    "by_command": "enabled by a command, until the next restart",
    "unknown": "not known",
}
_FORCE_REMEDIES: dict[FenceForce, str] = {
    "breached": "bring it back inside",
    "report_only": "set FENCE_ACTION to 1",
    "not_enabled": "set FENCE_ENABLE to 1",
    "by_command": "set FENCE_ENABLE to 1",
    "unknown": "read the parameters, and wait for SYS_STATUS",
}


def _force(sight: FenceSight, bit: int) -> FenceForce:
    """Of a kind that ``FENCE_TYPE`` names and for which there is something to keep."""
    bits, action, enable = sight.bits, sight.value("FENCE_ACTION"), sight.value("FENCE_ENABLE")
    if bits is None or action is None:
        return "unknown"
    if _breached(sight, bit):
        return "breached"
    if action == t.ACTION_REPORT_ONLY:
        # Whether it is enabled cannot be seen then: the bit is off either way.
        return "report_only"
    if not bits.enabled:
        return "on_arming" if sight.value("FENCE_AUTOENABLE") == 3.0 and not sight.armed else "not_enabled"
    if enable is None:
        return "unknown"
    return "in_force" if enable == 1.0 or sight.value("FENCE_AUTOENABLE") else "by_command"


def _breached(sight: FenceSight, bit: int) -> bool:
    """Whether this kind is breached. The type of a breach does not tell a circle from an area."""
    status = sight.status
    if sight.bits is None or sight.bits.healthy:
        return False
    if status is None or not status.breached:
        return True
    kind = {1: t.TYPE_ALT_MIN, 2: t.TYPE_ALT_MAX, 3: t.TYPE_CIRCLE | t.TYPE_AREAS}.get(status.breach_type, 0xF)
    return bool(kind & bit)


def _general(sight: FenceSight) -> list[CheckItem]:
    """What concerns all kinds of fence."""
    table = t.fence_table(sight.family)
    if table is None:
        return [CheckItem("fence_family", f"No table of the fences of a {sight.family} vehicle", "unknown")]
    found: list[CheckItem] = []
    bits, action = sight.bits, sight.value("FENCE_ACTION")
    if bits is None:
        found.append(CheckItem("fence_bits", "The aircraft has not told the state of its fence", "unknown",
                               remedy="wait for SYS_STATUS", source="SYS_STATUS"))  # fmt: skip
    elif not bits.healthy and bits.present:
        how = _BREACH_WORDS.get(sight.status.breach_type, "outside") if sight.status else "outside"
        found.append(CheckItem("fence_breached", f"The fence is breached: {how}", "failed", how,
                               "bring the aircraft inside, or correct the fence", "SYS_STATUS, FENCE_STATUS"))  # fmt: skip
    for name in ("FENCE_TYPE", "FENCE_ACTION", "FENCE_ENABLE"):
        if sight.value(name) is None:
            found.append(CheckItem("fence_parameter", f"{name} was not read", "unknown", remedy="read it",
                                   source=name))  # fmt: skip
    if action is not None:
        if action == t.ACTION_REPORT_ONLY:
            found.append(CheckItem("fence_report_only", "The fence only reports: the aircraft does nothing at its edge",
                                   "failed", "0", "set FENCE_ACTION to 1", "FENCE_ACTION"))  # fmt: skip
        elif int(action) not in table.actions:
            found.append(CheckItem("fence_action", f"A {sight.family} knows no fence action {action:g}", "failed",
                                   f"{action:g}", "set FENCE_ACTION to 1", "FENCE_ACTION"))  # fmt: skip
    if sight.value("FENCE_AUTOENABLE") in (1.0, 2.0):
        found.append(CheckItem("fence_autoenable", "FENCE_AUTOENABLE 1 and 2 switch the fence off at landing and are on "
                               "their way out", "warning", f"{sight.value('FENCE_AUTOENABLE'):g}",
                               "set FENCE_AUTOENABLE to 0 and FENCE_ENABLE to 1, or to 3", "FENCE_AUTOENABLE"))  # fmt: skip
    if bits is not None and bits.enabled and sight.value("FENCE_ENABLE") == 0.0 and not sight.value("FENCE_AUTOENABLE"):
        found.append(CheckItem("fence_by_command", "The fence was enabled by a command: a restart switches it off, and "
                               "which kinds it was is not told", "warning", "FENCE_ENABLE 0", "set FENCE_ENABLE to 1",
                               "SYS_STATUS, FENCE_ENABLE"))  # fmt: skip
    return found
