"""Where the camera looks along the route, against the areas where it may not: by the gimbal's orders in the mission."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import Polygon

from geofences.area import Area
from geofences.binding import zone_region
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from missions.checks.findings import Finding
from missions.flown_path import Stop, flight_order, place_of
from missions.footprint import Camera, footprint
from missions.plan import MissionItem, Plan

_GIMBAL, _MOUNT, _ROI, _ROI_NONE, _OLD_ROI = 1000, 205, 195, 197, 201
_NAVIGATION = frozenset({16, 17, 18, 19, 21, 22, 31, 82, 84, 85})
_YAW_LOCK = 16
_MOST_LOOKS = 600
_EVERY_M = 60.0


@dataclass(frozen=True)
class _Look:
    """Angles in degrees; ``yaw_locked``: the azimuth is that of the earth, not from the nose. ``roi``: (lat, lon, AMSL)."""

    elevation_deg: float
    azimuth_deg: float
    yaw_locked: bool
    roi: tuple[float, float, float] | None = None


def check_looks(plan: Plan, area: Area, terrain: TerrainGrid | None, camera: Camera | None) -> Iterator[Finding]:
    """One error for each leg and each rule that the footprint breaks.

    Footprints are looked at every 60 m of the way (600 at most) with the camera as the mission orders it; what is seen
    between, and while the gimbal turns, is not.
    """
    if not area.no_look and area.no_look_beyond_m is None:
        return
    rules = _Rules(area)
    looks = list(_looks(plan, terrain))
    if not any(look is not None for _, _, look in looks):
        text = "the area has places that may not be looked at, but the mission gives the camera no direction"
        yield Finding("warning", "camera_unknown", text, plan.home_lat_deg, plan.home_lon_deg)
        return
    told: set[tuple[int, str]] = set()
    frame = area.frame()
    lengths = [float(np.hypot(*(_en(frame, b) - _en(frame, a)))) for a, b, _ in looks]
    every = max(_EVERY_M, sum(lengths) / _MOST_LOOKS)
    for (start, end, look), length in zip(looks, lengths, strict=True):
        if look is None:
            continue
        count = max(2, math.ceil(length / every) + 1)
        for share in np.linspace(0.0, 1.0, count).tolist():
            en = _en(frame, start) + share * (_en(frame, end) - _en(frame, start))
            alt = plan.home_alt_amsl_m + start.alt_rel_home_m + share * (end.alt_rel_home_m - start.alt_rel_home_m)
            azimuth, elevation = _angles(look, en, alt, _en(frame, end) - _en(frame, start), frame)
            seen = footprint(camera or Camera(), en, alt, azimuth, elevation, frame, terrain, plan.home_alt_amsl_m)
            if seen.is_empty:
                continue
            for name in rules.broken(seen.outline_en_m):
                if (end.seq, name) not in told:
                    told.add((end.seq, name))
                    lat, lon = frame.from_plane(en)
                    text = f"on the way to item {end.seq} the camera sees {name}"
                    yield Finding("error", "no_look", text, float(lat), float(lon), end.seq)


class _Rules:
    """What may not be seen, in the plane of the area."""

    def __init__(self, area: Area) -> None:
        frame = area.frame()
        self._zones = [(z.name, zone_region(z, frame, "no_look")) for z in area.no_look]
        for _, region in self._zones:
            shapely.prepare(region)
        self._border = BorderGeometry.from_line(area.border, frame)
        self._sign = 1.0 if area.border.own_side == "left" else -1.0
        self._beyond_m = area.no_look_beyond_m

    def broken(self, outline: FloatArray) -> Iterator[str]:
        """The names of what lies in a footprint."""
        shape = Polygon(outline)
        shape = shape if shape.is_valid else shapely.make_valid(shape)
        for name, region in self._zones:
            if region.intersects(shape):
                yield repr(name)
        if self._beyond_m is not None:
            fix = self._border.locate(outline)
            depth = np.where(fix.beyond_end, -math.inf, -self._sign * fix.signed_distance_m)
            if depth.max() > self._beyond_m:
                yield f"the neighbour's land {depth.max():.0f} m beyond the border ({self._beyond_m:g} m are allowed)"


def _en(frame: LocalFrame, stop: Stop) -> FloatArray:
    return np.asarray(frame.to_plane(stop.lat_deg, stop.lon_deg))


def _looks(plan: Plan, terrain: TerrainGrid | None) -> Iterator[tuple[Stop, Stop, _Look | None]]:
    """The legs in the order of flight, each with the camera's order that holds on it; every leg and look once."""
    now = Stop(0, plan.home_lat_deg, plan.home_lon_deg, 0.0, None, 16, 0.0)
    look: _Look | None = None
    seen: set[tuple[int, int, _Look | None]] = set()
    for seq in flight_order(plan):
        item = plan.items[seq - 1]
        look = _ordered(plan, item, look)
        if item.command not in _NAVIGATION:
            continue
        stop = place_of(plan, seq, now, terrain)
        if item.command not in (21, 22, 84, 85) and (now.seq, seq, look) not in seen:
            seen.add((now.seq, seq, look))
            yield now, stop, look
        now = stop


def _ordered(plan: Plan, item: MissionItem, look: _Look | None) -> _Look | None:
    """The camera's direction after an item."""
    if item.command == _GIMBAL:
        return _Look(item.param1, item.param2, bool(item.x & _YAW_LOCK))
    if item.command == _MOUNT:
        return _Look(item.param1, item.param3, False)
    if item.command == _ROI_NONE:
        return None
    if item.command in (_ROI, _OLD_ROI) and (item.x or item.y):
        alt = item.z + (0.0 if item.frame in (0, 5) else plan.home_alt_amsl_m)
        return _Look(0.0, 0.0, True, (item.x / 1e7, item.y / 1e7, alt))
    return look


def _angles(look: _Look, en: FloatArray, alt: float, way: FloatArray, frame: LocalFrame) -> tuple[float, float]:
    """Azimuth and elevation in the frame of the earth."""
    if look.roi is not None:
        to = np.asarray(frame.to_plane(look.roi[0], look.roi[1])) - en
        return math.degrees(math.atan2(to[0], to[1])), math.degrees(math.atan2(look.roi[2] - alt, math.hypot(*to)))
    nose = 0.0 if look.yaw_locked else math.degrees(math.atan2(way[0], way[1]))
    return nose + look.azimuth_deg, look.elevation_deg
