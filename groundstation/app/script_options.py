"""The command line of ``groundstation script``, apart from what it does, so that ``--help`` is quick."""

from __future__ import annotations

import argparse
from pathlib import Path

TIME_LIMIT_S = 1800.0


def add_script_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``groundstation script run``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    run = actions.add_parser(
        "run", help="run a Python script with a connected DroneKit vehicle",
        description="The script finds a connected DroneKit `vehicle`, and its main(vehicle) is called where it has one. "
        "It may look at everything and do what --allow names, nothing else.",
    )  # fmt: skip
    run.add_argument("file", type=Path, metavar="FILE.py")
    run.add_argument(
        "--argument", action="append", default=[], metavar="TEXT", help="for the script's sys.argv; may be repeated"
    )
    run.add_argument("--link", metavar="URL", action="append", required=True, help="MAVLink link; may be repeated")
    run.add_argument("--vehicle", type=int, metavar="N", help="system id; needed where several are heard")
    run.add_argument(
        "--allow", default="", metavar="SET[,SET]",
        help="what the script may do: arm, takeoff, guided, mode, return, mission, camera, parameters; nothing by default",
    )  # fmt: skip
    run.add_argument("--time-limit-s", type=float, default=TIME_LIMIT_S, metavar="S", help=f"default {TIME_LIMIT_S:g}")
    run.add_argument(
        "--at-end", choices=("leave", "return"), default="leave",
        help="what becomes of an aircraft that is armed when the script has ended: left as it is, or sent home",
    )  # fmt: skip
    run.add_argument("--timeout-s", type=float, default=15.0, metavar="S", help="how long to wait for the aircraft")
    run.add_argument("--json", action="store_true", help="one JSON object to the standard output")
