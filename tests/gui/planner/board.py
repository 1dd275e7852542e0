"""A planner beside a real map on an offscreen window, worked by real mouse and key events."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from geofences.area import Area, LatLon
from groundstation.console import theme
from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.map.view import MapView
from groundstation.console.planner.evaluate import Evaluation
from groundstation.console.planner.view import PlannerView
from groundstation.console.settings import ConsoleSettings
from groundstation.core.bus import Bus
from groundstation.core.plan_commands import HeldLists
from groundstation.core.records import PlanStatus, VehicleId
from missions.checks.override import Override
from missions.codec import MissionKind, items_of
from missions.plan import Plan
from tests.helpers import records as r

_NONE = Qt.KeyboardModifier.NoModifier
_LEFT = Qt.MouseButton.LeftButton


class FakeStation:
    """Takes plans and gives back what it was told to; both as commands and as the reader of plans."""

    def __init__(self) -> None:
        self.sent: list[tuple[VehicleId, Plan, Override | None, Future[PlanStatus]]] = []
        self.holds: Plan | None = None

    def upload_plan(self, vehicle_id: VehicleId, plan: Plan, override: Override | None = None) -> Future[PlanStatus]:
        future: Future[PlanStatus] = Future()
        self.sent.append((vehicle_id, plan, override, future))
        return future

    def read_plan(self, vehicle_id: VehicleId) -> Future[HeldLists]:
        future: Future[HeldLists] = Future()
        items = {kind: items_of(self.holds, kind) for kind in MissionKind} if self.holds is not None else {}
        future.set_result(HeldLists(vehicle_id, 1_800_000_000_000_000, items))
        return future


class StoodStill:
    """No time passes but by ``later_s``: what is live stays live however slow the machine is."""

    def __init__(self) -> None:
        self.later_s = 0.0
        self._began_ns = time.monotonic_ns()

    def mono_ns(self) -> int:
        return self._began_ns + round(1e9 * self.later_s)

    def utc_us(self) -> int:
        return time.time_ns() // 1000


class Board:
    """The planner and the map in one window. ``answers``: what the next questions are answered with."""

    def __init__(
        self, qtbot: QtBot, area: Area | None, folder: Path | None = None, answers: Sequence[Any] = ()
    ) -> None:
        self.qtbot, self.bus, self.station = qtbot, Bus(), FakeStation()
        self.clock = StoodStill()
        self.window = QMainWindow()
        self.bridge = Bridge(self.bus, self.window)
        self.context = ConsoleContext(
            self.bus, self.bridge, self.station, ConsoleSettings(), Selection(), area,  # type: ignore[arg-type]
            r.make_terrain(), folder, services={"plans": self.station}, clock=self.clock,
        )  # fmt: skip
        self.map = MapView(self.context)
        self.context.selection.look_at.connect(self.map.go_to)
        self.planner = PlannerView(self.context)
        self.window.setCentralWidget(self.map)
        dock = QDockWidget("Planner", self.window)
        dock.setWidget(self.planner)
        self.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        self.window.setStyleSheet(theme.style_sheet())
        self.window.resize(1500, 940)
        self.questions: list[str] = []
        self.answers: list[Any] = list(answers)
        files = self.planner.files
        for name in ("ask", "ask_open", "ask_save", "ask_choice"):
            setattr(files, name, self._answer(name))
        qtbot.addWidget(self.window, before_close_func=lambda _: self._end())
        self.window.show()
        QTest.qWaitForWindowExposed(self.window)
        self.map.go_to(*r.LAUNCH, 900.0)
        self.map.on_tick()
        QTest.qWait(1)

    def _answer(self, name: str) -> Callable[..., Any]:
        def answer(*asked: Any) -> Any:
            self.questions.append(f"{name}: {asked[1] if len(asked) > 1 else asked[0]}")
            assert self.answers, f"nobody answers {asked}"
            return self.answers.pop(0)

        return answer

    def _end(self) -> None:
        self.window.removeEventFilter(self.planner)
        self.planner.shut_down()
        self.bridge.stop()

    # -- by hand -----------------------------------------------------------------------------------------------------

    @property
    def session(self) -> Any:
        """The drawing board."""
        return self.planner.session

    def px(self, place: LatLon) -> QPoint:
        """Where it is on the map."""
        return self.map.canvas.to_px(*place).toPoint()

    def at(self, east_m: float, north_m: float) -> QPoint:
        """A place by metres from the launch point."""
        return self.px(r.place(east_m, north_m))

    def click(self, px: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """One click on the map."""
        QTest.mouseMove(self.map.canvas.viewport(), px)
        QTest.mouseClick(self.map.canvas.viewport(), _LEFT, modifiers, px)

    def double_click(self, px: QPoint) -> None:
        """As Qt sends it: press, release, second press, release."""
        QTest.mouseClick(self.map.canvas.viewport(), _LEFT, _NONE, px)
        QTest.mouseDClick(self.map.canvas.viewport(), _LEFT, _NONE, px)

    def drag(self, start: QPoint, end: QPoint, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """Press, move in steps with the button held, let go."""
        viewport = self.map.canvas.viewport()
        QTest.mousePress(viewport, _LEFT, modifiers, start)
        for k in range(1, 6):
            at = QPointF(start) + (QPointF(end) - QPointF(start)) * (k / 5.0)
            event = QMouseEvent(
                QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), Qt.MouseButton.NoButton, _LEFT, modifiers
            )
            QApplication.sendEvent(viewport, event)
        QTest.mouseRelease(viewport, _LEFT, modifiers, end)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        """On the map."""
        QTest.keyClick(self.map.canvas, key, modifiers)

    def press(self, button: Any) -> None:
        """A click on a button."""
        assert button.isEnabled(), button.text()
        QTest.mouseClick(button, _LEFT)

    def judged(self) -> Evaluation:
        """Wait until the newest document has been worked out."""
        self.qtbot.waitUntil(lambda: self.session.evaluation is not None, timeout=60_000)
        return self.session.evaluation

    def picture(self, name: str) -> None:
        """For a person's eye."""
        self.map.on_tick()
        QTest.qWait(5)
        self.window.grab().save(name)
