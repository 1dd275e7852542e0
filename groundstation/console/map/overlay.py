"""What stands on the map's glass: scale bar, north arrow, the place under the cursor."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from groundstation.console import theme


class MapOverlay(QWidget):
    """A transparent sheet over the canvas; lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.metres_per_pixel = 1.0
        self.north_top_px = 46.0
        """Below the buttons."""
        self.cursor_text = ""
        self.notice = ""
        """A line in the middle below, for instance that the map follows an aircraft."""

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw all of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        self._paint_scale(painter)
        self._paint_north(painter)
        for text, middle in ((self.cursor_text, False), (self.notice, True)):
            if text:
                lines = text.split("\n")
                metrics = painter.fontMetrics()
                width = max(metrics.horizontalAdvance(line) for line in lines) + 20
                height = metrics.lineSpacing() * len(lines) + 8
                left = (self.width() - width) / 2 if middle else self.width() - width - 10
                box = QRectF(left, self.height() - height - 10, width, height)
                self._plate(painter, box)
                painter.setPen(theme.colour("text"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    @staticmethod
    def _plate(painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("background", 205))
        painter.drawRoundedRect(box, 4, 4)

    def _paint_scale(self, painter: QPainter) -> None:
        target_m = self.metres_per_pixel * 150
        if not math.isfinite(target_m) or target_m <= 0:
            return
        power = 10 ** math.floor(math.log10(target_m))
        length_m = next(m * power for m in (5, 2, 1) if m * power <= target_m)
        pixels = length_m / self.metres_per_pixel
        x, y = self.width() - 20 - pixels, self.height() - 76
        self._plate(painter, QRectF(x - 10, y - 22, pixels + 20, 30))
        painter.setPen(QPen(theme.colour("text"), 2))
        painter.drawLine(QPointF(x, y), QPointF(x + pixels, y))
        for end in (x, x + pixels):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        text = f"{length_m:g} m" if length_m < 1000 else f"{length_m / 1000:g} km"
        painter.drawText(QRectF(x, y - 20, pixels, 16), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_north(self, painter: QPainter) -> None:
        x, y = self.width() - 30.0, self.north_top_px + 20.0
        self._plate(painter, QRectF(x - 14, y - 20, 28, 50))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text"))
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - 15), QPointF(x + 7, y + 7), QPointF(x, y + 2), QPointF(x - 7, y + 7)])
        )
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(x - 12, y + 8, 24, 18), Qt.AlignmentFlag.AlignCenter, "N")
