"""The order of cells and how each is entered: an open travelling-salesman tour whose cities have four ways through.

For a given order the best ways are found exactly by dynamic programming; the order itself exactly for few cells (Held
and Karp, 1962) and else by nearest neighbour, moves of runs and reversals of runs (2-opt, Or-opt).
"""

from __future__ import annotations

import functools
import itertools

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from missions.patterns.lanes import Cell
from missions.patterns.routing import Ways

_EXACT = 6
_ROUNDS = 5
_MANY = 25


class CellOrder:
    """Finds the order of ``cells``; joins are as long as the shortest way inside the region.

    Straight distances, which are never too long, stand in until a join is used; then it is measured. ``steps`` bounds
    the work.
    """

    def __init__(self, cells: list[Cell], ways: Ways, start_en_m: FloatArray | None, steps: int = 40) -> None:
        self.cells, self.ways, self.steps = cells, ways, steps
        self.entries = np.stack([c.entries for c in cells])
        self.exits = np.stack([c.exits for c in cells])
        self.inside = np.stack([c.lengths_m for c in cells])
        gap = self.exits[:, :, None, None] - self.entries[None, None]
        # (from cell, its way, to cell, its way)
        self.gap: FloatArray = np.hypot(gap[..., 0], gap[..., 1])
        self.known = np.zeros(self.gap.shape, dtype=bool)
        self.start = np.zeros((len(cells), 4))
        if start_en_m is not None:
            for c, m in itertools.product(range(len(cells)), range(4)):
                length = ways.length_m(start_en_m, self.entries[c, m])
                away = float(np.hypot(*(self.entries[c, m] - start_en_m)))
                self.start[c, m] = length if np.isfinite(length) else away

    def solve(self) -> tuple[float, list[tuple[int, int]]]:
        """Length with all joins (without the way from the start) and (cell, way) in order."""
        order = self._exact() if len(self.cells) <= _EXACT else self._greedy()
        best: tuple[float, list[tuple[int, int]]] = (np.inf, [])
        for _ in range(_ROUNDS if len(self.cells) <= _MANY else 2):
            if len(self.cells) > _EXACT:
                order = self._improve(order)
            _, modes = self._modes(order)
            changed = self._measure(order, modes)
            cost, modes = self._modes(order)
            if not changed:
                best = (cost, list(zip(order, modes, strict=True)))
                break
            if cost < best[0] and not self._measure(order, modes):
                best = (cost, list(zip(order, modes, strict=True)))
            if len(self.cells) <= _EXACT:
                order = self._exact()
        if not best[1]:
            while self._measure(order, modes):
                cost, modes = self._modes(order)
            best = (cost, list(zip(order, modes, strict=True)))
        first = best[1][0]
        return best[0] - float(self.start[first]), best[1]

    def _measure(self, order: list[int], modes: list[int]) -> bool:
        """Puts in the true length of every join of a tour. Whether one was longer than thought."""
        longer = False
        for (a, m), (b, n) in itertools.pairwise(zip(order, modes, strict=True)):
            if not self.known[a, m, b, n]:
                length = self.ways.length_m(self.exits[a, m], self.entries[b, n])
                longer |= length > self.gap[a, m, b, n] + 1e-6
                for i, j, k, q in ((a, m, b, n), (b, (n + 2) % 4, a, (m + 2) % 4)):  # the same join backwards
                    self.gap[i, j, k, q], self.known[i, j, k, q] = length, True
        return bool(longer)

    def _modes(self, order: list[int]) -> tuple[float, list[int]]:
        """The best ways for an order, and the length."""
        cost = self.start[order[0]] + self.inside[order[0]]
        came: list[NDArray[np.intp]] = []
        for a, b in itertools.pairwise(order):
            whole = cost[:, None] + self.gap[a, :, b]
            came.append(whole.argmin(axis=0))
            cost = whole.min(axis=0) + self.inside[b]
        mode = int(cost.argmin())
        modes = [mode]
        for back in reversed(came):
            modes.append(int(back[modes[-1]]))
        return float(cost.min()), modes[::-1]

    def _exact(self) -> list[int]:
        """Held and Karp over (set of cells, last cell), a vector of four ways in each state."""
        count = len(self.cells)
        best = {(1 << c, c): (self.start[c] + self.inside[c], -1) for c in range(count)}
        layer = list(best)
        for _ in range(count - 1):
            following: set[tuple[int, int]] = set()
            reached: dict[tuple[int, int], list[FloatArray]] = {}
            for done, last in layer:
                cost = best[done, last][0]
                for c in range(count):
                    if not done & (1 << c):
                        state = (done | (1 << c), c)
                        following.add(state)
                        new = (cost[:, None] + self.gap[last, :, c]).min(axis=0) + self.inside[c]
                        reached.setdefault(state, []).append(new)
            for state, found in reached.items():
                best[state] = (np.min(found, axis=0), -1)
            layer = sorted(following)
        whole = (1 << count) - 1
        last = min(range(count), key=lambda c: float(best[whole, c][0].min()))
        way = int(best[whole, last][0].argmin())
        order, done = [last], whole
        while len(order) < count:
            done ^= 1 << last
            before = [
                (float((best[done, c][0] + self.gap[c, :, last, way]).min()), c)
                for c in range(count)
                if done & (1 << c)
            ]
            _, previous = min(before)
            way = int((best[done, previous][0] + self.gap[previous, :, last, way]).argmin())
            last = previous
            order.append(last)
        return order[::-1]

    def _costs(self, orders: NDArray[np.intp]) -> FloatArray:
        """Lengths of many orders ``(b, n)`` at once, each with its best ways, ``(b,)``."""
        cost = self.start[orders[:, 0]] + self.inside[orders[:, 0]]
        for k in range(1, orders.shape[1]):
            a, b = orders[:, k - 1], orders[:, k]
            cost = (cost[:, :, None] + self.gap[a, :, b]).min(axis=1) + self.inside[b]
        return np.asarray(cost.min(axis=1))

    def _greedy(self) -> list[int]:
        """From every cell in turn to the nearest one left; the shortest of these."""
        count = len(self.cells)
        nearest = self.gap.min(axis=(1, 3)) + np.diag(np.full(count, np.inf))
        orders = np.empty((count, count), dtype=np.intp)
        for first in range(count):
            left = nearest.copy()
            left[:, first] = np.inf
            orders[first, 0] = first
            for k in range(1, count):
                orders[first, k] = left[orders[first, k - 1]].argmin()
                left[:, orders[first, k]] = np.inf
        return [int(c) for c in orders[int(self._costs(orders).argmin())]]

    def _improve(self, order: list[int]) -> list[int]:
        """The best of all moves and reversals of runs, again and again."""
        best, _ = self._modes(order)
        moves = _rearrangements(len(order))
        now = np.array(order, dtype=np.intp)
        # Very many cells: fewer steps, so that the time stays bounded.
        for _ in range(max(3, min(self.steps, 1_000_000 // moves.size))):
            tried = now[moves]
            costs = self._costs(tried)
            k = int(costs.argmin())
            if costs[k] > best - 1e-6:
                break
            best, now = float(costs[k]), tried[k]
        return [int(c) for c in now]


@functools.cache
def _rearrangements(count: int) -> NDArray[np.intp]:
    """Moves of runs of up to three places, and reversals, as index rows ``(b, count)``; of many places the short ones."""
    rows: set[tuple[int, ...]] = set()
    places = list(range(count))
    reach = count if count <= _MANY else max(3, 8000 // (count * count))
    for i in range(count):
        for size in (1, 2, 3):
            run, rest = places[i : i + size], places[:i] + places[i + size :]
            if len(run) == size:
                rows.update(
                    tuple(rest[:at] + run + rest[at:]) for at in range(max(0, i - reach), min(len(rest), i + reach) + 1)
                )
        for j in range(i + 2, min(count, i + 1 + reach) + 1):
            rows.add(tuple(places[:i] + places[i:j][::-1] + places[j:]))
    return np.array(sorted(rows), dtype=np.intp)
