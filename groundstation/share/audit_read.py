"""Reading the disclosure log: what was told about something, and whether the log is whole."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from groundstation.core.database import open_read_only
from groundstation.share.audit import (
    COLUMNS,
    ERASURE,
    FIRST,
    OLD_COLUMNS,
    Head,
    content_digest,
    entry_digest,
    is_told,
    log_head,
)
from groundstation.share.due import read_due
from groundstation.share.schema import AUDIT_FILE, EXCHANGE_FILE


@dataclass(frozen=True)
class Verification:
    """Result of :func:`verify_audit`; ``fault`` is "" when the log is whole. ``contents`` are still there, ``erased`` gone."""

    entries: int
    fault: str = ""
    contents: int = 0
    erased: int = 0


def open_log(data_dir: Path) -> sqlite3.Connection:
    """The log of a data folder, read-only. Raises :class:`~groundstation.core.errors.StoreError`."""
    return open_read_only(data_dir / AUDIT_FILE)


def has_table(db: sqlite3.Connection, name: str) -> bool:
    """Files that no newer station has opened lack the newer tables."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", (name,)).fetchone() is not None


def verify_audit(data_dir: Path) -> Verification:
    """Walk the whole chain, its contents and erasures, and compare its end with the head that ``exchange.db`` remembers.

    Raises :class:`~groundstation.core.errors.StoreError` when there is no log.
    """
    head = _remembered_head(data_dir)  # before the chain, which a running station makes longer meanwhile
    hashes: list[str] = [FIRST]
    with closing(open_log(data_dir)) as db:
        for table, columns in (("disclosure", OLD_COLUMNS), ("ledger", COLUMNS)):
            if not has_table(db, table):
                continue
            for row in db.execute(f"SELECT {', '.join(columns)}, hash FROM {table} ORDER BY n"):
                count = len(hashes)
                if row["n"] != count:
                    return Verification(count, f"entry {count} is missing")
                if row["previous"] != hashes[-1] or entry_digest(columns, tuple(row)[:-1]) != row["hash"]:
                    return Verification(count, f"entry {count} was changed")
                hashes.append(row["hash"])
        found = _verify_contents(db, len(hashes) - 1)
    if found.fault:
        return found
    if head is not None and (head.n >= len(hashes) or hashes[head.n] != head.digest):
        return Verification(found.entries, f"the log was cut off or rewritten before entry {head.n}")
    return found


def _verify_contents(db: sqlite3.Connection, entries: int) -> Verification:
    if not has_table(db, "ledger"):
        return Verification(entries)
    gone = erased_numbers(db)
    contents = 0
    query = """SELECT l.n, l.content_sha256, c.salt, c.content FROM ledger l LEFT JOIN content c ON c.n = l.n
        WHERE l.salted = 1 OR c.n IS NOT NULL ORDER BY l.n"""
    for row in db.execute(query):
        n = row["n"]
        if row["content"] is None:
            if n not in gone:
                return Verification(entries, f"the content of entry {n} is gone, and no entry says that it was erased")
        elif n in gone:
            return Verification(entries, f"the content of entry {n} was erased and is there again")
        elif content_digest(row["salt"], row["content"]) != row["content_sha256"]:
            return Verification(entries, f"the content of entry {n} was changed")
        else:
            contents += 1
    return Verification(entries, "", contents, len(gone))


def erased_numbers(db: sqlite3.Connection) -> set[int]:
    """The entries whose contents an erasure has taken."""
    gone: set[int] = set()
    for row in db.execute("SELECT detail FROM ledger WHERE what=?", (ERASURE,)):
        for first, last in json.loads(row[0])["entries"]:
            gone.update(range(first, last + 1))
    return gone


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
    """Everything ever disclosed, or everything about one subject, oldest first. Raises StoreError.

    ``subject``: its local id, or the name that it had on the wire. ``content`` is what was told (a dict), or None when it
    was erased or lies in no content.
    """
    return [e for e in entries(data_dir, subject) if e["what"] == "disclosure"]


def entries(data_dir: Path, subject: str | None = None) -> list[dict[str, Any]]:
    """All entries of the log, of whatever kind, or those about one subject, oldest first. Raises StoreError."""
    found: list[dict[str, Any]] = []
    due = read_due(data_dir)  # before the chain: what is moved meanwhile is found there
    with closing(open_log(data_dir)) as db:
        where = "WHERE ?1 IS NULL OR subject = ?1 OR told_as = ?1"
        if has_table(db, "disclosure"):
            for row in db.execute(f"SELECT * FROM disclosure {where} ORDER BY n", (subject,)):
                old = {"what": "disclosure", "via": "wire", "authorised_by": "", "retain_until_utc_us": 0, "detail": ""}
                found.append(old | dict(row) | {"content": None, "content_state": "not kept"})
        if has_table(db, "ledger"):
            gone = erased_numbers(db)
            query = f"""SELECT l.*, c.content AS told FROM ledger l LEFT JOIN content c ON c.n = l.n
                {where.replace("subject", "l.subject").replace("told_as", "l.told_as")} ORDER BY l.n"""
            for row in db.execute(query, (subject,)):
                entry = dict(row)
                told = entry.pop("told")
                entry["content"] = _content(told)
                entry["content_state"] = "kept" if told is not None else "erased" if entry["n"] in gone else "not kept"
                found.append(entry)
            head = log_head(db)
            for n, one in enumerate((e for e in due if not is_told(db, e)), head.n + 1):
                if subject is None or subject in (one.subject, one.told_as):
                    entry = asdict(one) | {"n": n, "previous": "", "hash": "", "content_state": "kept"}
                    found.append(entry | {"content": _content(entry.pop("payload"))})
    return found


def _content(told: bytes | None) -> Any:
    if told is None:
        return None
    try:
        return json.loads(told)
    except ValueError:
        return told.hex()


def withheld(data_dir: Path) -> dict[str, dict[str, int]]:
    """Peer -> reason -> number of subjects that were held back for it. Raises StoreError."""
    found: dict[str, dict[str, int]] = {}
    with closing(open_log(data_dir)) as db:
        for row in db.execute("SELECT peer, reason, subjects FROM withheld ORDER BY peer, reason"):
            found.setdefault(row["peer"], {})[row["reason"]] = row["subjects"]
    return found


def disclosure_counts(data_dir: Path) -> dict[str, int]:
    """Peer -> number of records told to it. Raises StoreError."""
    found: dict[str, int] = {}
    due = read_due(data_dir)
    with closing(open_log(data_dir)) as db:
        for table, where in (("disclosure", ""), ("ledger", "WHERE what = 'disclosure'")):
            if has_table(db, table):
                for row in db.execute(f"SELECT peer, count(*) AS n FROM {table} {where} GROUP BY peer"):
                    found[row["peer"]] = found.get(row["peer"], 0) + row["n"]
        for entry in due if has_table(db, "ledger") else ():
            if not is_told(db, entry):
                found[entry.peer] = found.get(entry.peer, 0) + 1
    return found
