"""``groundstation coverage show|next|export|import``: the coverage ledger of a station's data folder."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geofences.area import read_area
from groundstation.app.coverage_report import coverage_document, coverage_page
from groundstation.core.errors import ConfigError, StoreError
from groundstation.store.coverage_file import read_coverage, write_coverage
from groundstation.store.coverage_store import (
    COVERAGE_FILE,
    KnownBorder,
    add_observations,
    border_named,
    known_borders,
    period,
    read_observations,
    require_border,
)
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import Ledger, different_border
from missions.coverage.priorities import Risk, next_sortie
from missions.requests.by_coverage import can_be_flown
from missions.requests.request import FlightSection, MarginsSection


def run(options: argparse.Namespace) -> int:
    """Run one action; see :mod:`geofences.errors` for the exit codes."""
    if options.action == "import":
        return _import(options)
    known = border_named(options.folder, options.border)
    begin, end = time_of(options.begin), time_of(options.end)
    if begin is not None and end is not None and begin >= end:
        raise ConfigError("coverage: the period ends before it begins", "give --from before --to")
    if options.action == "export":
        return _export(options, known, begin, end)
    return _show(options, known, begin, end) if options.action == "show" else _next(options, known, begin, end)


def time_of(word: str) -> int | None:
    """Microseconds of a time on the command line, None for "". Raises :class:`ConfigError` when it is none."""
    if not word:
        return None
    try:
        moment = datetime.fromisoformat(word)
        return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1e6)
    except (ValueError, OverflowError) as error:
        raise ConfigError(f"coverage: {word!r} is not a time", "write 2026-05-01T10:00:00Z") from error


def risks_of(words: Sequence[str]) -> list[Risk]:
    """``FROM:TO:WEIGHT`` in metres. Raises :class:`ConfigError`."""
    out = []
    for word in words:
        try:
            low, high, weight = (float(part) for part in word.split(":"))
        except ValueError as error:
            raise ConfigError(f"coverage: {word!r} is no risk", "write FROM:TO:WEIGHT, e.g. 500:1200:3") from error
        out.append(Risk(low, high, weight))
    return out


def _import(options: argparse.Namespace) -> int:
    given = read_coverage(options.file)
    # Without the file it is the first ledger in this folder.
    if (options.folder / COVERAGE_FILE).exists():
        require_border(options.folder, given.digest)
    grid = CoverageGrid(given.border, given.rule)
    Ledger(grid, history=False).merge(given.observations)
    new = add_observations(options.folder, grid, given.observations, time.time_ns() // 1000)
    document = {"file": str(options.file), "border": given.digest, "observations": len(given.observations), "new": new}
    print(json.dumps(document) if options.json else f"{new} of {len(given.observations)} observations were new")
    return 0


def _export(options: argparse.Namespace, known: KnownBorder, begin: int | None, end: int | None) -> int:
    observations = read_observations(options.folder, known.digest, begin, end)
    count = write_coverage(options.out, known.border, known.rule, observations)
    document = {"file": str(options.out), "border": known.digest, "observations": count}
    print(json.dumps(document) if options.json else f"{count} observations into {options.out}")
    return 0


def _show(options: argparse.Namespace, known: KnownBorder, begin: int | None, end: int | None) -> int:
    grid = _grid(options.area, known)
    whole = period(options.folder, known.digest)
    now = time.time_ns() // 1000
    first, last = begin if begin is not None else whole[0] if whole else now - 1, end if end is not None else now
    if first >= last:
        raise ConfigError("coverage: nothing was seen before that time", "give a later --to")
    # Ages need everything that was ever seen before the end, gaps only the period.
    ledger = Ledger(grid, read_observations(options.folder, known.digest, None, last))
    document = coverage_document(ledger, first, last, risks_of(options.risk))
    document["borders"] = [b.digest for b in known_borders(options.folder)]
    if options.out is not None:
        try:
            options.out.write_text(coverage_page(ledger, document, last), encoding="utf-8")
        except OSError as error:
            raise StoreError(f"{options.out}: cannot be written: {error.strerror}", "check the folder") from error
    print(json.dumps(document, indent=1, allow_nan=False) if options.json else _text(document))
    return 0


def _next(options: argparse.Namespace, known: KnownBorder, begin: int | None, end: int | None) -> int:
    as_of = end if end is not None else time.time_ns() // 1000
    ledger = Ledger(_grid(options.area, known), read_observations(options.folder, known.digest, begin, as_of))
    # The request leaves flight and margins at their defaults.
    flight, margins = FlightSection(), MarginsSection()
    area, edge_m = read_area(options.area / "area.geojson"), margins.edge_m + margins.fence_m
    usable = can_be_flown(area, ledger.grid, flight.standoff_m, edge_m)
    row = next_sortie(ledger, as_of, options.length_m, risks_of(options.risk), usable=usable)
    if row is None:
        print(
            json.dumps({"request": None})
            if options.json
            else "nothing to fly for: all that can be flown along was just seen"
        )
        return 1
    from_m, to_m, weight, reason = row
    text = _request(options, from_m, to_m, reason, as_of)
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{options.out}: cannot be written: {error.strerror}", "check the folder") from error
    document = {
        "request": str(options.out), "s_from_m": round(from_m, 1), "s_to_m": round(to_m, 1),
        "weight": round(weight, 4), "reason": reason,
    }  # fmt: skip
    words = f"{options.out}: {from_m:.0f} to {to_m:.0f} m along the border, {reason}"
    print(json.dumps(document) if options.json else words)
    return 0


def _request(options: argparse.Namespace, from_m: float, to_m: float, reason: str, as_of: int) -> str:
    """A patrol request (docs/planning.md) that flies along this stretch."""
    here = options.out.resolve().parent
    terrain = options.area / "terrain.tif"
    when = datetime.fromtimestamp(as_of / 1e6, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    lines = [
        f"# The oldest and riskiest stretch of the coverage ledger as of {when}: {reason}.",
        f'name = "Coverage, {from_m:.0f} to {to_m:.0f} m"',
        'pattern = "shuttle"',
        f"area = {_toml(os.path.relpath(options.area.resolve() / 'area.geojson', here))}",
        *([f"terrain = {_toml(os.path.relpath(terrain.resolve(), here))}"] if terrain.is_file() else []),
        "",
        "[shuttle]",
        f"stretch_m = [{from_m:.1f}, {to_m:.1f}]",
        "",
    ]
    return "\n".join(lines)


def _toml(text: str) -> str:
    """A TOML basic string: its escapes are those of JSON."""
    return json.dumps(Path(text).as_posix(), ensure_ascii=False)


def _grid(area_folder: Path | None, known: KnownBorder) -> CoverageGrid:
    if area_folder is None:
        return CoverageGrid(known.border, known.rule)
    grid = CoverageGrid.of_area(read_area(area_folder / "area.geojson"), rule=known.rule)
    if grid.digest != known.digest:
        raise different_border(known.digest, grid.digest)
    return grid


def _text(document: dict[str, Any]) -> str:
    gap = document["revisit_gap_s"]
    lines = [
        f"border {document['border'][:12]}, {document['length_m']:.0f} m, as of {document['as_of']}",
        f"seen in the period: {100 * document['seen_fraction']:.1f} %, never seen at all: {document['never_seen_m']:.0f} m",
        "gaps between visits: "
        + (
            "nothing was seen twice"
            if gap["median"] is None
            else f"median {gap['median']:.0f} s, longest {gap['max']:.0f} s"
        ),
        f"borders in this folder: {', '.join(b[:12] for b in document['borders'])}",
        f"by {', '.join(document['observers']) or 'nobody'}",
        "next:",
    ]
    lines += [
        f"  {row['s_from_m']:8.0f} to {row['s_to_m']:8.0f} m  {row['weight']:5.2f}  {row['reason']}"
        for row in document["priorities"][:12]
    ]
    return "\n".join(lines)
