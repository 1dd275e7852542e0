"""From a request's tables to the patterns of :mod:`missions.patterns`: which function, and what its request is filled with.

What all patterns share comes from ``[flight]`` and ``[margins]``; the table named like the pattern sets the rest. Its keys
are the fields of the pattern's own request, so that a pattern and its documentation stay one thing.
"""

from __future__ import annotations

import dataclasses
import importlib
import secrets
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, ValidationError, create_model

from geofences.errors import ConfigError
from missions.patterns.area_sweep import AreaSweepRequest, SweepFigures, area_sweep
from missions.patterns.random_gap import RandomGapRequest
from missions.plan import Plan
from missions.plan_time import plan_time
from missions.requests.read import Job, drawn, explained
from missions.requests.request import Request

_MOST_LAPS = 500
_TRIES, _SPARE = 8, 0.06


@dataclass(frozen=True)
class Made:
    """A plan, and for a sweep its figures."""

    plan: Plan
    sweep: SweepFigures | None = None


@dataclass(frozen=True)
class Spec:
    """Where a pattern is: ``function(area, terrain, request)``. ``repeats``: whether "as often as it goes" is its habit."""

    module: str
    function: str
    request: str
    repeats: bool


SPECS: Mapping[str, Spec] = {
    "shuttle": Spec("missions.patterns.border_shuttle", "plan_border_patrol", "PatrolRequest", True),
    "loop": Spec("missions.patterns.border_loop", "plan_border_loop", "BorderLoopRequest", True),
    "corridor": Spec("missions.patterns.corridor", "plan_corridor", "CorridorRequest", True),
    "sweep": Spec("missions.patterns.area_sweep", "plan_area_sweep", "AreaSweepRequest", False),
    "expanding_square": Spec(
        "missions.patterns.expanding_square", "plan_expanding_square", "ExpandingSquareRequest", False
    ),
    "sector": Spec("missions.patterns.sector_search", "plan_sector_search", "SectorSearchRequest", False),
    "orbit": Spec("missions.patterns.orbit", "plan_orbit", "OrbitRequest", True),
    "random_gap": Spec("missions.patterns.random_gap", "plan_random_gap", "RandomGapRequest", False),
}


def shared(job: Job) -> dict[str, Any]:
    """What ``[flight]`` and ``[margins]`` say, by the names that the patterns' requests use."""
    request = job.request
    flight, margins = request.flight, request.margins
    return {
        "name": request.name,
        "height_agl_m": flight.height_agl_m,
        "speed_m_s": flight.speed_m_s or job.performance.speed_m_s,
        "standoff_m": flight.standoff_m,
        "edge_m": margins.edge_m,
        "own_side_m": margins.own_side_m,
        "fence_margin_m": margins.fence_m,
        "alt_max_rel_home_m": margins.ceiling_m,
        "rally_alt_rel_home_m": margins.rally_height_m,
        "camera": job.camera,
        "laps": 1,
    }


def laps_of(request: Request) -> int:
    """How many laps at most; 1 for what is flown once by its nature."""
    table = getattr(request, request.pattern) or {}
    if not SPECS[request.pattern].repeats and request.flight.laps in (None, "max"):
        return 1
    if table.get("hold_s") is not None or table.get("one_way"):
        return 1
    laps = request.flight.laps
    return _MOST_LAPS if laps in (None, "max") else int(laps)


def own_fields(pattern: str) -> dict[str, tuple[Any, Any]]:
    """The keys of a pattern's table: name to (type, default)."""
    kind = _request_class(pattern)
    hints = typing.get_type_hints(kind)
    out: dict[str, tuple[Any, Any]] = {}
    for field in dataclasses.fields(kind):
        if field.name in _SHARED:
            continue
        default: Any = ...
        if field.default is not dataclasses.MISSING:
            default = field.default
        elif field.default_factory is not dataclasses.MISSING:
            default = field.default_factory()
        out[field.name] = (hints[field.name], default)
    return out


