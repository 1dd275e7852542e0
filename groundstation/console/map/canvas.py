"""The canvas: pixels to degrees and back, and the mouse and keys handed to the tool that is set."""

from __future__ import annotations

import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent

from groundstation.console import theme
from groundstation.console.map.projection import to_lat_lon, to_mercator
from groundstation.console.map.tools import MapTool

_WORLD_M = 20_037_508.0


class MapCanvas(pg.PlotWidget):
    """A plot in Mercator metres with one tool at a time."""

    asked_for_menu = pyqtSignal(float, float, QPoint)
    """Right click at (lat, lon); the point is global."""
    clicked = pyqtSignal(float, float, QPointF)
    """Left click without a drag that no tool has used; the point is in pixels of the canvas."""
    cursor_moved = pyqtSignal(float, float)
    cursor_left = pyqtSignal()
    dragged = pyqtSignal()
    """The operator has moved the map by hand."""
    tool_changed = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__(background=theme.BACKGROUND)
        self._tool: MapTool | None = None
        self._press: QPointF | None = None
        item = self.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        for name in ("left", "bottom"):
            item.hideAxis(name)
        item.layout.setContentsMargins(0, 0, 0, 0)
        box = item.getViewBox()
        box.setAspectLocked(True)
        box.disableAutoRange()
        # Deeper than a few metres Qt's whole numbers would no longer hold the world's edge.
        box.setLimits(
            minXRange=10.0, minYRange=10.0, xMin=-_WORLD_M, xMax=_WORLD_M, yMin=-_WORLD_M, yMax=_WORLD_M,
            maxXRange=2 * _WORLD_M, maxYRange=2 * _WORLD_M,
        )  # fmt: skip
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self)
        self.installEventFilter(self)

    def restyle(self) -> None:
        """The theme has changed."""
        self.setBackground(theme.BACKGROUND)

    @property
    def tool(self) -> MapTool | None:
        """The tool that has the mouse."""
        return self._tool

    def set_tool(self, tool: MapTool | None) -> None:
        """Give the mouse to a tool; the one before is cancelled."""
        if tool is self._tool:
            return
        before, self._tool = self._tool, tool
        if before is not None:
            before.cancel()
        if tool is None:
            self.viewport().unsetCursor()
        else:
            self.viewport().setCursor(tool.cursor)
            self.setFocus()
        self.tool_changed.emit(tool)

    def to_lat_lon(self, px: QPointF) -> tuple[float, float]:
        """The place under a pixel of the canvas, degrees."""
        point = self.getPlotItem().getViewBox().mapSceneToView(self.mapToScene_f(px))
        lat, lon = to_lat_lon(point.x(), point.y())
        return float(lat), float(lon)

    def to_px(self, lat_deg: float, lon_deg: float) -> QPointF:
        """Where a place is drawn, in pixels of the canvas."""
        x, y = to_mercator(lat_deg, lon_deg)
        scene = self.getPlotItem().getViewBox().mapViewToScene(QPointF(float(x), float(y)))
        return self.viewportTransform().map(scene)

    def mapToScene_f(self, px: QPointF) -> QPointF:
        """A pixel with its fraction in scene coordinates (Qt's own takes whole pixels only)."""
        inverted, _ = self.viewportTransform().inverted()
        return inverted.map(px)

    def leaveEvent(self, event: QEvent | None) -> None:
        """The cursor leaves the map."""
        super().leaveEvent(event)
        self.cursor_left.emit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Hands events to the tool; True: nobody else gets it."""
        if event is None:
            return False
        if watched is self.viewport():
            if isinstance(event, QMouseEvent):
                return self._on_mouse(event)
            if isinstance(event, QContextMenuEvent):
                return True  # made of the right button's release, below, so that a tool may use it
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._tool is not None:
            if self._tool.on_key(event.key(), event.modifiers()):
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.set_tool(None)
                return True
        return False

    def _on_mouse(self, event: QMouseEvent) -> bool:
        px, kind, tool = event.position(), event.type(), self._tool
        lat, lon = self.to_lat_lon(px)
        button, modifiers = event.button(), event.modifiers()
        if kind == QEvent.Type.MouseMove:
            self.cursor_moved.emit(lat, lon)
            if tool is not None and tool.on_move(lat, lon, px, event.buttons(), modifiers):
                return True
            if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton) and self._moved(px):
                self.dragged.emit()
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._press = px
            return tool is not None and tool.on_press(lat, lon, px, button, modifiers)
        if kind == QEvent.Type.MouseButtonDblClick:
            return tool is not None and tool.on_double_click(lat, lon, px, button, modifiers)
        if kind == QEvent.Type.MouseButtonRelease:
            moved = self._moved(px)
            self._press = None
            if tool is not None and tool.on_release(lat, lon, px, button, modifiers):
                return True
            if not moved and button == Qt.MouseButton.RightButton:
                self.asked_for_menu.emit(lat, lon, event.globalPosition().toPoint())
                return False
            if not moved and button == Qt.MouseButton.LeftButton:
                self.clicked.emit(lat, lon, px)
        return False

    def _moved(self, px: QPointF) -> bool:
        return self._press is not None and (px - self._press).manhattanLength() > 4.0
