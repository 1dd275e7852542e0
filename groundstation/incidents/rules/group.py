"""Group: several move together.

Two belong together when they are near each other and go the same way; a group is what hangs together by such pairs.
Distances between two tracks of a frame do not have the pose's error in them: it moves both alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from geofences.accuracy import normal_cdf
from geofences.area import BorderLine
from geofences.geodesy import LocalFrame
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Parameters, RuleEvent, event_at

_PERIOD_US = 900_000


class GroupParameters(Parameters):
    """At least ``min_count`` within ``radius_m`` of one another in a chain, speeds within ``max_speed_difference_m_s``
    (more by ``k_sigma`` of their errors), moving at ``min_speed_m_s`` on the whole, for ``hold_s``.

    Over when fewer than half of it have been together for ``release_s``.
    """

    min_count: int = Field(default=5, ge=2, le=1000)
    radius_m: float = Field(default=8.0, gt=0.0, le=200.0)
    max_speed_difference_m_s: float = Field(default=0.7, gt=0.0, le=20.0)
    min_speed_m_s: float = Field(default=0.5, ge=0.0, le=50.0)
    k_sigma: float = Field(default=1.0, ge=0.0, le=10.0)
    hold_s: float = Field(default=6.0, ge=0.0, le=600.0)
    release_s: float = Field(default=30.0, ge=0.0, le=3600.0)


@dataclass
class _Group:
    members: frozenset[int]
    since_us: int
    together_us: int
    told: bool = False


class GroupRule:
    """See the module's text."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: GroupParameters
    ) -> None:
        self._plane, self._classes, self.parameters = plane, class_ids, parameters
        self._groups: list[_Group] = []
        self._first_seen_us: dict[int, int] = {}
        self._next_us = 0

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        for number in frame.number.tolist():
            self._first_seen_us.setdefault(number, frame.t_utc_us)
        if frame.t_utc_us < self._next_us:
            return []
        self._next_us = frame.t_utc_us + _PERIOD_US
        rows = np.flatnonzero(frame.of_classes(self._classes))
        near, alike = self._pairs(frame, rows)
        together = _components(near, rows)
        moving = [c for c in _components(near & alike, rows) if self._moves(frame, c)]
        self._keep(frame, together)
        return self._found(frame, moving)

    def _pairs(self, frame: TrackFrame, rows: NDArray[np.intp]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of the rows are near each other, and which go alike, ``(m, m)`` each."""
        p = self.parameters
        en, velocity = frame.en_m[rows], frame.velocity_en_m_s[rows]
        covariance = frame.covariance_en[rows]
        own = 0.5 * np.maximum(
            0.0,
            np.trace(covariance[:, :2, :2], axis1=1, axis2=2)
            - np.trace(frame.pose_covariance_en_m2[rows], axis1=1, axis2=2),
        )
        place_sigma = np.sqrt(own[:, None] + own[None, :])
        rate = 0.5 * np.trace(covariance[:, 2:, 2:], axis1=1, axis2=2)
        rate_sigma = np.sqrt(rate[:, None] + rate[None, :])
        distance = np.linalg.norm(en[:, None] - en[None, :], axis=-1)
        difference = np.linalg.norm(velocity[:, None] - velocity[None, :], axis=-1)
        # With an error like the distance itself, being near is a guess.
        near = (distance <= p.radius_m) & (place_sigma <= 0.5 * p.radius_m)
        allowance = np.minimum(p.k_sigma * rate_sigma, p.max_speed_difference_m_s)
        return near, difference <= p.max_speed_difference_m_s + allowance

    def _moves(self, frame: TrackFrame, rows: NDArray[np.intp]) -> bool:
        p = self.parameters
        if len(rows) < p.min_count:
            return False
        speed_m_s, sigma_m_s = _speed(frame, rows)
        return speed_m_s >= p.min_speed_m_s + p.k_sigma * sigma_m_s

    def _keep(self, frame: TrackFrame, together: list[NDArray[np.intp]]) -> None:
        """A group goes on as long as half of it is together, also when it rests."""
        p = self.parameters
        sets = [frozenset(frame.number[c].tolist()) for c in together]
        for group in self._groups:
            best = max(sets, key=lambda s: len(s & group.members), default=frozenset())
            if 2 * len(best & group.members) >= min(len(group.members), p.min_count):
                group.together_us = frame.t_utc_us
                if group.told:
                    group.members = group.members | best
        limit_us = p.release_s * 1e6
        self._groups = [
            g for g in self._groups if frame.t_utc_us - g.together_us <= (limit_us if g.told else 2_500_000)
        ]

    def _found(self, frame: TrackFrame, moving: list[NDArray[np.intp]]) -> list[RuleEvent]:
        p = self.parameters
        events, still_forming = [], []
        for rows in moving:
            numbers = frozenset(frame.number[rows].tolist())
            group = max(self._groups, key=lambda g: len(g.members & numbers), default=None)
            if group is None or 2 * len(group.members & numbers) < p.min_count:
                group = _Group(numbers, frame.t_utc_us, frame.t_utc_us)
                self._groups.append(group)
            still_forming.append(group)
            group.together_us = frame.t_utc_us
            if group.told:
                group.members = group.members | numbers
                continue
            group.members = numbers
            if frame.t_utc_us - group.since_us >= p.hold_s * 1e6:
                group.told = True
                events.append(self._event(frame, rows))
        # One that is not told yet has to hold without a break.
        self._groups = [g for g in self._groups if g.told or any(g is f for f in still_forming)]
        return events

    def _event(self, frame: TrackFrame, rows: NDArray[np.intp]) -> RuleEvent:
        first = min(rows.tolist(), key=lambda i: (self._first_seen_us[int(frame.number[i])], int(frame.number[i])))
        speed_m_s, sigma_m_s = _speed(frame, rows)
        probability = normal_cdf((speed_m_s - self.parameters.min_speed_m_s) / max(sigma_m_s, 1e-6))
        members = tuple(sorted(frame.number[rows].tolist()))
        values = {"count": len(rows), "speed_m_s": speed_m_s}
        return event_at(frame, first, self._plane, probability, values, members=members)

    def forget(self, number: int) -> None:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        self._first_seen_us.pop(number, None)


def _speed(frame: TrackFrame, rows: NDArray[np.intp]) -> tuple[float, float]:
    """Speed of the whole and its sigma. The errors are partly common (the camera's turning), so it is one track's."""
    mean = frame.velocity_en_m_s[rows].mean(axis=0)
    rate = frame.covariance_en[rows][:, 2:, 2:].mean(axis=0)
    return float(np.hypot(*mean)), float(np.sqrt(0.5 * np.trace(rate)))


def _components(pairs: NDArray[np.bool_], rows: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """What hangs together, as rows of the frame."""
    if not len(rows):
        return []
    count, label = connected_components(csr_matrix(pairs), directed=False)
    return [rows[label == k] for k in range(count)]
