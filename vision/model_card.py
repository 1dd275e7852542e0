"""Writes a model's card from its run, its file and its scores:
``python -m vision.model_card --run RUN_DIR --model FILE.onnx --out FILE.md --hit-uav DIR --sim-frames DIR``.

Every figure is measured here or was recorded by the run. What only people can say (licences, limits, uses) stands in
``NAME.card.toml`` beside the model. Needs no torch.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from geofences.errors import ConfigError, MarchwardenError
from vision.dataset import LabelledPicture, read_hit_uav, read_sim_frames
from vision.detectors.base import DetectorOptions
from vision.detectors.model_file import advised_thresholds, describe, read_model, read_sidecar
from vision.detectors.onnx import OnnxSession
from vision.detectors.scaled import open_still_detector
from vision.evaluate_detector import table
from vision.metrics import mean_ap50
from vision.model_card_scores import Measured, height_table, measure
from vision.records import CLASS_NAMES
from vision.train_config import TrainConfig, write_config
from vision.train_curves import line_chart
from vision.train_run import LOG, LOG_COLUMNS, VALIDATION, VALIDATION_COLUMNS, read_log, read_run, write_whole
from vision.train_tried import DEFAULT_TABLE, SPEED_SIZES_PX, Tried, add_tried, measure_speed, read_tried, tried_table

LOW_THRESHOLD = 0.01
_MAX_PICTURE_BYTES = 100_000


@dataclass(frozen=True)
class Texts:
    """What people say about a model."""

    summary: str
    licence: str
    thresholds: str
    split: str
    earlier: str
    limits: tuple[str, ...]
    intended: str
    forbidden: str
    network: Mapping[str, str]
    sources: Mapping[str, Mapping[str, str]]


def read_texts(file: Path) -> Texts:
    """Raises ConfigError when a text is missing or is no text."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: {error}", "write it beside the model, as marchwarden-s.card.toml") from error
    kinds = {"limits": list, "network": dict, "sources": dict}
    for key in Texts.__dataclass_fields__:
        if not isinstance(content.get(key), kinds.get(key, str)):
            raise ConfigError(f"{file}: {key} is missing or of the wrong kind", "see marchwarden-s.card.toml")
    for name, source in content["sources"].items():
        if not isinstance(source, dict) or not all(isinstance(source.get(k), str) for k in ("what", "licence")):
            raise ConfigError(f"{file}: [sources.{name}] needs what and licence", "see marchwarden-s.card.toml")
    unknown = set(content) - set(Texts.__dataclass_fields__)
    if unknown:
        raise ConfigError(f"{file}: unknown key {', '.join(sorted(unknown))}", "see marchwarden-s.card.toml")
    texts = {k: v.strip() for k, v in content.items() if isinstance(v, str)}
    return Texts(**{**content, **texts, "limits": tuple(map(str, content["limits"]))})


@dataclass(frozen=True)
class Section:
    """Scores of the model on one set of pictures, looked at in one way."""

    title: str
    input_px: tuple[int, ...]
    pictures: int
    measured: Measured


def data_table(run: Mapping[str, Any], texts: Texts) -> str:
    """What the run learnt from, with licences. Raises ConfigError for a source without a licence."""
    lines = ["| source | pictures | boxes | share of the tiles | licence |", "|---|---|---|---|---|"]
    start = texts.sources.get("start")
    if start is not None:
        lines.append(f"| {start['what']} | - | - | - | {start['licence']} |")
    for entry in run["data"]:
        told = texts.sources.get(entry["source"])
        if told is None:
            raise ConfigError(f"no words on the source {entry['source']!r}", "add it to [sources] of the card's texts")
        boxes = ", ".join(f"{n} {c}" for c, n in entry["boxes"].items() if n)
        more = f"; {entry['ignored']} ignored regions" if entry["ignored"] else ""
        more += f"; {entry['hard_places']} places of false finds" if entry["hard_places"] else ""
        lines.append(
            f"| {told['what']} | {entry['pictures']} | {boxes}{more} | {entry['share']:g} | {told['licence']} |"
        )
    return "\n".join(lines)


