"""Fence items as an aircraft holds them, read into shapes: polygons, circles and a return point.

The plan's own model knows polygons only; an aircraft may hold circles too, and a fence of nothing but circles must not
look like no fence at all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import shapely
from shapely.geometry import Point, Polygon, box

from geofences.area import LatLon
from geofences.geodesy import LocalFrame
from geofences.shapes import polygon_problems, to_plane
from missions.codec import WireItem

RETURN_POINT, POLYGON_IN, POLYGON_OUT, CIRCLE_IN, CIRCLE_OUT, HOME_CIRCLE_IN = 5000, 5001, 5002, 5003, 5004, 5005
_EVERYWHERE_M = 200_000.0
_CIRCLE_SEGMENTS = 32  # of a quarter: the radius is then wrong by 0.03 %


@dataclass(frozen=True)
class FenceShape:
    """One area. ``points`` are the corners of a polygon, or the one centre of a circle; ``seq`` its first item."""

    kind: Literal["polygon", "circle"]
    inclusion: bool
    points: tuple[LatLon, ...]
    radius_m: float
    seq: int

    @property
    def name(self) -> str:
        """For texts."""
        return f"{'inclusion' if self.inclusion else 'exclusion'} {self.kind} at item {self.seq}"


@dataclass(frozen=True)
class FenceShapes:
    """All that one list of items holds. ``problems``: what in it is no fence that the aircraft could keep."""

    areas: tuple[FenceShape, ...] = ()
    return_points: tuple[LatLon, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def inclusions(self) -> tuple[FenceShape, ...]:
        """Where it must stay."""
        return tuple(a for a in self.areas if a.inclusion)

    @property
    def exclusions(self) -> tuple[FenceShape, ...]:
        """Where it must not go."""
        return tuple(a for a in self.areas if not a.inclusion)

    @property
    def words(self) -> str:
        """What there is, counted."""
        counts = [
            (sum(a.kind == kind and a.inclusion == inside for a in self.areas), kind, word)
            for inside, word in ((True, "to stay in"), (False, "to keep out of"))
            for kind in ("polygon", "circle")
        ]
        told = [f"{n} {kind}{'s' if n > 1 else ''} {word}" for n, kind, word in counts if n]
        return ", ".join(told) or "no area"


def read_shapes(items: Sequence[WireItem]) -> FenceShapes:
    """Shapes from fence items in their order; nothing is raised for a damaged list, it is told in ``problems``."""
    areas: list[FenceShape] = []
    returns: list[LatLon] = []
    problems: list[str] = []
    n = 0
    while n < len(items):
        item = items[n]
        place = (item.x / 1e7, item.y / 1e7)
        if item.command in (POLYGON_IN, POLYGON_OUT):
            count = int(item.param1) if math.isfinite(item.param1) else 0
            run = items[n : n + max(count, 1)]
            same = all(i.command == item.command and i.param1 == item.param1 for i in run)
            if count < 3 or len(run) < count or not same:
                problems.append(f"item {item.seq}: a polygon of {count} corners, which do not follow")
                n += 1
                continue
            corners = tuple((i.x / 1e7, i.y / 1e7) for i in run)
            areas.append(FenceShape("polygon", item.command == POLYGON_IN, corners, 0.0, item.seq))
            n += count
            continue
        if item.command in (CIRCLE_IN, CIRCLE_OUT):
            if item.param1 > 0.0 and math.isfinite(item.param1):
                areas.append(FenceShape("circle", item.command == CIRCLE_IN, (place,), item.param1, item.seq))
            else:
                problems.append(f"item {item.seq}: a circle with the radius {item.param1:g} m")
        elif item.command == RETURN_POINT:
            returns.append(place)
        elif item.command == HOME_CIRCLE_IN:
            problems.append(f"item {item.seq}: a circle around home (5005), which ArduPilot does not take as an item")
        else:
            problems.append(f"item {item.seq}: command {item.command} is no fence item")
        n += 1
    if len(returns) > 1:
        problems.append(f"{len(returns)} return points, one is allowed")
    return FenceShapes(tuple(areas), tuple(returns), tuple(problems))


def shape_problems(shapes: FenceShapes, frame: LocalFrame) -> tuple[str, ...]:
    """What the aircraft does not check when it takes a fence: edges that cross, no area."""
    found = (polygon_problems(a.name, a.points, frame) for a in shapes.areas if a.kind == "polygon")
    return tuple(problem.text for problems in found for problem in problems)


class FenceRegion:
    """Where areas let an aircraft be, in the plane of ``frame``.

    ``union``: any of the inclusions will do, else all of them must hold the aircraft (ArduPilot's default).
    ``home_circle``: centre and radius of the circle around home, an inclusion that is always intersected.
    """

    def __init__(
        self,
        shapes: FenceShapes,
        frame: LocalFrame,
        union: bool = False,
        home_circle: tuple[LatLon, float] | None = None,
    ) -> None:
        self.frame = frame
        inclusions = [_geometry(a, frame) for a in shapes.inclusions]
        room: Any = box(-_EVERYWHERE_M, -_EVERYWHERE_M, _EVERYWHERE_M, _EVERYWHERE_M)
        if inclusions:
            room = shapely.union_all(inclusions) if union else shapely.intersection_all(inclusions)
        room = room.difference(shapely.union_all([_geometry(a, frame) for a in shapes.exclusions]))
        if home_circle is not None:
            (lat_deg, lon_deg), radius_m = home_circle
            room = room.intersection(Point(frame.to_plane(lat_deg, lon_deg)).buffer(radius_m, _CIRCLE_SEGMENTS))
        self.region: Any = room
        shapely.prepare(self.region)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be in."""
        return bool(self.region.is_empty or self.region.area < 1.0)

    def margin_m(self, lat_deg: float, lon_deg: float) -> float:
        """Metres to the nearest edge, negative outside; minus infinity in an empty region."""
        return self.margin_plane_m(*(float(v) for v in self.frame.to_plane(lat_deg, lon_deg)))

    def margin_plane_m(self, east_m: float, north_m: float) -> float:
        """:meth:`margin_m` of a place in the plane of the frame."""
        if self.region.is_empty:
            return -math.inf
        point = Point(east_m, north_m)
        distance = float(self.region.boundary.distance(point))
        return distance if self.region.covers(point) else -distance


def _geometry(area: FenceShape, frame: LocalFrame) -> Any:
    if area.kind == "circle":
        return Point(frame.to_plane(*area.points[0])).buffer(area.radius_m, _CIRCLE_SEGMENTS)
    polygon = Polygon(to_plane(area.points, frame))
    # A polygon whose edges cross is told elsewhere; the aircraft counts crossings of a ray, as make_valid does.
    return polygon if polygon.is_valid else shapely.make_valid(polygon)
