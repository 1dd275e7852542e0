"""Lens distortion against OpenCV, and calibration files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError
from tests.unit.vision_track.scene import pose_at
from vision.camera import CameraView, Intrinsics
from vision.lens import CameraCalibration, Distortion, read_calibration

BARREL = Distortion(-0.28, 0.09, 0.0012, -0.0008, -0.012)
PINCUSHION = Distortion(0.11, -0.04, -0.001, 0.002, 0.006)
W, H = 1280, 720
FX, FY, CX, CY = 1010.0, 1004.0, 655.5, 348.5  # OpenCV's convention: pixel centres are whole numbers
MATRIX = np.array([[FX, 0.0, CX], [0.0, FY, CY], [0.0, 0.0, 1.0]])


def coefficients(d: Distortion) -> np.ndarray:
    return np.array([d.k1, d.k2, d.p1, d.p2, d.k3])


def calibration(d: Distortion = BARREL) -> CameraCalibration:
    return CameraCalibration(W, H, FX, FY, CX + 0.5, CY + 0.5, d)


@pytest.mark.parametrize("d", [BARREL, PINCUSHION])
def test_pixels_are_where_opencv_puts_them(d: Distortion) -> None:
    points = np.random.default_rng(1).uniform([-0.6, -0.33, 1.0], [0.6, 0.33, 1.0], (200, 3))
    expected, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), MATRIX, coefficients(d))
    k = Intrinsics.calibrated(calibration(d), W, H, calibration(d).hfov_deg)
    # Ours counts from the picture's corner: half a pixel more.
    assert np.abs(k.pixels(points[:, :2]) - 0.5 - expected[:, 0]).max() < 1e-9
    back = k.directions(k.pixels(points[:, :2]))
    assert np.abs(back - points).max() < 1e-8


@pytest.mark.parametrize("d", [BARREL, PINCUSHION])
def test_the_derivative_is_that_of_finite_differences(d: Distortion) -> None:
    k = Intrinsics.calibrated(calibration(d), W, H, calibration(d).hfov_deg)
    px = np.random.default_rng(2).uniform([10, 10], [W - 10, H - 10], (30, 2))
    at = k.directions(px)
    for axis in (0, 1):
        step = np.eye(2)[axis] * 0.01
        numeric = (k.directions(px + step) - k.directions(px - step))[:, :2] / 0.02
        assert np.abs(k.per_pixel(at)[:, :, axis] - numeric).max() < 1e-7


def test_points_beyond_what_the_lens_shows_have_no_pixel() -> None:
    """At 60 degrees off the axis this polynomial has turned back: a point there would appear in the picture."""
    d = Distortion(-0.3, 0.0, 0.0, 0.0, 0.0)
    assert d.max_radius == pytest.approx(np.sqrt(1 / 0.9))
    view = CameraView(
        pose_at(0, 0, 400, 0.0, 0.0), Intrinsics.calibrated(calibration(d), W, H, calibration(d).hfov_deg)
    )
    aside = np.tan(np.radians(60.0))
    assert np.isnan(view.project([aside * 100.0, 100.0, 0.0])).all()
    assert np.isfinite(view.project([30.0, 100.0, 0.0])).all()
    assert np.isnan(d.undistort(np.array([[5.0, 0.0]]))).all()
    assert np.isfinite(d.undistort(np.array([[0.5, 0.2]]))).all()


def test_one_bad_pixel_does_not_spoil_the_others() -> None:
    d = Distortion(-0.3)
    found = d.undistort(np.array([[0.3, 0.1], [9.0, 9.0], [np.nan, 0.0]]))
    assert d.distort(found[:1]) == pytest.approx(np.array([[0.3, 0.1]]), abs=1e-9)
    assert np.isnan(found[1:]).all()


def test_a_smaller_picture_of_the_same_shape_and_another_zoom() -> None:
    full = calibration()
    half = Intrinsics.calibrated(full, W // 2, H // 2, full.hfov_deg)
    assert (half.focal_x_px, half.centre_x_px) == pytest.approx((FX / 2, (CX + 0.5) / 2))
    assert half.distortion == BARREL
    zoomed = Intrinsics.calibrated(full, W, H, 20.0)
    assert zoomed.distortion is None  # nobody measured it there
    assert 2 * np.degrees(np.arctan(W / 2 / zoomed.focal_x_px)) == pytest.approx(20.0, abs=0.1)
    with pytest.raises(ValueError, match="640x512"):
        Intrinsics.calibrated(full, 640, 512, full.hfov_deg)


# -- files --------------------------------------------------------------------------------------------------------------


VALUES = {"width": W, "height": H, "fx": FX, "fy": FY, "cx": CX, "cy": CY, "distortion": coefficients(BARREL).tolist()}


def test_the_same_lens_from_json_toml_and_opencv(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(json.dumps(VALUES))
    (tmp_path / "c.toml").write_text("\n".join(f"{k} = {v}" for k, v in VALUES.items()))
    for name in ("c.yml", "c.xml"):
        storage = cv2.FileStorage(str(tmp_path / name), cv2.FILE_STORAGE_WRITE)
        storage.write("image_width", W)
        storage.write("image_height", H)
        storage.write("camera_matrix", MATRIX)
        storage.write("distortion_coefficients", coefficients(BARREL))
        storage.release()
    for name in ("c.json", "c.toml", "c.yml", "c.xml"):
        assert read_calibration(tmp_path / name) == calibration(), name


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"fx": None}, "fx is not a number"),
        ({"fx": -3.0}, "fx is -3"),
        ({"cx": 5000.0}, "principal point"),
        ({"distortion": [1.0, 2.0]}, "2 coefficients"),
        ({"distortion": "none"}, "not a list"),
        ({"distortion": [0.1, 0, 0, 0, 0, 0.2, 0, 0]}, "rational"),
        ({"distortion": [-2.0, 0, 0, 0, 0]}, "corners"),
        ({"camera_matrix": [[1, 2], [3, 4]]}, "3 x 3"),
    ],
)
def test_a_broken_calibration_is_refused_in_words(tmp_path: Path, change: dict[str, object], says: str) -> None:
    (tmp_path / "c.json").write_text(json.dumps(VALUES | change))
    with pytest.raises(ConfigError, match=says) as caught:
        read_calibration(tmp_path / "c.json")
    assert "c.json" in caught.value.message


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("c.json", "{", "damaged"),
        ("c.json", "[1]", "no table"),
        ("c.toml", "fx = ", "damaged"),
        ("c.yml", "nothing: [", "damaged|missing"),
        ("c.yml", "%YAML:1.0\n---\nimage_width: 10\n", "missing"),
        ("c.txt", "fx", "is .json"),
    ],
)
def test_what_is_no_calibration_is_refused(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError, match=says):
        read_calibration(tmp_path / name)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_calibration(tmp_path / "none.json")


def test_a_view_with_a_calibration_sees_along_its_principal_point() -> None:
    pose = replace(pose_at(0, 0, 400, 30.0, -40.0), hfov_deg=calibration().hfov_deg)
    view = CameraView.of(pose, W, H, calibration())
    assert view.rays([CX + 0.5, CY + 0.5]) == pytest.approx(view.rotation[:, 2], abs=1e-12)
    px = np.array([[100.0, 80.0], [1200.0, 700.0]])
    assert view.project(view.rays(px) * 123.0) == pytest.approx(px, abs=1e-6)
