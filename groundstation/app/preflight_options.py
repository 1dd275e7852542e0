"""The command line of ``groundstation preflight``, apart from what it does, so that ``--help`` is quick."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_preflight_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line of ``groundstation preflight``."""
    parser.add_argument("--link", metavar="URL", help="MAVLink link; that of the station's file without it")
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="station's file: area, terrain, border patrol, video"
    )
    parser.add_argument(
        "--vehicle", type=int, default=0, metavar="N", help="system id; the first that is heard without it"
    )
    parser.add_argument("--timeout-s", type=float, default=15.0, help="how long to wait for an aircraft")
    parser.add_argument(
        "--wait-s", type=float, default=20.0, help="how long to wait for its position and its own checks"
    )
    parser.add_argument("--json", action="store_true")
