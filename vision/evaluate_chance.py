"""How far a few flights' errors stray from their budget by chance alone.

What a budget says holds over many flights. In one of 90 s the pose's error has only a few independent values (GPS lasts
half a minute, angles some seconds), and all objects share it: the median error of a flight of perfectly stated errors is
anything from half to one and a half times what the budget predicts. So the errors of a suite are drawn again, many times,
from their own covariances: the pose's part as a process in time that all tracks of a flight share, with the correlation
that the crossing rule states, the rest for each position alone. The middle 95 % of the ratios that come out is where a
ratio may lie that says nothing against the budget.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geofences.crossing import CrossingSettings
from vision.evaluate_positions import PositionScore
from vision.records import FloatArray

DRAWS = 400
_AT_ONCE = 50
_SAME_FRAME_S = 1e-3


@dataclass(frozen=True)
class Chance:
    """95 % bands, low and high, for errors that are exactly as stated; NaN without positions.

    ``ratio`` of :attr:`PositionScore.ratio`; ``nees`` of the mean of all positions' NEES (they are not independent, so it
    is wider than that of as many independent ones).
    """

    ratio: tuple[float, float]
    nees: tuple[float, float]


def chance(score: PositionScore, draws: int = DRAWS, seed: int = 1) -> Chance:
    """The bands of a score."""
    if not len(score.error_m):
        return Chance((math.nan, math.nan), (math.nan, math.nan))
    rng, inverse = np.random.default_rng(seed), np.linalg.inv(score.covariance_m2)
    ratios, nees = [], []
    for _ in range(0, draws, _AT_ONCE):
        error = drawn_errors_m(score, _AT_ONCE, rng)
        ratios.append(np.median(np.hypot(error[..., 0], error[..., 1]), axis=1) / np.median(score.budget_m))
        nees.append(np.einsum("dni,nij,dnj->dn", error, inverse, error).mean(axis=1))
    return Chance(_middle(ratios), _middle(nees))


def _middle(parts: list[FloatArray]) -> tuple[float, float]:
    low, high = np.percentile(np.concatenate(parts), [2.5, 97.5])
    return float(low), float(high)


def drawn_errors_m(score: PositionScore, draws: int, rng: np.random.Generator) -> FloatArray:
    """Errors ``(draws, n, 2)`` that the positions could have had."""
    of_pose, own = _square_root(score.pose_m2), _square_root(score.covariance_m2 - score.pose_m2)
    errors = np.empty((draws, len(score.error_m), 2))
    for flight in np.unique(score.flight):
        here = np.flatnonzero(score.flight == flight)
        times, frame = np.unique(np.round(score.t_s[here] / _SAME_FRAME_S), return_inverse=True)
        common = _wandering(times * _SAME_FRAME_S, draws, rng)[:, frame]
        alone = rng.standard_normal((draws, len(here), 2))
        errors[:, here] = np.einsum("nij,dnj->dni", of_pose[here], common) + np.einsum("nij,dnj->dni", own[here], alone)
    return errors


def _wandering(t_s: FloatArray, draws: int, rng: np.random.Generator) -> FloatArray:
    """Two axes of unit variance at ascending times ``(k,)``: sums of Gauss-Markov processes; ``(draws, k, 2)``."""
    total = np.zeros((draws, len(t_s), 2))
    for share, tau_s in CrossingSettings().pose_correlation:
        keep = np.exp(-np.diff(t_s, prepend=-np.inf) / tau_s)
        value = np.zeros((draws, 2))
        for k, kept in enumerate(keep.tolist()):
            value = kept * value + math.sqrt(1.0 - kept * kept) * rng.standard_normal((draws, 2))
            total[:, k] += math.sqrt(share) * value
    return total


def _square_root(covariance_m2: FloatArray) -> FloatArray:
    """The symmetric roots of covariances ``(n, 2, 2)``; what rounding makes negative counts as nothing."""
    values, axes = np.linalg.eigh(covariance_m2)
    return np.asarray(np.einsum("nij,nj,nkj->nik", axes, np.sqrt(np.maximum(values, 0.0)), axes))
