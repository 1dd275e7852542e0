"""``groundstation plan make``: a patrol request into one plan, or one for each aircraft, checked before it is written."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geofences.area import Area, area_text
from geofences.errors import ConfigError, PlanError
from geofences.weather import Weather
from groundstation.app.plan_make_patterns import laps_of, make_pattern
from groundstation.app.plan_make_watch import fleet_of, margins_of, watch_json, watch_of
from groundstation.app.plan_request import moment_us
from groundstation.app.plan_request_read import Job, read_job
from missions.checks import Circumstances, Finding, check_plan, check_plans, limits_for
from missions.codec import MissionKind, items_of
from missions.footprint import Camera
from missions.patterns.area_sweep import SweepFigures
from missions.performance import Performance, PlanTime
from missions.plan import Plan
from missions.plan_file_write import plan_document, write_plan_file
from missions.planner.plans import fitted, plans_of
from missions.planner.promise import Promise, promise
from missions.planner.solution import PatrolSolution

_FIXED_WING, _QUADROTOR = 1, 2
_STRAIGHT_DEG = 20.0


@dataclass(frozen=True, eq=False)
class Made:
    """One plan, and everything that is told about it."""

    file: Path
    plan: Plan
    time: PlanTime
    laps: int
    performance: Performance
    camera: Camera
    area: Area
    promise: Promise
    findings: tuple[Finding, ...]
    aircraft: str = ""
    sweep: SweepFigures | None = None

    @property
    def has_errors(self) -> bool:
        """Whether a check found an error."""
        return any(f.severity == "error" for f in self.findings)


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` for a request that cannot be used (exit code 2)."""
    job = read_job(options.request)
    out: Path = options.out
    if not out.parent.is_dir():
        raise ConfigError(f"{out}: there is no folder {out.parent}", "make the folder first")
    if job.request.pattern == "watch":
        made, solution = _watch(job, out)
    else:
        made, solution = [_single(job, out)], None
    met = solution is None or (solution.met and all(c.on_the_ground for c in solution.conflicts))
    fine = met and bool(made) and not any(m.has_errors for m in made)
    written = bool(made) and (fine or options.write_anyway)
    if written:
        _write(job, made)
    result = _result(job, made, solution, written)
    if options.json:
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
    else:
        _print(result)
    return 0 if fine else 1


# -- making --------------------------------------------------------------------------------------------------------


def _single(job: Job, out: Path) -> Made:
    try:
        pattern = make_pattern(job)
    except PlanError as error:
        raise ConfigError(f"{job.path}: {error.message}", error.remedy) from error
    plan, time, laps = fitted(pattern.plan, laps_of(job.request), job.performance, job.request.wind.en_m_s)
    return replace(_made(job, out, plan, time, laps, job.performance, job.camera, job.area), sweep=pattern.sweep)


def _watch(job: Job, out: Path) -> tuple[list[Made], PatrolSolution]:
    fleet = fleet_of(job)
    solution = watch_of(job, fleet)
    made: list[Made] = []
    try:
        plans = plans_of(solution, job.area, job.terrain, fleet, margins_of(job))
    except PlanError as error:
        raise ConfigError(f"{job.path}: {error.message}", error.remedy) from error
    for number, each in enumerate(plans, start=1):
        file = out.with_name(f"{out.stem}-{number}{out.suffix}") if len(plans) > 1 else out
        group = fleet.groups[each.aircraft.group]
        launch = next(p for p in job.area.launches if p.name == each.patrol.launch.name)
        area = replace(job.area, launch=launch, launches=(launch, *(p for p in job.area.launches if p is not launch)))
        made.append(
            _made(job, file, each.plan, each.time, each.laps, group.performance, group.camera, area, each.aircraft.name)
        )
    return _apart(job, made, solution), solution


def _apart(job: Job, made: list[Made], solution: PatrolSolution) -> list[Made]:
    """The first sorties of all aircraft against each other, flown in time; what is too close goes to the first plan."""
    first: dict[str, float] = {}
    for patrol in solution.patrols:
        for sortie in patrol.sorties:
            first.setdefault(sortie.aircraft, sortie.take_off_s)
    flying = [m for m in made if m.aircraft in first]
    limits = limits_for(flying[0].performance) if flying else None
    found = check_plans(
        [m.plan for m in flying], [m.performance for m in flying], [first[m.aircraft] for m in flying], limits,
        job.request.wind.en_m_s,
    )  # fmt: skip
    if found:
        made[0] = replace(made[0], findings=(*made[0].findings, *found))
    return made


def _made(
    job: Job, file: Path, plan: Plan, time: PlanTime, laps: int, performance: Performance, camera: Camera, area: Area,
    aircraft: str = "",
) -> Made:  # fmt: skip
    wind = job.request.wind.en_m_s
    told = promise(plan, performance, wind, camera, area, job.terrain)
    start = moment_us(job.request.start) if job.request.start is not None else None
    told_of, air = job.request.wind, job.request.weather
    weather = Weather(told_of.speed_m_s, told_of.gust_m_s, air.visibility_m, air.rain_mm_h, air.temperature_c)
    given = Circumstances(performance, wind_en_m_s=wind, weather=weather, t_utc_us=start, camera=camera)
    findings = tuple(check_plan(plan, area, job.terrain, limits_for(performance), given))
    return Made(file, plan, time, laps, performance, camera, area, told, findings, aircraft)


def _write(job: Job, made: Sequence[Made]) -> None:
    try:
        for each in made:
            write_plan_file(each.file, document_of(job, each))
    except PlanError as error:
        raise ConfigError(error.message, error.remedy) from error


