"""The whole vehicle service, its parts included, against frames that mean no good, among those of a good aircraft."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import Any

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle.safety_parts import safety_parts
from missions.mavlink import mavlink2 as m
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualClock, VirtualField, run_virtual

_ODD = (float("nan"), float("inf"), -float("inf"), 0.0, 1.0, -1.0, 1e38, -1e38, 400.0)
_RANGE = {"uint8_t": 8, "uint16_t": 16, "uint32_t": 32, "uint64_t": 64, "int8_t": -8, "int16_t": -16, "int32_t": -32,
          "int64_t": -64}  # fmt: skip


def _value(rng: random.Random, type_name: str) -> Any:
    if type_name in ("float", "double"):
        return rng.choice(_ODD)
    bits = _RANGE[type_name]
    low, high = (0, 2**bits - 1) if bits > 0 else (-(2 ** (-bits - 1)), 2 ** (-bits - 1) - 1)
    return rng.choice((low, high, 0, 1, min(high, 100), rng.randint(low, high)))


def _odd(rng: random.Random, kind: Any) -> Any:
    lengths = dict(zip(kind.ordered_fieldnames, kind.array_lengths, strict=True))
    values: list[Any] = []
    for name, type_name in zip(kind.fieldnames, kind.fieldtypes, strict=True):
        length = lengths[name]
        if name in ("target_system", "target_component"):
            values.append(rng.choice((0, {"target_system": 255, "target_component": 190}[name], rng.randrange(256))))
        elif type_name == "char":
            values.append(rng.randbytes(max(length, 1)))
        else:
            values.append([_value(rng, type_name) for _ in range(length)] if length else _value(rng, type_name))
    return kind(*values)


# What the station reads; half of the messages are of these, the other half are anything.
_READ = frozenset(
    {
        "SYS_STATUS", "GLOBAL_POSITION_INT", "ATTITUDE", "GPS_RAW_INT", "VFR_HUD", "BATTERY_STATUS", "MISSION_CURRENT",
        "FENCE_STATUS", "HOME_POSITION", "GIMBAL_DEVICE_ATTITUDE_STATUS", "EKF_STATUS_REPORT", "AUTOPILOT_VERSION",
        "STATUSTEXT", "PARAM_VALUE", "PARAM_ERROR", "COMMAND_ACK", "MISSION_ACK", "MISSION_COUNT", "MISSION_REQUEST",
        "MISSION_REQUEST_INT", "MISSION_ITEM_INT", "FILE_TRANSFER_PROTOCOL", "TERRAIN_REQUEST", "TERRAIN_REPORT",
        "ADSB_VEHICLE", "VIBRATION", "WIND", "NAV_CONTROLLER_OUTPUT", "EXTENDED_SYS_STATE", "CAMERA_INFORMATION",
        "VIDEO_STREAM_INFORMATION", "VIDEO_STREAM_STATUS", "CAMERA_SETTINGS", "CAMERA_FOV_STATUS",
        "GIMBAL_MANAGER_INFORMATION", "GIMBAL_MANAGER_STATUS", "MOUNT_STATUS", "AVAILABLE_MODES", "CURRENT_MODE",
        "AVAILABLE_MODES_MONITOR", "POSITION_TARGET_GLOBAL_INT", "RC_CHANNELS", "RADIO_STATUS", "GPS2_RAW",
    }
)  # fmt: skip
# What says that an aircraft is there, or has begun anew: believed, as it must be.
_BELIEVED = ("HEARTBEAT", "TIMESYNC", "SYSTEM_TIME")


@pytest.mark.parametrize("seed", range(3))
def test_any_message_from_anybody_does_no_harm(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    rng = random.Random(seed)
    kinds = [k for k in m.mavlink_map.values() if k.msgname not in _BELIEVED]
    read = [k for k in kinds if k.msgname in _READ]
    assert len(read) == len(_READ)
    others = [(1, 100), (1, 154), (2, 1), (254, 190), (255, 190), (0, 0), (77, 1)]

    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, parts=safety_parts(None)) as field:
            upload = asyncio.create_task(field.upload(small_plan(LAT, LON, GROUND_M)))
            for number in range(700):
                message = _odd(rng, rng.choice(read if number % 2 else kinds))
                codec = m.MAVLink(None, *((1, 1) if rng.random() < 0.7 else rng.choice(others)))
                codec.seq = rng.randrange(256)
                field.link.on_bytes(bytes(message.pack(codec)))
                if number % 5 == 0:
                    await asyncio.sleep(0.05)
            status = await upload
            assert status.phase == "in_force" or status.detail
            assert field.service.vehicle_ids == (VehicleId(1, 1),), "nothing but a heartbeat makes an aircraft"
            # The good aircraft's own telemetry comes through again.
            assert await field.wait(lambda s: s.link_alive and s.position_ok, 30.0), field.state
            await asyncio.sleep(10.0)
            assert abs(field.state.lat_deg - LAT) < 0.01
            assert (await field.upload(small_plan(LAT, LON, GROUND_M, "again"))).phase == "in_force"

    with caplog.at_level(logging.ERROR):
        run_virtual(main)
    crashes = [record for record in caplog.records if record.exc_info is not None]
    assert not crashes, crashes[0].getMessage() + "\n" + str(crashes[0].exc_info)


@pytest.mark.parametrize("seed", range(2))
def test_noise_is_no_aircraft_and_hides_none(seed: int) -> None:
    rng = random.Random(seed)

    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock) as field:
            for _ in range(300):
                field.link.on_bytes(rng.choice((b"", b"\xfd", b"\xfe", b"\xfd\xff")) + rng.randbytes(rng.randrange(80)))
                await asyncio.sleep(0.02)
            assert field.service.vehicle_ids == (VehicleId(1, 1),)
            assert await field.wait(lambda s: s.link_alive and s.position_ok, 10.0)

    run_virtual(main)
