"""The edge of a plan's map: frame, coordinates, scale and north."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from groundstation.app.plan_picture_view import View

INK, DIM, PAPER = QColor("#1d2429"), QColor("#66727b"), QColor("#ffffff")


class MapFrame:
    """Paints it round a finished map. ``font(size, bold)`` makes fonts of the sheet's size."""

    def __init__(self, painter: QPainter, view: View, unit: float, font: Callable[..., QFont]) -> None:
        self._p, self._view, self._unit, self._font = painter, view, unit, font

    def _pen(self, colour: QColor, width: float) -> QPen:
        return QPen(colour, width * self._unit)

    def paint(self) -> None:
        """All of it."""
        rect, u = self._view.rect, self._unit
        self._p.setBrush(Qt.BrushStyle.NoBrush)
        self._p.setPen(self._pen(INK, 1.6))
        self._p.drawRect(rect)
        self._ticks()
        metres = _round_length(220 * u / self._view.px_per_m)
        long_px = metres * self._view.px_per_m
        left, base = rect.left() + 22 * u, rect.bottom() - 26 * u
        self._p.fillRect(QRectF(left - 12 * u, base - 32 * u, long_px + 90 * u, 48 * u), QColor(255, 255, 255, 215))
        for quarter in range(4):
            part = QRectF(left + quarter * long_px / 4, base, long_px / 4, 8 * u)
            self._p.fillRect(part, INK if quarter % 2 == 0 else PAPER)
            self._p.setPen(self._pen(INK, 1.0))
            self._p.drawRect(part)
        self._p.setFont(self._font(14))
        self._p.setPen(INK)
        word = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
        self._p.drawText(QPointF(left, base - 8 * u), "0")
        self._p.drawText(QPointF(left + long_px - 8 * u, base - 8 * u), word)
        self._north(QPointF(rect.right() - 40 * u, rect.top() + 58 * u))

    def _north(self, at: QPointF) -> None:
        u = self._unit
        self._p.setPen(self._pen(PAPER, 1.0))
        self._p.setBrush(QColor(255, 255, 255, 215))
        self._p.drawEllipse(at, 32 * u, 44 * u)
        for sign, colour in ((-1.0, INK), (1.0, PAPER)):
            self._p.setPen(self._pen(INK, 1.2))
            self._p.setBrush(colour)
            half = [
                QPointF(at.x(), at.y() - 14 * u),
                QPointF(at.x() + sign * 13 * u, at.y() + 30 * u),
                QPointF(at.x(), at.y() + 20 * u),
            ]
            self._p.drawPolygon(QPolygonF(half))
        self._p.setPen(INK)
        self._p.setFont(self._font(18, bold=True))
        self._p.drawText(QRectF(at.x() - 20 * u, at.y() - 42 * u, 40 * u, 26 * u), Qt.AlignmentFlag.AlignCenter, "N")

    def _ticks(self) -> None:
        """Latitudes and longitudes along the frame."""
        rect, u = self._view.rect, self._unit
        xs, ys = np.linspace(rect.left(), rect.right(), 200), np.linspace(rect.bottom(), rect.top(), 200)
        _, lon = self._view.frame.from_plane(self._view.metres(xs, np.full(200, rect.bottom())))
        lat, _ = self._view.frame.from_plane(self._view.metres(np.full(200, rect.left()), ys))
        self._p.setFont(self._font(12))
        self._p.setPen(self._pen(DIM, 1.0))
        for value in _round_steps(float(lon[0]), float(lon[-1]), 5):
            x = float(np.interp(value, lon, xs))
            self._p.drawLine(QPointF(x, rect.bottom()), QPointF(x, rect.bottom() + 5 * u))
            box = QRectF(x - 70 * u, rect.bottom() + 6 * u, 140 * u, 20 * u)
            self._p.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{abs(value):.4f}° {'E' if value >= 0 else 'W'}")
        for value in _round_steps(float(lat[0]), float(lat[-1]), 4):
            y = float(np.interp(value, lat, ys))
            self._p.drawLine(QPointF(rect.left() - 5 * u, y), QPointF(rect.left(), y))
            self._p.save()
            self._p.translate(QPointF(rect.left() - 13 * u, y))
            self._p.rotate(-90.0)
            box = QRectF(-70 * u, -10 * u, 140 * u, 20 * u)
            self._p.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{abs(value):.4f}° {'N' if value >= 0 else 'S'}")
            self._p.restore()


def _round_length(metres: float) -> float:
    """The greatest round length that is not longer: 1, 2 or 5 and zeros."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= metres)


def _round_steps(low: float, high: float, about: int) -> Sequence[float]:
    step = _round_length(max((high - low) / about, 1e-4))
    first = math.ceil(low / step) * step
    return [first + k * step for k in range(int((high - first) / step) + 1)]
