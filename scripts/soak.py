"""Soak: a station and several simulated aircraft for hours, over links that lose packets and break, with restarts.

Each aircraft is given a plan, flies it, is called home, lands, and gets the next plan, again and again. Told at the end, and
as JSON with ``--json``: cycles flown and what went wrong on the way, the longest time without a whole cycle, the longest
single step, and how the memory of the station's process grew. Exit code 1 when

* an aircraft got stuck: a step outlasted :data:`STEP_LIMIT_S`, or no whole cycle within ``--stuck-min``;
* the memory grew by more than ``--most-mb-h`` per hour (judged from 20 minutes on);
* the machine was too busy for the figures to say anything. A station that cannot show that its link is quick refuses to
  arm, and rightly so. Both processes therefore measure how long they wanted to run and were not let; minutes in which that
  was :data:`BUSY_S` or more count as the machine's, not as an aircraft's.

On the ground a crew changes an empty battery, which the aircraft feels as a restart.

    python scripts/soak.py --minutes 120

With ``--virtual`` station and aircraft run in one process on a clock that jumps: the same flights without sockets, as fast
as the machine can, whatever else it is doing. The memory told is then that of both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import VehicleId, VehicleState
from groundstation.link.open import open_link
from groundstation.vehicle.safety_parts import safety_parts
from groundstation.vehicle.service import VehicleService
from missions.codec import degrees_e7
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan, RallyPoint
from scripts.soak_field import (
    APART_DEG,
    GROUND_M,
    LAT,
    LON,
    Starvation,
    add_arguments,
    change_batteries,
    make_aircraft,
    make_trouble,
)

_JUDGE_FROM_S = 1200.0
_METRES_PER_DEGREE = 111_200.0
_FIELD = Path(__file__).with_name("soak_field.py")
STEP_LIMIT_S = 300.0
"""No step of a cycle may last longer, whatever happens: each has its own deadline below this."""
BUSY_S = 3.0
"""A minute in which a process was not let run for so long is the machine's."""
_MOST_BUSY = 0.1


@dataclass
class Figures:
    """What happened to one aircraft."""

    cycles: int = 0
    attempts: int = 0
    whole_s: list[float] = field(default_factory=list)
    """When it began, and when each whole cycle ended."""
    step: str = ""
    step_begun_s: float = 0.0
    longest_step_s: dict[str, float] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)

    def begin(self, step: str, now_s: float) -> None:
        """The step before has ended, and this one begins."""
        self.end(now_s)
        self.step, self.step_begun_s = step, now_s

    def end(self, now_s: float) -> None:
        """The running step has ended."""
        if self.step:
            took_s = now_s - self.step_begun_s
            self.longest_step_s[self.step] = max(self.longest_step_s.get(self.step, 0.0), took_s)

    def gaps_s(self, now_s: float) -> list[tuple[float, float]]:
        """From when to when there was no whole cycle."""
        return list(pairwise((*self.whole_s, now_s)))


class _FailedError(Exception):
    """A step of a cycle did not succeed; the next cycle begins from whatever is so."""


def plan_for(number: int, cycle: int) -> Plan:
    """A patrol of changing size around the launch point of an aircraft."""
    lat, lon = LAT + (number - 1) * APART_DEG, LON

    def around(north_m: float, east_m: float) -> tuple[float, float]:
        east_deg = east_m / (_METRES_PER_DEGREE * math.cos(math.radians(lat)))
        return lat + north_m / _METRES_PER_DEGREE, lon + east_deg

    side_m = 40.0 + 10.0 * (cycle % 4)
    corners = ((side_m, 0.0), (side_m, side_m), (0.0, side_m))
    places = [around(n, e) for n, e in corners for _ in range(1 + cycle % 3)]
    items = [MissionItem(16, 3, x=degrees_e7(a), y=degrees_e7(b), z=40.0) for a, b in places]
    edge = tuple(around(n, e) for n, e in ((-600, -600), (-600, 600), (600, 600), (600, -600)))
    rally = around(10.0, 10.0)
    return Plan(
        f"cycle {cycle}", lat, lon, GROUND_M, (MissionItem(22, 3, z=30.0), *items, MissionItem(20, 0)),
        FencePlan((FencePolygon("stay in", edge),), (), alt_max_rel_home_m=250.0), (RallyPoint(*rally, 30.0),),
    )  # fmt: skip


