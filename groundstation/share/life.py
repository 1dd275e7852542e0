"""What is kept of the life of shared subjects with one neighbour: names, tombstones, receipts, erasures, questions.

The methods that an inbox calls run inside the transaction that stores the record: a withdrawal that was acknowledged is
a tombstone on disk, whatever happens next.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from groundstation.share.outbox import transaction
from groundstation.share.wire import Envelope, Record

Way = Literal["in", "out"]
"""Told by the neighbour, or told by us."""

TOMBSTONE_KEEP_US = 90 * 86_400_000_000
"""Never shorter than this, and never shorter than the agreement lets the subject be kept."""
_ABOUT = ("track", "track_end", "incident", "correction", "own_force")


@dataclass(frozen=True)
class Erasure:
    """What an erase request did here, or what the neighbour says that it did."""

    subject: str
    of: str
    records: int
    proof_sha256: str


@dataclass(frozen=True)
class AskedQuestion:
    """A question of the neighbour that has no answer yet."""

    reference: str
    body: dict[str, Any]


def erasure_proof(digests: list[bytes]) -> str:
    """SHA-256 over the chain hashes of the deleted records, in order: who told them can compute the same."""
    return hashlib.sha256(b"".join(digests)).hexdigest()


class Life:
    """One neighbour's part of the tables; every method may raise ``sqlite3.Error``."""

    def __init__(self, db: sqlite3.Connection, peer: str, since_utc_us: int = 0) -> None:
        """``since_utc_us``: when this run of the station began. The number of a track is of one run: what is kept of tracks
        of earlier runs is of others."""
        self._db = db
        self._peer = peer
        # Ours by their own ids: in this run, which track was another one before it was lost and found again.
        self._earlier: dict[str, str] = {}
        rows = db.execute(
            "SELECT way, subject FROM tombstone WHERE peer=? AND (way='in' OR kind<>'track' OR t_utc_us>=?)",
            (peer, since_utc_us),
        ).fetchall()
        self._buried: dict[Way, set[str]] = {"in": set(), "out": set()}
        for way, subject in rows:
            self._buried["in" if way == "in" else "out"].add(subject)
        self._local: dict[str, tuple[str, str]] = {
            name: (local, kind)
            for name, local, kind in db.execute("SELECT name, local, kind FROM wire_name WHERE peer=?", (peer,))
        }
        self._old_tracks = {
            name
            for (name,) in db.execute(
                "SELECT name FROM wire_name WHERE peer=? AND kind='track' AND t_utc_us<?", (peer, since_utc_us)
            )
        }

    # ------------------------------------------------------------------------------------------------------- names

    def note_names(self, names: Iterable[tuple[str, str, str]], now_utc_us: int) -> None:
        """Remember which of our subjects the neighbour knows by which name: (name, local id, kind) of each.

        Runs in the transaction that puts them into the outbox; :meth:`names_noted` follows its commit.
        """
        self._db.executemany(
            "INSERT OR IGNORE INTO wire_name VALUES (?,?,?,?,?)",
            [(self._peer, *row, now_utc_us) for row in names if row[0] not in self._local],
        )

    def names_noted(self, names: Iterable[tuple[str, str, str]]) -> None:
        """They are on disk. A track that was lost and found again takes the name over."""
        for name, local, kind in names:
            known = self._local.get(name)
            if known is not None and known[0] != local:
                self._earlier[known[0]] = name
            self._local[name] = (local, kind)

    def local_of(self, name: str) -> str:
        """Our own id of a subject by its name on the wire; "" for one that was never told."""
        return self._local.get(name, ("", ""))[0]

    def names_of(self, local: str, kind: str) -> list[str]:
        """The names under which the neighbour knows one of our subjects."""
        names = [
            name
            for name, (known, of) in self._local.items()
            if known == local and of == kind and name not in self._old_tracks
        ]
        earlier = self._earlier.get(local) if kind == "track" else None
        return [*names, earlier] if earlier is not None and earlier not in names else names

    def same_as(self, local: str, kind: str) -> set[str]:
        """All ids of ours that the neighbour knows by the same names."""
        names = set(self.names_of(local, kind))
        ids = {self._local[name][0] for name in names}
        return ids | {i for i, name in self._earlier.items() if name in names}

    # -------------------------------------------------------------------------------------------------- tombstones

    def is_buried(self, way: Way, subject: str) -> bool:
        """Whether the subject was withdrawn."""
        return subject in self._buried[way]

    def about_buried(self, envelope: Envelope) -> bool:
        """Whether an incoming envelope says something of a subject that its originator has withdrawn."""
        return envelope.kind in _ABOUT and envelope.subject in self._buried["in"]

    def bury_own(self, local: str, kind: str, reason: str, now_utc_us: int) -> None:
        """We withdraw: nothing of this subject is told any more."""
        with transaction(self._db):
            self._bury("out", local, kind, reason, now_utc_us, 0)

    def _bury(self, way: Way, subject: str, kind: str, reason: str, now_utc_us: int, until_utc_us: int) -> None:
        until = max(until_utc_us, now_utc_us + TOMBSTONE_KEEP_US)
        self._db.execute(
            "INSERT OR IGNORE INTO tombstone VALUES (?,?,?,?,?,?,?)",
            (self._peer, way, subject, kind, reason, now_utc_us, until),
        )
        self._buried[way].add(subject)

    # --------------------------------------------------------------------------------------- in the inbox's transaction

    def on_stored(self, envelope: Envelope, digest: bytes, now_utc_us: int) -> None:
        """What an incoming record changes for good."""
        kind, body = envelope.kind, envelope.body
        if kind in ("withdrawal", "erase_request"):
            row = self._db.execute(
                "SELECT max(retain_until_utc_us) FROM inbox WHERE peer=? AND subject=?", (self._peer, envelope.subject)
            ).fetchone()
            self._bury("in", envelope.subject, body["of"], body["reason"], now_utc_us, row[0] or 0)
            if kind == "erase_request":
                self._erase(envelope.subject, body["of"], now_utc_us)
        elif kind == "erase_done":
            self._note_proof(envelope.subject, body, now_utc_us)
        elif kind == "ack":
            self._db.execute(
                "INSERT OR IGNORE INTO receipt VALUES (?,?,?,?,?,?,?)",
                (self._peer, "out", envelope.subject, body["level"], body["of"], body["t_utc_us"], now_utc_us),
            )
        elif kind == "request":
            self._db.execute(
                "INSERT OR IGNORE INTO question VALUES (?,?,?,?,?,?)",
                (self._peer, "in", envelope.subject, json.dumps(body), "", now_utc_us),
            )
        elif kind == "answer":
            self._db.execute(
                "UPDATE question SET answer=? WHERE peer=? AND way='out' AND reference=?",
                (body["answer"], self._peer, envelope.subject),
            )

    def _erase(self, subject: str, of: str, now_utc_us: int) -> None:
        marks = ", ".join(f"'{kind}'" for kind in _ABOUT)
        where = f"peer=? AND subject=? AND kind IN ({marks})"
        values = (self._peer, subject)
        digests = [
            row[0]
            for row in self._db.execute(
                f"SELECT digest FROM inbox WHERE {where} AND refused='' ORDER BY received_utc_us, epoch, seq", values
            )
        ]
        # The chain keeps its hashes; what they were hashes of is gone.
        self._db.execute(
            f"UPDATE inbox SET envelope=x'', signature=x'', refused='erased at its originator''s request' WHERE {where}",
            values,
        )
        self._db.execute(
            "INSERT OR IGNORE INTO erasure VALUES (?,?,?,?,?,0,?,?,1)",
            (self._peer, "in", subject, of, now_utc_us, len(digests), erasure_proof(sorted(digests))),
        )

    def _note_proof(self, subject: str, body: dict[str, Any], now_utc_us: int) -> None:
        marks = ", ".join(f"'{kind}'" for kind in _ABOUT)
        rows = self._db.execute(
            f"SELECT epoch, seq, previous, envelope FROM outbox WHERE peer=? AND subject=? AND kind IN ({marks})",
            (self._peer, self.local_of(subject)),
        )
        ours = erasure_proof(sorted(Record(*row).digest() for row in rows))
        self._db.execute(
            "UPDATE erasure SET done_utc_us=?, records=?, proof_sha256=?, holds=?"
            " WHERE peer=? AND way='out' AND subject=? AND done_utc_us=0",
            (now_utc_us, body["records"], body["proof_sha256"], ours == body["proof_sha256"], self._peer, subject),
        )

    # ---------------------------------------------------------------------------------------------------- erasures

    def ask_erasure(self, name: str, kind: str, now_utc_us: int) -> None:
        """Note that we have asked for it."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO erasure VALUES (?,?,?,?,?,0,0,'',0)", (self._peer, "out", name, kind, now_utc_us)
            )

    def erasures_to_report(self) -> list[Erasure]:
        """What was erased here at the neighbour's request and not reported to it yet."""
        rows = self._db.execute(
            "SELECT subject, of, records, proof_sha256 FROM erasure WHERE peer=? AND way='in' AND done_utc_us=0",
            (self._peer,),
        )
        return [Erasure(*row) for row in rows]

    def reported(self, subject: str, now_utc_us: int) -> None:
        """The report is on its way."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE erasure SET done_utc_us=? WHERE peer=? AND way='in' AND subject=?",
                (now_utc_us, self._peer, subject),
            )

    def erasure_holds(self, name: str) -> bool | None:
        """Whether the neighbour's proof is over the very records that we told; None while there is none."""
        row = self._db.execute(
            "SELECT holds, done_utc_us FROM erasure WHERE peer=? AND way='out' AND subject=?", (self._peer, name)
        ).fetchone()
        return None if row is None or not row[1] else bool(row[0])

    # ------------------------------------------------------------------------------------------- receipts, questions

    def note_receipt(self, subject: str, of: str, level: str, now_utc_us: int) -> bool:
        """Note that our operator has seen or accepted what the neighbour told; False when it was noted before."""
        with transaction(self._db):
            return bool(
                self._db.execute(
                    "INSERT OR IGNORE INTO receipt VALUES (?,?,?,?,?,?,?)",
                    (self._peer, "in", subject, level, of, now_utc_us, now_utc_us),
                ).rowcount
            )

    def note_question(self, reference: str, body: dict[str, Any], now_utc_us: int) -> None:
        """We ask."""
        with transaction(self._db):
            self._db.execute(
                "INSERT INTO question VALUES (?,?,?,?,?,?)",
                (self._peer, "out", reference, json.dumps(body), "", now_utc_us),
            )

    def open_questions(self) -> list[AskedQuestion]:
        """What the neighbour has asked and nobody has answered."""
        rows = self._db.execute(
            "SELECT reference, body FROM question WHERE peer=? AND way='in' AND answer=''", (self._peer,)
        )
        return [AskedQuestion(reference, json.loads(body)) for reference, body in rows]

    def note_answer(self, reference: str, answer: str) -> None:
        """Our answer is on its way."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE question SET answer=? WHERE peer=? AND way='in' AND reference=?",
                (answer, self._peer, reference),
            )

    def was_asked(self, reference: str) -> bool:
        """Whether the neighbour has asked this."""
        row = self._db.execute(
            "SELECT 1 FROM question WHERE peer=? AND way='in' AND reference=?", (self._peer, reference)
        ).fetchone()
        return row is not None

    def prune(self, now_utc_us: int) -> None:
        """Forget tombstones whose time is over, and names, receipts and questions as old as those."""
        old = now_utc_us - TOMBSTONE_KEEP_US
        with transaction(self._db):
            self._db.execute("DELETE FROM tombstone WHERE peer=? AND until_utc_us<?", (self._peer, now_utc_us))
            for table in ("wire_name", "receipt", "question"):
                self._db.execute(f"DELETE FROM {table} WHERE peer=? AND t_utc_us<?", (self._peer, old))
