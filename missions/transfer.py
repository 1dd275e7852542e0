"""The mission item protocol as state machines: upload, download and clear.

They own no socket and no clock. The owner calls ``start(now_s)`` once, ``on_message(message, now_s)`` for every message
from the aircraft, and ``on_time(now_s)`` when ``next_deadline_s`` has come; each returns messages to send (pymavlink
messages, not yet packed). When ``result`` is not None the transfer is over and answers nothing more.

Timers follow ArduPilot's ``MissionItemProtocol`` rather than the guide: on upload the vehicle drives, asks again every
1 to 3 s and gives up after 8 s, so the station waits longer than that; only the first message is retried by us.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TypeVar

from missions.codec import Difference, MissionKind, WireItem, decode, encode
from missions.mavlink import mavlink2

ACK_ACCEPTED = 0
ACK_ERROR = 1
ACK_INVALID_SEQUENCE = 13
ACK_OPERATION_CANCELLED = 15

MOST_WINDOW = 16
_SERIAL_WINDOW = 8
_LONG_WAY_S = 0.05
_PATIENCE_S = 9.0


class Outcome(Enum):
    """How a transfer ended. ``UNCONFIRMED``: all was sent, the last word is missing; only a read-back can tell."""

    DONE = "done"
    REFUSED = "refused"
    TIMEOUT = "no answer"
    UNCONFIRMED = "not confirmed"
    DIFFERENT = "read back different"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Address:
    """A MAVLink system and component id."""

    system_id: int
    component_id: int


@dataclass(frozen=True)
class Timers:
    """Waiting times in seconds. ``stall_s`` must be longer than the vehicle's own 8 s."""

    first_retry_s: float = 1.5
    first_retries: int = 5
    item_retry_s: float = 1.0
    item_retries: int = 8
    stall_s: float = 9.0
    go_back_s: float = 0.7


@dataclass(frozen=True)
class TransferResult:
    """The end of a transfer. ``items``: what a download read; ``ack_type``: the ``MAV_MISSION_RESULT``, if one came."""

    outcome: Outcome
    reason: str = ""
    ack_type: int | None = None
    items: tuple[WireItem, ...] = ()
    differences: tuple[Difference, ...] = ()
    elapsed_s: float = 0.0
    may_take_effect: bool = False
    """Although it did not end well, the aircraft may yet have taken the whole list."""
    method: str = ""
    upload_s: float = 0.0
    readback_s: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return self.outcome is Outcome.DONE


def timers_for(round_trip_s: float | None) -> Timers:
    """Waiting times for a known way to the aircraft: what was lost is noticed after little more than a round trip.

    It is not given up sooner than without that knowledge.
    """
    if round_trip_s is None:
        return Timers()
    again_s = min(max(2.0 * round_trip_s + 0.2, 0.4), 3.0)
    tries = math.ceil(_PATIENCE_S / again_s)
    return Timers(first_retry_s=again_s, first_retries=tries, item_retry_s=again_s, item_retries=tries)


def window_for(round_trip_s: float | None, serial: bool) -> int:
    """How many items may be on their way at once.

    A serial radio's receiver holds few; a longer way is worth more. Measured against ArduPilot: 100 items at 300 ms
    take 30.9 s one by one, 7.9 s with 4, 4.3 s with 8 and 2.5 s with 16.
    """
    if round_trip_s is not None and round_trip_s >= _LONG_WAY_S:
        return _SERIAL_WINDOW if serial else MOST_WINDOW
    return 4 if serial else _SERIAL_WINDOW


R = TypeVar("R", covariant=True)


class Machine(Protocol[R]):
    """What all protocol machines have in common."""

    @property
    def result(self) -> R | None:
        """None while it runs."""
        ...

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called, or None when it is over."""
        ...

    @property
    def progress(self) -> float:
        """0 to 1."""
        ...

    def start(self, now_s: float) -> list[Any]:
        """The first messages."""
        ...

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Answers to a message; any message may be given, those that are not for this machine are ignored."""
        ...

    def on_time(self, now_s: float) -> list[Any]:
        """What is due now."""
        ...

    def cancel(self, now_s: float) -> list[Any]:
        """Give up; tells the aircraft where the protocol has a message for it."""
        ...


class Transfer(Machine[TransferResult], Protocol):
    """A machine that moves one list."""

    kind: MissionKind


def ack_name(ack_type: int) -> str:
    """The name of a ``MAV_MISSION_RESULT`` in lower case words, e.g. ``"no space"``."""
    entry = mavlink2.enums["MAV_MISSION_RESULT"].get(ack_type)
    return entry.name.removeprefix("MAV_MISSION_").replace("_", " ").lower() if entry else f"result {ack_type}"


