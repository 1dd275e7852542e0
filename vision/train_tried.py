"""The table of what was tried: ``python -m vision.train_tried --size m --table FILE`` measures an architecture's speed.

One row per network and input size. A size that nobody trained yet has a speed (it does not depend on the weights) and no
scores; its row says so. ``vision.model_card --remember`` adds the scores of a trained one.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

import numpy as np

from geofences.errors import ConfigError, MarchwardenError, ModelError
from vision.detectors.model_file import read_model
from vision.detectors.onnx import OnnxSession
from vision.train_config import SIZES
from vision.train_run import write_whole

DEFAULT_TABLE = Path(__file__).parent / "models" / "tried.csv"
SPEED_SIZES_PX = ((640, 512), (960, 768), (1280, 720))
"""Width and height of the pictures that speed is measured at."""


@dataclass(frozen=True)
class Tried:
    """A row; empty text: unknown. ``input_px``: the long sides that a picture is looked at ("native": as it is)."""

    model: str
    size: str
    input_px: str
    steps: str = "not trained"
    parameters_m: str = ""
    onnx_mb: str = ""
    map50: str = ""
    person_ap50: str = ""
    vehicle_ap50: str = ""
    two_wheeler_ap50: str = ""
    cpu_ms_640x512: str = ""
    cpu_ms_960x768: str = ""
    cpu_ms_1280x720: str = ""
    note: str = ""


COLUMNS = tuple(f.name for f in fields(Tried))


def read_tried(file: Path) -> list[Tried]:
    """The rows; none when there is no file. Raises ConfigError with file and line."""
    if not file.exists():
        return []
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            lines = list(csv.reader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"{file}: {error}", "name a table written by vision.train_tried") from error
    if not lines or tuple(lines[0]) != COLUMNS:
        raise ConfigError(f"{file}:1: expected the columns {','.join(COLUMNS)}", "name another table")
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(COLUMNS):
            raise ConfigError(f"{file}:{number}: {len(line)} fields, expected {len(COLUMNS)}", "correct the line")
    return [Tried(*line) for line in lines[1:]]


def add_tried(file: Path, row: Tried) -> None:
    """Adds a row, or replaces the one of the same model and input size. The file is written whole or not at all."""
    rows = read_tried(file)
    places = [i for i, r in enumerate(rows) if (r.model, r.input_px) == (row.model, row.input_px)]
    if places:
        rows[places[0]] = row
    else:
        rows.append(row)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([getattr(r, c) for c in COLUMNS] for r in rows)
        stream.seek(0)
        write_whole(file, stream.read().encode())


def tried_table(rows: Sequence[Tried]) -> str:
    """The rows as a Markdown table."""
    head = (
        "model", "network", "input", "batches", "M parameters", "MB", "mAP50", "person", "vehicle", "two-wheeler",
        *(f"CPU ms {w}x{h}" for w, h in SPEED_SIZES_PX), "note",
    )  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(getattr(r, c).replace("|", "/") or "-" for c in COLUMNS) + " |" for r in rows]
    return "\n".join(lines)


def measure_speed(
    runs: Mapping[str, Callable[[np.ndarray], object]],
    repeat: int,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, dict[str, str]]:
    """Milliseconds of CPU time of each network at each size, ``{name: {"cpu_ms_640x512": "31", ...}}``: the median of the
    fastest half of ``repeat`` runs, taken in turns, so that what else the machine does meets all alike. CPU time, as the
    wall clock tells more of a busy machine than of the network."""
    out: dict[str, dict[str, str]] = {name: {} for name in runs}
    for width, height in SPEED_SIZES_PX:
        # Networks take multiples of their stride: 720 lines become 736.
        blob = np.zeros((1, 3, height + -height % 32, width + -width % 32), dtype=np.float32)
        took: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(repeat + 1):
            for name, run in runs.items():
                started = clock()
                run(blob)
                elapsed_ms = (clock() - started) * 1e3
                if number:  # the first sets up memory
                    took[name].append(elapsed_ms)
        for name, values in took.items():
            out[name][f"cpu_ms_{width}x{height}"] = f"{median(sorted(values)[: max(repeat // 2, 1)]):.0f}"
    return out


def export_untrained(size: str, folder: Path) -> tuple[Path, float]:
    """An ONNX file of a network with random weights, and its parameters in millions. Raises ModelError without torch."""
    if any(importlib.util.find_spec(name) is None for name in ("torch", "ultralytics", "onnx", "onnxslim")):
        raise ModelError("an architecture can only be built with torch", "pip install 'marchwarden[train]'")
    from vision.train_export import export_onnx
    from vision.train_model import build_network

    network = build_network(size)
    millions = sum(p.numel() for p in network.parameters()) / 1e6
    return export_onnx(network, folder / f"untrained-{size}.onnx", {}), millions


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    p = argparse.ArgumentParser(prog="python -m vision.train_tried", description="Measure architectures' speed.")
    p.add_argument(
        "--size", action="append", choices=SIZES, default=[], help="architecture, untrained; may be repeated"
    )
    p.add_argument("--threads", type=int, default=1, help="the CPU time of all of them is summed")
    p.add_argument("--repeat", type=int, default=7)
    p.add_argument("--note", default="", help="said of the machine, in the rows")
    p.add_argument("--table", type=Path, default=DEFAULT_TABLE)
    options = p.parse_args(argv)
    try:
        read_tried(options.table)  # a table that cannot be added to should not cost the time
        with tempfile.TemporaryDirectory() as folder:
            files = {size: export_untrained(size, Path(folder)) for size in options.size or SIZES}
            runs = {
                size: OnnxSession(file, read_model(file), "cpu", options.threads).run
                for size, (file, _) in files.items()
            }
            speeds = measure_speed(runs, options.repeat)
            for size, (file, millions) in files.items():
                row = Tried(
                    f"untrained-{size}", size, "native", parameters_m=f"{millions:.2f}",
                    onnx_mb=f"{file.stat().st_size / 1e6:.2f}", note=options.note, **speeds[size],
                )  # fmt: skip
                add_tried(options.table, row)
                print(tried_table([row]).splitlines()[-1])
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
