"""The primary flight display: horizon, speed, height, heading and wind of the chosen aircraft.

What is not live is greyed and crossed out, with its age: a horizon that stands still looks like calm flight.
"""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.focus import VehicleFocus
from groundstation.console.freshness import age_words, heard_s_ago, is_live
from groundstation.core.records import VehicleState

_PIXELS_PER_DEG = 3.2  # of pitch, at 220 px height
_FEET, _KNOTS = 1 / 0.3048, 3600 / 1852


class FlightDisplay(QWidget):
    """Painted anew with each state; when states stop, the timer of the bridge paints the cross."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(300, 170)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._settings, self._clock = context.settings, context.clock
        self._state: VehicleState | None = None
        self._was_live = False
        self._ticks = 0
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.state.connect(self._on_state)
        context.bridge.frame.connect(self._on_tick)
        theme.changed.connect(self.update)

    @property
    def live(self) -> bool:
        """Whether what is drawn is drawn as true now."""
        return is_live(self._state, self._clock.mono_ns())

    def _on_vehicle(self, _: object) -> None:
        self._state = None
        self.update()

    def _on_state(self, state: VehicleState) -> None:
        self._state = state
        self.update()

    def _on_tick(self) -> None:
        self._ticks += 1
        if self.live != self._was_live or (not self.live and self._ticks % 12 == 0):
            self.update()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, state = theme.palette(), self._state
        self._was_live = live = self.live
        self._font(painter, 12)
        if state is None:
            painter.fillRect(self.rect(), QColor(t.panel))
            painter.setPen(QColor(t.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("no aircraft"))
            painter.end()
            return
        self._horizon(painter, state, live)
        self._speed(painter, state, live)
        self._height(painter, state, live)
        self._heading(painter, state, live)
        self._wind(painter, state, live)
        self._mode(painter, state, live)
        if not live:
            self._cross(painter, state)
        painter.end()

    def _font(self, painter: QPainter, pixels: int, bold: bool = True) -> None:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setBold(bold)
        painter.setFont(font)

    def _horizon(self, painter: QPainter, state: VehicleState, live: bool) -> None:
        t, box = theme.palette(), QRectF(self.rect())
        known = math.isfinite(state.roll_deg) and math.isfinite(state.pitch_deg)
        if not (live and known):
            painter.fillRect(box, QColor(t.panel))
            if live:
                painter.setPen(QColor(t.caution))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tr("no attitude"))
            return
        scale = _PIXELS_PER_DEG * box.height() / 220
        painter.save()
        painter.setClipRect(box)
        painter.translate(box.center())
        painter.rotate(-state.roll_deg)
        offset = state.pitch_deg * scale
        reach = box.width() + box.height()
        painter.fillRect(QRectF(-reach, offset - 2 * reach, 2 * reach, 2 * reach), QColor(t.sky))
        painter.fillRect(QRectF(-reach, offset, 2 * reach, 2 * reach), QColor(t.ground))
        painter.setPen(QPen(QColor(t.horizon), 2))
        painter.drawLine(QPointF(-reach, offset), QPointF(reach, offset))
        self._font(painter, 10)
        painter.setPen(QPen(QColor(t.horizon), 1.2))
        for pitch in range(-80, 81, 10):
            y = offset - pitch * scale
            if pitch and abs(y) < box.height() * 0.36:
                half = 24 if pitch % 20 == 0 else 14
                painter.drawLine(QPointF(-half, y), QPointF(half, y))
                painter.drawText(QRectF(half + 3, y - 7, 26, 14), Qt.AlignmentFlag.AlignVCenter, f"{pitch}")
        painter.restore()
        # The aircraft itself: fixed in the middle, with a dark edge so that it is seen on sky and ground.
        middle = box.center()
        wings = QPainterPath(QPointF(middle.x() - 46, middle.y()))
        wings.lineTo(middle.x() - 16, middle.y())
        wings.lineTo(middle.x(), middle.y() + 9)
        wings.lineTo(middle.x() + 16, middle.y())
        wings.lineTo(middle.x() + 46, middle.y())
        for colour, width in ((t.shadow, 5.5), (t.own, 3.0)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawPath(wings)

    def _plate(self, painter: QPainter, box: QRectF, value: str, caption: str, live: bool) -> None:
        t = theme.palette()
        painter.fillRect(box, theme.colour("background", 205))
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.drawRect(box)
        self._font(painter, 20)
        painter.setPen(QColor(t.text if live else t.dim))
        painter.drawText(box.adjusted(4, 2, -4, -16), Qt.AlignmentFlag.AlignCenter, value)
        self._font(painter, 10)
        painter.setPen(QColor(t.dim))
        painter.drawText(
            box.adjusted(2, 0, -2, -3), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, caption
        )

    def _speed(self, painter: QPainter, state: VehicleState, live: bool) -> None:
        aviation = self._settings.units == "aviation"
        speed = state.speed_m_s * (_KNOTS if aviation else 1.0)
        value = f"{speed:.1f}" if math.isfinite(speed) else "–"
        caption = self.tr("kt over ground") if aviation else self.tr("m/s over ground")
        self._plate(painter, QRectF(6, self.height() / 2 - 26, 110, 50), value, caption, live)

    def _height(self, painter: QPainter, state: VehicleState, live: bool) -> None:
        aviation = self._settings.units == "aviation"
        factor = _FEET if aviation else 1.0
        unit = "ft" if aviation else "m"
        height = state.alt_rel_home_m * factor
        value = f"{height:.0f}" if math.isfinite(height) else "–"
        caption = i18n.fill(self.tr("{unit} above home"), unit=unit)
        box = QRectF(self.width() - 116, self.height() / 2 - 26, 110, 50)
        self._plate(painter, box, value, caption, live)
        climb = -state.velocity_ned_m_s[2]
        lines = []
        if math.isfinite(state.alt_amsl_m):
            lines.append(i18n.fill(self.tr("{value} {unit} AMSL"), value=f"{state.alt_amsl_m * factor:.0f}", unit=unit))
        if math.isfinite(climb):
            lines.append(f"{'↑' if climb > 0.2 else '↓' if climb < -0.2 else '→'} {abs(climb):.1f} m/s")
        self._font(painter, 11)
        strip = QRectF(box.left(), box.bottom() + 1, box.width(), 15)
        for line in lines:
            painter.fillRect(strip, theme.colour("background", 205))
            painter.setPen(QColor(theme.TEXT if live else theme.DIM))
            painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, line)
            strip = strip.translated(0, 15)

    def _heading(self, painter: QPainter, state: VehicleState, live: bool) -> None:
        t = theme.palette()
        tape = QRectF(0, 0, self.width(), 24)
        painter.fillRect(tape, theme.colour("background", 205))
        yaw = state.yaw_deg
        if not math.isfinite(yaw):
            return
        painter.save()
        painter.setClipRect(tape)
        self._font(painter, 11)
        per_deg = self.width() / 90.0
        for degrees in range(int(yaw) - 50, int(yaw) + 51):
            if degrees % 15:
                continue
            x = self.width() / 2 + (degrees - yaw) * per_deg
            name = {0: "N", 90: "E", 180: "S", 270: "W"}.get(degrees % 360, f"{degrees % 360:03d}")
            painter.setPen(QColor(t.dim))
            painter.drawText(QRectF(x - 20, 3, 40, 18), Qt.AlignmentFlag.AlignCenter, name)
        painter.restore()
        here = QRectF(self.width() / 2 - 26, 0, 52, 24)
        painter.fillRect(here, QColor(t.background))
        painter.setPen(QPen(QColor(t.text if live else t.dim), 1.5))
        painter.drawRect(here.adjusted(0, 1, 0, 0))
        self._font(painter, 15)
        painter.drawText(here, Qt.AlignmentFlag.AlignCenter, f"{yaw % 360:03.0f}°")

    def _wind(self, painter: QPainter, state: VehicleState, live: bool) -> None:
        t = theme.palette()
        box = QRectF(6, 30, 110, 34)
        painter.fillRect(box, theme.colour("background", 205))
        self._font(painter, 11)
        if not (math.isfinite(state.wind_m_s) and math.isfinite(state.wind_from_deg)):
            painter.setPen(QColor(t.dim))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.tr("wind not told"))
            return
        aviation = self._settings.units == "aviation"
        value = state.wind_m_s * (_KNOTS if aviation else 1.0)
        painter.setPen(QColor(t.wind if live else t.dim))
        text = i18n.fill(
            self.tr("wind {value} {unit}\nfrom {direction}°"),
            value=f"{value:.0f}",
            unit="kt" if aviation else "m/s",
            direction=f"{state.wind_from_deg:03.0f}",
        )
        painter.drawText(box.adjusted(28, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
        # The arrow points where it blows to, seen with the nose up: what the aircraft feels.
        painter.save()
        painter.translate(box.left() + 14, box.center().y())
        nose = state.yaw_deg if math.isfinite(state.yaw_deg) else 0.0
        painter.rotate(state.wind_from_deg + 180.0 - nose)
        painter.setBrush(QColor(t.wind if live else t.dim))
        painter.drawPolygon(QPolygonF([QPointF(0, -12), QPointF(5, 4), QPointF(0, 1), QPointF(-5, 4)]))
        painter.restore()

    def _mode(self, painter: QPainter, state: VehicleState, live: bool) -> None:
        strip = QRectF(0, self.height() - 22, self.width(), 22)
        painter.fillRect(strip, theme.colour("background", 205))
        self._font(painter, 13)
        armed = self.tr("armed") if state.armed else self.tr("disarmed")
        waypoint = ""
        if state.mission_seq >= 0 and state.mission_total:
            waypoint = i18n.fill(
                self.tr("item {number} of {total}"), number=state.mission_seq, total=state.mission_total
            )
        painter.setPen(QColor(theme.TEXT if live else theme.DIM))
        parts = [str(state.vehicle_id), state.mode or "–", armed, waypoint]
        painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, "  ·  ".join(p for p in parts if p))

    def _cross(self, painter: QPainter, state: VehicleState) -> None:
        t, box = theme.palette(), QRectF(self.rect())
        painter.setPen(QPen(theme.colour("alarm", 190), 4))
        painter.drawLine(box.topLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomLeft())
        plate = QRectF(0, 0, 260, 30)
        plate.moveCenter(QPointF(box.center().x(), box.top() + 0.25 * box.height() + 14))
        painter.fillRect(plate, QColor(t.alarm))
        self._font(painter, 15)
        painter.setPen(QColor(t.on_alarm))
        age = age_words(heard_s_ago(state, self._clock.mono_ns()))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, i18n.fill(self.tr("NOT LIVE, heard {age} ago"), age=age))
