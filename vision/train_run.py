"""The folder of a training run: its configuration, log and description, whole after any crash. Knows no torch.

``config.toml`` the options; ``run.json`` the data and what it started from; ``log.csv`` step, time, rate, loss parts;
``validation.csv`` average precision now and then; ``checkpoint.pt`` everything needed to go on; ``NAME.pt`` the averaged
weights; at the end ``NAME.onnx`` and ``NAME.json``.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geofences.errors import ConfigError
from vision.dataset import LabelledPicture
from vision.records import CLASS_NAMES
from vision.train_config import TrainConfig, read_config, write_config

LOG_COLUMNS = ("step", "elapsed_s", "rate", "loss", "loss_box", "loss_class", "loss_edge", "tiles_per_s")
VALIDATION_COLUMNS = ("step", "elapsed_s", "pictures", "map50", *(f"ap50_{c.replace('-', '_')}" for c in CLASS_NAMES))
CONFIG, DESCRIPTION, LOG, VALIDATION, CHECKPOINT = (
    "config.toml", "run.json", "log.csv", "validation.csv", "checkpoint.pt",
)  # fmt: skip


def write_whole(file: Path, data: bytes) -> None:
    """Writes a file whole or not at all, also when the power goes."""
    part = file.with_name(file.name + ".part")
    with part.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)


class CsvLog:
    """A table that grows by one row at a time. Opening it drops rows after ``last_step`` and a torn last line: they
    belong to steps that will be done again."""

    def __init__(self, file: Path, columns: Sequence[str], last_step: int) -> None:
        """Raises ConfigError when the file holds another table."""
        self._file = file
        self._columns = tuple(columns)
        rows: list[dict[str, float]] = []
        if file.exists():
            rows = [r for r in read_log(file, columns, torn=True) if r["step"] <= last_step]
        self.last_step = int(rows[-1]["step"]) if rows else -1
        text = [",".join(columns), *(",".join(_text(r[c]) for c in columns) for r in rows)]
        write_whole(file, ("\n".join(text) + "\n").encode())

    def add(self, row: Mapping[str, float]) -> None:
        """Appends a row; raises KeyError when a column is missing."""
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(",".join(_text(row[c]) for c in self._columns) + "\n")


def _text(value: float) -> str:
    return "" if value != value else f"{value:.6g}"  # NaN is an empty field


def read_log(file: Path, columns: Sequence[str], torn: bool = False) -> list[dict[str, float]]:
    """Rows of ``log.csv`` or ``validation.csv``; an empty field is NaN. ``torn``: a last line without an end is left out.

    Raises ConfigError with file and line.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: {error}", "name the folder of a training run") from error
    if torn and not text.endswith("\n"):
        text = text[: text.rfind("\n") + 1]
    lines = list(csv.reader(text.splitlines()))
    if not lines or tuple(lines[0]) != tuple(columns):
        raise ConfigError(f"{file}:1: expected the columns {','.join(columns)}", "name the folder of a training run")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        try:
            rows.append({c: float(v) if v else float("nan") for c, v in zip(columns, line, strict=True)})
        except ValueError as error:
            raise ConfigError(f"{file}:{number}: {error}", "remove the line") from error
    return rows


@dataclass(frozen=True)
class SourceSummary:
    """What a source gave to training: ``boxes`` by class name, ``ignored`` regions, ``share`` of the tiles."""

    source: str
    folder: str
    share: float
    pictures: int
    boxes: Mapping[str, int]
    ignored: int
    hard_places: int

    @staticmethod
    def of(pictures: Sequence[LabelledPicture], folder: Path, share: float, classes: Sequence[str]) -> SourceSummary:
        """Counts a source's training pictures. Only the folder's name is kept: where it lay is nobody's business."""
        boxes = {c: sum(int((p.class_id == i).sum()) for p in pictures) for i, c in enumerate(classes)}
        return SourceSummary(
            pictures[0].source if pictures else folder.name,
            folder.name,
            share,
            len(pictures),
            boxes,
            sum(len(p.ignore_xyxy) for p in pictures),
            sum(len(p.hard_xy) for p in pictures),
        )


def describe_weights(file: Path | None) -> dict[str, Any] | None:
    """Name and sha256 of the file that training starts from and, where it lies in the folder of an earlier run, what that
    run was (``config`` and ``run``). Raises ConfigError when the file cannot be read."""
    if file is None:
        return None
    try:
        told: dict[str, Any] = {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    except OSError as error:
        raise ConfigError(f"weights {file}: {error.strerror or error}", "name a file with --weights") from error
    if (file.parent / DESCRIPTION).exists():
        config, run = read_run(file.parent)
        return {**told, "config": options_of(config), "run": run}
    return told


def options_of(config: TrainConfig) -> dict[str, Any]:
    """The options of a run for people: of paths only the last part, where they lay is nobody's business."""
    out: dict[str, Any] = {}
    for name, value in vars(config).items():
        if value is not None and value != ():
            out[name] = value.name if isinstance(value, Path) else dict(value) if name == "thresholds" else value
    return out


def begin_run(folder: Path, config: TrainConfig, description: Mapping[str, Any]) -> None:
    """Writes the configuration and description of a new run. Raises ConfigError when the folder holds one already."""
    if (folder / CHECKPOINT).exists():
        raise ConfigError(f"{folder} holds a training run", f"go on with --resume {folder}, or choose another folder")
    text = write_config(config)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / CONFIG, text.encode())
    for name in (LOG, VALIDATION):
        (folder / name).unlink(missing_ok=True)
    write_description(folder, description)


def write_description(folder: Path, description: Mapping[str, Any]) -> None:
    """Writes ``run.json``."""
    write_whole(folder / DESCRIPTION, (json.dumps(description, indent=1) + "\n").encode())


def read_run(folder: Path) -> tuple[TrainConfig, dict[str, Any]]:
    """Configuration and description of a run. Raises ConfigError when the folder holds none."""
    config = TrainConfig(**read_config(folder / CONFIG))
    file = folder / DESCRIPTION
    try:
        description = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(description, dict) or not isinstance(description["data"], list):
            raise ValueError("no list of data in it")
    except (OSError, ValueError, KeyError) as error:
        raise ConfigError(f"{file}: {error!r}", "name the folder of a training run") from error
    return config, description
