"""The way parallel to a line at a distance, inside a region: round what is in its way, thinned to few corners."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString

from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from missions.patterns.routing import Ways

_STEP_M = 10.0
_LEAST_M = 20.0


def corridor_path(
    line_en_m: FloatArray,
    offset_m: float,
    region: Any,
    from_m: float = 0.0,
    to_m: float = math.inf,
    leg_max_m: float = math.inf,
) -> FloatArray:
    """The way ``(n, 2)`` along a polyline ``(k, 2)``, ``offset_m`` to its left (negative: right), in its direction.

    ``from_m`` and ``to_m`` are distances along the line. Where the parallel leaves the region the way takes the shortest
    way inside it. Legs are at most ``leg_max_m`` long. Raises :class:`PlanError` when nothing of it is inside, or the
    pieces cannot be joined.
    """
    geometry = BorderGeometry(line_en_m)
    curve = LineString(line_en_m)
    if offset_m:
        curve = curve.offset_curve(offset_m, join_style="mitre")
    lines = [g for g in shapely.get_parts(curve) if g.length > 0.0]
    if not lines:
        raise PlanError(f"the line has no parallel at {abs(offset_m):g} m", "choose a smaller offset")
    points = np.concatenate([shapely.get_coordinates(shapely.segmentize(g, _STEP_M)) for g in lines])
    fix = geometry.locate(points)
    order = np.argsort(fix.along_m, kind="stable")
    # Half a millimetre: the ends of the line itself lie "beyond" it by rounding.
    along = (fix.along_m >= from_m - 5e-4) & (fix.along_m <= min(to_m, geometry.length_m) + 5e-4)
    inside = shapely.covers(region, shapely.points(points))
    use = points[[i for i in order if along[i] and inside[i]]]
    if len(use) < 2 or float(np.hypot(*(use[-1] - use[0]))) < _LEAST_M:
        raise PlanError(
            f"nothing of the line can be flown along at {abs(offset_m):g} m from it inside the fence",
            "change the distance from the line, or the zones",
        )
    ways = Ways(region)
    way = [use[0][None]]
    for a, b, clear in zip(use[:-1], use[1:], ways.sees(use[:-1], use[1:]), strict=True):
        leg = np.stack([a, b]) if clear else ways.way(a, b)
        if leg is None:
            raise PlanError(
                f"there is no way along the line past {a[0]:.0f} m east, {a[1]:.0f} m north of the launch point",
                "give the patrol a shorter stretch, or make room between the zones",
            )
        way.append(leg[1:])
    return cut_legs(thinned(np.concatenate(way), region), leg_max_m)


def thinned(way: FloatArray, region: Any) -> FloatArray:
    """Fewer points, not more than 2 m beside the way and still inside the region."""
    allowed = region.buffer(0.1)
    for tolerance_m in (2.0, 0.5, 0.0):
        line = LineString(way).simplify(tolerance_m)
        if allowed.covers(line):
            break
    return np.asarray(line.coords)


def cut_legs(way: FloatArray, leg_max_m: float) -> FloatArray:
    """The same way with corners put in so that no leg is longer."""
    out = [way[:1]]
    for start, end in itertools.pairwise(way):
        parts = max(1, math.ceil(float(np.hypot(*(end - start))) / leg_max_m - 1e-9))
        out.append(start + (end - start) * (np.arange(1, parts + 1)[:, None] / parts))
    return np.concatenate(out)


def inside_only(way: FloatArray, region: Any) -> tuple[FloatArray, float]:
    """A way with what lies outside the region cut away and the pieces joined inside it, and how many metres were cut.

    Raises :class:`PlanError` when nothing is left or the pieces cannot be joined.
    """
    ways = Ways(region)
    out: list[FloatArray] = []
    cut_m = 0.0
    clear = ways.sees(way[:-1], way[1:])
    for start, end, whole in zip(way[:-1], way[1:], clear, strict=True):
        if whole:
            pieces = [np.stack([start, end])]
        else:
            parts = shapely.get_parts(region.intersection(LineString([start, end])))
            pieces = [np.asarray(p.coords) for p in parts if p.geom_type == "LineString" and p.length > 0.01]
            pieces = [p if (p[-1] - p[0]) @ (end - start) > 0.0 else p[::-1] for p in pieces]
            pieces.sort(key=lambda p: float((p[0] - start) @ (end - start)))
            cut_m += float(np.hypot(*(end - start))) - sum(float(np.hypot(*(p[-1] - p[0]))) for p in pieces)
        for piece in pieces:
            if out:
                join = ways.way(out[-1], piece[0])
                if join is None:
                    raise PlanError("the pattern falls into parts without a way between them", "make room or move it")
                out += list(join[1:-1])
                if float(np.hypot(*(piece[0] - out[-1]))) > 1e-6:
                    out.append(piece[0])
            else:
                out.append(piece[0])
            out += list(piece[1:])
    if len(out) < 2:
        raise PlanError("nothing of the pattern lies inside the fence", "move it, or redraw the zones")
    return np.array(out), cut_m


def fitted(way: FloatArray, region: Any, may_cut: bool, what: str) -> FloatArray:
    """A way that stays in the region: as it is, or cut if it may be. Raises :class:`PlanError` else."""
    out, cut_m = inside_only(way, region)
    if cut_m > 0.5 and not may_cut:
        raise PlanError(
            f"{cut_m:.0f} m of the {what} lie outside the fence, too near its edge or beyond the border",
            "make it smaller, move it, or allow it to be cut (may_cut)",
        )
    return out
