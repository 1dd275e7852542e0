"""``coverage.db``: every observation of the coverage ledger, append only; reading it back, and merging a neighbour's.

A row is one observation of about a second, named by its own content: writing one twice leaves one row. What is committed
survives a killed process and a power cut (write-ahead log, ``FULL``), as in the station's other databases.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geofences.area import BorderLine
from groundstation.core.database import SchemaStep, open_database, open_read_only
from groundstation.core.errors import ConfigError, MarchwardenError, StoreError
from groundstation.store.batch import BatchWriter, Value
from missions.coverage.grid import CoverageGrid, border_digest
from missions.coverage.ledger import different_border
from missions.coverage.observation import Observation, unpack
from missions.coverage.rule import CoverageRule

_log = logging.getLogger("groundstation.coverage")

COVERAGE_FILE = "coverage.db"

COVERAGE_SCHEMA: tuple[SchemaStep, ...] = (
    (
        """CREATE TABLE coverage_border (
            digest TEXT PRIMARY KEY, border TEXT NOT NULL, first_utc_us INTEGER NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE coverage_observation (
            observation_id BLOB PRIMARY KEY, digest TEXT NOT NULL, from_utc_us INTEGER NOT NULL,
            to_utc_us INTEGER NOT NULL, observer TEXT NOT NULL, packed BLOB NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX coverage_by_time ON coverage_observation (digest, to_utc_us)",
        *(
            f"""CREATE TRIGGER coverage_{table}_no_{verb} BEFORE {verb} ON coverage_{table}
                BEGIN SELECT RAISE(ABORT, 'the coverage ledger is append only'); END"""
            for table in ("border", "observation")
            for verb in ("update", "delete")
        ),
    ),
)

INSERT_BORDER = "INSERT OR IGNORE INTO coverage_border VALUES (?, ?, ?)"
INSERT_OBSERVATION = "INSERT OR IGNORE INTO coverage_observation VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class KnownBorder:
    """A border of which there are observations, and the rule by which they were kept."""

    digest: str
    border: BorderLine
    rule: CoverageRule
    first_utc_us: int


def open_coverage(data_dir: Path, busy_timeout_s: float = 0.25) -> sqlite3.Connection:
    """Open (or make) the database for writing. Raises :class:`StoreError`."""
    return open_database(data_dir / COVERAGE_FILE, COVERAGE_SCHEMA, "FULL", busy_timeout_s)


def coverage_writer(data_dir: Path) -> BatchWriter:
    """A writer that outlives a full or locked disk."""
    return BatchWriter(COVERAGE_FILE, lambda: open_coverage(data_dir))


def border_text(border: BorderLine, rule: CoverageRule) -> str:
    """A border and its rule as JSON."""
    return json.dumps({"border": asdict(border), "rule": asdict(rule)}, sort_keys=True)


