"""The flat map in which ArduPilot flies and keeps its fence: metres east and north of home.

Formula of ``Location::get_distance_NE``: north by the difference of latitude, east by the difference of longitude times the
cosine of the mean latitude. A leg of a mission and a way home are straight lines in it. The edges of a polygon fence are
straight in latitude and longitude (``Polygon_outside`` on the raw degrees), so they bend a little in it. Its metres differ
from those of the ellipsoid by up to 0.7 %, in the aircraft's own reckoning as here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geofences.area import LatLon
from geofences.geodesy import FloatArray

METRES_PER_DEGREE = 0.011_131_884_502_145_034 * 1e7
_BEND_M = 0.01


@dataclass(frozen=True)
class Chart:
    """The map around ``lat_deg, lon_deg``."""

    lat_deg: float
    lon_deg: float

    def to_map(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """East and north metres, shape ``(..., 2)``; longitudes go the short way round."""
        lat, lon = np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64)
        away = (lon - self.lon_deg + 180.0) % 360.0 - 180.0
        east = away * METRES_PER_DEGREE * np.cos(np.radians(0.5 * (lat + self.lat_deg)))
        return np.stack([east, (lat - self.lat_deg) * METRES_PER_DEGREE], axis=-1)

    def from_map(self, en_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """``(lat_deg, lon_deg)``; inverse of :meth:`to_map`."""
        en = np.asarray(en_m, dtype=np.float64)
        lat = self.lat_deg + en[..., 1] / METRES_PER_DEGREE
        away = en[..., 0] / METRES_PER_DEGREE / np.cos(np.radians(0.5 * (lat + self.lat_deg)))
        return lat, (self.lon_deg + away + 180.0) % 360.0 - 180.0

    def ring(self, points: Sequence[LatLon]) -> FloatArray:
        """A polygon's corners ``(n, 2)`` on the map, not closed, with further ones where an edge bends by over 1 cm."""
        corners = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        lat, lon = corners[:, 0], corners[:, 1]
        to_lat, to_lon = np.roll(lat, -1), np.roll(lon, -1)
        step = (to_lon - lon + 180.0) % 360.0 - 180.0
        # East is the product of two quantities that change evenly along the edge.
        bend = (
            np.abs(np.radians(to_lat - lat) * step)
            * np.sin(np.radians(np.minimum(np.maximum(np.abs(lat), np.abs(to_lat)), 90.0)))
            * METRES_PER_DEGREE / 8.0
        )  # fmt: skip
        if not (bend > _BEND_M).any():
            return self.to_map(lat, lon)
        count = np.ceil(np.sqrt(bend / _BEND_M)).astype(np.int64).clip(1, 1000)
        at = np.repeat(np.arange(len(lat)), count)
        share = (np.arange(len(at)) - np.repeat(np.cumsum(count) - count, count)) / count[at]
        return self.to_map(lat[at] + share * (to_lat - lat)[at], lon[at] + share * step[at])

    def circle(
        self, lat_deg: float, lon_deg: float, radius_m: float, outside: bool, error_m: float = 0.02
    ) -> FloatArray:
        """Corners ``(n, 2)`` of a polygon for a circle about a place: around it with ``outside``, else within it.

        The circle is that of ``Location::get_distance``; the polygon differs from it by ``error_m`` at most, up to radii of
        some 100 km.
        """
        own = Chart(lat_deg, lon_deg)
        corners = int(np.clip(np.ceil(np.pi / np.sqrt(2.0 * min(error_m / radius_m, 0.5))), 12, 4096))
        turn = np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False)
        reach = radius_m / np.cos(np.pi / corners) if outside else radius_m
        return self.to_map(*own.from_map(reach * np.stack([np.cos(turn), np.sin(turn)], axis=-1)))
