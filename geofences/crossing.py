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
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.accuracy import both_below, circular_error_m
from geofences.area import BorderLine, Side
from geofences.border import BorderFix, BorderGeometry
from geofences.crossing_evidence import Sample, across_or_stopped, passage
from geofences.crossing_tracks import NEVER, Past, Positions, TrackColumns
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


class CrossingDetector:
    """Watches all tracks of one border. Not thread-safe; one owner feeds it in order of time.

    Positions are metres in ``frame``; covariances are the pose's error included, as in ``GroundTracks``.
    """

    def __init__(self, border: BorderLine, frame: LocalFrame, settings: CrossingSettings | None = None) -> None:
        self.settings = settings or CrossingSettings()
        self.geometry = BorderGeometry.from_line(border, frame)
        self._border, self._frame = border, frame
        self._tracks = TrackColumns()

    def forget(self, track_id: Hashable) -> None:
        """Drop a track that will not come again."""
        self._tracks.forget(track_id)

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
        fix: BorderFix | None = None,
    ) -> list[CrossingEvent]:
        """Take one frame's positions of n tracks; the crossings that they confirm.

        ``en_m`` ``(n, 2)``; ``covariance_en`` ``(n, 4, 4)`` or ``(n, 2, 2)``, of which the position's part is used;
        ``pose_covariance_en_m2`` ``(n, 2, 2)``: the part of it that all tracks share. ``max_speed_m_s``: what each
        object's class can do. A position that is not finite, or not newer than the track's last one, is ignored.
        ``velocity_en_m_s`` ``(n, 2)`` of the tracks, with its covariance in ``covariance_en`` ``(n, 4, 4)``: free of the
        pose's drift, it tells who walks on from who stands; without it everybody is taken to stand. ``fix``: where the
        positions lie to this very line, when that is known already.
        """
        places = np.asarray(en_m, dtype=np.float64)
        whole = np.asarray(covariance_en, dtype=np.float64)
        covariances, poses = whole[:, :2, :2], np.asarray(pose_covariance_en_m2, dtype=np.float64)
        if not len(places):
            return []
        s = self.settings
        limits = [s.max_speed_m_s] * len(places) if max_speed_m_s is None else list(max_speed_m_s)
        velocity = None
        if velocity_en_m_s is not None and whole.shape[1:] == (4, 4):
            velocity = np.asarray(velocity_en_m_s, dtype=np.float64)
        ids = list(track_ids)
        usable = self._usable(ids, t_utc_us, places, covariances, poses)
        if usable is not None:
            if not len(usable):
                return []
            places, covariances, poses, whole = places[usable], covariances[usable], poses[usable], whole[usable]
            ids, limits = [ids[k] for k in usable.tolist()], [limits[k] for k in usable.tolist()]
            velocity, fix = None if velocity is None else velocity[usable], None
        distance, normal = self._distances(places, fix)
        total = np.maximum(_along(normal, covariances), 0.0)
        pose = np.minimum(np.maximum(_along(normal, poses), 0.0), total)
        heading = self._headings(normal, velocity, whole)
        outwards = heading * distance
        k_sigma = np.where(outwards > 0.0, s.k_sigma_walking, np.where(outwards < 0.0, s.k_sigma_coming, s.k_sigma))
        clearly = np.abs(distance) > np.maximum(s.min_distance_m, k_sigma * np.sqrt(total))
        side = np.where(clearly, np.sign(distance), 0.0).astype(np.int64)
        numbers = np.empty((5, len(distance)))
        numbers[0], numbers[1], numbers[2], numbers[3:] = distance, pose, total - pose, places.T
        return self._take(ids, t_utc_us, numbers, covariances.copy(), side, heading, limits)

    def _usable(
        self, track_ids: list[Hashable], t_utc_us: int, places: FloatArray, covariances: FloatArray, poses: FloatArray
    ) -> NDArray[np.intp] | None:
        """Rows with finite numbers, newer than their track's last, no track twice; None for all, as nearly always."""
        # A sum is finite only where all of it is; and where it is not, it is looked at again.
        if math.isfinite(places.sum() + covariances.sum() + poses.sum()) and len(set(track_ids)) == len(track_ids):
            self._tracks.arrange(track_ids)
            if (self._tracks.t_us[: len(track_ids)] < t_utc_us).all():
                return None
        finite = np.isfinite(places).all(axis=1) & np.isfinite(covariances + poses).all(axis=(1, 2))
        first = {track_ids[k]: k for k in reversed(np.flatnonzero(finite).tolist())}
        rows = sorted(first.values())
        self._tracks.arrange([track_ids[k] for k in rows])
        return np.asarray(np.array(rows, dtype=np.intp)[self._tracks.t_us[: len(rows)] < t_utc_us])

    def _headings(self, normal: FloatArray, velocity: FloatArray | None, covariance: FloatArray) -> NDArray[np.int64]:
        """To which side each track clearly walks: 1 left, -1 right, 0 none or unknown."""
        if velocity is None:
            return np.zeros(len(normal), dtype=np.int64)
        rate = normal[:, 0] * velocity[:, 0] + normal[:, 1] * velocity[:, 1]
        variance = _along(normal, covariance[:, 2:, 2:])
        least = np.maximum(self.settings.walking_m_s, 2.0 * np.sqrt(np.maximum(variance, 0.0)))
        return np.where(np.abs(rate) > least, np.sign(rate), 0.0).astype(np.int64)

    def _distances(self, places_en_m: FloatArray, fix: BorderFix | None) -> tuple[FloatArray, FloatArray]:
        """Signed distance and the normal in which it grows, the end segments continued beyond the ends."""
        fix = fix or self.geometry.locate(places_en_m)
        distance, normal = fix.signed_distance_m, fix.normal_en
        beyond = np.flatnonzero(fix.beyond_end)
        if len(beyond):
            end, direction = self.geometry.at(fix.along_m[beyond])
            left = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
            distance, normal = distance.copy(), normal.copy()
            distance[beyond] = ((places_en_m[beyond] - end) * left).sum(axis=1)
            normal[beyond] = left
        return distance, normal

    def _take(
        self,
        track_ids: list[Hashable],
        t_us: int,
        places: FloatArray,
        covariances: FloatArray,
        sign: NDArray[np.int64],
        heading: NDArray[np.int64],
        limits: list[float],
    ) -> list[CrossingEvent]:
        """Take one frame's positions of n tracks: ``places`` ``(5, n)`` as in :class:`TrackColumns`, clearly on the side
        ``sign`` (1 left, -1 right) or on none (0), walking to ``heading``; ``limits``: their greatest speeds.

        What is the same for all tracks is done for all at once; only what happens near the line is done for each.
        """
        s, c, n = self.settings, self._tracks, len(track_ids)
        c.arrange(track_ids)
        now = Positions(t_us, places, covariances)
        self._begin_anew_what_jumps(now, places, limits)
        known = c.t_us[:n] != NEVER
        other = (heading == 0) | (heading != c.heading[:n])
        c.heading[:n] = heading
        np.copyto(c.heading_since_us[:n], t_us, where=other)
        other = (sign == 0) | (sign != c.run_sign[:n])
        c.run_sign[:n] = sign
        np.copyto(c.run_start_us[:n], t_us, where=other)
        c.run_count[:n] += 1
        np.copyto(c.run_count[:n], 1, where=other)
        held = (sign != 0) & (c.run_count[:n] >= s.hold_updates) & (t_us - c.run_start_us[:n] >= s.hold_s * 1e6)
        side = c.side[:n]
        for k in np.flatnonzero(held & (side == 0)).tolist():
            if self._came_fast(c.past[k].trail(), now.sample(k), int(sign[k])):
                side[k] = -sign[k]
        home = held & ((side == 0) | (side == sign))
        np.copyto(side, sign, where=home)
        was_home = c.at_home[:n] != 0
        for k in np.flatnonzero(home & ~was_home).tolist():
            c.past[k].begin_way()
        for k in np.flatnonzero(~home & was_home & known).tolist():
            c.past[k].go_on(c.last(k), 0)
        for k in np.flatnonzero(~home).tolist():
            c.past[k].go_on(now, k)
        soon = t_us - c.kept_us[:n] < _TRAIL_STEP_US
        keep = np.flatnonzero(~soon | (home & (c.kept_held[:n] == 0)))
        oldest_us = t_us - int(s.history_s * 1e6)
        for k, held_now, in_place in zip(keep.tolist(), home[keep].tolist(), soon[keep].tolist(), strict=True):
            c.past[k].keep(now, k, held_now, in_place, oldest_us)
        c.kept_us[keep], c.kept_held[keep] = t_us, home[keep]
        c.at_home[:n] = home
        c.note(t_us, places, covariances)
        events = []
        for k in np.flatnonzero(held & ~home).tolist():
            event = self._candidate(track_ids[k], k, now.sample(k), limits[k])
            c.t_us[k] = t_us
            if event is not None:
                events.append(event)
        return events

    def _begin_anew_what_jumps(self, now: Positions, places: FloatArray, limits: list[float]) -> None:
        """Restart the tracks that were away for too long, or that moved farther than their class can."""
        c, n = self._tracks, places.shape[1]
        passed_us = now.t_us - c.t_us[:n]
        # Nobody is too fast for 0.3 m; so it is nearly always.
        still = np.abs(places[3:] - c.places[3:, :n]) < 0.3
        calm = still[0] & still[1]
        doubtful = (c.t_us[:n] != NEVER) & (~calm | (passed_us > self.settings.max_gap_s * 1e6))
        for k in np.flatnonzero(doubtful).tolist():
            if passed_us[k] > self.settings.max_gap_s * 1e6 or self._too_fast(
                c.last(k).sample(0), now.sample(k), limits[k]
            ):
                c.restart(k)

    def _came_fast(self, trail: list[Sample], now: Sample, sign: int) -> bool:
        """Whether it came across evenly and fast from where it was seen first, which then counts as held.

        What is fast did not stand on the line a moment before it was seen. In its first second a track's speed is not
        known, so this is judged afterwards.
        """
        s = self.settings
        if not trail:
            return False
        first = trail[0]
        if first.d_m * sign >= 0.0 or abs(first.d_m) < s.k_sigma_fast * first.sigma:
            return False
        # Marks half a second or more apart: between each two it must have come on.
        marks = [(first.t_us, first.d_m)]
        for x in (*trail[1:], now):
            if x.t_us - marks[-1][0] >= 500_000:
                marks.append((x.t_us, x.d_m))
        if len(marks) < 3:
            return False
        speeds = [sign * (b[1] - a[1]) * 1e6 / (b[0] - a[0]) for a, b in itertools.pairwise(marks)]
        whole = sign * (marks[-1][1] - marks[0][1]) * 1e6 / (marks[-1][0] - marks[0][0])
        if whole < s.fast_m_s or min(speeds) < 0.5 * s.fast_m_s:
            return False
        trail[0] = first._replace(held=True)
        return True

    def _candidate(self, track_id: Hashable, row: int, sample: Sample, max_speed_m_s: float) -> CrossingEvent | None:
        """The track is held on the side where it was not: is that a crossing?"""
        c, past = self._tracks, self._tracks.past[row]
        sign = int(c.run_sign[row])
        if self._switched(past.way(), max_speed_m_s):
            c.restart(row)
            return None
        walks = c.heading[row] == sign and sample.t_us - c.heading_since_us[row] >= self.settings.walking_s * 1e6
        if not self._confirms(past.trail(), sample, sign, bool(walks)):
            return None  # it may be the drift: no evidence of having been there either
        event = None
        if not (self.settings.once_per_direction and sign in past.told):
            event = self._event(track_id, past, sample, sign)
            if event is not None:
                past.told.add(sign)
        c.side[row] = sign
        past.trail().clear()
        past.begin_way([sample])
        past.trail().append(sample._replace(held=True))
        c.kept_us[row], c.kept_held[row] = sample.t_us, True
        return event

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

    def _switched(self, way: list[Sample], max_speed_m_s: float) -> bool:
        """A tracker that changes to somebody else does not jump: it runs over to him within a second or so."""
        first = 0
        for sample in way:
            while first + 1 < len(way) and sample.t_us - way[first + 1].t_us >= 500_000:
                first += 1
            if sample.t_us - way[first].t_us <= 2_000_000 and self._too_fast(way[first], sample, max_speed_m_s):
                return True
        return False

    # -- evidence ------------------------------------------------------------------------------------------------

    def _correlation(self, dt_s: float) -> float:
        return sum(share * math.exp(-abs(dt_s) / tau_s) for share, tau_s in self.settings.pose_correlation)

    def _confirms(self, trail: list[Sample], now: Sample, sign: int, walks: bool) -> bool:
        s = self.settings
        trail = [*trail, now]
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
        return likelihood >= (s.evidence_walking if walks else s.evidence)

    # -- the event -----------------------------------------------------------------------------------------------

    def _event(self, track_id: Hashable, past: Past, now: Sample, sign: int) -> CrossingEvent | None:
        """What is told; None where the way leads round an end of the line."""
        before = max(
            (x for x in past.trail() if x.held and x.d_m * sign < 0.0), key=lambda x: abs(x.d_m) / max(x.sigma, 1e-6)
        )
        total = (before.pose_var + before.own_var) * (now.pose_var + now.own_var)
        share = math.sqrt(before.pose_var * now.pose_var / max(1e-12, total))
        share *= self._correlation((now.t_us - before.t_us) / 1e6)
        # P(x_before < 0 and x_now > 0): the same error pushes both the same way, so as sides they are anti-correlated.
        probability = both_below(abs(before.d_m) / max(before.sigma, 1e-6), abs(now.d_m) / max(now.sigma, 1e-6), -share)
        way = past.way()
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


def _along(normal: FloatArray, matrices: FloatArray) -> FloatArray:
    """``n' M n`` of normals ``(n, 2)`` and matrices ``(n, 2, 2)``."""
    x, y, m = normal[:, 0], normal[:, 1], matrices
    return np.asarray(x * x * m[:, 0, 0] + x * y * (m[:, 0, 1] + m[:, 1, 0]) + y * y * m[:, 1, 1])
