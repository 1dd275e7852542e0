"""Draws the background: pictures with a place, and tiles. Kept as one picture of the view, so that a frame only copies it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform

from groundstation.console import i18n, theme
from groundstation.console.map.base.loader import TileKey, TileLoader
from groundstation.console.map.basemap import BaseImage
from groundstation.console.map.graphics import ViewItem
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import RADIUS_M
from groundstation.console.map.tools import LegendRow
from groundstation.core.clock import Clock

_WORLD_M = 2 * math.pi * RADIUS_M
_TILE_PX = 256
_MOST_TILES = 96
Rectangle = tuple[float, float, float, float]


class Backdrop(ViewItem):
    """Something that changes seldom, drawn into a picture of the view's size and copied from there."""

    def __init__(self, z: float) -> None:
        super().__init__(z)
        self._kept: QPixmap | None = None
        self._kept_for: object = None

    def stale(self) -> None:
        """Draw it anew at the next frame."""
        self._kept = None
        self.update()

    def draw(self, painter: QPainter, transform: QTransform, rect: QRectF) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        t = transform
        state = (t.m11(), t.m22(), t.dx(), t.dy(), rect.getRect(), ratio)
        if self._kept is None or self._kept_for != state:
            width, height = math.ceil(rect.width() * ratio), math.ceil(rect.height() * ratio)
            if width < 1 or height < 1 or width * height > 64_000_000:
                return
            kept = QPixmap(width, height)
            kept.setDevicePixelRatio(ratio)
            kept.fill(theme.colour("background"))
            inner = QPainter(kept)
            inner.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            inner.translate(-rect.left(), -rect.top())
            self.draw_anew(inner, transform)
            tint = QColor(theme.palette().tint)
            if tint != QColor("#ffffff"):
                inner.resetTransform()
                inner.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
                inner.fillRect(QRectF(0, 0, rect.width(), rect.height()), tint)
            inner.end()
            self._kept, self._kept_for = kept, state
        painter.drawPixmap(rect.topLeft(), self._kept)

    def draw_anew(self, painter: QPainter, transform: QTransform) -> None:
        """Draw it; ``transform`` maps Mercator metres to the painter's pixels."""
        raise NotImplementedError


def image_of(rgb: np.ndarray) -> QImage:
    """A Qt picture of ``(rows, columns, 3 or 4)`` uint8, row 0 on top."""
    rows, columns, depth = rgb.shape
    data = np.ascontiguousarray(rgb)
    kind = QImage.Format.Format_RGB888 if depth == 3 else QImage.Format.Format_RGBA8888
    wanted = QImage.Format.Format_RGB32 if depth == 3 else QImage.Format.Format_ARGB32_Premultiplied
    return QImage(data.data, columns, rows, depth * columns, kind).convertToFormat(wanted)


class _Ground(Backdrop):
    def __init__(self, layer: BaseLayer) -> None:
        super().__init__(-100)
        self._layer = layer

    def draw_anew(self, painter: QPainter, transform: QTransform) -> None:
        for one in self._layer.stack:
            if isinstance(one, TileLoader):
                draw_tiles(painter, transform, one)
            else:
                image, rectangle = one
                painter.drawImage(transform.mapRect(QRectF(*rectangle)), image)


