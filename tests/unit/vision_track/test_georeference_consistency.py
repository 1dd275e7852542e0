"""Are the stated errors true? Monte Carlo with everything wrong at once: pose, time, box, terrain, on flat and steep ground.

The truth does not come from the georeferencer: a ground point is projected with the true pose, the pixel is made noisy, and
the georeferencer is given the reported pose and the terrain model. NEES is the squared error over the stated covariance;
its mean over n independent draws of a consistent estimate lies in 2 +- 1.96 * 2 / sqrt(n) in 95 of 100 cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from tests.unit.vision_track.scene import FRAME, pose_at
from tests.unit.vision_track.test_lens import calibration
from vision.camera import CameraView
from vision.error_budget import budget_at
from vision.georeference import Georeferencer, GeoreferenceSettings
from vision.lens import CameraCalibration
from vision.records import PoseRates, PoseSigma

W, H = 1280, 720
DRAWS = 150
BAND = 1.96 * 2.0 / np.sqrt(DRAWS)
SIGMA = PoseSigma(1.5, 2.0, 0.8, 0.6, 0.7)
PX = np.array([1.5, 2.0])
SETTINGS = GeoreferenceSettings(terrain_sigma_m=1.5, plane_sigma_m=1.5, time_sigma_s=0.1)
RATES = np.array([12.0, -5.0, 0.5, 4.0, -1.0, 0.5])


def ground(rise: Callable[[FloatArray, FloatArray], FloatArray]) -> TerrainGrid:
    """Heights of ``rise(east_m, north_m)`` every 7 to 11 m over 2 km."""
    r, c = np.mgrid[0:201, 0:201]
    north, east = (100 - r) * 11.12, (c - 100) * 7.3
    heights = 300.0 + rise(east, north)
    return TerrainGrid(heights.astype(np.float32), FRAME.lat_deg + 0.01, FRAME.lon_deg - 0.01, 1e-4, 1e-4)


GROUNDS = {
    "plane": None,
    "slope towards the camera": ground(lambda e, n: 0.25 * n),
    "slope away": ground(lambda e, n: -0.15 * n),
    "slope across": ground(lambda e, n: 0.3 * e),
    "hills": ground(lambda e, n: 10.0 * np.sin(e / 90.0) * np.cos(n / 110.0)),
}


def draw(
    rng: np.random.Generator, it: Georeferencer, elevation_deg: float, agl_m: float, lens: CameraCalibration | None
) -> tuple[FloatArray, FloatArray] | None:
    """``(error, covariance)`` of one point near the middle of the picture, or None when it was refused."""
    base = float(it.ground_height(FRAME.lat_deg, FRAME.lon_deg))
    azimuth = float(rng.uniform(-30.0, 30.0))
    true = replace(pose_at(0.0, 0.0, base + agl_m, azimuth, elevation_deg), sigma=SIGMA)
    if lens is not None:
        true = replace(true, hfov_deg=lens.hfov_deg)
    true_view = CameraView.of(true, W, H, lens)
    # Along the boresight by a few steps of the height there; a little off it, so that roll has its part.
    away = 0.0
    ahead = np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
    for _ in range(8):
        ground_m = float(it.ground_height(*FRAME.from_plane(ahead * away)))
        away = (base + agl_m - ground_m) / np.tan(np.radians(-elevation_deg))
    place = ahead * away + rng.uniform(-15.0, 15.0, 2)
    lat, lon = FRAME.from_plane(place)
    height = float(it.ground_height(lat, lon)) + float(rng.normal(0.0, 1.5))
    seen = true_view.project_geodetic(lat, lon, height) + rng.normal(0.0, 1.0, 2) * PX
    s = SIGMA
    spread = np.array([s.horizontal_m, s.horizontal_m, s.vertical_m, s.azimuth_deg, s.elevation_deg, s.roll_deg])
    wrong = rng.normal(0.0, 1.0, 6) * spread + RATES * rng.normal(0.0, SETTINGS.time_sigma_s)
    lat, lon = FRAME.from_plane(wrong[:2])
    told = replace(
        true, lat_deg=float(lat), lon_deg=float(lon), alt_amsl_m=true.alt_amsl_m + float(wrong[2]),
        azimuth_deg=true.azimuth_deg + float(wrong[3]), elevation_deg=elevation_deg + float(wrong[4]),
        roll_deg=float(wrong[5]), rates=PoseRates(*RATES),
    )  # fmt: skip
    found = it.points(it.view(told, W, H), seen[None], PX[None])
    if not found.valid[0]:
        return None
    return found.en_m[0] - place, found.pixel_covariance_m2[0] + found.pose_covariance_m2[0]


def draws(
    name: str, elevation_deg: float, agl_m: float = 110.0, lens: CameraCalibration | None = None, seed: int = 1
) -> tuple[FloatArray, FloatArray]:
    """``(errors (n, 2), NEES (n,))``."""
    rng = np.random.default_rng(seed)
    it = Georeferencer(FRAME, GROUNDS[name], 300.0, SETTINGS, lens)
    got = [draw(rng, it, elevation_deg, agl_m, lens) for _ in range(DRAWS)]
    good = [g for g in got if g is not None]
    assert len(good) > 0.97 * DRAWS
    errors = np.array([e for e, _ in good])
    return errors, np.array([e @ np.linalg.solve(c, e) for e, c in good])


@pytest.mark.parametrize(
    ("name", "elevation_deg", "seed"),
    [
        ("plane", -30.0, 1),
        ("plane", -90.0, 2),
        ("slope towards the camera", -30.0, 3),
        ("slope away", -35.0, 4),
        ("slope across", -45.0, 5),
        ("hills", -35.0, 6),
        ("hills", -60.0, 7),
    ],
)
def test_nees_is_in_the_band_of_a_consistent_estimate(name: str, elevation_deg: float, seed: int) -> None:
    _, nees = draws(name, elevation_deg, seed=seed)
    assert abs(nees.mean() - 2.0) < BAND


@pytest.mark.parametrize("elevation_deg", [-35.0, -70.0])
def test_nees_with_a_distorted_lens(elevation_deg: float) -> None:
    _, nees = draws("hills", elevation_deg, lens=calibration(), seed=8)
    assert abs(nees.mean() - 2.0) < BAND


def test_a_shallow_view_claims_too_much_error_rather_than_too_little() -> None:
    """Near the limit of 15 degrees the first order is not enough; what is not refused must still be covered."""
    rng = np.random.default_rng(9)
    it = Georeferencer(FRAME, GROUNDS["hills"], 300.0, SETTINGS)
    got = [g for g in (draw(rng, it, -18.0, 60.0, None) for _ in range(DRAWS)) if g is not None]
    assert len(got) > 0.3 * DRAWS
    nees = np.array([e @ np.linalg.solve(c, e) for e, c in got])
    assert nees.mean() < 2.0 + BAND


def test_the_median_error_is_what_the_budget_predicts_and_below_4_m_at_120_m() -> None:
    """At 120 m and -45 degrees, with the pose errors of this module."""
    errors, _ = draws("plane", -45.0, agl_m=120.0, seed=10)
    it = Georeferencer(FRAME, None, 300.0, SETTINGS)
    pose = replace(pose_at(0, 0, 420.0, 0.0, -45.0), sigma=SIGMA, rates=PoseRates(*RATES))
    budget = budget_at(it, it.view(pose, W, H), np.array([W / 2, H / 2]), PX)
    median = float(np.median(np.linalg.norm(errors, axis=1)))
    assert median < 4.0
    assert 0.75 * budget.median_m < median < 1.3 * budget.median_m
