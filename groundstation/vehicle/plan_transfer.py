"""A plan onto an aircraft as one verified transaction.

The order: check, read what is there, switch the old fence off, send fence, rally points and mission (each read back and
compared), set the fence's parameters (each echoed), switch the fence on and see the aircraft say so. Only then is the
plan in force. When any step fails, what was there before is put back, and the outcome says whether that worked.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from groundstation.core.clock import Clock
from groundstation.core.records import CommandOutcome, CommandResult, PlanStatus, VehicleId, VehicleState
from groundstation.vehicle.commands import Command
from groundstation.vehicle.fence_parameters import FENCE_ENABLE, FenceParameter, fence_parameters
from groundstation.vehicle.parameters import ParameterResult
from missions.codec import MissionKind, WireItem, compare_items, items_of
from missions.plan import Plan
from missions.transfer import Address, DownloadTransfer, Outcome, Timers, Transfer, TransferResult
from missions.verified import VerifiedUpload

_log = logging.getLogger("groundstation.plan")

DO_FENCE_ENABLE = 207
_FENCE_SEEN_S = 5.0
_REASON_WAIT_S = 0.7
_REQUIRED_TRIES = 6
_RESTORE_TRIES = 3
_RESTORE_PAUSE_S = 4.0
# Absence is told by silence, so it costs this many waits every time.
_OPTIONAL_TRIES = 3
_NAMES = {MissionKind.MISSION: "mission", MissionKind.FENCE: "fence", MissionKind.RALLY: "rally points"}
# The fence first: should the link break for good in between, the old mission is still under a fence.
_ORDER = (MissionKind.FENCE, MissionKind.RALLY, MissionKind.MISSION)

PlanCheck = Callable[[Plan], Sequence[str]]
"""Gives the reasons why a plan must not be uploaded; none when it may."""

StatusSink = Callable[[PlanStatus], None]


class AircraftPort(Protocol):
    """What the transaction needs of an aircraft (:class:`groundstation.vehicle.aircraft.Aircraft` is one)."""

    vehicle_id: VehicleId
    address: Address
    own_address: Address

    @property
    def state(self) -> VehicleState: ...
    def now_s(self) -> float: ...
    async def run_transfer(
        self, transfer: Transfer, on_progress: Callable[[], None] | None = None
    ) -> TransferResult: ...
    async def command(self, command: Command) -> CommandOutcome: ...
    async def get_param(self, name: str, tries: int = 4) -> ParameterResult: ...
    async def set_param(self, name: str, value: float) -> ParameterResult: ...
    async def wait_for(self, condition: Callable[[VehicleState], bool], timeout_s: float) -> bool: ...
    def texts_since(self, since_s: float, worst_severity: int = 4) -> str: ...


class _StepError(Exception):
    """A step of the transaction failed, and why."""


@dataclass
class _Before:
    """What was on the aircraft: to be put back."""

    items: dict[MissionKind, tuple[WireItem, ...]] = field(default_factory=dict)
    parameters: dict[str, float] = field(default_factory=dict)
    touched: bool = False


class PlanTransfer:
    """Puts one plan onto one aircraft. Use once. ``window``: items on their way at once, 1 to 8."""

    def __init__(
        self,
        aircraft: AircraftPort,
        plan: Plan,
        check: PlanCheck,
        publish: StatusSink,
        clock: Clock,
        window: int = 4,
        link_back_s: float = 30.0,
        timers: Timers | None = None,
    ) -> None:
        self._aircraft, self._plan, self._check, self._publish = aircraft, plan, check, publish
        self._clock, self._window, self._link_back_s, self._timers = clock, window, link_back_s, timers
        self._items = {kind: items_of(plan, kind) for kind in MissionKind}
        self._begun_s = aircraft.now_s()
        self._step_share = (0.0, 0.0)
        self._before = _Before()
        self._status = PlanStatus(
            aircraft.vehicle_id, clock.utc_us(), "checking", plan.name,
            mission_items=len(plan.items),
            fence_items=len(self._items[MissionKind.FENCE]),
            rally_items=len(plan.rally),
        )  # fmt: skip

    async def upload(self) -> PlanStatus:
        """The whole transaction; the status is ``in_force`` or ``failed``. Never raises for what the aircraft does."""
        self._tell()
        reasons = list(self._check(self._plan))
        if self._aircraft.state.armed:
            reasons.insert(0, "the aircraft is armed: return and land before changing its plan")
        if not self._aircraft.state.link_alive:
            reasons.insert(0, "the aircraft is not heard")
        if reasons:
            return self._fail("refused, nothing was sent: " + "; ".join(reasons))
        try:
            await self._read_before()
            await self._put_plan()
            await self._put_parameters()
            await self._enable_fence()
        except _StepError as failure:
            return await self._fail_and_restore(str(failure))
        return self._in_force()

    async def verify(self) -> PlanStatus:
        """Read everything back without changing it: is this plan in force?"""
        self._status = replace(self._status, phase="reading_back")
        self._tell()
        try:
            for number, kind in enumerate(_ORDER):
                self._step_share = (number / 4.0, 0.25)
                held = await self._download(kind)
                differences = compare_items(kind, self._items[kind], held)
                if differences:
                    raise _StepError(f"{_NAMES[kind]}: {'; '.join(str(d) for d in differences[:3])}")
                self._mark(kind)
            await self._verify_parameters()
            if not await self._aircraft.wait_for(lambda s: s.fence.present and s.fence.enabled, _FENCE_SEEN_S):
                raise _StepError("the aircraft does not report its fence as enabled")
        except _StepError as failure:
            return self._fail(f"not the plan that was uploaded: {failure}")
        return self._in_force()

    # -- steps ---------------------------------------------------------------------------------------------------

    async def _read_before(self) -> None:
        self._status = replace(self._status, phase="uploading", detail="reading what the aircraft holds")
        for number, kind in enumerate(_ORDER):
            self._step_share = (0.05 * number, 0.05)
            self._before.items[kind] = await self._download(kind)
        wanted = self._wanted()
        for parameter, result in zip(wanted, await self._read_parameters(wanted), strict=True):
            if result.value is not None:
                self._before.parameters[parameter.name] = result.value
            elif parameter.required:
                raise _StepError(f"reading {parameter.name}: {result.reason}")
        _log.info(
            "vehicle %s: held %d fence, %d rally, %d mission items, %d of %d parameters",
            self._aircraft.vehicle_id, *(len(self._before.items[k]) for k in _ORDER),
            len(self._before.parameters), len(wanted),
        )  # fmt: skip

    async def _put_plan(self) -> None:
        self._before.touched = True
        # Changing polygons and types under an enabled fence would act on half of them.
        await self._set(FENCE_ENABLE, 0.0)
        for number, kind in enumerate(_ORDER):
            self._step_share = (0.15 + 0.2 * number, 0.2)
            self._status = replace(self._status, detail=f"sending the {_NAMES[kind]}")
            await self._send_list(kind, self._items[kind])
            self._mark(kind)

    async def _put_parameters(self) -> None:
        self._step_share = (0.75, 0.2)
        self._status = replace(self._status, phase="uploading", detail="setting the fence's parameters", progress=0.75)
        self._tell()
        before = self._before.parameters
        await self._set_all(
            {p.name: p.wanted(before[p.name]) for p in fence_parameters(self._plan.fence) if p.name in before}
        )

    async def _enable_fence(self) -> None:
        self._status = replace(self._status, phase="reading_back", detail="enabling the fence", progress=0.95)
        self._tell()
        since_s = self._aircraft.now_s()
        await self._set(FENCE_ENABLE, 1.0)
        outcome = await self._aircraft.command(Command(DO_FENCE_ENABLE, 1.0))
        if not outcome.ok and outcome.result is not CommandResult.UNSUPPORTED:
            raise _StepError(f"enabling the fence: {outcome.reason or outcome.result.value}")
        if not await self._aircraft.wait_for(lambda s: s.fence.present and s.fence.enabled, _FENCE_SEEN_S):
            said = self._aircraft.texts_since(since_s)
            raise _StepError(f"the aircraft does not report its fence as enabled{': ' + said if said else ''}")

    async def _verify_parameters(self) -> None:
        wanted = self._wanted()
        for parameter, result in zip(wanted, await self._read_parameters(wanted), strict=True):
            if result.value is None:
                if parameter.required:
                    raise _StepError(result.reason)
            elif abs(parameter.wanted(result.value) - result.value) > 1e-4:
                raise _StepError(f"{parameter.name} is {result.value:g}, not {parameter.wanted(result.value):g}")

    def _wanted(self) -> tuple[FenceParameter, ...]:
        return (*fence_parameters(self._plan.fence), FenceParameter(FENCE_ENABLE, 1.0))

    async def _read_parameters(self, wanted: Sequence[FenceParameter]) -> list[ParameterResult]:
        """At once: over a link that loses packets, one after the other would wait for each that was lost."""
        reads = (self._aircraft.get_param(p.name, _REQUIRED_TRIES if p.required else _OPTIONAL_TRIES) for p in wanted)
        return list(await asyncio.gather(*reads))

    async def _set_all(self, values: Mapping[str, float]) -> None:
        """At once; each must be echoed."""
        results = await asyncio.gather(
            *(self._set(name, value) for name, value in values.items()), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _set(self, name: str, value: float) -> None:
        since_s = self._aircraft.now_s()
        result = await self._aircraft.set_param(name, value)
        if not result.ok:
            said = self._aircraft.texts_since(since_s)
            raise _StepError(f"{result.reason}{': ' + said if said else ''}")

    async def _download(self, kind: MissionKind) -> tuple[WireItem, ...]:
        machine = DownloadTransfer(kind, self._aircraft.address, self._aircraft.own_address, self._window, self._timers)
        result = await self._run(machine)
        if not result.ok:
            raise _StepError(f"reading the {_NAMES[kind]} that the aircraft holds: {result.reason}")
        return result.items

    async def _send_list(self, kind: MissionKind, items: Sequence[WireItem]) -> None:
        since_s = self._aircraft.now_s()
        machine = VerifiedUpload(
            kind, items, self._aircraft.address, self._aircraft.own_address, self._window, self._timers
        )

        def progress() -> None:
            self._status = replace(
                self._status,
                phase="reading_back" if machine.phase == "reading_back" else "uploading",
                progress=self._step_share[0] + self._step_share[1] * machine.progress,
            )
            self._tell()

        progress()
        result = await self._aircraft.run_transfer(machine, progress)
        if not result.ok:
            # The reason of a refusal is in a text that comes just after it.
            if result.outcome is Outcome.REFUSED:
                await self._aircraft.wait_for(lambda _: bool(self._aircraft.texts_since(since_s)), _REASON_WAIT_S)
            said = self._aircraft.texts_since(since_s)
            raise _StepError(f"{_NAMES[kind]}: {result.reason}{': ' + said if said else ''}")

    async def _run(self, machine: Transfer) -> TransferResult:
        start, share = self._step_share

        def progress() -> None:
            self._status = replace(self._status, progress=start + share * machine.progress)
            self._tell()

        return await self._aircraft.run_transfer(machine, progress)

    # -- the end -------------------------------------------------------------------------------------------------

    async def _fail_and_restore(self, reason: str) -> PlanStatus:
        self._status = replace(
            self._status, mission_verified=False, fence_verified=False, rally_verified=False, progress=0.0
        )
        if not self._before.touched:
            return self._fail(f"{reason}; the aircraft was not changed")
        self._fail(f"{reason}; putting back what was there")
        # Only now: a link that broke in the middle has to come back first.
        if not await self._aircraft.wait_for(lambda s: s.link_alive and s.heartbeat_age_s < 2.0, self._link_back_s):
            return self._fail(f"{reason}; the link is gone, the aircraft may hold parts of two plans: upload again")
        second = ""
        for _ in range(_RESTORE_TRIES):
            try:
                await self._restore()
            except _StepError as error:
                second = str(error)
                # An aircraft that still waits for the rest of an upload denies others for up to 8 s.
                await self._aircraft.wait_for(lambda _: False, _RESTORE_PAUSE_S)
            else:
                return self._fail(f"{reason}; what was there before was put back")
        return self._fail(f"{reason}; what was there could not be put back ({second}): upload again before flight")

    async def _restore(self) -> None:
        if self._aircraft.state.armed:
            raise _StepError("the aircraft is armed")
        await self._set(FENCE_ENABLE, 0.0)
        for kind in _ORDER:
            machine = VerifiedUpload(
                kind,
                self._before.items[kind],
                self._aircraft.address,
                self._aircraft.own_address,
                self._window,
                self._timers,
            )
            result = await self._aircraft.run_transfer(machine)
            if not result.ok:
                raise _StepError(f"{_NAMES[kind]}: {result.reason}")
        await self._set_all({n: v for n, v in self._before.parameters.items() if n != FENCE_ENABLE})
        await self._set(FENCE_ENABLE, self._before.parameters[FENCE_ENABLE])

    def _mark(self, kind: MissionKind) -> None:
        if kind is MissionKind.MISSION:
            self._status = replace(self._status, mission_verified=True)
        elif kind is MissionKind.FENCE:
            self._status = replace(self._status, fence_verified=True)
        else:
            self._status = replace(self._status, rally_verified=True)

    def _in_force(self) -> PlanStatus:
        took_s = self._aircraft.now_s() - self._begun_s
        self._status = replace(self._status, phase="in_force", detail="", progress=1.0, upload_s=took_s)
        _log.info("vehicle %s: plan %r is in force after %.2f s", self._aircraft.vehicle_id, self._plan.name, took_s)
        return self._tell()

    def _fail(self, detail: str) -> PlanStatus:
        self._status = replace(
            self._status, phase="failed", detail=detail, upload_s=self._aircraft.now_s() - self._begun_s
        )
        _log.error("vehicle %s: plan %r: %s", self._aircraft.vehicle_id, self._plan.name, detail)
        return self._tell()

    def _tell(self) -> PlanStatus:
        self._status = replace(self._status, t_utc_us=self._clock.utc_us())
        self._publish(self._status)
        return self._status
