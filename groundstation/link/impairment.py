"""A good link made worse, for tests and exercises: what happens to each packet, with a seed, without a clock."""

from __future__ import annotations

import random
from dataclasses import dataclass

_STEP_S = 1e-6
_COPY_AFTER_S = 0.005


@dataclass(frozen=True)
class Impairment:
    """What is done to the packets, each way. ``loss``, ``reorder`` and ``duplicate`` are fractions, 0..1.

    ``delay_s`` for all; ``jitter_s`` more for each, between 0 and this, but in order (as on TCP or a radio);
    ``reorder`` of them are held back by ``reorder_s`` so that others overtake them; ``duplicate`` come twice.
    """

    loss: float = 0.0
    delay_s: float = 0.0
    seed: int = 0
    jitter_s: float = 0.0
    reorder: float = 0.0
    reorder_s: float = 0.05
    duplicate: float = 0.0

    @property
    def harmless(self) -> bool:
        """Whether nothing is done at all."""
        return not (self.loss or self.delay_s or self.jitter_s or self.reorder or self.duplicate)


class Impairer:
    """One direction of one link. The same seed gives the same fate to the same packets."""

    def __init__(self, impairment: Impairment, direction: int = 0) -> None:
        self._impairment = impairment
        self._random = random.Random(impairment.seed * 2 + direction)
        self._last_s = float("-inf")

    def arrivals(self, now_s: float) -> tuple[float, ...]:
        """When the copies of a packet that is sent now arrive; none when it is lost."""
        how, chance = self._impairment, self._random.random
        if how.loss and chance() < how.loss:
            return ()
        due_s = now_s + how.delay_s + (chance() * how.jitter_s if how.jitter_s else 0.0)
        if how.reorder and chance() < how.reorder:
            due_s += how.reorder_s
        elif how.jitter_s:
            due_s = self._last_s = max(due_s, self._last_s + _STEP_S)
        if how.duplicate and chance() < how.duplicate:
            return due_s, due_s + _COPY_AFTER_S
        return (due_s,)
