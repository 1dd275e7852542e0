"""One opened video container: packets in, pictures with their capture time and the camera's pose out."""

from __future__ import annotations

import errno
import logging
import math
import socket
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import av
import numpy as np

from geofences.errors import PortInUseError, VideoError
from vision.clip import PacketRing, StoredPacket
from vision.frame_clock import FrameClock
from vision.klv import (
    FIRST_UTC_US,
    TAG_CENTRE_ELEVATION,
    BrokenSet,
    LocalSet,
    SensorSigma,
    decode_packets,
    pose_problem,
    time_problem,
    to_camera_pose,
)
from vision.pose_buffer import PoseBuffer
from vision.records import CameraPose, TimeSource
from vision.stream_doubts import Damage, FrozenPose

log = logging.getLogger(__name__)

_DECODER_DELAY_S = 1.5
_UNMOVED_US = 105_000
_ASYNCHRONOUS_S = 0.4
_MAX_PIXELS = 8192 * 4352
"""A damaged header may claim a picture of gigabytes."""


@dataclass(frozen=True)
class VideoOptions:
    """How to read. ``stall_s``: a live stream silent for so long is "no signal" and is opened again.

    ``max_pose_gap_s``: how far beyond the newest metadata its pose is carried on.
    ``live_latency_s``: what to subtract from the arrival time where the stream does not tell the capture time.
    ``started_utc_us``: when a recording began, where it is known from elsewhere; None: as the file says. ``every``: only
    each so many-th picture of a recording is given out. ``frozen_after_s``: a moving camera's pose that is the same to the
    last bit for so long is not believed. ``time_offset_s``: what the metadata's clock shows more than the pictures', as
    :class:`vision.pose_buffer.PoseBuffer` has it.
    """

    open_timeout_s: float = 5.0
    stall_s: float = 2.0
    retry_s: float = 0.5
    keep_clip_s: float = 25.0
    max_pose_gap_s: float = 0.25
    live_latency_s: float = 0.1
    decode_threads: int = 1
    started_utc_us: int | None = None
    every: int = 1
    frozen_after_s: float = 1.0
    time_offset_s: float = 0.0
    sensor_sigma: SensorSigma = field(default_factory=SensorSigma)


def _ffmpeg_options(url: str) -> tuple[str, dict[str, str]]:
    """URL and options for FFmpeg: little probing, no buffering, a receive buffer that survives a busy moment."""
    scheme = url.partition("://")[0].lower()
    options = {"fflags": "nobuffer", "flags": "low_delay", "probesize": "400000", "analyzeduration": "700000"}
    if scheme in ("udp", "rtp", "srt", "tcp"):
        # A sender that is started again may use other packet ids: they go on as the same streams.
        options["merge_pmt_versions"] = "1"
    if scheme == "udp":
        # MPEG-TS carries one picture per packet; a parser would wait for the next one, a whole frame time.
        options["fflags"] = "nobuffer+noparse+nofillin"
        join = "&" if "?" in url else "?"
        url += f"{join}fifo_size=40000&overrun_nonfatal=1&buffer_size=2097152"
    if scheme in ("rtsp", "rtsps"):
        options.update(rtsp_transport="tcp", max_delay="200000")
    return url, options


