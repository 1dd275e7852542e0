"""The log book finds what was, and an incident's file says what is there and what is missing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.app.shift_desk import ShiftDesk
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.bus import Bus
from groundstation.core.errors import ConfigError, StoreError
from groundstation.core.records import PlanStatus, VehicleId
from groundstation.store import StoreService
from groundstation.store.log_book import folded
from tests.unit.alerts.test_verdict_labels import beside
from tests.unit.evidence.footage import T_US, Scene, clip_of
from tests.unit.store.records import FakeClock, incident

DAY_US = 86_400_000_000


class Station:
    def __init__(self, folder: Path) -> None:
        self.folder, self.bus, self.clock = folder, Bus(), FakeClock(T_US)
        self.store = StoreService(self.bus, folder, "f1", self.clock)
        self.store.start()
        self.desk = ShiftDesk(folder, self.clock, self.store.keep_act)

    def lines(self, words: str = "", from_us: int = 0, to_us: int = T_US + DAY_US) -> list[str]:
        return [f"{e.kind} {e.who} {e.text}" for e in self.desk.entries(from_us, to_us, words).result(10)]


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    made = Station(tmp_path)
    yield made
    made.desk.close()
    made.store.stop()


def test_the_log_book_holds_all_kinds_in_order_and_is_searched_without_accents(station: Station) -> None:
    station.bus.publish(
        topics.INCIDENT, incident(t_utc_us=T_US + 1, t_raised_utc_us=T_US + 2_000_000, text="Person crossed")
    )
    station.store.record_action("anna", "start", "1.1")
    plan = PlanStatus(VehicleId(1), T_US + 1_000_000, "in_force", "patrol A")
    station.bus.publish(topics.PLAN_STATUS, plan)
    station.store.keep_act(
        AlertAct("v", "i1", T_US + 3_000_000, "bert", "verdict", "own_patrol", "Żółw patrol")
    ).result(60.0)
    station.clock.t_utc_us = T_US + 4_000_000
    station.desk.write("anna", "  Radio check with Łódź post ").result(60.0)
    assert station.store.flush()
    assert station.lines() == [
        "flight  flight began",
        "order anna start",
        "plan  plan patrol A: in force",
        "incident  Person crossed",
        "act bert verdict: own patrol Żółw patrol",
        "note anna Radio check with Łódź post",
    ]
    assert station.lines("lodz RADIO") == ["note anna Radio check with Łódź post"]
    assert station.lines("zolw") == ["act bert verdict: own patrol Żółw patrol"]
    assert station.lines("radio patrol") == []
    assert [x.split()[0] for x in station.lines("", T_US + 2_000_000, T_US + 4_000_000)] == ["incident", "act"]
    assert folded("Straße Éire") == "strasse eire"


def test_an_entry_needs_a_name_and_words(station: Station) -> None:
    for operator, text in (("", "x"), ("anna", "  "), ("anna", "x" * 4001)):
        with pytest.raises(ConfigError):
            station.desk.write(operator, text)


def test_an_incidents_file_has_pictures_digests_and_what_is_missing(station: Station) -> None:
    scene = Scene()
    info = clip_of(scene, station.folder / "evidence" / "i1.ts")
    beside(info, [scene.looked(k) for k in range(24)])
    station.bus.publish(topics.INCIDENT, incident(t_utc_us=T_US + 1_200_000, evidence="evidence/i1.ts"))
    station.bus.publish(topics.INCIDENT, incident("i2"))
    station.store.keep_act(AlertAct("a", "i1", T_US, "anna", "acknowledge")).result(60.0)
    assert station.store.flush()
    file = station.desk.incident_file("i1").result(20)
    content = (station.folder / "evidence" / "i1.ts").read_bytes()
    assert file.clip_sha256 == hashlib.sha256(content).hexdigest()
    assert [a.kind for a in file.acts] == ["acknowledge"]
    assert file.pictures
    assert all(p.jpeg[:2] == b"\xff\xd8" for p in file.pictures)
    assert file.lacks == ("there is no evidence package (yet)",)
    assert "there is no clip" in station.desk.incident_file("i2").result(20).lacks
    with pytest.raises(ConfigError):
        station.desk.incident_file("i9").result(20)


def test_a_store_that_is_not_there_is_said(tmp_path: Path) -> None:
    desk = ShiftDesk(tmp_path / "nothing", FakeClock(), lambda act: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(StoreError):
        desk.entries(0, 1).result(10)
    desk.close()
    with pytest.raises(StoreError, match="was stopped"):  # a console that is still open may go on asking
        desk.entries(0, 1).result(10)
