"""Recordings that go on until an operator ends them: the packets as received, in files that follow one another.

A vision worker keeps the last half minute of its stream and cuts files out of it (``vision/clip.py``). A recording is a
chain of such orders, each a quarter of a minute long and given in time; each file begins with the key frame at or before its
time, so that two of them overlap a little and nothing lies between them.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.records import EvidenceReady, EvidenceRequest
from groundstation.core.topics import EVIDENCE_READY, EVIDENCE_REQUEST, RECORDING
from groundstation.core.video_records import Recording

_log = logging.getLogger("groundstation.video.recording")

FOLDER = "recordings"
ID_PREFIX = "REC-"
PART_S = 15.0
_LATE_S = 90.0


@dataclass
class _Running:
    recording_id: str
    stream: str
    started_utc_us: int
    next_utc_us: int
    ending: bool = False
    ended_utc_us: int = 0
    parts: int = 0
    waiting: dict[str, float] = field(default_factory=dict)  # path, and until when it is waited for
    files: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


class RecordingService:
    """The :class:`~groundstation.core.video_commands.VideoCommands` of a station.

    Commands come from any thread; :meth:`step` is called by one thread about 20 times a second.
    """

    def __init__(self, bus: Bus, data_dir: Path, clock: Clock, part_s: float = PART_S) -> None:
        self._bus, self._data_dir, self._clock, self._part_us = bus, data_dir, clock, int(part_s * 1e6)
        self._lock = threading.Lock()
        self._orders: deque[tuple[Literal["start", "stop"], str, str]] = deque()
        self._running: dict[str, _Running] = {}
        self._ending: list[_Running] = []
        self._ready = bus.subscribe(EVIDENCE_READY)

    def start_recording(self, stream: str, operator: str) -> None:
        """See :class:`~groundstation.core.video_commands.VideoCommands`."""
        with self._lock:
            self._orders.append(("start", stream, operator))

    def stop_recording(self, stream: str, operator: str) -> None:
        """See :class:`~groundstation.core.video_commands.VideoCommands`."""
        with self._lock:
            self._orders.append(("stop", stream, operator))

    def step(self) -> None:
        """Take orders, order the next files, note which were written."""
        with self._lock:
            orders = list(self._orders)
            self._orders.clear()
        now_us = self._clock.utc_us()
        for kind, stream, operator in orders:
            if kind == "start":
                self._start(stream, operator, now_us)
            else:
                self._stop(stream, operator, now_us)
        for ready in self._ready.drain():
            self._on_ready(ready)
        for running in self._running.values():
            while now_us >= running.next_utc_us + self._part_us:
                self._order(running, running.next_utc_us + self._part_us)
                self._tell(running)
        self._give_up(self._clock.mono_ns() / 1e9)

    def close(self) -> None:
        """End all recordings: call it before the video is stopped, which still writes what was ordered."""
        now_us = self._clock.utc_us()
        for stream in list(self._running):
            self._stop(stream, "station", now_us)

    def _start(self, stream: str, operator: str, now_us: int) -> None:
        if stream in self._running:
            return
        stamp = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("%Y%m%dT%H%M%SZ")
        running = _Running(f"{ID_PREFIX}{stamp}-{secrets.token_hex(3)}", stream, now_us, now_us)
        self._running[stream] = running
        _log.info("%s: recording of %s begun by %s", running.recording_id, stream, operator)
        self._tell(running)

    def _stop(self, stream: str, operator: str, now_us: int) -> None:
        running = self._running.pop(stream, None)
        if running is None:
            return
        running.ending, running.ended_utc_us = True, now_us
        if now_us > running.next_utc_us:
            self._order(running, now_us)
        _log.info("%s: ended by %s", running.recording_id, operator)
        self._ending.append(running)
        self._tell(running)

    def _order(self, running: _Running, to_utc_us: int) -> None:
        running.parts += 1
        # The stream's name comes from the configuration and may hold what a file name may not.
        name = "".join(c if c.isalnum() or c in "-_" else "_" for c in running.stream)
        path = self._data_dir / FOLDER / f"{running.recording_id}-{name}-{running.parts:03d}.ts"
        running.waiting[str(path)] = self._clock.mono_ns() / 1e9 + _LATE_S
        self._bus.publish(
            EVIDENCE_REQUEST,
            EvidenceRequest(running.stream, running.recording_id, running.next_utc_us, to_utc_us, str(path)),
        )
        running.next_utc_us = to_utc_us

    def _on_ready(self, ready: EvidenceReady) -> None:
        for running in (*self._running.values(), *self._ending):
            if ready.incident_id != running.recording_id or running.waiting.pop(ready.path, None) is None:
                continue
            path = Path(ready.path)
            if ready.ok:
                running.files.append(path.relative_to(self._data_dir).as_posix())
            if ready.detail or not ready.ok:
                running.details.append(f"{path.name}: {ready.detail or 'was not written'}")
                _log.warning("%s: %s", running.recording_id, running.details[-1])
            self._tell(running)
            return

    def _give_up(self, now_s: float) -> None:
        for running in (*self._running.values(), *self._ending):
            for path in [p for p, until_s in running.waiting.items() if now_s >= until_s]:
                del running.waiting[path]
                running.details.append(f"{Path(path).name}: nothing came from the video")
                _log.warning("%s: %s", running.recording_id, running.details[-1])
                self._tell(running)
        self._ending = [r for r in self._ending if r.waiting]

    def _tell(self, running: _Running) -> None:
        state: Literal["recording", "ending", "ended"] = "recording"
        if running.ending:
            state = "ending" if running.waiting else "ended"
            if running.stream in self._running:
                return  # another recording of the stream has begun: its state is the one to show
        self._bus.publish(
            RECORDING,
            Recording(
                running.recording_id, running.stream, state, running.started_utc_us, running.ended_utc_us,
                tuple(running.files), "; ".join(running.details[-3:]),
            ),
        )  # fmt: skip
