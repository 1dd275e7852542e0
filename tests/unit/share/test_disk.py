"""What waits for the disk beside the sharing's thread: nothing leaves and nothing is acknowledged before it is there."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundstation.core.database import open_database
from groundstation.share.audit import AuditLog
from groundstation.share.audit_read import disclosures, verify_audit
from groundstation.share.due import SMALL_PORTION, DueEntries, read_due, settle_due
from groundstation.share.exchange import Exchange
from groundstation.share.inbox import Inbox
from groundstation.share.journal import JournalKeeper, JournalSync, leave_to_keeper
from groundstation.share.outbox import Draft, Outbox, lightly, transaction
from groundstation.share.schema import EXCHANGE_SCHEMA
from groundstation.share.wire import Envelope, Record, parse_record
from tests.helpers.waiting import wait_until
from tests.unit.share.test_audit import ENTRY
from tests.unit.share.things import T0_UTC_US, FakeLine


class SlowDisk:
    """A :class:`JournalSync` whose disk is done when the test says so."""

    def __init__(self) -> None:
        self.asked = 0
        self.reached = 0
        self.waits = 0

    def ask(self) -> int:
        self.asked += 1
        return self.asked

    def now(self) -> bool:
        self.waits += 1
        self.reached = self.asked
        return True

    def done(self) -> None:
        self.reached = self.asked


def draft(kind: str, name: str) -> Draft:
    body: dict[str, Any] = {"class": "person", "lat_deg": 1.0, "lon_deg": 2.0, "t_utc_us": 3}
    if kind == "incident":
        body |= {"kind": "crossing", "direction": "A->B"}
    envelope = Envelope("AB-1", "ff", "a", "b", "BorderMonitoring", kind, name, 5, T0_UTC_US * 2, body)
    return Draft(name, 4, envelope)


class End:
    """One station's exchange with a slow disk."""

    def __init__(self, folder: Path, own: str, peer: str, line: FakeLine) -> None:
        self.db = open_database(folder / f"{own}.db", EXCHANGE_SCHEMA, "FULL")
        self.wire = line.end(own, peer)
        self.exchange = Exchange(Outbox(self.db, peer), Inbox(self.db, peer, lambda _: ""), self.wire)
        self.disk = SlowDisk()
        self.exchange.leave_disk_to(self.disk)  # type: ignore[arg-type]

    def step(self, t_s: float) -> list[str]:
        result = self.exchange.step(t_s, T0_UTC_US + round(t_s * 1e6))
        return [r.envelope.subject for r in result.received if r.envelope is not None]

    def sent(self) -> list[int]:
        records = [parse_record(data) for data in self.wire.sent]
        return [r.seq for r in records if isinstance(r, Record)]


@pytest.fixture
def ends(tmp_path: Path) -> Iterator[tuple[End, End]]:
    line = FakeLine()
    a, b = End(tmp_path, "a", "b", line), End(tmp_path, "b", "a", line)
    for t_s in (0.1, 0.2, 0.3):  # both have asked what the other holds
        a.step(t_s)
        b.step(t_s)
    yield a, b
    a.db.close()
    b.db.close()


def test_a_position_leaves_when_the_disk_has_it_and_an_incident_at_once(ends: tuple[End, End]) -> None:
    a, b = ends
    a.exchange.send([draft("track", "t1")], T0_UTC_US)
    a.step(0.4)
    assert a.sent() == []
    assert a.exchange.outbox.after(a.exchange.outbox.epoch, 0, 10) == [], "not by gap fill either"
    assert a.exchange.outbox.picture(a.exchange.outbox.epoch, 0, 10) == []
    a.disk.done()
    a.step(0.5)
    assert a.sent() == [1]
    a.exchange.send([draft("track", "t2")], T0_UTC_US)
    a.exchange.send([draft("incident", "alarm")], T0_UTC_US)
    # The incident's own commit has brought the position before it to the disk, too.
    assert a.sent() == [1, 3, 2]
    assert b.step(0.6) == ["t1", "t2", "alarm"]


def test_what_is_not_on_the_disk_there_is_not_acknowledged(ends: tuple[End, End]) -> None:
    a, b = ends
    a.exchange.send([draft("track", "t1")], T0_UTC_US)
    a.disk.done()
    a.step(0.4)
    assert b.step(0.5) == ["t1"]
    for t_s in (1.0, 4.0):  # also where an acknowledgement is due for its own sake
        b.step(t_s)
        a.step(t_s)
    assert a.exchange.outbox.waiting == 1
    b.disk.done()
    b.step(4.2)
    a.step(4.3)
    assert a.exchange.outbox.waiting == 0


def test_an_incident_is_on_the_disk_there_before_it_is_acknowledged(ends: tuple[End, End]) -> None:
    a, b = ends
    a.exchange.send([draft("incident", "alarm")], T0_UTC_US)
    waits = b.disk.waits
    assert b.step(0.5) == ["alarm"]
    assert b.disk.waits == waits + 1
    a.step(0.5)
    assert a.exchange.outbox.waiting == 0


