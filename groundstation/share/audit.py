"""The disclosure log: what was told to whom, when, by which words of which agreement. Append-only, hash-chained.

An entry reaches the disk with what it is about (:mod:`groundstation.share.due`) and the chain a moment later, so the log
never lacks a disclosure that left. Triggers refuse changes by accident; the chain shows changes on purpose, and the
checkpoints of :mod:`groundstation.share.ledger` those by somebody who works out the whole chain anew.

What was told is kept beside the chain and can be erased: the chain holds its hash with a random salt, which goes with it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.core.database import open_database
from groundstation.share.journal import leave_to_keeper, sync_journal
from groundstation.share.schema import AUDIT_FILE, AUDIT_SCHEMA

OLD_COLUMNS = (
    "n", "t_utc_us", "peer", "epoch", "seq", "kind", "subject", "told_as", "fields", "agreement_id",
    "agreement_sha256", "purpose", "clause", "envelope_sha256", "previous",
)  # fmt: skip
"""Of the table ``disclosure``, in which the chain begins in files of the first version."""
COLUMNS = (
    "n", "t_utc_us", "what", "peer", "via", "epoch", "seq", "kind", "subject", "told_as", "fields", "agreement_id",
    "agreement_sha256", "purpose", "clause", "authorised_by", "retain_until_utc_us", "detail", "salted",
    "content_sha256", "previous",
)  # fmt: skip
_INSERT = f"INSERT INTO ledger ({', '.join(COLUMNS)}, hash) VALUES ({', '.join('?' * (len(COLUMNS) + 1))})"
FIRST = "0" * 64
SALT_BYTES = 16

DISCLOSURE = "disclosure"
CONSULTATION = "consultation"
ERASURE = "erasure"
WITNESS = "witness"
NOTE = "note"
"""What an entry is: told to somebody; received data looked at; contents erased; a neighbour's checkpoint taken; an
agreement signed or ended, an approval."""


@dataclass(frozen=True)
class Entry:
    """One entry before it has its place in the chain. ``told_as`` is the subject's name on the wire.

    ``payload``: what was told, as it left; it is kept until it is erased. Without it ``envelope_sha256`` stands for it.
    ``via``: the way out. ``authorised_by``: the names of those who answer for it, "" for the agreement alone.
    """

    t_utc_us: int
    peer: str
    epoch: str
    seq: int
    kind: str
    subject: str
    told_as: str
    fields: str
    agreement_id: str
    agreement_sha256: str
    purpose: str
    clause: str
    envelope_sha256: str = ""
    payload: bytes = b""
    via: str = "wire"
    authorised_by: str = ""
    retain_until_utc_us: int = 0
    what: str = DISCLOSURE
    detail: str = ""


def note(what: str, t_utc_us: int, *, peer: str = "", subject: str = "", by: str = "", detail: str = "", seq: int = 0,
         agreement_id: str = "", agreement_sha256: str = "") -> Entry:  # fmt: skip
    """An entry that tells nobody anything."""
    return Entry(
        t_utc_us, peer, "", seq, "", subject, "", "", agreement_id, agreement_sha256, "", "", via="", authorised_by=by,
        what=what, detail=detail,
    )  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The last entry of the log: its number and hash."""

    n: int
    digest: str


def entry_digest(columns: Sequence[str], values: Iterable[Any]) -> str:
    """The hash of a row, its ``previous`` included."""
    return hashlib.sha256(canonical_json(dict(zip(columns, values, strict=True)))).hexdigest()


def content_digest(salt: bytes, content: bytes) -> str:
    """What the chain holds of a content."""
    return hashlib.sha256(salt + content).hexdigest()


