"""The log book: everything that was raised, told, ordered and noted, as lines in the order of time, and a search in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from groundstation.core.alert_records import AlertAct
from groundstation.core.records import Incident
from groundstation.core.shift_records import LogEntry
from groundstation.store import queries

LOG_ALERT_ID = ""
"""The alert id of a note that is of no alert."""
_MOST = 20_000


def log_entries(data_dir: Path, from_utc_us: int, to_utc_us: int, words: str = "") -> tuple[LogEntry, ...]:
    """The lines of a time, oldest first, at most the newest 20,000. Raises StoreError when there is no store."""
    wanted = [folded(word) for word in words.split()]
    found = [
        entry
        for entry in _all(data_dir, from_utc_us, to_utc_us)
        if from_utc_us <= entry.t_utc_us < to_utc_us and _holds(entry, wanted)
    ]
    return tuple(sorted(found, key=lambda e: e.t_utc_us)[-_MOST:])


def folded(text: str) -> str:
    """Without case and accents: "Żółw" is found by "zolw"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def _holds(entry: LogEntry, wanted: list[str]) -> bool:
    if not wanted:
        return True
    text = folded(f"{entry.kind} {entry.who} {entry.subject} {entry.text}")
    return all(word in text for word in wanted)


def _all(data_dir: Path, from_us: int, to_us: int) -> Iterator[LogEntry]:
    for flight in queries.flights(data_dir):
        yield LogEntry(flight.started_utc_us, "flight", "", flight.flight_id, "flight began")
        if flight.ended_utc_us:
            yield LogEntry(flight.ended_utc_us, "flight", "", flight.flight_id, f"flight {flight.state}")
    for incident in queries.incidents(data_dir):
        yield LogEntry(incident.t_raised_utc_us, "incident", "", incident.incident_id, _sentence(incident))
    for told in queries.remote_incidents(data_dir):
        text = f"{told.kind.replace('_', ' ')}: {told.class_name} {told.direction}".strip()
        yield LogEntry(told.received_utc_us, "neighbour", told.peer, told.incident_id, text)
    for act in queries.alert_acts(data_dir, from_us):
        kind = "note" if act.alert_id == LOG_ALERT_ID else "act"
        yield LogEntry(act.t_utc_us, kind, act.operator, act.alert_id, act_text(act))  # type: ignore[arg-type]
    yield from _orders(data_dir, from_us, to_us)


def _orders(data_dir: Path, from_us: int, to_us: int) -> Iterator[LogEntry]:
    for row in queries.rows_between(data_dir, "operator_action", from_us, to_us):
        text = f"{row['action']} {row['detail']}".strip()
        yield LogEntry(row["t_utc_us"], "order", row["operator"], row["subject"], text)
    for row in queries.rows_between(data_dir, "plan_status", from_us, to_us):
        text = f"plan {row['plan_name']}: {row['phase'].replace('_', ' ')} {row['detail']}".strip()
        yield LogEntry(row["t_utc_us"], "plan", "", f"{row['system_id']}.{row['component_id']}", text)


def _sentence(incident: Incident) -> str:
    return incident.text or f"{incident.kind.replace('_', ' ')}: {incident.class_name} {incident.direction}".strip()


def act_text(act: AlertAct) -> str:
    """An act in a few words."""
    words: dict[str, Any] = {
        "acknowledge": "acknowledged",
        "verdict": f"verdict: {act.value.replace('_', ' ')}",
        "tick": f"done: {act.value}",
        "untick": f"not done after all: {act.value}",
        "note": "",
        "hand_over": f"handed to {act.value}",
        "escalated": "escalated: nobody had acknowledged it",
    }
    return " ".join(part for part in (words[act.kind], act.text) if part)
