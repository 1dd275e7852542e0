"""The console as an operator uses it: what it shows and what its buttons do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from pytestqt.qtbot import QtBot

from groundstation.console import theme
from groundstation.console.video.view import VideoView
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import (
    CommandOutcome,
    CommandResult,
    Fault,
    FenceState,
    PlanStatus,
    StationFault,
    VehicleId,
)
from missions.plan import Plan
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock
from vision.records import GroundTracks


class FakeCommands:
    """Notes what was asked for and answers at once."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def _answer(self, name: str) -> Future[CommandOutcome]:
        self.asked.append(name)
        future: Future[CommandOutcome] = Future()
        future.set_result(CommandOutcome(CommandResult.DENIED, "PreArm: Need Position Estimate"))
        return future

    def upload_plan(self, vehicle_id: VehicleId, plan: Plan) -> Future[PlanStatus]:
        self.asked.append(f"upload {plan.name}")
        future: Future[PlanStatus] = Future()
        future.set_result(r.make_plan_status())
        return future

    def start_mission(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        return self._answer("start")

    def pause(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        return self._answer("pause")

    def resume(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        return self._answer("resume")

    def return_to_launch(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        return self._answer("return")

    def acknowledge(self, incident_id: str, operator: str) -> None:
        self.asked.append(f"acknowledge {incident_id} by {operator}")


class Bench:
    """A console with a bus and commands to look at."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.bus, self.commands = qtbot, Bus(), FakeCommands()
        area = r.make_area()
        self.window = ConsoleWindow(self.bus, self.commands, area, r.make_terrain(), operator="anna")
        self.window.set_plan(r.make_plan(area))
        qtbot.addWidget(self.window)
        self.window.start()
        self.window.show()

    def lamp(self, name: str) -> str:
        self.window.bridge.drain()
        return self.window.lamps[name].word


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.window.close()


def test_lamps_say_what_the_aircraft_says(bench: Bench) -> None:
    assert bench.lamp("Link") == "no data"
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state())
    assert bench.lamp("Link") == "alive"
    assert bench.lamp("Battery") == "71 %"
    # A fence that the aircraft keeps but that was never verified is not told as ours.
    assert bench.lamp("Fence") == "on, not ours"
    bench.bus.publish(topics.PLAN_STATUS, r.make_plan_status())
    assert bench.lamp("Fence") == "in force"
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state(fence=FenceState(True, True, False, breached=True)))
    assert bench.lamp("Fence") == "BREACHED"
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state(fence=FenceState()))
    assert bench.lamp("Fence") == "NOT in force"


def test_an_old_state_is_never_shown_as_live(bench: Bench) -> None:
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state(t_mono_ns=time.monotonic_ns() - 9_000_000_000))
    assert bench.lamp("Link").startswith("LOST 9")
    assert bench.lamp("Fence") == "unknown"
    assert bench.lamp("Battery") == "unknown"


def test_stale_video_says_so(bench: Bench) -> None:
    bench.bus.publish(topics.STREAM_HEALTH, r.make_health())
    assert (bench.lamp("Video"), bench.window.lamps["Video"].state) == ("no data", "alarm")  # told of, not seen
    bench.bus.publish(topics.PREVIEW, r.make_preview())
    assert bench.lamp("Video") == "7/s"
    bench.bus.publish(topics.STREAM_HEALTH, r.make_health(state="no_signal", detail="nothing for 3 s"))
    assert bench.lamp("Video") == "no signal"


def test_alert_is_acknowledged_by_its_button_and_only_then_calm(bench: Bench) -> None:
    for number in (1, 2):
        bench.bus.publish(topics.INCIDENT, r.make_incident(number))
    bench.window.bridge.drain()
    alerts = bench.window.alerts
    assert alerts.open_count() == 2
    assert alerts.ids() == ["INC-0001", "INC-0002"]
    alerts.choose("INC-0001")
    button = alerts.detail.ack
    bench.qtbot.waitUntil(button.isEnabled, timeout=60_000)  # it can be pressed a moment after the choice
    bench.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bench.commands.asked == ["acknowledge INC-0001 by anna"]
    # The list changes when the station says so, not when the button was pressed.
    assert alerts.open_count() == 2
    bench.bus.publish(topics.INCIDENT, r.make_incident(1, acknowledged_utc_us=1, acknowledged_by="anna"))
    bench.window.bridge.drain()
    assert alerts.open_count() == 1
    assert alerts.ids() == ["INC-0002", "INC-0001"]
    assert bench.window.windowTitle().startswith("(1) ")


def test_an_alarm_comes_first_then_a_call_for_help_then_a_notice_and_each_has_its_sentence(bench: Bench) -> None:
    notice = r.make_incident(1, kind="group", direction="", urgency="notice", text="Group of 5 <moving>")
    help_call = r.make_incident(3, kind="person_down", direction="", urgency="help", text="Help may be needed: person")
    for incident in (notice, r.make_incident(2), help_call):
        bench.bus.publish(topics.INCIDENT, incident)
    bench.window.bridge.drain()
    alerts = bench.window.alerts
    assert alerts.ids() == ["INC-0002", "INC-0003", "INC-0001"]
    for incident_id, words in (
        ("INC-0003", ("CALL FOR HELP", "Help may be needed: person")),
        ("INC-0001", ("WATCH", "Group of 5 &lt;moving&gt;")),
        ("INC-0002", ("ALARM", "person, Belmark → Arvenia")),
    ):
        alerts.choose(incident_id)
        for word in words:
            assert word in alerts.detail.head.text()


def test_what_moves_the_aircraft_must_be_held(bench: Bench) -> None:
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state())
    bench.window.bridge.drain()
    button = bench.window.controls.return_home
    bench.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert bench.commands.asked == []
    with bench.qtbot.waitSignal(button.confirmed, timeout=60_000):
        bench.qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    bench.qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert bench.commands.asked == ["return"]


def test_refusal_is_shown_with_the_aircrafts_own_words(bench: Bench) -> None:
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state())
    bench.window.bridge.drain()
    bench.qtbot.mouseClick(bench.window.controls.pause, Qt.MouseButton.LeftButton)
    outcome = bench.window.controls._outcome
    bench.qtbot.waitUntil(lambda: "Need Position Estimate" in outcome.text(), timeout=60_000)
    assert "denied" in outcome.text()


def test_patrol_cannot_be_started_before_the_plan_is_in_force(bench: Bench) -> None:
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state(armed=False, mode="STABILIZE"))
    bench.window.bridge.drain()
    controls = bench.window.controls
    assert controls.upload.isEnabled()
    assert not controls.start.isEnabled()
    bench.qtbot.mouseClick(controls.upload, Qt.MouseButton.LeftButton)
    assert bench.commands.asked == ["upload patrol A"]
    for phase, enabled in (("reading_back", False), ("in_force", True), ("failed", False)):
        bench.bus.publish(topics.PLAN_STATUS, r.make_plan_status(phase))
        bench.window.bridge.drain()
        assert controls.start.isEnabled() is enabled, phase


def test_map_shows_tracks_incidents_and_the_neighbours(bench: Bench) -> None:
    bench.bus.publish(topics.VIDEO_TRACKS, r.make_tracks([(0, 140), (30, 160)]))
    bench.bus.publish(topics.REMOTE_TRACK, r.make_remote_track())
    bench.bus.publish(topics.INCIDENT, r.make_incident(1))
    bench.window.bridge.drain()
    view = bench.window.map
    assert len(view.tracks.points.xy) == 2
    assert len(view.neighbour.points.xy) == 1
    assert len(view.incidents.points.xy) == 1
    bench.bus.publish(topics.VIDEO_TRACKS, r.make_tracks([]))
    bench.window.bridge.drain()
    assert len(view.tracks.points.xy) == 0


def test_a_track_that_left_the_shared_area_is_not_shown_as_live(bench: Bench) -> None:
    track = r.make_remote_track()
    bench.bus.publish(topics.REMOTE_TRACK, track)
    bench.window.bridge.drain()
    assert len(bench.window.map.neighbour.points.xy) == 1
    bench.bus.publish(topics.REMOTE_TRACK, replace(track, state="left_area"))
    bench.window.bridge.drain()
    assert len(bench.window.map.neighbour.points.xy) == 0


def test_click_on_map_button_centres_the_incident(bench: Bench) -> None:
    incident = r.make_incident(1)
    bench.bus.publish(topics.INCIDENT, incident)
    bench.window.bridge.drain()
    bench.window.alerts.choose(incident.incident_id)
    bench.qtbot.mouseClick(bench.window.alerts.detail.map, Qt.MouseButton.LeftButton)
    x_range, y_range = bench.window.map._view.viewRange()
    from groundstation.console.map.projection import to_lat_lon

    lat, lon = to_lat_lon(np.mean(x_range), np.mean(y_range))
    assert abs(float(lat) - incident.lat_deg) < 1e-5
    assert abs(float(lon) - incident.lon_deg) < 1e-5


def test_station_fault_is_shown_with_what_to_do_and_goes_again(bench: Bench) -> None:
    fault = Fault("disk", "critical", "The disk is full", "Make room")
    bench.bus.publish(topics.STATION_FAULT, StationFault("store", fault, True, 1))
    bench.window.bridge.drain()
    shown = bench.window.telemetry._faults
    assert "The disk is full" in shown.text()
    assert "Make room" in shown.text()
    bench.bus.publish(topics.STATION_FAULT, StationFault("store", fault, False, 2))
    bench.window.bridge.drain()
    assert shown.text() == ""


def test_video_draws_boxes_at_their_own_frame_only(bench: Bench) -> None:
    def amber_pixels() -> int:
        bench.window.bridge.drain()
        picture = bench.window.video.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        width, height = picture.width(), picture.height()
        bits = picture.constBits()
        assert bits is not None
        bits.setsize(height * picture.bytesPerLine())
        rgb = np.frombuffer(bits, np.uint8).reshape(height, -1)[:, : 3 * width].reshape(height, width, 3).astype(int)
        wanted = theme.colour(theme.OWN_TRACK)
        near = np.abs(rgb - [wanted.red(), wanted.green(), wanted.blue()]).max(axis=-1) < 12
        return int(near.sum())

    record = r.make_tracks([(0, 140)], frame_id=1)
    bench.bus.publish(topics.PREVIEW, replace(r.make_preview(frame_id=1), t_utc_us=record.tracks.t_utc_us))
    bench.bus.publish(topics.VIDEO_TRACKS, record)
    assert amber_pixels() > 20
    bench.bus.publish(topics.PREVIEW, r.make_preview(frame_id=30))
    assert amber_pixels() == 0


def test_closing_the_console_leaves_the_bus_alone(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.window.close()
    for number in range(50):
        bench.bus.publish(topics.INCIDENT, r.make_incident(number))
    assert bench.window.alerts.open_count() == 0


def test_the_sides_are_named_on_their_own_sides_also_where_the_border_bends(bench: Bench) -> None:
    from geofences.border import BorderGeometry
    from groundstation.console.map.layers.ground import BorderLayer
    from groundstation.console.map.projection import to_lat_lon
    from groundstation.core.clock import SystemClock
    from sim.scenario import load_scenario
    from sim.world import World

    for seed in (5, 21, 33, 47):
        area = World(load_scenario("border_day"), seed).area()
        layer = BorderLayer(area, SystemClock())
        layer.on_tick()
        border = BorderGeometry.from_line(area.border, area.frame())
        for name, sign in ((area.border.left, 1), (area.border.right, -1)):
            (word,) = [w for w in layer.words.words if w.text.startswith(name.upper())]
            lat, lon = to_lat_lon(word.x, word.y)
            distance_m = float(border.locate(area.frame().to_plane(float(lat), float(lon))).signed_distance_m)
            assert 12 < sign * distance_m < 40, (seed, name, distance_m)


def _video_panel(bench: Bench) -> tuple[VideoView, FakeClock]:
    """A panel of its own, whose clock stands still: what it shows changes only by what it is told."""
    clock = FakeClock()
    panel = VideoView(bench.window.context, clock=clock)
    bench.qtbot.addWidget(panel)
    panel.resize(720, 520)
    panel.on_preview(replace(r.make_preview(frame_id=1), t_utc_us=clock.utc_us(), t_mono_ns=clock.mono_ns()))
    return panel, clock


def _pixels(panel: VideoView) -> np.ndarray:
    image = panel.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    bits = image.constBits()
    assert bits is not None
    bits.setsize(image.height() * image.bytesPerLine())
    return np.frombuffer(bits, np.uint8).reshape(image.height(), -1).astype(int)


def test_the_picture_tells_the_camera_bias_and_the_number_of_a_box_without_a_position(bench: Bench) -> None:
    panel, clock = _video_panel(bench)

    def rows_changed_by(act: Callable[[], None]) -> int:
        before = _pixels(panel)
        act()
        return int((np.abs(_pixels(panel) - before) > 40).any(axis=1).sum())

    def boxes(number: int) -> None:
        tracks = GroundTracks.empty(1, clock.utc_us(), 0, "no camera pose")
        tracks = replace(
            tracks, unlocated_xyxy=np.array([[60.0, 60.0, 80.0, 90.0]]), unlocated_track_id=np.array([number])
        )
        panel.on_tracks(replace(r.make_tracks([], frame_id=1), tracks=tracks))

    panel.on_health(r.make_health())
    boxes(-3)
    assert rows_changed_by(lambda: boxes(17)) >= 4
    assert rows_changed_by(lambda: None) == 0
    words = "camera bias azimuth +0.5 deg (sigma 0.2); applied"
    assert rows_changed_by(lambda: panel.on_health(r.make_health(camera_bias=words))) >= 4


def test_the_age_of_a_picture_is_not_moved_by_a_step_of_utc(bench: Bench) -> None:
    panel, clock = _video_panel(bench)
    clock.utc_step_us = -3_600_000_000  # set back after the picture came: it must go on ageing
    clock.now_s += 5.0
    assert panel.age_s() == pytest.approx(5.0)
    panel.on_preview(
        replace(
            r.make_preview(frame_id=2), t_utc_us=clock.utc_us() + 60_000_000, t_mono_ns=clock.mono_ns() - 800_000_000
        )
    )
    assert panel.age_s() == pytest.approx(0.8)  # the camera's clock is ahead: its receipt counts
