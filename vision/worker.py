"""The process that watches one video stream: decode, detect, track, georeference.

It is started with multiprocessing's spawn method and owns nothing that would outlive it. It ends when it is told to, when
the video cannot be read, when the recording is over, or when the station has gone (its end of the pipe is closed).
"""

from __future__ import annotations

import logging
import signal
import threading
import time
import traceback
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from geofences.errors import MarchwardenError, VideoError
from geofences.terrain import TerrainGrid, read_terrain
from vision.attention import Attention
from vision.bias_watch import BiasWatch
from vision.clip import ClipInfo
from vision.closer_look import CloserLook
from vision.container import VideoOptions
from vision.detectors.base import DetectorOptions
from vision.detectors.factory import open_detector
from vision.detectors.model_file import DEFAULT_MODEL
from vision.detectors.network import NetworkDetector
from vision.evidence import EvidenceDesk, SaveClip
from vision.evidence_boxes import BoxRecorder
from vision.exchange import Exchange
from vision.frames import FrameSource, LivePicture, VideoReader, VideoStatus, is_live, open_video
from vision.georeference import Georeferencer
from vision.known_devices import DeviceBook, DeviceReport
from vision.lens import read_calibration
from vision.pipeline import Pipeline, PipelineOutput
from vision.pose_buffer import PoseBuffer
from vision.preview import PreviewSender
from vision.priority import give_way, threads_now
from vision.records import CameraPose, Frame, TimeSource, VideoHealth
from vision.tracking.ground_kalman import GroundKalmanTracker
from vision.worker_messages import (
    TRACKS_PER_EPOCH,
    FromWorker,
    HealthMessage,
    Stop,
    ToWorker,
    TracksMessage,
    WorkerSettings,
)

_log = logging.getLogger("vision.worker")
_READ_TIMEOUT_S = 0.1
_HEALTH_INTERVAL_S = 1.0
# What the first look hardly sees may be plain on the second: finds from this share of the weak ones on are looked at again.
_FAINT_SHARE = 0.6
_BELIEVABLE_AGE_S = (-0.5, 5.0)
_MOST_UNUSABLE_FRAMES = 30


class _StationGoneError(Exception):
    """The other end of the pipe is closed."""


def run_worker(settings: WorkerSettings, connection: Connection, exchange_name: str) -> None:
    """Entry point of the process. Never raises: what goes wrong is reported through the pipe as ``failed``."""
    # Ctrl-C in a terminal reaches the whole group; the station decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The network has its own threads; OpenCV's would fight with them for the same cores.
    cv2.setNumThreads(1)
    channel = _Channel(connection)
    exchange: Exchange | None = None
    worker: _Worker | None = None
    try:
        channel.send(HealthMessage(VideoHealth(_now_us(), "starting", "loading the model")))
        exchange = Exchange.attach(exchange_name)
        worker = _Worker(settings, channel, exchange)
        worker.run()
    except _StationGoneError:
        pass
    except MarchwardenError as error:
        channel.farewell(VideoHealth(_now_us(), "failed", error.message), error.remedy)
    except Exception as error:
        # The border of the process: a programming error has to reach the operator as text, not as silence.
        place = traceback.extract_tb(error.__traceback__)[-1]
        detail = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
        _log.exception("vision worker failed")
        channel.farewell(VideoHealth(_now_us(), "failed", detail), "report this with the log; the worker is restarted")
    finally:
        if worker is not None:
            worker.close()
        if exchange is not None:
            exchange.close()
        connection.close()


