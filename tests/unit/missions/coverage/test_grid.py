"""Which pieces and cells a picture shows, against a brute force with the simulator's camera and plain steps."""

import math

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon

from geofences.errors import ConfigError, PlanError
from geofences.terrain import TerrainGrid
from missions.coverage.grid import CoverageGrid, cell_keys, rows_and_columns
from missions.coverage.rule import CoverageRule
from missions.footprint import detection_probability
from sim.projection import Pinhole, ViewPose, project
from tests.unit.missions.coverage.support import CAMERA, T0, abreast, border, flat_grid, look


def ridge(grid: CoverageGrid, south_m: float, height_m: float) -> TerrainGrid:
    """Ground of 100 m with a wall, one post (7 m) thick, that many metres south of 49 N."""
    rows, columns = 500, 500
    height = np.full((rows, columns), 100.0, dtype=np.float32)
    step = 0.03 / (rows - 1)
    terrain = TerrainGrid(height, 49.015, 21.985, step, 0.06 / (columns - 1))
    row = round(float(terrain.posts(49.0 - south_m / 111_200.0, 22.0)[0]))
    height[row, :] = 100.0 + height_m
    return terrain


def test_the_pieces_seen_are_those_whose_three_places_the_simulators_camera_shows():
    grid = flat_grid()
    seen, eye = abreast(grid, 700.0)
    marks = grid.observe(T0, seen.outline_en_m, "1-1", eye)
    place, ahead = grid.line.at((np.arange(grid.bins) + 0.5) * 5.0)
    left = 10.0 * np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1)
    _, ahead_here = grid.line.at(700.0)
    azimuth = math.degrees(math.atan2(ahead_here[1], -ahead_here[0]))
    pose = ViewPose(*eye.en_m, eye.alt_amsl_m, azimuth, -55.0)
    shown = np.ones(grid.bins, dtype=bool)
    edge = np.zeros(grid.bins, dtype=bool)
    for at in (place, place + left, place - left):
        xy, _ = project(pose, Pinhole(1280, 720, 40.0), np.column_stack([at, np.full(len(at), 100.0)]))
        x, y = xy[:, 0], xy[:, 1]
        shown &= (x > 0) & (x < 1280) & (y > 0) & (y < 720)
        edge |= (np.abs(x) < 8) | (np.abs(x - 1280) < 8) | (np.abs(y) < 8) | (np.abs(y - 720) < 8)
    expected = set(np.flatnonzero(shown & ~edge).tolist())
    assert len(expected) > 10
    assert expected <= set(marks.bins.tolist()) <= set(np.flatnonzero(shown | edge).tolist())


def test_the_cells_seen_are_those_in_the_footprint_and_fine_enough():
    grid = flat_grid()
    seen, eye = abreast(grid, 1500.0, elevation_deg=-40.0)
    marks = grid.observe(T0, seen.outline_en_m, "1-1", eye)
    shape = Polygon(seen.outline_en_m)
    expected = {}
    for key in grid.cell_key:
        row, column = (int(v) for v in rows_and_columns(key))
        e, n = (column + 0.5) * 20.0, (row + 0.5) * 20.0
        slant = math.dist((e, n, 100.0), (*eye.en_m, eye.alt_amsl_m))
        gsd = slant / CAMERA.focal_px * slant / 110.0
        if shape.contains(shapely.Point(e, n)) and detection_probability(gsd) >= 0.5:
            expected[int(key)] = gsd
    assert len(expected) > 20
    assert dict(zip(marks.cells.tolist(), marks.cell_gsd_m.tolist(), strict=True)) == pytest.approx(expected, rel=1e-3)


def test_what_a_ridge_hides_is_not_seen():
    bare = flat_grid()
    seen, eye = abreast(bare, 700.0, elevation_deg=-48.0)
    open_ground = bare.observe(T0, seen.outline_en_m, "1-1", eye)
    # The camera stands 75 m north of the line; the wall stands between it and the line.
    terrain = ridge(bare, south_m=-100.0, height_m=60.0)
    walled = CoverageGrid(border(), terrain=terrain)
    hidden = walled.observe(T0, seen.outline_en_m, "1-1", eye)
    assert len(open_ground.bins) > 10
    assert len(hidden.bins) == 0
    assert set(hidden.cells.tolist()) < set(open_ground.cells.tolist())


