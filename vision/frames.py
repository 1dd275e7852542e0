"""Video in: H.264/H.265 from MPEG-TS over UDP, RTSP or a file, as frames with capture time and camera pose.

A live stream is read by one small thread that keeps only the newest picture (a slow consumer must see now, not a
queue of then); a file is read by the caller, every picture in turn. PyAV gives exact PTS and the KLV data stream.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, Protocol

import av
import numpy as np

from geofences.errors import VideoError
from vision.clip import ClipInfo, PacketRing
from vision.container import VideoOptions, VideoSession, check_udp_address
from vision.records import CameraPose, Frame, TimeSource

log = logging.getLogger(__name__)

_MOST_FAILURES = 20
State = Literal["starting", "running", "no_signal", "failed", "stopped"]
_LIVE_SCHEMES = ("udp", "rtp", "rtsp", "rtsps", "srt", "tcp", "http", "https")


@dataclass(frozen=True)
class VideoStatus:
    """How the stream is doing. ``frames_received`` were decoded; ``frames_dropped`` of them nobody took;
    ``klv_broken`` metadata packets could not be used, the last for ``klv_problem``."""

    state: State
    detail: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    has_klv: bool = False
    frames_received: int = 0
    frames_dropped: int = 0
    decode_errors: int = 0
    klv_packets: int = 0
    klv_broken: int = 0
    klv_problem: str = ""
    time_source: str = ""
    reconnects: int = 0


class FrameSource(Protocol):
    """Where frames come from."""

    @property
    def status(self) -> VideoStatus:
        """How the stream is doing now."""
        ...

    def next_frame(self, timeout_s: float) -> Frame | None:
        """The next frame, or None when none came in time. Raises VideoError when none can come any more."""
        ...

    @property
    def ended(self) -> bool:
        """Whether no more frames will come because a recording is over or the source was closed."""
        ...

    def __iter__(self) -> Iterator[Frame]:
        """Frames until the source ends."""
        ...

    def save_clip(self, from_utc_us: int, to_utc_us: int, path: Path) -> ClipInfo:
        """Writes what was seen between two times, not encoded again."""
        ...

    def close(self) -> None:
        """Ends it and frees what it holds."""
        ...


def is_live(url: str) -> bool:
    """Whether a URL names a stream that cannot wait for its reader."""
    scheme, found, _ = url.partition("://")
    return bool(found) and scheme.lower() in _LIVE_SCHEMES


def open_video(
    url_or_path: str | Path,
    options: VideoOptions | None = None,
    utc_us: Callable[[], int] = lambda: time.time_ns() // 1000,
) -> VideoReader:
    """Opens ``udp://``, ``rtsp://`` and other streams, or a file.

    A live stream that sends nothing yet is not an error: its state is "no_signal" and it is tried again for as long as
    it is open. Raises VideoError when a file is missing or holds no video or the URL cannot be understood, and
    PortInUseError when another program receives on the UDP port.
    """
    return VideoReader(str(url_or_path), options or VideoOptions(), utc_us)


@dataclass(frozen=True)
class _Decoded:
    """A picture with what was known of it when it was handed on; ``jumps`` of the stream's time until then."""

    picture: Any
    pts_s: float
    t_mono_ns: int
    session: VideoSession
    damage: str = ""
    jumps: int = -1
    located: tuple[int, TimeSource, CameraPose | None] | None = None
    number: int = 0


@dataclass(frozen=True)
class LivePicture:
    """A picture of a live stream at the moment when it is decoded, whether it will be taken or not.

    ``picture`` is PyAV's; ``frame_id`` and times are those that its :class:`Frame` would have. ``pose`` as there.
    """

    picture: Any
    frame_id: int
    t_utc_us: int
    t_mono_ns: int
    time_source: TimeSource
    pose: CameraPose | None
    damage: str