def parse_border(text: str, place: str) -> tuple[BorderLine, CoverageRule]:
    """Inverse of :func:`border_text`. Raises :class:`ConfigError` naming ``place``."""
    try:
        document: dict[str, Any] = json.loads(text)
        given = document["border"]
        points = tuple((float(p[0]), float(p[1])) for p in given["points"])
        border = BorderLine(points, str(given["left"]), str(given["right"]), str(given["own"]))
        return border, CoverageRule(**document["rule"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise ConfigError(f"{place}: names no border: {error!r}", "export the coverage again") from error


def border_row(grid: CoverageGrid, t_utc_us: int) -> tuple[Value, ...]:
    """For :data:`INSERT_BORDER`."""
    return grid.digest, border_text(grid.border, grid.rule), t_utc_us


def observation_row(observation: Observation) -> tuple[Value, ...]:
    """For :data:`INSERT_OBSERVATION`."""
    return (
        bytes.fromhex(observation.observation_id), observation.digest, observation.from_utc_us, observation.to_utc_us,
        observation.observer, observation.packed(),
    )  # fmt: skip


def known_borders(data_dir: Path) -> list[KnownBorder]:
    """The borders in a data folder, the newest first. Raises :class:`StoreError` when there is no ledger."""
    with _reading(data_dir) as connection:
        rows = connection.execute(
            "SELECT b.digest, b.border, b.first_utc_us FROM coverage_border b"
            " ORDER BY (SELECT max(to_utc_us) FROM coverage_observation o WHERE o.digest = b.digest) DESC, b.digest"
        ).fetchall()
    return [KnownBorder(r[0], *parse_border(r[1], str(data_dir / COVERAGE_FILE)), r[2]) for r in rows]


def period(data_dir: Path, digest: str) -> tuple[int, int] | None:
    """First and last time at which anything of a border was seen; None when nothing was."""
    with _reading(data_dir) as connection:
        row = connection.execute(
            "SELECT min(from_utc_us), max(to_utc_us) FROM coverage_observation WHERE digest=?", (digest,)
        ).fetchone()
    return None if row[0] is None else (int(row[0]), int(row[1]))


def read_observations(
    data_dir: Path, digest: str, from_utc_us: int | None = None, to_utc_us: int | None = None
) -> Iterator[Observation]:
    """Observations of a border that touch a period, newest first.

    A row that is damaged is left out with an error in the log: the others are still true. Raises :class:`StoreError`
    when there is no ledger or it cannot be read.
    """
    sql = "SELECT observation_id, packed FROM coverage_observation WHERE digest=?"
    values: list[Value] = [digest]
    if from_utc_us is not None:
        sql, values = f"{sql} AND to_utc_us>=?", [*values, from_utc_us]
    if to_utc_us is not None:
        sql, values = f"{sql} AND from_utc_us<=?", [*values, to_utc_us]
    with _reading(data_dir) as connection:
        for name, packed in connection.execute(f"{sql} ORDER BY to_utc_us DESC", values):
            observation = _checked(bytes(name), bytes(packed), digest)
            if observation is not None:
                yield observation


def add_observations(data_dir: Path, grid: CoverageGrid, observations: Iterable[Observation], now_utc_us: int) -> int:
    """Put observations in, all or none; how many were new.

    Raises :class:`PlanError` when one is of another border, :class:`StoreError` when the disk does not take them.
    """
    given = list(observations)
    for observation in given:
        if observation.digest != grid.digest:
            raise different_border(observation.digest, grid.digest)
    path = data_dir / COVERAGE_FILE
    # A station may be writing into the same ledger: it commits many times a second, each for a moment.
    connection = open_coverage(data_dir, busy_timeout_s=5.0)
    try:
        connection.execute("BEGIN IMMEDIATE")
        before = connection.total_changes
        connection.executemany(INSERT_OBSERVATION, (observation_row(o) for o in given))
        new = connection.total_changes - before
        connection.execute(INSERT_BORDER, border_row(grid, now_utc_us))
        connection.execute("COMMIT")
        return new
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise StoreError(f"{path}: cannot be written: {error}", "free space, or stop what holds the file") from error
    finally:
        connection.close()


def _checked(name: bytes, packed: bytes, digest: str) -> Observation | None:
    try:
        observation = unpack(packed)
    except MarchwardenError as error:
        _log.error("observation %s is damaged and left out: %s", name.hex(), error.message)
        return None
    if observation.observation_id != name.hex() or observation.digest != digest:
        _log.error("observation %s is not what its name says and is left out", name.hex())
        return None
    return observation


class _reading:  # noqa: N801
    """A read-only connection for one block; SQLite's errors become :class:`StoreError`."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / COVERAGE_FILE

    def __enter__(self) -> sqlite3.Connection:
        self._connection = open_read_only(self._path)
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise StoreError(f"{self._path}: cannot be read: {error}", "restore it from a backup") from error


def require_border(data_dir: Path, digest: str) -> None:
    """Raises :class:`PlanError` for a ledger that is of other borders only; one that is empty is of any."""
    ours = known_borders(data_dir)
    if ours and digest not in {b.digest for b in ours}:
        raise different_border(digest, ours[0].digest)


def border_named(data_dir: Path, word: str = "") -> KnownBorder:
    """The border whose digest begins with ``word``, the one seen last for "". Raises :class:`StoreError`."""
    found = [b for b in known_borders(data_dir) if b.digest.startswith(word.lower())]
    if not found or (word and len(found) > 1):
        raise StoreError(
            f"{data_dir / COVERAGE_FILE}: {'several borders' if found else 'no border'} named {word!r}"
            if word
            else f"{data_dir / COVERAGE_FILE}: nothing was observed yet",
            "`groundstation coverage show` lists them" if word else "fly first, or import a neighbour's coverage",
        )
    if border_digest(found[0].border, found[0].rule) != found[0].digest:
        raise StoreError(f"{data_dir / COVERAGE_FILE}: a border is not what its name says", "restore a backup")
    return found[0]
