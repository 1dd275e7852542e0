"""The vehicle's file server: the three item lists and the parameters as files, with ArduPilot's answers and errors.

Written after ArduPilot's ``GCS_FTP.cpp``, ``AP_Filesystem_Mission.cpp`` and ``AP_Filesystem_Param.cpp``. Requests are done
at once and in order; the real vehicle's queue of five, which drops what comes while it is full, is not modelled.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.files import FILE_TYPES, finish_list, list_file, packed_parameters
from sim.autopilot.outgoing import Outbox
from sim.autopilot.parameters import Parameters
from sim.autopilot.transfer import ItemStore

DATA_BYTES = 239
_MOST_SESSIONS = 5
_SESSION_BUSY_S = 3.0
_SESSION_KILL_S = 20.0
_BURST_PACKETS = 2000
_LIST_FILE_SIZE = 1024 * 1024  # the vehicle says this rather than counting
_EINVAL, _EBADF = 22, 9

# Opcodes and errors of the protocol.
_TERMINATE, _RESET, _LIST, _OPEN_RO, _READ, _CREATE, _WRITE = 1, 2, 3, 4, 5, 6, 7
_OPEN_WO, _CRC32, _BURST = 11, 14, 15
_ACK, _NAK = 128, 129
_FAIL, _FAIL_ERRNO, _INVALID_SIZE, _NO_SESSIONS, _END_OF_FILE, _NOT_FOUND = 1, 2, 3, 5, 6, 10

_PARAMETER_FILE = "@PARAM/param.pck"


@dataclass
class _Request:
    channel: int
    sender: tuple[int, int]
    number: int
    session: int
    opcode: int
    size: int
    offset: int
    data: bytes


@dataclass
class _Reply:
    request: _Request
    number: int
    opcode: int = _ACK
    size: int = 0
    offset: int = 0
    burst_complete: bool = False
    data: bytes = b""

    def refuse(self, error: int, errno: int = 0) -> None:
        self.opcode = _NAK
        self.data = bytes([error, errno]) if error == _FAIL_ERRNO else bytes([error])
        self.size = len(self.data)

    def payload(self) -> list[int]:
        r = self.request
        head = struct.pack(
            "<HBBBBBBI",
            self.number % 65536,
            r.session,
            self.opcode,
            self.size,
            r.opcode,
            int(self.burst_complete),
            0,
            self.offset,
        )
        return list(head + self.data.ljust(DATA_BYTES, b"\0"))


@dataclass
class _Session:
    key: tuple[int, tuple[int, int], int]
    last_s: float
    path: str = ""
    writing: bool = False
    content: bytearray = field(default_factory=bytearray)
    read_size: int = 0


class FtpServer:
    """:meth:`handle` for each ``FILE_TRANSFER_PROTOCOL`` message, :meth:`step` for its timer."""

    def __init__(self, parameters: Parameters, stores: Mapping[int, ItemStore], outbox: Outbox) -> None:
        self._parameters, self._stores, self._out = parameters, stores, outbox
        self._sessions: list[_Session] = []
        self._last_reply: _Reply | None = None
        self.refuse_lists = False
        """A vehicle without ``@MISSION``, as before 2021."""

    def handle(self, channel: int, msg: Any, now_s: float) -> None:
        """Do what is asked."""
        raw = bytes(msg.payload)
        number, session, opcode, size, _, _, _, offset = struct.unpack_from("<HBBBBBBI", raw)
        sender = (msg.get_srcSystem(), msg.get_srcComponent())
        request = _Request(channel, sender, number, session, opcode, size, offset, raw[12 : 12 + DATA_BYTES])
        reply = _Reply(request, number + 1)
        if opcode == _RESET:
            for each in [s for s in self._sessions if s.key[:2] == (channel, sender)]:
                self._close(each)
            self._push(reply)
            return
        found = self._session(request, now_s)
        if found is None:
            reply.refuse(_NO_SESSIONS)
            self._push(reply)
            return
        last = self._last_reply
        if (
            last is not None
            and last.request.sender == sender
            and last.request.session == session
            and (number + 1) % 65536 == last.number % 65536
        ):
            found.last_s = now_s
            self._push(last)
            return
        found.last_s = now_s
        if self._do(found, request, reply):
            self._push(reply)
        self._last_reply = reply
        if opcode == _TERMINATE and found in self._sessions:
            self._sessions.remove(found)

    def step(self, now_s: float) -> None:
        """Close what has been idle for long: a file that was written takes effect by that."""
        for session in [s for s in self._sessions if now_s - s.last_s > _SESSION_KILL_S]:
            self._close(session)

    def clear(self) -> None:
        """A reboot: what was open is lost."""
        self._sessions.clear()
        self._last_reply = None

    def _push(self, reply: _Reply) -> None:
        self._out.send(
            reply.request.channel, m.MAVLink_file_transfer_protocol_message(0, *reply.request.sender, reply.payload())
        )

    def _session(self, request: _Request, now_s: float) -> _Session | None:
        key = (request.channel, request.sender, request.session)
        for session in self._sessions:
            if session.key == key:
                return session
        if len(self._sessions) >= _MOST_SESSIONS:
            oldest = min(self._sessions, key=lambda s: s.last_s)
            if now_s - oldest.last_s < _SESSION_BUSY_S:
                return None
            self._close(oldest)
        session = _Session(key, now_s)
        self._sessions.append(session)
        return session

    def _close(self, session: _Session) -> bool:
        if session in self._sessions:
            self._sessions.remove(session)
        return self._close_file(session)

    def _close_file(self, session: _Session) -> bool:
        path, session.path = session.path, ""
        if not path or not session.writing:
            return True
        mission_type = FILE_TYPES[path]
        return finish_list(mission_type, self._stores[mission_type], bytes(session.content), self._out)

    def _do(self, session: _Session, request: _Request, reply: _Reply) -> bool:
        """Whether a reply has still to be sent."""
        if request.size > DATA_BYTES:
            reply.refuse(_INVALID_SIZE)
            return True
        actions: dict[int, Callable[[_Session, _Request, _Reply], None]] = {
            0: lambda s, q, r: None,
            _TERMINATE: self._terminate,
            _LIST: self._list,
            _OPEN_RO: self._open_to_read,
            _OPEN_WO: self._open_to_write,
            _CREATE: self._open_to_write,
            _READ: self._read,
            _WRITE: self._write,
            _CRC32: self._crc32,
        }
        if request.opcode == _BURST:
            return self._burst(session, request, reply)
        if request.opcode in (_ACK, _NAK):
            return False
        action = actions.get(request.opcode)
        if action is None:
            self._out.text(m.MAV_SEVERITY_DEBUG, f"Unsupported FTP: {request.opcode}", request.channel)
            reply.refuse(_FAIL)
        else:
            action(session, request, reply)
        return True

    def _terminate(self, session: _Session, request: _Request, reply: _Reply) -> None:
        if not self._close_file(session):
            reply.refuse(_FAIL_ERRNO, _EINVAL)

    def _list(self, session: _Session, request: _Request, reply: _Reply) -> None:
        reply.refuse(_NOT_FOUND)

    def _name(self, request: _Request) -> str | None:
        """The path of a request; None for one of a wrong length."""
        name = request.data.split(b"\0", 1)[0]
        return None if request.size == 0 or len(name) != request.size else name.decode("ascii", "replace")

    def _exists(self, path: str) -> bool:
        if path.split("?")[0] == _PARAMETER_FILE:
            return True
        return path in FILE_TYPES and not self.refuse_lists

    def _open_to_read(self, session: _Session, request: _Request, reply: _Reply) -> None:
        path = self._name(request)
        if session.path:
            reply.refuse(_FAIL)
        elif path is None:
            reply.refuse(_INVALID_SIZE)
        elif not self._exists(path):
            reply.refuse(_NOT_FOUND)
        else:
            session.path, session.writing, session.read_size = path, False, 0
            size = _LIST_FILE_SIZE if path in FILE_TYPES else len(self._parameters) * 12
            reply.data, reply.size = struct.pack("<I", size), 4

    def _open_to_write(self, session: _Session, request: _Request, reply: _Reply) -> None:
        path = self._name(request)
        if session.path:
            reply.refuse(_FAIL)
        elif path is None:
            reply.refuse(_INVALID_SIZE)
        elif not self._exists(path):
            reply.refuse(_NOT_FOUND)
        elif path not in FILE_TYPES or any(s.writing and s.path for s in self._sessions):
            reply.refuse(_FAIL_ERRNO)  # one upload at a time; parameters are not taken by file here
        else:
            session.path, session.writing, session.content = path, True, bytearray()

    def _ready(self, session: _Session, reply: _Reply, writing: bool) -> bool:
        if not session.path:
            reply.refuse(_NOT_FOUND)
        elif session.writing != writing:
            reply.refuse(_FAIL)
        else:
            return True
        return False

    def _content(self, session: _Session, size: int) -> bytes | None:
        """The file that is being read; None for a piece of another size than the first of a parameter file."""
        if session.path in FILE_TYPES:
            mission_type = FILE_TYPES[session.path]
            return list_file(mission_type, self._stores[mission_type])
        session.read_size = session.read_size or size
        if session.read_size != size:
            return None
        return packed_parameters(self._parameters, session.read_size)

    def _read(self, session: _Session, request: _Request, reply: _Reply) -> None:
        if not self._ready(session, reply, writing=False):
            return
        content = self._content(session, request.size)
        if content is None:
            reply.refuse(_FAIL_ERRNO, _EINVAL)
            return
        piece = content[request.offset : request.offset + request.size]
        if not piece:
            reply.refuse(_END_OF_FILE)
            return
        reply.offset, reply.data, reply.size = request.offset, piece, len(piece)

    def _write(self, session: _Session, request: _Request, reply: _Reply) -> None:
        if not self._ready(session, reply, writing=True):
            return
        end = request.offset + request.size
        if end > _LIST_FILE_SIZE:
            reply.refuse(_FAIL_ERRNO, 28)
            return
        if len(session.content) < end:
            session.content.extend(bytes(end - len(session.content)))
        session.content[request.offset : end] = request.data[: request.size]
        reply.offset = request.offset

    def _crc32(self, session: _Session, request: _Request, reply: _Reply) -> None:
        path = self._name(request)
        if path is None:
            reply.refuse(_INVALID_SIZE)
        elif not self._exists(path):
            reply.refuse(_NOT_FOUND)
        else:
            content = self._content(_Session(session.key, 0.0, path), 64) or b""
            # Neither inverted before nor after, as the vehicle does it.
            reply.data, reply.size = struct.pack("<I", zlib.crc32(content, 0xFFFFFFFF) ^ 0xFFFFFFFF), 4

    def _burst(self, session: _Session, request: _Request, reply: _Reply) -> bool:
        if not self._ready(session, reply, writing=False):
            return True
        most = request.size or DATA_BYTES
        content = self._content(session, most)
        if content is None:
            reply.refuse(_FAIL_ERRNO, _EINVAL)
            return True
        at = request.offset
        for index in range(_BURST_PACKETS):
            piece = content[at : at + most]
            if not piece:
                reply.burst_complete = False
                reply.refuse(_END_OF_FILE)
                return True
            reply.offset, reply.data, reply.size = request.offset + index * most, piece, len(piece)
            reply.burst_complete = len(piece) < most or index == _BURST_PACKETS - 1
            self._push(reply)
            if len(piece) < most:
                reply.offset += len(piece)
            at += len(piece)
            reply.number += 1
        return False
