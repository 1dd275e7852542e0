"""The disclosure log: what was told to whom, when, by which words of which agreement. Append-only, hash-chained.

A disclosure is committed here before it enters an outbox, so the log can hold a disclosure that never left (a crash in
between) but never lacks one that did. Triggers refuse changes by accident; the chain shows changes on purpose.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.core.database import open_database, open_read_only
from groundstation.share.schema import AUDIT_FILE, AUDIT_SCHEMA, EXCHANGE_FILE

_COLUMNS = (
    "n", "t_utc_us", "peer", "epoch", "seq", "kind", "subject", "told_as", "fields", "agreement_id",
    "agreement_sha256", "purpose", "clause", "envelope_sha256", "previous",
)  # fmt: skip
_INSERT = f"INSERT INTO disclosure ({', '.join(_COLUMNS)}, hash) VALUES ({', '.join('?' * (len(_COLUMNS) + 1))})"
FIRST = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One disclosure before it has its place in the chain. ``told_as`` is the subject's name on the wire."""

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
    envelope_sha256: str


@dataclass(frozen=True)
class Head:
    """The last entry of the log: its number and hash."""

    n: int
    digest: str


@dataclass(frozen=True)
class Verification:
    """Result of :func:`verify_audit`; ``fault`` is "" when the log is whole."""

    entries: int
    fault: str = ""


def _digest(values: Iterable[Any]) -> str:
    return hashlib.sha256(canonical_json(dict(zip(_COLUMNS, values, strict=True)))).hexdigest()


class AuditLog:
    """The writer. One per data folder."""

    def __init__(self, data_dir: Path) -> None:
        """Raises :class:`~groundstation.core.errors.StoreError`."""
        self._connection = open_database(data_dir / AUDIT_FILE, AUDIT_SCHEMA, "FULL", busy_timeout_s=0.25)

    def append(self, entries: list[Entry]) -> Head:
        """Commit the entries, all or none; returns the new head. Raises ``sqlite3.Error`` when the disk refuses."""
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            row = db.execute("SELECT n, hash FROM disclosure ORDER BY n DESC LIMIT 1").fetchone()
            n, previous = (0, FIRST) if row is None else (int(row[0]), str(row[1]))
            for e in entries:
                n += 1
                values = (
                    n, e.t_utc_us, e.peer, e.epoch, e.seq, e.kind, e.subject, e.told_as, e.fields, e.agreement_id,
                    e.agreement_sha256, e.purpose, e.clause, e.envelope_sha256, previous,
                )  # fmt: skip
                previous = _digest(values)
                db.execute(_INSERT, (*values, previous))
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        return Head(n, previous)

    def count_withheld(self, counts: dict[tuple[str, str], tuple[int, int]], now_utc_us: int) -> None:
        """Add to the counters: (peer, reason) -> (new subjects, updates). Raises ``sqlite3.Error``."""
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            for (peer, reason), (subjects, updates) in counts.items():
                db.execute(
                    "INSERT INTO withheld VALUES (?,?,?,?,?) ON CONFLICT (peer, reason) DO UPDATE SET"
                    " subjects=subjects+excluded.subjects, updates=updates+excluded.updates,"
                    " last_utc_us=excluded.last_utc_us",
                    (peer, reason, subjects, updates, now_utc_us),
                )
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def verify_audit(data_dir: Path) -> Verification:
    """Walk the whole chain, and compare its end with the head that ``exchange.db`` remembers.

    Raises :class:`~groundstation.core.errors.StoreError` when there is no log.
    """
    with closing(open_read_only(data_dir / AUDIT_FILE)) as db:
        previous, count = FIRST, 0
        hashes: dict[int, str] = {}
        for row in db.execute(f"SELECT {', '.join(_COLUMNS)}, hash FROM disclosure ORDER BY n"):
            count += 1
            if row["n"] != count:
                return Verification(count, f"entry {count} is missing")
            if row["previous"] != previous or _digest(tuple(row)[:-1]) != row["hash"]:
                return Verification(count, f"entry {count} was changed")
            previous = row["hash"]
            hashes[count] = previous
    head = _remembered_head(data_dir)
    if head is not None and hashes.get(head.n) != head.digest:
        return Verification(count, f"the log was cut off or rewritten before entry {head.n}")
    return Verification(count)


def _remembered_head(data_dir: Path) -> Head | None:
    if not (data_dir / EXCHANGE_FILE).is_file():
        return None
    with closing(open_read_only(data_dir / EXCHANGE_FILE)) as db:
        try:
            row = db.execute("SELECT n, hash FROM audit_head").fetchone()
        except sqlite3.OperationalError:  # a file that never got its tables
            return None
    return None if row is None else Head(row["n"], row["hash"])


def disclosures(data_dir: Path, subject: str | None = None) -> list[dict[str, Any]]:
    """Everything ever disclosed, or everything about one subject (its local id), oldest first. Raises StoreError."""
    with closing(open_read_only(data_dir / AUDIT_FILE)) as db:
        rows = db.execute("SELECT * FROM disclosure WHERE ?1 IS NULL OR subject = ?1 ORDER BY n", (subject,))
        return [dict(row) for row in rows]


def withheld(data_dir: Path) -> dict[str, dict[str, int]]:
    """Peer -> reason -> number of subjects that were held back for it. Raises StoreError."""
    found: dict[str, dict[str, int]] = {}
    with closing(open_read_only(data_dir / AUDIT_FILE)) as db:
        for row in db.execute("SELECT peer, reason, subjects FROM withheld ORDER BY peer, reason"):
            found.setdefault(row["peer"], {})[row["reason"]] = row["subjects"]
    return found
