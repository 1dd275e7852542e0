"""What an aircraft really flies of a plan: legs, corners, turn circles, the way home. Pure geometry.

Straight lines
    ArduPilot flies them in metres north and east of its origin by differences of latitude and longitude
    (``Location::get_distance_NE``), so a leg is straight in latitude and longitude, not in a tangent plane. Legs here carry
    extra points wherever the two differ by more than 2 cm.
Copter (``AC_WPNav``, ``SCurve``)
    It stops at a waypoint or cuts the corner by less than ``WP_RADIUS_M`` (2 m, inside the corner). It brakes in time, so
    what it runs past a corner is its lag: a fifth of a second at its speed, at most its braking distance ``v^2 / 2a``, and the
    share of it that the turn takes out of the speed.
Plane (``AP_L1_Control``)
    It begins the turn ``turn_distance(WP_RADIUS, angle)`` before the waypoint: WP_RADIUS (or the L1 distance) for turns of
    90 degrees and more, in proportion below; both for the default of 90 m and for 45 m, as many set it, a path is given. It
    takes a second to roll. Then it flies a circle; in wind the circle over the ground is as much larger as
    the square of ground over air speed says, with the wind from behind. What overshoots the next leg comes back onto it in
    an S. Which way round it turns back by 180 degrees is not decided beforehand, so both are in the path; what lies
    between its curves is told as an area. The first leg begins where the climb ends, as ArduPlane begins it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from missions import turns
from missions.chart import METRES_PER_DEGREE, Chart
from missions.plan import Plan

Kind = Literal["takeoff", "leg", "turn", "rtl", "rally", "land"]
WindEN = tuple[float, float]

_WAYPOINT, _LOITER_UNLIM, _LOITER_TURNS, _LOITER_TIME, _RTL, _LAND, _TAKEOFF = 16, 17, 18, 19, 20, 21, 22
_LOITER_TO_ALT, _SPLINE, _VTOL_TAKEOFF, _VTOL_LAND, _JUMP, _CHANGE_SPEED = 31, 82, 84, 85, 177, 178
_PLACES = frozenset({16, 17, 18, 19, 21, 22, 31, 82, 84, 85})
_AMSL, _TERRAIN = (0, 5), (10, 11)
_SAGITTA_M = 0.02
_EARTH_M = 6_371_000.0
_PLANE_LOITER_M, _COPTER_CIRCLE_M, PLANE_RALLY_LIMIT_M = 60.0, 10.0, 5000.0
_TERRAIN_STEP_M = 30.0
_MOST_STOPS = 20_000


class Flying(Protocol):
    """What of an aircraft's performance shapes its path (:class:`missions.performance.Performance` has it)."""

    @property
    def family(self) -> Literal["copter", "plane"]: ...
    @property
    def speed_m_s(self) -> float: ...
    @property
    def climb_m_s(self) -> float: ...
    @property
    def sink_m_s(self) -> float: ...
    @property
    def turn_radius_m(self) -> float: ...
    @property
    def decel_m_s2(self) -> float: ...


@dataclass(frozen=True, eq=False)
class FlownPath:
    """A path over the ground as polylines, one after another.

    ``en_m`` ``(n, 2)``: metres east and north in ``frame`` (at home). ``alt_rel_home_m`` ``(n,)``. ``item_seq`` ``(n,)``:
    the item that is flown to (from 1; 0 for home), ``from_seq`` ``(n,)`` the one that it comes from; ``kind`` ``(n,)``:
    what the piece that ends at the point is.
    ``between_m`` ``(k, 3, 2)``: triangles of the chart in which a plane may be anywhere, ``between_seq`` ``(k,)`` their items.
    ``starts`` ``(n,)``: true where a new polyline begins, so that no line leads there from the point before. ``map_m``
    ``(n, 2)``: the same points on the aircraft's own ``chart``, where the pieces are straight exactly.
    """

    frame: LocalFrame
    en_m: FloatArray
    alt_rel_home_m: FloatArray
    item_seq: NDArray[np.int64]
    from_seq: NDArray[np.int64]
    kind: NDArray[np.str_]
    starts: NDArray[np.bool_]
    chart: Chart
    map_m: FloatArray
    between_m: FloatArray
    between_seq: NDArray[np.int64]

    def pieces(self) -> NDArray[np.int64]:
        """Indices ``(m, 2)`` of the straight pieces: from, to."""
        to = np.flatnonzero(~self.starts)
        return np.stack([to - 1, to], axis=1)


