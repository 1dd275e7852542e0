"""What the operator can tell the aircraft, and what became of it.

Quick where every second counts, slow where a slip would cost: to hold the aircraft still is one click (or F8), to bring it
home is held for a second (F9), to land where it is for a second and a half; to begin or go on is held for a second; to
start against the pre-flight list takes a name, a reason and two seconds.
"""

from __future__ import annotations

import html

from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flight.answers import Answers
from groundstation.console.flight.override import OverrideDialog
from groundstation.console.focus import VehicleFocus
from groundstation.console.freshness import age_words, heard_s_ago, is_live
from groundstation.console.panels.common import HoldButton, Panel
from groundstation.core.records import (
    CommandOutcome,
    FleetOutcome,
    FleetRequest,
    PlanStatus,
    VehicleId,
    VehicleState,
)
from groundstation.core.safety_records import PreflightReport
from missions.plan import Plan

_PHASE_WORDS = {
    "idle": i18n.mark("plan", "no plan sent"),
    "checking": i18n.mark("plan", "checking the plan"),
    "uploading": i18n.mark("plan", "uploading"),
    "reading_back": i18n.mark("plan", "reading back"),
    "in_force": i18n.mark("plan", "IN FORCE: read back and identical"),
    "failed": i18n.mark("plan", "FAILED"),
}
_LAND_HOLD_MS = 1500


