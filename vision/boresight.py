"""The bias of the camera's pose, above all of its azimuth, estimated in flight from things that stand still.

A compass is off by degrees for minutes; that is what puts a whole video on the wrong side of a line. Two kinds of
sightings tell it: the same fixed thing seen from several poses, and things whose place is known (a landmark, an own
patrol). A Kalman filter holds, with their correlations:

- the bias of the pose (east, north, up in metres, azimuth, elevation, roll in degrees), a slow Gauss-Markov process whose
  variance is what the pose's ``sigma`` says less the drift;
- the drift of the three angles, a Gauss-Markov process of seconds, common to all that one frame shows;
- the error of the pose's time (s), through the pose's rates;
- for every thing, the error of its place (east, north) and of the terrain's height under it: none of them averages out,
  however often the thing is seen.

What ``GroundPoints`` says of a thing is ``place + J (error - removed) - J_h height``, linear in all of them, with the
``jacobian_m`` that the georeferencer gives. A thing that may move has a velocity of its own too, with white acceleration:
an azimuth that is wrong by b makes all of them drift by b times the camera's speed, across its way, which as many as go
their own ways do not. Nothing else that moves may be fed in: a sighting that does not fit is refused, and a thing that does
not fit three times is forgotten.

How well the sightings agree with what the filter takes for possible is its ``evidence``: so a filter that allows a larger
error than is stated can be told from one that does not.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geofences.geodesy import FloatArray
from vision.pose_correction import PoseCorrection
from vision.records import CameraPose

if TYPE_CHECKING:
    from vision.georeference import GroundPoints

_log = logging.getLogger("vision.boresight")

_ANGLES, _DRIFT, _TIME, _FEATURES = slice(3, 6), slice(6, 9), 9, 10
_NAMES = ("azimuth", "elevation", "roll")
_WINDOW = 100

NO_SIGHTINGS = "too few sightings"
NOT_OBSERVABLE = "the sightings say nothing of the angles yet"
DOES_NOT_FIT = "the sightings do not fit the stated errors"


@dataclass(frozen=True)
class BoresightSettings:
    """Sigmas in metres, degrees and seconds.

    ``drift_deg``: the part of the pose's angle errors that wanders with ``drift_time_s``; the rest lasts for about
    ``bias_time_s``. ``terrain_sigma_m`` as of the georeferencer; ``time_sigma_s`` of the pose's time.
    ``sighting_sigma_m``: how far the foot of a box is from the same spot of a thing seen from elsewhere. A thing is used
    every ``interval_s`` and forgotten when not seen for ``forget_s``. An angle counts as observed once its variance has
    fallen to ``observed_share`` of what it was. Of things that may move at most ``max_moving`` are watched, each forgotten
    when not seen for ``forget_moving_s``. ``azimuth_deg``: the lasting error of the azimuth that is thought possible, where
    that is more than the pose says.
    """

    drift_deg: tuple[float, float, float] = (0.3, 0.3, 0.3)
    drift_time_s: float = 6.0
    bias_time_s: float = 600.0
    terrain_sigma_m: float = 1.0
    time_sigma_s: float = 0.02
    sighting_sigma_m: float = 0.5
    unknown_place_sigma_m: float = 100.0
    interval_s: float = 0.5
    forget_s: float = 60.0
    max_things: int = 16
    min_sightings: int = 20
    observed_share: float = 0.5
    gate: float = 13.8  # chi-squared, 2 degrees of freedom, 99.9 %
    max_misfit: float = 2.0
    max_refused_share: float = 0.3
    max_moving: int = 8
    forget_moving_s: float = 4.0
    acceleration_m2_s3: float = 0.5
    azimuth_deg: float = 0.0


@dataclass(frozen=True)
class KnownPlace:
    """Where a thing is, in the georeferencer's local frame (m), and how well that is known."""

    east_m: float
    north_m: float
    sigma_m: float


@dataclass(frozen=True)
class Sighting:
    """Row ``index`` of the ground points shows the thing ``key``; with a ``place`` when it is known (it may move).

    ``speed_sigma_m_s``: of one that may move to a place that is not known; 0 for one that stands.
    """

    index: int
    key: Hashable
    place: KnownPlace | None = None
    speed_sigma_m_s: float = 0.0


