"""The graticule and the MGRS grid, drawn for what is in view."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from pyproj import Proj

from geofences.coordinate_grids import utm_zone
from groundstation.console import i18n
from groundstation.console.map.graphics import Lines, Strokes, Word, Words, joined, pieces_of
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import to_lat_lon, to_mercator
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


class MgrsLayer(_Grid):
    """The lines of the UTM zone under the middle of the view, with the digits that an MGRS reference has.

    Where the view reaches into another zone, that zone's grid is not drawn: the lines end at the zone's meridian.
    """

    def __init__(self, clock: Clock, view_box: Callable[[], Box], visible: bool = False) -> None:
        super().__init__("mgrs", i18n.text("map", "MGRS grid"), clock, view_box, visible)

    def draw(self) -> None:
        west, south, east, north = self._view_box()
        lat, lon = (float(v) for v in to_lat_lon((west + east) / 2, (south + north) / 2))
        self.lines.set_strokes()
        self.words.set_words(())
        if not -80.0 <= lat <= 84.0 or east - west > 2_000_000.0:
            return
        zone, band = utm_zone(lat, lon)
        utm = Proj(proj="utm", zone=zone, ellps="WGS84", south=lat < 0.0)
        rim_lat, rim_lon = to_lat_lon(
            np.array([west, east, east, west, (west + east) / 2]), np.array([south, south, north, north, south])
        )
        e, n = utm(rim_lon, rim_lat)
        if not np.isfinite([*e, *n]).all():
            return
        span = max(np.ptp(e), np.ptp(n))
        step = next((s for s in _METRE_STEPS if span / s >= 4), _METRE_STEPS[-1])
        low_lon, high_lon = 6.0 * zone - 186.0, 6.0 * zone - 180.0
        wide = zone in (31, 32, 33, 35, 37)  # Norway and Svalbard have zones of another width
        pieces, words = [], []
        along = np.linspace(-0.05, 1.05, 24)
        for is_easting in (True, False):
            values, other = (e, n) if is_easting else (n, e)
            run = other.min() + along * np.ptp(other)
            first, last = math.ceil(values.min() / step), math.floor(values.max() / step)
            for k in range(first, last + 1)[:60]:
                fixed = np.full(len(run), k * step, dtype=float)
                at_lon, at_lat = utm(*((fixed, run) if is_easting else (run, fixed)), inverse=True)
                inside = np.ones(len(run), dtype=bool) if wide else (at_lon >= low_lon) & (at_lon <= high_lon)
                line = to_mercator(at_lat[inside], at_lon[inside])
                if len(line) < 2:
                    continue
                pieces.append(pieces_of(line))
                # Not at the edges, where legend, buttons and degrees stand.
                inner = (west + 0.3 * (east - west), south, east, south + 0.93 * (north - south))
                place = self._label(line, is_easting, inner)
                if place is not None:
                    digits = _digits(k * step, step)
                    words.append(Word(*place, digits, "information", (3.0, 3.0), plate=140, size_px=11))
        self.lines.set_strokes(Strokes(joined(pieces), "information", 1.0, 90, smooth=False))
        words.insert(0, Word((west + east) / 2, south, f"{zone}{band}", "information", (0.0, -30.0), bold=True))
        self.words.set_words(words)

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


def _digits(value_m: float, step_m: int) -> str:
    """The digits of an easting or northing within its 100 km square, as many as the step needs."""
    within = round(value_m) % 100_000
    digits = max(1, 5 - round(math.log10(step_m))) if step_m < 100_000 else 1
    return f"{within // 10 ** (5 - digits):0{digits}d}"
