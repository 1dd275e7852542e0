"""What an aircraft can do, and how long a leg takes it: wind, climb, corners. Whole plans: :mod:`missions.plan_time`. Pure.

Sources. Ground speed: the wind triangle (E6B), ``v_g = sqrt(v_a^2 - w_cross^2) + w_along``. A multicopter holds its speed
over the ground and leans into the wind (ArduPilot ``AC_WPNav``: WPNAV_SPEED is over the ground) until its greatest
airspeed no longer allows it; a plane holds its airspeed (``AIRSPEED_CRUISE``). Legs: constant acceleration to the cruising
speed and back (the trapezoid of ``AC_WPNav``), with ``v cos^2(turn)`` over a corner and a stop where it turns by 90 degrees
or more. A plane turns at ``v_a / r``; up to 90 degrees it cuts the corner (no time lost), a reversal costs half a circle.
"""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from geofences.errors import ConfigError

WindEN = tuple[float, float]
"""Velocity of the air over the ground, east and north, m/s: where it blows to, not where it comes from."""


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
