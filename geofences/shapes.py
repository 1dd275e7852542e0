"""Zones as polygons in the plane of one local frame, and the room that a fence leaves to fly in.

Margins are metres to the nearest edge: positive where the aircraft may be, negative where it may not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString, Point, Polygon, box

from geofences.area import Area
from geofences.binding import (
    AltBand,
    AreaAir,
    HeightDatum,
    Time,
    binding_exclusions,
    binding_obstacles,
    open_inclusions,
    zone_region,
)
from geofences.geodesy import FloatArray, LocalFrame
from geofences.outlines import OUTER, QUAD_SEGMENTS, ring_to_plane, to_lat_lon, to_plane
from geofences.zone import LatLon

__all__ = [
    "AreaAir",
    "FlyRoom",
    "HeightDatum",
    "ShapeProblem",
    "binding_exclusions",
    "open_inclusions",
    "polygon_problems",
    "to_lat_lon",
    "to_plane",
    "zone_region",
]

# A fence without inclusion polygons allows everything within a distance no aircraft of this kind flies.
_EVERYWHERE_M = 200_000.0
_FOLDED_M = 1_000_000.0


@dataclass(frozen=True)
class ShapeProblem:
    """What is wrong with a drawn polygon, and where."""

    code: str
    text: str
    lat_deg: float
    lon_deg: float


def polygon_problems(name: str, points: Sequence[LatLon], frame: LocalFrame) -> list[ShapeProblem]:
    """Why ``points`` (lat, lon, not closed) are no polygon that an aircraft can keep to; empty when they are one."""
    lat, lon = points[0] if points else (frame.lat_deg, frame.lon_deg)
    if len(points) < 3:
        return [ShapeProblem("too_few_vertices", f"{name!r} has {len(points)} corners, it needs 3", lat, lon)]
    for point in points:
        if not (np.isfinite(point).all() and abs(point[0]) <= 90.0 and abs(point[1]) <= 180.0):
            return [ShapeProblem("bad_coordinate", f"{name!r} has a corner at {point}", frame.lat_deg, frame.lon_deg)]
    away = np.linalg.norm(frame.to_enu([p[0] for p in points], [p[1] for p in points], frame.alt_amsl_m), axis=-1)
    if away.max() > _FOLDED_M:
        # The plane would fold the far side of the earth onto the near one.
        lat, lon = points[int(np.argmax(away))]
        text = f"{name!r} has a corner {away.max() / 1000.0:.0f} km away"
        return [ShapeProblem("far_from_launch", text, lat, lon)]
    en = to_plane(points, frame)
    step = np.hypot(*np.diff(np.concatenate([en, en[:1]]), axis=0).T)
    if (step < 0.01).any():
        lat, lon = points[int(np.argmin(step))]
        return [ShapeProblem("duplicate_vertex", f"{name!r} has the same corner twice in a row", lat, lon)]
    polygon = Polygon(en)
    if not polygon.is_valid:
        reason = shapely.is_valid_reason(polygon)
        match = re.search(r"\[(\S+) (\S+)\]", reason)
        if match:
            place = frame.from_plane([float(match[1]), float(match[2])])
            lat, lon = float(place[0]), float(place[1])
        return [ShapeProblem("self_intersection", f"the edges of {name!r} cross each other", lat, lon)]
    if polygon.area < 1.0:
        return [ShapeProblem("no_area", f"{name!r} has no area", lat, lon)]
    return []


class FlyRoom:
    """Where a fence lets an aircraft be: inside the inclusions, outside the exclusions.

    Edges are straight in latitude and longitude, as the aircraft keeps them.
    All inclusions at once (the default of ArduPilot), or any of them with ``union_of_inclusions``. Polygons are
    (lat, lon), not closed, and must have passed :func:`polygon_problems`.
    """

    def __init__(
        self,
        inclusions: Sequence[Sequence[LatLon]],
        exclusions: Sequence[Sequence[LatLon]],
        frame: LocalFrame,
        union_of_inclusions: bool = False,
    ) -> None:
        self._set(
            frame,
            [Polygon(ring_to_plane(p, frame)) for p in inclusions],
            [Polygon(ring_to_plane(p, frame)) for p in exclusions],
            union_of_inclusions,
        )

    def _set(self, frame: LocalFrame, inclusions: Sequence[Any], exclusions: Sequence[Any], union: bool) -> None:
        self.frame = frame
        room: Any = box(-_EVERYWHERE_M, -_EVERYWHERE_M, _EVERYWHERE_M, _EVERYWHERE_M)
        if len(inclusions):
            room = shapely.union_all(inclusions) if union else shapely.intersection_all(inclusions)
        self.region: Any = room.difference(shapely.union_all(exclusions))
        shapely.prepare(self.region)

    @classmethod
    def from_regions(
        cls, frame: LocalFrame, inclusions: Sequence[Any], exclusions: Sequence[Any], union_of_inclusions: bool = False
    ) -> FlyRoom:
        """The room of valid shapely polygons (with holes) in the plane of ``frame``."""
        room = cls.__new__(cls)
        room._set(frame, inclusions, exclusions, union_of_inclusions)
        return room

    @classmethod
    def from_area(
        cls,
        area: Area,
        frame: LocalFrame,
        t_utc_us: Time = None,
        alt_band_amsl_m: AltBand | None = None,
        datum: HeightDatum | None = None,
        obstacles: bool = True,
    ) -> FlyRoom:
        """The room that an area leaves at a time and in a band of heights, with holes, buffers and obstacles.

        Exclusions and obstacles that surely do not bind then are left out (:mod:`geofences.binding`); an inclusion
        whose windows do not hold allows nothing. The floors and ceilings of inclusions are not in it: ask
        :meth:`AreaAir.height_limits_amsl_m`. Raises :class:`ConfigError` for a zone that is no polygon.
        """
        opened = open_inclusions(area, t_utc_us)
        inside = [zone_region(z, frame, "inclusion") for z in opened]
        if len(opened) < len(area.inclusions) and (not area.union_of_inclusions or not opened):
            inside = [Polygon()]
        outside: list[Any] = [
            zone_region(z, frame, "exclusion") for z in binding_exclusions(area, t_utc_us, alt_band_amsl_m, datum)
        ]
        if obstacles:
            for obstacle in binding_obstacles(area, alt_band_amsl_m, datum):
                place = Point(frame.to_plane(obstacle.lat_deg, obstacle.lon_deg))
                outside.append(place.buffer(max(obstacle.radius_m, 1.0) * OUTER, quad_segs=QUAD_SEGMENTS))
        return cls.from_regions(frame, inside, outside, area.union_of_inclusions)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to fly in."""
        return bool(self.region.is_empty or self.region.area < 1.0)

    def margin_m(self, points_en_m: ArrayLike) -> FloatArray:
        """Signed distance to the nearest edge for points ``(..., 2)``; minus infinity in an empty room."""
        points = shapely.points(np.asarray(points_en_m, dtype=np.float64))
        if self.region.is_empty:
            return np.full(np.shape(points), -np.inf)
        distance = shapely.distance(points, self.region.boundary)
        return np.asarray(np.where(shapely.covers(self.region, points), distance, -distance))

    def path_margin_m(self, points_en_m: ArrayLike) -> float:
        """The worst margin along a polyline ``(n, 2)``; ``-d`` when it goes d metres into what is forbidden."""
        points = np.asarray(points_en_m, dtype=np.float64)
        if len(points) == 1 or np.ptp(points, axis=0).max() < 1e-6:
            return float(self.margin_m(points[:1])[0])
        if self.region.is_empty:
            return -np.inf
        line = LineString(points)
        if self.region.covers(line):
            return float(self.region.boundary.distance(line))
        outside = line.difference(self.region)
        # The deepest point of a chord is between its ends, so points are put in.
        places = shapely.get_coordinates(shapely.segmentize(outside, max(outside.length / 200.0, 0.5)))
        return -float(shapely.distance(shapely.points(places), self.region).max(initial=0.0))

    def worst_place(self, points_en_m: ArrayLike) -> FloatArray:
        """The place ``(2,)`` on a polyline ``(n, 2)`` with the smallest margin (to 0.5 m or 1/400 of its length)."""
        points = np.asarray(points_en_m, dtype=np.float64)
        if len(points) > 1 and np.ptp(points, axis=0).max() >= 1e-6:
            line = LineString(points)
            points = shapely.get_coordinates(shapely.segmentize(line, max(line.length / 400.0, 0.5)))
        return np.asarray(points[int(np.argmin(self.margin_m(points)))])
