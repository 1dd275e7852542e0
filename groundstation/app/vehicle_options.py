"""The command line of ``groundstation vehicle``, apart from what it does, so that ``--help`` is quick."""

from __future__ import annotations

import argparse


def add_vehicle_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``groundstation vehicle``; those common to all actions may stand before or after the action."""
    _add_common(parser)
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def new(name: str, text: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=text)
        _add_common(action)
        return action

    status = new("status", "what the aircraft says of itself")
    status.add_argument(
        "--wait-ready", type=float, default=0.0, metavar="S", help="wait for position and pre-arm checks"
    )
    params = new("params", "list, read or set parameters")
    params.add_argument("names", nargs="*", metavar="NAME[=VALUE]", help="none: list all; NAME reads, NAME=VALUE sets")
    params.add_argument("--like", default="", metavar="TEXT", help="list only names that contain this")
    params.add_argument("--anyway", action="store_true", help="set a value that is outside the range known here")
    params.add_argument(
        "--cache", default="", metavar="DIR",
        help="keep what was read here; an aircraft without files is then not read whole again unless something changed",
    )  # fmt: skip
    params.add_argument("--fresh", action="store_true", help="read all of them, whatever the cache holds")
    new("arm", "arm")
    new("disarm", "disarm (refused in the air)")
    takeoff = new("takeoff", "arm if needed and climb")
    takeoff.add_argument("height_m", type=float, metavar="HEIGHT", help="metres above home")
    takeoff.add_argument("--wait-s", type=float, default=0.0, metavar="S", help="wait until it is up there")
    mode = new("mode", "change the flight mode")
    mode.add_argument("mode", metavar="NAME", help="as the aircraft lists it in status, e.g. LOITER")
    new("pause", "hold position")
    rtl = new("rtl", "return to launch")
    rtl.add_argument("--late-ok", action="store_true", help="send it even over a link so slow that it acts late")


def _add_common(parser: argparse.ArgumentParser) -> None:
    # Suppressed defaults: what is not given after the action must not undo what was given before it.
    absent = argparse.SUPPRESS
    parser.add_argument("--link", metavar="URL", action="append", default=absent, help="MAVLink link; may be repeated")
    parser.add_argument(
        "--vehicle", metavar="N", default=absent, help="system id, or SYSTEM.COMPONENT; needed where several are heard"
    )
    parser.add_argument("--json", action="store_true", default=absent, help="one JSON object to the standard output")
    parser.add_argument(
        "--timeout-s", type=float, metavar="S", default=absent, help="how long to wait for the aircraft (default 15)"
    )
