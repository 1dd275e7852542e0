"""What is signed, forged, forked, taken ahead of its turn, and shown first after an outage."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.core.database import open_database
from groundstation.share.exchange import BATCH, Exchange
from groundstation.share.inbox import Inbox
from groundstation.share.outbox import Draft, Outbox
from groundstation.share.schema import EXCHANGE_SCHEMA
from groundstation.share.wire import NO_HASH, Envelope, Hello, Record, parse_hello, parse_record
from tests.unit.share.test_exchange import Side, Two, draft
from tests.unit.share.things import T0_UTC_US


def sign(digest: bytes) -> bytes:
    """Not a signature anybody should trust, but one that only who knows the word can make; and quick."""
    return hashlib.sha512(b"the word of a" + digest).digest()


class Signed(Two):
    """a signs; b knows its key."""

    def __init__(self, folder: Path, loss: float = 0.0, seed: int = 0) -> None:
        super().__init__(folder, loss, seed)
        for side in (self.a, self.b):
            side.stop()
        self.start()

    def start(self) -> None:
        a, b = self.a, self.b
        a.db, b.db = (open_database(s.path, EXCHANGE_SCHEMA, "NORMAL") for s in (a, b))
        a.exchange = Exchange(Outbox(a.db, "b", sign=sign), Inbox(a.db, "b", lambda _: ""), self.line.end("a", "b"))
        inbox = Inbox(b.db, "a", lambda _: "", lambda digest, signature: signature == sign(digest))
        b.exchange = Exchange(Outbox(b.db, "a"), inbox, self.line.end("b", "a"))
        self.probes: list[tuple[int, int, int]] = []
        b.exchange._on_probe = lambda *probe: self.probes.append(probe)

    def sender(self) -> Side:
        return self.a


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Signed]:
    made = Signed(tmp_path)
    yield made
    made.close()


def moved(name: str, t_utc_us: int, kind: str = "track") -> Draft:
    body = {"class": "person", "lat_deg": 1.0, "lon_deg": 2.0, "t_utc_us": t_utc_us}
    if kind == "withdrawal":
        body = {"of": "track", "reason": "test", "t_utc_us": t_utc_us}
    envelope = Envelope("AB-1", "ff", "a", "b", "BorderMonitoring", kind, name, 5, T0_UTC_US * 2, body)
    return Draft(name, 4, envelope)


def send(side: Side, *drafts: Draft) -> list[Record]:
    return side.exchange.send(list(drafts), T0_UTC_US)


def test_signed_records_are_taken_and_their_signatures_kept(two: Signed) -> None:
    two.run()
    two.a.send("i1", "i2")
    two.run()
    rows = two.b.db.execute("SELECT digest, signature FROM inbox ORDER BY seq").fetchall()
    assert [signature == sign(digest) for digest, signature in rows] == [True, True]


@pytest.mark.parametrize("where", ["envelope", "signature", "previous", "none"])
def test_a_forged_record_is_never_stored_and_stops_nothing(two: Signed, where: str) -> None:
    two.run()
    two.a.send("i1")
    two.run()
    outbox = two.a.exchange.outbox
    good = Record(outbox.epoch, 2, outbox._last_hash, draft("evil").envelope.to_bytes())
    forged = {
        "envelope": Record(good.epoch, 2, good.previous, good.envelope, sign(b"something else")),
        "signature": Record(good.epoch, 2, good.previous, good.envelope, bytes([1]) * 64),
        "previous": Record(good.epoch, 2, NO_HASH, good.envelope, bytes([1]) * 64),
        "none": good,
    }[where]
    two.line.ends["a"].send_live(forged.to_bytes())
    two.run()
    assert two.b.subjects() == ["i1"]
    assert two.b.exchange.forged == 1
    assert two.b.exchange.forks == 0  # a forger does not make the neighbour a liar
    two.a.send("i2")
    two.run(3.0)
    assert two.b.subjects() == ["i1", "i2"]


def test_a_forged_record_in_a_long_run_is_found_and_the_rest_comes(two: Signed) -> None:
    two.line.up = False
    two.a.send(*(f"i{n:02d}" for n in range(40)))
    two.line.up = True
    outbox = two.a.exchange.outbox
    records = [r for r in outbox.after(outbox.epoch, 0, 100) if isinstance(r, Record)]
    bad = Record(records[20].epoch, 21, records[20].previous, b'{"evil":1}', records[20].signature)
    taken = two.b.exchange.inbox.take([*records[:20], bad], T0_UTC_US)
    assert (len(taken.received), taken.forged, taken.need) == (20, 1, True)
    two.run(3.0)
    assert two.b.subjects() == [f"i{n:02d}" for n in range(40)]


def test_two_records_under_one_number_are_a_fork_and_both_are_kept(two: Signed) -> None:
    two.run()
    two.a.send("i1", "i2")
    two.run()
    outbox = two.a.exchange.outbox
    first = next(r for r in outbox.after(outbox.epoch, 0, 1) if isinstance(r, Record))
    other = Record(first.epoch, 1, first.previous, draft("rewritten").envelope.to_bytes())
    other = Record(other.epoch, 1, other.previous, other.envelope, sign(other.digest()))
    two.line.ends["a"].send_live(other.to_bytes())
    two.run()
    assert two.b.exchange.forks == 1
    (kept,) = two.b.db.execute("SELECT record FROM contradiction").fetchall()
    assert parse_record(kept[0]) == other
    assert two.b.subjects() == ["i1", "i2"]


def test_what_is_urgent_is_used_before_what_is_missing_and_only_once(two: Signed) -> None:
    two.run()
    two.line.loss = 1.0
    send(two.a, moved("t", 1), moved("t", 2))
    two.line.loss = 0.0
    send(two.a, moved("t", 3, "withdrawal"))
    step = two.b.exchange.step(two.t_s, T0_UTC_US)
    assert [(r.seq, r.ahead) for r in step.received] == [(3, True)]
    seen = []
    for _ in range(40):
        two.t_s += 0.1
        two.a.exchange.step(two.t_s, T0_UTC_US)
        seen += [r.seq for r in two.b.exchange.step(two.t_s, T0_UTC_US).received]
    assert seen == [1, 2]
    assert (two.b.exchange.inbox.seq, two.a.exchange.outbox.waiting) == (3, 0)


def test_an_incident_passes_positions_and_no_incident(two: Signed) -> None:
    two.run()
    two.line.loss = 1.0
    send(two.a, moved("t", 1))
    two.line.loss = 0.0
    send(two.a, draft("i2"))
    step = two.b.exchange.step(two.t_s, T0_UTC_US)
    assert [(r.seq, r.ahead) for r in step.received] == [(2, True)]
    two.line.loss = 1.0
    send(two.a, draft("i3"), moved("t", 4))
    two.line.loss = 0.0
    send(two.a, draft("i5"))
    assert two.b.exchange.step(two.t_s, T0_UTC_US).received == (), "i3 is missing before it"
    seen = []
    for _ in range(40):
        two.t_s += 0.1
        two.a.exchange.step(two.t_s, T0_UTC_US)
        seen += [r.seq for r in two.b.exchange.step(two.t_s, T0_UTC_US).received]
    assert seen == [1, 3, 4, 5]
    assert (two.b.exchange.inbox.seq, two.a.exchange.outbox.waiting) == (5, 0)


def test_an_incident_after_a_restart_waits_for_what_may_be_one(two: Signed) -> None:
    two.run()
    two.line.loss = 1.0
    send(two.a, draft("i1"))
    two.line.loss = 0.0
    two.a.exchange._incident_epoch = b""
    send(two.a, draft("i2"))
    assert two.b.exchange.step(two.t_s, T0_UTC_US).received == ()


def test_urgent_records_have_their_receipt_before_their_turn(two: Signed) -> None:
    two.run()
    two.line.loss = 1.0
    send(two.a, moved("t", 1))
    two.line.loss = 0.0
    send(two.a, moved("t", 3, "withdrawal"))
    two.b.exchange.step(two.t_s, T0_UTC_US)
    stored = two.a.exchange.step(two.t_s, T0_UTC_US).stored
    assert [s.kind for s in stored] == ["withdrawal"]
    two.run(3.0)
    assert two.stored == ["t"]  # the position; the withdrawal is not told as stored again


def test_after_an_outage_the_picture_comes_first_then_all_history_once(two: Signed) -> None:
    two.run()
    two.line.up = False
    count = 3 * BATCH
    for start in range(0, count, 100):
        send(two.a, *(moved(f"t{n % 10}", n + 1) for n in range(start, start + 100)))
    send(two.a, draft("alarm"))
    two.run(1.0)
    two.line.up = True
    order: list[int] = []
    picture_at = 0
    for _ in range(100):
        two.t_s += 0.1
        for side in (two.a, two.b, two.a):
            result = side.exchange.step(two.t_s, T0_UTC_US)
            if side is two.b:
                order += [r.seq for r in result.received]
        if not picture_at and {count - 9, count, count + 1} <= set(order):
            picture_at = len(order)
    assert 0 < picture_at <= BATCH + 11
    assert sorted(order) == list(range(1, count + 2))  # nothing twice, nothing lost
    assert not two.b.exchange.catching_up
    assert two.a.exchange.outbox.waiting == 0
    rows = two.b.db.execute("SELECT seq FROM inbox ORDER BY seq").fetchall()
    assert [r[0] for r in rows] == list(range(1, count + 2))


def test_a_full_disk_takes_what_was_ahead_back_too(two: Signed) -> None:
    two.run()
    two.line.loss = 1.0
    send(two.a, moved("t", 1))
    two.line.loss = 0.0
    send(two.a, moved("t", 3, "withdrawal"))
    two.b.db.execute("PRAGMA busy_timeout=10")
    other = sqlite3.connect(two.b.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        two.b.exchange.step(two.t_s, T0_UTC_US)
    other.execute("ROLLBACK")
    other.close()
    two.run(5.0)
    assert two.b.exchange.inbox.seq == 2
    assert two.a.exchange.outbox.waiting == 0


def test_probes_tell_the_offset_of_the_clocks(two: Signed) -> None:
    for _ in range(60):
        two.t_s += 0.1
        now = T0_UTC_US + round(two.t_s * 1e6)
        two.a.exchange.step(two.t_s, now + 90_000_000)
        two.b.exchange.step(two.t_s, now)
    assert two.probes
    for sent, theirs, received in two.probes:
        assert theirs - (sent + received) / 2 == pytest.approx(90e6, abs=150e3)
    assert parse_hello(Hello(3, 4, 5, 6, 7, 8).to_bytes()) == Hello(3, 4, 5, 6, 7, 8)


def test_records_that_overtake_one_another_wait_and_nothing_is_asked_for(two: Signed) -> None:
    two.run()
    wire = two.line.ends["a"]
    held: list[bytes] = []
    real, asked = wire.send_live, []
    two.line.ends["b"].ask_log = lambda epoch, seq: asked.append(seq)  # type: ignore[method-assign]
    wire.send_live = lambda payload, urgent=False: held.append(payload)  # type: ignore[method-assign]
    send(two.a, moved("t1", 1), moved("t2", 2), draft("alarm"))
    one, other, alarm = held
    real(alarm, True)
    assert [r.seq for r in two.b.exchange.step(two.t_s, T0_UTC_US).received] == [3]
    real(other)
    assert two.b.exchange.step(two.t_s, T0_UTC_US).received == ()
    real(one)
    send(two.a, moved("t1", 4))
    real(held.pop())
    assert [r.seq for r in two.b.exchange.step(two.t_s + 0.001, T0_UTC_US).received] == [1, 2, 4]
    assert two.b.exchange.inbox.seq == 4
    assert asked == []


def test_what_is_missing_for_longer_is_asked_for_at_once(two: Signed) -> None:
    two.run()
    wire = two.line.ends["a"]
    real, lost = wire.send_live, []
    wire.send_live = lambda payload, urgent=False: lost.append(payload)  # type: ignore[method-assign]
    send(two.a, moved("t1", 1))
    wire.send_live = real  # type: ignore[method-assign]
    send(two.a, draft("alarm"))
    order: list[int] = []
    for _ in range(10):
        two.t_s += 0.03
        for side in (two.a, two.b, two.a):
            result = side.exchange.step(two.t_s, T0_UTC_US)
            order += [r.seq for r in result.received] if side is two.b else []
    assert len(lost) == 1
    assert order == [2, 1]
    assert two.b.exchange.inbox.seq == 2


def test_positions_are_acknowledged_together_and_an_incident_at_once(two: Signed) -> None:
    two.run()
    acks: list[bytes] = []
    wire = two.line.ends["b"]
    real = wire.send_ack

    def count(payload: bytes) -> None:
        acks.append(payload)
        real(payload)

    wire.send_ack = count  # type: ignore[method-assign]
    two.t_s += 1.0
    for n in range(20):
        send(two.a, moved("t1", n + 1))
        two.t_s += 0.001
        two.b.exchange.step(two.t_s, T0_UTC_US)
    assert len(acks) == 1
    send(two.a, draft("alarm"))
    two.b.exchange.step(two.t_s, T0_UTC_US)
    assert len(acks) == 2
    two.a.exchange.step(two.t_s, T0_UTC_US)
    assert two.a.exchange.outbox.waiting == 0
