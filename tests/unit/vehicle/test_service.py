"""The service with stub aircraft on virtual time: several links to one, several aircraft on one, orders that overtake."""

import asyncio

from groundstation.core.bus import Bus
from groundstation.core.records import CommandResult, VehicleId
from groundstation.core.topics import LINK_QUALITY, STATUS_TEXT, VEHICLE_STATE
from groundstation.link.base import Link
from groundstation.vehicle.modes import mode_names
from groundstation.vehicle.service import VehicleService
from missions.mavlink import MODE_MESSAGES
from missions.mavlink import mavlink2 as m
from tests.helpers.stub_aircraft import BRAKE, GUIDED, RTL, StubAircraft, Wire
from tests.helpers.virtual_field import run_virtual

ONE, TWO = VehicleId(1, 1), VehicleId(2, 1)


class Field:
    """One station, its wires by name, and what it says."""

    def __init__(self, clock, aircraft, wires, **service):
        self.clock, self.aircraft, self.wires = clock, aircraft, {w.name: w for w in wires}
        self.links = [Link(w.name, w, clock) for w in wires]
        self.bus = Bus()
        self.texts, self.states = self.bus.subscribe(STATUS_TEXT), self.bus.subscribe(VEHICLE_STATE)
        self.service = VehicleService(
            self.bus, self.links, clock, lambda plan: [], watchdog_limit_s=1e9,
            **{"rates_hz": {33: 1.0}, **service},
        )  # fmt: skip

    async def __aenter__(self):
        await self.service.start()
        for each in self.aircraft:
            each.start()
        await self.service.wait_for_vehicle(60)
        await asyncio.sleep(6.0)
        return self

    async def __aexit__(self, *_):
        for each in self.aircraft:
            await each.stop()
        await self.service.stop()

    def fault_keys(self, vehicle_id=ONE):
        return {f.key for f in self.service.state(vehicle_id).faults}


def _two_links(clock, **service):
    car = StubAircraft(clock)
    wires = (Wire("radio", clock, car, delay_s=lambda: 0.06), Wire("lte", clock, car, delay_s=lambda: 0.02))
    return Field(clock, [car], wires, **service), car


def test_one_link_lost_is_not_the_aircraft_lost_and_the_change_is_told():
    async def main(clock):
        field, car = _two_links(clock)
        async with field:
            used = field.service.state(ONE).link_name
            other = {"radio": "lte", "lte": "radio"}[used]
            field.wires[used].cut = True
            for _ in range(100):
                await asyncio.sleep(0.1)
                assert field.service.state(ONE).link_alive
            state = field.service.state(ONE)
            assert state.link_name == other
            assert "link_lost" not in field.fault_keys()
            (fault,) = (f for f in state.faults if f.key == f"path {used}")
            assert fault.severity == "warning"
            assert [t.text for t in field.texts.drain() if "instead of" in t.text and "silent" in t.text]
            assert (await field.service.arm(ONE)).ok
            assert car.sent_to[-1][0] == other
            field.wires[used].cut = False
            await asyncio.sleep(2.0)
            assert f"path {used}" not in field.fault_keys()
            for wire in field.wires.values():
                wire.cut = True
            await asyncio.sleep(8.0)
            assert "link_lost" in field.fault_keys()

    run_virtual(main)


def test_an_order_goes_over_the_link_that_answers_while_the_other_stalls():
    async def main(clock):
        field, car = _two_links(clock)
        async with field:
            used = field.service.state(ONE).link_name
            field.wires[used].stall = (clock.now_s, clock.now_s + 30.0)
            car.acted.clear()
            asked_s = clock.now_s
            outcome = await field.service.set_mode(ONE, "GUIDED")
            assert outcome.ok, outcome
            assert [a.at_s - asked_s <= 1.0 for a in car.acted] == [True]

    run_virtual(main)


