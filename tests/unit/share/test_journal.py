"""A journal is moved into its file by somebody else than who writes."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from groundstation.core.database import open_database
from groundstation.share.journal import JournalKeeper, leave_to_keeper
from groundstation.share.outbox import transaction

SCHEMA = (("CREATE TABLE t (n INTEGER PRIMARY KEY, content BLOB NOT NULL)",),)


def rows_in_the_file_itself(path: Path) -> int:
    """Without its journal."""
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM t").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def test_what_is_committed_gets_into_the_file_while_the_writer_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    db = open_database(path, SCHEMA, "FULL")
    leave_to_keeper(db)
    with transaction(db):  # more pages than a writer left to itself would keep in its journal
        db.executemany("INSERT INTO t VALUES (?, ?)", ((n, bytes(4_000)) for n in range(1_500)))
    assert rows_in_the_file_itself(path) == 0
    keeper = JournalKeeper((path,))
    deadline_s = time.monotonic() + 30.0
    while path.stat().st_size < 1_500 * 4_000 and time.monotonic() < deadline_s:
        db.execute("UPDATE t SET content=x'01' WHERE n=0")
        time.sleep(0.05)
    keeper.close()
    keeper.close()
    assert rows_in_the_file_itself(path) == 1_500
    db.close()
