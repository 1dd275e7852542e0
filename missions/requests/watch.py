"""The watch of several aircraft in a patrol request: to the planner and back into JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from geofences.errors import ConfigError, MarchwardenError
from missions.footprint import Camera, strip_swath
from missions.planner.demand import Demand, Stretch, walker_gap_s
from missions.planner.fleet import Fleet, Group, LaunchPoint, Way
from missions.planner.plans import Margins
from missions.planner.solution import Advice, Patrol, PatrolSolution
from missions.planner.watch import Watch, border_length_m, plan_watch
from missions.requests.read import Job, camera_of, type_of
from missions.requests.request import GapSection, WalkerSection, WatchSection, moment_us

_PROFILE_M = 250.0
_COPTER_LAYER_M, _PLANE_LAYER_M = 25.0, 35.0
"""A little more than what the checks ask for between aircraft above each other."""


def fleet_of(job: Job) -> Fleet:
    """The aircraft and launch points of a request; without ``[[aircraft]]`` one of its ``performance``."""
    request, folder = job.request, job.path.resolve().parent
    groups = tuple(
        Group(type_of(a.type, folder), a.count, camera_of(a.camera) if a.camera else job.camera, a.launch)
        for a in request.aircraft
    ) or (Group(job.performance, 1, job.camera),)
    if request.flight.speed_m_s is not None:
        raise ConfigError(
            f"{job.path}: flight.speed_m_s: with several aircraft each type has its own speed",
            "set speed_m_s in the type of each [[aircraft]]",
        )
    watch = request.watch or WatchSection()
    layer_m = request.margins.layer_m
    if layer_m is None:
        layer_m = _PLANE_LAYER_M if any(g.performance.family == "plane" for g in groups) else _COPTER_LAYER_M
    way = Way(
        request.flight.standoff_m, request.flight.height_agl_m, layer_m, request.margins.separation_m,
        watch.relief_s, watch.take_off_gap_s,
    )  # fmt: skip
    launches = tuple(LaunchPoint(p.name, p.lat_deg, p.lon_deg) for p in job.area.launches)
    return Fleet(groups, launches, request.wind.en_m_s, way)


def margins_of(job: Job) -> Margins:
    """What the plans keep free."""
    m = job.request.margins
    return Margins(m.edge_m, m.own_side_m, m.fence_m, m.ceiling_m, m.rally_height_m)


def watch_of(job: Job, fleet: Fleet, longer_ways: Mapping[str, float] | None = None) -> PatrolSolution:
    """Plan it; ``longer_ways`` as in :func:`missions.planner.watch.plan_watch`.

    Raises :class:`ConfigError` for a demand that makes no sense.
    """
    request = job.request
    watch = request.watch or WatchSection()
    length = border_length_m(job.area)
    try:
        stretches = []
        for number, each in enumerate(request.stretch, start=1):
            low, high = each.span_m
            gap = _gap_s(each if each.given else watch, job, fleet)
            # A border is measured, not counted: its last metre may be given rounded up.
            high = length if high is None or length < high <= length + 1.0 else high
            name = each.name or f"stretch {number}"
            stretches.append(Stretch(name, low, high, gap, each.priority, each.windows))
        if not stretches:
            stretches = [Stretch("border", 0.0, length, _gap_s(watch, job, fleet))]
        demand = Demand(tuple(stretches))
        start = watch.start if watch.start is not None else request.start
        when = Watch(3600.0 * watch.hours) if start is None else Watch(3600.0 * watch.hours, moment_us(start))
        return plan_watch(job.area, demand, fleet, when, longer_ways=longer_ways)
    except ConfigError:
        raise
    except MarchwardenError as error:
        raise ConfigError(f"{job.path}: {error.message}", error.remedy) from error


def _gap_s(section: GapSection, job: Job, fleet: Fleet) -> float:
    if section.max_gap_s is not None:
        return section.max_gap_s
    if section.max_gap_min is not None:
        return 60.0 * section.max_gap_min
    walker = section.walker or WalkerSection()
    strip = walker.strip_m if walker.strip_m is not None else min(_strip_m(g.camera, fleet.way) for g in fleet.groups)
    return walker_gap_s(strip, walker.speed_m_s, walker.seen_s)


def _strip_m(camera: Camera, way: Way) -> float:
    """How deep the picture is across the line, on level ground; at most to 1 km where it reaches the horizon."""
    depression = math.degrees(math.atan2(way.height_agl_m, way.standoff_m))
    swath = strip_swath(camera, way.height_agl_m, -depression)
    return min(swath.far_m, swath.near_m + 1000.0) - swath.near_m


# -- as JSON -------------------------------------------------------------------------------------------------------


def watch_json(solution: PatrolSolution, job: Job) -> dict[str, Any]:
    """The part of the answer that only a watch has."""
    asked = np.isfinite(solution.asked_s)
    gaps = solution.gap_s[asked]
    seen = gaps[np.isfinite(gaps)]
    whole = len(seen) == len(gaps)
    return {
        "met": solution.met,
        "revisit_gap_s": {
            "median": round(float(np.median(seen)), 1) if len(seen) else None,
            "max": round(float(seen.max()), 1) if len(seen) and whole else None,
        },
        "aircraft": sum(len(p.aircraft) for p in solution.patrols),
        "aircraft_needed": solution.aircraft_needed,
        "spare": list(solution.spare),
        "watch_s": solution.watch_s,
        "stretches": _stretches(solution),
        "patrols": [_patrol(p) for p in solution.patrols],
        "profile": _profile(solution),
        "not_met": [
            {
                "stretch": " and ".join(s.names), "from_m": round(s.from_m, 1), "to_m": round(s.to_m, 1),
                "asked_s": round(s.asked_s, 1), "reached_s": None if s.reached_s is None else round(s.reached_s, 1),
            }
            for s in solution.shortfalls
        ],
        "what_would_meet_it": [_advice(a) for a in solution.advice],
    }  # fmt: skip


def _stretches(solution: PatrolSolution) -> list[dict[str, Any]]:
    out = []
    for piece in solution.pieces:
        inside = (solution.along_m >= piece.from_m - 1e-6) & (solution.along_m <= piece.to_m + 1e-6)
        gaps = solution.gap_s[inside]
        worst = float(gaps.max()) if len(gaps) else math.inf
        out.append(
            {
                "stretch": " and ".join(piece.names),
                "from_m": round(piece.from_m, 1),
                "to_m": round(piece.to_m, 1),
                "asked_s": round(piece.max_gap_s, 1),
                "reached_s": round(worst, 1) if math.isfinite(worst) else None,
            }
        )
    return out


def _profile(solution: PatrolSolution) -> dict[str, Any]:
    """The gap along the border, every few hundred metres; null where nobody looks."""
    step = max(1, round(_PROFILE_M / max(1.0, float(solution.along_m[1] - solution.along_m[0]))))
    some = slice(None, None, step)
    return {
        "along_m": [round(float(s), 1) for s in solution.along_m[some]],
        "gap_s": [round(float(g), 1) if math.isfinite(g) else None for g in solution.gap_s[some]],
        "asked_s": [round(float(g), 1) if math.isfinite(g) else None for g in solution.asked_s[some]],
    }


def _patrol(patrol: Patrol) -> dict[str, Any]:
    return {
        "from_m": round(patrol.from_m, 1),
        "to_m": round(patrol.to_m, 1),
        "launch": patrol.launch.name,
        "aircraft": [{"name": a.name, "type": a.type_name, "height_layer": a.layer} for a in patrol.aircraft],
        "lap_s": round(patrol.lap_s, 1),
        "laps": patrol.laps,
        "sortie_every_s": round(patrol.period_s, 1),
        "relief": "in place" if patrol.relief_s >= 0.0 or len(patrol.sorties) < 2 else "with a gap",
        "relief_overlap_s": round(patrol.relief_s, 1),
        "revisit_gap_s": round(patrol.max_gap_s, 1),
        "revisit_gap_in_sortie_s": round(patrol.lap_gap_s, 1),
        "sorties": [
            {
                "aircraft": s.aircraft,
                "take_off_s": round(s.take_off_s, 1),
                "on_station_s": round(s.on_station_s, 1),
                "off_station_s": round(s.off_station_s, 1),
                "landing_s": round(s.landing_s, 1),
                "laps": s.laps,
            }
            for s in patrol.sorties
        ],
    }


def _advice(advice: Advice) -> dict[str, Any]:
    out: dict[str, Any] = {"kind": advice.kind, "text": advice.text}
    if advice.kind == "aircraft":
        out |= {"type": advice.type_name, "launch": advice.launch, "count": advice.count}
    elif advice.kind == "launch":
        out |= {"lat": advice.lat_deg, "lon": advice.lon_deg, "type": advice.type_name, "count": advice.count}
    elif advice.kind == "demand":
        out |= {"gaps_s": dict(advice.gaps_s)}
    return out
