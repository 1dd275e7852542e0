"""When a track has crossed the border line, and how sure that is.

A track's signed distance to the line is *d*, with a sigma from its covariance. Most of that sigma comes from the camera's
pose: it lasts for seconds (GPS for half a minute), so a person who stands on the line wanders over it on the map, and
nobody may be told of that. A crossing is confirmed when all of this holds:

1. The track was *held* on one side (|d| > k sigma for several updates in a row) and is now held on the other.
2. The first side was no error of somebody who stood on the line when he came into view: either he walked towards it
   (within a dozen seconds his distance changed by more than the drift explains), or he was very far from it.
3. The whole way is more than the drift of the pose explains between two moments, however far apart.
4. The last seconds are explained clearly better by having got across than by having stopped on the line with an error
   that puts it across (a likelihood ratio, with the drift's correlation in it): it is still moving away, or it is far
   across, or it has stayed across for so long that the drift averages out. Less is asked of who walks on all the time:
   the drift of the pose carries one who stands about for as long as he stands, and has many tries to carry him across;
   who walks gives it one.

Pixel lines are not used, so a panning camera moves nothing. A way that the class cannot make in its time is taken as an
id switch: the track starts afresh, with nothing established. A track born on the far side has nothing to tell. Beyond its
ends the line is thought to go on straight, only to know on which side a track is: a way round the end is not told.

``benchmarks/crossing.py --drift`` prints how many crossings this finds and how many it makes up, by ``k_sigma``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from geofences.accuracy import both_below, circular_error_m
from geofences.area import BorderLine, Side
from geofences.border import BorderGeometry
from geofences.crossing_evidence import Sample, across_or_stopped, passage
from geofences.geodesy import FloatArray, LocalFrame

_TRAIL_STEP_US = 400_000


@dataclass(frozen=True)
class CrossingSettings:
    """The rule in numbers. Sigmas count the error of the signed distance, or of the difference of two.

    ``k_sigma`` and ``min_distance_m``: clearly on a side; ``k_sigma_walking`` for one who walks away from the line there,
    ``k_sigma_coming`` for one who walks towards it (he may have turned round on it just before he came into view).
    ``k_sigma_fast`` on the first side for what came across evenly at ``fast_m_s`` or more.
    ``standing_k_sigma``: clearly on the first side for a track that does not move by ``moved_k`` sigma of drift within
    ``moved_within_s``. ``drift_k``: for the whole way. ``evidence``: log-likelihood by which having crossed must beat
    having stopped on the line, not asked ``sure_k`` sigma away from it; ``evidence_walking`` of a track that has walked away
    from the line at ``walking_m_s`` or more for ``walking_s`` and is clear of standing by its velocity's own error.
    ``step_noise``: how unevenly people walk, as a share of the pose's sigma. ``pose_correlation``: the pose's error as
    parts, each a share of its variance and how long it lasts in seconds (GPS; attitude and gimbal: of a distance that is
    looked along from 110 m up and 75 m away, GPS has 3.9 of 6.4 m^2). ``once_per_direction``: a track is told once each
    way, however often it goes.
    """

    k_sigma: float = 2.4
    k_sigma_walking: float = 1.8
    k_sigma_coming: float = 2.2
    k_sigma_fast: float = 1.6
    fast_m_s: float = 2.5
    standing_k_sigma: float = 3.3
    min_distance_m: float = 0.4
    hold_updates: int = 3
    hold_s: float = 0.2
    moved_k: float = 3.0
    moved_within_s: float = 12.0
    drift_k: float = 3.0
    sure_k: float = 4.0
    evidence: float = 5.0
    evidence_walking: float = 2.5
    walking_m_s: float = 0.5
    walking_s: float = 1.0
    evidence_window_s: float = 16.0
    evidence_step_s: float = 0.8
    step_noise: float = 0.15
    pose_correlation: tuple[tuple[float, float], ...] = ((0.6, 30.0), (0.4, 7.0))
    gap_s: float = 2.0
    max_gap_s: float = 15.0
    max_speed_m_s: float = 45.0
    history_s: float = 180.0
    once_per_direction: bool = True


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


_Seen = tuple[int, float, float, float, float, float, FloatArray, int]
"""A :class:`Sample` not yet made, as hardly any is ever needed: its numbers, the frame's covariances, its row in them."""


