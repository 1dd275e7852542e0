"""Which aircraft the panels show and the orders are for."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QWidget

from groundstation.core.records import PlanStatus, VehicleId, VehicleState


class AircraftChooser(QComboBox):
    """Lets through what is about the chosen aircraft. Only the operator's hand changes the choice, never what comes in:
    an order must not go to another aircraft because that one was heard last. Hidden while there is only one.
    """

    state = pyqtSignal(object)
    plan_status = pyqtSignal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states: dict[VehicleId, VehicleState] = {}
        self._plans: dict[VehicleId, PlanStatus] = {}
        self._rows: list[VehicleId] = []
        self.setVisible(False)
        self.currentIndexChanged.connect(self._on_choice)

    @property
    def chosen(self) -> VehicleId | None:
        """None before the first aircraft is heard; the first one until the operator chooses."""
        row = self.currentIndex()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def choose(self, vehicle_id: VehicleId | None) -> None:
        """The operator has chosen elsewhere."""
        if vehicle_id in self._rows:
            self.setCurrentIndex(self._rows.index(vehicle_id))

    def on_vehicle_state(self, state: VehicleState) -> None:
        """The state of any aircraft."""
        vehicle_id = state.vehicle_id
        self._states[vehicle_id] = state
        text = self._words(state)
        if vehicle_id not in self._rows:
            self._rows.append(vehicle_id)
            self.addItem(text)
            self.setVisible(len(self._rows) > 1)
        elif self.itemText(row := self._rows.index(vehicle_id)) != text:
            self.setItemText(row, text)
        if vehicle_id == self.chosen:
            self.state.emit(state)

    def on_plan_status(self, status: PlanStatus) -> None:
        """The plan of any aircraft."""
        self._plans[status.vehicle_id] = status
        if status.vehicle_id == self.chosen or self.chosen is None:
            self.plan_status.emit(status)

    @staticmethod
    def _words(state: VehicleState) -> str:
        critical = any(fault.severity == "critical" for fault in state.faults)
        return f"{state.vehicle_id} {state.mode}{' !' if critical else ''}"

    def _on_choice(self, _row: int) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        if chosen in self._states:
            self.state.emit(self._states[chosen])
        status = self._plans.get(chosen)
        if status is not None or self._plans:
            # Without one of its own: what is in force on another aircraft must not look as if it were on this.
            self.plan_status.emit(status or PlanStatus(chosen, 0, "idle", "no plan"))
