"""What the operator can tell the aircraft, and what became of it."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMessageBox, QPushButton, QWidget

from groundstation.console import theme
from groundstation.console.context import ConsoleContext
from groundstation.console.focus import VehicleFocus
from groundstation.console.panels.common import HoldButton, Panel
from groundstation.core.records import CommandOutcome, PlanStatus, VehicleId, VehicleState
from missions.plan import Plan

_PHASE_WORDS = {
    "idle": "no plan sent",
    "checking": "checking the plan",
    "uploading": "uploading",
    "reading_back": "reading back",
    "in_force": "IN FORCE: read back and identical",
    "failed": "FAILED",
}


class ControlsPanel(Panel):
    """Upload, start, pause, return. What moves the aircraft must be held for a second; to hold it still is one click."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__("Patrol", parent)
        self._commands = context.commands
        self._plan: Plan | None = None
        self._vehicle_id: VehicleId | None = None
        self._state: VehicleState | None = None
        self._in_force = False
        self._waiting: list[tuple[str, Future[Any]]] = []
        self._status = QLabel(_PHASE_WORDS["idle"])
        self._status.setWordWrap(True)
        self._outcome = QLabel()
        self._outcome.setWordWrap(True)
        self.upload = QPushButton(self.tr("Upload"))
        self.start = HoldButton(self.tr("Start"))
        self.pause = QPushButton(self.tr("Pause"))
        self.resume = HoldButton(self.tr("Resume"))
        self.return_home = HoldButton(self.tr("Return"))
        self.return_home.setObjectName("alarm")
        row = QHBoxLayout()
        for button in (self.upload, self.start, self.pause, self.resume, self.return_home):
            row.addWidget(button)
        self.body.addWidget(self._status)
        self.body.addLayout(row)
        self.body.addWidget(self._outcome)
        self.upload.clicked.connect(self._upload)
        self.pause.clicked.connect(lambda: self._send("pause"))
        self.start.confirmed.connect(lambda: self._send("start_mission"))
        self.resume.confirmed.connect(lambda: self._send("resume"))
        self.return_home.confirmed.connect(lambda: self._send("return_to_launch"))
        self._poll = QTimer(self)
        self._poll.setInterval(100)
        self._poll.timeout.connect(self._collect)
        self._poll.start()
        self._focus = VehicleFocus(context, self)
        self._focus.state.connect(self.on_vehicle_state)
        self._focus.plan_status.connect(self.on_plan_status)
        self._enable()

    def set_plan(self, plan: Plan) -> None:
        """The plan that Upload sends."""
        self._plan = plan
        self._enable()

    def status_text(self) -> str:
        """What is said about the plan."""
        return self._status.text()

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Buttons follow what the aircraft can do now."""
        self._vehicle_id, self._state = state.vehicle_id, state
        self._enable()

    def on_plan_status(self, status: PlanStatus) -> None:
        """Where the upload is."""
        self._in_force = status.phase == "in_force"
        word = _PHASE_WORDS[status.phase]
        if status.phase == "uploading" and status.progress:
            word += f" {100 * status.progress:.0f} %"
        if status.phase == "in_force":
            word += f" · {status.mission_items} mission, {status.fence_items} fence items"
        colour = {"in_force": theme.OK, "failed": theme.ALARM}.get(status.phase, theme.CAUTION)
        detail = f"<br>{status.detail}" if status.detail and status.phase == "failed" else ""
        self._status.setText(f'{status.plan_name}: <b style="color:{colour}">{word}</b>{detail}')
        self._enable()

    def _enable(self) -> None:
        alive = bool(self._commands and self._state and self._state.link_alive)
        flying = bool(self._state and self._state.armed)
        self.upload.setEnabled(alive and self._plan is not None and not flying)
        self.start.setEnabled(alive and self._in_force and not flying)
        self.pause.setEnabled(alive and flying)
        self.resume.setEnabled(alive and flying and self._state is not None and self._state.mode != "AUTO")
        self.return_home.setEnabled(alive and flying)

    def _upload(self) -> None:
        if self._commands and self._plan and self._vehicle_id:
            self._waiting.append(("Upload", self._commands.upload_plan(self._vehicle_id, self._plan)))

    def _send(self, name: str) -> None:
        if self._commands and self._vehicle_id:
            self._waiting.append((name.replace("_", " ").capitalize(), getattr(self._commands, name)(self._vehicle_id)))
            self._outcome.setText(self.tr("{}: waiting for the aircraft").format(self._waiting[-1][0]))

    def _collect(self) -> None:
        """Futures are polled here, so that their results arrive on the GUI thread."""
        for entry in [e for e in self._waiting if e[1].done()]:
            self._waiting.remove(entry)
            name, future = entry
            error = future.exception()
            if error is not None:
                QMessageBox.critical(self, name, str(error))
                continue
            result = future.result()
            if isinstance(result, CommandOutcome):
                colour = theme.OK if result.ok else theme.ALARM
                reason = f": {result.reason}" if result.reason else ""
                self._outcome.setText(f'{name}: <b style="color:{colour}">{result.result.value}</b>{reason}')
