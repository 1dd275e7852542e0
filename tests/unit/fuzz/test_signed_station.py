"""A station on a signed link: whatever comes that is not signed with the key, the station knows and does what it did."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from groundstation.core.errors import LinkError
from groundstation.core.records import VehicleId
from groundstation.link.base import Link
from groundstation.link.loopback import LoopbackTransport
from groundstation.link.setup_signing import change_key
from groundstation.link.signing import LinkSigner, SigningClock
from groundstation.link.signing_keys import key_from_passphrase
from groundstation.vehicle.safety_parts import safety_parts
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender, heartbeat
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualClock, VirtualField, run_virtual
from tests.unit.fuzz.hostile import messages, packed

KEY, OTHER = key_from_passphrase("ours"), key_from_passphrase("theirs")
FEW = settings(deadline=None, derandomize=True, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
_SPOKEN = (
    "HEARTBEAT", "SYS_STATUS", "GLOBAL_POSITION_INT", "ATTITUDE", "GPS_RAW_INT", "BATTERY_STATUS", "MISSION_CURRENT",
    "FENCE_STATUS", "HOME_POSITION", "EKF_STATUS_REPORT", "EXTENDED_SYS_STATE", "AUTOPILOT_VERSION", "STATUSTEXT",
    "COMMAND_ACK", "MISSION_ACK", "MISSION_COUNT", "MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ITEM_INT",
    "PARAM_VALUE", "FILE_TRANSFER_PROTOCOL", "TIMESYNC", "SYSTEM_TIME", "TERRAIN_REQUEST", "TERRAIN_REPORT",
    "ADSB_VEHICLE", "CAMERA_INFORMATION", "VIDEO_STREAM_INFORMATION", "GIMBAL_MANAGER_INFORMATION",
    "GIMBAL_MANAGER_STATUS", "GIMBAL_DEVICE_ATTITUDE_STATUS", "AVAILABLE_MODES", "SETUP_SIGNING",
)  # fmt: skip


async def _signed_field(field: VirtualField, clock: VirtualClock) -> None:
    """The aircraft gets the key and the link signs with it."""
    stamps = SigningClock(clock)
    await change_key(field.link, (1, 1), KEY, stamps.next(), LinkSigner(KEY, stamps, 1))
    assert await field.wait(lambda s: s.link_alive and s.position_ok, 20.0)


@settings(FEW, max_examples=8)
@given(hostile=st.lists(st.tuples(messages(_SPOKEN), st.sampled_from(("plain", "wrong key"))), min_size=5, max_size=40))
def test_no_state_changes_by_what_is_not_signed(hostile: list[tuple[Any, str]]) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, parts=safety_parts(None)) as field:
            await _signed_field(field, clock)
            forger = LinkSigner(OTHER, SigningClock(clock), 1)
            service, before_sent = field.service, field.transport.sent
            before = (service.state(field.id), service.vehicle_ids, service.plan_status(field.id), len(field.poses))
            counts = field.link.statistics
            refused = counts.refused_unsigned + counts.refused_signature
            # No time passes: whatever changes now has changed by these.
            for message, how in hostile:
                frame = packed(message)
                field.link.on_bytes(frame if how == "plain" else forger.sign(frame))
            after = (service.state(field.id), service.vehicle_ids, service.plan_status(field.id), len(field.poses))
            assert after == before
            assert after[0] is before[0]
            assert counts.refused_unsigned + counts.refused_signature == refused + len(hostile), "each was refused"
            assert field.transport.sent == before_sent, "and none is answered"
            await asyncio.sleep(2.0)
            assert service.vehicle_ids == (VehicleId(1, 1),)
            assert abs(field.state.lat_deg - LAT) < 0.01

    run_virtual(main)


@pytest.mark.parametrize("seed", range(2))
def test_a_plan_goes_up_over_a_signed_link_among_forged_answers(seed: int) -> None:
    """Refusals, acknowledgements and other lists in the aircraft's name, all the time."""

    async def main(clock: VirtualClock) -> None:
        rng = random.Random(seed)
        async with VirtualField(clock) as field:
            await _signed_field(field, clock)
            forger, sender = LinkSigner(OTHER, SigningClock(clock), 1), Sender()
            upload = asyncio.create_task(field.upload(small_plan(LAT, LON, GROUND_M)))
            while not upload.done():
                for message in (
                    m.MAVLink_mission_ack_message(255, 190, rng.choice((0, 1, 4, 14)), rng.randrange(3)),
                    m.MAVLink_mission_count_message(255, 190, rng.randrange(9), rng.randrange(3)),
                    m.MAVLink_command_ack_message(rng.choice((176, 207, 400)), rng.randrange(5), 0, 0, 255, 190),
                    heartbeat(custom_mode=9, armed=True),
                ):
                    frame = sender.packet(message)
                    field.link.on_bytes(frame if rng.random() < 0.5 else forger.sign(frame))
                await asyncio.sleep(0.02)
                assert not field.state.armed
            status = await upload
            assert status.phase == "in_force", status.detail

    run_virtual(main)


@settings(FEW, max_examples=15)
@given(
    frames=st.lists(st.tuples(messages(_SPOKEN), st.sampled_from(("plain", "wrong key", "old"))), max_size=30),
    old=st.booleans(), every_s=st.sampled_from((0.05, 0.3)),
)  # fmt: skip
def test_a_key_is_believed_by_signed_heartbeats_of_that_aircraft_only(
    frames: list[tuple[Any, str]], old: bool, every_s: float
) -> None:
    """An aircraft that takes no key, and anybody who answers in its name: the link is left as it was."""

    async def main(clock: VirtualClock) -> None:
        wire = LoopbackTransport(lambda data: None)
        before = LinkSigner(OTHER, SigningClock(clock), 3) if old else None
        link = Link("radio", wire, clock, signer=before)
        await link.open()
        sender, forger = Sender(), LinkSigner(key_from_passphrase("third"), SigningClock(clock), 1)
        kept = LinkSigner(OTHER, SigningClock(clock), 0)

        async def aircraft() -> None:
            while True:
                frame = sender.packet(heartbeat())
                wire.feed(kept.sign(frame) if old else frame)
                for message, how in frames:
                    data = packed(message)
                    wire.feed({"plain": lambda d: d, "wrong key": forger.sign, "old": kept.sign}[how](data))
                await asyncio.sleep(every_s)

        flying = asyncio.create_task(aircraft())
        began_s = clock.now_s
        with pytest.raises(LinkError):
            await change_key(link, (1, 1), KEY, 5, LinkSigner(KEY, SigningClock(clock), 1))
        assert link.signer is before, "as it was"
        assert clock.now_s - began_s < 60.0
        flying.cancel()
        await asyncio.gather(flying, return_exceptions=True)
        await link.close()

    run_virtual(main)