class _Base:
    """The part that is the same: the first message with its retries, the filter, the end."""

    def __init__(self, kind: MissionKind, target: Address, own: Address, timers: Timers | None) -> None:
        self.kind = kind
        self._target, self._own = target, own
        self._timers = timers or Timers()
        self._result: TransferResult | None = None
        self._deadline_s: float | None = None
        self._started_s = 0.0
        self._first_left = self._timers.first_retries
        self._answered = False
        self._asked_first_s = 0.0
        self.round_trip_s: float | None = None
        """Of the first question, when it had to be asked only once."""

    @property
    def result(self) -> TransferResult | None:
        return self._result

    @property
    def next_deadline_s(self) -> float | None:
        return self._deadline_s

    def _first_message(self) -> Any:
        raise NotImplementedError

    def _what(self) -> str:
        raise NotImplementedError

    def start(self, now_s: float) -> list[Any]:
        """The first messages."""
        self._started_s = self._asked_first_s = now_s
        self._deadline_s = now_s + self._timers.first_retry_s
        return [self._first_message()]

    def _first_answer(self, now_s: float) -> None:
        if not self._answered and self._first_left == self._timers.first_retries:
            self.round_trip_s = now_s - self._asked_first_s
        self._answered = True

    def _retry_first(self, now_s: float) -> list[Any]:
        if self._first_left == 0:
            tries = self._timers.first_retries + 1
            self._end(now_s, Outcome.TIMEOUT, f"{self._what()}: no answer to {tries} requests")
            return []
        self._first_left -= 1
        self._deadline_s = now_s + self._timers.first_retry_s
        return [self._first_message()]

    def _due(self, now_s: float) -> bool:
        return self._result is None and self._deadline_s is not None and now_s >= self._deadline_s

    def _end(
        self,
        now_s: float,
        outcome: Outcome,
        reason: str = "",
        ack_type: int | None = None,
        items: tuple[WireItem, ...] = (),
    ) -> None:
        self._deadline_s = None
        self._result = TransferResult(outcome, reason, ack_type, items, elapsed_s=now_s - self._started_s)

    def _is_ours(self, message: Any, types: Sequence[str]) -> bool:
        return (
            self._result is None
            and message.get_type() in types
            and (message.get_srcSystem(), message.get_srcComponent())
            == (self._target.system_id, self._target.component_id)
            and message.target_system in (0, self._own.system_id)
            and message.target_component in (0, self._own.component_id)
            and message.mission_type == self.kind
        )

    def _ack_message(self, ack_type: int) -> Any:
        return mavlink2.MAVLink_mission_ack_message(
            self._target.system_id, self._target.component_id, ack_type, int(self.kind)
        )


