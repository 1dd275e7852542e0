"""What this station tells one neighbour, numbered and on disk before it leaves."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.share.bodies import URGENT_KINDS
from groundstation.share.journal import JournalSync
from groundstation.share.wire import NO_HASH, NO_SIGNATURE, Ack, Base, Envelope, Record

Sign = Callable[[bytes], bytes]
"""Signs the hash of a record."""
_URGENT = ", ".join(f"'{kind}'" for kind in sorted(URGENT_KINDS))

_log = logging.getLogger("groundstation.share.outbox")


_RECORD = "seq, previous, envelope, signature"


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """One transaction: committed at the end, rolled back whole on any error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def lightly(db: sqlite3.Connection) -> Iterator[None]:
    """Commits in here survive a killed process, but perhaps not a power cut; they do not wait for the disk, which an
    incident may be waiting for. For what is found out again when it is lost."""
    db.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        db.execute("PRAGMA synchronous=FULL")


@dataclass(frozen=True)
class Draft:
    """An envelope that is about to get its number. ``subject`` is the local id, never sent."""

    subject: str
    t_source_utc_us: int
    envelope: Envelope


@dataclass(frozen=True)
class Stored:
    """A record that the neighbour has now acknowledged as stored."""

    seq: int
    kind: str
    subject: str
    t_source_utc_us: int
    t_sent_utc_us: int


def body_sha256(envelope: Envelope) -> str:
    """Tells whether an incident's body was told before."""
    return hashlib.sha256(canonical_json(envelope.body)).hexdigest()


def new_epoch() -> bytes:
    """A random name for one life of an outbox."""
    return uuid.uuid4().bytes