async def fly(service: VehicleService, vehicle: VehicleId, figures: Figures, time_s: Callable[[], float]) -> None:
    """Cycle after cycle, until cancelled."""
    figures.whole_s.append(time_s())
    while True:
        figures.attempts += 1
        try:
            await _cycle(service, vehicle, figures, time_s)
        except _FailedError as failure:
            figures.failures[f"{figures.step}: {failure}"[:100]] += 1
            figures.begin("after a failure", time_s())
            await asyncio.sleep(1.0)
            continue
        figures.cycles += 1
        figures.whole_s.append(time_s())


async def _cycle(service: VehicleService, vehicle: VehicleId, figures: Figures, time_s: Callable[[], float]) -> None:
    def ready(state: VehicleState) -> bool:
        return state.link_alive and state.position_ok and state.gps_fix_type >= 3

    def step(name: str) -> None:
        figures.begin(name, time_s())

    async def until(name: str, condition: Any, most_s: float) -> None:
        step(name)
        if not await service.wait_for_state(vehicle, condition, most_s):
            raise _FailedError("not in time")

    async def home() -> None:
        step("return")
        outcome = await service.return_to_launch(vehicle)
        if not outcome.ok:
            raise _FailedError(outcome.reason)

    await until("position", ready, 60.0)
    if service.state(vehicle).armed:
        await home()
    await until("landed", lambda s: not s.armed, 90.0)
    step("upload")
    status = await service.upload_plan(vehicle, plan_for(vehicle.system_id, figures.attempts))
    if status.phase != "in_force":
        raise _FailedError(status.detail.split(";")[0])
    step("start")
    outcome = await service.start_mission(vehicle)
    if not outcome.ok:
        raise _FailedError(outcome.reason)
    await until("flight", lambda s: s.mission_seq >= 2 or not s.armed or s.mode != "AUTO", 60.0)
    if figures.attempts % 2:
        step("pause")
        if (await service.pause(vehicle)).ok:
            step("resume")
            outcome = await service.resume(vehicle)
            if not outcome.ok:
                raise _FailedError(outcome.reason)
    await home()
    await until("landing", lambda s: not s.armed, 90.0)


def resident_mb() -> float:
    """Memory of this process, without what is swapped out."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def slope_mb_h(samples: Sequence[tuple[float, float]]) -> float:
    """Least squares over the last two thirds of ``(seconds, megabytes)``: the first third is for warming up."""
    late = samples[len(samples) // 3 :]
    if len(late) < 3:
        return 0.0
    mean_t = sum(t for t, _ in late) / len(late)
    mean_m = sum(mb for _, mb in late) / len(late)
    spread = sum((t - mean_t) ** 2 for t, _ in late)
    return sum((t - mean_t) * (mb - mean_m) for t, mb in late) / spread * 3600.0 if spread else 0.0


async def soak(options: argparse.Namespace) -> dict[str, Any]:
    """Run it; the figures."""
    arguments = [
        "--aircraft", str(options.aircraft), "--seed", str(options.seed), "--speedup", f"{options.speedup:g}",
        "--trouble-s", f"{options.trouble_s:g}",
    ]  # fmt: skip
    served = await asyncio.create_subprocess_exec(
        sys.executable, str(_FIELD), *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert served.stdout is not None
    assert served.stdin is not None
    try:
        ports = json.loads(await asyncio.wait_for(served.stdout.readline(), 60.0))
        words = f"?loss={options.loss:g}&seed={options.seed}&delay_ms=30"
        clock = SystemClock()
        links = [open_link(f"tcp+lossy+delay://127.0.0.1:{port}{words}", clock) for port in ports]
        service = VehicleService(Bus(), links, clock, lambda plan: [], parts=safety_parts(None))
        await service.start()
        starvation = Starvation()
        watching = asyncio.create_task(starvation.watch())
        try:
            observed = await _observe(options, service, time.monotonic)
        finally:
            watching.cancel()
            await service.stop()
        served.stdin.close()
        told = json.loads(await asyncio.wait_for(served.stdout.readline(), 20.0))
        starved = [starvation.by_minute_s, {int(minute): s for minute, s in told["starved_s"].items()}]
        return {**_figures(options, observed, starved), "trouble": told["trouble"]}
    finally:
        if served.returncode is None:
            served.stdin.close()
            try:
                await asyncio.wait_for(served.wait(), 10.0)
            except TimeoutError:
                served.kill()
                await served.wait()


async def soak_virtually(options: argparse.Namespace, clock: Any) -> dict[str, Any]:
    """Run it on a clock that jumps; the figures."""
    from groundstation.link.base import Impairment, Link
    from tests.helpers.virtual_field import DirectTransport

    aircraft = make_aircraft(options, clock.utc_us())
    transport, counts = DirectTransport(aircraft, clock), Counter[str]()
    link = Link("direct", transport, clock, impairment=Impairment(loss=options.loss, delay_s=0.03, seed=options.seed))
    service = VehicleService(Bus(), [link], clock, lambda plan: [], parts=safety_parts(None))

    def cut(_: int) -> None:
        transport.connected = False
        asyncio.get_running_loop().call_later(2.0, setattr, transport, "connected", True)

    await service.start()
    beside = [
        asyncio.create_task(make_trouble(options, random.Random(options.seed), aircraft, cut, counts)),
        asyncio.create_task(change_batteries(aircraft, counts)),
    ]
    try:
        observed = await _observe(options, service, lambda: clock.mono_ns() / 1e9)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await service.stop()
    return {**_figures(options, observed, ()), "trouble": dict(counts)}


@dataclass(frozen=True)
class Observed:
    """What a run gave, before it is judged; times by the run's own clock."""

    figures: Mapping[VehicleId, Figures]
    samples: Sequence[tuple[float, float]]
    began_s: float
    ended_s: float


