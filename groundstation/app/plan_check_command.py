"""``groundstation plan check``: exit code 0 without errors, 1 with errors, 2 for bad input."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geofences.area import Area, parse_area, read_area
from geofences.errors import ConfigError, PlanError
from geofences.terrain import TerrainGrid, read_terrain
from geofences.weather import Weather, wind_towards_en_m_s
from missions.checks import CheckLimits, Circumstances, Finding, check_plan, check_plans, errors_of, limits_for
from missions.footprint import Camera
from missions.performance import KNOWN, Performance, read_performance
from missions.plan import Plan
from missions.plan_file import PlanFile, read_plan_file
from missions.plan_of_file import ARDUPILOT_MARGIN_M, plan_of_file

OWN = "marchwarden"
_FIXED_WING = 1
_MOST_M = 100_000.0


@dataclass(frozen=True, eq=False)
class Checked:
    """A plan of a file with all that it is checked with."""

    file: Path
    plan: Plan
    area: Area | None
    terrain: TerrainGrid | None
    limits: CheckLimits
    given: Circumstances
    notes: tuple[str, ...]
    own: Mapping[str, Any]

    def findings(self) -> list[Finding]:
        """Of this plan alone."""
        return check_plan(self.plan, self.area, self.terrain, self.limits, self.given)


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` and :class:`PlanError` for bad input (exit code 2)."""
    checked = [load(file, options, n) for n, file in enumerate(options.plan)]
    rows: list[dict[str, Any]] = []
    for each in checked:
        rows += [f.as_json() | {"plan": str(each.file)} for f in each.findings()]
    if len(checked) > 1:
        rows += [f.as_json() | {"plan": str(checked[0].file)} for f in _apart(checked, options)]
    elif options.start is not None:
        raise ConfigError("--start says when several plans begin, but there is only one", "give the other plans too")
    errors = sum(row["severity"] == "error" for row in rows)
    rows.sort(key=lambda row: row["severity"] != "error")
    if options.json:
        result = {"findings": rows, "errors": errors, "warnings": len(rows) - errors}
        result["notes"] = [f"{c.file}: {note}" for c in checked for note in c.notes]
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
    else:
        _print(checked, rows, errors)
    return 1 if errors else 0


def _print(checked: Sequence[Checked], rows: Sequence[Mapping[str, Any]], errors: int) -> None:
    for row in rows:
        where = "" if row["item"] is None else f" item {row['item']}"
        print(
            f"{row['severity']}: {row['plan']}{where} at {row['lat']:.6f}, {row['lon']:.6f}: {row['message']} [{row['code']}]"
        )
    for each in checked:
        for note in each.notes:
            print(f"note: {each.file}: {note}")
    print(f"{errors} errors, {len(rows) - errors} warnings")


def load(file: Path, options: argparse.Namespace, number: int = 0) -> Checked:
    """A file and what it is to be checked with: the options, then what the file says of itself.

    Raises :class:`ConfigError` and :class:`PlanError`.
    """
    read = read_plan_file(file)
    own = own_part(read, file)
    area = _area(getattr(options, "area", None), own, file)
    terrain = _terrain(options)
    performance, assumed = _performance(options, own, read, number)
    margin = _metres(options, "margin", _of(own, "fence", "margin_m", ARDUPILOT_MARGIN_M))
    ceiling = _metres(options, "ceiling", _of(own, "fence", "ceiling_m", None))
    union = bool(getattr(options, "union", False)) or bool(area is not None and area.union_of_inclusions)
    home_m = None
    if terrain is not None and read.home[2] == 0.0:
        ground = float(terrain.height(read.home[0], read.home[1]))
        home_m = ground if math.isfinite(ground) else None
    plan, notes = plan_of_file(read, file.stem, ceiling, float(margin or 0.0), union, home_m)
    if area is not None:
        # The border's frame is at the launch point; what is checked begins at the plan's home.
        notes += _far_from(area, plan)
    limits = limits_for(performance)
    rtl, low = _metres(options, "rtl_alt", limits.rtl_alt_m), _metres(options, "min_agl", limits.min_agl_m)
    limits = replace(limits, rtl_alt_m=float(rtl or 0.0), min_agl_m=float(low or 0.0))
    given = Circumstances(
        performance, assumed, _wind(getattr(options, "wind", None), own), _weather(options),
        _at(getattr(options, "at", None)), _camera(own, file),
    )  # fmt: skip
    return Checked(file, plan, area, terrain, limits, given, (*read.notes, *notes), own)


def own_part(read: PlanFile, file: Path) -> Mapping[str, Any]:
    """What ``plan make`` wrote into the file besides; empty for a file of another program."""
    own = read.kept.sections.get("", {}).get(OWN) if read.kept is not None else None
    if own is None:
        return {}
    if not isinstance(own, dict):
        raise PlanError(f"{file}: {OWN}: is not an object", "make the plan again, or delete that part")
    return own


def own_wind_en_m_s(own: Mapping[str, Any]) -> tuple[float, float] | None:
    """The wind that ``plan make`` planned with, None where the file does not say."""
    told = own.get("wind_en_m_s")
    if isinstance(told, list) and len(told) == 2 and all(isinstance(v, int | float) for v in told):
        return float(told[0]), float(told[1])
    return None


