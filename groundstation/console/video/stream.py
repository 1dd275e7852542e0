"""What is known of one video stream: the newest picture, the tracks of each frame, and the last minute. No Qt.

A picture and the tracks of the same frame come by two ways and in any order. They are put together by their frame's number
and nothing else: tracks of another frame are never shown on a picture.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from groundstation.core.clock import Clock
from groundstation.core.records import Preview, StreamHealth, VideoTracks

KEEP_S = 60.0
_KEPT_FRAMES = 60
_SAME_FRAME_US = 15_000
_APART_NS = 150_000_000
_QUALITY = 80
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture with the tracks of its own frame, or None as long as these have not come. ``age_s`` since it was taken."""

    frame_id: int
    t_utc_us: int
    image_bgr: NDArray[np.uint8]
    scale: float
    tracks: VideoTracks | None
    age_s: float
    live: bool

    @property
    def full_size(self) -> tuple[int, int]:
        """Width and height of the picture that the boxes are in."""
        height, width = self.image_bgr.shape[:2]
        return round(width / self.scale), round(height / self.scale)


@dataclass
class _Kept:
    frame_id: int
    t_utc_us: int
    arrived_ns: int
    age_at_arrival_s: float
    jpeg: bytes
    scale: float
    tracks: VideoTracks | None


class PreviewRing:
    """The last minute as JPEG, about six pictures a second, at most ``most_bytes``."""

    def __init__(self, keep_s: float = KEEP_S, most_bytes: int = _MOST_BYTES) -> None:
        self._keep_ns, self._most_bytes = int(keep_s * 1e9), most_bytes
        self._kept: deque[_Kept] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[_Kept]:
        return iter(self._kept)

    def add(self, preview: Preview, arrived_ns: int, age_s: float, tracks: VideoTracks | None) -> None:
        """Keep a picture, unless the last one is too near."""
        if self._kept and arrived_ns - self._kept[-1].arrived_ns < _APART_NS:
            return
        whole, jpeg = cv2.imencode(".jpg", preview.image_bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        if not whole:
            return
        kept = _Kept(preview.frame_id, preview.t_utc_us, arrived_ns, age_s, jpeg.tobytes(), preview.scale, tracks)
        self._kept.append(kept)
        self._bytes += len(kept.jpeg)
        self.forget(arrived_ns)

    def forget(self, now_ns: int) -> None:
        """Let go what is older than the ring keeps, or too much."""
        while self._kept and (now_ns - self._kept[0].arrived_ns > self._keep_ns or self._bytes > self._most_bytes):
            self._bytes -= len(self._kept.popleft().jpeg)

    def on_tracks(self, record: VideoTracks) -> None:
        """Tracks that came after their picture."""
        for kept in reversed(self._kept):
            if kept.frame_id == record.tracks.frame_id:
                if kept.tracks is None:
                    kept.tracks = record
                return

    def at(self, wanted_ns: int) -> _Kept | None:
        """The picture that was the newest at that time; the oldest kept for an earlier time."""
        found = None
        for kept in self._kept:
            if kept.arrived_ns > wanted_ns:
                break
            found = kept
        return found or (self._kept[0] if self._kept else None)


class VideoStream:
    """One stream. Not thread-safe: it lives on the GUI thread.

    A picture's age at arrival is the greater of the frame's own two (UTC of its capture, monotonic time of its receipt: the
    camera's clock may be ahead of ours); from then on the monotonic clock counts, so that a step of the machine's UTC
    makes no old picture fresh and no fresh one stale.
    """

    def __init__(self, name: str, clock: Clock, keep_s: float = KEEP_S) -> None:
        self.name, self._clock = name, clock
        self.health: StreamHealth | None = None
        self.ring = PreviewRing(keep_s)
        self._preview: Preview | None = None
        self._arrived_ns = 0
        self._age_at_arrival_s = 0.0
        self._tracks: OrderedDict[int, VideoTracks] = OrderedDict()
        self._decoded: tuple[_Kept, NDArray[np.uint8]] | None = None

    def on_preview(self, preview: Preview) -> None:
        """A new picture."""
        self._preview = preview
        now_ns = self._arrived_ns = self._clock.mono_ns()
        self._age_at_arrival_s = max(
            (self._clock.utc_us() - preview.t_utc_us) / 1e6, (now_ns - preview.t_mono_ns) / 1e9, 0.0
        )
        self.ring.add(preview, now_ns, self._age_at_arrival_s, self._matching(preview))

    def on_tracks(self, record: VideoTracks) -> None:
        """The tracks of one frame wait here for its picture."""
        self._tracks[record.tracks.frame_id] = record
        while len(self._tracks) > _KEPT_FRAMES:
            self._tracks.popitem(last=False)
        if self._preview is not None and record is self._matching(self._preview):
            self.ring.on_tracks(record)

    def age_s(self) -> float:
        """Seconds since the newest picture was taken; infinite without one."""
        if self._preview is None:
            return float("inf")
        return self._age_at_arrival_s + (self._clock.mono_ns() - self._arrived_ns) / 1e9

    def live(self) -> Shown | None:
        """The newest picture; None before the first."""
        p = self._preview
        if p is None:
            return None
        return Shown(p.frame_id, p.t_utc_us, p.image_bgr, p.scale, self._matching(p), self.age_s(), True)

    def back_s(self) -> float:
        """How far one can step back now."""
        oldest = next(iter(self.ring), None)
        return 0.0 if oldest is None else (self._clock.mono_ns() - oldest.arrived_ns) / 1e9

    def past(self, lag_s: float) -> Shown | None:
        """What was shown ``lag_s`` ago."""
        now_ns = self._clock.mono_ns()
        kept = self.ring.at(now_ns - int(lag_s * 1e9))
        if kept is None:
            return None
        if self._decoded is None or self._decoded[0] is not kept:
            image = cv2.imdecode(np.frombuffer(kept.jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
            self._decoded = kept, np.asarray(image, dtype=np.uint8)
        age_s = kept.age_at_arrival_s + (now_ns - kept.arrived_ns) / 1e9
        return Shown(kept.frame_id, kept.t_utc_us, self._decoded[1], kept.scale, kept.tracks, age_s, False)

    def _matching(self, preview: Preview) -> VideoTracks | None:
        """The tracks of this very frame: number and time agree. A worker that was started again counts anew."""
        found = self._tracks.get(preview.frame_id)
        if found is None or abs(found.tracks.t_utc_us - preview.t_utc_us) > _SAME_FRAME_US:
            return None
        return found