def test_intervals_are_asked_for_on_every_link_and_again_after_a_restart():
    async def main(clock):
        field, car = _two_links(clock, rates_hz={33: 10.0, 30: 5.0}, link_rates_hz={"radio": {33: 2.0}})
        async with field:
            asked = sorted(set(car.asked_for))
            assert asked == [(30, 200_000), (33, 100_000), (33, 500_000)]
            car.asked_for.clear()
            await asyncio.sleep(20.0)
            assert car.asked_for == [], "positions come on both"
            car.boot_s = clock.now_s - 1.0
            await asyncio.sleep(8.0)
            assert sorted(set(car.asked_for)) == asked

    run_virtual(main)


def test_after_a_break_of_the_link_intervals_are_asked_for_at_once():
    async def main(clock):
        field, car = _two_links(clock, rates_hz={33: 10.0, 1: 2.0})
        async with field:
            car.silent = True
            await asyncio.sleep(40.0)
            car.asked_for.clear()
            car.silent = False
            await asyncio.sleep(2.0)
            assert len(car.asked_for) == 4, "both messages on both links"
            await asyncio.sleep(20.0)
            assert len(car.asked_for) == 4, "and once"

    run_virtual(main)


def test_a_text_that_two_links_bring_is_told_once_and_the_same_text_later_again():
    async def main(clock):
        field, car = _two_links(clock)
        async with field:
            field.texts.drain()
            for _ in range(2):
                car.tell(m.MAVLink_statustext_message(4, b"Low battery", 0, 0))
                await asyncio.sleep(5.0)
            assert [t.text for t in field.texts.drain() if t.text == "Low battery"] == ["Low battery"] * 2

    run_virtual(main)


def test_each_link_tells_its_quality():
    async def main(clock):
        field, _ = _two_links(clock)
        quality = field.bus.subscribe(LINK_QUALITY)
        async with field:
            await asyncio.sleep(2.0)
            trips_s = {q.link: q.round_trip_s for q in quality.drain() if q.system_id == 1}
            assert 0.03 < trips_s["lte"] < 0.06 < trips_s["radio"] < 0.2
            assert field.service.state(ONE).round_trip_s < 0.2

    run_virtual(main)


def _two_aircraft(clock, **service):
    cars = [StubAircraft(clock, 1), StubAircraft(clock, 2)]
    wires = [Wire("one", clock, cars[0]), Wire("two", clock, cars[1])]
    return Field(clock, cars, wires, **service), cars


def test_an_order_is_for_the_aircraft_it_names():
    async def main(clock):
        field, cars = _two_aircraft(clock)
        async with field:
            assert set(field.service.vehicle_ids) == {ONE, TWO}
            assert (await field.service.arm(TWO)).ok
            assert (cars[0].armed, cars[1].armed) == (False, True)
            assert {s.vehicle_id for s in field.states.drain()} == {ONE, TWO}
            assert (await field.service.arm(VehicleId(3, 1))).result is CommandResult.LINK_LOST

    run_virtual(main)


def test_only_the_wanted_aircraft_are_taken_in():
    async def main(clock):
        field, cars = _two_aircraft(clock, wanted=lambda v: v == TWO, send_heartbeat=False)
        async with field:
            assert field.service.vehicle_ids == (TWO,)
            await asyncio.sleep(3.0)
            assert cars[0].asked_for == []
            assert 0 not in {message for _, message in cars[0].sent_to + cars[1].sent_to}, "no heartbeat"

    run_virtual(main)


def test_a_newer_order_overtakes_the_one_before_it():
    async def main(clock):
        field, (car, _) = _two_aircraft(clock)
        async with field:
            field.wires["one"].delay_s = lambda: 0.2
            car.refuses[176] = -1  # answers with nonsense: the order waits
            first = asyncio.create_task(field.service.set_mode(ONE, "GUIDED"))
            await asyncio.sleep(0.5)
            del car.refuses[176]
            outcome = await field.service.pause(ONE)
            assert outcome.ok, outcome
            assert car.mode == BRAKE
            assert (await first).result is CommandResult.CANCELLED
            assert "overtaken" in (await first).reason
            await asyncio.sleep(5.0)
            assert car.mode == BRAKE, "the older order is not repeated"

    run_virtual(main)


