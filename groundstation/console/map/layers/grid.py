"""The graticule and the MGRS grid, drawn for what is in view."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import shapely
from pyproj import Proj

from geofences.coordinate_grids import utm_zone
from groundstation.console import i18n
from groundstation.console.map.graphics import FloatArray, Lines, Strokes, Word, Words, joined, pieces_of
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import scale, to_lat_lon, to_mercator
from groundstation.console.map.tools import LegendRow
from groundstation.core.clock import Clock

Box = tuple[float, float, float, float]
_WANTED = 6
_DEGREE_STEPS = [30, 10, 5, 2, 1] + [m / 60 for m in (30, 10, 5, 2, 1)] + [s / 3600 for s in (30, 10, 5, 2, 1)]
_METRE_STEPS = (100_000, 10_000, 1_000, 100, 10)


class _Grid(Layer):
    """Draws again when the view has moved."""

    def __init__(self, name: str, title: str, clock: Clock, view_box: Callable[[], Box], visible: bool) -> None:
        super().__init__(name, title, i18n.text("map", "Map"), clock, visible)
        self.lines, self.words = Lines(1), Words(60, may_overlap=True)
        self._view_box = view_box

    def items(self) -> Sequence[object]:
        return (self.lines, self.words)

    def look(self) -> object:
        return self._view_box()


def degrees_text(value: float, letters: str) -> str:
    """22°42'30"E."""
    seconds = round(abs(value) * 3600)
    d, m, s = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{d}°{m:02d}'" + (f'{s:02d}"' if s else "") + letters[0 if value >= 0 else 1]


class GraticuleLayer(_Grid):
    """Meridians and parallels in whole degrees, minutes or seconds."""

    def __init__(self, clock: Clock, view_box: Callable[[], Box], visible: bool = True) -> None:
        super().__init__("graticule", i18n.text("map", "Degrees"), clock, view_box, visible)

    def draw(self) -> None:
        west, south, east, north = self._view_box()
        (low_lat, high_lat), (low_lon, high_lon) = to_lat_lon(0.0, [south, north])[0], to_lat_lon([west, east], 0.0)[1]
        step = next((s for s in _DEGREE_STEPS if (high_lon - low_lon) / s >= 3), _DEGREE_STEPS[-1])
        pieces, words = [], []
        for k in range(math.ceil(low_lon / step), math.floor(high_lon / step) + 1)[: 4 * _WANTED]:
            x = float(to_mercator(0.0, k * step)[0])
            pieces.append(np.array([[x, south, x, north]]))
            words.append(Word(x, south, degrees_text(k * step, "EW"), "dim", (3.0, -3.0), plate=140, size_px=11))
        for k in range(math.ceil(low_lat / step), math.floor(high_lat / step) + 1)[: 4 * _WANTED]:
            y = float(to_mercator(k * step, 0.0)[1])
            pieces.append(np.array([[west, y, east, y]]))
            words.append(Word(east, y, degrees_text(k * step, "NS"), "dim", (-3.0, -2.0), plate=140, size_px=11))
        self.lines.set_strokes(Strokes(joined(pieces), "dim", 1.0, 70, smooth=False))
        self.words.set_words(words)

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("dim", "line", self.title),)


def zone_cells(low_lon: float, low_lat: float, high_lon: float, high_lat: float) -> list[tuple[int, Box]]:
    """UTM zones in a box of degrees, with the part of it that is theirs, one for each hemisphere.

    Zones are 6 degrees wide but off Norway (56 to 64 N) and round Svalbard (72 to 84 N).
    """
    cells = []
    for south, north, odd in _ROWS:
        bottom, top = max(low_lat, south), min(high_lat, north)
        if bottom >= top:
            continue
        for zone in range(1, 61):
            west, east = odd.get(zone, (6.0 * zone - 186.0, 6.0 * zone - 180.0))
            left, right = max(low_lon, west), min(high_lon, east)
            if left < right:
                cells.append((zone, (left, bottom, right, top)))
    return cells


_NOWHERE = (0.0, 0.0)
_ROWS: tuple[tuple[float, float, dict[int, tuple[float, float]]], ...] = (
    (-80.0, 0.0, {}),
    (0.0, 56.0, {}),
    (56.0, 64.0, {31: (0.0, 3.0), 32: (3.0, 12.0)}),
    (64.0, 72.0, {}),
    (
        72.0, 84.0,
        {31: (0.0, 9.0), 33: (9.0, 21.0), 35: (21.0, 33.0), 37: (33.0, 42.0), 32: _NOWHERE, 34: _NOWHERE, 36: _NOWHERE},
    ),
)  # fmt: skip


