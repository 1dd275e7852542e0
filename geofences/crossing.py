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
   across, or it has stayed across for so long that the drift averages out.

Of who *walks over* the line something else is asked in place of all that. His velocity is free of the drift, so it is known
how far he walked between all of his positions, and where he is follows from all of them together
(:func:`~geofences.crossing_evidence.walked_over`): a passage is confirmed when that puts him on the one side before and on
the other now by ``over_k_sigma`` and by ``over_way_sigma`` on both sides together, while he walks on away from the line. The
sum is how far he walked, in sigmas of where he is: a drift that was taken for walking is not that long.

Pixel lines are not used, so a panning camera moves nothing. A way that the class cannot make in its time is taken as an
id switch: the track starts afresh, with nothing established. A track born on the far side has nothing to tell. Beyond its
ends the line is thought to go on straight, only to know on which side a track is: a way round the end is not told.

``benchmarks/crossing.py --drift`` prints how many crossings this finds and how many it makes up, by ``k_sigma``.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Hashable, Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.accuracy import both_below, circular_error_m
from geofences.area import BorderLine, Side
from geofences.border import BorderFix, BorderGeometry
from geofences.crossing_evidence import Sample, WalkedOver, across_or_stopped, passage, walked_over
from geofences.crossing_settings import CrossingEvent, CrossingSettings
from geofences.crossing_tracks import NEVER, Past, Positions, TrackColumns
from geofences.geodesy import FloatArray, LocalFrame

__all__ = ["CrossingDetector", "CrossingEvent", "CrossingSettings"]

