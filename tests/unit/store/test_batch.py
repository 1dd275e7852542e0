from __future__ import annotations

import sqlite3
from pathlib import Path

from groundstation.core.database import open_database
from groundstation.store.batch import RETRY_AFTER_S, BatchWriter

SCHEMA = (("CREATE TABLE t (x INTEGER NOT NULL PRIMARY KEY, pad TEXT)",),)
INSERT = "INSERT INTO t VALUES (?, ?)"


def make(path: Path, max_waiting: int = 50_000) -> BatchWriter:
    return BatchWriter("t.db", lambda: open_database(path, SCHEMA, "FULL", busy_timeout_s=0.01), max_waiting)


def stored(path: Path) -> list[int]:
    connection = sqlite3.connect(path)
    found = [row[0] for row in connection.execute("SELECT x FROM t ORDER BY x")]
    connection.close()
    return found


def test_a_locked_file_keeps_rows_until_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    writer = make(path)
    writer.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer.add(INSERT, (1, ""))
    assert not writer.commit(0.0)
    assert "locked" in writer.trouble
    writer.add(INSERT, (2, ""))
    other.execute("ROLLBACK")
    other.close()
    assert not writer.commit(RETRY_AFTER_S / 2)  # holds off, so that a full disk is not asked at every cycle
    assert writer.commit(RETRY_AFTER_S + 0.01)
    assert writer.trouble == ""
    assert stored(path) == [1, 2]
    writer.close()


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    connection = open_database(path, SCHEMA, "FULL")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 3}")
    writer = BatchWriter("t.db", lambda: connection)
    writer.open()
    for x in range(40):
        writer.add(INSERT, (x, "p" * 2_000))
    assert not writer.commit(0.0)
    assert "full" in writer.trouble
    assert writer.waiting == 40
    connection.execute("PRAGMA max_page_count=100000")
    assert writer.commit(1.0)
    assert stored(path) == list(range(40))
    writer.close()


def test_ordinary_rows_are_bounded_and_must_keep_rows_are_not(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    writer = make(path, max_waiting=3)
    writer.open()
    writer.add(INSERT, (100, ""), must_keep=True)
    for x in range(10):
        writer.add(INSERT, (x, ""))
    writer.add(INSERT, (101, ""), must_keep=True)
    assert writer.dropped == 7
    assert writer.commit(0.0)
    assert stored(path) == [7, 8, 9, 100, 101]
    writer.close()


def test_a_row_that_the_table_refuses_does_not_hold_up_the_others(tmp_path: Path) -> None:
    path = tmp_path / "t.db"
    writer = make(path)
    writer.open()
    for x in (1, 2, None, 2, 3):
        writer.add(INSERT, (x, ""))
    writer.add(INSERT, (4, object()))  # type: ignore[arg-type]
    writer.add(INSERT, (5, ""))
    assert writer.commit(0.0)
    assert stored(path) == [1, 2, 3, 5]
    assert writer.refused == 3
    writer.close()
