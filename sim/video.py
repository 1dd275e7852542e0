"""The camera's stream: H.264 and ST 0601 metadata in an MPEG transport stream, over UDP or into a file."""

from __future__ import annotations

import logging
import threading
import time
from fractions import Fraction
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import VideoError
from sim.camera import Renderer
from sim.klv import encode, measure
from sim.projection import ViewPose
from sim.scenario import Camera, Scenario
from sim.state import SensorErrors, TruthSource, VehicleTruth
from sim.truth import TruthRecorder
from sim.world import World

_log = logging.getLogger("sim.video")

_CLOCK_HZ = 90_000
_UDP_PACKET = 1316
"""Seven transport packets: what fits an Ethernet frame."""


class TransportStream:
    """Writes pictures and KLV packets. ``url`` is ``udp://HOST:PORT`` or the path of a ``.ts`` file.

    Raises :class:`VideoError` when it cannot be opened or written.
    """

    def __init__(self, url: str, camera: Camera) -> None:
        self.url = url
        target = url
        if url.startswith("udp://") and "pkt_size=" not in url:
            target += ("&" if "?" in url else "?") + f"pkt_size={_UDP_PACKET}"
        self._clock = Fraction(1, _CLOCK_HZ)
        self._last_pts = -1
        try:
            # With its length in the header a picture can be taken as soon as it has come, not when the next begins.
            options = {"flush_packets": "1", "omit_video_pes_length": "0"}
            self._out = av.open(target, "w", format="mpegts", options=options)
            self._video = self._add_video(camera)
            self._data: Any = self._out.add_data_stream("klv")
            # Writes the header, so that a wrong address shows now and not at the first picture.
            self._out.start_encoding()
        except (OSError, ValueError, av.FFmpegError) as error:
            raise VideoError(
                f"{url}: video cannot be sent there: {error}", "give udp://HOST:PORT or a .ts file"
            ) from error

    def _add_video(self, camera: Camera) -> Any:
        video: Any = self._out.add_stream("libx264", rate=Fraction(camera.fps).limit_denominator(1001))
        video.width, video.height, video.pix_fmt = camera.width_px, camera.height_px, "yuv420p"
        video.codec_context.time_base = self._clock
        video.codec_context.thread_count = 1
        video.bit_rate = camera.bitrate_bit_s
        gop = max(1, round(camera.fps))
        video.options = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "g": str(gop),
            "keyint_min": str(gop),
            "sc_threshold": "0",
            # One second of rate, so that a key frame may be as large as it has to be.
            "maxrate": str(camera.bitrate_bit_s),
            "bufsize": str(camera.bitrate_bit_s),
        }
        return video

    def write(self, image_bgr: NDArray[np.uint8], klv: bytes, since_start_us: int) -> None:
        """One picture and its metadata with the same time stamp, which must grow from call to call."""
        pts = since_start_us * 9 // 100
        if pts <= self._last_pts:
            raise ValueError(f"time stamp {pts} is not after {self._last_pts}")
        self._last_pts = pts
        planes = np.asarray(cv2.cvtColor(image_bgr, cv2.COLOR_BGR2YUV_I420), dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = pts, self._clock
        packet = av.Packet(klv)
        packet.stream, packet.time_base = self._data, self._clock
        packet.pts = packet.dts = pts
        try:
            self._out.mux(packet)
            for part in self._video.encode(frame):
                self._out.mux(part)
        except (OSError, av.FFmpegError) as error:
            raise VideoError(f"{self.url}: video cannot be sent: {error}", "check the address and the disk") from error

    def close(self) -> None:
        """Flush and close; never raises for a receiver that has gone."""
        try:
            for part in self._video.encode(None):
                self._out.mux(part)
            self._out.close()
        except (OSError, av.FFmpegError) as error:
            _log.warning("%s: closing the video: %s", self.url, error)


def view_pose(world: World, truth: VehicleTruth) -> ViewPose:
    """The camera's true pose in the world's plane."""
    east, north = world.to_plane(truth.lat_deg, truth.lon_deg)
    return ViewPose(
        east,
        north,
        truth.alt_amsl_m,
        truth.gimbal_azimuth_deg,
        truth.gimbal_elevation_deg,
        truth.gimbal_roll_deg,
    )


class FrameMaker:
    """One frame from one true state: picture, metadata and who is in it. No clock, no thread, no socket."""

    def __init__(self, world: World, renderer: Renderer | None = None) -> None:
        self._world = world
        self.renderer = renderer or Renderer(world)
        self._sensor = "IR" if world.scenario.camera.sensor == "thermal" else "EO"

    def make(self, truth: VehicleTruth, errors: SensorErrors) -> tuple[NDArray[np.uint8], bytes, list[Any]]:
        """``(image_bgr, klv, visible objects)``."""
        image, visible = self.renderer.render(view_pose(self._world, truth), truth.t_s)
        camera = self.renderer.camera
        data = measure(truth, errors, camera.hfov_deg, camera.vfov_deg, self._world.ground_amsl_m, sensor=self._sensor)
        return image, encode(data), visible


class CameraStream:
    """Films the world from the aircraft in a thread of its own.

    ``truth_source`` says where the aircraft is; ``truth.t_s`` is also the world's time. ``start_utc_us`` is the UTC of
    ``t_s`` = 0: presentation time stamps count from there, in step with the metadata's precision time stamp, which is
    when the pose was taken. A frame that would be late is left out, so that the stream never lags.

    The ground is painted when this is made (some seconds) unless a ``renderer`` is handed in. :meth:`start` opens the
    stream and raises :class:`VideoError` when that fails; a failure later ends the thread and is kept in ``failure``.
    """

    def __init__(
        self,
        world: World,
        scenario: Scenario,
        truth_source: TruthSource,
        url: str,
        start_utc_us: int,
        truth_recorder: TruthRecorder | None = None,
        renderer: Renderer | None = None,
    ) -> None:
        self._source, self._url, self._start_utc_us = truth_source, url, start_utc_us
        self._recorder, self._camera = truth_recorder, scenario.camera
        self._maker = FrameMaker(world, renderer)
        self._stream: TransportStream | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self.frames_sent = 0
        self.frames_dropped = 0
        self.failure: VideoError | None = None

    @property
    def running(self) -> bool:
        """Whether frames are being sent."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Open the stream and begin to film."""
        self._stream = TransportStream(self._url, self._camera)
        self._thread = threading.Thread(target=self._run, name="sim-camera", daemon=True)
        self._thread.start()
        _log.info(
            "video to %s, %dx%d at %g/s", self._url, self._camera.width_px, self._camera.height_px, self._camera.fps
        )

    def stop(self) -> None:
        """Stop filming, close the stream and wait for the thread. May be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10.0)
            if self._thread.is_alive():
                # Closing the stream under a thread that still writes to it could take the process down.
                _log.error("%s: the camera does not stop", self._url)
                return
            self._thread = None
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            _log.info("video stopped after %d frames, %d left out", self.frames_sent, self.frames_dropped)

    def _run(self) -> None:
        period = 1.0 / self._camera.fps
        due = time.monotonic()
        last_us = -1
        while not self._stop.is_set():
            wait = due - time.monotonic()
            if wait > 0 and self._stop.wait(wait):
                return
            truth, errors = self._source.truth(), self._source.errors()
            since_us = truth.t_utc_us - self._start_utc_us
            # The same state twice (a paused simulation) is not a new picture.
            if since_us // 100 > last_us // 100 and since_us >= 0:
                last_us = since_us
                try:
                    self._film(truth, errors, since_us)
                except VideoError as error:
                    self.failure = error
                    _log.error("%s", error)
                    return
            due += period
            behind = time.monotonic() - due
            if behind > 0:
                missed = int(behind / period) + (1 if behind > 0.5 * period else 0)
                self.frames_dropped += missed
                due += missed * period

    def _film(self, truth: VehicleTruth, errors: SensorErrors, since_us: int) -> None:
        image, klv, visible = self._maker.make(truth, errors)
        if self._stream is None:
            return
        self._stream.write(image, klv, since_us)
        self.frames_sent += 1
        if self._recorder is not None:
            self._recorder.note_frame(truth.t_s, visible)
