"""The track log: every confirmed update of every track, compactly, so that rules can be run again on a past flight.

The table ``track_point`` keeps a point a second for maps and exports; a rule needs all of them with their covariances.
Frames are gathered per stream into chunks of :data:`CHUNK_S` seconds, one blob row of ``track_log`` each: columns, bytes
of equal weight together, deflated. Places are kept as 64 bit floats, the rest as 32 bit ones.

Measured with ten synthetic tracks in view at 8 frames a second: 5 kB a second, 18 MB an hour; nothing in view costs next
to nothing.
A killed process loses the chunk that was being gathered. The log lies in the day's points file and goes with it.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groundstation.core.errors import StoreError
from groundstation.core.records import VehicleId, VideoTracks
from groundstation.store.batch import Value
from vision.records import CLASS_NAMES, GroundTracks, TrackStatus

CHUNK_S = 10.0
CHUNK_ROWS = 5_000
_MAGIC = b"MWTL1"
_HEAD = struct.Struct("<5sIII")
_UPPER = np.triu_indices(4)
_FRAME_COLUMNS = (("frame_id", "<i8", 1), ("t_utc_us", "<i8", 1), ("t_published_utc_us", "<i8", 1), ("count", "<u4", 1))
_ROW_COLUMNS = (
    ("track_id", "<i8", 1), ("status", "<u1", 1), ("lat_deg", "<f8", 1), ("lon_deg", "<f8", 1),
    ("velocity_en_m_s", "<f4", 2), ("covariance_en", "<f4", 10), ("pose_covariance_en_m2", "<f4", 3),
    ("class_probability", "<f4", len(CLASS_NAMES)),
)  # fmt: skip
INSERT_TRACK_LOG = """INSERT INTO track_log (flight_id, stream, system_id, component_id, from_utc_us, to_utc_us, frames,
    updates, data) VALUES (?,?,?,?,?,?,?,?,?)"""


def encode(records: list[VideoTracks]) -> bytes:
    """Frames of one stream as one blob; :func:`decode` gives them back with confirmed and ended tracks only."""
    keep = [np.isin(r.tracks.status, (TrackStatus.CONFIRMED, TrackStatus.DELETED)) for r in records]
    t = [r.tracks for r in records]
    frames: dict[str, NDArray[Any]] = {
        "frame_id": np.array([x.frame_id for x in t]),
        "t_utc_us": np.array([x.t_utc_us for x in t]),
        "t_published_utc_us": np.array([r.t_published_utc_us for r in records]),
        "count": np.array([int(k.sum()) for k in keep]),
    }
    rows: dict[str, NDArray[Any]] = {
        name: np.concatenate([getattr(x, name)[k] for x, k in zip(t, keep, strict=True)]) for name, _, _ in _ROW_COLUMNS
    }
    rows["covariance_en"] = rows["covariance_en"][:, _UPPER[0], _UPPER[1]]
    rows["pose_covariance_en_m2"] = rows["pose_covariance_en_m2"].reshape(-1, 4)[:, [0, 1, 3]]
    parts = [_shuffled(frames[name], dtype) for name, dtype, _ in _FRAME_COLUMNS]
    parts += [_shuffled(rows[name], dtype) for name, dtype, _ in _ROW_COLUMNS]
    body = b"".join(parts)
    return _HEAD.pack(_MAGIC, len(records), len(rows["track_id"]), len(body)) + zlib.compress(body, 6)


def _shuffled(column: NDArray[Any], dtype: str) -> bytes:
    """All first bytes, then all second bytes, ...: neighbours are alike, which is what deflate needs."""
    data = np.ascontiguousarray(column.astype(dtype).T)  # one component after the other
    return np.ascontiguousarray(data.view(np.uint8).reshape(-1, data.itemsize).T).tobytes()


def decode(blob: bytes, stream: str, vehicle_id: VehicleId) -> list[VideoTracks]:
    """The frames of a blob. Raises :class:`StoreError` for one that is damaged."""
    try:
        magic, n_frames, n_rows, size = _HEAD.unpack_from(blob)
        if magic != _MAGIC:
            raise ValueError("it is of another version")
        body = zlib.decompress(blob[_HEAD.size :])
        expected = n_frames * _width(_FRAME_COLUMNS) + n_rows * _width(_ROW_COLUMNS)
        if len(body) != size or size != expected:
            raise ValueError("it has not the length that it tells")
    except (struct.error, zlib.error, ValueError) as error:
        raise StoreError(
            f"a chunk of the track log is damaged: {error}", "restore the points file from a backup"
        ) from error
    at = 0
    columns: dict[str, NDArray[Any]] = {}
    for table, n in ((_FRAME_COLUMNS, n_frames), (_ROW_COLUMNS, n_rows)):
        for name, dtype, width in table:
            kind = np.dtype(dtype)
            count = n * width * kind.itemsize
            flat = np.frombuffer(body, np.uint8, count, at).reshape(kind.itemsize, -1).T
            columns[name] = np.ascontiguousarray(flat).view(kind).reshape(width, n).T
            at += count
    ends = np.cumsum(columns["count"][:, 0].astype(np.int64))
    if n_frames and ends[-1] != n_rows:
        raise StoreError("a chunk of the track log is damaged: its frames do not add up", "restore the points file")
    return [
        VideoTracks(
            stream,
            vehicle_id,
            _ground_tracks(columns, i, slice(int(end) - int(columns["count"][i, 0]), int(end))),
            None,
            (),
            int(columns["t_published_utc_us"][i, 0]),
        )
        for i, end in enumerate(ends.tolist())
    ]


def _width(table: tuple[tuple[str, str, int], ...]) -> int:
    return sum(np.dtype(dtype).itemsize * width for _, dtype, width in table)


def _ground_tracks(columns: dict[str, NDArray[Any]], frame: int, rows: slice) -> GroundTracks:
    n = rows.stop - rows.start
    upper = columns["covariance_en"][rows].astype(np.float64)
    covariance = np.zeros((n, 4, 4))
    covariance[:, _UPPER[0], _UPPER[1]] = upper
    covariance[:, _UPPER[1], _UPPER[0]] = upper
    pose = columns["pose_covariance_en_m2"][rows].astype(np.float64)[:, [0, 1, 1, 2]].reshape(n, 2, 2)
    t_utc_us = int(columns["t_utc_us"][frame, 0])
    return GroundTracks(
        frame_id=int(columns["frame_id"][frame, 0]),
        t_utc_us=t_utc_us,
        t_mono_ns=0,
        track_id=columns["track_id"][rows, 0].astype(np.int64),
        lat_deg=columns["lat_deg"][rows, 0].astype(np.float64),
        lon_deg=columns["lon_deg"][rows, 0].astype(np.float64),
        alt_amsl_m=np.full(n, np.nan),
        velocity_en_m_s=columns["velocity_en_m_s"][rows].astype(np.float64),
        covariance_en=covariance,
        pose_covariance_en_m2=pose,
        class_probability=columns["class_probability"][rows].astype(np.float64),
        status=columns["status"][rows, 0].astype(np.int64),
        last_seen_utc_us=np.full(n, t_utc_us, dtype=np.int64),
        xyxy=np.full((n, 4), np.nan),
    )


@dataclass
class _Chunk:
    records: list[VideoTracks] = field(default_factory=list)
    rows: int = 0


class TrackLog:
    """Gathers frames into rows of ``track_log``."""

    def __init__(self, flight_id: str) -> None:
        self._flight_id = flight_id
        self._chunks: dict[str, _Chunk] = {}

    def take(self, record: VideoTracks) -> list[tuple[Value, ...]]:
        """Note a frame; the rows to write now."""
        rows: list[tuple[Value, ...]] = []
        chunk = self._chunks.setdefault(record.stream, _Chunk())
        if chunk.records:
            span_us = record.tracks.t_utc_us - chunk.records[0].tracks.t_utc_us
            # Also when the time falls back, so that a chunk's times are in order.
            if not 0 <= span_us < CHUNK_S * 1e6 or chunk.rows >= CHUNK_ROWS:
                rows = self._close(record.stream)
                chunk = self._chunks.setdefault(record.stream, _Chunk())
        chunk.records.append(record)
        chunk.rows += len(record.tracks)
        return rows

    def finish(self) -> list[tuple[Value, ...]]:
        """What is gathered so far, for a flush or the end of the flight."""
        return [row for stream in list(self._chunks) for row in self._close(stream)]

    def _close(self, stream: str) -> list[tuple[Value, ...]]:
        records = self._chunks.pop(stream).records
        if not records:
            return []
        vehicle = records[0].vehicle_id
        times = [r.tracks.t_utc_us for r in records]
        data = encode(records)
        updates = sum(int((r.tracks.status == TrackStatus.CONFIRMED).sum()) for r in records)
        return [
            (self._flight_id, stream, vehicle.system_id, vehicle.component_id, int(min(times)), int(max(times)),
             len(records), updates, data)
        ]  # fmt: skip
