"""Soak: a station and several simulated aircraft for hours, over links that lose packets and break, with restarts.

Each aircraft is given a plan, flies it, is called home, lands, and gets the next plan, again and again. Told at the end, and
as JSON with ``--json``: cycles flown and what went wrong on the way, the longest time without a whole cycle, and how the
memory of the station's process grew. Exit code 1 when an aircraft got stuck (no whole cycle within ``--stuck-min``) or when
the memory grew by more than ``--most-mb-h`` per hour (judged from 20 minutes on).

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from sim.autopilot import Autopilot
from sim.server import MavlinkServer, parse_mavlink_url

LAT, LON, GROUND_M = 49.0, 20.0, 300.0
_APART_DEG = 0.05
_JUDGE_FROM_S = 1200.0
_METRES_PER_DEGREE = 111_200.0


def make_aircraft(options: argparse.Namespace, start_utc_us: int) -> list[Autopilot]:
    """So many, far enough apart, numbered from 1; they come home when the station is lost."""
    return [
        Autopilot(
            LAT + number * _APART_DEG, LON, lambda lat, lon: GROUND_M, start_utc_us=start_utc_us,
            seed=options.seed + number, parameters={"SYSID_THISMAV": float(number + 1), "FS_GCS_ENABLE": 1.0},
        )
        for number in range(options.aircraft)
    ]  # fmt: skip


# -- the aircraft, in a process of their own ------------------------------------------------------------------------


async def serve(options: argparse.Namespace) -> None:
    """Aircraft behind TCP servers; the ports as one line of JSON. Restarts and broken connections by chance."""
    rng = random.Random(options.seed)
    autopilots, servers = make_aircraft(options, time.time_ns() // 1000), []
    for autopilot in autopilots:
        server = MavlinkServer(autopilot, [parse_mavlink_url("tcpin://127.0.0.1:0")], speedup=options.speedup)
        await server.open()
        servers.append(server)
    stop = asyncio.Event()
    runners = [asyncio.create_task(server.run(stop)) for server in servers]
    print(json.dumps([server.addresses[0].port for server in servers]), flush=True)
    counts: Counter[str] = Counter()

    def cut(number: int) -> None:
        for peer in list(servers[number].tcp_peers):
            peer.close()

    trouble = asyncio.create_task(_trouble(options, rng, autopilots, cut, counts))
    # The station's end of the pipe tells when to end, also by its death.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    trouble.cancel()
    stop.set()
    await asyncio.gather(*runners)
    for server in servers:
        await server.close()
    print(json.dumps(counts), flush=True)


async def _trouble(
    options: argparse.Namespace,
    rng: random.Random,
    autopilots: Sequence[Autopilot],
    cut: Callable[[int], None],
    counts: Counter[str],
) -> None:
    while True:
        await asyncio.sleep(rng.expovariate(1.0 / options.trouble_s))
        number = rng.randrange(len(autopilots))
        if rng.random() < 0.5:
            airborne = not autopilots[number].flight.landed
            autopilots[number].reboot()
            counts["restarts in the air" if airborne else "restarts on the ground"] += 1
        else:
            cut(number)
            counts["connections broken"] += 1


# -- the station ----------------------------------------------------------------------------------------------------


@dataclass
class Figures:
    """What happened to one aircraft."""

    cycles: int = 0
    attempts: int = 0
    last_whole_s: float = 0.0
    longest_s: float = 0.0
    step: str = ""
    failures: Counter[str] = field(default_factory=Counter)


class _FailedError(Exception):
    """A step of a cycle did not succeed; the next cycle begins from whatever is so."""


def plan_for(number: int, cycle: int) -> Plan:
    """A patrol of changing size around the launch point of an aircraft."""
    lat, lon = LAT + (number - 1) * _APART_DEG, LON

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
    figures.last_whole_s = time_s()
    while True:
        figures.attempts += 1
        try:
            await _cycle(service, vehicle, figures)
        except _FailedError as failure:
            figures.failures[f"{figures.step}: {failure}"[:100]] += 1
            await asyncio.sleep(1.0)
            continue
        now_s = time_s()
        figures.cycles += 1
        figures.longest_s = max(figures.longest_s, now_s - figures.last_whole_s)
        figures.last_whole_s = now_s


async def _cycle(service: VehicleService, vehicle: VehicleId, figures: Figures) -> None:
    def ready(state: VehicleState) -> bool:
        return state.link_alive and state.position_ok and state.gps_fix_type >= 3

    async def until(step: str, condition: Any, most_s: float) -> None:
        figures.step = step
        if not await service.wait_for_state(vehicle, condition, most_s):
            raise _FailedError("not in time")

    await until("position", ready, 60.0)
    if service.state(vehicle).armed:
        await _home(service, vehicle, figures)
    await until("landed", lambda s: not s.armed, 90.0)
    figures.step = "upload"
    status = await service.upload_plan(vehicle, plan_for(vehicle.system_id, figures.attempts))
    if status.phase != "in_force":
        raise _FailedError(status.detail.split(";")[0])
    figures.step = "start"
    outcome = await service.start_mission(vehicle)
    if not outcome.ok:
        raise _FailedError(outcome.reason)
    await until("flight", lambda s: s.mission_seq >= 2 or not s.armed or s.mode != "AUTO", 60.0)
    if figures.attempts % 2:
        figures.step = "pause"
        if (await service.pause(vehicle)).ok:
            figures.step = "resume"
            outcome = await service.resume(vehicle)
            if not outcome.ok:
                raise _FailedError(outcome.reason)
    await _home(service, vehicle, figures)
    await until("landing", lambda s: not s.armed, 90.0)


async def _home(service: VehicleService, vehicle: VehicleId, figures: Figures) -> None:
    figures.step = "return"
    outcome = await service.return_to_launch(vehicle)
    if not outcome.ok:
        raise _FailedError(outcome.reason)


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
        "--serve", "--aircraft", str(options.aircraft), "--seed", str(options.seed), "--speedup", f"{options.speedup:g}",
        "--trouble-s", f"{options.trouble_s:g}",
    ]  # fmt: skip
    served = await asyncio.create_subprocess_exec(
        sys.executable, __file__, *arguments, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
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
        try:
            result = await _observe(options, service, time.monotonic)
        finally:
            await service.stop()
        served.stdin.close()
        result["trouble"] = json.loads(await asyncio.wait_for(served.stdout.readline(), 20.0))
        return result
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
    trouble = asyncio.create_task(_trouble(options, random.Random(options.seed), aircraft, cut, counts))
    try:
        result = await _observe(options, service, lambda: clock.mono_ns() / 1e9)
    finally:
        trouble.cancel()
        await asyncio.gather(trouble, return_exceptions=True)
        await service.stop()
    return {**result, "trouble": dict(counts)}


async def _observe(options: argparse.Namespace, service: VehicleService, time_s: Callable[[], float]) -> dict[str, Any]:
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
    return _figures(options, figures, samples, began_s, time_s())


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


def _figures(
    options: argparse.Namespace,
    figures: dict[VehicleId, Figures],
    samples: list[tuple[float, float]],
    began_s: float,
    now_s: float,
) -> dict[str, Any]:
    ran_s = now_s - began_s
    for each in figures.values():
        each.longest_s = max(each.longest_s, now_s - each.last_whole_s)
    growth = slope_mb_h(samples)
    stuck = [v.system_id for v, f in figures.items() if f.longest_s > options.stuck_min * 60.0 or not f.cycles]
    problems = [f"aircraft {number} got stuck" for number in stuck]
    if ran_s >= _JUDGE_FROM_S and growth > options.most_mb_h:
        problems.append(f"memory grew by {growth:.1f} MB/h")
    failures: Counter[str] = Counter()
    for each in figures.values():
        failures += each.failures
    return {
        "ok": not problems,
        "problems": problems,
        "minutes": round(ran_s / 60.0, 1),
        "aircraft": len(figures),
        "cycles": {str(v.system_id): f.cycles for v, f in figures.items()},
        "attempts": {str(v.system_id): f.attempts for v, f in figures.items()},
        "longest_without_a_cycle_s": {str(v.system_id): round(f.longest_s, 1) for v, f in figures.items()},
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
    parser.add_argument("--aircraft", type=int, default=4)
    parser.add_argument("--loss", type=float, default=0.02, help="fraction of packets lost, each way")
    parser.add_argument(
        "--trouble-s", type=float, default=45.0, help="a restart or a broken connection so often, on average"
    )
    parser.add_argument("--speedup", type=float, default=4.0, help="how fast the aircraft's time runs")
    parser.add_argument(
        "--stuck-min", type=float, default=6.0, help="an aircraft without a whole cycle so long is stuck"
    )
    parser.add_argument("--most-mb-h", type=float, default=10.0, help="memory may grow so much")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--virtual", action="store_true", help="on a clock that jumps, without sockets")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)
    if options.serve:
        asyncio.run(serve(options))
        return 0
    result = run_soak_virtually(options) if options.virtual else asyncio.run(soak(options))
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        for key, value in result.items():
            print(f"{key}: {value}")
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