class VideoSession:
    """One opened container: its packets in, pictures with poses out. Reopened for every reconnect."""

    def __init__(
        self, url: str, options: VideoOptions, live: bool, utc_us: Callable[[], int], ring: PacketRing
    ) -> None:
        self._utc_us, self._ring, self._options = utc_us, ring, options
        address, settings = _ffmpeg_options(url) if live else (url, {})
        timeout = (options.open_timeout_s, options.stall_s) if live else None
        self.container = av.open(address, options=settings, timeout=timeout)
        try:
            videos = self.container.streams.video
            if not videos:
                raise VideoError(f"{url} holds no video", "give a stream or file with H.264 or H.265 video")
            self.video = videos[0]
            self.codec = str(self.video.codec_context.name)
            # Threads that work on several frames at once would each add a frame of delay.
            self.video.codec_context.thread_type = "SLICE"
            self.video.codec_context.thread_count = options.decode_threads
            self.video.codec_context.options = {"max_pixels": str(_MAX_PIXELS)}
            self.klv_streams = [s for s in self.container.streams.data if _is_klv(s)]
            header = bytes(self.video.codec_context.extradata or b"")
            # In MP4 and MKV (extradata begins with 1) pictures have no start codes: the ring's clips need them.
            boxed = header[:1] == b"\x01" and self.codec in ("h264", "hevc")
            self._annex_b = av.BitStreamFilterContext(f"{self.codec}_mp4toannexb", self.video) if boxed else None
            context = self.video.codec_context
            ring.start_stream(self.codec, context.width, context.height, b"" if boxed else header)
        except BaseException:
            self.container.close()
            raise
        if options.started_utc_us is not None and not live:
            started_utc_us = options.started_utc_us
        else:
            created_us = None if live else _created_utc_us(self.container)
            started_utc_us = utc_us() if created_us is None else created_us
        self.clock = FrameClock(live, started_utc_us, round(options.live_latency_s * 1e6))
        self.poses = self._new_poses()
        # One thread takes packets in, another asks for times and poses.
        self._lock = threading.Lock()
        self._frozen = FrozenPose(options.frozen_after_s)
        self._doubtful: CameraPose | None = None
        self._newest_pose_us = 0
        self._recent: deque[tuple[int | None, int, int]] = deque(maxlen=16)
        self._damage = Damage()
        self._video_pts_s: float | None = None
        self.decode_errors = self.klv_packets = self.klv_broken = 0
        self.klv_problem = ""

    def _new_poses(self) -> PoseBuffer:
        gap_s = self._options.max_pose_gap_s
        # Metadata once a second, a little uneven, is interpolated between.
        offset_s = self._options.time_offset_s
        return PoseBuffer(max_gap_s=max(1.5, 2 * gap_s), max_extrapolation_s=gap_s, time_offset_s=offset_s)

    def packets(self) -> Iterator[Any]:
        """Packets of the video and KLV streams in the order of the stream."""
        return iter(self.container.demux([self.video, *self.klv_streams]))

    def take(self, packet: Any) -> list[Any]:
        """Takes a packet in; returns the decoded pictures (PyAV's) that it completed."""
        data = bytes(packet) if packet.size else b""
        pts_s = float(packet.pts * packet.time_base) if packet.pts is not None else None
        if packet.stream.type == "data":
            self._take_klv(data, pts_s)
            return []
        dts_s = float(packet.dts * packet.time_base) if packet.dts is not None else None
        if self._is_duplicate(packet, data):
            return []
        if pts_s is not None:
            with self._lock:
                self._video_pts_s = pts_s
                if self.clock.arrived(pts_s, self._utc_us(), dts_s):
                    log.warning("the video's time stamps jump to %.2f s", pts_s)
        try:
            pictures = list(packet.decode())
        except av.error.FFmpegError:
            # Before the first key frame, or after lost packets: the next key frame heals it.
            self.decode_errors += 1
            pictures = []
            self._damage.begin(pts_s)
        if packet.is_corrupt:
            self._damage.begin(pts_s)
        if data and pts_s is not None:
            is_key = bool(packet.is_keyframe) or is_key_picture(self.codec, data)
            with self._lock:
                t_utc_us = self.clock.capture_time(pts_s)[0]
            # The filter takes the packet's content away: it comes last.
            for part in self._annex_b.filter(packet) if self._annex_b is not None else [packet]:
                stored = StoredPacket("video", bytes(part), pts_s, pts_s if dts_s is None else dts_s, is_key, t_utc_us)
                self._ring.add(stored)
        return [p for p in pictures if self._is_of_now(p, pts_s)]

    def _is_duplicate(self, packet: Any, data: bytes) -> bool:
        """Whether the very packet came a moment ago: decoded again, it would change the picture and not the time."""
        key = (packet.dts, len(data), zlib.crc32(data))
        if not data or key not in self._recent:
            self._recent.append(key)
            return False
        return True

    def damage(self, picture: Any) -> str:
        """Why a picture may show something of another time, or ""."""
        return self._damage.of(picture)

    def _is_of_now(self, picture: Any, pts_s: float | None) -> bool:
        """A picture that the decoder had kept from before a jump has a time that means nothing any more."""
        if picture.pts is None or pts_s is None:
            return picture.pts is not None
        return abs(float(picture.pts * picture.time_base) - pts_s) < _DECODER_DELAY_S

    def is_jump(self, packet: Any) -> bool:
        """Whether the stream's time jumps with a packet that was not taken yet: who still waits must not wait longer."""
        if packet.stream.type == "data" or packet.pts is None:
            return False
        dts_s = float(packet.dts * packet.time_base) if packet.dts is not None else None
        return self.clock.is_jump(float(packet.pts * packet.time_base), dts_s)

    def _take_klv(self, data: bytes, pts_s: float | None) -> None:
        for found in decode_packets(data):
            with self._lock:
                self.klv_packets += 1
                problem = found.reason if isinstance(found, BrokenSet) else self._take_set(found, data, pts_s)
                if problem:
                    self.klv_broken += 1
                    if problem != self.klv_problem:
                        log.warning("metadata not usable: %s", problem)
                    self.klv_problem = problem

    def _take_set(self, found: LocalSet, data: bytes, pts_s: float | None) -> str:
        """Time stamp and pose of a whole set; why they were not used, or ""."""
        problem = time_problem(found) or pose_problem(found)
        if time_problem(found) or found.t_utc_us is None:
            return problem
        slack_s = 0.0
        if pts_s is None:
            # Asynchronous metadata has no time of its own in the stream: its place between the pictures says it roughly.
            pts_s, slack_s = self._video_pts_s, _ASYNCHRONOUS_S
        if pts_s is None:
            return problem or "metadata without a time in the stream, before any picture"
        verdict = self.clock.stamped(pts_s, found.t_utc_us, slack_s)
        self._ring.add(StoredPacket("klv", data, pts_s, pts_s, False, found.t_utc_us))
        width, height = self.video.codec_context.width, self.video.codec_context.height
        pose = to_camera_pose(found, self._options.sensor_sigma, width / height if width and height else 16 / 9)
        if verdict == "repeated":
            return problem or "the same metadata again: its time stands still"
        if verdict == "late":
            return problem
        if verdict == "doubtful":
            self._doubtful = pose
            return problem or "time stamp not in step with the video's"
        if verdict == "jumped":
            log.warning("the metadata's clock jumps to %d us", found.t_utc_us)
            self._forget_poses()
            if self._doubtful is not None:
                self.poses.add(self._doubtful)
        self._doubtful = None
        if pose is None:
            return problem
        frozen_s = self._frozen.observe(found, pose.t_utc_us)
        if frozen_s > 0.0:
            self.poses = self._new_poses()
            return f"the pose has not changed for {frozen_s:.0f} s while its time goes on"
        if pose.t_utc_us <= self._newest_pose_us:
            # The stream began anew, its clock too: nothing may be interpolated between then and now.
            self._forget_poses()
        self._newest_pose_us = pose.t_utc_us
        self.poses.add(pose)
        return problem

    def _forget_poses(self) -> None:
        self.poses = self._new_poses()
        self._frozen = FrozenPose(self._options.frozen_after_s)

    def locate(self, pts_s: float) -> tuple[int, TimeSource, CameraPose | None]:
        """Capture time of a picture, how it is known, and the metadata's pose at it (None: none near enough)."""
        with self._lock:
            t_utc_us, source = self.clock.capture_time(pts_s)
            pose = self.poses.at(t_utc_us)
        # A time that does not come from the metadata's own clock says nothing about when its poses were.
        # One that is neither interpolated nor carried on is that of its own time: a tenth of a second is what it is good for.
        if pose is None or source != "klv" or abs(pose.t_utc_us - t_utc_us) > _UNMOVED_US:
            return t_utc_us, source, None
        return t_utc_us, source, pose


