from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from groundstation.share.audit import COLUMNS, FIRST, AuditLog, Entry, entry_digest
from groundstation.share.audit_read import disclosures, entries, open_log, verify_audit
from groundstation.share.ledger import (
    CHECKPOINT_ENTRIES,
    CHECKPOINT_PERIOD_US,
    Checkpoint,
    Ledger,
    checkpoints,
    compare_with_witness,
    read_witness,
    witness_document,
)
from groundstation.share.ledger_export import csv_text, html_text, write_export
from groundstation.share.signing import StationKey, open_share_key

DAY_US = 86_400_000_000
SECRET = b'{"body":{"lat_deg":47.1234567,"lon_deg":15.7654321}}'
ENTRY = Entry(
    5, "b", "00", 1, "track", "cam-1", "x-1", "position,time", "AB-1", "ff", "BorderMonitoring", "why",
    payload=SECRET, retain_until_utc_us=DAY_US, authorised_by="the agreement",
)  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = open_ledger(tmp_path / "a", "a")
    yield made
    made.close()


def open_ledger(folder: Path, station: str) -> Ledger:
    return Ledger(folder, station, open_share_key(folder))


def key_of(folder: Path) -> StationKey:
    return open_share_key(folder)


def fill(ledger: Ledger, count: int, t_utc_us: int = 5) -> None:
    ledger.record([replace(ENTRY, seq=i, subject=f"cam-{i}", t_utc_us=t_utc_us) for i in range(1, count + 1)])


