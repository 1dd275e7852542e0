"""A signed link: nothing that is not authentic changes anything, whatever it looks like."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundstation.core.clock import SystemClock
from groundstation.link.base import Link
from groundstation.link.frame import build_frame
from groundstation.link.loopback import LoopbackTransport, loopback_pair
from groundstation.link.open import open_link
from groundstation.link.signing import TICKS_PER_S, LinkSigner, SigningClock
from groundstation.link.signing_faults import SigningFaults
from groundstation.link.signing_keys import KeyFile, key_from_passphrase
from groundstation.link.statistics import LinkStatistics
from missions.mavlink import mavlink2
from tests.helpers.mavlink_fakes import FakeClock, Sender, heartbeat
from tests.helpers.waiting import MOST_S

KEY, OTHER_KEY = key_from_passphrase("ours"), key_from_passphrase("theirs")
_KINDS = (0, 1, 22, 24, 30, 33, 44, 47, 73, 77, 111, 110, 148, 162, 193, 253, 256, 109)


class Recording:
    """Remembers what it is given."""

    def __init__(self):
        self.packets = []

    def write(self, t_utc_us, packet, t_mono_ns):
        self.packets.append(packet)

    def flush(self, t_mono_ns):
        pass

    def close(self):
        pass


class Bench:
    """A signed link with everything that a packet could change, and an aircraft that has its key."""

    def __init__(self):
        self.clock = FakeClock()
        self.wire = LoopbackTransport(lambda data: None)
        self.recording = Recording()
        self.signer = LinkSigner(KEY, SigningClock(self.clock), 1)
        self.link = Link("signed", self.wire, self.clock, self.recording, signer=self.signer)
        self.inbox = []
        self.link.add_listener(lambda message, t_mono_ns, t_utc_us: self.inbox.append(message))
        self.aircraft = LinkSigner(KEY, SigningClock(self.clock), 0)
        self.sender = Sender()

    def good(self, custom_mode=0):
        return self.aircraft.sign(self.sender.packet(heartbeat(custom_mode=custom_mode)))

    def state(self):
        sources = {s: (c.received, c.lost, c.last_seq) for s, c in self.link.statistics.sources.items()}
        return (
            len(self.inbox), len(self.recording.packets), sources, dict(self.signer._streams), self.signer._newest,
            self.signer.offset_s, set(self.signer._signing_sources), dict(self.link._routes), self.link.state,
            self.link.statistics.last_in_mono_ns,
        )  # fmt: skip


def _frame(message_id, payload, system_id, component_id, seq):
    return build_frame(message_id, payload.ljust(1, b"\1"), system_id, component_id, seq)


_UNSIGNED = st.builds(
    _frame, st.sampled_from(_KINDS[:-1]), st.binary(min_size=1, max_size=255), st.sampled_from([0, 1, 2, 255]),
    st.sampled_from([0, 1, 190]), st.integers(0, 255),
)  # fmt: skip
_STAMPS = st.sampled_from([-120, -1, 0, 1, 3600, 10**8])


@st.composite
def _hostile(draw):
    """``(bytes, how)`` of something that must not be believed."""
    frame = draw(_UNSIGNED)
    how = draw(st.sampled_from(["unsigned", "wrong key", "flipped", "cut", "replayed", "v1", "noise", "old"]))
    clock = FakeClock(1000.0 + (draw(_STAMPS) if how == "wrong key" else -90.0 if how == "old" else 0.0))
    wrong = LinkSigner(OTHER_KEY, SigningClock(clock), draw(st.integers(0, 255)))
    if how == "wrong key":
        return wrong.sign(frame)
    if how == "old":  # authentic once, but far too late
        return LinkSigner(KEY, SigningClock(clock), draw(st.integers(2, 255))).sign(frame)
    if how == "flipped":
        signed = bytearray(LinkSigner(KEY, SigningClock(clock), 9).sign(frame))
        bit = draw(st.integers(0, len(signed) * 8 - 1))
        signed[bit // 8] ^= 1 << bit % 8
        return bytes(signed)
    if how == "cut":
        signed = LinkSigner(KEY, SigningClock(clock), 9).sign(frame)
        return signed[: draw(st.integers(0, len(signed) - 1))]
    if how == "v1":
        codec = mavlink2.MAVLink(None, 1, 1)
        return bytes(heartbeat(custom_mode=9).pack(codec, force_mavlink1=True))
    if how == "noise":
        return draw(st.binary(max_size=100))
    return "replay" if how == "replayed" else frame


@given(st.lists(_hostile(), min_size=1, max_size=12))
@settings(deadline=None, max_examples=150)
def test_nothing_unauthentic_changes_anything(hostile):
    async def main():
        bench = Bench()
        await bench.link.open()
        known = bench.good(custom_mode=1)
        bench.wire.feed(known)
        assert [m.custom_mode for m in bench.inbox] == [1]
        before = bench.state()
        for data in hostile:
            bench.wire.feed(known if data == "replay" else data)
            assert bench.state() == before
        # And the aircraft is heard as before; enough that whatever half frame was pretended is over.
        count = 12
        for n in range(count):
            bench.wire.feed(bench.good(custom_mode=10 + n))
        assert [m.custom_mode for m in bench.inbox][-3:] == [10 + count - 3, 10 + count - 2, 10 + count - 1]
        assert all(m.get_signed() for m in bench.inbox)
        await bench.link.close()

    asyncio.run(main())


def test_two_stations_ends_with_the_same_key_talk(tmp_path):
    async def main():
        keys = KeyFile(tmp_path / "keys.json")
        keys.add("patrol", "ours")
        server = open_link(f"udpin://127.0.0.1:0?sign=patrol&keys={keys.path}&link_id=1", SystemClock())
        await server.open()
        port = server._transport.local_port
        client = open_link(f"udpout://127.0.0.1:{port}?sign=patrol&keys={keys.path}&link_id=2", SystemClock())
        inbox = []
        server.add_listener(lambda message, t_mono_ns, t_utc_us: inbox.append(message))
        await client.open()
        plain = open_link(f"udpout://127.0.0.1:{port}", SystemClock())
        await plain.open()
        async with asyncio.timeout(MOST_S):
            while not inbox or not server.statistics.refused_unsigned:
                plain.send(heartbeat(custom_mode=6))
                client.send(heartbeat(custom_mode=5))
                await asyncio.sleep(0.02)
        assert {m.custom_mode for m in inbox} == {5}
        assert inbox[0].get_signed()
        for link in (client, plain, server):
            await link.close()
        assert keys.clock_file("patrol").exists()

    asyncio.run(main())


def test_a_url_that_names_no_known_key(tmp_path):
    from groundstation.core.errors import LinkError

    with pytest.raises(LinkError, match="no signing key 'x'"):
        open_link(f"udpin://127.0.0.1:0?sign=x&keys={tmp_path / 'none.json'}", SystemClock())


def test_a_key_never_gets_into_a_recording():
    async def main():
        recording, wires = Recording(), loopback_pair()
        link = Link("x", wires[0], SystemClock(), recording)
        await link.open()
        link.send(mavlink2.MAVLink_setup_signing_message(1, 1, list(range(32)), 5))
        wires[0].feed(Sender().packet(mavlink2.MAVLink_setup_signing_message(255, 190, list(range(32)), 5)))
        link.send(heartbeat())
        await asyncio.sleep(0.01)
        assert [p[7] for p in recording.packets] == [0]
        await link.close()

    asyncio.run(main())


def test_what_is_refused_is_counted_and_told_once():
    async def main():
        bench = Bench()
        faults, told = SigningFaults("radio"), []
        faults.add_listener(lambda fault, active: told.append((fault, active)))
        bench.link._signing_faults = faults
        await bench.link.open()
        statistics = bench.link.statistics
        for _ in range(3):
            bench.wire.feed(Sender(2).packet(heartbeat()))
        bench.wire.feed(LinkSigner(OTHER_KEY, SigningClock(bench.clock), 1).sign(Sender(3).packet(heartbeat())))
        good = bench.good()
        bench.wire.feed(good + good)
        assert (statistics.refused_unsigned, statistics.refused_signature, statistics.refused_replayed) == (3, 1, 1)
        for now_s in (1.0, 2.0, 3.0):
            faults.on_time(now_s, statistics, bench.signer)
        assert [(f.key, a) for f, a in told] == [
            ("signing unsigned radio", True), ("signing wrong radio", True), ("signing replayed radio", True),
        ]  # fmt: skip
        assert "2.1" in told[0][0].text
        assert all(f.remedy for f, _ in told)
        faults.on_time(20.0, statistics, bench.signer)
        assert [a for _, a in told] == [True] * 3 + [False] * 3
        await bench.link.close()

    asyncio.run(main())


@pytest.mark.parametrize(("offset_s", "told"), [(-30, False), (-61, True), (100, False), (121, True), (7200, True)])
def test_a_clock_that_is_off_is_told(offset_s, told):
    clock, aircraft_clock = FakeClock(), FakeClock()
    aircraft_clock.now_s += offset_s
    signer = LinkSigner(KEY, SigningClock(clock), 1)
    faults, heard, statistics = SigningFaults("radio"), [], LinkStatistics()
    faults.add_listener(lambda fault, active: heard.append(fault))
    verdict = signer.check(LinkSigner(KEY, SigningClock(aircraft_clock), 0).sign(Sender().packet(heartbeat())))
    if not verdict.ok:
        faults.refused(verdict, statistics, (1, 1))
    faults.on_time(1.0, statistics, signer)
    assert bool(heard) is told
    if told:
        assert "NTP" in heard[0].remedy
        assert f"{abs(offset_s)} s" in heard[0].text
    assert TICKS_PER_S == 100_000


def test_an_aircraft_that_signs_on_a_link_without_a_key_is_told():
    async def main():
        wire = LoopbackTransport(lambda data: None)
        link, faults, told = Link("radio", wire, FakeClock()), SigningFaults("radio"), []
        faults.add_listener(lambda fault, active: told.append((fault.text, active)))
        await link.open()
        wire.feed(LinkSigner(KEY, SigningClock(FakeClock()), 0).sign(Sender().packet(heartbeat())))
        faults.on_time(1.0, link.statistics, None)
        faults.on_time(2.0, link.statistics, None)
        assert [a for _, a in told] == [True]
        assert "no key" in told[0][0]
        assert link.statistics.sources[1, 1].received == 1, "and is heard all the same"
        await link.close()

    asyncio.run(main())
