"""``groundstation verdicts``: what operators found alerts to be, as labels for ``python -m vision.train --verdicts``."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    parser.add_argument("data", type=Path, metavar="FOLDER", help="a station's data folder")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where images/ and labels/ are written")
    parser.add_argument("--most", type=int, default=6, metavar="N", help="pictures of one alert at most (6)")
    parser.add_argument("--json", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Export all verdicts; 0 when at least one gave a picture, 1 when none did.

    Raises :class:`~groundstation.core.errors.StoreError`.
    """
    from groundstation.core.errors import ConfigError
    from groundstation.store.verdict_labels import export_verdicts

    if not 1 <= options.most <= 100:
        raise ConfigError(f"--most {options.most}: is not a number from 1 to 100", "give how many pictures are wanted")
    done = export_verdicts(options.data, options.out, options.most)
    pictures = sum(len(d.pictures) for d in done)
    if options.json:
        print(json.dumps({"verdicts": [asdict(d) for d in done], "pictures": pictures}, indent=1))
    else:
        for entry in done:
            found = f"{len(entry.pictures)} pictures" if entry.pictures else f"no picture: {entry.lack}"
            print(f"{entry.incident_id}  {entry.verdict:<10} by {entry.operator}  {found}")
        print(f"{pictures} pictures of {len(done)} verdicts in {options.out}")
    return 0 if pictures else 1
