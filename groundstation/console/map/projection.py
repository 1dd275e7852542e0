"""Web Mercator (EPSG:3857), the plane of the map canvas."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

RADIUS_M = 6_378_137.0


def to_mercator(lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.float64]:
    """x east, y north in Mercator metres, shape ``(..., 2)``."""
    if isinstance(lat_deg, float) and isinstance(lon_deg, float):
        # One place, asked for many times a frame: arrays of one number cost thirty times as much.
        y = math.log(math.tan(math.pi / 4 + math.radians(lat_deg) / 2)) if abs(lat_deg) < 90.0 else math.nan
        return np.array([RADIUS_M * math.radians(lon_deg), RADIUS_M * y])
    lat = np.radians(np.asarray(lat_deg, dtype=np.float64))
    x = RADIUS_M * np.radians(np.asarray(lon_deg, dtype=np.float64))
    return np.stack(np.broadcast_arrays(x, RADIUS_M * np.log(np.tan(np.pi / 4 + lat / 2))), axis=-1)


def to_lat_lon(x_m: ArrayLike, y_m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``(lat_deg, lon_deg)`` of Mercator metres."""
    lat = 2 * np.arctan(np.exp(np.asarray(y_m, dtype=np.float64) / RADIUS_M)) - np.pi / 2
    return np.degrees(lat), np.degrees(np.asarray(x_m, dtype=np.float64) / RADIUS_M)


def scale(lat_deg: float) -> float:
    """Mercator metres per metre on the ground."""
    return float(1.0 / np.cos(np.radians(lat_deg)))


def polyline(points: Sequence[tuple[float, float]], closed: bool = False) -> NDArray[np.float64]:
    """Mercator metres ``(n, 2)`` of (lat, lon) points; ``closed`` repeats the first at the end."""
    array = np.array([*points, points[0]] if closed else points, dtype=np.float64)
    return to_mercator(array[:, 0], array[:, 1])
