"""Flying from the console: what is shown of each aircraft, and what it takes to give an order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from groundstation.console.flight.battery_time import BatteryTime
from groundstation.console.flight.camera import CameraPanel, rates
from groundstation.console.flight.checklist import ChecklistPanel
from groundstation.console.flight.display import FlightDisplay
from groundstation.console.flight.group import GroupPanel
from groundstation.console.flight.override import OverrideDialog
from groundstation.console.flight.strip import AircraftStrip
from groundstation.console.panels.common import HoldButton
from groundstation.console.panels.controls import ControlsPanel
from groundstation.core import topics
from groundstation.core.records import CommandOutcome, CommandResult, Fault, FenceState, FlightMode, PlanStatus
from groundstation.core.safety_records import (
    CameraState,
    CheckItem,
    FenceReport,
    FenceVerdict,
    PreflightReport,
    TrafficContact,
    TrafficPicture,
)
from tests.gui.flight_bench import ONE, TWO, PanelBench


@pytest.fixture
def bench() -> PanelBench:
    return PanelBench()


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(640, 300)
    widget.show()
    return widget


# -- the strip -----------------------------------------------------------------------------------------------------------


def test_each_aircraft_has_its_row_and_its_worst_fault_with_what_to_do(bench: PanelBench, qtbot: QtBot) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    bench.state(ONE)
    faults = (
        Fault("gps", "warning", "Few satellites", "watch it"),
        Fault("b", "critical", "Battery low", "bring it home"),
    )
    bench.state(TWO, mode="RTL", battery_percent=15.0, faults=faults)
    strip.refresh()
    one, two = strip.said(ONE), strip.said(TWO)
    assert one["flight"] == ("ok", "AUTO")
    assert one["faults"] == ("ok", "no fault")
    assert two["battery"][0] == "alarm"
    assert two["faults"] == ("alarm", "Battery low → bring it home  (+1)")


@pytest.mark.parametrize(
    ("force", "level", "word"),
    [
        ("breached", "alarm", "BREACHED"),
        ("report_only", "alarm", "only reports"),
        ("type_bit_missing", "alarm", "AREAS LEFT OUT"),
        ("unknown", "caution", "not known"),
        ("in_force", "ok", "in force"),
        ("absent", "alarm", "none"),
    ],
)
def test_the_fence_is_told_as_the_aircraft_sees_it(bench: PanelBench, qtbot: QtBot, force, level, word) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    bench.state(ONE)
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force", "patrol"))
    verdicts = (FenceVerdict("ceiling", "in_force", "kept"), FenceVerdict("areas", force, "as told"))
    if force == "absent":
        verdicts = verdicts[1:]
    bench.tell(topics.FENCE_REPORT, FenceReport(ONE, 0, verdicts))
    strip.refresh()
    assert strip.said(ONE)["fence"] == (level, word)


def test_a_fence_that_was_never_verified_is_not_told_as_ours(bench: PanelBench, qtbot: QtBot) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    bench.state(ONE)
    bench.tell(topics.FENCE_REPORT, FenceReport(ONE, 0, (FenceVerdict("areas", "in_force", "kept"),)))
    strip.refresh()
    assert strip.said(ONE)["fence"] == ("caution", "on, not ours")


def test_the_nearest_other_aircraft_is_told_with_its_urgency(bench: PanelBench, qtbot: QtBot) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    bench.state(ONE)
    contact = TrafficContact(
        0x4CA123, "GLIDER7", "glider", 49.0, 22.0, 600.0, "amsl_geometric", 90.0, 25.0, 0.0, 1.0, 1400.0, 80.0, 40.0,
        150.0, 60.0, "warning",
    )  # fmt: skip
    bench.tell(topics.TRAFFIC, TrafficPicture(ONE, 0, (contact,)))
    strip.refresh()
    assert strip.said(ONE)["traffic"] == ("alarm", "GLIDER7 1.4 km")


def test_a_click_on_a_row_chooses_the_aircraft_and_alt_with_its_number_too(bench: PanelBench, qtbot: QtBot) -> None:
    strip = shown(qtbot, AircraftStrip(bench.context))
    bench.state(ONE)
    bench.state(TWO)
    buttons = strip.findChildren(QPushButton)
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    assert bench.context.selection.vehicle == TWO
    assert [b.isChecked() for b in buttons] == [False, True]
    assert buttons[0].shortcut().toString() == "Alt+1"


# -- battery -------------------------------------------------------------------------------------------------------------


def test_battery_time_follows_how_it_went_down() -> None:
    battery = BatteryTime()
    for second in range(0, 301, 5):
        battery.add(float(second), math.floor(80.0 - second / 30.0))  # 2 % a minute, in whole steps
    left_s = battery.left_s(300.0)
    assert left_s == pytest.approx((70 - 20) * 30.0, rel=0.1)
    assert battery.left_s(360.0) == pytest.approx(left_s - 60.0)
    battery.add(400.0, 99.0)  # another battery
    assert math.isnan(battery.left_s(400.0))


def test_battery_time_is_not_told_from_too_little() -> None:
    battery = BatteryTime()
    battery.add(0.0, 80.0)
    battery.add(20.0, 78.0)
    assert math.isnan(battery.left_s(30.0))
    battery.add(21.0, math.nan)
    assert math.isnan(battery.left_s(30.0))


# -- the display ---------------------------------------------------------------------------------------------------------


def _pixels(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    assert bits is not None
    bits.setsize(image.height() * image.bytesPerLine())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), -1)[:, : 3 * image.width()].astype(int)


def test_the_horizon_leans_against_the_bank_and_goes_when_it_is_not_live(bench: PanelBench, qtbot: QtBot) -> None:
    display = FlightDisplay(bench.context)
    qtbot.addWidget(display)
    display.resize(400, 260)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE, roll_deg=25.0, pitch_deg=0.0)

    def blue(column: int) -> int:
        rgb = _pixels(display).reshape(260, 400, 3)[40:220, column]
        return int(((rgb[:, 2] > rgb[:, 0] + 40) & (rgb[:, 2] > 100)).sum())

    # To the right bank the horizon rises at the right: less sky there.
    assert blue(130) > blue(270) + 15
    bench.state(ONE, roll_deg=-25.0, pitch_deg=0.0)
    assert blue(130) + 15 < blue(270)
    assert display.live
    bench.later(3.0)
    assert not display.live
    assert blue(130) == blue(270) == 0


# -- orders --------------------------------------------------------------------------------------------------------------


def orders(bench: PanelBench, qtbot: QtBot) -> ControlsPanel:
    panel = ControlsPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    return panel


def hold(qtbot: QtBot, button: HoldButton) -> None:
    with qtbot.waitSignal(button.confirmed, timeout=60_000):
        qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)


def test_to_hold_still_is_one_click_and_stays_possible_on_a_link_that_seems_lost(
    bench: PanelBench, qtbot: QtBot
) -> None:
    panel = orders(bench, qtbot)
    bench.state(ONE)
    bench.later(30.0)
    assert panel.pause.isEnabled()
    assert panel.return_home.isEnabled()
    assert not panel.resume.isEnabled()
    assert "NOT HEARD" in panel.title.text()
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert bench.station.asked == [("pause", ONE)]


def test_a_plan_in_force_is_told_as_past_when_the_aircraft_is_not_heard(bench: PanelBench, qtbot: QtBot) -> None:
    panel = orders(bench, qtbot)
    bench.state(ONE)
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force", "patrol"))
    assert "was:" not in panel.status_text()
    bench.later(5.0)
    assert "was: IN FORCE" in panel.status_text()
    bench.state(ONE)
    assert "was:" not in panel.status_text()


def test_landing_is_in_the_aircrafts_own_mode_and_takes_a_hold(bench: PanelBench, qtbot: QtBot) -> None:
    panel = orders(bench, qtbot)
    bench.state(ONE, vehicle_type="plane", available_modes=(FlightMode(1, 0, "MANUAL"), FlightMode(2, 20, "QLAND")))
    qtbot.mouseClick(panel.land, Qt.MouseButton.LeftButton)
    assert bench.station.asked == []
    hold(qtbot, panel.land)
    qtbot.waitUntil(lambda: len(bench.station.asked) == 2, timeout=60_000)
    assert bench.station.asked == [("prepare", "mode", (ONE,), "QLAND"), ("confirm", "mode", (ONE,), "QLAND")]
    bench.state(ONE, vehicle_type="plane", available_modes=(FlightMode(1, 0, "MANUAL"),))
    assert not panel.land.isEnabled()


def test_a_start_against_the_list_takes_a_name_a_reason_and_a_hold(bench: PanelBench, qtbot: QtBot) -> None:
    panel = orders(bench, qtbot)
    bench.state(ONE, armed=False, mode="STABILIZE")
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force", "patrol"))
    assert not panel.override.isVisible()
    item = CheckItem("failsafe", "Lost-link failsafe", "failed", "off", "set it")
    bench.tell(topics.PREFLIGHT, PreflightReport(ONE, bench.clock.utc_us(), (item,)))
    assert panel.override.isVisible()
    qtbot.mouseClick(panel.override, Qt.MouseButton.LeftButton)
    (dialog,) = panel.findChildren(OverrideDialog)
    assert not dialog.start.isEnabled()
    dialog.name.setText("anna")
    dialog.reason.setText("  no  ")
    assert not dialog.start.isEnabled()
    dialog.reason.setText("test flight over own land")
    hold(qtbot, dialog.start)
    assert bench.station.asked == [("start_mission", ONE, "anna: test flight over own land")]


def test_an_order_for_one_aircraft_is_never_given_to_the_one_chosen_next(bench: PanelBench, qtbot: QtBot) -> None:
    panel = orders(bench, qtbot)
    bench.state(ONE, armed=False, mode="STABILIZE")
    bench.state(TWO)
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force", "patrol"))
    assert panel.start.isEnabled()
    bench.context.selection.choose_vehicle(TWO)
    assert not panel.start.isEnabled()
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)
    assert bench.station.asked == [("pause", TWO)]


def test_a_hold_ends_when_the_button_goes_grey_under_it_or_the_keyboard_goes_elsewhere(qtbot: QtBot) -> None:
    button = HoldButton("x", hold_ms=300)
    shown(qtbot, button)
    held: list[int] = []
    button.confirmed.connect(lambda: held.append(1))
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    button.setEnabled(False)
    qtbot.wait(500)
    assert held == []


# -- several -------------------------------------------------------------------------------------------------------------


def test_a_group_order_names_its_aircraft_and_must_be_held_in_time(bench: PanelBench, qtbot: QtBot) -> None:
    panel = GroupPanel(bench.context)
    shown(qtbot, panel)
    bench.state(ONE)
    bench.state(TWO)
    assert not panel.prepare.isEnabled()
    panel.box(ONE).setChecked(True)
    panel.box(TWO).setChecked(True)
    qtbot.mouseClick(panel.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.confirm.isEnabled, timeout=60_000)
    assert "1.1, 2.1" in panel.said()
    assert "it is not heard" in panel.said()
    # Another choice makes it another order.
    panel.box(TWO).setChecked(False)
    assert not panel.confirm.isEnabled()
    qtbot.mouseClick(panel.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.confirm.isEnabled, timeout=60_000)
    bench.later(11.0)
    assert not panel.confirm.isEnabled()
    assert "nothing was sent" in panel.said()
    assert all(asked[0] == "prepare" for asked in bench.station.asked)
    qtbot.mouseClick(panel.prepare, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.confirm.isEnabled, timeout=60_000)
    bench.station.answer = CommandOutcome(CommandResult.DENIED, "low battery")
    hold(qtbot, panel.confirm)
    qtbot.waitUntil(lambda: "low battery" in panel.said(), timeout=60_000)
    assert bench.station.asked[-1] == ("confirm", "pause", (ONE,), "")


# -- the list ------------------------------------------------------------------------------------------------------------


def test_the_list_is_read_by_a_button_and_grows_old(bench: PanelBench, qtbot: QtBot) -> None:
    panel = ChecklistPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE)
    assert "not been read" in panel.head_text()
    items = (CheckItem("a", "Battery", "ok", "71 %"), CheckItem("b", "Fence", "failed", "off", "switch it on"))
    bench.station.report = PreflightReport(ONE, bench.clock.utc_us(), items)
    qtbot.mouseClick(panel.read, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "No start: 1 failed" in panel.head_text(), timeout=60_000)
    assert panel.list_text().index("Fence") < panel.list_text().index("Battery")
    assert "switch it on" in panel.list_text()
    bench.tell(topics.PREFLIGHT, PreflightReport(ONE, bench.clock.utc_us(), items[:1]))
    assert "May start" in panel.head_text()
    bench.later(400.0)
    assert "OLD" in panel.head_text()
    assert "May start" not in panel.head_text()


# -- the camera ----------------------------------------------------------------------------------------------------------


def test_the_stick_is_slow_near_its_middle_and_has_a_still_one() -> None:
    assert rates(2.0, 1.0, 50.0) == (0.0, 0.0)
    slow, fast = rates(15.0, 0.0, 50.0)[0], rates(50.0, 0.0, 50.0)[0]
    assert 0.0 < slow < 0.1 * fast
    assert rates(0.0, -50.0, 50.0)[1] > 0.0  # up is up


def test_the_camera_turns_while_dragged_and_stops_when_let_go(bench: PanelBench, qtbot: QtBot) -> None:
    panel = CameraPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE)
    stick = panel.stick
    middle = stick.rect().center()
    qtbot.mousePress(stick, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(stick, middle + QPoint(40, 0))
    qtbot.waitUntil(lambda: any(a[0] == "turn_camera" and a[3] > 1.0 for a in bench.station.asked), timeout=60_000)
    qtbot.mouseRelease(stick, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.station.asked[-1] == ("turn_camera", ONE, "anna", 0.0, 0.0), timeout=60_000)


def test_a_camera_whose_orders_are_slow_is_told_to_stop_in_the_end_and_it_is_the_right_one(
    bench: PanelBench, qtbot: QtBot
) -> None:
    panel = CameraPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE)
    bench.state(TWO)
    bench.station.hold = True
    qtbot.keyPress(panel.stick, Qt.Key.Key_Right)
    assert len(bench.station.held) == 1
    bench.context.selection.choose_vehicle(TWO)  # with the key still down
    bench.station.held[0].set_result(CommandOutcome(CommandResult.ACCEPTED))
    qtbot.waitUntil(lambda: len(bench.station.asked) == 2, timeout=60_000)
    assert bench.station.asked[1] == ("turn_camera", ONE, "anna", 0.0, 0.0)


def test_look_here_looks_at_the_place_that_was_asked_for(bench: PanelBench, qtbot: QtBot) -> None:
    panel = CameraPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE)
    assert not panel.look.isEnabled()
    bench.context.selection.look_at.emit(49.05, 22.7)
    bench.drain()
    qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    assert bench.station.asked == [("look_here", ONE, "anna", 49.05, 22.7)]


def test_who_holds_the_camera_is_told_and_not_when_that_is_old(bench: PanelBench, qtbot: QtBot) -> None:
    panel = CameraPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE)
    bench.tell(topics.CAMERA_STATE, CameraState(ONE, 0, holder="boris", looking_at="along the border"))
    assert "Held by boris." in panel.facts_text()
    bench.clock.now_s += 6.0
    bench.state(ONE)
    assert "boris" not in panel.facts_text()
    assert "not known" in panel.facts_text()


def test_without_a_link_the_camera_panel_is_grey_and_says_why(bench: PanelBench, qtbot: QtBot) -> None:
    bench.context.services.clear()
    panel = CameraPanel(bench.context)
    shown(qtbot, panel)
    bench.context.selection.choose_vehicle(ONE)
    bench.state(ONE)
    assert not panel.stick.isEnabled()
    assert "without a link" in panel.facts_text()


def test_the_breach_that_the_aircraft_reports_comes_before_all(bench: PanelBench, qtbot: QtBot) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    bench.state(ONE, fence=FenceState(True, True, False, breached=True))
    bench.tell(topics.FENCE_REPORT, FenceReport(ONE, 0, (FenceVerdict("areas", "in_force", "kept"),)))
    strip.refresh()
    assert strip.said(ONE)["fence"] == ("alarm", "BREACHED")
