"""The worker's loop, run inline on the other end of a real pipe."""

from __future__ import annotations

import multiprocessing
import signal
import threading
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
        listener.join(5.0)
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
