"""How long a battery still lasts, from how it went down: no widget, no clock."""

from __future__ import annotations

import math
from collections import deque

RESERVE_PERCENT = 20.0
_SPAN_S = 300.0
_LEAST_S, _LEAST_DROP = 60.0, 2.0


class BatteryTime:
    """Fed with percent and time; a battery that goes up was changed, and all before it is forgotten."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def add(self, now_s: float, percent: float) -> None:
        """A reading. Percent comes in whole steps, so equal ones are kept once, at their first time."""
        if not math.isfinite(percent):
            return
        if self._seen and percent > self._seen[-1][1] + 1.0:
            self._seen.clear()
        if not self._seen or percent < self._seen[-1][1]:
            self._seen.append((now_s, percent))
        while len(self._seen) > 2 and now_s - self._seen[0][0] > _SPAN_S:
            self._seen.popleft()

    def left_s(self, now_s: float, reserve_percent: float = RESERVE_PERCENT) -> float:
        """Seconds until the reserve is reached, if it goes on like this; NaN while there is too little to tell from.

        The straight line through the first and the newest step; from the newest step on, time counts down.
        """
        if len(self._seen) < 2:
            return math.nan
        (first_s, first), (last_s, last) = self._seen[0], self._seen[-1]
        if last_s - first_s < _LEAST_S or first - last < _LEAST_DROP:
            return math.nan
        per_s = (first - last) / (last_s - first_s)
        return max((last - reserve_percent) / per_s - (now_s - last_s), 0.0)
