"""The planner in the console's own window: opened by its key, drawing on its map, asked when the window closes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDockWidget, QMessageBox
from pytestqt.qtbot import QtBot

from groundstation.console.planner.document import Shape
from groundstation.console.planner.view import PlannerView
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import VehicleId
from missions.plan import Plan
from tests.gui.planner.board import FakeStation
from tests.helpers import records as r


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[ConsoleWindow]:
    """Without a folder: nothing is kept on the disk."""
    made = ConsoleWindow(Bus(), FakeStation(), r.make_area(), r.make_terrain(), operator="anna")  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.start()
    made.show()
    yield made
    for planner in made.findChildren(PlannerView):
        planner.files.may_lose = lambda: True  # type: ignore[method-assign]


def _planner(window: ConsoleWindow, qtbot: QtBot) -> PlannerView:
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.findChildren(PlannerView)), timeout=60_000)
    planner = window.findChildren(PlannerView)[0]
    qtbot.waitUntil(planner.isVisible, timeout=60_000)
    return planner


def test_opened_by_its_key_it_draws_on_the_map(window: ConsoleWindow, qtbot: QtBot) -> None:
    """Its keys work while the map has the keyboard; closed, the map is as before."""
    planner = _planner(window, qtbot)
    canvas = window.map.canvas
    assert canvas.tool is not None
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert planner.kinds["polygon"].isChecked()
    window.map.go_to(*r.LAUNCH, 600.0)
    for east, north in ((-150, 20), (-100, 20), (-100, 60)):
        px = canvas.to_px(*r.place(east, north)).toPoint()
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=px)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert len(planner.session.document.shapes[-1].points) == 3
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not planner.session.unsaved


def test_the_window_asks_before_it_closes(window: ConsoleWindow, qtbot: QtBot) -> None:
    """Cancel keeps it open and alive; Discard lets it go, and the board's threads end."""
    planner = _planner(window, qtbot)
    planner.session.add(Shape(0, "rally", "point", (r.place(-50, 0),)))
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard]
    planner.files.ask = lambda *_: answers.pop(0)  # type: ignore[method-assign]
    window.close()
    assert window.isVisible()
    planner.session.undo()
    planner.session.redo()
    qtbot.waitUntil(lambda: planner.session.evaluation is not None, timeout=60_000)
    window.close()
    assert not window.isVisible()
    assert not answers
    assert planner._shut


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_board_that_floats_is_hidden_not_ended(window: ConsoleWindow, qtbot: QtBot) -> None:
    """Its own window's cross asks nothing and ends nothing; the console's still asks."""
    planner = _planner(window, qtbot)
    planner.session.add(Shape(0, "rally", "point", (r.place(-50, 0),)))
    dock = planner.parentWidget()
    while not isinstance(dock, QDockWidget):
        dock = dock.parentWidget()
    dock.setFloating(True)
    dock.close()
    assert not planner._shut
    assert window.map.canvas.tool is None
    dock.show()
    assert window.map.canvas.tool is not None
    planner.files.ask = lambda *_: QMessageBox.StandardButton.Cancel  # type: ignore[method-assign]
    window.close()
    assert window.isVisible()


def test_only_what_went_to_the_aircraft_looks_in_force(window: ConsoleWindow, qtbot: QtBot) -> None:
    """A plan of another name in force leaves ours planned; each aircraft has its own."""
    drawn: list[tuple[str, bool]] = []
    show = window.map.set_plan

    def noted(plan: Plan, in_force: bool) -> None:
        drawn.append((plan.name, in_force))
        show(plan, in_force)

    window.map.set_plan = noted
    ours = replace(r.make_plan(r.make_area()), name="from the board")
    window.set_plan(r.make_plan(r.make_area()))
    window.context.bus.publish(topics.VEHICLE_STATE, r.make_state(armed=False))
    window.bridge.drain()
    window.set_plan(ours, r.VEHICLE)
    for status in (
        r.make_plan_status("uploading"),
        r.make_plan_status("in_force"),
        replace(r.make_plan_status("in_force"), plan_name="from the board"),
    ):
        window.context.bus.publish(topics.PLAN_STATUS, status)
        window.bridge.drain()
    assert drawn[-2:] == [("from the board", False), ("from the board", True)]
    window.set_plan(replace(ours, name="of another"), VehicleId(9, 1))
    assert drawn[-1] == ("from the board", True)
