"""A sweep of an area: every place of it passes through the camera's picture, by the shortest path that was found.

Lanes lie as far apart as the camera's strip on the ground allows: for level ground by the closed formula (the nadir one
only when the camera looks straight down), then narrowed to what pictures at the planned angle really show of the terrain
at places all over the area. :func:`missions.patterns.sweep.sweep_path` does the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from geofences.area import Area, LatLon
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.shapes import polygon_problems
from geofences.terrain import TerrainGrid
from missions.footprint import Camera, footprint, lane_spacing_m, strip_swath
from missions.patterns.building import Aim, Site, look, require_range
from missions.patterns.request import PatternRequest, place_en_m
from missions.patterns.sweep import sweep_path, turn_count
from missions.patterns.sweep_finish import path_length_m
from missions.plan import Plan

_PLACES = 36
_NARROWEST = 0.4
"""Of the strip on level ground: where the terrain leaves less, the sweep would be all lanes. It is said in the figures."""


@dataclass(frozen=True, kw_only=True)
class AreaSweepRequest(PatternRequest):
    """``outline``: (lat, lon) corners of what is to be swept, empty for all that the fences leave.

    ``overlap``: share of a strip that the next one sees again; at least 0.1, which also covers the ends of lanes (see
    :data:`missions.patterns.sweep.END_TOLERANCE`). ``camera_depression_deg``: below the horizon along the lane, 90 is
    straight down. ``lane_heading_deg`` None: the best.
    """

    camera: Camera = field(default_factory=Camera)
    outline: tuple[LatLon, ...] = ()
    overlap: float = 0.2
    camera_depression_deg: float = 90.0
    lane_heading_deg: float | None = None
    turn_cost_m: float = 15.0
    name: str = "Area sweep"


@dataclass(frozen=True)
class SweepFigures:
    """What a sweep promises. ``gsd_m``: metres per pixel at the far edge of the picture over level ground.

    ``narrowed``: lane spacing on this terrain as a share of that on level ground; at the least 0.4, where steep ground
    may leave gaps. ``area_m2``: what is swept.
    """

    spacing_m: float
    strip_m: float
    gsd_m: float
    narrowed: float
    length_m: float
    turns: int
    area_m2: float


def plan_area_sweep(area: Area, terrain: TerrainGrid | None, request: AreaSweepRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    return area_sweep(area, terrain, request)[0]


def area_sweep(area: Area, terrain: TerrainGrid | None, request: AreaSweepRequest) -> tuple[Plan, SweepFigures]:
    """The plan and its figures. Raises like :func:`plan_area_sweep`."""
    require_range("overlap", request.overlap, 0.1, 0.9)
    require_range("depression of the camera", request.camera_depression_deg, 20.0, 90.0, "deg")
    require_range("cost of a turn", request.turn_cost_m, 0.0, 1000.0, "m")
    if request.lane_heading_deg is not None:
        require_range("heading of the lanes", request.lane_heading_deg, -360.0, 360.0, "deg")
    site = request.site(area, terrain)
    region = _region(site, request)
    elevation_deg = -request.camera_depression_deg
    # Where the ground is followed only so closely, the strip is narrowest at the lowest flight over it.
    height_m = max(request.height_agl_m - (request.terrain_tolerance_m if terrain is not None else 0.0), 1.0)
    level_m = lane_spacing_m(request.camera, height_m, elevation_deg, request.overlap)
    narrowed = 1.0 if terrain is None else _narrowed(site, region, request, height_m)
    spacing_m = narrowed * level_m
    track = sweep_path(region, spacing_m, request.lane_heading_deg, site.home, request.turn_cost_m)
    if len(track) < 2:
        raise PlanError("the area to sweep is smaller than one picture", "hold over it instead (orbit)")
    flown = track
    if request.laps > 1 and np.abs(track[-1] - track[0]).max() > 0.01:
        # The same way back: every other lap sees it in the other order, and nothing is flown over for nothing.
        flown = np.concatenate([track, track[-2::-1]])
    builder = request.builder(site)
    way, alt = builder.heights(flown)
    plan = builder.plan(way, alt, _aim(request.camera_depression_deg, 0.5 * spacing_m))
    swath = strip_swath(request.camera, request.height_agl_m, elevation_deg)
    figures = SweepFigures(
        spacing_m, swath.width_m, swath.gsd_far_m, narrowed, path_length_m(track), turn_count(track), region.area
    )
    return plan, figures


def _region(site: Site, request: AreaSweepRequest) -> Any:
    room = site.region
    if request.outline:
        if len(request.outline) < 3:
            raise PlanError(f"the area to sweep has {len(request.outline)} corners", "give it at least three")
        outline = Polygon([place_en_m(site, "area's corner", *p, beyond_room=True) for p in request.outline])
        if not outline.is_valid:
            faults = polygon_problems("the outline", request.outline, site.frame)
            told = f": {faults[0].text}, at {faults[0].lat_deg:.6f}, {faults[0].lon_deg:.6f}" if faults else ""
            raise PlanError(f"the outline of the area to sweep is no polygon{told}", "draw it without crossing edges")
        room = room.intersection(outline)
    if room.is_empty or room.area < 1.0:
        raise PlanError(
            "nothing of the area to sweep lies inside the fence and on our own side",
            "move it, keep less distance from the edges, or redraw the zones",
        )
    # A part that a wall of the fence cuts off cannot be flown to without leaving it.
    parts = [p for p in shapely.get_parts(room) if p.area > 1.0]
    reached = [p for p in shapely.get_parts(site.transit) if p.distance(shapely.points(site.home)) < 1.0]
    parts = [p for p in parts if any(p.representative_point().distance(r) < 0.01 for r in reached)]
    if not parts:
        raise PlanError(
            "there is no way from the launch point to the area to sweep inside the fence", "make room for one"
        )
    if len(parts) > 1:
        raise PlanError(
            f"the area to sweep falls into {len(parts)} parts",
            "sweep each by itself, or draw the outline so that they are joined",
        )
    return parts[0]


def _narrowed(site: Site, region: Any, request: AreaSweepRequest, height_m: float) -> float:
    """The narrowest strip that pictures show of the terrain, as a share of that on level ground; not above 1."""
    elevation_deg = -request.camera_depression_deg
    level_m = strip_swath(request.camera, height_m, elevation_deg).width_m
    headings = (0.0, 90.0) if request.lane_heading_deg is None else (request.lane_heading_deg,)
    least = 1.0
    for en_m in _places(region):
        ground_m = float(site.ground(en_m[None])[0])
        for heading_deg in headings:
            print_ = footprint(
                request.camera, en_m, ground_m + height_m, heading_deg, elevation_deg, site.frame, site.terrain
            )
            least = min(least, _half_width_m(print_.outline_en_m, heading_deg) / (0.5 * level_m))
    return max(least, _NARROWEST)


def _half_width_m(outline_en_m: FloatArray, heading_deg: float) -> float:
    """Of a picture on the ground across a heading: the smaller half, where the picture is narrowest to its middle."""
    if len(outline_en_m) < 3:
        return 0.0
    outline = Polygon(outline_en_m)
    if not outline.is_valid or outline.area <= 0.0:
        outline = outline.buffer(0)
    if outline.is_empty:
        return 0.0
    heading = math.radians(heading_deg)
    across = np.array([math.cos(heading), -math.sin(heading)])
    centre = np.asarray(outline.centroid.coords[0])
    far = 1e5 * across
    cut = shapely.get_coordinates(outline.intersection(LineString([centre - far, centre + far])))
    if not len(cut):
        return 0.0
    sides = (cut - centre) @ across
    return float(min(-sides.min(), sides.max()))


def _places(region: Any) -> FloatArray:
    """Places all over a region, about :data:`_PLACES`."""
    west, south, east, north = region.bounds
    pitch = math.sqrt(region.area / _PLACES)
    x, y = np.meshgrid(np.arange(west + 0.5 * pitch, east, pitch), np.arange(south + 0.5 * pitch, north, pitch))
    inside = shapely.contains_xy(region, x.ravel(), y.ravel())
    places = np.stack([x.ravel(), y.ravel()], axis=1)[inside]
    return np.asarray(places if len(places) else shapely.get_coordinates(region.representative_point()))


def _aim(depression_deg: float, short_m: float) -> Aim:
    """Along the lane. Straight down there is no need to turn for the way back, nor for a join between lanes."""
    last: list[float] = []

    def aim(start: FloatArray, end: FloatArray, _alt_m: float) -> Any:
        course = math.degrees(math.atan2(float(end[0] - start[0]), float(end[1] - start[1])))
        if last and float(np.hypot(*(end - start))) <= 1.2 * 2.0 * short_m:
            return look(last[0], depression_deg)
        if depression_deg > 89.0 and last and abs((course - last[0] + 90.0) % 180.0 - 90.0) < 1.0:
            return look(last[0], depression_deg)
        last[:] = [course]
        return look(course, depression_deg)

    return aim
