"""MAVLink 2 signing: what goes out is signed, what comes in is believed only when its signature and time are right.

A signature is the first 6 bytes of SHA-256 over the key, the frame with its checksum, the link id and the time stamp: 48
bits, 10 microseconds each, since 2015 (https://mavlink.io/en/guide/message_signing.html). Two rules of time: within a
stream (link id, system, component) stamps must rise, and a stream that was not heard before must not begin more than a
minute behind the newest stamp known here.

Nothing of a frame is kept, its time stamp least of all, before its signature was found right.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import struct
from enum import Enum
from pathlib import Path

from groundstation.core.clock import Clock
from groundstation.link.frame import (
    MARKER_V2,
    SIGNATURE_BYTES,
    build_frame,
    is_signed,
    message_id_of,
    read_header,
    source_of,
)
from groundstation.link.signing_keys import KEY_BYTES, write_private

_log = logging.getLogger("groundstation.signing")

EPOCH_US = 1_420_070_400_000_000  # 2015-01-01T00:00:00Z
TICKS_PER_S = 100_000
_NEW_STREAM_TICKS = 60 * TICKS_PER_S
_KEPT_EVERY_TICKS = 10 * TICKS_PER_S
_LAST_TICK = (1 << 48) - 1
_MOST_STREAMS = 4096
# Radios write their reports into the stream themselves and have no key.
RADIO, RADIO_STATUS = 166, 109
EXEMPT = frozenset({RADIO, RADIO_STATUS})


def ticks_of(t_utc_us: int) -> int:
    """A time as signatures carry it."""
    return max(t_utc_us - EPOCH_US, 0) // 10


def signature_of(key: bytes, signed_part: bytes) -> bytes:
    """The 6 bytes for a frame up to and with its time stamp."""
    return hashlib.sha256(key + signed_part).digest()[:6]


class Verdict(Enum):
    """What is thought of one frame that came in."""

    ACCEPTED = "accepted"
    EXEMPT = "exempt"
    UNSIGNED = "unsigned"
    WRONG = "wrongly signed"
    REPLAYED = "replayed"
    OLD = "more than a minute behind"

    @property
    def ok(self) -> bool:
        """Whether the frame may be believed. ``EXEMPT`` is not authentic, only tolerated."""
        return self in (Verdict.ACCEPTED, Verdict.EXEMPT)


class SigningClock:
    """Time stamps of one key: from the clock, never the same twice, never backwards, also not over a restart.

    The newest is written to ``path`` every ten seconds; after a start the count goes on ten seconds behind that at the
    latest, wherever the clock stands.
    """

    def __init__(self, clock: Clock, path: Path | None = None) -> None:
        self._clock, self._path = clock, path
        self._last = self._kept = 0
        self.stepped_back_s = 0.0
        """How far the clock stood behind the kept stamp when this was made: it was set back, or not set yet."""
        if path is None:
            return
        try:
            self._kept = int(path.read_text(encoding="ascii"))
            if not 0 <= self._kept <= _LAST_TICK:
                raise ValueError
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            _log.warning("%s: cannot be used; time stamps begin at the clock's time", path)
            self._kept = 0
            return
        self._last = self._kept + _KEPT_EVERY_TICKS
        self.stepped_back_s = max((self._kept - self.now()) / TICKS_PER_S, 0.0)

    def now(self) -> int:
        """The clock's time, in ticks."""
        return ticks_of(self._clock.utc_us())

    def next(self, at_least: int = 0) -> int:
        """The stamp for one frame."""
        self._last = min(max(self.now(), self._last + 1, at_least), _LAST_TICK)
        if abs(self._last - self._kept) >= _KEPT_EVERY_TICKS:
            self.keep()
        return self._last

    def keep(self) -> None:
        """Write the newest stamp down; a disk that does not take it must not stop the link."""
        if self._path is None or not self._last:
            return
        self._kept = self._last
        try:
            write_private(self._path, str(self._kept))
        except OSError as error:
            _log.warning("%s: cannot be written: %s", self._path, error.strerror)


class LinkSigner:
    """The signing of one link: its key, its link id, the streams that it has heard."""

    def __init__(self, key: bytes, clock: SigningClock, link_id: int) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError("a signing key has 32 bytes")
        self.link_id = link_id & 0xFF
        self.offset_s = 0.0
        """How far the other side's stamps were ahead of our clock (negative: behind) in the last accepted packet."""
        self.refused_offset_s = 0.0
        self._key, self._clock = key, clock
        self._streams: dict[tuple[int, int, int], int] = {}
        self._signing_sources: set[tuple[int, int]] = set()
        self._newest = 0

    def sign(self, frame: bytes) -> bytes:
        """The frame with our signature; one of MAVLink 1 becomes MAVLink 2, one that is signed is signed anew."""
        header = read_header(frame)
        body = build_frame(
            header.message_id, header.payload, header.system_id, header.component_id, header.seq, signed=True
        )
        # An aircraft whose clock is ahead refuses a stream that begins a minute behind it.
        stamp = self._clock.next(self._newest)
        body += struct.pack("<BQ", self.link_id, stamp)[:7]
        return body + signature_of(self._key, body)

    def check(self, frame: bytes) -> Verdict:
        """Judge a whole frame whose checksum is right. Only an accepted one changes anything here."""
        source = source_of(frame)
        if frame[0] != MARKER_V2 or not is_signed(frame):
            exempt = message_id_of(frame) in EXEMPT and source not in self._signing_sources
            return Verdict.EXEMPT if exempt else Verdict.UNSIGNED
        if not hmac.compare_digest(signature_of(self._key, frame[:-6]), frame[-6:]):
            return Verdict.WRONG
        stream = (frame[-SIGNATURE_BYTES], *source)
        stamp = int.from_bytes(frame[-12:-6], "little")
        now = self._clock.now()
        known = self._streams.get(stream)
        if known is not None and stamp <= known:
            return Verdict.REPLAYED
        if known is None and stamp + _NEW_STREAM_TICKS < max(now, self._newest):
            # For the text only: it may be a recording that somebody plays to us.
            self.refused_offset_s = (stamp - now) / TICKS_PER_S
            return Verdict.OLD
        if known is None and len(self._streams) >= _MOST_STREAMS:
            return Verdict.OLD
        self.offset_s = (stamp - now) / TICKS_PER_S
        self._streams[stream] = stamp
        self._signing_sources.add(source)
        self._newest = max(self._newest, stamp)
        return Verdict.ACCEPTED

    def keep(self) -> None:
        """Write the newest time stamp down."""
        self._clock.keep()
