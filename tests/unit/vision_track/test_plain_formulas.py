"""What is computed for all tracks or points at once, against the formula written out for one of them."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.geodesy import LocalFrame
from geofences.terrain_grid import TerrainGrid
from vision.camera import CameraView, rotation_derivatives, rotation_enu_from_camera
from vision.georeference import Georeferencer
from vision.ground_surface import _PostsNear, near
from vision.records import CameraPose, PoseError, PoseSigma
from vision.tracking import class_model, stacks
from vision.tracking.association import GATE, candidates
from vision.tracking.base import GroundMeasurements
from vision.tracking.ground_kalman import _SHIFT_KEPT, GroundKalmanTracker


def positive(rng: np.random.Generator, n: int, size: int) -> np.ndarray:
    root = rng.normal(size=(n, size, size))
    return root @ root.transpose(0, 2, 1) + 0.1 * np.eye(size)


def test_stacks_of_small_matrices_are_what_numpy_computes_one_by_one() -> None:
    rng = np.random.default_rng(1)
    a, b, v = rng.normal(size=(30, 4, 2)), rng.normal(size=(30, 2, 3)), rng.normal(size=(30, 2))
    assert stacks.product(stacks.stacked(a), stacks.stacked(b)).transpose(2, 0, 1) == pytest.approx(a @ b)
    got = stacks.product_transposed(stacks.stacked(a), stacks.stacked(a)).transpose(2, 0, 1)
    assert got == pytest.approx(a @ a.transpose(0, 2, 1))
    turned = stacks.applied(stacks.stacked(a), v.T).T
    assert turned == pytest.approx(np.einsum("nij,nj->ni", a, v))
    two, three = positive(rng, 30, 2), positive(rng, 30, 3)
    assert stacks.inverse_2x2(stacks.stacked(two)).transpose(2, 0, 1) == pytest.approx(np.linalg.inv(two))
    assert stacks.inverse_3x3(stacks.stacked(three)).transpose(2, 0, 1) == pytest.approx(np.linalg.inv(three))


@pytest.mark.parametrize(("n", "m"), [(0, 3), (3, 0), (1, 1), (40, 60)])
def test_within_reach_finds_every_pair(n: int, m: int) -> None:
    rng = np.random.default_rng(2)
    at, reach, others = rng.integers(0, 20, n) * 1.0, rng.integers(0, 4, n) * 1.0, rng.integers(0, 20, m) * 1.0
    i, j = stacks.within_reach(at, reach, others)
    expected = np.argwhere(np.abs(at[:, None] - others[None]) <= reach[:, None])
    assert sorted(zip(i.tolist(), j.tolist(), strict=True)) == [tuple(pair) for pair in expected.tolist()]


def test_candidates_are_all_pairs_within_the_gate() -> None:
    rng = np.random.default_rng(3)
    position, measured = rng.uniform(0.0, 12.0, (25, 2)), rng.uniform(0.0, 12.0, (30, 2))
    covariance, noise = 0.1 * positive(rng, 25, 2), 0.1 * positive(rng, 30, 2)
    expected = {}
    for i in range(25):
        for j in range(30):
            total, apart = covariance[i] + noise[j], measured[j] - position[i]
            distance = apart @ np.linalg.inv(total) @ apart
            if distance <= GATE:
                expected[i, j] = (distance, np.log(np.linalg.det(total)))
    found = candidates(position, covariance, measured, noise)
    got = {
        (int(i), int(j)): (d, g)
        for i, j, d, g in zip(found.track, found.measurement, found.distance, found.log_determinant, strict=True)
    }
    assert 30 < len(expected) < 600
    assert got.keys() == expected.keys()
    for pair, values in expected.items():
        assert got[pair] == pytest.approx(values)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "roll"), [(0.0, -47.0, 0.0), (213.0, -20.0, 7.0), (91.0, -89.0, -170.0)]
)
def test_derivatives_of_the_rotation(azimuth: float, elevation: float, roll: float) -> None:
    angles, step = np.array([azimuth, elevation, roll]), 1e-3
    got = rotation_derivatives(rotation_enu_from_camera(*angles), roll)
    for k, change in enumerate(np.eye(3) * step):
        difference = rotation_enu_from_camera(*(angles + change)) - rotation_enu_from_camera(*(angles - change))
        assert got[k] == pytest.approx(difference / np.radians(2.0 * step), abs=1e-8)


@pytest.mark.parametrize("lat_deg", [49.05, -33.0, 69.5])
def test_places_near_the_camera_in_posts_of_the_terrain(lat_deg: float) -> None:
    frame = LocalFrame(lat_deg, 22.7)
    terrain = TerrainGrid(np.zeros((50, 50), dtype=np.float32), lat_deg + 0.01, 22.69, 7.2e-5, 1.1e-4)
    en = np.random.default_rng(4).uniform(-2000.0, 2000.0, (200, 2))
    row, column = terrain.posts(*near(frame, en))
    got_row, got_column = _PostsNear(terrain, frame).of(en[:, 0], en[:, 1])
    assert got_row == pytest.approx(row, abs=1e-7)
    assert got_column == pytest.approx(column, abs=1e-7)
    lat, lon, _ = frame.to_geodetic(np.column_stack([en, -np.sum(en**2, axis=1) / (2.0 * 6_371_000.0)]))
    off_m = frame.to_plane(*near(frame, en)) - frame.to_plane(lat, lon)
    assert np.abs(off_m).max() < (0.02 if lat_deg < 60.0 else 0.1)


def pose_with(error: PoseError | None) -> CameraPose:
    return CameraPose(0, 49.05, 22.70, 410.0, 31.0, -40.0, 3.0, 50.0, 29.0, "klv", PoseSigma(), error=error)


@pytest.mark.parametrize("estimated", [False, True])
def test_covariances_on_the_ground_follow_from_the_jacobian(estimated: bool) -> None:
    rng = np.random.default_rng(5)
    error = None
    if estimated:
        error = PoseError(np.zeros(6), 0.2 * positive(rng, 1, 6)[0], np.array([0.1, 0.2, 0.3]))
    rows, columns = np.mgrid[0:200, 0:200]
    heights = (300.0 + 10.0 * np.sin(rows / 20.0) * np.cos(columns / 23.0)).astype(np.float32)
    terrain = TerrainGrid(heights, 49.057, 22.692, 7.2e-5, 1.1e-4)
    georeferencer = Georeferencer(LocalFrame(49.05, 22.70), terrain)
    pose = pose_with(error)
    view = CameraView.of(pose, 1280, 720)
    pixels, sigma = rng.uniform(100.0, 620.0, (40, 2)), rng.uniform(1.0, 3.0, (40, 2))
    points = georeferencer.points(view, pixels, sigma)
    assert points.valid.sum() > 30
    s = pose.sigma
    deviations = np.array([s.horizontal_m, s.horizontal_m, s.vertical_m, s.azimuth_deg, s.elevation_deg, s.roll_deg])
    of_sensors = np.diag(deviations**2) if error is None else error.covariance
    of_angles = deviations[3:] if error is None else error.drift_deg
    for k in np.flatnonzero(points.valid):
        jacobian = points.jacobian_m[k]
        ground = jacobian[:, 6] * georeferencer.ground_sigma_m
        expected = jacobian[:, :6] @ of_sensors @ jacobian[:, :6].T + np.outer(ground, ground)
        if np.abs(points.pose_covariance_m2[k] - expected).max() > 1e-9:  # widened where the view grazes the ground
            assert np.linalg.eigvalsh(points.pose_covariance_m2[k] - expected).min() > -1e-9
        assert points.angle_factor_m[k] == pytest.approx(jacobian[:, 3:6] * of_angles)
        # One pixel on: the ground as seen from the same camera moves by the pixel's share of the covariance.
        moved = [
            georeferencer.points(view, pixels[k] + 0.01 * step[None], sigma[:1]).en_m[0] - points.en_m[k]
            for step in np.eye(2)
        ]
        per_pixel = np.column_stack(moved) / 0.01
        assert points.pixel_covariance_m2[k] == pytest.approx(
            per_pixel @ np.diag(sigma[k] ** 2) @ per_pixel.T, rel=0.08, abs=2e-3
        )


def test_one_frame_of_the_filter_is_the_textbook_s() -> None:
    """Predict, take the camera's common shift off, correct: with matrices per track, written out."""
    rng = np.random.default_rng(6)
    n, dt_s = 6, 0.2
    places = np.column_stack([np.arange(n) * 20.0, rng.uniform(0.0, 50.0, n)])

    def seen(at: np.ndarray) -> GroundMeasurements:
        return GroundMeasurements(
            at, 0.05 * positive(rng, n, 2), positive(rng, n, 2), 0.3 * rng.normal(size=(n, 2, 3)), np.zeros((n, 4)),
            np.full(n, 0.9), np.zeros(n, dtype=np.int64),
        )  # fmt: skip

    tracker = GroundKalmanTracker()
    before = tracker.update(0, seen(places), lambda en: np.ones(len(en), dtype=np.bool_))
    z = seen(places + rng.normal(0.0, 0.05, (n, 2)))
    z.xyxy[:] = np.arange(n)[:, None] * 100.0 + [0.0, 0.0, 10.0, 20.0]
    after = tracker.update(round(dt_s * 1e6), z, lambda en: np.ones(len(en), dtype=np.bool_))
    order = [int(np.flatnonzero(np.abs(before.state[:, 0] - east) < 5.0)[0]) for east in z.en_m[:, 0]]
    assert len(after) == n

    move = np.eye(4) + dt_s * np.eye(4, k=2)
    look = np.eye(2, 4)
    q = 2.0 * (1.0 - np.exp(-dt_s / tracker.settings.angle_correlation_s))
    x, p = [], []
    for i in order:
        density = float(before.class_probability[i] @ [m.acceleration_density_m2_s3 for m in class_model.MOTIONS])
        noise = density * np.kron(np.array([[dt_s**3 / 3.0, dt_s**2 / 2.0], [dt_s**2 / 2.0, dt_s]]), np.eye(2))
        x.append(move @ before.state[i])
        p.append(move @ before.covariance[i] @ move.T + noise)
    weight = [z.angle_factor_m[k].T @ np.linalg.inv(look @ p[k] @ look.T + z.covariance_m2[k]) for k in range(n)]
    information = [weight[k] @ z.angle_factor_m[k] for k in range(n)]
    vector = [weight[k] @ (z.en_m[k] - x[k][:2]) for k in range(n)]
    for k, i in enumerate(order):
        others = [o for o in range(n) if o != k]
        unknown = np.linalg.inv(np.eye(3) / q + sum(information[o] for o in others))
        shift = unknown @ sum(vector[o] for o in others)
        unknown = unknown + _SHIFT_KEPT * (np.eye(3) * q - unknown)
        factor = look.T @ z.angle_factor_m[k]
        state, covariance = x[k] + factor @ shift, p[k] + factor @ unknown @ factor.T
        innovation = look @ covariance @ look.T + z.covariance_m2[k]
        gain = covariance @ look.T @ np.linalg.inv(innovation)
        state = state + gain @ (z.en_m[k] - state[:2])
        covariance = (np.eye(4) - gain @ look) @ covariance
        assert after.state[i] == pytest.approx(state, abs=1e-9)
        assert after.covariance[i] == pytest.approx(covariance, abs=1e-9)
