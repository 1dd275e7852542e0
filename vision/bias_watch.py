"""Feeds the bias estimator from a flight: parked vehicles, and own devices whose place is known; applies what it finds."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import numpy as np

from geofences.geodesy import FloatArray
from vision.boresight import BoresightEstimate, BoresightEstimator, BoresightSettings, KnownPlace, Sighting
from vision.georeference import Georeferencer, GroundPoints
from vision.records import CLASS_NAMES, CameraPose, TrackStatus
from vision.tracking.base import TrackStates

_log = logging.getLogger("vision.boresight")
_VEHICLE = CLASS_NAMES.index("vehicle")


@dataclass(frozen=True)
class BiasWatchSettings:
    """``resting_s``, ``resting_m_s``: a vehicle whose mean speed over that time is below that stands still.

    ``step_deg``, ``step_m``: how much the applied correction changes in one frame. ``alone``: a known device explains a
    track within 3 sigma of it when no other track is nearer to it than ``alone`` times that.
    """

    resting_s: float = 10.0
    resting_m_s: float = 0.4
    vehicle_probability: float = 0.8
    step_deg: float = 0.02
    step_m: float = 0.05
    alone: float = 2.0
    estimator: BoresightSettings = field(default_factory=BoresightSettings)


@dataclass(frozen=True)
class KnownDevice:
    """An own patrol or device on the ground at the time of the frame; ``sigma_m`` of its place."""

    name: str
    lat_deg: float
    lon_deg: float
    sigma_m: float


@dataclass
class _Watched:
    since_us: int
    en_m: FloatArray
    rests: bool = False


class BiasWatch:
    """One per stream. Sets ``georeferencer.correction``; with nothing to learn from, it never does.

    ``devices``, which may be set before every frame, are the known ones at its time.
    """

    def __init__(self, georeferencer: Georeferencer, settings: BiasWatchSettings | None = None) -> None:
        self.settings = settings or BiasWatchSettings()
        self._georeferencer = georeferencer
        self._estimator = BoresightEstimator(self.settings.estimator)
        self._watched: dict[int, _Watched] = {}
        self._refusal = "-"
        self.devices: tuple[KnownDevice, ...] = ()

    def step(
        self, pose: CameraPose, points: GroundPoints, boxes_xyxy: FloatArray, states: TrackStates
    ) -> BoresightEstimate:
        """Take one frame: the pose that was used, the ground points of its boxes ``(m, 4)`` and the tracks after it."""
        rows = _rows_of_tracks(boxes_xyxy, states)
        sightings = [
            Sighting(rows[k], ("vehicle", int(states.track_id[k]))) for k in self._resting(pose, states) if k in rows
        ]
        for device in self.devices:
            k, place = self._track_of(device, states)
            if k in rows:
                sightings = [s for s in sightings if s.index != rows[k]]
                sightings.append(Sighting(rows[k], ("device", device.name), place))
        self._estimator.update(pose, points, sightings)
        estimate = self._estimator.estimate()
        if estimate.refusal.split(":")[0] != self._refusal:
            self._refusal = estimate.refusal.split(":")[0]
            _log.info("%s", estimate.in_words())
        found = self._estimator.correction()
        if found is not None:
            self._georeferencer.correction = found.slewed(
                self._georeferencer.correction, self.settings.step_m, self.settings.step_deg
            )
        else:
            # Poses that do not fit any more are taken as they come, with their own sigma.
            self._georeferencer.correction = None
        return estimate

    def _resting(self, pose: CameraPose, states: TrackStates) -> list[int]:
        """Indices of tracks of vehicles that have stood still for a while."""
        s = self.settings
        found = []
        alive = set()
        for k, track in enumerate(states.track_id.tolist()):
            if states.status[k] == TrackStatus.DELETED or states.class_probability[k, _VEHICLE] < s.vehicle_probability:
                continue
            alive.add(track)
            en = states.state[k, :2]
            seen = self._watched.setdefault(track, _Watched(pose.t_utc_us, en.copy()))
            passed_s = (pose.t_utc_us - seen.since_us) / 1e6
            if passed_s >= s.resting_s:
                seen.rests = float(np.linalg.norm(en - seen.en_m)) < s.resting_m_s * passed_s
                seen.since_us, seen.en_m = pose.t_utc_us, en.copy()
            if seen.rests and states.status[k] == TrackStatus.CONFIRMED:
                found.append(k)
        for track in [t for t in self._watched if t not in alive]:
            del self._watched[track]
        return found

    def _track_of(self, device: KnownDevice, states: TrackStates) -> tuple[int, KnownPlace]:
        """The one track that this device must be, -1 when there is none or it could be another."""
        east, north = (float(v) for v in self._georeferencer.frame.to_plane(device.lat_deg, device.lon_deg))
        place = KnownPlace(east, north, device.sigma_m)
        here = np.flatnonzero(states.status == TrackStatus.CONFIRMED)
        if not len(here):
            return -1, place
        apart = states.state[here, :2] - np.array([east, north])
        spread = states.covariance[here, :2, :2] + states.pose_covariance_m2[here] + np.eye(2) * device.sigma_m**2
        distance = np.sqrt(np.einsum("ni,ni->n", apart, np.linalg.solve(spread, apart[..., None])[..., 0]))
        order = np.argsort(distance)
        if distance[order[0]] > 3.0 or (len(order) > 1 and distance[order[1]] < 3.0 * self.settings.alone):
            return -1, place
        return int(here[order[0]]), place


def _rows_of_tracks(boxes_xyxy: FloatArray, states: TrackStates) -> dict[int, int]:
    """Row of the box that each track took in this frame, by the track's index."""
    rows: dict[int, int] = {}
    if not len(boxes_xyxy):
        return rows
    for k in np.flatnonzero(np.isfinite(states.xyxy).all(axis=1)):
        same = np.flatnonzero((boxes_xyxy == states.xyxy[k]).all(axis=1))
        if len(same):
            rows[int(k)] = int(same[0])
    return rows
