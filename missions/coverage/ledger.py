"""The ledger: observations put together, and what they say about each piece of the border and each cell at a time.

What has never been seen is told apart from what was seen long ago: an age is NaN there, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from missions.coverage.grid import CoverageGrid, IntArray
from missions.coverage.observation import Observation
from missions.coverage.rule import GSD_UNIT_M
from missions.footprint import detection_probabilities
from missions.sight import BoolArray

NEVER = np.iinfo(np.int64).min
"""The time of what was never seen."""


@dataclass(frozen=True, eq=False)
class LastSeen:
    """Of each piece or cell: when it was last seen (``NEVER``), how finely (0.1 mm per pixel), by which observer (index
    into ``observers``, -1)."""

    t_utc_us: IntArray
    gsd: NDArray[np.uint16]
    by: NDArray[np.int32]
    observers: tuple[str, ...]

    @property
    def ever(self) -> BoolArray:
        """Which were seen at all."""
        return np.asarray(self.t_utc_us != NEVER)

    def age_s(self, t_utc_us: int) -> FloatArray:
        """Seconds since each was seen; NaN where it never was."""
        return np.where(self.ever, (t_utc_us - np.where(self.ever, self.t_utc_us, 0)) / 1e6, np.nan)

    @property
    def gsd_m(self) -> FloatArray:
        """Metres per pixel; NaN where never seen."""
        return np.where(self.ever, self.gsd * GSD_UNIT_M, np.nan)

    def observer(self, index: int) -> str:
        """By whom; "" for never."""
        by = int(self.by[index])
        return self.observers[by] if by >= 0 else ""


class Ledger:
    """Observations of one border, in any order.

    ``history`` False keeps only when each piece and cell was last seen: all that a live map needs, in constant memory;
    questions about the past are then refused. Not safe for two threads at a time.
    """

    def __init__(self, grid: CoverageGrid, observations: Iterable[Observation] = (), history: bool = True) -> None:
        self.grid = grid
        self._keeps_history = history
        self._observations: dict[str, Observation] = {}
        self._names: list[str] = []
        self._index: dict[str, int] = {}
        self._bins, self._cells = _Newest(grid.bins), _Newest(len(grid.cell_key))
        for observation in observations:
            self.add(observation)

    # -- what is in it -----------------------------------------------------------------------------------------------------

    @property
    def digest(self) -> str:
        """Of the border and its pieces; see :func:`missions.coverage.grid.border_digest`."""
        return self.grid.digest

    def __len__(self) -> int:
        return len(self._observations)

    def __iter__(self) -> Iterator[Observation]:
        """By time, ties by name: the same order however they came in."""
        return iter(sorted(self._observations.values(), key=lambda o: (o.from_utc_us, o.to_utc_us, o.observation_id)))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Ledger)
            and self.digest == other.digest
            and self._observations.keys() == other._observations.keys()
        )

    __hash__ = None  # type: ignore[assignment]

    def add(self, observation: Observation) -> bool:
        """Take an observation in; False when it was there already (which changes nothing).

        Raises :class:`PlanError` for one of another border, or of a piece that this border does not have.
        """
        self._check(observation)
        if self._keeps_history:
            if observation.observation_id in self._observations:
                return False
            self._observations[observation.observation_id] = observation
        self._take(observation, self._bins, self._cells)
        return True

    def merge(self, other: Iterable[Observation]) -> int:
        """Take in all observations of another ledger (or any others); how many were new.

        All or none: raises :class:`PlanError` like :meth:`add`, with nothing taken. Merging is idempotent, commutative and
        associative, because an observation is named by its content.
        """
        if isinstance(other, Ledger) and other.digest != self.digest:
            raise different_border(other.digest, self.digest)
        observations = list(other)
        for observation in observations:
            self._check(observation)
        return sum(self.add(o) for o in observations)

    def _check(self, observation: Observation) -> None:
        if observation.digest != self.digest:
            raise different_border(observation.digest, self.digest)
        if len(observation.bins) and int(observation.bins[-1]) >= self.grid.bins:
            raise PlanError(
                f"an observation of {observation.observer!r} names piece {int(observation.bins[-1])} of a border of "
                f"{self.grid.bins}",
                "export the coverage again",
            )

    # -- when was it seen --------------------------------------------------------------------------------------------------

    def bins_last_seen(self, t_utc_us: int | None = None) -> LastSeen:
        """Each piece of the border, as known at a time (None: by all that is in the ledger).

        Raises :class:`PlanError` for a time before the newest observation in a ledger without history.
        """
        return (self._bins if self._is_now(t_utc_us) else self._past(t_utc_us)[0]).told(self._names)

    def cells_last_seen(self, t_utc_us: int | None = None) -> LastSeen:
        """Each cell of ``grid.cell_key``, like :meth:`bins_last_seen`."""
        return (self._cells if self._is_now(t_utc_us) else self._past(t_utc_us)[1]).told(self._names)

    def bin_age_s(self, t_utc_us: int) -> FloatArray:
        """Seconds since each piece was seen before that time; NaN: never until then."""
        return self.bins_last_seen(t_utc_us).age_s(t_utc_us)

    def age_at_m(self, s_m: float, t_utc_us: int) -> float | None:
        """Seconds since the metre ``s_m`` along the border was seen; None: never."""
        age = float(self.bin_age_s(t_utc_us)[self.bin_at(s_m)])
        return None if np.isnan(age) else age

    def bin_at(self, s_m: float) -> int:
        """The piece that holds a metre of the border."""
        return int(np.clip(s_m / self.grid.rule.bin_m, 0, self.grid.bins - 1))

    def bin_probability(self, t_utc_us: int | None = None) -> FloatArray:
        """How likely somebody on each piece was detected when it was last seen; 0 where it never was."""
        seen = self.bins_last_seen(t_utc_us)
        return detection_probabilities(
            np.where(seen.ever, np.maximum(seen.gsd_m, GSD_UNIT_M), np.inf), self.grid.rule.kind
        )

    def bin_history(self, from_utc_us: int, to_utc_us: int) -> tuple[IntArray, IntArray]:
        """All sightings of pieces in a period: piece and time, sorted by piece, then time.

        Raises :class:`PlanError` in a ledger without history.
        """
        self._need_history()
        pieces, times = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
        coarsest = round(self.grid.rule.gsd_max_m / GSD_UNIT_M)
        for o in self._observations.values():
            if o.to_utc_us < from_utc_us or o.from_utc_us > to_utc_us:
                continue
            # Seen from its first picture on: what was seen throughout has no gap within the observation.
            t = o.bin_t_utc_us
            fine = (o.bin_gsd <= coarsest) & (t >= from_utc_us) & (t <= to_utc_us)
            pieces.append(o.bins[fine].astype(np.int64))
            times.append(t[fine])
        piece, time = np.concatenate(pieces), np.concatenate(times)
        order = np.lexsort((time, piece))
        return piece[order], time[order]

    def _is_now(self, t_utc_us: int | None) -> bool:
        return t_utc_us is None or t_utc_us >= max(self._bins.newest_utc_us, self._cells.newest_utc_us)

    def _past(self, t_utc_us: int | None) -> tuple[_Newest, _Newest]:
        self._need_history()
        assert t_utc_us is not None
        bins, cells = _Newest(self.grid.bins), _Newest(len(self.grid.cell_key))
        for observation in self._observations.values():
            if observation.from_utc_us <= t_utc_us:
                self._take(observation, bins, cells, t_utc_us)
        return bins, cells

    def _need_history(self) -> None:
        if not self._keeps_history:
            raise PlanError("this ledger knows only the newest sightings", "read the period from the store")

    def _take(self, o: Observation, bins: _Newest, cells: _Newest, until_utc_us: int | None = None) -> None:
        by = self._index.setdefault(o.observer, len(self._names))
        if by == len(self._names):
            self._names.append(o.observer)
        # What another station's laxer rule called seen does not count here.
        coarsest = round(self.grid.rule.gsd_max_m / GSD_UNIT_M)
        bins.take(o.bins.astype(np.int64), o.bin_t_utc_us, o.bin_gsd, by, self._names, coarsest, until_utc_us)
        place = np.searchsorted(self.grid.cell_key, o.cells)
        ours = place < len(self.grid.cell_key)
        ours[ours] = self.grid.cell_key[place[ours]] == o.cells[ours]
        cells.take(
            place[ours], o.cell_t_utc_us[ours], o.cell_gsd[ours], by, self._names, coarsest, until_utc_us
        )  # fmt: skip


class _Newest:
    """Newest sighting of each of ``n`` places, the same whatever the order in which they are taken."""

    def __init__(self, n: int) -> None:
        self.t = np.full(n, NEVER, dtype=np.int64)
        self.gsd = np.full(n, 65_535, dtype=np.uint16)
        self.by = np.full(n, -1, dtype=np.int32)
        self.newest_utc_us = int(NEVER)

    def take(
        self, at: IntArray, t: IntArray, gsd: NDArray[np.uint16], by: int, names: list[str], coarsest: int,
        until_utc_us: int | None,
    ) -> None:  # fmt: skip
        good = gsd <= coarsest
        if until_utc_us is not None:
            good &= t <= until_utc_us
        at, t, gsd = at[good], t[good], gsd[good]
        if not len(at):
            return
        self.newest_utc_us = max(self.newest_utc_us, int(t.max()))
        better = (t > self.t[at]) | ((t == self.t[at]) & (gsd < self.gsd[at]))
        # Of two that saw it at the same time equally well the first by name is told.
        tie = np.flatnonzero((t == self.t[at]) & (gsd == self.gsd[at]) & (self.by[at] != by))
        for i in tie:
            better[i] = names[by] < names[int(self.by[at[i]])]
        at = at[better]
        self.t[at], self.gsd[at], self.by[at] = t[better], gsd[better], by

    def told(self, names: list[str]) -> LastSeen:
        return LastSeen(self.t.copy(), self.gsd.copy(), self.by.copy(), tuple(names))


def merged(one: Ledger, other: Ledger) -> Ledger:
    """A new ledger with the observations of both, on the grid of the first. Raises :class:`PlanError` like ``merge``."""
    out = Ledger(one.grid, one)
    out.merge(other)
    return out


def different_border(theirs: str, ours: str) -> PlanError:
    """The error for ledgers that cannot be put together."""
    return PlanError(
        f"the coverage is of another border line, or cut up otherwise: {theirs[:12]} is not {ours[:12]}",
        "give both stations the same border line, point by point, and the same pieces and cells",
    )