def test_nothing_in_a_no_look_area_is_ever_seen():
    plain = flat_grid()
    place, _ = plain.line.at(700.0)
    home = shapely.Point(place).buffer(25.0)
    grid = flat_grid(no_look=home)
    seen, eye = abreast(grid, 700.0)
    marks = grid.observe(T0, seen.outline_en_m, "1-1", eye)
    assert set(marks.bins.tolist()) < set(look(plain, 700.0, 0.0).bins.tolist())
    assert not shapely.intersects_xy(home, *grid.bin_en_m[marks.bins].T).any()
    assert not shapely.intersects_xy(home, *grid.cell_centres(marks.cells).T).any()
    assert not grid.bin_may_be_seen[grid.bins and int(700.0 / 5.0)]


def test_the_neighbours_land_beyond_the_limit_is_not_seen():
    grid = flat_grid(no_look_beyond_m=30.0)  # left, to the north, is ours
    signed = grid.line.locate(grid.cell_centres(grid.cell_key)).signed_distance_m
    assert grid.cell_may_be_seen[signed > 0].all()
    assert grid.cell_may_be_seen[signed > -30.0].all()
    assert not grid.cell_may_be_seen[signed < -30.0].any()
    assert grid.bin_may_be_seen.all()
    assert not flat_grid(no_look_beyond_m=5.0).bin_may_be_seen.any()


def test_what_is_too_coarse_was_not_seen():
    # From 110 m at a low angle the far part of the picture is too coarse for a person, not for a vehicle.
    wide = shapely.box(0.0, -700.0, 2200.0, 300.0)
    person, vehicle = flat_grid(region=wide), flat_grid(region=wide, rule=CoverageRule(kind="vehicle"))
    seen, eye = abreast(person, 700.0, elevation_deg=-22.0)
    fine, coarse = (g.observe(T0, seen.outline_en_m, "1-1", eye) for g in (person, vehicle))
    assert set(fine.cells.tolist()) < set(coarse.cells.tolist())
    assert fine.cell_gsd_m.max() <= person.rule.gsd_max_m
    assert detection_probability(person.rule.gsd_max_m) >= 0.5 > detection_probability(person.rule.gsd_max_m + 1e-3)


def test_a_picture_to_the_horizon_marks_no_more_than_can_be_told_in_it():
    grid = flat_grid()
    seen, eye = abreast(grid, 700.0, elevation_deg=-8.0)
    assert seen.reaches_horizon
    marks = grid.observe(T0, seen.outline_en_m, "1-1", eye)
    away = grid.cell_centres(marks.cells) - np.array(eye.en_m)
    assert np.hypot(*away.T).max(initial=0.0) < 400.0


@pytest.mark.parametrize("outline", [[], [[0.0, 0.0], [10.0, 0.0]], [[0.0, 0.0], [50.0, 0.0], [math.nan, 50.0]]])
def test_an_outline_that_is_none_shows_nothing(outline):
    assert flat_grid().observe(T0, outline, "1-1", gsd_m=0.1).is_empty


def test_a_resolution_or_a_camera_is_needed():
    with pytest.raises(PlanError):
        flat_grid().observe(T0, [[0, 0], [50, 0], [50, 50]], "1-1")


def test_the_digest_names_the_line_and_the_way_it_is_cut_and_nothing_else():
    ours = CoverageGrid(border("Arvenia"))
    theirs = CoverageGrid(border("Belmark"), no_look_beyond_m=50.0, rule=CoverageRule(least_probability=0.3))
    assert ours.digest == theirs.digest
    assert CoverageGrid(border(shift_deg=1e-6)).digest != ours.digest
    assert CoverageGrid(border(), CoverageRule(bin_m=10.0)).digest != ours.digest


def test_cells_have_the_same_keys_whatever_the_area():
    small = CoverageGrid(border(), region=shapely.box(300.0, -100.0, 500.0, 100.0))
    assert set(small.cell_key.tolist()) <= set(flat_grid().cell_key.tolist())
    rows, columns = np.array([-3, -1, 0, 5]), np.array([7, -2, 0, -9])
    assert [v.tolist() for v in rows_and_columns(cell_keys(rows, columns))] == [rows.tolist(), columns.tolist()]
    assert (np.diff(cell_keys([-2, -1, -1, 0], [5, -3, 4, -100])) > 0).all()


@pytest.mark.parametrize(
    "settings", [{"bin_m": 0.0}, {"cell_m": math.nan}, {"least_probability": 0.0}, {"kind": "balloon"}]
)
def test_rules_that_make_no_sense_are_refused(settings):
    with pytest.raises(ConfigError):
        CoverageRule(**settings)
