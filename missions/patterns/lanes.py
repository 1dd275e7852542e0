"""Lanes across a region in one direction, and the cells they fall into.

A cell is a run of neighbouring lanes that can be flown to and fro: where a hole or a bay splits a lane, or two arms
meet, one cell ends and others begin. This is the boustrophedon decomposition (Choset and Pignon, 1997) taken on the
lanes themselves, so that a bay between two lanes makes no cell of its own.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from missions.patterns.routing import Ways


@dataclass(frozen=True, eq=False)
class Lanes:
    """Lanes of one heading. ``row``: which lane each piece is of; ``ends_m``: (from, to) along; ``across_m``: its place.

    ``axes``: rows are the unit vectors along and across, so that ``(along, across) @ axes`` is east, north.
    """

    heading_deg: float
    spacing_m: float
    axes: FloatArray
    row: NDArray[np.intp]
    across_m: FloatArray
    ends_m: FloatArray

    @property
    def length_m(self) -> float:
        """Of all pieces together."""
        return float((self.ends_m[:, 1] - self.ends_m[:, 0]).sum())

    def corners(self) -> FloatArray:
        """Ends of the pieces in east, north: ``(n, 2 ends, 2)``."""
        across = np.broadcast_to(self.across_m[:, None], self.ends_m.shape)
        return np.asarray(np.stack([self.ends_m, across], axis=-1) @ self.axes)


def heading_axes(heading_deg: float) -> FloatArray:
    """Unit vectors along a compass heading and across it, to its left."""
    heading = math.radians(heading_deg)
    return np.array([[math.sin(heading), math.cos(heading)], [-math.cos(heading), math.sin(heading)]])


def cut_lanes(region: Any, heading_deg: float, spacing_m: float, anchor: str = "even") -> Lanes:
    """The lanes, at most ``spacing_m`` apart and half of that from the region's sides.

    ``anchor``: "even" spreads the lanes evenly; "low" and "high" keep the full spacing from one side on, and the last
    lane lies closer at the other; "fewer" leaves one out where the last is for a narrow rest only, which pays when
    that side is round or pointed.
    """
    axes = heading_axes(heading_deg)
    turned = shapely.transform(region, lambda c: c @ axes.T)
    west, low, east, high = turned.bounds
    count = max(1, math.ceil((high - low) / spacing_m - 1e-9))
    step = (high - low) / count
    if anchor == "fewer" and 1.0 < (high - low) / spacing_m < count - 0.65:
        # What then lies too far out at the sides is for the caller to see to.
        count -= 1
        rows = 0.5 * (low + high) + (np.arange(count) - 0.5 * (count - 1)) * spacing_m
    elif anchor == "even" or count == 1:
        rows = low + (np.arange(count) + 0.5) * step
    elif anchor == "low":
        rows = np.minimum(low + (np.arange(count) + 0.5) * spacing_m, high - 0.5 * step)
    else:
        rows = np.maximum(high - (np.arange(count)[::-1] + 0.5) * spacing_m, low + 0.5 * step)
    span = np.array([west - 1.0, east + 1.0])
    lines = shapely.linestrings(np.stack(np.broadcast_arrays(span[None], rows[:, None]), axis=-1))
    shapely.prepare(turned)
    pieces, row = shapely.get_parts(shapely.intersection(turned, lines), return_index=True)
    keep = shapely.length(pieces) > 0.02 * spacing_m
    pieces, row = pieces[keep], row[keep]
    bounds = shapely.bounds(pieces).reshape(-1, 4)
    order = np.lexsort((bounds[:, 0], row))
    ends = bounds[order][:, [0, 2]]
    return Lanes(heading_deg, step if anchor == "even" else spacing_m, axes, row[order], rows[row[order]], ends)


def cells_of(lanes: Lanes, jump_m: float) -> list[list[int]]:
    """Runs of pieces (indices, lowest lane first). A run also ends where a lane's end jumps by more than ``jump_m``."""
    count = len(lanes.row)
    if not count:
        return []
    first = np.searchsorted(lanes.row, np.arange(lanes.row.max() + 2))
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for i in range(count):
        for j in range(first[lanes.row[i] + 1], first[lanes.row[i] + 2] if lanes.row[i] < lanes.row.max() else 0):
            overlap = min(lanes.ends_m[i, 1], lanes.ends_m[j, 1]) - max(lanes.ends_m[i, 0], lanes.ends_m[j, 0])
            if overlap > 0.0:
                above[i].append(j)
                below[j].append(i)
    cells: list[list[int]] = []
    of = np.full(count, -1)
    for i in range(count):
        if len(below[i]) == 1 and len(above[below[i][0]]) == 1:
            under = below[i][0]
            if np.abs(lanes.ends_m[i] - lanes.ends_m[under]).max() <= jump_m:
                of[i] = of[under]
                cells[of[i]].append(i)
                continue
        of[i] = len(cells)
        cells.append([i])
    return cells


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell, four ways to fly it: ``ways[0]`` from the lower left, ``ways[1]`` lower right, then both backwards."""

    ways: tuple[FloatArray, FloatArray, FloatArray, FloatArray]
    lengths_m: FloatArray

    @property
    def entries(self) -> FloatArray:
        """Where each way begins, ``(4, 2)``."""
        return np.stack([w[0] for w in self.ways])

    @property
    def exits(self) -> FloatArray:
        """Where each way ends, ``(4, 2)``."""
        return np.stack([w[-1] for w in self.ways])


def cell_ways(lanes: Lanes, cells: list[list[int]], ways: Ways) -> list[Cell]:
    """The cells with their ways, joined inside the region."""
    corners = lanes.corners()
    steps = [(i, j) for cell in cells for i, j in itertools.pairwise(cell)]
    low, high = np.array([s[0] for s in steps], dtype=int), np.array([s[1] for s in steps], dtype=int)
    joins: dict[tuple[int, int, int], FloatArray] = {}
    for side in (0, 1):
        starts, ends = corners[low, side], corners[high, side]
        straight = ways.sees(starts, ends) if steps else []
        for (i, j), a, b, clear in zip(steps, starts, ends, straight, strict=True):
            found = None if clear else ways.way(a, b)
            joins[i, j, side] = np.stack([a, b]) if found is None else found
    out = []
    for cell in cells:
        both = []
        for side in (0, 1):
            at, points = side, [corners[cell[0], side][None]]
            for k, piece in enumerate(cell):
                if k:
                    points.append(joins[cell[k - 1], piece, at][1:])
                at = 1 - at
                points.append(corners[piece, at][None])
            both.append(np.concatenate(points))
        lengths = [float(np.hypot(*np.diff(w, axis=0).T).sum()) for w in both]
        out.append(Cell((both[0], both[1], both[0][::-1], both[1][::-1]), np.array(lengths * 2)))
    return out
