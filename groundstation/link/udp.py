"""UDP transports: one that listens and answers whoever speaks, one that speaks first."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Any

from groundstation.core.errors import LinkError, PortInUseError
from groundstation.link.base import LinkState, TransportOwner

# Several aircraft may share one listening port; an address that fell silent is not sent to for ever.
_PEER_LIFE_S = 30.0
_MOST_PEERS = 64


def bind_error(url: str, error: OSError) -> LinkError | PortInUseError:
    """The error to raise when a local address cannot be taken."""
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(f"link {url}: the port is in use", "end the other program, or choose another port")
    if error.errno == errno.EACCES:
        return LinkError(f"link {url}: not permitted to use this port", "choose a port above 1023")
    return LinkError(f"link {url}: {error.strerror or error}", "check the address: it must be one of this machine")


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, transport: UdpTransport) -> None:
        self._udp = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._udp.on_datagram(data, addr)

    def error_received(self, exc: Exception) -> None:
        # "Connection refused" from a host where nobody listens yet: waiting mends it.
        return


class UdpTransport:
    """``udpin`` (``listen``): binds and answers all recent senders. ``udpout``: sends to one address."""

    def __init__(self, url: str, host: str, port: int, listen: bool) -> None:
        self.local_port = 0
        self._url, self._host, self._port, self._listen = url, host, port, listen
        self._owner: TransportOwner | None = None
        self._endpoint: asyncio.DatagramTransport | None = None
        self._peers: dict[Any, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self, owner: TransportOwner) -> None:
        """Take the port. Raises :class:`PortInUseError` or :class:`LinkError`."""
        loop = asyncio.get_running_loop()
        address = (self._host, self._port)
        try:
            endpoint, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self),
                local_addr=address if self._listen else None,
                remote_addr=None if self._listen else address,
            )
        except socket.gaierror as error:
            raise LinkError(
                f"link {self._url}: host {self._host!r} is not known", "check the name of the host"
            ) from error
        except OSError as error:
            raise bind_error(self._url, error) from error
        self._loop, self._owner = loop, owner
        self._endpoint = endpoint
        self.local_port = int(endpoint.get_extra_info("sockname")[1])
        raw = endpoint.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        owner.on_transport_state(LinkState.OPEN, "waiting for a sender" if self._listen else "")

    def on_datagram(self, data: bytes, address: Any) -> None:
        """A datagram came in."""
        if self._owner is None or self._loop is None:
            return
        if self._listen:
            if address not in self._peers:
                while len(self._peers) >= _MOST_PEERS:
                    del self._peers[min(self._peers, key=lambda a: self._peers[a])]
                self._owner.on_transport_state(LinkState.OPEN, f"from {address[0]}:{address[1]}")
            self._peers[address] = self._loop.time()
        self._owner.on_bytes(data)

    def write(self, data: bytes) -> bool:
        """Send to the peer, or to all recent ones."""
        if self._endpoint is None or self._loop is None:
            return False
        if not self._listen:
            self._endpoint.sendto(data)
            return True
        newest = max(self._peers.values(), default=0.0)
        for address, heard_s in list(self._peers.items()):
            # The last one heard is kept however long it has been silent: it may only be deaf for a while.
            if heard_s < newest and self._loop.time() - heard_s > _PEER_LIFE_S:
                del self._peers[address]
            else:
                self._endpoint.sendto(data, address)
        return bool(self._peers)

    async def close(self) -> None:
        """Give the port back."""
        self._owner = None
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None
            await asyncio.sleep(0)
