"""The shapes of the map's symbols, the same on the map and in its legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen

from groundstation.console import theme

DrawStamp = Callable[[QPainter, float], None]
"""Draws one symbol round (0, 0); gets half the room it has."""


def polygon_stamp(corners: Sequence[tuple[float, float]]) -> QPainterPath:
    """A closed outline for a stamp."""
    path = QPainterPath(QPointF(*corners[0]))
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.closeSubpath()
    return path


def stamp(
    shape: str, size: float, fill: str | None, edge: str, width: float = 1.2, alpha: int = 255, dashed: bool = False
) -> DrawStamp:
    """A drawing of a shape: circle, square, triangle, diamond, star, cross, arrow; colours are names of the theme."""

    def draw(painter: QPainter, _: float) -> None:
        pen = QPen(theme.colour(edge, alpha), width, Qt.PenStyle.DotLine if dashed else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(QBrush(theme.colour(fill, alpha)) if fill else QBrush(QColor(0, 0, 0, 0)))
        painter.drawPath(shape_path(shape, size))

    return draw


def shape_path(shape: str, size: float) -> QPainterPath:
    """An outline round (0, 0), ``size`` pixels from the middle to its edge."""
    s = size
    if shape == "square":
        return polygon_stamp([(-s, -s), (s, -s), (s, s), (-s, s)])
    if shape == "triangle":
        return polygon_stamp([(0, -s * 1.15), (s, s * 0.85), (-s, s * 0.85)])
    if shape == "diamond":
        return polygon_stamp([(0, -s), (s, 0), (0, s), (-s, 0)])
    if shape == "star":
        turns = [math.pi * k / 5 for k in range(10)]
        return polygon_stamp(
            [((s if k % 2 == 0 else s * 0.45) * math.sin(t), -(s if k % 2 == 0 else s * 0.45) * math.cos(t))
             for k, t in enumerate(turns)]
        )  # fmt: skip
    if shape == "arrow":  # an aircraft seen from above, nose up
        return polygon_stamp([(0, -s), (s * 0.65, s * 0.8), (0, s * 0.4), (-s * 0.65, s * 0.8)])
    path = QPainterPath()
    if shape == "cross":
        for a, b in (((-s, -s), (s, s)), ((-s, s), (s, -s))):
            path.moveTo(*a)
            path.lineTo(*b)
        return path
    path.addEllipse(QPointF(0.0, 0.0), s, s)
    return path
