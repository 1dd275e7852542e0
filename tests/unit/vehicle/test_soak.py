"""The soak's own judgement: what is an aircraft's fault and what the machine's, and that nothing in the field waits for ever."""

import argparse
import asyncio
from collections import Counter

import pytest

from groundstation.core.records import VehicleId
from scripts.soak import STEP_LIMIT_S, Figures, Observed, _figures, busy_minutes, longest_gap_s, run_soak_virtually
from scripts.soak_field import Starvation, change_batteries
from sim.autopilot import Autopilot
from tests.helpers.parked import GROUND_M, LAT, LON
from tests.helpers.virtual_field import run_virtual

OPTIONS = argparse.Namespace(
    aircraft=2, seed=5, speedup=1.0, trouble_s=40.0, loss=0.02, minutes=2.5, stuck_min=6.0, most_mb_h=10.0
)


def _judged(figures, ended_s=1200.0, starved=()):
    return _figures(OPTIONS, Observed({VehicleId(1, 1): figures}, [(0.0, 100.0)], 0.0, ended_s), starved)


def _flown(*whole_s):
    return Figures(cycles=len(whole_s) - 1, attempts=len(whole_s), whole_s=list(whole_s))


def test_time_that_a_process_used_itself_is_not_the_machines():
    starvation = Starvation()
    starvation.note(100.0, wall_s=0.6, cpu_s=0.5)
    assert starvation.by_minute_s == Counter()
    starvation.note(80.0, wall_s=0.6, cpu_s=0.1)
    starvation.note(170.0, wall_s=1.1, cpu_s=0.0)
    assert starvation.by_minute_s == {1: pytest.approx(0.4), 2: pytest.approx(1.0)}


def test_a_busy_minute_is_taken_from_a_gap_and_a_quiet_one_is_not():
    busy = busy_minutes([{2: 10.0, 3: 0.5}, {3: 4.0, 9: 50.0}], 60.0, 400.0)
    assert busy == {2, 3}
    assert longest_gap_s([(100.0, 110.0), (110.0, 290.0)], busy) == pytest.approx(10.0 + 50.0)


def test_an_aircraft_without_a_cycle_is_stuck_and_one_with_cycles_is_not():
    assert _judged(_flown(0.0, 200.0, 500.0, 800.0, 1100.0))["ok"]
    (problem,) = _judged(_flown(0.0, 200.0, 700.0, 1100.0))["problems"]
    assert "aircraft 1 got stuck: no whole cycle for 8.3 min" in problem
    (problem,) = _judged(_flown(0.0))["problems"]
    assert "stuck" in problem


def test_a_machine_without_time_is_named_and_not_the_aircraft():
    starved = [dict.fromkeys(range(4, 12), 20.0)]
    (problem,) = _judged(_flown(0.0, 200.0, 700.0, 1000.0), starved=starved)["problems"]
    assert "the machine was too busy in 8 of 20 min" in problem


def test_a_step_that_does_not_end_is_stuck_however_many_cycles_there_are():
    figures = _flown(0.0, 300.0, 600.0, 900.0)
    figures.begin("upload", 1200.0 - STEP_LIMIT_S - 1.0)
    (problem,) = _judged(figures)["problems"]
    assert "upload lasted" in problem


def test_the_crew_changes_an_empty_battery_on_the_ground_only():
    async def main(clock):
        autopilot = Autopilot(LAT, LON, lambda lat, lon: GROUND_M, start_utc_us=clock.utc_us())
        counts = Counter()
        crew = asyncio.create_task(change_batteries([autopilot], counts))
        await asyncio.sleep(30.0)
        assert not counts
        for second in range(40):
            autopilot.battery.step(float(second), 1e6, True, 0.0, 10.0)
        assert autopilot.battery.failsafe
        autopilot.flight.landed = False
        await asyncio.sleep(30.0)
        assert not counts, "nobody changes a battery in the air"
        autopilot.flight.landed = True
        await asyncio.sleep(10.0)
        assert counts == {"batteries changed": 1}
        assert not autopilot.battery.failsafe
        crew.cancel()

    run_virtual(main)


def test_some_minutes_with_losses_and_restarts():
    result = run_soak_virtually(OPTIONS)
    assert result["ok"], result
    assert set(result["cycles"]) == {"1", "2"}
    assert all(took_s < 120.0 for took_s in result["longest_step_s"].values()), result["longest_step_s"]
