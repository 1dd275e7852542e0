"""Run by tests/gui/test_newcomer_on_x.py in a process of its own: ``groundstation guide``, worked by mouse and keyboard.

The guide's own simulator, station and console; only the camera is left away (rendering it would take the machine), so the
one incident that the newcomer answers is published on the station's bus. Prints a line of JSON: clicks and seconds of each
step.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from PyQt6.QtCore import QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from groundstation.app.guide_command import run
from groundstation.console.qt import make_application
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.records import VehicleId, VehicleState
from tests.helpers import records as r
from tests.helpers.x_hand import F9, SPACE, XHand, wait_for


class Newcomer:
    """Does what the panel "First steps" tells, and nothing else."""

    def __init__(self, window: ConsoleWindow, hand: XHand, pictures: Path) -> None:
        self.window, self.hand, self.pictures = window, hand, pictures
        self.began_s = time.monotonic()
        self.steps: dict[str, tuple[int, float]] = {}
        self.guide = window.view("guide")

    def work(self) -> None:
        """The whole patrol."""
        hand, window, guide = self.hand, self.window, self.guide
        wait_for("an aircraft is heard", lambda: "heard" in guide.done(), 30)
        self._done("heard")
        hand.click(guide.go_button)
        planner = window.view("planner")
        wait_for("the planner is open", planner.isVisible, 10)
        for _ in range(3):
            hand.click(planner.wizard.next)
        wait_for("the plan is checked", lambda: planner.session.evaluation is not None, 60)
        assert "Ready" in planner.wizard.verdict.text(), planner.wizard.verdict.text()
        self._done("checked")
        hand.click(planner.wizard.next)
        hand.click(planner.wizard.upload.send)
        wait_for("in force", lambda: "uploaded" in guide.done(), 30)
        wait_for("said on its page", lambda: "IN FORCE" in planner.upload._rows[0].status.text(), 10)
        self._done("uploaded")
        hand.click(guide.go_button)
        hand.click(window.view("checklist").read)
        wait_for("may start", lambda: "listed" in guide.done(), 60)
        self._done("listed")
        hand.click(guide.go_button)
        hand.hold(window.controls.start, 1.2)
        wait_for("flying", lambda: "flying" in guide.done(), 30)
        wait_for("in the air", lambda: self._state().alt_rel_home_m > 2.0, 30)
        self._done("flying")
        self._picture("flying")
        now_us = time.time_ns() // 1000
        window.context.bus.publish(topics.INCIDENT, r.make_incident(1, t_utc_us=now_us, t_raised_utc_us=now_us))
        wait_for("an alert", lambda: "alerted" in guide.done() and window.alerts.ids(), 10)
        alerts = window.alerts
        row = alerts.list.visualRect(alerts.model.index(0)).center()
        hand.click(alerts.list.viewport(), row)
        wait_for("chosen a moment ago", alerts.detail.ack.isEnabled, 5)
        hand.click(alerts.detail.ack)
        wait_for("kept", lambda: "answered" in guide.done(), 10)
        assert alerts.open_count() == 0
        self._done("answered")
        # Without the mouse, as one who looks at the picture would.
        hand.key(F9)
        hand.key(SPACE, 1.2, held=window.controls.return_home)
        wait_for("on its way home", lambda: "home" in guide.done(), 20)
        assert guide.next_step() is None
        self._done("home")
        self._picture("home")

    def _state(self) -> VehicleState:
        state = self.window.context.bus.latest(topics.VEHICLE_STATE, VehicleId(1, 1))
        assert state is not None
        return state

    def _done(self, name: str) -> None:
        self.steps[name] = (self.hand.clicks, round(time.monotonic() - self.began_s, 1))

    def _picture(self, name: str) -> None:
        screen = QApplication.primaryScreen()
        assert screen is not None
        QTest.qWait(100)
        screen.grabWindow(self.window.winId()).save(str(self.pictures / f"{name}.png"))


def main() -> int:
    logging.disable(logging.WARNING)
    out = Path(sys.argv[1])
    application = make_application()
    told: list[int] = []

    def begin() -> None:
        window = next((w for w in application.topLevelWidgets() if isinstance(w, ConsoleWindow)), None)
        if window is None or not window.isVisible():
            return
        timer.stop()
        QTest.qWaitForWindowExposed(window, 20_000)
        hand = XHand(os.environ["DISPLAY"])
        newcomer = Newcomer(window, hand, out)
        try:
            newcomer.work()
            told.append(0)
        except BaseException:
            newcomer._picture("failed")
            traceback.print_exc()
        finally:
            hand.close()
            print(json.dumps({"platform": application.platformName(), "steps": newcomer.steps}), flush=True)
            planner = window._widgets.get("planner")
            if planner is not None:
                planner.session.forget_kept()
                planner.files.may_lose = lambda: True
            window.close()

    timer = QTimer()
    timer.timeout.connect(begin)
    timer.start(100)
    done = run(argparse.Namespace(scenario="border_day", seed=int(sys.argv[2]), out=out / "station", no_video=True))
    return done if told else 1


if __name__ == "__main__":
    sys.exit(main())
