"""Video in: files and a loopback UDP stream written by FFmpeg's own muxer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from geofences.errors import PortInUseError, VideoError
from tests.unit.vision_detect.test_klv import LEVEL, packet
from vision.container import VideoOptions
from vision.frame_clock import FrameClock
from vision.frames import is_live, open_video

T0_US = 1_700_000_000_000_000
FPS = 10


def grey(number: int) -> np.ndarray:
    return np.full((128, 160, 3), 20 + 8 * (number % 25), dtype=np.uint8)


def write_stream(target: str, frames: int, klv: bool, pace_s: float = 0.0, stop: threading.Event | None = None) -> None:
    """H.264 (a key frame each second) in MPEG-TS, with a metadata packet of the same PTS behind each picture."""
    with av.open(target, "w", format="mpegts") as out:
        video = out.add_stream("libx264", rate=FPS, options={"preset": "ultrafast", "tune": "zerolatency", "g": "10"})
        video.width, video.height, video.pix_fmt = 160, 128, "yuv420p"
        data = out.add_data_stream("klv") if klv else None
        for i in range(frames):
            if stop is not None and stop.is_set():
                return
            picture = av.VideoFrame.from_ndarray(grey(i), format="bgr24")
            picture.pts, picture.time_base = i, Fraction(1, FPS)
            for encoded in video.encode(picture):
                out.mux(encoded)
            if data is not None:
                stamp = (T0_US + i * 1_000_000 // FPS).to_bytes(8, "big")
                heading = round((80 + i) / 360 * 65535).to_bytes(2, "big")
                items = [(t, {2: stamp, 5: heading}.get(t, c)) for t, c in LEVEL]
                metadata = av.Packet(packet(items))
                metadata.stream, metadata.time_base = data, Fraction(1, FPS)
                metadata.pts = metadata.dts = i
                out.mux(metadata)
            time.sleep(pace_s)
        out.mux(video.encode(None))


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("video") / "patrol.ts"
    write_stream(str(file), 40, klv=True)
    return file


def test_a_file_gives_every_picture_with_its_time_and_pose(recording: Path) -> None:
    with open_video(recording) as video:
        frames = list(video)
        status = video.status
    assert len(frames) == 40
    assert [f.time_source for f in frames] == ["klv"] * 40
    assert [f.t_utc_us - T0_US for f in frames] == pytest.approx([i * 100_000 for i in range(40)], abs=20)
    assert (status.codec, status.width, status.height, status.has_klv) == ("h264", 160, 128, True)
    for i, frame in enumerate(frames):
        assert frame.pose is not None
        assert frame.pose.azimuth_deg == pytest.approx(80 + i, abs=0.05)
        assert abs(float(frame.image_bgr.mean()) - (20 + 8 * (i % 25))) < 4
    assert video.ended


def test_without_metadata_the_times_follow_the_pts(tmp_path: Path) -> None:
    write_stream(str(tmp_path / "plain.ts"), 12, klv=False)
    with open_video(tmp_path / "plain.ts", utc_us=lambda: T0_US) as video:
        frames = list(video)
    assert [f.time_source for f in frames] == ["pts"] * 12
    assert [f.t_utc_us - T0_US for f in frames] == pytest.approx([i * 100_000 for i in range(12)], abs=20)
    assert all(f.pose is None for f in frames)


@pytest.mark.parametrize("suffix", [".ts", ".mp4"])
def test_a_clip_begins_at_a_key_frame_and_holds_the_time_asked_for(
    recording: Path, tmp_path: Path, suffix: str
) -> None:
    target = tmp_path / f"clip{suffix}"
    with open_video(recording) as video:
        list(video)
        info = video.save_clip(T0_US + 1_450_000, T0_US + 2_650_000, target)
    assert info.from_utc_us == pytest.approx(T0_US + 1_000_000, abs=20)
    assert info.to_utc_us == pytest.approx(T0_US + 2_600_000, abs=20)
    with open_video(target) as clip:
        frames = list(clip)
    assert len(frames) == info.pictures == 17
    assert abs(float(frames[0].image_bgr.mean()) - (20 + 8 * 10)) < 4
    if suffix == ".ts":
        assert frames[5].t_utc_us == pytest.approx(T0_US + 1_500_000, abs=50)  # its metadata went along
    assert sorted(p.name for p in tmp_path.iterdir()) == [target.name]


def test_a_clip_of_a_time_that_is_gone_is_refused(recording: Path, tmp_path: Path) -> None:
    with open_video(recording) as video:
        list(video)
        with pytest.raises(VideoError, match="no picture of that time"):
            video.save_clip(T0_US - 9_000_000, T0_US - 5_000_000, tmp_path / "clip.ts")
        with pytest.raises(VideoError, match="unknown kind"):
            video.save_clip(T0_US, T0_US + 1, tmp_path / "clip.avi")
    assert list(tmp_path.iterdir()) == []


def test_unreadable_files_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match=r"nothing\.ts .*cannot be read"):
        open_video(tmp_path / "nothing.ts")
    (tmp_path / "text.mp4").write_text("this is no video" * 50, encoding="utf-8")
    with pytest.raises(VideoError, match=r"text\.mp4"):
        open_video(tmp_path / "text.mp4")


def test_a_recording_cut_off_in_the_middle_gives_what_is_there(recording: Path, tmp_path: Path) -> None:
    data = recording.read_bytes()
    (tmp_path / "cut.ts").write_bytes(data[: len(data) // 2 + 77])
    with open_video(tmp_path / "cut.ts") as video:
        frames = list(video)
    assert 10 < len(frames) < 30


@pytest.fixture
def port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def sender(port: int) -> Iterator[None]:
    stop = threading.Event()
    url = f"udp://127.0.0.1:{port}?pkt_size=1316"
    thread = threading.Thread(target=write_stream, args=(url, 3000, True, 0.03, stop))
    thread.start()
    yield
    stop.set()
    thread.join(10)


def test_a_live_stream_gives_the_newest_picture_and_drops_the_rest(port: int, sender: None) -> None:
    with open_video(f"udp://127.0.0.1:{port}", VideoOptions(stall_s=1.0)) as video:
        first = video.next_frame(60.0)
        assert first is not None
        assert first.time_source == "klv"
        end_s = time.monotonic() + 60.0
        while video.status.frames_received < first.frame_id + 12 and time.monotonic() < end_s:
            time.sleep(0.02)
        asked_ns = time.monotonic_ns()
        received = video.status.frames_received
        later = video.next_frame(60.0)
        assert later is not None
        assert later.pose is not None
        assert later.pts_s - first.pts_s > 0.3  # some were dropped
        assert later.frame_id >= received - 1 or later.t_mono_ns > asked_ns, "the newest there was"
        status = video.status
        assert (status.state, status.codec, status.has_klv) == ("running", "h264", True)
        assert status.frames_dropped >= 5
        # Numbered as they are decoded, taken or not: a preview of one that nobody took has a number of its own.
        assert first.frame_id + 5 <= later.frame_id <= status.frames_received


def test_silence_is_no_signal_and_is_survived(port: int) -> None:
    video = open_video(f"udp://127.0.0.1:{port}", VideoOptions(open_timeout_s=0.4, stall_s=0.4, retry_s=0.05))
    try:
        assert video.next_frame(1.0) is None
        assert video.status.state == "no_signal"
        assert not video.ended
        stop = threading.Event()
        url = f"udp://127.0.0.1:{port}?pkt_size=1316"
        thread = threading.Thread(target=write_stream, args=(url, 3000, True, 0.03, stop))
        thread.start()
        try:
            assert video.next_frame(60.0) is not None
        finally:
            stop.set()
            thread.join(10)
        deadline = time.monotonic() + 60
        while video.status.state != "no_signal" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert video.status.state == "no_signal"
    finally:
        video.close()
    assert video.status.state == "stopped"


def test_a_port_in_use_and_a_url_without_port_are_told(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", port))
        with pytest.raises(PortInUseError, match=str(port)):
            open_video(f"udp://127.0.0.1:{port}")
    with pytest.raises(VideoError, match="no port"):
        open_video("udp://127.0.0.1")
    assert is_live("rtsp://camera/1")
    assert not is_live("/data/file.mp4")


def test_the_clock_prefers_stamps_and_else_takes_the_packet_that_waited_least() -> None:
    clock = FrameClock(live=True, started_utc_us=0, latency_us=100_000)
    for i, wait_us in enumerate([80_000, 5_000, 40_000, 300_000]):
        clock.arrived(float(i), T0_US + i * 1_000_000 + wait_us)
    assert clock.capture_time(3.0) == (T0_US + 3_000_000 + 5_000 - 100_000, "pts")
    clock.stamped(2.0, T0_US + 1_950_000)
    assert clock.capture_time(2.5) == (T0_US + 2_450_000, "klv")
    assert clock.capture_time(9.0)[1] == "pts"  # the last stamp is too old to be carried so far
    clock.arrived(500.0, T0_US)
    assert clock.capture_time(500.0) == (T0_US - 100_000, "pts")


def test_a_recording_without_stamps_keeps_to_its_pts_until_they_go_back() -> None:
    clock = FrameClock(live=False, started_utc_us=T0_US, latency_us=0)
    clock.arrived(5.0, 0, 5.0)
    assert clock.capture_time(5.0) == (T0_US, "pts")
    # A pause of the camera: the telemetry beside the recording has it too.
    clock.arrived(65.0, 0, 65.0)
    assert clock.capture_time(65.0) == (T0_US + 60_000_000, "pts")
    clock.arrived(20.0, 0, 20.0)
    t_utc_us, source = clock.capture_time(20.0)
    assert t_utc_us > T0_US + 60_000_000
    assert source == "arrival"
    clock.stamped(20.1, T0_US + 90_000_000)
    assert clock.capture_time(20.0) == (T0_US + 89_900_000, "klv")
