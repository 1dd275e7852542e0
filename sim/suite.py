"""Named hard flights as boxes, poses and truth, without a picture: ``python -m sim.suite --names all --seeds 7000-7001 --out DIR``.

Each case gets a folder ``DIR/NAME_SEED``:

- ``area/area.geojson``, ``area/terrain.tif``: what a station is given of the place, with heights that are a little wrong;
- ``frames.jsonl``: one line per frame that arrived: ``{t_utc_us, width, height, pose: {t_utc_us, lat, lon, alt_amsl_m,
  azimuth_deg, elevation_deg, roll_deg, hfov_deg, vfov_deg}, boxes: [[x0, y0, x1, y1, confidence, class_id], ...],
  animals: [[x0, y0, x1, y1], ...]}``, the pose as the aircraft's sensors report it, boxes and places of animals as
  :mod:`sim.suite_detector` has a network give them;
- ``truth.json``: that of :mod:`sim.truth`, and ``frames``: ``[{t_utc_us, objects: [[object_id, class, lat, lon, x0, y0,
  x1, y1, visible_fraction], ...]}]`` for the same frames;
- ``case.json``: the name, what makes it hard, the seed and the numbers.

Who evaluates reads these files only.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from geofences.errors import ConfigError, MarchwardenError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid, write_geotiff
from sim.camera import VisibleObject
from sim.projection import Pinhole, ViewPose, project
from sim.scenario import Scenario, load_scenario
from sim.suite_detector import DAY, NIGHT, Box, Place, StatisticalDetector
from sim.suite_flight import Flight, FlightStyle
from sim.terrain import Terrain
from sim.truth import TruthRecorder
from sim.vegetation import plant_trees
from sim.visibility import Spotter
from sim.world import HALF_EAST_M, HALF_NORTH_M, World, seeded, write_area_folder

START_UTC_US = 1_790_000_000_000_000
FRAMES_PER_S = 8.0
"""What the station keeps up with on a CPU; the camera's other frames are not looked at."""
TERRAIN_SIGMA_M = 1.0
"""How wrong the height model is that the station is given."""
_STRETCH_M = 300.0


@dataclass(frozen=True)
class Case:
    """One named difficulty. ``population`` and ``truth`` replace values of the scenario's sections of that name.

    ``frame_loss``: share of frames that never arrive; every ``burst_every_s`` all of ``burst_s`` (from, to) are lost.
    ``judged``: its crossings count in the suite's total.
    """

    name: str
    why: str
    scenario: str = "border_day"
    style: FlightStyle = field(default_factory=FlightStyle)
    population: dict[str, Any] = field(default_factory=dict)
    truth: dict[str, Any] = field(default_factory=dict)
    relief: float = 1.0
    cleared_strip_m: float | None = None
    frame_loss: float = 0.0
    burst_every_s: float | None = None
    burst_s: tuple[float, float] = (0.8, 2.0)
    judged: bool = True


