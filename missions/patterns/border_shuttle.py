"""A shuttle along the border on our own side, with the camera looking at the line at right angles.

Launch, climb, transit, there and back ``laps`` times parallel to the line, transit home, return to launch. Legs keep
their distance from the fences' edges and go round exclusion polygons; heights follow the terrain.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point

from geofences.area import Area
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import FlyRoom, polygon_problems
from geofences.terrain import TerrainGrid
from missions import codec
from missions.patterns.routing import route
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan, RallyPoint

_FRAME_MISSION = 2  # for items without a place
_YAW_LOCK = 16  # GIMBAL_MANAGER_FLAGS_YAW_LOCK: the angle is in the earth frame
_FAR_M = 50_000.0


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


def plan_border_patrol(area: Area, terrain: TerrainGrid | None, request: PatrolRequest) -> Plan:
    """The plan; without ``terrain`` the ground is taken as level.

    Raises :class:`PlanError` when the request makes no sense, a zone is no polygon, the launch point is on the wrong
    side or outside, the terrain is unknown somewhere, or nothing of the line can be flown along.
    """
    return _Shuttle(area, terrain, request).plan()


class _Shuttle:
    def __init__(self, area: Area, terrain: TerrainGrid | None, request: PatrolRequest) -> None:
        _check_request(request)
        self.area, self.terrain, self.request = area, terrain, request
        self.frame: LocalFrame = area.frame()
        self.border = BorderGeometry.from_line(area.border, self.frame)
        self.sign = 1.0 if area.border.own_side == "left" else -1.0
        for zone in (*area.inclusions, *area.exclusions):
            problems = polygon_problems(zone.name, zone.points, self.frame)
            for problem in problems:
                place = f"{problem.lat_deg:.6f}, {problem.lon_deg:.6f}"
                raise PlanError(f"zone {zone.name!r}: {problem.text}, at {place}", "draw the zone again")
        self.home = self.frame.to_plane(area.launch.lat_deg, area.launch.lon_deg)
        self.home_ground_m = float(self._ground(self.home[None])[0])
        room = FlyRoom([z.points for z in area.inclusions], [z.points for z in area.exclusions], self.frame)
        self.own = self._own_side()
        self.region: Any = room.region.buffer(
            -request.edge_m - request.fence_margin_m, join_style="mitre"
        ).intersection(self.own)
        if float(room.margin_m(self.home)) <= request.fence_margin_m or not self.own.covers(Point(self.home)):
            raise PlanError(
                f"the launch point {area.launch.name!r} lies outside the fence, in an exclusion, or not on our own side",
                "move the launch point or redraw the zones",
            )
        # Near the ground at home the full distance from the edge may not be had; the way out of there is short.
        nearby = room.region.buffer(-request.fence_margin_m, join_style="mitre").intersection(self.own)
        self.transit: Any = self.region.union(nearby.intersection(Point(self.home).buffer(2.0 * request.edge_m + 20.0)))

    def _own_side(self) -> Any:
        """Everything on our own side at least ``own_side_m`` from the line, which is prolonged beyond its ends."""
        v = self.border.vertices_en_m
        head = v[0] - _FAR_M * (v[1] - v[0]) / np.hypot(*(v[1] - v[0]))
        tail = v[-1] + _FAR_M * (v[-1] - v[-2]) / np.hypot(*(v[-1] - v[-2]))
        line = np.concatenate([head[None], v, tail[None]])
        plane = Point(v.mean(axis=0)).buffer(0.8 * _FAR_M)
        pieces = plane.difference(LineString(line).buffer(self.request.own_side_m))
        whole = BorderGeometry(line)
        own = [
            piece
            for piece in getattr(pieces, "geoms", [pieces])
            if self.sign * float(whole.locate(piece.representative_point().coords[0]).signed_distance_m) > 0.0
        ]
        return shapely.union_all(own)

    def _ground(self, en_m: FloatArray) -> FloatArray:
        """Ground height AMSL at points ``(n, 2)``."""
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

    def _track(self) -> FloatArray:
        """The way parallel to the border, one direction, ``(n, 2)``."""
        request = self.request
        offset = LineString(self.border.vertices_en_m).offset_curve(self.sign * request.standoff_m, join_style="mitre")
        lines = [g for g in getattr(offset, "geoms", [offset]) if g.length > 0.0]
        points = np.concatenate([shapely.get_coordinates(shapely.segmentize(g, 10.0)) for g in lines])
        fix = self.border.locate(points)
        low, high = self._stretch(points, fix.along_m)
        order = np.argsort(fix.along_m, kind="stable")
        inside = shapely.covers(self.region, shapely.points(points))
        use = [i for i in order if low <= fix.along_m[i] <= high and not fix.beyond_end[i] and inside[i]]
        if len(use) < 2 or float(np.hypot(*(points[use[-1]] - points[use[0]]))) < 20.0:
            raise PlanError(
                f"nothing of the border can be flown along at {request.standoff_m:g} m from it inside the fence",
                "change the distance from the line, or the zones",
            )
        way = [points[use[0]][None]]
        for i, j in itertools.pairwise(use):
            leg = route(self.region, points[i], points[j])
            if leg is None:
                lat, lon = self.frame.from_plane(points[i])
                raise PlanError(
                    f"there is no way along the border past {float(lat):.6f}, {float(lon):.6f} inside the fence",
                    "give the patrol a shorter stretch, or make room between the zones",
                )
            way.append(leg[1:])
        return self._thin(np.concatenate(way))

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
        out = [np.asarray(line.coords[0])]
        for end in np.asarray(line.coords)[1:]:
            start = out[-1]
            turn = abs(_wrap_deg(self._look_azimuth_deg(end) - self._look_azimuth_deg(start)))
            length = float(np.hypot(*(end - start)))
            parts = max(1, math.ceil(length / self.request.leg_max_m), math.ceil(turn / self.request.turn_max_deg))
            parts = min(parts, max(1, math.ceil(length / 20.0)))
            out += [start + (end - start) * (k / parts) for k in range(1, parts + 1)]
        return np.array(out)

    def _look_azimuth_deg(self, en_m: FloatArray) -> float:
        fix = self.border.locate(en_m)
        # Towards the line: against the normal on the left of it, along it on the right.
        towards = -self.sign * fix.normal_en
        return float(np.degrees(np.arctan2(towards[0], towards[1])))

    def _altitudes(self, way: FloatArray, from_home: bool = False) -> tuple[FloatArray, FloatArray]:
        """The way with points put in where the terrain demands, and the height above home at each."""
        request = self.request
        points, heights = [way[0]], [self._height(way[:1])[0]]
        for end in way[1:]:
            self._climb(points[-1], end, points, heights, depth=0)
        out_heights = np.array(heights)
        if from_home:
            # Straight up first: the climb at home ends at the height of the first leg.
            out_heights[0] = max(request.height_agl_m, out_heights[0])
        return np.array(points), out_heights

    def _height(self, en_m: FloatArray) -> FloatArray:
        return self._ground(en_m) + self.request.height_agl_m - self.home_ground_m

    def _climb(
        self, start: FloatArray, end: FloatArray, points: list[FloatArray], heights: list[float], depth: int
    ) -> None:
        count = max(2, math.ceil(float(np.hypot(*(end - start))) / 10.0) + 1)
        share = np.linspace(0.0, 1.0, count)
        between = start + share[:, None] * (end - start)
        wanted = self._height(between)
        off = np.abs(wanted - (wanted[0] + share * (wanted[-1] - wanted[0])))
        worst = int(np.argmax(off))
        if depth < 6 and off[worst] > self.request.terrain_tolerance_m and 0 < worst < count - 1:
            self._climb(start, between[worst], points, heights, depth + 1)
            self._climb(between[worst], end, points, heights, depth + 1)
            return
        points.append(end)
        heights.append(float(wanted[-1]))

    def plan(self) -> Plan:
        request = self.request
        track = self._track()
        if np.hypot(*(track[-1] - self.home)) < np.hypot(*(track[0] - self.home)):
            track = track[::-1]
        out = route(self.transit, self.home, track[0])
        if out is None:
            raise PlanError(
                f"there is no way from {self.area.launch.name!r} to the patrol inside the fence",
                "move the launch point, or make room between the zones",
            )
        track, track_alt = self._altitudes(track)
        out, out_alt = self._altitudes(out, from_home=True)
        items = [
            self._located(codec.NAV_TAKEOFF, self.home, out_alt[0]),
            MissionItem(codec.DO_CHANGE_SPEED, _FRAME_MISSION, 1.0, request.speed_m_s, -1.0),
            self._gimbal(track[0], track[1], float(track_alt[0])),
            *(self._located(codec.NAV_WAYPOINT, p, a) for p, a in zip(out[1:-1], out_alt[1:-1], strict=True)),
        ]
        first_seq = len(items) + 1
        items.append(self._located(codec.NAV_WAYPOINT, track[0], track_alt[0]))
        there = list(zip(track, track_alt, strict=True))
        look: MissionItem | None = None
        for (start, start_alt), (end, end_alt) in _legs(there + there[-2::-1]):
            wanted = self._gimbal(start, end, 0.5 * float(start_alt + end_alt))
            if wanted != look:
                items.append(wanted)
                look = wanted
            items.append(self._located(codec.NAV_WAYPOINT, end, end_alt))
        if request.laps > 1:
            items.append(MissionItem(codec.DO_JUMP, _FRAME_MISSION, float(first_seq), float(request.laps - 1)))
        # Back the way it came, so that the straight line home of RTL is only the descent.
        items += [self._located(codec.NAV_WAYPOINT, p, a) for p, a in zip(out[-2::-1], out_alt[-2::-1], strict=True)]
        items.append(MissionItem(codec.NAV_RETURN_TO_LAUNCH, _FRAME_MISSION))
        highest = float(max(track_alt.max(), out_alt.max()))
        ceiling = request.alt_max_rel_home_m
        if ceiling is None:
            ceiling = max(150.0, 5.0 * math.ceil((highest + 15.0) / 5.0))
        return Plan(
            request.name, self.area.launch.lat_deg, self.area.launch.lon_deg, self.home_ground_m, tuple(items),
            FencePlan(
                tuple(FencePolygon(z.name, z.points) for z in self.area.inclusions),
                tuple(FencePolygon(z.name, z.points) for z in self.area.exclusions),
                ceiling, request.fence_margin_m,
            ),
            tuple(RallyPoint(p.lat_deg, p.lon_deg, request.rally_alt_rel_home_m) for p in self.area.rally),
        )  # fmt: skip

    def _located(self, command: int, en_m: FloatArray, alt_rel_home_m: float) -> MissionItem:
        lat, lon = self.frame.from_plane(en_m)
        return MissionItem(
            command, codec.FRAME_GLOBAL_RELATIVE_ALT,
            x=codec.degrees_e7(float(lat)), y=codec.degrees_e7(float(lon)), z=round(float(alt_rel_home_m), 1),
        )  # fmt: skip

    def _gimbal(self, start: FloatArray, end: FloatArray, alt_rel_home_m: float) -> MissionItem:
        """Boresight on the line at right angles from the middle of the leg.

        Whole degrees and rates of 0, because ArduPilot keeps whole numbers and refuses NaN in a mission item.
        """
        middle = 0.5 * (start + end)
        fix = self.border.locate(middle)
        line_ground_m = float(self._ground(fix.nearest_en_m[None])[0])
        drop_m = alt_rel_home_m + self.home_ground_m - line_ground_m
        depression_deg = math.degrees(math.atan2(drop_m, abs(float(fix.signed_distance_m))))
        azimuth = float(round(_wrap_deg(self._look_azimuth_deg(middle))))
        return MissionItem(
            codec.DO_GIMBAL_MANAGER_PITCHYAW, _FRAME_MISSION, -float(round(depression_deg)), azimuth, x=_YAW_LOCK
        )


def _legs(stops: list[Any]) -> list[tuple[Any, Any]]:
    return list(itertools.pairwise(stops))


def _wrap_deg(angle: float) -> float:
    return (angle + 180.0) % 360.0 - 180.0


def _check_request(request: PatrolRequest) -> None:
    limits = (
        ("distance from the border", request.standoff_m, request.own_side_m, 2000.0),
        ("height above ground", request.height_agl_m, 10.0, 1000.0),
        ("speed", request.speed_m_s, 0.5, 30.0),
        ("number of laps", request.laps, 1, 1000),
    )
    for name, value, low, high in limits:
        if not low <= value <= high:
            raise PlanError(f"the {name} is {value:g}", f"give a value from {low:g} to {high:g}")
