"""So that a standing fault neither flickers nor goes unseen."""

from __future__ import annotations

import math


class Standing:
    """On after a condition has held for ``raise_s``, off after it has not held for ``clear_s``."""

    def __init__(self, raise_s: float = 0.0, clear_s: float = 3.0) -> None:
        self._raise_s, self._clear_s = raise_s, clear_s
        self._on = False
        self._since_s: float | None = None

    def update(self, condition: bool, now_s: float) -> bool:
        """Whether it stands now."""
        if condition == self._on:
            self._since_s = None
            return self._on
        if self._since_s is None:
            self._since_s = now_s
        if now_s - self._since_s >= (self._raise_s if condition else self._clear_s):
            self._on, self._since_s = condition, None
        return self._on

    def reset(self) -> None:
        """Forget: the aircraft has restarted."""
        self._on, self._since_s = False, None


class Level:
    """A level of 0, 1, 2, ... for a value that is worse the higher it is.

    ``limits`` rise; level n begins at ``limits[n - 1]``. It goes up at once and comes down only when the value is below
    the limit by ``back`` (a share of the limit) for ``clear_s``. NaN is no value and changes nothing.
    """

    def __init__(self, limits: tuple[float, ...], back: float = 0.1, clear_s: float = 3.0) -> None:
        self._limits, self._back, self._clear_s = limits, back, clear_s
        self._level = 0
        self._lower_since_s: float | None = None

    def update(self, value: float, now_s: float) -> int:
        """The level now."""
        if math.isnan(value):
            return self._level
        reached = sum(value >= limit for limit in self._limits)
        if reached >= self._level:
            self._level, self._lower_since_s = reached, None
            return self._level
        kept = sum(value >= limit - self._back * abs(limit) for limit in self._limits)
        if kept >= self._level:
            self._lower_since_s = None
        elif self._lower_since_s is None:
            self._lower_since_s = now_s
        elif now_s - self._lower_since_s >= self._clear_s:
            self._level, self._lower_since_s = kept, None
        return self._level
