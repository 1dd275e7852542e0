"""Sockets around the autopilot: URLs, several clients, noise, ports in use."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from geofences.errors import ConfigError, LinkError, PortInUseError
from missions.mavlink import mavlink2 as m
from sim.autopilot import Autopilot, ErrorSizes
from sim.server import MavlinkServer, parse_mavlink_url


def _autopilot() -> Autopilot:
    return Autopilot(48.0, 20.0, lambda lat, lon: 200.0, error_sizes=ErrorSizes.none())


@pytest.mark.parametrize(
    ("text", "kind", "host", "port"),
    [
        ("tcpin://127.0.0.1:5760", "tcpin", "127.0.0.1", 5760),
        ("tcp:127.0.0.1:5760", "tcpin", "127.0.0.1", 5760),
        ("tcp://0.0.0.0:5760", "tcpin", "0.0.0.0", 5760),
        ("udp:127.0.0.1:14550", "udpout", "127.0.0.1", 14550),
        ("udp://gcs.example:14550", "udpout", "gcs.example", 14550),
        ("udpout://[::1]:14550", "udpout", "::1", 14550),
        ("udpin://0.0.0.0:14551/", "udpin", "0.0.0.0", 14551),
    ],
)
def test_spellings(text: str, kind: str, host: str, port: int) -> None:
    url = parse_mavlink_url(text)
    assert (url.kind, url.host, url.port) == (kind, host, port)


@pytest.mark.parametrize(
    "text", ["", "127.0.0.1:5760", "serial:/dev/ttyUSB0", "tcp:host", "tcp:host:99999", "udp:::1:1"]
)
def test_bad_urls_are_config_errors(text: str) -> None:
    with pytest.raises(ConfigError, match="MAVLink URL"):
        parse_mavlink_url(text)


def _serve(urls: list[str], body: Callable[[MavlinkServer], Awaitable[None]]) -> None:
    """Run a server while ``body`` runs, all within 15 s."""

    async def main() -> None:
        server = MavlinkServer(_autopilot(), [parse_mavlink_url(url) for url in urls])
        await server.open()
        stop = asyncio.Event()
        task = asyncio.create_task(server.run(stop))
        try:
            await body(server)
        finally:
            stop.set()
            await task
            await server.close()

    async def bounded() -> None:
        await asyncio.wait_for(main(), 90.0)

    asyncio.run(bounded())


class Client:
    """A TCP client that decodes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.codec = m.MAVLink(None, 255, 190)
        self.seen: list[Any] = []

    @classmethod
    async def connect(cls, server: MavlinkServer, index: int = 0) -> Client:
        return cls(*await asyncio.open_connection("127.0.0.1", server.addresses[index].port))

    async def wait(self, kind: str) -> Any:
        while True:
            for msg in self.seen:
                if msg.get_type() == kind:
                    self.seen.remove(msg)
                    return msg
            data = await self.reader.read(4096)
            assert data, "the server hung up"
            self.seen += self.codec.parse_buffer(data) or []

    def send(self, msg: Any) -> None:
        self.writer.write(msg.pack(self.codec))

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


def test_two_tcp_clients_have_streams_of_their_own() -> None:
    async def body(server: MavlinkServer) -> None:
        one, two = await Client.connect(server), await Client.connect(server)
        assert (await one.wait("HEARTBEAT")).get_srcSystem() == 1
        await two.wait("HEARTBEAT")
        one.send(m.MAVLink_command_long_message(1, 1, 511, 0, 30, 50_000, 0, 0, 0, 0, 0))
        assert (await one.wait("COMMAND_ACK")).result == 0
        for _ in range(5):
            await one.wait("ATTITUDE")
        await two.wait("HEARTBEAT")
        assert not [msg for msg in two.seen if msg.get_type() in ("ATTITUDE", "COMMAND_ACK")]
        await one.close()
        await two.wait("HEARTBEAT")
        await two.close()

    _serve(["tcpin://127.0.0.1:0"], body)


def test_noise_and_cut_packets_do_no_harm() -> None:
    async def body(server: MavlinkServer) -> None:
        client = await Client.connect(server)
        rng = random.Random(3)
        packet = m.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1).pack(client.codec)
        spoiled = bytearray(packet)
        spoiled[12] ^= 0xFF
        client.writer.write(rng.randbytes(3000) + packet[:9] + bytes(spoiled) + bytes(300))
        for _ in range(5):  # the noise may have swallowed one by looking like its beginning
            client.send(m.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1))
        assert (await client.wait("PARAM_VALUE")).param_value == 1500.0
        await client.close()

    _serve(["tcpin://127.0.0.1:0"], body)


def test_udpin_answers_whoever_speaks_mavlink_and_ignores_others() -> None:
    async def body(server: MavlinkServer) -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(("127.0.0.1", server.addresses[0].port))
            await loop.sock_sendall(sock, b"hello, is this the kitchen?")
            codec = m.MAVLink(None, 255, 190)
            await loop.sock_sendall(sock, m.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1).pack(codec))
            while True:
                found = codec.parse_buffer(await loop.sock_recv(sock, 2048)) or []
                if "PARAM_VALUE" in [msg.get_type() for msg in found]:
                    break

    _serve(["udpin://127.0.0.1:0"], body)


def test_udpout_beats_into_the_dark_and_talks_to_who_answers() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)

        async def body(server: MavlinkServer) -> None:
            loop = asyncio.get_running_loop()
            codec = m.MAVLink(None, 255, 190)
            data, peer = await loop.sock_recvfrom(sock, 2048)
            assert codec.parse_buffer(data)[0].get_type() == "HEARTBEAT"
            ask = m.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1)
            await loop.sock_sendto(sock, ask.pack(codec), peer)
            while True:
                data, _ = await loop.sock_recvfrom(sock, 2048)
                if "PARAM_VALUE" in [msg.get_type() for msg in codec.parse_buffer(data) or []]:
                    break

        _serve([f"udpout://127.0.0.1:{sock.getsockname()[1]}"], body)


@pytest.mark.parametrize("kind", ["tcpin", "udpin"])
def test_port_in_use_is_told_and_nothing_stays_open(kind: str) -> None:
    family = socket.SOCK_STREAM if kind == "tcpin" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, family) as taken, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as free:
        taken.bind(("127.0.0.1", 0))
        if kind == "tcpin":
            taken.listen()
        free.bind(("127.0.0.1", 0))
        other = free.getsockname()[1]
        free.close()
        port = taken.getsockname()[1]

        async def main() -> None:
            urls = [parse_mavlink_url(f"tcpin://127.0.0.1:{other}"), parse_mavlink_url(f"{kind}://127.0.0.1:{port}")]
            server = MavlinkServer(_autopilot(), urls)
            with pytest.raises(PortInUseError, match=str(port)) as caught:
                await server.open()
            assert caught.value.remedy
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", other)

        asyncio.run(main())


def test_unknown_host_is_a_link_error() -> None:
    async def main() -> None:
        server = MavlinkServer(_autopilot(), [parse_mavlink_url("tcpin://203.0.113.7:5760")])
        with pytest.raises(LinkError):
            await server.open()

    asyncio.run(main())


def test_time_runs_faster_when_told() -> None:
    now_s = 100.0
    autopilot = _autopilot()
    server = MavlinkServer(autopilot, [], speedup=20.0, monotonic_s=lambda: now_s)
    for speedup in (20.0, 1.0):
        server.speedup = speedup
        began_s = autopilot.now_s
        for _ in range(100):
            now_s += 0.01
            server.tick()
        assert autopilot.now_s - began_s == pytest.approx(speedup, abs=0.05)
