"""The file format: one file for given members, and every other one refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from groundstation.store.evidence_archive import EXIT_CODES, PackageError, read_member, scan_archive, write_archive

MEMBERS = [("manifest.json", b'{"a":1}'), ("manifest.sig", b"s" * 64), ("clip.ts", bytes(range(64)))]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    write_archive(path, MEMBERS)
    return path


def fault_of(path: Path) -> str:
    with pytest.raises(PackageError) as caught:
        scan_archive(path)
    assert str(path) in caught.value.message
    assert caught.value.exit_code == EXIT_CODES[caught.value.fault]
    return caught.value.fault


def test_what_was_written_is_found(archive: Path) -> None:
    entries = scan_archive(archive)
    assert [(e.name, read_member(archive, e)) for e in entries] == MEMBERS


def test_any_zip_program_reads_it(archive: Path) -> None:
    with zipfile.ZipFile(archive) as zipped:
        assert zipped.testzip() is None
        assert [(n, zipped.read(n)) for n in zipped.namelist()] == MEMBERS


def test_equal_members_give_equal_bytes(archive: Path, tmp_path: Path) -> None:
    write_archive(tmp_path / "b.zip", MEMBERS)
    assert (tmp_path / "b.zip").read_bytes() == archive.read_bytes()


def test_a_bit_changed_anywhere_is_found(archive: Path) -> None:
    whole = archive.read_bytes()
    for at in range(len(whole)):
        archive.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1 :])
        fault_of(archive)


def test_cut_off_anywhere_is_found_and_never_taken_for_another_fault(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in range(1, len(whole)):
        archive.write_bytes(whole[:length])
        assert fault_of(archive) == "truncated", length


def test_something_added_at_the_end_is_found(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes() + b"x")
    assert fault_of(archive) == "format"


def test_something_before_the_first_member_is_found(archive: Path) -> None:
    archive.write_bytes(b"#!/bin/sh\n" + archive.read_bytes())
    assert fault_of(archive) == "format"


def test_a_member_added_by_another_program_is_found(archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as zipped:
        zipped.writestr("more.txt", b"more")
    assert fault_of(archive) == "format"


def test_a_member_twice_is_found(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot stand in a package"):
        write_archive(tmp_path / "a.zip", [("a", b"1"), ("a", b"2")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/b", "a\\b", "", "A.TXT", "ü", "a" * 65, ".hidden"])
def test_names_that_lead_elsewhere_are_neither_written_nor_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.zip"
    with pytest.raises(PackageError, match="cannot stand in a package"):
        write_archive(path, [(name, b"x")])
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr(zipfile.ZipInfo(name or "x/", (1980, 1, 1, 0, 0, 0)), b"x")
    assert fault_of(path) == "format"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("manifest.json", bytes(50_000_000))
    assert path.stat().st_size < 100_000
    assert fault_of(path) == "format"


def test_a_size_that_the_file_does_not_have_is_truncation(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[18:26] = b"\xff\xff\xff\x7f" * 2  # packed and unpacked size of the first member: 2 GB
    archive.write_bytes(data)
    assert fault_of(archive) == "truncated"


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + bytes(18)])
def test_other_files(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    assert fault_of(path) in ("format", "truncated")


def test_no_such_file(tmp_path: Path) -> None:
    assert fault_of(tmp_path / "none.zip") == "unreadable"


def test_a_disk_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_archive(tmp_path / "a.zip", MEMBERS)
    assert list(tmp_path.iterdir()) == []
