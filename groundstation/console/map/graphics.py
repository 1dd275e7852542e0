"""Batched drawing: many points, many lines, many words, each kind one graphics item.

An item for every track costs a frame each; one item that maps its numbers with numpy and hands Qt one array does not.
All of them take Mercator metres and draw in pixels, so that sizes do not change with the zoom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PyQt6.QtWidgets import QGraphicsItemGroup, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from groundstation.console import theme
from groundstation.console.map.symbols import DrawStamp
from groundstation.console.word_plates import WordPlates

FloatArray = NDArray[np.float64]
NOTHING: FloatArray = np.zeros((0, 2))
# Where no view is.
_NO_LINE = (-1e5, -1e5, -1e5, -1e5)
_NO_FRAGMENT = (-1e5, -1e5, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)


class _Primitives:
    """An array of Qt's small structs that numpy fills in place; grows, never shrinks.

    Every slice of sip's arrays stays in memory for ever (PyQt6-sip 13.x, one block each: ten kilobytes a second on a busy
    map), so there is one slice for each 64 structs of room, made once, and what it has too much is put out of sight.
    """

    _STEP = 64

    def __init__(self, kind: type, unseen: Sequence[float]) -> None:
        """``unseen``: the fields of a struct that shows nothing."""
        self._kind, self._unseen = kind, np.asarray(unseen, dtype=np.float64)
        self._room = 0
        self._slices: dict[int, object] = {}

    def filled(self, values: FloatArray) -> object:
        """Structs with these fields, ``(n, fields)``, and up to 63 that show nothing."""
        n, fields = values.shape
        steps = -(-n // self._STEP)
        if steps * self._STEP > self._room:
            self._room = max(steps * self._STEP, 2 * self._room)
            self._array = sip.array(self._kind, self._room)
            self._slices = {}
        view = np.frombuffer(sip.voidptr(self._array, self._room * fields * 8), dtype=np.float64).reshape(-1, fields)
        view[:n] = values
        view[n : steps * self._STEP] = self._unseen
        if steps not in self._slices:
            self._slices[steps] = self._array[: steps * self._STEP]
        return self._slices[steps]


class ViewItem(pg.GraphicsObject):
    """An item over the whole view that draws in pixels."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setZValue(z)

    def boundingRect(self) -> QRectF:
        """All that is in view."""
        rect = self.viewRect()
        return rect if rect is not None else QRectF()

    def viewRangeChanged(self, *_: object) -> None:
        """pyqtgraph tells that the map was moved."""
        self.prepareGeometryChange()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw in pixels."""
        if self.is_empty():
            return  # most of thirty are, at most times
        transform = painter.worldTransform()
        painter.save()
        # Only the corner of the view, and not what pyqtgraph scales, is taken off the painter.
        rect = transform.mapRect(self.boundingRect())
        painter.resetTransform()
        self.draw(painter, transform, rect)
        painter.restore()

    def is_empty(self) -> bool:
        """Whether there is nothing to draw anywhere."""
        return False

    def draw(self, painter: QPainter, transform: QTransform, rect: QRectF) -> None:
        """Draw; ``transform`` maps Mercator metres to the painter's pixels, ``rect`` is the view in them."""
        raise NotImplementedError


def mapped(transform: QTransform, xy: FloatArray) -> FloatArray:
    """Pixels of Mercator metres, ``(n, 2)``."""
    t = transform
    out = np.empty_like(xy)
    out[:, 0] = xy[:, 0] * t.m11() + xy[:, 1] * t.m21() + t.dx()
    out[:, 1] = xy[:, 0] * t.m12() + xy[:, 1] * t.m22() + t.dy()
    return out


