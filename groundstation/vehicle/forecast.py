"""When an aircraft will have to brake for a fence: it flies on as it flies now until it can no longer stop inside.

The place is brought forward by the age of the telemetry; the way on is straight, or the circle of a steady turn; from the
time to each edge goes what braking takes. A Copter brakes at its own deceleration while the whole wind carries it on (an
upper bound); a Plane turns away in a quarter of a circle and is carried downwind meanwhile. Ceiling and floor likewise,
by the climb. Every fence is told by itself, with what makes it urgent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from groundstation.core.records import VehicleState
from groundstation.vehicle.forecast_fences import Fence, FenceSet
from groundstation.vehicle.modes import Family
from groundstation.vehicle.moving_edges import Motion

_G_M_S2 = 9.81
_FAR_S = 60.0
_DRIFT_M_S = 0.3  # the direction of a slower motion is noise
_CLIMB_M_S = 0.1

Edge = Literal["edge", "ceiling", "floor"]
Cause = Literal["course", "stopping", "wind", "late_telemetry"]
"""What takes most of the time that is left to act. ``course``: nothing does, it simply flies there."""


@dataclass(frozen=True)
class Movement:
    """How an aircraft brakes. ``reaction_s``: from an order to its effect; ``bank_deg``: of a Plane's turn."""

    decel_m_s2: float = 2.0
    climb_decel_m_s2: float = 1.0
    reaction_s: float = 1.0
    bank_deg: float = 40.0


@dataclass(frozen=True)
class Limits:
    """What holds now. None: no such fence, or not known. Heights above home."""

    fences: FenceSet | None = None
    ceiling_rel_home_m: float | None = None
    floor_rel_home_m: float | None = None


@dataclass(frozen=True)
class Breach:
    """One fence that is going to be breached.

    ``time_s``: until it must begin to brake or turn; 0 when it is too late to stay inside. ``distance_m``: to the edge
    along the way on; negative when it is already past, by so much. ``fence``: its name. ``to_edge_s``: until the edge is
    crossed if nothing is done. The shares are what was taken from the time between the newest position and the edge: by
    its age (``late_s``), by braking in calm air (``stopping_s``), by the wind on top (``wind_s``).
    """

    edge: Edge
    time_s: float
    distance_m: float
    fence: str = ""
    to_edge_s: float = 0.0
    late_s: float = 0.0
    stopping_s: float = 0.0
    wind_s: float = 0.0

    @property
    def cause(self) -> Cause:
        """What makes it urgent: the greatest share, or ``course`` when more time is left than the shares have taken."""
        if self.time_s >= self.late_s + self.stopping_s + self.wind_s:
            return "course"
        shares: tuple[tuple[float, Cause], ...] = (
            (self.stopping_s, "stopping"), (self.wind_s, "wind"), (self.late_s, "late_telemetry")
        )  # fmt: skip
        return max(shares)[1]


def stopping_m(speed_m_s: float, wind_along_m_s: float, family: Family, movement: Movement) -> float:
    """Metres flown on along the track from the order to stop (Copter, Rover) or to turn away (Plane).

    ``wind_along_m_s``: component of the wind in the direction of flight, positive from behind; ``speed_m_s`` over ground.
    """
    pushed_m_s = max(wind_along_m_s, 0.0)
    reaction_m = speed_m_s * movement.reaction_s
    if family != "plane":
        brake_s = speed_m_s / movement.decel_m_s2
        return reaction_m + 0.5 * speed_m_s * brake_s + pushed_m_s * brake_s
    air_m_s = max(speed_m_s - wind_along_m_s, 0.1)
    turn = _G_M_S2 * math.tan(math.radians(movement.bank_deg))
    return reaction_m + air_m_s**2 / turn + pushed_m_s * 0.5 * math.pi * air_m_s / turn


def motion_of(state: VehicleState, fences: FenceSet, turn_deg_s: float = 0.0) -> Motion | None:
    """How the aircraft moves in the frame of the fences; None while its place or velocity is not known."""
    north, east, _ = state.velocity_ned_m_s
    if not (math.isfinite(north + east) and math.isfinite(state.lat_deg + state.lon_deg)):
        return None
    e, n = fences.frame.to_plane(state.lat_deg, state.lon_deg).tolist()
    return Motion(e, n, east, north, math.radians(turn_deg_s) if math.isfinite(turn_deg_s) else 0.0)


