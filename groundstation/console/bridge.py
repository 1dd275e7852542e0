"""The one crossing from the station's threads into Qt's: a timer drains the bus. No widget starts a thread.

One queued signal per message was measured to fall seconds behind under load; draining by a timer does not.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from typing import Any

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from groundstation.core import topics
from groundstation.core.bus import Bus, Subscription
from groundstation.core.topics import Delivery, Topic

_log = logging.getLogger("groundstation.console.bridge")

# Signal by topic; a signal that is named here is a class attribute of the bridge below.
_SIGNALS: tuple[tuple[Topic[Any], str], ...] = (
    (topics.VEHICLE_STATE, "vehicle_state"),
    (topics.LINK_QUALITY, "link_quality"),
    (topics.PLAN_STATUS, "plan_status"),
    (topics.STATUS_TEXT, "status_text"),
    (topics.FENCE_REPORT, "fence_report"),
    (topics.PREFLIGHT, "preflight"),
    (topics.TRAFFIC, "traffic"),
    (topics.CAMERA_STATE, "camera_state"),
    (topics.TERRAIN_SERVED, "terrain_served"),
    (topics.FRIEND_POSITION, "friend_position"),
    (topics.PREVIEW, "preview"),
    (topics.STREAM_HEALTH, "stream_health"),
    (topics.INCIDENT, "incident"),
    (topics.ACKNOWLEDGEMENT, "acknowledgement"),
    (topics.EVIDENCE_READY, "evidence_ready"),
    (topics.REMOTE_INCIDENT, "remote_incident"),
    (topics.PEER_STATUS, "peer_status"),
    (topics.DISCLOSURE, "disclosure"),
    (topics.STATION_FAULT, "station_fault"),
    (topics.COVERAGE, "coverage"),
)

_DRAINS_PER_TICK = 6


class Bridge(QObject):
    """Emits, on the GUI thread, what came since the last tick. Lists are oldest first.

    A topic without a signal of its own is heard by ``listen``.
    """

    vehicle_state = pyqtSignal(object)
    link_quality = pyqtSignal(object)
    plan_status = pyqtSignal(object)
    status_text = pyqtSignal(object)
    fence_report = pyqtSignal(object)
    preflight = pyqtSignal(object)
    traffic = pyqtSignal(object)
    camera_state = pyqtSignal(object)
    terrain_served = pyqtSignal(object)
    friend_position = pyqtSignal(object)
    tracks = pyqtSignal(object)
    preview = pyqtSignal(object)
    stream_health = pyqtSignal(object)
    incident = pyqtSignal(object)
    acknowledgement = pyqtSignal(object)
    evidence_ready = pyqtSignal(object)
    remote_tracks = pyqtSignal(list)
    remote_incident = pyqtSignal(object)
    peer_status = pyqtSignal(object)
    disclosure = pyqtSignal(object)
    station_fault = pyqtSignal(object)
    coverage = pyqtSignal(object)
    frame = pyqtSignal()
    """After every drain: for what moves (map, video, horizon)."""
    tick = pyqtSignal()
    """Some five times a second: for words and figures. Nobody reads faster, and the processor has pictures to look at."""

    def __init__(self, bus: Bus, parent: QObject | None = None, interval_ms: int = 33) -> None:
        super().__init__(parent)
        self._bus = bus
        self._each: list[tuple[Subscription[Any], Callable[[Any], None]]] = [
            (bus.subscribe(topic), getattr(self, name).emit) for topic, name in _SIGNALS
        ]
        # Only the newest tracks of each stream matter to the eye; thousands of them must not pile up while it stalls.
        self._tracks = bus.subscribe(topics.VIDEO_TRACKS, newest_by=lambda record: record.stream)
        self._remote = bus.subscribe(topics.REMOTE_TRACK)
        self._running = False
        self._timer = QTimer(self)
        self._interval_ms = interval_ms
        self._timer.setSingleShot(True)
        # A coarse timer may come 5 % late, and then the map misses a frame in every twenty.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer)
        self._drains_to_tick = 0

    def listen(
        self, topic: Topic[Any], slot: Callable[[Any], None], newest_by: Callable[[Any], Hashable] | None = None
    ) -> None:
        """Call ``slot`` on the GUI thread with every record of a topic, as long as the bridge runs.

        ``newest_by``: after a stall only the newest of each key.
        """
        self._each.append((self._bus.subscribe(topic, newest_by=newest_by), slot))
        if self._running and topic.delivery is Delivery.LATEST:
            for record in self._bus.latest_all(topic):
                slot(record)

    def start(self) -> None:
        """Begin to drain; also tells the newest of what was there before the console was opened."""
        self._running = True
        for subscription, emit in self._each:
            if subscription.topic.delivery is Delivery.LATEST:
                for record in self._bus.latest_all(subscription.topic):
                    emit(record)
        self._timer.start(self._interval_ms)

    def stop(self) -> None:
        """Stop draining and leave the bus."""
        self._running = False
        self._timer.stop()
        for subscription in (*(s for s, _ in self._each), self._tracks, self._remote):
            self._bus.unsubscribe(subscription)

    def drain(self) -> None:
        """Tell all that came, now, and let everything be shown anew."""
        self._take()
        self.frame.emit()
        self.tick.emit()

    def _on_timer(self) -> None:
        # Counted from now: a repeating timer that is late once waits for its next beat, and every other frame is lost.
        self._timer.start(self._interval_ms)
        self._take()
        self.frame.emit()
        self._drains_to_tick -= 1
        if self._drains_to_tick < 0:
            self._drains_to_tick = _DRAINS_PER_TICK - 1
            self.tick.emit()

    def _take(self) -> None:
        for subscription, emit in self._each:
            for record in subscription.drain():
                emit(record)
        for record in self._tracks.drain():
            self.tracks.emit(record)
        remote = self._remote.drain()
        if remote:
            self.remote_tracks.emit(remote)
