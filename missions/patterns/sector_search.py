"""Sector search (VS): through the datum again and again, for a position known well and a small area.

After the IAMSAR Manual, volume II (Mission Co-ordination), chapter 5, search patterns: it begins at the datum; each leg
is as long as the search radius; all turns are by 120 degrees to starboard; the second leg and those like it are chords,
the others pass through the datum, which ends the pattern after nine legs (three triangles). A second search with the
same datum is turned by 30 degrees.

Drift: as for the expanding square the pattern is flown about the moving datum.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.patterns.beside_line import fitted
from missions.patterns.building import require_range
from missions.patterns.expanding_square import drifted, look_ahead, require_search
from missions.patterns.request import PatternRequest, place_en_m
from missions.plan import Plan


@dataclass(frozen=True, kw_only=True)
class SectorSearchRequest(PatternRequest):
    """``searches`` 2 flies the pattern again, turned by 30 degrees. The rest as for the expanding square."""

    datum_lat_deg: float
    datum_lon_deg: float
    radius_m: float = 300.0
    first_leg_deg: float = 0.0
    searches: int = 1
    drift_m_s: float = 0.0
    drift_deg: float = 0.0
    camera_depression_deg: float = 90.0
    may_cut: bool = False
    name: str = "Sector search"


def plan_sector_search(area: Area, terrain: TerrainGrid | None, request: SectorSearchRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    require_range("search radius", request.radius_m, 20.0, 20_000.0, "m")
    require_range("number of searches", request.searches, 1, 2)
    require_search(request.first_leg_deg, request.drift_m_s, request.drift_deg, request.speed_m_s)
    require_range("depression of the camera", request.camera_depression_deg, 1.0, 90.0, "deg")
    if request.laps != 1:
        raise PlanError(f"a sector search has {request.laps} laps", "give 1 lap, and 2 searches to fly it again")
    site = request.site(area, terrain)
    datum = place_en_m(site, "datum", request.datum_lat_deg, request.datum_lon_deg)
    way = sector_search_path(datum, request.first_leg_deg, request.radius_m)
    if request.searches == 2:
        way = np.concatenate([way, sector_search_path(datum, request.first_leg_deg + 30.0, request.radius_m)[1:]])
    way = drifted(way, request.speed_m_s, request.drift_m_s, request.drift_deg)
    way = fitted(way, site.region, request.may_cut, "sector search")
    builder = request.builder(site)
    way, alt = builder.heights(way)
    return builder.plan(way, alt, look_ahead(request.camera_depression_deg))


def sector_search_path(datum_en_m: FloatArray, first_leg_deg: float, radius_m: float) -> FloatArray:
    """``(10, 2)``: datum, out, across, back to the datum and straight on, three times; nine legs of one radius."""
    points = [np.asarray(datum_en_m, dtype=np.float64)]
    course = first_leg_deg
    for leg in range(9):
        step = radius_m * np.array([math.sin(math.radians(course)), math.cos(math.radians(course))])
        points.append(points[-1] + step)
        if leg % 3 != 2:  # through the datum it goes straight on
            course += 120.0
    return np.array(points)
