"""What an aircraft holds, read for the console: by a real transfer over a virtual link, and when it cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from groundstation.app.plans_setup import PlanReader
from groundstation.core.errors import LinkError
from groundstation.core.plan_commands import HeldLists
from groundstation.core.records import VehicleId
from groundstation.core.topics import PLAN_STATUS
from groundstation.vehicle.service import VehicleService
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan, RallyPoint
from missions.plan_differences import plan_differences
from tests.helpers.mavlink_fakes import FakeClock
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualField, run_virtual

ONE = VehicleId(1, 1)


def test_the_lists_of_an_aircraft_are_read_and_nothing_is_changed() -> None:
    """What was uploaded is what is read, by the differences that the console tells; an unknown aircraft is the problem."""

    async def main(clock: Any) -> None:
        async with VirtualField(clock) as field:
            plan = _plan()
            assert (await field.upload(plan)).phase == "in_force"
            reader = PlanReader(_submit, lambda: field.service, clock)
            found: list[HeldLists] = []
            for vehicle in (field.id, VehicleId(9, 1)):
                found.append(await asyncio.wrap_future(reader.read_plan(vehicle)))
            read, unknown = found
            assert read.problem == ""
            assert plan_differences(plan, read.items) == []
            other = replace(plan, items=plan.items[:-1])
            assert [d.text for d in plan_differences(other, read.items)] == [
                "item 2 of the aircraft is not in the plan"
            ]
            assert "never heard" in unknown.problem
            (status,) = field.bus.latest_all(PLAN_STATUS)
            assert status.phase == "in_force"

    run_virtual(main)


def _submit(work: Coroutine[Any, Any, HeldLists]) -> Future[HeldLists]:
    done: Future[HeldLists] = Future()
    asyncio.ensure_future(work).add_done_callback(lambda task: done.set_result(task.result()))
    return done


def _plan() -> Plan:
    box = ((-0.002, -0.002), (-0.002, 0.004), (0.002, 0.004), (0.002, -0.002))
    fence = FencePlan((FencePolygon("box", tuple((LAT + a, LON + b) for a, b in box)),))
    items = tuple(MissionItem(16, 6, x=round(LAT * 1e7), y=round((LON + d) * 1e7), z=60.0) for d in (0.001, 0.002))
    return Plan("read me", LAT, LON, GROUND_M, items, fence, (RallyPoint(LAT, LON, 60.0),))


def test_a_station_that_does_not_run_says_so() -> None:
    """The future never raises, and no coroutine is left behind."""

    def submit(work: Coroutine[Any, Any, HeldLists]) -> Future[HeldLists]:
        raise LinkError("the station is not running", "start it again")

    def vehicles() -> VehicleService:
        raise LinkError("this station has no link to an aircraft", "give --link URL")

    held = PlanReader(submit, vehicles, FakeClock()).read_plan(ONE).result()
    assert held.problem == "the station is not running"
    held = asyncio.run(PlanReader(submit, vehicles, FakeClock())._read(ONE))
    assert "no link" in held.problem
