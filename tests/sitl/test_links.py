"""Signed links and the router against a real ArduPilot."""

import asyncio
import os

import pytest

os.environ["MAVLINK20"] = "1"
from pymavlink import mavutil

from groundstation.core.clock import SystemClock
from groundstation.core.errors import LinkError
from groundstation.link.base import Link
from groundstation.link.open import open_link
from groundstation.link.permissions import ClientPermissions
from groundstation.link.router import AIR_SYSTEM_IDS, Router
from groundstation.link.setup_signing import change_key, find_aircraft
from groundstation.link.signing import LinkSigner, SigningClock
from groundstation.link.signing_keys import key_from_passphrase
from missions.mavlink import mavlink2 as m
from sim.ardupilot import ArduPilotSitl, SitlHome, require_binary
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON

pytestmark = COPTER_ONLY
KEY = key_from_passphrase("a key for this test")
ARM, VERSION = 400, 148


class SetBackClock(SystemClock):
    """Ten minutes slow."""

    def utc_us(self):
        return super().utc_us() - 600_000_000


def _signer(key=KEY, clock=None, link_id=1):
    return LinkSigner(key, SigningClock(clock or SystemClock()), link_id)


def _sitl(folder):
    return ArduPilotSitl(require_binary("copter"), SitlHome(LAT, LON, GROUND_M, 0.0), folder)


async def _answered(link, tries=6):
    """Whether a question is answered within three seconds."""
    answers = []
    link.add_listener(lambda x, t_mono_ns, t_utc_us: answers.append(x) if x.get_type() == "COMMAND_ACK" else None)
    for _ in range(tries):
        link.send(m.MAVLink_command_long_message(1, 1, 512, 0, VERSION, 0, 0, 0, 0, 0, 0))
        await asyncio.sleep(0.5)
        if answers:
            return True
    return False


def _other(url, signer=None):
    link = open_link(url, SystemClock())
    link.sign_with(signer)
    return link


def test_a_key_is_set_up_used_and_taken_away(tmp_path):
    async def main(sitl):
        first = open_link(sitl.urls[0], SystemClock())
        await first.open()
        await first.wait_connected(10)
        target, _ = await find_aircraft(first, 1, 30)
        stamps = SigningClock(SystemClock())
        signer = LinkSigner(KEY, stamps, 1)
        assert await change_key(first, target, KEY, stamps.next(), signer) == 1
        assert await _answered(first)
        assert signer.offset_s == pytest.approx(60, abs=30), "ArduPilot begins a minute ahead"

        # The second port believes nothing that is not signed (the first, ArduPilot's own choice, would).
        for name, other, expected in (
            ("unsigned", _other(sitl.urls[1]), False),
            ("another key", _other(sitl.urls[1], _signer(key_from_passphrase("x"))), False),
            ("signed", _other(sitl.urls[1], _signer(link_id=2)), True),
            ("a slow clock", _other(sitl.urls[1], _signer(clock=SetBackClock(), link_id=3)), True),
        ):
            await other.open()
            await other.wait_connected(10)
            await asyncio.sleep(1.5)  # a heartbeat: a slow clock follows the aircraft's
            assert await _answered(other) is expected, name
            if name == "another key":
                assert other.statistics.refused_signature > 0
                assert not other.statistics.sources
            await other.close()

        await change_key(first, target, None, 0, None)
        plain = _other(sitl.urls[1])
        await plain.open()
        assert await _answered(plain)
        await plain.close()
        await first.close()

    with _sitl(tmp_path / "sitl") as sitl:
        asyncio.run(main(sitl))