def forecast(
    state: VehicleState,
    age_s: float,
    limits: Limits,
    family: Family,
    movement: Movement | None = None,
    wind_en_m_s: tuple[float, float] = (0.0, 0.0),
    leg_left_m: float = math.nan,
    turn_deg_s: float = 0.0,
) -> tuple[Breach, ...]:
    """The breaches to come within a minute, the nearest first, at most one of each edge of each fence.

    ``age_s``: of the position in ``state``. ``wind_en_m_s``: where the air moves to, east and north. ``leg_left_m``: to
    the waypoint that an aircraft in AUTO flies to; an edge beyond it is not met, because there it turns or stops. NaN
    where that is not known. ``turn_deg_s``: how fast the course turns, clockwise positive; 0 for straight on.
    """
    how = movement or Movement()
    found: list[Breach] = []
    climb = -state.velocity_ned_m_s[2]
    heights_known = math.isfinite(climb) and math.isfinite(state.alt_rel_home_m)
    alt_m = state.alt_rel_home_m + climb * age_s if heights_known else math.nan
    if limits.fences is not None and len(limits.fences):
        seen = motion_of(state, limits.fences, turn_deg_s)
        if seen is not None:
            way = _Way(seen, age_s, alt_m, climb, family, how, wind_en_m_s, leg_left_m)
            found += way.flat(limits.fences)
            if limits.fences.layered:
                found += way.layered(limits.fences)
    if heights_known:
        for edge, level in (("ceiling", limits.ceiling_rel_home_m), ("floor", limits.floor_rel_home_m)):
            if level is not None:
                breach = _height(edge, "", level, alt_m, climb, age_s, how)  # type: ignore[arg-type]
                if breach is not None:
                    found.append(breach)
    found.sort(key=lambda b: b.time_s)
    return tuple(found)


def _height(
    edge: Edge, fence: str, level_m: float, alt_m: float, climb_m_s: float, age_s: float, how: Movement
) -> Breach | None:
    """A level that must not be passed: upwards a ceiling, downwards a floor."""
    towards = climb_m_s if edge == "ceiling" else -climb_m_s
    room_m = level_m - alt_m if edge == "ceiling" else alt_m - level_m
    if towards < _CLIMB_M_S:
        return None
    stopping_s = how.reaction_s + towards / (2.0 * how.climb_decel_m_s2)
    time_s = room_m / towards - stopping_s
    if time_s >= _FAR_S:
        return None
    return Breach(edge, max(time_s, 0.0), room_m, fence, max(room_m / towards, 0.0), age_s, stopping_s)


