"""Which measurement belongs to which track: gated Mahalanobis distance and an optimal assignment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geofences.geodesy import FloatArray
from vision.tracking.stacks import within_reach

GATE = 11.83
"""Chi-squared, 2 degrees of freedom, 99.73 %."""
_MAX_COST = 18.0
_FORBIDDEN = 1e6


@dataclass(frozen=True, eq=False)
class Candidates:
    """The pairs of a track and a measurement that lie within the gate, k of them.

    ``track``, ``measurement`` ``(k,)`` indices; ``distance`` ``(k,)`` squared Mahalanobis; ``log_determinant`` ``(k,)`` of the
    innovation's covariance. Of hundreds of tracks and boxes only neighbours ever make a pair.
    """

    track: NDArray[np.intp]
    measurement: NDArray[np.intp]
    distance: FloatArray
    log_determinant: FloatArray

    def take(self, index: NDArray[np.bool_]) -> Candidates:
        """Some of them."""
        rows = np.flatnonzero(index)
        return Candidates(
            self.track.take(rows),
            self.measurement.take(rows),
            self.distance.take(rows),
            self.log_determinant.take(rows),
        )


def candidates(
    position_m: FloatArray, covariance_m2: FloatArray, measured_m: FloatArray, measured_covariance_m2: FloatArray
) -> Candidates:
    """Pairs within the gate: ``(n, 2)`` predicted positions with ``(n, 2, 2)``, ``(m, 2)`` measured ones with ``(m, 2, 2)``."""
    # No eigenvalue is larger than the trace: pairs beyond this bound cannot be inside the gate.
    bound = GATE * (covariance_m2[:, 0, 0] + covariance_m2[:, 1, 1])
    measured_bound = GATE * (measured_covariance_m2[:, 0, 0] + measured_covariance_m2[:, 1, 1])
    (east, north), (measured_east, measured_north) = position_m.T.copy(), measured_m.T.copy()
    i, j = within_reach(east, np.sqrt(bound + measured_bound.max(initial=0.0)), measured_east)
    e, n = measured_east.take(j) - east.take(i), measured_north.take(j) - north.take(i)
    near = np.flatnonzero(e * e + n * n <= bound.take(i) + measured_bound.take(j))
    i, j, e, n = i.take(near), j.take(near), e.take(near), n.take(near)
    a, b, d = (
        covariance_m2[:, k, m].take(i) + measured_covariance_m2[:, k, m].take(j) for k, m in ((0, 0), (0, 1), (1, 1))
    )
    determinant = np.maximum(a * d - b * b, 1e-12)
    distance = (d * e * e - 2.0 * b * e * n + a * n * n) / determinant
    inside = np.flatnonzero(distance <= GATE)
    return Candidates(i.take(inside), j.take(inside), distance.take(inside), np.log(determinant.take(inside)))


def assign(found: Candidates, class_log_likelihood: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """``(tracks, measurements)``: pairs of indices, one to one, chosen from the candidates.

    ``class_log_likelihood`` ``(k,)``: log probability of the detected class given what is known of the track. The cost
    is ``-2 log`` of the joint likelihood less a constant; the sum over all pairs is least.
    """
    price = found.distance - 2.0 * class_log_likelihood
    allowed = price <= _MAX_COST
    track, measurement = found.track[allowed], found.measurement[allowed]
    # The determinant keeps a long unseen track with a huge covariance from taking everything that is near.
    cost = price[allowed] + found.log_determinant[allowed]
    if not len(track):
        return track, measurement
    alone = (np.bincount(track)[track] == 1) & (np.bincount(measurement)[measurement] == 1)
    rows, columns = [track[alone]], [measurement[alone]]
    if not alone.all():
        # Only what has a choice is a problem of assignment.
        track, measurement, cost = track[~alone], measurement[~alone], cost[~alone]
        names_t, i = _numbered(track)
        names_m, j = _numbered(measurement)
        table = np.full((len(names_t), len(names_m)), _FORBIDDEN)
        table[i, j] = cost
        r, c = linear_sum_assignment(table)
        good = table[r, c] < _FORBIDDEN
        rows.append(names_t[r[good]])
        columns.append(names_m[c[good]])
    return np.concatenate(rows), np.concatenate(columns)


def _numbered(index: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The different ones of some small indices, ascending, and the place of each among them; without a sort."""
    there = np.bincount(index) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[index]
