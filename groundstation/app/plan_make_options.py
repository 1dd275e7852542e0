"""The options of ``groundstation plan make``, apart from what it does, so that ``--help`` loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_make(actions: Any) -> None:
    """``plan make``."""
    make = actions.add_parser(
        "make",
        help="make a plan, or one for each of several aircraft, from a patrol request",
        description="Make, check and write the plan of a patrol request (TOML, see docs/planning.md). Exit code 0: the "
        "plan is written; 1: a demand cannot be met or the checks found an error, and nothing is written without "
        "--write-anyway; 2: the request cannot be used.",
    )
    make.add_argument("request", type=Path, metavar="REQUEST.toml")
    make.add_argument(
        "-o", "--out", type=Path, required=True, metavar="PLAN.plan", help="several: PLAN-1.plan, PLAN-2.plan"
    )
    make.add_argument("--write-anyway", action="store_true", help="write the plan although it has errors")
    make.add_argument("--json", action="store_true")
