"""The options of ``groundstation plan check``, apart from what it does, so that ``--help`` loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_check(actions: Any) -> None:
    """``plan check``."""
    check = actions.add_parser(
        "check",
        help="what is wrong with a plan, before anything is sent",
        description="Check one plan, or several against each other. What is not given is taken from what `plan make` wrote "
        "into the file, and else left out. Exit code 0: no errors; 1: errors; 2: bad input. The codes stand in "
        "docs/plan_checks.md.",
    )
    check.add_argument("plan", type=Path, nargs="+", metavar="PLAN.plan")
    check.add_argument("--area", type=Path, metavar="AREA.geojson", help="zones, border, obstacles; or an area folder")
    check.add_argument("--terrain", type=Path, metavar="FILE", help="GeoTIFF, SRTM tile, or a folder of them")
    check.add_argument(
        "--aircraft", action="append", metavar="FILE.toml", help="performance, or a known name; once for each plan"
    )
    check.add_argument("--wind", metavar="SPEED,FROM", help="m/s and the direction it comes from, degrees: 6,270")
    check.add_argument("--gust", type=float, metavar="M_S", help="forecast gusts")
    check.add_argument("--visibility", type=float, metavar="M", help="forecast visibility")
    check.add_argument("--rain", type=float, metavar="MM_H", help="forecast rain")
    check.add_argument("--temperature", type=float, metavar="C", help="forecast temperature")
    check.add_argument("--at", metavar="UTC", help="take-off, e.g. 2026-05-04T22:00: which zones hold")
    check.add_argument("--start", metavar="S,S,...", help="several plans: take-off of each, seconds after the first")
    check.add_argument("--margin", type=float, metavar="M", help="FENCE_MARGIN of the aircraft; 2 m if nothing says it")
    check.add_argument("--ceiling", type=float, metavar="M", help="FENCE_ALT_MAX above home; none if nothing says it")
    check.add_argument("--union", action="store_true", help="one inclusion is enough (FENCE_OPTIONS has 2)")
    check.add_argument("--min-agl", type=float, metavar="M", help="least height above ground, 30 m (needs terrain)")
    check.add_argument("--rtl-alt", type=float, metavar="M", help="RTL height above home: 15 m (copter), 100 m (plane)")
    check.add_argument("--json", action="store_true")
