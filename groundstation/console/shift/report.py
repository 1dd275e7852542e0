"""The incident report and the handover sheet as one HTML page each, with nothing outside it; Qt prints the same as PDF."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PyQt6.QtCore import QMarginsF
from PyQt6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument

from groundstation.console import i18n
from groundstation.console.alerts import words
from groundstation.console.alerts.queue import Alert, AlertQueue
from groundstation.core.alert_state import AlertState, state_of
from groundstation.core.procedure_records import Procedure
from groundstation.core.shift_records import IncidentFile, LogEntry

FOLDER = "reports"
_STYLE = (
    "body { font-family: sans-serif; font-size: 10pt; } h1 { font-size: 16pt; } h2 { font-size: 12pt; }"
    " td, th { padding: 2px 10px 2px 0; text-align: left; vertical-align: top; }"
)


def _t(source: str, **named: object) -> str:
    """Words of a report in the language in use, safe for HTML."""
    return html.escape(i18n.fill(i18n.text("report", source), **named))


def day_time(t_utc_us: int) -> str:
    """Date and time, UTC."""
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S Z")


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    """A table of names and values; both are HTML already."""
    return "<table>" + "".join(f"<tr><th>{k}</th><td>{v}</td></tr>" for k, v in pairs if v) + "</table>"


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def incident_html(
    file: IncidentFile, procedure: Procedure | None, language: str, station: str, made_by: str, now_utc_us: int
) -> str:
    """The report on one incident: facts, pictures, what was done by whom and when, evidence with its digests, and gaps."""
    queue = AlertQueue()
    queue.on_incident(file.incident)
    queue.on_acts(file.acts)
    alert = queue.get(file.incident.incident_id)
    assert alert is not None
    state = state_of(sorted(file.acts, key=lambda a: (a.t_utc_us, a.act_id)))
    i = file.incident
    facts = _rows(
        (
            (_t("Incident"), html.escape(i.incident_id)),
            (_t("What"), html.escape(f"{words.urgency(alert)} · {words.title(alert)}")),
            (_t("Told as"), html.escape(i.text)),
            (_t("When"), day_time(i.t_utc_us)),
            (_t("Raised"), day_time(i.t_raised_utc_us)),
            (_t("Where (90 % radius)"), html.escape(words.place(alert))),
            (_t("Probability of the geometry"), html.escape(words.probability(alert))),
            (_t("Track"), html.escape(i.track_id)),
            (_t("Aircraft"), html.escape(str(i.vehicle_id))),
            (_t("Rule"), html.escape(i.rule)),
            (_t("Flight"), html.escape(i.flight_id)),
            (_t("Verdict"), _verdict(state)),
        )
    )
    pictures = "".join(
        f'<p><img src="data:image/jpeg;base64,{base64.b64encode(p.jpeg).decode()}" width="480"><br>'
        f"{day_time(p.t_utc_us)}</p>"
        for p in file.pictures
    )
    evidence = _rows(
        (
            (_t("Clip"), html.escape(file.clip)),
            (_t("SHA-256 of the clip"), f"<code>{file.clip_sha256}</code>" if file.clip_sha256 else ""),
            (_t("Evidence package"), html.escape(file.package)),
            (_t("SHA-256 of its manifest"), f"<code>{html.escape(file.package_sha256)}</code>" if file.package else ""),
            (_t("Missing"), html.escape("; ".join(file.lacks))),
        )
    )
    body = facts
    if pictures:
        body += f"<h2>{_t('Pictures')}</h2><p>{_t('Cut so that nobody else is in them.')}</p>{pictures}"
    body += f"<h2>{_t('What was done')}</h2>{_done(alert, state)}"
    if procedure is not None:
        body += f"<h2>{html.escape(procedure.title(language))}</h2>{_procedure(procedure, alert, state, language)}"
    body += f"<h2>{_t('Evidence')}</h2>{evidence}"
    body += f"<p>{_made(station, made_by, now_utc_us)}</p>"
    return _page(_t("Incident report {id}", id=i.incident_id), body)


def _verdict(state: AlertState) -> str:
    if state.verdict is None or state.verdict_act is None:
        return _t("not classified")
    act = state.verdict_act
    text = f"{words.verdict(act.value)}, {act.operator}, {day_time(act.t_utc_us)}"
    return html.escape(f"{text}: {act.text}" if act.text else text)


def _done(alert: Alert, state: AlertState) -> str:
    lines: list[tuple[int, str]] = []
    if alert.seen_utc_us:
        lines.append((alert.seen_utc_us, _t("acknowledged by {name}", name=alert.seen_by)))
    else:
        lines.append((1 << 62, f"<b>{_t('NOT ACKNOWLEDGED')}</b>"))
    lines += [(a.t_utc_us, html.escape(f"{a.operator}: {a.text}")) for a in state.notes]
    lines += [(a.t_utc_us, _t("handed to {peer} by {name}", peer=a.value, name=a.operator)) for a in state.handed]
    if state.escalated is not None:
        lines.append((state.escalated.t_utc_us, _t("escalated: nobody had acknowledged it")))
    if state.verdict_act is not None:
        lines.append((state.verdict_act.t_utc_us, _verdict(state)))
    return _rows((day_time(t) if t < 1 << 62 else "", text) for t, text in sorted(lines))


def _procedure(procedure: Procedure, alert: Alert, state: AlertState, language: str) -> str:
    rows = []
    for step in procedure.steps:
        act = state.ticks.get(procedure.step_id(step))
        if act is None:
            done = f"<b>{_t('not done')}</b>"
        else:
            took = words.duration((act.t_utc_us - alert.t_raised_utc_us) / 1e6)
            done = _t(
                "{when} by {name}, {took} after it was raised",
                when=day_time(act.t_utc_us),
                name=act.operator,
                took=took,
            )
        rows.append((html.escape(step.text(language)), done))
    return _rows(rows)


def handover_html(
    entries: Sequence[LogEntry], alerts: Sequence[Alert], from_utc_us: int, to_utc_us: int, station: str, made_by: str
) -> str:
    """What the next shift has to know: what still waits, what was found, and the log book of the time."""
    mine = [a for a in alerts if a.open or a.state.verdict is None or a.t_raised_utc_us >= from_utc_us]
    waits = [a for a in mine if a.open]
    unjudged = [a for a in mine if not a.open and a.state.verdict is None and not a.peer]
    judged: dict[str, int] = {}
    for alert in mine:
        if alert.state.verdict is not None:
            judged[alert.state.verdict] = judged.get(alert.state.verdict, 0) + 1
    notes = [e for e in entries if e.kind == "note"]
    body = _rows(
        (
            (_t("From"), day_time(from_utc_us)),
            (_t("To"), day_time(to_utc_us)),
            (_t("Not acknowledged"), str(len(waits))),
            (_t("Not classified"), str(len(unjudged))),
            *((html.escape(words.verdict(name)), str(count)) for name, count in sorted(judged.items())),
        )
    )
    for title, found in ((_t("STILL WAITING"), waits), (_t("Seen, not classified"), unjudged)):
        if found:
            body += f"<h2>{title}</h2>" + _rows(
                (day_time(a.t_utc_us), html.escape(f"{words.urgency(a)} · {words.title(a)} · {words.place(a)}"))
                for a in found
            )
    if notes:
        body += f"<h2>{_t('Notes')}</h2>" + _rows(
            (day_time(e.t_utc_us), html.escape(f"{e.who}: {e.text}")) for e in notes
        )
    body += f"<h2>{_t('Log book')}</h2>" + _rows(
        (day_time(e.t_utc_us), html.escape(" · ".join(x for x in (e.who, e.subject, e.text) if x))) for e in entries
    )
    body += f"<p>{_made(station, made_by, to_utc_us)}</p>"
    return _page(_t("Handover sheet {station}", station=station), body)


def _made(station: str, made_by: str, now_utc_us: int) -> str:
    return _t("Made by {name} at {station}, {when}.", name=made_by, station=station, when=day_time(now_utc_us))


def save_report(folder: Path, name: str, content: str) -> tuple[Path, Path]:
    """Write ``reports/NAME.html`` and ``NAME.pdf``, whole or not at all; a report made again replaces the old. Raises
    ``OSError``."""
    where = folder / FOLDER
    where.mkdir(parents=True, exist_ok=True)
    page, printed = where / f"{name}.html", where / f"{name}.pdf"
    part = where / f".{name}.part"
    part.write_text(content, encoding="utf-8")
    part.replace(page)
    write_pdf(content, part)
    if not part.is_file() or part.stat().st_size == 0:
        raise OSError(0, f"{printed.name} could not be written")
    part.replace(printed)
    return page, printed


def write_pdf(content: str, path: Path) -> None:
    """The page on A4."""
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    # A document that is printed gets 2 cm round it and the number of the page by itself.
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    writer.setResolution(120)
    document = QTextDocument()
    document.setHtml(content)
    document.print(writer)
