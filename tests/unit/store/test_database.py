from __future__ import annotations

from pathlib import Path

import pytest

from groundstation.core.database import open_database, open_read_only, schema_version
from groundstation.core.errors import StoreError

FIRST = ("CREATE TABLE a (x INTEGER)", "INSERT INTO a VALUES (1)")
SECOND = ("ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 7",)


def test_steps_are_applied_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.db"
    open_database(path, (FIRST,), "FULL").close()
    connection = open_database(path, (FIRST, SECOND), "FULL")
    assert connection.execute("SELECT x, y FROM a").fetchall() == [(1, 7)]
    assert schema_version(connection) == 2
    connection.close()


def test_durability_is_what_was_asked_for(tmp_path: Path) -> None:
    for mode, number in (("FULL", 2), ("NORMAL", 1)):
        connection = open_database(tmp_path / f"{mode}.db", (FIRST,), mode)  # type: ignore[arg-type]
        assert connection.execute("PRAGMA synchronous").fetchone() == (number,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    open_database(path, (FIRST, SECOND), "FULL").close()
    with pytest.raises(StoreError, match=r"a\.db: schema version 2 is newer"):
        open_database(path, (FIRST,), "FULL")
    connection = open_database(path, (FIRST, SECOND), "FULL")
    assert schema_version(connection) == 2
    connection.close()


def test_a_failing_step_leaves_the_version_before_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with pytest.raises(StoreError):
        open_database(path, (FIRST, ("CREATE TABLE b (x)", "nonsense")), "FULL")
    connection = open_database(path, (FIRST,), "FULL")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    assert tables == {"a", "schema_version"}
    connection.close()


@pytest.mark.parametrize("content", [b"this is not a database, it only has its name" * 50])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"a\.db"):
        open_database(path, (FIRST,), "FULL")
    assert path.read_bytes() == content


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        open_database(tmp_path / "file" / "a.db", (FIRST,), "FULL")


def test_reading_needs_a_file_and_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        open_read_only(tmp_path / "a.db")
    open_database(tmp_path / "a.db", (FIRST,), "FULL").close()
    connection = open_read_only(tmp_path / "a.db")
    assert connection.execute("SELECT x FROM a").fetchone()["x"] == 1
    with pytest.raises(Exception, match="readonly"):
        connection.execute("INSERT INTO a VALUES (2)")
    connection.close()
