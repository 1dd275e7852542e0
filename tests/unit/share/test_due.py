"""The disclosure log's journal: what a crash leaves there reaches the chain once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from groundstation.core.database import open_database
from groundstation.share.audit import AuditLog
from groundstation.share.audit_read import disclosures, verify_audit
from groundstation.share.due import PORTION, DueEntries, read_due, settle_due
from groundstation.share.outbox import transaction
from groundstation.share.schema import EXCHANGE_SCHEMA
from tests.unit.share.test_audit import ENTRY


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    made = AuditLog(tmp_path)
    yield made
    made.close()


def tell(folder: Path, log: AuditLog, first: int, count: int) -> None:
    """As a station that dies right after its commit."""
    with closing(open_database(folder / "exchange.db", EXCHANGE_SCHEMA, "FULL")) as db:
        due = DueEntries(db, log)
        due.settle()
        with transaction(db):
            due.add([replace(ENTRY, seq=n, told_as=f"x-{n}", payload=b"{}") for n in range(first, first + count)])


def told(folder: Path) -> list[int]:
    return [d["seq"] for d in disclosures(folder)]


def test_what_a_crash_left_is_read_at_once_and_moved_once(tmp_path: Path, log: AuditLog) -> None:
    count = 2 * PORTION + 3
    tell(tmp_path, log, 1, count)
    assert log.head().n == 0
    assert told(tmp_path) == list(range(1, count + 1))
    settle_due(tmp_path, log)
    assert (log.head().n, read_due(tmp_path)) == (count, [])
    assert told(tmp_path) == list(range(1, count + 1))
    assert verify_audit(tmp_path).fault == ""


def test_what_comes_back_after_it_was_moved_is_neither_read_nor_moved_again(tmp_path: Path, log: AuditLog) -> None:
    tell(tmp_path, log, 1, 2)
    with closing(open_database(tmp_path / "exchange.db", EXCHANGE_SCHEMA, "FULL")) as db:
        kept = db.execute("SELECT * FROM ledger_due").fetchall()
        DueEntries(db, log).settle()
        db.executemany(f"INSERT INTO ledger_due VALUES ({', '.join('?' * len(kept[0]))})", kept)  # a power cut
    assert told(tmp_path) == [1, 2]
    tell(tmp_path, log, 3, 1)
    settle_due(tmp_path, log)
    assert told(tmp_path) == [1, 2, 3]
    assert log.head().n == 3


def test_while_the_chain_does_not_take_them_no_more_is_told(tmp_path: Path, log: AuditLog) -> None:
    with closing(open_database(tmp_path / "exchange.db", EXCHANGE_SCHEMA, "FULL")) as db:
        due = DueEntries(db, log)
        due.look(0.0)
        with transaction(db):
            due.add([ENTRY])
        with closing(sqlite3.connect(tmp_path / "audit.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                due.look(1.0)
            with pytest.raises(sqlite3.OperationalError, match="has not taken"):
                due.add([replace(ENTRY, seq=2)])
        due.look(1.0)
        due.add([replace(ENTRY, seq=2)])
