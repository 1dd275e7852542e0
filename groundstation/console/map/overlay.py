"""What stands on the map's glass: scale bar, north arrow, legend, the coordinates under the cursor."""

from __future__ import annotations

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from groundstation.console import theme


class MapOverlay(QWidget):
    """A transparent sheet over the canvas; lets every click through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.metres_per_pixel = 1.0
        self.cursor_text = ""
        self.legend: list[tuple[str, str, str]] = []
        """(colour, shape 'line' | 'dash' | 'dotted' | 'dot' | 'ring' | 'square', text)"""
        self.second_legend: list[tuple[str, str, str]] = []
        """Another, in the lower left corner."""

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw all of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(12)
        painter.setFont(font)
        self._paint_scale(painter)
        self._paint_north(painter)
        self._paint_legend(painter, self.legend, at_bottom=False)
        self._paint_legend(painter, self.second_legend, at_bottom=True)
        if self.cursor_text:
            box = QRectF(self.width() - 236, self.height() - 56, 226, 22)
            self._plate(painter, box)
            painter.setPen(QColor(theme.TEXT))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.cursor_text)
        painter.end()

    @staticmethod
    def _plate(painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(theme.BACKGROUND, 205))
        painter.drawRoundedRect(box, 4, 4)

    def _paint_scale(self, painter: QPainter) -> None:
        target_m = self.metres_per_pixel * 150
        if not math.isfinite(target_m) or target_m <= 0:
            return
        power = 10 ** math.floor(math.log10(target_m))
        length_m = next(m * power for m in (5, 2, 1) if m * power <= target_m)
        pixels = length_m / self.metres_per_pixel
        x, y = self.width() - 20 - pixels, self.height() - 66
        self._plate(painter, QRectF(x - 10, y - 22, pixels + 20, 30))
        painter.setPen(QPen(QColor(theme.TEXT), 2))
        painter.drawLine(QPointF(x, y), QPointF(x + pixels, y))
        for end in (x, x + pixels):
            painter.drawLine(QPointF(end, y - 4), QPointF(end, y + 4))
        text = f"{length_m:g} m" if length_m < 1000 else f"{length_m / 1000:g} km"
        painter.drawText(QRectF(x, y - 20, pixels, 16), Qt.AlignmentFlag.AlignCenter, text)

    def _paint_north(self, painter: QPainter) -> None:
        x, y = self.width() - 28.0, 30.0
        self._plate(painter, QRectF(x - 14, y - 20, 28, 50))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.TEXT))
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - 15), QPointF(x + 7, y + 7), QPointF(x, y + 2), QPointF(x - 7, y + 7)])
        )
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(QRectF(x - 12, y + 8, 24, 18), Qt.AlignmentFlag.AlignCenter, "N")

    def _paint_legend(self, painter: QPainter, legend: list[tuple[str, str, str]], at_bottom: bool) -> None:
        if not legend:
            return
        width = max(painter.fontMetrics().horizontalAdvance(text) for _, _, text in legend) + 46
        height = 12 + 18 * len(legend)
        box = QRectF(84, self.height() - 40 - height if at_bottom else 10, width, height)
        self._plate(painter, box)
        for row, (colour, shape, text) in enumerate(legend):
            y = box.top() + 15 + 18 * row
            pen = QPen(QColor(colour), 2.4)
            if shape == "dash":
                pen.setStyle(Qt.PenStyle.DashLine)
            elif shape == "dotted":
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            centre = QPointF(box.left() + 19, y)
            if shape in ("line", "dash", "dotted"):
                painter.drawLine(QPointF(box.left() + 8, y), QPointF(box.left() + 30, y))
            elif shape == "square":
                painter.setBrush(theme.colour(colour, 70))
                painter.drawRect(QRectF(box.left() + 10, y - 5, 18, 10))
            elif shape == "ring":
                painter.drawEllipse(centre, 6, 6)
            elif shape == "diamond":
                painter.setBrush(QColor(colour))
                painter.drawPolygon(QPolygonF([centre + QPointF(*d) for d in ((0, -6), (6, 0), (0, 6), (-6, 0))]))
            else:
                painter.setBrush(QColor(colour))
                painter.drawEllipse(centre, 4, 4)
            painter.setPen(QColor(theme.TEXT))
            painter.drawText(QPointF(box.left() + 38, y + 4), text)
