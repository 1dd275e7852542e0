"""Figures of merit of a Gaussian position: CE90, and the probability of two correlated sides."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

_THETA = np.linspace(0.0, np.pi, 512, endpoint=False)
_COS2, _SIN2 = np.cos(_THETA) ** 2, np.sin(_THETA) ** 2
_GAUSS_X, _GAUSS_W = np.polynomial.legendre.leggauss(20)


def circular_error_m(covariance_en_m2: ArrayLike, probability: float = 0.9) -> float:
    """Radius round the estimate that holds the true place with ``probability`` (0.9: CE90), from a ``(2, 2)`` covariance.

    Exact for a Gaussian: the radial integral in closed form, the angular one by the trapezium rule. Infinite for a
    covariance that is not finite.
    """
    covariance = np.asarray(covariance_en_m2, dtype=np.float64)
    if not np.isfinite(covariance).all():
        return math.inf
    small, large = np.linalg.eigvalsh(0.5 * (covariance + covariance.T))
    if large <= 0.0:
        return 0.0
    # A flat ellipse is widened by 1 % of its length, so that the angular integrand stays smooth.
    ratio = max(small / large, 1e-4)
    a = _COS2 + _SIN2 / ratio  # in units of the large eigenvalue
    low, high = 0.0, 2.0 * math.sqrt(-2.0 * math.log(1.0 - probability))
    for _ in range(50):
        middle = 0.5 * (low + high)
        inside = float(np.mean((1.0 - np.exp(-0.5 * middle**2 * a)) / a)) / math.sqrt(ratio)
        low, high = (middle, high) if inside < probability else (low, middle)
    return 0.5 * (low + high) * math.sqrt(large)


def normal_cdf(z: float) -> float:
    """Probability that a standard normal value is below ``z``."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def both_below(z1: float, z2: float, correlation: float) -> float:
    """Probability that two standard normal values with this correlation are below ``z1`` and ``z2``.

    Plackett's integral over the correlation (Biometrika 41, 1954) with 20 Gauss points, as in Drezner and Wesolowsky
    (J. Statist. Comput. Simul. 35, 1990); the correlation is cut at 0.99 where the integrand stays smooth.
    """
    r = min(0.99, max(-0.99, correlation))
    product = normal_cdf(z1) * normal_cdf(z2)
    angle = math.asin(r)
    total = 0.0
    for x, w in zip(_GAUSS_X, _GAUSS_W, strict=True):
        sine = math.sin(0.5 * angle * (x + 1.0))
        total += w * math.exp(-(z1 * z1 + z2 * z2 - 2.0 * sine * z1 * z2) / (2.0 * (1.0 - sine * sine)))
    return min(1.0, max(0.0, product + total * angle / (4.0 * math.pi)))
