"""The book of a station's evidence, ``evidence.db``: which packages it made, which it let go, and what it gave away.

Append-only. Each package names the manifest hash of the one before; the book also knows the last one, which nothing
else names. Each entry about an export names the hash of the entry before it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundstation.core.canonical import canonical_json
from groundstation.core.database import SchemaStep, open_database, open_read_only
from groundstation.core.errors import StoreError
from groundstation.store.evidence_archive import PackageError
from groundstation.store.evidence_key import PublicKey
from groundstation.store.evidence_package import FIRST, PACKAGE_SUFFIX, Link, Package, open_package

EVIDENCE_FILE = "evidence.db"
FOLDER = "evidence"


def _append_only(table: str) -> tuple[str, str]:
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
        f" BEGIN SELECT raise(ABORT, 'the book of evidence is append-only'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
        f" BEGIN SELECT raise(ABORT, 'the book of evidence is append-only'); END",
    )


_SCHEMA: tuple[SchemaStep, ...] = (
    (
        """CREATE TABLE package (
            n INTEGER PRIMARY KEY, incident_id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, manifest_sha256 TEXT NOT NULL,
            previous_sha256 TEXT NOT NULL, t_utc_us INTEGER NOT NULL)""",
        """CREATE TABLE removal (
            n INTEGER PRIMARY KEY REFERENCES package (n), t_utc_us INTEGER NOT NULL, reason TEXT NOT NULL)""",
        """CREATE TABLE export (
            n INTEGER PRIMARY KEY, t_utc_us INTEGER NOT NULL, operator TEXT NOT NULL, incident_id TEXT NOT NULL,
            manifest_sha256 TEXT NOT NULL, file TEXT NOT NULL, unblurred INTEGER NOT NULL, reason TEXT NOT NULL,
            previous TEXT NOT NULL, hash TEXT NOT NULL)""",
        *_append_only("package"),
        *_append_only("removal"),
        *_append_only("export"),
    ),
)
_EXPORT_COLUMNS = (
    "n", "t_utc_us", "operator", "incident_id", "manifest_sha256", "file", "unblurred", "reason", "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Export:
    """Something given away: who wrote ``file`` from which package, with everybody in it recognisable or not, and why."""

    t_utc_us: int
    operator: str
    incident_id: str
    manifest_sha256: str
    file: str
    unblurred: bool
    reason: str


class EvidenceBook:
    """The writer. Any thread, one at a time; several processes may have it open."""

    def __init__(self, data_dir: Path) -> None:
        """Raises :class:`~groundstation.core.errors.StoreError`."""
        self._folder = data_dir / FOLDER
        self._connection = open_database(data_dir / EVIDENCE_FILE, _SCHEMA, "FULL")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def head(self) -> Link:
        """The place that the next package takes."""
        row = self._connection.execute("SELECT n, manifest_sha256 FROM package ORDER BY n DESC LIMIT 1").fetchone()
        return Link(1, FIRST) if row is None else Link(int(row[0]) + 1, str(row[1]))

    def knows(self, incident_id: str) -> bool:
        """Whether an incident has its package."""
        row = self._connection.execute("SELECT 1 FROM package WHERE incident_id=?", (incident_id,)).fetchone()
        return row is not None

    def enter(self, incident_id: str, file: str, manifest_sha256: str, link: Link, t_utc_us: int) -> None:
        """A package that lies on the disk. Raises ``sqlite3.Error``."""
        self._connection.execute(
            "INSERT INTO package VALUES (?,?,?,?,?,?)",
            (link.number, incident_id, file, manifest_sha256, link.previous_sha256, t_utc_us),
        )

    def catch_up(self, key: PublicKey) -> int:
        """Enter packages that lie in the folder and are not in the book, which a kill between the two leaves behind.

        Only those that are whole, signed with ``key`` and next in the chain. Returns how many.
        """
        found: dict[int, Package] = {}
        known = {str(row[0]) for row in self._connection.execute("SELECT file FROM package")}
        for path in sorted(self._folder.glob(f"*{PACKAGE_SUFFIX}")):
            if path.name in known:
                continue
            try:
                package = open_package(path, key)
            except PackageError:
                continue  # `verify --folder` will say what is wrong with it
            if package.link is not None:
                found.setdefault(package.link.number, package)
        count = 0
        while True:
            head = self.head()
            following = found.get(head.number)
            if following is None or following.link != head:
                return count
            self.enter(
                following.incident_id, following.path.name, following.manifest_sha256, head, following.created_utc_us
            )
            count += 1

    def remove(self, number: int, t_utc_us: int, reason: str) -> None:
        """Note that a package is let go; call it before the file goes. Raises ``sqlite3.Error``."""
        self._connection.execute("INSERT OR IGNORE INTO removal VALUES (?,?,?)", (number, t_utc_us, reason))

    def older_than(self, t_utc_us: int) -> list[tuple[int, str]]:
        """Number and file name of all packages made before that time."""
        rows = self._connection.execute("SELECT n, file FROM package WHERE t_utc_us < ? ORDER BY n", (t_utc_us,))
        return [(int(n), str(file)) for n, file in rows]

    def note_export(self, export: Export) -> tuple[int, str]:
        """Commit what is about to be given away; number and hash of the entry. Raises ``sqlite3.Error``."""
        db = self._connection
        db.execute("BEGIN IMMEDIATE")
        try:
            row = db.execute("SELECT n, hash FROM export ORDER BY n DESC LIMIT 1").fetchone()
            n, previous = (1, FIRST) if row is None else (int(row[0]) + 1, str(row[1]))
            values = (
                n, export.t_utc_us, export.operator, export.incident_id, export.manifest_sha256, export.file,
                int(export.unblurred), export.reason, previous,
            )  # fmt: skip
            digest = _digest(values)
            db.execute(f"INSERT INTO export VALUES ({', '.join('?' * 10)})", (*values, digest))
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise
        return n, digest


def _digest(values: Iterable[Any]) -> str:
    return hashlib.sha256(canonical_json(dict(zip(_EXPORT_COLUMNS, values, strict=True)))).hexdigest()


def exports(data_dir: Path) -> list[Export]:
    """Everything that was given away, oldest first. Raises :class:`StoreError` when there is no book."""
    with closing(open_read_only(data_dir / EVIDENCE_FILE)) as db:
        return [
            Export(r["t_utc_us"], r["operator"], r["incident_id"], r["manifest_sha256"], r["file"],
                   bool(r["unblurred"]), r["reason"])
            for r in db.execute("SELECT * FROM export ORDER BY n")
        ]  # fmt: skip


@dataclass(frozen=True)
class FolderReport:
    """What :func:`verify_folder` found. ``faults`` is empty when all is well; each names its place."""

    packages: tuple[Package, ...]
    removed: int
    book: bool
    faults: tuple[PackageError, ...]


def verify_folder(folder: Path, key: PublicKey | None = None) -> FolderReport:
    """Check all packages of a folder, that none is missing between them, and, where the station's book lies beside the
    folder, that none is missing at the end and that the log of exports is whole.

    Packages that the station let go by its own rule are not faults. Raises :class:`PackageError` for no folder.
    """
    if not folder.is_dir():
        raise PackageError("unreadable", f"{folder}: is not a folder", "give the station's folder of evidence")
    packages: list[Package] = []
    faults: list[PackageError] = []
    broken: set[str] = set()
    for path in sorted(folder.glob(f"*{PACKAGE_SUFFIX}")):
        try:
            packages.append(open_package(path, key))
        except PackageError as fault:
            faults.append(fault)
            broken.add(path.name)
    book_path = folder.parent / EVIDENCE_FILE
    entries: dict[int, tuple[str, str]] = {}
    removed: set[int] = set()
    if book_path.is_file():
        with closing(open_read_only(book_path)) as db:
            try:
                for n, file, digest in db.execute("SELECT n, file, manifest_sha256 FROM package ORDER BY n"):
                    entries[int(n)] = (str(file), str(digest))
                removed = {int(r[0]) for r in db.execute("SELECT n FROM removal")}
                faults += _export_faults(db)
            except sqlite3.Error as error:
                raise StoreError(f"{book_path}: cannot be read: {error}", "restore it from a backup") from error
    # What lies there but is broken is told already, and not missing.
    told = {n for n, (file, _) in entries.items() if file in broken}
    faults += _chain_faults(folder, packages, entries, removed | told)
    return FolderReport(tuple(packages), len(removed), bool(entries), tuple(faults))


def _chain_faults(
    folder: Path, packages: list[Package], entries: dict[int, tuple[str, str]], removed: set[int]
) -> list[PackageError]:
    faults: list[PackageError] = []
    by_number: dict[int, Package] = {}
    for package in packages:
        link = package.link
        if link is None:
            continue
        if link.number in by_number:
            faults.append(
                PackageError(
                    "chain", f"{package.path}: has the number {link.number} of {by_number[link.number].path.name}"
                )
            )
        by_number[link.number] = package
    expected = 1
    for n in sorted({*by_number, *entries}):
        if n > expected:
            which = f"package {expected} is" if n == expected + 1 else f"packages {expected} to {n - 1} are"
            faults.append(PackageError("chain", f"{folder}: {which} missing", "look for a copy"))
        expected = n + 1
        here = by_number.get(n)
        if here is None:
            if n not in removed:
                faults.append(
                    PackageError("chain", f"{folder}: package {n} is missing, {entries[n][0]}", "look for a copy")
                )
            continue
        if n in entries and entries[n][1] != here.manifest_sha256:
            faults.append(PackageError("chain", f"{here.path}: is not the package {n} of the station's book"))
        before = FIRST if n == 1 else None
        if n - 1 in by_number:
            before = by_number[n - 1].manifest_sha256
        elif n - 1 in entries:
            before = entries[n - 1][1]
        assert here.link is not None
        if before is not None and here.link.previous_sha256 != before:
            faults.append(PackageError("chain", f"{here.path}: names another package before it than there is"))
    return faults


def _export_faults(db: sqlite3.Connection) -> list[PackageError]:
    previous = FIRST
    for count, row in enumerate(db.execute(f"SELECT {', '.join(_EXPORT_COLUMNS)}, hash FROM export ORDER BY n"), 1):
        if row["n"] != count or row["previous"] != previous or _digest(tuple(row)[:-1]) != row["hash"]:
            return [
                PackageError("chain", f"{EVIDENCE_FILE}: entry {count} of the log of exports is missing or was changed")
            ]
        previous = str(row["hash"])
    return []
