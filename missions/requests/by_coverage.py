"""A patrol request filled in from what was really seen: the oldest and riskiest part of the border first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from geofences.area import Area
from geofences.errors import ConfigError
from geofences.shapes import FlyRoom
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import Ledger
from missions.coverage.priorities import PriorityRow, Risk, next_sortie, priorities
from missions.requests.read import Job
from missions.requests.request import CoverageSection, StretchSection, WatchSection
from missions.sight import BoolArray

_MOST_STRETCHES = 20
_LEAST_LENGTH_M = 250.0
_LEAST_WEIGHT = 0.05


def by_coverage(job: Job, ledger: Ledger, t_utc_us: int) -> Job:
    """The job with its stretch, or for a watch its priorities, chosen as of a time. A job without ``[coverage]`` stays as it is.

    A shuttle, loop, corridor or random patrol is given the stretch of ``length_m`` that is most worth a flight. A watch
    keeps its stretches, each with its priority times the greatest weight of the ledger in it (1 for the most pressing);
    without any, the border is cut into stretches of like weight. Raises :class:`ConfigError` when all of it was just seen.
    """
    section = job.request.coverage
    if section is None:
        return job
    risks = [Risk(r.from_m, r.to_m, r.weight) for r in section.risk]
    if job.request.pattern == "watch":
        return _watch(job, ledger, t_utc_us, risks)
    return _single(job, section, ledger, t_utc_us, risks)


def _single(job: Job, section: CoverageSection, ledger: Ledger, t_utc_us: int, risks: list[Risk]) -> Job:
    margins = job.request.margins
    usable = can_be_flown(job.area, ledger.grid, job.request.flight.standoff_m, margins.edge_m + margins.fence_m)
    row = next_sortie(ledger, t_utc_us, section.length_m, risks, usable=usable)
    if row is None:
        raise _nothing(job)
    pattern = job.request.pattern
    table = {**(getattr(job.request, pattern) or {}), "stretch_m": [row[0], row[1]]}
    return replace(job, request=job.request.model_copy(update={pattern: table}), by_coverage=(row,))


def can_be_flown(area: Area, grid: CoverageGrid, standoff_m: float, edge_m: float) -> BoolArray:
    """The pieces abreast of which, on our side and at the patrol's distance, the fences leave room, ``edge_m`` from them."""
    room = FlyRoom.from_area(area, grid.frame).region.buffer(-edge_m, join_style="mitre")
    place, ahead = grid.line.at(0.5 * (grid.bin_from_m + grid.bin_to_m))
    ours = 1.0 if area.border.own_side == "left" else -1.0
    beside = place + ours * standoff_m * np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1)
    return np.asarray(shapely.contains_xy(room, beside[:, 0], beside[:, 1]))


def _watch(job: Job, ledger: Ledger, t_utc_us: int, risks: list[Risk]) -> Job:
    length_m = max(_LEAST_LENGTH_M, ledger.grid.line.length_m / _MOST_STRETCHES)
    rows = sorted(priorities(ledger, t_utc_us, risks, length_m))
    if not rows:
        raise _nothing(job)
    watch = job.request.watch or WatchSection()
    stretches = [
        s.model_copy(update={"priority": s.priority * _weight(rows, *s.span_m)}) for s in job.request.stretch
    ] or [
        StretchSection(
            name=reason, from_m=low, to_m=high, priority=max(weight, _LEAST_WEIGHT), max_gap_s=watch.max_gap_s,
            max_gap_min=watch.max_gap_min, walker=watch.walker,
        )
        for low, high, weight, reason in rows
    ]  # fmt: skip
    told = tuple(sorted(rows, key=lambda r: (-r[2], r[0])))
    return replace(job, request=job.request.model_copy(update={"stretch": stretches}), by_coverage=told)


def _weight(rows: list[PriorityRow], from_m: float, to_m: float | None) -> float:
    inside = [weight for low, high, weight, _ in rows if high > from_m and (to_m is None or low < to_m)]
    return max([_LEAST_WEIGHT, *inside])


def _nothing(job: Job) -> ConfigError:
    return ConfigError(
        f"{job.path}: coverage: nothing to fly for: all of the border was just seen",
        "wait, or give a stretch of your own",
    )
