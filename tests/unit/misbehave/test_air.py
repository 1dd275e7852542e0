"""Bad air, old radios and another station in it."""

from __future__ import annotations

import asyncio
import math
from typing import Any

import pytest

from groundstation.core.records import CommandResult
from groundstation.vehicle.preflight import StationFacts
from groundstation.vehicle.safety_parts import safety_parts
from groundstation.vehicle.safety_service import SafetyService
from missions.codec import MissionKind, compare_items, items_of
from missions.mavlink import mavlink2 as m
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualClock, VirtualField, held, run_virtual

PLAN = small_plan(LAT, LON, GROUND_M)


def _holds(field: VirtualField) -> bool:
    return not any(compare_items(kind, items_of(PLAN, kind), held(field.autopilot, kind)) for kind in MissionKind)


@pytest.mark.parametrize("name", ["loss", "delay", "reorder", "packets-twice", "corrupt-bytes"])
def test_a_plan_through_bad_air(name: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name], wait_s=60.0) as field:
            status = await field.upload(PLAN)
            assert field.times(name) > 10, "it was bad"
            assert (status.phase == "in_force") == (_holds(field) and bool(field.autopilot.fence.in_force))
            assert status.phase == "in_force" or status.detail, "or it is said why not"
            assert field.service.vehicle_ids == (field.id,), "no aircraft is made of noise"

    run_virtual(main)


def test_frames_of_mavlink_1_are_read_and_a_fence_that_cannot_go_over_them_is_not_in_force() -> None:
    async def main(clock: VirtualClock) -> None:
        seen: list[Any] = []
        async with VirtualField(clock, ["mavlink1", "no-ftp"]) as field:
            field.link.add_listener(lambda msg, *_: seen.append(msg))
            status = await field.upload(PLAN)
            assert field.times("mavlink1") > 0, "the fence was refused"
            assert {bytes(msg.get_msgbuf())[0] for msg in seen} == {m.PROTOCOL_MARKER_V1}
            assert status.phase == "failed"
            assert "mavlink2" in status.detail.lower() or "no answer" in status.detail, status.detail
            assert (await field.service.start_mission(field.id)).result is CommandResult.DENIED

    run_virtual(main)


def test_another_stations_change_of_mode_is_seen() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["second-station-mode"]) as field:
            assert (await field.upload(PLAN)).phase == "in_force"
            assert (await field.service.start_mission(field.id)).ok
            assert await field.wait(lambda s: s.mode == "LOITER", 40.0)
            assert field.times("second-station-mode") == 1
            assert field.autopilot.flight.mode.name == "LOITER", "the station does not fight it"
            await asyncio.sleep(10.0)
            assert field.state.mode == "LOITER"

    run_virtual(main)


@pytest.mark.parametrize("name", ["second-station-plan", "second-station-clears", "second-station-fence-off"])
def test_a_plan_that_another_station_changed_is_not_in_force(name: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name]) as field:
            assert (await field.upload(PLAN)).phase == "in_force"
            await asyncio.sleep(20.0)
            assert field.times(name) == 1
            status = field.service.plan_status(field.id)
            assert status is not None
            assert status.phase == "failed", f"it holds {len(held(field.autopilot, MissionKind.MISSION))} other items"
            assert (await field.service.start_mission(field.id)).result is CommandResult.DENIED
            assert (await field.upload(PLAN)).phase == "in_force", "and it recovers"

    run_virtual(main)


def test_another_mission_with_as_many_items_is_read_and_found() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["second-station-same-count"]) as field:
            assert (await field.upload(PLAN)).phase == "in_force"
            await asyncio.sleep(10.0)
            assert field.times("second-station-same-count") == 1
            assert not _holds(field)
            assert field.state.mission_total == len(PLAN.items), "so MISSION_CURRENT does not show it"
            status = field.service.plan_status(field.id)
            assert status is not None
            assert status.phase == "failed"
            assert "mission" in status.detail
            assert (await field.service.start_mission(field.id)).result is CommandResult.DENIED

    run_virtual(main)


def test_another_mission_that_nothing_tells_of_is_found_when_the_list_before_the_flight_is_read() -> None:
    """ArduPilot tells of an upload on the link over which it came, and there is no mission id."""

    async def main(clock: VirtualClock) -> None:
        parts = safety_parts(None)
        async with VirtualField(clock, ["second-station-elsewhere"], parts=parts) as field:
            safety = SafetyService(field.service, field.bus, clock, StationFacts, enforce=False)
            assert (await field.upload(PLAN)).phase == "in_force"
            assert not any(item.id == "plan" for item in (await safety.preflight(field.id)).failed), "it is as sent"
            await asyncio.sleep(10.0)
            assert field.times("second-station-elsewhere") == 1
            assert not _holds(field)
            (plan,) = [item for item in (await safety.preflight(field.id)).items if item.id == "plan"]
            assert plan.state == "failed"
            assert "somebody changed it" in plan.text
            status = field.service.plan_status(field.id)
            assert status is not None
            assert (status.phase, status.mission_verified) == ("failed", False)
            assert (await field.service.start_mission(field.id)).result is CommandResult.DENIED

    run_virtual(main)


def test_a_camera_that_another_station_turns_is_told_where_it_looks() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["second-station-camera"]) as field:
            await asyncio.sleep(20.0)
            assert field.times("second-station-camera") > 1
            truth = field.autopilot.truth()
            assert abs(math.remainder(field.state.gimbal_azimuth_deg - truth.gimbal_azimuth_deg, 360.0)) < 2.0
            assert truth.gimbal_azimuth_deg == pytest.approx(60.0, abs=2.0), "the other one's order, not neutral"

    run_virtual(main)
