"""Records of a shift: the log book's entries, and everything that a report on one incident says. Frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundstation.core.alert_records import AlertAct
from groundstation.core.records import Incident

EntryKind = Literal["flight", "incident", "neighbour", "act", "order", "plan", "note"]


@dataclass(frozen=True)
class LogEntry:
    """One line of the log book. ``subject``: an alert, an aircraft, a flight; ``who`` "" for what nobody did."""

    t_utc_us: int
    kind: EntryKind
    who: str
    subject: str
    text: str


@dataclass(frozen=True)
class ReportPicture:
    """A picture of the incident: JPEG with the judged box drawn in."""

    t_utc_us: int
    jpeg: bytes


@dataclass(frozen=True)
class IncidentFile:
    """What is kept about an incident. ``lacks``: what is not there and why, in words.

    ``package`` and ``package_sha256``: the evidence package in the book's chain; ``clip_sha256`` of the clip as it lies on
    the disk now. "" where there is none.
    """

    incident: Incident
    acts: tuple[AlertAct, ...]
    pictures: tuple[ReportPicture, ...]
    clip: str = ""
    clip_sha256: str = ""
    package: str = ""
    package_sha256: str = ""
    flight_started_utc_us: int = 0
    lacks: tuple[str, ...] = ()