class _Way:
    """The way on of one aircraft at one moment."""

    def __init__(
        self,
        seen: Motion,
        age_s: float,
        alt_m: float,
        climb_m_s: float,
        family: Family,
        how: Movement,
        wind_en_m_s: tuple[float, float],
        leg_left_m: float,
    ) -> None:
        self._seen, self._age_s, self._alt_m, self._climb, self._how = seen, age_s, alt_m, climb_m_s, how
        self._now = seen.moved(age_s) if age_s > 0.0 else seen
        self._speed = speed = seen.speed_m_s
        self._moves = speed >= _DRIFT_M_S
        self._stopping_s = self._wind_s = 0.0
        if self._moves:
            along = (self._now.ve_m_s * wind_en_m_s[0] + self._now.vn_m_s * wind_en_m_s[1]) / speed
            calm_m = stopping_m(speed, 0.0, family, how)
            stop_m = stopping_m(speed, along, family, how)
            self._stopping_s, self._wind_s = min(calm_m, stop_m) / speed, max(stop_m - calm_m, 0.0) / speed
        self._horizon_s = _FAR_S + self._stopping_s + self._wind_s
        self._leg_s = (leg_left_m / speed - age_s) if math.isfinite(leg_left_m) and self._moves else math.inf
        self._inside: set[int] = set()
        self._meetings: list[tuple[float, int]] = []

    def flat(self, fences: FenceSet) -> Iterator[Breach]:
        """The fences that hold at all heights. A slow drift is not told; a fence of which it is out stands first."""
        self._inside = fences.inside(self._now.east_m, self._now.north_m)
        if not self._moves:
            return
        self._meetings = fences.meetings(self._now, self._horizon_s)
        told = set(fences.violated(self._inside))
        for number in told:
            yield self._past(fences.fences[number])
        for time_s, number in self._meetings:
            if number in told or number in fences.layered:
                continue
            told.add(number)
            breach = self._crossing(fences.fences[number].name, time_s)
            if breach is not None:
                yield breach

    def _past(self, fence: Fence) -> Breach:
        """It is where it must not be, or was when it was last heard and has flown on."""
        past_m = fence.edge_distance_m(self._now.east_m, self._now.north_m)
        was_in = fence.covers(self._seen.east_m, self._seen.north_m) == fence.inclusion
        # Where it was still right when it was last heard, the age alone has brought it out.
        late_s = self._age_s if was_in else 0.0
        return Breach("edge", 0.0, -past_m, fence.name, 0.0, late_s, 0.0 if was_in else self._stopping_s)

    def _crossing(self, name: str, time_s: float) -> Breach | None:
        left_s = time_s - self._stopping_s - self._wind_s
        if left_s > self._leg_s or left_s >= _FAR_S:
            return None
        return Breach(
            "edge", max(left_s, 0.0), time_s * self._speed, name, time_s, self._age_s, self._stopping_s, self._wind_s
        )

    def layered(self, fences: FenceSet) -> Iterator[Breach]:
        """The fences for which height matters; after :meth:`flat`."""
        if not math.isfinite(self._alt_m):
            return
        for number in fences.layered:
            fence = fences.fences[number]
            times = [t for t, n in self._meetings if n == number]
            yield from self._inclusion(fence, number, times) if fence.inclusion else self._slab(fence, number, times)

    def _inclusion(self, fence: Fence, number: int, times: list[float]) -> Iterator[Breach]:
        if self._moves and number not in self._inside:
            yield self._past(fence)
        elif times and (breach := self._crossing(fence.name, times[0])) is not None:
            yield breach
        top = _height("ceiling", fence.name, fence.high_rel_home_m, self._alt_m, self._climb, self._age_s, self._how)
        low = _height("floor", fence.name, fence.low_rel_home_m, self._alt_m, self._climb, self._age_s, self._how)
        # Below a floor that it has yet to climb to, nothing is breached by going down to land.
        below = self._alt_m < fence.low_rel_home_m
        for breach in (top, None if below else low):
            # Once it has left by the side, its heights hold no more.
            if breach is not None and (not times or breach.to_edge_s <= times[0]):
                yield breach

    def _slab(self, fence: Fence, number: int, times: list[float]) -> Iterator[Breach]:
        """Forbidden between two heights: told when the way on is first inside by plan and by height at once."""
        enters_s, leaves_s = self._between(fence.low_rel_home_m, fence.high_rel_home_m)
        inside = number in self._inside
        starts = [0.0, *times]
        for begin_s, end_s in zip(starts, [*times, self._horizon_s], strict=True):
            if inside:
                first_s = max(begin_s, enters_s)
                if first_s <= min(end_s, leaves_s):
                    yield from self._into_slab(fence, begin_s, enters_s)
                    return
            inside = not inside

    def _between(self, low_m: float, high_m: float) -> tuple[float, float]:
        """From when to when the height lies between two levels."""
        if abs(self._climb) < _CLIMB_M_S:
            return (0.0, math.inf) if low_m <= self._alt_m <= high_m else (math.inf, -math.inf)
        at = sorted(((low_m - self._alt_m) / self._climb, (high_m - self._alt_m) / self._climb))
        return max(at[0], 0.0), at[1]

    def _into_slab(self, fence: Fence, begin_s: float, enters_s: float) -> Iterator[Breach]:
        if begin_s <= 0.0 and enters_s <= 0.0:
            yield self._past(fence)
        elif begin_s >= enters_s:
            breach = self._crossing(fence.name, begin_s)
            if breach is not None:
                yield breach
        else:
            # From below it meets the slab's floor as a ceiling of its own, from above its ceiling.
            up = self._climb > 0.0
            level = fence.low_rel_home_m if up else fence.high_rel_home_m
            told = _height(
                "ceiling" if up else "floor", fence.name, level, self._alt_m, self._climb, self._age_s, self._how
            )
            if told is not None:
                yield told
