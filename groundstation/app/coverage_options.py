"""The arguments of ``groundstation coverage``, without the imports that it needs to run."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_coverage_arguments(parser: argparse.ArgumentParser) -> None:
    """``groundstation coverage show|next|export|import``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="what of the border was seen, when, and what to look at next")
    sortie = actions.add_parser("next", help="a patrol request for what is oldest and riskiest, for `plan make`")
    export = actions.add_parser("export", help="write the ledger into a file for another station")
    take = actions.add_parser("import", help="merge another station's file into the ledger")
    for action in (show, sortie, export, take):
        action.add_argument(
            "folder", type=Path, metavar="DATA", help="a station's data folder, or a folder of the demo"
        )
        action.add_argument("--json", action="store_true")
    for action in (show, sortie, export):
        action.add_argument("--border", default="", metavar="DIGEST", help="which border, the one seen last without it")
        action.add_argument("--from", dest="begin", default="", metavar="TIME", help="2026-05-01T10:00:00Z (UTC)")
        action.add_argument(
            "--to", dest="end", default="", metavar="TIME", help="the end of the period; ages are as of it"
        )
    show.add_argument("--area", type=Path, metavar="FOLDER", help="the area, for what may not be looked at")
    sortie.add_argument("--area", type=Path, metavar="FOLDER", required=True, help="the area to plan in")
    for action in (show, sortie):
        action.add_argument(
            "--risk", action="append", default=[], metavar="FROM:TO:WEIGHT",
            help="a stretch in metres along the border and how much it matters (1 is ordinary)",
        )  # fmt: skip
    show.add_argument("-o", "--out", type=Path, metavar="FILE.html", help="also write the age map and the table")
    sortie.add_argument(
        "--length-m", type=float, default=1500.0, metavar="M", help="how much of the border to fly along"
    )
    sortie.add_argument("-o", "--out", type=Path, required=True, metavar="REQUEST.toml")
    export.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    take.add_argument("file", type=Path, metavar="FILE")
