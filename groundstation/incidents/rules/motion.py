"""Whether a track moved or stood, given that the camera's pose makes everything on the map wander.

A position's error has a part of the pose, which is large and lasts (GPS for half a minute, attitude and gimbal for
seconds; the same two-part correlation as in :class:`geofences.crossing.CrossingSettings`), and a part of its own.
So a change of place says something about a movement only when it is larger than the pose drifts in that time.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from geofences.crossing import CrossingSettings
from geofences.geodesy import FloatArray
from groundstation.incidents.frame import TrackFrame

POSE_CORRELATION = CrossingSettings().pose_correlation
OWN_NOISE_M = 0.4
"""Error of a place that the filter's covariance does not tell: where in the box the feet are."""


def drift_correlation(dt_s: ArrayLike) -> FloatArray:
    """Correlation of the pose's error over a time, of any shape."""
    dt = np.abs(np.asarray(dt_s, dtype=np.float64))
    return np.asarray(sum(share * np.exp(-dt / tau_s) for share, tau_s in POSE_CORRELATION))


@dataclass(frozen=True)
class Sample:
    """One place of a track."""

    t_us: int
    en_m: FloatArray
    velocity_en_m_s: FloatArray
    own_var_m2: float  # mean of the axes
    pose_var_m2: float  # the same
    pose_m2: FloatArray  # (2, 2)
    velocity_var: float  # sum of the axes


@dataclass
class Trail:
    """Places of one track about once in ``step_s``, of the last ``keep_s``; a gap over ``max_gap_s`` begins it anew."""

    step_s: float
    keep_s: float
    max_gap_s: float
    samples: deque[Sample] = field(default_factory=deque)
    seen_us: int = 0

    def take(self, frame: TrackFrame, row: int) -> bool:
        """Note a place if one is due; whether it was taken."""
        t_us = frame.t_utc_us
        samples = self.samples
        if t_us <= self.seen_us:
            return False
        if samples and t_us - self.seen_us > self.max_gap_s * 1e6:
            samples.clear()
        self.seen_us = t_us
        if samples and t_us - samples[-1].t_us < self.step_s * 1e6 - 20_000:
            return False
        own, pose, of_velocity = (values[row] for values in frame.variances)
        samples.append(
            Sample(
                t_us, frame.en_m[row].copy(), frame.velocity_en_m_s[row].copy(), own, pose,
                frame.pose_covariance_en_m2[row].copy(), of_velocity,
            )
        )  # fmt: skip
        oldest = t_us - int(self.keep_s * 1e6)
        while samples[0].t_us < oldest:
            samples.popleft()
        return True

    def span_s(self) -> float:
        """Time from the first sample to the last."""
        return (self.samples[-1].t_us - self.samples[0].t_us) / 1e6 if self.samples else 0.0

    def last(self, seconds: float) -> list[Sample]:
        """The samples of the last seconds, oldest first; empty when the trail is shorter."""
        if self.span_s() < seconds - 0.5 * self.step_s:
            return []
        oldest = self.samples[-1].t_us - round((seconds + 0.5 * self.step_s) * 1e6)
        return [s for s in self.samples if s.t_us >= oldest]


def _along(direction: tuple[float, float], covariance: FloatArray) -> float:
    e, n = direction
    (ee, en), (ne, nn) = covariance.tolist()
    return float(max(0.0, e * e * ee + e * n * (en + ne) + n * n * nn))


def drift_sigma_m(one: Sample, other: Sample, direction: tuple[float, float] | None = None) -> float:
    """Sigma of the difference of two places of something that did not move: the mean of the axes, or in a direction."""
    # Plain numbers: this is asked for hundreds of times in a frame, and arrays of one number are slow.
    dt_s = abs(other.t_us - one.t_us) / 1e6
    correlation = sum(share * math.exp(-dt_s / tau_s) for share, tau_s in POSE_CORRELATION)
    first, second = one.pose_var_m2, other.pose_var_m2
    if direction is not None:
        # The error is a stretched ellipse: larger in the direction of view than across it.
        first, second = (_along(direction, s.pose_m2) for s in (one, other))
    pose = first + second - 2.0 * correlation * math.sqrt(first * second)
    return math.sqrt(max(0.0, pose) + one.own_var_m2 + other.own_var_m2 + 2.0 * OWN_NOISE_M**2)


