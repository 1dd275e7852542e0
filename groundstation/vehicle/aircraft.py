"""One aircraft on one link: its state, what is asked of it, and the awaitable face of the protocol machines."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from groundstation.core.clock import Clock
from groundstation.core.records import CommandOutcome, CommandResult, Fault, VehicleId, VehicleState
from groundstation.link.base import Link
from groundstation.vehicle.boot_time import BootTimeMap
from groundstation.vehicle.commands import REQUEST_MESSAGE, SET_MESSAGE_INTERVAL, Command, CommandSender
from groundstation.vehicle.faults import FaultLimits, judged, with_faults
from groundstation.vehicle.modes import Family
from groundstation.vehicle.parameters import ParameterClient, ParameterResult
from groundstation.vehicle.parts import PartFactory, PartSet
from groundstation.vehicle.pose_buffer import PoseBuffer
from groundstation.vehicle.reducer import reduce
from groundstation.vehicle.status_text import JoinedText, StatusTextJoiner
from missions.transfer import Address, Outcome, Transfer, TransferResult

_log = logging.getLogger("groundstation.vehicle")

AUTOPILOT_VERSION = 148
# message id -> times a second. An ArduPilot Copter sends little but HEARTBEAT until it is asked.
DEFAULT_RATES_HZ: dict[int, float] = {
    33: 10.0,  # GLOBAL_POSITION_INT
    30: 10.0,  # ATTITUDE
    1: 2.0,  # SYS_STATUS
    193: 2.0,  # EKF_STATUS_REPORT
    285: 20.0,  # GIMBAL_DEVICE_ATTITUDE_STATUS
    42: 2.0,  # MISSION_CURRENT
    162: 2.0,  # FENCE_STATUS
    24: 1.0,  # GPS_RAW_INT
    74: 1.0,  # VFR_HUD
    147: 1.0,  # BATTERY_STATUS
    245: 1.0,  # EXTENDED_SYS_STATE
    242: 0.5,  # HOME_POSITION
}
_TIMESYNC_S = 1.0
_STREAM_SILENT_S = 3.0
_OTHER_LINK_AFTER_S = 3.0
_REMEMBERED_TEXTS = 50
_PARTS_S = 0.1


@dataclass
class _RunningTransfer:
    machine: Transfer
    future: asyncio.Future[TransferResult]
    begun: bool = False

    def is_stale(self, message: Any) -> bool:
        """Whether this asks for an item of an upload that was given up before this one.

        An aircraft repeats its question for up to 8 s, and an upload always begins with item 0; taken for an answer to
        the new upload, a late question for item 40 would make it start in the middle.
        """
        if message.get_type() in ("MISSION_REQUEST", "MISSION_REQUEST_INT") and not self.begun:
            self.begun = message.seq == 0 and message.mission_type == self.machine.kind
            return not self.begun
        return False


class Aircraft:
    """Everything the station knows of one aircraft and is doing with it. Lives on the event loop of its link."""

    def __init__(
        self,
        vehicle_id: VehicleId,
        link: Link,
        clock: Clock,
        rates_hz: dict[int, float],
        limits: FaultLimits,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        family: Family = "unknown",
        parts: Sequence[PartFactory] = (),
    ) -> None:
        now_ns = clock.mono_ns()
        self.vehicle_id = vehicle_id
        self.link = link
        self.address = Address(*vehicle_id)
        self.own_address = Address(link.system_id, link.component_id)
        self.state = VehicleState(vehicle_id, now_ns, clock.utc_us())
        self.boot_time = BootTimeMap()
        self.poses = PoseBuffer(self.boot_time)
        self.heartbeat_mono_ns = now_ns
        self.restarted = False
        self.texts: deque[tuple[float, JoinedText]] = deque(maxlen=_REMEMBERED_TEXTS)
        self._clock = clock
        self._rates_hz = rates_hz
        self._limits = limits
        self._spawn = spawn
        self.parts = PartSet(vehicle_id, family, parts)
        self._next_parts_s = 0.0
        self._part_faults: tuple[Fault, ...] = ()
        self._joiner = StatusTextJoiner()
        self._commands = CommandSender(link.system_id, link.component_id)
        self._parameters = ParameterClient()
        self._transfer: _RunningTransfer | None = None
        self._next_timesync_s = 0.0
        self._stream_s = self.now_s()
        self._asking = False
        self._boot_ns = 0
        self._given_up = ""

    def now_s(self) -> float:
        """The station's monotonic clock in seconds."""
        return self._clock.mono_ns() / 1e9

    # -- what comes in -------------------------------------------------------------------------------------------

    def on_message(self, link: Link, message: Any, t_mono_ns: int, t_utc_us: int) -> list[JoinedText]:
        """A message of this aircraft; returns texts that are complete now."""
        now_s = t_mono_ns / 1e9
        kind = message.get_type()
        self._answer(link, message, now_s)
        self.state = reduce(self.state, message, t_mono_ns, t_utc_us)
        if kind == "HEARTBEAT":
            if link is not self.link and (t_mono_ns - self.heartbeat_mono_ns) / 1e9 > _OTHER_LINK_AFTER_S:
                _log.warning("vehicle %s: heard on %s instead of %s", self.vehicle_id, link.name, self.link.name)
                self.link = link
            if link is self.link:
                self.heartbeat_mono_ns = t_mono_ns
        if link is not self.link:
            return []
        restarts = self.boot_time.restarts
        self.poses.on_message(message, t_utc_us)
        if kind == "GLOBAL_POSITION_INT":
            self._stream_s = now_s
        elif kind == "TIMESYNC":
            self._on_timesync(message, t_utc_us)
        elif kind == "SYSTEM_TIME":
            self.boot_time.on_boot_time(message.time_boot_ms, t_utc_us)
        if self.boot_time.restarts != restarts:
            self._on_restart(message, t_mono_ns, t_utc_us)
        self._send(self._commands.on_message(message, now_s))
        self._parameters.on_message(message, now_s)
        if self._transfer is not None and not self._transfer.is_stale(message):
            self._send(self._transfer.machine.on_message(message, now_s))
            self._finish_transfer()
        if kind != "STATUSTEXT":
            return []
        return self._remember(self._joiner.on_message(message, now_s), now_s)

    def on_component_message(self, link: Link, message: Any, now_s: float) -> None:
        """A message of another component of this aircraft's system: its camera, its gimbal, its ADS-B receiver."""
        self._answer(link, message, now_s)
        self._send(self._commands.on_message(message, now_s))

    def _answer(self, link: Link, message: Any, now_s: float) -> None:
        for answer in self.parts.on_message(link.name, message, now_s):
            link.send(answer)

    def _remember(self, texts: list[JoinedText], now_s: float) -> list[JoinedText]:
        for text in texts:
            self.texts.append((now_s, text))
            self._commands.on_status_text(self.vehicle_id, text)
        return texts

    def _on_timesync(self, message: Any, t_utc_us: int) -> None:
        if message.tc1:
            # The same clock as time_boot_ms; after a restart no stamped message comes until it was asked for.
            if message.tc1 < self._boot_ns - 2_000_000_000:
                self.boot_time.on_boot_time(message.tc1 // 1_000_000, t_utc_us)
            self._boot_ns = message.tc1
        self.boot_time.on_timesync(message, t_utc_us)

    def _on_restart(self, message: Any, t_mono_ns: int, t_utc_us: int) -> None:
        _log.warning("vehicle %s: has restarted", self.vehicle_id)
        self.restarted = True
        self.poses.clear()
        fresh = VehicleState(self.vehicle_id, t_mono_ns, t_utc_us, link_alive=True, heartbeat_age_s=0.0)
        self.state = reduce(fresh, message, t_mono_ns, t_utc_us)
        self._commands.cancel_all(self.vehicle_id, CommandResult.LINK_LOST, "the aircraft has restarted")
        self._parameters.cancel_all(self.vehicle_id, "the aircraft has restarted")
        self._abort_transfer("the aircraft has restarted")
        self._stream_s = float("-inf")

    # -- what time brings ----------------------------------------------------------------------------------------

    def on_time(self, now_s: float, heartbeat_suppressed: bool) -> list[JoinedText]:
        """Repetitions, deadlines, faults; returns texts that waited too long for a lost piece."""
        self._send(self._commands.on_time(now_s))
        self._send(self._parameters.on_time(now_s))
        if self._transfer is not None:
            self._send(self._transfer.machine.on_time(now_s))
            self._finish_transfer()
        was_alive = self.state.link_alive
        self.state = judged(
            self.state, self._clock.mono_ns(), self.heartbeat_mono_ns, self._limits, heartbeat_suppressed
        )
        if now_s >= self._next_parts_s:
            self._next_parts_s = now_s + _PARTS_S
            self._send(self.parts.on_time(self.state, now_s))
            self._part_faults = self.parts.faults(self.state, now_s)
        if self._part_faults:
            self.state = with_faults(self.state, self._part_faults)
        if was_alive and not self.state.link_alive:
            _log.warning("vehicle %s: heartbeat lost", self.vehicle_id)
        if self.state.link_alive:
            if now_s >= self._next_timesync_s:
                self._next_timesync_s = now_s + _TIMESYNC_S
                self._send([self.boot_time.request(self._clock.utc_us())])
            if now_s - self._stream_s > _STREAM_SILENT_S and not self._asking:
                self._asking = True
                self._spawn(self._ask_for_streams())
        return self._remember(self._joiner.on_time(now_s), now_s)

    def request_streams(self) -> None:
        """Ask for all messages at their rates; also done whenever positions stop coming."""
        self._stream_s = float("-inf")

    async def _ask_for_streams(self) -> None:
        try:
            for message_id, rate_hz in self._rates_hz.items():
                await self.command(
                    Command(SET_MESSAGE_INTERVAL, float(message_id), round(1e6 / rate_hz), deadline_s=2.0)
                )
                if not self.state.link_alive:
                    return
            if not self.state.firmware:
                await self.command(Command(REQUEST_MESSAGE, float(AUTOPILOT_VERSION), deadline_s=2.0))
        finally:
            self._asking = False
            # An aircraft without a position to tell is asked again now and then, not all the time.
            self._stream_s = max(self._stream_s, self.now_s())

    # -- what is asked of it -------------------------------------------------------------------------------------

    def _send(self, messages: list[Any]) -> None:
        for message in messages:
            self.link.send(message)

    async def command(self, command: Command, component_id: int | None = None) -> CommandOutcome:
        """Send a command and wait for its outcome; never raises for what the aircraft says.

        ``component_id``: of the camera or gimbal that is to do it; None for the autopilot.
        """
        target = self.vehicle_id if component_id is None else VehicleId(self.vehicle_id.system_id, component_id)
        outcome = await self._command_once(command, target)
        if outcome.result is CommandResult.UNSUPPORTED and not command.as_long and abs(command.x) < 1_000_000:
            # Firmware before COMMAND_INT was taken everywhere. With a place in it only INT is exact enough.
            as_long = Command(
                command.command, command.param1, command.param2, command.param3, command.param4,
                command.x, command.y, command.z, command.frame, True, command.deadline_s,
            )  # fmt: skip
            return await self._command_once(as_long, target)
        return outcome

    async def _command_once(self, command: Command, target: VehicleId) -> CommandOutcome:
        if self._given_up:
            return CommandOutcome(CommandResult.CANCELLED, self._given_up)
        future: asyncio.Future[CommandOutcome] = asyncio.get_running_loop().create_future()

        def done(outcome: CommandOutcome) -> None:
            if not future.done():
                future.set_result(outcome)

        self._send(self._commands.submit(target, command, done, self.now_s()))
        return await future

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

    async def run_transfer(self, transfer: Transfer, on_progress: Callable[[], None] | None = None) -> TransferResult:
        """Run a mission protocol machine to its end. Only one at a time: the caller sees to that."""
        if self._transfer is not None:
            raise RuntimeError(f"vehicle {self.vehicle_id}: two transfers at once")
        if self._given_up:
            return TransferResult(Outcome.CANCELLED, self._given_up)
        future: asyncio.Future[TransferResult] = asyncio.get_running_loop().create_future()
        self._transfer = _RunningTransfer(transfer, future)
        try:
            self._send(transfer.start(self.now_s()))
            self._finish_transfer()
            while True:
                done, _ = await asyncio.wait({future}, timeout=0.2)
                if on_progress is not None:
                    on_progress()
                if done:
                    return future.result()
        finally:
            if self._transfer is not None and self._transfer.future is future:
                self._send(transfer.cancel(self.now_s()))
                self._transfer = None

    def _finish_transfer(self) -> None:
        running = self._transfer
        if running is not None and running.machine.result is not None:
            self._transfer = None
            if not running.future.done():
                running.future.set_result(running.machine.result)

    def _abort_transfer(self, reason: str) -> None:
        running, self._transfer = self._transfer, None
        if running is not None and not running.future.done():
            running.future.set_result(TransferResult(Outcome.CANCELLED, reason))

    async def wait_for(self, condition: Callable[[VehicleState], bool], timeout_s: float) -> bool:
        """Wait until the state satisfies ``condition``; False when it does not in time."""
        end_s = self.now_s() + timeout_s
        while not condition(self.state):
            if self.now_s() >= end_s or self._given_up:
                return False
            await asyncio.sleep(0.02)
        return True

    def texts_since(self, since_s: float, worst_severity: int = 4) -> str:
        """What the aircraft said since then, of that severity or worse, as one line."""
        texts = [t.text for at_s, t in self.texts if at_s >= since_s and t.severity <= worst_severity]
        return "; ".join(dict.fromkeys(texts))

    def give_up(self, reason: str) -> None:
        """End everything that is being waited for, now and later: the station stops."""
        self._given_up = reason
        self._commands.cancel_all(self.vehicle_id, CommandResult.CANCELLED, reason)
        self._parameters.cancel_all(self.vehicle_id, reason)
        self._abort_transfer(reason)
