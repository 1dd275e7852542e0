"""A recorded flight as a link: the same bytes at the same pace, with the times at which they were recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from groundstation.link.base import LinkState, Peer, TransportOwner
from groundstation.link.tlog import TlogRecord, read_tlog

# As fast as it can still lets the rest of the loop run.
_BATCH = 200


class ReplayTransport:
    """Plays a ``.tlog``. ``speed`` 0 is as fast as it can. What is sent to it goes nowhere."""

    def __init__(self, path: Path, speed: float) -> None:
        self.finished = asyncio.Event()
        self._path, self._speed = path, speed
        self._task: asyncio.Task[None] | None = None

    async def open(self, owner: TransportOwner) -> None:
        """Begin. Raises :class:`LinkError` when the file cannot be read or holds nothing."""
        records = read_tlog(self._path)
        first = next(records)
        self._task = asyncio.create_task(self._run(owner, first, records))

    async def _run(self, owner: TransportOwner, first: TlogRecord, records: Iterator[TlogRecord]) -> None:
        loop = asyncio.get_running_loop()
        owner.on_transport_state(LinkState.OPEN, f"replay of {self._path}")
        started_s = loop.time()
        owner.on_bytes(first.packet, first.t_utc_us)
        for number, record in enumerate(records):
            if self._speed > 0:
                due_s = started_s + (record.t_utc_us - first.t_utc_us) / 1e6 / self._speed
                wait_s = due_s - loop.time()
                if wait_s > 0.001:
                    await asyncio.sleep(wait_s)
            elif number % _BATCH == 0:
                await asyncio.sleep(0)
            owner.on_bytes(record.packet, record.t_utc_us)
        owner.on_transport_state(LinkState.CONNECTING, "the recording has ended")
        self.finished.set()

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Nobody listens to what is said to a recording."""
        return False

    async def close(self) -> None:
        """Stop playing."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
