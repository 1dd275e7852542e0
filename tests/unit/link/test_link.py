"""Links over real sockets on this machine, over a pair of wires, over a pseudo terminal and from a recording."""

import asyncio
import os
import socket

import pytest

from groundstation.core.clock import SystemClock
from groundstation.core.errors import LinkError, PortInUseError
from groundstation.link.base import Impairment, Link, LinkState
from groundstation.link.loopback import loopback_pair
from groundstation.link.open import open_link
from groundstation.link.tlog import TlogRecorder, read_tlog
from tests.helpers.mavlink_fakes import START_UTC_US, Sender, heartbeat
from tests.helpers.waiting import MOST_S, until


class Inbox:
    """Collects what a link delivers."""

    def __init__(self, link):
        self.items = []
        link.add_listener(lambda message, t_mono_ns, t_utc_us: self.items.append((message, t_utc_us)))

    async def wait(self, count=1):
        await until(lambda: len(self.items) >= count)
        return [message for message, _ in self.items]


def _port(link):
    return link._transport.local_port


async def _both(one, other):
    """Each hears the other, with the other's address on it."""
    one_inbox, other_inbox = Inbox(one), Inbox(other)
    async with asyncio.timeout(MOST_S):
        while not other_inbox.items:
            one.send(heartbeat())
            await asyncio.sleep(0.02)
        while not one_inbox.items:
            other.send(heartbeat(custom_mode=7))
            await asyncio.sleep(0.02)
    assert one_inbox.items[0][0].custom_mode == 7
    assert (other_inbox.items[0][0].get_srcSystem(), other_inbox.items[0][0].get_srcComponent()) == (255, 190)


def test_udp_in_answers_who_speaks():
    async def main():
        server = open_link("udpin://127.0.0.1:0", SystemClock())
        await server.open()
        assert not server.send(heartbeat()), "there is nobody to send to yet"
        client = open_link(f"udpout://127.0.0.1:{_port(server)}", SystemClock())
        await client.open()
        await _both(client, server)
        await client.close()
        await server.close()
        assert server.state is LinkState.CLOSED

    asyncio.run(main())


def test_tcp_client_and_server():
    async def main():
        server = open_link("tcpin://127.0.0.1:0", SystemClock())
        await server.open()
        client = open_link(f"tcp://127.0.0.1:{_port(server)}", SystemClock())
        await client.open()
        await client.wait_connected(MOST_S)
        await _both(client, server)
        await client.close()
        await server.close()

    asyncio.run(main())


def test_tcp_connects_again():
    async def main():
        states = []
        server = open_link("tcpin://127.0.0.1:0", SystemClock())
        await server.open()
        port = _port(server)
        client = open_link(f"tcp://127.0.0.1:{port}", SystemClock())
        client.add_state_listener(lambda state, detail: states.append((state, detail)))
        await client.open()
        await client.wait_connected(MOST_S)
        await server.close()
        await until(lambda: client.state is LinkState.CONNECTING)
        assert not client.send(heartbeat())
        server = open_link(f"tcpin://127.0.0.1:{port}", SystemClock())
        await server.open()
        await client.wait_connected(MOST_S)
        await _both(client, server)
        assert client.statistics.connections == 2
        assert any(s is LinkState.CONNECTING and "127.0.0.1" in d for s, d in states)
        await client.close()
        await server.close()

    asyncio.run(main())


def test_a_server_that_is_not_there_is_named():
    async def main():
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            link = open_link(f"tcp://127.0.0.1:{taken.getsockname()[1]}", SystemClock())
            await link.open()
            await until(lambda: "refused" in link.detail.lower())
            with pytest.raises(LinkError, match="no connection within") as caught:
                await link.wait_connected(0.01)
            assert "refused" in caught.value.message.lower()
            await link.close()

    asyncio.run(main())


@pytest.mark.parametrize(("scheme", "kind"), [("udpin", socket.SOCK_DGRAM), ("tcpin", socket.SOCK_STREAM)])
def test_a_port_in_use(scheme, kind):
    async def main():
        with socket.socket(socket.AF_INET, kind) as other:
            other.bind(("127.0.0.1", 0))
            if kind == socket.SOCK_STREAM:
                other.listen()
            link = open_link(f"{scheme}://127.0.0.1:{other.getsockname()[1]}", SystemClock())
            with pytest.raises(PortInUseError) as caught:
                await link.open()
            assert caught.value.remedy
            assert link.state is LinkState.CLOSED

    asyncio.run(main())


def test_an_address_that_is_not_ours():
    async def main():
        with pytest.raises(LinkError, match="address"):
            await open_link("udpin://192.0.2.1:14550", SystemClock()).open()

    asyncio.run(main())


async def _pair(**impairment):
    wires = loopback_pair()
    links = (
        Link("station", wires[0], SystemClock(), impairment=Impairment(**impairment)),
        Link("aircraft", wires[1], SystemClock(), system_id=1, component_id=1),
    )
    for link in links:
        await link.open()
    return links, wires


