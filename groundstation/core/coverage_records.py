"""What the station tells of its coverage ledger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CoverageState:
    """When each piece of the border and each cell of the ground was last seen, as of ``t_utc_us``.

    ``edges_lat_lon`` ``(n + 1, 2)``: where the pieces begin and end; ``bin_t_utc_us`` ``(n,)``, the least int64 for never;
    ``bin_may_be_seen`` ``(n,)``. ``cell_lat_lon`` ``(m, 2)`` the middles of cells of ``cell_m``; ``cell_t_utc_us`` and
    ``cell_may_be_seen`` ``(m,)``. ``cell_row_column`` ``(m, 2)``: to the north and to the east of the border's first point.
    ``refused``: why the last pictures were not counted, "" when they were. The arrays are never changed.
    """

    digest: str
    t_utc_us: int
    edges_lat_lon: FloatArray
    bin_t_utc_us: NDArray[np.int64]
    bin_may_be_seen: NDArray[np.bool_]
    cell_lat_lon: FloatArray
    cell_row_column: NDArray[np.int64]
    cell_t_utc_us: NDArray[np.int64]
    cell_may_be_seen: NDArray[np.bool_]
    cell_m: float
    refused: str = ""
