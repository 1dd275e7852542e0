"""What is known of one video stream: the newest picture, the tracks of each frame, and the last minute. No Qt.

A picture and the tracks of the same frame come by two ways and in any order; they are put together by the frame's number.
A picture comes long before its tracks, and not every one is analysed. Where the poses of both are known the newest tracks are
carried on to the picture (``carry.py``); boxes are never drawn where they were in another frame.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from groundstation.console.video.carry import MOST_CARRIED_S, carried
from groundstation.core.clock import Clock
from groundstation.core.records import Preview, VideoTracks
from vision.records import CameraPose

KEEP_S = 60.0
_KEPT_FRAMES = 60
_SAME_FRAME_US = 15_000
_APART_NS = 150_000_000
_QUALITY = 80
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture with the tracks of its moment, None where there are none. ``age_s`` since it was taken.

    ``carried_s``: the tracks are of a frame so much older (newer: negative) and were carried on; 0 for its own.
    ``analysed_s_ago``: how old the newest tracks of the stream are, in the picture's time; infinite without any.
    """

    frame_id: int
    t_utc_us: int
    image_bgr: NDArray[np.uint8]
    scale: float
    tracks: VideoTracks | None
    age_s: float
    live: bool
    carried_s: float = 0.0
    analysed_s_ago: float = float("inf")

    @property
    def full_size(self) -> tuple[int, int]:
        """Width and height of the picture that the boxes are in."""
        return _full_size(self.image_bgr, self.scale)


@dataclass
class _Kept:
    frame_id: int
    t_utc_us: int
    arrived_ns: int
    age_at_arrival_s: float
    jpeg: Future[bytes]
    scale: float
    pose: CameraPose | None
    size: tuple[int, int]
    tracks: VideoTracks | None
    bytes_counted: int = 0


