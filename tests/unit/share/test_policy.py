"""The clauses beyond place, kind and category, each at its edge."""

from __future__ import annotations

import math
from typing import Any

import pytest

from groundstation.share.agreement import Reason, Release, Subject, Withheld, release
from groundstation.share.agreement_terms import GatewayAllowance, OwnForceClause, RescueClause
from groundstation.share.agreement_try import try_subject
from groundstation.share.corridor import Corridor
from tests.unit.share.things import BORDER, INSIDE, OUTSIDE, T0_UTC_US, agreement, track

PER_M = 1.0 / 111_174.0  # degrees of latitude at 47 north
SIDED = Corridor(BORDER, 500.0, 200.0, "a", "Arvenia", "Belmark")


def decide(
    subject: Subject, now_utc_us: int = T0_UTC_US, via: str = "wire", originator: str = "a", **changes: Any
) -> Release | Withheld:
    recipient = "b" if originator == "a" else "a"
    return release(agreement(**changes), originator, recipient, subject, now_utc_us, via)


def told(*arguments: Any, **changes: Any) -> Release:
    found = decide(*arguments, **changes)
    assert isinstance(found, Release), found
    return found


def kept(*arguments: Any, **changes: Any) -> Withheld:
    found = decide(*arguments, **changes)
    assert isinstance(found, Withheld), found
    return found


def test_a_delay_holds_back_to_the_microsecond_and_says_until_when() -> None:
    due = T0_UTC_US + 30_000_000
    found = kept(track(), due - 1, delay_s=30.0)
    assert (found.reason, found.due_utc_us, found.clause_number) == (Reason.DELAY, due, 9)
    assert told(track(), due, delay_s=30.0).body["t_utc_us"] == T0_UTC_US
    assert kept(track(kind="track_end", shared=True), due - 1, delay_s=30.0).reason is Reason.DELAY


def test_a_coarse_place_comes_with_the_accuracy_that_it_has() -> None:
    found = told(track(), grid_m=200.0, velocity_step_m_s=0.5).body
    assert (found["lat_deg"], found["lon_deg"]) != INSIDE
    assert found["ce90_m"] == pytest.approx(4.567 + 200.0 / math.sqrt(2.0), abs=0.1)
    assert found["ce90_m"] >= 4.567 + 200.0 / math.sqrt(2.0)
    assert found["velocity_en_m_s"] == [1.0, -0.5]
    near = told(track(lat_deg=INSIDE[0] + 1e-6), grid_m=200.0).body
    assert (near["lat_deg"], near["lon_deg"]) == (found["lat_deg"], found["lon_deg"])
    assert told(track(ce90_m=math.nan), grid_m=200.0).body.keys() == found.keys() - {"ce90_m"}


def test_a_square_whose_middle_is_outside_is_not_told() -> None:
    places = [track(lat_deg=47.0 + d * PER_M, shared=True) for d in range(300, 500, 4)]
    found = [decide(p, grid_m=300.0) for p in places]
    assert any(isinstance(f, Release) for f in found)
    reasons = {f.detail for f in found if isinstance(f, Withheld)}
    assert reasons == {"the middle of its grid square is outside"}


@pytest.mark.parametrize(
    ("side", "originator", "metres", "reason"),
    [
        ("both", "a", 450.0, None),
        ("both", "a", -150.0, None),
        ("both", "a", -250.0, Reason.OUTSIDE),
        ("own", "a", 450.0, None),
        ("own", "a", -100.0, Reason.OUTSIDE),
        ("own", "a", 10.0, Reason.OUTSIDE),  # too near the line to begin
        ("own", "b", 450.0, Reason.OUTSIDE),
        ("own", "b", -150.0, None),
        ("neighbour", "a", 450.0, Reason.OUTSIDE),
        ("neighbour", "a", -150.0, None),
        ("neighbour", "b", 450.0, None),
    ],
)
def test_sides_are_those_of_the_station_that_tells(
    side: str, originator: str, metres: float, reason: Reason | None
) -> None:
    # The line runs east: its left is the north, where a lives.
    subject = track(lat_deg=47.0 + metres * PER_M)
    found = decide(subject, originator=originator, corridor=SIDED, side=side)
    assert (found.reason if isinstance(found, Withheld) else None) is reason


@pytest.mark.parametrize("text", ["A person in red", "Arvenia->Belmark x", "a->b->c<", "->", "Belmark->Elsewhere"])
def test_the_direction_is_no_way_out_for_a_text(text: str) -> None:
    subject = track(kind="incident", incident_kind="crossing", direction=text)
    assert told(subject, corridor=SIDED).body["direction"] == ""
    good = track(kind="incident", incident_kind="crossing", direction="Belmark->Arvenia")
    assert told(good, corridor=SIDED).body["direction"] == "Belmark->Arvenia"


def test_without_names_of_the_sides_a_direction_is_still_no_text() -> None:
    for text in ("a man in a red coat", "x" * 40 + "->b", "a->b\n", "<b>->c"):
        assert told(track(kind="incident", incident_kind="crossing", direction=text)).body["direction"] == ""


