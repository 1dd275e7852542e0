"""Plays a kept period onto a bus of its own, by a clock of its own: what a console shows of it is how it was then."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from groundstation.app.replay_sources import Played
from groundstation.core.bus import Bus

_log = logging.getLogger("groundstation.replay")
_READ_AHEAD = 2_000
_FADED_US = 20_000_000
SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0)


class Period(Protocol):
    """What is played; see :class:`~groundstation.app.replay_sources.KeptPeriod`."""

    from_utc_us: int
    to_utc_us: int

    def records(self, at_utc_us: int) -> Iterator[Played]:
        """In order; what had happened before is among them."""
        ...


class ReplayClock:
    """Stands at the moment that is played; the monotonic clock of the replay is the same time."""

    def __init__(self, now_utc_us: int) -> None:
        self.now_us = now_utc_us

    def mono_ns(self) -> int:
        """The moment, in ns."""
        return self.now_us * 1000

    def utc_us(self) -> int:
        """The moment."""
        return self.now_us


class Player:
    """Reading is done by a thread, which is never far ahead; the clock never runs ahead of what was read.

    :meth:`step` is called by one thread some thirty times a second.
    """

    def __init__(self, bus: Bus, clock: ReplayClock, period: Period, now_s: Callable[[], float]) -> None:
        self._bus, self._clock, self._period, self._now_s = bus, clock, period, now_s
        self._queue: queue.Queue[Played | None] = queue.Queue(_READ_AHEAD)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._next: Played | None = None
        self._ended = False
        self._stepped_s = now_s()
        self.playing = False
        self.speed = 1.0
        self.waits = False
        """Whether the clock stands because the reading has not come so far."""

    @property
    def at_end(self) -> bool:
        """Whether there is nothing more."""
        return self._clock.now_us >= self._period.to_utc_us

    def seek(self, at_utc_us: int) -> None:
        """Go to a moment of the period. Backwards only onto a fresh bus: what was told cannot be untold."""
        self.close()
        at_us = min(max(at_utc_us, self._period.from_utc_us), self._period.to_utc_us)
        self._clock.now_us = at_us
        self._queue, self._stop = queue.Queue(_READ_AHEAD), threading.Event()
        self._next, self._ended = None, False
        self._thread = threading.Thread(
            target=_read, args=(self._period, at_us, self._queue, self._stop), name="replay-reader", daemon=True
        )
        self._thread.start()
        self._stepped_s = self._now_s()

    def step(self) -> None:
        """Let time pass, and tell what was heard in it."""
        now_s = self._now_s()
        passed_s, self._stepped_s = now_s - self._stepped_s, now_s
        clock = self._clock
        target_us = clock.now_us
        if self.playing:
            # A long stall is not caught up with: the picture would jump.
            target_us += round(min(passed_s, 0.5) * self.speed * 1e6)
        target_us = min(target_us, self._period.to_utc_us)
        self.waits = False
        while not self._ended:
            if self._next is None:
                try:
                    self._next = self._queue.get_nowait()
                except queue.Empty:
                    self.waits = True
                    return  # the clock stands
                if self._next is None:
                    self._ended = True
                    break
            if self._next.t_utc_us > target_us:
                break
            played, self._next = self._next, None
            clock.now_us = max(clock.now_us, played.t_utc_us)
            if not played.fading or played.t_utc_us >= target_us - _FADED_US:
                self._bus.publish(played.topic, played.record)
        clock.now_us = max(clock.now_us, target_us)
        if self.at_end:
            self.playing = False

    def close(self) -> None:
        """End the reading."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)
            self._thread = None


def _read(period: Period, at_us: int, out: queue.Queue[Played | None], stop: threading.Event) -> None:
    try:
        for played in period.records(at_us):
            while not stop.is_set():
                try:
                    out.put(played, timeout=0.2)
                    break
                except queue.Full:
                    continue
            if stop.is_set():
                return
    except Exception:
        _log.exception("the replay cannot be read further")
    while not stop.is_set():
        try:
            out.put(None, timeout=0.2)
            return
        except queue.Full:
            continue