def test_an_armed_aircraft_takes_no_key(tmp_path):
    async def main(sitl):
        link = open_link(sitl.urls[0], SystemClock())
        await link.open()
        await link.wait_connected(10)
        target, _ = await find_aircraft(link, 1, 30)
        armed = []
        link.add_listener(
            lambda x, t_mono_ns, t_utc_us: (
                armed.append(x) if x.get_type() == "HEARTBEAT" and x.base_mode & 0x80 else None
            )
        )
        for _ in range(60):
            if armed:
                break
            link.send(m.MAVLink_command_long_message(1, 1, ARM, 0, 1, 21196, 0, 0, 0, 0, 0))  # by force
            await asyncio.sleep(0.5)
        with pytest.raises(LinkError, match="is armed"):
            await change_key(link, target, KEY, 5, _signer())
        assert not link.signed
        await link.close()

    with _sitl(tmp_path / "sitl") as sitl:
        asyncio.run(main(sitl))


def _mavutil_reads(port):
    """What a script without permissions gets: a heartbeat, a parameter, a plan's size, and a refusal."""
    other = mavutil.mavlink_connection(f"tcp:127.0.0.1:{port}", source_system=255, autoreconnect=False)
    try:
        assert other.wait_heartbeat(timeout=10) is not None
        found = {}
        other.mav.param_request_read_send(1, 1, b"FENCE_ENABLE", -1)
        found["param"] = other.recv_match(type="PARAM_VALUE", blocking=True, timeout=5)
        other.mav.mission_request_list_send(1, 1, 0)
        found["count"] = other.recv_match(type="MISSION_COUNT", blocking=True, timeout=5)
        other.mav.command_long_send(1, 1, ARM, 0, 1, 0, 0, 0, 0, 0, 0)
        found["arm"] = other.recv_match(type="COMMAND_ACK", blocking=True, timeout=5)
        other.mav.param_set_send(1, 1, b"FENCE_ENABLE", 1.0, 2)
        found["set"] = other.recv_match(type="PARAM_VALUE", blocking=True, timeout=5)
        return found
    finally:
        other.close()


def _mavutil_commands(port):
    """A script that may: the aircraft's own answer comes back, addressed to what the script calls itself."""
    other = mavutil.mavlink_connection(f"tcp:127.0.0.1:{port}", source_system=255, autoreconnect=False)
    try:
        assert other.wait_heartbeat(timeout=10) is not None
        other.mav.command_long_send(1, 1, ARM, 0, 0, 0, 0, 0, 0, 0, 0)  # disarm: always taken on the ground
        return other.recv_match(type="COMMAND_ACK", blocking=True, timeout=5)
    finally:
        other.close()


def test_a_script_beside_the_station(tmp_path):
    async def main(sitl):
        link: Link = open_link(sitl.url, SystemClock())
        own_acks, events = [], []
        link.add_listener(lambda x, t_mono_ns, t_utc_us: own_acks.append(x) if x.get_type() == "COMMAND_ACK" else None)
        await link.open()
        await link.wait_connected(10)
        router = Router([link], SystemClock(), on_event=events.append)
        await find_aircraft(link, 1, 30)
        own_acks.clear()
        watch = await router.open_port("tcpin://127.0.0.1:0")
        found = await asyncio.to_thread(_mavutil_reads, watch.local_port)
        assert found["param"].param_value == 0.0
        assert found["count"].target_system == 255
        assert (found["arm"].command, found["arm"].result) == (ARM, 2)
        assert found["set"].param_value == 0.0, "unchanged, and told so by the aircraft itself"
        assert {e.kind for e in events} >= {"connected", "refused", "identity"}
        assert not own_acks, "nothing of it reached the aircraft"

        may = await router.open_port("tcpin://127.0.0.1:0", ClientPermissions("script", commands=frozenset({ARM})))
        ack = await asyncio.to_thread(_mavutil_commands, may.local_port)
        assert (ack.command, ack.result, ack.target_system) == (ARM, 0, 255)
        assert [a.target_system in AIR_SYSTEM_IDS for a in own_acks] == [True]
        await router.close()
        await link.close()

    with _sitl(tmp_path / "sitl") as sitl:
        asyncio.run(main(sitl))