def ancestry(run: Mapping[str, Any]) -> list[str]:
    """One line for each earlier run that the weights come from, the oldest first."""
    lines: list[str] = []
    start = run.get("started_from")
    while start:
        earlier = start.get("run")
        line = f"`{start['file']}` (sha256 `{start['sha256'][:12]}...`)"
        if earlier:
            config, ended = start.get("config", {}), earlier.get("ended", {})
            pictures = sum(entry["pictures"] for entry in earlier["data"])
            line += (
                f": {ended.get('step', 'an unknown number of')} batches of {config.get('batch')} tiles of "
                f"{config.get('tile_px')} px in {ended.get('elapsed_s', 0) / 60:.0f} min, {pictures} pictures, "
                f"seed {config.get('seed')}" + (f"; {earlier['note']}" if earlier.get("note") else "")
            )
        lines.append("- " + line)
        start = earlier.get("started_from") if earlier else None
    return lines[::-1]


def training_text(config: TrainConfig, run: Mapping[str, Any], folder: Path, texts: Texts) -> str:
    """How it was trained: the chain of runs, then this one's options."""
    rows = read_log(folder / LOG, LOG_COLUMNS)
    ended = run.get("ended") or {}
    step = ended.get("step", int(rows[-1]["step"]) if rows else 0)
    minutes = ended.get("elapsed_s", rows[-1]["elapsed_s"] if rows else 0.0) / 60
    versions = ", ".join(f"{k} {v}" for k, v in run.get("versions", {}).items())
    paths: dict[str, Any] = {k: Path(v.name) for k, v in vars(config).items() if isinstance(v, Path)}
    chain = ancestry(run)
    parts = [texts.earlier]
    if chain:
        parts.append("It started from these weights, the oldest first:\n\n" + "\n".join(chain))
    state = "" if ended else " The run has not ended; these weights are of its last save."
    parts.append(
        f"This run: {step} batches in {minutes:.0f} min on {run.get('device', 'an unrecorded device')}"
        + (" in mixed precision" if run.get("mixed_precision") else "")
        + (f" ({versions})" if versions else "")
        + f".{state}"
        + (f" {run['note'][0].upper()}{run['note'][1:]}." if run.get("note") else "")
        + " Its configuration, of paths the last part only:"
    )
    return "\n\n".join(parts) + "\n\n```toml\n" + write_config(replace(config, **paths)) + "```"


def draw_curves(folder: Path, out: Path) -> str:
    """Writes ``STEM-loss.svg`` and, when there were validations, ``STEM-validation.svg`` beside ``out``; returns the
    Markdown that shows them."""
    rows = read_log(folder / LOG, LOG_COLUMNS)
    names = {"loss": "loss", "loss_box": "box", "loss_class": "class", "loss_edge": "edge"}
    series = {name: [(r["step"], r[column]) for r in rows] for column, name in names.items()}
    known = {name: points for name, points in series.items() if any(y == y for _, y in points)}
    files = {"loss": line_chart("Training loss", "batch", "loss per tile", known)}
    shown = [f"![Training loss]({out.stem}-loss.svg)"]
    file = folder / VALIDATION
    validations = read_log(file, VALIDATION_COLUMNS) if file.exists() else []
    if validations:
        columns = ("map50", *(f"ap50_{c.replace('-', '_')}" for c in CLASS_NAMES))
        lines = {
            name: [(r["step"], r[column]) for r in validations]
            for column, name in zip(columns, ("mean", *CLASS_NAMES), strict=True)
        }
        count = f"{validations[-1]['pictures']:.0f}"
        files["validation"] = line_chart(f"AP50 on {count} validation pictures", "batch", "AP50", lines)
        shown.append(f"![AP50 during training]({out.stem}-validation.svg)")
    else:
        shown.append("AP50 was not recorded during this run.")
    for name, picture in files.items():
        data = picture.encode()
        if len(data) > _MAX_PICTURE_BYTES:
            raise ConfigError(f"the curve {name} takes {len(data)} bytes", "raise log_every in the next run")
        write_whole(out.with_name(f"{out.stem}-{name}.svg"), data)
    return "\n\n".join(shown)


def input_words(input_px: Sequence[int]) -> str:
    """``(0, 960)`` -> "native and 960 px"."""
    return " and ".join("native" if px == 0 else f"{px} px" for px in input_px)


