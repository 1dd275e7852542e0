"""What a vision worker is told at its start, and what goes through its pipe afterwards. All of it can be pickled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from geofences.geodesy import LocalFrame
from vision.attention import AttentionSettings
from vision.closer_look import CloserLookSettings
from vision.detectors.base import Backend
from vision.evidence import ClipResult, SaveClip
from vision.frames import FrameSource
from vision.georeference import GeoreferenceSettings
from vision.known_devices import DeviceReport
from vision.pipeline import PictureDetector
from vision.records import CameraPose, GroundTracks, PoseSigma, VideoHealth
from vision.tracking.ground_kalman import TrackerSettings

TRACKS_PER_EPOCH = 1_000_000


@dataclass(frozen=True)
class WorkerSettings:
    """Everything a worker needs; it looks nothing up.

    ``frame``: the area's local frame. ``terrain_path`` a GeoTIFF, "" for a flat plane at ``plane_alt_amsl_m``.
    ``epoch`` numbers the workers of one flight: track ids start at ``epoch * 1_000_000 + 1``. ``pose_sigma``: the errors
    of this aircraft's camera pose, for poses that come in the stream (KLV carries none); None keeps the default.
    ``gives_way``: by how much nicer the analysis runs than the rest of the station (:mod:`vision.priority`), 0 for alike.
    ``threads`` of the network; ``backend`` and ``device`` as in :class:`vision.detectors.base.DetectorOptions`.
    ``calibration_path`` of the camera (:func:`vision.lens.read_calibration`), "" for the field of view that comes with the
    pose. ``time_offset_s``: what the clock of the poses, telemetry's and metadata's, shows more than the video's.
    ``watch_bias``: the camera's lasting bias is estimated and taken off.
    ``make_source`` and ``make_detector`` replace the real ones (functions of a module).
    """

    url: str
    model_path: str
    frame: LocalFrame
    border_lat_lon: tuple[tuple[float, float], ...] = ()
    terrain_path: str = ""
    plane_alt_amsl_m: float = 0.0
    epoch: int = 0
    threads: int = 2
    backend: Backend = "auto"
    device: str = "cpu"
    gives_way: int = 0
    preview_width_px: int = 960
    preview_rate_hz: float = 16.0
    evidence_s: float = 30.0
    no_signal_after_s: float = 2.0
    pose_sigma: PoseSigma | None = None
    calibration_path: str = ""
    time_offset_s: float = 0.0
    watch_bias: bool = False
    georeference: GeoreferenceSettings = field(default_factory=GeoreferenceSettings)
    attention: AttentionSettings = field(default_factory=AttentionSettings)
    closer_look: CloserLookSettings = field(default_factory=CloserLookSettings)
    tracker: TrackerSettings = field(default_factory=TrackerSettings)
    make_source: Callable[[WorkerSettings], FrameSource] | None = None
    make_detector: Callable[[WorkerSettings], PictureDetector] | None = None


@dataclass(frozen=True)
class TracksMessage:
    """The result of one frame."""

    tracks: GroundTracks
    pose: CameraPose | None
    footprint_lat_lon: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class PreviewMessage:
    """A picture lies in the shared memory under ``number``; ``scale`` = its pixels per pixel of the full picture.

    ``pose`` of the camera at its time, None where it is not known.
    """

    number: int
    frame_id: int
    t_utc_us: int
    t_mono_ns: int
    scale: float
    pose: CameraPose | None = None


@dataclass(frozen=True)
class HealthMessage:
    """How the stream is doing. ``remedy`` goes with the state ``failed``."""

    health: VideoHealth
    remedy: str = ""


@dataclass(frozen=True)
class Stop:
    """End, but finish clips that were ordered."""


FromWorker = TracksMessage | PreviewMessage | HealthMessage | ClipResult
ToWorker = SaveClip | DeviceReport | Stop
