"""One case of the suite through the station's own stages, from boxes to crossings: everything but the network.

The stages are the real ones with their default settings; what lies between them is as in :mod:`vision.pipeline` (the
whole picture is looked at) and in the station's incident service: confirmed tracks only, the class's greatest speed,
one crossing per track and direction, none below the least probability.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from geofences.crossing import CrossingDetector, CrossingEvent, CrossingSettings
from geofences.errors import MarchwardenError
from geofences.geodesy import FloatArray
from vision.bias_watch import BiasWatch
from vision.boresight import BoresightEstimate
from vision.closer_look import CloserLookSettings
from vision.detectors.onnx import DEFAULT_MODEL, OnnxOptions, read_sidecar
from vision.evaluate_case import Case, CaseFrame
from vision.georeference import Georeferencer, GeoreferenceSettings, GroundPoints
from vision.pipeline import animal_measurements, measurements
from vision.records import CLASS_NAMES, Detections, TrackStatus
from vision.tracking.base import TrackStates
from vision.tracking.duplicates import without_duplicates
from vision.tracking.ground_kalman import GroundKalmanTracker, TrackerSettings

MAX_SPEED_M_S = (7.0, 45.0, 25.0)
"""By class id, as the station's incident service has it."""
MIN_PROBABILITY = 0.5


def station_thresholds() -> tuple[float, float, float]:
    """The confidences from which the shipped model's detections are strong, both looks at what is doubtful together; the
    default where there is no model."""
    advised = dict.fromkeys(CLASS_NAMES, OnnxOptions().default_threshold)
    with contextlib.suppress(MarchwardenError, OSError):
        advised |= {c: float(v) for c, v in read_sidecar(DEFAULT_MODEL).get("thresholds", {}).items() if c in advised}
    person, vehicle, two_wheeler = (CloserLookSettings().threshold_share * advised[c] for c in CLASS_NAMES)
    return person, vehicle, two_wheeler


@dataclass(frozen=True)
class ReplaySettings:
    """The stages' settings; the defaults are the station's. ``watch_bias``: ``estimate_bias`` in the station's file."""

    georeference: GeoreferenceSettings = field(default_factory=GeoreferenceSettings)
    tracker: TrackerSettings = field(default_factory=lambda: TrackerSettings(threshold=station_thresholds()))
    crossing: CrossingSettings = field(default_factory=CrossingSettings)
    watch_bias: bool = False


@dataclass(frozen=True, eq=False)
class ReplayFrame:
    """After one frame: its detections as the tracker got them, where they stand, and all tracks.

    ``en_m`` ``(n, 2)`` of the tracks in the case's frame; ``covariance_m2`` ``(n, 2, 2)`` of it, the pose's error
    included.
    """

    detections: Detections
    points: GroundPoints
    tracks: TrackStates
    en_m: FloatArray
    covariance_m2: FloatArray

    @property
    def told(self) -> NDArray[np.bool_]:
        """Tracks that are confirmed and were seen in this frame."""
        return np.asarray((self.tracks.status == TrackStatus.CONFIRMED) & np.isfinite(self.tracks.xyxy).all(axis=1))


@dataclass(frozen=True)
class ToldCrossing:
    """A crossing as the station would tell it."""

    event: CrossingEvent
    class_id: int


@dataclass(frozen=True, eq=False)
class Replay:
    """What came out of one case; ``stage_ms`` ``(frames,)`` of georeference, tracker and rule together; ``bias``: what was
    known of the camera's bias in the end, None when nobody watched it."""

    case: Case
    frames: tuple[ReplayFrame, ...]
    crossings: tuple[ToldCrossing, ...]
    stage_ms: FloatArray
    bias: BoresightEstimate | None = None


