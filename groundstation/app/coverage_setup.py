"""The coverage grid of a station, from its configuration."""

from __future__ import annotations

from geofences.area import Area
from geofences.terrain import TerrainGrid
from groundstation.app.config import StationConfig
from groundstation.app.no_look_file import read_no_look
from missions.coverage.grid import CoverageGrid


def station_grid(config: StationConfig, area: Area, terrain: TerrainGrid | None) -> CoverageGrid:
    """The pieces and cells of the station's area, without what its camera may not look at.

    Raises :class:`~groundstation.core.errors.ConfigError` for a border without sides or a no-look file that is wrong.
    """
    more = read_no_look(config.camera.no_look) if config.camera.no_look is not None else ()
    return CoverageGrid.of_area(area, terrain, more_no_look=more)