def is_key_picture(codec: str, data: bytes) -> bool:
    """Whether a packet with start codes (ITU-T H.264 and H.265, Annex B) holds a picture that decoding can begin with."""
    at = data.find(b"\x00\x00\x01")
    while 0 <= at < len(data) - 3:
        head = data[at + 3]
        if codec == "h264":
            kind = head & 0x1F
            if kind in (1, 5):
                return kind == 5
        elif codec == "hevc":
            kind = head >> 1 & 0x3F
            if kind < 32:
                return 16 <= kind <= 21
        else:
            return False
        at = data.find(b"\x00\x00\x01", at + 3)
    return False


def _is_klv(stream: Any) -> bool:
    codec = getattr(stream, "codec_context", None)
    name = getattr(codec, "name", None) or getattr(stream, "name", None)
    return name in (None, "klv", "bin_data")


def _created_utc_us(container: Any) -> int | None:
    """When a file's recording began, as the file says; None when it does not."""
    try:
        created = datetime.fromisoformat(container.metadata["creation_time"])
        t_utc_us = round((created if created.tzinfo else created.replace(tzinfo=UTC)).timestamp() * 1e6)
    except (KeyError, ValueError, OverflowError):
        return None
    # Cameras whose clock was never set write 1904 or 1970.
    return t_utc_us if t_utc_us > FIRST_UTC_US else None


