"""The vehicle asks the ground station for terrain heights, as ArduPilot does (``AP_Terrain``): 7 x 8 blocks of 4 x 4.

Off unless switched on: the simulated vehicle has the terrain on board. What arrives is kept for tests to look at.
"""

from __future__ import annotations

from typing import Any

from missions.mavlink import mavlink2 as m
from sim.dynamics import LocalGrid

BLOCKS = 56
_BLOCKS_NORTH, _BLOCKS_EAST, _BLOCK = 7, 8, 4
_ASK_EVERY_S = 2.0
_CLOSE_E7 = 5  # 5 cm


class TerrainAsking:
    """One grid of 28 x 32 heights whose middle is the launch point; row 0 is its south, column 0 its west."""

    def __init__(self, grid: LocalGrid, spacing_m: int = 100) -> None:
        south_m, west_m = -_BLOCKS_NORTH * _BLOCK * spacing_m / 2.0, -_BLOCKS_EAST * _BLOCK * spacing_m / 2.0
        lat, lon = grid.to_geodetic(west_m, south_m)
        self.lat_e7, self.lon_e7, self.spacing_m = round(lat * 1e7), round(lon * 1e7), spacing_m
        self.missing = (1 << BLOCKS) - 1
        self.heights_m: dict[tuple[int, int], int] = {}
        """(row from the south, column from the west) -> metres AMSL."""
        self.refused = 0
        """Answers that were not to our question: wrong corner, spacing or block."""
        self._next_s = 0.0

    @property
    def pending(self) -> int:
        """Heights still missing."""
        return self.missing.bit_count() * _BLOCK * _BLOCK

    def step(self, now_s: float) -> Any | None:
        """The question, when it is time to ask again."""
        if not self.missing or now_s < self._next_s:
            return None
        self._next_s = now_s + _ASK_EVERY_S
        return m.MAVLink_terrain_request_message(self.lat_e7, self.lon_e7, self.spacing_m, self.missing)

    def on_data(self, msg: Any) -> None:
        """``TERRAIN_DATA``: believed only when it echoes the question."""
        same = abs(msg.lat - self.lat_e7) <= _CLOSE_E7 and abs(msg.lon - self.lon_e7) <= _CLOSE_E7
        if not same or msg.grid_spacing != self.spacing_m or msg.gridbit >= BLOCKS:
            self.refused += 1
            return
        self.missing &= ~(1 << msg.gridbit)
        row, column = msg.gridbit // _BLOCKS_EAST * _BLOCK, msg.gridbit % _BLOCKS_EAST * _BLOCK
        for number, height_m in enumerate(msg.data):
            self.heights_m[row + number // _BLOCK, column + number % _BLOCK] = int(height_m)
