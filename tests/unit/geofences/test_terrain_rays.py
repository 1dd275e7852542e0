"""The first ground along a ray: against walking it in small steps, and on the terrain that fools walkers."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.terrain_grid import TerrainGrid
from geofences.terrain_rays import Hits, Outcome, TerrainRays


def grid(heights: np.ndarray) -> TerrainGrid:
    """One post per metre: rows are metres south, columns metres east."""
    return TerrainGrid(heights.astype(np.float32), 0.0, 0.0, 1.0, 1.0)


def cast(terrain: TerrainGrid, start, direction, length_m: float = 500.0, margin: float = 0.0) -> Hits:
    """Rays from ``start`` (row, column, height) along unit ``direction`` ``(n, 3)``."""
    p, d = np.broadcast_arrays(np.asarray(start, dtype=float), np.asarray(direction, dtype=float))
    p, d = np.atleast_2d(p), np.atleast_2d(d)

    def path(t):
        return tuple(p[:, k : k + 1] + t * d[:, k : k + 1] for k in range(3))

    n = len(d)
    return TerrainRays(terrain).cast(path, np.zeros(n), np.full(n, length_m), (np.full(n, margin), np.zeros(n)))


def unit(*v: float) -> np.ndarray:
    return np.array(v) / np.linalg.norm(v)


def walked(terrain: TerrainGrid, p: np.ndarray, d: np.ndarray, length_m: float, step_m: float = 0.02) -> float:
    t = np.arange(0.0, length_m, step_m)
    gap = p[2] + t * d[2] - terrain.height_at_posts(p[0] + t * d[0], p[1] + t * d[1])
    below = np.flatnonzero(gap <= 0.0)
    return float(t[below[0]]) if len(below) else float("nan")


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("down", [0.08, 0.3, 1.0, 4.0])
def test_as_walking_in_small_steps(seed: int, down: float) -> None:
    """Rough ground: every post a different height, up to half as high as the cell is wide, and some towers."""
    rng = np.random.default_rng(seed)
    heights = rng.uniform(0.0, 0.5, (120, 140))
    heights[rng.integers(0, 120, 60), rng.integers(0, 140, 60)] += rng.uniform(1.0, 6.0, 60)
    terrain = grid(heights)
    turn = rng.uniform(0.0, 2.0 * np.pi, 40)
    starts = np.stack([rng.uniform(40, 80, 40), rng.uniform(50, 90, 40), rng.uniform(7.0, 9.0, 40)], axis=-1)
    ways = np.stack([np.cos(turn), np.sin(turn), np.full(40, -down)], axis=-1)
    ways /= np.linalg.norm(ways, axis=-1, keepdims=True)
    found = cast(terrain, starts, ways, length_m=300.0)
    for k in range(40):
        expected = walked(terrain, starts[k], ways[k], 300.0)
        if np.isnan(expected):
            assert found.outcome[k] in (Outcome.OUTSIDE, Outcome.NONE)
            continue
        # Walking may step over the tip of a tower; it never sees ground earlier than there is.
        assert found.outcome[k] == Outcome.HIT
        assert found.t[k] <= expected + 1e-6
        at = starts[k] + found.t[k] * ways[k]
        assert at[2] == pytest.approx(float(terrain.height_at_posts(at[0], at[1])), abs=1e-5)
        if found.t[k] < expected - 0.03:
            near = starts[k] + (found.t[k] + 1e-3) * ways[k]
            assert near[2] <= float(terrain.height_at_posts(near[0], near[1])) + 1e-3


def test_a_wall_of_one_post_far_away_is_not_stepped_over() -> None:
    """4 km of flat ground with one row of 40 m posts: a march in 64 steps would pass it at 60 m a step."""
    heights = np.zeros((60, 4000))
    heights[:, 2500] = 40.0
    found = cast(grid(heights), [30.3, 1.0, 110.0], unit(0.0, 1.0, -0.03), length_m=4000.0)
    assert found.outcome[0] == Outcome.HIT
    at = 1.0 + found.t[0] * unit(0.0, 1.0, -0.03)[1]
    assert 2499.0 < at < 2500.0


def test_a_ray_through_a_gap_goes_on() -> None:
    """The same wall with a gap of three posts: the bound is doubtful there, the ground is not hit."""
    heights = np.zeros((60, 600))
    heights[:, 300] = 40.0
    heights[29:32, 300] = 0.0
    terrain = grid(heights)
    through = cast(terrain, [30.0, 1.0, 30.0], unit(0.0, 1.0, -0.07), length_m=600.0, margin=1.0)
    assert through.outcome[0] == Outcome.HIT
    assert through.t[0] * unit(0, 1, -0.07)[1] == pytest.approx(30.0 / 0.07, abs=0.1)
    assert through.brushed[0]
    stopped = cast(terrain, [27.0, 1.0, 30.0], unit(0.0, 1.0, -0.07), length_m=600.0)
    assert stopped.t[0] < 300.0


def test_only_rays_that_pass_near_a_ridge_are_said_to_brush_it() -> None:
    heights = np.zeros((60, 600))
    heights[:, 295:306] = 20.0
    terrain = grid(heights)

    def over(height_m: float) -> Hits:
        slope = 0.1
        return cast(terrain, [30.0, 1.0, height_m + 0.1 * 299.0], unit(0.0, 1.0, -slope), 2000.0, margin=2.0)

    assert over(21.5).brushed[0]
    assert not over(28.0).brushed[0]
    assert over(21.5).outcome[0] == over(28.0).outcome[0] == Outcome.HIT


def test_voids_edges_and_starts_below_are_told_apart() -> None:
    heights = np.zeros((60, 80))
    heights[20:30, 40:50] = np.nan
    terrain = grid(heights)
    down = unit(0.0, 1.0, -1.0)
    found = cast(
        terrain,
        np.array([[25.0, 20.0, 25.0], [25.0, 10.0, 10.0], [25.0, 70.0, 25.0], [5.0, 10.0, -1.0], [5.0, 10.0, 9.0]]),
        np.tile(down, (5, 1)),
    )
    assert found.outcome.tolist() == [Outcome.VOID, Outcome.HIT, Outcome.OUTSIDE, Outcome.BELOW, Outcome.HIT]
    assert np.isnan(found.t[[0, 2, 3]]).all()
    short = cast(terrain, [5.0, 10.0, 9.0], down, length_m=5.0)
    assert short.outcome[0] == Outcome.NONE


def test_along_grid_lines_and_through_posts() -> None:
    """Rays exactly along a row, a column and a diagonal, where cells are touched but not crossed."""
    terrain = grid(np.add.outer(np.arange(50.0), np.arange(50.0)) * 0.1)
    for way in (unit(0.0, 1.0, -0.5), unit(1.0, 0.0, -0.5), unit(1.0, 1.0, -0.5)):
        found = cast(terrain, [10.0, 10.0, 12.0], way)
        at = np.array([10.0, 10.0, 12.0]) + found.t[0] * way
        assert at[2] == pytest.approx(0.1 * (at[0] + at[1]), abs=1e-5)


def test_straight_down() -> None:
    terrain = grid(np.add.outer(np.arange(50.0), np.arange(50.0)) * 0.1)
    found = cast(terrain, [10.5, 10.25, 12.0], [0.0, 0.0, -1.0])
    assert found.t[0] == pytest.approx(12.0 - 2.075, abs=1e-6)
