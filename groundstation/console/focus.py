"""Lets through what is about the chosen aircraft, so that no panel has to filter."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from groundstation.console.context import ConsoleContext
from groundstation.core.records import PlanStatus, VehicleId


class VehicleFocus(QObject):
    """After another aircraft is chosen, ``changed`` comes first: what is shown of the one before must go. Then what is known
    of the new one is told again, as old as it is.
    """

    changed = pyqtSignal(object)
    state = pyqtSignal(object)
    plan_status = pyqtSignal(object)
    fence_report = pyqtSignal(object)
    preflight = pyqtSignal(object)
    traffic = pyqtSignal(object)
    camera_state = pyqtSignal(object)

    def __init__(self, context: ConsoleContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection = context.selection
        self._last: dict[str, dict[VehicleId, Any]] = {}
        bridge = context.bridge
        for name, signal in (
            ("state", bridge.vehicle_state),
            ("plan_status", bridge.plan_status),
            ("fence_report", bridge.fence_report),
            ("preflight", bridge.preflight),
            ("traffic", bridge.traffic),
            ("camera_state", bridge.camera_state),
        ):
            self._last[name] = {}
            signal.connect(lambda record, name=name: self._on_record(name, record))
        self._selection.vehicle_chosen.connect(self._on_choice)

    @property
    def vehicle(self) -> VehicleId | None:
        """The chosen aircraft."""
        return self._selection.vehicle

    def _on_record(self, name: str, record: Any) -> None:
        self._last[name][record.vehicle_id] = record
        if record.vehicle_id == self._selection.vehicle:
            getattr(self, name).emit(record)

    def _on_choice(self, vehicle: VehicleId | None) -> None:
        self.changed.emit(vehicle)
        if vehicle is None:
            return
        for name, records in self._last.items():
            if vehicle in records:
                getattr(self, name).emit(records[vehicle])
            elif name == "plan_status" and records:
                # What is in force on another aircraft must not look as if it were on this.
                self.plan_status.emit(PlanStatus(vehicle, 0, "idle", ""))
