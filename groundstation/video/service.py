"""Keeps one vision worker alive and puts what it sees on the bus."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from groundstation.core.bus import Bus, Subscription
from groundstation.core.clock import Clock
from groundstation.core.records import (
    EvidenceReady,
    EvidenceRequest,
    Fault,
    Preview,
    Severity,
    StationFault,
    StreamHealth,
    VehicleId,
    VideoTracks,
)
from groundstation.core.topics import (
    EVIDENCE_READY,
    EVIDENCE_REQUEST,
    PREVIEW,
    STATION_FAULT,
    STREAM_HEALTH,
    VIDEO_TRACKS,
)
from groundstation.video.own_devices import OwnDevices
from vision.evidence import ClipResult, SaveClip
from vision.exchange import Exchange
from vision.records import CameraPose, VideoHealth
from vision.worker import run_worker
from vision.worker_messages import (
    FromWorker,
    HealthMessage,
    PreviewMessage,
    Stop,
    ToWorker,
    TracksMessage,
    WorkerSettings,
)

_log = logging.getLogger("groundstation.video")


@dataclass(frozen=True)
class Supervision:
    """Seconds. A worker that ran for ``steady_s`` is restarted after ``first_delay_s``, one that fails again and again after
    twice as long each time, at most ``longest_delay_s``. It must load its model in ``start_limit_s`` and from then on
    say something every ``silence_limit_s``.
    """

    first_delay_s: float = 0.3
    longest_delay_s: float = 15.0
    steady_s: float = 10.0
    start_limit_s: float = 60.0
    silence_limit_s: float = 10.0
    stop_limit_s: float = 6.0
    poll_s: float = 0.05


class VideoService:
    """One video stream of one aircraft.

    It has one thread of its own, ``video-<stream>``: reading a pipe blocks, on Windows too, where no event loop can wait
    for one; and a station that stops listening would stop the worker. Everything is published from that thread.
    """

    def __init__(
        self,
        bus: Bus,
        stream: str,
        settings: WorkerSettings,
        vehicle_id: VehicleId,
        clock: Clock,
        supervision: Supervision | None = None,
    ) -> None:
        self.stream = stream
        self.restarts = 0
        self._bus = bus
        self._settings = settings
        self._vehicle_id = vehicle_id
        self._clock = clock
        self._supervision = supervision or Supervision()
        self._context = multiprocessing.get_context("spawn")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._process: SpawnProcess | None = None
        self._exchange: Exchange | None = None
        self._exchange_lock = threading.Lock()
        self._next_epoch = settings.epoch
        self._requests: Subscription[EvidenceRequest] | None = None
        self._devices: OwnDevices | None = None
        self._ordered: dict[str, EvidenceRequest] = {}
        self._fault: Fault | None = None
        self._last_health: VideoHealth | None = None

    # ---------------------------------------------------------------------------------------------- called from outside

    @property
    def worker_pid(self) -> int | None:
        """The process id of the running worker, None when there is none."""
        process = self._process
        return process.pid if process is not None and process.exitcode is None else None

    def start(self) -> None:
        """Start the worker. What is wrong with the video or the model comes as health and fault, not as an exception."""
        if self._thread is not None:
            return
        self._stop.clear()
        with self._exchange_lock:
            self._exchange = Exchange.create()
        self._requests = self._bus.subscribe(EVIDENCE_REQUEST)
        self._thread = threading.Thread(target=self._supervise, name=f"video-{self.stream}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the worker (clips that were ordered are finished first) and remove the shared memory. Bounded in time."""
        thread = self._thread
        if thread is None:
            return
        self._stop.set()
        thread.join(self._supervision.stop_limit_s + 2.0)
        process = self._process
        if thread.is_alive() and process is not None:
            # The worker stopped in the middle of a message: only its end ends the reading.
            process.kill()
            thread.join(5.0)
        self._thread = None
        if self._requests is not None:
            self._bus.unsubscribe(self._requests)
            self._requests = None
        with self._exchange_lock:
            if self._exchange is not None:
                self._exchange.close()
                self._exchange = None

    def on_pose(self, pose: CameraPose) -> None:
        """A camera pose from the aircraft's telemetry; any thread, never blocks."""
        with self._exchange_lock:
            if self._exchange is not None:
                self._exchange.write_pose(pose)

    # --------------------------------------------------------------------------------------------------- the supervisor

    def _supervise(self) -> None:
        if self._settings.watch_bias:
            self._devices = OwnDevices(self._bus)
        try:
            self._keep_alive()
        finally:
            # A recording may be over long before the station: nobody would read them any more.
            if self._devices is not None:
                self._devices.close()
                self._devices = None

    def _keep_alive(self) -> None:
        delay_s = self._supervision.first_delay_s
        while not self._stop.is_set():
            started_s = time.monotonic()
            try:
                finished = self._run_worker_once()
            except Exception as error:
                # The border of the thread: without it a mistake here would silently end the video.
                _log.exception("video %s: supervision failed", self.stream)
                finished = False
                self._fail(f"{type(error).__name__}: {error}", "report this with the log")
            self._drop_orders("the video process ended before the clip was written")
            if finished or self._stop.is_set():
                return
            if time.monotonic() - started_s >= self._supervision.steady_s:
                delay_s = self._supervision.first_delay_s
            self.restarts += 1
            if self._last_health is not None:  # the new count
                self._bus.publish(STREAM_HEALTH, StreamHealth(self.stream, self._last_health, self.restarts))
            _log.warning("video %s: restart %d in %.1f s", self.stream, self.restarts, delay_s)
            self._stop.wait(delay_s)
            delay_s = min(2.0 * delay_s, self._supervision.longest_delay_s)

    def _run_worker_once(self) -> bool:
        """Start a worker and serve it to its end. True when it ended as it should."""
        assert self._exchange is not None
        ours, theirs = self._context.Pipe()
        settings = replace(self._settings, epoch=self._next_epoch)
        self._next_epoch += 1
        process = self._context.Process(
            target=run_worker, args=(settings, theirs, self._exchange.name), name=f"vision-{self.stream}", daemon=True
        )
        self._process = process
        try:
            process.start()
            theirs.close()  # else its end would never be seen
            _log.info("video %s: worker %s started, epoch %d", self.stream, process.pid, settings.epoch)
            return self._serve(process, ours)
        finally:
            if process.pid is not None:
                self._end(process)
            ours.close()

    def _end(self, process: SpawnProcess) -> None:
        process.join(0.5)
        if process.exitcode is None:
            process.kill()
            process.join(5.0)

    def _serve(self, process: SpawnProcess, connection: Connection) -> bool:
        limits = self._supervision
        heard_s = time.monotonic()
        silence_limit_s = limits.start_limit_s
        stop_by_s: float | None = None
        state = "starting"
        while True:
            now_s = time.monotonic()
            stopping = self._stop.is_set()
            self._forward_orders(connection)  # before the Stop: what was ordered until then is still written
            if stopping:
                if stop_by_s is None:
                    stop_by_s = now_s + limits.stop_limit_s
                    self._tell(connection, Stop())
                elif now_s > stop_by_s:
                    _log.warning("video %s: worker did not stop in %.0f s", self.stream, limits.stop_limit_s)
                    return True
            wait([connection, process.sentinel], limits.poll_s)
            ended = process.exitcode is not None
            for message in self._received(connection):
                if message is None:
                    ended = True
                    break
                heard_s = time.monotonic()
                if isinstance(message, HealthMessage):
                    state = message.health.state
                    if state in ("running", "no_signal"):
                        silence_limit_s = limits.silence_limit_s
                self._publish(message)
            if ended or state == "stopped":
                # "stopped" is its last word: what it still closes is nothing that anybody waits for.
                return self._worker_ended(process, state)
            if time.monotonic() - heard_s > silence_limit_s:
                process.kill()
                process.join(5.0)
                self._fail(f"the video process said nothing for {silence_limit_s:.0f} s", "it is restarted")
                return False

    def _received(self, connection: Connection) -> Sequence[FromWorker | None]:
        """All messages that wait; None last when the worker has closed its end (or died within a message)."""
        messages: list[FromWorker | None] = []
        try:
            while connection.poll(0):
                messages.append(connection.recv())
                if len(messages) >= 100:
                    break
        except Exception as error:
            # A worker killed while it wrote leaves a torn message: EOF, or whatever unpickling makes of half of one.
            if not isinstance(error, EOFError | OSError):
                _log.warning("video %s: torn message: %r", self.stream, error)
            messages.append(None)
        return messages

    def _worker_ended(self, process: SpawnProcess, state: str) -> bool:
        process.join(1.0)
        code = process.exitcode
        if state == "stopped":
            return True
        if self._stop.is_set():
            return True
        if state != "failed":
            how = f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
            self._fail(f"the video process ended unexpectedly ({how})", "it is restarted; see the log if this goes on")
        return False

    def _tell(self, connection: Connection, message: ToWorker) -> None:
        try:
            connection.send(message)
        except OSError:
            _log.info("video %s: the worker has gone, %s not told", self.stream, type(message).__name__)

    # ---------------------------------------------------------------------------------------------- bus, from the thread

    def _publish(self, message: FromWorker) -> None:
        match message:
            case TracksMessage():
                self._bus.publish(
                    VIDEO_TRACKS,
                    VideoTracks(
                        self.stream,
                        self._vehicle_id,
                        message.tracks,
                        message.pose,
                        message.footprint_lat_lon,
                        self._clock.utc_us(),
                    ),
                )
            case PreviewMessage():
                image = self._exchange.read_picture(message.number) if self._exchange is not None else None
                if image is not None:
                    self._bus.publish(
                        PREVIEW,
                        Preview(
                            self.stream,
                            message.frame_id,
                            message.t_utc_us,
                            message.t_mono_ns,
                            image,
                            message.scale,
                            message.pose,
                        ),
                    )
            case HealthMessage(health, remedy):
                self._health(health)
                if health.state == "failed":
                    self._raise_fault("critical", health.detail, remedy)
                elif health.state == "no_signal":
                    self._raise_fault("warning", health.detail, "check the camera, its power and the video link")
                elif health.state in ("running", "stopped"):
                    self._clear_fault()
            case ClipResult():
                request = self._ordered.pop(message.request_id, None)
                incident = message.request_id if request is None else request.incident_id
                self._bus.publish(
                    EVIDENCE_READY, EvidenceReady(self.stream, incident, message.path, message.ok, message.detail)
                )

    def _forward_orders(self, connection: Connection) -> None:
        for request in self._my_requests():
            key = f"{request.incident_id}|{request.path}"
            self._ordered[key] = request
            self._tell(connection, SaveClip(key, request.from_utc_us, request.to_utc_us, request.path))
        for report in [] if self._devices is None else self._devices.new():
            self._tell(connection, report)

    def _my_requests(self) -> list[EvidenceRequest]:
        return [] if self._requests is None else [r for r in self._requests.drain() if r.stream == self.stream]

    def _drop_orders(self, why: str) -> None:
        """Nobody waits for a clip that cannot come any more: the pictures died with the process."""
        for request in [*self._ordered.values(), *self._my_requests()]:
            self._bus.publish(EVIDENCE_READY, EvidenceReady(self.stream, request.incident_id, request.path, False, why))
        self._ordered.clear()

    def _health(self, health: VideoHealth) -> None:
        self._last_health = health
        self._bus.publish(STREAM_HEALTH, StreamHealth(self.stream, health, self.restarts))

    def _fail(self, detail: str, remedy: str) -> None:
        _log.error("video %s: %s", self.stream, detail)
        self._health(VideoHealth(self._clock.utc_us(), "failed", detail))
        self._raise_fault("critical", detail, remedy)

    def _raise_fault(self, severity: Severity, text: str, remedy: str) -> None:
        fault = Fault(f"video:{self.stream}", severity, f"video {self.stream}: {text}", remedy)
        if fault != self._fault:
            self._fault = fault
            self._bus.publish(STATION_FAULT, StationFault("video", fault, True, self._clock.utc_us()))

    def _clear_fault(self) -> None:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            self._bus.publish(STATION_FAULT, StationFault("video", fault, False, self._clock.utc_us()))
