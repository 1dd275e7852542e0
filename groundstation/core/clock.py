"""The two clocks of the station. Services take a ``Clock``; tests hand in a fake one."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Monotonic time for intervals, UTC for validity."""

    def mono_ns(self) -> int:
        """Nanoseconds of this machine's monotonic clock."""
        ...

    def utc_us(self) -> int:
        """Microseconds since 1970-01-01T00:00:00Z."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def mono_ns(self) -> int:
        """Nanoseconds of ``time.monotonic_ns``."""
        return time.monotonic_ns()

    def utc_us(self) -> int:
        """Microseconds of ``time.time_ns``."""
        return time.time_ns() // 1000
