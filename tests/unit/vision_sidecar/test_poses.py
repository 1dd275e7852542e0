"""From what a file says to camera poses: heights, views, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest

from geofences.errors import VideoError
from vision.records import CameraPose
from vision.sidecar.poses import Mounting, SidecarPoses, camera_poses
from vision.sidecar.samples import TelemetryLog, TelemetrySample
from vision.sidecar.series import PoseSeries

START_US = 1_780_000_000_000_000


def sample(t_s: float = 0.0, **values: Any) -> TelemetrySample:
    known: dict[str, Any] = {
        "alt_rel_home_m": 60.0, "hfov_deg": 40.0, "gimbal_azimuth_deg": 350.0, "gimbal_elevation_deg": -45.0,
        "gimbal_roll_deg": 1.0,
    }  # fmt: skip
    return TelemetrySample(t_s, 49.05, 22.7, **{**known, **values})


def poses(*samples: TelemetrySample, mounting: Mounting | None = None, **options: Any) -> SidecarPoses:
    log = TelemetryLog("csv", "test", options.pop("time_base", "video"), samples)
    values: dict[str, Any] = {"start_utc_us": START_US, "time_offset_s": 0.0, "aspect_ratio": 16 / 9, **options}
    return camera_poses(log, mounting=mounting or Mounting(takeoff_alt_amsl_m=190.0), **values)


def only(made: SidecarPoses) -> CameraPose:
    (pose,) = made.poses
    return pose


def test_a_sample_with_everything() -> None:
    pose = only(poses(sample(1.5, rounding_m=3.2)))
    assert pose.t_utc_us == START_US + 1_500_000
    assert (pose.lat_deg, pose.lon_deg, pose.alt_amsl_m) == (49.05, 22.7, 250.0)
    assert (pose.azimuth_deg, pose.elevation_deg, pose.roll_deg, pose.hfov_deg) == (350.0, -45.0, 1.0, 40.0)
    assert pose.vfov_deg == pytest.approx(23.1, abs=0.1)
    assert pose.sigma.horizontal_m == pytest.approx(math.hypot(2.5, 3.2))
    # 1 % of the field of view, as far as it is the file's.
    assert pose.sigma.elevation_deg == pytest.approx(math.hypot(0.7, 0.4))


def test_times() -> None:
    # The telemetry's clock is two tenths of a second ahead of the video's.
    assert only(poses(sample(1.5), time_offset_s=0.2)).t_utc_us == START_US + 1_300_000
    assert only(poses(sample(1_780_000_007.0), time_base="utc")).t_utc_us == START_US + 7_000_000


def test_height_of_the_take_off_place() -> None:
    none = Mounting()
    assert only(poses(sample(alt_amsl_m=256.0), mounting=none)).alt_amsl_m == 256.0
    made = poses(sample(), mounting=none)
    assert (only(made).alt_amsl_m, made.takeoff_alt_amsl_m) == (60.0, 0.0)

    def ground(lat_deg: float, lon_deg: float) -> float:
        return 200.0 if lat_deg > 49.04 else 180.0

    # With a terrain model: its height at home, else where the aircraft was lowest.
    home = sample(home_lat_deg=49.03, home_lon_deg=22.7)
    assert only(poses(home, mounting=none, ground_height=ground)).alt_amsl_m == 240.0
    assert only(poses(sample(), mounting=none, ground_height=ground)).alt_amsl_m == 260.0
    made = poses(sample(alt_rel_home_m=math.nan, alt_amsl_m=255.0), mounting=none, ground_height=ground)
    assert only(made).sigma.vertical_m == 8.0
    with pytest.raises(VideoError, match="take-off place's is not known"):
        poses(sample(), mounting=none, ground_height=lambda *_: math.nan)


def test_without_a_gimbal_the_mounting_counts() -> None:
    bare: dict[str, Any] = {
        "gimbal_azimuth_deg": math.nan, "gimbal_elevation_deg": math.nan, "gimbal_roll_deg": math.nan,
    }  # fmt: skip
    with pytest.raises(VideoError, match="no camera elevation"):
        poses(sample(**bare, heading_deg=80.0))
    mounted = Mounting(10.0, -40.0, takeoff_alt_amsl_m=0.0)
    with pytest.raises(VideoError, match="no heading"):
        poses(sample(**bare), mounting=mounted)
    pose = only(poses(sample(**bare, heading_deg=355.0), mounting=mounted))
    assert (pose.azimuth_deg, pose.elevation_deg) == (5.0, -40.0)
    # Fixed to an aircraft with its nose up by 10 degrees, looking ahead: 30 below the horizon. Levelled: 40.
    ahead = Mounting(0.0, -40.0, takeoff_alt_amsl_m=0.0)
    tilted = sample(**bare, heading_deg=80.0, pitch_deg=10.0, roll_deg=0.0)
    assert only(poses(tilted, mounting=ahead)).elevation_deg == pytest.approx(-30.0)
    level = Mounting(0.0, -40.0, level=True, takeoff_alt_amsl_m=0.0)
    assert only(poses(tilted, mounting=level)).elevation_deg == -40.0
    given = Mounting(0.0, -40.0, heading_deg=123.0, takeoff_alt_amsl_m=0.0)
    made = poses(sample(**bare), mounting=given)
    assert only(made).azimuth_deg == 123.0
    assert any("123" in note for note in made.notes)


def test_heading_from_the_course() -> None:
    bare: dict[str, Any] = {"alt_rel_home_m": 60.0, "hfov_deg": 40.0}
    # North-east at 5 m/s, then hovering.
    moving = [TelemetrySample(i * 0.5, 49.05 + i * 1.6e-5, 22.7 + i * 2.44e-5, **bare) for i in range(8)]
    still = [TelemetrySample(4.0 + i * 0.5, 49.05 + 7 * 1.6e-5, 22.7 + 7 * 2.44e-5, **bare) for i in range(8)]
    course = Mounting(0.0, -40.0, heading_deg="course", takeoff_alt_amsl_m=0.0)
    made = poses(*moving, *still, mounting=course)
    assert 7 <= len(made.poses) <= 10
    assert made.poses[3].azimuth_deg == pytest.approx(45.0, abs=1.0)
    assert made.poses[3].sigma.azimuth_deg > 10.0
    assert made.refused == {"no heading: too slow for one from the course": 16 - len(made.poses)}


def test_values_that_no_camera_has_are_refused() -> None:
    bad = [
        sample(0.0, gimbal_elevation_deg=-140.0), sample(1.0, hfov_deg=0.0), sample(2.0, alt_rel_home_m=1e5),
        sample(3.0, gimbal_azimuth_deg=1e5),
    ]  # fmt: skip
    made = poses(*bad, sample(4.0))
    assert len(made.poses) == 1
    assert made.refused == {"angles out of range": 2, "field of view out of range": 1, "height out of range": 1}
    for t_s in (-2e9,):
        with pytest.raises(VideoError, match="before 1970"):
            poses(sample(t_s))


def test_poses_in_order_of_time() -> None:
    made = poses(*(sample(t, gimbal_azimuth_deg=100.0 + 10.0 * t) for t in (0.0, 1.0, 2.0, 6.0, 7.0)))
    series = PoseSeries(made.poses)
    pose, why = series.at(START_US + 1_250_000)
    assert why == ""
    assert pose is not None
    assert pose.azimuth_deg == pytest.approx(112.5)
    assert series.nearest_s(START_US + 1_250_000) == 0.25
    # Asked in any order.
    for t_s, reason in (
        (4.0, "gap in the telemetry"),
        (-1.0, "before the telemetry begins"),
        (8.0, "after the telemetry ends"),
        (2.2, ""),
        (5.9, ""),
        (0.0, ""),
        (7.2, ""),
    ):
        pose, why = series.at(START_US + round(t_s * 1e6))
        assert (pose is not None, why) == (not reason, reason), t_s
    assert PoseSeries([]).at(START_US) == (None, "the telemetry holds no camera pose")