class AuditLog:
    """The writer. Several may be open on one file, also in several processes; each append finds the head anew."""

    def __init__(self, data_dir: Path) -> None:
        """Raises :class:`~groundstation.core.errors.StoreError`."""
        self._path = data_dir / AUDIT_FILE
        self._connection = open_database(self._path, AUDIT_SCHEMA, "FULL", busy_timeout_s=0.25)
        # What is erased is overwritten, not only unlinked.
        self._connection.execute("PRAGMA secure_delete=ON")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def append(self, entries: Sequence[Entry]) -> Head:
        """Commit the entries, all or none; returns the new head. Raises ``sqlite3.Error`` when the disk refuses."""
        with self._transaction() as db:
            return self._append(db, entries)

    def append_lightly(self, entries: Sequence[Entry]) -> Head:
        """As :meth:`append`, but a power cut may take them back: for who keeps them elsewhere until the disk has them."""
        self._connection.execute("PRAGMA synchronous=NORMAL")
        try:
            return self.append(entries)
        finally:
            self._connection.execute("PRAGMA synchronous=FULL")

    def to_disk(self) -> None:
        """Wait until the disk has all that was appended lightly, also by a process that is gone."""
        sync_journal(self._path)

    def _append(self, db: sqlite3.Connection, entries: Sequence[Entry]) -> Head:
        head = log_head(db)
        n, previous = head.n, head.digest
        for e in entries:
            n += 1
            salt = os.urandom(SALT_BYTES) if e.payload else b""
            digest = content_digest(salt, e.payload) if e.payload else e.envelope_sha256
            values = (
                n, e.t_utc_us, e.what, e.peer, e.via, e.epoch, e.seq, e.kind, e.subject, e.told_as, e.fields,
                e.agreement_id, e.agreement_sha256, e.purpose, e.clause, e.authorised_by, e.retain_until_utc_us,
                e.detail, int(bool(e.payload)), digest, previous,
            )  # fmt: skip
            previous = entry_digest(COLUMNS, values)
            db.execute(_INSERT, (*values, previous))
            if e.payload:
                db.execute("INSERT INTO content VALUES (?,?,?,?)", (n, salt, e.payload, e.retain_until_utc_us))
        return Head(n, previous)

    def has_told(self, entry: Entry) -> bool:
        """Whether the chain holds this disclosure."""
        return is_told(self._connection, entry)

    def head(self) -> Head:
        """The last entry; number 0 for an empty log."""
        return log_head(self._connection)

    def count_withheld(self, counts: dict[tuple[str, str], tuple[int, int]], now_utc_us: int) -> None:
        """Add to the counters: (peer, reason) -> (new subjects, updates). Raises ``sqlite3.Error``."""
        with self._transaction() as db:
            for (peer, reason), (subjects, updates) in counts.items():
                db.execute(
                    "INSERT INTO withheld VALUES (?,?,?,?,?) ON CONFLICT (peer, reason) DO UPDATE SET"
                    " subjects=subjects+excluded.subjects, updates=updates+excluded.updates,"
                    " last_utc_us=excluded.last_utc_us",
                    (peer, reason, subjects, updates, now_utc_us),
                )

    def leave_journal(self) -> None:
        """From now on a :class:`~groundstation.share.journal.JournalKeeper` keeps this file's journal short."""
        leave_to_keeper(self._connection)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def is_told(db: sqlite3.Connection, entry: Entry) -> bool:
    """Whether the chain of an open log holds this disclosure."""
    query = "SELECT 1 FROM ledger WHERE told_as=? AND peer=? AND epoch=? AND seq=? AND kind=? LIMIT 1"
    values = (entry.told_as, entry.peer, entry.epoch, entry.seq, entry.kind)
    return db.execute(query, values).fetchone() is not None


def log_head(db: sqlite3.Connection) -> Head:
    """The last entry of an open log."""
    for table in ("ledger", "disclosure"):
        row = db.execute(f"SELECT n, hash FROM {table} ORDER BY n DESC LIMIT 1").fetchone()
        if row is not None:
            return Head(int(row[0]), str(row[1]))
    return Head(0, FIRST)


def hash_at(db: sqlite3.Connection, n: int) -> str | None:
    """The hash of entry ``n``; None when there is no such entry. Number 0 is the beginning of every chain."""
    if n == 0:
        return FIRST
    for table in ("ledger", "disclosure"):
        row = db.execute(f"SELECT hash FROM {table} WHERE n=?", (n,)).fetchone()
        if row is not None:
            return str(row[0])
    return None
