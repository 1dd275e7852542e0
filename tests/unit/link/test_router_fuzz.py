"""Whatever a client without permissions sends, nothing that acts reaches the aircraft, and nothing falls over."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from groundstation.link.base import Link
from groundstation.link.frame import build_frame
from groundstation.link.loopback import loopback_pair
from groundstation.link.permissions import READ_COMMANDS, READ_MESSAGES, ClientPermissions
from groundstation.link.router import AIR_SYSTEM_IDS, Router
from groundstation.link.router_port import RouterPort
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import FakeClock, heartbeat

_SMALL = (0, 1, 2, 7, 144, 255)
_READS = {0, 1, 2, 3, 4, 5, 14, 15}
_IDS = st.one_of(
    st.sampled_from([0, 11, 23, 39, 44, 45, 73, 75, 76, 110, 256, 70, 84]), st.sampled_from(sorted(m.mavlink_map))
)


@st.composite
def _frames(draw):
    message_id = draw(_IDS)
    size = m.mavlink_map[message_id].unpacker.size
    payload = draw(st.binary(min_size=size, max_size=size))
    if draw(st.booleans()):  # small values are what addresses, commands and counts are made of
        payload = bytes(_SMALL[v % len(_SMALL)] for v in payload)
    frame = build_frame(message_id, payload, draw(st.sampled_from([0, 1, 2, 9, 235, 254, 255])),
                        draw(st.sampled_from([0, 1, 190])), draw(st.integers(0, 255)))  # fmt: skip
    return frame[: draw(st.integers(1, len(frame)))] if draw(st.integers(0, 9)) == 0 else frame


class Sink:
    """A port's transport."""

    async def open(self, owner):
        pass

    def write(self, data, peer=None):
        return True

    async def close(self):
        pass


@given(st.lists(st.tuples(st.sampled_from(["a", "b"]), _frames()), max_size=25), st.booleans())
@settings(deadline=None, max_examples=60)
def test_nothing_that_acts_passes_without_permission(sent, one_aircraft_only):
    async def main():
        clock, wires = FakeClock(), loopback_pair()
        link = Link("link", wires[0], clock)
        aircraft = Link("aircraft", wires[1], clock, system_id=1, component_id=1)
        reached = []
        aircraft.add_listener(lambda message, t_mono_ns, t_utc_us: reached.append(message))
        await link.open()
        await aircraft.open()
        router = Router([link], clock)
        may = ClientPermissions(systems=frozenset({1}) if one_aircraft_only else None)
        port = RouterPort("tcpin://fuzz", Sink(), None, may, router)
        router._ports.append(port)
        aircraft.send(heartbeat())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        link.send(m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
        for peer, frame in sent:
            port.on_bytes(frame, None, peer)
        for _ in range(3):
            await asyncio.sleep(0)
        own, others = reached[:1], reached[1:]
        assert [x.get_srcSystem() for x in own] == [255]
        for message in others:
            assert message.get_srcSystem() in AIR_SYSTEM_IDS, "never as the station"
            kind = message.get_msgId()
            if kind in (75, 76):
                assert message.command in READ_COMMANDS
            elif kind == 110:
                assert message.payload[3] in _READS
            else:
                assert kind in READ_MESSAGES
            target = getattr(message, "target_system", 0)
            assert target in (0, 1) or not one_aircraft_only
        await router.close()
        await link.close()
        await aircraft.close()

    asyncio.run(main())
