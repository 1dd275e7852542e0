"""What a training run is told: one flat record of options, read from TOML and the command line, written beside the run.

``vision/models/marchwarden-s.train.toml`` is the documented example.
"""

# ruff: noqa: RUF009  (_option returns dataclasses.field)

from __future__ import annotations

import argparse
import difflib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from geofences.errors import ConfigError
from vision.detectors.model_file import MAX_INPUT_PX
from vision.records import CLASS_NAMES
from vision.train_tiles import Variation

SIZES = ("s", "m", "s-p2")
STRIDE_PX = 32
DEVICE_HINT = "auto, cpu, cuda, cuda:N or mps"


def _option(
    section: str, default: Any, what: str, kind: type = Path, least: float | None = None, most: float = math.inf
) -> Any:
    return field(default=default, metadata={"table": section, "help": what, "kind": kind, "range": (least, most)})


@dataclass(frozen=True)
class TrainConfig:
    """Every option of ``python -m vision.train`` that a run is made of, checked.

    Raises ConfigError, naming the option, for a value that cannot be used.
    """

    name: str = _option("run", "marchwarden-s", "file name of the model", str)
    seed: int = _option("run", 0, "tiles, order and random weights follow from it", int, 0)
    device: str = _option("run", "auto", f"{DEVICE_HINT}; auto takes a GPU where torch has one", str)
    threads: int = _option("run", 2, "threads of the network on a CPU", int, 1)
    workers: int = _option("run", 0, "threads that cut tiles; 0: one beside a CPU, up to eight beside a GPU", int, 0)
    cache_gb: float = _option("run", 4.0, "memory for decoded pictures; beyond it they are read again", float, 0)

    hit_uav: Path | None = _option("data", None, "HIT-UAV folder (annotations.json, images/)")
    hit_uav_share: float = _option("data", 0.5, "part of the tiles cut from it", float, 0)
    sim_frames: Path | None = _option("data", None, "frames of the simulator, as written by `python -m sim.frames`")
    sim_share: float = _option("data", 0.42, "part of the tiles cut from it", float, 0)
    aerial_cars: Path | None = _option("data", None, "aerial-cars folder (NAME.jpg, NAME.txt)")
    aerial_cars_share: float = _option("data", 0.08, "part of the tiles cut from it", float, 0)
    verdicts: Path | None = _option("data", None, "frames that an operator judged (images/*.jpg, labels/*.txt)")
    verdicts_share: float = _option("data", 0.1, "part of the tiles cut from it", float, 0)
    hard: Path | None = _option("data", None, "false finds to look at more often, as written by vision.train_mine")

    size: str = _option("network", "s", f"architecture: {', '.join(SIZES)}", str)
    weights: Path | None = _option(
        "network", None, "weights to start from: .npz (fused COCO), .pt of an earlier run, .pt of ultralytics"
    )
    freeze: int = _option("network", 0, "leave the first so many modules as they are (3: faster)", int, 0)

    tile_px: int = _option("tiles", 416, f"side of the training tiles, a multiple of {STRIDE_PX}", int, 2 * STRIDE_PX)
    batch: int = _option("tiles", 16, "tiles in a step", int, 1)
    zoom_in: float = _option("tiles", 1.4, "tiles are enlarged up to this (small things seen large)", float, 1)
    zoom_out: float = _option("tiles", 1.4, "tiles are made smaller down to one over this", float, 1)
    mosaic: float = _option("tiles", 0.3, "part of the tiles joined from four cuts at native scale", float, 0, 1)
    balance: float = _option("tiles", 0.2, "part of the tiles for which a class is drawn before a picture", float, 0, 1)

    steps: int = _option("schedule", 20000, "at most this many batches", int, 1)
    time_limit_min: float = _option(
        "schedule", 0.0, "at most this long, over all parts of the run; 0: no limit", float, 0
    )
    rate: float = _option("schedule", 2e-3, "highest learning rate", float, 1e-9)
    warm_up_steps: int = _option("schedule", 60, "steps over which the rate rises", int, 1)
    weight_decay: float = _option("schedule", 5e-4, "of AdamW, for weights, not for offsets", float, 0)
    save_every: int = _option("schedule", 50, "steps between checkpoints: a killed run loses no more", int, 1)
    log_every: int = _option("schedule", 25, "steps between rows of log.csv", int, 1)
    validate_every: int = _option("schedule", 500, "steps between validations; 0: only at the end", int, 0)
    validate_pictures: int = _option(
        "schedule", 60, "validation pictures used during training, always the same", int, 0
    )

    input_px: tuple[int, ...] = _option(
        "export", (), "long sides at which still pictures are best looked at, as 0,960 (0: as they are)", tuple
    )
    thresholds: Mapping[str, float] = field(default_factory=dict, metadata={"table": "thresholds", "kind": dict})

    def __post_init__(self) -> None:
        for f in fields(self):
            _check(f, getattr(self, f.name))
        if self.size not in SIZES:
            raise ConfigError(f"network size {self.size!r}", f"use one of {', '.join(SIZES)}")
        if self.tile_px % STRIDE_PX:
            raise ConfigError(f"tile-px {self.tile_px} is not a multiple of {STRIDE_PX}", "use 416, for example")
        if not self.name or Path(self.name).name != self.name:
            raise ConfigError(f"name {self.name!r} is not a file name", "use letters, digits and dashes")
        for name, value in self.thresholds.items():
            _check_threshold(name, value)

    @property
    def variation(self) -> Variation:
        """How the tiles vary."""
        return Variation(zoom_out=self.zoom_out, zoom_in=self.zoom_in, mosaic=self.mosaic, balance=self.balance)

    @property
    def max_s(self) -> float:
        """The time limit in seconds, infinite when there is none."""
        return self.time_limit_min * 60 if self.time_limit_min > 0 else math.inf


