"""Where rays first meet the terrain; no ridge is stepped over, however thin.

The terrain is the bilinear surface of a :class:`TerrainGrid`. A ray is cut into steps; a step whose lowest point is
above the highest post around it is clear, which a table of block maxima tells at once (Tevs, Ihrke and Seidel, "Maximum
mipmaps", I3D 2008, made flat for arrays). The others are cut again until they are shorter than a cell; within each cell
the height of a straight ray above the surface is a quadratic of the way, whose first zero is found in closed form.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from geofences.terrain_grid import TerrainGrid

Path = Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray] | FloatArray]
"""``path(t (n, k))``: rows, columns (of posts) and heights AMSL of the n rays' points, each ``(n, k)``; or all as one array."""

_MAX_STEPS = 64
_LEAF_CELLS = 0.95
_MAX_LEVEL = 12
_FEW_STEPS = 4
"""So few are cheaper looked at one and all than asked which of them matter."""
_NOT_QUITE_STRAIGHT = 1.001


class Outcome(IntEnum):
    """What became of a ray. (Arrays are compared with its plain numbers: numpy is slow with members of an enum.)"""

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

    def cast(
        self, path: Path, first: FloatArray, last: FloatArray, margin: tuple[FloatArray, FloatArray],
        well_inside: bool = False,
    ) -> Hits:  # fmt: skip
        """First ground of rays ``(n,)`` between ``t = first`` and ``last``.

        The path must be nearly straight over one cell. ``margin`` = ``(a, b)``, each ``(n,)``: the ray's height is
        uncertain by ``a + b t`` metres; used for ``brushed`` only. ``well_inside``: the caller knows that all points of the
        path lie in the grid, none on its last row or column or beside a void, and that all rays begin above the ground.
        """
        n = len(first)
        ends = np.empty((n, 2))
        ends[:, 0], ends[:, 1] = first, last
        r, c, _ = path(ends)
        whole = max(_widest(r), _widest(c)) if n else 0.0
        steps = min(max(math.ceil(whole / _LEAF_CELLS), 1), _MAX_STEPS)
        reach = whole / steps
        t = first[:, None] + (last - first)[:, None] * _shares(steps)
        ways = np.empty((4, n, steps + 1))  # of each ray's points: t, row, column, height
        ways[0] = t
        ways[1], ways[2], ways[3] = r, c, z = path(t)
        low = np.minimum(z[:, :-1], z[:, 1:]) - self._top(ways[1:3], reach, well_inside)
        open_steps = ~(low > 0.0)
        below: NDArray[np.bool_] | None = None
        if steps > _FEW_STEPS or not well_inside:
            # A step that ends below ground surely holds a hit: nothing behind the first of them matters.
            sunk = z <= self.terrain.height_at_posts(r, c, well_inside)
            below, sunk = sunk[:, 0], sunk[:, 1:]
            until = np.where(sunk.any(axis=1), sunk.argmax(axis=1), steps - 1)
            open_steps &= np.arange(steps) <= until[:, None]
        begin = np.flatnonzero(open_steps)
        ray = begin // steps
        begin += ray  # a ray has a point more than it has steps
        found_t, outcome = self._search(n, reach, ray, _ends(ways, begin), well_inside)
        if below is not None:
            outcome[below] = Outcome.BELOW.value
        brushed: NDArray[np.bool_] = np.zeros(n, dtype=np.bool_)
        if steps > 1:
            close = low <= margin[0][:, None] + margin[1][:, None] * t[:, 1:]
            np.logical_or.reduce(close[:, :-1] & ~close[:, 1:] & (t[:, 2:] <= found_t[:, None]), axis=1, out=brushed)
        return Hits(np.where(outcome == Outcome.HIT.value, found_t, np.nan), outcome, brushed)

    def _search(
        self, n: int, reach: float, ray: NDArray[np.intp], ways: FloatArray, well_inside: bool
    ) -> tuple[FloatArray, NDArray[np.int64]]:
        """The first hit or unknown ground among steps, sorted by ray and way.

        ``ways`` ``(4, 2, m)``: t, row, column and height at their begin and end; ``reach``: how far they go in rows or
        columns.
        """
        outcome = np.empty(n, dtype=np.int64)
        outcome.fill(Outcome.NONE.value)
        at = np.empty(n)
        at.fill(np.inf)
        pieces = max(1, math.ceil(reach / _LEAF_CELLS))
        if pieces > 1:
            # A step is short: straight between its ends in the grid as well.
            ways = ways[:, 0, :, None] + (ways[:, 1] - ways[:, 0])[..., None] * _shares(pieces)
            z = ways[3]
            keep = ~(np.minimum(z[:, :-1], z[:, 1:]) > self._top(ways[1:3], reach / pieces, well_inside))
            which, piece = np.nonzero(keep)
            ray = ray[which]
            ways = _ends(ways, which * (pieces + 1) + piece)
        if not len(ray):
            return at, outcome
        share_of_leaf, unknown = self._leaf(ways[1:], well_inside)
        t, r, c, _ = ways
        event = np.flatnonzero(np.isfinite(share_of_leaf))
        who = ray[event]
        first = np.ones(len(who), dtype=np.bool_)
        np.not_equal(who[1:], who[:-1], out=first[1:])
        who, event = who[first], event[first]
        u = share_of_leaf[event]
        at[who] = t[0, event] + u * (t[1, event] - t[0, event])
        outcome[who] = Outcome.HIT.value
        blind = unknown[event] if unknown is not None else None
        if blind is not None and blind.any():
            # A little further than the edge where the unknown begins, to see on which side it lies.
            beyond = np.minimum(u + 1e-3, 1.0)
            row, column = (v[0, event] + beyond * (v[1, event] - v[0, event]) for v in (r, c))
            missing = np.where(self.terrain.holds(row, column), Outcome.VOID.value, Outcome.OUTSIDE.value)
            outcome[who[blind]] = missing[blind]
        return at, outcome

    def _leaf(self, ways: FloatArray, well_inside: bool) -> tuple[FloatArray, NDArray[np.bool_] | None]:
        """Share of the way at which straight pieces, shorter than a cell, meet the ground (inf: they do not).

        ``ways`` ``(3, 2, m)``: row, column and height at begin and end. The second array says that it is not ground but
        the end of what is known; None where that is nowhere.
        """
        begin, end = ways[:, 0], ways[:, 1]
        span = end - begin
        crossed = _line_crossed(begin[:2], end[:2], span[:2])
        both = np.empty((7, crossed.shape[1]))
        # Where the piece begins, goes into other cells and ends, and the middle of each part.
        both[0], both[3] = 0.0, 1.0
        both[1], both[2] = np.minimum(crossed[0], crossed[1]), np.maximum(crossed[0], crossed[1])
        u = both[:4]
        np.add(u[:-1], u[1:], out=both[4:])
        both[4:] *= 0.5
        row, column, height = begin[:, None] + span[:, None] * both
        gap = height - self.terrain.height_at_posts(row, column, well_inside)
        x = _first_zero(gap[:3], gap[4:], gap[1:4])
        # Cells that are only touched in passing have no length and no say.
        length = u[1:] - u[:-1]
        real = length > 1e-9
        if well_inside or not math.isnan(gap.sum()):
            # Where there is no zero x is infinite; times no length that would be no number.
            share = u[:-1] + np.minimum(x, 2.0) * length
            share[~(real & (x <= 1.0))] = np.inf
            return np.minimum(np.minimum(share[0], share[1]), share[2]), None
        blind = np.isnan(gap[:3] + gap[4:] + gap[1:4]) & real
        some = blind | (real & np.isfinite(x))
        share = np.where(blind | ~some, 0.0, x)
        where = np.where(some, u[:-1] + share * length, np.inf)
        first = np.argmin(where, axis=0)
        columns = np.arange(where.shape[1])
        return where[first, columns], blind[first, columns]

    # -- the table of block maxima ----------------------------------------------------------------------------------------

    def _top(self, posts: FloatArray, reach: float, well_inside: bool) -> NDArray[np.float32]:
        """A height that the ground under each step does not exceed; inf where unknown.

        ``posts`` ``(2, m, k + 1)``: rows and columns of points; ``reach``: how far a step goes in rows or columns, as far as
        the path is straight.
        """
        level = min(max(math.ceil(math.log2(max(_NOT_QUITE_STRAIGHT * reach / 2.0, 1e-9))), 0), _MAX_LEVEL)
        tops = self._block_tops(level)
        # A block and its eight neighbours hold whatever lies within one block of the middle of the step.
        half_block = 0.5 / 2**level
        middle = (posts[..., :-1] + posts[..., 1:]) * half_block
        if well_inside:
            row, column = middle.astype(np.int64)
            return np.asarray(tops.reshape(-1).take(row * tops.shape[1] + (column + (tops.shape[1] + 1))))
        row, column = np.floor(middle).astype(np.int64) + 1
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


