"""MAVLink's file transfer protocol: the packet, the other end's numbers, and what all its state machines share.

Machines own no socket and no clock; they have the same face as :class:`missions.transfer.Transfer`. Facts of ArduPilot
were read in its ``GCS_FTP.cpp``: requests wait in a queue of five, are done in order by one thread, and one that finds
the queue full is dropped without a word; a request that repeats the number of the last answer gets that answer again;
a session is the asker's address, its link and a number of the asker's choosing; one that is idle for 20 s is closed, and
closing a file that was written puts it into effect.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from missions.mavlink import mavlink2
from missions.transfer import Address

DATA_BYTES = 239
IDLE_CLOSE_S = 20.0
"""After so long without a message ArduPilot closes a session, which puts a file that was written whole into effect."""

CAPABILITY_FTP = int(mavlink2.MAV_PROTOCOL_CAPABILITY_FTP)
_HEADER_BYTES = 12
_QUEUE = 5
MOST_IN_BURST = 2001
"""Answers to one burst, the refusal at the end of the file included."""


class Opcode(IntEnum):
    """What a request asks for, and the two answers."""

    NONE = 0
    TERMINATE_SESSION = 1
    RESET_SESSIONS = 2
    LIST_DIRECTORY = 3
    OPEN_FILE_RO = 4
    READ_FILE = 5
    CREATE_FILE = 6
    WRITE_FILE = 7
    REMOVE_FILE = 8
    CREATE_DIRECTORY = 9
    REMOVE_DIRECTORY = 10
    OPEN_FILE_WO = 11
    TRUNCATE_FILE = 12
    RENAME = 13
    CALC_FILE_CRC32 = 14
    BURST_READ_FILE = 15
    ACK = 128
    NAK = 129


class FtpError(IntEnum):
    """The first byte of a NAK."""

    NONE = 0
    FAIL = 1
    FAIL_ERRNO = 2
    INVALID_DATA_SIZE = 3
    INVALID_SESSION = 4
    NO_SESSIONS_AVAILABLE = 5
    END_OF_FILE = 6
    UNKNOWN_COMMAND = 7
    FILE_EXISTS = 8
    FILE_PROTECTED = 9
    FILE_NOT_FOUND = 10


@dataclass(frozen=True)
class FtpPacket:
    """The payload of one ``FILE_TRANSFER_PROTOCOL`` message. ``size``: bytes of ``data`` that count, or bytes wanted."""

    number: int
    session: int
    opcode: int
    size: int = 0
    asked_opcode: int = 0
    burst_complete: bool = False
    offset: int = 0
    data: bytes = b""

    def to_payload(self) -> list[int]:
        """The 251 bytes. Raises ``ValueError`` for more than 239 bytes of data."""
        if len(self.data) > DATA_BYTES:
            raise ValueError(f"{len(self.data)} bytes do not fit into a packet")
        head = [
            self.number & 0xFF, self.number >> 8, self.session, self.opcode, self.size, self.asked_opcode,
            int(self.burst_complete), 0, *self.offset.to_bytes(4, "little"),
        ]  # fmt: skip
        return [*head, *self.data, *bytes(DATA_BYTES - len(self.data))]

    @staticmethod
    def from_payload(payload: Sequence[int]) -> FtpPacket | None:
        """None for what no packet can be: a size that does not fit. ``data`` is cut to ``size``."""
        raw = bytes(payload)
        if len(raw) < _HEADER_BYTES or raw[4] > DATA_BYTES or len(raw) < _HEADER_BYTES + raw[4]:
            return None
        return FtpPacket(
            raw[0] | raw[1] << 8, raw[2], raw[3], raw[4], raw[5], raw[6] != 0,
            int.from_bytes(raw[8:12], "little"), raw[_HEADER_BYTES : _HEADER_BYTES + raw[4]],
        )  # fmt: skip

    def message(self, target: Address) -> Any:
        """The message, not yet packed."""
        return mavlink2.MAVLink_file_transfer_protocol_message(
            0, target.system_id, target.component_id, self.to_payload()
        )

    def error(self) -> tuple[FtpError, int]:
        """The error of a NAK and the aircraft's ``errno`` (0 where it gives none)."""
        code = self.data[0] if self.data else FtpError.FAIL
        errno = self.data[1] if code == FtpError.FAIL_ERRNO and len(self.data) > 1 else 0
        known = FtpError(code) if code in FtpError._value2member_map_ else FtpError.FAIL
        return known, errno


