"""The ``.tlog`` file: for every packet, 8 bytes of big-endian microseconds since 1970 and the packet as on the wire.

MAVProxy, Mission Planner and QGroundControl write and read the same layout. It does not say which way a packet went; that
is told by who sent it (:mod:`groundstation.link.tlog_index`).
"""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from groundstation.core.errors import LinkError
from groundstation.link.tlog_read import TlogRecord, read_tlog

__all__ = ["PacketRecorder", "TlogRecord", "TlogRecorder", "read_tlog"]

_log = logging.getLogger("groundstation.tlog")
_STAMP = struct.Struct(">Q")
_FLUSH_S = 1.0
_RETRY_S = 5.0
_BUFFER_LIMIT = 1 << 20


class PacketRecorder(Protocol):
    """Takes every packet of a link, both directions."""

    def write(self, t_utc_us: int, packet: bytes, t_mono_ns: int) -> None:
        """Record one whole packet. Never raises for a disk that fails."""
        ...

    def flush(self, t_mono_ns: int) -> None:
        """Hand what is buffered to the operating system."""
        ...

    def close(self) -> None:
        """Flush and close."""
        ...


class TlogRecorder:
    """Writes a ``.tlog``; at most a second of packets is lost when the process is killed.

    A file that exists is written on at its end: a station that was killed and started again keeps what it had.
    A disk that takes no more never stops the link: ``on_fault`` gets the reason (then "" when it works again), what
    was buffered is dropped, the file is cut back to its last whole record, and writing is tried again every five
    seconds.

    Raises :class:`LinkError` on construction when the file cannot be made.
    """

    def __init__(self, path: Path, on_fault: Callable[[str], None] | None = None) -> None:
        self.path = path
        self.dropped = 0
        self._on_fault = on_fault
        self._buffer = bytearray()
        self._records = 0
        self._flushed_mono_ns = 0
        self._failed_mono_ns = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644)
        except OSError as error:
            raise LinkError(
                f"{path}: cannot be written: {error.strerror}", "choose another place for the flight log"
            ) from error
        self._good_offset = os.fstat(self._fd).st_size

    def write(self, t_utc_us: int, packet: bytes, t_mono_ns: int) -> None:
        """Record one whole packet."""
        if self._fd < 0:
            return
        self._buffer += _STAMP.pack(t_utc_us)
        self._buffer += packet
        self._records += 1
        if t_mono_ns - self._flushed_mono_ns >= _FLUSH_S * 1e9 or len(self._buffer) > _BUFFER_LIMIT:
            self.flush(t_mono_ns)

    def flush(self, t_mono_ns: int) -> None:
        """Hand what is buffered to the operating system."""
        if self._fd < 0 or not self._buffer:
            return
        if self._failed_mono_ns >= 0 and t_mono_ns - self._failed_mono_ns < _RETRY_S * 1e9:
            if len(self._buffer) > _BUFFER_LIMIT:
                self._drop()
            return
        self._flushed_mono_ns = t_mono_ns
        try:
            view = memoryview(bytes(self._buffer))
            while view:
                view = view[self._write(view) :]
        except OSError as error:
            self._fail(error, t_mono_ns)
            return
        self._good_offset += len(self._buffer)
        self._buffer.clear()
        self._records = 0
        if self._failed_mono_ns >= 0:
            self._failed_mono_ns = -1
            _log.info("%s: recording again, %d packets were lost", self.path, self.dropped)
            if self._on_fault is not None:
                self._on_fault("")

    def _write(self, view: memoryview) -> int:
        return os.write(self._fd, view)

    def _drop(self) -> None:
        self.dropped += self._records
        self._buffer.clear()
        self._records = 0

    def _fail(self, error: OSError, t_mono_ns: int) -> None:
        first = self._failed_mono_ns < 0
        self._failed_mono_ns = t_mono_ns
        self._drop()
        try:
            os.ftruncate(self._fd, self._good_offset)
        except OSError as second:
            _log.debug("%s: cannot be cut back: %s", self.path, second)
        if first:
            _log.error("%s: not recording: %s", self.path, error.strerror)
            if self._on_fault is not None:
                self._on_fault(f"{self.path}: not recording: {error.strerror}")

    def close(self) -> None:
        """Flush and close; calling it twice does no harm."""
        if self._fd < 0:
            return
        self._failed_mono_ns = -1 if self._failed_mono_ns < 0 else 0
        self.flush(self._flushed_mono_ns + int(_RETRY_S * 1e9))
        os.close(self._fd)
        self._fd = -1