def test_a_new_epoch_drops_what_waits_under_its_old_numbers(ends: tuple[End, End]) -> None:
    a, b = ends
    a.exchange.send([draft("track", "t1")], T0_UTC_US)
    a.exchange.outbox.rotate()
    a.disk.done()
    a.step(0.4)
    assert a.sent() == []
    t_s = 0.4
    received: list[str] = []
    while t_s < 6.0:
        t_s += 0.1
        received += b.step(t_s)
        a.step(t_s)
    assert received == ["t1"]


# ---------------------------------------------------------------------------------------------------- the disclosure log


def told(folder: Path) -> list[int]:
    return [d["seq"] for d in disclosures(folder)]


def test_an_entry_stays_here_until_the_disk_has_it_in_the_chain(tmp_path: Path) -> None:
    disk = SlowDisk()
    count = SMALL_PORTION + 2
    with (
        closing(AuditLog(tmp_path)) as log,
        closing(open_database(tmp_path / "exchange.db", EXCHANGE_SCHEMA, "FULL")) as db,
    ):
        due = DueEntries(db, log)
        due.settle()
        due.leave_disk_to(disk)  # type: ignore[arg-type]
        with transaction(db):
            due.add([replace(ENTRY, seq=n, told_as=f"x-{n}", payload=b"{}") for n in range(1, count + 1)])
        for t_s in (1.0, 2.0, 3.0):
            due.look(t_s)
        assert log.head().n == count
        assert len(read_due(tmp_path)) == count
        assert told(tmp_path) == list(range(1, count + 1)), "each once, whoever reads"
        disk.done()
        due.look(4.0)
        assert read_due(tmp_path) == []
        assert verify_audit(tmp_path).fault == ""


def test_who_moves_the_entries_beside_the_station_moves_none_twice_and_loses_none(tmp_path: Path) -> None:
    disk = SlowDisk()
    with (
        closing(AuditLog(tmp_path)) as log,
        closing(open_database(tmp_path / "exchange.db", EXCHANGE_SCHEMA, "FULL")) as db,
    ):
        due = DueEntries(db, log)
        due.settle()
        due.leave_disk_to(disk)  # type: ignore[arg-type]
        for first in (1, 4):
            with transaction(db):
                due.add([replace(ENTRY, seq=n, told_as=f"x-{n}", payload=b"{}") for n in range(first, first + 3)])
            due.look(first)
            with closing(AuditLog(tmp_path)) as other:
                settle_due(tmp_path, other)
        # Numbers begin anew in a table that another process has emptied: what comes now must not be taken for the old.
        with transaction(db):
            due.add([replace(ENTRY, seq=7, told_as="x-7", payload=b"{}")])
        disk.done()
        due.look(10.0)
        due.look(11.0)
        due.settle()
        assert log.head().n == 7
    assert told(tmp_path) == list(range(1, 8))


# ------------------------------------------------------------------------------------------------------------ the thread


SCHEMA = (("CREATE TABLE t (n INTEGER PRIMARY KEY, content BLOB NOT NULL)",),)


def test_the_disk_is_reached_and_one_that_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = open_database(tmp_path / "x.db", SCHEMA, "FULL")
    reached: list[int] = []
    sync = JournalSync(tmp_path / "x.db", lambda: reached.append(sync.reached), 0.0)
    with lightly(db), transaction(db):
        db.execute("INSERT INTO t VALUES (1, x'00')")
    ticket = sync.ask()
    wait_until(lambda: sync.reached >= ticket)
    sync.check()

    def refuses(_: int) -> None:
        raise OSError(5, "Input/output error")

    real = os.fdatasync
    monkeypatch.setattr(os, "fdatasync", refuses)
    assert not sync.now()
    ticket = sync.ask()
    with pytest.raises(sqlite3.OperationalError, match="does not keep"):
        sync.check()
    assert sync.reached < ticket
    monkeypatch.setattr(os, "fdatasync", real)

    def tried_again() -> bool:
        try:
            sync.check()
        except sqlite3.OperationalError:
            return False
        return sync.reached >= ticket

    wait_until(tried_again)
    assert reached
    sync.close()
    sync.close()
    db.close()


def test_a_busy_journal_gets_room_ahead_and_loses_nothing_by_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    db = open_database(path, SCHEMA, "FULL")
    leave_to_keeper(db)
    db.execute("PRAGMA synchronous=NORMAL")
    keeper = JournalKeeper((path,))

    def write(first: int) -> None:
        for n in range(first, first + 60):
            with transaction(db):
                db.execute("INSERT INTO t VALUES (?, ?)", (n, bytes(20_000)))

    db.execute("PRAGMA busy_timeout=5000")
    write(0)
    wait_until(lambda: os.stat(f"{path}-wal").st_size > 8_000_000)
    write(60)
    # As after a kill: another process finds the end where it is.
    copy = tmp_path / "copy"
    copy.mkdir()
    keeper.close()
    for name in ("x.db", "x.db-wal"):
        (copy / name).write_bytes((tmp_path / name).read_bytes())
    with closing(sqlite3.connect(copy / "x.db")) as other:
        assert other.execute("SELECT count(*) FROM t").fetchone() == (120,)
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
