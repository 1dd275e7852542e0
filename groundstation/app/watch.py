"""``groundstation watch``: recorded footage through the same eyes, rules and store as the station's, in one process.

The frames are those of the recording, and so is the time: nothing waits for a clock, and an incident is raised at the
time of the recording. A frame whose camera pose is not known shows its boxes and puts nothing on the map; the report
counts them by reason.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TextIO

from groundstation.app.annotate import AnnotatedVideo, Annotator
from groundstation.app.watch_inputs import WatchInputs, prepare_inputs
from groundstation.app.watch_options import WatchOptions
from groundstation.app.watch_report import write_report
from groundstation.core.bus import Bus
from groundstation.core.errors import ConfigError, MarchwardenError, VideoError
from groundstation.core.records import EvidenceReady, Incident, VehicleId, VideoTracks
from groundstation.core.topics import EVIDENCE_READY, EVIDENCE_REQUEST, INCIDENT, VIDEO_TRACKS
from groundstation.incidents.service import IncidentService, IncidentSettings
from groundstation.store.service import StoreService
from vision.attention import AttentionSettings
from vision.container import VideoOptions
from vision.evidence import ClipResult, EvidenceDesk, SaveClip
from vision.evidence_boxes import BoxRecorder
from vision.frames import VideoReader, VideoStatus, open_video
from vision.georeference import Georeferencer
from vision.pipeline import PipelineOutput
from vision.records import CameraPose, Frame
from vision.worker import build_pipeline
from vision.worker_messages import WorkerSettings

_log = logging.getLogger("groundstation.watch")

STREAM = "recording"
_VEHICLE = VehicleId(1)
_KEEP_CLIP_S = 60.0
_PATIENT = AttentionSettings(target_ms=2000.0)
"""Nobody waits for a recording: the whole resolution is looked at, also on a slow machine."""
_OURS = ("report.json", "report.html", "incidents.geojson", "tracks.geojson", "annotated.mp4", "evidence")


@dataclass
class WatchCounts:
    """What happened to the frames. ``refused``: reason -> frames that put nothing on the map."""

    processed: int = 0
    located: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    time_sources: Counter[str] = field(default_factory=Counter)
    depression_deg: list[float] = field(default_factory=list)
    pose_gap_s: list[float] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    from_utc_us: int = 0
    to_utc_us: int = 0
    interrupted: bool = False


@dataclass(frozen=True)
class WatchResult:
    """What was found, for the report."""

    inputs: WatchInputs
    counts: WatchCounts
    status: VideoStatus
    flight_id: str
    wall_s: float


class RecordingClock:
    """UTC is the recording's; monotonic time is this machine's."""

    def __init__(self, start_utc_us: int) -> None:
        self._utc_us = start_utc_us

    def set(self, t_utc_us: int) -> None:
        """The time of the newest frame."""
        self._utc_us = t_utc_us

    def mono_ns(self) -> int:
        """Nanoseconds of ``time.monotonic_ns``."""
        return time.monotonic_ns()

    def utc_us(self) -> int:
        """The recording's time."""
        return self._utc_us


class Progress:
    """One line on a terminal, rewritten; on anything else a line now and then. ``total`` 0: not known."""

    def __init__(self, total: int, out: TextIO) -> None:
        self._total, self._out = total, out
        self._tty = out.isatty()
        self._began_s = self._shown_s = time.monotonic()
        self._width = 0

    def show(self, done: int, incidents: int, last: bool = False) -> None:
        """So many frames were read."""
        now_s = time.monotonic()
        if not last and now_s - self._shown_s < (0.2 if self._tty else 10.0):
            return
        self._shown_s = now_s
        rate = done / max(now_s - self._began_s, 1e-6)
        if self._total:
            share = min(1.0, done / self._total)
            left_s = (self._total - done) / max(rate, 1e-6)
            bar = "#" * round(24 * share)
            text = f"[{bar:<24}] {100 * share:3.0f} %  frame {done}/{self._total}  {rate:.1f}/s  {max(0.0, left_s):.0f} s left"
        else:
            text = f"frame {done}  {rate:.1f}/s"
        text += f"  {incidents} incident{'' if incidents == 1 else 's'}"
        if self._tty:
            self._out.write("\r" + text.ljust(self._width) + ("\n" if last else ""))
            self._width = len(text)
        else:
            self._out.write(text + "\n")
        self._out.flush()