def _sample(seen: _Seen) -> Sample:
    return Sample(*seen[:6], seen[6][seen[7]], False)


@dataclass(slots=True)
class _Track:
    last: _Seen | None = None
    run_sign: int = 0  # side on which the current run of clear samples is, 0 for none
    run_start_us: int = 0
    run_count: int = 0
    heading: int = 0  # to which side it walks, 0 for none
    heading_since_us: int = 0
    side: int = 0  # where it was first held, or where the last confirmed crossing took it
    trail: list[Sample] = field(default_factory=list)  # some of the samples since then
    way: list[Sample] = field(default_factory=list)  # all since it was last held there, that one included
    at_home: bool = False  # that one is the last: it stands for the way, which is empty
    told: set[int] = field(default_factory=set)

    def restart(self) -> None:
        """Forget everything but what was told."""
        self.last = None
        self.run_sign = self.run_count = self.heading = self.side = 0
        self.at_home = False
        self.trail.clear()
        self.way.clear()


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
        velocity_en_m_s: ArrayLike | None = None,
    ) -> CrossingEvent | None:
        """:meth:`update_all` for one track: ``en_m`` ``(2,)``, the covariances ``(2, 2)``, the first also ``(4, 4)``."""
        events = self.update_all(
            [track_id],
            t_utc_us,
            np.asarray(en_m, dtype=np.float64)[None],
            np.asarray(covariance_en, dtype=np.float64)[None],
            np.asarray(pose_covariance_en_m2, dtype=np.float64)[None],
            None if max_speed_m_s is None else [max_speed_m_s],
            None if velocity_en_m_s is None else np.asarray(velocity_en_m_s, dtype=np.float64)[None],
        )
        return events[0] if events else None

    def update_all(
        self,
        track_ids: Sequence[Hashable],
        t_utc_us: int,
        en_m: ArrayLike,
        covariance_en: ArrayLike,
        pose_covariance_en_m2: ArrayLike,
        max_speed_m_s: Sequence[float] | None = None,
        velocity_en_m_s: ArrayLike | None = None,
    ) -> list[CrossingEvent]:
        """Take one frame's positions of n tracks; the crossings that they confirm.

        ``en_m`` ``(n, 2)``; ``covariance_en`` ``(n, 4, 4)`` or ``(n, 2, 2)``, of which the position's part is used;
        ``pose_covariance_en_m2`` ``(n, 2, 2)``: the part of it that all tracks share. ``max_speed_m_s``: what each
        object's class can do. A position that is not finite, or not newer than the track's last one, is ignored.
        ``velocity_en_m_s`` ``(n, 2)`` of the tracks, with its covariance in ``covariance_en`` ``(n, 4, 4)``: free of the
        pose's drift, it tells who walks on from who stands; without it everybody is taken to stand.
        """
        places = np.asarray(en_m, dtype=np.float64)
        covariances = np.asarray(covariance_en, dtype=np.float64)[:, :2, :2]
        poses = np.asarray(pose_covariance_en_m2, dtype=np.float64)
        if not len(places):
            return []
        s = self.settings
        finite = np.asarray(np.isfinite(places).all(axis=1) & np.isfinite(covariances + poses).all(axis=(1, 2)))
        distance, normal = self._distances(np.where(finite[:, None], places, 0.0))
        total = np.maximum(np.einsum("ni,nij,nj->n", normal, covariances, normal), 0.0)
        pose = np.minimum(np.maximum(np.einsum("ni,nij,nj->n", normal, poses, normal), 0.0), total)
        heading = self._headings(normal, velocity_en_m_s, np.asarray(covariance_en, dtype=np.float64))
        outwards = np.asarray(heading) * distance
        k_sigma = np.where(outwards > 0.0, s.k_sigma_walking, np.where(outwards < 0.0, s.k_sigma_coming, s.k_sigma))
        clearly = np.abs(distance) > np.maximum(s.min_distance_m, k_sigma * np.sqrt(total))
        side = np.where(clearly, np.sign(distance), 0.0).astype(np.int64)
        limits = [s.max_speed_m_s] * len(places) if max_speed_m_s is None else max_speed_m_s
        seen: Iterator[_Seen] = zip(
            itertools.repeat(t_utc_us), distance.tolist(), pose.tolist(), (total - pose).tolist(),
            places[:, 0].tolist(), places[:, 1].tolist(), itertools.repeat(covariances), range(len(places)),
        )  # fmt: skip
        events = []
        for track_id, usable, sign, limit, towards, now in zip(
            track_ids, finite.tolist(), side.tolist(), limits, heading, seen, strict=True
        ):
            event = self._update(track_id, now, sign, limit, towards) if usable else None
            if event is not None:
                events.append(event)
        return events

    def _headings(self, normal: FloatArray, velocity_en_m_s: ArrayLike | None, covariance: FloatArray) -> list[int]:
        """To which side each track clearly walks: 1 left, -1 right, 0 none or unknown."""
        if velocity_en_m_s is None or covariance.shape[1:] != (4, 4):
            return [0] * len(normal)
        rate = np.einsum("ni,ni->n", normal, np.asarray(velocity_en_m_s, dtype=np.float64))
        variance = np.einsum("ni,nij,nj->n", normal, covariance[:, 2:, 2:], normal)
        least = np.maximum(self.settings.walking_m_s, 2.0 * np.sqrt(np.maximum(variance, 0.0)))
        return [int(v) for v in np.where(np.abs(rate) > least, np.sign(rate), 0.0)]

    def _distances(self, places_en_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Signed distance and the normal in which it grows, the end segments continued beyond the ends."""
        fix = self.geometry.locate(places_en_m)
        distance, normal = fix.signed_distance_m, fix.normal_en
        beyond = np.flatnonzero(fix.beyond_end)
        if len(beyond):
            end, direction = self.geometry.at(fix.along_m[beyond])
            left = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
            distance, normal = distance.copy(), normal.copy()
            distance[beyond] = ((places_en_m[beyond] - end) * left).sum(axis=1)
            normal[beyond] = left
        return distance, normal

    def _update(
        self, track_id: Hashable, now: _Seen, sign: int, max_speed_m_s: float, heading: int
    ) -> CrossingEvent | None:
        """Take one position, clearly on the side ``sign`` (1 left, -1 right) or on none (0), walking to ``heading``."""
        s = self.settings
        track = self._tracks.get(track_id)
        if track is None:
            track = self._tracks[track_id] = _Track()
        t_us, last = now[0], track.last
        if last is not None:
            if t_us <= last[0]:
                return None
            # Nobody is too fast for 0.3 m; so it is nearly always.
            step = not (-0.3 < now[4] - last[4] < 0.3 and -0.3 < now[5] - last[5] < 0.3)
            if t_us - last[0] > s.max_gap_s * 1e6 or (
                step and self._too_fast(_sample(last), _sample(now), max_speed_m_s)
            ):
                track.restart()
        if heading == 0 or heading != track.heading:
            track.heading, track.heading_since_us = heading, t_us
        if sign == 0 or sign != track.run_sign:
            track.run_sign, track.run_start_us, track.run_count = sign, t_us, 0
        track.run_count += 1
        held = sign != 0 and track.run_count >= s.hold_updates and t_us - track.run_start_us >= s.hold_s * 1e6
        if held and track.side == 0 and self._came_fast(track, now, sign):
            track.side = -sign
        if held and track.side in (0, sign):
            track.side, track.last, track.at_home = sign, now, True
            track.way.clear()
            trail = track.trail
            if not (trail and trail[-1].held and t_us - trail[-1].t_us < _TRAIL_STEP_US):
                self._keep(track, _sample(now), held=True)
            return None
        if last is not None and track.at_home:
            track.at_home = False
            track.way.append(_sample(last))
        sample = _sample(now)
        self._keep(track, sample, held=False)
        track.way.append(sample)
        if len(track.way) > 4000:
            # Somebody rests on the line: coarser, but from the beginning.
            track.way = [track.way[0], *track.way[1::2]]
        event = self._candidate(track_id, track, sample, max_speed_m_s) if held else None
        track.last = now
        return event

    def _came_fast(self, track: _Track, now: _Seen, sign: int) -> bool:
        """Whether it came across evenly and fast from where it was seen first, which then counts as held.

        What is fast did not stand on the line a moment before it was seen. In its first second a track's speed is not
        known, so this is judged afterwards.
        """
        s, trail = self.settings, track.trail
        if not trail:
            return False
        first = trail[0]
        if first.d_m * sign >= 0.0 or abs(first.d_m) < s.k_sigma_fast * first.sigma:
            return False
        # Marks half a second or more apart: between each two it must have come on.
        marks = [(first.t_us, first.d_m)]
        for x in (*((x.t_us, x.d_m) for x in trail[1:]), (now[0], now[1])):
            if x[0] - marks[-1][0] >= 500_000:
                marks.append(x)
        if len(marks) < 3:
            return False
        speeds = [sign * (b[1] - a[1]) * 1e6 / (b[0] - a[0]) for a, b in itertools.pairwise(marks)]
        whole = sign * (marks[-1][1] - marks[0][1]) * 1e6 / (marks[-1][0] - marks[0][0])
        if whole < s.fast_m_s or min(speeds) < 0.5 * s.fast_m_s:
            return False
        trail[0] = first._replace(held=True)
        return True

    def _candidate(
        self, track_id: Hashable, track: _Track, sample: Sample, max_speed_m_s: float
    ) -> CrossingEvent | None:
        """The track is held on the side where it was not: is that a crossing?"""
        sign = track.run_sign
        if self._switched(track, max_speed_m_s):
            track.restart()
            return None
        if not self._confirms(track, sample, sign):
            return None  # it may be the drift: no evidence of having been there either
        event = None
        if not (self.settings.once_per_direction and sign in track.told):
            event = self._event(track_id, track, sample, sign)
            if event is not None:
                track.told.add(sign)
        track.side = sign
        track.trail.clear()
        track.way.clear()
        self._keep(track, sample, held=True, force=True)
        track.way.append(sample)
        return event

    def _keep(self, track: _Track, sample: Sample, held: bool, force: bool = False) -> None:
        """Put a sample on the trail, not more often than needed and not for ever."""
        trail = track.trail
        soon = trail and not force and sample.t_us - trail[-1].t_us < _TRAIL_STEP_US
        if soon and (trail[-1].held or not held):
            return
        if held:
            sample = sample._replace(held=True)
        if soon:
            trail[-1] = sample
            return
        trail.append(sample)
        if len(trail) > 64 and trail[0].t_us < sample.t_us - self.settings.history_s * 1e6:
            # The last evidence is kept however old it is: somebody may rest on the line for long.
            oldest = sample.t_us - self.settings.history_s * 1e6
            evidence = max((i for i, x in enumerate(trail) if x.held), default=len(trail))
            track.trail = [x for i, x in enumerate(trail) if x.t_us >= oldest or i == evidence]

    # -- identity ------------------------------------------------------------------------------------------------

    def _too_fast(self, one: Sample, other: Sample, max_speed_m_s: float) -> bool:
        """Whether the object would have been faster than it can be, errors allowed for."""
        east_m, north_m = other.east_m - one.east_m, other.north_m - one.north_m
        dt_s = (other.t_us - one.t_us) / 1e6
        way_m = math.hypot(east_m, north_m)
        if way_m <= max_speed_m_s * dt_s + 0.5:
            return False
        a, b = one.covariance_m2, other.covariance_m2
        trace = 0.5 * float(a[0, 0] + a[1, 1] + b[0, 0] + b[1, 1])
        noise_var = (1.0 - self._correlation(dt_s)) * trace + other.own_var + one.own_var
        return way_m > max_speed_m_s * dt_s + 3.0 * math.sqrt(max(0.0, noise_var)) + 0.5

    def _switched(self, track: _Track, max_speed_m_s: float) -> bool:
        """A tracker that changes to somebody else does not jump: it runs over to him within a second or so."""
        way, first = track.way, 0
        for sample in way:
            while first + 1 < len(way) and sample.t_us - way[first + 1].t_us >= 500_000:
                first += 1
            if sample.t_us - way[first].t_us <= 2_000_000 and self._too_fast(way[first], sample, max_speed_m_s):
                return True
        return False

    # -- evidence ------------------------------------------------------------------------------------------------

    def _correlation(self, dt_s: float) -> float:
        return sum(share * math.exp(-abs(dt_s) / tau_s) for share, tau_s in self.settings.pose_correlation)

    def _confirms(self, track: _Track, now: Sample, sign: int) -> bool:
        s = self.settings
        trail = [*track.trail, now]
        t_s = np.array([(x.t_us - now.t_us) / 1e6 for x in trail])
        d, pose, own = (np.array([getattr(x, name) for x in trail]) for name in ("d_m", "pose_var", "own_var"))
        d = sign * d  # from now on the way goes upwards
        held = np.array([x.held and x.d_m * sign < 0.0 for x in trail])
        if not held.any():
            return False
        lag = np.abs(t_s[:, None] - t_s[None, :])
        correlation = sum(share * np.exp(-lag / tau_s) for share, tau_s in s.pose_correlation)
        common = correlation * np.sqrt(pose[:, None] * pose[None, :])
        drift_var = np.maximum(0.0, pose[:, None] + pose[None, :] - 2.0 * common) + own[:, None] + own[None, :]
        rise = (d[None, :] - d[:, None]) / np.sqrt(np.maximum(drift_var, 1e-9))  # from row to column, in sigmas
        if not (rise[held, -1] >= s.drift_k).any():
            return False
        soon = (t_s[None, :] > t_s[:, None]) & (lag <= s.moved_within_s)
        walked = soon & (rise >= s.moved_k)
        far = np.abs(d) >= s.standing_k_sigma * np.sqrt(pose + own)
        if not (far | walked.any(axis=1))[held].any():
            return False
        if abs(now.d_m) >= s.sure_k * now.sigma:
            return True  # no drift does that, and the model below of how people walk is only a model
        likelihood = across_or_stopped(
            trail, sign, s.pose_correlation, s.evidence_window_s, s.evidence_step_s, s.step_noise
        )
        walks = track.heading == sign and now.t_us - track.heading_since_us >= s.walking_s * 1e6
        return likelihood >= (s.evidence_walking if walks else s.evidence)

    # -- the event -----------------------------------------------------------------------------------------------

    def _event(self, track_id: Hashable, track: _Track, now: Sample, sign: int) -> CrossingEvent | None:
        """What is told; None where the way leads round an end of the line."""
        before = max(
            (x for x in track.trail if x.held and x.d_m * sign < 0.0), key=lambda x: abs(x.d_m) / max(x.sigma, 1e-6)
        )
        total = (before.pose_var + before.own_var) * (now.pose_var + now.own_var)
        share = math.sqrt(before.pose_var * now.pose_var / max(1e-12, total))
        share *= self._correlation((now.t_us - before.t_us) / 1e6)
        # P(x_before < 0 and x_now > 0): the same error pushes both the same way, so as sides they are anti-correlated.
        probability = both_below(abs(before.d_m) / max(before.sigma, 1e-6), abs(now.d_m) / max(now.sigma, 1e-6), -share)
        way = track.way
        t_us, t_sigma_s, place, covariance = passage(way, sign)
        gap_s = max((b.t_us - a.t_us) / 1e6 for a, b in itertools.pairwise(way))
        if gap_s > self.settings.gap_s:
            # Somebody else may have been picked up after the gap: even odds when it is long.
            probability *= 0.5 + 0.5 * math.exp(-(gap_s - self.settings.gap_s) / 8.0)
        fix = self.geometry.locate(place)
        if bool(fix.beyond_end):
            return None
        lat, lon = self._frame.from_plane(fix.nearest_en_m)
        from_side: Side = "left" if sign < 0 else "right"
        to_side: Side = "right" if sign < 0 else "left"
        return CrossingEvent(
            track_id, t_us, t_sigma_s, now.t_us, from_side, to_side, self._border.direction(from_side, to_side),
            float(lat), float(lon), float(fix.along_m), circular_error_m(covariance), probability, gap_s,
        )  # fmt: skip
