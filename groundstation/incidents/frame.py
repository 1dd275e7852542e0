"""One frame's confirmed tracks as the rules see them: metres in the area's frame, and where they lie to the border."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from geofences.border import BorderFix, BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame
from vision.records import GroundTracks, TrackStatus


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

    def of_classes(self, class_ids: frozenset[int]) -> NDArray[np.bool_]:
        """Which tracks are of one of these classes, ``(n,)``."""
        return np.isin(self.class_id, list(class_ids))

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
    ended = tuple(tracks.track_id[tracks.status == TrackStatus.DELETED].tolist())
    keep = tracks.status == TrackStatus.CONFIRMED
    keep &= np.isfinite(tracks.lat_deg) & np.isfinite(tracks.lon_deg)
    keep &= np.isfinite(tracks.covariance_en).all(axis=(1, 2)) & np.isfinite(tracks.pose_covariance_en_m2).all(
        axis=(1, 2)
    )
    keep &= np.isfinite(tracks.velocity_en_m_s).all(axis=1)
    places = frame.to_plane(tracks.lat_deg[keep], tracks.lon_deg[keep]).reshape(-1, 2)
    return TrackFrame(
        tracks.t_utc_us,
        tracks.track_id[keep],
        places,
        tracks.velocity_en_m_s[keep],
        tracks.covariance_en[keep],
        tracks.pose_covariance_en_m2[keep],
        np.argmax(tracks.class_probability[keep], axis=1).reshape(-1),
        geometry.locate(places),
        ended,
    )