class UploadTransfer(_Base):
    """Send a whole list. ``window`` items may be on their way at once (1 to 16; 1 is what every aircraft takes)."""

    def __init__(
        self,
        kind: MissionKind,
        items: Sequence[WireItem],
        target: Address,
        own: Address,
        window: int = 1,
        timers: Timers | None = None,
    ) -> None:
        super().__init__(kind, target, own, timers)
        if not 1 <= window <= MOST_WINDOW:
            raise ValueError(f"a window of {window} items is not between 1 and {MOST_WINDOW}")
        if any(i.seq != n or i.kind is not kind for n, i in enumerate(items)):
            raise ValueError(f"the items are not one {kind.name.lower()} numbered from 0")
        self._items = tuple(items)
        self._window = window
        self._asked = -1  # highest sequence number that the aircraft has asked for
        self._next = 0  # first item that was not sent yet
        self._last_item_sent = 0  # how often the last item went out
        self._stall_s = 0.0
        self._went_back_s = float("-inf")
        self._behind = (-1, 0)  # a number below the one asked for, and how often it was asked for

    @property
    def progress(self) -> float:
        return 1.0 if not self._items else max(0, self._asked) / len(self._items)

    @property
    def items_sent(self) -> int:
        """How many items went out so far: no more than these can be on the aircraft."""
        return self._next

    def _what(self) -> str:
        return f"upload of {len(self._items)} {self.kind.name.lower()} items"

    def _first_message(self) -> Any:
        return mavlink2.MAVLink_mission_count_message(
            self._target.system_id, self._target.component_id, len(self._items), int(self.kind)
        )

    def _send(self, first: int, end: int) -> list[Any]:
        end = min(end, len(self._items))
        if first < end == len(self._items):
            self._last_item_sent += 1
        self._next = max(self._next, end)
        return [encode(i, self._target.system_id, self._target.component_id) for i in self._items[first:end]]

    def _set_deadline(self, now_s: float) -> None:
        self._deadline_s = self._stall_s
        if self._window > 1:
            self._deadline_s = min(self._stall_s, now_s + self._timers.go_back_s)

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Answers a request with the items that the window allows; an acknowledgement ends it."""
        if self._is_ours(message, ("MISSION_REQUEST", "MISSION_REQUEST_INT")):
            return self._on_request(message.seq, now_s)
        if self._is_ours(message, ("MISSION_ACK",)):
            if message.type == ACK_INVALID_SEQUENCE:
                return self._on_wrong_sequence(now_s)
            self._on_ack(message.type, now_s)
        return []

    def _on_wrong_sequence(self, now_s: float) -> list[Any]:
        """The upload goes on, but an item before the one that came is missing there.

        Most of these follow from one loss, so a new look back has to wait until its effect can be seen.
        """
        if self._asked < 0 or self._window == 1 or self.round_trip_s is None:
            return []
        if now_s - self._went_back_s < 1.3 * self.round_trip_s + 0.05:
            return []
        return self._go_back(now_s)

    def _go_back(self, now_s: float) -> list[Any]:
        self._went_back_s = now_s
        messages = self._send(self._asked, self._asked + self._window)
        self._set_deadline(now_s)
        return messages

    def _on_request(self, seq: int, now_s: float) -> list[Any]:
        if seq >= len(self._items):
            return []
        if self._asked < 0 and seq != 0:
            # A question of an earlier upload that was given up: the aircraft begins a new one with item 0.
            return []
        self._first_answer(now_s)
        if seq < self._asked and not self._really_behind(seq):
            # A late copy: answering would only cost bandwidth.
            return []
        if seq < self._asked:
            self._asked = seq
        asked_again = seq == self._asked
        if not asked_again:
            self._asked = seq
            self._stall_s = now_s + self._timers.stall_s
        first = seq if asked_again else max(seq, self._next)
        messages = self._send(first, seq + 1 if asked_again else seq + self._window)
        self._set_deadline(now_s)
        return messages

    def _really_behind(self, seq: int) -> bool:
        """An aircraft goes back only when a second MISSION_COUNT overtook our items; then it keeps asking."""
        self._behind = (seq, self._behind[1] + 1 if self._behind[0] == seq else 1)
        return self._behind[1] >= 2

    def _on_ack(self, ack_type: int, now_s: float) -> None:
        everything_sent = self._next == len(self._items)
        if ack_type == ACK_ACCEPTED:
            if everything_sent:
                self._asked = len(self._items)
                self._end(now_s, Outcome.DONE, ack_type=ack_type)
            return  # else it belongs to an earlier transfer
        if ack_type == ACK_ERROR and everything_sent and self._last_item_sent > 1:
            # An aircraft that had already finished answers a second copy of the last item with ERROR.
            reason = f"{self._what()}: all items were sent, but its end is not certain"
            self._end(now_s, Outcome.UNCONFIRMED, reason, ack_type)
            return
        where = f" at item {self._asked}" if self._asked >= 0 else ""
        self._end(
            now_s, Outcome.REFUSED, f"{self._what()}: the aircraft refused{where}: {ack_name(ack_type)}", ack_type
        )

    def on_time(self, now_s: float) -> list[Any]:
        """Count again, go back, or fail."""
        if not self._due(now_s):
            return []
        if not self._answered:
            return self._retry_first(now_s)
        if now_s >= self._stall_s:
            if self._next == len(self._items):
                reason = f"{self._what()}: all items were sent, but the aircraft did not confirm"
                self._end(now_s, Outcome.UNCONFIRMED, reason)
            else:
                at = f"stopped at item {self._asked} for {self._timers.stall_s:g} s"
                self._end(now_s, Outcome.TIMEOUT, f"{self._what()}: {at}")
            return []
        return self._go_back(now_s)

    def cancel(self, now_s: float) -> list[Any]:
        """Give up and tell the aircraft."""
        if self._result is not None:
            return []
        self._end(now_s, Outcome.CANCELLED, f"{self._what()}: cancelled")
        return [self._ack_message(ACK_OPERATION_CANCELLED)]


class DownloadTransfer(_Base):
    """Read a whole list. ``window`` requests may be open at once."""

    def __init__(
        self,
        kind: MissionKind,
        target: Address,
        own: Address,
        window: int = 1,
        timers: Timers | None = None,
    ) -> None:
        super().__init__(kind, target, own, timers)
        if not 1 <= window <= MOST_WINDOW:
            raise ValueError(f"a window of {window} items is not between 1 and {MOST_WINDOW}")
        self._window = window
        self._count = -1
        self._got: dict[int, WireItem] = {}
        self._open: dict[int, tuple[float, int]] = {}  # seq -> when to ask again, how often still

    @property
    def progress(self) -> float:
        return 0.0 if self._count < 0 else 1.0 if self._count == 0 else len(self._got) / self._count

    def _what(self) -> str:
        return f"reading the {self.kind.name.lower()}"

    def _first_message(self) -> Any:
        return mavlink2.MAVLink_mission_request_list_message(
            self._target.system_id, self._target.component_id, int(self.kind)
        )

    def _request(self, seq: int) -> Any:
        return mavlink2.MAVLink_mission_request_int_message(
            self._target.system_id, self._target.component_id, seq, int(self.kind)
        )

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Takes the count and the items, asks for the next ones, acknowledges at the end."""
        if self._is_ours(message, ("MISSION_COUNT",)):
            return self._on_count(message.count, now_s)
        if self._is_ours(message, ("MISSION_ITEM_INT",)):
            return self._on_item(decode(message), now_s)
        # ERROR may be the late echo of an upload before this; a true one shows as an item that never comes.
        noise = (ACK_ACCEPTED, ACK_ERROR, ACK_INVALID_SEQUENCE)
        if self._is_ours(message, ("MISSION_ACK",)) and message.type not in noise:
            reason = f"{self._what()}: the aircraft refused: {ack_name(message.type)}"
            self._end(now_s, Outcome.REFUSED, reason, message.type)
        return []

    def _on_count(self, count: int, now_s: float) -> list[Any]:
        if self._count >= 0:
            if count != self._count:
                reason = f"{self._what()}: it changed from {self._count} to {count} items meanwhile"
                self._end(now_s, Outcome.REFUSED, reason)
            return []
        self._first_answer(now_s)
        self._count = count
        return self._advance(now_s)

    def _on_item(self, item: WireItem, now_s: float) -> list[Any]:
        if item.seq not in self._open:
            return []
        del self._open[item.seq]
        self._got[item.seq] = item
        return self._advance(now_s)

    def _advance(self, now_s: float) -> list[Any]:
        if len(self._got) == self._count:
            self._end(now_s, Outcome.DONE, items=tuple(self._got[n] for n in range(self._count)))
            return [self._ack_message(ACK_ACCEPTED)]
        asked = len(self._got) + len(self._open)
        new = range(asked, min(asked + self._window - len(self._open), self._count))
        for seq in new:
            self._open[seq] = (now_s + self._timers.item_retry_s, self._timers.item_retries)
        self._deadline_s = min(at for at, _ in self._open.values())
        return [self._request(seq) for seq in new]

    def on_time(self, now_s: float) -> list[Any]:
        """Ask again for what has not come."""
        if not self._due(now_s):
            return []
        if not self._answered:
            return self._retry_first(now_s)
        late = sorted(seq for seq, (at, _) in self._open.items() if at <= now_s)
        for seq in late:
            left = self._open[seq][1]
            if left == 0:
                tries = self._timers.item_retries + 1
                reason = f"{self._what()}: item {seq} of {self._count} did not come after {tries} requests"
                self._end(now_s, Outcome.TIMEOUT, reason)
                return []
            self._open[seq] = (now_s + self._timers.item_retry_s, left - 1)
        self._deadline_s = min(at for at, _ in self._open.values())
        return [self._request(seq) for seq in late]

    def cancel(self, now_s: float) -> list[Any]:
        """Give up; the aircraft keeps no state of a reader that it would have to be told of."""
        if self._result is None:
            self._end(now_s, Outcome.CANCELLED, f"{self._what()}: cancelled")
        return []


