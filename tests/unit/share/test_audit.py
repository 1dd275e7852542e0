from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from groundstation.core.errors import StoreError
from groundstation.share import share_summary
from groundstation.share.audit import AuditLog, Entry
from groundstation.share.audit_read import Verification, disclosures, verify_audit, withheld

ENTRY = Entry(5, "b", "00", 1, "track", "cam-1", "x-1", "position,time", "AB-1", "ff", "BorderMonitoring", "why", "aa")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    log = AuditLog(tmp_path)
    log.append([replace(ENTRY, seq=i, subject=f"cam-{i}") for i in range(1, 4)])
    log.append([replace(ENTRY, seq=4, subject="cam-1")])
    log.close()
    return tmp_path


def tamper(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / "audit.db", isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def test_everything_told_about_a_subject(folder: Path) -> None:
    assert [d["seq"] for d in disclosures(folder, "cam-1")] == [1, 4]
    assert len(disclosures(folder)) == 4
    assert disclosures(folder)[0]["clause"] == "why"


def test_a_whole_log(folder: Path) -> None:
    found = verify_audit(folder)
    assert (found.entries, found.fault) == (4, "")


@pytest.mark.parametrize("statement", ["UPDATE ledger SET peer='c'", "DELETE FROM ledger WHERE n=4"])
def test_the_table_refuses_changes(folder: Path, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        tamper(folder, statement)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE ledger SET fields='time' WHERE n=2", "entry 2 was changed"),
        ("UPDATE ledger SET t_utc_us=6 WHERE n=4", "entry 4 was changed"),
        ("DELETE FROM ledger WHERE n=2", "entry 2 is missing"),
        ("DELETE FROM ledger WHERE n=1", "entry 1 is missing"),
    ],
)
def test_changes_behind_the_triggers_are_found(folder: Path, statement: str, fault: str) -> None:
    tamper(folder, "DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete", statement)
    assert verify_audit(folder).fault == fault


def test_a_failed_append_leaves_nothing(folder: Path) -> None:
    log = AuditLog(folder)
    with pytest.raises(sqlite3.Error):
        log.append([ENTRY, replace(ENTRY, kind=None)])  # type: ignore[arg-type]
    log.append([replace(ENTRY, seq=5)])
    log.close()
    assert verify_audit(folder) == Verification(5, "")


def test_counters_add_up(folder: Path) -> None:
    log = AuditLog(folder)
    log.count_withheld({("b", "outside the corridor"): (2, 30)}, 1)
    log.count_withheld({("b", "outside the corridor"): (1, 5), ("b", "agreement expired"): (1, 1)}, 2)
    log.close()
    assert withheld(folder) == {"b": {"outside the corridor": 3, "agreement expired": 1}}


def test_no_log(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"audit\.db"):
        verify_audit(tmp_path)


def test_a_summary_of_a_folder_that_never_ran(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        share_summary(tmp_path)
    (tmp_path / "exchange.db").touch()
    with pytest.raises(StoreError):
        share_summary(tmp_path)
