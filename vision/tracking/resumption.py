"""Who is who after frames without positions: what the picture says, held against what the ground allows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.tracking.association import GATE, Candidates
from vision.tracking.stacks import inverse_2x2


def confirmed_by_ground(
    track_id: NDArray[np.int64],
    position_m: FloatArray,
    covariance_m2: FloatArray,
    speed_sigma_m_s: FloatArray,
    measured_m: FloatArray,
    measured_covariance_m2: FloatArray,
    same: Mapping[int, int],
    gap_s: float,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], FloatArray]:
    """``(rows, columns, impossible, wider_m2)`` of what was followed in the picture.

    ``track_id`` ``(n,)``, ``position_m`` ``(n, 2)`` as predicted over the gap, ``covariance_m2`` ``(n, 2, 2)``,
    ``speed_sigma_m_s`` ``(n,)`` of their class; ``measured_m`` ``(m, 2)``, ``measured_covariance_m2`` ``(m, 2, 2)``.
    Pairs of a track's and a measurement's index; the rows that the ground contradicts: nobody of that class gets there
    in the time; and for each pair the variance by which the prediction was too sure, 0 where it was not.
    """
    rows, columns, impossible, wider = [], [], [], []
    for row, number in enumerate(track_id.tolist()):
        column = same.get(number)
        if column is None:
            continue
        apart = measured_m[column] - position_m[row]
        total = covariance_m2[row] + measured_covariance_m2[column]
        # One who turned when the gap began is as far from the prediction as he can have walked.
        more = float((speed_sigma_m_s[row] * gap_s) ** 2)
        if _distance(apart, total) <= GATE:
            more = 0.0
        elif _distance(apart, total + more * np.eye(2)) > GATE:
            impossible.append(row)
            continue
        rows.append(row)
        columns.append(column)
        wider.append(more)
    i = np.intp
    return np.array(rows, i), np.array(columns, i), np.array(impossible, i), np.array(wider, dtype=np.float64)


def ambiguous(found: Candidates) -> NDArray[np.intp]:
    """Indices of the tracks that have a choice among measurements, or share their only one with another track."""
    if not len(found.track):
        return np.zeros(0, dtype=np.intp)
    choice = (np.bincount(found.track)[found.track] > 1) | (np.bincount(found.measurement)[found.measurement] > 1)
    return np.unique(found.track[choice])


def _distance(apart: FloatArray, covariance: FloatArray) -> float:
    inverse = inverse_2x2(covariance)
    return float(apart @ inverse @ apart)
