"""A picture gets the tracks of its own frame and no others; the last minute is kept and no more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from groundstation.console.video.palettes import NAMES, coloured
from groundstation.console.video.stream import VideoStream
from groundstation.core.records import Preview, VideoTracks
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock


class Bench:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.stream = VideoStream("cam1", self.clock)

    def preview(self, frame_id: int, grey: int = 90, age_s: float = 0.0) -> Preview:
        image = np.full((90, 160, 3), grey, dtype=np.uint8)
        age_us = int(age_s * 1e6)
        return Preview(
            "cam1", frame_id, self.clock.utc_us() - age_us, self.clock.mono_ns() - age_us * 1000, image, 0.125
        )

    def tracks(self, frame_id: int, t_utc_us: int) -> VideoTracks:
        record = r.make_tracks([(0, 140)], frame_id)
        return replace(record, tracks=replace(record.tracks, t_utc_us=t_utc_us))


def test_tracks_and_picture_meet_in_any_order() -> None:
    bench = Bench()
    first = bench.preview(1)
    record = bench.tracks(1, first.t_utc_us)
    bench.stream.on_tracks(record)
    bench.stream.on_preview(first)
    live = bench.stream.live()
    assert live is not None
    assert live.tracks is record
    bench.clock.now_s += 0.2
    second = bench.preview(2)
    bench.stream.on_preview(second)
    assert bench.stream.live().tracks is None  # type: ignore[union-attr]
    later = bench.tracks(2, second.t_utc_us)
    bench.stream.on_tracks(later)
    assert bench.stream.live().tracks is later  # type: ignore[union-attr]
    assert [k.tracks for k in bench.stream.ring] == [record, later]


@pytest.mark.parametrize(("frame_id", "off_us"), [(4, 0), (6, 0), (5, 40_000), (5, -3_000_000)])
def test_boxes_of_another_frame_or_another_worker_are_never_shown(frame_id: int, off_us: int) -> None:
    bench = Bench()
    picture = bench.preview(5)
    bench.stream.on_tracks(bench.tracks(frame_id, picture.t_utc_us + off_us))
    bench.stream.on_preview(picture)
    assert bench.stream.live().tracks is None  # type: ignore[union-attr]


def test_the_age_counts_on_and_a_set_clock_does_not_change_it() -> None:
    bench = Bench()
    assert bench.stream.age_s() == float("inf")
    bench.stream.on_preview(bench.preview(1, age_s=0.4))
    assert bench.stream.age_s() == pytest.approx(0.4)
    bench.clock.now_s += 3.0
    bench.clock.utc_step_us = -10_000_000
    assert bench.stream.age_s() == pytest.approx(3.4)


def test_a_minute_back_while_live_goes_on() -> None:
    bench = Bench()
    for k in range(900):
        bench.stream.on_preview(bench.preview(k, grey=k % 200))
        bench.clock.now_s += 0.1
    ring = list(bench.stream.ring)
    assert 59.0 < bench.stream.back_s() <= 60.2
    assert len(ring) <= 401
    past = bench.stream.past(30.0)
    assert past is not None
    assert not past.live
    assert past.age_s == pytest.approx(30.0, abs=0.25)
    assert abs(int(past.image_bgr[0, 0, 0]) - past.frame_id % 200) <= 3
    assert bench.stream.live().frame_id == 899  # type: ignore[union-attr]
    oldest = bench.stream.past(500.0)
    assert oldest is not None
    assert oldest.age_s < 61.0
    bench.clock.now_s += 7.0
    assert bench.stream.past(30.0).frame_id > past.frame_id  # type: ignore[union-attr]


def test_palettes_change_the_colours_and_not_the_picture() -> None:
    image = np.arange(256, dtype=np.uint8).reshape(16, 16).repeat(3).reshape(16, 16, 3)
    kept = image.copy()
    assert coloured(image, "as received") is image
    for name in NAMES[1:]:
        made = coloured(image, name)
        assert made.shape == image.shape
        brightness = made.astype(int).sum(axis=2).ravel()
        order = 1 if name != "black hot" else -1
        assert (np.diff(brightness)[::17] * order >= -3).all(), name
    assert (image == kept).all()
    assert (coloured(image, "black hot") == 255 - image).all()
