from __future__ import annotations

import math

import numpy as np
import pytest

from geofences.area import BorderLine
from geofences.corridor import BorderCorridor
from geofences.geodesy import LocalFrame
from groundstation.share.agreement import Reason, Release, Subject, Withheld, release
from groundstation.share.corridor import Corridor
from tests.unit.share.things import BORDER, INSIDE, OUTSIDE, T0_UTC_US, agreement, track


def reason(subject: Subject, now_utc_us: int = T0_UTC_US, **changes: object) -> Reason | None:
    decision = release(agreement(**changes), "a", "b", subject, now_utc_us)
    return decision.reason if isinstance(decision, Withheld) else None


def test_a_track_leaves_with_the_agreed_fields_only() -> None:
    decision = release(agreement(), "a", "b", track(), T0_UTC_US)
    assert isinstance(decision, Release)
    assert decision.body == {
        "class": "person",
        "lat_deg": 47.001,
        "lon_deg": 15.05,
        "velocity_en_m_s": [1.23, -0.5],
        "ce90_m": 4.6,
        "t_utc_us": T0_UTC_US,
    }
    assert decision.retain_until_utc_us == T0_UTC_US + 30 * 86_400_000_000
    assert "111 m from the border" in decision.clause


def test_a_field_that_is_not_agreed_is_not_there() -> None:
    decision = release(agreement(fields=("category", "position", "time")), "a", "b", track(), T0_UTC_US)
    assert isinstance(decision, Release)
    assert set(decision.body) == {"class", "lat_deg", "lon_deg", "t_utc_us"}


def test_an_incident_leaves_with_its_kind_and_direction() -> None:
    subject = track(kind="incident", confirmed=False, incident_kind="crossing", direction="A->B")
    decision = release(agreement(), "a", "b", subject, T0_UTC_US)
    assert isinstance(decision, Release)
    assert (decision.body["kind"], decision.body["direction"]) == ("crossing", "A->B")


def test_closed_by_default() -> None:
    assert release(None, "a", "b", track(), T0_UTC_US) == Withheld(Reason.NO_AGREEMENT)


@pytest.mark.parametrize(("originator", "recipient"), [("a", "c"), ("c", "b"), ("a", "a")])
def test_only_between_the_two_parties(originator: str, recipient: str) -> None:
    decision = release(agreement(), originator, recipient, track(), T0_UTC_US)
    assert isinstance(decision, Withheld)
    assert decision.reason is Reason.NO_PARTY


def test_the_agreement_binds_both_ways() -> None:
    assert isinstance(release(agreement(), "b", "a", track(), T0_UTC_US), Release)


def test_validity_to_the_microsecond() -> None:
    until = T0_UTC_US + 100
    assert reason(track(), until - 1, valid_until_utc_us=until) is None
    assert reason(track(), until, valid_until_utc_us=until) is Reason.EXPIRED
    assert reason(track(), T0_UTC_US - 1, valid_from_utc_us=T0_UTC_US) is Reason.NOT_YET_VALID
    assert reason(track(), T0_UTC_US, valid_from_utc_us=T0_UTC_US) is None


def test_what_happened_before_the_agreement_is_not_told_later() -> None:
    subject = track(kind="incident", t_utc_us=T0_UTC_US - 1)
    assert reason(subject, valid_from_utc_us=T0_UTC_US) is Reason.NOT_YET_VALID


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"confirmed": False}, Reason.NOT_CONFIRMED),
        ({"class_name": "dog"}, Reason.CATEGORY),
        ({"lat_deg": math.nan}, Reason.NO_POSITION),
        ({"lat_deg": OUTSIDE[0]}, Reason.OUTSIDE),
        ({"kind": "incident", "incident_kind": "crossing", "lat_deg": OUTSIDE[0]}, Reason.OUTSIDE),
        # The other side of the earth is where a flat map would put it onto the border.
        ({"lat_deg": -47.0, "lon_deg": 15.05 - 180.0}, Reason.OUTSIDE),
    ],
)
def test_what_stays_here(changes: dict[str, object], expected: Reason) -> None:
    assert reason(track(**changes)) is expected


