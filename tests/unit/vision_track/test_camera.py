"""Projection against an independent formula and against the simulator's own."""

from __future__ import annotations

import numpy as np
import pytest

from sim.projection import Pinhole, ViewPose
from sim.projection import project as sim_project
from tests.unit.vision_track.scene import FRAME, pose_at
from vision.camera import CameraView, Intrinsics

W, H = 1280, 720


def test_the_conventions_in_words() -> None:
    north_level = CameraView.of(pose_at(0, 0, 400, 0.0, 0.0), W, H)
    right, below = north_level.rays([[W, H / 2], [W / 2, H]])
    assert right[0] > 0.3  # east is on the right when looking north
    assert right[2] == pytest.approx(0.0, abs=1e-12)
    assert below[2] < -0.1
    east_down = CameraView.of(pose_at(0, 0, 400, 90.0, -30.0), W, H)
    assert east_down.rays([W / 2, H / 2]) == pytest.approx([np.cos(np.pi / 6), 0, -0.5], abs=1e-12)
    rolled = CameraView.of(pose_at(0, 0, 400, 0.0, 0.0, roll_deg=10.0), W, H)
    assert rolled.rays([W, H / 2])[2] < -0.05  # the right side is down


@pytest.mark.parametrize("azimuth", [0.0, 77.0, 190.0, 301.0])
@pytest.mark.parametrize(("elevation", "roll"), [(-20.0, 0.0), (-45.0, 5.0), (-85.0, -12.0), (-90.0, 0.0)])
def test_pixels_are_where_three_rotations_put_them(azimuth: float, elevation: float, roll: float) -> None:
    """Against Euler rotations of a north-looking, level camera: roll about its axis, then tilt, then turn."""
    view = CameraView.of(pose_at(0, 0, 400, azimuth, elevation, roll), W, H)
    f = W / 2 / np.tan(np.radians(20.0))
    fv = H / 2 / np.tan(np.radians(23.1 / 2))
    rng = np.random.default_rng(3)
    for u, v in rng.uniform([0, 0], [W, H], (5, 2)):
        x, y = (u - W / 2) / f, (v - H / 2) / fv
        c, s = np.cos(np.radians(roll)), np.sin(np.radians(roll))
        right, forward, up = x * c - y * s, 1.0, -(x * s + y * c)
        c, s = np.cos(np.radians(elevation)), np.sin(np.radians(elevation))
        forward, up = forward * c - up * s, forward * s + up * c
        c, s = np.cos(np.radians(azimuth)), np.sin(np.radians(azimuth))
        expected = np.array([right * c + forward * s, forward * c - right * s, up])
        expected /= np.linalg.norm(expected)
        assert view.rays([u, v]) == pytest.approx(expected, abs=1e-12)
        assert view.project(expected * 137.0) == pytest.approx([u, v], abs=1e-8)


def test_the_simulator_projects_to_the_same_pixels() -> None:
    """Two implementations that share no code; the simulator's world is flat, ours curved: 1 cm in 300 m."""
    rng = np.random.default_rng(4)
    camera = Pinhole(W, H, 40.0)
    for _ in range(20):
        east, north = rng.uniform(-500, 500, 2)
        azimuth, elevation, roll = rng.uniform([0, -80, -8], [360, -25, 8])
        alt = 410.0
        seen = ViewPose(float(east), float(north), alt, float(azimuth), float(elevation), float(roll))
        turn, away = np.radians(azimuth), 110 / np.tan(np.radians(-elevation))
        ground = np.array([east + away * np.sin(turn), north + away * np.cos(turn), 300.0])
        points = ground + rng.uniform(-30, 30, (6, 3)) * [1, 1, 0.2]
        theirs, _ = sim_project(seen, camera, points)
        view = CameraView.of(pose_at(east, north, alt, azimuth, elevation, roll), W, H)
        view = CameraView(view.pose, Intrinsics.from_field_of_view(40.0, camera.vfov_deg, W, H))
        lat, lon = FRAME.from_plane(points[:, :2])
        ours = view.project_geodetic(lat, lon, points[:, 2])
        assert np.abs(ours - theirs).max() < 0.7  # a pixel is 7 cm here


def test_points_behind_the_camera_have_no_pixel() -> None:
    view = CameraView.of(pose_at(0, 0, 400, 0.0, 0.0), W, H)
    assert np.isnan(view.project([0.0, -10.0, 0.0])).all()
    assert not view.inside(view.project([[0.0, -10.0, 0.0]])).any()


@pytest.mark.parametrize(("hfov", "vfov"), [(0.0, 20.0), (180.0, 20.0), (40.0, -1.0)])
def test_an_impossible_lens_is_refused(hfov: float, vfov: float) -> None:
    with pytest.raises(ValueError, match="no pinhole camera"):
        Intrinsics.from_field_of_view(hfov, vfov, W, H)
