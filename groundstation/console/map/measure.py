"""Measuring on the map: distance and bearing of each leg, the whole way, and the area that it goes round."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
from pyproj import Geod
from PyQt6.QtCore import QPointF, Qt

from groundstation.console import i18n
from groundstation.console.map.graphics import Lines, Strokes, Word, Words, pieces_of
from groundstation.console.map.projection import polyline, to_mercator

_GEOD = Geod(ellps="WGS84")
LatLon = tuple[float, float]


def leg(a: LatLon, b: LatLon) -> tuple[float, float]:
    """Metres and degrees from true north of the shortest way on WGS 84."""
    azimuth, _, metres = _GEOD.inv(a[1], a[0], b[1], b[0])
    return float(metres), float(azimuth) % 360.0


def way_m(points: list[LatLon]) -> float:
    """The length of a way."""
    return sum(leg(a, b)[0] for a, b in itertools.pairwise(points))


def area_m2(points: list[LatLon]) -> float:
    """What a way that returns to its beginning goes round, without its sign; 0 for fewer than three points."""
    if len(points) < 3:
        return 0.0
    lat, lon = zip(*points, strict=True)
    return abs(float(_GEOD.polygon_area_perimeter(lon, lat)[0]))


def distance_text(metres: float) -> str:
    """Metres, or kilometres with as many digits as are worth something."""
    return (
        f"{metres:.1f} m" if metres < 100.0 else f"{metres:.0f} m" if metres < 10_000.0 else f"{metres / 1000.0:.2f} km"
    )


def area_text(square_metres: float) -> str:
    """Square metres, hectares or square kilometres."""
    if square_metres < 10_000.0:
        return f"{square_metres:.0f} m²"
    return f"{square_metres / 1e4:.2f} ha" if square_metres < 1e6 else f"{square_metres / 1e6:.3f} km²"


class MeasureTool:
    """Click the corners; Backspace takes the last one back, Escape ends. ``add`` and ``remove`` put items on the map."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, add: Callable[[object], None], remove: Callable[[object], None]) -> None:
        self.points: list[LatLon] = []
        self._open: LatLon | None = None
        self._closed = False
        self._remove = remove
        self.lines, self.words = Lines(90), Words(91, may_overlap=True)
        add(self.lines)
        add(self.words)

    def on_press(
        self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """The next corner."""
        if button != Qt.MouseButton.LeftButton:
            return False
        if self._closed:
            self.points, self._closed = [], False
        self.points.append((lat, lon))
        self._draw()
        return True

    def on_move(
        self, lat: float, lon: float, px: QPointF, buttons: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """The leg to the cursor is measured before it is fixed."""
        self._open = (lat, lon) if self.points and not self._closed else None
        self._draw()
        return bool(buttons & Qt.MouseButton.LeftButton)

    def on_release(
        self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """Belongs to the press."""
        return button == Qt.MouseButton.LeftButton

    def on_double_click(
        self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """The last corner; what was measured stays until the next click."""
        self._closed, self._open = True, None
        self._draw()
        return True

    def on_key(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """Backspace, and Enter to end."""
        if key == Qt.Key.Key_Backspace and self.points:
            self.points.pop()
            self._closed = False
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._closed, self._open = True, None
        else:
            return False
        self._draw()
        return True

    def cancel(self) -> None:
        """Nothing stays on the map."""
        self._remove(self.lines)
        self._remove(self.words)

    def text(self) -> str:
        """What was measured so far, the open leg to the cursor included."""
        points = [*self.points, self._open] if self._open is not None else self.points
        if len(points) < 2:
            return i18n.text("map", "click the first corner") if not points else i18n.text("map", "click the next")
        metres, bearing = leg(points[-2], points[-1])
        lines = [
            i18n.fill(
                i18n.text("map", "{distance}, {bearing}° true"),
                distance=distance_text(metres),
                bearing=f"{bearing:05.1f}",
            )
        ]
        if len(points) > 2:
            lines.append(i18n.fill(i18n.text("map", "whole way {distance}"), distance=distance_text(way_m(points))))
            lines.append(i18n.fill(i18n.text("map", "area {area}"), area=area_text(area_m2(points))))
        return "\n".join(lines)

    def _draw(self) -> None:
        points = [*self.points, self._open] if self._open is not None else self.points
        if not points:
            self.lines.set_strokes()
            self.words.set_words(())
            return
        line = polyline(points)
        close = np.array([[*line[-1], *line[0]]]) if len(line) > 2 else np.zeros((0, 4))
        self.lines.set_strokes(
            Strokes(pieces_of(line), "selected", 2.0),
            Strokes(close, "selected", 1.0, 150, style=Qt.PenStyle.DashLine),
        )
        words = [Word(float(line[-1][0]), float(line[-1][1]), self.text(), "selected", (14.0, 14.0), plate=220)]
        for a, b in itertools.pairwise(points[:-1]):
            x, y = (to_mercator(*a) + to_mercator(*b)) / 2.0
            if math.isfinite(x):
                words.append(Word(float(x), float(y), distance_text(leg(a, b)[0]), "selected", plate=200))
        self.words.set_words(words)
