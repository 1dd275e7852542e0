"""The arguments of ``groundstation share agreement``; kept apart so that the parser needs no heavy import."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add_agreement(actions: Any) -> None:
    """``share agreement new|sign|show|dry-run|terminate``; ``actions`` is what ``add_subparsers`` returned."""
    agreement = actions.add_parser("agreement", help="what may be told: make it, sign it, try it, end it")
    parts = agreement.add_subparsers(dest="agreement_action", required=True, metavar="ACTION")
    new = parts.add_parser("new", help="write an agreement: .toml is a draft to be edited, .json the file to be signed")
    sign = parts.add_parser("sign", help="put this station's signature on it, and know the neighbour's key from it")
    show = parts.add_parser("show", help="every clause in words, and who has signed")
    trial = parts.add_parser("dry-run", help="what would be told of this, and because of which clause?")
    end = parts.add_parser("terminate", help="end it, alone and at once")
    for part in (sign, show, trial, end):
        part.add_argument("file", type=Path, metavar="FILE")
    for part in (new, sign, show, trial, end):
        part.add_argument("--json", action="store_true")
    for part in (sign, trial, end):
        part.add_argument("--station", default="", metavar="NAME", help="as which party")
        part.add_argument("--config", type=Path, metavar="FILE", help="the station's file, instead of the two others")
    for part in (sign, end):
        part.add_argument("--data-dir", type=Path, metavar="DIR", help="the station's data folder, where its key lies")
    sign.add_argument(
        "--neighbour-key", type=Path, metavar="FILE.pub", help="the neighbour's keys/share.pub, if its file is at hand"
    )
    sign.add_argument(
        "--fingerprint", default="", metavar="TEXT", help="of the neighbour's key, as the neighbour reads it out"
    )
    end.add_argument("--reason", default="", metavar="TEXT", help="stands in the agreement; the neighbour reads it")
    _new(new)
    _dry_run(trial)


def _new(new: argparse.ArgumentParser) -> None:
    new.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the same as --out")
    new.add_argument("-o", "--out", type=Path, metavar="FILE")
    new.add_argument("--from", dest="draft", type=Path, metavar="DRAFT.toml", help="the clauses, from an edited draft")
    new.add_argument("--force", action="store_true", help="replace a file that is there already, signatures and all")
    new.add_argument("--id", default="", metavar="ID")
    new.add_argument("--parties", nargs=2, metavar="NAME")
    new.add_argument("--valid-from", default="", metavar="TIME", help="2026-05-01T00:00:00Z; now without it")
    new.add_argument("--valid-until", default="", metavar="TIME")
    new.add_argument("--valid-days", type=float, metavar="DAYS", help="instead of --valid-until; 365 without both")
    new.add_argument("--area", type=Path, metavar="FOLDER", help="the border of this area")
    new.add_argument("--border", nargs="+", metavar="LAT,LON", help="the border, instead of --area")
    new.add_argument("--width-m", type=float, help="of the corridor, on either side; 500 without it")
    new.add_argument("--right-width-m", type=float, help="of the corridor on the right of the line, if it is another")
    new.add_argument("--left-party", metavar="NAME", help="the station on the left of the line")
    new.add_argument("--side", choices=("both", "own", "neighbour"), help="which side each station tells of")
    new.add_argument("--purposes", nargs="+", metavar="CISE")
    new.add_argument("--kinds", nargs="+", metavar="KIND")
    new.add_argument("--fields", nargs="+", metavar="FIELD")
    new.add_argument("--categories", nargs="+", metavar="CLASS")
    new.add_argument("--grid-m", type=float, help="tell the middle of a square of this size")
    new.add_argument("--velocity-step-m-s", type=float)
    new.add_argument("--delay-s", type=float)
    new.add_argument("--max-rate-hz", type=float)
    new.add_argument("--retention-days", type=float)
    new.add_argument("--onward", choices=("forbidden", "originator_consent"))
    new.add_argument("--marking", choices=("Red", "Amber", "Green", "White"))
    new.add_argument("--lawful-basis", metavar="TEXT")
    new.add_argument("--third-country", action="store_true", default=None)
    new.add_argument("--rescue-reach-m", type=float, help="with a rescue clause that reaches this far")
    new.add_argument("--own-forces", action="store_true", help="with a clause on own aircraft, coarse and late")
    new.add_argument("--gateways", nargs="+", metavar="NAME", help="cot, asterix, geojson, sapient")


def _dry_run(trial: argparse.ArgumentParser) -> None:
    trial.add_argument("--position", metavar="LAT,LON", help="one place; write --position=-1.2,3.4 for a negative one")
    trial.add_argument("--category", default="person", metavar="CLASS", help="of the place")
    trial.add_argument("--kind", choices=("track", "incident", "own_force"), default="track")
    trial.add_argument("--incident-kind", default="crossing", metavar="KIND")
    trial.add_argument("--ce90-m", type=float, default=5.0, help="how well the place is known")
    trial.add_argument("--rescue", action="store_true", help="as if an officer had marked it as a rescue")
    trial.add_argument("--approved-by", nargs="+", default=[], metavar="NAME", help="as if these had approved it")
    trial.add_argument("--tracks", type=Path, metavar="FILE", help="tracks.geojson, or a station's data folder")
    trial.add_argument("--track", default="", metavar="ID", help="only this one of them")
    trial.add_argument("--time", default="", metavar="TIME", help="as if seen then; now without it")
    trial.add_argument("--via", default="wire", metavar="NAME", help="by this way out: wire, cot, asterix, geojson")
