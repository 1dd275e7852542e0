"""The plans of all aircraft of a station: sent, verified, in force, and no longer believed when something speaks against it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.core.records import CommandOutcome, CommandResult, PlanStatus, VehicleId
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.held_plans import CLEARED_S, HeldPlanWatch, held_plan, mission_fits
from groundstation.vehicle.plan_transfer import PlanCheck, PlanTransfer, StatusSink
from groundstation.vehicle.resume import Resume, ResumeOffer
from missions.checks.override import Override
from missions.codec import MissionKind, compare_items, items_of
from missions.item_download import DownloadTransfer
from missions.plan import Plan
from missions.transfer import Timers

_log = logging.getLogger("groundstation.vehicle")

R = TypeVar("R")

_DOUBT_S = 3.0
# The text of our own upload may come after its read-back.
_OWN_TEXT_S = 2.0
_VERIFY_TRIES = 5
_VERIFY_PAUSE_S = 2.0


@dataclass(frozen=True)
class TransferWays:
    """How plans go: see :class:`~groundstation.vehicle.plan_transfer.PlanTransfer`, to which these are given."""

    window: int | None = None
    link_back_s: float = 30.0
    timers: Timers | None = None


class PlanDesk:
    """One transfer at a time for each aircraft; what is in force is what was read back and equal, and nothing else.

    ``aircraft`` is the service's own table. ``tell`` gets every status, in order.
    """

    def __init__(
        self,
        aircraft: Mapping[VehicleId, Aircraft],
        clock: Clock,
        check_plan: PlanCheck,
        tell: StatusSink,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        ways: TransferWays,
    ) -> None:
        self._aircraft, self._clock, self._check_plan = aircraft, clock, check_plan
        self._sink, self._spawn, self._ways = tell, spawn, ways
        self._plans: dict[VehicleId, Plan] = {}
        self._status: dict[VehicleId, PlanStatus] = {}
        self._busy: set[VehicleId] = set()
        self._doubt_since_s: dict[VehicleId, float] = {}

    def status(self, vehicle_id: VehicleId) -> PlanStatus | None:
        """What became of the last plan for an aircraft."""
        return self._status.get(vehicle_id)

    def in_force(self, vehicle_id: VehicleId) -> Plan | None:
        """The plan that an aircraft is known to hold; None without one."""
        return self._plans.get(vehicle_id)

    async def read_fence(self, vehicle_id: VehicleId) -> str:
        """Read the fence items of an aircraft, for its parts to see; the reason when that failed, "" when it did not."""
        aircraft = self._aircraft.get(vehicle_id)
        if aircraft is None or vehicle_id in self._busy:
            return f"no aircraft {vehicle_id} was heard" if aircraft is None else "a plan is being transferred"
        self._busy.add(vehicle_id)
        try:
            machine = DownloadTransfer(MissionKind.FENCE, aircraft.address, aircraft.own_address)
            result = await aircraft.run_transfer(machine)
        finally:
            self._busy.discard(vehicle_id)
        return "" if result.ok else result.reason

    async def transfer(
        self, vehicle_id: VehicleId, plan: Plan, upload: bool, override: Override | None = None
    ) -> PlanStatus:
        """Upload (or only verify) a plan; see :meth:`VehicleService.upload_plan`."""
        aircraft = self._aircraft.get(vehicle_id)
        reason = f"no aircraft {vehicle_id} was heard" if aircraft is None else ""
        if aircraft is not None and aircraft.state.read_only:
            reason = f"read only: this station sends no plans to {aircraft.state.autopilot}"
        if vehicle_id in self._busy:
            reason = "another plan is being sent to this aircraft"
        if aircraft is None or reason:
            # Not told: the plan that is being sent keeps its own status.
            return PlanStatus(vehicle_id, self._clock.utc_us(), "failed", plan.name, reason)
        faults = tuple(self._check_plan(plan)) if override is not None else ()
        if override is not None and faults:
            _log.warning(
                "vehicle %s: %s sends the plan %r against %d findings (%s): %s",
                vehicle_id, override.name.strip(), plan.name, len(faults), override.reason.strip(), "; ".join(faults),
            )  # fmt: skip

        def publish(told: PlanStatus) -> None:
            self._tell(replace(told, overridden=faults))

        transfer = PlanTransfer(
            aircraft, plan, self._check_plan if override is None else lambda _: (), publish, self._clock,
            self._ways.window, self._ways.link_back_s, self._ways.timers,
        )  # fmt: skip
        self._busy.add(vehicle_id)
        self._plans.pop(vehicle_id, None)
        try:
            status = await (transfer.upload() if upload else transfer.verify())
        except asyncio.CancelledError:
            reason = "cancelled; the aircraft may hold parts of two plans: upload again"
            self._tell(PlanStatus(vehicle_id, self._clock.utc_us(), "failed", plan.name, reason))
            raise
        finally:
            self._busy.discard(vehicle_id)
        status = replace(status, overridden=faults)
        if status.phase == "in_force":
            self._plans[vehicle_id] = plan
            watch = aircraft.parts.find(HeldPlanWatch)
            if watch is not None:
                watch.remember(held_plan(plan.name, plan.digest(), self._clock.utc_us(), transfer.read_back))
        return status

    async def check(self, vehicle_id: VehicleId) -> str:
        """Read a plan in force back once more: "" when the aircraft holds it, or when there is nothing to check.

        ArduPilot tells of another station's upload on that station's link only, and its numbers of items may be the same.
        """
        aircraft, plan = self._aircraft.get(vehicle_id), self._plans.get(vehicle_id)
        if aircraft is None or plan is None or vehicle_id in self._busy or aircraft.state.armed:
            return ""
        self._busy.add(vehicle_id)
        try:
            reader = PlanTransfer(aircraft, plan, lambda plan: (), lambda status: None, self._clock, self._ways.window)
            held = await reader.read()
        finally:
            self._busy.discard(vehicle_id)
        if held is None:
            return f"its plan could not be read back: {reader.failure}"
        found = [d for kind, items in held.items() for d in compare_items(kind, items_of(plan, kind), items)]
        if not found:
            return ""
        reason = f"the aircraft holds another plan than was verified ({found[0]}): somebody changed it"
        status = self._status.get(vehicle_id)
        if status is not None and self._plans.get(vehicle_id) is plan:
            self._not_in_force(status, reason)
        return reason

    def _not_in_force(self, status: PlanStatus, reason: str) -> None:
        _log.error("vehicle %s: plan %r: %s", status.vehicle_id, status.plan_name, reason)
        self._plans.pop(status.vehicle_id)
        self._tell(
            replace(
                status, phase="failed", detail=reason, t_utc_us=self._clock.utc_us(),
                mission_verified=False, fence_verified=False, rally_verified=False,
            )
        )  # fmt: skip

    async def take_up_mission(
        self, vehicle_id: VehicleId, rewind_m: float, restart: bool
    ) -> tuple[ResumeOffer, CommandOutcome]:
        """See :meth:`VehicleService.take_up_mission`."""

        async def work(aircraft: Aircraft) -> tuple[ResumeOffer, CommandOutcome]:
            watch = aircraft.parts.find(HeldPlanWatch)
            if watch is None:
                reason = "this station keeps no record of what its aircraft hold"
                return ResumeOffer(None, reason), CommandOutcome(CommandResult.DENIED, reason)
            resume = Resume(aircraft, watch, self._clock)
            offer = await resume.offer(rewind_m)
            return offer, await resume.set_current(offer, restart)

        return await self.exclusively(vehicle_id, work, changes=False)

    async def exclusively(self, vehicle_id: VehicleId, work: Callable[[Aircraft], Awaitable[R]], changes: bool) -> R:
        """See :meth:`VehicleService.exclusively`."""
        aircraft = self._aircraft.get(vehicle_id)
        if aircraft is None or aircraft.state.read_only or vehicle_id in self._busy:
            reason = (
                "was never heard" if aircraft is None else "is busy" if vehicle_id in self._busy else "is read only"
            )
            raise LinkError(f"aircraft {vehicle_id} {reason}", "wait until the other transfer is over")
        self._busy.add(vehicle_id)
        if changes:
            self._plans.pop(vehicle_id, None)
        try:
            return await work(aircraft)
        finally:
            self._busy.discard(vehicle_id)

    # -- what speaks against a plan in force -------------------------------------------------------------------------

    def on_restart(self, vehicle_id: VehicleId) -> None:
        """What a restart may have changed is not believed until it was read back."""
        self._read_back(vehicle_id, "the aircraft has restarted: its plan is being read back")

    def on_mission_text(self, vehicle_id: VehicleId, t_utc_us: int) -> None:
        """ArduPilot says so whenever anybody has sent it a mission; of another as long nothing else tells."""
        status = self._status.get(vehicle_id)
        if vehicle_id in self._busy or status is None or t_utc_us - status.t_utc_us < _OWN_TEXT_S * 1e6:
            return
        self._read_back(vehicle_id, "somebody has sent the aircraft a mission: its plan is being read back")

    def _read_back(self, vehicle_id: VehicleId, why: str) -> None:
        """The plan in force, if there is one, is not believed until it was read back."""
        status = self._status.get(vehicle_id)
        plan = self._plans.get(vehicle_id)
        if status is None or status.phase != "in_force" or plan is None:
            return
        self._tell(replace(status, phase="failed", detail=why, t_utc_us=self._clock.utc_us()))
        self._spawn(self._verify_again(vehicle_id, plan))

    async def _verify_again(self, vehicle_id: VehicleId, plan: Plan) -> None:
        """More than once: ArduPilot answers with an empty fence for some seconds after its start, then loads it."""
        for _ in range(_VERIFY_TRIES):
            await asyncio.sleep(_VERIFY_PAUSE_S)
            status = self._status[vehicle_id]
            if vehicle_id in self._busy or status.plan_name != plan.name or status.phase == "in_force":
                return  # somebody is sending a plan, which settles it too
            if (await self.transfer(vehicle_id, plan, upload=False)).phase == "in_force":
                return

    def guard(self, aircraft: Aircraft, now_s: float) -> None:
        """A plan that somebody else changed, or whose fence was switched off, is not in force any more."""
        vehicle_id = aircraft.vehicle_id
        if vehicle_id not in self._plans:
            # The usual case of a fleet, many times a second.
            self._doubt_since_s.pop(vehicle_id, None)
            return
        state = aircraft.state
        plan, status = self._plans.get(vehicle_id), self._status.get(vehicle_id)
        reason, patience_s = "", _DOUBT_S
        if plan is not None and status is not None and status.phase == "in_force" and state.link_alive:
            if not state.fence.enabled:
                reason = "the aircraft does not report its fence as enabled any more"
            elif not mission_fits(state, len(plan.items)):
                reason = f"the aircraft now holds a mission of {state.mission_total} items: somebody changed it"
                patience_s = _DOUBT_S if state.mission_total else CLEARED_S
        if not reason or status is None:
            self._doubt_since_s.pop(vehicle_id, None)
            return
        # What was on its way when the plan was verified may still be older than it.
        if now_s - self._doubt_since_s.setdefault(vehicle_id, now_s) > patience_s:
            self._not_in_force(status, reason)

    def _tell(self, status: PlanStatus) -> None:
        self._status[status.vehicle_id] = status
        self._sink(status)
