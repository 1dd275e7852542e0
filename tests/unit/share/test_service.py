"""Two services joined by an in-memory line, stepped by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.errors import CertificateError, ConfigError, MarchwardenError
from groundstation.core.records import Incident
from groundstation.share import (
    Agreement,
    PeerSettings,
    ShareService,
    ShareSettings,
    lost_between,
    make_pair,
    make_signed,
    share_summary,
)
from groundstation.share.agreement_signed import read_signed, terminate, write_signed
from groundstation.share.audit_read import Verification, disclosures, open_log, verify_audit
from groundstation.share.certificates import CertificateFiles
from groundstation.share.ledger import checkpoints, compare_with_witness
from groundstation.share.signing import open_share_key
from tests.unit.share.things import INSIDE, OUTSIDE, T0_UTC_US, FakeClock, FakeLine, agreement
from tests.unit.store.records import incident as make_incident
from tests.unit.store.records import video_tracks
from vision.records import TrackStatus


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CertificateFiles]:
    now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6, UTC)
    return {n: make_pair(tmp_path_factory.mktemp(n), f"station-{n}", now_utc=now_utc) for n in ("a", "b")}


def incident(name: str, **changes: object) -> Incident:
    return make_incident(name, **{"lat_deg": INSIDE[0], "lon_deg": INSIDE[1], "t_utc_us": T0_UTC_US, **changes})


class Station:
    def __init__(
        self, folder: Path, own: str, peer: str, line: FakeLine, clock: FakeClock, pki: dict[str, CertificateFiles]
    ) -> None:
        self.agreement_path: Path | None = folder / f"{own}.json"
        self.data_dir = folder / own
        self.folders = {"a": folder / "a", "b": folder / "b"}
        self.agree(agreement())
        self.own, self.peer, self.line, self.clock, self.pki = own, peer, line, clock, pki
        self.bus = Bus()
        self.disclosed = self.bus.subscribe(topics.DISCLOSURE)
        self.tracks = self.bus.subscribe(topics.REMOTE_TRACK)
        self.incidents = self.bus.subscribe(topics.REMOTE_INCIDENT)
        self.faults = self.bus.subscribe(topics.STATION_FAULT)

    def agree(self, made: Agreement) -> None:
        assert self.agreement_path is not None
        make_signed(made, self.agreement_path, self.folders, T0_UTC_US)

    def settings(self) -> ShareSettings:
        peer = PeerSettings(
            self.peer,
            f"station-{self.peer}",
            self.pki[self.peer].authority,
            connect="127.0.0.1:1",
            agreement=self.agreement_path,
        )
        files = self.pki[self.own]
        return ShareSettings(self.own, files.certificate, files.key, self.data_dir, (peer,))

    def start(self) -> None:
        self.service = ShareService(self.bus, self.settings(), self.clock, self.line.open)
        self.service.start(threaded=False)

    def stop(self) -> None:
        self.service.stop(deliver_s=0.0)

    def sent(self) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.data_dir / "exchange.db")) as db:
            rows = db.execute("SELECT envelope FROM outbox ORDER BY t_sent_utc_us, seq").fetchall()
        return [json.loads(row[0]) for row in rows]


class Two:
    def __init__(self, folder: Path, pki: dict[str, CertificateFiles]) -> None:
        self.clock = FakeClock()
        self.line = FakeLine()
        self.a = Station(folder, "a", "b", self.line, self.clock, pki)
        self.b = Station(folder, "b", "a", self.line, self.clock, pki)

    def start(self) -> None:
        self.a.start()
        self.b.start()
        self.run(0.2)

    def run(self, seconds: float = 0.1) -> None:
        for _ in range(round(seconds / 0.1)):
            self.clock.t_s += 0.1
            for station in (self.a, self.b, self.a):
                station.service.step()

    def see(
        self, tracks: list[tuple[int, float, float]], status: int = TrackStatus.CONFIRMED, seconds: float = 0.1
    ) -> None:
        """A frame each 0.1 s."""
        for _ in range(round(seconds / 0.1)):
            self.a.bus.publish(topics.VIDEO_TRACKS, video_tracks(self.clock.utc_us(), tracks, status))
            self.run()

    def stop(self) -> None:
        self.a.stop()
        self.b.stop()


@pytest.fixture
def two(tmp_path: Path, pki: dict[str, CertificateFiles]) -> Iterator[Two]:
    made = Two(tmp_path, pki)
    yield made
    for station in (made.a, made.b):
        if hasattr(station, "service"):
            station.stop()


def test_an_incident_is_logged_sent_stored_and_confirmed(two: Two) -> None:
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1", t_raised_utc_us=T0_UTC_US + 7))
    two.run(0.2)
    (remote,) = two.b.incidents.drain()
    assert (remote.peer, remote.incident_id, remote.direction) == ("a", "i1", "Arvenia->Belmark")
    sent, stored = two.a.disclosed.drain()
    assert (sent.seq, sent.subject_id, sent.t_source_utc_us, sent.t_stored_utc_us) == (1, "i1", T0_UTC_US + 7, 0)
    assert stored.t_stored_utc_us >= stored.t_sent_utc_us == sent.t_sent_utc_us
    (entry,) = disclosures(two.a.data_dir, "i1")
    assert entry["fields"] == "category,position,accuracy,time"


def test_tracks_go_once_a_second_under_a_name_of_their_own(two: Two) -> None:
    two.start()
    two.see([(7, *INSIDE)], seconds=3.5)
    received = two.b.tracks.drain()
    assert len(received) == 4
    assert len({t.track_id for t in received}) == 1
    assert "cam" not in received[0].track_id
    assert received[0].class_name == "person"
    assert received[0].velocity_en_m_s == (1.5, 0.0)
    assert received[0].ce90_m == pytest.approx(4.3)


def test_two_runs_never_use_the_same_track_name(two: Two) -> None:
    two.start()
    two.see([(7, *INSIDE)])
    two.a.stop()
    two.clock.t_s += 2.0
    two.a.start()
    two.see([(7, *INSIDE)])
    two.run(3.0)
    names = {t.track_id for t in two.b.tracks.drain()}
    assert len(names) == 2


def test_a_track_that_leaves_the_corridor_is_said_to_have_left_and_not_where_to(two: Two) -> None:
    two.start()
    two.see([(7, *INSIDE)], seconds=1.0)
    two.see([(7, *OUTSIDE)], seconds=3.0)
    states = [t.state for t in two.b.tracks.drain()]
    assert states == ["live", "left_area"]
    assert all(e["body"].get("lat_deg", INSIDE[0]) == INSIDE[0] for e in two.a.sent())
    two.see([(7, *INSIDE)], seconds=0.5)
    assert [t.state for t in two.b.tracks.drain()] == ["live"]


@pytest.mark.parametrize("how", ["deleted", "gone", "stop"])
def test_the_end_of_a_track_is_told(two: Two, how: str) -> None:
    two.start()
    two.see([(7, *INSIDE)], seconds=0.5)
    if how == "deleted":
        two.see([(7, *INSIDE)], TrackStatus.DELETED)
    elif how == "gone":
        two.see([], seconds=4.0)
    else:
        two.a.service.stop(deliver_s=0.0)
        two.b.service.step()
    assert [t.state for t in two.b.tracks.drain()][-1] == "ended"


def test_tentative_and_coasting_tracks_stay_here(two: Two) -> None:
    two.start()
    two.see([(7, *INSIDE)], TrackStatus.TENTATIVE, 1.0)
    two.see([(8, *INSIDE)], TrackStatus.COASTING, 1.0)
    assert two.b.tracks.drain() == []


def test_an_incident_that_comes_again_is_told_again_only_when_its_body_changed(two: Two) -> None:
    two.start()
    first = incident("i1")
    for record in (first, replace(first, acknowledged_utc_us=5, acknowledged_by="op", evidence="x"), first):
        two.a.bus.publish(topics.INCIDENT, record)
        two.run(0.1)
    two.a.bus.publish(topics.INCIDENT, replace(first, class_name="vehicle"))
    two.run(0.2)
    assert [i.class_name for i in two.b.incidents.drain()] == ["person", "vehicle"]


def test_incidents_of_before_a_restart_are_told_once(two: Two) -> None:
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.2)
    two.a.stop()
    two.a.start()
    two.a.service.offer_incidents([incident("i1"), incident("i2")])
    two.run(3.0)
    assert [i.incident_id for i in two.b.incidents.drain()] == ["i1", "i2"]


def test_a_restarted_receiver_has_its_picture_again(two: Two) -> None:
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.2)
    two.b.incidents.drain()
    two.b.stop()
    two.b.start()
    assert [i.incident_id for i in two.b.incidents.drain()] == ["i1"]


def test_without_an_agreement_nothing_leaves(two: Two) -> None:
    two.a.agreement_path = None
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.see([(7, *INSIDE)], seconds=2.0)
    assert two.a.sent() == []
    assert share_summary(two.a.data_dir)["b"].withheld_reasons == {"no agreement": 2}
    status = two.a.bus.latest(topics.PEER_STATUS, "b")
    assert status is not None
    assert "no agreement" in status.detail


def test_what_is_withheld_is_counted_by_subject(two: Two) -> None:
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1", lat_deg=OUTSIDE[0]))
    two.see([(7, *OUTSIDE), (8, *OUTSIDE), (9, *INSIDE)], seconds=3.0)
    summary = share_summary(two.a.data_dir)["b"]
    assert (summary.withheld, summary.withheld_reasons) == (3, {"outside the corridor": 3})
    status = two.a.bus.latest(topics.PEER_STATUS, "b")
    assert status is not None
    assert status.withheld == 3


def test_a_disk_that_refuses_holds_the_incident_back_and_then_tells_it(two: Two) -> None:
    two.start()
    other = sqlite3.connect(two.a.data_dir / "exchange.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.3)
    assert two.a.sent() == []  # not logged, so not sent
    assert next(f.active for f in two.a.faults.drain() if f.fault.key == "share-disk")
    other.execute("ROLLBACK")
    other.close()
    two.run(2.0)
    assert [i.incident_id for i in two.b.incidents.drain()] == ["i1"]
    assert not [f for f in two.a.faults.drain() if f.fault.key == "share-disk"][-1].active


def test_a_log_that_refuses_holds_all_that_follows_back(two: Two) -> None:
    two.start()
    other = sqlite3.connect(two.a.data_dir / "audit.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    two.a.bus.publish(topics.INCIDENT, incident("i2"))
    two.run(1.0)
    assert [e["subject"] for e in two.a.sent()] == ["i1"], "its entry is on disk beside it"
    assert [d["subject"] for d in disclosures(two.a.data_dir)] == ["i1"], "and is read there"
    assert next(f.active for f in two.a.faults.drain() if f.fault.key == "share-disk")
    other.execute("ROLLBACK")
    other.close()
    two.run(2.0)
    assert [i.incident_id for i in two.b.incidents.drain()] == ["i1", "i2"]
    assert not [f for f in two.a.faults.drain() if f.fault.key == "share-disk"][-1].active
    assert [d["subject"] for d in disclosures(two.a.data_dir)] == ["i1", "i2"]
    assert verify_audit(two.a.data_dir) == Verification(2, "", 2, 0)


def test_every_record_that_left_is_in_the_log(two: Two) -> None:
    two.start()
    for i in range(5):
        two.a.bus.publish(topics.INCIDENT, incident(f"i{i}"))
        two.see([(i, *INSIDE)], seconds=0.3)
    log = {(d["epoch"], d["seq"]): d["told_as"] for d in disclosures(two.a.data_dir)}
    with closing(sqlite3.connect(two.a.data_dir / "exchange.db")) as db:
        for epoch, seq, envelope in db.execute("SELECT epoch, seq, envelope FROM outbox"):
            assert log[(epoch.hex(), seq)] == json.loads(envelope)["subject"]
    assert verify_audit(two.a.data_dir).fault == ""


def test_a_log_that_was_cut_off_at_its_end_is_noticed(two: Two) -> None:
    two.start()
    for i in range(3):
        two.a.bus.publish(topics.INCIDENT, incident(f"i{i}"))
        two.run(0.1)
    two.a.stop()
    with closing(sqlite3.connect(two.a.data_dir / "audit.db", isolation_level=None)) as db:
        db.execute("DROP TRIGGER ledger_no_delete")
        db.execute("DELETE FROM ledger WHERE n = 3")
    assert "cut off" in verify_audit(two.a.data_dir).fault


def test_both_sides_account_for_every_record(two: Two) -> None:
    two.start()
    two.line.up = False
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.see([(7, *INSIDE), (8, *INSIDE)], seconds=2.0)
    a, b = share_summary(two.a.data_dir)["b"], share_summary(two.b.data_dir)["a"]
    assert (b.records_received, lost_between(a, b)) == (0, a.sent_seq)
    assert a.sent_seq >= 3
    two.line.up = True
    two.run(3.0)
    a, b = share_summary(two.a.data_dir)["b"], share_summary(two.b.data_dir)["a"]
    assert (b.tracks_received, b.incidents_received, b.refused) == (2, 1, 0)
    assert a.sent_seq == b.received_seq == b.records_received == a.disclosures
    assert lost_between(a, b) == 0
    two.line.up = False
    two.a.bus.publish(topics.INCIDENT, incident("i2"))
    two.run(0.2)
    assert lost_between(share_summary(two.a.data_dir)["b"], b) >= 1


def test_after_an_outage_the_operator_gets_the_newest_of_each_track(two: Two) -> None:
    two.start()
    two.line.up = False
    two.see([(7, *INSIDE)], seconds=20.0)
    two.line.up = True
    two.run(0.2)
    received = two.b.tracks.drain()
    assert len(received) == 1
    assert two.clock.utc_us() - received[0].t_utc_us < 1_500_000


def test_records_under_another_agreement_are_kept_but_not_used(two: Two) -> None:
    assert two.b.agreement_path is not None
    two.b.agree(agreement(agreement_id="AB-2"))
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(2.0)
    assert two.b.incidents.drain() == []
    summary = share_summary(two.b.data_dir)["a"]
    assert (summary.refused, summary.incidents_received, summary.received_seq) == (1, 0, 1)
    assert any("AB-1" in f.fault.text for f in two.b.faults.drain())


def refusal(two: Two, change: dict[str, Any], peer_change: dict[str, Any]) -> MarchwardenError:
    settings = two.a.settings()
    peer = replace(settings.peers[0], **peer_change)
    service = ShareService(two.a.bus, replace(settings, peers=(peer,), **change), two.clock, two.line.open)
    with pytest.raises(MarchwardenError) as caught:
        service.start(threaded=False)
    service.stop()
    assert not list(two.a.data_dir.glob("*.db"))
    return caught.value


@pytest.mark.parametrize(
    ("change", "peer_change", "text"),
    [
        ({"name": "A/**"}, {}, "A/**"),
        ({"name": "c"}, {}, "not between c and b"),
        ({}, {"name": "a"}, "own name"),
        ({}, {"connect": ""}, "neither connect nor listen"),
        ({}, {"connect": "nowhere"}, "nowhere"),
        ({}, {"listen": "127.0.0.1:99999"}, "99999"),
        ({}, {"common_name": ""}, "common_name"),
    ],
)
def test_settings_that_cannot_work(two: Two, change: dict[str, Any], peer_change: dict[str, Any], text: str) -> None:
    error = refusal(two, change, peer_change)
    assert isinstance(error, ConfigError)
    assert text in str(error)


def test_the_neighbours_certificate_as_our_own_is_refused(two: Two, pki: dict[str, CertificateFiles]) -> None:
    error = refusal(two, {"certificate": pki["b"].certificate, "key": pki["b"].key}, {})
    assert isinstance(error, CertificateError)


def test_an_agreement_that_one_side_ends_stops_both_within_seconds(two: Two) -> None:
    two.start()
    two.run(0.5)
    assert two.a.agreement_path is not None
    ended = terminate(read_signed(two.a.agreement_path), "a", open_share_key(two.a.data_dir), T0_UTC_US, "over")
    write_signed(ended, two.a.agreement_path)
    two.run(3.0)
    for station in (two.a, two.b):
        assert any("ended by a" in f.fault.text and f.active for f in station.faults.drain())
    assert two.b.agreement_path is not None
    assert read_signed(two.b.agreement_path).termination is not None, "the neighbour keeps the signed word"
    before = len(two.a.sent())
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.b.bus.publish(topics.INCIDENT, incident("i2"))
    two.run(1.0)
    assert len(two.a.sent()) == before
    assert two.a.incidents.drain() == two.b.incidents.drain() == []


def test_an_agreement_that_waits_for_a_signature_begins_when_it_comes(two: Two) -> None:
    assert two.a.agreement_path is not None
    whole = read_signed(two.a.agreement_path)
    write_signed(replace(whole, signatures=whole.signatures[:1]), two.a.agreement_path)
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    assert two.b.incidents.drain() == []
    write_signed(whole, two.a.agreement_path)
    two.run(3.0)
    two.a.bus.publish(topics.INCIDENT, incident("i2"))
    two.run(0.5)
    assert [i.incident_id for i in two.b.incidents.drain()] == ["i2"], "what was withheld before is not told later"


def test_each_side_holds_the_others_signed_word_about_its_ledger(two: Two) -> None:
    two.start()
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.5)
    two.clock.t_s += 700.0
    two.run(2.0)
    with closing(sqlite3.connect(two.b.data_dir / "audit.db")) as db:
        held = checkpoints(db, "a")
    assert [c.previous_seq for c in held] == [0]
    assert held[0].is_signed_by(open_share_key(two.a.data_dir).public)
    with closing(open_log(two.a.data_dir)) as log:
        assert compare_with_witness(log, held, open_share_key(two.a.data_dir).public) == ""
    (told,) = disclosures(two.a.data_dir, "i1")
    assert told["content"]["body"]["direction"] == "Arvenia->Belmark"
