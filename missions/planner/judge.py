"""What a stretch costs one aircraft, or several that relieve each other: laps, period, and the gap it leaves anywhere.

An aircraft shuttles from ``a`` to ``b`` (turning ``setback`` before the ends of its stretch) and the picture reaches
``w / 2`` to each side of it. With ``R(x)`` the time from the beginning of the line to x and back, ``c`` what a turn costs:

* at ``x`` the gap round the turn at ``b`` is ``R(b) - R(x + w/2) + c``, round the turn at ``a`` ``R(x - w/2) - R(a) + c``
  (nothing where x stays in the picture);
* a lap takes ``R(b) - R(a) + 2 c``; a sortie as many laps as the battery allows besides out, home and the reserve;
* ``m`` aircraft that relieve each other start every ``P = max(C / m, T - relief)``, ``C`` from take-off to take-off of one
  and ``T`` the time on station. ``P - T``, when above ``c``, takes the place of ``c`` at the end where sorties begin.

Both directions are counted with their own wind in R.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from missions.planner.demand import Piece
from missions.planner.line import GroupLine

IntArray = NDArray[np.intp]
_MOST_LAPS = 1000


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches ``(p,)`` to be judged, and what does not depend on the launch point: arrays ``(p,)`` and ``(k, p)``."""

    from_m: FloatArray
    to_m: FloatArray
    lap_s: FloatArray
    before_s: FloatArray
    """(k, p): round the turn at the lower end, for the worst place of each piece; 0 where it stays in the picture."""
    after_s: FloatArray
    asked: FloatArray
    """(k, p): 1 where a piece of the demand lies in the stretch."""

    def taken(self, some: IntArray) -> Spans:
        """Those of the stretches only."""
        if len(some) == len(self.from_m):
            return self
        return Spans(
            self.from_m[some], self.to_m[some], self.lap_s[some], self.before_s[:, some], self.after_s[:, some],
            self.asked[:, some],
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Verdict:
    """One way to fly stretches ``(p,)``. ``late``: 0 or less where every demand is met, infinite where it cannot be flown."""

    late: FloatArray
    laps: FloatArray
    hole_s: FloatArray
    period_s: FloatArray
    enter_low: FloatArray
    out_s: FloatArray
    home_s: FloatArray


class Judge:
    """Judges stretches for one group. ``watch_s``: how long the watch lasts; ``relief_s``: overlap of two sorties."""

    def __init__(self, line: GroupLine, pieces: tuple[Piece, ...], watch_s: float, relief_s: float) -> None:
        self.line, self.pieces, self.watch_s, self.relief_s = line, pieces, watch_s, relief_s
        self._low = np.array([p.from_m for p in pieces])[:, None]
        self._high = np.array([p.to_m for p in pieces])[:, None]
        self._gap = np.array([p.max_gap_s for p in pieces])[:, None]
        self._priority = np.array([p.priority for p in pieces])[:, None]
        windows = {w for p in pieces for w in p.forbidden}
        # [i, j]: the longest window of piece j in which piece i ought to be seen.
        self._idle = np.array(
            [
                [
                    max((60.0 * w.length_minutes for w in j.forbidden if w not in i.forbidden), default=0.0)
                    for j in pieces
                ]
                for i in pieces
            ]
        )
        self._mixed = bool(windows) and bool(self._idle.any())

    def spans(self, from_m: FloatArray, to_m: FloatArray) -> Spans:
        """Prepare stretches; ``from_m`` below ``to_m``, both ``(p,)``."""
        line, w = self.line, self.line.half_view_m
        room = 0.5 * (to_m - from_m)
        setback = np.minimum(line.setback_m, np.maximum(room - 20.0, 0.0))
        a, b = line.round_trip_s(from_m + setback), line.round_trip_s(to_m - setback)
        low, high = np.maximum(self._low, from_m), np.minimum(self._high, to_m)
        return Spans(
            from_m, to_m, b - a + 2.0 * line.turn_cost_s,
            np.maximum(line.round_trip_s(high - w) - a, 0.0),
            np.maximum(b - line.round_trip_s(low + w), 0.0),
            (high - low > 1e-6).astype(np.float64),
        )  # fmt: skip

    def verdict(self, spans: Spans, launch: int, aircraft: int) -> Verdict:
        """``aircraft`` of the group fly these stretches from a launch point."""
        return self._judged(spans, self._sorties(spans, launch, aircraft))

    def best_verdict(self, spans: Spans, launches: Sequence[int], aircraft: int) -> tuple[Verdict, IntArray]:
        """The same from whichever launch point leaves the shortest time without anybody (then: the nearest)."""
        c = self.line.turn_cost_s
        all_of = [self._sorties(spans, launch, aircraft) for launch in launches]
        cost = np.stack([np.maximum(s.hole_s, c) + 1e-3 * (s.out_s + s.home_s) + s.late for s in all_of])
        best = cost.argmin(axis=0)
        rows = np.arange(cost.shape[1])
        chosen = {f.name: np.stack([getattr(s, f.name) for s in all_of])[best, rows] for f in fields(Verdict)}
        return self._judged(spans, Verdict(**chosen)), np.asarray(launches)[best]

    def _sorties(self, spans: Spans, launch: int, aircraft: int) -> Verdict:
        """Everything but the lateness, which is 0 here where it can be flown at all."""
        line, p = self.line, self.line.performance
        at_low = line.distance_m(launch, spans.from_m)
        at_high = line.distance_m(launch, spans.to_m)
        enter_low = at_low <= at_high
        entry = np.where(enter_low, spans.from_m + line.setback_m, spans.to_m - line.setback_m)
        out_s, home_s = line.out_s(launch, entry), line.home_s(launch, entry)
        possible = p.usable_s - out_s - home_s - line.climb_extra_s
        laps = np.floor(np.maximum(possible, 0.0) / spans.lap_s + 1e-9)
        laps = np.minimum(np.minimum(laps, _MOST_LAPS), np.maximum(np.ceil(self.watch_s / spans.lap_s), 1.0))
        station = laps * spans.lap_s
        cycle = out_s + station + home_s + p.setup_s + p.turnaround_s
        period = np.maximum(cycle / aircraft, np.maximum(station - self.relief_s, 1.0))
        hole = np.where(station >= self.watch_s, 0.0, period - station)
        # Both ends are the furthest places of the stretch, or nearly.
        flyable = (laps >= 1.0) & (np.maximum(at_low, at_high) <= p.link_range_m)
        late = np.where(flyable, 0.0, np.inf)
        return Verdict(late, laps, hole, period, enter_low.astype(np.float64), out_s, home_s)

    def _judged(self, spans: Spans, sorties: Verdict) -> Verdict:
        late = sorties.late.copy()
        some = np.flatnonzero(np.isfinite(late))
        if len(some):
            late[some] = self._late(spans.taken(some), sorties.enter_low[some], sorties.hole_s[some])
        return replace(sorties, late=late)

    def _late(self, spans: Spans, enter_low: FloatArray, hole_s: FloatArray) -> FloatArray:
        gap = self.gaps(spans, enter_low, hole_s)
        ratio = gap / self._gap
        over = ratio - 1.0
        late = np.where(over > 0.0, over * self._priority, over / self._priority)
        return np.asarray(np.where(spans.asked > 0.0, late, -np.inf).max(axis=0))

    def gaps(self, spans: Spans, enter_low: FloatArray, hole_s: FloatArray) -> FloatArray:
        """The longest gap in each piece of the demand that a stretch holds, ``(k, p)``."""
        gap = self.turn_gaps(spans, enter_low, hole_s)
        if self._mixed:
            # One aircraft over stretches with different forbidden times keeps all of them.
            gap = np.maximum(gap, (self._idle[:, :, None] * spans.asked[None]).max(axis=1))
        return gap

    def turn_gaps(self, spans: Spans, enter_low: FloatArray, hole_s: FloatArray) -> FloatArray:
        """The longer of the gaps round the two turns, ``(k, p)``, without forbidden times."""
        c = self.line.turn_cost_s
        wait = np.maximum(hole_s, 0.0)
        at_low = np.where(enter_low > 0.0, np.maximum(c, wait), c)
        at_high = np.where(enter_low > 0.0, c, np.maximum(c, wait))
        stay_low = np.where(enter_low > 0.0, wait, 0.0)
        stay_high = np.where(enter_low > 0.0, 0.0, wait)
        before = np.where(spans.before_s > 0.0, spans.before_s + at_low, stay_low)
        after = np.where(spans.after_s > 0.0, spans.after_s + at_high, stay_high)
        return np.asarray(np.maximum(before, after))