MAY_CHANGE_ON_RESUME = frozenset(
    {
        "device",
        "threads",
        "workers",
        "cache_gb",
        "hit_uav",
        "sim_frames",
        "aerial_cars",
        "verdicts",
        "hard",
        "thresholds",
        "input_px",
    }
)
"""Options that say where things are or how fast they go, not what is learnt."""


def _check(f: Field[Any], value: object) -> None:
    kind = f.metadata["kind"]
    if value is None and f.default is None:
        return
    fits = {
        int: isinstance(value, int) and not isinstance(value, bool),
        float: isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value),
        str: isinstance(value, str),
        Path: isinstance(value, Path),
        tuple: isinstance(value, tuple) and all(type(v) is int and 0 <= v <= MAX_INPUT_PX for v in value),
        dict: isinstance(value, Mapping),
    }[kind]
    if not fits:
        raise ConfigError(f"option {_dashed(f.name)}: {value!r} is not {_KIND_NAME[kind]}", f.metadata.get("help", ""))
    least, most = f.metadata.get("range", (None, math.inf))
    if least is not None and isinstance(value, (int, float)) and not least <= value <= most:
        span = f"at least {least:g}" if math.isinf(most) else f"from {least:g} to {most:g}"
        raise ConfigError(f"option {_dashed(f.name)}: {value} is not {span}", f.metadata["help"])


_KIND_NAME = {
    int: "a whole number",
    float: "a number",
    str: "text",
    Path: "a path",
    tuple: "a list of pixels",
    dict: "a table",
}