@dataclass
class FtpPeer:
    """What one station and one aircraft have in common from file to file: numbers that do not come twice, round trip.

    The numbers begin anywhere, so that a session that a crash left open is not taken for the new one and the aircraft
    does not take a first request for the repetition of a last one.

    ``burst``: requests that may be sent at once. ``pace_s``: the time between further ones while answers are missing.
    ``most_in_flight``: unanswered requests at most; ``burst`` again for links that lose what is sent too fast.
    """

    burst: int = _QUEUE
    pace_s: float = 0.008
    most_in_flight: int = 64
    round_trip_s: float | None = None
    _spread_s: float = 0.0
    _number: int = field(default_factory=lambda: random.randrange(65536))
    _session: int = field(default_factory=lambda: random.randrange(255))

    def next_number(self, opcode: Opcode = Opcode.NONE) -> int:
        """For a request.

        The answers to a burst count on from its number, and a request with the number before that of the last answer
        would be taken for a repetition and get that answer; so the numbers that a burst may use are left out.
        """
        number = (self._number + 1) % 65536
        self._number = (number + MOST_IN_BURST) % 65536 if opcode is Opcode.BURST_READ_FILE else number
        return number

    def next_session(self) -> int:
        """For a file."""
        self._session = (self._session + 1) % 255
        return self._session

    def measured(self, round_trip_s: float) -> None:
        """One round trip, of a request that was sent once (smoothed as in RFC 6298)."""
        known = self.round_trip_s
        if known is None:
            self.round_trip_s, self._spread_s = round_trip_s, round_trip_s / 4
            return
        self._spread_s = 0.75 * self._spread_s + 0.25 * abs(known - round_trip_s)
        self.round_trip_s = 0.875 * known + 0.125 * round_trip_s

    def patience_s(self, tries: int) -> float:
        """How long to wait for an answer to the ``tries``-th sending."""
        # A busy machine at either end adds a tenth of a second to any way.
        first = 0.8 if self.round_trip_s is None else self.round_trip_s + 4 * self._spread_s + 0.1
        return float(min(max(first, 0.15) * 1.5 ** max(0, tries - 1), 2.0))


class FtpOutcome(Enum):
    """How it ended. ``UNCONFIRMED``: all was sent, the last word is missing, or came so that it may mislead."""

    DONE = "done"
    REFUSED = "refused"
    TIMEOUT = "no answer"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class FtpResult:
    """The end. ``data``: what was read. ``may_take_effect``: a file that was written whole may yet be put in effect."""

    outcome: FtpOutcome
    reason: str = ""
    data: bytes = b""
    error: FtpError = FtpError.NONE
    errno: int = 0
    may_take_effect: bool = False
    elapsed_s: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return self.outcome is FtpOutcome.DONE


@dataclass
class Request:
    """One request on its way."""

    opcode: Opcode
    offset: int
    size: int
    data: bytes
    number: int
    order: int
    sent_s: float
    due_s: float
    tries: int = 1


