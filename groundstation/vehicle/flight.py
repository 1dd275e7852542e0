"""Beginning, holding, continuing and ending a mission. "Accepted" is not believed: the effect must be seen."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence

import numpy as np

from geofences.area import LatLon
from geofences.geodesy import LocalFrame
from groundstation.core.records import CommandOutcome, CommandResult, VehicleState
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.commands import Command
from groundstation.vehicle.modes import family_of_name, mode_number

_log = logging.getLogger("groundstation.flight")

NAV_RETURN_TO_LAUNCH = 20
DO_SET_MODE = 176
DO_REPOSITION = 192
DO_SET_MISSION_CURRENT = 224
MISSION_START = 300
COMPONENT_ARM_DISARM = 400
_CUSTOM_MODE_ENABLED = 1.0
_EFFECT_S = 4.0
_RETURN_MODES = frozenset({"RTL", "SMART_RTL", "AUTO_RTL", "QRTL"})
_ON_GROUND_M = 1.0
_FRAME_RELATIVE_ALT = 3
_CORNER_REACHED_M = 6.0
_CORNER_EXTRA_S = 20.0
_SLOWEST_M_S = 2.0


async def set_mode(aircraft: Aircraft, mode: str) -> CommandOutcome:
    """Change the flight mode and see it changed."""
    number = mode_number(family_of_name(aircraft.state.vehicle_type), mode)
    if number is None:
        return CommandOutcome(CommandResult.UNSUPPORTED, f"a {aircraft.state.vehicle_type} has no mode {mode}")
    if aircraft.state.mode == mode:
        return CommandOutcome(CommandResult.ACCEPTED)
    outcome = await aircraft.command(Command(DO_SET_MODE, _CUSTOM_MODE_ENABLED, float(number)))
    if not outcome.ok:
        return CommandOutcome(outcome.result, f"mode {mode}: {outcome.reason or outcome.result.value}")
    if await aircraft.wait_for(lambda s: s.mode == mode, _EFFECT_S):
        return outcome
    return CommandOutcome(CommandResult.FAILED, f"mode {mode} was accepted, but it stays in {aircraft.state.mode}")


async def _arm(aircraft: Aircraft) -> CommandOutcome:
    outcome = await aircraft.command(Command(COMPONENT_ARM_DISARM, 1.0))
    if outcome.ok and await aircraft.wait_for(lambda s: s.armed, _EFFECT_S):
        return outcome
    if outcome.ok:
        outcome = CommandOutcome(CommandResult.FAILED, "arming was accepted, but the aircraft is not armed")
    # An answer that was lost must not leave the motors running.
    if outcome.result is CommandResult.TIMEOUT and await aircraft.wait_for(lambda s: s.armed, 1.5):
        await _disarm(aircraft)
    return CommandOutcome(outcome.result, f"arming: {outcome.reason or outcome.result.value}")


async def _disarm(aircraft: Aircraft) -> None:
    """Without force: an aircraft that is in the air refuses, which is right."""
    outcome = await aircraft.command(Command(COMPONENT_ARM_DISARM, 0.0))
    _log.warning("vehicle %s: disarmed after a failed start: %s", aircraft.vehicle_id, outcome.result.value)


async def start_mission(aircraft: Aircraft) -> CommandOutcome:
    """Arm if needed and begin the mission from its first item; from the ground or from the air.

    A Copter does not arm in AUTO and does not take off there before MISSION_START, so it is armed in GUIDED. When it
    cannot be started after arming, it is disarmed again.
    """
    state = aircraft.state
    if state.armed and state.mode == "AUTO" and state.mission_state != "complete":
        return CommandOutcome(CommandResult.ACCEPTED, "the mission is being flown already")
    rewind = await aircraft.command(Command(DO_SET_MISSION_CURRENT, 1.0, 1.0))
    if not rewind.ok and rewind.result is not CommandResult.UNSUPPORTED:
        return CommandOutcome(rewind.result, f"first item: {rewind.reason or rewind.result.value}")
    armed_here = False
    if not aircraft.state.armed:
        outcome = await set_mode(aircraft, "GUIDED")
        if outcome.ok:
            outcome = await _arm(aircraft)
        if not outcome.ok:
            return outcome
        armed_here = True
    outcome = await aircraft.command(Command(MISSION_START))
    if outcome.result is CommandResult.UNSUPPORTED:
        outcome = await set_mode(aircraft, "AUTO")
    if outcome.ok and not await aircraft.wait_for(lambda s: s.mode == "AUTO" and s.armed, _EFFECT_S):
        outcome = CommandOutcome(
            CommandResult.FAILED, f"the start was accepted, but the aircraft is in {aircraft.state.mode}"
        )
    if outcome.ok:
        return outcome
    if armed_here and not aircraft.state.alt_rel_home_m > _ON_GROUND_M:
        await _disarm(aircraft)
    return CommandOutcome(outcome.result, f"mission start: {outcome.reason or outcome.result.value}")


async def pause(aircraft: Aircraft) -> CommandOutcome:
    """Hold position. BRAKE on a Copter: LOITER follows the sticks, and without a pilot those may say "descend"."""
    copter = family_of_name(aircraft.state.vehicle_type) == "copter"
    outcome = await set_mode(aircraft, "BRAKE") if copter else CommandOutcome(CommandResult.UNSUPPORTED)
    if outcome.result in (CommandResult.ACCEPTED, CommandResult.TIMEOUT, CommandResult.LINK_LOST):
        return outcome
    return await set_mode(aircraft, "LOITER")


async def resume(aircraft: Aircraft) -> CommandOutcome:
    """Go on with the mission at the item where it was left (``MIS_RESTART`` 0, the aircraft's default)."""
    if not aircraft.state.armed:
        return CommandOutcome(CommandResult.DENIED, "the aircraft is not armed: start the mission instead")
    return await set_mode(aircraft, "AUTO")


async def return_to_launch(aircraft: Aircraft) -> CommandOutcome:
    """Fly home and land."""
    outcome = await aircraft.command(Command(NAV_RETURN_TO_LAUNCH))
    if outcome.result is CommandResult.UNSUPPORTED:
        return await set_mode(aircraft, "RTL")
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
