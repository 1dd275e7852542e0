"""An upload that counts only when it was read back and found identical, by file where the aircraft has files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from missions.codec import Difference, MissionKind, WireItem, compare_items
from missions.ftp import FtpPeer
from missions.ftp_items import FileDownload, FileUpload
from missions.item_download import DownloadTransfer
from missions.item_upload import ClearTransfer, UploadTransfer
from missions.transfer import Address, Outcome, Timers, Transfer, TransferResult, timers_for, window_for

HoldsWhat = Literal["old", "new", "old or new", "mixture"]
"""What an aircraft can hold of a list: the one before, the one sent, one of the two whole, or parts of both."""


class _InTurn:
    """One transfer after another: ``_now`` is the running one, :meth:`_then` says what follows when it has ended."""

    def __init__(self, first: Transfer) -> None:
        self._now = first
        self._started_s = 0.0
        self._result: TransferResult | None = None

    @property
    def result(self) -> TransferResult | None:
        """None while it runs."""
        return self._result

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        return None if self._result is not None else self._now.next_deadline_s

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
        """After each call of the running one: its messages, and those of what follows it."""
        raise NotImplementedError


class Download(_InTurn):
    """Read a list by file, and by items where that fails. Same interface as :class:`missions.transfer.Transfer`.

    ``ftp`` None: by items only. ``result.method`` is ``"ftp"``, ``"items"`` or ``"ftp, then items"``.
    """

    def __init__(
        self,
        kind: MissionKind,
        target: Address,
        own: Address,
        window: int = 1,
        timers: Timers | None = None,
        ftp: FtpPeer | None = None,
    ) -> None:
        self.kind = kind
        self._items = DownloadTransfer(kind, target, own, window, timers)
        super().__init__(self._items if ftp is None else FileDownload(kind, target, own, ftp))
        self._ftp = ftp
        self._method = "items" if ftp is None else "ftp"

    @property
    def round_trip_s(self) -> float | None:
        """Of the first question, where it was measured."""
        if self._ftp is not None and self._ftp.round_trip_s is not None:
            return self._ftp.round_trip_s
        return self._items.round_trip_s

    @property
    def progress(self) -> float:
        """0 to 1."""
        return 1.0 if self._result is not None else self._now.progress

    def _then(self, messages: list[Any], now_s: float) -> list[Any]:
        part = self._now.result
        if part is None:
            return messages
        if not part.ok and part.outcome is not Outcome.CANCELLED and self._now is not self._items:
            self._now, self._method = self._items, "ftp, then items"
            return messages + self._now.start(now_s)
        self._result = replace(part, elapsed_s=now_s - self._started_s, method=self._method)
        return messages


class VerifiedUpload(_InTurn):
    """Upload, read back, compare: ``result.outcome`` is ``DONE`` only when the aircraft holds what was sent.

    With ``ftp`` the list goes as one file; when that fails for whatever reason it goes by items, which either works or
    learns from the aircraft why not. An empty list is cleared instead of uploaded. An upload whose end is not certain is
    decided by the read-back, which is a reading of its own and trusts nothing that was said while sending. ``window``
    None: by ``round_trip_s`` and ``serial``. Same interface as :class:`missions.transfer.Transfer`.
    """

    def __init__(
        self,
        kind: MissionKind,
        items: Sequence[WireItem],
        target: Address,
        own: Address,
        window: int | None = 1,
        timers: Timers | None = None,
        ftp: FtpPeer | None = None,
        round_trip_s: float | None = None,
        serial: bool = False,
    ) -> None:
        self.kind = kind
        self._items = tuple(items)
        self._target, self._own, self._ftp = target, own, ftp
        self._window = window_for(round_trip_s, serial) if window is None else window
        self._timers = timers_for(round_trip_s) if timers is None and round_trip_s is not None else timers
        super().__init__(self._by_items() if ftp is None or not items else self._by_file(ftp))
        self._method = "ftp" if isinstance(self._now, FileUpload) else "items"
        self._reading = False
        self._upload_note = ""
        self._uploaded_s = 0.0
        self._holds: HoldsWhat = "old"
        self._file_whole = False

    def _by_file(self, ftp: FtpPeer) -> FileUpload:
        return FileUpload(self.kind, self._items, self._target, self._own, ftp)

    def _by_items(self) -> Transfer:
        if not self._items:
            return ClearTransfer(self.kind, self._target, self._own, self._timers)
        return UploadTransfer(self.kind, self._items, self._target, self._own, self._window, self._timers)

    @property
    def phase(self) -> Literal["uploading", "reading_back", "done"]:
        """What it is doing."""
        if self._result is not None:
            return "done"
        return "reading_back" if self._reading else "uploading"

    @property
    def holds(self) -> HoldsWhat:
        """What the aircraft can hold at this moment, whatever became of the messages that were sent.

        A fence takes effect whole. A mission and rally points that go by items are replaced one by one; a file is taken
        whole, unless the aircraft refuses an item of it.
        """
        if self._result is not None and self._result.ok:
            return "new"
        self._notice()
        return self._holds

    @property
    def file_may_take_effect(self) -> bool:
        """Whether the aircraft may yet put a file into effect that was written whole and not seen to be closed."""
        return self._file_whole

    def _notice(self) -> None:
        """Judge by what has been sent so far."""
        now = self._now
        if isinstance(now, FileUpload) and now.may_take_effect:
            self._file_whole = now.result is None or now.result.outcome not in (Outcome.DONE, Outcome.REFUSED)
            refused = now.result is not None and now.result.outcome is Outcome.REFUSED
            self._worse("mixture" if refused and self.kind is not MissionKind.FENCE else "old or new")
        elif isinstance(now, ClearTransfer):
            self._worse("old or new")
        elif isinstance(now, UploadTransfer):
            if self.kind is not MissionKind.FENCE:
                self._worse("mixture")
            elif now.items_sent == len(self._items):
                self._worse("old or new")

    def _worse(self, holds: HoldsWhat) -> None:
        if self._holds != "mixture":
            self._holds = holds

    @property
    def progress(self) -> float:
        """0 to 1; the read-back is the second half."""
        if self._result is not None:
            return 1.0
        return 0.5 * self._now.progress + (0.5 if self._reading else 0.0)

    def _then(self, messages: list[Any], now_s: float) -> list[Any]:
        part = self._now.result
        self._notice()
        if part is None:
            return messages
        if not self._reading:
            if part.ok or part.outcome is Outcome.UNCONFIRMED:
                self._upload_note = part.reason
                return messages + self._read_back(now_s)
            if isinstance(self._now, FileUpload) and part.outcome is not Outcome.CANCELLED:
                return messages + self._go_by_items(part.reason, now_s)
            self._finish(part, now_s)
            return messages
        if part.ok:
            differences = tuple(compare_items(self.kind, self._items, part.items))
            if differences:
                part = _different(self.kind, part, differences)
        if part.outcome is Outcome.DIFFERENT and self._method == "ftp":
            # A refusal whose word was lost looks like this; by items the aircraft tells.
            self._reading = False
            return messages + self._go_by_items(part.reason, now_s)
        self._finish(part, now_s)
        return messages

    def _go_by_items(self, why: str, now_s: float) -> list[Any]:
        self._upload_note = why
        self._method = "ftp, then items"
        self._now = self._by_items()
        return self._now.start(now_s)

    def _read_back(self, now_s: float) -> list[Any]:
        self._reading = True
        self._uploaded_s = now_s
        by_file = self._ftp if self._method == "ftp" else None
        self._now = Download(self.kind, self._target, self._own, self._window, self._timers, by_file)
        return self._now.start(now_s)

    def _finish(self, part: TransferResult, now_s: float) -> None:
        reason = f"{self._upload_note}; {part.reason}" if self._upload_note and part.reason else part.reason
        self._result = replace(
            part, reason=reason, elapsed_s=now_s - self._started_s, method=self._method,
            may_take_effect=part.may_take_effect or (not part.ok and self._holds != "old"),
            upload_s=(self._uploaded_s if self._reading else now_s) - self._started_s,
            readback_s=now_s - self._uploaded_s if self._reading else 0.0,
        )  # fmt: skip


def _different(kind: MissionKind, part: TransferResult, differences: tuple[Difference, ...]) -> TransferResult:
    what = "; ".join(str(d) for d in differences[:3])
    more = f" and {len(differences) - 3} more" if len(differences) > 3 else ""
    reason = f"the aircraft holds another {kind.name.lower()} than was sent: {what}{more}"
    return replace(part, outcome=Outcome.DIFFERENT, reason=reason, differences=differences)
