"""TCP transports: a client that reconnects with a growing pause, and a server that answers every client."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket

from groundstation.link.backoff import Backoff
from groundstation.link.base import LinkState, Peer, TransportOwner
from groundstation.link.udp import bind_error

_CONNECT_TIMEOUT_S = 5.0
# What was sent and is not acknowledged within this is lost with its connection. Keep-alive does not see to that, and
# without it a command could wait in a dead connection for a quarter of an hour and act then.
_UNACKNOWLEDGED_MS = 4_000
# A peer that takes nothing for this long a backlog is gone, whatever its socket says.
_BACKLOG_LIMIT = 1 << 20


def _words(error: OSError) -> str:
    """The system's words: asyncio's own ("Connect call failed") say nothing. Names that resolve to nothing: negative."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)


def _tune(writer: asyncio.StreamWriter) -> None:
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 2), ("TCP_KEEPCNT", 3), ("TCP_USER_TIMEOUT", _UNACKNOWLEDGED_MS),
    ):  # fmt: skip
        if hasattr(socket, option):
            raw.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def _send(writer: asyncio.StreamWriter, data: bytes) -> bool:
    if writer.is_closing():
        return False
    if writer.transport.get_write_buffer_size() > _BACKLOG_LIMIT:
        writer.transport.abort()
        return False
    writer.write(data)
    return True


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 1.0)


class TcpClientTransport:
    """Connects to a server and connects again whenever that ends."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def open(self, owner: TransportOwner) -> None:
        """Begin to connect; returns at once."""
        self._task = asyncio.create_task(self._run(owner))

    async def _run(self, owner: TransportOwner) -> None:
        backoff = Backoff()
        while True:
            reason = "the other side closed the connection"
            try:
                reader, writer = await asyncio.wait_for(
                    asyncio.open_connection(self._host, self._port), _CONNECT_TIMEOUT_S
                )
                try:
                    _tune(writer)
                    self._writer = writer
                    owner.on_transport_state(LinkState.OPEN, f"{self._host}:{self._port}")
                    while data := await reader.read(65_536):
                        backoff.reset()
                        owner.on_bytes(data)
                finally:
                    self._writer = None
                    await _end(writer)
            except TimeoutError:
                reason = "no answer"
            except OSError as error:
                reason = _words(error)
            owner.on_transport_state(LinkState.CONNECTING, f"{self._host}:{self._port}: {reason}")
            await asyncio.sleep(backoff.next_s())

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Send; False while there is no connection."""
        return self._writer is not None and _send(self._writer, data)

    async def close(self) -> None:
        """End the connection and stop connecting."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None


class TcpServerTransport:
    """Serves any number of clients; what is sent goes to all."""

    def __init__(self, url: str, host: str, port: int) -> None:
        self.local_port = 0
        self._url, self._host, self._port = url, host, port
        self._server: asyncio.Server | None = None
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._owner: TransportOwner | None = None

    async def open(self, owner: TransportOwner) -> None:
        """Take the port. Raises :class:`PortInUseError` or :class:`LinkError`."""
        self._owner = owner
        try:
            self._server = await asyncio.start_server(self._accept, self._host, self._port)
        except OSError as error:
            raise bind_error(self._url, error) from error
        self.local_port = int(self._server.sockets[0].getsockname()[1])

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._client(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        owner = self._owner
        assert owner is not None
        number = next(self._numbers)
        _tune(writer)
        self._writers[number] = writer
        owner.on_transport_state(LinkState.OPEN, f"{len(self._writers)} connected")
        owner.on_peer_open(number)
        try:
            with contextlib.suppress(OSError):
                while data := await reader.read(65_536):
                    owner.on_bytes(data, None, number)
        finally:
            del self._writers[number]
            owner.on_peer_gone(number)
            if self._writers:
                owner.on_transport_state(LinkState.OPEN, f"{len(self._writers)} connected")
            else:
                owner.on_transport_state(LinkState.CONNECTING, "waiting for a client")
            await _end(writer)

    def write(self, data: bytes, peer: Peer = None) -> bool:
        """Send to one client, or to every one."""
        if peer is not None:
            writer = self._writers.get(peer) if isinstance(peer, int) else None
            return writer is not None and _send(writer, data)
        sent = [_send(writer, data) for writer in tuple(self._writers.values())]
        return any(sent)

    def drop(self, peer: Peer) -> None:
        """End one client's connection at once."""
        writer = self._writers.get(peer) if isinstance(peer, int) else None
        if writer is not None:
            writer.transport.abort()

    async def close(self) -> None:
        """Give the port back and end every connection."""
        if self._server is not None:
            self._server.close()
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None
