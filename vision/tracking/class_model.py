"""What the class of a track says about its motion, and what the detector's word says about the class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray


@dataclass(frozen=True)
class Motion:
    """``acceleration_density_m2_s3``: of the white acceleration; ``speed_sigma_m_s``: before anything is known;
    ``size_m``: two tracks nearer than this may be one object.
    """

    acceleration_density_m2_s3: float
    speed_sigma_m_s: float
    size_m: float


MOTIONS = (Motion(0.25, 1.5, 0.7), Motion(2.0, 8.0, 2.5), Motion(1.2, 5.0, 1.2))
"""By class id: people turn on the spot but are slow, vehicles brake hard."""

PRIOR = np.array([0.5, 0.3, 0.2])

CONFUSION = np.array([[0.90, 0.03, 0.07], [0.03, 0.93, 0.04], [0.15, 0.05, 0.80]])
"""``CONFUSION[true class, detected class]``. From above a two-wheeler is taken for a person more often than back."""

_BY_DETECTED = np.ascontiguousarray(CONFUSION.T)
_MOTION_TABLE = np.array([[m.acceleration_density_m2_s3, m.speed_sigma_m_s, m.size_m] for m in MOTIONS])
_FRAME_WEIGHT = 0.5
"""Neighbouring frames show nearly the same picture: a frame counts as this part of independent evidence."""
_MEMORY = 0.98
_MAX_LOG_ODDS = 7.0


def likelihood(class_id: NDArray[np.int64], confidence: FloatArray) -> FloatArray:
    """``(m, 3)``: how probable each detection is for each true class; a doubtful detection says little."""
    c = np.minimum(np.maximum(confidence, 0.0), 1.0)[:, None]
    return np.asarray(c * _BY_DETECTED.take(class_id, axis=0) + (1.0 - c) / CONFUSION.shape[0])


def accumulate(log_posterior: FloatArray, evidence: FloatArray) -> FloatArray:
    """Log posteriors ``(n, 3)`` after one more frame's likelihoods ``(n, 3)``; bounded, so that it can still change."""
    updated = (_MEMORY * log_posterior + _FRAME_WEIGHT * np.log(evidence)).T.copy()
    return np.ascontiguousarray(np.maximum(updated - updated.max(axis=0), -_MAX_LOG_ODDS).T)


def probability(log_posterior: FloatArray) -> FloatArray:
    """Normalised class probabilities ``(n, 3)``."""
    by_class = np.ascontiguousarray(log_posterior.T)
    p = np.exp(by_class - by_class.max(axis=0))
    return np.ascontiguousarray((p / p.sum(axis=0)).T)


def motion_of(class_probability: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Expected ``(acceleration_density, speed_sigma, size)``, each ``(n,)``."""
    mean = class_probability @ _MOTION_TABLE
    return mean[:, 0], mean[:, 1], mean[:, 2]
