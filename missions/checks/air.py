"""Battery, link range and weather: whether the aircraft can do it at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from geofences.errors import PlanError
from geofences.weather import Weather, weather_findings
from geofences.zone import WeatherLimits
from missions.checks.findings import Circumstances, Finding, Severity
from missions.checks.legs import Stretch
from missions.flown_path import FlownPath
from missions.performance import KNOWN
from missions.plan import Plan
from missions.plan_time import PlanTime, plan_time

_UNKNOWN_FLIGHT_S = 3600.0


def flight_s(plan: Plan, given: Circumstances) -> float:
    """How long it is in the air; an hour where that cannot be told."""
    performance = given.performance or KNOWN["quadcopter"]
    try:
        timed = plan_time(plan, performance, given.wind)
    except PlanError:
        return _UNKNOWN_FLIGHT_S
    return timed.airborne_s if math.isfinite(timed.airborne_s) else _UNKNOWN_FLIGHT_S


def check_battery(plan: Plan, given: Circumstances) -> Iterator[Finding]:
    """Whether it comes home with its reserve. An aircraft that is only assumed gets a warning."""
    performance = given.performance
    if performance is None or not plan.items:
        return
    severity: Severity = "warning" if given.assumed else "error"
    home = plan.home_lat_deg, plan.home_lon_deg
    try:
        timed = plan_time(plan, performance, given.wind)
    except PlanError as error:
        yield Finding(severity, "too_much_wind", error.message, *home)
        return
    who = f"an ordinary {performance.name}" if given.assumed else performance.name
    if timed.endless:
        text = f"the plan goes round until somebody ends it; {who} stays up for {performance.usable_s / 60.0:.0f} min"
        yield Finding("warning", "endless_plan", text, *home)
    elif not timed.reserve_kept:
        left = f"{100.0 * timed.battery_left:.0f} %" if timed.battery_left >= 0.0 else "nothing"
        text = (
            f"{who} needs {timed.airborne_s / 60.0:.0f} min and lands with {left} of its battery, "
            f"{100.0 * performance.reserve_fraction:.0f} % are to be kept"
        )
        yield Finding(severity, "battery", text, *_runs_out(plan, timed, performance.usable_s))


def _runs_out(plan: Plan, timed: PlanTime, usable_s: float) -> tuple[float, float, int]:
    """Where it is when what may be used has been used."""
    spent = 0.0
    for leg in timed.legs:
        spent += leg.duration_s
        if spent >= usable_s:
            item = plan.items[leg.item_seq - 1]
            if item.x or item.y:
                return item.x / 1e7, item.y / 1e7, leg.item_seq
            return plan.home_lat_deg, plan.home_lon_deg, leg.item_seq
    return plan.home_lat_deg, plan.home_lon_deg, -1


def check_range(plan: Plan, path: FlownPath, parts: list[Stretch], given: Circumstances) -> Iterator[Finding]:
    """Whether it stays within the range of its link from home, heights counted."""
    performance = given.performance
    if performance is None:
        return
    to = path.pieces()[:, 1]
    severity: Severity = "warning" if given.assumed else "error"
    far = np.hypot(np.hypot(*path.map_m.T), path.alt_rel_home_m)
    over = [p for p in parts if far[to[p.rows]].max() > performance.link_range_m]
    if not over:
        return
    first = over[0]
    row = int(to[first.rows[int(np.argmax(far[to[first.rows]] > performance.link_range_m))]])
    lat, lon = path.chart.from_map(path.map_m[row])
    text = (
        f"{first.name} is {far[row] / 1000.0:.1f} km from home, the link reaches {performance.link_range_m / 1000.0:.1f} km"
        + (f" ({len(over)} legs and turns are beyond it)" if len(over) > 1 else "")
    )
    yield Finding(severity, "link_range", text, float(lat), float(lon), first.at)


def check_weather(plan: Plan, given: Circumstances, limits: WeatherLimits | None) -> Iterator[Finding]:
    """The forecast against what the aircraft and the area allow."""
    home, performance = (plan.home_lat_deg, plan.home_lon_deg), given.performance
    wind = None if given.wind_en_m_s is None else math.hypot(*given.wind_en_m_s)
    if performance is not None and wind is not None and wind > performance.wind_max_m_s:
        text = f"a wind of {wind:.1f} m/s is more than the {performance.wind_max_m_s:g} m/s of {performance.name}"
        yield Finding("warning" if given.assumed else "error", "wind_limit", text, *home)
    observed = given.weather or Weather()
    if observed.wind_m_s is None and wind is not None:
        observed = replace(observed, wind_m_s=wind)
    for found in weather_findings(limits, observed):
        yield Finding(found.severity, f"weather_{found.code}", found.text, *home)
