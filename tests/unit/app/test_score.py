"""The score: matched within 15 s and 25 m, one to one, only crossings in view count."""

from __future__ import annotations

from typing import Any

from groundstation.app.score import score_crossings
from groundstation.core.records import Incident
from tests.helpers.records import make_incident, place

T0 = 1_700_000_000_000_000
DIRECTION = "Belmark->Arvenia"


def _said(t_s: float, east_m: float, direction: str = DIRECTION) -> Incident:
    lat, lon = place(east_m, 150.0)
    return make_incident(1, t_utc_us=T0 + round(t_s * 1e6), lat_deg=lat, lon_deg=lon, direction=direction)


def _was(t_s: float, east_m: float, in_view: bool = True, direction: str = DIRECTION) -> dict[str, Any]:
    lat, lon = place(east_m, 150.0)
    return {"t_utc_us": T0 + round(t_s * 1e6), "lat": lat, "lon": lon, "direction": direction, "in_view": in_view}


def test_perfect_and_near_matches() -> None:
    score = score_crossings([_said(10, 0), _said(32, 103)], [_was(10, 0), _was(30, 100)]).as_report()
    assert (score["true_positives"], score["false_positives"], score["missed"]) == (2, 0, 0)
    assert score["position_error_m"]["median"] == 1.5
    assert score["time_error_s"]["p90"] == 1.8


def test_too_late_too_far_or_the_wrong_way_is_no_match() -> None:
    for said in (_said(26, 0), _said(10, 26), _said(10, 0, "Arvenia->Belmark")):
        score = score_crossings([said], [_was(10, 0)])
        assert (len(score.pairs), len(score.false_positives), len(score.missed)) == (0, 1, 1)


def test_one_crossing_told_twice_is_one_false() -> None:
    score = score_crossings([_said(10, 0), _said(12, 3)], [_was(10, 0)])
    assert score.pairs == ((0, 0),)
    assert score.false_positives == (1,)


def test_a_crossing_out_of_view_is_neither_demanded_nor_punished() -> None:
    truth = [_was(10, 0, in_view=False), _was(50, 300, in_view=False)]
    score = score_crossings([_said(10, 2)], truth)
    assert (score.pairs, score.false_positives, score.missed) == ((), (), ())


def test_each_incident_is_judged_by_itself() -> None:
    truth = [_was(10, 0), _was(50, 300, in_view=False)]
    score = score_crossings([_said(90, 0), _said(50, 301), _said(10, 1)], truth)
    assert [score.judgement(n) for n in range(3)] == ["false", "not_counted", "found"]
    assert score_crossings([_said(10, 0)], []).judgement(0) == "false"


def test_one_in_view_is_preferred_to_a_nearer_one_out_of_view() -> None:
    score = score_crossings([_said(10, 0)], [_was(10, 0, in_view=False), _was(12, 5)])
    assert score.pairs == ((0, 1),)
    assert score.missed == ()


def test_matching_is_global_not_greedy() -> None:
    # Greedy would give the first incident the nearer crossing and leave the second incident without one.
    score = score_crossings([_said(0, 10), _said(0, -14)], [_was(0, 0), _was(0, 24)])
    assert score.pairs == ((0, 1), (1, 0))


def test_nothing_said_and_nothing_there() -> None:
    assert score_crossings([], []).as_report()["position_error_m"]["median"] is None
    assert score_crossings([], [_was(1, 1)]).missed == (0,)
    assert score_crossings([_said(1, 1)], []).false_positives == (0,)