@dataclass(frozen=True)
class VideoFacts:
    """What can be known of a recording before it is played.

    ``created_utc_us``: the beginning, as its first metadata say, else as the file says, or None. ``has_klv``: it has a
    metadata stream. ``centre_elevation_m``: median of what the first metadata packets say of the ground's height in the
    middle of the picture, NaN where they do not. Zero where the container does not tell.
    """

    codec: str
    width: int
    height: int
    fps: float
    duration_s: float
    frames: int
    has_klv: bool
    created_utc_us: int | None
    centre_elevation_m: float


def probe_video(path: Path, packets: int = 3000) -> VideoFacts:
    """Looks into a recording, reading at most its first ``packets`` packets. Raises VideoError."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise VideoError(f"{path} holds no video", "give a file with H.264 or H.265 video")
            video = container.streams.video[0]
            klv = [s for s in container.streams.data if _is_klv(s)]
            heights: list[float] = []
            began_us = _created_utc_us(container)
            stamped = False
            for number, packet in enumerate(container.demux(klv) if klv else ()):
                for found in decode_packets(bytes(packet)) if packet.size else ():
                    if isinstance(found, BrokenSet):
                        continue
                    if not stamped and found.t_utc_us is not None and not time_problem(found):
                        into_s = _into_video_s(packet, video)
                        began_us, stamped = found.t_utc_us - round(into_s * 1e6), True
                    if TAG_CENTRE_ELEVATION in found.values:
                        heights.append(found.values[TAG_CENTRE_ELEVATION])
                if number >= packets or len(heights) >= 50:
                    break
            context = video.codec_context
            duration_s = float(container.duration or 0) / 1e6
            fps = float(video.average_rate or 0)
            return VideoFacts(
                str(context.name), context.width, context.height, fps, duration_s,
                int(video.frames or round(duration_s * fps)), bool(klv), began_us,
                float(np.median(heights)) if heights else math.nan,
            )  # fmt: skip
    except (OSError, ValueError, av.error.FFmpegError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise VideoError(f"video {path} cannot be read ({words})", "check the path and the file") from error


def _into_video_s(packet: Any, video: Any) -> float:
    """How long after the first picture a metadata packet comes; 0 where nothing believable is told."""
    if packet.pts is None or video.start_time is None:
        return 0.0
    into_s = float(packet.pts * packet.time_base) - float(video.start_time * video.time_base)
    return into_s if 0.0 <= into_s < 60.0 else 0.0


def check_udp_address(url: str) -> None:
    """Whether this machine can receive on a ``udp://HOST:PORT`` URL. Raises PortInUseError or VideoError."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise VideoError(f"{url}: {error}", "write it like udp://127.0.0.1:5600") from error
    if port is None:
        raise VideoError(f"{url}: no port", "write it like udp://127.0.0.1:5600")
    if "reuse=1" in parts.query:
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortInUseError(
                    f"video port {port} (UDP) is held by another program",
                    "end it (a second station, VLC, QGroundControl?) or give another --video port",
                ) from error
            raise VideoError(f"{url}: cannot receive there ({error.strerror})", "give another port") from error
