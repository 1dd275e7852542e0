"""What one neighbour has told this station: exactly once, in order, on disk before it is acknowledged.

A record takes its place in the sequence when all before it are here. Some are taken *ahead* of their turn (a withdrawal, a
lead, an incident when no other is missing before it, the newest place of each track after an outage): they are stored at
their place, used at once, and not used again when the sequence reaches them. Nothing is stored whose signature is not the
neighbour's.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

from groundstation.share.bodies import AT_ONCE_KINDS
from groundstation.share.outbox import lightly, transaction
from groundstation.share.wire import MAX_AHEAD, NO_HASH, Ack, Base, Envelope, Record, WireError, parse_envelope

_log = logging.getLogger("groundstation.share.inbox")

BURIED = "its originator has withdrawn it"
"""Why a late message about a withdrawn subject is refused; its content is not kept either."""

Verify = Callable[[bytes, bytes], bool]
"""Whether the second argument is the neighbour's signature for the first, a hash."""
OnStored = Callable[[Envelope, bytes, int], None]
"""What has to happen in the transaction that stores an envelope: its text, the record's hash, now in UTC."""


@dataclass(frozen=True)
class Received:
    """A record that is now stored; ``refused`` says why its content is not used, "" when it is."""

    seq: int
    envelope: Envelope | None
    refused: str = ""
    ahead: bool = False


@dataclass(frozen=True)
class Taken:
    """Result of one batch. ``need``: something is missing, ask. ``gaps``: records that came before the one before them,
    and are not stored.

    ``fork`` is not None when the neighbour's history contradicts what is stored here (it went back to a backup, or
    rewrote its history): the acknowledgement that tells it so. ``forged``: records whose signature is not the neighbour's.
    """

    received: tuple[Received, ...] = ()
    need: bool = False
    fork: Ack | None = None
    forged: int = 0
    gaps: tuple[Record, ...] = ()


@dataclass
class _Batch:
    now_utc_us: int
    received: list[Received] = field(default_factory=list)
    run: list[tuple[Record, bytes]] = field(default_factory=list)
    need: bool = False
    fork: Ack | None = None
    forged: int = 0


