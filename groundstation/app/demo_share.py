"""What the demonstration shows of two stations: the agreement, who has seen what, and a lead that changes hands."""

from __future__ import annotations

import html
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import Incident
from groundstation.core.share_commands import ShareCommands
from groundstation.core.share_records import ShareOutcome, ShareSubject
from groundstation.share.agreement_signed import open_any
from groundstation.share.agreement_text import clauses
from groundstation.share.life_summary import LifeSummary, life_summary
from groundstation.share.summary import PeerSummary

OFFERED = 2
"""Leads that are offered in a demonstration: the first ones that the neighbour was told."""
OFFER_S = 30.0


class DemoShare:
    """Offers the first leads to the neighbour and tells what comes of it. Call :meth:`step` a few times a second."""

    def __init__(self, bus: Bus, share: ShareCommands | None, own: str, peer: str, say: Callable[[str], None]) -> None:
        self._share, self._own, self._peer, self._say = share, own, peer, say
        self._receipts = bus.subscribe(topics.RECEIPT)
        self._leads = bus.subscribe(topics.LEAD_STATE)
        self._stored: list[ShareSubject] = []
        self._asked: list[Future[ShareOutcome]] = []
        self._names: dict[str, str] = {}
        self._terms: dict[ShareSubject, int] = {}

    def on_incident(self, incident: Incident) -> None:
        """An incident was told here: it is spoken of by its kind and time, not by its id."""
        self._names[incident.incident_id] = f"{incident.kind} of {incident.class_name}"

    def step(self) -> None:
        """Take up what has come."""
        for receipt in self._receipts.drain():
            if receipt.subject.kind != "incident":
                continue
            name = self._names.get(receipt.subject.subject_id, "an incident")
            if receipt.level == "stored":
                self._offer(receipt.subject)
            else:
                words = "has seen" if receipt.level == "seen" else "acts on"
                self._say(f"{self._peer} {words} the {name}")
        for lead in self._leads.drain():
            if lead.term > self._terms.get(lead.subject, 0) and lead.phase == "held":
                self._terms[lead.subject] = lead.term
                name = self._names.get(lead.subject.subject_id, "an incident")
                self._say(f"{lead.holder} now leads in the {name}")

    def _offer(self, subject: ShareSubject) -> None:
        if self._share is None or len(self._asked) >= OFFERED:
            return
        self._asked.append(self._share.offer_lead(self._peer, subject, OFFER_S))
        self._say(f"the lead in the {self._names.get(subject.subject_id, 'incident')} is offered to {self._peer}")


def agreement_words(path: Path) -> str:
    """What both have signed, in one line: who, where, what and which fields. Raises ConfigError."""
    signed = open_any(path)
    told = {c.number: c.text for c in clauses(signed.agreement)}
    by = " and ".join(s.party for s in signed.signatures) or "nobody"
    return f"agreement {signed.agreement.agreement_id}, signed by {by}: {told[4]} {told[5]} {told[7]}"


def share_report(out: Path, peer: str, ours: PeerSummary, lost: int, agreement: Path | None = None) -> dict[str, Any]:
    """``share`` of the report: by which agreement, what was told to ``peer``, what stayed here, and what came back for it."""
    life = life_summary(out).get(peer, LifeSummary())
    return {
        **({"agreement": agreement_words(agreement)} if agreement is not None else {}),
        "sent": ours.sent_seq,
        "withheld": ours.withheld,
        "acked_stored": ours.stored_seq,
        "acked_seen": life.seen,
        "acked_accepted": life.accepted,
        "lead_transfers": life.lead_transfers,
        "lost": lost,
    }


def share_html(share: dict[str, Any]) -> str:
    """Two sentences for the readable report."""
    by = f"<p>By the {html.escape(share['agreement'])}</p>" if "agreement" in share else ""
    return by + (
        f"<p>{share['acked_stored']} of {share['sent']} messages have a receipt as stored; {share['acked_seen']} incidents "
        f"were seen there, {share['acked_accepted']} are acted on; {share['lead_transfers']} leads changed hands.</p>"
    )
