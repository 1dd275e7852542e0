"""The split of the line: which stretch for which aircraft, so that the worst lateness is as small as it can be.

A *use* is a number of aircraft of one group that relieve each other, from the launch point that serves best. The least
possible worst lateness is found by a parametric search: for a trial value, ``reach[use][i]`` is the furthest place up to
which the use can fly from place ``i`` within it, and dynamic programming over the numbers of aircraft used gives the
furthest place up to which all is seen. Where an aircraft that starts earlier reaches further than one that starts here, it
may (stretches may overlap), so that reach only grows along the line and the furthest place is all that needs to be
remembered: the result is exact on the grid of places. The rest of the line is then solved on both sides of the worst
stretch again, so that one demand that cannot be met spoils no other. Boundaries are at last shifted off the grid to where
both neighbours are even.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from missions.planner.demand import Piece
from missions.planner.judge import Judge, Spans, Verdict

IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
_MOST_STATES = 20_000
_ROUNDS = 26
_ANY = 1e9
_MOST_RELIEVING = 5


@dataclass(frozen=True)
class Kind:
    """A way to use ``aircraft`` of a group from one launch point (index)."""

    group: int
    launch: int
    aircraft: int


@dataclass(frozen=True)
class Share:
    """One stretch for one kind."""

    kind: Kind
    from_m: float
    to_m: float
    late: float


def grid(pieces: Sequence[Piece], length_m: float, cells: int) -> FloatArray:
    """Places ``(n,)`` where the line may be cut: the ends of the pieces and evenly between, none outside the demand."""
    step = max(length_m / cells, 5.0)
    places = [0.0, length_m]
    for piece in pieces:
        count = max(1, math.ceil((piece.to_m - piece.from_m) / step))
        places += np.linspace(piece.from_m, piece.to_m, count + 1).tolist()
    ordered = np.unique(np.round(places, 3))
    return np.asarray(ordered[np.concatenate([[True], np.diff(ordered) > 0.01])])


class Table:
    """Every use of ``aircraft`` of a group, for every two places of the grid: arrays ``(n, n)``.

    ``late[use]`` is infinite below the diagonal and where it cannot be flown; ``launch[use]`` is the launch point that
    serves best there.
    """

    def __init__(
        self, judges: Sequence[Judge], places_m: FloatArray, launches_of: Sequence[Sequence[int]], counts: Sequence[int]
    ) -> None:
        self.judges, self.places_m = list(judges), places_m
        self.uses: list[tuple[int, int]] = []
        self.launch: list[IntArray] = []
        late_of_use: list[FloatArray] = []
        n = len(places_m)
        low, high = np.triu_indices(n, 1)
        for group, judge in enumerate(judges):
            spans: Spans | None = None
            for aircraft in range(1, min(counts[group], _MOST_RELIEVING) + 1):
                spans = spans if spans is not None else judge.spans(places_m[low], places_m[high])
                verdict, launch = judge.best_verdict(spans, launches_of[group], aircraft)
                some = np.isfinite(verdict.late)
                if not some.any():
                    break
                late, by = np.full((n, n), np.inf), np.zeros((n, n), dtype=np.intp)
                late[low, high], by[low, high] = verdict.late, launch
                self.uses.append((group, aircraft))
                self.launch.append(by)
                late_of_use.append(late)
                if not (verdict.hole_s[some] > judge.line.turn_cost_s).any():
                    break  # somebody is always there already
        self.late = np.stack(late_of_use) if late_of_use else np.zeros((0, n, n))
        self._n = n

    def kind(self, use: int, i: int, j: int) -> Kind:
        """What flies from place ``i`` to ``j``."""
        group, aircraft = self.uses[use]
        return Kind(group, int(self.launch[use][i, j]), aircraft)

    def asked(self, pieces: Sequence[Piece]) -> BoolArray:
        """Between which places of the grid and the next something is asked, ``(n - 1,)``."""
        cell = np.zeros(self._n - 1, dtype=np.bool_)
        for piece in pieces:
            cell |= (self.places_m[:-1] >= piece.from_m - 0.02) & (self.places_m[1:] <= piece.to_m + 0.02)
        return cell

    def within_reach(self, counts: Sequence[int]) -> BoolArray:
        """Which cells any of the aircraft there are could see at all, ``(n - 1,)``."""
        marks = np.zeros(self._n, dtype=np.int64)
        for (group, aircraft), late in zip(self.uses, self.late, strict=True):
            if aircraft > counts[group]:
                continue
            ok = np.isfinite(late)
            start = np.flatnonzero(ok.any(axis=1))
            # Marks at the beginnings and ends of what can be flown; their running sum covers the cells between.
            np.add.at(marks, start, 1)
            np.add.at(marks, self._n - 1 - ok[start][:, ::-1].argmax(axis=1), -1)
        return np.asarray(np.cumsum(marks)[:-1] > 0)


class Splitter:
    """Solves parts of the line with parts of the fleet by one table. ``asked`` ``(n - 1,)``: the cells to be seen."""

    def __init__(self, table: Table, asked: BoolArray) -> None:
        self.table = table
        self._late = table.late
        n = len(table.places_m)
        # For every place: the next one from which something is asked (the last when nothing is).
        self._next = np.arange(n)
        for i in range(n - 2, -1, -1):
            self._next[i] = i if asked[i] else self._next[i + 1]

    def possible(self, counts: Sequence[int]) -> bool:
        """Whether all that is asked can be seen, however rarely."""
        return self._cover(_ANY, tuple(counts), 0, len(self.table.places_m) - 1) is not None

    def best(self, counts: Sequence[int], low: int | None = None, high: int | None = None) -> list[Share]:
        """The best shares of the grid from place ``low`` to ``high`` with ``counts[group]`` aircraft; empty when none is."""
        low = 0 if low is None else low
        high = len(self.table.places_m) - 1 if high is None else high
        found = self._least(tuple(counts), low, high)
        return [] if found is None else self._even(found, tuple(counts), low, high)

    def fewest(self, counts: Sequence[int], late: float = 0.0) -> int | None:
        """How many aircraft it takes at least to keep within a lateness; None when these do not do it."""
        high = len(self.table.places_m) - 1
        way = self._cover(late, tuple(counts), 0, high)
        return None if way is None else sum(self.table.uses[k][1] for k, _, _ in way)

    def _even(self, found: list[tuple[int, int, int]], counts: tuple[int, ...], low: int, high: int) -> list[Share]:
        """The worst share stays; what lies on either side of it is solved again with the aircraft it has there."""
        late = [float(self._late[k, i, j]) for k, i, j in found]
        worst = int(np.argmax(late))
        k, i, j = found[worst]
        left, right = found[:worst], found[worst + 1 :]
        used = self._used(found)
        spare = [c - u for c, u in zip(counts, used, strict=True)]
        out: list[Share] = []
        if left:
            mine = tuple(u + s for u, s in zip(self._used(left), spare, strict=True))
            part = self._least(mine, low, i) or left
            spare = [m - u for m, u in zip(mine, self._used(part), strict=True)]
            out += self._even(part, mine, low, i)
        out.append(
            Share(self.table.kind(k, i, j), float(self.table.places_m[i]), float(self.table.places_m[j]), late[worst])
        )
        if right:
            mine = tuple(u + s for u, s in zip(self._used(right), spare, strict=True))
            start = max(j, low)
            out += self._even(self._least(mine, start, high) or right, mine, start, high)
        return out

    def _used(self, way: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
        used = [0] * len(self.table.judges)
        for k, _, _ in way:
            group, aircraft = self.table.uses[k]
            used[group] += aircraft
        return tuple(used)

    def _least(self, counts: tuple[int, ...], low: int, high: int) -> list[tuple[int, int, int]] | None:
        """Shares (use, from, to) with the least worst lateness."""
        if self._next[low] >= high:
            return []
        part = self._late[:, low : high + 1, low : high + 1]
        values = part[np.isfinite(part)]
        if not len(values):
            return None
        bottom, top = float(values.min()) - 1e-9, float(values.max())
        way = self._cover(top, counts, low, high)
        if way is None:
            return None
        for _ in range(_ROUNDS):
            if top - bottom < 1e-3:
                break
            # Late values have a long tail: a guess in the ratio's logarithm halves it evenly.
            middle = math.expm1(0.5 * (math.log1p(max(bottom, -0.999)) + math.log1p(max(top, -0.999))))
            if not bottom < middle < top:
                middle = 0.5 * (bottom + top)
            trial = self._cover(middle, counts, low, high)
            if trial is None:
                bottom = middle
            else:
                way, top = trial, middle
        return way

    def _cover(self, late: float, counts: tuple[int, ...], low: int, high: int) -> list[tuple[int, int, int]] | None:
        """Shares that see everything from ``low`` to ``high`` within a lateness, with as few aircraft as that takes."""
        part = self._late[:, low : high + 1, low : high + 1] <= late
        n = high - low + 1
        if not len(part):
            return None
        ok = part.any(axis=2)
        furthest = np.where(ok, n - 1 - part[:, :, ::-1].argmax(axis=2), -1)
        reach = np.maximum.accumulate(furthest, axis=1)
        follow = np.minimum(self._next[low : high + 1], high) - low
        sizes = [c + 1 for c in counts]
        states = math.prod(sizes)
        if states > _MOST_STATES:
            raise PlanError(
                f"{len(counts)} groups of aircraft can be combined in {states} ways, more than can be looked through",
                "give fewer groups: put aircraft of one type that may start anywhere into one",
            )
        strides = [math.prod(sizes[g + 1 :]) for g in range(len(sizes))]
        group = np.array([g for g, _ in self.table.uses])
        need = np.array([aircraft for _, aircraft in self.table.uses])
        take = need * np.array(strides)[group]
        at = np.full(states, -1, dtype=np.int64)
        came = np.full(states, -1, dtype=np.int64)
        at[0] = follow[0]
        done = -1 if at[0] < n - 1 else 0
        order = sorted(itertools.product(*(range(s) for s in sizes)), key=lambda c: (sum(c), c))
        for count in order:
            state = sum(c * s for c, s in zip(count, strides, strict=True))
            if state:
                usable = np.flatnonzero(np.asarray(count)[group] >= need)
                if not len(usable):
                    continue
                before = state - take[usable]
                places = at[before]
                got = np.where(places >= 0, reach[usable, np.maximum(places, 0)], -1)
                best = int(np.argmax(got))
                if got[best] > places[best] and got[best] > at[state]:
                    at[state], came[state] = follow[got[best]], usable[best]
            if at[state] >= n - 1:
                done = state
                break
        if done < 0:
            return None
        way: list[tuple[int, int, int]] = []
        state, end = done, n - 1
        while state:
            k = int(came[state])
            state -= int(take[k])
            start = int(at[state])
            stop = int(reach[k, start])
            # The one that reaches furthest may begin earlier; without need it does not.
            begin = start if part[k, start, stop] else int(np.flatnonzero(furthest[k, : start + 1] == stop)[-1])
            way.append((k, begin + low, min(stop, end) + low))
        return way[::-1]


def shifted(shares: Sequence[Share], judges: Sequence[Judge], rounds: int = 4) -> list[Share]:
    """Boundaries between neighbours moved off the grid to where the worse of the two is best."""
    parts = list(shares)
    for _ in range(rounds):
        moved = 0.0
        for i in range(len(parts) - 1):
            one, other = parts[i], parts[i + 1]
            if abs(one.to_m - other.from_m) > 0.05:
                continue  # something that nobody asks for lies between, or they overlap
            low, high = one.from_m + 1.0, other.to_m - 1.0
            at = one.to_m
            worst = max(one.late, other.late)
            for _ in range(14):
                middle = 0.5 * (low + high)
                left, right = (
                    late_of(judges, one.kind, one.from_m, middle),
                    late_of(judges, other.kind, middle, other.to_m),
                )
                if max(left, right) < worst:
                    worst, at = max(left, right), middle
                if left > right:
                    high = middle
                else:
                    low = middle
            if at != one.to_m:
                moved = max(moved, abs(at - one.to_m))
                parts[i] = Share(one.kind, one.from_m, at, late_of(judges, one.kind, one.from_m, at))
                parts[i + 1] = Share(other.kind, at, other.to_m, late_of(judges, other.kind, at, other.to_m))
        if moved < 1.0:
            break
    return parts


def late_of(judges: Sequence[Judge], kind: Kind, from_m: float, to_m: float) -> float:
    """The lateness of one stretch."""
    return float(verdict_of(judges, kind, from_m, to_m)[1].late[0])


def verdict_of(judges: Sequence[Judge], kind: Kind, from_m: float, to_m: float) -> tuple[Spans, Verdict]:
    """One stretch judged."""
    judge = judges[kind.group]
    spans = judge.spans(np.array([from_m]), np.array([to_m]))
    return spans, judge.verdict(spans, kind.launch, kind.aircraft)
