"""Questions by place: where a database has PostGIS, every table with places gets an index of them and a view with geometry.

The station never installs the extension: an administrator does (``CREATE EXTENSION postgis``), and the next start takes it
up. The tables stay as they are, so nothing that writes or reads them needs to know: the index stands on an expression, and
the view ``<table>_geom`` shows the same expression as ``geom`` (points, EPSG:4326), which is what uses the index.
"""

from __future__ import annotations

import logging
import sqlite3
from typing import Any, Protocol

_log = logging.getLogger("groundstation.store.postgis")


class Database(Protocol):
    """What is needed of a connection to PostgreSQL; its current schema is the one that is meant."""

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> Any:
        """A statement with values; ``fetchall`` and ``fetchone`` on what comes back."""

    def run(self, sql: str) -> None:
        """A statement of PostgreSQL itself."""


def extension_schema(database: Database) -> str:
    """Where PostGIS is in this database; "" where it is not."""
    row = database.execute(
        "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = 'postgis'"
    ).fetchone()
    return str(row[0]) if row is not None else ""


def drop_views(database: Database) -> None:
    """Take the views away, so that a step of a schema may change the tables. They are made again by :func:`add_places`."""
    rows = database.execute(
        "SELECT viewname FROM pg_views WHERE schemaname = current_schema() AND right(viewname, 5) = '_geom'"
    ).fetchall()
    for (view,) in rows:
        database.run(f'DROP VIEW "{view}"')


def add_places(database: Database, where: str) -> bool:
    """Index and view for every table that has places; done once, and True where they are there now.

    Raises nothing: without them the store works as it does without PostGIS, and the log says why.
    """
    try:
        extension = extension_schema(database)
        if not extension:
            _log.info("%s: the database has no PostGIS, so its places have no index (CREATE EXTENSION postgis)", where)
            return False
        point = f"{extension}.ST_SetSRID({extension}.ST_MakePoint(lon_deg, lat_deg), 4326)"
        database.run("BEGIN")
        for (table,) in _tables_with_places(database):
            database.run(f'CREATE INDEX IF NOT EXISTS "{table}_by_place" ON "{table}" USING gist (({point}))')
            if database.execute("SELECT to_regclass(?)", (f"{table}_geom",)).fetchone()[0] is None:
                database.run(f'CREATE VIEW "{table}_geom" AS SELECT *, {point} AS geom FROM "{table}"')
        database.run("COMMIT")
    except sqlite3.Error as error:
        _log.warning("%s: PostGIS is there, and its places have no index: %s", where, error)
        try:
            database.run("ROLLBACK")
        except sqlite3.Error:
            _log.debug("%s: nothing to roll back", where)
        return False
    return True


def _tables_with_places(database: Database) -> list[tuple[str]]:
    rows = database.execute(
        "SELECT t.table_name FROM information_schema.tables t WHERE t.table_schema = current_schema()"
        " AND t.table_type = 'BASE TABLE' AND (SELECT count(*) FROM information_schema.columns c"
        " WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name"
        " AND c.column_name IN ('lat_deg', 'lon_deg')) = 2 ORDER BY t.table_name"
    ).fetchall()
    return [(str(row[0]),) for row in rows]
