"""Sending a list item by item, and clearing one: the station's half of the mission item protocol on upload.

Interface and waiting times as :mod:`missions.transfer` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from missions.codec import MissionKind, WireItem, encode
from missions.mavlink import mavlink2
from missions.transfer import (
    ACK_ACCEPTED,
    ACK_ERROR,
    ACK_INVALID_SEQUENCE,
    ACK_OPERATION_CANCELLED,
    Address,
    Outcome,
    Timers,
    TransferBase,
    ack_name,
    checked_window,
)


class UploadTransfer(TransferBase):
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
        if any(i.seq != n or i.kind is not kind for n, i in enumerate(items)):
            raise ValueError(f"the items are not one {kind.name.lower()} numbered from 0")
        self._items = tuple(items)
        self._window = checked_window(window)
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
        return [*super().cancel(now_s), self._ack_message(ACK_OPERATION_CANCELLED)]


class ClearTransfer(TransferBase):
    """Empty a list. Refused by ArduPilot for the mission while it is being flown."""

    progress = 0.0

    def _what(self) -> str:
        return f"clearing the {self.kind.name.lower()}"

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
