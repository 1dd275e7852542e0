"""The ports through which other programs come: who connects, who goes, and what is no port."""

import asyncio

import pytest

from groundstation.core.errors import LinkError, PortInUseError
from groundstation.link.open import open_link
from groundstation.link.permissions import ClientPermissions
from groundstation.link.signing_keys import KeyFile
from missions.mavlink import mavlink2 as m
from tests.helpers.router_site import Ears, Site, run
from tests.helpers.waiting import MOST_S, until


def test_a_client_that_goes_is_told_and_its_address_is_free_again():
    async def work():
        async with Site() as site:
            port = await site.router.open_port("tcpin://127.0.0.1:0", ClientPermissions(name="script", system_id=240))
            for n in range(2):
                client, _ = await site.join(port)
                client.send(m.MAVLink_param_request_list_message(1, 1))
                assert (await site.heard[0].wait("PARAM_REQUEST_LIST", n + 1)).get_srcSystem() == 240
                await client.close()
                await until(lambda n=n: len(site.told("gone")) > n)
            assert site.router.clients() == ()

    run(work)


def test_a_silent_udp_client_is_forgotten():
    async def work():
        async with Site() as site:
            port = await site.router.open_port("udpin://127.0.0.1:0")
            await site.join(port)
            site.clock.now_s += 31.0
            port.drop_silent(site.router.now_s())
            assert site.router.clients() == ()

    run(work)


def test_a_signed_port_takes_only_signed_clients(tmp_path):
    async def work():
        keys = KeyFile(tmp_path / "k.json")
        keys.add("desk", "x")
        async with Site() as site:
            url = f"tcpin://127.0.0.1:0?sign=desk&keys={keys.path}&link_id=1"
            port = await site.router.open_port(url)
            signed, _ = await site.join(port, options=f"?sign=desk&keys={keys.path}&link_id=2")
            plain = open_link(f"tcp://127.0.0.1:{port.local_port}", site.clock)
            await plain.open()
            await plain.wait_connected(MOST_S)
            site.clients.append(plain)
            plain.send(m.MAVLink_param_request_list_message(1, 1))
            await until(lambda: port.refused_unsigned)
            signed.send(m.MAVLink_mission_request_list_message(1, 1, 0))
            await site.heard[0].wait("MISSION_REQUEST_LIST")
            assert not site.heard[0].of("PARAM_REQUEST_LIST")

    run(work)


@pytest.mark.parametrize("url", ["replay:x.tlog", "loopback:a", "tcpin+lossy://127.0.0.1:0?loss=0.1"])
def test_what_is_no_port(url):
    async def work():
        async with Site() as site:
            with pytest.raises(LinkError, match="router port"):
                await site.router.open_port(url)

    run(work)


def test_a_port_in_use():
    async def work():
        async with Site() as site:
            port = await site.router.open_port("tcpin://127.0.0.1:0")
            with pytest.raises(PortInUseError):
                await site.router.open_port(f"tcpin://127.0.0.1:{port.local_port}")

    run(work)


def test_a_port_that_speaks_first():
    """QGroundControl listens on 14550 and waits for somebody to speak."""

    async def work():
        async with Site() as site:
            qgc = open_link("udpin://127.0.0.1:0", site.clock)
            await qgc.open()
            ears = Ears(qgc)
            site.clients.append(qgc)
            await site.router.open_port(f"udpout://127.0.0.1:{qgc._transport.local_port}")
            await site.beat()
            await ears.wait("HEARTBEAT")
            qgc.send(m.MAVLink_param_request_list_message(1, 1))
            await site.heard[0].wait("PARAM_REQUEST_LIST")

    run(work)


def test_an_address_that_was_given_on_is_not_used_by_two():
    async def work():
        async with Site() as site:
            port = await site.router.open_port("tcpin://127.0.0.1:0", ClientPermissions(name="script", system_id=240))
            one, _ = await site.join(port)
            site.clock.now_s += 61.0
            two, _ = await site.join(port)
            assert [c.air_system_id for c in site.router.clients()] == [240, 240]
            one.send(m.MAVLink_param_request_list_message(1, 1))
            two.send(m.MAVLink_mission_request_list_message(1, 1, 0))
            await site.heard[0].wait("MISSION_REQUEST_LIST")
            await asyncio.sleep(0.02)
            assert not site.heard[0].of("PARAM_REQUEST_LIST"), "the silent one lost it"
            assert any("no address" in e.text for e in site.told("identity"))

    run(work)
