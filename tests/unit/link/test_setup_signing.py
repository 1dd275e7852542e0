"""An aircraft is given a key, and the station believes it only when the aircraft has shown it."""

import asyncio

import pytest

from groundstation.core.errors import LinkError
from groundstation.link.base import Link
from groundstation.link.loopback import loopback_pair
from groundstation.link.setup_signing import change_key, find_aircraft
from groundstation.link.signing import LinkSigner, SigningClock
from groundstation.link.signing_keys import key_from_passphrase
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import heartbeat
from tests.helpers.virtual_field import run_virtual

KEY, NEXT = key_from_passphrase("one"), key_from_passphrase("two")


class Autopilot:
    """As ArduPilot does: a key is taken at once, not while armed; the first link believes what is unsigned too."""

    def __init__(self, wire, clock, armed=False, deaf=0, system_id=1):
        self.clock = clock
        self.link = Link("aircraft", wire, clock, system_id=system_id, component_id=1)
        self.link.add_frame_listener(self._on_frame)
        self.armed, self.deaf, self.keys = armed, deaf, []
        self.task = None

    def _on_frame(self, frame, message, fresh):
        if message.get_type() != "SETUP_SIGNING" or self.armed or message.target_system != self.link.system_id:
            return
        if self.deaf:
            self.deaf -= 1
            return
        key = bytes(message.secret_key)
        self.keys.append(key)
        clear = not any(key) and not message.initial_timestamp
        signer = None if clear else LinkSigner(key, SigningClock(self.clock), 0)
        asyncio.get_running_loop().call_soon(self.link.sign_with, signer)

    async def beat(self):
        while True:
            self.link.send(heartbeat(armed=self.armed))
            await asyncio.sleep(0.05)


def _run(work, **aircraft):
    async def main(clock):
        wires = loopback_pair()
        station = Link("station", wires[0], clock)
        autopilot = Autopilot(wires[1], clock, **aircraft)
        await station.open()
        await autopilot.link.open()
        task = asyncio.create_task(autopilot.beat())
        try:
            await work(station, autopilot)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await station.close()
            await autopilot.link.close()

    run_virtual(main)


def _signer(autopilot, key=KEY):
    return LinkSigner(key, SigningClock(autopilot.clock), 5)


def test_a_key_is_given_changed_and_taken_away():
    async def work(station, autopilot):
        target, heard = await find_aircraft(station, 0, 20)
        assert (target, heard.radio) == ((1, 1), False)
        one, two = _signer(autopilot), _signer(autopilot, NEXT)
        assert await change_key(station, target, KEY, 5, one) == 1
        assert station.signer is one
        assert await change_key(station, target, NEXT, 6, two) == 1
        assert autopilot.keys == [KEY, NEXT]
        assert await change_key(station, target, None, 0, None) == 1
        assert not station.signed

    _run(work)


def test_an_armed_aircraft_is_left_alone():
    async def work(station, autopilot):
        with pytest.raises(LinkError, match="armed") as caught:
            await change_key(station, (1, 1), KEY, 5, _signer(autopilot))
        assert "disarm" in caught.value.remedy
        assert not station.signed

    _run(work, armed=True)


def test_a_lost_message_is_sent_again():
    async def work(station, autopilot):
        assert await change_key(station, (1, 1), KEY, 5, _signer(autopilot)) == 2

    _run(work, deaf=1)


def test_an_aircraft_that_does_not_sign_is_not_believed():
    async def work(station, autopilot):
        with pytest.raises(LinkError, match="does not sign"):
            await change_key(station, (1, 1), KEY, 5, _signer(autopilot))
        assert not station.signed, "the link is as it was"

    _run(work, deaf=99)


def test_no_aircraft_and_the_wrong_one():
    async def work(station, autopilot):
        with pytest.raises(LinkError, match=r"no aircraft 7 was heard.*1\.1"):
            await find_aircraft(station, 7, 0.6)

    _run(work)


def test_a_radio_on_the_way_is_noticed():
    async def work(station, autopilot):
        radio = m.MAVLink_radio_status_message(0, 0, 0, 0, 0, 0, 0)
        autopilot.link.send(radio)
        finding = asyncio.create_task(find_aircraft(station, 1, 20))
        await asyncio.sleep(0.1)
        autopilot.link.send(radio)
        assert (await finding)[1].radio

    _run(work)
