"""A stand-in for the neighbour's duty officer, for demonstrations and tests only: ``run --stand-in-officer``.

It looks at what comes, says so, and accepts every lead that is offered. A real station never has it: receipts that no
person gave are worth nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.share_commands import ShareCommands
from groundstation.core.share_records import LeadState, ShareSubject

_log = logging.getLogger("groundstation.stand_in")

LOOK_S = 1.0
"""So long it takes to look at something."""


@dataclass(frozen=True)
class _Due:
    at_s: float
    subject: ShareSubject
    lead_of: str = ""


class StandInOfficer:
    """Call :meth:`step` a few times a second. Owns no clock."""

    def __init__(self, bus: Bus, share: ShareCommands, own: str) -> None:
        _log.warning("a stand-in for the duty officer gives receipts here: a demonstration, never for real")
        self._share, self._own = share, own
        self._incidents = bus.subscribe(topics.REMOTE_INCIDENT)
        self._leads = bus.subscribe(topics.LEAD_STATE)
        self._due: list[_Due] = []

    def step(self, now_s: float) -> None:
        """Take up what has come, and answer what has been looked at long enough."""
        for incident in self._incidents.drain():
            subject = ShareSubject(incident.peer, incident.incident_id, "incident")
            self._due.append(_Due(now_s + LOOK_S, subject))
        for lead in self._leads.drain():
            if self._is_offer(lead):
                self._due.append(_Due(now_s + LOOK_S, lead.subject, lead.peer))
        due = [d for d in self._due if d.at_s <= now_s]
        self._due = [d for d in self._due if d.at_s > now_s]
        for d in due:
            if d.lead_of:
                self._share.accept_lead(d.lead_of, d.subject)
                self._share.mark_accepted(d.subject)
            else:
                self._share.mark_seen(d.subject)

    def _is_offer(self, lead: LeadState) -> bool:
        return lead.phase == "offered" and lead.holder != self._own
