"""Places in PostgreSQL: with PostGIS an index and a view with geometry, without it the same store, and that is said."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.database import open_database
from groundstation.core.postgres import PostgresConnection, choose_store, store_of
from groundstation.store import StoreService, queries
from groundstation.store.schema import POINTS_SCHEMA, STATION_SCHEMA
from tests.helpers.postgres_server import PostgresServer
from tests.unit.store.records import FakeClock, incident

INSERT = "INSERT OR REPLACE INTO track_point VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"


def sql(postgres: PostgresServer, database: str, statement: str) -> list[Any]:
    import psycopg

    conninfo = f"host={postgres.folder} user=test dbname={database}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement)  # type: ignore[call-overload]
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture(scope="module")
def with_postgis(postgres: PostgresServer) -> str:
    """A database with the extension; the tests are skipped where the server has none."""
    if not sql(postgres, "postgres", "SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'"):
        pytest.skip("no PostGIS: install postgresql-15-postgis-3 (of the server's version)")
    sql(postgres, "postgres", "CREATE DATABASE places")
    sql(postgres, "places", "CREATE SCHEMA gis")
    sql(postgres, "places", "CREATE EXTENSION postgis SCHEMA gis")
    return "places"


def choose(folder: Path, postgres: PostgresServer, database: str, station: str) -> Path:
    choose_store(folder, postgres.url(station).replace("///postgres?", f"///{database}?"))
    return folder


def raise_incident(folder: Path, name: str) -> None:
    bus = Bus()
    service = StoreService(bus, folder, "f1", FakeClock())
    service.start()
    bus.publish(topics.INCIDENT, incident(name))
    assert service.stop()


def connected(folder: Path, file: str) -> PostgresConnection:
    store = store_of(folder / file)
    assert store is not None
    return PostgresConnection(store.conninfo, store.schema_of(file), "FULL")


def test_places_are_found_by_an_index_and_shown_as_geometry(
    postgres: PostgresServer, with_postgis: str, tmp_path: Path
) -> None:
    choose(tmp_path, postgres, with_postgis, "alpha")
    raise_incident(tmp_path, "i1")
    (told,) = queries.incidents(tmp_path)
    with closing(open_database(tmp_path / "points-20260504.db", POINTS_SCHEMA, "NORMAL")) as db:
        for n in range(300):  # one point each 111 m northwards
            row = ("f1", "cam1-1", n, 47.0 + n / 1000.0, 15.0, None, *(None,) * 5, "person", 0.9, 1)
            db.execute(INSERT, row)
        assert len(db.execute("SELECT * FROM track_point WHERE t_utc_us = ?", (5,)).fetchone().keys()) == 14
    near = (
        "FROM track_point_geom WHERE geom && gis.ST_Expand(gis.ST_SetSRID(gis.ST_MakePoint(15.0, 47.1), 4326), 0.01)"
        " AND gis.ST_DWithin(geom::gis.geography, gis.ST_SetSRID(gis.ST_MakePoint(15.0, 47.1), 4326)::gis.geography, 500)"
    ).replace("&&", "OPERATOR(gis.&&)")
    with closing(connected(tmp_path, "points-20260504.db")) as db:
        assert [r[0] for r in db.execute(f"SELECT t_utc_us {near} ORDER BY 1").fetchall()] == list(range(96, 105))
        db.run("SET enable_seqscan TO off")
        plan = "\n".join(r[0] for r in db.execute(f"EXPLAIN SELECT t_utc_us {near}").fetchall())
        assert "track_point_by_place" in plan, plan
    with closing(connected(tmp_path, "station.db")) as db:
        x, y = db.execute("SELECT gis.ST_X(geom), gis.ST_Y(geom) FROM incident_geom").fetchall()[0]
        assert (x, y) == (told.lon_deg, told.lat_deg)


def test_a_step_of_the_schema_goes_through_a_table_that_has_a_view(
    postgres: PostgresServer, with_postgis: str, tmp_path: Path
) -> None:
    choose(tmp_path, postgres, with_postgis, "beta")
    raise_incident(tmp_path, "i1")
    later = (*STATION_SCHEMA, ("ALTER TABLE incident ALTER COLUMN ce90_m TYPE REAL", "ALTER TABLE incident ADD x TEXT"))
    with closing(open_database(tmp_path / "station.db", later, "FULL")) as db:
        names = db.execute("SELECT * FROM incident_geom").fetchone().keys()
        assert "x" in names
    open_database(tmp_path / "station.db", later, "FULL").close()


def test_an_extension_that_comes_later_is_taken_up_by_the_next_start(
    postgres: PostgresServer, with_postgis: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sql(postgres, "postgres", "CREATE DATABASE later")
    choose(tmp_path, postgres, "later", "gamma")
    raise_incident(tmp_path, "before")
    sql(postgres, "later", "CREATE EXTENSION postgis")
    raise_incident(tmp_path, "after")
    assert len(queries.incidents(tmp_path)) == 2
    assert len(sql(postgres, "later", "SELECT geom FROM gamma_station.incident_geom")) == 2


def test_without_the_extension_everything_works_and_the_log_says_what_is_missing(
    postgres: PostgresServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "groundstation.store.postgis")
    choose(tmp_path, postgres, "postgres", "bare")
    raise_incident(tmp_path, "i1")
    assert [i.incident_id for i in queries.incidents(tmp_path)] == ["i1"]
    assert "no PostGIS" in caplog.text
    with closing(connected(tmp_path, "station.db")) as db:
        assert db.execute("SELECT to_regclass(?)", ("incident_geom",)).fetchone()[0] is None


def test_a_user_who_may_not_use_the_extension_has_a_store_all_the_same(
    postgres: PostgresServer, with_postgis: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sql(postgres, with_postgis, "CREATE ROLE guest LOGIN")
    sql(postgres, with_postgis, f"GRANT CREATE ON DATABASE {with_postgis} TO guest")
    choose(tmp_path, postgres, with_postgis, "delta")
    url = (tmp_path / "store.url").read_text().strip()
    choose_store(tmp_path, url.replace("user=test", "user=guest"))
    raise_incident(tmp_path, "i1")
    assert [i.incident_id for i in queries.incidents(tmp_path)] == ["i1"]
    assert "permission denied" in caplog.text
