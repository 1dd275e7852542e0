"""The disclosure ledger: the log of :mod:`groundstation.share.audit` with what makes it count before a stranger.

Checkpoints: after :data:`CHECKPOINT_ENTRIES` entries, and before any entry has waited for longer than ten minutes, the
station signs the number and hash of its last entry, and the neighbour keeps that. Each checkpoint repeats what the one
before said, as the log has it now, so a station whose log was rewritten, however completely, contradicts what its
neighbours hold over its own signature.

Erasure: contents go when their time is over or somebody has them erased; an entry of the chain says which, why and by
whom, in the same transaction. What an entry says was erased is deleted again should it ever be there again.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.share.audit import (
    CONSULTATION,
    ERASURE,
    FIRST,
    WITNESS,
    AuditLog,
    Entry,
    Head,
    hash_at,
    log_head,
    note,
)
from groundstation.share.audit_read import erased_numbers
from groundstation.share.signing import CHECKPOINT, StationKey, StationPublicKey

_log = logging.getLogger("groundstation.share.ledger")

CHECKPOINT_ENTRIES = 1_000
CHECKPOINT_PERIOD_US = 600_000_000
_ERASE_AT_ONCE = 10_000


@dataclass(frozen=True)
class Checkpoint:
    """A station's signed word about its log: entry ``seq`` has the hash ``head``, and ``previous_seq``, where its last
    checkpoint was, has ``previous_head``. Number 0 is the beginning."""

    station: str
    seq: int
    head: str
    t_utc_us: int
    previous_seq: int = 0
    previous_head: str = FIRST
    signature: bytes = b""

    def content(self) -> bytes:
        """What is signed."""
        return canonical_json(
            {
                "station": self.station, "seq": self.seq, "head": self.head, "t_utc_us": self.t_utc_us,
                "previous_seq": self.previous_seq, "previous_head": self.previous_head,
            }
        )  # fmt: skip

    def is_signed_by(self, key: StationPublicKey) -> bool:
        """Whether that key has signed it."""
        return key.has_signed(CHECKPOINT, self.signature, self.content())

    def body(self) -> dict[str, Any]:
        """As it travels; the station is the sender."""
        return {
            "seq": self.seq, "head": self.head, "t_utc_us": self.t_utc_us, "previous_seq": self.previous_seq,
            "previous_head": self.previous_head, "signature": self.signature.hex(),
        }  # fmt: skip


def checkpoint_of(station: str, body: dict[str, Any]) -> Checkpoint:
    """A checkpoint from its checked body. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for an odd one."""
    for key in ("head", "previous_head"):
        if len(bytes.fromhex(body[key])) != 32:
            raise ValueError(f"{key} is no hash")
    for key in ("seq", "t_utc_us", "previous_seq"):
        if type(body[key]) is not int or not 0 <= body[key] < 2**62:
            raise ValueError(f"{key} is no number")
    return Checkpoint(
        station, body["seq"], body["head"], body["t_utc_us"], body["previous_seq"], body["previous_head"],
        bytes.fromhex(body["signature"]),
    )  # fmt: skip


@dataclass(frozen=True)
class Erased:
    """What an erasure did: ``contents`` are gone, entry ``n`` of the chain, whose hash is ``digest``, says so. Nothing was
    there to be erased: 0 and no entry."""

    contents: int = 0
    n: int = 0
    digest: str = ""


class Ledger(AuditLog):
    """The ledger of the station ``station``. All methods may raise ``sqlite3.Error``; then nothing changed."""

    def __init__(self, data_dir: Path, station: str, key: StationKey) -> None:
        """Raises :class:`~groundstation.core.errors.StoreError`."""
        super().__init__(data_dir)
        self.station = station
        self._key = key
        self._last = self._stored(station)
        self._bury_again()

    def record(self, entries: Sequence[Entry]) -> Head:
        """Commit disclosures before anything leaves; all or none."""
        return self.append(entries)

    def consulted(self, peer: str, subject: str, by: str, why: str, now_utc_us: int) -> Head:
        """Somebody looked at what ``peer`` has told of ``subject``."""
        return self.append([note(CONSULTATION, now_utc_us, peer=peer, subject=subject, by=by, detail=why[:200])])

    # ------------------------------------------------------------------------------------------------- checkpoints

    def due_checkpoint(self, now_utc_us: int, at_once: bool = False) -> Checkpoint | None:
        """A new checkpoint when one is due, stored; it has to go to every neighbour. Cheap to ask each second."""
        signed = self._last.seq if self._last is not None else 0
        behind = self.head().n - signed
        if behind <= 0 or not (at_once or behind >= CHECKPOINT_ENTRIES or self._waits(signed, now_utc_us)):
            return None
        return self._make_checkpoint(now_utc_us)

    def _waits(self, signed: int, now_utc_us: int) -> bool:
        """Whether the oldest entry that no checkpoint covers has waited for long.

        Two stations that only took each other's checkpoints have nothing new to tell one another.
        """
        query = "SELECT t_utc_us FROM ledger WHERE n>? AND what<>? AND kind<>'checkpoint' ORDER BY n LIMIT 1"
        row = self._connection.execute(query, (signed, WITNESS)).fetchone()
        # Either way: a clock that was set back does not silence the ledger.
        return row is not None and abs(now_utc_us - int(row[0])) >= CHECKPOINT_PERIOD_US

    def _make_checkpoint(self, now_utc_us: int) -> Checkpoint:
        with self._transaction() as db:
            head = log_head(db)
            previous_seq = self._last.seq if self._last is not None else 0
            # As the log has it now, not as it was remembered: that is what the neighbour compares.
            previous_head = hash_at(db, previous_seq) or FIRST
            made = Checkpoint(self.station, head.n, head.digest, now_utc_us, previous_seq, previous_head)
            made = replace(made, signature=self._key.sign(CHECKPOINT, made.content()))
            _store(db, made, now_utc_us)
        self._last = made
        return made

    def take_checkpoint(self, station: str, body: dict[str, Any], key: StationPublicKey | None, now_utc_us: int) -> str:
        """Keep a neighbour's checkpoint; returns what is wrong with it, "" for nothing.

        A contradiction is kept too: it is the proof, over the neighbour's own signature. ``key`` is the one known here to
        be the neighbour's; without it nothing can be judged and nothing is kept.
        """
        try:
            taken = checkpoint_of(station, body)
        except (ValueError, KeyError, TypeError) as error:
            return f"a checkpoint of {station} that cannot be read: {error!r:.80}"
        if key is None or not taken.is_signed_by(key):
            return f"a checkpoint that {station} has not signed"
        fault = self._contradiction(taken)
        with self._transaction() as db:
            _store(db, taken, now_utc_us)
            entry = note(WITNESS, now_utc_us, peer=station, seq=taken.seq, detail=f"{taken.head} {fault}".strip())
            self._append(db, [entry])
        if fault:
            _log.error("%s", fault)
        return fault

    def _contradiction(self, taken: Checkpoint) -> str:
        who = taken.station
        held = {c.seq: c for c in checkpoints(self._connection, who)}
        for seq, head in ((taken.seq, taken.head), (taken.previous_seq, taken.previous_head)):
            if seq in held and held[seq].head != head:
                return f"the disclosure ledger of {who} was rewritten before entry {seq}: two hashes over its signature"
            if seq == 0 and head != FIRST:
                return f"the disclosure ledger of {who} begins with something that no ledger begins with"
        newest = max(held.values(), key=lambda c: (c.seq, c.t_utc_us), default=None)
        if newest is not None and taken.seq < newest.seq and taken.t_utc_us > newest.t_utc_us:
            return f"the disclosure ledger of {who} went back from entry {newest.seq} to {taken.seq}"
        if newest is not None and taken.seq > newest.seq and taken.previous_seq < newest.seq:
            return f"the disclosure ledger of {who} no longer knows of entry {newest.seq}, which it had signed"
        return ""

    def _stored(self, station: str) -> Checkpoint | None:
        found = checkpoints(self._connection, station)
        return found[-1] if found else None

    # ----------------------------------------------------------------------------------------------------- erasure

    def erase(self, subject: str, by: str, reason: str, now_utc_us: int) -> Erased:
        """Erase everything kept of what was told about ``subject`` (its local id, or its name on the wire)."""
        query = """SELECT c.n FROM content c JOIN ledger l ON l.n = c.n WHERE l.subject = ?1 OR l.told_as = ?1
            ORDER BY c.n"""
        return self._erase(query, (subject,), subject, by, reason, now_utc_us)

    def enforce_retention(self, now_utc_us: int) -> Erased:
        """Erase the contents whose time is over, at most some thousands at once (call again until nothing is left)."""
        query = "SELECT n FROM content WHERE retain_until_utc_us < ? ORDER BY n LIMIT ?"
        return self._erase(query, (now_utc_us, _ERASE_AT_ONCE), "", "", "retention", now_utc_us)

    def _erase(
        self, query: str, values: tuple[Any, ...], subject: str, by: str, reason: str, now_utc_us: int
    ) -> Erased:
        if self._connection.execute(query, values).fetchone() is None:
            return Erased()
        with self._transaction() as db:
            numbers = [int(row[0]) for row in db.execute(query, values)]
            detail = canonical_json({"reason": reason[:200], "entries": _runs(numbers)}).decode()
            head = self._append(db, [note(ERASURE, now_utc_us, subject=subject, by=by, detail=detail)])
            db.executemany("DELETE FROM content WHERE n=?", ((n,) for n in numbers))
        self._empty_journal()
        return Erased(len(numbers), head.n, head.digest)

    def _bury_again(self) -> None:
        """What an entry says was erased, and is there again (a table copied back from a backup), goes again."""
        gone = erased_numbers(self._connection)
        there = [n for (n,) in self._connection.execute("SELECT n FROM content") if n in gone] if gone else []
        if there:
            _log.error("%d contents that were erased were there again; they are erased again", len(there))
            with self._transaction() as db:
                db.executemany("DELETE FROM content WHERE n=?", ((n,) for n in there))
            self._empty_journal()

    def _empty_journal(self) -> None:
        # The write-ahead log still holds the old pages. A reader that is in the way only delays this to the next time.
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.OperationalError as error:
            _log.info("erased contents are still in the journal: %s", error)


def _store(db: sqlite3.Connection, c: Checkpoint, received_utc_us: int) -> None:
    db.execute(
        "INSERT OR IGNORE INTO checkpoint VALUES (?,?,?,?,?,?,?,?)",
        (c.station, c.seq, c.head, c.t_utc_us, c.previous_seq, c.previous_head, c.signature, received_utc_us),
    )


def checkpoints(db: sqlite3.Connection, station: str) -> list[Checkpoint]:
    """The stored checkpoints of one station, oldest first."""
    rows = db.execute(
        "SELECT n, hash, t_utc_us, previous_n, previous_hash, signature FROM checkpoint WHERE station=?"
        " ORDER BY t_utc_us, n",
        (station,),
    )
    return [Checkpoint(station, *row) for row in rows]


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as [first, last] of each run."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return runs


def witness_document(station: str, found: Sequence[Checkpoint]) -> dict[str, Any]:
    """Checkpoints as a file that can be given to anybody who checks a ledger."""
    return {"format": "marchwarden-checkpoints-1", "station": station, "checkpoints": [c.body() for c in found]}


def read_witness(text: str) -> list[Checkpoint]:
    """The inverse. Raises ``ValueError`` for anything else."""
    try:
        document = json.loads(text)
        if document["format"] != "marchwarden-checkpoints-1":
            raise ValueError(f"its format is {document['format']!r:.60}")
        return [checkpoint_of(str(document["station"]), body) for body in document["checkpoints"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{error!r:.80}") from error


def compare_with_witness(db: sqlite3.Connection, found: Sequence[Checkpoint], key: StationPublicKey | None) -> str:
    """Whether an open log is the one of which these checkpoints speak; "" when it is, else the contradiction.

    ``key``: the station's; checkpoints that it has not signed prove nothing and are told as that. None: not checked.
    """
    for c in found:
        if key is not None and not c.is_signed_by(key):
            return f"the checkpoint at entry {c.seq} is not signed by this key of {c.station}"
        held = hash_at(db, c.seq)
        if held is None:
            return f"the log ends before entry {c.seq}, which {c.station} had signed"
        if held != c.head:
            return f"the log was rewritten before entry {c.seq}: its hash is not the one that {c.station} had signed"
    return ""
