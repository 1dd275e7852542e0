"""Fusion stays honest: consistent after any number of re-shares, an own echo counts for nothing.

Closed forms and, where it is installed, Stone Soup as an independent oracle.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundstation.share.correlate.fusion import Estimate, covariance_intersection, fuse


def nees(error: np.ndarray, covariance: np.ndarray) -> float:
    return float(error @ np.linalg.solve(covariance, error))


def naive(a: Estimate, b: Estimate) -> Estimate:
    """As if both were independent: what must not be done."""
    i_a, i_b = np.linalg.inv(a.covariance), np.linalg.inv(b.covariance)
    covariance = np.linalg.inv(i_a + i_b)
    return Estimate(covariance @ (i_a @ a.state + i_b @ b.state), covariance, a.lineage | b.lineage)


@pytest.mark.parametrize("reshares", [0, 1, 3, 10])
@pytest.mark.parametrize("shared_m", [0.0, 4.0])
def test_nees_stays_consistent_after_any_number_of_reshares(reshares: int, shared_m: float) -> None:
    """``shared_m``: an error that both have in common (one terrain model, one kind of camera) and neither knows apart."""
    rng = np.random.default_rng(7)
    n = 400
    fused_nees, claimed, actual, naive_nees = [], [], [], []
    cov_a, cov_b = np.diag([25.0, 36.0]), np.array([[49.0, 12.0], [12.0, 25.0]])
    common = np.eye(2) * shared_m**2
    for _ in range(n):
        both = rng.multivariate_normal(np.zeros(2), common)
        a = Estimate(rng.multivariate_normal(np.zeros(2), cov_a) + both, cov_a + common, frozenset({"a/1"}))
        b = Estimate(rng.multivariate_normal(np.zeros(2), cov_b) + both, cov_b + common, frozenset({"b/1"}))
        own, wrong = fuse(a, b), naive(a, b)
        for _ in range(reshares):
            # Each tells the other what it has got, and it comes back.
            theirs = fuse(b, own)
            own = fuse(own, theirs)
            # Even without any lineage, a careless third party in between, it must stay consistent.
            own = fuse(own, Estimate(theirs.state, theirs.covariance, frozenset({"c/1"})))
            wrong = naive(wrong, naive(b, wrong))
        fused_nees.append(nees(own.state, own.covariance))
        naive_nees.append(nees(wrong.state, wrong.covariance))
        claimed.append(np.trace(own.covariance))
        actual.append(float(own.state @ own.state))
    assert np.mean(fused_nees) <= 2.2
    # Never overconfident: the claimed mean square error is not less than the real one, but for the luck of the draw.
    assert np.mean(claimed) >= 0.9 * np.mean(actual)
    if reshares >= 3:
        assert np.mean(naive_nees) > 4.0  # the test can tell the difference


def test_an_own_echo_counts_for_nothing() -> None:
    own = Estimate(np.zeros(2), np.eye(2) * 9.0, frozenset({"a/1", "b/4"}))
    echo = Estimate(np.array([3.0, 0.0]), np.eye(2) * 4.0, frozenset({"a/1"}))
    assert fuse(own, echo) is own
    assert fuse(own, Estimate(own.state, own.covariance, own.lineage)) is own


def test_closed_forms() -> None:
    # Equal covariances: the mean, and no better than one alone.
    state, covariance, weight = covariance_intersection([0.0, 0.0], np.eye(2) * 4, [2.0, 0.0], np.eye(2) * 4)
    assert weight == 0.5
    assert state == pytest.approx([1.0, 0.0])
    assert covariance == pytest.approx(np.eye(2) * 4)
    # One within the other: the better one alone.
    state, covariance, weight = covariance_intersection([0.0, 0.0], np.eye(2), [5.0, 5.0], np.diag([4.0, 9.0]))
    assert weight == 1.0
    assert covariance == pytest.approx(np.eye(2))
    # Crossed ellipses diag(1, r) and diag(r, 1): by symmetry half and half, 2 / (1 + 1/r) in both directions.
    state, covariance, weight = covariance_intersection(
        [0.0, 0.0], np.diag([1.0, 9.0]), [1.0, 1.0], np.diag([9.0, 1.0])
    )
    assert weight == pytest.approx(0.5, abs=1e-3)
    assert np.diag(covariance) == pytest.approx([1.8, 1.8], rel=1e-3)
    assert state == pytest.approx([0.1, 0.9], rel=2e-2)


def _covariance(a: float, b: float, angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    return turn @ np.diag([a, b]) @ turn.T


sizes = st.floats(0.05, 1e4)


@given(sizes, sizes, st.floats(0, 3.2), sizes, sizes, st.floats(0, 3.2))
def test_the_result_is_never_worse_than_either_and_never_claims_more_than_both_allow(
    a: float, b: float, angle_ab: float, c: float, d: float, angle_cd: float
) -> None:
    p_a, p_b = _covariance(a, b, angle_ab), _covariance(c, d, angle_cd)
    _, p, weight = covariance_intersection([0.0, 0.0], p_a, [1.0, 1.0], p_b)
    assert 0.0 <= weight <= 1.0
    least = min(np.linalg.det(p_a), np.linalg.det(p_b))
    assert np.linalg.det(p) <= least * (1 + 1e-6)
    # Consistent: its ellipse holds the intersection of both, so its inverse is a mean of theirs.
    mean = weight * np.linalg.inv(p_a) + (1 - weight) * np.linalg.inv(p_b)
    assert np.linalg.inv(p) == pytest.approx(mean, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("b", "cov_b"),
    [
        ([0.0], np.eye(2)),
        ([0.0, np.nan], np.eye(2)),
        ([0.0, 0.0], np.zeros((2, 2))),
        ([0.0, 0.0], np.diag([1.0, -1.0])),
        ([0.0, 0.0], np.eye(3)),
    ],
)
def test_what_is_no_estimate_is_refused(b: list[float], cov_b: np.ndarray) -> None:
    with pytest.raises(ValueError):
        covariance_intersection([0.0, 0.0], np.eye(2), b, cov_b)


def test_stone_soup_says_the_same() -> None:
    """Stone Soup's Chernoff updater with its weight on the prediction is covariance intersection for a full measurement."""
    pytest.importorskip("stonesoup", reason="pip install stonesoup for the oracle")
    from datetime import datetime

    from stonesoup.measures import Mahalanobis  # noqa: F401  (fails here when the installation is not whole)
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.types.detection import GaussianDetection
    from stonesoup.types.hypothesis import SingleHypothesis
    from stonesoup.types.prediction import GaussianStatePrediction
    from stonesoup.updater.chernoff import ChernoffUpdater

    rng = np.random.default_rng(3)
    now = datetime(2026, 1, 1)
    for _ in range(20):
        p_a = _covariance(*rng.uniform(1, 50, 2), rng.uniform(0, 3))
        p_b = _covariance(*rng.uniform(1, 50, 2), rng.uniform(0, 3))
        a, b = rng.normal(0, 5, 2), rng.normal(0, 5, 2)
        state, covariance, weight = covariance_intersection(a, p_a, b, p_b)
        model = LinearGaussian(ndim_state=2, mapping=(0, 1), noise_covar=p_b)
        # Their omega is the weight of the measurement.
        updater = ChernoffUpdater(measurement_model=model, omega=float(np.clip(1.0 - weight, 1e-9, 1 - 1e-9)))
        prediction = GaussianStatePrediction(a.reshape(2, 1), p_a, timestamp=now)
        detection = GaussianDetection(b.reshape(2, 1), covar=p_b, timestamp=now, measurement_model=model)
        theirs = updater.update(SingleHypothesis(prediction, detection))
        assert np.asarray(theirs.state_vector).ravel() == pytest.approx(state, rel=1e-4, abs=1e-4)
        assert np.asarray(theirs.covar) == pytest.approx(covariance, rel=1e-4, abs=1e-4)
