"""The options of ``groundstation plan show``, apart from what it does, so that ``--help`` loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_show(actions: Any) -> None:
    """``plan show``."""
    show = actions.add_parser(
        "show",
        help="a picture of a plan: fences, legs, swath, border, findings",
        description="Draw a plan as a PNG file. What is not given is taken from what `plan make` wrote into the file. Exit "
        "code 0: drawn; 2: bad input.",
    )
    show.add_argument("plan", type=Path, nargs=1, metavar="PLAN.plan")
    show.add_argument("-o", "--out", type=Path, required=True, metavar="FILE.png")
    show.add_argument("--area", type=Path, metavar="AREA.geojson", help="border and zones; or an area folder")
    show.add_argument("--terrain", type=Path, metavar="FILE", help="for the hillshade: GeoTIFF, SRTM tile, or a folder")
    show.add_argument("--aircraft", action="append", metavar="FILE.toml", help="performance, or a known name")
    show.add_argument("--width", type=int, default=1800, metavar="PX", help="of the picture (1800)")
    show.add_argument("--no-findings", action="store_true", help="do not check the plan, do not draw findings")
    show.add_argument("--json", action="store_true")
