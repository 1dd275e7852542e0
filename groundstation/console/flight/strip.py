"""A row for every aircraft: what it does, how long it lasts, whether it is heard, its fence, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flight import words
from groundstation.console.flight.battery_time import BatteryTime
from groundstation.console.flight.words import Said
from groundstation.console.freshness import Held, is_live
from groundstation.core import topics
from groundstation.core.records import PlanStatus, VehicleId, VehicleState
from groundstation.core.safety_records import CameraState, FenceReport, TrafficPicture

_COLUMNS = ("flight", "link", "battery", "fence", "position", "traffic", "camera", "faults")
_TICKS = 2  # of the bridge's five a second: an eye reads no faster


@dataclass
class _Aircraft:
    state: VehicleState
    fence: Held[FenceReport]
    traffic: Held[TrafficPicture]
    camera: Held[CameraState]
    plan: PlanStatus | None = None
    battery: BatteryTime = field(default_factory=BatteryTime)


class _Cell(QLabel):
    """One word; its colour follows the theme."""

    def __init__(self, stretch: bool) -> None:
        super().__init__("–")
        self.state = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if stretch:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, said: Said) -> None:
        if said.word != self.text():
            self.setText(said.word)
        if said.hint != self.toolTip():
            self.setToolTip(said.hint)
        if said.state != self.state:
            self.state = said.state
            self.restyle()

    def restyle(self) -> None:
        t = theme.palette()
        if self.state == "alarm":
            look = f"color: {t.on_alarm}; background: {t.alarm}; border-radius: 3px;"
        else:
            look = f"color: {theme.state_colour(self.state or 'off')};"
        self.setStyleSheet(f"{look} font-weight: 600; padding: 1px 4px;")


class AircraftStrip(QFrame):
    """All aircraft of this station. The button at the left chooses the one that the panels show and the orders are for."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._selection, self._clock = context.selection, context.clock
        self._aircraft: dict[VehicleId, _Aircraft] = {}
        self._buttons: dict[VehicleId, QPushButton] = {}
        self._cells: dict[VehicleId, dict[str, _Cell]] = {}
        self._waiting_plans: dict[VehicleId, PlanStatus] = {}
        self._ticks = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 3, 8, 3)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(2)
        titles = (
            self.tr("Aircraft"),
            self.tr("Flight"),
            self.tr("Link"),
            self.tr("Battery"),
            self.tr("Fence"),
            self.tr("Position"),
            self.tr("Traffic"),
            self.tr("Camera"),
            self.tr("Faults, and what to do"),
        )
        for column, title in enumerate(titles):
            label = QLabel(title.upper())
            label.setObjectName("title")
            self._grid.addWidget(label, 0, column)
        self._grid.setColumnStretch(len(titles) - 1, 1)
        self._nobody = QLabel(self.tr("No aircraft is heard yet."))
        self._nobody.setObjectName("dim")
        self._grid.addWidget(self._nobody, 1, 0, 1, len(titles))
        bridge = context.bridge
        bridge.vehicle_state.connect(self._on_state)
        bridge.plan_status.connect(self._on_plan)
        bridge.fence_report.connect(lambda r: self._put("fence", r))
        bridge.traffic.connect(lambda r: self._put("traffic", r))
        bridge.camera_state.connect(lambda r: self._put("camera", r))
        bridge.tick.connect(self._on_tick)
        self._selection.vehicle_chosen.connect(self._on_choice)
        theme.changed.connect(self._restyle)

    def said(self, vehicle_id: VehicleId) -> dict[str, tuple[str, str]]:
        """Column -> (state, word) as shown."""
        return {name: (cell.state, cell.text()) for name, cell in self._cells[vehicle_id].items()}

    def refresh(self) -> None:
        """Say all again: things grow old without news."""
        now_ns = self._clock.mono_ns()
        for vehicle_id, aircraft in self._aircraft.items():
            for name, said in self._words(aircraft, now_ns).items():
                self._cells[vehicle_id][name].say(said)

    def _put(self, name: str, record: FenceReport | TrafficPicture | CameraState) -> None:
        aircraft = self._aircraft.get(record.vehicle_id)
        if aircraft is not None:
            getattr(aircraft, name).put(record)

    def _on_plan(self, status: PlanStatus) -> None:
        aircraft = self._aircraft.get(status.vehicle_id)
        if aircraft is not None:
            aircraft.plan = status
        else:
            self._waiting_plans[status.vehicle_id] = status

    def _on_state(self, state: VehicleState) -> None:
        aircraft = self._aircraft.get(state.vehicle_id)
        if aircraft is None:
            aircraft = self._aircraft[state.vehicle_id] = _Aircraft(
                state,
                Held(topics.FENCE_REPORT, self._clock),
                Held(topics.TRAFFIC, self._clock),
                Held(topics.CAMERA_STATE, self._clock),
                self._waiting_plans.pop(state.vehicle_id, None),
            )
            self._add_row(state)
        aircraft.state = state
        if state.link_alive:
            aircraft.battery.add(state.t_mono_ns / 1e9, state.battery_percent)

    def _add_row(self, state: VehicleState) -> None:
        vehicle_id, row = state.vehicle_id, len(self._aircraft)
        self._nobody.hide()
        button = QPushButton(f"{vehicle_id} {state.vehicle_type}".rstrip())
        button.setObjectName("small")
        button.setCheckable(True)
        button.setChecked(vehicle_id == self._selection.vehicle)
        if row <= 9:
            button.setShortcut(f"Alt+{row}")
            button.setToolTip(i18n.fill(self.tr("Show this aircraft; orders go to it (Alt+{number})"), number=row))
        button.clicked.connect(lambda: self._choose(vehicle_id))
        self._grid.addWidget(button, row, 0)
        self._buttons[vehicle_id] = button
        cells = self._cells[vehicle_id] = {name: _Cell(name == "faults") for name in _COLUMNS}
        for column, cell in enumerate(cells.values(), 1):
            self._grid.addWidget(cell, row, column)

    def _choose(self, vehicle_id: VehicleId) -> None:
        self._selection.choose_vehicle(vehicle_id)
        self._on_choice(self._selection.vehicle)

    def _on_choice(self, vehicle_id: VehicleId | None) -> None:
        for each, button in self._buttons.items():
            button.setChecked(each == vehicle_id)

    def _words(self, aircraft: _Aircraft, now_ns: int) -> dict[str, Said]:
        state = aircraft.state
        camera = aircraft.camera.record
        said = {
            "flight": words.flight(state),
            "battery": words.battery(state, aircraft.battery.left_s(now_ns / 1e9)),
            "fence": words.fence(state, aircraft.fence.record, aircraft.fence.live, aircraft.plan),
            "position": words.position(state),
            "faults": words.faults(state),
        }
        live = is_live(state, now_ns)
        if not live:
            said = {name: words.was(each) for name, each in said.items()}
        said["link"] = words.link(state, now_ns)
        said["traffic"] = words.traffic(aircraft.traffic.record, aircraft.traffic.live and live)
        if camera is None:
            said["camera"] = Said("off", "–")
        elif not (aircraft.camera.live and live):
            said["camera"] = Said("off", self.tr("not known"))
        else:
            holder = camera.holder or self.tr("free")
            state_word = "caution" if camera.foreign_control or camera.asked_by else "ok" if camera.holder else "off"
            said["camera"] = Said(state_word, holder, camera.looking_at)
        return said

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS == 1:
            self.refresh()

    def _restyle(self) -> None:
        for cells in self._cells.values():
            for cell in cells.values():
                cell.restyle()
