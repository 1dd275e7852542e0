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

from missions.codec import Difference, MissionKind, WireItem
from missions.mavlink import mavlink2

ACK_ACCEPTED = 0
ACK_ERROR = 1
ACK_NO_SPACE = 4
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


def checked_window(window: int) -> int:
    """The window itself. Raises ``ValueError`` for one that no aircraft would take."""
    if not 1 <= window <= MOST_WINDOW:
        raise ValueError(f"a window of {window} items is not between 1 and {MOST_WINDOW}")
    return window


def ack_name(ack_type: int) -> str:
    """The name of a ``MAV_MISSION_RESULT`` in lower case words, e.g. ``"no space"``."""
    entry = mavlink2.enums["MAV_MISSION_RESULT"].get(ack_type)
    return entry.name.removeprefix("MAV_MISSION_").replace("_", " ").lower() if entry else f"result {ack_type}"


class TransferBase:
    """The part that is the same: the first message with its retries, the filter, the end."""

    def __init__(self, kind: MissionKind, target: Address, own: Address, timers: Timers | None = None) -> None:
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

    def cancel(self, now_s: float) -> list[Any]:
        """Give up. An aircraft keeps no state of a reader, or of who clears a list, that it would have to be told of."""
        if self._result is None:
            self._end(now_s, Outcome.CANCELLED, f"{self._what()}: cancelled")
        return []

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
