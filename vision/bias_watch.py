"""Feeds the bias estimator from a flight: parked vehicles, own devices whose place is known, and how all tracks move
together; applies what it finds.

Two estimators see the same: one believes the stated error of the azimuth, the other thinks ``wide_azimuth_deg`` possible. A
compass beside a power line is off by more than anybody states; where the sightings say so clearly, the second one holds,
and the operator is told. Where they fit neither, nothing is taken off, but the told errors grow to what they ask for.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field, replace

import numpy as np

from geofences.geodesy import FloatArray
from vision.boresight import BoresightEstimate, BoresightEstimator, BoresightSettings, KnownPlace, Sighting
from vision.georeference import Georeferencer, GroundPoints
from vision.known_devices import DeviceBook, KnownDevice
from vision.records import CLASS_NAMES, CameraPose, TrackStatus
from vision.tracking.base import TrackStates

_log = logging.getLogger("vision.boresight")
_MOST_AZIMUTH_SIGMA_DEG = 1.0
_VEHICLE = CLASS_NAMES.index("vehicle")


@dataclass(frozen=True)
class BiasWatchSettings:
    """``resting_s``, ``resting_m_s``: a vehicle whose mean speed over that time is below that, or no more than the error of
    the azimuth makes of the camera's own speed, stands still.

    ``step_deg``, ``step_m``: how much the applied correction changes in one frame. ``alone``: a known device explains a
    track within 3 sigma of it when no other track is nearer to it than ``alone`` times that. ``clearly``: by how much
    log-likelihood a larger error of the azimuth than is stated must explain the sightings better. ``speed_sigma_m_s`` of
    what moves, by class id: far more than it can be, since those who cross go the same way, and that says nothing of the
    compass. What does is that all of them seem to turn when the aircraft does.
    """

    resting_s: float = 10.0
    resting_m_s: float = 0.4
    vehicle_probability: float = 0.8
    step_deg: float = 0.02
    step_m: float = 0.05
    alone: float = 2.0
    wide_azimuth_deg: float = 8.0
    clearly: float = 6.0
    speed_sigma_m_s: tuple[float, float, float] = (6.0, 25.0, 15.0)
    estimator: BoresightSettings = field(default_factory=BoresightSettings)


@dataclass
class _Watched:
    since_us: int
    en_m: FloatArray
    camera_en_m: FloatArray
    rests: bool = False


class BiasWatch:
    """One per stream. Sets ``georeferencer.correction``; with nothing to learn from, it never does.

    ``devices``: the book that its owner keeps of own patrols and devices on the ground.
    """

    def __init__(
        self,
        georeferencer: Georeferencer,
        settings: BiasWatchSettings | None = None,
        devices: DeviceBook | None = None,
    ) -> None:
        self.settings = settings or BiasWatchSettings()
        self._georeferencer = georeferencer
        self._stated = BoresightEstimator(self.settings.estimator)
        wide = replace(self.settings.estimator, azimuth_deg=self.settings.wide_azimuth_deg)
        self._wide = BoresightEstimator(wide)
        self._unstated = False
        self._margin, self._evidence, self._t_us = 0.0, 0.0, 0
        self._watched: dict[int, _Watched] = {}
        self._refusal = "-"
        self._devices = devices or DeviceBook()

    def step(
        self, pose: CameraPose, points: GroundPoints, boxes_xyxy: FloatArray, states: TrackStates
    ) -> BoresightEstimate:
        """Take one frame: the pose that was used, the ground points of its boxes ``(m, 4)`` and the tracks after it."""
        rows = _rows_of_tracks(boxes_xyxy, states)
        sightings = [
            Sighting(rows[k], ("vehicle", int(states.track_id[k]))) for k in self._resting(pose, states) if k in rows
        ]
        for device in self._devices.at(pose.t_utc_us):
            k, place = self._track_of(device, states)
            if k in rows:
                sightings = [s for s in sightings if s.index != rows[k]]
                sightings.append(Sighting(rows[k], ("device", device.name), place))
        used = {s.index for s in sightings}
        sightings += [s for s in self._moving(states, rows) if s.index not in used]
        for estimator in (self._stated, self._wide):
            estimator.update(pose, points, sightings)
        estimator = self._better(pose.t_utc_us)
        estimate = replace(estimator.estimate(), unstated=self._unstated)
        if estimate.refusal.split(":")[0] != self._refusal:
            self._refusal = estimate.refusal.split(":")[0]
            _log.info("%s", estimate.in_words())
        found = estimator.correction() or estimator.doubt()
        if found is not None:
            self._georeferencer.correction = found.slewed(
                self._georeferencer.correction, self.settings.step_m, self.settings.step_deg
            )
        else:
            self._georeferencer.correction = None
        return estimate

    def _better(self, t_us: int) -> BoresightEstimator:
        """The estimator that explains the sightings; the one that believes what is stated unless the other does so
        clearly. What was seen long ago counts less: a bias changes, and a flight may last for hours."""
        evidence = self._wide.evidence - self._stated.evidence
        passed_s = max(0.0, (t_us - self._t_us) / 1e6)
        self._margin *= math.exp(-passed_s / self.settings.estimator.bias_time_s)
        self._margin += evidence - self._evidence
        self._evidence, self._t_us = evidence, t_us
        unstated = self._margin > (0.5 if self._unstated else 1.0) * self.settings.clearly
        if unstated != self._unstated:
            self._unstated = unstated
            _log.warning("the azimuth is wrong by %s the stated error explains", "more than" if unstated else "what")
        return self._wide if unstated else self._stated

    def _moving(self, states: TrackStates, rows: dict[int, int]) -> list[Sighting]:
        """All tracks seen in this frame, as things that may move."""
        class_id = states.class_probability.argmax(axis=1)
        return [
            Sighting(row, ("moving", int(states.track_id[k])), None, self.settings.speed_sigma_m_s[class_id[k]])
            for k, row in rows.items()
            if states.status[k] == TrackStatus.CONFIRMED.value
        ]

    def _resting(self, pose: CameraPose, states: TrackStates) -> list[int]:
        """Indices of tracks of vehicles that have stood still for a while."""
        s = self.settings
        found = []
        alive = set()
        camera = self._georeferencer.frame.to_plane(pose.lat_deg, pose.lon_deg)
        # What stands seems to move with the camera, by the error of the azimuth.
        share = 3.0 * math.radians(min(pose.sigma.whole_azimuth_deg, _MOST_AZIMUTH_SIGMA_DEG))
        for k, track in enumerate(states.track_id.tolist()):
            if states.status[k] == TrackStatus.DELETED or states.class_probability[k, _VEHICLE] < s.vehicle_probability:
                continue
            alive.add(track)
            en = states.state[k, :2]
            seen = self._watched.setdefault(track, _Watched(pose.t_utc_us, en.copy(), camera))
            passed_s = (pose.t_utc_us - seen.since_us) / 1e6
            if passed_s >= s.resting_s:
                flown_m = float(np.linalg.norm(camera - seen.camera_en_m))
                seen.rests = float(np.linalg.norm(en - seen.en_m)) < s.resting_m_s * passed_s + share * flown_m
                seen.since_us, seen.en_m, seen.camera_en_m = pose.t_utc_us, en.copy(), camera
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
    # The first of equal boxes.
    row_of = {tuple(box): row for row, box in reversed(list(enumerate(boxes_xyxy.tolist())))}
    found = (
        (k, row_of.get(tuple(box))) for k, box in enumerate(states.xyxy.tolist())
    )  # that of an unseen track is NaN
    return {k: row for k, row in found if row is not None}
