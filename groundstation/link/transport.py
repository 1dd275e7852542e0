"""What a link and its transport know of each other, and what a link tells those who listen to it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from typing import Any, Protocol

from groundstation.core.records import Fault

Peer = Hashable
"""One of several other ends of a transport: an address, a connection. None where there is only one."""


class LinkState(Enum):
    """What a link is doing. ``OPEN`` means that bytes can be sent, not that an aircraft answers."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    OPEN = "open"


MessageListener = Callable[[Any, int, int], None]
"""Called with ``(message, t_mono_ns, t_utc_us)`` of arrival, on the link's event loop."""

SentListener = Callable[[Any], None]
"""Called with every message of this station that is sent."""

FrameListener = Callable[[bytes, Any, bool], None]
"""Called with every good frame, its message (None when the dialect does not know it) and whether it is no duplicate."""

StateListener = Callable[[LinkState, str], None]
FaultListener = Callable[[Fault, bool], None]
"""Called with a standing fault of the link, and whether it stands or is over."""


class TransportOwner(Protocol):
    """What a transport tells its link."""

    def on_bytes(self, data: bytes, t_utc_us: int | None = None, peer: Peer = None) -> None:
        """Bytes came in; ``t_utc_us`` when they are from a recording, else now."""
        ...

    def on_transport_state(self, state: LinkState, detail: str) -> None:
        """The transport connected, or lost its other end."""
        ...

    def on_peer_open(self, peer: Peer) -> None:
        """One of several other ends connected."""
        ...

    def on_peer_gone(self, peer: Peer) -> None:
        """One of several other ends is not there any more."""
        ...


class Transport(Protocol):
    """Moves bytes. Lives on one asyncio loop; reconnects by itself until closed."""

    async def open(self, owner: TransportOwner) -> None:
        """Begin. Raises :class:`LinkError` or :class:`PortInUseError` for what waiting does not mend."""
        ...

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Send one whole packet, to one other end or to all; False when there is nobody to send to."""
        ...

    async def close(self) -> None:
        """End; no call-back comes afterwards."""
        ...
