"""Records for the store's tests."""

from __future__ import annotations

import time

import numpy as np

from groundstation.core.records import Incident, VehicleId, VehicleState, VideoTracks
from vision.records import GroundTracks, TrackStatus

T0_UTC_US = 1_790_000_000_000_000


class FakeClock:
    """A clock that stands where it is put; monotonic time is the machine's."""

    def __init__(self, t_utc_us: int = T0_UTC_US) -> None:
        self.t_utc_us = t_utc_us

    def mono_ns(self) -> int:
        return time.monotonic_ns()

    def utc_us(self) -> int:
        return self.t_utc_us


def incident(incident_id: str = "i1", flight_id: str = "f1", **changes: object) -> Incident:
    values: dict[str, object] = {
        "incident_id": incident_id,
        "kind": "crossing",
        "t_utc_us": T0_UTC_US,
        "t_raised_utc_us": T0_UTC_US + 150_000,
        "lat_deg": 47.1234567,
        "lon_deg": 15.7654321,
        "ce90_m": 6.5,
        "direction": "Arvenia->Belmark",
        "class_name": "person",
        "probability": 0.97,
        "track_id": "cam-7",
        "vehicle_id": VehicleId(1),
        "flight_id": flight_id,
    }
    return Incident(**{**values, **changes})  # type: ignore[arg-type]


def ground_tracks(
    t_utc_us: int, tracks: list[tuple[int, float, float]], status: int = TrackStatus.CONFIRMED
) -> GroundTracks:
    """``tracks`` are (id, lat, lon); variance 4 m2 both ways; a person walking east at 1.5 m/s."""
    n = len(tracks)
    covariance = np.tile(np.diag([4.0, 4.0, 0.1, 0.1]), (n, 1, 1))
    probability = np.tile([0.9, 0.06, 0.04], (n, 1))
    return GroundTracks(
        frame_id=1,
        t_utc_us=t_utc_us,
        t_mono_ns=0,
        track_id=np.array([t[0] for t in tracks], dtype=np.int64),
        lat_deg=np.array([t[1] for t in tracks]),
        lon_deg=np.array([t[2] for t in tracks]),
        alt_amsl_m=np.full(n, 300.0),
        velocity_en_m_s=np.tile([1.5, 0.0], (n, 1)),
        covariance_en=covariance.reshape(n, 4, 4),
        pose_covariance_en_m2=np.zeros((n, 2, 2)),
        class_probability=probability.reshape(n, 3),
        status=np.full(n, int(status), dtype=np.int64),
        last_seen_utc_us=np.full(n, t_utc_us, dtype=np.int64),
        xyxy=np.zeros((n, 4)),
    )


def video_tracks(
    t_utc_us: int, tracks: list[tuple[int, float, float]], status: int = TrackStatus.CONFIRMED
) -> VideoTracks:
    return VideoTracks("cam", VehicleId(1), ground_tracks(t_utc_us, tracks, status), None)


def vehicle_state(t_utc_us: int) -> VehicleState:
    return VehicleState(VehicleId(1), 0, t_utc_us, link_alive=True, mode="AUTO", lat_deg=47.1, lon_deg=15.7)
