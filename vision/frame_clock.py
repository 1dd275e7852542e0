"""When a frame was captured, from what the stream tells.

A stream's two clocks, its presentation time stamps (PTS) and the UTC in its metadata, run at the same rate. Where they
stop doing so, one of them has jumped, or a packet is stale, repeated or wrong; nothing of before then says anything of
after, and a position computed from it would be wrong without anybody noticing. So:

- a video packet whose time goes back, or far ahead, begins the mapping anew;
- a time stamp that disagrees with the last one is believed only when the next one agrees with it;
- the same time stamp again says nothing new.
"""

from __future__ import annotations

import bisect
from collections import deque
from typing import Literal

from vision.records import TimeSource

_WINDOW_S = 20.0
_STAMP_REACH_S = 1.0
_EXACT_S = 0.002
_AGREEMENT_S = 0.15
_PTS_ORDER_S = 0.7
_FAR_AHEAD_S = 10.0
_FRAME_US = 40_000
_PICTURES_WITHIN_S = 2.0

StampVerdict = Literal["taken", "late", "repeated", "doubtful", "jumped"]
"""What became of a time stamp: used (or kept for pictures that are still to come); older than the last and nothing new;
the last one again; not in step with the last and put aside; the second one in a row that agrees on a jump of the clock."""


