"""What the suite's subcommands share: where the cases come from."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geofences.errors import ConfigError
from vision.evaluate_case import Case, read_case, read_cases


def add_case_arguments(parser: argparse.ArgumentParser) -> None:
    """Options that :func:`opened` understands."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--suite", type=Path, metavar="DIR", help="folder written by `python -m sim.suite`")
    source.add_argument("--make", action="store_true", help="write the cases first, with the simulator beside this")
    parser.add_argument("--names", default="all", help="with --make: comma-separated scenarios")
    parser.add_argument(
        "--seeds", default="7000-7001", help="with --make: first-last; 7000-7999 to develop on, 8000 on to judge by"
    )
    parser.add_argument("--duration-s", type=float, default=90.0, help="with --make: length of each flight")
    parser.add_argument("--out", type=Path, metavar="DIR", help="with --make: keep the cases here")


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[list[Path]]:
    """The cases' folders; those that were made for this run only are gone afterwards. Raises :class:`ConfigError`."""
    if options.suite is not None:
        yield read_cases(options.suite)
        return
    if options.out is not None:
        yield _make(options, options.out)
        return
    with tempfile.TemporaryDirectory(prefix="marchwarden-suite-") as folder:
        yield _make(options, Path(folder))


def _make(options: argparse.Namespace, out: Path) -> list[Path]:
    # A process of its own: what is judged here must not share a line of code with what makes the truth.
    command = [sys.executable, "-m", "sim.suite", "--names", options.names, "--seeds", options.seeds]
    command += ["--duration-s", str(options.duration_s), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or "no word of it").splitlines()[-1].removeprefix("error: ")
        raise ConfigError(f"the suite could not be made: {said}", "see `python -m sim.suite --help`")
    made = {Path(line) for line in done.stdout.splitlines()}
    return [folder for folder in read_cases(out) if folder in made]


def cases_by_name(folders: list[Path]) -> Iterator[tuple[str, list[Case]]]:
    """Cases of one scenario together, read when their turn comes."""
    names = sorted({f.name.rpartition("_")[0] for f in folders})
    for name in names:
        yield name, [read_case(f) for f in folders if f.name.rpartition("_")[0] == name]
