"""How long to wait before the next try to connect: longer each time, never very long, and not all at once."""

from __future__ import annotations

import random

_FIRST_S = 0.5
_LONGEST_S = 5.0
_GROWTH = 1.5


class Backoff:
    """Pauses of 0.5 s, growing by half to 5 s, each up to a tenth shorter so that many stations do not knock together."""

    def __init__(self) -> None:
        self._pause_s = _FIRST_S

    def next_s(self) -> float:
        """The pause before the next try."""
        pause_s, self._pause_s = self._pause_s, min(self._pause_s * _GROWTH, _LONGEST_S)
        return pause_s * random.uniform(0.9, 1.0)

    def reset(self) -> None:
        """It worked: begin with the short pause again."""
        self._pause_s = _FIRST_S
