"""The worker's loop, run inline on the other end of a real pipe."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.helpers.damaged import FPS, T0_US, Shot, changed, metadata, multiplex, shots, with_klv, without_packets
from tests.unit.video import fakes
from vision.exchange import Exchange
from vision.frames import open_video
from vision.records import CameraPose
from vision.worker import run_worker
from vision.worker_messages import HealthMessage, Stop, TracksMessage


@pytest.fixture(autouse=True)
def _this_process_is_left_as_it_was() -> Iterator[None]:
    handler, threads = signal.getsignal(signal.SIGINT), cv2.getNumThreads()
    yield
    signal.signal(signal.SIGINT, handler)
    cv2.setNumThreads(threads)


def run(frames: int = 0, close_early: bool = False, poses: Sequence[CameraPose] = (), **changes: Any) -> list[Any]:
    """Messages of a worker that is stopped after so many frames (or whose station goes away)."""
    ours, theirs = multiprocessing.Pipe()
    exchange = Exchange.create()
    for pose in poses:
        exchange.write_pose(pose)
    messages: list[Any] = []

    def listen() -> None:
        count = 0
        try:
            while True:
                messages.append(ours.recv())
                count += isinstance(messages[-1], TracksMessage)
                if frames and count == frames:
                    if close_early:
                        ours.close()
                        return
                    ours.send(Stop())
        except (EOFError, OSError):
            return

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        run_worker(fakes.settings(**changes), theirs, exchange.name)
    finally:
        listener.join(60.0)
        exchange.close()
        ours.close()
    return messages


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"make_detector": fakes.missing_model}, "model blob cannot be read"),
        ({"make_detector": None, "model_path": "/nowhere/m.onnx"}, "/nowhere/m"),
        ({"make_source": fakes.broken_video}, "video udp://fake:1 cannot be read"),
        ({"make_source": None, "url": "/nowhere/flight.ts"}, "/nowhere/flight.ts"),
        ({"make_detector": fakes.crashing_detector}, "ZeroDivisionError: a mistake in the program (fakes.py"),
        ({"terrain_path": "/nowhere/terrain.tif"}, "/nowhere/terrain.tif"),
    ],
)
def test_what_is_wrong_is_said_clearly(changes: dict[str, Any], words: str) -> None:
    last = run(**changes)[-1]
    assert isinstance(last, HealthMessage)
    assert last.health.state == "failed"
    assert words in last.health.detail
    assert last.remedy


def test_it_stops_when_told_and_says_so() -> None:
    messages = run(frames=3)
    assert [m.health.state for m in messages if isinstance(m, HealthMessage)][-1] == "stopped"
    assert messages[0].health.state == "starting"


def test_it_ends_when_the_station_has_gone() -> None:
    run(frames=2, close_early=True)  # returns, and raises nothing


def test_ids_begin_with_the_epoch() -> None:
    messages = run(frames=6, epoch=3)
    ids = {int(i) for m in messages if isinstance(m, TracksMessage) for i in m.tracks.track_id}
    assert ids == {3_000_001}


def _spoilt(tmp_path: Path) -> Path:
    """Everything that can happen to a stream, one after the other."""
    wrong = changed(shots(12), range(4, 9), with_klv(lambda n: metadata(n)[:-1] + b"\0"))
    jumped = [Shot(s.number, s.pts_s + 500.0, s.klv) for s in shots(12, 12)]
    parts = [
        multiplex(wrong),
        bytes(range(256)) * 40,
        multiplex(jumped),
        without_packets(multiplex(shots(30, 24)), 0.1, 3),
        multiplex(shots(10, 54), 320, 192),
        multiplex(changed(shots(10, 64), range(64, 70), with_klv(lambda n: metadata(n, drop=13)))),
        multiplex(shots(12)),
    ]
    path = tmp_path / "spoilt.ts"
    path.write_bytes(b"".join(parts))
    return path


def test_a_spoilt_stream_neither_stops_it_nor_is_believed(tmp_path: Path) -> None:
    path = _spoilt(tmp_path)
    # As a live stream, so that it is not played at its own pace.
    messages = run(make_source=lambda _: open_video(path))
    results = [m for m in messages if isinstance(m, TracksMessage)]
    last = [m for m in messages if isinstance(m, HealthMessage)][-1]
    assert last.health.state == "stopped", last.health.detail
    assert len(results) >= 75
    located = [m for m in results if m.pose is not None]
    assert len(located) >= 45
    for message in located:
        assert message.pose is not None
        true_deg = 80.0 + (message.tracks.t_utc_us - T0_US) / 1e6 * FPS
        assert (message.pose.azimuth_deg - true_deg + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1.7)
    for message in results:
        if message.pose is None:
            assert message.tracks.no_georeference
            assert len(message.tracks) == 0


def test_telemetry_by_another_clock_is_not_used(tmp_path: Path) -> None:
    """The camera's clock is years behind the station's: a pose of the aircraft can only be wrong for its pictures."""
    path = tmp_path / "stream.ts"
    path.write_bytes(multiplex(changed(shots(20), range(20), with_klv(lambda n: metadata(n, drop=13)))))
    poses = [replace(fakes.camera_pose(T0_US + i * 100_000), source="vehicle") for i in range(20)]
    live = run(make_source=lambda _: open_video(path), poses=poses)
    assert not [m for m in live if isinstance(m, TracksMessage) and m.pose is not None]
    recorded = run(make_source=lambda _: open_video(path), poses=poses, url="/recorded.ts")
    assert [m for m in recorded if isinstance(m, TracksMessage) and m.pose is not None]


def test_what_no_part_can_make_sense_of_is_passed_over() -> None:
    class Choosy(fakes.BlobDetector):
        count = 0

        def detect(self, image_bgr: Any) -> Any:
            self.count += 1
            if self.count % 2:
                raise ValueError("a picture of no size")
            return super().detect(image_bgr)

    messages = run(frames=3, make_detector=lambda _: Choosy())
    assert [m.health.state for m in messages if isinstance(m, HealthMessage)][-1] == "stopped"


def healths(messages: Sequence[Any]) -> list[HealthMessage]:
    return [m for m in messages if isinstance(m, HealthMessage)]


def test_the_camera_bias_is_told_where_it_is_watched() -> None:
    watched = healths(run(frames=3, watch_bias=True))[-1].health
    assert watched.camera_bias.startswith("camera bias unknown")
    assert "not applied" in watched.camera_bias
    assert healths(run(frames=3))[-1].health.camera_bias == ""


def test_the_offset_between_the_clocks_is_taken_off_telemetry() -> None:
    """The aircraft's clock is a quarter of a second fast, and it turns 40 deg/s."""

    def poses(offset_s: float) -> list[CameraPose]:
        now_us = time.time_ns() // 1000 - 1_000_000
        times = [now_us + i * 100_000 for i in range(60)]
        turning = [replace(fakes.camera_pose(t), azimuth_deg=(40.0 * t / 1e6) % 360.0, source="vehicle") for t in times]
        return [replace(p, t_utc_us=p.t_utc_us + round(offset_s * 1e6)) for p in turning]

    for told_s, wrong_deg in ((0.25, 0.0), (0.0, -10.0)):
        messages = run(frames=3, make_source=fakes.video_without_pose, poses=poses(0.25), time_offset_s=told_s)
        for message in (m for m in messages if isinstance(m, TracksMessage)):
            assert message.pose is not None
            true_deg = 40.0 * message.tracks.t_utc_us / 1e6
            error_deg = (message.pose.azimuth_deg - true_deg + 180.0) % 360.0 - 180.0
            assert error_deg == pytest.approx(wrong_deg, abs=0.5)


