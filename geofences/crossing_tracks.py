"""What the crossing rule keeps of each track: numbers in columns, so that a frame of hundreds of tracks costs some array
operations, and the past of those near the line as samples.

Nearly all tracks of a frame are those of the frame before, in the same order. The columns are kept in the order of the
last frame, so that then nothing has to be looked up or copied.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from geofences.crossing_evidence import Sample
from geofences.geodesy import FloatArray

NEVER = -(2**62)
"""A time before all times, far enough from the largest that differences still fit."""
_MOST_SAMPLES = 4000
_LONG_TRAIL = 64


class Positions(NamedTuple):
    """One frame's positions of n tracks: ``places`` ``(7, n)``, distance from the line with the variances of that, east
    and north, how far it walked and the variance of that, as in :class:`Sample`; ``covariance_m2`` ``(n, 2, 2)``. Nobody
    changes them later."""

    t_us: int
    places: FloatArray
    covariance_m2: FloatArray

    def sample(self, row: int, held: bool = False) -> Sample:
        """One of them."""
        d, pose, own, east, north, walked, walked_var = self.places[:, row].tolist()
        return Sample(self.t_us, d, pose, own, east, north, self.covariance_m2[row], held, walked, walked_var)


class _Unread(NamedTuple):
    """A sample that nobody has asked for yet."""

    positions: Positions
    row: int
    held: bool


@dataclass(slots=True)
class Past:
    """One track's samples. ``told``: sides that it was told to have reached. ``same_until_us``: until then it was one and the
    same, for what goes at ``same_at_m_s`` at most."""

    told: set[int] = field(default_factory=set)
    same_until_us: int = NEVER
    same_at_m_s: float = 0.0
    _way: list[Sample] = field(default_factory=list)
    # Hardly any of these is ever asked for, so that they are made into samples only then.
    _unread: list[tuple[Positions, int]] = field(default_factory=list)
    _trail: list[Sample | _Unread] = field(default_factory=list)

    def trail(self) -> list[Sample]:
        """Some of the samples since the last confirmed crossing, the list itself."""
        trail = self._trail
        for i in range(len(trail) - 1, -1, -1):
            kept = trail[i]
            if not isinstance(kept, _Unread):
                break  # those before it have been read
            trail[i] = kept.positions.sample(kept.row, kept.held)
        return cast("list[Sample]", trail)

    def keep(self, positions: Positions, row: int, held: bool, soon: bool, oldest_us: int) -> None:
        """Put a sample on the trail, ``soon`` in the place of the last one; and of a long one take off what is older than
        that."""
        trail = self._trail
        if soon:
            trail[-1] = _Unread(positions, row, held)
            return
        trail.append(_Unread(positions, row, held))
        if len(trail) > _LONG_TRAIL and self.trail()[0].t_us < oldest_us:
            samples = self.trail()
            # The last evidence is kept however old it is: somebody may rest on the line for long.
            evidence = max((i for i, x in enumerate(samples) if x.held), default=len(samples))
            self._trail = [x for i, x in enumerate(samples) if x.t_us >= oldest_us or i == evidence]

    def way(self) -> list[Sample]:
        """All samples since the track was last held on its side, that one included; empty while it is held there."""
        if self._unread:
            self._way += [positions.sample(row) for positions, row in self._unread]
            self._unread.clear()
        return self._way

    def go_on(self, positions: Positions, row: int) -> None:
        """One more sample of the way."""
        self._unread.append((positions, row))
        if len(self._way) + len(self._unread) > _MOST_SAMPLES:
            # Somebody rests on the line: coarser, but from the beginning.
            way = self.way()
            self._way = [way[0], *way[1::2]]

    def begin_way(self, first: Sequence[Sample] = ()) -> None:
        """Forget the way up to here."""
        self._way = list(first)
        self._unread.clear()


_NUMBERS = ("t_us", "run_sign", "run_start_us", "run_count", "heading", "heading_since_us", "side", "kept_us", "kept_held",
            "at_home", "first_us", "asked_us", "run_far")  # fmt: skip
_PLACES = ("d_m", "pose_var", "own_var", "east_m", "north_m", "walked_m", "walked_var")
_PACES = ("rate_m_s", "least_d_m", "most_d_m")


class TrackColumns:
    """All tracks: those of the last frame first, in its order.

    Columns of whole numbers, each ``(n,)``: ``t_us`` of the last position (``NEVER``: none); ``run_sign``, on which side the
    present run of clear positions is (0: none), ``run_start_us``, ``run_count``; ``heading``, to which side it walks (0:
    none), ``heading_since_us``; ``side`` where it was first held or where the last confirmed crossing took it (0: none);
    ``kept_us`` and ``kept_held`` of the trail's last sample; ``at_home``: held on its side, the way is empty; ``first_us``
    of the first position; ``asked_us``, when it was last asked whether it walked over; ``run_far``, how many of the run's last
    positions in a row were far from the line. The last position's numbers are in
    ``places`` ``(7, n)`` as in :class:`Positions`, and ``covariance_m2`` ``(n, 2, 2)``; of floats besides: ``rate_m_s``, the
    mean of late at which the distance grows, and ``least_d_m``, ``most_d_m``: the farthest right and left of the trail.
    """

    def __init__(self) -> None:
        self._ids: list[Hashable] = []
        self._row: dict[Hashable, int] = {}
        self.past: list[Past] = []
        self._take_over(np.zeros((len(_NUMBERS), 0), dtype=np.int64), np.zeros((len(_PLACES), 0)), np.zeros((0, 2, 2)),
                        np.zeros((len(_PACES), 0)))  # fmt: skip

    def _take_over(
        self, numbers: NDArray[np.int64], places: FloatArray, covariance_m2: FloatArray, paces: FloatArray
    ) -> None:
        self._numbers, self.places, self.covariance_m2, self._paces = numbers, places, covariance_m2, paces
        (self.t_us, self.run_sign, self.run_start_us, self.run_count, self.heading, self.heading_since_us, self.side,
         self.kept_us, self.kept_held, self.at_home, self.first_us, self.asked_us, self.run_far) = numbers  # fmt: skip
        self.rate_m_s, self.least_d_m, self.most_d_m = paces

    def __len__(self) -> int:
        return len(self._ids)

    def arrange(self, track_ids: Sequence[Hashable]) -> None:
        """Put these tracks (none of them twice) into the first rows; unknown ones begin there."""
        ids = list(track_ids)
        if self._ids[: len(ids)] == ids:
            return
        unknown = [i for i in ids if i not in self._row]
        if unknown:
            self._add(unknown)
        first = [self._row[i] for i in ids]
        later = np.ones(len(self._ids), dtype=np.bool_)
        later[first] = False
        self._keep(np.concatenate([np.array(first, dtype=np.intp), np.flatnonzero(later)]))

    def _add(self, track_ids: list[Hashable]) -> None:
        n, k = len(self._ids), len(track_ids)
        self._ids += track_ids
        self._row |= {track: n + i for i, track in enumerate(track_ids)}
        self.past += [Past() for _ in track_ids]
        fresh = np.zeros((len(_NUMBERS), k), dtype=np.int64)
        fresh[_NUMBERS.index("t_us")] = fresh[_NUMBERS.index("kept_us")] = NEVER
        self._take_over(
            np.concatenate([self._numbers, fresh], axis=1),
            np.concatenate([self.places, np.zeros((len(_PLACES), k))], axis=1),
            np.concatenate([self.covariance_m2, np.zeros((k, 2, 2))]),
            np.concatenate([self._paces, np.zeros((len(_PACES), k))], axis=1),
        )

    def _keep(self, rows: NDArray[np.intp]) -> None:
        self._ids = [self._ids[k] for k in rows.tolist()]
        self.past = [self.past[k] for k in rows.tolist()]
        self._row = {track: k for k, track in enumerate(self._ids)}
        self._take_over(self._numbers[:, rows], self.places[:, rows], self.covariance_m2[rows], self._paces[:, rows])

    def forget(self, track_id: Hashable) -> None:
        """Drop a track; nothing happens when it is unknown."""
        row = self._row.get(track_id)
        if row is not None:
            self._keep(np.delete(np.arange(len(self._ids)), row))

    def restart(self, row: int) -> None:
        """Forget everything of a track but what was told."""
        self._numbers[:, row] = 0
        self._paces[:, row] = 0.0
        self.t_us[row] = self.kept_us[row] = NEVER
        self.past[row].trail().clear()
        self.past[row].begin_way()

    def last(self, row: int) -> Positions:
        """The last position of a track, as the only one of a frame."""
        one = slice(row, row + 1)
        return Positions(int(self.t_us[row]), self.places[:, one].copy(), self.covariance_m2[one].copy())

    def note(self, t_us: int, places: FloatArray, covariance_m2: FloatArray) -> None:
        """Take the positions of the first n tracks as their last: ``places`` ``(7, n)``, covariances ``(n, 2, 2)``."""
        n = len(covariance_m2)
        self.t_us[:n] = t_us
        self.places[:, :n] = places
        self.covariance_m2[:n] = covariance_m2
