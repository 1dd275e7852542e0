"""Frames through the whole pipeline, inline, with a detector that sees bright bars."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.video import fakes
from vision.attention import Attention, AttentionSettings
from vision.closer_look import CloserLook
from vision.georeference import Georeferencer
from vision.pipeline import PictureDetector, Pipeline, PipelineOutput
from vision.records import CameraPose, Detections, TrackStatus
from vision.tracking.ground_kalman import GroundKalmanTracker
from vision.tracking.settings import TrackerSettings

T0_US = 1_700_000_000_000_000


def make(detector: PictureDetector | None = None, closer: CloserLook | None = None) -> Pipeline:
    georeferencer = Georeferencer(fakes.FRAME, None, fakes.GROUND_AMSL_M)
    lat, lon = fakes.FRAME.from_plane(np.array([[-200.0, 100.0], [200.0, 100.0]]))
    border = tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))
    attention = Attention(border, georeferencer.ground_height, AttentionSettings(strips_m=(22.0,)))
    return Pipeline(detector or fakes.BlobDetector(), georeferencer, GroundKalmanTracker(), attention, closer=closer)


def run(pipeline: Pipeline, frames: int, pose: CameraPose | str | None = "true") -> PipelineOutput:
    for k in range(frames):
        t_us = T0_US + k * 100_000
        frame = fakes.picture(k, t_us, None)
        output = pipeline.step(frame, fakes.camera_pose(t_us) if pose == "true" else pose)  # type: ignore[arg-type]
    return output


def test_a_walker_is_followed_where_he_walks() -> None:
    output = run(make(), 40)
    tracks = output.tracks
    assert tracks.status.tolist() == [TrackStatus.CONFIRMED]
    assert tracks.no_georeference == ""
    en = fakes.FRAME.to_plane(tracks.lat_deg, tracks.lon_deg)[0]
    here = np.array(fakes.walker_en(tracks.t_utc_us))
    assert np.hypot(*(en - here)) < 1.0
    before = np.array(fakes.walker_en(tracks.t_utc_us - 100_000))
    assert tracks.velocity_en_m_s[0] == pytest.approx((here - before) / 0.1, abs=0.5)
    assert tracks.alt_amsl_m[0] == pytest.approx(fakes.GROUND_AMSL_M)
    # The reported covariance is the filter's plus the camera's, and the camera's is the larger by far.
    own = tracks.covariance_en[0, :2, :2] - tracks.pose_covariance_en_m2[0]
    assert np.linalg.eigvalsh(own).min() > 0.0
    assert np.trace(tracks.pose_covariance_en_m2[0]) > np.trace(own)
    box = tracks.xyxy[0]
    assert box[2] - box[0] == pytest.approx(5.0)
    assert output.region.kind == "border"
    assert output.pose is not None
    assert len(output.footprint_lat_lon) >= 4
    assert output.timings.overhead_ms > 0.0


@pytest.mark.parametrize(
    ("pose", "why"),
    [
        (None, "no camera pose"),
        (replace(fakes.camera_pose(T0_US - 3_000_000)), "camera pose too old"),
        (replace(fakes.camera_pose(T0_US), alt_amsl_m=float("nan")), "camera pose unusable"),
    ],
)
def test_what_cannot_be_located_is_handed_on_as_boxes_with_the_reason(pose: CameraPose | None, why: str) -> None:
    output = run(make(), 2, pose)
    assert len(output.tracks) == 0
    assert output.tracks.no_georeference.startswith(why)
    assert len(output.tracks.unlocated_xyxy) == 1
    assert output.pose is None
    assert output.footprint_lat_lon == ()


def test_a_view_that_is_too_shallow_says_so() -> None:
    pose = replace(fakes.camera_pose(T0_US), elevation_deg=10.0)
    output = run(make(), 1, pose)
    assert output.tracks.no_georeference.startswith("view too shallow")
    assert len(output.tracks.unlocated_xyxy) == 1


def test_numbers_go_on_after_the_pose_was_missing_for_a_while() -> None:
    pipeline = make()
    run(pipeline, 20)
    for k in range(20, 30):
        t_us = T0_US + k * 100_000
        pipeline.step(fakes.picture(k, t_us, None), None)
    for k in range(30, 40):
        t_us = T0_US + k * 100_000
        output = pipeline.step(fakes.picture(k, t_us, None), fakes.camera_pose(t_us))
    assert output.tracks.track_id.tolist() == [1]


class _DoubtfulDetector:
    """Sees the walker faintly in the picture and well in the enlarged one."""

    def __init__(self, second: float) -> None:
        self.second, self.shapes = second, set()
        self.blobs = fakes.BlobDetector()

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        self.shapes.add(image_bgr.shape[:2])
        found = self.blobs.detect(image_bgr)
        confidence = self.second if image_bgr.shape[:2] == (128, 512) else 0.15
        return replace(found, confidence=np.full(len(found), confidence))


@pytest.mark.parametrize(("second", "confirmed"), [(0.9, 1), (0.0, 0)])
def test_the_second_look_decides_on_who_is_hardly_seen(second: float, confirmed: int) -> None:
    detector = _DoubtfulDetector(second)
    closer = CloserLook(TrackerSettings().threshold, TrackerSettings().weak_share)
    tracks = run(make(detector, closer), 30).tracks
    assert (128, 512) in detector.shapes
    assert int((tracks.status == TrackStatus.CONFIRMED).sum()) == confirmed
