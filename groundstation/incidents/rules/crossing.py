"""Crossing: the border rule of :mod:`geofences.crossing`, told once per track and direction."""

from __future__ import annotations

import logging
from typing import cast

from pydantic import Field

from geofences.area import BorderLine
from geofences.crossing import CrossingDetector, CrossingSettings
from geofences.geodesy import LocalFrame
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Parameters, RuleEvent

_log = logging.getLogger("groundstation.incidents.rules")


class CrossingParameters(Parameters):
    """``detector``: the rule's own numbers; in a rule file its names stand among the parameters.

    A crossing below ``min_probability`` is not told. ``max_*_speed_m_s``: what the class can do; a jump beyond that is
    an id switch.
    """

    min_probability: float = Field(default=0.5, ge=0.0, le=1.0)
    max_person_speed_m_s: float = Field(default=7.0, gt=0.0, le=100.0)
    max_vehicle_speed_m_s: float = Field(default=45.0, gt=0.0, le=100.0)
    max_two_wheeler_speed_m_s: float = Field(default=25.0, gt=0.0, le=100.0)
    detector: CrossingSettings = CrossingSettings()


class CrossingRule:
    """See the module's text."""

    def __init__(
        self, border: BorderLine, plane: LocalFrame, class_ids: frozenset[int], parameters: CrossingParameters
    ) -> None:
        self._border, self._classes, self._parameters = border, class_ids, parameters
        self._detector = CrossingDetector(border, plane, parameters.detector)
        p = parameters
        self._max_speed_m_s = (p.max_person_speed_m_s, p.max_vehicle_speed_m_s, p.max_two_wheeler_speed_m_s)

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        numbers, class_ids = frame.number.tolist(), frame.class_id.tolist()
        # All classes are fed: one that is doubtful now must not cost the history.
        crossings = self._detector.update_all(
            numbers,
            frame.t_utc_us,
            frame.en_m,
            frame.covariance_en,
            frame.pose_covariance_en_m2,
            [self._max_speed_m_s[c] for c in class_ids],
            frame.velocity_en_m_s,
            frame.fix,
        )
        class_of = dict(zip(numbers, class_ids, strict=True))
        events = []
        for event in crossings:
            number = cast("int", event.track_id)
            class_id = class_of[number]
            if class_id not in self._classes:
                continue
            if event.probability < self._parameters.min_probability:
                _log.info("track %s: crossing with probability %.2f is not told", number, event.probability)
                continue
            events.append(
                RuleEvent(
                    number,
                    event.t_utc_us,
                    event.t_confirmed_utc_us,
                    event.lat_deg,
                    event.lon_deg,
                    event.ce90_m,
                    event.probability,
                    class_id,
                    event.direction,
                    {
                        "from": self._border.side_name(event.from_side),
                        "to": self._border.side_name(event.to_side),
                        "distance_m": 0.0,
                    },
                )
            )
        return events

    def forget(self, number: int) -> None:
        """See :class:`~groundstation.incidents.rules.base.Rule`."""
        self._detector.forget(number)
