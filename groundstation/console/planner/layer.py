"""The drawing on the map: shapes, what is half drawn, the plans that follow, findings, and what an aircraft holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QPainter, QPainterPath, QPen

from geofences.errors import MarchwardenError
from geofences.outlines import outline
from geofences.zone import Circle, LatLon
from groundstation.console import i18n, theme
from groundstation.console.map.graphics import Word, Words
from groundstation.console.map.projection import to_mercator
from groundstation.console.map.tools import LegendRow
from groundstation.console.planner.document import Role, Shape
from groundstation.console.planner.session import PlannerSession
from groundstation.console.planner.tools import Pencil
from missions.plan import Plan

_COLOURS: dict[Role, str] = {
    "border": "border_line", "inclusion": "fence_planned", "exclusion": "exclusion", "no_look": "no_look",
    "obstacle": "caution", "launch": "patrol", "rally": "patrol", "target": "information",
}  # fmt: skip
_STYLES: dict[Role, Qt.PenStyle] = {
    "border": Qt.PenStyle.SolidLine, "inclusion": Qt.PenStyle.DashLine, "exclusion": Qt.PenStyle.SolidLine,
    "no_look": Qt.PenStyle.DotLine, "obstacle": Qt.PenStyle.SolidLine, "launch": Qt.PenStyle.SolidLine,
    "rally": Qt.PenStyle.SolidLine, "target": Qt.PenStyle.DashDotLine,
}  # fmt: skip
_FILLS: dict[Role, int] = {"exclusion": 50, "no_look": 36, "obstacle": 60, "target": 24}
_LETTERS: dict[Role, str] = {"launch": "H", "rally": "R", "obstacle": "▲", "target": "◎"}
_SYMBOLS = {"error": "x", "warning": "t", "note": "o"}
_SEVERITY_COLOURS = {"error": "alarm", "warning": "caution", "note": "information"}
_MOST_PLACES = 300
_NAV = frozenset({16, 17, 18, 19, 21, 22, 82})


@dataclass(frozen=True)
class Mark:
    """A place to look at: a finding, or a difference from what an aircraft holds."""

    lat_deg: float
    lon_deg: float
    severity: str


def _xy(points: Sequence[LatLon]) -> np.ndarray:
    array = np.array(points, dtype=float).reshape(-1, 2)
    return to_mercator(array[:, 0], array[:, 1]).reshape(-1, 2)


def _path(rings: Sequence[Sequence[LatLon]], closed: bool) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        xy = _xy(ring)
        if not len(xy):
            continue
        path.moveTo(QPointF(*xy[0]))
        for x, y in xy[1:]:
            path.lineTo(x, y)
        if closed:
            path.closeSubpath()
    return path


def track_of(plan: Plan) -> list[LatLon]:
    """The places that a plan flies to, from home, in its order, for a picture."""
    places = [(plan.home_lat_deg, plan.home_lon_deg)]
    places += [(i.x / 1e7, i.y / 1e7) for i in plan.items if i.command in _NAV and (i.x or i.y)]
    return places


class _Sketch(pg.GraphicsObject):
    """Outlines with cosmetic pens; made anew only when the drawing changes."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self._strokes: list[tuple[QPainterPath, QPen, QBrush]] = []
        self._box = QRectF()
        self.setZValue(z)

    def show_strokes(self, strokes: list[tuple[QPainterPath, QPen, QBrush]]) -> None:
        self.prepareGeometryChange()
        self._strokes = strokes
        box = QRectF()
        for path, _, _ in strokes:
            box = box.united(path.boundingRect())
        self._box = box
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box

    def paint(self, painter: QPainter, *_: Any) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for path, pen, brush in self._strokes:
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawPath(path)


