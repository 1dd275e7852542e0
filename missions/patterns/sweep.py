"""The shortest sweep found for a region: every place comes within half the lane spacing of the path.

Many headings are judged by their lanes, the best few are worked out: lanes, cells, order of cells, joins by the
shortest ways inside the region, detours to what the lanes missed, short cuts where nothing is lost. The shortest wins.
The headings 0 and 90 of a plain sweep are always among them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from missions.patterns.cell_order import CellOrder
from missions.patterns.lanes import Lanes, cell_ways, cells_of, cut_lanes
from missions.patterns.routing import Ways
from missions.patterns.sweep_finish import Tightening, complete, path_length_m

END_TOLERANCE = 0.08
"""At the ends of lanes, in corners and at a pointed or round side a place may be this much further from the path than
half the spacing, as a share of it; between lanes it may not. An overlap of 8 % makes the sweep whole in every place."""

_LANES_MAX = 4000
_FINE_DEG = 7.5
_CELLS_MAX = 40
_CELLS_MANY = 30
_WORKED_OUT = 6  # headings whose lanes are joined up
_COMPLETED = 8  # drafts whose missed places are visited
_FINISHED = 3  # drafts that get their last touches


@dataclass(frozen=True, eq=False)
class _Draft:
    """A sweep of one heading before its last touches."""

    lanes: Lanes
    path: FloatArray
    cost_m: float


def sweep_path(
    region: Any,
    spacing_m: float,
    heading_deg: float | None = None,
    start_en_m: FloatArray | None = None,
    turn_cost_m: float | None = None,
) -> FloatArray:
    """A path ``(n, 2)``, east, north, inside ``region`` (shapely, holes allowed) that sees all of it.

    ``spacing_m`` is the greatest distance between lanes; see :data:`END_TOLERANCE` for what holds at their ends.
    ``heading_deg`` fixes the lanes' direction (compass, 0 and 180 are the same); None takes the best. With
    ``start_en_m`` the way from there to the path's first point counts, but is not part of it. ``turn_cost_m`` is what
    a turn by a right angle costs in metres of flight; None: a twentieth of the spacing.

    Raises :class:`PlanError` for a region that is empty, no polygon or in several parts, or a spacing that is not
    positive or would need more than 4000 lanes.
    """
    region = _one_part(region, spacing_m)
    turn_cost_m = 0.05 * spacing_m if turn_cost_m is None else turn_cost_m
    start = None if start_en_m is None else np.asarray(start_en_m, dtype=np.float64)
    ways = Ways(region, hair_m=min(0.01, 1e-4 * spacing_m))
    candidates = _candidates(region, spacing_m, heading_deg, turn_cost_m)
    # A region of very many cells: only the best few, so that it takes seconds and not minutes.
    many = len(cells_of(cut_lanes(region, candidates[0][0], spacing_m), math.inf)) > _CELLS_MANY
    completed, finished = (2, 1) if many else (_COMPLETED, _FINISHED)
    drafts = [
        draft
        for heading, anchor in (candidates[:2] if many else candidates)
        if (draft := _draft(region, spacing_m, heading, anchor, ways, start, turn_cost_m)) is not None
    ]
    if not drafts:
        raise PlanError(
            "no lane of the sweep lies inside the region", "give the area more room or the lanes less spacing"
        )
    radius = 0.5 * spacing_m * (1.0 + END_TOLERANCE)
    drafts.sort(key=lambda d: d.cost_m)
    # The lanes of a draft may miss something at the sides; what its detours cost belongs to it.
    whole: list[tuple[float, float, FloatArray]] = []
    for draft in drafts[:completed]:
        path = complete(draft.path, region, radius, ways)
        inset = math.sqrt(max(0.0, radius**2 - (0.5 * draft.lanes.spacing_m) ** 2))
        whole.append((_cost(path, start, turn_cost_m), inset, path))
    whole.sort(key=lambda w: w[0])
    best, best_cost = whole[0][2], math.inf
    for _, inset, path in whole[:finished]:
        if len(path) > 1:
            path = complete(Tightening(path, region, radius, ways, inset).run(), region, radius, ways)
        cost = _cost(path, start, turn_cost_m)
        if cost < best_cost:
            best, best_cost = path, cost
    return best


def turning(path: FloatArray) -> float:
    """How much a path turns, in right angles: 2 for a lane's end."""
    step = np.diff(path, axis=0)
    course = np.degrees(np.arctan2(step[:, 0], step[:, 1]))
    return float(np.abs((np.diff(course) + 180.0) % 360.0 - 180.0).sum() / 90.0)


def turn_count(path: FloatArray, least_deg: float = 10.0) -> int:
    """How many corners of a path turn by at least ``least_deg``."""
    step = np.diff(path, axis=0)
    course = np.degrees(np.arctan2(step[:, 0], step[:, 1]))
    turn = (np.diff(course) + 180.0) % 360.0 - 180.0
    return int((np.abs(turn) >= least_deg).sum())


def _cost(path: FloatArray, start: FloatArray | None, turn_cost_m: float) -> float:
    away = 0.0 if start is None else float(np.hypot(*(path[0] - start)))
    return path_length_m(path) + turn_cost_m * turning(path) + away


