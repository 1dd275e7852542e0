"""Measures every stage of the vision package: ``python -m vision.evaluate detector|tracker|georeference|suite|crossing ...``.

- ``detector``: AP50, AP50-95, precision and recall by class, altitude, size and condition on labelled pictures;
- ``tracker``: HOTA, IDF1 and identity switches by TrackEval on a simulated suite;
- ``georeference``: position error, its ratio to the error budget, and NEES of single boxes on a suite;
- ``suite``: all stages after the network on the suite's named scenarios: crossings, positions, tracks;
- ``crossing``: the station's crossing rule on tracks from a file.

Without a subcommand, ``detector`` is meant. Each has ``--help``.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from geofences.errors import MarchwardenError

SUBCOMMANDS = {
    "detector": ("vision.evaluate_detector", "score a model on labelled pictures"),
    "tracker": ("vision.evaluate_tracker_suite", "score the tracker on a simulated suite"),
    "georeference": ("vision.evaluate_georeference", "score positions of single boxes on a simulated suite"),
    "suite": ("vision.evaluate_suite", "score everything after the network on a simulated suite"),
    "crossing": ("vision.evaluate_crossing", "run the crossing rule on tracks from a file"),
}
"""Name -> module with ``add_arguments(parser)`` and ``run(options) -> int``, imported only when asked for; and its help."""


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="python -m vision.evaluate", description=(__doc__ or "").split("\n", maxsplit=1)[0],
        epilog="\n".join(f"{name}: {text}" for name, (_, text) in SUBCOMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("subcommand", choices=sorted(SUBCOMMANDS), nargs="?", default="detector")
    if given and (given[0] in SUBCOMMANDS or given[0] in ("-h", "--help") or not given[0].startswith("-")):
        name = parser.parse_args(given[:1]).subcommand
        given = given[1:]
    else:
        name = "detector"
    module = importlib.import_module(SUBCOMMANDS[name][0])
    own = argparse.ArgumentParser(prog=f"python -m vision.evaluate {name}", description=SUBCOMMANDS[name][1])
    module.add_arguments(own)
    options = own.parse_args(given)
    try:
        return int(module.run(options))
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
