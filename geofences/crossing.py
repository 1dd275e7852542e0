"""When a track has crossed the border line, and how sure that is.

A track's signed distance to the line is *d*, with a sigma from its covariance. Most of that sigma comes from the camera's
pose: it lasts for seconds (GPS for half a minute), so a person who stands on the line wanders over it on the map, and
nobody may be told of that. A crossing is confirmed when all of this holds:

1. The track was *held* on one side (|d| > k sigma for several updates in a row) and is now held on the other.
2. The way between the two is more than the drift of the pose explains, given the time that it took: someone who stands
   still drifts slowly and never far; someone who walks through is across within seconds.
3. The last seconds are explained clearly better by having got across than by having stopped on the line with an error
   that puts it across (a likelihood ratio, with the drift's correlation in it): it is still moving away, or it is far
   across, or it has stayed across for so long that the drift averages out.

Pixel lines are not used, so a panning camera moves nothing. A jump that the class cannot make is taken as an id switch:
the track starts afresh, with nothing established. A track born on the far side has nothing to tell.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from geofences.accuracy import both_below, circular_error_m
from geofences.area import BorderLine, Side
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame


@dataclass(frozen=True)
class CrossingSettings:
    """The rule in numbers. Sigmas count the error of the signed distance.

    ``pose_correlation``: the pose's error as parts, each a share of its variance and how long it lasts in seconds (GPS;
    attitude and gimbal). ``evidence``: log-likelihood by which having crossed must beat having stopped on the line.

    ``k_sigma``: at 1.5 somebody who stood on the line when the camera came to see him, 2 sigma to its wrong side, and then
    walked home, was told as a crossing; at 2.4 one in a hundred such is, and hardly a crossing is lost.
    """

    k_sigma: float = 2.4
    min_distance_m: float = 1.0
    hold_updates: int = 3
    hold_s: float = 0.4
    drift_k: float = 4.0
    evidence: float = 5.0
    evidence_window_s: float = 16.0
    evidence_step_s: float = 0.8
    step_noise_m: float = 0.4
    pose_correlation: tuple[tuple[float, float], ...] = ((0.4, 30.0), (0.6, 7.0))
    gap_s: float = 2.0
    max_gap_s: float = 15.0
    max_speed_m_s: float = 45.0
    history_s: float = 180.0


@dataclass(frozen=True)
class CrossingEvent:
    """A confirmed crossing. ``t_utc_us`` is when the line was crossed, ``t_sigma_s`` how well that is known.

    ``probability`` is that of truly having been on ``from_side`` before and on ``to_side`` now, by the same object.
    ``ce90_m`` is of the position at that time; the place itself is put on the line. ``gap_s``: longest time without an
    update on the way across.
    """

    track_id: Hashable
    t_utc_us: int
    t_sigma_s: float
    t_confirmed_utc_us: int
    from_side: Side
    to_side: Side
    direction: str
    lat_deg: float
    lon_deg: float
    along_m: float
    ce90_m: float
    probability: float
    gap_s: float


@dataclass(frozen=True)
class _Sample:
    t_us: int
    d_m: float
    pose_var: float  # of d, the part that the pose causes
    track_var: float  # of d, the rest
    en_m: FloatArray
    covariance_m2: FloatArray

    @property
    def sigma(self) -> float:
        return math.sqrt(self.pose_var + self.track_var)


@dataclass
class _Track:
    history: deque[_Sample] = field(default_factory=deque)
    run_sign: int = 0  # side on which the current run of clear samples is, 0 for none
    run_start_us: int = 0
    run_count: int = 0
    side: int = 0  # where it was first held, or where the last confirmed crossing took it
    held: list[_Sample] = field(default_factory=list)  # on that side
    told: set[int] = field(default_factory=set)

    def restart(self) -> None:
        """Forget everything but what was told."""
        self.history.clear()
        self.run_sign = self.run_count = self.side = 0
        self.held.clear()


class CrossingDetector:
    """Watches all tracks of one border. Not thread-safe; one owner feeds it in order of time.

    Positions are metres in ``frame``; covariances are the pose's error included, as in ``GroundTracks``.
    """

    def __init__(self, border: BorderLine, frame: LocalFrame, settings: CrossingSettings | None = None) -> None:
        self.settings = settings or CrossingSettings()
        self.geometry = BorderGeometry.from_line(border, frame)
        self._border, self._frame = border, frame
        self._tracks: dict[Hashable, _Track] = {}

    def forget(self, track_id: Hashable) -> None:
        """Drop a track that will not come again."""
        self._tracks.pop(track_id, None)

    def update(
        self,
        track_id: Hashable,
        t_utc_us: int,
        en_m: ArrayLike,
        covariance_en: ArrayLike,
        pose_covariance_en_m2: ArrayLike,
        max_speed_m_s: float | None = None,
    ) -> CrossingEvent | None:
        """Take one position of a track; a crossing when this position confirms one.

        ``en_m`` ``(2,)``; ``covariance_en`` ``(4, 4)`` or ``(2, 2)``, of which the position's part is used;
        ``pose_covariance_en_m2`` ``(2, 2)``: the part of it that all tracks share. ``max_speed_m_s``: what the object's
        class can do. A position that is not finite, or not newer than the last one, is ignored.
        """
        place = np.asarray(en_m, dtype=np.float64)
        covariance = np.asarray(covariance_en, dtype=np.float64)[:2, :2]
        pose = np.asarray(pose_covariance_en_m2, dtype=np.float64)
        if not (np.isfinite(place).all() and np.isfinite(covariance).all() and np.isfinite(pose).all()):
            return None
        track = self._tracks.setdefault(track_id, _Track())
        if track.history and t_utc_us <= track.history[-1].t_us:
            return None
        fix = self.geometry.locate(place)
        if bool(fix.beyond_end):
            # Round the end of the line is not across it.
            track.restart()
            return None
        n = fix.normal_en
        total_var = max(0.0, float(n @ covariance @ n))
        pose_var = min(total_var, max(0.0, float(n @ pose @ n)))
        sample = _Sample(t_utc_us, float(fix.signed_distance_m), pose_var, total_var - pose_var, place, covariance)
        if track.history and self._is_jump(track, sample, max_speed_m_s or self.settings.max_speed_m_s):
            track.restart()
        self._add(track, sample)
        if not self._is_held(track, sample):
            return None
        sign = track.run_sign
        event = None
        if track.side == -sign:
            if not self._confirms(track, sample, sign):
                return None  # it may be the drift: no evidence of having been there either
            if sign not in track.told:
                track.told.add(sign)
                event = self._event(track_id, track, sample, sign)
            track.held.clear()
        track.side = sign
        if not track.held or sample.t_us - track.held[-1].t_us >= 400_000:
            track.held.append(sample)
        return event

    def _is_jump(self, track: _Track, sample: _Sample, max_speed_m_s: float) -> bool:
        """Whether the object would have been too fast, since the last position or over the last second."""
        last = track.history[-1]
        gap_s = (sample.t_us - last.t_us) / 1e6
        if gap_s > self.settings.max_gap_s:
            return True
        references = [last, *[s for s in (self._before(track, sample.t_us, 1.0),) if s is not None]]
        for reference in references:
            dt_s = (sample.t_us - reference.t_us) / 1e6
            way = float(np.hypot(*(sample.en_m - reference.en_m)))
            trace = 0.5 * float(np.trace(sample.covariance_m2) + np.trace(reference.covariance_m2))
            share = self._correlation(dt_s)
            noise = math.sqrt(max(0.0, (1.0 - share) * trace + sample.track_var + reference.track_var))
            if way > max_speed_m_s * dt_s + 3.0 * noise + 0.5:
                return True
        return False

    def _before(self, track: _Track, t_us: int, ago_s: float) -> _Sample | None:
        """The newest sample that is at least ``ago_s`` old, and at most twice as old."""
        for s in reversed(track.history):
            age_s = (t_us - s.t_us) / 1e6
            if age_s >= ago_s:
                return s if age_s <= 2.0 * ago_s else None
        return None

    def _add(self, track: _Track, sample: _Sample) -> None:
        track.history.append(sample)
        oldest = sample.t_us - int(self.settings.history_s * 1e6)
        while track.history[0].t_us < oldest:
            track.history.popleft()
        # The last evidence is kept however old it is: somebody may rest on the line for long.
        while len(track.held) > 1 and track.held[0].t_us < oldest:
            track.held.pop(0)
        clear = abs(sample.d_m) > max(self.settings.k_sigma * sample.sigma, self.settings.min_distance_m)
        sign = (1 if sample.d_m > 0 else -1) if clear else 0
        if sign == 0 or sign != track.run_sign:
            track.run_sign, track.run_start_us, track.run_count = sign, sample.t_us, 0
        track.run_count += 1

    def _is_held(self, track: _Track, sample: _Sample) -> bool:
        return (
            track.run_sign != 0
            and track.run_count >= self.settings.hold_updates
            and sample.t_us - track.run_start_us >= self.settings.hold_s * 1e6
        )

    def _correlation(self, dt_s: float) -> float:
        return sum(share * math.exp(-abs(dt_s) / tau_s) for share, tau_s in self.settings.pose_correlation)

    def _drift_sigma(self, one: _Sample, other: _Sample) -> float:
        """Sigma of the difference of two distances of something that did not move."""
        share = self._correlation((other.t_us - one.t_us) / 1e6)
        pose = one.pose_var + other.pose_var - 2.0 * share * math.sqrt(one.pose_var * other.pose_var)
        return math.sqrt(max(0.0, pose) + one.track_var + other.track_var)

    def _confirms(self, track: _Track, sample: _Sample, sign: int) -> bool:
        s = self.settings
        if not any(sign * (sample.d_m - a.d_m) >= s.drift_k * self._drift_sigma(a, sample) for a in track.held):
            return False
        return self._evidence(track, sample, sign) >= s.evidence

    def _evidence(self, track: _Track, sample: _Sample, sign: int) -> float:
        """Log-likelihood ratio of having got across against having stopped on the line at best.

        Both say: it moved evenly and stopped at some time, perhaps only now. The first may have stopped anywhere, the
        second only on the line. Generalised least squares with the drift's covariance, the time of the stop on a grid.
        """
        s = self.settings
        chosen: list[_Sample] = []
        for x in reversed(track.history):
            if (sample.t_us - x.t_us) / 1e6 > s.evidence_window_s:
                break
            if not chosen or (chosen[-1].t_us - x.t_us) / 1e6 >= s.evidence_step_s - 0.01:
                chosen.append(x)
        if len(chosen) < 3:
            return 0.0
        t = np.array([(x.t_us - sample.t_us) / 1e6 for x in chosen])  # now is 0, the past negative
        d = sign * np.array([x.d_m for x in chosen])
        pose_sigma = np.sqrt([x.pose_var for x in chosen])
        lag = np.abs(t[:, None] - t[None, :])
        share = sum(part * np.exp(-lag / tau_s) for part, tau_s in s.pose_correlation)
        own = np.array([x.track_var for x in chosen]) + s.step_noise_m**2
        whiten = np.linalg.inv(np.linalg.cholesky(share * np.outer(pose_sigma, pose_sigma) + np.diag(own)))
        y = whiten @ d
        level = whiten @ np.ones(len(t))
        # Columns: how far from its stopping place the track was, per metre a second, for each time of the stop.
        stops = t[: max(1, len(t) - 1)]
        ways = whiten @ np.minimum(t[:, None] - stops[None, :], 0.0)
        on_line = _residual(y, ways)
        rest = level[:, None] - ways * (level @ ways) / np.maximum((ways**2).sum(axis=0), 1e-12)
        gain = np.maximum(rest.T @ y, 0.0) ** 2 / np.maximum((rest**2).sum(axis=0), 1e-12)
        return 0.5 * float(on_line.min() - (on_line - gain).min())

    def _event(self, track_id: Hashable, track: _Track, now: _Sample, sign: int) -> CrossingEvent | None:
        before = max(track.held, key=lambda a: abs(a.d_m) / max(a.sigma, 1e-6))
        share = self._correlation((now.t_us - before.t_us) / 1e6) * math.sqrt(
            (before.pose_var * now.pose_var)
            / max(1e-12, (before.pose_var + before.track_var) * (now.pose_var + now.track_var))
        )
        # P(x_before < 0 and x_now > 0): the same error pushes both the same way, so as sides they are anti-correlated.
        probability = both_below(abs(before.d_m) / max(before.sigma, 1e-6), abs(now.d_m) / max(now.sigma, 1e-6), -share)
        way = [track.held[-1], *(x for x in track.history if x.t_us > track.held[-1].t_us)]
        t_us, t_sigma_s, place, covariance = self._zero(way, sign)
        gap_s = max((b.t_us - a.t_us) / 1e6 for a, b in itertools.pairwise(way))
        if gap_s > self.settings.gap_s:
            # Somebody else may have been picked up after the gap: even odds when it is long.
            probability *= 0.5 + 0.5 * math.exp(-(gap_s - self.settings.gap_s) / 8.0)
        fix = self.geometry.locate(place)
        lat, lon = self._frame.from_plane(fix.nearest_en_m)
        from_side: Side = "left" if sign < 0 else "right"
        to_side: Side = "right" if sign < 0 else "left"
        return CrossingEvent(
            track_id, t_us, t_sigma_s, now.t_us, from_side, to_side, self._border.direction(from_side, to_side),
            float(lat), float(lon), float(fix.along_m), circular_error_m(covariance), probability, gap_s,
        )  # fmt: skip

    def _zero(self, way: list[_Sample], sign: int) -> tuple[int, float, FloatArray, FloatArray]:
        """Time, its sigma, place and covariance where the smoothed distance goes through zero.

        Smoothed with a centred mean of one second; with several passages through zero, the middle between the first
        and the last, and the time's sigma says so.
        """
        t = np.array([(x.t_us - way[0].t_us) / 1e6 for x in way])
        d = sign * np.array([x.d_m for x in way])
        en = np.array([x.en_m for x in way])
        near = np.abs(t[:, None] - t[None, :]) <= 0.5
        # Only symmetric neighbourhoods: a mean that looks to one side only would be late or early.
        reach = np.minimum(np.minimum(t - t[0], t[-1] - t), 0.5)
        near &= np.abs(t[:, None] - t[None, :]) <= reach[:, None] + 1e-9
        weight = near / near.sum(axis=1, keepdims=True)
        d_smooth, en_smooth = weight @ d, weight @ en
        up = np.flatnonzero((d_smooth[:-1] <= 0.0) & (d_smooth[1:] > 0.0))
        fraction = -d_smooth[up] / (d_smooth[up + 1] - d_smooth[up])
        times = t[up] + fraction * (t[up + 1] - t[up])
        middle = 0.5 * float(times[0] + times[-1])
        place = np.array([np.interp(middle, t, en_smooth[:, axis]) for axis in (0, 1)])
        nearest = way[int(np.argmin(np.abs(t - middle)))]
        k = min(max(1, int(np.searchsorted(t, middle))), len(t) - 1)
        step_s = float(t[k] - t[k - 1])
        speed = max(0.1, float(d[-1] - d[0]) / max(float(t[-1] - t[0]), 0.1))
        t_sigma_s = math.sqrt((nearest.sigma / speed) ** 2 + step_s**2 / 12.0 + float(times[-1] - times[0]) ** 2 / 12.0)
        return way[0].t_us + round(middle * 1e6), t_sigma_s, place, nearest.covariance_m2


def _residual(y: FloatArray, columns: FloatArray) -> FloatArray:
    """Squared residual of fitting ``y`` ``(n,)`` by each of the columns ``(n, m)`` alone, shape ``(m,)``."""
    along = np.maximum((columns * y[:, None]).sum(axis=0), 0.0)  # only a movement towards the far side
    return np.asarray(y @ y - along**2 / np.maximum((columns**2).sum(axis=0), 1e-12))
