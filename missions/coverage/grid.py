"""The pieces of a border and the cells of the ground beside it, and which of them one picture shows.

The grid lies in a frame of its own at the border's first point, so that two stations with the same border line, whatever
else differs between their areas, number the same pieces and cells alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import LineString, Polygon

from geofences.area import Area, BorderLine, Zone
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import zone_region
from geofences.terrain import TerrainGrid
from missions.coverage.rule import CoverageRule
from missions.footprint import Camera, ground_resolution_m
from missions.sight import FARTHEST_M, BoolArray, Sight

IntArray = NDArray[np.int64]

BESIDE_M = 200.0
"""Cells are kept this far on both sides of the border, beside those in the inclusion zones."""

_MOST_CELLS = 1_000_000
_CHUNK = 4096
_RUN = 64
_HALF_KEY = 1 << 31


@dataclass(frozen=True, eq=False)
class Marks:
    """What one picture showed: pieces of the border ``bins`` ``(n,)`` and cells by their keys ``cells`` ``(m,)``, each with
    its resolution in metres per pixel, the coarser of along and across the line of sight."""

    t_utc_us: int
    observer: str
    bins: IntArray
    bin_gsd_m: FloatArray
    cells: IntArray
    cell_gsd_m: FloatArray

    @property
    def is_empty(self) -> bool:
        """Whether it showed nothing that counts."""
        return not (len(self.bins) or len(self.cells))


@dataclass(frozen=True, eq=False)
class Eye:
    """Where the camera was (``en_m`` in the grid's frame) and what camera; tells resolution and what hills hide."""

    en_m: tuple[float, float]
    alt_amsl_m: float
    camera: Camera


def cell_keys(rows: ArrayLike, columns: ArrayLike) -> IntArray:
    """One number for a cell: rows to the north and columns to the east of the frame's origin."""
    row, column = np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64)
    return np.asarray((row << 32) | (column + _HALF_KEY))


def rows_and_columns(keys: ArrayLike) -> tuple[IntArray, IntArray]:
    """Inverse of :func:`cell_keys`."""
    key = np.asarray(keys, dtype=np.int64)
    return np.asarray(key >> 32), np.asarray((key & 0xFFFFFFFF) - _HALF_KEY)


