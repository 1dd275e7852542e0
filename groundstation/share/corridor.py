"""The strip along the border within which a neighbour is told: the geographic clause of an agreement."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import shapely

from geofences.area import BorderLine, LatLon
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame

_FAR_M = 300_000.0
"""Further than this from the middle of the line the local plane says nothing any more."""

_MANY = 24
"""Segments; with more than these it is quicker to look at all at once."""


class _Line:
    """A border's points as east, north metres, shape ``(n, 2)``; the same rule of sides as
    :class:`geofences.border.BorderGeometry` (that one is for many places at once, this one for one at a time)."""

    def __init__(self, vertices_en_m: FloatArray) -> None:
        self.vertices_en_m = vertices_en_m
        step = np.diff(vertices_en_m, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        direction = step / length[:, None]
        self._columns = tuple(np.ascontiguousarray(c) for c in (*vertices_en_m[:-1].T, *direction.T, length))
        self._segments: list[tuple[float, ...]] = np.stack(self._columns, axis=1).tolist()

    def locate(self, east_m: float, north_m: float) -> tuple[float, bool]:
        """Distance of a place, metres, and whether it is to the left."""
        k = self._nearest(east_m, north_m)
        east, north, d_east, d_north, length = self._segments[k]
        x, y = east_m - east, north_m - north
        along = x * d_east + y * d_north
        at = min(max(along, 0.0), length)
        x, y = x - at * d_east, y - at * d_north
        other = k - 1 if along <= 0.0 else k + 1 if along >= length else k
        left_east, left_north = -d_north, d_east
        if other != k and 0 <= other < len(self._segments):
            # Nearest to a bend: both its segments say together which side is its outer one.
            _, _, other_east, other_north, _ = self._segments[other]
            left_east, left_north = left_east - other_north, left_north + other_east
        return math.hypot(x, y), x * left_east + y * left_north >= 0.0

    def _nearest(self, east_m: float, north_m: float) -> int:
        if len(self._segments) > _MANY:
            return self._nearest_of_many(east_m, north_m)
        best, found = math.inf, 0
        for k, (from_east, from_north, d_east, d_north, length) in enumerate(self._segments):
            x, y = east_m - from_east, north_m - from_north
            at = min(max(x * d_east + y * d_north, 0.0), length)
            squared = (x - at * d_east) ** 2 + (y - at * d_north) ** 2
            if squared < best:
                best, found = squared, k
        return found

    def _nearest_of_many(self, east_m: float, north_m: float) -> int:
        east, north, d_east, d_north, length = self._columns
        x, y = east_m - east, north_m - north
        at = np.clip(x * d_east + y * d_north, 0.0, length)
        return int(np.argmin((x - at * d_east) ** 2 + (y - at * d_north) ** 2))


@dataclass(frozen=True)
class Corridor:
    """All places within ``width_m`` of the border line, on either side. ``border`` is ``(lat_deg, lon_deg)`` points.

    "Left" is to the left of somebody who walks from the first point to the last. ``right_width_m`` is the width there
    where it is another (None: the same). ``left_party`` names the station that lives on the left, ``left`` and ``right``
    are the names of the sides as they stand in the direction of a crossing; both may be "", then no clause that needs
    them can be agreed.
    """

    border: tuple[LatLon, ...]
    width_m: float
    right_width_m: float | None = None
    left_party: str = ""
    left: str = ""
    right: str = ""
    _frame: LocalFrame = field(init=False, repr=False, compare=False)
    _line: _Line = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        frame = LocalFrame(*self.border[len(self.border) // 2])
        geometry = BorderGeometry.from_line(BorderLine(self.border, "left", "right", "left"), frame)
        object.__setattr__(self, "_frame", frame)
        object.__setattr__(self, "_line", _Line(geometry.vertices_en_m))

    @property
    def widths_m(self) -> tuple[float, float]:
        """Width on the left and on the right."""
        return self.width_m, self.width_m if self.right_width_m is None else self.right_width_m

    def distance_m(self, lat_deg: float, lon_deg: float) -> float:
        """Distance of a place from the border line, metres; see :meth:`locate`."""
        return self.locate(lat_deg, lon_deg)[0]

    def is_left(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether a place lies to the left of the line (on it counts as left)."""
        return self.locate(lat_deg, lon_deg)[1]

    def locate(self, lat_deg: float, lon_deg: float) -> tuple[float, bool]:
        """Distance of a place from the border line, metres, and whether it lies to the left (on the line counts as left).

        Good to 0.1 % within 50 km of the line's middle. Infinite further than some 300 km from the middle of the line,
        and for what is no place on earth. Each update of each track is judged twice by this, so it is in plain numbers.
        """
        if not (-90.0 <= lat_deg <= 90.0 and -180.0 <= lon_deg <= 180.0):  # also NaN
            return math.inf, True
        east_m, north_m, up_m = self._frame.point_to_enu(lat_deg, lon_deg)
        if up_m < -10_000.0 or math.hypot(east_m, north_m) > _FAR_M:
            return math.inf, True
        return self._line.locate(east_m, north_m)

    def outline(self, left_m: float, right_m: float) -> tuple[tuple[LatLon, ...], ...]:
        """The edge of the strip that reaches so far on either side, for the map: polygons, not closed; none for 0, 0.

        Holes of a border that bends back are left out.
        """
        line = shapely.LineString(self._line.vertices_en_m)
        halves = [
            line.buffer(sign * width_m, single_sided=True)
            for sign, width_m in ((1.0, left_m), (-1.0, right_m))
            if width_m > 0.0
        ]
        # With both sides the ends are round, as the distance is; one side alone ends square in the drawing.
        strip = line.buffer(left_m) if left_m == right_m > 0.0 else shapely.union_all(halves)
        rings = []
        for part in getattr(strip, "geoms", [strip]):
            if isinstance(part, shapely.Polygon) and not part.is_empty:
                lat, lon = self._frame.from_plane(list(part.exterior.coords)[:-1])
                rings.append(tuple(zip(lat.tolist(), lon.tolist(), strict=True)))
        return tuple(rings)
