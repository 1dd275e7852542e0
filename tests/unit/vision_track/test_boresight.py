"""The camera's bias from fixed things: found within its sigma, harmless where nothing tells it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geofences.geodesy import FloatArray
from tests.unit.vision_track.scene import FRAME, hills, pose_at
from vision.boresight import (
    DOES_NOT_FIT,
    NO_SIGHTINGS,
    BoresightEstimator,
    BoresightSettings,
    KnownPlace,
    Sighting,
)
from vision.camera import CameraView
from vision.georeference import Georeferencer, GeoreferenceSettings
from vision.pose_correction import PoseCorrection
from vision.records import CameraPose, PoseSigma

W, H = 1280, 720
S = 1_000_000
T0 = 1_700_000_000_000_000
SIGMA = PoseSigma(1.0, 1.5, 2.0, 0.6, 0.6)
DRIFT = (0.2, 0.2, 0.2)
SETTINGS = BoresightSettings(drift_deg=DRIFT, terrain_sigma_m=0.5, sighting_sigma_m=0.3)
PARKED = np.array([[20.0, 110.0], [-25.0, 95.0], [5.0, 70.0], [-40.0, 130.0]])


class Flight:
    """A patrol round some parked cars: the camera looks at their middle; its poses are wrong as ``bias`` and drift say.
    The terrain model is wrong by 0.5 m under each car, and the foot of a box by 0.3 m in each frame.

    ``bias``: east, north, up (m), azimuth, elevation, roll (deg).
    """

    def __init__(self, bias: FloatArray, seed: int = 1, drift_deg: tuple[float, float, float] = DRIFT) -> None:
        self.rng = np.random.default_rng(seed)
        self.bias = np.asarray(bias, dtype=float)
        self._spread = np.array(drift_deg)
        self._drift = self.rng.normal(0.0, 1.0, 3) * self._spread
        self._ground_m = self.rng.normal(0.0, 0.5, 20)
        self.it = Georeferencer(FRAME, hills(height_m=6.0), 0.0, GeoreferenceSettings(terrain_sigma_m=0.5))

    def poses(self, k: int, dt_s: float, arc_deg: float) -> tuple[CameraPose, CameraPose]:
        """True and reported pose of frame k; the flight goes ``arc_deg`` round the cars in 100 frames."""
        keep = np.exp(-dt_s / 6.0)
        self._drift = keep * self._drift + np.sqrt(1 - keep**2) * self._spread * self.rng.normal(0.0, 1.0, 3)
        turn = np.radians(-arc_deg / 2 + arc_deg * k / 100.0)
        middle = np.array([-10.0, 100.0])
        at = middle - 115.0 * np.array([np.sin(turn), np.cos(turn)])
        t_us = T0 + round(k * dt_s * S)
        true = replace(pose_at(*at, 400.0, float(np.degrees(turn)), -41.0, t_utc_us=t_us), sigma=SIGMA)
        e = np.concatenate([self.bias[:3], self.bias[3:] + self._drift])
        lat, lon = FRAME.from_plane(at + e[:2])
        told = replace(
            true, lat_deg=float(lat), lon_deg=float(lon), alt_amsl_m=true.alt_amsl_m + e[2],
            azimuth_deg=true.azimuth_deg + e[3], elevation_deg=true.elevation_deg + e[4], roll_deg=e[5],
        )  # fmt: skip
        return true, told

    def pixels(self, true: CameraPose, places: FloatArray) -> FloatArray:
        lat, lon = FRAME.from_plane(places + self.rng.normal(0.0, 0.3, places.shape))
        height = self.it.ground_height(lat, lon) + self._ground_m[: len(places)]
        px = CameraView.of(true, W, H).project_geodetic(lat, lon, height)
        return px + self.rng.normal(0.0, 1.0, px.shape)

    def fly(
        self, estimator: BoresightEstimator, frames: int = 100, dt_s: float = 1.0, arc_deg: float = 100.0,
        places: FloatArray = PARKED, known: dict[int, KnownPlace] | None = None, walk_m: float = 0.0,
    ) -> list[float]:  # fmt: skip
        """Feed all frames; the position errors (m) of the first place in the last 30 frames."""
        errors = []
        walk = np.array([walk_m, 0.0])
        for k in range(frames):
            true, told = self.poses(k, dt_s, arc_deg)
            now = places + walk * k
            view = self.it.view(told, W, H)
            points = self.it.points(view, self.pixels(true, now), np.ones((len(places), 2)))
            sightings = [Sighting(i, i, (known or {}).get(i)) for i in range(len(places)) if points.valid[i]]
            estimator.update(view.pose, points, sightings)
            if k >= frames - 30 and points.valid[0]:
                errors.append(float(np.linalg.norm(points.en_m[0] - now[0])))
        return errors


@pytest.mark.parametrize("seed", [1, 2])
def test_two_degrees_of_compass_error_are_found_from_parked_cars_seen_from_several_sides(seed: int) -> None:
    flight, it = Flight(np.array([0.6, -0.5, 0.8, 2.0, 0.3, -0.2]), seed), BoresightEstimator(SETTINGS)
    before = flight.fly(it)
    found = it.estimate()
    assert found.refusal == ""
    assert found.observed[0]
    assert found.sigma_deg[0] < 0.5
    assert abs(found.bias_deg[0] - 2.0) < 3.0 * found.sigma_deg[0]
    assert 0.1 < found.residual_m < 1.5
    assert 0.5 < found.misfit < 1.5
    assert "azimuth +" in found.in_words()
    assert "applied" in found.in_words()

    again = Flight(flight.bias, seed + 10)
    again.it.correction = it.correction()
    after = again.fly(BoresightEstimator(SETTINGS))
    assert np.median(after) < 0.6 * np.median(before)


def test_one_known_place_tells_it_at_once() -> None:
    """An own patrol with a 2 m receiver, some 120 m away: its place leaves 1 degree of azimuth."""
    flight, it = Flight(np.array([0.0, 0.0, 0.0, -3.0, 0.2, 0.0])), BoresightEstimator(SETTINGS)
    place = PARKED[:1]
    flight.fly(it, frames=50, arc_deg=0.0, places=place, known={0: KnownPlace(*place[0], 2.0)})
    found = it.estimate()
    assert found.refusal == ""
    assert found.bias_deg[0] == pytest.approx(-3.0, abs=3.0 * found.sigma_deg[0])
    assert 0.4 < found.sigma_deg[0] < 1.2  # no better than the receiver and the aircraft's own place allow
    assert found.observed == (True, False, False)


def test_a_known_thing_may_walk() -> None:
    flight, it = Flight(np.array([0.0, 0.0, 0.0, 2.0, 0.0, 0.0])), BoresightEstimator(SETTINGS)
    for k in range(80):
        true, told = flight.poses(k, 0.5, 0.0)
        place = np.array([[-20.0 + 0.6 * k, 105.0]])
        view = flight.it.view(told, W, H)
        points = flight.it.points(view, flight.pixels(true, place), np.ones((1, 2)))
        if points.valid[0]:
            it.update(view.pose, points, [Sighting(0, "patrol 1", KnownPlace(*place[0], 1.0))])
    found = it.estimate()
    assert found.refusal == ""
    assert found.bias_deg[0] == pytest.approx(2.0, abs=3.0 * found.sigma_deg[0])


def test_nothing_seen_changes_nothing() -> None:
    flight, it = Flight(np.array([0.0, 0.0, 0.0, 2.0, 0.0, 0.0])), BoresightEstimator(SETTINGS)
    assert it.correction() is None
    assert it.estimate().refusal.startswith(NO_SIGHTINGS)
    _, told = flight.poses(0, 0.5, 0.0)
    plain = flight.it.view(told, W, H)
    assert plain.pose is told
    flight.fly(it, frames=5)
    assert it.correction() is None
    assert it.estimate().refusal.startswith(NO_SIGHTINGS)


def test_one_unknown_thing_from_one_place_tells_nothing() -> None:
    """A hover over one parked car: every azimuth fits. It must not be called observed, nor the sigma shrink."""
    flight, it = Flight(np.array([0.0, 0.0, 0.0, 2.0, 0.0, 0.0])), BoresightEstimator(SETTINGS)
    flight.fly(it, frames=60, arc_deg=0.0, places=PARKED[:1])
    found = it.estimate()
    assert found.observed == (False, False, False)
    assert found.sigma_deg[0] > 1.7
    assert it.correction() is None


def test_what_remains_after_a_correction_is_what_is_stated() -> None:
    """Flights with random biases, each learnt and then applied: NEES of the corrected positions, by one frame each."""
    nees = []
    for seed in range(8):
        rng = np.random.default_rng(100 + seed)
        bias = rng.normal(0.0, 1.0, 6) * [1.0, 1.0, 1.5, 1.98, 0.57, 0.57]
        flight, it = Flight(bias, seed), BoresightEstimator(SETTINGS)
        flight.fly(it, frames=60, dt_s=1.5, arc_deg=160.0, places=PARKED[:3])
        correction = it.correction()
        assert correction is not None, it.estimate().refusal
        flight.it.correction = correction
        true, told = flight.poses(62, 30.0, 160.0)
        view = flight.it.view(told, W, H)
        place = np.array([[8.0, 88.0]])
        points = flight.it.points(view, flight.pixels(true, place), np.ones((1, 2)))
        c = points.pixel_covariance_m2[0] + points.pose_covariance_m2[0]
        nees.append((points.en_m[0] - place[0]) @ np.linalg.solve(c, points.en_m[0] - place[0]))
        raw = replace(told, error=None)
        plain = Georeferencer(FRAME, flight.it.terrain, 0.0, flight.it.settings).points(
            CameraView.of(raw, W, H), flight.pixels(true, place), np.ones((1, 2))
        )
        assert np.trace(points.pose_covariance_m2[0]) < 0.6 * np.trace(plain.pose_covariance_m2[0])
    assert 0.6 < np.mean(nees) < 3.6  # 99.9 % of what 16 degrees of freedom give


def test_things_that_move_are_forgotten_and_do_not_spoil_it() -> None:
    flight, it = Flight(np.array([0.0, 0.0, 0.0, 1.0, 0.0, 0.0])), BoresightEstimator(SETTINGS)
    flight.fly(it, frames=60, places=PARKED, walk_m=2.5)
    found = it.estimate()
    assert found.refused > 10
    assert found.refusal.startswith((DOES_NOT_FIT, NO_SIGHTINGS))
    assert it.correction() is None


def test_poses_that_are_worse_than_they_say_are_noticed() -> None:
    """Angles that wander by 1.5 degrees where 0.2 were stated."""
    flight = Flight(np.zeros(6), 3, drift_deg=(1.5, 1.0, 1.0))
    it = BoresightEstimator(replace(SETTINGS, gate=1e9))
    flight.fly(it, frames=60, arc_deg=60.0)
    assert it.estimate().refusal.startswith(DOES_NOT_FIT)
    doubt = it.doubt()
    assert doubt is not None
    assert not doubt.bias.any()
    assert doubt.covariance[3, 3] > 2.0 * SIGMA.azimuth_deg**2  # told as uncertain as it is


def test_poses_as_they_say_leave_no_doubt() -> None:
    it = BoresightEstimator(SETTINGS)
    Flight(np.zeros(6), 3).fly(it, frames=60, arc_deg=60.0)
    assert it.doubt() is None


def test_no_bias_beyond_the_drift_leaves_nothing_to_find() -> None:
    small = PoseSigma(0.5, 0.5, 0.2, 0.2, 0.2)
    it = BoresightEstimator(SETTINGS)
    flight = Flight(np.zeros(6))
    for k in range(60):
        true, told = flight.poses(k, 0.5, 60.0)
        told = replace(told, sigma=small)
        view = flight.it.view(told, W, H)
        points = flight.it.points(view, flight.pixels(true, PARKED), np.ones((4, 2)))
        it.update(view.pose, points, [Sighting(i, i) for i in range(4)])
    assert max(np.abs(it.estimate().bias_deg)) < 0.05


def test_what_was_learnt_fades_when_nothing_is_seen() -> None:
    flight, it = Flight(np.array([0.0, 0.0, 0.0, 2.0, 0.0, 0.0])), BoresightEstimator(SETTINGS)
    flight.fly(it, frames=50, arc_deg=0.0, places=PARKED[:1], known={0: KnownPlace(*PARKED[0], 1.0)})
    fresh = it.estimate()
    _, told = flight.poses(0, 0.5, 0.0)
    later = replace(told, t_utc_us=T0 + 2000 * S)
    it.update(later, flight.it.points(flight.it.view(later, W, H), np.zeros((0, 2)), np.zeros((0, 2))), [])
    stale = it.estimate()
    assert stale.sigma_deg[0] > 1.9 > fresh.sigma_deg[0]
    assert abs(stale.bias_deg[0]) < 0.1 * abs(fresh.bias_deg[0])
    assert it.correction() is None


def test_memory_is_bounded_and_time_may_fall_back() -> None:
    it = BoresightEstimator(replace(SETTINGS, max_things=5))
    flight = Flight(np.zeros(6))
    places = np.array([[x, y] for x in (-40.0, -20, 0, 20) for y in (80.0, 100, 120)])
    flight.fly(it, frames=10, places=places)
    assert it.estimate().things == 5
    _, told = flight.poses(0, 0.5, 0.0)
    old = replace(told, t_utc_us=T0 - 100 * S)
    points = flight.it.points(flight.it.view(old, W, H), np.array([[W / 2, H / 2]]), np.ones((1, 2)))
    it.update(old, points, [Sighting(0, "a")])
    assert it.estimate().things == 1


def test_starting_anew_with_corrected_poses_does_not_take_their_sigma_for_the_sensors() -> None:
    it = BoresightEstimator(SETTINGS)
    flight = Flight(np.zeros(6))
    _, told = flight.poses(0, 0.5, 0.0)
    nothing = flight.it.points(flight.it.view(told, W, H), np.zeros((0, 2)), np.zeros((0, 2)))
    it.update(told, nothing, [])
    first = it.estimate().sigma_deg
    sure = PoseCorrection(np.zeros(6), np.eye(6) * 1e-4, np.array(DRIFT))
    it.update(replace(sure.applied_to(told), t_utc_us=T0 - 100 * S), nothing, [])
    assert it.estimate().sigma_deg == pytest.approx(first)


# -- corrections --------------------------------------------------------------------------------------------------------


def test_a_correction_takes_the_bias_off_and_says_what_remains() -> None:
    bias = np.array([3.0, -2.0, 1.0, 2.0, -0.5, 0.25])
    it = PoseCorrection(bias, np.diag([1.0, 1.0, 1.0, 0.04, 0.04, 0.04]), np.array([0.3, 0.3, 0.3]))
    true = pose_at(50.0, 60.0, 400.0, 1.0, -40.0)
    told = replace(pose_at(53.0, 58.0, 401.0, 3.0, -40.5, 0.25), sigma=SIGMA)
    fixed = it.applied_to(told)
    assert FRAME.to_plane(fixed.lat_deg, fixed.lon_deg) == pytest.approx([50.0, 60.0], abs=1e-3)
    assert (fixed.alt_amsl_m, fixed.azimuth_deg, fixed.elevation_deg, fixed.roll_deg) == pytest.approx(
        (true.alt_amsl_m, 1.0, -40.0, 0.0)
    )
    assert fixed.sigma.azimuth_deg == pytest.approx(np.hypot(0.2, 0.3))
    georeferencer = Georeferencer(FRAME, None, 300.0)
    georeferencer.correction = it
    assert georeferencer.view(told, W, H).pose.azimuth_deg == pytest.approx(1.0)
    assert georeferencer.view(fixed, W, H).pose is fixed  # never twice


def test_a_correction_in_steps_owns_up_to_what_is_left() -> None:
    whole = PoseCorrection(np.array([0.0, 0.0, 0.0, 2.0, 0.0, 0.0]), np.eye(6) * 0.01, np.full(3, 0.3))
    first = whole.slewed(None, step_m=0.1, step_deg=0.1)
    assert first.bias[3] == pytest.approx(0.1)
    assert first.covariance[3, 3] == pytest.approx(0.01 + 1.9**2)
    it = first
    for _ in range(30):
        it = whole.slewed(it, 0.1, 0.1)
    assert it.bias == pytest.approx(whole.bias)
    assert it.covariance == pytest.approx(whole.covariance)
