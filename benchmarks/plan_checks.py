"""How long the fence checks of a plan take: 650 items against fences of 10,000 corners, with the parts and a peer.

``python -m benchmarks.plan_checks``. The peer is what is written first: Shapely's own predicates and distances in a loop over
the straight legs, for the legs and the returns from their ends only; it neither knows turns nor looks between the ends of a
leg for the way home.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from missions.chart import Chart
from missions.checks import CheckLimits, Circumstances, check_plan
from missions.checks.legs import check_fence, stretches
from missions.checks.lists import check_counts, check_items, check_shapes
from missions.checks.returns import check_returns
from missions.checks.room import FenceRoom
from missions.codec import degrees_e7
from missions.flown_path import flown_path
from missions.performance import KNOWN
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan

LAT, LON = 49.0, 22.0
COPTER = KNOWN["quadcopter"]
LIMITS = CheckLimits()


def ring(
    name: str, corners: int, radius_m: float, east_m: float = 0.0, north_m: float = 0.0, rough: float = 0.04
) -> FencePolygon:
    """A ragged outline, as one drawn along a river."""
    rng = np.random.default_rng(corners)
    turn = np.linspace(0.0, 2.0 * math.pi, corners, endpoint=False)
    waves = sum(rough / k * np.sin(k * turn + rng.uniform(0.0, 6.3)) for k in (3, 17, 61, 211))
    reach = radius_m * (1.0 + waves + rng.uniform(-0.0005, 0.0005, corners))
    lat, lon = Chart(LAT, LON).from_map(
        np.stack([east_m + reach * np.cos(turn), north_m + reach * np.sin(turn)], axis=1)
    )
    return FencePolygon(name, tuple(zip(lat.round(7).tolist(), lon.round(7).tolist(), strict=True)))


def make_plan(items: int, corners: int, exclusions: int, clean: bool) -> Plan:
    """A sweep over a place 6 km wide inside a fence; ``clean``: round the exclusions, else across them."""
    fence = FencePlan(
        (ring("stay in", corners - exclusions * 400, 5000.0),),
        tuple(ring(f"out {k}", 400 + k % 2, 120.0, -2400.0 + 600.0 * k, 3700.0 if clean else 900.0) for k in range(exclusions)),
        200.0, 5.0,
    )  # fmt: skip
    lanes = (items - 2) // 2
    spots = [
        (x, -2800.0 + 5600.0 * k / lanes)
        for k in range(lanes)
        for x in ((-2400.0, 2400.0) if k % 2 else (2400.0, -2400.0))
    ]
    lat, lon = Chart(LAT, LON).from_map(np.array(spots))
    legs = [MissionItem(16, 3, x=degrees_e7(a), y=degrees_e7(b), z=80.0) for a, b in zip(lat, lon, strict=True)]
    return Plan("benchmark", LAT, LON, 300.0, (MissionItem(22, 3, z=80.0), *legs, MissionItem(20, 2)), fence)


def parts_of(plan: Plan) -> dict[str, float]:
    """Milliseconds of each part."""
    took: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        done = work()
        took[name] = 1000.0 * (time.perf_counter() - begun)
        return done

    chart = Chart(plan.home_lat_deg, plan.home_lon_deg)
    timed("lists", lambda: [*check_shapes(plan, chart), *check_items(plan), *check_counts(plan, LIMITS)])
    path = timed("flown path", lambda: flown_path(plan, COPTER))
    parts = timed("stretches", lambda: stretches(path))
    room = timed("room", lambda: FenceRoom(plan.fence, chart))
    timed("edges", lambda: room.tree)
    timed("legs and turns", lambda: list(check_fence(plan, path, parts, room, plan.fence.margin_m, LIMITS)))
    timed("returns", lambda: list(check_returns(plan, path, parts, room, "copter", 0.0)))
    return took


def peer(plan: Plan) -> int:
    """The plain loop; how many legs it calls unsafe."""
    chart = Chart(plan.home_lat_deg, plan.home_lon_deg)
    inside = [Polygon(chart.to_map(*np.array(p.points).T)) for p in plan.fence.inclusions]
    outside = [Polygon(chart.to_map(*np.array(p.points).T)) for p in plan.fence.exclusions]
    spots = [np.zeros(2), *(chart.to_map(i.x / 1e7, i.y / 1e7) for i in plan.items if i.command == 16), np.zeros(2)]
    bad = 0
    for k in range(len(spots) - 1):
        for way in (LineString([spots[k], spots[k + 1]]), LineString([spots[k + 1], np.zeros(2)])):
            if way.length == 0.0:
                continue
            bad += not all(p.contains(way) for p in inside) or any(p.intersects(way) for p in outside)
            bad += min(way.distance(p.exterior) for p in (*inside, *outside)) < plan.fence.margin_m
    return bad


def measure(items: int, corners: int, repeats: int) -> dict[str, Any]:
    """All cases; the best of ``repeats``, milliseconds."""
    cases: dict[str, Any] = {}
    for name, exclusions, clean in (("one ring, safe", 0, True), ("ring and 8 holes, safe", 8, True),
                                    ("ring and 8 holes, crossed", 8, False)):  # fmt: skip
        plan = make_plan(items, corners, exclusions, clean)
        best, findings = math.inf, []
        for _ in range(repeats):
            begun = time.perf_counter()
            findings = check_plan(plan, given=Circumstances())
            best = min(best, 1000.0 * (time.perf_counter() - begun))
        begun = time.perf_counter()
        peers = peer(plan)
        cases[name] = {
            "items": len(plan.items), "corners": sum(len(p.points) for p in (*plan.fence.inclusions, *plan.fence.exclusions)),
            "whole_check_ms": round(best, 1), "parts_ms": {k: round(v, 1) for k, v in parts_of(plan).items()},
            "findings": sorted({f.code for f in findings}), "errors": sum(f.severity == "error" for f in findings),
            "peer_loop_ms": round(1000.0 * (time.perf_counter() - begun), 1), "peer_unsafe": peers,
        }  # fmt: skip
    return cases


def main() -> int:
    """Print the figures; exit code 1 when a whole check takes half a second or more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=650)
    parser.add_argument("--corners", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    cases = measure(options.items, options.corners, options.repeats)
    json.dump({"shapely": shapely.__version__, "cases": cases}, sys.stdout, indent=2)
    print()
    return int(any(c["whole_check_ms"] >= 500.0 for c in cases.values()))


if __name__ == "__main__":
    sys.exit(main())
