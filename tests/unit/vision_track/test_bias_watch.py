"""From tracks to a corrected camera: the whole loop of pose, boxes, tracker and bias."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geofences.geodesy import FloatArray
from tests.unit.vision_track.scene import FRAME, hills, pose_at
from vision.bias_watch import BiasWatch, BiasWatchSettings
from vision.boresight import BoresightEstimate, BoresightSettings
from vision.camera import CameraView
from vision.georeference import Georeferencer
from vision.known_devices import DeviceBook, DeviceReport
from vision.records import PoseSigma
from vision.tracking.base import GroundMeasurements
from vision.tracking.ground_kalman import GroundKalmanTracker

W, H = 1280, 720
CARS = np.array([[20.0, 110.0], [-25.0, 95.0], [5.0, 70.0]])
SETTINGS = BiasWatchSettings(
    resting_s=5.0, step_deg=0.1, step_m=0.1, estimator=BoresightSettings(drift_deg=(0.15, 0.15, 0.15))
)


def fly(
    yaw_bias_deg: float, seconds: int, arc_deg: float, moving_m_s: float = 0.0, device: bool = False, class_id: int = 1,
    stated_deg: float = 2.0, to_and_fro_m_s: float = 0.0, places: FloatArray = CARS,
) -> tuple[Georeferencer, BoresightEstimate, list[float]]:  # fmt: skip
    """Two frames a second round some cars, or past them to and fro, turning every 10 s; the errors (m) of the first one's
    box in the last seconds."""
    rng = np.random.default_rng(4)
    it = Georeferencer(FRAME, hills(height_m=5.0))
    book = DeviceBook()
    watch, tracker = BiasWatch(it, SETTINGS, book), GroundKalmanTracker()
    places = places[:1] if device else places
    errors: list[float] = []
    estimate = None
    for k in range(2 * seconds):
        turn = np.radians(-arc_deg / 2 + arc_deg * k / (2 * seconds))
        at = np.array([-5.0, 95.0]) - 115.0 * np.array([np.sin(turn), np.cos(turn)])
        leg, way = divmod(k / 2.0, 10.0)
        at = at + np.array([to_and_fro_m_s * (way if leg % 2 == 0 else 10.0 - way), 0.0])
        now = places + np.array([moving_m_s * k / 2.0, 0.0])
        true = pose_at(*at, 400.0, float(np.degrees(turn)), -41.0, t_utc_us=1_700_000_000_000_000 + k * 500_000)
        lat, lon = FRAME.from_plane(now)
        feet = CameraView.of(true, W, H).project_geodetic(lat, lon, it.ground_height(lat, lon))
        feet = feet + rng.normal(0.0, 0.7, feet.shape)
        boxes = np.hstack([feet, feet]) + np.array([-12.0, -14.0, 12.0, 6.0])
        told = replace(
            true, azimuth_deg=true.azimuth_deg + yaw_bias_deg, sigma=PoseSigma(0.8, 1.0, stated_deg, 0.4, 0.4)
        )
        view = it.view(told, W, H)
        n = len(places)
        points = it.boxes(view, boxes, np.full(n, class_id))
        measured = GroundMeasurements(
            points.en_m, points.pixel_covariance_m2, points.pose_covariance_m2, points.angle_factor_m, boxes,
            np.full(n, 0.9), np.full(n, class_id),
        )  # fmt: skip
        states = tracker.update(told.t_utc_us, measured, lambda en: np.ones(len(en), dtype=np.bool_))
        if device and k % 2 == 0:  # it reports once a second
            book.take(DeviceReport("patrol 1", told.t_utc_us, float(lat[0]), float(lon[0]), 1.0, (0.0, 0.0)))
        estimate = watch.step(view.pose, points, boxes, states)
        if k > 2 * seconds - 10:
            errors.append(_off(points.en_m[0], now[0]))
    assert estimate is not None
    return it, estimate, errors


def _off(a: FloatArray, b: FloatArray) -> float:
    return float(np.linalg.norm(a - b))


def test_parked_cars_take_the_compass_error_off_the_map() -> None:
    it, found, errors = fly(2.0, seconds=60, arc_deg=110.0)
    assert found.refusal == ""
    assert found.bias_deg[0] == pytest.approx(2.0, abs=3.0 * found.sigma_deg[0])
    assert it.correction is not None
    assert it.correction.bias[3] == pytest.approx(found.bias_deg[0], abs=0.1)
    assert np.median(errors) < 2.0  # two degrees are 4 m here


def test_an_own_patrol_on_the_ground_does_it_too() -> None:
    it, found, errors = fly(2.5, seconds=30, arc_deg=0.0, device=True, class_id=0)
    assert found.bias_deg[0] == pytest.approx(2.5, abs=3.0 * found.sigma_deg[0])
    assert it.correction is not None
    assert np.median(errors) < 2.0


@pytest.mark.parametrize(("moving_m_s", "class_id"), [(6.0, 1), (0.0, 0)])
def test_what_may_move_is_not_taken_to_stand(moving_m_s: float, class_id: int) -> None:
    it, found, _ = fly(2.0, seconds=20, arc_deg=30.0, moving_m_s=moving_m_s, class_id=class_id)
    assert abs(found.bias_deg[0]) < 3.0 * found.sigma_deg[0]
    assert found.refusal
    assert it.correction is None


def test_an_error_that_nobody_stated_is_found_and_said() -> None:
    _, found, errors = fly(7.0, seconds=60, arc_deg=110.0, stated_deg=0.4)
    assert found.unstated
    assert "more than its sensors state" in found.in_words()
    assert found.bias_deg[0] == pytest.approx(7.0, abs=3.0 * found.sigma_deg[0])
    assert np.median(errors) < 3.0  # seven degrees are 14 m here


def test_an_error_as_stated_is_not_called_more() -> None:
    _, found, _ = fly(0.3, seconds=60, arc_deg=110.0, stated_deg=0.4)
    assert not found.unstated
    assert found.refusal == ""


GROUP = np.array([[20.0, 110.0], [-25.0, 95.0], [5.0, 70.0], [-12.0, 88.0], [30.0, 90.0], [-5.0, 105.0]])


def test_people_who_all_go_the_same_way_are_no_error_of_the_compass() -> None:
    it, found, _ = fly(0.0, seconds=40, arc_deg=0.0, moving_m_s=1.3, class_id=0, stated_deg=0.4, places=GROUP)
    assert not found.unstated
    assert it.correction is None or abs(it.correction.bias[3]) < 0.8


def test_people_who_seem_to_turn_when_the_aircraft_does_tell_the_compass_error() -> None:
    it, found, _ = fly(
        8.0, seconds=70, arc_deg=0.0, moving_m_s=0.3, class_id=0, stated_deg=0.4, to_and_fro_m_s=9.0, places=GROUP
    )
    assert found.unstated
    assert found.bias_deg[0] == pytest.approx(8.0, abs=3.0 * found.sigma_deg[0])
    assert it.correction is not None
