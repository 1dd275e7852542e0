"""A MAVLink frame as bytes: where its fields are, its checksum, and building one.

Layout and checksum: MAVLink serialisation (https://mavlink.io/en/guide/serialization.html); the checksum is
CRC-16/MCRF4XX over all but the marker, then over one more byte that stands for the message's definition.
"""

from __future__ import annotations

import re
import struct
from binascii import crc_hqx
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from missions.mavlink import mavlink2

MARKER_V1, MARKER_V2 = 0xFE, 0xFD
SIGNED_FLAG = 1
SIGNATURE_BYTES = 13
SETUP_SIGNING = 256
_HEADER_V2 = struct.Struct("<BBBBBBBHB")
_HEADER_BYTES = {MARKER_V1: 6, MARKER_V2: 10}
_REVERSED = bytes(int(f"{n:08b}"[::-1], 2) for n in range(256))


def checksum(data: bytes, crc_extra: int) -> int:
    """CRC-16/MCRF4XX of ``data`` and the message's extra byte.

    That is the CRC of :func:`binascii.crc_hqx` with the bits of every byte, and of the result, the other way round: so
    the standard library's C code does the work.
    """
    crc = crc_hqx((data + bytes((crc_extra,))).translate(_REVERSED), 0xFFFF)
    return _REVERSED[crc >> 8] | _REVERSED[crc & 0xFF] << 8


@dataclass(frozen=True)
class FrameHeader:
    """The header of a whole frame. ``payload`` is without the zeros that MAVLink 2 cuts off its end."""

    message_id: int
    system_id: int
    component_id: int
    seq: int
    payload: bytes
    signed: bool

    @property
    def source(self) -> tuple[int, int]:
        """``(system id, component id)``."""
        return self.system_id, self.component_id


def message_id_of(frame: bytes) -> int:
    """The message id of a whole frame."""
    if frame[0] == MARKER_V2:
        return frame[7] | frame[8] << 8 | frame[9] << 16
    return frame[5]


def source_of(frame: bytes) -> tuple[int, int]:
    """``(system id, component id)`` of a whole frame."""
    return (frame[5], frame[6]) if frame[0] == MARKER_V2 else (frame[3], frame[4])


def seq_of(frame: bytes) -> int:
    """The sequence number of a whole frame."""
    return frame[4] if frame[0] == MARKER_V2 else frame[2]


def is_signed(frame: bytes) -> bool:
    """Whether a whole frame carries a signature (right or wrong)."""
    return frame[0] == MARKER_V2 and bool(frame[2] & SIGNED_FLAG)


def read_header(frame: bytes) -> FrameHeader:
    """The header of a whole frame, of either version."""
    start = _HEADER_BYTES[frame[0]]
    return FrameHeader(
        message_id_of(frame), *source_of(frame), seq_of(frame), frame[start : start + frame[1]], is_signed(frame)
    )


def build_frame(
    message_id: int, payload: bytes, system_id: int, component_id: int, seq: int, signed: bool = False
) -> bytes:
    """A MAVLink 2 frame; with ``signed`` it has the flag and still needs its signature appended.

    Raises ``KeyError`` for a message that the dialect does not know: its checksum cannot be made.
    """
    payload = payload.rstrip(b"\0") or payload[:1]
    flags = SIGNED_FLAG if signed else 0
    head = _HEADER_V2.pack(
        MARKER_V2, len(payload), flags, 0, seq & 0xFF, system_id, component_id, message_id & 0xFFFF, message_id >> 16
    )
    crc = checksum(head[1:] + payload, mavlink2.mavlink_map[message_id].crc_extra)
    return head + payload + crc.to_bytes(2, "little")


@cache
def target_offset(message_id: int) -> int:
    """Where in the payload of a message its target system is; -1 when it has none."""
    kind = mavlink2.mavlink_map.get(message_id)
    if kind is None or "target_system" not in kind.ordered_fieldnames:
        return -1
    before = kind.ordered_fieldnames.index("target_system")
    fields = re.findall(r"\d*[a-zA-Z]", kind.unpacker.format.lstrip("<"))
    return struct.calcsize("<" + "".join(fields[:before]))


