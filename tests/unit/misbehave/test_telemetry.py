"""An aircraft that tells nonsense, or nothing: the station shows no old value as new and no number that is none."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from typing import Any

from groundstation.core.records import VehicleId
from groundstation.vehicle.health import HealthPart
from missions.codec import MissionKind, compare_items, items_of
from missions.mavlink import mavlink2 as m
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualClock, VirtualField, held, ready, run_virtual
from tests.unit.sim_autopilot.bench import Bench

PLAN = small_plan(LAT, LON, GROUND_M)


async def _started(field: VirtualField) -> None:
    assert (await field.upload(PLAN)).phase == "in_force"
    assert (await field.service.start_mission(field.id)).ok


def test_heartbeats_stop_while_everything_else_goes_on() -> None:
    bench = Bench(misbehave=["heartbeat-stops"])
    bench.command(m.MAV_CMD_SET_MESSAGE_INTERVAL, m.MAVLINK_MSG_ID_ATTITUDE, 1e5)
    bench.run(12.0)
    kinds = Counter(msg.get_type() for msg in bench.run(12.0))
    assert kinds["HEARTBEAT"] <= 1
    assert kinds["ATTITUDE"] > 100
    assert Counter(msg.get_type() for msg in bench.run(5.0))["HEARTBEAT"] >= 4, "and come again"


def test_a_heartbeat_that_stops_is_told_while_other_messages_come() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["heartbeat-stops"]) as field:
            assert await field.wait(lambda s: "heartbeat" in {fault.key for fault in s.faults}, 30.0)
            assert field.state.link_alive
            assert field.state.heartbeat_age_s > 5.0
            assert await field.wait(lambda s: "heartbeat" not in {fault.key for fault in s.faults}, 30.0), "and is over"

    run_virtual(main)


def test_a_twin_with_the_same_number_takes_the_plan_its_name() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["twin-system"], wait_s=0) as field:
            assert await field.wait(ready, 4.0)
            assert (await field.upload(PLAN)).phase == "in_force"
            await asyncio.sleep(30.0)
            assert field.times("twin-system") > 10
            assert "twin" in {fault.key for fault in field.state.faults}, "the cause has a name"
            assert "failed" in field.plan_phases, "nothing that is in such doubt is in force"

    run_virtual(main)


def test_a_position_that_jumps_is_a_fault() -> None:
    async def main(clock: VirtualClock) -> None:
        health: Any = lambda vehicle_id, family: HealthPart(vehicle_id)  # noqa: E731
        async with VirtualField(clock, ["gps-jump"], parts=(health,)) as field:
            assert await field.wait(lambda s: "gps_jump" in {fault.key for fault in s.faults}, 30.0)
            assert field.times("gps-jump") > 0
            field.autopilot.misbehaviours.paused = True
            await asyncio.sleep(60.0)
            assert "gps_jump" not in {fault.key for fault in field.state.faults}, "and it is over"

    run_virtual(main)


def test_no_pose_is_made_of_nan() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["nan-telemetry"]) as field:
            await _started(field)
            await asyncio.sleep(15.0)
            assert field.times("nan-telemetry") > 50
            assert len(field.poses) > 50
            for pose in field.poses:
                numbers = (pose.lat_deg, pose.lon_deg, pose.azimuth_deg, pose.elevation_deg)
                assert all(math.isfinite(number) for number in numbers), pose
            assert math.isfinite(field.state.alt_amsl_m)
            assert not math.isinf(field.state.yaw_deg)

    run_virtual(main)


def test_streams_that_stop_are_asked_for_again() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["streams-stop"]) as field:
            await asyncio.sleep(40.0)
            assert field.times("streams-stop") >= 2
            poses = len(field.poses)
            assert await field.wait(ready, 5.0)
            await asyncio.sleep(6.0)
            assert len(field.poses) > poses + 20, "telemetry flows again"

    run_virtual(main)


def test_a_clock_that_goes_back_costs_the_plan_its_name_until_it_was_read_again() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["clock-back"]) as field:
            assert (await field.upload(PLAN)).phase == "in_force"
            await asyncio.sleep(40.0)
            assert field.times("clock-back") > 0
            assert "failed" in field.plan_phases, "doubted at once"
            assert field.plan_phases[-1] == "in_force", "and in force again after it was read back"
            times = [pose.t_utc_us for pose in field.poses]
            assert times == sorted(times)
            assert abs(times[-1] - clock.utc_us()) < 1_000_000, "stamped with the time it is"

    run_virtual(main)


def test_a_restart_in_the_air_is_noticed_and_nothing_of_before_is_shown() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["reboots-in-flight"]) as field:
            await _started(field)
            assert await field.wait(lambda s: s.mode == "STABILIZE", 60.0)
            assert field.times("reboots-in-flight") == 1
            assert field.state.armed, "as it says itself"
            await asyncio.sleep(15.0)
            assert "failed" in field.plan_phases
            status = field.service.plan_status(field.id)
            assert status is not None
            true = not any(compare_items(k, items_of(PLAN, k), held(field.autopilot, k)) for k in MissionKind)
            assert (status.phase == "in_force") == (true and bool(field.autopilot.fence.in_force))
            assert await field.wait(ready, 10.0), "its streams were asked for again"

    run_virtual(main)


def test_without_a_position_the_station_says_so() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["ekf-constant-position"]) as field:
            assert await field.wait(lambda s: not s.position_ok, 20.0)
            assert field.times("ekf-constant-position") > 0
            assert field.state.gps_fix_type < 3 or await field.wait(lambda s: s.gps_fix_type < 3, 3.0)
            assert await field.wait(lambda s: "position" in {fault.key for fault in s.faults}, 3.0)
            assert await field.wait(lambda s: s.position_ok and s.gps_fix_type >= 3, 20.0), "and it recovers"

    run_virtual(main)


def test_a_text_with_a_lost_piece_is_shown_with_a_gap() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["texts-in-pieces"]) as field:
            field.autopilot.outbox.text(4, "PreArm: Battery 1 below minimum arming voltage")
            await asyncio.sleep(5.0)
            assert field.times("texts-in-pieces") > 0
            whole = [text.text for text in field.texts.drain() if "below minimum arming voltage" in text.text]
            assert len(whole) == 1
            assert "…" in whole[0], "what is missing is seen to be missing"

    run_virtual(main)


def test_messages_that_nobody_knows_are_passed_over() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["unknown-messages"]) as field:
            assert (await field.upload(PLAN)).phase == "in_force"
            assert field.times("unknown-messages") > 5
            assert field.service.vehicle_ids == (field.id,)

    run_virtual(main)


def test_a_battery_that_says_nothing_is_not_full_and_not_empty() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["battery-unknown"]) as field:
            await asyncio.sleep(3.0)
            assert field.times("battery-unknown") > 0
            assert math.isnan(field.state.battery_percent)
            assert math.isnan(field.state.battery_v)

    run_virtual(main)


def test_a_gimbal_and_a_companion_are_not_taken_for_the_aircraft() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["other-components"]) as field:
            await asyncio.sleep(5.0)
            assert field.times("other-components") > 3
            assert field.service.vehicle_ids == (VehicleId(1, 1),)
            assert not field.state.armed, "their heartbeats say armed"
            assert field.state.vehicle_type == "quadrotor"

    run_virtual(main)
