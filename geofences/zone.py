"""Zones, heights, times and limits: what an area is made of. Plain records, checked where they are made.

Positions are ``(lat_deg, lon_deg)`` on WGS 84. Every height says what it is measured from; every time is UTC.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal, get_args

from geofences.errors import ConfigError

LatLon = tuple[float, float]
Reference = Literal["amsl", "home", "ground"]
Role = Literal["inclusion", "exclusion", "no_look"]

REFERENCES: tuple[str, ...] = get_args(Reference)
MINUTES_A_DAY = 1440
EVERY_DAY = frozenset(range(7))
_MINUTE_US = 60_000_000
_DAY_US = MINUTES_A_DAY * _MINUTE_US


@dataclass(frozen=True)
class Height:
    """A height and what it is measured from: mean sea level, the launch point ("home") or the ground below.

    Raises :class:`ConfigError` for a number that is not finite or an unknown reference.
    """

    metres: float
    reference: Reference = "home"

    def __post_init__(self) -> None:
        if not math.isfinite(self.metres):
            raise ConfigError(f"a height of {self.metres} m is none", "give it in metres")
        if self.reference not in REFERENCES:
            raise ConfigError(f"unknown height reference {self.reference!r}", f"use one of {', '.join(REFERENCES)}")

    def __str__(self) -> str:
        return f"{self.metres:g} m " + {"amsl": "AMSL", "home": "above home", "ground": "above ground"}[self.reference]


@dataclass(frozen=True)
class TimeWindow:
    """A time of day, in UTC, on some days of the week; both ends belong to it.

    ``start_minute`` 0..1439 and ``end_minute`` 1..1440 count from midnight; an end before the start lies on the next
    day. ``days`` (0 is Monday) are those on which the window begins: Friday 22:00 to 04:00 ends on Saturday.
    Raises :class:`ConfigError` for a window that is none.
    """

    start_minute: int
    end_minute: int
    days: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        if not (0 <= self.start_minute < MINUTES_A_DAY and 0 <= self.end_minute <= MINUTES_A_DAY):
            raise ConfigError(
                f"a time window from minute {self.start_minute} to {self.end_minute} of a day is none",
                "write it like 22:00-04:00",
            )
        if self.start_minute == self.end_minute:
            raise ConfigError("a time window begins and ends at the same minute", "write 00:00-24:00 for the whole day")
        if not self.days or not self.days <= EVERY_DAY:
            raise ConfigError("a time window has no day or one that no week has", "name days as Mo, Tu, We ... Su")

    @property
    def length_minutes(self) -> int:
        """How long it lasts."""
        return (self.end_minute - self.start_minute) % MINUTES_A_DAY or MINUTES_A_DAY

    def holds(self, t_utc_us: int) -> bool:
        """Whether that moment (microseconds since 1970, UTC) lies in the window."""
        return self.meets(t_utc_us, t_utc_us)

    def meets(self, from_utc_us: int, to_utc_us: int) -> bool:
        """Whether any moment from the one to the other, both included, lies in the window."""
        # One week holds every window.
        last = min(to_utc_us // _DAY_US, from_utc_us // _DAY_US + 8)
        return any(
            begin <= to_utc_us and from_utc_us <= end for begin, end in self._runs(from_utc_us // _DAY_US - 1, last)
        )

    def end_after(self, t_utc_us: int) -> int | None:
        """When the window that holds at this moment ends (the latest, where it follows itself); None: it does not hold."""
        day = t_utc_us // _DAY_US
        return max((end for begin, end in self._runs(day - 1, day) if begin <= t_utc_us <= end), default=None)

    def _runs(self, first_day: int, last_day: int) -> Iterator[tuple[int, int]]:
        """Begin and end, microseconds, of the windows that begin on these days (counted from 1970)."""
        for day in range(first_day, last_day + 1):
            # 1 January 1970 was a Thursday.
            if (day + 3) % 7 in self.days:
                begin = day * _DAY_US + self.start_minute * _MINUTE_US
                yield begin, begin + self.length_minutes * _MINUTE_US


@dataclass(frozen=True)
class Circle:
    """A circle on the ground. Raises :class:`ConfigError` for a radius that is not above 0."""

    lat_deg: float
    lon_deg: float
    radius_m: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.radius_m) and self.radius_m > 0.0):
            raise ConfigError(f"a circle of {self.radius_m} m radius is none", "give a radius above 0 m")


@dataclass(frozen=True)
class Corridor:
    """All places within ``half_width_m`` of a line, round at its ends.

    Raises :class:`ConfigError` for a width that is not above 0 or a line of fewer than two points.
    """

    points: tuple[LatLon, ...]
    half_width_m: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.half_width_m) and self.half_width_m > 0.0):
            raise ConfigError(f"a corridor {self.half_width_m} m wide on each side is none", "give a width above 0 m")
        if len(set(self.points)) < 2:
            raise ConfigError("the line of a corridor has fewer than two points", "draw the line again")


@dataclass(frozen=True)
class Zone:
    """A part of the ground, and for some zones of the air above it.

    ``points``: the outer ring, ``holes``: what is cut out of it; rings are not closed (the last point is not the first).
    For a circle or a corridor (``drawn_as``) they are its outline as a polygon, drawn round it for an exclusion and
    inside it for an inclusion. An exclusion with ``floor`` or ``ceiling`` forbids only what lies between them; an
    inclusion allows only what lies between them. ``windows`` (none: always) are the times at which an exclusion
    forbids and an inclusion allows. ``buffer_m`` is kept free besides: exclusions grow by it, inclusions shrink.

    Raises :class:`ConfigError` for a negative buffer or a ceiling that is not above a floor of the same reference.
    """

    name: str
    points: tuple[LatLon, ...]
    holes: tuple[tuple[LatLon, ...], ...] = ()
    floor: Height | None = None
    ceiling: Height | None = None
    windows: tuple[TimeWindow, ...] = ()
    buffer_m: float = 0.0
    drawn_as: Circle | Corridor | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.buffer_m) and self.buffer_m >= 0.0):
            raise ConfigError(f"zone {self.name!r} has a buffer of {self.buffer_m} m", "give a buffer of 0 m or more")
        low, high = self.floor, self.ceiling
        if low is not None and high is not None and low.reference == high.reference and low.metres >= high.metres:
            raise ConfigError(f"zone {self.name!r}: its floor, {low}, is not below its ceiling, {high}", "swap them")


@dataclass(frozen=True)
class NamedPoint:
    """A named position on the ground."""

    name: str
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True)
class Obstacle:
    """Something upright to keep clear of: within ``radius_m`` of the place, up to ``top``.

    Raises :class:`ConfigError` for a radius below 0.
    """

    name: str
    lat_deg: float
    lon_deg: float
    radius_m: float
    top: Height

    def __post_init__(self) -> None:
        if not (math.isfinite(self.radius_m) and self.radius_m >= 0.0):
            raise ConfigError(f"obstacle {self.name!r} has a radius of {self.radius_m} m", "give 0 m or more")


@dataclass(frozen=True)
class WeatherLimits:
    """What the aircraft may be flown in; None: no limit is set. Raises :class:`ConfigError` for numbers that are none."""

    wind_max_m_s: float | None = None
    gust_max_m_s: float | None = None
    visibility_min_m: float | None = None
    rain_max_mm_h: float | None = None
    temperature_min_c: float | None = None
    temperature_max_c: float | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            if not math.isfinite(value) or (value < 0.0 and not field.name.startswith("temperature")):
                raise ConfigError(f"the weather limit {field.name} is {value}", "give a number, or leave it out")
        low, high = self.temperature_min_c, self.temperature_max_c
        if low is not None and high is not None and low >= high:
            raise ConfigError(f"the weather limits ask for more than {low:g} and less than {high:g} °C", "swap them")
