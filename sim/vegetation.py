"""Trees that stand alone or in hedges: the ones that hide what walks behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from sim.layout import Layout

_CLEARED_STRIP_M = 13.0
_ROAD_CLEARANCE_M = 2.5


@dataclass(frozen=True, eq=False)
class Trees:
    """Columns, one row a tree: ``en_m`` ``(n, 2)``, ``radius_m`` of the crown, ``centre_m`` height of its middle."""

    en_m: FloatArray
    radius_m: FloatArray
    centre_m: FloatArray
    look: NDArray[np.int64]


def _distance_to_polyline(points: FloatArray, line: FloatArray) -> FloatArray:
    a, ab = line[:-1], np.diff(line, axis=0)
    ap = points[:, None] - a
    t = np.clip((ap * ab).sum(-1) / (ab * ab).sum(-1), 0, 1)
    gap = ap - t[..., None] * ab
    return np.asarray(np.hypot(gap[..., 0], gap[..., 1]).min(axis=1))


def plant_trees(
    layout: Layout, count: int, rng: np.random.Generator, cleared_strip_m: float = _CLEARED_STRIP_M
) -> Trees:
    """Single trees, clumps and hedges, clear of roads and of the strip along the border, which is kept mown to
    ``cleared_strip_m`` on both sides of the line."""
    half = layout.stretch_m / 2 + 230.0
    clumps = max(1, count // 9)
    centre = np.stack([rng.uniform(-half, half, clumps), rng.uniform(-150, 240, clumps)], axis=-1)
    stretch = np.where(rng.random(clumps)[:, None] < 0.4, [[22.0, 1.5]], [[6.0, 6.0]])
    which = rng.integers(0, clumps, count)
    place = centre[which] + rng.normal(0, 1, (count, 2)) * stretch[which]
    en = layout.line.to_plane(place[:, 0], place[:, 1])
    keep = np.abs(layout.line.signed_distance_m(en)) > cleared_strip_m
    for road in layout.roads:
        keep &= _distance_to_polyline(en, road.points) > road.width_m / 2 + _ROAD_CLEARANCE_M
    en = en[keep]
    n = len(en)
    radius = np.clip(rng.lognormal(0.65, 0.4, n), 0.8, 4.2)
    return Trees(en, radius, radius * rng.uniform(0.9, 1.25, n) + 0.4, rng.integers(0, 2**31, n))