def with_target_system(frame: bytes, system_id: int) -> bytes:
    """The same message addressed to another system, without a signature. Raises ``ValueError`` where it has no target."""
    header = read_header(frame)
    offset = target_offset(header.message_id)
    if offset < 0:
        raise ValueError(f"message {header.message_id} has no target")
    payload = bytearray(header.payload.ljust(offset + 1, b"\0"))
    payload[offset] = system_id
    return build_frame(header.message_id, bytes(payload), header.system_id, header.component_id, header.seq)


def checksum_ok(frame: bytes) -> bool | None:
    """Whether the checksum of a whole frame is right; None for a message that the dialect does not know."""
    kind = mavlink2.mavlink_map.get(message_id_of(frame))
    if kind is None:
        return None
    end = _HEADER_BYTES[frame[0]] + frame[1]
    return checksum(frame[1:end], kind.crc_extra) == frame[end] | frame[end + 1] << 8


def _whole(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return values


@dataclass(frozen=True)
class _Layout:
    make: Callable[..., Any]
    unpack: Callable[[bytes], tuple[Any, ...]]
    size: int
    arrange: Callable[[tuple[Any, ...]], Any]
    text_fields: tuple[int, ...]


def _arranger(orders: list[int], lengths: list[int], samples: tuple[Any, ...]) -> Callable[[tuple[Any, ...]], Any]:
    """From the values as they lie on the wire to the arguments of the message's constructor."""
    if sum(lengths) == len(lengths):
        return itemgetter(*orders) if len(orders) > 1 else _whole
    places = []
    for order in orders:
        at = sum(lengths[:order])
        places.append((at, 0 if lengths[order] == 1 or isinstance(samples[at], bytes) else lengths[order]))

    def arrange(values: tuple[Any, ...]) -> list[Any]:
        return [list(values[at : at + n]) if n else values[at] for at, n in places]

    return arrange


@cache
def _layout(message_id: int) -> _Layout | None:
    kind = mavlink2.mavlink_map.get(message_id)
    if kind is None:
        return None
    samples = kind.unpacker.unpack(bytes(kind.unpacker.size))
    arrange = _arranger(kind.orders, kind.lengths, samples)
    text_fields = tuple(i for i, v in enumerate(arrange(samples)) if isinstance(v, bytes))
    return _Layout(kind, kind.unpacker.unpack, kind.unpacker.size, arrange, text_fields)


def decode_frame(frame: bytes, signature_ok: bool = False) -> Any | None:
    """The message in a whole frame whose checksum was found right; None for one that the dialect does not know.

    The result is the dialect's own message object, as its codec would give it. (The codec itself is not used for
    reading: it believes a sequence of unknown messages without a checksum, counts an unauthentic frame's time stamp,
    and skips good frames after a damaged one.)
    """
    header = read_header(frame)
    layout = _layout(header.message_id)
    if layout is None:
        return None
    payload = header.payload
    if len(payload) != layout.size:
        payload = payload[: layout.size].ljust(layout.size, b"\0")
    values = layout.arrange(layout.unpack(payload))
    if layout.text_fields:
        values = list(values)
        for i in layout.text_fields:
            values[i] = values[i].rstrip(b"\0")
    message = layout.make(*values)
    flags = frame[2:4] if frame[0] == MARKER_V2 else b"\0\0"
    end = _HEADER_BYTES[frame[0]] + frame[1]
    message._header = mavlink2.MAVLink_header(
        header.message_id, flags[0], flags[1], frame[1], header.seq, header.system_id, header.component_id
    )
    message._msgbuf = bytearray(frame)
    message._payload = header.payload
    message._crc = frame[end] | frame[end + 1] << 8
    message._signed = signature_ok
    message._link_id = frame[-SIGNATURE_BYTES] if signature_ok else None
    return message
