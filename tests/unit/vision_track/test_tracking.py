"""The ground tracker on simulated measurements with the errors that it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from tests.unit.vision_track.scene import FRAME, WanderingPose, pose_at
from vision.camera import CameraView
from vision.georeference import Georeferencer, GeoreferenceSettings
from vision.records import CLASS_NAMES, PoseSigma, TrackStatus
from vision.tracking.base import GroundMeasurements, TrackStates
from vision.tracking.ground_kalman import GroundKalmanTracker, TrackerSettings

T0_US = 1_700_000_000_000_000
SIGMA_M = 0.5
BOX_PX = np.array([-5.0, -20.0, 5.0, 0.0])


def everywhere(en: FloatArray) -> NDArray[np.bool_]:
    return np.ones(len(en), dtype=np.bool_)


def nowhere(en: FloatArray) -> NDArray[np.bool_]:
    return np.zeros(len(en), dtype=np.bool_)


def seen(
    en: object, confidence: float | list[float] = 0.8, class_id: int | list[int] = 0, sigma_m: float = SIGMA_M
) -> GroundMeasurements:
    """Measurements without any camera error, boxes 10 x 20 pixels, 10 pixels per metre."""
    places = np.asarray(en, dtype=np.float64).reshape(-1, 2)
    m = len(places)
    corner = np.stack([500.0 + 10.0 * places[:, 0], 500.0 - 10.0 * places[:, 1]], axis=-1)
    return GroundMeasurements(
        places, np.tile(np.eye(2) * sigma_m**2, (m, 1, 1)), np.tile(np.eye(2), (m, 1, 1)), np.zeros((m, 2, 3)),
        np.concatenate([corner, corner], axis=-1) + BOX_PX, np.broadcast_to(confidence, m).astype(float),
        np.broadcast_to(class_id, m).astype(np.int64),
    )  # fmt: skip


class Film:
    """Runs a tracker over frames at ``fps``."""

    def __init__(self, fps: float = 10.0, settings: TrackerSettings | None = None) -> None:
        self.tracker = GroundKalmanTracker(settings)
        self.fps, self.frame = fps, 0
        self.states = TrackStates.empty()
        self.ids: set[int] = set()

    def show(
        self,
        z: GroundMeasurements,
        in_view: Callable[[FloatArray], NDArray[np.bool_]] = everywhere,
        animals: GroundMeasurements | None = None,
    ) -> TrackStates:
        self.states = self.tracker.update(T0_US + round(self.frame * 1e6 / self.fps), z, in_view, None, animals)
        self.frame += 1
        live = self.states.status == TrackStatus.CONFIRMED
        self.ids |= set(self.states.track_id[live].tolist())
        return self.states

    def count(self, status: TrackStatus) -> int:
        return int(np.sum(self.states.status == status))


NOTHING = seen(np.zeros((0, 2)))


def test_birth_confirmation_coasting_and_death() -> None:
    film = Film()
    for k in range(4):
        film.show(seen([0.14 * k, 0]))
        assert film.count(TrackStatus.TENTATIVE) == 1
    film.show(seen([0.56, 0]))  # 0.4 s old, five hits
    assert film.count(TrackStatus.CONFIRMED) == 1
    for k in range(5, 30):
        film.show(seen([0.14 * k, 0]))
    last = film.states.last_seen_utc_us[0]
    film.show(NOTHING)
    assert film.states.status.tolist() == [TrackStatus.COASTING]
    assert np.isnan(film.states.xyxy).all()
    assert film.states.last_seen_utc_us[0] == last
    coasted = 1
    while film.count(TrackStatus.COASTING):
        film.show(NOTHING)
        coasted += 1
    assert 2.8 < coasted / film.fps <= 3.2
    assert film.states.status.tolist() == [TrackStatus.DELETED]  # told once
    assert len(film.show(NOTHING)) == 0
    assert film.ids == {1}


def test_out_of_view_it_ends_sooner() -> None:
    film = Film()
    for k in range(30):
        film.show(seen([0.14 * k, 0]))
    frames = 0
    while film.count(TrackStatus.DELETED) == 0:
        film.show(NOTHING, nowhere)
        frames += 1
    assert 0.9 < frames / film.fps <= 1.2


def test_flicker_is_not_confirmed_and_numbers_are_not_used_twice() -> None:
    film = Film(settings=TrackerSettings(first_track_id=5_000_001))
    for k in range(60):
        film.show(seen([0, 0]) if k % 4 == 0 else NOTHING)
    assert film.ids == set()
    for _ in range(8):
        film.show(seen([0, 0]))
    (number,) = film.ids
    assert number > 5_000_001


def test_a_weak_detection_keeps_a_track_but_starts_none() -> None:
    film = Film()
    for _ in range(20):
        film.show(seen([0, 0], confidence=0.2))
    assert len(film.states) == 0
    for _ in range(10):
        film.show(seen([0, 0]))
    (track_id,) = film.states.track_id
    for _ in range(8):
        film.show(seen([0, 0], confidence=0.2))
    assert film.count(TrackStatus.CONFIRMED) == 1
    film.show(seen([0, 0], confidence=0.05))
    assert film.count(TrackStatus.COASTING) == 1
    # Weak for long: still followed, under its number, but no longer told as confirmed.
    for _ in range(120):
        film.show(seen([0, 0], confidence=0.2))
    assert film.states.track_id.tolist() == [track_id]
    assert film.count(TrackStatus.TENTATIVE) == 1


@pytest.mark.parametrize("direction", [(1.0, 0.0), (0.0, 1.0)])
def test_two_people_a_metre_and_a_half_apart_stay_two(direction: tuple[float, float]) -> None:
    rng = np.random.default_rng(11)
    film = Film()
    across = np.array(direction)
    for k in range(150):
        way = np.array([1.2 * k / film.fps, 0.4 * k / film.fps])
        both = np.stack([way, way + 1.5 * across]) + rng.normal(0, 0.35, (2, 2))
        if k % 7 == 3:
            both = both[[k % 2]]  # one hides the other
        film.show(seen(both, sigma_m=0.35))
    assert film.ids == {1, 2}
    error = film.states.state[np.argsort(film.states.track_id), :2] - np.stack([way, way + 1.5 * across])
    assert np.abs(error).max() < 1.0


def test_crossing_people_keep_their_numbers() -> None:
    rng = np.random.default_rng(12)
    film = Film()
    for k in range(100):
        t = k / film.fps
        a, b = np.array([-7 + 1.4 * t, 0.8]), np.array([7 - 1.4 * t, -0.8])
        film.show(seen(np.stack([a, b]) + rng.normal(0, 0.3, (2, 2)), sigma_m=0.3))
        if k == 10:
            first = film.states.track_id[np.argmin(film.states.state[:, 0])]
    assert film.ids == {1, 2}
    assert film.states.track_id[np.argmax(film.states.state[:, 0])] == first


def test_one_object_with_a_number_of_its_own_for_each_of_two_boxes_becomes_one() -> None:
    """A detector that changes its mind about the box, half a metre here or there, never both at once."""
    rng = np.random.default_rng(13)
    film = Film()
    for k in range(80):
        there = [0.1 * k, 0.6 * (k // 2 % 2)]
        film.show(seen(np.array(there) + rng.normal(0, 0.1, 2), sigma_m=0.15))
    assert len(film.states) == 1


def test_a_track_that_lost_its_object_gives_its_number_back_when_it_is_found_again() -> None:
    film = Film()
    for k in range(40):
        film.show(seen([0.14 * k, 0]))
    for _ in range(12):
        film.show(NOTHING)
    for k in range(52, 80):
        film.show(seen([0.14 * k, 0]))
    assert film.ids == {1}


def test_a_second_box_on_a_matched_object_is_no_second_track() -> None:
    film = Film()
    for k in range(30):
        en = np.array([[0.1 * k, 0.0], [0.1 * k + 0.2, 0.1]])
        film.show(seen(en, confidence=[0.9, 0.6]))
    assert film.ids == {1}
    assert len(film.states) == 1


def test_class_is_what_most_frames_said() -> None:
    film = Film()
    said = [2, 0, 2, 2, 0, 2, 2, 2, 0, 2] * 3
    for k, c in enumerate(said):
        film.show(seen([0.4 * k, 0], class_id=c))
    assert film.ids == {1}
    p = film.states.class_probability[0]
    assert p.sum() == pytest.approx(1.0)
    assert CLASS_NAMES[int(p.argmax())] == "two-wheeler"
    assert 0.8 < p.max() < 1.0


def test_a_person_walking_past_a_parked_car_takes_nothing_from_it() -> None:
    rng = np.random.default_rng(14)
    film = Film()
    for k in range(120):
        person = np.array([-8 + 0.14 * k, 0.4])
        en = np.stack([[0.0, 0.0], person]) + rng.normal(0, 0.3, (2, 2))
        film.show(seen(en, class_id=[1, 0], sigma_m=0.3))
    order = np.argsort(film.states.state[:, 0])
    assert [CLASS_NAMES[i] for i in film.states.class_probability[order].argmax(axis=1)] == ["vehicle", "person"]
    assert film.ids == {1, 2}


def test_time_that_stands_or_falls_back() -> None:
    film = Film()
    for _ in range(10):
        film.show(seen([0, 0]))
    before = film.states
    film.frame -= 1
    again = film.show(seen([50, 50]))
    assert again.track_id.tolist() == before.track_id.tolist()
    assert again.state == pytest.approx(before.state)
    film.frame = -100
    film.show(seen([0, 0]))
    assert sorted(film.states.status.tolist()) == [TrackStatus.TENTATIVE, TrackStatus.DELETED]
    assert 1 not in film.states.track_id[film.states.status == TrackStatus.TENTATIVE]


@pytest.mark.parametrize("people", [1, 3, 12])
def test_stated_covariance_is_the_true_error(people: int) -> None:
    """Normalised estimation error squared over flights with the stated sensor errors: 2 on average when honest.

    Position with the pose covariance added, velocity by itself. The camera error of a flight is one draw shared by all
    tracks, so that the mean over six flights scatters widely (0.1 % of them above 5.5); a filter that took the camera's
    wandering for independent noise would be at 20 and more.
    """
    position, velocity = [], []
    for flight in range(6):
        rng = np.random.default_rng([people, flight])
        it = Georeferencer(FRAME, None, 0.0, GeoreferenceSettings(plane_sigma_m=0.1))
        sensors = WanderingPose(rng, PoseSigma(1.5, 1.5, 0.58, 0.58, 0.58))
        film = Film(fps=7.5)
        en = rng.uniform([-30, 60], [30, 120], (people, 2))
        v = rng.normal(0, 0.8, (people, 2))
        for k in range(110):
            sensors.step(1 / film.fps)
            v = v + rng.normal(0, np.sqrt(0.1 / film.fps), v.shape) - 0.08 / film.fps * v
            en = en + v / film.fps
            true = pose_at(0.0, 0.0, 110.0, 0.0, -50.0, t_utc_us=T0_US + k)
            lat, lon = FRAME.from_plane(en)
            noise = np.array([1.2, 2.2])
            feet = CameraView.of(true, 1280, 720).project_geodetic(lat, lon, np.zeros(people))
            feet = feet + rng.normal(0, 1, feet.shape) * noise
            points = it.points(CameraView.of(sensors.report(true), 1280, 720), feet, np.tile(noise, (people, 1)))
            z = GroundMeasurements(
                points.en_m, points.pixel_covariance_m2, points.pose_covariance_m2, points.angle_factor_m,
                np.concatenate([feet, feet], axis=-1) + BOX_PX, np.full(people, 0.8),
                np.zeros(people, dtype=np.int64),
            ).take(points.valid)  # fmt: skip
            states = film.show(z)
            if k < 25 or k % 6:
                continue
            for i in np.flatnonzero(states.status == TrackStatus.CONFIRMED):
                whose = np.argmin(np.linalg.norm(states.state[i, :2] - en, axis=1))
                e, c = states.state[i, :2] - en[whose], states.covariance[i]
                position.append(e @ np.linalg.inv(c[:2, :2] + states.pose_covariance_m2[i]) @ e)
                e = states.state[i, 2:] - v[whose]
                velocity.append(e @ np.linalg.inv(c[2:, 2:]) @ e)
    assert len(position) > 50 * people
    assert 0.3 < np.mean(position) < 5.5
    assert 0.8 < np.mean(velocity) < 3.5


def test_what_is_found_weakly_and_now_and_then_is_told_as_tentative() -> None:
    """A deer that the detector takes for a person in one frame of two must not become a confirmed track; one who is found
    in every frame, be it weakly, must."""
    for every, confidence, told in ((1, 0.6, True), (1, 0.3, True), (1, 0.2, False), (2, 0.7, False), (3, 0.5, False)):
        film = Film()
        statuses = []
        for number in range(60):
            film.show(seen([0.0, 0.0], confidence if number else 0.8) if number % every == 0 else NOTHING)
            statuses.append(film.count(TrackStatus.CONFIRMED) + film.count(TrackStatus.COASTING))
        assert (sum(statuses[30:]) > 25) is told, (every, confidence)


# Of 78 persons in rendered flights three were seen as an animal in more than a fifth of their frames, of 13 animals one in
# less than that.
@pytest.mark.parametrize(("every", "told"), [(2, False), (4, False), (7, True), (40, True)])
def test_a_dog_that_is_seen_as_a_dog_now_and_then_is_not_told_as_a_person(every: int, told: bool) -> None:
    film = Film()
    statuses = []
    for k in range(120):
        here = np.array([[0.1 * k, 0.0]])
        as_dog = k % every == every - 1
        film.show(NOTHING if as_dog else seen(here, 0.55), animals=seen(here) if as_dog else None)
        statuses.append(film.count(TrackStatus.CONFIRMED) + film.count(TrackStatus.COASTING))
    share = float(np.mean(statuses[30:]))
    assert share > 0.9 if told else share < 0.1


def test_an_animal_beside_a_person_says_nothing_of_the_person() -> None:
    film = Film()
    for k in range(60):
        film.show(seen([0.1 * k, 0.0]), animals=seen([0.1 * k, 0.8]))
        assert k < 10 or film.count(TrackStatus.CONFIRMED) == 1


def shaken(en: FloatArray, jolt_m: FloatArray, rng: np.random.Generator) -> GroundMeasurements:
    """Seen by a camera whose angles are off by ``jolt_m`` (2,), metres on the ground: 1.2 m is one sigma of an angle."""
    z = seen(en + jolt_m + rng.normal(0, 0.12, en.shape), sigma_m=0.12)
    factor = np.tile(np.array([[1.2, 0.0, 0.0], [0.0, 1.2, 0.0]]), (len(en), 1, 1))
    return replace(z, angle_factor_m=factor)


def test_tracks_survive_jolts_of_the_camera_that_no_sensor_tells() -> None:
    rng = np.random.default_rng(17)
    start, speed = rng.uniform(-15, 15, (7, 2)), rng.uniform(-1.2, 1.2, (7, 2))
    film = Film()
    for k in range(100):
        # A jolt now and then, far outside of what the slow errors of the angles do in a tenth of a second.
        jolt = rng.normal(0, 0.7, 2) if k % 3 == 0 else np.zeros(2)
        film.show(shaken(start + speed * k / 10, jolt, rng))
    assert len(film.ids) == 7
    speeds = film.states.state[film.states.status == TrackStatus.CONFIRMED, 2:]
    assert np.abs(speeds - speed).max() < 1.0


def test_a_camera_that_shakes_all_the_time_breaks_no_track_and_shakes_no_place() -> None:
    rng = np.random.default_rng(19)
    start, speed = rng.uniform(-9, 9, (9, 2)), rng.uniform(-1.2, 1.2, (9, 2))
    film = Film(fps=8.0)
    shakes, off = [], []
    for k in range(120):
        shake = rng.normal(0, 0.5, 2)
        there = start + speed * (k - 60) / 8.0
        states = film.show(shaken(there, shake, rng))
        told = states.state[states.status == TrackStatus.CONFIRMED, :2]
        if k >= 40 and len(told) == 9:
            nearest = np.linalg.norm(told[:, None] - there[None], axis=-1).argmin(axis=1)
            off.append((told - there[nearest]).mean(axis=0))
            shakes.append(shake)
    assert len(film.ids) == 9
    assert len(off) > 60
    assert np.std(off) < 0.5 * np.std(shakes)


def test_people_who_all_walk_off_are_not_a_jolt() -> None:
    rng = np.random.default_rng(18)
    start = rng.uniform(-15, 15, (7, 2))
    film = Film()
    east = 0.0
    for k in range(60):
        east += 0.0 if k < 20 else 0.15  # they stand, and then all walk the same way at once
        film.show(shaken(start + np.array([east, 0.0]), np.zeros(2), rng))
    here = film.states.state[film.states.status == TrackStatus.CONFIRMED]
    assert len(here) == 7
    assert np.abs(here[:, 0] - start[:, 0] - east).max() < 1.0


def test_only_tracks_that_were_not_seen_are_looked_for_in_the_picture() -> None:
    """What was just seen lies in view; asking where the others would be costs a projection each."""
    asked: list[int] = []

    def in_view(en_m: FloatArray) -> NDArray[np.bool_]:
        asked.append(len(en_m))
        return np.ones(len(en_m), dtype=np.bool_)

    tracker = GroundKalmanTracker()
    places = np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    for k in range(8):
        tracker.update(k * 125_000, seen(places), in_view)
    assert asked == []
    tracker.update(8 * 125_000, seen(places[:2]), in_view)
    assert set(asked) == {1}
