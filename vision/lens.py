"""Lens distortion (Brown-Conrady) and camera calibration files.

The model is OpenCV's with five coefficients. With normalised image coordinates x, y and r^2 = x^2 + y^2::

    x' = x (1 + k1 r^2 + k2 r^4 + k3 r^6) + 2 p1 x y + p2 (r^2 + 2 x^2)
    y' = y (1 + k1 r^2 + k2 r^4 + k3 r^6) + p1 (r^2 + 2 y^2) + 2 p2 x y

(Brown, Photogrammetric Engineering 32, 1966; Conrady, MNRAS 79, 1919). Far off the axis the polynomial turns back, and
points that no lens shows would appear in the picture: they have no pixel here.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray

_NEWTON_STEPS = 12
_CONVERGED = 1e-9
_SAME_ASPECT = 0.005
_SAME_ZOOM = 0.03
_CALIBRATION_KEYS = "width, height, fx, fy, cx, cy and distortion = [k1, k2, p1, p2, k3]"


@dataclass(frozen=True)
class Distortion:
    """Coefficients of the model in the module's text."""

    k1: float = 0.0
    k2: float = 0.0
    p1: float = 0.0
    p2: float = 0.0
    k3: float = 0.0

    @cached_property
    def max_radius(self) -> float:
        """Normalised radius up to which the picture's radius grows with the real one; inf when it always does."""
        roots = np.roots([7.0 * self.k3, 5.0 * self.k2, 3.0 * self.k1, 1.0])
        real = roots[np.abs(roots.imag) < 1e-9].real if len(roots) else np.zeros(0)
        real = real[real > 0.0]
        return float(np.sqrt(real.min())) if len(real) else float("inf")

    def distort(self, xy: FloatArray) -> FloatArray:
        """Where the lens puts undistorted normalised points ``(..., 2)``; NaN beyond :attr:`max_radius`."""
        x, y = xy[..., 0], xy[..., 1]
        r2 = x * x + y * y
        radial = 1.0 + r2 * (self.k1 + r2 * (self.k2 + r2 * self.k3))
        out = np.stack(
            [
                x * radial + 2.0 * self.p1 * x * y + self.p2 * (r2 + 2.0 * x * x),
                y * radial + self.p1 * (r2 + 2.0 * y * y) + 2.0 * self.p2 * x * y,
            ],
            axis=-1,
        )
        return np.where((r2 < self.max_radius**2)[..., None], out, np.nan)

    def jacobian(self, xy: FloatArray) -> FloatArray:
        """d(distorted) / d(undistorted) at undistorted points ``(..., 2)``; shape ``(..., 2, 2)``."""
        x, y = xy[..., 0], xy[..., 1]
        r2 = x * x + y * y
        radial = 1.0 + r2 * (self.k1 + r2 * (self.k2 + r2 * self.k3))
        slope = 2.0 * (self.k1 + r2 * (2.0 * self.k2 + r2 * 3.0 * self.k3))
        cross = x * y * slope + 2.0 * self.p1 * x + 2.0 * self.p2 * y
        xx = radial + x * x * slope + 2.0 * self.p1 * y + 6.0 * self.p2 * x
        yy = radial + y * y * slope + 6.0 * self.p1 * y + 2.0 * self.p2 * x
        return np.stack([np.stack([xx, cross], axis=-1), np.stack([cross, yy], axis=-1)], axis=-2)

    def undistort(self, xy: FloatArray) -> FloatArray:
        """Inverse of :meth:`distort` by Newton's method; NaN where no point of the lens is shown there."""
        wanted = np.asarray(xy, dtype=np.float64)
        found = wanted.copy()
        if np.isfinite(self.max_radius):
            radius = np.linalg.norm(found, axis=-1, keepdims=True)
            found = found * np.minimum(1.0, 0.9 * self.max_radius / np.maximum(radius, 1e-12))
        error = np.full(wanted.shape, np.nan)
        for _ in range(_NEWTON_STEPS):
            error = self.distort(found) - wanted
            if not (np.abs(error) > _CONVERGED).any():
                break
            j = self.jacobian(found)
            determinant = j[..., 0, 0] * j[..., 1, 1] - j[..., 0, 1] * j[..., 1, 0]
            determinant = np.where(np.abs(determinant) > 1e-9, determinant, np.nan)
            step = np.stack(
                [
                    j[..., 1, 1] * error[..., 0] - j[..., 0, 1] * error[..., 1],
                    j[..., 0, 0] * error[..., 1] - j[..., 1, 0] * error[..., 0],
                ],
                axis=-1,
            )
            found = found - step / determinant[..., None]
        good = (np.abs(error) <= _CONVERGED).all(axis=-1)
        return np.where(good[..., None], found, np.nan)


