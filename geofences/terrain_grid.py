"""Ground heights above mean sea level on a regular latitude-longitude grid.

Heights are above the geoid (AMSL; EGM96 or EGM2008, which differ by less than a metre nearly everywhere), as MAVLink's
altitudes are. A post that is not known (a void) is NaN, and so is every height that would need it. A grid does not
reach across the 180th meridian.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import FloatArray

_EDGE_POSTS = 1e-6


@dataclass(frozen=True, eq=False)
class TerrainGrid:
    """Heights at grid posts, read between them by bilinear interpolation.

    ``height_amsl_m`` has shape ``(rows, columns)``, at least 2 x 2, row 0 at the north edge, column 0 at the west edge,
    NaN where nothing is known; ``north_deg``/``west_deg`` are the coordinates of post ``[0, 0]``.
    """

    height_amsl_m: NDArray[np.float32]
    north_deg: float
    west_deg: float
    step_lat_deg: float
    step_lon_deg: float

    @property
    def south_deg(self) -> float:
        """Latitude of the last row."""
        return float(self.north_deg - self.step_lat_deg * (self.height_amsl_m.shape[0] - 1))

    @property
    def east_deg(self) -> float:
        """Longitude of the last column."""
        return float(self.west_deg + self.step_lon_deg * (self.height_amsl_m.shape[1] - 1))

    @cached_property
    def lowest_m(self) -> float:
        """The lowest known height."""
        return float(np.nanmin(self.height_amsl_m))

    @cached_property
    def highest_m(self) -> float:
        """The highest known height."""
        return float(np.nanmax(self.height_amsl_m))

    @cached_property
    def has_voids(self) -> bool:
        """Whether some posts are not known."""
        return bool(np.isnan(self.height_amsl_m).any())

    def posts(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Rows and columns of places, as fractions of posts; outside the grid too."""
        row = (self.north_deg - np.asarray(lat_deg, dtype=np.float64)) / self.step_lat_deg
        column = (np.asarray(lon_deg, dtype=np.float64) - self.west_deg) / self.step_lon_deg
        return row, column

    def holds(self, row: FloatArray, column: FloatArray) -> NDArray[np.bool_]:
        """Which rows and columns (of :meth:`posts`) lie in the grid."""
        rows, columns = self.height_amsl_m.shape
        return np.asarray(
            (row >= -_EDGE_POSTS)
            & (row <= rows - 1 + _EDGE_POSTS)
            & (column >= -_EDGE_POSTS)
            & (column <= columns - 1 + _EDGE_POSTS)
        )

    def height_at_posts(self, row: FloatArray, column: FloatArray, well_inside: bool = False) -> FloatArray:
        """Bilinear height at rows and columns of one shape; NaN outside and where a post that counts is void.

        ``well_inside``: the caller knows that all lie in the grid and none on its last row or column.
        """
        rows, columns = self.height_amsl_m.shape
        r, c = np.asarray(row), np.asarray(column)
        inside = None
        if well_inside:
            r0, c0 = r.astype(np.int64), c.astype(np.int64)
        else:
            if not self._holds_all(r, c):
                inside = self.holds(r, c)
                r = np.where(inside, np.minimum(np.maximum(r, 0.0), rows - 1), 0.0)
                c = np.where(inside, np.minimum(np.maximum(c, 0.0), columns - 1), 0.0)
            r0 = np.minimum(r.astype(np.int64), rows - 2)
            c0 = np.minimum(c.astype(np.int64), columns - 2)
        fr, fc = r - r0, c - c0
        # The cell's posts: upper left, upper right, lower left, lower right.
        at = np.add.outer(self._cell, r0 * columns + c0)
        corners = self.height_amsl_m.reshape(-1).take(at).astype(np.float64)
        if not self.has_voids:
            # Upper and lower edge of the cell at once.
            left, right = corners[::2], corners[1::2]
            top, bottom = left + fc * (right - left)
            height = np.asarray(top + fr * (bottom - top))
            return height if inside is None else np.where(inside, height, np.nan)
        a, b, d, e = corners
        # A post of no weight may be void.
        at_left, at_right = fc < _EDGE_POSTS, fc > 1.0 - _EDGE_POSTS
        at_top, at_bottom = fr < _EDGE_POSTS, fr > 1.0 - _EDGE_POSTS
        b, e = np.where(at_left, a, b), np.where(at_left, d, e)
        a, d = np.where(at_right, b, a), np.where(at_right, e, d)
        d, e = np.where(at_top, a, d), np.where(at_top, b, e)
        a, b = np.where(at_bottom, d, a), np.where(at_bottom, e, b)
        top = a + fc * (b - a)
        bottom = d + fc * (e - d)
        height = np.asarray(top + fr * (bottom - top))
        return height if inside is None else np.where(inside, height, np.nan)

    @cached_property
    def _cell(self) -> NDArray[np.int64]:
        """From a post to those of the cell south-east of it, counted through all rows."""
        columns = self.height_amsl_m.shape[1]
        return np.array([0, 1, columns, columns + 1])

    def between(self, first_row: int, last_row: int, first_column: int, last_column: int) -> tuple[float, float] | None:
        """The lowest and the highest height of whole cells; None where they are not all in the grid and known."""
        rows, columns = self.height_amsl_m.shape
        if first_row < 0 or first_column < 0 or last_row >= rows or last_column >= columns or self.has_voids:
            return None
        part = self.height_amsl_m[first_row : last_row + 1, first_column : last_column + 1]
        return float(part.min()), float(part.max())

    def _holds_all(self, row: FloatArray, column: FloatArray) -> bool:
        """Whether all lie in the grid beyond doubt, as nearly always; then nothing needs to be masked."""
        rows, columns = self.height_amsl_m.shape
        return bool(
            row.size
            and row.min() >= 0.0
            and row.max() <= rows - 1
            and column.min() >= 0.0
            and column.max() <= columns - 1
        )

    def height(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """Ground height in metres AMSL, NaN outside the grid and in voids: nobody is told a height that is not known."""
        row, column = np.broadcast_arrays(*self.posts(lat_deg, lon_deg))
        return self.height_at_posts(row, column)

    def cropped(self, south_deg: float, west_deg: float, north_deg: float, east_deg: float) -> TerrainGrid:
        """The part that holds these bounds, cut to whole posts; raises ``ValueError`` when it holds nothing of them."""
        rows, columns = self.height_amsl_m.shape
        first_row = max(0, int(np.floor((self.north_deg - north_deg) / self.step_lat_deg + _EDGE_POSTS)))
        last_row = min(rows - 1, int(np.ceil((self.north_deg - south_deg) / self.step_lat_deg - _EDGE_POSTS)))
        first_column = max(0, int(np.floor((west_deg - self.west_deg) / self.step_lon_deg + _EDGE_POSTS)))
        last_column = min(columns - 1, int(np.ceil((east_deg - self.west_deg) / self.step_lon_deg - _EDGE_POSTS)))
        if last_row - first_row < 1 or last_column - first_column < 1:
            raise ValueError(f"no ground between {south_deg}, {west_deg} and {north_deg}, {east_deg}")
        return TerrainGrid(
            np.ascontiguousarray(self.height_amsl_m[first_row : last_row + 1, first_column : last_column + 1]),
            self.north_deg - first_row * self.step_lat_deg,
            self.west_deg + first_column * self.step_lon_deg,
            self.step_lat_deg,
            self.step_lon_deg,
        )
