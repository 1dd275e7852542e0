"""Between a picture and the ground: where a pixel lies, and where lines on the ground lie in the picture. Pure.

The lens is the field of view of the frame's pose; a calibrated lens with distortion is the georeferencing's own business,
and what is drawn here is off by its distortion (a few pixels at the rim).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from vision.camera import CameraView
from vision.records import CameraPose

_FAR_M = 3_000.0
_STEP_M = 8.0
_SAMPLES = 48
_CLEAR_M = 1.5
_MOST_POINTS = 4_000


@dataclass(frozen=True)
class GroundPlace:
    """A place on the ground under a pixel; ``range_m`` from the camera."""

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    range_m: float


@dataclass(frozen=True, eq=False)
class PictureLine:
    """A line of the ground in the picture: ``xy_px`` ``(n, 2)`` of the full picture, n at least 2; ``hidden`` ``(n - 1,)``:
    which of its pieces lie behind the terrain."""

    xy_px: FloatArray
    hidden: NDArray[np.bool_]


def view_of(pose: CameraPose, width: int, height: int) -> CameraView | None:
    """The camera of a frame; None for a pose that no camera has."""
    try:
        return CameraView.of(pose, width, height)
    except ValueError:
        return None


def ground_under(view: CameraView, terrain: TerrainGrid, x_px: float, y_px: float) -> GroundPlace | None:
    """Where the ray of a pixel first meets the terrain; None where it meets none within 3 km of known ground."""
    ray = view.rays(np.array([[x_px, y_px]]))[0]
    if not np.isfinite(ray).all():
        return None
    step_m = _STEP_M
    t_m = np.arange(1.0, _FAR_M, step_m)
    above = _above(view, terrain, ray, t_m)
    below = np.flatnonzero(above <= 0.0)
    unknown = np.flatnonzero(np.isnan(above))
    if not len(below) or below[0] == 0 or (len(unknown) and unknown[0] < below[0]):
        return None
    low, high = t_m[below[0] - 1], t_m[below[0]]
    for _ in range(5):  # to 3 cm: each time to an eighth of the way
        t_m = np.linspace(low, high, 9)
        k = int(np.flatnonzero(_above(view, terrain, ray, t_m) <= 0.0)[0])
        low, high = t_m[max(k - 1, 0)], t_m[max(k, 1)]
    lat, lon, alt = view.frame.to_geodetic(ray * high)
    return GroundPlace(float(lat), float(lon), float(alt), float(high))


def _above(view: CameraView, terrain: TerrainGrid, ray: FloatArray, t_m: FloatArray) -> FloatArray:
    """Height of points of a ray above the ground; NaN over unknown ground."""
    lat, lon, alt = view.frame.to_geodetic(t_m[:, None] * ray)
    return alt - terrain.height(lat, lon)


def lines_in_picture(
    view: CameraView,
    terrain: TerrainGrid,
    corners: Sequence[tuple[float, float]],
    closed: bool = False,
    far_m: float = _FAR_M,
) -> list[PictureLine]:
    """A line of ``(lat, lon)`` corners, laid on the terrain, as it runs through the picture.

    Parts behind the camera, beyond ``far_m``, on unknown ground or far outside the picture are left out.
    """
    points = _dense(view, np.asarray(corners, dtype=np.float64).reshape(-1, 2), closed, far_m)
    if len(points) < 2:
        return []
    lat, lon = points[:, 0], points[:, 1]
    alt = terrain.height(lat, lon)
    enu = view.frame.to_enu(lat, lon, alt)
    xy = view.project(enu)
    near = np.hypot(enu[:, 0], enu[:, 1]) <= far_m
    with np.errstate(invalid="ignore"):
        size = np.array([view.intrinsics.width, view.intrinsics.height], dtype=np.float64)
        around = ((xy > -size) & (xy < 2 * size)).all(axis=1)
    shown = near & around & np.isfinite(xy).all(axis=1)
    hidden = np.zeros(len(points), dtype=np.bool_)
    hidden[shown] = _hidden(view, terrain, enu[shown])
    out = []
    for run in _runs(shown):
        if len(run) >= 2 and bool(view.inside(xy[run], -0.1 * float(size[0])).any()):
            out.append(PictureLine(xy[run], hidden[run][1:] & hidden[run][:-1]))
    return out


def _dense(view: CameraView, corners: FloatArray, closed: bool, far_m: float) -> FloatArray:
    """Points at most a step apart along the line where it is near, ``(n, 2)``; NaN rows where it is cut out."""
    if len(corners) < 2:
        return np.zeros((0, 2))
    if closed:
        corners = np.vstack([corners, corners[:1]])
    plane = view.frame.to_plane(corners[:, 0], corners[:, 1])
    pieces = []
    left = _MOST_POINTS
    for a, b, pa, pb in zip(corners[:-1], corners[1:], plane[:-1], plane[1:], strict=True):
        along = pb - pa
        length = float(np.hypot(*along))
        t = float(np.clip(-(pa @ along) / max(length**2, 1e-9), 0.0, 1.0))
        if float(np.hypot(*(pa + t * along))) > far_m or left <= 2:
            pieces.append(np.full((1, 2), np.nan))
            continue
        count = min(max(2, int(length / _STEP_M) + 2), left)
        left -= count
        share = np.linspace(0.0, 1.0, count)[:, None]
        pieces.append(a + share * (b - a))
    return np.vstack(pieces)


def _hidden(view: CameraView, terrain: TerrainGrid, enu: FloatArray) -> NDArray[np.bool_]:
    """Which points ``(n, 3)`` of the ground lie behind other ground, by samples along each line of sight."""
    if not len(enu):
        return np.zeros(0, dtype=np.bool_)
    share = np.linspace(0.05, 0.97, _SAMPLES)
    between = enu[:, None, :] * share[:, None]
    lat, lon, alt = view.frame.to_geodetic(between.reshape(-1, 3))
    with np.errstate(invalid="ignore"):
        over = terrain.height(lat, lon) - alt > _CLEAR_M
    return np.asarray(over.reshape(len(enu), _SAMPLES).any(axis=1))


def _runs(shown: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Indices of the stretches where ``shown`` holds."""
    index = np.flatnonzero(shown)
    return np.split(index, np.flatnonzero(np.diff(index) > 1) + 1) if len(index) else []
