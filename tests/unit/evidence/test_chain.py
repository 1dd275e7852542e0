"""The book and the chain: a package taken away is missed, what was given away is remembered."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from groundstation.store.evidence_chain import EvidenceBook, Export, exports, verify_folder
from groundstation.store.evidence_key import open_signing_key
from groundstation.store.evidence_package import FIRST, Link, write_package


class Shelf:
    """A station's folder with some packages in it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.folder = data_dir, data_dir / "evidence"
        self.key = open_signing_key(data_dir)
        self.book = EvidenceBook(data_dir)

    def path(self, number: int) -> Path:
        return self.folder / f"INC-{number}.evidence.zip"

    def write(self, number: int, enter: bool = True) -> None:
        link = self.book.head()
        facts = {"content": "incident", "incident_id": f"INC-{number}", "created_utc_us": number * 1_000_000}
        digest = write_package(self.path(number), facts, [("track.json", b"{}")], self.key, link)
        if enter:
            self.book.enter(f"INC-{number}", self.path(number).name, digest, link, number * 1_000_000)

    def faults(self) -> list[str]:
        return [f.message for f in verify_folder(self.folder, self.key.public).faults]


@pytest.fixture
def shelf(tmp_path: Path):
    made = Shelf(tmp_path)
    for number in (1, 2, 3, 4):
        made.write(number)
    yield made
    made.book.close()


def test_a_whole_chain(shelf: Shelf) -> None:
    report = verify_folder(shelf.folder, shelf.key.public)
    assert (len(report.packages), report.faults, report.book) == (4, (), True)
    assert [p.link.number for p in report.packages if p.link] == [1, 2, 3, 4]


def test_one_taken_out_of_the_middle_is_missed_even_without_the_book(shelf: Shelf, tmp_path: Path) -> None:
    copy = tmp_path / "far" / "elsewhere"
    copy.mkdir(parents=True)
    for number in (1, 3, 4):
        (copy / shelf.path(number).name).write_bytes(shelf.path(number).read_bytes())
    assert [f.message for f in verify_folder(copy).faults] == [f"{copy}: package 2 is missing"]
    shelf.path(2).unlink()
    assert shelf.faults() == [f"{shelf.folder}: package 2 is missing, INC-2.evidence.zip"]


def test_the_last_one_taken_away_is_missed_by_the_book(shelf: Shelf) -> None:
    shelf.path(4).unlink()
    assert shelf.faults() == [f"{shelf.folder}: package 4 is missing, INC-4.evidence.zip"]


def test_one_damaged_is_told_once(shelf: Shelf) -> None:
    shelf.path(3).write_bytes(shelf.path(3).read_bytes()[:-5])
    (fault,) = verify_folder(shelf.folder, shelf.key.public).faults
    assert fault.fault == "truncated"


def test_one_exchanged_for_another_of_the_same_key_is_found(shelf: Shelf) -> None:
    facts = {"content": "incident", "incident_id": "INC-2", "created_utc_us": 1}
    write_package(shelf.path(2), facts, [("track.json", b"{1}")], shelf.key, Link(2, FIRST))
    faults = shelf.faults()
    assert f"{shelf.path(2)}: is not the package 2 of the station's book" in faults
    assert f"{shelf.path(3)}: names another package before it than there is" in faults


def test_two_of_the_same_number_are_found(shelf: Shelf) -> None:
    (shelf.folder / "INC-9.evidence.zip").write_bytes(shelf.path(2).read_bytes())
    assert any("has the number 2" in f for f in shelf.faults())


def test_a_number_out_of_all_bounds_is_one_fault(shelf: Shelf) -> None:
    facts = {"content": "incident", "incident_id": "INC-9", "created_utc_us": 1}
    write_package(shelf.path(9), facts, [("track.json", b"{1}")], shelf.key, Link(10**15, FIRST))
    assert shelf.faults() == [f"{shelf.folder}: packages 5 to {10**15 - 1} are missing"]


def test_one_let_go_after_its_time_is_no_fault(shelf: Shelf) -> None:
    assert shelf.book.older_than(2_500_000) == [(1, "INC-1.evidence.zip"), (2, "INC-2.evidence.zip")]
    for number in (1, 2):
        shelf.book.remove(number, 9, "kept for 30 days")
        shelf.path(number).unlink()
    report = verify_folder(shelf.folder, shelf.key.public)
    assert (report.faults, report.removed) == ((), 2)


def test_a_kill_between_file_and_book_is_caught_up(shelf: Shelf) -> None:
    shelf.write(5, enter=False)
    assert shelf.book.head().number == 5
    assert shelf.book.catch_up(shelf.key.public) == 1
    assert (shelf.book.head().number, shelf.book.knows("INC-5")) == (6, True)
    assert shelf.book.catch_up(shelf.key.public) == 0
    assert shelf.faults() == []


def test_a_lost_book_is_written_again_from_the_packages(shelf: Shelf) -> None:
    shelf.book.close()
    for path in shelf.data_dir.glob("evidence.db*"):
        path.unlink()
    shelf.book = EvidenceBook(shelf.data_dir)
    assert shelf.book.catch_up(shelf.key.public) == 4
    assert shelf.faults() == []


def test_a_strangers_package_is_not_taken_into_the_book(shelf: Shelf, tmp_path: Path) -> None:
    stranger = open_signing_key(tmp_path / "stranger")
    facts = {"content": "incident", "incident_id": "INC-5", "created_utc_us": 5}
    write_package(shelf.path(5), facts, [("track.json", b"{}")], stranger, shelf.book.head())
    assert shelf.book.catch_up(shelf.key.public) == 0


def export(reason: str) -> Export:
    return Export(7, "ada", "INC-1", "0" * 64, "out.zip", bool(reason), reason)


def test_the_log_of_exports_is_kept_in_order(shelf: Shelf) -> None:
    assert shelf.book.note_export(export(""))[0] == 1
    assert shelf.book.note_export(export("court order 7"))[0] == 2
    assert [(e.reason, e.unblurred) for e in exports(shelf.data_dir)] == [("", False), ("court order 7", True)]
    assert shelf.faults() == []


@pytest.mark.parametrize("table", ["export", "package", "removal"])
def test_nothing_in_the_book_can_be_changed_by_accident(shelf: Shelf, table: str) -> None:
    shelf.book.note_export(export("because"))
    shelf.book.remove(1, 2, "old")
    db = sqlite3.connect(shelf.data_dir / "evidence.db")
    for statement in (f"UPDATE {table} SET n=7", f"DELETE FROM {table}"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    db.close()


def test_a_log_changed_on_purpose_is_found(shelf: Shelf) -> None:
    shelf.book.note_export(export("because"))
    shelf.book.note_export(export("court order 7"))
    db = sqlite3.connect(shelf.data_dir / "evidence.db")
    db.execute("DROP TRIGGER export_no_update")
    db.execute("UPDATE export SET reason='a good reason' WHERE n=1")
    db.commit()
    db.close()
    assert shelf.faults() == ["evidence.db: entry 1 of the log of exports is missing or was changed"]
