"""Several real aircraft at once, of two kinds: each with its own plan, and what is asked of one is done by that one."""

import asyncio
import dataclasses
import os

import pytest

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import VehicleId
from groundstation.link.open import open_link
from groundstation.vehicle.service import VehicleService
from missions.codec import degrees_e7
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan
from sim.ardupilot import SitlHome
from sim.ardupilot_fleet import ArduPilotFleet
from tests.helpers.patrol import around, small_plan
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON, WITH_PLANE, Field, ready

pytestmark = COPTER_ONLY


def plane_plan():
    """Take off northwards, once round a box of 600 m by 400 m, and home."""

    def waypoint(north_m, east_m):
        lat, lon = around(LAT, LON, north_m, east_m)
        return MissionItem(16, 3, x=degrees_e7(lat), y=degrees_e7(lon), z=60.0)

    corners = tuple(around(LAT, LON, n, e) for n, e in ((-800, -800), (-800, 1200), (1400, 1200), (1400, -800)))
    items = (
        MissionItem(22, 3, 15.0, z=40.0),
        waypoint(600, 0),
        waypoint(600, 400),
        waypoint(0, 400),
        MissionItem(20, 0),
    )
    fence = FencePlan((FencePolygon("stay in", corners),), (), alt_max_rel_home_m=150.0)
    return Plan("plane", LAT, LON, GROUND_M, items, fence, ())


@WITH_PLANE
def test_a_plane_takes_its_plan_takes_off_and_flies_it(tmp_path):
    async def main():
        async with Field(tmp_path / "sitl", 8.0, vehicle="plane") as field:
            assert field.state.vehicle_type == "fixed wing"
            status = await field.service.upload_plan(field.vehicle, plane_plan())
            assert status.phase == "in_force", status.detail
            outcome = await field.start()
            assert outcome.ok, outcome
            assert await field.wait(lambda s: s.alt_rel_home_m > 30 and s.mode == "AUTO", 60), field.state
            assert await field.wait(lambda s: s.mission_seq >= 3, 60), field.state
            assert field.state.speed_m_s > 10
            assert (await field.service.return_to_launch(field.vehicle)).ok
            assert await field.wait(lambda s: s.mode == "RTL", 5)

    asyncio.run(main())


def test_two_copters_at_once(tmp_path):
    async def main():
        home = SitlHome(LAT, LON, GROUND_M)
        with ArduPilotFleet(["copter", "copter"], home, tmp_path, speedup=5.0, spacing_m=150.0) as fleet:
            links = [open_link(url, SystemClock()) for url in fleet.urls]
            service = VehicleService(Bus(), links, SystemClock(), lambda plan: [])
            await service.start()
            feeder = asyncio.create_task(_feed(service))
            try:
                one, two = VehicleId(1, 1), VehicleId(2, 1)
                async with asyncio.timeout(30):
                    while set(service.vehicle_ids) != {one, two}:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)
                for vehicle in (one, two):
                    assert await service.wait_for_state(vehicle, ready, 60), service.state(vehicle)
                apart = abs(service.state(two).lon_deg - service.state(one).lon_deg)
                assert apart == pytest.approx(around(LAT, LON, 0, 150.0)[1] - LON, rel=0.05)
                homes = [one_sitl.home for one_sitl in fleet.aircraft]
                plans = [small_plan(h.lat_deg, h.lon_deg, GROUND_M, f"plan {n}") for n, h in enumerate(homes)]
                plans[1] = dataclasses.replace(plans[1], items=(*plans[1].items[:2], *plans[1].items[1:]))
                results = await asyncio.gather(service.upload_plan(one, plans[0]), service.upload_plan(two, plans[1]))
                assert [status.phase for status in results] == ["in_force", "in_force"], results
                await asyncio.sleep(1.0)
                assert [service.state(v).mission_total for v in (one, two)] == [4, 5]
                outcome = await _start(service, two)
                assert outcome.ok, outcome
                assert await service.wait_for_state(two, lambda s: s.alt_rel_home_m > 15, 30)
                assert not service.state(one).armed, "nobody asked it to"
                assert (await _start(service, one)).ok
                assert (await service.return_to_launch(two)).ok
                assert await service.wait_for_state(one, lambda s: s.mode == "AUTO" and s.mission_seq >= 2, 40)
                assert service.state(two).mode == "RTL"
            finally:
                feeder.cancel()
                await asyncio.gather(feeder, return_exceptions=True)
                await service.stop()
            pids = [one_sitl.pid for one_sitl in fleet.aircraft]
            assert all(pids)
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)

    asyncio.run(main())


async def _feed(service):
    while True:
        service.feed_watchdog()
        await asyncio.sleep(0.5)


async def _start(service, vehicle):
    for _ in range(20):
        outcome = await service.start_mission(vehicle)
        if outcome.ok:
            break
        await asyncio.sleep(1.0)
    return outcome
