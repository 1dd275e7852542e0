"""What acts does so within a second of being asked for, or not at all: over links that are slow, stall and change."""

import asyncio
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundstation.core.bus import Bus
from groundstation.core.records import CommandResult, VehicleId
from groundstation.link.base import Link
from groundstation.vehicle.service import VehicleService
from tests.helpers.stub_aircraft import StubAircraft, Wire
from tests.helpers.virtual_field import run_virtual

ONE = VehicleId(1, 1)
LATEST_S = 1.0


class Field:
    """A station and one stub aircraft over one wire."""

    def __init__(self, clock, delay_s=lambda: 0.01, count=1):
        self.clock = clock
        self.aircraft = [StubAircraft(clock, n + 1) for n in range(count)]
        self.wire = Wire("radio", clock, self.aircraft[0], delay_s=delay_s)
        self.link = Link("radio", self.wire, clock)
        self.bus = Bus()
        self.service = VehicleService(
            self.bus, [self.link], clock, lambda plan: [], watchdog_limit_s=1e9, rates_hz={33: 1.0}
        )

    async def __aenter__(self):
        await self.service.start()
        self.aircraft[0].start()
        await self.service.wait_for_vehicle(60)
        await asyncio.sleep(8.0)
        return self

    async def __aexit__(self, *_):
        await self.aircraft[0].stop()
        await self.service.stop()

    async def ask(self, order, *arguments):
        """The outcome, and how long after the asking each command acted."""
        aircraft, asked_s = self.aircraft[0], self.clock.now_s
        aircraft.acted.clear()
        outcome = await order(ONE, *arguments)
        await asyncio.sleep(12.0)  # what is still on its way arrives
        return outcome, [acted.at_s - asked_s for acted in aircraft.acted]


def _orders(service):
    return [(service.arm, ()), (service.set_mode, ("GUIDED",)), (service.disarm, ()), (service.return_to_launch, ())]


@pytest.mark.parametrize("one_way_s", [0.0, 0.02, 0.1, 0.15, 0.2])
def test_a_steady_link_carries_orders_in_time(one_way_s):
    async def main(clock):
        async with Field(clock, lambda: one_way_s) as field:
            for order, arguments in _orders(field.service):
                outcome, after_s = await field.ask(order, *arguments)
                assert outcome.ok, outcome
                assert len(after_s) == 1, "answered, so it was not repeated"
                assert max(after_s) <= LATEST_S

    run_virtual(main)


@pytest.mark.parametrize("one_way_s", [0.0, 0.02, 0.1, 0.2])
def test_a_take_off_goes_step_by_step_each_within_its_second(one_way_s):
    """Mode, arming, take-off: the first within a second of the asking, each other within one of the step before being seen."""

    async def main(clock):
        async with Field(clock, lambda: one_way_s) as field:
            _, after_s = await field.ask(field.service.take_off, 20.0)
            assert [a.command for a in field.aircraft[0].acted][:3] == [176, 400, 22]
            assert after_s[0] <= LATEST_S
            # The effect is seen with the next heartbeat, half a second later at most.
            steps = [b - a for a, b in itertools.pairwise(after_s[:3])]
            assert max(steps) <= LATEST_S + 0.5 + 2 * one_way_s, steps

    run_virtual(main)


@pytest.mark.parametrize("one_way_s", [0.3, 0.9, 3.0])
def test_a_take_off_over_a_link_that_is_too_slow_does_not_begin(one_way_s):
    async def main(clock):
        async with Field(clock, lambda: one_way_s) as field:
            outcome, after_s = await field.ask(field.service.take_off, 20.0)
            assert (outcome.result, after_s) == (CommandResult.NOT_SENT, [])

    run_virtual(main)


@settings(max_examples=15, deadline=None)
@given(stall_begins_s=st.floats(0.0, 3.0), stall_s=st.floats(4.5, 30.0))
def test_a_take_off_that_meets_a_stall_is_not_taken_up_when_the_link_is_back(stall_begins_s, stall_s):
    """What was not sent before the stall is not sent after it: an aircraft does not arm or climb when nobody expects it."""

    async def main(clock):
        async with Field(clock, lambda: 0.05) as field:
            back_s = clock.now_s + stall_begins_s + stall_s
            field.wire.stall = (back_s - stall_s, back_s)
            outcome, _ = await field.ask(field.service.take_off, 20.0)
            await asyncio.sleep(stall_s)
            late = [a for a in field.aircraft[0].acted if a.at_s >= back_s - 1e-6]
            # At the very most the one that was in the air when the stall began; stopping the motors again is welcome.
            starting = [a for a in late if (a.command, a.param1) != (400, 0.0)]
            assert len(starting) <= 1, starting
            assert not (starting and outcome.ok), outcome

    run_virtual(main)


