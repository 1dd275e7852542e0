"""What was seen in a recording: ``report.json`` for programs, ``report.html`` for people."""

from __future__ import annotations

import hashlib
import html
import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geofences.area import BorderLine
from geofences.geodesy import FloatArray, LocalFrame
from groundstation.app.report import STYLE, card, utc_text
from groundstation.app.watch_inputs import utc_words
from groundstation.app.watch_options import WatchOptions
from groundstation.core.records import Incident
from groundstation.store import queries
from groundstation.store.queries import StoredTrack
from vision.detectors.onnx import DEFAULT_MODEL

if TYPE_CHECKING:
    from groundstation.app.watch import WatchResult

_PLANE_SIGMA_M = 5.0


def write_report(options: WatchOptions, result: WatchResult) -> dict[str, Any]:
    """Write both files and return what stands in the first. Read from the store, as for a flight."""
    incidents = queries.incidents(options.out, result.flight_id)
    tracks = queries.tracks(options.out, result.flight_id)
    report = _report(options, result, incidents, tracks)
    text = json.dumps(report, indent=1, allow_nan=False, ensure_ascii=False)
    part = options.out / "report.json.part"
    part.write_text(text, encoding="utf-8")
    part.replace(options.out / "report.json")
    svg = _map_svg(result.inputs.border, result.inputs.frame, tracks, incidents)
    (options.out / "report.html").write_text(_html(report, incidents, svg), encoding="utf-8")
    return report


def _report(
    options: WatchOptions, result: WatchResult, incidents: Sequence[Incident], tracks: Sequence[StoredTrack]
) -> dict[str, Any]:
    counts, status, inputs = result.counts, result.status, result.inputs
    model = options.model or DEFAULT_MODEL
    border = inputs.border
    return {
        "kind": "watch",
        "interrupted": counts.interrupted,
        "wall_s": round(result.wall_s, 1),
        "flight_id": result.flight_id,
        "border": {
            "file": options.border.name,
            "left": border.left,
            "right": border.right,
            "length_m": round(inputs.geometry.length_m, 1),
        },
        "video": {
            "file": options.video.name,
            "codec": status.codec,
            "width": status.width,
            "height": status.height,
            "frames": status.frames_received,
            "processed": counts.processed,
            "every": options.every,
            "has_klv": inputs.facts.has_klv,
            "duration_s": round(inputs.facts.duration_s, 3),
            "sizes": [list(s) for s in counts.sizes],
            "decode_errors": status.decode_errors,
            "klv_packets": status.klv_packets,
            "klv_broken": status.klv_broken,
            "klv_problem": status.klv_problem,
            "ended": status.detail,
        },
        "time": {
            "from_utc_us": counts.from_utc_us,
            "to_utc_us": counts.to_utc_us,
            "clock": inputs.clock,
            "frame_times": dict(counts.time_sources),
        },
        "telemetry": {
            "source": inputs.source,
            "file": inputs.telemetry_file,
            "samples": inputs.samples,
            "coverage": round(counts.located / counts.processed, 4) if counts.processed else 0.0,
            "refused": dict(counts.refused.most_common()),
            "samples_refused": dict(inputs.refused),
            "pose_gap_s": _percentiles(counts.pose_gap_s),
            "notes": list(inputs.notes),
        },
        "ground": {"model": inputs.ground, "flat": inputs.terrain is None, **_flat_effect(result)},
        "model": {"file": model.name, "sha256": _sha256(model)},
        "rules": options.rules.name if options.rules else "the shipped ones",
        "calibration": options.calibration.name if options.calibration else "",
        "tracks": {"count": len(tracks), "by_class": _by_class(tracks)},
        "incidents": [_incident_row(i) for i in incidents],
    }


def _flat_effect(result: WatchResult) -> dict[str, Any]:
    """What ground that is not flat does to the positions: a height error dh moves them by dh / tan(depression)."""
    depression = [d for d in result.counts.depression_deg if d > 1.0]
    if result.inputs.terrain is not None or not depression:
        return {}
    middle = float(np.median(depression))
    shift = 1.0 / math.tan(math.radians(min(middle, 89.9)))
    return {
        "shift_m_per_m_of_height": round(shift, 2),
        "assumed_height_sigma_m": _PLANE_SIGMA_M,
        "effect": (
            f"No terrain model: each metre that the ground is higher or lower than taken moves a position by {shift:.1f} m "
            f"(camera {middle:.0f} deg below the horizon). The errors told allow for {_PLANE_SIGMA_M:g} m of height; give "
            "--dem where the ground is less even."
        ),
    }


def _percentiles(values: Sequence[float]) -> dict[str, float | None]:
    finite = [v for v in values if math.isfinite(v)]
    if not finite:
        return {"p50": None, "p95": None, "max": None}
    p50, p95 = (float(v) for v in np.percentile(finite, (50, 95)))
    return {"p50": round(p50, 3), "p95": round(p95, 3), "max": round(max(finite), 3)}


def _by_class(tracks: Sequence[StoredTrack]) -> dict[str, int]:
    names = [t.class_name for t in tracks]
    return {name: names.count(name) for name in sorted(set(names))}


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _incident_row(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.incident_id,
        "kind": incident.kind,
        "t_utc_us": incident.t_utc_us,
        "lat": incident.lat_deg,
        "lon": incident.lon_deg,
        "ce90_m": round(incident.ce90_m, 2) if math.isfinite(incident.ce90_m) else None,
        "direction": incident.direction,
        "class": incident.class_name,
        "probability": round(incident.probability, 4) if math.isfinite(incident.probability) else None,
        "track_id": incident.track_id,
        "t_raised_utc_us": incident.t_raised_utc_us,
        "evidence": incident.evidence,
        "text": incident.text,
    }