class Stamps(ViewItem):
    """Many small pictures out of one sheet. ``make`` gives the drawings; it is asked anew after ``restyle``."""

    def __init__(self, z: float, make: Callable[[], Sequence[DrawStamp]], side_px: int = 19) -> None:
        super().__init__(z)
        self._make, self._side = make, side_px
        self._sheet: QPixmap | None = None
        self._buffer = _Primitives(QPainter.PixmapFragment, _NO_FRAGMENT)
        self.xy = NOTHING
        self.kind: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self.rotation_deg: FloatArray | float = 0.0

    def restyle(self) -> None:
        """Colours have changed."""
        self._sheet = None
        self.update()

    def set_points(self, xy: FloatArray, kind: NDArray[np.int64], rotation_deg: FloatArray | float = 0.0) -> None:
        """Where, ``(n, 2)``, and which drawing, ``(n,)``."""
        self.xy, self.kind, self.rotation_deg = np.asarray(xy, dtype=np.float64).reshape(-1, 2), kind, rotation_deg
        self.update()

    def _sheet_for(self, ratio: float) -> QPixmap:
        if self._sheet is None or self._sheet.devicePixelRatio() != ratio:
            drawings = self._make()
            side = self._side
            sheet = QPixmap(round(side * len(drawings) * ratio), round(side * ratio))
            sheet.setDevicePixelRatio(ratio)
            sheet.fill(Qt.GlobalColor.transparent)
            painter = QPainter(sheet)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for k, drawing in enumerate(drawings):
                painter.save()
                painter.translate((k + 0.5) * side, side / 2)
                drawing(painter, side / 2)
                painter.restore()
            painter.end()
            self._sheet = sheet
        return self._sheet

    def is_empty(self) -> bool:
        return not len(self.xy)

    def draw(self, painter: QPainter, transform: QTransform, rect: QRectF) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        sheet, side = self._sheet_for(ratio), self._side
        px = mapped(transform, self.xy)
        seen = (
            (px[:, 0] > rect.left() - side) & (px[:, 0] < rect.right() + side)
            & (px[:, 1] > rect.top() - side) & (px[:, 1] < rect.bottom() + side)
        )  # fmt: skip
        n = int(seen.sum())
        if not n:
            return
        values = np.empty((n, 10))
        values[:, 0:2] = px[seen]
        values[:, 2] = self.kind[seen] * side * ratio
        values[:, 3] = 0.0
        values[:, 4:6] = side * ratio
        values[:, 6:8] = 1.0 / ratio
        values[:, 8] = self.rotation_deg[seen] if isinstance(self.rotation_deg, np.ndarray) else self.rotation_deg
        values[:, 9] = 1.0
        painter.drawPixmapFragments(self._buffer.filled(values), sheet)


@dataclass(frozen=True)
class Strokes:
    """Line pieces of one look: ``pieces`` ``(n, 4)`` x0, y0, x1, y1. ``colour`` a name of the theme."""

    pieces: FloatArray
    colour: str
    width: float = 1.4
    alpha: int = 255
    smooth: bool = True
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