class Inbox:
    """The inbox from one peer in an open ``exchange.db``. ``take`` may raise ``sqlite3.Error``; then nothing changed.

    ``check`` says why an envelope is refused ("" = it is not): a refused record still takes its place in the sequence,
    so that one bad record cannot stop all that follow. ``verify`` None: the neighbour's key is not known, signatures are
    not looked at. ``on_stored`` runs in the same transaction for every envelope that is not refused.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        peer: str,
        check: Callable[[Envelope], str],
        verify: Verify | None = None,
        on_stored: OnStored | None = None,
    ) -> None:
        self._db = db
        self.peer = peer
        self._check = check
        self._verify = verify
        self._on_stored = on_stored
        self.epoch: bytes = bytes(16)
        self.seq = 0
        self.digest: bytes = NO_HASH
        self.skipped = 0
        self.light = False
        """Whether who takes sees to it that the disk has it before it is acknowledged."""
        self._past_epochs: set[bytes] = set()
        self._ahead: dict[int, bool] = {}
        self._load()

    def _load(self) -> None:
        query = "SELECT epoch, seq, hash, skipped, current FROM inbox_state WHERE peer=?"
        for epoch, seq, digest, skipped, current in self._db.execute(query, (self.peer,)):
            if current:
                self.epoch, self.seq, self.digest, self.skipped = epoch, seq, digest, skipped
            else:
                self._past_epochs.add(epoch)
        rows = self._db.execute(
            "SELECT seq, kind FROM inbox WHERE peer=? AND epoch=? AND seq>?", (self.peer, self.epoch, self.seq)
        )
        self._ahead = {seq: kind not in ("track", "track_end") for seq, kind in rows}

    @property
    def waits(self) -> bool:
        """Whether something is missing before what was taken ahead."""
        return bool(self._ahead)

    def ack(self) -> Ack:
        """What is stored here now."""
        told = [seq for seq, urgent in self._ahead.items() if urgent][-MAX_AHEAD:]
        return Ack(self.epoch, self.seq, self.digest, ahead=tuple(told))

    def take(
        self,
        messages: Sequence[Record | Base],
        now_utc_us: int,
        picture: Sequence[Record] = (),
        catching_up: bool = False,
    ) -> Taken:
        """Store what follows without a gap, with the cursor, in one transaction; also what is taken ahead.

        ``picture``: records asked for ahead of their turn. While ``catching_up``, all that is sent live is taken ahead.
        """
        if not messages and not picture:
            return Taken()
        state = dict(vars(self)), set(self._past_epochs), dict(self._ahead)
        batch = _Batch(now_utc_us)
        gaps: list[Record] = []
        try:
            with lightly(self._db) if self.light else nullcontext(), transaction(self._db):
                before = self.epoch, self.seq
                for message in messages:
                    if not self._take_one(message, batch, gaps):
                        break
                self._store_run(batch)
                for record in picture:
                    self._take_ahead(record, batch, always=True)
                for record in gaps:
                    self._take_ahead(record, batch, always=catching_up)
                gaps = [r for r in gaps if r.epoch == self.epoch and r.seq > self.seq and r.seq not in self._ahead]
                if (self.epoch, self.seq) != before:
                    self._db.execute(
                        "INSERT OR REPLACE INTO inbox_state VALUES (?,?,?,?,?,1,?)",
                        (self.peer, self.epoch, self.seq, self.digest, self.skipped, now_utc_us),
                    )
        except BaseException:
            vars(self).update(state[0])
            self._past_epochs, self._ahead = state[1], state[2]
            raise
        if batch.fork is not None:
            _log.warning("%s: its records do not follow what is stored here up to %d", self.peer, self.seq)
        if batch.forged:
            _log.warning("%s: %d records were not signed by it and are dropped", self.peer, batch.forged)
        return Taken(tuple(batch.received), batch.need, batch.fork, batch.forged, tuple(gaps))

    def _take_one(self, message: Record | Base, batch: _Batch, gaps: list[Record]) -> bool:
        """One message in its turn; False when nothing after it can be."""
        end_seq, end_digest = (batch.run[-1][0].seq, batch.run[-1][1]) if batch.run else (self.seq, self.digest)
        if isinstance(message, Base):
            if not self._authentic(message.signed(), message.signature):
                batch.forged += 1
            elif message.epoch in self._past_epochs:
                batch.fork = Ack(message.epoch, 0, NO_HASH, fork=True)
            else:
                self._store_run(batch)
                self._rebase(message, batch.now_utc_us)
        elif message.epoch in self._past_epochs:
            if self._record_authentic(message, batch):
                batch.fork = Ack(message.epoch, 0, NO_HASH, fork=True)
        elif message.epoch != self.epoch:
            if message.seq != 1 or message.previous != NO_HASH:
                batch.need = True
            elif self._record_authentic(message, batch):
                self._store_run(batch)
                self._rebase(Base(message.epoch, 0, NO_HASH), batch.now_utc_us)
                batch.run.append((message, message.digest()))
        elif message.seq == end_seq + 1:
            if message.previous == end_digest:
                batch.run.append((message, message.digest()))
                if message.seq + 1 in self._ahead:
                    self._store_run(batch)
                    self._pass_ahead()
            elif self._record_authentic(message, batch):
                self._store_run(batch)
                self._contradicted(message, batch)
                return False
        elif message.seq > end_seq:
            gaps.append(message)
        elif message.seq <= self.seq and self._differs(message) and self._record_authentic(message, batch):
            self._store_run(batch)
            self._contradicted(message, batch)
            return False
        return True

    def _contradicted(self, record: Record, batch: _Batch) -> None:
        batch.fork = Ack(self.epoch, self.seq, self.digest, fork=True)
        # Both are signed: whoever looks into it later has them side by side.
        self._db.execute(
            "INSERT OR IGNORE INTO contradiction VALUES (?,?,?,?,?,?)",
            (self.peer, record.epoch, record.seq, self.digest, batch.now_utc_us, record.to_bytes()),
        )

    def _differs(self, record: Record) -> bool:
        """Whether another record is stored here under its number."""
        row = self._db.execute(
            "SELECT digest FROM inbox WHERE peer=? AND epoch=? AND seq=?", (self.peer, record.epoch, record.seq)
        ).fetchone()
        return row is not None and row[0] != b"" and row[0] != record.digest()

    def _authentic(self, digest: bytes, signature: bytes) -> bool:
        return self._verify is None or self._verify(digest, signature)

    def _record_authentic(self, record: Record, batch: _Batch) -> bool:
        if self._authentic(record.digest(), record.signature):
            return True
        batch.forged += 1
        return False

    def _store_run(self, batch: _Batch) -> None:
        """Store the records that wait in the run, as far as they are the neighbour's."""
        run, batch.run = batch.run, []
        if not run:
            return
        last, digest = run[-1]
        # The signature of the last one vouches, by the chain of hashes, for all of the run before it.
        if not self._authentic(digest, last.signature):
            good = 0
            for record, digest in run:
                if not self._authentic(digest, record.signature):
                    batch.forged += 1
                    batch.need = True
                    break
                good += 1
            run = run[:good]
        for record, digest in run:
            if record.seq in self._ahead:
                if self._differs(record):
                    self._contradicted(record, batch)
                    return
                del self._ahead[record.seq]
                self.seq, self.digest = record.seq, digest
            else:
                batch.received.append(self._store(record, digest, batch.now_utc_us))
                self.seq, self.digest = record.seq, digest

    def _take_ahead(self, record: Record, batch: _Batch, always: bool) -> None:
        if record.epoch != self.epoch or record.seq <= self.seq or record.seq in self._ahead:
            return
        if not always:
            try:
                kind = parse_envelope(record.envelope).kind
                if kind not in AT_ONCE_KINDS and not (kind == "incident" and self._no_incident_before(record)):
                    return
            except WireError:
                return
        if self._record_authentic(record, batch):
            received = self._store(record, record.digest(), batch.now_utc_us, ahead=True)
            kind = received.envelope.kind if received.envelope is not None else ""
            self._ahead[record.seq] = kind not in ("track", "track_end")
            batch.received.append(received)

    def _pass_ahead(self) -> None:
        """Move the cursor over what was taken ahead and follows it now. Where that is not to be seen (its content was not
        kept), the record has to come again."""
        while self.seq + 1 in self._ahead:
            seq = self.seq + 1
            row = self._db.execute(
                "SELECT envelope, digest FROM inbox WHERE peer=? AND epoch=? AND seq=?", (self.peer, self.epoch, seq)
            ).fetchone()
            if row is None or Record(self.epoch, seq, self.digest, row[0]).digest() != row[1]:
                return
            del self._ahead[seq]
            self.seq, self.digest = seq, row[1]

    def _no_incident_before(self, record: Record) -> bool:
        """Whether no incident is missing before this one."""
        return 0 <= record.follows <= self.seq or self._ahead.get(record.follows, False)

    def _rebase(self, base: Base, now_utc_us: int) -> None:
        if base.epoch != self.epoch:
            if self.epoch != bytes(16):
                _log.warning("%s has begun a new outbox; its old one ended here at %d", self.peer, self.seq)
                self._past_epochs.add(self.epoch)
            self._db.execute("UPDATE inbox_state SET current=0 WHERE peer=?", (self.peer,))
            self.epoch, self.seq, self.digest, self.skipped = base.epoch, 0, NO_HASH, 0
            self._ahead.clear()
        if base.seq > self.seq:
            _log.warning("%s no longer holds its records %d to %d", self.peer, self.seq + 1, base.seq)
            self.skipped += base.seq - self.seq
            self.seq, self.digest = base.seq, base.digest
            self._ahead = {seq: urgent for seq, urgent in self._ahead.items() if seq > base.seq}

    def _store(self, record: Record, digest: bytes, now_utc_us: int, ahead: bool = False) -> Received:
        envelope: Envelope | None = None
        try:
            envelope = parse_envelope(record.envelope)
            refused = self._check(envelope)
        except WireError as error:
            refused = str(error)
        if refused:
            _log.warning("%s: record %d refused: %s", self.peer, record.seq, refused)
        self._db.execute(
            "INSERT INTO inbox VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                self.peer, record.epoch, record.seq, envelope.kind if envelope else "",
                envelope.subject if envelope else "", now_utc_us, envelope.retain_until_utc_us if envelope else now_utc_us,
                refused, b"" if refused == BURIED else record.envelope, record.signature, digest,
            ),
        )  # fmt: skip
        if envelope is not None and not refused and self._on_stored is not None:
            self._on_stored(envelope, digest, now_utc_us)
        return Received(record.seq, envelope, refused, ahead)

    def prune(self, now_utc_us: int) -> int:
        """Delete what the agreement lets us keep no longer; returns how many. The cursor stays."""
        with transaction(self._db):
            # What was taken ahead stays until the sequence has reached it, or it would be used twice.
            return self._db.execute(
                "DELETE FROM inbox WHERE peer=? AND retain_until_utc_us<? AND NOT (epoch=? AND seq>?)",
                (self.peer, now_utc_us, self.epoch, self.seq),
            ).rowcount
