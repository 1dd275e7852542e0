"""Words on plates, drawn once and copied after that: writing a word costs ten times what copying it does.

Few words change from frame to frame. What is kept is bounded; a change of theme makes new plates by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPixmap

from groundstation.console import theme

_MOST_SIZES = 2000
_MOST_PLATES = 300


class WordPlates:
    """Sizes and plates of words by text, size, weight and colours. One for each that draws; GUI thread only."""

    def __init__(self, themed: Callable[[], theme.Theme] = theme.palette) -> None:
        """``themed`` tells the theme that the words are drawn in."""
        self._themed = themed
        self._fonts: dict[tuple[int, bool], QFont] = {}
        self._sizes: dict[tuple[str, int, bool], tuple[float, float]] = {}
        self._plates: dict[tuple[object, ...], QPixmap] = {}

    def _font(self, size_px: int, bold: bool) -> QFont:
        font = self._fonts.get((size_px, bold))
        if font is None:
            font = QFont()
            font.setPixelSize(size_px)
            font.setBold(bold)
            self._fonts[size_px, bold] = font
        return font

    def size(self, text: str, size_px: int, bold: bool) -> tuple[float, float]:
        """Width and height of a text of one or more lines, in pixels."""
        key = (text, size_px, bold)
        size = self._sizes.get(key)
        if size is None:
            metrics = QFontMetricsF(self._font(size_px, bold))
            lines = text.split("\n")
            size = (max(metrics.horizontalAdvance(line) for line in lines), metrics.lineSpacing() * len(lines))
            if len(self._sizes) > _MOST_SIZES:
                self._sizes.clear()
            self._sizes[key] = size
        return size

    def plate(
        self,
        text: str,
        size_px: int,
        bold: bool,
        colour: str,
        ground: tuple[str, int],
        box_px: tuple[float, float],
        ratio: float,
    ) -> QPixmap:
        """The text in the middle of a plate of ``box_px`` width and height.

        ``colour`` a name of the theme or ``#rrggbb``; ``ground`` a name and how dense, 0 for none; ``ratio`` of the screen.
        """
        themed = self._themed()
        key = (text, size_px, bold, colour, ground, ratio, themed.name)
        plate = self._plates.get(key)
        if plate is None:
            width, height = box_px
            plate = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
            plate.setDevicePixelRatio(ratio)
            plate.fill(theme.colour(*ground, of=themed) if ground[1] else QColor(0, 0, 0, 0))
            painter = QPainter(plate)
            painter.setFont(self._font(size_px, bold))
            painter.setPen(theme.colour(colour, of=themed))
            painter.drawText(QRectF(0, 0, width, height), Qt.AlignmentFlag.AlignCenter, text)
            painter.end()
            if len(self._plates) > _MOST_PLATES:
                self._plates.clear()
            self._plates[key] = plate
        return plate
