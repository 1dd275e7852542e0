"""The exchange with one neighbour: send, gap fill, acknowledgement. No socket, no clock: times are handed in.

Sender: commit to the outbox, then send. Receiver: accept only the next number, commit it with the cursor, acknowledge.
A jump, a new link, or two seconds without either makes the receiver ask for what follows its cursor. Where that is a long
history, it first asks for the picture: what is urgent, and the newest of each track.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from groundstation.share.bodies import URGENT_KINDS
from groundstation.share.inbox import Inbox, Received, Taken
from groundstation.share.journal import JournalSync
from groundstation.share.outbox import Draft, Outbox, Stored
from groundstation.share.transport import (
    AckReceived,
    Event,
    HelloReceived,
    Live,
    LogEnd,
    LogQuery,
    LogReply,
    PictureEnd,
    PictureReply,
    Wire,
)
from groundstation.share.wire import Ack, Base, Hello, Record, WireError, parse_ack, parse_hello, parse_record

_log = logging.getLogger("groundstation.share.exchange")

ASK_PERIOD_S = 2.0
ASK_TIMEOUT_S = 5.0
ACK_PERIOD_S = 2.0
ROTATE_PERIOD_S = 10.0
HELLO_PERIOD_S = 2.0
MAX_HELD_US = 5_000_000
"""A probe that was answered later says little: meanwhile a clock may have been set."""
BATCH = 500
"""Records per reply and per transaction: what comes live meanwhile waits for them. While they are stored here, the next
ones are already asked for."""
AT_A_TIME = 8
"""So many at a time otherwise, where the disk is not waited for: an incident that comes has to wait for them."""
_POLL = BATCH + 20
"""So that the end of a full reply is taken with it."""
REORDER_S = 0.05
"""So long a record that came before the one before it (an incident passes positions on the wire) waits for that one,
before what is missing is asked for."""
MAX_EARLY = 2_000
STORED_PERIOD_S = 0.05
"""Positions are acknowledged this often at most, and acknowledgements of them written; what is urgent at once."""
PICTURE = 5_000
"""Records of the picture that is asked for first; so many tracks at a time are a bad day on the whole border."""
OUTBOX_KEEP_US = 86_400_000_000
"""Acknowledged records are kept this long, so that a neighbour that lost its database gets them again."""

OnProbe = Callable[[int, int, int], None]
"""A probe came back: sent by our clock, their clock when they answered, received by our clock; microseconds UTC."""


@dataclass(frozen=True)
class StepResult:
    """What one step brought."""

    received: tuple[Received, ...] = ()
    stored: tuple[Stored, ...] = ()
    busy: bool = False


@dataclass
class _Came:
    """What the events of one step were."""

    messages: list[Record | Base] = field(default_factory=list)
    picture: list[Record] = field(default_factory=list)
    picture_ends: bool = False


def _seq(message: Record | Base) -> int:
    return message.seq


class Exchange:
    """Outbox, inbox and wire of one neighbour. ``sqlite3.Error`` of a full disk passes through; no state is lost then.

    ``catching_up`` is True from the first full reply of a long history until its end; ``picture_here``: meanwhile the
    newest of every track has come. ``forks`` and ``forged`` count contradictions and false signatures.
    """

    def __init__(self, outbox: Outbox, inbox: Inbox, wire: Wire, on_probe: OnProbe | None = None) -> None:
        self.outbox = outbox
        self.inbox = inbox
        self.connected = False
        self.malformed = 0
        self.forks = 0
        self.forged = 0
        self.last_ack_utc_us = 0
        self.last_hello_utc_us = 0
        self.catching_up = False
        self.picture_here = True
        self._wire = wire
        self._on_probe = on_probe
        self._asked_at_s: float | None = None
        self._picture_asked_at_s: float | None = None
        self._replies = 0
        self._reply_end: tuple[bytes, int] | None = None
        self._need = False
        self._sync: JournalSync | None = None
        self._unsent: deque[Record] = deque()
        self._stored = inbox.ack()
        self._to_disk: deque[tuple[int, Ack]] = deque()
        self._early: list[Record] = []
        self._early_since_s: float | None = None
        self._ack_due = False
        self._acked_at_s = float("-inf")
        self._ack_waits: Ack | None = None
        self._ack_taken_at_s = float("-inf")
        self._last_urgent_seq = 0
        self._last_incident_seq = 0
        self._incident_epoch = b""
        self._next_ask_s = 0.0
        self._next_ack_s = 0.0
        self._next_hello_s = 0.0
        self._rotate_after_s = 0.0
        self._hello_n = 0
        self._echoed_n = 0
        self._their_hello: tuple[Hello, int] | None = None

    def leave_disk_to(self, sync: JournalSync) -> None:
        """From now on positions wait for the disk beside the caller's thread, and for each other: before they leave here,
        and before they are acknowledged. What is urgent waits for it at once, as before. All that is here is on it."""
        self._sync = sync
        self.outbox.leave_disk_to(sync)
        self.inbox.light = True

    @property
    def strangers(self) -> set[str]:
        """Common names of others that hold a link."""
        return self._wire.strangers

    def set_wire(self, wire: Wire) -> None:
        """Go on over another session; the old one is closed."""
        self._wire.close()
        self._wire = wire
        self.connected = False

    def send(self, drafts: list[Draft], now_utc_us: int, also: Callable[[], None] | None = None) -> list[Record]:
        """Commit, then send. ``also`` writes into the same transaction."""
        before = self.outbox.last_seq
        later = not any(d.envelope.kind in URGENT_KINDS for d in drafts)
        records = self.outbox.append(drafts, now_utc_us, also, later)
        if self._incident_epoch != self.outbox.epoch:  # any of those before may be one
            self._incident_epoch, self._last_incident_seq = self.outbox.epoch, before
        for draft, record in zip(drafts, records, strict=True):
            urgent = draft.envelope.kind in URGENT_KINDS
            if urgent:
                self._last_urgent_seq = record.seq
            if draft.envelope.kind == "incident":
                record = replace(record, follows=self._last_incident_seq)
                self._last_incident_seq = record.seq
            if later:
                self._unsent.append(record)
            else:
                self._wire.send_live(record.to_bytes(), urgent)
        self._send_what_is_on_disk()
        return records

    def _send_what_is_on_disk(self) -> None:
        if not self._unsent:
            return
        disk_seq, epoch = self.outbox.disk_seq, self.outbox.epoch
        ready: list[bytes] = []
        while self._unsent and (self._unsent[0].epoch != epoch or self._unsent[0].seq <= disk_seq):
            record = self._unsent.popleft()
            if record.epoch == epoch:  # else it has another number by now, and is asked for
                ready.append(record.to_bytes())
        if ready:
            self._wire.send_positions(ready)

    def step(self, now_s: float, now_utc_us: int, now_mono_ns: int = 0) -> StepResult:
        """Handle what has come and what is due. ``now_mono_ns`` belongs to the arrival times of probes."""
        self._send_what_is_on_disk()
        was_connected, self.connected = self.connected, self._wire.connected()
        if self.connected and not was_connected:
            self._need, self._asked_at_s, self._next_ack_s, self._next_hello_s = True, None, now_s, now_s
            self._picture_asked_at_s, self._their_hello = None, None
        limit = _POLL if self.catching_up or self._sync is None else AT_A_TIME
        events = self._wire.poll(limit)
        came = _Came()
        for event in events:
            try:
                self._take_event(event, came, now_s, now_utc_us, now_mono_ns)
            except WireError as error:
                self.malformed += 1
                _log.warning("%s: dropped a message: %s", self.inbox.peer, error)
        early, self._early = self._early, []
        try:
            stored = self._acknowledged(now_s, now_utc_us)
            taken = self.inbox.take(self._in_turn(came.messages, early), now_utc_us, came.picture, self.catching_up)
        except BaseException:
            # The disk is full, or the database is locked: what came is asked for again.
            self._need = True
            raise
        self._need = self._need or taken.need
        self._wait_for_missing(taken.gaps, now_s)
        self.forged += taken.forged
        if came.picture_ends:
            self._picture_asked_at_s, self.picture_here = None, True
        self._acknowledge(taken, bool(came.messages or came.picture or early), now_s)
        self._ask(now_s)
        self._probe(now_s, now_utc_us)
        return StepResult(taken.received, tuple(stored), len(events) >= min(limit, BATCH))

    def _take_event(self, event: Event, came: _Came, now_s: float, now_utc_us: int, now_mono_ns: int) -> None:
        match event:
            case Live(payload):
                came.messages.append(parse_record(payload))
            case LogReply(payload):
                came.messages.append(parse_record(payload))
                self._replies += 1
                last = came.messages[-1]
                self._reply_end = last.epoch, last.seq
            case PictureReply(payload):
                record = parse_record(payload)
                if isinstance(record, Record):
                    came.picture.append(record)
            case PictureEnd():
                came.picture_ends = True
            case LogEnd():
                self._log_ended(now_s)
            case AckReceived(payload):
                self._ack_came(parse_ack(payload), now_s, now_utc_us)
            case LogQuery(epoch, seq, answer, wants_picture):
                found = (
                    self.outbox.picture(epoch, seq, PICTURE) if wants_picture else self.outbox.after(epoch, seq, BATCH)
                )
                answer([m.to_bytes() for m in found])
            case HelloReceived(payload, t_mono_ns):
                since_us = (now_mono_ns - t_mono_ns) // 1000 if t_mono_ns and now_mono_ns else 0
                self._hello(parse_hello(payload), now_utc_us - since_us, now_utc_us)

    # ------------------------------------------------------------------------------------------ records in their turn

    def _in_turn(self, messages: list[Record | Base], early: list[Record]) -> list[Record | Base]:
        """What came, by number, so that what has overtaken something does not have to be asked for."""
        if not early and len(messages) < 2:
            return messages
        if any(m.epoch != self.inbox.epoch or isinstance(m, Base) for m in messages):
            return [*early, *messages]
        # The same number twice stays as it came: two that differ are a fork.
        return sorted([*early, *messages], key=_seq)

    def _wait_for_missing(self, gaps: tuple[Record, ...], now_s: float) -> None:
        """Keep what came too early for a moment; what is missing then is asked for."""
        if not gaps and (self.catching_up or not self.inbox.waits):
            self._early_since_s = None
            return
        if self._early_since_s is None:
            self._early_since_s = now_s
        if len(gaps) > MAX_EARLY or now_s - self._early_since_s >= REORDER_S:
            self._need = True
        self._early = list(gaps[:MAX_EARLY])

    # ------------------------------------------------------------------------------------------------ acknowledgements

    def _acknowledge(self, taken: Taken, took: bool, now_s: float) -> None:
        if taken.fork is not None:
            self.forks += 1
            self._wire.send_ack(taken.fork.to_bytes())
            return
        urgent = any(r.envelope is None or r.envelope.kind in URGENT_KINDS for r in taken.received)
        self._ack_due = self._ack_due or bool(taken.received)
        stored = self._on_disk(took, urgent)
        quietly = self._ack_due and now_s - self._acked_at_s >= STORED_PERIOD_S
        if urgent or quietly or (self.connected and now_s >= self._next_ack_s):
            self._wire.send_ack(stored.to_bytes())
            self._ack_due, self._acked_at_s = bool(self._to_disk), now_s
            self._next_ack_s = now_s + ACK_PERIOD_S

    def _on_disk(self, took: bool, urgent: bool) -> Ack:
        """What is stored here and survives a power cut."""
        if self._sync is None or (urgent and self._sync.now()):
            self._to_disk.clear()
            self._stored = self.inbox.ack()
            return self._stored
        if took:
            self._to_disk.append((self._sync.ask(), self.inbox.ack()))
        while self._to_disk and self._to_disk[0][0] <= self._sync.reached:
            self._stored = self._to_disk.popleft()[1]
        return self._stored

    def _ack_came(self, ack: Ack, now_s: float, now_utc_us: int) -> None:
        self.last_ack_utc_us = now_utc_us
        epoch = self.outbox.epoch
        if ack.epoch != epoch:
            return
        if not ack.fork and ack.seq <= self.outbox.last_seq:
            self._ack_waits = ack  # each says all that the one before has said
            return
        if now_s < self._rotate_after_s:
            return
        self.outbox.acknowledge(ack, now_utc_us)
        if self.outbox.epoch != epoch:
            self._rotate_after_s = now_s + ROTATE_PERIOD_S

    def _acknowledged(self, now_s: float, now_utc_us: int) -> list[Stored]:
        """Write what the neighbour has acknowledged: at once where something urgent is in it, else now and then."""
        ack = self._ack_waits
        if ack is None:
            return []
        urgent = self.outbox.acked_seq < self._last_urgent_seq or bool(ack.ahead)
        if not urgent and now_s - self._ack_taken_at_s < STORED_PERIOD_S:
            return []
        epoch = self.outbox.epoch
        stored = self.outbox.acknowledge(ack, now_utc_us)
        self._ack_waits, self._ack_taken_at_s = None, now_s
        if self.outbox.epoch != epoch:
            self._rotate_after_s = now_s + ROTATE_PERIOD_S
        return stored

    # ---------------------------------------------------------------------------------------------------- the history

    def _log_ended(self, now_s: float) -> None:
        self._asked_at_s = None
        self._next_ask_s = now_s + ASK_PERIOD_S
        # A full reply is seldom the last.
        more = self._replies >= BATCH
        if more and not self.catching_up:
            self.catching_up, self.picture_here = True, False
        elif not more:
            self.catching_up = False
        if more and self.picture_here and self._reply_end is not None and self.connected:
            self._ask_log(*self._reply_end, now_s)  # they read it while we store what has come
        else:
            self._need = self._need or more

    def _ask_log(self, epoch: bytes, seq: int, now_s: float) -> None:
        self._need, self._replies, self._reply_end = False, 0, None
        self._asked_at_s = now_s
        self._next_ask_s = now_s + ASK_PERIOD_S
        self._wire.ask_log(epoch, seq)

    def _ask(self, now_s: float) -> None:
        if self._asked_at_s is not None and now_s - self._asked_at_s > ASK_TIMEOUT_S:
            self._asked_at_s = None
        if self._picture_asked_at_s is not None and now_s - self._picture_asked_at_s > ASK_TIMEOUT_S:
            self._picture_asked_at_s = None
        if not self.connected:
            return
        if self.catching_up and not self.picture_here:
            if self._picture_asked_at_s is None:
                self._picture_asked_at_s = now_s
                self._wire.ask_picture(self.inbox.epoch, self.inbox.seq)
            return  # the history waits: the picture is what somebody looks at
        if self._asked_at_s is None and (self._need or now_s >= self._next_ask_s):
            self._ask_log(self.inbox.epoch, self.inbox.seq, now_s)

    def _probe(self, now_s: float, now_utc_us: int) -> None:
        if not self.connected or now_s < self._next_hello_s:
            return
        self._next_hello_s = now_s + HELLO_PERIOD_S
        self._send_hello(now_utc_us)

    def _send_hello(self, now_utc_us: int) -> None:
        self._hello_n += 1
        echo_n = echo_t = held = 0
        if self._their_hello is not None:
            theirs, came_utc_us = self._their_hello
            echo_n, echo_t, held = theirs.n, theirs.t_utc_us, max(now_utc_us - came_utc_us, 0)
        hello = Hello(self._hello_n, max(now_utc_us, 0), echo_n, echo_t, held, self.outbox.waiting)
        self._wire.send_hello(hello.to_bytes())

    def _hello(self, hello: Hello, came_utc_us: int, now_utc_us: int) -> None:
        # A probe that answers ours is not answered again at once, or two stations would never stop.
        answer_now = self._their_hello is None or hello.echo_n == 0
        self._their_hello = hello, came_utc_us
        self.last_hello_utc_us = now_utc_us
        if hello.echo_n > self._echoed_n and hello.echo_held_us < MAX_HELD_US and self._on_probe is not None:
            self._echoed_n = hello.echo_n
            # As if it had been sent later by what they held it: the rest is the way there and back.
            self._on_probe(hello.echo_t_utc_us + hello.echo_held_us, hello.t_utc_us, came_utc_us)
        if answer_now:
            self._send_hello(now_utc_us)

    def next_deadline_s(self) -> float:
        """When a step is due even if nothing comes."""
        return min(self._next_ask_s, self._next_ack_s, self._next_hello_s)

    def close(self) -> None:
        """Close the wire."""
        self._wire.close()
