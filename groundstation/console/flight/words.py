"""What is said of one aircraft, as (state, word, hint): the same words in the strip, the lamps and the panels.

No widget in here. ``state`` is "ok", "caution", "alarm" or "off". What is not live is never said as if it were: the
last value is told as what it was.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from groundstation.console import i18n
from groundstation.console.freshness import age_words, heard_s_ago, is_live
from groundstation.console.link_lamp import link_lamp
from groundstation.core.records import Fault, PlanStatus, VehicleState
from groundstation.core.safety_records import FenceForce, FenceReport, TrafficPicture

BATTERY_ALARM_PERCENT, BATTERY_CAUTION_PERCENT = 20.0, 35.0
_TIME_ALARM_S, _TIME_CAUTION_S = 120.0, 300.0


class Said(NamedTuple):
    """A state, the word for it, and more in a hint."""

    state: str
    word: str
    hint: str = ""


def _tr(source: str) -> str:
    return i18n.text("flight", source)


# Worst first; "absent" is judged apart, for an aircraft may hold one kind of fence and not another.
_FORCES: tuple[tuple[FenceForce, str, str], ...] = (
    ("breached", "alarm", i18n.mark("flight", "BREACHED")),
    ("type_bit_missing", "alarm", i18n.mark("flight", "AREAS LEFT OUT")),
    ("not_enabled", "alarm", i18n.mark("flight", "NOT in force")),
    ("report_only", "alarm", i18n.mark("flight", "only reports")),
    ("unknown", "caution", i18n.mark("flight", "not known")),
    ("by_command", "caution", i18n.mark("flight", "until a restart")),
    ("on_arming", "caution", i18n.mark("flight", "on arming")),
    ("in_force", "ok", i18n.mark("flight", "in force")),
)


def was(said: Said) -> Said:
    """The same as a thing of the past."""
    return Said("off", i18n.fill(_tr("was {word}"), word=said.word), said.hint)


def flight(state: VehicleState) -> Said:
    """Mode, and whether the motors may turn."""
    mode = state.mode or "–"
    if state.armed:
        return Said("ok", mode)
    return Said("off", i18n.fill(_tr("{mode} · disarmed"), mode=mode))


def link(state: VehicleState, now_mono_ns: int) -> Said:
    """The link, with its age when it is not what it should be."""
    ago_s = heard_s_ago(state, now_mono_ns)
    if not is_live(state, now_mono_ns):
        hint = _tr("Nothing is heard. The aircraft takes its own lost-link action; orders do not reach it.")
        return Said("alarm", i18n.fill(_tr("LOST {age}"), age=age_words(ago_s)), hint)
    lamp, word, hint = link_lamp(state)
    return Said(lamp, word, hint)


def battery(state: VehicleState, left_s: float) -> Said:
    """Percent and time: the aircraft's own reckoning first, else ours down to the reserve."""
    percent, parts, level = state.battery_percent, [], "off"
    if math.isfinite(percent):
        parts.append(f"{percent:.0f} %")
        level = "alarm" if percent < BATTERY_ALARM_PERCENT else "caution" if percent < BATTERY_CAUTION_PERCENT else "ok"
    hint = _tr("time until 20 % are left, from how it goes down")
    if math.isfinite(state.battery_left_s):
        left_s, hint = state.battery_left_s, _tr("the aircraft's own reckoning of the time until it is empty")
    if math.isfinite(left_s) and state.armed:
        parts.append(f"~{age_words(left_s)}")
        if left_s < _TIME_CAUTION_S and level == "ok":
            level = "caution"
        if left_s < _TIME_ALARM_S:
            level = "alarm"
    if not parts:
        return Said("off", "–", _tr("the aircraft tells nothing of its battery"))
    return Said(level, "  ".join(parts), hint)


def fence(state: VehicleState, report: FenceReport | None, report_is_live: bool, plan: PlanStatus | None) -> Said:
    """The fence as the aircraft sees it; only what was read back and found identical is told as ours."""
    if state.fence.breached:
        return Said("alarm", _tr("BREACHED"), _tr("The aircraft is outside its fence."))
    if report is not None and report_is_live:
        kinds = {f.force: f for f in reversed(report.fences)}
        for force, level, word in _FORCES:
            if force in kinds:
                if force == "in_force" and (plan is None or plan.phase != "in_force"):
                    return Said(
                        "caution",
                        _tr("on, not ours"),
                        _tr("The aircraft keeps a fence that this station has not verified."),
                    )
                verdict = kinds[force]
                hint = f"{verdict.text} {verdict.remedy}".strip()
                return Said("caution" if level == "alarm" and not state.armed else level, _tr(word), hint)
        # Every kind is absent.
        return Said("alarm" if state.armed else "caution", _tr("none"), _tr("The aircraft holds no fence."))
    if state.fence.enabled:
        ours = plan is not None and plan.phase == "in_force"
        if ours:
            return Said("ok", _tr("in force"))
        return Said(
            "caution", _tr("on, not ours"), _tr("The aircraft keeps a fence that this station has not verified.")
        )
    return Said("alarm" if state.armed else "caution", _tr("NOT in force"), _tr("The aircraft's fence is off."))


def position(state: VehicleState) -> Said:
    """Whether it knows where it is."""
    if state.position_ok:
        return Said("ok", i18n.fill(_tr("{count} sats"), count=state.satellites))
    return Said("alarm", _tr("NOT good"), _tr("The aircraft does not trust its own position."))


def traffic(picture: TrafficPicture | None, live: bool) -> Said:
    """The most urgent other aircraft."""
    if picture is None:
        return Said("off", "–", _tr("no receiver is heard"))
    if not live:
        return Said("off", _tr("not known"), _tr("The traffic receiver has gone quiet."))
    if not picture.contacts:
        return Said("ok", _tr("clear"))
    first = picture.contacts[0]
    level = {"none": "ok", "advisory": "ok", "caution": "caution", "warning": "alarm"}[first.level]
    name = first.callsign.strip() or f"{first.icao_address:06X}"
    word = i18n.fill(_tr("{name} {distance} km"), name=name, distance=f"{first.distance_m / 1000:.1f}")
    hint = i18n.fill(
        _tr("{difference} m in height, nearest in {seconds} s at {metres} m"),
        difference=f"{first.height_difference_m:+.0f}",
        seconds=f"{first.cpa_s:.0f}",
        metres=f"{first.cpa_distance_m:.0f}",
    )
    return Said(level, word, hint)


_ORDER = {"critical": 0, "warning": 1, "info": 2}
_LEVEL = {"critical": "alarm", "warning": "caution", "info": "off"}


def worst_first(faults: tuple[Fault, ...]) -> list[Fault]:
    """Faults by severity."""
    return sorted(faults, key=lambda f: _ORDER[f.severity])


def faults(state: VehicleState) -> Said:
    """The worst fault and what to do about it; the hint has all of them."""
    ordered = worst_first(state.faults)
    if not ordered:
        return Said("ok", _tr("no fault"))
    first = ordered[0]
    word = f"{first.text} → {first.remedy}" if first.remedy else first.text
    if len(ordered) > 1:
        word = i18n.fill(_tr("{fault}  (+{more})"), fault=word, more=len(ordered) - 1)
    return Said(_LEVEL[first.severity], word, "\n".join(f"{f.text} {f.remedy}".strip() for f in ordered))
