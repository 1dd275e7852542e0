"""One frame in, ground tracks out: look, detect, georeference, track. No process, no clock, no file in here.

The worker runs it in its own process, tests run it inline; it is the same code.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.attention import Attention, Region
from vision.bias_watch import BiasWatch
from vision.boresight import BoresightEstimate
from vision.camera import CameraView
from vision.closer_look import CloserLook
from vision.georeference import TOO_SHALLOW, Georeferencer, GroundPoints
from vision.records import CameraPose, Detections, Frame, GroundTracks, TrackStatus
from vision.tracking.base import GroundMeasurements, Resumption, Tracker, TrackStates
from vision.tracking.duplicates import without_duplicates
from vision.tracking.image_fallback import ImageFallback


class PictureDetector(Protocol):
    """What the pipeline needs of a detector."""

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Objects in a picture ``(h, w, 3)``, boxes in its pixels."""
        ...


@dataclass(frozen=True)
class StageTimings:
    """Milliseconds that each stage of one step took."""

    attention_ms: float = 0.0
    inference_ms: float = 0.0
    georeference_ms: float = 0.0
    tracking_ms: float = 0.0
    footprint_ms: float = 0.0

    @property
    def overhead_ms(self) -> float:
        """Everything but the network."""
        return self.attention_ms + self.georeference_ms + self.tracking_ms + self.footprint_ms


@dataclass(frozen=True)
class PipelineOutput:
    """Everything one step knows. ``pose`` is the one that was used, None when the frame could not be georeferenced.

    ``bias`` is what is known of the camera's bias, None when nobody watches it.
    """

    tracks: GroundTracks
    detections: Detections
    pose: CameraPose | None
    footprint_lat_lon: tuple[tuple[float, float], ...]
    region: Region
    timings: StageTimings = field(default_factory=StageTimings)
    bias: BoresightEstimate | None = None


class Pipeline:
    """The parts are handed in; see their modules."""

    def __init__(
        self,
        detector: PictureDetector,
        georeferencer: Georeferencer,
        tracker: Tracker,
        attention: Attention,
        bias: BiasWatch | None = None,
        fallback: ImageFallback | None = None,
        closer: CloserLook | None = None,
    ) -> None:
        self._detector = detector
        self._georeferencer = georeferencer
        self._tracker = tracker
        self._attention = attention
        self._bias = bias
        self._fallback = fallback or ImageFallback()
        self._closer = closer
        self._before: tuple[int, TrackStates] | None = None

    def step(self, frame: Frame, pose: CameraPose | None) -> PipelineOutput:
        """Process one frame with the camera pose at its time (None: unknown, then nothing can be put on the ground)."""
        t0 = time.perf_counter()
        height, width = frame.image_bgr.shape[:2]
        refusal = self._georeferencer.pose_refusal(pose, frame.t_utc_us, width, height)
        view = None if refusal or pose is None else self._georeferencer.view(pose, width, height)
        if view is not None and self._too_shallow(view):
            view, refusal = None, f"{TOO_SHALLOW}: all of the picture"
        look = self._attention.look(view, width, height, self._lost(view, frame.t_utc_us))
        region = look.main
        pictures = [r.crop(frame.image_bgr) for r in look.regions]
        t1 = time.perf_counter()
        found = [self._detector.detect(p) for p in pictures]
        everything, pixels = look.joined(found), look.pixels
        detections, more = without_duplicates(everything), 0
        if self._closer is not None:
            detections, more = self._look_closer(self._closer, frame.image_bgr, everything, detections, pixels)
        t2 = time.perf_counter()
        self._attention.observe(pixels + more, (t2 - t1) * 1e3, more)
        if view is None:
            followed = self._fallback.follow(frame.image_bgr, frame.t_utc_us, detections.xyxy)
            tracks = _unlocated(frame, followed.xyxy, refusal, followed.track_id)
            t4 = time.perf_counter()
            return PipelineOutput(tracks, detections, None, (), region, _timings(t0, t1, t2, t2, t4, t4))
        points = self._georeferencer.boxes(view, detections.xyxy, detections.class_id)
        t3 = time.perf_counter()
        states = self._tracker.update(
            frame.t_utc_us,
            measurements(points, detections),
            lambda en: look.holds(self._pixels(view, en)),
            self._resumed(frame, points, detections),
            animal_measurements(self._georeferencer, view, detections),
        )
        self._before = (frame.t_utc_us, states)
        self._fallback.remember(frame.image_bgr, frame.t_utc_us, states, lambda en: self._pixels(view, en))
        bias = None if self._bias is None else self._bias.step(view.pose, points, detections.xyxy, states)
        tracks = self._ground_tracks(frame, states, points, detections)
        t4 = time.perf_counter()
        footprint = self._georeferencer.footprint(view)
        t5 = time.perf_counter()
        return PipelineOutput(tracks, detections, view.pose, footprint, region, _timings(t0, t1, t2, t3, t4, t5), bias)

    def _look_closer(
        self,
        closer: CloserLook,
        image_bgr: NDArray[np.uint8],
        everything: Detections,
        found: Detections,
        pixels: int,
    ) -> tuple[Detections, int]:
        """The finds after a second look at the doubtful ones, and how many pixels that took."""
        places = closer.places(found, image_bgr.shape[1], image_bgr.shape[0], pixels)
        if not len(places):
            return closer.passed_on(found), 0
        enlarged = closer.picture(image_bgr, places)
        fused = closer.fused(found, places, self._detector.detect(enlarged), everything)
        return without_duplicates(fused), enlarged.shape[0] * enlarged.shape[1]

    def _too_shallow(self, view: CameraView) -> bool:
        """Whether no part of the picture looks down steeply enough to be put on the ground."""
        k = view.intrinsics
        lowest = -np.sin(np.radians(self._georeferencer.settings.min_depression_deg))
        x, y = np.meshgrid(np.linspace(0.0, k.width, 5), np.linspace(0.0, k.height, 5))
        up = view.rays(np.stack([x.ravel(), y.ravel()], axis=-1))[:, 2]
        return not bool((up <= lowest).any())

    def _resumed(self, frame: Frame, points: GroundPoints, detections: Detections) -> Resumption | None:
        """After frames without a pose: which measurement is which track. None when there were none."""
        if not self._fallback.following:
            return None
        resumed = self._fallback.resume(frame.image_bgr, frame.t_utc_us, detections.xyxy)
        if resumed is None:
            return None
        place = np.cumsum(points.valid) - 1
        same = {number: int(place[row]) for number, row in resumed.same.items() if points.valid[row]}
        return Resumption(same, resumed.doubtful)

    def _pixels(self, view: CameraView, en_m: FloatArray) -> FloatArray:
        lat, lon = self._georeferencer.frame.from_plane(en_m)
        return view.project_geodetic(lat, lon, self._georeferencer.ground_height(lat, lon))

    def _lost(self, view: CameraView | None, t_utc_us: int) -> FloatArray | None:
        """Where, in pixels, the tracks that coasted after the last frame should be in this one."""
        if view is None or self._before is None:
            return None
        last_us, states = self._before
        coasting = states.state[states.status == TrackStatus.COASTING]
        if not len(coasting):
            return None
        return self._pixels(view, coasting[:, :2] + coasting[:, 2:] * (t_utc_us - last_us) / 1e6)

    def _ground_tracks(
        self, frame: Frame, states: TrackStates, points: GroundPoints, detections: Detections
    ) -> GroundTracks:
        refused = ~points.valid
        n = len(states)
        if n == 0 and refused.any():
            why = sorted({r for r in points.reason if r})
            return _unlocated(frame, detections.xyxy[refused], "; ".join(why))
        lat, lon = self._georeferencer.frame.from_plane(states.state[:, :2])
        covariance = states.covariance.copy()
        covariance[:, :2, :2] += states.pose_covariance_m2
        return GroundTracks(
            frame.frame_id, frame.t_utc_us, frame.t_mono_ns, states.track_id, lat, lon,
            self._georeferencer.ground_height(lat, lon), states.state[:, 2:], covariance, states.pose_covariance_m2,
            states.class_probability, states.status, states.last_seen_utc_us, states.xyxy,
            unlocated_xyxy=detections.xyxy[refused],
        )  # fmt: skip


