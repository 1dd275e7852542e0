from __future__ import annotations

import math

import numpy as np
import pytest

from geofences.accuracy import circular_error_m
from groundstation.core.accuracy import ce90_m


def test_a_circle_is_the_rayleigh_quantile() -> None:
    assert ce90_m(np.diag([9.0, 9.0])) == pytest.approx(3.0 * math.sqrt(-2.0 * math.log(0.1)), rel=1e-3)


@pytest.mark.parametrize("ratio", [0.0, 0.15, 0.37, 0.72, 0.95])
def test_the_radius_holds_nine_of_ten_samples(ratio: float) -> None:
    c, s = math.cos(0.7), math.sin(0.7)
    turn = np.array([[c, -s], [s, c]])
    covariance = turn @ np.diag([25.0, 25.0 * ratio**2]) @ turn.T
    root = turn @ np.diag([5.0, 5.0 * ratio])
    samples = np.random.default_rng(1).standard_normal((200_000, 2)) @ root.T
    inside = np.mean(np.hypot(samples[:, 0], samples[:, 1]) <= ce90_m(covariance))
    assert inside == pytest.approx(0.9, abs=0.004)


def test_the_velocity_part_does_not_count_and_nan_stays_nan() -> None:
    assert ce90_m(np.diag([4.0, 4.0, 900.0, 900.0])) == pytest.approx(ce90_m(np.diag([4.0, 4.0])))
    assert math.isnan(ce90_m(np.full((2, 2), math.nan)))
    assert ce90_m(np.zeros((2, 2))) == 0.0


@pytest.mark.parametrize("ratio", [0.02, 0.15, 0.5, 0.83, 1.0])
def test_the_table_agrees_with_the_exact_integral(ratio: float) -> None:
    covariance = np.diag([25.0, 25.0 * ratio**2])
    assert ce90_m(covariance) == pytest.approx(circular_error_m(covariance), rel=3e-3)