@dataclass(frozen=True)
class CameraCalibration:
    """A calibrated lens at one zoom: pixels of a ``width`` x ``height`` picture, centres of pixels at +0.5.

    Used for pictures of the same shape, scaled. At another zoom (the pose's field of view differs by more than 3 %) the
    focal length follows the pose; the principal point stays, and the distortion, which nobody measured there, is not
    applied.
    """

    width: int
    height: int
    focal_x_px: float
    focal_y_px: float
    centre_x_px: float
    centre_y_px: float
    distortion: Distortion

    @property
    def hfov_deg(self) -> float:
        """Horizontal field of view of the undistorted lens."""
        half = np.arctan2(self.centre_x_px, self.focal_x_px)
        return float(np.degrees(half + np.arctan2(self.width - self.centre_x_px, self.focal_x_px)))

    def zoom(self, hfov_deg: float) -> float:
        """Focal length at a field of view over the calibrated one; 1 within 3 %."""
        ratio = float(np.tan(np.radians(self.hfov_deg) / 2.0) / np.tan(np.radians(hfov_deg) / 2.0))
        return 1.0 if abs(ratio - 1.0) <= _SAME_ZOOM else ratio

    def fits(self, width: int, height: int) -> bool:
        """Whether a picture has the calibrated shape."""
        return abs(width * self.height / (height * self.width) - 1.0) <= _SAME_ASPECT


def read_calibration(path: Path) -> CameraCalibration:
    """Read ``.json`` or ``.toml`` with width, height, fx, fy, cx, cy and distortion, or OpenCV's ``.yml``/``.xml``.

    In all of them pixel centres are whole numbers, as in OpenCV's calibration. Raises :class:`ConfigError` naming what
    is missing or cannot be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: camera calibration cannot be read: {error}", "check the path") from error
    kind = path.suffix.lower()
    try:
        if kind == ".json":
            values = json.loads(text)
        elif kind == ".toml":
            values = tomllib.loads(text)
        elif kind in (".yml", ".yaml", ".xml"):
            values = _opencv_values(text)
        else:
            raise ConfigError(f"{path}: a camera calibration is .json, .toml, .yml or .xml", "rename or convert it")
    except (ValueError, cv2.error) as error:
        first = str(error).strip().splitlines()[0]
        raise ConfigError(f"{path}: camera calibration is damaged: {first}", "write it anew") from error
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: is no table of calibration values", f"give {_CALIBRATION_KEYS}")
    return _checked(values, path)


def _opencv_values(text: str) -> dict[str, Any]:
    try:
        storage = cv2.FileStorage(text, cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
    except SystemError as error:  # how OpenCV's constructor lets a parse error out
        raise ValueError(str(error.__cause__ or error)) from error
    try:
        values: dict[str, Any] = {}
        for name, key in (("width", "image_width"), ("height", "image_height")):
            node = storage.getNode(key)
            if not node.empty():
                values[name] = node.real()
        matrix = storage.getNode("camera_matrix").mat()
        if matrix is not None:
            values["camera_matrix"] = matrix.tolist()
        coefficients = storage.getNode("distortion_coefficients").mat()
        if coefficients is not None:
            values["distortion"] = coefficients.ravel().tolist()
        return values
    finally:
        storage.release()


def _checked(values: dict[str, Any], path: Path) -> CameraCalibration:
    def broken(what: str) -> ConfigError:
        return ConfigError(f"{path}: {what}", f"a calibration has {_CALIBRATION_KEYS}")

    if "camera_matrix" in values:
        try:
            matrix = np.asarray(values["camera_matrix"], dtype=np.float64).reshape(3, 3)
        except (TypeError, ValueError) as error:
            raise broken("camera_matrix is not 3 x 3 numbers") from error
        if matrix[0, 1] != 0.0 or matrix[2].tolist() != [0.0, 0.0, 1.0]:
            raise broken("camera_matrix has a skew or a last row that is not 0 0 1")
        values = {"fx": matrix[0, 0], "fy": matrix[1, 1], "cx": matrix[0, 2], "cy": matrix[1, 2]} | values
    numbers = {}
    for name in ("width", "height", "fx", "fy", "cx", "cy"):
        try:
            numbers[name] = float(values[name])
        except KeyError as error:
            raise broken(f"{name} is missing") from error
        except (TypeError, ValueError) as error:
            raise broken(f"{name} is not a number") from error
        if not (np.isfinite(numbers[name]) and numbers[name] > 0.0):
            raise broken(f"{name} is {numbers[name]:g}")
    if numbers["cx"] >= numbers["width"] or numbers["cy"] >= numbers["height"]:
        raise broken("the principal point lies outside the picture")
    try:
        given = [float(v) for v in values.get("distortion", values.get("distortion_coefficients", ()))]
    except (TypeError, ValueError) as error:
        raise broken("distortion is not a list of numbers") from error
    if not np.isfinite(given).all() or len(given) not in (0, 4, 5, 8, 12, 14):
        raise broken(f"distortion has {len(given)} coefficients, or some that are no numbers")
    if any(given[5:]):
        raise broken("distortion of the rational or tilted model is not supported")
    distortion = Distortion(*given[:5])
    calibration = CameraCalibration(
        round(numbers["width"]), round(numbers["height"]), numbers["fx"], numbers["fy"],
        numbers["cx"] + 0.5, numbers["cy"] + 0.5, distortion,
    )  # fmt: skip
    _check_corners(calibration, path)
    return calibration


def _check_corners(k: CameraCalibration, path: Path) -> None:
    """A lens whose own picture cannot be undistorted was fitted badly."""
    corners = np.array([[0.0, 0.0], [k.width, 0.0], [0.0, k.height], [k.width, k.height]])
    normalised = (corners - [k.centre_x_px, k.centre_y_px]) / [k.focal_x_px, k.focal_y_px]
    if not np.isfinite(k.distortion.undistort(normalised)).all():
        raise ConfigError(
            f"{path}: this distortion does not reach the corners of the picture",
            "calibrate with marks near the corners",
        )
