from __future__ import annotations

import dataclasses
import socket
import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest

from geofences.errors import VideoError
from sim.camera import Renderer
from sim.klv import UNIVERSAL_KEY
from sim.projection import Pinhole
from sim.state import SensorErrors, VehicleTruth
from sim.truth import TruthRecorder
from sim.video import CameraStream, FrameMaker, TransportStream, view_pose
from sim.world import World
from tests.helpers.waiting import wait_until

START_US = 1_700_000_000_000_000


def _truth(world: World, t_s: float) -> VehicleTruth:
    line = world.layout.line
    place, target = line.to_plane(4.0 * t_s, 75.0), line.to_plane(4.0 * t_s, 0.0)
    ahead = target - place
    lat, lon = world.to_lat_lon(float(place[0]), float(place[1]))
    return VehicleTruth(
        t_s=t_s,
        t_utc_us=START_US + round(t_s * 1e6),
        lat_deg=lat,
        lon_deg=lon,
        alt_amsl_m=world.height_amsl_m(*place) + 110.0,
        roll_deg=1.0,
        pitch_deg=-4.0,
        yaw_deg=10.0,
        velocity_ned_m_s=(0.0, 4.0, 0.0),
        gimbal_azimuth_deg=float(np.degrees(np.arctan2(ahead[0], ahead[1]))),
        gimbal_elevation_deg=-55.0,
        gimbal_roll_deg=0.0,
        armed=True,
        mode="AUTO",
    )


class FlyingSource:
    """A truth source that flies in real time from ``t0_s``; it can be held still."""

    def __init__(self, world: World, t0_s: float = 60.0) -> None:
        self.world, self.t0_s, self.began, self.held = world, t0_s, time.monotonic(), False

    def truth(self) -> VehicleTruth:
        return _truth(self.world, self.t0_s + (0.0 if self.held else time.monotonic() - self.began))

    def errors(self) -> SensorErrors:
        return SensorErrors(north_m=1.0)


def _klv_time_us(packet: bytes) -> int:
    at = packet.index(b"\x02\x08", 16)
    return int.from_bytes(packet[at + 2 : at + 10], "big")


def _read(path: Path) -> tuple[list[int], list[tuple[int, bytes]], int]:
    """Video time stamps, data packets and the number of decoded pictures."""
    with av.open(str(path)) as container:
        kinds = [s.type for s in container.streams]
        assert sorted(kinds) == ["data", "video"]
        assert "klv" in repr(container.streams.data[0])
        video = container.streams.video[0]
        assert video.codec_context.name == "h264"
        stamps, data, pictures = [], [], 0
        for packet in container.demux():
            if packet.stream.type == "data" and packet.size:
                data.append((int(packet.pts), bytes(packet)))
            elif packet.stream.type == "video":
                if packet.pts is not None:
                    stamps.append(int(packet.pts))
                pictures += len(packet.decode())
    return stamps, data, pictures


def test_a_file_holds_pictures_and_metadata_in_step(night_renderer: Renderer, tmp_path: Path) -> None:
    world = night_renderer.world
    maker = FrameMaker(world, night_renderer)
    path = tmp_path / "flight.ts"
    stream = TransportStream(str(path), world.scenario.camera)
    times = [60.0 + i / 15 for i in range(20)]
    for t_s in times:
        image, klv, _ = maker.make(_truth(world, t_s), SensorErrors())
        stream.write(image, klv, round(t_s * 1e6))
    stream.close()
    stamps, data, pictures = _read(path)
    assert pictures == len(stamps) == len(data) == 20
    assert (np.diff(stamps) > 0).all()
    # The mux may move all time stamps, but not against each other.
    assert np.diff(stamps) == pytest.approx(np.diff(times) * 90_000, abs=1.5)
    assert [pts for pts, _ in data] == stamps
    for (_, packet), t_s in zip(data, times, strict=True):
        assert packet.startswith(UNIVERSAL_KEY)
        assert _klv_time_us(packet) == START_US + round(t_s * 1e6)


def test_time_stamps_must_grow(night_renderer: Renderer, tmp_path: Path) -> None:
    camera = night_renderer.world.scenario.camera
    stream = TransportStream(str(tmp_path / "x.ts"), camera)
    image = np.zeros((camera.height_px, camera.width_px, 3), np.uint8)
    stream.write(image, b"k", 1000)
    with pytest.raises(ValueError, match="not after"):
        stream.write(image, b"k", 1000)
    stream.close()


