"""From tracks to incidents: runs the rules on every stream, keeps each incident up to date on the bus.

Life of an incident: *raised* once a rule has confirmed an event (published on INCIDENT), *evidenced* when the video part has
written the clip that is ordered for it a few seconds later, *acknowledged* when an operator has seen it. Each step
publishes the whole incident again under the same id, so consumers replace what they have. Steps come in any order and
more than once; what is known already is never taken back: an acknowledgement stays, the first one counts.
"""

from __future__ import annotations

import logging
import math
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from geofences.area import BorderLine
from geofences.geodesy import LocalFrame
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.records import (
    Acknowledgement,
    EvidenceReady,
    EvidenceRequest,
    FriendPosition,
    Incident,
    VehicleId,
    VideoTracks,
)
from groundstation.core.topics import (
    ACKNOWLEDGEMENT,
    EVIDENCE_READY,
    EVIDENCE_REQUEST,
    FRIEND_POSITION,
    INCIDENT,
    VIDEO_TRACKS,
)
from groundstation.incidents.engine import Raised, RuleEngine
from groundstation.incidents.friends import FriendSettings
from groundstation.incidents.rule_file import RuleSet, default_rules, fill
from groundstation.incidents.rules.crossing import CrossingParameters
from vision.records import CLASS_NAMES

_log = logging.getLogger("groundstation.incidents")


def new_incident_id(t_utc_us: int) -> str:
    """``INC-`` and 20 hexadecimal digits, the first 12 of them the time, so that ids sort by it."""
    return f"INC-{t_utc_us // 1000:012X}{secrets.token_hex(4).upper()}"


@dataclass(frozen=True)
class IncidentSettings:
    """``rules`` as read from a rule file; the shipped ones if not given.

    Clips are written to ``data_dir / "evidence"``; incidents name them relative to ``data_dir``.
    """

    rules: RuleSet = field(default_factory=default_rules)
    friends: FriendSettings = field(default_factory=FriendSettings)
    data_dir: Path = Path()
    clip_suffix: str = ".ts"
    before_s: float = 10.0
    after_s: float = 10.0
    forget_after_s: float = 60.0


_STATIONARY = frozenset({"loitering", "vehicle_stopped", "person_down"})


@dataclass(frozen=True)
class _Told:
    """When and where something was told of a track, for what must not be told again."""

    t_utc_us: int
    lat_deg: float
    lon_deg: float
    ce90_m: float


