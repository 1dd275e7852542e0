"""Which of the neighbour's tracks are ours: by where they were over several seconds, never by how anybody looks.

For a pair, every told place of theirs is put on our clock and laid beside ours. The difference has three causes: the
noise of both tracks, the uncertain clock (along the velocity), and the errors of both cameras' poses, which last for
seconds and move *all* tracks of a camera together. So the pairs are judged together: the common shift that explains most
is estimated from all of them, as likely as the stated errors make it, and taken off. Then a pair's
statistic is the mean squared distance in its own sigmas, 2 where it is the same thing, and more where the two do not move
alike (:mod:`groundstation.share.correlate.shape`).

The assignment is one to one (Jonker and Volgenant's algorithm in scipy), with a price for leaving a track alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from groundstation.core.picture_records import PairState
from groundstation.share.correlate.history import History
from groundstation.share.correlate.shape import Shapes

FloatArray = NDArray[np.float64]

SAME_BELOW = 6.0
"""95 % of a pair that is one thing lie below: chi squared of two. What is left of the pose's error lasts, so that the mean
over some seconds is spread nearly like a single value."""
DIFFERENT_ABOVE = 13.8
"""Only 1 in 1000 of a pair that is one thing lies above."""
MIN_SAMPLES, MIN_SPAN_S = 3, 2.0
COMPARED_US = 10_000_000
AMBIGUOUS_WITHIN = 4.0
"""A second candidate, or a second way to lay all tracks beside each other, that is less than this dearer leaves it
undecided."""
KEEP_BONUS = 2.0
CLASS_PRICE = 2.0
"""What it costs that one station's detector says person and the other's vehicle; detectors err, places less."""
FAR_M = 250.0
_ROUNDS = 4
_NEVER = 1e6
_AGREED = 1e3
MORE_STARTS = 3
MAX_TRIED = 300
_POSE_SHARE = 0.75
"""How much of a told error is taken to be the pose's, where only the sum is told."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """One pair, laid beside each other at ``samples`` common times over ``span_s``.

    ``mean_m`` ``(2,)`` and ``square_m2`` ``(2, 2)``: mean and mean square of the difference, theirs minus ours;
    ``noise_m2`` ``(2, 2)``: its mean covariance without what the poses cause; ``pose_m2`` ``(2, 2)``: that of the poses;
    ``t_us`` ``(n,)`` (the neighbour's clock) and ``difference_m`` ``(n, 2)``: the differences themselves.
    (The covariances of a track hardly change in some seconds, so one stands for all.)
    """

    mean_m: FloatArray
    square_m2: FloatArray
    noise_m2: FloatArray
    pose_m2: FloatArray
    samples: int
    span_s: float
    t_us: FloatArray
    difference_m: FloatArray

    @property
    def distance_m(self) -> float:
        """Length of the mean difference."""
        return float(np.hypot(*self.mean_m))


@dataclass(frozen=True, eq=False)
class Pairing:
    """What came of the assignment for one of the neighbour's tracks. ``own`` is the best candidate, "" for none.

    ``state``: "same", "undecided" or "different"; ``rival``: the statistic of the second best, infinite without one.
    """

    own: str
    state: PairState
    statistic: float
    rival: float
    comparison: Comparison | None


def compare(own: History, theirs: History, offset_us: float, uncertainty_us: float) -> Comparison | None:
    """Lay a pair beside each other; None where they have too little time in common. ``offset_us``: their clock shows more."""
    told = theirs.points()
    if len(told) < MIN_SAMPLES:
        return None
    known, ours = own.at(told.t_us - offset_us)
    known_us = told.t_us[known]
    recent = told.t_us[-1] - known_us <= COMPARED_US
    times = known_us[recent]
    if len(times) < MIN_SAMPLES or times[-1] - times[0] < MIN_SPAN_S * 1e6:
        return None
    velocity = told.velocity_m_s[known][recent]
    velocity = np.nan_to_num(np.where(np.isfinite(velocity).all(axis=1)[:, None], velocity, ours.velocity_m_s[recent]))
    # The uncertainty is the half width of an interval: as a sigma it is on the safe side.
    clock_m2 = np.einsum("ni,nj->ij", velocity, velocity) / len(times) * (uncertainty_us / 1e6) ** 2
    total_m2 = (ours.covariance_m2[recent] + told.covariance_m2[known][recent]).mean(axis=0)
    difference_m = told.en_m[known][recent] - ours.en_m[recent]
    return Comparison(
        difference_m.mean(axis=0),
        np.einsum("ni,nj->ij", difference_m, difference_m) / len(times),
        (1.0 - _POSE_SHARE) * total_m2 + clock_m2,
        _POSE_SHARE * total_m2,
        len(times),
        float(times[-1] - times[0]) / 1e6,
        times,
        difference_m,
    )


@dataclass(frozen=True, eq=False)
class _Pairs:
    """All compared pairs together: ``keys`` are (theirs, ours), the rest as in :class:`Comparison`, stacked."""

    keys: list[tuple[str, str]]
    mean_m: FloatArray
    square_m2: FloatArray
    noise_m2: FloatArray
    pose_m2: FloatArray

    @classmethod
    def of(cls, compared: Mapping[tuple[str, str], Comparison]) -> _Pairs:
        pairs = list(compared.values())
        return cls(
            list(compared),
            np.array([p.mean_m for p in pairs]),
            np.array([p.square_m2 for p in pairs]),
            np.array([p.noise_m2 for p in pairs]),
            np.mean([p.pose_m2 for p in pairs], axis=0),
        )

    def statistics(self, shift_m: FloatArray, known_m2: FloatArray) -> FloatArray:
        """Of every pair: the mean squared distance in its own sigmas when a shift known to ``known_m2`` is taken off."""
        crossed = np.einsum("ni,j->nij", self.mean_m, shift_m)
        left_m2 = self.square_m2 - crossed - crossed.transpose(0, 2, 1) + np.outer(shift_m, shift_m)
        statistics: FloatArray = np.einsum("nij,nji->n", np.linalg.inv(self.noise_m2 + known_m2), left_m2)
        return np.maximum(statistics, 0.0)

    def common_shift(self, chosen: list[int]) -> tuple[FloatArray, FloatArray]:
        """The shift ``(2,)`` between the two pictures that the chosen pairs have in common, and its covariance ``(2, 2)``.

        It is taken to be normal about 0 with the covariance that the poses state, and the mean difference of each pair to
        be a measurement of it.
        """
        information = np.linalg.inv(self.pose_m2)
        if not chosen:
            return np.zeros(2), self.pose_m2
        # Successive differences are not independent: the mean of them is taken to be worth two.
        each = np.linalg.inv(self.noise_m2[chosen] / 2.0)
        covariance = np.linalg.inv(information + each.sum(axis=0))
        return covariance @ np.einsum("nij,nj->i", each, self.mean_m[chosen]), covariance

    def starts(self) -> list[FloatArray]:
        """Shifts to begin with: none, and those mean differences of single pairs that explain most of the others."""
        noise_m2 = np.trace(self.noise_m2, axis1=1, axis2=2) / 2.0
        rows = np.unique([k[0] for k in self.keys], return_inverse=True)[1]
        prices = np.einsum("ki,ij,kj->k", self.mean_m, np.linalg.inv(self.pose_m2), self.mean_m)
        # The likeliest of them by themselves; the rest cannot win and would take time.
        tried = np.argsort(prices)[:MAX_TRIED]
        apart_m = self.mean_m[None, :, :] - self.mean_m[tried][:, None, :]
        squared = (apart_m**2).sum(axis=2) / noise_m2[None, :]
        prices = prices[tried]
        for row in range(int(rows.max()) + 1):
            prices = prices + np.minimum(squared[:, rows == row].min(axis=1), DIFFERENT_ABOVE)
        found: list[FloatArray] = [np.zeros(2)]
        for k in tried[np.argsort(prices)]:
            if all(np.hypot(*(self.mean_m[k] - s)) > math.sqrt(noise_m2[k]) for s in found):
                found.append(self.mean_m[k])
            if len(found) > MORE_STARTS:
                break
        return found


class Associator:
    """Associates the tracks of one neighbour with ours. ``held`` pairs are kept unless they become unlikely."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        self.shift_m: FloatArray = np.zeros(2)

    def step(
        self,
        own: Mapping[str, History],
        theirs: Mapping[str, History],
        offset_us: float,
        uncertainty_us: float,
        agreed: Mapping[str, str] | None = None,
        barred: frozenset[tuple[str, str]] = frozenset(),
    ) -> dict[str, Pairing]:
        """A pairing for each of theirs. ``agreed``: theirs to ours, as an operator said; ``barred``: pairs that an operator
        said are not the same."""
        compared: dict[tuple[str, str], Comparison] = {}
        for their_id, their in theirs.items():
            place = their.newest.en_m
            for own_id, our in own.items():
                if (their_id, own_id) in barred or np.hypot(*(our.newest.en_m - place)) > FAR_M:
                    continue
                comparison = compare(our, their, offset_us, uncertainty_us)
                if comparison is not None:
                    compared[their_id, own_id] = comparison
        agreed = agreed or {}
        statistics, chosen, doubtful = self._assign(compared, own, theirs, agreed)
        pairings = {t: self._pairing(t, statistics, chosen, doubtful, compared, agreed) for t in theirs}
        self.held = {t: p.own for t, p in pairings.items() if p.own and p.state == "same"}
        return pairings

    def _assign(
        self,
        compared: dict[tuple[str, str], Comparison],
        own: Mapping[str, History],
        theirs: Mapping[str, History],
        agreed: Mapping[str, str],
    ) -> tuple[dict[tuple[str, str], float], dict[str, str], set[str]]:
        """The statistics of all compared pairs after the common shift, the pairs that were chosen, and those of theirs
        that a nearly as likely ending would pair otherwise.

        From several beginnings, since a crowd can be laid beside itself one person further on; the likeliest end wins.
        """
        if not compared:
            return {}, {}, set()
        pairs = _Pairs.of(compared)
        rows = {name: i for i, name in enumerate(sorted({t for t, _ in pairs.keys}))}
        columns = {name: i for i, name in enumerate(sorted({o for _, o in pairs.keys}))}
        places = np.array([rows[t] for t, _ in pairs.keys]), np.array([columns[o] for _, o in pairs.keys])
        index = {(r, c): k for k, (r, c) in enumerate(zip(*(p.tolist() for p in places), strict=True))}
        # What makes a pair dearer or cheaper beside the distance.
        extra = np.array([
            CLASS_PRICE * (own[o].class_name != theirs[t].class_name)
            - KEEP_BONUS * (self.held.get(t) == o)
            - _AGREED * (agreed.get(t) == o)
            for t, o in pairs.keys
        ])  # fmt: skip

        def settle(start: FloatArray, dearer: FloatArray) -> tuple[float, FloatArray, list[int], FloatArray]:
            """From a shift to one that no longer changes the assignment: price, statistics, chosen pairs, shift."""
            shift_m, known_m2 = start, pairs.pose_m2 if not start.any() else pairs.pose_m2 / 4.0
            last: list[int] | None = None
            for _ in range(_ROUNDS):
                values = pairs.statistics(shift_m, known_m2) + dearer
                # A column of its own for every row: the price of leaving it alone.
                cost = np.full((len(rows), len(columns) + len(rows)), _NEVER)
                np.fill_diagonal(cost[:, len(columns) :], DIFFERENT_ABOVE)
                cost[places] = values + extra
                found = [index[r, c] for r, c in zip(*linear_sum_assignment(cost), strict=True) if c < len(columns)]
                if found == last:
                    break
                last = found
                shift_m, known_m2 = pairs.common_shift(found)
            assert last is not None
            price = float(shift_m @ np.linalg.inv(pairs.pose_m2) @ shift_m) + float((values + extra)[last].sum())
            return price + DIFFERENT_ABOVE * (len(rows) - len(last)), values, last, shift_m

        endings = [settle(start, np.zeros(len(pairs.keys))) for start in pairs.starts()]
        dearer = Shapes(
            [(c.t_us, c.difference_m) for c in compared.values()], np.trace(pairs.noise_m2, axis1=1, axis2=2) / 2.0
        ).excess([chosen for _, _, chosen, _ in endings])
        if dearer.any():
            endings = [settle(shift_m, dearer) for _, _, _, shift_m in endings]
        best = min(endings, key=lambda ending: ending[0])
        price, statistics, found, self.shift_m = best
        chosen = dict(pairs.keys[k] for k in found)
        others = [dict(pairs.keys[k] for k in e[2]) for e in endings if e[0] - price < AMBIGUOUS_WITHIN]
        doubtful = {t for t in rows if any(o.get(t) != chosen.get(t) for o in others)}
        return dict(zip(pairs.keys, statistics.tolist(), strict=True)), chosen, doubtful

    def _pairing(
        self,
        their_id: str,
        statistics: dict[tuple[str, str], float],
        chosen: dict[str, str],
        doubtful: set[str],
        compared: dict[tuple[str, str], Comparison],
        agreed: Mapping[str, str],
    ) -> Pairing:
        candidates = {own_id: s for (t, own_id), s in statistics.items() if t == their_id}
        if not candidates:
            return Pairing("", "undecided", math.inf, math.inf, None)
        assigned = chosen.get(their_id)
        # Without an assigned one the nearest is shown, which is another's, or too far away.
        own_id = assigned if assigned is not None else min(candidates, key=candidates.__getitem__)
        statistic = candidates[own_id]
        rival = min((s for o, s in candidates.items() if o != own_id), default=math.inf)
        held = self.held.get(their_id) == own_id
        clear = their_id not in doubtful and (held or rival - statistic > AMBIGUOUS_WITHIN)
        state: PairState
        if agreed.get(their_id) == own_id:
            state = "same"
        elif statistic > DIFFERENT_ABOVE:
            state = "different"
        elif assigned is not None and statistic <= SAME_BELOW and clear:
            state = "same"
        else:
            state = "undecided"
        return Pairing(own_id, state, statistic, rival, compared[their_id, own_id])
