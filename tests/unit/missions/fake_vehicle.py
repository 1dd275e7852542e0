"""A vehicle at the far end of a bad link, for tests: answers the mission protocol by ArduPilot's rules."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from missions.codec import MissionKind, WireItem, decode, encode
from missions.mavlink import mavlink2
from missions.transfer import Address, Transfer, TransferResult

VEHICLE = Address(1, 1)
STATION = Address(255, 190)


def over_the_wire(message: Any, source: Address) -> Any:
    """The message as the other end gets it: packed to bytes and parsed again."""
    sender = mavlink2.MAVLink(None, source.system_id, source.component_id)
    parsed = mavlink2.MAVLink(None).parse_buffer(message.pack(sender))
    assert parsed is not None
    return parsed[0]


@dataclass
class FakeVehicle:
    """Holds the three lists. ``reject`` maps a sequence number to the result it is refused with."""

    home: WireItem = field(
        default_factory=lambda: WireItem(MissionKind.MISSION, 0, 16, 0, x=491_000_000, y=227_000_000, z=300.5)
    )
    lists: dict[MissionKind, list[WireItem]] = field(default_factory=lambda: {k: [] for k in MissionKind})
    max_items: int = 650
    reject: dict[int, int] = field(default_factory=dict)
    alter: Callable[[WireItem], WireItem] = lambda item: item
    silent: bool = False
    receiving: MissionKind | None = None
    request_i: int = 0
    total: int = 0
    asked_s: float = 0.0
    accepted_s: float = 0.0
    staged: list[WireItem] = field(default_factory=list)

    def _ack(self, result: int, kind: int) -> list[Any]:
        return [mavlink2.MAVLink_mission_ack_message(255, 190, result, kind)]

    def _ask(self, now_s: float) -> list[Any]:
        self.asked_s = now_s
        return [mavlink2.MAVLink_mission_request_message(255, 190, self.request_i, int(self.receiving or 0))]

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        if self.silent:
            return []
        name = message.get_type()
        kind = MissionKind(message.mission_type)
        stored = self.lists[kind]
        if name == "MISSION_COUNT":
            if message.count > self.max_items:
                return self._ack(4, kind)
            self.receiving, self.request_i, self.total, self.staged = kind, 0, message.count, []
            if kind is MissionKind.MISSION:
                del stored[message.count :]  # not atomic: the tail is gone at once
            self.accepted_s = now_s
            return self._ask(now_s)
        if name == "MISSION_ITEM_INT":
            return self._on_item(decode(message), now_s)
        if name == "MISSION_REQUEST_LIST":
            return [mavlink2.MAVLink_mission_count_message(255, 190, len(stored), kind)]
        if name == "MISSION_REQUEST_INT":
            if message.seq >= len(stored):
                return self._ack(13, kind)
            return [encode(stored[message.seq], 255, 190)]
        if name == "MISSION_CLEAR_ALL":
            stored.clear()
            return self._ack(0, kind)
        return []

    def _on_item(self, item: WireItem, now_s: float) -> list[Any]:
        if self.receiving is None:
            return self._ack(1, item.kind)
        if item.seq != self.request_i:
            return self._ack(13, item.kind)
        if item.seq in self.reject:
            self.receiving = None
            return self._ack(self.reject[item.seq], item.kind)
        if item.kind is MissionKind.MISSION:
            item = self.home if item.seq == 0 else item
        elif item.kind is MissionKind.FENCE:
            item = replace(item, frame=0, z=0.0, autocontinue=0)
        stored = self.lists[item.kind]
        item = self.alter(item)
        if item.kind is MissionKind.FENCE:
            self.staged.append(item)
        elif item.seq < len(stored):
            stored[item.seq] = item
        else:
            stored.append(item)
        self.accepted_s = now_s
        self.request_i += 1
        if self.request_i == self.total:
            self.receiving = None
            if item.kind is MissionKind.FENCE:
                self.lists[item.kind] = self.staged
            return self._ack(0, item.kind)
        return self._ask(now_s)

    def on_time(self, now_s: float) -> list[Any]:
        if self.receiving is None or self.silent:
            return []
        if now_s - self.accepted_s >= 8.0:
            kind, self.receiving = self.receiving, None
            return self._ack(15, kind)
        return self._ask(now_s) if now_s - self.asked_s >= 1.0 else []


@dataclass
class BadLink:
    """Delays, loses and doubles messages; a random delay reorders them."""

    seed: int = 0
    loss: float = 0.0
    duplicate: float = 0.0
    delay_s: tuple[float, float] = (0.05, 0.05)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)

    def arrivals(self, now_s: float) -> list[float]:
        copies = 0 if self.random.random() < self.loss else 1 + (self.random.random() < self.duplicate)
        return [now_s + self.random.uniform(*self.delay_s) for _ in range(copies)]


def run(
    transfer: Transfer, vehicle: FakeVehicle, link: BadLink | None = None, limit_s: float = 600.0
) -> TransferResult:
    """Play both ends until the transfer is over, in simulated time."""
    link = link or BadLink()
    number = itertools.count()
    events: list[tuple[float, int, str, Any]] = []

    def post(to: str, messages: list[Any], now_s: float) -> None:
        source = STATION if to == "vehicle" else VEHICLE
        for message in messages:
            for at in link.arrivals(now_s):
                heapq.heappush(events, (at, next(number), to, over_the_wire(message, source)))

    now_s = 100.0
    end_s = now_s + limit_s
    next_tick_s = now_s
    post("vehicle", transfer.start(now_s), now_s)
    while transfer.result is None:
        deadline_s = transfer.next_deadline_s
        assert deadline_s is not None, "it runs, so it waits for something"
        now_s = min(deadline_s, next_tick_s, events[0][0] if events else deadline_s)
        assert now_s < end_s, "the transfer never ended"
        while events and events[0][0] <= now_s:
            _, _, to, message = heapq.heappop(events)
            if to == "vehicle":
                post("station", vehicle.on_message(message, now_s), now_s)
            else:
                post("vehicle", transfer.on_message(message, now_s), now_s)
        if now_s >= next_tick_s:
            next_tick_s += 0.1
            post("station", vehicle.on_time(now_s), now_s)
        post("vehicle", transfer.on_time(now_s), now_s)
    return transfer.result
