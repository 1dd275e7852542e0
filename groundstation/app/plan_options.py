"""The options of ``groundstation plan``, apart from what they do, so that ``--help`` loads no link."""

from __future__ import annotations

import argparse
from pathlib import Path

from groundstation.app.plan_area_options import add_area
from groundstation.app.plan_check_options import add_check
from groundstation.app.plan_convert_options import add_convert
from groundstation.app.plan_make_options import add_make
from groundstation.app.plan_show_options import add_show
from groundstation.app.plan_simulate_options import add_simulate


def add_plan_arguments(parser: argparse.ArgumentParser) -> None:
    """``plan upload`` and ``plan download``, and the actions that have a file of their own."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    upload = actions.add_parser("upload", help="put a .plan file onto an aircraft, read it back and compare")
    upload.add_argument("plan", type=Path, metavar="PLAN.plan")
    upload.add_argument("--enable-fence", action="store_true", help="also switch the fence on and see it on")
    upload.add_argument(
        "--replace-all",
        action="store_true",
        help="lists that the file does not have are emptied; without it they stay as they are, and that is told",
    )
    upload.add_argument(
        "--override-findings",
        metavar="NAME",
        help="send it although the checks found errors: who answers for that (logged)",
    )
    upload.add_argument("--reason", metavar="TEXT", help="why; needed with --override-findings")
    upload.add_argument(
        "--data-dir", type=Path, default=Path("marchwarden-data"), metavar="DIR", help="where overrides are logged"
    )
    download = actions.add_parser("download", help="write what an aircraft holds into a .plan file")
    download.add_argument("-o", "--out", type=Path, required=True, metavar="FILE.plan")
    for action in (upload, download):
        action.add_argument("--link", required=True, metavar="URL", help="e.g. tcp://127.0.0.1:5760")
        action.add_argument("--vehicle", type=int, metavar="N", help="system id; needed where several are heard")
        action.add_argument("--no-ftp", action="store_true", help="by the mission item protocol only")
        action.add_argument("--timeout-s", type=float, default=15.0, help="how long to wait for the aircraft")
        action.add_argument("--json", action="store_true")
    add_area(actions)
    add_check(actions)
    add_convert(actions)
    add_make(actions)
    add_show(actions)
    add_simulate(actions)
