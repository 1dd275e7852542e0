"""The corridor along the border inside which an agreement allows sharing."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import LineString

from geofences.area import BorderLine, LatLon
from geofences.border import BorderGeometry
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame


class BorderCorridor:
    """All places within ``half_width_m`` metres of the border line, on both sides; round at the line's ends.

    A point on the very edge is inside. Raises :class:`ConfigError` for a width that is not positive.
    """

    def __init__(self, border: BorderLine, frame: LocalFrame, half_width_m: float) -> None:
        if not (np.isfinite(half_width_m) and half_width_m > 0.0):
            raise ConfigError(f"the corridor is {half_width_m} m wide on each side", "give a width above 0")
        self.half_width_m = half_width_m
        self._frame = frame
        self._geometry = BorderGeometry.from_line(border, frame)

    def distance_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """Unsigned distance to the line, shape ``(...)``."""
        return np.abs(self._geometry.locate(self._frame.to_plane(lat_deg, lon_deg)).signed_distance_m)

    def contains(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.bool_]:
        """Whether points lie in the corridor, shape ``(...)``; a position that is not finite does not."""
        lat, lon = np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64)
        known = np.isfinite(lat) & np.isfinite(lon)
        distance = self.distance_m(np.where(known, lat, 0.0), np.where(known, lon, 0.0))
        return np.asarray(known & (distance <= self.half_width_m))

    def outline(self) -> tuple[LatLon, ...]:
        """The corridor's edge for the map, not closed; lat, lon. Holes inside a border that bends back are left out."""
        polygon = LineString(self._geometry.vertices_en_m).buffer(self.half_width_m, quad_segs=8)
        lat, lon = self._frame.from_plane(np.asarray(polygon.exterior.coords)[:-1])
        return tuple(zip(lat.tolist(), lon.tolist(), strict=True))
