"""The decoder and reader against the simulator's encoder, which was written apart from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.klv import encode, measure
from sim.scenario import load_scenario
from sim.state import SensorErrors, VehicleTruth
from sim.video import TransportStream
from vision.frames import open_video
from vision.klv import LocalSet, decode_packets, to_camera_pose

T0_US = 1_700_000_000_000_000


def truth(
    number: int = 0, attitude: tuple[float, float, float] = (0, 0, 0), gimbal: tuple[float, float, float] = (80, -45, 0)
) -> VehicleTruth:
    roll, pitch, yaw = attitude
    return VehicleTruth(
        number * 0.1, T0_US + number * 100_000, 49.05, 22.7, 290.0 + number, roll, pitch, yaw, (0.0, 4.0, 0.0), *gimbal,
        True, "AUTO",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("attitude", "gimbal"),
    [
        ((0, 0, 0), (80, -45, 0)),
        ((12, -7, 200), (350, -60, 2)),
        ((-20, 15, 91), (91, -35, -3)),
        ((5, 3, 359), (180, -85, 0)),
    ],
)
def test_the_pose_is_the_true_one_whatever_the_airframe_does(
    attitude: tuple[float, float, float], gimbal: tuple[float, float, float]
) -> None:
    state = truth(3, attitude, gimbal)
    (found,) = decode_packets(encode(measure(state, SensorErrors(), 40.0, 23.1)))
    assert isinstance(found, LocalSet)
    assert found.problems == ()
    pose = to_camera_pose(found)
    assert pose is not None
    assert pose.t_utc_us == state.t_utc_us
    assert (pose.lat_deg, pose.lon_deg) == (pytest.approx(49.05, abs=1e-7), pytest.approx(22.7, abs=1e-7))
    assert pose.alt_amsl_m == pytest.approx(293.0, abs=0.2)
    assert (pose.azimuth_deg - gimbal[0] + 180) % 360 - 180 == pytest.approx(0, abs=0.03)
    assert pose.elevation_deg == pytest.approx(gimbal[1], abs=0.01)
    assert pose.roll_deg == pytest.approx(gimbal[2], abs=0.03)
    assert (pose.hfov_deg, pose.vfov_deg) == (pytest.approx(40.0, abs=0.01), pytest.approx(23.1, abs=0.01))


def test_its_transport_stream_is_read_with_times_and_poses(tmp_path: Path) -> None:
    camera = load_scenario("border_day").camera
    stream = TransportStream(str(tmp_path / "s.ts"), camera)
    rng = np.random.default_rng(1)
    ground = rng.integers(60, 120, (camera.height_px, camera.width_px, 3), dtype=np.uint8)
    for i in range(8):
        state = truth(i, gimbal=(70.0 + 2 * i, -45.0, 0.0))
        stream.write(ground, encode(measure(state, SensorErrors(), 40.0, 23.1)), i * 100_000)
    stream.close()
    with open_video(tmp_path / "s.ts") as video:
        frames = list(video)
    assert [f.t_utc_us - T0_US for f in frames] == pytest.approx([i * 100_000 for i in range(8)], abs=20)
    assert {f.time_source for f in frames} == {"klv"}
    for i, frame in enumerate(frames):
        assert frame.image_bgr.shape == (720, 1280, 3)
        assert frame.pose is not None
        assert frame.pose.azimuth_deg == pytest.approx(70 + 2 * i, abs=0.03)
        assert frame.pose.alt_amsl_m == pytest.approx(290 + i, abs=0.2)
