"""The whole window, every stream that can grow old: it is cut while all others go on, and what is shown is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.craft.debug_page import DebugPage
from groundstation.console.settings import ConsoleSettings
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.forecast_records import BreachAhead, FlightForecast
from groundstation.core.records import FriendPosition, PeerStatus, PlanStatus, Preview, VehicleId
from groundstation.core.safety_records import (
    CameraState,
    FenceReport,
    FenceVerdict,
    TrafficContact,
    TrafficPicture,
)
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock
from tests.unit.console_video.test_ground import pose

ONE = VehicleId(1, 1)
DEBUG_PAGE_ONLY = ("link_quality", "terrain_served", "peer_clock", "gateway_status", "track_pair")
"""Shown with its age on the page of all streams, and nowhere else."""
WITHOUT_AN_AGE = ("video_tracks", "friend_position", "remote_track")
"""They tell places: each place is as old as its record."""


class Bench:
    """A console that is drained by hand, on a clock that is moved by hand."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bus, self.clock = Bus(), FakeClock()
        area = r.make_area()
        self.plan = r.make_plan(area)
        self.window = ConsoleWindow(self.bus, None, area, r.make_terrain(), clock=self.clock)
        self.window.set_plan(self.plan)
        qtbot.addWidget(self.window)
        self.window.resize(1600, 940)
        self.window.show()
        self.window.map.go_to(r.LAUNCH[0], r.LAUNCH[1], 600.0)
        self.frame_id = 0
        self.once = PlanStatus(ONE, 0, "in_force", self.plan.name)

    def all_but(self, cut: str = "", drains: int = 1) -> None:
        """One record of each stream, made now, but none of one of them."""
        now_us, now_ns = self.clock.utc_us(), self.clock.mono_ns()
        self.frame_id += 1
        tracks = r.make_tracks([(0, 140), (20, 150)], self.frame_id)
        tracks = replace(
            tracks, pose=pose(t_utc_us=now_us), tracks=replace(tracks.tracks, t_utc_us=now_us, t_mono_ns=now_ns)
        )
        contact = TrafficContact(
            0x48A1B2, "SP-ABC", "light", *r.place(70, -20), 500.0, "amsl_geometric", 300.0, 50.0, 0.0, 1.0, 300.0, 90.0,
            20.0, 80.0, 40.0, "warning",
        )  # fmt: skip
        ahead = FlightForecast(ONE, now_us, (4.0, 2.0), (BreachAhead("edge", 9.0, 40.0, "box"),))
        image = np.full((360, 640, 3), 90, dtype=np.uint8)
        picture = Preview("cam1", self.frame_id, now_us, now_ns, image, 0.5, pose(t_utc_us=now_us))
        health = r.make_health()
        for topic, record in (
            (topics.VEHICLE_STATE, r.make_state(t_mono_ns=now_ns, t_utc_us=now_us)),
            (topics.PLAN_STATUS, self.once),
            (topics.FENCE_REPORT, FenceReport(ONE, now_us, (FenceVerdict("areas", "in_force", "kept"),))),
            (topics.FLIGHT_FORECAST, ahead),
            (topics.TRAFFIC, TrafficPicture(ONE, now_us, (contact,))),
            (topics.CAMERA_STATE, CameraState(ONE, now_us, holder="boris")),
            (topics.VIDEO_TRACKS, replace(tracks, stream="cam1")),
            (topics.PREVIEW, picture),
            (topics.STREAM_HEALTH, replace(health, stream="cam1")),
            (topics.FRIEND_POSITION, FriendPosition("f1", "patrol 3", "patrol", now_us, *r.place(-60, 20))),
            (topics.REMOTE_TRACK, replace(r.make_remote_track("b-1"), t_utc_us=now_us)),
            (topics.PEER_STATUS, PeerStatus("belmark", now_us, True, stored_seq=7)),
        ):
            if topic.name != cut:
                self.bus.publish(topic, record)
        for _ in range(drains):
            self.window.bridge.drain()

    def pass_without(self, cut: str, seconds: float) -> None:
        """So long all others go on; in steps that no stream is too old after."""
        steps = max(1, round(seconds / 1.5))
        for step in range(steps):
            self.clock.now_s += seconds / steps
            self.all_but(cut, 6 if step == steps - 1 else 1)

    # -- what is shown, in words ---------------------------------------------------------------------------------------

    def lamp(self, name: str) -> str:
        return f"{self.window.lamps[name].state} {self.window.lamps[name].word}"

    def row(self, column: str) -> str:
        return " ".join(self.window.aircraft.said(ONE)[column])

    def on_map(self, layer: str) -> str:
        return "\n".join(word.text for word in getattr(self.window.map, layer).words.words)

    @property
    def picture(self) -> Any:
        return self.window.video.pictures["cam1"]


@dataclass(frozen=True)
class Shown:
    """Something on the window that one stream is behind: how it reads, and words of it live and cut."""

    read: Callable[[Bench], str]
    live: str
    cut: str


