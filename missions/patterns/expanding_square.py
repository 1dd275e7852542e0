"""Expanding square search (SS): outwards from a datum in a square spiral, for a position known within close limits.

After the IAMSAR Manual, volume II (Mission Co-ordination), chapter 5, search patterns: it begins at the datum; the first
two legs are one track spacing S long, and each pair of legs after them is S longer; all turns are by 90 degrees to the
same side; the first leg is best flown straight into the wind; a second search of the same area is turned by 45 degrees.

Drift: with a drift the pattern is flown about the moving datum, so that it has the manual's shape in the water or with
whoever walks, and is skewed over the ground.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.patterns.beside_line import fitted
from missions.patterns.building import Aim, look, require_range
from missions.patterns.request import PatternRequest, place_en_m
from missions.plan import Plan


@dataclass(frozen=True, kw_only=True)
class ExpandingSquareRequest(PatternRequest):
    """``first_leg_deg``: course of the first leg. ``drift_m_s`` towards ``drift_deg``: how the datum moves.

    ``camera_depression_deg`` looks ahead along the leg, 90 is straight down. ``may_cut``: legs that leave the fence are
    cut off at it instead of refusing the request.
    """

    datum_lat_deg: float
    datum_lon_deg: float
    spacing_m: float = 80.0
    legs: int = 12
    first_leg_deg: float = 0.0
    to_starboard: bool = True
    drift_m_s: float = 0.0
    drift_deg: float = 0.0
    camera_depression_deg: float = 90.0
    may_cut: bool = False
    name: str = "Expanding square search"


def plan_expanding_square(area: Area, terrain: TerrainGrid | None, request: ExpandingSquareRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    require_range("track spacing", request.spacing_m, 5.0, 5000.0, "m")
    require_range("number of legs", request.legs, 2, 200)
    require_search(request.first_leg_deg, request.drift_m_s, request.drift_deg, request.speed_m_s)
    require_range("depression of the camera", request.camera_depression_deg, 1.0, 90.0, "deg")
    if request.laps != 1:
        raise PlanError(
            f"an expanding square has {request.laps} laps", "give 1 lap; turn a second search by 45 degrees"
        )
    site = request.site(area, terrain)
    datum = place_en_m(site, "datum", request.datum_lat_deg, request.datum_lon_deg)
    way = expanding_square_path(datum, request.first_leg_deg, request.spacing_m, request.legs, request.to_starboard)
    way = drifted(way, request.speed_m_s, request.drift_m_s, request.drift_deg)
    way = fitted(way, site.region, request.may_cut, "expanding square")
    builder = request.builder(site)
    way, alt = builder.heights(way)
    return builder.plan(way, alt, look_ahead(request.camera_depression_deg))


def require_search(first_leg_deg: float, drift_m_s: float, drift_deg: float, speed_m_s: float) -> None:
    """The checks that both searches share."""
    require_range("course of the first leg", first_leg_deg, -360.0, 360.0, "deg")
    require_range("direction of the drift", drift_deg, -360.0, 360.0, "deg")
    require_range("drift", drift_m_s, 0.0, 10.0, "m/s")
    if drift_m_s > 0.5 * speed_m_s:
        raise PlanError(
            f"the datum drifts at {drift_m_s:g} m/s, more than half the speed of {speed_m_s:g} m/s", "search faster"
        )


def look_ahead(depression_deg: float) -> Aim:
    """Along the leg, so far below the horizon."""
    return lambda start, end, _alt_m: look(
        math.degrees(math.atan2(float(end[0] - start[0]), float(end[1] - start[1]))), depression_deg
    )


def expanding_square_path(
    datum_en_m: FloatArray, first_leg_deg: float, spacing_m: float, legs: int, to_starboard: bool = True
) -> FloatArray:
    """Datum and corners, ``(legs + 1, 2)``: leg lengths S, S, 2S, 2S, 3S, ..."""
    turn = 90.0 if to_starboard else -90.0
    points = [np.asarray(datum_en_m, dtype=np.float64)]
    for k in range(legs):
        course = math.radians(first_leg_deg + k * turn)
        points.append(points[-1] + (k // 2 + 1) * spacing_m * np.array([math.sin(course), math.cos(course)]))
    return np.array(points)


def drifted(way: FloatArray, speed_m_s: float, drift_m_s: float, drift_deg: float) -> FloatArray:
    """A way about a moving datum, over the ground: each leg's time is what it takes at ``speed_m_s`` over ground.

    The first point is the datum at the time when the search begins. From ``|leg + drift * t| = speed * t``.
    """
    if drift_m_s == 0.0:
        return way
    course = math.radians(drift_deg)
    drift = drift_m_s * np.array([math.sin(course), math.cos(course)])
    out = [way[0]]
    for start, end in itertools.pairwise(way):
        leg = end - start
        a, b, c = speed_m_s**2 - drift_m_s**2, float(leg @ drift), float(leg @ leg)
        out.append(out[-1] + leg + drift * ((b + math.sqrt(b * b + a * c)) / a))
    return np.array(out)
