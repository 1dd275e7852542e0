"""The journals of the sharing's databases: their content reaches the disk, and their files, beside the sharing's own thread.

Three things that SQLite does inside a commit, and that an incident would have to wait for, are done here by other threads:

- *To the disk* (:class:`JournalSync`). Positions are committed without waiting for the disk; one call for all that was
  committed meanwhile waits for it, and what it has covered may leave or be acknowledged.
- *Into the file* (:class:`JournalKeeper`). SQLite moves what was committed from the journal into the database inside every
  some-hundredth commit, which then takes tens of milliseconds. Here it is done in between; a writer is not waited for.
- *Room ahead*. A journal that grows makes the file system write its own journal with every commit; one that is written over
  does not (a third of the time, measured on ext4). So the keeper makes that of a busy station long once, and begins it anew.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

_log = logging.getLogger("groundstation.share.journal")

PERIOD_S = 0.5
TRIES = 3
"""While much is written something new is in the journal when the old is moved; what is left then is little."""
WRITER_PAGES = 20_000
"""From here on (80 MB) the writer moves its pages itself: this thread cannot have kept up."""
BUSY_BYTES = 1_000_000
"""A journal that has once been this long gets room ahead."""
ROOM_BYTES = 32_000_000
ROOM_STEP_BYTES = 8_000_000
FREE_BYTES = 1_000_000_000
"""Where less of the disk is free, nothing is taken of it for this."""
STAND_STILL_MS = 50
"""So long it is tried to find a moment between two commits, every few seconds, where much is written all the time."""
SYNC_PAUSE_S = 0.02
"""Between two waits for the disk: the next one covers what has come meanwhile, and an incident finds the disk idle."""


class JournalSync:
    """Brings what was committed lightly to a database ``path`` onto the disk, by a thread of its own.

    ``ask`` after a commit; when ``reached`` is at least what it returned, that commit survives a power cut. ``on_reached``
    is called, on that thread, each time more is reached. A disk that refuses raises in the next :meth:`check`.
    """

    def __init__(self, path: Path, on_reached: Callable[[], None], pause_s: float = SYNC_PAUSE_S) -> None:
        """The database must be open, and stay open until :meth:`close`. Raises ``OSError``."""
        # The journal itself carries no locks: opening and closing it harms none of SQLite's.
        self._file = os.open(f"{path}-wal", os.O_RDWR)
        self._on_reached = on_reached
        self._pause_s = pause_s
        self._wanted = threading.Event()
        self._ended = threading.Event()
        self._asked = 0
        self.reached = 0
        self._trouble: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="share-disk", daemon=True)
        self._thread.start()

    def ask(self) -> int:
        """Want what is committed now on the disk. The writer's thread."""
        self._asked += 1
        self._wanted.set()
        return self._asked

    def now(self) -> bool:
        """Wait for the disk here; whether it has all that was committed. The writer's thread."""
        asked = self._asked
        try:
            os.fdatasync(self._file)
        except OSError as error:
            self._trouble = error
            return False
        self.reached = max(self.reached, asked)
        return True

    def check(self) -> None:
        """Raises ``sqlite3.OperationalError`` when the disk has refused since the last call; it is tried again."""
        trouble, self._trouble = self._trouble, None
        if trouble is not None:
            self._wanted.set()
            raise sqlite3.OperationalError(f"the disk does not keep what was written: {trouble}")

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            if self._ended.is_set():
                return
            self._wanted.clear()
            asked = self._asked
            try:
                os.fdatasync(self._file)
            except OSError as error:
                self._trouble = error
            else:
                self.reached = max(self.reached, asked)
            self._on_reached()
            self._ended.wait(self._pause_s)

    def close(self) -> None:
        """End the thread; harmless when called again. What was asked for last may not be reached."""
        if self._ended.is_set():
            return
        self._ended.set()
        self._wanted.set()
        self._thread.join(5.0)
        os.close(self._file)


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
                for path, db in zip(self._paths, connections, strict=True):
                    _shorten(db, _size(path) >= ROOM_BYTES)
                    if BUSY_BYTES <= _size(path) < ROOM_BYTES and shutil.disk_usage(path.parent).free > FREE_BYTES:
                        _make_room(path, db)
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


def sync_journal(path: Path) -> None:
    """Wait until the disk has all that was committed to an open database. Raises ``sqlite3.OperationalError``."""
    try:
        file = os.open(f"{path}-wal", os.O_RDWR)
        try:
            os.fdatasync(file)
        finally:
            os.close(file)
    except FileNotFoundError:  # nothing that is not in the database itself
        return
    except OSError as error:
        raise sqlite3.OperationalError(f"the disk does not keep what was written: {error}") from error


def _size(path: Path) -> int:
    try:
        return os.stat(f"{path}-wal").st_size
    except OSError:
        return 0


def _shorten(db: sqlite3.Connection, has_room: bool) -> None:
    try:
        for _ in range(TRIES):
            busy, pages, moved = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if busy or pages == moved:
                return
        # Written without a pause: unless the writers stand still for a moment, it would grow on and on.
        if has_room and pages * 4_096 > ROOM_BYTES * 3 // 4:
            db.execute(f"PRAGMA busy_timeout={STAND_STILL_MS}")
            try:
                db.execute("PRAGMA wal_checkpoint(RESTART)")
            finally:
                db.execute("PRAGMA busy_timeout=0")
    except sqlite3.OperationalError as error:
        _log.info("a journal is in use: %s", error)  # a full disk is the writers' to tell


def _make_room(path: Path, db: sqlite3.Connection) -> None:
    """Lengthen a journal by zeros, which SQLite takes for its end. No writer may be at work meanwhile: it would be where the
    zeros go."""
    try:
        with open(f"{path}-wal", "r+b", buffering=0) as file:
            db.execute("BEGIN IMMEDIATE")
            try:
                file.seek(0, os.SEEK_END)
                file.write(bytes(ROOM_STEP_BYTES))
            finally:
                db.execute("ROLLBACK")
            os.fdatasync(file.fileno())
    except (sqlite3.OperationalError, OSError) as error:
        _log.info("a journal gets no room ahead now: %s", error)
