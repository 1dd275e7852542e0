"""Pictures with boxes for training a detector: ``python -m sim.frames --scenario border_day --seeds 1000-1019 ...``.

Writes ``images/NAME.jpg`` and ``labels/NAME.txt`` in YOLO's format (class, centre x, centre y, width, height, all
relative): 0 person, 1 vehicle, 2 two-wheeler, 3 animal. A detector learns animals in order to leave them alone. Every
picture has been through an H.264 encoder and decoder, as everything the station sees has. Training takes seeds from
1000; tests and demos keep to smaller ones.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError, MarchwardenError
from sim.camera import Renderer, VisibleObject
from sim.projection import ViewPose
from sim.scenario import Scenario, load_scenario
from sim.world import CLASS_NAMES, ObjectState, World, seeded

Image = NDArray[np.uint8]

LABELS = (*CLASS_NAMES, "animal")
MIN_VISIBLE_FRACTION = 0.35
FIRST_TRAINING_SEED = 1000
_KINDS = ("person", "car", "truck", "quad", "bicycle", "motorcycle", "deer", "boar", "dog", "cattle")
_KIND_SHARES = (0.30, 0.07, 0.04, 0.04, 0.10, 0.09, 0.12, 0.08, 0.10, 0.06)
_CLASS = dict(zip(_KINDS, ("person",) + ("vehicle",) * 3 + ("two-wheeler",) * 2 + ("animal",) * 4, strict=True))
_SPEEDS = {"person": 1.3, "car": 7.0, "truck": 6.0, "quad": 5.0, "bicycle": 4.0, "motorcycle": 6.0}


def round_trip_h264(image_bgr: Image, qp: int) -> Image:
    """The picture as it comes out of an H.264 encoder at quantiser ``qp``, even sizes only."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = image_bgr.shape[1], image_bgr.shape[0], "yuv420p"
    encoder.options = {"preset": "ultrafast", "tune": "zerolatency", "qp": str(qp)}
    encoder.time_base = Fraction(1, 15)
    encoder.thread_count = 1
    packets = [*encoder.encode(av.VideoFrame.from_ndarray(image_bgr, format="bgr24")), *encoder.encode(None)]
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    frames = [f for p in packets for f in decoder.decode(p)] + list(decoder.decode(None))
    return np.asarray(frames[0].to_ndarray(format="bgr24"), dtype=np.uint8)


def label_lines(visible: list[VisibleObject], width_px: int, height_px: int) -> list[str]:
    """One line per object that is seen well enough and has a class."""
    lines = []
    for thing in visible:
        if thing.class_name not in LABELS or thing.visible_fraction < MIN_VISIBLE_FRACTION:
            continue
        x0, y0, x1, y1 = thing.xyxy
        values = ((x0 + x1) / 2 / width_px, (y0 + y1) / 2 / height_px, (x1 - x0) / width_px, (y1 - y0) / height_px)
        lines.append(f"{LABELS.index(thing.class_name)} " + " ".join(f"{v:.6f}" for v in values))
    return lines


def sprinkle(rng: np.random.Generator, centre_en_m: tuple[float, float], reach_m: float) -> list[ObjectState]:
    """Extra objects around a point, alone and in groups, so that few pictures are needed to see many."""
    states: list[ObjectState] = []

    def put(kind: str, east: float, north: float, heading: float, moving: bool) -> None:
        clear = 1.2 if kind in ("person", "dog", "deer", "boar") else 4.0
        if any(np.hypot(s.east_m - east, s.north_m - north) < clear for s in states):
            return
        speed = _SPEEDS.get(kind, 1.0) if moving else 0.0
        look, way = int(rng.integers(0, 2**31)), float(rng.uniform(0, 50))
        states.append(ObjectState(1_000_000 + len(states), kind, _CLASS[kind], east, north, heading, speed, look, way))

    for _ in range(int(rng.integers(2, 9))):
        kind = str(rng.choice(_KINDS, p=_KIND_SHARES))
        east, north = (float(c + rng.uniform(-reach_m, reach_m)) for c in centre_en_m)
        heading, moving = float(rng.uniform(0, 360)), bool(rng.random() < 0.75)
        # One who rides is always upright on a moving machine; quads at rest stand empty.
        moving = moving or kind in ("bicycle", "motorcycle")
        put(kind, east, north, heading, moving)
        if kind in ("person", "deer", "boar", "cattle") and rng.random() < 0.5:
            for _ in range(int(rng.integers(1, 5))):
                aside = rng.uniform(-4.0, 4.0, 2)
                put(kind, east + float(aside[0]), north + float(aside[1]), heading + float(rng.normal(0, 15)), moving)
    return states


