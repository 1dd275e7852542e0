"""Whether a track moved or stood, given that the camera's pose makes everything on the map wander.

A position's error has a part of the pose, which is large and lasts (GPS for half a minute, attitude and gimbal for
seconds; the same two-part correlation as in :class:`geofences.crossing.CrossingSettings`), and a part of its own.
So a change of place says something about a movement only when it is larger than the pose drifts in that time.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.crossing import CrossingSettings
from geofences.geodesy import FloatArray
from groundstation.incidents.frame import TrackFrame

POSE_CORRELATION = CrossingSettings().pose_correlation
OWN_NOISE_M = 0.4
"""Error of a place that the filter's covariance does not tell: where in the box the feet are."""

_EARLY_US = 20_000  # a frame that comes so much before its time is due
_NEVER = -(2**62)  # far enough from all times that differences still fit


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
    """Places of one track about once in ``step_s``; see :class:`Trails`."""

    step_s: float
    samples: deque[Sample] = field(default_factory=deque)

    def span_s(self) -> float:
        """Time from the first sample to the last."""
        return (self.samples[-1].t_us - self.samples[0].t_us) / 1e6 if self.samples else 0.0

    def last(self, seconds: float) -> list[Sample]:
        """The samples of the last seconds, oldest first; empty when the trail is shorter."""
        if self.span_s() < seconds - 0.5 * self.step_s:
            return []
        oldest = self.samples[-1].t_us - round((seconds + 0.5 * self.step_s) * 1e6)
        return [s for s in self.samples if s.t_us >= oldest]


class Taken(NamedTuple):
    """A place that was noted: the frame's ``row``, its track's ``number`` and ``trail``; ``anew``: the track was known and
    has been away for too long, so that this place is the first of its trail again."""

    row: int
    number: int
    trail: Trail
    anew: bool


