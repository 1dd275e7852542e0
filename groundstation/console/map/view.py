"""The map: a pyqtgraph canvas in Web Mercator metres with its layers, tools and buttons."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QAction, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PyQt6.QtWidgets import QMenu, QVBoxLayout, QWidget

from geofences.area import LatLon
from geofences.coordinates import FORMATS, Coordinate, CoordinateFormat
from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.map.backgrounds import Backgrounds
from groundstation.console.map.bar import MapBar
from groundstation.console.map.base.layer import BaseLayer
from groundstation.console.map.canvas import MapCanvas
from groundstation.console.map.coverage_layer import CoverageLayer
from groundstation.console.map.goto import Bookmark, Bookmarks, GoToDialog
from groundstation.console.map.graphics import Words
from groundstation.console.map.layers.aircraft import AircraftLayer, FootprintLayer, ForecastLayer
from groundstation.console.map.layers.fences import CorridorLayer, FencesLayer, PatrolLayer
from groundstation.console.map.layers.grid import GraticuleLayer, MgrsLayer
from groundstation.console.map.layers.ground import BorderLayer, NoLookLayer, PlacesLayer, ZonesLayer
from groundstation.console.map.layers.others import FriendsLayer, IncidentsLayer, NeighbourLayer, TrafficLayer
from groundstation.console.map.layers.tracks import TracksLayer
from groundstation.console.map.legend import Legend
from groundstation.console.map.measure import MeasureTool
from groundstation.console.map.overlay import MapOverlay
from groundstation.console.map.projection import polyline, scale, to_lat_lon, to_mercator
from groundstation.console.map.readout import Readout
from groundstation.console.map.tools import ContextActions, MapLayer, MapTool
from groundstation.core import topics
from groundstation.core.clock import Clock
from groundstation.core.coverage_records import CoverageState
from groundstation.core.records import Incident, RemoteTrack, VehicleId, VehicleState, VideoTracks
from missions.plan import Plan

_PART = "map"
_WATCHED_M = 130.0  # around the patrol: the border strip and what the camera sees of it
_CLICK_PX = 12.0
_LEGEND_EVERY_S = 0.5
_WORLD_M = 20_037_508.0


class MapView(QWidget):
    """Everything with a place. It wires itself to the bridge and the selection of ``context``."""

    def __init__(self, context: ConsoleContext, clock: Clock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pg.setConfigOptions(imageAxisOrder="row-major")
        self._context, self._clock = context, clock or context.clock
        area = context.area
        self._kept: dict[str, Any] = _table(context.settings.part(_PART, {}))
        written_as = self._kept.get("coordinates", "decimal")
        self.context_actions: list[ContextActions] = [self._own_actions]
        """Who offers something at a right click."""
        self.canvas = MapCanvas()
        self._view = self.canvas.getPlotItem().getViewBox()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self._overlay = MapOverlay(self)
        self.readout = Readout(self._overlay, context.terrain, written_as if written_as in FORMATS else "decimal")
        self._layers: dict[str, MapLayer] = {}
        self._patrol_box: tuple[np.ndarray, np.ndarray] | None = None
        self._menu: QMenu | None = None
        self._offered: list[QAction] = []
        self._moved = True
        self._legend_s = -math.inf
        self._following = False
        self._fit: Callable[[], None] | None = None  # what is shown whole, until the operator moves the map
        self.legend = Legend(self, self._on_switched, folded=bool(self._kept.get("legend_folded", True)))
        self.legend.fold.toggled.connect(lambda is_open: self._keep(legend_folded=not is_open))

        c = self._clock
        self.base = BaseLayer(c)
        self.graticule, self.mgrs = GraticuleLayer(c, self.view_box), MgrsLayer(c, self.view_box)
        self.border, self.zones, self.places = BorderLayer(area, c), ZonesLayer(area, c), PlacesLayer(area, c)
        self.no_look = NoLookLayer(area, c)
        self.fences, self.patrol, self.corridor = FencesLayer(area, c), PatrolLayer(c), CorridorLayer(c)
        self.aircraft, self.footprint, self.forecast = AircraftLayer(c), FootprintLayer(c), ForecastLayer(c)
        self.tracks, self.incidents = TracksLayer(area, c, self.view_box), IncidentsLayer(c)
        self.neighbour, self.friends, self.traffic = NeighbourLayer(c), FriendsLayer(c), TrafficLayer(c)
        self._coverage = CoverageLayer(c)
        self.backgrounds = Backgrounds(
            self.base, context.settings, context.terrain, context.basemap, context.data_dir
        )  # fmt: skip
        for layer in (
            self.aircraft, self.patrol, self.footprint, self.forecast, self.fences, self.zones, self.no_look,
            self.border, self.places, self.tracks, self.incidents, self._coverage, self.neighbour, self.friends,
            self.traffic, self.corridor, self.base, self.graticule, self.mgrs,
        ):  # fmt: skip
            self.add_layer(layer)
        for outline in context.corridors:
            self.corridor.add(outline)
        self.bookmarks = Bookmarks(context.settings)
        self.bar = MapBar(self, self, self.bookmarks, self.backgrounds)
        self.legend.placed.connect(self._place_bar)
        self._connect()
        self._shortcuts()
        self.show_all()

    def _connect(self) -> None:
        bridge, selection = self._context.bridge, self._context.selection
        bridge.vehicle_state.connect(self.on_vehicle_state)
        bridge.listen(topics.FLIGHT_FORECAST, self.forecast.on_forecast)
        bridge.fence_report.connect(self.fences.on_fence_report)
        bridge.tracks.connect(self.on_tracks)
        bridge.incident.connect(self.on_incident)
        bridge.remote_tracks.connect(self.on_remote_tracks)
        bridge.remote_incident.connect(self.incidents.on_remote)
        bridge.friend_position.connect(self.friends.on_friend)
        bridge.traffic.connect(self.traffic.on_traffic)
        bridge.coverage.connect(self.on_coverage)
        bridge.frame.connect(self.on_tick)
        selection.look_at.connect(self.go_to)
        selection.vehicle_chosen.connect(self._on_vehicle_chosen)
        selection.track_chosen.connect(self.tracks.choose)
        selection.incident_chosen.connect(self.incidents.choose)
        self._on_vehicle_chosen(selection.vehicle)
        self._view.sigRangeChanged.connect(self._range_changed)
        self._view.sigRangeChangedManually.connect(self._moved_by_hand)
        self.canvas.cursor_moved.connect(self.readout.on_moved)
        self.canvas.cursor_left.connect(self.readout.on_left)
        self.canvas.clicked.connect(self._clicked)
        self.canvas.asked_for_menu.connect(self._show_menu)
        self.canvas.dragged.connect(lambda: self.follow(False))
        self.canvas.tool_changed.connect(self._tool_changed)
        theme.changed.connect(self._restyle)
        backgrounds = self.backgrounds
        self.destroyed.connect(backgrounds.close)

    def _shortcuts(self) -> None:
        for keys, slot in (
            ("G", self.ask_where),
            ("M", self.bar.measure.toggle),
            ("Shift+F", self.bar.follow.toggle),
            ("L", self.legend.fold.toggle),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    # -- for others ----------------------------------------------------------------------------------------------

    def set_tool(self, tool: MapTool | None) -> None:
        """Give the mouse and keys of the map to a tool; None gives them back."""
        self.canvas.set_tool(tool)

    def add_layer(self, layer: MapLayer) -> None:
        """Draw one layer more, shown or hidden as the operator has left it.

        Raises :class:`ValueError` when its name is taken.
        """
        if layer.name in self._layers:
            raise ValueError(f"there is a layer {layer.name} already")
        self._layers[layer.name] = layer
        for item in layer.items():
            self.canvas.addItem(item)
        shown = _table(self._kept.get("shown", {})).get(layer.name)
        layer.visible = shown if isinstance(shown, bool) else layer.visible
        self._rank_words()
        self.legend.add(layer)
        self.legend.place(self.height())

    def _rank_words(self) -> None:
        """Words of a layer above come before those below it; those on the map's ground (border, grid) stand by themselves."""
        all_words = [item for layer in self._layers.values() for item in layer.items() if isinstance(item, Words)]
        ranked = sorted(all_words, key=lambda words: words.rank)
        for number, words in enumerate(ranked):
            words.above = () if words.may_overlap else ranked[number + 1 :]

    def remove_layer(self, name: str) -> None:
        """Take a layer off again; one that is not there is no error."""
        layer = self._layers.pop(name, None)
        if layer is not None:
            for item in layer.items():
                self.canvas.removeItem(item)
            self._rank_words()
            self.legend.remove(name)

    def view_box(self) -> tuple[float, float, float, float]:
        """What is in view: west, south, east, north in Mercator metres."""
        (west, east), (south, north) = self._view.viewRange()
        return float(west), float(south), float(east), float(north)

    # -- where it looks ------------------------------------------------------------------------------------------

    def show_all(self) -> None:
        """Zoom to the whole area."""
        area = self._context.area
        if area is None:
            return
        zones = [p for z in (*area.inclusions, *area.exclusions) for p in z.points]
        points = polyline([*zones, (area.launch.lat_deg, area.launch.lon_deg)])
        self._show(points.min(axis=0), points.max(axis=0), 0.06)
        self._fit = self.show_all

    def show_patrol(self) -> None:
        """Zoom to the patrol and the strip that it watches; the whole area without a plan."""
        if self._patrol_box is None:
            self.show_all()
        else:
            self._show(*self._patrol_box, 0.03)
            self._fit = self.show_patrol

    def go_to(self, lat_deg: float, lon_deg: float, width_m: float = 250.0) -> None:
        """Centre the map on a place."""
        x, y = to_mercator(lat_deg, lon_deg)
        half = width_m * scale(lat_deg) / 2
        self._show(np.array([x - half, y - half]), np.array([x + half, y + half]), 0.0)

    def _show(self, low: np.ndarray, high: np.ndarray, padding: float) -> None:
        self._fit = None
        left = low[0]
        share = self.legend.covers() / max(self.width(), 1)
        if padding and share < 0.4:
            # What is to be seen whole is shown beside the legend, not under it.
            left -= (high[0] - low[0]) * share / (1.0 - share)
        self._view.setRange(xRange=(left, high[0]), yRange=(low[1], high[1]), padding=padding)

    def follow(self, on: bool) -> None:
        """Keep the chosen aircraft in the middle part of the map; moving the map by hand ends it."""
        if on is self._following:
            return
        self._following = on
        self.bar.follow.setChecked(on)
        self._overlay.notice = self.tr("The map follows the aircraft") if on else ""
        self._overlay.update()
        if on:
            self._keep_in_view(at_once=True)

    def _keep_in_view(self, at_once: bool = False) -> None:
        place = self.aircraft.place_of(self._context.selection.vehicle)
        if place is None:
            return
        x, y = to_mercator(*place)
        west, south, east, north = self.view_box()
        away = max(abs(x - (west + east) / 2) / (east - west), abs(y - (south + north) / 2) / (north - south))
        if away > 0.25 or at_once:
            self._fit = None
            self._view.translateBy(x=float(x) - (west + east) / 2, y=float(y) - (south + north) / 2)

    def ask_where(self) -> None:
        """Ask for a coordinate and go there."""
        dialog = GoToDialog(self._go_to_typed, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _go_to_typed(self, place: Coordinate) -> None:
        self.follow(False)
        self.go_to(place.lat_deg, place.lon_deg, max(4.0 * place.within_m, 400.0))

    def bookmark_here(self, name: str) -> Bookmark:
        """What is shown now, with a name."""
        west, south, east, north = self.view_box()
        lat, lon = (float(v) for v in to_lat_lon((west + east) / 2, (south + north) / 2))
        return Bookmark(name, lat, lon, (east - west) / scale(lat))

    def show_bookmark(self, mark: Bookmark) -> None:
        """Go to a place that was kept."""
        self.follow(False)
        self.go_to(mark.lat_deg, mark.lon_deg, mark.width_m)

    # -- what comes in -------------------------------------------------------------------------------------------

    def set_corridor(self, outline: tuple[LatLon, ...]) -> None:
        """Draw the edge of what an agreement lets the neighbour know."""
        self.corridor.add(outline)

    def set_plan(self, plan: Plan, in_force: bool) -> None:
        """Draw a plan; ``in_force``: it was read back of the aircraft and found equal."""
        self.fences.set_plan(plan, in_force)
        way = self.patrol.set_plan(plan, in_force)
        if len(way) > 1:
            around = _WATCHED_M * scale(plan.home_lat_deg)
            first = self._patrol_box is None
            self._patrol_box = (way.min(axis=0) - around, way.max(axis=0) + around)
            if first:
                self.show_patrol()

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Move an aircraft."""
        self.aircraft.on_state(state)
        self.forecast.on_state(state)

    def on_tracks(self, record: VideoTracks) -> None:
        """Own tracks, and what the camera sees."""
        self.tracks.on_tracks(record)
        self.footprint.on_tracks(record)

    def on_remote_tracks(self, records: list[RemoteTrack]) -> None:
        """The neighbour's tracks."""
        self.neighbour.on_tracks(records)

    def on_incident(self, incident: Incident) -> None:
        """An incident of ours."""
        self.incidents.on_incident(incident)
        self.tracks.on_incident(incident)

    def on_coverage(self, state: CoverageState) -> None:
        """When each piece of the border and each cell was last seen."""
        self._coverage.on_state(state)

    def toggle_coverage(self) -> None:
        """Show or hide the age map."""
        self.legend.box("coverage").toggle()

    def on_tick(self) -> None:
        """Draw what has changed."""
        self.backgrounds.on_tick()
        if self._moved or self.base.loaders:
            self._moved = False
            self.base.want(self.view_box(), self._view.width() * self.devicePixelRatioF())
        for layer in self._layers.values():
            layer.on_tick()
        if self._following:
            self._keep_in_view()
        now_s = self._clock.mono_ns() / 1e9
        if now_s - self._legend_s >= _LEGEND_EVERY_S:
            self._legend_s = now_s
            self.legend.update_look()

    def _on_vehicle_chosen(self, vehicle: VehicleId | None) -> None:
        self.aircraft.choose(vehicle)
        self.fences.set_vehicle(vehicle)

    # -- mouse and keys ------------------------------------------------------------------------------------------

    def measure(self, on: bool) -> None:
        """Take the measuring tool, or put it away."""
        measuring = isinstance(self.canvas.tool, MeasureTool)
        if on and not measuring:
            self.set_tool(MeasureTool(self.canvas.addItem, self.canvas.removeItem))
        elif not on and measuring:
            self.set_tool(None)

    def _tool_changed(self, tool: MapTool | None) -> None:
        self.bar.measure.setChecked(isinstance(tool, MeasureTool))

    def _clicked(self, lat: float, lon: float, px: QPointF) -> None:
        """Picks an incident or a track. An aircraft is picked in its menu: a slip of the hand gives orders to none."""
        x, y = (float(v) for v in to_mercator(lat, lon))
        within = _CLICK_PX * float(self._view.viewPixelSize()[0])
        selection = self._context.selection
        incident = self.incidents.nearest(x, y, within) if self.incidents.visible else None
        if incident is not None:
            selection.choose_incident(incident)
            return
        selection.choose_track(self.tracks.nearest(x, y, within) if self.tracks.visible else None)

    def _show_menu(self, lat: float, lon: float, where: QPoint) -> None:
        actions = [action for offer in self.context_actions for action in offer(lat, lon)]
        if actions:
            self._offered = actions  # the menu does not keep them
            self._menu = QMenu(self)
            self._menu.addActions(actions)
            self._menu.aboutToHide.connect(self._menu.deleteLater)
            self._menu.popup(where)

    def _own_actions(self, lat: float, lon: float) -> list[QAction]:
        place = self.readout.text_of(lat, lon)
        wanted = [
            (i18n.fill(self.tr("Copy {place}"), place=place), lambda: self._copy(place)),
            (self.tr("Centre here"), lambda: self.go_to(lat, lon, self._width_m())),
        ]
        x, y = (float(v) for v in to_mercator(lat, lon))
        vehicle = self.aircraft.nearest(x, y, 2 * _CLICK_PX * float(self._view.viewPixelSize()[0]))
        if vehicle is not None:
            text = i18n.fill(self.tr("Choose aircraft {n}"), n=vehicle.system_id)
            wanted.append((text, lambda: self._context.selection.choose_vehicle(vehicle)))
        actions = []
        for text, slot in wanted:
            action = QAction(text)
            action.triggered.connect(lambda _, slot=slot: slot())
            actions.append(action)
        return actions

    def _width_m(self) -> float:
        west, south, east, north = self.view_box()
        lat = float(to_lat_lon(0.0, (south + north) / 2)[0])
        return min(east - west, north - south) / scale(lat)

    @staticmethod
    def _copy(text: str) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(text)

    @property
    def coordinates(self) -> CoordinateFormat:
        """How coordinates are written."""
        return self.readout.written_as

    def write_coordinates(self, written_as: CoordinateFormat) -> None:
        """How coordinates are written from now on."""
        self._keep(coordinates=written_as)
        self.readout.write_as(written_as)

    # -- looks ---------------------------------------------------------------------------------------------------

    def _keep(self, **changes: Any) -> None:
        self._kept = {**self._kept, **changes}
        self._context.settings.put_part(_PART, self._kept)

    def _on_switched(self, name: str, visible: bool) -> None:
        self._keep(shown={**_table(self._kept.get("shown", {})), name: visible})
        self._moved = True
        self.legend.place(self.height())

    def _restyle(self) -> None:
        self.canvas.restyle()
        self.backgrounds.restyle()
        for layer in self._layers.values():
            restyle = getattr(layer, "restyle", None)
            if restyle is not None:
                restyle()
        self.legend.update_look(force=True)
        self._overlay.update()

    def _moved_by_hand(self) -> None:
        self._fit = None

    def _range_changed(self) -> None:
        self._moved = True
        _, south, _, north = self.view_box()
        middle = (south + north) / 2
        if abs(middle) < _WORLD_M:
            lat = float(to_lat_lon(0.0, middle)[0])
            self._overlay.metres_per_pixel = float(self._view.viewPixelSize()[0]) / scale(lat)
            self._overlay.update()

    def _place_bar(self) -> None:
        self.bar.place(self.width(), self.legend.geometry().right())
        self._overlay.north_top_px = self.bar.geometry().bottom() + 10
        self._overlay.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The glass is as large as the canvas; legend and buttons stand in its corners."""
        super().resizeEvent(event)
        self._overlay.setGeometry(self.rect())
        self._overlay.lower()
        self.canvas.lower()
        self.legend.place(self.height())
        if self._fit is not None:
            self._fit()
        self._range_changed()


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
