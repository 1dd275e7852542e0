"""How long a plan takes an aircraft and what it leaves in the battery: laps, corners, set-up, the way home, the reserve. Pure.

RTL: ArduPilot's ``ModeRTL`` (climb, straight to the nearest of home and the rally points, 5 s, down, the last 10 m slowly).
Battery: time in the air against the endurance; a climb draws ``CLIMB_POWER_PER_M_S`` more per m/s (m g over the hover power
of about 150 W/kg at 50 % efficiency, an estimate of this project). Legs and corners: :mod:`missions.performance`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from missions.performance import Performance, WindEN, corner_speed_m_s, ground_speed_m_s, leg_time_s, turn_time_s
from missions.plan import MissionItem, Plan

CLIMB_POWER_PER_M_S = 0.13
RTL_ALT_M, RTL_LOITER_S, LAND_SLOW_BELOW_M, LAND_SLOW_M_S = 15.0, 5.0, 10.0, 0.5
"""ArduPilot Copter's defaults of RTL_ALT, RTL_LOIT_TIME, LAND_ALT_LOW and LAND_SPEED."""

_WAYPOINT, _LOITER_UNLIM, _LOITER_TURNS, _LOITER_TIME, _RTL, _LAND, _TAKEOFF = 16, 17, 18, 19, 20, 21, 22
_SPLINE, _VTOL_TAKEOFF, _VTOL_LAND, _DELAY, _JUMP, _SPEED = 82, 84, 85, 93, 177, 178
_NAVIGATION = frozenset({16, 17, 18, 19, 20, 21, 22, 31, 82, 84, 85, 93})
CAMERA_COMMANDS = frozenset({195, 197, 201, 205, 1000})
"""Items that tell the camera where to look: ROI by place, ROI off, ROI, mount angles, gimbal manager angles."""
_MOST_STEPS = 200_000


@dataclass(frozen=True)
class TimedLeg:
    """One piece of the flight. Seconds from take-off, metres east and north of home, heights above home.

    ``kind``: takeoff, leg, hold (loiter, delay), rtl (what comes after the last item: climb, way, descent). ``look_seq``:
    the item that told the camera where to look, 0 for none.
    """

    item_seq: int
    start_s: float
    duration_s: float
    from_en_m: tuple[float, float]
    to_en_m: tuple[float, float]
    from_alt_rel_home_m: float
    to_alt_rel_home_m: float
    kind: Literal["takeoff", "leg", "hold", "rtl"]
    look_seq: int = 0


@dataclass(frozen=True, eq=False)
class PlanTime:
    """How long a plan takes. ``item_s[i]``: seconds given to ``plan.items[i]``, all its laps together.

    ``airborne_s``: take-off to landing; ``total_s``: with ``setup_s`` before it. ``battery_left``: fraction left on
    landing, negative when it does not reach; ``reserve_kept``: whether the reserve is untouched. ``endless``: the plan goes
    round for ever (an unlimited jump or loiter); it was counted until the battery is empty. ``distance_m``: over ground.
    """

    item_s: FloatArray
    total_s: float
    airborne_s: float
    battery_left: float
    reserve_kept: bool
    endless: bool
    distance_m: float
    legs: tuple[TimedLeg, ...]


def plan_time(plan: Plan, performance: Performance, wind_en_m_s: WindEN = (0.0, 0.0)) -> PlanTime:
    """Time and battery of a plan: take-off, legs with corners, laps by DO_JUMP, loiter, RTL to home or the nearest rally.

    Heights above ground are taken as above home (there is no terrain here). Raises :class:`PlanError` when the wind is too
    strong for one of its legs.
    """
    return _Clock(plan, performance, wind_en_m_s).run()


def flown_order(plan: Plan) -> Iterator[int]:
    """Sequence numbers (from 1) of the items in the order of execution, jumps carried out as ``AP_Mission`` does.

    An unlimited jump makes it endless. Jump counters are not set back when the way leads past them again.
    """
    times: dict[int, int] = {}
    seq, idle = 1, 0
    while 1 <= seq <= len(plan.items):
        item = plan.items[seq - 1]
        if item.command != _JUMP:
            idle = 0 if item.command in _NAVIGATION else idle + 1
            yield seq
            seq += 1
        else:
            idle += 1
            most, done = int(item.param2), times.get(seq, 0)
            if most < 0 or done < most:
                times[seq] = done + 1
                seq = int(item.param1)
            else:
                seq += 1
        if idle > 2 * len(plan.items) + 100:
            return  # a jump that never meets a navigation item


