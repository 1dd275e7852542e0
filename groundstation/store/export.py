"""GeoJSON files (RFC 7946: longitude first, WGS 84) for other map programs. Written whole or not at all."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from groundstation.core.errors import StoreError
from groundstation.core.records import Incident
from groundstation.store import queries


def _number(value: float, decimals: int) -> float | None:
    # NaN is no JSON.
    return round(value, decimals) if math.isfinite(value) else None


def _write(path: Path, features: list[dict[str, Any]]) -> int:
    document = {"type": "FeatureCollection", "features": features}
    partial = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False), encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror}", "choose a folder with space") from error
    return len(features)


def export_incidents(data_dir: Path, path: Path, flight_id: str | None = None) -> int:
    """Incidents as Point features with every field of the record; returns how many. Raises StoreError."""
    return write_incidents(queries.incidents(data_dir, flight_id), path)


def write_incidents(incidents: Sequence[Incident], path: Path) -> int:
    """The same for incidents at hand."""
    features = []
    for i in incidents:
        features.append(
            {
                "type": "Feature",
                "id": i.incident_id,
                "geometry": {"type": "Point", "coordinates": [round(i.lon_deg, 7), round(i.lat_deg, 7)]},
                "properties": {
                    "id": i.incident_id,
                    "kind": i.kind,
                    "t_utc_us": i.t_utc_us,
                    "t_raised_utc_us": i.t_raised_utc_us,
                    "lat": round(i.lat_deg, 7),
                    "lon": round(i.lon_deg, 7),
                    "ce90_m": _number(i.ce90_m, 2),
                    "direction": i.direction,
                    "class": i.class_name,
                    "probability": _number(i.probability, 4),
                    "track_id": i.track_id,
                    "vehicle_id": str(i.vehicle_id),
                    "flight_id": i.flight_id,
                    "evidence": i.evidence,
                    "acknowledged_utc_us": i.acknowledged_utc_us,
                    "acknowledged_by": i.acknowledged_by,
                    "text": i.text,
                    "urgency": i.urgency,
                    "rule": i.rule,
                },
            }
        )
    return _write(path, features)


def export_tracks(data_dir: Path, path: Path, flight_id: str | None = None) -> int:
    """Tracks as LineString features (Point when only one point is known); returns how many. Raises StoreError.

    Per vertex, in the order of the coordinates: ``t_utc_us``, ``ce90_m``, ``class_per_point``.
    """
    features = []
    for track in queries.tracks(data_dir, flight_id):
        coordinates = [[round(p.lon_deg, 7), round(p.lat_deg, 7)] for p in track.points]
        geometry: dict[str, Any] = (
            {"type": "LineString", "coordinates": coordinates}
            if len(coordinates) > 1
            else {"type": "Point", "coordinates": coordinates[0]}
        )
        features.append(
            {
                "type": "Feature",
                "id": f"{track.flight_id}/{track.track_id}",
                "geometry": geometry,
                "properties": {
                    "track_id": track.track_id,
                    "flight_id": track.flight_id,
                    "class": track.class_name,
                    "first_utc_us": track.points[0].t_utc_us,
                    "last_utc_us": track.points[-1].t_utc_us,
                    "t_utc_us": [p.t_utc_us for p in track.points],
                    "ce90_m": [_number(p.ce90_m, 2) for p in track.points],
                    "class_per_point": [p.class_name for p in track.points],
                },
            }
        )
    return _write(path, features)