def border_digest(border: BorderLine, rule: CoverageRule) -> str:
    """Names a border line and the way it is cut up; the same on every station that has the same line.

    The names of the sides are not in it: each station may call them as it likes.
    """
    points = [[round(lat * 1e7), round(lon * 1e7)] for lat, lon in border.points]
    text = json.dumps([1, points, rule.bin_m, rule.strip_m, rule.cell_m])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class CoverageGrid:
    """Pieces and cells of one border.

    ``region`` (shapely, in :attr:`frame`): where cells are kept, None: within :data:`BESIDE_M` of the line. ``no_look``
    (shapely): where the camera may not look; nothing in it is ever called seen. ``no_look_beyond_m``: nor what lies further
    than this from the border on the side that is not ours. Zones with times count as if they always held.

    Raises :class:`ConfigError` for a border that has no sides, :class:`PlanError` for more cells than are reasonable.
    """

    def __init__(
        self,
        border: BorderLine,
        rule: CoverageRule | None = None,
        terrain: TerrainGrid | None = None,
        region: Any = None,
        no_look: Any = None,
        no_look_beyond_m: float | None = None,
        ground_amsl_m: float = 0.0,
    ) -> None:
        self.border, self.rule = border, rule or CoverageRule()
        self.terrain, self.ground_amsl_m = terrain, ground_amsl_m
        self.digest = border_digest(border, self.rule)
        self.frame = grid_frame(border)
        self.line = BorderGeometry.from_line(border, self.frame)
        self.bins = max(1, int(np.ceil(self.line.length_m / self.rule.bin_m - 1e-9)))
        self._no_look = no_look
        self._no_look_beyond_m = no_look_beyond_m
        self._make_bins()
        self._make_cells(region)

    @classmethod
    def of_area(
        cls,
        area: Area,
        terrain: TerrainGrid | None = None,
        rule: CoverageRule | None = None,
        ground_amsl_m: float = 0.0,
        more_no_look: Sequence[Zone] = (),
    ) -> CoverageGrid:
        """The grid of an area: cells in its inclusion zones and beside the border; its no-look areas, and more, kept out."""
        frame = grid_frame(area.border)
        beside = LineString(area.border.to_plane(frame)).buffer(BESIDE_M)
        region = shapely.union_all([beside, *(zone_region(z, frame, "inclusion") for z in area.inclusions)])
        no_look = [zone_region(z, frame, "exclusion") for z in (*area.no_look, *more_no_look)]
        return cls(
            area.border, rule, terrain, region, shapely.union_all(no_look) if no_look else None,
            area.no_look_beyond_m, ground_amsl_m,
        )  # fmt: skip

    # -- what there is ---------------------------------------------------------------------------------------------------

    def _make_bins(self) -> None:
        self.bin_from_m: FloatArray = np.asarray(np.arange(self.bins) * self.rule.bin_m, dtype=np.float64)
        self.bin_to_m: FloatArray = np.minimum(self.bin_from_m + self.rule.bin_m, self.line.length_m)
        place, ahead = self.line.at(0.5 * (self.bin_from_m + self.bin_to_m))
        left = np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1) * self.rule.strip_m
        self._bin_places = _Places.at(np.stack([place, place + left, place - left], axis=1).reshape(-1, 2), self)
        self.bin_en_m = place
        # One place of three that must not be looked at, and the piece can never be seen whole.
        self.bin_may_be_seen: BoolArray = np.asarray(self._bin_places.allowed.reshape(-1, 3).all(axis=1))

        # Rectangles round runs of pieces: of a long border most are left out by them.
        starts = np.arange(0, self.bins, _RUN)
        self._run_low = np.minimum.reduceat(place, starts, axis=0)
        self._run_high = np.maximum.reduceat(place, starts, axis=0)

    def _make_cells(self, region: Any) -> None:
        size = self.rule.cell_m
        if region is None:
            region = LineString(self.line.vertices_en_m).buffer(BESIDE_M)
        keys: list[IntArray] = []
        # Part by part: a long border on the slant has a large rectangle and few cells.
        count = 0
        for part in _parts(region, 200.0 * size):
            west, south, east, north = part.bounds
            columns = np.arange(np.floor(west / size), np.ceil(east / size))
            rows = np.arange(np.floor(south / size), np.ceil(north / size))
            column, row = (v.ravel() for v in np.meshgrid(columns, rows))
            inside = shapely.contains_xy(part, (column + 0.5) * size, (row + 0.5) * size)
            found = cell_keys(row[inside], column[inside])
            count += len(found)
            if count > _MOST_CELLS:
                raise PlanError(
                    f"more than {_MOST_CELLS} cells of {size:g} m are too many to keep", "make the cells larger"
                )
            keys.append(found)
        self.cell_key = np.unique(np.concatenate(keys)) if keys else np.empty(0, dtype=np.int64)
        self._cell_places = _Places.at(self.cell_centres(self.cell_key), self)
        self.cell_may_be_seen = self._cell_places.allowed

    def cell_centres(self, keys: ArrayLike) -> FloatArray:
        """East, north metres of the cells' middles, ``(m, 2)``."""
        row, column = rows_and_columns(keys)
        return np.stack([(column + 0.5) * self.rule.cell_m, (row + 0.5) * self.rule.cell_m], axis=-1)

    def allowed(self, en_m: FloatArray) -> BoolArray:
        """Which places ``(n, 2)`` may be looked at."""
        out = np.ones(len(en_m), dtype=np.bool_)
        if self._no_look is not None:
            shapely.prepare(self._no_look)
            out &= ~shapely.intersects_xy(self._no_look, en_m[:, 0], en_m[:, 1])
        if self._no_look_beyond_m is not None:
            theirs = 1.0 if self.border.own_side == "right" else -1.0
            for start in range(0, len(en_m), _CHUNK):
                some = slice(start, start + _CHUNK)
                signed = self.line.locate(en_m[some]).signed_distance_m
                out[some] &= theirs * signed <= self._no_look_beyond_m
        return out

    # -- what a picture shows of it ----------------------------------------------------------------------------------------

    def observe(
        self,
        t_utc_us: int,
        outline_en_m: ArrayLike,
        observer: str,
        eye: Eye | None = None,
        gsd_m: float | None = None,
    ) -> Marks:
        """What of the grid lies in a footprint ``(n, 2)`` of :attr:`frame`, is not hidden by ground, and counts as seen.

        With ``eye`` the resolution of each place is worked out and hills hide what they hide; without it ``gsd_m`` is that
        of all of the picture and nothing is taken as hidden. Raises :class:`PlanError` when neither is given. An outline
        of fewer than three corners, or one with a corner that is no number, shows nothing.
        """
        if eye is None and gsd_m is None:
            raise PlanError("nothing tells how finely the picture shows the ground", "give the camera, or a resolution")
        outline = np.asarray(outline_en_m, dtype=np.float64).reshape(-1, 2)
        if len(outline) < 3 or not np.isfinite(outline).all():
            return self._nothing(t_utc_us, observer)
        shape = Polygon(outline)
        if not shape.is_valid:
            # Where ground folds the outline over itself only what lies in it without doubt counts.
            shape = shape.buffer(0.0)
        low, high = outline.min(axis=0), outline.max(axis=0)
        if eye is not None:
            reach_m = self._reach_m(eye)
            low, high = np.maximum(low, np.subtract(eye.en_m, reach_m)), np.minimum(high, np.add(eye.en_m, reach_m))
        if shape.is_empty or (low >= high).any():
            return self._nothing(t_utc_us, observer)
        bins = self._bins_within(low, high)
        cells = self._cells_within(low, high)
        of_bins = (bins[:, None] * 3 + np.arange(3)).ravel()
        places = _Places.joined(self._bin_places, of_bins, self._cell_places, cells)
        seen = shapely.contains_xy(shape, places.en_m[:, 0], places.en_m[:, 1])
        seen[: len(of_bins)] &= np.repeat(seen[: len(of_bins)].reshape(-1, 3).all(axis=1), 3)
        gsd = np.full(len(seen), np.inf if gsd_m is None else gsd_m)
        at = np.flatnonzero(seen)
        if eye is not None and len(at):
            gsd[at], visible = self._looked_at(eye, places, at)
            seen[at] = visible
        seen &= gsd <= self.rule.gsd_max_m
        n = len(of_bins)
        whole = seen[:n].reshape(-1, 3).all(axis=1)
        return Marks(
            t_utc_us, observer, bins[whole], gsd[:n].reshape(-1, 3)[whole].max(axis=1, initial=0.0),
            self.cell_key[cells[seen[n:]]], gsd[n:][seen[n:]],
        )  # fmt: skip

    def _nothing(self, t_utc_us: int, observer: str) -> Marks:
        none, no_gsd = np.empty(0, dtype=np.int64), np.empty(0)
        return Marks(t_utc_us, observer, none, no_gsd, none, no_gsd)

    def _reach_m(self, eye: Eye) -> float:
        """Beyond this nothing is fine enough: the coarser of a pixel's sides is at least ``slant^2 / (focal x drop)``."""
        drop_m = max(eye.alt_amsl_m - self._lowest_m, 1.0)
        return min(FARTHEST_M, float(np.sqrt(self.rule.gsd_max_m * eye.camera.focal_px * drop_m)) + 1.0)

    @property
    def _lowest_m(self) -> float:
        lows = [p.lowest_m for p in (self._bin_places, self._cell_places)]
        return min(lows)

    def _bins_within(self, low: FloatArray, high: FloatArray) -> IntArray:
        """Pieces whose middles lie in a rectangle and that may be seen."""
        meets = (self._run_low <= high).all(axis=1) & (self._run_high >= low).all(axis=1)
        some = (np.flatnonzero(meets)[:, None] * _RUN + np.arange(_RUN)).ravel()
        some = some[some < self.bins]
        place = self.bin_en_m[some]
        inside = (place >= low).all(axis=1) & (place <= high).all(axis=1) & self.bin_may_be_seen[some]
        return np.asarray(some[inside])

    def _cells_within(self, low: FloatArray, high: FloatArray) -> IntArray:
        """Indices of the cells whose middles may lie in a rectangle."""
        size = self.rule.cell_m
        columns = np.arange(int(np.floor(low[0] / size)), int(np.floor(high[0] / size)) + 1)
        rows = np.arange(int(np.floor(low[1] / size)), int(np.floor(high[1] / size)) + 1)
        if not len(self.cell_key) or len(rows) * len(columns) > _MOST_CELLS:
            return np.empty(0, dtype=np.int64)
        # Keys of a row lie together, in the order of their columns.
        first = np.searchsorted(self.cell_key, cell_keys(rows, columns[0]))
        last = np.searchsorted(self.cell_key, cell_keys(rows, columns[-1]), side="right")
        width = last - first
        found = np.repeat(first - np.concatenate([[0], np.cumsum(width)[:-1]]), width) + np.arange(width.sum())
        return np.asarray(found[self.cell_may_be_seen[found]])

    def _looked_at(self, eye: Eye, places: _Places, at: IntArray) -> tuple[FloatArray, BoolArray]:
        """Resolution of places from a camera, and which no hill hides."""
        lat, lon = self.frame.from_plane(np.asarray(eye.en_m))
        # The camera's own plane: true north there is not quite the grid's north far along a border.
        off = LocalFrame(float(lat), float(lon)).to_plane(places.lat_deg[at], places.lon_deg[at])
        along, across = ground_resolution_m(
            eye.camera, np.hypot(off[:, 0], off[:, 1]), eye.alt_amsl_m - places.alt_amsl_m[at]
        )
        gsd = np.maximum(along, across)
        visible = np.zeros(len(at), dtype=np.bool_)
        fine = np.flatnonzero(gsd <= self.rule.gsd_max_m)
        if len(fine):
            sight = Sight(float(lat), float(lon), eye.alt_amsl_m, self.terrain, self.ground_amsl_m)
            visible[fine] = sight.sees(off[fine], ground_amsl_m=places.alt_amsl_m[at[fine]])
        return gsd, visible


