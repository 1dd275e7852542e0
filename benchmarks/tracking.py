"""The station's tracker beside those of the package ``trackers``, and what it costs:
``python benchmarks/tracking.py --suite DIR | --make [--seeds A-B]``.

First table: HOTA, IDF1 and identity switches (TrackEval) over the cases of a suite, all in one run. Every tracker gets the
same boxes: those that the station's detector passes on, without doubles. ByteTrack, OC-SORT and BoT-SORT of ``trackers``
stand in it as they come and with the settings that were best on development flights, which begin with the station's
confidence thresholds (the defaults are made for higher confidences than a small network has for small objects); see
``benchmarks/rivals.py``. ``--detail`` adds the HOTA of every scenario.

Second table: milliseconds a frame in one thread, tracker, georeference and rules together, for 5, 50 and 200 objects,
beside the limit for 200. *CPU* is the processor time of the process, which other processes on the machine lengthen little;
*wall* is what a clock shows, which they lengthen much. The last rows have the whole rule engine of the station, friends
included, instead of the crossing rule alone: with the rules that are on as shipped, and with every rule of the file switched
on. ``--cost`` prints this table only.
Needs ``pip install trackers trackeval``, for the second table nothing.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.rivals import rivals
from geofences.area import BorderLine
from geofences.errors import MarchwardenError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.incidents.engine import RuleEngine
from groundstation.incidents.rule_file import RuleSet, default_rules
from vision.camera import CameraView
from vision.evaluate_case import Case, CaseFrame, read_case
from vision.evaluate_cases import add_case_arguments, opened
from vision.evaluate_replay import ReplaySettings, Stages, ToldCrossing, replay
from vision.evaluate_tracker import TrackerEvaluation, TrackScore, own_tracks, sequence
from vision.georeference import Georeferencer
from vision.records import CameraPose, Detections, GroundTracks, PoseSigma
from vision.tracking.base import TrackStates

OURS, TOTAL = "marchwarden", "total"
FRAMES, FPS = 120, 8.0
ON, EVERY = "all that are on as shipped", "every one of the file"
COST_OBJECTS, LIMIT_OBJECTS, LIMIT_MS = (5, 50, 200), 200, 5.0


def tracked(folder: Path) -> tuple[str, str, dict[str, dict[str, Any]]]:
    """Scenario and label of a case, and what each tracker makes of it, for TrackEval."""
    case, settings = read_case(folder), ReplaySettings()
    stages = Stages(case, settings)
    told = {OURS: own_tracks(replay(case, settings))}
    told |= {rival.name: rival.run(case, stages) for rival in rivals()}
    return case.name, case.label, {name: sequence(case.truth, tracks) for name, tracks in told.items()}


def compare(folders: list[Path], jobs: int = 1) -> dict[str, dict[str, TrackScore]]:
    """The scores of all trackers by scenario, and over all cases under ``TOTAL``; so many cases at a time."""
    counts: dict[str, dict[str, TrackerEvaluation]] = {}
    with ProcessPoolExecutor(jobs) as pool:
        for number, (scenario, label, data) in enumerate(pool.map(tracked, folders), 1):
            for name, one in data.items():
                for place in (scenario, TOTAL):
                    counts.setdefault(place, {}).setdefault(name, TrackerEvaluation()).add(label, one)
            print(f"{number} of {len(folders)} flights", file=sys.stderr, flush=True)
    return {place: {name: t.total() for name, t in trackers.items()} for place, trackers in counts.items()}


def many_objects(objects: int = LIMIT_OBJECTS) -> Case:
    """A flight of 15 s over people who walk about on gentle slopes, a border among them."""
    rng = np.random.default_rng(1)
    frame = LocalFrame(49.05, 22.70)
    rows, columns = np.mgrid[0:300, 0:300]
    heights = (300 + 12 * np.sin(rows / 25.0) * np.cos(columns / 31.0)).astype(np.float32)
    terrain = TerrainGrid(heights, 49.0608, 22.6835, 7.2e-5, 1.1e-4)
    lat, lon = frame.from_plane(
        np.array([[x, 90.0 + 6.0 * np.sin(x / 90.0)] for x in np.linspace(-1200.0, 1200.0, 31)])
    )
    border = BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "Arvenia", "Belmark", "Arvenia")
    ground = Georeferencer(frame, terrain)
    people, walk = rng.uniform([-42.0, 66.0], [42.0, 122.0], (objects, 2)), rng.normal(0.0, 0.9, (objects, 2))
    frames = []
    for k in range(FRAMES):
        t_us = 1_700_000_000_000_000 + round(k * 1e6 / FPS)
        pose = CameraPose(t_us, 49.05, 22.70, 410.0, 0.0, -47.0, 0.0, 40.0, 23.1, "klv", PoseSigma())
        place = people + walk * np.sin(k / FPS / 4.0) * 4.0
        lat, lon = frame.from_plane(place)
        feet = CameraView.of(pose, 1280, 720).project_geodetic(lat, lon, ground.ground_height(lat, lon))
        feet = feet + rng.normal(0.0, 0.8, feet.shape)
        boxes = np.concatenate([feet, feet], axis=-1) + np.array([-4.0, -16.0, 4.0, 1.0])
        told = Detections(boxes, rng.uniform(0.5, 0.8, objects), np.zeros(objects, dtype=np.int64))
        frames.append(CaseFrame(t_us, 1280, 720, pose, told))
    return Case("many objects", "", 0, FPS, False, border, terrain, frame, tuple(frames), (), ())


@dataclass(frozen=True)
class Cost:
    """Milliseconds a frame of one run, from a quarter of it on."""

    objects: int
    tracks: int
    rules: str
    cpu_median_ms: float
    cpu_p10_ms: float
    wall_median_ms: float
    wall_p95_ms: float


class _EngineStages(Stages):
    """The stages with the station's rule engine in the place of the crossing rule alone."""

    def __init__(self, case: Case, rules: RuleSet) -> None:
        super().__init__(case)
        self._engine = RuleEngine(case.border, case.frame, rules)
        self._plane = case.frame

    def apply_rules(self, frame: CaseFrame, tracks: TrackStates, covariance: FloatArray) -> list[ToldCrossing]:
        lat, lon = self._plane.from_plane(tracks.state[:, :2])
        self._engine.update(
            GroundTracks(
                0, frame.t_utc_us, 0, tracks.track_id, lat, lon, np.zeros(len(tracks)), tracks.state[:, 2:], covariance,
                tracks.pose_covariance_m2, tracks.class_probability, tracks.status, tracks.last_seen_utc_us, tracks.xyxy,
            )
        )  # fmt: skip
        return []


