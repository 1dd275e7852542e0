"""Trains and exports the detector: ``python -m vision.train --hit-uav DIR --weights FILE --out DIR ...``.

Needs the extra ``[train]`` (torch, ultralytics). Runs on the CPU: a first usable model takes about 20 minutes there.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from geofences.errors import ConfigError, MarchwardenError
from vision.dataset import LabelledPicture, read_aerial_cars, read_hit_uav, read_places, read_sim_frames
from vision.records import CLASS_NAMES

log = logging.getLogger("vision.train")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m vision.train", description="Train the detector and export it to ONNX.")
    p.add_argument("--config", type=Path, help="JSON file with these options as keys (the command line wins)")
    p.add_argument("--hit-uav", type=Path, help="HIT-UAV folder (annotations.json, images/)")
    p.add_argument("--sim-frames", type=Path, help="frames of the simulator, as written by `python -m sim.frames`")
    p.add_argument("--aerial-cars", type=Path, help="aerial-cars folder (NAME.jpg, NAME.txt)")
    p.add_argument("--hard", type=Path, help="false finds to look at more often, as written by vision.train_mine")
    p.add_argument("--hit-uav-share", type=float, default=0.5)
    p.add_argument("--sim-share", type=float, default=0.42)
    p.add_argument("--aerial-cars-share", type=float, default=0.08)
    p.add_argument("--weights", type=Path, help="yolov8n weights with folded batch norm (.npz) to start from")
    p.add_argument("--resume-from", type=Path, help="weights of an earlier run (.pt) to start from instead")
    p.add_argument("--out", type=Path, required=False, help="folder for weights, ONNX and sidecar")
    p.add_argument("--name", default="marchwarden-s", help="file name of the model")
    p.add_argument("--tile-px", type=int, default=416, help="side of the training tiles, a multiple of 32")
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--steps", type=int, default=20000, help="at most this many batches")
    p.add_argument("--time-limit-min", type=float, default=30.0, help="at most this long")
    p.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    p.add_argument("--freeze", type=int, default=0, help="leave the first so many modules as they are (3: faster)")
    p.add_argument("--zoom-in", type=float, default=1.4, help="tiles are enlarged up to this (small things seen large)")
    p.add_argument("--zoom-out", type=float, default=1.4, help="tiles are made smaller down to one over this")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument(
        "--threshold",
        action="append",
        default=[],
        metavar="CLASS=VALUE",
        help="least confidence to recommend for a class; `python -m vision.evaluate` tells good ones",
    )
    p.add_argument("--export-only", action="store_true", help="export --resume-from without training")
    return p


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Options from the command line over those of the configuration file. Raises ConfigError."""
    p = parser()
    first = p.parse_args(argv)
    if first.config is not None:
        try:
            given = json.loads(first.config.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{first.config}: {error}", "give a JSON file of options") from error
        keys = {k.replace("-", "_"): v for k, v in given.items()}
        unknown = sorted(set(keys) - set(vars(first)))
        if unknown:
            raise ConfigError(f"{first.config}: unknown option {', '.join(unknown)}", "see --help for the options")
        kinds = {a.dest: a.type for a in p._actions}
        p.set_defaults(**{k: Path(v) if kinds.get(k) is Path and v is not None else v for k, v in keys.items()})
        first = p.parse_args(argv)
    if first.out is None:
        raise ConfigError("no output folder", "give it with --out")
    if first.tile_px % 32:
        raise ConfigError(f"--tile-px {first.tile_px} is not a multiple of 32", "use 416, for example")
    return first


def gather(options: argparse.Namespace) -> list[tuple[list[LabelledPicture], float]]:
    """Training pictures of every source given, with its share. Raises ConfigError when there is none."""
    sources: list[tuple[list[LabelledPicture], float]] = []
    places = read_places(options.hard) if options.hard is not None else {}
    for folder, read, share in (
        (options.hit_uav, read_hit_uav, options.hit_uav_share),
        (options.sim_frames, read_sim_frames, options.sim_share),
        (options.aerial_cars, read_aerial_cars, options.aerial_cars_share),
    ):
        if folder is not None:
            pictures = [p for p in read(folder) if p.split == "train"]
            pictures = [replace(p, hard_xy=places[p.path.name]) if p.path.name in places else p for p in pictures]
            log.info("%s: %d training pictures, share %.2f", folder, len(pictures), share)
            sources.append((pictures, share))
    if not sources:
        raise ConfigError("no training data", "give --hit-uav, --sim-frames or --aerial-cars")
    return sources


def read_thresholds(given: Sequence[str]) -> dict[str, float]:
    """``["person=0.3"]`` -> ``{"person": 0.3}``. Raises ConfigError."""
    out = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if name not in CLASS_NAMES or not 0 < number < 1:
            raise ConfigError(f"--threshold {text}: not CLASS=VALUE", f"classes are {', '.join(CLASS_NAMES)}")
        out[name] = number
    return out


def run(options: argparse.Namespace) -> None:
    """Train and export as the options say."""
    import torch  # after the options are checked: a typing error should not cost five seconds

    from vision.train_data import TileSampler, Variation
    from vision.train_export import export_onnx
    from vision.train_loop import Schedule, calibrate_batch_norm, train
    from vision.train_model import build_network, load_fused_coco_weights, load_state

    thresholds = read_thresholds(options.threshold)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    network = build_network()
    if options.resume_from is not None:
        load_state(network, options.resume_from)
    if not options.export_only:
        variation = Variation(zoom_out=options.zoom_out, zoom_in=options.zoom_in)
        sampler = TileSampler(gather(options), options.tile_px, options.batch, options.seed, variation)
        if options.resume_from is None and options.weights is not None:
            log.info(
                "%d convolutions start from %s", load_fused_coco_weights(network, options.weights), options.weights
            )
            calibrate_batch_norm(network, sampler)
        schedule = Schedule(
            options.steps, options.time_limit_min * 60, rate=options.rate, frozen_modules=options.freeze
        )
        network = train(network, sampler, schedule, options.out / f"{options.name}.pt")
    file = export_onnx(network, options.out / f"{options.name}.onnx", thresholds)
    log.info("exported %s, %.2f MB", file, file.stat().st_size / 1e6)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", datefmt="%H:%M:%S")
    try:
        run(parse(argv))
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