@dataclass(frozen=True)
class BoresightEstimate:
    """What is known of the bias, for the operator.

    ``bias_deg`` and ``sigma_deg`` of azimuth, elevation and roll, what the sensors say too much; ``observed`` which of
    them the sightings tell. ``residual_m``: rms distance between the last sightings and what the filter makes of them;
    ``misfit``: mean squared innovation over what was expected, 1 when all stated errors are right. ``refusal``: why it is
    not applied, "" when it is. ``unstated``: the azimuth is wrong by more than the stated errors explain.
    """

    bias_deg: tuple[float, float, float]
    sigma_deg: tuple[float, float, float]
    observed: tuple[bool, bool, bool]
    residual_m: float
    misfit: float
    sightings: int
    refused: int
    things: int
    refusal: str
    unstated: bool = False

    def in_words(self) -> str:
        """One line for the operator."""
        said = [
            f"{name} {b:+.1f} deg (sigma {s:.1f})"
            for name, b, s, seen in zip(_NAMES, self.bias_deg, self.sigma_deg, self.observed, strict=True)
            if seen
        ]
        state = f"not applied: {self.refusal}" if self.refusal else "applied"
        residual = f", residual {self.residual_m:.1f} m of {self.sightings} sightings" if self.sightings else ""
        more = ", more than its sensors state" if self.unstated else ""
        return f"camera bias {', '.join(said) or 'unknown'}{more}{residual}; {state}"


@dataclass
class _Thing:
    """``reference`` is the place that the filter's state is the error of."""

    reference: FloatArray
    known: bool
    seen_us: int
    moves: bool = False
    misses: int = 0

    @property
    def size(self) -> int:
        """Its numbers in the state: east, north, terrain height; and of one that may move, its speed east and north."""
        return 5 if self.moves else 3


@dataclass
class _Score:
    squared_m2: deque[float] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    normalised: deque[float] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    fitted: deque[bool] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    taken: int = 0
    refused: int = 0
    evidence: float = 0.0