def test_loss_is_what_was_asked_for_and_repeats_with_its_seed():
    async def run(seed):
        (station, aircraft), _ = await _pair(loss=0.3, seed=seed)
        inbox = Inbox(station)
        for n in range(500):
            aircraft.send(heartbeat(custom_mode=n))
        await asyncio.sleep(0.05)
        loss = station.statistics.loss_fraction((1, 1))
        await station.close()
        await aircraft.close()
        return [m.custom_mode for m, _ in inbox.items], loss

    first, loss = asyncio.run(run(5))
    assert 300 < len(first) < 400
    assert loss == pytest.approx(1 - len(first) / 500, abs=0.02)
    assert asyncio.run(run(5))[0] == first
    assert asyncio.run(run(6))[0] != first


def test_delay():
    async def main():
        (station, aircraft), _ = await _pair(delay_s=0.1)
        inbox = Inbox(station)
        begin_s = asyncio.get_running_loop().time()
        aircraft.send(heartbeat())
        await inbox.wait()
        assert asyncio.get_running_loop().time() - begin_s >= 0.095
        await station.close()
        await aircraft.close()

    asyncio.run(main())


def test_damaged_packets_are_counted_and_not_delivered():
    async def main():
        (station, _), wires = await _pair()
        inbox, sender = Inbox(station), Sender()
        good, bad = sender.packet(heartbeat()), bytearray(sender.packet(heartbeat()))
        bad[12] ^= 0x55
        wires[0].feed(bytes(bad) + b"\x00garbage" + good)
        assert len(inbox.items) == 1
        assert station.statistics.bad_packets >= 1

    asyncio.run(main())


def test_a_listener_that_fails_does_not_cost_the_others_a_message(caplog):
    async def main():
        (station, _), wires = await _pair()

        def fails(message, t_mono_ns, t_utc_us):
            raise RuntimeError("a defect")

        station.add_listener(fails)
        inbox = Inbox(station)
        wires[0].feed(Sender().packet(heartbeat()))
        assert len(inbox.items) == 1

    asyncio.run(main())
    assert "a defect" in caplog.text


def test_both_directions_are_recorded_and_replayed_with_their_times(tmp_path):
    class Past(SystemClock):
        now_us = START_UTC_US

        def utc_us(self):
            self.now_us += 1000
            return self.now_us

    async def record():
        wires = loopback_pair()
        link = Link("x", wires[0], Past(), TlogRecorder(tmp_path / "f.tlog"))
        await link.open()
        link.send(heartbeat(custom_mode=1))
        wires[0].feed(Sender().packet(heartbeat(custom_mode=2)))
        await link.close()

    async def replay():
        link = open_link(f"replay:{tmp_path / 'f.tlog'}?speed=0", SystemClock())
        inbox = Inbox(link)
        await link.open()
        messages = await inbox.wait(2)
        assert [(m.get_srcSystem(), m.custom_mode) for m in messages] == [(255, 1), (1, 2)]
        assert [t for _, t in inbox.items] == [r.t_utc_us for r in read_tlog(tmp_path / "f.tlog")]
        assert abs(inbox.items[0][1] - START_UTC_US) < 10_000
        assert not link.send(heartbeat())
        await link.close()

    asyncio.run(record())
    asyncio.run(replay())


def test_a_replay_keeps_its_pace(tmp_path):
    recorder, sender = TlogRecorder(tmp_path / "f.tlog"), Sender()
    for n in (0, 1, 2, 3600):
        recorder.write(START_UTC_US + n * 1_000_000, sender.packet(heartbeat(custom_mode=n)), 0)
    recorder.close()

    async def main():
        link = open_link(f"replay:{tmp_path / 'f.tlog'}?speed=10", SystemClock())
        inbox = Inbox(link)
        begin_s = asyncio.get_running_loop().time()
        await link.open()
        assert [message.custom_mode for message in await inbox.wait(3)] == [0, 1, 2], "the next is due in six minutes"
        assert asyncio.get_running_loop().time() - begin_s >= 0.19
        await link.close()

    asyncio.run(main())


def test_a_recording_that_is_not_there(tmp_path):
    async def main():
        with pytest.raises(LinkError, match="cannot be read"):
            await open_link(f"replay:{tmp_path / 'no.tlog'}", SystemClock()).open()

    asyncio.run(main())


@pytest.mark.skipif(os.name != "posix", reason="pseudo terminals are POSIX")
def test_a_serial_device():
    async def main():
        ours, theirs = os.openpty()
        try:
            link = open_link(f"serial:{os.ttyname(theirs)}?baud=115200", SystemClock())
            inbox = Inbox(link)
            await link.open()
            await link.wait_connected(MOST_S)
            os.write(ours, Sender().packet(heartbeat(custom_mode=9)))
            (message,) = await inbox.wait()
            assert message.custom_mode == 9
            assert link.send(heartbeat())
            assert (await asyncio.to_thread(os.read, ours, 100))[0] == 0xFD, "MAVLink 2"
            await link.close()
        finally:
            os.close(ours)
            os.close(theirs)

    asyncio.run(main())


def test_a_serial_device_that_is_not_there_is_waited_for(tmp_path):
    async def main():
        link = open_link(f"serial:{tmp_path / 'ttyUSB9'}", SystemClock())
        await link.open()
        with pytest.raises(LinkError, match="ttyUSB9"):
            await link.wait_connected(0.2)
        await link.close()

    asyncio.run(main())


def test_record_needs_a_file():
    with pytest.raises(LinkError, match="needs record="):
        open_link("udpin+record://127.0.0.1:0", SystemClock())