def rewrite(folder: Path) -> None:
    """Take entry 2 out of sight and work the whole chain out anew, as somebody with the file and time would."""
    with closing(sqlite3.connect(folder / "audit.db", isolation_level=None)) as db:
        for name in ("ledger_no_update", "ledger_no_delete"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE ledger SET peer='nobody', subject='nothing' WHERE n=2")
        previous = FIRST
        for row in db.execute(f"SELECT {', '.join(COLUMNS)} FROM ledger ORDER BY n").fetchall():
            values = (*row[:-1], previous)
            digest = entry_digest(COLUMNS, values)
            db.execute("UPDATE ledger SET previous=?, hash=? WHERE n=?", (previous, digest, row[0]))
            previous = digest


def test_what_was_told_is_there_until_it_is_erased(tmp_path: Path, ledger: Ledger) -> None:
    fill(ledger, 3)
    (told,) = disclosures(tmp_path / "a", "cam-2")
    assert told["content"] == json.loads(SECRET)
    assert (told["purpose"], told["clause"], told["authorised_by"]) == ("BorderMonitoring", "why", "the agreement")
    assert len(disclosures(tmp_path / "a", "x-1")) == 3, "also by the name on the wire"


def test_an_erasure_leaves_its_proof_and_nothing_of_the_content(tmp_path: Path, ledger: Ledger) -> None:
    ledger.record([ENTRY, replace(ENTRY, subject="cam-2", payload=b"{}")])
    done = ledger.erase("cam-1", "Officer Kranz", "asked by b", 9)
    assert (done.contents, done.n) == (1, 3)
    assert disclosures(tmp_path / "a", "cam-1")[0]["content_state"] == "erased"
    found = verify_audit(tmp_path / "a")
    assert (found.fault, found.contents, found.erased) == ("", 1, 1)
    (proof,) = [e for e in entries(tmp_path / "a", "cam-1") if e["what"] == "erasure"]
    assert (proof["authorised_by"], json.loads(proof["detail"])) == (
        "Officer Kranz", {"reason": "asked by b", "entries": [[1, 1]]},
    )  # fmt: skip
    assert proof["hash"] == done.digest
    for file in (tmp_path / "a").glob("audit.db*"):
        assert b"47.1234567" not in file.read_bytes(), f"{file} still holds what was erased"
    assert ledger.erase("cam-1", "Officer Kranz", "again", 10).n == 0


def test_a_content_that_goes_without_an_erasure_or_comes_back_is_noticed(tmp_path: Path, ledger: Ledger) -> None:
    fill(ledger, 2)
    with closing(sqlite3.connect(tmp_path / "a" / "audit.db", isolation_level=None)) as db:
        kept = db.execute("SELECT * FROM content WHERE n=1").fetchone()
        db.execute("DELETE FROM content WHERE n=1")
        assert "entry 1 is gone" in verify_audit(tmp_path / "a").fault
        db.execute("INSERT INTO content VALUES (?,?,?,?)", kept)
        assert verify_audit(tmp_path / "a").fault == ""
        db.execute("UPDATE content SET content=x'00' WHERE n=1")
        assert "entry 1 was changed" in verify_audit(tmp_path / "a").fault
        ledger.erase("cam-1", "x", "y", 9)
        db.execute("INSERT INTO content VALUES (?,?,?,?)", kept)
    assert "there again" in verify_audit(tmp_path / "a").fault
    open_ledger(tmp_path / "a", "a").close()
    assert verify_audit(tmp_path / "a").fault == "", "the next start erases it again"


def test_retention_erases_what_is_due_and_no_more(tmp_path: Path, ledger: Ledger) -> None:
    ledger.record([ENTRY, replace(ENTRY, seq=2, retain_until_utc_us=2 * DAY_US)])
    assert ledger.enforce_retention(DAY_US).contents == 0
    assert ledger.enforce_retention(DAY_US + 1).contents == 1
    assert ledger.enforce_retention(DAY_US + 1).n == 0
    assert [e["content_state"] for e in disclosures(tmp_path / "a")] == ["erased", "kept"]


def test_looking_at_what_was_received_is_in_the_ledger(tmp_path: Path, ledger: Ledger) -> None:
    ledger.consulted("b", "their-7", "Officer Kranz", "shown on the map", 9)
    (entry,) = entries(tmp_path / "a", "their-7")
    assert (entry["what"], entry["peer"], entry["authorised_by"]) == ("consultation", "b", "Officer Kranz")
    assert disclosures(tmp_path / "a", "their-7") == []


def test_a_checkpoint_is_due_after_many_entries_or_after_a_while(ledger: Ledger) -> None:
    assert ledger.due_checkpoint(10**12) is None, "an empty log"
    fill(ledger, 1)
    assert ledger.due_checkpoint(CHECKPOINT_PERIOD_US) is None
    first = ledger.due_checkpoint(CHECKPOINT_PERIOD_US + 5)
    assert first is not None
    assert (first.seq, first.previous_seq, first.previous_head) == (1, 0, FIRST)
    assert ledger.due_checkpoint(10**12) is None, "nothing new"
    fill(ledger, CHECKPOINT_ENTRIES, 10**12)
    second = ledger.due_checkpoint(10**12)
    assert second is not None
    assert (second.previous_seq, second.previous_head) == (1, first.head)


def test_two_stations_with_nothing_new_fall_silent(tmp_path: Path, ledger: Ledger) -> None:
    there, now = open_ledger(tmp_path / "b", "b"), CHECKPOINT_PERIOD_US + 5
    fill(ledger, 1)
    made = ledger.due_checkpoint(now)
    assert made is not None
    assert there.take_checkpoint("a", made.body(), key_of(tmp_path / "a").public, now) == ""
    assert there.due_checkpoint(now + 10 * CHECKPOINT_PERIOD_US) is None
    there.close()


def test_a_log_that_was_rewritten_whole_is_found_by_what_the_neighbour_holds(tmp_path: Path, ledger: Ledger) -> None:
    there, key = open_ledger(tmp_path / "b", "b"), key_of(tmp_path / "a").public
    fill(ledger, 3)
    first = ledger.due_checkpoint(100, at_once=True)
    assert first is not None
    assert there.take_checkpoint("a", first.body(), key, 100) == ""
    ledger.close()
    rewrite(tmp_path / "a")
    assert verify_audit(tmp_path / "a").fault == "", "by itself it is whole: that is what the neighbour is for"
    witness = read_witness(json.dumps(witness_document("a", checkpoints(there._connection, "a"))))
    with closing(open_log(tmp_path / "a")) as db:
        assert "rewritten before entry 3" in compare_with_witness(db, witness, key)
    # The station goes on with the rewritten log: its next checkpoint contradicts the last.
    again = open_ledger(tmp_path / "a", "a")
    fill(again, 1)
    second = again.due_checkpoint(200, at_once=True)
    assert second is not None
    assert "rewritten before entry 3" in there.take_checkpoint("a", second.body(), key, 200)
    assert [c.seq for c in checkpoints(there._connection, "a")] == [3, 4], "the proof is kept"
    again.close()
    there.close()


def test_a_log_that_was_restored_from_a_backup_is_noticed(tmp_path: Path, ledger: Ledger) -> None:
    there, key = open_ledger(tmp_path / "b", "b"), key_of(tmp_path / "a").public
    fill(ledger, 2)
    first = ledger.due_checkpoint(100, at_once=True)
    assert first is not None
    there.take_checkpoint("a", first.body(), key, 100)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "keys").symlink_to(tmp_path / "a" / "keys")
    old = open_ledger(tmp_path / "old", "a")
    fill(old, 1)
    back = old.due_checkpoint(200, at_once=True)
    assert back is not None
    assert "went back from entry 2 to 1" in there.take_checkpoint("a", back.body(), key, 200)
    old.close()
    there.close()