class Lines(ViewItem):
    """Many line pieces."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self.strokes: tuple[Strokes, ...] = ()
        self._buffers: list[_Primitives] = []

    def set_strokes(self, *strokes: Strokes) -> None:
        """What to draw from now on."""
        self.strokes = strokes
        self.update()

    def is_empty(self) -> bool:
        return not any(len(stroke.pieces) for stroke in self.strokes)

    def draw(self, painter: QPainter, transform: QTransform, rect: QRectF) -> None:
        while len(self._buffers) < len(self.strokes):
            self._buffers.append(_Primitives(QLineF, _NO_LINE))
        margin = 20.0
        for stroke, buffer in zip(self.strokes, self._buffers, strict=False):
            if not len(stroke.pieces):
                continue
            px = mapped(transform, stroke.pieces.reshape(-1, 2)).reshape(-1, 4)
            # Out of view at one side: both ends are beyond it.
            seen = (
                (np.minimum(px[:, 0], px[:, 2]) < rect.right() + margin)
                & (np.maximum(px[:, 0], px[:, 2]) > rect.left() - margin)
                & (np.minimum(px[:, 1], px[:, 3]) < rect.bottom() + margin)
                & (np.maximum(px[:, 1], px[:, 3]) > rect.top() - margin)
            )
            if not seen.any():
                continue
            pen = QPen(theme.colour(stroke.colour, stroke.alpha), stroke.width, stroke.style)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap if stroke.width > 2.0 else Qt.PenCapStyle.SquareCap)
            painter.setPen(pen)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, stroke.smooth)
            painter.drawLines(buffer.filled(px[seen]))


def pieces_of(line: FloatArray) -> FloatArray:
    """A polyline ``(n, 2)`` as pieces ``(n - 1, 4)``."""
    return np.concatenate([line[:-1], line[1:]], axis=1) if len(line) > 1 else np.zeros((0, 4))


def joined(parts: Sequence[FloatArray]) -> FloatArray:
    """Pieces of several lines as one array."""
    return np.concatenate(parts) if parts else np.zeros((0, 4))


@dataclass(frozen=True)
class Word:
    """A text at a place. ``offset_px`` from the place to the nearest edge of its plate; ``(0, 0)`` centres it."""

    x: float
    y: float
    text: str
    colour: str = "text"
    offset_px: tuple[float, float] = (0.0, 0.0)
    bold: bool = False
    plate: int = 170
    """How dense the plate behind it is, 0 for none."""
    size_px: int = 12


_Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Words(ViewItem):
    """Many texts; those that would cover one that came before are left out, so put the important ones first."""

    def __init__(self, z: float, most: int = 80, may_overlap: bool = False, rank: float | None = None) -> None:
        """``rank``: of their importance beside the words of other layers; as they lie, unless told otherwise."""
        super().__init__(z)
        self.words: Sequence[Word] = ()
        self.drawn: list[Word] = []
        """What the last painting showed."""
        self.above: Sequence[Words] = ()
        """More important words of other layers: what would cover one of these, or be covered, is left out here."""
        self.rank = z if rank is None else rank
        self._most, self.may_overlap = most, may_overlap
        self._plates = WordPlates()
        self._version = 0
        self._placed_for: object = None
        self._placed: list[tuple[_Box, Word]] = []

    def set_words(self, words: Sequence[Word]) -> None:
        """What to write from now on."""
        if words or self.words:
            self.words = words
            self._version += 1
            self.update()
        if not words:
            self.drawn = []

    def is_empty(self) -> bool:
        return not self.words

    def place(self, transform: QTransform, rect: QRectF) -> list[tuple[_Box, Word]]:
        """The words that are written, each with its plate in pixels; asked once for each view and each news."""
        if not self.words:
            return []
        over = [
            box for other in self.above if other.words and other.isVisible() for box, _ in other.place(transform, rect)
        ]
        t = transform
        m11, m12, m21, m22, shift_x, shift_y = t.m11(), t.m12(), t.m21(), t.m22(), t.dx(), t.dy()
        west, east, north, south = rect.left(), rect.right(), rect.top(), rect.bottom()
        key = (self._version, m11, m12, m21, m22, shift_x, shift_y, west, east, north, south, over)
        if key == self._placed_for:
            return self._placed
        # Plain numbers and not Qt's rectangles: a hundred words are looked at thirty times a second.
        placed: list[tuple[_Box, Word]] = []
        taken = list(over)
        for word in self.words:
            x = word.x * m11 + word.y * m21 + shift_x
            y = word.x * m12 + word.y * m22 + shift_y
            if not (west <= x <= east and north <= y <= south):
                continue
            width, height = self._plates.size(word.text, word.size_px, word.bold)
            dx, dy = word.offset_px
            left = x + dx - (width / 2 if dx == 0.0 else width if dx < 0.0 else 0.0) - 3.0
            top = y + dy - (height / 2 if dy == 0.0 else height if dy < 0.0 else 0.0) - 1.0
            right, bottom = left + width + 6.0, top + height + 2.0
            if any(left < o[2] and o[0] < right and top < o[3] and o[1] < bottom for o in taken):
                continue
            box = (left, top, right, bottom)
            if not self.may_overlap:
                taken.append(box)
            placed.append((box, word))
            if len(placed) >= self._most:
                break
        self._placed_for, self._placed = key, placed
        return placed

    def draw(self, painter: QPainter, transform: QTransform, rect: QRectF) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        placed = self.place(transform, rect)
        self.drawn = [word for _, word in placed]
        for (left, top, right, bottom), word in placed:
            size = (right - left, bottom - top)
            plate = self._plates.plate(
                word.text, word.size_px, word.bold, word.colour, ("background", word.plate), size, ratio
            )
            # On whole pixels, or the letters are blurred.
            painter.drawPixmap(QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio), plate)


class Shape(QGraphicsPathItem):
    """A filled outline whose hatching keeps its width on the screen at every zoom."""

    def __init__(self, path: QPainterPath, z: float) -> None:
        super().__init__(path)
        self.setZValue(z)

    def set_look(
        self,
        colour: str,
        width: float,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
        fill: Qt.BrushStyle = Qt.BrushStyle.NoBrush,
        fill_alpha: int = 0,
    ) -> None:
        """Give it its pen and its filling."""
        pen = QPen(theme.colour(colour), width, style)
        pen.setCosmetic(True)
        self.setPen(pen)
        self.setBrush(QBrush(theme.colour(colour, fill_alpha), fill))

    def paint(
        self, painter: QPainter | None, option: QStyleOptionGraphicsItem | None, widget: QWidget | None = None
    ) -> None:
        """Draw it, the pattern in pixels."""
        brush = self.brush()
        if painter is not None and brush.style() not in (Qt.BrushStyle.NoBrush, Qt.BrushStyle.SolidPattern):
            world = painter.worldTransform()
            if world.m11() and world.m22():
                brush.setTransform(QTransform.fromScale(1.0 / abs(world.m11()), 1.0 / abs(world.m22())))
                self.setBrush(brush) if brush.transform() != self.brush().transform() else None
        super().paint(painter, option, widget)


def outline_path(rings: Sequence[FloatArray]) -> QPainterPath:
    """A path of closed rings in Mercator metres; what is in an even number of them is a hole."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        if len(ring) < 2:
            continue
        path.moveTo(QPointF(*ring[0]))
        for x, y in ring[1:]:
            path.lineTo(x, y)
        path.closeSubpath()
    return path