class _Clock:
    def __init__(self, plan: Plan, performance: Performance, wind_en_m_s: WindEN) -> None:
        self.plan, self.performance, self.wind = plan, performance, wind_en_m_s
        self.frame = LocalFrame(plan.home_lat_deg, plan.home_lon_deg, plan.home_alt_amsl_m)
        self.legs: list[TimedLeg] = []
        self.now_s = self.energy_s = self.distance_m = 0.0
        self.at, self.alt, self.flying_m_s = (0.0, 0.0), 0.0, 0.0
        self.course: float | None = None
        self.look_seq = 0
        self.speed = performance.speed_m_s
        # Places of all items at once: the frame's conversion is dear one by one.
        lat = np.array([i.x for i in plan.items], dtype=np.float64) / 1e7
        lon = np.array([i.y for i in plan.items], dtype=np.float64) / 1e7
        self.places = self.frame.to_plane(lat, lon).tolist() if plan.items else []

    def run(self) -> PlanTime:
        """Fly it on paper."""
        plan, performance = self.plan, self.performance
        endless, returned = False, False
        unlimited = any(i.command == _JUMP and i.param2 < 0 for i in plan.items)
        order = _Ahead(flown_order(plan), plan)
        for steps, seq in enumerate(order):
            item = plan.items[seq - 1]
            if item.command in CAMERA_COMMANDS:
                self.look_seq = seq
            if item.command == _SPEED and item.param1 in (0.0, 1.0) and item.param2 > 0.0:
                self.speed = item.param2
            elif item.command in _NAVIGATION:
                returned = self._navigate(seq, item, order)
                endless = item.command == _LOITER_UNLIM
            if endless or returned:
                break
            if steps > _MOST_STEPS or (unlimited and self.energy_s > performance.endurance_s):
                endless = True
                break
        if self.legs and not endless and self.alt > 0.5 and not returned:
            # The last item is done: it stays there until somebody calls it home.
            self._return(len(plan.items))
        if endless:
            self.energy_s = max(self.energy_s, performance.endurance_s)
        item_s = np.zeros(len(plan.items))
        for leg in self.legs:
            item_s[leg.item_seq - 1] += leg.duration_s
        left = 1.0 - self.energy_s / performance.endurance_s
        return PlanTime(
            item_s, self.now_s + performance.setup_s, self.now_s, left, left >= performance.reserve_fraction - 1e-9,
            endless, self.distance_m, tuple(self.legs),
        )  # fmt: skip

    def _navigate(self, seq: int, item: MissionItem, order: _Ahead) -> bool:
        """One navigation item; whether the flight is over with it."""
        command = item.command
        if command == _RTL:
            self._return(seq)
            return True
        if command == _DELAY:
            self._spend(seq, max(0.0, item.param1), self.at, self.alt, "hold")
            self.flying_m_s = 0.0
            return False
        alt = item.z - (self.plan.home_alt_amsl_m if item.frame in (0, 5) else 0.0)
        if command in (_TAKEOFF, _VTOL_TAKEOFF):
            climb_s = max(0.0, alt - self.alt) / self.performance.climb_m_s
            away = self._climb_out(climb_s, order) if command == _TAKEOFF else self.at
            self._spend(seq, climb_s, away, max(alt, self.alt), "takeoff")
            return False
        place = self.at if item.x == 0 and item.y == 0 else (self.places[seq - 1][0], self.places[seq - 1][1])
        if command in (_LAND, _VTOL_LAND):
            self._fly(seq, place, self.alt, None, "leg")
            self._descend(seq)
            return True
        through = self._next_course(item, place, order)
        self._fly(seq, place, alt, through, "leg")
        hold = 0.0
        if command in (_WAYPOINT, _LOITER_TIME, _SPLINE):
            hold = item.param1 if command != _WAYPOINT or self.performance.family == "copter" else 0.0
        elif command == _LOITER_TURNS:
            radius = abs(item.param3) or (
                10.0 if self.performance.family == "copter" else self.performance.turn_radius_m
            )
            speed = self.speed
            if self.performance.family == "copter":
                speed = min(speed, math.sqrt(self.performance.decel_m_s2 * max(radius, 1.0)))
            hold = max(0.0, item.param1) * 2.0 * math.pi * radius / speed
            self.distance_m += hold * speed
        if math.isfinite(hold) and hold > 0.0:
            self._spend(seq, hold, self.at, self.alt, "hold")
            self.flying_m_s = 0.0
        return False

    def _climb_out(self, climb_s: float, order: _Ahead) -> tuple[float, float]:
        """Where a climb ends: a copter's above its start, a plane's into the wind or, in calm air, towards its first place."""
        if self.performance.family == "copter":
            return self.at
        wind = math.hypot(*self.wind)
        seq = order.next_navigation()
        way = (-self.wind[0], -self.wind[1])
        if wind < 0.5 and seq is not None and (self.plan.items[seq - 1].x or self.plan.items[seq - 1].y):
            way = (self.places[seq - 1][0] - self.at[0], self.places[seq - 1][1] - self.at[1])
        length = math.hypot(*way)
        if length < 0.1:
            return self.at
        away = climb_s * max(self.speed - (wind if wind >= 0.5 else 0.0), 1.0)
        self.distance_m += away
        return self.at[0] + away * way[0] / length, self.at[1] + away * way[1] / length

    def _next_course(self, item: MissionItem, place: tuple[float, float], order: _Ahead) -> float | None:
        """The course that follows, None when it stops here."""
        if item.command not in (_WAYPOINT, _SPLINE) or (item.param1 > 0.0 and self.performance.family == "copter"):
            return None
        seq = order.next_navigation()
        if seq is None:
            return None
        following = self.plan.items[seq - 1]
        if following.command in (_RTL, _DELAY, _LAND, _VTOL_LAND) or (following.x == 0 and following.y == 0):
            return None
        there = self.places[seq - 1]
        if math.hypot(there[0] - place[0], there[1] - place[1]) < 0.5:
            return None
        return math.degrees(math.atan2(there[0] - place[0], there[1] - place[1]))

    def _fly(
        self, seq: int, place: tuple[float, float], alt: float, next_course: float | None, kind: Literal["leg", "rtl"]
    ) -> None:
        east, north = place[0] - self.at[0], place[1] - self.at[1]
        distance = math.hypot(east, north)
        course = math.degrees(math.atan2(east, north))
        corner = 0.0
        if distance >= 0.5:
            cruise = ground_speed_m_s(self.performance, self.wind, course, self.speed)
            if next_course is not None:
                corner = corner_speed_m_s(self.performance, _turn_deg(course, next_course), cruise)
            lost = 0.0
            if self.course is not None:
                lost = turn_time_s(self.performance, _turn_deg(self.course, course), self.speed)
        else:
            lost = 0.0
        seconds = leg_time_s(
            distance, alt - self.alt, self.performance, self.wind, course, self.flying_m_s, corner, self.speed
        )
        if not math.isfinite(seconds):
            wind = math.hypot(*self.wind)
            raise PlanError(
                f"in a wind of {wind:.1f} m/s {self.performance.name} cannot fly the leg to item {seq}",
                "wait for less wind, or take a faster aircraft",
            )
        self.distance_m += distance
        if distance >= 0.5:
            self.course = course
        self._spend(seq, seconds + lost, place, alt, kind)
        self.flying_m_s = corner

    def _return(self, seq: int) -> None:
        """ArduPilot's RTL from here."""
        goal, height = (0.0, 0.0), RTL_ALT_M
        best = math.hypot(*self.at)
        for rally in self.plan.rally:
            en = self.frame.to_plane(rally.lat_deg, rally.lon_deg)
            place = (float(en[0]), float(en[1]))
            away = math.hypot(place[0] - self.at[0], place[1] - self.at[1])
            if away < best:
                best, goal, height = away, place, max(RTL_ALT_M, rally.alt_rel_home_m)
        height = max(height, self.alt)
        self.flying_m_s = 0.0
        if height > self.alt + 0.5:
            self._spend(seq, (height - self.alt) / self.performance.climb_m_s, self.at, height, "rtl")
        self._fly(seq, goal, height, None, "rtl")
        self._spend(seq, RTL_LOITER_S, self.at, self.alt, "rtl")
        self._descend(seq)

    def _descend(self, seq: int) -> None:
        slow = min(self.alt, LAND_SLOW_BELOW_M) if self.performance.family == "copter" else 0.0
        seconds = max(0.0, self.alt - slow) / self.performance.sink_m_s + slow / LAND_SLOW_M_S
        self._spend(seq, seconds, self.at, 0.0, "rtl")

    def _spend(
        self, seq: int, seconds: float, place: tuple[float, float], alt: float,
        kind: Literal["takeoff", "leg", "hold", "rtl"],
    ) -> None:  # fmt: skip
        self.legs.append(TimedLeg(seq, self.now_s, seconds, self.at, place, self.alt, alt, kind, self.look_seq))
        self.energy_s += seconds + CLIMB_POWER_PER_M_S * max(0.0, alt - self.alt)
        self.now_s += seconds
        self.at, self.alt = place, alt


class _Ahead:
    """The order of execution with a look at the next navigation item."""

    def __init__(self, order: Iterator[int], plan: Plan) -> None:
        self._order, self._plan = order, plan
        self._coming: list[int] = []

    def __iter__(self) -> Iterator[int]:
        while True:
            if self._coming:
                yield self._coming.pop(0)
                continue
            seq = next(self._order, None)
            if seq is None:
                return
            yield seq

    def next_navigation(self) -> int | None:
        for seq in self._coming:
            if self._plan.items[seq - 1].command in _NAVIGATION:
                return seq
        for seq in self._order:
            self._coming.append(seq)
            if self._plan.items[seq - 1].command in _NAVIGATION:
                return seq
        return None


def _turn_deg(before: float, after: float) -> float:
    return (after - before + 180.0) % 360.0 - 180.0
