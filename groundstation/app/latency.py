"""Measures, on the bus, how long things take. One object, fed by the station's tick."""

from __future__ import annotations

from typing import Any

from groundstation.app.score import quantile
from groundstation.core import topics
from groundstation.core.bus import Bus


class LatencyMeter:
    """Collects the three latencies of ``report.json``, in milliseconds.

    ``frame_to_track``: a frame's capture to its tracks on the bus; ``crossing_to_incident``: the moment somebody crossed
    (as the station dates it) to the incident; ``incident_to_neighbour``: the incident to its being stored there.
    """

    def __init__(self, bus: Bus) -> None:
        self._tracks = bus.subscribe(topics.VIDEO_TRACKS)
        self._incidents = bus.subscribe(topics.INCIDENT)
        self._disclosures = bus.subscribe(topics.DISCLOSURE)
        self._raised: dict[str, int] = {}
        self._first_stored: dict[str, int] = {}
        self.frame_to_track_ms: list[float] = []
        self.crossing_to_incident_ms: list[float] = []
        self.incident_to_neighbour_ms: list[float] = []

    def step(self) -> None:
        """Drain what has come."""
        for record in self._tracks.drain():
            if record.t_published_utc_us and record.tracks.t_utc_us:
                self.frame_to_track_ms.append((record.t_published_utc_us - record.tracks.t_utc_us) / 1e3)
        for incident in self._incidents.drain():
            if incident.kind == "crossing" and incident.incident_id not in self._raised:
                self._raised[incident.incident_id] = incident.t_raised_utc_us
                self.crossing_to_incident_ms.append((incident.t_raised_utc_us - incident.t_utc_us) / 1e3)
        for disclosure in self._disclosures.drain():
            if disclosure.subject == "incident" and disclosure.t_stored_utc_us:
                self._first_stored.setdefault(disclosure.subject_id, disclosure.t_stored_utc_us)
        for incident_id, stored_utc_us in list(self._first_stored.items()):
            raised_utc_us = self._raised.get(incident_id)
            if raised_utc_us is not None and stored_utc_us >= 0:
                self.incident_to_neighbour_ms.append((stored_utc_us - raised_utc_us) / 1e3)
                self._first_stored[incident_id] = -1

    def as_report(self) -> dict[str, Any]:
        """The ``latency_ms`` object of ``report.json``."""
        return {
            name: {"p50": quantile(values, 50), "p95": quantile(values, 95), "n": len(values)}
            for name, values in (
                ("frame_to_track", self.frame_to_track_ms),
                ("crossing_to_incident", self.crossing_to_incident_ms),
                ("incident_to_neighbour", self.incident_to_neighbour_ms),
            )
        }
