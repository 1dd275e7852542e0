"""The last half minute of pictures, and short clips cut out of it."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray

_log = logging.getLogger("vision.evidence")
_BOX_BGR = (60, 220, 255)


@dataclass(frozen=True)
class SaveClip:
    """Order to write what was seen between two times to ``path`` (an MP4 file); ``request_id`` comes back in the answer."""

    request_id: str
    from_utc_us: int
    to_utc_us: int
    path: str


@dataclass(frozen=True)
class ClipResult:
    """What became of a :class:`SaveClip`. When not ``ok`` there is no file, and ``detail`` says why."""

    request_id: str
    path: str
    ok: bool
    detail: str = ""


@dataclass(frozen=True, eq=False)
class _Picture:
    t_utc_us: int
    jpeg: NDArray[np.uint8]
    boxes: FloatArray
    names: tuple[str, ...]


class EvidenceRecorder:
    """Keeps small JPEG pictures with their boxes and writes clips of them.

    A clip is written on a thread of its own, started for it and ended with it: encoding takes a second, and the worker's
    next frames must not wait for an archive. The thread touches only its own list of pictures.
    """

    def __init__(self, keep_s: float = 30.0, jpeg_quality: int = 75) -> None:
        self._keep_us = int(keep_s * 1e6)
        self._quality = jpeg_quality
        self._pictures: deque[_Picture] = deque()
        self._waiting: list[tuple[SaveClip, float]] = []
        self._writing: list[threading.Thread] = []
        self._results: deque[ClipResult] = deque()

    def add(self, t_utc_us: int, image_bgr: NDArray[np.uint8], boxes: FloatArray, names: tuple[str, ...]) -> None:
        """Keep a picture with boxes ``(n, 4)`` in its own pixels."""
        if self._pictures and t_utc_us <= self._pictures[-1].t_utc_us:
            self._pictures.clear()  # a recording that started again
        ok, jpeg = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        if not ok:
            return
        self._pictures.append(_Picture(t_utc_us, np.asarray(jpeg, dtype=np.uint8), boxes.copy(), names))
        while self._pictures[-1].t_utc_us - self._pictures[0].t_utc_us > self._keep_us:
            self._pictures.popleft()

    def request(self, order: SaveClip, now_s: float) -> None:
        """Take an order; it is begun when its last picture has come, or when that is overdue by 5 s."""
        due_in_s = 5.0
        if self._pictures:
            due_in_s += max(0.0, (order.to_utc_us - self._pictures[-1].t_utc_us) / 1e6)
        self._waiting.append((order, now_s + min(due_in_s, 60.0)))

    def poll(self, now_s: float, everything: bool = False) -> list[ClipResult]:
        """Begin what is due and collect what is finished. ``everything``: begin all now (the worker is stopping)."""
        newest_us = self._pictures[-1].t_utc_us if self._pictures else 0
        still: list[tuple[SaveClip, float]] = []
        for order, deadline_s in self._waiting:
            if everything or newest_us >= order.to_utc_us or now_s >= deadline_s:
                self._begin(order)
            else:
                still.append((order, deadline_s))
        self._waiting = still
        self._writing = [t for t in self._writing if t.is_alive()]
        results: list[ClipResult] = []
        while self._results:
            results.append(self._results.popleft())
        return results

    def finish(self, timeout_s: float) -> list[ClipResult]:
        """Write all orders out and wait for them, at most ``timeout_s`` per clip."""
        self.poll(0.0, everything=True)
        for thread in self._writing:
            thread.join(timeout_s)
        return self.poll(0.0)

    def _begin(self, order: SaveClip) -> None:
        pictures = [p for p in self._pictures if order.from_utc_us <= p.t_utc_us <= order.to_utc_us]
        if not pictures:
            held = ""
            if self._pictures:
                held = f"; held are the last {(self._pictures[-1].t_utc_us - self._pictures[0].t_utc_us) / 1e6:.0f} s"
            self._results.append(ClipResult(order.request_id, order.path, False, "no pictures of that time" + held))
            return
        late_s = (pictures[0].t_utc_us - order.from_utc_us) / 1e6
        detail = f"the first {late_s:.1f} s are missing" if late_s > 1.0 else ""
        thread = threading.Thread(target=self._write, args=(order, pictures, detail), name="evidence-clip", daemon=True)
        thread.start()
        self._writing.append(thread)

    def _write(self, order: SaveClip, pictures: list[_Picture], detail: str) -> None:
        try:
            write_clip(Path(order.path), pictures)
        except (OSError, ValueError, av.FFmpegError) as error:
            _log.error("clip %s could not be written: %s", order.path, error)
            self._results.append(ClipResult(order.request_id, order.path, False, f"{order.path}: {error}"))
        else:
            self._results.append(ClipResult(order.request_id, order.path, True, detail))


def write_clip(path: Path, pictures: list[_Picture]) -> None:
    """Write an H.264 MP4 with the boxes and the UTC time drawn in; the file appears whole or not at all.

    Raises ``OSError`` or ``av.FFmpegError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with av.open(str(part), "w", format="mp4", options={"movflags": "faststart"}) as container:
            stream = None
            for picture in pictures:
                image = _drawn(picture)
                if stream is None:
                    stream = container.add_stream("libx264", rate=10, options={"preset": "veryfast", "crf": "26"})
                    stream.width, stream.height = image.shape[1], image.shape[0]
                    stream.pix_fmt = "yuv420p"
                    stream.codec_context.thread_count = 1
                    stream.codec_context.time_base = stream.time_base = Fraction(1, 1000)
                frame = av.VideoFrame.from_ndarray(image[: stream.height, : stream.width], format="bgr24")
                frame.pts = (picture.t_utc_us - pictures[0].t_utc_us) // 1000
                frame.time_base = Fraction(1, 1000)
                container.mux(stream.encode(frame))
            if stream is not None:
                container.mux(stream.encode(None))
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def _drawn(picture: _Picture) -> NDArray[np.uint8]:
    image = np.asarray(cv2.imdecode(picture.jpeg, cv2.IMREAD_COLOR), dtype=np.uint8)
    # yuv420p needs even sides.
    image = np.ascontiguousarray(image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2])
    for box, name in zip(picture.boxes, picture.names, strict=True):
        if not np.isfinite(box).all():
            continue
        x0, y0, x1, y1 = (round(float(v)) for v in box)
        cv2.rectangle(image, (x0 - 3, y0 - 3), (x1 + 3, y1 + 3), _BOX_BGR, 1, cv2.LINE_AA)
        cv2.putText(image, name, (x0 - 3, y0 - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.4, _BOX_BGR, 1, cv2.LINE_AA)
    moment = datetime.fromtimestamp(picture.t_utc_us / 1e6, tz=UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-4] + " UTC"
    cv2.putText(image, moment, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 3, cv2.LINE_AA)
    cv2.putText(image, moment, (8, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 255, 255), 1, cv2.LINE_AA)
    return image
