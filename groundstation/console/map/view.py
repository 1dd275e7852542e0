"""The map: a pyqtgraph canvas in Web Mercator metres."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainterPath, QResizeEvent, QTransform
from PyQt6.QtWidgets import QGraphicsPathItem, QMenu, QVBoxLayout, QWidget

from geofences.area import Area, LatLon
from groundstation.console import theme
from groundstation.console.map.basemap import BaseImage
from groundstation.console.map.canvas import MapCanvas
from groundstation.console.map.coverage_layer import CoverageLayer
from groundstation.console.map.overlay import MapOverlay
from groundstation.console.map.projection import scale, to_mercator
from groundstation.console.map.tools import ContextActions, MapLayer, MapTool
from groundstation.core.coverage_records import CoverageState
from groundstation.core.records import Incident, RemoteTrack, VehicleState, VideoTracks
from missions.fence_outlines import fence_outlines
from missions.plan import Plan
from vision.records import CLASS_NAMES, TrackStatus

_CHI2_90 = 4.605  # 90 % quantile of chi-squared with 2 degrees of freedom
_MAX_LABELS = 30
_TRAIL = 1500
_SIDE_LABELS_M = -150.0  # along the border from the place nearest to the launch point, where the patrol's marks are few
_WATCHED_M = 130.0  # around the patrol: the border strip and what the camera sees of it
_REMOTE_STALE_S = 15.0
_CIRCLE = np.stack([f(np.linspace(0.0, 2 * np.pi, 25)) for f in (np.cos, np.sin)], axis=-1)


@dataclass
class _Remote:
    record: RemoteTrack
    seen_mono_s: float


def _polyline(points: tuple[LatLon, ...] | list[LatLon], closed: bool = False) -> np.ndarray:
    array = np.array([*points, points[0]] if closed else points)
    return to_mercator(array[:, 0], array[:, 1])


class MapView(QWidget):
    """Everything with a place. Slots are called on the GUI thread by the bridge."""

    def __init__(self, area: Area | None, base: BaseImage | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        pg.setConfigOptions(antialias=True, imageAxisOrder="row-major")
        self._area = area
        self._scale = scale(area.launch.lat_deg) if area else 1.0
        self.canvas = self._plot = MapCanvas()
        self.context_actions: list[ContextActions] = []
        """Who offers something at a right click."""
        self._layers: dict[str, MapLayer] = {}
        item = self._plot.getPlotItem()
        item.showGrid(x=True, y=True, alpha=0.3)
        for name in ("left", "bottom"):
            axis = item.getAxis(name)
            axis.setPen(theme.EDGE)
            axis.setTextPen(theme.DIM)
            axis.setStyle(maxTickLevel=0)
            # Mercator metres must never be told as "Mm".
            axis.enableAutoSIPrefix(False)
        # A fixed width: drawn off screen, the axis never gets the event by which it measures its labels.
        item.getAxis("left").setWidth(62)
        self._view = item.getViewBox()
        self._view.setAspectLocked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._overlay = MapOverlay(self)
        self._trail: deque[tuple[float, float]] = deque(maxlen=_TRAIL)
        self._remote: dict[tuple[str, str], _Remote] = {}
        self._remote_changed = False
        self._incidents: dict[str, Incident] = {}
        self._plan_in_force = False
        self._has_corridor = False
        self._patrol_box: tuple[np.ndarray, np.ndarray] | None = None
        self._labels: list[pg.TextItem] = []
        if base is not None:
            picture = pg.ImageItem(base.rgb[::-1], levels=(0, 255))
            picture.setRect(QRectF(*base.rectangle))
            picture.setZValue(-100)
            self._plot.addItem(picture)
        self._make_items()
        self._coverage = CoverageLayer(self._plot)
        if area is not None:
            self._draw_area(area)
        self._view.sigRangeChanged.connect(self._range_changed)
        self._plot.cursor_moved.connect(self._cursor_moved)
        self._plot.asked_for_menu.connect(self._show_menu)

    def set_tool(self, tool: MapTool | None) -> None:
        """Give the mouse and keys of the map to a tool; None gives them back."""
        self.canvas.set_tool(tool)

    def add_layer(self, layer: MapLayer) -> None:
        """Draw one layer more.

        Raises :class:`ValueError` when its name is taken.
        """
        if layer.name in self._layers:
            raise ValueError(f"there is a layer {layer.name} already")
        self._layers[layer.name] = layer
        for item in layer.items():
            self._plot.addItem(item)

    def remove_layer(self, name: str) -> None:
        """Take a layer off again; one that is not there is no error."""
        layer = self._layers.pop(name, None)
        for item in layer.items() if layer is not None else ():
            self._plot.removeItem(item)

    def _show_menu(self, lat: float, lon: float, where: QPoint) -> None:
        actions = [action for offer in self.context_actions for action in offer(lat, lon)]
        if actions:
            menu = QMenu(self)
            menu.addActions(actions)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(where)

    def _curve(
        self, name: str, width: float, z: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine, **kw: object
    ) -> object:
        curve = pg.PlotCurveItem(pen=pg.mkPen(name, width=width, style=style), **kw)
        curve.setZValue(z)
        self._plot.addItem(curve)
        return curve

    def _make_items(self) -> None:
        self._patrol = self._curve(theme.PATROL, 1.6, 10, Qt.PenStyle.DashLine)
        self._flown = self._curve(theme.AIRCRAFT, 1.2, 20)
        self._flown.setOpacity(0.45)
        self._fences: list[object] = []
        self._footprint = QGraphicsPathItem()
        self._footprint.setPen(pg.mkPen(theme.FOOTPRINT, width=1.4))
        self._footprint.setBrush(theme.colour(theme.FOOTPRINT, 22))
        self._footprint.setZValue(15)
        self._plot.addItem(self._footprint)
        self._ellipses = self._curve(theme.OWN_TRACK, 1.2, 30, connect="finite")
        self._vectors = self._curve(theme.OWN_TRACK, 1.8, 31, connect="finite")
        self._own = pg.ScatterPlotItem(size=9, pen=pg.mkPen(theme.BACKGROUND, width=1), brush=theme.OWN_TRACK)
        self._own.setZValue(32)
        self._remote_rings = self._curve(theme.REMOTE_TRACK, 1.2, 33, connect="finite")
        self._remote_points = pg.ScatterPlotItem(
            size=11, symbol="d", pen=pg.mkPen(theme.BACKGROUND, width=1), brush=theme.REMOTE_TRACK
        )
        self._remote_points.setZValue(34)
        self._incident_rings = self._curve(theme.INCIDENT, 2.2, 40, connect="finite")
        self._incident_points = pg.ScatterPlotItem(
            size=16, symbol="star", pen=pg.mkPen(theme.BACKGROUND, width=1), brush=theme.INCIDENT
        )
        self._incident_points.setZValue(41)
        for scatter in (self._own, self._remote_points, self._incident_points):
            self._plot.addItem(scatter)
        self._aircraft = QGraphicsPathItem()
        self._aircraft.setPen(pg.mkPen(theme.BACKGROUND, width=1.5))
        self._aircraft.setBrush(QColor(theme.AIRCRAFT))
        self._aircraft.setZValue(50)
        self._aircraft.setFlag(QGraphicsPathItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self._aircraft.hide()
        self._plot.addItem(self._aircraft)

    def _draw_area(self, area: Area) -> None:
        line = self._curve(theme.BORDER_LINE, 3.5, 12)
        points = _polyline(list(area.border.points))
        line.setData(points[:, 0], points[:, 1])
        place, ahead = self._border_beside(area, _SIDE_LABELS_M)
        normal = np.array([-ahead[1], ahead[0]])
        for name, sign in ((area.border.left, 1.0), (area.border.right, -1.0)):
            own = "  (own side)" if name == area.border.own else ""
            label = pg.TextItem(name.upper() + own, color=theme.BORDER_LINE, anchor=(0.5, 0.5))
            font = QFont()
            font.setPixelSize(15)
            font.setBold(True)
            label.setFont(font)
            label.setPos(*(place + normal * sign * 24 * self._scale))
            label.setZValue(13)
            self._plot.addItem(label)
        self._draw_fences([z.points for z in area.inclusions], [z.points for z in area.exclusions])
        for zone in area.exclusions:
            corner = to_mercator(*np.mean(np.array(zone.points), axis=0))
            label = pg.TextItem(f"{zone.name}\nkeep out", color=theme.EXCLUSION, anchor=(0.5, 0.5))
            label.setPos(*corner)
            self._plot.addItem(label)
        for point, letter in ((area.launch, "H"), *((p, "R") for p in area.rally)):
            mark = pg.TextItem(letter, color=theme.BACKGROUND, fill=theme.colour(theme.PATROL), anchor=(0.5, 0.5))
            mark.setPos(*to_mercator(point.lat_deg, point.lon_deg))
            mark.setZValue(14)
            self._plot.addItem(mark)
        self.show_all()
        self._update_legend()

    def _border_beside(self, area: Area, beside_m: float) -> tuple[np.ndarray, np.ndarray]:
        """A place on the border, ``beside_m`` along it from the place nearest to the launch point, and its direction there.

        Followed along the line itself: a label that is put beside a tangent may come to stand on the wrong side.
        """
        points = _polyline(list(area.border.points))
        launch = to_mercator(area.launch.lat_deg, area.launch.lon_deg)
        start, step = points[:-1], np.diff(points, axis=0)
        length = np.linalg.norm(step, axis=1)
        part = np.clip(np.einsum("ij,ij->i", launch - start, step) / length**2, 0, 1)
        best = int(np.argmin(np.linalg.norm(start + part[:, None] * step - launch, axis=1)))
        ends = np.concatenate([[0.0], np.cumsum(length)])
        along = float(np.clip(ends[best] + part[best] * length[best] + beside_m * self._scale, 0.0, ends[-1]))
        row = int(np.clip(np.searchsorted(ends, along, side="right") - 1, 0, len(step) - 1))
        return start[row] + step[row] / length[row] * (along - ends[row]), step[row] / length[row]

    def _draw_fences(self, inclusions: list[tuple[LatLon, ...]], exclusions: list[tuple[LatLon, ...]]) -> None:
        for old in self._fences:
            self._plot.removeItem(old)
        self._fences.clear()
        style = Qt.PenStyle.SolidLine if self._plan_in_force else Qt.PenStyle.DotLine
        keep_in = theme.FENCE_IN_FORCE if self._plan_in_force else theme.FENCE_PLANNED
        for polygons, name, fill in ((inclusions, keep_in, 0), (exclusions, theme.EXCLUSION, 46)):
            for polygon in polygons:
                points = _polyline(list(polygon), closed=True)
                path = QPainterPath(QPointF(*points[0]))
                for x, y in points[1:]:
                    path.lineTo(x, y)
                shape = QGraphicsPathItem(path)
                shape.setPen(pg.mkPen(name, width=2.2, style=style))
                shape.setBrush(theme.colour(name, fill))
                shape.setZValue(5)
                self._plot.addItem(shape)
                self._fences.append(shape)

    def _update_legend(self) -> None:
        fence = (
            (theme.FENCE_IN_FORCE, "line", "fence in force")
            if self._plan_in_force
            else (theme.FENCE_PLANNED, "dash", "fence planned, NOT in force")
        )
        self._overlay.legend = [
            (theme.BORDER_LINE, "line", "border"),
            fence,
            (theme.EXCLUSION, "square", "keep-out zone"),
            (theme.PATROL, "dash", "patrol"),
            (theme.FOOTPRINT, "square", "camera sees"),
            (theme.OWN_TRACK, "dot", "own track, 90 % ellipse"),
            (theme.REMOTE_TRACK, "diamond", "neighbour's track"),
            (theme.INCIDENT, "ring", "incident, CE90"),
        ]
        if self._has_corridor:
            self._overlay.legend.append((theme.REMOTE_TRACK, "dash", "shared with neighbour"))
        self._overlay.second_legend = self._coverage.legend()
        self._overlay.update()

    def show_all(self) -> None:
        """Zoom to the whole area."""
        if self._area is None:
            return
        zones = [p for z in (*self._area.inclusions, *self._area.exclusions) for p in z.points]
        points = _polyline([*zones, (self._area.launch.lat_deg, self._area.launch.lon_deg)])
        low, high = points.min(axis=0), points.max(axis=0)
        self._view.setRange(xRange=(low[0], high[0]), yRange=(low[1], high[1]), padding=0.06)

    def show_patrol(self) -> None:
        """Zoom to the patrol and the strip that it watches; the whole area without a plan."""
        if self._patrol_box is None:
            self.show_all()
            return
        low, high = self._patrol_box
        self._view.setRange(xRange=(low[0], high[0]), yRange=(low[1], high[1]), padding=0.03)

    def go_to(self, lat_deg: float, lon_deg: float, width_m: float = 250.0) -> None:
        """Centre the map on a place."""
        x, y = to_mercator(lat_deg, lon_deg)
        half = width_m * self._scale / 2
        self._view.setRange(xRange=(x - half, x + half), yRange=(y - half, y + half), padding=0)

    def set_corridor(self, outline: tuple[LatLon, ...]) -> None:
        """Draw the edge of what the agreement lets the neighbour know."""
        points = _polyline(list(outline), closed=True)
        edge = self._curve(theme.REMOTE_TRACK, 1.0, 6, Qt.PenStyle.DotLine)
        edge.setData(points[:, 0], points[:, 1])
        edge.setOpacity(0.6)
        self._has_corridor = True
        self._update_legend()

    def set_plan(self, plan: Plan, in_force: bool) -> None:
        """Draw a plan; its fences look different when the aircraft has confirmed them."""
        self._plan_in_force = in_force
        self._draw_fences(*fence_outlines(plan.fence))
        points = [(i.x / 1e7, i.y / 1e7) for i in plan.items if i.x and i.y]
        if len(points) > 1:
            line = _polyline(points)
            self._patrol.setData(line[:, 0], line[:, 1])
            around = _WATCHED_M * self._scale
            first = self._patrol_box is None
            self._patrol_box = (line.min(axis=0) - around, line.max(axis=0) + around)
            if first:
                self.show_patrol()
        self._update_legend()

    def on_vehicle_state(self, state: VehicleState) -> None:
        """Move the aircraft."""
        if not np.isfinite(state.lat_deg):
            return
        x, y = to_mercator(state.lat_deg, state.lon_deg)
        if not self._trail or np.hypot(x - self._trail[-1][0], y - self._trail[-1][1]) > 1.0:
            self._trail.append((float(x), float(y)))
            trail = np.array(self._trail)
            self._flown.setData(trail[:, 0], trail[:, 1])
        path = QPainterPath(QPointF(0, -14))
        for corner in ((9, 11), (0, 6), (-9, 11)):
            path.lineTo(*corner)
        path.closeSubpath()
        yaw = state.yaw_deg if np.isfinite(state.yaw_deg) else 0.0
        self._aircraft.setPath(QTransform().rotate(yaw).map(path))
        self._aircraft.setBrush(QColor(theme.AIRCRAFT if state.link_alive else theme.DIM))
        self._aircraft.setPos(x, y)
        self._aircraft.show()

    def on_tracks(self, record: VideoTracks) -> None:
        """Draw own tracks with their 90 % ellipses and a 10 s velocity vector, and what the camera sees."""
        if record.footprint_lat_lon:
            points = _polyline(list(record.footprint_lat_lon), closed=True)
            path = QPainterPath(QPointF(*points[0]))
            for x, y in points[1:]:
                path.lineTo(x, y)
            self._footprint.setPath(path)
        self._footprint.setVisible(bool(record.footprint_lat_lon))
        tracks = record.tracks
        shown = np.flatnonzero(tracks.status != TrackStatus.TENTATIVE)
        xy = to_mercator(tracks.lat_deg[shown], tracks.lon_deg[shown]).reshape(-1, 2)
        ellipses, vectors = [], []
        gap = np.full((1, 2), np.nan)
        for row, place in zip(shown, xy, strict=True):
            values, axes = np.linalg.eigh(tracks.covariance_en[row, :2, :2])
            radii = np.sqrt(np.maximum(values, 0.0) * _CHI2_90) * self._scale
            ellipses += [place + (axes @ (radii[:, None] * _CIRCLE.T)).T, gap]
            vectors += [place[None], place[None] + tracks.velocity_en_m_s[row] * 10.0 * self._scale, gap]
        self._set_segments(self._ellipses, ellipses)
        self._set_segments(self._vectors, vectors)
        brushes = [
            theme.colour(theme.OWN_TRACK, 110 if s == TrackStatus.COASTING else 255) for s in tracks.status[shown]
        ]
        self._own.setData(pos=xy, brush=brushes) if len(xy) else self._own.clear()
        for label in self._labels:
            self._plot.removeItem(label)
        self._labels = []
        for row, place in list(zip(shown, xy, strict=True))[:_MAX_LABELS]:
            name = CLASS_NAMES[int(np.argmax(tracks.class_probability[row]))]
            label = pg.TextItem(
                f"{name} {int(tracks.track_id[row]) % 1_000_000}", color=theme.OWN_TRACK, anchor=(-0.1, 1.1)
            )
            label.setPos(*place)
            label.setZValue(35)
            self._plot.addItem(label)
            self._labels.append(label)

    @staticmethod
    def _set_segments(curve: object, pieces: list[np.ndarray]) -> None:
        if not pieces:
            curve.clear()
            return
        points = np.concatenate(pieces)
        curve.setData(points[:, 0], points[:, 1], connect="finite")

    def on_remote_tracks(self, records: list[RemoteTrack]) -> None:
        """Take the neighbour's tracks; one that ended or left the shared area is no longer live."""
        now_s = time.monotonic()
        self._remote_changed = True
        for record in records:
            key = (record.peer, record.track_id)
            if record.state == "live":
                self._remote[key] = _Remote(record, now_s)
            else:
                self._remote.pop(key, None)

    def on_incident(self, incident: Incident) -> None:
        """Mark a crossing; an acknowledged one is drawn thinner by its alpha."""
        self._incidents[incident.incident_id] = incident
        rings, points, brushes = [], [], []
        for one in self._incidents.values():
            place = to_mercator(one.lat_deg, one.lon_deg)
            points.append(place)
            brushes.append(theme.colour(theme.INCIDENT, 120 if one.acknowledged_utc_us else 255))
            rings += [place + _CIRCLE * max(one.ce90_m, 2.0) * self._scale, np.full((1, 2), np.nan)]
        self._incident_points.setData(pos=np.array(points), brush=brushes)
        self._set_segments(self._incident_rings, rings)

    def on_coverage(self, state: CoverageState) -> None:
        """Take when each piece of the border and each cell was last seen."""
        first = not self._coverage.known
        self._coverage.on_state(state)
        if first:
            self._update_legend()

    def toggle_coverage(self) -> None:
        """Show or hide the age map."""
        self._coverage.show(not self._coverage.visible)
        self._update_legend()

    def on_tick(self) -> None:
        """Drop what is too old to be shown as live; draws only when something has changed."""
        self._coverage.recolour(time.time_ns() // 1000)
        for layer in self._layers.values():
            layer.on_tick()
        now_s = time.monotonic()
        live = {k: r for k, r in self._remote.items() if now_s - r.seen_mono_s < _REMOTE_STALE_S}
        if len(live) == len(self._remote) and not self._remote_changed:
            return
        self._remote, self._remote_changed = live, False
        records = [r.record for r in self._remote.values()]
        xy = to_mercator([r.lat_deg for r in records], [r.lon_deg for r in records]).reshape(-1, 2)
        self._remote_points.setData(pos=xy) if records else self._remote_points.clear()
        rings: list[np.ndarray] = []
        for place, record in zip(xy, records, strict=True):
            rings += [place + _CIRCLE * record.ce90_m * self._scale, np.full((1, 2), np.nan)]
        self._set_segments(self._remote_rings, rings)

    def _range_changed(self) -> None:
        pixel = self._view.viewPixelSize()
        self._overlay.metres_per_pixel = pixel[0] / self._scale
        self._overlay.update()

    def _cursor_moved(self, lat: float, lon: float) -> None:
        self._overlay.cursor_text = f"{lat:.6f} N  {lon:.6f} E"
        self._overlay.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """The glass is as large as the canvas."""
        super().resizeEvent(event)
        self._overlay.setGeometry(self.rect())
        self._range_changed()
