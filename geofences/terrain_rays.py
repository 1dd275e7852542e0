"""Where rays first meet the terrain; no ridge is stepped over, however thin.

The terrain is the bilinear surface of a :class:`TerrainGrid`. A ray is cut into steps; a step whose lowest point is
above the highest post around it is clear, which a table of block maxima tells at once (Tevs, Ihrke and Seidel, "Maximum
mipmaps", I3D 2008, made flat for arrays). The others are cut again until they are shorter than a cell; within each cell
the height of a straight ray above the surface is a quadratic of the way, whose first zero is found in closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from geofences.terrain_grid import TerrainGrid

Path = Callable[[NDArray[np.intp], FloatArray], tuple[FloatArray, FloatArray, FloatArray]]
"""``path(ray (m, 1), t (m, k))``: rows, columns (of posts) and heights AMSL of the rays' points, each ``(m, k)``."""

_MAX_STEPS = 64
_LEAF_CELLS = 0.95
_MAX_LEVEL = 12


class Outcome(IntEnum):
    """What became of a ray."""

    HIT = 0
    NONE = 1
    """No ground within its range."""
    OUTSIDE = 2
    """It left the terrain model before it met ground."""
    VOID = 3
    """It came over ground of unknown height first."""
    BELOW = 4
    """It begins below the ground."""


@dataclass(frozen=True, eq=False)
class Hits:
    """``t`` ``(n,)`` where a ray meets the ground, NaN where it does not; ``outcome`` ``(n,)`` of :class:`Outcome`.

    ``brushed`` ``(n,)``: before that, it passed within its margin of ground that it then left again.
    """

    t: FloatArray
    outcome: NDArray[np.int64]
    brushed: NDArray[np.bool_]


