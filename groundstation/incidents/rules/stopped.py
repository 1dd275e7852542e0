"""Stopped after moving: a person who may need help, a vehicle that halts near the border.

Told when a track has surely moved, and then has surely stood still for the whole time asked while it was seen. What is
not told, on purpose:

- somebody who walks slowly: a movement faster than ``still_speed_m_s`` has to be excluded, not only be unlikely;
- what the camera's drift seems to move or to halt: moving and standing are both judged against the drift (``motion.py``);
- somebody who leaves the view or is lost: only places that were seen count, and a gap begins everything anew;
- somebody who was sitting all the time, or sits down among others who rest (``companions``).

It cannot be told from above whether somebody who stands or lies still is hurt, asleep or hiding; the sentence must not
say more than was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from pydantic import Field

from geofences.accuracy import normal_cdf
from geofences.area import BorderLine
from geofences.geodesy import LocalFrame
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Parameters, RuleEvent, Value, event_at
from groundstation.incidents.rules.motion import (
    Sample,
    Trail,
    Trails,
    drift_sigma_m,
    even_way,
    has_moved,
    is_still,
    spread_m,
)

_SEEN_SHARE = 0.7
_TRY_LONGER = (1.0, 1.5, 2.0)


class StoppedParameters(Parameters):
    """Still for ``duration_s``, within ``moved_within_s`` before which it moved at ``moved_speed_m_s`` or faster.

    ``still_radius_m``: how far from the mean a still one may seem to be, besides the drift; ``k_sigma`` for both
    judgements (``moved_k_sigma`` for having moved). A gap over ``max_gap_s`` begins anew. Over when it moves again.
    """

    duration_s: float = Field(default=60.0, ge=10.0, le=3600.0)
    still_speed_m_s: float = Field(default=0.25, gt=0.0, le=2.0)
    still_radius_m: float = Field(default=2.0, gt=0.0, le=50.0)
    k_sigma: float = Field(default=2.0, ge=1.0, le=10.0)
    moved_speed_m_s: float = Field(default=0.3, gt=0.0, le=20.0)
    moved_k_sigma: float = Field(default=4.0, ge=1.0, le=10.0)
    moved_within_s: float = Field(default=120.0, ge=5.0, le=3600.0)
    max_gap_s: float = Field(default=5.0, gt=0.0, le=60.0)


class PersonDownParameters(StoppedParameters):
    """``companions``: with so many others who are still within ``companion_radius_m``, people rest. 0: never a rest."""

    companions: int = Field(default=2, ge=0, le=100)
    companion_radius_m: float = Field(default=8.0, gt=0.0, le=200.0)


class VehicleStoppedParameters(StoppedParameters):
    """Only within ``strip_m`` of the line, with ``strip_k_sigma`` of sureness."""

    strip_m: float = Field(default=60.0, gt=0.0, le=5000.0)
    strip_k_sigma: float = Field(default=1.0, ge=0.0, le=10.0)
    still_radius_m: float = Field(default=3.0, gt=0.0, le=50.0)
    moved_speed_m_s: float = Field(default=1.0, gt=0.0, le=20.0)


@dataclass(slots=True)
class _State:
    moved_us: int = 0
    told_at: Sample | None = None


class _StoppedRule:
    """What both rules do; they differ in :meth:`_may_tell`."""

    def __init__(self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], p: StoppedParameters) -> None:
        self._plane, self._classes, self._p = plane, class_ids, p
        self._states: dict[int, _State] = {}
        self._trails = Trails(1.0, _TRY_LONGER[-1] * p.duration_s + 2.0, p.max_gap_s)
        # Longer windows would still show the way walked before, when the time asked is short.
        self._windows_s = (6.0, *(w for w in (12.0, 24.0) if 1.5 * w <= p.duration_s))

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        events = []
        for taken in self._trails.take(frame, frame.of_classes(self._classes)):
            state = self._states.get(taken.number)
            if state is None:
                state = self._states[taken.number] = _State()
            if taken.anew:
                # Lost for a while: what it did meanwhile is not known, so nothing of before counts.
                state.moved_us = 0
            still = self._stands(state, taken.trail)
            if still is not None and self._may_tell(frame, taken.row):
                state.told_at = taken.trail.samples[-1]
                events.append(self._event(frame, taken.row, still))
        return events

    def _stands(self, state: _State, trail: Trail) -> list[Sample] | None:
        """The samples that show a new standing still after a movement."""
        p = self._p
        now = trail.samples[-1]
        if has_moved(trail, p.moved_k_sigma, p.moved_speed_m_s, self._windows_s):
            state.moved_us = now.t_us
            # The windows reach back: a movement must be newer than what was told before it begins a new episode.
            told = state.told_at
            if told is not None and _apart(told, now, p):
                state.told_at = None
            return None
        if state.told_at is not None or not state.moved_us:
            return None
        still = self._still(trail)
        if still is None or still[0].t_us - state.moved_us > p.moved_within_s * 1e6:
            return None
        return still

    def _still(self, trail: Trail) -> list[Sample] | None:
        """The samples of the shortest time that shows it; a longer one averages more drift out."""
        p = self._p
        for factor in _TRY_LONGER:
            samples = trail.last(factor * p.duration_s)
            if len(samples) < _SEEN_SHARE * factor * p.duration_s:
                return None
            if is_still(samples, p.still_speed_m_s, p.still_radius_m, p.k_sigma):
                return samples
        return None

    def _may_tell(self, frame: TrackFrame, i: int) -> bool:
        raise NotImplementedError

    def _event(self, frame: TrackFrame, i: int, still: list[Sample]) -> RuleEvent:
        since = datetime.fromtimestamp(still[0].t_us / 1e6, UTC).strftime("%H:%M:%SZ")
        values: dict[str, Value] = {"duration_s": (still[-1].t_us - still[0].t_us) / 1e6, "since": since}
        way = even_way(still)
        sureness = (self._p.still_speed_m_s - way.speed_m_s) / max(way.sigma_m_s, 1e-6)
        return event_at(frame, i, self._plane, normal_cdf(sureness), values)

    def forget(self, number: int) -> None:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        self._states.pop(number, None)
        self._trails.forget(number)


def _apart(told: Sample, now: Sample, p: StoppedParameters) -> bool:
    """Whether it is surely no longer where it was told."""
    return float(np.hypot(*(now.en_m - told.en_m))) > p.still_radius_m + p.moved_k_sigma * drift_sigma_m(told, now)


class PersonDownRule(_StoppedRule):
    """A person moved, and then not any more: a call for help."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: PersonDownParameters
    ) -> None:
        super().__init__(border, plane, class_ids, parameters)
        self.parameters = parameters

    def _may_tell(self, frame: TrackFrame, i: int) -> bool:
        p = self.parameters
        if not p.companions:
            return True
        distance_m = np.hypot(*(frame.en_m - frame.en_m[i]).T)
        near = (distance_m <= p.companion_radius_m) & frame.of_classes(self._classes)
        near[i] = False
        resting = sum(self._rests(int(n)) for n in frame.number[near])
        return resting < p.companions

    def _rests(self, number: int) -> bool:
        """Whether somebody beside has been about still for half the time; not as strict, for it only calms."""
        trail = self._trails.get(number)
        samples = trail.last(0.5 * self._p.duration_s) if trail is not None else []
        if not samples:
            return False
        reach_m = self._p.still_radius_m + self._p.k_sigma * drift_sigma_m(samples[0], samples[-1])
        return spread_m(samples) <= reach_m


class VehicleStoppedRule(_StoppedRule):
    """A vehicle came and halted near the border."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: VehicleStoppedParameters
    ) -> None:
        super().__init__(border, plane, class_ids, parameters)
        self.parameters = parameters

    def _may_tell(self, frame: TrackFrame, i: int) -> bool:
        p, n = self.parameters, frame.fix.normal_en[i]
        sigma_m = float(np.sqrt(max(0.0, float(n @ frame.covariance_en[i, :2, :2] @ n))))
        return abs(float(frame.fix.signed_distance_m[i])) + p.strip_k_sigma * sigma_m <= p.strip_m
