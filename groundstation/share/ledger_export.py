"""The disclosure ledger as files for a data protection officer: a table (CSV), everything (JSON), a page (HTML)."""

from __future__ import annotations

import csv
import html
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundstation.core.errors import StoreError
from groundstation.share.agreement_signed import time_text
from groundstation.share.audit_read import Verification

_COLUMNS = (
    "n", "time", "what", "peer", "via", "kind", "subject", "told_as", "fields", "purpose", "agreement_id", "clause",
    "authorised_by", "retain_until", "content_state", "content", "detail", "agreement_sha256", "hash",
)  # fmt: skip
_SHOWN = ("n", "time", "what", "peer", "subject", "fields", "purpose", "clause", "authorised_by", "content")
_TITLES = {
    "n": "No.", "time": "When (UTC)", "what": "What", "peer": "Whom", "subject": "Of what", "fields": "Which fields",
    "purpose": "What for", "clause": "By which clause", "authorised_by": "Authorised by", "content": "What was told",
}  # fmt: skip
_STYLE = (
    "body{font:14px sans-serif;margin:2em;max-width:90em}table{border-collapse:collapse}"
    "td,th{border:1px solid #888;padding:.3em .5em;text-align:left;vertical-align:top}"
    "th{background:#ddd}code{font-size:12px}.fault{border:3px solid;padding:.5em;font-weight:bold}"
)


def _row(entry: dict[str, Any]) -> dict[str, str]:
    until = entry.get("retain_until_utc_us") or 0
    content = entry.get("content")
    told = content.get("body", content) if isinstance(content, dict) else content
    texts = {
        "time": time_text(entry["t_utc_us"]),
        "retain_until": time_text(until) if until else "",
        "content": entry.get("content_state", "") if told is None else json.dumps(told, ensure_ascii=False),
        "authorised_by": entry.get("authorised_by") or ("the agreement" if entry["what"] == "disclosure" else ""),
    }
    return {name: texts[name] if name in texts else str(entry.get(name, "")) for name in _COLUMNS}


def entry_line(entry: dict[str, Any]) -> str:
    """One entry in one line."""
    row = _row(entry)
    if entry["what"] != "disclosure":
        parts = [
            row["peer"],
            row["subject"],
            row["detail"],
            f"by {row['authorised_by']}" if row["authorised_by"] else "",
        ]
        return f"{row['n']:>6}  {row['time']}  {row['what']}: {' '.join(p for p in parts if p)}"
    way = "" if row["via"] == "wire" else f" by {row['via']}"
    return (
        f"{row['n']:>6}  {row['time']}  to {row['peer']}{way}: {row['kind']} {row['subject']} ({row['fields']}) "
        f"for {row['purpose']}, {row['clause']}; {row['content']}"
    )


def csv_text(found: Sequence[dict[str, Any]]) -> str:
    """A table; cells that a spreadsheet would take for a formula begin with an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for entry in found:
        row = _row(entry)
        writer.writerow({k: f"'{v}" if v[:1] in ("=", "+", "-", "@", "\t", "\r") else v for k, v in row.items()})
    return out.getvalue()


def html_text(found: Sequence[dict[str, Any]], verification: Verification, station: str, made_utc_us: int) -> str:
    """A page that needs nothing else: no script, no picture, no link."""
    told = [e for e in found if e["what"] == "disclosure"]
    peers = ", ".join(sorted({e["peer"] for e in told})) or "nobody"
    state = (
        f'<p class="fault">The log is not whole: {html.escape(verification.fault)}</p>'
        if verification.fault
        else f"<p>The log of {verification.entries} entries is whole: its chain of hashes was worked out anew.</p>"
    )
    head = "".join(f"<th>{_TITLES[name]}</th>" for name in _SHOWN)
    rows = []
    for entry in found:
        row = _row(entry)
        if entry["what"] != "disclosure":
            row["content"] = row["detail"]
        rows.append("<tr>" + "".join(f"<td>{html.escape(row[name])}</td>" for name in _SHOWN) + "</tr>")
    title = f"Disclosure ledger{' of ' + html.escape(station) if station else ''}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1><p>Made {time_text(made_utc_us)}. {len(told)} records told to {html.escape(peers)}.</p>"
        f"{state}<table><thead><tr>{head}</tr></thead><tbody>\n"
        + "\n".join(rows)
        + "\n</tbody></table></body></html>\n"
    )


def write_export(
    folder: Path, found: Sequence[dict[str, Any]], verification: Verification, station: str, made_utc_us: int
) -> tuple[Path, ...]:
    """Write ``ledger.csv``, ``ledger.json`` and ``ledger.html``; each whole or not at all. Raises StoreError."""
    document = {
        "format": "marchwarden-ledger-1",
        "station": station,
        "made_utc_us": made_utc_us,
        "whole": not verification.fault,
        "fault": verification.fault,
        "entries": list(found),
    }
    texts = {
        "ledger.csv": csv_text(found),
        "ledger.json": json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        "ledger.html": html_text(found, verification, station, made_utc_us),
    }
    written = []
    for name, text in texts.items():
        path = folder / name
        part = path.with_name(f".{name}.part")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # What was told about people is nobody else's on this machine.
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise StoreError(f"{path}: cannot be written: {error.strerror}", "choose a folder with space") from error
        written.append(path)
    return tuple(written)
