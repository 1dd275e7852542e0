"""Constant-velocity Kalman tracks on the ground, associated in two stages: strong detections first, then weak ones.

The filter's position is the *apparent* one: the true position plus the error that the camera pose puts on it. That
error is common to all tracks and wanders as the attitude and gimbal errors do (Gauss-Markov,
``angle_correlation_s``). In each frame its change is estimated from the matched tracks together and taken off, for
every track from the *other* tracks only, so that no measurement is used twice; with nothing else in view it is noise
of its honest size. The velocity therefore does not take the camera's wandering for motion. The lasting part of the pose error
is reported beside.
"""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.records import TrackStatus
from vision.tracking import class_model, judging
from vision.tracking.association import assign, candidates
from vision.tracking.base import GroundMeasurements, InView, Resumption, TrackStates
from vision.tracking.duplicates import pairwise_overlap
from vision.tracking.resumption import ambiguous, confirmed_by_ground
from vision.tracking.settings import TrackerSettings
from vision.tracking.shake import find_jolt
from vision.tracking.stacks import (
    applied,
    inverse_2x2,
    inverse_3x3,
    inverse_of_one_3x3,
    product,
    product_transposed,
    stacked,
    within_reach,
)
from vision.tracking.table import HISTORY_BITS, PRIOR_ANIMAL, TrackTable, bits, empty_table
from vision.tracking.unrest import Unrest

__all__ = ["GroundKalmanTracker", "TrackerSettings"]

_log = logging.getLogger("vision.tracking")
_SHIFT_KEPT = 0.3
_UNIT = np.eye(3)
_MOST = 0.6
_MOST_ASKED = 40
_NONE = empty_table()
_Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


