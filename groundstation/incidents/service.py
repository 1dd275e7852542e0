"""From tracks to incidents: watches the border on every stream, keeps each incident up to date on the bus.

Life of an incident: *raised* once a crossing is confirmed (published on INCIDENT), *evidenced* when the video part has
written the clip that is ordered for it a few seconds later, *acknowledged* when an operator has seen it. Each step
publishes the whole incident again under the same id, so consumers replace what they have. Steps come in any order and
more than once; what is known already is never taken back: an acknowledgement stays, the first one counts.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from geofences.area import BorderLine
from geofences.crossing import CrossingDetector, CrossingEvent, CrossingSettings
from geofences.geodesy import LocalFrame
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.records import (
    Acknowledgement,
    EvidenceReady,
    EvidenceRequest,
    Incident,
    VideoTracks,
)
from groundstation.core.topics import ACKNOWLEDGEMENT, EVIDENCE_READY, EVIDENCE_REQUEST, INCIDENT, VIDEO_TRACKS
from vision.records import CLASS_NAMES, TrackStatus

_log = logging.getLogger("groundstation.incidents")


def new_incident_id(t_utc_us: int) -> str:
    """``INC-`` and 20 hexadecimal digits, the first 12 of them the time, so that ids sort by it."""
    return f"INC-{t_utc_us // 1000:012X}{secrets.token_hex(4).upper()}"


@dataclass(frozen=True)
class IncidentSettings:
    """``max_speed_m_s`` by class, in the order of ``CLASS_NAMES``. A crossing below ``min_probability`` is not told.

    Clips are written to ``data_dir / "evidence"``; incidents name them relative to ``data_dir``.
    """

    crossing: CrossingSettings = field(default_factory=CrossingSettings)
    data_dir: Path = Path()
    clip_suffix: str = ".ts"
    before_s: float = 10.0
    after_s: float = 10.0
    min_probability: float = 0.5
    max_speed_m_s: tuple[float, float, float] = (7.0, 45.0, 25.0)
    forget_after_s: float = 60.0


@dataclass
class _Stream:
    detector: CrossingDetector
    seen_utc_us: dict[int, int] = field(default_factory=dict)
    newest_utc_us: int = 0


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
        self._new_detector()
        self._streams: dict[str, _Stream] = {}
        self._incidents: dict[str, Incident] = {}
        self._told: set[tuple[str, str]] = set()  # track id, direction
        self._tracks = bus.subscribe(VIDEO_TRACKS)
        self._evidence = bus.subscribe(EVIDENCE_READY)
        self._acknowledgements = bus.subscribe(ACKNOWLEDGEMENT)

    def _new_detector(self) -> CrossingDetector:
        return CrossingDetector(self._border, self._frame, self.settings.crossing)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """All incidents known here, by time."""
        return tuple(sorted(self._incidents.values(), key=lambda i: (i.t_utc_us, i.incident_id)))

    def restore(self, incidents: Iterable[Incident]) -> None:
        """Take over what an earlier run of the station raised: nothing of it is told again, and nothing published."""
        for incident in incidents:
            self._incidents.setdefault(incident.incident_id, incident)
            self._told.add((incident.track_id, incident.direction))

    def close(self) -> None:
        """Handle what is waiting and leave the bus."""
        self.step()
        for subscription in (self._tracks, self._evidence, self._acknowledgements):
            self._bus.unsubscribe(subscription)

    def step(self) -> None:
        """Handle everything that came since the last call."""
        for record in self._tracks.drain():
            self._on_tracks(record)
        for ready in self._evidence.drain():
            self._on_evidence(ready)
        for acknowledgement in self._acknowledgements.drain():
            self._on_acknowledgement(acknowledgement)

    # -- tracks --------------------------------------------------------------------------------------------------

    def _on_tracks(self, record: VideoTracks) -> None:
        stream = self._streams.get(record.stream)
        if stream is None:
            stream = self._streams[record.stream] = _Stream(self._new_detector())
        tracks = record.tracks
        stream.newest_utc_us = max(stream.newest_utc_us, tracks.t_utc_us)
        if len(tracks):
            places = self._frame.to_plane(tracks.lat_deg, tracks.lon_deg)
            for i, number in enumerate(tracks.track_id.tolist()):
                status = int(tracks.status[i])
                if status == TrackStatus.DELETED:
                    stream.detector.forget(number)
                    stream.seen_utc_us.pop(number, None)
                    continue
                if status != TrackStatus.CONFIRMED:
                    continue  # a coasting track is a guess; what it was right in shows when it is seen again
                stream.seen_utc_us[number] = tracks.t_utc_us
                class_id = int(np.argmax(tracks.class_probability[i]))
                event = stream.detector.update(
                    number,
                    tracks.t_utc_us,
                    places[i],
                    tracks.covariance_en[i],
                    tracks.pose_covariance_en_m2[i],
                    self.settings.max_speed_m_s[class_id],
                )
                if event is not None:
                    self._on_crossing(record, event, CLASS_NAMES[class_id])
        oldest = stream.newest_utc_us - int(self.settings.forget_after_s * 1e6)
        for number in [n for n, t in stream.seen_utc_us.items() if t < oldest]:
            stream.detector.forget(number)
            del stream.seen_utc_us[number]

    def _on_crossing(self, record: VideoTracks, event: CrossingEvent, class_name: str) -> None:
        track_id = f"{record.stream}-{event.track_id}"
        key = (track_id, event.direction)
        if key in self._told:
            return
        if event.probability < self.settings.min_probability:
            _log.info("track %s: crossing with probability %.2f is not told", track_id, event.probability)
            return
        self._told.add(key)
        now_us = self._clock.utc_us()
        incident_id = self._new_id(event.t_utc_us)
        incident = Incident(
            incident_id=incident_id,
            kind="crossing",
            t_utc_us=event.t_utc_us,
            t_raised_utc_us=now_us,
            lat_deg=event.lat_deg,
            lon_deg=event.lon_deg,
            ce90_m=event.ce90_m,
            direction=event.direction,
            class_name=class_name,
            probability=event.probability,
            track_id=track_id,
            vehicle_id=record.vehicle_id,
            flight_id=self._flight_id,
            text=describe(
                class_name,
                self._border.side_name(event.from_side),
                self._border.side_name(event.to_side),
                event,
            ),
        )
        _log.info("%s: %s (p %.2f, track %s)", incident_id, incident.text, event.probability, track_id)
        self._publish(incident)
        # At once: the worker waits for the last picture itself, and writes what there is when the flight ends before.
        self._bus.publish(
            EVIDENCE_REQUEST,
            EvidenceRequest(
                record.stream,
                incident_id,
                event.t_utc_us - int(self.settings.before_s * 1e6),
                event.t_utc_us + int(self.settings.after_s * 1e6),
                str(self.settings.data_dir / "evidence" / f"{incident_id}{self.settings.clip_suffix}"),
            ),
        )

    # -- what others say of an incident ----------------------------------------------------------------------------

    def _on_evidence(self, ready: EvidenceReady) -> None:
        incident = self._incidents.get(ready.incident_id)
        if incident is None:
            _log.warning("a clip came for the unknown incident %s", ready.incident_id)
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


def describe(class_name: str, from_name: str, to_name: str, event: CrossingEvent) -> str:
    """The sentence that an operator reads."""
    clock = datetime.fromtimestamp(event.t_utc_us / 1e6, UTC).strftime("%H:%M:%S")
    north = "N" if event.lat_deg >= 0 else "S"
    east = "E" if event.lon_deg >= 0 else "W"
    return (
        f"{class_name.capitalize()} crossed from {from_name} to {to_name} at {clock}Z, "
        f"{abs(event.lat_deg):.5f} {north} {abs(event.lon_deg):.5f} {east}, ±{event.ce90_m:.0f} m"
    )
