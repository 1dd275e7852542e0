"""The life of shared subjects between two services: corrected, withdrawn, erased with proof, seen, led, asked about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from groundstation.core import topics
from groundstation.core.share_commands import Question
from groundstation.core.share_records import ShareOutcome, ShareSubject
from groundstation.share import make_pair
from groundstation.share.certificates import CertificateFiles
from groundstation.share.desk import ShareDesk
from groundstation.share.life import erasure_proof
from groundstation.share.marks import Marks
from tests.unit.share.test_service import Two, incident
from tests.unit.share.things import INSIDE, OUTSIDE, T0_UTC_US


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CertificateFiles]:
    now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6, UTC)
    return {n: make_pair(tmp_path_factory.mktemp(n), f"station-{n}", now_utc=now_utc) for n in ("a", "b")}


class Watched(Two):
    """Two stations whose events are kept."""

    def __init__(self, folder: Path, pki: dict[str, CertificateFiles]) -> None:
        super().__init__(folder, pki)
        self.subscriptions = {
            (s.own, t.name): s.bus.subscribe(t)
            for s in (self.a, self.b)
            for t in (topics.LEAD_STATE, topics.RECEIPT, topics.SHARE_NOTICE)
        }

    def desk(self, name: str) -> ShareDesk:
        desk: ShareDesk = (self.a if name == "a" else self.b).service.desk
        return desk

    def done(self, future: Future[ShareOutcome], seconds: float = 0.5) -> ShareOutcome:
        self.run(seconds)
        return future.result(0)

    def got(self, name: str, topic: topics.Topic[Any]) -> list[Any]:
        return self.subscriptions[(name, topic.name)].drain()

    def envelopes(self, name: str) -> list[tuple[str, str, str]]:
        folder = (self.a if name == "a" else self.b).data_dir
        with closing(sqlite3.connect(folder / "exchange.db")) as db:
            return db.execute("SELECT kind, refused, envelope FROM inbox ORDER BY epoch, seq").fetchall()

    def track_name(self) -> str:
        """The name that b knows the track by."""
        return str(self.b.tracks.drain()[-1].track_id)


@pytest.fixture
def two(tmp_path: Path, pki: dict[str, CertificateFiles]) -> Iterator[Watched]:
    made = Watched(tmp_path, pki)
    made.start()
    yield made
    for station in (made.a, made.b):
        if hasattr(station, "service"):
            station.stop()


OWN = ShareSubject("a", "cam-7")
HIS = ShareSubject("a", "i1", "incident")


def test_a_withdrawn_track_goes_and_no_late_message_brings_it_back(two: Watched) -> None:
    two.see([(7, *INSIDE)], seconds=2.5)
    name = two.track_name()
    assert two.done(two.desk("a").withdraw(OWN, "false_alarm")).ok
    (gone,) = two.b.tracks.drain()
    assert (gone.track_id, gone.state) == (name, "withdrawn")
    (notice,) = two.got("b", topics.SHARE_NOTICE)
    assert (notice.kind, notice.code, notice.subject.subject_id) == ("withdrawn", "false_alarm", name)
    two.see([(7, *INSIDE)], seconds=2.5)  # it still walks there; it is told no more
    assert two.b.tracks.drain() == []
    # A station that does not keep to that changes nothing either, and leaves nothing here.
    neighbour = two.a.service._neighbours[0]
    neighbour.life._buried["out"].clear()
    two.see([(7, *INSIDE)], seconds=1.5)
    assert two.b.tracks.drain() == []
    late = two.envelopes("b")[-1]
    assert late[0] == "track"
    assert "withdrawn" in late[1]
    assert not late[2]


def test_what_an_officer_takes_back_is_told_to_the_other_ways_out_as_well(two: Watched) -> None:
    """A gateway has no recall of its own: it reads the marks, whether or not a neighbour knew the track."""
    with closing(Marks(two.a.data_dir, 0)) as marks:
        assert not two.done(two.desk("a").withdraw(OWN, "no such reason")).ok
        assert marks.look() == set()
        assert two.done(two.desk("a").withdraw(OWN, "false_alarm")).ok
        assert two.done(two.desk("a").request_erasure(HIS, "false_alarm")).ok
        assert marks.look() == {("track", "cam-7"), ("incident", "i1")}
        assert marks.is_withdrawn("cam-7")
        assert marks.is_withdrawn("i1")


def test_a_withdrawal_passes_the_positions_that_are_still_missing(two: Watched) -> None:
    two.see([(7, *INSIDE)], seconds=1.2)
    two.b.tracks.drain()
    two.line.loss = 1.0
    two.see([(7, *INSIDE)], seconds=2.0)
    two.line.loss = 0.0
    assert two.done(two.desk("a").withdraw(OWN, "false_alarm"), 0.1).ok
    states = [t.state for t in two.b.tracks.drain()]
    assert states == ["withdrawn"]
    two.run(5.0)
    assert two.b.tracks.drain() == []  # the positions came, and were not used
    assert two.a.service._neighbours[0].exchange.outbox.waiting == 0


def test_erasure_deletes_every_copy_and_is_proved(two: Watched) -> None:
    two.see([(7, *INSIDE)], seconds=3.2)
    two.b.tracks.drain()
    assert two.done(two.desk("a").request_erasure(OWN, "data_protection"), 1.0).ok
    kinds = [(kind, bool(envelope)) for kind, _, envelope in two.envelopes("b")]
    assert kinds[:-1] == [("track", False)] * 4
    assert kinds[-1] == ("erase_request", True)
    notices = [n for n in two.got("a", topics.SHARE_NOTICE) if n.kind == "erased"]
    assert [(n.code, n.subject) for n in notices] == [("erased_proved", OWN)]


def test_an_incident_too_and_it_is_not_told_again_after_a_restart(two: Watched) -> None:
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.3)
    assert two.done(two.desk("a").withdraw(HIS, "test")).ok
    two.a.stop()
    two.a.start()
    two.a.service.offer_incidents([incident("i1", lat_deg=INSIDE[0] + 1e-4)])
    two.run(1.0)
    assert [k for k, _, _ in two.envelopes("b")] == ["incident", "withdrawal"]


def test_only_ones_own_can_be_taken_back_and_only_with_a_reason(two: Watched) -> None:
    assert "not ours" in two.done(two.desk("b").withdraw(OWN, "test")).reason
    assert "none of" in two.done(two.desk("a").withdraw(OWN, "I feel like it")).reason


def test_a_correction_changes_the_class_there_and_of_what_follows(two: Watched) -> None:
    two.see([(7, *INSIDE)], seconds=1.2)
    two.b.tracks.drain()
    assert two.done(two.desk("a").correct(OWN, "vehicle", "wrong_class")).ok
    assert two.b.tracks.drain()[-1].class_name == "vehicle"
    two.see([(7, *INSIDE)], seconds=2.0)
    assert {t.class_name for t in two.b.tracks.drain()} == {"vehicle"}


def test_receipts_at_three_levels(two: Watched) -> None:
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    assert two.done(two.desk("b").mark_seen(HIS)).ok
    assert two.done(two.desk("b").mark_seen(HIS)).ok  # told once
    assert two.done(two.desk("b").mark_accepted(HIS)).ok
    receipts = two.got("a", topics.RECEIPT)
    assert [(r.level, r.subject) for r in receipts] == [("stored", HIS), ("seen", HIS), ("accepted", HIS)]
    assert receipts[1].t_there_utc_us > T0_UTC_US


def test_the_lead_is_offered_accepted_and_taken_back(two: Watched) -> None:
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    assert two.done(two.desk("a").offer_lead("b", HIS)).ok
    offered = two.got("b", topics.LEAD_STATE)[-1]
    assert (offered.holder, offered.phase, offered.subject) == ("a", "offered", HIS)
    assert two.done(two.desk("b").accept_lead("a", HIS), 1.0).ok
    for name, peer in (("a", "b"), ("b", "a")):
        state = two.got(name, topics.LEAD_STATE)[-1]
        assert (state.peer, state.holder, state.term, state.phase, state.confirmed) == (peer, "b", 1, "held", True)
    assert "b leads" in two.done(two.desk("a").offer_lead("b", HIS)).reason
    assert two.done(two.desk("a").demand_cease("b", HIS), 1.0).ok
    assert two.got("a", topics.LEAD_STATE)[-1].holder == "a"
    assert [n.kind for n in two.got("b", topics.SHARE_NOTICE)] == ["cease"]


def test_a_cut_link_leaves_the_lead_and_says_that_it_is_not_confirmed(two: Watched) -> None:
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    two.done(two.desk("a").offer_lead("b", HIS, 600.0))
    two.line.up = False
    assert two.done(two.desk("b").accept_lead("a", HIS), 30.0).ok
    a, b = two.got("a", topics.LEAD_STATE)[-1], two.got("b", topics.LEAD_STATE)[-1]
    assert (a.holder, a.confirmed, b.holder, b.confirmed) == ("a", False, "a", False)
    two.a.stop()
    two.a.start()  # the offer's time was the old process's: it is over, and that is said
    two.line.up = True
    two.run(12.0)
    assert two.got("a", topics.LEAD_STATE)[-1].holder == "a"
    assert two.got("b", topics.LEAD_STATE)[-1].holder == "a"


def test_a_question_is_answered_without_telling_what(two: Watched) -> None:
    two.see([(7, *INSIDE), (8, *OUTSIDE)], seconds=1.0)
    now = two.clock.utc_us()

    def asked(lat_deg: float, lon_deg: float, radius_m: float, categories: tuple[str, ...] = ()) -> str:
        question = Question(lat_deg, lon_deg, radius_m, now - 60_000_000, now, categories)
        outcome = two.done(two.desk("b").ask("a", question), 1.0)
        assert outcome.ok
        (notice,) = [n for n in two.got("b", topics.SHARE_NOTICE) if n.reference == outcome.reference]
        return str(notice.code)

    assert asked(*INSIDE, 100.0) == "yes"
    assert asked(*INSIDE, 100.0, ("vehicle",)) == "no"
    assert asked(INSIDE[0], INSIDE[1] - 0.02, 100.0) == "no"
    # A circle that reaches out of what is agreed is for a person, whether something is there or not.
    assert asked(INSIDE[0], INSIDE[1], 2_000.0) == asked(INSIDE[0], INSIDE[1] - 0.02, 2_000.0) == "ask_duty_officer"
    assert {n.kind for n in two.got("a", topics.SHARE_NOTICE)} == {"question"}
    outside = Question(*OUTSIDE, 100.0, now - 60_000_000, now)
    assert "outside" in two.done(two.desk("b").ask("a", outside)).reason  # it would say where b looks


def test_what_nobody_looks_at_for_a_minute_is_told_here(two: Watched) -> None:
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.a.bus.publish(topics.INCIDENT, incident("i2"))
    two.run(0.5)
    two.done(two.desk("b").mark_seen(HIS))
    two.clock.t_s += 61.0
    two.run(0.3)
    assert [(n.kind, n.subject.subject_id) for n in two.got("a", topics.SHARE_NOTICE)] == [("unseen", "i2")]


def test_the_proof_is_over_the_hashes_in_order() -> None:
    assert erasure_proof([b"a", b"b"]) != erasure_proof([b"b", b"a"]) != erasure_proof([])
