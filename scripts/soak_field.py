"""The field of the soak (scripts/soak.py): aircraft behind TCP servers, what goes wrong there by chance, and the crew.

``python scripts/soak_field.py OPTIONS`` serves until its standard input is closed. The first line on stdout is a JSON list of
ports, one for each aircraft; the last one is what happened.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sim.autopilot import Autopilot
from sim.server import MavlinkServer, parse_mavlink_url

LAT, LON, GROUND_M = 49.0, 20.0, 300.0
APART_DEG = 0.05
_CREW_LOOKS_S = 1.0
_CHANGE_S = 5.0
_SAMPLE_S = 0.1


class Starvation:
    """How long this process wanted to run and was not let, minute by minute of the machine's monotonic clock.

    A loop that is late because it was busy itself has used CPU time meanwhile, and is not counted here.
    """

    def __init__(self) -> None:
        self.by_minute_s: Counter[int] = Counter()

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            wall_s, cpu_s = time.monotonic(), time.process_time()
            await asyncio.sleep(_SAMPLE_S)
            now_s = time.monotonic()
            self.note(now_s, now_s - wall_s, time.process_time() - cpu_s)

    def note(self, now_s: float, wall_s: float, cpu_s: float) -> None:
        """A sleep of :data:`_SAMPLE_S` took ``wall_s``, in which the process ran for ``cpu_s``."""
        starved_s = wall_s - _SAMPLE_S - cpu_s
        if starved_s > 0.0:
            self.by_minute_s[int(now_s // 60.0)] += starved_s  # type: ignore[assignment]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the field needs to be told."""
    parser.add_argument("--aircraft", type=int, default=4)
    parser.add_argument(
        "--trouble-s", type=float, default=45.0, help="a restart or a broken connection so often, on average"
    )
    parser.add_argument("--speedup", type=float, default=4.0, help="how fast the aircraft's time runs")
    parser.add_argument("--seed", type=int, default=1)


def make_aircraft(options: argparse.Namespace, start_utc_us: int) -> list[Autopilot]:
    """So many, far enough apart, numbered from 1; they come home when the station is lost."""
    return [
        Autopilot(
            LAT + number * APART_DEG, LON, lambda lat, lon: GROUND_M, start_utc_us=start_utc_us,
            seed=options.seed + number, parameters={"SYSID_THISMAV": float(number + 1), "FS_GCS_ENABLE": 1.0},
        )
        for number in range(options.aircraft)
    ]  # fmt: skip


async def make_trouble(
    options: argparse.Namespace,
    rng: random.Random,
    autopilots: Sequence[Autopilot],
    cut: Callable[[int], None],
    counts: Counter[str],
) -> None:
    """Restarts and broken connections by chance, until cancelled."""
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


async def change_batteries(autopilots: Sequence[Autopilot], counts: Counter[str]) -> None:
    """The crew on the ground, until cancelled: an aircraft that has landed with an empty battery gets a full one.

    Without it an aircraft whose battery is empty refuses to arm, for ever and rightly so.
    """
    waiting: Counter[int] = Counter()
    while True:
        await asyncio.sleep(_CREW_LOOKS_S)
        for number, autopilot in enumerate(autopilots):
            flight = autopilot.flight
            if not (autopilot.battery.failsafe and flight.landed and not flight.armed):
                waiting[number] = 0
                continue
            waiting[number] += 1
            if waiting[number] * _CREW_LOOKS_S >= _CHANGE_S:
                waiting[number] = 0
                autopilot.reboot()
                counts["batteries changed"] += 1


async def serve(options: argparse.Namespace) -> None:
    """The aircraft, until the other end of the standard input is gone."""
    rng = random.Random(options.seed)
    autopilots, servers = make_aircraft(options, time.time_ns() // 1000), []
    for autopilot in autopilots:
        server = MavlinkServer(autopilot, [parse_mavlink_url("tcpin://127.0.0.1:0")], speedup=options.speedup)
        await server.open()
        servers.append(server)
    stop = asyncio.Event()
    starvation, counts = Starvation(), Counter[str]()

    def cut(number: int) -> None:
        for peer in list(servers[number].tcp_peers):
            peer.close()

    flying = [asyncio.create_task(server.run(stop)) for server in servers]
    beside = [
        asyncio.create_task(make_trouble(options, rng, autopilots, cut, counts)),
        asyncio.create_task(change_batteries(autopilots, counts)),
        asyncio.create_task(starvation.watch()),
    ]
    print(json.dumps([server.addresses[0].port for server in servers]), flush=True)
    # The station's end of the pipe tells when to end, also by its death.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for task in beside:
        task.cancel()
    stop.set()
    await asyncio.gather(*flying)
    await asyncio.gather(*beside, return_exceptions=True)
    for server in servers:
        await server.close()
    print(json.dumps({"trouble": counts, "starved_s": starvation.by_minute_s}), flush=True)


if __name__ == "__main__":
    _parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_arguments(_parser)
    logging.basicConfig(level=logging.CRITICAL)
    asyncio.run(serve(_parser.parse_args()))
