"""``groundstation plan make``: a patrol request into one plan, or one for each aircraft, checked before it is written."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geofences.errors import ConfigError, PlanError
from groundstation.app.plan_in_parts import shared_out
from missions.plan_file_write import write_plan_file
from missions.plan_time import PlanTime
from missions.planner.solution import PatrolSolution
from missions.requests.make import Made, document_of, gap_figures, make
from missions.requests.read import Job, read_job
from missions.requests.watch import watch_json

_STRAIGHT_DEG = 20.0


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` for a request that cannot be used (exit code 2)."""
    job = read_job(options.request)
    if job.request.coverage is not None:
        from groundstation.app.plan_coverage import with_coverage

        job = with_coverage(job)
    out: Path = options.out
    if not out.parent.is_dir():
        raise ConfigError(f"{out}: there is no folder {out.parent}", "make the folder first")
    with shared_out(
        sum(group.count for group in job.request.aircraft) if job.request.pattern == "watch" else 1
    ) as share_out:
        made, solution = make(job, out, share_out=share_out)
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


def _write(job: Job, made: Sequence[Made]) -> None:
    try:
        for each in made:
            write_plan_file(each.file, document_of(job, each))
    except PlanError as error:
        raise ConfigError(error.message, error.remedy) from error


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
        "revisit_gap_s": gap_figures(made[0].promise) if len(made) == 1 and solution is None else None,
        "lanes": sum(p["lanes"] for p in plans),
        "plans": plans,
        "findings": findings,
    }
    if len(made) == 1 and made[0].sweep is not None:
        result["sweep"] = {name: round(float(value), 3) for name, value in vars(made[0].sweep).items()}
    if job.by_coverage:
        result["coverage"] = [
            {"s_from_m": round(low, 1), "s_to_m": round(high, 1), "weight": round(weight, 4), "reason": reason}
            for low, high, weight, reason in job.by_coverage
        ]
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
        "revisit_gap_s": gap_figures(made.promise),
        "border_seen_m": round(made.promise.seen_m, 1),
    }


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
    for row in result.get("coverage", [])[:5]:
        print(f"  for {row['s_from_m']:.0f} to {row['s_to_m']:.0f} m along the border: {row['reason']}")
    for finding in result["findings"]:
        print(f"  {finding['severity']}: {finding['message']}")
    for advice in result.get("what_would_meet_it", []):
        print(f"  {'' if advice['kind'] == 'fleet' else 'it would be met by: '}{advice['text']}")
    if not result["written"]:
        print("nothing was written", file=sys.stderr)