class IncidentService:
    """Owned by one thread, which calls :meth:`step` about 20 times a second; it has no thread of its own."""

    def __init__(
        self,
        bus: Bus,
        border: BorderLine,
        frame: LocalFrame,
        flight_id: str,
        clock: Clock,
        settings: IncidentSettings | None = None,
        new_id: Callable[[int], str] = new_incident_id,
    ) -> None:
        self._bus, self._border, self._frame = bus, border, frame
        self._flight_id, self._clock, self._new_id = flight_id, clock, new_id
        self.settings = settings or IncidentSettings()
        # Checked here, where it can still be refused, and not with the first track.
        self._new_engine("")
        if not any(r.kind == "crossing" for r in self.settings.rules.active):
            _log.warning("no rule for crossings is on: this station will not tell any")
        self._streams: dict[str, RuleEngine] = {}
        self._live: dict[str, frozenset[str]] = {}  # track ids of each stream's newest frame
        self._vehicles: dict[str, VehicleId] = {}
        self._incidents: dict[str, Incident] = {}
        self._told: dict[tuple[str, str, str], _Told] = {}  # kind, track id, direction
        self._tracks = bus.subscribe(VIDEO_TRACKS)
        self._friends = bus.subscribe(FRIEND_POSITION)
        self._last_friends: dict[str, FriendPosition] = {}
        self._evidence = bus.subscribe(EVIDENCE_READY)
        self._acknowledgements = bus.subscribe(ACKNOWLEDGEMENT)

    def _new_engine(self, stream: str) -> RuleEngine:
        s = self.settings
        return RuleEngine(self._border, self._frame, s.rules, s.friends, s.forget_after_s, stream)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents known here, by time."""
        return tuple(sorted(self._incidents.values(), key=lambda i: (i.t_utc_us, i.incident_id)))

    def restore(self, incidents: Iterable[Incident]) -> None:
        """Take over what an earlier run of the station raised: nothing of it is told again, and nothing published."""
        for incident in incidents:
            self._incidents.setdefault(incident.incident_id, incident)
            self._note(incident)

    def close(self) -> None:
        """Handle what is waiting, tell what still waited for a friend's next report, and leave the bus."""
        self.step()
        for stream, engine in self._streams.items():
            for raised in engine.flush():
                self._on_raised(stream, self._vehicles[stream], raised)
        for subscription in (self._tracks, self._friends, self._evidence, self._acknowledgements):
            self._bus.unsubscribe(subscription)

    def step(self) -> None:
        """Handle everything that came since the last call."""
        for friend in self._friends.drain():
            self._last_friends[friend.friend_id] = friend
            for engine in self._streams.values():
                engine.on_friend(friend)
        for record in self._tracks.drain():
            self._on_tracks(record)
        for ready in self._evidence.drain():
            self._on_evidence(ready)
        for acknowledgement in self._acknowledgements.drain():
            self._on_acknowledgement(acknowledgement)

    # -- tracks --------------------------------------------------------------------------------------------------

    def _on_tracks(self, record: VideoTracks) -> None:
        engine = self._streams.get(record.stream)
        if engine is None:
            engine = self._streams[record.stream] = self._new_engine(record.stream)
            for friend in self._last_friends.values():
                engine.on_friend(friend)
        self._vehicles[record.stream] = record.vehicle_id
        self._live[record.stream] = frozenset(f"{record.stream}-{n}" for n in record.tracks.track_id.tolist())
        for raised in engine.update(record.tracks):
            self._on_raised(record.stream, record.vehicle_id, raised)

    def _on_raised(self, stream: str, vehicle_id: VehicleId, raised: Raised) -> None:
        rule, event = raised.rule, raised.event
        track_id = f"{stream}-{event.number}"
        if self._is_told(raised, stream, track_id):
            return
        incident_id = self._new_id(event.t_utc_us)
        incident = Incident(
            incident_id=incident_id,
            kind=rule.kind,
            t_utc_us=event.t_utc_us,
            t_raised_utc_us=self._clock.utc_us(),
            lat_deg=event.lat_deg,
            lon_deg=event.lon_deg,
            ce90_m=event.ce90_m,
            direction=event.direction,
            class_name=CLASS_NAMES[event.class_id],
            probability=event.probability,
            track_id=track_id,
            vehicle_id=vehicle_id,
            flight_id=self._flight_id,
            text=sentence(raised),
            urgency=rule.urgency,
            rule=rule.name,
        )
        self._note(incident)
        _log.info("%s: %s (p %.2f, track %s)", incident_id, incident.text, event.probability, track_id)
        self._publish(incident)
        # At once: the worker waits for the last picture itself, and writes what there is when the flight ends before.
        self._bus.publish(
            EVIDENCE_REQUEST,
            EvidenceRequest(
                stream,
                incident_id,
                event.t_utc_us - int(self.settings.before_s * 1e6),
                event.t_utc_us + int(self.settings.after_s * 1e6),
                str(self.settings.data_dir / "evidence" / f"{incident_id}{self.settings.clip_suffix}"),
            ),
        )

    def _note(self, incident: Incident) -> None:
        told = _Told(incident.t_utc_us, incident.lat_deg, incident.lon_deg, incident.ce90_m)
        self._told[(incident.kind, incident.track_id, incident.direction)] = told

    def _is_told(self, raised: Raised, stream: str, track_id: str) -> bool:
        """A crossing is told once per track and direction; of the others, the same thing not again for some time.

        What stands still may be lost and found again under a new number: what was told at that place of a track that is
        gone, is told of this one. Two that are in the same picture are two.
        """
        rule, event = raised.rule, raised.event
        last = self._told.get((rule.kind, track_id, event.direction))
        if isinstance(rule.parameters, CrossingParameters) and rule.parameters.detector.once_per_direction:
            return last is not None
        if rule.kind == "crossing":
            return last is not None and event.t_utc_us <= last.t_utc_us
        again_us = rule.repeat_after_s * 1e6
        if last is not None and event.t_utc_us - last.t_utc_us < again_us:
            return True
        if rule.kind not in _STATIONARY:
            return False
        here = self._frame.to_plane(event.lat_deg, event.lon_deg)
        for (kind, other, _), told in self._told.items():
            if kind != rule.kind or other == track_id or not 0 <= event.t_utc_us - told.t_utc_us < again_us:
                continue
            if other in self._live.get(stream, ()):
                continue
            there = self._frame.to_plane(told.lat_deg, told.lon_deg)
            if math.dist(here, there) <= math.hypot(told.ce90_m, event.ce90_m):
                _log.info("track %s: %s was told already of track %s at this place", track_id, kind, other)
                return True
        return False

    # -- what others say of an incident ----------------------------------------------------------------------------

    def _on_evidence(self, ready: EvidenceReady) -> None:
        incident = self._incidents.get(ready.incident_id)
        if incident is None:
            # A recording's files are ordered like clips.
            level = logging.DEBUG if ready.incident_id.startswith("REC-") else logging.WARNING
            _log.log(level, "a clip came for the unknown incident %s", ready.incident_id)
        elif not ready.ok:
            _log.warning("%s: no clip: %s", ready.incident_id, ready.detail)
        elif not incident.evidence:
            path = Path(ready.path)
            if path.is_relative_to(self.settings.data_dir):
                path = path.relative_to(self.settings.data_dir)
            self._publish(replace(incident, evidence=path.as_posix()))

    def _on_acknowledgement(self, acknowledgement: Acknowledgement) -> None:
        incident = self._incidents.get(acknowledgement.incident_id)
        if incident is None:
            _log.warning("the unknown incident %s was acknowledged", acknowledgement.incident_id)
        elif not incident.acknowledged_utc_us:
            self._publish(
                replace(
                    incident,
                    acknowledged_utc_us=acknowledgement.t_utc_us,
                    acknowledged_by=acknowledgement.operator,
                )
            )

    def _publish(self, incident: Incident) -> None:
        self._incidents[incident.incident_id] = incident
        self._bus.publish(INCIDENT, incident)


def sentence(raised: Raised) -> str:
    """The sentence that an operator reads, from the rule's template."""
    event, friend = raised.event, raised.friend
    class_name = CLASS_NAMES[event.class_id]
    north = "N" if event.lat_deg >= 0 else "S"
    east = "E" if event.lon_deg >= 0 else "W"
    values = {
        "class": class_name,
        "subject": f"own {friend.kind} {friend.name}" if friend is not None else class_name,
        "time": datetime.fromtimestamp(event.t_utc_us / 1e6, UTC).strftime("%H:%M:%SZ"),
        "place": f"{abs(event.lat_deg):.5f} {north} {abs(event.lon_deg):.5f} {east}",
        "lat_deg": event.lat_deg,
        "lon_deg": event.lon_deg,
        "ce90_m": event.ce90_m,
        "probability": event.probability,
        **event.values,
    }
    return fill(raised.rule.sentence, values)