class Rule:
    """The crossing rule with what the station's incident service does around it."""

    def __init__(self, case: Case, settings: CrossingSettings) -> None:
        self.detector = CrossingDetector(case.border, case.frame, settings)
        self._told: set[tuple[int, str]] = set()

    def update(self, t_utc_us: int, tracks: TrackStates, covariance: FloatArray) -> list[ToldCrossing]:
        """Take the tracks of one frame; ``covariance`` ``(n, 4, 4)`` with the pose's error in it."""
        for number in tracks.track_id[tracks.status == TrackStatus.DELETED.value].tolist():
            self.detector.forget(number)
        seen = np.flatnonzero(tracks.status == TrackStatus.CONFIRMED.value)
        class_id = tracks.class_probability[seen].argmax(axis=1)
        kind_of = dict(zip(tracks.track_id[seen].tolist(), class_id.tolist(), strict=True))
        events = self.detector.update_all(
            list(kind_of), t_utc_us, tracks.state[seen, :2], covariance[seen], tracks.pose_covariance_m2[seen],
            [MAX_SPEED_M_S[c] for c in class_id.tolist()], tracks.state[seen, 2:],
        )  # fmt: skip
        found = []
        for event in events:
            number = int(str(event.track_id))
            if event.probability >= MIN_PROBABILITY and (number, event.direction) not in self._told:
                self._told.add((number, event.direction))
                found.append(ToldCrossing(event, kind_of[number]))
        return found


class Stages:
    """Georeferencing, tracking and the rule, frame by frame."""

    def __init__(self, case: Case, settings: ReplaySettings | None = None) -> None:
        self.settings = settings or ReplaySettings()
        self._georeferencer = Georeferencer(case.frame, case.terrain, 0.0, self.settings.georeference)
        self._tracker = GroundKalmanTracker(self.settings.tracker)
        self._rule = Rule(case, self.settings.crossing)
        self._watch = BiasWatch(self._georeferencer) if self.settings.watch_bias else None
        self.bias: BoresightEstimate | None = None
        self._least = self.settings.tracker.weak_share * np.array(self.settings.tracker.threshold)

    def filtered(self, detections: Detections) -> Detections:
        """What the station's detector would pass on: not too weak, one box per object."""
        strong = detections.confidence >= self._least[detections.class_id]
        return without_duplicates(detections.take(strong))

    def step(self, frame: CaseFrame, detections: Detections) -> tuple[ReplayFrame, list[ToldCrossing]]:
        """One frame with its :meth:`filtered` detections."""
        g = self._georeferencer
        view = g.view(frame.pose, frame.width, frame.height)
        points = g.boxes(view, detections.xyxy, detections.class_id)
        measured = measurements(points, detections)
        animals = animal_measurements(g, view, detections)

        def in_view(en_m: FloatArray) -> NDArray[np.bool_]:
            lat, lon = g.frame.from_plane(en_m)
            return view.inside(view.project_geodetic(lat, lon, g.ground_height(lat, lon)))

        tracks = self._tracker.update(frame.t_utc_us, measured, in_view, animals=animals)
        if self._watch is not None:
            self.bias = self._watch.step(view.pose, points, detections.xyxy, tracks)
        covariance = tracks.covariance.copy()
        covariance[:, :2, :2] += tracks.pose_covariance_m2
        crossings = self.apply_rules(frame, tracks, covariance)
        return ReplayFrame(detections, points, tracks, tracks.state[:, :2], covariance[:, :2, :2]), crossings

    def apply_rules(self, frame: CaseFrame, tracks: TrackStates, covariance: FloatArray) -> list[ToldCrossing]:
        """The last stage; ``covariance`` ``(n, 4, 4)`` of the tracks with the pose's error in it."""
        return self._rule.update(frame.t_utc_us, tracks, covariance)


def replay(case: Case, settings: ReplaySettings | None = None) -> Replay:
    """Run a whole case."""
    stages = Stages(case, settings)
    frames: list[ReplayFrame] = []
    crossings: list[ToldCrossing] = []
    took_ms = []
    for frame in case.frames:
        detections = stages.filtered(frame.detections)
        started = time.perf_counter()
        result, found = stages.step(frame, detections)
        took_ms.append((time.perf_counter() - started) * 1e3)
        # A later frame must not change what is kept of this one.
        frames.append(replace(result, en_m=result.en_m.copy()))
        crossings += found
    return Replay(case, tuple(frames), tuple(crossings), np.array(took_ms), stages.bias)
