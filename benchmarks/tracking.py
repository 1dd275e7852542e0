"""The station's tracker beside those of the package ``trackers``, and what it costs:
``python benchmarks/tracking.py --suite DIR | --make [--seeds A-B]``.

First table: HOTA, IDF1 and identity switches (TrackEval) over the cases of a suite, all in one run. Every tracker gets the
same boxes: those that the station's detector passes on, without doubles. ByteTrack, OC-SORT and BoT-SORT of ``trackers``
work in pixels with their default parameters and the true frame rate. A second row of each has its confidence thresholds
set to the station's: the defaults are made for higher confidences than a small network has for small objects. BoT-SORT
goes without its camera motion compensation, since there is no picture.

Second table: milliseconds a frame in one thread, tracker, georeference and rules together, for 5, 50 and 200 objects,
beside the limit for 200. *CPU* is the processor time of the process, which other processes on the machine lengthen little;
*wall* is what a clock shows, which they lengthen much. The last row has the whole rule engine of the station with the
rules that are on as shipped, friends included, instead of the crossing rule alone. ``--cost`` prints this table only.
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
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geofences.area import BorderLine
from geofences.errors import MarchwardenError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.incidents.engine import RuleEngine
from groundstation.incidents.rule_file import default_rules
from vision.camera import CameraView
from vision.evaluate_case import Case, CaseFrame
from vision.evaluate_cases import add_case_arguments, cases_by_name, opened
from vision.evaluate_replay import ReplaySettings, Stages, ToldCrossing, replay
from vision.evaluate_tracker import BoxTracks, TrackerEvaluation, TrackScore, own_tracks, sequence
from vision.georeference import Georeferencer
from vision.records import CameraPose, Detections, GroundTracks, PoseSigma
from vision.tracking.base import TrackStates

OURS = "marchwarden"
FRAMES, FPS = 120, 8.0
COST_OBJECTS, LIMIT_OBJECTS, LIMIT_MS = (5, 50, 200), 200, 5.0


def rivals(frame_rate: float, least: float) -> dict[str, Callable[[], Any]]:
    """Makers of the other trackers; ``least`` is the confidence from which the station takes a person for strong."""
    from trackers import BoTSORTTracker, ByteTrackTracker, OCSORTTracker

    rate = {"frame_rate": frame_rate}
    ours = {"high_conf_det_threshold": least}
    born = ours | {"track_activation_threshold": least}
    return {
        "ByteTrack": lambda: ByteTrackTracker(**rate),
        "OC-SORT": lambda: OCSORTTracker(**rate),
        "BoT-SORT": lambda: BoTSORTTracker(**rate, enable_cmc=False),
        "ByteTrack, our thresholds": lambda: ByteTrackTracker(**rate, **born),
        "OC-SORT, our thresholds": lambda: OCSORTTracker(**rate, **ours),
        "BoT-SORT, our thresholds": lambda: BoTSORTTracker(**rate, enable_cmc=False, **born),
    }


def run_rival(tracker: Any, case: Case, stages: Stages) -> list[BoxTracks]:
    """One of the package's trackers on the boxes of a case."""
    import supervision

    result = []
    for frame in case.frames:
        boxes = stages.filtered(frame.detections)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = tracker.update(
                supervision.Detections(
                    xyxy=boxes.xyxy.astype(np.float32),
                    confidence=boxes.confidence.astype(np.float32),
                    class_id=boxes.class_id,
                )
            )
        ids = np.asarray(told.tracker_id if told.tracker_id is not None else [], dtype=np.int64)
        kept = ids >= 0
        result.append(BoxTracks(ids[kept], np.asarray(told.xyxy, dtype=np.float64).reshape(-1, 4)[kept]))
    return result


def compare(folders: list[Path]) -> dict[str, TrackScore]:
    """The scores of all trackers over all cases."""
    totals: dict[str, TrackerEvaluation] = {}
    settings = ReplaySettings()
    for _, cases in cases_by_name(folders):
        for case in cases:
            stages = Stages(case, settings)
            told = {OURS: own_tracks(replay(case, settings))}
            for name, make in rivals(case.frames_per_s, settings.tracker.threshold[0]).items():
                told[name] = run_rival(make(), case, stages)
            for name, tracks in told.items():
                totals.setdefault(name, TrackerEvaluation()).add(case.label, sequence(case.truth, tracks))
    return {name: t.total() for name, t in totals.items()}


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
    """Milliseconds a frame of one run, from a quarter of it on; ``engine``: with all of the station's rules."""

    objects: int
    tracks: int
    engine: bool
    cpu_median_ms: float
    cpu_p10_ms: float
    wall_median_ms: float
    wall_p95_ms: float


class _EngineStages(Stages):
    """The stages with the station's rule engine in the place of the crossing rule alone."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self._engine = RuleEngine(case.border, case.frame, default_rules())
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


def cost(objects: int, engine: bool = False) -> Cost:
    """What a frame costs."""
    case = many_objects(objects)
    stages = _EngineStages(case) if engine else Stages(case)
    wall_ms, cpu_ms, tracks = [], [], 0
    for frame in case.frames:
        started, cpu = time.perf_counter(), time.process_time()
        result, _ = stages.step(frame, frame.detections)
        cpu_ms.append((time.process_time() - cpu) * 1e3)
        wall_ms.append((time.perf_counter() - started) * 1e3)
        tracks = len(result.tracks)
    cpu_ms, wall_ms = cpu_ms[FRAMES // 4 :], wall_ms[FRAMES // 4 :]
    return Cost(
        objects, tracks, engine, float(np.median(cpu_ms)), float(np.percentile(cpu_ms, 10)), float(np.median(wall_ms)),
        float(np.percentile(wall_ms, 95)),
    )  # fmt: skip


def costs() -> list[Cost]:
    """The rows of the second table."""
    return [*(cost(n) for n in COST_OBJECTS), cost(LIMIT_OBJECTS, engine=True)]


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
        rules = "all that are on as shipped" if c.engine else "crossing"
        lines.append(
            f"| {c.objects} ({c.tracks}) | {rules} | {c.cpu_median_ms:.2f} | {c.cpu_p10_ms:.2f} | {c.wall_median_ms:.2f} | "
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
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(argv)
    try:
        with opened(options) as folders:
            scores = compare(folders)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{len(folders)} flights\n\n| tracker | HOTA | DetA | AssA | IDF1 | IDSW |\n|---|---|---|---|---|---|")
    for name, s in scores.items():
        print(f"| {name} | {s.hota:.3f} | {s.det_a:.3f} | {s.ass_a:.3f} | {s.idf1:.3f} | {s.id_switches} |")
    spent = costs()
    print(f"\n{cost_table(spent)}")
    if options.json is not None:
        document = {"trackers": {name: vars(s) for name, s in scores.items()}, "cost": [vars(c) for c in spent]}
        options.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
