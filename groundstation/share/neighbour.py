"""One neighbour: what it may be told, what it has been told, what it tells us. Everything outgoing passes here.

The order of every telling: :func:`~groundstation.share.agreement.release` decides, the disclosure log commits, the
outbox commits, the wire sends.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections import Counter, deque
from dataclasses import dataclass, field, replace

from groundstation.core.records import Disclosure, Incident, RemoteIncident, RemoteTrack, VideoTracks
from groundstation.share.agreement import PASSING, Agreement, Reason, Release, Subject, Withheld, release
from groundstation.share.audit import AuditLog, Entry
from groundstation.share.exchange import Exchange
from groundstation.share.inbox import Received
from groundstation.share.outbox import Draft, Stored
from groundstation.share.subjects import TrackGate, incident_subject
from groundstation.share.wire import Envelope

_log = logging.getLogger("groundstation.share")

MAX_REMEMBERED = 20_000


@dataclass
class News:
    """What one step has for the bus."""

    tracks: dict[str, RemoteTrack] = field(default_factory=dict)
    incidents: list[RemoteIncident] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    busy: bool = False


@dataclass(frozen=True)
class _Telling:
    subject: Subject
    draft: Draft
    entry: Entry


class Neighbour:
    """One neighbour of the station ``own_name``. Used by one thread; owns no socket and no clock."""

    def __init__(
        self, own_name: str, name: str, agreement: Agreement | None, exchange: Exchange, audit: AuditLog, run_tag: str
    ) -> None:
        self.name = name
        self.agreement = agreement
        self.exchange = exchange
        self.received = 0
        self.withheld = 0
        self.refused = 0
        self.refused_reason = ""
        self._own_name = own_name
        self._audit = audit
        self._digest = agreement.digest() if agreement is not None else ""
        self._gate = TrackGate(run_tag)
        self._incidents: deque[Incident] = deque()
        self._frames: dict[str, VideoTracks] = {}
        self._withheld_subjects: dict[tuple[str, Reason], None] = {}
        self._withheld_counts: Counter[tuple[str, str]] = Counter()
        self._withheld_new: Counter[tuple[str, str]] = Counter()
        self._remote: dict[str, RemoteTrack] = {}

    # ---------------------------------------------------------------------------------------------------- outgoing

    def offer_incident(self, incident: Incident) -> None:
        """An incident to decide about; it waits here until it is decided and, if released, on disk."""
        self._incidents.append(incident)

    def offer_tracks(self, record: VideoTracks) -> None:
        """The newest frame of a stream."""
        self._frames[record.stream] = record

    @property
    def pending(self) -> int:
        """Incidents that are not decided and on disk yet."""
        return len(self._incidents)

    def set_agreement(self, agreement: Agreement | None) -> None:
        """What is agreed from now on; None: nothing is told any more."""
        self.agreement = agreement
        self._digest = agreement.digest() if agreement is not None else ""

    def end_all(self) -> None:
        """The station stops: tell that its tracks have ended."""
        self._gate.end_all()

    def tell(self, now_utc_us: int) -> list[Disclosure]:
        """Decide about everything offered; returns what was told. ``sqlite3.Error`` leaves it all to be told later."""
        incidents = list(self._incidents)
        tellings: list[_Telling] = []
        for incident in incidents:
            subject = incident_subject(incident)
            telling = self._decide(subject, subject.subject_id, incident.t_raised_utc_us, now_utc_us)
            # An incident comes again when it is acknowledged or its clip is ready: that is not the neighbour's.
            if telling is not None and not self._told_before(telling, tellings):
                tellings.append(telling)
        frames, self._frames = self._frames, {}
        for record in frames.values():
            for subject in self._gate.offers(record):
                telling = self._decide(subject, self._gate.wire_name(subject.subject_id), subject.t_utc_us, now_utc_us)
                if telling is not None:
                    tellings.append(telling)
        for subject in self._gate.endings():
            telling = self._decide(subject, self._gate.wire_name(subject.subject_id), subject.t_utc_us, now_utc_us)
            if telling is None:
                self._gate.ended(subject)
            else:
                tellings.append(telling)
        told = self._commit(tellings, now_utc_us) if tellings else []
        for _ in incidents:
            self._incidents.popleft()
        return told

    def _told_before(self, telling: _Telling, others: list[_Telling]) -> bool:
        same = (telling.subject.subject_id, telling.draft.envelope.body)
        if any((o.subject.subject_id, o.draft.envelope.body) == same for o in others):
            return True
        return self.exchange.outbox.told_incident(telling.subject.subject_id, telling.draft.envelope)

    def _decide(self, subject: Subject, wire_name: str, t_source_utc_us: int, now_utc_us: int) -> _Telling | None:
        decision = release(self.agreement, self._own_name, self.name, subject, now_utc_us)
        if isinstance(decision, Withheld):
            if subject.shared and decision.reason not in PASSING:
                self._gate.left(subject)
            self._count(subject.subject_id, decision.reason)
            return None
        assert self.agreement is not None  # a release needs one
        return self._telling(self.agreement, subject, decision, wire_name, t_source_utc_us, now_utc_us)

    def _telling(
        self,
        agreement: Agreement,
        subject: Subject,
        decision: Release,
        wire_name: str,
        t_source_utc_us: int,
        now_utc_us: int,
    ) -> _Telling:
        envelope = Envelope(
            agreement_id=agreement.agreement_id,
            agreement_sha256=self._digest,
            originator=self._own_name,
            recipient=self.name,
            purpose=agreement.purpose,
            kind=subject.kind,
            subject=wire_name,
            t_released_utc_us=now_utc_us,
            retain_until_utc_us=decision.retain_until_utc_us,
            body=decision.body,
        )
        entry = Entry(
            t_utc_us=now_utc_us,
            peer=self.name,
            epoch="",
            seq=0,
            kind=subject.kind,
            subject=subject.subject_id,
            told_as=wire_name,
            fields=",".join(decision.fields),
            agreement_id=agreement.agreement_id,
            agreement_sha256=self._digest,
            purpose=agreement.purpose,
            clause=decision.clause,
            envelope_sha256=hashlib.sha256(envelope.to_bytes()).hexdigest(),
        )
        return _Telling(subject, Draft(subject.subject_id, t_source_utc_us, envelope), entry)

    def _commit(self, tellings: list[_Telling], now_utc_us: int) -> list[Disclosure]:
        outbox = self.exchange.outbox
        epoch, first = outbox.epoch.hex(), outbox.last_seq + 1
        entries = [replace(t.entry, epoch=epoch, seq=first + i) for i, t in enumerate(tellings)]
        head = self._audit.append(entries)
        records = self.exchange.send([t.draft for t in tellings], head, now_utc_us)
        disclosures = []
        for telling, record in zip(tellings, records, strict=True):
            if telling.subject.kind == "track":
                self._gate.told(telling.subject)
            elif telling.subject.kind == "track_end":
                self._gate.ended(telling.subject)
            disclosures.append(
                Disclosure(
                    peer=self.name,
                    seq=record.seq,
                    subject="incident" if telling.subject.kind == "incident" else "track",
                    subject_id=telling.subject.subject_id,
                    t_source_utc_us=telling.draft.t_source_utc_us,
                    t_sent_utc_us=now_utc_us,
                    t_stored_utc_us=0,
                )
            )
        return disclosures

    def _count(self, subject_id: str, reason: Reason) -> None:
        if reason is Reason.RATE:  # it is told with the next update
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

    # ---------------------------------------------------------------------------------------------------- incoming

    def exchange_step(self, now_s: float, now_utc_us: int) -> News:
        """Let the exchange work; what came of it for the bus. ``sqlite3.Error`` of a full disk passes through."""
        result = self.exchange.step(now_s, now_utc_us)
        news = News(busy=result.busy)
        news.disclosures += [self._stored(s, now_utc_us) for s in result.stored]
        for received in result.received:
            self._take(received, now_utc_us, news)
        return news

    def _stored(self, stored: Stored, now_utc_us: int) -> Disclosure:
        return Disclosure(
            peer=self.name,
            seq=stored.seq,
            subject="incident" if stored.kind == "incident" else "track",
            subject_id=stored.subject,
            t_source_utc_us=stored.t_source_utc_us,
            t_sent_utc_us=stored.t_sent_utc_us,
            t_stored_utc_us=now_utc_us,
        )

    def _take(self, received: Received, now_utc_us: int, news: News) -> None:
        self.received += 1
        if received.refused or received.envelope is None:
            self.refused += 1
            self.refused_reason = received.refused
            return
        envelope = received.envelope
        body = envelope.body
        if envelope.kind == "incident":
            news.incidents.append(remote_incident(self.name, envelope, now_utc_us))
            return
        if envelope.kind == "track_end":
            last = self._remote.pop(envelope.subject, None)
            if last is not None:
                news.tracks[envelope.subject] = replace(last, received_utc_us=now_utc_us, state=body["state"])
            return
        track = RemoteTrack(
            peer=self.name,
            track_id=envelope.subject,
            t_utc_us=body["t_utc_us"],
            received_utc_us=now_utc_us,
            class_name=body["class"],
            lat_deg=body["lat_deg"],
            lon_deg=body["lon_deg"],
            velocity_en_m_s=body["velocity_en_m_s"],
            ce90_m=body["ce90_m"],
            agreement_id=envelope.agreement_id,
        )
        self._remote[envelope.subject] = track
        if len(self._remote) > MAX_REMEMBERED:
            del self._remote[next(iter(self._remote))]
        # After an outage hundreds of old positions come at once: the operator gets the newest of each track.
        news.tracks[envelope.subject] = track


def remote_incident(peer: str, envelope: Envelope, received_utc_us: int) -> RemoteIncident:
    """An incident's envelope as the bus's record."""
    body = envelope.body
    return RemoteIncident(
        peer=peer,
        incident_id=envelope.subject,
        kind=body["kind"],
        t_utc_us=body["t_utc_us"],
        received_utc_us=received_utc_us,
        class_name=body["class"],
        direction=body["direction"],
        lat_deg=body["lat_deg"],
        lon_deg=body["lon_deg"],
        ce90_m=body.get("ce90_m", math.nan),
        agreement_id=envelope.agreement_id,
    )
