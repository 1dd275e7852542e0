"""What lies on the ground and does not move: the border with its sides, zones, no-look areas, obstacles, marked places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import Qt

from geofences.area import Area, LatLon, Zone
from geofences.no_look import no_look_zones
from geofences.windows import windows_text
from groundstation.console import i18n
from groundstation.console.map.graphics import (
    Lines,
    Shape,
    ShapeSet,
    Strokes,
    Word,
    Words,
    outline_path,
    pieces_of,
    ring_pieces,
)
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import polyline, scale, to_mercator
from groundstation.console.map.tools import LegendRow
from groundstation.core.clock import Clock

_BESIDE_M = -150.0  # along the border from the place nearest to the launch point, where the patrol's marks are few
_OFF_LINE_M = 24.0


def border_beside(area: Area, beside_m: float) -> tuple[np.ndarray, np.ndarray]:
    """A place on the border, ``beside_m`` along it from the place nearest to the launch point, and its direction there.

    Followed along the line itself: a label that is put beside a tangent may come to stand on the wrong side.
    """
    points = polyline(area.border.points)
    launch = to_mercator(area.launch.lat_deg, area.launch.lon_deg)
    start, step = points[:-1], np.diff(points, axis=0)
    length = np.linalg.norm(step, axis=1)
    part = np.clip(np.einsum("ij,ij->i", launch - start, step) / length**2, 0, 1)
    best = int(np.argmin(np.linalg.norm(start + part[:, None] * step - launch, axis=1)))
    ends = np.concatenate([[0.0], np.cumsum(length)])
    along = ends[best] + part[best] * length[best] + beside_m * scale(area.launch.lat_deg)
    along = float(np.clip(along, 0.0, ends[-1]))
    row = int(np.clip(np.searchsorted(ends, along, side="right") - 1, 0, len(step) - 1))
    return start[row] + step[row] / length[row] * (along - ends[row]), step[row] / length[row]


class BorderLayer(Layer):
    """The border line and the names of its two sides."""

    def __init__(self, area: Area | None, clock: Clock) -> None:
        super().__init__("border", i18n.text("map", "Border and its sides"), i18n.text("map", "Area"), clock)
        self.line, self.words = Lines(12), Words(13, may_overlap=True)
        self._area = area

    def items(self) -> Sequence[object]:
        return (self.line, self.words)

    def draw(self) -> None:
        area = self._area
        if area is None:
            return
        self.line.set_strokes(Strokes(pieces_of(polyline(area.border.points)), "border_line", 3.5))
        place, ahead = border_beside(area, _BESIDE_M)
        normal = np.array([-ahead[1], ahead[0]]) * _OFF_LINE_M * scale(area.launch.lat_deg)
        words = []
        for name, sign in ((area.border.left, 1.0), (area.border.right, -1.0)):
            own = "  " + i18n.text("map", "(own side)") if name == area.border.own else ""
            x, y = place + normal * sign
            words.append(Word(x, y, name.upper() + own, "border_line", bold=True, plate=0, size_px=15))
        self.words.set_words(words)

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("border_line", "line", self.title),)


def zone_words(zone: Zone, kind: str, now_utc_us: int) -> str:
    """The name of a zone, what it is, between which heights and at which hours it holds."""
    lines = [zone.name] if zone.name else []
    lines.append(kind)
    if zone.floor is not None and zone.ceiling is not None:
        lines.append(f"{zone.floor} – {zone.ceiling}")
    elif zone.ceiling is not None:
        lines.append(i18n.fill(i18n.text("map", "up to {height}"), height=zone.ceiling))
    elif zone.floor is not None:
        lines.append(i18n.fill(i18n.text("map", "from {height} up"), height=zone.floor))
    if zone.windows:
        now = any(w.holds(now_utc_us) for w in zone.windows)
        when = i18n.text("map", "now: {hours} UTC") if now else i18n.text("map", "not now: {hours} UTC")
        lines.append(i18n.fill(when, hours=windows_text(zone.windows)))
    return "\n".join(lines)


def rings_of(zone: Zone) -> list[np.ndarray]:
    """Its outline and its holes in Mercator metres."""
    return [polyline(ring) for ring in (zone.points, *zone.holes)]


def _label_place(points: Sequence[LatLon]) -> tuple[float, float]:
    x, y = polyline(points).mean(axis=0)
    return float(x), float(y)


class ZonesLayer(Layer):
    """The zones of the area as they were drawn, with holes, heights and hours; keep-out zones are hatched."""

    def __init__(self, area: Area | None, clock: Clock) -> None:
        super().__init__("zones", i18n.text("map", "Keep-out zones"), i18n.text("map", "Area"), clock)
        self.shapes, self.words = ShapeSet(4), Words(14)
        self._area = area

    def items(self) -> Sequence[object]:
        return (self.shapes, self.words)

    def look(self) -> object:
        area = self._area
        if area is None:
            return None
        now_us = self.clock.utc_us()
        return tuple(any(w.holds(now_us) for w in z.windows) for z in (*area.inclusions, *area.exclusions) if z.windows)

    def draw(self) -> None:
        area = self._area
        if area is None:
            return
        now_us = self.clock.utc_us()
        shapes, words = [], []
        for zones, keep_out in ((area.inclusions, False), (area.exclusions, True)):
            for zone in zones:
                holds = not zone.windows or any(w.holds(now_us) for w in zone.windows)
                shape = Shape(outline_path(rings_of(zone)), 4)
                if keep_out:
                    shape.set_look(
                        "exclusion" if holds else "off", 1.6,
                        Qt.PenStyle.SolidLine if holds else Qt.PenStyle.DotLine,
                        Qt.BrushStyle.BDiagPattern, 150 if holds else 60,
                    )  # fmt: skip
                else:
                    shape.set_look("off", 1.0, Qt.PenStyle.SolidLine if holds else Qt.PenStyle.DotLine)
                shapes.append(shape)
                if keep_out or zone.floor or zone.ceiling or zone.windows:
                    kind = i18n.text("map", "keep out") if keep_out else i18n.text("map", "stay inside")
                    colour = ("exclusion" if keep_out else "text") if holds else "dim"
                    words.append(Word(*_label_place(zone.points), zone_words(zone, kind, now_us), colour))
        self.shapes.set_shapes(shapes)
        self.words.set_words(words)

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("exclusion", "hatched", self.title),)


class NoLookLayer(Layer):
    """Where no camera may look: what was drawn, and the neighbour's land far from the border."""

    def __init__(self, area: Area | None, clock: Clock) -> None:
        super().__init__("no_look", i18n.text("map", "No-look areas"), i18n.text("map", "Area"), clock)
        self.shapes, self.words = ShapeSet(3), Words(14)
        self._zones = no_look_zones(area) if area is not None else ()

    def items(self) -> Sequence[object]:
        return (self.shapes, self.words)

    def draw(self) -> None:
        shapes, words = [], []
        for zone in self._zones:
            shape = Shape(outline_path(rings_of(zone)), 3)
            shape.set_look("no_look", 1.2, Qt.PenStyle.DashLine, Qt.BrushStyle.Dense6Pattern, 110)
            shapes.append(shape)
            text = i18n.fill(i18n.text("map", "camera must not look\n{name}"), name=zone.name)
            words.append(Word(*_label_place(zone.points), text, "no_look"))
        self.shapes.set_shapes(shapes)
        self.words.set_words(words)

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("no_look", "dotted_area", self.title),)


