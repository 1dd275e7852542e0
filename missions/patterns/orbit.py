"""Round a point of interest, or standing off it: the camera stays on it by DO_SET_ROI_LOCATION.

The circle is flown as a polygon of waypoints, which every autopilot flies alike and which can be checked against the
fences leg by leg; it bulges in by 2 m at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions import codec
from missions.patterns.beside_line import fitted
from missions.patterns.building import FRAME_MISSION, Builder, require_range
from missions.patterns.request import PatternRequest, place_en_m
from missions.plan import MissionItem, Plan

DO_SET_ROI_LOCATION = 195
DO_SET_ROI_NONE = 197
NAV_LOITER_TIME = 19
_BULGE_M = 2.0


@dataclass(frozen=True, kw_only=True)
class OrbitRequest(PatternRequest):
    """``hold_s`` None: rounds of the circle, as many as ``laps``. Else the aircraft stands for so long at the place of the
    circle in ``hold_from_deg`` from the point (None: the nearest to home), looking at it.

    ``target_height_m``: of what is looked at, above the ground. The point itself may lie outside the fence.
    """

    poi_lat_deg: float
    poi_lon_deg: float
    radius_m: float = 100.0
    clockwise: bool = True
    hold_s: float | None = None
    hold_from_deg: float | None = None
    target_height_m: float = 1.0
    may_cut: bool = False
    name: str = "Orbit"


def plan_orbit(area: Area, terrain: TerrainGrid | None, request: OrbitRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    require_range("radius", request.radius_m, 10.0, 5000.0, "m")
    require_range("height of the target", request.target_height_m, 0.0, 500.0, "m")
    if request.hold_s is not None:
        require_range("time to hold", request.hold_s, 1.0, 36_000.0, "s")
        if request.laps != 1:
            raise PlanError(f"a hold has {request.laps} laps", "give 1 lap, or leave out the time to hold")
    site = request.site(area, terrain)
    centre = place_en_m(site, "point of interest", request.poi_lat_deg, request.poi_lon_deg, beyond_room=True)
    away = site.home - centre
    from_deg = math.degrees(math.atan2(float(away[0]), float(away[1])))
    if request.hold_from_deg is not None:
        from_deg = request.hold_from_deg
    course = math.radians(from_deg)
    start = centre + request.radius_m * np.array([math.sin(course), math.cos(course)])
    builder = request.builder(site)
    target_alt_m = float(site.ground(centre[None])[0]) + request.target_height_m - site.home_ground_m
    roi = builder.located(DO_SET_ROI_LOCATION, centre, target_alt_m)
    if request.hold_s is not None:
        return _hold(builder, start, request.hold_s, roi)
    way = orbit_path(centre, request.radius_m, start, request.clockwise)
    way = fitted(way, site.region, request.may_cut, "orbit")
    if np.abs(way[-1] - way[0]).max() > 0.01:
        back = way[-2::-1] if request.laps > 1 else way[:0]  # an arc is flown to and fro
        way = np.concatenate([way, back])
    way, alt = builder.heights(way)
    plan = builder.plan(way, alt, lambda _start, _end, _alt_m: roi)
    return builder.finish(_released(plan.items), float(max(i.z for i in plan.items if i.command == codec.NAV_WAYPOINT)))


def _hold(builder: Builder, place: FloatArray, hold_s: float, roi: MissionItem) -> Plan:
    site = builder.site
    if not site.holds(place):
        raise PlanError(
            f"the place to hold at {site.place(place)} lies outside the fence, too near its edge or beyond the border",
            "give another side (hold_from_deg) or radius",
        )
    way, alt = builder.heights(site.way(site.home, place), from_home=True)
    there = list(zip(way[1:], alt[1:], strict=True))
    items = [
        builder.located(codec.NAV_TAKEOFF, site.home, alt[0]),
        MissionItem(codec.DO_CHANGE_SPEED, FRAME_MISSION, 1.0, builder.flight.speed_m_s, -1.0),
        roi,
        *(builder.located(codec.NAV_WAYPOINT, p, a) for p, a in there),
        builder.located(NAV_LOITER_TIME, place, alt[-1], param1=float(round(hold_s))),
        MissionItem(DO_SET_ROI_NONE, FRAME_MISSION),
        *(builder.located(codec.NAV_WAYPOINT, p, a) for p, a in zip(way[-2::-1], alt[-2::-1], strict=True)),
        MissionItem(codec.NAV_RETURN_TO_LAUNCH, FRAME_MISSION),
    ]
    return builder.finish(items, float(alt.max()))


def _released(items: tuple[MissionItem, ...]) -> list[MissionItem]:
    """The same items, and the camera let go before the way home; ROI is set once, before the first leg."""
    out = list(items)
    rois = [k for k, item in enumerate(out) if item.command == DO_SET_ROI_LOCATION]
    for k in reversed(rois[1:]):
        del out[k]
    jump = next((k for k, item in enumerate(out) if item.command == codec.DO_JUMP), None)
    # Not after the circle when there is no jump: the camera may look on until the aircraft turns home for good.
    out.insert(len(out) - 1 if jump is None else jump + 1, MissionItem(DO_SET_ROI_NONE, FRAME_MISSION))
    return out


def orbit_path(centre_en_m: FloatArray, radius_m: float, start_en_m: FloatArray, clockwise: bool = True) -> FloatArray:
    """A closed polygon ``(n, 2)`` round a centre from the place of the circle nearest to ``start_en_m``."""
    away = np.asarray(start_en_m, dtype=np.float64) - centre_en_m
    begin = math.atan2(float(away[0]), float(away[1]))
    # Chords bulge in by r (1 - cos(half a step)).
    step = 2.0 * math.acos(max(1.0 - _BULGE_M / radius_m, math.cos(math.pi / 12.0)))
    count = max(12, math.ceil(2.0 * math.pi / step))
    angle = begin + np.linspace(0.0, 2.0 * math.pi, count + 1) * (1.0 if clockwise else -1.0)
    way = centre_en_m + radius_m * np.stack([np.sin(angle), np.cos(angle)], axis=1)
    way[-1] = way[0]
    return np.asarray(way)
