"""The store: everything worth keeping goes from the bus to disk, on a thread of its own.

An incident or an acknowledgement is committed at once, the rest in batches. A disk that is full or a file that is
locked is a standing :class:`~groundstation.core.records.StationFault`; the rows wait in memory and are tried again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from groundstation.core import records as r
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.bus import Bus, Subscription
from groundstation.core.clock import Clock
from groundstation.core.database import open_database
from groundstation.store import export, rows
from groundstation.store.alert_acts import ActDesk
from groundstation.store.batch import BatchWriter, Value
from groundstation.store.points import PointsWriter
from groundstation.store.schema import STATION_SCHEMA
from groundstation.store.thinning import PERIOD_US, TrackThinner
from groundstation.store.track_log import INSERT_TRACK_LOG, TrackLog

_log = logging.getLogger("groundstation.store")

BATCH_PERIOD_S = 0.15
STATION_FILE = "station.db"


class StoreService:
    """Writes one flight below ``data_dir``.

    ``start`` opens the files and raises :class:`~groundstation.core.errors.StoreError` when they cannot be used; a
    flight that an earlier run left open is then closed as interrupted. ``stop`` writes what waits and ends the flight.
    """

    def __init__(self, bus: Bus, data_dir: Path, flight_id: str, clock: Clock) -> None:
        self._bus = bus
        self._data_dir = data_dir
        self._flight_id = flight_id
        self._clock = clock
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        # The writers belong to one cycle at a time: the thread's, or a caller's flush.
        self._cycle_lock = threading.Lock()
        station_path = data_dir / STATION_FILE
        self._station = BatchWriter(
            STATION_FILE, lambda: open_database(station_path, STATION_SCHEMA, "FULL", busy_timeout_s=0.25)
        )
        self._points = PointsWriter(data_dir)
        self._thinner = TrackThinner(flight_id)
        self._track_log = TrackLog(flight_id)
        self._telemetry_t_utc_us: dict[r.VehicleId, int] = {}
        self._plan_phase: dict[r.VehicleId, tuple[str, str]] = {}
        self._faults: dict[str, str] = {}
        self._actions: deque[tuple[Value, ...]] = deque()
        self._documents: deque[tuple[Value, ...]] = deque()
        self._acts = ActDesk(bus, flight_id)
        self._subscriptions: list[Subscription[Any]] = []

    def start(self) -> None:
        """Open the files, begin the flight, start the thread."""
        now_utc_us = self._clock.utc_us()
        self._station.open()
        self._points.open(now_utc_us)
        self._station.add(
            "UPDATE flight SET state='interrupted', ended_utc_us=? WHERE state='open'", (now_utc_us,), must_keep=True
        )
        self._station.add(
            "INSERT INTO flight (flight_id, started_utc_us, state) VALUES (?, ?, 'open')"
            " ON CONFLICT (flight_id) DO UPDATE SET state='open', ended_utc_us=0",
            (self._flight_id, now_utc_us),
            must_keep=True,
        )
        self._station.commit(self._now_s(), force=True)
        wake = self._wake.set
        self._incidents = self._subscribe(topics.INCIDENT, wake)
        self._acknowledgements = self._subscribe(topics.ACKNOWLEDGEMENT, wake)
        self._remote_incidents = self._subscribe(topics.REMOTE_INCIDENT, wake)
        self._evidence = self._subscribe(topics.EVIDENCE_READY)
        self._plans = self._subscribe(topics.PLAN_STATUS)
        self._tracks = self._subscribe(topics.VIDEO_TRACKS)
        self._friends = self._subscribe(topics.FRIEND_POSITION)
        self._vehicles = self._subscribe(topics.VEHICLE_STATE)
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()
        _log.info("flight %s is kept in %s", self._flight_id, self._data_dir)

    def _subscribe(self, topic: topics.Topic[Any], on_ready: Any = None) -> Subscription[Any]:
        subscription = self._bus.subscribe(topic, on_ready)
        self._subscriptions.append(subscription)
        return subscription

    def record_action(self, operator: str, action: str, subject: str, detail: str = "") -> None:
        """Keep what an operator did (upload, start, return, ...). From any thread; written with the next batch."""
        self._actions.append((self._clock.utc_us(), self._flight_id, operator, action, subject, detail))

    def keep_act(self, act: AlertAct) -> Future[AlertAct]:
        """Put what an operator did with an alert on the disk at once. From any thread; see :class:`ActDesk`."""
        future = self._acts.take(act)
        self._wake.set()
        return future

    def record_document(self, name: str, content: str) -> None:
        """Keep a text that was in force on this flight (the area, the rules). From any thread; the last of a name counts."""
        self._documents.append((self._flight_id, name, content, self._clock.utc_us()))

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Write everything published so far, track ends included; False when the disk did not take it in time."""
        deadline_s = time.monotonic() + timeout_s
        while True:
            with self._cycle_lock:
                self._collect()
                for row in self._thinner.pending():
                    self._points.add(rows.INSERT_TRACK_POINT, row, self._clock.utc_us())
                for row in self._track_log.finish():
                    self._points.add(INSERT_TRACK_LOG, row, self._clock.utc_us())
                if self._commit(force=True):
                    return True
            if time.monotonic() >= deadline_s:
                return False
            time.sleep(0.05)

    def stop(self, timeout_s: float = 5.0) -> bool:
        """End the flight in order; False when some of it could not be written. Harmless when called again."""
        if self._thread is None:
            return True
        self._stopping = True
        self._wake.set()
        self._thread.join(timeout_s)
        self._thread = None
        with self._cycle_lock:
            self._collect()
            for row in self._thinner.finish():
                self._points.add(rows.INSERT_TRACK_POINT, row, self._clock.utc_us())
            self._station.add(
                "UPDATE flight SET state='ended', ended_utc_us=? WHERE flight_id=?",
                (self._clock.utc_us(), self._flight_id),
                must_keep=True,
            )
        whole = self.flush(timeout_s)
        for subscription in self._subscriptions:
            self._bus.unsubscribe(subscription)
        self._acts.close()
        with self._cycle_lock:
            self._station.close()
            self._points.close()
        if not whole:
            _log.error("flight %s: %d rows could not be written", self._flight_id, self._station.waiting)
        return whole

    def export_incidents(self, path: Path) -> int:
        """Write this flight's incidents as GeoJSON; returns how many. See :mod:`groundstation.store.export`."""
        self.flush()
        return export.export_incidents(self._data_dir, path, self._flight_id)

    def export_tracks(self, path: Path) -> int:
        """Write this flight's tracks as GeoJSON; returns how many."""
        self.flush()
        return export.export_tracks(self._data_dir, path, self._flight_id)

    # ------------------------------------------------------------------------------------------------ the thread

    def _now_s(self) -> float:
        return self._clock.mono_ns() / 1e9

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(BATCH_PERIOD_S)
            self._wake.clear()
            try:
                with self._cycle_lock:
                    self._collect()
                    self._commit()
            except Exception:
                # A record that cannot be turned into a row must not end the keeping of all others.
                _log.exception("store cycle failed")
                self._fault("cycle", "a record could not be kept; see the log")

    def _collect(self) -> None:
        """Turn what the bus has brought into waiting rows."""
        now_utc_us = self._clock.utc_us()
        station = self._station
        for incident in self._incidents.drain():
            station.add(rows.UPSERT_INCIDENT, rows.incident_row(incident, now_utc_us), must_keep=True)
        for ack in self._acknowledgements.drain():
            station.add(rows.INSERT_ACKNOWLEDGEMENT, (ack.incident_id, ack.t_utc_us, ack.operator), must_keep=True)
        for remote in self._remote_incidents.drain():
            station.add(rows.UPSERT_REMOTE_INCIDENT, rows.remote_incident_row(remote), must_keep=True)
        for clip in self._evidence.drain():
            row = (clip.incident_id, clip.stream, clip.path, int(clip.ok), clip.detail, now_utc_us)
            station.add(rows.UPSERT_EVIDENCE, row, must_keep=True)
        self._acts.collect(station)
        while self._actions:
            station.add(rows.INSERT_ACTION, self._actions.popleft(), must_keep=True)
        for status in self._plans.drain():
            # Progress is for the screen; what is kept is each change of phase.
            if self._plan_phase.get(status.vehicle_id) != (status.phase, status.plan_name):
                self._plan_phase[status.vehicle_id] = (status.phase, status.plan_name)
                station.add(rows.INSERT_PLAN_STATUS, rows.plan_status_row(self._flight_id, status))
        while self._documents:
            station.add(rows.INSERT_DOCUMENT, self._documents.popleft(), must_keep=True)
        for record in self._tracks.drain():
            for point in self._thinner.take(record):
                self._points.add(rows.INSERT_TRACK_POINT, point, now_utc_us)
            for chunk in self._track_log.take(record):
                self._points.add(INSERT_TRACK_LOG, chunk, now_utc_us)
        for friend in self._friends.drain():
            self._points.add(
                rows.INSERT_FRIEND_POSITION, rows.friend_row(self._flight_id, friend, now_utc_us), now_utc_us
            )
        for state in self._vehicles.drain():
            if state.t_utc_us - self._telemetry_t_utc_us.get(state.vehicle_id, 0) >= PERIOD_US:
                self._telemetry_t_utc_us[state.vehicle_id] = state.t_utc_us
                self._points.add(rows.INSERT_TELEMETRY, rows.telemetry_row(self._flight_id, state), now_utc_us)

    def _commit(self, force: bool = False) -> bool:
        now_s = self._now_s()
        whole = self._station.commit(now_s, force)
        if whole:
            self._acts.committed()
        whole = self._points.commit(now_s, force) and whole
        self._fault("station", self._station.trouble)
        self._fault("points", self._points.trouble)
        return whole

    def _fault(self, key: str, text: str) -> None:
        """Publish the change when a fault comes, or goes with an empty text."""
        if bool(self._faults.get(key)) == bool(text):
            return
        self._faults[key] = text
        fault = r.Fault(
            f"store-{key}",
            "critical" if key == "station" else "warning",
            f"Not being saved: {text}" if text else "Saving again",
            "free space on the data disk and check that no other program holds the database" if text else "",
        )
        record = r.StationFault("store", fault, bool(text), self._clock.utc_us())
        self._bus.publish(topics.STATION_FAULT, record)