def test_an_overtaken_order_that_had_not_been_sent_never_is():
    async def main(clock):
        field, (car, _) = _two_aircraft(clock)
        async with field:
            field.wires["one"].stall = (clock.now_s, clock.now_s + 0.5)
            await asyncio.sleep(0.05)
            first = asyncio.create_task(field.service.set_mode(ONE, "GUIDED"))
            await asyncio.sleep(0.1)
            second = asyncio.create_task(field.service.return_to_launch(ONE))
            await asyncio.sleep(3.0)
            assert (await first).result is CommandResult.CANCELLED
            assert (await second).ok
            assert car.mode == RTL
            assert GUIDED not in {int(a.param2) for a in car.acted if a.command == 176}

    run_virtual(main)


def test_pre_arm_reasons_come_with_the_refusal():
    async def main(clock):
        field, (car, _) = _two_aircraft(clock)
        async with field:
            car.refuses[400] = 4
            car.texts[400] = ("Arm: Throttle too high",)
            car.texts[401] = ("PreArm: Compass not calibrated", "PreArm: Need Position Estimate")
            outcome = await field.service.arm(ONE)
            assert outcome.result is CommandResult.FAILED
            for reason in ("Throttle too high", "Compass not calibrated", "Need Position Estimate"):
                assert outcome.reason.count(reason) == 1, outcome.reason

    run_virtual(main)


def test_the_aircrafts_own_list_of_modes_is_read_whole_and_again_when_it_changes():
    async def main(clock):
        field, (car, _) = _two_aircraft(clock)
        car.modes, car.lost_modes = [(0, "Stabilize"), (4, "Guided"), (104, "My Script")], {2}
        async with field:
            await asyncio.sleep(20.0)
            assert mode_names(field.service.state(ONE)) == ("STABILIZE", "GUIDED", "MY_SCRIPT")
            assert car.modes_asked == [0, 2], "what was lost is asked for by its number"
            assert (await field.service.set_mode(ONE, "my script")).ok
            assert car.mode == 104
            assert (await field.service.set_mode(ONE, "LOITER")).result is CommandResult.UNSUPPORTED
            car.modes = [(0, "Stabilize"), (5, "Loiter")]
            for seq in (1, 2):
                car.tell(MODE_MESSAGES[2](seq))
            await asyncio.sleep(20.0)
            assert mode_names(field.service.state(ONE)) == ("STABILIZE", "LOITER")

    run_virtual(main)


def test_px4_is_shown_and_gets_no_orders():
    async def main(clock):
        car = StubAircraft(clock, autopilot=12)
        async with Field(clock, [car], [Wire("radio", clock, car)]) as field:
            state = field.service.state(ONE)
            assert (state.autopilot, state.read_only, state.link_alive) == ("PX4", True, True)
            for outcome in (
                await field.service.arm(ONE),
                await field.service.return_to_launch(ONE),
                await field.service.return_to_launch(ONE, late_ok=True),
                await field.service.set_mode(ONE, "HOLD"),
            ):
                assert outcome.result is CommandResult.UNSUPPORTED
                assert "read only" in outcome.reason
            assert not (await field.service.set_param(ONE, "MPC_XY_VEL_MAX", 5.0)).ok
            assert car.acted == []

    run_virtual(main)


def test_a_restart_ends_what_is_waited_for_and_the_aircraft_is_known_again():
    async def main(clock):
        field, (car, _) = _two_aircraft(clock)
        async with field:
            car.silent = True
            waiting = asyncio.create_task(field.service.set_mode(ONE, "GUIDED"))
            await asyncio.sleep(0.3)
            car.silent, car.boot_s = False, clock.now_s - 2.0
            outcome = await waiting
            assert not outcome.ok
            await asyncio.sleep(3.0)
            state = field.service.state(ONE)
            assert (state.vehicle_type, state.autopilot, state.link_alive) == ("quadrotor", "ArduPilot", True)
            assert (await field.service.set_mode(ONE, "GUIDED")).ok

    run_virtual(main)


def test_so_many_aircraft_and_no_more():
    async def main(clock):
        cars = [StubAircraft(clock, n) for n in range(1, 4)]
        wires = [Wire(f"w{n}", clock, car) for n, car in enumerate(cars)]
        field = Field(clock, cars, wires, most_vehicles=2)
        async with field:
            assert len(field.service.vehicle_ids) == 2

    run_virtual(main)
