"""From bytes to whole frames. One parser for each sender: half frames of two senders must never be joined."""

from __future__ import annotations

import re

from groundstation.link.frame import MARKER_V1, MARKER_V2, SIGNATURE_BYTES, SIGNED_FLAG, checksum_ok

_MARKER = re.compile(b"[\xfd\xfe]")
_MARKERS = (MARKER_V1, MARKER_V2)
_STALE_S = 2.0


class FrameParser:
    """Finds the frames in a stream of bytes, and finds the next one after damage.

    A frame is taken when its checksum is right. Where it is not, the search goes on right behind the marker, so that a
    marker in noise does not cost the good frames after it. A message of an unknown id has no checksum that could be
    looked at; it is taken only where a frame is expected and where another one, or nothing yet, follows it.
    """

    def __init__(self) -> None:
        self.bad = 0
        """Stretches of bytes that belonged to no frame."""
        self._rest = b""
        self._fed_s = 0.0
        self._in_step = True

    def feed(self, data: bytes, now_s: float) -> list[bytes]:
        """The frames that are whole now, in order. ``now_s``: any monotonic time."""
        frames: list[bytes] = []
        if self._rest and now_s - self._fed_s > _STALE_S:
            # Its end was lost: a length that noise made up must not swallow what comes next.
            rest, self._rest = self._rest, b""
            self._scan(rest, frames, final=True)
        self._fed_s = now_s
        self._rest = self._scan(self._rest + data if self._rest else data, frames, final=False)
        return frames

    def reset(self) -> None:
        """Forget half a frame: what follows is another connection's."""
        self._rest = b""
        self._in_step = True

    def _scan(self, data: bytes, frames: list[bytes], final: bool) -> bytes:
        at, end = 0, len(data)
        while at < end:
            size = _frame_size(data, at)
            if size == 0:
                self._out_of_step()
                found = _MARKER.search(data, at + 1)
                at = found.start() if found else end
                continue
            if at + size > end or size < 0:
                if not final:
                    return data[at:]
                self._out_of_step()
                at += 1
                continue
            frame = data[at : at + size]
            good = checksum_ok(frame)
            if good or (good is None and self._in_step and (at + size == end or data[at + size] in _MARKERS)):
                frames.append(frame)
                self._in_step = True
                at += size
            else:
                self._out_of_step()
                at += 1
        return b""

    def _out_of_step(self) -> None:
        if self._in_step:
            self.bad += 1
            self._in_step = False


def _frame_size(data: bytes, at: int) -> int:
    """Size of the frame that begins here; 0 when none does, -1 when too few bytes are there to tell."""
    marker = data[at]
    if marker == MARKER_V2:
        if at + 3 > len(data):
            return -1
        flags = data[at + 2]
        if flags & ~SIGNED_FLAG:
            return 0  # a feature that we do not know: the frame must be dropped (MAVLink 2, incompatibility flags)
        return 12 + data[at + 1] + (SIGNATURE_BYTES if flags else 0)
    if marker == MARKER_V1:
        return 8 + data[at + 1] if at + 2 <= len(data) else -1
    return 0
