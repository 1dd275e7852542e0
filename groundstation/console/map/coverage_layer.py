"""The age map: how long ago each piece of the border and each cell of the ground was seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt

from geofences.geodesy import LocalFrame
from groundstation.console import i18n, theme
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import scale, to_lat_lon, to_mercator
from groundstation.console.map.tools import LegendRow
from groundstation.core.clock import Clock
from groundstation.core.coverage_records import CoverageState
from missions.coverage.colours import LEGEND, NEVER, age_classes, runs
from missions.coverage.grid import cell_keys
from missions.coverage.ledger import NEVER as NEVER_T

# The words of missions.coverage.colours, where the translations look for them.
_WORDS = (
    i18n.mark("map", "seen less than 10 min ago"), i18n.mark("map", "10 to 30 min ago"),
    i18n.mark("map", "30 min to 1 h ago"), i18n.mark("map", "1 to 3 h ago"), i18n.mark("map", "3 to 8 h ago"),
    i18n.mark("map", "more than 8 h ago"), i18n.mark("map", "never seen"), i18n.mark("map", "may not be looked at"),
)  # fmt: skip
_MOST_PIXELS = 1_500_000
_CELL_ALPHA = 105
_NEVER_ALPHA = 55
_LINES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}


class CoverageLayer(Layer):
    """Nothing is drawn until it is shown. ``on_state`` and ``recolour`` are called on the GUI thread."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("coverage", i18n.text("map", "Age map"), i18n.text("map", "Seen"), clock, visible=False)
        self._state: CoverageState | None = None
        self._edges = np.empty((0, 2))
        self._cell_of_pixel = np.empty((0, 0), dtype=np.int64)
        self._coloured_us = 0
        self._cells = pg.ImageItem()
        self._cells.setZValue(2)
        self._casing = pg.PlotCurveItem(pen=pg.mkPen(theme.BACKGROUND, width=9.0), connect="finite")
        self._casing.setZValue(12.3)
        self._lines = {}
        for one in LEGEND:
            pen = pg.mkPen(one.colour, width=6.0 if one.line == "solid" else 3.0, style=_LINES[one.line])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            self._lines[one.code] = pg.PlotCurveItem(pen=pen, connect="finite")
            self._lines[one.code].setZValue(12.5)
        for item in (self._cells, self._casing, *self._lines.values()):
            item.hide()

    @property
    def known(self) -> bool:
        """Whether the station has told anything."""
        return self._state is not None

    def items(self) -> Sequence[Any]:
        return (self._cells, self._casing, *self._lines.values())

    def legend(self) -> Sequence[LegendRow]:
        if not self.visible:
            return ()
        if self._state is None:
            return (LegendRow("dim", "line", i18n.text("map", "age map: nothing is known yet")),)
        shapes = {"solid": "line", "dash": "dash", "dot": "dotted"}
        return tuple(LegendRow(one.colour, shapes[one.line], i18n.text("map", one.words)) for one in LEGEND)

    def age_text(self) -> str:
        """Why the last pictures were not counted."""
        refused = self._state.refused if self._state is not None else ""
        return i18n.fill(i18n.text("map", "not counted now: {why}"), why=refused) if refused else ""

    @property
    def visible(self) -> bool:
        """Whether it is shown."""
        return self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._visible = visible
        self._draw(force=True)

    def restyle(self) -> None:
        self._casing.setPen(pg.mkPen(theme.palette().background, width=9.0))
        self._draw(force=True)

    def on_tick(self) -> None:
        self.recolour(self.clock.utc_us())

    def on_state(self, state: CoverageState) -> None:
        """Take what the station tells."""
        new = self._state is None or self._state.digest != state.digest
        self._state = state
        if new:
            self._edges = to_mercator(state.edges_lat_lon[:, 0], state.edges_lat_lon[:, 1])
            self._make_picture(state)
        self._draw(force=True)

    def recolour(self, now_utc_us: int) -> None:
        """Let the colours age; draws every ten seconds."""
        self._draw(now_utc_us=now_utc_us)

    def _draw(self, force: bool = False, now_utc_us: int = 0) -> None:
        state = self._state
        shown = self.visible and state is not None
        for item in (self._cells, self._casing, *self._lines.values()):
            item.setVisible(shown)
        if not shown or state is None:
            return
        now_utc_us = max(now_utc_us, state.t_utc_us)
        if not force and now_utc_us - self._coloured_us < 10_000_000:
            return
        self._coloured_us = now_utc_us
        self._draw_border(age_classes(_ages(state.bin_t_utc_us, now_utc_us), state.bin_may_be_seen))
        if self._cell_of_pixel.size:
            classes = age_classes(_ages(state.cell_t_utc_us, now_utc_us), state.cell_may_be_seen)
            self._cells.setImage(self._picture(classes), autoLevels=False, levels=(0, 255))
            self._cells.setRect(self._rectangle)

    def _draw_border(self, classes: np.ndarray) -> None:
        gap = np.full((1, 2), np.nan)
        pieces: dict[int, list[np.ndarray]] = {one.code: [] for one in LEGEND}
        for first, last, code in runs(classes):
            pieces[code] += [self._edges[first : last + 1], gap]
        for code, curve in self._lines.items():
            points = np.concatenate(pieces[code]) if pieces[code] else np.full((2, 2), np.nan)
            curve.setData(points[:, 0], points[:, 1])
        self._casing.setData(self._edges[:, 0], self._edges[:, 1])

    def _make_picture(self, state: CoverageState) -> None:
        """Which cell each pixel of a north-up picture shows: the cells' own frame is turned a little against the map."""
        self._cell_of_pixel = np.empty((0, 0), dtype=np.int64)
        if not len(state.cell_lat_lon):
            return
        middle = to_mercator(state.cell_lat_lon[:, 0], state.cell_lat_lon[:, 1])
        size = state.cell_m * scale(float(state.cell_lat_lon[0, 0]))
        low, high = middle.min(axis=0) - size, middle.max(axis=0) + size
        pixel = max(size / 4.0, float(np.sqrt(np.prod(high - low) / _MOST_PIXELS)))
        x = np.arange(low[0] + pixel / 2, high[0], pixel)
        y = np.arange(low[1] + pixel / 2, high[1], pixel)
        lat, lon = to_lat_lon(*np.meshgrid(x, y))
        en = LocalFrame(*(float(v) for v in state.edges_lat_lon[0])).to_plane(lat, lon)
        wanted = cell_keys(np.floor(en[..., 1] / state.cell_m), np.floor(en[..., 0] / state.cell_m))
        keys = cell_keys(state.cell_row_column[:, 0], state.cell_row_column[:, 1])
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        self._cell_of_pixel = np.where(keys[at] == wanted, at, -1)
        self._rectangle = QRectF(low[0], low[1], len(x) * pixel, len(y) * pixel)

    def _picture(self, classes: np.ndarray) -> np.ndarray:
        """``(rows, columns, 4)``; what was never seen is hatched, what may not be looked at is left out."""
        colours = np.zeros((len(LEGEND) + 1, 4), dtype=np.uint8)
        place = {one.code: k for k, one in enumerate(LEGEND)}
        for one in LEGEND:
            value = int(one.colour[1:], 16)
            alpha = _CELL_ALPHA if one.code >= 0 else _NEVER_ALPHA if one.code == NEVER else 0
            colours[place[one.code]] = (value >> 16, value >> 8 & 255, value & 255, alpha)
        of_class = np.array([place[one] for one in range(NEVER - 1, len(LEGEND) - 2)])
        kind = np.append(of_class[classes - (NEVER - 1)], len(LEGEND))  # the last: no cell
        out = colours[kind[self._cell_of_pixel]]
        row, column = np.indices(self._cell_of_pixel.shape)
        plain = (row + column) % 8 != 0
        out[plain & (kind[self._cell_of_pixel] == place[NEVER])] = 0
        return out


def _ages(t_utc_us: np.ndarray, now_utc_us: int) -> np.ndarray:
    ever = t_utc_us != NEVER_T
    return np.where(ever, (now_utc_us - np.where(ever, t_utc_us, 0)) / 1e6, np.nan)
