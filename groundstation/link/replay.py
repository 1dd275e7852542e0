"""A recorded flight as a link: the same bytes at the same pace, with the times at which they were recorded.

It can be paused, wound to another time and played faster or slower while it runs, by a :class:`ReplayControl`.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from groundstation.core.errors import LinkError
from groundstation.link.frame import message_id_of, source_of
from groundstation.link.tlog_index import TlogIndex, index_tlog
from groundstation.link.tlog_read import Buffer, TlogRecord, open_tlog, scan_tlog
from groundstation.link.transport import LinkState, Peer, TransportOwner

# As fast as it can still lets the rest of the loop run.
_BATCH = 200
# After winding, the newest of each message from so long before the new place are played first: else the picture would
# lack what is told only now and then (home, mode, battery).
_BEFORE_US = 10_000_000
_SLOWEST, _FASTEST = 0.05, 1000.0


@dataclass(frozen=True)
class ReplayPosition:
    """Where a replay is. Times UTC as recorded; ``speed`` 0 is as fast as it can."""

    t_utc_us: int
    start_utc_us: int
    end_utc_us: int
    speed: float
    paused: bool
    finished: bool

    @property
    def fraction(self) -> float:
        """0 at the beginning, 1 at the end."""
        length_us = self.end_utc_us - self.start_utc_us
        return min(max((self.t_utc_us - self.start_utc_us) / length_us, 0.0), 1.0) if length_us else 1.0


class ReplayControl:
    """Pause, wind and pace of one replay. Every method may be called from any thread, before and while it runs."""

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._speed, self._paused = speed, False
        self._wanted_us: int | None = None
        self._now_us = self._start_us = self._end_us = 0
        self._finished = False
        self._changes = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed: asyncio.Event | None = None

    @property
    def position(self) -> ReplayPosition:
        """Where it is now."""
        with self._lock:
            now_us = self._now_us if self._wanted_us is None else self._wanted_us
            return ReplayPosition(now_us, self._start_us, self._end_us, self._speed, self._paused, self._finished)

    def pause(self) -> None:
        """Stop where it is."""
        self._change(paused=True)

    def play(self) -> None:
        """Go on."""
        self._change(paused=False)

    def set_speed(self, speed: float) -> None:
        """How many times as fast as it was; 0 is as fast as it can. Raises :class:`LinkError` outside 0.05 to 1000."""
        if speed != 0.0 and not _SLOWEST <= speed <= _FASTEST:
            raise LinkError(f"replay: speed {speed:g} cannot be played", "0, or from 0.05 to 1000")
        self._change(speed=speed)

    def seek(self, t_utc_us: int) -> None:
        """Go on from another time; one outside the recording is its beginning or its end."""
        self._change(wanted_us=t_utc_us)

    def seek_fraction(self, fraction: float) -> None:
        """Go on from a place between 0 (the beginning) and 1 (the end)."""
        place = self.position
        length_us = place.end_utc_us - place.start_utc_us
        self.seek(place.start_utc_us + round(min(max(fraction, 0.0), 1.0) * length_us))

    def _change(self, paused: bool | None = None, speed: float | None = None, wanted_us: int | None = None) -> None:
        with self._lock:
            self._paused = self._paused if paused is None else paused
            self._speed = self._speed if speed is None else speed
            if wanted_us is not None:
                known = self._end_us > 0
                self._wanted_us = min(max(wanted_us, self._start_us), self._end_us) if known else wanted_us
            self._changes += 1
            loop, changed = self._loop, self._changed
        if loop is not None and changed is not None and not loop.is_closed():
            loop.call_soon_threadsafe(changed.set)

    # -- for the transport ---------------------------------------------------------------------------------------

    def begin(self, index: TlogIndex, loop: asyncio.AbstractEventLoop, changed: asyncio.Event) -> None:
        """The replay is ready."""
        with self._lock:
            self._start_us, self._end_us = index.start_utc_us, index.end_utc_us
            self._now_us = index.start_utc_us
            self._loop, self._changed = loop, changed
            if self._wanted_us is not None:
                self._wanted_us = min(max(self._wanted_us, self._start_us), self._end_us)

    def end(self) -> None:
        """The replay is closed."""
        with self._lock:
            self._loop = self._changed = None

    def settings(self) -> tuple[float, bool, int]:
        """Speed, whether it is paused, and a number that tells whether anything was changed."""
        return self._speed, self._paused, self._changes

    @property
    def sought(self) -> bool:
        """Whether another place is wanted."""
        return self._wanted_us is not None

    def take_wanted(self) -> int | None:
        """The time to wind to, once."""
        with self._lock:
            wanted_us, self._wanted_us = self._wanted_us, None
            return wanted_us

    def played(self, t_utc_us: int, finished: bool = False) -> None:
        """So far it has come."""
        self._now_us, self._finished = t_utc_us, finished


class ReplayTransport:
    """Plays a ``.tlog``. ``speed`` 0 is as fast as it can. What is sent to it goes nowhere."""

    def __init__(self, path: Path, speed: float, control: ReplayControl | None = None) -> None:
        self.finished = asyncio.Event()
        self.control = control or ReplayControl(speed)
        self._path = path
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    async def open(self, owner: TransportOwner) -> None:
        """Begin. Raises :class:`LinkError` when the file cannot be read or holds nothing."""
        index = await asyncio.to_thread(index_tlog, self._path)
        self.control.begin(index, asyncio.get_running_loop(), self._changed)
        self._task = asyncio.create_task(self._run_safely(owner, index))

    async def _run_safely(self, owner: TransportOwner, index: TlogIndex) -> None:
        try:
            await self._run(owner, index)
        except LinkError as error:  # the file went away
            owner.on_transport_state(LinkState.CONNECTING, error.message)

    async def _run(self, owner: TransportOwner, index: TlogIndex) -> None:
        with open_tlog(self._path) as data:
            owner.on_transport_state(LinkState.OPEN, f"replay of {self._path}")
            start_us = index.start_utc_us
            while True:
                wanted_us = self.control.take_wanted()
                if wanted_us is not None:
                    start_us = wanted_us
                    owner.on_transport_state(LinkState.OPEN, f"replay of {self._path}")
                    for record in _before(data, index, start_us):
                        owner.on_bytes(record.packet, record.t_utc_us)
                sought = await self._play(owner, _from(data, index, start_us))
                if not sought:
                    self.control.played(index.end_utc_us, finished=True)
                    owner.on_transport_state(LinkState.CONNECTING, "the recording has ended")
                    self.finished.set()
                    await self._until_sought()
                    self.finished.clear()

    async def _play(self, owner: TransportOwner, records: Iterator[TlogRecord]) -> bool:
        """Play to the end, or until another place is wanted (then True)."""
        loop = asyncio.get_running_loop()
        seen, began_s, began_us, speed = -1, loop.time(), 0, 1.0
        for number, record in enumerate(records):
            while True:
                new_speed, paused, changes = self.control.settings()
                if changes != seen:  # from here on at this pace
                    seen, speed, began_s, began_us = changes, new_speed, loop.time(), record.t_utc_us
                    if self.control.sought:
                        return True
                if paused:
                    wait_s = math.inf
                elif speed > 0:
                    wait_s = began_s + (record.t_utc_us - began_us) / 1e6 / speed - loop.time()
                else:
                    wait_s = 0.0
                if wait_s <= 0.001:
                    break
                await self._wait(wait_s)
            if speed == 0 and number % _BATCH == 0:
                await asyncio.sleep(0)
            self.control.played(record.t_utc_us)
            owner.on_bytes(record.packet, record.t_utc_us)
        return False

    async def _wait(self, longest_s: float) -> None:
        """Until something is changed, or the time is over."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), None if math.isinf(longest_s) else longest_s)
        except TimeoutError:
            return

    async def _until_sought(self) -> None:
        while not self.control.sought:
            await self._wait(math.inf)

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Nobody listens to what is said to a recording."""
        return False

    async def close(self) -> None:
        """Stop playing."""
        self.control.end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None


def _from(data: Buffer, index: TlogIndex, t_utc_us: int) -> Iterator[TlogRecord]:
    """All records from the first on that is not older than this."""
    begun = False
    for item in scan_tlog(data, index.offset_of(t_utc_us)):
        if isinstance(item, TlogRecord):
            begun = begun or item.t_utc_us >= t_utc_us
            if begun:
                yield item


def _before(data: Buffer, index: TlogIndex, t_utc_us: int) -> list[TlogRecord]:
    """The newest record of each message and sender in the seconds before a time, oldest first."""
    newest: dict[tuple[int, int, int], TlogRecord] = {}
    for item in scan_tlog(data, index.offset_of(t_utc_us - _BEFORE_US)):
        if isinstance(item, TlogRecord):
            if item.t_utc_us >= t_utc_us:
                break
            newest[*source_of(item.packet), message_id_of(item.packet)] = item
    return sorted(newest.values(), key=lambda r: r.offset)
