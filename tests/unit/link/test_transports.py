"""What happens to transports in the field: peers that move, several at a port, dead ends, cables pulled out."""

import asyncio
import itertools
import os
import socket
import time

import pytest

from groundstation.core.clock import SystemClock
from groundstation.core.errors import LinkError
from groundstation.link.backoff import Backoff
from groundstation.link.base import Link, LinkState
from groundstation.link.open import open_link
from groundstation.link.serial import SerialTransport
from groundstation.link.udp import UdpTransport, address_text, bind_error
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import FakeClock, Sender, heartbeat
from tests.helpers.waiting import MOST_S, until


def _has_ipv6():
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
            s.bind(("::1", 0))
        return True
    except OSError:
        return False


def _modes(link):
    modes = []
    link.add_listener(lambda message, t_mono_ns, t_utc_us: modes.append(message.custom_mode))
    return modes


class Peer:
    """An aircraft's UDP socket."""

    def __init__(self, port, system_id=1, host="127.0.0.1", family=socket.AF_INET):
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.setblocking(False)
        self.to, self.sender, self._heard = (host, port), Sender(system_id), []

    def say(self, custom_mode=0):
        self.socket.sendto(self.sender.packet(heartbeat(custom_mode=custom_mode)), self.to)

    def heard(self):
        """Message ids of all that has come so far."""
        while True:
            try:
                self._heard.append(self.socket.recv(2048)[7])
            except BlockingIOError:
                return self._heard


def _order(system_id):
    return m.MAVLink_param_request_list_message(system_id, 1)


async def _listening(url="udpin://127.0.0.1:0", clock=None):
    link = open_link(url, clock or SystemClock())
    await link.open()
    return link, link._transport.local_port


def test_an_aircraft_that_changes_its_port_is_followed():
    """A router between changed its mapping, or the program there was started again."""

    async def main():
        clock = FakeClock()
        link, port = await _listening(clock=clock)
        modes = _modes(link)
        old, new = Peer(port), Peer(port)
        old.say(1)
        await until(lambda: modes == [1])
        clock.now_s += 4.0
        new.say(2)
        await until(lambda: modes == [1, 2])
        link.send(_order(1))
        await until(lambda: new.heard() == [21])
        assert old.heard() == []
        await link.close()
        old.socket.close()
        new.socket.close()

    asyncio.run(main())


