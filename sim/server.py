"""MAVLink servers around an autopilot: URLs to sockets, one asyncio loop, one clock.

URLs: ``tcpin://HOST:PORT`` listens, each client is a channel; ``udpout://HOST:PORT`` sends there and talks to whoever
answers; ``udpin://HOST:PORT`` listens and talks to whoever spoke. ``tcp:HOST:PORT`` and ``udp:HOST:PORT``, also with
``//``, mean what ArduPilot's users mean by them: ``tcp`` listens, ``udp`` sends.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from geofences.errors import ConfigError, LinkError, PortInUseError
from missions.mavlink import mavlink2 as m
from sim.autopilot import AUTOPILOT_COMPONENT, STEP_S, Autopilot, Outgoing
from sim.autopilot.misbehave import Misbehaviours
from sim.autopilot.outgoing import source_of
from sim.signing import SigningCodec, VehicleSigning

_log = logging.getLogger("sim.server")

_TICK_S = 0.02
_MOST_STEPS_PER_TICK = 150
# A client that does not read loses messages, as on a full serial port; it does not eat our memory.
_MOST_BUFFERED_BYTES = 1 << 18
_UDP_PEER_FORGOTTEN_S = 30.0

_SCHEMES = {"tcpin": "tcpin", "tcp": "tcpin", "udpout": "udpout", "udp": "udpout", "udpin": "udpin"}


@dataclass(frozen=True)
class MavlinkUrl:
    """``kind`` is tcpin, udpout or udpin."""

    kind: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.kind}://{self.host}:{self.port}"


def parse_mavlink_url(text: str) -> MavlinkUrl:
    """Read a URL in any of the accepted spellings. Raises :class:`ConfigError`."""
    match = re.fullmatch(r"([a-z]+):(?://)?(\[[0-9a-fA-F:]+\]|[^:/\[\]]+):(\d{1,5})/?", text.strip())
    if match is None or match[1] not in _SCHEMES or not 0 <= int(match[3]) <= 65535:
        raise ConfigError(
            f"MAVLink URL {text!r} cannot be used by the simulator",
            "give tcpin://HOST:PORT, udpout://HOST:PORT or udpin://HOST:PORT",
        )
    return MavlinkUrl(_SCHEMES[match[1]], match[2].strip("[]"), int(match[3]))


class Channel:
    """One counterpart: a parser for what it says and a codec for what it is told."""

    def __init__(
        self, number: int, name: str, sysid: int, write: Callable[[bytes], None], trusted: bool = True
    ) -> None:
        self.number, self.name = number, name
        self.trusted = trusted
        """Takes unsigned messages although there is a key, as ArduPilot's channel 0."""
        self._write = write
        self._codec = SigningCodec(None, sysid, AUTOPILOT_COMPONENT)
        self._codec.robust_parsing = True
        self.heard_s = 0.0

    def sign(self, signing: VehicleSigning, utc_us: int) -> None:
        """Follow the vehicle's key and clock."""
        signing.apply(self._codec, self.number, self.trusted, utc_us)

    def parse(self, data: bytes) -> list[Any]:
        """The good messages in ``data``; noise is passed over."""
        try:
            messages = self._codec.parse_buffer(data) or []
        except m.MAVError as error:
            _log.debug("%s: %s", self.name, error)
            return []
        return [msg for msg in messages if msg.get_type() != "BAD_DATA" and msg.get_msgId() >= 0]

    def send(self, message: Any, sysid: int, misbehaviours: Misbehaviours | None = None) -> None:
        """Encode with this channel's sequence number and write."""
        self._codec.srcSystem, self._codec.srcComponent = source_of(message, sysid, AUTOPILOT_COMPONENT)
        packets = misbehaviours.packets(message, self._codec) if misbehaviours else [bytes(message.pack(self._codec))]
        for packet in packets:
            self._write(packet)
        # pack() does not count: only pymavlink's own send() does.
        self._codec.seq = (self._codec.seq + 1) % 256


