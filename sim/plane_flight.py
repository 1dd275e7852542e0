"""Flies a fixed wing's plan as fast as the machine can: airspeed, bank and climb, steered leg by leg; no protocol, no clock.

A kinematic model: constant airspeed, a coordinated turn (``g tan(bank) / airspeed``) with a bank that rolls in and is held to what
the aircraft's turn radius says, wind and gusts that carry it as they carry the air. Height follows the straight line between the
ends of a leg as fast as it climbs and sinks. It begins each turn where ArduPlane does (``WP_RADIUS``, the L1 distance).

After RTL it circles over home or the rally point and sinks there to the ground: how a plane lands is its pilot's choice, and
what is counted of it here is the time. Failsafes and the fence do not act: what it breached is read from the path.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geofences.errors import PlanError
from geofences.terrain import TerrainGrid
from missions.chart import Chart
from missions.flown_path import Stop, place_of, return_goal, rtl_altitude_m
from missions.performance import Performance
from missions.plan import MissionItem, Plan
from missions.plan_time import CAMERA_COMMANDS, CLIMB_POWER_PER_M_S, flown_order
from sim.plan_flight import Ended, Flown
from sim.plane_guidance import Vec, along_leg, round_circle, turn_distance_m
from sim.wind import GustyAir

STEP_S = 0.1
WP_RADIUS_M, LOITER_M = 90.0, 60.0
"""ArduPlane's defaults of WP_RADIUS and WP_LOITER_RAD."""
_RECORD_EVERY = 2
_LONGEST_S = 6.0 * 3600.0
_CLIMBED_M, _ALIGNED_DEG = 2.0, 10.0
_G = 9.80665
_ROLL_S, _ROLL_DEG_S = 0.4, 60.0
_WAYPOINT, _UNLIMITED, _TURNS, _TIME, _RTL, _LAND, _TAKEOFF, _TO_ALT, _SPLINE = 16, 17, 18, 19, 20, 21, 22, 31, 82
_CIRCLES = frozenset({_UNLIMITED, _TURNS, _TIME, _TO_ALT})
_FLIES = frozenset({_WAYPOINT, _RTL, _LAND, _TAKEOFF, _SPLINE, *_CIRCLES})
_NOT_FLOWN = frozenset({84, 85, 93})
_SPEED, _GIMBAL, _MOUNT, _ROI, _OLD_ROI, _YAW_LOCK = 178, 1000, 205, 195, 201, 16


@dataclass(frozen=True)
class _Look:
    """The camera's order. ``roi``: north, east and height above home of a place that it is kept on."""

    elevation_deg: float = 0.0
    azimuth_deg: float = 0.0
    locked: bool = False
    roi: tuple[float, float, float] | None = None


