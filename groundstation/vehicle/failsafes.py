"""What an aircraft will do by itself when the link, the battery or its position fails: its parameters, judged.

Every judgement is one :class:`CheckItem`, also those that are well; a parameter that was not read is "unknown". Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.core.safety_records import CheckItem, CheckState
from groundstation.vehicle.fence_tables import TYPE_ALT_MAX
from groundstation.vehicle.firmware_names import name_seen, value_of
from groundstation.vehicle.modes import Family
from missions.checks import NAVIGATION_COMMANDS
from missions.plan import Plan

_COMMON = (
    "MAV_GCS_SYSID", "MAV_GCS_SYSID_HI", "MAV_OPTIONS", "BATT_MONITOR", "BATT_FS_LOW_ACT", "BATT_FS_CRT_ACT",
    "BATT_LOW_VOLT", "BATT_LOW_MAH", "BATT_CRT_VOLT", "BATT_CRT_MAH", "BATT_CAPACITY", "FS_EKF_THRESH",
)  # fmt: skip
_OWN: Mapping[str, tuple[str, ...]] = {
    "copter": ("FS_GCS_ENABLE", "FS_GCS_TIMEOUT", "FS_OPTIONS", "FS_EKF_ACTION", "RTL_ALT_M", "RTL_ALT_TYPE"),
    "plane": ("FS_GCS_ENABL", "FS_LONG_TIMEOUT", "FS_LONG_ACTN", "RTL_ALTITUDE"),
    "rover": ("FS_GCS_ENABLE", "FS_ACTION", "FS_TIMEOUT", "FS_EKF_ACTION"),
}
_COPTER_GCS = {
    1: "returns", 2: "returns (in AUTO it may go on: a meaning that was removed in 4.0)", 3: "returns the way it came",
    4: "returns the way it came, or lands", 5: "lands", 6: "lands by the mission's landing sequence", 7: "brakes",
}  # fmt: skip
_OPTION_CONTINUE_AUTO = 2
_OPTION_REFUSE_OTHERS = 1
_LONG_TIMEOUT_S = 15.0
_CLEARANCE_M = 20.0
_PATH_STEP_M = 20.0


def failsafe_parameters(family: Family) -> tuple[str, ...]:
    """What to read, under the present names."""
    return (*_OWN.get(family, ()), *_COMMON)


@dataclass(frozen=True)
class FailsafeView:
    """``station_sysid``: the system id that our heartbeat carries."""

    family: Family
    parameters: Mapping[str, float]
    station_sysid: int = 255

    def value(self, name: str) -> float | None:
        """A parameter under its present or former name."""
        return value_of(self.parameters, name)

    def item(self, id_: str, text: str, state: CheckState, name: str, remedy: str = "") -> CheckItem:
        """A judgement about one parameter, naming it as this aircraft does."""
        value = self.value(name)
        return CheckItem(
            id_, text, state, "not read" if value is None else f"{value:g}", remedy, name_seen(self.parameters, name)
        )

    def unread(self, id_: str, name: str) -> CheckItem:
        """For a parameter that should be there."""
        return self.item(id_, f"{name} was not read", "unknown", name, "read the parameters")


def check_failsafes(
    view: FailsafeView, plan: Plan | None = None, terrain: TerrainGrid | None = None
) -> list[CheckItem]:
    """All judgements. ``plan`` and ``terrain`` are needed for the height of the way home."""
    if view.family not in _OWN:
        return [CheckItem("failsafe_family", f"No table of the failsafes of a {view.family} vehicle", "unknown")]
    return [*_lost_link(view), *_listens_to_us(view), *_battery(view), *_estimator(view), *_return(view, plan, terrain)]


def _lost_link(view: FailsafeView) -> Iterator[CheckItem]:
    name = "FS_GCS_ENABL" if view.family == "plane" else "FS_GCS_ENABLE"
    enable = view.value(name)
    if enable is None:
        yield view.unread("lost_link", name)
        return
    if enable == 0.0:
        yield view.item("lost_link", "When the link is lost nothing brings the aircraft home", "failed", name,
                        f"set {name} to 1")  # fmt: skip
        return
    if view.family == "copter":
        if int(enable) not in _COPTER_GCS or enable == 2.0:
            words = _COPTER_GCS.get(int(enable), "does something that is not known")
            yield view.item("lost_link", f"When the link is lost it {words}", "failed", name, f"set {name} to 1")
        else:
            yield view.item("lost_link", f"When the link is lost it {_COPTER_GCS[int(enable)]}", "ok", name)
        options = view.value("FS_OPTIONS")
        if options is not None and int(options) & _OPTION_CONTINUE_AUTO:
            yield view.item("lost_link_auto", "With the link lost in AUTO it goes on with the mission", "warning",
                            "FS_OPTIONS", "take bit 1 (value 2) out of FS_OPTIONS, unless it is meant")  # fmt: skip
        yield from _timeout(view, "FS_GCS_TIMEOUT", 5.0)
    elif view.family == "plane":
        yield from _plane_lost_link(view, enable)
        yield from _timeout(view, "FS_LONG_TIMEOUT", 5.0)
    else:
        action = view.value("FS_ACTION")
        if action is None:
            yield view.unread("lost_link", "FS_ACTION")
        elif action == 0.0:
            yield view.item("lost_link", "When the link is lost it does nothing", "failed", "FS_ACTION",
                            "set FS_ACTION to 1")  # fmt: skip
        else:
            yield view.item("lost_link", "When the link is lost it returns or holds", "ok", "FS_ACTION")
        if enable == 2.0:
            yield view.item("lost_link_auto", "With the link lost in AUTO it goes on with the mission", "warning", name,
                            f"set {name} to 1, unless it is meant")  # fmt: skip
        yield from _timeout(view, "FS_TIMEOUT", 1.5)


def _plane_lost_link(view: FailsafeView, enable: float) -> Iterator[CheckItem]:
    action = view.value("FS_LONG_ACTN")
    if action is None:
        yield view.unread("lost_link", "FS_LONG_ACTN")
    elif action == 0.0:
        yield view.item("lost_link", "With the link lost in AUTO or GUIDED it goes on: FS_LONG_ACTN is 0", "failed",
                        "FS_LONG_ACTN", "set FS_LONG_ACTN to 1")  # fmt: skip
    else:
        words = {1: "returns", 2: "glides", 3: "releases its parachute", 4: "goes on in AUTO", 5: "lands by itself"}
        text = f"When the link is lost it {words.get(int(action), 'does something that is not known')}"
        yield view.item("lost_link", text, "ok" if action in (1.0, 5.0) else "warning", "FS_LONG_ACTN",
                        "" if action in (1.0, 5.0) else "set FS_LONG_ACTN to 1, unless it is meant")  # fmt: skip
    if enable == 3.0:
        yield view.item("lost_link_auto", "Only in AUTO is a lost link noticed", "warning", "FS_GCS_ENABL",
                        "set FS_GCS_ENABL to 1")  # fmt: skip


def _timeout(view: FailsafeView, name: str, default_s: float) -> Iterator[CheckItem]:
    value_s = view.value(name)
    # Firmware without the parameter uses the default.
    after_s = default_s if value_s is None else value_s
    if after_s > _LONG_TIMEOUT_S:
        yield view.item("lost_link_time", f"A lost link is acted on only after {after_s:g} s", "warning", name,
                        f"set {name} to {default_s:g}")  # fmt: skip
    else:
        yield view.item("lost_link_time", f"A lost link is acted on after {after_s:g} s", "ok", name)


def _listens_to_us(view: FailsafeView) -> Iterator[CheckItem]:
    """The failsafe counts the heartbeats of one station (or a range), and never fires before the first of them."""
    low, high = view.value("MAV_GCS_SYSID"), view.value("MAV_GCS_SYSID_HI") or 0.0
    name = name_seen(view.parameters, "MAV_GCS_SYSID")
    if low is None:
        yield view.unread("station_id", "MAV_GCS_SYSID")
        return
    heard = low <= view.station_sysid <= high if high >= low else view.station_sysid == low
    if heard:
        yield view.item("station_id", "Its lost-link failsafe listens to this station", "ok", "MAV_GCS_SYSID")
        return
    text = (
        f"Its lost-link failsafe listens to station {low:g}, this one is {view.station_sysid}: losing us does nothing"
    )
    remedy = f"set {name} to {view.station_sysid}, or a range with MAV_GCS_SYSID_HI"
    if int(view.value("MAV_OPTIONS") or 0) & _OPTION_REFUSE_OTHERS:
        text += ", and it refuses our commands (MAV_OPTIONS bit 0)"
    yield view.item("station_id", text, "failed", "MAV_GCS_SYSID", remedy)


def _battery(view: FailsafeView) -> Iterator[CheckItem]:
    monitor = view.value("BATT_MONITOR")
    if monitor is None:
        yield view.unread("battery_monitor", "BATT_MONITOR")
        return
    if monitor == 0.0:
        yield view.item("battery_monitor", "The battery is not measured", "failed", "BATT_MONITOR",
                        "set BATT_MONITOR for the sensor")  # fmt: skip
        return
    for level, word in (("LOW", "low"), ("CRT", "critical")):
        act, volt, mah = (view.value(f"BATT_{name}") for name in (f"FS_{level}_ACT", f"{level}_VOLT", f"{level}_MAH"))
        id_, name = f"battery_{word}", f"BATT_FS_{level}_ACT"
        if act is None:
            yield view.unread(id_, name)
        elif act == 0.0:
            yield view.item(id_, f"At a {word} battery it only warns", "warning", name, f"set {name} to 2 (return)"
                            if view.family == "copter" else f"set {name} to 1 (return)")  # fmt: skip
        elif volt is None and mah is None:
            yield view.unread(id_, f"BATT_{level}_VOLT")
        elif not volt and not mah:
            yield view.item(id_, f"A {word} battery is never noticed: neither a voltage nor a charge is set", "warning",
                            f"BATT_{level}_VOLT", f"set BATT_{level}_VOLT or BATT_{level}_MAH")  # fmt: skip
        else:
            told = [f"{volt:g} V"] if volt else []
            told += [f"{mah:g} mAh left"] if mah else []
            yield view.item(id_, f"At a {word} battery ({' or '.join(told)}) it acts", "ok", name)


def _estimator(view: FailsafeView) -> Iterator[CheckItem]:
    threshold = view.value("FS_EKF_THRESH")
    if threshold is None:
        yield view.unread("estimator", "FS_EKF_THRESH")
    elif threshold <= 0.0:
        yield view.item("estimator", "A bad position estimate is never noticed", "failed", "FS_EKF_THRESH",
                        "set FS_EKF_THRESH to 0.8")  # fmt: skip
    elif threshold > 1.0:
        yield view.item("estimator", "A bad position estimate is noticed late", "warning", "FS_EKF_THRESH",
                        "set FS_EKF_THRESH to 0.8")  # fmt: skip
    else:
        yield view.item("estimator", "A bad position estimate is noticed", "ok", "FS_EKF_THRESH")
    action = view.value("FS_EKF_ACTION")
    reports_only = {"copter": 0.0, "rover": 2.0}.get(view.family)
    if view.family != "plane" and (action is None or action in (0.0, reports_only)):
        if action is None:
            yield view.unread("estimator_action", "FS_EKF_ACTION")
        else:
            yield view.item("estimator_action", "With a bad position estimate it does nothing", "warning",
                            "FS_EKF_ACTION", "set FS_EKF_ACTION to 1")  # fmt: skip


def _return(view: FailsafeView, plan: Plan | None, terrain: TerrainGrid | None) -> Iterator[CheckItem]:
    """The height of the way home: below the ceiling, above the ground."""
    name = {"copter": "RTL_ALT_M", "plane": "RTL_ALTITUDE"}.get(view.family)
    if name is None:
        return
    height_m = view.value(name)
    if height_m is None:
        yield view.unread("return_height", name)
        return
    ceiling_m, kinds = view.value("FENCE_ALT_MAX"), view.value("FENCE_TYPE")
    if ceiling_m is not None and kinds is not None and int(kinds) & TYPE_ALT_MAX and height_m >= ceiling_m:
        yield view.item("return_ceiling", f"It climbs to {height_m:g} m to return, the fence's ceiling is at "
                        f"{ceiling_m:g} m", "failed", name, f"set {name} below {ceiling_m:g} m")  # fmt: skip
    if plan is None or terrain is None:
        return
    if view.family == "copter" and view.value("RTL_ALT_TYPE") == 1.0:
        yield view.item("return_ground", "It follows the terrain on the way home", "ok", "RTL_ALT_TYPE")
        return
    worst = _least_clearance(view, plan, terrain, height_m)
    if worst is None:
        yield view.item("return_ground", "The ground under the way home is not in the terrain model", "unknown", name,
                        "load the terrain of the area")  # fmt: skip
        return
    seq, clearance_m = worst
    text = f"Returning from item {seq} at {height_m:g} m above home it passes {clearance_m:.0f} m above the ground"
    state: CheckState = "ok" if clearance_m >= _CLEARANCE_M else "failed" if clearance_m < 0.0 else "warning"
    yield view.item("return_ground", text, state, name, "" if state == "ok" else f"set {name} higher")


def _least_clearance(view: FailsafeView, plan: Plan, terrain: TerrainGrid, height_m: float) -> tuple[int, float] | None:
    """``(item, metres)``: the straight way home from each stop, its first and last 50 m left out; None off the model.

    A Copter returns at its own height where that is above the setting, a Plane comes down to it.
    """
    frame = LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
    worst: tuple[int, float] | None = None
    for seq, item in enumerate(plan.items, start=1):
        if item.command not in NAVIGATION_COMMANDS or (item.x == 0 and item.y == 0):
            continue
        start = frame.to_plane(item.x / 1e7, item.y / 1e7)
        length_m = float(np.hypot(*start))
        if length_m < 100.0:
            continue
        share = np.arange(50.0, length_m - 50.0, _PATH_STEP_M) / length_m
        lat, lon = frame.from_plane(start * share[:, None])
        ground_m = terrain.height(lat, lon)
        if not np.isfinite(ground_m).all():
            return None
        own_m = item.z - plan.home_alt_amsl_m if item.frame in (0, 5) else item.z
        at_m = max(height_m, own_m) if view.family == "copter" else (height_m if height_m >= 0.0 else own_m)
        clearance_m = plan.home_alt_amsl_m + at_m - float(ground_m.max(initial=-np.inf))
        if worst is None or clearance_m < worst[1]:
            worst = (seq, clearance_m)
    return worst if worst is not None else (0, float("inf"))
