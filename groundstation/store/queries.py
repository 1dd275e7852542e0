"""Reading what the store has written, through read-only connections: any thread, any process, also while it writes."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from groundstation.core.accuracy import ce90_m
from groundstation.core.alert_records import ACT_KINDS, AlertAct
from groundstation.core.database import open_read_only
from groundstation.core.postgres import points_files
from groundstation.core.records import FriendPosition, Incident, RemoteIncident, VehicleId, VideoTracks
from groundstation.store.track_log import decode

# What is said of an incident in other tables counts when the incident's own record does not say it.
_INCIDENTS = """SELECT i.*,
    coalesce(nullif(i.evidence, ''),
        (SELECT path FROM evidence e WHERE e.incident_id = i.incident_id AND e.ok <> 0 ORDER BY t_utc_us LIMIT 1), '')
        AS any_evidence,
    coalesce(nullif(i.acknowledged_utc_us, 0), a.t_utc_us, 0) AS first_acknowledged_utc_us,
    coalesce(nullif(i.acknowledged_by, ''), a.operator, '') AS first_acknowledged_by
    FROM incident i LEFT JOIN (SELECT f.* FROM acknowledgement f WHERE NOT EXISTS (SELECT 1 FROM acknowledgement e
        WHERE e.incident_id = f.incident_id AND (e.t_utc_us, e.operator) < (f.t_utc_us, f.operator))) a USING (incident_id)
    WHERE ?1 IS NULL OR i.flight_id = ?1 ORDER BY i.t_utc_us, i.incident_id"""


AREA_DOCUMENT, RULES_DOCUMENT = "area.geojson", "rules.toml"
"""Names under which a flight's area and rules are kept."""


@dataclass(frozen=True)
class Flight:
    """One run of a station; ``state`` is open, ended or interrupted."""

    flight_id: str
    started_utc_us: int
    ended_utc_us: int
    state: str


@dataclass(frozen=True)
class TrackPoint:
    """A kept point of a track; NaN where nothing was known."""

    t_utc_us: int
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    velocity_en_m_s: tuple[float, float]
    ce90_m: float
    class_name: str
    class_probability: float


@dataclass(frozen=True)
class StoredTrack:
    """A track with its points in order of time, at least one."""

    flight_id: str
    track_id: str
    points: tuple[TrackPoint, ...]

    @property
    def class_name(self) -> str:
        """The class of the most points."""
        names = [p.class_name for p in self.points]
        return max(sorted(set(names)), key=names.count)