def scores_text(sections: Sequence[Section], threshold: Sequence[float], every: int) -> str:
    """The tables of scores."""
    part = f", each {every}th picture" if every > 1 else ""
    parts = []
    for s in sections:
        parts.append(f"### {s.title}, input {input_words(s.input_px)} ({s.pictures} pictures{part})")
        parts.append(table(s.measured.scores, list(threshold)))
        parts.append("Recall at the thresholds, by the height of the true box:")
        parts.append(height_table(s.measured.heights))
        if s.measured.animals:
            share = 100 * s.measured.animals_as_person / s.measured.animals
            parts.append(
                f"Of {s.measured.animals} animals {share:.0f} % have a person's box on them (an overlap of 0.3; some of these "
                "are people beside them)."
            )
    return "\n\n".join(parts)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    p = argparse.ArgumentParser(prog="python -m vision.model_card", description="Write a model's card.")
    p.add_argument("--run", type=Path, required=True, help="folder of the training run")
    p.add_argument("--model", type=Path, required=True, help="the .onnx file, with its .json beside it")
    p.add_argument("--out", type=Path, required=True, help="the card (.md); curves are written beside it")
    p.add_argument("--texts", type=Path, help="what people say (default: NAME.card.toml beside --out)")
    p.add_argument("--hit-uav", type=Path, help="HIT-UAV folder: its validation blocks are scored")
    p.add_argument("--sim-frames", type=Path, help="frames of the simulator: those of validation seeds are scored")
    p.add_argument(
        "--input-px", action="append", default=[], metavar="N[,N...]",
        help="long sides to score at (0: as it is), may be repeated; default: as it is, and what the model recommends",
    )  # fmt: skip
    p.add_argument("--every", type=int, default=1, help="score each n-th picture only")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--speed-repeat", type=int, default=5, help="how often the network is timed at each size")
    p.add_argument("--tried", type=Path, default=DEFAULT_TABLE, help="table of what was tried")
    p.add_argument("--remember", metavar="NOTE", help="add this model to that table, with this note")
    options = p.parse_args(argv)
    try:
        write_card(options)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def write_card(options: argparse.Namespace) -> None:
    """Do as the options say. The card is written last: without it nothing was measured to the end."""
    if min(options.every, options.threads, options.speed_repeat) < 1:
        raise ConfigError("--every, --threads and --speed-repeat must be at least 1", "leave them out")
    if not options.out.parent.is_dir():
        raise ConfigError(f"{options.out}: there is no folder {options.out.parent}", "make it first")
    if options.remember is not None and options.every > 1:
        raise ConfigError("--remember with --every: a score on a part of the pictures", "leave one of them out")
    texts = read_texts(options.texts or options.out.with_suffix(".card.toml"))
    config, run = read_run(options.run)
    data = data_table(run, texts)
    training = training_text(config, run, options.run, texts)
    model = read_model(options.model)
    description = describe(options.model, model)
    sidecar = read_sidecar(options.model)
    exported = run.get("exported_sha256")
    if exported is not None and exported != description.sha256:
        raise ConfigError(
            f"{options.model} (sha256 {description.sha256[:12]}...) is not what {options.run} exported",
            "name the run that this model comes from",
        )
    read_tried(options.tried)  # a table that cannot be read should not cost the time of scoring
    inputs = _inputs(options.input_px, description.input_px)
    sets = _pictures(options)
    session = OnnxSession(options.model, model, "cpu", 1)
    speed = measure_speed({"it": session.run}, options.speed_repeat)["it"]
    advised = advised_thresholds(options.model, DetectorOptions().default_threshold)
    threshold = [advised[c] for c in CLASS_NAMES]
    how = DetectorOptions(threads=options.threads, threshold=dict.fromkeys(CLASS_NAMES, LOW_THRESHOLD))
    sections = []
    for title, pictures in sets:
        for input_px in inputs:
            print(f"{title}, input {input_words(input_px)}: {len(pictures)} pictures", file=sys.stderr)
            detector = open_still_detector(options.model, how, input_px)
            sections.append(Section(title, input_px, len(pictures), measure(detector, pictures, np.array(threshold))))
    if options.remember is not None:
        for section in sections:
            if section.title == sets[0][0]:
                add_tried(
                    options.tried, _tried_row(section, description.sha256, config, run, len(model), speed, options)
                )
    curves = draw_curves(options.run, options.out)
    facts = _facts(options.model, len(model), description.sha256, sidecar, config, run, texts, threshold, speed)
    card = f"""# Model card: {description.name}

{texts.summary}

{facts}

## What it learnt from

{data}

Split: {texts.split}

## How it was trained

{training}

{curves}

## How good it is

AP50 is COCO's 101-point average precision at an overlap of 0.5, by `vision/metrics.py`; each place counts as its best
class. P and R are precision and recall at the thresholds above; n is the number of true objects. Input is the long side
that a picture is enlarged to before it is looked at; of several looks the finds are fused.

{scores_text(sections, threshold, options.every)}

## What was tried

Scores are on {sets[0][0]}, at the named input; speed is CPU time of one thread. An architecture that says "not trained"
was only timed.

{tried_table(read_tried(options.tried))}

## Limits

{chr(10).join(f"- {limit}" for limit in texts.limits)}

## What it is for

{texts.intended}

## What it must not be used for

{texts.forbidden}

This card was written by `python -m vision.model_card`.
"""
    write_whole(options.out, card.encode())
    print(f"{options.out}: {len(sections)} tables of scores")