def document_of(job: Job, made: Made) -> dict[str, Any]:
    """The ``.plan`` file. Its own part ``marchwarden`` says what QGroundControl's format cannot: area, camera, aircraft."""
    items = {kind: items_of(made.plan, kind) for kind in MissionKind}
    plane = made.performance.family == "plane"
    speed = job.request.flight.speed_m_s or made.performance.speed_m_s
    document = plan_document(
        items, cruise_speed_m_s=speed, hover_speed_m_s=speed, vehicle_type=_FIXED_WING if plane else _QUADROTOR
    )
    east, north = job.request.wind.en_m_s
    document["marchwarden"] = {
        "version": 1,
        "name": made.plan.name,
        "pattern": job.request.pattern,
        "area": json.loads(area_text(made.area)),
        "camera": vars(made.camera),
        "performance": vars(made.performance),
        "wind_en_m_s": [round(east, 3), round(north, 3)],
        "fence": {"margin_m": made.plan.fence.margin_m, "ceiling_m": made.plan.fence.alt_max_rel_home_m},
        "promised": {"revisit_gap_s": _gap(made.promise), "duration_s": round(made.time.airborne_s, 1)},
    }
    return document


# -- telling -------------------------------------------------------------------------------------------------------


def _result(job: Job, made: Sequence[Made], solution: PatrolSolution | None, written: bool) -> dict[str, Any]:
    plans = [_plan_json(m) for m in made]
    findings = [{**f.as_json(), "plan": m.file.name} for m in made for f in m.findings]
    result: dict[str, Any] = {
        "name": job.request.name,
        "pattern": job.request.pattern,
        "written": written,
        "plan_files": [str(m.file) for m in made] if written else [],
        "items": sum(len(m.plan.items) for m in made),
        "length_m": round(sum(m.time.distance_m for m in made), 1),
        "duration_s": round(max((m.time.airborne_s for m in made), default=0.0), 1),
        "battery_left": round(min((m.time.battery_left for m in made), default=1.0), 4),
        "revisit_gap_s": _gap(made[0].promise) if len(made) == 1 and solution is None else None,
        "lanes": sum(p["lanes"] for p in plans),
        "plans": plans,
        "findings": findings,
    }
    if len(made) == 1 and made[0].sweep is not None:
        result["sweep"] = {name: round(float(value), 3) for name, value in vars(made[0].sweep).items()}
    if solution is not None:
        result |= watch_json(solution, job)
        findings += [
            {"severity": "error", "code": "demand_not_met", "message": s.text(), "lat": None, "lon": None, "item": None}
            for s in solution.shortfalls
        ]
        findings += [
            {
                "severity": "warning" if c.on_the_ground else "error",
                "code": "launch_busy" if c.on_the_ground else "aircraft_too_close",
                "message": c.text,
                "lat": None,
                "lon": None,
                "item": None,
            }
            for c in solution.conflicts
        ]
    return result


def _plan_json(made: Made) -> dict[str, Any]:
    return {
        "file": str(made.file),
        "aircraft": made.aircraft or made.performance.name,
        "launch": made.area.launch.name,
        "items": len(made.plan.items),
        "laps": made.laps,
        "lanes": lanes_of(made.time, made.sweep.spacing_m) if made.sweep is not None else 0,
        "length_m": round(made.time.distance_m, 1),
        "duration_s": round(made.time.airborne_s, 1),
        "setup_s": made.performance.setup_s,
        "battery_left": round(made.time.battery_left, 4),
        "reserve_kept": made.time.reserve_kept,
        "revisit_gap_s": _gap(made.promise),
        "border_seen_m": round(made.promise.seen_m, 1),
    }


def _gap(told: Promise) -> dict[str, float | None]:
    def rounded(value: float | None) -> float | None:
        return None if value is None or not math.isfinite(value) else round(value, 1)

    return {"median": rounded(told.median_gap_s), "max": rounded(told.max_gap_s)}


def lanes_of(time: PlanTime, spacing_m: float) -> int:
    """Straight runs longer than the lanes are apart, without the ways out and home."""
    runs: list[float] = []
    last: float | None = None
    for leg in (leg for leg in time.legs if leg.kind == "leg"):
        east, north = leg.to_en_m[0] - leg.from_en_m[0], leg.to_en_m[1] - leg.from_en_m[1]
        length = math.hypot(east, north)
        if length < 1.0:
            continue
        course = math.degrees(math.atan2(east, north))
        if last is not None and abs((course - last + 180.0) % 360.0 - 180.0) < _STRAIGHT_DEG:
            runs[-1] += length
        else:
            runs.append(length)
        last = course
    return sum(1 for run in runs[1:-1] if run > 1.05 * spacing_m)


def _print(result: dict[str, Any]) -> None:
    for plan in result["plans"]:
        gap = plan["revisit_gap_s"]
        seen = "" if gap["max"] is None else f", gap {gap['median']:.0f} s (at most {gap['max']:.0f} s)"
        print(
            f"{plan['file']}: {plan['aircraft']} from {plan['launch']}, {plan['items']} items, "
            f"{plan['length_m'] / 1000.0:.1f} km, {plan['duration_s'] / 60.0:.0f} min, "
            f"battery left {100.0 * plan['battery_left']:.0f} %{seen}"
        )
    for finding in result["findings"]:
        print(f"  {finding['severity']}: {finding['message']}")
    for advice in result.get("what_would_meet_it", []):
        print(f"  {'' if advice['kind'] == 'fleet' else 'it would be met by: '}{advice['text']}")
    if not result["written"]:
        print("nothing was written", file=sys.stderr)
