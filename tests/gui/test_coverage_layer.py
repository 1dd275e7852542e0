"""The age map on the console: shown when asked for, true to the ledger, and ageing."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from groundstation.console.map.projection import to_mercator
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.coverage_records import CoverageState
from missions.coverage.colours import AGES, LEGEND, NEVER_SEEN
from missions.coverage.grid import CoverageGrid, rows_and_columns
from missions.coverage.ledger import NEVER
from tests.helpers import records as r

AREA = r.make_area()
GRID = CoverageGrid.of_area(AREA)


def state(ages_s: list[float | None]) -> CoverageState:
    """Equal parts of the border with these ages as of now, and all cells like the first."""
    now = time.time_ns() // 1000
    times = [NEVER if a is None else now - round(a * 1e6) for a in ages_s]
    part = np.minimum(np.arange(GRID.bins) * len(times) // GRID.bins, len(times) - 1)
    edges = GRID.line.at(np.append(GRID.bin_from_m, GRID.line.length_m))[0]
    return CoverageState(
        GRID.digest, now, np.stack(GRID.frame.from_plane(edges), axis=-1), np.array(times)[part], GRID.bin_may_be_seen,
        np.stack(GRID.frame.from_plane(GRID.cell_centres(GRID.cell_key)), axis=-1),
        np.stack(rows_and_columns(GRID.cell_key), axis=-1), np.full(len(GRID.cell_key), times[0]),
        GRID.cell_may_be_seen, GRID.rule.cell_m,
    )  # fmt: skip


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[ConsoleWindow]:
    made = ConsoleWindow(Bus(), None, AREA, r.make_terrain())
    qtbot.addWidget(made)
    made.start()
    made.show()
    yield made
    made.close()


def pressed(window: ConsoleWindow, qtbot: QtBot) -> None:
    button = next(b for b in window.findChildren(QPushButton) if b.text().startswith("Age map"))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def colours_at(window: ConsoleWindow, share: float) -> set[str]:
    """The colours of the pixels round a place on the border."""
    lat, lon = (float(v) for v in GRID.frame.from_plane(GRID.line.at(share * GRID.line.length_m)[0]))
    window.map.go_to(lat, lon, 120.0)
    plot = window.map.canvas
    image = plot.grab().toImage()
    x, y = to_mercator(lat, lon)
    point = plot.mapFromScene(window.map._view.mapViewToScene(_point(x, y)))
    ratio = image.devicePixelRatio()
    at = [(int((point.x() + dx) * ratio), int((point.y() + dy) * ratio)) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    return {QColor(image.pixel(*p)).name() for p in at if 0 <= p[0] < image.width() and 0 <= p[1] < image.height()}


def _point(x: float, y: float):
    from PyQt6.QtCore import QPointF

    return QPointF(x, y)


def test_each_part_of_the_border_has_the_colour_of_its_age(window: ConsoleWindow, qtbot: QtBot) -> None:
    window.bridge._bus.publish(topics.COVERAGE, state([60.0, 2400.0, None, 40_000.0]))
    window.bridge.drain()
    assert AGES[0].colour not in colours_at(window, 0.1), "hidden until it is asked for"
    pressed(window, qtbot)
    assert AGES[0].colour in colours_at(window, 0.1)
    assert AGES[2].colour in colours_at(window, 0.4)
    assert AGES[5].colour in colours_at(window, 0.9)
    assert not {a.colour for a in AGES} & colours_at(window, 0.6), "never seen is no age"
    pressed(window, qtbot)
    assert AGES[0].colour not in colours_at(window, 0.1)


def test_the_legend_tells_hours_and_minutes_and_never_seen_apart(window: ConsoleWindow, qtbot: QtBot) -> None:
    legend = window.map.legend
    legend.fold.setChecked(True)
    assert legend.texts("coverage") == []
    pressed(window, qtbot)
    assert legend.texts("coverage") == ["age map: nothing is known yet"]
    window.bridge._bus.publish(topics.COVERAGE, state([60.0]))
    window.bridge.drain()
    legend.update_look()
    assert legend.texts("coverage") == [one.words for one in LEGEND]
    rows = window.map._coverage.legend()
    assert [row.text for row in rows if row.shape == "dash"] == [NEVER_SEEN.words]


def test_colours_grow_old_without_news(window: ConsoleWindow, qtbot: QtBot) -> None:
    told = state([300.0])
    window.map.on_coverage(told)
    pressed(window, qtbot)
    layer = window.map._coverage
    assert AGES[0].colour in colours_at(window, 0.5)
    layer.recolour(told.t_utc_us + 400 * 1_000_000)
    assert AGES[1].colour in colours_at(window, 0.5)
    assert AGES[0].colour not in colours_at(window, 0.5)


def test_cells_are_drawn_where_they_are(window: ConsoleWindow, qtbot: QtBot) -> None:
    told = state([60.0])
    times = np.full(len(GRID.cell_key), NEVER)
    chosen = int(np.argmax(GRID.line.locate(GRID.cell_centres(GRID.cell_key)).signed_distance_m))
    times[chosen] = told.t_utc_us
    window.map.on_coverage(CoverageState(**{**vars(told), "cell_t_utc_us": times}))
    pressed(window, qtbot)
    layer = window.map._coverage
    image, rectangle = layer._cells.image, layer._rectangle
    blue = np.argwhere((image[..., 2] == 0xD0) & (image[..., 3] > 0))
    assert len(blue) == pytest.approx(16, abs=9)  # a cell is four pixels wide
    row, column = blue.mean(axis=0)
    x = rectangle.x() + (column + 0.5) / image.shape[1] * rectangle.width()
    y = rectangle.y() + (row + 0.5) / image.shape[0] * rectangle.height()
    lat, lon = told.cell_lat_lon[chosen]
    assert np.hypot(*(np.array([x, y]) - to_mercator(lat, lon))) < 8.0


def test_the_words_of_the_ages_can_be_translated() -> None:
    from groundstation.console.map.coverage_layer import _WORDS

    assert set(_WORDS) == {one.words for one in LEGEND}
