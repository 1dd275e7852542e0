"""What leaves for one neighbour, and in which order; read back from the bytes on the wire by the test's own means."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundstation.share.agreement import FIELDS, Agreement, Subject
from groundstation.share.audit import Entry
from groundstation.share.corridor import Corridor
from groundstation.share.exchange import Exchange
from groundstation.share.inbox import Inbox
from groundstation.share.life import Life
from groundstation.share.outbox import Outbox
from groundstation.share.schema import EXCHANGE_SCHEMA
from groundstation.share.telling import Telling
from groundstation.share.wire import Record, parse_record
from tests.unit.share.things import BORDER, INSIDE, T0_UTC_US, FakeLine, FakeWire, agreement
from tests.unit.share_gateways.things import incident, tracks
from vision.records import TrackStatus

HOUR_US = 3_600_000_000
SECRETS = ("cam1", "free text", "Kestrel", "20260101", "0.97", "alt_", "300.0")
KEY_OF = {
    "category": {"class", "kind", "direction"},
    "position": {"lat_deg", "lon_deg"},
    "velocity": {"velocity_en_m_s"},
    "accuracy": {"ce90_m"},
    "time": {"t_utc_us"},
}
ENVELOPE = {
    "v", "agreement", "agreement_sha256", "originator", "recipient", "purpose", "kind", "subject", "t_released_utc_us",
    "retain_until_utc_us", "body", "marking",
}  # fmt: skip


class FakeAudit:
    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, entries: list[Entry]) -> None:
        self.entries += entries


class NoMarks:
    def applied(self, subject: Subject, recipient: str, earlier: object = ()) -> Subject:
        return subject


class Bench:
    """The outgoing side of station a towards b, over a wire that keeps what it is given."""

    def __init__(self, made: Agreement, interrupted: Callable[[], bool] = lambda: False) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        for step in EXCHANGE_SCHEMA:
            for statement in step:
                self.db.execute(statement)
        line = FakeLine()
        line.end("b", "a")
        self.wire: FakeWire = line.end("a", "b")
        self.exchange = Exchange(Outbox(self.db, "b"), Inbox(self.db, "b", lambda _: ""), self.wire)
        self.audit = FakeAudit()
        self.telling = Telling(
            "a", "b", made, self.exchange, self.audit, self.audit, "run", Life(self.db, "b"), interrupted, NoMarks()  # type: ignore[arg-type]
        )  # fmt: skip
        self._read = 0

    def tell(self, now_utc_us: int) -> list[dict[str, Any]]:
        """All that leaves now, as it stands in the bytes."""
        self.telling.tell(now_utc_us)
        while self.telling.more:
            self.telling.tell(now_utc_us)
        return self.left()

    def left(self) -> list[dict[str, Any]]:
        """What has left since the last call."""
        found = []
        for data in self.wire.sent[self._read :]:
            record = parse_record(data)
            assert isinstance(record, Record)
            found.append(json.loads(record.envelope))
        self._read = len(self.wire.sent)
        return found

    def close(self) -> None:
        self.db.close()


@pytest.fixture
def bench() -> Any:
    made = Bench(agreement(max_rate_hz=10.0))
    yield made
    made.close()


# ------------------------------------------------------------------------------------------------------------ the order


def test_an_incident_does_not_wait_for_positions_that_are_being_decided() -> None:
    waits = [False] * 5 + [True]
    made = Bench(agreement(max_rate_hz=10.0), lambda: waits.pop(0) if waits else False)
    made.telling.offer_tracks(tracks(*[(47.001, 15.03 + 1e-4 * i) for i in range(20)]))
    made.telling.tell(T0_UTC_US)
    assert made.left() == []
    assert made.telling.more
    made.telling.offer_incident(incident())
    made.telling.tell(T0_UTC_US)
    assert [e["kind"] for e in made.left()] == ["incident"]
    told = made.tell(T0_UTC_US)
    assert [e["kind"] for e in told] == ["track"] * 20
    assert len({e["subject"] for e in told}) == 20
    made.close()


def test_positions_do_not_give_way_for_ever() -> None:
    made = Bench(agreement(max_rate_hz=10.0), lambda: True)
    made.telling.offer_tracks(tracks(*[(47.001, 15.03 + 1e-4 * i) for i in range(20)]))
    assert len(made.tell(T0_UTC_US)) == 20
    made.close()


def test_a_name_on_the_wire_is_kept_with_what_is_told_under_it_or_not_at_all(bench: Bench) -> None:
    bench.telling.offer_tracks(tracks(INSIDE))
    real, broken = bench.exchange.outbox._append, sqlite3.OperationalError("database or disk is full")

    def full(*_: Any) -> Any:
        raise broken

    bench.exchange.outbox._append = full  # type: ignore[method-assign]
    with pytest.raises(sqlite3.OperationalError):
        bench.telling.tell(T0_UTC_US)
    assert bench.db.execute("SELECT count(*) FROM wire_name").fetchone() == (0,)
    assert Life(bench.db, "b").names_of("cam1-1", "track") == []
    bench.exchange.outbox._append = real  # type: ignore[method-assign]
    bench.telling.offer_tracks(tracks(INSIDE, t_utc_us=T0_UTC_US + 1_000_000))
    (told,) = bench.tell(T0_UTC_US + 1_000_000)
    assert Life(bench.db, "b").names_of("cam1-1", "track") == [told["subject"]]


# ------------------------------------------------------------------------------------------------------------ an attack

agreements = st.builds(
    agreement,
    corridor=st.builds(
        Corridor, st.just(BORDER), st.sampled_from([500.0, 200.0]), st.sampled_from([None, 100.0]), st.sampled_from(["a", "b"])
    ),
    kinds=st.sampled_from([("track", "incident", "loitering"), ("track", "incident"), ("track",), ("incident",)]),
    fields=st.sampled_from([FIELDS, ("category", "position", "time"), ("category", "position", "time", "velocity")]),
    categories=st.sampled_from([("person", "vehicle", "two-wheeler"), ("person",), ("vehicle",)]),
    side=st.sampled_from(["both", "both", "own", "neighbour"]),
    grid_m=st.sampled_from([0.0, 50.0]),
    velocity_step_m_s=st.sampled_from([0.0, 1.0]),
    delay_s=st.sampled_from([0.0, 0.0, 3.0]),
    max_rate_hz=st.sampled_from([10.0, 1.0, 0.5]),
    valid_from_utc_us=st.sampled_from([T0_UTC_US - HOUR_US, T0_UTC_US - HOUR_US, T0_UTC_US + 3_000_000]),
    valid_until_utc_us=st.sampled_from([T0_UTC_US + HOUR_US, T0_UTC_US + HOUR_US, T0_UTC_US + 6_000_000]),
    retention_days=st.sampled_from([30.0, 1.0]),
    retention_by_kind=st.sampled_from([(), (("track", 2.0),), (("incident", 0.5), ("track", 3.0))]),
    parties=st.sampled_from([("a", "b"), ("a", "b"), ("a", "b"), ("b", "c"), ("a", "c")]),
    third_country=st.sampled_from([False, False, False, True]),
)  # fmt: skip
places = st.tuples(
    st.sampled_from([47.001, 46.999, 47.0044, 47.0046, 46.9954, 47.01, 46.98]) | st.floats(46.99, 47.01),
    st.floats(15.0, 15.1),
)
flights = st.lists(
    st.tuples(
        st.lists(places, min_size=1, max_size=3),
        st.sampled_from(
            [TrackStatus.CONFIRMED] * 4 + [TrackStatus.TENTATIVE, TrackStatus.COASTING, TrackStatus.DELETED]
        ),
        st.sampled_from(["crossing", "loitering", "none", "none"]),
        st.sampled_from(["person", "vehicle", "drone"]),
    ),
    min_size=3,
    max_size=8,
)


def within(made: Agreement, told: dict[str, Any], now_us: int) -> None:
    """One message's bytes against the words of the agreement; the border is a parallel, so metres are degrees."""
    assert set(told) == ENVELOPE
    assert set(made.parties) == {"a", "b"} == {told["originator"], told["recipient"]}
    assert not made.third_country  # nobody has approved anything here
    assert made.valid_from_utc_us <= now_us < made.valid_until_utc_us
    assert told["purpose"] in made.purposes
    body, kind = told["body"], told["kind"]
    kept_days = dict(made.retention_by_kind).get("track" if kind == "track_end" else kind, made.retention_days)
    assert told["retain_until_utc_us"] == now_us + round(kept_days * 86_400e6)
    if kind == "track_end":
        assert set(body) == {"state", "t_utc_us"}
        return
    assert kind in made.kinds
    assert set(body) <= set().union(*(KEY_OF[f] for f in made.fields))
    assert body["class"] in made.categories
    if kind == "incident":
        assert body["kind"] == "crossing" or body["kind"] in made.kinds
    assert now_us - body["t_utc_us"] >= made.delay_s * 1e6
    left_m, right_m = made.corridor.widths_m
    if made.side != "both":
        on_left = (made.corridor.left_party == "a") == (made.side == "own")
        left_m, right_m = (left_m, 0.0) if on_left else (0.0, right_m)
    north_m = (body["lat_deg"] - 47.0) * 111_170.0
    assert -right_m - 1.5 <= north_m <= left_m + 1.5
    if made.velocity_step_m_s and "velocity_en_m_s" in body:
        assert all(v == round(v) for v in body["velocity_en_m_s"])
    if made.grid_m and "ce90_m" in body:
        assert body["ce90_m"] >= made.grid_m / 2**0.5


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(agreements, flights)
def test_nothing_outside_the_agreement_leaves_over_the_wire(made: Agreement, flight: list[tuple[Any, ...]]) -> None:
    bench = Bench(made)
    last: dict[str, int] = {}
    try:
        for i, (seen, status, kind, class_name) in enumerate(flight):
            now = T0_UTC_US + i * 1_000_000
            bench.telling.offer_tracks(tracks(*seen, t_utc_us=now, status=status))
            if kind != "none":
                lat, lon = seen[0]
                raised = incident(incident_id=f"i{i % 3}", kind=kind, class_name=class_name, lat_deg=lat, lon_deg=lon,
                                  t_utc_us=now, t_raised_utc_us=now)  # fmt: skip
                bench.telling.offer_incident(raised)
            before = len(bench.audit.entries)
            told = bench.tell(now)
            # What left stands in the ledger, byte for byte, and stood there first.
            assert [json.loads(e.payload) for e in bench.audit.entries[before:]] == told
            for message in told:
                within(made, message, now)
                assert not [s for s in SECRETS if s in json.dumps(message)]
                if message["kind"] == "track":
                    t_utc_us = message["body"]["t_utc_us"]
                    assert t_utc_us - last.get(message["subject"], 0) >= 1e6 / made.max_rate_hz - 1
                    last[message["subject"]] = t_utc_us
    finally:
        bench.close()


def test_the_attack_is_one_a_good_flight_does_leave(bench: Bench) -> None:
    bench.telling.offer_tracks(tracks(INSIDE))
    bench.telling.offer_incident(incident())
    assert sorted(e["kind"] for e in bench.tell(T0_UTC_US)) == ["incident", "track"]
    assert bench.tell(T0_UTC_US + 1) == []  # and nothing a second time
