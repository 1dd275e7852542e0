"""Other programs beside the station: they see, they ask, and they do what they may and nothing else."""

import asyncio

import pytest

from groundstation.core.errors import LinkError
from groundstation.link.open import open_link
from groundstation.link.permissions import ClientPermissions
from groundstation.link.router import AIR_SYSTEM_IDS, Router
from missions.mavlink import mavlink2 as m
from tests.helpers.router_site import GCS_BEAT, Ears, Site, run
from tests.helpers.waiting import MOST_S, until, until_still

ARM, RTL = 400, 20


def _long(command, system_id=1):
    return m.MAVLink_command_long_message(system_id, 1, command, 0, 1, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("scheme", ["tcpin", "udpin"])
def test_a_client_hears_the_aircraft_and_asks_it(scheme):
    async def work():
        async with Site() as site:
            client, _ = await site.client(scheme)
            client.send(m.MAVLink_param_request_list_message(1, 1))
            asked = await site.heard[0].wait("PARAM_REQUEST_LIST")
            assert asked.get_srcSystem() in AIR_SYSTEM_IDS
            assert asked.get_srcComponent() == 190
            assert site.told("connected")
            status = site.router.clients()[0]
            assert (status.system_id, status.air_system_id, status.read_only) == (255, asked.get_srcSystem(), True)

    run(work)


def test_what_acts_is_refused_answered_and_told():
    async def work():
        async with Site() as site:
            client, ears = await site.client()
            client.send(_long(ARM))
            ack = await ears.wait("COMMAND_ACK")
            assert (ack.command, ack.result) == (ARM, 2)
            assert (ack.get_srcSystem(), ack.get_srcComponent(), ack.target_system) == (1, 1, 255)
            client.send(m.MAVLink_mission_count_message(1, 1, 5, 1))
            refused = await ears.wait("MISSION_ACK")
            assert (refused.type, refused.mission_type) == (14, 1)
            client.send(m.MAVLink_set_mode_message(1, 1, 9))
            assert (await ears.wait("COMMAND_ACK", 2)).command == 11
            data = bytes([7, 0, 3, 6, 5, 0, 0, 0, 0, 0, 0, 0]) + b"a.lua"
            client.send(m.MAVLink_file_transfer_protocol_message(0, 1, 1, list(data.ljust(251, b"\0"))))
            nak = bytes((await ears.wait("FILE_TRANSFER_PROTOCOL")).payload)
            assert (nak[:2], nak[2], nak[3], nak[4], nak[5], nak[12]) == (b"\x08\0", 3, 129, 1, 6, 9)
            client.send(m.MAVLink_rc_channels_override_message(1, 1, *[1500] * 8))
            await ears.wait("STATUSTEXT", 5)
            assert not [x for x in site.heard[0].all if x.get_type() != "HEARTBEAT"]
            assert "COMPONENT_ARM_DISARM" in site.told("refused")[0].text
            assert site.router.clients()[0].refused == 5

    run(work)


def test_a_parameter_that_may_not_be_set_is_read_instead():
    async def work():
        async with Site() as site:
            client, _ = await site.client()
            client.send(m.MAVLink_param_set_message(1, 1, b"RTL_ALT", 5.0, 9))
            asked = await site.heard[0].wait("PARAM_REQUEST_READ")
            assert (asked.param_id, asked.target_system) == ("RTL_ALT", 1)
            assert not site.heard[0].of("PARAM_SET")

    run(work)


def test_a_permitted_command_goes_out_and_its_answer_comes_back_to_who_asked():
    async def work():
        async with Site() as site:
            one, one_ears = await site.client(name="script", commands=frozenset({ARM}))
            _, two_ears = await site.client(name="watch")
            station = Ears(site.links[0])
            one.send(_long(ARM))
            asked = await site.heard[0].wait("COMMAND_LONG")
            site.aircraft[0].send(
                m.MAVLink_command_ack_message(ARM, 0, 0, 0, asked.get_srcSystem(), asked.get_srcComponent())
            )
            ack = await one_ears.wait("COMMAND_ACK")
            assert (ack.result, ack.target_system, ack.target_component) == (0, 255, 190)
            await site.beat()
            await two_ears.wait("HEARTBEAT", 2)
            assert not two_ears.of("COMMAND_ACK")
            assert station.of("COMMAND_ACK")[0].target_system == asked.get_srcSystem(), "not the station's"
            assert [e.text for e in site.told("passed")] == ["COMPONENT_ARM_DISARM"]

    run(work)


def test_an_answer_of_old_firmware_goes_to_who_asked():
    async def work():
        async with Site() as site:
            one, one_ears = await site.client(name="script", commands=frozenset({ARM}))
            _, two_ears = await site.client(name="watch")
            one.send(_long(ARM))
            await site.heard[0].wait("COMMAND_LONG")
            site.aircraft[0].send(m.MAVLink_command_ack_message(ARM, 0))
            assert (await one_ears.wait("COMMAND_ACK")).target_system == 255
            assert not two_ears.of("COMMAND_ACK")

    run(work)


def test_the_stations_own_conversations_stay_its_own():
    async def work():
        async with Site() as site:
            _, ears = await site.client()
            site.links[0].send(_long(RTL))
            await site.heard[0].wait("COMMAND_LONG")
            site.aircraft[0].send(m.MAVLink_command_ack_message(RTL, 0, 0, 0, 255, 190))
            site.aircraft[0].send(m.MAVLink_command_ack_message(RTL, 0))
            site.aircraft[0].send(m.MAVLink_mission_request_message(255, 190, 0, 0))
            site.aircraft[0].send(m.MAVLink_statustext_message(6, b"last"))
            await ears.wait("STATUSTEXT")
            assert {x.get_type() for x in ears.all} == {"HEARTBEAT", "STATUSTEXT"}

    run(work)


def test_a_command_beside_the_stations_own_is_noticed():
    async def work():
        async with Site() as site:
            client, ears = await site.client(commands=frozenset({RTL}))
            site.links[0].send(_long(RTL))
            await site.heard[0].wait("COMMAND_LONG")
            client.send(_long(RTL))
            ack = await ears.wait("COMMAND_ACK")
            assert ack.result == 1, "temporarily rejected"
            assert len(site.heard[0].of("COMMAND_LONG")) == 1
            assert "station's own" in site.told("conflict")[0].text
            site.aircraft[0].send(m.MAVLink_command_ack_message(RTL, 0, 0, 0, 255, 190))
            await asyncio.sleep(0.01)
            client.send(_long(RTL))
            await site.heard[0].wait("COMMAND_LONG", 2)
            site.links[0].send(_long(RTL))
            assert "gives it too" in site.told("conflict")[-1].text

    run(work)


def test_two_clients_with_the_same_command():
    async def work():
        async with Site() as site:
            one, _ = await site.client(name="one", commands=frozenset({RTL}))
            two, two_ears = await site.client(name="two", commands=frozenset({RTL}))
            one.send(_long(RTL))
            await site.heard[0].wait("COMMAND_LONG")
            two.send(_long(RTL))
            assert (await two_ears.wait("COMMAND_ACK")).result == 1
            assert "that of one" in site.told("conflict")[0].text

    run(work)


def test_each_client_has_its_own_address_and_hears_its_own_answers():
    async def work():
        async with Site() as site:
            clients = [await site.client(name=f"c{n}") for n in range(2)]
            sources = []
            for n, (client, _) in enumerate(clients):
                client.send(m.MAVLink_mission_request_list_message(1, 1, n))
                sources.append((await site.heard[0].wait("MISSION_REQUEST_LIST", n + 1)).get_srcSystem())
            assert len(set(sources)) == 2
            for n, source in enumerate(sources):
                site.aircraft[0].send(m.MAVLink_mission_count_message(source, 190, 40 + n, n))
            for n, (_, ears) in enumerate(clients):
                answer = await ears.wait("MISSION_COUNT")
                assert (answer.count, answer.target_system) == (40 + n, 255)
                assert len(ears.of("MISSION_COUNT")) == 1
            assert "as this station does" in site.told("identity")[0].text

    run(work)


def test_a_client_with_a_fixed_address():
    async def work():
        async with Site() as site:
            client, _ = await site.client(system_id=251)
            client.send(m.MAVLink_param_request_list_message(1, 1))
            assert (await site.heard[0].wait("PARAM_REQUEST_LIST")).get_srcSystem() == 251
            with pytest.raises(LinkError, match="own"):
                await site.router.open_port("tcpin://127.0.0.1:0", ClientPermissions(system_id=255))

    run(work)


def test_a_clients_heartbeat_does_not_stand_in_for_ours():
    async def work():
        async with Site() as site:
            client, _ = await site.client()
            client.send(GCS_BEAT)
            await site.heard[0].wait("HEARTBEAT", 2)
            assert {x.get_srcSystem() for x in site.heard[0].of("HEARTBEAT")[1:]} <= {255, *AIR_SYSTEM_IDS}
            count = len(site.heard[0].of("HEARTBEAT"))
            site.clock.now_s += 5.0  # and no heartbeat of the station in that time
            for _ in range(5):
                client.send(GCS_BEAT)
            client.send(m.MAVLink_param_request_list_message(1, 1))
            await site.heard[0].wait("PARAM_REQUEST_LIST")
            assert len(site.heard[0].of("HEARTBEAT")) == count

    run(work)


def test_a_client_sees_and_addresses_its_own_aircraft_only():
    async def work():
        async with Site(systems=(1, 2)) as site:
            client, ears = await site.client(systems=frozenset({2}), commands=frozenset({RTL}))
            await site.beat()
            await ears.wait("HEARTBEAT", 2)
            assert {x.get_srcSystem() for x in ears.all} == {2}
            client.send(_long(RTL, 1))
            assert (await ears.wait("COMMAND_ACK")).result == 2
            client.send(_long(RTL, 2))
            await site.heard[1].wait("COMMAND_LONG")
            assert not site.heard[0].of("COMMAND_LONG")

    run(work)


def test_an_aircraft_on_two_links_is_passed_on_once_and_from_the_other_when_one_is_cut():
    async def work():
        async with Site(systems=(1, 1)) as site:
            client, ears = await site.client()
            await site.settle(ears)
            before = len(ears.of("HEARTBEAT"))
            for _ in range(10):
                await site.beat()
            await site.settle(ears)
            assert len(ears.of("HEARTBEAT")) - before == 10
            site.clock.now_s += 4.0
            site.aircraft[1].send(m.MAVLink_statustext_message(6, b"still here"))
            await ears.wait("STATUSTEXT", len(ears.of("STATUSTEXT")) + 1)
            site.links[1].send(GCS_BEAT)
            client.send(m.MAVLink_param_request_list_message(1, 1))
            await site.heard[1].wait("PARAM_REQUEST_LIST")
            assert not site.heard[0].of("PARAM_REQUEST_LIST")

    run(work)


def test_the_stations_choice_of_a_link_is_followed():
    async def work():
        site = Site(systems=(1, 1), link_for=lambda system_id: site.links[1])
        async with site:
            client, _ = await site.client()
            client.send(m.MAVLink_param_request_list_message(1, 1))
            await site.heard[1].wait("PARAM_REQUEST_LIST")
            assert not site.heard[0].of("PARAM_REQUEST_LIST")

    run(work)


def test_a_client_in_the_name_of_an_aircraft_is_a_loop():
    async def work():
        async with Site() as site:
            client, ears = await site.client()
            client._codec.srcSystem, client._codec.srcComponent = 1, 1
            client.send(m.MAVLink_statustext_message(6, b"around again"))
            await until(lambda: site.told("loop"))
            assert not site.heard[0].of("STATUSTEXT")
            assert not ears.of("STATUSTEXT")

    run(work)


def test_two_ports_joined_outside_do_not_loop():
    """A program that joins two ports, as a careless mavlink-router does, passes everything from one to the other."""

    async def work():
        async with Site() as site:
            one, one_ears = await site.client(name="one", own=251)
            two, two_ears = await site.client(name="two", own=252)
            for a, b in ((one, two), (two, one)):
                a.add_frame_listener(lambda frame, message, fresh, b=b: b._write(frame, None))
            for n in range(20):
                await site.beat()
                site.aircraft[0].send(m.MAVLink_statustext_message(6, b"text %d" % n))
            await one_ears.wait("STATUSTEXT", 20)
            await two_ears.wait("STATUSTEXT", 20)
            await asyncio.sleep(0.1)
            assert len(one_ears.of("STATUSTEXT")) == len(two_ears.of("STATUSTEXT")) == 20
            assert not site.heard[0].of("STATUSTEXT")
            # The two clients' own heartbeats apart, nothing but the station's.
            assert {x.get_srcSystem() for x in site.heard[0].of("HEARTBEAT")} <= {255, *AIR_SYSTEM_IDS}

    run(work)


def test_two_stations_that_are_each_others_clients_do_not_loop():
    """Station B's link to its aircraft is A's router port, and the other way round."""

    async def work():
        async with Site() as site:
            port_a = await site.router.open_port("tcpin://127.0.0.1:0")
            link_b = open_link(f"tcp://127.0.0.1:{port_a.local_port}", site.clock)
            router_b = Router([link_b], site.clock)
            port_b = await router_b.open_port("tcpin://127.0.0.1:0")
            back = open_link(f"tcp://127.0.0.1:{port_b.local_port}", site.clock)
            site.router._links = (*site.router._links, back)
            site.router._hook(back)
            await link_b.open()
            await back.open()
            await back.wait_connected(MOST_S)
            client, ears = await site.client(name="qgc")
            await site.settle(ears)
            before = len(ears.of("HEARTBEAT"))
            for _ in range(20):
                client.send(GCS_BEAT)
                link_b.send(GCS_BEAT)
                back.send(GCS_BEAT)
                await site.beat()
            # What goes in a circle never comes to rest.
            await until_still(
                lambda: (back.statistics.packets_out, link_b.statistics.packets_out, len(site.heard[0].all))
            )
            assert len(ears.of("HEARTBEAT")) - before <= 24
            for link in (link_b, back):
                await link.close()
            await router_b.close()

    run(work)


def test_a_flood_is_limited_and_the_others_go_on():
    async def work():
        async with Site() as site:
            flood, _ = await site.client(name="flood", messages_s=20.0)
            calm, _ = await site.client(name="calm")
            for _ in range(500):
                flood.send(m.MAVLink_param_request_read_message(1, 1, b"A", -1))
            for _ in range(20):
                flood._transport.write(b"\x00" * 5000)
            calm.send(m.MAVLink_mission_request_list_message(1, 1, 0))
            await site.heard[0].wait("MISSION_REQUEST_LIST")
            await flood.close()
            await until(lambda: site.told("gone"))  # all that it sent was read by then
            assert 1 <= len(site.heard[0].of("PARAM_REQUEST_READ")) <= 40
            assert 1 <= len(site.told("limited")) <= 2, "told, and not for each"


def test_of_too_much_at_once_the_allowed_part_passes():
    async def work():
        async with Site() as site:
            port = await site.router.open_port("tcpin://127.0.0.1:0", ClientPermissions(name="flood", messages_s=20.0))
            client, _ = await site.join(port)
            frames = b"".join(
                m.MAVLink_param_request_read_message(1, 1, b"A", -1).pack(client._codec) for _ in range(1000)
            )
            port.on_bytes(frames, peer=port.clients[0].peer)
            await site.heard[0].wait("PARAM_REQUEST_READ")
            assert site.told("limited")

    run(work)
