"""What one flight did, gathered from the bus for the report and the demo."""

from __future__ import annotations

import threading
from pathlib import Path

from geofences.area import LatLon
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import Incident, VehicleId
from groundstation.store import queries
from groundstation.store.service import StoreService


class FlightRecord:
    """The incidents, the path flown and the breaches of one flight. :meth:`step` may be called from one thread only."""

    def __init__(self, bus: Bus, store: StoreService, data_dir: Path, flight_id: str) -> None:
        self._states = bus.subscribe(topics.VEHICLE_STATE)
        self._incident_feed = bus.subscribe(topics.INCIDENT)
        self._store = store
        self._data_dir = data_dir
        self._flight_id = flight_id
        self._incidents: dict[str, Incident] = {}
        self._flown: list[LatLon] = []
        self._breach_counts: dict[VehicleId, int] = {}
        self._lock = threading.Lock()

    def step(self) -> None:
        """Take in what was published since the last call."""
        with self._lock:
            for incident in self._incident_feed.drain():
                self._incidents[incident.incident_id] = incident
            for state in self._states.drain():
                self._breach_counts[state.vehicle_id] = max(
                    self._breach_counts.get(state.vehicle_id, 0), state.fence.breach_count, int(state.fence.breached)
                )
                place = (state.lat_deg, state.lon_deg)
                if state.armed and state.lat_deg == state.lat_deg and (not self._flown or self._flown[-1] != place):
                    self._flown.append(place)

    def incidents(self) -> list[Incident]:
        """All incidents so far, by time."""
        with self._lock:
            return sorted(self._incidents.values(), key=lambda i: (i.t_utc_us, i.incident_id))

    @property
    def fence_breaches(self) -> int:
        """Breaches that aircraft have reported."""
        with self._lock:
            return sum(self._breach_counts.values())

    def flown_path(self) -> list[LatLon]:
        """Where the aircraft was while it was armed."""
        with self._lock:
            return list(self._flown)

    def track_paths(self) -> list[list[LatLon]]:
        """The kept points of every track."""
        self._store.flush()
        return [[(p.lat_deg, p.lon_deg) for p in t.points] for t in queries.tracks(self._data_dir, self._flight_id)]

    def export(self, folder: Path) -> None:
        """Write ``incidents.geojson`` and ``tracks.geojson``."""
        self._store.flush()
        self._store.export_incidents(folder / "incidents.geojson")
        self._store.export_tracks(folder / "tracks.geojson")