def cost(objects: int, rules: str = "crossing") -> Cost:
    """What a frame costs, with the crossing rule alone, the rules that are ``ON`` as shipped, or with ``EVERY`` one."""
    case, shipped = many_objects(objects), default_rules()
    stages = Stages(case)
    if rules == ON:
        stages = _EngineStages(case, shipped)
    elif rules == EVERY:
        stages = _EngineStages(case, replace(shipped, rules=tuple(replace(r, on=True) for r in shipped.rules)))
    wall_ms, cpu_ms, tracks = [], [], 0
    for frame in case.frames:
        started, cpu = time.perf_counter(), time.process_time()
        result, _ = stages.step(frame, frame.detections)
        cpu_ms.append((time.process_time() - cpu) * 1e3)
        wall_ms.append((time.perf_counter() - started) * 1e3)
        tracks = len(result.tracks)
    cpu_ms, wall_ms = cpu_ms[FRAMES // 4 :], wall_ms[FRAMES // 4 :]
    return Cost(
        objects, tracks, rules, float(np.median(cpu_ms)), float(np.percentile(cpu_ms, 10)), float(np.median(wall_ms)),
        float(np.percentile(wall_ms, 95)),
    )  # fmt: skip


def costs() -> list[Cost]:
    """The rows of the second table."""
    return [*(cost(n) for n in COST_OBJECTS), cost(LIMIT_OBJECTS, ON), cost(LIMIT_OBJECTS, EVERY)]


def cost_table(costs: list[Cost]) -> str:
    """Markdown; the limit stands beside what it is for."""
    lines = [
        "| objects (tracks) | rules | CPU median ms | CPU p10 ms | wall median ms | wall p95 ms | limit ms, CPU median |",
        "|---|---|---|---|---|---|---|",
    ]
    for c in costs:
        limit = "-"
        if c.objects == LIMIT_OBJECTS:
            limit = f"{LIMIT_MS:g} ({'held' if c.cpu_median_ms < LIMIT_MS else 'NOT held'})"
        lines.append(
            f"| {c.objects} ({c.tracks}) | {c.rules} | {c.cpu_median_ms:.2f} | {c.cpu_p10_ms:.2f} | {c.wall_median_ms:.2f} | "
            f"{c.wall_p95_ms:.2f} | {limit} |"
        )
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    if argv is None:
        argv = sys.argv[1:]
    if argv == ["--cost"]:
        print(cost_table(costs()))
        return 0
    parser = argparse.ArgumentParser(description="Trackers side by side on a simulated suite, and what ours costs.")
    add_case_arguments(parser)
    parser.add_argument("--cost", action="store_true", help="given alone: only the second table, without flights")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="flights at a time (default: all cores)")
    parser.add_argument("--detail", action="store_true", help="the HOTA of every scenario, too")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(argv)
    try:
        with opened(options) as folders:
            places = compare(folders, options.jobs)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{len(folders)} flights\n\n| tracker | HOTA | DetA | AssA | IDF1 | IDSW |\n|---|---|---|---|---|---|")
    for name, s in places[TOTAL].items():
        print(f"| {name} | {s.hota:.3f} | {s.det_a:.3f} | {s.ass_a:.3f} | {s.idf1:.3f} | {s.id_switches} |")
    if options.detail:
        names = list(places[TOTAL])
        print(f"\n| scenario | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
        for place, scores in places.items():
            print(f"| {place} | {' | '.join(f'{scores[name].hota:.3f}' for name in names)} |")
    spent = costs()
    print(f"\n{cost_table(spent)}")
    if options.json is not None:
        trackers = {place: {name: vars(s) for name, s in scores.items()} for place, scores in places.items()}
        document = {"trackers": trackers, "cost": [vars(c) for c in spent]}
        options.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
