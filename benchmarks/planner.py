"""How long the planner takes: a 100 km border with 20 stretches, 6 launch points and 12 aircraft, on two cores.

``python benchmarks/planner.py`` prints one JSON object: seconds of the split and the schedule, of the plans' items, and
what was found; and the wall time of the whole command ``groundstation plan make`` for the same request, with its start, the
checks and the promises (``command_s``, best and worst of three). ``--short`` does the same for 20 km and 4 aircraft.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from geofences.area import Area, BorderLine, NamedPoint, Zone, area_text
from geofences.geodesy import LocalFrame
from missions.performance import KNOWN
from missions.planner.demand import Demand, Stretch
from missions.planner.fleet import Fleet, Group, LaunchPoint, Way
from missions.planner.plans import plans_of
from missions.planner.watch import Watch, plan_watch

_FRAME = LocalFrame(47.0, 12.0)


def scene(
    length_m: float, stretches: int, launches: int, seed: int = 5
) -> tuple[Area, Demand, tuple[LaunchPoint, ...]]:
    """A winding border from west to east, our side in the south, demands from 15 to 60 minutes."""
    rng = np.random.default_rng(seed)
    x = np.arange(0.0, length_m + 1.0, 250.0) - 0.5 * length_m
    y = 900.0 * np.sin(x / 4100.0) + 300.0 * np.sin(x / 1300.0 + 1.0)

    def points(en: np.ndarray) -> tuple[tuple[float, float], ...]:
        lat, lon = _FRAME.from_plane(en)
        return tuple(zip(lat.tolist(), lon.tolist(), strict=True))

    border = BorderLine(points(np.stack([x, y], axis=-1)), "Norland", "Sudmark", "Sudmark")
    half = 0.5 * length_m + 3000.0
    room = Zone("room", points(np.array([[-half, 4000.0], [half, 4000.0], [half, -6000.0], [-half, -6000.0]])))
    places = (np.arange(launches) + 0.5) / launches * length_m - 0.5 * length_m
    sites = points(np.stack([places, np.interp(places, x, y) - rng.uniform(800.0, 2500.0, launches)], axis=-1))
    starts = tuple(LaunchPoint(f"L{k + 1}", lat, lon) for k, (lat, lon) in enumerate(sites))
    edges = np.linspace(0.0, length_m * 0.999, stretches + 1)
    gaps = rng.choice([900.0, 1200.0, 1800.0, 2700.0, 3600.0], stretches)
    asked = tuple(
        Stretch(f"S{k + 1}", float(edges[k]), float(edges[k + 1]), float(gaps[k]), float(rng.choice([1.0, 1.0, 2.0])))
        for k in range(stretches)
    )
    launch = NamedPoint("L1", sites[0][0], sites[0][1])
    return Area(border, (room,), (), launch, ()), Demand(asked), starts


def request_text(demand: Demand, count: int) -> str:
    """The same as a patrol request (docs/planning.md), its area in ``area.geojson``."""
    wind = "from_deg = 303.7\nspeed_m_s = 3.6"
    lines = [
        f'pattern = "watch"\narea = "area.geojson"\n[watch]\nhours = 8.0\n[wind]\n{wind}',
        "[flight]\nheight_agl_m = 150.0\nstandoff_m = 150.0",
        f'[[aircraft]]\ntype = "plane"\ncount = {count // 2}',
        f'[[aircraft]]\ntype = "long_quadcopter"\ncount = {count - count // 2}',
    ]
    lines += [
        f'[[stretch]]\nname = "{s.name}"\nfrom_m = {s.from_m}\nto_m = {s.to_m}\nmax_gap_s = {s.max_gap_s}\n'
        f"priority = {s.priority}"
        for s in demand.stretches
    ]
    return "\n".join(lines) + "\n"


def commanded(area: Area, demand: Demand, starts: tuple[LaunchPoint, ...], count: int) -> list[float]:
    """Seconds of the command, three times; an answer that is no plan ends the benchmark."""
    launches = tuple(NamedPoint(p.name, p.lat_deg, p.lon_deg) for p in starts)
    seconds = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "area.geojson").write_text(area_text(replace(area, launch=launches[0], launches=launches)))
        (folder / "request.toml").write_text(request_text(demand, count))
        make = [sys.executable, "-m", "groundstation.app.main", "plan", "make", str(folder / "request.toml")]
        for _ in range(3):
            begin = time.perf_counter()
            done = subprocess.run(
                [*make, "-o", str(folder / "patrol.plan"), "--json", "--write-anyway"], capture_output=True, check=False
            )
            seconds.append(time.perf_counter() - begin)
            # 1: the demand of this benchmark is more than the fleet can meet.
            if done.returncode not in (0, 1) or not json.loads(done.stdout)["written"]:
                raise SystemExit(done.stderr.decode())
    return seconds


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    length, stretches, launches, count = (20_000.0, 5, 2, 4) if options.short else (100_000.0, 20, 6, 12)
    area, demand, starts = scene(length, stretches, launches)
    groups = (Group(KNOWN["plane"], count // 2), Group(KNOWN["long_quadcopter"], count - count // 2))
    fleet = Fleet(groups, starts, (3.0, -2.0), Way(standoff_m=150.0, height_agl_m=150.0))
    begin, cpu = time.perf_counter(), time.process_time()
    solution = plan_watch(area, demand, fleet, Watch())
    split_s, split_cpu_s = time.perf_counter() - begin, time.process_time() - cpu
    begin, cpu = time.perf_counter(), time.process_time()
    plans = plans_of(solution, area, None, fleet)
    plans_s, plans_cpu_s = time.perf_counter() - begin, time.process_time() - cpu
    command_s = commanded(area, demand, starts, count)
    result = {
        "command_s": [round(min(command_s), 2), round(max(command_s), 2)],
        "border_km": length / 1000.0,
        "stretches": stretches,
        "launches": launches,
        "aircraft": count,
        "split_s": round(split_s, 3),
        "split_cpu_s": round(split_cpu_s, 3),
        "plans_s": round(plans_s, 3),
        "plans_cpu_s": round(plans_cpu_s, 3),
        "whole_s": round(split_s + plans_s, 3),
        "items": [len(p.plan.items) for p in plans],
        "battery_left": [round(p.time.battery_left, 3) for p in plans],
        "flight_time_by_model": [
            round(p.time.airborne_s / (p.patrol.out_s + p.laps * p.patrol.lap_s + p.patrol.home_s), 3) for p in plans
        ],
        "met": solution.met,
        "worst_ratio": round(solution.worst_ratio, 3),
        "patrols": len(solution.patrols),
        "aircraft_needed": solution.aircraft_needed,
        "advice": [a.text for a in solution.advice],
    }
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
