"""Frames without a pose: boxes are followed in the picture, and numbers go on after only where nobody can be confused.

Textured ground is drawn as a turning camera sees it, with people as bright bars on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.unit.video import fakes
from vision.attention import Attention, AttentionSettings
from vision.camera import CameraView
from vision.detectors.base import DetectorInfo
from vision.georeference import Georeferencer
from vision.pipeline import Pipeline
from vision.records import CLASS_NAMES, CameraPose, Detections, Frame, GroundTracks, TrackStatus
from vision.tracking.ground_kalman import GroundKalmanTracker
from vision.tracking.image_motion import image_motion, reduced_grey

T0_US = 1_700_000_000_000_000
STEP_S = 0.1
Walk = Callable[[float], tuple[float, float]]
_TEXTURE = cv2.GaussianBlur(np.random.default_rng(5).integers(20, 120, (700, 700), dtype=np.uint8), (0, 0), 1.5)
_TEXTURE = np.asarray(cv2.normalize(_TEXTURE, None, 20, 110, cv2.NORM_MINMAX), dtype=np.uint8)  # type: ignore[call-overload]
_EDGES_M = np.array([[-140.0, 240.0], [140.0, 240.0], [140.0, 20.0], [-140.0, 20.0]])


class Blobs:
    """Everything brighter than 180 is a person; touching ones are one."""

    info = DetectorInfo("blobs", "", CLASS_NAMES, 32, "numpy")

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        bright = (image_bgr[:, :, 0] > 180).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(bright)
        boxes = np.array([[x, y, x + w, y + h] for x, y, w, h, _ in stats[1:]], dtype=float).reshape(-1, 4)
        return Detections(boxes, np.full(len(boxes), 0.9), np.zeros(len(boxes), dtype=np.int64))


def pan(t_s: float, deg_per_s: float = 3.0) -> CameraPose:
    return replace(fakes.camera_pose(T0_US + round(t_s * 1e6)), azimuth_deg=(deg_per_s * t_s - 8.0) % 360.0)


def pixels(view: CameraView, en_m: NDArray[np.float64]) -> NDArray[np.float64]:
    lat, lon = fakes.FRAME.from_plane(en_m)
    return view.project_geodetic(lat, lon, np.full(len(en_m), fakes.GROUND_AMSL_M))


def scene(number: int, people: list[Walk], textured: bool) -> Frame:
    t_s = number * STEP_S
    view = CameraView.of(pan(t_s), fakes.WIDTH, fakes.HEIGHT)
    image = np.zeros((fakes.HEIGHT, fakes.WIDTH), dtype=np.uint8)
    if textured:
        corners = np.array([[0, 0], [700, 0], [700, 700], [0, 700]], dtype=np.float32)
        seen = pixels(view, _EDGES_M).astype(np.float32)
        warp = cv2.getPerspectiveTransform(corners, seen)
        image = np.asarray(cv2.warpPerspective(_TEXTURE, warp, (fakes.WIDTH, fakes.HEIGHT)), dtype=np.uint8)
    for x, y in pixels(view, np.array([p(t_s) for p in people])).round().astype(int):
        image[y - 9 : y + 2, x - 2 : x + 3] = 255
    return Frame(
        number, np.repeat(image[..., None], 3, axis=2), T0_US + round(t_s * 1e6), number, "klv", t_s,
    )  # fmt: skip


def fly(
    people: list[Walk],
    without: tuple[float, float],
    until_s: float,
    textured: bool = True,
    instead: CameraPose | None = None,
) -> dict[str, list[GroundTracks]]:
    """Tracks of all frames: ``before``, ``gap`` (no pose, or ``instead``, from ``without[0]`` to ``without[1]`` s), ``after``."""
    georeferencer = Georeferencer(fakes.FRAME, None, fakes.GROUND_AMSL_M)
    lat, lon = fakes.FRAME.from_plane(np.array([[-200.0, 110.0], [200.0, 110.0]]))
    border = tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))
    attention = Attention(border, georeferencer.ground_height, AttentionSettings(strips_m=(60.0,), target_ms=1e5))
    pipeline = Pipeline(Blobs(), georeferencer, GroundKalmanTracker(), attention)
    out: dict[str, list[GroundTracks]] = {"before": [], "gap": [], "after": []}
    for k in range(round(until_s / STEP_S)):
        t_s = k * STEP_S
        missing = without[0] <= t_s < without[1]
        name = "gap" if missing else "before" if t_s < without[0] else "after"
        frame = scene(k, people, textured)
        other = None if instead is None else replace(instead, t_utc_us=frame.t_utc_us)
        out[name].append(pipeline.step(frame, other if missing else pan(t_s)).tracks)
    return out


def who(tracks: GroundTracks, en_m: tuple[float, float]) -> int:
    """The number of the confirmed track at a place, 0 when there is none within 2 m."""
    live = np.isin(tracks.status, [TrackStatus.CONFIRMED, TrackStatus.COASTING])
    apart = np.hypot(*(fakes.FRAME.to_plane(tracks.lat_deg, tracks.lon_deg) - np.array(en_m)).T)
    apart[~live] = np.inf
    return int(tracks.track_id[apart.argmin()]) if len(apart) and apart.min() < 2.0 else 0


def straight(east_m: float, north_m: float, east_m_s: float) -> Walk:
    return lambda t_s: (east_m + east_m_s * t_s, north_m)


def turning(east_m: float, north_m: float, east_m_s: float, at_s: float) -> Walk:
    return lambda t_s: (east_m + east_m_s * (min(t_s, at_s) - max(0.0, t_s - at_s)), north_m)


def test_numbers_go_on_after_the_pose_was_missing_and_stay_on_the_boxes_meanwhile() -> None:
    people = [straight(-8.0, 105.0, 1.4), turning(0.0, 115.0, 1.6, 2.05)]
    seen = fly(people, (2.0, 3.5), 4.5)
    numbers = [who(seen["before"][-1], p(1.9)) for p in people]
    assert 0 not in numbers
    assert len(set(numbers)) == 2
    assert len(seen["gap"]) == 15
    for tracks in seen["gap"]:
        # Nothing on the map, yet the operator sees who is who.
        assert len(tracks) == 0
        assert tracks.no_georeference == "no camera pose"
        assert sorted(tracks.unlocated_track_id.tolist()) == sorted(numbers)
    assert [who(seen["after"][0], p(3.5)) for p in people] == numbers
    assert [who(seen["after"][-1], p(4.4)) for p in people] == numbers


def _neighbours() -> list[Walk]:
    """2.4 m from one another: after 2 s without knowledge either could be at either place, yet they only stand."""
    return [straight(0.0, 110.0, 0.0), straight(2.4, 110.0, 0.0)]


def test_two_who_stand_near_each_other_keep_their_numbers_because_the_picture_shows_them() -> None:
    people = _neighbours()
    seen = fly(people, (2.0, 4.6), 5.6)
    numbers = [who(seen["before"][-1], p(1.9)) for p in people]
    assert sorted(numbers) == [1, 2]
    assert [who(seen["after"][-1], p(5.5)) for p in people] == numbers


def test_without_anything_to_see_on_the_ground_they_get_new_numbers() -> None:
    people = _neighbours()
    seen = fly(people, (2.0, 4.6), 5.6, textured=False)
    assert sorted(who(seen["before"][-1], p(1.9)) for p in people) == [1, 2]
    after = [who(seen["after"][-1], p(5.5)) for p in people]
    assert min(after) > 2
    ended = {int(i) for t in seen["after"] for i in t.track_id[t.status == TrackStatus.DELETED]}
    assert {1, 2} <= ended


def test_two_who_change_places_in_the_gap_are_not_exchanged_silently() -> None:
    def meeting(east_m: float, east_m_s: float) -> Walk:
        # Stands, then walks through the place of the other one, who comes the other way; stands again.
        return lambda t_s: (east_m + east_m_s * float(np.clip(t_s - 2.1, 0.0, 1.2)), 110.0)

    people = [meeting(-1.5, 2.5), meeting(1.5, -2.5)]
    seen = fly(people, (2.0, 3.6), 4.8)
    before = [who(seen["before"][-1], p(1.9)) for p in people]
    assert sorted(before) == [1, 2]
    after = [who(seen["after"][-1], p(4.7)) for p in people]
    assert min(after) > 2, (before, after)


def test_after_a_long_gap_all_numbers_are_new() -> None:
    people = [straight(-8.0, 105.0, 0.5)]
    seen = fly(people, (2.0, 5.5), 6.5)
    assert who(seen["before"][-1], people[0](1.9)) == 1
    assert who(seen["after"][-1], people[0](6.4)) == 2
    last = seen["gap"][-1].unlocated_track_id
    assert last.tolist() == [1]  # in the picture it was followed all the time; that it may go on is another thing


def test_one_who_appears_in_the_gap_has_a_number_of_the_picture_only() -> None:
    people = [straight(-8.0, 105.0, 1.0), lambda t_s: (10.0, 115.0) if t_s > 2.45 else (300.0, 115.0)]
    seen = fly(people, (2.0, 3.5), 4.5)
    numbers = [t.unlocated_track_id.tolist() for t in seen["gap"]]
    assert numbers[0] == [1]
    later = {tuple(sorted(n)) for n in numbers[5:]}
    assert len(later) == 1
    low, high = later.pop()
    assert low < 0
    assert high == 1
    assert who(seen["after"][-1], (10.0, 115.0)) == 2


@pytest.mark.parametrize(("turn_deg", "zoom", "shift"), [(0.0, 1.0, (25.0, -9.0)), (3.0, 1.05, (-12.0, 30.0))])
def test_motion_of_the_picture(turn_deg: float, zoom: float, shift: tuple[float, float]) -> None:
    a, b = zoom * np.cos(np.radians(turn_deg)), zoom * np.sin(np.radians(turn_deg))
    true = np.array([[a, b, shift[0]], [-b, a, shift[1]]])
    first = cv2.cvtColor(cv2.resize(_TEXTURE, (1280, 720)), cv2.COLOR_GRAY2BGR)
    middle = true.copy()
    middle[:, 2] += 0.5 * (true[:, :2].sum(axis=1) - 1.0)  # OpenCV counts from the middle of the first pixel
    second = cv2.warpAffine(first, middle, (1280, 720), borderMode=cv2.BORDER_REFLECT)
    motion = image_motion(reduced_grey(first), reduced_grey(second), 1280, np.zeros((0, 4)))  # type: ignore[arg-type]
    assert motion is not None
    points = np.array([[200.0, 200.0], [1000.0, 500.0]])
    assert motion.moved(points) == pytest.approx(points @ true[:, :2].T + true[:, 2], abs=1.5)


def test_no_motion_is_told_where_there_is_none_to_see() -> None:
    rng = np.random.default_rng(1)
    noise = [rng.integers(0, 255, (180, 320), dtype=np.uint8) for _ in range(2)]
    nothing = np.zeros((180, 320), dtype=np.uint8)
    no_boxes = np.zeros((0, 4))
    assert image_motion(noise[0], noise[1], 1280, no_boxes) is None
    assert image_motion(nothing, nothing, 1280, no_boxes) is None
    assert image_motion(noise[0], nothing[:90], 1280, no_boxes) is None


def test_people_are_not_taken_for_the_ground() -> None:
    """A crowd that fills half of the picture moves; the ground does not."""
    rng = np.random.default_rng(2)
    first = cv2.GaussianBlur(rng.integers(0, 255, (180, 320), dtype=np.uint8), (0, 0), 1.5)
    second = first.copy()
    second[40:140, 60:250] = np.roll(first, 6, axis=1)[40:140, 60:250]
    motion = image_motion(first, second, 1280, np.array([[200.0, 140.0, 1030.0, 580.0]]))  # type: ignore[arg-type]
    assert motion is not None
    assert motion.matrix == pytest.approx(np.eye(2, 3), abs=0.5)


def test_a_gap_with_nobody_before_or_nobody_after() -> None:
    nobody: Walk = lambda t_s: (300.0, 115.0)  # noqa: E731
    late: Walk = lambda t_s: (0.0, 110.0) if t_s > 2.0 else (300.0, 110.0)  # noqa: E731
    early: Walk = lambda t_s: (0.0, 110.0) if t_s < 1.0 else (300.0, 110.0)  # noqa: E731
    seen = fly([nobody], (1.0, 2.0), 2.5)
    assert not any(len(t) for part in seen.values() for t in part)
    seen = fly([late], (1.0, 1.8), 3.0)
    assert who(seen["after"][-1], (0.0, 110.0)) == 1
    seen = fly([early], (1.0, 2.0), 5.5)
    assert who(seen["before"][-1], (0.0, 110.0)) == 1
    assert who(seen["after"][-1], (0.0, 110.0)) == 0
    # The box that the detector has lost is carried on for a second, not longer.
    shown = [len(t.unlocated_xyxy) for t in seen["gap"]]
    assert shown[0] == 1
    assert shown == sorted(shown, reverse=True)


@pytest.mark.parametrize("elevation_deg", [10.0, -2.0])
def test_a_picture_that_looks_too_shallow_is_followed_too(elevation_deg: float) -> None:
    people = [straight(-8.0, 105.0, 0.8), straight(6.0, 112.0, 0.0)]
    shallow = replace(pan(0.0), elevation_deg=elevation_deg, vfov_deg=20.0)
    seen = fly(people, (2.0, 3.0), 4.0, instead=shallow)
    numbers = [who(seen["before"][-1], p(1.9)) for p in people]
    assert all(t.no_georeference.startswith("view too shallow") for t in seen["gap"])
    assert all(len(t) == 0 for t in seen["gap"])
    assert [who(seen["after"][-1], p(3.9)) for p in people] == numbers
    assert 0 not in numbers
