"""Areas that no camera may be pointed at: a GeoJSON file of named polygons (homes, schools, a neighbour's posts)."""

from __future__ import annotations

import json
from pathlib import Path

from geofences.area import Zone
from geofences.geodesy import LocalFrame
from geofences.shapes import polygon_problems
from groundstation.core.errors import ConfigError


def read_no_look(path: Path) -> tuple[Zone, ...]:
    """The polygons of a FeatureCollection; ``properties.name`` names each.

    Raises :class:`ConfigError` naming the file and the feature that is wrong: an area that is left out by mistake would
    be looked at.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check [camera] no_look") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection: {error}", "export it again") from error
    zones: list[Zone] = []
    for number, feature in enumerate(features):
        try:
            geometry, properties = feature["geometry"], feature.get("properties") or {}
            if geometry["type"] != "Polygon" or len(geometry["coordinates"]) != 1:
                raise ValueError(f"a {geometry['type']} with holes or of another kind")
            points = [(float(p[1]), float(p[0])) for p in geometry["coordinates"][0]]
            name = str(properties.get("name", f"area {number}"))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ConfigError(
                f"{path}: feature {number} is no polygon: {error}", "draw it as one simple polygon"
            ) from error
        corners = tuple(points[:-1] if len(points) > 1 and points[0] == points[-1] else points)
        problems = polygon_problems(name, corners, LocalFrame(*corners[0])) if corners else []
        if problems or not corners:
            reason = problems[0].text if problems else "it has no corners"
            raise ConfigError(f"{path}: feature {number}: {reason}", "draw it again")
        zones.append(Zone(name, corners))
    return tuple(zones)