def _one_part(region: Any, spacing_m: float) -> Polygon:
    if not (math.isfinite(spacing_m) and spacing_m > 0.0):
        raise PlanError(f"the lane spacing is {spacing_m:g} m", "give a value above 0 m")
    if not region.is_valid:
        raise PlanError(
            f"the region to sweep is no polygon: {shapely.is_valid_reason(region)}", "draw it without crossing edges"
        )
    if region.is_empty or region.area <= 0.0:
        raise PlanError("the region to sweep is empty", "draw it larger, or keep less distance from the fences")
    # To a tenth of a millimetre: corners closer than that are one, and geometry on them fails.
    region = shapely.set_precision(region, 1e-4)
    parts = [p for p in shapely.get_parts(region) if p.geom_type == "Polygon" and p.area > 1e-9 * region.area]
    if len(parts) != 1:
        raise PlanError(
            f"the region to sweep falls into {len(parts)} parts without a way between them", "sweep each part by itself"
        )
    west, south, east, north = region.bounds
    if math.hypot(east - west, north - south) / spacing_m > _LANES_MAX:
        raise PlanError(
            f"the lane spacing of {spacing_m:g} m needs more than {_LANES_MAX} lanes", "sweep a smaller area at a time"
        )
    return parts[0]


def _candidates(
    region: Polygon, spacing_m: float, heading_deg: float | None, turn_cost_m: float
) -> list[tuple[float, str]]:
    """(heading, anchor) worth working out: plain ones always, of the others those with the best estimate."""
    if heading_deg is not None:
        return [(heading_deg % 180.0, anchor) for anchor in ("even", "low", "high", "fewer")]
    ranked = sorted((_estimate(region, spacing_m, h, turn_cost_m), h) for h in _headings(region))
    best = [h for _, h in ranked[:_WORKED_OUT]]
    chosen = [(h, "even") for h in best] + [(h, "even") for h in (0.0, 90.0) if h not in best]
    anchored = dict.fromkeys((best[0], best[1], 0.0, 90.0) if len(best) > 1 else (best[0], 0.0, 90.0))
    return chosen + [(h, "low") for h in anchored] + [(h, a) for h in best[:3] for a in ("high", "fewer")]


def _headings(region: Polygon) -> list[float]:
    """Along every edge of some length, of the hull too, and fine steps all round; degrees from 0 up to 180."""
    found: dict[int, float] = {}
    size = math.sqrt(region.area)
    rings = [region.exterior, *region.interiors, region.convex_hull.exterior, region.minimum_rotated_rectangle.exterior]
    for ring in rings:
        step = np.diff(np.asarray(ring.coords), axis=0)
        for east, north in step[np.hypot(*step.T) > 0.1 * size]:
            heading = math.degrees(math.atan2(east, north)) % 180.0
            found.setdefault(round(heading * 2.0) % 360, heading)
    for heading in np.arange(0.0, 180.0, _FINE_DEG):
        found.setdefault(round(heading * 2.0) % 360, float(heading))
    return list(found.values())


def _estimate(region: Polygon, spacing_m: float, heading_deg: float, turn_cost_m: float) -> float:
    """About how long a sweep at this heading will be."""
    lanes = cut_lanes(region, heading_deg, spacing_m)
    cells = cells_of(lanes, math.inf)
    total = lanes.length_m + len(cells) * 0.15 * math.sqrt(region.area)
    low = np.array([i for c in cells for i in c[:-1]], dtype=int)
    high = np.array([i for c in cells for i in c[1:]], dtype=int)
    joins = np.hypot(lanes.ends_m[low] - lanes.ends_m[high], lanes.spacing_m)
    # Half of the ends are joined; at the others a slanting edge leaves a corner to visit.
    total += 0.5 * float(joins.sum()) + 0.25 * float(np.maximum(joins - 1.1 * lanes.spacing_m, 0.0).sum())
    return total + 2.0 * turn_cost_m * len(lanes.row)


def _draft(
    region: Polygon, spacing_m: float, heading_deg: float, anchor: str, ways: Ways, start: FloatArray | None,
    turn_cost_m: float,
) -> _Draft | None:  # fmt: skip
    lanes = cut_lanes(region, heading_deg, spacing_m, anchor)
    if not len(lanes.row):
        return None
    best: FloatArray | None = None
    many, few = cells_of(lanes, 2.0 * spacing_m), cells_of(lanes, math.inf)
    for runs in (few, many) if len(few) < len(many) <= _CELLS_MAX else (few,):
        cells = cell_ways(lanes, runs, ways)
        _, order = CellOrder(cells, ways, start).solve()
        path = _joined([cells[c].ways[m] for c, m in order], ways)
        if path is not None and (best is None or _cost(path, start, turn_cost_m) < _cost(best, start, turn_cost_m)):
            best = path
    if best is None:
        return None
    return _Draft(lanes, best, _cost(best, start, turn_cost_m))


def _joined(pieces: list[FloatArray], ways: Ways) -> FloatArray | None:
    out = [pieces[0]]
    for piece in pieces[1:]:
        way = ways.way(out[-1][-1], piece[0])
        if way is None:
            return None
        out += [way[1:-1], piece]
    path = np.concatenate(out)
    return np.asarray(path[np.concatenate([[True], np.hypot(*np.diff(path, axis=0).T) > 1e-9])])
