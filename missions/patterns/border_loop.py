"""A loop along the border: out near the line, back further in. Closed, so it repeats without turning round."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.patterns.beside_line import corridor_path, cut_legs
from missions.patterns.building import LookAtBorder, require_range
from missions.patterns.request import PatternRequest
from missions.patterns.routing import Ways
from missions.plan import Plan


@dataclass(frozen=True, kw_only=True)
class BorderLoopRequest(PatternRequest):
    """``standoff_m`` from the line on the way out, ``return_standoff_m`` on the way back; ``stretch_m``: (from, to)."""

    standoff_m: float = 75.0
    return_standoff_m: float = 175.0
    stretch_m: tuple[float, float] | None = None
    leg_max_m: float = 120.0
    name: str = "Border loop"


def plan_border_loop(area: Area, terrain: TerrainGrid | None, request: BorderLoopRequest) -> Plan:
    """The plan. Raises :class:`PlanError` for values out of range and for what cannot be flown."""
    require_range("distance from the border", request.standoff_m, request.own_side_m, 2000.0, "m")
    require_range(
        "distance from the border on the way back", request.return_standoff_m, request.standoff_m + 10.0, 5000.0, "m"
    )
    require_range("longest leg", request.leg_max_m, 20.0, 10_000.0, "m")
    low, high = stretch_of(request.stretch_m)
    site = request.site(area, terrain)
    track = loop_path(
        site.border.vertices_en_m, site.sign * request.standoff_m, site.sign * request.return_standoff_m, site.region,
        low, high, request.leg_max_m,
    )  # fmt: skip
    start = int(np.argmin(np.hypot(*(track[:-1] - site.home).T)))
    track = np.concatenate([track[start:-1], track[: start + 1]])
    builder = request.builder(site)
    track, alt = builder.heights(track)
    return builder.plan(track, alt, LookAtBorder(site, track))


def stretch_of(stretch_m: tuple[float, float] | None) -> tuple[float, float]:
    """From and to along a line. Raises :class:`PlanError` unless from is less than to."""
    if stretch_m is None:
        return 0.0, math.inf
    low, high = stretch_m
    if not (math.isfinite(low) and math.isfinite(high) and 0.0 <= low < high):
        raise PlanError(
            f"the stretch is from {low:g} to {high:g} m", "give 0 or more for its start and more for its end"
        )
    return low, high


def loop_path(
    line_en_m: FloatArray, near_m: float, far_m: float, region: Any, from_m: float = 0.0, to_m: float = math.inf,
    leg_max_m: float = math.inf,
) -> FloatArray:  # fmt: skip
    """Out at ``near_m`` to the left of a line (negative: right), back at ``far_m``; closed, ``(n, 2)``."""
    out = corridor_path(line_en_m, near_m, region, from_m, to_m)
    back = corridor_path(line_en_m, far_m, region, from_m, to_m)[::-1]
    ways = Ways(region)
    over, home = ways.way(out[-1], back[0]), ways.way(back[-1], out[0])
    if over is None or home is None:
        raise PlanError(
            "there is no way between the two tracks of the loop inside the fence", "make room, or fly a shuttle"
        )
    return cut_legs(np.concatenate([out, over[1:-1], back, home[1:]]), leg_max_m)
