"""What one neighbour tells us, made into records for the bus: tracks, incidents, receipts, notices. No socket, no clock."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from groundstation.core.records import Disclosure, RemoteIncident, RemoteTrack
from groundstation.core.share_records import LeadState, NoticeKind, RemoteReceipt, ShareNotice, ShareSubject
from groundstation.share.inbox import BURIED, Received
from groundstation.share.leads import LeadNews
from groundstation.share.life import Life
from groundstation.share.outbox import Stored
from groundstation.share.wire import Envelope

MAX_REMEMBERED = 20_000
UNSEEN_US = 60_000_000
"""An incident that is stored there and that nobody there has looked at for this long is told of."""

OnLead = Callable[[Envelope, float, int], LeadNews | None]


@dataclass
class News:
    """What one step has for the bus, and what the desk has to deal with (``letters``)."""

    tracks: dict[str, RemoteTrack] = field(default_factory=dict)
    incidents: list[RemoteIncident] = field(default_factory=list)
    disclosures: list[Disclosure] = field(default_factory=list)
    receipts: list[RemoteReceipt] = field(default_factory=list)
    notices: list[ShareNotice] = field(default_factory=list)
    leads: list[LeadState] = field(default_factory=list)
    letters: list[Envelope] = field(default_factory=list)
    busy: bool = False


class Reception:
    """Takes what came from the neighbour ``name``; used by one thread. ``received``, ``refused`` and ``incidents_received``
    count since the start."""

    def __init__(self, own_name: str, name: str, life: Life, on_lead: OnLead) -> None:
        self.name, self.own_name, self.life = name, own_name, life
        self.received = 0
        self.incidents_received = 0
        self.last_incidents: deque[str] = deque(maxlen=1_000)
        self.refused = 0
        self.refused_reason = ""
        self._on_lead = on_lead
        self._remote: dict[str, RemoteTrack] = {}
        self._ended: dict[str, int] = {}
        self._unseen: dict[str, int] = {}
        self._stored_told: dict[str, None] = {}

    def forget(self, local: str) -> None:
        """Nobody there has to look at it any more: we have withdrawn it."""
        self._unseen.pop(local, None)

    def escalate(self, now_utc_us: int, news: News) -> None:
        """What is stored there and nobody has looked at: a person here has the telephone."""
        late = [name for name, t_utc_us in self._unseen.items() if now_utc_us - t_utc_us > UNSEEN_US]
        for name in late:
            del self._unseen[name]
            subject = ShareSubject(self.own_name, name, "incident")
            news.notices.append(ShareNotice(self.name, "unseen", "unseen", now_utc_us, subject))

    def stored(self, stored: Stored, now_utc_us: int, news: News) -> None:
        """The neighbour has acknowledged a record of ours as stored."""
        if stored.kind not in ("track", "track_end", "incident"):
            return
        kind = "incident" if stored.kind == "incident" else "track"
        news.disclosures.append(
            Disclosure(
                peer=self.name,
                seq=stored.seq,
                subject="incident" if kind == "incident" else "track",
                subject_id=stored.subject,
                t_source_utc_us=stored.t_source_utc_us,
                t_sent_utc_us=stored.t_sent_utc_us,
                t_stored_utc_us=now_utc_us,
            )
        )
        if stored.subject not in self._stored_told:
            self._stored_told[stored.subject] = None
            if len(self._stored_told) > MAX_REMEMBERED:
                del self._stored_told[next(iter(self._stored_told))]
            subject = ShareSubject(self.own_name, stored.subject, "incident" if kind == "incident" else "track")
            news.receipts.append(RemoteReceipt(self.name, subject, "stored", now_utc_us))
            if kind == "incident":
                self._unseen[stored.subject] = now_utc_us

    def take(self, received: Received, now_s: float, now_utc_us: int, news: News) -> LeadNews | None:
        """A record of the neighbour that is stored here; a change of a lead comes back."""
        self.received += 1
        if received.refused or received.envelope is None:
            if received.refused != BURIED:
                self.refused += 1
                self.refused_reason = received.refused
            return None
        envelope = received.envelope
        body = envelope.body
        match envelope.kind:
            case "incident":
                news.incidents.append(remote_incident(self.name, envelope, now_utc_us))
                self.incidents_received += 1
                self.last_incidents.append(envelope.subject)
            case "track" | "own_force":
                self._take_track(envelope, now_utc_us, news)
            case "track_end":
                last = self._remote.get(envelope.subject)
                self._note_end(envelope.subject, body["t_utc_us"])
                if last is not None and body["t_utc_us"] >= last.t_utc_us:
                    del self._remote[envelope.subject]
                    news.tracks[envelope.subject] = replace(last, received_utc_us=now_utc_us, state=body["state"])
            case "withdrawal" | "erase_request":
                erased = envelope.kind == "erase_request"
                last = self._remote.pop(envelope.subject, None)
                if last is not None:
                    state = replace(last, received_utc_us=now_utc_us, state="erased" if erased else "withdrawn")
                    news.tracks[envelope.subject] = state
                self._notice("erase_requested" if erased else "withdrawn", envelope, body["reason"], now_utc_us, news)
            case "correction":
                last = self._remote.get(envelope.subject)
                if last is not None:
                    last = self._remote[envelope.subject] = replace(last, class_name=body["cls"])
                    news.tracks[envelope.subject] = last
                self._notice("corrected", envelope, body["reason"], now_utc_us, news, body["cls"])
            case "lead":
                return self._on_lead(envelope, now_s, now_utc_us)
            case "ack":
                local = self.life.local_of(envelope.subject)
                if local:
                    self._unseen.pop(local, None)
                    subject = ShareSubject(self.own_name, local, body["of"])
                    news.receipts.append(RemoteReceipt(self.name, subject, body["level"], now_utc_us, body["t_utc_us"]))
            case "erase_done":
                holds = self.life.erasure_holds(envelope.subject)
                code = "erased_proved" if holds else "erased_not_comparable"
                self._notice("erased", envelope, code, now_utc_us, news, f"{body['records']} records", own=True)
            case "link":
                self._notice(
                    "linked", envelope, "linked", now_utc_us, news, f"{body['other_originator']}:{body['other']}"
                )
            case "answer":
                notice = ShareNotice(self.name, "answer", body["answer"], now_utc_us, reference=envelope.subject)
                news.notices.append(notice)
            case _:
                news.letters.append(envelope)
        return None

    def _notice(
        self,
        kind: NoticeKind,
        envelope: Envelope,
        code: str,
        now_utc_us: int,
        news: News,
        text: str = "",
        own: bool = False,
    ) -> None:
        subject = ShareSubject(self.name, envelope.subject, envelope.body["of"])
        if own:
            local = self.life.local_of(envelope.subject) or envelope.subject
            subject = ShareSubject(self.own_name, local, envelope.body["of"])
        news.notices.append(ShareNotice(self.name, kind, code, now_utc_us, subject, text=text))

    def _note_end(self, name: str, t_utc_us: int) -> None:
        self._ended[name] = max(t_utc_us, self._ended.get(name, 0))
        if len(self._ended) > MAX_REMEMBERED:
            del self._ended[next(iter(self._ended))]

    def _take_track(self, envelope: Envelope, now_utc_us: int, news: News) -> None:
        body = envelope.body
        last = self._remote.get(envelope.subject)
        # History that comes after the picture changes nothing that is shown.
        if last is not None and body["t_utc_us"] < last.t_utc_us:
            return
        if body["t_utc_us"] <= self._ended.get(envelope.subject, -1):
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
