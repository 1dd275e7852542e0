"""Errors of positions, the budget they were given, and whether the two fit: shared by tracks and single boxes."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from geofences.accuracy import circular_error_m
from vision.records import FloatArray


@dataclass(frozen=True, eq=False)
class PositionScore:
    """Errors of n positions against the truth.

    ``error_m`` ``(n,)``; ``budget_m`` ``(n,)`` the median error that each one's covariance predicts; ``nees`` ``(n,)``;
    ``thinned`` ``(k,)``: indices of samples far enough apart in time to count as independent, one in a frame.
    ``covariance_m2`` ``(n, 2, 2)`` as it was told, ``pose_m2`` the part of it that the frame shares; ``t_s`` ``(n,)``;
    ``flight`` ``(n,)`` numbers the flights.
    """

    error_m: FloatArray
    budget_m: FloatArray
    nees: FloatArray
    thinned: NDArray[np.int64]
    covariance_m2: FloatArray
    pose_m2: FloatArray
    t_s: FloatArray
    flight: NDArray[np.int64]

    @classmethod
    def empty(cls) -> PositionScore:
        """Of no positions."""
        none, no_matrix, no_number = np.zeros(0), np.zeros((0, 2, 2)), np.zeros(0, dtype=np.int64)
        return cls(none, none, none, no_number, no_matrix, no_matrix, none, no_number)

    @property
    def median_m(self) -> float:
        """Median error; NaN without samples."""
        return float(np.median(self.error_m)) if len(self.error_m) else math.nan

    @property
    def p90_m(self) -> float:
        """90 % of the errors are below this."""
        return float(np.percentile(self.error_m, 90)) if len(self.error_m) else math.nan

    @property
    def ratio(self) -> float:
        """Median error over the median of what the budget predicts."""
        return self.median_m / float(np.median(self.budget_m)) if len(self.budget_m) else math.nan

    @property
    def nees_of_all(self) -> float:
        """Mean of all positions, which are not independent; 2 for a consistent filter."""
        return float(self.nees.mean()) if len(self.nees) else math.nan

    @property
    def nees_mean(self) -> float:
        """Mean of the thinned samples; 2 for a consistent filter."""
        return float(self.nees[self.thinned].mean()) if len(self.thinned) else math.nan


def joined(scores: Sequence[PositionScore]) -> PositionScore:
    """All of them as one."""
    if not scores:
        return PositionScore.empty()
    start = np.concatenate([[0], np.cumsum([len(s.error_m) for s in scores])[:-1]])
    first = np.concatenate([[0], np.cumsum([s.flight.max(initial=-1) + 1 for s in scores])[:-1]])
    return PositionScore(
        np.concatenate([s.error_m for s in scores]),
        np.concatenate([s.budget_m for s in scores]),
        np.concatenate([s.nees for s in scores]),
        np.concatenate([s.thinned + int(at) for s, at in zip(scores, start, strict=True)]),
        np.concatenate([s.covariance_m2 for s in scores]),
        np.concatenate([s.pose_m2 for s in scores]),
        np.concatenate([s.t_s for s in scores]),
        np.concatenate([s.flight + int(number) for s, number in zip(scores, first, strict=True)]),
    )


@functools.cache
def _median_by_shape() -> tuple[FloatArray, FloatArray]:
    """The median error of ellipses with a large axis of 1, by the small axis over the large one."""
    shape = np.linspace(0.0, 1.0, 41)
    return shape, np.array([circular_error_m(np.diag([1.0, q * q]), 0.5) for q in shape])


def median_error_m(covariance_m2: FloatArray) -> float:
    """The error that half of all errors with this covariance ``(2, 2)`` are below; to some 0.1 %, from a table."""
    small, large = np.sqrt(np.maximum(np.linalg.eigvalsh(covariance_m2), 0.0))
    if large <= 0.0:
        return 0.0
    return float(large * np.interp(small / large, *_median_by_shape()))


class PositionSampler:
    """Collects samples of one flight at 1 Hz, from 2 s after its start.

    Thinning: what is wrong in the camera's pose is wrong for everything in a frame and lasts (GPS 30 s, angles 7 s). So
    one position is drawn in a frame and the next frame is ``apart_s`` later; with the shares of the pose's variance
    that the crossing rule states (.6 and .4) errors 20 s apart have a correlation of .33 and their squares one of .11.
    """

    def __init__(self, seed: int, apart_s: float = 20.0, every_s: float = 1.0) -> None:
        self._rng = np.random.default_rng(seed)
        self._apart_s, self._every_s = apart_s, every_s
        self._due_s: float | None = None
        self._due_thin_s = 0.0
        self._error: list[float] = []
        self._budget: list[float] = []
        self._nees: list[float] = []
        self._t_s: list[float] = []
        self._matrices: list[tuple[FloatArray, FloatArray]] = []
        self._thinned: list[int] = []

    def due(self, t_s: float) -> bool:
        """Whether a frame of this time is to be sampled."""
        if self._due_s is None:
            self._due_s = t_s + 2.0
            self._due_thin_s = self._due_s + float(self._rng.uniform(0.0, 5.0))
        return t_s >= self._due_s

    def add(self, t_s: float, error_en_m: FloatArray, covariance_m2: FloatArray, pose_m2: FloatArray) -> None:
        """Samples of one frame: ``(n, 2)``, ``(n, 2, 2)`` and the pose's part of that, ``(n, 2, 2)``."""
        first = len(self._error)
        self._t_s += [t_s] * len(error_en_m)
        self._matrices.append((covariance_m2.copy(), pose_m2.copy()))
        for off, p in zip(error_en_m, covariance_m2, strict=True):
            self._error.append(float(np.hypot(*off)))
            self._budget.append(median_error_m(p))
            self._nees.append(float(off @ np.linalg.solve(p, off)))
        self._due_s = t_s + self._every_s
        if len(self._error) > first and t_s >= self._due_thin_s:
            self._thinned.append(int(self._rng.integers(first, len(self._error))))
            self._due_thin_s = t_s + self._apart_s

    def score(self) -> PositionScore:
        """What was collected."""
        if not self._error:
            return PositionScore.empty()
        total, pose = (np.concatenate(parts) for parts in zip(*self._matrices, strict=True))
        return PositionScore(
            np.array(self._error), np.array(self._budget), np.array(self._nees), np.array(self._thinned, dtype=np.int64),
            total, pose, np.array(self._t_s), np.zeros(len(self._error), dtype=np.int64),
        )  # fmt: skip


def band(samples: int, dimension: int = 2) -> tuple[float, float]:
    """The 95 % band of the mean of ``samples`` independent NEES of a consistent filter; NaN for none.

    Their sum is chi-squared with ``samples * dimension`` degrees of freedom (Bar-Shalom, Li, Kirubarajan: Estimation with
    Applications to Tracking and Navigation, section 5.4.2).
    """
    if samples == 0:
        return math.nan, math.nan
    low, high = chi2.ppf([0.025, 0.975], samples * dimension)
    return float(low) / samples, float(high) / samples