def test_what_is_dated_after_the_end_is_not_told_before_it() -> None:
    assert kept(track(t_utc_us=T0_UTC_US + 9), valid_until_utc_us=T0_UTC_US + 9).reason is Reason.EXPIRED


def test_a_gateway_gets_the_fields_of_its_own_clause() -> None:
    allowed = (GatewayAllowance("cot", ("category", "position", "time")),)
    assert kept(track(), via="cot").reason is Reason.GATEWAY
    assert kept(track(), via="asterix", gateways=allowed).clause_number == 16
    assert told(track(), via="cot", gateways=allowed).body.keys() == {"class", "lat_deg", "lon_deg", "t_utc_us"}
    narrow = told(track(), via="cot", gateways=(GatewayAllowance("cot"),), fields=("category", "position", "time"))
    assert narrow.fields == ("category", "position", "time")


def test_a_third_country_needs_two_different_people_and_never_hears_of_some() -> None:
    for names in ((), ("Kranz",), ("Kranz", " kranz "), ("Kranz", "")):
        assert kept(track(approved_by=names), third_country=True).reason is Reason.APPROVAL
    two = ("Kranz", "Olsen")
    assert told(track(approved_by=two), third_country=True).authorised_by == "Kranz, Olsen"
    blocked = track(approved_by=two, protected=True, rescue_by="Kranz")
    changes: dict[str, Any] = {"purposes": ("BorderMonitoring", "SAR"), "rescue": RescueClause(5_000.0)}
    assert kept(blocked, third_country=True, **changes).reason is Reason.PROTECTED


def test_a_rescue_lifts_what_makes_less_and_nothing_else() -> None:
    changes: dict[str, Any] = {
        "purposes": ("BorderMonitoring", "SAR"), "rescue": RescueClause(5_000.0), "delay_s": 60.0, "grid_m": 200.0,
        "categories": ("vehicle",), "kinds": ("incident",),
    }  # fmt: skip
    there = track(lat_deg=OUTSIDE[0], rescue_by="Officer Kranz", confirmed=False)
    found = told(there, **changes)
    assert (found.clause_number, found.purpose, found.authorised_by) == (14, "SAR", "Officer Kranz")
    assert (found.body["lat_deg"], found.body["ce90_m"]) == (OUTSIDE[0], 4.6)
    assert isinstance(decide(track(lat_deg=OUTSIDE[0]), **changes), Withheld)
    assert kept(there, **changes | {"purposes": ("BorderMonitoring",)}).reason is not Reason.RATE
    assert kept(there, T0_UTC_US, **changes | {"valid_until_utc_us": T0_UTC_US}).reason is Reason.EXPIRED
    far = track(lat_deg=47.1, rescue_by="Officer Kranz")
    assert kept(far, **changes).reason is Reason.OUTSIDE


def test_own_forces_only_by_their_own_clause_coarse_and_late() -> None:
    drone = track(kind="own_force", class_name="drone")
    assert kept(drone, kinds=("track", "incident")).reason is Reason.OWN_FORCE
    clause = OwnForceClause(400.0, 300.0, ("drone",))
    assert kept(drone, own_forces=clause).reason is Reason.DELAY
    found = told(drone, T0_UTC_US + 300_000_000, own_forces=clause)
    assert found.body.keys() == {"class", "lat_deg", "lon_deg", "ce90_m", "t_utc_us"}
    assert found.body["ce90_m"] > 280.0
    patrol = track(kind="own_force", class_name="patrol")
    assert kept(patrol, T0_UTC_US + 300_000_000, own_forces=clause).reason is Reason.OWN_FORCE


def test_a_track_that_comes_back_is_told_no_more_often() -> None:
    assert kept(track(shared=False, told_t_utc_us=T0_UTC_US - 500_000)).reason is Reason.RATE


def test_how_long_depends_on_the_kind_and_an_end_goes_with_its_track() -> None:
    changes: dict[str, Any] = {"retention_by_kind": (("incident", 90.0), ("track", 1.0))}
    day_us = 86_400_000_000
    assert told(track(), **changes).retain_until_utc_us == T0_UTC_US + day_us
    assert told(track(kind="track_end", shared=True), **changes).retain_until_utc_us == T0_UTC_US + day_us
    crossing = track(kind="incident", incident_kind="crossing")
    assert told(crossing, **changes).retain_until_utc_us == T0_UTC_US + 90 * day_us


def test_a_dry_run_is_in_words_and_tells_how_late() -> None:
    trial = try_subject(agreement(delay_s=60.0), "a", "b", [track()], T0_UTC_US)
    assert (trial.shared, trial.delay_s) == (1, 60.0)
    assert trial.words.startswith(
        "would be shared, 60 s late: category, position, velocity, accuracy, time, because of clause 4"
    )
    assert try_subject(agreement(), "a", "b", [track(lat_deg=math.nan)], T0_UTC_US).words.endswith("(clause 7)")
