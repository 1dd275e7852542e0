"""The simulator's own camera geometry: a pinhole in local east-north-up metres.

Nothing here is shared with the station's georeferencing, so that the one can check the other. Pixels: origin at the
picture's top left corner, x right, y down, pixel centres at +0.5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geofences.geodesy import FloatArray


@dataclass(frozen=True)
class ViewPose:
    """Where the camera is and looks: ``azimuth_deg`` clockwise from north, ``elevation_deg`` above the horizon,
    ``roll_deg`` positive when the picture's right side is down."""

    east_m: float
    north_m: float
    alt_amsl_m: float
    azimuth_deg: float
    elevation_deg: float
    roll_deg: float = 0.0


@dataclass(frozen=True)
class Pinhole:
    """Square pixels, principal point in the middle."""

    width_px: int
    height_px: int
    hfov_deg: float

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.width_px / 2.0 / float(np.tan(np.radians(self.hfov_deg) / 2.0))

    @property
    def vfov_deg(self) -> float:
        """Vertical field of view that goes with the horizontal one."""
        return float(np.degrees(2.0 * np.arctan(self.height_px / 2.0 / self.focal_px)))


def camera_axes(pose: ViewPose) -> FloatArray:
    """Rows: right, down and forward unit vectors of the camera in east, north, up."""
    azimuth, elevation, roll = np.radians([pose.azimuth_deg, pose.elevation_deg, pose.roll_deg])
    forward = np.array([np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation), np.sin(elevation)])
    level_right = np.array([np.cos(azimuth), -np.sin(azimuth), 0.0])
    level_down = np.cross(forward, level_right)
    right = np.cos(roll) * level_right + np.sin(roll) * level_down
    down = np.cos(roll) * level_down - np.sin(roll) * level_right
    return np.stack([right, down, forward])


def project(pose: ViewPose, camera: Pinhole, enu_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Pixels ``(..., 2)`` and depth along the boresight ``(...)`` of points ``(..., 3)`` (east, north, AMSL).

    Points at or behind the camera have NaN pixels.
    """
    relative = np.asarray(enu_m, dtype=np.float64) - np.array([pose.east_m, pose.north_m, pose.alt_amsl_m])
    seen = relative @ camera_axes(pose).T
    depth = seen[..., 2]
    safe = np.where(depth > 0.1, depth, np.nan)
    x = camera.width_px / 2.0 + camera.focal_px * seen[..., 0] / safe
    y = camera.height_px / 2.0 + camera.focal_px * seen[..., 1] / safe
    return np.stack([x, y], axis=-1), depth


def pixel_rays(pose: ViewPose, camera: Pinhole, xy_px: FloatArray) -> FloatArray:
    """Unit vectors ``(..., 3)`` in east, north, up through pixels ``(..., 2)``."""
    xy = np.asarray(xy_px, dtype=np.float64)
    x = (xy[..., 0] - camera.width_px / 2.0) / camera.focal_px
    y = (xy[..., 1] - camera.height_px / 2.0) / camera.focal_px
    rays = np.stack([x, y, np.ones_like(x)], axis=-1) @ camera_axes(pose)
    return np.asarray(rays / np.linalg.norm(rays, axis=-1, keepdims=True))
