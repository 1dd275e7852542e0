"""From a request's tables to the patterns of :mod:`missions.patterns`: which function, and what its request is filled with.

What all patterns share comes from ``[flight]`` and ``[margins]``; the table named like the pattern sets the rest. Its keys
are the fields of the pattern's own request, so that a pattern and its documentation stay one thing.
"""

from __future__ import annotations

import dataclasses
import importlib
import secrets
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, ValidationError, create_model

from geofences.errors import ConfigError
from groundstation.app.plan_request import Request
from groundstation.app.plan_request_read import Job, explained
from missions.plan import Plan

_MOST_LAPS = 500


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
    """How many laps at most."""
    laps = request.flight.laps
    if laps is None:
        return _MOST_LAPS if SPECS[request.pattern].repeats else 1
    return _MOST_LAPS if laps == "max" else laps


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
    table = getattr(job.request, pattern) or {}
    if pattern == "random_gap":
        # Nobody types it, no file keeps it: drawn anew for every plan unless the table gives one.
        table = {"secret_hex": secrets.token_hex(32), **table}
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


def make_pattern(job: Job) -> Plan:
    """The plan of a request with one aircraft. Raises :class:`ConfigError` and :class:`geofences.errors.PlanError`."""
    spec = SPECS[job.request.pattern]
    function = getattr(importlib.import_module(spec.module), spec.function)
    plan = function(job.area, job.terrain, pattern_request(job))
    assert isinstance(plan, Plan)
    return plan


def _request_class(pattern: str) -> Any:
    spec = SPECS[pattern]
    return getattr(importlib.import_module(spec.module), spec.request)
