"""A made-up border for the ledger's tests."""

import numpy as np

from geofences.area import BorderLine
from geofences.terrain import TerrainGrid
from missions.coverage.grid import CoverageGrid, Eye, Marks
from missions.coverage.ledger import Ledger
from missions.coverage.observation import Observation, observation_of
from missions.footprint import Camera, Footprint, footprint

CAMERA = Camera()
SECOND_US = 1_000_000
T0 = 1_800_000_000 * SECOND_US


def border(own: str = "Arvenia", shift_deg: float = 0.0) -> BorderLine:
    """Some 2.2 km eastwards with a bend."""
    points = ((49.0 + shift_deg, 22.0), (49.001 + shift_deg, 22.015), (48.999 + shift_deg, 22.03))
    return BorderLine(points, "Arvenia", "Belmark", own)


def flat_grid(**settings) -> CoverageGrid:
    return CoverageGrid(border(), ground_amsl_m=100.0, **settings)


def abreast(
    grid: CoverageGrid,
    s_m: float,
    elevation_deg: float = -55.0,
    terrain: TerrainGrid | None = None,
    standoff_m: float = 75.0,
) -> tuple[Footprint, Eye]:
    """The picture of a camera north of the line at ``s_m``, 110 m above 100 m, that looks at it at right angles."""
    place, ahead = grid.line.at(s_m)
    left = np.array([-ahead[1], ahead[0]])
    en = place + standoff_m * left
    azimuth = float(np.degrees(np.arctan2(-left[0], -left[1])))
    seen = footprint(CAMERA, en, 210.0, azimuth, elevation_deg, grid.frame, terrain, 100.0)
    return seen, Eye((float(en[0]), float(en[1])), 210.0, CAMERA)


def look(grid: CoverageGrid, s_m: float, t_s: float, observer: str = "east/1-1") -> Marks:
    seen, eye = abreast(grid, s_m)
    return grid.observe(T0 + round(t_s * SECOND_US), seen.outline_en_m, observer, eye)


def sighting(grid: CoverageGrid, bins, t_s: float, observer: str = "east/1-1", gsd_m: float = 0.1) -> Observation:
    """Pieces seen at one moment."""
    bins = np.asarray(sorted(set(bins)), dtype=np.int64)
    none = np.empty(0, dtype=np.int64)
    return observation_of(
        grid, Marks(T0 + round(t_s * SECOND_US), observer, bins, np.full(len(bins), gsd_m), none, np.empty(0))
    )


def ledger(grid: CoverageGrid, *observations: Observation, history: bool = True) -> Ledger:
    return Ledger(grid, observations, history)
