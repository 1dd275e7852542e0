"""Outbox, inbox and exchange over a line that loses, is cut, and whose ends die: nothing lost, nothing twice."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from random import Random

import pytest

from groundstation.core.database import open_database
from groundstation.share.exchange import Exchange
from groundstation.share.inbox import Inbox
from groundstation.share.outbox import Draft, Outbox
from groundstation.share.schema import EXCHANGE_SCHEMA
from groundstation.share.wire import Envelope
from tests.unit.share.things import T0_UTC_US, FakeLine


def draft(name: str) -> Draft:
    body = {"class": "person", "kind": "crossing", "direction": "A->B", "lat_deg": 1.0, "lon_deg": 2.0, "t_utc_us": 3}
    envelope = Envelope("AB-1", "ff", "a", "b", "BorderMonitoring", "incident", name, 5, T0_UTC_US * 2, body)
    return Draft(name, 4, envelope)


class Side:
    """One station's exchange; ``restart`` is what a killed process does next."""

    def __init__(self, folder: Path, own: str, peer: str, line: FakeLine) -> None:
        self.path = folder / f"{own}.db"
        self.own, self.peer, self.line = own, peer, line
        self.start()

    def start(self) -> None:
        self.db = open_database(self.path, EXCHANGE_SCHEMA, "NORMAL")
        self.exchange = Exchange(
            Outbox(self.db, self.peer), Inbox(self.db, self.peer, lambda _: ""), self.line.end(self.own, self.peer)
        )

    def stop(self) -> None:
        self.exchange.close()
        self.db.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def send(self, *names: str) -> None:
        self.exchange.send([draft(n) for n in names], T0_UTC_US)

    def subjects(self) -> list[str]:
        return [r[0] for r in self.db.execute("SELECT subject FROM inbox ORDER BY received_utc_us, epoch, seq")]


class Two:
    def __init__(self, folder: Path, loss: float = 0.0, seed: int = 0) -> None:
        self.line = FakeLine(loss, seed)
        self.a = Side(folder, "a", "b", self.line)
        self.b = Side(folder, "b", "a", self.line)
        self.t_s = 0.0
        self.stored: list[str] = []

    def run(self, seconds: float = 0.0) -> None:
        """Steps of both, 0.1 s apart."""
        for _ in range(max(1, round(seconds / 0.1))):
            self.t_s += 0.1
            for side in (self.a, self.b, self.a):
                result = side.exchange.step(self.t_s, T0_UTC_US + round(self.t_s * 1e6))
                self.stored += [s.subject for s in result.stored]

    def close(self) -> None:
        self.a.stop()
        self.b.stop()