def prepare_folder(out: Path, inputs: tuple[Path, ...]) -> None:
    """Make the folder of the results, or clear an earlier result out of it; anything else in it is left alone.

    Raises :class:`ConfigError` when one of the ``inputs`` would be overwritten or the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        old = [p for p in out.iterdir() if _is_result(p)]
        if old and not _is_watched(out / "report.json"):
            raise ConfigError(f"{out}: holds the results of something else", "give another folder with --out")
        for path in old:
            if any(path == i.resolve() or path in i.resolve().parents for i in inputs):
                raise ConfigError(f"{path}: is an input and would be overwritten", "give another folder with --out")
        for path in old:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        # Marks the folder as ours also when this run is killed.
        (out / "report.json").write_text(json.dumps({"kind": "watch", "interrupted": True}), encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written: {error.strerror}", "give another folder with --out") from error


def _is_result(path: Path) -> bool:
    return path.name in _OURS or re.fullmatch(r"(station|points-\w+)\.db(-wal|-shm)?", path.name) is not None


def _is_watched(report: Path) -> bool:
    try:
        return bool(json.loads(report.read_text(encoding="utf-8")).get("kind") == "watch")
    except (OSError, ValueError, AttributeError):
        return False


class Watch:
    """One recording, from the first frame to the report. Use as a context: leaving it closes everything."""

    def __init__(self, options: WatchOptions, inputs: WatchInputs, progress: Progress) -> None:
        self._options, self._inputs, self._progress = options, inputs, progress
        self.counts = WatchCounts()
        self._began_s = time.monotonic()
        settings = self._worker_settings()
        self._pipeline = build_pipeline(settings)
        ground = Georeferencer(inputs.frame, inputs.terrain, inputs.plane_alt_amsl_m).ground_height
        self._annotator = Annotator(inputs.border, inputs.frame, ground, inputs.calibration)
        self._annotated: AnnotatedVideo | None = None
        self._annotating = not options.no_video
        self._bus = Bus()
        self._clock = RecordingClock(inputs.start_utc_us)
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(inputs.start_utc_us / 1e6))
        self.flight_id = f"watch-{re.sub(r'[^A-Za-z0-9]+', '-', options.video.stem)[:40]}-{stamp}"
        self._store = StoreService(self._bus, options.out, self.flight_id, self._clock)
        self._store.start()
        self._incidents = IncidentService(
            self._bus,
            inputs.border,
            inputs.frame,
            self.flight_id,
            self._clock,
            IncidentSettings(rules=inputs.rules, data_dir=options.out),
        )
        self._told = self._bus.subscribe(INCIDENT)
        self._orders = self._bus.subscribe(EVIDENCE_REQUEST)
        self._source: VideoReader = open_video(
            options.video,
            VideoOptions(started_utc_us=inputs.start_utc_us, every=options.every, keep_clip_s=_KEEP_CLIP_S),
        )
        self._boxes = BoxRecorder(_KEEP_CLIP_S)
        self._evidence = EvidenceDesk(self._source.save_clip, self._boxes)
        self._texts: dict[str, Incident] = {}
        self._evidence_s = 0.0

    def _worker_settings(self) -> WorkerSettings:
        options, inputs = self._options, self._inputs
        return WorkerSettings(
            str(options.video),
            str(options.model) if options.model else "",
            inputs.frame,
            inputs.border.points,
            str(options.dem) if options.dem else "",
            inputs.plane_alt_amsl_m,
            calibration_path=str(options.calibration) if options.calibration else "",
            threads=options.threads or os.cpu_count() or 2,
            attention=options.attention or _PATIENT,
            make_detector=options.make_detector,
        )

    def __enter__(self) -> Watch:
        """Itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the files, whatever happened."""
        self._source.close()
        self._store.stop()
        self._close_annotated()

    @property
    def incidents(self) -> int:
        """How many incidents were raised so far."""
        return len(self._texts)

    def run(self) -> None:
        """All frames. Ctrl-C ends it early and in order; the counts say so."""
        first: tuple[float, float] | None = None
        try:
            for frame in self._source:
                if self._options.speed > 0.0:
                    now_s = time.monotonic()
                    first = first or (now_s, frame.pts_s)
                    early_s = (frame.pts_s - first[1]) / self._options.speed - (now_s - first[0])
                    time.sleep(min(max(early_s, 0.0), 5.0))
                self._process(frame)
                self._progress.show(self._source.status.frames_received, self.incidents)
        except KeyboardInterrupt:
            self.counts.interrupted = True
            _log.info("interrupted after %d frames", self.counts.processed)
        self._finish()

    def _process(self, frame: Frame) -> None:
        counts = self.counts
        pose, why = self._pose(frame)
        output = self._pipeline.step(frame, pose)
        self._clock.set(frame.t_utc_us)
        counts.processed += 1
        counts.from_utc_us = counts.from_utc_us or frame.t_utc_us
        counts.to_utc_us = max(counts.to_utc_us, frame.t_utc_us)
        counts.time_sources[frame.time_source] += 1
        size = (frame.image_bgr.shape[1], frame.image_bgr.shape[0])
        if size not in counts.sizes:
            counts.sizes.append(size)
        gap_s = self._measured_gap_s(frame, output.pose)
        if output.pose is None:
            counts.refused[_reason(why or output.tracks.no_georeference)] += 1
        else:
            counts.located += 1
            counts.depression_deg.append(-output.pose.elevation_deg)
            counts.pose_gap_s.append(gap_s)
        self._bus.publish(
            VIDEO_TRACKS,
            VideoTracks(STREAM, _VEHICLE, output.tracks, output.pose, output.footprint_lat_lon, frame.t_utc_us),
        )
        self._boxes.add(frame, output)
        self._incidents.step()
        self._serve_evidence(frame.t_utc_us)
        self._annotate(frame, output, gap_s)

    def _pose(self, frame: Frame) -> tuple[CameraPose | None, str]:
        if frame.damage:
            return None, frame.damage
        if self._inputs.series is not None:
            if frame.time_source == "arrival":
                return None, "the video's time stamps have jumped back"
            return self._inputs.series.at(frame.t_utc_us)
        if frame.pose is not None:
            return frame.pose, ""
        problem = self._source.status.klv_problem
        return None, "no metadata of the frame's time" + (f"; last problem: {problem}" if problem else "")

    def _measured_gap_s(self, frame: Frame, pose: CameraPose | None) -> float:
        if self._inputs.series is not None:
            return self._inputs.series.nearest_s(frame.t_utc_us)
        return abs(pose.t_utc_us - frame.t_utc_us) / 1e6 if pose is not None else math.inf

    def _annotate(self, frame: Frame, output: PipelineOutput, gap_s: float) -> None:
        if not self._annotating:
            return
        picture = self._annotator.draw(frame, output.tracks, output.pose, gap_s, self.incidents)
        try:
            if self._annotated is None:
                height, width = picture.shape[:2]
                self._annotated = AnnotatedVideo(self._options.out / "annotated.mp4", width, height)
            self._annotated.write(picture, frame.pts_s)
        except VideoError as error:
            # What was found is worth more than the picture of it.
            _log.error("the annotated video ends here: %s", error)
            self._annotating = False

    def _close_annotated(self) -> None:
        if self._annotated is not None:
            try:
                self._annotated.close()
            except VideoError as error:
                _log.error("%s", error)

    def _serve_evidence(self, newest_utc_us: int) -> None:
        # The desk waits by the clock for pictures that do not come; here the clock is the recording's.
        self._evidence_s = max(self._evidence_s, newest_utc_us / 1e6)
        for incident in self._told.drain():
            if incident.incident_id not in self._texts:
                _log.info("%s", incident.text)
            self._texts[incident.incident_id] = incident
        for order in self._orders.drain():
            self._evidence.request(
                SaveClip(order.incident_id, order.from_utc_us, order.to_utc_us, order.path),
                self._evidence_s,
                newest_utc_us,
            )
        for result in self._evidence.poll(self._evidence_s, newest_utc_us):
            self._publish_clip(result)

    def _publish_clip(self, result: ClipResult) -> None:
        ready = EvidenceReady(STREAM, result.request_id, result.path, result.ok, result.detail)
        self._bus.publish(EVIDENCE_READY, ready)

    def _finish(self) -> None:
        """What still waits: rules that held something back, clips that wanted more pictures than there were."""
        self._incidents.step()
        self._serve_evidence(self.counts.to_utc_us)
        for result in self._evidence.finish(timeout_s=20.0):
            self._publish_clip(result)
        self._incidents.close()
        self._serve_evidence(self.counts.to_utc_us)
        self._progress.show(self._source.status.frames_received, self.incidents, last=True)
        self._close_annotated()
        out = self._options.out
        self._store.flush(20.0)
        self._store.export_incidents(out / "incidents.geojson")
        self._store.export_tracks(out / "tracks.geojson")

    def result(self) -> WatchResult:
        """What the report is written from."""
        wall_s = time.monotonic() - self._began_s
        return WatchResult(self._inputs, self.counts, self._source.status, self.flight_id, wall_s)


def _reason(text: str) -> str:
    """A reason without its numbers, so that the same one counts as one."""
    return re.sub(r":? *-?\d+(\.\d+)? s, allowed.*$", "", text) or "not known"


def run_watch(options: WatchOptions) -> int:
    """Watch a recording and write what was seen into ``options.out``; 0, or 130 when it was interrupted.

    Raises :class:`MarchwardenError` when an input cannot be used; then nothing is left behind but the folder.
    """
    inputs = prepare_inputs(options)
    o = options
    given = (o.video, o.telemetry, o.border, o.dem, o.model, o.rules, o.calibration)
    files = tuple(p for p in given if p)
    prepare_folder(options.out, files)
    say = sys.stderr
    for line in (f"ground: {inputs.ground}", f"time: {inputs.clock}", *inputs.notes):
        print(line, file=say)
    with Watch(options, inputs, Progress(inputs.facts.frames, say)) as watch:
        watch.run()
        result = watch.result()
    if not result.counts.processed and not result.counts.interrupted:
        raise MarchwardenError(f"{options.video}: no picture could be decoded", "check the file with a video player")
    report = write_report(options, result)
    coverage = report["telemetry"]["coverage"]
    print(
        f"{result.counts.processed} frames looked at, {100 * coverage:.0f} % of them with a camera pose; "
        f"{len(report['incidents'])} incidents, {report['tracks']['count']} tracks; see {options.out / 'report.html'}",
        file=say,
    )
    return 130 if result.counts.interrupted else 0