async def _observe(options: argparse.Namespace, service: VehicleService, time_s: Callable[[], float]) -> Observed:
    vehicles = [VehicleId(number + 1, 1) for number in range(options.aircraft)]
    began_s = time_s()
    feeder = asyncio.create_task(_feed(service))
    figures = {vehicle: Figures() for vehicle in vehicles}
    try:
        while set(service.vehicle_ids) < set(vehicles):
            await asyncio.sleep(0.1)
            if time_s() - began_s > 30:
                raise SystemExit(f"only {len(service.vehicle_ids)} of {len(vehicles)} aircraft are heard")
        flights = [asyncio.create_task(fly(service, v, figures[v], time_s)) for v in vehicles]
        try:
            samples = await _sample(options, figures, flights, time_s)
        finally:
            for flight in flights:
                flight.cancel()
            await asyncio.gather(*flights, return_exceptions=True)
    finally:
        feeder.cancel()
        await asyncio.gather(feeder, return_exceptions=True)
    return Observed(figures, samples, began_s, time_s())


async def _feed(service: VehicleService) -> None:
    while True:
        service.feed_watchdog()
        await asyncio.sleep(0.5)


async def _sample(
    options: argparse.Namespace,
    figures: dict[VehicleId, Figures],
    flights: Sequence[asyncio.Task[None]],
    time_s: Callable[[], float],
) -> list[tuple[float, float]]:
    samples: list[tuple[float, float]] = []
    next_told_s, began_s = 60.0, time_s()
    while (ran_s := time_s() - began_s) < options.minutes * 60.0:
        await asyncio.sleep(2.0)
        for flight in flights:
            if flight.done():
                flight.result()  # a defect of ours: raise it
        samples.append((ran_s, resident_mb()))
        if ran_s >= next_told_s:
            next_told_s += 60.0
            cycles = " ".join(f"{v.system_id}:{f.cycles}/{f.attempts}({f.step})" for v, f in figures.items())
            tasks = len(asyncio.all_tasks())
            print(
                f"{ran_s / 60:5.1f} min  {samples[-1][1]:6.1f} MB  {tasks} tasks  {cycles}", file=sys.stderr, flush=True
            )
    return samples


