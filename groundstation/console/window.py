"""The console's window: the map in the centre, everything else in docks that the operator can arrange and keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PyQt6.QtWidgets import QDockWidget, QMainWindow, QPushButton, QTabWidget, QToolBar, QWidget

from geofences.area import Area, LatLon
from geofences.terrain import TerrainGrid
from groundstation.console import i18n, theme
from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.panels.chooser import AircraftChooser
from groundstation.console.panels.common import Panel
from groundstation.console.settings import ConsoleSettings
from groundstation.console.status_bar import StatusStrip
from groundstation.console.views import VIEWS, ViewSpec
from groundstation.core.bus import Bus
from groundstation.core.commands import StationCommands
from groundstation.core.records import PlanStatus, VehicleState
from missions.plan import Plan

_AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}


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
        data_dir: Path | None = None,
        settings: ConsoleSettings | None = None,
        services: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setObjectName("console")
        self.resize(1600, 940)
        self.setDockNestingEnabled(True)
        self.bridge = Bridge(bus, self)
        self.context = ConsoleContext(
            bus=bus,
            bridge=self.bridge,
            commands=commands,
            settings=settings if settings is not None else ConsoleSettings(),
            selection=Selection(self),
            area=area,
            terrain=terrain,
            data_dir=data_dir,
            operator=operator,
            corridors=corridors,
            basemap=basemap,
            services=dict(services or {}),
        )
        theme.use(self.context.settings.theme)
        self._plan: Plan | None = None
        self._plan_status: PlanStatus | None = None
        self._state: VehicleState | None = None
        self._widgets: dict[str, QWidget] = {}
        self._docks: dict[str, QDockWidget] = {}
        self._centre = QTabWidget()
        self._centre.setDocumentMode(True)
        self.setCentralWidget(self._centre)
        self.chooser = AircraftChooser()
        self._build_views()
        self.strip = StatusStrip(self.context, self.chooser, self._video_age_s)
        self._build_top(title)
        self._connect()
        self._restyle()
        theme.changed.connect(self._restyle)
        QShortcut(QKeySequence("Home"), self, activated=self.map.show_all)
        QShortcut(QKeySequence("P"), self, activated=self.map.show_patrol)
        QShortcut(QKeySequence("C"), self, activated=self.map.toggle_coverage)
        QShortcut(QKeySequence("F"), self, activated=self._follow)

    def view(self, name: str) -> QWidget:
        """The widget of a view by the name in ``VIEWS``; made now if it was not yet. Raises ``KeyError``."""
        if name not in self._widgets:
            self._make(next(spec for spec in VIEWS if spec.name == name))
        return self._widgets[name]

    @property
    def map(self) -> Any:
        """The map."""
        return self.view("map")

    @property
    def video(self) -> Any:
        """The video."""
        return self.view("video")

    @property
    def alerts(self) -> Any:
        """The alerts."""
        return self.view("alerts")

    @property
    def telemetry(self) -> Any:
        """The numbers of the chosen aircraft."""
        return self.view("telemetry")

    @property
    def controls(self) -> Any:
        """The orders to the chosen aircraft."""
        return self.view("controls")

    @property
    def neighbour(self) -> Any:
        """The neighbour."""
        return self.view("neighbour")

    @property
    def lamps(self) -> Any:
        """The lamps of the strip, by name."""
        return self.strip.lamps

    def _make(self, spec: ViewSpec) -> None:
        widget = spec.make(self.context)
        self._widgets[spec.name] = widget

    def _build_views(self) -> None:
        for spec in VIEWS:
            if not spec.open_at_start or spec.place == "dialog":
                continue
            self._make(spec)
            widget, title = self._widgets[spec.name], i18n.text("views", spec.title)
            if spec.place == "centre":
                self._centre.addTab(self._map_page(widget) if spec.name == "map" else widget, title)
                continue
            dock = QDockWidget(title, self)
            dock.setObjectName(f"dock.{spec.name}")
            if isinstance(widget, Panel):
                dock.setWidget(widget)
            else:
                panel = Panel(title)
                panel.body.addWidget(widget, 1)
                dock.setWidget(panel)
            self.addDockWidget(_AREAS[spec.place], dock)
            dock.setTitleBarWidget(QWidget(dock))
            self._docks[spec.name] = dock
        bar = self._centre.tabBar()
        assert bar is not None
        bar.setVisible(self._centre.count() > 1)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        right = [dock for spec in VIEWS if spec.place == "right" and (dock := self._docks.get(spec.name))]
        self.resizeDocks(right[:1], [640], Qt.Orientation.Horizontal)

    def _map_page(self, widget: Any) -> QWidget:
        page = Panel(self.tr("Map"))
        for text, slot in (
            (self.tr("Whole area (Home)"), widget.show_all),
            (self.tr("Patrol (P)"), widget.show_patrol),
            (self.tr("Age map (C)"), widget.toggle_coverage),
            (self.tr("Aircraft (F)"), self._follow),
        ):
            button = QPushButton(text)
            button.setObjectName("small")
            button.clicked.connect(slot)
            page.header.addWidget(button)
        page.body.addWidget(widget, 1)
        return page

    def _build_top(self, title: str) -> None:
        bar = QToolBar(self.tr("Status"), self)
        bar.setObjectName("bar.status")
        bar.setMovable(False)
        bar.toggleViewAction().setVisible(False)  # type: ignore[union-attr]
        self.strip.set_title(title)
        bar.addWidget(self.strip)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)

    def _connect(self) -> None:
        bridge, selection = self.bridge, self.context.selection
        bridge.vehicle_state.connect(self.chooser.on_vehicle_state)
        bridge.plan_status.connect(self.chooser.on_plan_status)
        self.chooser.currentIndexChanged.connect(lambda _: selection.choose_vehicle(self.chooser.chosen))
        selection.vehicle_chosen.connect(self.chooser.choose)
        self.chooser.state.connect(self._on_state)
        self.chooser.plan_status.connect(self._on_plan_status)

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

    def _restyle(self) -> None:
        self.setStyleSheet(theme.style_sheet(self.context.settings.text_px))

    def _video_age_s(self) -> float:
        return float(self.video.age_s())

    def _follow(self) -> None:
        if self._state is not None and self._state.lat_deg == self._state.lat_deg:
            self.map.go_to(self._state.lat_deg, self._state.lon_deg, 400.0)

    def _on_state(self, state: VehicleState) -> None:
        self._state = state
        self.map.on_vehicle_state(state)

    def _on_plan_status(self, status: PlanStatus) -> None:
        was_in_force = self._plan_status is not None and self._plan_status.phase == "in_force"
        in_force = status.phase == "in_force"
        self._plan_status = status
        # An upload tells its progress many times a second; the fences change their look twice.
        if self._plan is not None and in_force is not was_in_force:
            self.map.set_plan(self._plan, in_force=in_force)
