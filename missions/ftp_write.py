"""Writing a file over MAVLink FTP: opened and written in one go, several pieces on their way, the telling piece last.

ArduPilot puts a written file into effect when it is closed, and it closes by itself what was idle for 20 s. So the piece
without which the file is no file (the one with the header) is sent last and together with the closing: a link that is cut
before leaves the aircraft as it was, and one that is cut after leaves it with the whole new content.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from missions.ftp import FtpError, FtpMachine, FtpOutcome, FtpPacket, FtpPeer, Opcode, Request
from missions.transfer import Address

_RESTARTS = 4

Piece = tuple[int, bytes]
"""Offset and content; at most 239 bytes."""


class FtpWrite(FtpMachine):
    """Write a whole file and close it. ``content``: its pieces in the order of sending; the last makes it a file.

    At most ``peer.burst`` requests are sent at once, as many as ArduPilot's queue holds; further ones at ``peer.pace_s``,
    so that a long way to the aircraft is filled without overrunning the queue at its end. The answers come in order:
    when a later request was answered, an earlier one was lost and goes out again at once.

    ``REFUSED`` on closing means that the aircraft did not take the content; it gives no reason (see
    :class:`missions.verified.VerifiedUpload`). A closing that had to be repeated may be answered as if nothing had been
    open, so what was written has to be read back in any case.
    """

    def __init__(self, path: str, content: Sequence[Piece], target: Address, own: Address, peer: FtpPeer) -> None:
        super().__init__(target, own, peer)
        if not content:
            raise ValueError(f"nothing to write to {path}")
        self.what = f"writing {path}"
        self._path = path
        *body, self._last = content
        self._body = dict(body)
        self._todo: deque[int] = deque(self._body)
        self._written: set[int] = set()
        self._open = self._last_written = self._last_sent = self._was_whole = False
        self._create_order = 0
        self._pace_s = float("-inf")
        self._restarts = 0

    @property
    def progress(self) -> float:
        return 1.0 if self._result is not None else len(self._written) / (len(self._body) + 1)

    @property
    def may_take_effect(self) -> bool:
        """Whether the aircraft may have all of it: from here on it may put it into effect by itself."""
        return self._was_whole

    @property
    def next_deadline_s(self) -> float | None:
        deadline_s = super().next_deadline_s
        if deadline_s is None or not self._todo or len(self._pending) >= self._window():
            return deadline_s
        return min(deadline_s, self._pace_s)

    def _window(self) -> int:
        round_trip_s = self._peer.round_trip_s
        if round_trip_s is None:
            # Nothing is known yet; within a first second this is what a long way deserves.
            return min(32, self._peer.most_in_flight)
        return max(self._peer.burst, min(int(1.5 * round_trip_s / self._peer.pace_s), self._peer.most_in_flight))

    def _begin(self, now_s: float) -> list[Any]:
        create = self._ask(Opcode.CREATE_FILE, now_s, data=self._path.encode("ascii"))
        self._create_order = self._order
        return [create, *self._go_on(now_s)]

    def _fill(self, now_s: float) -> list[Any]:
        messages: list[Any] = []
        while self._todo:
            under_way = len(self._pending)
            if under_way >= self._window() or (under_way >= self._peer.burst and now_s < self._pace_s):
                break
            self._pace_s = now_s + self._peer.pace_s
            offset = self._todo.popleft()
            messages.append(self._ask(Opcode.WRITE_FILE, now_s, offset, data=self._body[offset]))
        return messages

    def _go_on(self, now_s: float) -> list[Any]:
        if self._last_sent:
            return []
        if len(self._written) < len(self._body):
            return self._fill(now_s)
        # Nothing else is on its way that could come after these two.
        self._last_sent = self._was_whole = True
        offset, data = self._last
        return [self._ask(Opcode.WRITE_FILE, now_s, offset, data=data), self._ask(Opcode.TERMINATE_SESSION, now_s)]

    def _restart(self, packet: FtpPacket, now_s: float) -> list[Any]:
        """Once more from the beginning, with every session of ours closed first.

        Only whole files are put into effect by that, and one that was written whole is what is wanted anyway.
        """
        if self._restarts == _RESTARTS:
            self._refused(packet, "refused", now_s)
            return []
        self._restarts += 1
        self._pending.clear()
        self._todo = deque(self._body)
        self._written.clear()
        self._open = self._last_written = self._last_sent = False
        reset = self._ask(Opcode.RESET_SESSIONS, now_s)
        return [reset, *self._begin(now_s)]

    def _on_packet(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        if request is None:
            return []
        if packet.opcode == Opcode.NAK:
            return self._on_refusal(packet, request, now_s)
        self._progressed(now_s)
        if request.opcode == Opcode.CREATE_FILE:
            self._open = True
        elif request.opcode == Opcode.WRITE_FILE:
            # A file is open in this session, and no other than ours can be.
            self._open = True
            if request.offset in self._body:
                self._written.add(request.offset)
            else:
                self._last_written = True
        elif request.opcode == Opcode.TERMINATE_SESSION:
            if not self._open or (request.tries > 1 and not self._last_written):
                # Nothing says that there was a file to close, or that it was the whole one.
                return self._restart(packet, now_s)
            self._end(now_s, FtpOutcome.DONE)
            return []
        return [*self._overtaken(request, now_s), *self._go_on(now_s)]

    def _overtaken(self, answered: Request, now_s: float) -> list[Any]:
        lost = [r for r in self._pending.values() if r.opcode == Opcode.WRITE_FILE and r.order < answered.order]
        return [self._repeat(r, now_s) for r in lost[: self._peer.burst]]

    def _on_refusal(self, packet: FtpPacket, request: Request, now_s: float) -> list[Any]:
        error, _ = packet.error()
        if request.opcode == Opcode.TERMINATE_SESSION:
            if not self._last_written:
                return self._restart(packet, now_s)  # closed without its last piece, so it was no file
            self._refused(packet, "the aircraft did not take the content", now_s)
            return []
        if request.opcode == Opcode.CREATE_FILE:
            if self._open:
                return []  # a repetition of an opening that had been done
            if error in (FtpError.FILE_NOT_FOUND, FtpError.INVALID_DATA_SIZE, FtpError.UNKNOWN_COMMAND):
                self._refused(packet, "cannot be opened", now_s)
                return []
            return self._restart(packet, now_s)
        if request.opcode != Opcode.WRITE_FILE:
            return []
        if error is FtpError.FAIL_ERRNO:
            self._refused(packet, "cannot be written", now_s)
            return []
        opening = [r for r in self._pending.values() if r.opcode == Opcode.CREATE_FILE]
        if error is FtpError.FILE_NOT_FOUND and not self._open and opening and request.offset in self._body:
            # Nothing is open: the opening was lost, or came after this.
            self._todo.appendleft(request.offset)
            messages: list[Any] = []
            if request.order > self._create_order:
                messages.append(self._repeat(opening[0], now_s))
                self._create_order = self._order
            return messages + self._fill(now_s)
        return self._restart(packet, now_s)

    def _on_time(self, now_s: float) -> list[Any]:
        due = [r for r in self._pending.values() if r.due_s <= now_s]
        for request in [r for r in due if r.opcode == Opcode.CREATE_FILE and self._open]:
            del self._pending[request.number]
        late = [r for r in due if r.number in self._pending]
        # Only the oldest: an aircraft that is slow would find its queue full of copies. When that one is answered, and
        # the others are not, they are known to be lost and go out at once.
        for request in late[1:]:
            request.due_s = now_s + self._peer.patience_s(request.tries)
        return [*(self._repeat(r, now_s) for r in late[:1]), *self._go_on(now_s)]

    def _closing(self) -> list[Any]:
        # Closing a file that may be whole would put it into effect.
        return [] if self._last_sent else super()._closing()

    def _end(self, now_s: float, outcome: FtpOutcome, *args: Any, **named: Any) -> None:
        if outcome in (FtpOutcome.TIMEOUT, FtpOutcome.CANCELLED):
            named["may_take_effect"] = self._was_whole
        super()._end(now_s, outcome, *args, **named)
