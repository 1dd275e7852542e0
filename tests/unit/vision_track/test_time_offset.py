"""The clocks of video and telemetry, told apart by pictures of a drawn ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.unit.vision_track.scene import FRAME, pose_at
from vision.camera import CameraView
from vision.georeference import Georeferencer
from vision.records import CameraPose
from vision.time_offset import NO_MATCH, TOO_FEW, TOO_STEADY, TimeOffset, TimeOffsetEstimator

S = 1_000_000
T0 = 1_700_000_000_000_000
W, H = 320, 180
PLANE = 300.0


def texture() -> np.ndarray:
    """600 x 600 m of fields at half a metre per pixel."""
    rng = np.random.default_rng(7)
    coarse = cv2.resize(rng.uniform(40, 210, (75, 75)).astype(np.float32), (1200, 1200), interpolation=cv2.INTER_CUBIC)
    fine = cv2.resize(rng.normal(0, 25, (400, 400)).astype(np.float32), (1200, 1200), interpolation=cv2.INTER_LINEAR)
    return np.clip(coarse + fine, 0, 255).astype(np.uint8)


def picture(ground: np.ndarray, pose: CameraPose) -> np.ndarray:
    """The plane through the pose: by the homography of its four corners, without the georeferencer."""
    view = CameraView.of(pose, W, H)
    corners = np.array([[0.0, 0.0], [W, 0.0], [W, H], [0.0, H]])
    rays = view.rays(corners)
    at = rays[:, :2] * ((PLANE - pose.alt_amsl_m) / rays[:, 2])[:, None]
    at = at + FRAME.to_plane(pose.lat_deg, pose.lon_deg)
    in_texture = np.stack([600.0 + 2.0 * at[:, 0], 600.0 - 2.0 * at[:, 1]], axis=-1)
    turn = cv2.getPerspectiveTransform(in_texture.astype(np.float32), corners.astype(np.float32))
    grey = cv2.warpPerspective(ground, turn, (W, H), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.repeat(grey[..., None], 3, axis=2)


def swinging(t_s: float) -> CameraPose:
    """A flight of 12 m/s whose camera swings, as one does that keeps a border in view in gusts."""
    azimuth = 5.0 * np.sin(1.3 * t_s) + 3.0 * np.sin(3.1 * t_s + 1.0)
    elevation = -50.0 + 3.0 * np.sin(2.2 * t_s)
    return pose_at(-60.0 + 6.0 * t_s, -80.0, 400.0, float(azimuth), float(elevation))


def steady(t_s: float) -> CameraPose:
    return pose_at(-60.0 + 6.0 * t_s, -80.0, 400.0, 0.0, -50.0)


def run(
    flight: Callable[[float], CameraPose], offset_s: float, told: Callable[[float], CameraPose] | None = None
) -> TimeOffset:
    it = TimeOffsetEstimator(Georeferencer(FRAME, None, PLANE), max_offset_s=0.6)
    ground, rng = texture(), np.random.default_rng(3)
    for k in range(240):
        t_s = 0.05 * k
        pose = (told or flight)(t_s)
        it.add_pose(
            replace(
                pose,
                t_utc_us=T0 + round((t_s + offset_s) * S),
                azimuth_deg=pose.azimuth_deg + float(rng.normal(0, 0.03)),
            )
        )
    for k in range(110):
        t_s = 0.1 + k / 10.0
        it.add_picture(T0 + round(t_s * S), picture(ground, flight(t_s)))
    return it.estimate()


@pytest.mark.parametrize("offset_s", [0.18, -0.31])
def test_the_offset_is_found(offset_s: float) -> None:
    found = run(swinging, offset_s)
    assert found.refusal == ""
    assert found.offset_s == pytest.approx(offset_s, abs=0.02)
    assert found.sigma_s < 0.02
    assert found.correlation > 0.9


def test_a_steady_flight_tells_nothing() -> None:
    assert run(steady, 0.2).refusal in (TOO_STEADY, NO_MATCH)


def test_poses_of_another_flight_do_not_match() -> None:
    def other(t_s: float) -> CameraPose:
        return replace(swinging(t_s), azimuth_deg=float(9.0 * np.cos(0.7 * t_s)), elevation_deg=-50.0)

    assert run(swinging, 0.0, told=other).refusal == NO_MATCH


def test_without_enough_there_is_no_answer() -> None:
    it = TimeOffsetEstimator(Georeferencer(FRAME, None, PLANE))
    assert it.estimate().refusal == TOO_FEW
    for k in range(5):
        it.add_pose(replace(swinging(0.1 * k), t_utc_us=T0 + k * S // 10))
        it.add_picture(T0 + k * S // 10, np.zeros((H, W, 3), dtype=np.uint8))
    assert it.estimate().refusal == TOO_FEW
