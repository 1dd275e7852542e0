"""What this station knows, seen as subjects that could be told to one neighbour, and what that neighbour holds of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from groundstation.core.accuracy import ce90_m
from groundstation.core.records import Incident, VideoTracks
from groundstation.share.agreement import EndState, Subject
from groundstation.share.reacquire import MAX_GAP_US, joined
from vision.records import CLASS_NAMES, TrackStatus

GONE_AFTER_US = 3_000_000
"""A shared track that its stream no longer reports for this long has ended."""


def incident_subject(incident: Incident) -> Subject:
    """An incident as a subject."""
    return Subject(
        kind="incident",
        subject_id=incident.incident_id,
        t_utc_us=int(incident.t_utc_us),
        class_name=incident.class_name,
        lat_deg=float(incident.lat_deg),
        lon_deg=float(incident.lon_deg),
        ce90_m=float(incident.ce90_m),
        incident_kind=incident.kind,
        direction=incident.direction,
    )


@dataclass
class _Shared:
    """A track that the neighbour holds as live."""

    stream: str
    told_t_utc_us: int
    seen_t_utc_us: int
    ending: EndState | None = None


MAX_REMEMBERED = 10_000


class TrackGate:
    """Which tracks one neighbour holds as live, and which subjects are due for a decision.

    State changes only by :meth:`told` and :meth:`ended`, after the telling is on disk, so that a full disk costs
    nothing: what could not be told is offered again.
    """

    def __init__(self, name_prefix: str) -> None:
        """``name_prefix`` makes the names that tracks get on the wire unlike those of any other run."""
        self._prefix = name_prefix
        self._shared: dict[str, _Shared] = {}
        # Also of tracks that have left: one that goes in and out is not told more often than agreed.
        self._told_t_utc_us: dict[str, int] = {}
        self._names: dict[str, str] = {}
        self._count = 0
        # The last that was seen of each track that was told, and which track carries on which.
        self._last: dict[str, Subject] = {}
        self._carries_on: dict[str, str] = {}
        self._time_of_stream: dict[str, int] = {}

    def wire_name(self, track_id: str) -> str:
        """A short running name: neither the stream's name nor its numbering leaves the station."""
        name = self._names.get(track_id)
        if name is None:
            self._count += 1
            name = self._names[track_id] = f"{self._prefix}-{self._count}"
            if len(self._names) > MAX_REMEMBERED:
                del self._names[next(iter(self._names))]
        return name

    def earlier(self, track_id: str) -> tuple[str, ...]:
        """The ids that a track had before it was lost and found again, the newest first."""
        found: list[str] = []
        while (track_id := self._carries_on.get(track_id, "")) and track_id not in found:
            found.append(track_id)
        return tuple(found)

    def _carry_on(self, stream: str, subjects: list[Subject]) -> None:
        """Give who was lost and is found again the name that the neighbour knows."""
        here = {s.subject_id for s in subjects}
        for new_id, old_id in list(self._carries_on.items()):
            if old_id in here:  # it was another one after all: both go on by themselves
                del self._carries_on[new_id]
                self._names.pop(old_id, None)
        new = [s for s in subjects if s.subject_id not in self._names]
        now_us = max((s.t_utc_us for s in subjects), default=0)
        old = {i: s for i, s in self._last.items() if now_us - s.t_utc_us > MAX_GAP_US}
        for track_id in old:
            del self._last[track_id]
        prefix = f"{stream}-"
        taken = set(self._carries_on.values())
        lost = [s for i, s in self._last.items() if i not in here and i not in taken and i.startswith(prefix)]
        if not new or not lost:
            return
        for new_id, old_id in joined(lost, new, (s for s in subjects if s.subject_id in self._names)).items():
            self._names[new_id] = self._names[old_id]
            self._carries_on[new_id] = old_id
            self._told_t_utc_us[new_id] = self._told_t_utc_us.get(old_id, 0)
            if (shared := self._shared.pop(old_id, None)) is not None:
                self._shared[new_id] = _Shared(stream, shared.told_t_utc_us, now_us)
            if len(self._carries_on) > MAX_REMEMBERED:
                del self._carries_on[next(iter(self._carries_on))]

    def offers(self, record: VideoTracks) -> list[Subject]:
        """Confirmed tracks of the newest frame of a stream, as subjects. Also notes which shared ones have ended."""
        t = record.tracks
        self._time_of_stream[record.stream] = int(t.t_utc_us)
        subjects: list[Subject] = []
        for i in range(len(t)):
            track_id = f"{record.stream}-{int(t.track_id[i])}"
            shared = self._shared.get(track_id)
            status = int(t.status[i])
            if shared is not None:
                if status == TrackStatus.DELETED:
                    shared.ending = "ended"
                    continue
                shared.seen_t_utc_us = int(t.t_utc_us)
            # A coasting track is a guess about where it may be by now; the neighbour can make its own.
            if status != TrackStatus.CONFIRMED:
                continue
            subjects.append(
                Subject(
                    kind="track",
                    subject_id=track_id,
                    t_utc_us=int(t.t_utc_us),
                    class_name=CLASS_NAMES[int(np.argmax(t.class_probability[i]))],
                    lat_deg=float(t.lat_deg[i]),
                    lon_deg=float(t.lon_deg[i]),
                    velocity_en_m_s=(float(t.velocity_en_m_s[i, 0]), float(t.velocity_en_m_s[i, 1])),
                    ce90_m=ce90_m(t.covariance_en[i]),
                    confirmed=True,
                )
            )
        self._carry_on(record.stream, subjects)
        subjects = [self.refreshed(s) for s in subjects]
        self._last |= {s.subject_id: s for s in subjects if s.told_t_utc_us}
        for shared in self._shared.values():
            if shared.stream == record.stream and t.t_utc_us - shared.seen_t_utc_us > GONE_AFTER_US:
                shared.ending = "ended"
        return subjects

    def refreshed(self, subject: Subject) -> Subject:
        """A subject that was held back, with what the neighbour holds of it now."""
        shared = self._shared.get(subject.subject_id)
        told_t_utc_us = self._told_t_utc_us.get(subject.subject_id, 0)
        if subject.shared == (shared is not None) and subject.told_t_utc_us == told_t_utc_us:
            return subject
        return replace(subject, shared=shared is not None, told_t_utc_us=told_t_utc_us)

    def endings(self) -> list[Subject]:
        """The end of each shared track that has ended or left, until :meth:`ended` is called for it."""
        return [
            Subject(
                kind="track_end",
                subject_id=track_id,
                t_utc_us=max(shared.seen_t_utc_us, shared.told_t_utc_us),
                end_state=shared.ending,
                shared=True,
            )
            for track_id, shared in self._shared.items()
            if shared.ending is not None
        ]

    def told(self, subject: Subject) -> None:
        """A track update is on disk for the neighbour."""
        stream = subject.subject_id.rpartition("-")[0]
        self._shared[subject.subject_id] = _Shared(stream, subject.t_utc_us, subject.t_utc_us)
        self._told_t_utc_us[subject.subject_id] = subject.t_utc_us
        if len(self._told_t_utc_us) > MAX_REMEMBERED:
            del self._told_t_utc_us[next(iter(self._told_t_utc_us))]

    def withdrawn(self, track_id: str) -> None:
        """It was taken back: nothing new carries it on."""
        self._shared.pop(track_id, None)
        self._last.pop(track_id, None)

    def gone(self, track_id: str) -> None:
        """Nothing more is heard of it: its end is due."""
        if track_id in self._shared:
            self._shared[track_id].ending = "ended"

    def left(self, subject: Subject) -> None:
        """A shared track may no longer be told (it left the corridor): its end is due."""
        if subject.subject_id in self._shared:
            self._shared[subject.subject_id].ending = "left_area"

    def end_all(self) -> None:
        """The station stops: every shared track ends."""
        for shared in self._shared.values():
            shared.ending = shared.ending or "ended"

    def ended(self, subject: Subject) -> None:
        """The end is on disk for the neighbour, or may not be told."""
        self._shared.pop(subject.subject_id, None)


def newest_per_stream(records: list[VideoTracks]) -> list[VideoTracks]:
    """The newest record of each stream; deletions in the older ones show as absence later."""
    return list({r.stream: r for r in records}.values())


def renamed(subject: Subject, name: str) -> Subject:
    """The subject under its name on the wire."""
    return replace(subject, subject_id=name)
