"""The options of ``groundstation plan convert``, apart from what it does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_convert(actions: Any) -> None:
    """``plan convert IN OUT``."""
    parser: argparse.ArgumentParser = actions.add_parser(
        "convert",
        help="one plan or map file into another: .plan .waypoints .fen .ral .kml .kmz .geojson; also from .shp .zip .gpx",
    )
    parser.add_argument("source", type=Path, metavar="IN")
    parser.add_argument("target", type=Path, metavar="OUT")
    parser.add_argument(
        "--strict", action="store_true", help="what OUT cannot hold is an error; nothing is written then"
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--role", default="", metavar="ROLE", help="of shapes that say none, e.g. inclusion, border")
    parser.add_argument(
        "--as",
        dest="target_is",
        choices=("auto", "plan", "area"),
        default="auto",
        help="what a map file gets (auto: what IN is)",
    )
    parser.add_argument("--only", choices=("mission", "fence", "rally"), default="", help="one list of the plan")
    parser.add_argument(
        "--alt-m", type=float, default=50.0, metavar="M", help="height above home of points that have none (50)"
    )
    parser.add_argument(
        "--heights",
        choices=("keep", "ignore"),
        default="keep",
        help="ignore: heights of a map file are the ground's (a walked track), --alt-m is set instead",
    )
    for side, meaning in (
        ("left", "of the border's left side, seen along its line"), ("right", "of its right side"), ("own", "of our side"),
    ):  # fmt: skip
        parser.add_argument(f"--{side}", default="", metavar="NAME", help=f"name {meaning}, where the file says none")
