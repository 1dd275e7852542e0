"""What officers say of subjects: a rescue, protection, approvals, own forces, pairs, volumes; and a track found again."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.errors import ConfigError
from groundstation.core.records import FriendPosition
from groundstation.core.share_records import ShareSubject
from groundstation.share import make_pair
from groundstation.share.agreement_terms import OwnForceClause, RescueClause
from groundstation.share.certificates import CertificateFiles
from groundstation.share.deconflict import Volume, read_volumes, volumes_text
from groundstation.share.marks import Marks
from groundstation.share.policy import Subject
from tests.unit.share.test_life import Watched
from tests.unit.share.test_service import incident
from tests.unit.share.things import INSIDE, OUTSIDE, T0_UTC_US, agreement
from tests.unit.store.records import video_tracks
from vision.records import TrackStatus

SOS = RescueClause(5_000.0)


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CertificateFiles]:
    now_utc = datetime.fromtimestamp(T0_UTC_US / 1e6, UTC)
    return {n: make_pair(tmp_path_factory.mktemp(n), f"station-{n}", now_utc=now_utc) for n in ("a", "b")}


@pytest.fixture
def two(tmp_path: Path, pki: dict[str, CertificateFiles]) -> Iterator[Watched]:
    made = Watched(tmp_path, pki)
    yield made
    for station in (made.a, made.b):
        if hasattr(station, "service"):
            station.stop()


def agree(two: Watched, **changes: object) -> None:
    for station in (two.a, two.b):
        station.agree(agreement(**changes))
    two.start()


def act(two: Watched, kind: str, value: str, operator: str = "Kim") -> None:
    two.a.bus.publish(
        topics.ALERT_ACT, AlertAct(f"{two.clock.t_s}", "i1", two.clock.utc_us(), operator, kind, value)  # type: ignore[arg-type]
    )  # fmt: skip
    two.run(0.5)


def notes(two: Watched) -> list[tuple[str, str, str]]:
    with closing(sqlite3.connect(two.a.data_dir / "audit.db")) as db:
        return db.execute("SELECT subject, authorised_by, detail FROM ledger WHERE what = 'note' ORDER BY n").fetchall()


def far(name: str = "i1", **changes: object) -> object:
    values = {"lat_deg": OUTSIDE[0], "lon_deg": OUTSIDE[1], "t_raised_utc_us": T0_UTC_US, **changes}
    return incident(name, **values)


def test_the_verdict_help_tells_the_incident_and_its_track_as_a_rescue(two: Watched) -> None:
    agree(two, purposes=("BorderMonitoring", "SAR"), rescue=SOS)
    two.a.bus.publish(topics.INCIDENT, far(kind="person_down", track_id="cam-7", t_raised_utc_us=T0_UTC_US + 500_000))
    two.see([(7, *OUTSIDE), (8, *OUTSIDE)], seconds=1.0)
    assert not two.a.sent()
    act(two, "verdict", "help")
    two.see([(7, *OUTSIDE), (8, *OUTSIDE)], seconds=0.5)
    (remote,) = two.b.incidents.drain()
    assert remote.incident_id == "i1"
    assert {(s["kind"], s["purpose"]) for s in two.a.sent()} == {("incident", "SAR"), ("track", "SAR")}
    assert len({t.track_id for t in two.b.tracks.drain()}) == 1  # cam-8 is nobody's rescue
    assert notes(two) == [("i1", "Kim", "rescue")]


def test_another_verdict_ends_the_rescue(two: Watched) -> None:
    agree(two, purposes=("BorderMonitoring", "SAR"), rescue=SOS)
    two.a.bus.publish(topics.INCIDENT, far(track_id="cam-7", t_raised_utc_us=T0_UTC_US + 500_000))
    act(two, "verdict", "help")
    two.see([(7, *OUTSIDE)], seconds=0.3)
    assert two.b.tracks.drain()
    act(two, "verdict", "animal")
    two.see([(7, *OUTSIDE)], seconds=0.8)
    assert [t.state for t in two.b.tracks.drain()] == ["left_area"]


def test_no_rescue_without_a_clause_and_none_by_the_station_itself(two: Watched) -> None:
    agree(two)
    two.a.bus.publish(topics.INCIDENT, far())
    act(two, "verdict", "help")
    act(two, "verdict", "help", operator="station")
    assert not two.a.sent()
    assert [by for _, by, _ in notes(two)] == ["Kim"]


def test_an_order_for_a_rescue_needs_a_name_and_an_incident(two: Watched) -> None:
    agree(two, purposes=("BorderMonitoring", "SAR"), rescue=SOS)
    desk = two.desk("a")
    assert not two.done(desk.mark_rescue("i1", "Kim")).ok  # not known
    two.a.bus.publish(topics.INCIDENT, far())
    two.run(0.2)
    assert not two.done(desk.mark_rescue("i1", " ")).ok
    assert two.done(desk.mark_rescue("i1", "Kim")).ok
    assert [i.incident_id for i in two.b.incidents.drain()] == ["i1"]


THIRD = {"third_country": True, "onward": "forbidden"}


def test_a_third_country_is_told_after_two_officers_and_the_list_says_what_waits(two: Watched) -> None:
    approvals = two.a.bus.subscribe(topics.APPROVAL)
    agree(two, **THIRD)
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.a.bus.publish(topics.INCIDENT, far("i2"))  # cannot be told anyway: nobody is asked
    two.run(0.3)
    (request,) = approvals.drain()
    assert (request.peer, request.subject, request.approved_by, request.open) == (
        "b", ShareSubject("a", "i1", "incident"), (), True
    )  # fmt: skip
    desk, it = two.desk("a"), ShareSubject("a", "i1", "incident")
    assert two.done(desk.approve(it, "Kim")).reason == "1 of 2"
    assert not two.a.sent()
    assert approvals.drain()[-1].approved_by == ("Kim",)
    assert not two.done(desk.approve(it, "kim ")).ok  # the same officer again
    assert two.done(desk.approve(it, "Ada")).ok
    (sent,) = two.a.sent()
    assert sent["subject"] == "i1"
    assert not approvals.drain()[-1].open
    assert not two.done(desk.approve(it, "Eve")).ok  # nobody waits
    with closing(sqlite3.connect(two.a.data_dir / "audit.db")) as db:
        by = db.execute("SELECT authorised_by FROM ledger WHERE what = 'disclosure'").fetchall()
    assert by == [("Kim, Ada",)]


def test_approvals_of_incidents_hold_after_a_restart_those_of_tracks_do_not(two: Watched) -> None:
    agree(two, **THIRD)
    two.see([(7, *INSIDE)], seconds=0.3)
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.3)
    desk = two.desk("a")
    for name in ("Kim", "Ada"):
        two.done(desk.approve(ShareSubject("a", "i1", "incident"), name))
        two.done(desk.approve(ShareSubject("a", "cam-7"), name))
    two.see([(7, *INSIDE)], seconds=1.2)
    assert {s["kind"] for s in two.a.sent()} == {"incident", "track"}
    two.a.stop()
    two.clock.t_s += 60.0
    two.a.start()
    before = len(two.a.sent())
    two.see([(7, *INSIDE)], seconds=0.5)  # another one: the numbers begin anew
    assert len(two.a.sent()) == before
    marks = Marks(two.a.data_dir, two.clock.utc_us())
    told = marks.applied(Subject("incident", "i1", 0), "b")
    marks.close()
    assert told.approved_by == ("Kim", "Ada")


def test_who_is_protected_is_told_to_no_third_country_whoever_approves(two: Watched) -> None:
    agree(two, **THIRD)
    two.a.bus.publish(topics.INCIDENT, incident("i1", track_id="cam-7", t_raised_utc_us=T0_UTC_US + 500_000))
    act(two, "tick", "crossing/protection")
    desk = two.desk("a")
    for name in ("Kim", "Ada"):
        two.done(desk.approve(ShareSubject("a", "i1", "incident"), name))
    two.see([(7, *INSIDE)], seconds=0.3)
    assert not two.a.sent()
    act(two, "untick", "crossing/protection")
    for name in ("Kim", "Ada"):
        assert two.done(desk.approve(ShareSubject("a", "i1", "incident"), name)).ok
    assert [s["subject"] for s in two.a.sent()] == ["i1"]


def test_a_protected_area_protects_and_a_bad_file_is_refused(tmp_path: Path) -> None:
    areas = tmp_path / "areas.geojson"
    lat, lon = INSIDE
    ring = [[lon - 0.01, lat - 0.01], [lon + 0.01, lat - 0.01], [lon + 0.01, lat + 0.01], [lon - 0.01, lat - 0.01]]
    areas.write_text(str({"type": "Polygon", "coordinates": [ring]}).replace("'", '"'))
    marks = Marks(tmp_path, 0, areas)
    there = Subject("track", "cam-7", 0, lat_deg=lat - 0.004, lon_deg=lon)
    assert marks.applied(there, "b").protected
    assert not marks.applied(replace(there, lat_deg=lat + 1.0), "b").protected
    assert not marks.applied(replace(there, lat_deg=math.nan), "b").protected
    marks.close()
    for text in ("", "{}", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "FeatureCollection", "features": []}'):
        areas.write_text(text)
        with pytest.raises(ConfigError):
            Marks(tmp_path, 0, areas)


def test_own_forces_are_told_coarse_and_late_and_never_without_the_clause(two: Watched) -> None:
    agree(two, own_forces=OwnForceClause(200.0, 20.0, ("patrol",)))

    def report(kind: str, seconds: float) -> None:
        for _ in range(round(seconds)):
            two.a.bus.publish(
                topics.FRIEND_POSITION,
                FriendPosition(f"f-{kind}", "names stay here", kind, two.clock.utc_us(), *INSIDE),  # type: ignore[arg-type]
            )
            two.run(0.1)
            two.clock.t_s += 0.9

    report("drone", 25.0)
    report("device", 25.0)
    assert not two.a.sent()
    begin_us = two.clock.utc_us()
    report("patrol", 35.0)
    sent = two.a.sent()
    assert {s["kind"] for s in sent} == {"own_force"}
    assert "names" not in str(sent)
    first = sent[0]
    assert first["t_released_utc_us"] - first["body"]["t_utc_us"] >= 20_000_000
    assert first["body"]["t_utc_us"] >= begin_us
    assert first["body"]["ce90_m"] >= 100.0
    (track, *_) = two.b.tracks.drain()
    assert (track.class_name, track.state) == ("patrol", "live")
    two.clock.t_s += 90.0
    two.run(0.5)
    two.clock.t_s += 30.0
    two.run(0.5)
    assert two.b.tracks.drain()[-1].state == "ended"


def test_what_is_said_of_a_pair_reaches_the_neighbour_that_knows_both(two: Watched) -> None:
    judged = two.b.bus.subscribe(topics.PAIR_JUDGEMENT)
    agree(two)
    two.see([(7, *INSIDE)], seconds=1.5)
    name_at_b = two.track_name()
    # b's officer looks at b's own track cam-3 beside a's; a was never told of cam-3.
    kept = two.done(two.desk("b").judge_pair(f"a/{name_at_b}/cam-3", True, "Ola"))
    assert kept.ok
    assert "never told" in kept.reason
    assert not two.b.sent()
    (own,) = judged.drain()
    assert (own.verdict, own.operator, own.theirs) == ("agree", "Ola", False)
    # Now a's officer: its own track is the one that b was told; b's is known at a by the name that b gave it.
    assert two.done(two.desk("a").judge_pair("b/x-1/cam-7", False, "Kim")).ok
    assert not [s for s in two.a.sent() if s["kind"] == "judgement" and "Kim" in str(s)]
    marks = Marks(two.b.data_dir, 0)
    history = marks.judgements()
    marks.close()
    assert [(j.remote, j.own, j.verdict, j.theirs) for j in history] == [(name_at_b, "cam-3", "agree", False)]
    for bad in ("", "b", "b/x", "c/x/y", "b//y"):
        assert not two.done(two.desk("a").judge_pair(bad, True, "Kim")).ok


def test_a_judgement_is_taken_where_both_tracks_are_known(two: Watched) -> None:
    judged = two.b.bus.subscribe(topics.PAIR_JUDGEMENT)
    agree(two)
    two.see([(7, *INSIDE)], seconds=1.5)
    for _ in range(15):
        two.b.bus.publish(topics.VIDEO_TRACKS, _frame(two))
        two.run(0.1)
    at_a = two.a.tracks.drain()[-1].track_id
    assert two.done(two.desk("a").judge_pair(f"b/{at_a}/cam-7", True, "Kim")).reason == ""
    (there,) = judged.drain()
    assert (there.own_track_id, there.verdict, there.theirs, there.operator) == ("cam-9", "agree", True, "a")
    assert [n.code for n in two.got("b", topics.SHARE_NOTICE) if n.kind == "judged"] == ["pair_agree"]


def _frame(two: Watched) -> object:
    return video_tracks(two.clock.utc_us(), [(9, *INSIDE)], TrackStatus.CONFIRMED)


def test_who_looked_at_what_the_neighbour_told_stands_in_the_ledger(two: Watched) -> None:
    agree(two)
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.3)
    assert two.done(two.desk("b").mark_seen(ShareSubject("a", "i1", "incident"), "Ola")).ok
    with closing(sqlite3.connect(two.b.data_dir / "audit.db")) as db:
        rows = db.execute(
            "SELECT peer, subject, authorised_by, detail FROM ledger WHERE what='consultation'"
        ).fetchall()
    assert rows == [("a", "i1", "Ola", "seen")]
    assert "Ola" not in str(two.b.sent())


def volume(name: str, lat: float, t_us: int) -> Volume:
    outline = ((lat, 15.04), (lat, 15.06), (lat + 0.002, 15.05))
    return Volume("a", name, outline, 300.0, 420.0, t_us, t_us + 1_200_000_000)


def test_volumes_are_told_under_the_clause_near_the_border_without_their_names(two: Watched) -> None:
    agree(two, own_forces=OwnForceClause(200.0, 60.0, ("drone",)))
    us = T0_UTC_US
    document = volumes_text(
        [volume("quiet name", INSIDE[0], us), volume("far", OUTSIDE[0], us), volume("past", INSIDE[0], us - 10**10)]
    )
    assert two.done(two.desk("a").tell_volumes("b", document, "Kim")).ok
    marks = Marks(two.b.data_dir, 0)
    held = marks.volumes_of("a")
    marks.close()
    assert held is not None
    (told,) = read_volumes(held[0], "told", "a")
    assert (told.name, told.low_amsl_m, told.outline[0]) == ("volume 1", 300.0, (47.001, 15.04))
    assert "quiet" not in str(two.a.sent())
    assert [n.kind for n in two.got("b", topics.SHARE_NOTICE)] == ["volumes"]
    assert not two.done(two.desk("a").tell_volumes("b", "no document", "Kim")).ok


def test_volumes_without_the_clause_stay_here(two: Watched) -> None:
    agree(two)
    out = two.done(two.desk("a").tell_volumes("b", volumes_text([volume("x", INSIDE[0], T0_UTC_US)]), "Kim"))
    assert not out.ok
    assert "clause 15" in out.reason
    assert not two.a.sent()


def test_lost_and_found_again_keeps_the_name_and_what_was_said_of_it(two: Watched) -> None:
    agree(two)
    two.see([(7, *INSIDE)], seconds=1.5)
    name = two.track_name()
    assert two.done(two.desk("a").correct(ShareSubject("a", "cam-7"), "vehicle", "wrong_class")).ok
    two.see([(7, *INSIDE)], seconds=0.3, status=TrackStatus.DELETED)
    two.see([], seconds=4.0)
    assert two.b.tracks.drain()[-1].state == "ended"
    two.see([(12, INSIDE[0] + 1e-5, INSIDE[1])], seconds=1.5)
    found = two.b.tracks.drain()
    assert {t.track_id for t in found} == {name}
    assert found[-1].state == "live"
    assert found[-1].class_name == "vehicle"
    # Withdrawn by either number, it is gone by both.
    assert two.done(two.desk("a").withdraw(ShareSubject("a", "cam-7"), "false_alarm")).ok
    two.see([(12, INSIDE[0] + 1e-5, INSIDE[1])], seconds=2.5)
    assert [t.state for t in two.b.tracks.drain()] == ["withdrawn"]


def test_where_two_could_be_meant_nobody_takes_the_name_over(two: Watched) -> None:
    agree(two)
    two.see([(7, *INSIDE)], seconds=1.5)
    name = two.track_name()
    two.see([], seconds=4.0)
    two.b.tracks.drain()
    two.see([(12, *INSIDE), (13, INSIDE[0], INSIDE[1] + 2e-5)], seconds=1.5)
    assert name not in {t.track_id for t in two.b.tracks.drain()}


def test_a_withdrawn_number_of_yesterday_silences_nobody_today(two: Watched) -> None:
    agree(two)
    two.see([(7, *INSIDE)], seconds=1.5)
    assert two.done(two.desk("a").withdraw(ShareSubject("a", "cam-7"), "false_alarm")).ok
    two.a.stop()
    two.clock.t_s += 600.0
    two.a.start()
    two.run(0.3)
    two.b.tracks.drain()
    two.see([(7, *INSIDE)], seconds=1.5)
    assert [t.state for t in two.b.tracks.drain()][-1:] == ["live"]


def test_a_corrected_incident_keeps_its_class_over_a_restart(two: Watched) -> None:
    agree(two)
    two.a.bus.publish(topics.INCIDENT, incident("i1"))
    two.run(0.3)
    assert two.done(two.desk("a").correct(ShareSubject("a", "i1", "incident"), "vehicle", "wrong_class")).ok
    before = len(two.a.sent())
    two.a.stop()
    two.clock.t_s += 5.0
    two.a.start()
    two.a.service.offer_incidents([incident("i1")])
    two.run(0.5)
    assert {s["body"]["class"] for s in two.a.sent()[before:] if s["kind"] == "incident"} <= {"vehicle"}
