"""Crossings of the border: those that are, and the many things that look like one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geofences.area import BorderLine
from geofences.crossing import CrossingDetector
from tests.unit.geofences.drifting_tracks import FRAME, RATE_HZ, count_told, straight_border, watch, way

COVARIANCE = np.diag([2.0, 2.0, 0.1, 0.1])
POSE = np.diag([1.7, 1.7])


def feed(detector, places, track_id=1, start_us=0, step_us=125_000, max_speed_m_s=7.0):
    """Events of a way without errors."""
    events = []
    for i, place in enumerate(places):
        event = detector.update(track_id, start_us + i * step_us, place, COVARIANCE, POSE, max_speed_m_s)
        if event is not None:
            events.append(event)
    return events


def straight(north_m_s=1.4, before_m=20.0, behind_m=20.0, east_m_s=0.0, start_east_m=0.0):
    seconds = (before_m + behind_m) / abs(north_m_s)
    return way((east_m_s, north_m_s, seconds), start=(start_east_m, -np.sign(north_m_s) * before_m))


@pytest.fixture
def detector():
    return CrossingDetector(straight_border(), FRAME)


def test_a_straight_walk_over_the_line_is_one_crossing(detector):
    (event,) = feed(detector, straight(start_east_m=37.0))
    assert (event.from_side, event.to_side, event.direction) == ("right", "left", "Arvenia->Belmark")
    assert event.t_utc_us == pytest.approx(20.0 / 1.4 * 1e6, abs=100_000)
    assert event.t_confirmed_utc_us > event.t_utc_us
    assert FRAME.to_plane(event.lat_deg, event.lon_deg) == pytest.approx([37.0, 0.0], abs=0.2)
    assert event.ce90_m == pytest.approx(2.146 * np.sqrt(2.0), rel=0.01)
    assert event.probability > 0.98


def test_it_is_told_once_per_direction_however_often_the_line_is_crossed(detector):
    there, back = straight(), straight(-1.4)
    events = feed(detector, np.concatenate([there, back, there, back]))
    assert [e.direction for e in events] == ["Arvenia->Belmark", "Belmark->Arvenia"]


def test_a_forgotten_track_begins_anew(detector):
    assert len(feed(detector, straight())) == 1
    detector.forget(1)
    assert len(feed(detector, straight(), start_us=60_000_000)) == 1


def test_born_on_the_far_side_there_is_nothing_to_tell(detector):
    assert feed(detector, way((0.0, 1.4, 20.0), start=(0.0, 5.0))) == []


def test_turning_back_at_the_line_is_no_crossing(detector):
    places = way((0.0, 1.4, 14.0), (0.0, -1.4, 14.0), start=(0.0, -20.0))
    assert feed(detector, places) == []


def test_walking_along_the_line_is_no_crossing(detector):
    assert feed(detector, way((1.4, 0.0, 120.0), start=(-80.0, -1.0))) == []


def test_round_the_end_of_the_line_is_not_across_it(detector):
    places = way((1.4, 0.0, 20.0), (0.0, 1.4, 30.0), (-1.4, 0.0, 20.0), start=(985.0, -20.0))
    assert feed(detector, places) == []


def test_a_way_that_begins_beyond_the_end_and_leads_over_the_line_is_a_crossing(detector):
    (event,) = feed(detector, way((-1.4, 1.4, 25.0), start=(1004.0, -10.0)))
    assert event.to_side == "left"
    assert event.along_m < detector.geometry.length_m


def test_a_frame_of_many_tracks_tells_what_each_alone_tells():
    ways = [straight(1.4, 18.0, 18.0), straight(-1.6, 18.0, 18.0), way((1.2, 0.0, 25.0), start=(0.0, 9.0))]
    alone = [feed(CrossingDetector(straight_border(), FRAME), places, track_id=i) for i, places in enumerate(ways)]
    together = CrossingDetector(straight_border(), FRAME)
    events = []
    for k in range(max(map(len, ways))):
        ids = [i for i, places in enumerate(ways) if k < len(places)]
        rows = np.array([ways[i][k] for i in ids])
        covariance, pose = np.tile(COVARIANCE, (len(ids), 1, 1)), np.tile(POSE, (len(ids), 1, 1))
        events += together.update_all(ids, k * 125_000, rows, covariance, pose, [7.0] * len(ids))
    assert sorted(events, key=lambda e: e.track_id) == [e for found in alone for e in found]


def test_who_stands_on_the_line_and_then_walks_home_needs_more_than_a_lasting_error(detector):
    """Three sigma on the wrong side for long, then a walk home: it may have been the camera's error."""
    sigma_m = np.sqrt(2.0)
    wrong = np.array([(0.0, -2.9 * sigma_m)] * 160)
    home = way((0.0, 1.4, 20.0), start=(0.0, -1.9 * sigma_m))
    assert feed(detector, np.concatenate([wrong, np.linspace(wrong[-1], home[0], 160), home])) == []


