"""Each stream is cut, and nothing that came by it may go on looking live."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from groundstation.console.flight.camera import CameraPanel
from groundstation.console.flight.display import FlightDisplay
from groundstation.console.flight.strip import AircraftStrip
from groundstation.console.freshness import Held
from groundstation.console.panels.chooser import AircraftChooser
from groundstation.console.panels.neighbour import NeighbourPanel
from groundstation.console.panels.telemetry import TelemetryPanel
from groundstation.console.status_bar import StatusStrip
from groundstation.core import topics
from groundstation.core.records import PeerStatus, PlanStatus
from groundstation.core.safety_records import CameraState, FenceReport, FenceVerdict, TrafficPicture
from tests.gui.flight_bench import ONE, PanelBench
from tests.helpers import records as r


@pytest.fixture
def bench() -> PanelBench:
    made = PanelBench()
    made.context.selection.choose_vehicle(ONE)
    return made


def all_fresh(bench: PanelBench, but: str = "") -> None:
    """Everything comes once more, but one stream."""
    if but != "vehicle_state":
        bench.state(ONE)
    for topic, record in (
        (topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force", "patrol")),
        (topics.FENCE_REPORT, FenceReport(ONE, 0, (FenceVerdict("areas", "in_force", "kept"),))),
        (topics.TRAFFIC, TrafficPicture(ONE, 0)),
        (topics.CAMERA_STATE, CameraState(ONE, 0, holder="boris")),
        (topics.STREAM_HEALTH, r.make_health()),
        (topics.PEER_STATUS, PeerStatus("belmark", 0, True, stored_seq=7)),
    ):
        if topic.name != but:
            bench.tell(topic, record)


def test_the_aircrafts_state(bench: PanelBench, qtbot: QtBot) -> None:
    strip, display, panel = AircraftStrip(bench.context), FlightDisplay(bench.context), TelemetryPanel(bench.context)
    lamps = StatusStrip(bench.context, AircraftChooser(), lambda: 0.1, lambda: 0)
    for widget in (strip, display, panel, lamps):
        qtbot.addWidget(widget)
    all_fresh(bench)
    bench.drain(6)
    assert (display.live, panel.live) == (True, True)
    assert lamps.lamps["Battery"].word == "71 %"
    bench.clock.now_s += 2.5
    all_fresh(bench, but="vehicle_state")
    bench.drain(6)
    assert (display.live, panel.live) == (False, False)
    assert "NOT LIVE" in panel.title.text()
    for name in ("Flight", "Fence", "Battery", "Position"):
        assert (lamps.lamps[name].state, lamps.lamps[name].word) == ("off", "unknown")
    assert lamps.lamps["Link"].word.startswith("old")
    said = strip.said(ONE)
    assert all(said[name][0] == "off" and said[name][1].startswith("was ") for name in ("flight", "battery", "fence"))
    assert said["link"][0] == "alarm"
    bench.later(4.0)
    assert lamps.lamps["Link"].state == "alarm"
    # And it is live again as soon as it is.
    all_fresh(bench)
    bench.drain(6)
    assert (display.live, panel.live) == (True, True)
    assert strip.said(ONE)["flight"] == ("ok", "AUTO")


def test_a_state_that_still_comes_of_an_aircraft_that_is_not_heard(bench: PanelBench, qtbot: QtBot) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    bench.state(ONE, link_alive=False, heartbeat_age_s=12.0)
    bench.drain(6)
    assert strip.said(ONE)["link"] == ("alarm", "LOST 12 s")
    assert strip.said(ONE)["flight"] == ("off", "was AUTO")


@pytest.mark.parametrize(
    ("stream", "column", "live", "stale"),
    [
        ("fence_report", "fence", ("ok", "in force"), None),
        ("traffic", "traffic", ("ok", "clear"), ("off", "not known")),
        ("camera_state", "camera", ("ok", "boris"), ("off", "not known")),
    ],
)
def test_what_comes_beside_the_state(bench: PanelBench, qtbot: QtBot, stream, column, live, stale) -> None:
    strip = AircraftStrip(bench.context)
    qtbot.addWidget(strip)
    all_fresh(bench)
    strip.refresh()
    assert strip.said(ONE)[column] == live
    bench.clock.now_s += 6.0
    all_fresh(bench, but=stream)
    strip.refresh()
    if stale is not None:
        assert strip.said(ONE)[column] == stale
    else:
        # The aircraft's own flag is what is left: it is live, and says only that a fence is on.
        assert strip._aircraft[ONE].fence.live is False


def test_the_video_and_its_health(bench: PanelBench, qtbot: QtBot) -> None:
    ages = {"age": 0.1}
    lamps = StatusStrip(bench.context, AircraftChooser(), lambda: ages["age"], lambda: 0)
    qtbot.addWidget(lamps)
    all_fresh(bench)
    assert lamps.lamps["Video"].state == "ok"
    ages["age"] = 3.0
    bench.drain()
    assert (lamps.lamps["Video"].state, lamps.lamps["Video"].word) == ("alarm", "old 3 s")
    # The worker that tells the health is gone, whatever the picture's age says.
    ages["age"] = 0.1
    bench.clock.now_s += 6.0
    all_fresh(bench, but="stream_health")
    assert lamps.lamps["Video"].state == "alarm"


def test_the_neighbour(bench: PanelBench, qtbot: QtBot) -> None:
    panel = NeighbourPanel(bench.context)
    lamps = StatusStrip(bench.context, AircraftChooser(), lambda: 0.1, lambda: 0)
    qtbot.addWidget(panel)
    qtbot.addWidget(lamps)
    all_fresh(bench)
    assert "connected" in panel.text()
    assert lamps.lamps["Neighbour"].state == "ok"
    bench.clock.now_s += 11.0
    all_fresh(bench, but="peer_status")
    bench.drain(30)
    assert "not known for 11 s" in panel.text()
    assert "connected" not in panel.text()
    assert lamps.lamps["Neighbour"].state == "caution"


def test_the_camera_of_an_aircraft_that_is_not_heard(bench: PanelBench, qtbot: QtBot) -> None:
    panel = CameraPanel(bench.context)
    qtbot.addWidget(panel)
    all_fresh(bench)
    assert "1 ° from north" in panel.facts_text()
    assert panel.stick.isEnabled()
    bench.later(3.0)
    assert "from north" not in panel.facts_text()
    assert not panel.stick.isEnabled()


def test_a_step_of_the_machines_utc_makes_nothing_fresh(bench: PanelBench) -> None:
    held: Held[FenceReport] = Held(topics.FENCE_REPORT, bench.clock)
    held.put(FenceReport(ONE, bench.clock.utc_us()))
    bench.clock.now_s += 6.0
    bench.clock.utc_step_us = -3_600_000_000
    assert not held.live
    held.put(FenceReport(ONE, 0))
    bench.clock.utc_step_us = 3_600_000_000
    assert held.live