class ClearTransfer(_Base):
    """Empty a list. Refused by ArduPilot for the mission while it is being flown."""

    progress = 0.0

    def _what(self) -> str:
        return f"clearing the {self.kind.name.lower()}"

    def __init__(self, kind: MissionKind, target: Address, own: Address, timers: Timers | None = None) -> None:
        super().__init__(kind, target, own, timers)

    def _first_message(self) -> Any:
        return mavlink2.MAVLink_mission_clear_all_message(
            self._target.system_id, self._target.component_id, int(self.kind)
        )

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """An acknowledgement ends it."""
        if self._is_ours(message, ("MISSION_ACK",)) and message.type != ACK_INVALID_SEQUENCE:
            if message.type == ACK_ACCEPTED:
                self._end(now_s, Outcome.DONE, ack_type=ACK_ACCEPTED)
            else:
                reason = f"{self._what()}: the aircraft refused: {ack_name(message.type)}"
                self._end(now_s, Outcome.REFUSED, reason, message.type)
        return []

    def on_time(self, now_s: float) -> list[Any]:
        """Ask again, or fail."""
        return self._retry_first(now_s) if self._due(now_s) else []

    def cancel(self, now_s: float) -> list[Any]:
        """Give up."""
        if self._result is None:
            self._end(now_s, Outcome.CANCELLED, f"{self._what()}: cancelled")
        return []
