"""What our own people report of themselves: from the bus to the vision worker, which learns the camera's bias by it."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from typing import Any

import cv2
import pytest

from groundstation.core.bus import Bus
from groundstation.core.records import FriendKind, FriendPosition
from groundstation.core.topics import FRIEND_POSITION
from groundstation.video.own_devices import OwnDevices
from tests.unit.video import fakes
from vision.exchange import Exchange
from vision.known_devices import DeviceReport
from vision.records import Frame, PoseSigma
from vision.worker import run_worker
from vision.worker_messages import HealthMessage, WorkerSettings

T0_US = 1_700_000_000_000_000
STANDS = fakes.walker_en(T0_US)
LAT, LON = (float(v) for v in fakes.FRAME.from_plane(STANDS))
SIGMA = PoseSigma(0.5, 0.5, 4.0, 0.4, 0.4)


def friend(name: str, kind: FriendKind = "patrol", people: int = 1) -> FriendPosition:
    return FriendPosition(name, name, kind, T0_US, LAT, LON, 2.0, (0.5, 0.0), people)


def test_those_of_one_person_on_the_ground_are_passed_on_until_nobody_reads_them() -> None:
    bus = Bus()
    bus.publish(FRIEND_POSITION, friend("too early"))
    it = OwnDevices(bus)
    for told in (friend("p1"), friend("car", "vehicle"), friend("group", people=3), friend("uav", "drone")):
        bus.publish(FRIEND_POSITION, told)
    bus.publish(FRIEND_POSITION, friend("handset", "device"))
    assert [r.name for r in it.new()] == ["p1", "car", "handset"]
    bus.publish(FRIEND_POSITION, friend("p1"))
    assert it.new() == [DeviceReport("p1", T0_US, LAT, LON, 2.0, (0.5, 0.0))]
    it.close()
    bus.publish(FRIEND_POSITION, friend("p1"))
    assert it.new() == []


class _Standing(fakes.WalkerVideo):
    """Somebody stands there for five seconds, ten frames each, of a time of its own."""

    def __init__(self) -> None:
        super().__init__(with_pose=True)
        self._number = 0

    def next_frame(self, timeout_s: float) -> Frame | None:
        self._number += 1
        self.ended = self._number > 50
        if self.ended:
            return None
        shown = fakes.picture(self._number, T0_US, None)
        t_us = T0_US + self._number * 100_000
        return Frame(self._number, shown.image_bgr, t_us, shown.t_mono_ns, "klv", shown.pts_s, fakes.camera_pose(t_us))


def _standing(_: WorkerSettings) -> _Standing:
    return _Standing()


@pytest.fixture(autouse=True)
def _this_process_is_left_as_it_was() -> Iterator[None]:
    handler, threads = signal.getsignal(signal.SIGINT), cv2.getNumThreads()
    yield
    signal.signal(signal.SIGINT, handler)
    cv2.setNumThreads(threads)


def _bias_told(*reports: DeviceReport) -> str:
    """What a worker that got these reports says of the bias in the end."""
    ours, theirs = multiprocessing.Pipe()
    exchange = Exchange.create()
    for report in reports:
        ours.send(report)
    messages: list[Any] = []

    def listen() -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                messages.append(ours.recv())

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        run_worker(fakes.settings(make_source=_standing, watch_bias=True, pose_sigma=SIGMA), theirs, exchange.name)
    finally:
        listener.join(60.0)
        exchange.close()
        ours.close()
    return [m.health.camera_bias for m in messages if isinstance(m, HealthMessage)][-1]


def test_a_patrol_on_foot_tells_the_camera_its_azimuth() -> None:
    assert "azimuth" not in _bias_told()
    assert "azimuth" in _bias_told(DeviceReport("p1", T0_US + 1_000_000, LAT, LON, 2.0, (0.0, 0.0)))
