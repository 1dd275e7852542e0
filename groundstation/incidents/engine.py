"""All rules that are on, for one stream of tracks, with the friends that explain some of them.

A track that a friend explains raises nothing but a call for help. The rules still see it, so that what they know of its
past is right when the two part. An event of a track that agrees with a friend, but not for long enough yet, waits some
seconds for that decision.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from geofences.area import BorderLine
from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from groundstation.core.records import FriendPosition
from groundstation.incidents.frame import track_frame
from groundstation.incidents.friends import FriendMatcher, FriendSettings
from groundstation.incidents.rule_file import RuleSet, RuleSpec
from groundstation.incidents.rules.approach import ApproachRule
from groundstation.incidents.rules.base import Rule, RuleEvent
from groundstation.incidents.rules.crossing import CrossingRule
from groundstation.incidents.rules.group import GroupRule
from groundstation.incidents.rules.loitering import LoiteringRule
from groundstation.incidents.rules.stopped import PersonDownRule, VehicleStoppedRule
from vision.records import GroundTracks

_log = logging.getLogger("groundstation.incidents.rules")

_RULES: dict[str, Callable[[BorderLine, LocalFrame, frozenset[int], Any], Rule]] = {
    "crossing": CrossingRule,
    "approach": ApproachRule,
    "loitering": LoiteringRule,
    "group": GroupRule,
    "vehicle_stopped": VehicleStoppedRule,
    "person_down": PersonDownRule,
}
_DECIDE_US = 6_000_000
_FELL_BACK_US = 1_000_000


@dataclass(frozen=True)
class Raised:
    """What a rule tells, with the friend that the track is, for a call for help."""

    rule: RuleSpec
    event: RuleEvent
    friend: FriendPosition | None = None


class RuleEngine:
    """One stream. Not thread-safe; raises :class:`~groundstation.core.errors.ConfigError` for a border without sides."""

    def __init__(
        self,
        border: BorderLine,
        plane: LocalFrame,
        rules: RuleSet,
        friends: FriendSettings | None = None,
        forget_after_s: float = 60.0,
        name: str = "",
    ) -> None:
        self._border, self._plane, self._set = border, plane, rules
        self._geometry = BorderGeometry.from_line(border, plane)
        self._friend_settings, self._forget_us, self._name = friends, int(forget_after_s * 1e6), name
        self._waiting: list[tuple[int, Raised]] = []
        self._explained_told: set[tuple[int, str]] = set()
        self.newest_utc_us = 0
        self._begin()

    def _begin(self) -> None:
        self._rules = [
            (spec, _RULES[spec.kind](self._border, self._plane, spec.class_ids, spec.parameters))
            for spec in self._set.active
        ]
        self._matcher = FriendMatcher(self._plane, self._friend_settings)
        self._seen_us: dict[int, int] = {}

    def on_friend(self, position: FriendPosition) -> None:
        """A friend's report, in any order with the frames."""
        self._matcher.on_position(position)

    def update(self, tracks: GroundTracks) -> list[Raised]:
        """Take one frame; what is to be raised. Times that fall back begin everything anew."""
        if tracks.t_utc_us < self.newest_utc_us - _FELL_BACK_US:
            _log.warning("stream %s: time fell back: the rules begin anew", self._name)
            self._begin()
            self.newest_utc_us = 0
        self.newest_utc_us = max(self.newest_utc_us, tracks.t_utc_us)
        frame = track_frame(tracks, self._geometry, self._plane)
        for number in frame.ended:
            self._forget(number)
        self._seen_us.update(dict.fromkeys(frame.number.tolist(), tracks.t_utc_us))
        self._matcher.update(frame)
        raised = self._decided()
        for spec, rule in self._rules:
            for event in rule.update(frame):
                raised += self._judge(Raised(spec, event), self.newest_utc_us + _DECIDE_US)
        oldest = self.newest_utc_us - self._forget_us
        for number in [n for n, t in self._seen_us.items() if t < oldest]:
            self._forget(number)
        return raised

    def _forget(self, number: int) -> None:
        self._seen_us.pop(number, None)
        for _, rule in self._rules:
            rule.forget(number)
        # What waits for a decision about a track that has ended is decided: it was not explained.
        self._waiting = [(0 if r.event.number == number else t, r) for t, r in self._waiting]
        self._matcher.forget(number)

    def _decided(self) -> list[Raised]:
        waiting, self._waiting = self._waiting, []
        return [r for until_us, one in waiting for r in self._judge(one, until_us)]

    def flush(self) -> list[Raised]:
        """What still waits, at the end of the stream: it is told, nobody can decide it any more."""
        waiting, self._waiting = self._waiting, []
        return [r for _, r in waiting]

    def _judge(self, raised: Raised, until_us: int) -> list[Raised]:
        """Raise it, drop it because a friend explains the track, or let it wait."""
        number = raised.event.number
        friend = self._friend(raised)
        if raised.rule.kind == "person_down":
            # Our own need help too, and nobody waits for it.
            return [Raised(raised.rule, raised.event, friend)]
        if friend is not None:
            key = (number, raised.rule.name)
            if key not in self._explained_told:
                self._explained_told.add(key)
                _log.info(
                    "track %s-%s: %s is explained by %s and not raised",
                    self._name, number, raised.rule.kind, friend.name,
                )  # fmt: skip
            return []
        if self.newest_utc_us < until_us and self._matcher.may_be_friend(number):
            self._waiting.append((until_us, raised))
            return []
        return [raised]

    def _friend(self, raised: Raised) -> FriendPosition | None:
        """The friend that explains the event; of a group, more than half of it."""
        members = raised.event.members
        if not members:
            return self._matcher.friend_of(raised.event.number)
        known = [f for f in map(self._matcher.friend_of, members) if f is not None]
        # Strangers among our own are still a group if they alone would be one.
        smallest = cast("int", getattr(raised.rule.parameters, "min_count", 1))
        return known[0] if known and len(members) - len(known) < smallest else None
