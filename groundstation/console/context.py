"""What every part of the console is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from geofences.area import Area, LatLon
from geofences.terrain import TerrainGrid
from groundstation.console.bridge import Bridge
from groundstation.console.settings import ConsoleSettings
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock, SystemClock
from groundstation.core.commands import StationCommands
from groundstation.core.records import VehicleId


class Selection(QObject):
    """What the operator has picked. Only the operator's hand changes it, never what comes in: an order must not go to
    another aircraft because that one was heard last. The one exception is the first aircraft that is heard.
    """

    vehicle_chosen = pyqtSignal(object)
    track_chosen = pyqtSignal(object)
    incident_chosen = pyqtSignal(object)
    look_at = pyqtSignal(float, float)
    """Somebody asks the map to go to a latitude and longitude."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vehicle: VehicleId | None = None
        self._track: tuple[str, int] | None = None
        self._incident_id: str | None = None

    @property
    def vehicle(self) -> VehicleId | None:
        """The aircraft that orders are for."""
        return self._vehicle

    @property
    def track(self) -> tuple[str, int] | None:
        """Stream and number of a track."""
        return self._track

    @property
    def incident_id(self) -> str | None:
        """An incident."""
        return self._incident_id

    def choose_vehicle(self, vehicle: VehicleId | None) -> None:
        """Pick an aircraft; told only when it is another."""
        if vehicle != self._vehicle:
            self._vehicle = vehicle
            self.vehicle_chosen.emit(vehicle)

    def choose_track(self, track: tuple[str, int] | None) -> None:
        """Pick a track; told only when it is another."""
        if track != self._track:
            self._track = track
            self.track_chosen.emit(track)

    def choose_incident(self, incident_id: str | None) -> None:
        """Pick an incident; told only when it is another."""
        if incident_id != self._incident_id:
            self._incident_id = incident_id
            self.incident_chosen.emit(incident_id)


@dataclass
class ConsoleContext:
    """The station as the console sees it. ``data_dir`` is the station's folder (``station.db``, ...).

    ``services``: what the composition root hands in by name ("alerts", "flight", "share", "plans"); a panel whose service
    is missing is greyed and says so.
    """

    bus: Bus
    bridge: Bridge
    commands: StationCommands | None
    settings: ConsoleSettings
    selection: Selection
    area: Area | None = None
    terrain: TerrainGrid | None = None
    data_dir: Path | None = None
    operator: str = "operator"
    corridors: Sequence[tuple[LatLon, ...]] = ()
    basemap: Path | None = None
    services: dict[str, Any] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
