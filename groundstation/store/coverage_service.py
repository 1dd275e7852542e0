"""The coverage ledger of a flight: camera footprints in from the bus, observations to disk, an age map out.

On a thread of its own: reading a long ledger back takes seconds, and a commit may take tens of milliseconds. What the
disk does not take waits in memory and is told as a fault. A killed station loses at most the last second of looking.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

from groundstation.core import topics
from groundstation.core.bus import Bus, Subscription
from groundstation.core.clock import Clock
from groundstation.core.coverage_records import CoverageState
from groundstation.core.errors import MarchwardenError
from groundstation.core.records import Fault, StationFault, VideoTracks
from groundstation.store.coverage_gate import CoverageGate
from groundstation.store.coverage_state import CoverageStates
from groundstation.store.coverage_store import (
    INSERT_BORDER,
    INSERT_OBSERVATION,
    border_row,
    coverage_writer,
    observation_row,
    read_observations,
)
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import Ledger
from missions.coverage.observation import Gatherer, Observation

_log = logging.getLogger("groundstation.coverage")

PICTURES_PER_S = 2.0
_CYCLE_S = 0.25
_TELL_EVERY_S = 2.0
_READ_BACK_US = 30 * 86_400 * 1_000_000
_READ_BACK_SLICE_S = 0.2


class CoverageService:
    """Keeps the ledger of one border in ``data_dir``. ``station`` names us in it, for when ledgers are merged.

    ``start`` opens the file and raises :class:`~groundstation.core.errors.StoreError` when it cannot be used.
    """

    def __init__(self, bus: Bus, data_dir: Path, grid: CoverageGrid, station: str, clock: Clock) -> None:
        self._bus, self._data_dir, self._grid, self._station, self._clock = bus, data_dir, grid, station, clock
        self._writer = coverage_writer(data_dir)
        self._gatherer = Gatherer(grid)
        self._gate = CoverageGate(grid.frame)
        self._ledger = Ledger(grid, history=False)
        self._next_us: dict[str, int] = {}
        self._refused = ""
        self._told_s = -1e9
        self._changed = True
        self._trouble = False
        self._read = 0
        self._past: Iterator[Observation] | None = None
        self._tracks: Subscription[VideoTracks] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._states = CoverageStates(grid)

    def start(self) -> None:
        """Open the file, begin to listen, start the thread."""
        self.open()
        self._thread = threading.Thread(target=self._run, name="coverage", daemon=True)
        self._thread.start()

    def open(self) -> None:
        """Open the file and begin to listen; the caller then calls :meth:`step`."""
        self._writer.open()
        self._writer.add(INSERT_BORDER, border_row(self._grid, self._clock.utc_us()), must_keep=True)
        self._writer.commit(self._now_s(), force=True)
        since_utc_us = self._clock.utc_us() - _READ_BACK_US
        self._past = read_observations(self._data_dir, self._grid.digest, since_utc_us)
        self._tracks = self._bus.subscribe(topics.VIDEO_TRACKS)

    def stop(self, timeout_s: float = 10.0) -> bool:
        """Write what waits; False when some of it could not be written. Harmless when called again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
            if self._thread.is_alive():
                _log.error("the coverage thread did not end within %.0f s", timeout_s)
                return False
            self._thread = None
        if self._tracks is None:
            return True
        self._take_in()
        self._keep(self._gatherer.flush())
        whole = self._writer.commit(self._now_s(), force=True)
        self._bus.unsubscribe(self._tracks)
        self._tracks = None
        self._writer.close()
        if not whole:
            _log.error("%d observations could not be written", self._writer.waiting)
        return whole

    # -- the thread --------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.wait(_CYCLE_S if self._past is None else 0.01):
            try:
                self.step()
            except Exception:
                # One record that cannot be used must not end the keeping of all others.
                _log.exception("coverage cycle failed")

    def step(self) -> None:
        """One cycle: take in the pictures that came, write what is complete, tell the map."""
        self._take_in()
        # A camera that went silent must not keep its last second waiting.
        self._keep(self._gatherer.flush(self._clock.utc_us() - 1_000_000))
        now_s = self._now_s()
        self._writer.commit(now_s)
        self._tell_fault()
        if self._past is not None:
            # No map is told before: what was seen long ago would be shown as never seen.
            self._past = self._read_back(self._past)
        elif self._changed and now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s, self._changed = now_s, False
            self._bus.publish(topics.COVERAGE, self.state())

    def _read_back(self, past: Iterator[Observation]) -> Iterator[Observation] | None:
        """A little of what was seen before this start, newest first, between the pictures; None when that was all."""
        until_s = self._now_s() + _READ_BACK_SLICE_S
        try:
            for observation in past:
                self._ledger.add(observation)
                self._read += 1
                if self._now_s() >= until_s:
                    return past
        except MarchwardenError as error:
            _log.error("the ledger could not be read back, what was seen before is not shown: %s", error)
        _log.info("%d observations read back", self._read)
        return None

    def _take_in(self) -> None:
        if self._tracks is not None:
            for record in self._tracks.drain():
                self._take(record)

    def _take(self, record: VideoTracks) -> None:
        t = record.tracks.t_utc_us
        # Two pictures a second are enough. Back in time: let the gate say so.
        if self._next_us.get(record.stream, 0) - 60_000_000 < t < self._next_us.get(record.stream, 0):
            return
        health = self._bus.latest(topics.STREAM_HEALTH, record.stream)
        size_px = (0, 0) if health is None else (health.health.width, health.health.height)
        picture = self._gate.judge(record, size_px, self._clock.utc_us(), self._clock.mono_ns())
        if isinstance(picture, str):
            self._refuse(picture)
            return
        self._refuse("")
        self._next_us[record.stream] = t + int(1e6 / PICTURES_PER_S)
        observer = f"{self._station}/{record.vehicle_id}"
        marks = self._grid.observe(picture.t_utc_us, picture.outline_en_m, observer, picture.eye)
        self._keep(self._gatherer.on_marks(marks))

    def _keep(self, observations: list[Observation]) -> None:
        for observation in observations:
            self._ledger.add(observation)
            self._writer.add(INSERT_OBSERVATION, observation_row(observation))
            self._changed = True

    def _refuse(self, reason: str) -> None:
        if (reason == "") != (self._refused == ""):
            self._changed = True
            if reason:
                _log.info("nothing is marked as seen: %s", reason)
        self._refused = reason

    def _tell_fault(self) -> None:
        active = bool(self._writer.trouble)
        if active == self._trouble:
            return
        self._trouble = active
        fault = Fault(
            "coverage-store", "warning",
            f"Coverage is not being saved: {self._writer.trouble}" if active else "Coverage is saved again",
            "free space on the data disk and check that no other program holds the database" if active else "",
        )  # fmt: skip
        self._bus.publish(topics.STATION_FAULT, StationFault("store", fault, active, self._clock.utc_us()))

    # -- what it says ------------------------------------------------------------------------------------------------------

    def state(self) -> CoverageState:
        """All ages as of now, for the map. From the service's own thread only, or after ``stop``."""
        return self._states.state(self._ledger, self._clock.utc_us(), self._refused)

    def _now_s(self) -> float:
        return self._clock.mono_ns() / 1e9
