"""Boxes of one frame on a picture of another: where the tracks are by then, seen by the camera as it stands by then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundstation.console.video.carry import MOST_CARRIED_S, carried
from groundstation.console.video.stream import VideoStream
from groundstation.core.records import Preview, VideoTracks
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock
from tests.unit.console_video.test_ground import pose
from vision.camera import CameraView
from vision.records import CameraPose, PoseError

SIZE = (1280, 720)
T0_US = 1_700_000_000_000_000


def camera(t_utc_us: int = T0_US, turned_deg: float = 0.0, flown_m: float = 0.0) -> CameraPose:
    """The camera of the other tests, later, turned and moved north."""
    at = pose()
    return replace(
        at, t_utc_us=t_utc_us, azimuth_deg=at.azimuth_deg + turned_deg, lat_deg=at.lat_deg + flown_m / 111_320.0
    )


def record_of(view_pose: CameraPose, velocity_en_m_s: tuple[float, float] = (0.0, 0.0)) -> VideoTracks:
    """Three on the ground before the camera, each in a box round where it is seen."""
    made = r.make_tracks([(-20, 140), (0, 160), (30, 180)], 5)
    view = CameraView.of(view_pose, *SIZE)
    foot = view.project_geodetic(made.tracks.lat_deg, made.tracks.lon_deg, made.tracks.alt_amsl_m)
    xyxy = np.concatenate([foot - np.array([6.0, 24.0]), foot + np.array([6.0, 1.0])], axis=1)
    velocity = np.tile(velocity_en_m_s, (3, 1))
    tracks = replace(made.tracks, t_utc_us=view_pose.t_utc_us, xyxy=xyxy, velocity_en_m_s=velocity)
    return replace(made, tracks=tracks, pose=view_pose)


def seen_from(view_pose: CameraPose, record: VideoTracks, moved_en_m: tuple[float, float]) -> np.ndarray:
    """Where the feet are in a picture of that pose, by the area's own frame."""
    t = record.tracks
    en = r.FRAME.to_plane(t.lat_deg, t.lon_deg) + np.asarray(moved_en_m)
    lat, lon = r.FRAME.from_plane(en)
    return CameraView.of(view_pose, *SIZE).project_geodetic(lat, lon, t.alt_amsl_m)


@pytest.mark.parametrize("ahead_s", [0.25, -0.25])
@pytest.mark.parametrize(
    ("turned_deg", "flown_m", "velocity"), [(6.0, 0, (0, 0)), (0, 4.0, (0, 0)), (-4.0, 3.0, (8, -5))]
)
def test_a_box_goes_with_its_track_and_the_camera(
    ahead_s: float, turned_deg: float, flown_m: float, velocity: tuple[float, float]
) -> None:
    record = record_of(camera(), velocity)
    t_us = T0_US + round(ahead_s * 1e6)
    later = camera(t_us, turned_deg, flown_m)
    made = carried(record, later, t_us, SIZE)
    assert made is not None
    feet = seen_from(later, record, (velocity[0] * ahead_s, velocity[1] * ahead_s))
    found = np.stack([made.tracks.xyxy[:, [0, 2]].mean(axis=1), made.tracks.xyxy[:, 3] - 1.0], axis=1)
    assert np.abs(found - feet).max() < 0.5
    size = made.tracks.xyxy[:, 2:] - made.tracks.xyxy[:, :2]
    assert np.abs(size - [12.0, 25.0]).max() < 1e-9
    assert (made.tracks.t_utc_us, made.pose) == (t_us, later)
    assert np.abs(record.tracks.xyxy - made.tracks.xyxy).max() > 5.0  # and it had moved


def test_an_error_that_both_poses_share_cancels() -> None:
    wrong = replace(camera(), azimuth_deg=camera().azimuth_deg + 1.5)
    record = replace(record_of(camera()), pose=wrong)
    t_us = T0_US + 200_000
    later = camera(t_us, 3.0)
    made = carried(record, replace(later, azimuth_deg=later.azimuth_deg + 1.5), t_us, SIZE)
    assert made is not None
    feet = seen_from(later, record, (0.0, 0.0))
    assert np.abs(made.tracks.xyxy[:, 3] - 1.0 - feet[:, 1]).max() < 3.0
    assert np.abs(made.tracks.xyxy[:, [0, 2]].mean(axis=1) - feet[:, 0]).max() < 3.0  # 1.5 degrees are 38 pixels