class FtpMachine:
    """The part that is the same: numbers, repetitions, the filter, the end.

    A request is repeated with a new number when doing it twice is harmless (reading, writing at an offset) and with its
    own number otherwise: the aircraft then repeats its answer.
    """

    what = "a file"
    stall_s = 8.0

    def __init__(self, target: Address, own: Address, peer: FtpPeer) -> None:
        self._target, self._own, self._peer = target, own, peer
        self._session = peer.next_session()
        self._pending: dict[int, Request] = {}  # by number
        self._order = 0
        self._started_s = 0.0
        self._progress_s = 0.0
        self._result: FtpResult | None = None

    @property
    def result(self) -> FtpResult | None:
        """None while it runs."""
        return self._result

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called, or None when it is over."""
        if self._result is not None:
            return None
        return min([r.due_s for r in self._pending.values()], default=self._progress_s + self.stall_s)

    @property
    def progress(self) -> float:
        """0 to 1."""
        return 0.0 if self._result is None else 1.0

    def start(self, now_s: float) -> list[Any]:
        """The first messages."""
        self._started_s = self._progress_s = now_s
        return self._begin(now_s)

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Answers to a message; any message may be given, those that are not for this machine are ignored."""
        if self._result is not None or message.get_type() != "FILE_TRANSFER_PROTOCOL":
            return []
        source = (message.get_srcSystem(), message.get_srcComponent())
        if source != (self._target.system_id, self._target.component_id):
            return []
        if message.target_system not in (0, self._own.system_id):
            return []
        if message.target_component not in (0, self._own.component_id):
            return []
        packet = FtpPacket.from_payload(message.payload)
        if packet is None or packet.session != self._session or packet.opcode not in (Opcode.ACK, Opcode.NAK):
            return []
        request = self._pending.get((packet.number - 1) % 65536)
        if request is not None and request.opcode != packet.asked_opcode:
            request = None
        if request is not None:
            if request.tries == 1:
                self._peer.measured(now_s - request.sent_s)
            if request.opcode != Opcode.BURST_READ_FILE:
                del self._pending[request.number]
        return self._on_packet(packet, request, now_s)

    def on_time(self, now_s: float) -> list[Any]:
        """What is due now."""
        if self._result is not None:
            return []
        if now_s - self._progress_s >= self.stall_s:
            self._end(now_s, FtpOutcome.TIMEOUT, f"no answer to a file request for {self.stall_s:g} s")
            return []
        return self._on_time(now_s)

    def cancel(self, now_s: float) -> list[Any]:
        """Give up, and let the aircraft close what is open."""
        if self._result is not None:
            return []
        self._end(now_s, FtpOutcome.CANCELLED, "cancelled")
        return self._closing()

    # -- for the machines ----------------------------------------------------------------------------------------

    def _begin(self, now_s: float) -> list[Any]:
        raise NotImplementedError

    def _on_packet(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        raise NotImplementedError

    def _on_time(self, now_s: float) -> list[Any]:
        return [self._repeat(r, now_s) for r in list(self._pending.values()) if r.due_s <= now_s]

    def _closing(self) -> list[Any]:
        return [self._packet(Opcode.TERMINATE_SESSION, self._peer.next_number())]

    def _packet(self, opcode: Opcode, number: int, offset: int = 0, size: int = 0, data: bytes = b"") -> Any:
        return FtpPacket(number, self._session, opcode, size, offset=offset, data=data).message(self._target)

    def _ask(self, opcode: Opcode, now_s: float, offset: int = 0, size: int | None = None, data: bytes = b"") -> Any:
        number = self._peer.next_number(opcode)
        self._order += 1
        size = len(data) if size is None else size
        due_s = now_s + self._peer.patience_s(1)
        self._pending[number] = Request(opcode, offset, size, data, number, self._order, now_s, due_s)
        return self._packet(opcode, number, offset, size, data)

    def _repeat(self, request: Request, now_s: float) -> Any:
        del self._pending[request.number]
        if request.opcode in (Opcode.READ_FILE, Opcode.WRITE_FILE, Opcode.BURST_READ_FILE):
            request.number = self._peer.next_number(request.opcode)
        self._order += 1
        request.tries += 1
        request.order, request.sent_s = self._order, now_s
        request.due_s = now_s + self._peer.patience_s(request.tries)
        self._pending[request.number] = request
        return self._packet(request.opcode, request.number, request.offset, request.size, request.data)

    def _progressed(self, now_s: float) -> None:
        self._progress_s = now_s

    def _refused(self, packet: FtpPacket, doing: str, now_s: float) -> None:
        error, errno = packet.error()
        words = error.name.replace("_", " ").lower() + (f" {errno}" if errno else "")
        self._end(now_s, FtpOutcome.REFUSED, f"{doing}: {words}", error=error, errno=errno)

    def _end(
        self,
        now_s: float,
        outcome: FtpOutcome,
        reason: str = "",
        data: bytes = b"",
        error: FtpError = FtpError.NONE,
        errno: int = 0,
        may_take_effect: bool = False,
    ) -> None:
        self._pending.clear()
        reason = f"{self.what}: {reason}" if reason else ""
        elapsed_s = now_s - self._started_s
        self._result = FtpResult(outcome, reason, data, error, errno, may_take_effect, elapsed_s)


class FtpAsk(FtpMachine):
    """One question with one answer: reset the sessions, the checksum of a file, remove a file, make a folder."""

    def __init__(self, opcode: Opcode, target: Address, own: Address, peer: FtpPeer, path: str = "") -> None:
        super().__init__(target, own, peer)
        self._opcode, self._path = opcode, path
        self.what = f"{opcode.name.replace('_', ' ').lower()} {path}".strip()

    def _begin(self, now_s: float) -> list[Any]:
        return [self._ask(self._opcode, now_s, data=self._path.encode("ascii"))]

    def _on_packet(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        if request is None:
            return []
        if packet.opcode == Opcode.NAK:
            self._refused(packet, "refused", now_s)
        else:
            self._end(now_s, FtpOutcome.DONE, data=packet.data)
        return []

    def _closing(self) -> list[Any]:
        return []


class FtpList(FtpMachine):
    """The entries of a folder; ``result.data`` holds them as ``Fname\\tsize`` and ``Dname``, each ended by a zero."""

    def __init__(self, path: str, target: Address, own: Address, peer: FtpPeer) -> None:
        super().__init__(target, own, peer)
        self._path = path
        self._got = b""
        self.what = f"listing {path}"

    def _begin(self, now_s: float) -> list[Any]:
        count = self._got.count(b"\0")
        return [self._ask(Opcode.LIST_DIRECTORY, now_s, offset=count, data=self._path.encode("ascii"))]

    def _on_packet(self, packet: FtpPacket, request: Request | None, now_s: float) -> list[Any]:
        if request is None:
            return []
        if packet.opcode == Opcode.NAK:
            if packet.error()[0] is FtpError.END_OF_FILE:
                self._end(now_s, FtpOutcome.DONE, data=self._got)
            else:
                self._refused(packet, "refused", now_s)
            return []
        self._progressed(now_s)
        if not packet.data:
            self._end(now_s, FtpOutcome.DONE, data=self._got)
            return []
        self._got += packet.data if packet.data.endswith(b"\0") else packet.data + b"\0"
        return self._begin(now_s)

    def _closing(self) -> list[Any]:
        return []
