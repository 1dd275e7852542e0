"""Reading a list item by item: the station's half of the mission item protocol on download.

Interface and waiting times as :mod:`missions.transfer` says.
"""

from __future__ import annotations

from typing import Any

from missions.codec import MissionKind, WireItem, decode
from missions.mavlink import mavlink2
from missions.transfer import (
    ACK_ACCEPTED,
    ACK_ERROR,
    ACK_INVALID_SEQUENCE,
    Address,
    Outcome,
    Timers,
    TransferBase,
    ack_name,
    checked_window,
)


class DownloadTransfer(TransferBase):
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
        self._window = checked_window(window)
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