def test_kinds_that_are_not_agreed() -> None:
    assert reason(track(), kinds=("incident",)) is Reason.KIND
    assert reason(track(kind="track_end"), kinds=("incident",)) is Reason.KIND
    assert reason(track(kind="incident"), kinds=("track",)) is Reason.KIND


@pytest.mark.parametrize("kind", ["approach", "loitering", "group", "vehicle_stopped", "person_down", ""])
def test_incidents_other_than_crossings_are_told_only_when_their_kind_is_named(kind: str) -> None:
    subject = track(kind="incident", incident_kind=kind)
    assert reason(subject, kinds=("track", "incident")) is Reason.KIND
    assert reason(subject, kinds=("track", "person_up", kind)) is Reason.KIND, "without incidents at all: nothing"
    if kind:
        assert reason(subject, kinds=("track", "incident", kind)) is None


def test_a_track_on_the_edge_neither_enters_nor_flickers_and_nothing_beyond_it_leaves() -> None:
    def at(distance_m: float, shared: bool) -> Reason | None:
        lat_deg = 47.0 + distance_m / 111_174.0  # length of a degree of latitude at 47 north
        return reason(track(lat_deg=lat_deg, shared=shared, told_t_utc_us=T0_UTC_US - 5_000_000))

    assert at(470.0, shared=False) is None
    assert at(490.0, shared=False) is Reason.OUTSIDE
    assert at(490.0, shared=True) is None
    assert at(501.0, shared=True) is Reason.OUTSIDE


def test_the_rate_is_kept_per_track() -> None:
    assert reason(track(shared=True, told_t_utc_us=T0_UTC_US - 999_999)) is Reason.RATE
    assert reason(track(shared=True, told_t_utc_us=T0_UTC_US - 1_000_000)) is None
    assert reason(track(shared=True, told_t_utc_us=T0_UTC_US - 300_000), max_rate_hz=5.0) is None


def test_the_end_of_a_track_says_nothing_else() -> None:
    end = track(kind="track_end", end_state="left_area", shared=True)
    decision = release(agreement(), "a", "b", end, T0_UTC_US)
    assert isinstance(decision, Release)
    assert decision.body == {"state": "left_area", "t_utc_us": T0_UTC_US}


def test_the_end_of_what_was_never_told_says_that_there_was_something() -> None:
    assert reason(track(kind="track_end")) is Reason.NOT_TOLD


def test_the_digest_is_of_the_content() -> None:
    assert agreement().digest() == agreement(parties=("b", "a")).digest()
    assert agreement().digest() != agreement(max_rate_hz=2.0).digest()
    assert agreement().digest() != agreement(corridor=Corridor(BORDER, 501.0)).digest()


def test_distance_from_the_line_and_from_its_end() -> None:
    corridor = Corridor(BORDER, 500.0)
    assert corridor.distance_m(*INSIDE) == pytest.approx(111.2, abs=0.5)
    # 0.01 degrees of longitude at 47 north, beyond the end of the line
    assert corridor.distance_m(47.0, 15.11) == pytest.approx(760.5, abs=1.0)


def test_the_corridor_is_the_one_that_the_map_shows() -> None:
    line = BorderLine(((47.0, 15.0), (47.02, 15.03), (47.01, 15.08)), "A", "B", "A")
    shown = BorderCorridor(line, LocalFrame(47.01, 15.04), 500.0)
    ours = Corridor(line.points, 500.0)
    for lat_deg in np.linspace(46.99, 47.03, 9):
        for lon_deg in np.linspace(14.99, 15.09, 9):
            expected = float(shown.distance_m(lat_deg, lon_deg))
            assert ours.distance_m(lat_deg, lon_deg) == pytest.approx(expected, abs=0.05)