class BoresightEstimator:
    """One camera's bias. Pure: fed with what each frame shows, asked for the estimate."""

    def __init__(self, settings: BoresightSettings | None = None) -> None:
        self.settings = settings or BoresightSettings()
        self._drift = np.array(self.settings.drift_deg)
        self._prior = self._fading = np.zeros(6)
        self._restart()

    def _restart(self) -> None:
        self._x = np.zeros(_FEATURES)
        self._p = np.zeros((_FEATURES, _FEATURES))
        self._t_us: int | None = None
        self._things: dict[Hashable, _Thing] = {}
        self._score = _Score()

    # ---------------------------------------------------------------------------------------------------------- feeding

    def update(self, pose: CameraPose, points: GroundPoints, sightings: Sequence[Sighting]) -> None:
        """Take what one frame showed: ``points`` as georeferenced with ``pose`` (corrected already or not).

        A frame that is older than the last one is not used; a jump back of more than a second starts anew.
        """
        if self._t_us is None:
            self._begin(pose)
        elif pose.t_utc_us < self._t_us:
            if self._t_us - pose.t_utc_us > 1_000_000:
                _log.warning("time fell back: the camera bias is estimated anew")
                self._restart()
                self._begin(pose)
            else:
                return
        self._forget(pose.t_utc_us)
        # What was learnt ages, whether or not anything is seen.
        if self._t_us is not None and pose.t_utc_us - self._t_us > 1_000_000:
            self._predict(pose.t_utc_us)
        for sighting in sightings:
            if points.valid[sighting.index] and self._due(sighting, pose.t_utc_us):
                # Only now: a step of the filter costs something, and most frames bring nothing.
                self._predict(pose.t_utc_us)
                self._take(pose, points, sighting)

    def _begin(self, pose: CameraPose) -> None:
        # A pose that is corrected already has a smaller sigma than its sensors: after a restart the first one holds.
        if pose.error is None or not self._prior.any():
            s = pose.sigma
            angles = np.array([s.whole_azimuth_deg, s.elevation_deg, s.roll_deg])
            lasting = np.sqrt(np.maximum(angles**2 - self._drift**2, (0.05 * self._drift) ** 2))
            self._prior = np.concatenate([[s.horizontal_m, s.horizontal_m, s.vertical_m], lasting])
            # An error larger than stated lasts; it changes no faster than a stated one.
            self._fading = self._prior.copy()
            self._prior[3] = max(float(lasting[0]), self.settings.azimuth_deg)
        self._p = np.diag(np.concatenate([self._prior, self._drift, [self.settings.time_sigma_s]]) ** 2)
        self._t_us = pose.t_utc_us

    def _due(self, sighting: Sighting, t_us: int) -> bool:
        thing = self._things.get(sighting.key)
        if thing is None:
            moving = sum(thing.moves for thing in self._things.values())
            if sighting.speed_sigma_m_s > 0.0 and moving >= self.settings.max_moving:
                return False
            return len(self._things) < self.settings.max_things
        return t_us - thing.seen_us >= self.settings.interval_s * 1e6

    def _predict(self, t_us: int) -> None:
        """The bias, the drift and the errors of given places fade into their own spread."""
        dt_s = 0.0 if self._t_us is None else (t_us - self._t_us) / 1e6
        self._t_us = t_us
        if dt_s <= 0.0:
            return
        slow = np.exp(-dt_s / self.settings.bias_time_s)
        keep = np.ones(len(self._x))
        keep[:6] = np.where(self._prior > self._fading, 1.0, slow)
        keep[_DRIFT] = np.exp(-dt_s / self.settings.drift_time_s)
        self._x *= keep
        self._p *= keep[:, None] * keep[None, :]
        for at in self._moving():
            # One step of a constant velocity with white acceleration, east and north alike.
            place, speed = slice(at, at + 2), slice(at + 3, at + 5)
            self._x[place] += dt_s * self._x[speed]
            self._p[place] += dt_s * self._p[speed]
            self._p[:, place] += dt_s * self._p[:, speed]
            q = self.settings.acceleration_m2_s3 * np.eye(2)
            self._p[place, place] += q * (dt_s**3 / 3.0)
            self._p[place, speed] += q * (dt_s**2 / 2.0)
            self._p[speed, place] += q * (dt_s**2 / 2.0)
            self._p[speed, speed] += q * dt_s
        noise = np.zeros(len(self._x))
        noise[:6] = (1.0 - slow**2) * self._fading**2
        noise[_DRIFT] = (1.0 - keep[_DRIFT] ** 2) * self._drift**2
        self._p[np.diag_indices_from(self._p)] += noise

    def _moving(self) -> list[int]:
        """Where in the state the things that may move begin."""
        return [self._place_of(key) for key, thing in self._things.items() if thing.moves]

    def _place_of(self, key: Hashable) -> int:
        """Where in the state a thing begins."""
        at = _FEATURES
        for other, thing in self._things.items():
            if other == key:
                break
            at += thing.size
        return at

    def _take(self, pose: CameraPose, points: GroundPoints, sighting: Sighting) -> None:
        thing = self._things.get(sighting.key)
        new = thing is None
        row = sighting.index
        z, j = points.en_m[row], points.jacobian_m[row]
        removed = np.zeros(6) if pose.error is None else pose.error.removed
        if thing is None:
            thing = self._add(sighting, z, j, removed, pose.t_utc_us)
        if sighting.place is not None:
            thing.reference = np.array([sighting.place.east_m, sighting.place.north_m])
        at = self._place_of(sighting.key)
        h = np.zeros((2, len(self._x)))
        h[:, :6] = j[:, :6]
        h[:, _DRIFT] = j[:, _ANGLES]
        if pose.rates is not None:
            h[:, _TIME] = j[:, :6] @ pose.rates.as_array()
        h[:, at : at + 2] = np.eye(2)
        h[:, at + 2] = -j[:, 6]
        noise = points.pixel_covariance_m2[row] + np.eye(2) * self.settings.sighting_sigma_m**2
        innovation = z - thing.reference - (h @ self._x - j[:, :6] @ removed)
        ph = self._p @ h.T
        s = h @ ph + noise
        normalised = float(innovation @ np.linalg.solve(s, innovation))
        fits = normalised <= self.settings.gate
        thing.seen_us = pose.t_utc_us
        if not new:
            # A sighting that is refused says no more against the filter than one that just is not.
            self._score.evidence -= 0.5 * (min(normalised, self.settings.gate) + float(np.log(np.linalg.det(s))))
        self._score.fitted.append(fits)
        if not fits:
            self._score.refused += 1
            thing.misses += 1
            if thing.misses >= 3:
                _log.info("%s does not stand still, or is not where it was said to be: forgotten", sighting.key)
                self._drop(sighting.key)
            return
        thing.misses = 0
        gain = np.linalg.solve(s, ph.T).T
        self._x = self._x + gain @ innovation
        kept = np.eye(len(self._x)) - gain @ h
        self._p = kept @ self._p @ kept.T + gain @ noise @ gain.T
        self._score.taken += 1
        if not (new and sighting.place is None):  # the first sighting of an unknown place always fits
            rest = z - thing.reference - (h @ self._x - j[:, :6] @ removed)
            self._score.squared_m2.append(float(rest @ rest))
            self._score.normalised.append(normalised)

    def _add(self, sighting: Sighting, z: FloatArray, j: FloatArray, removed: FloatArray, t_us: int) -> _Thing:
        s = self.settings
        if sighting.place is None:
            reference = z - j[:, :6] @ (self._x[:6] - removed)
            sigma_m = s.unknown_place_sigma_m
        else:
            reference = np.array([sighting.place.east_m, sighting.place.north_m])
            sigma_m = sighting.place.sigma_m
        moves = sighting.speed_sigma_m_s > 0.0 and sighting.place is None
        thing = _Thing(reference, sighting.place is not None, t_us, moves)
        self._things[sighting.key] = thing
        n = len(self._x)
        sigmas = [sigma_m, sigma_m, s.terrain_sigma_m, sighting.speed_sigma_m_s, sighting.speed_sigma_m_s][: thing.size]
        p = np.zeros((n + thing.size, n + thing.size))
        p[:n, :n] = self._p
        p[n:, n:] = np.diag(sigmas) ** 2
        self._p, self._x = p, np.concatenate([self._x, np.zeros(thing.size)])
        return thing

    def _drop(self, key: Hashable) -> None:
        at = self._place_of(key)
        keep = np.delete(np.arange(len(self._x)), np.arange(at, at + self._things[key].size))
        self._x, self._p = self._x[keep], self._p[np.ix_(keep, keep)]
        del self._things[key]

    def _forget(self, t_us: int) -> None:
        s = self.settings
        for key in [
            k
            for k, thing in self._things.items()
            if t_us - thing.seen_us > 1e6 * (s.forget_moving_s if thing.moves else s.forget_s)
        ]:
            self._drop(key)

    # ----------------------------------------------------------------------------------------------------------- asking

    def estimate(self) -> BoresightEstimate:
        """The present estimate."""
        score = self._score
        variance = np.diag(self._p)[_ANGLES]
        prior = np.maximum(self._prior[_ANGLES] ** 2, 1e-12)
        observed = (variance < self.settings.observed_share * prior) & (score.taken > 0)
        misfit = float(np.mean(score.normalised)) / 2.0 if score.normalised else 0.0
        refused_share = 1.0 - float(np.mean(score.fitted)) if score.fitted else 0.0
        refusal = ""
        if len(score.normalised) < self.settings.min_sightings:
            refusal = f"{NO_SIGHTINGS}: {len(score.normalised)} of {self.settings.min_sightings}"
        elif misfit > self.settings.max_misfit or refused_share > self.settings.max_refused_share:
            refusal = f"{DOES_NOT_FIT}: misfit {misfit:.1f}, {100.0 * refused_share:.0f} % refused"
        elif not observed.any():
            refusal = NOT_OBSERVABLE
        bias, sigma = self._x[_ANGLES], np.sqrt(variance)
        return BoresightEstimate(
            (float(bias[0]), float(bias[1]), float(bias[2])),
            (float(sigma[0]), float(sigma[1]), float(sigma[2])),
            (bool(observed[0]), bool(observed[1]), bool(observed[2])),
            float(np.sqrt(np.mean(score.squared_m2))) if score.squared_m2 else 0.0,
            misfit, score.taken, score.refused, len(self._things), refusal,
        )  # fmt: skip

    @property
    def evidence(self) -> float:
        """Log-likelihood of all sightings but the first of each thing."""
        return self._score.evidence

    def doubt(self) -> PoseCorrection | None:
        """Nothing to take off, but errors as large as the sightings ask for, where they do not fit the stated ones; None
        where they do."""
        estimate = self.estimate()
        if not estimate.refusal.startswith(DOES_NOT_FIT):
            return None
        refused = 1.0 - float(np.mean(self._score.fitted))
        strain = (1.0 - refused) * estimate.misfit + refused * self.settings.gate / 2.0
        return PoseCorrection(np.zeros(6), np.diag(self._prior**2) * max(strain, 1.0), self._drift.copy())

    def correction(self) -> PoseCorrection | None:
        """What to take off the poses, or None while the estimate is not to be trusted.

        Place and angles together: the sightings know their sum better than each of them. Where the residuals are larger
        than the stated errors explain, the covariance is larger by as much.
        """
        estimate = self.estimate()
        if estimate.refusal:
            return None
        covariance = self._p[:6, :6] * max(1.0, estimate.misfit)
        return PoseCorrection(self._x[:6].copy(), 0.5 * (covariance + covariance.T), self._drift.copy())