def busy_minutes(starved: Sequence[Mapping[int, float]], began_s: float, ended_s: float) -> set[int]:
    """The minutes of the monotonic clock in which one of the processes was not let run for :data:`BUSY_S` or more."""
    minutes = range(int(began_s // 60.0), int(ended_s // 60.0) + 1)
    return {m for m in minutes if any(s.get(m, 0.0) >= BUSY_S for s in starved)}


def longest_gap_s(gaps_s: Sequence[tuple[float, float]], busy: set[int]) -> float:
    """The longest of them, without the minutes that were the machine's."""

    def counted(start_s: float, end_s: float) -> float:
        lost = (min(end_s, (m + 1) * 60.0) - max(start_s, m * 60.0) for m in busy)
        return end_s - start_s - sum(max(0.0, s) for s in lost)

    return max((counted(a, b) for a, b in gaps_s), default=0.0)


def _figures(options: argparse.Namespace, observed: Observed, starved: Sequence[Mapping[int, float]]) -> dict[str, Any]:
    figures, samples, began_s, now_s = observed.figures, observed.samples, observed.began_s, observed.ended_s
    ran_s = now_s - began_s
    busy = busy_minutes(starved, began_s, now_s)
    problems, longest_step_s, failures = [], dict[str, float](), Counter[str]()
    for vehicle, each in figures.items():
        each.end(now_s)
        failures += each.failures
        without_s = longest_gap_s(each.gaps_s(now_s), busy)
        if without_s > options.stuck_min * 60.0:
            problems.append(f"aircraft {vehicle.system_id} got stuck: no whole cycle for {without_s / 60.0:.1f} min")
        elif not each.cycles:
            problems.append(f"aircraft {vehicle.system_id} has flown no whole cycle")
        for step, took_s in each.longest_step_s.items():
            longest_step_s[step] = max(longest_step_s.get(step, 0.0), round(took_s, 1))
            if took_s > STEP_LIMIT_S:
                problems.append(f"aircraft {vehicle.system_id} got stuck: {step} lasted {took_s / 60.0:.1f} min")
    growth = slope_mb_h(samples)
    if ran_s >= _JUDGE_FROM_S and growth > options.most_mb_h:
        problems.append(f"memory grew by {growth:.1f} MB/h")
    if len(busy) > _MOST_BUSY * max(1.0, ran_s / 60.0):
        problems.append(f"the machine was too busy in {len(busy)} of {ran_s / 60.0:.0f} min: run it on a quiet one")
    return {
        "ok": not problems,
        "problems": problems,
        "minutes": round(ran_s / 60.0, 1),
        "aircraft": len(figures),
        "cycles": {str(v.system_id): f.cycles for v, f in figures.items()},
        "attempts": {str(v.system_id): f.attempts for v, f in figures.items()},
        "longest_without_a_cycle_s": {
            str(v.system_id): round(max(b - a for a, b in f.gaps_s(now_s)), 1) for v, f in figures.items()
        },
        "longest_step_s": longest_step_s,
        "minutes_of_a_busy_machine": len(busy),
        "starved_s": [round(sum(s.values()), 1) for s in starved],
        "memory_first_mb": round(samples[0][1], 1) if samples else None,
        "memory_last_mb": round(samples[-1][1], 1) if samples else None,
        "memory_slope_mb_h": round(growth, 2),
        "cpu_s": round(time.process_time(), 1),
        "failures": dict(failures.most_common(20)),
    }


def run_soak_virtually(options: argparse.Namespace) -> dict[str, Any]:
    """:func:`soak_virtually` on an event loop of its own."""
    from tests.helpers.virtual_field import run_virtual

    results: list[dict[str, Any]] = []

    async def body(clock: Any) -> None:
        results.append(await soak_virtually(options, clock))

    run_virtual(body, limit_s=options.minutes * 60.0 + 600.0)
    return results[0]


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=120.0)
    add_arguments(parser)
    parser.add_argument("--loss", type=float, default=0.02, help="fraction of packets lost, each way")
    parser.add_argument(
        "--stuck-min", type=float, default=6.0, help="an aircraft without a whole cycle so long is stuck"
    )
    parser.add_argument("--most-mb-h", type=float, default=10.0, help="memory may grow so much")
    parser.add_argument("--virtual", action="store_true", help="on a clock that jumps, without sockets")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    result = run_soak_virtually(options) if options.virtual else asyncio.run(soak(options))
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        for key, value in result.items():
            print(f"{key}: {value}")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