CASES = (
    Case("plain", "the usual patrol, nothing special"),
    Case("pan", "the camera sweeps 15 deg to both sides in 16 s", style=FlightStyle(pan_deg=15.0)),
    Case("zoom", "the view narrows from 40 to 20 deg and back in 40 s", style=FlightStyle(zoom_hfov_deg=20.0)),
    Case("jitter", "the camera shakes by 0.2 deg (6 px) and no sensor tells", style=FlightStyle(shake_deg=0.2)),
    Case("night", "thermal camera at night, more animals", scenario="border_night"),
    Case(
        "occlusion",
        "four times the trees, up to 3 m from the line; gaps of up to 2.5 s count as in view",
        population={"standing_trees": 2800},
        truth={"max_gap_s": 2.5},
        cleared_strip_m=3.0,
    ),
    Case(
        "crowd",
        "three times the crossers, four times the walkers and turners",
        population={"crossings_per_min": 72.0, "parallel_walkers": 56, "near_line_turners": 32},
    ),
    Case(
        "wind",
        "gusts move the aircraft by 1.5 m and the camera by 0.8 deg within seconds",
        style=FlightStyle(sway_m=1.5, swing_deg=0.8),
    ),
    Case(
        "time_offset",
        "poses are 150 ms older than their time stamps say, while the camera sweeps 8 deg",
        style=FlightStyle(late_s=0.15, pan_deg=8.0, pan_period_s=12.0),
    ),
    Case(
        "compass_bias",
        "the azimuth is told 3 deg too large by a compass that is stated to be good to 3 deg",
        style=FlightStyle(compass_bias_deg=3.0, compass_sigma_deg=3.0),
    ),
    Case(
        "dropped_frames",
        "30 % of the frames are lost, and all of 0.8 to 2 s about every 8 s; what the camera saw counts",
        frame_loss=0.3,
        burst_every_s=8.0,
    ),
    Case("steep_terrain", "three times the relief: slopes of 12 deg (one sigma)", relief=3.0),
    Case(
        "oblique",
        "120 m up, looking 45 deg down: for the position's error; 14 m on both sides count as in view (4 sigma)",
        style=FlightStyle(height_agl_m=120.0, standoff_m=120.0),
        truth={"side_margin_m": 14.0},
        judged=False,
    ),
)


def case_names() -> list[str]:
    """All cases, in the order of the table."""
    return [c.name for c in CASES]


def find_cases(names: str) -> list[Case]:
    """Cases of a comma-separated list, or all; raises :class:`ConfigError` for an unknown one."""
    if names == "all":
        return list(CASES)
    wanted = [n.strip() for n in names.split(",") if n.strip()]
    unknown = [n for n in wanted if n not in case_names()]
    if unknown or not wanted:
        raise ConfigError(f"no case is called {', '.join(unknown) or names!r}", f"choose of {', '.join(case_names())}")
    return [c for c in CASES if c.name in wanted]


def suite_scenario(case: Case) -> Scenario:
    """The case's scenario: the shipped one on a shorter stretch, so that more crossings come into view."""
    base = load_scenario(case.scenario)
    return replace(
        base,
        name=case.name,
        population=replace(
            base.population,
            **{"crossings_per_min": 24.0, "first_crossing_s": 0.0, "horizon_s": 600.0, **case.population},
        ),
        patrol=replace(base.patrol, stretch_m=_STRETCH_M),
        truth=replace(base.truth, **case.truth),
    )


def make_world(case: Case, seed: int) -> World:
    """The case's world; its relief is scaled about the mean height."""
    world = World(suite_scenario(case), seed)
    world.terrain = replace(world.terrain, amplitudes_m=world.terrain.amplitudes_m * case.relief)
    return world