def _map_svg(
    border: BorderLine, frame: LocalFrame, tracks: Sequence[StoredTrack], incidents: Sequence[Incident]
) -> str:
    """Border, tracks and numbered incidents, around what was seen; "" when nothing was."""
    paths = [frame.to_plane([p.lat_deg for p in t.points], [p.lon_deg for p in t.points]) for t in tracks]
    marks = [frame.to_plane(i.lat_deg, i.lon_deg) for i in incidents]
    if not paths and not marks:
        return ""
    seen = np.concatenate([*paths, *[m[None] for m in marks]])
    low, high = seen.min(axis=0) - 40.0, seen.max(axis=0) + 40.0
    width, height = high - low
    unit = max(width, height) / 900.0

    def points(en: FloatArray) -> str:
        return " ".join(f"{e - low[0]:.1f},{high[1] - n:.1f}" for e, n in np.atleast_2d(en))

    line = "fill:none;stroke-linejoin:round;stroke-width:"
    parts = [
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="Map">',
        f'<polyline points="{points(border.to_plane(frame))}" style="{line}{4 * unit:.2f};stroke:#8b5cf6"/>',
        *(
            f'<polyline points="{points(p)}" style="{line}{1.6 * unit:.2f};stroke:#e08a00"/>'
            for p in paths
            if len(p) > 1
        ),
    ]
    for number, (incident, at) in enumerate(zip(incidents, marks, strict=True)):
        x, y = at[0] - low[0], high[1] - at[1]
        radius = max(incident.ce90_m if math.isfinite(incident.ce90_m) else 0.0, 3.0)
        parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#c2410c40" stroke="#c2410c" '
            f'stroke-width="{1.5 * unit:.2f}"><title>{html.escape(incident.text)}</title></circle>'
            f'<text x="{x:.0f}" y="{y - 10 * unit:.0f}" font-family="system-ui,sans-serif" font-size="{14 * unit:.1f}" '
            f'font-weight="700" fill="#c2410c" text-anchor="middle">{number + 1}</text>'
        )
    bar_m = 10 ** int(np.log10(max(width / 3, 1.0)))
    parts.append(
        f'<path d="M{20 * unit:.0f} {height - 20 * unit:.0f}h{bar_m}" stroke="currentColor" '
        f'stroke-width="{3 * unit:.1f}"/><text x="{20 * unit:.0f}" y="{height - 28 * unit:.0f}" '
        f'font-family="system-ui,sans-serif" font-size="{14 * unit:.1f}" fill="currentColor">{bar_m} m · north is up'
        "</text></svg>"
    )
    return "\n".join(parts)


def _html(report: Mapping[str, Any], incidents: Sequence[Incident], svg: str) -> str:
    video, telemetry, ground = report["video"], report["telemetry"], report["ground"]
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{cell}</td>"
            for cell in (
                n + 1,
                utc_text(i.t_utc_us),
                html.escape(i.kind.replace("_", " ")),
                html.escape(i.text),
                f"{i.ce90_m:.1f} m",
                f"{i.probability:.2f}",
                f'<a href="{html.escape(i.evidence)}">clip</a>' if i.evidence else "–",
            )
        )
        + "</tr>"
        for n, i in enumerate(incidents)
    )
    table = (
        '<div class="scroll"><table><tr><th>#</th><th>time</th><th>kind</th><th>what</th><th>CE90</th>'
        f"<th>probability</th><th>evidence</th></tr>{rows}</table></div>"
        if incidents
        else "<p>Nothing was flagged.</p>"
    )
    refused = "".join(
        f"<tr><td>{html.escape(reason)}</td><td>{count}</td></tr>" for reason, count in telemetry["refused"].items()
    )
    refused_table = (
        f"<table><tr><th>frames without a position</th><th>frames</th></tr>{refused}</table>" if refused else ""
    )
    notes = [report["time"]["clock"] and f"Time: {report['time']['clock']}.", f"Ground: {ground['model']}."]
    notes += [ground["effect"]] if "effect" in ground else []
    notes += [f"{n[:1].upper()}{n[1:]}." for n in telemetry["notes"]]
    coverage = telemetry["coverage"]
    cards = "".join(
        (
            card(str(len(incidents)), "incidents"),
            card(str(report["tracks"]["count"]), "tracks on the map"),
            card(f"{video['processed']} of {video['frames']}", "frames looked at"),
            card(f"{100 * coverage:.0f} %", "of them with a camera pose", coverage > 0.9),
        )
    )
    broken = " It was interrupted: this is what was seen until then." if report["interrupted"] else ""
    from_us, to_us = report["time"]["from_utc_us"], report["time"]["to_utc_us"]
    return f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Marchwarden: {html.escape(video["file"])}</title><style>{STYLE}</style>
<h1>Recording {html.escape(video["file"])}</h1>
<p class="dim">{utc_words(from_us)} to {utc_words(to_us)}, {html.escape(video["codec"])} {video["width"]}x{video["height"]}.
Looked at in {report["wall_s"]:.0f} s with {html.escape(report["model"]["file"])}.{broken}
Written {datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")}.</p>
<div class="cards">{cards}</div>
<h2>Incidents</h2>{table}
<h2>Map</h2>{svg or "<p>Nothing was put on the map.</p>"}
<p class="dim">Violet: the border, {html.escape(report["border"]["left"])} on its left,
{html.escape(report["border"]["right"])} on its right. Orange: tracks. Numbered circles: incidents with their CE90 radius.</p>
<h2>How far to trust it</h2>{refused_table}<ul>{"".join(f"<li>{html.escape(n)}</li>" for n in notes if n)}</ul>
<p><a href="annotated.mp4">annotated video</a></p>
</html>
"""