class Outbox:
    """The outbox for one peer in an open ``exchange.db``. All methods may raise ``sqlite3.Error``; then nothing changed."""

    def __init__(self, db: sqlite3.Connection, peer: str, epoch: bytes | None = None, sign: Sign | None = None) -> None:
        self._db = db
        self._sign = sign
        self.peer = peer
        self.epoch: bytes = b""
        self.last_seq: int = 0
        self.acked_seq: int = 0
        self._last_hash: bytes = NO_HASH
        self._base_seq: int = 0
        self._base_hash: bytes = NO_HASH
        self._known_ahead: set[int] = set()
        self._sync: JournalSync | None = None
        self._to_disk: deque[tuple[int, int]] = deque()
        self._disk_seq: int = 0
        row = db.execute(
            "SELECT epoch, last_seq, acked_seq, last_hash, base_seq, base_hash FROM outbox_state WHERE peer=?", (peer,)
        ).fetchone()
        if row is None:
            self._begin(epoch or new_epoch())
        else:
            self.epoch, self.last_seq, self.acked_seq, self._last_hash, self._base_seq, self._base_hash = row

    def leave_disk_to(self, sync: JournalSync) -> None:
        """From now on what is appended for ``later`` is brought to the disk by ``sync``; all that is here is on it."""
        self._sync = sync
        self._all_on_disk()

    @property
    def light(self) -> bool:
        """Whether appending for later waits for no disk."""
        return self._sync is not None

    @property
    def disk_seq(self) -> int:
        """Up to here a power cut takes nothing: this may leave."""
        if self._sync is None:
            return self.last_seq
        while self._to_disk and self._to_disk[0][0] <= self._sync.reached:
            self._disk_seq = self._to_disk.popleft()[1]
        return self._disk_seq

    def _all_on_disk(self) -> None:
        """A commit that waits for the disk has brought all before it there, too."""
        self._to_disk.clear()
        self._disk_seq = self.last_seq

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A transaction that also takes this object back to what it was when the disk refuses."""
        state = dict(vars(self))
        try:
            with transaction(self._db):
                yield
        except BaseException:
            vars(self).update(state)
            raise

    def _begin(self, epoch: bytes) -> None:
        self.epoch = epoch
        self.last_seq = self._base_seq = self.acked_seq = 0
        self._last_hash = self._base_hash = NO_HASH
        self._known_ahead = set()
        self._db.execute(
            "INSERT OR REPLACE INTO outbox_state VALUES (?,?,0,?,0,?,0,0)", (self.peer, epoch, NO_HASH, NO_HASH)
        )

    @property
    def waiting(self) -> int:
        """Records that the neighbour has not acknowledged."""
        return self.last_seq - self.acked_seq

    def append(
        self,
        drafts: list[Draft],
        t_sent_utc_us: int,
        also: Callable[[], None] | None = None,
        later: bool = False,
    ) -> list[Record]:
        """Number and commit the drafts; then they may leave, with ``later`` not before :attr:`disk_seq` has reached them.

        ``also`` writes what belongs to them into the same transaction, above all what the disclosure log will say.
        """
        sync = self._sync if later else None
        with lightly(self._db) if sync is not None else nullcontext(), self._transaction():
            if also is not None:
                also()
            records = self._append(
                [
                    (
                        d.envelope.kind,
                        d.subject,
                        d.t_source_utc_us,
                        d.envelope.to_bytes(),
                        # Only an incident is ever compared with what was told before.
                        body_sha256(d.envelope) if d.envelope.kind == "incident" else "",
                    )
                    for d in drafts
                ],
                t_sent_utc_us,
            )
        if sync is not None:
            self._to_disk.append((sync.ask(), self.last_seq))
        else:
            self._all_on_disk()
        return records

    def _append(self, rows: list[tuple[str, str, int, bytes, str]], t_sent_utc_us: int) -> list[Record]:
        seq, previous = self.last_seq, self._last_hash
        records = []
        for kind, subject, t_source_utc_us, envelope, body in rows:
            seq += 1
            digest = Record(self.epoch, seq, previous, envelope).digest()
            signature = self._sign(digest) if self._sign is not None else NO_SIGNATURE
            self._db.execute(
                "INSERT INTO outbox VALUES (?,?,?,?,?,?,?,0,?,?,?,?)",
                (
                    self.peer, self.epoch, seq, kind, subject, t_source_utc_us, t_sent_utc_us, previous, envelope, body,
                    signature,
                ),
            )  # fmt: skip
            records.append(Record(self.epoch, seq, previous, envelope, signature))
            previous = digest
        self._db.execute("UPDATE outbox_state SET last_seq=?, last_hash=? WHERE peer=?", (seq, previous, self.peer))
        self.last_seq, self._last_hash = seq, previous
        return records

    def after(self, epoch: bytes, seq: int, limit: int) -> list[Record | Base]:
        """Answer to "I hold everything up to ``seq`` of ``epoch``": what follows, at most ``limit`` records.

        It begins with a :class:`Base` when the asker does not know our epoch, or asks for records no longer held.
        """
        found: list[Record | Base] = []
        if epoch != self.epoch or seq < self._base_seq:
            base = Base(self.epoch, self._base_seq, self._base_hash)
            found.append(replace(base, signature=self._sign(base.signed())) if self._sign is not None else base)
            seq = self._base_seq
        rows = self._db.execute(
            f"SELECT {_RECORD} FROM outbox WHERE peer=? AND epoch=? AND seq>? AND seq<=? ORDER BY seq LIMIT ?",
            (self.peer, self.epoch, seq, self.disk_seq, limit),
        )
        found += [self._record(*row) for row in rows]
        return found

    def _record(self, seq: int, previous: bytes, envelope: bytes, signature: bytes) -> Record:
        return Record(self.epoch, seq, previous, envelope, signature or NO_SIGNATURE)

    def picture(self, epoch: bytes, seq: int, limit: int) -> list[Record]:
        """What somebody who holds everything up to ``seq`` should see before the history: all that is urgent, in order,
        then the newest of each track. Nothing when the asker does not know our epoch: then the log comes first."""
        if epoch != self.epoch:
            return []
        values = (self.peer, self.epoch, max(seq, self._base_seq), self.disk_seq)
        urgent = self._db.execute(
            f"SELECT {_RECORD} FROM outbox WHERE peer=? AND epoch=? AND seq>? AND seq<=? AND acked_utc_us=0 AND kind IN ({_URGENT})"
            " ORDER BY seq LIMIT ?",
            (*values, limit),
        ).fetchall()
        newest = self._db.execute(
            f"SELECT {_RECORD} FROM outbox WHERE peer=?1 AND epoch=?2 AND seq IN (SELECT max(seq) FROM outbox"
            " WHERE peer=?1 AND epoch=?2 AND seq>?3 AND seq<=?4 AND kind IN ('track', 'track_end') GROUP BY subject"
            " ORDER BY max(seq) DESC LIMIT ?5) ORDER BY seq",
            (*values, max(limit - len(urgent), 0)),
        ).fetchall()
        return [self._record(*row) for row in (*urgent, *newest)]

    def acknowledge(self, ack: Ack, now_utc_us: int) -> list[Stored]:
        """Take note of what the neighbour holds; returns what is newly known to be stored there.

        When the neighbour holds something else under our numbers (this database, or theirs, was restored from a
        backup), the outbox begins a new epoch with everything that was not acknowledged.
        """
        if ack.epoch != self.epoch:
            return []
        if ack.fork or ack.seq > self.last_seq or not self._is_ours(ack):
            _log.warning("%s holds other records under our numbers: beginning a new epoch", self.peer)
            self.rotate()
            return []
        if ack.seq < self.acked_seq:
            _log.warning("%s now holds only %d of %d records acknowledged", self.peer, ack.seq, self.acked_seq)
        ahead = self._stored_ahead(ack, now_utc_us)
        if ack.seq == self.acked_seq:
            return ahead
        with lightly(self._db), self._transaction():
            # From where the last one ended: else each would read the whole outbox again.
            where = "peer=? AND epoch=? AND seq>? AND seq<=? AND acked_utc_us=0"
            values = (self.peer, self.epoch, self.acked_seq, ack.seq)
            rows = self._db.execute(
                f"SELECT seq, kind, subject, t_source_utc_us, t_sent_utc_us FROM outbox WHERE {where} ORDER BY seq",
                values,
            ).fetchall()
            self._db.execute(f"UPDATE outbox SET acked_utc_us=? WHERE {where}", (now_utc_us, *values))
            self._db.execute(
                "UPDATE outbox_state SET acked_seq=?, acked_utc_us=? WHERE peer=?", (ack.seq, now_utc_us, self.peer)
            )
            self.acked_seq = ack.seq
        return [*ahead, *(Stored(*row) for row in rows)]

    def _stored_ahead(self, ack: Ack, now_utc_us: int) -> list[Stored]:
        new = [seq for seq in ack.ahead if ack.seq < seq <= self.last_seq and seq not in self._known_ahead]
        if not new:
            return []
        where = f"peer=? AND epoch=? AND acked_utc_us=0 AND seq IN ({','.join('?' * len(new))})"
        values = (self.peer, self.epoch, *new)
        with lightly(self._db), self._transaction():
            rows = self._db.execute(
                f"SELECT seq, kind, subject, t_source_utc_us, t_sent_utc_us FROM outbox WHERE {where} ORDER BY seq",
                values,
            ).fetchall()
            self._db.execute(f"UPDATE outbox SET acked_utc_us=? WHERE {where}", (now_utc_us, *values))
        self._known_ahead = {seq for seq in self._known_ahead if seq > ack.seq} | set(new)
        return [Stored(*row) for row in rows]

    def _is_ours(self, ack: Ack) -> bool:
        if ack.seq == self.last_seq:
            return ack.digest == self._last_hash
        if ack.seq <= self._base_seq:
            return ack.seq < self._base_seq or ack.digest == self._base_hash
        row = self._db.execute(
            "SELECT previous FROM outbox WHERE peer=? AND epoch=? AND seq=?", (self.peer, self.epoch, ack.seq + 1)
        ).fetchone()
        return row is None or bool(row[0] == ack.digest)

    def rotate(self, epoch: bytes | None = None) -> None:
        """Begin a new epoch: what was not acknowledged gets new numbers in it, in the same order."""
        with self._transaction():
            where = "peer=? AND epoch=? AND acked_utc_us=0"
            rows: list[tuple[Any, ...]] = self._db.execute(
                "SELECT kind, subject, t_source_utc_us, envelope, body_sha256, t_sent_utc_us FROM outbox"
                f" WHERE {where} ORDER BY seq",
                (self.peer, self.epoch),
            ).fetchall()
            self._db.execute(f"DELETE FROM outbox WHERE {where}", (self.peer, self.epoch))
            self._begin(epoch or new_epoch())
            for *row, t_sent_utc_us in rows:
                self._append([(row[0], row[1], row[2], row[3], row[4])], t_sent_utc_us)
        self._all_on_disk()

    def told_incident(self, subject: str, envelope: Envelope) -> bool:
        """Whether this incident was put into the outbox before with the same body."""
        row = self._db.execute(
            "SELECT 1 FROM outbox WHERE peer=? AND kind='incident' AND subject=? AND body_sha256=? LIMIT 1",
            (self.peer, subject, body_sha256(envelope)),
        ).fetchone()
        return row is not None

    def prune(self, sent_before_utc_us: int) -> int:
        """Forget acknowledged records that were sent before that time; returns how many."""
        with self._transaction():
            row = self._db.execute(
                "SELECT seq, previous, envelope FROM outbox WHERE peer=? AND epoch=? AND acked_utc_us>0"
                " AND t_sent_utc_us<? AND seq<=? ORDER BY seq DESC LIMIT 1",
                (self.peer, self.epoch, sent_before_utc_us, self.acked_seq),
            ).fetchone()
            gone = self._db.execute(
                "DELETE FROM outbox WHERE peer=? AND epoch<>? AND t_sent_utc_us<?",
                (self.peer, self.epoch, sent_before_utc_us),
            ).rowcount
            if row is None:
                return gone
            base = Record(self.epoch, row[0], row[1], row[2])
            gone += self._db.execute(
                "DELETE FROM outbox WHERE peer=? AND epoch=? AND seq<=?", (self.peer, self.epoch, base.seq)
            ).rowcount
            self._db.execute(
                "UPDATE outbox_state SET base_seq=?, base_hash=? WHERE peer=?", (base.seq, base.digest(), self.peer)
            )
            self._base_seq, self._base_hash = base.seq, base.digest()
        return gone
