"""An aircraft behind a link that can be cut at any message, in simulated time: nothing is awaited, nothing waits."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from groundstation.core.records import CommandOutcome, CommandResult, FenceState, VehicleId, VehicleState
from groundstation.vehicle.parameters import ParameterClient, ParameterResult
from groundstation.vehicle.status_text import StatusTextJoiner
from missions.codec import MissionKind, WireItem
from missions.ftp import FtpPeer
from missions.mavlink import mavlink2
from missions.transfer import Address
from tests.helpers.parked import ParkedAutopilot

_DELAY_S = 0.02
_TICK_S = 0.25
_SILENT_S = 3.0


class SimPort:
    """What the transaction needs of an aircraft, over a link of ``_DELAY_S`` each way.

    The ``cut_at``-th message (both ways counted together) and all after it are lost, until ``back_s`` later; None: for
    good. ``loss`` is the share lost at random. Messages go over as objects, with their addresses set.
    """

    def __init__(
        self,
        autopilot: ParkedAutopilot,
        cut_at: int | None = None,
        back_s: float | None = None,
        loss: float = 0.0,
        seed: int = 0,
        files: bool = True,
    ) -> None:
        self.autopilot = autopilot
        self.vehicle_id = VehicleId(1, 1)
        self.address, self.own_address = Address(1, 1), Address(255, 190)
        self.capabilities = 32 if files else 1
        self.ftp = FtpPeer(_number=7, _session=7)
        self.slow_link = False
        self.messages = 0
        self.cut_s: float | None = None
        self._cut_at, self._back_s = cut_at, back_s
        self._loss, self._random = loss, random.Random(seed)
        self._now_s = autopilot.now_s
        self._events: list[tuple[float, int, bool, Any]] = []
        self._number = itertools.count()
        self._parameters = ParameterClient()
        self._machine: Any = None
        self._joiner = StatusTextJoiner()
        self._texts: list[tuple[float, Any]] = []
        self._acks: list[Any] = []
        self._next_tick_s = self._now_s

    def now_s(self) -> float:
        return self._now_s

    @property
    def fence_told_s(self) -> float:
        """The state told here is always the newest, while the link carries it."""
        return self._now_s if self.up else (self.cut_s or self._now_s)

    @property
    def up(self) -> bool:
        """Whether the link carries messages."""
        if self.cut_s is None:
            return True
        return self._back_s is not None and self._now_s >= self.cut_s + self._back_s

    @property
    def state(self) -> VehicleState:
        silent_s = 0.0 if self.up or self.cut_s is None else self._now_s - self.cut_s
        state = VehicleState(self.vehicle_id, 0, 0, link_alive=silent_s < _SILENT_S, heartbeat_age_s=silent_s)
        on = self.autopilot.fence.in_force and self.up
        fence = FenceState(present=True, enabled=on)
        return replace(state, fence=fence, link_name="one", mission_seq=self.autopilot.mission.current_message().seq)

    def send(self, messages: list[Any]) -> None:
        self._post(True, messages, 255, 190)

    def _post(self, to_aircraft: bool, messages: list[Any], system: int, component: int) -> None:
        for message in messages:
            self.messages += 1
            if self.messages == self._cut_at:
                self.cut_s = self._now_s
            if not self.up or (self._loss and self._random.random() < self._loss):
                continue
            message._header.srcSystem, message._header.srcComponent = system, component
            heapq.heappush(self._events, (self._now_s + _DELAY_S, next(self._number), to_aircraft, message))

    def _said(self, outgoing: list[Any]) -> None:
        self._post(False, [m for channel, m in outgoing if channel in (None, 1)], 1, 1)

    def _deliver(self, to_aircraft: bool, message: Any) -> None:
        if message.get_type() in ("PARAM_SET", "PARAM_VALUE", "PARAM_REQUEST_READ"):
            message = _as_parsed(message)
        if to_aircraft:
            self._said(self.autopilot.on_message(1, message, self._now_s))
            return
        kind = message.get_type()
        self._parameters.on_message(message, self._now_s)
        if self._machine is not None:
            self.send(self._machine.on_message(message, self._now_s))
        if kind == "COMMAND_ACK":
            self._acks.append(message)
        elif kind == "STATUSTEXT":
            self._texts += [(self._now_s, t) for t in self._joiner.on_message(_as_parsed(message), self._now_s)]

    def pump(self, done: Callable[[], bool], until_s: float) -> bool:
        """Let time pass until ``done``; False when it is over first."""
        while not done():
            if self._now_s >= until_s:
                return False
            deadlines = [self._next_tick_s, until_s, self._parameters.next_deadline_s]
            if self._events:
                deadlines.append(self._events[0][0])
            if self._machine is not None:
                deadlines.append(self._machine.next_deadline_s)
            self._now_s = max(self._now_s, min(d for d in deadlines if d is not None))
            while self._events and self._events[0][0] <= self._now_s:
                _, _, to_aircraft, message = heapq.heappop(self._events)
                self._deliver(to_aircraft, message)
            if self._now_s >= self._next_tick_s:
                self._next_tick_s = self._now_s + _TICK_S
                self._said(self.autopilot.step(self._now_s))
            self.send(self._parameters.on_time(self._now_s))
            if self._machine is not None:
                self.send(self._machine.on_time(self._now_s))
        return True

    async def run_transfer(self, transfer: Any, on_progress: Any = None) -> Any:
        self._machine = transfer
        self.send(transfer.start(self._now_s))
        assert self.pump(lambda: transfer.result is not None, self._now_s + 300.0), "it never ended"
        self._machine = None
        return transfer.result

    async def command(self, command: Any) -> CommandOutcome:
        self._acks.clear()
        self.send([command.encode(self.vehicle_id, 0)])
        if not self.pump(lambda: any(a.command == command.command for a in self._acks), self._now_s + 4.0):
            return CommandOutcome(CommandResult.TIMEOUT, "no answer")
        (ack,) = [a for a in self._acks if a.command == command.command][:1]
        return CommandOutcome(CommandResult.ACCEPTED if ack.result == 0 else CommandResult.FAILED)

    async def get_param(self, name: str, tries: int = 4) -> ParameterResult:
        return self._parameter(lambda done: self._parameters.get(self.vehicle_id, name, done, self._now_s, tries))

    async def set_param(self, name: str, value: float) -> ParameterResult:
        return self._parameter(lambda done: self._parameters.set(self.vehicle_id, name, value, done, self._now_s))

    def _parameter(self, begin: Any) -> ParameterResult:
        results: list[ParameterResult] = []
        self.send(begin(results.append))
        assert self.pump(lambda: bool(results), self._now_s + 300.0)
        return results[0]

    async def wait_for(self, condition: Callable[[VehicleState], bool], timeout_s: float) -> bool:
        return self.pump(lambda: condition(self.state), self._now_s + timeout_s)

    def texts_since(self, since_s: float, worst_severity: int = 4) -> str:
        return "; ".join(t.text for at_s, t in self._texts if at_s >= since_s and t.severity <= worst_severity)


_CODEC = mavlink2.MAVLink(None)


def _as_parsed(message: Any) -> Any:
    """With texts as a receiver gets them."""
    source = (message.get_srcSystem(), message.get_srcComponent())
    _CODEC.srcSystem, _CODEC.srcComponent = source
    (parsed,) = mavlink2.MAVLink(None).parse_buffer(message.pack(_CODEC))
    return parsed


def held(autopilot: Any, kind: MissionKind) -> tuple[WireItem, ...]:
    """What an aircraft really holds."""
    store = (autopilot.mission_store, autopilot.fence_store, autopilot.rally_store)[kind]
    items = []
    for seq in range(store.count()):
        i = store.get(seq)
        params = (i.param1, i.param2, i.param3, i.param4)
        items.append(WireItem(kind, seq, i.command, i.frame, *params, i.x, i.y, i.z, 0, i.autocontinue))
    return tuple(items)