class MgrsLayer(_Grid):
    """The lines of every UTM zone in view, with the digits that an MGRS reference has; each ends at its zone's edge."""

    def __init__(self, clock: Clock, view_box: Callable[[], Box], visible: bool = False) -> None:
        super().__init__("mgrs", i18n.text("map", "MGRS grid"), clock, view_box, visible)

    def draw(self) -> None:
        west, south, east, north = self._view_box()
        self.lines.set_strokes()
        self.words.set_words(())
        if east - west > 2_000_000.0:
            return
        (low_lat, high_lat), (low_lon, high_lon) = to_lat_lon(0.0, [south, north])[0], to_lat_lon([west, east], 0.0)[1]
        middle = float(to_lat_lon(0.0, (south + north) / 2)[0])
        span = max(east - west, north - south) / scale(middle)
        step = next((s for s in _METRE_STEPS if span / s >= 4), _METRE_STEPS[-1])
        pieces, edges, words, names = [], [], [], []
        # Not at the edges, where legend, buttons and degrees stand.
        inner = (west + 0.3 * (east - west), south, east, south + 0.93 * (north - south))
        for zone, cell in zone_cells(float(low_lon), float(low_lat), float(high_lon), float(high_lat)):
            (left, right), (bottom, top) = (
                v.tolist() for v in to_mercator(np.array(cell[1::2]), np.array(cell[::2])).T
            )
            part = (max(inner[0], left), max(inner[1], bottom), min(inner[2], right), min(inner[3], top))
            for line, is_easting, value_m in _lines_of(zone, cell, step):
                pieces.append(pieces_of(line))
                place = self._label(line, is_easting, part)
                if place is not None:
                    words.append(Word(*place, _digits(value_m, step), "information", (3.0, 3.0), plate=140, size_px=11))
            if left > west:
                edges.append(np.array([[left, bottom, left, top]]))
            _, band = utm_zone((cell[1] + cell[3]) / 2, (cell[0] + cell[2]) / 2)
            if right - left > 0.1 * (east - west):
                names.append(Word((left + right) / 2, bottom, f"{zone}{band}", "information", (0.0, -30.0), bold=True))
        self.lines.set_strokes(
            Strokes(joined(pieces), "information", 1.0, 90, smooth=False),
            Strokes(joined(edges), "information", 2.5, 200, smooth=False),
        )
        self.words.set_words([*names, *words])

    @staticmethod
    def _label(line: np.ndarray, is_easting: bool, box: Box) -> tuple[float, float] | None:
        """Where a line meets the upper (easting) or the left edge (northing)."""
        west, south, east, north = box
        axis, level = (1, north) if is_easting else (0, west)
        order = np.argsort(line[:, axis])
        other = float(np.interp(level, line[order, axis], line[order, 1 - axis], left=np.nan, right=np.nan))
        x, y = (other, level) if is_easting else (level, other)
        inside = west <= x <= east and south <= y <= north
        return (x, y) if inside else None

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("information", "line", self.title),)


def _lines_of(zone: int, cell: Box, step_m: int) -> Iterator[tuple[FloatArray, bool, int]]:
    """The grid lines of a zone in a cell of degrees: Mercator metres ``(n, 2)``, whether an easting, and its value."""
    west, south, east, north = cell
    utm = Proj(proj="utm", zone=zone, ellps="WGS84", south=north <= 0.0)
    along = np.linspace(0.0, 1.0, 9)
    lons, lats = west + along * (east - west), south + along * (north - south)
    rim_lon = np.concatenate([lons, lons, np.full(9, west), np.full(9, east)])
    rim_lat = np.concatenate([np.full(9, south), np.full(9, north), lats, lats])
    e, n = utm(rim_lon, rim_lat)
    if not np.isfinite([*e, *n]).all():
        return
    window = shapely.box(*cell)
    run_share = np.linspace(-0.05, 1.05, 24)
    for is_easting in (True, False):
        values, other = (e, n) if is_easting else (n, e)
        run = other.min() + run_share * np.ptp(other)
        first, last = math.ceil(values.min() / step_m), math.floor(values.max() / step_m)
        for k in range(first, last + 1)[:60]:
            fixed = np.full(len(run), k * step_m, dtype=float)
            lon, lat = utm(*((fixed, run) if is_easting else (run, fixed)), inverse=True)
            if not np.isfinite([*lon, *lat]).all():
                continue
            cut = shapely.intersection(shapely.LineString(np.column_stack([lon, lat])), window)
            for piece in shapely.get_parts(cut):
                places = shapely.get_coordinates(piece)
                if len(places) > 1:
                    yield to_mercator(places[:, 1], places[:, 0]), is_easting, k * step_m


def _digits(value_m: float, step_m: int) -> str:
    """The digits of an easting or northing within its 100 km square, as many as the step needs."""
    within = round(value_m) % 100_000
    digits = max(1, 5 - round(math.log10(step_m))) if step_m < 100_000 else 1
    return f"{within // 10 ** (5 - digits):0{digits}d}"
