"""What every pattern needs to become a plan: the room it may use, heights over the ground, items, the way out and home.

A pattern chooses a track in the plane of the area's frame and where the camera looks; from here come take-off, speed,
transit, gimbal items, laps, the way home, the fence and the rally points.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from shapely.geometry import Point

from geofences.area import Area
from geofences.binding import HeightDatum, binding_zones, zone_region
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import FlyRoom
from geofences.sides import sides_of
from geofences.terrain import TerrainGrid
from geofences.validity import explain
from geofences.zone import Zone
from missions import codec
from missions.fence_of_area import fence_of_area
from missions.patterns.routing import route
from missions.plan import MissionItem, Plan, RallyPoint

FRAME_MISSION = 2  # for items without a place
YAW_LOCK = 16  # GIMBAL_MANAGER_FLAGS_YAW_LOCK: the angle is in the earth frame
_AROUND_M = 40_000.0
_HOME_CLEAR_M = 50.0
_STEP_UP_M = 10.0

Aim = Callable[[FloatArray, FloatArray, float], MissionItem | None]
"""Where the camera looks on a leg: (start, end, height above home in the middle) to a mission item, or None to leave it."""


@dataclass(frozen=True)
class Flight:
    """How a track is flown, whatever the pattern. ``alt_max_rel_home_m`` None: 150 m, or more where the ground needs it."""

    name: str
    height_agl_m: float
    speed_m_s: float
    laps: int = 1
    terrain_tolerance_m: float = 4.0
    rally_alt_rel_home_m: float = 60.0
    alt_max_rel_home_m: float | None = None


class Site:
    """An area in its plane: the border, our own side, the room to fly in and the ground.

    ``region`` is what a pattern may use: ``edge_m`` and ``fence_margin_m`` from every fence edge, ``own_side_m`` from
    the border. ``transit`` is a little more near home. With ``height_agl_m`` the exclusions that surely lie above or below
    all of the flight are passed over or under: ``area`` is then without them, and the checks judge them by their heights.
    Raises :class:`PlanError` when a zone is no polygon, or the launch point is outside the fence or on the wrong side.
    """

    def __init__(
        self, area: Area, terrain: TerrainGrid | None, edge_m: float, own_side_m: float, fence_margin_m: float,
        height_agl_m: float | None = None, tolerance_m: float = 0.0,
    ) -> None:  # fmt: skip
        self.area, self.terrain, self.fence_margin_m = area, terrain, fence_margin_m
        self.frame: LocalFrame = area.frame()
        self.border = BorderGeometry.from_line(area.border, self.frame)
        self.sign = 1.0 if area.border.own_side == "left" else -1.0
        for zone in (*area.inclusions, *area.exclusions):
            for problem in explain(zone, self.frame):
                place = f"{problem.lat_deg:.6f}, {problem.lon_deg:.6f}"
                raise PlanError(f"zone {zone.name!r}: {problem.text}, at {place}", "draw the zone again")
        self.home = self.frame.to_plane(area.launch.lat_deg, area.launch.lon_deg)
        self.home_ground_m = float(self.ground(self.home[None])[0])
        if height_agl_m is not None:
            binding = tuple(z for z in area.exclusions if self._binds(z, height_agl_m, tolerance_m))
            self.area = area = replace(area, exclusions=binding)
        room = FlyRoom.from_area(area, self.frame)
        self.own = self._own_side(own_side_m)
        self.region: Any = room.region.buffer(-edge_m - fence_margin_m, join_style="mitre").intersection(self.own)
        if float(room.margin_m(self.home)) <= fence_margin_m or not self.own.covers(Point(self.home)):
            if room.is_empty:
                raise PlanError(
                    "the fence leaves no room: its inclusions have no place in common, or the exclusions take all of it",
                    'redraw the zones, or let any inclusion be enough ("union_of_inclusions": true in the limits)',
                )
            raise PlanError(
                f"the launch point {area.launch.name!r} lies outside the fence, in an exclusion, or not on our own side",
                "move the launch point or redraw the zones",
            )
        # Near the ground at home the full distance from the edge may not be had; the way out of there is short.
        nearby = room.region.buffer(-fence_margin_m, join_style="mitre").intersection(self.own)
        self.transit: Any = self.region.union(nearby.intersection(Point(self.home).buffer(2.0 * edge_m + 20.0)))

    def holds(self, en_m: FloatArray) -> bool:
        """Whether a pattern may go to a place."""
        return bool(self.region.buffer(0.01).covers(Point(en_m)))

    def _own_side(self, own_side_m: float) -> Any:
        """Everything on our own side at least ``own_side_m`` from the line, which is prolonged beyond its ends."""
        v = self.border.vertices_en_m
        ends = np.concatenate([v, self.home[None]])
        low, high = ends.min(axis=0) - _AROUND_M, ends.max(axis=0) + _AROUND_M
        both = sides_of(v, low, high, self.frame)
        return (both.left if self.sign > 0.0 else both.right).difference(both.line.buffer(own_side_m))

    def _binds(self, zone: Zone, height_agl_m: float, tolerance_m: float) -> bool:
        """Whether an exclusion must be flown round: not when all of the way surely lies above its ceiling or below its floor.

        Near home the aircraft climbs and sinks through every height, and rally points are sunk to: there it binds.
        """
        bounds = [h for h in (zone.floor, zone.ceiling) if h is not None]
        # Without terrain nothing is known of the sea or of the ground below.
        if not bounds or (self.terrain is None and any(h.reference != "home" for h in bounds)):
            return True
        region = zone_region(zone, self.frame, "exclusion")
        down = [self.home, *(self.frame.to_plane(p.lat_deg, p.lon_deg) for p in self.area.rally)]
        if min(region.distance(Point(p)) for p in down) < _HOME_CLEAR_M:
            return True
        west, south, east, north = region.bounds
        step = max(30.0, 0.005 * max(east - west, north - south))
        e, n = (np.append(np.arange(a, b, step), b) for a, b in ((west, east), (south, north)))
        try:
            ground = self.ground(np.stack([v.ravel() for v in np.meshgrid(e, n)], axis=1))
        except PlanError:
            return True
        # Legs are straight between points on the terrain: they leave the wanted height by the tolerance and what lies between.
        spare = tolerance_m + (0.0 if self.terrain is None else _STEP_UP_M)
        low, high = float(ground.min()) + height_agl_m - spare, float(ground.max()) + height_agl_m + spare
        low, high = min(low, self.home_ground_m + height_agl_m), max(high, self.home_ground_m + height_agl_m)
        datum = HeightDatum(self.home_ground_m, self.terrain)
        return bool(binding_zones([zone], None, (low, high), datum))

    def ground(self, en_m: FloatArray) -> FloatArray:
        """Ground height AMSL at points ``(n, 2)``; zeros without terrain. Raises :class:`PlanError` where unknown."""
        if self.terrain is None:
            return np.zeros(len(en_m))
        lat, lon = self.frame.from_plane(en_m)
        height = self.terrain.height(lat, lon)
        if not np.isfinite(height).all():
            bad = int(np.argmin(np.isfinite(height)))
            raise PlanError(
                f"the terrain height is not known at {float(lat[bad]):.6f}, {float(lon[bad]):.6f}",
                "give a terrain model that covers the area",
            )
        return height

    def way(self, start_en_m: FloatArray, end_en_m: FloatArray) -> FloatArray:
        """The shortest way ``(n, 2)`` between two places inside the room. Raises :class:`PlanError` without one."""
        way = route(self.transit, start_en_m, end_en_m)
        if way is None:
            raise PlanError(
                f"there is no way from {self.area.launch.name!r} to the patrol inside the fence",
                "move the launch point, or make room between the zones",
            )
        return way

    def place(self, en_m: FloatArray) -> str:
        """A place for an error's text."""
        lat, lon = self.frame.from_plane(en_m)
        return f"{float(lat):.6f}, {float(lon):.6f}"


