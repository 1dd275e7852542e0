"""TIMESYNC: how long a message takes to an aircraft and back, over each link, and whether the link is quick *now*.

A question goes out on a link and every aircraft on that link answers it: TIMESYNC carries no target, so asking each of
many aircraft on its own would bring the square of their number. No socket and no clock in here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from missions.mavlink import mavlink2

PERIOD_S = 1.0
"""How often a link is asked when nobody waits for it."""
_SHORTEST_PAUSE_S = 0.05
# So many commands go out on the strength of one answer: a burst to a fleet would else fill a slow radio's buffer, and
# the last of them act late. The next question stands behind the burst, so its answer tells what that did. A network
# that answers at once is no slow radio.
_COMMANDS_PER_ANSWER, _COMMANDS_PER_QUICK_ANSWER = 25, 100
_QUICK_S = 0.05
_ANSWERABLE_S = 30.0
# What a link has shown lately decides what it may be trusted with.
_WINDOW_S = 5.0
_WINDOW_SAMPLES = 64


@dataclass
class Question:
    """One TIMESYNC of ours: when it left, by the station's monotonic clock and by UTC."""

    asked_s: float
    asked_utc_us: int
    commands: int = 0
    slowest_s: float = 0.0

    @property
    def spent(self) -> bool:
        """Whether as many commands went out on its answers as may."""
        quick = self.slowest_s < _QUICK_S
        return self.commands >= (_COMMANDS_PER_QUICK_ANSWER if quick else _COMMANDS_PER_ANSWER)


class LinkQuestions:
    """The questions asked on one link. Answers to anybody else's, and made-up ones, match none of them."""

    def __init__(self) -> None:
        self._open: dict[int, Question] = {}
        self._last_s = float("-inf")

    def due(self, now_s: float, wanted: bool) -> bool:
        """Whether to ask now; ``wanted``: an order waits for the answer."""
        return now_s - self._last_s >= (_SHORTEST_PAUSE_S if wanted else PERIOD_S)

    def ask(self, now_s: float, utc_us: int) -> Any:
        """The message to send now."""
        self._last_s = now_s
        mark = int(now_s * 1e9)
        while mark in self._open:
            mark += 1
        self._open[mark] = Question(now_s, utc_us)
        # In the order of asking, so the oldest come first.
        while self._open and now_s - self._open[next(iter(self._open))].asked_s > _ANSWERABLE_S:
            del self._open[next(iter(self._open))]
        return mavlink2.MAVLink_timesync_message(0, mark)

    def match(self, message: Any) -> Question | None:
        """Our question that a TIMESYNC answers; None for somebody else's. One question has many answers."""
        return self._open.get(message.ts1) if message.tc1 != 0 else None


class RoundTrips:
    """The round trips between this station and one aircraft over one link."""

    def __init__(self) -> None:
        self.newest: Question | None = None
        """The newest question that was answered."""
        self._samples: deque[tuple[float, float]] = deque(maxlen=_WINDOW_SAMPLES)

    @property
    def known(self) -> bool:
        """Whether any answer ever came."""
        return self.newest is not None

    def on_answer(self, question: Question, now_s: float) -> None:
        """An answer came. A late one counts as well: it tells how slow the link was."""
        if now_s < question.asked_s:
            return
        if self.newest is None or question.asked_s > self.newest.asked_s:
            self.newest = question
        round_trip_s = now_s - question.asked_s
        question.slowest_s = max(question.slowest_s, round_trip_s)
        self._samples.append((now_s, round_trip_s))

    def worst_s(self, now_s: float) -> float:
        """The longest of the last seconds; NaN when nothing was answered in that time."""
        while self._samples and now_s - self._samples[0][0] > _WINDOW_S:
            self._samples.popleft()
        return max((s for _, s in self._samples), default=float("nan"))

    def clear(self) -> None:
        """The aircraft has restarted: its link must show again what it can do."""
        self._samples.clear()
        self.newest = None
