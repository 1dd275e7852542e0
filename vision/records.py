"""The records that flow through vision: columnar, frozen, shape-checked.

Pixel coordinates: origin at the top left corner of the picture, x right, y down, pixel centres at +0.5.
Angles: azimuth clockwise from true north; elevation positive above the horizon (a camera looking down has a negative
one); roll positive when the picture's right side is down.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CLASS_NAMES = ("person", "vehicle", "two-wheeler")
"""Index = class id, everywhere in the program and in the shipped model."""

FloatArray = NDArray[np.float64]
_NOT_GIVEN = np.zeros(0, dtype=np.int64)
PoseSource = Literal["klv", "vehicle"]
TimeSource = Literal["klv", "pts", "arrival"]


class TrackStatus(IntEnum):
    """Life of a track."""

    TENTATIVE = 0
    CONFIRMED = 1
    COASTING = 2
    DELETED = 3


@dataclass(frozen=True)
class PoseSigma:
    """One-sigma errors of a camera pose. They are errors that last (biases), not noise that averages out.

    The angles wander within seconds. ``compass_deg`` is on top of the azimuth and lasts for minutes: the compass's deviation.
    No flight of a few minutes averages it out, and no motion of the tracks shows it.
    """

    horizontal_m: float = 1.5
    vertical_m: float = 2.0
    azimuth_deg: float = 0.6
    elevation_deg: float = 0.6
    roll_deg: float = 0.6
    compass_deg: float = 0.0

    @property
    def whole_azimuth_deg(self) -> float:
        """Of the azimuth, what wanders and what lasts together."""
        return math.hypot(self.azimuth_deg, self.compass_deg)


@dataclass(frozen=True)
class PoseRates:
    """How fast a camera moves and turns: an error of its time is this much of an error of its pose."""

    east_m_s: float
    north_m_s: float
    up_m_s: float
    azimuth_deg_s: float
    elevation_deg_s: float
    roll_deg_s: float

    def as_array(self) -> FloatArray:
        """All six in this order, ``(6,)``."""
        return np.array(
            [
                self.east_m_s, self.north_m_s, self.up_m_s,
                self.azimuth_deg_s, self.elevation_deg_s, self.roll_deg_s,
            ]
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class PoseError:
    """What is known of a pose's error beyond its ``sigma``, once a bias was estimated and taken off.

    Order everywhere: east, north, up (m), azimuth, elevation, roll (deg). ``removed`` ``(6,)`` was subtracted from what
    the sensors said; ``covariance`` ``(6, 6)`` is of what remains; ``drift_deg`` ``(3,)`` the part of the angles' error
    that wanders within seconds.
    """

    removed: NDArray[np.float64]
    covariance: NDArray[np.float64]
    drift_deg: NDArray[np.float64]


@dataclass(frozen=True)
class CameraPose:
    """Where the camera was and where it looked at ``t_utc_us``; boresight angles in the earth frame.

    ``rates`` where they are known; ``error`` where more is known of the pose's error than ``sigma`` can say.
    """

    t_utc_us: int
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    azimuth_deg: float
    elevation_deg: float
    roll_deg: float
    hfov_deg: float
    vfov_deg: float
    source: PoseSource
    sigma: PoseSigma = field(default_factory=PoseSigma)
    rates: PoseRates | None = None
    error: PoseError | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Frame:
    """One decoded picture. ``image_bgr`` is ``(height, width, 3)`` uint8; a thermal picture has three equal channels.

    ``t_utc_us`` is the capture time and ``time_source`` says how it is known. ``pose`` comes from the stream's own
    metadata, or is None. ``damage``: why the picture may show things of another time (decoded from less than was sent),
    or "": nothing in a damaged one may be put on the map.
    """

    frame_id: int
    image_bgr: NDArray[np.uint8]
    t_utc_us: int
    t_mono_ns: int
    time_source: TimeSource
    pts_s: float
    pose: CameraPose | None = None
    damage: str = ""


def _check(name: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}")


@dataclass(frozen=True, eq=False)
class Detections:
    """What the detector saw in one frame.

    ``xyxy`` ``(n, 4)`` pixels of the full picture; ``confidence`` ``(n,)`` in 0..1; ``class_id`` ``(n,)`` int64, an
    index of ``CLASS_NAMES``. ``animal_xyxy`` ``(k, 4)``: where an animal was seen rather than a person; nobody to report,
    but evidence against a track there.
    """

    xyxy: FloatArray
    confidence: FloatArray
    class_id: NDArray[np.int64]
    animal_xyxy: FloatArray = field(default_factory=lambda: np.zeros((0, 4)))

    def __post_init__(self) -> None:
        n = len(self.xyxy)
        _check("xyxy", self.xyxy, (n, 4))
        _check("confidence", self.confidence, (n,))
        _check("class_id", self.class_id, (n,))
        _check("animal_xyxy", self.animal_xyxy, (len(self.animal_xyxy), 4))

    def __len__(self) -> int:
        return len(self.xyxy)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Detections:
        """Some of them, and all animals."""
        return Detections(self.xyxy[index], self.confidence[index], self.class_id[index], self.animal_xyxy)

    @classmethod
    def empty(cls) -> Detections:
        """No detections."""
        return cls(np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Detections]) -> Detections:
        """All of several, in their order."""
        if not parts:
            return cls.empty()
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([p.xyxy for p in parts]),
            np.concatenate([p.confidence for p in parts]),
            np.concatenate([p.class_id for p in parts]),
            np.concatenate([p.animal_xyxy for p in parts]),
        )


@dataclass(frozen=True, eq=False)
class GroundTracks:
    """All live tracks after one frame, n of them.

    ``track_id`` ``(n,)`` int64, never reused within a flight; ``lat_deg``, ``lon_deg``, ``alt_amsl_m`` ``(n,)``;
    ``velocity_en_m_s`` ``(n, 2)`` east and north; ``covariance_en`` ``(n, 4, 4)`` of (east m, north m, east m/s,
    north m/s), the camera pose's error included; ``pose_covariance_en_m2`` ``(n, 2, 2)``: the part of it that the
    pose causes and that all tracks of the frame share; ``class_probability`` ``(n, 3)``; ``status`` ``(n,)`` of
    :class:`TrackStatus`; ``last_seen_utc_us`` ``(n,)``; ``xyxy`` ``(n, 4)`` pixels, NaN while coasting.

    ``no_georeference`` says why nothing could be put on the ground ("" when it could): then n is 0 and the boxes are
    in ``unlocated_xyxy`` ``(m, 4)``, ``unlocated_track_id`` ``(m,)`` beside them: the number of the ground track that a
    box was followed from in the picture, a negative number for one followed in the picture only, 0 for a single box.
    """

    frame_id: int
    t_utc_us: int
    t_mono_ns: int
    track_id: NDArray[np.int64]
    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    velocity_en_m_s: FloatArray
    covariance_en: FloatArray
    pose_covariance_en_m2: FloatArray
    class_probability: FloatArray
    status: NDArray[np.int64]
    last_seen_utc_us: NDArray[np.int64]
    xyxy: FloatArray
    no_georeference: str = ""
    unlocated_xyxy: FloatArray = field(default_factory=lambda: np.zeros((0, 4)))
    unlocated_track_id: NDArray[np.int64] = field(default_factory=lambda: _NOT_GIVEN)
    """All 0 if not given."""

    def __post_init__(self) -> None:
        n, m = len(self.track_id), len(self.unlocated_xyxy)
        if self.unlocated_track_id is _NOT_GIVEN:
            object.__setattr__(self, "unlocated_track_id", np.zeros(m, dtype=np.int64))
        for name, shape in (
            ("track_id", (n,)),
            ("lat_deg", (n,)),
            ("lon_deg", (n,)),
            ("alt_amsl_m", (n,)),
            ("velocity_en_m_s", (n, 2)),
            ("covariance_en", (n, 4, 4)),
            ("pose_covariance_en_m2", (n, 2, 2)),
            ("class_probability", (n, len(CLASS_NAMES))),
            ("status", (n,)),
            ("last_seen_utc_us", (n,)),
            ("xyxy", (n, 4)),
        ):
            _check(name, getattr(self, name), shape)
        _check("unlocated_xyxy", self.unlocated_xyxy, (m, 4))
        _check("unlocated_track_id", self.unlocated_track_id, (m,))

    def __len__(self) -> int:
        return len(self.track_id)

    @classmethod
    def empty(cls, frame_id: int, t_utc_us: int, t_mono_ns: int, no_georeference: str = "") -> GroundTracks:
        """No tracks, and why."""
        z = np.zeros
        return cls(
            frame_id, t_utc_us, t_mono_ns, z(0, dtype=np.int64), z(0), z(0), z(0), z((0, 2)), z((0, 4, 4)),
            z((0, 2, 2)), z((0, len(CLASS_NAMES))), z(0, dtype=np.int64), z(0, dtype=np.int64), z((0, 4)), no_georeference,
        )  # fmt: skip


@dataclass(frozen=True)
class VideoHealth:
    """How one video stream is doing; sent about once a second and at every change of ``state``.

    ``camera_bias``: in words, what is known of it, "" when nobody watches it.
    """

    t_utc_us: int
    state: Literal["starting", "running", "no_signal", "failed", "stopped"]
    detail: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    has_klv: bool = False
    frames_received: int = 0
    frames_processed: int = 0
    frames_dropped: int = 0
    processed_per_s: float = 0.0
    frame_age_ms: float = 0.0
    inference_ms: float = 0.0
    time_source: str = ""
    model: str = ""
    camera_bias: str = ""
