"""Moving what was committed from the journals of the sharing's databases into their files, off the sharing's own thread.

SQLite does that inside every some-hundredth commit, which then takes tens of milliseconds, and an incident may be what is
being committed. Here a thread of its own does it in between; a writer is never waited for, and never made to wait.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

_log = logging.getLogger("groundstation.share.journal")

PERIOD_S = 0.5
TRIES = 3
"""While much is written something new is in the journal when the old is moved; what is left then is little."""
WRITER_PAGES = 20_000
"""From here on (80 MB) the writer moves its pages itself: this thread cannot have kept up."""


class JournalKeeper:
    """Keeps the journals of the databases ``paths`` short. ``close`` before the writers close."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="share-journal", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        connections = []
        try:
            for path in self._paths:
                connections.append(sqlite3.connect(path, timeout=0.0, isolation_level=None, check_same_thread=False))
            while not self._ended.wait(PERIOD_S):
                for db in connections:
                    _shorten(db)
        except sqlite3.Error as error:
            _log.warning("the journals are no longer kept short: %s", error)
        finally:
            for db in connections:
                with contextlib.suppress(sqlite3.Error):
                    db.close()

    def close(self) -> None:
        """End the thread; harmless when called again."""
        self._ended.set()
        self._thread.join(5.0)


def leave_to_keeper(db: sqlite3.Connection) -> None:
    """A writer no longer moves pages itself, unless the journal has become very long."""
    db.execute(f"PRAGMA wal_autocheckpoint={WRITER_PAGES}")


def _shorten(db: sqlite3.Connection) -> None:
    try:
        for _ in range(TRIES):
            busy, pages, moved = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if busy or pages == moved:
                return
    except sqlite3.OperationalError as error:
        _log.info("a journal is in use: %s", error)  # a full disk is the writers' to tell
