"""Loitering: somebody stays near the border for long, in one place or along it.

Only what is seen without a long gap counts: the time of one track in view. Someone who is lost and found again begins anew.
"""

from __future__ import annotations

import numpy as np
from pydantic import Field

from geofences.accuracy import normal_cdf
from geofences.area import BorderLine
from geofences.geodesy import LocalFrame
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Parameters, RuleEvent, event_at
from groundstation.incidents.rules.motion import Trail, drift_sigma_m

_SEEN_SHARE = 0.7


class LoiteringParameters(Parameters):
    """Stays ``duration_s`` within ``strip_m`` of the line and within ``radius_m`` of the middle of its places.

    ``radius_m`` 0: anywhere in the strip. ``k_sigma``: how sure of the strip. Over when it is 1.5 times as far from
    where it was told. A gap over ``max_gap_s`` begins anew.
    """

    duration_s: float = Field(default=180.0, ge=10.0, le=7200.0)
    radius_m: float = Field(default=25.0, ge=0.0, le=1000.0)
    strip_m: float = Field(default=60.0, gt=0.0, le=2000.0)
    k_sigma: float = Field(default=1.5, ge=0.0, le=10.0)
    max_gap_s: float = Field(default=5.0, gt=0.0, le=60.0)


class _State:
    def __init__(self, p: LoiteringParameters) -> None:
        step_s = max(1.0, p.duration_s / 90.0)
        self.trail = Trail(step_s, p.duration_s + 2.0 * step_s, max(p.max_gap_s, 1.5 * step_s))
        self.distance_m: list[tuple[int, float, float]] = []
        self.told_en_m: np.ndarray[tuple[int], np.dtype[np.float64]] | None = None


class LoiteringRule:
    """See the module's text."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: LoiteringParameters
    ) -> None:
        self._plane, self._classes, self.parameters = plane, class_ids, parameters
        self._states: dict[int, _State] = {}

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        p = self.parameters
        near = frame.of_classes(self._classes) & (np.abs(frame.fix.signed_distance_m) <= 1.5 * p.strip_m)
        events = []
        for i in np.flatnonzero(near).tolist():
            number = int(frame.number[i])
            state = self._states.get(number)
            if state is None:
                state = self._states[number] = _State(p)
            if not state.trail.take(frame, i):
                continue
            if self._begins(state, frame, i):
                values = {"duration_s": p.duration_s, "radius_m": p.radius_m}
                _, distance_m, sigma_m = state.distance_m[-1]
                probability = normal_cdf((p.strip_m - distance_m) / max(sigma_m, 1e-6))
                events.append(event_at(frame, i, self._plane, probability, values))
        return events

    def _begins(self, state: _State, frame: TrackFrame, i: int) -> bool:
        p = self.parameters
        n = frame.fix.normal_en[i]
        sigma = float(np.sqrt(max(0.0, float(n @ frame.covariance_en[i, :2, :2] @ n))))
        oldest_us = state.trail.samples[0].t_us
        state.distance_m = [x for x in state.distance_m if x[0] >= oldest_us]
        state.distance_m.append((frame.t_utc_us, abs(float(frame.fix.signed_distance_m[i])), sigma))
        if state.told_en_m is not None:
            reach_m = p.radius_m or p.strip_m
            outside = float(np.hypot(*(frame.en_m[i] - state.told_en_m))) > 1.5 * reach_m
            if p.radius_m == 0.0:
                outside = state.distance_m[-1][1] > 1.3 * p.strip_m
            if outside:
                state.told_en_m = None
                state.trail.samples.clear()
                state.distance_m.clear()
            return False
        samples = state.trail.last(p.duration_s)
        if len(samples) < _SEEN_SHARE * p.duration_s / state.trail.step_s:
            return False
        since_us = samples[0].t_us
        # The errors last, so their mean is no smaller than one of them: distances and sigmas are averaged alike.
        inside = [x for x in state.distance_m if x[0] >= since_us]
        if any(d > p.strip_m + s for _, d, s in inside):
            return False
        if np.mean([d + p.k_sigma * s for _, d, s in inside]) > p.strip_m:
            return False
        if p.radius_m > 0.0:
            places = np.array([s.en_m for s in samples])
            spread_m = float(np.max(np.hypot(*(places - places.mean(axis=0)).T)))
            # Where the drift alone could hide a walk out of the circle, nothing can be told.
            if spread_m > p.radius_m or p.k_sigma * drift_sigma_m(samples[0], samples[-1]) > p.radius_m:
                return False
        state.told_en_m = frame.en_m[i].copy()
        return True

    def forget(self, number: int) -> None:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        self._states.pop(number, None)