class BaseLayer(Layer):
    """All backgrounds, one over the other: hillshade, overlays, tiles."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("base", i18n.text("map", "Background"), i18n.text("map", "Map"), clock)
        self.stack: list[TileLoader | tuple[QImage, Rectangle]] = []
        self.ground = _Ground(self)
        self.problem = ""
        """What cannot be opened, and why."""

    def items(self) -> Sequence[object]:
        return (self.ground,)

    @property
    def loaders(self) -> list[TileLoader]:
        """All sources of tiles."""
        return [one for one in self.stack if isinstance(one, TileLoader)]

    def set_stack(self, stack: Sequence[BaseImage | TileLoader]) -> None:
        """Pictures with a place and tiles, the lowest first."""
        self.stack = [one if isinstance(one, TileLoader) else (image_of(one.rgb), one.rectangle) for one in stack]
        self.ground.stale()

    def want(self, box: tuple[float, float, float, float], width_px: float) -> None:
        """Ask for the tiles of what is in view."""
        if self.visible and width_px > 0:
            for loader in self.loaders:
                loader.want(tiles_for(box, width_px, loader))

    def on_tick(self) -> None:
        new = [loader.take_ready() for loader in self.loaders]
        if any(new):
            self.ground.stale()

    def restyle(self) -> None:
        self.ground.stale()

    def age_text(self) -> str:
        """Which tiles cannot be had."""
        lost = [loader.source.name for loader in self.loaders if loader.trouble]
        words = [self.problem] if self.problem else []
        if lost:
            words.append(i18n.fill(i18n.text("map", "no answer: {names}"), names=", ".join(lost)))
        return "\n".join(words)

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("ground", "box", self.title),)


def _range(box: tuple[float, float, float, float], zoom: int) -> tuple[range, range]:
    west, south, east, north = box
    size = _WORLD_M / 2**zoom
    most = 2**zoom - 1
    columns = [int(np.clip(math.floor((x + _WORLD_M / 2) / size), 0, most)) for x in (west, east)]
    rows = [int(np.clip(math.floor((_WORLD_M / 2 - y) / size), 0, most)) for y in (north, south)]
    return range(columns[0], columns[1] + 1), range(rows[0], rows[1] + 1)


def zoom_for(width_m: float, width_px: float, low: int, high: int) -> int:
    """The zoom whose tiles are drawn at no more than 1.4 times their size."""
    wanted = math.log2(_WORLD_M / _TILE_PX * width_px / width_m)
    return int(np.clip(math.ceil(wanted - 0.5), low, high))


def tiles_for(box: tuple[float, float, float, float], width_px: float, loader: TileLoader) -> list[TileKey]:
    """The tiles of a view, from its middle outwards; a coarse one first, so that there is soon something to see."""
    source = loader.source
    zoom = zoom_for(box[2] - box[0], width_px, source.low_zoom, source.high_zoom)
    columns, rows = _range(box, zoom)
    while len(columns) * len(rows) > _MOST_TILES and zoom > source.low_zoom:
        zoom -= 1
        columns, rows = _range(box, zoom)
    if len(columns) * len(rows) > _MOST_TILES:
        return []
    middle = ((columns[0] + columns[-1]) / 2, (rows[0] + rows[-1]) / 2)
    keys = [(zoom, c, r) for c in columns for r in rows]
    keys.sort(key=lambda k: math.hypot(k[1] - middle[0], k[2] - middle[1]))
    up = min(3, zoom - source.low_zoom)
    coarse = sorted({(zoom - up, c >> up, r >> up) for _, c, r in keys}) if up else []
    return [*coarse, *keys]


def draw_tiles(painter: QPainter, transform: QTransform, loader: TileLoader) -> None:
    """Draw what is here of what the painter's device shows; a coarser tile stands in for one that is not here yet."""
    device = painter.device()
    if device is None:
        return
    ratio = device.devicePixelRatioF()
    inverse, _ = (transform * painter.transform()).inverted()
    seen = inverse.mapRect(QRectF(0, 0, device.width() / ratio, device.height() / ratio))
    box = (seen.left(), seen.top(), seen.right(), seen.bottom())
    # A coarser one may be drawn under a finer one; none has a seam, because edges are whole pixels.
    keys = tiles_for(box, device.width() / ratio, loader)
    for key in sorted(keys):
        image = loader.image(key)
        if image is None:
            continue
        zoom, column, row = key
        size = _WORLD_M / 2**zoom
        x, y = column * size - _WORLD_M / 2, _WORLD_M / 2 - (row + 1) * size
        target = transform.mapRect(QRectF(x, y, size, size))
        left, top = math.floor(target.left()), math.floor(target.top())
        right, bottom = math.ceil(target.right()), math.ceil(target.bottom())
        painter.drawImage(QRectF(left, top, right - left, bottom - top), image)
