"""The strip along the border within which a neighbour is told: the geographic clause of an agreement."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import shapely

from geofences.area import BorderLine, LatLon
from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame

_FAR_M = 300_000.0
"""Further than this from the middle of the line the local plane says nothing any more."""


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
    _line: shapely.LineString = field(init=False, repr=False, compare=False)
    _geometry: BorderGeometry = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        middle = self.border[len(self.border) // 2]
        frame = LocalFrame(*middle)
        line = shapely.LineString(frame.to_plane([p[0] for p in self.border], [p[1] for p in self.border]))
        object.__setattr__(self, "_frame", frame)
        object.__setattr__(self, "_line", line)
        object.__setattr__(
            self, "_geometry", BorderGeometry.from_line(BorderLine(self.border, "left", "right", "left"), frame)
        )

    @property
    def widths_m(self) -> tuple[float, float]:
        """Width on the left and on the right."""
        return self.width_m, self.width_m if self.right_width_m is None else self.right_width_m

    def distance_m(self, lat_deg: float, lon_deg: float) -> float:
        """Distance of a place from the border line, metres; good to 0.1 % within 50 km of the line's middle.

        Infinite further than some 300 km from the middle of the line, and for what is no place on earth.
        """
        if not (-90.0 <= lat_deg <= 90.0 and -180.0 <= lon_deg <= 180.0):  # also NaN
            return math.inf
        east_m, north_m, up_m = self._frame.to_enu(lat_deg, lon_deg, 0.0)
        if up_m < -10_000.0 or math.hypot(east_m, north_m) > _FAR_M:
            return math.inf
        return float(self._line.distance(shapely.Point(east_m, north_m)))

    def is_left(self, lat_deg: float, lon_deg: float) -> bool:
        """Whether a place lies to the left of the line (on it counts as left)."""
        return float(self._geometry.locate(self._frame.to_plane(lat_deg, lon_deg)).signed_distance_m) >= 0.0

    def outline(self, left_m: float, right_m: float) -> tuple[tuple[LatLon, ...], ...]:
        """The edge of the strip that reaches so far on either side, for the map: polygons, not closed; none for 0, 0.

        Holes of a border that bends back are left out.
        """
        halves = [
            self._line.buffer(sign * width_m, single_sided=True)
            for sign, width_m in ((1.0, left_m), (-1.0, right_m))
            if width_m > 0.0
        ]
        # With both sides the ends are round, as the distance is; one side alone ends square in the drawing.
        strip = self._line.buffer(left_m) if left_m == right_m > 0.0 else shapely.union_all(halves)
        rings = []
        for part in getattr(strip, "geoms", [strip]):
            if isinstance(part, shapely.Polygon) and not part.is_empty:
                lat, lon = self._frame.from_plane(list(part.exterior.coords)[:-1])
                rings.append(tuple(zip(lat.tolist(), lon.tolist(), strict=True)))
        return tuple(rings)