class PlacesLayer(Layer):
    """Launch and rally points, obstacles with their tops."""

    def __init__(self, area: Area | None, clock: Clock) -> None:
        super().__init__("places", i18n.text("map", "Launch, rally, obstacles"), i18n.text("map", "Area"), clock)
        self.rings, self.words = Lines(14), Words(14)
        self._area = area

    def items(self) -> Sequence[object]:
        return (self.rings, self.words)

    def draw(self) -> None:
        area = self._area
        if area is None:
            return
        words = []
        for points, letter in ((area.launches, "H"), (area.rally, "R")):
            for point in points:
                x, y = to_mercator(point.lat_deg, point.lon_deg)
                words.append(Word(float(x), float(y), letter, "patrol", bold=True, plate=220))
        places = [to_mercator(o.lat_deg, o.lon_deg) for o in area.obstacles]
        for place, obstacle in zip(places, area.obstacles, strict=True):
            text = i18n.fill(i18n.text("map", "{name}, top {height}"), name=obstacle.name, height=obstacle.top)
            words.append(Word(float(place[0]), float(place[1]), text, "caution", (0.0, 8.0)))
        self.words.set_words(words)
        if places:
            radii = np.array([max(o.radius_m, 2.0) * scale(o.lat_deg) for o in area.obstacles])
            self.rings.set_strokes(Strokes(ring_pieces(np.array(places), radii), "caution", 1.8))

    def legend(self) -> Sequence[LegendRow]:
        rows = [LegendRow("patrol", "letter", i18n.text("map", "H launch, R rally"))]
        if self._area is not None and self._area.obstacles:
            rows.append(LegendRow("caution", "ring", i18n.text("map", "obstacle")))
        return rows
