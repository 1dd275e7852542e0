"""Loitering: somebody stays near the border for long, in one place or along it.

Only what is seen without a long gap counts: the time of one track in view. Someone who is lost and found again begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from pydantic import Field

from geofences.accuracy import normal_cdf
from geofences.area import BorderLine
from geofences.geodesy import FloatArray, LocalFrame
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Parameters, RuleEvent, event_at
from groundstation.incidents.rules.motion import Trail, Trails, drift_sigma_m, spread_m

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


@dataclass(slots=True)
class _State:
    """``distance_m``: time, distance from the line and its sigma of the samples on the trail. ``told_en_m``: where it was
    told."""

    distance_m: list[tuple[int, float, float]] = field(default_factory=list)
    told_en_m: FloatArray | None = None


class LoiteringRule:
    """See the module's text."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: LoiteringParameters
    ) -> None:
        self._plane, self._classes, self.parameters = plane, class_ids, parameters
        self._states: dict[int, _State] = {}
        p = parameters
        step_s = max(1.0, p.duration_s / 90.0)
        self._trails = Trails(step_s, p.duration_s + 2.0 * step_s, max(p.max_gap_s, 1.5 * step_s))

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        p = self.parameters
        near = frame.of_classes(self._classes) & (np.abs(frame.fix.signed_distance_m) <= 1.5 * p.strip_m)
        events = []
        for i, number, trail, _ in self._trails.take(frame, near):
            state = self._states.get(number)
            if state is None:
                state = self._states[number] = _State()
            if self._begins(state, trail, frame, i):
                values = {"duration_s": p.duration_s, "radius_m": p.radius_m}
                _, distance_m, sigma_m = state.distance_m[-1]
                probability = normal_cdf((p.strip_m - distance_m) / max(sigma_m, 1e-6))
                events.append(event_at(frame, i, self._plane, probability, values))
        return events

    def _begins(self, state: _State, trail: Trail, frame: TrackFrame, i: int) -> bool:
        p = self.parameters
        n = frame.fix.normal_en[i]
        sigma = float(np.sqrt(max(0.0, float(n @ frame.covariance_en[i, :2, :2] @ n))))
        oldest_us = trail.samples[0].t_us
        state.distance_m = [x for x in state.distance_m if x[0] >= oldest_us]
        state.distance_m.append((frame.t_utc_us, abs(float(frame.fix.signed_distance_m[i])), sigma))
        if state.told_en_m is not None:
            reach_m = p.radius_m or p.strip_m
            outside = float(np.hypot(*(frame.en_m[i] - state.told_en_m))) > 1.5 * reach_m
            if p.radius_m == 0.0:
                outside = state.distance_m[-1][1] > 1.3 * p.strip_m
            if outside:
                state.told_en_m = None
                self._trails.clear(int(frame.number[i]))
                state.distance_m.clear()
            return False
        samples = trail.last(p.duration_s)
        if len(samples) < _SEEN_SHARE * p.duration_s / trail.step_s:
            return False
        since_us = samples[0].t_us
        # The errors last, so their mean is no smaller than one of them: distances and sigmas are averaged alike.
        inside = [x for x in state.distance_m if x[0] >= since_us]
        if any(d > p.strip_m + s for _, d, s in inside):
            return False
        if np.mean([d + p.k_sigma * s for _, d, s in inside]) > p.strip_m:
            return False
        # Where the drift alone could hide a walk out of the circle, nothing can be told.
        hidden_m = p.k_sigma * drift_sigma_m(samples[0], samples[-1])
        if p.radius_m > 0.0 and max(spread_m(samples), hidden_m) > p.radius_m:
            return False
        state.told_en_m = frame.en_m[i].copy()
        return True

    def forget(self, number: int) -> None:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        self._states.pop(number, None)
        self._trails.forget(number)
