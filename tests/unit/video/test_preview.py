"""The operator's picture is sent when it is decoded, in order, and not too often; one without a pose waits for its boxes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.helpers.damaged import multiplex, shots
from tests.unit.video import fakes
from tests.unit.video.test_worker import run
from vision.exchange import Exchange
from vision.frames import LivePicture, open_video
from vision.preview import PreviewSender, size_of
from vision.worker_messages import PreviewMessage, TracksMessage


class Bench:
    def __init__(self) -> None:
        self.exchange = Exchange.create()
        self.sent: list[PreviewMessage] = []
        self.sender = PreviewSender(self.exchange, self.sent.append, 320, 1000.0)

    def picture(self, number: int, t_ns: int, grey: int = 90) -> None:
        image = np.full((360, 640, 3), grey, dtype=np.uint8)
        decoded = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv420p")
        self.sender.picture(decoded, number, number * 1000, t_ns, fakes.camera_pose(number))

    def frame(self, number: int, t_ns: int) -> None:
        made = fakes.picture(number, 1_700_000_000_000_000, None)
        self.sender.frame(replace(made, t_mono_ns=t_ns), None)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.exchange.close()


def test_a_picture_is_made_small_and_carries_its_pose(bench: Bench) -> None:
    bench.picture(7, 1, grey=200)
    (message,) = bench.sent
    assert (message.frame_id, message.t_utc_us, message.scale) == (7, 7000, 0.5)
    assert message.pose == fakes.camera_pose(7)
    image = bench.exchange.read_picture(message.number)
    assert image is not None
    assert image.shape == (180, 320, 3)
    assert abs(int(image.mean()) - 200) <= 4


def test_an_analysed_frame_does_not_come_after_a_newer_picture(bench: Bench) -> None:
    bench.picture(3, 300)
    time.sleep(0.002)
    bench.frame(1, 100)
    bench.frame(3, 300)
    assert [m.frame_id for m in bench.sent] == [3]
    bench.frame(4, 400)
    assert [m.frame_id for m in bench.sent] == [3, 4]
    assert bench.sent[-1].pose is None


def test_no_more_than_so_many_a_second(bench: Bench) -> None:
    sender = PreviewSender(bench.exchange, bench.sent.append, 320, 0.5)
    for k in range(5):
        sender.frame(replace(fakes.picture(k, 1, None), t_mono_ns=k + 1), None)
    assert len(bench.sent) == 1


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(1280, 720, (960, 540)), (320, 240, (320, 240)), (720, 1280, (540, 960)), (4000, 2, (960, 1))],
)
def test_a_preview_fits_the_exchange(width: int, height: int, size: tuple[int, int]) -> None:
    assert size_of(width, height, 960)[0] == size


def test_a_watcher_sees_each_picture_of_a_live_stream_with_the_number_of_its_frame(tmp_path: Path) -> None:
    path = tmp_path / "stream.ts"
    path.write_bytes(multiplex(shots(20)))
    seen: list[LivePicture] = []
    reader = open_video(path)
    reader.live = True  # read as a stream would be, by the thread that watches
    reader.watch(seen.append)
    session_read = threading.Thread(target=reader._read_live, daemon=True)
    session_read.start()
    frame = None
    until_s = time.monotonic() + 20.0
    while len(seen) < 20 and time.monotonic() < until_s:
        frame = reader.next_frame(0.1) or frame
    reader._ended = True
    session_read.join(10.0)
    numbers = [p.frame_id for p in seen[:20]]
    assert numbers == list(range(numbers[0], numbers[0] + 20))
    assert all(p.pose is not None and p.time_source == "klv" for p in seen[2:20])
    assert frame is not None
    same = [p for p in seen if p.frame_id == frame.frame_id]
    assert [p.t_utc_us for p in same] == [frame.t_utc_us]


def test_a_stream_without_a_pose_shows_a_picture_when_its_boxes_are_there() -> None:
    messages: list[Any] = run(frames=4, make_source=fakes.video_without_pose)
    order = [type(m) for m in messages if isinstance(m, PreviewMessage | TracksMessage)]
    assert order[0] is TracksMessage
    previews = [m for m in messages if isinstance(m, PreviewMessage)]
    assert previews
    assert all(m.pose is None for m in previews)
