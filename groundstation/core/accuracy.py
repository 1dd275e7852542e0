"""CE90 for many points: a table in place of the integral.

:func:`geofences.accuracy.circular_error_m` is the exact one and some thirty times slower, which counts for every point
of every stored track.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

# Radius in units of the larger sigma that holds 90 % of a two-dimensional normal distribution, for ratios of the
# smaller sigma to the larger of 0, 0.1 .. 1: the integral of the density over the circle, solved numerically.
# Ends: 1.6449 (the one-dimensional 90 % interval) and sqrt(-2 ln 0.1) = 2.1460.
_RATIO = np.linspace(0.0, 1.0, 11)
_RADIUS = np.array([1.6449, 1.6479, 1.6573, 1.6738, 1.6992, 1.7371, 1.7915, 1.8625, 1.9472, 2.0424, 2.1460])


def ce90_m(covariance_en_m2: ArrayLike) -> float:
    """The radius in metres that holds the true place with 90 %, from a covariance of (east, north), shape ``(2, 2)``.

    Larger arrays are cut to their first two rows and columns. NaN when the covariance is not finite.
    """
    # In plain numbers: for a matrix of four numbers the general way costs ten times as much.
    (ee, _), (ne, nn) = np.asarray(covariance_en_m2, dtype=np.float64)[:2, :2].tolist()
    if not (math.isfinite(ee) and math.isfinite(ne) and math.isfinite(nn)):
        return math.nan
    middle, half = 0.5 * (ee + nn), math.hypot(0.5 * (ee - nn), ne)
    larger = math.sqrt(max(middle + half, 0.0))
    if larger == 0.0:
        return 0.0
    smaller = math.sqrt(max(middle - half, 0.0))
    return larger * float(np.interp(smaller / larger, _RATIO, _RADIUS))
