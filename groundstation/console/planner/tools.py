"""The planner's tools on the map: draw and cut. What they draw while they work is in :class:`Pencil`.

Left click sets a point, a double click or Enter ends, Backspace takes the last point back, Escape gives up. Held Ctrl
switches snapping off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from PyQt6.QtCore import QObject, QPointF, Qt, pyqtSignal

from geofences.geodesy import LocalFrame
from geofences.zone import Height, LatLon
from groundstation.console.planner import cutting, edits
from groundstation.console.planner.document import LEAST_POINTS, Kind, Role, Shape
from groundstation.console.planner.session import PlannerSession
from groundstation.console.planner.snapping import Snap, shape_at, snap

_REACH_PX = 10.0
_NO_SNAP = Qt.KeyboardModifier.ControlModifier
ToLatLon = Callable[[QPointF], tuple[float, float]]


@dataclass
class Pencil:
    """What is half drawn. ``snapped``: where the next point would jump to."""

    points: list[LatLon] = field(default_factory=list)
    cursor: LatLon | None = None
    closed: bool = False
    radius_m: float = 0.0
    snapped: Snap | None = None


class PlannerTool(QObject):
    """What the tools share. ``pencil_changed`` when the picture of what is half drawn changes; ``finished`` when done."""

    pencil_changed = pyqtSignal()
    finished = pyqtSignal()
    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, session: PlannerSession, to_lat_lon: ToLatLon, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._to_lat_lon = to_lat_lon
        self.pencil = Pencil()

    def on_press(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Nothing."""
        return False

    def on_move(self, lat: float, lon: float, px: QPointF, buttons: Qt.MouseButton, modifiers: object) -> bool:
        """Nothing."""
        return False

    def on_release(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Nothing."""
        return False

    def on_double_click(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Nothing."""
        return False

    def on_key(self, key: int, modifiers: object) -> bool:
        """Nothing."""
        return False

    def cancel(self) -> None:
        """Nothing is half drawn any more."""
        self._clear()

    def _clear(self) -> None:
        self.pencil = Pencil()
        self.pencil_changed.emit()

    def reach_m(self, px: QPointF) -> float:
        """What a few pixels are on the ground here."""
        here, there = self._to_lat_lon(px), self._to_lat_lon(px + QPointF(_REACH_PX, 0.0))
        return float(np.hypot(*LocalFrame(*here).to_plane(*there)))

    def _snapped(
        self, place: LatLon, px: QPointF, modifiers: Qt.KeyboardModifier, skip: tuple[int, int, int] | None = None
    ) -> Snap:
        if not self._session.snapping or modifiers & _NO_SNAP:
            return Snap(place)
        return snap(place, self._session.document.shapes, self.reach_m(px), skip)


class PointsTool(PlannerTool):
    """Points one after the other; what becomes of them is the subclass's. ``least`` and ``most`` points, 0: any number."""

    least = 2
    most = 0
    closes = False

    def on_press(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """A point."""
        if button == Qt.MouseButton.RightButton and self.pencil.points:
            self._end()
            return True
        if button != Qt.MouseButton.LeftButton:
            return False
        points = self.pencil.points
        if self.closes and len(points) >= self.least and self._near(points[0], px):
            self._end()
            return True
        place = self._snapped((lat, lon), px, modifiers).place
        if not points or place != points[-1]:
            points.append(place)
        self.pencil.closed = self.closes
        self.pencil_changed.emit()
        if self.most and len(points) >= self.most:
            self._end()
        return True

    def on_move(self, lat: float, lon: float, px: QPointF, buttons: Qt.MouseButton, modifiers: object) -> bool:
        """Where the next point would be. A drag with the middle button still moves the map."""
        self.pencil.snapped = self._snapped((lat, lon), px, modifiers)
        self.pencil.cursor = self.pencil.snapped.place
        self.pencil_changed.emit()
        return bool(buttons & Qt.MouseButton.LeftButton)

    def on_release(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Belongs to the press."""
        return button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)

    def on_double_click(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """The end; its first click has set the last point."""
        if button == Qt.MouseButton.LeftButton:
            self._end()
        return True

    def on_key(self, key: int, modifiers: object) -> bool:
        """Enter ends, Backspace takes back, Escape gives up what is half drawn."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end()
            return True
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self.pencil.points:
            self.pencil.points.pop()
            self.pencil_changed.emit()
            return True
        if key == Qt.Key.Key_Escape and self.pencil.points:
            self._clear()
            return True
        return False

    def _near(self, place: LatLon, px: QPointF) -> bool:
        here = self._to_lat_lon(px)
        return float(np.hypot(*LocalFrame(*here).to_plane(*place))) <= self.reach_m(px)

    def _end(self) -> None:
        points = tuple(self.pencil.points)
        if len(points) < self.least:
            self._session.said.emit(
                self.tr("At least {n} points are needed: click on the map").format(n=self.least), "caution"
            )
            return
        self._clear()
        if self.make(points):
            self.finished.emit()

    def make(self, points: tuple[LatLon, ...]) -> bool:
        """Do what the points are for; True when it was done."""
        raise NotImplementedError


class DrawTool(PointsTool):
    """Draws a polygon, a line, a corridor or a point of some role."""

    def __init__(
        self,
        session: PlannerSession,
        to_lat_lon: ToLatLon,
        role: Role,
        kind: Kind,
        half_width_m: float = 50.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, to_lat_lon, parent)
        self.role, self.kind = role, kind
        self._half_width_m = half_width_m
        self.least = LEAST_POINTS[kind]
        self.most = 1 if kind == "point" else 0
        self.closes = kind == "polygon"

    def make(self, points: tuple[LatLon, ...]) -> bool:
        """Add the shape."""
        shape = Shape(0, self.role, self.kind, points)
        if self.kind == "corridor":
            shape = replace(shape, half_width_m=self._half_width_m)
        if self.role == "obstacle":
            shape = replace(shape, radius_m=10.0, top=Height(50.0, "ground"))
        if self.role == "border":
            left, right = self.tr("left side"), self.tr("right side")
            shape = replace(shape, left=left, right=right, own=left)
        return self._session.add(shape)


class CircleTool(PlannerTool):
    """Press at the centre, drag to the edge; or click twice."""

    def __init__(
        self, session: PlannerSession, to_lat_lon: ToLatLon, role: Role, parent: QObject | None = None
    ) -> None:
        super().__init__(session, to_lat_lon, parent)
        self.role = role
        self._pressed_px: QPointF | None = None

    def on_press(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """The centre, or the edge."""
        if button != Qt.MouseButton.LeftButton:
            return False
        if self.pencil.points:
            self._end((lat, lon))
            return True
        self.pencil.points = [self._snapped((lat, lon), px, modifiers).place]
        self._pressed_px = px
        self.pencil_changed.emit()
        return True

    def on_move(self, lat: float, lon: float, px: QPointF, buttons: Qt.MouseButton, modifiers: object) -> bool:
        """The radius."""
        self.pencil.cursor = (lat, lon)
        if self.pencil.points:
            self.pencil.radius_m = self._radius_m((lat, lon))
            self._session.said.emit(self.tr("Radius {m} m").format(m=f"{self.pencil.radius_m:.0f}"), "off")
        self.pencil_changed.emit()
        return bool(buttons & Qt.MouseButton.LeftButton)

    def on_release(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """The end of a drag; after a mere click the edge is still to come."""
        if button != Qt.MouseButton.LeftButton:
            return False
        if self._pressed_px is not None and (px - self._pressed_px).manhattanLength() > _REACH_PX:
            self._end((lat, lon))
        return True

    def on_double_click(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Too quick for two clicks at two places."""
        return True

    def on_key(self, key: int, modifiers: object) -> bool:
        """Escape gives the centre up."""
        if key == Qt.Key.Key_Escape and self.pencil.points:
            self._pressed_px = None
            self._clear()
            return True
        return False

    def _radius_m(self, place: LatLon) -> float:
        return float(np.hypot(*LocalFrame(*self.pencil.points[0]).to_plane(*place)))

    def _end(self, edge: LatLon) -> None:
        if not self.pencil.points:
            return
        centre, radius_m = self.pencil.points[0], round(self._radius_m(edge), 1)
        self._pressed_px = None
        self._clear()
        if self._session.add(Shape(0, self.role, "circle", (centre,), radius_m=radius_m)):
            self.finished.emit()


class HoleTool(PointsTool):
    """A hole in the chosen polygon."""

    least = 3
    closes = True

    def make(self, points: tuple[LatLon, ...]) -> bool:
        """Cut it."""
        shape = self._session.selected
        if shape is None:
            self._session.said.emit(self.tr("Choose the shape that gets the hole first"), "caution")
            return False
        return self._session.do(self.tr("Cut a hole"), lambda d: edits.add_hole(d, shape.ident, points))


class SplitTool(PointsTool):
    """A line that cuts the chosen zone; where none is chosen, the one zone that it crosses."""

    least = 2

    def make(self, points: tuple[LatLon, ...]) -> bool:
        """Cut along it."""
        chosen = self._session.selected
        if chosen is None:
            middle = ((points[0][0] + points[-1][0]) / 2.0, (points[0][1] + points[-1][1]) / 2.0)
            zones = [s for s in self._session.document.shapes if s.kind in ("polygon", "circle", "corridor")]
            ident = shape_at(middle, zones, 0.0)
        else:
            ident = chosen.ident
        if ident is None:
            self._session.said.emit(self.tr("Choose the shape that is to be cut first"), "caution")
            return False
        return self._session.do(self.tr("Split"), lambda d: cutting.split(d, ident, points))
