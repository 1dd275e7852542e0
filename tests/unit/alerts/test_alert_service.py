"""Acts on alerts: on the disk before they are told, read back after a kill, and nothing waits unseen."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from groundstation.app.alerts_setup import restore_alerts
from groundstation.core import topics
from groundstation.core.alert_records import THE_STATION, AlertAct
from groundstation.core.alert_state import fold
from groundstation.core.bus import Bus
from groundstation.core.errors import ConfigError, StoreError
from groundstation.core.records import RemoteIncident
from groundstation.incidents.alert_service import AlertService
from groundstation.incidents.procedures import default_procedures
from groundstation.store import StoreService, queries
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock
from tests.helpers.waiting import wait_until


class Desk:
    """A store that keeps at once, or holds everything back like a full disk."""

    def __init__(self, bus: Bus) -> None:
        self.bus, self.full = bus, False
        self.waiting: list[tuple[AlertAct, Future[AlertAct]]] = []

    def keep(self, act: AlertAct) -> Future[AlertAct]:
        future: Future[AlertAct] = Future()
        self.waiting.append((act, future))
        if not self.full:
            self.write()
        return future

    def write(self) -> None:
        for act, future in self.waiting:
            self.bus.publish(topics.ALERT_ACT, act)
            future.set_result(act)
        self.waiting = []


class Bench:
    def __init__(self) -> None:
        self.bus, self.clock = Bus(), FakeClock()
        self.desk = Desk(self.bus)
        self.service = AlertService(self.bus, self.clock, self.desk.keep, default_procedures(), ["belmark"])
        self.acts = self.bus.subscribe(topics.ALERT_ACT)
        self.acknowledged = self.bus.subscribe(topics.ACKNOWLEDGEMENT)

    def pass_time(self, seconds: float) -> None:
        self.clock.now_s += seconds
        self.service.step()


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.service.close()


def remote(incident_id: str = "b-1") -> RemoteIncident:
    return RemoteIncident("belmark", incident_id, "crossing", 5, 6, "person", "a->b", 49.0, 22.0, 8.0, "agreement-1")


def test_nothing_is_told_before_it_is_kept(bench: Bench) -> None:
    bench.bus.publish(topics.INCIDENT, r.make_incident(1))
    bench.service.step()
    bench.desk.full = True
    future = bench.service.acknowledge("INC-0001", "anna")
    bench.service.step()
    assert not future.done()
    assert (bench.acts.drain(), bench.acknowledged.drain(), bench.service.snapshot().acts) == ([], [], ())
    bench.desk.write()
    bench.service.step()
    assert future.result(0).operator == "anna"
    assert [a.incident_id for a in bench.acknowledged.drain()] == ["INC-0001"]
    assert [a.kind for a in bench.service.snapshot().acts] == ["acknowledge"]


def test_what_cannot_be_is_refused_and_leaves_nothing(bench: Bench) -> None:
    bench.bus.publish(topics.INCIDENT, r.make_incident(1))
    bench.service.step()
    service = bench.service
    for act in (
        lambda: service.acknowledge("INC-0009", "anna"),
        lambda: service.acknowledge("INC-0001", "  "),
        lambda: service.classify("INC-0001", "perhaps", "anna"),  # type: ignore[arg-type]
        lambda: service.tick("INC-0001", "crossing/dance", "anna"),
        lambda: service.note("INC-0001", "anna", " \n"),
        lambda: service.note("INC-0001", "anna", "x" * 5000),
        lambda: service.hand_over("INC-0001", "nobody", "anna"),
    ):
        with pytest.raises(ConfigError):
            act()
    assert bench.acts.drain() == []


def test_what_nobody_acknowledges_is_escalated_once(bench: Bench) -> None:
    bench.bus.publish(topics.INCIDENT, r.make_incident(1))
    bench.bus.publish(topics.INCIDENT, r.make_incident(2))
    bench.bus.publish(topics.INCIDENT, r.make_incident(3, urgency="notice"))
    bench.bus.publish(topics.REMOTE_INCIDENT, remote())
    bench.service.step()
    bench.service.acknowledge("INC-0002", "anna")
    bench.pass_time(59.0)
    assert [a.kind for a in bench.acts.drain()] == ["acknowledge"]
    bench.clock.utc_step_us = 3_600_000_000  # the machine's clock is set: no reason to raise anything
    bench.pass_time(0.5)
    assert bench.acts.drain() == []
    bench.pass_time(1.0)
    told = bench.acts.drain()
    assert {(a.alert_id, a.kind, a.operator) for a in told} == {
        ("INC-0001", "escalated", THE_STATION),
        ("belmark/b-1", "escalated", THE_STATION),
    }
    bench.pass_time(600.0)
    assert bench.acts.drain() == []


def test_the_neighbours_incident_is_acknowledged_here_without_touching_our_own(bench: Bench) -> None:
    bench.bus.publish(topics.REMOTE_INCIDENT, remote())
    bench.service.step()
    bench.service.acknowledge("belmark/b-1", "anna")
    bench.service.step()
    assert bench.acknowledged.drain() == []
    assert fold(bench.service.snapshot().acts)["belmark/b-1"].acknowledged is not None


def test_state_is_the_first_acknowledgement_the_last_verdict_and_the_ticks_that_stand() -> None:
    def act(number: int, kind: str, value: str = "", operator: str = "anna") -> AlertAct:
        return AlertAct(f"a{number}", "INC-1", number, operator, kind, value)  # type: ignore[arg-type]

    acts = [
        act(1, "acknowledge"), act(2, "acknowledge", operator="bert"), act(3, "verdict", "confirmed"),
        act(4, "verdict", "animal"), act(5, "tick", "crossing/look"), act(6, "tick", "crossing/patrol"),
        act(7, "untick", "crossing/look"), act(8, "note"),
    ]  # fmt: skip
    state = fold([*reversed(acts), acts[3]])["INC-1"]
    assert state.acknowledged is not None
    assert (state.acknowledged.operator, state.verdict) == ("anna", "animal")
    assert list(state.ticks) == ["crossing/patrol"]
    assert len(state.notes) == 1


def test_acts_survive_and_a_second_console_reads_them_back(tmp_path: Path) -> None:
    bus, clock = Bus(), FakeClock()
    store = StoreService(bus, tmp_path, "flight-1", clock)
    store.start()
    service = AlertService(bus, clock, store.keep_act, default_procedures(), ["belmark"])
    bus.publish(topics.INCIDENT, r.make_incident(1, t_raised_utc_us=clock.utc_us()))
    bus.publish(topics.REMOTE_INCIDENT, remote())
    service.step()
    futures = [
        service.acknowledge("INC-0001", "anna"),
        service.classify("INC-0001", "animal", "anna", "a deer"),
        service.tick("INC-0001", "crossing/look", "anna"),
    ]
    kept = [f.result(60.0) for f in futures]
    # Read from the disk as a killed station leaves it: nothing was flushed or closed.
    assert queries.alert_acts(tmp_path) == sorted(kept, key=lambda a: (a.t_utc_us, a.act_id))
    (incident,) = queries.incidents(tmp_path)
    assert incident.acknowledged_by == "anna"
    with sqlite3.connect(tmp_path / "station.db") as raw:
        for sql in ("UPDATE alert_act SET operator='eve'", "DELETE FROM alert_act"):
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(sql)
    raw.close()
    wait_until(lambda: len(queries.remote_incidents(tmp_path)) == 1)
    later_bus = Bus()
    later = AlertService(later_bus, clock, store.keep_act, default_procedures(), ["belmark"])
    restore_alerts(later, tmp_path, clock.utc_us())
    shown = later.snapshot()
    assert {i.incident_id for i in shown.incidents} == {"INC-0001"}
    assert fold(shown.acts)["INC-0001"].verdict == "animal"
    service.close()
    later.close()
    assert store.stop()
    with pytest.raises(StoreError):
        store.keep_act(kept[0]).result(1.0)


def test_an_act_that_the_disk_does_not_take_is_neither_told_nor_lost(tmp_path: Path) -> None:
    bus, clock = Bus(), FakeClock()
    store = StoreService(bus, tmp_path, "flight-1", clock)
    store.start()
    told = bus.subscribe(topics.ALERT_ACT)
    lock = sqlite3.connect(tmp_path / "station.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    future = store.keep_act(AlertAct("a1", "INC-1", 1, "anna", "acknowledge"))
    time.sleep(0.6)
    assert not future.done()
    assert told.drain() == []
    lock.execute("ROLLBACK")
    lock.close()
    clock.now_s += 5.0  # the store holds off for a while after a failure
    assert future.result(60.0).act_id == "a1"
    assert [a.act_id for a in told.drain()] == ["a1"]
    assert store.stop()
