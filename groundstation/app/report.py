"""``report.html``: the flight on one page, self-contained, readable without any program of ours."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from geofences.area import Area, LatLon
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame
from groundstation.app.demo_share import share_html
from groundstation.app.score import Judgement
from groundstation.core.records import Incident
from groundstation.store.evidence_chain import FOLDER as EVIDENCE_FOLDER
from groundstation.store.evidence_package import PACKAGE_SUFFIX

STYLE = """
:root{color-scheme:light dark;--fg:#1c2329;--dim:#5b6770;--bg:#fbfbf9;--card:#fff;--line:#d9dee2;--ok:#1f7a4d;--bad:#b3261e;--accent:#c2410c}
@media (prefers-color-scheme:dark){:root{--fg:#e6eaed;--dim:#98a4ad;--bg:#12171b;--card:#1a2127;--line:#303a42;--ok:#4cc38a;--bad:#ff7a70;--accent:#ff9f5a}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);margin:0 auto;max-width:1100px;padding:24px}
h1{font-size:22px;margin:0}h2{font-size:16px;margin:32px 0 8px}p{margin:4px 0}.dim{color:var(--dim)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin-top:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px}.card b{display:block;font-size:22px}
.ok{color:var(--ok)}.bad{color:var(--bad)}table{border-collapse:collapse;width:100%;background:var(--card)}
th,td{text-align:left;padding:6px 8px;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}
th{color:var(--dim);font-weight:600}svg{width:100%;height:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
img{max-width:100%;border:1px solid var(--line);border-radius:8px}.scroll{overflow-x:auto}
"""  # noqa: E501

_CHECKED: Mapping[Judgement, str] = {
    "found": "matches the truth",
    "not_counted": "real; not wholly in view, not counted",
    "false": "FALSE: nobody crossed there",
}


def utc_text(t_utc_us: int) -> str:
    """``21:14:05Z``."""
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).strftime("%H:%M:%SZ")


class _Sheet:
    """A map sheet: places in latitude and longitude to SVG units (metres, y down)."""

    def __init__(self, area: Area, around: Sequence[LatLon], margin_m: float) -> None:
        self.frame: LocalFrame = area.frame()
        en = self._plane(around)
        self.low, self.high = en.min(axis=0) - margin_m, en.max(axis=0) + margin_m
        self.size = self.high - self.low

    def _plane(self, points: Sequence[LatLon]) -> FloatArray:
        return self.frame.to_plane([p[0] for p in points], [p[1] for p in points])

    def xy(self, points: Sequence[LatLon]) -> FloatArray:
        """SVG coordinates, shape ``(n, 2)``."""
        en = self._plane(points)
        return np.stack([en[:, 0] - self.low[0], self.high[1] - en[:, 1]], axis=-1)

    def path(self, points: Sequence[LatLon], style: str, closed: bool = False) -> str:
        """One line or polygon."""
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in self.xy(points))
        return f'<{"polygon" if closed else "polyline"} points="{text}" style="{style}"/>'


def map_svg(
    area: Area,
    patrol: Sequence[LatLon],
    flown: Sequence[LatLon],
    tracks: Sequence[Sequence[LatLon]],
    incidents: Sequence[Incident],
    judgements: Sequence[Judgement],
    others: Sequence[Incident] = (),
) -> str:
    """The map picture of the report: border, fences, patrol, what was flown, tracks, numbered crossings, other events."""
    zones = [p for z in (*area.inclusions, *area.exclusions) for p in z.points]
    sheet = _Sheet(area, [*zones, (area.launch.lat_deg, area.launch.lon_deg)], 80.0)
    width, height = sheet.size
    unit = width / 900.0
    stroke = "fill:none;stroke-linejoin:round;stroke-width:"
    parts = [
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="Map of the flight">',
        *(
            sheet.path(z.points, f"fill:#2f9e6e18;stroke:#2f9e6e;stroke-width:{2 * unit:.2f}", closed=True)
            for z in area.inclusions
        ),
        *(
            sheet.path(z.points, f"fill:#d6453d30;stroke:#d6453d;stroke-width:{2 * unit:.2f}", closed=True)
            for z in area.exclusions
        ),
        sheet.path(area.border.points, f"{stroke}{4 * unit:.2f};stroke:#8b5cf6"),
    ]
    if len(patrol) > 1:
        parts.append(
            sheet.path(
                patrol, f"{stroke}{1.5 * unit:.2f};stroke:#3b82f6;stroke-dasharray:{8 * unit:.1f} {5 * unit:.1f}"
            )
        )
    if len(flown) > 1:
        parts.append(sheet.path(flown, f"{stroke}{1.5 * unit:.2f};stroke:#3b82f6;opacity:.55"))
    parts += [sheet.path(t, f"{stroke}{1.6 * unit:.2f};stroke:#e08a00;opacity:.8") for t in tracks if len(t) > 1]
    font = f'font-family="system-ui,sans-serif" font-size="{14 * unit:.1f}"'
    parts += [
        f'<text x="{x:.0f}" y="{y:.0f}" {font} fill="#8b5cf6" text-anchor="middle">{html.escape(name)}</text>'
        for name, (x, y) in _side_labels(area, sheet, 26.0 * unit)
    ]
    (hx, hy) = sheet.xy([(area.launch.lat_deg, area.launch.lon_deg)])[0]
    parts.append(f'<circle cx="{hx:.1f}" cy="{hy:.1f}" r="{6 * unit:.1f}" fill="#3b82f6"/>')
    parts.append(f'<text x="{hx + 9 * unit:.0f}" y="{hy + 5 * unit:.0f}" {font} fill="#3b82f6">launch</text>')
    for other in others:
        x, y = sheet.xy([(other.lat_deg, other.lon_deg)])[0]
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(other.ce90_m, 3):.1f}" fill="none" stroke="#0f766e" '
            f'stroke-width="{1.5 * unit:.2f}" stroke-dasharray="{4 * unit:.1f} {3 * unit:.1f}">'
            f"<title>{html.escape(other.text)}</title></circle>"
        )
    for number, incident in enumerate(incidents):
        x, y = sheet.xy([(incident.lat_deg, incident.lon_deg)])[0]
        colour = "#b3261e" if judgements[number] == "false" else "#c2410c"
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(incident.ce90_m, 3):.1f}" fill="{colour}40" stroke="{colour}" '
            f'stroke-width="{1.5 * unit:.2f}"><title>{html.escape(incident.text)}</title></circle>'
        )
        parts.append(
            f'<text x="{x:.0f}" y="{y - 10 * unit:.0f}" {font} font-weight="700" fill="{colour}" '
            f'text-anchor="middle">{number + 1}</text>'
        )
    bar_m = 10 ** int(np.log10(width / 3))
    bar_m *= 2 if bar_m * 2 < width / 3 else 1
    x0, y0 = 20 * unit, height - 20 * unit
    parts.append(
        f'<path d="M{x0:.0f} {y0:.0f}h{bar_m}" stroke="currentColor" stroke-width="{3 * unit:.1f}"/>'
        f'<text x="{x0:.0f}" y="{y0 - 8 * unit:.0f}" {font} fill="currentColor">{bar_m} m · north is up</text></svg>'
    )
    return "\n".join(parts)


def _side_labels(area: Area, sheet: _Sheet, off_m: float) -> list[tuple[str, FloatArray]]:
    """Where to write the names of the sides: off the border, abreast of the launch point, each on its own side."""
    border = BorderGeometry.from_line(area.border, sheet.frame)
    fix = border.locate(sheet.frame.to_plane(area.launch.lat_deg, area.launch.lon_deg))
    labels = []
    for name, sign in ((area.border.left, 1.0), (area.border.right, -1.0)):
        # normal_en points to the left of the line.
        lat, lon = sheet.frame.from_plane(fix.nearest_en_m + sign * off_m * fix.normal_en)
        labels.append((name, sheet.xy([(float(lat), float(lon))])[0]))
    return labels


def card(value: str, label: str, verdict: bool | None = None) -> str:
    """One figure with its label; ``verdict`` colours it."""
    mark = "" if verdict is None else (' class="ok"' if verdict else ' class="bad"')
    return f'<div class="card"><b{mark}>{html.escape(value)}</b><span class="dim">{html.escape(label)}</span></div>'


def _number(value: float | None, unit: str, digits: int = 1) -> str:
    return "–" if value is None else f"{value:.{digits}f} {unit}"


def _evidence_links(incident: Incident, folder: Path) -> str:
    """The clip and the signed package, each where there is one in the report's folder."""
    links = [(incident.evidence, "clip")] if incident.evidence else []
    package = f"{EVIDENCE_FOLDER}/{incident.incident_id}{PACKAGE_SUFFIX}"
    if (folder / package).is_file():
        links.append((package, "signed package"))
    return ", ".join(f'<a href="{html.escape(href)}">{name}</a>' for href, name in links) or "–"


def _others_table(others: Sequence[Incident], folder: Path) -> str:
    """Calls for help and notices; nothing where there are none. They are not compared with the truth."""
    if not others:
        return ""
    order = {"help": 0, "alarm": 1, "notice": 2}
    rows = "".join(
        f"<tr><td>{html.escape(i.urgency)}</td><td>{utc_text(i.t_utc_us)}</td>"
        f"<td>{html.escape(i.kind.replace('_', ' '))}</td><td>{html.escape(i.text)}</td><td>"
        + _evidence_links(i, folder)
        + "</td></tr>"
        for i in sorted(others, key=lambda i: (order[i.urgency], i.t_utc_us))
    )
    return (
        "<h2>Calls for help and notices</h2>"
        '<div class="scroll"><table><tr><th>urgency</th><th>time</th><th>kind</th><th>what was told</th>'
        f"<th>evidence</th></tr>{rows}</table></div>\n"
    )


def write_html(
    path: Path,
    report: Mapping[str, Any],
    incidents: Sequence[Incident],
    judgements: Sequence[Judgement],
    svg: str,
    others: Sequence[Incident] = (),
    coverage: str = "",
) -> None:
    """Write the readable report beside ``report.json``. ``incidents`` are crossings, ``others`` what other rules told,
    ``coverage`` the part of :func:`groundstation.app.coverage_report.coverage_section`."""
    score, latency, neighbour = report["score"], report["latency_ms"], report["neighbour"]
    video, mission, fence = report["video"], report["mission"], report["fence"]
    found, missed = score["true_positives"], score["missed"]
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{cell}</td>"
            for cell in (
                n + 1,
                utc_text(i.t_utc_us),
                html.escape(i.class_name),
                html.escape(i.direction),
                f"{i.lat_deg:.5f}, {i.lon_deg:.5f}",
                f"{i.ce90_m:.1f} m",
                f"{i.probability:.2f}",
                _CHECKED[judgements[n]],
                _evidence_links(i, path.parent),
            )
        )
        + "</tr>"
        for n, i in enumerate(incidents)
    )
    table = (
        '<div class="scroll"><table><tr><th>#</th><th>time</th><th>class</th><th>direction</th><th>place</th>'
        f"<th>CE90</th><th>probability</th><th>check</th><th>evidence</th></tr>{rows}</table></div>"
        if incidents
        else "<p>No crossing was flagged.</p>"
    )
    more = _others_table(others, path.parent)
    shared = share_html(report["share"]) if "share" in report else ""
    cards = "".join(
        (
            card(f"{found} of {found + missed}", "crossings in view found", missed <= 0.2 * (found + missed)),
            card(str(score["false_positives"]), "false crossings", score["false_positives"] <= 1),
            card(_number(score["position_error_m"]["median"], "m"), "median position error"),
            card(_number(latency["frame_to_track"]["p50"], "ms", 0), "frame to track, median"),
            card(_number(latency["incident_to_neighbour"]["p50"], "ms", 0), "incident to neighbour, median"),
            card(
                "verified" if mission["verified"] else "NOT VERIFIED",
                f"mission, {mission['items']} items",
                mission["verified"],
            ),
            card(
                "in force" if fence["verified"] else "NOT VERIFIED", f"fence, {fence['items']} items", fence["verified"]
            ),
            card(str(fence["breaches"]), "fence breaches", fence["breaches"] == 0),
            card(f"{neighbour['tracks_received']}", "tracks known to the neighbour"),
            card(str(neighbour["lost"]), "disclosures lost", neighbour["lost"] == 0),
        )
    )
    path.write_text(
        f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Marchwarden: {html.escape(str(report["scenario"]))}, seed {report["seed"]}</title><style>{STYLE}</style>
<h1>Patrol report: {html.escape(str(report["scenario"]))}</h1>
<p class="dim">Seed {report["seed"]}, {report["duration_s"]:.0f} s on patrol, {report["wall_s"]:.0f} s in all.
Video {html.escape(video["codec"])} {video["width"]}x{video["height"]}, {video["frames_processed"]} of
{video["frames_sent"]} frames looked at. Written {datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")}.</p>
<div class="cards">{cards}</div>
<h2>Map</h2>{svg}
<p class="dim">Violet: the border. Green: stay inside. Red: stay out. Blue: patrol planned (dashed) and flown. Orange: tracks.
Numbered circles: crossings with their CE90 radius.</p>
<h2>Crossings flagged</h2>{table}
{more}<h2>Told to the neighbour</h2>
<p>{neighbour["tracks_received"]} tracks and {neighbour["incidents_received"]} incidents received
in {neighbour["records_received"]} messages; {neighbour["withheld"]} updates withheld because the agreement does not
cover them; {neighbour["lost"]} lost.</p>
{shared}{coverage}<h2>Console</h2><p><img src="console.png" alt="The operator's console during the flight"></p>
</html>
""",
        encoding="utf-8",
    )