def test_the_offset_is_taken_off_metadata_once(tmp_path: Path) -> None:
    path = tmp_path / "stream.ts"
    path.write_bytes(multiplex(shots(20)))
    for offset_s in (0.0, -0.15):
        # The real source, with the worker's settings.
        messages = run(make_source=None, url=str(path), time_offset_s=offset_s)
        located = [m for m in messages if isinstance(m, TracksMessage) and m.pose is not None]
        # The first ones have no metadata from before them, and only the nearest pose.
        for message in located[2:]:
            assert message.pose is not None
            true_deg = 80.0 + ((message.tracks.t_utc_us - T0_US) / 1e6 + offset_s) * FPS
            assert message.pose.azimuth_deg == pytest.approx(true_deg, abs=0.05)
        assert len(located) >= 10


def test_a_calibration_that_is_not_there_is_said_clearly(tmp_path: Path) -> None:
    last = run(calibration_path=str(tmp_path / "lens.toml"))[-1]
    assert last.health.state == "failed"
    assert "lens.toml: camera calibration cannot be read" in last.health.detail


def test_a_calibration_of_other_pictures_keeps_them_off_the_map(tmp_path: Path) -> None:
    lens = tmp_path / "lens.toml"
    lens.write_text("width = 640\nheight = 480\nfx = 554\nfy = 554\ncx = 319.5\ncy = 239.5\ndistortion = []\n")
    messages = run(frames=3, calibration_path=str(lens))
    results = [m for m in messages if isinstance(m, TracksMessage)]
    assert all("does not fit the camera calibration" in m.tracks.no_georeference for m in results)
    lens.write_text(
        "width = 640\nheight = 360\nfx = 554.3\nfy = 554.3\ncx = 319.5\ncy = 179.5\ndistortion = [-0.1, 0.02]\n"
    )
    bent = [m for m in run(frames=3, calibration_path=str(lens)) if isinstance(m, TracksMessage)]
    assert all(m.pose is not None for m in bent)
