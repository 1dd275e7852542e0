"""UDP transports: one that listens and answers whoever speaks, one that speaks first."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from typing import Any

from groundstation.core.errors import LinkError, PortInUseError
from groundstation.link.backoff import Backoff
from groundstation.link.base import LinkState, Peer, TransportOwner

# Several aircraft may share one listening port; an address that fell silent is not sent to for ever.
_PEER_LIFE_S = 30.0
_MOST_PEERS = 512
# A connected socket keeps the local address that it was made with; when the network has changed, only a new one helps.
_ERRORS_BEFORE_REOPENING = 3
_RECEIVE_BUFFER = 1 << 22  # what a fleet sends in some tenths of a second; the system may give less
_AT_ONCE = 64


def bind_error(url: str, error: OSError) -> LinkError | PortInUseError:
    """The error to raise when a local address cannot be taken."""
    if isinstance(error, socket.gaierror):
        return LinkError(f"link {url}: the host is not known ({error.strerror})", "check the name of the host")
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(f"link {url}: the port is in use", "end the other program, or choose another port")
    if error.errno == errno.EACCES:
        return LinkError(f"link {url}: not permitted to use this port", "choose a port above 1023")
    return LinkError(f"link {url}: {error.strerror or error}", "check the address: it must be one of this machine")


def address_text(address: Any) -> str:
    """``host:port``, with brackets round an IPv6 host."""
    host = f"[{address[0]}]" if ":" in str(address[0]) else address[0]
    return f"{host}:{address[1]}"


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, transport: UdpTransport) -> None:
        self._udp = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        self._udp.on_datagram(data, addr)
        self._udp.read_more()

    def error_received(self, exc: Exception) -> None:
        self._udp.on_error(exc)


class UdpTransport:
    """``udpin`` (``listen``): binds and answers all recent senders. ``udpout``: sends to one address."""

    def __init__(self, url: str, host: str, port: int, listen: bool) -> None:
        self.local_port = 0
        self._url, self._host, self._port, self._listen = url, host, port, listen
        self._owner: TransportOwner | None = None
        self._endpoint: asyncio.DatagramTransport | None = None
        self._peers: dict[Any, float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._errors = 0
        self._reopening: asyncio.Task[None] | None = None
        self._twin: socket.socket | None = None

    async def open(self, owner: TransportOwner) -> None:
        """Take the port. Raises :class:`PortInUseError` or :class:`LinkError`.

        A host whose name cannot be looked up just now (no network yet) is tried again; one that does not exist is an
        error.
        """
        self._loop = asyncio.get_running_loop()
        try:
            await self._open_endpoint()
        except socket.gaierror as error:
            if error.errno != socket.EAI_AGAIN:
                raise bind_error(self._url, error) from error
            self._owner = owner
            owner.on_transport_state(LinkState.CONNECTING, f"{self._host}: {error.strerror}")
            self._reopening = asyncio.create_task(self._reopen())
            return
        except OSError as error:
            raise bind_error(self._url, error) from error
        self._owner = owner
        owner.on_transport_state(LinkState.OPEN, "waiting for a sender" if self._listen else "")

    async def _open_endpoint(self) -> None:
        assert self._loop is not None
        address = (self._host, self._port)
        endpoint, _ = await self._loop.create_datagram_endpoint(
            lambda: _Datagrams(self),
            local_addr=address if self._listen else None,
            remote_addr=None if self._listen else address,
        )
        self._endpoint = endpoint
        self.local_port = int(endpoint.get_extra_info("sockname")[1])
        raw = endpoint.get_extra_info("socket")
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        self._close_twin()
        if os.name == "posix":
            # asyncio reads one datagram in each turn of its loop, which for a fleet is a third of all the work.
            self._twin = socket.socket(fileno=os.dup(raw.fileno()))
            self._twin.setblocking(False)

    async def _reopen(self) -> None:
        backoff = Backoff()
        while self._owner is not None:
            await asyncio.sleep(backoff.next_s())
            self._close_twin()
            if self._endpoint is not None:
                self._endpoint.close()
                self._endpoint = None
            try:
                await self._open_endpoint()
            except OSError as error:
                self._owner.on_transport_state(LinkState.CONNECTING, f"{self._host}: {error.strerror or error}")
                continue
            self._errors = 0
            self._owner.on_transport_state(LinkState.OPEN, "")
            return

    def on_datagram(self, data: bytes, address: Any) -> None:
        """A datagram came in."""
        owner = self._owner
        if owner is None or self._loop is None:
            return
        if not self._listen:
            if self._errors:
                self._errors = 0
                owner.on_transport_state(LinkState.OPEN, "")
            owner.on_bytes(data)
            return
        if address not in self._peers:
            while len(self._peers) >= _MOST_PEERS:
                self._forget(min(self._peers, key=lambda a: self._peers[a]))
            count = len(self._peers) + 1
            text = f"from {address_text(address)}" if count == 1 else f"from {count} senders"
            owner.on_transport_state(LinkState.OPEN, text)
        self._peers[address] = self._loop.time()
        owner.on_bytes(data, None, address)

    def read_more(self) -> None:
        """Take what else has come already, so that a burst costs one turn of the loop and not one for each datagram."""
        for _ in range(_AT_ONCE):
            if self._twin is None:
                return
            try:
                data, address = self._twin.recvfrom(65_536)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                self.on_error(error)
                return
            self.on_datagram(data, address)

    def _close_twin(self) -> None:
        if self._twin is not None:
            self._twin.close()
            self._twin = None

    def on_error(self, error: Exception) -> None:
        """The system could not send, or the other host answered that nobody listens."""
        if self._owner is None or self._listen:
            return  # one of several peers: it grows old by itself
        if isinstance(error, ConnectionRefusedError):
            if not self._errors:
                self._owner.on_transport_state(LinkState.OPEN, f"nobody listens on {self._host}:{self._port}")
            self._errors = max(self._errors, 1)
            return
        self._errors += 1
        if self._errors > _ERRORS_BEFORE_REOPENING and (self._reopening is None or self._reopening.done()):
            reason = getattr(error, "strerror", None) or str(error)
            self._owner.on_transport_state(LinkState.CONNECTING, f"{self._host}:{self._port}: {reason}")
            self._reopening = asyncio.create_task(self._reopen())

    def _forget(self, address: Any) -> None:
        del self._peers[address]
        if self._owner is not None:
            self._owner.on_peer_gone(address)

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Send to one peer, or to all recent ones."""
        if self._endpoint is None or self._loop is None:
            return False
        if not self._listen:
            self._endpoint.sendto(data)
            return True
        if peer is not None:
            if peer not in self._peers or not isinstance(peer, tuple):
                return False
            self._endpoint.sendto(data, peer)
            return True
        now_s = self._loop.time()
        newest_s = max(self._peers.values(), default=0.0)
        for address, heard_s in list(self._peers.items()):
            # The last one heard is kept however long it has been silent: it may only be deaf for a while.
            if heard_s < newest_s and now_s - heard_s > _PEER_LIFE_S:
                self._forget(address)
            else:
                self._endpoint.sendto(data, address)
        return bool(self._peers)

    async def close(self) -> None:
        """Give the port back."""
        self._owner = None
        if self._reopening is not None:
            self._reopening.cancel()
            await asyncio.gather(self._reopening, return_exceptions=True)
            self._reopening = None
        self._close_twin()
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None
            await asyncio.sleep(0)
