"""A shuttle along the border on our own side, with the camera looking at the line at right angles.

Launch, climb, transit, there and back ``laps`` times parallel to the line, transit home, return to launch. Legs keep
their distance from the fences' edges and go round exclusion polygons; heights follow the terrain.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.patterns.building import (
    Builder,
    Flight,
    LookAtBorder,
    Site,
    border_azimuths_deg,
    require_range,
    wrap_deg,
)
from missions.patterns.routing import route
from missions.plan import Plan

_HAIR_M = 0.05  # as in routing: a way along an edge lies on the region's boundary


@dataclass(frozen=True)
class PatrolRequest:
    """What the operator wants. ``stretch_m``: (from, to) along the border line, or None for all that can be reached.

    ``edge_m`` is kept from every fence edge and ``own_side_m`` from the border line itself, over and above the fence's
    own ``fence_margin_m``. ``alt_max_rel_home_m`` None: 150 m, or more where the terrain needs it.
    """

    standoff_m: float = 75.0
    height_agl_m: float = 110.0
    speed_m_s: float = 4.0
    laps: int = 1
    stretch_m: tuple[float, float] | None = None
    stretch_length_m: float | None = None
    edge_m: float = 15.0
    own_side_m: float = 15.0
    fence_margin_m: float = 5.0
    alt_max_rel_home_m: float | None = None
    leg_max_m: float = 120.0
    turn_max_deg: float = 8.0
    terrain_tolerance_m: float = 4.0
    rally_alt_rel_home_m: float = 60.0
    name: str = "Border patrol"

    def flight(self) -> Flight:
        """How the track is flown."""
        return Flight(
            self.name, self.height_agl_m, self.speed_m_s, self.laps, self.terrain_tolerance_m,
            self.rally_alt_rel_home_m, self.alt_max_rel_home_m,
        )  # fmt: skip


def plan_border_patrol(area: Area, terrain: TerrainGrid | None, request: PatrolRequest) -> Plan:
    """The plan; without ``terrain`` the ground is taken as level.

    Raises :class:`PlanError` when the request makes no sense, a zone is no polygon, the launch point is on the wrong
    side or outside, the terrain is unknown somewhere, or nothing of the line can be flown along.
    """
    require_range("distance from the border", request.standoff_m, request.own_side_m, 2000.0)
    require_range("height above ground", request.height_agl_m, 10.0, 1000.0)
    require_range("speed", request.speed_m_s, 0.5, 30.0)
    require_range("number of laps", request.laps, 1, 1000)
    site = Site(
        area, terrain, request.edge_m, request.own_side_m, request.fence_margin_m, request.height_agl_m,
        request.terrain_tolerance_m,
    )  # fmt: skip
    track = _Shuttle(site, request).track()
    if np.hypot(*(track[-1] - site.home)) < np.hypot(*(track[0] - site.home)):
        track = track[::-1]
    builder = Builder(site, request.flight())
    track, alt = builder.heights(track)
    return builder.plan(
        np.concatenate([track, track[-2::-1]]),
        np.concatenate([alt, alt[-2::-1]]),
        LookAtBorder(site, track),
    )


class _Shuttle:
    def __init__(self, site: Site, request: PatrolRequest) -> None:
        self.site, self.request = site, request
        self.border, self.region = site.border, site.region

    def track(self) -> FloatArray:
        """The way parallel to the border, one direction, ``(n, 2)``."""
        request = self.request
        line = LineString(self.border.vertices_en_m)
        offset = line.offset_curve(self.site.sign * request.standoff_m, join_style="mitre")
        lines = [g for g in getattr(offset, "geoms", [offset]) if g.length > 0.0]
        points = np.concatenate([shapely.get_coordinates(shapely.segmentize(g, 10.0)) for g in lines])
        fix = self.border.locate(points)
        low, high = self._stretch(points, fix.along_m)
        order = np.argsort(fix.along_m, kind="stable")
        inside = shapely.covers(self.region, shapely.points(points))
        use = [i for i in order if low <= fix.along_m[i] <= high and not fix.beyond_end[i] and inside[i]]
        if len(use) < 2 or float(np.hypot(*(points[use[-1]] - points[use[0]]))) < 20.0:
            if not low < high or low >= self.border.length_m:
                raise PlanError(
                    f"the stretch is from {low:g} to {high:g} m; the border is {self.border.length_m:.0f} m long",
                    "give metres along the border from its first point, the lower first",
                )
            raise PlanError(
                f"nothing of the border can be flown along at {request.standoff_m:g} m from it inside the fence",
                "change the distance from the line, or the zones",
            )
        way = [points[use[0]][None]]
        straight = self._straight(points[use])
        for k, (i, j) in enumerate(itertools.pairwise(use)):
            if straight[k]:
                way.append(points[j][None])
                continue
            leg = route(self.region, points[i], points[j])
            if leg is None:
                raise PlanError(
                    f"there is no way along the border past {self.site.place(points[i])} inside the fence",
                    "give the patrol a shorter stretch, or make room between the zones",
                )
            way.append(leg[1:])
        return self._thin(np.concatenate(way))

    def _straight(self, points: FloatArray) -> NDArray[np.bool_]:
        """Which of the lines from one point to the next lie in the region: nearly all, and asking one by one is dear."""
        allowed = self.region.buffer(_HAIR_M)
        shapely.prepare(allowed)
        return np.asarray(shapely.covers(allowed, shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1))))

    def _stretch(self, points: FloatArray, along_m: FloatArray) -> tuple[float, float]:
        request = self.request
        low, high = request.stretch_m or (0.0, self.border.length_m)
        if request.stretch_length_m is not None:
            inside = shapely.covers(self.region, shapely.points(points)) & (along_m >= low) & (along_m <= high)
            if inside.any():
                middle = 0.5 * float(along_m[inside].min() + along_m[inside].max())
                low = max(low, middle - 0.5 * request.stretch_length_m)
                high = min(high, middle + 0.5 * request.stretch_length_m)
        return low, high

    def _thin(self, way: FloatArray) -> FloatArray:
        """Fewer points, still inside, then cut so that no leg is too long or bends away from the border too far."""
        for tolerance in (2.0, 0.5, 0.0):
            line = LineString(way).simplify(tolerance)
            if self.region.buffer(0.1).covers(line):
                break
        corners = np.asarray(line.coords)
        azimuths = border_azimuths_deg(self.site, corners).tolist()
        out = [corners[0]]
        for end, before, after in zip(corners[1:], azimuths[:-1], azimuths[1:], strict=True):
            start = out[-1]
            bend = after - before
            length = float(np.hypot(*(end - start)))
            parts = max(
                1,
                math.ceil(length / self.request.leg_max_m),
                math.ceil(abs(wrap_deg(bend)) / self.request.turn_max_deg),
            )
            parts = min(parts, max(1, math.ceil(length / 20.0)))
            out += [start + (end - start) * (k / parts) for k in range(1, parts + 1)]
        return np.array(out)
