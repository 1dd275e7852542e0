"""Standing faults of an aircraft: on it until they are gone. Derived from the state alone, never from memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from groundstation.core.records import Fault, Severity, VehicleState

LINK_LOST_AFTER_S = 5.0


@dataclass(frozen=True)
class FaultLimits:
    """When a value becomes a fault. Battery in percent left."""

    link_lost_s: float = LINK_LOST_AFTER_S
    battery_low_percent: float = 30.0
    battery_critical_percent: float = 20.0


_ORDER = {"critical": 0, "warning": 1, "info": 2}
_BREACH_TYPES = {1: "below its lowest height", 2: "above its greatest height", 3: "across its boundary"}


def standing_faults(state: VehicleState, limits: FaultLimits, heartbeat_suppressed: bool = False) -> tuple[Fault, ...]:
    """All faults of ``state``, worst first."""
    faults: list[Fault] = []
    if not state.link_alive:
        age = f" for {state.heartbeat_age_s:.0f} s" if math.isfinite(state.heartbeat_age_s) else ""
        faults.append(
            Fault(
                "link_lost", "critical", f"No heartbeat{age}: values are old",
                "check radio and antenna; expect the aircraft's own lost-link action",
            )
        )  # fmt: skip
    elif state.heartbeat_age_s > limits.link_lost_s:
        # Mode and armed stand in the heartbeat alone: the rest being fresh makes them look so too.
        faults.append(
            Fault(
                "heartbeat", "critical",
                f"No heartbeat for {state.heartbeat_age_s:.0f} s, though other messages come: mode and armed are old",
                "do not rely on the mode shown; give no order but the return; check radio and autopilot",
            )
        )  # fmt: skip
    if state.fence.breached:
        how = _BREACH_TYPES.get(state.fence.breach_type, "outside its fence")
        faults.append(Fault("fence_breached", "critical", f"Fence breached: {how}", "watch it return, or take over"))
    if state.armed and not state.fence.enabled:
        faults.append(Fault("fence_disabled", "critical", "Armed without a fence", "land, then upload the plan again"))
    if heartbeat_suppressed:
        faults.append(
            Fault(
                "gcs_heartbeat", "critical", "The station stopped its heartbeat: its main loop does not run",
                "the aircraft may take its lost-link action; restart the station if this stays",
            )
        )  # fmt: skip
    if not state.position_ok:
        severity: Severity = "critical" if state.armed else "warning"
        faults.append(
            Fault("position", severity, "No position estimate", "wait for GPS; nothing is put on the map until then")
        )
    if state.battery_percent <= limits.battery_critical_percent:
        faults.append(Fault("battery", "critical", f"Battery at {state.battery_percent:.0f} %", "land now"))
    elif state.battery_percent <= limits.battery_low_percent:
        faults.append(Fault("battery", "warning", f"Battery at {state.battery_percent:.0f} %", "return soon"))
    return tuple(sorted(faults, key=lambda f: _ORDER[f.severity]))


def merged(faults: tuple[Fault, ...], more: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """All of them, worst first. The same key is told once, by the worst that tells it."""
    known: dict[str, Fault] = {}
    for fault in sorted((*faults, *more), key=lambda f: _ORDER[f.severity]):
        known.setdefault(fault.key, fault)
    return tuple(known.values())


def judged(
    state: VehicleState,
    now_mono_ns: int,
    heartbeat_mono_ns: int,
    limits: FaultLimits,
    heartbeat_suppressed: bool = False,
) -> VehicleState:
    """``state`` with the age of its heartbeat, whether its link is alive, and its faults, as of now."""
    age_s = (now_mono_ns - heartbeat_mono_ns) / 1e9
    aged = replace(state, heartbeat_age_s=age_s, link_alive=age_s <= limits.link_lost_s)
    return replace(aged, faults=standing_faults(aged, limits, heartbeat_suppressed))
