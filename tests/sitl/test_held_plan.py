"""A plan that somebody else changes on a real ArduPilot, over a link of his own: this station finds out."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import CommandResult
from groundstation.link.open import open_link
from groundstation.vehicle.service import VehicleService
from missions.codec import MissionKind
from missions.item_upload import ClearTransfer
from missions.transfer import Address
from tests.helpers.patrol import small_plan
from tests.helpers.waiting import until
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON, Field

pytestmark = COPTER_ONLY


@asynccontextmanager
async def _another_station(url):
    """On another port of the aircraft; it sends no heartbeat, so that the aircraft does not miss it later."""
    service = VehicleService(
        Bus(), [open_link(url, SystemClock())], SystemClock(), lambda plan: [], send_heartbeat=False
    )
    await service.start()
    try:
        await service.wait_for_vehicle(90)
        yield service
    finally:
        await service.stop()


def test_another_plan_as_long_and_none_at_all(tmp_path):
    async def main():
        async with Field(tmp_path / "sitl", 3.0) as field:
            service, vehicle = field.service, field.vehicle
            plan = small_plan(LAT, LON, GROUND_M)
            assert (await service.upload_plan(vehicle, plan)).phase == "in_force"
            assert await service.check_plan(vehicle) == "", "as it was sent"
            higher = tuple(replace(i, z=i.z + 5.0) if i.z else i for i in plan.items)
            async with _another_station(field.sitl.urls[1]) as other:
                assert (
                    await other.upload_plan(vehicle, replace(plan, name="theirs", items=higher))
                ).phase == "in_force"
                reason = await service.check_plan(vehicle)
                assert "somebody changed it" in reason or service.plan_status(vehicle).phase == "failed"
                assert (await service.start_mission(vehicle)).result is CommandResult.DENIED

                assert (await service.upload_plan(vehicle, plan)).phase == "in_force"
                clear = ClearTransfer(MissionKind.MISSION, Address(*vehicle), Address(255, 190))
                assert (await other._aircraft[vehicle].run_transfer(clear)).ok
                await until(lambda: service.plan_status(vehicle).phase == "failed")
                assert "0 items" in service.plan_status(vehicle).detail

    asyncio.run(main())
