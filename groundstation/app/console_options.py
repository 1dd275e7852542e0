"""Command lines of ``groundstation console``, ``guide`` and ``screenshots``; what they do is imported when it is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_console_arguments(parser: argparse.ArgumentParser) -> None:
    """Of ``console``."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the running station's data folder")
    parser.add_argument("--operator", default="", help="who sits here; the station's own operator without it")


def add_guide_arguments(parser: argparse.ArgumentParser) -> None:
    """Of ``guide``."""
    parser.add_argument("--scenario", default="border_day", help="border_day, border_night, calm, or a TOML file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("out/guide"), metavar="DIR", help="the station's data folder")
    parser.add_argument("--no-video", action="store_true", help="no camera, for a slow machine: then no alert comes")


def add_screenshots_arguments(parser: argparse.ArgumentParser) -> None:
    """Of ``screenshots``."""
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), metavar="DIR")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="one picture, may be repeated")
    parser.add_argument("--language", default="en")
    parser.add_argument("--json", action="store_true", help="list what was written as JSON")
