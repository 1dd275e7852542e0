"""The wizard from a question to a plan in force, findings that follow the drawing, and what an aircraft holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from groundstation.console.planner import edits
from groundstation.console.planner.document import Shape
from groundstation.console.planner.upload import OverrideDialog
from groundstation.core.records import PlanStatus, VehicleId
from missions.checks.override import Override
from tests.gui.planner.board import Board
from tests.helpers import records as r

_TIE = tuple(r.place(*p) for p in ((-350, -40), (-300, 40), (-300, -40), (-350, 40)))


@pytest.fixture
def board(qtbot: QtBot) -> Board:
    """The station's area, and an aircraft on the ground."""
    made = Board(qtbot, r.make_area())
    made.bridge.vehicle_state.emit(r.make_state(armed=False))
    return made


def _ask(board: Board, **values: object) -> None:
    values.setdefault("often", "once")
    board.session.do("ask", lambda d: edits.ask(d, **values))


def _answer(board: Board, phase: str, t_utc_us: int = 1, **more: object) -> PlanStatus:
    vehicle, plan, _, future = board.station.sent[-1]
    status = PlanStatus(vehicle, t_utc_us, phase, plan.name, **more)  # type: ignore[arg-type]
    board.bridge.plan_status.emit(status)
    future.set_result(status)
    board.planner.upload._collect()
    return status


def _row(board: Board, number: int = 0) -> str:
    return str(board.planner.upload._rows[number].status.text())


def test_a_patrol_in_few_clicks(board: Board) -> None:
    """The click path of the docs: Next four times, Upload once; in force only when the aircraft says so."""
    wizard, clicks = board.planner.wizard, 0
    for _ in range(4):
        board.press(wizard.next)
        clicks += 1
    done = board.judged()
    assert done.ready
    assert "Ready" in wizard.verdict.text()
    board.press(wizard.upload.send)
    clicks += 1
    assert clicks == 5
    ((vehicle, plan, override, _),) = board.station.sent
    assert (vehicle, override) == (r.VEHICLE, None)
    assert plan is done.plans[0].plan
    assert not wizard.upload.send.isEnabled()
    assert "IN FORCE" not in _row(board)
    board.bridge.plan_status.emit(PlanStatus(vehicle, 1, "reading_back", plan.name))
    assert "reading back" in _row(board)
    _answer(board, "in_force", 2)
    assert _row(board) == "IN FORCE: read back and identical"


