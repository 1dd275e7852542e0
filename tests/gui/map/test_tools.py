"""Tools get the mouse and the keys of the map, and layers are drawn."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QAction
from pytestqt.qtbot import QtBot

from groundstation.console.map.projection import to_mercator
from groundstation.console.map.tools import MapLayer, MapTool
from groundstation.console.map.view import MapView
from tests.gui.map.bench import AREA, MapBench


class Recorder:
    """A tool that notes what it is told."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, eats: bool = True) -> None:
        self.eats, self.told, self.cancelled = eats, [], 0

    def _note(self, kind: str, lat: float, lon: float) -> bool:
        self.told.append((kind, lat, lon))
        return self.eats

    def on_press(self, lat, lon, px, button, modifiers) -> bool:
        return self._note("press", lat, lon)

    def on_move(self, lat, lon, px, buttons, modifiers) -> bool:
        return self._note("move", lat, lon)

    def on_release(self, lat, lon, px, button, modifiers) -> bool:
        return self._note("release", lat, lon)

    def on_double_click(self, lat, lon, px, button, modifiers) -> bool:
        return self._note("double", lat, lon)

    def on_key(self, key, modifiers) -> bool:
        self.told.append(("key", key, 0.0))
        return key == Qt.Key.Key_Backspace

    def cancel(self) -> None:
        self.cancelled += 1


class Layer:
    name, title, group, visible = "test", "Test", "tests", True

    def __init__(self) -> None:
        self.ticks = 0
        self.item = pg.ScatterPlotItem(pos=to_mercator([AREA.launch.lat_deg], [AREA.launch.lon_deg]))

    def items(self):
        return (self.item,)

    def on_tick(self) -> None:
        self.ticks += 1


@pytest.fixture
def view(bench: MapBench) -> MapView:
    return bench.view


def test_pixels_and_degrees_are_each_others_inverse(view: MapView) -> None:
    for px in (QPointF(100.5, 80.25), QPointF(790.0, 590.0)):
        back = view.canvas.to_px(*view.canvas.to_lat_lon(px))
        assert abs(back.x() - px.x()) < 0.01
        assert abs(back.y() - px.y()) < 0.01


def test_a_tool_gets_the_place_of_a_click_and_its_keys(view: MapView, qtbot: QtBot) -> None:
    tool = Recorder()
    assert isinstance(tool, MapTool)
    view.set_tool(tool)
    at = QPoint(500, 200)
    lat, lon = view.canvas.to_lat_lon(QPointF(at))
    clicked = []
    view.canvas.clicked.connect(lambda *place: clicked.append(place))
    qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert [kind for kind, *_ in tool.told] == ["press", "release"]
    np.testing.assert_allclose(tool.told[0][1:], (lat, lon), atol=1e-9)
    assert clicked == [], "the tool has used it"
    qtbot.keyClick(view.canvas, Qt.Key.Key_Backspace)
    assert view.canvas.tool is tool
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.canvas.tool is None
    assert tool.cancelled == 1


def test_what_a_tool_leaves_goes_on_to_the_map(view: MapView, qtbot: QtBot) -> None:
    view.set_tool(Recorder(eats=False))
    clicked = []
    view.canvas.clicked.connect(lambda *place: clicked.append(place))
    qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(500, 200))
    assert len(clicked) == 1


def test_a_tool_keeps_the_map_from_moving(view: MapView, qtbot: QtBot) -> None:
    def drag() -> None:
        viewport = view.canvas.viewport()
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
        for x in (320, 350, 400):
            qtbot.mouseMove(viewport, QPoint(x, 300))
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(400, 300))

    view.set_tool(Recorder())
    before = view.canvas.to_lat_lon(QPointF(300, 300))
    drag()
    assert view.canvas.to_lat_lon(QPointF(300, 300)) == before


def test_another_tool_cancels_the_one_before(view: MapView) -> None:
    first, second = Recorder(), Recorder()
    view.set_tool(first)
    view.set_tool(second)
    view.set_tool(second)
    assert (first.cancelled, second.cancelled) == (1, 0)


def test_a_right_click_offers_what_others_put_there(view: MapView, qtbot: QtBot) -> None:
    asked = []
    view.context_actions.clear()

    def offer(lat: float, lon: float) -> list[QAction]:
        asked.append((lat, lon))
        return []

    view.context_actions.append(offer)
    qtbot.mouseClick(view.canvas.viewport(), Qt.MouseButton.RightButton, pos=QPoint(400, 250))
    assert len(asked) == 1
    np.testing.assert_allclose(asked[0], view.canvas.to_lat_lon(QPointF(400, 250)), atol=1e-9)


def test_a_layer_is_drawn_ticked_and_taken_off(view: MapView) -> None:
    layer = Layer()
    assert isinstance(layer, MapLayer)
    view.add_layer(layer)
    assert layer.item.scene() is view.canvas.scene()
    view.on_tick()
    assert layer.ticks == 1
    with pytest.raises(ValueError, match="test"):
        view.add_layer(Layer())
    view.remove_layer("test")
    assert layer.item.scene() is None
