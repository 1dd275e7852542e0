"""The console's window: the map in the centre, everything else in docks that the operator can arrange and keep."""

from __future__ import annotations

import gc
import html
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QMainWindow,
    QPushButton,
    QTabWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from geofences.area import Area, LatLon
from geofences.terrain import TerrainGrid
from groundstation.console import i18n, theme
from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.dock import ConsoleDock
from groundstation.console.flight.strip import AircraftStrip
from groundstation.console.layouts import Layouts
from groundstation.console.menus import Menus
from groundstation.console.panels.chooser import AircraftChooser
from groundstation.console.panels.common import Panel
from groundstation.console.settings import ConsoleSettings
from groundstation.console.status_bar import StatusStrip
from groundstation.console.views import VIEWS, ViewSpec
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock, SystemClock
from groundstation.core.commands import StationCommands
from groundstation.core.records import PlanStatus, VehicleId, VehicleState
from missions.plan import Plan

_log = logging.getLogger("groundstation.console")
_AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
    "bottom": Qt.DockWidgetArea.BottomDockWidgetArea,
}
_LAMP_VIEWS = {
    "Link": "telemetry", "Flight": "flight", "Fence": "checklist", "Battery": "telemetry", "Position": "telemetry",
    "Video": "video", "Alerts": "alerts", "Neighbour": "neighbour", "Station": "telemetry",
}  # fmt: skip


