"""From an aircraft's time since boot to UTC.

Two measurements of the same offset: TIMESYNC, whose error is at most half its round trip, and the arrival of stamped
messages, which is late by the link's delay and so bounds the offset from above. The first is used while it agrees with
the second.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_WINDOW_US = 20_000_000
_LONGEST_ROUND_TRIP_US = 2_000_000
_DISAGREEMENT_US = 2_000_000
# A step back of more than this is a restart and not a message that was overtaken.
_RESTART_MS = 2000


@dataclass(frozen=True)
class _Sync:
    t_utc_us: int
    round_trip_us: int
    offset_us: int


class BootTimeMap:
    """The offset between one aircraft's boot time and UTC. All UTC here is this station's."""

    def __init__(self) -> None:
        self.restarts = 0
        self._last_boot_ms = -1
        self._arrivals: deque[tuple[int, int]] = deque()  # (t_utc_us, offset), rising: a sliding minimum
        self._syncs: deque[_Sync] = deque()

    @property
    def ready(self) -> bool:
        """Whether anything is known yet."""
        return bool(self._arrivals)

    @property
    def from_timesync(self) -> bool:
        """Whether the offset is TIMESYNC's."""
        return bool(self._syncs)

    def on_boot_time(self, time_boot_ms: int, t_utc_us: int) -> bool:
        """A stamped message arrived; True when its stamp shows that the aircraft has restarted."""
        restarted = self._last_boot_ms >= 0 and time_boot_ms < self._last_boot_ms - _RESTART_MS
        if restarted:
            self.restarts += 1
            self._arrivals.clear()
            self._syncs.clear()
            self._last_boot_ms = time_boot_ms
        self._last_boot_ms = max(self._last_boot_ms, time_boot_ms)
        offset_us = t_utc_us - time_boot_ms * 1000
        while self._arrivals and self._arrivals[-1][1] >= offset_us:
            self._arrivals.pop()
        self._arrivals.append((t_utc_us, offset_us))
        while self._arrivals[0][0] < t_utc_us - _WINDOW_US:
            self._arrivals.popleft()
        arrival_us = self._arrivals[0][1]
        # An aircraft whose clock does not run at our pace (a simulator in a hurry) makes old TIMESYNC samples wrong.
        while self._syncs and abs(self._syncs[0].offset_us - arrival_us) > _DISAGREEMENT_US:
            self._syncs.popleft()
        return restarted

    def on_timesync(self, boot_ns: int, asked_utc_us: int, answered_utc_us: int) -> None:
        """An answered TIMESYNC: ``boot_ns`` is the aircraft's time, the others ours when we asked and were answered."""
        round_trip_us = answered_utc_us - asked_utc_us
        if not 0 <= round_trip_us <= _LONGEST_ROUND_TRIP_US:
            return
        offset_us = asked_utc_us + round_trip_us // 2 - boot_ns // 1000
        if self._arrivals and abs(offset_us - self._arrivals[0][1]) > _DISAGREEMENT_US:
            return  # not the clock that stamps its messages
        self._syncs.append(_Sync(answered_utc_us, round_trip_us, offset_us))
        while self._syncs[0].t_utc_us < answered_utc_us - _WINDOW_US:
            self._syncs.popleft()

    def to_utc_us(self, time_boot_ms: int) -> int:
        """UTC of a boot time. Call only when :attr:`ready`."""
        offset_us = min(self._syncs, key=lambda s: s.round_trip_us).offset_us if self._syncs else self._arrivals[0][1]
        return time_boot_ms * 1000 + offset_us
