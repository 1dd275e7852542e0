"""The store's address, and what is PostgreSQL's own: triggers, a server that goes away, several stations in one database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from groundstation.app.replay import find_flight
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.database import open_database
from groundstation.core.errors import ConfigError, StoreError
from groundstation.core.postgres import (
    URL_FILE,
    choose_store,
    parse_store_url,
    points_files,
    store_of,
)
from groundstation.store import StoreService, queries
from groundstation.store.schema import STATION_SCHEMA
from tests.helpers.postgres_server import PostgresServer
from tests.helpers.waiting import wait_until
from tests.unit.store.records import FakeClock, incident


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:///x",
        "postgresql://host/db?station=a",
        "postgresql+psycopg://host/db",
        "postgresql+psycopg://host?station=a",
        "postgresql+psycopg://host/db?station=A;DROP",
        "postgresql+psycopg://user:secret@host/db?station=a",
        "postgresql+psycopg://host:port/db?station=a",
    ],
)
def test_addresses_that_are_none_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        parse_store_url(url, "here")
    if url:
        with pytest.raises(ConfigError):
            choose_store(tmp_path, url)
        assert not (tmp_path / URL_FILE).exists()


def test_over_a_network_the_server_proves_who_it_is() -> None:
    assert "sslmode=verify-full" in parse_store_url("postgresql+psycopg://db.example/x?station=a", "here").conninfo
    assert "sslmode" not in parse_store_url("postgresql+psycopg://127.0.0.1/x?station=a", "here").conninfo


def test_a_folder_says_where_its_databases_are_and_no_other_file_goes_there(tmp_path: Path) -> None:
    assert store_of(tmp_path / "station.db") is None
    choose_store(tmp_path, "postgresql+psycopg:///x?station=alpha")
    found = store_of(tmp_path / "points-20260504.db")
    assert found is not None
    assert found.schema_of("points-20260504.db") == "alpha_points_20260504"
    assert store_of(tmp_path / "audit.db") is None
    assert store_of(tmp_path / "exchange.db") is None
    choose_store(tmp_path, "")
    assert store_of(tmp_path / "station.db") is None


def test_two_stations_in_one_database_do_not_meet(postgres: PostgresServer, tmp_path: Path) -> None:
    for name in ("north", "north_2"):
        (tmp_path / name).mkdir()
        choose_store(tmp_path / name, postgres.url(name))
        bus = Bus()
        service = StoreService(bus, tmp_path / name, f"flight-{name}", FakeClock())
        service.start()
        bus.publish(topics.INCIDENT, incident(f"i-{name}"))
        assert service.stop()
    assert [i.incident_id for i in queries.incidents(tmp_path / "north")] == ["i-north"]
    assert [i.incident_id for i in queries.incidents(tmp_path / "north_2")] == ["i-north_2"]
    assert len(points_files(tmp_path / "north")) == 1
    assert not list((tmp_path / "north").glob("*.db"))
    assert find_flight(tmp_path / "north", "")[1].flight_id == "flight-north"  # as `groundstation replay` does
    assert find_flight(tmp_path / "north" / "flight-north", "")[0] == tmp_path / "north"


def test_what_an_operator_did_is_not_changed(postgres: PostgresServer, tmp_path: Path) -> None:
    choose_store(tmp_path, postgres.url("acts"))
    with closing(open_database(tmp_path / "station.db", STATION_SCHEMA, "FULL")) as db:
        db.execute("INSERT INTO alert_act VALUES (?,?,?,?,?,?,?,?)", ("1", "i1", 5, "Kim", "note", "", "100 % ?", "f"))
        for sql in ("UPDATE alert_act SET text = 'x'", "DELETE FROM alert_act"):
            with pytest.raises(sqlite3.IntegrityError, match="what an operator did"):
                db.execute(sql)
        assert [row["text"] for row in db.execute("SELECT * FROM alert_act WHERE act_id = ?", ("1",))] == ["100 % ?"]


def test_a_server_that_goes_away_is_a_fault_that_ends_and_nothing_is_lost(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    choose_store(tmp_path, postgres.url("away"))
    bus = Bus()
    service = StoreService(bus, tmp_path, "f1", FakeClock())
    service.start()
    faults = bus.subscribe(topics.STATION_FAULT)
    bus.publish(topics.INCIDENT, incident("before"))
    wait_until(lambda: len(queries.incidents(tmp_path)) == 1)
    postgres.kill()
    try:
        bus.publish(topics.INCIDENT, incident("meanwhile"))
        wait_until(lambda: any(f.active for f in faults.drain()))
        with pytest.raises(StoreError):
            queries.incidents(tmp_path)
    finally:
        postgres.start()
    wait_until(lambda: service.flush(timeout_s=1.0))
    assert {i.incident_id for i in queries.incidents(tmp_path)} == {"before", "meanwhile"}
    wait_until(lambda: any(not f.active for f in faults.drain()))
    assert service.stop()