def shifted_by(error_m: float, walks_on: bool):
    """Somebody comes up to the line and stops on it, or walks on, his place told too far north by so much all the time."""
    covariance = np.diag([2.0, 2.0, 0.02, 0.02])
    true = way((0.0, 1.3, 16.0), *([(0.0, 1.3, 4.0)] if walks_on else [(0.0, 0.0, 30.0)]), start=(0.0, -20.8))
    velocity = np.gradient(true, 1.0 / RATE_HZ, axis=0)
    detector = CrossingDetector(straight_border(), FRAME)
    told = [
        detector.update(1, k * 125_000, place + np.array([0.0, error_m]), covariance, POSE, 7.0, v)
        for k, (place, v) in enumerate(zip(true, velocity, strict=True))
    ]
    return [event for event in told if event is not None]


def test_less_is_asked_of_who_walks_on_than_of_who_stands():
    """1.7 sigma across on the map while he stands is nothing; 2.7 sigma of who walks on is a crossing."""
    assert shifted_by(2.4, walks_on=False) == []
    assert len(shifted_by(-1.4, walks_on=True)) == 1


def test_an_id_switch_to_somebody_on_the_other_side_is_no_crossing(detector):
    one = way((1.0, 0.0, 8.0), start=(0.0, -8.0))
    other = way((1.0, 0.0, 20.0), start=(8.0, 9.0))
    assert feed(detector, np.concatenate([one, other])) == []


def test_a_smoothed_id_switch_is_no_crossing(detector):
    """A tracker does not jump: it runs over to the other one within a second."""
    one = way((1.0, 0.0, 8.0), start=(0.0, -10.0))
    run = np.linspace((8.0, -10.0), (8.5, 10.0), 8)
    other = way((1.0, 0.0, 20.0), start=(8.5, 10.0))
    assert feed(detector, np.concatenate([one, run, other])) == []


def test_a_vehicle_may_be_fast(detector):
    events = feed(detector, straight(15.0, 60.0, 90.0), max_speed_m_s=45.0)
    assert len(events) == 1


def test_a_gap_across_the_line_costs_certainty(detector):
    places = straight()
    middle = 20.0 / 1.4
    whole = feed(detector, places)[0]
    holed = CrossingDetector(straight_border(), FRAME)
    events = []
    for i, place in enumerate(places):
        t_s = i / RATE_HZ
        if abs(t_s - middle) > 3.5:
            event = holed.update(1, round(t_s * 1e6), place, COVARIANCE, POSE, 7.0)
            events += [event] if event else []
    (event,) = events
    assert event.gap_s == pytest.approx(7.0, abs=0.3)
    assert event.probability < whole.probability - 0.1
    assert event.t_sigma_s > whole.t_sigma_s
    assert event.t_utc_us == pytest.approx(middle * 1e6, abs=3 * event.t_sigma_s * 1e6)


def test_after_a_very_long_gap_nobody_knows(detector):
    feed(detector, way((0.0, 1.4, 5.0), start=(0.0, -20.0)))
    assert feed(detector, way((0.0, 1.4, 10.0), start=(0.0, 12.0)), start_us=30_000_000) == []