@cache
def _shares(pieces: int) -> FloatArray:
    """Where a way is cut into so many pieces: 0 to 1."""
    return np.linspace(0.0, 1.0, pieces + 1)


def _widest(v: FloatArray) -> float:
    """The longest step along rows ``(m, k + 1)`` of numbers."""
    return float(np.maximum.reduce(np.abs(v[:, 1:] - v[:, :-1]), axis=None))


def _ends(ways: FloatArray, begin: NDArray[np.intp]) -> FloatArray:
    """Of tables ``(4, n, k + 1)``: the values at both ends ``(4, 2, m)`` of the steps that begin at ``begin`` ``(m,)``."""
    both = np.empty((2, len(begin)), dtype=np.intp)
    both[0] = begin
    np.add(begin, 1, out=both[1])
    return np.asarray(ways.reshape(4, -1).take(both, axis=1))


def _line_crossed(begin: FloatArray, end: FloatArray, span: FloatArray) -> FloatArray:
    """Share of the way from ``begin`` to ``end``, ``span`` apart, at which a whole number is crossed; 1 where none is."""
    line = np.floor(np.minimum(begin, end)) + 1.0
    crossed = line < np.maximum(begin, end)
    return np.where(crossed, (line - begin) / np.where(crossed, span, 1.0), 1.0)


def _first_zero(a: FloatArray, middle: FloatArray, b: FloatArray) -> FloatArray:
    """Where in 0..1 the parabola through (0, a), (0.5, middle), (1, b) first is not positive; inf where nowhere."""
    square = 2.0 * (a + b - 2.0 * middle)
    line = 4.0 * middle - 3.0 * a - b
    inside = line * line - 4.0 * square * a
    root = np.sqrt(np.maximum(inside, 0.0))
    q = -0.5 * (line + np.copysign(root, line))
    # Of two zeros of a parabola that begins above 0, the one that is met first, without a difference of like numbers.
    falls_later = line > 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(falls_later, q, a) / np.where(falls_later, square, q)
    # Rounding must not lose a zero that lies on the edge of a cell.
    met = (b <= 0.0) | ((inside >= 0.0) & (x >= -1e-12) & (x <= 1.0 + 1e-12))
    x = np.where(met, np.minimum(np.maximum(x, 0.0), 1.0), np.inf)
    return np.where(a <= 0.0, 0.0, x)
