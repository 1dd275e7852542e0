"""Going on with a patrol after the battery was changed, with the way that was not seen flown again.

An aircraft that was switched off begins its mission anew: the place where it was is gone, and so is its own
``DO_SET_RESUME_REPEAT_DIST``. So the station keeps both (:mod:`groundstation.vehicle.held_plans`), makes sure that the
aircraft still holds the same lists, and gives it the waypoint at which to take up the way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from groundstation.core.clock import Clock
from groundstation.core.records import CommandOutcome, CommandResult
from groundstation.vehicle.commands import Command
from groundstation.vehicle.held_plans import HeldPlanWatch
from groundstation.vehicle.plan_lists import ORDER, PlanLists
from groundstation.vehicle.plan_transfer import AircraftPort, PlanTransfer
from missions.codec import MissionKind, WireItem
from missions.rewind import ResumePoint, resume_point

_log = logging.getLogger("groundstation.plan")

DO_SET_MISSION_CURRENT = 224
_CURRENT_SEEN_S = 4.0


@dataclass(frozen=True)
class ResumeOffer:
    """``point`` where to go on, or None and the ``reason`` why not."""

    point: ResumePoint | None
    reason: str = ""


class Resume:
    """Takes one aircraft's mission up again. Run it while no other transfer runs (``VehicleService.exclusively``).

    ``rewind_m`` is the way before the last known place that is flown again.
    """

    def __init__(self, aircraft: AircraftPort, watch: HeldPlanWatch, clock: Clock, use_ftp: bool = True) -> None:
        self._aircraft, self._watch, self._clock, self._use_ftp = aircraft, watch, clock, use_ftp

    async def check(self) -> str:
        """Read all lists: "" when they are what was verified, else what is not. The standing fault follows it."""
        held = self._watch.held
        if held is None:
            return "no plan of this aircraft is remembered: upload one"
        items = await self._read()
        if isinstance(items, str):
            return f"what the aircraft holds could not be read: {items}"
        differences = held.differences(items)
        if differences:
            text = "; ".join(differences)
            self._watch.doubt("read", text)
            return text
        self._watch.verified()
        return ""

    async def offer(self, rewind_m: float) -> ResumeOffer:
        """Where it would go on. Refused when the aircraft does not hold the plan that it flew."""
        held = self._watch.held
        if held is None:
            return ResumeOffer(None, "no plan of this aircraft is remembered: upload one and start it")
        if held.seq < 0 or not held.trail:
            return ResumeOffer(None, f"the plan {held.plan_name!r} was not flown: start it")
        items = await self._read()
        if isinstance(items, str):
            return ResumeOffer(None, f"what the aircraft holds could not be read: {items}")
        differences = held.differences(items)
        if differences:
            self._watch.doubt("read", "; ".join(differences))
            return ResumeOffer(None, f"{'; '.join(differences)}: verify the plan or upload it again")
        self._watch.verified()
        point = resume_point(items[MissionKind.MISSION], held.trail, held.lat_deg, held.lon_deg, rewind_m)
        if point is None:
            return ResumeOffer(None, "where it was is not known: start the mission from its beginning")
        return ResumeOffer(point)

    async def set_current(self, offer: ResumeOffer, restart: bool = False) -> CommandOutcome:
        """Give the aircraft the waypoint, and see it take it. It does not begin to fly.

        ``restart``: also forget how often jumps were done and set a finished mission going again (param2 of the command).
        """
        if offer.point is None:
            return CommandOutcome(CommandResult.DENIED, offer.reason)
        if self._aircraft.state.armed and self._aircraft.state.mode == "AUTO":
            return CommandOutcome(CommandResult.DENIED, "the aircraft is flying its mission")
        seq = offer.point.seq
        outcome = await self._aircraft.command(
            Command(DO_SET_MISSION_CURRENT, float(seq), 1.0 if restart else 0.0)
        )  # fmt: skip
        if not outcome.ok:
            return outcome
        if not await self._aircraft.wait_for(lambda s: s.mission_seq == seq, _CURRENT_SEEN_S):
            shown = self._aircraft.state.mission_seq
            return CommandOutcome(
                CommandResult.FAILED, f"the aircraft accepted item {seq} and shows item {shown}: look before it flies"
            )
        _log.info(
            "vehicle %s: goes on at item %d, %.0f m of the way again",
            self._aircraft.vehicle_id, seq, offer.point.repeated_m,
        )  # fmt: skip
        return outcome

    async def _read(self) -> dict[MissionKind, tuple[WireItem, ...]] | str:
        lists = PlanLists("", dict.fromkeys(ORDER, ()))
        reader = PlanTransfer(
            self._aircraft, lists, lambda plan: (), lambda status: None, self._clock, use_ftp=self._use_ftp
        )
        held = await reader.read()
        return reader.failure if held is None else held
