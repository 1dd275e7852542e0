"""Drawing and changing by mouse and keyboard on the map, and by typing; every step taken back and done again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from geofences.coordinates import coordinate_text
from geofences.outlines import to_plane
from tests.gui.planner.board import Board
from tests.helpers import records as r

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def board(qtbot: QtBot) -> Board:
    """The station's area on the board."""
    made = Board(qtbot, r.make_area())
    made.planner.tabs.setCurrentIndex(1)
    return made


def _en(board: Board, ident: int) -> list[tuple[int, int]]:
    points = board.session.document.shape(ident).points
    return [(round(e), round(n)) for e, n in to_plane(points, r.FRAME)]


def _draw_square(board: Board, east: int = -250, north: int = 0, side: int = 60) -> int:
    board.planner.role.setCurrentIndex(board.planner.role.findData("exclusion"))
    board.press(board.planner.kinds["polygon"])
    for e, n in ((east, north), (east + side, north), (east + side, north + side)):
        board.click(board.at(e, n), _CTRL)
    board.double_click(board.at(east, north + side))
    return int(board.session.document.shapes[-1].ident)


def test_a_polygon_by_mouse(board: Board) -> None:
    """Clicks and a double click; it is where it was clicked, it is chosen, and the tool is the changing one again."""
    before = board.session.document
    ident = _draw_square(board)
    for (e, n), (we, wn) in zip(_en(board, ident), ((-250, 0), (-190, 0), (-190, 60), (-250, 60)), strict=True):
        assert abs(e - we) <= 3
        assert abs(n - wn) <= 3
    assert board.session.selection == (ident,)
    assert board.planner.tools["edit"].isChecked()
    assert board.session.undo_name == "Draw"
    board.session.undo()
    assert board.session.document == before
    assert not board.session.unsaved
    board.session.redo()
    assert board.session.document.find(ident) is not None


def test_enter_backspace_and_escape_while_drawing(board: Board) -> None:
    """Half a drawing is no step."""
    board.planner.draw("polygon", "exclusion")
    for e, n in ((-250, 0), (-190, 0), (-190, 60), (-100, 100)):
        board.click(board.at(e, n), _CTRL)
    board.key(Qt.Key.Key_Backspace)
    board.key(Qt.Key.Key_Return)
    assert len(board.session.document.shapes[-1].points) == 3
    board.planner.draw("polygon", "exclusion")
    board.click(board.at(-250, 0))
    board.key(Qt.Key.Key_Return)
    assert "3 points" in board.planner.line.text()
    board.key(Qt.Key.Key_Escape)
    assert board.map.canvas.tool is not None
    board.key(Qt.Key.Key_Escape)
    assert board.map.canvas.tool is None
    assert board.session.steps == ("Draw",)


def test_a_circle_by_dragging_and_by_two_clicks(board: Board) -> None:
    """The radius is on the ground."""
    board.planner.draw("circle", "no_look")
    board.drag(board.at(-200, 20), board.at(-160, 20))
    shape = board.session.document.shapes[-1]
    assert shape.radius_m == pytest.approx(40.0, abs=1.5)
    board.drag(board.at(-160, 20), board.at(-140, 20))
    assert board.session.document.shapes[-1].radius_m == pytest.approx(60.0, abs=2.5)
    assert board.session.undo_name == "Change the radius"
    board.planner.draw("circle", "exclusion")
    board.click(board.at(-300, 20))
    board.click(board.at(-300, 50))
    assert board.session.document.shapes[-1].radius_m == pytest.approx(30.0, abs=1.5)


def test_a_corner_is_dragged_as_one_step_and_snaps(board: Board) -> None:
    """Onto the village's corner to the last digit; with Ctrl it stays where the mouse was."""
    ident = _draw_square(board, 20, -40)
    village = next(s for s in board.session.document.shapes if s.name == "village")
    board.drag(board.at(80, -40), board.at(122, -38))
    assert board.session.document.shape(ident).points[1] == village.points[0]
    assert board.session.steps == ("Draw", "Move corner")
    board.session.undo()
    board.drag(board.at(80, -40), board.at(122, -38), _CTRL)
    assert board.session.document.shape(ident).points[1] != village.points[0]


def test_a_shape_is_moved_and_a_corner_made_and_deleted(board: Board) -> None:
    """By mouse and by key."""
    ident = _draw_square(board)
    before, view = board.session.document, board.at(-300, 0)
    board.drag(board.at(-220, 30), board.at(-200, 50))
    # Inside it is the map that moves: a fence is not carried away by somebody who looks around.
    assert board.session.document is before
    assert (board.at(-300, 0) - view).manhattanLength() > 5
    board.drag(board.at(-220, 0), board.at(-200, 20))
    east, north = _en(board, ident)[0]
    assert (abs(east + 230) <= 3, abs(north - 20) <= 3) == (True, True)
    assert board.session.undo_name == "Move shape"
    board.double_click(board.at(-200, 20))
    assert len(board.session.document.shape(ident).points) == 5
    assert board.session.corner == (ident, 0, 1)
    board.key(Qt.Key.Key_Delete)
    assert len(board.session.document.shape(ident).points) == 4
    board.key(Qt.Key.Key_Right)
    assert board.session.undo_name == "Move shape"
    board.key(Qt.Key.Key_Delete)
    assert board.session.document.find(ident) is None


def test_the_keyboard_alone(board: Board) -> None:
    """From shape to shape, corner to corner, a new one, moved, all without a mouse."""
    board.planner.change()
    board.key(Qt.Key.Key_Escape)
    board.planner.change()
    board.key(Qt.Key.Key_N)
    first = board.session.selected
    assert first is not None
    board.key(Qt.Key.Key_N)
    assert board.session.corner == (first.ident, 0, 0)
    board.key(Qt.Key.Key_Insert)
    assert len(board.session.document.shape(first.ident).points) == len(first.points) + 1
    board.key(Qt.Key.Key_Up)
    assert board.session.undo_name == "Move corner"


