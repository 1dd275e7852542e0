"""Which of several links to one aircraft is used for sending. Pure: figures in, a name out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SILENT_AFTER_S = 3.0
"""A link on which an aircraft was not heard for this long is not used while another is heard."""
_REPEAT_S = 0.5
_UNKNOWN_ROUND_TRIP_S = 1.0
_MOST_LOSS = 0.95
# A link must be clearly better, and stay so, before it is changed to: a change costs more than it gains.
_BETTER_FACTOR = 1.5
_BETTER_BY_S = 0.05
_BETTER_FOR_S = 3.0


@dataclass(frozen=True)
class PathFigures:
    """What is known of one link to one aircraft; ``round_trip_s`` NaN when it was never measured."""

    link_name: str
    age_s: float
    loss_fraction: float
    round_trip_s: float

    @property
    def heard(self) -> bool:
        """Whether the aircraft is heard on it."""
        return self.age_s <= SILENT_AFTER_S

    @property
    def cost_s(self) -> float:
        """Expected seconds until a question has been answered, repeats of lost ones included."""
        round_trip_s = self.round_trip_s if math.isfinite(self.round_trip_s) else _UNKNOWN_ROUND_TRIP_S
        through = 1.0 - min(self.loss_fraction, _MOST_LOSS)
        # Both ways must come through; what is lost costs one repeat each time.
        return round_trip_s + _REPEAT_S * (1.0 / through**2 - 1.0)


@dataclass(frozen=True)
class LinkChange:
    """The link in use has changed, and why."""

    old: str
    new: str
    reason: str


class LinkChooser:
    """Chooses for one aircraft."""

    def __init__(self, first: str) -> None:
        self.current = first
        self._better: tuple[str, float] = ("", 0.0)

    def choose(self, figures: Sequence[PathFigures], now_s: float) -> LinkChange | None:
        """Look at all links; the change when another is used from now on."""
        present = next((f for f in figures if f.link_name == self.current), None)
        heard = [f for f in figures if f.heard]
        if not heard:
            self._better = ("", 0.0)
            return None  # nothing is better than silence: stay, the answer may come on the one in use
        best = min(heard, key=lambda f: (f.cost_s, f.link_name != self.current))
        if present is None or not present.heard:
            age = f"silent for {present.age_s:.1f} s" if present is not None else "gone"
            return self._change(best, f"{self.current} is {age}")
        clearly = best.cost_s * _BETTER_FACTOR < present.cost_s and best.cost_s + _BETTER_BY_S < present.cost_s
        if best.link_name == self.current or not clearly:
            self._better = ("", 0.0)
            return None
        if self._better[0] != best.link_name:
            self._better = (best.link_name, now_s)
        if now_s - self._better[1] < _BETTER_FOR_S:
            return None
        return self._change(best, f"{_words(best)} against {_words(present)}")

    def _change(self, best: PathFigures, reason: str) -> LinkChange:
        change = LinkChange(self.current, best.link_name, reason)
        self.current = best.link_name
        self._better = ("", 0.0)
        return change


def _words(figures: PathFigures) -> str:
    trip = f"{figures.round_trip_s * 1000:.0f} ms" if math.isfinite(figures.round_trip_s) else "unknown round trip"
    return f"{trip} and {figures.loss_fraction:.0%} loss"


class Duplicates:
    """Tells what came a second time over another link. Within one link nothing is a duplicate: that is a repetition."""

    def __init__(self, remember_s: float = 2.0) -> None:
        self._remember_s = remember_s
        self._seen: dict[tuple[object, ...], tuple[str, float]] = {}

    def seen(self, link_name: str, key: tuple[object, ...], now_s: float) -> bool:
        """Whether ``key`` came on another link a short while ago; else it is remembered for this one."""
        while self._seen and now_s - next(iter(self._seen.values()))[1] > self._remember_s:
            del self._seen[next(iter(self._seen))]
        first = self._seen.get(key)
        if first is not None and first[0] != link_name:
            return True
        # Put at the end: the order is that of time.
        self._seen.pop(key, None)
        self._seen[key] = (link_name, now_s)
        return False
