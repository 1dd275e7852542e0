"""Which points of a track are kept: the first, then one a second, and the last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundstation.core.records import VideoTracks
from groundstation.store.batch import Value
from groundstation.store.rows import number
from vision.records import CLASS_NAMES, TrackStatus

PERIOD_US = 1_000_000
GONE_AFTER_US = 3_000_000
"""A track that is not in its stream's records for this long has ended, and its last point is written."""


@dataclass
class _Kept:
    stream: str
    written_t_utc_us: int
    newest_t_utc_us: int
    unwritten: tuple[Value, ...] | None


class TrackThinner:
    """Rows of ``track_point`` out of every frame's tracks. Tentative tracks are not kept: most are clutter."""

    def __init__(self, flight_id: str) -> None:
        self._flight_id = flight_id
        self._tracks: dict[str, _Kept] = {}

    def take(self, record: VideoTracks) -> list[tuple[Value, ...]]:
        """The rows to write now for one frame."""
        tracks = record.tracks
        rows: list[tuple[Value, ...]] = []
        for i in range(len(tracks)):
            status = int(tracks.status[i])
            track_id = f"{record.stream}-{int(tracks.track_id[i])}"
            kept = self._tracks.get(track_id)
            if status == TrackStatus.DELETED:
                if kept is not None:
                    rows += self._finish(track_id)
                continue
            if status == TrackStatus.TENTATIVE and kept is None:
                continue
            row = self._row(record, i, track_id)
            if row is None:
                continue
            if kept is None:
                self._tracks[track_id] = _Kept(record.stream, tracks.t_utc_us, tracks.t_utc_us, None)
                rows.append(row)
            elif tracks.t_utc_us - kept.written_t_utc_us >= PERIOD_US:
                kept.written_t_utc_us = kept.newest_t_utc_us = tracks.t_utc_us
                kept.unwritten = None
                rows.append(row)
            elif tracks.t_utc_us > kept.newest_t_utc_us:
                kept.newest_t_utc_us = tracks.t_utc_us
                kept.unwritten = row
        gone = [
            name
            for name, kept in self._tracks.items()
            if kept.stream == record.stream and tracks.t_utc_us - kept.newest_t_utc_us > GONE_AFTER_US
        ]
        for name in gone:
            rows += self._finish(name)
        return rows

    def finish(self) -> list[tuple[Value, ...]]:
        """The last points of all tracks, at the end of a flight."""
        return [row for name in list(self._tracks) for row in self._finish(name)]

    def pending(self) -> list[tuple[Value, ...]]:
        """The newest point of every live track that is not written yet, for a flush; the tracks go on."""
        rows = [kept.unwritten for kept in self._tracks.values() if kept.unwritten is not None]
        for kept in self._tracks.values():
            kept.unwritten = None
        return rows

    def _finish(self, track_id: str) -> list[tuple[Value, ...]]:
        kept = self._tracks.pop(track_id)
        return [kept.unwritten] if kept.unwritten is not None else []

    def _row(self, record: VideoTracks, i: int, track_id: str) -> tuple[Value, ...] | None:
        t = record.tracks
        lat_deg, lon_deg = number(t.lat_deg[i]), number(t.lon_deg[i])
        if lat_deg is None or lon_deg is None:
            return None
        best = int(np.argmax(t.class_probability[i]))
        return (
            self._flight_id, track_id, int(t.t_utc_us), lat_deg, lon_deg, number(t.alt_amsl_m[i]),
            number(t.velocity_en_m_s[i, 0]), number(t.velocity_en_m_s[i, 1]), number(t.covariance_en[i, 0, 0]),
            number(t.covariance_en[i, 0, 1]), number(t.covariance_en[i, 1, 1]), CLASS_NAMES[best],
            number(t.class_probability[i, best]), int(t.status[i]),
        )  # fmt: skip
