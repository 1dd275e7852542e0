"""Orders for clips of what a stream has just shown: they wait for their last picture, then are written aside."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geofences.errors import MarchwardenError

_log = logging.getLogger("vision.evidence")
SaveFunction = Callable[[int, int, Path], int]
"""``(from_utc_us, to_utc_us, path)`` -> capture time of the clip's first picture; raises ``VideoError``. Thread-safe."""

_OVERDUE_S = 5.0
_LONGEST_WAIT_S = 60.0


@dataclass(frozen=True)
class SaveClip:
    """Order to write what was seen between two times to ``path``. ``request_id`` comes back in the answer."""

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


class EvidenceDesk:
    """Takes orders, begins each when its last picture has come (or is overdue), and hands out results.

    A clip is written on a thread of its own, started for it and ended with it: a slow disk must not hold up the next
    frame.
    """

    def __init__(self, save: SaveFunction) -> None:
        self._save = save
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
            first_us = self._save(order.from_utc_us, order.to_utc_us, Path(order.path))
        except (MarchwardenError, OSError) as error:
            _log.error("clip %s was not written: %s", order.path, error)
            self._results.append(ClipResult(order.request_id, order.path, False, str(error)))
            return
        late_s = (first_us - order.from_utc_us) / 1e6
        detail = f"the first {late_s:.1f} s are missing" if late_s > 1.0 else ""
        self._results.append(ClipResult(order.request_id, order.path, True, detail))
