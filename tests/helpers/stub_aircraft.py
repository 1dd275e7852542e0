"""The least that can be called an aircraft, behind wires that are slow, stall and break: for tests on virtual time.

It sends a heartbeat, answers TIMESYNC and acts on commands at once. What it was told, and when, is kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from groundstation.link.base import LinkState
from groundstation.vehicle.commands import kind_of
from missions.mavlink import MODE_MESSAGES
from missions.mavlink import mavlink2 as m
from tests.helpers.virtual_field import VirtualClock

GUIDED, BRAKE, RTL = 4, 17, 6


@dataclass(frozen=True)
class Acted:
    """A command that moves the aircraft has reached it."""

    command: int
    param1: float
    param2: float
    at_s: float


class StubAircraft:
    """One aircraft; any number of wires may lead to it."""

    def __init__(self, clock: VirtualClock, system_id: int = 1, autopilot: int = 3, mav_type: int = 2) -> None:
        self.clock, self.system_id, self.autopilot, self.mav_type = clock, system_id, autopilot, mav_type
        self.armed, self.mode, self.silent, self.answers_timesync = False, 0, False, True
        self.boot_s = clock.now_s - 100.0
        self.acted: list[Acted] = []
        self.asked_for: list[tuple[int, int]] = []
        self.sent_to: list[tuple[str, int]] = []
        self.refuses: dict[int, int] = {}
        self.texts: dict[int, tuple[str, ...]] = {}
        self.modes: list[tuple[int, str]] = []
        self.modes_asked: list[int] = []
        self.lost_modes: set[int] = set()
        self.wires: list[Wire] = []
        self._running: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send heartbeats."""
        self._running = asyncio.get_running_loop().create_task(self._beat())

    async def stop(self) -> None:
        """End."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            self.tell(m.MAVLink_heartbeat_message(self.mav_type, self.autopilot, 1 | self.armed << 7, self.mode, 4, 3))
            boot_ms = round((self.clock.now_s - self.boot_s) * 1000)
            self.tell(m.MAVLink_system_time_message(self.clock.utc_us(), boot_ms))
            self.tell(m.MAVLink_global_position_int_message(boot_ms, 490_000_000, 200_000_000, 0, 0, 0, 0, 0, 0))
            await asyncio.sleep(0.5)

    def tell(self, message: Any) -> None:
        """Say something on every wire."""
        if not self.silent:
            for wire in self.wires:
                wire.up(message)

    def hear(self, wire: Wire, message: Any) -> None:
        """A message has arrived."""
        if self.silent:
            return
        kind = message.get_type()
        self.sent_to.append((wire.name, message.get_msgId()))
        if kind == "TIMESYNC" and message.tc1 == 0 and self.answers_timesync:
            wire.up(m.MAVLink_timesync_message(round((self.clock.now_s - self.boot_s) * 1e9), message.ts1))
        if kind not in ("COMMAND_INT", "COMMAND_LONG") or message.target_system != self.system_id:
            return
        if message.command == 511:
            self.asked_for.append((int(message.param1), int(message.param2)))
        if kind_of(message.command) == "acts":
            self.acted.append(Acted(message.command, message.param1, message.param2, self.clock.now_s))
        if message.command == 512 and message.param1 == 435.0:
            self._list_modes(int(message.param2))
        result = self.refuses.get(message.command, 0)
        if result == 0:
            self._do(message)
        for text in self.texts.get(message.command, ()):
            self.tell(m.MAVLink_statustext_message(3, text.encode(), 0, 0))
        wire.up(m.MAVLink_command_ack_message(message.command, result, 0, 0, 255, 190))

    def _list_modes(self, index: int) -> None:
        """AVAILABLE_MODES: one, or all for 0; those in ``lost_modes`` are lost the first time."""
        self.modes_asked.append(index)
        for number, (custom_mode, name) in enumerate(self.modes, start=1):
            if index in (0, number) and number not in self.lost_modes:
                self.tell(MODE_MESSAGES[0](len(self.modes), number, 0, custom_mode, 0, name.encode()))
        self.lost_modes.clear()

    def _do(self, message: Any) -> None:
        if message.command == 400:
            self.armed = message.param1 == 1.0
        elif message.command == 176:
            self.mode = int(message.param2)
        elif message.command == 20:
            self.mode = RTL


class Wire:
    """A link's transport that ends in one or more stub aircraft.

    ``delay_s`` gives the one-way delay of a packet that leaves now. Between the two times of ``stall`` nothing arrives,
    either way; what is on its way or is sent then arrives at its end. Packets never overtake each other.
    """

    def __init__(
        self, name: str, clock: VirtualClock, *aircraft: StubAircraft, delay_s: Callable[[], float] = lambda: 0.01
    ) -> None:
        self.name, self.delay_s, self.cut = name, delay_s, False
        self.stall: tuple[float, float] = (float("inf"), float("-inf"))
        self.held: list[float] = []
        """When packets were sent that a stall met on their way."""
        self._clock, self._aircraft = clock, aircraft
        self._owner: Any = None
        self._down_s = self._up_s = 0.0
        self._parser = m.MAVLink(None)
        self._codecs = {a.system_id: m.MAVLink(None, a.system_id, 1) for a in aircraft}
        self._from = {id(a): a for a in aircraft}
        for each in aircraft:
            each.wires.append(self)

    async def open(self, owner: Any) -> None:
        self._owner = owner
        owner.on_transport_state(LinkState.OPEN, self.name)

    async def close(self) -> None:
        self._owner = None

    def _arrival_s(self, sent_s: float) -> float:
        nominal_s = sent_s + self.delay_s()
        begins_s, ends_s = self.stall
        if begins_s <= nominal_s < ends_s:
            if sent_s < begins_s:
                self.held.append(sent_s)
            return ends_s
        return nominal_s

    def write(self, data: bytes, peer: Any = None) -> bool:
        if self._owner is None:
            return False
        if not self.cut:
            self._down_s = max(self._down_s, self._arrival_s(self._clock.now_s))
            asyncio.get_running_loop().call_at(self._down_s, self._arrive, data)
        return True

    def _arrive(self, data: bytes) -> None:
        for message in self._parser.parse_buffer(data) or ():
            for aircraft in self._aircraft:
                aircraft.hear(self, message)

    def up(self, message: Any, system_id: int | None = None) -> None:
        """Packets of an aircraft to the station."""
        codec = self._codecs[system_id or next(iter(self._codecs))]
        data = bytes(message.pack(codec))
        codec.seq = (codec.seq + 1) % 256
        if not self.cut:
            self._up_s = max(self._up_s, self._arrival_s(self._clock.now_s))
            asyncio.get_running_loop().call_at(self._up_s, self._deliver, data)

    def _deliver(self, data: bytes) -> None:
        if self._owner is not None:
            self._owner.on_bytes(data)
