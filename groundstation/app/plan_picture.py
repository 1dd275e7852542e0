"""Paints a plan as a sheet to hang on the wall: map on the left, legend and findings on the right. No window is opened.

Light paper, so that it prints. What must not be entered is hatched besides being red, what must be stayed in has a band
along its edge besides being green: the two can be told apart without their colours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QFont, QImage, QPainter, QPen, QPolygonF
from shapely.geometry import LineString, Point, Polygon

from geofences.area import Area
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import to_plane, zone_region
from geofences.terrain import TerrainGrid
from groundstation.app.plan_legend import Legend, paint_panel
from groundstation.app.plan_picture_data import Drawing, drawing_of, shade
from groundstation.app.plan_picture_frame import MapFrame
from groundstation.app.plan_picture_view import View, extent_of
from groundstation.console.qt import make_application
from missions.checks import Finding
from missions.footprint import Camera
from missions.performance import Performance
from missions.plan import Plan

INK, DIM, PAPER = QColor("#1d2429"), QColor("#66727b"), QColor("#ffffff")
STAY_IN, KEEP_OUT, NO_LOOK = QColor("#0b7a54"), QColor("#c2321b"), QColor("#7b3fa0")
BORDER, WAY, HOME_WAY, SWATH = QColor("#5b2a86"), QColor("#0a5fa8"), QColor("#66727b"), QColor("#f2c230")
RALLY, ERROR, WARNING = QColor("#d97706"), QColor("#d00000"), QColor("#e08e00")


@dataclass(frozen=True, eq=False)
class Picture:
    """What is painted. ``camera`` None: the simulator's."""

    name: str
    plan: Plan
    area: Area | None
    terrain: TerrainGrid | None
    performance: Performance
    camera: Camera | None
    findings: tuple[Finding, ...]


def paint(picture: Picture, width_px: int) -> QImage:
    """The sheet, as high as the plan is. Raises :class:`PlanError` for a plan that cannot be timed."""
    application = make_application(headless=True)  # fonts need one as long as anything is painted
    plan = picture.plan
    frame = LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
    drawing = drawing_of(plan, frame, picture.performance, picture.camera or Camera(), picture.terrain)
    unit = width_px / 1800.0
    map_px = width_px - 494.0 * unit
    low, high = extent_of(plan, picture.area, drawing, frame)
    # As high as the way is, within reason: the panel needs its room too.
    ratio = min(max(float((high - low)[1] / (high - low)[0]), 0.62), 1.0)
    height_px = round(ratio * map_px + 124 * unit)
    image = QImage(width_px, height_px, QImage.Format.Format_RGB32)
    image.fill(PAPER)
    rect = QRectF(24 * unit, 84 * unit, map_px, height_px - 124 * unit)
    view = View(frame, low, high, rect)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        sheet = _Sheet(painter, picture, drawing, view, unit)
        legend = sheet.map()
        paint_panel(painter, picture.name, plan, drawing, picture.findings, legend, unit, width_px, height_px)
    finally:
        painter.end()
        del application
    return image


