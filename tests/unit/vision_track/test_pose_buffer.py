"""Camera poses between telemetry samples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.vision_track.scene import pose_at
from vision.pose_buffer import PoseBuffer
from vision.records import CameraPose

S = 1_000_000


def pose(t_us: int, azimuth_deg: float = 0.0, east_m: float = 0.0) -> CameraPose:
    return replace(pose_at(east_m, 0.0, 400.0 + t_us / S, azimuth_deg, -45.0), t_utc_us=t_us)


def test_between_two_poses_the_short_way_round() -> None:
    it = PoseBuffer()
    it.add(pose(0, 350.0, 0.0))
    it.add(pose(S // 2, 20.0, 10.0))
    found = it.at(S // 4)
    assert found is not None
    assert found.t_utc_us == S // 4
    assert found.azimuth_deg == pytest.approx(5.0)
    assert found.alt_amsl_m == pytest.approx(400.25)
    assert found.lon_deg == pytest.approx((pose(0).lon_deg + pose(0, east_m=10.0).lon_deg) / 2, abs=1e-9)


def test_a_little_ahead_it_goes_on_as_before_and_no_farther() -> None:
    it = PoseBuffer()
    it.add(pose(0, 10.0))
    it.add(pose(S // 10, 12.0))
    near, far = it.at(S // 5), it.at(2 * S)
    assert near is not None
    assert far is not None
    assert near.azimuth_deg == pytest.approx(14.0)
    assert near.t_utc_us == S // 5
    assert (far.azimuth_deg, far.t_utc_us) == (12.0, S // 10)  # its own time: the user sees its age


def test_no_interpolation_across_a_hole() -> None:
    it = PoseBuffer(max_gap_s=1.0)
    it.add(pose(0, 10.0))
    it.add(pose(5 * S, 90.0))
    early, late = it.at(S), it.at(4 * S)
    assert early is not None
    assert late is not None
    assert (early.t_utc_us, late.t_utc_us) == (0, 5 * S)


def test_empty_old_and_jumping_time() -> None:
    it = PoseBuffer(keep_s=2.0)
    assert it.at(0) is None
    for k in range(100):
        it.add(pose(k * S // 10))
    assert len(it) == 21
    it.add(pose(9 * S + S // 2))  # late: dropped
    assert len(it) == 21
    it.add(pose(S))  # a clock that was set back
    assert len(it) == 1


def test_poses_between_others_know_how_fast_they_change() -> None:
    it = PoseBuffer()
    it.add(pose(0, 355.0, 0.0))
    it.add(pose(S // 2, 5.0, 10.0))
    found = it.at(S // 4)
    assert found is not None
    assert found.rates is not None
    assert found.rates.azimuth_deg_s == pytest.approx(20.0)
    assert found.rates.east_m_s == pytest.approx(20.0, rel=0.01)
    assert found.rates.up_m_s == pytest.approx(1.0)
    lonely = PoseBuffer()
    lonely.add(pose(0))
    only = lonely.at(0)
    assert only is not None
    assert only.rates is None


def test_a_telemetry_clock_that_is_ahead_is_set_back() -> None:
    """Telemetry that stamps everything 0.2 s late: the pose of a picture at t is the one stamped t + 0.2 s."""
    it = PoseBuffer(time_offset_s=0.2)
    for k in range(11):
        it.add(pose(k * S // 10, 10.0 * k))
    found = it.at(S // 2)
    assert found is not None
    assert found.azimuth_deg == pytest.approx(70.0)
    assert found.t_utc_us == S // 2
