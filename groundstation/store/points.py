"""Track points and telemetry, one file per UTC day: old days go by deleting their file."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from groundstation.core.database import open_database
from groundstation.store.batch import BatchWriter, Value
from groundstation.store.schema import POINTS_SCHEMA


def points_file(data_dir: Path, t_utc_us: int) -> Path:
    """The file that holds the points of that moment's UTC day."""
    return data_dir / f"points-{datetime.fromtimestamp(t_utc_us / 1e6, UTC):%Y%m%d}.db"


class PointsWriter:
    """The writer of today's file, and of yesterday's as long as rows for it wait."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._writers: dict[Path, BatchWriter] = {}
        self._today: Path | None = None

    def open(self, now_utc_us: int) -> None:
        """Open today's file now. Raises :class:`~groundstation.core.errors.StoreError`."""
        self._today = points_file(self._data_dir, now_utc_us)
        self._writer(self._today).open()

    def add(self, sql: str, values: tuple[Value, ...], now_utc_us: int) -> None:
        """Queue a row; it goes into the file of the day in which it is written, not of its own time."""
        self._today = points_file(self._data_dir, now_utc_us)
        self._writer(self._today).add(sql, values)

    def _writer(self, path: Path) -> BatchWriter:
        if path not in self._writers:
            self._writers[path] = BatchWriter(
                path.name, partial(open_database, path, POINTS_SCHEMA, "NORMAL", busy_timeout_s=0.25)
            )
        return self._writers[path]

    def commit(self, now_s: float, force: bool = False) -> bool:
        """Write what waits, in all files; close files of past days once they are complete."""
        done = True
        for path, writer in list(self._writers.items()):
            whole = writer.commit(now_s, force)
            done = done and whole
            if whole and path != self._today:
                writer.close()
                del self._writers[path]
        return done

    @property
    def trouble(self) -> str:
        """The first failure that now holds, "" when all is well."""
        return next((f"{w.name}: {w.trouble}" for w in self._writers.values() if w.trouble), "")

    def close(self) -> None:
        """Close all files."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()
