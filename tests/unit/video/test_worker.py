"""The worker's loop, run inline on the other end of a real pipe."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from typing import Any

import cv2
import pytest

from tests.unit.video import fakes
from vision.exchange import Exchange
from vision.worker import run_worker
from vision.worker_messages import HealthMessage, Stop, TracksMessage


@pytest.fixture(autouse=True)
def _this_process_is_left_as_it_was() -> Iterator[None]:
    handler, threads = signal.getsignal(signal.SIGINT), cv2.getNumThreads()
    yield
    signal.signal(signal.SIGINT, handler)
    cv2.setNumThreads(threads)


def run(frames: int = 0, close_early: bool = False, **changes: Any) -> list[Any]:
    """Messages of a worker that is stopped after so many frames (or whose station goes away)."""
    ours, theirs = multiprocessing.Pipe()
    exchange = Exchange.create()
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
