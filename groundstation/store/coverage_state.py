"""What a ledger says of each piece and cell, as the record that the map is drawn from."""

from __future__ import annotations

import numpy as np

from geofences.geodesy import FloatArray
from groundstation.core.coverage_records import CoverageState
from missions.coverage.grid import CoverageGrid, rows_and_columns
from missions.coverage.ledger import Ledger


class CoverageStates:
    """Makes the records of one grid; the places in them are worked out once."""

    def __init__(self, grid: CoverageGrid) -> None:
        self._grid = grid
        self._edges_lat_lon = self._lat_lon(grid.line.at(np.append(grid.bin_from_m, grid.line.length_m))[0])
        self._cell_lat_lon = self._lat_lon(grid.cell_centres(grid.cell_key))
        self._cell_row_column = np.stack(rows_and_columns(grid.cell_key), axis=-1)

    def state(self, ledger: Ledger, t_utc_us: int, refused: str = "") -> CoverageState:
        """All that the ledger holds, told at a time."""
        bins, cells, grid = ledger.bins_last_seen(), ledger.cells_last_seen(), self._grid
        return CoverageState(
            grid.digest, t_utc_us, self._edges_lat_lon, bins.t_utc_us, grid.bin_may_be_seen,
            self._cell_lat_lon, self._cell_row_column, cells.t_utc_us, grid.cell_may_be_seen,
            grid.rule.cell_m, refused,
        )  # fmt: skip

    def _lat_lon(self, en_m: FloatArray) -> FloatArray:
        return np.stack(self._grid.frame.from_plane(en_m), axis=-1)
