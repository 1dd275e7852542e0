"""Beginning, holding, continuing and ending a mission. "Accepted" is not believed: the effect must be seen."""

from __future__ import annotations

import logging

from groundstation.core.records import CommandOutcome, CommandResult
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.commands import Command
from groundstation.vehicle.modes import family_of_name, mode_number

_log = logging.getLogger("groundstation.flight")

NAV_RETURN_TO_LAUNCH = 20
DO_SET_MODE = 176
DO_SET_MISSION_CURRENT = 224
MISSION_START = 300
COMPONENT_ARM_DISARM = 400
_CUSTOM_MODE_ENABLED = 1.0
_EFFECT_S = 4.0
_RETURN_MODES = frozenset({"RTL", "SMART_RTL", "AUTO_RTL", "QRTL"})
_ON_GROUND_M = 1.0


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