def _of(own: Mapping[str, Any], section: str, key: str, default: float | None) -> float | None:
    part = own.get(section)
    value = part.get(key, default) if isinstance(part, dict) else default
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else default


def _metres(options: argparse.Namespace, name: str, default: float | None) -> float | None:
    value = getattr(options, name, None)
    if value is None:
        return default
    if not 0.0 <= value <= _MOST_M:
        raise ConfigError(f"--{name.replace('_', '-')} {value:g}: is no such height or distance", "give metres")
    return float(value)


def _area(path: Path | None, own: Mapping[str, Any], file: Path) -> Area | None:
    if path is not None:
        return read_area(path / "area.geojson" if path.is_dir() else path)
    if own.get("area") is None:
        return None
    return parse_area(json.dumps(own["area"]), f"{file}: {OWN}.area")


def _terrain(options: argparse.Namespace) -> TerrainGrid | None:
    path, area = getattr(options, "terrain", None), getattr(options, "area", None)
    if path is None and area is not None and area.is_dir() and (area / "terrain.tif").is_file():
        path = area / "terrain.tif"
    return None if path is None else read_terrain(path)


def _performance(
    options: argparse.Namespace, own: Mapping[str, Any], read: PlanFile, number: int
) -> tuple[Performance, bool]:
    """The aircraft, and whether nobody named it."""
    named = getattr(options, "aircraft", None) or []
    if named:
        if len(named) not in (1, len(options.plan)):
            raise ConfigError(f"{len(named)} aircraft for {len(options.plan)} plans", "give one, or one for each plan")
        return read_performance(named[number if len(named) > 1 else 0]), False
    if isinstance(own.get("performance"), dict):
        return read_performance(own["performance"]), False
    mission = read.kept.sections.get("mission", {}) if read.kept is not None else {}
    if mission.get("vehicleType") == _FIXED_WING:
        return KNOWN["plane"], True
    speed = min(max(read.hover_speed_m_s, 0.5), 30.0)
    usual = KNOWN["quadcopter"]
    return replace(usual, speed_m_s=speed, airspeed_max_m_s=max(usual.airspeed_max_m_s, speed)), True


def _camera(own: Mapping[str, Any], file: Path) -> Camera | None:
    told = own.get("camera")
    if not isinstance(told, dict):
        return None
    try:
        return Camera(**told)
    except TypeError as error:
        raise PlanError(f"{file}: {OWN}.camera: {error}", "make the plan again, or delete that part") from error


def _wind(text: str | None, own: Mapping[str, Any]) -> tuple[float, float] | None:
    """Velocity of the air, east and north, of "speed,from"."""
    if text is None:
        return own_wind_en_m_s(own)
    try:
        speed, come_from = (float(part) for part in text.split(","))
    except ValueError:
        speed = come_from = math.nan
    if not (0.0 <= speed <= 100.0 and -360.0 <= come_from <= 360.0):
        raise ConfigError(f"--wind {text!r}: is no wind", "give m/s and degrees that it comes from, like 6,270")
    return wind_towards_en_m_s(speed, come_from)


def _weather(options: argparse.Namespace) -> Weather:
    names = ("gust", "visibility", "rain", "temperature")
    values = {n: getattr(options, n, None) for n in names}
    for name, value in values.items():
        if value is not None and (not math.isfinite(value) or (value < 0.0 and name != "temperature")):
            raise ConfigError(f"--{name} {value:g}: is no such weather", "give a number")
    return Weather(None, values["gust"], values["visibility"], values["rain"], values["temperature"])


def _at(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--at {text!r}: {error}", "give a time like 2026-05-04T22:00 (UTC)") from error
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when
    return round(when.timestamp() * 1e6)


def _far_from(area: Area, plan: Plan) -> list[str]:
    away = float(math.hypot(*area.frame().to_plane(plan.home_lat_deg, plan.home_lon_deg)))
    if away > 1000.0 and not any(
        math.hypot(p.lat_deg - plan.home_lat_deg, p.lon_deg - plan.home_lon_deg) < 0.01 for p in area.launches
    ):
        return [f"home is {away / 1000.0:.1f} km from the launch point of the area"]
    return []


def _apart(checked: Sequence[Checked], options: argparse.Namespace) -> list[Finding]:
    starts = None
    if options.start is not None:
        try:
            starts = [float(part) for part in options.start.split(",")]
        except ValueError as error:
            raise ConfigError(f"--start {options.start!r}: {error}", "give seconds, like 0,600") from error
        if len(starts) != len(checked) or not all(math.isfinite(s) for s in starts):
            raise ConfigError(f"--start {options.start!r}: {len(checked)} starts are needed", "give one for each plan")
    performances = [c.given.performance or KNOWN["quadcopter"] for c in checked]
    return check_plans([c.plan for c in checked], performances, starts, None, checked[0].given.wind)


def blocking_findings(checked: Checked) -> list[Finding]:
    """The errors that forbid an upload of what stands in a file.

    A file without a mission may bring a fence alone. What an aircraft that nobody named has room for it says itself, before
    it gives up what it holds.
    """
    passed = {"empty_mission"}
    if checked.given.assumed:
        passed |= {"too_many_items", "fence_too_big", "too_many_rally"}
    return [f for f in errors_of(checked.findings()) if f.code not in passed]