def test_a_record_arrives_at_once_and_is_acknowledged(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("i1", "i2")
    two.run()
    assert two.b.subjects() == ["i1", "i2"]
    assert two.stored == ["i1", "i2"]
    assert two.a.exchange.outbox.waiting == 0
    two.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_line_that_loses_and_ends_that_die(tmp_path: Path, seed: int) -> None:
    two = Two(tmp_path, loss=0.3, seed=seed)
    random = Random(seed)
    names = []
    for i in range(120):
        names.append(f"i{i:03d}")
        two.a.send(names[-1])
        two.run()
        chance = random.random()
        if chance < 0.05:
            two.b.restart()
        elif chance < 0.1:
            two.a.restart()
        elif chance < 0.15:
            two.line.up = not two.line.up
    two.line.up = True
    two.run(40.0)
    assert two.b.subjects() == names
    assert sorted(set(two.stored)) == names
    assert len(two.stored) == len(names)
    assert two.a.exchange.outbox.waiting == 0
    two.close()


def test_a_lost_tail_is_noticed_within_the_asking_period(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run(1.0)
    two.line.loss = 1.0
    two.a.send("i1")
    two.line.loss = 0.0
    two.run(0.5)
    assert two.b.subjects() == []
    two.run(2.0)
    assert two.b.subjects() == ["i1"]
    two.close()


def test_a_long_outage_is_caught_up_in_several_questions(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.line.up = False
    two.a.send(*(f"i{i:04d}" for i in range(1_700)))
    two.run(1.0)
    two.line.up = True
    two.run(3.0)
    assert two.b.subjects() == [f"i{i:04d}" for i in range(1_700)]
    assert two.a.exchange.outbox.waiting == 0
    two.close()


def test_a_lost_outbox_is_a_new_epoch_from_one(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("old1", "old2")
    two.run()
    two.a.stop()
    for path in tmp_path.glob("a.db*"):
        path.unlink()
    two.a.start()
    two.a.send("new1")
    two.run(3.0)
    assert two.b.subjects() == ["old1", "old2", "new1"]
    assert two.b.exchange.inbox.epoch == two.a.exchange.outbox.epoch
    assert two.a.exchange.outbox.waiting == 0
    two.close()


@pytest.mark.parametrize("sent_after_restore", [1, 2, 5])
def test_an_outbox_restored_from_a_backup_does_not_reuse_numbers(tmp_path: Path, sent_after_restore: int) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("i1")
    two.run()
    two.a.stop()
    shutil.copy(tmp_path / "a.db", tmp_path / "backup")
    two.a.start()
    two.run()
    two.a.send("i2", "i3")
    two.run()
    two.a.stop()
    for path in tmp_path.glob("a.db*"):
        path.unlink()
    shutil.copy(tmp_path / "backup", tmp_path / "a.db")
    two.a.start()
    again = [f"n{i}" for i in range(sent_after_restore)]
    two.a.send(*again)
    two.run(8.0)
    assert two.b.subjects() == ["i1", "i2", "i3", *again]
    assert two.a.exchange.outbox.waiting == 0
    two.close()


def test_a_backup_of_an_epoch_that_is_past(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("i1")
    two.run()
    two.a.stop()
    shutil.copy(tmp_path / "a.db", tmp_path / "backup")
    two.a.start()
    two.a.exchange.outbox.rotate()
    two.a.send("i2")
    two.run(3.0)
    two.a.stop()
    for path in tmp_path.glob("a.db*"):
        path.unlink()
    shutil.copy(tmp_path / "backup", tmp_path / "a.db")
    two.a.start()
    two.a.send("i3")
    two.run(8.0)
    assert two.b.subjects() == ["i1", "i2", "i3"]
    two.close()


def test_a_lost_inbox_gets_everything_again_that_is_still_held(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("i1", "i2", "i3")
    two.run()
    two.a.exchange.outbox.prune(T0_UTC_US + 1)
    two.a.send("i4")
    two.run()
    two.b.stop()
    for path in tmp_path.glob("b.db*"):
        path.unlink()
    two.b.start()
    two.run(5.0)
    assert two.b.subjects() == ["i4"]
    assert two.b.exchange.inbox.skipped == 3  # told honestly: they were here once
    assert two.a.exchange.outbox.waiting == 0
    two.close()


def test_pruning_keeps_what_is_not_acknowledged_and_the_numbering(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("i1", "i2")
    two.run()
    two.line.up = False
    two.a.send("i3")
    assert two.a.exchange.outbox.prune(T0_UTC_US + 1) == 2
    two.a.restart()
    two.line.up = True
    two.run(3.0)
    assert two.b.subjects() == ["i1", "i2", "i3"]
    assert two.a.exchange.outbox.last_seq == 3
    two.close()


def test_retention_at_the_receiver_keeps_the_cursor(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    two.a.send("i1")
    two.run()
    assert two.b.exchange.inbox.prune(T0_UTC_US * 2 + 1) == 1
    two.b.restart()
    two.a.send("i2")
    two.run(3.0)
    assert two.b.subjects() == ["i2"]
    two.close()


def test_a_disk_that_refuses_leaves_the_numbers_as_they_were(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    two.a.db.execute("PRAGMA busy_timeout=10")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        two.a.send("i1")
    other.execute("ROLLBACK")
    other.close()
    assert two.a.exchange.outbox.last_seq == 0
    two.a.send("i1")
    two.run()
    assert two.b.subjects() == ["i1"]
    two.close()


def test_noise_from_the_line_is_counted_and_harmless(tmp_path: Path) -> None:
    two = Two(tmp_path)
    two.run()
    wire = two.line.ends["a"]
    for noise in (b"", b"R", b"hello" * 100):
        wire.send_live(noise)
        wire.send_ack(noise)
    two.a.send("i1")
    two.run()
    assert two.b.subjects() == ["i1"]
    assert two.b.exchange.malformed == 6
    two.close()
