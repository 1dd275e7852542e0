"""Shared memory between the station and its worker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.unit.video.fakes import camera_pose
from vision.exchange import Exchange
from vision.records import PoseSigma


@pytest.fixture
def ends() -> Iterator[tuple[Exchange, Exchange]]:
    station = Exchange.create()
    worker = Exchange.attach(station.name)
    yield station, worker
    worker.close()
    station.close()
    station.close()  # twice is fine


def test_poses_come_once_in_order_and_whole(ends: tuple[Exchange, Exchange]) -> None:
    station, worker = ends
    sent = [
        replace(camera_pose(1_700_000_000_000_000 + i), azimuth_deg=float(i), sigma=PoseSigma(1, 2, 3, 4, i))
        for i in range(5)
    ]
    for pose in sent[:3]:
        station.write_pose(pose)
    assert worker.read_poses() == sent[:3]
    for pose in sent[3:]:
        station.write_pose(replace(pose, source="vehicle"))
    assert worker.read_poses() == [replace(p, source="vehicle") for p in sent[3:]]
    assert worker.read_poses() == []


def test_a_reader_that_slept_gets_the_newest_poses_only(ends: tuple[Exchange, Exchange]) -> None:
    station, worker = ends
    for i in range(500):
        station.write_pose(camera_pose(i))
    times = [p.t_utc_us for p in worker.read_poses()]
    assert times[-1] == 499
    assert times == list(range(times[0], 500))
    assert 50 < len(times) <= 64


def test_pictures(ends: tuple[Exchange, Exchange]) -> None:
    station, worker = ends
    rng = np.random.default_rng(1)
    images = [rng.integers(0, 255, (540 - i, 960, 3), dtype=np.uint8) for i in range(5)]
    numbers = [worker.write_picture(i) for i in images]
    assert station.read_picture(numbers[0]) is None  # overwritten: newest wins
    for number, image in zip(numbers[-3:], images[-3:], strict=True):
        got = station.read_picture(number)
        assert got is not None
        assert np.array_equal(got, image)
    with pytest.raises(ValueError, match="at most 960"):
        worker.write_picture(np.zeros((10, 961, 3), dtype=np.uint8))
