"""Who walks over the line: how far he walked is free of the camera's drift, and so is where he is, in part."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.crossing import CrossingDetector, CrossingSettings
from geofences.crossing_evidence import Sample, passage, walked_over
from tests.unit.geofences.drifting_tracks import FRAME, RATE_HZ, straight_border, way

POSE_M2 = np.diag([6.5, 6.5])
SIGMA_M = 2.55
PARTS = ((0.6, 30.0), (0.4, 7.0))


def told(true_en_m, error_m, velocity_sigma_m_s=0.55, velocity_error_m_s=0.0, settings=None):
    """Events of a way whose places are told ``error_m`` ``(n,)`` too far north, its velocity with little error."""
    detector, events = CrossingDetector(straight_border(), FRAME, settings), []
    own, rate = 0.3, velocity_sigma_m_s**2
    covariance = np.diag([6.5 + own, 6.5 + own, rate, rate])
    velocity = np.gradient(true_en_m, 1.0 / RATE_HZ, axis=0) + np.array([0.0, velocity_error_m_s])
    for k, (place, v) in enumerate(zip(true_en_m, velocity, strict=True)):
        shown = place + np.array([0.0, error_m[k]])
        event = detector.update(1, k * 125_000, shown, covariance, POSE_M2, 7.0, v)
        events += [] if event is None else [event]
    return events


def over(pace_m_s, before_m=10.0, behind_m=10.0):
    return way((0.0, pace_m_s, (before_m + behind_m) / pace_m_s), start=(0.0, -before_m))


@pytest.mark.parametrize("error_sigma", [-0.5, 0.0, 0.5])
def test_a_slow_walker_is_told_though_each_velocity_is_as_uncertain_as_his_pace(error_sigma):
    """Ten metres on both sides are four sigma: a lasting error takes some of that on one of them."""
    walk = over(0.9)
    (event,) = told(walk, np.full(len(walk), error_sigma * SIGMA_M))
    assert event.to_side == "left"
    assert event.probability > 0.97


def test_who_comes_into_view_near_the_line_and_walks_far_is_told():
    """First seen less than three sigma before the line on the map: his way says the rest."""
    walk = over(2.2, 10.0, 35.0)
    assert len(told(walk, np.linspace(1.2 * SIGMA_M, 0.3 * SIGMA_M, len(walk)))) == 1


@pytest.mark.parametrize(("behind_m", "way_sigma", "count"), [(8.0, 6.4, 0), (8.0, 0.0, 1), (18.0, 6.4, 1)])
def test_sides_that_are_just_clear_are_not_enough_without_a_long_way(behind_m, way_sigma, count):
    only_by_walking = CrossingSettings(k_sigma=9.0, over_way_sigma=way_sigma)
    walk = over(1.0, 9.0, behind_m)
    assert len(told(walk, np.zeros(len(walk)), settings=only_by_walking)) == count


def test_a_drift_against_the_way_does_not_hide_it():
    """The error grows against him all the while: the map has him little over the line, his steps have him ten metres over."""
    walk = over(1.5, 14.0, 11.0)
    error = np.linspace(1.2 * SIGMA_M, -1.8 * SIGMA_M, len(walk))
    assert (walk[-1, 1] + error[-1]) < 2.5 * SIGMA_M
    assert len(told(walk, error)) == 1


@pytest.mark.parametrize("error_sigma", [0.0, 1.0, 1.8, 2.5])
def test_who_comes_up_to_the_line_and_goes_back_is_not(error_sigma):
    turned = way((0.0, 1.3, 15.0), (0.0, 0.0, 10.0), (0.0, -1.3, 15.0), start=(0.0, -20.0))
    assert told(turned, np.full(len(turned), error_sigma * SIGMA_M)) == []


@pytest.mark.parametrize("error_sigma", [0.0, -1.0, -1.8])
def test_who_was_at_the_line_when_he_came_into_view_and_walks_home_is_not(error_sigma):
    home = way((0.0, 1.3, 20.0), start=(0.0, 0.5))
    assert told(home, np.full(len(home), error_sigma * SIGMA_M)) == []


def test_who_stands_while_the_map_moves_is_not():
    """The map carries him over the line and ten metres on; his velocity says that he stands."""
    stood = way((0.0, 0.0, 30.0), start=(0.0, -0.5))
    assert told(stood, np.linspace(-2.0 * SIGMA_M, 2.0 * SIGMA_M, len(stood))) == []


def test_a_velocity_that_is_not_known_makes_nobody_walk():
    walk = over(1.2)
    assert told(walk, np.full(len(walk), -1.5 * SIGMA_M), velocity_error_m_s=np.nan) == []


def sample(t_s, d_m, walked_m, walked_var=0.0, pose_var=6.5):
    return Sample(round(t_s * 1e6), d_m, pose_var, 0.1, 0.0, d_m, np.eye(2), False, walked_m, walked_var)


def test_many_positions_say_more_than_the_last_and_no_more_than_the_drift_allows():
    t = np.arange(0.0, 20.0, 0.8)
    trail = [sample(x, -12.0 + 1.2 * x, 1.2 * x) for x in t]
    alone = trail[-1].d_m / trail[-1].sigma
    assert alone * 1.05 < walked_over(trail, 1, PARTS, 24.0, 0.8).now < alone * 1.5


def test_steps_that_are_not_known_leave_the_last_position_alone():
    t = np.arange(0.0, 20.0, 0.8)
    trail = [sample(x, -12.0 + 1.2 * x, 1.2 * x, 1e4 * x) for x in t]
    assert walked_over(trail, 1, PARTS, 24.0, 0.8).now == pytest.approx(trail[-1].d_m / trail[-1].sigma, rel=0.01)


def test_the_probability_is_that_of_the_sides():
    """Errors of many drifting walks, as stated: of those whose probability is told as high, as many are over."""
    rng, t = np.random.default_rng(5), np.arange(0.0, 16.0, 0.8)
    lag = np.abs(t[:, None] - t[None, :])
    root = np.linalg.cholesky(6.5 * sum(share * np.exp(-lag / tau) for share, tau in PARTS) + 0.1 * np.eye(len(t)))
    given, true = [], []
    for _ in range(4000):
        start, pace = rng.uniform(-25.0, 5.0), rng.uniform(0.8, 1.6)
        x = start + pace * t
        d = x + root @ rng.standard_normal(len(t))
        found = walked_over([sample(*row) for row in zip(t, d, pace * t, strict=True)], 1, PARTS, 24.0, 0.8)
        given.append(found.probability)
        true.append(x[0] < 0.0 < x[-1])
    given, true = np.array(given), np.array(true)
    for low, high in ((0.3, 0.7), (0.7, 0.95), (0.95, 1.0)):
        within = (given >= low) & (given < high)
        assert true[within].mean() == pytest.approx(given[within].mean(), abs=0.06)


def test_a_passage_shorter_than_the_mean_over_a_second_still_has_a_time():
    trail = [sample(t, d, 0.0) for t, d in ((0.0, 3.0), (0.4, -0.5), (0.8, 3.0), (1.2, 4.0), (1.6, 5.0))]
    t_us, _, _, _ = passage(trail, 1)
    assert 400_000 <= t_us <= 800_000


def test_positions_that_disagree_with_the_steps_by_more_than_stated_say_less():
    """The map carries somebody one way while his steps lead the other: whoever errs, it errs by more than is stated."""
    t = np.arange(0.0, 20.0, 0.8)
    honest = [sample(x, -12.0 + 1.2 * x, 1.2 * x) for x in t]
    torn = [sample(x, -12.0 + 1.2 * x + 16.0 * (x > 8.0), 1.2 * x) for x in t]
    assert walked_over(torn, 1, PARTS, 24.0, 0.8).before < walked_over(honest, 1, PARTS, 24.0, 0.8).before - 0.5
    assert walked_over(torn, 1, PARTS, 24.0, 0.8).now < torn[-1].d_m / torn[-1].sigma
