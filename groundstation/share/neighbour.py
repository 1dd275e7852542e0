"""One neighbour: what it is told (:mod:`groundstation.share.telling`), what it tells us, and what people order about it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from groundstation.core.records import Disclosure, Incident, VideoTracks
from groundstation.core.share_records import LeadState, ShareNotice, ShareSubject, SubjectKind
from groundstation.share.agreement import Agreement, Subject
from groundstation.share.audit import CONSULTATION, AuditLog, note
from groundstation.share.due import DueEntries
from groundstation.share.exchange import Exchange
from groundstation.share.leads import LeadNews, Leads
from groundstation.share.life import Life
from groundstation.share.marks import Marks
from groundstation.share.reception import News, Reception
from groundstation.share.telling import Telling, may_say
from groundstation.share.wire import Envelope

_log = logging.getLogger("groundstation.share")


class Neighbour:
    """One neighbour of the station ``own_name``. Used by one thread; owns no socket and no clock."""

    def __init__(
        self,
        own_name: str,
        name: str,
        agreement: Agreement | None,
        exchange: Exchange,
        audit: AuditLog,
        due: DueEntries,
        run_tag: str,
        db: sqlite3.Connection,
        life: Life,
        marks: Marks,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        self.name = name
        self.own_name = own_name
        self.exchange = exchange
        self.life = life
        self._audit = audit
        self.telling = Telling(own_name, name, agreement, exchange, audit, due, run_tag, life, interrupted, marks)
        self.leads = Leads(db, own_name, name, self._say_lead)
        self.reception = Reception(own_name, name, life, self._take_lead)
        self._now_utc_us = 0

    # ---------------------------------------------------------------------------------------------------- outgoing

    @property
    def agreement(self) -> Agreement | None:
        """What is agreed now; None: nothing is told."""
        return self.telling.agreement

    @property
    def withheld(self) -> int:
        """Subjects that were not told, each counted once for each reason."""
        return self.telling.withheld

    @property
    def pending(self) -> int:
        """Incidents and tracks that are not decided and on disk yet."""
        return self.telling.pending

    @property
    def more(self) -> bool:
        """Whether :meth:`tell` should be called again at once."""
        return self.telling.more

    def set_agreement(self, agreement: Agreement | None) -> None:
        """What is agreed from now on; None: nothing is told any more."""
        self.telling.set_agreement(agreement)

    def offer_incident(self, incident: Incident) -> None:
        """An incident to decide about; it waits until it is decided and, if released, on disk."""
        self.telling.offer_incident(incident)

    def offer_tracks(self, record: VideoTracks) -> None:
        """The newest frame of a stream."""
        self.telling.offer_tracks(record)

    def tell(self, now_utc_us: int) -> list[Disclosure]:
        """Decide about what is offered; see :meth:`groundstation.share.telling.Telling.tell`."""
        return self.telling.tell(now_utc_us)

    def end_all(self) -> None:
        """The station stops: tell that its tracks have ended."""
        self.telling.end_all()

    def recent(self, now_utc_us: int) -> list[Subject]:
        """What this station has seen lately, told or not, without what was withdrawn."""
        return self.telling.recent(now_utc_us)

    def say(self, kind: str, local: str, wire_name: str, values: dict[str, Any], now_utc_us: int) -> str:
        """Send a message that is no position; see :meth:`groundstation.share.telling.Telling.say`."""
        return self.telling.say(kind, local, wire_name, values, now_utc_us)

    def save_counters(self, now_utc_us: int) -> None:
        """Write the counts of what was withheld. Raises ``sqlite3.Error``; then they are kept for the next time."""
        self.telling.save_counters(now_utc_us)

    def _say_lead(self, name: str, body: dict[str, Any]) -> None:
        refused = self.say("lead", self.life.local_of(name) or name, name, body, self._now_utc_us)
        if refused:
            _log.warning("%s: a message about a lead was not sent: %s", self.name, refused)

    # ------------------------------------------------------------------------------------------- the life of a subject

    def names_of(self, subject: ShareSubject) -> list[str]:
        """The names on the wire of a subject of ours that this neighbour was told, or of one of its own."""
        if subject.originator == self.own_name:
            return self.life.names_of(subject.subject_id, subject.kind)
        return [subject.subject_id] if subject.originator == self.name else []

    def withdraw(self, subject: ShareSubject, reason: str, now_utc_us: int, erase: bool) -> str:
        """Take back one of our own; "" when done, also where this neighbour never got it."""
        local = subject.subject_id
        for one in {local, *self.life.same_as(local, subject.kind)}:
            self.life.bury_own(one, subject.kind, reason, now_utc_us)
            self.telling.forget(subject.kind, one)
            self.reception.forget(one)
        for name in self.names_of(subject):
            if erase:
                self.life.ask_erasure(name, subject.kind, now_utc_us)
            values = {"of": subject.kind, "reason": reason, "t_utc_us": now_utc_us}
            self.say("erase_request" if erase else "withdrawal", local, name, values, now_utc_us)
        return ""

    def correct(self, subject: ShareSubject, class_name: str, reason: str, now_utc_us: int) -> str:
        """Our subject is of another class; the neighbour learns the class only if that one is agreed, else it is
        withdrawn there."""
        for name in self.names_of(subject):
            if self.agreement is None or class_name not in self.agreement.categories:
                values = {"of": subject.kind, "reason": reason, "t_utc_us": now_utc_us}
                self.life.bury_own(subject.subject_id, subject.kind, reason, now_utc_us)
                self.telling.forget(subject.kind, subject.subject_id)
                self.say("withdrawal", subject.subject_id, name, values, now_utc_us)
                continue
            values = {"of": subject.kind, "cls": class_name, "reason": reason, "t_utc_us": now_utc_us}
            refused = self.say("correction", subject.subject_id, name, values, now_utc_us)
            if refused:
                return refused
        return ""

    def order_lead(
        self, verb: str, subject: ShareSubject, now_s: float, now_utc_us: int, timeout_s: float
    ) -> tuple[str, LeadState | None]:
        """What a person orders about a lead; why not ("" = done), and the lead as it is now."""
        self._now_utc_us = now_utc_us
        refused = may_say(self.agreement, "lead", now_utc_us)
        names = self.names_of(subject)
        if refused or not names:
            return refused or f"{self.name} does not know it", None
        of: SubjectKind = subject.kind
        name = names[-1]
        why, _ = self.leads.order(verb, subject.originator, name, of, now_s, now_utc_us, timeout_s)
        if why:
            return why, None
        connected = self.exchange.connected
        state = self.leads.state(subject.originator, name, self.life.local_of, connected, now_s, now_utc_us)
        return "", state

    def receipt(self, subject: ShareSubject, level: str, by: str, now_utc_us: int) -> str:
        """Tell that our operator has seen, or acts on, what this neighbour told; told once. Who it was stays here."""
        self.consulted(subject.subject_id, by, level, now_utc_us)
        if self.life.note_receipt(subject.subject_id, subject.kind, level, now_utc_us):
            values = {"level": level, "of": subject.kind, "t_utc_us": now_utc_us}
            return self.say("ack", subject.subject_id, subject.subject_id, values, now_utc_us)
        return ""

    def consulted(self, subject_id: str, by: str, why: str, now_utc_us: int) -> None:
        """Log that somebody here has used what this neighbour told."""
        self._audit.append([note(CONSULTATION, now_utc_us, peer=self.name, subject=subject_id, by=by, detail=why)])

    # ---------------------------------------------------------------------------------------------------- incoming

    def exchange_step(self, now_s: float, now_utc_us: int, now_mono_ns: int = 0, writes: bool = True) -> News:
        """Let the exchange work; what came of it for the bus. ``sqlite3.Error`` of a full disk passes through."""
        self._now_utc_us = now_utc_us
        was_connected = self.exchange.connected
        result = self.exchange.step(now_s, now_utc_us, now_mono_ns)
        news = News(busy=result.busy)
        for stored in result.stored:
            self.reception.stored(stored, now_utc_us, news)
        changed = []
        for received in result.received:
            lead = self.reception.take(received, now_s, now_utc_us, news)
            changed += [lead] if lead is not None else []
        if writes:
            changed += self._leads_on_time(now_s, now_utc_us)
        connected = self.exchange.connected
        self.reception.escalate(now_utc_us, news)
        for change in changed:
            state = self.leads.state(change.originator, change.name, self.life.local_of, connected, now_s, now_utc_us)
            news.leads.append(replace(state, detail=state.detail or change.event))
            if change.event == "cease":
                news.notices.append(ShareNotice(self.name, "cease", "cease", now_utc_us, state.subject))
        if connected != was_connected:
            news.leads += self.leads.states(self.life.local_of, connected, now_s, now_utc_us)
        return news

    def _leads_on_time(self, now_s: float, now_utc_us: int) -> list[LeadNews]:
        try:
            return self.leads.on_time(now_s, now_utc_us, self.exchange.connected)
        except sqlite3.Error as error:
            # What has been received in this step must still reach the bus.
            _log.error("%s: a lead could not be written now: %s", self.name, error)
            return []

    def _take_lead(self, envelope: Envelope, now_s: float, now_utc_us: int) -> LeadNews | None:
        if envelope.body["originator"] == self.own_name and not self.life.local_of(envelope.subject):
            _log.warning("%s speaks of the lead of %s, that it was never told", self.name, envelope.subject)
            return None
        try:
            return self.leads.on_body(envelope.subject, envelope.body, now_s, now_utc_us)
        except sqlite3.Error as error:
            # The record is stored; what waits for our answer is said again, and the rest of the batch must go on.
            _log.error("%s: a message about a lead could not be dealt with now: %s", self.name, error)
            return None
