"""The station's heartbeat, and the watchdog that silences it when the station is no longer alive.

An aircraft takes the heartbeat as "an operator's station is there". A station whose main loop is stuck must stop saying
so; a station that is only busy drawing must not. So the heartbeat runs by itself, and the loop that matters feeds it.
"""

from __future__ import annotations

from typing import Any

from missions.mavlink import mavlink2

PERIOD_S = 1.0
STARVED_AFTER_S = 3.0


class Watchdog:
    """Starved when nobody has fed it for ``limit_s``. :meth:`feed` may be called from any thread."""

    def __init__(self, now_s: float, limit_s: float = STARVED_AFTER_S) -> None:
        self.limit_s = limit_s
        self._fed_s = now_s

    def feed(self, now_s: float) -> None:
        """The main loop is running."""
        self._fed_s = max(self._fed_s, now_s)

    def hungry_s(self, now_s: float) -> float:
        """Seconds since the last feeding."""
        return now_s - self._fed_s

    def starved(self, now_s: float) -> bool:
        """Whether the main loop must be taken for dead."""
        return self.hungry_s(now_s) > self.limit_s


def gcs_heartbeat() -> Any:
    """HEARTBEAT of a ground station: type GCS (6), autopilot INVALID (8), state ACTIVE (4)."""
    return mavlink2.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)


class Heartbeat:
    """When to send the heartbeat. ``suppressed`` while the watchdog is starved."""

    def __init__(self, watchdog: Watchdog, period_s: float = PERIOD_S) -> None:
        self.suppressed = False
        self._watchdog = watchdog
        self._period_s = period_s
        self._next_s = float("-inf")

    def on_time(self, now_s: float) -> Any | None:
        """The heartbeat if it is due and the station is alive."""
        self.suppressed = self._watchdog.starved(now_s)
        if self.suppressed or now_s < self._next_s:
            return None
        # Keeps the pace over small delays, and does not send a burst after a long one.
        late_s = now_s - self._next_s
        self._next_s = (self._next_s if late_s < self._period_s else now_s) + self._period_s
        return gcs_heartbeat()