class TerrainRays:
    """Rays against one terrain."""

    def __init__(self, terrain: TerrainGrid) -> None:
        self.terrain = terrain
        self._block_tops = cache(self._make_block_tops)

    def cast(self, path: Path, first: FloatArray, last: FloatArray, margin: tuple[FloatArray, FloatArray]) -> Hits:
        """First ground of rays ``(n,)`` between ``t = first`` and ``last``.

        The path must be nearly straight over one cell. ``margin`` = ``(a, b)``, each ``(n,)``: the ray's height is
        uncertain by ``a + b t`` metres; used for ``brushed`` only.
        """
        n = len(first)
        rays = np.arange(n, dtype=np.intp)
        ends = np.stack([first, last], axis=-1)
        r, c, _ = path(rays[:, None], ends)
        cells = float(np.max(np.maximum(np.abs(r[:, 1] - r[:, 0]), np.abs(c[:, 1] - c[:, 0])), initial=0.0))
        steps = int(np.clip(np.ceil(cells / _LEAF_CELLS), 1, _MAX_STEPS))
        t = first[:, None] + (last - first)[:, None] * np.linspace(0.0, 1.0, steps + 1)
        r, c, z = path(rays[:, None], t)
        ground = self.terrain.height_at_posts(r, c)
        low = np.minimum(z[:, :-1], z[:, 1:]) - self._top(r, c)
        # A step that ends below ground surely holds a hit: nothing behind the first of them matters.
        sunk = z[:, 1:] <= ground[:, 1:]
        until = np.where(sunk.any(axis=1), sunk.argmax(axis=1), steps - 1)
        open_steps = ~(low > 0.0) & (np.arange(steps) <= until[:, None])
        ray, step = np.nonzero(open_steps)
        begin = ray * (steps + 1) + step
        t_step, r_step, c_step, z_step = (np.stack([v.take(begin), v.take(begin + 1)]) for v in (t, r, c, z))
        found_t, outcome = self._search(ray, t_step, r_step, c_step, z_step, n)
        outcome[z[:, 0] <= ground[:, 0]] = Outcome.BELOW
        close = low <= margin[0][:, None] + margin[1][:, None] * t[:, 1:]
        brushed = (close[:, :-1] & ~close[:, 1:] & (t[:, 2:] <= found_t[:, None])).any(axis=1)
        return Hits(np.where(outcome == Outcome.HIT, found_t, np.nan), outcome, np.asarray(brushed, dtype=np.bool_))

    def _search(
        self, ray: NDArray[np.intp], t: FloatArray, r: FloatArray, c: FloatArray, z: FloatArray, n: int
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """The first hit or unknown ground among steps, sorted by ray and way; ``(2, m)`` at their begin and end."""
        outcome = np.full(n, Outcome.NONE, dtype=np.int64)
        at = np.full(n, np.inf)
        cells = float(np.max(np.maximum(np.abs(r[1] - r[0]), np.abs(c[1] - c[0])), initial=0.0))
        pieces = max(1, int(np.ceil(cells / _LEAF_CELLS)))
        if pieces > 1:
            share = np.linspace(0.0, 1.0, pieces + 1)
            # A step is short: straight between its ends in the grid as well.
            t, r, c, z = (v[0][:, None] + (v[1] - v[0])[:, None] * share for v in (t, r, c, z))
            keep = ~(np.minimum(z[:, :-1], z[:, 1:]) > self._top(r, c))
            which, piece = np.nonzero(keep)
            ray = ray[which]
            t, r, c, z = (np.stack([v[which, piece], v[which, piece + 1]]) for v in (t, r, c, z))
        if not len(ray):
            return at, outcome
        share_of_leaf, unknown = self._leaf(r, c, z)
        event = np.flatnonzero(np.isfinite(share_of_leaf))
        who = ray[event]
        first = np.concatenate([[True], who[1:] != who[:-1]]) if len(who) else np.zeros(0, dtype=np.bool_)
        who, event = who[first], event[first]
        u = share_of_leaf[event]
        at[who] = t[0, event] + u * (t[1, event] - t[0, event])
        outcome[who] = Outcome.HIT
        blind = unknown[event]
        if blind.any():
            # A little further than the edge where the unknown begins, to see on which side it lies.
            beyond = np.minimum(u + 1e-3, 1.0)
            row, column = (v[0, event] + beyond * (v[1, event] - v[0, event]) for v in (r, c))
            missing = np.where(self.terrain.holds(row, column), Outcome.VOID, Outcome.OUTSIDE)
            outcome[who[blind]] = missing[blind]
        return at, outcome

    def _leaf(self, r: FloatArray, c: FloatArray, z: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """Share of the way at which straight pieces ``(2, m)``, shorter than a cell, meet the ground (inf: they do not).

        The second array says that it is not ground but the end of what is known.
        """
        one, two = _line_crossed(r), _line_crossed(c)
        both = np.empty((7, len(one)))
        both[0], both[1], both[2], both[3] = 0.0, np.minimum(one, two), np.maximum(one, two), 1.0
        u = both[:4]
        both[4:] = 0.5 * (u[:-1] + u[1:])
        row, column, height = (v[0] + (v[1] - v[0]) * both for v in (r, c, z))
        gap = height - self.terrain.height_at_posts(row, column)
        a, b, middle = gap[:3], gap[1:4], gap[4:]
        x = _first_zero(a, middle, b)
        # Cells that are only touched in passing have no length and no say.
        length = u[1:] - u[:-1]
        real = length > 1e-9
        blind = np.isnan(a + middle + b) & real
        some = blind | (real & np.isfinite(x))
        share = np.where(blind | ~some, 0.0, x)
        where = np.where(some, u[:-1] + share * length, np.inf)
        first = np.argmin(where, axis=0)
        columns = np.arange(len(one))
        return where[first, columns], blind[first, columns]

    # -- the table of block maxima ----------------------------------------------------------------------------------------

    def _top(self, r: FloatArray, c: FloatArray) -> NDArray[np.float32]:
        """A height that the ground under each step of ``(m, k + 1)`` points does not exceed; inf where unknown."""
        reach = max(float(np.max(np.abs(v[:, 1:] - v[:, :-1]), initial=0.0)) for v in (r, c))
        level = int(np.clip(np.ceil(np.log2(max(reach / 2.0, 1e-9))), 0, _MAX_LEVEL))
        tops = self._block_tops(level)
        # A block and its eight neighbours hold whatever lies within one block of the middle of the step.
        half_block = 0.5 / 2**level
        row = np.floor((r[:, :-1] + r[:, 1:]) * half_block).astype(np.int64) + 1
        column = np.floor((c[:, :-1] + c[:, 1:]) * half_block).astype(np.int64) + 1
        row = np.minimum(np.maximum(row, 0), tops.shape[0] - 1)
        column = np.minimum(np.maximum(column, 0), tops.shape[1] - 1)
        return np.asarray(tops.reshape(-1).take(row * tops.shape[1] + column))

    def _make_block_tops(self, level: int) -> NDArray[np.float32]:
        """Highest post of blocks of ``2 ** level`` cells and their neighbours, with a rim of inf round the grid."""
        h = self.terrain.height_amsl_m
        h = np.where(np.isnan(h), np.float32(np.inf), h)
        cells = np.maximum(np.maximum(h[:-1, :-1], h[1:, :-1]), np.maximum(h[:-1, 1:], h[1:, 1:]))
        size = 2**level
        rows, columns = (-(-s // size) for s in cells.shape)
        blocks = np.full((rows * size, columns * size), np.inf, dtype=np.float32)
        blocks[: cells.shape[0], : cells.shape[1]] = cells
        # The last block of a row or column may reach beyond the grid: outside there is nothing to be sure of.
        blocks = blocks.reshape(rows, size, columns, size).max(axis=(1, 3))
        padded = np.pad(blocks, 2, constant_values=np.inf)
        tall = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
        return np.asarray(np.maximum(np.maximum(tall[:, :-2], tall[:, 1:-1]), tall[:, 2:]))


def _line_crossed(v: FloatArray) -> FloatArray:
    """Share of the way at which ``(2, m)`` crosses a whole number; 1 where it does not."""
    line = np.floor(np.minimum(v[0], v[1])) + 1.0
    crossed = line < np.maximum(v[0], v[1])
    length = np.where(crossed, v[1] - v[0], 1.0)
    return np.where(crossed, (line - v[0]) / length, 1.0)


def _first_zero(a: FloatArray, middle: FloatArray, b: FloatArray) -> FloatArray:
    """Where in 0..1 the parabola through (0, a), (0.5, middle), (1, b) first is not positive; inf where nowhere."""
    square = 2.0 * (a + b - 2.0 * middle)
    line = 4.0 * middle - 3.0 * a - b
    inside = line * line - 4.0 * square * a
    root = np.sqrt(np.maximum(inside, 0.0))
    q = -0.5 * (line + np.where(line >= 0.0, root, -root))
    with np.errstate(divide="ignore", invalid="ignore"):
        one, two = q / square, a / q
    # Rounding must not lose a zero that lies on the edge of a cell.
    one = np.where((one >= -1e-12) & (one <= 1.0 + 1e-12), one, np.inf)
    two = np.where((two >= -1e-12) & (two <= 1.0 + 1e-12), two, np.inf)
    x = np.where(inside >= 0.0, np.minimum(one, two), np.inf)
    x = np.where((b <= 0.0) & ~np.isfinite(x), 1.0, x)
    return np.where(a <= 0.0, 0.0, np.clip(x, 0.0, np.where(np.isfinite(x), 1.0, np.inf)))
