"""A battery change in the middle of a patrol, with a real ArduPilot: it is taken up where the way was not seen."""

import asyncio

import pytest

from groundstation.core.records import VehicleId
from groundstation.vehicle.held_plans import held_plan_parts
from tests.helpers.patrol import small_plan
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON, Field, ready

pytestmark = COPTER_ONLY


@pytest.mark.timeout(1800)
def test_a_mission_is_taken_up_after_a_battery_change(tmp_path):
    """Flown to its third item, called home, switched off on the ground, switched on again: the mission is verified, set to
    the waypoint before the last place, and flown from there and not from its beginning."""

    async def main():
        parts = [held_plan_parts(tmp_path / "held.json", 255)]
        async with Field(tmp_path / "sitl", 6.0, parts=parts) as field:
            plan = small_plan(LAT, LON, GROUND_M, side_m=110.0)
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            assert (await field.start()).ok
            assert await field.wait(lambda s: s.mission_seq == 3 and s.speed_m_s > 3.0, 180)
            await asyncio.sleep(1.5)
            assert (await field.service.return_to_launch(field.vehicle)).ok
            assert await field.wait(lambda s: not s.armed, 240), field.state

            field.sitl.kill()
            field.sitl.start(wipe=False)
            assert await field.wait(lambda s: not ready(s), 180), "the restart is seen"
            assert await field.wait(ready, 180), field.state
            async with asyncio.timeout(60):
                while field.service.plan_status(VehicleId(1, 1)).phase != "in_force":  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            assert field.state.mission_seq in (0, 1), "ArduPilot itself begins anew"

            for _ in range(10):
                offer, outcome = await field.service.take_up_mission(field.vehicle, 30.0)
                if outcome.ok:
                    break
                await asyncio.sleep(1.0)
            assert outcome.ok, (offer, outcome)
            assert offer.point.seq in (2, 3)
            assert field.state.mission_seq == offer.point.seq
            seen = []

            def reached(state):
                if state.armed and state.mode == "AUTO" and state.mission_seq not in seen:
                    seen.append(state.mission_seq)
                return state.armed and state.mission_seq > offer.point.seq

            outcome = await field.service.take_off(field.vehicle, 20.0)
            for _ in range(20):
                if outcome.ok:
                    break
                await asyncio.sleep(1.0)
                outcome = await field.service.take_off(field.vehicle, 20.0)
            assert outcome.ok, outcome
            assert await field.wait(lambda s: s.alt_rel_home_m > 15.0, 120)
            assert (await field.service.resume(field.vehicle)).ok
            assert await field.wait(reached, 180), field.state
            assert seen[0] == offer.point.seq, f"flown {seen}"

    asyncio.run(main())
