"""One worker thread that reads and decodes tiles; the GUI thread asks, goes on, and takes what is ready at its tick."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PyQt6.QtGui import QImage

from groundstation.console.at_exit import close_at_exit
from groundstation.console.map.base.sources import TileSource

_log = logging.getLogger("groundstation.console.tiles")
TileKey = tuple[int, int, int]
_AGAIN_S = 30.0


def to_image(data: bytes) -> QImage | None:
    """Decode a tile; None when it is no picture."""
    bgra = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if bgra is None or bgra.dtype != np.uint8:
        return None
    if bgra.ndim == 2:
        bgra = cv2.cvtColor(bgra, cv2.COLOR_GRAY2BGRA)
    elif bgra.shape[2] == 3:
        bgra = cv2.cvtColor(bgra, cv2.COLOR_BGR2BGRA)
    height, width = bgra.shape[:2]
    image = QImage(np.ascontiguousarray(bgra).data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # a copy: the array goes


@dataclass(frozen=True)
class _Done:
    key: TileKey
    image: QImage | None
    failed: str


class TileLoader:
    """Tiles of one source. ``image`` and ``take_ready`` are called on the GUI thread; ``close`` ends the thread."""

    def __init__(
        self, source: TileSource, most_tiles: int = 192, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.source = source
        self.trouble = ""
        """Why the last tile could not be had, "" when it could."""
        self._clock_s, self._most = clock_s, most_tiles
        self._images: OrderedDict[TileKey, QImage | None] = OrderedDict()
        self._failed_s: dict[TileKey, float] = {}
        self._lock = threading.Condition()
        self._wanted: list[TileKey] = []
        self._busy: TileKey | None = None
        self._ready: queue.SimpleQueue[_Done] = queue.SimpleQueue()
        self._closed = False
        self._thread: threading.Thread | None = None

    def image(self, key: TileKey) -> QImage | None:
        """A tile that is here; None: not yet, or there is none."""
        image = self._images.get(key)
        if key in self._images:
            self._images.move_to_end(key)
        return image

    def want(self, keys: list[TileKey]) -> None:
        """What the view needs, the most important first; what was wanted before and is not here is forgotten."""
        now_s = self._clock_s()
        missing = [k for k in keys if k not in self._images and now_s - self._failed_s.get(k, -np.inf) > _AGAIN_S]
        with self._lock:
            self._wanted = [k for k in missing if k != self._busy]
            if self._wanted and self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="console-tiles", daemon=True)
                self._thread.start()
                close_at_exit(self, self._thread)
            self._lock.notify()

    def take_ready(self) -> bool:
        """Take what the worker has finished; whether anything new can be drawn."""
        new = False
        while True:
            try:
                done = self._ready.get_nowait()
            except queue.Empty:
                return new
            if done.failed:
                if not self.trouble:
                    _log.warning("%s: %s", self.source.name, done.failed)
                self.trouble = done.failed
                self._failed_s[done.key] = self._clock_s()
                continue
            self.trouble = ""
            self._failed_s.pop(done.key, None)
            self._images[done.key] = done.image
            new = True
            while len(self._images) > self._most:
                self._images.popitem(last=False)
            if len(self._failed_s) > 4096:
                self._failed_s.clear()

    @property
    def idle(self) -> bool:
        """Nothing is wanted or under way, and all that was ready was taken."""
        with self._lock:
            return not self._wanted and self._busy is None and self._ready.empty()

    def close(self) -> None:
        """End the thread; a request that is on its way ends within its own limit and is not waited for."""
        with self._lock:
            self._closed, self._wanted = True, []
            self._lock.notify()

    def _run(self) -> None:
        while True:
            with self._lock:
                self._busy = None
                while not self._wanted and not self._closed:
                    self._lock.wait()
                if self._closed:
                    break
                key = self._busy = self._wanted.pop(0)
            try:
                data = self.source.get(*key)
                done = _Done(key, to_image(data) if data else None, "")
            except OSError as error:
                done = _Done(key, None, str(error) or type(error).__name__)
            except Exception as error:
                _log.exception("tile %s of %s", key, self.source.name)
                done = _Done(key, None, str(error))
            self._ready.put(done)
        self.source.close()
