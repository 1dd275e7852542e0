"""One aircraft on its links: its state, what is asked of it, and the awaitable face of the protocol machines."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from groundstation.core.clock import Clock
from groundstation.core.records import CommandOutcome, CommandResult, Fault, VehicleId, VehicleState
from groundstation.link.base import Link
from groundstation.vehicle.asking import Asking
from groundstation.vehicle.boot_time import BootTimeMap
from groundstation.vehicle.commands import Command, CommandSender, LinkProof
from groundstation.vehicle.faults import FaultLimits, merged, standing_faults
from groundstation.vehicle.link_choice import Duplicates
from groundstation.vehicle.modes import Family
from groundstation.vehicle.parameters import ParameterClient, ParameterResult
from groundstation.vehicle.parts import PartFactory, PartSet
from groundstation.vehicle.paths import LinkPath, Paths
from groundstation.vehicle.pose_buffer import PoseBuffer
from groundstation.vehicle.reducer import StateReducer
from groundstation.vehicle.status_text import JoinedText, StatusTextJoiner
from groundstation.vehicle.timesync import Question
from groundstation.vehicle.transfer_runner import TransferRunner
from missions.ftp import FtpPeer
from missions.transfer import Address, Machine

_log = logging.getLogger("groundstation.vehicle")

_POSITIONS = frozenset({"GLOBAL_POSITION_INT"})
# What must not be taken twice when two links bring it: answers, texts and steps of a transfer.
_ONCE = frozenset(
    {
        "COMMAND_ACK", "STATUSTEXT", "MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK", "MISSION_COUNT",
        "MISSION_ITEM_INT", "MISSION_ITEM", "FILE_TRANSFER_PROTOCOL",
    }
)  # fmt: skip
_RESTART_BACK_NS = 2_000_000_000
_FRAME_LOCAL_OFFSET_NED = 7
JUDGE_S, JUDGE_OF_MANY_S = 0.1, 0.25
_CHOOSE_S = 0.5
_TWIN_RESTARTS, _TWIN_WITHIN_S, _TWIN_STANDS_S = 4, 15.0, 20.0
_REMEMBERED_TEXTS = 50
_LATE_TOLD_S = 60.0
_STATION_NOTICE = 5  # MAV_SEVERITY_NOTICE


R = TypeVar("R")


class Aircraft:
    """Everything the station knows of one aircraft and is doing with it. Lives on the event loop of its links.

    ``rates_of`` gives the message rates to ask for on a link; ``ask`` sends a TIMESYNC question on this aircraft's links
    as soon as their pauses allow, because an order waits for its answer.
    """

    def __init__(
        self,
        vehicle_id: VehicleId,
        link: Link,
        clock: Clock,
        rates_of: Callable[[Link], Mapping[int, float]],
        limits: FaultLimits,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        ask: Callable[[Aircraft], None],
        family: Family = "unknown",
        parts: Sequence[PartFactory] = (),
    ) -> None:
        now_ns = clock.mono_ns()
        self.vehicle_id = vehicle_id
        self.paths = Paths(vehicle_id, link, rates_of, now_ns)
        self.address = Address(*vehicle_id)
        self.own_address = Address(link.system_id, link.component_id)
        self.boot_time = BootTimeMap()
        self.poses = PoseBuffer(self.boot_time)
        self.heard_mono_ns = now_ns
        self._heartbeat_ns = now_ns
        self.restarted = False
        self.texts: deque[tuple[float, JoinedText]] = deque(maxlen=_REMEMBERED_TEXTS)
        self.parts = PartSet(vehicle_id, family, parts)
        self._reducer = StateReducer(VehicleState(vehicle_id, now_ns, clock.utc_us(), link_name=link.name))
        self._clock, self._limits = clock, limits
        self._spawn, self._ask = spawn, ask
        self.judge_every_s = JUDGE_S
        """How often faults are looked for and parts are told the time."""
        self._next_judge_s = 0.0
        self._next_choose_s = 0.0
        self._joiner = StatusTextJoiner()
        self._duplicates = Duplicates()
        self._commands = CommandSender(link.system_id, link.component_id)
        self._parameters = ParameterClient()
        self._transfers = TransferRunner(vehicle_id, self._send, self.now_s)
        self.capabilities = 0
        """``MAV_PROTOCOL_CAPABILITY`` bits of its AUTOPILOT_VERSION; 0 while unknown."""
        self.fence_told_s = float("-inf")
        """When it last told whether its fence is on."""
        self.ftp = FtpPeer()
        self._asking = Asking(self)
        self._boot_ns = 0
        self._notices: dict[str, tuple[Fault, float]] = {}
        self._restarts_s: deque[float] = deque(maxlen=_TWIN_RESTARTS)
        self._own_texts: list[JoinedText] = []
        self._given_up = ""

    def now_s(self) -> float:
        """The station's monotonic clock in seconds."""
        return self._clock.mono_ns() / 1e9

    @property
    def state(self) -> VehicleState:
        """What is known now."""
        return self._reducer.state

    @property
    def link(self) -> Link:
        """The link in use for sending."""
        return self.paths.used.link

    # -- what comes in -------------------------------------------------------------------------------------------

    def on_message(self, link: Link, message: Any, t_mono_ns: int, t_utc_us: int) -> list[JoinedText]:
        """A message of this aircraft; returns texts that are complete now."""
        now_s = t_mono_ns / 1e9
        kind = message.get_type()
        path = self.paths.on_heard(link, t_mono_ns)
        self.heard_mono_ns = t_mono_ns
        if kind == "HEARTBEAT":
            self._heartbeat_ns = t_mono_ns
        self._answer(link, message, now_s)
        if len(self.paths) > 1 and kind in _ONCE and self._duplicates.seen(link.name, _mark(kind, message), now_s):
            return []
        if kind in _POSITIONS:
            path.streams.on_position(now_s)
        if self.paths.tells(path, t_mono_ns):
            self._on_telemetry(kind, message, t_mono_ns, t_utc_us)
        if kind == "COMMAND_ACK":
            self._send(self._commands.on_message(message, now_s))
            self._tell_late(now_s)
        self._transfers.on_message(message, now_s)
        self._parameters.on_message(message, now_s)
        if kind == "AUTOPILOT_VERSION":
            self.capabilities = int(message.capabilities)
        if kind != "STATUSTEXT":
            return []
        return self._remember(self._joiner.on_message(message, now_s), now_s)

    def _on_telemetry(self, kind: str, message: Any, t_mono_ns: int, t_utc_us: int) -> None:
        self._reducer.on_message(message, t_mono_ns, t_utc_us)
        restarts = self.boot_time.restarts
        self.poses.on_message(message, t_utc_us)
        if kind == "SYS_STATUS":
            self.fence_told_s = t_mono_ns / 1e9
        elif kind == "SYSTEM_TIME":
            self.boot_time.on_boot_time(message.time_boot_ms, t_utc_us)
        elif kind == "AVAILABLE_MODES_MONITOR" and self._asking.on_modes_monitor(message.seq):
            self._reducer.forget_modes()
        if self.boot_time.restarts != restarts:
            self._on_restart(message, t_mono_ns, t_utc_us)

    def on_component_message(self, link: Link, message: Any, now_s: float) -> None:
        """A message of another component of this aircraft's system: its camera, its gimbal, its ADS-B receiver."""
        self._answer(link, message, now_s)
        self._send(self._commands.on_message(message, now_s))

    def on_timesync(self, link: Link, boot_ns: int, question: Question, t_mono_ns: int, t_utc_us: int) -> None:
        """An answer to a question of ours: the round trip on this link, and an order that waited for it may go."""
        now_s = t_mono_ns / 1e9
        path = self.paths.on_heard(link, t_mono_ns)
        self.heard_mono_ns = t_mono_ns
        round_trip_ns = t_mono_ns - int(question.asked_s * 1e9)
        link.statistics.add_round_trip(self.vehicle_id, round_trip_ns / 1e9, now_s)
        # The same clock as time_boot_ms; after a restart no stamped message comes until it was asked for.
        restarts = self.boot_time.restarts
        if boot_ns < self._boot_ns - _RESTART_BACK_NS - round_trip_ns:
            self.boot_time.on_boot_time(boot_ns // 1_000_000, t_utc_us)
            self._boot_ns = boot_ns
        self._boot_ns = max(self._boot_ns, boot_ns)
        if self.boot_time.restarts != restarts:
            self._on_restart(None, t_mono_ns, t_utc_us)
        self.boot_time.on_timesync(boot_ns, question.asked_utc_us, t_utc_us)
        path.trips.on_answer(question, now_s)
        self._prove(path, now_s)

    def _prove(self, path: LinkPath, now_s: float) -> None:
        question = path.trips.newest
        if question is None or question.spent or not self.wants_proof:
            return
        proof = LinkProof(question.asked_s, path.trips.worst_s(now_s))
        for message in self._commands.on_proof(self.vehicle_id.system_id, proof, now_s):
            question.commands += 1
            path.link.send(message)

    @property
    def wants_proof(self) -> bool:
        """Whether an order waits for a link to show that it is quick."""
        return self._commands.wants_proof(self.vehicle_id.system_id)

    def _answer(self, link: Link, message: Any, now_s: float) -> None:
        for answer in self.parts.on_message(link.name, message, now_s):
            link.send(answer)

    def _remember(self, texts: list[JoinedText], now_s: float) -> list[JoinedText]:
        for text in texts:
            self.texts.append((now_s, text))
            self._commands.on_status_text(self.vehicle_id, text)
        return texts

    def _on_restart(self, message: Any | None, t_mono_ns: int, t_utc_us: int) -> None:
        _log.warning("vehicle %s: has restarted", self.vehicle_id)
        self.restarted = True
        self._watch_for_twin(t_mono_ns / 1e9)
        self.poses.clear()
        old = self.state
        self._reducer = StateReducer(
            VehicleState(
                self.vehicle_id, t_mono_ns, t_utc_us, link_alive=True, heartbeat_age_s=0.0, autopilot=old.autopilot,
                vehicle_type=old.vehicle_type, read_only=old.read_only, link_name=old.link_name,
            )
        )  # fmt: skip
        if message is not None:
            self._reducer.on_message(message, t_mono_ns, t_utc_us)
        self._boot_ns = 0
        self._asking.restart()
        self.paths.restarted()
        self._commands.cancel_all(self.vehicle_id, CommandResult.LINK_LOST, "the aircraft has restarted")
        self._parameters.cancel_all(self.vehicle_id, "the aircraft has restarted")
        self._transfers.abort("the aircraft has restarted")

    def _watch_for_twin(self, now_s: float) -> None:
        """No autopilot starts anew so often: the clocks of two of them are taken for one that jumps."""
        self._restarts_s.append(now_s)
        if len(self._restarts_s) == _TWIN_RESTARTS and now_s - self._restarts_s[0] <= _TWIN_WITHIN_S:
            number = self.vehicle_id.system_id
            fault = Fault(
                "twin", "critical", f"Two aircraft seem to use the number {number}: nothing shown of it can be relied on",
                "give no orders; switch one of them off, and give each a system id of its own (MAV_SYSID, SYSID_THISMAV)",
            )  # fmt: skip
            self._notices[fault.key] = (fault, now_s + _TWIN_STANDS_S)

    # -- what time brings ----------------------------------------------------------------------------------------

    def on_time(self, now_s: float, heartbeat_suppressed: bool) -> list[JoinedText]:
        """Repetitions, deadlines, faults; returns texts of the station's own and those that waited for a lost piece."""
        if self._commands.busy:
            self._send(self._commands.on_time(now_s))
        self._send(self._parameters.on_time(now_s))
        if self._transfers.busy:
            self._asking.on_transfer(now_s)
            self._transfers.on_time(now_s)
        if now_s >= self._next_judge_s:
            self._next_judge_s = now_s + self.judge_every_s
            self._judge(now_s, heartbeat_suppressed)
        texts, self._own_texts = self._own_texts, []
        if self._joiner.waiting:
            texts += self._remember(self._joiner.on_time(now_s), now_s)
        return texts

    def _judge(self, now_s: float, heartbeat_suppressed: bool) -> None:
        now_ns = self._clock.mono_ns()
        if now_s >= self._next_choose_s:
            self._next_choose_s = now_s + _CHOOSE_S
            self._choose(now_ns)
        was_alive = self._reducer.on_age(
            (now_ns - self.heard_mono_ns) / 1e9, (now_ns - self._heartbeat_ns) / 1e9, self._limits.link_lost_s
        )
        state = self.state
        if was_alive and not state.link_alive:
            _log.warning("vehicle %s: not heard any more", self.vehicle_id)
        self._send(self.parts.on_time(state, now_s))
        more = (*self.parts.faults(state, now_s), *self.paths.faults(now_ns), *self._standing_notices(now_s))
        faults = standing_faults(state, self._limits, heartbeat_suppressed)
        self._reducer.set_faults(merged(faults, more) if more else faults)
        work = self._asking.due(now_s, now_ns)
        if work is not None:
            self._spawn(work)

    def _choose(self, now_ns: int) -> None:
        change = self.paths.choose(now_ns)
        if change is not None:
            _log.warning(
                "vehicle %s: link %s instead of %s: %s", self.vehicle_id, change.new, change.old, change.reason
            )
            text = f"Station: link {change.new} instead of {change.old}: {change.reason}"
            self._own_texts.append(JoinedText(_STATION_NOTICE, text))
        figures = self.paths.used.figures(now_ns)
        self._reducer.set_link(figures.link_name, figures.loss_fraction, figures.round_trip_s)

    def _standing_notices(self, now_s: float) -> tuple[Fault, ...]:
        if not self._notices:
            return ()
        self._notices = {k: v for k, v in self._notices.items() if now_s < v[1]}
        return tuple(fault for fault, _ in self._notices.values())

    def _tell_late(self, now_s: float) -> None:
        for late in self._commands.take_late():
            text = (
                f"Command {late.command} was answered {late.after_s:.1f} s after it was sent ({late.result.value}): "
                "it may have acted late"
            )
            _log.error("vehicle %s: %s", self.vehicle_id, text)
            remedy = "look at mode and arming before the next order"
            self._notices["late_command"] = (Fault("late_command", "critical", text, remedy), now_s + _LATE_TOLD_S)

    # -- what is asked of it -------------------------------------------------------------------------------------

    def _send(self, messages: list[Any]) -> None:
        for message in messages:
            self.link.send(message)

    async def command(
        self, command: Command, component_id: int | None = None, asked_s: float | None = None
    ) -> CommandOutcome:
        """Send a command and wait for its outcome; never raises for what the aircraft says.

        ``component_id``: of the camera or gimbal that is to do it; None for the autopilot. ``asked_s``: when the operator
        asked for it (:meth:`now_s`), now if not given: what acts does so within a second of that, or is not sent.
        """
        asked_s = self.now_s() if asked_s is None else asked_s
        target = self.vehicle_id if component_id is None else VehicleId(self.vehicle_id.system_id, component_id)
        outcome = await self._command_once(command, target, asked_s)
        sayable = abs(command.x) < 1_000_000 and command.frame != _FRAME_LOCAL_OFFSET_NED
        if outcome.result is CommandResult.UNSUPPORTED and not command.as_long and sayable:
            # Firmware before COMMAND_INT was taken everywhere. A place or another frame is not for LONG to say.
            as_long = Command(
                command.command, command.param1, command.param2, command.param3, command.param4,
                command.x, command.y, command.z, command.frame, True, command.deadline_s, command.late_ok,
            )  # fmt: skip
            return await self._command_once(as_long, target, asked_s)
        return outcome

    async def command_over(self, link: Link, command: Command) -> CommandOutcome:
        """Send what asks over one link, whichever is in use: message intervals hold for the link they came on."""
        return await self._command_once(command, self.vehicle_id, link=link)

    async def _command_once(
        self, command: Command, target: VehicleId, asked_s: float | None = None, link: Link | None = None
    ) -> CommandOutcome:
        if self._given_up:
            return CommandOutcome(CommandResult.CANCELLED, self._given_up)
        future: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()

        def done(outcome: CommandOutcome) -> None:
            if not future.done():
                future.set_result(outcome)

        now_s = self.now_s()
        for message in self._commands.submit(target, command, done, now_s, asked_s):
            (link or self.link).send(message)
        if self.wants_proof:
            # The newest answer may be fresh enough; the link in use comes first.
            for path in (self.paths.used, *(p for p in self.paths if p is not self.paths.used)):
                self._prove(path, now_s)
            if self.wants_proof:
                self._ask(self)
        try:
            return await future
        except asyncio.CancelledError:
            self._send(self._commands.abandon(done, self.now_s(), "the order was overtaken"))
            raise

    async def get_param(self, name: str, tries: int = 4) -> ParameterResult:
        """Read a parameter."""
        return await self._parameter(
            name, lambda done: self._parameters.get(self.vehicle_id, name, done, self.now_s(), tries)
        )

    async def set_param(self, name: str, value: float) -> ParameterResult:
        """Set a parameter; ``ok`` only when the aircraft echoed the value."""
        return await self._parameter(
            name, lambda done: self._parameters.set(self.vehicle_id, name, value, done, self.now_s())
        )

    async def _parameter(
        self, name: str, begin: Callable[[Callable[[ParameterResult], None]], list[Any]]
    ) -> ParameterResult:
        if self._given_up:
            return ParameterResult(name, None, False, f"{name}: {self._given_up}")
        future: asyncio.Future[ParameterResult] = asyncio.get_running_loop().create_future()

        def done(result: ParameterResult) -> None:
            if not future.done():
                future.set_result(result)

        self._send(begin(done))
        return await future

    @property
    def slow_link(self) -> bool:
        """Whether the link in use is a serial radio, whose receiver holds few packets."""
        return self.link.name.startswith("serial")

    async def run_transfer(self, transfer: Machine[R], on_progress: Callable[[], None] | None = None) -> R:
        """Run a protocol machine to its end, at its own times. Only one at a time: the caller sees to that."""
        return await self._transfers.run(transfer, on_progress)

    async def wait_for(self, condition: Callable[[VehicleState], bool], timeout_s: float) -> bool:
        """Wait until the state satisfies ``condition``; False when it does not in time."""
        end_s = self.now_s() + timeout_s
        while not condition(self.state):
            if self.now_s() >= end_s or self._given_up:
                return False
            await asyncio.sleep(0.02)
        return True

    def notice(self, fault: Fault, for_s: float) -> None:
        """Let a fault stand for some time."""
        self._notices[fault.key] = (fault, self.now_s() + for_s)

    def texts_since(self, since_s: float, worst_severity: int = 4) -> str:
        """What the aircraft said since then, of that severity or worse, as one line."""
        texts = [t.text for at_s, t in self.texts if at_s >= since_s and t.severity <= worst_severity]
        return "; ".join(dict.fromkeys(texts))

    def give_up(self, reason: str) -> None:
        """End everything that is being waited for, now and later: the station stops."""
        self._given_up = reason
        self._commands.cancel_all(self.vehicle_id, CommandResult.CANCELLED, reason)
        self._parameters.cancel_all(self.vehicle_id, reason)
        self._transfers.close(reason)


def _mark(kind: str, message: Any) -> tuple[object, ...]:
    """What makes two messages of two links the same one. Texts go out on every link with numbers of their own."""
    if kind == "STATUSTEXT":
        return kind, message.severity, message.text, message.id, message.chunk_seq
    return kind, message.get_seq(), bytes(message.get_payload() or b"")