_TRAIL_STEP_US = 400_000
_time_of = attrgetter("t_us")
_ASKED_EVERY_US = 400_000
_OVER_AT_LEAST = 1.2  # sigma on both sides, of the positions alone, before all of them together are asked
# Part of a velocity's error is the drift of the camera that the tracker could not tell from all tracks moving together, and
# lasts for seconds: recorded flights show some 0.5 m/s of it. So long does an error of the velocity last, as far as its sum
# over time and its mean over a second or two go:
_RATE_ERROR_S, _HEADING_ERROR_S = 1.0, 2.0


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
        numbers = np.zeros((7, len(distance)))
        heading = self._headings(t_utc_us, normal, velocity, whole, numbers)
        clearly = np.abs(distance) > np.maximum(s.min_distance_m, s.k_sigma * np.sqrt(total))
        side = np.where(clearly, np.sign(distance), 0.0).astype(np.int64)
        numbers[0], numbers[1], numbers[2], numbers[3:5] = distance, pose, total - pose, places.T
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

    def _headings(
        self, t_us: int, normal: FloatArray, velocity: FloatArray | None, covariance: FloatArray, numbers: FloatArray
    ) -> NDArray[np.int64]:
        """To which side each track clearly walks: 1 left, -1 right, 0 none or unknown; and into ``numbers`` how far it
        walked, see :class:`TrackColumns`.

        The rate at which its distance grows is averaged over some time: the error of a single frame's velocity is as large
        as the pace of who walks slowly.
        """
        n, s, c = len(normal), self.settings, self._tracks
        if velocity is None:
            return np.zeros(n, dtype=np.int64)
        rate = normal[:, 0] * velocity[:, 0] + normal[:, 1] * velocity[:, 1]
        variance = np.maximum(_along(normal, covariance[:, 2:, 2:]), 0.0)
        if not math.isfinite(rate.sum() + variance.sum()):
            lost = ~np.isfinite(rate + variance)
            rate, variance = np.where(lost, 0.0, rate), np.where(lost, s.max_speed_m_s**2, variance)
        new = c.t_us[:n] == NEVER
        c.first_us[:n][new] = t_us
        dt_s, age_s = (t_us - c.t_us[:n]) * 1e-6, (t_us - c.first_us[:n]) * 1e-6
        dt_s[new] = 0.0
        mean, walked = c.rate_m_s[:n], c.places[5:, :n]
        mean += dt_s / np.minimum(np.maximum(age_s, 1e-6), s.rate_mean_s + dt_s) * (rate - mean)
        mean[new], walked[:, new] = rate[new], 0.0
        numbers[5] = walked[0] + rate * dt_s
        numbers[6] = walked[1] + variance * dt_s * np.maximum(dt_s, 2.0 * _RATE_ERROR_S)
        averaged = _HEADING_ERROR_S / (_HEADING_ERROR_S + np.minimum(age_s, s.rate_mean_s))
        least = np.maximum(s.walking_m_s, 2.0 * np.sqrt(variance * averaged))
        return np.asarray((mean > least).astype(np.int64) - (mean < -least))

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
        """Take one frame's positions of n tracks: ``places`` ``(7, n)`` as in :class:`TrackColumns`, clearly on the side
        ``sign`` (1 left, -1 right) or on none (0), walking to ``heading``; ``limits``: their greatest speeds.

        What is the same for all tracks is done for all at once; only what happens near the line is done for each.
        """
        s, c, n = self.settings, self._tracks, len(track_ids)
        c.arrange(track_ids)
        now = Positions(t_us, places, covariances)
        self._begin_anew_what_jumps(now, places, limits)
        known = c.t_us[:n] != NEVER
        np.copyto(c.first_us[:n], t_us, where=~known)
        self._note_reach(places[0], known)
        other = (heading == 0) | (heading != c.heading[:n])
        c.heading[:n] = heading
        np.copyto(c.heading_since_us[:n], t_us, where=other)
        other = (sign == 0) | (sign != c.run_sign[:n])
        c.run_sign[:n] = sign
        np.copyto(c.run_start_us[:n], t_us, where=other)
        c.run_count[:n] += 1
        np.copyto(c.run_count[:n], 1, where=other)
        far_m = np.minimum(s.far_m, s.far_k_sigma * np.sqrt(places[1] + places[2]))
        far = (sign != 0) & (np.abs(places[0]) >= far_m)
        c.run_far[:n] = np.where(far, np.where(other, 1, c.run_far[:n] + 1), 0)
        lasted_us = t_us - c.run_start_us[:n]
        held = (c.run_count[:n] >= s.hold_updates) & (lasted_us >= s.hold_s * 1e6) & (sign != 0)
        held |= (c.run_far[:n] >= s.hold_updates_far) & (lasted_us >= s.hold_s_far * 1e6)
        over = self._may_be_over(now, heading)
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
        for k in np.flatnonzero((held & ~home) | over).tolist():
            event = self._candidate(track_ids[k], k, now.sample(k), limits[k], bool(over[k]), bool(held[k] & ~home[k]))
            c.t_us[k] = t_us
            if event is not None:
                events.append(event)
        return events

    def _note_reach(self, d_m: FloatArray, known: NDArray[np.bool_]) -> None:
        """The farthest that each track was on either side."""
        c, n = self._tracks, len(d_m)
        least, most = c.least_d_m[:n], c.most_d_m[:n]
        np.minimum(least, d_m, out=least)
        np.maximum(most, d_m, out=most)
        if not known.all():
            least[~known] = most[~known] = d_m[~known]

    def _may_be_over(self, now: Positions, heading: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Who walks away from the line and was seen on both sides of it, as often as that is worth asking: so few that each
        can be looked at."""
        s, c, n = self.settings, self._tracks, len(heading)
        there = heading * now.places[0]
        back = np.where(heading > 0, -c.least_d_m[:n], c.most_d_m[:n])
        walks = (heading != 0) & (now.t_us - c.heading_since_us[:n] >= s.walking_s * 1e6)
        least_m = np.maximum(s.min_distance_m, _OVER_AT_LEAST * np.sqrt(now.places[1] + now.places[2]))
        over = walks & (there > least_m) & (back > least_m) & (now.t_us - c.asked_us[:n] >= _ASKED_EVERY_US)
        np.copyto(c.asked_us[:n], now.t_us, where=over)
        return np.asarray(over)

    def _begin_anew_what_jumps(self, now: Positions, places: FloatArray, limits: list[float]) -> None:
        """Restart the tracks that were away for too long, or that moved farther than their class can."""
        c, n = self._tracks, places.shape[1]
        passed_us = now.t_us - c.t_us[:n]
        # Nobody is too fast for 0.3 m; so it is nearly always.
        still = np.abs(places[3:5] - c.places[3:5, :n]) < 0.3
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

    def _candidate(
        self, track_id: Hashable, row: int, sample: Sample, max_speed_m_s: float, over: bool, held: bool
    ) -> CrossingEvent | None:
        """The track is held on the side where it was not, or walks away from the line there: is that a crossing?"""
        c, past, s = self._tracks, self._tracks.past[row], self.settings
        sign = int(c.heading[row]) if over else int(c.run_sign[row])
        told = s.once_per_direction and sign in past.told
        if over and not held and told:
            return None
        trail = [*past.trail(), sample]
        way = past.way()
        if not any(x.d_m * sign < 0.0 for x in way):
            way = trail  # it counts as held on the far side already: its way over the line is on the trail only
        if self._switched(past, way, max_speed_m_s):
            c.restart(row)
            return None
        walked: WalkedOver | None = None
        if over and any(x.d_m * sign < 0.0 for x in way):
            walked = walked_over(trail, sign, s.pose_correlation, s.over_window_s, s.evidence_step_s)
            if min(walked.before, walked.now) < s.over_k_sigma or walked.before + walked.now < s.over_way_sigma:
                walked = None
        if walked is None and not (held and self._confirms(trail, sign)):
            return None  # it may be the drift: no evidence of having been there either
        event = None
        if not told:
            event = self._event(track_id, trail, way, sign, walked)
            if event is not None:
                past.told.add(sign)
        c.side[row] = sign
        c.least_d_m[row] = c.most_d_m[row] = sample.d_m
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

    def _switched(self, past: Past, way: list[Sample], max_speed_m_s: float) -> bool:
        """A tracker that changes to somebody else does not jump: it runs over to him within a second or so."""
        # What was looked at with this speed before is not looked at again.
        known_us = past.same_until_us if past.same_at_m_s == max_speed_m_s else NEVER
        first = bisect_left(way, known_us - 2_000_000, key=_time_of)
        for sample in way[first:]:
            if sample.t_us <= known_us:
                continue
            while first + 1 < len(way) and sample.t_us - way[first + 1].t_us >= 500_000:
                first += 1
            if sample.t_us - way[first].t_us <= 2_000_000 and self._too_fast(way[first], sample, max_speed_m_s):
                return True
        past.same_until_us, past.same_at_m_s = way[-1].t_us, max_speed_m_s
        return False

    # -- evidence ------------------------------------------------------------------------------------------------

    def _correlation(self, dt_s: float) -> float:
        return sum(share * math.exp(-abs(dt_s) / tau_s) for share, tau_s in self.settings.pose_correlation)

    def _confirms(self, trail: list[Sample], sign: int) -> bool:
        s, now = self.settings, trail[-1]
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
        return likelihood >= s.evidence

    # -- the event -----------------------------------------------------------------------------------------------

    def _event(
        self, track_id: Hashable, trail: list[Sample], way: list[Sample], sign: int, walked: WalkedOver | None
    ) -> CrossingEvent | None:
        """What is told; None where the way leads round an end of the line."""
        now = trail[-1]
        probability = self._probability(trail, sign) if walked is None else walked.probability
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

    def _probability(self, trail: list[Sample], sign: int) -> float:
        """That of the one side before and the other now, from the two positions alone."""
        now = trail[-1]
        before = max((x for x in trail if x.held and x.d_m * sign < 0.0), key=lambda x: abs(x.d_m) / max(x.sigma, 1e-6))
        total = (before.pose_var + before.own_var) * (now.pose_var + now.own_var)
        share = math.sqrt(before.pose_var * now.pose_var / max(1e-12, total))
        share *= self._correlation((now.t_us - before.t_us) / 1e6)
        # P(x_before < 0 and x_now > 0): the same error pushes both the same way, so as sides they are anti-correlated.
        return both_below(abs(before.d_m) / max(before.sigma, 1e-6), abs(now.d_m) / max(now.sigma, 1e-6), -share)


def _along(normal: FloatArray, matrices: FloatArray) -> FloatArray:
    """``n' M n`` of normals ``(n, 2)`` and matrices ``(n, 2, 2)``."""
    x, y, m = normal[:, 0], normal[:, 1], matrices
    return np.asarray(x * x * m[:, 0, 0] + x * y * (m[:, 0, 1] + m[:, 1, 0]) + y * y * m[:, 1, 1])