SHOWN: dict[str, tuple[float, tuple[Shown, ...]]] = {
    "vehicle_state": (
        3.0,
        (
            Shown(lambda b: b.lamp("Battery"), "71 %", "off unknown"),
            Shown(lambda b: b.lamp("Flight"), "AUTO", "off unknown"),
            Shown(lambda b: b.lamp("Position"), "14 sats", "off unknown"),
            Shown(lambda b: b.row("flight"), "ok AUTO", "off was AUTO"),
            Shown(lambda b: b.row("link"), "ok", "alarm"),
            Shown(lambda b: b.on_map("aircraft"), "AUTO", "3 s old"),
            Shown(lambda b: str(b.window.view("flight").live), "True", "False"),
            Shown(lambda b: b.window.telemetry.title.text(), "1.1", "NOT LIVE"),
        ),
    ),
    "fence_report": (
        6.0,
        (Shown(lambda b: " ".join(b.window.map.fences.verdict()), "in_force in force", "NOT confirmed"),),
    ),
    "flight_forecast": (
        6.0,
        (Shown(lambda b: b.on_map("forecast"), "box: brake in 9 s", "6 s old"),),
    ),
    "traffic": (
        6.0,
        (
            Shown(lambda b: b.row("traffic"), "SP-ABC", "off not known"),
            Shown(lambda b: str(b.window.map.traffic.points.kind.tolist()), "[2]", "[3]"),
        ),
    ),
    "camera_state": (6.0, (Shown(lambda b: b.row("camera"), "boris", "off not known"),)),
    "video_tracks": (
        3.0,
        (
            Shown(lambda b: b.window.map.tracks.age_text(), "", "cam1 3 s old"),
            Shown(lambda b: b.on_map("tracks"), "1", "3 s old"),
            Shown(lambda b: b.on_map("footprint"), "", "cam1: 3 s old"),
            Shown(lambda b: str(b.picture.overlay is not None), "True", "False"),
            Shown(lambda b: b.picture.boxes_text, "", "NO BOXES: last analysed 3 s ago"),
        ),
    ),
    "preview": (
        3.0,
        (
            Shown(lambda b: str(b.picture.stale()), "False", "True"),
            Shown(lambda b: b.lamp("Video"), "ok", "alarm old 3 s"),
        ),
    ),
    "stream_health": (
        6.0,
        (
            Shown(lambda b: b.picture.state_text, "/s", "not known for 6 s"),
            Shown(lambda b: b.lamp("Video"), "ok", "alarm"),
        ),
    ),
    "friend_position": (40.0, (Shown(lambda b: b.on_map("friends"), "patrol 3", "40 s old"),)),
    "remote_track": (20.0, (Shown(lambda b: b.on_map("neighbour"), "belmark", "20 s old"),)),
    "peer_status": (
        11.0,
        (
            Shown(lambda b: b.window.neighbour.text(), "connected", "not known for 11 s"),
            Shown(lambda b: b.lamp("Neighbour"), "ok", "caution"),
        ),
    ),
}


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.window.close()


def test_every_stream_that_grows_old_is_looked_at_here() -> None:
    growing_old = {topic.name for topic in topics.ALL_TOPICS if topic.max_age_s > 0.0}
    assert growing_old | set(WITHOUT_AN_AGE) == set(SHOWN) | set(DEBUG_PAGE_ONLY)


@pytest.mark.parametrize("cut", sorted(SHOWN))
def test_a_stream_is_cut_and_nothing_of_it_looks_live(bench: Bench, cut: str) -> None:
    seconds, shown = SHOWN[cut]
    bench.all_but()
    bench.pass_without("", 1.0)
    before = {what: one.read(bench) for what, one in enumerate(shown)}
    for what, one in enumerate(shown):
        assert one.live in before[what], (what, before[what])
        assert one.cut not in before[what], (what, before[what])
    others = {name: [one.read(bench) for one in rest[1]] for name, rest in SHOWN.items() if name != cut}
    bench.pass_without(cut, seconds)
    for what, one in enumerate(shown):
        assert one.cut in one.read(bench), (what, one.read(bench))
    # And the others are what they were: it is this stream that is told as old, and not the window that stands still.
    for name, rest in SHOWN.items():
        if name != cut and name not in BEHIND.get(cut, ()):
            assert [one.live in one.read(bench) for one in rest[1]] == [True] * len(rest[1]), (name, others[name])
    bench.all_but()
    bench.pass_without("", 1.0)
    for what, one in enumerate(shown):
        assert one.cut not in one.read(bench), "and it is live again as soon as it is"
        assert one.live in one.read(bench), (what, one.read(bench))


BEHIND = {
    # An aircraft of which nothing is known keeps no fence, sees no traffic and meets none as far as anybody can say.
    "vehicle_state": ("fence_report", "traffic", "camera_state", "flight_forecast"),
    "preview": ("stream_health", "video_tracks"),  # both are read off the picture and its lamp
    "stream_health": ("preview",),
}


@pytest.mark.parametrize("name", DEBUG_PAGE_ONLY)
def test_what_only_the_page_of_all_streams_shows_is_stale_there(
    name: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = next(t for t in topics.ALL_TOPICS if t.name == name)
    bus = Bus()
    bridge = Bridge(bus)
    page = DebugPage(ConsoleContext(bus, bridge, None, ConsoleSettings(), Selection()))
    qtbot.addWidget(page)
    page.show()
    bus.publish(topic, SimpleNamespace(**dict.fromkeys(_KEYS, name)))
    row = topics.ALL_TOPICS.index(topic)

    def state() -> str:
        page.refresh()
        item = page.table.item(row, 4)
        assert item is not None
        return item.text()

    assert state() == "live"
    ahead_ns = page_time_ns() + round((topic.max_age_s + 1.0) * 1e9)
    monkeypatch.setattr("groundstation.console.craft.debug_page.time", SimpleNamespace(monotonic_ns=lambda: ahead_ns))
    assert state() == "STALE"


_KEYS = ("link", "system_id", "component_id", "vehicle_id", "peer", "name", "remote_track_id")


def page_time_ns() -> int:
    import time

    return time.monotonic_ns()
