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
_MOST_PATH_POINTS = 200_000
_M_PER_DEG = 111_320.0


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


@dataclass(frozen=True, eq=False)
class GroundPath:
    """A line on the terrain with points at most a step apart: ``lat_deg``, ``lon_deg``, ``alt_amsl_m`` ``(n,)``.

    Made once for a line; every picture takes from it what is near.
    """

    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray

    @classmethod
    def on(cls, terrain: TerrainGrid, corners: Sequence[tuple[float, float]], closed: bool = False) -> GroundPath:
        """Of ``(lat, lon)`` corners; a very long line has longer steps. NaN heights over unknown ground."""
        at = np.asarray(corners, dtype=np.float64).reshape(-1, 2)
        if len(at) < 2:
            return cls(np.zeros(0), np.zeros(0), np.zeros(0))
        if closed:
            at = np.vstack([at, at[:1]])
        metres = np.diff(at, axis=0) * [_M_PER_DEG, _M_PER_DEG * np.cos(np.radians(at[0, 0]))]
        lengths = np.hypot(metres[:, 0], metres[:, 1])
        step_m = max(_STEP_M, float(lengths.sum()) / _MOST_PATH_POINTS)
        pieces = [at[:1]]
        for a, b, length in zip(at[:-1], at[1:], lengths, strict=True):
            share = np.linspace(0.0, 1.0, max(2, int(length / step_m) + 2))[1:, None]
            pieces.append(a + share * (b - a))
        points = np.vstack(pieces)
        return cls(points[:, 0], points[:, 1], terrain.height(points[:, 0], points[:, 1]))


def lines_in_picture(
    view: CameraView,
    terrain: TerrainGrid,
    corners: Sequence[tuple[float, float]],
    closed: bool = False,
    far_m: float = _FAR_M,
) -> list[PictureLine]:
    """A line of ``(lat, lon)`` corners as it runs through the picture: see :func:`path_in_picture`."""
    return path_in_picture(view, terrain, GroundPath.on(terrain, corners, closed), far_m)


def path_in_picture(
    view: CameraView, terrain: TerrainGrid, path: GroundPath, far_m: float = _FAR_M
) -> list[PictureLine]:
    """A line on the terrain as it runs through the picture.

    Parts behind the camera, beyond ``far_m``, on unknown ground or far outside the picture are left out.
    """
    east_m_per_deg = _M_PER_DEG * float(np.cos(np.radians(view.pose.lat_deg)))
    within = np.flatnonzero(
        (np.abs(path.lat_deg - view.pose.lat_deg) * _M_PER_DEG <= 1.02 * far_m)
        & (np.abs(path.lon_deg - view.pose.lon_deg) * east_m_per_deg <= 1.02 * far_m)
    )[:_MOST_POINTS]
    if len(within) < 2:
        return []
    enu = view.frame.to_enu(path.lat_deg[within], path.lon_deg[within], path.alt_amsl_m[within])
    xy = view.project(enu)
    near = np.hypot(enu[:, 0], enu[:, 1]) <= far_m
    with np.errstate(invalid="ignore"):
        size = np.array([view.intrinsics.width, view.intrinsics.height], dtype=np.float64)
        around = ((xy > -size) & (xy < 2 * size)).all(axis=1)
    shown = near & around & np.isfinite(xy).all(axis=1)
    hidden = np.zeros(len(within), dtype=np.bool_)
    hidden[shown] = _hidden(view, terrain, enu[shown])
    out = []
    for run in _runs(shown, within):
        if len(run) >= 2 and bool(view.inside(xy[run], -0.1 * float(size[0])).any()):
            out.append(PictureLine(xy[run], hidden[run][1:] & hidden[run][:-1]))
    return out


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


def _runs(shown: NDArray[np.bool_], place: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """Indices of the stretches where ``shown`` holds and ``place`` along the line goes on without a gap."""
    index = np.flatnonzero(shown)
    return np.split(index, np.flatnonzero(np.diff(place[index]) > 1) + 1) if len(index) else []
