"""What every tracker takes and gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.records import CLASS_NAMES

InView = Callable[[FloatArray], NDArray[np.bool_]]
"""Which of the ground points ``(n, 2)``, east and north metres, the detector could have seen in this frame."""


@dataclass(frozen=True, eq=False)
class GroundMeasurements:
    """What one frame saw on the ground, m of them.

    ``en_m`` ``(m, 2)``; ``covariance_m2`` ``(m, 2, 2)`` of the box noise alone; ``pose_covariance_m2`` ``(m, 2, 2)``;
    ``angle_factor_m`` ``(m, 2, 3)``: metres per one sigma of the camera's azimuth, elevation and roll error;
    ``xyxy`` ``(m, 4)``; ``confidence`` ``(m,)``; ``class_id`` ``(m,)``.
    """

    en_m: FloatArray
    covariance_m2: FloatArray
    pose_covariance_m2: FloatArray
    angle_factor_m: FloatArray
    xyxy: FloatArray
    confidence: FloatArray
    class_id: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.en_m)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> GroundMeasurements:
        """Some of them."""
        return GroundMeasurements(
            self.en_m[index], self.covariance_m2[index], self.pose_covariance_m2[index], self.angle_factor_m[index],
            self.xyxy[index], self.confidence[index], self.class_id[index],
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class TrackStates:
    """All tracks after one frame, n of them, in the local frame; columns as in ``GroundTracks``.

    ``state`` ``(n, 4)``: east m, north m, east m/s, north m/s. ``covariance`` ``(n, 4, 4)`` of the filter alone: the
    lasting camera error ``pose_covariance_m2`` is not in it. Tracks that ended in this frame are there once more, with
    the status ``DELETED``.
    """

    track_id: NDArray[np.int64]
    state: FloatArray
    covariance: FloatArray
    pose_covariance_m2: FloatArray
    class_probability: FloatArray
    status: NDArray[np.int64]
    last_seen_utc_us: NDArray[np.int64]
    xyxy: FloatArray

    def __len__(self) -> int:
        return len(self.track_id)

    @classmethod
    def empty(cls) -> TrackStates:
        """No tracks."""
        z = np.zeros
        return cls(
            z(0, dtype=np.int64), z((0, 4)), z((0, 4, 4)), z((0, 2, 2)), z((0, len(CLASS_NAMES))),
            z(0, dtype=np.int64), z(0, dtype=np.int64), z((0, 4)),
        )  # fmt: skip


@dataclass(frozen=True)
class Resumption:
    """What is known of the tracks in the first frame after some that could not be georeferenced.

    ``same``: track number -> row of the measurement that it is, as followed in the picture meanwhile. ``doubtful``:
    numbers that must not go on, since nobody knows who bears them now.
    """

    same: Mapping[int, int]
    doubtful: frozenset[int]


class Tracker(Protocol):
    """Turns measurements of frame after frame into tracks."""

    def update(
        self,
        t_utc_us: int,
        measurements: GroundMeasurements,
        in_view: InView,
        resumed: Resumption | None = None,
        animals: GroundMeasurements | None = None,
    ) -> TrackStates:
        """Take one frame's measurements. ``resumed`` after a gap; then a track that it does not name goes on only where
        nothing else could be meant. ``animals``: where animals were seen, evidence that a track there is none of ours."""
        ...