def test_what_is_addressed_goes_to_where_that_aircraft_is_and_a_heartbeat_to_all():
    async def main():
        link, port = await _listening()
        modes = _modes(link)
        peers = [Peer(port, n) for n in (1, 2, 3)]
        for peer in peers:
            peer.say()
        await until(lambda: len(modes) == 3)
        link.send(_order(2))
        link.send(m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
        link.send(_order(9))  # never heard: somebody there may know it
        await until(lambda: [p.heard() for p in peers] == [[0, 21], [21, 0, 21], [0, 21]])
        await link.close()
        for peer in peers:
            peer.socket.close()

    asyncio.run(main())


def test_an_aircraft_with_two_ways_is_answered_on_both():
    async def main():
        link, port = await _listening()
        modes = _modes(link)
        ways = [Peer(port), Peer(port)]
        for peer in ways:
            peer.say()
        await until(lambda: len(modes) == 2)
        link.send(_order(1))
        await until(lambda: [p.heard() for p in ways] == [[21], [21]])
        await link.close()
        for peer in ways:
            peer.socket.close()

    asyncio.run(main())


def test_half_packets_of_two_senders_are_not_joined():
    async def main():
        link, port = await _listening()
        modes = _modes(link)
        one, two = Peer(port, 1), Peer(port, 2)
        first, second = one.sender.packet(heartbeat(custom_mode=1)), two.sender.packet(heartbeat(custom_mode=2))
        for a, b in ((first[:9], second[:7]), (first[9:], second[7:])):
            one.socket.sendto(a, one.to)
            two.socket.sendto(b, two.to)
        await until(lambda: len(modes) == 2)
        assert sorted(modes) == [1, 2]
        assert link.statistics.bad_packets == 0
        await link.close()
        one.socket.close()
        two.socket.close()

    asyncio.run(main())


@pytest.mark.skipif(not _has_ipv6(), reason="no IPv6 on this machine")
@pytest.mark.parametrize("scheme", ["udp", "tcp"])
def test_ipv6(scheme):
    async def main():
        server = open_link(f"{scheme}in://[::1]:0", SystemClock())
        await server.open()
        out = "udpout" if scheme == "udp" else "tcp"
        client = open_link(f"{out}://[::1]:{server._transport.local_port}", SystemClock())
        await client.open()
        await client.wait_connected(MOST_S)
        there, back = _modes(server), _modes(client)
        client.send(heartbeat(custom_mode=3))
        await until(lambda: there == [3])
        server.send(heartbeat(custom_mode=4))
        await until(lambda: back == [4])
        await client.close()
        await server.close()

    asyncio.run(main())


def test_addresses_as_text():
    assert address_text(("10.0.0.1", 14550)) == "10.0.0.1:14550"
    assert address_text(("fe80::1", 14550, 0, 3)) == "[fe80::1]:14550"


def test_nobody_there_is_told_and_is_no_end():
    async def main():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
        link = open_link(f"udpout://127.0.0.1:{port}", SystemClock())
        await link.open()
        modes = _modes(link)

        def told():
            link.send(heartbeat())
            return "nobody listens" in link.detail

        await until(told)
        assert link.state is LinkState.OPEN
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
            late.bind(("127.0.0.1", port))
            late.settimeout(MOST_S)
            for _ in range(3):  # the first may only bring the old refusal to light
                link.send(heartbeat())
                await asyncio.sleep(0.01)
            late.sendto(Sender().packet(heartbeat(custom_mode=8)), late.recvfrom(2048)[1])
            await until(lambda: modes == [8])
        assert link.detail == ""
        await link.close()

    asyncio.run(main())


class _Names:
    """Stands in for the look-up of names: fails so often, in a given way."""

    def __init__(self, code, times):
        self.code, self.times = code, times

    def __call__(self, *args, **kwargs):
        if self.times:
            self.times -= 1
            raise socket.gaierror(self.code, "name lookup failed")
        return [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", ("127.0.0.1", args[1]))]


def test_a_name_that_cannot_be_looked_up_yet_is_tried_again(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _Names(socket.EAI_AGAIN, 2))

    async def main():
        link = open_link("udpout://drone.example:14550", SystemClock())
        await link.open()
        assert link.state is LinkState.CONNECTING
        assert "drone.example" in link.detail
        assert not link.send(heartbeat())
        await link.wait_connected(MOST_S)
        assert link.send(heartbeat())
        await link.close()

    asyncio.run(main())


def test_a_name_that_does_not_exist_is_an_error(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", _Names(socket.EAI_NONAME, 99))

    async def main():
        with pytest.raises(LinkError, match="not known"):
            await open_link("udpout://dorne.example:14550", SystemClock()).open()
        tcp = open_link("tcp://dorne.example:5760", SystemClock())
        await tcp.open()
        await until(lambda: "lookup failed" in tcp.detail)
        assert tcp.attempts >= 1
        await tcp.close()

    asyncio.run(main())


def test_errors_of_a_network_that_changed_give_a_new_socket():
    async def main():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            link = open_link(f"udpout://127.0.0.1:{other.getsockname()[1]}", SystemClock())
            await link.open()
            transport = link._transport
            assert isinstance(transport, UdpTransport)
            before = transport.local_port
            for _ in range(4):
                transport.on_error(OSError(101, "Network is unreachable"))
            assert link.state is LinkState.CONNECTING
            assert "unreachable" in link.detail
            await link.wait_connected(MOST_S)
            assert transport.local_port != before
            await link.close()

    asyncio.run(main())


def test_a_local_address_that_cannot_be_had():
    error = bind_error("udpin://x:1", PermissionError(13, "Permission denied"))
    assert "1023" in error.remedy


def test_a_tcp_server_that_dies_in_the_middle_of_a_packet():
    async def main():
        packet = Sender().packet(heartbeat(custom_mode=5))
        ends = []

        async def serve(reader, writer):
            ends.append(writer)
            if len(ends) == 1:
                writer.write(packet[:10])
                await writer.drain()
                writer.transport.abort()
            else:
                writer.write(packet)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        link = open_link(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}", SystemClock())
        modes = _modes(link)
        await link.open()
        await until(lambda: modes == [5])
        assert link.statistics.connections == 2
        await link.close()
        ends[1].close()
        await ends[1].wait_closed()
        server.close()
        await server.wait_closed()

    asyncio.run(main())


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux gives up by itself")
def test_a_tcp_peer_that_takes_nothing_more_is_given_up():
    async def main():
        server = open_link("tcpin://127.0.0.1:0", SystemClock())
        await server.open()
        client = open_link(f"tcp://127.0.0.1:{server._transport.local_port}", SystemClock())
        await client.open()
        await client.wait_connected(MOST_S)
        raw = client._transport._writer.get_extra_info("socket")
        assert 0 < raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) <= 4000
        await client.close()
        await server.close()

    asyncio.run(main())


def test_a_client_that_leaves_takes_its_route_with_it():
    async def main():
        server = open_link("tcpin://127.0.0.1:0", SystemClock())
        await server.open()
        modes = _modes(server)
        clients = []
        for system_id in (1, 2):
            client = Link("c", open_link(f"tcp://127.0.0.1:{server._transport.local_port}", SystemClock())._transport,
                          SystemClock(), system_id=system_id, component_id=1)  # fmt: skip
            await client.open()
            await client.wait_connected(MOST_S)
            client.send(heartbeat())
            clients.append(client)
        await until(lambda: len(modes) == 2)
        await clients[0].close()
        await until(lambda: (1, 1) not in server._routes)
        assert server.send(_order(1)), "unknown again: to all"
        await clients[1].close()
        await server.close()

    asyncio.run(main())


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_a_serial_device_that_is_pulled_out_and_put_back(tmp_path):
    async def main():
        path = tmp_path / "ttyUSB0"
        ours, theirs = os.openpty()
        path.symlink_to(os.ttyname(theirs))
        link = open_link(f"serial:{path}?baud=57600", SystemClock())
        modes = _modes(link)
        await link.open()
        await link.wait_connected(MOST_S)
        os.write(ours, Sender().packet(heartbeat(custom_mode=1)))
        await until(lambda: modes == [1])
        path.unlink()
        os.close(ours)
        os.close(theirs)
        await until(lambda: link.state is LinkState.CONNECTING and link.attempts >= 2)
        assert "ttyUSB0" in link.detail
        assert not link.send(heartbeat())
        ours, theirs = os.openpty()
        path.symlink_to(os.ttyname(theirs))
        await link.wait_connected(MOST_S)
        os.write(ours, Sender().packet(heartbeat(custom_mode=2)))
        await until(lambda: modes == [1, 2])
        await link.close()
        os.close(ours)
        os.close(theirs)

    asyncio.run(main())


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_a_radio_that_takes_nothing_holds_back_no_more_than_it_can_send_in_time():
    """What waits longer than 0.6 s would be too late for a command; it is refused, not queued."""

    async def main():
        ours, theirs = os.openpty()
        link = open_link(f"serial:{os.ttyname(theirs)}?baud=57600", SystemClock())
        await link.open()
        await link.wait_connected(MOST_S)
        taken = 0
        while link.send(heartbeat()):
            taken += 21
            assert taken < 20_000
        assert taken <= 57_600 / 10 * 0.6
        await link.close()
        os.close(ours)
        os.close(theirs)

    asyncio.run(main())


def test_pauses_grow_and_begin_again():
    backoff = Backoff()
    pauses = [backoff.next_s() for _ in range(10)]
    assert 0.45 <= pauses[0] <= 0.5
    assert 4.5 <= pauses[-1] <= 5.0
    assert all(later > earlier * 1.2 for earlier, later in itertools.pairwise(pauses[:5]))
    backoff.reset()
    assert backoff.next_s() <= 0.5


class _SlowPort:
    """A port as the reading thread sees it, in memory; writing takes a moment."""

    out_waiting = 0
    in_waiting = 0

    def __init__(self):
        self.written = bytearray()

    def write(self, data):
        time.sleep(0.005)
        self.written += data

    def read(self, size):
        time.sleep(0.005)
        return b""


def test_where_a_thread_does_the_writing_every_byte_goes_out_once():
    """As on Windows, where the event loop cannot wait for a serial port."""

    class GoneError(OSError):
        pass

    class Module:
        SerialException = GoneError

    async def main():
        transport = SerialTransport("COM3", 57_600)
        port = transport._port = _SlowPort()
        pump = asyncio.create_task(transport._pump_thread(None, Module))
        sent = b""
        for n in range(60):
            data = bytes([n]) * 40
            while not transport.write(data):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            sent += data
            await asyncio.sleep(0)
        await until(lambda: len(port.written) >= len(sent))
        await asyncio.sleep(0.05)
        assert bytes(port.written) == sent
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)

    asyncio.run(main())