class _Channel:
    """The worker's end of the pipe."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()

    def send(self, message: FromWorker) -> None:
        try:
            with self._sending:
                self._connection.send(message)
        except OSError as error:
            raise _StationGoneError from error

    def receive(self) -> list[ToWorker]:
        messages: list[ToWorker] = []
        try:
            while self._connection.poll(0):
                messages.append(self._connection.recv())
        except (EOFError, OSError) as error:
            raise _StationGoneError from error
        return messages

    def farewell(self, health: VideoHealth, remedy: str) -> None:
        try:
            with self._sending:
                self._connection.send(HealthMessage(health, remedy))
        except OSError:
            _log.info("the station has gone; nobody to tell: %s", health.detail)


@dataclass
class _Rate:
    """Processed frames per second and their age, smoothed over about two seconds."""

    processed: int = 0
    per_s: float = 0.0
    age_ms: float = 0.0
    inference_ms: float = 0.0
    last_s: float = 0.0

    def count(self, now_s: float, age_ms: float, inference_ms: float) -> None:
        if self.processed:
            interval_s = max(now_s - self.last_s, 1e-3)
            weight = 1.0 - np.exp(-interval_s / 2.0)
            self.per_s += float(weight * (1.0 / interval_s - self.per_s))
            self.age_ms += float(weight * (age_ms - self.age_ms))
            self.inference_ms += float(weight * (inference_ms - self.inference_ms))
        else:
            self.age_ms, self.inference_ms = age_ms, inference_ms
        self.processed += 1
        self.last_s = now_s


class _Worker:
    """One run of the loop."""

    def __init__(self, settings: WorkerSettings, channel: _Channel, exchange: Exchange) -> None:
        self._settings = settings
        self._channel = channel
        self._exchange = exchange
        self._poses = PoseBuffer(time_offset_s=settings.time_offset_s)
        self._poses_lock = threading.Lock()
        self._previews = PreviewSender(exchange, channel.send, settings.preview_width_px, settings.preview_rate_hz)
        self._boxes = BoxRecorder(settings.evidence_s)
        self._evidence = EvidenceDesk(self._save_clip, self._boxes)
        self._newest_us = 0
        self._left_out = ""
        self._no_position = ""
        self._bias = ""
        self._unusable = 0
        self._rate = _Rate()
        self._state: Literal["starting", "running", "no_signal"] = "starting"
        self._time_source = ""
        self._health_s = 0.0
        self._stopping = False
        self._live = is_live(settings.url)
        self._started: tuple[float, float] | None = None
        self._source: FrameSource | None = None
        self._devices = DeviceBook()
        self._pipeline = build_pipeline(settings, self._devices)

    def close(self) -> None:
        """Stop reading the video."""
        if self._source is not None:
            self._source.close()

    def run(self) -> None:
        """Until told to stop, or the video is over. Raises ``VideoError`` when it cannot be read."""
        self._health(time.monotonic(), "opening the video")
        analysing = threads_now()
        self._source = (self._settings.make_source or _open_source)(self._settings)
        # Whoever decodes stays as quick as before: what the operator sees must not wait for the network.
        give_way(analysing, self._settings.gives_way)
        if self._live and isinstance(self._source, VideoReader):
            self._source.watch(self._show_early)
        last_frame_s = time.monotonic()
        while not self._stopping:
            now_s = time.monotonic()
            self._take_orders(now_s)
            frame = self._source.next_frame(_READ_TIMEOUT_S)
            if frame is not None:
                self._keep_pace(frame)
                last_frame_s = time.monotonic()
                self._process_or_pass(frame)
                self._enter("running")
            elif self._source.ended:
                self._leave(self._source.status.detail or "end of the video")
                return
            elif now_s - last_frame_s > self._settings.no_signal_after_s:
                self._enter("no_signal")
            for result in self._evidence.poll(time.monotonic(), self._newest_us):
                self._channel.send(result)
            if time.monotonic() - self._health_s >= _HEALTH_INTERVAL_S:
                self._health(time.monotonic())
        self._leave("stopped")

    def _keep_pace(self, frame: Frame) -> None:
        """A recording is shown at the speed at which it was taken; a live stream needs nothing."""
        if self._live:
            return
        now_s = time.monotonic()
        if self._started is None:
            self._started = (now_s, frame.pts_s)
        early_s = (frame.pts_s - self._started[1]) - (now_s - self._started[0])
        if 0.0 < early_s < 5.0:
            time.sleep(early_s)
        elif abs(early_s) >= 5.0:
            self._started = (now_s, frame.pts_s)  # the recording's time has jumped, or we are hopelessly late

    def _take_orders(self, now_s: float) -> None:
        for order in self._channel.receive():
            match order:
                case SaveClip():
                    self._evidence.request(order, now_s, self._newest_us)
                case DeviceReport():
                    self._devices.take(order)
                case Stop():
                    self._stopping = True

    def _process_or_pass(self, frame: Frame) -> None:
        """A frame that no part can make sense of (two pixels high, after damage) is passed over; many are an error."""
        try:
            self._process(frame)
            self._unusable = 0
        except (ValueError, FloatingPointError, np.linalg.LinAlgError, cv2.error) as error:
            self._unusable += 1
            if self._unusable >= _MOST_UNUSABLE_FRAMES:
                raise
            height, width = frame.image_bgr.shape[:2]
            _log.warning("frame %d (%dx%d) passed over: %s", frame.frame_id, width, height, error)

    def _process(self, frame: Frame) -> None:
        self._time_source = frame.time_source
        self._newest_us = frame.t_utc_us
        output = self._pipeline.step(frame, self._pose(frame))
        self._left_out = f"not looked at: {output.region.left_out}" if output.region.left_out else ""
        self._no_position = self._why_not(frame, output)
        self._bias = self._bias if output.bias is None else output.bias.in_words()
        # Tracks first: pictures can wait.
        self._channel.send(TracksMessage(output.tracks, output.pose, output.footprint_lat_lon))
        self._boxes.add(frame, output)
        self._rate.count(time.monotonic(), (_now_us() - frame.t_utc_us) / 1e3, output.timings.inference_ms)
        self._previews.frame(frame, output.pose)

    def _show_early(self, live: LivePicture) -> None:
        """On the reading thread: what the operator sees does not wait for the network."""
        try:
            pose = self._pose_at(live.t_utc_us, live.time_source, live.pose, live.damage)
            if pose is not None and self._is_of(pose, live.t_utc_us):
                self._previews.picture(live.picture, live.frame_id, live.t_utc_us, live.t_mono_ns, pose)
        except _StationGoneError:
            return  # the worker's own loop sees it as well, and ends
        except Exception:
            # The border of the reading thread: a mistake in a preview must not end the video.
            _log.exception("no preview of picture %d", live.frame_id)

    def _is_of(self, pose: CameraPose, t_utc_us: int) -> bool:
        return abs(pose.t_utc_us - t_utc_us) <= self._settings.georeference.max_pose_age_s * 1e6

    def _why_not(self, frame: Frame, output: PipelineOutput) -> str:
        """For the operator: why nothing of this frame is on the map, "" when it can be."""
        if output.pose is not None or self._source is None:
            return ""
        problem = self._source.status.klv_problem
        reason = frame.damage or output.tracks.no_georeference
        return f"no positions: {reason}" + (f"; metadata: {problem}" if problem and not frame.damage else "")

    def _pose(self, frame: Frame) -> CameraPose | None:
        return self._pose_at(frame.t_utc_us, frame.time_source, frame.pose, frame.damage)

    def _pose_at(
        self, t_utc_us: int, time_source: TimeSource, pose: CameraPose | None, damage: str
    ) -> CameraPose | None:
        """The stream's own pose where it has one of this time, else the aircraft's telemetry. Either thread."""
        with self._poses_lock:
            for told in self._exchange.read_poses():
                self._poses.add(told)
            if damage:
                return None
            if pose is None or not self._is_of(pose, t_utc_us):
                return (self._poses.at(t_utc_us) if self._in_step(t_utc_us, time_source) else None) or pose
        return pose if self._settings.pose_sigma is None else replace(pose, sigma=self._settings.pose_sigma)

    def _in_step(self, t_utc_us: int, time_source: TimeSource) -> bool:
        """Whether the frame's clock can be the one by which the telemetry is stamped.

        A camera's own clock may be seconds or years off: its frames have the poses of its own metadata, never those that
        the aircraft had at what is another time.
        """
        if not self._live or time_source != "klv":
            return True
        low_s, high_s = _BELIEVABLE_AGE_S
        return low_s <= (_now_us() - t_utc_us) / 1e6 <= high_s

    def _save_clip(self, from_utc_us: int, to_utc_us: int, path: Path) -> ClipInfo:
        if self._source is None:
            raise VideoError(f"clip {path}: the video is not open yet", "")
        return self._source.save_clip(from_utc_us, to_utc_us, path)

    def _enter(self, state: Literal["running", "no_signal"]) -> None:
        if state == self._state:
            return
        self._state = state
        _log.info("video %s: %s", self._settings.url, state)
        self._health(time.monotonic())

    def _health(self, now_s: float, detail: str = "") -> None:
        self._health_s = now_s
        self._channel.send(HealthMessage(self._snapshot(self._state, detail)))

    def _leave(self, detail: str) -> None:
        for result in self._evidence.finish(timeout_s=5.0):
            self._channel.send(result)
        self._channel.send(HealthMessage(self._snapshot("stopped", detail)))

    def _snapshot(self, state: Literal["starting", "running", "no_signal", "stopped"], detail: str) -> VideoHealth:
        source = VideoStatus("starting") if self._source is None else self._source.status
        if state == "running" and not detail:
            detail = self._no_position or self._left_out
        if state == "no_signal" and not detail:
            detail = f"no picture from {self._settings.url}" + (f": {source.detail}" if source.detail else "")
        return VideoHealth(
            _now_us(), state, detail, source.codec, source.width, source.height, source.has_klv,
            source.frames_received, self._rate.processed, max(0, source.frames_received - self._rate.processed),
            round(self._rate.per_s if state == "running" else 0.0, 2), round(self._rate.age_ms, 1),
            round(self._rate.inference_ms, 1), self._time_source, Path(self._settings.model_path or DEFAULT_MODEL).name,
            self._bias,
        )  # fmt: skip


def _open_source(settings: WorkerSettings) -> FrameSource:
    options = VideoOptions(
        stall_s=settings.no_signal_after_s, keep_clip_s=settings.evidence_s, time_offset_s=settings.time_offset_s
    )
    return open_video(settings.url, options)


def build_pipeline(settings: WorkerSettings, devices: DeviceBook | None = None) -> Pipeline:
    """The pipeline of these settings; ``devices``: the book in which own devices will be. Raises ``ModelError`` or
    ``ConfigError`` (terrain, calibration)."""
    terrain: TerrainGrid | None = read_terrain(Path(settings.terrain_path)) if settings.terrain_path else None
    calibration = read_calibration(Path(settings.calibration_path)) if settings.calibration_path else None
    georeferencer = Georeferencer(
        settings.frame, terrain, settings.plane_alt_amsl_m, settings.georeference, calibration
    )
    tracker = replace(
        settings.tracker, first_track_id=settings.epoch * TRACKS_PER_EPOCH + settings.tracker.first_track_id
    )
    closer: CloserLook | None = None
    if settings.make_detector is not None:
        detector = settings.make_detector(settings)
    else:
        network = _open_network(settings)
        person, vehicle, two_wheeler = (float(t) for t in settings.closer_look.threshold_share * network.threshold)
        tracker = replace(tracker, threshold=(person, vehicle, two_wheeler))
        closer = CloserLook(tracker.threshold, tracker.weak_share, settings.closer_look)
        detector = network.with_thresholds(_FAINT_SHARE * tracker.weak_share * np.array(tracker.threshold))
    attention = Attention(settings.border_lat_lon, georeferencer.ground_height, settings.attention)
    bias = BiasWatch(georeferencer, devices=devices) if settings.watch_bias else None
    return Pipeline(detector, georeferencer, GroundKalmanTracker(tracker), attention, bias, closer=closer)


def _open_network(settings: WorkerSettings) -> NetworkDetector:
    options = DetectorOptions(threads=settings.threads, backend=settings.backend, device=settings.device)
    return open_detector(Path(settings.model_path) if settings.model_path else None, options)


def _now_us() -> int:
    return time.time_ns() // 1000
