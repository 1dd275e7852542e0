"""What a promise counts as seen, against the ledger's own rule for one picture at a time."""

import numpy as np
import pytest

from missions.coverage.grid import CoverageGrid, Eye
from missions.footprint import footprint
from missions.planner.promise import BorderInView
from tests.unit.missions.coverage.support import CAMERA, T0, border, flat_grid
from tests.unit.missions.coverage.test_grid import ridge


def grids() -> dict[str, CoverageGrid]:
    flat = flat_grid()
    return {"flat": flat, "ridge": CoverageGrid(border(), terrain=ridge(flat, south_m=-60.0, height_m=40.0))}


@pytest.mark.parametrize("ground", ["flat", "ridge"])
def test_the_pieces_are_those_that_the_ledger_would_mark(ground):
    """Edges apart: the footprint is a polygon over the terrain, the promise asks each place by itself."""
    grid, rng = grids()[ground], np.random.default_rng(7)
    at_m = rng.uniform(0.0, grid.line.length_m, 60)
    place, ahead = grid.line.at(at_m)
    eyes = place + np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1) * rng.uniform(20.0, 120.0, (60, 1))
    amsl = rng.uniform(180.0, 230.0, 60)
    looks = np.column_stack([rng.uniform(120.0, 240.0, 60), rng.uniform(-85.0, -40.0, 60)])
    bins, pictures = BorderInView(grid, CAMERA).shown(eyes, amsl, looks)
    both = either = 0
    for k in range(60):
        seen = footprint(CAMERA, eyes[k], amsl[k], *looks[k], grid.frame, grid.terrain, 100.0)
        eye = Eye((float(eyes[k, 0]), float(eyes[k, 1])), float(amsl[k]), CAMERA)
        marked = set(grid.observe(T0, seen.outline_en_m, "1-1", eye).bins.tolist())
        told = set(bins[pictures == k].tolist())
        both, either = both + len(marked & told), either + len(marked | told)
    assert either > 200
    assert both > 0.97 * either


@pytest.mark.parametrize("ground", ["flat", "ridge"])
def test_pictures_of_no_border_show_none(ground):
    grid = grids()[ground]
    place, ahead = grid.line.at(np.array([500.0, 900.0]))
    eyes = place + 75.0 * np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1)
    away = np.full((2, 2), (0.0, -50.0))
    bins, pictures = BorderInView(grid, CAMERA).shown(eyes, np.full(2, 210.0), away)
    assert len(bins) == len(pictures) == 0
