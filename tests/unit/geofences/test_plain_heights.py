"""Heights read all at once, against the same places read one by one."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.terrain_grid import TerrainGrid


@pytest.mark.parametrize("voids", [False, True])
def test_masked_or_not_the_heights_are_the_same(voids: bool) -> None:
    """Places that all lie inside take a short cut; one place outside among them must change nothing but itself."""
    rng = np.random.default_rng(1)
    heights = rng.uniform(100.0, 200.0, (12, 9)).astype(np.float32)
    if voids:
        heights[4, 5] = np.nan
    grid = TerrainGrid(heights, 49.0, 22.0, 1e-3, 1e-3)
    row = np.concatenate([rng.uniform(0.0, 11.0, 200), [0.0, 11.0, 11.0, 0.0, 5.0]])
    column = np.concatenate([rng.uniform(0.0, 8.0, 200), [0.0, 8.0, 0.0, 8.0, 8.0]])
    together = grid.height_at_posts(row, column)
    masked = grid.height_at_posts(np.append(row, -1.0), np.append(column, 3.0))
    assert np.isnan(masked[-1])
    np.testing.assert_array_equal(masked[:-1], together)
    assert bool(np.isnan(together).any()) == voids
    for k in np.flatnonzero(np.isfinite(together))[-60:]:
        r, c = min(int(row[k]), 10), min(int(column[k]), 7)
        fr, fc = row[k] - r, column[k] - c
        posts = np.nan_to_num(grid.height_amsl_m[r : r + 2, c : c + 2].astype(np.float64))
        expected = np.array([1.0 - fr, fr]) @ posts @ np.array([1.0 - fc, fc])
        assert together[k] == pytest.approx(expected, abs=1e-9)
    assert np.ndim(grid.height_at_posts(np.float64(2.5), np.float64(3.5))) == 0


def test_unknown_places_have_no_height() -> None:
    grid = TerrainGrid(np.full((4, 4), 100.0, dtype=np.float32), 49.0, 22.0, 1e-3, 1e-3)
    got = grid.height_at_posts(np.array([1.0, np.nan, np.inf, 3.1]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert np.isnan(got).tolist() == [False, True, True, True]
    assert grid.height_at_posts(np.zeros(0), np.zeros(0)).shape == (0,)
