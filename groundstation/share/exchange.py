"""The exchange with one neighbour: send, gap fill, acknowledgement. No socket, no clock: times are handed in.

Sender: commit to the outbox, then send. Receiver: accept only the next number, commit it with the cursor, acknowledge.
A jump, a new link, or two seconds without either makes the receiver ask for what follows its cursor.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from groundstation.share.audit import Head
from groundstation.share.inbox import Inbox, Received
from groundstation.share.outbox import Draft, Outbox, Stored
from groundstation.share.transport import AckReceived, Live, LogEnd, LogQuery, LogReply, Wire
from groundstation.share.wire import Base, Record, WireError, parse_ack, parse_record

_log = logging.getLogger("groundstation.share.exchange")

ASK_PERIOD_S = 2.0
ASK_TIMEOUT_S = 5.0
ACK_PERIOD_S = 2.0
ROTATE_PERIOD_S = 10.0
BATCH = 500
"""Records per reply and per transaction: 500 cost some 10 ms at either end."""
OUTBOX_KEEP_US = 86_400_000_000
"""Acknowledged records are kept this long, so that a neighbour that lost its database gets them again."""


@dataclass(frozen=True)
class StepResult:
    """What one step brought."""

    received: tuple[Received, ...] = ()
    stored: tuple[Stored, ...] = ()
    busy: bool = False


class Exchange:
    """Outbox, inbox and wire of one neighbour. ``sqlite3.Error`` of a full disk passes through; no state is lost then."""

    def __init__(self, outbox: Outbox, inbox: Inbox, wire: Wire) -> None:
        self.outbox = outbox
        self.inbox = inbox
        self.connected = False
        self.malformed = 0
        self.last_ack_utc_us = 0
        self._wire = wire
        self._asked_at_s: float | None = None
        self._replies = 0
        self._need = False
        self._next_ask_s = 0.0
        self._next_ack_s = 0.0
        self._rotate_after_s = 0.0

    def send(self, drafts: list[Draft], audit_head: Head, now_utc_us: int) -> list[Record]:
        """Commit, then send."""
        records = self.outbox.append(drafts, now_utc_us, audit_head)
        for record in records:
            self._wire.send_live(record.to_bytes())
        return records

    def step(self, now_s: float, now_utc_us: int) -> StepResult:
        """Handle what has come and what is due."""
        was_connected, self.connected = self.connected, self._wire.connected()
        if self.connected and not was_connected:
            self._need, self._asked_at_s, self._next_ack_s = True, None, now_s
        events = self._wire.poll(BATCH)
        messages: list[Record | Base] = []
        stored: list[Stored] = []
        for event in events:
            try:
                match event:
                    case Live(payload):
                        messages.append(parse_record(payload))
                    case LogReply(payload):
                        messages.append(parse_record(payload))
                        self._replies += 1
                    case LogEnd():
                        self._asked_at_s = None
                        # A full reply is seldom the last.
                        self._need = self._need or self._replies >= BATCH
                        self._next_ask_s = now_s + ASK_PERIOD_S
                    case AckReceived(payload):
                        stored += self._acknowledged(payload, now_s, now_utc_us)
                    case LogQuery(epoch, seq, answer):
                        answer([m.to_bytes() for m in self.outbox.after(epoch, seq, BATCH)])
            except WireError as error:
                self.malformed += 1
                _log.warning("%s: dropped a message: %s", self.inbox.peer, error)
        taken = self.inbox.take(messages, now_utc_us)
        self._need = self._need or taken.need
        if taken.fork is not None:
            self._wire.send_ack(taken.fork.to_bytes())
        elif taken.received or (self.connected and now_s >= self._next_ack_s):
            self._wire.send_ack(self.inbox.ack().to_bytes())
            self._next_ack_s = now_s + ACK_PERIOD_S
        self._ask(now_s)
        return StepResult(taken.received, tuple(stored), len(events) >= BATCH)

    def _acknowledged(self, payload: bytes, now_s: float, now_utc_us: int) -> list[Stored]:
        ack = parse_ack(payload)
        self.last_ack_utc_us = now_utc_us
        epoch = self.outbox.epoch
        if ack.epoch == epoch and (ack.fork or ack.seq > self.outbox.last_seq) and now_s < self._rotate_after_s:
            return []
        stored = self.outbox.acknowledge(ack, now_utc_us)
        if self.outbox.epoch != epoch:
            self._rotate_after_s = now_s + ROTATE_PERIOD_S
        return stored

    def _ask(self, now_s: float) -> None:
        if self._asked_at_s is not None and now_s - self._asked_at_s > ASK_TIMEOUT_S:
            self._asked_at_s = None
        if not self.connected or self._asked_at_s is not None:
            return
        if self._need or now_s >= self._next_ask_s:
            self._need = False
            self._replies = 0
            self._asked_at_s = now_s
            self._next_ask_s = now_s + ASK_PERIOD_S
            self._wire.ask_log(self.inbox.epoch, self.inbox.seq)

    def next_deadline_s(self) -> float:
        """When a step is due even if nothing comes."""
        return min(self._next_ask_s, self._next_ack_s)

    def close(self) -> None:
        """Close the wire."""
        self._wire.close()
