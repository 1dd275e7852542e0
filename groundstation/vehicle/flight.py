"""Arming, taking off, and beginning, holding, continuing and ending a mission. "Accepted" is not believed: the effect
must be seen.

``asked_s`` is when the operator asked; the first command acts within a second of that or is not sent. What an order
consists of besides (a start: the mode, arming, the mission) goes on step by step, each as soon as the one before was seen
to have worked, and ends where one did not. ``late_ok``: the operator wants it even late, see
:class:`~groundstation.vehicle.commands.Command`.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Sequence

import numpy as np

from geofences.area import LatLon
from geofences.geodesy import LocalFrame
from groundstation.core.records import CommandOutcome, CommandResult, VehicleState
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.commands import Command
from groundstation.vehicle.modes import canonical, choose_mode, family_of_name

_log = logging.getLogger("groundstation.flight")

NAV_RETURN_TO_LAUNCH = 20
NAV_TAKEOFF = 22
DO_SET_MODE = 176
DO_REPOSITION = 192
DO_SET_MISSION_CURRENT = 224
MISSION_START = 300
COMPONENT_ARM_DISARM = 400
RUN_PREARM_CHECKS = 401
TAKE_OFF_HEIGHT = "TKOFF_ALT"
_CUSTOM_MODE_ENABLED = 1.0
_EFFECT_S = 4.0
_RETURN_MODES = frozenset({"RTL", "SMART_RTL", "AUTO_RTL", "QRTL"})
_ON_GROUND_M = 1.0
_FRAME_RELATIVE_ALT = 3
_FRAME_LOCAL_OFFSET_NED = 7
_LOWEST_TAKE_OFF_M, _HIGHEST_TAKE_OFF_M = 1.5, 1000.0
_CLIMB_S = 20.0
_CHECKS_S = 2.0
_REASONS_S = 0.7
_SAID_LATELY_S = 2.0
# A second mode is not tried after one of these: the first may still come, or the order is not wanted any more.
_DECIDED = frozenset(
    {
        CommandResult.ACCEPTED, CommandResult.TIMEOUT, CommandResult.LINK_LOST, CommandResult.NOT_SENT,
        CommandResult.CANCELLED,
    }
)  # fmt: skip
_CORNER_REACHED_M = 6.0
_CORNER_EXTRA_S = 20.0
_SLOWEST_M_S = 2.0


async def set_mode(
    aircraft: Aircraft, mode: str, asked_s: float | None = None, late_ok: bool = False
) -> CommandOutcome:
    """Change the flight mode and see it changed."""
    mode = canonical(mode)
    choice = choose_mode(aircraft.state, mode)
    if choice.number is None:
        return CommandOutcome(CommandResult.UNSUPPORTED, choice.reason)
    if aircraft.state.mode == mode:
        return CommandOutcome(CommandResult.ACCEPTED)
    command = Command(DO_SET_MODE, _CUSTOM_MODE_ENABLED, float(choice.number), late_ok=late_ok)
    outcome = await aircraft.command(command, asked_s=asked_s)
    if not outcome.ok:
        return CommandOutcome(outcome.result, f"mode {mode}: {outcome.reason or outcome.result.value}")
    if await aircraft.wait_for(lambda s: s.mode == mode, _EFFECT_S):
        return outcome
    return CommandOutcome(CommandResult.FAILED, f"mode {mode} was accepted, but it stays in {aircraft.state.mode}")


async def arm(aircraft: Aircraft, asked_s: float | None = None) -> CommandOutcome:
    """Arm and see it armed. A refusal comes with everything that the aircraft's own checks find."""
    if aircraft.state.armed:
        return CommandOutcome(CommandResult.ACCEPTED, "the aircraft is armed already")
    outcome = await aircraft.command(Command(COMPONENT_ARM_DISARM, 1.0), asked_s=asked_s)
    if outcome.ok and await aircraft.wait_for(lambda s: s.armed, _EFFECT_S):
        return outcome
    if outcome.ok:
        outcome = CommandOutcome(CommandResult.FAILED, "arming was accepted, but the aircraft is not armed")
    # An answer that was lost must not leave the motors running.
    if outcome.result is CommandResult.TIMEOUT and await aircraft.wait_for(lambda s: s.armed, 1.5):
        await _disarm_again(aircraft)
    reasons = [outcome.reason or outcome.result.value]
    if outcome.result in (CommandResult.FAILED, CommandResult.DENIED, CommandResult.TEMPORARILY_REJECTED):
        told = set(reasons[0].split("; "))
        reasons += [reason for reason in await prearm_reasons(aircraft) if reason not in told]
    return CommandOutcome(outcome.result, f"arming: {'; '.join(reasons)}")


async def prearm_reasons(aircraft: Aircraft) -> tuple[str, ...]:
    """Why the aircraft would not arm in its present mode, by its own checks run now; empty when they find nothing.

    The bit in SYS_STATUS says only whether, and the checks are those of the mode of that moment. An aircraft that cannot
    be asked gives what it has said by itself in the last seconds.
    """
    since_s = aircraft.now_s() - _SAID_LATELY_S
    outcome = await aircraft.command(Command(RUN_PREARM_CHECKS, deadline_s=_CHECKS_S))
    if outcome.ok:
        await asyncio.sleep(_REASONS_S)
    return tuple(text for text in aircraft.texts_since(since_s).split("; ") if text.startswith(("PreArm:", "Arm:")))


