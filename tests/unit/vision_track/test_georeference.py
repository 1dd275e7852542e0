"""Pixels on the ground, their covariances, and the refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.vision_track.scene import FRAME, hills, pose_at
from tests.unit.vision_track.test_lens import calibration
from vision.camera import CameraView
from vision.georeference import (
    BELOW_GROUND,
    BEYOND_RANGE,
    GRAZING,
    NO_POSE,
    OTHER_PICTURE,
    OUTSIDE_TERRAIN,
    OVER_VOID,
    POSE_TOO_OLD,
    POSE_UNUSABLE,
    TOO_SHALLOW,
    Georeferencer,
    GeoreferenceSettings,
)
from vision.records import CameraPose, PoseRates, PoseSigma

W, H = 1280, 720
ONE_PX = np.array([[1.0, 1.0]])


def test_ground_points_come_back_to_where_they_were_projected_from() -> None:
    terrain = hills()
    it = Georeferencer(FRAME, terrain)
    rng = np.random.default_rng(5)
    for _ in range(10):
        azimuth, elevation = rng.uniform([0, -70], [360, -35])
        view = CameraView.of(pose_at(*rng.uniform(-200, 200, 2), 410.0, azimuth, elevation, rng.uniform(-5, 5)), W, H)
        px = rng.uniform([20, 20], [W - 20, H - 20], (20, 2))
        points = it.points(view, px, np.ones((20, 2)))
        assert points.valid.all()
        assert np.abs(points.alt_amsl_m - terrain.height(points.lat_deg, points.lon_deg)).max() < 0.02
        assert np.abs(view.project_geodetic(points.lat_deg, points.lon_deg, points.alt_amsl_m) - px).max() < 1e-3
        assert np.abs(FRAME.to_plane(points.lat_deg, points.lon_deg) - points.en_m).max() < 1e-6


def test_flat_plane_is_what_trigonometry_says() -> None:
    it = Georeferencer(FRAME, None, plane_alt_amsl_m=300.0)
    view = CameraView.of(pose_at(0, 0, 400.0, 90.0, -40.0), W, H)
    points = it.points(view, np.array([[W / 2, H / 2]]), ONE_PX)
    assert points.en_m[0] == pytest.approx([100 / np.tan(np.radians(40)), 0.0], abs=0.01)
    assert points.range_m[0] == pytest.approx(100 / np.sin(np.radians(40)), abs=0.01)


@pytest.mark.parametrize("elevation", [-25.0, -40.0, -60.0, -88.0])
def test_pose_covariance_matches_monte_carlo(elevation: float) -> None:
    """Against poses drawn at random with the stated errors, cut with the same ground without any derivative."""
    sigma = PoseSigma(1.5, 2.0, 0.6, 0.5, 0.7)
    it = Georeferencer(FRAME, hills(height_m=8.0), settings=GeoreferenceSettings(terrain_sigma_m=0.0))
    true = replace(pose_at(20, -30, 410.0, 33.0, elevation), sigma=sigma)
    px = np.array([[300.0, 500.0]])
    stated = it.points(CameraView.of(true, W, H), px, ONE_PX).pose_covariance_m2[0]
    rng = np.random.default_rng(6)
    drawn = []
    for _ in range(300):
        e = rng.normal(0.0, 1.0, 6) * [1.5, 1.5, 2.0, 0.6, 0.5, 0.7]
        moved = pose_at(20 + e[0], -30 + e[1], 410.0 + e[2], 33.0 + e[3], elevation + e[4], e[5])
        drawn.append(it.points(CameraView.of(moved, W, H), px, ONE_PX).en_m[0])
    found = np.cov(np.array(drawn).T)
    assert np.sqrt(np.linalg.eigvalsh(stated)) == pytest.approx(np.sqrt(np.linalg.eigvalsh(found)), rel=0.2)
    assert np.linalg.norm(stated - found) < 0.3 * np.linalg.norm(found)


def test_error_budget_of_one_degree_of_pitch() -> None:
    """The figures of the common formula h / sin^2(e): 100 m up, 1 degree: 4.2 m at -40, 9.8 m at -25 degrees."""
    it = Georeferencer(FRAME, None, 300.0, GeoreferenceSettings(plane_sigma_m=0.0))
    for elevation, expected in ((-40.0, 4.2), (-25.0, 9.8)):
        pose = replace(pose_at(0, 0, 400.0, 0.0, elevation), sigma=PoseSigma(0, 0, 0, 1.0, 0))
        c = it.points(CameraView.of(pose, W, H), np.array([[W / 2, H / 2]]), ONE_PX).pose_covariance_m2[0]
        assert np.sqrt(c[1, 1]) == pytest.approx(expected, abs=0.1)
        assert c[0, 0] == pytest.approx(0.0, abs=1e-6)


def test_pixel_covariance_is_the_footprint_of_the_pixel_noise() -> None:
    it = Georeferencer(FRAME, None, 300.0)
    view = CameraView.of(pose_at(0, 0, 400.0, 0.0, -40.0), W, H)
    c = it.points(view, np.array([[W / 2, H / 2]]), np.array([[2.0, 3.0]])).pixel_covariance_m2[0]
    slant = 100 / np.sin(np.radians(40))
    f = W / 2 / np.tan(np.radians(20))
    assert np.sqrt(c[0, 0]) == pytest.approx(2.0 * slant / f, rel=1e-3)
    assert np.sqrt(c[1, 1]) == pytest.approx(3.0 * slant / f / np.sin(np.radians(40)), rel=5e-3)


@pytest.mark.parametrize(("class_id", "tall", "radius"), [(0, 1.7, 0.25), (1, 1.6, 1.5), (2, 1.6, 0.6)])
@pytest.mark.parametrize("elevation", [-30.0, -55.0, -80.0])
def test_the_box_of_an_upright_object_gives_the_middle_of_its_foot(
    class_id: int, tall: float, radius: float, elevation: float
) -> None:
    it = Georeferencer(FRAME, None, 300.0)
    view = CameraView.of(pose_at(0, 0, 400.0, 0.0, elevation), W, H)
    centre = it.points(view, np.array([[W / 2 + 80.0, H / 2 + 60.0]]), ONE_PX).en_m[0]
    turn = np.linspace(0, 2 * np.pi, 64)
    rim = centre + radius * np.stack([np.cos(turn), np.sin(turn)], axis=-1)
    lat, lon = FRAME.from_plane(np.concatenate([rim, rim]))
    px = view.project_geodetic(lat, lon, np.repeat([300.0, 300.0 + tall], 64))
    box = np.array([[*px.min(axis=0), *px.max(axis=0)]])
    found = it.boxes(view, box, np.array([class_id])).en_m[0]
    assert np.hypot(*(found - centre)) < 0.12 + 0.05 * radius


def test_a_box_cut_off_by_the_edge_is_less_certain() -> None:
    it = Georeferencer(FRAME, None, 300.0)
    view = CameraView.of(pose_at(0, 0, 400.0, 0.0, -50.0), W, H)
    whole, cut = np.array([[600.0, 690, 610, 712]]), np.array([[600.0, 698, 610, 720]])
    person = np.array([0])
    a, b = it.boxes(view, whole, person), it.boxes(view, cut, person)
    assert b.pixel_covariance_m2[0, 1, 1] > 9 * a.pixel_covariance_m2[0, 1, 1]


def test_refusals_of_the_pose() -> None:
    it = Georeferencer(FRAME, None, 300.0)
    pose = pose_at(0, 0, 400.0, 0.0, -45.0)
    t = pose.t_utc_us
    assert it.pose_refusal(None, t) == NO_POSE
    assert it.pose_refusal(pose, t + 400_000) == ""
    assert it.pose_refusal(pose, t + 600_000).startswith(POSE_TOO_OLD)
    assert it.pose_refusal(pose, t - 600_000).startswith(POSE_TOO_OLD)
    assert it.pose_refusal(replace(pose, azimuth_deg=float("nan")), t).startswith(POSE_UNUSABLE)
    assert it.pose_refusal(replace(pose, hfov_deg=0.0), t).startswith(POSE_UNUSABLE)


def test_refusals_of_points() -> None:
    terrain = hills()
    it = Georeferencer(FRAME, terrain, settings=GeoreferenceSettings(max_range_m=500.0))

    def reason(elevation: float, alt: float = 410.0, east: float = 0.0) -> str:
        view = CameraView.of(pose_at(east, 0, alt, 90.0, elevation), W, H)
        found = it.points(view, np.array([[W / 2, H / 2]]), ONE_PX)
        assert found.valid[0] == (found.reason[0] == "")
        assert np.isfinite(found.en_m).all() == found.valid[0]
        return found.reason[0]

    assert reason(-45.0) == ""
    assert reason(-14.0).startswith(TOO_SHALLOW)
    assert reason(+10.0).startswith(TOO_SHALLOW)
    assert reason(-20.0, alt=500.0).startswith(BEYOND_RANGE)
    assert reason(-45.0, alt=270.0).startswith(BELOW_GROUND)
    assert reason(-45.0, east=690.0) == OUTSIDE_TERRAIN
    assert (
        Georeferencer(FRAME, None, 300.0)
        .boxes(CameraView.of(pose_at(0, 0, 400.0, 0, -45), W, H), np.zeros((0, 4)), np.zeros(0, dtype=np.int64))
        .reason
        == ()
    )


def test_the_first_of_two_hills_is_the_one_that_is_seen() -> None:
    """A ridge in front hides the valley behind it."""
    terrain = hills()
    ridge = np.full_like(terrain.height_amsl_m, 300.0)
    ridge[:, 118:122] = 370.0  # some 140 m east of the origin, 29 m wide
    terrain = replace(terrain, height_amsl_m=ridge)
    it = Georeferencer(FRAME, terrain)
    view = CameraView.of(pose_at(0, 0, 400.0, 90.0, -17.0), W, H)
    found = it.points(view, np.array([[W / 2, H / 2]]), ONE_PX)
    assert 80.0 < found.en_m[0, 0] < 150.0
    assert found.alt_amsl_m[0] > 320.0


def test_footprint_is_the_outline_on_the_ground() -> None:
    it = Georeferencer(FRAME, hills())
    view = CameraView.of(pose_at(0, 0, 410.0, 45.0, -50.0), W, H)
    outline = np.array(it.footprint(view))
    px = view.project_geodetic(outline[:, 0], outline[:, 1], it.ground_height(outline[:, 0], outline[:, 1]))
    assert len(outline) >= 4
    on_edge = np.minimum(np.abs(px - [0, 0]), np.abs(px - [W, H])).min(axis=1)
    assert on_edge.max() < 0.1
    assert px[0] == pytest.approx([0, 0], abs=0.1)


def test_footprint_with_the_horizon_in_view_ends_at_the_maximum_range() -> None:
    it = Georeferencer(FRAME, hills(), settings=GeoreferenceSettings(max_range_m=600.0))
    view = CameraView.of(pose_at(0, 0, 410.0, 0.0, -5.0), W, H)
    outline = np.array(it.footprint(view))
    distance = np.linalg.norm(FRAME.to_plane(outline[:, 0], outline[:, 1]), axis=1)
    assert distance.max() == pytest.approx(600.0, rel=0.01)
    assert np.isfinite(outline).all()


# -- steep ground, voids, lenses, corrections ---------------------------------------------------------------------------


def ridge(height_m: float, columns: slice = slice(118, 122)) -> Georeferencer:
    """Flat ground at 300 m with a ridge some 130 m east of the origin."""
    terrain = hills()
    heights = np.full_like(terrain.height_amsl_m, 300.0)
    heights[:, columns] = 300.0 + height_m
    return Georeferencer(FRAME, replace(terrain, height_amsl_m=heights))


def look(it: Georeferencer, elevation: float, alt: float = 400.0, sigma: PoseSigma | None = None):  # type: ignore[no-untyped-def]
    pose = replace(pose_at(0, 0, alt, 90.0, elevation), sigma=sigma or PoseSigma())
    return it.points(it.view(pose, W, H), np.array([[W / 2, H / 2]]), ONE_PX)


def test_a_ridge_of_one_post_is_not_stepped_over() -> None:
    """A wall of 7 m thickness, seen at 20 degrees from 290 m behind it."""
    found = look(ridge(60.0, slice(119, 120)), -20.0)
    assert found.valid[0]
    assert found.en_m[0, 0] == pytest.approx(139.0, abs=8.0)
    assert found.alt_amsl_m[0] > 330.0


def test_a_ray_that_grazes_a_ridge_is_refused_and_one_that_clears_it_is_not() -> None:
    """The boresight passes the crest at 145 m by a metre: which side of it is seen nobody can tell."""
    it = ridge(40.0)
    edge = 400.0 - 340.0
    grazing = -float(np.degrees(np.arctan2(edge - 1.0, 153.0)))
    found = look(it, grazing)
    assert found.reason == (GRAZING,)
    assert not found.valid[0]
    assert np.isnan(found.en_m).all()
    assert np.isnan(found.pose_covariance_m2).all()
    clear = look(it, -float(np.degrees(np.arctan2(edge - 25.0, 153.0))), alt=440.0)
    assert clear.valid[0] or clear.reason[0] != GRAZING
    assert look(it, -50.0).valid[0]
    exact = look(it, grazing, sigma=PoseSigma(0.1, 0.1, 0.02, 0.02, 0.02))
    assert exact.reason != (GRAZING,) or it.settings.terrain_sigma_m > 0.5


def test_a_slope_that_falls_away_like_the_ray_is_refused() -> None:
    """Ground that falls at 17 degrees, seen at 20: a degree of pitch is a hundred metres."""
    terrain = hills()
    columns = np.arange(201)
    fall = np.maximum(0.0, columns - 100) * 7.3 * np.tan(np.radians(17.0))
    slope = replace(terrain, height_amsl_m=np.broadcast_to(500.0 - fall, (201, 201)).astype(np.float32))
    it = Georeferencer(FRAME, slope)
    assert look(it, -20.0, alt=520.0).reason[0] in (GRAZING, OUTSIDE_TERRAIN)
    assert look(it, -60.0, alt=520.0).valid[0]


def test_a_void_in_the_terrain_gives_no_position() -> None:
    terrain = hills()
    heights = terrain.height_amsl_m.copy()
    heights[90:110, 110:125] = np.nan
    it = Georeferencer(FRAME, replace(terrain, height_amsl_m=heights))
    into = look(it, -45.0, alt=410.0)
    assert into.reason == (OVER_VOID,)
    assert look(it, -80.0, alt=410.0).valid[0]
    assert len(it.footprint(it.view(pose_at(0, 0, 410.0, 90.0, -45.0), W, H))) == 12


def test_terrain_that_is_higher_than_its_model_moves_the_point_as_stated() -> None:
    """On a slope, against the same ray on ground that is 1 m higher."""
    terrain = hills()
    columns = np.arange(201)
    rising = np.broadcast_to(300.0 + 0.3 * 7.3 * (columns - 100), (201, 201)).astype(np.float32)
    it = Georeferencer(FRAME, replace(terrain, height_amsl_m=rising))
    higher = Georeferencer(FRAME, replace(terrain, height_amsl_m=rising + 1.0))
    a, b = look(it, -40.0), look(higher, -40.0)
    assert b.en_m[0] - a.en_m[0] == pytest.approx(a.jacobian_m[0, :, 6], abs=5e-3)


def test_the_jacobian_is_that_of_finite_differences() -> None:
    it = Georeferencer(FRAME, None, 300.0)
    px = np.array([[300.0, 500.0]])

    def at(*change: float) -> np.ndarray:
        pose = pose_at(change[0], change[1], 400.0 + change[2], 33.0 + change[3], -38.0 + change[4], 2.0 + change[5])
        return it.points(it.view(pose, W, H), px, ONE_PX).en_m[0]

    pose = pose_at(0, 0, 400.0, 33.0, -38.0, 2.0)
    stated = it.points(it.view(pose, W, H), px, ONE_PX).jacobian_m[0]
    for k in range(6):
        step = 0.01 * np.eye(6)[k]
        assert stated[:, k] == pytest.approx((at(*step) - at(*-step)) / 0.02, abs=2e-3)


def test_an_unsure_time_costs_where_the_camera_moves() -> None:
    it = Georeferencer(FRAME, None, 300.0, GeoreferenceSettings(plane_sigma_m=0.0, time_sigma_s=0.2))
    still = replace(pose_at(0, 0, 400.0, 0.0, -40.0), sigma=PoseSigma(0, 0, 0, 0, 0))
    moving = replace(still, rates=PoseRates(15.0, 0.0, 0.0, 0.0, 0.0, 0.0))

    def spread(pose: CameraPose) -> np.ndarray:
        return it.points(it.view(pose, W, H), np.array([[W / 2, H / 2]]), ONE_PX).pose_covariance_m2[0]

    assert np.abs(spread(still)).max() == pytest.approx(0.0, abs=1e-12)
    assert np.sqrt(spread(moving)[0, 0]) == pytest.approx(3.0, rel=1e-6)


def test_a_calibrated_lens_is_used_and_a_picture_that_it_does_not_fit_is_refused() -> None:
    lens = calibration()
    it = Georeferencer(FRAME, hills(), calibration=lens)
    pose = replace(pose_at(0, 0, 410.0, 10.0, -45.0), hfov_deg=lens.hfov_deg)
    assert it.pose_refusal(pose, pose.t_utc_us, W, H) == ""
    assert it.pose_refusal(pose, pose.t_utc_us, 640, 512).startswith(OTHER_PICTURE)
    view = it.view(pose, W, H)
    px = np.array([[30.0, 40.0], [1250.0, 690.0]])
    points = it.points(view, px, np.ones((2, 2)))
    assert np.abs(view.project_geodetic(points.lat_deg, points.lon_deg, points.alt_amsl_m) - px).max() < 1e-3
    straight = Georeferencer(FRAME, it.terrain)
    other = straight.points(straight.view(pose, W, H), px, np.ones((2, 2)))
    assert np.linalg.norm(points.en_m - other.en_m, axis=1).min() > 1.0


def test_a_pose_whose_error_is_not_known_is_refused() -> None:
    it = Georeferencer(FRAME, None, 300.0)
    pose = pose_at(0, 0, 400.0, 0.0, -45.0)
    for bad in (float("nan"), -1.0):
        told = replace(pose, sigma=PoseSigma(azimuth_deg=bad))
        assert it.pose_refusal(told, pose.t_utc_us).startswith(POSE_UNUSABLE)


def test_a_compass_that_may_be_off_widens_what_all_share_and_no_wandering() -> None:
    it = Georeferencer(FRAME, None, 300.0)
    good, doubtful = (PoseSigma(1.5, 2.0, 0.6, 0.6, 0.6, compass) for compass in (0.0, 3.0))
    pixel, noise = np.array([[640.0, 360.0]]), np.array([[1.0, 1.0]])
    sure, unsure = (
        it.points(it.view(replace(pose_at(0.0, 0.0, 410.0, 0.0, -55.7), sigma=s), 1280, 720), pixel, noise)
        for s in (good, doubtful)
    )
    # 3 degrees at a ground range of 75 m, across the view: 3.9 m, east when the camera looks north.
    more = unsure.pose_covariance_m2[0] - sure.pose_covariance_m2[0]
    assert np.sqrt(more[0, 0]) == pytest.approx(np.radians(3.0) * 110.0 / np.tan(np.radians(55.7)), rel=0.01)
    assert abs(more[1, 1]) < 1e-3
    assert np.allclose(unsure.angle_factor_m, sure.angle_factor_m)
