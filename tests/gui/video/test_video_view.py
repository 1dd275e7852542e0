"""The video as an operator sees it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundstation.console import theme
from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.settings import ConsoleSettings
from groundstation.console.video.view import VideoView
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import Preview
from groundstation.core.video_records import Recording
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock
from tests.unit.console_video.test_ground import pose

SCALE = 0.5


class FakeVideo:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def start_recording(self, stream: str, operator: str) -> None:
        self.asked.append(f"start {stream} {operator}")

    def stop_recording(self, stream: str, operator: str) -> None:
        self.asked.append(f"stop {stream} {operator}")


class Bench:
    def __init__(self, qtbot: QtBot, folder: Path | None = None, with_recording: bool = True) -> None:
        self.qtbot, self.bus, self.clock = qtbot, Bus(), FakeClock()
        self.commands, self.bridge, self.selection = FakeVideo(), Bridge(self.bus), Selection()
        services = {"video": self.commands} if with_recording else {}
        context = ConsoleContext(
            self.bus, self.bridge, None, ConsoleSettings(), self.selection, r.make_area(), r.make_terrain(), folder,
            "anna", services=services,
        )  # fmt: skip
        self.view = VideoView(context, clock=self.clock)
        qtbot.addWidget(self.view)
        self.view.resize(700, 520)
        self.view.show()
        self.looked: list[tuple[float, float]] = []
        self.selection.look_at.connect(lambda lat, lon: self.looked.append((lat, lon)))

    def send(self, frame_id: int, stream: str = "cam1", grey: int = 90, boxes: bool = True, posed: bool = True) -> None:
        """A frame with its tracks, as the worker sends them."""
        image = np.full((360, 640, 3), grey, dtype=np.uint8)
        t_us, t_ns = self.clock.utc_us(), self.clock.mono_ns()
        if boxes:
            record = r.make_tracks([(0, 140)], frame_id)
            record = replace(record, stream=stream, tracks=replace(record.tracks, t_utc_us=t_us, t_mono_ns=t_ns))
            record = replace(record, pose=pose() if posed else None)
            self.bus.publish(topics.VIDEO_TRACKS, record)
        self.bus.publish(topics.PREVIEW, Preview(stream, frame_id, t_us, t_ns, image, SCALE))
        self.bridge.drain()

    def run(self, seconds: float, first: int = 0) -> None:
        for k in range(round(seconds * 5)):
            self.clock.now_s += 0.2
            self.send(first + k, grey=(first + k) % 200)

    def count(self, name: str, widget: QWidget | None = None) -> int:
        """Pixels of a colour of the theme."""
        picture = (widget or self.view).grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        bits = picture.constBits()
        assert bits is not None
        bits.setsize(picture.height() * picture.bytesPerLine())
        rgb = np.frombuffer(bits, np.uint8).reshape(picture.height(), -1)[:, : 3 * picture.width()]
        wanted = theme.colour(name)
        near = np.abs(rgb.reshape(-1, 3).astype(int) - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=-1) < 12
        return int(near.sum())


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_boxes_border_and_fences_are_those_of_the_frame(bench: Bench) -> None:
    bench.send(1)
    assert bench.count("own") > 20
    assert bench.count("border_line") > 100
    bench.view.boxes.click()
    bench.view.lines.click()
    assert (bench.count("own"), bench.count("border_line")) == (0, 0)
    bench.view.boxes.click()
    bench.view.lines.click()
    bench.clock.now_s += 0.1
    bench.send(2, boxes=False)  # its tracks have not come: nothing of frame 1 is drawn on it
    assert (bench.count("own"), bench.count("border_line")) == (0, 0)
    picture = bench.view.pictures["cam1"]
    bench.qtbot.mouseMove(picture, QPoint(300, 200))
    picture._look_up(QPointF(300, 200))
    assert "have not come" in picture.place_text


def test_tracks_that_come_two_at_once_are_both_kept_for_their_pictures(bench: Bench) -> None:
    t_us = bench.clock.utc_us()
    for frame_id in (1, 2):
        record = r.make_tracks([(0, 140)], frame_id)
        tracks = replace(record.tracks, t_utc_us=t_us + frame_id)
        bench.bus.publish(topics.VIDEO_TRACKS, replace(record, tracks=tracks, pose=pose()))
    image = np.full((360, 640, 3), 90, dtype=np.uint8)
    bench.bus.publish(topics.PREVIEW, Preview("cam1", 1, t_us + 1, bench.clock.mono_ns(), image, SCALE))
    bench.bridge.drain()
    assert bench.count("own") > 20


def test_an_old_picture_says_so_and_has_no_boxes(bench: Bench) -> None:
    bench.send(1)
    live = bench.count("alarm")
    bench.clock.now_s += 5.0
    bench.bridge.drain()
    assert bench.view.age_s() == pytest.approx(5.0)
    assert bench.count("alarm") > live + 50
    assert bench.count("own") == 0


def test_a_click_on_the_ground_asks_the_map_to_look_there(bench: Bench) -> None:
    bench.send(1)
    picture = bench.view.pictures["cam1"]
    target = picture.target()
    at = QPoint(round(target.left() + target.width() * 0.7), round(target.top() + target.height() * 0.6))
    bench.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at)
    assert len(bench.looked) == 1
    from groundstation.console.video.ground import ground_under, view_of

    view = view_of(pose(), 1280, 720)
    pixel = picture.to_picture(QPointF(at))
    assert view is not None
    assert pixel is not None
    place = ground_under(view, r.make_terrain(), *pixel)
    assert place is not None
    assert bench.looked[0] == pytest.approx((place.lat_deg, place.lon_deg))
    picture._look_up(QPointF(at))
    assert f"{place.lat_deg:.5f} N" in picture.place_text
    # A drag moves the picture and asks nothing.
    bench.qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=at)
    bench.qtbot.mouseMove(picture, at + QPoint(40, 10))
    picture._dragged = True
    bench.qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 10))
    assert len(bench.looked) == 1


def test_a_click_on_a_box_chooses_the_track(bench: Bench) -> None:
    bench.send(1)
    picture = bench.view.pictures["cam1"]
    target = picture.target()
    at = QPoint(round(target.left() + 306 * target.width() / 1280), round(target.top() + 262 * target.height() / 720))
    bench.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at)
    assert bench.selection.track == ("cam1", 1)


def test_without_a_pose_there_is_no_place_and_it_is_said(bench: Bench) -> None:
    bench.send(1, posed=False)
    picture = bench.view.pictures["cam1"]
    bench.qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    picture._look_up(QPointF(300, 200))
    assert bench.looked == []
    assert "no camera pose" in picture.place_text
    assert bench.count("border_line") == 0


def test_zoom_keeps_what_is_under_the_pointer_and_a_double_click_ends_it(bench: Bench) -> None:
    bench.send(1)
    picture = bench.view.pictures["cam1"]
    place = QPointF(200, 150)
    before = picture.to_picture(place)
    for _ in range(4):
        picture.zoom_at(place, 1.25)
    after = picture.to_picture(place)
    assert before is not None
    assert after is not None
    assert picture.zoom > 2
    assert np.abs(np.subtract(after, before)).max() < 1.0
    for _ in range(30):
        picture.zoom_at(place, 1.25)
    assert picture.zoom == 8.0
    bench.qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert picture.zoom == 1.0


def test_a_step_back_is_marked_and_live_goes_on(bench: Bench) -> None:
    bench.run(40.0)
    view, picture = bench.view, bench.view.pictures["cam1"]
    assert view.is_live
    for _ in range(4):
        view.back.click()
    assert not view.is_live
    bench.bridge.drain()
    shown = picture.shown
    assert shown is not None
    assert not shown.live
    assert shown.frame_id == pytest.approx(99, abs=2)
    assert shown.age_s == pytest.approx(20.0, abs=0.5)
    assert shown.tracks is not None  # with its own boxes
    assert shown.tracks.tracks.frame_id == shown.frame_id
    assert bench.count("caution") > 2000  # the bar NOT LIVE and the frame
    assert view.lag.text() == "20 s back"
    bench.run(5.0, first=200)  # time goes on in both
    assert picture.shown is not None
    assert picture.shown.frame_id == pytest.approx(124, abs=2)
    assert view.streams["cam1"].live().frame_id == 224  # type: ignore[union-attr]
    view.pause.click()
    stood = picture.shown.frame_id
    bench.run(3.0, first=225)
    assert picture.shown.frame_id == pytest.approx(stood, abs=1)
    assert view.lag.text() == "23 s back"
    view.live.click()
    assert view.is_live
    assert picture.shown.live
    assert bench.count("caution") < 500


def test_several_streams_one_at_a_time_or_all(bench: Bench) -> None:
    bench.send(1, "cam1")
    assert bench.view.tabs.isHidden()
    bench.send(1, "cam2", grey=10)
    bench.send(1, "cam3", grey=20)
    view = bench.view
    assert [view.tabs.tabText(i) for i in range(view.tabs.count())] == ["cam1", "cam2", "cam3"]
    assert [n for n, p in view.pictures.items() if not p.isHidden()] == ["cam1"]
    view.tabs.setCurrentIndex(1)
    assert [n for n, p in view.pictures.items() if not p.isHidden()] == ["cam2"]
    view.all.click()
    assert [n for n, p in view.pictures.items() if not p.isHidden()] == ["cam1", "cam2", "cam3"]
    assert view.chosen() == "cam2"
    # The lamp is told the worst of them.
    bench.clock.now_s += 3.0
    bench.send(2, "cam1")
    assert view.age_s() == pytest.approx(3.0)


def test_the_record_button_shows_what_the_station_does(bench: Bench) -> None:
    assert not bench.view.record.isEnabled()
    bench.send(1)
    bench.view._refresh()
    bench.view.record.click()
    assert bench.commands.asked == ["start cam1 anna"]
    assert not bench.view.record.isChecked()
    bench.bus.publish(topics.RECORDING, Recording("REC-1", "cam1", "recording", bench.clock.utc_us()))
    bench.bridge.drain()
    assert bench.view.record.isChecked()
    assert "RECORDING" in bench.view.pictures["cam1"].recording_text
    bench.view.record.click()
    assert bench.commands.asked[-1] == "stop cam1 anna"
    done = Recording("REC-1", "cam1", "ended", 1, 2, ("recordings/a.ts",), "the last 2.0 s are missing")
    bench.bus.publish(topics.RECORDING, done)
    bench.bridge.drain()
    assert not bench.view.record.isChecked()
    assert "1 files the last 2.0 s are missing" in bench.view.said.text()


def test_recording_without_the_service_is_grey_and_says_why(qtbot: QtBot) -> None:
    bench = Bench(qtbot, with_recording=False)
    bench.send(1)
    bench.view._refresh()
    assert not bench.view.record.isEnabled()
    assert "did not hand over" in bench.view.record.toolTip()


def test_a_snapshot_has_the_picture_as_received_and_its_data(qtbot: QtBot, tmp_path: Path) -> None:
    bench = Bench(qtbot, tmp_path)
    bench.send(7, grey=77)
    bench.view._refresh()
    bench.view.palette_box.setCurrentIndex(3)
    bench.view.snapshot.click()
    bench.view.snapshot.click()
    one, two = sorted((tmp_path / "snapshots").iterdir(), key=lambda p: len(p.name))
    assert two.name.endswith("-2.png")
    image = QImage(str(one))
    assert (image.width(), image.height() > 360) == (640, True)
    assert image.pixelColor(320, 180).getRgb()[:3] == (77, 77, 77)  # no palette, no box
    words = image.text("Description")
    for part in ("cam1", "frame 7", "AZ 12.0°", "HFOV 50.0°", "AIRCRAFT 1.1", "anna"):
        assert part in words
    (tmp_path / "snapshots" / one.name).unlink()
    assert "kept as" in bench.view.said.text()
