"""One observation: what one observer saw within a second or so, as a compact record that is named by its own content.

The same observation has the same name everywhere, so ledgers are merged by putting their observations together.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray
from missions.coverage.grid import CoverageGrid, IntArray, Marks, cell_keys, rows_and_columns
from missions.coverage.rule import GSD_UNIT_M

_MAGIC = b"MWO1"
_HEAD = struct.Struct("<4s16sqqHII")
_LONGEST_MS = 65_535
_MOST_MARKS = 2_000_000


@dataclass(frozen=True, eq=False)
class Observation:
    """What ``observer`` saw between two times of the border ``digest``.

    ``bins`` ``(n,)`` pieces of the border, ascending; ``bin_before_ms`` how long before ``to_utc_us`` each was last seen;
    ``bin_gsd`` the finest resolution at which it was, in units of 0.1 mm per pixel. The same for ``cells`` ``(m,)`` (keys).
    Two observations are equal when they say the same.
    """

    digest: str
    observer: str
    from_utc_us: int
    to_utc_us: int
    bins: NDArray[np.int32]
    bin_before_ms: NDArray[np.uint16]
    bin_gsd: NDArray[np.uint16]
    cells: IntArray
    cell_before_ms: NDArray[np.uint16]
    cell_gsd: NDArray[np.uint16]

    @cached_property
    def content(self) -> bytes:
        """All of it, the same bytes on every machine."""
        name = self.observer.encode("utf-8")
        row, column = rows_and_columns(self.cells)
        head = _HEAD.pack(
            _MAGIC, bytes.fromhex(self.digest), self.from_utc_us, self.to_utc_us, len(name), len(self.bins),
            len(self.cells),
        )  # fmt: skip
        arrays = (
            self.bins.astype("<i4"), self.bin_before_ms.astype("<u2"), self.bin_gsd.astype("<u2"),
            row.astype("<i4"), column.astype("<i4"), self.cell_before_ms.astype("<u2"), self.cell_gsd.astype("<u2"),
        )  # fmt: skip
        return b"".join((head, name, *(a.tobytes() for a in arrays)))

    @cached_property
    def observation_id(self) -> str:
        """32 hexadecimal digits."""
        return hashlib.blake2b(self.content, digest_size=16).hexdigest()

    @property
    def bin_t_utc_us(self) -> IntArray:
        """When each piece was last seen."""
        return self.to_utc_us - self.bin_before_ms.astype(np.int64) * 1000

    @property
    def cell_t_utc_us(self) -> IntArray:
        """When each cell was last seen."""
        return self.to_utc_us - self.cell_before_ms.astype(np.int64) * 1000

    @property
    def bin_gsd_m(self) -> FloatArray:
        """Metres per pixel."""
        return np.asarray(self.bin_gsd * GSD_UNIT_M)

    @property
    def cell_gsd_m(self) -> FloatArray:
        """Metres per pixel."""
        return np.asarray(self.cell_gsd * GSD_UNIT_M)

    def packed(self) -> bytes:
        """:attr:`content`, compressed."""
        return zlib.compress(self.content, 6)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Observation) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.content)


def unpack(data: bytes) -> Observation:
    """The observation in :meth:`Observation.packed` bytes. Raises :class:`ConfigError` for anything else."""
    try:
        decompressor = zlib.decompressobj()
        content = decompressor.decompress(data, 32 * _MOST_MARKS)
        if decompressor.unconsumed_tail or not decompressor.eof:
            raise ValueError("it is cut short or too large")
        return _parsed(content)
    except (zlib.error, struct.error, ValueError, UnicodeDecodeError) as error:
        raise ConfigError(f"this is no coverage observation: {error}", "export the coverage again") from error


def _parsed(content: bytes) -> Observation:
    magic, digest, from_utc_us, to_utc_us, name_length, bins, cells = _HEAD.unpack_from(content)
    if magic != _MAGIC:
        raise ValueError("it begins otherwise")
    at = _HEAD.size
    if len(content) != at + name_length + bins * 8 + cells * 12 or from_utc_us > to_utc_us:
        raise ValueError("its length or its times are wrong")
    name = content[at : at + name_length].decode("utf-8")
    at += name_length
    parts: list[NDArray[np.generic]] = []
    for kind, count in (
        ("<i4", bins),
        ("<u2", bins),
        ("<u2", bins),
        ("<i4", cells),
        ("<i4", cells),
        ("<u2", cells),
        ("<u2", cells),
    ):
        part = np.frombuffer(content, dtype=kind, count=count, offset=at)
        at += part.nbytes
        parts.append(part)
    b, b_before, b_gsd, row, column, c_before, c_gsd = parts
    key = cell_keys(row, column)
    if (np.diff(b.astype(np.int64)) <= 0).any() or (bins and int(b[0]) < 0) or (np.diff(key) <= 0).any():
        raise ValueError("its pieces are not in order")
    return Observation(
        digest.hex(), name, from_utc_us, to_utc_us,
        b.astype(np.int32), b_before.astype(np.uint16), b_gsd.astype(np.uint16),
        key, c_before.astype(np.uint16), c_gsd.astype(np.uint16),
    )  # fmt: skip


@dataclass
class _Pending:
    from_utc_us: int
    to_utc_us: int
    bins: list[Marks] = field(default_factory=list)


class Gatherer:
    """Pictures of several observers to one observation each per ``period_s``; owns no clock.

    A picture that is older than the one before from the same observer, or much newer, begins a new observation.
    """

    def __init__(self, grid: CoverageGrid, period_s: float = 1.0) -> None:
        if not 0.0 < period_s <= 60.0:
            raise ConfigError(f"an observation of {period_s} s cannot be kept", "give up to 60 s")
        self._digest, self._period_us = grid.digest, int(period_s * 1e6)
        self._pending: dict[str, _Pending] = {}

    def on_marks(self, marks: Marks) -> list[Observation]:
        """What became complete by this picture (usually nothing)."""
        done: list[Observation] = []
        pending = self._pending.get(marks.observer)
        t = marks.t_utc_us
        if pending is not None and not pending.to_utc_us <= t < pending.from_utc_us + self._period_us:
            done = self._close(marks.observer)
            pending = None
        if marks.is_empty:
            return done
        if pending is None:
            pending = self._pending[marks.observer] = _Pending(t, t)
        pending.to_utc_us = t
        pending.bins.append(marks)
        return done

    def flush(self, before_utc_us: int | None = None) -> list[Observation]:
        """Everything that waits, or what began a period before ``before_utc_us``."""
        names = [
            name
            for name, p in self._pending.items()
            if before_utc_us is None or p.from_utc_us + self._period_us <= before_utc_us
        ]
        return [observation for name in names for observation in self._close(name)]

    def _close(self, observer: str) -> list[Observation]:
        pending = self._pending.pop(observer)
        to = pending.to_utc_us
        bins, b_before, b_gsd = _merged(pending.bins, to, lambda m: (m.bins, m.bin_gsd_m))
        cells, c_before, c_gsd = _merged(pending.bins, to, lambda m: (m.cells, m.cell_gsd_m))
        return [
            Observation(
                self._digest, observer, pending.from_utc_us, to, bins.astype(np.int32), b_before, b_gsd,
                cells, c_before, c_gsd,
            )
        ]  # fmt: skip


def observation_of(grid: CoverageGrid, marks: Marks) -> Observation:
    """One picture as an observation of its own."""
    gatherer = Gatherer(grid)
    gatherer.on_marks(marks)
    done = gatherer.flush()
    if done:
        return done[0]
    none = np.empty(0, dtype=np.uint16)
    return Observation(
        grid.digest, marks.observer, marks.t_utc_us, marks.t_utc_us, np.empty(0, dtype=np.int32), none, none,
        np.empty(0, dtype=np.int64), none, none,
    )  # fmt: skip


def _merged(
    marks: list[Marks], to_utc_us: int, of: Callable[[Marks], tuple[IntArray, FloatArray]]
) -> tuple[IntArray, NDArray[np.uint16], NDArray[np.uint16]]:
    """What was seen, how long before ``to_utc_us`` last, and the finest resolution."""
    keys = np.concatenate([of(m)[0] for m in marks])
    gsd_m = np.concatenate([of(m)[1] for m in marks])
    before = np.concatenate([np.full(len(of(m)[0]), (to_utc_us - m.t_utc_us) // 1000) for m in marks])
    unique, place = np.unique(keys, return_inverse=True)
    least = np.full(len(unique), _LONGEST_MS, dtype=np.int64)
    np.minimum.at(least, place, before)
    # Rounded up: never finer than it was.
    finest = np.full(len(unique), 65_535, dtype=np.int64)
    np.minimum.at(finest, place, np.ceil(gsd_m / GSD_UNIT_M - 1e-6).clip(1, 65_535).astype(np.int64))
    return unique, least.astype(np.uint16), finest.astype(np.uint16)
