"""Nothing that can be put into a packet brings the autopilot down."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from missions.mavlink import mavlink2 as m
from sim.autopilot.items import MISSION_COMMANDS
from tests.unit.sim_autopilot.bench import Bench, item, offset

_ODD = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 1e38, -1e38, 21196.0, 255.0, 65536.0, 4294967296.0, 0.5)
_RANGE = {"uint8_t": (0, 255), "int8_t": (-128, 127), "uint16_t": (0, 65535), "int16_t": (-32768, 32767),
          "uint32_t": (0, 2**32 - 1), "int32_t": (-(2**31), 2**31 - 1), "uint64_t": (0, 2**64 - 1),
          "int64_t": (-(2**63), 2**63 - 1)}  # fmt: skip


def _odd_message(rng: random.Random, kind: Any) -> Any:
    values: list[Any] = []
    lengths = dict(zip(kind.ordered_fieldnames, kind.array_lengths, strict=True))
    for field, type_name in zip(kind.fieldnames, kind.fieldtypes, strict=True):
        length = lengths[field]
        if field in ("target_system", "target_component"):
            values.append(rng.choice([0, 1]))
        elif type_name == "char":
            values.append(rng.randbytes(max(length, 1)))
        else:
            one = _odd_value(rng, type_name)
            values.append([_odd_value(rng, type_name) for _ in range(length)] if length else one)
    return kind(*values)


def _odd_value(rng: random.Random, type_name: str) -> Any:
    if type_name in ("float", "double"):
        return rng.choice([*_ODD, rng.uniform(-400, 400)])
    low, high = _RANGE[type_name]
    return rng.choice([low, high, 0, 1, min(high, 16), min(high, 76), rng.randint(low, high)])


def _there_and_back(msg: Any) -> list[Any]:
    return m.MAVLink(None).parse_buffer(msg.pack(m.MAVLink(None, 255, 190))) or []


@pytest.mark.parametrize("seed", range(3))
def test_any_message_with_any_content(seed: int) -> None:
    rng = random.Random(seed)
    bench = Bench(parameters={"FS_GCS_ENABLE": 1})
    bench.airborne(20.0)
    ours = ("MISSION_", "COMMAND_", "PARAM_", "SET_", "REQUEST_", "GIMBAL_", "TIMESYNC", "HEARTBEAT", "MANUAL_")
    kinds = [kind for kind in m.mavlink_map.values() if kind.msgname.startswith(ours)]
    for number in range(1500):
        kind = rng.choice(kinds if number % 10 else list(m.mavlink_map.values()))
        for msg in _there_and_back(_odd_message(rng, kind)):
            bench.send(msg)
        if number % 25 == 0:
            bench.run(0.1)
    truth = bench.autopilot.truth()
    assert all(math.isfinite(value) for value in (truth.lat_deg, truth.lon_deg, truth.alt_amsl_m, truth.yaw_deg))
    assert math.isfinite(truth.gimbal_elevation_deg)
    for number in m.mavlink_map:
        message = bench.autopilot.telemetry.build(number)
        if message is not None:
            message.pack(m.MAVLink(None, 1, 1))


@pytest.mark.parametrize("seed", range(2))
def test_every_command_with_odd_numbers(seed: int) -> None:
    rng = random.Random(seed)
    bench = Bench()
    bench.airborne(20.0)
    numbers = sorted({*MISSION_COMMANDS, *bench.autopilot._commands._handlers})
    for _ in range(6):
        for number in numbers:
            odd = [rng.choice(_ODD) for _ in range(7)]
            bench.command(number, *odd)
            x, y = (rng.choice([0, 1, -(2**31), 2**31 - 1, 480000000]) for _ in range(2))
            bench.command_int(number, *odd[:4], x=x, y=y, z=odd[6], frame=rng.randrange(22))
        bench.run(0.5)
    truth = bench.autopilot.truth()
    assert all(math.isfinite(value) for value in (truth.alt_amsl_m, truth.yaw_deg, truth.gimbal_azimuth_deg))
    assert math.isfinite(truth.gimbal_elevation_deg)


@pytest.mark.parametrize("seed", range(3))
def test_a_mission_of_odd_items_is_flown_or_refused_but_does_no_harm(seed: int) -> None:
    rng = random.Random(seed)
    bench = Bench(parameters={"FS_GCS_ENABLE": 0})
    bench.airborne(20.0)
    items = []
    for _ in range(300):
        command = rng.choice(sorted(MISSION_COMMANDS))
        x, y = offset(rng.uniform(-60, 60), rng.uniform(-60, 60), bench)
        params = [rng.choice([0.0, 1.0, 2.0, -1.0, 20.0, 300.0, 0.4]) for _ in range(4)]
        content = item(command, x, y, rng.choice([0.0, 10.0, 40.0, -5.0]), *params, frame=rng.choice([0, 3, 6, 10, 5]))
        if content[1] in (0, 5):
            content = item(command, x, y, 230.0, *params, frame=content[1])
        if bench.upload([content]) == m.MAV_MISSION_ACCEPTED:
            items.append(content)
    assert bench.upload(items[:200]) in (m.MAV_MISSION_ACCEPTED, m.MAV_MISSION_ERROR)
    bench.command(m.MAV_CMD_DO_SET_MODE, 1, 3)
    for _ in range(60):
        bench.run(2.0)
        bench.command(m.MAV_CMD_DO_SET_MISSION_CURRENT, rng.randrange(200), rng.choice([0, 1]))
    truth = bench.autopilot.truth()
    assert math.isfinite(truth.alt_amsl_m)
    assert truth.alt_amsl_m >= 200.0 - 1e-6
    assert math.dist(bench.autopilot.grid.to_grid(truth.lat_deg, truth.lon_deg), (0.0, 0.0)) < 600.0