def _check_threshold(name: str, value: object) -> None:
    number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else -1.0
    if name not in CLASS_NAMES or not 0 < number < 1:
        raise ConfigError(
            f"threshold {name}={value}: not a class and a value between 0 and 1",
            f"classes are {', '.join(CLASS_NAMES)}",
        )


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def read_config(file: Path) -> dict[str, Any]:
    """Options that a TOML file gives, by field name. Keys stand in the table that ``write_config`` puts them in; dashes
    and underscores are alike; paths are relative to where the program runs.

    Raises ConfigError with the file and the key (or the line, when it is not TOML).
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: {error}", "give a TOML file of training options") from error
    known = {f.name: f for f in fields(TrainConfig)}
    tables = {f.metadata["table"] for f in known.values()}
    given: dict[str, Any] = {}
    for table, entries in content.items():
        if table not in tables or not isinstance(entries, dict):
            raise ConfigError(f"{file}: unknown table or key [{table}]", f"tables are {', '.join(sorted(tables))}")
        if table == "thresholds":
            given["thresholds"] = entries
            continue
        for key, value in entries.items():
            name = key.replace("-", "_")
            if name not in known or known[name].metadata["table"] != table:
                near = difflib.get_close_matches(name, known, 1)
                hint = f"did you mean {near[0]} in [{known[near[0]].metadata['table']}]?" if near else "see --help"
                raise ConfigError(f"{file}: unknown option {key} in [{table}]", hint)
            given[name] = _from_toml(known[name].metadata["kind"], value)
    try:
        TrainConfig(**given)
    except ConfigError as error:
        raise ConfigError(f"{file}: {error.message}", error.remedy) from error
    return given


def _from_toml(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str):
        return Path(value)
    return tuple(value) if kind is tuple and isinstance(value, list) else value


def write_config(config: TrainConfig) -> str:
    """The configuration as TOML, as ``read_config`` reads it; options without a value are left out."""
    tables: dict[str, list[str]] = {}
    for f in fields(config):
        value = getattr(config, f.name)
        rows = tables.setdefault(f.metadata["table"], [])
        if f.metadata["kind"] is dict:
            rows += [f"{key} = {float(v)!r}" for key, v in value.items()]
        elif value is not None:
            rows.append(f"{f.name} = {_toml(value)}")
    return "\n".join(f"[{table}]\n" + "".join(f"{row}\n" for row in rows) for table, rows in tables.items() if rows)


def _toml(value: object) -> str:
    if isinstance(value, (str, Path)):
        text = str(value)
        if any(ord(c) < 32 or ord(c) == 127 for c in text):
            raise ConfigError(f"{text!r} cannot be written to a configuration", "use a name without control characters")
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(",") if part)


def read_thresholds(given: Sequence[str]) -> dict[str, float]:
    """``["person=0.3"]`` -> ``{"person": 0.3}``. Raises ConfigError."""
    out = {}
    for text in given:
        name, _, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        _check_threshold(name, number if number > 0 else value)
        out[name] = number
    return out


def add_options(p: argparse.ArgumentParser) -> None:
    """Adds every option to a parser; one that is not given leaves no trace in the namespace."""
    for f in fields(TrainConfig):
        if f.metadata["kind"] is dict:
            continue
        default = "" if f.default in (None, MISSING, ()) else f" (default {f.default})"
        p.add_argument(
            f"--{_dashed(f.name)}",
            type=_sizes if f.metadata["kind"] is tuple else f.metadata["kind"],
            default=argparse.SUPPRESS,
            help=(f.metadata["help"] + default).replace("%", "%%"),
        )
    p.add_argument(
        "--threshold",
        action="append",
        default=argparse.SUPPRESS,
        metavar="CLASS=VALUE",
        help="least confidence to recommend for a class; `python -m vision.evaluate` tells good ones",
    )


def given_options(namespace: argparse.Namespace) -> dict[str, Any]:
    """What the command line gave, by field name. Raises ConfigError."""
    names = {f.name for f in fields(TrainConfig)}
    given = {key: value for key, value in vars(namespace).items() if key in names}
    if "threshold" in namespace:
        given["thresholds"] = read_thresholds(namespace.threshold)
    return given


def merge(base: TrainConfig, given: Mapping[str, Any]) -> TrainConfig:
    """``base`` with what was given instead. Raises ConfigError."""
    return replace(base, **given)
