"""Local east-north-up coordinates on the WGS 84 ellipsoid.

Heights here are metres above mean sea level used as if they were ellipsoidal: within the few kilometres of one local
frame the geoid undulation is constant to decimetres, and horizontal positions shift by less than 1 cm per kilometre.
Formulas: closed ECEF transform and Bowring's inverse (Survey Review 23, 1976); checked in tests against pyproj.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

WGS84_A_M = 6_378_137.0
WGS84_F = 1.0 / 298.257_223_563
_E2 = WGS84_F * (2.0 - WGS84_F)
_B_M = WGS84_A_M * (1.0 - WGS84_F)
_EP2 = _E2 / (1.0 - _E2)

FloatArray = NDArray[np.float64]


def geodetic_to_ecef(lat_deg: ArrayLike, lon_deg: ArrayLike, h_m: ArrayLike) -> FloatArray:
    """Earth-centred coordinates, shape ``(..., 3)``, metres, from degrees and metres above the ellipsoid."""
    lat, lon, h = np.radians(lat_deg), np.radians(lon_deg), np.asarray(h_m, dtype=np.float64)
    sin_lat, cos_lat = np.sin(lat), np.cos(lat)
    n = WGS84_A_M / np.sqrt(1.0 - _E2 * sin_lat * sin_lat)
    from_axis = (n + h) * cos_lat
    x = from_axis * np.cos(lon)
    ecef_m = np.empty((*np.shape(x), 3))
    ecef_m[..., 0] = x
    ecef_m[..., 1] = from_axis * np.sin(lon)
    ecef_m[..., 2] = (n * (1.0 - _E2) + h) * sin_lat
    return ecef_m


def ecef_to_geodetic(ecef_m: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """``(lat_deg, lon_deg, h_m)``, each of shape ``(...)``, from ECEF metres of shape ``(..., 3)``."""
    xyz = np.asarray(ecef_m, dtype=np.float64)
    x, y, z = xyz[..., 0], xyz[..., 1], xyz[..., 2]
    p = np.hypot(x, y)
    # Sines and cosines of the reduced and of the geodetic latitude come from their tangents, without an arc and back.
    opposite, adjacent = z * WGS84_A_M, p * _B_M
    radius = np.hypot(opposite, adjacent)
    sin_theta, cos_theta = opposite / radius, adjacent / radius
    opposite = z + _EP2 * _B_M * sin_theta * sin_theta * sin_theta
    adjacent = p - _E2 * WGS84_A_M * cos_theta * cos_theta * cos_theta
    radius = np.hypot(opposite, adjacent)
    sin_lat, cos_lat = opposite / radius, adjacent / radius
    # Stable at every latitude, unlike p / cos(lat) - n, which fails at the poles.
    h = p * cos_lat + z * sin_lat - WGS84_A_M * np.sqrt(1.0 - _E2 * sin_lat * sin_lat)
    return np.degrees(np.arctan2(opposite, adjacent)), np.degrees(np.arctan2(y, x)), h


@dataclass(frozen=True)
class LocalFrame:
    """An east-north-up frame (metres) tangent at ``lat_deg, lon_deg, alt_amsl_m``."""

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float = 0.0

    @cached_property
    def _origin_m(self) -> FloatArray:
        return geodetic_to_ecef(self.lat_deg, self.lon_deg, self.alt_amsl_m)

    @cached_property
    def _enu_from_ecef(self) -> FloatArray:
        lat, lon = np.radians(self.lat_deg), np.radians(self.lon_deg)
        sl, cl, so, co = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
        return np.array([[-so, co, 0.0], [-sl * co, -sl * so, cl], [cl * co, cl * so, sl]])

    def to_enu(self, lat_deg: ArrayLike, lon_deg: ArrayLike, alt_amsl_m: ArrayLike) -> FloatArray:
        """East, north, up in metres, shape ``(..., 3)``."""
        difference = geodetic_to_ecef(lat_deg, lon_deg, alt_amsl_m) - self._origin_m
        return np.asarray(difference @ self._enu_from_ecef.T)

    def to_geodetic(self, enu_m: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
        """``(lat_deg, lon_deg, alt_amsl_m)`` of ENU metres of shape ``(..., 3)``."""
        return ecef_to_geodetic(np.asarray(enu_m, dtype=np.float64) @ self._enu_from_ecef + self._origin_m)

    def to_plane(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """East and north of points on the ground, shape ``(..., 2)``; for lines and fences, where height is no matter.

        The points are taken at the frame's own height, so the curvature drop is not in it.
        """
        return self.to_enu(lat_deg, lon_deg, self.alt_amsl_m)[..., :2]

    def from_plane(self, en_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """``(lat_deg, lon_deg)`` of east, north metres ``(..., 2)``; inverse of :meth:`to_plane` to < 1 mm in 10 km."""
        en = np.asarray(en_m, dtype=np.float64)
        # A point at the frame's height lies below the tangent plane by d^2 / 2R.
        drop = -(en[..., 0] ** 2 + en[..., 1] ** 2) / (2.0 * 6_371_000.0)
        lat, lon, _ = self.to_geodetic(np.concatenate([en, drop[..., None]], axis=-1))
        return lat, lon
