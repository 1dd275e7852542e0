"""The mathematics of a crossing: whether a track got across or only stopped on the line, and when it went over it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geofences.geodesy import FloatArray


class Sample(NamedTuple):
    """One position of a track: ``d_m`` from the line, positive left, and the variances of that."""

    t_us: int
    d_m: float
    pose_var: float  # of d, the part that the pose causes
    own_var: float  # of d, the rest
    east_m: float
    north_m: float
    covariance_m2: FloatArray
    held: bool  # clearly on one side, and not just for a moment
    walked_m: float = 0.0  # its rate of d summed up since its first position, free of the drift
    walked_var: float = 0.0  # of that, growing with time

    @property
    def sigma(self) -> float:
        """Of ``d_m``."""
        return math.sqrt(self.pose_var + self.own_var)


def across_or_stopped(
    trail: Sequence[Sample],
    sign: int,
    pose_correlation: Sequence[tuple[float, float]],
    window_s: float,
    step_s: float,
    step_noise: float,
) -> float:
    """Log-likelihood ratio of having got across against having stopped on the line at best.

    Both say: it moved evenly and stopped at some time, perhaps only now. The first may have stopped anywhere, the
    second only on the line. Generalised least squares with the drift's covariance, the time of the stop on a grid.
    ``trail``: the track until now; ``sign``: of the far side; the rest as in ``CrossingSettings``.
    """
    now, chosen = trail[-1], _of_late(trail, window_s, step_s)
    if len(chosen) < 3:
        return 0.5 * now.d_m**2 / max(now.sigma**2, 1e-9)
    t = np.array([(x.t_us - now.t_us) / 1e6 for x in chosen])  # now is 0, the past negative
    d = sign * np.array([x.d_m for x in chosen])
    pose_sigma = np.sqrt([x.pose_var for x in chosen])
    share = sum(part * np.exp(-np.abs(t[:, None] - t[None, :]) / tau_s) for part, tau_s in pose_correlation)
    own = np.array([x.own_var for x in chosen]) + (step_noise * pose_sigma) ** 2 + 1e-6
    whiten = np.linalg.inv(np.linalg.cholesky(share * np.outer(pose_sigma, pose_sigma) + np.diag(own)))
    y = whiten @ d
    level = whiten @ np.ones(len(t))
    # Columns: how far from its stopping place the track was, per metre a second, for each time of the stop.
    ways = whiten @ np.minimum(t[:, None] - t[None, :-1], 0.0)
    on_line = _residual(y, ways)
    rest = level[:, None] - ways * (level @ ways) / np.maximum((ways**2).sum(axis=0), 1e-12)
    gain = np.maximum(rest.T @ y, 0.0) ** 2 / np.maximum((rest**2).sum(axis=0), 1e-12)
    return 0.5 * float(on_line.min() - (on_line - gain).min())


def _of_late(trail: Sequence[Sample], window_s: float, step_s: float) -> list[Sample]:
    """The samples of the last ``window_s`` about ``step_s`` apart, the newest first."""
    now_us = trail[-1].t_us
    chosen: list[Sample] = []
    for x in reversed(trail):
        if (now_us - x.t_us) / 1e6 > window_s:
            break
        if not chosen or (chosen[-1].t_us - x.t_us) / 1e6 >= step_s - 0.01:
            chosen.append(x)
    return chosen


def _residual(y: FloatArray, columns: FloatArray) -> FloatArray:
    """Squared residual of fitting ``y`` ``(n,)`` by each of the columns ``(n, m)`` alone, shape ``(m,)``."""
    along = np.maximum((columns * y[:, None]).sum(axis=0), 0.0)  # only a movement towards the far side
    return np.asarray(y @ y - along**2 / np.maximum((columns**2).sum(axis=0), 1e-12))


class WalkedOver(NamedTuple):
    """Where who walks truly was and is, in sigmas beyond the line: ``before`` on the side that he came from, where that
    is clearest, ``now`` on the other. ``probability`` of both."""

    before: float
    now: float
    probability: float


_USUAL_DISAGREEMENT = 2.0
"""Sigmas between the two positions that disagree most, of a track whose errors are as stated."""
_NOT_OVER = WalkedOver(-math.inf, -math.inf, 0.0)


def walked_over(
    trail: Sequence[Sample], sign: int, pose_correlation: Sequence[tuple[float, float]], window_s: float, step_s: float
) -> WalkedOver:
    """Where a track was and is, from all its positions at once.

    How far it walked between them is known from its velocity, which the drift of the pose does not touch. So every position,
    moved on by what was walked since, says where the track is now, each with the drift's error of its own time: their best
    linear mean (generalised least squares) errs less than the last position alone. ``trail``: the track until now;
    ``sign``: of the far side; the rest as in ``CrossingSettings``.
    """
    chosen = _of_late(trail, window_s, step_s)
    if len(chosen) < 3:
        return _NOT_OVER
    t_us, d, pose, own, walked, walked_var = np.array([(x[0], x[1], x[2], x[3], x[8], x[9]) for x in chosen]).T
    lag_s = np.abs(t_us[:, None] - t_us[None, :]) / 1e6
    share = sum(part * np.exp(-lag_s / tau_s) for part, tau_s in pose_correlation)
    since, since_var = sign * (walked[0] - walked), np.maximum(walked_var[0] - walked_var, 0.0)
    common = np.minimum(since_var[:, None], since_var[None, :])
    sigma = np.sqrt(pose)
    spread = share * sigma[:, None] * sigma[None, :] + np.diag(own + 1e-6) + common
    weight = np.linalg.solve(spread, np.ones(len(d)))
    variance = 1.0 / float(weight.sum())
    weight *= variance
    said = sign * d + since
    here = float(weight @ said)
    # Two positions that disagree by more than the stated errors explain: the errors are larger than stated, here and now.
    apart_var = np.maximum(np.diag(spread)[:, None] + np.diag(spread)[None, :] - 2.0 * spread, 1e-6)
    disagreement = math.sqrt(float(((said[:, None] - said[None, :]) ** 2 / apart_var).max()))
    strain = max(1.0, disagreement / _USUAL_DISAGREEMENT)
    before_var = np.maximum(variance + since_var - 2.0 * common @ weight, 1e-6)
    z_now = here / (strain * math.sqrt(variance))
    z_before = float(((since - here) / np.sqrt(before_var)).max()) / strain
    return WalkedOver(z_before, z_now, max(0.0, _below(z_before) + _below(z_now) - 1.0))


def _below(z: float) -> float:
    """The probability that a standard normal number is below z."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def passage(way: Sequence[Sample], sign: int) -> tuple[int, float, FloatArray, FloatArray]:
    """Time, its sigma, place and covariance where the smoothed distance goes through zero.

    Smoothed with a centred mean of one second; with several passages through zero, the middle between the first
    and the last, and the time's sigma says so.
    """
    t = np.array([(x.t_us - way[0].t_us) / 1e6 for x in way])
    columns = np.array([(sign * x.d_m, x.east_m, x.north_m) for x in way])
    # Only symmetric neighbourhoods: a mean that looks to one side only would be late or early.
    reach = np.minimum(np.minimum(t - t[0], t[-1] - t), 0.5) + 1e-9
    low, high = np.searchsorted(t, t - reach), np.searchsorted(t, t + reach, side="right")
    total = np.concatenate([np.zeros((1, 3)), np.cumsum(columns, axis=0)])
    smooth = (total[high] - total[low]) / (high - low)[:, None]
    d, d_smooth = columns[:, 0], smooth[:, 0]
    up = np.flatnonzero((d_smooth[:-1] <= 0.0) & (d_smooth[1:] > 0.0))
    if not len(up):  # on the near side for less than the mean lasts
        d_smooth = d
        up = np.flatnonzero((d[:-1] <= 0.0) & (d[1:] > 0.0))
    fraction = -d_smooth[up] / (d_smooth[up + 1] - d_smooth[up])
    times = t[up] + fraction * (t[up + 1] - t[up])
    middle = 0.5 * float(times[0] + times[-1])
    place = np.array([np.interp(middle, t, smooth[:, axis]) for axis in (1, 2)])
    nearest = way[int(np.argmin(np.abs(t - middle)))]
    k = min(max(1, int(np.searchsorted(t, middle))), len(t) - 1)
    step_s = float(t[k] - t[k - 1])
    speed = max(0.1, float(d[-1] - d[0]) / max(float(t[-1] - t[0]), 0.1))
    t_sigma_s = math.sqrt((nearest.sigma / speed) ** 2 + step_s**2 / 12.0 + float(times[-1] - times[0]) ** 2 / 12.0)
    return way[0].t_us + round(middle * 1e6), t_sigma_s, place, nearest.covariance_m2
