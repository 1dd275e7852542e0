"""Where a track was over the last seconds, on a local plane."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

KEPT_US = 12_000_000
MAX_POINTS = 240
_MAX_GAP_US = 2_500_000
_EXTRAPOLATED_US = 600_000
_TURN_M_S2 = 1.0
"""How much a walker or a vehicle may speed up or turn: what a place is worth some time after it was measured."""


@dataclass(frozen=True, eq=False)
class Point:
    """A track at a time of its station's clock: ``en_m`` ``(2,)``, ``covariance_m2`` ``(2, 2)``, ``velocity_m_s`` ``(2,)``
    (NaN where it is not told)."""

    t_us: float
    en_m: FloatArray
    covariance_m2: FloatArray
    velocity_m_s: FloatArray


@dataclass(frozen=True, eq=False)
class Points:
    """``n`` places of a track: ``t_us`` ``(n,)``, ``en_m`` and ``velocity_m_s`` ``(n, 2)``, ``covariance_m2`` ``(n, 2, 2)``."""

    t_us: FloatArray
    en_m: FloatArray
    covariance_m2: FloatArray
    velocity_m_s: FloatArray

    def __len__(self) -> int:
        return len(self.t_us)


class History:
    """The last seconds of one track, oldest first."""

    def __init__(self, class_name: str) -> None:
        self.class_name = class_name
        self._points: deque[Point] = deque(maxlen=MAX_POINTS)
        self._together: Points | None = None

    def add(self, point: Point) -> None:
        """The newest point; an older one than the newest is dropped, so that a late message cannot turn a track back."""
        if self._points and point.t_us <= self._points[-1].t_us:
            return
        self._points.append(point)
        while point.t_us - self._points[0].t_us > KEPT_US:
            self._points.popleft()
        self._together = None

    @property
    def newest(self) -> Point:
        """The newest point; ``IndexError`` for an empty history."""
        return self._points[-1]

    def points(self) -> Points:
        """All points."""
        if self._together is None:
            self._together = Points(
                np.array([p.t_us for p in self._points]),
                np.array([p.en_m for p in self._points]).reshape(-1, 2),
                np.array([p.covariance_m2 for p in self._points]).reshape(-1, 2, 2),
                np.array([p.velocity_m_s for p in self._points]).reshape(-1, 2),
            )
        return self._together

    def at(self, t_us: FloatArray) -> tuple[NDArray[np.bool_], Points]:
        """The track at times ``(n,)``: which of them it is known at, and where it was at those.

        Between two points on the straight line, a little beyond the newest by its velocity. Not known before the first, in
        a gap, and further beyond.
        """
        own = self.points()
        if len(own) == 0:
            return np.zeros(len(t_us), dtype=bool), own
        after = np.searchsorted(own.t_us, t_us, side="right")
        before = np.clip(after - 1, 0, len(own) - 1)
        beyond = after == len(own)
        after = np.minimum(after, len(own) - 1)
        step_us = own.t_us[after] - own.t_us[before]
        ahead_us = t_us - own.t_us[before]
        known = np.where(beyond, ahead_us <= _EXTRAPOLATED_US, step_us <= _MAX_GAP_US) & (t_us >= own.t_us[0])
        before, after, beyond = before[known], after[known], beyond[known]
        step_us, ahead_us = step_us[known], ahead_us[known]
        f = np.where(beyond, 0.0, ahead_us / np.maximum(step_us, 1.0))
        told = own.velocity_m_s[before]
        moving = np.isfinite(told).all(axis=1)
        between = (own.en_m[after] - own.en_m[before]) / np.maximum(step_us, 1.0)[:, None] * 1e6
        velocity = np.where(beyond[:, None], told, between)
        dt_s = ahead_us / 1e6
        en_m = own.en_m[before] + np.where((beyond & ~moving)[:, None], 0.0, np.nan_to_num(velocity) * dt_s[:, None])
        # The errors of both ends have the camera's pose in common: they are not averaged.
        covariance = (1.0 - f)[:, None, None] * own.covariance_m2[before] + f[:, None, None] * own.covariance_m2[after]
        loose_m = np.where(beyond, np.where(moving, 0.5 * _TURN_M_S2 * dt_s**2, 2.0 * dt_s), 0.0)
        covariance = covariance + (loose_m**2)[:, None, None] * np.eye(2)
        return known, Points(t_us[known], en_m, covariance, velocity)
