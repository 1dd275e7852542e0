"""The arguments of ``groundstation tlog`` and ``groundstation signing``, without the imports that they need to run."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_tlog_arguments(parser: argparse.ArgumentParser) -> None:
    """``groundstation tlog``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    info = actions.add_parser("info", help="start, end, aircraft, counts, gaps, damage")
    cut = actions.add_parser("cut", help="write a part of it into another file")
    messages = actions.add_parser("messages", help="the messages, one a line")
    for action in (info, cut, messages):
        action.add_argument("file", type=Path, metavar="FILE")
        action.add_argument("--json", action="store_true")
    for action in (cut, messages):
        action.add_argument(
            "--from", dest="begin", default="", metavar="TIME",
            help="2026-05-01T10:00:00Z (UTC), +90 (seconds from the start), or --from=-30 (from the end)",
        )  # fmt: skip
        action.add_argument("--to", dest="end", default="", metavar="TIME")
        action.add_argument("--system", type=int, default=0, metavar="N", help="only this system id")
    cut.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    messages.add_argument("--type", action="append", default=[], metavar="NAME", help="only these, e.g. STATUSTEXT")
    messages.add_argument("--limit", type=int, default=0, metavar="N", help="stop after so many")


def add_signing_arguments(parser: argparse.ArgumentParser) -> None:
    """``groundstation signing``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    keys = actions.add_parser("keys", help="the names of the keys")
    new = actions.add_parser("new", help="make a key")
    setup = actions.add_parser("setup", help="give a key to an aircraft and see that it signs")
    clear = actions.add_parser("clear", help="take the key from an aircraft")
    for action in (keys, new, setup, clear):
        action.add_argument("--keys", type=Path, metavar="FILE", help="the key file, instead of the user's own")
        action.add_argument("--json", action="store_true")
    for action in (new, setup):
        action.add_argument("name", metavar="NAME")
    new.add_argument(
        "--passphrase-stdin", action="store_true",
        help="make it from the first line of the input, as MAVProxy does, instead of by chance",
    )  # fmt: skip
    for action in (setup, clear):
        action.add_argument("--link", required=True, metavar="URL", help="with ?sign=NAME where it has a key already")
        action.add_argument("--system", type=int, default=0, metavar="N", help="needed where several are heard")
        action.add_argument("--timeout-s", type=float, default=15.0, metavar="S")
    setup.add_argument(
        "--link-is-private", action="store_true",
        help="nobody else can listen to this link: the key goes over it in clear",
    )  # fmt: skip