def test_values_that_are_not_finite_and_times_that_go_back_are_ignored(detector):
    places = straight()
    assert detector.update(1, 0, (np.nan, 0.0), COVARIANCE, POSE) is None
    events = []
    for i, place in enumerate(places):
        for t_us in (i * 125_000, i * 125_000, max(0, i - 5) * 125_000):
            event = detector.update(1, t_us, place, COVARIANCE, POSE, 7.0)
            events += [event] if event else []
    assert len(events) == 1


def test_a_large_error_asks_for_a_longer_way(detector):
    """Six metres across are enough with 1.4 m of sigma, and not with 6 m."""
    places = way((0.0, 1.4, 26.0 / 1.4), start=(0.0, -20.0))
    assert len(feed(detector, places)) == 1
    unsure = CrossingDetector(straight_border(), FRAME)
    told = [unsure.update(1, i * 125_000, p, 18.0 * COVARIANCE, 18.0 * POSE, 7.0) for i, p in enumerate(places)]
    assert not any(told)


speeds = st.floats(0.8, 2.5)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(speeds, st.floats(-1.0, 1.0), st.floats(-300, 300))
def test_mirror_reversal_of_the_line_and_of_time(north_m_s, east_m_s, start_east_m):
    places = straight(north_m_s, 18.0, 18.0, east_m_s, start_east_m)
    border = straight_border()
    (event,) = feed(CrossingDetector(border, FRAME), places)
    mirrored = feed(CrossingDetector(border, FRAME), places * [1.0, -1.0])
    assert [(e.from_side, e.to_side) for e in mirrored] == [(event.to_side, event.from_side)]
    assert mirrored[0].t_utc_us == pytest.approx(event.t_utc_us, abs=1000)
    assert mirrored[0].probability == pytest.approx(event.probability, abs=1e-6)
    turned = replace(border, points=border.points[::-1], left=border.right, right=border.left)
    (again,) = feed(CrossingDetector(turned, FRAME), places)
    assert again.direction == event.direction
    assert (again.lat_deg, again.lon_deg) == pytest.approx((event.lat_deg, event.lon_deg), abs=1e-8)
    (backwards,) = feed(CrossingDetector(border, FRAME), places[::-1])
    assert (backwards.from_side, backwards.to_side) == (event.to_side, event.from_side)
    duration_us = (len(places) - 1) * 125_000
    assert duration_us - backwards.t_utc_us == pytest.approx(event.t_utc_us, abs=200_000)


def test_at_a_bend_the_crossing_lies_on_the_line():
    lat, lon = FRAME.from_plane(np.array([(-300.0, 0.0), (0.0, 0.0), (200.0, 150.0)]))
    border = BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "Belmark", "Arvenia", "Arvenia")
    detector = CrossingDetector(border, FRAME)
    (event,) = feed(detector, straight(start_east_m=1.0))
    assert np.abs(detector.geometry.locate(FRAME.to_plane(event.lat_deg, event.lon_deg)).signed_distance_m) < 0.01


# With the pose errors of a real camera; seeded. The figures are those of many more runs, with room for chance.


def test_standing_on_the_line_for_minutes_is_not_told():
    rng = np.random.default_rng(101)
    assert count_told(rng, way((0.0, 0.0, 120.0)), 40) <= 1


def test_walking_up_to_the_line_and_stopping_on_it_is_not_told():
    rng = np.random.default_rng(102)
    places = way((0.0, 1.4, 15.0), (0.0, 0.0, 20.0), (0.0, -1.4, 10.0), start=(0.0, -21.3))
    assert count_told(rng, places, 150) <= 4


def test_walking_along_three_metres_from_the_line_is_not_told():
    rng = np.random.default_rng(103)
    assert count_told(rng, way((1.2, 0.0, 40.0), start=(-80.0, -3.0)), 40) == 0