class GroundKalmanTracker:
    """See the module's text. ``settings.first_track_id`` numbers the first track; no number is given twice."""

    def __init__(self, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self._next_id = self.settings.first_track_id
        self._tracks = empty_table()
        self._t_us: int | None = None
        self._unrest = Unrest(self.settings.angle_correlation_s)

    def update(
        self,
        t_utc_us: int,
        measurements: GroundMeasurements,
        in_view: InView,
        resumed: Resumption | None = None,
        animals: GroundMeasurements | None = None,
    ) -> TrackStates:
        """Take one frame's measurements; the states after it. ``resumed``: what the picture says after a gap;
        ``animals``: where animals were seen.

        A frame that is not newer than the last one changes nothing. When the time falls back by more than a second
        (a recording that starts again) all tracks end and the numbers go on.
        """
        ended = _NONE
        if self._t_us is not None and t_utc_us <= self._t_us:
            if self._t_us - t_utc_us < 1_000_000:
                return self._states(self._tracks, ended)
            _log.warning("time fell back by %.1f s: all tracks end", (self._t_us - t_utc_us) / 1e6)
            ended, self._tracks = self._tracks, empty_table()
            self._t_us, self._unrest = None, Unrest(self.settings.angle_correlation_s)
        dt_s = 0.0 if self._t_us is None else (t_utc_us - self._t_us) / 1e6
        self._t_us = t_utc_us
        self._predict(dt_s)
        known = (np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp))
        if resumed is not None:
            known, unknown = self._resume(measurements, resumed, dt_s)
            ended = ended.joined(unknown)
        evidence = class_model.likelihood(measurements.class_id, measurements.confidence)
        jolt, pairs, looked = self._pairs(measurements, dt_s, in_view, known, evidence)
        self._correct(t_utc_us, measurements, *pairs, dt_s, looked, jolt, evidence)
        confidence = np.zeros(len(self._tracks))
        confidence[pairs[0]] = measurements.confidence[pairs[1]]
        judging.note_found(self._tracks, self.settings, t_utc_us, confidence, looked)
        judging.note_animals(self._tracks, animals, self._unrest.variance(dt_s))
        judging.confirm(self._tracks, self.settings, t_utc_us)
        self._birth(t_utc_us, measurements, pairs[1])
        self._merge()
        ended = ended.joined(self._bury(t_utc_us, in_view))
        return self._states(self._tracks, ended)

    # ---------------------------------------------------------------------------------------------------- the filter

    def _predict(self, dt_s: float) -> None:
        t = self._tracks
        if not len(t) or dt_s <= 0.0:
            return
        density, _, _ = class_model.motion_of(t.class_probability)
        t.x[:2] += dt_s * t.x[2:]
        # F P F' + Q, where F adds the velocity's rows (columns) times dt to the position's.
        t.p[:2] += dt_s * t.p[2:]
        t.p[:, :2] += dt_s * t.p[:, 2:]
        flat = t.p.reshape(16, -1)
        # East and north of the places, of the speeds, and of a place and its speed.
        flat[0:6:5] += density * (dt_s**3 / 3.0)
        flat[10:16:5] += density * dt_s
        mixed = density * (dt_s**2 / 2.0)
        flat[2:8:5] += mixed
        flat[8:14:5] += mixed

    def _pairs(
        self, z: GroundMeasurements, dt_s: float, in_view: InView, known: _Pairs, evidence: FloatArray
    ) -> tuple[FloatArray | None, _Pairs, NDArray[np.bool_]]:
        """The camera's jolt ``(3,)`` in sigmas of its angles, None for none, taken off all tracks; the pairs; and which
        tracks could be seen ``(n,)``, those that were among them."""
        usual, q = self._unrest.usual_variance(dt_s), self._unrest.variance(dt_s)
        jolt = None
        if self._unrest.restless:
            looked = np.asarray(in_view(self._tracks.x[:2].T), dtype=np.bool_)
            jolt = self._take_off_jolt(z, usual, self._lately_seen(looked), q)
            pairs = self._associate(z, q if jolt is None else usual, known, evidence)
        else:
            pairs = self._associate(z, q, known, evidence)
            looked = self._could_be_seen(pairs[0], in_view)
            confirmed = self._lately_seen(looked)
            if confirmed.sum() >= 2 and confirmed[pairs[0]].sum() < _MOST * confirmed.sum():
                jolt = self._take_off_jolt(z, usual, confirmed)
                if jolt is not None:
                    pairs = self._associate(z, usual, known, evidence)
        looked[pairs[0]] = True
        return jolt, pairs, looked

    def _could_be_seen(self, seen: NDArray[np.intp], in_view: InView) -> NDArray[np.bool_]:
        """Which tracks lie in view; those that were seen surely do, and the others need to be looked at only."""
        looked = np.zeros(len(self._tracks), dtype=np.bool_)
        looked[seen] = True
        others = np.flatnonzero(~looked)
        if len(others):
            looked[others] = in_view(self._tracks.x[:2, others].T)
        return looked

    def _lately_seen(self, looked: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Confirmed tracks that ought to be seen now."""
        t = self._tracks
        return np.asarray(t.confirmed & looked & (t.history & 0b11 > 0))

    def _take_off_jolt(
        self, z: GroundMeasurements, usual: float, asked: NDArray[np.bool_], restless: float | None = None
    ) -> FloatArray | None:
        """Move all tracks by a jolt of the camera where those that are ``asked`` agree on one; see :func:`find_jolt`."""
        t = self._tracks
        told = np.flatnonzero(asked)[:_MOST_ASKED]
        strong = np.flatnonzero(z.confidence >= np.array(self.settings.threshold)[z.class_id])
        factor = t.factor.transpose(2, 0, 1)
        jolt = find_jolt(
            t.x[:2, told].T,
            t.p[:2, :2, told].transpose(2, 0, 1),
            factor[told],
            z.en_m[strong],
            z.covariance_m2[strong],
            usual,
            restless,
        )
        if jolt is None:
            return None
        shift, covariance = jolt
        t.x[:2] += (factor @ shift).T
        t.p[:2, :2] += (factor @ covariance @ factor.transpose(0, 2, 1)).transpose(1, 2, 0)
        return shift

    def _apparent_covariance(self, z: GroundMeasurements, shift_variance: float) -> FloatArray:
        """Of the measured places, the camera's wandering since the last frame included."""
        factor = stacked(z.angle_factor_m)
        wandering = product_transposed(factor, factor).transpose(2, 0, 1)
        # In memory the measurements stay last.
        return np.asarray(z.covariance_m2 + shift_variance * wandering)

    def _resume(self, z: GroundMeasurements, resumed: Resumption, dt_s: float) -> tuple[_Pairs, TrackTable]:
        """After a gap: the pairs that the picture knows; and the tracks of which nobody knows who they are, taken out."""
        t = self._tracks
        ended = np.isin(t.track_id, list(resumed.doubtful))
        covariance = self._apparent_covariance(z, self._unrest.variance(dt_s))
        _, speed_sigma, _ = class_model.motion_of(t.class_probability)
        rows, columns, impossible, wider = confirmed_by_ground(
            t.track_id, t.x[:2].T, t.p[:2, :2].transpose(2, 0, 1), speed_sigma, z.en_m, covariance, resumed.same, dt_s
        )
        t.p[0, 0, rows] += wider
        t.p[1, 1, rows] += wider
        ended[impossible] = True
        pairs = candidates(t.x[:2].T, t.p[:2, :2].transpose(2, 0, 1), z.en_m, covariance)
        open_ = ~ended[pairs.track] & ~np.isin(pairs.track, rows) & ~np.isin(pairs.measurement, columns)
        ended[ambiguous(pairs.take(open_))] = True
        if ended.any():
            _log.info("who is who is not known for %d tracks after %.1f s: they end", int(ended.sum()), dt_s)
        stay = ~ended[rows]
        place = np.cumsum(~ended) - 1
        gone = t.take(ended & t.confirmed)
        self._tracks = t.take(~ended)
        return (place[rows[stay]], columns[stay]), gone

    def _associate(self, z: GroundMeasurements, shift_variance: float, fixed: _Pairs, evidence: FloatArray) -> _Pairs:
        """Pairs ``(track, measurement)``: the fixed ones; known tracks with strong, then weak detections; then new tracks.

        ``evidence`` ``(m, 3)``: the measurements' :func:`class_model.likelihood`.
        """
        t, s = self._tracks, self.settings
        if not len(t) or not len(z):
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
        pairs = candidates(
            t.x[:2].T, t.p[:2, :2].transpose(2, 0, 1), z.en_m, self._apparent_covariance(z, shift_variance)
        )
        known = t.class_probability.take(pairs.track, axis=0)
        class_log = np.log(np.einsum("kc,kc->k", known, evidence.take(pairs.measurement, axis=0)))
        threshold = np.array(s.threshold)[z.class_id]
        strong = z.confidence >= threshold
        weak = ~strong & (z.confidence >= s.weak_share * threshold)
        track_free = np.ones(len(t), dtype=np.bool_)
        free = np.ones(len(z), dtype=np.bool_)
        tracks: list[NDArray[np.intp]] = [fixed[0]]
        seen: list[NDArray[np.intp]] = [fixed[1]]
        track_free[fixed[0]] = False
        free[fixed[1]] = False
        for who, what in ((t.confirmed, strong), (t.confirmed, weak), (~t.confirmed, strong | weak)):
            use = (who & track_free)[pairs.track] & (what & free)[pairs.measurement]
            if not use.any():
                continue
            i, j = assign(pairs.take(use), class_log[use])
            tracks.append(i)
            seen.append(j)
            track_free[i] = False
            free[j] = False
        return np.concatenate(tracks), np.concatenate(seen)

    def _correct(
        self,
        t_utc_us: int,
        z: GroundMeasurements,
        rows: NDArray[np.intp],
        columns: NDArray[np.intp],
        dt_s: float,
        looked: NDArray[np.bool_],
        jolt: FloatArray | None,
        evidence: FloatArray,
    ) -> None:
        t = self._tracks
        t.hit[:] = False
        t.xyxy[:] = np.nan
        # A frame in which nobody looked at a track's place says nothing of it.
        t.history = np.where(looked, (t.history << 1) & ((1 << HISTORY_BITS) - 1), t.history)
        t.frames += looked
        if not len(t):
            return
        factor = stacked(z.angle_factor_m).take(columns, axis=2)
        r = stacked(z.covariance_m2).take(columns, axis=2)
        en = z.en_m.take(columns, axis=0).T
        if len(rows):
            t.factor[..., rows] = factor
            t.pose[..., rows] = stacked(z.pose_covariance_m2).take(columns, axis=2)
        self._take_off_common_shift(rows, en, r, factor, dt_s, jolt)
        if not len(rows):
            return
        p, x = t.p.take(rows, axis=2), t.x.take(rows, axis=1)
        gain = product(p[:, :2], inverse_2x2(p[:2, :2] + r))
        x += applied(gain, en - x[:2])
        t.x[:, rows] = x
        # Joseph's form (I - K H) P (I - K H)' + K R K': stays symmetric and positive whatever the rounding.
        p -= product(gain, p[:2])
        p -= product_transposed(p[:, :2], gain)
        p += product_transposed(product(gain, r), gain)
        t.p[..., rows] = p
        log_class = class_model.accumulate(t.log_class.take(rows, axis=0), evidence.take(columns, axis=0))
        t.log_class[rows], t.class_probability[rows] = log_class, class_model.probability(log_class)
        t.hit[rows] = True
        t.history[rows] |= 1
        t.seen_us[rows] = t_utc_us
        t.xyxy[rows] = z.xyxy.take(columns, axis=0)

    def _take_off_common_shift(
        self,
        rows: NDArray[np.intp],
        en_m: FloatArray,
        covariance_m2: FloatArray,
        a: FloatArray,
        dt_s: float,
        jolt: FloatArray | None,
    ) -> None:
        """Estimate the change of the camera's angle errors (in sigmas) and move all tracks by it.

        The tracks ``rows`` ``(k,)`` were measured at ``en_m`` ``(2, k)`` with covariances ``(2, 2, k)`` and angle factors
        ``a`` ``(2, 3, k)``.

        Least squares with the process as prior: ``(1/q + sum A'S^-1 A)^-1 sum A'S^-1 y`` over the matched tracks'
        innovations y; for a matched track without its own term. What stays unknown is added to the covariance.
        """
        t = self._tracks
        if not len(t):
            return
        own_information = np.zeros((3, 3, len(t)))
        own_vector = np.zeros((3, len(t)))
        if len(rows):
            inverse = inverse_2x2(t.p[:2, :2].take(rows, axis=2) + covariance_m2)
            weight = product(a.transpose(1, 0, 2), inverse)
            own_information[:, :, rows] = product(weight, a)
            own_vector[:, rows] = applied(weight, en_m - t.x[:2].take(rows, axis=1))
        usual = self._unrest.usual_variance(dt_s)
        q = self._unrest.variance(dt_s) if jolt is None else usual
        prior = _UNIT[:, :, None]
        information, vector = own_information.sum(axis=2, keepdims=True), own_vector.sum(axis=1, keepdims=True)
        uncertainty = inverse_3x3(prior / q + information - own_information)
        shift = applied(uncertainty, vector - own_vector)
        if len(rows):
            # The tracks' own errors are not independent (they share the camera's past), so that many tracks know less
            # of the shift than the sum says. This share keeps the velocities' NEES near 2 for 1 to 15 tracks.
            uncertainty += _SHIFT_KEPT * usual / q * (prior * q - uncertainty)
            together = inverse_of_one_3x3(_UNIT / q + information[..., 0])
            rest = together @ vector[:, 0]
            self._unrest.learn(rest if jolt is None else jolt + rest, together.diagonal(), dt_s)
        t.x[:2] += applied(t.factor, shift)
        t.p[:2, :2] += product_transposed(product(t.factor, uncertainty), t.factor)

    # ------------------------------------------------------------------------------------------------- birth and death

    def _birth(self, t_utc_us: int, z: GroundMeasurements, used: NDArray[np.intp]) -> None:
        free = z.confidence >= np.array(self.settings.threshold)[z.class_id]
        free[used] = False
        if free.any() and len(used):
            # A second box around something that has just been matched is no second object.
            iou, _ = pairwise_overlap(z.xyxy[free], z.xyxy[used])
            free[free] = iou.max(axis=1) < 0.5
        new = np.flatnonzero(free)
        if len(new) > 1:
            new = new[np.argsort(-z.confidence[new], kind="stable")]
            iou, _ = pairwise_overlap(z.xyxy[new], z.xyxy[new])
            new = new[~(np.triu(iou, 1) > 0.5).any(axis=0)]
        n = len(new)
        if not n:
            return
        log_class = class_model.accumulate(
            np.tile(np.log(class_model.PRIOR), (n, 1)), class_model.likelihood(z.class_id[new], z.confidence[new])
        )
        probability = class_model.probability(log_class)
        _, speed_sigma, _ = class_model.motion_of(probability)
        x, p = np.zeros((4, n)), np.zeros((4, 4, n))
        x[:2] = z.en_m[new].T
        p[:2, :2] = stacked(z.covariance_m2[new])
        p[2, 2] = p[3, 3] = speed_sigma**2
        ids = np.arange(self._next_id, self._next_id + n, dtype=np.int64)
        self._next_id += n
        t_us = np.full(n, t_utc_us, dtype=np.int64)
        self._tracks = self._tracks.joined(
            TrackTable(
                ids,
                x,
                p,
                stacked(z.pose_covariance_m2[new]),
                stacked(z.angle_factor_m[new]),
                log_class,
                probability,
                np.zeros(n, dtype=np.bool_),
                np.ones(n, dtype=np.bool_),
                np.ones(n, dtype=np.int64),
                np.ones(n, dtype=np.int64),
                t_us,
                t_us.copy(),
                z.xyxy[new].copy(),
                z.confidence[new].astype(np.float64),
                np.ones(n),
                np.ones(n, dtype=np.bool_),
                np.full(n, PRIOR_ANIMAL),
            )
        )

    def _merge(self) -> None:
        """Two tracks at one place that are never seen together are one object: the older number lives on."""
        t = self._tracks
        if len(t) < 2:
            return
        # Two that were both seen just now are two.
        unseen = np.flatnonzero(~t.hit)
        if not len(unseen):
            return
        _, _, size = class_model.motion_of(t.class_probability)
        which, other = within_reach(t.x[0, unseen], np.full(len(unseen), size.max()), t.x[0])
        first, second = np.minimum(unseen[which], other), np.maximum(unseen[which], other)
        apart, reach = t.x[:, first] - t.x[:, second], np.minimum(size[first], size[second])
        near = (np.hypot(apart[0], apart[1]) < reach) & (np.hypot(apart[2], apart[3]) < 2.0) & (first != second)
        pairs = sorted(set(zip(first[near].tolist(), second[near].tolist(), strict=True)))
        gone = np.zeros(len(t), dtype=np.bool_)
        for older, younger in pairs:
            if gone[older] or gone[younger] or (t.hit[older] and t.hit[younger]):
                continue
            together = int(bits(t.history[[older]] & t.history[[younger]])[0])
            lived = int(t.frames[younger])
            if lived < 3 or together > (1 if lived >= HISTORY_BITS else 0):
                continue
            if t.seen_us[younger] > t.seen_us[older]:
                t.overwrite(older, younger, ("x", "p", "pose", "factor", "hit", "history", "seen_us", "xyxy"))
            t.confirmed[older] |= t.confirmed[younger]
            gone[younger] = True
        if gone.any():
            self._tracks = t.take(~gone)

    def _bury(self, t_utc_us: int, in_view: InView) -> TrackTable:
        """Take out the tracks that have ended; the confirmed ones of them."""
        t, s = self._tracks, self.settings
        unseen = np.flatnonzero(~t.hit)
        if not len(unseen):
            return _NONE
        u = t.take(unseen)
        unseen_s = (t_utc_us - u.seen_us) / 1e6
        seen_for_s = (u.seen_us - u.born_us) / 1e6
        # A track that was seen briefly is not worth a long wait.
        patience_s = np.where(u.confirmed, np.clip(2.0 * seen_for_s, 0.6, s.coast_s), 0.5)
        visible = np.asarray(in_view(u.x[:2].T), dtype=np.bool_)
        patience_s = np.where(visible, patience_s, np.minimum(patience_s, s.out_of_view_s))
        recent = np.minimum(u.frames, 5)
        missed_often = ~u.confirmed & (recent - bits(u.history & 0b11111) > 2)
        lost = np.sqrt(np.maximum(u.p[0, 0], u.p[1, 1])) > s.max_sigma_m
        over = (unseen_s > patience_s) | missed_often | lost
        if over.any():
            stay = np.ones(len(t), dtype=np.bool_)
            stay[unseen[over]] = False
            self._tracks = t.take(stay)
        return u.take(over & u.confirmed)

    def _states(self, t: TrackTable, ended: TrackTable) -> TrackStates:
        """All of them; the arrays are no part of the tracker, which changes its own in place."""
        n = len(t)
        if len(ended):
            t = t.joined(ended)
        probability = t.class_probability.copy()
        doubtful = judging.doubtful(t, self.settings, probability.argmax(axis=1))
        # Plain numbers: numpy takes a class's members for objects that it has to ask one by one.
        tentative, confirmed, coasting, deleted = (s.value for s in TrackStatus)
        status = np.where(doubtful, tentative, np.where(t.hit, confirmed, coasting))
        status[n:] = deleted
        # A shaking camera moves all places to and fro; what is known of that is no part of what is told.
        x = t.x
        if self._unrest.factor > 1.0:
            x = x.copy()
            x[:2] -= np.einsum("ijn,j->in", t.factor, self._unrest.shake)
        return TrackStates(
            t.track_id.copy(), x.T.copy(), _tracks_first(t.p), _tracks_first(t.pose), probability, status.astype(np.int64),
            t.seen_us.copy(), t.xyxy.copy(),
        )  # fmt: skip


def _tracks_first(matrices: FloatArray) -> FloatArray:
    """``(i, j, n)`` as ``(n, i, j)``, its own memory."""
    return np.array(matrices.transpose(2, 0, 1), order="C")
