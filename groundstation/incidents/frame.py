"""One frame's confirmed tracks as the rules see them: metres in the area's frame, and where they lie to the border."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geofences.border import BorderFix, BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame
from vision.records import CLASS_NAMES, GroundTracks, TrackStatus


@dataclass(frozen=True, eq=False)
class TrackFrame:
    """The ``n`` confirmed tracks of one frame; tentative and coasting ones would be a guess and are left out.

    ``number`` ``(n,)``; ``en_m`` ``(n, 2)``, ``velocity_en_m_s`` ``(n, 2)``; ``covariance_en`` ``(n, 4, 4)`` of east,
    north and their rates, the pose's part included; ``pose_covariance_en_m2`` ``(n, 2, 2)``; ``class_id`` ``(n,)``;
    ``fix``: place relative to the border. ``ended``: numbers of the tracks that this frame says are over.
    """

    t_utc_us: int
    number: NDArray[np.int64]
    en_m: FloatArray
    velocity_en_m_s: FloatArray
    covariance_en: FloatArray
    pose_covariance_en_m2: FloatArray
    class_id: NDArray[np.int64]
    fix: BorderFix
    ended: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.number)

    @cached_property
    def variances(self) -> tuple[list[float], list[float], list[float]]:
        """Of each track: the mean of the axes of its own error and of the pose's (m^2), the sum of the speed's axes."""
        total = np.diagonal(self.covariance_en, axis1=1, axis2=2)
        pose = 0.5 * np.trace(self.pose_covariance_en_m2, axis1=1, axis2=2)
        own = np.maximum(0.5 * (total[:, 0] + total[:, 1]) - pose, 0.0)
        return own.tolist(), np.maximum(pose, 0.0).tolist(), np.maximum(total[:, 2] + total[:, 3], 0.0).tolist()

    def of_classes(self, class_ids: frozenset[int]) -> NDArray[np.bool_]:
        """Which tracks are of one of these classes, ``(n,)``."""
        known = np.zeros(len(CLASS_NAMES), dtype=np.bool_)
        known[list(class_ids)] = True
        return known[self.class_id]

    def take(self, index: NDArray[np.bool_]) -> TrackFrame:
        """Only some of the tracks; ``ended`` stays."""
        if bool(index.all()):
            return self
        fix = BorderFix(*(getattr(self.fix, f.name)[index] for f in fields(self.fix)))
        return TrackFrame(
            self.t_utc_us, self.number[index], self.en_m[index], self.velocity_en_m_s[index],
            self.covariance_en[index], self.pose_covariance_en_m2[index], self.class_id[index], fix, self.ended,
        )  # fmt: skip


def track_frame(tracks: GroundTracks, geometry: BorderGeometry, frame: LocalFrame) -> TrackFrame:
    """Take the confirmed tracks with finite numbers out of a record."""
    # Plain numbers: arrays are slow with members of an enum.
    ended = tuple(tracks.track_id[tracks.status == TrackStatus.DELETED.value].tolist())
    keep = tracks.status == TrackStatus.CONFIRMED.value
    numbers = (
        tracks.lat_deg,
        tracks.lon_deg,
        tracks.covariance_en,
        tracks.pose_covariance_en_m2,
        tracks.velocity_en_m_s,
    )
    # A sum is finite only where all of it is; then nothing needs to be looked for.
    if not math.isfinite(sum(float(v.sum()) for v in numbers)):
        for values in numbers:
            keep &= np.isfinite(values).all(axis=tuple(range(1, values.ndim)))
    number, velocity, probability = tracks.track_id, tracks.velocity_en_m_s, tracks.class_probability
    lat_deg, lon_deg = tracks.lat_deg, tracks.lon_deg
    covariance, pose_covariance = tracks.covariance_en, tracks.pose_covariance_en_m2
    if not keep.all():
        rows = np.flatnonzero(keep)
        number, velocity, probability = number[rows], velocity[rows], probability[rows]
        lat_deg, lon_deg = lat_deg[rows], lon_deg[rows]
        covariance, pose_covariance = covariance[rows], pose_covariance[rows]
    places = frame.to_plane(lat_deg, lon_deg).reshape(-1, 2)
    return TrackFrame(
        tracks.t_utc_us, number, places, velocity, covariance, pose_covariance,
        probability.argmax(axis=1).reshape(-1), geometry.locate(places), ended,
    )  # fmt: skip
