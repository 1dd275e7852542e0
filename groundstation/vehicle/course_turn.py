"""How fast an aircraft's course turns, as far as that is steady enough to go by."""

from __future__ import annotations

import math
from collections import deque

_SPAN_S = 2.0
_FEWEST = 4
_SLOWEST_M_S = 2.0
_LEAST_DEG_S = 5.0
_SCATTER = 0.25


class CourseTurn:
    """The slope of the course over the last two seconds of velocities.

    Told only while it is a turn without doubt: at least 5 degrees a second, faster than 2 m/s, and the courses no further
    from an even turn than a quarter of what was turned. Noise taken for a turn would bend a way that leads straight out.
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()
        self._slope_deg_s = 0.0

    def add(self, now_s: float, vn_m_s: float, ve_m_s: float) -> None:
        """One velocity over ground."""
        if math.hypot(vn_m_s, ve_m_s) < _SLOWEST_M_S:
            self._seen.clear()
            self._slope_deg_s = 0.0
            return
        course = math.degrees(math.atan2(ve_m_s, vn_m_s))
        if self._seen:
            last = self._seen[-1]
            if now_s <= last[0]:
                return
            course = last[1] + (course - last[1] + 180.0) % 360.0 - 180.0
        self._seen.append((now_s, course))
        while now_s - self._seen[0][0] > _SPAN_S:
            self._seen.popleft()
        self._slope_deg_s = self._slope()

    def deg_s(self, now_s: float) -> float:
        """Clockwise positive; 0 when it flies straight or nobody can tell."""
        return self._slope_deg_s if self._seen and now_s - self._seen[-1][0] <= 1.0 else 0.0

    def _slope(self) -> float:
        seen = self._seen
        if len(seen) < _FEWEST or seen[-1][0] - seen[0][0] < 0.4 * _SPAN_S:
            return 0.0
        count = len(seen)
        mean_t = sum(t for t, _ in seen) / count
        mean_c = sum(c for _, c in seen) / count
        slope = sum((t - mean_t) * (c - mean_c) for t, c in seen) / sum((t - mean_t) ** 2 for t, _ in seen)
        if abs(slope) < _LEAST_DEG_S:
            return 0.0
        worst = max(abs(c - mean_c - slope * (t - mean_t)) for t, c in seen)
        return slope if worst <= _SCATTER * abs(slope) * (seen[-1][0] - seen[0][0]) else 0.0