_CIRCLE = np.stack([f(np.linspace(0.0, 2 * np.pi, 33)) for f in (np.cos, np.sin)], axis=-1)


def ring_pieces(xy: FloatArray, radius: FloatArray) -> FloatArray:
    """Circles of ``(n,)`` Mercator radii round ``(n, 2)`` as pieces."""
    ring = xy[:, None, :] + radius[:, None, None] * _CIRCLE[None]
    return np.concatenate([ring[:, :-1], ring[:, 1:]], axis=2).reshape(-1, 4)


def ellipse_pieces(xy: FloatArray, covariance: FloatArray, chi2: float, mercator_scale: FloatArray) -> FloatArray:
    """Ellipses that hold a share of a Gaussian: ``covariance`` ``(n, 2, 2)`` east, north in m², ``chi2`` its quantile.

    The half axes are the roots of ``chi2`` times the eigenvalues, along the eigenvectors.
    """
    values, axes = np.linalg.eigh(covariance)
    radii = np.sqrt(np.maximum(values, 0.0) * chi2) * np.asarray(mercator_scale)[:, None]
    ring = xy[:, None, :] + np.einsum("nij,nj,kj->nki", axes, radii, _CIRCLE)
    return np.concatenate([ring[:, :-1], ring[:, 1:]], axis=2).reshape(-1, 4)


class ShapeSet(QGraphicsItemGroup):
    """Shapes that are replaced together."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self.setZValue(z)
        self.shapes: tuple[Shape, ...] = ()

    def set_shapes(self, shapes: Sequence[Shape]) -> None:
        """Take off those of before and put these in."""
        scene = self.scene()
        for old in self.shapes:
            old.setParentItem(None)
            if scene is not None:
                scene.removeItem(old)
        self.shapes = tuple(shapes)
        for shape in shapes:
            shape.setParentItem(self)
