"""The options of ``groundstation plan area`` and ``plan coordinates``, apart from what they do: ``--help`` loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_FORMATS = ("decimal", "dm", "dms", "utm", "mgrs")


def add_area(actions: Any) -> None:
    """``plan area`` and ``plan coordinates``."""
    area = actions.add_parser(
        "area",
        help="what is wrong with an area file: its zones, its border, its launch points",
        description="Explain what is wrong with the shapes of an area file, each with its place. Exit code 0: nothing; "
        "1: errors; 2: the file cannot be read. docs/areas.md tells what an area file holds.",
    )
    area.add_argument("area", type=Path, metavar="AREA.geojson", help="or an area folder")
    area.add_argument(
        "--repair",
        type=Path,
        metavar="OUT.geojson",
        help="write the area with its zones repaired and say what was changed; nothing is written if one cannot be",
    )
    area.add_argument("--json", action="store_true")
    coordinates = actions.add_parser(
        "coordinates",
        help="read coordinates in degrees, minutes, seconds, UTM or MGRS and write them in another way",
        description="Each TEXT is one place; without any, lines are read from the standard input.",
    )
    coordinates.add_argument("text", nargs="*", metavar="TEXT", help="e.g. '49.05 22.70' or '34U EV 12345 54321'")
    coordinates.add_argument("--as", dest="written_as", choices=_FORMATS, help="only in this way; else in all of them")
    coordinates.add_argument("--json", action="store_true")