def test_who_walks_straight_through_is_found_where_and_when():
    rng = np.random.default_rng(104)
    runs = [watch(rng, straight(1.4, 20.0, 20.0)) for _ in range(60)]
    events = [e for run in runs for e in run]
    assert sum(len(run) == 1 for run in runs) >= 57
    time_error_s = [abs(e.t_utc_us / 1e6 - 20.0 / 1.4) for e in events]
    place_error_m = [np.hypot(*FRAME.to_plane(e.lat_deg, e.lon_deg)) for e in events]
    assert np.median(time_error_s) < 2.0
    assert np.median(place_error_m) < 3.0
    within = [p <= e.ce90_m for p, e in zip(place_error_m, events, strict=True)]
    assert np.mean(within) >= 0.85
    sigma = [abs(t) <= 2.0 * e.t_sigma_s for t, e in zip(time_error_s, events, strict=True)]
    assert np.mean(sigma) >= 0.85


def test_ten_metres_before_to_ten_metres_behind_is_mostly_found():
    rng = np.random.default_rng(105)
    assert count_told(rng, straight(1.4, 10.0, 10.0), 60) >= 40


def test_what_comes_fast_and_evenly_needs_less_of_the_first_side_than_who_walks(detector):
    # First seen 1.8 sigma from the line, on a side where nobody is held with so little.
    fast, slow = straight(4.0, 2.6, 30.0), straight(1.4, 2.6, 30.0)
    (event,) = feed(detector, fast, track_id=1, max_speed_m_s=45.0)
    assert event.direction == "Arvenia->Belmark"
    assert feed(detector, slow, track_id=2, start_us=60_000_000) == []


def test_what_stood_on_the_line_and_then_drove_off_fast_has_not_crossed(detector):
    places = way((0.0, 0.0, 6.0), (0.0, 4.0, 10.0), start=(0.0, -2.6))
    assert feed(detector, places, max_speed_m_s=45.0) == []


def test_tracks_that_come_go_and_change_places_are_told_as_each_alone() -> None:
    """The rule keeps its tracks in the order of the last frame: whoever is missing, new, twice or without numbers in a
    frame must not disturb the others."""
    rng = np.random.default_rng(5)
    walkers = {
        f"walker {k}": (rng.uniform(-25.0, 25.0), rng.uniform(-14.0, -9.0), rng.uniform(0.9, 1.6)) for k in range(12)
    }
    together = CrossingDetector(straight_border(), FRAME)
    alone = {name: CrossingDetector(straight_border(), FRAME) for name in walkers}
    told, told_alone = [], []
    for step in range(200):
        t_us = step * 125_000
        here = [name for name in rng.permutation(list(walkers)).tolist() if rng.random() < 0.8]
        places = np.array([[walkers[n][0], walkers[n][1] + walkers[n][2] * step / 8.0] for n in here]).reshape(-1, 2)
        if here and rng.random() < 0.3:
            places[0] = np.nan
        names = [*here, *here[1:2]]  # one of them twice: the first counts
        rows = np.concatenate([places, places[1:2] + 50.0])
        many = len(names)
        told += together.update_all(
            names, t_us, rows, np.tile(0.1 * COVARIANCE, (many, 1, 1)), np.tile(0.1 * POSE, (many, 1, 1)), [7.0] * many
        )
        for name, place in zip(here, places, strict=True):
            event = alone[name].update(name, t_us, place, 0.1 * COVARIANCE, 0.1 * POSE, 7.0)
            if event is not None:
                told_alone.append(event)
        if step == 100:
            together.forget("walker 3")
            alone["walker 3"].forget("walker 3")
            together.forget("nobody")
    assert len(told) >= 8
    assert sorted(told, key=str) == sorted(told_alone, key=str)


@pytest.mark.parametrize(("reach_m", "frames", "told"), [(0.43, 3, 0), (0.43, 4, 1), (0.47, 3, 1), (0.47, 2, 0)])
def test_the_shorter_a_stay_behind_the_line_the_farther_it_must_go(detector, reach_m, frames, told):
    # From straight above: no error of the camera, 8 cm of the box. What noise alone does is short, and not far.
    north_m = [-1.0 + 0.1 * i for i in range(10)] + [reach_m] * frames
    covariance, no_pose = np.diag([0.08**2] * 2), np.zeros((2, 2))
    events = [detector.update(1, 100_000 * i, np.array([0.0, y]), covariance, no_pose) for i, y in enumerate(north_m)]
    assert sum(e is not None for e in events) == told
