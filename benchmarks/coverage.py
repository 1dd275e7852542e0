"""What a picture costs the coverage ledger: ``python -m benchmarks.coverage [--km 50] [--pictures 400]``.

A border of that length over rolling ground with a post every 30 m, a camera 110 m up that goes along it at 20 m a picture.
Timed by this process's CPU time: the footprint by ray casting, then marking (what lies in it, what ground hides, how fine),
and putting it into the ledger.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Sequence

import numpy as np

from geofences.area import BorderLine
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.coverage.gaps import revisit_gaps
from missions.coverage.grid import CoverageGrid, Eye
from missions.coverage.ledger import Ledger
from missions.coverage.observation import Gatherer
from missions.coverage.priorities import priorities
from missions.footprint import Camera, footprint

_STEP_M = 30.0
_LAT_DEG, _LON_DEG = 49.0, 22.0


def rolling_ground(km: float, rng: np.random.Generator) -> TerrainGrid:
    """Hills of some 30 m, made of sines."""
    step_lat = _STEP_M / 111_200.0
    step_lon = step_lat / math.cos(math.radians(_LAT_DEG))
    rows, columns = 500, int((km * 1000.0 + 8000.0) / _STEP_M)
    y, x = np.meshgrid(np.arange(rows) * _STEP_M, np.arange(columns) * _STEP_M, indexing="ij")
    height = np.full(x.shape, 200.0)
    for _ in range(6):
        length, angle, phase = rng.uniform(400, 2500), rng.uniform(0, math.tau), rng.uniform(0, math.tau)
        height += 15.0 * np.sin((x * math.cos(angle) + y * math.sin(angle)) * math.tau / length + phase)
    north, west = _LAT_DEG + rows / 2 * step_lat, _LON_DEG - 4000.0 / _STEP_M * step_lon
    return TerrainGrid(height.astype(np.float32), north, west, step_lat, step_lon)


def wavy_border(km: float) -> BorderLine:
    """A vertex every 100 m, a bend every kilometre or so."""
    along = np.arange(0.0, km * 1000.0, 100.0)
    lat = _LAT_DEG + 400.0 * np.sin(along / 900.0) / 111_200.0
    lon = _LON_DEG + along / (111_200.0 * math.cos(math.radians(_LAT_DEG)))
    return BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "Arvenia", "Belmark", "Arvenia")


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    ms: FloatArray = np.asarray(seconds) * 1e3
    return {"median": round(float(np.median(ms)), 3), "p95": round(float(np.percentile(ms, 95)), 3)}


def measure(km: float, pictures: int) -> dict[str, object]:
    """One run."""
    terrain, camera = rolling_ground(km, np.random.default_rng(1)), Camera()
    begin = time.process_time()
    grid = CoverageGrid(wavy_border(km), terrain=terrain)
    made_s = time.process_time() - begin
    gatherer, ledger = Gatherer(grid), Ledger(grid)
    casting, marking = [], []
    for k in range(pictures):
        place, ahead = grid.line.at(20.0 * k % grid.line.length_m)
        left = np.array([-ahead[1], ahead[0]])
        en = place + 75.0 * left
        alt = float(terrain.height(*grid.frame.from_plane(en))) + 110.0
        azimuth = math.degrees(math.atan2(-left[0], -left[1]))
        begin = time.process_time()
        seen = footprint(camera, en, alt, azimuth, -55.0, grid.frame, terrain)
        middle = time.process_time()
        marks = grid.observe(k * 500_000, seen.outline_en_m, "1.1", Eye((float(en[0]), float(en[1])), alt, camera))
        for observation in gatherer.on_marks(marks):
            ledger.add(observation)
        end = time.process_time()
        casting.append(middle - begin)
        marking.append(end - middle)
    begin = time.process_time()
    gaps = revisit_gaps(ledger, 0, pictures * 500_000 + 1)
    rows = priorities(ledger, pictures * 500_000)
    asked_s = time.process_time() - begin
    return {
        "border_km": round(grid.line.length_m / 1000.0, 1),
        "pieces": grid.bins,
        "cells": len(grid.cell_key),
        "grid_s": round(made_s, 3),
        "footprint_ms": _milliseconds(casting),
        "observe_ms": _milliseconds(marking),
        "queries_ms": round(asked_s * 1e3, 1),
        "seen_fraction": round(gaps.seen_fraction, 4),
        "stretches": len(rows),
        "bytes_per_observation": round(float(np.mean([len(o.packed()) for o in ledger])), 1),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--km", type=float, default=50.0)
    parser.add_argument("--pictures", type=int, default=400)
    options = parser.parse_args(argv)
    print(json.dumps(measure(options.km, options.pictures), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