class PlaneFlight:
    """One flight of a plan. ``air`` None: calm."""

    def __init__(
        self, plan: Plan, performance: Performance, terrain: TerrainGrid | None = None, air: GustyAir | None = None,
        wp_radius_m: float = WP_RADIUS_M,
    ) -> None:  # fmt: skip
        """Raises :class:`PlanError` for a mission that no plane of this kind flies."""
        for seq, item in enumerate(plan.items, start=1):
            if item.command in _NOT_FLOWN:
                raise PlanError(
                    f"mission item {seq}: the simulated plane does not take command {item.command}",
                    "leave it out, or try the plan on ArduPilot's own simulator",
                )
        if not any(i.command == _TAKEOFF for i in plan.items):
            raise PlanError("the simulated aircraft does not start this mission", "let it begin with a take-off")
        self.plan, self.performance, self.terrain = plan, performance, terrain
        self.air = air or GustyAir((0.0, 0.0))
        self.wp_radius_m = wp_radius_m
        self.chart = Chart(plan.home_lat_deg, plan.home_lon_deg)
        self.speed = performance.speed_m_s
        most = math.degrees(math.atan2(self.speed * self.speed, _G * performance.turn_radius_m))
        self.bank_most_deg = min(most, 60.0)
        self.here: Vec = (0.0, 0.0)
        self.alt = 0.0
        self.heading = self.bank_deg = self.t_s = self.energy_s = 0.0
        self.velocity: Vec = (0.0, 0.0)
        self.vertical = 0.0
        self.look = _Look()
        self.seq = 0
        self.sent_home = ""
        self.duration_s: float | None = None
        self.rows: list[tuple[float, ...]] = []
        self._steps = 0
        self._endless = any(
            (i.command == 177 and i.param2 < 0) or i.command == _UNLIMITED for i in plan.items
        )  # fmt: skip

    def fly(self, duration_s: float | None = None) -> Flown:
        """Fly to the end. ``duration_s``: sent home after so long in the air."""
        self.duration_s = duration_s
        self._point_up_wind()
        ended: Ended = "time limit"
        for _ in self._mission():
            if self.left <= 0.0:
                ended = "battery empty"
                break
            if self.t_s > _LONGEST_S:
                break
        else:
            ended = "landed"
        self._record(airborne=False)
        return self._flown(ended)

    @property
    def left(self) -> float:
        """Fraction of the battery."""
        return 1.0 - self.energy_s / self.performance.endurance_s

    # -- the mission: each generator yields once a step ----------------------------------------------------------

    def _mission(self) -> Iterator[None]:
        plan = self.plan
        now = Stop(0, plan.home_lat_deg, plan.home_lon_deg, 0.0, None, _WAYPOINT, 0.0)
        order = list(self._finite_order())
        for n, seq in enumerate(order):
            item = plan.items[seq - 1]
            if item.command in CAMERA_COMMANDS or item.command == 197:
                self.look = self._ordered(item)
            elif item.command == _SPEED and item.param1 in (0.0, 1.0) and item.param2 > 0.0:
                self.speed = item.param2
            elif item.command in _FLIES:
                self.seq = seq
                if item.command == _RTL:
                    break
                stop = place_of(plan, seq, now, self.terrain)
                if item.command == _TAKEOFF:
                    yield from self._take_off(stop)
                else:
                    yield from self._item(now, stop, item, *self._next_place(order[n + 1 :], stop))
                if item.command == _LAND:
                    return
                now = stop
            if self._must_go_home():
                break
        else:
            self.sent_home = self.sent_home or "the mission has no return"
        yield from self._home()

    def _finite_order(self) -> Iterator[int]:
        """As the aircraft carries it out; a mission without an end as long as anything could last."""
        for count, seq in enumerate(flown_order(self.plan)):
            if count > 100_000:
                return
            yield seq

    def _next_place(self, order: list[int], stop: Stop) -> tuple[Vec, bool]:
        """Where it flies to after a place, and whether that is the way home."""
        for seq in order:
            item = self.plan.items[seq - 1]
            if item.command == _RTL:
                break
            if item.command in _FLIES:
                return self._map(place_of(self.plan, seq, stop, self.terrain)), False
        goal = return_goal(self.plan, "plane", self.chart.to_map(stop.lat_deg, stop.lon_deg), self.chart)
        north_east = self.chart.to_map(goal[0], goal[1])
        return (float(north_east[1]), float(north_east[0])), True

    def _take_off(self, stop: Stop) -> Iterator[None]:
        """Straight ahead and up."""
        while self.alt < stop.alt_rel_home_m - _CLIMBED_M:
            self._step(0.0, stop.alt_rel_home_m)
            yield

    def _item(self, now: Stop, stop: Stop, item: MissionItem, following: Vec, home: bool) -> Iterator[None]:
        start, end = self._map(now), self._map(stop)
        if now.seq == 0 or self.plan.items[now.seq - 1].command in (_TAKEOFF, *_CIRCLES):
            # After a climb or a circle the leg begins where it is.
            start = self.here
        length = math.hypot(end[0] - start[0], end[1] - start[1])
        turn = _turn_deg(start, end, following)
        passes = item.command in (_WAYPOINT, _SPLINE)
        radius = self._radius_m(item)
        while length > 0.1 and not self._must_go_home():
            acceleration, share = along_leg(start, end, self.here, self.velocity)
            away = math.hypot(end[0] - self.here[0], end[1] - self.here[1])
            before = turn_distance_m(self.wp_radius_m, math.hypot(*self.velocity), turn) if passes else radius
            if away <= max(before, 0.5 * self.speed * STEP_S) or share >= 1.0:
                break
            self._step(acceleration, self._height(now, stop, min(max(share, 0.0), 1.0)))
            yield
        if item.command in _CIRCLES:
            yield from self._circle(stop, item, radius)
            while not (home or self._must_go_home() or self._heads_for(following)):
                self._step(self._round(stop, item, radius), stop.alt_rel_home_m)
                yield
        elif item.command == _LAND:
            yield from self._sink(end, radius)

    def _radius_m(self, item: MissionItem) -> float:
        asked = abs(item.param2 if item.command == _TO_ALT else item.param3) if item.command in _CIRCLES else 0.0
        return max(asked or LOITER_M, self.performance.turn_radius_m)

    def _circle(self, stop: Stop, item: MissionItem, radius: float) -> Iterator[None]:
        """Round and round: so many turns, so long, or until it is at its height."""
        centre = self._map(stop)
        turned, began = 0.0, self.t_s
        before = math.atan2(self.here[1] - centre[1], self.here[0] - centre[0])
        while not self._must_go_home():
            if item.command == _TURNS and abs(turned) >= 2.0 * math.pi * max(item.param1, 0.0):
                return
            if item.command == _TIME and self.t_s - began >= max(item.param1, 0.0):
                return
            if item.command == _TO_ALT and abs(self.alt - stop.alt_rel_home_m) < 5.0:
                return
            self._step(self._round(stop, item, radius), stop.alt_rel_home_m)
            angle = math.atan2(self.here[1] - centre[1], self.here[0] - centre[0])
            turned += (angle - before + math.pi) % (2.0 * math.pi) - math.pi
            before = angle
            yield

    def _round(self, stop: Stop, item: MissionItem, radius: float) -> float:
        """The acceleration round the circle of an item; a negative radius (or 2nd figure of LOITER_TO_ALT) goes the other way."""
        clockwise = not (item.param2 if item.command == _TO_ALT else item.param3) < 0.0
        return round_circle(self._map(stop), radius, clockwise, self.here, self.velocity)

    def _heads_for(self, place: Vec) -> bool:
        """Whether it flies towards a place, to ten degrees: there it leaves a circle."""
        way = math.atan2(place[1] - self.here[1], place[0] - self.here[0])
        course = math.atan2(self.velocity[1], self.velocity[0])
        return abs((way - course + math.pi) % (2.0 * math.pi) - math.pi) < math.radians(_ALIGNED_DEG)

    def _home(self) -> Iterator[None]:
        goal = return_goal(self.plan, "plane", np.array([self.here[1], self.here[0]]), self.chart)
        place = self.chart.to_map(goal[0], goal[1])
        end = (float(place[1]), float(place[0]))
        height = max(self.alt, rtl_altitude_m(self.performance) if goal[3] else goal[2])
        start, self.seq = self.here, 0
        radius = max(LOITER_M, self.performance.turn_radius_m)
        while math.hypot(end[0] - self.here[0], end[1] - self.here[1]) > 1.5 * radius:
            self._step(along_leg(start, end, self.here, self.velocity)[0], height)
            yield
        yield from self._sink(end, radius)

    def _sink(self, centre: Vec, radius: float) -> Iterator[None]:
        while self.alt > 0.0:
            self._step(round_circle(centre, radius, True, self.here, self.velocity), -10.0)
            yield

    def _must_go_home(self) -> bool:
        if self.sent_home:
            return True
        if self.duration_s is not None and self.t_s >= self.duration_s:
            self.sent_home = f"{self.duration_s:g} s are over"
        elif self._endless and self._steps % 10 == 0:
            wind = math.hypot(*self.air.mean_en_m_s)
            way_s = math.hypot(*self.here) / max(self.speed - wind, 1.0) + self.alt / self.performance.sink_m_s + 60.0
            if self.left - way_s / self.performance.endurance_s <= self.performance.reserve_fraction:
                self.sent_home = "the battery, with the reserve kept"
        return bool(self.sent_home)

    # -- the motion ----------------------------------------------------------------------------------------------

    def _point_up_wind(self) -> None:
        east, north = self.air.mean_en_m_s
        way = (-north, -east)
        if math.hypot(*way) < 0.5:
            now = Stop(0, self.plan.home_lat_deg, self.plan.home_lon_deg, 0.0, None, _WAYPOINT, 0.0)
            first = next(
                (s for s in flown_order(self.plan) if self.plan.items[s - 1].command in _FLIES - {_TAKEOFF}), 0
            )
            way = self._map(place_of(self.plan, first, now, self.terrain)) if first else (1.0, 0.0)
        self.heading = math.atan2(way[1], way[0])
        self.velocity = (self.speed * math.cos(self.heading), self.speed * math.sin(self.heading))

    def _step(self, acceleration: float, alt_rel_home_m: float) -> None:
        """A tenth of a second."""
        wanted = math.degrees(math.atan2(acceleration, _G))
        wanted = max(-self.bank_most_deg, min(self.bank_most_deg, wanted))
        rate = max(-_ROLL_DEG_S, min(_ROLL_DEG_S, (wanted - self.bank_deg) / _ROLL_S))
        self.bank_deg += rate * STEP_S
        self.heading += _G * math.tan(math.radians(self.bank_deg)) / self.speed * STEP_S
        east, north = self.air.at(self.t_s)
        self.velocity = (self.speed * math.cos(self.heading) + north, self.speed * math.sin(self.heading) + east)
        p = self.performance
        self.vertical = max(-p.sink_m_s, min(p.climb_m_s, (alt_rel_home_m - self.alt) / 2.0))
        if self._steps % _RECORD_EVERY == 0:
            self._record(airborne=True)
        self.here = (self.here[0] + self.velocity[0] * STEP_S, self.here[1] + self.velocity[1] * STEP_S)
        climbed = self.vertical * STEP_S
        self.alt += climbed
        self.energy_s += STEP_S + CLIMB_POWER_PER_M_S * max(0.0, climbed)
        self.t_s += STEP_S
        self._steps += 1

    def _height(self, now: Stop, stop: Stop, share: float) -> float:
        """The height that it flies at on a leg, above home: the straight line between its ends, or that above the ground."""
        if stop.agl_m is None or self.terrain is None:
            return now.alt_rel_home_m + share * (stop.alt_rel_home_m - now.alt_rel_home_m)
        lat, lon = self.chart.from_map(np.array([self.here[1], self.here[0]]))
        ground = float(self.terrain.height(lat, lon)) - self.plan.home_alt_amsl_m
        return stop.agl_m + (ground if math.isfinite(ground) else 0.0)

    # -- the camera ----------------------------------------------------------------------------------------------

    def _ordered(self, item: MissionItem) -> _Look:
        if item.command == _GIMBAL:
            return _Look(item.param1, item.param2, bool(item.x & _YAW_LOCK))
        if item.command == _MOUNT:
            return _Look(item.param1, item.param3)
        if item.command in (_ROI, _OLD_ROI) and (item.x or item.y):
            en = self.chart.to_map(item.x / 1e7, item.y / 1e7)
            up = item.z - (self.plan.home_alt_amsl_m if item.frame in (0, 5) else 0.0)
            return _Look(roi=(float(en[1]), float(en[0]), up))
        return _Look()

    def _camera(self) -> tuple[float, float]:
        """Azimuth and elevation, degrees."""
        look = self.look
        if look.roi is not None:
            north, east, up = look.roi[0] - self.here[0], look.roi[1] - self.here[1], look.roi[2] - self.alt
            return math.degrees(math.atan2(east, north)) % 360.0, math.degrees(math.atan2(up, math.hypot(north, east)))
        nose = 0.0 if look.locked else math.degrees(self.heading)
        return (nose + look.azimuth_deg) % 360.0, look.elevation_deg

    # -- what is kept --------------------------------------------------------------------------------------------

    def _map(self, stop: Stop) -> Vec:
        en = self.chart.to_map(stop.lat_deg, stop.lon_deg)
        return float(en[1]), float(en[0])

    def _record(self, airborne: bool) -> None:
        self.rows.append(
            (self.t_s, *self.here, self.alt, *self.velocity, self.vertical, *self._camera(), self.seq, self.left,
             float(airborne))
        )  # fmt: skip

    def _flown(self, ended: Ended) -> Flown:
        rows = np.array(self.rows, dtype=np.float64)
        lat, lon = self.chart.from_map(rows[:, [2, 1]])
        home_m = self.plan.home_alt_amsl_m
        return Flown(
            rows[:, 0], lat, lon, home_m + np.maximum(rows[:, 3], 0.0), rows[:, [5, 4, 6]], rows[:, 7], rows[:, 8],
            rows[:, 9].astype(np.int64), np.maximum(rows[:, 10], 0.0), rows[:, 11] > 0.0, home_m, ended, self.sent_home,
        )  # fmt: skip


def _turn_deg(start: Vec, end: Vec, following: Vec) -> float:
    """How much the course changes at the end of a leg; 0 where nothing follows elsewhere."""
    after = (following[0] - end[0], following[1] - end[1])
    if math.hypot(*after) < 0.1:
        return 0.0
    before = math.atan2(end[1] - start[1], end[0] - start[0])
    return math.degrees((math.atan2(after[1], after[0]) - before + math.pi) % (2.0 * math.pi) - math.pi)