class Builder:
    """Makes the items of one plan. Heights in items are metres above home."""

    def __init__(self, site: Site, flight: Flight) -> None:
        self.site, self.flight = site, flight

    def heights(self, way: FloatArray, from_home: bool = False) -> tuple[FloatArray, FloatArray]:
        """The way with points put in where the terrain demands, and the height above home at each."""
        points, heights = [way[0]], [self._height(way[:1])[0]]
        for end in way[1:]:
            self._climb(points[-1], end, points, heights, depth=0)
        out_heights = np.array(heights)
        if from_home:
            # Straight up first: the climb at home ends at the height of the first leg.
            out_heights[0] = max(self.flight.height_agl_m, out_heights[0])
        return np.array(points), out_heights

    def _height(self, en_m: FloatArray) -> FloatArray:
        return self.site.ground(en_m) + self.flight.height_agl_m - self.site.home_ground_m

    def _climb(
        self, start: FloatArray, end: FloatArray, points: list[FloatArray], heights: list[float], depth: int
    ) -> None:
        count = max(2, math.ceil(float(np.hypot(*(end - start))) / 10.0) + 1)
        share = np.linspace(0.0, 1.0, count)
        between = start + share[:, None] * (end - start)
        wanted = self._height(between)
        off = np.abs(wanted - (wanted[0] + share * (wanted[-1] - wanted[0])))
        worst = int(np.argmax(off))
        if depth < 6 and off[worst] > self.flight.terrain_tolerance_m and 0 < worst < count - 1:
            self._climb(start, between[worst], points, heights, depth + 1)
            self._climb(between[worst], end, points, heights, depth + 1)
            return
        points.append(end)
        heights.append(float(wanted[-1]))

    def located(
        self, command: int, en_m: FloatArray, alt_rel_home_m: float, param1: float = 0.0, param3: float = 0.0
    ) -> MissionItem:
        """An item at a place."""
        lat, lon = self.site.frame.from_plane(en_m)
        return MissionItem(
            command, codec.FRAME_GLOBAL_RELATIVE_ALT, param1, 0.0, param3,
            x=codec.degrees_e7(float(lat)), y=codec.degrees_e7(float(lon)), z=round(float(alt_rel_home_m), 1),
        )  # fmt: skip

    def plan(self, track: FloatArray, track_alt: FloatArray, aim: Aim) -> Plan:
        """Out, the track ``(n, 2)`` with its heights ``(n,)`` as often as the flight has laps, and home.

        With more than one lap the leg from the track's end to its start must be in the room: a closed track is best.
        """
        site, flight = self.site, self.flight
        out, out_alt = self.heights(site.way(site.home, track[0]), from_home=True)
        if np.abs(track[-1] - track[0]).max() < 0.01:
            # Back the way it came, so that the straight line home of RTL is only the descent.
            back, back_alt = out, out_alt
        else:
            back, back_alt = self.heights(site.way(site.home, track[-1]), from_home=True)
        first = aim(track[0], track[1], float(track_alt[0]))
        items = [
            self.located(codec.NAV_TAKEOFF, site.home, out_alt[0]),
            MissionItem(codec.DO_CHANGE_SPEED, FRAME_MISSION, 1.0, flight.speed_m_s, -1.0),
            *([first] if first is not None else []),
            *(self.located(codec.NAV_WAYPOINT, p, a) for p, a in zip(out[1:-1], out_alt[1:-1], strict=True)),
        ]
        first_seq = len(items) + 1
        items.append(self.located(codec.NAV_WAYPOINT, track[0], track_alt[0]))
        look: MissionItem | None = None
        stops = list(zip(track, track_alt, strict=True))
        for (start, start_alt), (end, end_alt) in itertools.pairwise(stops):
            wanted = aim(start, end, 0.5 * float(start_alt + end_alt))
            if wanted is not None and wanted != look:
                items.append(wanted)
                look = wanted
            items.append(self.located(codec.NAV_WAYPOINT, end, end_alt))
        if flight.laps > 1:
            items.append(MissionItem(codec.DO_JUMP, FRAME_MISSION, float(first_seq), float(flight.laps - 1)))
        items += [self.located(codec.NAV_WAYPOINT, p, a) for p, a in zip(back[-2::-1], back_alt[-2::-1], strict=True)]
        items.append(MissionItem(codec.NAV_RETURN_TO_LAUNCH, FRAME_MISSION))
        return self.finish(items, float(max(track_alt.max(), out_alt.max(), back_alt.max())))

    def finish(self, items: list[MissionItem], highest_rel_home_m: float) -> Plan:
        """The plan of these items with the area's fence and rally points and a ceiling above the highest of them."""
        site, flight = self.site, self.flight
        ceiling = flight.alt_max_rel_home_m
        if ceiling is None:
            ceiling = max(150.0, 5.0 * math.ceil((highest_rel_home_m + 15.0) / 5.0))
        area = site.area
        return Plan(
            flight.name, area.launch.lat_deg, area.launch.lon_deg, site.home_ground_m, tuple(items),
            fence_of_area(area, ceiling, site.fence_margin_m),
            tuple(RallyPoint(p.lat_deg, p.lon_deg, flight.rally_alt_rel_home_m) for p in area.rally),
        )  # fmt: skip