@pytest.mark.parametrize("one_way_s", [0.3, 0.5, 0.9, 1.5, 3.0, 8.0])
def test_over_a_link_that_is_too_slow_nothing_is_sent_and_the_reason_is_told(one_way_s):
    async def main(clock):
        async with Field(clock, lambda: one_way_s) as field:
            for order, arguments in _orders(field.service):
                outcome, after_s = await field.ask(order, *arguments)
                assert after_s == []
                assert outcome.result is CommandResult.NOT_SENT, outcome
                assert "nothing was sent" in outcome.reason

    run_virtual(main)


def test_the_return_may_be_insisted_on_and_arming_may_not():
    async def main(clock):
        async with Field(clock, lambda: 2.0) as field:
            first, _ = await field.ask(field.service.return_to_launch)
            assert "ask again" in first.reason
            aircraft = field.aircraft[0]
            asked_s = clock.now_s
            await field.service.return_to_launch(ONE)
            await asyncio.sleep(5.0)
            assert [a.at_s - asked_s for a in aircraft.acted] == [pytest.approx(2.0, abs=0.1)]
            for _ in range(3):
                outcome, after_s = await field.ask(field.service.arm)
                assert (outcome.result, after_s) == (CommandResult.NOT_SENT, [])
                assert "ask again" not in outcome.reason

    run_virtual(main)


def test_an_aircraft_that_cannot_show_its_delay_gets_no_orders():
    async def main(clock):
        async with Field(clock) as field:
            field.aircraft[0].answers_timesync = False
            await asyncio.sleep(10.0)
            outcome, after_s = await field.ask(field.service.arm)
            assert (outcome.result, after_s) == (CommandResult.NOT_SENT, [])

    run_virtual(main)


def test_an_order_that_reached_the_station_late_is_not_sent():
    async def main(clock):
        async with Field(clock) as field:
            outcome = await field.service.arm(ONE, clock.now_s - 1.5)
            await asyncio.sleep(5.0)
            assert outcome.result is CommandResult.NOT_SENT
            assert field.aircraft[0].acted == []

    run_virtual(main)


def test_a_stall_that_meets_the_order_itself_is_told_and_its_late_answer_too():
    async def main(clock):
        async with Field(clock, lambda: 0.1) as field:
            # The question takes 0.2 s there and back; then the order is on its way.
            field.wire.stall = (clock.now_s + 0.25, clock.now_s + 8.25)
            outcome = await field.service.arm(ONE)
            assert outcome.result is CommandResult.TIMEOUT
            assert "may still act late" in outcome.reason
            await asyncio.sleep(6.0)
            (fault,) = (f for f in field.service.state(ONE).faults if f.key == "late_command")
            assert "may have acted late" in fault.text
            assert fault.severity == "critical"

    run_virtual(main)


@settings(max_examples=25, deadline=None)
@given(
    one_way_s=st.sampled_from([0.0, 0.005, 0.03, 0.1, 0.2, 0.35]),
    stall_begins_s=st.floats(-3.0, 1.5),
    stall_s=st.floats(0.1, 9.0),
    which=st.integers(0, 3),
)
def test_a_link_that_stalls_at_any_time(one_way_s, stall_begins_s, stall_s, which):
    async def main(clock):
        async with Field(clock, lambda: one_way_s) as field:
            begins_s = clock.now_s + 3.0 + stall_begins_s
            field.wire.stall = (begins_s, begins_s + stall_s)
            await asyncio.sleep(3.0)
            order, arguments = _orders(field.service)[which]
            asked_s = clock.now_s
            outcome, after_s = await field.ask(order, *arguments)
            late = [s for s in after_s if s > LATEST_S + 1e-6]
            if late:
                # Nobody can call back what is in the air when the link stalls. It must have been just then.
                assert any(begins_s - one_way_s <= sent_s < begins_s for sent_s in field.wire.held)
                assert asked_s <= begins_s <= asked_s + LATEST_S
                assert outcome.result is CommandResult.TIMEOUT or "late" in outcome.reason

    run_virtual(main)


@settings(max_examples=25, deadline=None)
@given(delays=st.lists(st.floats(0.0, 2.5), min_size=4, max_size=40))
def test_over_a_link_whose_delay_is_never_the_same_nothing_acts_late_without_being_told(delays):
    """As bad as can be: every packet has a delay of its own, and nothing shown before says anything of the next."""

    async def main(clock):
        position = iter(range(10**9))
        async with Field(clock, lambda: delays[next(position) % len(delays)]) as field:
            await asyncio.sleep(5.0)
            outcome, after_s = await field.ask(field.service.arm)
            if max(after_s, default=0.0) > LATEST_S:
                assert "late" in outcome.reason, outcome
            if max(delays) <= 0.2:
                assert outcome.ok, outcome

    run_virtual(main)