class PreviewRing:
    """The last minute as JPEG, about six pictures a second, at most ``most_bytes``.

    ``executor`` compresses them, beside the thread that calls; without one that thread does it.
    """

    def __init__(self, keep_s: float = KEEP_S, most_bytes: int = _MOST_BYTES, executor: Executor | None = None) -> None:
        self._keep_ns, self._most_bytes, self._executor = int(keep_s * 1e9), most_bytes, executor
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
        jpeg: Future[bytes]
        if self._executor is not None:
            jpeg = self._executor.submit(_compressed, preview.image_bgr)
        else:
            jpeg = Future()
            jpeg.set_result(_compressed(preview.image_bgr))
        kept = _Kept(
            preview.frame_id, preview.t_utc_us, arrived_ns, age_s, jpeg, preview.scale, preview.pose,
            _full_size(preview.image_bgr, preview.scale), tracks,
        )  # fmt: skip
        self._count()
        self._kept.append(kept)
        self.forget(arrived_ns)

    def _count(self) -> None:
        """Of those that were compressed meanwhile."""
        for kept in reversed(self._kept):
            if kept.bytes_counted:
                return
            if kept.jpeg.done():
                kept.bytes_counted = max(1, len(kept.jpeg.result()))
                self._bytes += kept.bytes_counted

    def forget(self, now_ns: int) -> None:
        """Let go what is older than the ring keeps, or too much."""
        while self._kept and (now_ns - self._kept[0].arrived_ns > self._keep_ns or self._bytes > self._most_bytes):
            self._bytes -= self._kept.popleft().bytes_counted

    def on_tracks(self, record: VideoTracks) -> None:
        """Tracks that came after pictures: each keeps the nearest in time, its own before all others."""
        t_us = record.tracks.t_utc_us
        for kept in reversed(self._kept):
            apart_us = abs(kept.t_utc_us - t_us)
            if apart_us > MOST_CARRIED_S * 1e6:
                if kept.t_utc_us < t_us:
                    return
                continue
            if kept.tracks is None or apart_us < abs(kept.t_utc_us - kept.tracks.tracks.t_utc_us):
                kept.tracks = record

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

    def __init__(self, name: str, clock: Clock, keep_s: float = KEEP_S, executor: Executor | None = None) -> None:
        self.name, self._clock = name, clock
        self.ring = PreviewRing(keep_s, executor=executor)
        self._preview: Preview | None = None
        self._arrived_ns = 0
        self._age_at_arrival_s = 0.0
        self._tracks: OrderedDict[int, VideoTracks] = OrderedDict()
        self._newest_tracks: VideoTracks | None = None
        self._decoded: tuple[_Kept, NDArray[np.uint8]] | None = None
        self._carried: tuple[object, object, VideoTracks | None] | None = None

    def on_preview(self, preview: Preview) -> None:
        """A new picture."""
        self._preview = preview
        now_ns = self._arrived_ns = self._clock.mono_ns()
        self._age_at_arrival_s = max(
            (self._clock.utc_us() - preview.t_utc_us) / 1e6, (now_ns - preview.t_mono_ns) / 1e9, 0.0
        )
        self.ring.add(preview, now_ns, self._age_at_arrival_s, self._matching(preview) or self._newest_tracks)

    def on_tracks(self, record: VideoTracks) -> None:
        """The tracks of one frame wait here for its picture."""
        self._tracks[record.tracks.frame_id] = record
        while len(self._tracks) > _KEPT_FRAMES:
            self._tracks.popitem(last=False)
        self._newest_tracks = record
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
        tracks, carried_s = self._matching(p), 0.0
        newest = self._newest_tracks
        ago_s = float("inf") if newest is None else (p.t_utc_us - newest.tracks.t_utc_us) / 1e6
        if tracks is None and newest is not None:
            tracks, carried_s = self._carry(p, newest, p.pose, p.t_utc_us, _full_size(p.image_bgr, p.scale)), ago_s
        return Shown(
            p.frame_id, p.t_utc_us, p.image_bgr, p.scale, tracks, self.age_s(), True, carried_s if tracks else 0.0,
            max(ago_s, 0.0),
        )  # fmt: skip

    def _carry(
        self, picture: object, record: VideoTracks, pose: CameraPose | None, t_utc_us: int, size: tuple[int, int]
    ) -> VideoTracks | None:
        """The tracks of a record at the moment of a picture; worked out once for both."""
        if self._carried is None or self._carried[0] is not picture or self._carried[1] is not record:
            made = None if pose is None else carried(record, pose, t_utc_us, size)
            self._carried = picture, record, made
        return self._carried[2]

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
            image = cv2.imdecode(np.frombuffer(kept.jpeg.result(), dtype=np.uint8), cv2.IMREAD_COLOR)
            self._decoded = kept, np.asarray(image, dtype=np.uint8)
        age_s = kept.age_at_arrival_s + (now_ns - kept.arrived_ns) / 1e9
        tracks, apart_s = kept.tracks, 0.0
        if tracks is not None and not _same_frame(tracks, kept.frame_id, kept.t_utc_us):
            apart_s = (kept.t_utc_us - tracks.tracks.t_utc_us) / 1e6
            tracks = self._carry(kept, tracks, kept.pose, kept.t_utc_us, kept.size)
        return Shown(
            kept.frame_id, kept.t_utc_us, self._decoded[1], kept.scale, tracks, age_s, False,
            apart_s if tracks else 0.0, abs(apart_s) if tracks else float("inf"),
        )  # fmt: skip

    def _matching(self, preview: Preview) -> VideoTracks | None:
        """The tracks of this very frame: number and time agree. A worker that was started again counts anew."""
        found = self._tracks.get(preview.frame_id)
        return found if found is not None and _same_frame(found, preview.frame_id, preview.t_utc_us) else None


def _same_frame(record: VideoTracks, frame_id: int, t_utc_us: int) -> bool:
    return record.tracks.frame_id == frame_id and abs(record.tracks.t_utc_us - t_utc_us) <= _SAME_FRAME_US


def _full_size(image_bgr: NDArray[np.uint8], scale: float) -> tuple[int, int]:
    height, width = image_bgr.shape[:2]
    return round(width / scale), round(height / scale)


def _compressed(image_bgr: NDArray[np.uint8]) -> bytes:
    """Raises ``cv2.error`` for what is no picture."""
    _, jpeg = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return jpeg.tobytes()
