"""The leads of all subjects shared with one neighbour: the machines, kept on disk, in the words of the wire."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from groundstation.core.share_records import LeadState, ShareSubject, SubjectKind
from groundstation.share.lead import Lead, LeadMessage, LeadStep, LeadView
from groundstation.share.outbox import transaction

_log = logging.getLogger("groundstation.share.lead")

KEEP_US = 30 * 86_400_000_000

Say = Callable[[str, dict[str, Any]], None]
"""Put a message of kind "lead" about a subject (its name on the wire) into the outbox."""


@dataclass(frozen=True)
class LeadNews:
    """A change of one lead: what it is now, and the event in one word."""

    originator: str
    name: str
    of: SubjectKind
    event: str


class Leads:
    """All leads with ``peer``. The state is on disk before a message about it is said; what was not said is said again."""

    def __init__(self, db: sqlite3.Connection, own: str, peer: str, say: Say) -> None:
        self._db, self._own, self._peer, self._say = db, own, peer, say
        self._leads: dict[tuple[str, str], tuple[Lead, SubjectKind]] = {}
        rows = db.execute("SELECT originator, subject, of, state FROM lead WHERE peer=?", (peer,)).fetchall()
        for originator, name, of, state in rows:
            view = LeadView(**json.loads(state))
            self._leads[(originator, name)] = Lead(own, peer, originator, view), cast("SubjectKind", of)
        self._announced = not self._leads

    def _lead(self, originator: str, name: str, of: SubjectKind) -> Lead:
        key = originator, name
        if key not in self._leads:
            self._leads[key] = Lead(self._own, self._peer, originator), of
        return self._leads[key][0]

    def order(
        self, verb: str, originator: str, name: str, of: SubjectKind, now_s: float, now_utc_us: int, timeout_s: float
    ) -> tuple[str, LeadNews | None]:
        """What a person orders: offer, accept, decline, take_over, cease. Returns why not ("" = done) and the change."""
        lead = self._lead(originator, name, of)
        match verb:
            case "offer":
                step = lead.offer(now_s, timeout_s)
            case "accept":
                step = lead.accept(now_s)
            case "decline":
                step = lead.decline(now_s)
            case _:
                step = lead.demand(now_s, cease=verb == "cease")
        if step.refused:
            return step.refused, None
        return "", self._carry_out(originator, name, lead, of, step, now_s, now_utc_us)

    def on_body(self, name: str, body: dict[str, Any], now_s: float, now_utc_us: int) -> LeadNews | None:
        """A message of the neighbour."""
        if body["originator"] not in (self._own, self._peer):
            return None
        lead = self._lead(body["originator"], name, body["of"])
        left_s = max((body["deadline_utc_us"] - body["t_utc_us"]) / 1e6, 0.0)
        message = LeadMessage(body["action"], body["term"], body["holder"], body["offer"], left_s)
        step = lead.on_message(message, now_s)
        return self._carry_out(body["originator"], name, lead, body["of"], step, now_s, now_utc_us)

    def on_time(self, now_s: float, now_utc_us: int, connected: bool) -> list[LeadNews]:
        """Offers that end, and what has to be said again; after a restart, once, what holds."""
        news: list[LeadNews] = []
        announce = connected and not self._announced
        self._announced = self._announced or connected
        for (originator, name), (lead, of) in list(self._leads.items()):
            step = LeadStep()
            if announce and lead.view.term > 0:
                step = lead.announce(now_s)
            elif lead.view.phase != "held":
                step = lead.on_time(now_s) if connected else lead.expire(now_s)
            if step.messages or step.event:
                changed = self._carry_out(originator, name, lead, of, step, now_s, now_utc_us)
                if changed is not None:
                    news.append(changed)
        return news

    def _carry_out(
        self, originator: str, name: str, lead: Lead, of: SubjectKind, step: LeadStep, now_s: float, now_utc_us: int
    ) -> LeadNews | None:
        self._save(originator, name, lead, of, now_utc_us)
        for message in step.messages:
            self._say(
                name,
                {
                    "action": message.action,
                    "originator": originator,
                    "of": of,
                    "term": message.term,
                    "holder": message.holder,
                    "offer": message.offer,
                    # As a span on the sender's own clock: the two clocks need not agree.
                    "deadline_utc_us": now_utc_us + round(message.left_s * 1e6),
                    "t_utc_us": now_utc_us,
                },
            )
        if not step.event:
            return None
        _log.info("%s of %s: %s, %s leads in term %d", name, originator, step.event, lead.view.holder, lead.view.term)
        return LeadNews(originator, name, of, step.event)

    def _save(self, originator: str, name: str, lead: Lead, of: str, now_utc_us: int) -> None:
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO lead VALUES (?,?,?,?,?,?)",
                (self._peer, originator, name, of, json.dumps(lead.view.to_dict()), now_utc_us),
            )

    def states(self, local_of: Callable[[str], str], connected: bool, now_s: float, now_utc_us: int) -> list[LeadState]:
        """All leads as the console shows them."""
        return [
            self.state(originator, name, local_of, connected, now_s, now_utc_us) for originator, name in self._leads
        ]

    def state(
        self,
        originator: str,
        name: str,
        local_of: Callable[[str], str],
        connected: bool,
        now_s: float,
        now_utc_us: int,
    ) -> LeadState:
        """One lead as the console shows it."""
        lead, of = self._leads[(originator, name)]
        view = lead.view
        left_s = lead.deadline_s - now_s if lead.deadline_s > 0.0 else 0.0
        subject_id = (local_of(name) or name) if originator == self._own else name
        return LeadState(
            peer=self._peer,
            subject=ShareSubject(originator, subject_id, of),
            holder=view.holder,
            term=view.term,
            phase=view.phase,
            confirmed=connected and view.phase != "handed_over",
            t_utc_us=now_utc_us,
            deadline_utc_us=now_utc_us + round(left_s * 1e6) if left_s > 0.0 else 0,
            cease=view.ceased,
            detail="" if connected else "the link is down: the lead stays where it was, not confirmed",
        )

    def knows(self, originator: str, name: str) -> bool:
        """Whether anything was said about this lead."""
        return (originator, name) in self._leads

    def prune(self, now_utc_us: int) -> None:
        """Forget leads in which nothing has happened for a month."""
        with transaction(self._db):
            self._db.execute("DELETE FROM lead WHERE peer=? AND t_utc_us<?", (self._peer, now_utc_us - KEEP_US))