def has_moved(trail: Trail, k_sigma: float, min_speed_m_s: float, windows_s: tuple[float, ...]) -> bool:
    """Whether the last seconds hold a movement that the drift does not explain, of at least that speed."""
    if not trail.samples:
        return False
    now = trail.samples[-1]
    now_e, now_n = now.en_m.tolist()
    for sample in _ago(trail, windows_s):
        e, n = sample.en_m.tolist()
        way_m, dt_s = math.hypot(now_e - e, now_n - n), (now.t_us - sample.t_us) / 1e6
        spare_m = way_m - min_speed_m_s * dt_s
        # The cheap part first: most tracks stand.
        if spare_m <= 0.0:
            continue
        if spare_m > k_sigma * drift_sigma_m(sample, now, ((now_e - e) / way_m, (now_n - n) / way_m)):
            return True
    return False


def _ago(trail: Trail, windows_s: tuple[float, ...]) -> Iterator[Sample]:
    now_us = trail.samples[-1].t_us
    for window_s in windows_s:
        for sample in reversed(trail.samples):
            age_s = (now_us - sample.t_us) / 1e6
            if age_s >= window_s - 0.5 * trail.step_s:
                if age_s <= 1.5 * window_s:
                    yield sample
                break


@dataclass(frozen=True)
class Stillness:
    """How still a track has been. ``speed_m_s`` is that of the straight way through the places, ``speed_sigma_m_s`` its
    error; ``spread_m`` the farthest place from their mean; ``restless``: the mean square of the filter's speeds over
    what their own errors alone would make of somebody who stands, plus the square of the speed allowed.
    """

    speed_m_s: float
    speed_sigma_m_s: float
    spread_m: float
    drift_sigma_m: float
    restless: float


def stillness(samples: list[Sample], still_speed_m_s: float) -> Stillness:
    """Fit a straight, even way through at least three samples by generalised least squares with the drift's covariance."""
    t = np.array([(s.t_us - samples[0].t_us) / 1e6 for s in samples])
    en = np.array([s.en_m for s in samples])
    pose_sigma = np.sqrt([s.pose_var_m2 for s in samples])
    own = np.array([s.own_var_m2 for s in samples]) + OWN_NOISE_M**2
    covariance = drift_correlation(t[:, None] - t[None, :]) * np.outer(pose_sigma, pose_sigma) + np.diag(own)
    whiten = np.linalg.inv(np.linalg.cholesky(covariance))
    design = whiten @ np.stack([np.ones(len(t)), t - t.mean()], axis=1)
    inverse = np.linalg.inv(design.T @ design)
    slope = (inverse @ design.T @ whiten @ en)[1]
    v2 = float(np.mean([s.velocity_en_m_s @ s.velocity_en_m_s for s in samples]))
    expected = 2.0 * float(np.mean([s.velocity_var for s in samples])) + still_speed_m_s**2
    return Stillness(
        float(np.hypot(*slope)),
        math.sqrt(float(inverse[1, 1])),
        float(np.max(np.hypot(*(en - en.mean(axis=0)).T))),
        drift_sigma_m(samples[0], samples[-1]),
        v2 / max(expected, 1e-9),
    )


def is_still(samples: list[Sample], still_speed_m_s: float, still_radius_m: float, k_sigma: float) -> bool:
    """Whether the samples show that it stood: a faster movement than that is excluded by ``k_sigma``, no place is
    farther from the mean than radius and drift explain, and the filter saw no going to and fro.
    """
    if len(samples) < 5:
        return False
    # Cheap and necessary: somebody who walks fails here without a fit.
    reach_m = still_radius_m + k_sigma * drift_sigma_m(samples[0], samples[-1])
    if float(np.hypot(*(samples[-1].en_m - samples[0].en_m))) > 2.0 * reach_m:
        return False
    found = stillness(samples, still_speed_m_s)
    return (
        found.speed_m_s + k_sigma * found.speed_sigma_m_s <= still_speed_m_s
        and found.spread_m <= still_radius_m + k_sigma * found.drift_sigma_m
        and found.restless <= 1.0
    )
