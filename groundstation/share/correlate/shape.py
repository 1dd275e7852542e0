"""Whether two tracks move alike once what all tracks of a camera do together is taken off.

Over some seconds the difference of a pair that is one thing is a constant, plus a wandering of both cameras' poses that all
pairs have in common, plus the tracks' own noise. Two different people who walk side by side have the constant and the
wandering, but each also goes his own way a little; over ten seconds that is more than the noise. A crowd that is laid
beside itself one person further on fits by its places, never by its movements.

Nothing is told of how large the noise is without the pose, so it is taken from the pairs themselves: as the median over
those of the explanation that fits best. It takes three pairs at once to tell a camera's movement from a person's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MIN_PAIRS, MIN_TIMES = 3, 4
WORTH = 2.0
"""Successive differences are not independent: however many there are, they count as one place more, of two dimensions."""
MOST = 30.0
"""No pair is made dearer than this; it is beyond every limit by then."""
LEAST_NOISE_M2 = 0.1
_NEARLY_ALL = 0.7
_STEPS = 3


class Shapes:
    """The differences of all compared pairs, second by second: ``difference_m`` ``(pairs, seconds, 2)``, NaN where a pair
    has none; ``noise_m2`` ``(pairs,)``: each pair's stated variance in one direction without the pose."""

    def __init__(self, series: Sequence[tuple[FloatArray, FloatArray]], noise_m2: FloatArray) -> None:
        """``series``: of each pair the times ``(n,)`` in microseconds of the neighbour's clock and the differences ``(n, 2)``."""
        seconds = [np.floor(t_us / 1e6).astype(np.int64) for t_us, _ in series]
        first = min(int(s.min()) for s in seconds)
        last = max(int(s.max()) for s in seconds)
        self._difference_m = np.full((len(series), last - first + 1, 2), np.nan)
        for k, (_, difference_m) in enumerate(series):
            self._difference_m[k, seconds[k] - first] = difference_m
        self._known = np.isfinite(self._difference_m[:, :, 0])
        self._noise_m2 = noise_m2

    def excess(self, explanations: Sequence[Sequence[int]]) -> FloatArray:
        """How much dearer each pair ``(pairs,)`` gets for moving otherwise than the rest; 0 where that cannot be told.

        ``explanations``: the pairs that each of several explanations takes for the same. The one whose pairs move most alike
        says what the cameras did and how large the noise is.
        """
        most = max((len(e) for e in explanations), default=0)
        found = [
            self._left(np.asarray(e, dtype=np.int64))
            for e in explanations
            if len(e) >= max(MIN_PAIRS, _NEARLY_ALL * most)
        ]
        told = [f for f in found if f is not None]
        if not told:
            return np.zeros(len(self._noise_m2))
        ratio, level = min(told, key=lambda f: f[1])
        noise_m2 = np.maximum(level * self._noise_m2, LEAST_NOISE_M2)
        excess: FloatArray = np.clip(WORTH * (ratio * self._noise_m2 / noise_m2 - 1.0), 0.0, MOST)
        return excess

    def _left(self, chosen: NDArray[np.int64]) -> tuple[FloatArray, float] | None:
        """Of every pair the mean square in one direction, in stated variances, that is left after its own constant and the
        movement that the chosen have in common, NaN-free; and the chosen ones' median."""
        known = self._known[chosen]
        together = known.sum(axis=0) >= 2
        fit = known.sum(axis=1) >= MIN_TIMES
        if fit.sum() < MIN_PAIRS or together.sum() < MIN_TIMES:
            return None
        ours_m = np.where(known[:, together, None], self._difference_m[chosen][:, together], np.nan)
        ours_m = ours_m[known[:, together].any(axis=1)]
        moved_m = np.zeros((int(together.sum()), 2))
        for _ in range(_STEPS):
            constant_m = np.nanmean(ours_m - moved_m, axis=1)
            moved_m = np.nanmedian(ours_m - constant_m[:, None, :], axis=0)
        times = (self._known & together).sum(axis=1)
        left_m = np.where(self._known[:, together, None], self._difference_m[:, together] - moved_m, 0.0)
        counted = np.maximum(times, 1)
        mean_m = left_m.sum(axis=1) / counted[:, None]
        square_m2 = (left_m**2).sum(axis=(1, 2)) / counted - (mean_m**2).sum(axis=1)
        # One place of each pair went into its own constant.
        ratio = np.maximum(square_m2, 0.0) / 2.0 * counted / np.maximum(counted - 1, 1) / self._noise_m2
        judged = times >= MIN_TIMES
        among = chosen[judged[chosen]]
        if len(among) < MIN_PAIRS:
            return None
        # The movement in common was fitted to the chosen ones: it took a part of their noise with it.
        level = float(np.median(ratio[among])) * len(among) / (len(among) - 1.0)
        return np.where(judged, ratio, 0.0), level
