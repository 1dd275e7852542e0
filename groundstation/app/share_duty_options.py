"""The arguments of ``groundstation share waiting|approve|rescue|protect|judge|deconflict``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

ACTIONS = ("waiting", "approve", "rescue", "protect", "judge", "deconflict")


def add_duty(actions: Any, with_station: Callable[[argparse.ArgumentParser], argparse.ArgumentParser]) -> None:
    """Add them to ``groundstation share``."""
    with_station(actions.add_parser("waiting", help="what a third country may be told only when two officers approve"))

    approve = with_station(actions.add_parser("approve", help="approve that a third country be told of a subject"))
    _subject(approve)
    approve.add_argument("--peer", default="", metavar="NEIGHBOUR", help="where more than one waits for it")

    rescue = with_station(actions.add_parser("rescue", help="somebody needs help: tell it under the rescue clause"))
    rescue.add_argument("incident", metavar="INCIDENT")
    rescue.add_argument("--over", action="store_true", help="take that back")
    _by(rescue)

    protect = with_station(actions.add_parser("protect", help="may ask for protection: no third country is told"))
    _subject(protect)
    protect.add_argument("--over", action="store_true", help="take that back")

    judge = with_station(actions.add_parser("judge", help="a neighbour's track and ours: the same, or not"))
    judge.add_argument("pair", metavar="NEIGHBOUR/THEIRS/OURS", help="as the console shows it")
    said = judge.add_mutually_exclusive_group(required=True)
    said.add_argument("--same", action="store_true")
    said.add_argument("--different", action="store_true")
    _by(judge)

    deconflict = with_station(
        actions.add_parser("deconflict", help="where our aircraft may be against what the neighbour told; 1 = overlap")
    )
    deconflict.add_argument("plan", type=Path, nargs="+", metavar="PLAN.plan")
    deconflict.add_argument("--with", dest="peer", required=True, metavar="NEIGHBOUR")
    deconflict.add_argument("--from", dest="from_utc", metavar="UTC", help="2026-05-04T22:00; now without it")
    deconflict.add_argument("--until", dest="until_utc", metavar="UTC", help="an hour after the beginning without it")
    deconflict.add_argument("--theirs", type=Path, metavar="FILE", help="instead of what the neighbour told last")
    deconflict.add_argument("--terrain", type=Path, metavar="FILE", help="for plans that do not say how high home is")
    deconflict.add_argument("--home-alt", type=float, metavar="M", help="the same by hand: above mean sea level")
    deconflict.add_argument("--margin", type=float, default=50.0, metavar="M", help="to the side of the path (50)")
    deconflict.add_argument("--height-margin", type=float, default=20.0, metavar="M", help="above and below it (20)")
    deconflict.add_argument(
        "--clock", type=float, default=1.0, metavar="S", help="how well the neighbour's clock is known (1)"
    )
    deconflict.add_argument("--out", type=Path, metavar="FILE", help="write our volumes, to be sent by another way")
    deconflict.add_argument("--send", action="store_true", help="tell them to the neighbour (clause 15)")
    deconflict.add_argument("--by", default="", metavar="NAME", help="who orders it; needed to send")


def _subject(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="ID", help="of one of our incidents, or of a track with --track")
    parser.add_argument("--track", action="store_true", help="it is a track, like cam-7")
    _by(parser)


def _by(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="NAME", help="the officer who answers for it")