class FrameClock:
    """Maps a stream's PTS (seconds) to UTC.

    Best: the precision time stamp (ST 0601 tag 2) of the metadata packet with that PTS, or of its neighbours. Else, live:
    the smallest "arrival minus PTS" of the last 20 s, as the packet that waited least, less the latency that is known
    to remain; in a recording: the last time stamp carried on, or its beginning;
    after a jump back of its PTS that no stamp explains it is "arrival", and a guess.
    """

    def __init__(self, live: bool, started_utc_us: int, latency_us: int) -> None:
        self._live = live
        self._latency_us = latency_us
        self._started_utc_us = started_utc_us
        self._base: tuple[float, int] | None = None  # a recording's time without stamps: PTS and UTC that go together
        self._guessed = False
        self._last_s: float | None = None
        self._newest_given_us = 0
        self._offsets: deque[tuple[float, int]] = deque()
        self._stamps: deque[tuple[float, int]] = deque()
        self._candidate: tuple[float, int] | None = None
        # After a jump back of the stream's time that its metadata have made already and its pictures not yet.
        self._ahead: deque[tuple[float, int]] = deque()
        self.jumps = 0

    def arrived(self, pts_s: float, utc_us: int, dts_s: float | None = None) -> bool:
        """A video packet with that PTS came; True when the stream's time has jumped with it.

        ``dts_s``, the decoding time, only ever grows; PTS go back by some pictures where these refer to later ones.
        """
        jumped = self.is_jump(pts_s, dts_s)
        order_s = pts_s if dts_s is None else dts_s
        went_back = self._last_s is not None and order_s < self._last_s
        self._last_s = order_s
        if jumped:
            self.jumps += 1
            self._offsets.clear()
            self._stamps, self._ahead = self._ahead, deque()
            self._candidate = None
            if went_back:
                # Two pictures of the recording have this PTS: where it goes on is a guess until the next stamp.
                at_us = self._newest_given_us + _FRAME_US if self._newest_given_us else self._started_utc_us
                self._base, self._guessed = (pts_s, at_us), True
        if self._base is None:
            self._base = (pts_s, self._started_utc_us)
        offset_us = utc_us - round(pts_s * 1e6)
        # Kept rising from left to right, so that the smallest is the first.
        while self._offsets and self._offsets[-1][1] >= offset_us:
            self._offsets.pop()
        self._offsets.append((pts_s, offset_us))
        while self._offsets[0][0] < pts_s - _WINDOW_S:
            self._offsets.popleft()
        return jumped

    def is_jump(self, pts_s: float, dts_s: float | None = None) -> bool:
        """Whether the stream's time jumps with a video packet that has not been told yet."""
        order_s, slack_s = (pts_s, _PTS_ORDER_S) if dts_s is None else (dts_s, _EXACT_S)
        return self._last_s is not None and not -slack_s <= order_s - self._last_s <= _FAR_AHEAD_S

    def stamped(self, pts_s: float, utc_us: int, slack_s: float = 0.0) -> StampVerdict:
        """A metadata packet with that PTS carries that precision time stamp; see :data:`StampVerdict`.

        ``slack_s``: by how much the PTS itself may be wrong (metadata without PTS of its own).
        """
        if self._ahead:
            return self._stamped_ahead(pts_s, utc_us, slack_s)
        if not self._stamps:
            self._stamps.append((pts_s, utc_us))
            return "taken"
        last = self._stamps[-1]
        if _agree(last, (pts_s, utc_us), slack_s):
            self._candidate = None
            if pts_s <= last[0] or utc_us <= last[1]:
                return "late"
            self._take(pts_s, utc_us)
            return "taken"
        if utc_us == last[1]:
            return "repeated"
        candidate, self._candidate = self._candidate, (pts_s, utc_us)
        if candidate is None or not (
            pts_s > candidate[0] and utc_us > candidate[1] and _agree(candidate, (pts_s, utc_us), slack_s)
        ):
            return "doubtful"
        self._candidate = None
        if candidate[0] < last[0]:
            # The stream's time has gone back, and a demultiplexer gives metadata before the pictures beside it.
            self._ahead.extend((candidate, (pts_s, utc_us)))
            return "taken" if utc_us > last[1] else "jumped"
        self.jumps += 1
        self._stamps.clear()
        self._stamps.extend((candidate, (pts_s, utc_us)))
        return "jumped"

    def _stamped_ahead(self, pts_s: float, utc_us: int, slack_s: float) -> StampVerdict:
        last = self._ahead[-1]
        if not _agree(last, (pts_s, utc_us), slack_s):
            return "repeated" if utc_us == last[1] else "doubtful"
        if pts_s <= last[0] or utc_us <= last[1]:
            return "late"
        self._ahead.append((pts_s, utc_us))
        if pts_s - self._ahead[0][0] > _PICTURES_WITHIN_S:
            # The pictures' time does not jump: it was the metadata's alone.
            self.jumps += 1
            self._stamps, self._ahead = self._ahead, deque()
        return "taken"

    def _take(self, pts_s: float, utc_us: int) -> None:
        self._stamps.append((pts_s, utc_us))
        while len(self._stamps) > 2 and self._stamps[0][0] < pts_s - 2 * _WINDOW_S:
            self._stamps.popleft()

    def has_stamp(self, pts_s: float) -> bool:
        """Whether the metadata of that very PTS, or a later one, was seen."""
        return bool(self._stamps) and self._stamps[-1][0] >= pts_s - _EXACT_S

    def capture_time(self, pts_s: float) -> tuple[int, TimeSource]:
        """UTC microseconds of the capture, and how they are known."""
        t_utc_us, source = self._capture_time(pts_s)
        self._newest_given_us = max(self._newest_given_us, t_utc_us)
        return t_utc_us, source

    def _capture_time(self, pts_s: float) -> tuple[int, TimeSource]:
        stamp = self._stamp(pts_s)
        if stamp is not None:
            return stamp, "klv"
        if not self._live:
            if self._stamps:
                # The nearest stamp, however far: a recording's own clock is worth more than the file's date.
                at_s, utc_us = min((self._stamps[0], self._stamps[-1]), key=lambda s: abs(s[0] - pts_s))
            else:
                at_s, utc_us = self._base if self._base is not None else (pts_s, self._started_utc_us)
                if self._guessed:
                    return utc_us + round((pts_s - at_s) * 1e6), "arrival"
            return utc_us + round((pts_s - at_s) * 1e6), "pts"
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


def _agree(one: tuple[float, int], other: tuple[float, int], slack_s: float) -> bool:
    return abs((other[0] - one[0]) - (other[1] - one[1]) / 1e6) <= _AGREEMENT_S + slack_s
