"""A past time played again: in order, by its own clock, to and fro; and what it is read from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geofences.area import area_text
from groundstation.app.replay_player import Player, ReplayClock
from groundstation.app.replay_sources import KeptPeriod, Played
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.bus import Bus
from groundstation.link.tlog import TlogRecorder
from groundstation.store import StoreService
from groundstation.store.queries import AREA_DOCUMENT
from missions.mavlink import mavlink2
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import Sender, heartbeat

T0_US = 1_790_000_000_000_000
S_US = 1_000_000


class Shift:
    """Three minutes of a station: an aircraft in the tlog, a track, an incident at 60 s, acknowledged at 70 s."""

    def __init__(self, folder: Path) -> None:
        self.now_us = T0_US
        bus = Bus()
        store = StoreService(bus, folder, "flight-1", self)
        store.start()
        store.record_document(AREA_DOCUMENT, area_text(r.make_area()))
        recorder = TlogRecorder(folder / "flight.tlog")
        sender = Sender()
        for second in range(180):
            self.now_us = t_us = T0_US + second * S_US
            recorder.write(t_us, sender.packet(heartbeat(3, armed=True)), t_us * 1000)
            lat, lon = r.place(second, 0.0)
            place = mavlink2.MAVLink_global_position_int_message(
                second * 1000, round(lat * 1e7), round(lon * 1e7), 400_000, 100_000, 100, 0, 0, 9_000
            )
            recorder.write(t_us + 1, sender.packet(place), t_us * 1000)
            seen = r.make_tracks([(0.0, 100.0 + second)], second)
            tracks = replace(seen.tracks, t_utc_us=t_us, t_mono_ns=5)
            bus.publish(topics.VIDEO_TRACKS, replace(seen, tracks=tracks, t_published_utc_us=t_us + 300_000))
        incident = r.make_incident(
            1, t_utc_us=T0_US + 59 * S_US, t_raised_utc_us=T0_US + 60 * S_US, flight_id="flight-1"
        )
        seen = replace(incident, acknowledged_utc_us=T0_US + 70 * S_US, acknowledged_by="anna")
        bus.publish(topics.INCIDENT, seen)
        store.keep_act(AlertAct("a", "INC-0001", T0_US + 70 * S_US, "anna", "acknowledge"))
        recorder.close()
        assert store.stop()

    def mono_ns(self) -> int:
        return self.now_us * 1000

    def utc_us(self) -> int:
        return self.now_us


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("shift")
    Shift(made)
    return made


def test_what_was_kept_comes_in_order_and_says_what_is_missing(folder: Path) -> None:
    period = KeptPeriod(folder, T0_US + 30 * S_US, T0_US + 90 * S_US)
    played = list(period.records(T0_US + 30 * S_US))
    times = [p.t_utc_us for p in played]
    assert times == sorted(times)
    assert times[-1] < T0_US + 90 * S_US
    assert {p.topic.name for p in played} == {"vehicle_state", "video_tracks", "incident", "alert_act"}
    assert period.lacks == ("no_video", "no_neighbour", "no_age_map")
    area = period.area()
    assert area is not None
    assert len(area.border.points) == len(r.make_area().border.points)
    states = [p.record for p in played if p.topic is topics.VEHICLE_STATE]
    assert {s.mode for s in states} == {"AUTO"}
    assert all(s.armed and s.t_mono_ns == 1000 * s.t_utc_us for s in states), "ages count on the clock of the replay"
    assert states[0].t_utc_us < T0_US + 30 * S_US, "known at the first moment already"
    (incident,) = [p.record for p in played if p.topic is topics.INCIDENT]
    assert not incident.acknowledged_utc_us, "who saw it comes as an act, at its time"


def test_without_a_recording_aircraft_come_as_kept_once_a_second(folder: Path, tmp_path: Path) -> None:
    for path in folder.glob("*.db"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    period = KeptPeriod(tmp_path, T0_US, T0_US + 90 * S_US)
    assert "no_tlog" in period.lacks
    assert [p for p in period.records(T0_US) if p.topic is topics.VIDEO_TRACKS]


def test_at_a_time_when_the_station_did_not_run_there_is_nothing(folder: Path) -> None:
    period = KeptPeriod(folder, T0_US - 7200 * S_US, T0_US - 3600 * S_US)
    assert not period.flights
    assert not list(period.records(T0_US - 7200 * S_US))


class Told:
    """A period made of a list."""

    from_utc_us, to_utc_us = T0_US, T0_US + 100 * S_US

    def __init__(self) -> None:
        self.asked: list[int] = []

    def records(self, at_utc_us: int) -> Iterator[Played]:
        self.asked.append(at_utc_us)
        yield Played(T0_US + 10 * S_US, topics.INCIDENT, r.make_incident(1))
        for second in range(100):
            state = r.make_state(t_utc_us=T0_US + second * S_US)
            yield Played(state.t_utc_us, topics.VEHICLE_STATE, state, fading=True)
        yield Played(T0_US + 99 * S_US, topics.INCIDENT, r.make_incident(2))


class Stage:
    """A player and what is heard of it, by a clock that is set by hand."""

    def __init__(self) -> None:
        self.now_s, self.period, self.bus = 0.0, Told(), Bus()
        self.clock = ReplayClock(T0_US)
        self.incidents = self.bus.subscribe(topics.INCIDENT)
        self.player = Player(self.bus, self.clock, self.period, lambda: self.now_s)

    def run(self, seconds: float, step_s: float = 0.25) -> float:
        """Let so much real time pass; where the replay is then, s."""
        for _ in range(round(seconds / step_s)):
            self.now_s += step_s
            self.player.step()
            until_s = time.monotonic() + 20.0
            while self.player.waits and time.monotonic() < until_s:
                time.sleep(0.002)
                self.player.step()
        return (self.clock.utc_us() - T0_US) / 1e6

    def state_s(self) -> float:
        state = self.bus.latest(topics.VEHICLE_STATE, r.VEHICLE)
        assert state is not None
        return (state.t_utc_us - T0_US) / 1e6


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.player.close()


def test_time_passes_only_while_it_plays_and_as_fast_as_asked(stage: Stage) -> None:
    stage.player.seek(T0_US + 5 * S_US)
    assert stage.run(3.0) == 5.0
    stage.player.playing = True
    assert stage.run(3.0) == pytest.approx(8.0, abs=0.6)
    assert not stage.incidents.drain()
    stage.player.speed = 10.0
    here = stage.run(2.0)
    assert here == pytest.approx(28.0, abs=3.0)
    assert stage.state_s() == int(here)
    assert [i.incident_id for i in stage.incidents.drain()] == ["INC-0001"]
    assert stage.run(10.0) == 100.0
    assert stage.player.at_end
    assert not stage.player.playing


def test_to_seek_tells_what_had_happened_and_how_things_are_there(stage: Stage) -> None:
    stage.player.seek(T0_US + 50 * S_US)
    stage.player.playing = True
    stage.run(0.5)
    assert stage.state_s() >= 50
    assert [i.incident_id for i in stage.incidents.drain()] == ["INC-0001"]
    stage.player.seek(T0_US + 500 * S_US)
    assert stage.run(0.5) == 100.0, "not beyond the period"
    assert stage.period.asked == [T0_US + 50 * S_US, T0_US + 100 * S_US]


def test_the_clock_never_runs_ahead_of_what_was_read(stage: Stage) -> None:
    """Else an aircraft whose record is still being read would look lost."""
    stage.player.playing = True
    stage.now_s += 0.4
    stage.player.step()  # nobody reads yet
    assert stage.player.waits
    assert stage.clock.utc_us() == T0_US