class _TcpPeer(asyncio.Protocol):
    def __init__(self, server: MavlinkServer, trusted: bool) -> None:
        self._server, self._trusted = server, trusted
        self._channel: Channel | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        self._channel = self._server.open_channel(f"tcp {peer[0]}:{peer[1]}", self._write, self._trusted)
        self._server.tcp_peers.add(self)

    def _write(self, data: bytes) -> None:
        if self._transport is not None and self._transport.get_write_buffer_size() < _MOST_BUFFERED_BYTES:
            self._transport.write(data)

    def data_received(self, data: bytes) -> None:
        if self._channel is not None:
            self._server.received(self._channel, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.tcp_peers.discard(self)
        if self._channel is not None:
            self._server.close_channel(self._channel)
            self._channel = None
        self._transport = None

    def close(self) -> None:
        """Hang up, whatever is still unsent."""
        if self._transport is not None:
            self._transport.abort()


class _UdpSocket(asyncio.DatagramProtocol):
    """One bound socket; every address that speaks MAVLink to it is a channel."""

    def __init__(self, server: MavlinkServer, remote: tuple[str, int] | None, trusted: bool) -> None:
        self._server, self._remote, self._trusted = server, remote, trusted
        self._transport: asyncio.DatagramTransport | None = None
        self._channels: dict[tuple[str, int], Channel] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        if self._remote is not None:
            self._channel(self._remote)

    def _channel(self, address: tuple[str, int]) -> Channel:
        channel = self._channels.get(address)
        if channel is None:

            def write(data: bytes) -> None:
                if self._transport is not None:
                    self._transport.sendto(data, address)

            channel = self._server.open_channel(f"udp {address[0]}:{address[1]}", write, self._trusted)
            self._channels[address] = channel
        return channel

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        address = (str(addr[0]), int(addr[1]))
        if address not in self._channels and not _looks_like_mavlink(data):
            return
        self._server.received(self._channel(address), data)

    def error_received(self, exc: Exception) -> None:
        # Nobody listens yet: the usual state of a UDP ground station's port.
        _log.debug("udp: %s", exc)

    def forget_silent(self, now_s: float) -> None:
        """Drop counterparts that have not spoken for long; the one in the URL stays."""
        for address, channel in list(self._channels.items()):
            if address != self._remote and now_s - channel.heard_s > _UDP_PEER_FORGOTTEN_S:
                del self._channels[address]
                self._server.close_channel(channel)


def _looks_like_mavlink(data: bytes) -> bool:
    return len(data) >= 8 and data[0] in (0xFD, 0xFE)


class MavlinkServer:
    """Serves ``autopilot`` on ``urls``. All methods belong to the loop's thread.

    ``speedup`` makes the simulated time run faster than the clock. With 1 the simulated time never falls behind; faster,
    it is as fast as the machine can. When the vehicle has a signing key, only the first URL takes unsigned messages.
    """

    def __init__(
        self,
        autopilot: Autopilot,
        urls: list[MavlinkUrl],
        *,
        speedup: float = 1.0,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._autopilot, self._urls, self._monotonic_s = autopilot, urls, monotonic_s
        self._speedup = speedup
        self._base_mono_s = monotonic_s()
        self._base_sim_s = autopilot.now_s
        self._stepped_s = autopilot.now_s
        self._channels: dict[int, Channel] = {}
        self._next_number = 0
        self._servers: list[asyncio.Server] = []
        self._udp: list[tuple[asyncio.DatagramTransport, _UdpSocket]] = []
        self.tcp_peers: set[_TcpPeer] = set()
        self.addresses: list[MavlinkUrl] = []
        """What is really listened on or sent to, port 0 resolved; in the order of the URLs."""

    # Time.

    def _now_s(self) -> float:
        return self._base_sim_s + (self._monotonic_s() - self._base_mono_s) * self._speedup

    @property
    def speedup(self) -> float:
        """Simulated seconds per second."""
        return self._speedup

    @speedup.setter
    def speedup(self, value: float) -> None:
        self._rebase(self._now_s())
        self._speedup = value

    def _rebase(self, sim_s: float) -> None:
        self._base_sim_s, self._base_mono_s = sim_s, self._monotonic_s()

    # Channels.

    def open_channel(self, name: str, write: Callable[[bytes], None], trusted: bool = True) -> Channel:
        """A counterpart has appeared."""
        self._next_number += 1
        channel = Channel(self._next_number, name, self._autopilot.sysid, write, trusted)
        self._sign(channel)
        channel.heard_s = self._monotonic_s()
        self._channels[channel.number] = channel
        self._autopilot.open_channel(channel.number)
        _log.info("channel %d: %s", channel.number, name)
        return channel

    def close_channel(self, channel: Channel) -> None:
        """A counterpart has gone."""
        self._channels.pop(channel.number, None)
        self._autopilot.close_channel(channel.number)
        _log.info("channel %d: %s is gone", channel.number, channel.name)

    def received(self, channel: Channel, data: bytes) -> None:
        """Bytes from a counterpart."""
        channel.heard_s = self._monotonic_s()
        for msg in channel.parse(data):
            try:
                outgoing = self._autopilot.on_message(channel.number, msg, self._stepped_s)
            except Exception:
                # One message that we do not survive must not end the flight, nor its sender's connection.
                _log.exception("%s: %s", channel.name, msg)
                continue
            self._dispatch(outgoing)
            if msg.get_type() == "SETUP_SIGNING":
                for each in self._channels.values():
                    self._sign(each)

    def _sign(self, channel: Channel) -> None:
        channel.sign(self._autopilot.signing, self._autopilot.start_utc_us + round(self._autopilot.now_s * 1e6))

    def _dispatch(self, outgoing: list[Outgoing]) -> None:
        sysid, misbehaviours = self._autopilot.sysid, self._autopilot.misbehaviours
        for number, message in outgoing:
            if number is None:
                for channel in list(self._channels.values()):
                    channel.send(message, sysid, misbehaviours)
            elif number in self._channels:
                self._channels[number].send(message, sysid, misbehaviours)

    # Life.

    async def open(self) -> None:
        """Open every URL. Raises :class:`PortInUseError` or :class:`LinkError`, and then leaves none open."""
        try:
            for number, url in enumerate(self._urls):
                await self._open(url, trusted=number == 0)
        except BaseException:
            await self.close()
            raise

    async def _open(self, url: MavlinkUrl, trusted: bool) -> None:
        loop = asyncio.get_running_loop()
        try:
            if url.kind == "tcpin":
                server = await loop.create_server(lambda: _TcpPeer(self, trusted), url.host, url.port)
                self._servers.append(server)
                port = server.sockets[0].getsockname()[1]
            else:
                remote = (url.host, url.port) if url.kind == "udpout" else None
                if remote is not None:
                    # The peer's answers come from a numeric address; a name must not make a second channel of it.
                    found = await loop.getaddrinfo(url.host, url.port)
                    remote = (str(found[0][4][0]), url.port)
                local = (url.host, url.port) if remote is None else (_local_for(remote[0]), 0)
                transport, protocol = await loop.create_datagram_endpoint(
                    lambda: _UdpSocket(self, remote, trusted), local_addr=local
                )
                self._udp.append((transport, protocol))
                port = url.port if remote else transport.get_extra_info("sockname")[1]
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(
                    f"{url}: port {url.port} is in use by another program",
                    "end that program, or give another port with --mavlink",
                ) from error
            raise LinkError(f"{url}: cannot be opened: {error.strerror or error}", "check host and port") from error
        self.addresses.append(MavlinkUrl(url.kind, url.host, port))

    async def run(self, stop: asyncio.Event) -> None:
        """Fly and talk until ``stop`` is set."""
        self._rebase(self._base_sim_s)
        while not stop.is_set():
            self.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _TICK_S)

    def tick(self) -> None:
        """Catch up with the clock, once."""
        goal_s = self._now_s()
        if self._speedup != 1.0 and goal_s - self._stepped_s > _MOST_STEPS_PER_TICK * STEP_S:
            # Slower than asked for, rather than deaf to its clients.
            goal_s = self._stepped_s + _MOST_STEPS_PER_TICK * STEP_S
            self._rebase(goal_s)
        # In pieces, so that streams keep their spacing when time runs fast.
        while self._stepped_s < goal_s:
            self._stepped_s = min(self._stepped_s + 0.1, goal_s)
            self._dispatch(self._autopilot.step(self._stepped_s))
        now_s = self._monotonic_s()
        if self._autopilot.signing.key:
            for channel in self._channels.values():
                self._sign(channel)
        for _, protocol in self._udp:
            protocol.forget_silent(now_s)

    async def close(self) -> None:
        """Close every socket."""
        for server in self._servers:
            server.close()
        for peer in list(self.tcp_peers):
            peer.close()
        for server in self._servers:
            await server.wait_closed()
        for transport, _ in self._udp:
            transport.close()
        self._servers.clear()
        self._udp.clear()
        # Transports close on the next turn of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)


def _local_for(host: str) -> str:
    if ":" in host:
        return "::1" if host == "::1" else "::"
    return "127.0.0.1" if host.startswith("127.") else "0.0.0.0"