class _Sheet:
    def __init__(self, painter: QPainter, picture: Picture, drawing: Drawing, view: View, unit: float) -> None:
        self.p, self.picture, self.drawing, self.view, self.unit = painter, picture, drawing, view, unit
        self.legend = Legend()
        self._labels: list[QRectF] = []

    def map(self) -> Legend:
        """Everything on the map, from the ground up; what is on it, for the legend."""
        p, view = self.p, self.view
        p.save()
        p.setClipRect(view.rect)
        self._ground()
        self._swath()
        self._zones()
        self._fence()
        self._border()
        self._legs()
        self._marks()
        self._findings()
        p.restore()
        MapFrame(p, view, self.unit, self._font).paint()
        return self.legend

    def _pen(self, colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(colour, width * self.unit, style)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen

    # -- the ground ----------------------------------------------------------------------------------------------

    def _ground(self) -> None:
        rect, terrain = self.view.rect, self.picture.terrain
        self.p.fillRect(rect, QColor("#f4f3ee"))
        if terrain is None:
            return
        columns, rows = max(int(rect.width() / 2), 2), max(int(rect.height() / 2), 2)
        x = np.linspace(rect.left(), rect.right(), columns)
        y = np.linspace(rect.top(), rect.bottom(), rows)
        places = self.view.metres(*np.meshgrid(x, y))
        lat, lon = self.view.frame.from_plane(places)
        rgb = np.ascontiguousarray(shade(terrain, lat, lon, 2.0 / self.view.px_per_m))
        image = QImage(rgb.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        self.p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.p.drawImage(rect, image)

    def _swath(self) -> None:
        if self.drawing.swath is None:
            return
        fill = QColor(SWATH)
        fill.setAlpha(85)
        self.p.setBrush(fill)
        self.p.setPen(self._pen(QColor("#b98d00"), 1.2, Qt.PenStyle.DotLine))
        self.p.drawPath(self.view.path(self.drawing.swath))
        self.legend.swath = True

    # -- areas -----------------------------------------------------------------------------------------------------

    def _zones(self) -> None:
        """What only the area says: areas not to be looked at, and zones that the plan's fence does not hold."""
        area = self.picture.area
        if area is None:
            return
        for zone in area.no_look:
            self._area(self._region(zone, "no_look"), NO_LOOK, Qt.BrushStyle.DiagCrossPattern, zone.name, 1.8)
            self.legend.no_look = True
        held = {p.name for p in (*self.picture.plan.fence.inclusions, *self.picture.plan.fence.exclusions)}
        for zone in area.exclusions:
            if zone.name not in held and (zone.floor is not None or zone.ceiling is not None or zone.windows):
                words = " to ".join(str(h) for h in (zone.floor, zone.ceiling) if h is not None) or "at times"
                region = self._region(zone, "exclusion")
                self._area(region, KEEP_OUT, Qt.BrushStyle.HorPattern, f"{zone.name} ({words})", 1.4)
                self.legend.slab = True
        for obstacle in area.obstacles:
            at = self.view.point(self.view.frame.to_plane(obstacle.lat_deg, obstacle.lon_deg))
            size = 8 * self.unit
            self.p.setPen(self._pen(KEEP_OUT, 2.0))
            self.p.setBrush(QBrush(PAPER))
            self.p.drawPolygon(
                QPolygonF(
                    [
                        QPointF(at.x(), at.y() - 1.4 * size),
                        QPointF(at.x() + size, at.y() + size),
                        QPointF(at.x() - size, at.y() + size),
                    ]
                )
            )
            self._text(at + QPointF(12 * self.unit, 4 * self.unit), f"{obstacle.name} {obstacle.top}", KEEP_OUT, 13)
            self.legend.obstacle = True

    def _region(self, zone: object, role: str) -> object:
        return zone_region(zone, self.view.frame, role)  # type: ignore[arg-type]

    def _fence(self) -> None:
        fence, frame = self.picture.plan.fence, self.view.frame
        for polygon in fence.exclusions:
            self._area(
                _polygon(to_plane(polygon.points, frame)), KEEP_OUT, Qt.BrushStyle.BDiagPattern, polygon.name, 2.4
            )
        for circle in fence.exclusion_circles:
            shape = Point(frame.to_plane(circle.lat_deg, circle.lon_deg)).buffer(circle.radius_m, 48)
            self._area(shape, KEEP_OUT, Qt.BrushStyle.BDiagPattern, circle.name, 2.4)
        for polygon in fence.inclusions:
            self._stay_in(_polygon(to_plane(polygon.points, frame)), polygon.name)
        for circle in fence.inclusion_circles:
            shape = Point(frame.to_plane(circle.lat_deg, circle.lon_deg)).buffer(circle.radius_m, 48)
            self._stay_in(shape, circle.name)
        self.legend.keep_out = bool(fence.exclusions or fence.exclusion_circles)
        self.legend.stay_in = bool(fence.inclusions or fence.inclusion_circles)

    def _area(self, shape: object, colour: QColor, pattern: Qt.BrushStyle, name: str, width: float) -> None:
        fill = QColor(colour)
        fill.setAlpha(28)
        path = self.view.path(shape)
        self.p.setPen(Qt.PenStyle.NoPen)
        self.p.fillPath(path, fill)
        lines = QColor(colour)
        lines.setAlpha(150)
        brush = QBrush(lines, pattern)
        self.p.fillPath(path, brush)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.setPen(self._pen(colour, width))
        self.p.drawPath(path)
        self._name(shape, name, colour)

    def _stay_in(self, shape: object, name: str) -> None:
        # A band inside the edge: on which side it may be is seen at any place of the line.
        band = shapely.difference(shape, shapely.buffer(shape, -9.0 * self.unit / self.view.px_per_m))
        fill = QColor(STAY_IN)
        fill.setAlpha(70)
        self.p.fillPath(self.view.path(band), fill)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.setPen(self._pen(STAY_IN, 2.6))
        self.p.drawPath(self.view.path(shape))
        # Its name along the top edge, inside.
        seen = shapely.intersection(shape, self.view.box)
        if seen.is_empty:
            return
        west, south, east, north = seen.bounds
        for share in (0.5, 0.3, 0.7, 0.15, 0.85):
            x = west + share * (east - west)
            chord = shapely.intersection(seen, LineString([(x, south), (x, north)]))
            if not chord.is_empty:
                at = self.view.point(np.array([x, chord.bounds[3]])) + QPointF(0.0, 26 * self.unit)
                if self._text(at, name, STAY_IN, 15, centred=True, bold=True):
                    return

    def _name(self, shape: object, name: str, colour: QColor) -> None:
        seen = shapely.intersection(shapely.make_valid(shape), self.view.box)
        if seen.is_empty:
            return
        middle = shapely.point_on_surface(seen)
        self._text(self.view.point(np.array([middle.x, middle.y])), name, colour, 15, centred=True, bold=True)

    # -- the border --------------------------------------------------------------------------------------------------

    def _border(self) -> None:
        area = self.picture.area
        if area is None:
            return
        line = area.border.to_plane(self.view.frame)
        points = self.view.line(line)
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        self.p.setPen(self._pen(PAPER, 9.0))
        self.p.drawPolyline(points)
        pen = self._pen(BORDER, 4.0)
        pen.setDashPattern([5.0, 2.2, 0.8, 2.2])
        self.p.setPen(pen)
        self.p.drawPolyline(points)
        self.legend.border = True
        self._sides(LineString(line), area)

    def _sides(self, line: LineString, area: Area) -> None:
        """The names of the two sides, along the line where there is room."""
        parts: list[LineString] = []
        west, south, east, north = self.view.box.bounds
        for inset in (210.0, 60.0):
            # Well inside, so that the names are not cut off at the edge of the map.
            x, y = (v * self.unit / self.view.px_per_m for v in (inset, 50.0))
            room = shapely.box(west + x, south + y, east - x, north - y)
            parts = parts or [p for p in shapely.get_parts(shapely.intersection(line, room)) if p.length > 0.0]
        if not parts:
            return
        part = max(parts, key=lambda each: each.length)
        flown = shapely.MultiLineString([leg.en_m for leg in self.drawing.legs])

        def spare(share: float) -> float:
            place = part.interpolate(share, normalized=True)
            return 0.0 if flown.is_empty else float(shapely.distance(place, flown))

        # Where the way is furthest off there is most room for words.
        share = max((0.12, 0.88, 0.5, 0.3, 0.7), key=spare)
        at = part.interpolate(share, normalized=True)
        ahead = part.interpolate(min(share + 0.02, 1.0), normalized=True)
        back = part.interpolate(max(share - 0.02, 0.0), normalized=True)
        en = np.array([at.x, at.y])
        along = np.array([ahead.x - back.x, ahead.y - back.y])
        along /= max(float(np.hypot(*along)), 1e-9)
        left = np.array([-along[1], along[0]])
        angle = -math.degrees(math.atan2(along[1], along[0]))
        flip = abs(angle) > 90.0
        self.p.save()
        self.p.translate(self.view.point(en))
        self.p.rotate(angle + (180.0 if flip else 0.0))
        font = self._font(22, bold=True)
        font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 118.0)
        self.p.setFont(font)
        for side, up in ((area.border.left, not flip), (area.border.right, flip)):
            own = " (own side)" if side == area.border.own else ""
            box = QRectF(-260 * self.unit, (-46 if up else 12) * self.unit, 520 * self.unit, 34 * self.unit)
            self._halo(box, Qt.AlignmentFlag.AlignCenter, f"{side}{own}", BORDER)
        self.p.restore()
        for sign in (1.0, -1.0):
            spot = self.view.point(en + left * sign * 30 * self.unit / self.view.px_per_m)
            self._labels.append(
                QRectF(spot.x() - 90 * self.unit, spot.y() - 18 * self.unit, 180 * self.unit, 36 * self.unit)
            )

    # -- the way -----------------------------------------------------------------------------------------------------

    def _legs(self) -> None:
        styles = {
            "leg": (WAY, 3.2, Qt.PenStyle.SolidLine),
            "out": (WAY, 2.2, Qt.PenStyle.DashLine),
            "home": (HOME_WAY, 2.2, Qt.PenStyle.DotLine),
        }
        self.p.setBrush(Qt.BrushStyle.NoBrush)
        for kind in ("home", "out", "leg"):
            colour, width, style = styles[kind]
            for leg in self.drawing.legs:
                if leg.kind == kind:
                    self.p.setPen(self._pen(PAPER, width + 2.5))
                    self.p.drawPolyline(self.view.line(leg.en_m))
                    self.p.setPen(self._pen(colour, width, style))
                    self.p.drawPolyline(self.view.line(leg.en_m))
        last: QPointF | None = None
        for leg in self.drawing.legs:
            middle = self.view.point(leg.en_m.mean(axis=0))
            long_px = float(np.hypot(*(leg.en_m[1] - leg.en_m[0]))) * self.view.px_per_m
            far = last is None or math.hypot(middle.x() - last.x(), middle.y() - last.y()) > 60 * self.unit
            if long_px > 26 * self.unit and far:
                self._arrow(leg.en_m, styles[leg.kind][0])
                last = middle
        kinds = {leg.kind for leg in self.drawing.legs}
        self.legend.leg, self.legend.out, self.legend.home_way = ("leg" in kinds, "out" in kinds, "home" in kinds)

    def _arrow(self, en_m: FloatArray, colour: QColor) -> None:
        middle = self.view.point(en_m[0] + 0.64 * (en_m[1] - en_m[0]))
        way = self.view.point(en_m[1]) - self.view.point(en_m[0])
        self.p.save()
        self.p.translate(middle)
        self.p.rotate(math.degrees(math.atan2(way.y(), way.x())))
        size = 9 * self.unit
        self.p.setPen(self._pen(PAPER, 1.2))
        self.p.setBrush(colour)
        self.p.drawPolygon(
            QPolygonF(
                [QPointF(size, 0), QPointF(-size, -0.75 * size), QPointF(-0.5 * size, 0), QPointF(-size, 0.75 * size)]
            )
        )
        self.p.restore()

    def _marks(self) -> None:
        """Home, rally points, and the numbers of the items, as far as there is room for them."""
        plan, frame = self.picture.plan, self.view.frame
        for number, rally in enumerate(plan.rally, 1):
            at = self.view.point(frame.to_plane(rally.lat_deg, rally.lon_deg))
            self._disc(at, "R", RALLY, 13, square=True)
            self._text(
                at + QPointF(18 * self.unit, 5 * self.unit), f"rally {number}, {rally.alt_rel_home_m:.0f} m", RALLY, 14
            )
        home = self.view.point(frame.to_plane(plan.home_lat_deg, plan.home_lon_deg))
        self._disc(home, "H", INK, 15)
        self._text(
            home + QPointF(20 * self.unit, 5 * self.unit), f"home {plan.home_alt_amsl_m:.0f} m AMSL", INK, 14, bold=True
        )
        self.legend.rally = bool(plan.rally)
        placed: list[QPointF] = [home]
        numbered: list[tuple[int, QPointF]] = []
        for number, en in self.drawing.stops:
            at = self.view.point(en)
            if all(math.hypot(at.x() - q.x(), at.y() - q.y()) > 27 * self.unit for q in placed):
                placed.append(at)
                numbered.append((number, at))
            else:
                self.p.setPen(Qt.PenStyle.NoPen)
                self.p.setBrush(WAY)
                self.p.drawEllipse(at, 2.6 * self.unit, 2.6 * self.unit)
        for number, at in numbered:
            self._disc(at, str(number), WAY, 11)
        self._disc(home, "H", INK, 15)

    def _disc(self, at: QPointF, text: str, colour: QColor, radius: float, square: bool = False) -> None:
        r = radius * self.unit
        box = QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r)
        self.p.setPen(self._pen(PAPER, 2.0))
        self.p.setBrush(colour)
        self.p.drawRoundedRect(box, 3 * self.unit, 3 * self.unit) if square else self.p.drawEllipse(box)
        self.p.setPen(PAPER)
        self.p.setFont(self._font(radius * (1.15 if len(text) < 3 else 0.9), bold=True))
        self.p.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        self._labels.append(box)

    def _findings(self) -> None:
        for number, finding in enumerate(self.picture.findings[:40], 1):
            at = self.view.point(self.view.frame.to_plane(finding.lat_deg, finding.lon_deg))
            colour = ERROR if finding.severity == "error" else WARNING
            spot = at + QPointF(0.0, -24 * self.unit)
            self.p.setPen(self._pen(colour, 2.2))
            self.p.drawLine(at, spot)
            size = 12 * self.unit
            self.p.setPen(self._pen(PAPER, 1.8))
            self.p.setBrush(colour)
            corners = [(0, -1.25), (1.2, 0), (0, 1.25), (-1.2, 0)]
            self.p.drawPolygon(QPolygonF([QPointF(spot.x() + x * size, spot.y() + y * size) for x, y in corners]))
            self.p.setPen(PAPER)
            self.p.setFont(self._font(11, bold=True))
            box = QRectF(spot.x() - size, spot.y() - size, 2 * size, 2 * size)
            self.p.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))

    # -- words -------------------------------------------------------------------------------------------------------

    def _font(self, size: float, bold: bool = False) -> QFont:
        font = QFont("DejaVu Sans")
        font.setPixelSize(max(round(size * self.unit), 7))
        font.setBold(bold)
        return font

    def _text(
        self, at: QPointF, text: str, colour: QColor, size: float, centred: bool = False, bold: bool = False
    ) -> bool:
        """Words with a light edge; False when they would lie on others, and nothing is written."""
        self.p.setFont(self._font(size, bold))
        wide = float(self.p.fontMetrics().horizontalAdvance(text)) + 4 * self.unit
        high = size * 1.5 * self.unit
        box = QRectF(at.x() - (wide / 2 if centred else 0.0), at.y() - 0.75 * high, wide, high)
        if any(box.intersects(other) for other in self._labels):
            return False
        self._labels.append(box)
        self._halo(box, Qt.AlignmentFlag.AlignCenter, text, colour)
        return True

    def _halo(self, box: QRectF, where: Qt.AlignmentFlag, text: str, colour: QColor) -> None:
        self.p.setPen(QColor(255, 255, 255, 225))
        for dx, dy in ((-1.6, 0), (1.6, 0), (0, -1.6), (0, 1.6), (-1.2, -1.2), (1.2, 1.2), (-1.2, 1.2), (1.2, -1.2)):
            self.p.drawText(box.translated(dx * self.unit, dy * self.unit), where, text)
        self.p.setPen(colour.darker(115))
        self.p.drawText(box, where, text)


def _polygon(corners_en_m: FloatArray) -> object:
    polygon = Polygon(corners_en_m)
    return polygon if polygon.is_valid else shapely.make_valid(polygon)