def grid_frame(border: BorderLine) -> LocalFrame:
    """The frame in which the pieces and cells of a border lie: at its first point."""
    return LocalFrame(*border.points[0])


@dataclass(frozen=True, eq=False)
class _Places:
    """Places on the ground: ``en_m`` ``(n, 2)``, the others ``(n,)``."""

    en_m: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    allowed: BoolArray
    lowest_m: float

    @classmethod
    def at(cls, en_m: FloatArray, grid: CoverageGrid) -> _Places:
        lat, lon = grid.frame.from_plane(en_m)
        height = np.full(len(en_m), grid.ground_amsl_m)
        if grid.terrain is not None and len(en_m):
            known = grid.terrain.height(lat, lon)
            height = np.where(np.isfinite(known), known, grid.ground_amsl_m)
        return cls(en_m, lat, lon, height, grid.allowed(en_m), float(height.min(initial=np.inf)))

    @classmethod
    def joined(cls, one: _Places, some: IntArray, other: _Places, more: IntArray) -> _Places:
        def both(of: Callable[[_Places], NDArray[np.float64]]) -> FloatArray:
            return np.concatenate([of(one)[some], of(other)[more]])

        return cls(
            both(lambda p: p.en_m), both(lambda p: p.lat_deg), both(lambda p: p.lon_deg), both(lambda p: p.alt_amsl_m),
            np.concatenate([one.allowed[some], other.allowed[more]]), min(one.lowest_m, other.lowest_m),
        )  # fmt: skip


def _parts(region: Any, size_m: float) -> list[Any]:
    """A region cut into squares of ``size_m``, empty ones left out."""
    if region.is_empty:
        return []
    west, south, east, north = region.bounds
    edges = [np.append(np.arange(a, b, size_m), b) for a, b in ((west, east), (south, north))]
    if len(edges[0]) * len(edges[1]) > 100_000:
        raise PlanError("the area is too large for cells of this size", "make the cells larger")
    shapely.prepare(region)
    out = []
    for x0, x1 in zip(edges[0][:-1], edges[0][1:], strict=True):
        column = shapely.box(x0, south, x1, north)
        if not region.intersects(column):
            continue
        strip = shapely.intersection(region, column)
        for y0, y1 in zip(edges[1][:-1], edges[1][1:], strict=True):
            part = shapely.intersection(strip, shapely.box(x0, y0, x1, y1))
            if part.area > 0.0:
                out.append(part)
    return out