def random_pose(
    rng: np.random.Generator, world: World, target_en_m: tuple[float, float], height_agl_m: tuple[float, float]
) -> ViewPose:
    """A pose like a patrol's that has the target somewhere in the middle of its picture."""
    elevation = float(rng.uniform(-70.0, -35.0))
    azimuth, height = float(rng.uniform(0, 360)), float(rng.uniform(*height_agl_m))
    back = height / np.tan(np.radians(-elevation))
    # Aim beside the target, so that objects are not always in the middle.
    east = target_en_m[0] + float(rng.uniform(-0.2, 0.2)) * height
    north = target_en_m[1] + float(rng.uniform(-0.2, 0.2)) * height
    ground = world.height_amsl_m(east, north)
    return ViewPose(
        float(east - back * np.sin(np.radians(azimuth))),
        float(north - back * np.cos(np.radians(azimuth))),
        ground + height,
        azimuth,
        elevation,
        float(rng.normal(0.0, 1.0)),
    )


def write_seed(scenario: Scenario, seed: int, count: int, out: Path, height_agl_m: tuple[float, float]) -> int:
    """Write ``count`` pictures of one world; returns the number of labelled objects."""
    cv2.setNumThreads(1)
    world = World(scenario, seed)
    renderer = Renderer(world)
    rng = seeded(seed, "frames")
    half = scenario.patrol.stretch_m / 2
    objects = 0
    for number in range(count):
        t_s = float(rng.uniform(0.0, scenario.population.horizon_s))
        s, d = rng.uniform(-half, half), rng.uniform(-60.0, 80.0)
        target = world.layout.line.to_plane(s, d)
        extra: list[ObjectState] = []
        kind_of_picture = rng.random()
        if kind_of_picture > 0.12:
            near = world.objects(t_s)
            if near and kind_of_picture < 0.45:
                chosen = near[int(rng.integers(0, len(near)))]
                target = np.array([chosen.east_m, chosen.north_m])
            centre = (float(target[0]), float(target[1]))
            extra = sprinkle(rng, centre, 38.0) if rng.random() < 0.85 else []
        pose = random_pose(rng, world, (float(target[0]), float(target[1])), height_agl_m)
        image, visible = renderer.render(pose, t_s, extra)
        image = round_trip_h264(image, int(rng.integers(20, 34)))
        name = f"{scenario.name}_{seed:05d}_{number:04d}"
        lines = label_lines(visible, image.shape[1], image.shape[0])
        objects += len(lines)
        cv2.imwrite(str(out / "images" / f"{name}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 94])
        (out / "labels" / f"{name}.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return objects


def _range(text: str, whole: bool) -> tuple[float, float]:
    low, _, high = text.partition("-")
    try:
        first, last = float(low), float(high or low)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a range", "write it like 60-130") from error
    if last < first or (whole and not (first.is_integer() and last.is_integer())):
        raise ConfigError(f"{text!r} is not a range", "write it like 1000-1019")
    return first, last


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sim.frames", description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", default="border_day")
    parser.add_argument("--seeds", default="1000-1009", help="first-last, from 1000 for training")
    parser.add_argument("--per-seed", type=int, default=40)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--height-agl-m", default="60-130", help="lowest-highest above ground")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    given = parser.parse_args(arguments)
    try:
        scenario = load_scenario(given.scenario)
        first, last = (int(v) for v in _range(given.seeds, whole=True))
        heights = _range(given.height_agl_m, whole=False)
        (given.out / "images").mkdir(parents=True, exist_ok=True)
        (given.out / "labels").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"error: {given.out}: {error.strerror}", file=sys.stderr)
        return 1
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    if first < FIRST_TRAINING_SEED:
        print(f"note: seeds below {FIRST_TRAINING_SEED} are for tests and demos, not for training", file=sys.stderr)
    started = time.monotonic()
    work = [(scenario, seed, given.per_seed, given.out, heights) for seed in range(first, last + 1)]
    if given.jobs > 1:
        with multiprocessing.get_context("spawn").Pool(given.jobs) as pool:
            counts = pool.starmap(write_seed, work, chunksize=1)
    else:
        counts = [write_seed(*one) for one in work]
    pictures = len(work) * given.per_seed
    print(f"{pictures} pictures, {sum(counts)} objects, {time.monotonic() - started:.0f} s: {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