class Trails:
    """The trails of all tracks: a place about once in ``step_s``, of the last ``keep_s``; a gap over ``max_gap_s`` begins a
    trail anew.

    Which tracks of a frame are due is found for all at once: a frame of hundreds has a few that are.
    """

    def __init__(self, step_s: float, keep_s: float, max_gap_s: float) -> None:
        self.step_s = step_s
        self._step_us = int(step_s * 1e6) - _EARLY_US
        self._keep_us, self._max_gap_us = int(keep_s * 1e6), int(max_gap_s * 1e6)
        self._trails: dict[int, Trail] = {}
        # Ascending numbers of all tracks known, and when each was seen and a place of it kept last.
        self._number = np.zeros(0, dtype=np.int64)
        self._seen_us, self._kept_us = self._number.copy(), self._number.copy()

    def take(self, frame: TrackFrame, wanted: NDArray[np.bool_]) -> list[Taken]:
        """Note the places that are due of the ``wanted`` ``(n,)`` tracks of a frame, in the frame's order."""
        rows = np.flatnonzero(wanted)
        at = self._places(frame.number[rows])
        t_us = frame.t_utc_us
        unseen_us = t_us - self._seen_us[at]
        lost = unseen_us > self._max_gap_us
        due = (unseen_us > 0) & (lost | (t_us - self._kept_us[at] >= self._step_us))
        self._seen_us[at] = np.maximum(self._seen_us[at], t_us)
        self._kept_us[at[due]] = t_us
        if not due.any():
            return []
        rows, lost = rows[due], lost[due]
        numbers = frame.number[rows].tolist()
        return [
            self._noted(frame, row, number, gone)
            for row, number, gone in zip(rows.tolist(), numbers, lost.tolist(), strict=True)
        ]

    def _noted(self, frame: TrackFrame, row: int, number: int, lost: bool) -> Taken:
        trail = self._trails.get(number)
        if trail is None:
            trail = self._trails[number] = Trail(self.step_s)
        samples = trail.samples
        anew = lost and bool(samples)
        if anew:
            samples.clear()
        own, pose, of_velocity = (values[row] for values in frame.variances)
        samples.append(
            Sample(
                frame.t_utc_us, frame.en_m[row].copy(), frame.velocity_en_m_s[row].copy(), own, pose,
                frame.pose_covariance_en_m2[row].copy(), of_velocity,
            )
        )  # fmt: skip
        oldest = frame.t_utc_us - self._keep_us
        while samples[0].t_us < oldest:
            samples.popleft()
        return Taken(row, number, trail, anew)

    def _places(self, numbers: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where these tracks stand in the arrays; unknown ones are put in."""
        at = np.searchsorted(self._number, numbers)
        known = at < len(self._number)
        known[known] = self._number[at[known]] == numbers[known]
        if known.all():
            return at
        new = np.unique(numbers[~known])
        where = np.searchsorted(self._number, new)
        self._number = np.insert(self._number, where, new)
        self._seen_us, self._kept_us = (np.insert(v, where, _NEVER) for v in (self._seen_us, self._kept_us))
        return np.searchsorted(self._number, numbers)

    def get(self, number: int) -> Trail | None:
        """A track's trail, None when no place of it was noted."""
        return self._trails.get(number)

    def clear(self, number: int) -> None:
        """Begin a track's trail anew with its next place."""
        trail = self._trails.get(number)
        if trail is not None:
            trail.samples.clear()
            self._kept_us[self._number == number] = _NEVER

    def forget(self, number: int) -> None:
        """Drop a track; nothing happens when it is unknown."""
        if self._trails.pop(number, None) is not None:
            stay = self._number != number
            self._number, self._seen_us, self._kept_us = (v[stay] for v in (self._number, self._seen_us, self._kept_us))


_time_of = attrgetter("t_us")


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
    """The sample of about so long ago, for each of the windows for which there is one."""
    samples = trail.samples
    now_us = samples[-1].t_us
    for window_s in windows_s:
        newest_us = now_us - round((window_s - 0.5 * trail.step_s) * 1e6)
        place = bisect_right(samples, newest_us, key=_time_of) - 1
        if place >= 0 and now_us - samples[place].t_us <= 1.5e6 * window_s:
            yield samples[place]


@dataclass(frozen=True)
class Drift:
    """The straight, even way through some places: ``speed_m_s`` and its error ``sigma_m_s``."""

    speed_m_s: float
    sigma_m_s: float


def even_way(samples: list[Sample]) -> Drift:
    """Fit a straight, even way through at least three samples by generalised least squares with the drift's covariance."""
    t = np.array([(s.t_us - samples[0].t_us) / 1e6 for s in samples])
    en = np.array([s.en_m for s in samples])
    pose_sigma = np.sqrt([s.pose_var_m2 for s in samples])
    own = np.array([s.own_var_m2 for s in samples]) + OWN_NOISE_M**2
    covariance = drift_correlation(t[:, None] - t[None, :]) * np.outer(pose_sigma, pose_sigma)
    covariance.flat[:: len(t) + 1] += own
    design = np.stack([np.ones(len(t)), t - t.mean()], axis=1)
    weighted = np.linalg.solve(covariance, np.concatenate([design, en], axis=1))
    inverse = np.linalg.inv(design.T @ weighted[:, :2])
    slope = (inverse @ (design.T @ weighted[:, 2:]))[1]
    return Drift(float(np.hypot(*slope)), math.sqrt(float(inverse[1, 1])))


def spread_m(samples: list[Sample]) -> float:
    """How far the farthest place is from the mean of all."""
    en = np.array([s.en_m for s in samples])
    return float(np.max(np.hypot(*(en - en.mean(axis=0)).T)))


def restlessness(samples: list[Sample], still_speed_m_s: float) -> float:
    """The mean square of the filter's speeds over what their own errors alone would make of somebody who stands, plus the
    square of the speed allowed."""
    v = np.array([s.velocity_en_m_s for s in samples])
    expected = 2.0 * sum(s.velocity_var for s in samples) / len(samples) + still_speed_m_s**2
    return float((v * v).sum()) / len(samples) / max(expected, 1e-9)


def is_still(samples: list[Sample], still_speed_m_s: float, still_radius_m: float, k_sigma: float) -> bool:
    """Whether the samples show that it stood: no place is farther from the mean than radius and drift explain, the filter
    saw no going to and fro, and a faster movement than that is excluded by ``k_sigma``.
    """
    if len(samples) < 5:
        return False
    # Cheap and necessary: somebody who walks fails here without a fit.
    reach_m = still_radius_m + k_sigma * drift_sigma_m(samples[0], samples[-1])
    if math.dist(samples[-1].en_m, samples[0].en_m) > 2.0 * reach_m:
        return False
    if spread_m(samples) > reach_m or restlessness(samples, still_speed_m_s) > 1.0:
        return False
    way = even_way(samples)
    return way.speed_m_s + k_sigma * way.sigma_m_s <= still_speed_m_s
