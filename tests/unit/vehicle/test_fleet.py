"""Group orders: nothing is sent before they are confirmed, and every aircraft's outcome is told."""

import asyncio

import pytest

from groundstation.core.errors import ConfigError
from groundstation.core.records import CommandResult, VehicleId
from groundstation.core.topics import STATION_FAULT
from tests.helpers.stub_aircraft import RTL, StubAircraft, Wire
from tests.helpers.virtual_field import run_virtual
from tests.unit.vehicle.test_service import Field

IDS = tuple(VehicleId(n, 1) for n in range(1, 6))


def _fleet(clock, count=5):
    cars = [StubAircraft(clock, n) for n in range(1, count + 1)]
    return Field(clock, cars, [Wire(f"w{car.system_id}", clock, car) for car in cars]), cars


def _run(body, count=5):
    async def main(clock):
        field, cars = _fleet(clock, count)
        async with field:
            await body(clock, field, cars)

    run_virtual(main)


def test_nothing_is_sent_until_the_token_comes_back():
    async def body(clock, field, cars):
        for car in cars:
            car.armed = True
        await asyncio.sleep(2.0)
        request = field.service.fleet.prepare("return", IDS)
        await asyncio.sleep(3.0)
        assert [car.acted for car in cars] == [[]] * 5
        outcome = await field.service.fleet.confirm(request.token)
        assert outcome.ok
        assert [v for v, _ in outcome.outcomes] == list(IDS)
        assert {car.mode for car in cars} == {RTL}
        again = await field.service.fleet.confirm(request.token)
        assert not again.ok
        assert "no such order" in again.reason
        assert [len(car.acted) for car in cars] == [1] * 5

    _run(body)


def test_a_late_confirmation_sends_nothing():
    async def body(clock, field, cars):
        request = field.service.fleet.prepare("arm", IDS)
        await asyncio.sleep(10.5)
        outcome = await field.service.fleet.confirm(request.token)
        assert not outcome.ok
        assert "too late" in outcome.reason
        assert [car.acted for car in cars] == [[]] * 5

    _run(body)


def test_a_part_that_fails_is_told_by_name_and_as_a_fault():
    async def body(clock, field, cars):
        faults = field.bus.subscribe(STATION_FAULT)
        cars[1].refuses[400], cars[1].texts[400] = 4, ("Arm: Throttle too high",)
        field.wires["w4"].cut = True
        await asyncio.sleep(7.0)
        request = field.service.fleet.prepare("arm", IDS)
        assert dict(request.warnings) == {IDS[3]: "it is not heard"}
        outcome = await field.service.fleet.confirm(request.token)
        assert not outcome.ok
        assert outcome.failed == (IDS[1], IDS[3])
        assert dict(outcome.outcomes)[IDS[3]].result is CommandResult.LINK_LOST
        assert "Throttle too high" in dict(outcome.outcomes)[IDS[1]].reason
        assert [car.armed for car in cars] == [True, False, True, False, True]
        told = [f for f in faults.drain() if f.fault.key == "fleet_order"]
        assert told[-1].active
        assert "2 of 5" in told[-1].fault.text
        assert "2.1: " in told[-1].fault.text

    _run(body)


def test_what_an_aircraft_will_refuse_is_told_before():
    async def body(clock, field, cars):
        fleet = field.service.fleet
        assert {reason for _, reason in fleet.prepare("return", IDS).warnings} == {"it is not armed"}
        assert "no mode NOWHERE" in fleet.prepare("mode", IDS[:1], "NOWHERE").warnings[0][1]
        assert "no verified plan" in fleet.prepare("start", IDS[:1]).warnings[0][1]
        assert fleet.prepare("mode", IDS, "GUIDED").warnings == ()
        request = fleet.prepare("mode", IDS, "GUIDED")
        fleet.withdraw(request.token)
        assert "no such order" in (await fleet.confirm(request.token)).reason

    _run(body)


@pytest.mark.parametrize(
    ("verb", "ids", "argument"),
    [("return", (), ""), ("return", (VehicleId(99, 1),), ""), ("mode", IDS, ""), ("arm", IDS, "GUIDED")],
)
def test_an_order_to_nobody_or_with_the_wrong_words_is_none(verb, ids, argument):
    async def body(clock, field, cars):
        with pytest.raises(ConfigError):
            field.service.fleet.prepare(verb, ids, argument)

    _run(body)


def test_many_aircraft_over_one_link_are_ordered_within_the_second():
    async def main(clock):
        cars = [StubAircraft(clock, n) for n in range(1, 61)]
        wires = [Wire(f"w{car.system_id}", clock, car) for car in cars]
        field = Field(clock, cars, wires)
        async with field:
            await asyncio.sleep(5.0)
            request = field.service.fleet.prepare("mode", field.service.vehicle_ids, "GUIDED")
            asked_s = clock.now_s
            assert (await field.service.fleet.confirm(request.token)).ok
            assert max(a.at_s - asked_s for car in cars for a in car.acted) <= 1.0

    run_virtual(main)
