"""Approach: somebody is likely to reach the border within some seconds, if he goes on as he does.

The distance at that time is Gaussian: distance and closing speed with their covariance (the tracker's speeds have the
camera's wandering taken off, or in their error where that cannot be), and what the class may do in the meantime. The
rule tells when the probability of being across by then is high for a while, and again only after it was low for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import ndtr

from geofences.area import BorderLine, Side
from geofences.geodesy import FloatArray, LocalFrame
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Parameters, RuleEvent, Value, distance_sigma_m, event_at

_MIN_UPDATES = 5
_RESTLESSNESS_M2_S3 = np.array([0.02, 0.2, 0.1])  # white acceleration by class: how a way changes in the meantime


class ApproachParameters(Parameters):
    """``within_s``: time to the border. ``towards``: which side he would come to, ``both`` for either.

    Told at ``probability`` held for ``hold_s``; over when it was below ``release_probability`` for ``release_s``.
    ``min_speed_m_s`` closing; ``min_sigma``: he must be clearly on one side now, in sigmas of the distance.
    """

    within_s: float = Field(default=20.0, gt=1.0, le=300.0)
    towards: Literal["own", "other", "both"] = "both"
    probability: float = Field(default=0.8, gt=0.5, lt=1.0)
    release_probability: float = Field(default=0.4, gt=0.0, lt=1.0)
    hold_s: float = Field(default=2.0, ge=0.0, le=60.0)
    release_s: float = Field(default=6.0, ge=0.0, le=600.0)
    min_speed_m_s: float = Field(default=0.4, ge=0.0, le=50.0)
    min_sigma: float = Field(default=1.5, ge=0.0, le=10.0)


@dataclass
class _State:
    t_us: int = 0
    high_since_us: int = 0
    low_since_us: int = 0
    updates: int = 0
    told: bool = False


class ApproachRule:
    """See the module's text."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: ApproachParameters
    ) -> None:
        self._border, self._plane, self._classes, self.parameters = border, plane, class_ids, parameters
        self._states: dict[int, _State] = {}

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        if not len(frame):
            return []
        p = self.parameters
        fix = frame.fix
        sign = np.where(fix.signed_distance_m < 0.0, -1.0, 1.0)
        distance = np.abs(fix.signed_distance_m)
        away = fix.normal_en * sign[:, None]  # in which the distance grows
        closing = -np.einsum("ni,ni->n", away, frame.velocity_en_m_s)
        distance_sigma = distance_sigma_m(frame)
        candidates = frame.of_classes(self._classes) & ~fix.beyond_end
        near = (closing >= p.min_speed_m_s) & (distance < 3.0 * p.within_s * np.maximum(closing, 0.1))
        sure = candidates & near & self._heads(sign) & (distance > p.min_sigma * distance_sigma)
        probability = np.zeros(len(frame))
        rows = np.flatnonzero(sure)
        probability[rows] = self._probability(frame, rows, away[rows], distance[rows], closing[rows])
        numbers, close, how_likely = frame.number.tolist(), near.tolist(), probability.tolist()
        events = []
        for i in np.flatnonzero(candidates).tolist():
            state = self._states.get(numbers[i])
            if state is None:
                if not close[i]:
                    continue
                state = self._states[numbers[i]] = _State()
            if frame.t_utc_us <= state.t_us:
                continue
            if self._opens(state, frame.t_utc_us, how_likely[i]):
                to_side: Side = "right" if sign[i] > 0 else "left"
                from_side: Side = "left" if sign[i] > 0 else "right"
                values: dict[str, Value] = {
                    "from": self._border.side_name(from_side),
                    "to": self._border.side_name(to_side),
                    "seconds": float(distance[i] / closing[i]),
                    "speed_m_s": float(np.hypot(*frame.velocity_en_m_s[i])),
                }
                direction = self._border.direction(from_side, to_side)
                events.append(event_at(frame, i, self._plane, how_likely[i], values, direction))
        return events

    def _heads(self, sign: FloatArray) -> NDArray[np.bool_]:
        """Whether the side across the line from ``sign`` ``(n,)`` (positive: left) is one that is asked for."""
        towards = self.parameters.towards
        if towards == "both":
            return np.ones(len(sign), dtype=np.bool_)
        comes_home = (sign > 0.0) == (self._border.own_side == "right")
        return np.asarray(comes_home == (towards == "own"))

    def _probability(
        self, frame: TrackFrame, rows: NDArray[np.intp], away: FloatArray, distance: FloatArray, closing: FloatArray
    ) -> FloatArray:
        """That the distance is used up after ``within_s``; of these ``rows`` of the frame."""
        t = self.parameters.within_s
        to_distance = np.concatenate([away, t * away], axis=1)
        variance = np.einsum("ni,nij,nj->n", to_distance, frame.covariance_en[rows], to_distance)
        variance += _RESTLESSNESS_M2_S3.take(frame.class_id[rows]) * (t**3 / 3.0)
        return np.asarray(ndtr((closing * t - distance) / np.sqrt(np.maximum(variance, 1e-9))))

    def _opens(self, state: _State, t_us: int, probability: float) -> bool:
        """Whether an episode begins with this update."""
        p = self.parameters
        if state.t_us and t_us - state.t_us > 2_000_000:
            state.high_since_us, state.updates = 0, 0  # what was between is not known
        state.t_us = t_us
        if probability >= p.release_probability:
            state.low_since_us = 0
        elif state.low_since_us == 0:
            state.low_since_us = t_us
        elif state.told and t_us - state.low_since_us >= p.release_s * 1e6:
            state.told = False
        if probability < p.probability:
            state.high_since_us, state.updates = 0, 0
            return False
        state.high_since_us = state.high_since_us or t_us
        state.updates += 1
        if state.told or state.updates < _MIN_UPDATES or t_us - state.high_since_us < p.hold_s * 1e6:
            return False
        state.told = True
        return True

    def forget(self, number: int) -> None:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        self._states.pop(number, None)
