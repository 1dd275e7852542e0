"""Two estimates of one thing into one, when nobody knows how much they have in common.

Covariance intersection (Julier and Uhlmann, A non-divergent estimation algorithm in the presence of unknown correlations,
1997): the inverse covariances are added with weights ``w`` and ``1 - w``. If both are consistent, so is the result,
whatever they have in common; two stations that look at one terrain model with cameras on like aircraft always have
something. Adding with full weights would count that twice, and again each time the result is told on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """``state`` ``(n,)`` with ``covariance`` ``(n, n)``, symmetric and positive definite.

    ``lineage`` names the tracks ("station/track") whose observations are in it, its own included.
    """

    state: FloatArray
    covariance: FloatArray
    lineage: frozenset[str]


def covariance_intersection(
    a: ArrayLike, cov_a: ArrayLike, b: ArrayLike, cov_b: ArrayLike
) -> tuple[FloatArray, FloatArray, float]:
    """``(state, covariance, weight of a)`` of two estimates, with the weight that makes the determinant least.

    States ``(n,)``, covariances ``(n, n)``. Where one covariance lies within the other it is the result. Raises
    ``ValueError`` for shapes that do not match, values that are not finite, and covariances that are not positive definite.
    """
    x_a, x_b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    p_a, p_b = np.asarray(cov_a, dtype=np.float64), np.asarray(cov_b, dtype=np.float64)
    n = len(x_a)
    if x_a.shape != (n,) or x_b.shape != (n,) or p_a.shape != (n, n) or p_b.shape != (n, n):
        raise ValueError("estimates of different sizes")
    if not all(np.isfinite(v).all() for v in (x_a, x_b, p_a, p_b)):
        raise ValueError("estimates that are not finite")
    try:
        np.linalg.cholesky(p_a)
        np.linalg.cholesky(p_b)
    except np.linalg.LinAlgError as error:
        raise ValueError("a covariance that is not positive definite") from error
    i_a, i_b = np.linalg.inv(p_a), np.linalg.inv(p_b)
    weight = _best_weight(np.linalg.eigvals(p_a @ i_b).real.tolist())
    covariance = np.linalg.inv(weight * i_a + (1.0 - weight) * i_b)
    state = covariance @ (weight * i_a @ x_a + (1.0 - weight) * i_b @ x_b)
    return state, (covariance + covariance.T) / 2.0, weight


def _best_weight(ratios: list[float]) -> float:
    """The weight of ``a`` that makes the determinant least, from the eigenvalues of ``cov_a cov_b^-1``.

    With them the logarithm of the determinant of ``w A^-1 + (1 - w) B^-1`` is, but for a constant, the sum of
    ``log(w + (1 - w) ratio)``: concave in ``w``, so the root of its slope is found by halving.
    """

    def slope(weight: float) -> float:
        return sum((1.0 - r) / (weight + (1.0 - weight) * r) for r in ratios)

    if all(abs(r - 1.0) < 1e-9 for r in ratios):
        return 0.5  # of equal covariances any weight would do, and errors average in the middle
    low, high = 0.0, 1.0
    if slope(high) >= 0.0:
        return 1.0
    if slope(low) <= 0.0:
        return 0.0
    for _ in range(48):
        middle = (low + high) / 2.0
        low, high = (middle, high) if slope(middle) > 0.0 else (low, middle)
    return (low + high) / 2.0


def fuse(own: Estimate, theirs: Estimate) -> Estimate:
    """Both in one, or ``own`` where theirs holds nothing that is not in it already (an echo of what we told).

    What is partly an echo is fused like all else: that is what covariance intersection is for.
    """
    if theirs.lineage <= own.lineage:
        return own
    state, covariance, weight = covariance_intersection(own.state, own.covariance, theirs.state, theirs.covariance)
    if weight == 1.0:
        return own
    # An estimate that got no weight has left nothing in the result.
    lineage = theirs.lineage if weight == 0.0 else own.lineage | theirs.lineage
    return Estimate(state, covariance, lineage)