@pytest.mark.parametrize("url", ["{folder}/missing/x.ts", "nonsense://host"])
def test_a_stream_that_cannot_be_opened_is_one_clear_error(night_renderer: Renderer, tmp_path: Path, url: str) -> None:
    with pytest.raises(VideoError, match="cannot be sent there"):
        TransportStream(url.format(folder=tmp_path), night_renderer.world.scenario.camera)


def test_the_thread_films_in_real_time_and_leaves_nothing_behind(night_renderer: Renderer, tmp_path: Path) -> None:
    world = night_renderer.world
    recorder = TruthRecorder(world, tmp_path / "truth.json", START_US)
    path = tmp_path / "live.ts"
    source = FlyingSource(world)
    stream = CameraStream(world, world.scenario, source, str(path), START_US, recorder, renderer=night_renderer)
    before = threading.active_count()
    began_s = time.monotonic()
    stream.start()
    wait_until(lambda: stream.frames_sent >= 4 and time.monotonic() - began_s > 1.0)
    assert stream.running
    stream.stop()
    stream.stop()
    took_s = time.monotonic() - began_s
    recorder.close()
    assert threading.active_count() == before
    stamps, data, _ = _read(path)
    assert len(stamps) == stream.frames_sent == recorder.document()["video"]["frames_sent"]
    # Frames are late or left out on a busy machine, never piled up: the last is as new as the end.
    filmed_s = (stamps[-1] - stamps[0]) / 90_000
    assert filmed_s <= took_s + 0.2
    # The stream's clock starts with the simulation, so the time stamp is the simulation's time.
    assert (_klv_time_us(data[0][1]) - START_US) / 1e6 == pytest.approx(60.0, abs=took_s)


def test_a_held_simulation_sends_no_picture_twice(night_renderer: Renderer, tmp_path: Path) -> None:
    world = night_renderer.world
    source = FlyingSource(world)
    source.held = True
    stream = CameraStream(world, world.scenario, source, str(tmp_path / "h.ts"), START_US, renderer=night_renderer)
    stream.start()
    wait_until(lambda: stream.frames_sent)
    time.sleep(0.4)
    stream.stop()
    assert stream.frames_sent == 1
    assert stream.failure is None


def test_the_camera_hangs_where_the_aircraft_truly_is(day_world: World) -> None:
    truth = _truth(day_world, 10.0)
    pose = view_pose(day_world, truth)
    assert (pose.east_m, pose.north_m) == pytest.approx(day_world.layout.line.to_plane(40.0, 75.0), abs=0.01)
    assert pose.alt_amsl_m == truth.alt_amsl_m
    turned = view_pose(day_world, dataclasses.replace(truth, gimbal_roll_deg=2.0))
    assert turned.roll_deg == 2.0
    camera = day_world.scenario.camera
    assert Pinhole(camera.width_px, camera.height_px, camera.hfov_deg).vfov_deg == pytest.approx(23.14, abs=0.01)


def test_the_stream_comes_out_of_a_udp_port(night_renderer: Renderer) -> None:
    world = night_renderer.world
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    got: dict[str, list[int]] = {"video": [], "data": []}

    def receive() -> None:
        with av.open(f"udp://127.0.0.1:{port}?timeout=60000000&fifo_size=20000", format="mpegts") as container:
            for packet in container.demux():
                if packet.pts is not None and packet.size:
                    got[packet.stream.type].append(int(packet.pts))
                if min(len(stamps) for stamps in got.values()) >= 8:
                    return

    receiver = threading.Thread(target=receive)
    receiver.start()
    stream = CameraStream(
        world, world.scenario, FlyingSource(world), f"udp://127.0.0.1:{port}", START_US, renderer=night_renderer
    )
    stream.start()
    receiver.join(timeout=90.0)
    stream.stop()
    assert not receiver.is_alive()
    assert stream.failure is None
    for stamps in got.values():
        assert len(stamps) >= 8
        assert (np.diff(stamps) > 0).all()


def test_nobody_listening_does_not_stop_the_camera(night_renderer: Renderer) -> None:
    world = night_renderer.world
    stream = CameraStream(
        world, world.scenario, FlyingSource(world), "udp://127.0.0.1:9", START_US, renderer=night_renderer
    )
    stream.start()
    wait_until(lambda: stream.frames_sent > 1)
    assert stream.running
    stream.stop()
    assert stream.failure is None
