"""The console's window: a strip of lamps, the map, the video, the alerts, the aircraft, the patrol, the neighbour."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMainWindow, QPushButton, QSplitter, QVBoxLayout, QWidget

from geofences.area import Area, LatLon
from geofences.terrain import TerrainGrid
from groundstation.console import theme
from groundstation.console.bridge import Bridge
from groundstation.console.link_lamp import link_lamp
from groundstation.console.map.basemap import BaseImage, hillshade, read_mbtiles
from groundstation.console.map.view import MapView
from groundstation.console.panels.alerts import AlertsPanel
from groundstation.console.panels.chooser import AircraftChooser
from groundstation.console.panels.common import Lamp, Panel
from groundstation.console.panels.controls import ControlsPanel
from groundstation.console.panels.neighbour import NeighbourPanel
from groundstation.console.panels.telemetry import TelemetryPanel
from groundstation.console.panels.video import VideoPanel
from groundstation.core.bus import Bus
from groundstation.core.commands import StationCommands
from groundstation.core.records import PeerStatus, PlanStatus, StreamHealth, VehicleState
from missions.plan import Plan


def _base_image(area: Area | None, terrain: TerrainGrid | None, basemap: Path | None) -> BaseImage | None:
    if basemap is not None and terrain is not None:
        return read_mbtiles(basemap, terrain.south_deg, terrain.west_deg, terrain.north_deg, terrain.east_deg)
    return hillshade(terrain) if terrain is not None else None


class ConsoleWindow(QMainWindow):
    """A client of the bus: it can be closed and opened without the station noticing."""

    def __init__(
        self,
        bus: Bus,
        commands: StationCommands | None,
        area: Area | None = None,
        terrain: TerrainGrid | None = None,
        basemap: Path | None = None,
        operator: str = "operator",
        title: str = "Marchwarden",
        corridors: Sequence[tuple[LatLon, ...]] = (),
    ) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setStyleSheet(theme.STYLE)
        self.resize(1600, 940)
        self._commands, self._operator = commands, operator
        self._plan: Plan | None = None
        self._state: VehicleState | None = None
        self._plan_status: PlanStatus | None = None
        self._health: StreamHealth | None = None
        self._peer: PeerStatus | None = None
        self._peer_mono_s = 0.0
        self.map = MapView(area, _base_image(area, terrain, basemap))
        for outline in corridors:
            self.map.set_corridor(outline)
        self.video = VideoPanel()
        self.alerts = AlertsPanel()
        self.telemetry = TelemetryPanel()
        self.controls = ControlsPanel(commands)
        self.chooser = AircraftChooser()
        self.neighbour = NeighbourPanel()
        self.lamps = {
            name: Lamp(name) for name in ("Link", "Flight", "Fence", "Battery", "Position", "Video", "Neighbour")
        }
        self._lay_out(title)
        self.bridge = Bridge(bus, self)
        self._connect()
        QShortcut(QKeySequence("Home"), self, activated=self.map.show_all)
        QShortcut(QKeySequence("P"), self, activated=self.map.show_patrol)
        QShortcut(QKeySequence("C"), self, activated=self.map.toggle_coverage)
        QShortcut(QKeySequence("F"), self, activated=self._follow)

    def _lay_out(self, title: str) -> None:
        strip = QFrame()
        strip.setObjectName("panel")
        row = QHBoxLayout(strip)
        row.setContentsMargins(6, 2, 12, 2)
        name = QLabel(title)
        name.setStyleSheet("font-size: 16px; font-weight: 700; padding: 0 12px;")
        row.addWidget(name)
        row.addWidget(self.chooser)
        for lamp in self.lamps.values():
            row.addWidget(lamp)
        row.addStretch(1)
        self._clock = QLabel()
        self._clock.setStyleSheet("font-size: 18px; font-weight: 600;")
        row.addWidget(self._clock)
        map_panel = Panel("Map")
        for text, slot in (
            (self.tr("Whole area (Home)"), self.map.show_all),
            (self.tr("Patrol (P)"), self.map.show_patrol),
            (self.tr("Age map (C)"), self.map.toggle_coverage),
            (self.tr("Aircraft (F)"), self._follow),
        ):
            button = QPushButton(text)
            button.setStyleSheet("padding: 3px 8px; font-size: 12px;")
            button.clicked.connect(slot)
            map_panel.header.addWidget(button)
        map_panel.body.addWidget(self.map, 1)
        left = QWidget()
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.addWidget(map_panel, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.telemetry, 1)
        bottom.addWidget(self.controls, 1)
        left_column.addLayout(bottom)
        video_panel = Panel("Video")
        video_panel.body.addWidget(self.video, 1)
        right = QWidget()
        right_column = QVBoxLayout(right)
        right_column.setContentsMargins(0, 0, 0, 0)
        right_column.addWidget(video_panel, 5)
        right_column.addWidget(self.alerts, 5)
        right_column.addWidget(self.neighbour)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setSizes([960, 640])
        central = QWidget()
        central.setObjectName("central")
        column = QVBoxLayout(central)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(strip)
        column.addWidget(splitter, 1)
        self.setCentralWidget(central)

    def _connect(self) -> None:
        bridge = self.bridge
        for slot in (
            self.map.on_vehicle_state,
            self.telemetry.on_vehicle_state,
            self.controls.on_vehicle_state,
            self._on_state,
        ):
            self.chooser.state.connect(slot)
        for slot in (self.controls.on_plan_status, self._on_plan_status):
            self.chooser.plan_status.connect(slot)
        bridge.vehicle_state.connect(self.chooser.on_vehicle_state)
        bridge.plan_status.connect(self.chooser.on_plan_status)
        for slot in (self.map.on_tracks, self.video.on_tracks):
            bridge.tracks.connect(slot)
        for slot in (self.map.on_incident, self.alerts.on_incident):
            bridge.incident.connect(slot)
        for slot in (self.neighbour.on_peer_status, self._on_peer_status):
            bridge.peer_status.connect(slot)
        for slot in (self.video.on_health, self._on_health):
            bridge.stream_health.connect(slot)
        bridge.preview.connect(self.video.on_preview)
        bridge.status_text.connect(self.telemetry.on_status_text)
        bridge.station_fault.connect(self.telemetry.on_station_fault)
        bridge.remote_tracks.connect(self.map.on_remote_tracks)
        bridge.coverage.connect(self.map.on_coverage)
        bridge.remote_incident.connect(self.alerts.on_remote_incident)
        bridge.tick.connect(self._on_tick)
        self.alerts.acknowledge.connect(self._acknowledge)
        self.alerts.show_on_map.connect(self.map.go_to)

    def start(self) -> None:
        """Begin to show what the bus says."""
        self.bridge.start()

    def set_plan(self, plan: Plan) -> None:
        """Show a plan and offer it for upload."""
        self._plan = plan
        self.controls.set_plan(plan)
        self.map.set_plan(plan, in_force=False)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """The station goes on without us."""
        self.bridge.stop()
        super().closeEvent(event)

    def _acknowledge(self, incident_id: str) -> None:
        if self._commands is not None:
            self._commands.acknowledge(incident_id, self._operator)

    def _follow(self) -> None:
        if self._state is not None and self._state.lat_deg == self._state.lat_deg:
            self.map.go_to(self._state.lat_deg, self._state.lon_deg, 400.0)

    def _on_state(self, state: VehicleState) -> None:
        self._state = state

    def _on_plan_status(self, status: PlanStatus) -> None:
        was_in_force = self._plan_status is not None and self._plan_status.phase == "in_force"
        in_force = status.phase == "in_force"
        self._plan_status = status
        # An upload tells its progress many times a second; the fences change their look twice.
        if self._plan is not None and in_force is not was_in_force:
            self.map.set_plan(self._plan, in_force=in_force)

    def _on_health(self, health: StreamHealth) -> None:
        self._health = health

    def _on_peer_status(self, status: PeerStatus) -> None:
        self._peer, self._peer_mono_s = status, time.monotonic()

    def _on_tick(self) -> None:
        self.map.on_tick()
        self._clock.setText(datetime.now(UTC).strftime("%H:%M:%S Z"))
        self._show_aircraft_lamps()
        age_s = self.video.age_s()
        health = self._health
        if health is None:
            self.lamps["Video"].show_state("off", "no data")
        elif health.health.state == "running" and age_s < 1.0:
            self.lamps["Video"].show_state("ok", f"{health.health.processed_per_s:.0f}/s")
        elif health.health.state == "running":
            self.lamps["Video"].show_state("alarm" if age_s > 2.0 else "caution", f"old {min(age_s, 999):.0f} s")
        else:
            self.lamps["Video"].show_state("alarm", health.health.state.replace("_", " "), health.health.detail)
        if self._peer is None:
            self.lamps["Neighbour"].show_state("off", "not set up")
        elif not self._peer.connected or time.monotonic() - self._peer_mono_s > 10.0:
            self.lamps["Neighbour"].show_state("caution", f"cut, {self._peer.waiting} wait")
        else:
            self.lamps["Neighbour"].show_state("ok", f"{self._peer.stored_seq} stored")
        self.video.update()

    def _show_aircraft_lamps(self) -> None:
        state = self._state
        if state is None:
            return
        age_s = (time.monotonic_ns() - state.t_mono_ns) / 1e9
        alive = state.link_alive and age_s < 5.0
        lamps = self.lamps
        lamps["Link"].show_state(*(link_lamp(state) if alive else ("alarm", f"LOST {age_s:.0f} s")))
        if not alive:
            for name in ("Flight", "Fence", "Battery", "Position"):
                lamps[name].show_state("off", "unknown")
            return
        lamps["Flight"].show_state("ok" if state.armed else "off", state.mode if state.armed else "on the ground")
        fence = state.fence
        if fence.breached:
            lamps["Fence"].show_state("alarm", "BREACHED")
        elif fence.enabled and self._plan_status is not None and self._plan_status.phase == "in_force":
            lamps["Fence"].show_state("ok", "in force")
        elif fence.enabled:
            lamps["Fence"].show_state("caution", "on, not ours", "The aircraft keeps a fence that was not verified")
        else:
            lamps["Fence"].show_state("alarm" if state.armed else "caution", "NOT in force")
        percent = state.battery_percent
        if percent == percent:
            level = "alarm" if percent < 20 else "caution" if percent < 35 else "ok"
            lamps["Battery"].show_state(level, f"{percent:.0f} %")
        if state.position_ok:
            lamps["Position"].show_state("ok", f"{state.satellites} sats")
        else:
            lamps["Position"].show_state("alarm", "NOT good")
