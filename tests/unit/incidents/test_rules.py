"""Each rule tells what it should, once, and holds its tongue in the near misses."""

from __future__ import annotations

import pytest

from groundstation.incidents.rules.approach import ApproachParameters, ApproachRule
from groundstation.incidents.rules.group import GroupParameters, GroupRule
from groundstation.incidents.rules.loitering import LoiteringParameters, LoiteringRule
from groundstation.incidents.rules.stopped import (
    PersonDownParameters,
    PersonDownRule,
    VehicleStoppedParameters,
    VehicleStoppedRule,
)
from tests.unit.incidents.people import BORDER, FRAME, Someone, frames, seconds_of, watch
from vision.records import TrackStatus

PERSON, VEHICLE = frozenset({0}), frozenset({1, 2})
SOUTH, NORTH = "Arvenia", "Belmark"  # the border runs east; its left side is north


# -- approach ------------------------------------------------------------------------------------------------------------


def approach(**changes: object) -> ApproachRule:
    return ApproachRule(BORDER, FRAME, frozenset({0, 1, 2}), ApproachParameters(**changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_somebody_who_walks_up_to_the_line_is_told_before_he_is_there(seed):
    events = watch(approach(), [Someone((0, -45), [(0, 1.4, 40)])], 40, seed)
    assert len(events) == 1
    assert 5 < seconds_of(events[0]) < 45 / 1.4
    assert events[0].direction == f"{SOUTH}->{NORTH}"
    assert events[0].probability >= 0.8
    there_s = seconds_of(events[0]) + events[0].values["seconds"]
    assert there_s == pytest.approx(45 / 1.4, abs=8)


@pytest.mark.parametrize(
    "legs",
    [
        [(1.4, 0.0, 60)],  # along the border, 25 m off
        [(0, -1.2, 60)],  # away from it
        [],  # standing
        [(1.3, 0.25, 25), (1.3, -0.25, 25)],  # slanting towards it so slowly that it is a minute off
    ],
)
def test_who_does_not_come_is_not_approaching(legs):
    for seed in range(2):
        assert watch(approach(), [Someone((0, -25), legs)], 50, seed) == []


def test_who_stops_and_goes_on_at_once_is_told_once_and_after_a_long_rest_again():
    legs = [(0, 1.2, 18), (0, 0, 2), (0, 1.2, 5)]
    assert len(watch(approach(), [Someone((0, -33), legs)], 25)) == 1
    back_and_again = [(0, 1.2, 18), (0, -1.2, 25), (0, 0, 10), (0, 1.2, 25)]
    events = watch(approach(), [Someone((0, -33), back_and_again)], 78)
    assert len(events) == 2
    assert events[1].t_utc_us > events[0].t_utc_us


def test_the_side_that_is_asked_for():
    south, north = [Someone((0, -45), [(0, 1.4, 30)])], [Someone((0, 45), [(0, -1.4, 30)])]
    # Own is Arvenia, in the south: somebody from the north comes to us.
    assert watch(approach(towards="own"), south, 30) == []
    assert len(watch(approach(towards="own"), north, 30)) == 1
    assert len(watch(approach(towards="other"), south, 30)) == 1


# -- loitering -----------------------------------------------------------------------------------------------------------


def loitering(**changes: object) -> LoiteringRule:
    return LoiteringRule(BORDER, FRAME, PERSON, LoiteringParameters(duration_s=60.0, **changes))  # type: ignore[arg-type]


def test_who_hangs_about_near_the_line_is_told_once():
    legs = [(0.8, 0, 10), (-0.8, 0, 10)] * 10
    events = watch(loitering(), [Someone((0, -30), legs)], 200)
    assert len(events) == 1
    assert seconds_of(events[0]) == pytest.approx(60, abs=3)
    assert events[0].values["distance_m"] == pytest.approx(30, abs=8)


@pytest.mark.parametrize(
    "someone",
    [
        Someone((0, -30), [(1.2, 0, 300)]),  # passes by
        Someone((0, -120), []),  # hangs about far from the line
        Someone((0, -30), [], seen_to_s=55),  # not for long enough
        Someone((0, -30), [], status=lambda t: None if 50 < t < 58 else TrackStatus.CONFIRMED, seen_to_s=105),  # lost
        Someone((0, -30), [], class_id=1),  # a parked car
        Someone((0, -30), [], status=lambda t: TrackStatus.COASTING),  # a guess
    ],
)
def test_what_is_not_loitering(someone):
    assert watch(loitering(), [someone], 110) == []


def test_in_the_strip_without_a_circle_a_walk_along_the_line_counts():
    assert len(watch(loitering(radius_m=0.0), [Someone((0, -30), [(1.2, 0, 100)])], 90)) == 1


# -- group ---------------------------------------------------------------------------------------------------------------


def group(**changes: object) -> GroupRule:
    return GroupRule(BORDER, FRAME, PERSON, GroupParameters(**changes))  # type: ignore[arg-type]


def column(count: int, legs: list[tuple[float, float, float]], gap_m: float = 4.0) -> list[Someone]:
    return [Someone((gap_m * i, -60 + (i % 2)), legs) for i in range(count)]


def test_five_who_walk_together_are_told_once_as_a_group_of_five():
    events = watch(group(), column(5, [(0, 1.2, 60)]), 40)
    assert len(events) == 1
    assert events[0].values["count"] == 5
    assert events[0].members == (1, 2, 3, 4, 5)
    assert seconds_of(events[0]) < 15


def test_a_group_that_rests_and_goes_on_is_the_same():
    assert len(watch(group(), column(6, [(0, 1.2, 15), (0, 0, 20), (0, 1.2, 15)]), 50)) == 1


def test_a_member_that_flickers_does_not_make_another_group():
    people = column(6, [(0, 1.2, 60)])
    people[2].status = lambda t: None if int(t) % 5 == 4 else TrackStatus.CONFIRMED
    assert len(watch(group(), people, 50)) == 1


@pytest.mark.parametrize(
    "people",
    [
        column(4, [(0, 1.2, 60)]),  # too few
        column(5, [(0, 1.2, 60)], gap_m=15.0),  # too far apart
        column(6, []),  # standing about
        # Two parties that meet and pass each other.
        [*column(3, [(0, 1.2, 60)]), *(Someone((4.0 * i, -20), [(0, -1.2, 60)]) for i in range(3))],
        [Someone(p.start, p.legs, class_id=1) for p in column(6, [(0, 5, 60)])],  # a convoy
    ],
)
def test_what_is_no_group(people):
    assert watch(group(), people, 35) == []


# -- person down ---------------------------------------------------------------------------------------------------------


def person_down(**changes: object) -> PersonDownRule:
    return PersonDownRule(BORDER, FRAME, PERSON, PersonDownParameters(**changes))  # type: ignore[arg-type]


WALK = (1.2, 0.0, 20.0)


@pytest.mark.parametrize("seed", range(3))
def test_who_walked_and_then_does_not_move_may_need_help_and_is_told_once(seed):
    events = watch(person_down(), [Someone((0, -30), [WALK])], 190, seed)
    assert len(events) == 1
    # Within the drift the end of the walk cannot be told from its stop to the second.
    assert 70 < seconds_of(events[0]) < 145
    assert events[0].values["duration_s"] >= 59
    assert events[0].probability > 0.97


def test_a_drift_free_camera_tells_it_after_the_time_asked():
    (event,) = watch(person_down(), [Someone((0, -30), [WALK])], 100, error=False)
    assert seconds_of(event) == pytest.approx(80, abs=3)


@pytest.mark.parametrize(
    "someone",
    [
        Someone((0, -30), []),  # sat there all the time
        Someone((0, -30), [WALK, (0.4, 0.0, 400)]),  # walks slowly
        Someone((0, -30), [WALK, *[(1.0, 0, 4.0), (-1.0, 0, 4.0)] * 30]),  # to and fro
        Someone((0, -30), [WALK], seen_to_s=60),  # left the view
        Someone((0, -30), [WALK], status=lambda t: TrackStatus.COASTING if t > 25 else TrackStatus.CONFIRMED),
        # Lost and found lying: what was between is not known.
        Someone((0, -30), [WALK], status=lambda t: None if 18 < t < 26 else TrackStatus.CONFIRMED),
        Someone((0, -30), [(8.0, 0, 10)], class_id=1),  # a vehicle
        Someone((0, -30), [WALK, (0, 0, 45), (1.2, 0, 20), (0, 0, 45), (1.2, 0, 20)]),  # rests on the way
    ],
)
def test_who_is_not_down(someone):
    assert watch(person_down(), [someone], 150) == []


def test_people_who_rest_together_are_not_down_but_one_with_a_helper_is():
    party = [Someone((3.0 * i, -30), [WALK]) for i in range(4)]
    assert watch(person_down(), party, 150, error=False) == []
    assert {e.number for e in watch(person_down(), party[:2], 150, error=False)} == {1, 2}
    assert len(watch(person_down(companions=0), party, 150, error=False)) == 4


def test_who_gets_up_and_goes_down_again_is_told_again():
    legs = [WALK, (0, 0, 80), (1.2, 0, 30), (0, 0, 90)]
    events = watch(person_down(), [Someone((0, -30), legs)], 215, error=False)
    assert len(events) == 2


def test_an_ended_track_is_forgotten():
    rule = person_down()
    list(map(rule.update, frames([Someone((0, -30), [WALK])], 60, error=False)))
    assert rule._states
    rule.forget(1)
    assert not rule._states


# -- vehicle stopped -----------------------------------------------------------------------------------------------------


def vehicle_stopped(**changes: object) -> VehicleStoppedRule:
    return VehicleStoppedRule(BORDER, FRAME, VEHICLE, VehicleStoppedParameters(**changes))  # type: ignore[arg-type]


def test_a_vehicle_that_comes_and_halts_near_the_line_is_told_once():
    events = watch(vehicle_stopped(), [Someone((-100, -35), [(6, 0, 16)], class_id=1)], 170)
    assert len(events) == 1
    assert events[0].values["distance_m"] == pytest.approx(35, abs=8)


@pytest.mark.parametrize(
    "someone",
    [
        Someone((0, -35), [], class_id=1),  # parked all the time
        Someone((-100, -90), [(6, 0, 16)], class_id=1),  # halts far from the line
        Someone((-100, -35), [(6, 0, 16), (0, 0, 40), (6, 0, 60)], class_id=1),  # halts briefly
        Someone((-100, -35), [(6, 0, 16), (0.5, 0, 200)], class_id=1),  # creeps on
        Someone((-100, -35), [(1.2, 0, 16)]),  # a person
    ],
)
def test_what_is_no_vehicle_stopped(someone):
    assert watch(vehicle_stopped(), [someone], 120) == []
