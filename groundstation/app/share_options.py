"""The arguments of ``groundstation share``; kept apart so that the parser needs no heavy import."""

from __future__ import annotations

import argparse
from pathlib import Path

from groundstation.app.share_agreement_options import add_agreement
from groundstation.app.share_duty_options import add_duty
from groundstation.app.share_ledger_options import add_ledger


def add_share_arguments(parser: argparse.ArgumentParser) -> None:
    """Fill ``parser``."""
    actions = parser.add_subparsers(dest="share_action", required=True, metavar="ACTION")
    add_agreement(actions)
    add_ledger(actions)
    add_duty(actions, _with_station)

    init = _with_station(actions.add_parser("init", help="make this station's authority, certificate and signing key"))
    init.add_argument("--host", action="append", default=[], help="a name or address under which neighbours reach it")
    init.add_argument("--days", type=float, default=7.0, help="how long a certificate lives; the station renews it")
    init.add_argument(
        "--renew",
        action="store_true",
        help="a new authority and a new signing key; every neighbour has to accept again",
    )

    invite = _with_station(actions.add_parser("invite", help="write the one file that a neighbour needs"))
    invite.add_argument(
        "--out", type=Path, metavar="FILE", help="<name>.invite.json beside the configuration without it"
    )
    invite.add_argument(
        "--endpoint", default="", metavar="HOST:PORT", help="where this station listens for the neighbour"
    )
    invite.add_argument(
        "--listen", default="", metavar="HOST:PORT", help="the local address of it, where it is another"
    )
    invite.add_argument("--to", default="", metavar="NAME", help="for this neighbour alone (each needs its own port)")

    accept = _with_station(actions.add_parser("accept", help="read a neighbour's invitation, checked by telephone"))
    accept.add_argument("invitation", type=Path, metavar="FILE")
    accept.add_argument("--fingerprint", default="", help="as the neighbour reads it out; asked for without it")
    accept.add_argument("--agreement", type=Path, metavar="FILE", help="the signed agreement with it; may come later")
    accept.add_argument(
        "--replace", action="store_true", help="it is known here with another key, and now has a new one"
    )

    status = _with_station(actions.add_parser("status", help="who is paired, connected, waiting, revoked"))
    del status
    revoke = _with_station(actions.add_parser("revoke", help="close the session with a neighbour and open no other"))
    revoke.add_argument("name", metavar="NEIGHBOUR")
    revoke.add_argument("--reason", default="", help="for the record here; it is not sent")


def _with_station(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--config", type=Path, metavar="FILE", help="the station's file")
    parser.add_argument("--station", default="", metavar="NAME", help="instead of --config: its name")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="instead of --config: its data folder")
    parser.add_argument("--json", action="store_true")
    return parser
