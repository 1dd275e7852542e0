from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from sim.projection import Pinhole, ViewPose, pixel_rays, project

CAMERA = Pinhole(1280, 720, 40.0)


def _independent_pixel(pose: ViewPose, point: np.ndarray) -> np.ndarray:
    """North-east-down, scipy's rotations and a tangent: no line of the simulator in it."""
    ned = np.array([point[1] - pose.north_m, point[0] - pose.east_m, pose.alt_amsl_m - point[2]])
    turn = Rotation.from_euler("ZYX", [pose.azimuth_deg, pose.elevation_deg, pose.roll_deg], degrees=True)
    forward, right, down = turn.inv().apply(ned)
    focal = 640.0 / np.tan(np.radians(20.0))
    return np.array([640.0 + focal * right / forward, 360.0 + focal * down / forward])


@given(
    azimuth=st.floats(0, 360),
    elevation=st.floats(-89, 10),
    roll=st.floats(-30, 30),
    x=st.floats(0, 1280),
    y=st.floats(0, 720),
    distance=st.floats(5, 2000),
)
def test_projection_agrees_with_an_independent_formula_and_with_its_own_rays(
    azimuth: float, elevation: float, roll: float, x: float, y: float, distance: float
) -> None:
    pose = ViewPose(12.0, -30.0, 250.0, azimuth, elevation, roll)
    point = np.array([12.0, -30.0, 250.0]) + distance * pixel_rays(pose, CAMERA, np.array([x, y]))
    pixel, depth = project(pose, CAMERA, point)
    assert depth > 0
    assert pixel == pytest.approx([x, y], abs=1e-6)
    assert pixel == pytest.approx(_independent_pixel(pose, point), abs=1e-6)


def test_what_is_behind_has_no_pixel() -> None:
    pixel, depth = project(ViewPose(0, 0, 100, 0, 0), CAMERA, np.array([0.0, -50.0, 100.0]))
    assert depth < 0
    assert np.isnan(pixel).all()


def test_a_rolled_camera_has_its_right_side_down() -> None:
    # A camera that looks north and rolls right side down sees the horizon rise on its right.
    east_of_north, _ = project(ViewPose(0, 0, 0, 0, 0, 10.0), CAMERA, np.array([10.0, 100.0, 0.0]))
    assert east_of_north[1] < 360.0


def test_square_pixels() -> None:
    assert CAMERA.focal_px == pytest.approx(1758.4, abs=0.1)
    assert CAMERA.vfov_deg == pytest.approx(23.14, abs=0.01)
