"""The planner's tool that chooses and changes what is drawn: corners, edges, shapes, by mouse and keys."""

from __future__ import annotations

import numpy as np
from PyQt6.QtCore import QObject, QPointF, Qt

from geofences.geodesy import LocalFrame
from geofences.zone import LatLon
from groundstation.console.planner import edits
from groundstation.console.planner.document import Shape
from groundstation.console.planner.session import PlannerSession
from groundstation.console.planner.snapping import nearest_corner, nearest_edge, shape_at
from groundstation.console.planner.tools import PlannerTool, ToLatLon

_MORE = Qt.KeyboardModifier.ShiftModifier


def _circle_edge(place: LatLon, shapes: list[Shape], reach_m: float) -> int | None:
    """The circle on whose edge a place lies."""
    for shape in shapes:
        if shape.kind == "circle":
            away_m = float(np.hypot(*LocalFrame(*shape.points[0]).to_plane(*place)))
            if abs(away_m - shape.radius_m) <= reach_m:
                return shape.ident
    return None


class EditTool(PlannerTool):
    """Chooses; moves corners, and shapes by their edges; a double click on an edge makes a new corner; Delete takes away.

    A shape is never moved by a drag inside it: that moves the map, as everywhere. Shift chooses several. Arrows move what
    is chosen by a few pixels, with Shift by one.
    """

    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, session: PlannerSession, to_lat_lon: ToLatLon, parent: QObject | None = None) -> None:
        super().__init__(session, to_lat_lon, parent)
        self._held: tuple[int, int, int] | None = None
        self._shape_held = False
        self._round: int | None = None
        """A circle whose edge is held."""
        self._under: int | None = None
        """What a click, without a drag, chooses."""
        self._last: LatLon | None = None
        self._began_px: QPointF | None = None
        self._moving = False
        self._fresh_corner = False
        self._number = 0

    def on_press(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Take hold of a corner, of an edge of the chosen shape, or of a shape."""
        if button != Qt.MouseButton.LeftButton:
            return False
        session, place, reach_m = self._session, (lat, lon), self.reach_m(px)
        self._number += 1
        self._began_px, self._moving, self._last = px, False, place
        chosen = [s for s in session.document.shapes if s.ident in session.selection]
        if not modifiers & _MORE:
            corner = nearest_corner(place, chosen, reach_m)
            if corner is not None:
                self._held = (corner.ident, corner.ring, corner.index)
                session.choose_corner(*self._held)
                return True
            self._round = _circle_edge(place, chosen, reach_m)
            self._shape_held = self._round is None and nearest_edge(place, chosen, reach_m) is not None
            if self._round is not None or self._shape_held:
                return True
        ident = shape_at(place, session.document.shapes, reach_m)
        if modifiers & _MORE and ident is not None:
            session.choose([ident], add=True)
            self._began_px = None
            return True
        # A click chooses when the button goes up; a drag from here is the map's.
        self._under = -1 if ident is None else ident
        return False

    def on_move(self, lat: float, lon: float, px: QPointF, buttons: Qt.MouseButton, modifiers: object) -> bool:
        """Move what is held; small trembling does nothing."""
        if self._began_px is None or self._under is not None or not buttons & Qt.MouseButton.LeftButton:
            return False
        if not self._moving and (px - self._began_px).manhattanLength() < 5.0:
            return True
        self._moving = True
        if self._held is not None:
            ident, ring, index = self._held
            snapped = self._snapped((lat, lon), px, modifiers, self._held)
            self.pencil.snapped, self.pencil.cursor = snapped, snapped.place
            self._session.do(
                self.tr("Move corner"),
                lambda d: edits.move_point(d, ident, ring, index, snapped.place),
                ("corner", self._number),
            )
        elif self._round is not None:
            ident = self._round
            centre = self._session.document.shape(ident).points[0]
            radius_m = round(float(np.hypot(*LocalFrame(*centre).to_plane(lat, lon))), 1)
            self._session.do(
                self.tr("Change the radius"),
                lambda d: edits.change(d, ident, radius_m=radius_m),
                ("radius", self._number),
            )
        elif self._shape_held and self._last is not None:
            east_m, north_m = (float(v) for v in LocalFrame(*self._last).to_plane(lat, lon))
            chosen = self._session.selection
            self._session.do(
                self.tr("Move shape"), lambda d: edits.move_shapes(d, chosen, east_m, north_m), ("shape", self._number)
            )
            self._last = (lat, lon)
        self.pencil_changed.emit()
        return True

    def on_release(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """Let go."""
        if button != Qt.MouseButton.LeftButton:
            return False
        began, under = self._began_px, self._under
        self._let_go()
        if began is not None and under is not None:
            if (px - began).manhattanLength() < 5.0:
                self._session.choose([under] if under >= 0 else [])
            return False
        return began is not None

    def on_double_click(self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: object) -> bool:
        """On an edge of the chosen shape: a new corner."""
        if button != Qt.MouseButton.LeftButton:
            return False
        session = self._session
        chosen = [s for s in session.document.shapes if s.ident in session.selection]
        reach_m = self.reach_m(px)
        if nearest_corner((lat, lon), chosen, reach_m) is None:
            edge = nearest_edge((lat, lon), chosen, reach_m)
            if edge is not None and session.do(
                self.tr("New corner"), lambda d: edits.insert_point(d, edge.ident, edge.ring, edge.index, edge.place)
            ):
                session.choose_corner(edge.ident, edge.ring, edge.index)
        return True

    def on_key(self, key: int, modifiers: object) -> bool:
        """Delete, the arrows, Tab from corner to corner, Insert for a new corner, Escape for no choice."""
        session = self._session
        steps = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
        }  # fmt: skip
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and session.selection:
            session.delete_chosen()
            return True
        if key in steps and session.selection:
            far_m = self.reach_m(QPointF(50.0, 50.0)) * (0.1 if modifiers & _MORE else 1.0)
            self._nudge(steps[key][0] * far_m, steps[key][1] * far_m)
            return True
        if key == Qt.Key.Key_Insert and session.corner is not None:
            self._insert_behind(*session.corner)
            return True
        if key in (Qt.Key.Key_N, Qt.Key.Key_B) and session.document.shapes:
            self._next(1 if key == Qt.Key.Key_N else -1)
            return True
        if key == Qt.Key.Key_Escape and session.selection:
            session.choose([])
            return True
        return False

    def cancel(self) -> None:
        """Let go."""
        self._let_go()
        super().cancel()

    def _let_go(self) -> None:
        self._held, self._shape_held, self._began_px, self._last, self._moving = None, False, None, None, False
        self._round = self._under = None
        self._session.close_step()
        self._clear()

    def _nudge(self, east_m: float, north_m: float) -> None:
        session = self._session
        if session.corner is not None:
            ident, ring, index = session.corner
            at = session.document.shape(ident).rings[ring][index]
            lat, lon = LocalFrame(*at).from_plane([east_m, north_m])
            session.do(
                self.tr("Move corner"), lambda d: edits.move_point(d, ident, ring, index, (float(lat), float(lon)))
            )
        else:
            chosen = session.selection
            session.do(self.tr("Move shape"), lambda d: edits.move_shapes(d, chosen, east_m, north_m))

    def _insert_behind(self, ident: int, ring: int, index: int) -> None:
        shape = self._session.document.shape(ident)
        points = shape.rings[ring]
        if not shape.closed and index + 1 >= len(points):
            return
        a, b = points[index], points[(index + 1) % len(points)]
        place = ((a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0)
        if self._session.do(self.tr("New corner"), lambda d: edits.insert_point(d, ident, ring, index + 1, place)):
            self._session.choose_corner(ident, ring, index + 1)

    def _next(self, step: int) -> None:
        """The next corner of the chosen shape; where no shape is chosen, the next shape."""
        session = self._session
        shape = session.selected
        if shape is None:
            session.choose([session.document.shapes[0 if step > 0 else -1].ident])
            return
        corners = [(shape.ident, r, k) for r, ring in enumerate(shape.rings) for k in range(len(ring))]
        at = corners.index(session.corner) if session.corner in corners else (-1 if step > 0 else 0)
        session.choose_corner(*corners[(at + step) % len(corners)])
