"""A plan onto an aircraft as one verified transaction.

The order: check, read what is there, switch the old fence off, send fence, rally points and mission (each read back and
compared), set the fence's parameters (each echoed), switch the fence on and see the aircraft say so. Only then is the
plan in force. When any step fails, what was there before is put back, and the outcome says whether that worked; where it
cannot be put back, it says list by list what the aircraft can hold.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from groundstation.core.clock import Clock
from groundstation.core.records import CommandOutcome, CommandResult, PlanStatus, VehicleId, VehicleState
from groundstation.vehicle.commands import REQUEST_MESSAGE, Command
from groundstation.vehicle.fence_parameters import FENCE_ENABLE, FenceParameter
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.plan_lists import NAMES, Holdings, PlanLists, lists_of
from missions.codec import MissionKind, WireItem, compare_items
from missions.ftp import CAPABILITY_FTP, IDLE_CLOSE_S, FtpAsk, FtpPeer, Opcode
from missions.plan import Plan
from missions.transfer import ACK_NO_SPACE, Address, Machine, Outcome, Timers, TransferResult, timers_for, window_for
from missions.verified import Download, VerifiedUpload

_log = logging.getLogger("groundstation.plan")

R = TypeVar("R")

DO_FENCE_ENABLE = 207
_SYS_STATUS, _AUTOPILOT_VERSION = 1, 148
_FENCE_ASKED, _FENCE_WAIT_S = 5, 1.0
_REASON_WAIT_S = 0.7
# In the first seconds after its start an ArduPilot has no room for anything yet.
_STARTING_TEXT, _STARTING_TRIES, _STARTING_PAUSE_S = "Only 0 items", 6, 2.0
_REQUIRED_TRIES = 8
_RESTORE_TRIES = 3
_ENABLE_TRIES = 3
_RESTORE_PAUSE_S = 4.0
# Absence is told by silence, so it costs this many waits every time.
_OPTIONAL_TRIES = 3

PlanCheck = Callable[[Plan], Sequence[str]]
"""Gives the reasons why a plan must not be uploaded; none when it may."""

StatusSink = Callable[[PlanStatus], None]


class AircraftPort(Protocol):
    """What the transaction needs of an aircraft (:class:`groundstation.vehicle.aircraft.Aircraft` is one).

    ``capabilities``: of its AUTOPILOT_VERSION, 0 while unknown. ``slow_link``: a serial radio, whose receiver holds few
    packets. ``fence_told_s``: when it last told whether its fence is on (SYS_STATUS), by :meth:`now_s`.
    """

    vehicle_id: VehicleId
    address: Address
    own_address: Address
    capabilities: int
    fence_told_s: float
    ftp: FtpPeer

    @property
    def state(self) -> VehicleState: ...
    @property
    def slow_link(self) -> bool: ...
    def now_s(self) -> float: ...
    async def run_transfer(self, transfer: Machine[R], on_progress: Callable[[], None] | None = None) -> R: ...
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
    """Puts one plan, or bare lists, onto one aircraft. Use once.

    ``window``: items on their way at once, 1 to 16, None by the way to the aircraft. ``use_ftp``: by file where the
    aircraft says that it has them. A plan is checked by ``check``; bare lists have been checked by who made them.
    """

    def __init__(
        self,
        aircraft: AircraftPort,
        plan: Plan | PlanLists,
        check: PlanCheck,
        publish: StatusSink,
        clock: Clock,
        window: int | None = None,
        link_back_s: float = 30.0,
        timers: Timers | None = None,
        use_ftp: bool = True,
    ) -> None:
        self._aircraft, self._check, self._publish = aircraft, check, publish
        self._plan = plan if isinstance(plan, Plan) else None
        self._lists = lists_of(plan) if isinstance(plan, Plan) else plan
        self._clock, self._window, self._link_back_s, self._timers = clock, window, link_back_s, timers
        self._use_ftp = use_ftp
        self._items = self._lists.items
        self._begun_s = aircraft.now_s()
        self._step_share = (0.0, 0.0)
        self._round_trip_s: float | None = None
        self._closes_by_itself_s = float("-inf")
        self._file_link = ""
        self._methods: list[str] = []
        self.failure = ""
        self._before = _Before()
        self.read_back: dict[MissionKind, tuple[WireItem, ...]] = {}
        """What was read back of each list that was verified."""
        self.holdings = Holdings(self._lists.kinds)
        self._status = PlanStatus(
            aircraft.vehicle_id, clock.utc_us(), "checking", self._lists.name,
            mission_items=max(0, len(self._items.get(MissionKind.MISSION, ())) - 1),
            fence_items=len(self._items.get(MissionKind.FENCE, ())),
            rally_items=len(self._items.get(MissionKind.RALLY, ())),
        )  # fmt: skip

    async def upload(self) -> PlanStatus:
        """The whole transaction; the status is ``in_force`` or ``failed``. Never raises for what the aircraft does."""
        self._tell()
        reasons = list(self._check(self._plan)) if self._plan is not None else []
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
            await self._prepare_files()
            for number, kind in enumerate(self._lists.kinds):
                self._step_share = (number / 4.0, 0.25)
                held = await self._download(kind)
                differences = compare_items(kind, self._items[kind], held)
                if differences:
                    raise _StepError(f"{NAMES[kind]}: {'; '.join(str(d) for d in differences[:3])}")
                self.read_back[kind] = held
                self._mark(kind)
            await self._verify_parameters()
            if self._lists.enable_fence and not await self._fence_seen(self._begun_s):
                raise _StepError("the aircraft does not report its fence as enabled")
        except _StepError as failure:
            return self._fail(f"not the plan that was uploaded: {failure}")
        return self._in_force()

    async def read(self) -> dict[MissionKind, tuple[WireItem, ...]] | None:
        """Only read what the aircraft holds of these lists; None when that failed, and :attr:`failure` says why."""
        try:
            await self._prepare_files()
            return {kind: await self._download(kind) for kind in self._lists.kinds}
        except _StepError as failure:
            self.failure = str(failure)
            return None

    @property
    def method(self) -> str:
        """How the lists went: "ftp", "items", "ftp, then items", or several."""
        return " / ".join(dict.fromkeys(m for m in self._methods if m))

    # -- steps ---------------------------------------------------------------------------------------------------

    async def _prepare_files(self) -> None:
        """Does the aircraft have files? Then close what an earlier session may have left open.

        A file that was written whole before a link broke takes effect when its session is closed, by itself after 20 s.
        It must do so before what the aircraft holds is looked at.
        """
        if not self._use_ftp:
            return
        if self._aircraft.capabilities == 0:
            await self._aircraft.command(Command(REQUEST_MESSAGE, float(_AUTOPILOT_VERSION), deadline_s=2.0))
            await self._aircraft.wait_for(lambda _: self._aircraft.capabilities != 0, 1.0)
        if not self._aircraft.capabilities & CAPABILITY_FTP:
            self._use_ftp = False
            return
        self._aircraft.ftp.most_in_flight = self._aircraft.ftp.burst if self._aircraft.slow_link else 64
        reset = await self._aircraft.run_transfer(
            FtpAsk(Opcode.RESET_SESSIONS, self._aircraft.address, self._aircraft.own_address, self._aircraft.ftp)
        )
        if not reset.ok:
            _log.warning("vehicle %s: no files after all: %s", self._aircraft.vehicle_id, reset.reason)
            self._use_ftp = False
            return
        self._round_trip_s = self._aircraft.ftp.round_trip_s

    async def _read_before(self) -> None:
        self._status = replace(self._status, phase="uploading", detail="reading what the aircraft holds")
        await self._prepare_files()
        for number, kind in enumerate(self._lists.kinds):
            self._step_share = (0.05 * number, 0.05)
            self._before.items[kind] = await self._download(kind)
        wanted = self._lists.settings
        for parameter, result in zip(wanted, await self._read_parameters(wanted), strict=True):
            if result.value is not None:
                self._before.parameters[parameter.name] = result.value
            elif parameter.required:
                raise _StepError(f"reading {parameter.name}: {result.reason}")
        _log.info(
            "vehicle %s: held %s, %d of %d parameters", self._aircraft.vehicle_id,
            ", ".join(f"{len(items)} {NAMES[kind]} items" for kind, items in self._before.items.items()),
            len(self._before.parameters), len(wanted),
        )  # fmt: skip

    async def _put_plan(self) -> None:
        self._before.touched = True
        self._methods.clear()
        if self._lists.enable_fence:
            # Changing polygons and types under an enabled fence would act on half of them.
            self.holdings.fence_switched = True
            await self._set(FENCE_ENABLE, 0.0)
        for number, kind in enumerate(self._lists.kinds):
            self._step_share = (0.15 + 0.2 * number, 0.2)
            self._status = replace(self._status, detail=f"sending the {NAMES[kind]}")
            await self._send_list(kind, self._items[kind])
            self._mark(kind)

    async def _put_parameters(self) -> None:
        self._step_share = (0.75, 0.2)
        self._status = replace(self._status, phase="uploading", detail="setting the fence's parameters", progress=0.75)
        self._tell()
        before = self._before.parameters
        values = {p.name: p.wanted(before[p.name]) for p in self._lists.parameters if p.name in before}
        self.holdings.parameters_touched = bool(values)
        await self._set_all(values)

    async def _enable_fence(self) -> None:
        if not self._lists.enable_fence:
            return
        self._status = replace(self._status, phase="reading_back", detail="enabling the fence", progress=0.95)
        self._tell()
        since_s = self._aircraft.now_s()
        await self._set(FENCE_ENABLE, 1.0)
        for _ in range(_ENABLE_TRIES):
            # On the ground it does no harm twice, unlike what moves an aircraft.
            outcome = await self._aircraft.command(Command(DO_FENCE_ENABLE, 1.0))
            if outcome.result is not CommandResult.TIMEOUT:
                break
        # Silence is no refusal: FENCE_ENABLE alone switches it on too, and what counts is what the aircraft reports.
        if not outcome.ok and outcome.result not in (CommandResult.UNSUPPORTED, CommandResult.TIMEOUT):
            raise _StepError(f"enabling the fence: {outcome.reason or outcome.result.value}")
        if not await self._fence_seen(since_s):
            said = self._aircraft.texts_since(since_s)
            raise _StepError(f"the aircraft does not report its fence as enabled{': ' + said if said else ''}")

    async def _fence_seen(self, since_s: float) -> bool:
        """The aircraft reports its fence as enabled, and said so after ``since_s``.

        It is asked, not waited for: after a transfer or a break of the link its own reports may be seconds apart, and the
        last one may tell of the fence that was on before.
        """
        for _ in range(_FENCE_ASKED):
            await self._aircraft.command(Command(REQUEST_MESSAGE, float(_SYS_STATUS), deadline_s=_FENCE_WAIT_S))
            if await self._aircraft.wait_for(
                lambda s: s.fence.present and s.fence.enabled and self._aircraft.fence_told_s >= since_s, _FENCE_WAIT_S
            ):
                return True
        return False

    async def _verify_parameters(self) -> None:
        wanted = self._lists.settings
        for parameter, result in zip(wanted, await self._read_parameters(wanted), strict=True):
            if result.value is None:
                if parameter.required:
                    raise _StepError(result.reason)
            elif abs(parameter.wanted(result.value) - result.value) > 1e-4:
                raise _StepError(f"{parameter.name} is {result.value:g}, not {parameter.wanted(result.value):g}")

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

    def _how(self) -> tuple[int, Timers | None, FtpPeer | None]:
        """Window, waiting times and files, by what is known of the way to the aircraft."""
        window = self._window or window_for(self._round_trip_s, self._aircraft.slow_link)
        timers = self._timers or timers_for(self._round_trip_s)
        return window, timers, self._aircraft.ftp if self._use_ftp else None

    async def _download(self, kind: MissionKind) -> tuple[WireItem, ...]:
        machine = Download(kind, self._aircraft.address, self._aircraft.own_address, *self._how())
        result = await self._run(machine)
        if not result.ok:
            raise _StepError(f"reading the {NAMES[kind]} that the aircraft holds: {result.reason}")
        if not self._before.touched:
            self._methods.append(result.method)
        if machine.round_trip_s is not None:
            self._round_trip_s = machine.round_trip_s
        return result.items

    def _verified_upload(self, kind: MissionKind, items: Sequence[WireItem]) -> VerifiedUpload:
        return VerifiedUpload(kind, items, self._aircraft.address, self._aircraft.own_address, *self._how())

    async def _send_list(self, kind: MissionKind, items: Sequence[WireItem]) -> None:
        for again in reversed(range(_STARTING_TRIES)):
            since_s = self._aircraft.now_s()
            result = await self._send_once(kind, items)
            if result.ok:
                self.read_back[kind] = result.items
                return
            said = await self._said(result, since_s)
            if not again or result.ack_type != ACK_NO_SPACE or _STARTING_TEXT not in said:
                raise _StepError(f"{NAMES[kind]}: {result.reason}{': ' + said if said else ''}")
            await self._aircraft.wait_for(lambda _: False, _STARTING_PAUSE_S)
            # What was read of it before may have been as empty.
            for other in self._lists.kinds:
                if other not in self.read_back:
                    self._before.items[other] = await self._download(other)

    async def _said(self, result: TransferResult, since_s: float) -> str:
        """What the aircraft said; the reason of a refusal is in a text that comes just after it."""
        if result.outcome is Outcome.REFUSED:
            await self._aircraft.wait_for(lambda _: bool(self._aircraft.texts_since(since_s)), _REASON_WAIT_S)
        return self._aircraft.texts_since(since_s)

    async def _send_once(self, kind: MissionKind, items: Sequence[WireItem]) -> TransferResult:
        machine = self._verified_upload(kind, items)

        def progress() -> None:
            self._status = replace(
                self._status,
                phase="reading_back" if machine.phase == "reading_back" else "uploading",
                progress=self._step_share[0] + self._step_share[1] * machine.progress,
            )
            self._tell()

        progress()
        result = await self._aircraft.run_transfer(machine, progress)
        self._note_sending(kind, machine, result, "new")
        self._methods.append(result.method)
        self._status = replace(
            self._status,
            method=self.method,
            lists_upload_s=self._status.lists_upload_s + result.upload_s,
            readback_s=self._status.readback_s + result.readback_s,
        )
        return result

    def _note_sending(self, kind: MissionKind, machine: VerifiedUpload, result: TransferResult, goal: Any) -> None:
        self.holdings.sent(kind, "new" if result.ok else machine.holds, goal)
        if not result.ok and machine.file_may_take_effect:
            self._closes_by_itself_s = self._aircraft.now_s() + IDLE_CLOSE_S + 1.0
            self._file_link = self._aircraft.state.link_name

    async def _run(self, machine: Machine[TransferResult]) -> TransferResult:
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
            return self._fail(f"{reason}; the link is gone{self._held_words()}")
        second = ""
        for attempt in range(_RESTORE_TRIES):
            try:
                await self._restore()
            except _StepError as error:
                second = str(error)
                if attempt + 1 < _RESTORE_TRIES:
                    # An aircraft that still waits for the rest of an upload denies others for up to 8 s.
                    await self._aircraft.wait_for(lambda _: False, _RESTORE_PAUSE_S)
            else:
                return self._fail(f"{reason}; what was there before was put back")
        await self._look_what_it_holds()
        return self._fail(f"{reason}; what was there could not be put back ({second}){self._held_words()}")

    def _held_words(self) -> str:
        return f"; the aircraft holds: {', '.join(self.holdings.lines())}: upload again before flight"

    async def _restore(self) -> None:
        if self._aircraft.state.armed:
            raise _StepError("the aircraft is armed")
        await self._settle_files()
        if self._lists.enable_fence:
            await self._set(FENCE_ENABLE, 0.0)
        for kind in self._lists.kinds:
            if self.holdings.parts(kind) == {"old"}:
                continue
            machine = self._verified_upload(kind, self._before.items[kind])
            result = await self._aircraft.run_transfer(machine)
            self._note_sending(kind, machine, result, "old")
            if not result.ok:
                raise _StepError(f"{NAMES[kind]}: {result.reason}")
        await self._set_all({n: v for n, v in self._before.parameters.items() if n != FENCE_ENABLE})
        self.holdings.parameters_touched = False
        if self._lists.enable_fence:
            await self._set(FENCE_ENABLE, self._before.parameters[FENCE_ENABLE])
            self.holdings.fence_switched = False

    async def _settle_files(self) -> None:
        """A file that was written whole must take effect before it is overwritten, not after."""
        now_s = self._aircraft.now_s()
        if now_s >= self._closes_by_itself_s:
            return
        reset = await self._aircraft.run_transfer(
            FtpAsk(Opcode.RESET_SESSIONS, self._aircraft.address, self._aircraft.own_address, self._aircraft.ftp)
        )
        # Only the link on which it was opened closes a session.
        if not reset.ok or self._file_link != self._aircraft.state.link_name:
            await self._aircraft.wait_for(lambda _: False, self._closes_by_itself_s - self._aircraft.now_s())
        self._closes_by_itself_s = float("-inf")

    async def _look_what_it_holds(self) -> None:
        for kind in self._lists.kinds:
            try:
                held = await self._download(kind)
            except _StepError:
                continue
            self.holdings.read(kind, held, self._before.items[kind], self._items[kind])

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
        _log.info("vehicle %s: plan %r is in force after %.2f s", self._aircraft.vehicle_id, self._lists.name, took_s)
        return self._tell()

    def _fail(self, detail: str) -> PlanStatus:
        holds = () if self.holdings.all_old and not self.holdings.fence_switched else self.holdings.lines()
        self._status = replace(
            self._status, phase="failed", detail=detail, upload_s=self._aircraft.now_s() - self._begun_s, holds=holds
        )
        _log.error("vehicle %s: plan %r: %s", self._aircraft.vehicle_id, self._lists.name, detail)
        return self._tell()

    def _tell(self) -> PlanStatus:
        self._status = replace(self._status, t_utc_us=self._clock.utc_us())
        self._publish(self._status)
        return self._status
