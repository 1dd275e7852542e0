"""The coverage grid of a station, from its configuration."""

from __future__ import annotations

import logging
from dataclasses import replace

from geofences.area import Area
from geofences.terrain import TerrainGrid
from groundstation.app.config import StationConfig
from groundstation.app.no_look_file import read_no_look
from groundstation.core.errors import PlanError
from missions.coverage.grid import CoverageGrid

_log = logging.getLogger("groundstation.coverage")


def station_grid(config: StationConfig, area: Area, terrain: TerrainGrid | None) -> CoverageGrid:
    """The pieces and cells of the station's area, without what its camera may not look at.

    In an area too large for its cells only those beside the border are kept. Raises
    :class:`~groundstation.core.errors.ConfigError` for a border without sides or a no-look file that is wrong.
    """
    more = read_no_look(config.camera.no_look) if config.camera.no_look is not None else ()
    try:
        return CoverageGrid.of_area(area, terrain, more_no_look=more)
    except PlanError as error:
        _log.warning("%s; only cells beside the border are kept", error.message)
        return CoverageGrid.of_area(replace(area, inclusions=()), terrain, more_no_look=more)
