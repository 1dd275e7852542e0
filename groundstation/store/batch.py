"""One database file, written in batches, that outlives a full or locked disk.

Rows wait in memory until their transaction has succeeded. A failed transaction is rolled back whole and tried again
later, so a row is written exactly once or is still waiting.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from groundstation.core.errors import StoreError

_log = logging.getLogger("groundstation.store")

MAX_ROWS_PER_COMMIT = 2_000
RETRY_AFTER_S = 0.5

Value = str | int | float | bytes | None


@dataclass(frozen=True)
class _Row:
    sql: str
    values: Sequence[Value]
    must_keep: bool


class BatchWriter:
    """Rows for one file. ``trouble`` is the text of the failure that now holds, "" when all is well.

    At most ``max_waiting`` ordinary rows wait; beyond that the oldest is dropped and counted in ``dropped``. Rows that
    ``must_keep`` (incidents, acknowledgements) are never dropped. ``refused`` counts rows that the table did not take.
    """

    def __init__(self, name: str, open_connection: Callable[[], sqlite3.Connection], max_waiting: int = 50_000) -> None:
        self.name = name
        self.trouble = ""
        self.dropped = 0
        self.refused = 0
        self._open = open_connection
        self._connection: sqlite3.Connection | None = None
        self._max_waiting = max_waiting
        self._waiting: deque[_Row] = deque()
        self._ordinary = 0
        self._retry_at_s = 0.0

    def open(self) -> None:
        """Open the file now. Raises :class:`StoreError`."""
        self._connection = self._open()

    @property
    def waiting(self) -> int:
        """Rows that are not on disk yet."""
        return len(self._waiting)

    def add(self, sql: str, values: Sequence[Value], must_keep: bool = False) -> None:
        """Put a row in the queue; :meth:`commit` writes it."""
        # SQLite cannot bind numpy's integers.
        plain = tuple(v.item() if isinstance(v, np.generic) else v for v in values)
        self._waiting.append(_Row(sql, plain, must_keep))
        if must_keep:
            return
        self._ordinary += 1
        if self._ordinary > self._max_waiting:
            index = next(i for i, row in enumerate(self._waiting) if not row.must_keep)
            del self._waiting[index]
            self._ordinary -= 1
            self.dropped += 1

    def commit(self, now_s: float, force: bool = False) -> bool:
        """Write what waits; True when nothing waits any more. After a failure it holds off unless ``force``."""
        if not self._waiting:
            return True
        if now_s < self._retry_at_s and not force:
            return False
        while self._waiting:
            batch = [self._waiting[i] for i in range(min(len(self._waiting), MAX_ROWS_PER_COMMIT))]
            try:
                batch = self._write_or_halve(batch)
            except (sqlite3.Error, StoreError) as error:
                self._failed(str(error), now_s)
                return False
            for row in batch:
                self._waiting.popleft()
                self._ordinary -= not row.must_keep
        if self.trouble:
            _log.info("%s: writing again", self.name)
            self.trouble = ""
        self._retry_at_s = 0.0
        return True

    def _write_or_halve(self, batch: list[_Row]) -> list[_Row]:
        """Write a batch, or the first part of it that can be; returns what is done with.

        A row that the table refuses (not the disk) would hold up all others for ever: it is found by halving, and
        dropped with an error in the log.
        """
        while True:
            try:
                self._write(batch)
                return batch
            except (
                sqlite3.IntegrityError,
                sqlite3.InterfaceError,
                sqlite3.DataError,
                sqlite3.ProgrammingError,
            ) as error:
                if len(batch) == 1:
                    _log.error("%s: refused a row: %s: %s", self.name, error, batch[0])
                    self.refused += 1
                    return batch
                batch = batch[: len(batch) // 2]

    def _write(self, batch: list[_Row]) -> None:
        if self._connection is None:
            self._connection = self._open()
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for row in batch:
                connection.execute(row.sql, row.values)
            connection.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back by itself after some errors (disk full), and says so by not being in a transaction.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _failed(self, text: str, now_s: float) -> None:
        if not self.trouble:
            _log.error("%s: cannot be written, %d rows wait: %s", self.name, len(self._waiting), text)
        self.trouble = text
        self._retry_at_s = now_s + RETRY_AFTER_S

    def close(self) -> None:
        """Close the file; rows that still wait are lost, so commit first."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
