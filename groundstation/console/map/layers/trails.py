"""Where tracks were in the last seconds, in arrays of a fixed size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from groundstation.console.map.graphics import FloatArray

EVERY_S = 1.0
POINTS = 40


class Trails:
    """The last 40 places of each track of one stream, one a second. Memory goes with the tracks of now, not with time."""

    def __init__(self) -> None:
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._places = np.full((0, POINTS, 2), np.nan)
        self._sampled_s = -np.inf

    def add(self, ids: NDArray[np.int64], xy: FloatArray, now_s: float) -> None:
        """Take the places ``(n, 2)`` of tracks ``(n,)``; those that come faster than one a second are passed over."""
        if now_s - self._sampled_s < EVERY_S:
            return
        self._sampled_s = now_s
        order = np.argsort(ids, kind="stable")
        ids, xy = ids[order], xy[order]
        if not np.array_equal(ids, self._ids):
            places = np.full((len(ids), POINTS, 2), np.nan)
            _, new, old = np.intersect1d(ids, self._ids, assume_unique=True, return_indices=True)
            places[new] = self._places[old]
            self._ids, self._places = ids, places
        self._places[:, :-1] = self._places[:, 1:]
        self._places[:, -1] = xy

    def pieces(self, ids: NDArray[np.int64], xy: FloatArray) -> FloatArray:
        """Line pieces of the trails of some tracks, each drawn up to where it is now."""
        if not len(ids) or not len(self._ids):
            return np.zeros((0, 4))
        at = np.minimum(np.searchsorted(self._ids, ids), len(self._ids) - 1)
        known = self._ids[at] == ids
        line = np.concatenate([self._places[at[known]], xy[known][:, None, :]], axis=1)
        pieces = np.concatenate([line[:, :-1], line[:, 1:]], axis=2).reshape(-1, 4)
        return np.asarray(pieces[np.isfinite(pieces).all(axis=1)])
