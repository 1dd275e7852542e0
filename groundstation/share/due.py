"""The disclosure log's own journal: entries that are on disk beside what they are about, and not in the chain yet.

What is told, and the log's entry for it, reach the disk in one transaction of ``exchange.db``: an incident waits for one
commit and not for two, and no crash can part them. A moment later the entries are moved into the chain of
:mod:`groundstation.share.audit`, many at a time. What a crash left here is moved when the station, or anybody who changes
the log, opens it again; who only reads the log reads these entries after those of the chain
(:mod:`groundstation.share.audit_read`).
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path

from groundstation.core.database import open_database, open_read_only
from groundstation.share.audit import AuditLog, Entry, Head
from groundstation.share.journal import JournalSync
from groundstation.share.outbox import lightly, transaction
from groundstation.share.schema import EXCHANGE_FILE, EXCHANGE_SCHEMA

SETTLE_S = 0.1
PORTION = 40
SMALL_PORTION = 8
"""Entries are moved when the first has waited this long, and so many at once: an incident may have to wait for them. The
small ones where the disk is not waited for."""
COLUMNS = tuple(f.name for f in fields(Entry))
_INSERT = f"INSERT INTO ledger_due (n, {', '.join(COLUMNS)}) VALUES (?, {', '.join('?' * len(COLUMNS))})"
_SELECT = f"SELECT {', '.join(COLUMNS)}, n FROM ledger_due WHERE n>? ORDER BY n LIMIT ?"


@dataclass(frozen=True)
class _Moved:
    """Entries up to ``n`` are in the chain, which then ended at ``head``, and on the disk there when ``ticket`` is reached."""

    n: int
    head: Head
    ticket: int


class DueEntries:
    """Of an open ``exchange.db`` and the log beside it. Used by one thread; all methods may raise ``sqlite3.Error``."""

    def __init__(self, db: sqlite3.Connection, log: AuditLog) -> None:
        self._db = db
        self._log = log
        # What a crash left may have been moved before it.
        self._in_doubt = True
        self._there = True
        self._next_s = 0.0
        self._sync: JournalSync | None = None
        self._moved: deque[_Moved] = deque()
        # Never given twice in this process, also when another one has moved all that there was.
        self._last_n: int = db.execute("SELECT coalesce(max(n), 0) FROM ledger_due").fetchone()[0]

    def leave_disk_to(self, sync: JournalSync) -> None:
        """From now on the log's disk is not waited for: what is moved stays here, too, until ``sync`` has brought it there."""
        self._sync = sync

    def add(self, entries: Sequence[Entry]) -> None:
        """Write them; runs in the transaction that puts what they are about into the outbox.

        Raises when the log has not taken those before: then nothing more is told until it does.
        """
        if self._in_doubt:
            raise sqlite3.OperationalError("the disclosure log has not taken what was told before")
        self._there = True
        first, self._last_n = self._last_n + 1, self._last_n + len(entries)
        self._db.executemany(
            _INSERT, [(n, *(getattr(e, name) for name in COLUMNS)) for n, e in enumerate(entries, start=first)]
        )

    def look(self, now_s: float) -> None:
        """Move some of them when it is time."""
        if self._there and (self._in_doubt or now_s >= self._next_s) and not self._move():
            self._next_s = now_s + SETTLE_S

    def settle(self) -> None:
        """Move all into the chain."""
        if self._moved:
            self._in_doubt = True  # the disk may not have them there
        self._sync = None
        while self._there and self._move():
            pass

    def _move(self) -> bool:
        """A portion; whether there may be more."""
        if self._sync is not None and not self._in_doubt:
            return self._move_lightly(self._sync)
        was_in_doubt, self._in_doubt = self._in_doubt, True
        # Both files are locked meanwhile: another process cannot move them too. What is deleted here and comes back after a
        # power cut will be found in the chain.
        with lightly(self._db), transaction(self._db):
            rows = self._db.execute(_SELECT, (0, PORTION)).fetchall()
            due = [Entry(*row[:-1]) for row in rows]
            if was_in_doubt:
                due = [entry for entry in due if not self._log.has_told(entry)]
            if due:
                self._note_head(self._log.append(due))
            elif rows:
                self._log.to_disk()
            if rows:
                self._db.execute("DELETE FROM ledger_due WHERE n<=?", (rows[-1][-1],))
        self._moved.clear()
        self._there = len(rows) == PORTION
        self._in_doubt = was_in_doubt and self._there
        return self._there

    def _move_lightly(self, sync: JournalSync) -> bool:
        """A small portion, which stays here until the disk has it in the chain as well; whether there may be more."""
        done = sum(moved.ticket <= sync.reached for moved in self._moved)
        after = self._moved[-1].n if self._moved else 0
        moving: _Moved | None = None
        self._in_doubt = True
        with lightly(self._db), transaction(self._db):
            if done:
                self._note_head(self._moved[done - 1].head)
                self._db.execute("DELETE FROM ledger_due WHERE n<=?", (self._moved[done - 1].n,))
            rows = self._db.execute(_SELECT, (after, SMALL_PORTION)).fetchall()
            if rows:
                head = self._log.append_lightly([Entry(*row[:-1]) for row in rows])
                moving = _Moved(rows[-1][-1], head, sync.ask())
        self._in_doubt = False
        for _ in range(done):
            self._moved.popleft()
        if moving is not None:
            self._moved.append(moving)
        more = len(rows) == SMALL_PORTION
        self._there = more or bool(self._moved)
        return more

    def _note_head(self, head: Head) -> None:
        self._db.execute("INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?)", (head.n, head.digest))


def read_due(data_dir: Path) -> list[Entry]:
    """Of a data folder, as they are now. Raises StoreError."""
    if not (data_dir / EXCHANGE_FILE).is_file():
        return []
    with closing(open_read_only(data_dir / EXCHANGE_FILE)) as db:
        try:
            return [Entry(*row) for row in db.execute(f"SELECT {', '.join(COLUMNS)} FROM ledger_due ORDER BY n")]
        except sqlite3.OperationalError:  # a file that no newer station has opened
            return []


def settle_due(data_dir: Path, log: AuditLog) -> None:
    """Move what a station that is gone has left. Raises ``sqlite3.Error`` or StoreError."""
    if not (data_dir / EXCHANGE_FILE).is_file():
        return
    with closing(open_database(data_dir / EXCHANGE_FILE, EXCHANGE_SCHEMA, "FULL")) as db:
        DueEntries(db, log).settle()
