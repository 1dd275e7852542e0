"""How old a thing is, and how that is said. One rule for all panels: what is older than its topic allows is not live."""

from __future__ import annotations

import math
from typing import Any, Generic, TypeVar

from groundstation.console import i18n
from groundstation.core import topics
from groundstation.core.clock import Clock
from groundstation.core.records import VehicleState
from groundstation.core.topics import Topic

T = TypeVar("T")


class Held(Generic[T]):
    """The newest record of a topic and when it came, on the monotonic clock: a step of UTC makes nothing fresh."""

    def __init__(self, topic: Topic[Any], clock: Clock) -> None:
        self._clock, self._max_age_s = clock, topic.max_age_s
        self.record: T | None = None
        self._came_ns = 0

    def put(self, record: T) -> None:
        """A record has come. One that carries its own monotonic time is as old as that says."""
        self.record = record
        now_ns = self._clock.mono_ns()
        self._came_ns = min(int(getattr(record, "t_mono_ns", now_ns)), now_ns)

    def clear(self) -> None:
        """Nothing is known."""
        self.record = None

    def age_s(self) -> float:
        """Seconds; infinite without a record."""
        return (self._clock.mono_ns() - self._came_ns) / 1e9 if self.record is not None else math.inf

    @property
    def live(self) -> bool:
        """Whether it may be shown as true now. A topic that tells events only (no greatest age) is live once it came."""
        return self.record is not None and (self._max_age_s <= 0.0 or self.age_s() <= self._max_age_s)


def is_live(state: VehicleState | None, now_mono_ns: int) -> bool:
    """Whether the numbers of an aircraft are true now: it is heard, and the station still tells of it."""
    return (
        state is not None
        and state.link_alive
        and (now_mono_ns - state.t_mono_ns) / 1e9 <= topics.VEHICLE_STATE.max_age_s
    )


def heard_s_ago(state: VehicleState, now_mono_ns: int) -> float:
    """Since the aircraft was last heard: the age of its heartbeat when the state was made, and of that state."""
    since = (now_mono_ns - state.t_mono_ns) / 1e9
    return since + state.heartbeat_age_s if math.isfinite(state.heartbeat_age_s) else since


def age_words(age_s: float) -> str:
    """``4 s``, ``3 min``, ``2 h``; a dash when it is not known."""
    if not math.isfinite(age_s):
        return "–"
    if age_s < 120.0:
        return i18n.fill(i18n.text("age", "{seconds} s"), seconds=f"{max(age_s, 0.0):.0f}")
    if age_s < 7200.0:
        return i18n.fill(i18n.text("age", "{minutes} min"), minutes=f"{age_s / 60:.0f}")
    return i18n.fill(i18n.text("age", "{hours} h"), hours=f"{age_s / 3600:.0f}")
