"""What one gateway may tell, decided the moment before it leaves: policy, then the disclosure log, then the bytes.

Nothing is queued as released. Waiting is what the station knows (the newest picture of each stream, the incidents), so
after an outage the newest goes out, judged by the agreement as it is then, and the queue is bounded by what there is.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from dataclasses import dataclass
from typing import Protocol

from groundstation.core.canonical import canonical_json
from groundstation.core.records import Incident, VideoTracks
from groundstation.share.agreement import PASSING, Agreement, Release, Subject, Withheld, release
from groundstation.share.audit import Entry
from groundstation.share.exercise import exercise_agreement, exercise_incident, exercise_tracks, may_pass
from groundstation.share.gateways.base import Told
from groundstation.share.marks import Marks
from groundstation.share.subjects import TrackGate, incident_subject

_log = logging.getLogger("groundstation.share.gateways")

TOO_OLD_US = 10_000_000
"""A picture older than this when the way is open again is not told: the next one will be."""
INCIDENT_SHOWN_US = 600_000_000
"""How long an incident is sent again to receivers that forget."""
MAX_INCIDENTS = 500
MAX_REMEMBERED = 20_000
MAX_FRAMES = 8_000
HELD_STEP_US = 500_000
EXERCISE = "exercise and real data never mix"


class Ledger(Protocol):
    """The disclosure log, as far as a gateway needs it."""

    def append(self, entries: list[Entry]) -> object:
        """Commit; ``sqlite3.Error`` when the disk refuses."""
        ...


@dataclass
class _Waiting:
    incident: Incident
    changed: bool = True
    sent_utc_us: int = 0
    sent_body: bytes = b""


@dataclass(frozen=True)
class _Telling:
    subject: Subject
    decision: Release
    told: Told


class ReleaseGate:
    """Decides for one gateway. Used by one thread; owns no socket and no clock."""

    def __init__(
        self,
        own_name: str,
        recipient: str,
        via: str,
        ledger: Ledger,
        run_tag: str,
        repeat_s: float = 0.0,
        marks: Marks | None = None,
    ) -> None:
        """``recipient`` is a party of the agreement, ``via`` the way out as its clause 16 names it. ``run_tag`` makes names
        unlike those of any other run; ``repeat_s``: how often an incident goes out again;
        ``marks``: what officers said of subjects. There is no agreement yet."""
        self.agreement: Agreement | None = None
        self.sent = 0
        self.withheld = 0
        self.dropped = 0
        self._own_name = own_name
        self._recipient = recipient
        self._via = via
        self._digest = ""
        self._ledger = ledger
        self._repeat_us = round(repeat_s * 1e6)
        self._marks = marks
        self._tracks = TrackGate(run_tag)
        self._incident_names = _Names(f"{run_tag}-i")
        self._frames: dict[str, deque[VideoTracks]] = {}
        self._incidents: dict[str, _Waiting] = {}
        self._refused: dict[str, Incident] = {}
        self._withdrawn: dict[str, None] = {}
        self._held: dict[tuple[str, str], None] = {}
        self._new_subjects: Counter[str] = Counter()
        self._new_updates: Counter[str] = Counter()
        self._due: list[_Telling] = []

    def set_agreement(self, agreement: Agreement | None) -> None:
        """What is in force from now on; None: nothing leaves."""
        self.agreement = agreement
        self._digest = agreement.digest() if agreement is not None else ""

    @property
    def exercise(self) -> bool:
        """Whether what leaves is an exercise's."""
        return self.agreement is not None and exercise_agreement(self.agreement)

    @property
    def _delay_us(self) -> int:
        return 0 if self.agreement is None else round(self.agreement.delay_s * 1e6)

    # -------------------------------------------------------------------------------------------------- what there is

    def offer_tracks(self, record: VideoTracks) -> None:
        """The newest picture of a stream; the one before it is forgotten."""
        frames = self._frames.setdefault(record.stream, deque(maxlen=MAX_FRAMES))
        if not self._delay_us:
            frames.clear()
        # What is held back for the agreed time is held in steps of half a second.
        if not frames or not 0 <= record.tracks.t_utc_us - frames[-1].tracks.t_utc_us < HELD_STEP_US:
            frames.append(record)

    def offer_incident(self, incident: Incident) -> None:
        """An incident, or what became of it since."""
        if self._marks is not None:
            self._marks.note_incident(incident)
        if self._is_withdrawn(incident.incident_id):
            return
        known = self._incidents.get(incident.incident_id)
        if known is not None:
            known.incident, known.changed = incident, True
            return
        if len(self._incidents) >= MAX_INCIDENTS:
            # One that was sent before the others goes first; one that never was is the last to go.
            oldest = min(self._incidents, key=lambda i: (not self._incidents[i].sent_utc_us, self._t_raised(i)))
            if not self._incidents.pop(oldest).sent_utc_us:
                self.dropped += 1
                _log.error("%s: incident %s was never told: %d wait", self._recipient, oldest, MAX_INCIDENTS)
        self._incidents[incident.incident_id] = _Waiting(incident)

    def _t_raised(self, incident_id: str) -> int:
        return self._incidents[incident_id].incident.t_raised_utc_us

    def _is_withdrawn(self, subject_id: str) -> bool:
        return subject_id in self._withdrawn or (self._marks is not None and self._marks.is_withdrawn(subject_id))

    def reconsider(self, kind: str, subject_id: str) -> None:
        """An officer has said something of a subject: taken back, of another class, a rescue, approved."""
        if self._is_withdrawn(subject_id):
            self.withdraw(subject_id)
        elif kind == "incident" and (waiting := self._incidents.get(subject_id)) is not None:
            waiting.changed = True
        elif kind == "incident" and (incident := self._refused.get(subject_id)) is not None:
            self.offer_incident(incident)

    def withdraw(self, subject_id: str) -> None:
        """An officer has taken a subject back: it goes out no more. What is live there ends; what was told cannot be recalled."""
        self._withdrawn[subject_id] = None
        self._incidents.pop(subject_id, None)
        self._tracks.left(Subject("track", subject_id, 0))

    def end_all(self) -> None:
        """The station stops: what is live there ends."""
        self._tracks.end_all()

    @property
    def waiting(self) -> int:
        """Tracks and incidents that will go out when the way is open."""
        untold = sum(not w.sent_utc_us for w in self._incidents.values())
        return untold + sum(len(frames[-1].tracks) for frames in self._frames.values() if frames)

    # ----------------------------------------------------------------------------------------------------- what leaves

    def due(self, now_utc_us: int) -> list[Told]:
        """Decide about everything that is waiting and commit it to the disclosure log; what is returned may leave.

        ``sqlite3.Error`` when the log refuses: then nothing may leave, and all waits on.
        """
        tellings: list[_Telling] = []
        refused: list[tuple[Subject, Withheld]] = []
        frames = self._take_frames(now_utc_us)

        def decide(subject: Subject, name: str, same_as: bytes | None = None) -> Release | Withheld:
            if self._marks is not None:
                subject = self._marks.applied(subject, self._recipient, self._tracks.earlier(subject.subject_id))
            decision = release(self.agreement, self._own_name, self._recipient, subject, now_utc_us, self._via)
            if isinstance(decision, Release):
                if same_as is None or canonical_json(decision.body) != same_as:
                    tellings.append(_Telling(subject, decision, self._told(subject, decision, name, now_utc_us)))
            elif decision.reason not in PASSING:
                refused.append((subject, decision))
                if subject.kind == "track" and subject.shared:
                    self._tracks.left(subject)
            return decision

        decided: dict[str, Release | Withheld] = {}
        mixed: list[str] = []
        for incident_id, waiting in self._incidents.items():
            repeats = self._repeats(waiting, now_utc_us)
            if self._mixes(exercise_incident(waiting.incident)):
                mixed.append(incident_id)
            elif waiting.changed or repeats:
                # An incident comes again when it is acknowledged or its clip is ready: that is not the receiver's.
                same_as = None if repeats else waiting.sent_body
                subject = incident_subject(waiting.incident)
                decided[incident_id] = decide(subject, self._incident_names(incident_id), same_as)
        try:
            for record in frames:
                if self._mixes(exercise_tracks(record)):
                    mixed += [f"{record.stream}-{int(n)}" for n in record.tracks.track_id]
                    continue
                for subject in self._tracks.offers(record):
                    if self._is_withdrawn(subject.subject_id):
                        continue
                    decide(subject, self._tracks.wire_name(subject.subject_id))
            ends = {s: decide(s, self._tracks.wire_name(s.subject_id)) for s in self._tracks.endings()}
            if tellings:
                self._ledger.append([self._entry(telling, now_utc_us) for telling in tellings])
        except BaseException:
            for record in frames:
                self._frames[record.stream].appendleft(record)
            raise
        # From here on it counts as told, though the way may break: the log holds it, and its end must follow.
        for subject, withheld in refused:
            self._hold(subject.subject_id, withheld.reason.value)
        for subject_id in mixed:
            self._hold(subject_id, EXERCISE)
            self._incidents.pop(subject_id, None)
        for subject, decision in ends.items():
            if isinstance(decision, Withheld) and decision.reason not in PASSING:
                self._tracks.ended(subject)
        for telling in tellings:
            if telling.subject.kind == "track":
                self._tracks.told(telling.subject)
        for incident_id, decision in decided.items():
            waiting = self._incidents[incident_id]
            if isinstance(decision, Release):
                waiting.changed, waiting.sent_body = False, canonical_json(decision.body)
            elif decision.reason not in PASSING:
                # What an officer says of it later may make another thing of it.
                self._refused[incident_id] = self._incidents.pop(incident_id).incident
                if len(self._refused) > MAX_INCIDENTS:
                    del self._refused[next(iter(self._refused))]
        self._forget(now_utc_us)
        self._due = tellings
        return [telling.told for telling in tellings]

    def _mixes(self, marked: bool | None) -> bool:
        return self.agreement is not None and not may_pass(marked, self.agreement)

    def _take_frames(self, now_utc_us: int) -> list[VideoTracks]:
        """The newest picture of each stream that may be told by now; those before it are forgotten."""
        due = now_utc_us - self._delay_us
        taken: list[VideoTracks] = []
        for frames in self._frames.values():
            newest: VideoTracks | None = None
            while frames and frames[0].tracks.t_utc_us <= due:
                newest = frames.popleft()
            if newest is None and not self._delay_us and frames:
                newest = frames.popleft()  # from a camera whose clock is ahead
            if newest is not None and due - newest.tracks.t_utc_us <= TOO_OLD_US:
                taken.append(newest)
        return taken

    def left(self, now_utc_us: int) -> None:
        """All that :meth:`due` returned last has left. Without this call incidents and ends are told again."""
        for subject in (telling.subject for telling in self._due):
            self.sent += 1
            if subject.kind == "track_end":
                self._tracks.ended(subject)
            elif subject.kind == "incident" and subject.subject_id in self._incidents:
                self._incidents[subject.subject_id].sent_utc_us = now_utc_us
        self._due = []

    def broke(self) -> None:
        """Something of what :meth:`due` returned last may not have left: incidents go out again."""
        for subject in (telling.subject for telling in self._due):
            if subject.kind == "incident" and subject.subject_id in self._incidents:
                self._incidents[subject.subject_id].changed = True
                self._incidents[subject.subject_id].sent_body = b""
        self._due = []

    def take_withheld(self) -> dict[tuple[str, str], tuple[int, int]]:
        """What stayed here since the last call, as :meth:`~groundstation.share.audit.AuditLog.count_withheld` wants it."""
        taken = {
            (f"{self._recipient} ({self._via})", r): (self._new_subjects[r], n) for r, n in self._new_updates.items()
        }
        self._new_subjects.clear()
        self._new_updates.clear()
        return taken

    def _hold(self, subject_id: str, reason: str) -> None:
        self.withheld += 1
        self._new_updates[reason] += 1
        if (subject_id, reason) not in self._held:
            self._new_subjects[reason] += 1
            self._held[(subject_id, reason)] = None
            if len(self._held) > MAX_REMEMBERED:
                del self._held[next(iter(self._held))]

    def _repeats(self, waiting: _Waiting, now_utc_us: int) -> bool:
        return bool(
            self._repeat_us
            and now_utc_us - waiting.sent_utc_us >= self._repeat_us
            and now_utc_us - waiting.incident.t_raised_utc_us < INCIDENT_SHOWN_US
        )

    def _forget(self, now_utc_us: int) -> None:
        old = [
            i
            for i, w in self._incidents.items()
            if w.sent_utc_us and now_utc_us - w.incident.t_raised_utc_us > 2 * INCIDENT_SHOWN_US
        ]
        for incident_id in old:
            del self._incidents[incident_id]

    def _told(self, subject: Subject, decision: Release, name: str, now_utc_us: int) -> Told:
        assert self.agreement is not None  # a release needs one
        return Told(
            name=name,
            kind=subject.kind,
            body=decision.body,
            agreement_id=self.agreement.agreement_id,
            purpose=decision.purpose,
            marking=decision.marking,
            originator=self._own_name,
            recipient=self._recipient,
            t_released_utc_us=now_utc_us,
            retain_until_utc_us=decision.retain_until_utc_us,
            valid_until_utc_us=self.agreement.valid_until_utc_us,
            exercise=self.exercise,
        )

    def _entry(self, telling: _Telling, now_utc_us: int) -> Entry:
        told = telling.told
        return Entry(
            t_utc_us=now_utc_us,
            peer=self._recipient,
            epoch="",
            seq=0,
            kind=told.kind,
            subject=telling.subject.subject_id,
            told_as=told.name,
            fields=",".join(telling.decision.fields),
            agreement_id=told.agreement_id,
            agreement_sha256=self._digest,
            purpose=told.purpose,
            clause=telling.decision.clause,
            payload=canonical_json(told.body),
            via=self._via,
            authorised_by=telling.decision.authorised_by,
            retain_until_utc_us=told.retain_until_utc_us,
        )


class _Names:
    """Running names for incidents: their own ids say nothing outside, and are not to be joined with other receivers'."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[str, str] = {}
        self._count = 0

    def __call__(self, incident_id: str) -> str:
        name = self._names.get(incident_id)
        if name is None:
            self._count += 1
            name = self._names[incident_id] = f"{self._prefix}{self._count}"
            if len(self._names) > 4 * MAX_INCIDENTS:
                del self._names[next(iter(self._names))]
        return name
