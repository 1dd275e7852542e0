"""Opening SQLite files the same way everywhere: write-ahead log, schema steps in order, one error class.

A schema is a sequence of steps; step ``n`` (from 1) brings a file from version ``n - 1`` to ``n`` in one transaction.
Steps are only ever appended. The version stands in the table ``schema_version``, one row per step with its date.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, cast

from groundstation.core.errors import StoreError
from groundstation.core.postgres import open_postgres, open_postgres_read_only, store_of

SchemaStep = tuple[str, ...]
"""The SQL statements of one step; they run in one transaction."""

Synchronous = Literal["FULL", "NORMAL"]


def open_database(
    path: Path, schema: Sequence[SchemaStep], synchronous: Synchronous, busy_timeout_s: float = 2.0
) -> sqlite3.Connection:
    """Open ``path`` for writing, made and brought up to date as needed; transactions are explicit (``BEGIN``).

    With FULL a commit survives a power cut; with NORMAL it survives a killed process. The connection may be used from
    any thread, by one at a time. Raises :class:`StoreError` when the file cannot be opened, is damaged, or was written
    by a newer version of the program (then nothing in it is changed).

    Where the folder says that its store is in PostgreSQL (:mod:`groundstation.core.postgres`), what comes back behaves as a
    connection of ``sqlite3`` does, as far as the store uses it.
    """
    elsewhere = store_of(path)
    if elsewhere is not None:
        return cast(sqlite3.Connection, open_postgres(elsewhere, path.name, schema, synchronous))
    connection: sqlite3.Connection | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, check_same_thread=False)
        found = schema_version(connection)
        if found > len(schema):
            raise StoreError(
                f"{path}: schema version {found} is newer than this program's {len(schema)}",
                "update the program, or start with another data folder",
            )
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        for version in range(found + 1, len(schema) + 1):
            _apply(connection, version, schema[version - 1])
    except StoreError:
        if connection is not None:
            connection.close()
        raise
    except (sqlite3.Error, OSError) as error:
        if connection is not None:
            connection.close()
        raise StoreError(
            f"{path}: cannot be opened as a database: {error}",
            "check that the folder is writable, that the disk has space, and that no other station uses it",
        ) from error
    return connection


def open_read_only(path: Path, busy_timeout_s: float = 2.0) -> sqlite3.Connection:
    """A read-only connection with rows addressable by name. Raises :class:`StoreError` when there is no such file."""
    elsewhere = store_of(path)
    if elsewhere is not None:
        return cast(sqlite3.Connection, open_postgres_read_only(elsewhere, path.name))
    if not path.is_file():
        raise StoreError(f"{path}: no such database", "check the data folder")
    try:
        connection = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.row_factory = sqlite3.Row
        connection.execute("SELECT name FROM sqlite_master LIMIT 1")
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be read: {error}", "restore it from a backup") from error
    return connection


def schema_version(connection: sqlite3.Connection) -> int:
    """The version of an open file; 0 for an empty one."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type='table' AND name='schema_version'").fetchone()
    if known is None:
        return 0
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_version").fetchone()
    return int(row[0])


def _apply(connection: sqlite3.Connection, version: int, step: SchemaStep) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done this step while we waited for the lock.
        if schema_version(connection) < version:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS schema_version"
                " (version INTEGER PRIMARY KEY, applied_utc_us INTEGER NOT NULL)"
            )
            for statement in step:
                connection.execute(statement)
            connection.execute("INSERT INTO schema_version VALUES (?, ?)", (version, time.time_ns() // 1000))
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
