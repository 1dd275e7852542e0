"""What one neighbour may be told and is told: positions, incidents, messages. Everything outgoing passes here.

The order of every telling: :func:`~groundstation.share.policy.release` decides (or :func:`may_say` for what is no
position), one transaction commits the entry of the disclosure log with the record of the outbox, the wire sends.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from groundstation.core.records import Disclosure, Incident, VideoTracks
from groundstation.share.agreement import PASSING, Agreement, Reason, Release, Subject, Withheld, release
from groundstation.share.approvals import Awaiting
from groundstation.share.audit import AuditLog, Entry
from groundstation.share.bodies import DUTY_KINDS, checked_body
from groundstation.share.due import DueEntries
from groundstation.share.exchange import Exchange
from groundstation.share.exercise import exercise_incident, exercise_stream, may_pass
from groundstation.share.life import Life
from groundstation.share.marks import Marks
from groundstation.share.matching import REMEMBER_US
from groundstation.share.outbox import Draft
from groundstation.share.subjects import TrackGate, incident_subject
from groundstation.share.wire import Envelope, Marking

MAX_REMEMBERED = 20_000
TRACKS_AT_A_TIME = 8
"""Told in one commit at least: so long an incident may have to wait for them."""
LIGHT_TRACKS_AT_A_TIME = 1
"""The same where the disk is waited for by another thread."""
MAX_DELAYED = 4_000
DELAYED_STEP_US = 500_000
"""What waits for the agreed delay is kept this finely."""
DUTY_RETENTION_US = 90 * 86_400_000_000
"""How long the neighbour may keep what says nothing about anybody (a receipt, a withdrawal)."""


@dataclass(frozen=True)
class Told:
    subject: Subject
    draft: Draft
    entry: partial[Entry]


def may_say(agreement: Agreement | None, kind: str, now_utc_us: int) -> str:
    """Why a message that is no position may not be sent; "" when it may. Pure.

    What is owed for what was told before does not end with the agreement; all else needs one in force.
    """
    if kind in DUTY_KINDS:
        return ""
    if agreement is None:
        return "there is no agreement in force"
    if not agreement.valid_from_utc_us <= now_utc_us < agreement.valid_until_utc_us:
        return "the agreement is not in force now"
    return ""


class Telling:
    """The outgoing side of one neighbour. Used by one thread; owns no socket and no clock.

    ``interrupted`` says that something more urgent than positions waits: what of them is not yet being written is put off.
    """

    def __init__(
        self,
        own_name: str,
        name: str,
        agreement: Agreement | None,
        exchange: Exchange,
        audit: AuditLog,
        due: DueEntries,
        run_tag: str,
        life: Life,
        interrupted: Callable[[], bool],
        marks: Marks,
    ) -> None:
        self.name = name
        self.own_name = own_name
        self.withheld = 0
        self.agreement: Agreement | None = None
        self._exchange = exchange
        self._life = life
        self._marks = marks
        self.awaiting = Awaiting()
        """What waits for officers' approvals."""
        self._audit = audit
        self._due = due
        self._interrupted = interrupted
        self._digest = ""
        self.set_agreement(agreement)
        self._gate = TrackGate(run_tag)
        self._incidents: deque[Incident] = deque()
        self._frames: dict[str, VideoTracks] = {}
        self._waiting: dict[str, Subject] = {}
        self._more = False
        self._gave_way = False
        self._recent: deque[Subject] = deque(maxlen=5_000)
        self._remembered: dict[str, int] = {}
        self._delayed: dict[str, deque[Subject]] = {}
        self._withheld_subjects: dict[tuple[str, Reason], None] = {}
        self._withheld_counts: Counter[tuple[str, str]] = Counter()
        self._withheld_new: Counter[tuple[str, str]] = Counter()

    def set_agreement(self, agreement: Agreement | None) -> None:
        """What is agreed from now on; None: nothing is told any more."""
        self.agreement = agreement
        self._digest = agreement.digest() if agreement is not None else ""

    def offer_incident(self, incident: Incident) -> None:
        """An incident to decide about; it waits here until it is decided and, if released, on disk."""
        self._incidents.append(incident)

    def offer_tracks(self, record: VideoTracks) -> None:
        """The newest frame of a stream."""
        self._frames[record.stream] = record

    @property
    def pending(self) -> int:
        """Incidents and tracks that are not decided and on disk yet."""
        return len(self._incidents) + len(self._waiting)

    @property
    def more(self) -> bool:
        """Whether :meth:`tell` should be called again at once."""
        return self._more

    def end_all(self) -> None:
        """The station stops: tell that its tracks have ended."""
        self._gate.end_all()

    def tell(self, now_utc_us: int) -> list[Disclosure]:
        """Decide about what is offered; returns what was told. ``sqlite3.Error`` leaves it all to be told later.

        Incidents first and alone, then some tracks at a time: an incident never waits for a hundred positions. ``more``
        says that there are others.
        """
        told = self._tell_incidents(now_utc_us) if self._incidents else []
        for record in self._frames.values():
            for subject in self._gate.offers(record):
                self._waiting[subject.subject_id] = subject  # a newer place of a track takes that of the older one
        self._frames.clear()
        self._more = bool(self._waiting)
        return told or self._tell_tracks(now_utc_us)

    def _tell_incidents(self, now_utc_us: int) -> list[Disclosure]:
        incidents = list(self._incidents)
        later: list[Incident] = []
        tellings: list[Told] = []
        for incident in incidents:
            if self._mixes(exercise_incident(incident)):
                continue
            subject = self._corrected(incident_subject(incident))
            if self._life.is_buried("out", subject.subject_id):
                continue
            self._remember(subject)
            telling = self._decide(subject, subject.subject_id, incident.t_raised_utc_us, now_utc_us)
            if isinstance(telling, Withheld):
                if telling.reason in PASSING:
                    later.append(incident)
            # An incident comes again when it is acknowledged or its clip is ready: that is not the neighbour's.
            elif not self._told_before(telling, tellings):
                tellings.append(telling)
        told = self._commit(tellings, now_utc_us) if tellings else []
        for _ in incidents:
            self._incidents.popleft()
        self._incidents.extend(later)
        return told

    def _mixes(self, marked: bool | None) -> bool:
        """Whether this would put exercise and real data into one exchange; without an agreement nothing leaves anyway."""
        return self.agreement is not None and not may_pass(marked, self.agreement)

    def _tell_tracks(self, now_utc_us: int) -> list[Disclosure]:
        tellings: list[Told] = []
        # Where many wait, more at a time: a commit costs the same for one and for twenty.
        light = self._exchange.outbox.light
        at_a_time = LIGHT_TRACKS_AT_A_TIME if light else max(TRACKS_AT_A_TIME, len(self._waiting) // 6)
        gives_way = not self._gave_way  # but not for ever
        while self._waiting and len(tellings) < at_a_time:
            if gives_way and self._interrupted():
                return self._give_way(tellings)
            track_id = next(iter(self._waiting))
            subject = self._gate.refreshed(self._corrected(self._waiting.pop(track_id)))
            if not self._life.is_buried("out", track_id) and not self._mixes(exercise_stream(track_id)):
                self._remember(subject)
                self._offer_track(subject, now_utc_us, tellings)
        if gives_way and self._interrupted():
            return self._give_way(tellings)
        self._gave_way = False
        self._more = bool(self._waiting)
        self._offer_delayed(now_utc_us, tellings)
        for subject in self._gate.endings():
            if subject.subject_id in self._waiting:
                continue  # what is known of it is told before its end
            telling = self._decide(subject, self._gate.wire_name(subject.subject_id), subject.t_utc_us, now_utc_us)
            if isinstance(telling, Told):
                tellings.append(telling)
            elif telling.reason not in PASSING:
                self._gate.ended(subject)
        return self._commit(tellings, now_utc_us) if tellings else []

    def _give_way(self, tellings: list[Told]) -> list[Disclosure]:
        """An incident has come while positions were decided: they are decided again when it is told."""
        self._waiting = {t.subject.subject_id: t.subject for t in tellings} | self._waiting
        self._gave_way, self._more = True, bool(self._waiting)
        return []

    def _offer_track(self, subject: Subject, now_utc_us: int, tellings: list[Told]) -> None:
        telling = self._decide(subject, self._gate.wire_name(subject.subject_id), subject.t_utc_us, now_utc_us)
        if isinstance(telling, Told):
            tellings.append(telling)
        elif telling.reason is Reason.DELAY:
            waits = self._delayed.setdefault(subject.subject_id, deque(maxlen=MAX_DELAYED))
            if not waits or subject.t_utc_us - waits[-1].t_utc_us >= DELAYED_STEP_US:
                waits.append(subject)

    def _offer_delayed(self, now_utc_us: int, tellings: list[Told]) -> None:
        """Of what was held back for the agreed time: the newest of each track whose time has come."""
        own = self.agreement.own_forces if self.agreement is not None else None
        for track_id, waits in list(self._delayed.items()):
            delay_s = self.agreement.delay_s if self.agreement is not None else 0.0
            if waits[0].kind == "own_force":
                delay_s = own.delay_s if own is not None else 0.0
            delay_us = round(delay_s * 1e6)
            due: Subject | None = None
            while waits and waits[0].t_utc_us + delay_us <= now_utc_us:
                due = waits.popleft()
            if not waits:
                del self._delayed[track_id]
            if due is not None and not self._life.is_buried("out", track_id):
                self._offer_track(self._gate.refreshed(self._corrected(due)), now_utc_us, tellings)

    def offer_own_force(self, subject: Subject) -> None:
        """Where one of our own is; told coarse and late under clause 15, if at all."""
        self._waiting[subject.subject_id] = subject

    def own_force_gone(self, subject_id: str) -> None:
        """One of our own is heard no more: what was held back of it is not told after its end."""
        self._waiting.pop(subject_id, None)
        self._delayed.pop(subject_id, None)
        self._gate.gone(subject_id)

    def forget(self, kind: str, local: str) -> None:
        """One of our subjects was withdrawn: its end is not told any more, and nothing carries it on."""
        self._gate.withdrawn(local)
        self.awaiting.over(kind, local)

    def _corrected(self, subject: Subject) -> Subject:
        """With all that officers have said of it."""
        return self._marks.applied(subject, self.name, self._gate.earlier(subject.subject_id))

    def _remember(self, subject: Subject) -> None:
        """For questions: where something was, at most every two seconds."""
        if subject.t_utc_us - self._remembered.get(subject.subject_id, 0) >= 2_000_000:
            self._remembered[subject.subject_id] = subject.t_utc_us
            self._recent.append(subject)
            if len(self._remembered) > MAX_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]

    def recent(self, now_utc_us: int) -> list[Subject]:
        """What this station has seen lately, told or not, without what was withdrawn."""
        since = now_utc_us - REMEMBER_US
        return [s for s in self._recent if s.t_utc_us >= since and not self._life.is_buried("out", s.subject_id)]

    def _told_before(self, telling: Told, others: list[Told]) -> bool:
        same = (telling.subject.subject_id, telling.draft.envelope.body)
        if any((o.subject.subject_id, o.draft.envelope.body) == same for o in others):
            return True
        return self._exchange.outbox.told_incident(telling.subject.subject_id, telling.draft.envelope)

    def _decide(self, subject: Subject, wire_name: str, t_source_utc_us: int, now_utc_us: int) -> Told | Withheld:
        decision = release(self.agreement, self.own_name, self.name, subject, now_utc_us)
        self.awaiting.decided(self.agreement, (self.own_name, self.name), subject, decision, now_utc_us)
        if isinstance(decision, Withheld):
            if subject.shared and decision.reason not in PASSING:
                self._gate.left(subject)
            self._count(subject.subject_id, decision.reason)
            return decision
        assert self.agreement is not None  # a release needs one
        return self._telling(subject.kind, subject, decision, wire_name, t_source_utc_us, now_utc_us)

    def _telling(
        self,
        kind: str,
        subject: Subject,
        decision: Release,
        wire_name: str,
        t_source_utc_us: int,
        now_utc_us: int,
    ) -> Told:
        agreement_id = self.agreement.agreement_id if self.agreement is not None else ""
        basis = self.agreement.lawful_basis if self.agreement is not None else ""
        envelope = Envelope(
            agreement_id=agreement_id,
            agreement_sha256=self._digest,
            originator=self.own_name,
            recipient=self.name,
            purpose=decision.purpose,
            kind=kind,
            subject=wire_name,
            t_released_utc_us=now_utc_us,
            retain_until_utc_us=decision.retain_until_utc_us,
            body=decision.body,
            marking=Marking(sensitivity=decision.marking, releasable_to=(self.own_name, self.name), basis=basis[:200]),
        )
        entry = partial(
            Entry,
            t_utc_us=now_utc_us,
            peer=self.name,
            kind=kind,
            subject=subject.subject_id,
            told_as=wire_name,
            fields=",".join(decision.fields),
            agreement_id=agreement_id,
            agreement_sha256=self._digest,
            purpose=decision.purpose,
            clause=decision.clause,
            payload=envelope.to_bytes(),
            authorised_by=decision.authorised_by,
            retain_until_utc_us=decision.retain_until_utc_us,
        )
        return Told(subject, Draft(subject.subject_id, t_source_utc_us, envelope), entry)

    def say(self, kind: str, local: str, wire_name: str, values: dict[str, Any], now_utc_us: int) -> str:
        """Send a message that is no position, about the subject ``wire_name`` (``local`` in our own log).

        Returns why not; "" when it is on disk and under way. ``sqlite3.Error`` of a full disk passes through.
        """
        refused = may_say(self.agreement, kind, now_utc_us)
        if refused:
            return refused
        body = checked_body(kind, values)
        decision = Release(
            body=body,
            fields=tuple(sorted(body)),
            clause=f"{kind}: {'owed for what was told' if kind in DUTY_KINDS else 'in words of the agreement, no position'}",
            retain_until_utc_us=now_utc_us + DUTY_RETENTION_US,
            purpose=self.agreement.purpose if self.agreement is not None else "NonSpecified",
        )
        subject = Subject("track", local, now_utc_us)
        self._commit([self._telling(kind, subject, decision, wire_name, now_utc_us, now_utc_us)], now_utc_us)
        return ""

    def _commit(self, tellings: list[Told], now_utc_us: int) -> list[Disclosure]:
        outbox = self._exchange.outbox
        names = [
            (t.draft.envelope.subject, t.subject.subject_id, t.subject.kind)
            for t in tellings
            if t.subject.kind in ("track", "incident") and t.draft.envelope.kind == t.subject.kind
        ]
        epoch, first = outbox.epoch.hex(), outbox.last_seq + 1
        entries = [t.entry(epoch=epoch, seq=first + i) for i, t in enumerate(tellings)]

        def also() -> None:
            self._due.add(entries)
            self._life.note_names(names, now_utc_us)

        records = self._exchange.send([t.draft for t in tellings], now_utc_us, also)
        self._life.names_noted(names)
        disclosures = []
        for telling, record in zip(tellings, records, strict=True):
            kind = telling.draft.envelope.kind
            if kind in ("track", "own_force"):
                self._gate.told(telling.subject)
            elif kind == "track_end":
                self._gate.ended(telling.subject)
            elif kind != "incident":
                continue
            disclosures.append(
                Disclosure(
                    peer=self.name,
                    seq=record.seq,
                    subject="incident" if kind == "incident" else "track",
                    subject_id=telling.subject.subject_id,
                    t_source_utc_us=telling.draft.t_source_utc_us,
                    t_sent_utc_us=now_utc_us,
                    t_stored_utc_us=0,
                )
            )
        return disclosures

    def _count(self, subject_id: str, reason: Reason) -> None:
        if reason in PASSING:  # it is told with the next update
            return
        key = self.name, reason.value
        self._withheld_counts[key] += 1
        if (subject_id, reason) not in self._withheld_subjects:
            self._withheld_subjects[(subject_id, reason)] = None
            if len(self._withheld_subjects) > MAX_REMEMBERED:
                del self._withheld_subjects[next(iter(self._withheld_subjects))]
            self.withheld += 1
            self._withheld_new[key] += 1

    def save_counters(self, now_utc_us: int) -> None:
        """Write the counts of what was withheld. Raises ``sqlite3.Error``; then they are kept for the next time."""
        if self._withheld_counts:
            counts = {key: (self._withheld_new[key], updates) for key, updates in self._withheld_counts.items()}
            self._audit.count_withheld(counts, now_utc_us)
            self._withheld_counts.clear()
            self._withheld_new.clear()
