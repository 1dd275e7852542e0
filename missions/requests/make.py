"""A patrol request made into plans, one for each aircraft, each with its time, its promise and its findings."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from geofences.area import Area, area_text
from geofences.errors import ConfigError, PlanError
from geofences.weather import Weather
from missions.checks import Circumstances, Finding, check_plan, check_plans, limits_for
from missions.codec import MissionKind, items_of
from missions.coverage.grid import CoverageGrid
from missions.footprint import Camera
from missions.patterns.area_sweep import SweepFigures
from missions.performance import Performance
from missions.plan import Plan
from missions.plan_file_write import plan_document
from missions.plan_time import PlanTime
from missions.planner.fleet import Fleet
from missions.planner.plans import AircraftPlan, fitted, longer_ways, plans_of
from missions.planner.promise import Promise, border_grid, promise
from missions.planner.sharing_out import ShareOut, alone
from missions.planner.solution import PatrolSolution
from missions.requests.patterns import laps_of, make_pattern
from missions.requests.read import Job
from missions.requests.request import moment_us
from missions.requests.watch import fleet_of, margins_of, watch_of

_FIXED_WING, _QUADROTOR = 1, 2
_TRIES = 3


@dataclass(frozen=True, eq=False)
class Made:
    """One plan, and everything that is told about it. ``file``: where it is to be written."""

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


def make(
    job: Job, out: Path, promised: bool = True, share_out: ShareOut = alone
) -> tuple[list[Made], PatrolSolution | None]:
    """The plans of a request, checked, nothing written; and what was found of a watch of several aircraft.

    ``out``: the file of the first plan; several get a number. ``promised`` False: their promises, which take most of the
    time, are left out (:func:`with_promise`). ``share_out``: who does what is done for each of several aircraft. Raises
    :class:`ConfigError`.
    """
    if job.request.coverage is not None and not job.by_coverage:
        raise ConfigError(
            f"{job.path}: coverage: nobody has read the ledger yet", "plan it with `groundstation plan make`"
        )
    if job.request.pattern == "watch":
        return _watch(job, out, promised, share_out)
    made = _single(job, out)
    return [with_promise(job, made) if promised else made], None


def with_promise(job: Job, made: Made, grid: CoverageGrid | None = None) -> Made:
    """The same plan with what it promises worked out; ``grid``: of the same border, where it is known already."""
    wind = job.request.wind.en_m_s
    return replace(made, promise=promise(made.plan, made.performance, wind, made.camera, made.area, job.terrain, grid))


def _single(job: Job, out: Path) -> Made:
    try:
        pattern = make_pattern(job)
    except PlanError as error:
        raise ConfigError(f"{job.path}: {error.message}", error.remedy) from error
    plan, time, laps = fitted(pattern.plan, laps_of(job.request), job.performance, job.request.wind.en_m_s)
    return replace(_made(job, out, plan, time, laps, job.performance, job.camera, job.area), sweep=pattern.sweep)


def _watch(job: Job, out: Path, promised: bool, share_out: ShareOut) -> tuple[list[Made], PatrolSolution]:
    fleet = fleet_of(job)
    ways: dict[str, float] = {}
    for _ in range(_TRIES):
        solution = watch_of(job, fleet, ways)
        try:
            plans = plans_of(solution, job.area, job.terrain, fleet, margins_of(job), share_out)
        except PlanError as error:
            raise ConfigError(f"{job.path}: {error.message}", error.remedy) from error
        longer = longer_ways(plans, ways)
        if longer == ways:
            break
        # The ways go round zones: the watch is split again with what they really take.
        ways = longer
    files = [out.with_name(f"{out.stem}-{n}{out.suffix}") if len(plans) > 1 else out for n in range(1, len(plans) + 1)]
    made = share_out(partial(_made_all, job, fleet, promised), list(zip(plans, files, strict=True)))
    return _apart(job, made, solution), solution


def _made_all(job: Job, fleet: Fleet, promised: bool, plans: Sequence[tuple[AircraftPlan, Path]]) -> list[Made]:
    """The plans of several aircraft, checked and with what they promise."""
    out: list[Made] = []
    grids: dict[float, CoverageGrid] = {}
    for each, file in plans:
        group = fleet.groups[each.aircraft.group]
        launch = next(p for p in job.area.launches if p.name == each.patrol.launch.name)
        area = replace(job.area, launch=launch, launches=(launch, *(p for p in job.area.launches if p is not launch)))
        made = _made(
            job, file, each.plan, each.time, each.laps, group.performance, group.camera, area, each.aircraft.name
        )
        if promised:
            # All fly along the same border; only the level of its ground without terrain is that of each launch point.
            level = each.plan.home_alt_amsl_m
            if level not in grids:
                grids[level] = border_grid(area, job.terrain, level)
            made = with_promise(job, made, grids[level])
        out.append(made)
    return out


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
    start = moment_us(job.request.start) if job.request.start is not None else None
    told_of, air = job.request.wind, job.request.weather
    weather = Weather(told_of.speed_m_s, told_of.gust_m_s, air.visibility_m, air.rain_mm_h, air.temperature_c)
    given = Circumstances(performance, wind_en_m_s=wind, weather=weather, t_utc_us=start, camera=camera)
    findings = tuple(check_plan(plan, area, job.terrain, limits_for(performance), given))
    told = Promise.not_worked_out()
    return Made(file, plan, time, laps, performance, camera, area, told, findings, aircraft)


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
        "promised": {"revisit_gap_s": gap_figures(made.promise), "duration_s": round(made.time.airborne_s, 1)},
    }
    return document


def gap_figures(told: Promise) -> dict[str, float | None]:
    """The gap that is promised, median and greatest, in seconds; None where a place is never seen again."""

    def rounded(value: float | None) -> float | None:
        return None if value is None or not math.isfinite(value) else round(value, 1)

    return {"median": rounded(told.median_gap_s), "max": rounded(told.max_gap_s)}
