"""A small video and a quick detector, made inside the worker's process: bright people on dark ground."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ModelError, VideoError
from geofences.geodesy import LocalFrame
from vision.camera import CameraView
from vision.clip import ClipInfo
from vision.detectors.base import DetectorInfo
from vision.frames import VideoStatus
from vision.records import CLASS_NAMES, CameraPose, Detections, Frame
from vision.worker_messages import WorkerSettings

FRAME = LocalFrame(49.05, 22.70)
WIDTH, HEIGHT = 640, 360
GROUND_AMSL_M = 300.0
WALKER_SPEED_M_S = 1.5


def camera_pose(t_utc_us: int) -> CameraPose:
    """Hovering 100 m above the origin, looking north and 45 degrees down."""
    return CameraPose(t_utc_us, 49.05, 22.70, 400.0, 0.0, -45.0, 0.0, 60.0, 36.0, "klv")


def walker_en(t_utc_us: int) -> tuple[float, float]:
    """Where the walker is, in FRAME: back and forth along north = 100 m would be too clever, he walks a circle."""
    angle = (t_utc_us / 1e6 * WALKER_SPEED_M_S / 15.0) % (2 * np.pi)
    return 15.0 * float(np.cos(angle)), 100.0 + 15.0 * float(np.sin(angle))


class BlobDetector:
    """Everything brighter than 128 is one person."""

    info = DetectorInfo("blob", "", CLASS_NAMES, 32, "numpy")

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        rows, columns = np.nonzero(image_bgr[:, :, 0] > 128)
        if not len(rows):
            return Detections.empty()
        box = [[columns.min(), rows.min(), columns.max() + 1.0, rows.max() + 1.0]]
        return Detections(np.array(box, dtype=float), np.array([0.9]), np.array([0]))


class WalkerVideo:
    """One walker, 12 frames/s in real time; ``with_pose`` as a stream with KLV would have it."""

    ended = False

    def __init__(self, with_pose: bool) -> None:
        self._with_pose = with_pose
        self._next_s = time.monotonic()
        self._count = 0

    @property
    def status(self) -> VideoStatus:
        return VideoStatus("running", "", "fake", WIDTH, HEIGHT, self._with_pose, self._count)

    def next_frame(self, timeout_s: float) -> Frame | None:
        time.sleep(max(0.0, self._next_s - time.monotonic()))
        self._next_s = max(self._next_s + 1 / 12, time.monotonic())
        self._count += 1
        t_us = time.time_ns() // 1000
        return picture(self._count, t_us, camera_pose(t_us) if self._with_pose else None)

    def __iter__(self) -> Iterator[Frame]:
        while True:
            frame = self.next_frame(1.0)
            assert frame is not None
            yield frame

    def save_clip(self, from_utc_us: int, to_utc_us: int, path: Path) -> ClipInfo:
        if path.suffix != ".ts":
            raise VideoError(f"clip {path}: unknown kind of file", "use .ts")
        path.write_bytes(b"clip")
        return ClipInfo(path, from_utc_us, to_utc_us, 1)

    def close(self) -> None:
        pass


def picture(number: int, t_us: int, pose: CameraPose | None) -> Frame:
    """The walker as a bright bar, 5 x 11 pixels, drawn with the camera at ``camera_pose``."""
    image = np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8)
    lat, lon = FRAME.from_plane(np.array(walker_en(t_us)))
    view = CameraView.of(camera_pose(t_us), WIDTH, HEIGHT)
    x, y = (round(float(v)) for v in view.project_geodetic(lat, lon, GROUND_AMSL_M))
    image[max(0, y - 9) : y + 2, max(0, x - 2) : x + 3] = 255
    return Frame(number, image, t_us, time.monotonic_ns(), "klv", number / 12, pose)


def settings(**changes: object) -> WorkerSettings:
    """Settings of a worker on the walker's video."""
    values: dict[str, object] = {
        "url": "udp://fake:1",
        "model_path": "blob",
        "frame": FRAME,
        "plane_alt_amsl_m": GROUND_AMSL_M,
        "make_source": video_with_pose,
        "make_detector": blob_detector,
    }
    return WorkerSettings(**{**values, **changes})  # type: ignore[arg-type]


def blob_detector(_: WorkerSettings) -> BlobDetector:
    return BlobDetector()


def video_with_pose(_: WorkerSettings) -> WalkerVideo:
    return WalkerVideo(with_pose=True)


def video_without_pose(_: WorkerSettings) -> WalkerVideo:
    return WalkerVideo(with_pose=False)


def silent_video(_: WorkerSettings) -> WalkerVideo:
    class Silent(WalkerVideo):
        def next_frame(self, timeout_s: float) -> Frame | None:
            time.sleep(timeout_s)
            return None

    return Silent(with_pose=False)


def broken_video(s: WorkerSettings) -> WalkerVideo:
    raise VideoError(f"video {s.url} cannot be read (Invalid data)", "check the path and the file")


def missing_model(s: WorkerSettings) -> BlobDetector:
    raise ModelError(f"model {s.model_path} cannot be read (No such file or directory)", "reinstall the program")


def hanging_detector(_: WorkerSettings) -> BlobDetector:
    class Hanging(BlobDetector):
        def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
            time.sleep(60.0)
            return super().detect(image_bgr)

    return Hanging()


def crashing_detector(_: WorkerSettings) -> BlobDetector:
    class Crashing(BlobDetector):
        def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
            raise ZeroDivisionError("a mistake in the program")

    return Crashing()