def look(azimuth_deg: float, depression_deg: float) -> MissionItem:
    """A gimbal item with the boresight at an earth azimuth, ``depression_deg`` below the horizon.

    Whole degrees and rates of 0, because ArduPilot keeps whole numbers and refuses NaN in a mission item.
    """
    azimuth = float(round(wrap_deg(azimuth_deg)))
    return MissionItem(
        codec.DO_GIMBAL_MANAGER_PITCHYAW, FRAME_MISSION, -float(round(depression_deg)), azimuth, x=YAW_LOCK
    )


def look_at_border(site: Site, start: FloatArray, end: FloatArray, alt_rel_home_m: float) -> MissionItem:
    """Boresight on the line at right angles from the middle of the leg."""
    return LookAtBorder(site, np.stack([start, end]))(start, end, alt_rel_home_m)


class LookAtBorder:
    """:func:`look_at_border` for the legs of a track ``(n, 2)``: the border is asked once, not for every leg."""

    def __init__(self, site: Site, track: FloatArray) -> None:
        middles = 0.5 * (track[:-1] + track[1:])
        fix = site.border.locate(middles)
        ground_m = site.ground(fix.nearest_en_m)
        towards = -site.sign * fix.normal_en
        azimuth = np.degrees(np.arctan2(towards[:, 0], towards[:, 1]))
        level = np.abs(fix.signed_distance_m)
        told = np.stack([azimuth, level, ground_m], axis=1).tolist()
        self._home_ground_m = site.home_ground_m
        self._legs = {middle.tobytes(): row for middle, row in zip(middles, told, strict=True)}

    def __call__(self, start: FloatArray, end: FloatArray, alt_rel_home_m: float) -> MissionItem:
        """The order for a leg of the track, one way or the other."""
        azimuth, level_m, ground_m = self._legs[(0.5 * (start + end)).tobytes()]
        return look(azimuth, math.degrees(math.atan2(alt_rel_home_m + self._home_ground_m - ground_m, level_m)))


def border_azimuths_deg(site: Site, en_m: FloatArray) -> FloatArray:
    """Azimuths ``(n,)`` from places ``(n, 2)`` at right angles towards the line."""
    # Against the normal on the left of it, along it on the right.
    towards = -site.sign * site.border.locate(en_m).normal_en
    return np.asarray(np.degrees(np.arctan2(towards[..., 0], towards[..., 1])))


def wrap_deg(angle: float) -> float:
    """An angle from -180 up to 180 degrees."""
    return (angle + 180.0) % 360.0 - 180.0


def require_range(name: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raises :class:`PlanError` naming the value and the allowed range; NaN is never in it."""
    if not low <= value <= high:
        tail = f" {unit}" if unit else ""
        raise PlanError(f"the {name} is {value:g}{tail}", f"give a value from {low:g} to {high:g}{tail}")
