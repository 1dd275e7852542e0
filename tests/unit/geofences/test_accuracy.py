"""CE90 and the bivariate normal, against scipy and against counting."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from geofences.accuracy import both_below, circular_error_m


def test_ce90_of_a_circle_is_known():
    assert circular_error_m(np.eye(2)) == pytest.approx(math.sqrt(2.0 * math.log(10.0)), rel=1e-6)


def test_ce90_of_a_line_is_the_one_dimensional_figure():
    assert circular_error_m(np.diag([25.0, 0.0])) == pytest.approx(5.0 * 1.6449, rel=0.01)


@pytest.mark.parametrize("covariance", [[[4, 1], [1, 1]], [[9, 0], [0, 2]], [[1, -0.8], [-0.8, 1]]])
def test_ce90_holds_nine_of_ten(covariance):
    rng = np.random.default_rng(1)
    points = rng.multivariate_normal([0, 0], covariance, 200_000)
    inside = np.mean(np.hypot(points[:, 0], points[:, 1]) <= circular_error_m(covariance))
    assert inside == pytest.approx(0.9, abs=0.003)


def test_ce90_of_nonsense_is_infinite_and_of_nothing_zero():
    assert circular_error_m([[math.nan, 0], [0, 1]]) == math.inf
    assert circular_error_m(np.zeros((2, 2))) == 0.0


@pytest.mark.parametrize("correlation", [-0.95, -0.5, 0.0, 0.3, 0.9])
@pytest.mark.parametrize(("z1", "z2"), [(0.0, 0.0), (2.0, 1.0), (-1.0, 2.5), (3.0, 3.0)])
def test_two_correlated_sides_agree_with_scipy(z1, z2, correlation):
    expected = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]]).cdf([z1, z2])
    assert both_below(z1, z2, correlation) == pytest.approx(expected, abs=1e-5)