def _float(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _rows(path: Path, sql: str, *values: Any) -> list[sqlite3.Row]:
    with closing(open_read_only(path)) as connection:
        return connection.execute(sql, values).fetchall()


def flights(data_dir: Path) -> list[Flight]:
    """All flights, oldest first. Raises :class:`~groundstation.core.errors.StoreError` when there is no store."""
    found = _rows(data_dir / "station.db", "SELECT * FROM flight ORDER BY started_utc_us, flight_id")
    return [Flight(f["flight_id"], f["started_utc_us"], f["ended_utc_us"], f["state"]) for f in found]


def incidents(data_dir: Path, flight_id: str | None = None) -> list[Incident]:
    """The incidents of a flight, or all, by time; evidence and first acknowledgement filled in. Raises StoreError."""
    return [
        Incident(
            incident_id=i["incident_id"],
            kind=i["kind"],
            t_utc_us=i["t_utc_us"],
            t_raised_utc_us=i["t_raised_utc_us"],
            lat_deg=i["lat_deg"],
            lon_deg=i["lon_deg"],
            ce90_m=_float(i["ce90_m"]),
            direction=i["direction"],
            class_name=i["class_name"],
            probability=_float(i["probability"]),
            track_id=i["track_id"],
            vehicle_id=VehicleId(i["system_id"], i["component_id"]),
            flight_id=i["flight_id"],
            evidence=i["any_evidence"],
            acknowledged_utc_us=i["first_acknowledged_utc_us"],
            acknowledged_by=i["first_acknowledged_by"],
            text=i["text"],
            # A file that no newer program has opened for writing lacks these.
            urgency=i["urgency"] if "urgency" in i.keys() else "alarm",  # noqa: SIM118
            rule=i["rule"] if "rule" in i.keys() else "",  # noqa: SIM118
        )
        for i in _rows(data_dir / "station.db", _INCIDENTS, flight_id)
    ]


def remote_incidents(data_dir: Path) -> list[RemoteIncident]:
    """All incidents that neighbours told, by time. Raises StoreError."""
    return [
        RemoteIncident(
            peer=i["peer"],
            incident_id=i["incident_id"],
            kind=i["kind"],
            t_utc_us=i["t_utc_us"],
            received_utc_us=i["received_utc_us"],
            class_name=i["class_name"],
            direction=i["direction"],
            lat_deg=_float(i["lat_deg"]),
            lon_deg=_float(i["lon_deg"]),
            ce90_m=_float(i["ce90_m"]),
            agreement_id=i["agreement_id"],
        )
        for i in _rows(data_dir / "station.db", "SELECT * FROM remote_incident ORDER BY t_utc_us, incident_id")
    ]


def alert_acts(data_dir: Path, since_utc_us: int = 0) -> list[AlertAct]:
    """What operators did with alerts since then, by time; none in a file of an older program. Raises StoreError."""
    if not _has_table(data_dir / "station.db", "alert_act"):
        return []
    sql = "SELECT * FROM alert_act WHERE t_utc_us >= ? ORDER BY t_utc_us, act_id"
    return [
        AlertAct(a["act_id"], a["alert_id"], a["t_utc_us"], a["operator"], a["kind"], a["value"], a["text"])
        for a in _rows(data_dir / "station.db", sql, since_utc_us)
        if a["kind"] in ACT_KINDS
    ]


def rows_between(
    data_dir: Path, table: Literal["operator_action", "plan_status"], from_utc_us: int, to_utc_us: int
) -> list[sqlite3.Row]:
    """The rows of a table with times in ``from <= t < to``, by time. Raises StoreError."""
    sql = f"SELECT * FROM {table} WHERE t_utc_us >= ? AND t_utc_us < ? ORDER BY t_utc_us"
    return _rows(data_dir / "station.db", sql, from_utc_us, to_utc_us)


def evidence_package(data_dir: Path, incident_id: str) -> tuple[str, str] | None:
    """File and manifest digest of an incident's first package in the evidence book; None without one. Raises StoreError."""
    book = data_dir / "evidence.db"
    if not book.is_file() or not _has_table(book, "package"):
        return None
    sql = "SELECT file, manifest_sha256 FROM package WHERE incident_id = ? ORDER BY n LIMIT 1"
    found = _rows(book, sql, incident_id)
    return (str(found[0]["file"]), str(found[0]["manifest_sha256"])) if found else None


def _points(data_dir: Path, flight_id: str | None) -> Iterator[sqlite3.Row]:
    for path in points_files(data_dir):
        yield from _rows(path, "SELECT * FROM track_point WHERE ?1 IS NULL OR flight_id = ?1", flight_id)


def document(data_dir: Path, flight_id: str, name: str) -> str | None:
    """A text that was in force on a flight; None when none was kept. Raises StoreError."""
    if not _has_table(data_dir / "station.db", "flight_document"):
        return None
    sql = "SELECT content FROM flight_document WHERE flight_id = ? AND name = ?"
    found = _rows(data_dir / "station.db", sql, flight_id, name)
    return str(found[0]["content"]) if found else None


def _has_table(path: Path, name: str) -> bool:
    return bool(_rows(path, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name))


def telemetry(data_dir: Path, from_utc_us: int, to_utc_us: int) -> Iterator[sqlite3.Row]:
    """Rows of the aircraft's kept telemetry with times in ``from <= t < to``, by time. Raises StoreError."""
    sql = "SELECT * FROM telemetry WHERE t_utc_us >= ? AND t_utc_us < ? ORDER BY t_utc_us"
    for path in points_files(data_dir):
        if _has_table(path, "telemetry"):
            yield from _rows(path, sql, from_utc_us, to_utc_us)


def track_log(data_dir: Path, flight_id: str, from_utc_us: int = 0, to_utc_us: int = 1 << 62) -> Iterator[VideoTracks]:
    """Every frame of a flight with its confirmed and ended tracks, in the order written; none when no log was kept.

    ``from_utc_us``, ``to_utc_us``: only the chunks that reach into this time.

    Raises StoreError for an unreadable or damaged file.
    """
    for path in points_files(data_dir):
        if not _has_table(path, "track_log"):
            continue
        with closing(open_read_only(path)) as connection:
            sql = """SELECT stream, system_id, component_id, data FROM track_log
                WHERE flight_id = ? AND to_utc_us >= ? AND from_utc_us < ? ORDER BY id"""
            for row in connection.execute(sql, (flight_id, from_utc_us, to_utc_us)):
                yield from decode(row["data"], row["stream"], VehicleId(row["system_id"], row["component_id"]))


def friend_positions(data_dir: Path, flight_id: str) -> list[FriendPosition]:
    """What friends reported during a flight, by time. Raises StoreError."""
    found: list[FriendPosition] = []
    for path in points_files(data_dir):
        if not _has_table(path, "friend_position"):
            continue
        for p in _rows(path, "SELECT * FROM friend_position WHERE flight_id = ?", flight_id):
            east, north = p["velocity_east_m_s"], p["velocity_north_m_s"]
            found.append(
                FriendPosition(
                    friend_id=p["friend_id"],
                    name=p["name"],
                    kind=p["kind"],
                    t_utc_us=p["t_utc_us"],
                    lat_deg=p["lat_deg"],
                    lon_deg=p["lon_deg"],
                    sigma_m=p["sigma_m"],
                    velocity_en_m_s=None if east is None or north is None else (east, north),
                    people=p["people"],
                )
            )
    return sorted(found, key=lambda p: (p.t_utc_us, p.friend_id))


def tracks(data_dir: Path, flight_id: str | None = None) -> list[StoredTrack]:
    """The tracks of a flight, or all, by time of the first point. Raises StoreError for an unreadable file."""
    by_track: dict[tuple[str, str], list[TrackPoint]] = {}
    for p in _points(data_dir, flight_id):
        ee, en, nn = (_float(p[f"covariance_{c}_m2"]) for c in ("ee", "en", "nn"))
        point = TrackPoint(
            t_utc_us=p["t_utc_us"],
            lat_deg=p["lat_deg"],
            lon_deg=p["lon_deg"],
            alt_amsl_m=_float(p["alt_amsl_m"]),
            velocity_en_m_s=(_float(p["velocity_east_m_s"]), _float(p["velocity_north_m_s"])),
            ce90_m=ce90_m([[ee, en], [en, nn]]),
            class_name=p["class_name"],
            class_probability=_float(p["class_probability"]),
        )
        by_track.setdefault((p["flight_id"], p["track_id"]), []).append(point)
    found = [
        StoredTrack(flight, track, tuple(sorted(points, key=lambda p: p.t_utc_us)))
        for (flight, track), points in by_track.items()
    ]
    return sorted(found, key=lambda t: (t.points[0].t_utc_us, t.track_id))