@dataclass
class _Strokes:
    """Points as they are gathered."""

    en: list[FloatArray] = field(default_factory=list)
    alt: list[FloatArray] = field(default_factory=list)
    seq: list[int] = field(default_factory=list)
    came: list[int] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    areas: list[FloatArray] = field(default_factory=list)
    areas_seq: list[int] = field(default_factory=list)
    strips: list[tuple[FloatArray, FloatArray]] = field(default_factory=list)
    strips_seq: list[int] = field(default_factory=list)

    def add(self, en: FloatArray, alt: FloatArray, seq: int, kind: Kind, came: int) -> None:
        """One polyline; it may begin where the last one ended."""
        self.en.append(en)
        self.alt.append(alt)
        self.seq.append(seq)
        self.came.append(came)
        self.kind.append(kind)

    def path(self, plan: Plan, chart: Chart) -> FlownPath:
        """All of them as one."""
        counts = np.array([len(e) for e in self.en], dtype=np.int64)
        map_m = np.concatenate(self.en) if self.en else np.empty((0, 2))
        frame = LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
        starts = np.zeros(len(map_m), dtype=np.bool_)
        starts[np.cumsum(counts) - counts] = True
        of_areas = np.repeat(np.array(self.areas_seq, dtype=np.int64), [len(a) for a in self.areas])
        of_strips = np.repeat(np.array(self.strips_seq, dtype=np.int64), 2 * turns.PARTS)
        return FlownPath(
            frame, frame.to_plane(*chart.from_map(map_m)), np.concatenate(self.alt) if self.alt else np.empty(0),
            np.repeat(np.array(self.seq, dtype=np.int64), counts), np.repeat(np.array(self.came, dtype=np.int64), counts),
            np.repeat(np.array(self.kind, dtype=np.str_), counts),
            starts, chart, map_m,
            np.concatenate([np.empty((0, 3, 2)), *self.areas, turns.all_ruled(self.strips).reshape(-1, 3, 2)]),
            np.concatenate([of_areas, of_strips]),
        )  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """A place that the mission flies to. ``agl_m``: the height above ground that is kept on the way, None: none is.

    ``hold_s``: how long a copter stays there.
    """

    seq: int
    lat_deg: float
    lon_deg: float
    alt_rel_home_m: float
    agl_m: float | None
    command: int
    hold_s: float


def flown_path(
    plan: Plan,
    performance: Flying,
    wind_en_m_s: WindEN = (0.0, 0.0),
    terrain: TerrainGrid | None = None,
    rtl_alt_m: float | None = None,
) -> FlownPath:
    """The path of a plan, every leg and every corner of it once (laps by ``DO_JUMP`` fly the same ones again).

    ``wind_en_m_s``: velocity of the air over the ground. ``terrain``: for items whose height is above ground; without it
    the ground is taken as level. ``rtl_alt_m``: least height above home on the way home; None: ArduPilot's default.
    """
    return _Flight(plan, performance, wind_en_m_s, terrain, rtl_alt_m).path()


def flight_order(plan: Plan) -> list[int]:
    """Sequence numbers (from 1) in the order of flight; every jump is taken twice at most, so that each way is there."""
    order: list[int] = []
    taken: dict[int, int] = {}
    seq = 1
    while 1 <= seq <= len(plan.items) and len(order) < _MOST_STOPS:
        item = plan.items[seq - 1]
        if item.command == _JUMP and math.isfinite(item.param1) and math.isfinite(item.param2):
            most = 2 if item.param2 < 0 else min(2, int(item.param2))
            target = int(item.param1)
            if taken.get(seq, 0) < most and 1 <= target <= len(plan.items) and target != seq:
                taken[seq] = taken.get(seq, 0) + 1
                seq = target
                continue
        elif item.command != _JUMP:
            order.append(seq)
        if item.command in (_RTL, _LAND, _VTOL_LAND, _LOITER_UNLIM):
            break
        seq += 1
    return order


