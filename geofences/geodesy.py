"""Local east-north-up coordinates on the WGS 84 ellipsoid.

Heights here are metres above mean sea level used as if they were ellipsoidal: within the few kilometres of one local
frame the geoid undulation is constant to decimetres, and horizontal positions shift by less than 1 cm per kilometre.
Frames may be as wide as a border of 100 km; :class:`LocalFrame` says what that costs.
Formulas: closed ECEF transform and Bowring's inverse (Survey Review 23, 1976); checked in tests against pyproj.
"""

from __future__ import annotations

import math
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
    opposite, adjacent, _, _, h = _latitude(np.hypot(x, y), z)
    return np.degrees(np.arctan2(opposite, adjacent)), np.degrees(np.arctan2(y, x)), h


def _latitude(p: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Of points ``p`` from the earth's axis and ``z`` north of its middle: two numbers whose ratio is the latitude's
    tangent, its sine and cosine, and the height above the ellipsoid."""
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
    return opposite, adjacent, sin_lat, cos_lat, h


@dataclass(frozen=True)
class LocalFrame:
    """An east-north-up frame (metres) tangent at ``lat_deg, lon_deg, alt_amsl_m``.

    At any latitude and across the 180th meridian. Seen from above, as here, the earth is shortened outwards: 50 km from
    the origin lengths are short by up to 32 parts in a million, 100 km away by 125 (12.5 cm in a kilometre), and the
    origin is 0.5 m and 4.1 m too near; geodesics within 50 km are straight to 0.6 m. Going to the plane and back is
    exact to 1 mm within 200 km. North is true north at the origin only: see :meth:`convergence_deg`.
    """

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float = 0.0

    @cached_property
    def _origin_m(self) -> FloatArray:
        # As geodetic_to_ecef, in plain numbers: every picture has a frame of its own.
        lat, lon, h = math.radians(self.lat_deg), math.radians(self.lon_deg), self.alt_amsl_m
        sin_lat = math.sin(lat)
        n = WGS84_A_M / math.sqrt(1.0 - _E2 * sin_lat * sin_lat)
        from_axis = (n + h) * math.cos(lat)
        return np.array([from_axis * math.cos(lon), from_axis * math.sin(lon), (n * (1.0 - _E2) + h) * sin_lat])

    @cached_property
    def _enu_from_ecef(self) -> FloatArray:
        lat, lon = math.radians(self.lat_deg), math.radians(self.lon_deg)
        sl, cl, so, co = math.sin(lat), math.cos(lat), math.sin(lon), math.cos(lon)
        return np.array([[-so, co, 0.0], [-sl * co, -sl * so, cl], [cl * co, cl * so, sl]])

    def to_enu(self, lat_deg: ArrayLike, lon_deg: ArrayLike, alt_amsl_m: ArrayLike) -> FloatArray:
        """East, north, up in metres, shape ``(..., 3)``."""
        difference = geodetic_to_ecef(lat_deg, lon_deg, alt_amsl_m) - self._origin_m
        return np.asarray(difference @ self._enu_from_ecef.T)

    @cached_property
    def _axes(self) -> tuple[tuple[float, float, float], ...]:
        """Origin, and the axes east, north and up, in plain numbers."""
        rows = (self._origin_m, *self._enu_from_ecef)
        return tuple((float(x), float(y), float(z)) for x, y, z in rows)

    def point_to_enu(self, lat_deg: float, lon_deg: float, alt_amsl_m: float = 0.0) -> tuple[float, float, float]:
        """:meth:`to_enu` of one place, in plain numbers: for one place at a time ten times as quick."""
        (x0, y0, z0), (ex, ey, ez), (nx, ny, nz), (ux, uy, uz) = self._axes
        lat, lon = math.radians(lat_deg), math.radians(lon_deg)
        sin_lat = math.sin(lat)
        n = WGS84_A_M / math.sqrt(1.0 - _E2 * sin_lat * sin_lat)
        from_axis = (n + alt_amsl_m) * math.cos(lat)
        x, y = from_axis * math.cos(lon) - x0, from_axis * math.sin(lon) - y0
        z = (n * (1.0 - _E2) + alt_amsl_m) * sin_lat - z0
        return ex * x + ey * y + ez * z, nx * x + ny * y + nz * z, ux * x + uy * y + uz * z

    def to_geodetic(self, enu_m: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
        """``(lat_deg, lon_deg, alt_amsl_m)`` of ENU metres of shape ``(..., 3)``."""
        return ecef_to_geodetic(np.asarray(enu_m, dtype=np.float64) @ self._enu_from_ecef + self._origin_m)

    def to_geodetic_and_plane(
        self, enu_m: FloatArray, plane: LocalFrame
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """:meth:`to_geodetic` of ENU metres ``(3, n)``, and east and north ``(n, 2)`` of the same in another frame's plane.

        For points of every frame of a video: the way back from latitudes costs more than all the rest.
        """
        ecef = self._enu_from_ecef.T @ enu_m
        ecef += self._origin_m[:, None]
        x, y, z = ecef
        p = np.hypot(x, y)
        opposite, adjacent, sin_lat, cos_lat, h = _latitude(p, z)
        lat, lon = np.degrees(np.arctan2(opposite, adjacent)), np.degrees(np.arctan2(y, x))
        # Down or up the vertical to the height at which the plane takes its points.
        rise = plane.alt_amsl_m - h
        outwards = rise * cos_lat / np.maximum(p, 1e-9)
        ecef[:2] *= 1.0 + outwards
        ecef[2] += rise * sin_lat
        ecef -= plane._origin_m[:, None]
        return lat, lon, h, np.ascontiguousarray((plane._enu_from_ecef[:2] @ ecef).T)

    def to_plane(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """East and north of points on the ground, shape ``(..., 2)``; for lines and fences, where height is no matter.

        The points are taken at the frame's own height, so the curvature drop is not in it.
        """
        return self.to_enu(lat_deg, lon_deg, self.alt_amsl_m)[..., :2]

    @cached_property
    def _surface(self) -> tuple[float, ...]:
        """The ground as a quadric in the axes of the frame: its terms ee, 2 en, nn, eu, nu, uu, 2 e, 2 n, u.

        The ellipsoid whose axes are longer by the frame's height, moved so that it goes through the origin.
        """
        a, b = WGS84_A_M + self.alt_amsl_m, _B_M + self.alt_amsl_m
        weights = np.array([1.0, 1.0, (a / b) ** 2]) / a  # times a: metres, not their inverse square
        axes = self._enu_from_ecef
        q, k = (axes * weights) @ axes.T, axes @ (weights * self._origin_m)
        terms = (q[0, 0], 2.0 * q[0, 1], q[1, 1], q[0, 2], q[1, 2], q[2, 2], 2.0 * k[0], 2.0 * k[1], k[2])
        return tuple(float(v) for v in terms)

    def from_plane(self, en_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """``(lat_deg, lon_deg)`` of east, north metres ``(..., 2)``; inverse of :meth:`to_plane` to 1 mm in 200 km."""
        en = np.asarray(en_m, dtype=np.float64)
        east, north = en[..., 0], en[..., 1]
        # A point at the frame's height lies below the tangent plane: the smaller root of a quadratic equation.
        ee, en2, nn, eu, nu, uu, e2, n2, u = self._surface
        c = east * (ee * east + en2 * north + e2) + north * (nn * north + n2)
        half_b = u + eu * east + nu * north
        drop = -c / (half_b + np.sqrt(np.maximum(half_b * half_b - uu * c, 0.0)))
        lat, lon, _ = self.to_geodetic(np.concatenate([en, drop[..., None]], axis=-1))
        return lat, lon

    def convergence_deg(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """The direction of true north at places, degrees clockwise from the frame's north; shape ``(...)``.

        A true bearing plus this is the bearing in the frame. It grows with the way east and with the latitude: 1 degree
        at 49 north, 10 at 85 north, for 100 km.
        """
        lat, lon = np.radians(lat_deg), np.radians(lon_deg)
        north = np.stack(np.broadcast_arrays(-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)), -1)
        en = north @ self._enu_from_ecef[:2].T
        return np.asarray(np.degrees(np.arctan2(en[..., 0], en[..., 1])))