def test_an_area_of_ones_own_and_a_keep_out_zone_in_few_clicks(board: Board) -> None:
    """As the docs count it: 12 clicks more than for the whole border, and what was drawn is what is asked for."""
    wizard, clicks = board.planner.wizard, 0
    for button, corners in (
        (wizard.see["area"], ((-300, 20), (-220, 20), (-220, 90), (-300, 90))),
        (wizard.keep_out, ((300, 20), (340, 20), (340, 60), (300, 60))),
    ):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(12, button.height() // 2))
        for corner in corners[:3]:
            board.click(board.at(*corner))
        board.double_click(board.at(*corners[3]))
        clicks += 1 + 3 + 2
    roles = [s.role for s in board.session.document.shapes[-2:]]
    assert roles == ["target", "exclusion"]
    assert board.session.document.patrol.target == board.session.document.shapes[-2].ident
    for _ in range(4):
        board.press(wizard.next)
        clicks += 1
    done = board.judged()
    assert done.ready, [t.text for t in done.told]
    board.press(wizard.upload.send)
    clicks += 1
    ((_, plan, _, _),) = board.station.sent
    assert plan is done.plans[0].plan
    docs = Path(__file__).parents[3] / "docs" / "console_planning.md"
    # Besides those in the planner: opening it, the list (2) and the start (2), as the guide's buttons lead there.
    assert f"**{clicks + 5} clicks**" in docs.read_text("utf-8")
    assert clicks + 5 < 25


def test_in_force_is_not_said_of_another_plan(board: Board) -> None:
    """Not after a change here, not when another console has sent one of the same name, not after a failure."""
    board.planner.wizard.go(4)
    _ask(board)
    board.judged()
    board.press(board.planner.upload.send)
    status = _answer(board, "in_force")
    _ask(board, height_agl_m=90.0)
    assert "IN FORCE" not in _row(board) or not board.planner.upload._rows[0].status.isVisible()
    board.judged()
    assert "changed here since" in _row(board)
    board.session.undo()
    board.judged()
    assert _row(board) == "IN FORCE: read back and identical"
    board.bridge.plan_status.emit(replace(status, t_utc_us=9))
    assert "not sent from this board" in _row(board)
    board.bridge.plan_status.emit(
        replace(status, t_utc_us=10, phase="failed", detail="link lost", holds=("mission: old or new",))
    )
    assert "FAILED: link lost" in _row(board)
    assert "old or new" in _row(board)


def test_results_of_an_old_drawing_are_never_shown(board: Board) -> None:
    """From the moment of a change until the new drawing is judged there is nothing but "Checking"."""
    _ask(board)
    assert board.judged().ready
    assert board.planner.upload.send.isEnabled()
    board.session.add(Shape(0, "exclusion", "polygon", _TIE, name="tie"))
    assert board.session.evaluation is None
    assert board.planner.findings.list.count() == 0
    assert "Checking" in board.planner.findings.summary.text()
    assert not board.planner.upload.send.isEnabled()
    done = board.judged()
    assert done.document is board.session.document
    assert "ERROR" in board.planner.findings.list.item(0).text()
    board.session.undo()
    assert board.session.evaluation is None
    assert board.judged().ready


def test_a_click_on_a_finding_goes_there_and_repair_is_a_step(board: Board) -> None:
    """The map is asked to go to the place; the repair can be taken back."""
    board.session.add(Shape(0, "exclusion", "polygon", _TIE, name="tie"))
    board.judged()
    seen: list[tuple[float, float]] = []
    board.context.selection.look_at.connect(lambda lat, lon: seen.append((lat, lon)))
    findings = board.planner.findings
    item = findings.list.item(0)
    QTest.mouseClick(
        findings.list.viewport(), Qt.MouseButton.LeftButton, pos=findings.list.visualItemRect(item).center()
    )
    east, north = r.FRAME.to_plane(*seen[-1])
    assert (abs(east + 325) < 2, abs(north) < 2) == (True, True)
    board.press(findings.repair)
    assert board.session.undo_name == "Repair"
    assert not board.judged().errors()
    board.session.undo()
    assert board.judged().errors()


def test_an_error_forbids_the_upload_unless_somebody_answers_for_it(board: Board) -> None:
    """Name and reason are typed; without them nothing goes out."""
    _ask(board, often="within", gap_min=0.5, hours=1.0)
    assert board.judged().errors()
    upload = board.planner.upload
    assert not upload.send.isEnabled()
    upload.upload(None)
    assert not board.station.sent
    asked: list[list[str]] = []

    def nobody(errors: list[str]) -> Override | None:
        asked.append(errors)
        return None

    upload._ask_override = nobody
    board.planner.wizard.go(4)
    board.planner.tabs.setCurrentIndex(0)
    board.press(upload.despite)
    assert asked
    assert not board.station.sent
    upload._ask_override = lambda errors: Override("Anna Novak", "exercise")
    board.press(upload.despite)
    assert board.station.sent[0][2] == Override("Anna Novak", "exercise")


def test_the_override_needs_a_name_and_a_reason(qtbot: QtBot) -> None:
    """Nothing is filled in, and Enter alone does not send."""
    dialog = OverrideDialog(["the plan leaves the fence"])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.name.setText("Anna")
    QTest.mouseClick(dialog.send, Qt.MouseButton.LeftButton)
    assert dialog.override is None
    assert "reason" in dialog.trouble.text()
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.override is None
    dialog.reason.setText("a child is missing")
    QTest.mouseClick(dialog.send, Qt.MouseButton.LeftButton)
    assert dialog.override == Override("Anna", "a child is missing")


def test_an_aircraft_that_flies_or_is_not_heard_gets_nothing(board: Board) -> None:
    """And the reason stands there."""
    _ask(board)
    board.judged()
    upload = board.planner.upload
    for state, words in (
        (r.make_state(armed=True), "flying"),
        (r.make_state(armed=False, link_alive=False), "No link"),
        (r.make_state(armed=False, read_only=True), "watched"),
    ):
        board.bridge.vehicle_state.emit(state)
        assert not upload.send.isEnabled()
        assert words in upload.reason.text()
    board.bridge.vehicle_state.emit(r.make_state(armed=False))
    assert upload.send.isEnabled()
    board.clock.later_s = 600.0
    board.bridge.tick.emit()
    assert not upload.send.isEnabled(), "the station tells nothing any more"
    assert "No link" in upload.reason.text()


def test_two_plans_go_to_two_aircraft(board: Board) -> None:
    """Never both to one; the operator's choice is kept."""
    other = VehicleId(2, 1)
    _ask(board, often="within", gap_min=12.0, count=2, hours=1.0)
    done = board.judged()
    assert len(done.plans) == 2
    upload = board.planner.upload
    assert "same aircraft" in upload.reason.text() or upload.despite.isVisible()
    assert not upload.send.isEnabled()
    board.bridge.vehicle_state.emit(r.make_state(vehicle_id=other, armed=False))
    assert [row.vehicle.currentData() for row in upload._rows[:2]] == [r.VEHICLE, other]
    upload._rows[0].vehicle.setCurrentIndex(1)
    upload._chosen(upload._rows[0])
    assert not upload.send.isEnabled()


def test_a_target_is_drawn_from_the_wizard(board: Board) -> None:
    """See an area, draw it: it is the patrol's, and the plan follows."""
    wizard = board.planner.wizard
    wizard.see["area"].click()
    assert board.session.document.patrol.target is None
    board.press(wizard.draw)
    for e, n in ((-300, 0), (-200, 0), (-200, 60)):
        board.click(board.at(e, n), Qt.KeyboardModifier.ControlModifier)
    board.double_click(board.at(-300, 60))
    assert board.session.document.patrol.target == board.session.document.shapes[-1].ident
    assert len(board.judged().plans) == 1


def test_what_the_aircraft_holds_is_compared(board: Board) -> None:
    """The same, another, none; and what was read of one aircraft is not shown as another's."""
    _ask(board)
    plan = board.judged().plans[0].plan
    compare = board.planner.compare
    board.planner.tabs.setCurrentWidget(compare)
    board.station.holds = plan
    board.press(compare.read)
    compare._collect()
    assert "exactly this plan" in compare.verdict.text()
    assert "OLD" in compare.when.text() or "Read at" in compare.when.text()
    board.station.holds = replace(plan, items=plan.items[:-3])
    board.press(compare.read)
    compare._collect()
    assert compare.list.count() > 0
    assert "differences" in compare.verdict.text()
    board.bridge.vehicle_state.emit(r.make_state(vehicle_id=VehicleId(2, 1), armed=False))
    compare.vehicle.setCurrentIndex(1)
    compare._other_vehicle()
    assert compare.list.count() == 0
    assert "Not read yet" in compare.verdict.text()


def test_an_export_says_first_what_the_file_cannot_hold(board: Board, tmp_path: Path) -> None:
    """Refused, nothing is written; agreed, it is."""
    _ask(board)
    board.judged()
    target = tmp_path / "night.waypoints"
    board.answers = [target, QMessageBox.StandardButton.Cancel]
    board.planner.files.export_plans()
    assert "fence" in board.questions[-1]
    assert not target.exists()
    board.answers = [target, QMessageBox.StandardButton.Yes]
    board.planner.files.export_plans()
    assert target.exists()
    before = board.session.document
    board.answers = [target, 0]
    board.planner.files.import_any()
    assert board.session.document.fixed is not None
    assert board.judged().plans[0].plan is board.session.document.fixed.plan
    board.session.undo()
    assert board.session.document == before