def place_of(plan: Plan, seq: int, before: Stop, terrain: TerrainGrid | None) -> Stop:
    """Where an item leads, after the place ``before``; latitude and longitude 0 mean: where it is."""
    item = plan.items[seq - 1]
    here = item.x == 0 and item.y == 0
    lat, lon = (before.lat_deg, before.lon_deg) if here else (item.x / 1e7, item.y / 1e7)
    alt, agl = float(item.z), None
    if item.frame in _AMSL:
        alt -= plan.home_alt_amsl_m
    elif item.frame in _TERRAIN:
        agl = alt
        alt += float(terrain.height(lat, lon)) - plan.home_alt_amsl_m if terrain is not None else 0.0
    return Stop(seq, lat, lon, alt, agl, item.command, item.param1)


def return_places(plan: Plan) -> list[tuple[float, float, float, bool]]:
    """Where RTL may lead: (lat, lon, height above home, whether it is home); home first."""
    rally = [(r.lat_deg, r.lon_deg, r.alt_rel_home_m, False) for r in plan.rally]
    return [(plan.home_lat_deg, plan.home_lon_deg, 0.0, True), *rally]


class _Flight:
    def __init__(
        self, plan: Plan, performance: Flying, wind: WindEN, terrain: TerrainGrid | None, rtl_alt_m: float | None
    ) -> None:
        self.plan, self.performance, self.terrain = plan, performance, terrain
        self.wind_m_s = math.hypot(*wind)
        self.wind = wind
        self.copter = performance.family == "copter"
        self.rtl_alt_m = rtl_altitude_m(performance) if rtl_alt_m is None else rtl_alt_m
        self.chart = Chart(plan.home_lat_deg, plan.home_lon_deg)
        self.strokes = _Strokes()
        self.seen: set[tuple[int, ...]] = set()
        self.speed = performance.speed_m_s

    def path(self) -> FlownPath:
        """Everything."""
        self._fly()
        return self.strokes.path(self.plan, self.chart)

    def _at(self, stop: Stop) -> FloatArray:
        """Where on the map, without the detour by arrays: this is asked several times for every item."""
        away = (stop.lon_deg - self.chart.lon_deg + 180.0) % 360.0 - 180.0
        east = away * METRES_PER_DEGREE * math.cos(math.radians(0.5 * (stop.lat_deg + self.chart.lat_deg)))
        return np.array([east, (stop.lat_deg - self.chart.lat_deg) * METRES_PER_DEGREE])

    def _fly(self) -> None:
        plan = self.plan
        previous: Stop | None = None
        now = Stop(0, plan.home_lat_deg, plan.home_lon_deg, 0.0, None, _WAYPOINT, 0.0)
        ended = False
        order = [seq for seq in flight_order(plan) if plan.items[seq - 1].command in (_RTL, _CHANGE_SPEED, *_PLACES)]
        for n, seq in enumerate(order):
            item = plan.items[seq - 1]
            if item.command == _CHANGE_SPEED:
                if item.param1 in (0.0, 1.0) and math.isfinite(item.param2) and item.param2 > 0.0:
                    self.speed = item.param2
                continue
            if item.command == _RTL:
                self._return(now)
                ended = True
                continue
            stop = place_of(plan, seq, now, self.terrain)
            after = n + 1
            while after < len(order) and plan.items[order[after] - 1].command == _CHANGE_SPEED:
                after += 1
            following = order[after] if after < len(order) else None
            if item.command in (_TAKEOFF, _VTOL_TAKEOFF):
                previous, now = now, self._take_off(now, stop, following)
                continue
            previous, now = self._stop(previous, now, stop, following), stop
            ended = item.command in (_LAND, _VTOL_LAND)
        if not ended and now.seq:
            self._return(now)

    def _stop(self, previous: Stop | None, start: Stop, stop: Stop, following: int | None) -> Stop:
        """One leg and the corner at its end."""
        if (start.seq, stop.seq) not in self.seen:
            self.seen.add((start.seq, stop.seq))
            self._leg(start, stop, previous)
            if stop.command in (_LAND, _VTOL_LAND):
                self._vertical(stop, stop.alt_rel_home_m, 0.0, "land")
            self._loiter(stop, following)
        if (start.seq, stop.seq, following or 0) not in self.seen:
            self.seen.add((start.seq, stop.seq, following or 0))
            self._corner(start, stop, following)
        return start

    def _vertical(self, stop: Stop, low: float, high: float, kind: Kind) -> None:
        here = self._at(stop)
        self.strokes.add(np.stack([here, here]), np.array([low, high]), stop.seq, kind, stop.seq)

    def _take_off(self, start: Stop, stop: Stop, following: int | None) -> Stop:
        """The climb; where it ends and the first leg begins."""
        if self.copter or stop.command == _VTOL_TAKEOFF:
            self._vertical(stop, start.alt_rel_home_m, stop.alt_rel_home_m, "takeoff")
            if self._at(stop).tolist() != self._at(start).tolist():
                self._line(start, stop, stop.alt_rel_home_m, stop.alt_rel_home_m, "leg")
            return stop
        # A plane climbs straight ahead: into the wind, and without any towards its first place.
        here = self._at(start)
        ahead = -np.asarray(self.wind, dtype=np.float64)
        if self.wind_m_s < 0.5:
            goal = place_of(self.plan, following, stop, self.terrain) if following else stop
            ahead = self._at(goal if following else stop) - here
        length = float(np.hypot(*ahead))
        climb_m = max(0.0, stop.alt_rel_home_m - start.alt_rel_home_m)
        if length > 0.1 and climb_m > 0.0:
            speed = self.performance.speed_m_s - (self.wind_m_s if self.wind_m_s >= 0.5 else 0.0)
            away = climb_m / max(self.performance.climb_m_s, 0.1) * max(speed, 1.0)
            ways = np.stack([here, here + away * ahead / length])
            self.strokes.add(
                ways, np.array([start.alt_rel_home_m, stop.alt_rel_home_m]), stop.seq, "takeoff", start.seq
            )
            lat, lon = (float(v) for v in self.chart.from_map(ways[1]))
            stop = replace(stop, lat_deg=lat, lon_deg=lon)
            if following and self.plan.items[following - 1].command != _RTL:
                way = self._at(place_of(self.plan, following, stop, self.terrain)) - ways[1]
                if (out_m := float(np.hypot(*way))) > 0.1:
                    self._plane_turn(stop, ways[1], ahead / length, way / out_m, 0.0, out_m)
        return stop

    def _line(self, start: Stop, stop: Stop, low: float, high: float, kind: Kind) -> None:
        ends = np.stack([self._at(start), self._at(stop)])
        length = math.dist(ends[0], ends[1])
        by_ground = stop.agl_m is not None and self.terrain is not None and kind == "leg"
        step = _TERRAIN_STEP_M if by_ground else self._straight_m(ends)
        if length <= step and not by_ground:
            self.strokes.add(ends, np.array([low, high]), stop.seq, kind, start.seq)
            return
        share = np.linspace(0.0, 1.0, max(2, math.ceil(length / step) + 1))
        en = ends[0] + share[:, None] * (ends[1] - ends[0])
        alt = low + share * (high - low)
        if by_ground and self.terrain is not None:
            # Copter and plane keep the height above ground between the two ends, not a straight line in space.
            lat, lon = self.chart.from_map(en[[0]])
            agl_0 = low + self.plan.home_alt_amsl_m - float(self.terrain.height(lat, lon)[0])
            lat, lon = self.chart.from_map(en)
            agl = agl_0 + share * ((stop.agl_m or 0.0) - agl_0)
            alt = self.terrain.height(lat, lon) + agl - self.plan.home_alt_amsl_m
        self.strokes.add(en, alt, stop.seq, kind, start.seq)

    def _straight_m(self, ends: FloatArray) -> float:
        """So far apart may points be for a line of the chart to be one on the ellipsoid's tangent plane to 2 cm."""
        far = max(abs(float(ends[0, 1])), abs(float(ends[1, 1]))) / METRES_PER_DEGREE
        steep = math.tan(math.radians(min(abs(self.chart.lat_deg) + far, 89.0)))
        return math.sqrt(8.0 * _EARTH_M * _SAGITTA_M / max(steep, 0.1))

    def _leg(self, start: Stop, stop: Stop, previous: Stop | None) -> None:
        if stop.command == _SPLINE:
            a, b = self._at(start), self._at(stop)
            before = self._at(previous) if previous is not None and previous.seq else a
            for points in spline(before, a, b, None):
                self.strokes.add(
                    points,
                    np.linspace(start.alt_rel_home_m, stop.alt_rel_home_m, len(points)),
                    stop.seq,
                    "leg",
                    start.seq,
                )
        land = stop.command in (_LAND, _VTOL_LAND) and self.copter
        self._line(start, stop, start.alt_rel_home_m, start.alt_rel_home_m if land else stop.alt_rel_home_m, "leg")

    def _loiter(self, stop: Stop, following: int | None) -> None:
        if stop.command not in (_LOITER_UNLIM, _LOITER_TURNS, _LOITER_TIME, _LOITER_TO_ALT):
            return
        item = self.plan.items[stop.seq - 1]
        radius = abs(item.param2 if stop.command == _LOITER_TO_ALT else item.param3)
        if self.copter:
            if stop.command != _LOITER_TURNS:
                return
            radius = radius or _COPTER_CIRCLE_M
        else:
            radius = self._circle(stop, radius or _PLANE_LOITER_M)
            self._leave_circle(stop, radius, following)
            return
        self._turn(turns.circle(self._at(stop), radius), stop)

    def _circle(self, stop: Stop, asked_m: float) -> float:
        """A plane's circle: as wide as the wind makes it, and by what it flies while it rolls in. The radius."""
        radius = max(asked_m, self._radius_m())
        outer = radius + turns.ROLL_S * (self.speed + self.wind_m_s)
        self._turn(turns.circle(self._at(stop), radius), stop)
        self._turn(turns.circle(self._at(stop), outer), stop)
        self._area(turns.ring(self._at(stop), asked_m, outer), stop)
        return radius

    def _leave_circle(self, stop: Stop, radius: float, following: int | None) -> None:
        """To the next place it leaves where it heads there (``verify_loiter_heading``), for RTL anywhere and turns outside."""
        here = self._at(stop)
        if following is not None and self.plan.items[following - 1].command != _RTL:
            self._area(turns.fan(here, radius, self._at(place_of(self.plan, following, stop, self.terrain))), stop)
            return
        goal = return_goal(self.plan, self.performance.family, here, self.chart)
        self._area(turns.fan(here, radius + 2.0 * self._radius_m(), self.chart.to_map(goal[0], goal[1])), stop)

    def _area(self, triangles: FloatArray, stop: Stop) -> None:
        self.strokes.areas.append(triangles)
        self.strokes.areas_seq.append(stop.seq)

    def _plane_turn(
        self, stop: Stop, place: FloatArray, before: FloatArray, after: FloatArray, in_m: float, out_m: float
    ) -> None:
        told = (place, before, after, in_m, self.speed, self._radius_m(), out_m)
        turn = turns.plane_corner(
            *told, turns.least_radius_m(self.performance.turn_radius_m, self.speed, self.wind_m_s)
        )
        for way in turn.ways:
            self._turn(way, stop)
        self.strokes.strips += turn.strips
        self.strokes.strips_seq += [stop.seq] * len(turn.strips)

    def _radius_m(self) -> float:
        return turns.wind_radius_m(self.performance.turn_radius_m, self.speed, self.wind_m_s)

    def _turn(self, en: FloatArray, stop: Stop) -> None:
        self.strokes.add(en, np.full(len(en), stop.alt_rel_home_m), stop.seq, "turn", stop.seq)

    def _corner(self, start: Stop, stop: Stop, following: int | None) -> None:
        a, b = self._at(start), self._at(stop)
        if not (in_m := math.dist(a, b)) > 0.1:
            return
        before, after, out_m = (b - a) / in_m, None, math.inf
        if following is not None and self.plan.items[following - 1].command != _RTL:
            c = self._at(place_of(self.plan, following, stop, self.terrain))
            out_m = math.dist(b, c)
            after = (c - b) / out_m if out_m > 0.1 else None
        else:
            goal = return_goal(self.plan, self.performance.family, b, self.chart)
            home = self.chart.to_map(goal[0], goal[1]) - b
            out_m = float(np.hypot(*home))
            after = home / out_m if out_m > 0.1 else None
        if self.copter:
            returns = following is None or self.plan.items[following - 1].command == _RTL
            through = after if stop.command in (_WAYPOINT, _SPLINE) and not stop.hold_s and not returns else None
            for way in turns.copter_corner(
                b, before, through, min(in_m, out_m), self.speed, self.performance.decel_m_s2
            ):
                self._turn(way, stop)
        elif after is not None and stop.command in (_WAYPOINT, _SPLINE):
            self._plane_turn(stop, b, before, after, in_m, out_m)

    def _return(self, now: Stop) -> None:
        """RTL: up, straight to the nearest place, down."""
        goal = return_goal(self.plan, self.performance.family, self._at(now), self.chart)
        height = max(now.alt_rel_home_m, self.rtl_alt_m if goal[3] else goal[2])
        home = Stop(0, goal[0], goal[1], height, None, _WAYPOINT, 0.0)
        if height > now.alt_rel_home_m:
            self._vertical(now, now.alt_rel_home_m, height, "rtl")
        kind: Kind = "rtl" if goal[3] else "rally"
        self._line(now, home, height, height, kind)
        way = self._at(home) - self._at(now)
        if self.copter:
            if (length := float(np.hypot(*way))) > 0.1:
                past = turns.overshoot_m(self.performance.speed_m_s, self.performance.decel_m_s2, 180.0)
                self._turn(np.stack([self._at(home), self._at(home) + past * way / length]), home)
            self._vertical(home, height, 0.0, "land")
        else:
            self._circle(home, _PLANE_LOITER_M)


