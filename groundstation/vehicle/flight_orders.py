"""What can be ordered of an aircraft: the flying half of :class:`~groundstation.vehicle.service.VehicleService`.

An order is for the aircraft it names, is refused where it cannot be meant, overtakes the one before it, and acts within a
second of being asked for or not at all.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Coroutine
from typing import Any

from geofences.area import LatLon
from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from groundstation.vehicle import flight
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.commands import Command
from groundstation.vehicle.orders import Orders
from groundstation.vehicle.plan_desk import PlanDesk
from missions.safe_return import return_corners

_log = logging.getLogger("groundstation.vehicle")

StartGate = Callable[[VehicleId], str]


class FlightOrders:
    """The orders. What they need of the service stands here by name and is the service's own."""

    _aircraft: dict[VehicleId, Aircraft]
    _desk: PlanDesk
    _start_gate: StartGate | None
    _orders: Orders

    def _now_s(self) -> float:
        raise NotImplementedError

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        raise NotImplementedError

    def set_start_gate(self, gate: StartGate | None) -> None:
        """What is asked before every start: the reason to refuse it, "" when it may fly. It must answer at once."""
        self._start_gate = gate

    async def start_mission(
        self, vehicle_id: VehicleId, asked_s: float | None = None, override_by: str = ""
    ) -> CommandOutcome:
        """Arm and fly the mission; refused unless a plan is in force and the pre-flight list allows it.

        ``override_by``: who takes it upon himself to fly against the pre-flight list; it is logged under that name. It
        never overrides the plan and the fence themselves. See :func:`flight.start_mission`.

        ``asked_s`` of this and the following: when the operator asked, by the station's monotonic clock; now if not
        given. What cannot act within a second of that is not sent.
        """
        reason = self._plan_missing(vehicle_id)
        if reason and vehicle_id in self._aircraft:
            return CommandOutcome(CommandResult.DENIED, reason)
        against = self._against_start(vehicle_id)
        if against and not override_by.strip():
            return CommandOutcome(CommandResult.DENIED, against)
        if against:
            _log.warning("vehicle %s: %s starts it against the list: %s", vehicle_id, override_by.strip(), against)
        return await self._order(vehicle_id, "start", asked_s, lambda a, at_s, _: flight.start_mission(a, at_s))

    def why_no_start(self, vehicle_id: VehicleId) -> str:
        """Why the mission of an aircraft cannot be started; "" when nothing is known against it."""
        return self._plan_missing(vehicle_id) or self._against_start(vehicle_id)

    def _against_start(self, vehicle_id: VehicleId) -> str:
        """What the gate says. One that flies already is not asked: it is safer with its mission than without."""
        aircraft = self._aircraft.get(vehicle_id)
        if aircraft is None or aircraft.state.armed or self._start_gate is None:
            return ""
        return self._start_gate(vehicle_id)

    def _plan_missing(self, vehicle_id: VehicleId) -> str:
        aircraft, status = self._aircraft.get(vehicle_id), self._desk.status(vehicle_id)
        if aircraft is None:
            return f"no aircraft {vehicle_id} was heard"
        if status is None or status.phase != "in_force":
            return "no verified plan is in force on this aircraft: upload one"
        return "" if aircraft.state.fence.enabled else "the aircraft does not report its fence as enabled"

    async def arm(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome:
        """Arm; a refusal comes with the aircraft's reasons."""
        return await self._order(vehicle_id, "arm", asked_s, lambda a, at_s, _: flight.arm(a, at_s))

    async def disarm(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome:
        """Stop the motors on the ground; in the air the aircraft refuses."""
        return await self._order(vehicle_id, "disarm", asked_s, lambda a, at_s, _: flight.disarm(a, at_s))

    async def take_off(self, vehicle_id: VehicleId, height_m: float, asked_s: float | None = None) -> CommandOutcome:
        """Arm if needed and climb to a height above home; see :func:`flight.take_off`."""
        return await self._order(vehicle_id, "takeoff", asked_s, lambda a, at_s, _: flight.take_off(a, height_m, at_s))

    async def set_mode(self, vehicle_id: VehicleId, mode: str, asked_s: float | None = None) -> CommandOutcome:
        """Change the flight mode and see it changed."""
        return await self._order(vehicle_id, f"mode {mode}", asked_s, lambda a, at_s, _: flight.set_mode(a, mode, at_s))

    async def pause(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome:
        """Hold position. Asked again after it could not be sent in time, it is sent even if it may act late."""
        return await self._order(vehicle_id, "pause", asked_s, flight.pause, safe_late=True)

    async def resume(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome:
        """Go on with the mission where it was left."""
        return await self._order(vehicle_id, "resume", asked_s, lambda a, at_s, _: flight.resume(a, at_s))

    async def return_to_launch(
        self, vehicle_id: VehicleId, asked_s: float | None = None, late_ok: bool = False
    ) -> CommandOutcome:
        """Fly home and land, round the zones to keep out of where a straight way would lead through one.

        The outcome comes when the aircraft has begun. If it cannot fly the corners, it returns straight: home matters
        more. Whatever else an operator or the aircraft does in between ends it. Asked again after it could not be sent
        in time, or with ``late_ok``, it is sent even if it may act late.
        """
        plan, aircraft = self._desk.in_force(vehicle_id), self._aircraft.get(vehicle_id)
        corners: tuple[LatLon, ...] | None = ()
        if plan is not None and aircraft is not None and math.isfinite(aircraft.state.lat_deg):
            corners = return_corners(plan, aircraft.state.lat_deg, aircraft.state.lon_deg)

        async def action(a: Aircraft, at_s: float, late: bool) -> CommandOutcome:
            if not corners or late:
                return await flight.return_to_launch(a, at_s, late)
            return await self._begin_return_round(a, corners, at_s)

        return await self._order(vehicle_id, "return", asked_s, action, safe_late=True, late_ok=late_ok)

    async def _begin_return_round(
        self, aircraft: Aircraft, corners: tuple[LatLon, ...], asked_s: float
    ) -> CommandOutcome:
        outcome = await flight.set_mode(aircraft, "GUIDED", asked_s)
        if outcome.result is CommandResult.NOT_SENT:
            return outcome
        if not outcome.ok:
            return await flight.return_to_launch(aircraft)
        self._spawn(self._return_round(aircraft, corners))
        return CommandOutcome(outcome.result, f"round {len(corners)} corner(s) of the fence, then home")

    async def _return_round(self, aircraft: Aircraft, corners: tuple[LatLon, ...]) -> None:
        begun = self._orders.number(aircraft.vehicle_id)
        outcome = await flight.fly_corners(aircraft, corners)
        if self._orders.number(aircraft.vehicle_id) != begun:
            return  # another order has been given since
        if not outcome.ok:
            _log.warning("vehicle %s: return round the fence: %s", aircraft.vehicle_id, outcome.reason)
            if aircraft.state.mode != "GUIDED":
                return
        await flight.return_to_launch(aircraft)

    async def _order(
        self,
        vehicle_id: VehicleId,
        what: str,
        asked_s: float | None,
        action: Callable[[Aircraft, float, bool], Coroutine[Any, Any, CommandOutcome]],
        safe_late: bool = False,
        late_ok: bool = False,
    ) -> CommandOutcome:
        """One order; it overtakes the one before it. ``safe_late``: one that the operator may insist on."""
        asked_s = self._now_s() if asked_s is None else asked_s
        late_ok = late_ok or (safe_late and self._orders.insisted(vehicle_id, what, asked_s))
        refused = self._refused(vehicle_id, late_ok)
        if refused is None:
            aircraft, at_s = self._aircraft[vehicle_id], asked_s
            outcome = await self._orders.run(vehicle_id, what, action(aircraft, at_s, late_ok))
        else:
            outcome = refused
        if (
            safe_late
            and vehicle_id in self._aircraft
            and outcome.result in (CommandResult.NOT_SENT, CommandResult.LINK_LOST)
        ):
            outcome = self._orders.may_insist(vehicle_id, what, asked_s, outcome)
        _log.info("vehicle %s: %s: %s %s", vehicle_id, what, outcome.result.value, outcome.reason)
        return outcome

    def _refused(self, vehicle_id: VehicleId, late_ok: bool = False) -> CommandOutcome | None:
        aircraft = self._aircraft.get(vehicle_id)
        if aircraft is None:
            return CommandOutcome(CommandResult.LINK_LOST, f"no aircraft {vehicle_id} was heard")
        if aircraft.state.read_only:
            reason = f"read only: this station sends no orders to {aircraft.state.autopilot}"
            return CommandOutcome(CommandResult.UNSUPPORTED, reason)
        if not aircraft.state.link_alive and not late_ok:
            return CommandOutcome(CommandResult.LINK_LOST, "the aircraft is not heard: nothing was sent")
        return None

    async def command(self, vehicle_id: VehicleId, command: Command, component_id: int | None = None) -> CommandOutcome:
        """Send one command to an aircraft, or to a camera or gimbal of its system, and wait for its outcome."""
        refused = self._refused(vehicle_id)
        return refused or await self._aircraft[vehicle_id].command(command, component_id)
