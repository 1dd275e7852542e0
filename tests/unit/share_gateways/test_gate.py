"""What a gateway may tell: policy and log first, newest first, bounded, and never across the exercise's mark."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from groundstation.share.gateways.gate import INCIDENT_SHOWN_US, MAX_INCIDENTS, ReleaseGate
from tests.unit.share_gateways.things import (
    INSIDE,
    OUTSIDE,
    T0_UTC_US,
    FakeLedger,
    incident,
    tak_agreement,
    tracks,
)
from vision.records import TrackStatus

SECOND_US = 1_000_000


@pytest.fixture
def ledger() -> FakeLedger:
    return FakeLedger()


def make_gate(ledger: FakeLedger, repeat_s: float = 0.0, **changes: object) -> ReleaseGate:
    gate = ReleaseGate("a", "tak", "cot", ledger, "takx", repeat_s)
    gate.set_agreement(tak_agreement(**changes))
    return gate


def test_what_is_allowed_leaves_under_a_name_of_its_own_and_stands_in_the_log_first(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_tracks(tracks(INSIDE, OUTSIDE))
    gate.offer_incident(incident())
    told = gate.due(T0_UTC_US)
    assert [t.kind for t in told] == ["incident", "track"]
    assert [(e.told_as, e.subject, e.peer, e.via) for e in ledger.entries] == [
        (told[0].name, "secret-incident-id", "tak", "cot"), (told[1].name, "cam1-1", "tak", "cot")
    ]  # fmt: skip
    assert "cam1" not in told[1].name
    assert "secret" not in told[0].name
    assert gate.withheld == 1
    assert gate.take_withheld() == {("tak (cot)", "outside the corridor"): (1, 1)}


def test_nothing_leaves_without_an_agreement_in_force_or_without_its_word_for_this_way_out(ledger: FakeLedger) -> None:
    for gate in (ReleaseGate("a", "tak", "cot", ledger, "x"), make_gate(ledger, gateways=())):
        gate.offer_tracks(tracks(INSIDE))
        gate.offer_incident(incident())
        assert gate.due(T0_UTC_US) == []
    gate = make_gate(ledger)
    gate.offer_tracks(tracks(INSIDE))
    gate.set_agreement(None)
    assert gate.due(T0_UTC_US) == []
    assert ledger.entries == []


def test_a_full_disk_keeps_everything_here_and_loses_nothing(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_tracks(tracks(INSIDE))
    gate.offer_incident(incident())
    ledger.full = True
    with pytest.raises(sqlite3.OperationalError):
        gate.due(T0_UTC_US)
    ledger.full = False
    assert {t.kind for t in gate.due(T0_UTC_US)} == {"incident", "track"}


def test_after_an_outage_the_newest_leaves_and_the_old_does_not(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    for i in range(1000):
        gate.offer_tracks(tracks(INSIDE, t_utc_us=T0_UTC_US + i * 100_000))
    now = T0_UTC_US + 100 * SECOND_US
    told = gate.due(now)
    assert [t.body["t_utc_us"] for t in told] == [T0_UTC_US + 99_900_000]
    gate.offer_tracks(tracks(INSIDE, t_utc_us=now))
    assert gate.due(now + 60 * SECOND_US) == []


def test_a_track_that_leaves_the_corridor_ends_without_its_place(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_tracks(tracks(INSIDE))
    gate.due(T0_UTC_US)
    gate.left(T0_UTC_US)
    gate.offer_tracks(tracks(OUTSIDE, t_utc_us=T0_UTC_US + SECOND_US))
    (end,) = gate.due(T0_UTC_US + SECOND_US)
    assert (end.kind, end.body["state"]) == ("track_end", "left_area")
    assert "lat_deg" not in end.body
    # It has not left while the way was broken: it is due again, and then no more.
    gate.broke()
    assert [t.kind for t in gate.due(T0_UTC_US + 2 * SECOND_US)] == ["track_end"]
    gate.left(T0_UTC_US + 2 * SECOND_US)
    assert gate.due(T0_UTC_US + 3 * SECOND_US) == []


def test_a_deleted_track_ends(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_tracks(tracks(INSIDE))
    gate.due(T0_UTC_US)
    gate.left(T0_UTC_US)
    gate.offer_tracks(tracks(INSIDE, t_utc_us=T0_UTC_US + SECOND_US, status=TrackStatus.DELETED))
    assert [t.body.get("state") for t in gate.due(T0_UTC_US + SECOND_US)] == ["ended"]


def test_an_incident_leaves_once_and_again_only_when_it_says_something_else(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_incident(incident())
    assert len(gate.due(T0_UTC_US)) == 1
    gate.left(T0_UTC_US)
    gate.offer_incident(incident(acknowledged_utc_us=T0_UTC_US + 1))
    assert gate.due(T0_UTC_US + SECOND_US) == []
    gate.offer_incident(incident(class_name="vehicle"))
    assert len(gate.due(T0_UTC_US + 2 * SECOND_US)) == 1


def test_an_incident_that_a_broken_way_may_have_lost_goes_again(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_incident(incident())
    assert len(gate.due(T0_UTC_US)) == 1
    gate.broke()
    assert len(gate.due(T0_UTC_US + SECOND_US)) == 1


def test_receivers_that_forget_get_an_incident_again_for_a_while_and_each_time_stands_in_the_log(
    ledger: FakeLedger,
) -> None:
    gate = make_gate(ledger, repeat_s=20.0)
    gate.offer_incident(incident())
    sent = 0
    for s in range(0, 1000, 5):
        now = T0_UTC_US + s * SECOND_US
        sent += len(gate.due(now))
        gate.left(now)
    assert sent == INCIDENT_SHOWN_US // (20 * SECOND_US) == len(ledger.entries)


def test_an_agreement_that_ends_ends_the_repetitions(ledger: FakeLedger) -> None:
    gate = make_gate(ledger, repeat_s=20.0)
    gate.offer_incident(incident())
    assert len(gate.due(T0_UTC_US)) == 1
    gate.left(T0_UTC_US)
    gate.set_agreement(tak_agreement(valid_until_utc_us=T0_UTC_US + 10 * SECOND_US))
    assert gate.due(T0_UTC_US + 30 * SECOND_US) == []


def test_too_many_incidents_are_bounded_and_said(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    for i in range(MAX_INCIDENTS + 3):
        gate.offer_incident(incident(incident_id=f"i{i}", t_raised_utc_us=T0_UTC_US + i))
    assert gate.dropped == 3
    assert len(gate.due(T0_UTC_US)) == MAX_INCIDENTS


def test_a_delay_holds_back_and_then_the_picture_of_then_leaves(ledger: FakeLedger) -> None:
    gate = make_gate(ledger, delay_s=60.0)
    for s in range(120):
        now = T0_UTC_US + s * SECOND_US
        gate.offer_tracks(tracks(INSIDE, t_utc_us=now))
        told = gate.due(now)
        gate.left(now)
        assert [t.body["t_utc_us"] for t in told] == ([] if s < 60 else [now - 60 * SECOND_US])
    gate.offer_incident(incident(t_utc_us=now))
    assert "incident" not in [t.kind for t in gate.due(now + SECOND_US)]
    assert "incident" in [t.kind for t in gate.due(now + 61 * SECOND_US)]


def test_what_is_withdrawn_ends_there_and_goes_out_no_more(ledger: FakeLedger) -> None:
    gate = make_gate(ledger, repeat_s=20.0)
    gate.offer_tracks(tracks(INSIDE))
    gate.offer_incident(incident())
    assert len(gate.due(T0_UTC_US)) == 2
    gate.left(T0_UTC_US)
    gate.withdraw("cam1-1")
    gate.withdraw("secret-incident-id")
    gate.offer_tracks(tracks(INSIDE, t_utc_us=T0_UTC_US + SECOND_US))
    gate.offer_incident(incident(class_name="vehicle"))
    assert [t.kind for t in gate.due(T0_UTC_US + SECOND_US)] == ["track_end"]
    gate.left(T0_UTC_US + SECOND_US)
    gate.offer_tracks(tracks(INSIDE, t_utc_us=T0_UTC_US + 40 * SECOND_US))
    assert gate.due(T0_UTC_US + 40 * SECOND_US) == []


@pytest.mark.parametrize(
    ("stream", "flight", "agreement_id", "leaves"),
    [
        ("cam1", "20260101-abc", "AB-1", True),
        ("ex-cam1", "EX-20260101-abc", "EX-AB-1", True),
        ("ex-cam1", "EX-20260101-abc", "AB-1", False),
        ("cam1", "20260101-abc", "EX-AB-1", False),
        ("ex-cam1", "20260101-abc", "AB-1", False),
        ("cam1", "EX-20260101-abc", "EX-AB-1", False),
    ],
)
def test_exercise_and_real_data_never_leave_under_the_others_agreement(
    ledger: FakeLedger, stream: str, flight: str, agreement_id: str, leaves: bool
) -> None:
    gate = make_gate(ledger, agreement_id=agreement_id)
    gate.offer_incident(incident(track_id=f"{stream}-1", flight_id=flight))
    assert len(gate.due(T0_UTC_US)) == leaves
    gate = make_gate(ledger, agreement_id=agreement_id)
    gate.offer_tracks(tracks(INSIDE, stream=stream))
    told = gate.due(T0_UTC_US)
    assert bool(told) == (stream.startswith("ex-") == agreement_id.startswith("EX-"))
    assert all(t.exercise == agreement_id.startswith("EX-") for t in told)


def test_an_agreement_that_changes_between_offer_and_telling_is_the_one_that_counts(ledger: FakeLedger) -> None:
    gate = make_gate(ledger)
    gate.offer_tracks(tracks(INSIDE))
    gate.offer_incident(incident())
    gate.set_agreement(replace(tak_agreement(), agreement_id="EX-1"))
    assert gate.due(T0_UTC_US) == []