def _pictures(options: argparse.Namespace) -> list[tuple[str, list[LabelledPicture]]]:
    sets = []
    for title, folder, read in (
        ("HIT-UAV validation", options.hit_uav, read_hit_uav),
        ("Simulator validation", options.sim_frames, read_sim_frames),
    ):
        if folder is not None:
            chosen = [q for q in read(folder) if q.split == "val"][:: options.every]
            if not chosen:
                raise ConfigError(f"{folder}: no pictures of the validation part", "give the whole data set")
            sets.append((title, chosen))
    if not sets:
        raise ConfigError("a card without scores says nothing", "give --hit-uav, --sim-frames or both")
    return sets


def _inputs(given: Sequence[str], recommended: tuple[int, ...]) -> list[tuple[int, ...]]:
    try:
        inputs = [tuple(int(px) for px in text.split(",")) for text in given]
    except ValueError as error:
        raise ConfigError(f"--input-px: {error}", "give numbers, as 0,960") from error
    if any(px < 0 for sizes in inputs for px in sizes):
        raise ConfigError("--input-px: a size under 0", "give 0 for pictures as they are")
    return inputs or list(dict.fromkeys([(0,), recommended or (0,)]))


def _facts(
    file: Path, size_bytes: int, digest: str, sidecar: Mapping[str, Any], config: TrainConfig, run: Mapping[str, Any],
    texts: Texts, threshold: Sequence[float], speed: Mapping[str, str],
) -> str:  # fmt: skip
    classes = [str(c) for c in sidecar.get("classes", ())]
    network = texts.network.get(config.size, f"size {config.size} of `vision/train_model.py`")
    cost = ", ".join(f"{int(speed[f'cpu_ms_{w}x{h}'])} ms at {w}x{h}" for w, h in SPEED_SIZES_PX)
    rows = {
        "file": f"`{file.name}`, {size_bytes / 1e6:.2f} MB, sha256 `{digest}` (also in `{file.stem}.json`; the program "
        "refuses any other)",
        "input": f"`images` 1 x 3 x H x W, RGB 0..1, H and W multiples of {sidecar.get('stride', 32)}",
        "output": f"`output0` 1 x {4 + len(classes)} x n: centre x, centre y, width, height in pixels, then the scores of "
        f"{', '.join(classes)}; before non-maximum suppression. An animal displaces a person at its place and is never "
        "passed on",
        "network": network + f"; {run['parameters'] / 1e6:.2f} M parameters",
        "thresholds": ", ".join(f"{c} {t:.2f}" for c, t in zip(CLASS_NAMES, threshold, strict=True))
        + f" ({texts.thresholds})",
        "cost": f"CPU time of one thread, ONNX Runtime, fp32: {cost}",
        "licence": texts.licence,
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {k} | {v} |" for k, v in rows.items())])


def _tried_row(
    section: Section, digest: str, config: TrainConfig, run: Mapping[str, Any], size_bytes: int,
    speed: Mapping[str, str], options: argparse.Namespace,
) -> Tried:  # fmt: skip
    by_class = section.measured.scores["all"].at_50.per_class(0.5)
    ap50 = [f"{s.ap50:.3f}" if s.truths else "" for s in by_class]
    steps, start = int(run.get("ended", {}).get("step", 0)), run.get("started_from")
    while start and start.get("run"):
        steps += int(start["run"].get("ended", {}).get("step", 0))
        start = start["run"].get("started_from")
    row = Tried(
        model=f"{config.name} {digest[:12]}",
        size=config.size,
        input_px=input_words(section.input_px),
        steps=str(steps + run.get("steps_before", 0)),
        parameters_m=f"{run['parameters'] / 1e6:.2f}",
        onnx_mb=f"{size_bytes / 1e6:.2f}",
        map50=f"{mean_ap50(by_class):.3f}",
        person_ap50=ap50[0],
        vehicle_ap50=ap50[1],
        two_wheeler_ap50=ap50[2],
        note=options.remember,
    )
    return replace(row, **speed) if section.input_px == (0,) else row


if __name__ == "__main__":
    raise SystemExit(main())