class CaseRun:
    """One case with one seed: frames in order of time."""

    def __init__(self, case: Case, seed: int, duration_s: float) -> None:
        self.case, self.seed, self.duration_s = case, seed, duration_s
        self.world = make_world(case, seed)
        # The cases of one seed must not share their luck: the errors last for as long as a run.
        own_seed = self._own_seed = zlib.crc32(f"{case.name}/{seed}".encode())
        self.flight = Flight(self.world, case.style, own_seed)
        self._rng = np.random.default_rng([own_seed, *b"delivery"])
        trees = None
        if case.cleared_strip_m is not None:
            trees = plant_trees(
                self.world.layout, self.world.scenario.population.standing_trees, seeded(seed, "trees"),
                case.cleared_strip_m,
            )  # fmt: skip
        self.spotter = Spotter(self.world, trees)
        camera = self.world.scenario.camera
        self.statistics = NIGHT if camera.sensor == "thermal" else DAY
        self._detector = StatisticalDetector(
            self.statistics, np.random.default_rng([own_seed, *b"detector"]), camera.width_px, camera.height_px
        )
        self._start_s = float(self._rng.uniform(30.0, max(31.0, 600.0 - duration_s)))
        self.recorder = TruthRecorder(self.world, None, START_UTC_US)
        self._spots = self._clutter_spots()

    def frames(self) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
        """``(what the station gets, the truth)`` of each frame that arrives."""
        lost = self._lost()
        for number in range(round(self.duration_s * FRAMES_PER_S)):
            t_s = self._start_s + number / FRAMES_PER_S
            true = self.flight.true_pose(t_s)
            camera = self.world.scenario.camera
            pinhole = Pinhole(camera.width_px, camera.height_px, self.flight.hfov_deg(t_s))
            visible = self.spotter.look(true, pinhole, t_s)
            self.recorder.note_frame(t_s, visible)
            if lost[number]:
                continue
            boxes, animals = self._detector.detect(t_s, visible, self._spot_pixels(true, pinhole))
            t_utc_us = START_UTC_US + round(t_s * 1e6)
            yield self._told(t_s, t_utc_us, pinhole, boxes, animals), self._truth(t_utc_us, visible)

    def told_terrain(self) -> TerrainGrid:
        """The height model that the station is given: wrong by ``TERRAIN_SIGMA_M`` in waves of 60 to 300 m."""
        rng = np.random.default_rng([self._own_seed, *b"terrain"])
        angle, length_m = rng.uniform(0.0, 2.0 * np.pi, 8), np.geomspace(60.0, 300.0, 8)
        vectors = 2.0 * np.pi / length_m[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        error = Terrain(
            0.0, vectors, rng.uniform(0.0, 2.0 * np.pi, 8), np.full(8, TERRAIN_SIGMA_M * np.sqrt(2.0 / 8.0))
        )
        true = self.world.terrain_grid()
        wrong = error.grid(self.world.frame, HALF_EAST_M, HALF_NORTH_M, 8.0)
        return replace(true, height_amsl_m=true.height_amsl_m + wrong.height_amsl_m)

    def truth_document(self) -> dict[str, Any]:
        """What :mod:`sim.truth` says of the crossings, of those within the run's time only."""
        document = self.recorder.document()
        begin_us = START_UTC_US + round(self._start_s * 1e6)
        document["start_utc_us"] = begin_us
        document["crossings"] = [c for c in document["crossings"] if c["t_utc_us"] >= begin_us]
        return document

    def _lost(self) -> list[bool]:
        count = round(self.duration_s * FRAMES_PER_S)
        lost = np.asarray(self._rng.random(count) < self.case.frame_loss, dtype=np.bool_).reshape(count)
        if self.case.burst_every_s is not None:
            at_s = float(self._rng.exponential(self.case.burst_every_s))
            while at_s < self.duration_s:
                length_s = float(self._rng.uniform(*self.case.burst_s))
                lost[int(at_s * FRAMES_PER_S) : int((at_s + length_s) * FRAMES_PER_S)] = True
                at_s += length_s + float(self._rng.exponential(self.case.burst_every_s))
        return [bool(v) for v in lost]

    def _clutter_spots(self) -> FloatArray:
        count = self.statistics.clutter_spots
        half = self.world.scenario.patrol.stretch_m / 2.0
        en = self.world.layout.line.to_plane(self._rng.uniform(-half, half, count), self._rng.uniform(-60, 60, count))
        height = self.world.terrain.height_amsl_m(en[:, 0], en[:, 1])
        return np.concatenate([en, height[:, None]], axis=1)

    def _spot_pixels(self, pose: ViewPose, camera: Pinhole) -> FloatArray:
        xy, _ = project(pose, camera, self._spots)
        outside = (xy < 0.0) | (xy > [camera.width_px, camera.height_px])
        return np.asarray(np.where(outside.any(axis=-1, keepdims=True), np.nan, xy))

    def _told(
        self, t_s: float, t_utc_us: int, camera: Pinhole, boxes: list[Box], animals: list[Place]
    ) -> dict[str, Any]:
        pose = self.flight.reported_pose(t_s)
        lat, lon = self.world.to_lat_lon(pose.east_m, pose.north_m)
        return {
            "t_utc_us": t_utc_us,
            "width": camera.width_px,
            "height": camera.height_px,
            "pose": {
                "t_utc_us": t_utc_us,
                "lat": round(lat, 8),
                "lon": round(lon, 8),
                "alt_amsl_m": round(pose.alt_amsl_m, 3),
                "azimuth_deg": round(pose.azimuth_deg, 4),
                "elevation_deg": round(pose.elevation_deg, 4),
                "roll_deg": round(pose.roll_deg, 4),
                "hfov_deg": round(camera.hfov_deg, 4),
                "vfov_deg": round(camera.vfov_deg, 4),
            },
            "boxes": [[*(round(v, 2) for v in b[:4]), round(b[4], 4), b[5]] for b in boxes],
            "animals": [[round(v, 2) for v in place] for place in animals],
        }

    def _truth(self, t_utc_us: int, visible: list[VisibleObject]) -> dict[str, Any]:
        objects = []
        for thing in visible:
            lat, lon = self.world.to_lat_lon(thing.east_m, thing.north_m)
            box = [round(v, 2) for v in thing.xyxy]
            objects.append(
                [
                    thing.object_id,
                    thing.class_name,
                    round(lat, 8),
                    round(lon, 8),
                    *box,
                    round(thing.visible_fraction, 3),
                ]
            )
        return {"t_utc_us": t_utc_us, "objects": objects}


def write_case(case: Case, seed: int, duration_s: float, out: Path) -> Path:
    """Write one case's folder and return it; raises :class:`ConfigError` when it cannot be written."""
    run = CaseRun(case, seed, duration_s)
    folder = out / f"{case.name}_{seed}"
    try:
        write_area_folder(run.world, folder / "area")
        write_geotiff(run.told_terrain(), folder / "area" / "terrain.tif")
        with (folder / "frames.jsonl").open("w", encoding="utf-8") as told:
            truths = [_write_line(told, frame, truth) for frame, truth in run.frames()]
        document = run.truth_document() | {"frames": truths}
        (folder / "truth.json").write_text(json.dumps(document), encoding="utf-8")
        about = {
            "name": case.name, "why": case.why, "seed": seed, "judged": case.judged, "duration_s": duration_s,
            "frames_per_s": FRAMES_PER_S, "style": asdict(case.style),
            "noise": asdict(run.world.scenario.noise) | {"terrain_sigma_m": TERRAIN_SIGMA_M},
            "detector": asdict(run.statistics),
        }  # fmt: skip
        (folder / "case.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{folder}: cannot be written: {error.strerror}", "give another folder with --out") from error
    return folder


def _write_line(file: TextIO, frame: dict[str, Any], truth: dict[str, Any]) -> dict[str, Any]:
    file.write(json.dumps(frame) + "\n")
    return truth


def parse_seeds(text: str) -> range:
    """``7000-7003`` or ``7000``; raises :class:`ConfigError`."""
    first, _, last = text.partition("-")
    try:
        seeds = range(int(first), int(last or first) + 1)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a range of seeds", "write it like 7000-7003") from error
    if not seeds:
        raise ConfigError(f"{text!r} holds no seed", "write it like 7000-7003")
    return seeds


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sim.suite", description="Named hard flights, without pictures.")
    parser.add_argument("--names", default="all", help=f"comma-separated, of {', '.join(case_names())}")
    parser.add_argument("--seeds", default="7000-7001", help="first-last; 7000-7999 to develop on, 8000 on to judge by")
    parser.add_argument("--duration-s", type=float, default=90.0)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        if not 1.0 <= given.duration_s <= 500.0:
            raise ConfigError(f"--duration-s {given.duration_s:g} is not within 1 and 500", "90 is usual")
        cases, seeds = find_cases(given.names), parse_seeds(given.seeds)
        for case in cases:
            for seed in seeds:
                print(write_case(case, seed, given.duration_s, given.out), flush=True)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"{len(cases) * len(seeds)} flights in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
