"""The store's tests run on SQLite files and on a real PostgreSQL; without the latter they are skipped, and say so."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.core.postgres import choose_store
from tests.helpers.postgres_server import PostgresServer

_NAMES = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def folder_of_either(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A data folder whose databases are files, or in PostgreSQL."""
    if request.param == "postgresql":
        choose_store(tmp_path, request.getfixturevalue("postgres").url(f"t{next(_NAMES)}"))
    return tmp_path
