"""What an aircraft can do, and how long a plan takes it: wind, climb, corners, set-up, reserve. Pure.

Sources. Ground speed: the wind triangle (E6B), ``v_g = sqrt(v_a^2 - w_cross^2) + w_along``. A multicopter holds its speed
over the ground and leans into the wind (ArduPilot ``AC_WPNav``: WPNAV_SPEED is over the ground) until its greatest
airspeed no longer allows it; a plane holds its airspeed (``AIRSPEED_CRUISE``). Legs: constant acceleration to the cruising
speed and back (the trapezoid of ``AC_WPNav``), with ``v cos^2(turn)`` over a corner and a stop where it turns by 90 degrees
or more. A plane turns at ``v_a / r``; up to 90 degrees it cuts the corner (no time lost), a reversal costs half a circle.
RTL: ArduPilot's ``ModeRTL`` (climb, straight to the nearest of home and the rally points, 5 s, down, the last 10 m slowly).
Battery: time in the air against the endurance; a climb draws ``CLIMB_POWER_PER_M_S`` more per m/s (m g over the hover power
of about 150 W/kg at 50 % efficiency).
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

import numpy as np

from geofences.errors import ConfigError, PlanError
from geofences.geodesy import FloatArray, LocalFrame
from missions.plan import MissionItem, Plan

WindEN = tuple[float, float]
"""Velocity of the air over the ground, east and north, m/s: where it blows to, not where it comes from."""

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
class Performance:
    """One type of aircraft.

    ``speed_m_s``: a copter's speed over the ground, a plane's airspeed. ``endurance_s``: in the air with a full battery in
    calm air at that speed, down to empty; ``reserve_fraction`` of it is not planned with. ``setup_s``: on the ground before
    every take-off; ``turnaround_s``: from landing to ready for the next (battery change). ``turn_s``: what a copter loses at
    a stop beyond braking and speeding up. ``turn_radius_m``: a plane's. ``airspeed_max_m_s``: the most a copter makes
    through the air.
    """

    name: str = "quadcopter"
    family: Literal["copter", "plane"] = "copter"
    speed_m_s: float = 5.0
    climb_m_s: float = 2.5
    sink_m_s: float = 1.5
    endurance_s: float = 1500.0
    reserve_fraction: float = 0.25
    setup_s: float = 120.0
    turnaround_s: float = 300.0
    turn_radius_m: float = 60.0
    turn_s: float = 0.5
    decel_m_s2: float = 2.0
    wind_max_m_s: float = 10.0
    link_range_m: float = 10_000.0
    mission_items_max: int = 650
    fence_bytes_max: int = 560
    airspeed_max_m_s: float = 15.0

    @property
    def usable_s(self) -> float:
        """Time in the air that may be planned."""
        return self.endurance_s * (1.0 - self.reserve_fraction)


KNOWN: Mapping[str, Performance] = {
    p.name: p
    for p in (
        Performance(),
        Performance("long_quadcopter", speed_m_s=10.0, endurance_s=3000.0, wind_max_m_s=12.0, link_range_m=20_000.0,
                    airspeed_max_m_s=20.0),
        Performance("plane", "plane", 18.0, 3.0, 3.0, 7200.0, setup_s=600.0, turnaround_s=900.0, wind_max_m_s=14.0,
                    link_range_m=40_000.0, airspeed_max_m_s=24.0),
    )
}  # fmt: skip
"""Types that a request may name. Ordinary figures of their class; a unit gives its own."""

_RANGES: Mapping[str, tuple[float, float]] = {
    "speed_m_s": (0.5, 60.0), "climb_m_s": (0.1, 20.0), "sink_m_s": (0.1, 20.0), "endurance_s": (60.0, 172_800.0),
    "reserve_fraction": (0.0, 0.9), "setup_s": (0.0, 86_400.0), "turnaround_s": (0.0, 86_400.0),
    "turn_radius_m": (1.0, 2000.0), "turn_s": (0.0, 60.0), "decel_m_s2": (0.1, 10.0), "wind_max_m_s": (0.0, 40.0),
    "link_range_m": (10.0, 1_000_000.0), "mission_items_max": (10, 100_000), "fence_bytes_max": (20, 10_000_000),
    "airspeed_max_m_s": (0.5, 100.0),
}  # fmt: skip


def performance_faults(values: Mapping[str, Any], place: str = "performance") -> list[str]:
    """Everything that is wrong with a table of performance figures, one line a fault, each with its key."""
    names = [f.name for f in fields(Performance)]
    faults: list[str] = []
    for key, value in values.items():
        if key == "based_on":
            if value not in KNOWN:
                faults.append(f"{place}.based_on: {value!r} is not known, give one of {', '.join(KNOWN)}")
        elif key not in names:
            close = difflib.get_close_matches(str(key), names, n=1)
            faults.append(f"{place}.{key}: unknown name" + (f", did you mean {close[0]!r}?" if close else ""))
        elif key == "name":
            if not isinstance(value, str) or not value.strip():
                faults.append(f"{place}.name: {value!r} is no name")
        elif key == "family":
            if value not in ("copter", "plane"):
                faults.append(f"{place}.family: {value!r} is neither 'copter' nor 'plane'")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            faults.append(f"{place}.{key}: {value!r} is not a number")
        else:
            low, high = _RANGES[key]
            if not low <= value <= high:
                faults.append(f"{place}.{key}: {value:g} is not between {low:g} and {high:g}")
            elif key in ("mission_items_max", "fence_bytes_max") and value != int(value):
                faults.append(f"{place}.{key}: {value:g} is not a whole number")
    return faults


def read_performance(source: Path | str | Mapping[str, Any]) -> Performance:
    """A type from a TOML file, a mapping (``based_on`` names one of :data:`KNOWN`, the rest changes it) or a known name.

    Raises :class:`ConfigError` that lists every fault.
    """
    place = "performance"
    if isinstance(source, str) and source in KNOWN:
        return KNOWN[source]
    if isinstance(source, Mapping):
        values = dict(source)
    else:
        path = Path(source)
        place = str(path)
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            names = ", ".join(KNOWN)
            raise ConfigError(f"{path}: cannot be read: {error.strerror}", f"give a file, or one of {names}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: is not TOML: {error}", "mend the line that it names") from error
        if isinstance(values.get("performance"), dict):
            values = values["performance"]
    faults = performance_faults(values, place)
    if faults:
        raise ConfigError("\n  ".join(["the aircraft's performance:", *faults]), "mend these figures")
    base = KNOWN[values.pop("based_on", "quadcopter")]
    whole = {k: int(v) if k in ("mission_items_max", "fence_bytes_max") else v for k, v in values.items()}
    whole = {k: float(v) if isinstance(v, int) and k not in ("mission_items_max", "fence_bytes_max") else v
             for k, v in whole.items()}  # fmt: skip
    return Performance(**{f.name: whole.get(f.name, getattr(base, f.name)) for f in fields(Performance)})


# -- legs ----------------------------------------------------------------------------------------------------------


def ground_speed_m_s(
    performance: Performance, wind_en_m_s: WindEN, course_deg: float, speed_m_s: float | None = None
) -> float:
    """Speed over the ground on a course (degrees from north); 0 when the wind does not let it fly that way."""
    east, north = math.sin(math.radians(course_deg)), math.cos(math.radians(course_deg))
    along = wind_en_m_s[0] * east + wind_en_m_s[1] * north
    cross = wind_en_m_s[0] * north - wind_en_m_s[1] * east
    wanted = performance.speed_m_s if speed_m_s is None else speed_m_s
    air = wanted if performance.family == "plane" else max(performance.airspeed_max_m_s, wanted)
    if abs(cross) >= air:
        return 0.0
    reached = max(0.0, math.sqrt(air * air - cross * cross) + along)
    return reached if performance.family == "plane" else min(wanted, reached)


def leg_time_s(
    distance_m: float,
    climb_m: float,
    performance: Performance,
    wind_en_m_s: WindEN = (0.0, 0.0),
    course_deg: float = 0.0,
    entry_m_s: float | None = None,
    exit_m_s: float | None = None,
    speed_m_s: float | None = None,
) -> float:
    """Seconds along one straight leg; infinity when the wind is too strong for it.

    ``climb_m``: height gained (negative: lost); the leg is flown no faster than the climb or sink speed lets it rise.
    ``entry_m_s`` and ``exit_m_s``: speeds over its ends (a copter's; None: the cruising speed).
    """
    vertical = abs(climb_m) / (performance.climb_m_s if climb_m > 0.0 else performance.sink_m_s)
    if distance_m < 0.5:
        return vertical
    cruise = ground_speed_m_s(performance, wind_en_m_s, course_deg, speed_m_s)
    if cruise <= 0.05:
        return math.inf
    if vertical > 0.0:
        cruise = min(cruise, distance_m / vertical)
    if performance.family == "plane":
        return distance_m / cruise
    first = cruise if entry_m_s is None else min(entry_m_s, cruise)
    last = cruise if exit_m_s is None else min(exit_m_s, cruise)
    a = performance.decel_m_s2
    ramps_m = (2.0 * cruise * cruise - first * first - last * last) / (2.0 * a)
    if ramps_m <= distance_m:
        return (2.0 * cruise - first - last) / a + (distance_m - ramps_m) / cruise
    # Too short to reach the cruising speed: up to the peak and down again.
    peak = math.sqrt(max(0.5 * (2.0 * a * distance_m + first * first + last * last), first * first, last * last))
    return max((2.0 * peak - first - last) / a, 2.0 * distance_m / (peak + max(first, last)))


def corner_speed_m_s(performance: Performance, turn_deg: float, speed_m_s: float) -> float:
    """A copter's speed over a waypoint where its course changes by ``turn_deg``; 0 where it stops."""
    cosine = math.cos(math.radians(min(abs(turn_deg), 180.0)))
    return speed_m_s * cosine * cosine if cosine > 0.0 else 0.0


def turn_time_s(performance: Performance, turn_deg: float, speed_m_s: float | None = None) -> float:
    """What a corner costs over and above its legs: a plane's wide turn, a copter's stop (0 where it flies through)."""
    turn = abs((turn_deg + 180.0) % 360.0 - 180.0)
    if performance.family == "plane":
        air = performance.speed_m_s if speed_m_s is None else speed_m_s
        return performance.turn_radius_m * 2.0 * max(0.0, math.radians(turn) - 0.5 * math.pi) / air
    return performance.turn_s if turn >= 90.0 else 0.0


# -- whole plans ---------------------------------------------------------------------------------------------------


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
            self._spend(
                seq, max(0.0, alt - self.alt) / self.performance.climb_m_s, self.at, max(alt, self.alt), "takeoff"
            )
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
