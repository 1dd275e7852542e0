"""What the station knew around an incident: kept in memory for some minutes, put into words for the package."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np

from groundstation.core.records import VehicleId, VehicleState, VideoTracks
from vision.records import CLASS_NAMES, TrackStatus

_MOST_ROWS = 400_000


def plain(value: Any) -> Any:
    """Records, arrays and enumerations as JSON values; what is not a number becomes None."""
    if isinstance(value, VehicleId):
        return str(value)
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value, int) else value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, frozenset | set):
        return sorted(plain(v) for v in value)
    if value is None or isinstance(value, str | int | bool):
        return value
    return str(value)


@dataclass(frozen=True)
class ClockSample:
    """This machine's two clocks, read together."""

    t_utc_us: int
    t_mono_ns: int


@dataclass(frozen=True)
class Surroundings:
    """A frozen view of the memory: for one stream and one aircraft, oldest first. Cheap to take: it refers, not copies."""

    frames: tuple[VideoTracks, ...]
    states: tuple[VehicleState, ...]
    clocks: tuple[ClockSample, ...]


class EvidenceMemory:
    """Owned by one thread. Tracks of the last ``tracks_s``, aircraft states and clocks of the last ``states_s``."""

    def __init__(self, tracks_s: float = 300.0, states_s: float = 90.0) -> None:
        self._tracks_us, self._states_us = int(tracks_s * 1e6), int(states_s * 1e6)
        self._frames: dict[str, deque[VideoTracks]] = {}
        self._rows: Counter[str] = Counter()
        self._states: dict[VehicleId, deque[VehicleState]] = {}
        self._clocks: deque[ClockSample] = deque()

    def add_frame(self, record: VideoTracks) -> None:
        """The tracks of one frame; the oldest go when they are too old or too many."""
        frames = self._frames.setdefault(record.stream, deque())
        frames.append(record)
        self._rows[record.stream] += 1 + len(record.tracks)
        oldest = record.tracks.t_utc_us - self._tracks_us
        while frames[0].tracks.t_utc_us < oldest or self._rows[record.stream] > _MOST_ROWS:
            self._rows[record.stream] -= 1 + len(frames.popleft().tracks)
            if not frames:
                break

    def add_state(self, state: VehicleState) -> None:
        """The state of an aircraft."""
        states = self._states.setdefault(state.vehicle_id, deque())
        states.append(state)
        while states[0].t_utc_us < state.t_utc_us - self._states_us:
            states.popleft()

    def add_clocks(self, sample: ClockSample) -> None:
        """At most one a second is kept."""
        if self._clocks and sample.t_mono_ns - self._clocks[-1].t_mono_ns < 1_000_000_000:
            return
        self._clocks.append(sample)
        while self._clocks[0].t_mono_ns < sample.t_mono_ns - self._states_us * 1000:
            self._clocks.popleft()

    def around(self, stream: str, vehicle_id: VehicleId) -> Surroundings:
        """Everything that is remembered of a stream and an aircraft."""
        return Surroundings(
            tuple(self._frames.get(stream, ())), tuple(self._states.get(vehicle_id, ())), tuple(self._clocks)
        )


def track_number(track_id: str) -> int:
    """The number of a track within its stream: ``"<stream>-<n>"`` -> n; -1 for another text."""
    number = track_id.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdigit() else -1


def track_document(track_id: str, frames: Iterable[VideoTracks]) -> dict[str, Any]:
    """Every position of a track with its covariance, in the order of time."""
    stream, number = track_id.rpartition("-")[0], track_number(track_id)
    positions = []
    for record in frames:
        t = record.tracks
        for i in np.flatnonzero(t.track_id == number) if record.stream == stream else ():
            positions.append(
                {
                    "t_utc_us": t.t_utc_us,
                    "lat_deg": t.lat_deg[i],
                    "lon_deg": t.lon_deg[i],
                    "alt_amsl_m": t.alt_amsl_m[i],
                    "velocity_en_m_s": t.velocity_en_m_s[i],
                    "covariance_en": t.covariance_en[i],
                    "pose_covariance_en_m2": t.pose_covariance_en_m2[i],
                    "class_probability": t.class_probability[i],
                    "status": TrackStatus(int(t.status[i])).name.lower(),
                    "last_seen_utc_us": t.last_seen_utc_us[i],
                    "xyxy_px": t.xyxy[i],
                }
            )
    return {
        "track_id": track_id,
        "classes": list(CLASS_NAMES),
        "reference": "WGS 84; covariance of east m, north m, east m/s, north m/s, the camera pose's error included",
        "positions": plain(positions),
    }


def telemetry_document(around: Surroundings, from_utc_us: int, to_utc_us: int) -> dict[str, Any]:
    """The aircraft's states and the camera poses that were used, in that time."""
    frames = [f for f in around.frames if from_utc_us <= f.tracks.t_utc_us <= to_utc_us]
    return {
        "aircraft": [plain(s) for s in around.states if from_utc_us <= s.t_utc_us <= to_utc_us],
        "camera_poses": [plain(f.pose) for f in frames if f.pose is not None],
        "not_georeferenced": [
            {"t_utc_us": f.tracks.t_utc_us, "why": f.tracks.no_georeference} for f in frames if f.tracks.no_georeference
        ],
    }


def clock_document(
    around: Surroundings, from_utc_us: int, to_utc_us: int, time_sources: Sequence[str], synchronisation: dict[str, Any]
) -> dict[str, Any]:
    """Where the times come from and how far they can be trusted.

    ``station_minus_capture_ms``: from a frame's capture, by its own time, to its tracks being told here, by this
    machine's UTC: processing time plus what the two clocks differ. ``station_steps_ms``: changes of this machine's
    UTC against its monotonic clock, that is, the clock being set.
    """
    frames = [f for f in around.frames if from_utc_us <= f.tracks.t_utc_us <= to_utc_us and f.t_published_utc_us]
    late_ms = [(f.t_published_utc_us - f.tracks.t_utc_us) / 1e3 for f in frames]
    offsets_ms = [c.t_utc_us / 1e3 - c.t_mono_ns / 1e6 for c in around.clocks]
    steps_ms = [round(b - a, 3) for a, b in pairwise(offsets_ms) if abs(b - a) > 5.0]
    sources = Counter(time_sources)
    return {
        "frame_times_from": dict(sorted(sources.items())),
        "meaning": {
            "klv": "the precision time stamp of the stream's metadata, set where the picture was taken",
            "pts": "the stream's own clock, tied to this machine's UTC at arrival",
            "arrival": "this machine's UTC when the picture came",
        },
        "station_minus_capture_ms": None
        if not late_ms
        else {"least": min(late_ms), "median": float(np.median(late_ms)), "most": max(late_ms)},
        "station_clock": plain(around.clocks[-1]) if around.clocks else None,
        "station_steps_ms": steps_ms,
        "station_utc": synchronisation,
    }
