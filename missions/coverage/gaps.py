"""How often each metre of the border was really seen in a period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from missions.coverage.grid import IntArray
from missions.coverage.ledger import Ledger
from missions.sight import BoolArray

VISIT_JOIN_S = 15.0
"""Sightings of a piece closer together than this are one visit: the picture was on it, or lost it for a moment."""

RUN_PIECES = 5
"""A plan's longest gap is that of so many pieces in a row: a single one at a picture's rim, or where two pictures just meet,
comes into view or not by a metre of the way, and would make a figure that no second flight repeats."""


def visits_and_gaps(
    piece: IntArray, t_s: FloatArray, count: int, join_s: float = VISIT_JOIN_S
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Of sightings ``(n,)`` of pieces at times in seconds, in any order: for each of ``count`` pieces its visits, its usual and
    its longest gap between them (NaN with fewer than two visits).

    The usual gap is the mean of the gaps, each weighted by its length: the gap into which somebody comes who comes at any
    moment. A plain median would be 16 s for a place that is out of sight for 16 s, 6 min, and 16 s, and would be 6 min if
    the two short ones were so short that they count as one visit.
    """
    order = np.lexsort((t_s, piece))
    piece, t_s = piece[order], t_s[order]
    gap_s = np.diff(t_s)
    apart = (piece[1:] == piece[:-1]) & (gap_s > join_s)
    of, gaps = piece[1:][apart], gap_s[apart]
    visits = np.bincount(of, minlength=count)
    visits[np.unique(piece)] += 1
    usual, longest = np.full(count, np.nan), np.full(count, -np.inf)
    np.maximum.at(longest, of, gaps)
    some = np.unique(of)
    total = np.bincount(of, gaps, minlength=count)[some]
    usual[some] = np.bincount(of, gaps * gaps, minlength=count)[some] / total
    longest[~np.isfinite(longest)] = np.nan
    return visits, usual, longest


def gaps_of_laps(
    visits: IntArray, usual_s: FloatArray, max_s: FloatArray, laps: int, number: IntArray | None = None
) -> tuple[float | None, float | None]:
    """``(median, longest)`` gap in seconds over the pieces that are seen in every one of ``laps``, and more than once.

    Of each piece ``(n,)``: its ``visits``, ``usual_s`` and ``max_s`` (:func:`visits_and_gaps`) and its ``number`` along the
    line, None for pieces that do not lie in a line. The longest gap is the longest that any :data:`RUN_PIECES` pieces in a
    row have all of them; where no run is that long, that of any piece. None when nothing is seen twice.
    """
    known = (visits >= max(laps, 2)) & np.isfinite(usual_s)
    if not known.any():
        return None, None
    median, longest = float(np.median(usual_s[known])), float(max_s[known].max())
    if number is not None and int(known.sum()) >= RUN_PIECES:
        some, gaps = number[known], max_s[known]
        runs = some[RUN_PIECES - 1 :] - some[: 1 - RUN_PIECES] == RUN_PIECES - 1
        if runs.any():
            longest = float(sliding_window_view(gaps, RUN_PIECES).min(axis=1)[runs].max())
    return median, longest


@dataclass(frozen=True, eq=False)
class RevisitGaps:
    """Of each piece ``(n,)`` in a period: ``visits``; ``usual_s`` and ``max_s`` of the gaps between visits (the end of one to
    the beginning of the next; :func:`visits_and_gaps`), NaN with fewer than two; ``unseen_s``: the longest time in which it
    was not seen, the period's beginning and end counted, all of the period when it was never seen. ``counted``: pieces that
    may be seen."""

    period_s: float
    visits: IntArray
    usual_s: FloatArray
    max_s: FloatArray
    unseen_s: FloatArray
    counted: BoolArray

    @property
    def seen_fraction(self) -> float:
        """Share of the pieces that may be seen and were; 0 when there are none."""
        return float((self.visits[self.counted] > 0).mean()) if self.counted.any() else 0.0

    @property
    def median_gap_s(self) -> float | None:
        """Median over all pieces with a gap of their usual gap; None when nothing was seen twice."""
        known = self.usual_s[self.counted & np.isfinite(self.usual_s)]
        return float(np.median(known)) if len(known) else None

    @property
    def max_gap_s(self) -> float | None:
        """The longest gap between two visits anywhere; None when nothing was seen twice."""
        known = self.max_s[self.counted & np.isfinite(self.max_s)]
        return float(known.max()) if len(known) else None


def revisit_gaps(ledger: Ledger, from_utc_us: int, to_utc_us: int, join_s: float = VISIT_JOIN_S) -> RevisitGaps:
    """Visits and gaps of all pieces between two times. Raises :class:`PlanError` for a period that ends before it begins,
    or a ledger without history."""
    if to_utc_us <= from_utc_us:
        raise PlanError("the period ends before it begins", "give a beginning before the end")
    n = ledger.grid.bins
    piece, t = ledger.bin_history(from_utc_us, to_utc_us)
    period_s = (to_utc_us - from_utc_us) / 1e6
    t_s = (t - from_utc_us) / 1e6
    visits, usual, longest = visits_and_gaps(piece, t_s, n, join_s)
    unseen = np.full(n, period_s)
    if len(piece):
        new = np.flatnonzero(np.concatenate([[True], piece[1:] != piece[:-1]]))
        end = np.append(new[1:], len(piece)) - 1
        # Before the first and after the last sighting it was not seen either.
        unseen[piece[new]] = np.maximum(t_s[new], period_s - t_s[end])
    unseen = np.fmax(unseen, longest)
    return RevisitGaps(period_s, visits, usual, longest, unseen, ledger.grid.bin_may_be_seen)
