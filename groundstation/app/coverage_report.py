"""What the coverage ledger says, for programs (a document), and for people (a picture and a table in the report)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from geofences.area import Area
from geofences.geodesy import FloatArray
from groundstation.app.report import STYLE
from groundstation.core.errors import MarchwardenError
from groundstation.store.coverage_store import COVERAGE_FILE, border_named, period, read_observations
from missions.coverage.colours import FORBIDDEN, LEGEND, NEVER_SEEN, age_classes, runs
from missions.coverage.gaps import revisit_gaps
from missions.coverage.grid import CoverageGrid, border_digest, rows_and_columns
from missions.coverage.ledger import Ledger
from missions.coverage.priorities import Risk, age_words, priorities
from missions.coverage.rule import CoverageRule

_MOST_BOXES = 20_000
_ROWS = 15
_DASH = {"solid": "", "dash": ";stroke-dasharray:{0:.1f} {0:.1f}", "dot": ";stroke-dasharray:{1:.1f} {1:.1f}"}


def coverage_document(ledger: Ledger, from_utc_us: int, to_utc_us: int, risks: Sequence[Risk] = ()) -> dict[str, Any]:
    """What was seen in a period and how old everything is at its end. ``null`` where something was never seen."""
    grid = ledger.grid
    gaps = revisit_gaps(ledger, from_utc_us, to_utc_us)
    last = ledger.bins_last_seen(to_utc_us)
    age = last.age_s(to_utc_us)
    usable = grid.bin_may_be_seen
    never = np.isnan(age) & usable
    length = grid.bin_to_m - grid.bin_from_m
    known = age[usable & ~np.isnan(age)]
    cells = ledger.cells_last_seen(to_utc_us).ever & grid.cell_may_be_seen
    return {
        "border": grid.digest,
        "length_m": round(grid.line.length_m, 1),
        "from": _iso(from_utc_us),
        "as_of": _iso(to_utc_us),
        "seen_fraction": round(gaps.seen_fraction, 4),
        "never_seen_m": round(float(length[never].sum()), 1),
        "may_not_be_looked_at_m": round(float(length[~usable].sum()), 1),
        "age_s": {"median": _round(known, 50.0), "max": _round(known, 100.0)},
        "revisit_gap_s": {"median": gaps.median_gap_s, "max": gaps.max_gap_s},
        "gsd_m": _round(last.gsd_m[usable & last.ever], 50.0, 4),
        "detection_probability": _round(ledger.bin_probability(to_utc_us)[usable & last.ever], 50.0, 3),
        "cells_seen": int(cells.sum()),
        "cells": int(grid.cell_may_be_seen.sum()),
        "observers": sorted({last.observers[int(b)] for b in np.unique(last.by) if b >= 0}),
        "priorities": [
            {"s_from_m": round(a, 1), "s_to_m": round(b, 1), "weight": round(weight, 4), "reason": reason}
            for a, b, weight, reason in priorities(ledger, to_utc_us, risks)
        ],
    }


def _iso(t_utc_us: int) -> str:
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _round(values: FloatArray, percentile: float, digits: int = 1) -> float | None:
    return round(float(np.percentile(values, percentile)), digits) if len(values) else None


def _share(probability: float) -> str:
    """Nothing is certain, whatever the rounding says."""
    return "over 0.99" if probability > 0.99 else f"{probability:.2f}"


def age_map_svg(ledger: Ledger, t_utc_us: int) -> str:
    """The age map, north up: cells under the border, with a scale."""
    grid = ledger.grid
    edges = grid.line.at(np.append(grid.bin_from_m, grid.line.length_m))[0]
    low, high = edges.min(axis=0) - 220.0, edges.max(axis=0) + 220.0
    width, height = high - low
    unit = max(width, height) / 900.0
    bins = age_classes(ledger.bin_age_s(t_utc_us), grid.bin_may_be_seen)
    parts = [f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="When the border was last seen">']
    parts += _cells(ledger, t_utc_us, low, high)
    casing = " ".join(f"{x:.1f},{y:.1f}" for x, y in _xy(edges, low, high))
    line = f"fill:none;stroke-width:{9 * unit:.1f};stroke:#20282e;stroke-linejoin:round"
    parts.append(f'<polyline points="{casing}" style="{line}"/>')
    colours = {one.code: one for one in LEGEND}
    for first, last, code in runs(bins):
        one = colours[code]
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in _xy(edges[first : last + 1], low, high))
        dash = _DASH[one.line].format(8 * unit, 2 * unit)
        thick = 6 * unit if one.line == "solid" else 3 * unit
        parts.append(
            f'<polyline points="{text}" style="fill:none;stroke:{one.colour};stroke-width:{thick:.1f}{dash}"/>'
        )
    bar_m = 10 ** int(np.log10(width / 3))
    bar_m *= 5 if bar_m * 5 < width / 3 else 2 if bar_m * 2 < width / 3 else 1
    x0, y0 = 20 * unit, height - 20 * unit
    parts.append(
        f'<path d="M{x0:.0f} {y0:.0f}h{bar_m}" stroke="currentColor" stroke-width="{3 * unit:.1f}"/>'
        f'<text x="{x0:.0f}" y="{y0 - 8 * unit:.0f}" font-family="system-ui,sans-serif" font-size="{14 * unit:.1f}" '
        f'fill="currentColor">{bar_m} m · north is up</text></svg>'
    )
    return "\n".join(parts)


def _xy(en_m: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    return np.stack([en_m[:, 0] - low[0], high[1] - en_m[:, 1]], axis=-1)


def _cells(ledger: Ledger, t_utc_us: int, low: FloatArray, high: FloatArray) -> list[str]:
    """Boxes of the cells that were seen, neighbours of one class in a row as one; none when there are too many."""
    grid, size = ledger.grid, ledger.grid.rule.cell_m
    classes = age_classes(ledger.cells_last_seen(t_utc_us).age_s(t_utc_us), grid.cell_may_be_seen)
    row, column = rows_and_columns(grid.cell_key)
    # A class of its own for each stretch of cells without a gap: where a row ends, and where one was left out.
    stretch = np.concatenate([[0], np.cumsum(np.diff(grid.cell_key) != 1)]) if len(row) else row
    boxes = []
    for first, last, _ in runs(classes * (len(row) + 1) + stretch):
        kind = int(classes[first])
        if kind in (NEVER_SEEN.code, FORBIDDEN.code):
            continue
        x, y = column[first] * size - low[0], high[1] - (row[first] + 1) * size
        boxes.append(
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{(last - first) * size:.0f}" height="{size:.0f}" '
            f'fill="{LEGEND[kind].colour}" fill-opacity=".35"/>'
        )
        if len(boxes) > _MOST_BOXES:
            return []
    return boxes


def legend_html() -> str:
    """What the colours mean."""
    keys = []
    for one in LEGEND:
        style = {"solid": "solid", "dash": "dashed", "dot": "dotted"}[one.line]
        keys.append(
            f'<span style="white-space:nowrap;margin-right:16px"><span style="display:inline-block;width:28px;'
            f'background:#20282e;padding:4px 3px;margin-right:6px;border-radius:3px;vertical-align:middle;line-height:0">'
            f'<span style="display:inline-block;width:28px;border-top:4px {style} {one.colour}"></span></span>'
            f"{html.escape(one.words)}</span>"
        )
    return f'<p class="dim">{" ".join(keys)}</p>'


def coverage_html(ledger: Ledger, document: dict[str, Any], t_utc_us: int) -> str:
    """Picture, legend, figures and table as a part of a page."""
    gap, age = document["revisit_gap_s"], document["age_s"]
    rows = "".join(
        f"<tr><td>{r['s_from_m']:.0f} to {r['s_to_m']:.0f} m</td><td>{r['weight']:.2f}</td>"
        f"<td>{html.escape(r['reason'])}</td></tr>"
        for r in document["priorities"][:_ROWS]
    )
    more = len(document["priorities"]) - _ROWS
    figures = [
        f"{100 * document['seen_fraction']:.1f} % of {document['length_m'] / 1000:.2f} km of border was seen between "
        f"{document['from']} and {document['as_of']}; {document['never_seen_m']:.0f} m was never seen."
    ]
    if document["may_not_be_looked_at_m"]:
        figures.append(f"{document['may_not_be_looked_at_m']:.0f} m may not be looked at.")
    if age["median"] is not None:
        figures.append(f"Age of what was seen: median {age_words(age['median'])}, oldest {age_words(age['max'])}.")
        figures.append(
            f"Seen at {100 * document['gsd_m']:.1f} cm per pixel (median); planning figure for noticing a "
            f"{ledger.grid.rule.kind} there: {_share(document['detection_probability'])}."
        )
    if gap["median"] is not None:
        figures.append(f"Gaps between visits: median {age_words(gap['median'])}, longest {age_words(gap['max'])}.")
    figures.append(f"Seen by {html.escape(', '.join(document['observers']) or 'nobody')}.")
    table = (
        '<div class="scroll"><table><tr><th>along the border</th><th>weight</th><th>why</th></tr>'
        f"{rows}</table></div>" + (f'<p class="dim">and {more} more</p>' if more > 0 else "")
        if rows
        else "<p>Nothing: all of it was just seen.</p>"
    )
    return (
        f"<h2>What was really seen</h2>{age_map_svg(ledger, t_utc_us)}{legend_html()}<p>{' '.join(figures)}</p>"
        f"<h2>What to look at next</h2>{table}\n"
    )


def coverage_page(ledger: Ledger, document: dict[str, Any], t_utc_us: int) -> str:
    """The same as a page of its own."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Marchwarden: coverage</title><style>{STYLE}</style><h1>Coverage of the border</h1>"
        f"{coverage_html(ledger, document, t_utc_us)}</html>\n"
    )


def coverage_section(data_dir: Path, area: Area) -> str:
    """The part of a flight's report; "" where the folder has no ledger of this area's border."""
    if not (data_dir / COVERAGE_FILE).is_file():
        return ""
    try:
        known = border_named(data_dir, border_digest(area.border, CoverageRule()))
        grid = CoverageGrid.of_area(area, rule=known.rule)
        span = period(data_dir, grid.digest)
        if span is None:
            return ""
        first, last = span[0], span[1] + 1
        ledger = Ledger(grid, read_observations(data_dir, grid.digest))
        return coverage_html(ledger, coverage_document(ledger, first, last), last)
    except MarchwardenError as error:
        return f'<h2>What was really seen</h2><p class="bad">{html.escape(error.message)}</p>\n'