async def disarm(aircraft: Aircraft, asked_s: float | None = None) -> CommandOutcome:
    """Stop the motors, without force: an aircraft that is in the air refuses, which is right."""
    outcome = await aircraft.command(Command(COMPONENT_ARM_DISARM, 0.0), asked_s=asked_s)
    if not outcome.ok:
        return CommandOutcome(outcome.result, f"disarming: {outcome.reason or outcome.result.value}")
    if await aircraft.wait_for(lambda s: not s.armed, _EFFECT_S):
        return outcome
    return CommandOutcome(CommandResult.FAILED, "disarming was accepted, but the aircraft is armed")


async def _disarm_again(aircraft: Aircraft) -> None:
    outcome = await aircraft.command(Command(COMPONENT_ARM_DISARM, 0.0))
    _log.warning("vehicle %s: disarmed after a failed start: %s", aircraft.vehicle_id, outcome.result.value)


async def take_off(aircraft: Aircraft, height_m: float, asked_s: float | None = None) -> CommandOutcome:
    """Arm if needed and climb to ``height_m`` above home; the outcome comes when the aircraft is seen to climb.

    A Copter takes off in GUIDED by a command, a fixed wing in its TAKEOFF mode to ``TKOFF_ALT``, a VTOL plane in GUIDED
    by a command in a frame of its own. When it does not leave the ground after it was armed here, it is disarmed again.
    """
    state = aircraft.state
    kind = family_of_name(state.vehicle_type)
    if not math.isfinite(height_m) or not _LOWEST_TAKE_OFF_M <= height_m <= _HIGHEST_TAKE_OFF_M:
        reason = f"a height of {height_m:g} m is not between {_LOWEST_TAKE_OFF_M:g} and {_HIGHEST_TAKE_OFF_M:g} m"
        return CommandOutcome(CommandResult.DENIED, reason)
    if kind not in ("copter", "plane"):
        return CommandOutcome(CommandResult.UNSUPPORTED, f"a {state.vehicle_type} does not take off")
    if state.armed and (state.landed == "in_air" or state.alt_rel_home_m > _ON_GROUND_M):
        return CommandOutcome(CommandResult.DENIED, "the aircraft is in the air already")
    was_armed, vtol = state.armed, state.vehicle_type == "VTOL"
    ground_m = state.alt_rel_home_m if math.isfinite(state.alt_rel_home_m) else 0.0
    if kind == "plane" and not vtol:
        outcome = await _plane_take_off(aircraft, height_m, asked_s)
    else:
        outcome = await set_mode(aircraft, "GUIDED", asked_s)
        if outcome.ok:
            outcome = await arm(aircraft)
        if outcome.ok:
            command = (
                Command(NAV_TAKEOFF, z=-height_m, frame=_FRAME_LOCAL_OFFSET_NED)
                if vtol
                else Command(NAV_TAKEOFF, z=height_m, frame=_FRAME_RELATIVE_ALT)
            )
            outcome = await aircraft.command(command)
            if not outcome.ok:
                outcome = CommandOutcome(outcome.result, f"take-off: {outcome.reason or outcome.result.value}")
    if outcome.ok:
        climbed = await aircraft.wait_for(lambda s: s.alt_rel_home_m > ground_m + _ON_GROUND_M, _CLIMB_S)
        if climbed:
            return outcome
        outcome = CommandOutcome(CommandResult.FAILED, "take-off was accepted, but the aircraft does not climb")
    if not was_armed and aircraft.state.armed and not aircraft.state.alt_rel_home_m > ground_m + _ON_GROUND_M:
        await _disarm_again(aircraft)
    return outcome


async def _plane_take_off(aircraft: Aircraft, height_m: float, asked_s: float | None) -> CommandOutcome:
    set_height = await aircraft.set_param(TAKE_OFF_HEIGHT, height_m)
    if not set_height.ok:
        return CommandOutcome(CommandResult.FAILED, f"take-off height: {set_height.reason}")
    # Armed first: the mode's own take-off begins as soon as it is armed in it, before it was seen in the mode.
    outcome = await arm(aircraft, asked_s)
    return await set_mode(aircraft, "TAKEOFF") if outcome.ok else outcome


