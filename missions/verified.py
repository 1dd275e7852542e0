"""An upload that counts only when it was read back and found identical."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from missions.codec import MissionKind, WireItem, compare_items
from missions.transfer import (
    Address,
    ClearTransfer,
    DownloadTransfer,
    Outcome,
    Timers,
    Transfer,
    TransferResult,
    UploadTransfer,
)


class VerifiedUpload:
    """Upload, read back, compare: ``result.outcome`` is ``DONE`` only when the aircraft holds what was sent.

    An empty list is cleared instead of uploaded. An upload whose end is not certain is decided by the read-back.
    Same interface as :class:`missions.transfer.Transfer`.
    """

    def __init__(
        self,
        kind: MissionKind,
        items: Sequence[WireItem],
        target: Address,
        own: Address,
        window: int = 1,
        timers: Timers | None = None,
    ) -> None:
        self.kind = kind
        self._items = tuple(items)
        self._target, self._own, self._window, self._timers = target, own, window, timers
        self._now: Transfer = (
            UploadTransfer(kind, items, target, own, window, timers)
            if items
            else ClearTransfer(kind, target, own, timers)
        )
        self._reading = False
        self._upload_note = ""
        self._started_s = 0.0
        self._result: TransferResult | None = None

    @property
    def phase(self) -> Literal["uploading", "reading_back", "done"]:
        """What it is doing."""
        if self._result is not None:
            return "done"
        return "reading_back" if self._reading else "uploading"

    @property
    def result(self) -> TransferResult | None:
        """None while it runs."""
        return self._result

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        return None if self._result is not None else self._now.next_deadline_s

    @property
    def progress(self) -> float:
        """0 to 1; the read-back is the second half."""
        if self._result is not None:
            return 1.0
        return 0.5 * self._now.progress + (0.5 if self._reading else 0.0)

    def start(self, now_s: float) -> list[Any]:
        """The first messages."""
        self._started_s = now_s
        return self._now.start(now_s)

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Answers to a message."""
        return [] if self._result is not None else self._then(self._now.on_message(message, now_s), now_s)

    def on_time(self, now_s: float) -> list[Any]:
        """What is due now."""
        return [] if self._result is not None else self._then(self._now.on_time(now_s), now_s)

    def cancel(self, now_s: float) -> list[Any]:
        """Give up."""
        return [] if self._result is not None else self._then(self._now.cancel(now_s), now_s)

    def _then(self, messages: list[Any], now_s: float) -> list[Any]:
        part = self._now.result
        if part is None:
            return messages
        if not self._reading:
            if not part.ok and part.outcome is not Outcome.UNCONFIRMED:
                self._finish(part, now_s)
                return messages
            self._upload_note = part.reason
            self._reading = True
            self._now = DownloadTransfer(self.kind, self._target, self._own, self._window, self._timers)
            return messages + self._now.start(now_s)
        if part.ok:
            differences = tuple(compare_items(self.kind, self._items, part.items))
            if differences:
                what = "; ".join(str(d) for d in differences[:3])
                more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
                note = f"{self._upload_note}; " if self._upload_note else ""
                reason = f"{note}the aircraft holds another {self.kind.name.lower()} than was sent: {what}{more}"
                part = replace(part, outcome=Outcome.DIFFERENT, reason=reason, differences=differences)
        self._finish(part, now_s)
        return messages

    def _finish(self, part: TransferResult, now_s: float) -> None:
        self._result = replace(part, elapsed_s=now_s - self._started_s)
