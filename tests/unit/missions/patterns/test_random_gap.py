"""The random-gap patrol keeps its mean and its cap, and cannot be predicted: tested by its statistics."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from geofences.errors import PlanError
from missions.checks import check_plan
from missions.patterns.random_gap import (
    RandomGapRequest,
    SecretDraws,
    WaitLaw,
    pass_times_s,
    plan_random_gap,
    random_moves,
)
from tests.unit.missions.places import area, hills

SPEED, LENGTH = 5.0, 600.0  # 120 s from end to end


def moves(mean_s=300.0, cap_s=1500.0, secret=b"a test, no secret at all", duration_s=600_000.0):
    return random_moves(LENGTH, SPEED, mean_s, cap_s, duration_s, SecretDraws(secret))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_every_place_is_passed_as_often_as_demanded_and_never_later_than_the_cap(share):
    gaps = np.diff(pass_times_s(moves(), share * LENGTH, SPEED))
    assert gaps.max() <= 1500.0
    # About 2000 passes: the mean of the gaps has a standard error of some 2 %.
    assert gaps.mean() == pytest.approx(300.0, rel=0.06)


def test_waits_follow_the_law_that_is_stated():
    law = WaitLaw(180.0, 510.0)
    waits = np.array([m.wait_s for m in moves()])
    assert law.longest_s == pytest.approx(0.5 * (1500.0 - 4 * 120.0))

    def share_below(t):
        return np.expm1(law.tilt * np.asarray(t) / law.longest_s) / np.expm1(law.tilt)

    assert stats.kstest(waits, share_below).pvalue > 1e-3
    assert waits.mean() == pytest.approx(180.0, rel=0.05)


@pytest.mark.parametrize("share", [0.03, 0.3, 0.5, 0.7, 0.97])
def test_the_law_has_the_mean_asked_for(share):
    law = WaitLaw(share * 400.0, 400.0)
    steps = (np.arange(20_000) + 0.5) / 20_000
    waits = np.array([law.quantile_s(s) for s in steps])
    assert waits.mean() == pytest.approx(share * 400.0, rel=1e-3)
    assert 0.0 <= waits.min() <= waits.max() <= 400.0


def test_no_law_with_this_mean_and_cap_is_less_certain():
    """Against other densities of the same mean on the same interval, by entropy of fine bins."""

    def entropy(waits):
        share = np.histogram(waits, bins=40, range=(0.0, 510.0))[0] / len(waits)
        return -np.sum(share[share > 0] * np.log(share[share > 0]))

    steps = (np.arange(100_000) + 0.5) / 100_000
    ours = np.array([WaitLaw(180.0, 510.0).quantile_s(s) for s in steps[::10]])
    others = (
        steps * 360.0,  # uniform to twice the mean
        stats.triang.ppf(steps, 0.0588, 0.0, 510.0),
        stats.beta.ppf(steps, 1.5, 1.5 * (510.0 / 180.0 - 1.0)) * 510.0,
    )
    for other in others:
        assert other.mean() == pytest.approx(180.0, rel=0.01)
        assert entropy(ours) > entropy(other)


def test_waits_tell_nothing_of_the_next_wait_nor_of_the_direction():
    flown = moves()
    waits = np.array([m.wait_s for m in flown])
    assert abs(stats.spearmanr(waits[:-1], waits[1:]).statistic) < 4.0 / np.sqrt(len(waits))
    feints = np.array([m.feint for m in flown])
    assert stats.mannwhitneyu(waits[feints], waits[~feints]).pvalue > 1e-3


def test_turning_points_of_feints_lie_evenly_along_the_stretch():
    turns = np.array([m.to_m for m in moves() if m.feint])
    assert len(turns) > 200
    assert stats.kstest(turns / LENGTH, "uniform").pvalue > 1e-3


def test_after_a_feint_it_always_flies_through():
    flown = moves()
    assert not any(a.feint and b.feint for a, b in itertools.pairwise(flown))
    assert all(b.from_m == (a.from_m if a.feint else a.to_m) for a, b in itertools.pairwise(flown))


def test_another_secret_is_another_patrol_and_the_same_is_the_same():
    assert moves(secret=b"one secret of some length") != moves(secret=b"another secret of length")
    assert moves() == moves()


def test_a_cap_that_leaves_no_room_for_feints_leaves_them_out():
    flown = moves(mean_s=200.0, cap_s=400.0)
    assert not any(m.feint for m in flown)
    gaps = np.diff(pass_times_s(flown, 10.0, SPEED))
    assert gaps.max() <= 400.0
    assert gaps.mean() == pytest.approx(200.0, rel=0.06)


@pytest.mark.parametrize(("mean_s", "cap_s", "says"), [(100.0, 900.0, "cannot be kept"), (300.0, 310.0, "no choice")])
def test_what_cannot_be_kept_is_refused_and_what_would_do_is_told(mean_s, cap_s, says):
    with pytest.raises(PlanError, match=says) as raised:
        moves(mean_s, cap_s)
    assert any(c.isdigit() for c in raised.value.remedy)


@pytest.mark.parametrize("terrain", [None, hills()], ids=["level", "hills"])
def test_the_plan_flies_the_moves(terrain):
    place = area()
    request = RandomGapRequest(secret_hex="5a" * 32, stretch_m=(600.0, 1500.0), mean_gap_s=400.0, duration_s=3000.0)
    plan = plan_random_gap(place, terrain, request)
    assert [f for f in check_plan(plan, place, terrain) if f.severity == "error"] == []
    assert 19 in [i.command for i in plan.items], "it waits"
    assert request.secret_hex not in repr(plan)


@pytest.mark.parametrize("secret", ["", "5a5a", "no digits"])
def test_a_poor_secret_is_refused(secret):
    with pytest.raises(PlanError, match="secret"):
        plan_random_gap(area(), None, RandomGapRequest(secret_hex=secret))
