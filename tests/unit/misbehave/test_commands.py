"""An aircraft that mishandles commands and parameters: what the station says of it is what is so."""

from __future__ import annotations

import asyncio

import pytest

from groundstation.core.records import CommandResult
from missions.mavlink import mavlink2 as m
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualClock, VirtualField, run_virtual
from tests.unit.sim_autopilot.bench import Bench

PLAN = small_plan(LAT, LON, GROUND_M)


async def _uploaded(field: VirtualField) -> None:
    field.autopilot.misbehaviours.paused = True
    assert (await field.upload(PLAN)).phase == "in_force"
    field.autopilot.misbehaviours.paused = False


@pytest.mark.parametrize("name", ["ack-lost", "ack-twice", "ack-in-progress"])
def test_a_mission_is_started_all_the_same_and_once(name: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name]) as field:
            await _uploaded(field)
            outcome = await field.service.start_mission(field.id)
            assert field.times(name) > 0, "it did misbehave"
            assert outcome.ok, outcome
            assert field.autopilot.flight.armed
            assert field.autopilot.flight.mode.name == "AUTO"

    run_virtual(main)


@pytest.mark.parametrize("name", ["ack-never", "ack-late", "ack-wrong-target"])
def test_no_answer_is_told_and_leaves_no_motors_running(name: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name]) as field:
            await _uploaded(field)
            outcome = await field.service.start_mission(field.id)
            assert field.times(name) > 0, "it did misbehave"
            assert outcome.result is CommandResult.TIMEOUT
            sent = field.transport.sent
            await asyncio.sleep(20.0)
            assert not field.autopilot.flight.armed, "nothing acts later"
            assert field.transport.sent - sent < 100, "heartbeats and clock questions only"
            field.autopilot.misbehaviours.paused = True
            await asyncio.sleep(5.0)
            assert (await field.service.start_mission(field.id)).ok, "and it recovers"

    run_virtual(main)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("arm-not-done", "arming was accepted, but the aircraft is not armed"),
        ("mode-not-done", "mode GUIDED was accepted, but it stays in STABILIZE"),
        ("prearm-bit-lies", "Need Position Estimate"),
    ],
)
def test_accepted_is_not_done(name: str, words: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name]) as field:
            await _uploaded(field)
            await asyncio.sleep(1.0)
            outcome = await field.service.start_mission(field.id)
            assert field.times(name) > 0, "it did misbehave"
            assert not outcome.ok
            assert words in outcome.reason
            assert not field.autopilot.flight.armed

    run_virtual(main)


def test_what_comes_late_is_told_when_it_has_come() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["commands-late"]) as field:
            await _uploaded(field)
            began_s = clock.now_s
            outcome = await field.service.start_mission(field.id)
            assert field.times("commands-late") > 0
            assert clock.now_s - began_s > 2.0
            flies = field.autopilot.flight.armed and field.autopilot.flight.mode.name == "AUTO"
            assert outcome.ok == flies

    run_virtual(main)


def test_firmware_that_takes_command_int_only() -> None:
    bench = Bench(misbehave=["int-only"])
    bench.run(3.0)
    assert bench.command(m.MAV_CMD_DO_SET_MODE, 1, 4) == m.MAV_RESULT_COMMAND_INT_ONLY
    assert bench.mode == "STABILIZE"

    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["int-only"]) as field:
            assert (await field.upload(PLAN)).phase == "in_force"
            assert (await field.service.start_mission(field.id)).ok

    run_virtual(main)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("params-clamped", "FENCE_ALT_MAX: set to 120, but the aircraft keeps 100"),
        ("params-not-echoed", "no answer"),
        ("fence-report-only", "does not report its fence as enabled"),
    ],
)
def test_settings_that_are_not_confirmed_are_not_believed(name: str, words: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name]) as field:
            status = await field.upload(PLAN)
            assert field.times(name) > 0, "it did misbehave"
            assert status.phase == "failed"
            assert words in status.detail
            assert (await field.service.start_mission(field.id)).result is CommandResult.DENIED
            field.autopilot.misbehaviours.paused = True
            await asyncio.sleep(2.0)
            assert (await field.upload(PLAN)).phase == "in_force", "and it recovers"

    run_virtual(main)


def test_late_parameters_are_waited_for() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["params-late"]) as field:
            status = await field.upload(PLAN)
            assert field.times("params-late") > 0
            assert status.phase == "in_force", status.detail
            assert field.autopilot.parameters["FENCE_ALT_MAX"] == 120.0

    run_virtual(main)
