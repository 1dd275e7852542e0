"""A pinhole camera hanging in the earth frame: pixels to rays and points to pixels.

Camera axes: x to the picture's right, y down, z along the boresight. Conventions of angles and pixels are those of
:mod:`vision.records`. With azimuth a, elevation e and no roll the axes in east, north, up are::

    z = (sin a cos e, cos a cos e, sin e)      x = (cos a, -sin a, 0)      y = z cross x

and roll r turns x towards y (right side down): ``x' = x cos r + y sin r``, ``y' = y cos r - x sin r``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from geofences.geodesy import FloatArray, LocalFrame
from vision.records import CameraPose


def rotation_enu_from_camera(azimuth_deg: float, elevation_deg: float, roll_deg: float) -> FloatArray:
    """The camera axes as columns in east, north, up; shape ``(3, 3)``; formula in the module's text."""
    a, e, r = np.radians([azimuth_deg, elevation_deg, roll_deg])
    z = np.array([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)])
    x = np.array([np.cos(a), -np.sin(a), 0.0])
    y = np.cross(z, x)
    return np.stack([x * np.cos(r) + y * np.sin(r), y * np.cos(r) - x * np.sin(r), z], axis=1)


@dataclass(frozen=True)
class Intrinsics:
    """A lens without distortion. Focal lengths and principal point in pixels."""

    width: int
    height: int
    focal_x_px: float
    focal_y_px: float
    centre_x_px: float
    centre_y_px: float

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
            width / 2.0 / np.tan(np.radians(hfov_deg) / 2.0),
            height / 2.0 / np.tan(np.radians(vfov_deg) / 2.0),
            width / 2.0,
            height / 2.0,
        )

    def directions(self, xy_px: ArrayLike) -> FloatArray:
        """Rays in camera axes with z = 1, shape ``(..., 3)``, of pixels ``(..., 2)``."""
        xy = np.asarray(xy_px, dtype=np.float64)
        x = (xy[..., 0] - self.centre_x_px) / self.focal_x_px
        y = (xy[..., 1] - self.centre_y_px) / self.focal_y_px
        return np.stack([x, y, np.ones_like(x)], axis=-1)


@dataclass(frozen=True)
class CameraView:
    """One camera pose with a picture size: the geometry of one frame.

    Its ENU frame has its origin in the camera itself, because azimuth and elevation are against the north and the
    vertical *there*: 5 km from a mission's origin both are turned by some 0.05 degrees.
    """

    pose: CameraPose
    intrinsics: Intrinsics

    @classmethod
    def of(cls, pose: CameraPose, width: int, height: int) -> CameraView:
        """The view of a ``width`` x ``height`` picture; raises ``ValueError`` for an impossible field of view."""
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
        return np.asarray(d / np.linalg.norm(d, axis=-1, keepdims=True))

    def project(self, enu_m: ArrayLike) -> FloatArray:
        """Pixels ``(..., 2)`` of points ``(..., 3)`` in the camera's ENU; NaN for points not in front of it."""
        c = np.asarray(enu_m, dtype=np.float64) @ self.rotation
        in_front = c[..., 2] > 1e-6
        z = np.where(in_front, c[..., 2], np.nan)
        k = self.intrinsics
        return np.stack(
            [k.centre_x_px + k.focal_x_px * c[..., 0] / z, k.centre_y_px + k.focal_y_px * c[..., 1] / z], axis=-1
        )

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
