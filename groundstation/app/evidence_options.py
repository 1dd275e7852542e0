"""The arguments of ``groundstation evidence``, apart from its work, so that ``--help`` is quick."""

from __future__ import annotations

import argparse
from pathlib import Path

from groundstation.store.evidence_archive import EXIT_CODES


def add_evidence_arguments(evidence: argparse.ArgumentParser) -> None:
    """Adds the actions of ``evidence`` to its parser."""
    codes = ", ".join(f"{code} {fault}" for fault, code in EXIT_CODES.items())
    actions = evidence.add_subparsers(dest="action", required=True, metavar="ACTION")

    verify = actions.add_parser(
        "verify", help="is a package, or a folder of them, as the station made it?",
        description=f"Exit codes: 0 whole, {codes}.",
    )  # fmt: skip
    verify.add_argument("path", type=Path, help="a file *.evidence.zip, or the folder of them")
    who = verify.add_mutually_exclusive_group()
    who.add_argument("--key", type=Path, metavar="FILE", help="the station's keys/evidence.pub")
    who.add_argument("--certificate", type=Path, metavar="FILE", help="a certificate of that key, PEM")
    verify.add_argument("--folder", action="store_true", help="also check that no package of its folder is missing")
    verify.add_argument("--json", action="store_true")

    show = actions.add_parser("show", help="what a package says")
    show.add_argument("path", type=Path)
    show.add_argument("--json", action="store_true")

    export = actions.add_parser("export", help="a copy for others, in which only the incident's own person is visible")
    export.add_argument("path", type=Path)
    export.add_argument("--out", type=Path, required=True, metavar="FILE")
    export.add_argument("--unblurred", action="store_true", help="leave everybody recognisable; needs --reason")
    export.add_argument("--reason", default="", metavar="TEXT", help="why; goes into the log and into the export")
    export.add_argument("--operator", default="", metavar="NAME", help="who; the name of this account if not given")
    export.add_argument("--data-dir", type=Path, metavar="DIR", help="the station's data, with its key and its log")
    export.add_argument("--model", type=Path, metavar="FILE", help="the detector that looks at every picture once more")
    export.add_argument(
        "--recorded-only", action="store_true",
        help="do not look again: quick, and hides whatever the flight has not looked at",
    )  # fmt: skip

    log = actions.add_parser("exports", help="what was given away, by whom and why")
    log.add_argument("data_dir", type=Path, metavar="DIR")
    log.add_argument("--json", action="store_true")