def test_a_bias_that_was_taken_off_is_taken_off_here_as_well() -> None:
    removed = np.array([0.0, 0.0, 0.0, 1.5, 0.0, 0.0])
    record = record_of(camera())
    assert record.pose is not None
    record = replace(record, pose=replace(record.pose, error=PoseError(removed, np.zeros((6, 6)), np.zeros(3))))
    t_us = T0_US + 100_000
    as_told = camera(t_us, 1.5)  # what the sensors say: the true azimuth and the bias
    made = carried(record, as_told, t_us, SIZE)
    assert made is not None
    assert np.abs(made.tracks.xyxy - record.tracks.xyxy).max() < 0.01


def test_too_far_or_without_a_pose_there_are_none() -> None:
    record = record_of(camera())
    far_us = T0_US + round((MOST_CARRIED_S + 0.1) * 1e6)
    assert carried(record, camera(far_us), far_us, SIZE) is None
    assert carried(replace(record, pose=None), camera(), T0_US, SIZE) is None
    assert carried(record, replace(camera(), hfov_deg=0.0), T0_US, SIZE) is None


def test_a_coasting_track_has_no_box_and_a_box_without_a_place_is_left_out() -> None:
    record = record_of(camera())
    xyxy = record.tracks.xyxy.copy()
    xyxy[1] = np.nan
    tracks = replace(record.tracks, xyxy=xyxy, unlocated_xyxy=np.ones((2, 4)), unlocated_track_id=np.array([0, 7]))
    made = carried(replace(record, tracks=tracks), camera(T0_US + 50_000), T0_US + 50_000, SIZE)
    assert made is not None
    assert np.isnan(made.tracks.xyxy[1]).all()
    assert np.isfinite(made.tracks.xyxy[[0, 2]]).all()
    assert len(made.tracks.unlocated_xyxy) == 0


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.stream = VideoStream("cam1", self.clock)

    def picture(self, frame_id: int, with_pose: bool = True) -> int:
        t_us = self.clock.utc_us()
        at = camera(t_us) if with_pose else None
        image = np.zeros((360, 640, 3), dtype=np.uint8)
        self.stream.on_preview(Preview("cam1", frame_id, t_us, self.clock.mono_ns(), image, 0.5, at))
        return t_us


def test_a_live_picture_has_the_newest_tracks_at_its_own_time() -> None:
    bench = Bench()
    first_us = bench.picture(1)
    assert bench.stream.live().tracks is None  # type: ignore[union-attr]
    bench.stream.on_tracks(
        replace(record_of(camera(first_us)), tracks=replace(record_of(camera(first_us)).tracks, frame_id=1))
    )
    own = bench.stream.live()
    assert own is not None
    assert own.carried_s == 0.0
    bench.clock.now_s += 0.2
    second_us = bench.picture(4)
    live = bench.stream.live()
    assert live is not None
    assert live.tracks is not None
    assert live.tracks.tracks.t_utc_us == second_us
    assert live.carried_s == pytest.approx(0.2)
    assert bench.stream.live().tracks is live.tracks  # type: ignore[union-attr]


def test_when_the_analysis_stops_the_boxes_go_and_it_is_said_how_long_ago() -> None:
    bench = Bench()
    bench.stream.on_tracks(record_of(camera(bench.picture(1))))
    for k in range(2, 14):
        bench.clock.now_s += 0.25
        bench.picture(k)
    live = bench.stream.live()
    assert live is not None
    assert (live.tracks, live.carried_s) == (None, 0.0)
    assert live.analysed_s_ago == pytest.approx(3.0)


def test_a_picture_of_the_past_has_the_tracks_nearest_to_it_in_time() -> None:
    bench = Bench()
    for k in range(1, 41):
        t_us = bench.picture(k)
        if k % 4 == 0:
            record = record_of(camera(t_us))
            bench.stream.on_tracks(replace(record, tracks=replace(record.tracks, frame_id=k)))
        bench.clock.now_s += 0.1
    kept = [k for k in bench.stream.ring if k.tracks is not None]
    assert len(kept) >= 18
    # Analysed every 0.4 s: nobody is further than half of that from what it is carried from.
    assert max(abs(k.t_utc_us - k.tracks.tracks.t_utc_us) for k in kept[2:] if k.tracks is not None) <= 200_000
    past = bench.stream.past(2.0)
    assert past is not None
    assert past.tracks is not None
    assert past.tracks.tracks.t_utc_us == past.t_utc_us
