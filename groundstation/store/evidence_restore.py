"""What is still on the disk about an incident whose package a kill or a power cut prevented."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from groundstation.core.database import open_read_only
from groundstation.core.postgres import points_files
from groundstation.core.records import Incident
from groundstation.store.evidence_record import plain, track_document, track_number
from groundstation.store.queries import incidents, track_log
from groundstation.store.service import STATION_FILE
from vision.records import TrackStatus


def stored_incidents(data_dir: Path) -> list[Incident]:
    """All incidents of this station, by time; none where it has no database yet. Raises StoreError."""
    return incidents(data_dir) if (data_dir / STATION_FILE).is_file() else []


def stored_track(data_dir: Path, incident: Incident) -> tuple[dict[str, Any], str]:
    """Every position that the store kept of the incident's track, and a note on what they lack."""
    number = track_number(incident.track_id)
    frames = (f for f in track_log(data_dir, incident.flight_id) if number in f.tracks.track_id)
    document = track_document(incident.track_id, frames)
    if document["positions"]:
        return document, "the track is from the store's log: positions while it was confirmed"
    return _thinned_track(data_dir, incident), "the track is one position a second"


def _thinned_track(data_dir: Path, incident: Incident) -> dict[str, Any]:
    rows = []
    for path in points_files(data_dir):
        with closing(open_read_only(path)) as db:
            rows += db.execute(
                "SELECT * FROM track_point WHERE flight_id=? AND track_id=?", (incident.flight_id, incident.track_id)
            ).fetchall()
    rows.sort(key=lambda r: r["t_utc_us"])
    return {
        "track_id": incident.track_id,
        "reference": "WGS 84; covariance of east m, north m",
        "positions": [
            {
                "t_utc_us": r["t_utc_us"],
                "lat_deg": r["lat_deg"],
                "lon_deg": r["lon_deg"],
                "alt_amsl_m": r["alt_amsl_m"],
                "velocity_en_m_s": [r["velocity_east_m_s"], r["velocity_north_m_s"]],
                "covariance_en": [
                    [r["covariance_ee_m2"], r["covariance_en_m2"]],
                    [r["covariance_en_m2"], r["covariance_nn_m2"]],
                ],
                "class_name": r["class_name"],
                "class_probability": r["class_probability"],
                "status": TrackStatus(r["status"]).name.lower(),
            }
            for r in rows
        ],
    }


def stored_telemetry(data_dir: Path, incident: Incident, from_utc_us: int, to_utc_us: int) -> dict[str, Any]:
    """The aircraft's states that the store kept of that time, one a second; camera poses are not kept."""
    states: list[dict[str, Any]] = []
    for path in points_files(data_dir):
        with closing(open_read_only(path)) as db:
            found = db.execute(
                "SELECT * FROM telemetry WHERE flight_id=? AND system_id=? AND component_id=?"
                " AND t_utc_us BETWEEN ? AND ? ORDER BY t_utc_us",
                (incident.flight_id, *incident.vehicle_id, from_utc_us, to_utc_us),
            )
            states += [dict(row) for row in found]
    return {"aircraft": plain(states), "camera_poses": [], "not_georeferenced": []}
