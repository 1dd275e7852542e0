"""Reading a ``.tlog``, also one that was cut off or damaged; who wrote it does not matter."""

from __future__ import annotations

import logging
import mmap
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groundstation.core.errors import LinkError
from groundstation.link.frame import checksum_ok

_log = logging.getLogger("groundstation.tlog")
_STAMP = struct.Struct(">Q")
_V1, _V2 = 0xFE, 0xFD
_MARKER = re.compile(b"[\xfd\xfe]")
# 2000-01-01 and 2100-01-01: what a believable stamp lies between.
_FIRST_US, _LAST_US = 946_684_800_000_000, 4_102_444_800_000_000
_HEAD = _STAMP.size

Buffer = bytes | mmap.mmap


@dataclass(frozen=True)
class TlogRecord:
    """One packet of a log, and where in the file its record begins."""

    t_utc_us: int
    packet: bytes
    offset: int = 0


@dataclass(frozen=True)
class TlogDamage:
    """Bytes that hold no packet. ``cut``: the file ends within them, as it does after a loss of power."""

    offset: int
    size_bytes: int
    cut: bool = False


@contextmanager
def open_tlog(path: Path) -> Iterator[Buffer]:
    """The bytes of a file, without reading them all into memory. Raises :class:`LinkError`."""
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                yield b""
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield data
    except OSError as error:
        raise LinkError(f"{path}: cannot be read: {error.strerror}", "check the path of the recording") from error


def _packet_size(data: Buffer, start: int) -> int:
    """Size of the packet that starts at ``start``; 0 when none does or the data end within it."""
    if start + 3 > len(data):
        return 0
    if data[start] == _V2:
        size = 12 + data[start + 1] + (13 if data[start + 2] & 1 else 0)
    elif data[start] == _V1:
        size = 8 + data[start + 1]
    else:
        return 0
    return size if start + size <= len(data) else 0


def _record(data: Buffer, at: int) -> tuple[int, int]:
    """Stamp and size of the packet of what looks like a record here; size 0 when nothing does."""
    if at + _HEAD >= len(data):
        return 0, 0
    stamp_us = _STAMP.unpack_from(data, at)[0]
    if not _FIRST_US < stamp_us < _LAST_US:
        return 0, 0
    return stamp_us, _packet_size(data, at + _HEAD)


def scan_tlog(data: Buffer, start: int = 0) -> Iterator[TlogRecord | TlogDamage]:
    """Everything in a log from a record's beginning on, in order: whole packets, and what is damaged between them.

    A packet counts as whole when its checksum is right; one of an unknown message, when another record follows it.
    """
    at, end = start, len(data)
    while at < end:
        stamp_us, size = _record(data, at)
        after = at + _HEAD + size
        if size:
            packet = data[at + _HEAD : after]
            good = checksum_ok(packet)
            if good:
                yield TlogRecord(stamp_us, packet, at)
                at = after
                continue
        alone = size and _next_record(data, at + 1, after) == after
        if alone and (after == end or _record(data, after)[1]):
            # It fills the place between two records: not ours to judge, or damaged within.
            yield TlogRecord(stamp_us, packet, at) if good is None else TlogDamage(at, after - at)
            at = after
            continue
        found = _next_record(data, at + 1, end)
        yield TlogDamage(at, found - at, cut=found == end)
        at = found


def _next_record(data: Buffer, at: int, end: int) -> int:
    """Where the next record before ``end`` begins whose packet is beyond doubt; ``end`` when there is none."""
    for marker in _MARKER.finditer(data, at + _HEAD, end + _HEAD):
        candidate = marker.start() - _HEAD
        size = _record(data, candidate)[1]
        if size and checksum_ok(data[marker.start() : marker.start() + size]):
            return min(candidate, end)
    return end


def read_tlog(path: Path) -> Iterator[TlogRecord]:
    """All whole packets of a log, in order.

    A cut last record (power loss) is left out; damage in the middle is skipped up to the next believable record.
    Raises :class:`LinkError` when the file cannot be read or holds no packet.
    """
    skipped = found = 0
    with open_tlog(path) as data:
        for item in scan_tlog(data):
            if isinstance(item, TlogRecord):
                found += 1
                yield item
            elif not item.cut:
                skipped += item.size_bytes
    if skipped:
        _log.warning("%s: %d damaged bytes skipped", path, skipped)
    if not found:
        raise LinkError(f"{path}: holds no MAVLink packet", "choose a .tlog file")
