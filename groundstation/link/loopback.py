"""Two ends of a wire within one process, for tests and for a simulator in the same loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from groundstation.link.base import LinkState, Peer, TransportOwner


class LoopbackTransport:
    """One end; ``peer_write`` is called with what is written here, :meth:`feed` puts bytes in from the other side.

    The bytes cross in the next turn of the loop, so neither end is called from within its own sending.
    """

    def __init__(self, peer_write: Callable[[bytes], None] | None = None) -> None:
        self.peer_write = peer_write
        self.cut = False
        self._owner: TransportOwner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, owner: TransportOwner) -> None:
        """Begin."""
        self._owner, self._loop = owner, asyncio.get_running_loop()
        owner.on_transport_state(LinkState.OPEN, "loopback")

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Send to the other end; a wire that is cut swallows it."""
        if self._loop is None or self.peer_write is None:
            return False
        if not self.cut:
            self._loop.call_soon(self.peer_write, data)
        return True

    def feed(self, data: bytes) -> None:
        """Bytes from the other end."""
        if self._owner is not None and not self.cut:
            self._owner.on_bytes(data)

    async def close(self) -> None:
        """End."""
        self._owner = None
        self._loop = None


def loopback_pair() -> tuple[LoopbackTransport, LoopbackTransport]:
    """Two transports joined to each other."""
    one, other = LoopbackTransport(), LoopbackTransport()
    one.peer_write, other.peer_write = other.feed, one.feed
    return one, other