class VideoReader:
    """A :class:`FrameSource` on PyAV; see :func:`open_video`."""

    def __init__(self, url: str, options: VideoOptions, utc_us: Callable[[], int]) -> None:
        self.url = url
        self.live = is_live(url)
        self._options, self._utc_us = options, utc_us
        self._ring = PacketRing(options.keep_clip_s)
        self._changed = threading.Condition()
        self._newest: _Decoded | None = None
        self._session: VideoSession | None = None
        self._state: State = "starting"
        self._detail = ""
        self._error: VideoError | None = None
        self._received = self._dropped = self._frame_id = self._reconnects = 0
        self._time_source = ""
        self._ended = False
        self._thread: threading.Thread | None = None
        self._watcher: Callable[[LivePicture], None] | None = None
        if self.live:
            self._check_address()
            self._thread = threading.Thread(target=self._read_live, name="video-reader", daemon=True)
            self._thread.start()
        else:
            self._file = self._read_file()

    # -- what the consumer sees

    @property
    def status(self) -> VideoStatus:
        """How the stream is doing now."""
        s = self._session
        context = s.video.codec_context if s is not None else None
        return VideoStatus(
            self._state, self._detail, s.codec if s else "", context.width if context else 0,
            context.height if context else 0, bool(s and (s.klv_packets or s.klv_streams)), self._received,
            self._dropped, s.decode_errors if s else 0, s.klv_packets if s else 0, s.klv_broken if s else 0,
            s.klv_problem if s else "", self._time_source, self._reconnects,
        )  # fmt: skip

    @property
    def ended(self) -> bool:
        """Whether no more frames will come."""
        return self._ended

    def next_frame(self, timeout_s: float = 1.0) -> Frame | None:
        """Live: the newest frame not yet taken, waiting up to ``timeout_s``; file: the next one. None when none came
        or the source ended. Raises VideoError when the stream failed for good."""
        if not self.live:
            if self._ended:
                return None
            for read in self._file:
                frame = self._frame(read)
                if frame is not None:
                    return frame
            self._ended, self._state = True, "stopped"
            return None
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._ended, timeout_s)
            decoded, self._newest = self._newest, None
        if decoded is None:
            if self._error is not None:
                raise self._error
            return None
        return self._frame(decoded)

    def __iter__(self) -> Iterator[Frame]:
        """Frames until the source ends."""
        while not self._ended:
            frame = self.next_frame(1.0)
            if frame is not None:
                yield frame

    def save_clip(self, from_utc_us: int, to_utc_us: int, path: Path) -> ClipInfo:
        """Writes the stream between two times to ``path`` (.ts or .mp4) as it came, from the key frame before it.
        Raises VideoError."""
        return self._ring.save(from_utc_us, to_utc_us, path)

    def watch(self, watcher: Callable[[LivePicture], None]) -> None:
        """Live: call ``watcher`` with every picture, on the reading thread. It must be quick and must not raise."""
        self._watcher = watcher

    def close(self) -> None:
        """Ends the reading; at most ``stall_s`` later nothing of it is left."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(self._options.stall_s + self._options.open_timeout_s + 1.0)
        elif self._session is not None:
            self._session.container.close()
        if self._state != "failed":
            self._set_state("stopped", "")

    def __enter__(self) -> VideoReader:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes it."""
        self.close()

    def _frame(self, decoded: _Decoded) -> Frame | None:
        """The frame, or None for a picture that cannot be converted."""
        located = decoded.located
        if located is None or decoded.jumps == decoded.session.clock.jumps:
            # Metadata that came since may tell more than was known.
            located = decoded.session.locate(decoded.pts_s)
        t_utc_us, source, pose = located
        if source != self._time_source:
            log.info("%s: frame times from %s", self.url, source)
        self._time_source = source
        try:
            image = np.asarray(decoded.picture.to_ndarray(format="bgr24"), dtype=np.uint8)
        except (ValueError, OSError, MemoryError, av.error.FFmpegError) as error:
            decoded.session.decode_errors += 1
            log.warning("%s: a picture cannot be used: %s", self.url, _words(error))
            return None
        # A live picture was counted when it was decoded: whoever watches has seen those that were not taken.
        self._frame_id = decoded.number if self.live else self._frame_id + 1
        return Frame(
            self._frame_id, image, t_utc_us, decoded.t_mono_ns, source, decoded.pts_s, pose, damage=decoded.damage
        )

    # -- reading

    def _set_state(self, state: State, detail: str) -> None:
        if (state, detail) != (self._state, self._detail):
            log.info("%s: %s %s", self.url, state, detail)
        self._state, self._detail = state, detail

    def _check_address(self) -> None:
        scheme = self.url.partition("://")[0].lower()
        if scheme == "udp":
            check_udp_address(self.url)

    def _decoded(self, session: VideoSession, packet: Any) -> list[_Decoded]:
        out = []
        for picture in session.take(packet):
            self._received += 1
            pts_s = float(picture.pts * picture.time_base)
            damage, now_ns = session.damage(picture), time.monotonic_ns()
            out.append(_Decoded(picture, pts_s, now_ns, session, damage, number=self._received))
        return out

    def _read_file(self) -> Iterator[_Decoded]:
        try:
            session = VideoSession(self.url, self._options, False, self._utc_us, self._ring)
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise VideoError(
                f"video {self.url} cannot be read ({_words(error)})", "check the path and the file"
            ) from error
        self._session = session
        self._set_state("running", "")
        return self._pictures_with_metadata(session)

    def _pictures_with_metadata(self, session: VideoSession) -> Iterator[_Decoded]:
        """Pictures in turn, each held back until the metadata around it was read too."""
        held: deque[_Decoded] = deque()
        count = 0
        for packet in self._packets(session):
            if session.is_jump(packet):
                # The metadata that comes is of another time.
                while held:
                    yield held.popleft()
            for decoded in self._decoded(session, packet):
                if count % self._options.every == 0:
                    held.append(decoded)
                count += 1
            while len(held) > 2:
                yield held.popleft()
        yield from held

    def _packets(self, session: VideoSession) -> Iterator[Any]:
        """A file's packets; what is damaged is passed over as long as something comes between."""
        failures = 0
        while failures < _MOST_FAILURES:
            try:
                for packet in session.packets():
                    failures = 0
                    yield packet
                return
            except (OSError, ValueError, IndexError, av.error.FFmpegError) as error:
                failures += 1
                session.decode_errors += 1
                self._set_state("running", f"damaged: {_words(error)}")
        self._set_state("failed", f"the recording breaks off: {self._detail.removeprefix('damaged: ')}")

    def _read_live(self) -> None:
        while not self._ended:
            try:
                session = VideoSession(self.url, self._options, True, self._utc_us, self._ring)
            except VideoError as error:
                self._fail(error)
                return
            except (OSError, ValueError, av.error.FFmpegError) as error:
                if isinstance(error, (av.error.ProtocolNotFoundError, av.error.OptionNotFoundError)):
                    self._fail(VideoError(f"{self.url}: {_words(error)}", "check the URL"))
                    return
                self._set_state("no_signal", _words(error))
                self._pause()
                continue
            self._session = session
            try:
                self._read_session(session)
            except (OSError, ValueError, av.error.FFmpegError) as error:
                self._set_state("no_signal", _words(error))
            except Exception as error:
                # The border of the thread: without it a mistake here would end the video without a word.
                log.exception("%s: reading failed", self.url)
                self._set_state("no_signal", f"{type(error).__name__}: {error}")
            else:
                if not self._ended:
                    self._set_state("no_signal", "the stream ended")
            finally:
                session.container.close()
            self._reconnects += 1
            self._pause()

    def _read_session(self, session: VideoSession) -> None:
        held: _Decoded | None = None
        for packet in session.packets():
            if self._ended:
                return
            if packet.stream.type == "data":
                session.take(packet)
                if held is not None:  # its metadata is here: publish
                    self._publish(held)
                    held = None
                continue
            if held is not None and session.is_jump(packet):
                self._publish(held)
                held = None
            for decoded in self._decoded(session, packet):
                self._set_state("running", "")
                if held is not None:
                    self._publish(held)
                # With metadata sent after its picture, a frame waits for it, unless the metadata before it is so young
                # that its pose can be carried on: a multiplexer may be a whole frame behind with it.
                known = session.locate(decoded.pts_s)[2] is not None
                wait = bool(session.klv_packets) and not known and not session.clock.has_stamp(decoded.pts_s)
                held = decoded if wait else None
                if not wait:
                    self._publish(decoded)

    def _publish(self, decoded: _Decoded) -> None:
        session = decoded.session
        # Before the next packet: after a jump of the stream's time nobody could tell any more.
        decoded = replace(decoded, jumps=session.clock.jumps, located=session.locate(decoded.pts_s))
        with self._changed:
            if self._newest is not None:
                self._dropped += 1
            self._newest = decoded
            self._changed.notify_all()
        if self._watcher is not None and decoded.located is not None:
            t_utc_us, source, pose = decoded.located
            self._watcher(
                LivePicture(decoded.picture, decoded.number, t_utc_us, decoded.t_mono_ns, source, pose, decoded.damage)
            )

    def _fail(self, error: VideoError) -> None:
        self._set_state("failed", str(error))
        with self._changed:
            self._error, self._ended = error, True
            self._changed.notify_all()

    def _pause(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._ended, self._options.retry_s)


def _words(error: BaseException) -> str:
    if isinstance(error, av.error.ExitError):
        return "no data"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
