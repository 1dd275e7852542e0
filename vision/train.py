"""Trains and exports the detector: ``python -m vision.train --config FILE --hit-uav DIR --weights FILE --out RUN_DIR``.

Needs the extra ``[train]`` (torch, ultralytics). A run that stopped, however it did, goes on with ``--resume RUN_DIR``.
The options stand in ``vision.train_config``; a documented file is ``vision/models/marchwarden-s.train.toml``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import logging
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from geofences.errors import ConfigError, MarchwardenError, ModelError
from vision.dataset import (
    LabelledPicture,
    read_aerial_cars,
    read_hit_uav,
    read_places,
    read_sim_frames,
    read_verdicts,
)
from vision.detectors.decode import MODEL_CLASSES
from vision.train_config import (
    MAY_CHANGE_ON_RESUME,
    TrainConfig,
    add_options,
    given_options,
    merge,
    read_config,
)
from vision.train_run import CHECKPOINT, SourceSummary, begin_run, describe_weights, read_run, write_description

log = logging.getLogger("vision.train")

_NEEDED = ("torch", "ultralytics", "onnx", "onnxslim")


@dataclass(frozen=True)
class Request:
    """What the command line asks for: train into ``folder`` (a new run, or ``resume`` one), or only export."""

    config: TrainConfig
    folder: Path
    resume: bool = False
    export_only: bool = False


@dataclass(frozen=True)
class Source:
    """One data set: its pictures of all parts of the split, and the share of the tiles cut from its training part."""

    folder: Path
    share: float
    pictures: list[LabelledPicture]

    @property
    def training(self) -> list[LabelledPicture]:
        """The training part."""
        return [p for p in self.pictures if p.split == "train"]


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(prog="python -m vision.train", description="Train the detector and export it to ONNX.")
    p.add_argument("--config", type=Path, help="TOML file of the options below (the command line wins)")
    p.add_argument("--out", type=Path, help="folder of the run: configuration, logs, checkpoint, weights, ONNX")
    p.add_argument("--resume", type=Path, metavar="RUN_DIR", help="go on with a run that stopped, on the same schedule")
    p.add_argument("--export-only", action="store_true", help="export --weights to --out without training")
    p.add_argument("--resume-from", type=Path, dest="weights", default=argparse.SUPPRESS, help="the same as --weights")
    add_options(p)
    return p


def parse(argv: Sequence[str] | None) -> Request:
    """The request: command line over configuration file over defaults. Raises ConfigError."""
    options = parser().parse_args(argv)
    given = given_options(options)
    if options.resume is not None:
        if options.config is not None or options.out is not None or options.export_only:
            raise ConfigError(
                "--resume takes its configuration from the run", "leave --config, --out, --export-only out"
            )
        fixed = sorted(set(given) - MAY_CHANGE_ON_RESUME)
        if fixed:
            names = ", ".join(f"--{name.replace('_', '-')}" for name in fixed)
            raise ConfigError(
                f"{names} cannot change in a run that goes on", "start a new run from its .pt file with --weights"
            )
        return Request(merge(read_run(options.resume)[0], given), options.resume, resume=True)
    from_file = read_config(options.config) if options.config is not None else {}
    config = merge(TrainConfig(), {**from_file, **given})
    if options.out is None:
        raise ConfigError("no output folder", "give it with --out")
    if options.export_only and config.weights is None:
        raise ConfigError("--export-only without weights", "give the .pt file with --weights")
    # A run goes on from any working folder.
    paths: dict[str, Any] = {k: v.resolve() for k, v in vars(config).items() if isinstance(v, Path)}
    return Request(replace(config, **paths), options.out, export_only=options.export_only)


def gather(config: TrainConfig) -> list[Source]:
    """Pictures of every source given. Raises ConfigError when there is none, or a source cannot be read."""
    sources: list[Source] = []
    places = read_places(config.hard) if config.hard is not None else {}
    readers: tuple[tuple[Path | None, Callable[[Path], list[LabelledPicture]], float], ...] = (
        (config.hit_uav, read_hit_uav, config.hit_uav_share),
        (config.sim_frames, read_sim_frames, config.sim_share),
        (config.aerial_cars, read_aerial_cars, config.aerial_cars_share),
        (config.verdicts, read_verdicts, config.verdicts_share),
    )
    for folder, read, share in readers:
        if folder is not None:
            pictures = [replace(p, hard_xy=places[p.path.name]) if p.path.name in places else p for p in read(folder)]
            sources.append(Source(folder, share, pictures))
            log.info("%s: %d training pictures, share %.2f", folder, len(sources[-1].training), share)
    if not any(s.training and s.share > 0 for s in sources):
        raise ConfigError("no training data", "give --hit-uav, --sim-frames, --aerial-cars or --verdicts")
    return sources


def summarise(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """What ``run.json`` says of the data."""
    return [asdict(SourceSummary.of(s.training, s.folder, s.share, MODEL_CLASSES)) for s in sources]


def check_same_data(told: Sequence[dict[str, Any]], now: Sequence[dict[str, Any]]) -> None:
    """Raises ConfigError when a run would go on with other data than it began with; the folder may have moved."""
    for before, after in zip(told, now, strict=False):
        keys = [k for k in after if k != "folder" and before.get(k) != after[k]]
        if keys:
            changed = ", ".join(f"{k} {before.get(k)} -> {after[k]}" for k in keys)
            raise ConfigError(
                f"training data {after['folder']} is not what the run began with: {changed}",
                "start a new run from its .pt file with --weights",
            )
    if len(told) != len(now):
        raise ConfigError(
            f"the run began with {len(told)} data sets, not {len(now)}", "give the same ones, or start a new run"
        )


def run(request: Request) -> None:
    """Train and export as asked. Raises MarchwardenError."""
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ModelError(f"training needs {', '.join(missing)}", "install it with: pip install 'marchwarden[train]'")
    import torch  # after the options are checked: a typing error should not cost five seconds

    from vision.train_export import export_onnx
    from vision.train_model import build_network, load_weights

    config, folder = request.config, request.folder
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    network = build_network(config.size)
    kind = load_weights(network, config.weights, config.size) if config.weights and not request.resume else None
    if request.export_only:
        folder.mkdir(parents=True, exist_ok=True)
    else:
        network = _train(request, network, calibrate=kind == "fused")
    file = export_onnx(network.cpu(), folder / f"{config.name}.onnx", config.thresholds, config.input_px)
    if not request.export_only:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        write_description(folder, {**read_run(folder)[1], "exported_sha256": digest})
    log.info("exported %s, %.2f MB", file, file.stat().st_size / 1e6)


def _train(request: Request, network: Any, calibrate: bool) -> Any:
    import torch
    import ultralytics

    from vision.train_checkpoint import load_checkpoint
    from vision.train_data import TileSampler
    from vision.train_loop import Schedule, Trainer, calibrate_batch_norm, choose_machine
    from vision.train_validate import validate, validation_part

    config, folder = request.config, request.folder
    state = load_checkpoint(folder / CHECKPOINT) if request.resume else None
    machine = choose_machine(config.device, config.workers, os.cpu_count() or 1)
    sources = gather(config)
    chosen = validation_part([s.pictures for s in sources], config.validate_pictures)
    summary = summarise(sources)
    if state is not None:
        description = read_run(folder)[1]
        check_same_data(description["data"], summary)
    else:
        description = {
            "data": summary,
            "started_from": describe_weights(config.weights),
            "parameters": sum(p.numel() for p in network.parameters()),
            "validation_pictures": len(chosen),
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__,
                "ultralytics": ultralytics.__version__,
            },
            "device": str(machine.device),
            "mixed_precision": machine.mixed,
        }
        begin_run(folder, config, description)
    sampler = TileSampler(
        [(s.training, s.share) for s in sources],
        config.tile_px, config.batch, config.seed, config.variation, config.cache_gb,
    )  # fmt: skip
    if calibrate:
        calibrate_batch_norm(network, sampler)
    schedule = Schedule(
        config.steps, config.max_s, config.rate,
        warm_up_steps=config.warm_up_steps, weight_decay=config.weight_decay, frozen_modules=config.freeze,
        save_every=config.save_every, log_every=config.log_every, validate_every=config.validate_every,
    )  # fmt: skip
    check = (lambda averaged: validate(averaged, chosen)) if chosen else None
    trainer = Trainer(network, sampler, schedule, machine, folder, config.name, check)
    if state is not None:
        trainer.restore(state)
        log.info("going on at step %d after %.0f s", trainer.step, trainer.elapsed_s)
    log.info("on %s%s, %d steps at most", machine.device, " in mixed precision" if machine.mixed else "", config.steps)
    averaged = trainer.run()
    ended = {"step": trainer.step, "elapsed_s": round(trainer.elapsed_s, 1)}
    write_description(folder, {**description, "ended": ended})
    return averaged


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", datefmt="%H:%M:%S")
    request: Request | None = None
    try:
        request = parse(argv)
        run(request)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        where = f"; go on with --resume {request.folder}" if request and not request.export_only else ""
        print(f"stopped{where}", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
