"""The tracks of the ground tracker as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.records import CLASS_NAMES

HISTORY_BITS = 8
PRIOR_ANIMAL = -2.5


@dataclass(eq=False)
class TrackTable:
    """The tracks as columns, n of them; of vectors and matrices the tracks come last, see :mod:`vision.tracking.stacks`.

    ``track_id``; ``x`` ``(4, n)`` east, north (m) and their rates (m/s) with covariance ``p`` ``(4, 4, n)``; ``pose``
    ``(2, 2, n)`` and ``factor`` ``(2, 3, n)`` of the last measurement, as in ``GroundMeasurements``; ``log_class``
    ``(n, 3)`` and ``class_probability`` ``(n, 3)``, the same normalised. ``hit``: seen in this frame; ``history``: so in
    the last eight in which it could be, a bit each; ``frames``: how many of these there were. ``born_us``, ``seen_us``;
    ``xyxy`` of this frame, NaN where unseen. How much it is believed: ``support``, ``rate``, ``told``, ``animal``, see
    :mod:`vision.tracking.judging`.
    """

    track_id: NDArray[np.int64]
    x: FloatArray
    p: FloatArray
    pose: FloatArray
    factor: FloatArray
    log_class: FloatArray
    class_probability: FloatArray
    confirmed: NDArray[np.bool_]
    hit: NDArray[np.bool_]
    history: NDArray[np.int64]
    frames: NDArray[np.int64]
    born_us: NDArray[np.int64]
    seen_us: NDArray[np.int64]
    xyxy: FloatArray
    support: FloatArray
    rate: FloatArray
    told: NDArray[np.bool_]
    animal: FloatArray

    def __len__(self) -> int:
        return len(self.track_id)

    def take(self, index: NDArray[np.bool_] | NDArray[np.intp]) -> TrackTable:
        """Some of them."""
        # Numbers of rows are taken several times faster than a mask's.
        rows = np.flatnonzero(index) if index.dtype == np.bool_ else index
        return TrackTable(*(getattr(self, name).take(rows, axis=axis) for name, axis in _COLUMNS))

    def joined(self, other: TrackTable) -> TrackTable:
        """These and the others."""
        if not len(other):
            return self
        return TrackTable(
            *(np.concatenate([getattr(self, name), getattr(other, name)], axis=axis) for name, axis in _COLUMNS)
        )

    def overwrite(self, row: int, other: int, names: tuple[str, ...]) -> None:
        """Put some columns of one track in the place of another's."""
        for name in names:
            column = getattr(self, name)
            if name in _TRACKS_LAST:
                column[..., row] = column[..., other]
            else:
                column[row] = column[other]


_TRACKS_LAST = ("x", "p", "pose", "factor")
_COLUMNS = tuple((f.name, -1 if f.name in _TRACKS_LAST else 0) for f in fields(TrackTable))


def empty_table() -> TrackTable:
    """No tracks."""
    z, i = np.zeros, np.int64
    return TrackTable(
        z(0, i), z((4, 0)), z((4, 4, 0)), z((2, 2, 0)), z((2, 3, 0)), z((0, len(CLASS_NAMES))),
        z((0, len(CLASS_NAMES))), z(0, np.bool_), z(0, np.bool_), z(0, i), z(0, i), z(0, i), z(0, i), z((0, 4)), z(0), z(0),
        z(0, np.bool_), z(0),
    )  # fmt: skip


def bits(value: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the lowest eight bits are set."""
    return np.asarray(np.unpackbits(value.astype(np.uint8)[..., None], axis=-1).sum(axis=-1), dtype=np.int64)
