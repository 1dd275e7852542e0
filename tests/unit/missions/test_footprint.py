"""What a camera shows of the ground: against closed formulae, an independent brute force, and the simulator's camera."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from geofences.errors import PlanError
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from missions.footprint import (
    Camera,
    detection_probabilities,
    detection_probability,
    footprint,
    ground_resolution_m,
    lane_spacing_m,
    strip_swath,
)
from missions.sight import Sight, sight_from
from sim.projection import Pinhole, ViewPose, project
from sim.scenario import Camera as SimulatorCamera

FRAME = LocalFrame(49.0, 22.0)
CAMERA = Camera()


def hills(seed: int = 3, level_m: float = 150.0, sigma_m: float = 30.0, lat_deg: float = 49.0) -> TerrainGrid:
    """Rolling ground, 0.1 by 0.14 degrees, a post every 30 m or so, from sines (no grid of its own)."""
    rng = np.random.default_rng(seed)
    rows, columns = 360, 340
    y, x = np.meshgrid(np.arange(rows) * 31.0, np.arange(columns) * 30.0, indexing="ij")
    height = np.full((rows, columns), level_m)
    for _ in range(6):
        length, angle, phase = rng.uniform(300, 1500), rng.uniform(0, 2 * math.pi), rng.uniform(0, 2 * math.pi)
        height += sigma_m / 2.0 * np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / length + phase)
    return TerrainGrid(height.astype(np.float32), lat_deg + 0.05, 21.93, 0.1 / (rows - 1), 0.14 / (columns - 1))


def test_the_defaults_are_the_simulators_camera():
    theirs = SimulatorCamera("colour")
    assert (CAMERA.width_px, CAMERA.height_px, CAMERA.hfov_deg) == (theirs.width_px, theirs.height_px, theirs.hfov_deg)
    assert CAMERA.vfov_deg == pytest.approx(Pinhole(1280, 720, 40.0).vfov_deg)


def test_straight_down_is_the_nadir_formula():
    seen = footprint(CAMERA, (100.0, -50.0), 110.0, 0.0, -90.0, FRAME, None)
    shape = Polygon(seen.outline_en_m)
    half = 110.0 * math.tan(math.radians(20.0))
    assert shape.bounds == pytest.approx((100 - half, -50 - half * 9 / 16, 100 + half, -50 + half * 9 / 16), abs=0.01)
    assert seen.gsd_m == pytest.approx((2 * half / 1280, 2 * half / 1280), rel=1e-4)
    assert not seen.reaches_horizon
    assert lane_spacing_m(CAMERA, 110.0, -90.0, 0.25) == pytest.approx(2 * half * 0.75)


@pytest.mark.parametrize("azimuth_deg", [0.0, 90.0, 217.0])
def test_tilted_over_level_ground_the_edges_lie_where_trigonometry_says(azimuth_deg):
    seen = footprint(CAMERA, (0.0, 0.0), 110.0 + 40.0, azimuth_deg, -40.0, FRAME, None, 40.0)
    a = math.radians(azimuth_deg)
    ahead = seen.outline_en_m @ [math.sin(a), math.cos(a)]
    half = CAMERA.vfov_deg / 2.0
    assert ahead.min() == pytest.approx(110.0 / math.tan(math.radians(40.0 + half)), abs=0.1)
    assert ahead.max() == pytest.approx(110.0 / math.tan(math.radians(40.0 - half)), abs=0.1)
    swath = strip_swath(CAMERA, 110.0, -40.0)
    assert (swath.near_m, swath.far_m) == pytest.approx((ahead.min(), ahead.max()), abs=0.1)
    along, across = seen.gsd_m
    assert along / across == pytest.approx(1.0 / math.sin(math.radians(40.0)), rel=1e-3)


@pytest.mark.parametrize(
    ("elevation_deg", "roll_deg"), [(-70.0, 0.0), (-35.0, 0.0), (-20.0, 25.0), (-90.0, 0.0), (-110.0, 0.0)]
)
def test_the_outline_holds_what_the_simulators_camera_projects_into_the_picture(elevation_deg, roll_deg):
    """An independent camera (sim's projection) and a lattice of ground points: in the picture means in the outline."""
    terrain = hills()
    place, alt = np.array([120.0, -80.0]), 300.0
    seen = footprint(CAMERA, place, alt, 63.0, elevation_deg, FRAME, terrain, roll_deg=roll_deg)
    side = np.arange(-900.0, 900.0, 15.0)
    points = place + np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    height = terrain.height(*FRAME.from_plane(points))
    pose = ViewPose(*place, alt, 63.0, elevation_deg, roll_deg)
    xy, _ = project(pose, Pinhole(1280, 720, 40.0), np.column_stack([points, height]))
    margin = 25.0  # the outline has 24 corners, the hills bend it between them
    inside = (xy > margin).all(axis=1) & (xy < np.array([1280.0, 720.0]) - margin).all(axis=1)
    outside = ~((xy > -margin).all(axis=1) & (xy < np.array([1280.0, 720.0]) + margin).all(axis=1))
    visible = sight_from(FRAME, place, alt, terrain).sees(points - place)
    covered = shapely.contains_xy(Polygon(seen.outline_en_m), points)
    assert (inside & visible).sum() > 20
    assert covered[inside & visible].all()
    assert not (covered & outside & visible).any()


def test_above_the_horizon_the_outline_ends_at_the_range_limit_and_no_wider_than_the_picture():
    level = footprint(CAMERA, (0.0, 0.0), 100.0, 0.0, -5.0, FRAME, None, range_m=3000.0)
    assert level.reaches_horizon
    distance = np.hypot(*level.outline_en_m.T)
    assert 2900.0 < distance.max() <= 3000.0
    assert np.abs(np.degrees(np.arctan2(level.outline_en_m[:, 0], level.outline_en_m[:, 1]))).max() < 22.0
    # Half the picture is sky, the near edge is still where its lower edge meets the ground.
    assert level.outline_en_m[:, 1].min() == pytest.approx(
        100.0 / math.tan(math.radians(5.0 + CAMERA.vfov_deg / 2)), rel=0.01
    )
    sky = footprint(CAMERA, (0.0, 0.0), 100.0, 0.0, 30.0, FRAME, None)
    assert sky.is_empty
    assert sky.reaches_horizon
    assert sky.gsd_m == (math.inf, math.inf)


def test_a_mountain_above_the_horizon_is_ground_too():
    terrain = hills(sigma_m=0.0, level_m=0.0)
    height = terrain.height_amsl_m.copy()
    # A wall of 400 m, some 2 km to the north of the camera.
    height[100:115, :] = 400.0
    wall = TerrainGrid(height, terrain.north_deg, terrain.west_deg, terrain.step_lat_deg, terrain.step_lon_deg)
    seen = footprint(CAMERA, (0.0, 0.0), 100.0, 0.0, 0.0, FRAME, wall)
    assert not seen.is_empty
    flat = footprint(CAMERA, (0.0, 0.0), 100.0, 0.0, 0.0, FRAME, terrain, range_m=4900.0)
    assert seen.outline_en_m[:, 1].max() < 2500.0 < flat.outline_en_m[:, 1].max()


def test_a_camera_below_the_ground_sees_nothing():
    assert footprint(CAMERA, (0.0, 0.0), 20.0, 0.0, -45.0, FRAME, None, 30.0).is_empty


def test_where_the_terrain_model_ends_it_is_said():
    terrain = hills()
    assert not footprint(CAMERA, (0.0, 0.0), 300.0, 0.0, -45.0, FRAME, terrain).over_unknown
    off = FRAME.to_plane(49.2, 22.0)
    assert footprint(CAMERA, off, 300.0, 0.0, -45.0, FRAME, terrain, 150.0).over_unknown


def test_sight_agrees_with_stepping_along_the_line():
    terrain = hills(sigma_m=60.0)
    sight = Sight(49.0, 22.0, 300.0, terrain)
    rng = np.random.default_rng(5)
    targets = rng.uniform(-2500.0, 2500.0, (200, 2))
    got = sight.sees(targets)
    height = terrain.height(*FRAME.from_plane(targets))
    fine = np.linspace(0.001, 0.998, 2000)
    blocked, clear = np.zeros(len(targets), dtype=bool), np.zeros(len(targets), dtype=bool)
    for i, (place, z) in enumerate(zip(targets, height, strict=True)):
        way = fine[:, None] * place
        distance = np.hypot(*way.T)
        drop = (np.hypot(*place) * distance - distance**2) / (2.0 * 6_371_000.0)
        line = 300.0 + fine * (z - 300.0) - drop
        over = line - terrain.height(*FRAME.from_plane(way))
        left_m = np.hypot(*place) - distance
        blocked[i] = (over[left_m > 10.0] < -0.3).any()
        clear[i] = (over > 0.01 * left_m).all()
    assert 30 < got.sum() < 170
    assert blocked.sum() > 20
    assert not got[blocked].any()
    assert got[clear].all()


def test_ground_that_is_not_known_is_not_seen():
    terrain = hills()
    assert not Sight(49.0, 22.0, 400.0, terrain).sees([[0.0, 8000.0]]).any()


@given(st.floats(0.01, 5.0), st.floats(1.0, 2.0), st.sampled_from(["person", "vehicle", "two-wheeler"]))
def test_a_coarser_picture_never_detects_better(gsd_m, factor, kind):
    fine, coarse = detection_probability(gsd_m, kind), detection_probability(gsd_m * factor, kind)
    assert 0.0 <= coarse <= fine <= 1.0


def test_the_curve_goes_through_the_criteria():
    # Half of all targets at N50: 0.75 cycles of two pixels across 0.75 m.
    assert detection_probability(0.5) == pytest.approx(0.5)
    assert detection_probability(2.3 / 1.5, "vehicle") == pytest.approx(0.5)
    # Holst's table of multipliers: 0.95 at about twice N50, 0.05 at about a third.
    assert detection_probability(0.25) == pytest.approx(0.95, abs=0.01)
    assert detection_probability(1.5) == pytest.approx(0.04, abs=0.02)
    assert detection_probability(math.inf) == 0.0
    assert detection_probabilities([0.001, 0.5, math.inf]).tolist() == pytest.approx([1.0, 0.5, 0.0])


@settings(max_examples=40)
@given(st.floats(20.0, 300.0), st.floats(-89.0, -15.0))
def test_every_point_of_a_lane_is_at_least_as_fine_as_the_swath_says(height_m, elevation_deg):
    swath = strip_swath(CAMERA, height_m, elevation_deg)
    spacing = lane_spacing_m(CAMERA, height_m, elevation_deg, 0.0)
    assert 0.0 < spacing <= swath.width_m
    assert swath.near_m < swath.far_m
    at = np.linspace(swath.near_m, swath.far_m, 7)
    along, across = ground_resolution_m(CAMERA, np.abs(at), height_m)
    assert max(along.max(), across.max()) <= swath.gsd_far_m * (1 + 1e-9)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(PlanError):
        Camera(0, 720, 40.0)
    with pytest.raises(PlanError):
        Camera(hfov_deg=180.0)
    with pytest.raises(PlanError):
        footprint(CAMERA, (math.nan, 0.0), 100.0, 0.0, -45.0, FRAME, None)
    with pytest.raises(PlanError):
        strip_swath(CAMERA, 0.0, -45.0)
    with pytest.raises(PlanError):
        strip_swath(CAMERA, 100.0, 30.0)
    with pytest.raises(PlanError):
        lane_spacing_m(CAMERA, 100.0, -90.0, 1.0)
    with pytest.raises(PlanError):
        detection_probability(0.0)
    with pytest.raises(PlanError):
        detection_probability(0.1, "balloon")  # type: ignore[arg-type]