def measurements(points: GroundPoints, detections: Detections) -> GroundMeasurements:
    """What the tracker gets of detections and where they stand: those that have a place."""
    all_of_them = GroundMeasurements(
        points.en_m, points.pixel_covariance_m2, points.pose_covariance_m2, points.angle_factor_m, detections.xyxy,
        detections.confidence, detections.class_id,
    )  # fmt: skip
    return all_of_them if points.valid.all() else all_of_them.take(np.flatnonzero(points.valid))


def animal_measurements(
    georeferencer: Georeferencer, view: CameraView, detections: Detections
) -> GroundMeasurements | None:
    """Where animals were seen, as if they were people: they may have been taken for people before. None: nowhere."""
    boxes = detections.animal_xyxy
    if not len(boxes):
        return None
    as_people = Detections(boxes, np.ones(len(boxes)), np.zeros(len(boxes), dtype=np.int64))
    return measurements(georeferencer.boxes(view, boxes, as_people.class_id), as_people)


def _unlocated(frame: Frame, xyxy: FloatArray, why: str, track_id: NDArray[np.int64] | None = None) -> GroundTracks:
    empty = GroundTracks.empty(frame.frame_id, frame.t_utc_us, frame.t_mono_ns, why)
    if not len(xyxy):
        return empty
    return GroundTracks(
        empty.frame_id, empty.t_utc_us, empty.t_mono_ns, empty.track_id, empty.lat_deg, empty.lon_deg, empty.alt_amsl_m,
        empty.velocity_en_m_s, empty.covariance_en, empty.pose_covariance_en_m2, empty.class_probability, empty.status,
        empty.last_seen_utc_us, empty.xyxy, why, xyxy,
        np.zeros(len(xyxy), dtype=np.int64) if track_id is None else track_id,
    )  # fmt: skip


def _timings(t0: float, t1: float, t2: float, t3: float, t4: float, t5: float) -> StageTimings:
    return StageTimings((t1 - t0) * 1e3, (t2 - t1) * 1e3, (t3 - t2) * 1e3, (t4 - t3) * 1e3, (t5 - t4) * 1e3)
