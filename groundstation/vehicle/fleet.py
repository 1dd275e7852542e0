"""Orders to several aircraft at once: named, confirmed, carried out side by side, and told aircraft by aircraft.

There is no "active aircraft" in a station: an order names those it is for. A group order is prepared first, which sends
nothing and tells which aircraft will probably refuse; it is carried out when its token comes back within some seconds.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Protocol

from groundstation.core.clock import Clock
from groundstation.core.errors import ConfigError
from groundstation.core.records import (
    CommandOutcome,
    CommandResult,
    Fault,
    FleetOutcome,
    FleetRequest,
    FleetVerb,
    VehicleId,
    VehicleState,
)
from groundstation.vehicle.modes import choose_mode

_log = logging.getLogger("groundstation.fleet")

CONFIRM_WITHIN_S = 10.0
_MOST_PREPARED = 100
_NAMED = 5


class FleetPort(Protocol):
    """What is needed of the vehicle service (:class:`groundstation.vehicle.service.VehicleService` is one)."""

    @property
    def vehicle_ids(self) -> tuple[VehicleId, ...]: ...
    def state(self, vehicle_id: VehicleId) -> VehicleState: ...
    def why_no_start(self, vehicle_id: VehicleId) -> str: ...
    async def start_mission(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome: ...
    async def pause(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome: ...
    async def resume(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome: ...
    async def return_to_launch(
        self, vehicle_id: VehicleId, asked_s: float | None = None, late_ok: bool = False
    ) -> CommandOutcome: ...
    async def arm(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome: ...
    async def disarm(self, vehicle_id: VehicleId, asked_s: float | None = None) -> CommandOutcome: ...
    async def set_mode(self, vehicle_id: VehicleId, mode: str, asked_s: float | None = None) -> CommandOutcome: ...


class FleetDesk:
    """Group orders of one station. ``tell`` gets a standing fault and whether it stands."""

    def __init__(
        self,
        service: FleetPort,
        clock: Clock,
        tell: Callable[[Fault, bool], None],
        confirm_within_s: float = CONFIRM_WITHIN_S,
    ) -> None:
        self._service, self._clock, self._tell = service, clock, tell
        self._confirm_ns = round(confirm_within_s * 1e9)
        self._prepared: dict[str, FleetRequest] = {}

    def prepare(self, verb: FleetVerb, vehicle_ids: Iterable[VehicleId], argument: str = "") -> FleetRequest:
        """Prepare an order; nothing is sent. Raises :class:`ConfigError` for an order that names nobody or strangers."""
        ids = tuple(dict.fromkeys(vehicle_ids))
        known = self._service.vehicle_ids
        strangers = [str(v) for v in ids if v not in known]
        if not ids or strangers:
            raise ConfigError(
                f"group order {verb!r}: {'no aircraft named' if not ids else 'never heard: ' + ', '.join(strangers)}",
                f"choose among {', '.join(str(v) for v in known) or 'aircraft once they are heard'}",
            )
        if (verb == "mode") != bool(argument):
            raise ConfigError(f"group order {verb!r} with argument {argument!r}", "only 'mode' has one: its name")
        warnings = tuple((v, reason) for v in ids if (reason := self._warning(verb, v, argument)))
        expires_ns = self._clock.mono_ns() + self._confirm_ns
        request = FleetRequest(secrets.token_hex(8), verb, argument, ids, expires_ns, warnings)
        self._forget_old()
        self._prepared[request.token] = request
        return request

    def _warning(self, verb: FleetVerb, vehicle_id: VehicleId, argument: str) -> str:
        state = self._service.state(vehicle_id)
        if state.read_only:
            return f"read only: no orders are sent to {state.autopilot}"
        if not state.link_alive:
            return "it is not heard"
        if verb == "mode":
            return choose_mode(state, argument).reason
        if verb == "start":
            return self._service.why_no_start(vehicle_id)
        if verb in ("pause", "resume", "return") and not state.armed:
            return "it is not armed"
        if verb == "arm" and state.prearm_ok is False:
            return "its pre-arm checks fail"
        return ""

    def withdraw(self, token: str) -> None:
        """Forget a prepared order."""
        self._prepared.pop(token, None)

    def _forget_old(self) -> None:
        now_ns = self._clock.mono_ns()
        self._prepared = {k: r for k, r in self._prepared.items() if now_ns <= r.expires_mono_ns}
        while len(self._prepared) >= _MOST_PREPARED:
            del self._prepared[next(iter(self._prepared))]

    async def confirm(self, token: str, asked_s: float | None = None) -> FleetOutcome:
        """Carry out the order with this token, once; all aircraft at the same time, each with its own outcome.

        Not carried out, with the reason, when it was not confirmed in time or was carried out already.
        """
        request = self._prepared.pop(token, None)
        asked_s = self._clock.mono_ns() / 1e9 if asked_s is None else asked_s
        if request is None:
            return FleetOutcome("", "", (), "no such order waits for confirmation: give it again")
        if asked_s > request.expires_mono_ns / 1e9:
            late_s = asked_s - request.expires_mono_ns / 1e9
            reason = f"confirmed {late_s:.1f} s too late: nothing was sent, give the order again"
            return FleetOutcome(request.verb, request.argument, (), reason)
        results = await asyncio.gather(
            *(self._one(request, vehicle_id, asked_s) for vehicle_id in request.vehicle_ids), return_exceptions=True
        )
        outcomes: list[tuple[VehicleId, CommandOutcome]] = []
        for vehicle_id, result in zip(request.vehicle_ids, results, strict=True):
            if isinstance(result, CommandOutcome):
                outcomes.append((vehicle_id, result))
                continue
            if not isinstance(result, Exception):
                raise result  # cancelled: not an outcome
            _log.error("vehicle %s: group order %s failed", vehicle_id, request.verb, exc_info=result)
            outcomes.append((vehicle_id, CommandOutcome(CommandResult.FAILED, f"a defect of the station: {result}")))
        outcome = FleetOutcome(request.verb, request.argument, tuple(outcomes))
        self._report(outcome)
        return outcome

    def _one(self, request: FleetRequest, v: VehicleId, asked_s: float) -> Coroutine[Any, Any, CommandOutcome]:
        service = self._service
        match request.verb:
            case "start":
                return service.start_mission(v, asked_s)
            case "pause":
                return service.pause(v, asked_s)
            case "resume":
                return service.resume(v, asked_s)
            case "return":
                return service.return_to_launch(v, asked_s)
            case "arm":
                return service.arm(v, asked_s)
            case "disarm":
                return service.disarm(v, asked_s)
            case "mode":
                return service.set_mode(v, request.argument, asked_s)

    def _report(self, outcome: FleetOutcome) -> None:
        failed, total = outcome.failed, len(outcome.outcomes)
        what = f"{outcome.verb} {outcome.argument}".strip()
        reasons = dict(outcome.outcomes)
        named = [f"{v}: {reasons[v].reason or reasons[v].result.value}" for v in failed[:_NAMED]]
        more = f" and {len(failed) - _NAMED} more" if len(failed) > _NAMED else ""
        text = f"Group order {what!r}: {len(failed)} of {total} aircraft did not ({'; '.join(named)}{more})"
        self._tell(
            Fault("fleet_order", "critical", text, "look at these aircraft, and order them one by one"), bool(failed)
        )
        _log.info("group order %s: %d of %d", what, total - len(failed), total)
