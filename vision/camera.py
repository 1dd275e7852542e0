"""A camera hanging in the earth frame: pixels to rays and points to pixels.

Camera axes: x to the picture's right, y down, z along the boresight. Conventions of angles and pixels are those of
:mod:`vision.records`. With azimuth a, elevation e and no roll the axes in east, north, up are::

    z = (sin a cos e, cos a cos e, sin e)      x = (cos a, -sin a, 0)      y = z cross x

and roll r turns x towards y (right side down): ``x' = x cos r + y sin r``, ``y' = y cos r - x sin r``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from geofences.geodesy import FloatArray, LocalFrame
from vision.lens import CameraCalibration, Distortion
from vision.records import CameraPose


def rotation_enu_from_camera(azimuth_deg: float, elevation_deg: float, roll_deg: float) -> FloatArray:
    """The camera axes as columns in east, north, up; shape ``(3, 3)``; formula in the module's text."""
    a, e, r = math.radians(azimuth_deg), math.radians(elevation_deg), math.radians(roll_deg)
    sa, ca, se, ce, sr, cr = math.sin(a), math.cos(a), math.sin(e), math.cos(e), math.sin(r), math.cos(r)
    # y = z cross x = (sin e sin a, sin e cos a, -cos e)
    return np.array(
        [
            [ca * cr + se * sa * sr, se * sa * cr - ca * sr, sa * ce],
            [-sa * cr + se * ca * sr, se * ca * cr + sa * sr, ca * ce],
            [-ce * sr, -ce * cr, se],
        ]
    )


def lengths(vectors: FloatArray) -> FloatArray:
    """Lengths ``(...)`` of vectors ``(..., 3)``; several times faster than the general norm for small arrays."""
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", vectors, vectors)))


def rotation_derivatives(rotation: FloatArray, roll_deg: float) -> FloatArray:
    """How :func:`rotation_enu_from_camera` changes per radian of azimuth, elevation and roll; shape ``(3, 3, 3)``.

    Azimuth turns the axes about the vertical, clockwise; roll turns x towards y; elevation turns the boresight about the
    axis that x would be without roll: ``dz = -y0, dy0 = z`` with ``y0 = x sin r + y cos r``, the y axis without roll.
    """
    # Plain numbers: for three at a time any call of numpy costs more.
    east, north, up = rotation.tolist()
    r = math.radians(roll_deg)
    sr, cr = math.sin(r), math.cos(r)
    azimuth = [north, [-v for v in east], [0.0, 0.0, 0.0]]
    elevation = [[z * sr, z * cr, -(x * sr + y * cr)] for x, y, z in (east, north, up)]
    roll = [[y, -x, 0.0] for x, y, _ in (east, north, up)]
    return np.array([azimuth, elevation, roll])


@dataclass(frozen=True)
class Intrinsics:
    """Focal lengths and principal point in pixels; ``distortion`` None for a lens without any."""

    width: int
    height: int
    focal_x_px: float
    focal_y_px: float
    centre_x_px: float
    centre_y_px: float
    distortion: Distortion | None = None

    @classmethod
    def from_field_of_view(cls, hfov_deg: float, vfov_deg: float, width: int, height: int) -> Intrinsics:
        """From the full horizontal and vertical angles of a ``width`` x ``height`` picture.

        Raises ``ValueError`` for angles or sizes that no lens has.
        """
        if not (0.0 < hfov_deg < 180.0 and 0.0 < vfov_deg < 180.0 and width > 0 and height > 0):
            raise ValueError(f"no pinhole camera has hfov {hfov_deg}, vfov {vfov_deg} and {width}x{height} pixels")
        return cls(
            width,
            height,
            width / 2.0 / math.tan(math.radians(hfov_deg) / 2.0),
            height / 2.0 / math.tan(math.radians(vfov_deg) / 2.0),
            width / 2.0,
            height / 2.0,
        )

    @classmethod
    def calibrated(cls, calibration: CameraCalibration, width: int, height: int, hfov_deg: float) -> Intrinsics:
        """From a calibration, for a picture of ``width`` x ``height`` taken at ``hfov_deg`` (see its class for zooms).

        Raises ``ValueError`` when the picture has another shape than the calibrated one.
        """
        if not calibration.fits(width, height):
            raise ValueError(
                f"the calibration is of {calibration.width}x{calibration.height} pictures, this one has {width}x{height}"
            )
        if not 0.0 < hfov_deg < 180.0:
            raise ValueError(f"no camera has hfov {hfov_deg}")
        zoom = calibration.zoom(hfov_deg)
        scale_x, scale_y = width / calibration.width, height / calibration.height
        return cls(
            width,
            height,
            calibration.focal_x_px * scale_x * zoom,
            calibration.focal_y_px * scale_y * zoom,
            calibration.centre_x_px * scale_x,
            calibration.centre_y_px * scale_y,
            calibration.distortion if zoom == 1.0 else None,
        )

    def normalised(self, x_px: FloatArray, y_px: FloatArray) -> tuple[FloatArray, FloatArray]:
        """x and y of rays in camera axes with z = 1, of pixels; NaN where the lens shows nothing."""
        x = (x_px - self.centre_x_px) / self.focal_x_px
        y = (y_px - self.centre_y_px) / self.focal_y_px
        if self.distortion is not None:
            flat = self.distortion.undistort(np.stack([x, y], axis=-1))
            x, y = flat[..., 0], flat[..., 1]
        return x, y

    def directions(self, xy_px: ArrayLike) -> FloatArray:
        """Rays in camera axes with z = 1, shape ``(..., 3)``, of pixels ``(..., 2)``; NaN where the lens shows nothing."""
        xy = np.asarray(xy_px, dtype=np.float64)
        x, y = self.normalised(xy[..., 0], xy[..., 1])
        directions = np.empty((*x.shape, 3))
        directions[..., 0], directions[..., 1], directions[..., 2] = x, y, 1.0
        return directions

    def per_pixel(self, directions: FloatArray) -> FloatArray:
        """d(direction x, y) / d(pixel x, y), shape ``(n, 2, 2)``, at directions ``(n, 3)`` of :meth:`directions`."""
        focal = np.diag([1.0 / self.focal_x_px, 1.0 / self.focal_y_px])
        if self.distortion is None:
            return np.broadcast_to(focal, (len(directions), 2, 2))
        return np.asarray(np.linalg.inv(self.distortion.jacobian(directions[:, :2])) @ focal)

    def pixels(self, xy: FloatArray) -> FloatArray:
        """Pixels ``(..., 2)`` of normalised points ``(..., 2)``; NaN where the lens shows nothing."""
        if self.distortion is not None:
            xy = self.distortion.distort(xy)
        px = np.empty(xy.shape)
        px[..., 0] = self.centre_x_px + self.focal_x_px * xy[..., 0]
        px[..., 1] = self.centre_y_px + self.focal_y_px * xy[..., 1]
        return px


