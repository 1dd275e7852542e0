"""The one crossing from the station's threads into Qt's: a timer drains the bus. No widget starts a thread.

One queued signal per message was measured to fall seconds behind under load; draining by a timer does not.
"""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from groundstation.core import topics
from groundstation.core.bus import Bus


class Bridge(QObject):
    """Emits, on the GUI thread, what came since the last tick. Lists are oldest first."""

    vehicle_state = pyqtSignal(object)
    plan_status = pyqtSignal(object)
    status_text = pyqtSignal(object)
    tracks = pyqtSignal(object)
    preview = pyqtSignal(object)
    stream_health = pyqtSignal(object)
    incident = pyqtSignal(object)
    remote_tracks = pyqtSignal(list)
    remote_incident = pyqtSignal(object)
    peer_status = pyqtSignal(object)
    station_fault = pyqtSignal(object)
    coverage = pyqtSignal(object)
    tick = pyqtSignal()

    def __init__(self, bus: Bus, parent: QObject | None = None, interval_ms: int = 40) -> None:
        super().__init__(parent)
        self._bus = bus
        each = (
            (topics.VEHICLE_STATE, self.vehicle_state),
            (topics.PLAN_STATUS, self.plan_status),
            (topics.STATUS_TEXT, self.status_text),
            (topics.PREVIEW, self.preview),
            (topics.STREAM_HEALTH, self.stream_health),
            (topics.INCIDENT, self.incident),
            (topics.REMOTE_INCIDENT, self.remote_incident),
            (topics.PEER_STATUS, self.peer_status),
            (topics.STATION_FAULT, self.station_fault),
            (topics.COVERAGE, self.coverage),
        )
        self._each = [(bus.subscribe(topic), signal) for topic, signal in each]
        self._tracks = bus.subscribe(topics.VIDEO_TRACKS)
        self._remote = bus.subscribe(topics.REMOTE_TRACK)
        self._timer = QTimer(self)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self.drain)

    def start(self) -> None:
        """Begin to drain; also tells the newest of what was there before the console was opened."""
        for topic, signal in (
            (topics.VEHICLE_STATE, self.vehicle_state),
            (topics.PLAN_STATUS, self.plan_status),
            (topics.STREAM_HEALTH, self.stream_health),
            (topics.PEER_STATUS, self.peer_status),
            (topics.COVERAGE, self.coverage),
        ):
            for record in self._bus.latest_all(topic):
                signal.emit(record)
        self._timer.start()

    def stop(self) -> None:
        """Stop draining and leave the bus."""
        self._timer.stop()
        for subscription in (*(s for s, _ in self._each), self._tracks, self._remote):
            self._bus.unsubscribe(subscription)

    def drain(self) -> None:
        """One tick."""
        for subscription, signal in self._each:
            for record in subscription.drain():
                signal.emit(record)
        # Only the newest tracks of each stream matter to the eye.
        newest = {record.stream: record for record in self._tracks.drain()}
        for record in newest.values():
            self.tracks.emit(record)
        remote = self._remote.drain()
        if remote:
            self.remote_tracks.emit(remote)
        self.tick.emit()
