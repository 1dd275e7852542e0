"""The arguments of ``groundstation share ledger``; kept apart so that the parser needs no heavy import."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

ACTIONS = ("show", "verify", "export", "checkpoints", "erase", "retention")


def add_ledger(actions: Any) -> None:
    """``share ledger [ACTION]``; ``actions`` is what ``add_subparsers`` returned."""
    ledger: argparse.ArgumentParser = actions.add_parser(
        "ledger",
        help="what was told, to whom, when and why; its checks and erasures",
        description="show (without an action): what was told. verify: is the log whole? export: for the data protection "
        "officer. checkpoints: what a neighbour has signed of its log. erase: the contents about one subject. retention: "
        "the contents whose time is over.",
    )
    ledger.add_argument("action", nargs="?", choices=ACTIONS, default="show")
    ledger.add_argument("--track", default="", metavar="ID", help="what did we tell of this track? (or its wire name)")
    ledger.add_argument("--incident", default="", metavar="ID", help="the same of an incident")
    ledger.add_argument("--subject", default="", metavar="ID", help="the same of anything")
    ledger.add_argument("--peer", default="", metavar="NAME", help="only what was told to this neighbour")
    ledger.add_argument("--data-dir", type=Path, metavar="DIR", help="the station's data folder")
    ledger.add_argument("--config", type=Path, metavar="FILE", help="the station's file, instead of --data-dir")
    ledger.add_argument("--station", default="", metavar="NAME", help="its name, where no --config says it")
    ledger.add_argument("--out", type=Path, metavar="PATH", help="export: a folder; checkpoints: a file")
    ledger.add_argument("--of", default="", metavar="NAME", help="checkpoints: of which station's log")
    ledger.add_argument(
        "--witness", type=Path, metavar="FILE", help="verify: against checkpoints that a neighbour holds"
    )
    ledger.add_argument("--by", default="", metavar="NAME", help="erase: who has it erased")
    ledger.add_argument("--reason", default="", metavar="TEXT", help="erase: why")
    ledger.add_argument("--json", action="store_true")