def test_a_checkpoint_counts_only_with_the_neighbours_signature(tmp_path: Path, ledger: Ledger) -> None:
    there, key = open_ledger(tmp_path / "b", "b"), key_of(tmp_path / "a").public
    fill(ledger, 1)
    made = ledger.due_checkpoint(100, at_once=True)
    assert made is not None
    assert isinstance(made, Checkpoint)
    for body in (made.body() | {"seq": 2}, made.body() | {"head": "0" * 64}, made.body() | {"head": "zz"}, {}):
        assert there.take_checkpoint("a", body, key, 100) != ""
    assert there.take_checkpoint("c", made.body(), key, 100) != "", "it is not about c"
    assert there.take_checkpoint("a", made.body(), None, 100) != ""
    assert checkpoints(there._connection, "a") == []
    there.close()


def test_a_file_of_the_first_version_goes_on_with_its_chain(tmp_path: Path) -> None:
    from groundstation.core.database import open_database
    from groundstation.share.audit import OLD_COLUMNS
    from groundstation.share.schema import AUDIT_SCHEMA

    (tmp_path / "a").mkdir()
    with closing(open_database(tmp_path / "a" / "audit.db", AUDIT_SCHEMA[:1], "FULL")) as db:
        values = (1, 5, "b", "00", 1, "track", "cam-9", "x-9", "time", "AB-1", "ff", "SAR", "why", "aa", FIRST)
        marks = ", ".join("?" * (len(OLD_COLUMNS) + 1))
        db.execute(f"INSERT INTO disclosure VALUES ({marks})", (*values, entry_digest(OLD_COLUMNS, values)))
    assert verify_audit(tmp_path / "a").entries == 1
    log = AuditLog(tmp_path / "a")
    assert log.append([ENTRY]).n == 2
    log.close()
    assert (verify_audit(tmp_path / "a").entries, verify_audit(tmp_path / "a").fault) == (2, "")
    assert [e["subject"] for e in disclosures(tmp_path / "a")] == ["cam-9", "cam-1"]


def test_the_export_is_readable_by_people_and_tables_and_harmless_in_both(tmp_path: Path, ledger: Ledger) -> None:
    ledger.record([replace(ENTRY, subject="<script>", clause="=1+1")])
    found = entries(tmp_path / "a")
    (row,) = csv.DictReader(io.StringIO(csv_text(found)))
    assert row["clause"] == "'=1+1"
    assert "47.1234567" in row["content"]
    page = html_text(found, verify_audit(tmp_path / "a"), "a", 0)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    files = write_export(tmp_path / "out", found, verify_audit(tmp_path / "a"), "a", 0)
    assert [f.name for f in files] == ["ledger.csv", "ledger.json", "ledger.html"]
    assert all(f.stat().st_mode & 0o077 == 0 for f in files)
