"""The options of ``groundstation plan simulate``, apart from what it does, so that ``--help`` loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_simulate(actions: Any) -> None:
    """``plan simulate``."""
    simulate = actions.add_parser(
        "simulate",
        help="fly a plan in the simulator, faster than real time: what is seen how often, margins, battery",
        description="Fly one plan, or several that belong together, in the simulator's autopilot and dynamics. What is not "
        "given is taken from what `plan make` wrote into the file. Exit code 0: flown within its fences and with the "
        "reserve; 1: it breached, or came home below the reserve; 2: bad input. See docs/plan_simulate.md.",
    )
    simulate.add_argument("plan", type=Path, nargs="+", metavar="PLAN.plan")
    simulate.add_argument("--area", type=Path, metavar="AREA.geojson", help="border and zones; or an area folder")
    simulate.add_argument("--terrain", type=Path, metavar="FILE", help="GeoTIFF, SRTM tile, or a folder; flat without")
    simulate.add_argument(
        "--wind",
        metavar="SPEED,FROM[,GUST]",
        help="m/s, degrees it comes from, and one sigma of gusts (15 %% of speed)",
    )
    simulate.add_argument(
        "--aircraft", action="append", metavar="FILE.toml", help="performance, or a known name; once for each plan"
    )
    simulate.add_argument("--laps", type=int, metavar="N", help="in place of those of the plan's jump")
    simulate.add_argument("--duration-s", type=float, metavar="S", help="sent home after so long in the air")
    simulate.add_argument("--start", metavar="S,S,...", help="several plans: take-off of each, seconds after the first")
    simulate.add_argument(
        "--ceiling", type=float, metavar="M", help="FENCE_ALT_MAX above home; none if nothing says it"
    )
    simulate.add_argument(
        "--over", choices=("auto", "border", "area", "swath"), default="auto", help="what is counted as seen or not"
    )
    simulate.add_argument("--at", metavar="UTC", help="take-off, e.g. 2026-05-04T22:00: which zones hold")
    simulate.add_argument("--pictures-hz", type=float, default=2.0, metavar="HZ", help="looks a second (2)")
    simulate.add_argument("--seed", type=int, default=1, metavar="N", help="of the gusts")
    simulate.add_argument("--json", action="store_true")
