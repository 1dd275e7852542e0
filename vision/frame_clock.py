"""When a frame was captured, from what the stream tells."""

from __future__ import annotations

import bisect
from collections import deque

from vision.records import TimeSource

_WINDOW_S = 20.0
_STAMP_REACH_S = 1.0
_EXACT_S = 0.002


class FrameClock:
    """Maps a stream's PTS (seconds) to UTC.

    Best: the precision time stamp (ST 0601 tag 2) of the metadata packet with that PTS, or of its neighbours. Else:
    the smallest "arrival minus PTS" of the last 20 s, as the packet that waited least, less the latency that is known
    to remain. A jump of the PTS (a new recording, a wrap) starts that anew.
    """

    def __init__(self, live: bool, started_utc_us: int, latency_us: int) -> None:
        self._live = live
        self._started_utc_us = started_utc_us
        self._latency_us = latency_us
        self._first_pts_s: float | None = None
        self._last_pts_s: float | None = None
        self._offsets: deque[tuple[float, int]] = deque()
        self._stamps: deque[tuple[float, int]] = deque()

    def arrived(self, pts_s: float, utc_us: int) -> None:
        """A video packet with that PTS came."""
        if self._last_pts_s is not None and abs(pts_s - self._last_pts_s) > 10.0:
            self._offsets.clear()
            self._stamps.clear()
            self._first_pts_s = None
        if self._first_pts_s is None:
            self._first_pts_s = pts_s
        self._last_pts_s = pts_s
        offset_us = utc_us - round(pts_s * 1e6)
        # Kept rising from left to right, so that the smallest is the first.
        while self._offsets and self._offsets[-1][1] >= offset_us:
            self._offsets.pop()
        self._offsets.append((pts_s, offset_us))
        while self._offsets[0][0] < pts_s - _WINDOW_S:
            self._offsets.popleft()

    def stamped(self, pts_s: float, utc_us: int) -> None:
        """A metadata packet with that PTS carries that precision time stamp."""
        if self._stamps and pts_s <= self._stamps[-1][0]:
            if pts_s < self._stamps[-1][0] - 10.0:
                self._stamps.clear()
            else:
                return
        self._stamps.append((pts_s, utc_us))
        while len(self._stamps) > 2 and self._stamps[0][0] < pts_s - 2 * _WINDOW_S:
            self._stamps.popleft()

    def has_stamp(self, pts_s: float) -> bool:
        """Whether the metadata of that very PTS, or a later one, was seen."""
        return bool(self._stamps) and self._stamps[-1][0] >= pts_s - _EXACT_S

    def capture_time(self, pts_s: float) -> tuple[int, TimeSource]:
        """UTC microseconds of the capture, and how they are known."""
        stamp = self._stamp(pts_s)
        if stamp is not None:
            return stamp, "klv"
        if not self._live:
            first = self._first_pts_s if self._first_pts_s is not None else pts_s
            return self._started_utc_us + round((pts_s - first) * 1e6), "pts"
        if self._offsets:
            return round(pts_s * 1e6) + self._offsets[0][1] - self._latency_us, "pts"
        return self._started_utc_us, "arrival"

    def _stamp(self, pts_s: float) -> int | None:
        """The stamp of the nearest metadata packet, carried over by the PTS between them; None if that is far."""
        if not self._stamps:
            return None
        at = bisect.bisect_left(self._stamps, (pts_s, 0))
        near = [self._stamps[i] for i in (at - 1, at) if 0 <= i < len(self._stamps)]
        stamp_pts_s, utc_us = min(near, key=lambda s: abs(s[0] - pts_s))
        if abs(stamp_pts_s - pts_s) > _STAMP_REACH_S:
            return None
        return utc_us + round((pts_s - stamp_pts_s) * 1e6)
