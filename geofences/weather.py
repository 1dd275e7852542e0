"""Weather against the limits of an area. What was not observed is said, never taken as fine."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from geofences.zone import WeatherLimits


def wind_towards_en_m_s(speed_m_s: float, from_deg: float) -> tuple[float, float]:
    """The velocity of air that comes from a direction: east, north."""
    towards = math.radians(from_deg + 180.0)
    return speed_m_s * math.sin(towards), speed_m_s * math.cos(towards)


@dataclass(frozen=True)
class Weather:
    """What was observed or forecast at the place and time of a flight; None: not known."""

    wind_m_s: float | None = None
    gust_m_s: float | None = None
    visibility_m: float | None = None
    rain_mm_h: float | None = None
    temperature_c: float | None = None


@dataclass(frozen=True)
class WeatherFinding:
    """An ``error`` (a limit is not kept) or a ``warning`` (it cannot be told whether it is)."""

    severity: Literal["error", "warning"]
    code: str
    text: str


_KINDS = (
    ("wind_max_m_s", "wind_m_s", "wind", "m/s", True),
    ("gust_max_m_s", "gust_m_s", "gusts", "m/s", True),
    ("visibility_min_m", "visibility_m", "visibility", "m", False),
    ("rain_max_mm_h", "rain_mm_h", "rain", "mm/h", True),
    ("temperature_min_c", "temperature_c", "temperature", "°C", False),
    ("temperature_max_c", "temperature_c", "temperature", "°C", True),
)


def weather_findings(limits: WeatherLimits | None, observed: Weather) -> list[WeatherFinding]:
    """Each limit that the weather does not keep, or of which nobody knows; a value on its limit keeps it.

    Codes: ``wind``, ``gusts``, ``visibility``, ``rain``, ``temperature``, and the same with ``_unknown``. Gusts are never
    below the wind: where only the wind is known it is held against the gust limit as well, and stays a warning if kept.
    """
    findings: list[WeatherFinding] = []
    if limits is None:
        return findings
    for limit_name, value_name, word, unit, is_most in _KINDS:
        limit, value = getattr(limits, limit_name), getattr(observed, value_name)
        if limit is None:
            continue
        known = value is not None and value == value
        if not known and value_name == "gust_m_s" and observed.wind_m_s is not None and observed.wind_m_s > limit:
            known, value = True, observed.wind_m_s
        asked = f"{limit:g} {unit} at {'most' if is_most else 'least'}"
        if not known:
            findings.append(
                WeatherFinding("warning", f"{word}_unknown", f"the {word} is not known, the limit is {asked}")
            )
        elif value > limit if is_most else value < limit:
            findings.append(WeatherFinding("error", word, f"{word} {value:g} {unit}, the limit is {asked}"))
    return findings