class PlannerLayer:
    """A :class:`groundstation.console.map.tools.MapLayer`. ``on_tick`` draws what has changed since the last one."""

    name = "planner"
    group = "Plan"

    def __init__(self, session: PlannerSession) -> None:
        self.title = i18n.text("planner", "Drawing")
        self._session = session
        self._shapes, self._pencil_sketch = _Sketch(60), _Sketch(66)
        self._corners = pg.ScatterPlotItem(size=11, symbol="s")
        self._corners.setZValue(67)
        self._marks = pg.ScatterPlotItem(size=15)
        self._marks.setZValue(68)
        self._snap_mark = pg.ScatterPlotItem(size=18, symbol="o", brush=None)
        self._snap_mark.setZValue(69)
        self._words = Words(64, rank=17.0)
        self._pencil = Pencil()
        self._held: Plan | None = None
        self._differences: tuple[Mark, ...] = ()
        self._visible = self._open = True
        self._stale = True
        self._pencil_stale = True
        for signal in (session.changed, session.chosen, session.judged, theme.changed):
            signal.connect(self.touch)

    @property
    def visible(self) -> bool:
        """Whether it is shown."""
        return self._visible

    @visible.setter
    def visible(self, shown: bool) -> None:
        self._visible = shown
        self._show_items()

    def open_board(self, is_open: bool) -> None:
        """Whether the planner is open; what the operator has set in the legend stays as it is."""
        self._open = is_open
        self._show_items()

    @property
    def shown(self) -> bool:
        """Whether it is on the map now."""
        return self._visible and self._open

    def _show_items(self) -> None:
        for item in self.items():
            item.setVisible(self.shown)

    def items(self) -> Sequence[Any]:
        """What the map adds."""
        return (self._shapes, self._words, self._pencil_sketch, self._corners, self._marks, self._snap_mark)

    def legend(self) -> Sequence[LegendRow]:
        """In the order of importance."""

        rows = [
            LegendRow("fence_planned", "dash", i18n.text("planner", "drawn: stay inside")),
            LegendRow("exclusion", "square", i18n.text("planner", "drawn: keep out")),
            LegendRow("no_look", "dotted", i18n.text("planner", "drawn: do not look")),
            LegendRow("patrol", "line", i18n.text("planner", "planned way")),
        ]
        if self._held is not None:
            rows.append(LegendRow("fence_unconfirmed", "dotted", i18n.text("planner", "what the aircraft holds")))
        return rows

    def touch(self) -> None:
        """Draw anew at the next tick."""
        self._stale = True

    def show_pencil(self, pencil: Pencil) -> None:
        """What is half drawn."""
        self._pencil = pencil
        self._pencil_stale = True

    def show_held(self, plan: Plan | None, differences: Sequence[Mark] = ()) -> None:
        """What an aircraft holds, where it differs; None: nothing to compare."""
        self._held, self._differences = plan, tuple(differences)
        self._stale = True

    def disconnect(self) -> None:
        """The session may go."""
        theme.changed.disconnect(self.touch)

    def on_tick(self) -> None:
        """Draw what has changed."""
        if not self.shown:
            return
        if self._stale:
            self._stale = False
            self._draw()
        if self._pencil_stale:
            self._pencil_stale = False
            self._draw_pencil()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _pen(self, colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(theme.colour(colour), width, style)
        pen.setCosmetic(True)
        return pen

    def _draw(self) -> None:
        session = self._session
        strokes: list[tuple[QPainterPath, QPen, QBrush]] = []
        for shape in session.document.shapes:
            strokes += self._strokes_of(shape, shape.ident in session.selection)
        strokes += self._plan_strokes()
        self._shapes.show_strokes(strokes)
        self._draw_corners()
        self._draw_marks()
        self._draw_labels()

    def _strokes_of(self, shape: Shape, chosen: bool) -> list[tuple[QPainterPath, QPen, QBrush]]:
        colour, fill = _COLOURS[shape.role], _FILLS.get(shape.role, 0)
        try:
            rings = shape.outlines()
        except MarchwardenError:
            rings = ()
        width = 3.5 if shape.role == "border" else 2.2
        pen = self._pen(colour, width, _STYLES[shape.role])
        brush = QBrush(theme.colour(colour, fill)) if fill else QBrush(Qt.BrushStyle.NoBrush)
        out = []
        if chosen:
            path = _path(rings, True) if rings else _path([shape.points], shape.closed)
            out.append((path, self._pen("selected", width + 3.5), QBrush(Qt.BrushStyle.NoBrush)))
        if rings:
            out.append((_path(rings, True), pen, brush))
        if shape.kind in ("line", "corridor"):
            thin = pen if shape.kind == "line" else self._pen(colour, 1.0, Qt.PenStyle.DotLine)
            out.append((_path([shape.points], False), thin, QBrush(Qt.BrushStyle.NoBrush)))
        return out

    def _plan_strokes(self) -> list[tuple[QPainterPath, QPen, QBrush]]:
        none = QBrush(Qt.BrushStyle.NoBrush)
        out = []
        done = self._session.evaluation
        for outcome in done.plans if done is not None else ():
            out.append((_path([track_of(outcome.plan)], False), self._pen("patrol", 2.0), none))
        if self._held is not None:
            pen = self._pen("fence_unconfirmed", 2.0, Qt.PenStyle.DotLine)
            out.append((_path([track_of(self._held)], False), pen, none))
            fence = self._held.fence
            for polygon in (*fence.inclusions, *fence.exclusions):
                out.append((_path([polygon.points], True), pen, none))
            for c in (*fence.inclusion_circles, *fence.exclusion_circles):
                ring, _ = outline(Circle(c.lat_deg, c.lon_deg, c.radius_m), "exclusion")
                out.append((_path([ring], True), pen, none))
        return out

    def _draw_corners(self) -> None:
        session = self._session
        spots = []
        for shape in session.document.shapes:
            if shape.ident not in session.selection:
                continue
            for ring, points in enumerate(shape.rings):
                for index, place in enumerate(points):
                    held = session.corner == (shape.ident, ring, index)
                    spots.append(
                        {
                            "pos": tuple(_xy([place])[0]),
                            "size": 15 if held else 11,
                            "pen": pg.mkPen(theme.colour("background"), width=1),
                            "brush": theme.colour("alarm" if held else "selected"),
                        }
                    )
        self._corners.setData(spots) if spots else self._corners.clear()

    def _draw_marks(self) -> None:
        marks = list(self._differences)
        done = self._session.evaluation
        if done is not None:
            marks += [
                Mark(t.lat_deg, t.lon_deg, t.severity) for t in done.told if t.lat_deg is not None and t.severity != "note"
            ][:_MOST_PLACES]  # fmt: skip
        spots = [
            {
                "pos": tuple(_xy([(m.lat_deg, m.lon_deg)])[0]),
                "symbol": _SYMBOLS[m.severity],
                "pen": pg.mkPen(theme.colour(_SEVERITY_COLOURS[m.severity]), width=3),
                "brush": None,
            }
            for m in marks
        ]
        self._marks.setData(spots) if spots else self._marks.clear()

    def _draw_labels(self) -> None:
        words = []
        shapes = sorted(self._session.document.shapes, key=lambda shape: shape.kind != "point")  # places first
        for shape in shapes:
            letter = _LETTERS.get(shape.role, "")
            middle = shape.points[len(shape.points) // 2]
            if shape.kind == "polygon":
                middle = (
                    sum(p[0] for p in shape.points) / len(shape.points),
                    sum(p[1] for p in shape.points) / len(shape.points),
                )
            x, y = (float(v) for v in _xy([middle])[0])
            if shape.kind == "point":
                words.append(Word(x, y, f"{letter} {shape.name}", _COLOURS[shape.role], bold=True, plate=220))
            elif shape.role != "border":
                words.append(Word(x, y, shape.name, _COLOURS[shape.role]))
        self._words.set_words(words)

    def _draw_pencil(self) -> None:
        pencil = self._pencil
        none = QBrush(Qt.BrushStyle.NoBrush)
        strokes = []
        pen = self._pen("selected", 2.0, Qt.PenStyle.DashLine)
        points = [*pencil.points, *([pencil.cursor] if pencil.cursor is not None and pencil.points else [])]
        if pencil.radius_m > 0.0 and pencil.points:
            ring, _ = outline(Circle(*pencil.points[0], pencil.radius_m), "exclusion")
            strokes.append((_path([ring], True), pen, none))
        elif len(points) > 1:
            strokes.append((_path([points], pencil.closed and len(points) > 2), pen, none))
        self._pencil_sketch.show_strokes(strokes)
        snapped = pencil.snapped
        if snapped is not None and snapped.onto:
            self._snap_mark.setData(
                [
                    {
                        "pos": tuple(_xy([snapped.place])[0]),
                        "pen": pg.mkPen(theme.colour("selected"), width=2),
                        "brush": None,
                    }
                ]
            )
        else:
            self._snap_mark.clear()