class ControlsPanel(Panel):
    """Upload, start, pause, resume, return, land."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "Orders"), parent)
        self._commands, self._clock, self._operator = context.commands, context.clock, context.operator
        self._plan: Plan | None = None
        self._vehicle_id: VehicleId | None = None
        self._state: VehicleState | None = None
        self._report: PreflightReport | None = None
        self._plan_status: PlanStatus | None = None
        self._in_force = self._shown_live = False
        self._names: dict[str, str] = {
            "upload": self.tr("Upload"),
            "start_mission": self.tr("Start"),
            "pause": self.tr("Pause"),
            "resume": self.tr("Resume"),
            "return_to_launch": self.tr("Return"),
            "land": self.tr("Land here"),
        }
        self._status, self._outcome = QLabel(i18n.text("plan", _PHASE_WORDS["idle"])), QLabel()
        for label in (self._status, self._outcome):
            label.setWordWrap(True)
        self.upload = QPushButton(self._names["upload"])
        self.start = HoldButton(self._names["start_mission"])
        self.pause = QPushButton(self._names["pause"])
        self.resume = HoldButton(self._names["resume"])
        self.return_home = HoldButton(self._names["return_to_launch"])
        self.land = HoldButton(self._names["land"], hold_ms=_LAND_HOLD_MS)
        self.override = QPushButton(self.tr("Start against the list…"))
        for button in (self.return_home, self.land, self.override):
            button.setObjectName("alarm")
        grid = QGridLayout()
        for column, button in enumerate((self.upload, self.start, self.resume)):
            grid.addWidget(button, 0, column)
        for column, button in enumerate((self.pause, self.return_home, self.land)):
            grid.addWidget(button, 1, column)
        self.body.addWidget(self._status)
        self.body.addLayout(grid)
        self.body.addWidget(self.override)
        self.body.addWidget(self._outcome)
        self.body.addStretch(1)
        self.upload.clicked.connect(self._upload)
        self.pause.clicked.connect(lambda: self._send("pause"))
        self.start.confirmed.connect(lambda: self._send("start_mission"))
        self.resume.confirmed.connect(lambda: self._send("resume"))
        self.return_home.confirmed.connect(lambda: self._send("return_to_launch"))
        self.land.confirmed.connect(self._land)
        self.override.clicked.connect(self._ask_override)
        self.pause.setToolTip(self.tr("Hold position: at once, one click or F8"))
        QShortcut(QKeySequence("F8"), self, activated=self.pause.click)
        QShortcut(QKeySequence("F9"), self, activated=self.return_home.setFocus)
        self._answers = Answers(self)
        self._answers.arrived.connect(self._on_answer)
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.state.connect(self.on_vehicle_state)
        self._focus.plan_status.connect(self.on_plan_status)
        self._focus.preflight.connect(self._on_preflight)
        context.bridge.tick.connect(self._enable)
        theme.changed.connect(self._show_plan)
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
        self._plan_status = status
        self._show_plan()
        self._enable()

    def _on_vehicle(self, vehicle_id: VehicleId | None) -> None:
        self._vehicle_id, self._state, self._report = vehicle_id, None, None
        self._in_force, self._plan_status = False, None
        self._outcome.clear()
        self._show_plan()
        self._enable()

    def _on_preflight(self, report: PreflightReport) -> None:
        self._report = report
        self._enable()

    def _show_plan(self) -> None:
        status = self._plan_status
        if status is None:
            self._status.setText(html.escape(i18n.text("plan", _PHASE_WORDS["idle"])))
            return
        word = i18n.text("plan", _PHASE_WORDS[status.phase])
        if status.phase == "uploading" and status.progress:
            word += f" {100 * status.progress:.0f} %"
        counts = ""
        if status.phase == "in_force":
            counts = i18n.fill(
                self.tr("{mission} mission, {fence} fence items"),
                mission=status.mission_items,
                fence=status.fence_items,
            )
            counts = f" · {html.escape(counts)}"
        live = is_live(self._state, self._clock.mono_ns())
        self._shown_live = live
        colour = {"in_force": theme.OK, "failed": theme.ALARM, "idle": theme.DIM}.get(status.phase, theme.CAUTION)
        if not live:
            # What it held when it was last heard.
            colour, word = theme.DIM, i18n.fill(self.tr("was: {state}"), state=word)
        detail = f"<br>{html.escape(status.detail)}" if status.detail and status.phase == "failed" else ""
        name = f"{html.escape(status.plan_name)}: " if status.plan_name else ""
        self._status.setText(f'{name}<b style="color:{colour}">{html.escape(word)}</b>{counts}{detail}')

    def _enable(self) -> None:
        state, asked = self._state, self._commands is not None and self._state is not None
        now_ns = self._clock.mono_ns()
        live = asked and is_live(state, now_ns)
        if self._plan_status is not None and is_live(state, now_ns) is not self._shown_live:
            self._show_plan()
        flying = state is not None and state.armed
        self.upload.setEnabled(live and self._plan is not None and not flying)
        self.start.setEnabled(live and self._in_force and not flying)
        self.resume.setEnabled(live and flying and state is not None and state.mode != "AUTO")
        # What brings an aircraft to rest or home is offered also on a link that seems to be lost: the station tries, and
        # says when it could not.
        self.pause.setEnabled(asked and flying)
        self.return_home.setEnabled(asked and flying)
        self.land.setEnabled(asked and flying and self._land_mode() != "")
        blocked = self._report is not None and not self._report.ok
        self.override.setVisible(blocked)
        self.override.setEnabled(live and self._in_force and not flying)
        title = i18n.text("views", "Orders")
        if self._vehicle_id is not None:
            title = i18n.fill(self.tr("Orders to {name}"), name=self._vehicle_id)
            if state is not None and not live and self._commands is not None:
                age = age_words(heard_s_ago(state, now_ns))
                title = i18n.fill(self.tr("Orders to {name}: not heard for {age}"), name=self._vehicle_id, age=age)
        if self.title.text() != title.upper():
            self.title.setText(title.upper())

    def _land_mode(self) -> str:
        """The name of the aircraft's own landing mode, "" when it has none that is known."""
        if self._state is None or not hasattr(self._commands, "prepare_group"):
            return ""
        names = {mode.name.upper(): mode.name for mode in self._state.available_modes if mode.selectable}
        if not names:
            return "LAND" if self._state.vehicle_type == "copter" else ""
        return next((names[n] for n in ("LAND", "QLAND") if n in names), "")

    def _upload(self) -> None:
        if self._commands and self._plan and self._vehicle_id:
            self._answers.expect("upload", self._commands.upload_plan(self._vehicle_id, self._plan))

    def _send(self, name: str) -> None:
        if self._commands and self._vehicle_id:
            self._wait_for(name)
            self._answers.expect(name, getattr(self._commands, name)(self._vehicle_id))

    def _wait_for(self, name: str) -> None:
        self._outcome.setText(
            html.escape(i18n.fill(self.tr("{order}: waiting for the aircraft"), order=self._names[name]))
        )

    def _land(self) -> None:
        if self._commands and self._vehicle_id:
            self._wait_for("land")
            self._answers.expect("land", self._commands.prepare_group("mode", [self._vehicle_id], self._land_mode()))

    def _ask_override(self) -> None:
        if self._commands is None or self._vehicle_id is None:
            return
        vehicle_id = self._vehicle_id
        dialog = OverrideDialog(vehicle_id, self._report, self._operator, self)
        dialog.confirmed.connect(lambda by: self._start_against(vehicle_id, by))
        dialog.open()

    def _start_against(self, vehicle_id: VehicleId, override_by: str) -> None:
        if self._commands is not None:
            self._wait_for("start_mission")
            self._answers.expect("start_mission", self._commands.start_mission(vehicle_id, override_by))

    def _on_answer(self, name: str, result: object) -> None:
        if isinstance(result, FleetRequest) and self._commands is not None:
            # The hold was the confirmation.
            self._answers.expect(name, self._commands.confirm_group(result))
            return
        if isinstance(result, FleetOutcome):
            result = result.outcomes[0][1] if result.outcomes else RuntimeError(result.reason)
        if isinstance(result, Exception):
            self._tell(name, "alarm", str(result))
        elif isinstance(result, CommandOutcome):
            self._tell(name, "ok" if result.ok else "alarm", result.result.value, result.reason)

    def _tell(self, name: str, level: str, word: str, reason: str = "") -> None:
        colour = theme.state_colour(level)
        tail = f": {html.escape(reason)}" if reason else ""
        self._outcome.setText(f'{self._names[name]}: <b style="color:{colour}">{html.escape(word)}</b>{tail}')
