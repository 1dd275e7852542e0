"""A border line from any GeoJSON file that holds one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from geofences.area import BorderLine
from groundstation.core.errors import ConfigError


def read_border(path: Path, side_names: tuple[str, str] | None = None) -> BorderLine:
    """The border in a GeoJSON file: the feature with the role "border" of an area file, or its only LineString.

    Names of the sides: ``side_names``, else the properties ``left`` and ``right``, else "left" and "right". ``own`` is the
    property of that name when it is one of the two, else the left side. Raises :class:`ConfigError` naming the file.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path of --border") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is no GeoJSON: {error}", "export the border line as GeoJSON") from error
    lines = [f for f in _features(document) if _geometry(f).get("type") == "LineString"]
    marked = [f for f in lines if _properties(f).get("role") == "border"]
    if len(marked or lines) != 1:
        found = f"{len(lines)} LineStrings, none with the property role=border" if lines else "no LineString"
        raise ConfigError(f"{path}: holds {found}", "draw the border as one line, or give one the property role=border")
    feature = (marked or lines)[0]
    points = _points(path, _geometry(feature).get("coordinates"))
    properties = _properties(feature)
    left, right = side_names or (str(properties.get("left") or "left"), str(properties.get("right") or "right"))
    if left == right:
        raise ConfigError(f"{path}: both sides are called {left!r}", "give two names with --side-names LEFT,RIGHT")
    own = str(properties.get("own", left))
    return BorderLine(points, left, right, own if own in (left, right) else left)


def _features(document: Any) -> list[dict[str, Any]]:
    if not isinstance(document, dict):
        return []
    kind = document.get("type")
    if kind == "FeatureCollection":
        features = document.get("features")
        return [f for f in features if isinstance(f, dict)] if isinstance(features, list) else []
    if kind == "Feature":
        return [document]
    return [{"type": "Feature", "properties": {}, "geometry": document}]


def _geometry(feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry")
    return geometry if isinstance(geometry, dict) else {}


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _points(path: Path, coordinates: Any) -> tuple[tuple[float, float], ...]:
    try:
        points = tuple((float(p[1]), float(p[0])) for p in coordinates)
    except (TypeError, ValueError, IndexError) as error:
        raise ConfigError(f"{path}: the border's coordinates are not readable: {error}", "draw it again") from error
    if len(points) < 2:
        raise ConfigError(f"{path}: the border has fewer than two points", "draw it again")
    for lat, lon in points:
        if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90.0 and abs(lon) <= 180.0):
            raise ConfigError(f"{path}: {lat:g}, {lon:g} is no position", "GeoJSON is longitude, latitude in degrees")
    return points
