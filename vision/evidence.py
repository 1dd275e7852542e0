"""Orders for clips of what a stream has just shown: they wait for their last picture, then are written aside."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geofences.errors import MarchwardenError
from vision.clip import ClipInfo
from vision.evidence_boxes import BoxRecorder

_log = logging.getLogger("vision.evidence")
SaveFunction = Callable[[int, int, Path], ClipInfo]
"""``(from_utc_us, to_utc_us, path)`` -> the clip that was written; raises ``VideoError``. Thread-safe."""

_OVERDUE_S = 5.0
_LONGEST_WAIT_S = 60.0
_SHORT_S = 1.0


@dataclass(frozen=True)
class SaveClip:
    """Order to write what was seen between two times to ``path``. ``request_id`` comes back in the answer."""

    request_id: str
    from_utc_us: int
    to_utc_us: int
    path: str


@dataclass(frozen=True)
class ClipResult:
    """What became of a :class:`SaveClip`. When not ``ok`` there is no file and ``detail`` says why, else what it lacks."""

    request_id: str
    path: str
    ok: bool
    detail: str = ""


class EvidenceDesk:
    """Takes orders, begins each when its last picture has come (or is overdue), and hands out results.

    A clip is written on a thread of its own, started for it and ended with it: a slow disk must not hold up the next
    frame. Beside each clip go the boxes of what was seen in it.
    """

    def __init__(self, save: SaveFunction, boxes: BoxRecorder) -> None:
        self._save = save
        self._boxes = boxes
        self._waiting: list[tuple[SaveClip, float]] = []
        self._writing: list[threading.Thread] = []
        self._results: deque[ClipResult] = deque()

    def request(self, order: SaveClip, now_s: float, newest_utc_us: int) -> None:
        """Take an order at monotonic time ``now_s``, when the newest picture was of ``newest_utc_us`` (0: none)."""
        ahead_s = max(0.0, (order.to_utc_us - newest_utc_us) / 1e6) if newest_utc_us else 0.0
        self._waiting.append((order, now_s + min(ahead_s + _OVERDUE_S, _LONGEST_WAIT_S)))

    def poll(self, now_s: float, newest_utc_us: int) -> list[ClipResult]:
        """Begin what is due, collect what is finished."""
        due = [o for o, deadline_s in self._waiting if newest_utc_us >= o.to_utc_us or now_s >= deadline_s]
        self._waiting = [w for w in self._waiting if w[0] not in due]
        for order in due:
            thread = threading.Thread(target=self._write, args=(order,), name="evidence-clip", daemon=True)
            thread.start()
            self._writing.append(thread)
        self._writing = [t for t in self._writing if t.is_alive()]
        results: list[ClipResult] = []
        while self._results:
            results.append(self._results.popleft())
        return results

    def finish(self, timeout_s: float) -> list[ClipResult]:
        """Write all orders with what there is; wait for each at most ``timeout_s``."""
        results = self.poll(float("inf"), 0)
        for thread in self._writing:
            thread.join(timeout_s)
        return results + self.poll(float("inf"), 0)

    def _write(self, order: SaveClip) -> None:
        try:
            clip = self._save(order.from_utc_us, order.to_utc_us, Path(order.path))
        except (MarchwardenError, OSError) as error:
            _log.error("clip %s was not written: %s", order.path, error)
            self._results.append(ClipResult(order.request_id, order.path, False, str(error)))
            return
        remarks = []
        if (late_s := (clip.from_utc_us - order.from_utc_us) / 1e6) > _SHORT_S:
            remarks.append(f"the first {late_s:.1f} s are missing")
        if (early_s := (order.to_utc_us - clip.to_utc_us) / 1e6) > _SHORT_S:
            remarks.append(f"the last {early_s:.1f} s are missing")
        try:
            self._boxes.save(clip, order.from_utc_us, order.to_utc_us)
        except OSError as error:
            _log.error("the boxes of clip %s were not written: %s", order.path, error)
            remarks.append("the boxes of what was seen could not be written")
        self._results.append(ClipResult(order.request_id, order.path, True, "; ".join(remarks)))
