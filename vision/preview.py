"""Pictures for the operator: small, newest only, and not later than they have to be.

What an operator steers by must not wait for the network: a picture whose camera pose is known goes out as soon as it is
decoded, and the console carries the newest tracks on to it. One without a pose waits for its own boxes, since nothing else
could be drawn on it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import av
import cv2
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from vision.exchange import MAX_PREVIEW_PX, Exchange
from vision.records import CameraPose, Frame
from vision.worker_messages import PreviewMessage

_log = logging.getLogger("vision.preview")


def size_of(width: int, height: int, width_px: int) -> tuple[tuple[int, int], float]:
    """Width and height of the preview of a picture at most ``width_px`` wide, and its pixels per pixel of the picture."""
    scale = min(1.0, width_px / width, MAX_PREVIEW_PX / width, MAX_PREVIEW_PX / height)
    return (max(1, round(width * scale)), max(1, round(height * scale))), scale


def preview_of(image_bgr: NDArray[np.uint8], width_px: int) -> tuple[NDArray[np.uint8], float]:
    """A picture for the operator, at most ``width_px`` wide and as large as the exchange holds, and its scale."""
    height, width = image_bgr.shape[:2]
    size, scale = size_of(width, height, width_px)
    if scale == 1.0:
        return image_bgr, 1.0
    return np.asarray(cv2.resize(image_bgr, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8), scale


class PreviewSender:
    """Puts pictures into the exchange, at most ``rate_hz`` of them and never an older one after a newer one.

    Two threads use it: that which reads the stream, and that which analyses. ``send`` hands a message to the station.
    """

    def __init__(
        self, exchange: Exchange, send: Callable[[PreviewMessage], None], width_px: int, rate_hz: float
    ) -> None:
        self._exchange, self._send = exchange, send
        # A tenth less than the interval: frames come at about this rate, and every other one would be missed.
        self._width_px, self._apart_s = width_px, 0.9 / rate_hz
        self._lock = threading.Lock()
        self._reformatter = VideoReformatter()
        self._sent_s = -np.inf
        self._newest_ns = 0

    def picture(self, picture: Any, frame_id: int, t_utc_us: int, t_mono_ns: int, pose: CameraPose) -> None:
        """A decoded picture (PyAV) that nobody has looked at yet, with the camera's pose at its time."""
        with self._lock:
            if not self._is_due(t_mono_ns):
                return
            (width, height), scale = size_of(picture.width, picture.height, self._width_px)
            try:
                small = self._reformatter.reformat(
                    picture, width, height, "bgr24", interpolation=Interpolation.BILINEAR, threads=1
                )
                image = np.asarray(small.to_ndarray(), dtype=np.uint8)
            except (ValueError, OSError, MemoryError, av.error.FFmpegError) as error:
                _log.warning("no preview of a picture: %s", error)
                return
            self._put(image, frame_id, t_utc_us, t_mono_ns, scale, pose)

    def frame(self, frame: Frame, pose: CameraPose | None) -> None:
        """A frame that has been analysed; passed over when it, or a newer one, has been sent."""
        with self._lock:
            if self._is_due(frame.t_mono_ns):
                small, scale = preview_of(frame.image_bgr, self._width_px)
                self._put(small, frame.frame_id, frame.t_utc_us, frame.t_mono_ns, scale, pose)

    def _is_due(self, t_mono_ns: int) -> bool:
        return t_mono_ns > self._newest_ns and time.monotonic() - self._sent_s >= self._apart_s

    def _put(
        self, image: NDArray[np.uint8], frame_id: int, t_utc_us: int, t_mono_ns: int, scale: float,
        pose: CameraPose | None,
    ) -> None:  # fmt: skip
        self._sent_s, self._newest_ns = time.monotonic(), t_mono_ns
        number = self._exchange.write_picture(image)
        self._send(PreviewMessage(number, frame_id, t_utc_us, t_mono_ns, scale, pose))