def return_goal(plan: Plan, family: str, en_m: FloatArray, chart: Chart) -> tuple[float, float, float, bool]:
    """The place of :func:`return_places` that RTL chooses at ``en_m``, by ``AP_Rally`` with its defaults.

    A copter takes the nearest of all. A plane takes the nearest rally point, home only where that is nearer and every rally
    point farther than 5 km (``RALLY_INCL_HOME`` 0, ``RALLY_LIMIT_KM`` 5).
    """
    places = return_places(plan)
    away = [float(np.hypot(*(chart.to_map(p[0], p[1]) - en_m))) for p in places]
    if family == "plane" and len(places) > 1:
        best = min(range(1, len(places)), key=lambda k: away[k])
        if away[best] <= PLANE_RALLY_LIMIT_M or away[best] <= away[0]:
            return places[best]
        return places[0]
    return places[min(range(len(places)), key=lambda k: away[k])]


def rtl_altitude_m(performance: Flying) -> float:
    """ArduPilot's default height of RTL above home."""
    return 15.0 if performance.family == "copter" else 100.0


def spline(before: FloatArray, start: FloatArray, stop: FloatArray, after: FloatArray | None) -> Iterator[FloatArray]:
    """A spline leg: Hermite, with the tangents of ``SplineCurve`` (neighbour to neighbour), kept to twice the leg."""
    length = float(np.hypot(*(stop - start)))
    if length < 0.1:
        return
    first = stop - before
    last = (after if after is not None else stop) - start
    both = float(np.hypot(*first) + np.hypot(*last))
    if both > 4.0 * length:
        first, last = first * 4.0 * length / both, last * 4.0 * length / both
    t = np.linspace(0.0, 1.0, 65)[:, None]
    yield (
        (2 * t**3 - 3 * t**2 + 1) * start + (t**3 - 2 * t**2 + t) * first
        + (-2 * t**3 + 3 * t**2) * stop + (t**3 - t**2) * last
    )  # fmt: skip