async def start_mission(aircraft: Aircraft, asked_s: float | None = None) -> CommandOutcome:
    """Arm if needed and begin the mission from its first item; from the ground or from the air.

    A Copter does not arm in AUTO and does not take off there before MISSION_START, so it is armed in GUIDED. When it
    cannot be started after arming, it is disarmed again.
    """
    state = aircraft.state
    if state.armed and state.mode == "AUTO" and state.mission_state != "complete":
        return CommandOutcome(CommandResult.ACCEPTED, "the mission is being flown already")
    rewind = await aircraft.command(Command(DO_SET_MISSION_CURRENT, 1.0, 1.0), asked_s=asked_s)
    if not rewind.ok and rewind.result is not CommandResult.UNSUPPORTED:
        return CommandOutcome(rewind.result, f"first item: {rewind.reason or rewind.result.value}")
    armed_here = False
    if not aircraft.state.armed:
        outcome = CommandOutcome(CommandResult.ACCEPTED)
        if family_of_name(state.vehicle_type) == "copter":
            outcome = await set_mode(aircraft, "GUIDED")
        if outcome.ok:
            outcome = await arm(aircraft)
        if not outcome.ok:
            return outcome
        armed_here = True
    outcome = await aircraft.command(Command(MISSION_START))
    if outcome.result is CommandResult.UNSUPPORTED:
        outcome = await set_mode(aircraft, "AUTO")
    if outcome.ok and not await aircraft.wait_for(lambda s: s.mode == "AUTO" and s.armed, _EFFECT_S):
        armed = "armed" if aircraft.state.armed else "disarmed"
        reason = f"the start was accepted, but the aircraft is in {aircraft.state.mode} and {armed}"
        outcome = CommandOutcome(CommandResult.FAILED, reason)
    if outcome.ok:
        return outcome
    if armed_here and not aircraft.state.alt_rel_home_m > _ON_GROUND_M:
        await _disarm_again(aircraft)
    return CommandOutcome(outcome.result, f"mission start: {outcome.reason or outcome.result.value}")


async def pause(aircraft: Aircraft, asked_s: float | None = None, late_ok: bool = False) -> CommandOutcome:
    """Hold position. BRAKE on a Copter: LOITER follows the sticks, and without a pilot those may say "descend"."""
    copter = family_of_name(aircraft.state.vehicle_type) == "copter"
    outcome = CommandOutcome(CommandResult.UNSUPPORTED)
    if copter:
        outcome = await set_mode(aircraft, "BRAKE", asked_s, late_ok)
    if outcome.result in _DECIDED:
        return outcome
    return await set_mode(aircraft, "LOITER", None if copter else asked_s, late_ok)


async def resume(aircraft: Aircraft, asked_s: float | None = None) -> CommandOutcome:
    """Go on with the mission at the item where it was left (``MIS_RESTART`` 0, the aircraft's default)."""
    if not aircraft.state.armed:
        return CommandOutcome(CommandResult.DENIED, "the aircraft is not armed: start the mission instead")
    return await set_mode(aircraft, "AUTO", asked_s)


async def return_to_launch(aircraft: Aircraft, asked_s: float | None = None, late_ok: bool = False) -> CommandOutcome:
    """Fly home and land."""
    outcome = await aircraft.command(Command(NAV_RETURN_TO_LAUNCH, late_ok=late_ok), asked_s=asked_s)
    if outcome.result is CommandResult.UNSUPPORTED:
        return await set_mode(aircraft, "RTL", late_ok=late_ok)
    if not outcome.ok:
        return CommandOutcome(outcome.result, f"return: {outcome.reason or outcome.result.value}")
    if await aircraft.wait_for(lambda s: s.mode in _RETURN_MODES, _EFFECT_S):
        return outcome
    return CommandOutcome(CommandResult.FAILED, f"return was accepted, but it stays in {aircraft.state.mode}")


async def fly_corners(aircraft: Aircraft, corners: Sequence[LatLon]) -> CommandOutcome:
    """Go to each corner in GUIDED at the present height. FAILED when the aircraft leaves GUIDED or does not get there."""
    outcome = await set_mode(aircraft, "GUIDED")
    if not outcome.ok:
        return outcome
    height_m = aircraft.state.alt_rel_home_m
    for number, (lat_deg, lon_deg) in enumerate(corners, start=1):
        frame = LocalFrame(lat_deg, lon_deg)

        def distance_m(state: VehicleState, frame: LocalFrame = frame) -> float:
            return float(np.hypot(*frame.to_plane(state.lat_deg, state.lon_deg)))

        limit_s = _CORNER_EXTRA_S + distance_m(aircraft.state) / _SLOWEST_M_S
        outcome = await aircraft.command(
            Command(
                DO_REPOSITION,
                param1=-1.0,
                param4=math.nan,
                x=round(lat_deg * 1e7),
                y=round(lon_deg * 1e7),
                z=height_m,
                frame=_FRAME_RELATIVE_ALT,
            )
        )
        if not outcome.ok:
            return CommandOutcome(outcome.result, f"corner {number}: {outcome.reason or outcome.result.value}")
        seen = await aircraft.wait_for(lambda s: s.mode != "GUIDED" or distance_m(s) < _CORNER_REACHED_M, limit_s)
        if not seen or aircraft.state.mode != "GUIDED":
            why = f"it is in {aircraft.state.mode}" if seen else f"not reached within {limit_s:.0f} s"
            return CommandOutcome(CommandResult.FAILED, f"corner {number}: {why}")
    return CommandOutcome(CommandResult.ACCEPTED)
