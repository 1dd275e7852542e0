"""The bench for tests of the map."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.map.bench import MapBench


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[MapBench]:
    made = MapBench(qtbot)
    yield made
    made.close()
