"""Run by tests/gui/test_xserver.py in a process of its own: an operator's first minute, by mouse, on a real X server."""

from __future__ import annotations

import sys
from concurrent.futures import Future
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import cv2  # noqa: F401  first on purpose: it is what could break Qt
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from groundstation.console.qt import make_application
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import CommandOutcome, CommandResult, PlanStatus, VehicleId
from missions.plan import Plan
from tests.helpers import records as r
from tests.helpers.x_hand import Held, wait_for


class Commands:
    """Says what it was asked."""

    def upload_plan(self, vehicle_id: VehicleId, plan: Plan) -> Future[PlanStatus]:
        print("upload", flush=True)
        future: Future[PlanStatus] = Future()
        future.set_result(r.make_plan_status())
        return future

    def start_mission(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        print("start_mission", flush=True)
        future: Future[CommandOutcome] = Future()
        future.set_result(CommandOutcome(CommandResult.ACCEPTED))
        return future

    pause = resume = return_to_launch = start_mission

    def acknowledge(self, incident_id: str, operator: str) -> None:
        print("acknowledge", flush=True)


def main() -> int:
    application = make_application()
    print(application.platformName(), flush=True)
    bus, area = Bus(), r.make_area()
    window = ConsoleWindow(bus, Commands(), area, r.make_terrain())
    window.set_plan(r.make_plan(area))
    window.start()
    window.show()
    if not QTest.qWaitForWindowExposed(window, 20_000):
        return 1
    bus.publish(topics.VEHICLE_STATE, r.make_state(armed=False, mode="STABILIZE"))
    controls, alerts = window.controls, window.alerts
    wait_for("a plan can be sent", controls.upload.isEnabled, 15)
    QTest.mouseClick(controls.upload, Qt.MouseButton.LeftButton)
    bus.publish(topics.PLAN_STATUS, r.make_plan_status())
    wait_for("it may start", controls.start.isEnabled, 15)
    held = Held(controls.start)
    QTest.mousePress(controls.start, Qt.MouseButton.LeftButton)
    held.wait()
    QTest.mouseRelease(controls.start, Qt.MouseButton.LeftButton)
    bus.publish(topics.VEHICLE_STATE, r.make_state())
    bus.publish(topics.VIDEO_TRACKS, r.make_tracks([(0, 140), (30, 160)]))
    bus.publish(topics.PREVIEW, r.make_preview())
    bus.publish(topics.INCIDENT, r.make_incident(1))
    wait_for("an alert", lambda: alerts.model.rowCount() > 0, 15)
    first = alerts.list.visualRect(alerts.model.index(0))
    QTest.mouseClick(alerts.list.viewport(), Qt.MouseButton.LeftButton, pos=first.center())
    wait_for("it can be acknowledged", alerts.detail.ack.isEnabled, 15)  # a moment after it was chosen
    QTest.mouseClick(alerts.detail.ack, Qt.MouseButton.LeftButton)
    screen = application.primaryScreen()
    assert screen is not None
    screen.grabWindow(window.winId()).save(sys.argv[1])
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