def test_split_merge_and_hole(board: Board) -> None:
    """Cut by a line across, chosen with Shift and made one again; a hole in it."""
    ident = _draw_square(board)
    board.press(board.planner.tools["split"])
    board.click(board.at(-220, -30), _CTRL)
    board.double_click(board.at(-220, 90))
    parts = [s for s in board.session.document.shapes if s.name.startswith("keep-out zone ")]
    assert len(parts) == 2
    assert board.session.document.find(ident) is None
    board.click(board.at(-240, 30))
    board.click(board.at(-200, 30), _SHIFT)
    assert len(board.session.selection) == 2
    board.press(board.planner.tools["merge"])
    assert board.session.undo_name == "Merge"
    board.press(board.planner.tools["hole"])
    for e, n in ((-230, 20), (-210, 20)):
        board.click(board.at(e, n), _CTRL)
    board.double_click(board.at(-220, 40))
    assert len(board.session.selected.holes) == 1
    for _ in range(4):
        board.session.undo()
    assert not board.session.unsaved


def test_typed_coordinates_in_every_form(board: Board) -> None:
    """Each form goes to the same place; what is no coordinate is said and the old one comes back."""
    ident = _draw_square(board)
    form = board.planner.form
    lat, lon = r.place(-260, 5)
    for written_as in ("decimal", "dms", "utm", "mgrs"):
        form.table.item(0, 0).setText(coordinate_text(lat, lon, written_as))  # type: ignore[arg-type]
        east, north = r.FRAME.to_plane(*board.session.document.shape(ident).points[0])
        assert abs(east + 260) < 1.0, written_as
        assert abs(north - 5) < 1.0
        form.table.item(0, 0).setText(coordinate_text(*r.place(-250, 0), "decimal"))
    form.format.setCurrentIndex(form.format.findData("mgrs"))
    assert form.table.item(0, 0).text().startswith("34U")
    before = board.session.document
    form.table.item(0, 0).setText("nowhere")
    assert board.session.document is before
    assert form.table.item(0, 0).text().startswith("34U")
    assert "nowhere" in board.planner.line.text()


def test_heights_times_and_buffer_are_steps(board: Board) -> None:
    """A ceiling below the floor is refused."""
    ident = _draw_square(board)
    form = board.planner.form
    form.ceiling.metres.setText("60")
    form.ceiling.reference.setCurrentIndex(form.ceiling.reference.findData("ground"))
    form.ceiling.metres.editingFinished.emit()
    form.windows.setText("Mo-Fr 22:00-04:00")
    form.windows.editingFinished.emit()
    form.buffer.setValue(15.0)
    shape = board.session.document.shape(ident)
    assert str(shape.ceiling) == "60 m above ground"
    assert shape.windows
    assert shape.buffer_m == 15.0
    assert len(board.session.steps) == 4
    form.floor.metres.setText("80")
    form.floor.reference.setCurrentIndex(form.floor.reference.findData("ground"))
    form.floor.metres.editingFinished.emit()
    assert board.session.document.shape(ident).floor is None
    assert "below its ceiling" in board.planner.line.text()


def test_a_list_is_pasted(board: Board) -> None:
    """Several lines take the place of the ring."""
    ident = _draw_square(board)
    lines = [
        coordinate_text(*r.place(e, n), "utm") for e, n in ((-300, 0), (-200, 0), (-200, 50), (-250, 90), (-300, 50))
    ]
    QApplication.clipboard().setText("\n".join(lines))
    board.press(board.planner.form.paste)
    assert len(board.session.document.shape(ident).points) == 5
    assert board.session.undo_name == "Paste corners"


def test_hidden_the_planner_leaves_the_map(board: Board) -> None:
    """No tool, no drawing, no shortcut that acts."""
    board.planner.parentWidget().hide()
    assert board.map.canvas.tool is None
    assert not board.planner.layer.shown
    assert not board.planner.actions_by_name["polygon"].isEnabled()
    board.planner.parentWidget().show()
    assert board.map.canvas.tool is not None


def test_a_crash_loses_nothing_that_was_kept(qtbot: QtBot, tmp_path: Path) -> None:
    """What the first console had drawn is offered to the next one, and only once."""
    first = Board(qtbot, r.make_area(), tmp_path)
    first.planner.tabs.setCurrentIndex(1)
    ident = _draw_square(first)
    drawn = first.session.document
    first.session._keep_now()
    kept = tmp_path / "planner" / "unsaved-0.patrol"
    qtbot.waitUntil(kept.exists, timeout=60_000)
    # As after a kill: nobody forgets, nobody unlocks; the lock of a dead process counts for nothing.
    first.session.close(forget=False)
    second = Board(qtbot, r.make_area(), tmp_path, [QMessageBox.StandardButton.Yes])
    qtbot.waitUntil(lambda: bool(second.questions), timeout=60_000)
    assert second.session.document == drawn
    assert second.session.unsaved
    assert second.session.document.find(ident) is not None
    assert not kept.exists()


def test_what_is_not_saved_is_asked_for(board: Board, tmp_path: Path) -> None:
    """Cancel stays, Save writes, and an unchanged document asks nothing."""
    assert board.planner.may_close()
    _draw_square(board)
    board.answers = [QMessageBox.StandardButton.Cancel]
    board.window.close()
    assert board.window.isVisible()
    board.answers = [QMessageBox.StandardButton.Save, tmp_path / "night"]
    assert board.planner.may_close()
    assert (tmp_path / "night.patrol").exists()
    assert not board.session.unsaved