_SETTLED_MS = 3000


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
        clock: Clock | None = None,
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
            settings=settings if settings is not None else ConsoleSettings(parent=self),
            selection=Selection(self),
            area=area,
            terrain=terrain,
            data_dir=data_dir,
            operator=operator,
            corridors=corridors,
            basemap=basemap,
            services=dict(services or {}),
            clock=clock if clock is not None else SystemClock(),
        )
        theme.use(self.context.settings.theme)
        application = QApplication.instance()
        if application is not None:
            i18n.install(application, self.context.settings.language)
        self.closed = False
        # What is there by then stays as long as the window: a full collection of garbage that looks at all of it stops the
        # map for a tenth of a second and more, again and again.
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.timeout.connect(gc.freeze)
        self.current_panel = ""
        self._plan: Plan | None = None
        self._plans: dict[VehicleId, Plan] = {}
        self._drawn_plan: tuple[Plan, bool] | None = None
        self._plan_status: PlanStatus | None = None
        self._state: VehicleState | None = None
        self._widgets: dict[str, QWidget] = {}
        self._docks: dict[str, ConsoleDock] = {}
        self._dialogs: dict[str, QDialog] = {}
        self._pages: dict[str, QWidget] = {}
        self.setAnimated(False)  # panels that slide leave tab bars where they were, and distract
        self._centre = QTabWidget()
        self._centre.setDocumentMode(True)
        self.setCentralWidget(self._centre)
        self.chooser = AircraftChooser()
        self._build_views()
        self.strip = StatusStrip(self.context, self.chooser, self._video_age_s, self._open_alerts)
        self.aircraft = AircraftStrip(self.context)
        self._build_top(title)
        self._connect()
        self._restyle()
        self.layouts = Layouts(self, self.context.settings)
        self.menus = Menus(self)
        self.lock(True)
        self.layouts.restore(self.context.settings.layout)
        theme.changed.connect(self._restyle)
        for key, slot in (
            ("Home", self.map.show_all),
            ("P", self.map.show_patrol),
            ("C", self.map.toggle_coverage),
            ("F", self._follow),
        ):
            QShortcut(QKeySequence(key), self, activated=slot)
        problem = self.context.settings.problem
        if problem:
            self.say(problem)

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

    @property
    def docks(self) -> Mapping[str, ConsoleDock]:
        """The docks by the names of their views."""
        return self._docks

    @property
    def specs(self) -> tuple[ViewSpec, ...]:
        """All that can be shown."""
        return VIEWS

    def _make(self, spec: ViewSpec) -> QWidget:
        """The widget of a view. One that cannot be made says why in its own place; the others stand."""
        if spec.name in self._widgets:
            return self._widgets[spec.name]
        try:
            widget = spec.make(self.context)
        except Exception as error:
            if spec.place == "centre" and spec.name == "map":
                raise
            _log.exception("the view %s could not be made", spec.name)
            reason = i18n.fill(self.tr("This part of the console could not be opened: {reason}"), reason=error)
            label = QLabel(f'<b style="color:{theme.ALARM}">{html.escape(reason)}</b>')
            label.setWordWrap(True)
            widget = label
        self._widgets[spec.name] = widget
        return widget

    def _build_views(self) -> None:
        for spec in VIEWS:
            if spec.place == "dialog":
                continue
            title = i18n.text("views", spec.title)
            if spec.place == "centre":
                widget = self._make(spec)
                page = self._map_page(widget) if spec.name == "map" else widget
                self._pages[spec.name] = page
                self._centre.addTab(page, title)
                continue
            dock = ConsoleDock(spec.name, title, self)
            self._docks[spec.name] = dock
            self.addDockWidget(_AREAS[spec.place], dock)
            if spec.open_at_start:
                dock.hold(self._make(spec))
            else:
                dock.hide()
                dock.visibilityChanged.connect(lambda shown, spec=spec: self._fill(spec) if shown else None)
        for spec in VIEWS:
            if spec.tab_with and spec.name in self._docks and spec.tab_with in self._docks:
                self.tabifyDockWidget(self._docks[spec.tab_with], self._docks[spec.name])
        for spec in VIEWS:
            if spec.name in self._docks and not spec.tab_with and spec.open_at_start:
                self._docks[spec.name].raise_()
        bar = self._centre.tabBar()
        assert bar is not None
        bar.setVisible(self._centre.count() > 1)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        right = [dock for spec in VIEWS if spec.place == "right" and (dock := self._docks.get(spec.name))]
        self.resizeDocks(right[:1], [480], Qt.Orientation.Horizontal)

    def _fill(self, spec: ViewSpec) -> None:
        dock = self._docks[spec.name]
        if dock.widget() is None:
            dock.hold(self._make(spec))

    def show_view(self, name: str) -> None:
        """Bring a view before the operator and give it the keyboard."""
        spec = next((each for each in VIEWS if each.name == name), None)
        if spec is None:
            return
        if spec.place == "dialog":
            self._open_dialog(spec)
            return
        if spec.place == "centre":
            self._centre.setCurrentWidget(self._pages[name])
        else:
            dock = self._docks[name]
            self._fill(spec)
            dock.show()
            dock.raise_()
            if dock.isFloating():
                dock.activateWindow()
        self.current_panel = name
        first = self._first_focus(self._widgets[name])
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @staticmethod
    def _first_focus(widget: QWidget) -> QWidget:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
        for child in widget.findChildren(QWidget):
            if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.isEnabled() and not child.isHidden():
                return child
        return widget

    def _open_dialog(self, spec: ViewSpec) -> None:
        dialog = self._dialogs.get(spec.name)
        if dialog is None:
            widget = self._make(spec)
            if isinstance(widget, QDialog):
                dialog = widget
            else:
                dialog = QDialog(self)
                dialog.setWindowTitle(i18n.text("views", spec.title))
                column = QVBoxLayout(dialog)
                column.addWidget(widget)
                dialog.resize(900, 640)
            dialog.setStyleSheet(self.styleSheet())
            self._dialogs[spec.name] = dialog
        # Not modal: an alarm behind it can be seen and answered.
        dialog.setModal(False)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def dialog(self, name: str) -> QDialog | None:
        """The window of a view that stands apart, if it was opened."""
        return self._dialogs.get(name)

    def lock(self, locked: bool) -> None:
        """Whether panels stay where they are."""
        self._locked = locked
        for dock in self._docks.values():
            dock.set_locked(locked)

    @property
    def locked(self) -> bool:
        """Whether panels stay where they are."""
        return self._locked

    def next_panel(self, step: int = 1) -> None:
        """Give the keyboard to the next panel: all of the console without a mouse."""
        names = [
            spec.name
            for spec in VIEWS
            if spec.place != "dialog" and spec.name in self._widgets and self._widgets[spec.name].isVisible()
        ]
        if not names:
            return
        holder = QApplication.focusWidget()
        now = next((name for name in names if holder is not None and self._holds(name, holder)), self.current_panel)
        self.show_view(names[(names.index(now) + step) % len(names)] if now in names else names[0])

    def _holds(self, name: str, widget: QWidget) -> bool:
        mine = self._widgets[name]
        return mine is widget or mine.isAncestorOf(widget)

    def say(self, text: str, seconds: float = 20.0) -> None:
        """A line at the bottom of the window."""
        bar = self.statusBar()
        if bar is not None:
            bar.showMessage(text, round(1000 * seconds))

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
        self.strip.set_title(title)
        for name, words, widget in (
            ("bar.status", self.tr("Status"), self.strip),
            ("bar.aircraft", self.tr("Aircraft"), self.aircraft),
        ):
            bar = QToolBar(words, self)
            bar.setObjectName(name)
            bar.setMovable(False)
            action = bar.toggleViewAction()
            if action is not None:
                action.setEnabled(False)  # what tells the state of things cannot be switched away
            bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
            bar.addWidget(widget)
            self.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)
            self.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)

    def _connect(self) -> None:
        bridge, selection = self.bridge, self.context.selection
        bridge.vehicle_state.connect(self.chooser.on_vehicle_state)
        bridge.plan_status.connect(self.chooser.on_plan_status)
        self.chooser.currentIndexChanged.connect(lambda _: selection.choose_vehicle(self.chooser.chosen))
        selection.vehicle_chosen.connect(self.chooser.choose)
        self.chooser.state.connect(self._on_state)
        self.chooser.plan_status.connect(self._on_plan_status)
        self.strip.asked.connect(lambda name: self.show_view(_LAMP_VIEWS[name]))
        self.context.settings.changed.connect(self._on_setting)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(lambda _: QTimer.singleShot(500, self._on_screens))

    def _on_screens(self) -> None:
        back = self.layouts.bring_back()
        if back:
            self.say(i18n.fill(self.tr("A screen is gone; back in the window: {names}"), names=", ".join(back)))

    def _on_setting(self, name: str) -> None:
        settings = self.context.settings
        if name == "theme":
            theme.use(settings.theme)
        elif name == "text_px":
            self._restyle()
        elif name == "language":
            self.say(self.tr("The language changes when the console is opened again."))
        if settings.problem:
            self.say(settings.problem)

    def start(self) -> None:
        """Begin to show what the bus says."""
        self.bridge.start()
        self._settled.start(_SETTLED_MS)

    def set_plan(self, plan: Plan, vehicle_id: VehicleId | None = None) -> None:
        """Show a plan and offer it for upload. ``vehicle_id``: the one aircraft that it is for; None: any without its own."""
        if vehicle_id is None:
            self._plan = plan
        else:
            self._plans[vehicle_id] = plan
        if vehicle_id is None or vehicle_id == self.context.selection.vehicle:
            self._draw_plan(plan, in_force=False)

    def _draw_plan(self, plan: Plan, in_force: bool) -> None:
        self._drawn_plan = (plan, in_force)
        self.controls.set_plan(plan)
        self.map.set_plan(plan, in_force=in_force)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """The station goes on without us."""
        self.closed = True
        self._settled.stop()
        gc.unfreeze()  # this window is garbage soon
        if self.context.settings.path is not None:
            self.layouts.save(self.context.settings.layout)
        self.bridge.stop()
        for dialog in self._dialogs.values():
            dialog.close()
        super().closeEvent(event)

    def _restyle(self) -> None:
        sheet = theme.style_sheet(self.context.settings.text_px)
        self.setStyleSheet(sheet)
        for dialog in self._dialogs.values():
            dialog.setStyleSheet(sheet)

    def _video_age_s(self) -> float:
        # Whatever stands in the place of the video, one that tells no age is not live.
        age_s = getattr(self._widgets.get("video"), "age_s", None)
        return float(age_s()) if age_s is not None else float("inf")

    def _open_alerts(self) -> int:
        return int(self.alerts.open_count())

    def _follow(self) -> None:
        if self._state is not None and self._state.lat_deg == self._state.lat_deg:
            self.map.go_to(self._state.lat_deg, self._state.lon_deg, 400.0)

    def _on_state(self, state: VehicleState) -> None:
        self._state = state
        self.map.on_vehicle_state(state)

    def _on_plan_status(self, status: PlanStatus) -> None:
        self._plan_status = status
        plan = self._plans.get(status.vehicle_id, self._plan)
        if plan is None:
            return
        # Another plan in force, sent from elsewhere, must not make this one look as if it were.
        in_force = status.phase == "in_force" and status.plan_name == plan.name
        # An upload tells its progress many times a second; the fences change their look twice.
        if self._drawn_plan is None or self._drawn_plan[0] is not plan or self._drawn_plan[1] is not in_force:
            self._draw_plan(plan, in_force)