@dataclass(frozen=True)
class CameraView:
    """One camera pose with a picture size: the geometry of one frame.

    Its ENU frame has its origin in the camera itself, because azimuth and elevation are against the north and the
    vertical *there*: 5 km from a mission's origin both are turned by some 0.05 degrees.
    """

    pose: CameraPose
    intrinsics: Intrinsics

    @classmethod
    def of(cls, pose: CameraPose, width: int, height: int, calibration: CameraCalibration | None = None) -> CameraView:
        """The view of a ``width`` x ``height`` picture; without a calibration the lens is the pose's field of view.

        Raises ``ValueError`` for an impossible field of view, or a picture that the calibration does not fit.
        """
        if calibration is not None:
            return cls(pose, Intrinsics.calibrated(calibration, width, height, pose.hfov_deg))
        return cls(pose, Intrinsics.from_field_of_view(pose.hfov_deg, pose.vfov_deg, width, height))

    @cached_property
    def frame(self) -> LocalFrame:
        """East, north, up metres with the origin in the camera."""
        return LocalFrame(self.pose.lat_deg, self.pose.lon_deg, self.pose.alt_amsl_m)

    @cached_property
    def rotation(self) -> FloatArray:
        """:func:`rotation_enu_from_camera` of the pose."""
        return rotation_enu_from_camera(self.pose.azimuth_deg, self.pose.elevation_deg, self.pose.roll_deg)

    def rays(self, xy_px: ArrayLike) -> FloatArray:
        """Unit rays in the camera's ENU, shape ``(..., 3)``, of pixels ``(..., 2)``."""
        d = self.intrinsics.directions(xy_px) @ self.rotation.T
        return np.asarray(d / lengths(d)[..., None])

    def project(self, enu_m: ArrayLike) -> FloatArray:
        """Pixels ``(..., 2)`` of points ``(..., 3)`` in the camera's ENU; NaN for points not in front of it."""
        c = np.asarray(enu_m, dtype=np.float64) @ self.rotation
        in_front = c[..., 2] > 1e-6
        z = np.where(in_front, c[..., 2], np.nan)
        return self.intrinsics.pixels(c[..., :2] / z[..., None])

    def project_geodetic(self, lat_deg: ArrayLike, lon_deg: ArrayLike, alt_amsl_m: ArrayLike) -> FloatArray:
        """Pixels of geodetic points; NaN behind the camera."""
        return self.project(self.frame.to_enu(lat_deg, lon_deg, alt_amsl_m))

    def inside(self, xy_px: FloatArray, margin_px: float = 0.0) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Which pixels ``(..., 2)`` lie in the picture, at least ``margin_px`` from its edge. NaN is outside."""
        x, y = xy_px[..., 0], xy_px[..., 1]
        k = self.intrinsics
        return np.asarray(
            (x >= margin_px) & (x <= k.width - margin_px) & (y >= margin_px) & (y <= k.height - margin_px)
        )
