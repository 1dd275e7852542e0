"""Reading a file over MAVLink FTP: opened and streamed by one burst, the gaps asked for one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from missions.ftp import (
    DATA_BYTES,
    MOST_IN_BURST,
    FtpError,
    FtpMachine,
    FtpOutcome,
    FtpPacket,
    FtpPeer,
    Opcode,
    Request,
)
from missions.transfer import Address

_RESTARTS = 4

SizeOf = Callable[[bytes], int | None]
"""Gives the length of a file from its first bytes, or None while they do not tell."""


class FtpRead(FtpMachine):
    """Read a whole file; ``result.data`` is its content.

    ``eager``: ask for the content together with opening, which saves a round trip. It needs an aircraft that takes the
    session number of the asker (ArduPilot does, PX4 gives its own): switch it off for others. ``most_bytes`` bounds what
    is taken in. Pieces are always of one size: a packed parameter file may only be read so.
    """

    def __init__(
        self,
        path: str,
        target: Address,
        own: Address,
        peer: FtpPeer,
        size_of: SizeOf | None = None,
        eager: bool = True,
        most_bytes: int = 4_000_000,
    ) -> None:
        super().__init__(target, own, peer)
        self.what = f"reading {path}"
        self._path, self._size_of, self._eager, self._most = path, size_of, eager, most_bytes
        self._pieces: dict[int, bytes] = {}
        self._size: int | None = None
        self._highest = 0  # the end of the furthest piece so far
        self._burst_over = False
        self._bursts: dict[int, int] = {}  # number of the request -> its offset
        self._restarts = 0
        self._opened = False

    @property
    def progress(self) -> float:
        if self._result is not None:
            return 1.0
        got = len(self._pieces) * DATA_BYTES
        return min(got / self._size, 1.0) if self._size else 0.0

    def _begin(self, now_s: float) -> list[Any]:
        messages = [self._ask(Opcode.OPEN_FILE_RO, now_s, data=self._path.encode("ascii"))]
        if self._eager:
            messages.append(self._burst(0, now_s))
        return messages

    def _burst(self, offset: int, now_s: float) -> Any:
        for request in [r for r in self._pending.values() if r.opcode == Opcode.BURST_READ_FILE]:
            del self._pending[request.number]
        self._burst_over = False
        message = self._ask(Opcode.BURST_READ_FILE, now_s, offset, DATA_BYTES)
        self._note_bursts()
        return message

    def _note_bursts(self) -> None:
        self._bursts |= {r.number: r.offset for r in self._pending.values() if r.opcode == Opcode.BURST_READ_FILE}

    def _restart(self, now_s: float, packet: FtpPacket) -> list[Any]:
        if self._restarts == _RESTARTS:
            self._refused(packet, "refused", now_s)
            return []
        self._restarts += 1
        self._pending.clear()
        self._opened = False
        # Whatever a crash or a lost answer left open is closed; requests are done in order.
        reset = self._ask(Opcode.RESET_SESSIONS, now_s)
        return [reset, *self._begin(now_s)]

    def _on_packet(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        if packet.opcode == Opcode.NAK:
            return self._on_refusal(packet, request, now_s)
        if packet.asked_opcode == Opcode.OPEN_FILE_RO and request is not None:
            self._opened = True
            self._progressed(now_s)
            if not self._eager:
                self._session = packet.session
                return [self._burst(0, now_s)]
            return []
        if packet.asked_opcode in (Opcode.READ_FILE, Opcode.BURST_READ_FILE):
            return self._on_piece(packet, now_s)
        return []

    def _on_refusal(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        error, _ = packet.error()
        asked = packet.asked_opcode
        if asked == Opcode.OPEN_FILE_RO and request is not None:
            if self._opened or self._pieces:
                return []  # a repetition of an opening that had been done
            if error in (FtpError.FAIL, FtpError.INVALID_SESSION, FtpError.NO_SESSIONS_AVAILABLE):
                return self._restart(now_s, packet)
            self._refused(packet, "cannot be opened", now_s)
            return []
        if asked not in (Opcode.READ_FILE, Opcode.BURST_READ_FILE):
            return []
        if error is FtpError.END_OF_FILE:
            return self._on_end_of_file(packet, request, now_s)
        if request is None:
            return []
        if error is FtpError.FILE_NOT_FOUND and not self._pieces:
            # The opening was lost, or came after this: both once more.
            opening = [r for r in self._pending.values() if r.opcode == Opcode.OPEN_FILE_RO]
            self._pending.pop(request.number, None)
            if not opening and self._restarts < _RESTARTS and asked == Opcode.BURST_READ_FILE:
                self._restarts += 1  # it overtook the opening
                return [self._burst(0, now_s)]
            if not opening:
                return self._restart(now_s, packet)
            return [self._repeat(opening[0], now_s), self._burst(0, now_s)]
        return self._restart(now_s, packet)

    def _on_end_of_file(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        if packet.asked_opcode == Opcode.READ_FILE:
            end = None if request is None else request.offset
        else:
            end = self._end_by_burst(packet)
        if end is None:
            return []
        self._size = end if self._size is None else min(self._size, end)
        self._burst_over = True
        self._progressed(now_s)
        return self._look(now_s)

    def _end_by_burst(self, packet: FtpPacket) -> int | None:
        """Where the file ends, by the refusal with which a burst ends; None when it is of none of ours.

        Its number tells how many pieces went before. Its offset is the file's end after a piece that is not full, that of
        the last piece when it is full, and 0 when there was none.
        """
        for number, start in self._bursts.items():
            sent = (packet.number - number - 1) % 65536
            last = start + (sent - 1) * DATA_BYTES
            if sent == 0 and packet.offset == 0:
                return start
            if 0 < sent <= MOST_IN_BURST and packet.offset == last:
                return last + DATA_BYTES
            if 0 < sent <= MOST_IN_BURST and last < packet.offset < last + DATA_BYTES:
                return packet.offset
        return None

    def _on_piece(self, packet: FtpPacket, now_s: float) -> list[Any]:
        offset, data = packet.offset, packet.data
        if offset % DATA_BYTES or offset + len(data) > self._most:
            return []
        self._opened = True
        if packet.asked_opcode == Opcode.BURST_READ_FILE:
            for request in [r for r in self._pending.values() if r.opcode == Opcode.BURST_READ_FILE]:
                # As long as pieces come, the burst is alive.
                request.due_s = now_s + self._peer.patience_s(1)
            self._burst_over = self._burst_over or packet.burst_complete
        if offset not in self._pieces and data:
            self._pieces[offset] = data
            self._highest = max(self._highest, offset + len(data))
            self._progressed(now_s)
        if len(data) < DATA_BYTES:
            self._size = offset + len(data)
        if self._size is None and self._size_of is not None and 0 in self._pieces:
            self._size = self._size_of(self._pieces[0])
        return self._look(now_s)

    def _missing(self) -> list[int]:
        end = self._size if self._size is not None else self._highest
        return [offset for offset in range(0, end, DATA_BYTES) if offset not in self._pieces]

    def _look(self, now_s: float) -> list[Any]:
        """Is it whole? Else ask for what a later piece shows to be lost."""
        if self._size is not None and not self._missing():
            whole = b"".join(self._pieces[o] for o in range(0, self._size, DATA_BYTES))
            if len(whole) < self._size:
                self._end(now_s, FtpOutcome.REFUSED, f"it is {len(whole)} bytes, not {self._size}")
            else:
                self._end(now_s, FtpOutcome.DONE, data=whole[: self._size])
            return self._closing()
        if self._burst_over:
            return self._recover(now_s)
        return self._fill(now_s, [o for o in self._missing() if o < self._highest])

    def _fill(self, now_s: float, offsets: list[int]) -> list[Any]:
        asked = {r.offset for r in self._pending.values() if r.opcode == Opcode.READ_FILE}
        room = self._peer.burst - 1 - len(asked)
        return [self._ask(Opcode.READ_FILE, now_s, o, DATA_BYTES) for o in offsets if o not in asked][: max(room, 0)]

    def _recover(self, now_s: float) -> list[Any]:
        """The burst is over and something is missing."""
        for request in [r for r in self._pending.values() if r.opcode == Opcode.BURST_READ_FILE]:
            del self._pending[request.number]
        missing = self._missing()
        if self._size is None and not missing:
            return [self._burst(self._highest - self._highest % DATA_BYTES, now_s)]
        return self._fill(now_s, missing)

    def _on_time(self, now_s: float) -> list[Any]:
        messages: list[Any] = []
        for request in [r for r in self._pending.values() if r.due_s <= now_s]:
            if request.number not in self._pending:
                continue
            if request.opcode == Opcode.BURST_READ_FILE and self._pieces:
                # It dried up: fetch what is missing, then go on behind the last piece.
                del self._pending[request.number]
                messages += self._fill(now_s, self._missing())
                if self._size is None:
                    messages.append(self._burst(self._highest - self._highest % DATA_BYTES, now_s))
                continue
            if request.opcode == Opcode.OPEN_FILE_RO and self._opened:
                del self._pending[request.number]
                continue
            messages.append(self._repeat(request, now_s))
        self._note_bursts()
        if not self._pending:
            messages += self._recover(now_s)
        return messages
