"""A jolt of the camera that no sensor told: found from the boxes themselves, before they are associated.

A gust or a hard landing of the gimbal moves all boxes of a frame together, farther than the camera's slow errors do. Then
hardly a track finds its box within its gate. Each plausible pair of a track and a box proposes a change of the camera's
angles; the proposal on which most tracks agree is taken. It is for frames in which few tracks find a box; where most do,
nothing can beat that and nothing comes of it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.tracking.association import GATE
from vision.tracking.stacks import inverse_2x2, stacked

JOLT_VARIANCE = 0.36
"""Of one angle's jolt, in squared sigmas of the camera's lasting angle error (about 0.35 deg for 0.6 deg)."""
_PROPOSERS = 12


def find_jolt(
    position_m: FloatArray,
    covariance_m2: FloatArray,
    factor_m: FloatArray,
    measured_m: FloatArray,
    measured_covariance_m2: FloatArray,
    usual_variance: float,
    restless_variance: float | None = None,
) -> tuple[FloatArray, FloatArray] | None:
    """``(shift, covariance)`` ``(3,)``, ``(3, 3)`` of the camera's angles in sigmas, or None when there was no jolt.

    For n tracks: ``position_m`` ``(n, 2)`` as predicted, ``covariance_m2`` ``(n, 2, 2)``, ``factor_m`` ``(n, 2, 3)`` metres
    per sigma of azimuth, elevation and roll. For m boxes: ``measured_m`` ``(m, 2)``, ``measured_covariance_m2``
    ``(m, 2, 2)``. ``usual_variance``: of the angles' usual change since the last frame, in squared sigmas.
    ``restless_variance``: the same of a camera that shakes of late; then the most probable change is told, be it small.
    """
    n, m = len(position_m), len(measured_m)
    if n < 2 or m < 2:
        return None
    innovation = measured_m[None] - position_m[:, None]
    # Matrices of all pairs, the pairs last: (2, 2, n, m).
    own = stacked(covariance_m2)[..., None] + stacked(measured_covariance_m2)[:, :, None]
    spread = stacked(factor_m @ factor_m.transpose(0, 2, 1))[..., None]
    tight = inverse_2x2(own + usual_variance * spread)
    nearest = _distance(innovation, tight).min(axis=1)
    found = nearest <= GATE
    variance = JOLT_VARIANCE if restless_variance is None else restless_variance
    wide = inverse_2x2(own + variance * spread)
    plausible = _distance(innovation, wide) <= GATE
    proposers = np.flatnonzero(plausible.any(axis=1))[:_PROPOSERS]
    rows, columns = np.nonzero(plausible[proposers])
    rows = proposers[rows]
    if len(rows) == 0:
        return None
    # The least change of the angles that explains the pair, by its prior variance.
    gain = variance * factor_m[rows].transpose(0, 2, 1) @ wide[:, :, rows, columns].transpose(2, 0, 1)
    proposals = (gain @ innovation[rows, columns][..., None])[..., 0]
    moved = innovation[None] - (factor_m[None] @ proposals[:, None, :, None])[..., 0][:, :, None]
    apart = np.einsum("knmi,ijnm,knmj->knm", moved, tight, moved).min(axis=2)
    agree = apart <= GATE
    if restless_variance is None:
        votes = agree.sum(axis=1)
        best = int(votes.argmax())
        if votes[best] < 2 or votes[best] < found.sum() + max(2, 0.3 * n):
            return None
    else:
        # Twice the negative log-likelihood, a track without a box costing as much as one at the gate.
        cost = np.minimum(apart, GATE).sum(axis=1) + (proposals**2).sum(axis=1) / variance
        best = int(cost.argmin())
        if cost[best] >= np.minimum(nearest, GATE).sum() or agree[best].sum() < 2:
            return None
    return _refined(moved[best], tight, own, factor_m, proposals[best], agree[best], variance)


def _refined(
    moved: FloatArray,
    tight: FloatArray,
    own: FloatArray,
    factor_m: FloatArray,
    proposal: FloatArray,
    agree: NDArray[np.bool_],
    variance: float,
) -> tuple[FloatArray, FloatArray]:
    """Least squares over the agreeing tracks, each with its nearest box."""
    tracks = np.flatnonzero(agree)
    boxes = _distance(moved[tracks], tight[:, :, tracks]).argmin(axis=1)
    inverse = inverse_2x2(own[:, :, tracks, boxes]).transpose(2, 0, 1)
    a = factor_m[tracks]
    residual = moved[tracks, boxes] + (a @ proposal[:, None])[..., 0]
    weight = a.transpose(0, 2, 1) @ inverse
    covariance = np.linalg.inv(np.eye(3) / variance + (weight @ a).sum(axis=0))
    return covariance @ (weight @ residual[..., None])[..., 0].sum(axis=0), covariance


def _distance(innovation: FloatArray, inverse: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("nmi,ijnm,nmj->nm", innovation, inverse, innovation))
