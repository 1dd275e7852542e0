"""What one neighbour has told this station: exactly once, in order, on disk before it is acknowledged."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from groundstation.share.outbox import transaction
from groundstation.share.wire import NO_HASH, Ack, Base, Envelope, Record, WireError, parse_envelope

_log = logging.getLogger("groundstation.share.inbox")


@dataclass(frozen=True)
class Received:
    """A record that is now stored; ``refused`` says why its content is not used, "" when it is."""

    seq: int
    envelope: Envelope | None
    refused: str = ""


@dataclass(frozen=True)
class Taken:
    """Result of one batch. ``need``: something is missing, ask.

    ``fork`` is not None when the neighbour's history contradicts what is stored here (it went back to a backup): the
    acknowledgement that tells it so.
    """

    received: tuple[Received, ...] = ()
    need: bool = False
    fork: Ack | None = None


class Inbox:
    """The inbox from one peer in an open ``exchange.db``. ``take`` may raise ``sqlite3.Error``; then nothing changed.

    ``check`` says why an envelope is refused ("" = it is not): a refused record still takes its place in the sequence,
    so that one bad record cannot stop all that follow.
    """

    def __init__(self, db: sqlite3.Connection, peer: str, check: Callable[[Envelope], str]) -> None:
        self._db = db
        self.peer = peer
        self._check = check
        self.epoch: bytes = bytes(16)
        self.seq = 0
        self.digest: bytes = NO_HASH
        self.skipped = 0
        self._past_epochs: set[bytes] = set()
        self._load()

    def _load(self) -> None:
        self._past_epochs.clear()
        query = "SELECT epoch, seq, hash, skipped, current FROM inbox_state WHERE peer=?"
        for epoch, seq, digest, skipped, current in self._db.execute(query, (self.peer,)):
            if current:
                self.epoch, self.seq, self.digest, self.skipped = epoch, seq, digest, skipped
            else:
                self._past_epochs.add(epoch)

    def ack(self) -> Ack:
        """What is stored here now."""
        return Ack(self.epoch, self.seq, self.digest)

    def take(self, messages: list[Record | Base], now_utc_us: int) -> Taken:
        """Store what follows without a gap, with the cursor, in one transaction."""
        state = dict(vars(self)), set(self._past_epochs)
        received: list[Received] = []
        need = False
        fork: Ack | None = None
        if not messages:
            return Taken()
        try:
            with transaction(self._db):
                before = self.epoch, self.seq
                for message in messages:
                    if message.epoch in self._past_epochs:
                        fork = Ack(message.epoch, 0, NO_HASH, fork=True)
                        continue
                    if isinstance(message, Base):
                        self._rebase(message, now_utc_us)
                    elif message.epoch != self.epoch:
                        if message.seq == 1 and message.previous == NO_HASH:
                            self._rebase(Base(message.epoch, 0, NO_HASH), now_utc_us)
                            received.append(self._store(message, now_utc_us))
                        else:
                            need = True
                    elif message.seq == self.seq + 1:
                        if message.previous != self.digest:
                            fork = Ack(self.epoch, self.seq, self.digest, fork=True)
                            break
                        received.append(self._store(message, now_utc_us))
                    elif message.seq > self.seq:
                        need = True
                if (self.epoch, self.seq) != before:
                    self._db.execute(
                        "INSERT OR REPLACE INTO inbox_state VALUES (?,?,?,?,?,1,?)",
                        (self.peer, self.epoch, self.seq, self.digest, self.skipped, now_utc_us),
                    )
        except BaseException:
            vars(self).update(state[0])
            self._past_epochs = state[1]
            raise
        if fork is not None:
            _log.warning("%s: its records do not follow what is stored here up to %d", self.peer, self.seq)
        return Taken(tuple(received), need, fork)

    def _rebase(self, base: Base, now_utc_us: int) -> None:
        if base.epoch != self.epoch:
            if self.epoch != bytes(16):
                _log.warning("%s has begun a new outbox; its old one ended here at %d", self.peer, self.seq)
                self._past_epochs.add(self.epoch)
            self._db.execute("UPDATE inbox_state SET current=0 WHERE peer=?", (self.peer,))
            self.epoch, self.seq, self.digest, self.skipped = base.epoch, 0, NO_HASH, 0
        if base.seq > self.seq:
            _log.warning("%s no longer holds its records %d to %d", self.peer, self.seq + 1, base.seq)
            self.skipped += base.seq - self.seq
            self.seq, self.digest = base.seq, base.digest

    def _store(self, record: Record, now_utc_us: int) -> Received:
        envelope: Envelope | None = None
        try:
            envelope = parse_envelope(record.envelope)
            refused = self._check(envelope)
        except WireError as error:
            refused = str(error)
        if refused:
            _log.warning("%s: record %d refused: %s", self.peer, record.seq, refused)
        self._db.execute(
            "INSERT INTO inbox VALUES (?,?,?,?,?,?,?,?,?)",
            (
                self.peer, record.epoch, record.seq, envelope.kind if envelope else "",
                envelope.subject if envelope else "", now_utc_us, envelope.retain_until_utc_us if envelope else now_utc_us,
                refused, record.envelope,
            ),
        )  # fmt: skip
        self.seq, self.digest = record.seq, record.digest()
        return Received(record.seq, envelope, refused)

    def prune(self, now_utc_us: int) -> int:
        """Delete what the agreement lets us keep no longer; returns how many. The cursor stays."""
        with transaction(self._db):
            return self._db.execute(
                "DELETE FROM inbox WHERE peer=? AND retain_until_utc_us<?", (self.peer, now_utc_us)
            ).rowcount