_SHARED = frozenset(
    {
        "name", "height_agl_m", "speed_m_s", "standoff_m", "edge_m", "own_side_m", "fence_margin_m", "laps", "camera",
        "alt_max_rel_home_m", "rally_alt_rel_home_m",
    }
)  # fmt: skip


def pattern_request(job: Job) -> Any:
    """The request of the job's pattern. Raises :class:`ConfigError` with every fault of its table."""
    pattern = job.request.pattern
    kind = _request_class(pattern)
    table = _prepared(job, dict(getattr(job.request, pattern) or {}))
    model = create_model(  # type: ignore[call-overload]
        pattern, __config__=ConfigDict(extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True),
        **own_fields(pattern),
    )  # fmt: skip
    try:
        own = model.model_validate(table)
    except ValidationError as error:
        faults = "\n  ".join(f"{pattern}.{line}" for line in explained(error, model))
        raise ConfigError(
            f"{job.path}:\n  {faults}\n", "mend these; docs/planning.md has a table of all keys"
        ) from error
    names = {f.name for f in dataclasses.fields(kind)}
    values = {k: v for k, v in shared(job).items() if k in names}
    if "laps" in values:
        # A jump to be set to the right number afterwards, when the time of a lap is known.
        values["laps"] = min(2, laps_of(job.request))
    return kind(**values, **{name: getattr(own, name) for name in own_fields(pattern)})


def make_pattern(job: Job) -> Made:
    """The plan of a request with one aircraft. Raises :class:`ConfigError` and :class:`geofences.errors.PlanError`."""
    request = pattern_request(job)
    if isinstance(request, AreaSweepRequest):
        plan, figures = area_sweep(job.area, job.terrain, request)
        return Made(plan, figures)
    spec = SPECS[job.request.pattern]
    function = getattr(importlib.import_module(spec.module), spec.function)
    plan = function(job.area, job.terrain, request)
    table = job.request.random_gap or {}
    if isinstance(request, RandomGapRequest) and "duration_s" not in table:
        plan = _as_long_as_it_goes(job, request, plan, function)
    return Made(plan)


def _as_long_as_it_goes(job: Job, request: RandomGapRequest, plan: Plan, function: Callable[..., Plan]) -> Plan:
    """A random patrol for all that the battery gives: what is left over goes to the time on the line."""
    endurance, best = job.performance.endurance_s, plan
    fits = False
    for _ in range(_TRIES):
        left = plan_time(plan, job.performance, job.request.wind.en_m_s).battery_left
        spare = (left - job.performance.reserve_fraction) * endurance
        if spare >= 0.0:
            best, fits = plan, True
            if spare < _SPARE * endurance:
                break
        elif not fits:
            best = plan
        # What is drawn may come home a leg later than it was asked to: aim a little short.
        request = dataclasses.replace(request, duration_s=max(30.0, request.duration_s + spare - 0.02 * endurance))
        plan = function(job.area, job.terrain, request)
    return best


def _prepared(job: Job, table: dict[str, Any]) -> dict[str, Any]:
    """What a table may say in other words: a stretch by its ends, an outline or a line by a GeoJSON file."""
    pattern = job.request.pattern
    if pattern == "random_gap":
        # Nobody types it, no file keeps it: drawn anew for every plan unless the table gives one.
        table = {"secret_hex": secrets.token_hex(32), **table}
    for unit, scale in (("m", 1.0), ("km", 1000.0)):
        ends = (f"from_{unit}", f"to_{unit}")
        values = [table.get(e) for e in ends]
        if all(isinstance(v, int | float) for v in values) and "stretch_m" not in table:
            table["stretch_m"] = [float(table.pop(e)) * scale for e in ends]
    for key, kind in (("outline", "Polygon"), ("line", "LineString")):
        if isinstance(table.get(key), str):
            table[key] = drawn(job.path.resolve().parent / table[key], kind)
    return table


def _request_class(pattern: str) -> Any:
    spec = SPECS[pattern]
    return getattr(importlib.import_module(spec.module), spec.request)
