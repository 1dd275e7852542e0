"""Subjects for a dry run: typed on the command line, from ``tracks.geojson``, or from a station's data folder."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

from groundstation.core.errors import ConfigError
from groundstation.share.policy import Subject
from groundstation.store import queries

_GEOJSON = "give the tracks.geojson that a station has exported, or its data folder"


def typed_subject(options: argparse.Namespace) -> list[Subject]:
    """The one place of the command line. Raises :class:`ConfigError`."""
    try:
        lat_deg, lon_deg = (float(part) for part in options.position.split(","))
    except ValueError as error:
        raise ConfigError(f"--position: {options.position!r} is not LAT,LON in degrees", "as 47.10,15.00") from error
    if not (-90.0 <= lat_deg <= 90.0 and -180.0 <= lon_deg <= 180.0):  # also NaN
        raise ConfigError(f"--position: {options.position!r} is no place on earth", "as 47.10,15.00")
    return [
        Subject(
            kind=options.kind,
            subject_id="the place",
            t_utc_us=0,
            class_name=options.category,
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            ce90_m=options.ce90_m,
            confirmed=True,
            incident_kind=options.incident_kind if options.kind == "incident" else "",
            rescue_by="dry run" if options.rescue else "",
            approved_by=tuple(options.approved_by),
        )
    ]


def read_subjects(path: Path, wanted: str = "") -> list[list[Subject]]:
    """The points of every track, or of one. Raises :class:`ConfigError` or StoreError."""
    folder = path.parent if path.name == "station.db" else path
    found = _stored(folder) if folder.is_dir() else _geojson(path)
    if wanted:
        found = [points for points in found if points[0].subject_id == wanted]
        if not found:
            raise ConfigError(f"{path}: has no track {wanted!r}", "leave --track out to see all")
    if not found:
        raise ConfigError(f"{path}: has no track", _GEOJSON)
    return found


def _stored(folder: Path) -> list[list[Subject]]:
    return [
        [_point(track.track_id, p.class_name, p.lat_deg, p.lon_deg, p.ce90_m, p.velocity_en_m_s) for p in track.points]
        for track in queries.tracks(folder)
    ]


def _point(
    name: str,
    class_name: str,
    lat_deg: float,
    lon_deg: float,
    ce90_m: float,
    velocity_en_m_s: tuple[float, float] = (math.nan, math.nan),
) -> Subject:
    return Subject("track", name, 0, class_name, lat_deg, lon_deg, velocity_en_m_s, ce90_m, confirmed=True)


def _geojson(path: Path) -> list[list[Subject]]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        features = document["features"]
        return [_feature(number, feature) for number, feature in enumerate(features, 1)]
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}", "check the path") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ConfigError(f"{path}: is no file of tracks: {error!r:.100}", _GEOJSON) from error


def _feature(number: int, feature: dict[str, Any]) -> list[Subject]:
    properties = feature.get("properties") or {}
    geometry = feature["geometry"]
    places = geometry["coordinates"] if geometry["type"] == "LineString" else [geometry["coordinates"]]
    name = str(properties.get("track_id") or properties.get("id") or feature.get("id") or number)
    one_class = str(properties.get("class") or properties.get("class_name") or "person")
    classes = properties.get("class_per_point") or [one_class] * len(places)
    errors = properties.get("ce90_m")
    errors = errors if isinstance(errors, list) else [errors] * len(places)
    return [
        _point(name, str(c), float(place[1]), float(place[0]), math.nan if e is None else float(e))
        for place, c, e in zip(places, classes, errors, strict=True)
    ]
