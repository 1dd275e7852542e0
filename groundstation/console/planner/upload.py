"""Which plan goes to which aircraft, and what became of it. In force is only what the aircraft's plan status says."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from geofences.area import Area
from geofences.errors import MarchwardenError
from groundstation.console import theme
from groundstation.console.context import Selection
from groundstation.console.freshness import is_live
from groundstation.console.planner.evaluate import Evaluation, Outcome
from groundstation.console.planner.session import PlannerSession
from groundstation.core.clock import Clock, SystemClock
from groundstation.core.commands import StationCommands
from groundstation.core.records import PlanStatus, VehicleId, VehicleState
from missions.checks.override import Override

_log = logging.getLogger("groundstation.console.planner")
_POLL_MS = 150
_MOVING = frozenset({"checking", "uploading", "reading_back"})


class OverrideDialog(QDialog):
    """Who answers for a plan with errors, and why. Both are typed; nothing is filled in."""

    def __init__(self, errors: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Send a plan that has errors"))
        self.override: Override | None = None
        self.name, self.reason = QLineEdit(), QLineEdit()
        self.trouble = QLabel()
        self.trouble.setStyleSheet(f"color: {theme.palette().alarm};")
        listed = QLabel("\n".join(f"• {e}" for e in errors[:8]))
        listed.setWordWrap(True)
        warning = QLabel(
            self.tr("The checks forbid this plan. Your name and reason are logged before anything is sent.")
        )
        warning.setWordWrap(True)
        form = QFormLayout()
        form.addRow(self.tr("Your name"), self.name)
        form.addRow(self.tr("Reason"), self.reason)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.send = QPushButton(self.tr("Send it all the same"))
        self.send.setObjectName("alarm")
        self.send.setAutoDefault(False)
        buttons.addButton(self.send, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        self.send.clicked.connect(self._accept)
        layout = QVBoxLayout(self)
        for widget in (warning, listed):
            layout.addWidget(widget)
        layout.addLayout(form)
        layout.addWidget(self.trouble)
        layout.addWidget(buttons)

    def _accept(self) -> None:
        try:
            self.override = Override(self.name.text(), self.reason.text())
        except MarchwardenError as error:
            self.trouble.setText(error.message)
            return
        self.accept()


@dataclass
class _Sent:
    """What was sent to an aircraft from here. ``digest``: of the plan; ``at``: when, UTC; ``result``: what came of it."""

    digest: str
    name: str
    at: str
    future: Future[PlanStatus]
    result: PlanStatus | None = None
    answered: bool = False


class _Row:
    def __init__(self) -> None:
        self.title, self.status = QLabel(), QLabel()
        self.title.setWordWrap(True)
        self.status.setWordWrap(True)
        self.vehicle = QComboBox()
        self.chosen: VehicleId | None = None


class UploadPage(QWidget):
    """A row for each plan, one button for all of them. ``sent`` (vehicle, plan): it went out to that aircraft.

    The button ``send`` is put where it is always in sight by who shows the page.
    """

    sent = pyqtSignal(object, object)

    def __init__(
        self,
        session: PlannerSession,
        commands: StationCommands | None,
        selection: Selection,
        ask_override: Callable[[list[str]], Override | None] | None = None,
        station_area: Area | None = None,
        clock: Clock | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._station_area, self._clock = station_area, clock or SystemClock()
        self._shown_live: frozenset[VehicleId] = frozenset()
        self._session, self._commands, self._selection = session, commands, selection
        self._ask_override = ask_override or self._dialog
        self._states: dict[VehicleId, VehicleState] = {}
        self._statuses: dict[VehicleId, PlanStatus] = {}
        self._sent: dict[VehicleId, _Sent] = {}
        self._rows: list[_Row] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self.reason = QLabel()
        self.reason.setWordWrap(True)
        self.other_area = QLabel(
            self.tr(
                "This drawing is not the area that the station runs with: the aircraft gets these fences, "
                "the station goes on judging plans and crossings by its own."
            )
        )
        self.other_area.setWordWrap(True)
        self.send = QPushButton(self.tr("Upload"))
        self.send.clicked.connect(lambda: self.upload(None))
        self.despite = QPushButton(self.tr("Send it in spite of the errors ..."))
        self.despite.setObjectName("alarm")
        self.despite.setAutoDefault(False)
        self.despite.clicked.connect(self._override)
        note = QLabel(self.tr("In force is a plan only when the aircraft has read it back, identical."))
        note.setObjectName("dim")
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 4, 2)
        layout.addLayout(self._grid)
        layout.addWidget(self.reason)
        layout.addWidget(self.other_area)
        layout.addWidget(self.despite)
        layout.addWidget(note)
        layout.addStretch(1)
        self._poll = QTimer(self)
        self._poll.setInterval(_POLL_MS)
        self._poll.timeout.connect(self._collect)
        session.judged.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    # -- what comes in -----------------------------------------------------------------------------------------------

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Which aircraft there are, and whether they can take a plan."""
        before = self._states.get(state.vehicle_id)
        self._states[state.vehicle_id] = state
        if before is None:
            self.refresh()
        elif (before.link_alive, before.armed, before.read_only) != (state.link_alive, state.armed, state.read_only):
            self._show()
        else:
            self.on_tick()

    def on_tick(self) -> None:
        """An aircraft that is heard no more is no longer offered a plan."""
        if self._live() != self._shown_live:
            self._show()

    def _live(self) -> frozenset[VehicleId]:
        now_ns = self._clock.mono_ns()
        return frozenset(v for v, s in self._states.items() if is_live(s, now_ns))

    def on_plan_status(self, status: PlanStatus) -> None:
        """What an aircraft's transfer says."""
        self._statuses[status.vehicle_id] = status
        self._show()

    # -- showing -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """One row for each plan."""
        done = self._session.evaluation
        plans = done.plans if done is not None else ()
        while len(self._rows) < len(plans):
            self._add_row()
        for row in self._rows[len(plans) :]:
            for widget in (row.title, row.vehicle, row.status):
                widget.hide()
        known = sorted(self._states)
        for number, (row, outcome) in enumerate(zip(self._rows, plans, strict=False)):
            for widget in (row.title, row.vehicle, row.status):
                widget.show()
            row.title.setText(outcome.plan.name)
            items = [row.vehicle.itemData(k) for k in range(row.vehicle.count())]
            if items != known:
                row.vehicle.blockSignals(True)
                row.vehicle.clear()
                for vehicle in known:
                    row.vehicle.addItem(self.tr("Aircraft {n}").format(n=str(vehicle)), vehicle)
                row.vehicle.blockSignals(False)
            self._preselect(row, number, known)
        self._show()

    def _add_row(self) -> None:
        row = _Row()
        at = 2 * len(self._rows)
        self._grid.addWidget(row.title, at, 0)
        self._grid.addWidget(row.vehicle, at, 1)
        self._grid.addWidget(row.status, at + 1, 0, 1, 2)
        row.vehicle.setAccessibleName(self.tr("Goes to"))
        row.vehicle.activated.connect(lambda _, r=row: self._chosen(r))
        self._rows.append(row)

    def _chosen(self, row: _Row) -> None:
        row.chosen = row.vehicle.currentData()
        self._show()

    def _preselect(self, row: _Row, number: int, known: list[VehicleId]) -> None:
        """The operator's choice stays; else the aircraft that orders are for, and the next ones for further plans."""
        if not known:
            return
        if row.chosen not in known:
            first = self._selection.vehicle
            order = [first, *(k for k in known if k != first)] if first in known else known
            row.chosen = None
            wanted = order[number] if number < len(order) else order[0]
        else:
            wanted = row.chosen
        row.vehicle.setCurrentIndex(known.index(wanted))

    def _pairs(self, done: Evaluation) -> list[tuple[Outcome, VehicleId | None]]:
        return [(o, r.vehicle.currentData()) for r, o in zip(self._rows, done.plans, strict=False)]

    def _show(self) -> None:
        done = self._session.evaluation
        self._shown_live = self._live()
        why = self._why_not(done)
        blocked = done is not None and bool(done.errors()) and bool(done.plans)
        self.send.setEnabled(not why and not blocked)
        other = (
            done is not None and bool(done.plans) and self._station_area is not None and done.area != self._station_area
        )
        self.other_area.setVisible(other)
        self.other_area.setStyleSheet(f"color: {theme.state_colour('caution')};")
        self.despite.setVisible(blocked)
        self.despite.setEnabled(blocked and not why)
        if why:
            self.reason.setText(why)
        elif blocked:
            assert done is not None
            self.reason.setText(self.tr("Errors that forbid the upload: {n}").format(n=len(done.errors())))
        else:
            self.reason.setText("")
        self.reason.setStyleSheet(f"color: {theme.state_colour('alarm' if blocked else 'caution')};")
        if done is not None:
            for row, (outcome, vehicle) in zip(self._rows, self._pairs(done), strict=False):
                state, text = self._status_text(outcome, vehicle)
                row.status.setText(text)
                row.status.setStyleSheet(f"color: {theme.state_colour(state)}; font-weight: 600;")

    def _why_not(self, done: Evaluation | None) -> str:
        if self._commands is None:
            return self.tr("No station is connected: nothing can be sent")
        if done is None:
            return self.tr("Wait: the plan is being checked")
        if not done.plans:
            return self.tr("There is no plan yet")
        pairs = self._pairs(done)
        if any(vehicle is None for _, vehicle in pairs):
            return self.tr("No aircraft was heard yet")
        vehicles = [v for _, v in pairs]
        if len(set(vehicles)) < len(vehicles):
            return self.tr("Two plans go to the same aircraft: choose another")
        for vehicle in vehicles:
            state = self._states[vehicle]
            if state.read_only:
                return self.tr("Aircraft {n} can only be watched").format(n=str(vehicle))
            if not is_live(state, self._clock.mono_ns()):
                return self.tr("No link to aircraft {n}").format(n=str(vehicle))
            if state.armed:
                return self.tr("Aircraft {n} is flying: plans are sent on the ground").format(n=str(vehicle))
            sent = self._sent.get(vehicle)
            if sent is not None and not sent.answered:
                return self.tr("Aircraft {n} is being sent a plan").format(n=str(vehicle))
        return ""

    def _status_text(self, outcome: Outcome, vehicle: VehicleId | None) -> tuple[str, str]:
        if vehicle is None:
            return "off", ""
        status, sent = self._statuses.get(vehicle), self._sent.get(vehicle)
        if status is None or status.phase == "idle":
            if sent is None:
                return "off", self.tr("Nothing was sent from this console")
            return "caution", self.tr("Sent at {t}, no answer yet").format(t=sent.at)
        if status.phase in _MOVING:
            words = {
                "checking": self.tr("checking"), "uploading": self.tr("uploading"), "reading_back": self.tr("reading back"),
            }  # fmt: skip
            return "caution", f"{status.plan_name}: {words[status.phase]} {100.0 * status.progress:.0f} %"
        if status.phase == "failed":
            holds = self.tr(" It holds: {what}.").format(what="; ".join(status.holds)) if status.holds else ""
            return "alarm", self.tr("FAILED: {why}.{holds}").format(why=status.detail, holds=holds)
        if sent is not None and not sent.answered:
            return "caution", self.tr("Sent at {t}, no answer yet").format(t=sent.at)
        # Another console may send a plan of the same name: ours is only what our own upload has answered.
        if sent is None or sent.result != status:
            return "caution", self.tr(
                "In force is {name}, not sent from this board: compare before you rely on it"
            ).format(name=status.plan_name)
        if sent.digest != outcome.plan.digest():
            return "caution", self.tr("In force is the plan as sent at {t}; it was changed here since").format(
                t=sent.at
            )
        return "ok", self.tr("IN FORCE: read back and identical")

    # -- sending -----------------------------------------------------------------------------------------------------

    def _dialog(self, errors: list[str]) -> Override | None:
        dialog = OverrideDialog(errors, self)
        return dialog.override if dialog.exec() == QDialog.DialogCode.Accepted else None

    def _override(self) -> None:
        done = self._session.evaluation
        if done is None or self._why_not(done):
            return
        override = self._ask_override([t.text for t in done.errors()])
        if override is None:
            return
        now = self._session.evaluation
        if now is None or now.document is not done.document:
            self._session.said.emit(self.tr("The plan has changed meanwhile: look at it again"), "caution")
            return
        self.upload(override)

    def upload(self, override: Override | None) -> None:
        """Send every plan to its aircraft. With errors only with an ``override``."""
        done = self._session.evaluation
        if done is None or self._commands is None or self._why_not(done) or (done.errors() and override is None):
            return
        if override is not None:
            _log.warning(
                "%s sends %s against %d findings: %s",
                override.name.strip(), ", ".join(repr(p.plan.name) for p in done.plans), len(done.errors()),
                override.reason.strip(),
            )  # fmt: skip
        now = datetime.now(UTC).strftime("%H:%M:%S Z")
        for outcome, vehicle in self._pairs(done):
            assert vehicle is not None
            plan = outcome.plan
            try:
                future = self._commands.upload_plan(vehicle, plan, override)
            except MarchwardenError as error:
                self._session.said.emit(self.tr("Nothing was sent: {why}").format(why=error.message), "alarm")
                break
            self._sent[vehicle] = _Sent(plan.digest(), plan.name, now, future)
            self._statuses.pop(vehicle, None)
            self.sent.emit(vehicle, plan)
        self._poll.start()
        self._show()

    def _collect(self) -> None:
        """Futures are polled here, so that what they say arrives on the GUI thread."""
        for vehicle, sent in self._sent.items():
            if sent.answered or not sent.future.done():
                continue
            sent.answered = True
            problem: Any = None if sent.future.cancelled() else sent.future.exception()
            if problem is not None or sent.future.cancelled():
                words = str(problem) if problem is not None else self.tr("given up")
                status = PlanStatus(vehicle, 0, "failed", sent.name, words)
            else:
                status = sent.future.result()
            sent.result = status
            newest = self._statuses.get(vehicle)
            if newest is None or newest.t_utc_us <= status.t_utc_us or status.phase == "failed":
                self._statuses[vehicle] = status
        if all(s.answered for s in self._sent.values()):
            self._poll.stop()
        self._show()

    def close_page(self) -> None:
        """Stop the timer."""
        self._poll.stop()
